import htmx from "htmx.org/dist/htmx.esm.js";
import { startChartExports } from "./chart-export";
import { startChartKeys } from "./chart-keys";
import { startDialogs } from "./dialogs";
import { startFind } from "./find";
import { startGrids } from "./grid";
import { startKeys } from "./keys";
import { startNotes } from "./note";
import { startPasskeys } from "./passkeys";
import { startPersonSearch } from "./person-search";
import { startPickers } from "./picker";
import { startPreferences } from "./preferences";
import { startPrint } from "./print";
import { startToasts } from "./toasts";
import { startUploads } from "./upload";

declare global {
  interface Window { htmx: typeof htmx }
}

// Pages' own attributes find htmx here; its settings come from the meta tag, because the policy allows no inline script or style.
window.htmx = htmx;

startChartExports();
startChartKeys();
startDialogs();
startFind();
startGrids();
startKeys();
startNotes();
startPasskeys();
startPreferences();
startPersonSearch();
startPickers();
startPrint();
startToasts();
startUploads(document);
document.addEventListener("htmx:load", event => startUploads((event as CustomEvent).detail.elt));

// A menu made of <details> closes when one clicks elsewhere or presses Escape.
const closeMenus = (except: EventTarget | null) =>
  document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]").forEach(menu => {
    if (!(except instanceof Node && menu.contains(except))) menu.open = false;
  });
document.addEventListener("click", event => closeMenus(event.target));
document.addEventListener("keydown", event => { if (event.key === "Escape") closeMenus(null); });
