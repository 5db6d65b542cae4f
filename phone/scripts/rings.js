// @ts-check
// What one ring becomes by a message. Pure: the same ring, message and time give the same ring.

/** @typedef {import("./types.js").Ring} Ring */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Stage} Stage */
/** @typedef {import("./types.js").Visit} Visit */

/** How long a ring that is over stays on the screen, in seconds. */
export const SHOWN_AFTER_END = 12;
/** How long a press without a decision is shown: its photo may take 20 s, its code lives 120 s. */
export const SHOWN_UNDECIDED = 130;
/** An error of the socket names no ring; it belongs to an answer that is no older than this. */
export const ANSWER_IS_FRESH = 10;

/** @type {Record<Stage, number>} */
const ORDER = { pressed: 0, asked: 1, missed: 2, declined: 3, not_opened: 3, opened: 4 };

/**
 * A ring that nothing is known of yet.
 * @param {string} ring @param {number} time the cloud's seconds
 * @returns {Ring}
 */
export function newRing(ring, time) {
  return {
    ring, door: null, stage: "pressed", since: time, reason: null, photo: null,
    answerUntil: null, code: null, codeUntil: null, resident: null, by: null,
    answer: null, answeredAt: 0, problem: null, endedAt: null, film: null,
    flat: false,
  };
}

/**
 * The ring after a message about it; the same object if the message changes nothing.
 * @param {Ring} ring @param {Message} message @param {number} time the cloud's seconds
 * @returns {Ring}
 */
export function heard(ring, message, time) {
  const door = message.door ?? ring.door;
  switch (message.type) {
    case "pressed":
      return ring.door === door ? ring : { ...ring, door };
    case "visitor":
      return asked({ ...ring, door }, message, time);
    case "code":
      return coded({ ...ring, door }, message.code ?? "", message.resident ?? null,
        time + (message.expires_in ?? 0));
    case "missed":
      return ended({ ...ring, door, reason: message.reason ?? ring.reason,
        photo: message.photo ?? ring.photo }, "missed", null, time);
    case "film":
      return { ...ring, film: { gif: message.gif ?? "", mp4: message.mp4 ?? "" },
        flat: ring.flat || message.flat === true };
    case "opened":
    case "not_opened":
    case "declined":
      return ended(ring, message.type, message.by ?? null, time);
    default:
      return ring;
  }
}

/**
 * A visitor waits. One that comes again was not answered, whatever this phone has sent.
 * @param {Ring} ring @param {Message} message @param {number} time
 * @returns {Ring}
 */
function asked(ring, message, time) {
  if (isOver(ring)) return ring;
  const lost = ring.answer !== null && time - ring.answeredAt > 1;
  return {
    ...ring, stage: "asked", reason: message.reason ?? null,
    photo: message.photo ?? ring.photo, answerUntil: time + (message.answer_within ?? 60),
    answer: lost ? null : ring.answer, problem: lost ? "answer_lost" : ring.answer ? ring.problem : null,
  };
}

/**
 * A code came. While one is on the screen that lives as long, nobody's digits change.
 * @param {Ring} ring @param {string} code @param {string|null} resident @param {number} until
 * @returns {Ring}
 */
export function coded(ring, code, resident, until) {
  if (isOver(ring)) return ring;
  if (ring.code !== null && (ring.codeUntil ?? 0) + 5 > until) return ring;
  return { ...ring, code, codeUntil: until, resident: resident ?? ring.resident };
}

/**
 * A ring is over. A later word may only replace a weaker one: `opened` follows `not_opened`.
 * @param {Ring} ring @param {Stage} stage @param {string|null} by @param {number} time
 * @returns {Ring}
 */
function ended(ring, stage, by, time) {
  if (ORDER[stage] < ORDER[ring.stage]) return ring;
  if (stage === ring.stage && (by === null || by === ring.by) && stage !== "missed") return ring;
  return { ...ring, stage, by: by ?? ring.by, code: null, codeUntil: null, problem: null,
    endedAt: ring.endedAt ?? time };
}

/**
 * The ring after the history was asked; it knows what happened while the line was down.
 * @param {Ring} ring @param {Visit} visit @param {number} time
 * @returns {Ring}
 */
export function looked(ring, visit, time) {
  const known = { ...ring, door: visit.door, photo: ring.photo ?? visit.photo,
    film: ring.film ?? visit.film, flat: ring.flat || visit.flat === true,
    since: Math.min(ring.since, visit.at) };
  switch (visit.outcome) {
    case "opened":
    case "declined":
    case "missed":
    case "not_opened":
      return ring.stage === visit.outcome ? ring : ended(known, visit.outcome, visit.by, time);
    case "asked":
      return { ...known, reason: ring.reason ?? visit.decision };
    case "code":
      return { ...known, resident: visit.resident ?? ring.resident };
    default:
      return known;
  }
}

/** @param {Ring} ring */
export function isOver(ring) {
  return ORDER[ring.stage] > ORDER.asked;
}

/**
 * Whether an answer may still be given.
 * @param {Ring} ring @param {number} time
 */
export function isWaiting(ring, time) {
  return ring.stage === "asked" && ring.answer === null && time < (ring.answerUntil ?? 0);
}

/**
 * The code that can be typed now, or null.
 * @param {Ring} ring @param {number} time
 */
export function liveCode(ring, time) {
  return !isOver(ring) && time < (ring.codeUntil ?? 0) ? ring.code : null;
}

/**
 * Whether a ring belongs on the screen.
 * @param {Ring} ring @param {number} time
 */
export function isShown(ring, time) {
  if (ring.endedAt !== null) return time < ring.endedAt + SHOWN_AFTER_END;
  const last = Math.max(ring.answerUntil ?? 0, ring.codeUntil ?? 0);
  return last > 0 ? time < last + SHOWN_AFTER_END : time < ring.since + SHOWN_UNDECIDED;
}
