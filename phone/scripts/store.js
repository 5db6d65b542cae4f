// @ts-check
// The state of the phone: a pure function of what happened and when, and the box that holds it.

import { withFilm } from "./films.js";
import { ANSWER_IS_FRESH, coded, heard, isOver, isShown, looked, newRing } from "./rings.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Ring} Ring */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Happening} Happening */

/** Errors of the socket that answer an `answer`. */
const ANSWER_ERRORS = ["already_answered", "too_late", "not_waiting", "not_allowed", "try_again"];
/** A ring without an end in the history that is older than this is nobody at the door, in seconds. */
const STILL_THERE = 60;
/** And films. */
const KEPT_RINGS = 20;

/**
 * The state before the first message.
 * @param {number} now monotone seconds @param {number} clock this device's clock, seconds since 1970
 * @returns {State}
 */
export function firstState(now, clock) {
  return { line: "connecting", offset: clock - now, synced: false, rings: {}, photos: {},
    films: [] };
}

/**
 * The cloud's time, in seconds since 1970.
 * @param {State} state @param {number} now monotone seconds
 */
export function cloudTime(state, now) {
  return now + state.offset;
}

/**
 * The state after something happened.
 * @param {State} state @param {Happening} happening
 * @returns {State}
 */
export function changed(state, happening) {
  const time = cloudTime(state, happening.now);
  switch (happening.kind) {
    case "line":
      return state.line === happening.line ? state : { ...state, line: happening.line };
    case "message":
      return told(state, happening.message, happening.now);
    case "answered":
      return withRing(state, happening.ring, time, (ring) =>
        ({ ...ring, answer: happening.answer, answeredAt: time, problem: null }));
    case "pushed": {
      const { ring, door, code, resident, expires_at } = happening.code;
      return expires_at <= time ? state : withRing(state, ring, time, (old) =>
        coded({ ...old, door: door ?? old.door }, code, resident, expires_at));
    }
    case "visits":
      return happening.visits.reduce((all, visit) => {
        const known = visit.ring in all.rings;
        const here = ["pending", "asked"].includes(visit.outcome) && time - visit.at < STILL_THERE;
        return known || here
          ? withRing(all, visit.ring, time, (ring) => looked(ring, visit, time)) : all;
      }, state);
    case "unsent":
      return withRing(state, happening.ring, time, (ring) => ({ ...ring, problem: "offline" }));
    case "closed":
      return withRing(state, happening.ring, time, (ring) =>
        ({ ...ring, endedAt: time - 1000 }));
  }
}

/**
 * @param {State} state @param {Message} message @param {number} now
 * @returns {State}
 */
function told(state, message, now) {
  const time = cloudTime(state, now);
  switch (message.type) {
    case "hello":
    case "pong":
      return typeof message.time === "number" ? synced(state, message.time - now) : state;
    case "error":
      return refused(state, message.error ?? "", time);
    case "enrolled":
    case "enrolment_failed":
      return enrolled(state, message);
    case "camera_film":
    case "camera_film_failed":
      return { ...state, films: withFilm(state.films, message).slice(-KEPT_RINGS) };
    case "film":
      // It may come when the ring is long over: it brings nothing onto the screen by itself.
      if (!message.ring || !(message.ring in state.rings)) return state;
    // falls through
    default:
      return message.ring ? withRing(state, message.ring, time,
        (ring) => heard(ring, message, time)) : state;
  }
}

/**
 * The cloud has said what time it is. What came before that was timed by this device's clock.
 * @param {State} state @param {number} offset
 * @returns {State}
 */
function synced(state, offset) {
  if (state.synced) return { ...state, offset };
  const shift = offset - state.offset;
  /** @param {number|null} time */
  const moved = (time) => (time === null ? null : time + shift);
  const rings = Object.fromEntries(Object.entries(state.rings).map(([id, ring]) => [id, {
    ...ring, since: ring.since + shift, answerUntil: moved(ring.answerUntil),
    endedAt: moved(ring.endedAt) }]));
  return { ...state, offset, synced: true, rings };
}

/**
 * An error names no ring: it belongs to the latest answer that still has no outcome.
 * @param {State} state @param {string} error @param {number} time
 * @returns {State}
 */
function refused(state, error, time) {
  const answered = Object.values(state.rings)
    .filter((ring) => ring.answer !== null && !isOver(ring)
      && time - ring.answeredAt < ANSWER_IS_FRESH)
    .sort((a, b) => b.answeredAt - a.answeredAt)[0];
  if (!answered || !ANSWER_ERRORS.includes(error)) return state;
  const answer = error === "try_again" ? null : answered.answer;
  return { ...state, rings: { ...state.rings,
    [answered.ring]: { ...answered, answer, problem: error } } };
}

/**
 * @param {State} state @param {Message} message
 * @returns {State}
 */
function enrolled(state, message) {
  if (!message.photo) return state;
  const failure = message.type === "enrolled" ? null : message.reason ?? "unavailable";
  return { ...state, photos: { ...state.photos,
    [message.photo]: { resident: message.resident ?? "", failure } } };
}

/**
 * @param {State} state @param {string} id @param {number} time @param {(ring: Ring) => Ring} change
 * @returns {State}
 */
function withRing(state, id, time, change) {
  const old = state.rings[id];
  const ring = change(old ?? newRing(id, time));
  if (ring === old) return state;
  const all = Object.entries({ ...state.rings, [id]: ring });
  return { ...state, rings: Object.fromEntries(all.slice(-KEPT_RINGS)) };
}

/**
 * The rings that belong on the screen, the latest first.
 * @param {State} state @param {number} now
 * @returns {Ring[]}
 */
export function shownRings(state, now) {
  const time = cloudTime(state, now);
  return Object.values(state.rings).filter((ring) => isShown(ring, time))
    .sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.since - a.since);
}

/** Holds the state and tells who listens. */
export class Store {
  /** @param {() => number} now monotone seconds @param {number} clock seconds since 1970 */
  constructor(now, clock) {
    this.now = now;
    this.state = firstState(now(), clock);
    /** @type {Set<(old: State) => void>} */
    this.listeners = new Set();
  }

  /** @param {import("./types.js").Happening extends infer H ? H extends {now: number} ? Omit<H, "now"> : never : never} happening */
  tell(happening) {
    const old = this.state;
    this.state = changed(old, /** @type {Happening} */ ({ ...happening, now: this.now() }));
    if (this.state !== old) for (const listener of [...this.listeners]) listener(old);
  }

  /** Calls back at every change, until the returned function is called.
   * @param {(old: State) => void} listener */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The cloud's time, in seconds since 1970. */
  time() {
    return cloudTime(this.state, this.now());
  }

  /** The rings that belong on the screen. */
  rings() {
    return shownRings(this.state, this.now());
  }
}
