// Ctrl+P on a page that has a form of its own opens the form, as a PDF, instead of printing the page. Without this script the browser prints the page as ever.
export function startPrint(): void {
  document.addEventListener("keydown", event => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const form = document.querySelector<HTMLAnchorElement>("a[data-print]");
    if (!form) return;
    event.preventDefault();
    form.click();
  });
}
