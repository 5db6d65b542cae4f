// @ts-check
// Films of cameras that the socket told of.

/** @typedef {import("./types.js").CameraFilm & {camera: string}} ToldFilm */

/**
 * The films with the one that a message tells of, or why it failed. What comes twice is there once.
 * @param {ToldFilm[]} films @param {import("./types.js").Message} message
 * @returns {ToldFilm[]}
 */
export function withFilm(films, message) {
  const { camera = "", film: id = "", start = 0, end = 0, frames = 0, skipped = 0 } = message;
  return [...films.filter((each) => each.id !== id), { camera, id, start, end, frames, skipped,
    gif: message.gif ?? null, mp4: message.mp4 ?? null, reason: message.reason ?? null }];
}
