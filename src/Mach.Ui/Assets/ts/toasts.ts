/** Says in a corner what a failed partial update would otherwise swallow, and what was just done; the sentences stand in the page, in its language. */
export function startToasts(): void {
  const area = document.getElementById("toasts");
  if (!area) return;
  const say = (text: string, bad: boolean) => {
    const toast = document.createElement("div");
    toast.className = bad ? "toast bad" : "toast";
    toast.textContent = text;
    area.append(toast);
    leave(toast, bad ? 10_000 : 5_000);
  };
  document.addEventListener("htmx:sendError", () => say(area.dataset.offline ?? "", true));
  document.addEventListener("htmx:responseError", event => {
    const status = (event as CustomEvent).detail.xhr.status as number;
    if (status === 401) window.location.reload();
    else say(`${area.dataset.failed ?? ""} (${status})`, true);
  });
  document.addEventListener("mach:say", event => say((event as CustomEvent<string>).detail, false));
  const take = (root: ParentNode) => root.querySelectorAll<HTMLElement>("[data-toast]:not([data-toast=kept])").forEach(toast => {
    const stays = toast.dataset.toast === "stays";
    const close = toast.querySelector<HTMLButtonElement>("[data-toast-close]");
    toast.dataset.toast = "kept";
    if (close) {
      close.hidden = false;
      close.addEventListener("click", () => toast.remove());
    }
    area.append(toast);
    if (!stays) leave(toast, 5_000);
  });
  take(document);
  document.addEventListener("htmx:load", event => take((event as CustomEvent).detail.elt));
}

/** Goes after a while, but not while somebody points at it or has the focus in it. */
function leave(toast: HTMLElement, afterMs: number): void {
  let timer = window.setTimeout(() => toast.remove(), afterMs);
  const hold = () => window.clearTimeout(timer);
  const again = () => { hold(); timer = window.setTimeout(() => toast.remove(), afterMs); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", again);
  toast.addEventListener("focusout", again);
}
