import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../phone/scripts/backoff.js";
import { linkTo, pairingCode, placeOf } from "../../phone/scripts/links.js";
import { withFilm } from "../../phone/scripts/films.js";
import { addressOf, isOutdated, noticeFor, tagOf } from "../../phone/scripts/notices.js";
import { byDay, hasMore, noPages, withPage } from "../../phone/scripts/pages.js";
import { fitted, kindOf } from "../../phone/scripts/pictures.js";
import { isQuiet } from "../../phone/scripts/quiet.js";
import { parsed } from "../../phone/scripts/socket.js";
import { countdown, fieldDay, fieldTime, fromDay, fromField } from "../../phone/scripts/times.js";
import { ANSWER_PROBLEMS, outcomeOfVisit, PHOTO_HINTS, PROBLEMS, REASONS, sentence, whoCame }
  from "../../phone/scripts/words.js";

const at = (text) => Date.parse(text) / 1000;
const quiet = (start, end, zone = "Europe/Berlin") => ({ hours: { start, end, zone }, until: null });

test("quiet hours go over midnight, by the clock of their own place", () => {
  const night = quiet("22:00", "07:00");
  assert.ok(isQuiet(night, at("2026-01-10T21:00:00Z")), "22:00 in Berlin");
  assert.ok(isQuiet(night, at("2026-01-10T05:59:00Z")), "06:59 in Berlin");
  assert.ok(!isQuiet(night, at("2026-01-10T06:00:00Z")), "07:00 in Berlin");
  assert.ok(!isQuiet(night, at("2026-01-10T20:59:00Z")), "21:59 in Berlin");
});

test("quiet hours follow summer time", () => {
  const noon = quiet("12:00", "13:00");
  assert.ok(isQuiet(noon, at("2026-07-01T10:30:00Z")));
  assert.ok(isQuiet(noon, at("2026-01-01T11:30:00Z")));
});

test("hours that end as they start are none, and do not disturb ends by itself", () => {
  assert.ok(!isQuiet(quiet("12:00", "12:00"), at("2026-01-01T11:00:00Z")));
  assert.ok(isQuiet({ hours: null, until: 1000 }, 999));
  assert.ok(!isQuiet({ hours: null, until: 1000 }, 1000));
});

test("hours of a place that this browser does not know are not quiet: it rings", () => {
  const unknown = quiet("00:00", "23:59", "Europe/Nowhere");
  assert.equal(isQuiet(unknown, at("2026-01-10T12:00:00Z")), false);
  assert.ok(isQuiet({ ...unknown, until: 1000 }, 999), "a moment needs no place");
});

test("an address leads to its page", () => {
  assert.deepEqual(placeOf("#pair=home.abc"), { page: "pair", code: "home.abc" });
  assert.deepEqual(placeOf("#ring=R1&do=let_in"), { page: "ring", ring: "R1", answer: "let_in" });
  assert.deepEqual(placeOf("#ring=R1&do=open"), { page: "ring", ring: "R1", answer: null });
  assert.deepEqual(placeOf(""), { page: "view", path: [] });
});

test("an address that somebody made up leads to the first page", () => {
  for (const hash of ["#pair=<b>", "#ring=../x", "#/%E0%A4", "#pair=", "#nonsense"]) {
    assert.deepEqual(placeOf(hash), { page: "view", path: [] }, hash);
  }
});

test("any name comes back from its address", () => {
  for (const name of ["Anna", "a/b", "50%", "<b>", "ירדן", "👩‍👧", "#?&", ".."]) {
    assert.deepEqual(placeOf(linkTo("residents", name)), { page: "view", path: ["residents", name] });
  }
});

test("a pairing code is found in what was pasted", () => {
  assert.equal(pairingCode(" https://door.example/#pair=home.abc \n"), "home.abc");
  assert.equal(pairingCode("home.abc"), "home.abc");
  for (const text of ["", "hello", "https://door.example/", "home..abc"]) {
    assert.equal(pairingCode(text), null, text);
  }
});

test("the waits grow from half a second to a minute, and start small after a good line", () => {
  const backoff = new Backoff(() => 1);
  assert.deepEqual([1, 2, 3].map(() => backoff.next()), [0.5, 1, 2]);
  for (let each = 0; each < 9; each += 1) backoff.next();
  assert.equal(backoff.next(), 60);
  backoff.lived(29);
  assert.equal(backoff.next(), 60);
  backoff.lived(30);
  assert.equal(backoff.next(), 0.5);
});

const visits = (...rings) => rings.map((ring) => ({ ring, at: 0 }));

test("no ring is shown twice when new ones move the pages", () => {
  let pages = withPage(noPages(), { rings: visits("c", "b"), next: "1" });
  pages = withPage(pages, { rings: visits("b", "a"), next: null });
  assert.deepEqual(pages.visits.map((visit) => visit.ring), ["c", "b", "a"]);
  assert.ok(!hasMore(pages));
});

test("a cursor that comes again ends the pages", () => {
  let pages = withPage(noPages(), { rings: visits("a"), next: "1" });
  assert.ok(hasMore(pages));
  pages = withPage(pages, { rings: visits("a"), next: "1" });
  assert.ok(!hasMore(pages));
});

test("visits stand under their day", () => {
  const days = byDay([{ ring: "a", at: 2 }, { ring: "b", at: 2 }, { ring: "c", at: 1 }], String);
  assert.deepEqual(days.map(({ day, visits: all }) => [day, all.length]), [["2", 2], ["1", 1]]);
});

const push = (type, more = {}) => ({ type, ring: "r", door: "Front door", at: 1000, silent: false, ...more });

test("a late notice never replaces a later one of its ring", () => {
  const order = [["pressed"], ["visitor", "resident", "code"],
    ["opened", "declined", "missed", "not_opened"]];
  order.forEach((earlier, place) => order.slice(place + 1).flat().forEach((later) => {
    const { rank } = noticeFor(push(later), 0).options.data;
    for (const type of earlier) assert.ok(isOutdated(rank, type), `${type} after ${later}`);
  }));
  assert.ok(!isOutdated(null, "pressed"));
  assert.ok(!isOutdated(noticeFor(push("not_opened"), 0).options.data.rank, "opened"));
});

test("one tag for each ring, door and guest", () => {
  assert.equal(tagOf(push("visitor")), "ring-r");
  assert.equal(tagOf(push("door_offline", { ring: null })), "door-Front door");
  assert.equal(tagOf(push("opened", { ring: null, by: "Cleaner" })), "guest-1000");
});

test("a code stays off the lock screen unless its owner wants it there", () => {
  const hidden = noticeFor(push("code", { code: "042137", resident: "Anna", on_lock_screen: false }), 0);
  assert.ok(!JSON.stringify(hidden).includes("042137"));
  const open = noticeFor(push("code", { code: "042137", resident: "Anna", on_lock_screen: true }), 0);
  assert.equal(open.title, "042137");
});

test("only a visitor offers answers, and only what matters makes itself heard again", () => {
  for (const type of ["pressed", "visitor", "resident", "code", "opened", "missed"]) {
    const { options } = noticeFor(push(type), 0);
    assert.equal(options.actions?.length ?? 0, type === "visitor" ? 2 : 0, type);
    assert.equal(options.renotify, type === "visitor" || type === "code", type);
  }
  const silent = noticeFor(push("visitor", { silent: true }), 0).options;
  assert.deepEqual([silent.renotify, silent.silent], [false, true]);
});

test("an action leads to the confirmation of its ring", () => {
  assert.equal(addressOf({ ring: "r" }, "let_in"), "/#ring=r&do=let_in");
  assert.equal(addressOf({ ring: "r" }, ""), "/#ring=r");
  assert.equal(addressOf({ ring: null }, ""), "/");
});

test("a frame that is no message is none", () => {
  for (const frame of ["", "{", "[]", "null", "1", '{"message":"Forbidden"}', undefined]) {
    assert.equal(parsed(frame), null, String(frame));
  }
  assert.deepEqual(parsed('{"type":"pong"}'), { type: "pong" });
});

test("a file is what its first bytes say", () => {
  const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assert.equal(kindOf(bytes("\xff\xd8\xff\xe0........")), "picture");
  assert.equal(kindOf(bytes("\0\0\0\x18ftypheic")), "heic");
  assert.equal(kindOf(bytes("\0\0\0\x18ftypavif")), "picture");
  assert.equal(kindOf(bytes("Dear Eileen,")), "other");
  assert.equal(kindOf(bytes("")), "other");
});

test("a picture is drawn with 1600 pixels at most, and never larger than it is", () => {
  assert.deepEqual(fitted(8000, 6000), { width: 1600, height: 1200 });
  assert.deepEqual(fitted(480, 600), { width: 480, height: 600 });
  assert.deepEqual(fitted(30000, 1), { width: 1600, height: 1 });
});

test("seconds are read as minutes, and times survive their field", () => {
  assert.deepEqual([42, 0.2, 0, -5, 61, 600].map(countdown), ["0:42", "0:01", "0:00", "0:00", "1:01", "10:00"]);
  assert.equal(fromField(fieldTime(1_763_636_400)), 1_763_636_400);
});

test("every name of the protocol and the API has words", () => {
  const names = (all) => Object.keys(all).sort().join(" ");
  assert.equal(names(REASONS), "late no_face no_phone no_photo stranger unavailable unreadable");
  assert.equal(names(PHOTO_HINTS),
    "blurred misplaced no_face several_faces too_dark too_small unavailable unreadable");
  for (const error of ["already_answered", "too_late", "not_waiting", "not_allowed", "try_again"]) {
    assert.ok(ANSWER_PROBLEMS[error], error);
  }
  assert.equal(sentence({ name: "last_manager", title: "x" }), PROBLEMS.last_manager);
  assert.equal(sentence({ name: "too_many", title: "20 PINs are the limit." }), "20 PINs are the limit.");
  assert.equal(sentence(new TypeError("secret")), PROBLEMS.try_again);
});

test("the history says who it was and what happened", () => {
  const visit = { decision: "stranger", resident: null, outcome: "opened", by: "Anna" };
  assert.deepEqual([whoCame(visit), outcomeOfVisit(visit)], ["A visitor", "Let in by Anna"]);
  assert.equal(outcomeOfVisit({ ...visit, by: "" }), "Let in", "whoever it was was forgotten");
  const resident = { decision: "resident", resident: "Anna", outcome: "opened", by: "code" };
  assert.deepEqual([whoCame(resident), outcomeOfVisit(resident)], ["Anna", "Came in by code"]);
});

test("a day of a field is whole, also where the clock is changed", () => {
  for (const day of ["2026-03-29", "2026-10-25", "2024-02-29", "2026-12-31"]) {
    assert.equal(fieldDay(fromDay(day)), day);
    assert.equal(fieldDay(fromDay(day, 1) - 1), day, "the last second of it");
    assert.notEqual(fieldDay(fromDay(day, 1)), day);
    assert.equal(fromDay(fieldDay(fromDay(day, -1)), 1), fromDay(day));
  }
});

test("a film that is told twice is there once, and the later word counts", () => {
  const failed = { type: "camera_film_failed", camera: "yard", film: "a", start: 1, end: 2,
    reason: "unavailable" };
  const made = { type: "camera_film", camera: "yard", film: "a", start: 1, end: 2, frames: 3,
    skipped: 1, gif: "g", mp4: "m" };
  const other = { ...made, film: "b" };
  const films = [failed, other, made, made].reduce(withFilm, []);
  assert.deepEqual(films.map((each) => each.id), ["b", "a"]);
  assert.deepEqual(films[1], { camera: "yard", id: "a", start: 1, end: 2, frames: 3, skipped: 1,
    gif: "g", mp4: "m", reason: null });
  assert.deepEqual(withFilm([], failed)[0], { camera: "yard", id: "a", start: 1, end: 2, frames: 0,
    skipped: 0, gif: null, mp4: null, reason: "unavailable" });
});
