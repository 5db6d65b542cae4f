// @ts-check
// The pictures that a camera sent on one day, small, and each large.

import { part } from "../api.js";
import { element, fill } from "../element.js";
import { icon } from "../icons.js";
import { linkTo } from "../links.js";
import { busy, button, field, loaded, page, problemPlace } from "../parts.js";
import { clockTime, dayName, fieldDay, fromDay, zone } from "../times.js";

/** @typedef {import("../types.js").Picture} Picture */
/** @typedef {{pictures: Picture[], next: string|null}} PicturePage */

/** @param {import("../app.js").App} app @param {string} id @returns {import("../app.js").View} */
export function cameraPicturesView(app, id) {
  const today = fieldDay(app.store.time());
  const date = element("input", { type: "date", value: today, max: today, required: true,
    onchange: () => { if (date.value) load(); } });
  const later = step("next", "The day after", 1);
  const place = element("div", { class: "contents" });
  const node = page(["Pictures"], { back: linkTo("cameras", id) },
    element("div", { class: "day" }, step("back", "The day before", -1), field("Day", date), later), place);

  /** @param {"back"|"next"} symbol @param {string} label @param {number} days */
  function step(symbol, label, days) {
    return element("button", { type: "button", class: "round", "aria-label": label, onclick: () => {
      date.value = fieldDay(fromDay(date.value || today, days));
      load();
    } }, icon(symbol));
  }

  /** @param {string|null} cursor @returns {Promise<PicturePage>} */
  function ask(cursor) {
    const query = new URLSearchParams({ day: date.value, zone: zone(), ...(cursor ? { cursor } : {}) });
    return app.api.get(`/cameras/${part(id)}/pictures?${query}`);
  }

  function load() {
    const day = date.value;
    later.disabled = day >= today;
    fill(place);
    return loaded(place, () => ask(null), (first) => date.value === day ? grid(first) : []);
  }

  /** @param {PicturePage} first */
  function grid(first) {
    /** @type {Picture[]} */
    const all = [];
    let { next } = first;
    const list = element("ul", { class: "grid" });
    const said = problemPlace();
    const more = button("Load more", () => busy(more, async () => add(await ask(next)), said),
      { look: "quiet wide" });

    /** @param {PicturePage} shown */
    function add(shown) {
      for (const each of shown.pictures) {
        const number = all.push(each) - 1;
        list.append(element("li", {}, element("button", { type: "button", class: "tile",
          "aria-label": `Picture of ${clockTime(each.at)}`, onclick: () => large(all, number) },
        element("img", { src: each.url, alt: "", loading: "lazy", decoding: "async" }),
        element("span", {}, clockTime(each.at)))));
      }
      next = shown.next;
      more.hidden = next === null;
    }
    add(first);
    const name = dayName(fromDay(date.value), app.store.time());
    return first.pictures.length > 0 ? [list, said, more]
      : [element("p", { class: "empty" }, `No pictures: ${name}.`)];
  }

  // The day of the last picture is the one that is looked for.
  app.api.get("/cameras").then(({ cameras }) => {
    const last = cameras.find((/** @type {{id: string}} */ each) => each.id === id)?.picture;
    if (last) date.value = fieldDay(last.at);
  }, () => {}).finally(load);
  return { title: "Pictures", node };
}

/** One picture over the whole page; the next one is a tap away. @param {Picture[]} all @param {number} number */
function large(all, number) {
  const image = element("img", { alt: "" });
  const when = element("p", { class: "label", role: "status" });
  const [before, after] = [turn("back", "The picture before", -1), turn("next", "The next picture", 1)];
  const dialog = element("dialog", { class: "sheet large", "aria-label": "Picture", tabindex: -1, onclose: () => dialog.remove(),
    onkeydown: (/** @type {KeyboardEvent} */ { key }) => {
      if (key === "ArrowLeft") before.click();
      if (key === "ArrowRight") after.click();
    } },
  image, element("div", { class: "day" }, before, when, after),
  button("Close", () => dialog.close(), { look: "quiet wide" }));

  /** @param {"back"|"next"} symbol @param {string} label @param {number} by */
  function turn(symbol, label, by) {
    return element("button", { type: "button", class: "round", "aria-label": label,
      onclick: () => { number += by; draw(); dialog.focus(); } }, icon(symbol));
  }

  function draw() {
    const shown = all[number];
    if (!shown) return;
    image.src = shown.url;
    image.alt = `Picture of ${clockTime(shown.at)}`;
    fill(when, clockTime(shown.at));
    before.disabled = number === 0;
    after.disabled = number === all.length - 1;
  }
  draw();
  document.body.append(dialog);
  dialog.showModal();
}
