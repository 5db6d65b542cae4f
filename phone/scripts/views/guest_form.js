// @ts-check
// A PIN for a guest: made with good defaults, shown once.

import { Problem } from "../api.js";
import { shareButton } from "../dialogs.js";
import { around, bdi, element } from "../element.js";
import { linkTo } from "../links.js";
import { busy, button, card, field, loaded, nameInput, page, problemPlace } from "../parts.js";
import { fieldTime, fromField } from "../times.js";
import { doorNames, windowOf } from "./guests.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Guest} Guest */
/** @typedef {import("../types.js").Device} Device */

/** @param {App} app @returns {import("../app.js").View} */
export function guestFormView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Invite a guest"], { back: linkTo("guests") }, place);
  loaded(place, async () => app.home ?? app.refresh(), (home) => [
    form(app, home.devices.filter((each) => each.role === "door"),
      (guest) => {
        node.replaceWith(made(app, guest));
        document.querySelector("h1")?.focus();
      })]);
  return { title: "Invite a guest", node };
}

/** Today's last minute, or tomorrow's if the day is nearly over. @param {number} now */
function tonight(now) {
  const end = new Date(now * 1000);
  if (end.getHours() >= 22) end.setDate(end.getDate() + 1);
  return end.setHours(23, 59, 0, 0) / 1000;
}

/** @param {App} app @param {Device[]} doors @param {(guest: Guest) => void} done */
function form(app, doors, done) {
  const said = problemPlace();
  const now = app.store.time();
  const name = nameInput("", { required: true });
  const start = element("input", { type: "datetime-local", required: true, value: fieldTime(now) });
  const end = element("input", { type: "datetime-local", required: true, value: fieldTime(tonight(now)) });
  const uses = element("input", { type: "number", min: 1, max: 1000, required: true, value: "1",
    inputmode: "numeric" });
  const boxes = doors.map((door) => ({ door, box: element("input", { type: "checkbox", checked: true }) }));
  const save = element("button", { type: "submit", class: "button main wide" },
    element("span", {}, "Make a PIN"));

  async function send() {
    const chosen = boxes.filter(({ box }) => box.checked).map(({ door }) => door.id);
    if (chosen.length === 0) throw new Problem("", "Choose at least one door.");
    const from = fromField(start.value);
    const until = fromField(end.value);
    if (until <= from) throw new Problem("", "The end has to be after the start.");
    done(await app.api.post("/guests", { name: name.value.trim(), doors: chosen,
      start: from, end: until, uses: Number(uses.value) }));
  }
  return element("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    busy(save, send, said);
  } }, field("Who comes", name), field("From", start), field("Until", end),
  field("How many times", uses, "1 for a visit, more for a cleaner or a dog walker."),
  element("fieldset", { class: "boxes" }, element("legend", { class: "label" }, "Doors"),
    ...boxes.map(({ door, box }) => element("label", { class: "tick" }, box, bdi(door.name)))),
  said, save);
}

/** The PIN, this once. @param {App} app @param {Guest} guest */
function made(app, guest) {
  const pin = guest.pin ?? "";
  const when = windowOf(guest, app.store.time());
  const text = `Your PIN is ${pin}. Type it at the keypad of ${doorNames(app, guest).join(", ")}. ` +
    `Good: ${when}.`;
  return page(around("PIN for {}", guest.name), { back: linkTo("guests") },
    card(element("p", { class: "digits pin", "aria-label": `PIN ${[...pin].join(" ")}` },
      element("span", {}, pin.slice(0, 3)), element("span", {}, pin.slice(3))),
    element("p", {}, when),
    element("p", { class: "hint" }, "It is shown this once. Nobody can look it up later.")),
    shareButton("PIN", text, "the PIN"),
    button("Done", () => app.go("guests"), { look: "quiet wide" }));
}
