/**
 * The search over everything: Ctrl+K or "/" opens it on every page, arrows walk through what was found, Enter opens it, Escape closes.
 * Nothing is chosen until an arrow is pressed: Enter on what was typed leads to the whole answer, never by accident into somebody's record.
 */
export function startFind(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-find]");
  if (!dialog) return;
  const input = dialog.querySelector<HTMLInputElement>("input")!;
  const list = dialog.querySelector<HTMLElement>("[role=listbox]")!;
  let current = -1;
  let composing = false;

  const options = () => [...list.querySelectorAll<HTMLAnchorElement>("a[role=option]")];
  const show = (index: number) => {
    const all = options();
    current = all.length === 0 ? -1 : Math.max(-1, Math.min(index, all.length - 1));
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
    input.setAttribute("aria-expanded", String(all.length > 0));
    if (current >= 0) {
      input.setAttribute("aria-activedescendant", all[current].id);
      all[current].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const open = () => {
    if (dialog.open) return;
    // Another dialog asks something first.
    if (document.querySelector("dialog:modal")) return;
    input.value = "";
    list.replaceChildren();
    show(-1);
    dialog.showModal();
    input.focus();
    input.dispatchEvent(new Event("mach:find"));
  };

  document.addEventListener("keydown", event => {
    // While an input method composes a Vietnamese letter, no key is a shortcut; 229 is its sign in older browsers.
    if (event.isComposing || event.keyCode === 229) return;
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]");
    // The empty box for people, which has the focus on the first page, does not keep the key for itself.
    const emptyBox = event.target instanceof HTMLInputElement && event.target.value === "" && event.target.closest("[data-person-search]") !== null;
    const slash = event.key === "/" && (!typing || emptyBox) && !event.ctrlKey && !event.metaKey && !event.altKey;
    const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!slash && !ctrlK) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", event => {
    const opener = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-find-open]") : null;
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; });
  // Escape ends a composition first, then closes.
  dialog.addEventListener("cancel", event => { if (composing) event.preventDefault(); });
  input.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(event.key === "ArrowDown" ? current + 1 : current - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      options()[current]?.click();
    } else if (event.key === "Escape") {
      // A search field would only be emptied.
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.querySelector("form")!.addEventListener("submit", event => { if (input.value.trim() === "") event.preventDefault(); });
  list.addEventListener("htmx:afterSwap", () => show(-1));
}
