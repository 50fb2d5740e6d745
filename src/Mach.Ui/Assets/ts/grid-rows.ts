/** Below so many rows the table stays whole. */
const Whole = 200;
/** Rows that are kept ready above and below what is seen: Tab and the keys that scroll find the next one there. */
const Ahead = 25;

/**
 * Of a long table that scrolls in a box of its own only the rows around what is seen stand in the page; the others are an empty row of their height. Each row says
 * which one it is (aria-rowindex) and the table how many there are (aria-rowcount). The row that has the focus stays, wherever one scrolls; on paper all of them stand.
 * @returns what to call with the rows to show, in their order.
 */
export function showRows(table: HTMLTableElement, body: HTMLTableSectionElement): (rows: HTMLTableRowElement[]) => void {
  const box = table.closest<HTMLElement>(".table-wrap.tall");
  const heights = new WeakMap<HTMLTableRowElement, number>();
  const columns = table.tHead!.rows[0].cells.length;
  let rows: HTMLTableRowElement[] = [];
  let isWhole = true;
  let usual = 32;
  let drawn = "";

  const height = (row: HTMLTableRowElement) => heights.get(row) ?? usual;
  const gap = (from: number, to: number) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += height(rows[i]);
    const space = document.createElement("tr");
    space.setAttribute("aria-hidden", "true");
    space.className = "grid-space";
    const cell = space.insertCell();
    cell.colSpan = columns;
    cell.style.height = `${sum}px`;
    return space;
  };

  const draw = (isAsked: boolean) => {
    if (isWhole || box === null) return;
    const top = box.scrollTop;
    let first = 0;
    for (let sum = 0; first < rows.length - 1 && (sum += height(rows[first])) < top; first++);
    let last = first;
    for (let sum = 0; last < rows.length && sum < box.clientHeight; last++) sum += height(rows[last]);
    const [from, to] = [Math.max(0, first - Ahead), Math.min(rows.length, last + Ahead)];
    const focused = rows.findIndex(row => row.contains(document.activeElement));
    const key = `${from} ${to} ${focused < from || focused >= to ? focused : ""}`;
    if (key === drawn && !isAsked) return;
    drawn = key;
    const wanted = Array.from({ length: to - from }, (_, i) => from + i);
    if (focused >= 0 && focused < from) wanted.unshift(focused);
    if (focused >= to) wanted.push(focused);
    const parts: HTMLTableRowElement[] = [];
    let next = 0;
    for (const i of wanted) {
      if (i > next) parts.push(gap(next, i));
      parts.push(rows[i]);
      next = i + 1;
    }
    if (next < rows.length) parts.push(gap(next, rows.length));
    // What stays is not taken out: it would lose the focus.
    const stays = new Set<Node>(parts);
    [...body.childNodes].forEach(node => { if (!stays.has(node)) node.remove(); });
    parts.forEach((part, i) => { if (body.rows[i] !== part) body.insertBefore(part, body.rows[i] ?? null); });
    wanted.forEach(i => { const measured = rows[i].offsetHeight; if (measured > 0) heights.set(rows[i], measured); });
    usual = wanted.reduce((sum, i) => sum + height(rows[i]), 0) / Math.max(1, wanted.length);
  };

  const whole = () => { body.replaceChildren(...rows); drawn = ""; };
  let asked = 0;
  box?.addEventListener("scroll", () => { cancelAnimationFrame(asked); asked = requestAnimationFrame(() => draw(false)); }, { passive: true });
  window.addEventListener("resize", () => draw(false));
  window.addEventListener("beforeprint", () => { if (!isWhole) whole(); });
  window.addEventListener("afterprint", () => draw(true));

  return shown => {
    const was = rows;
    rows = shown;
    isWhole = box === null || shown.length < Whole;
    shown.forEach((row, i) => row.setAttribute("aria-rowindex", String(i + 2)));
    table.setAttribute("aria-rowcount", String(shown.length + 1));
    if (isWhole) return whole();
    // Another order begins at its top.
    if (was.length > 0) box!.scrollTop = 0;
    draw(true);
  };
}
