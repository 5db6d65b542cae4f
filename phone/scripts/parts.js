// @ts-check
// The pieces that pages are made of.

import { element, fill } from "./element.js";
import { icon } from "./icons.js";
import { sentence } from "./words.js";

/** @typedef {import("./element.js").Child} Child */
/** @typedef {Parameters<typeof icon>[0]} IconName */

/**
 * A page with its headline; `back` is the address of the page above.
 * @param {Child[]} title @param {{back?: string, look?: string}} options @param {...Child} children
 */
export function page(title, { back, look = "" }, ...children) {
  return element("div", { class: `page ${look}` },
    element("header", { class: "page-head" },
      back !== undefined && element("a", { class: "round", href: back, "aria-label": "Back" },
        icon("back")),
      element("h1", { tabindex: -1 }, ...title)),
    ...children);
}

/**
 * @param {Child} text @param {(event: Event) => void} onclick
 * @param {{look?: string, symbol?: IconName, label?: string}} [options]
 */
export function button(text, onclick, { look = "", symbol, label } = {}) {
  return element("button", { type: "button", class: `button ${look}`, onclick, "aria-label": label },
    symbol && icon(symbol), element("span", {}, text));
}

/**
 * A button whose work takes a while: no second tap meanwhile, and what went wrong is said below.
 * @param {string} text @param {() => Promise<void>} work
 * @param {{look?: string, symbol?: IconName, said?: HTMLElement}} [options]
 * `said`: where the problem is told
 */
export function worker(text, work, { look = "", symbol, said = problemPlace() } = {}) {
  const made = button(text, () => busy(made, work, said), { look, ...(symbol ? { symbol } : {}) });
  return element("div", { class: "worker" }, made, said);
}

/** Where problems are told. */
export function problemPlace() {
  return element("p", { class: "problem", role: "alert" });
}

/**
 * Does the work while the button cannot be pressed.
 * @param {HTMLButtonElement} pressed @param {() => Promise<void>} work @param {HTMLElement} said
 */
export async function busy(pressed, work, said) {
  if (pressed.getAttribute("aria-busy") === "true") return;
  pressed.setAttribute("aria-busy", "true");
  fill(said);
  try {
    await work();
  } catch (problem) {
    fill(said, sentence(problem));
  } finally {
    pressed.removeAttribute("aria-busy");
  }
}

/**
 * A field under its label.
 * @param {string} label @param {HTMLElement} input @param {string} [hint]
 */
export function field(label, input, hint) {
  return element("label", { class: "field" }, element("span", { class: "label" }, label), input,
    hint !== undefined && element("span", { class: "hint" }, hint));
}

/**
 * A field for a name, up to 64 letters.
 * @param {string} [value] @param {import("./element.js").Properties} [properties]
 */
export function nameInput(value = "", properties = {}) {
  return element("input", { type: "text", maxlength: 64, dir: "auto", autocomplete: "off", value,
    ...properties });
}

/**
 * A switch. If the change is refused it goes back, and the reason is told.
 * @param {string} label @param {boolean} on @param {(on: boolean) => Promise<void>} change
 * @param {string} [hint]
 */
export function toggle(label, on, change, hint) {
  const said = problemPlace();
  const input = element("input", { type: "checkbox", role: "switch", checked: on,
    onchange: async () => {
      fill(said);
      input.disabled = true;
      await change(input.checked).catch((problem) => {
        input.checked = !input.checked;
        fill(said, sentence(problem));
      });
      input.disabled = false;
    } });
  return element("div", { class: "toggle" },
    element("label", {}, element("span", {}, element("span", { class: "label" }, label),
      hint !== undefined && element("span", { class: "hint" }, hint)), input), said);
}

/**
 * A box to tick, in words.
 * @param {Child[]} words @param {() => void} [onchange]
 */
export function tick(words, onchange) {
  const input = element("input", { type: "checkbox", ...(onchange ? { onchange } : {}) });
  return { input, node: element("label", { class: "tick" }, input, element("span", {}, ...words)) };
}

/**
 * A photo; one that is gone leaves quietly what stands in its place.
 * @param {string|null} url @param {string} alt @param {string} look @param {IconName} [symbol]
 */
export function photo(url, alt, look, symbol = "residents") {
  const frame = element("span", { class: `photo ${look}` }, icon(symbol));
  if (url === null) return frame;
  const image = element("img", { alt, src: url, decoding: "async", onerror: () => image.remove(),
    onload: () => frame.classList.add("loaded") });
  frame.append(image);
  return frame;
}

/**
 * A film without a sound. It moves by itself where movement is welcome, unless it has controls. A
 * browser that cannot play MP4 gets the GIF, if it may move.
 * @param {import("./types.js").Film} links @param {string} label @param {{controls?: boolean}} [options]
 */
export function film({ mp4, gif }, label, options = {}) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const still = options.controls ?? calm;
  const video = element("video", { src: mp4, "aria-label": label, preload: "metadata",
    onerror: () => {
      if (calm) return video.remove();
      const image = element("img", { src: gif, alt: label, onerror: () => image.remove() });
      video.replaceWith(image);
    } });
  Object.assign(video, { muted: true, loop: true, playsInline: true, controls: still,
    autoplay: !still });
  return video;
}

/** A sentence over the lower edge of a photo: it moves nothing that a hand may be on.
 * @param {string} text */
export function remark(text) {
  return element("span", { class: "remark", role: "status" }, text);
}

/** @param {...Child} children */
export function card(...children) {
  return element("section", { class: "card" }, ...children);
}

/** @param {string} text */
export function heading(text) {
  return element("h2", {}, text);
}

/**
 * A row that leads to a page.
 * @param {string} href @param {Child} picture @param {Child[]} title @param {Child[]} below
 */
export function linkRow(href, picture, title, below) {
  return element("a", { class: "row", href }, picture,
    element("span", { class: "row-text" }, element("span", { class: "row-title" }, ...title),
      element("span", { class: "hint" }, ...below)), icon("next", "icon chevron"));
}

/**
 * Fills a place with what must be fetched first; a failure is said there, with a button.
 * @template T
 * @param {HTMLElement} place @param {() => Promise<T>} get @param {(got: T) => Child[]} draw
 */
export async function loaded(place, get, draw) {
  if (!place.hasChildNodes()) fill(place, element("p", { class: "loading", role: "status" }, "Loading …"));
  try {
    fill(place, ...draw(await get()));
  } catch (problem) {
    fill(place, element("p", { class: "problem", role: "alert" }, sentence(problem)),
      button("Try again", () => loaded(place, get, draw), { look: "quiet" }));
  }
}
