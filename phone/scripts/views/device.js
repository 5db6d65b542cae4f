// @ts-check
// One device of the home: its name, whether it is there, and what a manager may change.

import { part } from "../api.js";
import { ask, askName } from "../dialogs.js";
import { around, bdi, element, fill } from "../element.js";
import { linkTo } from "../links.js";
import { card, page, toggle, worker } from "../parts.js";
import { dayAndTime } from "../times.js";
import { sentence } from "../words.js";
import { loadedHome, stateOf } from "./settings.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Device} Device */

const ROLES = { door: "Door", phone: "Phone", camera: "Camera" };

/** @param {App} app @param {string} id @returns {import("../app.js").View} */
export function deviceView(app, id) {
  const title = element("span", {}, "Device");
  const place = element("div", { class: "contents" });
  const node = page([title], { back: linkTo("settings") }, place);
  const drawn = loadedHome(app, place, ({ devices }) => {
    const device = devices.find((each) => each.id === id);
    if (!device) return [element("p", { class: "problem", role: "alert" }, sentence({ name: "not_found" }))];
    fill(title, bdi(device.name));
    return [facts(app, device), app.manages() && changes(app, device, () => drawn.load())];
  });
  return { title: "Device", node, update: drawn.update };
}

/** @param {App} app @param {Device} device */
function facts(app, device) {
  const now = app.store.time();
  const seen = device.last_seen === null ? null : dayAndTime(device.last_seen, now);
  const codes = device.role !== "phone" ? null : device.resident ? bdi(device.resident) : "everybody's";
  /** @type {[string, Node|string|null][]} */
  const rows = [["What it is", ROLES[device.role]], ["State", stateOf(device, now)],
    ["Last seen", seen], ["Gets the codes of", codes]];
  return card(element("dl", { class: "facts" }, ...rows.flatMap(([name, value]) =>
    value ? [element("dt", {}, name), element("dd", {}, value)] : [])));
}

/** @param {App} app @param {Device} device @param {() => void} refresh */
function changes(app, device, refresh) {
  const path = `/devices/${part(device.id)}`;
  const mine = device.id === app.home?.phone.id;
  return element("div", { class: "contents" },
    device.role === "phone" && card(toggle("Manages the home", device.manager, async (manager) => {
      await app.api.patch(path, { manager });
      await app.refresh();
      if (mine) refresh();
    }, "May add and remove phones, residents and guests.")),
    element("div", { class: "actions" },
      worker("Rename", async () => {
        const name = await askName("Rename", "Name", device.name);
        if (name === null || name === device.name) return;
        await app.api.patch(path, { name });
        refresh();
      }, { look: "quiet" }),
      !mine && worker("Revoke", async () => {
        const sure = await ask({ title: around("Revoke {}?", device.name), danger: true, yes: "Revoke",
          text: [device.role === "door" ? "Nobody can ring at this door until it is added again."
            : "It is disconnected at once and forgets everything."] });
        if (!sure) return;
        await app.api.remove(path);
        app.say(...around("{} was revoked", device.name));
        app.go("settings");
      }, { look: "danger-quiet", symbol: "trash" })));
}
