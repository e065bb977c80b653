// The text-size links without a reload: the size changes in place and is remembered for the whole site. What this script
// cannot do (it is off, or nothing can be stored) the links do by themselves: each leads to a page in that size.
{
  const KEY = "text-size";
  const root = document.documentElement;

  function links() {
    return [...document.querySelectorAll("[data-text-size]")];
  }

  function current() {
    return root.className.match(/(?:^| )size-([a-z-]+)/)?.[1] ?? "article";
  }

  function show(size) {
    root.className = root.className.replace(/(^| )size-[a-z-]+/g, "") + " size-" + size;
    mark();
  }

  function mark() {
    for (const link of links()) {
      if (link.dataset.textSize === current()) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function remember(size) {
    try {
      localStorage.setItem(KEY, size);
      return true;
    } catch {
      return false;
    }
  }

  // On a page of another size the address becomes that of the article: the size is no longer the address's matter.
  function settle() {
    const own = document.querySelector('[data-text-size="article"]');
    const isVariant = own && own.pathname !== location.pathname && links().some((link) => link.pathname === location.pathname);
    if (isVariant) history.replaceState(history.state, "", own.pathname + location.search + location.hash);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-text-size]");
    if (!link || !remember(link.dataset.textSize)) return;
    // In another tab or window the link does as it always does, and the page there has this size.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const place = link.getBoundingClientRect().top;
    show(link.dataset.textSize);
    // What the reader has just pressed stays under the finger.
    scrollBy({ top: link.getBoundingClientRect().top - place, behavior: "instant" });
    settle();
    const status = document.getElementById("text-size-status");
    if (status) status.textContent = link.closest("[role=group]").getAttribute("aria-label") + ": " + link.textContent.trim();
  });

  // Another tab, and a page that is shown again as it was left.
  function follow() {
    const size = remembered();
    if (size && /^[a-z-]{1,20}$/.test(size) && size !== current()) show(size);
    else mark();
  }

  addEventListener("storage", (event) => {
    if (event.key === KEY) follow();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) follow();
  });
  document.addEventListener("sitegen:changed", follow);
  mark();
}
