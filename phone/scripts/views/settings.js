// @ts-check
// This phone, and the home it is paired with.

import { isInUse } from "../app.js";
import { ask } from "../dialogs.js";
import { bdi, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { linkTo } from "../links.js";
import { card, heading, linkRow, loaded, page, worker } from "../parts.js";
import { ago, duration } from "../times.js";
import { noticesPart } from "./notices_part.js";
import { quietPart, untilPart } from "./quiet_part.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Device} Device */

/** @param {App} app @returns {import("../app.js").View} */
export function settingsView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Settings"], {}, place);
  /** @param {import("../types.js").Home} home */
  const draw = (home) => [
    card(heading("This phone"), element("p", {}, bdi(home.phone.name), element("span", { class: "hint" },
      home.phone.resident ? " · gets the codes of " : " · gets everybody's codes",
      home.phone.resident && bdi(home.phone.resident))), noticesPart(app, home)),
    card(heading("Silence on this phone"),
      element("p", { class: "hint" }, "No sound and no vibration. The door still rings, and codes still come."),
      untilPart(app, home),
      quietPart("Quiet hours on this phone", home.mine.quiet, async (quiet) => {
        await app.api.put("/me/quiet-hours", quiet);
        home.mine.quiet = quiet;
      })),
    app.manages() && card(heading("Silence in the whole home"),
      quietPart("Quiet hours on all phones", home.quiet, async (quiet) => {
        const { etag } = await app.api.put("/home/quiet-hours", quiet, app.homeVersion)
          .catch(async (problem) => {
            if (problem.name === "changed") await app.refresh().catch(() => {});
            throw problem;
          });
        app.homeVersion = etag || app.homeVersion;
        home.quiet = quiet;
      })),
    card(heading("Doors and devices"), ...home.devices.map((each) => deviceRow(app, each)),
      app.manages() && element("a", { class: "button quiet wide", href: linkTo("add-phone") },
        icon("plus"), element("span", {}, "Add a phone"))),
    leaving(app, home),
    element("p", { class: "hint centred" }, `Visits are kept for ${home.history_days} days.`),
  ];
  return { title: "Settings", node, update: loadedHome(app, place, draw).update };
}

/**
 * Fills a place with what is drawn of the home, and again when the home has changed and no hand is on it.
 * @param {App} app @param {HTMLElement} place
 * @param {(home: import("../types.js").Home) => import("../parts.js").Child[]} draw
 */
export function loadedHome(app, place, draw) {
  let drawn = "";
  const load = () => loaded(place, () => app.refresh(), (home) => {
    drawn = JSON.stringify(home);
    return draw(home);
  });
  function update() {
    const now = JSON.stringify(app.home);
    if (!app.home || drawn === "" || now === drawn || isInUse()) return;
    drawn = now;
    fill(place, ...draw(app.home));
  }
  load();
  return { load, update };
}

/** @param {App} app @param {Device} each */
function deviceRow(app, each) {
  const mine = each.id === app.home?.phone.id;
  const words = [mine ? "this phone" : stateOf(each, app.store.time()),
    each.manager ? "manages the home" : ""].filter(Boolean).join(" · ");
  return linkRow(linkTo("device", each.id), element("span",
    { class: `badge ${each.online ? "online" : ""}` }, icon(each.role)), [bdi(each.name)], [words]);
}

/** Where a device is, in words. @param {Device} each @param {number} now */
export function stateOf(each, now) {
  if (each.online) return "online";
  if (each.offline_since !== null) return `offline for ${duration(now - each.offline_since)}`;
  return each.last_seen === null ? "never connected" : `last seen ${ago(each.last_seen, now)}`;
}

/** @param {App} app @param {import("../types.js").Home} home */
function leaving(app, home) {
  return worker("Leave this home", async () => {
    const sure = await ask({ title: ["Leave this home?"], danger: true, yes: "Leave",
      text: ["This phone hears nothing more, and forgets everything it holds."] });
    if (!sure) return;
    await app.api.remove(`/devices/${encodeURIComponent(home.phone.id)}`);
    app.leaving = true;
    app.api.onRevoked();
  }, { look: "danger-quiet wide" });
}
