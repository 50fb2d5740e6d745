/**
 * A form that sends files: `<form data-upload method="post" enctype="multipart/form-data">` with a file input inside `.dropzone`.
 * Adds dropping of files and whole folders, and a progress bar; the answer's page is then shown. Without it the form posts as usual.
 */
export function startUploads(root: ParentNode & { matches?: (selector: string) => boolean }): void {
  const forms = [...root.querySelectorAll<HTMLFormElement>("form[data-upload]")];
  if (root instanceof HTMLFormElement && root.matches("[data-upload]")) forms.push(root);
  forms.filter(form => !form.dataset.ready).forEach(attach);
}

function attach(form: HTMLFormElement): void {
  form.dataset.ready = "true";
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return;
  const zone = form.querySelector<HTMLElement>(".dropzone") ?? form;
  const state = stateOf(form);

  zone.addEventListener("dragover", event => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", async event => {
    event.preventDefault();
    zone.classList.remove("over");
    const files = await dropped(event.dataTransfer);
    if (files.length > 0) send(form, input.name, files, state);
  });
  form.addEventListener("submit", event => {
    const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].flatMap(one => [...(one.files ?? [])]);
    if (files.length === 0) return;
    event.preventDefault();
    send(form, input.name, files, state);
  });
  form.addEventListener("change", () => sayChosen(form));
  if (form.dataset.upload === "now") input.addEventListener("change", () => form.requestSubmit());
}

/** Says in the page's language how many files are chosen: `.files-chosen` with data-none, data-one and data-many ({0} is the number, {1} the name). */
function sayChosen(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>(".files-chosen");
  if (!said) return;
  const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].flatMap(one => [...(one.files ?? [])]);
  const words = (files.length === 0 ? said.dataset.none : files.length === 1 ? said.dataset.one : said.dataset.many) ?? "";
  said.textContent = words.replace("{0}", String(files.length)).replace("{1}", files[0]?.name ?? "");
  said.classList.toggle("some", files.length > 0);
}

interface State { box: HTMLElement; bar: HTMLProgressElement; text: HTMLElement }

function stateOf(form: HTMLFormElement): State {
  let box = form.querySelector<HTMLElement>(".upload-state");
  if (!box) {
    box = document.createElement("div");
    box.className = "upload-state";
    box.hidden = true;
    form.append(box);
  }
  const bar = box.querySelector("progress") ?? box.appendChild(document.createElement("progress"));
  const text = box.querySelector<HTMLElement>("[role=status]") ?? box.appendChild(document.createElement("p"));
  text.setAttribute("role", "status");
  bar.setAttribute("aria-label", form.dataset.sending ?? "…");
  return { box, bar, text };
}

async function dropped(transfer: DataTransfer | null): Promise<File[]> {
  if (!transfer) return [];
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(entry => entry !== null && entry !== undefined);
  if (entries.length === 0) return [...transfer.files];
  const found: File[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    found.push(await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A directory reader gives at most a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}

function send(form: HTMLFormElement, name: string, files: File[], state: State): void {
  const data = new FormData(form);
  form.querySelectorAll<HTMLInputElement>("input[type=file]").forEach(one => data.delete(one.name));
  files.forEach(file => data.append(name, file, file.webkitRelativePath || file.name));
  state.box.hidden = false;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.onprogress = event => {
    state.bar.max = event.total || total || 1;
    state.bar.value = event.loaded;
    const megabytes = (bytes: number) => (bytes / 1048576).toFixed(1);
    state.text.textContent = `${form.dataset.sending ?? ""} ${files.length} · ${megabytes(event.loaded)} / ${megabytes(event.total)} MB`;
  };
  request.upload.onload = () => {
    state.bar.removeAttribute("value");
    state.text.textContent = form.dataset.working ?? "…";
  };
  request.onload = () => {
    const target = request.getResponseHeader("HX-Redirect") ?? (request.responseURL !== form.action && request.status < 400 ? request.responseURL : null);
    if (target) window.location.assign(target);
    else if (request.status < 400 && request.getResponseHeader("content-type")?.startsWith("text/html")) showPage(request.responseText);
    else fail(form, state, request.status);
  };
  request.onerror = () => fail(form, state, 0);
  request.send(data);
}

function showPage(html: string): void {
  const page = new DOMParser().parseFromString(html, "text/html");
  const here = document.getElementById("main");
  const there = page.getElementById("main");
  if (!here || !there) { window.location.reload(); return; }
  here.replaceWith(there);
  window.htmx.process(there);
}

function fail(form: HTMLFormElement, state: State, status: number): void {
  state.bar.value = 0;
  state.text.className = "error-text";
  state.text.textContent = `${form.dataset.failed ?? ""} (${status})`;
}
