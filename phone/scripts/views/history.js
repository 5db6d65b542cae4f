// @ts-check
// Who came, by day, page by page.

import { element, fill } from "../element.js";
import { busy, button, card, heading, page, problemPlace } from "../parts.js";
import { byDay, hasMore, noPages, withPage } from "../pages.js";
import { lastVisits } from "../storage.js";
import { clockTime, dayName } from "../times.js";
import { visitRow } from "./home.js";

/** @typedef {import("../app.js").App} App */

/** @type {[string, string|null][]} */
const FILTERS = [["All", null], ["Strangers", "strangers"], ["Missed", "missed"]];

/** @param {App} app @returns {import("../app.js").View} */
export function historyView(app) {
  let pages = noPages();
  /** @type {string|null} */
  let only = null;
  const list = element("div", { class: "days", "aria-live": "polite" });
  const said = problemPlace();
  const more = button("Load more", () => load(), { look: "quiet wide" });
  const chips = element("div", { class: "chips", role: "group", "aria-label": "Show" });
  const node = page(["History"], {}, chips, list, said, more);

  function load() {
    return busy(more, async () => {
      const asked = only;
      const next = await app.api.rings({ cursor: pages.next, only }).catch(offline);
      if (asked !== only) return;
      pages = withPage(pages, next);
      draw();
    }, said);
  }

  /** @param {unknown} problem */
  async function offline(problem) {
    const kept = pages.started || only ? [] : await lastVisits().catch(() => []);
    if (kept.length === 0) throw problem;
    fill(said, "Not connected: this is how it was last seen.");
    return { rings: kept, next: null };
  }

  function draw() {
    const now = app.store.time();
    fill(list, ...byDay(pages.visits, (time) => dayName(time, now)).map(({ day, visits }) =>
      card(heading(day), ...visits.map((visit) => visitRow(visit, clockTime(visit.at))))));
    if (pages.visits.length === 0) fill(list, element("p", { class: "empty" }, "Nobody, so far."));
    more.hidden = !hasMore(pages);
  }

  /** @param {string|null} wanted */
  function choose(wanted) {
    only = wanted;
    pages = noPages();
    more.removeAttribute("aria-busy");
    fill(chips, ...FILTERS.map(([title, value]) => element("button", {
      type: "button", class: "chip", "aria-pressed": String(value === only),
      onclick: () => { choose(value); refocus(title); } }, title)));
    return load();
  }

  /** @param {string} title */
  function refocus(title) {
    for (const chip of chips.querySelectorAll("button")) {
      if (chip.textContent === title) chip.focus();
    }
  }

  const near = new IntersectionObserver((seen) => {
    if (seen.some((each) => each.isIntersecting) && pages.started && !more.hidden) load();
  }, { rootMargin: "300px" });
  near.observe(more);
  choose(null);
  return { title: "History", node, close: () => near.disconnect() };
}
