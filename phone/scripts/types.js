// @ts-check
// The shapes that modules hand to each other. Nothing runs here, and no page loads it.

/** @typedef {{id: string, role: "door"|"phone"|"camera", name: string, resident: string|null,
 *   manager: boolean, online: boolean, last_seen: number|null, offline_since: number|null}} Device */
/** @typedef {{hours: {start: string, end: string, zone: string}|null, until: number|null}} Quiet */
/** @typedef {{home: string, phone: Device, devices: Device[], quiet: Quiet, history_days: number,
 *   mine: {quiet: Quiet, push: boolean, code_on_lock_screen: boolean}}} Home */
/** Links to the few seconds after a press. @typedef {{gif: string, mp4: string}} Film */
/** @typedef {"pending"|"code"|"asked"|"opened"|"declined"|"missed"|"not_opened"} Outcome */
/** @typedef {{ring: string, at: number, door: string, decision: string|null,
 *   resident: string|null, outcome: Outcome, by: string|null, seconds: number|null,
 *   photo: string|null, film: Film|null, flat?: boolean}} Visit */
/** @typedef {{url: string, at: number}} Picture */
/** `door` is its name. @typedef {{id: string, name: string, door: string|null,
 *   picture: Picture|null, films: number}} Camera */
/** @typedef {{id: string, start: number, end: number}} FilmUnderWay */
/** What a camera saw, or why there is no film of it.
 * @typedef {FilmUnderWay & {frames: number, skipped: number, gif: string|null, mp4: string|null,
 *   reason: string|null}} CameraFilm */
/** A page of them. @typedef {{films: CameraFilm[], next: string|null,
 *   making: FilmUnderWay|null}} CameraFilms */
/** @typedef {{every: "never"|"day"|"week", at: string|null, zone: string|null}} Schedule */
/** @typedef {{photo: string, url: string, failure: string|null}} Photo */
/** @typedef {{name: string, faces: number, consent: {by: string, at: number}|null,
 *   photos: Photo[]}} Resident */
/** @typedef {{id: string, name: string, doors: string[], start: number, end: number,
 *   uses_left: number, used_at: number|null, pin?: string}} Guest */
/** @typedef {{code: string, link: string, expires_at: number, qr: string[]}} Pairing */
/** @typedef {{photo: string, upload: {method: string, url: string,
 *   headers: Record<string, string>}}} PhotoUpload */
/** @typedef {{socket: string, push: string|null}} Config */
/** What is kept of a pairing. @typedef {{token: string, home: string, name: string}} Paired */

/** A code that was pushed while the app was closed; `expires_at` in the cloud's seconds.
 * @typedef {{ring: string, code: string, door: string|null, resident: string,
 *   expires_at: number}} PushedCode */

/** What the socket brings, as far as a phone reads it.
 * @typedef {{type: string, ring?: string|null, door?: string|null, reason?: string,
 *   answer_within?: number, photo?: string|null, code?: string, resident?: string|null,
 *   expires_in?: number, by?: string|null, role?: string, time?: number|null, error?: string,
 *   message?: string, faces?: number, gif?: string, mp4?: string, camera?: string, name?: string,
 *   film?: string, start?: number, end?: number, frames?: number, skipped?: number,
 *   flat?: boolean|null}} Message */

/** @typedef {"pressed"|"asked"|"opened"|"not_opened"|"declined"|"missed"} Stage */
/** @typedef {"let_in"|"decline"} Answer */

/** One ring as the phone knows it; all times in the cloud's seconds.
 * @typedef {{ring: string, door: string|null, stage: Stage, since: number,
 *   reason: string|null, photo: string|null, answerUntil: number|null,
 *   code: string|null, codeUntil: number|null, resident: string|null,
 *   by: string|null, answer: Answer|null, answeredAt: number,
 *   problem: string|null, endedAt: number|null, film: Film|null,
 *   flat: boolean}} Ring */

/** What became of a photo that was to enrol somebody.
 * @typedef {{resident: string, failure: string|null}} Enrolment */

/** @typedef {"connecting"|"open"|"lost"} Line */

/** All that messages tell. `offset`: the cloud's clock less this device's monotone one.
 * @typedef {{line: Line, offset: number, synced: boolean, rings: Record<string, Ring>,
 *   photos: Record<string, Enrolment>, films: (CameraFilm & {camera: string})[]}} State */

/** What the store is told; `now` is this device's monotone clock, in seconds.
 * @typedef {{now: number} & (
 *   {kind: "message", message: Message} | {kind: "line", line: Line} |
 *   {kind: "answered", ring: string, answer: Answer} | {kind: "visits", visits: Visit[]} |
 *   {kind: "pushed", code: PushedCode} | {kind: "closed", ring: string} |
 *   {kind: "unsent", ring: string})} Happening */

export {};
