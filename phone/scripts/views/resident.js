// @ts-check
// One resident: photos, name, and leaving; or a new one.

import { part } from "../api.js";
import { ask, askName } from "../dialogs.js";
import { around, bdi, element } from "../element.js";
import { linkTo } from "../links.js";
import { button, card, field, heading, loaded, nameInput, page, photo, worker } from "../parts.js";
import { dayAndTime } from "../times.js";
import { counted, PHOTO_HINTS } from "../words.js";
import { adder } from "./add_photos.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Resident} Resident */

/** @param {App} app @param {string|null} name null for a new resident @returns {import("../app.js").View} */
export function residentView(app, name) {
  return name === null ? newResident(app) : knownResident(app, name);
}

/** @param {App} app @returns {import("../app.js").View} */
function newResident(app) {
  const input = nameInput("", { required: true });
  const photos = adder(app, () => input.value.trim());
  const node = page(["New resident"], { back: linkTo("residents") },
    card(element("div", { class: "form" }, field("Name", input)), photos.node),
    button("Done", () => {
      if (input.value.trim() && photos.count() > 0) app.go("residents", input.value.trim());
      else app.go("residents");
    }, { look: "quiet wide bottom" }));
  return { title: "New resident", node, update: photos.update, close: photos.close };
}

/** @param {App} app @param {string} name @returns {import("../app.js").View} */
function knownResident(app, name) {
  const place = element("div", { class: "contents" });
  const node = page([bdi(name)], { back: linkTo("residents") }, place);
  const photos = adder(app, () => name);
  loaded(place, async () => {
    const [{ residents }] = await Promise.all([app.api.get("/residents"), app.home ?? app.refresh()]);
    const found = /** @type {Resident[]} */ (residents).find((each) => each.name === name);
    if (!found) throw { name: "not_found" };
    return found;
  }, (resident) => [
    card(heading(`Known by ${counted(resident.faces, "face", "faces")}`),
      element("ul", { class: "photos" }, ...resident.photos.map((each, place) =>
        photoItem(app, name, each, place + 1))),
      element("p", { class: "hint" }, ...consent(resident, app.store.time()))),
    app.manages() && card(heading("Add photos"), photos.node),
    app.manages() && changes(app, name),
  ]);
  return { title: name, node, update: photos.update, close: photos.close };
}

/** Who said that they agree, and when; a photo may have been put by hand. @param {Resident} resident
 * @param {number} time */
function consent({ consent: said, faces, photos }, time) {
  if (said) return [...around("{} said that this person agrees: ", said.by || "Somebody"), dayAndTime(said.at, time)];
  return faces + photos.length > 0 ? ["Nobody has said that this person agrees."] : [];
}

/** @param {App} app @param {string} name @param {import("../types.js").Photo} shown @param {number} place */
function photoItem(app, name, shown, place) {
  const said = element("p", { class: "problem", role: "alert" });
  const item = element("li", { class: shown.failure ? "failed" : "" },
    photo(shown.url, `Photo ${place}`, "square"),
    element("p", { class: "hint" }, shown.failure ? PHOTO_HINTS[shown.failure] ?? "Gives no face." : ""),
    app.manages() && worker("Remove", async () => {
      await app.api.remove(`/residents/${part(name)}/photos/${part(shown.photo)}`);
      item.remove();
    }, { look: "small quiet", said }));
  return item;
}

/** @param {App} app @param {string} name */
function changes(app, name) {
  const rename = worker("Rename", async () => {
    const wanted = await askName("Rename", "Name", name);
    if (wanted === null || wanted === name) return;
    await app.api.patch(`/residents/${part(name)}`, { name: wanted });
    location.replace(linkTo("residents", wanted));
  }, { look: "quiet" });
  const remove = worker("Remove", async () => {
    const sure = await ask({ title: around("Remove {}?", name), danger: true, yes: "Remove",
      text: ["All photos and faces of this person are deleted everywhere. The bell rings for them " +
        "as for anybody else. Their phone and the history stay."] });
    if (!sure) return;
    await app.api.remove(`/residents/${part(name)}`);
    app.say(...around("{} was removed", name));
    app.go("residents");
  }, { look: "danger-quiet", symbol: "trash" });
  return element("div", { class: "actions" }, rename, remove);
}
