// Makes one document out of another by changing only what differs, so that the place on the page, a selection, an open
// menu and whatever a script holds on to stay as they are.

const KEPT = { DETAILS: ["open"], DIALOG: ["open"] };

// Makes an element's attributes and children those of another element.
export function morph(live, fresh) {
  attributes(live, fresh);
  children(live, fresh);
}

function attributes(live, fresh) {
  const isRoot = live === document.documentElement || live === document.body;
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  // A page's own script may have marked the document; what a reader has opened stays open.
  if (isRoot) return;
  for (const { name } of [...live.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT[live.nodeName]?.includes(name)) live.removeAttribute(name);
  }
}

function children(live, fresh) {
  const old = [...live.childNodes];
  const wanted = [...fresh.childNodes];
  let start = 0;
  while (start < old.length && start < wanted.length && same(old[start], wanted[start])) start += 1;
  let oldEnd = old.length;
  let end = wanted.length;
  while (oldEnd > start && end > start && same(old[oldEnd - 1], wanted[end - 1])) {
    oldEnd -= 1;
    end -= 1;
  }
  const after = old[oldEnd] ?? null;
  between(live, old.slice(start, oldEnd), wanted.slice(start, end), after);
}

// What lies between the equal beginning and the equal end: elements that are the same stay, and of what stands between
// those the first that is alike is changed.
function between(parent, old, wanted, after) {
  const stay = unchanged(old, wanted);
  let at = 0;
  wanted.forEach((node, number) => {
    if (stay[number] >= 0) {
      drop(old.slice(at, stay[number]));
      at = stay[number] + 1;
      return;
    }
    const bound = stay.slice(number).find((index) => index >= 0) ?? old.length;
    const found = old.slice(at, bound).findIndex((one) => alike(one, node));
    if (found < 0) {
      parent.insertBefore(document.importNode(node, true), old[at] ?? after);
      return;
    }
    drop(old.slice(at, at + found));
    change(old[at + found], node);
    at += found + 1;
  });
  drop(old.slice(at));
}

// For each wanted node the index of the old one that is the same, in rising order; -1 where there is none.
function unchanged(old, wanted) {
  const places = new Map();
  old.forEach((node, index) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const found = places.get(node.outerHTML);
    if (found) found.push(index);
    else places.set(node.outerHTML, [index]);
  });
  const found = wanted.map((node) => (node.nodeType === Node.ELEMENT_NODE ? places.get(node.outerHTML) : undefined));
  return rising(found.map((indices) => (indices?.length === 1 ? indices[0] : -1)));
}

// The longest rising row of the numbers, the others replaced by -1 (patience sorting, as `diff` does it).
function rising(numbers) {
  const ends = [];
  const previous = numbers.map(() => -1);
  numbers.forEach((number, place) => {
    if (number < 0) return;
    let pile = ends.length;
    while (pile > 0 && numbers[ends[pile - 1]] >= number) pile -= 1;
    if (pile > 0) previous[place] = ends[pile - 1];
    ends[pile] = place;
  });
  const kept = new Set();
  for (let place = ends.at(-1) ?? -1; place >= 0; place = previous[place]) kept.add(place);
  return numbers.map((number, place) => (kept.has(place) ? number : -1));
}

function same(one, other) {
  // isEqualNode does not look into templates.
  return one.isEqualNode(other) && (!holdsTemplate(one) || one.outerHTML === other.outerHTML);
}

function holdsTemplate(node) {
  return node.nodeName === "TEMPLATE" || (node.querySelector?.("template") ?? null) !== null;
}

const WHOLE = ["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "VIDEO", "AUDIO", "OBJECT"];

function alike(one, other) {
  return (
    one.nodeType === other.nodeType &&
    one.nodeName === other.nodeName &&
    (one.id ?? "") === (other.id ?? "") &&
    !WHOLE.includes(one.nodeName)
  );
}

function change(live, fresh) {
  if (live.nodeType === Node.ELEMENT_NODE) morph(live, fresh);
  else retell(live, fresh.data);
}

// Changes only the signs that differ: a selection that reaches into the text stays where it is.
function retell(live, text) {
  const old = live.data;
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, text.length) - start;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  live.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
}

function drop(nodes) {
  nodes.forEach((node) => node.remove());
}
