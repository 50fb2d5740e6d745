/** The box that finds people: arrows walk the suggestions, Enter opens, Escape closes. Without it the form is a plain GET. */
export function startPersonSearch(): void {
  document.querySelectorAll<HTMLFormElement>("[data-person-search]").forEach(attach);
}

function attach(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input")!;
  const list = form.querySelector<HTMLElement>("[role=listbox]")!;
  let current = -1;

  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const close = () => { list.replaceChildren(); show(-1); };
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

  input.addEventListener("keydown", event => {
    // While an input method composes a Vietnamese letter, no key is a shortcut.
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (options().length === 0) return;
      event.preventDefault();
      show(event.key === "ArrowDown" ? current + 1 : current - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      options()[current].querySelector("a")?.click();
    } else if (event.key === "Escape") {
      close();
    }
  });
  list.addEventListener("htmx:afterSwap", () => show(-1));
  form.addEventListener("focusout", event => {
    if (!form.contains(event.relatedTarget as Node | null)) window.setTimeout(close, 150);
  });
}
