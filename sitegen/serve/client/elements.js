// Elements of the preview's own, which stand beside the page and not in it: its styles do not reach them.

// An element with a text and attributes, and others in it.
export function element(name, text = "", attributes = {}, ...inside) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// Shows elements in a place of their own, with their own styles.
export function stand(name, style, ...inside) {
  const holder = element(name);
  const root = holder.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(BASE + style);
  root.adoptedStyleSheets = [sheet];
  root.append(...inside);
  document.documentElement.append(holder);
  return holder;
}

// Where something stands in the sources: a link where an editor can be opened there.
export function place({ file, line, column, editor }) {
  const shown = element("code", line ? `${file}:${line}:${column}` : file);
  return editor ? element("a", "", { href: editor, title: "Open in the editor" }, shown) : shown;
}

const BASE = `
  :host { all: initial; color-scheme: light dark; }
  * { box-sizing: border-box; }
  section {
    --paper: #fff; --ink: #1b1b1b; --quiet: #f3f1ee; --wrong: #b3261e; --warn: #7a4f00;
    color: var(--ink); background: var(--paper); font: 16px/1.45 system-ui, sans-serif;
  }
  button { font: inherit; color: inherit; cursor: pointer; }
  a { color: inherit; }
  :focus-visible { outline: 3px solid #2f6fed; outline-offset: 2px; }
  code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  @media (prefers-color-scheme: dark) {
    section { --paper: #201f1e; --ink: #f0eeea; --quiet: #2e2c2a; --wrong: #ff8a80; --warn: #ffca70; }
  }
  @media print { section { display: none; } }
`;
