// Brings the open page up to date without loading it again, where that can be done.

import { morph } from "./morph.js";

const DATA = /json|template|text\/(?!javascript|ecmascript)/i;
const STYLE_PATIENCE = 3000;

// The elements of a document that make it necessary to load it: its programs, in their order.
function programs(page) {
  return [...page.scripts].filter((script) => !script.dataset.edition && !DATA.test(script.type));
}

function styles(page) {
  return [...page.querySelectorAll("head > link[rel~=stylesheet]")];
}

// The page at this address as it is now; null where only loading it again will do.
export async function fetched(selector) {
  const response = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" } });
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // In a page that is shown, scripts run, and what stands here is a text.
  for (const element of page.querySelectorAll("noscript")) element.textContent = element.innerHTML;
  const isAlike =
    page.querySelector(selector) !== null &&
    programs(page).map((script) => script.outerHTML).join("\n") ===
      programs(document).map((script) => script.outerHTML).join("\n") &&
    styles(page).length === styles(document).length;
  return isAlike ? page : null;
}

// Makes the open page the same as a fetched one.
export async function become(page) {
  await restyle(page);
  morph(document.head, page.head);
  morph(document.body, page.body);
  for (const { name, value } of page.documentElement.attributes) {
    if (document.documentElement.getAttribute(name) !== value) document.documentElement.setAttribute(name, value);
  }
  document.dispatchEvent(new CustomEvent("sitegen:changed"));
}

// Puts each new style sheet beside the one that it replaces, and takes that away when the new one is there.
async function restyle(page) {
  const there = styles(document);
  const swaps = styles(page).map(async (link, number) => {
    const old = there[number];
    if (old.isEqualNode(link)) return;
    const fresh = document.importNode(link, true);
    const arrived = new Promise((resolve) => {
      fresh.addEventListener("load", resolve, { once: true });
      fresh.addEventListener("error", resolve, { once: true });
      setTimeout(resolve, STYLE_PATIENCE);
    });
    old.after(fresh);
    await arrived;
    old.remove();
  });
  await Promise.all(swaps);
}
