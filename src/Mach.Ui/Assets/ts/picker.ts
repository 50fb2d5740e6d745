/**
 * A field that suggests while one types: arrows walk, Enter, Tab or a click takes, Escape closes. What is typed without taking anything is sent as it stands; the server says what it means.
 * `data-commune-picker` and `data-code-picker` name the address that answers.
 */
export function startPickers(): void {
  document.querySelectorAll<HTMLElement>("[data-commune-picker]").forEach(box => attach(box, box.dataset.communePicker!, (item: Commune) => ({
    value: item.code,
    text: item.name,
    main: item.name,
    under: item.formerName ? `${box.dataset.former}: ${item.formerName}` : item.formerProvince,
  })));
  document.querySelectorAll<HTMLElement>("[data-code-picker]").forEach(box => attach(box, box.dataset.codePicker!, (item: Code) => ({
    value: item.code,
    text: `${item.code} ${item.name}`,
    main: item.name,
    under: item.code,
  })));
}

interface Commune { code: string; name: string; formerProvince: string; formerName: string | null }
interface Code { code: string; name: string }

/** One line of the list: what is sent, what stands in the field once it is taken, and the two lines that are shown. */
interface Choice { value: string; text: string; main: string; under: string }

function attach<T>(box: HTMLElement, address: string, read: (item: T) => Choice): void {
  const input = box.querySelector<HTMLInputElement>("[role=combobox]")!;
  const code = box.querySelector<HTMLInputElement>("input[type=hidden]")!;
  const list = box.querySelector<HTMLElement>("[role=listbox]")!;
  let found: Choice[] = [];
  let current = -1;
  let asked = 0;
  let timer = 0;

  const show = (index: number) => {
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    current = options.length === 0 ? -1 : Math.max(-1, Math.min(index, options.length - 1));
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
    input.setAttribute("aria-expanded", String(list.childElementCount > 0));
    if (current >= 0) {
      input.setAttribute("aria-activedescendant", options[current].id);
      options[current].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const close = () => { asked++; found = []; list.replaceChildren(); show(-1); };
  const line = (text: string, className: string) => {
    const span = document.createElement("span");
    span.className = className;
    span.textContent = text;
    return span;
  };
  const take = (choice: Choice) => {
    input.value = choice.text;
    code.value = choice.value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const fill = (choices: Choice[]) => {
    found = choices;
    list.replaceChildren(...choices.map((choice, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.append(line(choice.main, "main"), line(choice.under, "under"));
      // Before the field loses the focus.
      option.addEventListener("mousedown", event => { event.preventDefault(); take(choice); });
      return option;
    }));
    if (choices.length === 0) {
      const none = document.createElement("li");
      none.className = "note";
      none.textContent = box.dataset.none ?? "";
      list.append(none);
    }
    show(choices.length > 0 ? 0 : -1);
  };
  const ask = async () => {
    const mine = ++asked;
    const text = input.value.trim();
    if (text.length === 0) { close(); return; }
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      const items = answer.ok ? (await answer.json()) as T[] : [];
      // A slow answer to what was typed before is late.
      if (mine === asked) fill(items.map(read));
    } catch {
      if (mine === asked) close();
    }
  };

  input.addEventListener("input", () => {
    code.value = "";
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 80);
  });
  input.addEventListener("keydown", event => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.childElementCount === 0) void ask();
      else show(event.key === "ArrowDown" ? current + 1 : Math.max(0, current - 1));
    } else if ((event.key === "Enter" || event.key === "Tab") && current >= 0 && found[current]) {
      // Tab takes what is marked and goes on; Enter takes it and stays.
      if (event.key === "Enter") event.preventDefault();
      take(found[current]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", () => { window.clearTimeout(timer); close(); });
}
