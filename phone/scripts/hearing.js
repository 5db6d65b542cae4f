// @ts-check
// Whether a ring is heard from the app itself: the service worker asks the windows.

import { within } from "./within.js";

/** @typedef {{visibilityState: string,
 *   postMessage: (message: string, transfer: Transferable[]) => void}} Window */

/** Seconds; then the notice is shown as it would be without them. */
const ANSWER_WITHIN = 1;

/**
 * Tells every window that something was pushed. Resolves to whether somebody looks at one of them,
 * and it says that its line carries and that it can be heard.
 * @param {readonly Window[]} windows
 */
export async function isHeard(windows) {
  return await within(ANSWER_WITHIN, Promise.any(windows.map(isHeardFrom))) !== null;
}

/** Rejects if it is not. @param {Window} window @returns {Promise<void>} */
function isHeardFrom(window) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data === true ? resolve() : reject(new Error("silent")));
    window.postMessage("pushed", [port2]);
    if (window.visibilityState !== "visible") reject(new Error("hidden"));
  });
}
