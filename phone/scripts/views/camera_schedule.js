// @ts-check
// Films by themselves: each day or each week, at a time of the place where the camera is.

import { part } from "../api.js";
import { element, fill } from "../element.js";
import { busy, card, field, heading, problemPlace, toggle } from "../parts.js";
import { zone } from "../times.js";

/** @typedef {import("../types.js").Schedule} Schedule */

/** @type {[Schedule["every"], string][]} */
const EVERY = [["day", "Each day"], ["week", "Each week, on Monday"]];

/** @param {import("../app.js").App} app @param {string} id @param {Schedule} schedule */
export function schedulePart(app, id, schedule) {
  const state = element("p", { class: "hint" });
  const said = problemPlace();
  const times = element("div", { class: "pair" });

  /** @param {Schedule} next */
  async function keep(next) {
    await app.api.put(`/cameras/${part(id)}/schedule`, next);
    schedule = next;
    draw();
  }

  function draw() {
    fill(state, inWords(schedule));
    const { every, at } = schedule;
    if (every === "never" || !app.manages()) return fill(times);
    const often = element("select", {}, ...EVERY.map(([value, name]) =>
      element("option", { value, selected: value === every }, name)));
    const time = element("input", { type: "time", value: at ?? "", required: true });
    for (const each of [often, time]) {
      each.addEventListener("change", () => busy(often, () => keep({ at: time.value, zone: zone(),
        every: /** @type {Schedule["every"]} */ (often.value) }), said));
    }
    fill(times, field("How often", often), field("At", time));
  }
  draw();
  const label = "Make films without asking";
  return card(heading("Films by themselves"), app.manages() && toggle(label, schedule.every !== "never",
    (on) => keep(on ? { every: "day", at: "06:00", zone: zone() } : { every: "never", at: null, zone: null })),
  times, state, said);
}

/** @param {Schedule} schedule */
function inWords({ every, at, zone: place }) {
  if (every === "never") return "None is made by itself.";
  const where = place === zone() ? "" : ` (${place})`;
  return every === "day" ? `Each day at ${at}${where}, of the 24 hours before.`
    : `Each Monday at ${at}${where}, of the seven days before.`;
}
