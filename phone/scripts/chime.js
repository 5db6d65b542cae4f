// @ts-check
// The sound of a ring, made here: two soft tones. A browser allows it after the first touch.

import { element } from "./element.js";

/** When a browser may allow sound. That a finger comes down is no such moment by the HTML standard,
 * that a mouse does is one. */
const MOMENTS = ["pointerdown", "pointerup", "touchend", "click", "keydown", "visibilitychange"];
/** Where sound is allowed without a touch it takes a moment to begin, in milliseconds. */
const BEGINS_WITHIN = 500;

/** @type {AudioContext|null} */
let speaker = null;

/** Whether a chime could be heard now. */
export function isSoundAllowed() {
  return speaker?.state === "running";
}

/**
 * Makes sound possible as soon as the browser allows it, and says so as long as it does not.
 * Returns what ends this.
 * @param {HTMLElement} place
 */
export function allowSound(place) {
  const hint = element("p", { class: "toast sound", hidden: true }, "Tap once to allow sound");
  speaker ??= "AudioContext" in window ? new AudioContext() : null;
  const say = () => { hint.hidden = speaker === null || isSoundAllowed(); };
  // It may be "suspended" or, after a call on an iPhone, "interrupted".
  const allow = () => { if (!isSoundAllowed()) speaker?.resume().then(say, () => {}); };
  for (const moment of MOMENTS) document.addEventListener(moment, allow);
  speaker?.addEventListener("statechange", say);
  const first = setTimeout(say, BEGINS_WITHIN);
  place.append(hint);
  return () => {
    for (const moment of MOMENTS) document.removeEventListener(moment, allow);
    speaker?.removeEventListener("statechange", say);
    clearTimeout(first);
    hint.remove();
  };
}

/** Two tones, and a shake where there is a motor. */
export function chime() {
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.([200, 100, 200]);
  if (speaker?.state !== "running") return;
  tone(speaker, 659.3, 0);
  tone(speaker, 523.3, 0.45);
}

/** @param {AudioContext} to @param {number} pitch Hertz @param {number} after seconds */
function tone(to, pitch, after) {
  const start = to.currentTime + after;
  const volume = to.createGain();
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.35, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 1.4);
  volume.connect(to.destination);
  for (const [part, loudness] of [[1, 1], [2, 0.3], [3, 0.08]]) {
    const voice = to.createOscillator();
    const share = to.createGain();
    voice.frequency.value = pitch * (part ?? 1);
    share.gain.value = loudness ?? 1;
    voice.connect(share).connect(volume);
    voice.start(start);
    voice.stop(start + 1.5);
  }
}
