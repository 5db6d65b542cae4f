// @ts-check
// The page's elements, made from text that may hold anything: nothing is ever read as markup.

/** @typedef {Node|string|null|undefined|false} Child */
/** @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Properties */

/**
 * An element. `on…` are listeners, `class`, `aria-…`, `data-…`, `role`, `for` and what has no
 * property are attributes; null and false leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Properties} [properties] @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(made, name, value);
  made.append(...children.filter(isThere));
  return made;
}

/** @param {Child} child @returns {child is Node|string} */
function isThere(child) {
  return child !== null && child !== undefined && child !== false;
}

/** @param {HTMLElement} made @param {string} name @param {Properties[string]} value */
function set(made, name, value) {
  if (typeof value === "function") made.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") Object.assign(made, { [name]: value });
  else if (value === true) made.setAttribute(name, name.startsWith("aria-") ? "true" : "");
  else if (value !== null && value !== undefined && value !== false) {
    made.setAttribute(name, String(value));
  }
}

/** Somebody's words, in their own direction. @param {string} text @param {string} [look] */
export function bdi(text, look) {
  return element("bdi", { dir: "auto", class: look }, text);
}

/**
 * A sentence around names: `sentence("Let in by {}", name)`.
 * @param {string} pattern @param {...string} names
 * @returns {(Node|string)[]}
 */
export function around(pattern, ...names) {
  return pattern.split("{}").flatMap((part, place) =>
    place === 0 ? [part] : [bdi(names[place - 1] ?? ""), part]);
}

/** Replaces what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(isThere));
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A drawing for the eye alone.
 * @param {string} path @param {{box?: string, look?: string}} [options]
 */
export function drawing(path, { box = "0 0 24 24", look = "icon" } = {}) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: box, class: look, "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
