// @ts-check
// What is heard of a ring: the chime, and a sentence for a screen reader.

import { byId } from "../app.js";
import { chime } from "../chime.js";
import { around, fill } from "../element.js";
import { isQuiet } from "../quiet.js";

/** Rings once for each ring, also over a reload. */
export class RingBell {
  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.app = app;
    /** @type {Set<string>} */
    this.known = new Set(JSON.parse(sessionStorage.getItem("rang") ?? "[]"));
  }

  /** Whether this one is new; then it has been told. @param {import("../types.js").Ring} ring */
  ringsFor(ring) {
    if (this.known.has(ring.ring)) return false;
    this.known.add(ring.ring);
    sessionStorage.setItem("rang", JSON.stringify([...this.known].slice(-50)));
    fill(byId("alarm"), ...around("Someone is at {}", ring.door ?? "the door"));
    const time = this.app.store.time();
    const { home } = this.app;
    if (!home || !(isQuiet(home.quiet, time) || isQuiet(home.mine.quiet, time))) chime();
    return true;
  }
}
