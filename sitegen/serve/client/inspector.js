// The small button in the corner: what state the page is in, and on demand where it comes from.

import { element, place, stand } from "./elements.js";
import { ITEMS, item } from "./problems.js";

const KEY = "Alt+I";

export class Inspector {
  #ask;
  #holder = null;
  #button = element("button", "", { type: "button", "aria-expanded": "false" });
  #panel = element("div", "", { role: "region", "aria-label": "About this page", hidden: "" });
  #status = "";
  #line = "";

  // `ask` fetches what is known of this page.
  constructor(ask) {
    this.#ask = ask;
    this.#button.title = `About this page (${KEY})`;
    this.#button.addEventListener("click", () => this.toggle());
    addEventListener("keydown", (event) => {
      if (event.altKey && event.code === "KeyI" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.toggle();
      } else if (event.key === "Escape") {
        this.#close();
      }
    });
    this.#label();
    const box = element("section", "", { "aria-label": "Preview" }, this.#panel, this.#button);
    this.#holder = stand("sitegen-inspector", STYLE, box);
  }

  // The state of the article: a draft, or one that waits for its moment.
  set status(text) {
    this.#status = text;
    this.#label();
  }

  // What is to be known of the line to the preview; "" where it stands.
  set line(text) {
    this.#line = text;
    this.#label();
  }

  toggle() {
    if (this.#panel.hidden) this.#open();
    else this.#close();
  }

  // What is shown may be another page by now.
  async refresh() {
    if (!this.#panel.hidden) await this.#open();
  }

  #label() {
    this.#button.textContent = this.#line || this.#status || "Preview";
    this.#button.className = this.#line ? "lost" : this.#status ? "marked" : "";
  }

  #close() {
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  async #open() {
    const about = await this.#ask();
    if (!about) return;
    this.#panel.replaceChildren(element("dl", "", {}, ...rows(about)));
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
  }
}

function* rows(about) {
  if (about.sources.length) yield* row("Source", ...about.sources.map((source) => element("p", "", {}, place(source))));
  if (about.status) yield* row("State", about.status);
  if (about.words) yield* row("Length", `${about.words.toLocaleString()} words, ${about.minutes} min to read`);
  if (about.templates.length) yield* row("Templates", tree(about.templates));
  yield* row("Made anew", ...about.reasons.map((reason) => element("p", reason)));
  if (about.problems.length) yield* row("Problems", element("ol", "", {}, ...about.problems.map(item)));
  else yield* row("Problems", "none");
}

function row(name, ...inside) {
  return [element("dt", name), element("dd", "", {}, ...inside)];
}

// Templates below the one that names them.
function tree(templates) {
  const list = element("ul");
  for (const { depth, file, editor } of templates) {
    const entry = element("li", "", {}, place({ file, editor }));
    // A page's policy allows no attribute "style".
    entry.style.setProperty("--depth", depth);
    list.append(entry);
  }
  return list;
}

const STYLE = `${ITEMS}
  section { position: fixed; right: .75rem; bottom: .75rem; z-index: 2147483646; background: none; max-width: 34rem; }
  button {
    display: block; margin-left: auto; padding: .2rem .7rem; border: 1px solid rgb(128 128 128 / .6);
    border-radius: 1rem; background: var(--paper); font-size: .8125rem; opacity: .75;
  }
  button:hover, button:focus-visible, button.marked, button.lost { opacity: 1; }
  button.marked { background: #ffd24d; color: #1b1b1b; font-weight: 600; border-color: #7a5c00; }
  button.lost { background: var(--wrong); color: var(--paper); font-weight: 600; }
  div {
    margin-bottom: .5rem; padding: 1rem 1.25rem; max-height: 75vh; overflow: auto; background: var(--paper);
    border: 1px solid rgb(128 128 128 / .6); box-shadow: 0 6px 30px rgb(0 0 0 / .3); font-size: .9375rem;
  }
  dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: .5rem 1rem; }
  dt { font-weight: 600; }
  dd { margin: 0; min-width: 0; }
  dd > p { margin: 0; overflow-wrap: anywhere; }
  ol, ul { margin: 0; padding: 0; list-style: none; }
  ol { display: grid; gap: .75rem; }
  ul li { padding-left: calc(var(--depth) * 1rem); }
  @media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
`;
