// @ts-check
// Quiet hours, and "do not disturb until".

import { element, fill } from "../element.js";
import { busy, button, field, problemPlace, toggle } from "../parts.js";
import { dayAndTime, zone } from "../times.js";

/** @typedef {import("../types.js").Quiet} Quiet */

const NIGHT = { start: "22:00", end: "07:00" };

/**
 * @param {string} label @param {Quiet} quiet @param {(quiet: Quiet) => Promise<void>} save
 */
export function quietPart(label, quiet, save) {
  let now = quiet;
  const said = problemPlace();
  const times = element("div", { class: "pair" });

  /** @param {Quiet["hours"]} hours */
  async function keep(hours) {
    const next = { ...now, hours };
    await save(next);
    now = next;
    draw();
  }

  function draw() {
    const { hours } = now;
    if (hours === null) return fill(times);
    const start = element("input", { type: "time", value: hours.start, required: true });
    const end = element("input", { type: "time", value: hours.end, required: true });
    const set = button("Save", () => busy(set, () =>
      keep({ start: start.value, end: end.value, zone: zone() }), said), { look: "quiet" });
    set.hidden = true;
    for (const each of [start, end]) each.addEventListener("input", () => { set.hidden = false; });
    fill(times, field("From", start), field("Until", end), set);
  }
  draw();
  return element("div", { class: "quiet-hours", role: "group", "aria-label": label },
    toggle(label, quiet.hours !== null, (on) => keep(on ? { ...NIGHT, zone: zone() } : null)), times, said);
}

/** @param {import("../app.js").App} app @param {import("../types.js").Home} home */
export function untilPart(app, home) {
  const said = problemPlace();
  const place = element("div", { class: "until" });

  /** @param {number|null} until */
  async function keep(until) {
    const quiet = { ...home.mine.quiet, until };
    await app.api.put("/me/quiet-hours", quiet);
    home.mine.quiet = quiet;
    draw();
  }

  /** @param {string} text @param {() => number|null} until */
  function choice(text, until) {
    const made = button(text, () => busy(made, () => keep(until()), said), { look: "quiet small" });
    return made;
  }

  function draw() {
    const time = app.store.time();
    const { until } = home.mine.quiet;
    const on = until !== null && until > time;
    fill(place, element("p", { class: "label", role: "status" },
      on ? `Do not disturb until ${dayAndTime(until, time)}` : "Do not disturb"),
    element("div", { class: "chips" }, ...(on ? [choice("Disturb me again", () => null)] : [
      choice("For an hour", () => Math.round(app.store.time()) + 3600),
      choice("Until tomorrow", () => morning(app.store.time()))])), said);
  }
  draw();
  return place;
}

/** Seven o'clock tomorrow. @param {number} now */
function morning(now) {
  const date = new Date(now * 1000);
  date.setDate(date.getDate() + 1);
  return date.setHours(7, 0, 0, 0) / 1000;
}
