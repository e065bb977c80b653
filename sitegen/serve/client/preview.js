// Runs in the pages of `sitegen serve`, never in the published site: keeps the open page up to date, shows what is
// wrong in the sources over the last good one, and tells where the page comes from.

import { Inspector } from "./inspector.js";
import { become, fetched } from "./page.js";
import { hide, show } from "./problems.js";

const SELECTOR = "script[data-edition]";
const { channel, token } = document.querySelector(SELECTOR).dataset;
const here = new URLSearchParams({ page: decoded(location.pathname), token });
const RETRY = 1000;
const LOADED = "sitegen:loaded";

let source = null;
let latest = null;
let isBusy = false;

const inspector = new Inspector(async () => {
  const response = await fetch(`${channel}/about?${here}`, { cache: "no-store" });
  return response.ok ? response.json() : null;
});

// A path as the server reads it.
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const edition = () => document.querySelector(SELECTOR)?.dataset.edition;

// A hidden page need not follow: a browser has few lines to one server, and there may be many tabs.
function follow() {
  if (document.hidden || source) return;
  source = new EventSource(`${channel}/events?${here}`);
  source.addEventListener("message", ({ data }) => {
    inspector.line = "";
    latest = JSON.parse(data);
    update();
  });
  source.addEventListener("error", () => {
    inspector.line = "The preview has ended";
    // Another preview listens there now: the page is not its own.
    if (source?.readyState === EventSource.CLOSED) setTimeout(reload, RETRY);
  });
}

function leave() {
  source?.close();
  source = null;
}

async function reload() {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
    location.reload();
  } catch {
    setTimeout(reload, RETRY);
  }
}

// Loads the page, but never twice for the same edition: whatever may be wrong, it must not go on for ever.
function load(wanted) {
  if (sessionStorage.getItem(LOADED) === wanted) return;
  sessionStorage.setItem(LOADED, wanted);
  leave();
  location.reload();
}

async function update() {
  if (isBusy) return;
  isBusy = true;
  try {
    while (latest.edition !== edition()) {
      const wanted = latest;
      const page = await fetched(SELECTOR);
      if (!page) {
        load(wanted.edition);
        break;
      }
      document.querySelector(SELECTOR).dataset.edition = page.querySelector(SELECTOR).dataset.edition;
      await become(page);
      // Another edition than the one that was told of will be told of too.
      if (wanted === latest) break;
    }
    if (latest.edition === edition()) sessionStorage.removeItem(LOADED);
    show(latest.problems);
    inspector.status = latest.status;
    mark(latest.marks);
    inspector.refresh();
  } finally {
    isBusy = false;
  }
}

// Links to articles that are not published say so.
const marks = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, marks];

function mark(links) {
  const rules = Object.entries(links).map(([href, status]) => {
    const content = JSON.stringify(status);
    return `a[href=${JSON.stringify(href)}]:not(:has(img))::after { content: ${content}; }`;
  });
  const looks = `{
    margin-inline-start: .5em; padding: .1em .5em; border-radius: 1em; background: #ffd24d; color: #1b1b1b;
    font: 600 .75rem/1.4 system-ui, sans-serif; white-space: nowrap; display: inline-block;
  }`;
  const selectors = Object.keys(links).map((href) => `a[href=${JSON.stringify(href)}]:not(:has(img))::after`);
  marks.replaceSync(rules.length ? `${rules.join("\n")}\n${selectors.join(",")} ${looks}` : "");
}

addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
addEventListener("pagehide", leave);
// A page that the browser brings back whole is as old as it was.
addEventListener("pageshow", (event) => event.persisted && location.reload());
follow();
