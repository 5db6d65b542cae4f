// @ts-check
// One camera: its last picture, films of what it saw, and when they are made.

import { part, Problem } from "../api.js";
import { bdi, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { linkTo } from "../links.js";
import { card, linkRow, loaded, page, photo } from "../parts.js";
import { filmsPart } from "./camera_films.js";
import { schedulePart } from "./camera_schedule.js";
import { lastSeen } from "./cameras.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app @param {string} id @returns {import("../app.js").View} */
export function cameraView(app, id) {
  const title = element("span", {}, "Camera");
  const place = element("div", { class: "contents" });
  const node = page([title], { back: linkTo("cameras") }, place);
  /** @type {() => void} */
  let update = () => {};
  loaded(place, async () => {
    const path = `/cameras/${part(id)}`;
    const [all, films, schedule] = await Promise.all([app.api.get("/cameras"),
      app.api.get(`${path}/films`), app.api.get(`${path}/schedule`), app.home ?? app.refresh()]);
    const camera = /** @type {import("./cameras.js").Cameras} */ (all).cameras
      .find((each) => each.id === id);
    if (!camera) throw new Problem("not_found", "");
    return { camera, films, schedule, days: all.picture_days };
  }, ({ camera, films, schedule, days }) => {
    fill(title, bdi(camera.name));
    const made = filmsPart(app, id, films, days);
    update = made.update;
    const seen = lastSeen(camera.picture, app.store.time(), days);
    const pictures = linkTo("cameras", id, "pictures");
    return [element("a", { class: "contents", href: pictures },
      photo(camera.picture?.url ?? null, "The last picture", "door-photo", "camera")),
    card(linkRow(pictures, icon("camera"), ["Pictures of a day"], [seen])),
    ...made.nodes, schedulePart(app, id, schedule)];
  });
  return { title: "Camera", node, update: () => update() };
}
