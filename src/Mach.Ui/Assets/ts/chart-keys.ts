// Keys of a drawing that is moved by links: each link names its key. Not while somebody writes or chooses.
export const startChartKeys = () =>
  document.querySelectorAll<HTMLElement>("[data-chart-keys]").forEach(area =>
    document.addEventListener("keydown", event => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
      const link = Array.from(area.querySelectorAll<HTMLAnchorElement>("a[data-key]")).find(a => a.dataset.key === event.key);
      if (!link) return;
      event.preventDefault();
      link.click();
    }));
