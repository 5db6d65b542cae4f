// @ts-check
// Notices on this phone while the app is closed, as they really stand.

import { element, fill } from "../element.js";
import { toggle } from "../parts.js";
import { notices, setCodeOnLockScreen, turnOff, turnOn } from "../push.js";

/** @typedef {import("../types.js").Home} Home */

/** Why there can be none. @type {Record<string, string>} */
const WHY_NOT = {
  denied: "Notices are blocked for this app. Allow them in the browser's settings for this page.",
  unsupported: "This browser cannot show notices while the app is closed.",
  install: "On an iPhone: Share, “Add to Home Screen”, and open Doorbell from there. Only there can it notify you.",
  unavailable: "This home sends no notices to closed apps.",
};

/** @param {import("../app.js").App} app @param {Home} home */
export function noticesPart(app, home) {
  const place = element("div", { class: "contents" });
  const key = app.config.push;

  async function draw() {
    const state = await notices(key).catch(() => /** @type {const} */ ("unsupported"));
    const why = WHY_NOT[state];
    if (why !== undefined || key === null) {
      fill(place, element("p", { class: "note" }, why ?? ""));
      return;
    }
    // What the browser has and the home does not know is no notice.
    const on = state === "on" && home.mine.push;
    fill(place, toggle("Notices when the app is closed", on, async (wanted) => {
      await (wanted ? turnOn(app.api, key, home.mine.code_on_lock_screen) : turnOff(app.api));
      home.mine.push = wanted && (await notices(key)) === "on";
      await draw();
    }), on && toggle("Code on the lock screen", home.mine.code_on_lock_screen, async (wanted) => {
      await setCodeOnLockScreen(app.api, wanted);
      home.mine.code_on_lock_screen = wanted;
    }, "Whoever holds this phone can read it. Off: the notice only says that a code is there."));
  }
  draw();
  return place;
}
