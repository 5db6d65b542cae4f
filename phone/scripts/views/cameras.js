// @ts-check
// The cameras of the home, each with its last picture.

import { around, bdi, element } from "../element.js";
import { linkTo } from "../links.js";
import { card, linkRow, loaded, page, photo } from "../parts.js";
import { dayAndTime } from "../times.js";
import { counted } from "../words.js";

/** @typedef {import("../types.js").Camera} Camera */
/** @typedef {{cameras: Camera[], picture_days: number}} Cameras */

/** More films are not counted. */
const COUNTED = 100;

/** @param {import("../app.js").App} app @returns {import("../app.js").View} */
export function camerasView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Cameras"], { back: "#/" }, place);
  loaded(place, async () => /** @type {Cameras} */ (await app.api.get("/cameras")),
    ({ cameras, picture_days }) => [cameras.length > 0
      ? card(...cameras.map((each) => row(each, app.store.time(), picture_days)))
      : element("p", { class: "empty" }, "This home has no camera.")]);
  return { title: "Cameras", node };
}

/** @param {Camera} camera @param {number} time @param {number} days */
function row({ id, name, door, picture, films }, time, days) {
  const more = [door === null ? [] : around("Rings at {}", door), films === 0 ? []
    : [films < COUNTED ? counted(films, "film", "films") : "100 films or more"]];
  const line = more.filter((each) => each.length > 0)
    .flatMap((each, place) => place === 0 ? each : [" · ", ...each]);
  return linkRow(linkTo("cameras", id), photo(picture?.url ?? null, "", "thumb", "camera"), [bdi(name)],
    [lastSeen(picture, time, days), line.length > 0 && element("br"), ...line]);
}

/** @param {Camera["picture"]} picture @param {number} time @param {number} days */
export function lastSeen(picture, time, days) {
  return picture ? `Last picture ${dayAndTime(picture.at, time)}`
    : `No picture in the last ${counted(days, "day", "days")}`;
}
