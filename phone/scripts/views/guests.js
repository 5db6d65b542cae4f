// @ts-check
// Guests' PINs: what is left of each, and withdrawing one.

import { part } from "../api.js";
import { ask } from "../dialogs.js";
import { around, bdi, element } from "../element.js";
import { icon } from "../icons.js";
import { linkTo } from "../links.js";
import { card, heading, loaded, page, worker } from "../parts.js";
import { clockTime, dayAndTime, dayName } from "../times.js";
import { counted } from "../words.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Guest} Guest */

/** @param {App} app @returns {import("../app.js").View} */
export function guestsView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Guests"], {},
    element("p", { class: "lead" }, "A PIN opens the door at its keypad, without ringing."), place);

  async function get() {
    const [{ guests }] = await Promise.all([app.api.get("/guests"), app.home ?? app.refresh()]);
    return /** @type {Guest[]} */ (guests);
  }

  /** @param {Guest[]} guests */
  function draw(guests) {
    const now = app.store.time();
    const live = guests.filter((guest) => guest.end > now && guest.uses_left > 0);
    const over = guests.filter((guest) => !live.includes(guest));
    return [
      ...live.map((guest) => guestCard(app, guest, () => loaded(place, get, draw))),
      live.length === 0 && element("p", { class: "empty" }, "Nobody is expected."),
      over.length > 0 && card(heading("Ended"), ...over.map((guest) => element("p", { class: "ended" },
        bdi(guest.name), element("span", { class: "hint" }, ` · ${usedText(guest, now)}`)))),
      app.manages() && element("a", { class: "button main wide bottom", href: linkTo("new-guest") },
        icon("plus"), element("span", {}, "Invite a guest")),
    ];
  }
  loaded(place, get, draw);
  return { title: "Guests", node };
}

/** @param {App} app @param {Guest} guest @param {() => void} refresh */
function guestCard(app, guest, refresh) {
  const now = app.store.time();
  return card(element("h2", { class: "name" }, bdi(guest.name)),
    element("p", {}, windowOf(guest, now)),
    element("p", { class: "hint" }, `${counted(guest.uses_left, "use", "uses")} left · `,
      ...doorsOf(app, guest), ` · ${usedText(guest, now)}`),
    app.manages() && worker("Withdraw", async () => {
      const sure = await ask({ title: around("Withdraw the PIN of {}?", guest.name), danger: true,
        text: ["It opens nothing any more."], yes: "Withdraw" });
      if (!sure) return;
      await app.api.remove(`/guests/${part(guest.id)}`);
      refresh();
    }, { look: "small danger-text" }));
}

/** @param {App} app @param {Guest} guest */
function doorsOf(app, guest) {
  return doorNames(app, guest).flatMap((door, place) => [place > 0 ? ", " : "", bdi(door)]);
}

/** What the guest's doors are called; one that is gone, by its id. @param {App} app @param {Guest} guest */
export function doorNames(app, guest) {
  return guest.doors.map((id) => app.home?.devices.find((each) => each.id === id)?.name ?? id);
}

/** @param {Guest} guest @param {number} now */
function usedText(guest, now) {
  return guest.used_at === null ? "not used yet" : `last used ${dayAndTime(guest.used_at, now)}`;
}

/** From when until when. @param {{start: number, end: number}} guest @param {number} now */
export function windowOf({ start, end }, now) {
  const from = start <= now ? "Now" : dayAndTime(start, now);
  const sameDay = dayName(Math.max(start, now), now) === dayName(end, now);
  return `${from} until ${sameDay ? clockTime(end) : dayAndTime(end, now)}`;
}
