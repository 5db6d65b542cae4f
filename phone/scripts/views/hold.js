// @ts-check
// A button that must be held: a stray tap opens nothing.

import { element } from "../element.js";
import { icon } from "../icons.js";

/** Milliseconds. */
export const HOLD = 700;

/**
 * Calls `done` after it was held, by finger, mouse, Enter or Space. A tap alone calls `tapped`.
 * A button that has left the page calls nothing: it does not hear when its finger is lifted.
 * @param {string} text @param {() => void} done @param {(byReader: boolean) => void} tapped
 * `byReader`: the click came without finger or key, as a screen reader makes it
 */
export function holdButton(text, done, tapped) {
  const bar = element("span", { class: "hold-bar" });
  const made = element("button", { type: "button", class: "button main hold" }, bar,
    icon("open"), element("span", {}, text));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let held = false;
  let touched = -Infinity;

  function begin() {
    if (timer !== undefined) return;
    held = false;
    touched = performance.now();
    made.classList.add("holding");
    timer = setTimeout(() => {
      cancel();
      if (!made.isConnected) return;
      held = true;
      navigator.vibrate?.(30);
      done();
    }, HOLD);
  }

  function cancel() {
    clearTimeout(timer);
    timer = undefined;
    made.classList.remove("holding");
  }

  made.addEventListener("pointerdown", (event) => { if (event.button === 0) begin(); });
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    made.addEventListener(name, cancel);
  }
  made.addEventListener("contextmenu", (event) => event.preventDefault());
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!event.repeat) begin();
  });
  made.addEventListener("keyup", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cancel();
    if (!held) tapped(false);
  });
  made.addEventListener("click", () => {
    if (!held) tapped(performance.now() - touched > 2000);
    held = false;
  });
  return made;
}
