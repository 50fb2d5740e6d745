/**
 * A table that is whole in the page (`.grid[data-grid]` around it) gets a filter over its rows, sorting by its headings, a choice of its columns and a file of what is shown.
 * Without script it is the table that it was. The words stand in data attributes of the box, in the language of the page.
 */
export function startGrids(): void {
  document.querySelectorAll<HTMLElement>(".grid[data-grid]").forEach(attach);
}

const folded = (text: string) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const textOf = (cell: HTMLElement) => (cell.innerText ?? "").replace(/\s+/g, " ").trim();

/** What a cell is sorted by: data-value, else a date dd/MM/yyyy, a Vietnamese number, or its text. */
function keyOf(cell: HTMLElement | undefined): number | string {
  const text = cell?.dataset.value ?? (cell ? textOf(cell) : "");
  const date = /^(\d{2})\/(\d{2})\/(\d{4})/.exec(text);
  if (date) return Number(date[3] + date[2] + date[1]);
  const number = /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|^-?\d+(?:,\d+)?(?!\d)/.exec(text);
  return number ? Number(number[0].replace(/\./g, "").replace(",", ".")) : folded(text);
}

function attach(box: HTMLElement): void {
  const table = box.querySelector("table")!;
  const body = table.tBodies[0];
  const bar = box.querySelector<HTMLElement>(".grid-bar")!;
  const heads = [...table.tHead!.rows[0].cells];
  const rows = [...body.rows];
  if (rows.length === 0) return;
  const said = box.querySelector<HTMLElement>("[role=status]")!;

  const count = () => { said.textContent = (box.dataset.count ?? "").replace("{0}", String(rows.filter(row => !row.hidden).length)).replace("{1}", String(rows.length)); };
  const input = bar.querySelector<HTMLInputElement>("input[type=search]")!;
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/).filter(word => word !== "");
    rows.forEach(row => { const text = folded(textOf(row)); row.hidden = !words.every(word => text.includes(word)); });
    count();
  });
  // Enter would send the form that the table may stand in.
  input.addEventListener("keydown", event => { if (event.key === "Enter" && !event.isComposing) event.preventDefault(); });

  // A column of buttons is no data.
  const hasData = (head: HTMLElement) => textOf(head) !== "" && head.dataset.grid !== "no";
  heads.forEach((head, column) => {
    if (!hasData(head)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "grid-sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map(row => ({ row, key: keyOf(row.cells[column]) }));
      keyed.sort((a, b) => {
        const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : typeof a.key !== typeof b.key ? (typeof a.key === "number" ? -1 : 1) : String(a.key).localeCompare(String(b.key), "vi");
        return down ? -order : order;
      });
      body.append(...keyed.map(item => item.row));
    });
  });

  const menu = bar.querySelector<HTMLElement>("[data-grid-columns]")!;
  heads.forEach((head, column) => {
    if (!hasData(head)) return;
    const label = document.createElement("label");
    label.className = "check";
    const check = document.createElement("input");
    check.type = "checkbox";
    check.checked = true;
    check.addEventListener("change", () => [...table.rows].forEach(row => { if (row.cells[column]) row.cells[column].hidden = !check.checked; }));
    label.append(check, " " + textOf(head));
    menu.append(label);
  });

  bar.querySelector<HTMLButtonElement>("[data-grid-file]")!.addEventListener("click", () => {
    const shown = heads.map((head, column) => ({ head, column })).filter(item => !item.head.hidden && hasData(item.head));
    const lines = [[...shown.map(item => textOf(item.head))], ...[...body.rows].filter(row => !row.hidden).map(row => shown.map(item => (row.cells[item.column] ? textOf(row.cells[item.column]) : "")))];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.map(line => line.map(quoted).join(",")).join("\r\n")], { type: "text/csv" }));
    link.download = (box.dataset.grid || "mach") + ".csv";
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
  });
  bar.hidden = false;
  count();
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
function quoted(text: string): string {
  const plain = /^[=+@\t\r]|^-(?!\d)/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain;
}
