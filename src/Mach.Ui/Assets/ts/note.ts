import { openNoteStore, type Kept, type NoteStore } from "./note-store";
import { attachPhrases } from "./phrases";

/**
 * A note that loses no key: every change is kept in the browser at once and sent to the hub soon after; what other tabs and devices wrote comes back joined. While the hub is away one
 * writes on, and what was written goes out when it answers again. Without script the form saves by its buttons.
 */
export function startNotes(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-note]").forEach(form => new NoteEditor(form));
}

type Texts = Record<string, string>;
type State = "saved" | "saving" | "unsent" | "unkept" | "session" | "closed";

/** A pause after the last key, and the longest time without sending while somebody writes on; milliseconds. */
const PAUSE_MS = 700, LONGEST_MS = 1800;
const RETRY_MS = [1000, 2000, 4000, 8000];
const LOOK_MS = 20_000, AWAKE_MS = 300_000, ANSWER_MS = 15_000;
/** What a page may still send while it closes. */
const MOST_AT_CLOSE = 60_000;

class NoteEditor {
  private readonly areas = new Map<string, HTMLTextAreaElement>();
  private readonly address: string;
  private readonly note: string;
  private readonly tab = makeId();
  private readonly state: HTMLElement;
  private readonly channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("mach-notes") : null;
  private store: NoteStore | null = null;
  /** Revision that the texts here began from, and those texts. */
  private base: number;
  private began: Texts;
  /** What the hub has of this page. */
  private known: Texts;
  private number = 0;
  private sending = false;
  private closed = false;
  private composing = false;
  private failures = 0;
  private timer = 0;
  private firstUnsent = 0;
  private lastKey = Date.now();
  private askBase = false;

  constructor(private readonly form: HTMLFormElement) {
    this.note = form.dataset.note!;
    this.address = `/people/${form.dataset.person}/notes/${this.note}/draft`;
    this.base = Number(form.dataset.revision);
    this.state = form.querySelector<HTMLElement>("[data-note-state]")!;
    form.querySelectorAll<HTMLTextAreaElement>("textarea[data-section]").forEach(area => this.attach(area));
    this.began = this.texts();
    this.known = this.began;
    this.hidden("tab").value = this.tab;
    form.addEventListener("submit", () => this.prepareSubmit());
    form.addEventListener("keydown", event => this.onKey(event));
    document.addEventListener("visibilitychange", () => document.hidden ? void this.send(true) : void this.look());
    window.addEventListener("pagehide", () => void this.send(true));
    window.addEventListener("focus", () => void this.look());
    window.addEventListener("online", () => this.soon(0));
    window.setInterval(() => { if (!document.hidden && Date.now() - this.lastKey < AWAKE_MS) void this.look(); }, LOOK_MS);
    if (this.channel) this.channel.onmessage = event => { if (event.data?.note === this.note && event.data.tab !== this.tab) void this.look(); };
    attachPhrases(form, [...this.areas.values()]);
    void this.begin();
  }

  /** Takes up what a page that is gone could not send any more. */
  private async begin(): Promise<void> {
    // Held for as long as this page lives: others then know that it does.
    void navigator.locks?.request(lockName(this.note, this.tab), () => new Promise(() => {}));
    this.store = await openNoteStore(this.note, this.form.dataset.key!);
    if (this.isDirty()) this.keep();
    for (const left of await this.store?.left(tab => isOpen(this.note, tab)) ?? []) {
      if (await this.sendLeft(left)) await this.store!.remove(left.tab);
    }
    await this.look();
  }

  private async sendLeft(left: Kept): Promise<boolean> {
    try {
      const answer = await this.put({ tab: left.tab, number: left.number, base: left.base, sections: left.texts }, false);
      if (answer.status !== 409) return answer.ok;
      // Its base is kept no longer: all of it counts as written.
      return (await this.put({ tab: left.tab, number: left.number, base: left.base, sections: left.texts, began: {} }, false)).ok;
    } catch {
      return false;
    }
  }

  private attach(area: HTMLTextAreaElement): void {
    this.areas.set(area.dataset.section!, area);
    const grow = () => { if (!CSS.supports("field-sizing", "content")) area.rows = Math.max(3, area.value.split("\n").length + 1); };
    grow();
    area.addEventListener("input", () => { grow(); this.onInput(); });
    area.addEventListener("compositionstart", () => { this.composing = true; });
    area.addEventListener("compositionend", () => { this.composing = false; this.onInput(); });
  }

  private onInput(): void {
    this.lastKey = Date.now();
    if (!this.isDirty()) return;
    this.keep();
    if (this.closed) return;
    this.firstUnsent ||= this.lastKey;
    if (this.failures === 0) {
      this.show("saving");
      this.soon(Math.max(0, Math.min(PAUSE_MS, this.firstUnsent + LONGEST_MS - this.lastKey)));
    }
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit(this.form.querySelector<HTMLButtonElement>("[data-note-sign]"));
    } else if (event.key === "F2") {
      event.preventDefault();
      this.nextBlank();
    }
  }

  /** The next ___ after the caret, in this section or a later one; from the first again at the end. */
  private nextBlank(): void {
    const areas = [...this.areas.values()];
    const here = Math.max(0, areas.indexOf(document.activeElement as HTMLTextAreaElement));
    for (let i = 0; i <= areas.length; i++) {
      const area = areas[(here + i) % areas.length];
      const at = area.value.indexOf("___", i === 0 ? area.selectionEnd : 0);
      if (at < 0) continue;
      area.focus();
      area.setSelectionRange(at, at + 3);
      return;
    }
  }

  private texts(): Texts {
    return Object.fromEntries([...this.areas].map(([key, area]) => [key, area.value]));
  }

  private isDirty(): boolean {
    return !same(this.texts(), this.known);
  }

  private keep(): void {
    this.store?.keep({ tab: this.tab, number: this.number + 1, base: this.base, texts: this.texts() });
  }

  private soon(afterMs: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(false), afterMs);
  }

  private async send(closing: boolean): Promise<void> {
    if (this.closed || (this.sending && !closing) || !this.isDirty()) return;
    window.clearTimeout(this.timer);
    const sent = this.texts();
    const number = ++this.number;
    const body: Record<string, unknown> = { tab: this.tab, number, base: this.base, sections: sent };
    if (this.askBase) body.began = this.began;
    this.sending = true;
    this.firstUnsent = 0;
    let answer: Response;
    try {
      answer = await this.put(body, closing);
      if (answer.status >= 500) throw new Error(String(answer.status));
    } catch {
      this.sending = false;
      this.fail();
      return;
    }
    this.sending = false;
    if (number !== this.number) return;
    if (answer.status === 409) { this.askBase = true; this.soon(0); return; }
    if (answer.status === 410) { this.closed = true; this.show("closed"); return; }
    if (!answer.ok || answer.redirected) { this.fail("session"); return; }
    this.failures = 0;
    this.askBase = false;
    const saved = await answer.json() as { revision: number; sections: Texts | null };
    this.take(sent, saved.revision, saved.sections);
    this.channel?.postMessage({ note: this.note, tab: this.tab });
  }

  /** What the hub made of it. Text of others is put in only where nothing was typed since, and never into the middle of a composition: the hub joins it again next time. */
  private take(sent: Texts, revision: number, joined: Texts | null): void {
    this.known = sent;
    if (joined === null || this.join(sent, joined)) {
      this.base = revision;
      this.began = joined === null ? sent : this.texts();
      this.known = this.began;
    }
    if (this.isDirty()) {
      this.keep();
      this.soon(PAUSE_MS);
    } else if (joined === null || this.base === revision) {
      this.store?.forget(this.tab);
      this.show("saved");
    } else {
      // The text of others waits until nobody composes.
      this.show("saved");
      window.setTimeout(() => void this.look(), PAUSE_MS);
    }
  }

  private join(sent: Texts, joined: Texts): boolean {
    if (this.composing || !same(this.texts(), sent)) return false;
    let changed = false;
    for (const [key, area] of this.areas) {
      const next = joined[key];
      if (next !== undefined && next !== area.value) { replace(area, next); changed = true; }
    }
    if (changed) this.state.dataset.note = "joined";
    return true;
  }

  /** Has somebody written elsewhere? */
  private async look(): Promise<void> {
    if (this.closed || this.sending || this.isDirty()) { if (this.isDirty()) this.soon(0); return; }
    try {
      const answer = await fetch(`${this.address}?revision=${this.base}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.status === 410) { this.closed = true; this.show("closed"); return; }
      if (answer.status !== 200 || answer.redirected) return;
      const now = await answer.json() as { revision: number; sections: Texts };
      const here = this.texts();
      if (now.revision > this.base && !this.isDirty() && this.join(here, now.sections)) {
        this.base = now.revision;
        this.began = this.known = this.texts();
        this.show("saved");
      }
    } catch {
      // The next change will say that the hub is away.
    }
  }

  private fail(state?: State): void {
    this.keep();
    this.show(state ?? (this.store ? "unsent" : "unkept"));
    this.soon(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
  }

  private put(body: Record<string, unknown>, closing: boolean): Promise<Response> {
    const text = JSON.stringify(body);
    return fetch(this.address, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", RequestVerificationToken: this.hidden("__RequestVerificationToken").value },
      body: text,
      keepalive: closing && text.length < MOST_AT_CLOSE,
      signal: closing ? undefined : AbortSignal.timeout(ANSWER_MS),
    });
  }

  /** The form itself carries everything, as one more saving of this page. */
  private prepareSubmit(): void {
    this.number++;
    this.hidden("number").value = String(this.number);
    this.hidden("base").value = String(this.base);
  }

  private show(state: State): void {
    const words = this.state.dataset[state] ?? "";
    const joined = state === "saved" && this.state.dataset.note === "joined" ? ` · ${this.state.dataset.joined}` : "";
    const time = state === "saved" ? ` ${new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date())}` : "";
    if (state === "saved") delete this.state.dataset.note;
    const text = words + time + joined;
    // A reader of the screen is told of a change, not of each second.
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.dataset.state = state;
  }

  private hidden(name: string): HTMLInputElement {
    return this.form.querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
  }
}

/** Changes only what differs, so that the caret and what is marked stay where they are. */
function replace(area: HTMLTextAreaElement, next: string): void {
  const now = area.value;
  let head = 0;
  while (head < now.length && head < next.length && now[head] === next[head]) head++;
  let tail = 0;
  while (tail < now.length - head && tail < next.length - head && now[now.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
  area.setRangeText(next.slice(head, next.length - tail), head, now.length - tail, "preserve");
}

function same(one: Texts, other: Texts): boolean {
  return Object.keys(one).every(key => one[key] === other[key]);
}

function makeId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
}

function lockName(note: string, tab: string): string {
  return `mach-note ${note} ${tab}`;
}

/** Whether the page that wrote an entry still lives. */
async function isOpen(note: string, tab: string): Promise<boolean> {
  if (!navigator.locks) return false;
  return navigator.locks.request(lockName(note, tab), { ifAvailable: true }, lock => lock === null);
}
