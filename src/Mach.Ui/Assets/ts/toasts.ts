/** Says in a corner what a failed partial update would otherwise swallow; the sentences stand in the page, in its language. */
export function startToasts(): void {
  const area = document.getElementById("toasts");
  if (!area) return;
  const say = (text: string, bad: boolean) => {
    const toast = document.createElement("div");
    toast.className = bad ? "toast bad" : "toast";
    toast.textContent = text;
    area.append(toast);
    window.setTimeout(() => toast.remove(), bad ? 10_000 : 5_000);
  };
  document.addEventListener("htmx:sendError", () => say(area.dataset.offline ?? "", true));
  document.addEventListener("htmx:responseError", event => {
    const status = (event as CustomEvent).detail.xhr.status as number;
    if (status === 401) window.location.reload();
    else say(`${area.dataset.failed ?? ""} (${status})`, true);
  });
  document.addEventListener("mach:say", event => say((event as CustomEvent<string>).detail, false));
}
