const year = 60 * 60 * 24 * 365;

/** Theme and density are links that also work without script (the server sets the cookie and comes back); here they act at once. */
export function startPreferences(): void {
  document.addEventListener("click", event => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-preference]") : null;
    if (!link) return;
    event.preventDefault();
    const name = link.dataset.preference!;
    const value = link.dataset.value ?? "";
    document.cookie = `${name}=${value}; path=/; max-age=${value === "" ? 0 : year}; samesite=lax`;
    if (value === "") delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = value;
    // What the address asks for would win over the choice when the page is loaded again.
    const address = new URL(location.href);
    if (address.searchParams.has(name)) {
      address.searchParams.delete(name);
      history.replaceState(history.state, "", address);
    }
    link.parentElement?.querySelectorAll("a[data-preference]").forEach(other => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
  });
}
