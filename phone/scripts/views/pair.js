// @ts-check
// A phone that is not paired, is to be paired, or was revoked.

import { Api, part } from "../api.js";
import { around, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { pairingCode } from "../links.js";
import { button, busy, field, nameInput, page, problemPlace, worker } from "../parts.js";
import { keepPaired, tryToKeep } from "../storage.js";

/** @typedef {import("../types.js").Paired} Paired */
/** @typedef {import("../app.js").View} View */

/**
 * @param {string|null} code of the link that was opened @param {Paired|null} kept
 * @returns {View}
 */
export function pairView(code, kept) {
  if (code === null) return { title: "Welcome", node: welcome() };
  const node = kept === null ? joining(code) : replacing(code, kept);
  return { title: "Pair this phone", node };
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
    form, iphoneHint());
}

/** @param {string} code */
function joining(code) {
  const input = nameInput("", { autocomplete: "nickname" });
  return page(["Pair this phone"], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" },
      "This phone will hear when somebody is at the door, and may let them in."),
    element("div", { class: "form" },
      field("What this phone is called", input, "Leave it empty to keep the name it was given."),
      worker("Pair this phone", () => join(code, input.value.trim()), { look: "main" })),
    iphoneHint(),
    element("p", { class: "hint" }, "A private window forgets the pairing when it is closed."));
}

/** @param {string} code @param {Paired} kept */
function replacing(code, kept) {
  const place = element("div", { class: "contents" });
  fill(place, page(["Already paired"], { look: "welcome" }, hero("phone"),
    element("p", { class: "lead" }, ...around("This phone is paired as {}, with the home {}.",
      kept.name, kept.home)),
    element("p", {}, "If you pair it anew, it leaves that home first. Nothing else changes there."),
    element("div", { class: "actions" },
      button("Keep it as it is", () => location.replace("/"), { look: "main" }),
      button("Pair it anew", () => fill(place, joining(code)), { look: "quiet" }))));
  return place;
}

/** @param {string} code @param {string} name */
async function join(code, name) {
  await tryToKeep().catch(() => {
    throw { title: "This browser does not let the app keep anything. Open the link in a normal " +
      "window, not a private one." };
  });
  const answer = await new Api(null, () => {}).post(`/pairings/${part(code)}`, name ? { name } : {});
  await keepPaired({ token: answer.token, home: answer.home, name: answer.phone.name });
  await navigator.storage?.persist?.().catch(() => false);
  location.replace("/");
}

function iphoneHint() {
  const iphone = /iPhone|iPad/.test(navigator.userAgent)
    && !matchMedia("(display-mode: standalone)").matches;
  return iphone && element("p", { class: "note" },
    "On an iPhone: first Share, then “Add to Home Screen”. Open Doorbell from there and paste the " +
    "link. Only there may it notify you.");
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
