// @ts-check
// Which page an address shows, and under which tab.

import { addPhoneView } from "./views/add_phone.js";
import { cameraView } from "./views/camera.js";
import { cameraPicturesView } from "./views/camera_pictures.js";
import { camerasView } from "./views/cameras.js";
import { deviceView } from "./views/device.js";
import { guestFormView } from "./views/guest_form.js";
import { guestsView } from "./views/guests.js";
import { historyView } from "./views/history.js";
import { homeView } from "./views/home.js";
import { residentView } from "./views/resident.js";
import { residentsView } from "./views/residents.js";
import { settingsView } from "./views/settings.js";
import { visitView } from "./views/visit.js";

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app @param {string[]} path
 * @returns {[import("./app.js").View, string]}
 */
export function viewOf(app, [first = "", second, third]) {
  switch (first) {
    case "history": return [historyView(app), "history"];
    case "visit": return [visitView(app, second ?? ""), "history"];
    case "residents":
      return [second === undefined ? residentsView(app) : residentView(app, second), "residents"];
    case "new-resident": return [residentView(app, null), "residents"];
    case "guests": return [guestsView(app), "guests"];
    case "new-guest": return [guestFormView(app), "guests"];
    case "cameras":
      return [second === undefined ? camerasView(app) : third === "pictures"
        ? cameraPicturesView(app, second) : cameraView(app, second), "home"];
    case "settings": return [settingsView(app), "settings"];
    case "device": return [deviceView(app, second ?? ""), "settings"];
    case "add-phone": return [addPhoneView(app), "settings"];
    default: return [homeView(app), "home"];
  }
}
