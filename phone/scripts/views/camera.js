// @ts-check
// One camera: its last picture, films of what it saw, and a new one of the last days.

import { part, Problem } from "../api.js";
import { bdi, element, fill } from "../element.js";
import { card, film, heading, loaded, page, photo, worker } from "../parts.js";
import { linkTo } from "../links.js";
import { dayAndTime } from "../times.js";
import { lastSeen } from "./cameras.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Camera} Camera */
/** @typedef {import("../types.js").CameraFilm} CameraFilm */

const DAY = 86400;
/** What a film may be made of, in days back from now. @type {[string, number][]} */
const PERIODS = [["Of the last day", 1], ["Of the last week", 7], ["Of the last 30 days", 30]];

/** @param {App} app @param {string} id @returns {import("../app.js").View} */
export function cameraView(app, id) {
  const title = element("span", {}, "Camera");
  const place = element("div", { class: "contents" });
  const node = page([title], { back: linkTo("cameras") }, place);
  loaded(place, async () => {
    const [all, made] = await Promise.all([app.api.get("/cameras"),
      app.api.get(`/cameras/${part(id)}/films`), app.home ?? app.refresh()]);
    const camera = /** @type {Camera[]} */ (all.cameras).find((each) => each.id === id);
    if (!camera) throw new Problem("not_found", "");
    return { camera, films: /** @type {CameraFilm[]} */ (made.films) };
  }, ({ camera, films }) => {
    fill(title, bdi(camera.name));
    return [photo(camera.picture?.url ?? null, "The last picture", "door-photo"),
      element("p", { class: "hint" }, lastSeen(camera.picture, app.store.time())),
      app.manages() && maker(app, id), shown(app, films)];
  });
  return { title: "Camera", node };
}

/** @param {App} app @param {CameraFilm[]} films */
function shown(app, films) {
  const time = app.store.time();
  return card(heading("Films"),
    films.length === 0 && element("p", { class: "hint" }, "None yet."),
    ...films.map(({ start, end, mp4 }) => {
      const period = `${dayAndTime(start, time)} to ${dayAndTime(end, time)}`;
      return element("figure", { class: "film" }, film(mp4, `Film, ${period}`, { controls: true }),
        element("figcaption", { class: "hint" }, period));
    }));
}

/** Films are made on the other side, in minutes. @param {App} app @param {string} id */
function maker(app, id) {
  const said = element("p", { class: "result", role: "status" });
  return card(heading("Make a film"), ...PERIODS.map(([name, days]) => worker(name, async () => {
    const end = app.store.time();
    await app.api.post(`/cameras/${part(id)}/films`, { start: end - days * DAY, end });
    fill(said, "It is being made. Look here again in some minutes.");
  }, { look: "quiet" })), said);
}
