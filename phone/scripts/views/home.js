// @ts-check
// The first page: nobody at the door, which doors there are, and who came last.

import { bdi, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { linkTo } from "../links.js";
import { card, heading, linkRow, loaded, page, photo } from "../parts.js";
import { lookAtNotices } from "../push.js";
import { isQuiet } from "../quiet.js";
import { isOver } from "../rings.js";
import { keepVisits, lastVisits } from "../storage.js";
import { clockTime, dayAndTime, duration } from "../times.js";
import { counted, outcomeOfVisit, whoCame } from "../words.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Visit} Visit */

/** @param {App} app @returns {import("../app.js").View} */
export function homeView(app) {
  const quiet = element("div", { class: "contents" });
  const doors = element("div", { class: "hero-doors" });
  const title = element("span", {}, "Nobody at the door");
  const cameras = element("div", { class: "contents" });
  const last = element("div", { class: "contents" });
  const hint = element("div", { class: "contents" });
  const node = page([title], { look: "home" },
    element("div", { class: "hero" }, icon("door", "icon hero-icon"), doors), quiet, hint, cameras, last);

  function update() {
    const here = app.store.rings().some((ring) => !isOver(ring));
    title.textContent = here ? "Someone is at the door" : "Nobody at the door";
    const home = app.home;
    if (!home) return;
    fill(doors, ...home.devices.filter((each) => each.role === "door").map((each) => door(app, each)));
    if (!doors.hasChildNodes()) fill(doors, element("p", {}, "This home has no door yet."));
    fill(quiet, quietNote(app));
    const count = home.devices.filter((each) => each.role === "camera").length;
    fill(cameras, count > 0 && card(linkRow(linkTo("cameras"), icon("camera"), ["Cameras"],
      [counted(count, "camera", "cameras")])));
    fill(hint, app.notices !== null && offerNotices(app.notices, home));
  }

  let visits = "";
  function lookAtVisits() {
    const ended = app.store.rings().filter(isOver).map((ring) => ring.ring + ring.stage).join();
    const now = `${app.store.state.line} ${ended}`;
    if (now === visits) return;
    visits = now;
    showVisits(app, last);
  }
  update();
  lookAtVisits();
  lookAtNotices(app).then(update, () => {});
  app.freshen();
  return { title: "Home", node, update: () => { update(); lookAtVisits(); } };
}

/** @param {App} app @param {HTMLElement} place */
async function showVisits(app, place) {
  await loaded(place, async () => {
    try {
      const { rings } = await app.api.rings();
      await keepVisits(rings).catch(() => {});
      return { rings, old: false };
    } catch (problem) {
      const kept = await lastVisits().catch(() => []);
      if (kept.length === 0) throw problem;
      return { rings: kept, old: true };
    }
  }, ({ rings, old }) => [card(heading("Last visits"),
    old && element("p", { class: "note" }, "Not connected: this is how it was last seen."),
    rings.length === 0 && element("p", { class: "hint" }, "Nobody has rung yet."),
    ...rings.slice(0, 3).map((visit) => visitRow(visit, dayAndTime(visit.at, app.store.time()))))]);
}

/** One visit as a row, here and in the history. @param {Visit} visit @param {string} when */
export function visitRow(visit, when) {
  const picture = photo(visit.photo, "", "thumb");
  return linkRow(linkTo("visit", visit.ring), picture, [bdi(whoCame(visit))],
    [`${when} · `, bdi(visit.door), element("br"), bdi(outcomeOfVisit(visit))]);
}

/** @param {App} app @param {import("../types.js").Device} each */
function door(app, each) {
  const since = each.offline_since ?? each.last_seen;
  const state = each.online ? "ready"
    : since === null ? "never connected" : `offline for ${duration(app.store.time() - since)}`;
  return element("p", { class: `door ${each.online ? "online" : "offline"}` },
    element("span", { class: "dot" }), element("span", {}, bdi(each.name), ` · ${state}`));
}

/** @param {App} app */
function quietNote(app) {
  const home = app.home;
  const time = app.store.time();
  const which = home && [home.mine.quiet, home.quiet].find((quiet) => isQuiet(quiet, time));
  if (!which) return null;
  const until = which.until !== null && time < which.until
    ? dayAndTime(which.until, time) : which.hours?.end ?? "";
  return element("a", { class: "note row", href: linkTo("settings") }, icon("moon"),
    element("span", {}, `Silent until ${until.includes(",") ? until : clock(until)}. Codes still come.`));
}

/** @param {string} time such as 07:00 */
function clock(time) {
  return clockTime(new Date(`2000-01-01T${time}:00`).getTime() / 1000);
}

/**
 * What the browser has and the home does not know is no notice.
 * @param {import("../push.js").Notices} state @param {import("../types.js").Home} home
 */
function offerNotices(state, home) {
  const isOff = state === "off" || (state === "on" && !home.mine.push);
  return (isOff || state === "install") && element("a", { class: "note row", href: linkTo("settings") },
    icon("bell"), element("span", {}, isOff
      ? "Turn on notices, to hear the bell when the app is closed."
      : "Add Doorbell to the Home Screen, to hear the bell when it is closed."));
}
