// @ts-check
// One ring: the photo, who it is, and what can be done about it.

import { copy } from "../dialogs.js";
import { around, element, fill } from "../element.js";
import { icon } from "../icons.js";
import { button, film, photo, remark } from "../parts.js";
import { isOver, isWaiting, liveCode } from "../rings.js";
import { countdown } from "../times.js";
import { ANSWER_PROBLEMS, FLAT_ADVICE, outcomeOfRing, REASONS } from "../words.js";
import { holdButton } from "./hold.js";

/** @typedef {import("../types.js").Ring} Ring */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {{ring: Ring, app: import("../app.js").App, wished: Answer|null,
 *   old: HTMLImageElement|null, answer: (answer: Answer) => void,
 *   wish: (answer: Answer|null) => void, close: () => void}} Task */
/** @typedef {{node: HTMLElement, tick: () => void}} Panel */

/** @type {Record<string, import("../parts.js").IconName>} */
const OUTCOMES = { opened: "check", declined: "cross", missed: "bell", not_opened: "door" };

/** A second tap of a nervous finger must not confirm, in milliseconds. */
const CONFIRM_AFTER = 400;

/** @param {Task} task @returns {Panel} */
export function ringPanel(task) {
  const { ring, app } = task;
  const code = liveCode(ring, app.store.time());
  const timer = timeLeft(task, code !== null);
  const body = code !== null ? codePart(code, ring) : null;
  const node = element("div", { class: `ring-panel ${code ? "with-code" : ""} ${ring.stage}`,
    "data-ring": ring.ring },
    (ring.photo || !code) && picture(task),
    element("div", { class: "ring-words" },
      isOver(ring) && element("span", { class: "outcome" }, icon(OUTCOMES[ring.stage] ?? "bell")),
      element("h1", { tabindex: -1 }, ...headline(ring, code)),
      element("p", { class: "lead" }, ...below(ring, code)), body),
    element("div", { class: "ring-actions" }, timer?.node,
      element("p", { class: "problem", role: "alert" },
        ring.problem && (ANSWER_PROBLEMS[ring.problem] ?? "")),
      ...actions(task)));
  return { node, tick: timer?.tick ?? (() => {}) };
}

/** The photo; one that is on the screen already stays. @param {Task} task */
function picture({ ring, old }) {
  const same = old && ring.photo && pathOf(old.src) === pathOf(ring.photo);
  const frame = photo(same ? null : ring.photo, "The visitor at the door", "door-photo");
  if (same) {
    frame.append(old);
    frame.classList.add("loaded");
  }
  if (ring.stage === "pressed" && !ring.photo) frame.classList.add("awaited");
  return frame;
}

/** Into the photo's frame, once there is one: drawing anew would disturb a hand on the buttons.
 * @param {Element} place @param {Ring} ring */
export function addFilm(place, ring) {
  const frame = place.querySelector(".door-photo");
  if (!ring.film || !(frame instanceof HTMLElement) || frame.dataset["film"]) return;
  frame.dataset["film"] = ring.ring;
  frame.append(film(ring.film, "The visitor at the door, moving"));
  if (ring.flat && !isOver(ring)) frame.append(remark(FLAT_ADVICE));
}

/** An address without the signature, which differs each time. @param {string} url */
function pathOf(url) {
  return url.split("?")[0];
}

/** @param {Ring} ring @param {string|null} code */
function headline(ring, code) {
  const door = ring.door ?? "the door";
  if (isOver(ring) && ring.stage !== "missed") return [outcomeOfRing(ring)];
  if (ring.stage === "missed") return around("You missed someone at {}", door);
  return ring.resident && ring.stage === "pressed" ? around("{} is at {}", ring.resident, door)
    : around("Someone is at {}", door);
}

/** @param {Ring} ring @param {string|null} code @returns {(Node|string)[]} */
function below(ring, code) {
  const door = ring.door ?? "the door";
  if (ring.stage === "not_opened") return ["It was told to, and did not say that it did. Go and look."];
  if (isOver(ring) && ring.stage !== "missed") return around("{}", door);
  if (code) return ["Type this code at the door."];
  if (ring.answer === "let_in" && !ring.problem) return ["You let them in. Opening …"];
  if (ring.answer === "decline" && !ring.problem) return ["You declined."];
  if (ring.reason) return [REASONS[ring.reason] ?? ""];
  if (ring.code) return ["The code is over. Another press of the bell gives a new one."];
  return [ring.resident ? "The code is on another phone." : "The photo is on its way."];
}

/** The digits, to read and to copy. @param {string} code @param {Ring} ring */
function codePart(code, ring) {
  const hint = element("span", { class: "hint" }, "Tap to copy");
  return element("button", { type: "button", class: "code",
    "aria-label": `Code ${[...code].join(" ")}, copy`,
    onclick: async () => fill(hint, (await copy(code)) ? "Copied" : "Copying is not allowed here") },
  element("span", { class: "digits" }, element("span", {}, code.slice(0, 3)),
    element("span", {}, code.slice(3))), hint);
}

/** @param {Task} task @param {boolean} forCode */
function timeLeft({ ring, app }, forCode) {
  const until = forCode ? ring.codeUntil : ring.answerUntil;
  if (until === null || isOver(ring) || (ring.answer && !forCode)) return null;
  const whole = Math.max(1, until - ring.since);
  const figures = element("span", { class: "figures", role: "timer" });
  const bar = element("span", { class: "time-bar" });
  return {
    node: element("div", { class: "time-left" }, bar,
      element("span", {}, forCode ? "Good for " : "Time to answer ", figures)),
    tick: () => {
      const left = Math.max(0, until - app.store.time());
      figures.textContent = countdown(left);
      bar.style.transform = `scaleX(${Math.min(1, left / whole)})`;
    },
  };
}

/** @param {Task} task */
function actions(task) {
  const { ring, app, wished } = task;
  const waiting = isWaiting(ring, app.store.time());
  if (waiting && wished) return confirmation(task, wished);
  if (waiting) return answers(task);
  if (isOver(ring) || ring.problem) return [button("Close", task.close, { look: "quiet wide" })];
  if (ring.stage === "pressed" && ring.resident) {
    return liveCode(ring, app.store.time()) ? [] : [button("Close", task.close, { look: "quiet wide" })];
  }
  if (ring.stage === "asked" && ring.answer === null) {
    return [element("p", { class: "hint" }, "The time to answer is over."),
      button("Close", task.close, { look: "quiet wide" })];
  }
  return [];
}

/** @param {Task} task */
function answers({ answer, wish, app }) {
  const hint = element("p", { class: "hint", role: "status" }, "Hold the button to open the door.");
  if (app.store.state.line !== "open") fill(hint, "Not connected. You can answer when the line is back.");
  const hold = holdButton("Hold to let in", () => answer("let_in"), (byReader) => {
    if (byReader) wish("let_in");
    else fill(hint, "Keep holding until the bar is full.");
  });
  return [hint, element("div", { class: "answers" },
    button("Decline", () => wish("decline"), { look: "quiet", symbol: "cross" }), hold)];
}

/** @param {Task} task @param {Answer} wished */
function confirmation({ ring, answer, wish }, wished) {
  const letIn = wished === "let_in";
  const yes = button(letIn ? "Yes, let in" : "Yes, decline", () => answer(wished),
    { look: letIn ? "main" : "danger", symbol: letIn ? "open" : "cross" });
  yes.disabled = true;
  setTimeout(() => { yes.disabled = false; }, CONFIRM_AFTER);
  return [element("p", { class: "question" }, ...around(letIn ? "Open {} for this visitor?"
    : "Tell the visitor at {} that nobody comes?", ring.door ?? "the door")),
  element("div", { class: "answers" }, button("Back", () => wish(null), { look: "quiet" }), yes)];
}
