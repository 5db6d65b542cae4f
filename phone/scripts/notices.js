// @ts-check
// What a push message says on the lock screen. Pure; used by the service worker.

import { REASONS } from "./words.js";

/** @typedef {{type: string, ring: string|null, door: string|null, at: number, silent: boolean,
 *   reason?: string, photo?: string|null, answer_until?: number, code?: string, resident?: string,
 *   expires_at?: number, on_lock_screen?: boolean, by?: string, since?: number, trouble?: string}} Push */
/** @typedef {{title: string, options: NotificationOptions & {data: {ring: string|null, rank: number}}}} Notice */

/** What keeps a camera's pictures from being kept. @type {Record<string, string>} */
const TROUBLES = { disk_full: "The relay's disk is full: pictures and clips are lost.",
  unreachable: "Its stream cannot be fetched.", refused: "Something it sent could not be kept." };

/** Later ones replace earlier ones of the same ring, never the other way round.
 * @type {Record<string, number>} */
const RANKS = { pressed: 0, visitor: 1, resident: 1, code: 2, not_opened: 3, missed: 3, declined: 3,
  opened: 4 };

/** The lowest rank of a ring that is over. */
const ENDED = 3;

/** @param {string} type */
export function rank(type) {
  return RANKS[type] ?? 0;
}

/** Under which notices replace each other. @param {Push} push */
export function tagOf(push) {
  if (push.ring) return `ring-${push.ring}`;
  return push.type === "opened" ? `guest-${push.at}` : `door-${push.door}`;
}

/** @param {Push} push @returns {[string, string]} title and text */
function words(push) {
  const door = push.door ?? "the door";
  const name = push.resident ?? "A resident";
  switch (push.type) {
    case "pressed": return [`Someone is at ${door}`, ""];
    case "visitor": return [`Someone is at ${door}`, REASONS[push.reason ?? ""] ?? ""];
    case "resident": return [`${name} is at ${door}`, ""];
    case "code": return push.on_lock_screen
      ? [`${push.code}`, `${name}'s code for ${door}`]
      : [`A code for ${name}`, `Tap to see the code for ${door}.`];
    case "opened": return push.ring
      ? [`${door} opened`, push.by === "code" ? "By code" : `By ${push.by}`]
      : [`${push.by} came in`, `By PIN, at ${door}`];
    case "declined": return [`Declined at ${door}`, `By ${push.by}`];
    case "missed": return [`Missed: someone was at ${door}`, REASONS[push.reason ?? ""] ?? ""];
    case "not_opened": return [`${door} did not open`, "Go and look."];
    case "door_offline": return [`${door} is offline`, "Nobody can ring there until it is back."];
    case "door_online": return [`${door} is back`, ""];
    case "camera_trouble": return [`${door} has a problem`, TROUBLES[push.trouble ?? ""] ?? ""];
    default: return ["Doorbell", ""];
  }
}

/**
 * The notice for a push message.
 * @param {Push} push @param {number} now seconds since 1970, by this device
 * @returns {Notice}
 */
export function noticeFor(push, now) {
  const [title, body] = words(push);
  const loud = !push.silent && (push.type === "visitor" || push.type === "code");
  const asks = push.type === "visitor";
  return {
    title,
    options: /** @type {Notice["options"]} */ ({
      body, tag: tagOf(push), renotify: loud, silent: push.silent, lang: "en",
      icon: "/icons/icon-192.png", badge: "/icons/badge.png",
      timestamp: (push.at || now) * 1000, requireInteraction: asks,
      ...(asks && push.photo ? { image: push.photo } : {}),
      ...(asks ? { actions: [{ action: "let_in", title: "Let in" },
        { action: "decline", title: "Decline" }] } : {}),
      data: { ring: push.ring, rank: rank(push.type) },
    }),
  };
}

/**
 * Whether a message came after a later one of its ring; its notice must not replace that.
 * @param {number|null} shown the rank that is on the screen @param {string} type
 */
export function isOutdated(shown, type) {
  return shown !== null && rank(type) < shown;
}

/**
 * Where a tap on a notice leads: to the ring, or to what became of it.
 * @param {{ring: string|null, rank?: number}|null} data @param {string} action
 */
export function addressOf(data, action) {
  if (!data?.ring) return "/";
  if (!action && (data.rank ?? 0) >= ENDED) return `/#/visit/${data.ring}`;
  return action ? `/#ring=${data.ring}&do=${action}` : `/#ring=${data.ring}`;
}
