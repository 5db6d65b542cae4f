// @ts-check
// What the app says, where the cloud sends a name.

/** @typedef {import("./types.js").Visit} Visit */
/** @typedef {import("./types.js").Ring} Ring */

/** Why it rang. @type {Record<string, string>} */
export const REASONS = {
  stranger: "Not somebody who lives here",
  no_face: "No face can be seen",
  unreadable: "The photo cannot be read",
  unavailable: "The face was not compared",
  no_photo: "The door sent no photo",
  no_phone: "A resident, whose code nobody saw",
  late: "The photo came late",
};

/** Of a ring whose film says so. */
export const FLAT = "What is seen moves like a flat picture.";
/** While a resident decides. */
export const FLAT_ADVICE = `${FLAT} Look twice before you open.`;

/** Why a photo gave no face, and what helps. @type {Record<string, string>} */
export const PHOTO_HINTS = {
  no_face: "No face found. Look straight into the camera.",
  several_faces: "More than one face. Take a photo of one person alone.",
  too_small: "The face is too small. Come closer.",
  too_dark: "Too dark. Find more light.",
  blurred: "Blurred. Hold the phone still.",
  unreadable: "This photo cannot be read. Take another one, or save it as JPEG.",
  misplaced: "This file lies in no resident's folder, so it enrols nobody.",
  unavailable: "Something failed. Add the photo again.",
};

/** Why there is no film. @type {Record<string, string>} */
export const FILM_FAILURES = {
  no_pictures: "no picture of that time can be opened.",
  too_large: "its pictures are too large.",
  too_many: "it has too many pictures.",
  unavailable: "something failed. Please try again.",
};

/** Why an answer at the door did not count. @type {Record<string, string>} */
export const ANSWER_PROBLEMS = {
  already_answered: "Another phone was quicker. Your answer did not count.",
  too_late: "Too late: the time to answer is over.",
  not_waiting: "This visitor does not wait for an answer.",
  not_allowed: "This visitor is not known here any more.",
  try_again: "That did not work. Please answer again.",
  answer_lost: "Your answer did not arrive. Please answer again.",
  offline: "No connection: your answer was not sent.",
};

/** What the API refuses, where its own sentence is not enough. @type {Record<string, string>} */
export const PROBLEMS = {
  offline: "No connection. Nothing was changed.",
  no_such_pairing: "This link is wrong, used or older than ten minutes. Ask for a new one.",
  not_manager: "Only a phone that manages the home may do this.",
  not_found: "This is not there any more.",
  last_manager: "The home needs a phone that manages it. Make another phone a manager first.",
  name_taken: "There is one of this name already.",
  film_under_way: "A film of this camera is being made. Wait until it is there.",
  changed: "Another phone has changed this meanwhile. Look at it again.",
  no_consent: "The person has to agree first.",
  bad_name: "This name cannot be kept. Please choose another one.",
  bad_endpoint: "This browser's push service is not accepted.",
  try_again: "That did not work, and nothing was changed. Please try again.",
};

/** Headlines of a ring that is over. @param {Ring} ring */
export function outcomeOfRing(ring) {
  switch (ring.stage) {
    case "opened": return ring.by === "code" || !ring.by ? "Opened by code" : `Opened by ${ring.by}`;
    case "not_opened": return "The door did not open";
    case "declined": return ring.by ? `Declined by ${ring.by}` : "Declined";
    case "missed": return "Missed";
    default: return "";
  }
}

/** What happened, for the history. @param {Visit} visit */
export function outcomeOfVisit(visit) {
  switch (visit.outcome) {
    case "pending": return "At the door now";
    case "asked": return "Waiting for an answer";
    case "code": return "Got a code";
    case "opened":
      if (visit.by === "code") return "Came in by code";
      return visit.by ? `Let in by ${visit.by}` : "Let in";
    case "declined": return visit.by ? `Declined by ${visit.by}` : "Declined";
    case "missed": return "Missed";
    case "not_opened": return "The door did not open";
  }
}

/** Who it was, for the history. @param {Visit} visit */
export function whoCame(visit) {
  if (visit.resident) return visit.resident;
  return visit.decision === null ? "Somebody" : WHO[visit.decision] ?? "Somebody";
}

/** @type {Record<string, string>} */
const WHO = {
  resident: "A resident", guest: "A guest", stranger: "A visitor", no_face: "No face seen",
  unreadable: "Photo not readable", unavailable: "Not compared", no_photo: "No photo",
  no_phone: "A resident", late: "Somebody, late",
};

/** @param {unknown} problem what was thrown */
export function sentence(problem) {
  const { name = "", title = "" } = /** @type {{name?: string, title?: string}} */ (problem ?? {});
  return PROBLEMS[name] ?? (title || PROBLEMS["try_again"] || "");
}

/** One, or many with the figure. @param {number} count @param {string} one @param {string} many */
export function counted(count, one, many) {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
