// @ts-check
// Who lives here.

import { bdi, element } from "../element.js";
import { linkTo } from "../links.js";
import { card, linkRow, loaded, page, photo } from "../parts.js";
import { icon } from "../icons.js";
import { counted } from "../words.js";

/** @typedef {import("../types.js").Resident} Resident */

/** @param {import("../app.js").App} app @returns {import("../app.js").View} */
export function residentsView(app) {
  const place = element("div", { class: "contents" });
  const node = page(["Residents"], {},
    element("p", { class: "lead" }, "Who lives here gets a code on the phone instead of a bell."), place);
  loaded(place, async () => {
    const [{ residents }] = await Promise.all([app.api.get("/residents"), app.home ?? app.refresh()]);
    return /** @type {Resident[]} */ (residents);
  }, (residents) => [
    residents.length > 0 ? card(...residents.map(row))
      : element("p", { class: "empty" }, "Nobody is known yet. Add the first person with a few photos."),
    app.manages() && element("a", { class: "button main wide bottom", href: linkTo("new-resident") },
      icon("plus"), element("span", {}, "Add a resident")),
  ]);
  return { title: "Residents", node };
}

/** @param {Resident} resident */
function row({ name, faces, photos }) {
  const good = photos.find((each) => each.failure === null) ?? photos[0];
  return linkRow(linkTo("residents", name), photo(good?.url ?? null, "", "thumb round-photo"),
    [bdi(name)], [faces === 0 ? "Not known by face yet" : `Known by ${counted(faces, "face", "faces")}`]);
}
