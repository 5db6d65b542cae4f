// @ts-check
// A new release of the app: looked for now and then, and taken when that disturbs nobody.

import { isSoundAllowed } from "./chime.js";

/** Milliseconds. */
const LOOK_AFTER = 60 * 60 * 1000;
const LOOK_EVERY = 24 * LOOK_AFTER;
const TRY_EVERY = 3000;
const SOUND_WITHIN = 500;

/**
 * Looks for releases while the app is open, and loads the app anew once there is one.
 * @param {() => boolean} isFree whether nobody is at the door, and no hand on the page
 */
export function takeReleases(isFree) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const sound = soundsUntouched();
  let looked = Date.now();
  let isFirst = workers.controller === null;

  function look() {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AFTER) return;
    looked = Date.now();
    workers.getRegistration().then((worker) => worker?.update()).catch(() => {});
  }
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", look);
  workers.addEventListener("controllerchange", () => {
    // The first worker of a phone takes over, too, and is no new release.
    if (!isFirst) setInterval(tryToLoad, TRY_EVERY);
    isFirst = false;
  });

  async function tryToLoad() {
    // Where sound needs a touch, it would need another one: a bell that can be heard stays so.
    const isHeard = isSoundAllowed() && !(await sound);
    if (isFree() && (document.hidden || !isHeard)) location.reload();
  }
}

/** Whether this browser lets the bell sound before it is touched. @returns {Promise<boolean>} */
function soundsUntouched() {
  return new Promise((resolve) => { setTimeout(() => resolve(
    isSoundAllowed() && navigator.userActivation?.hasBeenActive === false), SOUND_WITHIN); });
}
