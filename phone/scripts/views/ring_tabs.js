// @ts-check
// All rings of the moment, to choose from: two doors may ring at once.

import { bdi, element } from "../element.js";

/** @typedef {import("../types.js").Ring} Ring */

/** @param {Ring[]} rings @param {Ring} shown @param {(ring: string) => void} choose */
export function ringTabs(rings, shown, choose) {
  return element("div", { class: "ring-tabs", role: "group", "aria-label": "Rings" },
    ...rings.map((ring) => element("button", { type: "button", class: "chip",
      "aria-pressed": String(ring === shown), onclick: () => choose(ring.ring) },
    bdi(ring.door ?? "Door"))));
}
