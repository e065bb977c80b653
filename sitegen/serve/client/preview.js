// Runs in the pages of `sitegen serve`, never in the published site: reloads a page that has changed, and shows
// what is wrong in the sources over the last good one.
(() => {
  "use strict";
  const { edition, events } = document.currentScript.dataset;
  let host = null;

  const source = new EventSource(`${events}?page=${encodeURIComponent(decodeURI(location.pathname))}`);
  source.addEventListener("message", ({ data }) => {
    const state = JSON.parse(data);
    if (state.edition === edition) show(state.problems);
    else location.reload();
  });
  // A page that the browser brings back whole is as old as it was.
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  function show(problems) {
    host?.remove();
    host = problems.length ? overlay(problems) : null;
    if (host) document.documentElement.append(host);
  }

  function overlay(problems) {
    const box = element("section", "", { role: "alert", "aria-label": "Problems in the sources" });
    const close = element("button", "Hide", { type: "button", title: "Until the next change (Escape)" });
    close.addEventListener("click", () => host?.remove());
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const head = element("header");
    head.append(element("h1", count), element("p", "The pages stay as they were until this is mended."), close);
    const list = element("ol");
    list.append(...problems.map(item));
    box.append(head, list);

    const holder = element("sitegen-problems");
    const root = holder.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(box);
    return holder;
  }

  function item({ file, line, column, message, hint, excerpt }) {
    const entry = element("li");
    entry.append(element("code", line ? `${file}:${line}:${column}` : file), element("p", message));
    if (line && excerpt.trim()) entry.append(marked(excerpt, column));
    if (hint) entry.append(element("p", hint, { class: "hint" }));
    return entry;
  }

  // The line itself with its place marked; columns count characters, as editors do.
  function marked(excerpt, column) {
    const characters = Array.from(excerpt);
    const at = Math.min(column - 1, characters.length);
    const start = Math.max(0, at - 60);
    const line = element("pre");
    line.append(
      (start ? "…" : "") + characters.slice(start, at).join(""),
      element("mark", characters[at] ?? " "),
      characters.slice(at + 1, start + 160).join("") + (characters.length > start + 160 ? "…" : ""),
    );
    return line;
  }

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  addEventListener("keydown", (event) => event.key === "Escape" && host?.remove());

  const STYLE = `
    :host { all: initial; }
    section {
      position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto; box-sizing: border-box;
      padding: 1rem 1.25rem 1.25rem; background: #fff; color: #1b1b1b; border-top: 4px solid #b3261e;
      box-shadow: 0 -6px 30px rgb(0 0 0 / .3); font: 16px/1.45 system-ui, sans-serif;
    }
    header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
    h1 { margin: 0; font-size: 1.125rem; color: #b3261e; }
    header p { margin: 0; flex: 1; opacity: .75; }
    button { font: inherit; padding: .25rem .75rem; color: inherit; background: none; border: 1px solid; cursor: pointer; }
    ol { margin: 1rem 0 0; padding: 0; list-style: none; display: grid; gap: 1.25rem; }
    li p { margin: .125rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
    li p.hint { font-weight: 400; }
    li p.hint::before { content: "→ "; }
    code, pre { font: .875rem/1.5 ui-monospace, monospace; }
    code { overflow-wrap: anywhere; }
    pre { margin: .375rem 0; padding: .5rem .75rem; background: #f3f1ee; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
    mark { background: #b3261e; color: #fff; }
    @media (prefers-color-scheme: dark) {
      section { background: #201f1e; color: #f0eeea; border-color: #ff8a80; }
      h1 { color: #ff8a80; }
      pre { background: #2e2c2a; }
      mark { background: #ff8a80; color: #201f1e; }
    }
    @media print { section { display: none; } }
  `;
})();
