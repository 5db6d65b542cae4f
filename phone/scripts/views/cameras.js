// @ts-check
// The cameras of the home, each with its last picture.

import { bdi, element } from "../element.js";
import { linkTo } from "../links.js";
import { card, linkRow, loaded, page, photo } from "../parts.js";
import { dayAndTime } from "../times.js";

/** @typedef {import("../types.js").Camera} Camera */

/** @param {import("../app.js").App} app @returns {import("../app.js").View} */
export function camerasView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Cameras"], { back: "#/" }, place);
  loaded(place, async () => /** @type {Camera[]} */ ((await app.api.get("/cameras")).cameras),
    (cameras) => [cameras.length > 0
      ? card(...cameras.map((each) => row(each, app.store.time())))
      : element("p", { class: "empty" }, "This home has no camera.")]);
  return { title: "Cameras", node };
}

/** @param {Camera} camera @param {number} time */
function row({ id, name, picture }, time) {
  return linkRow(linkTo("cameras", id), photo(picture?.url ?? null, "", "thumb"), [bdi(name)],
    [lastSeen(picture, time)]);
}

/** @param {Camera["picture"]} picture @param {number} time */
export function lastSeen(picture, time) {
  return picture ? `Last picture ${dayAndTime(picture.at, time)}` : "No picture in the last 30 days";
}
