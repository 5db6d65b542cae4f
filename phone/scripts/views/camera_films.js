// @ts-check
// The films of a camera, page by page, and a new one. What the socket tells comes at once.

import { part } from "../api.js";
import { element, fill } from "../element.js";
import { busy, button, card, field, film, heading, problemPlace } from "../parts.js";
import { clockTime, dayAndTime, dayName, fieldDay, fromDay } from "../times.js";
import { counted, FILM_FAILURES } from "../words.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").CameraFilm} CameraFilm */
/** @typedef {import("../types.js").CameraFilms} CameraFilms */

const DAY = 86400;
/** What the API lets a film show, in days. */
const LONGEST = 366;

/**
 * @param {App} app @param {string} id @param {CameraFilms} first the first page
 * @param {number} days for which pictures are kept
 */
export function filmsPart(app, id, first, days) {
  const path = `/cameras/${part(id)}/films`;
  let { films, next, making } = first;
  let line = app.store.state.line;
  /** By film, so that one that plays goes on. @type {Map<string, HTMLElement>} */
  const shown = new Map();
  const list = element("div", { class: "contents" });
  const said = problemPlace();
  const more = button("Load more", () => busy(more, async () => {
    take(await app.api.get(`${path}?cursor=${part(next ?? "")}`), true);
  }, said), { look: "quiet wide" });
  const refused = problemPlace();
  const place = element("div", { class: "contents" });

  /** Adds a page, below or from the top. @param {CameraFilms} page @param {boolean} below */
  function take(page, below) {
    if (below) next = page.next;
    making = page.making;
    add(page.films);
  }

  /** @param {CameraFilm[]} others */
  function add(others) {
    const fresh = others.filter((each) => !films.some((known) => known.id === each.id));
    films = [...films, ...fresh].sort((a, b) => b.end - a.end);
    if (films.some((each) => each.id === making?.id)) making = null;
    draw();
  }

  function draw() {
    fill(list, films.length === 0 && element("p", { class: "hint" }, "None yet."),
      ...films.map((each) => {
        const node = shown.get(each.id) ?? filmNode(each, app.store.time());
        shown.set(each.id, node);
        return node;
      }));
    more.hidden = next === null;
    fill(place, making ? waiting(making, app.store.time()) : app.manages() && maker());
  }

  function maker() {
    /** @param {number} start @param {number} end */
    const make = async (start, end) => {
      try {
        making = { ...await app.api.post(path, { start, end }), start, end };
      } finally {
        take(await app.api.get(path), false);
      }
    };
    return makerCard(app.store.time(), days, make, refused);
  }

  function update() {
    const told = app.store.state.films.filter((each) => each.camera === id && !shown.has(each.id));
    if (told.length > 0) add(told);
    // What was told while the line was down is asked for.
    if (line !== "open" && app.store.state.line === "open") {
      app.api.get(path).then((page) => take(page, false), () => {});
    }
    line = app.store.state.line;
  }
  draw();
  update();
  return { nodes: [place, card(heading("Films"), list, said, more)], update };
}

/** What a film shows, in words. @param {{start: number, end: number}} period @param {number} time */
function periodOf({ start, end }, time) {
  if (start === end) return dayAndTime(start, time);
  const oneDay = dayName(start, time) === dayName(end, time);
  return `${dayAndTime(start, time)} to ${oneDay ? clockTime(end) : dayAndTime(end, time)}`;
}

/** @param {CameraFilm} made @param {number} time */
function filmNode(made, time) {
  const period = periodOf(made, time);
  const { mp4, gif, frames, skipped } = made;
  if (mp4 === null || gif === null) {
    return element("p", { class: "note failed" },
      `${period}: no film, ${FILM_FAILURES[made.reason ?? ""] ?? ""}`);
  }
  const count = counted(frames, "picture", "pictures");
  return element("figure", { class: "film" }, film({ mp4, gif }, `Film, ${period}`, { controls: true }),
    element("figcaption", { class: "hint" }, period, element("br"), skipped === 0 ? count
      : `${count}, ${skipped} could not be opened`));
}

/** @param {{start: number, end: number}} film @param {number} time */
function waiting(film, time) {
  return card(heading("A film is being made"), element("p", { class: "hint", role: "status" },
    `${periodOf(film, time)}. It comes here by itself, in some minutes.`));
}

/**
 * Of the last days, or of days to choose.
 * @param {number} time @param {number} days @param {(start: number, end: number) => Promise<void>} make
 * @param {HTMLElement} said where a problem is told, which outlives the card
 */
function makerCard(time, days, make, said) {
  const today = fieldDay(time);
  const date = () => element("input", { type: "date", value: today, max: today, required: true });
  const [from, until] = [date(), date()];
  const set = element("button", { type: "submit", class: "button quiet" }, "Of these days");
  const longest = Math.min(days, LONGEST);
  const spans = [1, 7, longest].filter((each, place, all) => each <= longest && all.indexOf(each) === place);
  const names = /** @type {Record<number, string>} */ ({ 1: "Last day", 7: "Last week" });
  return card(heading("Make a film"), element("div", { class: "actions" }, ...spans.map((each) => {
    const span = button(names[each] ?? `Last ${each} days`, () =>
      busy(span, () => make(time - each * DAY, time), said), { look: "quiet" });
    return span;
  })),
  element("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    busy(set, () => make(fromDay(from.value), fromDay(until.value, 1)), said);
  } }, element("div", { class: "pair" }, field("From", from), field("Until", until)), set), said);
}
