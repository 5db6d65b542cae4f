// @ts-check
// The screen that comes over all pages while somebody is at a door.

import { byId, updateShown } from "../app.js";
import { isCovered, uncover } from "../dialogs.js";
import { around, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { isOver, isWaiting, liveCode } from "../rings.js";
import { dropCode } from "../storage.js";
import { countdown } from "../times.js";
import { RingBell } from "./ring_bell.js";
import { addFilm, ringPanel } from "./ring_panel.js";
import { ringTabs } from "./ring_tabs.js";

/** @typedef {import("../types.js").Ring} Ring */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {{ring: string, answer: Answer}} Wish */

/** Shows the rings, answers them, and says `got`. */
export class RingScreen {
  /** @param {import("../app.js").App} app @param {import("../socket.js").Socket} socket */
  constructor(app, socket) {
    this.app = app;
    this.socket = socket;
    this.place = byId("ring");
    /** @type {string|null} */
    this.chosen = null;
    /** @type {Wish|null} what the person was about to answer, and has to confirm */
    this.wished = null;
    this.folded = false;
    this.drawn = "";
    this.drawnHead = "";
    this.head = element("header", { class: "ring-head" });
    /** @type {(() => void)|null} */
    this.tickPanel = null;
    /** @type {Element|null} */
    this.focused = null;
    this.bell = new RingBell(app);
    /** @type {Set<string>} */
    this.gotten = new Set();
    /** @type {Set<string>} */
    this.ended = new Set();
    this.unlisten = app.store.listen(() => this.draw());
    this.clock = setInterval(() => this.draw(), 250);
    this.seen = () => this.draw();
    document.addEventListener("visibilitychange", this.seen);
    this.draw();
  }

  /** A notice was tapped: the ring comes up, at the confirmation. @param {string} ring @param {Answer|null} answer */
  wish(ring, answer) {
    this.chosen = ring;
    this.wished = answer && { ring, answer };
    this.folded = false;
    this.draw();
  }

  draw() {
    const rings = this.app.store.rings();
    this.hearNew(rings);
    const ring = this.choose(rings);
    if (!ring) return this.hide();
    if (!this.folded) uncover();
    const head = JSON.stringify([this.folded, ring.ring, rings.map((each) => [each.ring, each.door])]);
    const key = JSON.stringify([this.folded, this.wished, this.app.store.state.line, this.keyOf(ring)]);
    const isNew = key !== this.drawn && !this.isHeld(ring);
    if (isNew) this.redraw(ring);
    if (head !== this.drawnHead || isNew) this.redrawHead(rings, ring);
    if (isNew) this.drawn = key;
    this.drawnHead = head;
    this.tickPanel?.();
    addFilm(this.place, ring);
    this.sayGot(ring);
  }

  /** Whether a finger is on its button now: a photo or a reason waits for it, an end does not. @param {Ring} ring */
  isHeld(ring) {
    const held = this.place.querySelector(".holding")?.closest("[data-ring]");
    return held instanceof HTMLElement && held.dataset["ring"] === ring.ring && !this.folded
      && !this.wishFor(ring) && isWaiting(ring, this.app.store.time());
  }

  /** What the panel shows of a ring, apart from the seconds. @param {Ring} ring */
  keyOf(ring) {
    const time = this.app.store.time();
    return [ring.ring, ring.door, ring.stage, ring.reason, ring.photo !== null, ring.resident,
      ring.by, ring.answer, ring.problem, liveCode(ring, time), isWaiting(ring, time)];
  }

  /** @param {Ring[]} rings @returns {Ring|undefined} */
  choose(rings) {
    const current = rings.find((ring) => ring.ring === this.chosen);
    const waiting = rings.find((ring) => !isOver(ring));
    const ring = current && (!isOver(current) || !waiting) ? current : waiting ?? rings[0];
    if (ring) this.chosen = ring.ring;
    return ring;
  }

  /** @param {Ring} ring */
  redraw(ring) {
    const inside = this.place.contains(document.activeElement) || this.place.hidden;
    if (this.place.hidden) this.focused = document.activeElement;
    this.place.hidden = false;
    this.place.className = this.folded ? "folded" : "full";
    byId("app").inert = !this.folded;
    document.body.classList.toggle("ringing", !this.folded);
    if (this.folded) return this.fold(ring);
    const panel = ringPanel({ ring, app: this.app, wished: this.wishFor(ring),
      old: this.place.querySelector("img"),
      answer: (answer) => this.answer(ring, answer),
      wish: (answer) => this.wish(ring.ring, answer),
      close: () => this.app.store.tell({ kind: "closed", ring: ring.ring }) });
    this.tickPanel = panel.tick;
    fill(this.place, this.head, panel.node);
    if (inside) this.place.querySelector("h1")?.focus({ preventScroll: true });
  }

  /** Apart from the panel, so that a ring at another door does not disturb a hand on this one.
   * @param {Ring[]} rings @param {Ring} ring */
  redrawHead(rings, ring) {
    fill(this.head, element("button", { type: "button", class: "round",
      "aria-label": "Show the app below",
      onclick: () => { this.folded = true; this.draw(); } }, icon("next", "icon down")),
    rings.length > 1 && ringTabs(rings, ring, (chosen) => { this.chosen = chosen; this.draw(); }));
  }

  /** @param {Ring} ring @returns {Answer|null} */
  wishFor(ring) {
    return this.wished?.ring === ring.ring ? this.wished.answer : null;
  }

  /** The app is in use below; a strip leads back. @param {Ring} ring */
  fold(ring) {
    const left = element("span", { class: "figures" });
    this.tickPanel = () => {
      const until = ring.answerUntil ?? ring.codeUntil;
      left.textContent = until && !isOver(ring) ? countdown(until - this.app.store.time()) : "";
    };
    fill(this.place, element("button", { type: "button", class: "strip",
      onclick: () => { this.folded = false; this.draw(); } },
    icon("bell"), element("span", {}, ...around("{}", ring.door ?? "Door")), left));
  }

  hide() {
    if (this.place.hidden) return;
    this.place.hidden = true;
    this.drawn = "";
    this.chosen = null;
    this.wished = null;
    this.folded = false;
    fill(this.place);
    byId("app").inert = false;
    document.body.classList.remove("ringing");
    if (this.focused instanceof HTMLElement) this.focused.focus();
    updateShown();
  }

  /** @param {Ring} ring @param {Answer} answer */
  answer(ring, answer) {
    this.wished = null;
    if (this.socket.say({ action: "answer", ring: ring.ring, answer })) {
      this.app.store.tell({ kind: "answered", ring: ring.ring, answer });
    } else {
      this.app.store.tell({ kind: "unsent", ring: ring.ring });
    }
  }

  /** A code counts as received when it can be read: on the screen, under nothing, and the screen is seen.
   * @param {Ring} ring */
  sayGot(ring) {
    const code = liveCode(ring, this.app.store.time());
    const seen = !this.folded && document.visibilityState === "visible" && !isCovered();
    if (!seen || code === null) return;
    const shown = `${ring.ring} ${code} ${this.socket.opened}`;
    if (this.gotten.has(shown) || !this.socket.say({ action: "got", ring: ring.ring })) return;
    this.gotten.add(shown);
  }

  /** @param {Ring[]} rings */
  hearNew(rings) {
    for (const ring of rings) {
      if (isOver(ring)) this.forget(ring);
      else if (this.bell.ringsFor(ring)) this.folded = false;
    }
  }

  /** Its code opens nothing any more. @param {Ring} ring */
  forget(ring) {
    if (this.ended.has(ring.ring)) return;
    this.ended.add(ring.ring);
    dropCode(ring.ring).catch(() => {});
  }

  end() {
    this.unlisten();
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.seen);
    this.hide();
  }
}
