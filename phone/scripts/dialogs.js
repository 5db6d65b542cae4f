// @ts-check
// Questions that stop the hand, and the share sheet.

import { element, fill } from "./element.js";
import { button } from "./parts.js";

/** @typedef {import("./element.js").Child} Child */

/**
 * A question in a dialog; resolves to whether it was answered with yes.
 * @param {{title: Child[], text?: Child[], yes: string, no?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text = [], yes, no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const dialog = sheet(title, element("p", {}, ...text),
      element("div", { class: "actions" },
        button(no, () => dialog.close("no"), { look: "quiet" }),
        button(yes, () => dialog.close("yes"), { look: danger ? "danger" : "main" })));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}

/**
 * Asks for a name; resolves to null if nothing was given.
 * @param {string} title @param {string} label @param {string} value
 * @returns {Promise<string|null>}
 */
export function askName(title, label, value) {
  return new Promise((resolve) => {
    const input = element("input", { type: "text", maxlength: 64, dir: "auto", value,
      autocomplete: "off", required: true });
    const form = element("form", { method: "dialog", class: "form", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) dialog.close("yes");
    } },
    element("label", { class: "field" }, element("span", { class: "label" }, label), input),
    element("div", { class: "actions" },
      button("Cancel", () => dialog.close("no"), { look: "quiet" }),
      element("button", { type: "submit", class: "button main" }, element("span", {}, "Save"))));
    const dialog = sheet([title], form);
    dialog.addEventListener("close", () =>
      resolve(dialog.returnValue === "yes" ? input.value.trim() : null));
    input.select();
  });
}

/** @param {Child[]} title @param {...Child} children */
function sheet(title, ...children) {
  const dialog = element("dialog", { class: "sheet", "aria-labelledby": "sheet-title" },
    element("h2", { id: "sheet-title" }, ...title), ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Whether something stands over the page and hides it: a question, or a film on the whole screen. */
export function isCovered() {
  return document.querySelector("dialog[open]") !== null || document.fullscreenElement !== null;
}

/** Nobody overlooks the door for it: each question is answered with no, a film becomes small again. */
export function uncover() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close("no");
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
}

/**
 * Shares a text, or copies it where nothing can be shared; what was done is shown on the button.
 * @param {string} title @param {string} text @param {string} what such as "the link"
 */
export function shareButton(title, text, what) {
  const canShare = typeof navigator.share === "function";
  const made = button(`${canShare ? "Share" : "Copy"} ${what}`, async () => {
    if (canShare) await navigator.share({ title, text }).catch(() => {});
    else if (await copy(text)) said("Copied");
    else said("Copying is not allowed here");
  }, { look: "main", symbol: canShare ? "share" : "copy" });
  /** @param {string} text */
  const said = (text) => fill(/** @type {Element} */ (made.lastElementChild), text);
  return made;
}

/** Whether it could be copied. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
