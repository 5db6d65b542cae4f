// @ts-check
// Ties the socket to the store, and looks into the history for what happened without a line.

import { byId } from "./app.js";
import { isSoundAllowed } from "./chime.js";
import { monotone } from "./clock.js";
import { around, fill } from "./element.js";
import { isOver } from "./rings.js";
import { Socket } from "./socket.js";
import { liveCodes } from "./storage.js";
import { FILM_FAILURES } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */

/** Another resident's code goes to their phones alone; after these seconds the history is asked. */
const UNCLEAR_AFTER = 3;
/** Seconds; the notice that is pushed waits for it. */
const CARRIES_WITHIN = 0.8;

/** @param {App} app @param {string} address the socket's */
export function connect(app, address) {
  const socket = new Socket(`${address}?token=${encodeURIComponent(app.paired.token)}`, {
    now: monotone,
    heard: (message) => hear(app, message),
    line: (line) => {
      app.store.tell({ kind: "line", line });
      showLine(app);
    },
    // A browser is not told why a handshake failed; the API says whether the token still lives.
    refused: () => app.refresh().catch(() => {}),
    atTheDoor: () => app.store.rings().some((ring) => !isOver(ring)),
  });
  setTimeout(() => showLine(app), 2500);
  setInterval(() => { if (app.store.rings().some(isUnclear)) look(app); }, UNCLEAR_AFTER * 1000);

  /** @param {import("./types.js").Ring} ring */
  function isUnclear(ring) {
    return ring.stage === "pressed" && !ring.resident && app.store.time() > ring.since + UNCLEAR_AFTER;
  }
  return socket;
}

/** @param {App} app @param {Message} message */
function hear(app, message) {
  app.store.tell({ kind: "message", message });
  if (message.type === "hello") {
    look(app);
    readPushedCodes(app);
  }
  if (message.type === "opened" && !message.ring) app.say(...around("{} came in", message.by ?? ""));
  if (message.type === "camera_film") app.say(...around("A film of {} is there", message.name ?? ""));
  if (message.type === "camera_film_failed") {
    app.say(...around(`No film of {}: ${FILM_FAILURES[message.reason ?? ""] ?? ""}`, message.name ?? ""));
  }
  if (message.type === "error" && ["already_answered", "too_late"].includes(message.error ?? "")) {
    look(app);
  }
}

/** What does not come again by `hello`, the history knows. @param {App} app */
async function look(app) {
  const { rings } = await app.api.rings().catch(() => ({ rings: [] }));
  app.store.tell({ kind: "visits", visits: rings });
}

/** Codes that were pushed while the app was closed. Before the cloud has told the time, a live one
 * may look as if it were over: `hello` reads them again. @param {App} app */
export async function readPushedCodes(app) {
  if (document.visibilityState !== "visible") return;
  const codes = await liveCodes(app.store.time(), app.store.state.synced).catch(() => []);
  for (const code of codes) app.store.tell({ kind: "pushed", code });
}

/**
 * Something was pushed, or a notice tapped: looks for what the line may not have brought. Resolves
 * to whether a ring is seen and heard here: the line was tried and carries, and sound is allowed.
 * @param {App} app @param {Socket} socket
 */
export async function isHeardHere(app, socket) {
  if (document.visibilityState !== "visible") return false;
  const carries = socket.carries(CARRIES_WITHIN);
  readPushedCodes(app);
  look(app);
  return (await carries) && isSoundAllowed();
}

/** A line that is down is said, not hidden. @param {App} app */
function showLine(app) {
  const place = byId("line");
  const { line } = app.store.state;
  place.hidden = line === "open";
  fill(place, line === "open" ? "" : navigator.onLine
    ? "Not connected. Trying again …" : "This phone is offline.");
}
