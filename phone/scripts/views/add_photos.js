// @ts-check
// Photos of a resident, from the camera or from files: each is sent, and tells what was found in it.

import { part, put } from "../api.js";
import { element, fill } from "../element.js";
import { icon } from "../icons.js";
import { jpegOf, NoPicture } from "../pictures.js";
import { problemPlace, tick } from "../parts.js";
import { PHOTO_HINTS, sentence } from "../words.js";

/** @typedef {{id: string|null, name: HTMLElement, state: HTMLElement, node: HTMLElement}} Sent */

/** Seconds until nothing more is expected to be heard of a photo. */
const FACE_WAIT = 45;

/**
 * @param {import("../app.js").App} app @param {() => string} nameOf whose photos they are
 */
export function adder(app, nameOf) {
  /** @type {Sent[]} */
  const sent = [];
  /** @type {string[]} */
  const addresses = [];
  const said = problemPlace();
  const list = element("ul", { class: "photos", "aria-live": "polite" });
  const agreed = tick(["I asked, and this person agrees that photos of their face are kept and " +
    "compared with whoever rings."], () => fill(said));
  const node = element("div", { class: "form" },
    element("p", { class: "hint" }, "Three photos in different light work best, of one person alone."),
    agreed.node,
    element("div", { class: "actions" }, chooser("Take a photo", "camera", { capture: "user" }),
      chooser("Choose photos", "plus", { multiple: true })), said, list);

  /** @param {string} text @param {"camera"|"plus"} symbol @param {import("../element.js").Properties} more */
  function chooser(text, symbol, more) {
    const input = element("input", { type: "file", accept: "image/*", class: "unseen", ...more,
      onclick: (/** @type {Event} */ event) => { if (!ready()) event.preventDefault(); },
      onchange: () => {
        for (const file of input.files ?? []) add(file);
        input.value = "";
      } });
    return element("label", { class: "button quiet" }, input, icon(symbol), element("span", {}, text));
  }

  function ready() {
    const missing = !nameOf() ? "Enter the name first." : !agreed.input.checked
      ? "Tick the box first: the person has to agree." : "";
    fill(said, missing);
    return missing === "";
  }

  /** @param {File} file */
  async function add(file) {
    const state = element("p", { class: "hint", role: "status" }, "Preparing …");
    const frame = element("span", { class: "photo square" });
    const item = { id: /** @type {string|null} */ (null), name: frame, state,
      node: element("li", {}, frame, state) };
    list.append(item.node);
    sent.push(item);
    try {
      const jpeg = await jpegOf(file);
      const address = URL.createObjectURL(jpeg);
      addresses.push(address);
      frame.append(element("img", { src: address, alt: "" }));
      fill(state, "Sending …");
      const { photo, upload } = await app.api.post(
        `/residents/${part(nameOf())}/photos`, { consent: true });
      item.id = photo;
      await put(upload, jpeg);
      if (!app.store.state.photos[photo]) fill(state, "Looking for the face …");
      setTimeout(() => { if (item.id) fill(state, "No word yet. Look again later."); },
        FACE_WAIT * 1000);
      update();
    } catch (problem) {
      item.id = null;
      item.node.className = "failed";
      fill(state, problem instanceof NoPicture ? problem.message : sentence(problem));
    }
  }

  function update() {
    for (const item of sent) {
      const found = item.id ? app.store.state.photos[item.id] : undefined;
      if (!found) continue;
      item.id = null;
      item.node.className = found.failure ? "failed" : "done";
      fill(item.state, found.failure ? PHOTO_HINTS[found.failure] ?? "Gives no face."
        : "Face found");
    }
  }

  return { node, update, count: () => sent.length,
    close: () => addresses.forEach((address) => URL.revokeObjectURL(address)) };
}
