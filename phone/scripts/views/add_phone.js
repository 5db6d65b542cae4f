// @ts-check
// A pairing for one more phone: a code to photograph, and a link to send.

import { shareButton } from "../dialogs.js";
import { around, drawing, element, fill } from "../element.js";
import { linkTo } from "../links.js";
import { busy, button, card, field, loaded, nameInput, page, problemPlace, tick } from "../parts.js";
import { countdown } from "../times.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Pairing} Pairing */

/** @param {App} app @returns {import("../app.js").View} */
export function addPhoneView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Add a phone"], { back: linkTo("settings") }, place);
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let clock;
  loaded(place, async () => (await app.api.get("/residents")).residents, (residents) => [
    form(app, residents.map((/** @type {{name: string}} */ each) => each.name), (pairing, name) => {
      const shown = shownPairing(app, pairing, name);
      fill(place, shown.node);
      node.querySelector("h1")?.focus();
      clock = setInterval(shown.tick, 500);
    })]);
  return { title: "Add a phone", node, close: () => clearInterval(clock) };
}

/**
 * @param {App} app @param {string[]} residents @param {(pairing: Pairing, name: string) => void} done
 */
function form(app, residents, done) {
  const said = problemPlace();
  const name = nameInput("", { required: true });
  const whose = element("select", {}, element("option", { value: "" }, "Everybody (the household's phone)"),
    ...residents.map((each) => element("option", { value: each }, each)));
  const manager = tick(["It may manage the home: add phones, residents and guests."]);
  const save = element("button", { type: "submit", class: "button main wide" },
    element("span", {}, "Make a pairing code"));
  return element("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    busy(save, async () => done(await app.api.post("/pairings", { name: name.value.trim(),
      resident: whose.value || null, manager: manager.input.checked }), name.value.trim()), said);
  } }, field("What the phone is called", name, "Such as Anna's phone."),
  field("Whose codes it gets", whose), manager.node, said, save);
}

/** @param {App} app @param {Pairing} pairing @param {string} name */
function shownPairing(app, pairing, name) {
  const left = element("span", { class: "figures", role: "timer" });
  const node = element("div", { class: "contents" },
    element("p", { class: "lead" }, ...around("Show this to {}, or send the link.", name)),
    card(qrCode(pairing.qr), element("p", { class: "hint centred" }, "Good once, for another ", left)),
    shareButton("Doorbell", pairing.link, "the link"),
    button("Done", () => app.go("settings"), { look: "quiet wide" }));
  const tick = () => { left.textContent = countdown(pairing.expires_at - app.store.time()); };
  tick();
  return { node, tick };
}

/** White around it in the dark too, or no camera reads it. @param {string[]} rows of 0 and 1 */
export function qrCode(rows) {
  const quiet = 4;
  const size = rows.length + 2 * quiet;
  const path = rows.flatMap((row, y) => [...row].map((each, x) =>
    each === "1" ? `M${x + quiet} ${y + quiet}h1v1h-1z` : "")).join("");
  const svg = drawing(path, { box: `0 0 ${size} ${size}`, look: "qr" });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Pairing code, to be read by a camera");
  svg.removeAttribute("aria-hidden");
  return svg;
}
