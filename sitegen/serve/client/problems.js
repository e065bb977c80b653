// What is wrong in the sources, over the last good page.

import { element, place, stand } from "./elements.js";

const MOST = 100;
let holder = null;

export function show(problems) {
  hide();
  if (!problems.length) return;
  const close = element("button", "Hide", { type: "button", title: "Until the next change (Escape)" });
  close.addEventListener("click", hide);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const said = element("p", "The pages stay as they were until this is mended.");
  const head = element("header", "", {}, element("h1", count), said, close);
  const list = element("ol", "", {}, ...problems.slice(0, MOST).map(item));
  const box = element("section", "", { role: "alert", "aria-label": "Problems in the sources" }, head, list);
  const more = problems.length - MOST;
  if (more > 0) box.append(element("p", `${more} more are shown in the terminal.`));
  holder = stand("sitegen-problems", STYLE, box);
}

export function hide() {
  holder?.remove();
  holder = null;
}

export function item(problem) {
  const { line, column, message, hint, excerpt, cut } = problem;
  const entry = element("li", "", {}, place(problem), element("p", message));
  if (line && excerpt.trim()) entry.append(marked(excerpt, column - cut, cut));
  if (hint) entry.append(element("p", hint, { class: "hint" }));
  return entry;
}

// The line around its place, which is marked; columns count characters, as editors do.
function marked(excerpt, column, cut) {
  const characters = Array.from(excerpt);
  const at = Math.min(column - 1, characters.length);
  const start = Math.max(0, at - 60);
  const line = element("pre");
  line.append(
    (start || cut ? "…" : "") + characters.slice(start, at).join(""),
    element("mark", characters[at] ?? " "),
    characters.slice(at + 1, start + 160).join("") + (characters.length > start + 160 ? "…" : ""),
  );
  return line;
}

export const ITEMS = `
  li p { margin: .125rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
  li p.hint { font-weight: 400; }
  li p.hint::before { content: "→ "; }
  pre { margin: .375rem 0; padding: .5rem .75rem; background: var(--quiet); white-space: pre-wrap; tab-size: 4; }
  mark { background: var(--wrong); color: var(--paper); }
`;

const STYLE = `${ITEMS}
  section {
    position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto;
    padding: 1rem 1.25rem 1.25rem; border-top: 4px solid var(--wrong); box-shadow: 0 -6px 30px rgb(0 0 0 / .3);
  }
  header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
  h1 { margin: 0; font-size: 1.125rem; color: var(--wrong); }
  header p { margin: 0; flex: 1; opacity: .8; }
  button { padding: .25rem .75rem; background: none; border: 1px solid; }
  ol { margin: 1rem 0 0; padding: 0; list-style: none; display: grid; gap: 1.25rem; }
`;
