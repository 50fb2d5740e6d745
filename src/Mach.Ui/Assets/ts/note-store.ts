/**
 * What one browser keeps of a note until the hub has it: an entry for each open page, sealed under a key that only the author's own page of this note brings along. It is written at
 * every change and taken away as soon as the hub has answered, so that no note stays behind on a shared computer.
 */
export interface Kept { tab: string; number: number; base: number; texts: Record<string, string> }

interface Entry { id: string; note: string; tab: string; at: number; iv: Uint8Array; data: ArrayBuffer }

const STORE = "notes";

/** Null where the browser lends no cryptography (a page without https): then nothing is kept, and the page says so. */
export async function openNoteStore(note: string, key: string): Promise<NoteStore | null> {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null;
  try {
    const raw = Uint8Array.from(atob(key), c => c.charCodeAt(0));
    const secret = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    return new NoteStore(note, secret, await openDatabase());
  } catch {
    return null;
  }
}

export class NoteStore {
  private waiting: Kept | "remove" | null = null;
  private tab = "";
  private working: Promise<void> | null = null;

  constructor(private readonly note: string, private readonly secret: CryptoKey, private readonly database: IDBDatabase) {}

  /** Writes the newest state; what comes while one is being written waits, and only the last of it is written. */
  keep(state: Kept): void {
    this.waiting = state;
    this.tab = state.tab;
    this.working ??= this.work();
  }

  /** The hub has all of it. */
  forget(tab: string): void {
    this.waiting = "remove";
    this.tab = tab;
    this.working ??= this.work();
  }

  /** What pages that are no longer open left behind, in the order in which it was written. */
  async left(isOpen: (tab: string) => Promise<boolean>): Promise<Kept[]> {
    const entries = await this.run<Entry[]>("readonly", store => store.getAll());
    const found: Kept[] = [];
    for (const entry of entries.filter(e => e.note === this.note).sort((a, b) => a.at - b.at)) {
      if (await isOpen(entry.tab)) continue;
      try {
        const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: entry.iv }, this.secret, entry.data);
        found.push(JSON.parse(new TextDecoder().decode(opened)) as Kept);
      } catch {
        // Sealed under another key: nothing of this note.
      }
    }
    return found;
  }

  async remove(tab: string): Promise<void> {
    await this.run("readwrite", store => store.delete(`${this.note} ${tab}`));
  }

  private async work(): Promise<void> {
    while (this.waiting !== null) {
      const now = this.waiting;
      this.waiting = null;
      try {
        if (now === "remove") await this.remove(this.tab);
        else await this.write(now);
      } catch {
        // A full disk, or a browser that forbids it: the hub still gets every change.
      }
    }
    this.working = null;
  }

  private async write(state: Kept): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.secret, new TextEncoder().encode(JSON.stringify(state)));
    const entry: Entry = { id: `${this.note} ${state.tab}`, note: this.note, tab: state.tab, at: Date.now(), iv, data };
    await this.run("readwrite", store => store.put(entry));
  }

  private run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    return new Promise((done, fail) => {
      // Strict: on the disk before it is said to be done.
      const transaction = this.database.transaction(STORE, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result as T);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open("mach-notes", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
