/**
 * Phrases: ".name" and a space or Tab becomes a text. A list below the field shows what begins so; arrows walk, Enter or Tab takes, Escape closes. The text is put in as if it had been
 * typed, so that Ctrl+Z takes it back. Nothing happens while an input method composes.
 */
interface Phrase { name: string; text: string; own: boolean }

const MOST = 8;

export function attachPhrases(form: HTMLFormElement, areas: HTMLTextAreaElement[]): void {
  let phrases: Phrase[] = [];
  let found: Phrase[] = [];
  let current = -1;
  let area: HTMLTextAreaElement | null = null;
  const list = document.createElement("ul");
  list.id = "phrase-list";
  list.className = "suggest phrases";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label ?? ".");
  list.hidden = true;
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.append(said);

  void (async () => {
    try {
      const answer = await fetch(form.dataset.phrases!, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) phrases = await answer.json() as Phrase[];
    } catch {
      // One writes without them.
    }
  })();

  const close = () => {
    found = [];
    current = -1;
    list.hidden = true;
    list.replaceChildren();
    area?.removeAttribute("aria-activedescendant");
    area?.removeAttribute("aria-controls");
  };
  const mark = (index: number) => {
    current = Math.max(0, Math.min(index, found.length - 1));
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
    area?.setAttribute("aria-activedescendant", `phrase-${current}`);
    list.children[current]?.scrollIntoView({ block: "nearest" });
  };
  const show = (to: HTMLTextAreaElement, matches: Phrase[]) => {
    area = to;
    found = matches.slice(0, MOST);
    list.replaceChildren(...found.map((phrase, i) => {
      const option = document.createElement("li");
      option.id = `phrase-${i}`;
      option.setAttribute("role", "option");
      const name = document.createElement("span");
      name.className = "main";
      name.textContent = `.${phrase.name}`;
      const text = document.createElement("span");
      text.className = "under";
      text.textContent = phrase.text;
      option.append(name, text);
      option.addEventListener("mousedown", event => { event.preventDefault(); take(phrase); });
      return option;
    }));
    to.after(list);
    list.hidden = false;
    to.setAttribute("aria-controls", list.id);
    current = -1;
    to.removeAttribute("aria-activedescendant");
    said.textContent = (form.dataset.many ?? "").replace("{0}", String(found.length));
  };
  const take = (phrase: Phrase, after = "") => {
    const to = area!;
    const typed = before(to);
    close();
    if (!typed) return;
    to.focus();
    to.setSelectionRange(typed.start, to.selectionEnd);
    // The one way of changing a field that the browser's own undo knows.
    if (!document.execCommand("insertText", false, phrase.text + after)) {
      to.setRangeText(phrase.text + after, typed.start, to.selectionEnd, "end");
      to.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const blank = to.value.indexOf("___", typed.start);
    if (blank >= 0 && blank < typed.start + phrase.text.length) to.setSelectionRange(blank, blank + 3);
  };

  for (const to of areas) {
    to.addEventListener("input", event => {
      if ((event as InputEvent).isComposing) return;
      const typed = before(to);
      if (!typed) { if (!list.hidden) close(); return; }
      const matches = phrases.filter(p => p.name.startsWith(typed.name));
      if (matches.length === 0) close();
      else show(to, matches);
    });
    to.addEventListener("keydown", event => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === " " || event.key === "Tab") {
        const typed = before(to);
        const exact = current >= 0 && !list.hidden && event.key === "Tab" ? found[current] : typed && phrases.find(p => p.name === typed.name);
        if (exact && typed && (typed.name.length > 0 || current >= 0)) {
          event.preventDefault();
          area = to;
          take(exact, event.key === " " ? " " : "");
        }
      } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        mark(event.key === "ArrowDown" ? current + 1 : current - 1);
      } else if (!list.hidden && event.key === "Enter" && current >= 0) {
        event.preventDefault();
        take(found[current]);
      } else if (!list.hidden && event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    to.addEventListener("blur", close);
  }
}

/** ".name" right before the caret, its name without tones; null when there is none. */
function before(area: HTMLTextAreaElement): { start: number; name: string } | null {
  if (area.selectionStart !== area.selectionEnd) return null;
  const match = /(?:^|[\s(])\.([\p{L}\p{N}]{0,20})$/u.exec(area.value.slice(Math.max(0, area.selectionStart - 24), area.selectionStart));
  return match ? { start: area.selectionStart - match[1].length - 1, name: fold(match[1]) } : null;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
}
