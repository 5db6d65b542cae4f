// @ts-check
// The history in pages, fetched by cursor, each ring once.

/** @typedef {import("./types.js").Visit} Visit */
/** @typedef {{visits: Visit[], next: string|null, started: boolean}} Pages */

/** @returns {Pages} before the first page */
export function noPages() {
  return { visits: [], next: null, started: false };
}

/** Whether there is a page to ask for. @param {Pages} pages */
export function hasMore(pages) {
  return !pages.started || pages.next !== null;
}

/**
 * The pages with one more. A ring that came meanwhile moves others to the next page: none is shown
 * twice. A cursor that comes again would never end.
 * @param {Pages} pages @param {{rings: Visit[], next: string|null}} page
 * @returns {Pages}
 */
export function withPage(pages, page) {
  const known = new Set(pages.visits.map((visit) => visit.ring));
  const fresh = page.rings.filter((visit) => !known.has(visit.ring));
  const next = pages.started && page.next === pages.next ? null : page.next;
  return { visits: [...pages.visits, ...fresh], next, started: true };
}

/**
 * The visits of each day, in the order they stand.
 * @param {Visit[]} visits @param {(time: number) => string} dayOf
 * @returns {{day: string, visits: Visit[]}[]}
 */
export function byDay(visits, dayOf) {
  /** @type {{day: string, visits: Visit[]}[]} */
  const days = [];
  for (const visit of visits) {
    const day = dayOf(visit.at);
    const last = days[days.length - 1];
    if (last && last.day === day) last.visits.push(visit);
    else days.push({ day, visits: [visit] });
  }
  return days;
}
