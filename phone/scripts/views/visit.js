// @ts-check
// One ring of the history, large; "This is …" teaches the face on its photo.

import { Problem, part } from "../api.js";
import { around, bdi, element, fill } from "../element.js";
import { linkTo } from "../links.js";
import { busy, card, field, film, heading, loaded, nameInput, page, photo, problemPlace, tick } from "../parts.js";
import { dayAndTime, duration } from "../times.js";
import { FLAT, outcomeOfVisit, PHOTO_HINTS, REASONS, whoCame } from "../words.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Visit} Visit */

/** Seconds until nothing more is expected to be heard of a photo. */
const FACE_WAIT = 30;

/** @param {App} app @param {string} ring @returns {import("../app.js").View} */
export function visitView(app, ring) {
  const title = element("span", {}, "Visit");
  const place = element("div", { class: "contents" });
  const node = page([title], { back: linkTo("history") }, place);
  /** @type {() => void} */
  let update = () => {};
  loaded(place, async () => {
    const visit = /** @type {Visit} */ (await app.api.get(`/rings/${part(ring)}`));
    const asks = app.manages() && visit.photo !== null;
    const answer = asks ? await app.api.get("/residents") : { residents: [] };
    return { visit, names: answer.residents.map((/** @type {{name: string}} */ each) => each.name) };
  }, ({ visit, names }) => {
    fill(title, bdi(whoCame(visit)));
    const naming = app.manages() && visit.photo !== null ? namePart(app, visit, names) : null;
    update = naming?.update ?? update;
    return [pictureOf(visit), facts(app, visit), naming?.node];
  });
  return { title: "Visit", node, update: () => update() };
}

/** The photo, and the film over it. @param {Visit} visit */
function pictureOf(visit) {
  if (!visit.photo && !visit.film) return null;
  const frame = photo(visit.photo, "The photo of this ring", "door-photo");
  if (visit.film) frame.append(film(visit.film, "The film of this ring"));
  return frame;
}

/** @param {App} app @param {Visit} visit */
function facts(app, visit) {
  const reason = visit.decision === null ? null : REASONS[visit.decision];
  /** @type {[string, Node|string|null|undefined][]} */
  const rows = [["When", dayAndTime(visit.at, app.store.time())], ["Door", bdi(visit.door)],
    ["What happened", bdi(outcomeOfVisit(visit))], ["Why it rang", reason],
    ["In the film", visit.flat ? FLAT : null],
    ["It took", visit.seconds === null ? null : duration(visit.seconds)]];
  return card(element("dl", { class: "facts" }, ...rows.flatMap(([name, value]) =>
    value ? [element("dt", {}, name), element("dd", {}, value)] : [])));
}

/** @param {App} app @param {Visit} visit @param {string[]} names */
function namePart(app, visit, names) {
  const said = problemPlace();
  const result = element("p", { class: "result", role: "status" });
  const list = element("datalist", { id: "names" },
    ...names.map((name) => element("option", { value: name })));
  const input = nameInput("", { list: "names", required: true });
  const agreed = tick(["This person agrees that the doorbell knows their face."]);
  const save = element("button", { type: "submit", class: "button main" },
    element("span", {}, "Remember this face"));
  /** @type {string|null} */
  let photoId = null;
  const form = element("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    busy(save, send, said);
  } }, field("This is …", input, "Somebody who lives here, or a new name."), agreed.node, said, save,
  list, result);

  async function send() {
    if (!agreed.input.checked) throw new Problem("no_consent", "");
    const answer = await app.api.post(`/rings/${part(visit.ring)}/face`,
      { resident: input.value.trim(), consent: true });
    photoId = answer.photo;
    fill(result, "Looking at the face …");
    setTimeout(() => { if (photoId) fill(result, "No word yet. Look at the resident later."); },
      FACE_WAIT * 1000);
    update();
  }

  function update() {
    const found = photoId ? app.store.state.photos[photoId] : undefined;
    if (!found) return;
    photoId = null;
    fill(result, ...(found.failure ? [PHOTO_HINTS[found.failure] ?? "That did not work."]
      : around("Done. {} is known at the door from now on.", found.resident)));
  }
  return { node: card(heading("Do you know who it is?"), form), update };
}
