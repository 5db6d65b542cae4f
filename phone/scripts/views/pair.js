// @ts-check
// A phone that is not paired, is to be paired, or was revoked.

import { Api, part } from "../api.js";
import { copy } from "../dialogs.js";
import { around, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { formerHome, leave } from "../leave.js";
import { pairingCode } from "../links.js";
import { button, field, nameInput, page, problemPlace, worker } from "../parts.js";
import { moveNotices, mustBeInstalled } from "../push.js";
import { keepPaired, tryToKeep } from "../storage.js";

/** @typedef {import("../types.js").Paired} Paired */
/** @typedef {import("../app.js").View} View */
/** @typedef {import("../leave.js").Former} Former */

/**
 * @param {string|null} code of the link that was opened @param {Paired|null} kept
 * @returns {View}
 */
export function pairView(code, kept) {
  if (code === null) return { title: "Welcome", node: welcome() };
  const place = element("div", { class: "contents" });
  fill(place, kept === null ? joining(code, null, place) : replacing(code, kept, place));
  return { title: "Pair this phone", node: place };
}

function welcome() {
  const said = problemPlace();
  const input = element("input", { type: "text", inputmode: "url", autocomplete: "off",
    autocapitalize: "off", spellcheck: "false", required: true });
  const form = element("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const code = pairingCode(input.value);
    if (code === null) fill(said, "This is no pairing link. It looks like https://…/#pair=…");
    else location.hash = `#pair=${code}`;
  } }, field("Pairing link", input, "Somebody at home makes one: Settings, Add a phone."), said,
  element("button", { class: "button main", type: "submit" }, element("span", {}, "Go on")));
  return page(["Your door, in your hand"], { look: "welcome" }, hero("bell"),
    element("p", { class: "lead" },
      "See who rings, let them in, and look after your home. First, pair this phone with it."),
    form, iphoneHint(null));
}

/** @param {string} code @param {Former|null} former @param {HTMLElement} place that this page stands in */
function joining(code, former, place) {
  const input = nameInput("", { autocomplete: "nickname" });
  return page(["Pair this phone"], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" },
      "This phone will hear when somebody is at the door, and may let them in."),
    iphoneHint(code),
    element("div", { class: "form" },
      field("What this phone is called", input, "Leave it empty to keep the name it was given."),
      worker("Pair this phone", async () => {
        const hasLeft = await join(code, input.value.trim(), former);
        if (hasLeft) location.replace("/");
        else fill(place, stillThere());
      }, { look: "main" })),
    element("p", { class: "hint" }, "A private window forgets the pairing when it is closed."));
}

/** @param {string} code @param {Paired} kept @param {HTMLElement} place that this page stands in */
function replacing(code, kept, place) {
  return page(["Already paired"], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" }, ...around("This phone is paired as {}, with the home {}.",
      kept.name, kept.home)),
    element("p", {}, "If you pair it anew, it leaves that home first. Nothing else changes there."),
    element("div", { class: "actions" },
      button("Keep it as it is", () => location.replace("/"), { look: "main" }),
      worker("Pair it anew", async () => fill(place, joining(code, await formerHome(kept), place)),
        { look: "quiet" })));
}

/**
 * Pairs this phone, and leaves the home that it was in; whether that home has let it go.
 * @param {string} code @param {string} name @param {Former|null} former
 */
async function join(code, name, former) {
  await tryToKeep().catch(() => {
    throw { title: "This browser does not let the app keep anything. Open the link in a normal " +
      "window, not a private one." };
  });
  const answer = await new Api(null, () => {}).post(`/pairings/${part(code)}`, name ? { name } : {});
  await keepPaired({ token: answer.token, home: answer.home, name: answer.phone.name });
  await navigator.storage?.persist?.().catch(() => false);
  const hasLeft = former === null || former.phone === answer.phone.id
    || await leave(former).then(() => true, () => false);
  // If this fails, the first page says that notices are off.
  await moveNotices(new Api(answer.token, () => {})).catch(() => {});
  return hasLeft;
}

/** Paired with the new home, and the one before did not let this phone go. */
function stillThere() {
  return page(["Paired"], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" }, "This phone is paired with its new home and has forgotten the one before."),
    element("p", {}, "That home could not be told, and still lists this phone. Ask somebody who manages it " +
      "to revoke it there."),
    button("Go on", () => location.replace("/"), { look: "main" }));
}

/** Its app on the home screen shares nothing with the browser. @param {string|null} code */
function iphoneHint(code) {
  if (!mustBeInstalled()) return null;
  const text = code === null
    ? "On an iPhone: first Share, then “Add to Home Screen”. Open Doorbell from there and paste the " +
      "link. Only there may it notify you."
    : "On an iPhone, do not pair here. Copy the link, then Share and “Add to Home Screen”. Open " +
      "Doorbell from there and paste the link. Only there may it notify you.";
  return element("div", { class: "note" }, text, code !== null && copyLink(code));
}

/** The code was taken out of the address. @param {string} code */
function copyLink(code) {
  const link = `${location.origin}/#pair=${code}`;
  const made = button("Copy the link", async () => {
    const words = await copy(link) ? "Copied" : link;
    fill(/** @type {Element} */ (made.lastElementChild), words);
  }, { look: "quiet wide", symbol: "copy" });
  return made;
}

/** @param {Parameters<typeof icon>[0]} name */
function hero(name) {
  return element("div", { class: "hero" }, icon(name, "icon hero-icon"));
}

/**
 * The phone's token is nobody's any more, and all is forgotten.
 * @param {boolean} byItself whether this phone took leave
 * @returns {View}
 */
export function revokedView(byItself) {
  const title = byItself ? "This phone has left" : "This phone was removed";
  const node = page([title], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" }, byItself
      ? "It is not paired any more, and everything it held is deleted."
      : "Somebody who manages the home has removed this phone. Everything it held is deleted."),
    element("p", {}, "To use it again, ask for a new pairing link."),
    button("Pair again", () => location.replace("/"), { look: "main" }));
  return { title, node };
}
