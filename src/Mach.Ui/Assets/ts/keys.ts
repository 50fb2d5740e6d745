// One key for one decision: an element with data-key="s" is pressed by s, while nobody types and nothing is held down.
export function startKeys(): void {
  document.addEventListener("keydown", event => {
    const at = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) return;
    const key = event.key.toLowerCase();
    if (!/^[a-z]$/.test(key)) return;
    const target = document.querySelector<HTMLElement>(`[data-key="${key}"]`);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });
}
