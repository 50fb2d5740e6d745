/** A link or button with data-dialog="id" opens that dialog over the page; a click beside it closes it. Without script the link leads to a page that shows the same. */
export function startDialogs(): void {
  document.addEventListener("click", event => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog!);
      if (!(dialog instanceof HTMLDialogElement)) return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      dialog.showModal();
      return;
    }
    // The dialog itself is hit only where nothing in it is: on the backdrop, or on its own edge.
    if (event.target instanceof HTMLDialogElement && event.target.open && event.target.matches(":modal")) {
      const box = event.target.getBoundingClientRect();
      if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) event.target.close();
    }
  });
}
