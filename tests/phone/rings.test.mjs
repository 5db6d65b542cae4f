import assert from "node:assert/strict";
import { test } from "node:test";

import { steady } from "../../phone/scripts/clock.js";
import { isWaiting, liveCode } from "../../phone/scripts/rings.js";
import { changed, cloudTime, firstState, shownRings } from "../../phone/scripts/store.js";

const CLOUD = 1_763_636_400;

/** A phone whose clock is `wrong` seconds off, told one thing after the other. */
function phone({ wrong = 0, hello = true } = {}) {
  let state = firstState(0, CLOUD + wrong);
  const self = {
    now: 0,
    get state() { return state; },
    after: (seconds) => { self.now += seconds; return self; },
    tell: (happening) => { state = changed(state, { ...happening, now: self.now }); return self; },
    hears: (message) => self.tell({ kind: "message", message }),
    greets: () => self.hears({ type: "hello", role: "phone", time: CLOUD + self.now }),
    ring: (id = "r") => state.rings[id],
    time: () => cloudTime(state, self.now),
    shown: () => shownRings(state, self.now).map((ring) => ring.ring),
  };
  return hello ? self.greets() : self;
}

const pressed = (ring = "r", door = "Front door") => ({ type: "pressed", ring, door });
const visitor = (ring = "r", more = {}) => ({ type: "visitor", ring, door: "Front door",
  reason: "stranger", answer_within: 60, photo: "https://bucket/p?1", ...more });
const code = (more = {}) => ({ type: "code", ring: "r", door: "Front door", resident: "Anna",
  code: "042137", expires_in: 120, ...more });

test("a press is somebody at that door", () => {
  const ring = phone().hears(pressed()).ring();
  assert.equal(ring.stage, "pressed");
  assert.equal(ring.door, "Front door");
});

test("a visitor waits for as long as the cloud says, and no longer", () => {
  const it = phone().hears(pressed()).hears(visitor());
  assert.ok(isWaiting(it.ring(), it.after(59).time()));
  assert.ok(!isWaiting(it.ring(), it.after(1).time()));
});

for (const wrong of [-3600, 0, 3600]) {
  test(`a countdown is right on a clock that is ${wrong} seconds off`, () => {
    const it = phone({ wrong, hello: false }).hears(visitor()).after(5).greets();
    assert.equal(it.ring().answerUntil - it.time(), 55);
    assert.equal(it.time(), CLOUD + 5);
  });
}

test("a phone that slept learns from a pong how late it is", () => {
  const it = phone().hears(visitor());
  it.hears({ type: "pong", time: CLOUD + 61 });
  assert.ok(!isWaiting(it.ring(), it.time()));
});

test("the clock counts the time that the device slept", () => {
  let [ticks, wall] = [5, CLOUD];
  const clock = steady(() => ticks, () => wall);
  const pass = (ticked, walled) => { ticks += ticked; wall += walled; return Math.round(clock() * 1000) / 1000; };
  assert.equal(pass(10, 10), 15);
  assert.equal(pass(0.1, 3600), 3615, "asleep for an hour, with the wall clock alone");
  assert.equal(pass(1, 1), 3616);
  assert.equal(pass(1, -7200), 3617, "a wall clock that is set back takes nothing away");
  assert.equal(pass(1, 1.5), 3618, "nor does one that runs a little fast add up");
});

test("the same message twice changes nothing", () => {
  for (const message of [pressed(), code(), { type: "opened", ring: "r", by: "code" },
    { type: "declined", ring: "r", by: "Anna" }, { type: "not_opened", ring: "r" }]) {
    const it = phone().hears(message);
    const before = it.state;
    assert.deepEqual(it.hears(message).state, before, message.type);
  }
});

test("messages of one ring in any order end the same", () => {
  const messages = [pressed(), visitor(), { type: "not_opened", ring: "r" },
    { type: "opened", ring: "r", by: "Anna" }];
  for (const order of permutations(messages)) {
    const it = phone();
    for (const message of order) it.hears(message);
    assert.equal(it.ring().stage, "opened");
    assert.equal(it.ring().by, "Anna");
    assert.deepEqual(it.shown(), ["r"]);
  }
});

function permutations(all) {
  return all.length < 2 ? [all] : all.flatMap((one, place) =>
    permutations(all.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

test("a second visitor brings the photo and keeps what was known", () => {
  const it = phone().hears(visitor("r", { photo: null, reason: "no_photo" }))
    .after(3).hears(visitor("r", { reason: "late", answer_within: 57 }));
  assert.equal(it.ring().photo, "https://bucket/p?1");
  assert.equal(it.ring().reason, "late");
  assert.deepEqual(it.shown(), ["r"]);
});

test("a code lives until it expires or opens", () => {
  const it = phone().hears(code());
  assert.equal(liveCode(it.ring(), it.after(119).time()), "042137");
  assert.equal(liveCode(it.ring(), it.after(1).time()), null);
  const other = phone().hears(code()).hears({ type: "opened", ring: "r", by: "code" });
  assert.equal(liveCode(other.ring(), other.time()), null);
  assert.equal(other.ring().code, null);
});

test("digits under somebody's eyes do not change when the line comes back", () => {
  const it = phone().hears(code()).after(20).greets().hears(code({ code: "111111", expires_in: 100 }));
  assert.equal(it.ring().code, "042137");
  it.hears(code({ code: "222222", expires_in: 120 }));
  assert.equal(it.ring().code, "222222");
});

test("a code that was pushed is shown while it lives", () => {
  const pushed = { ring: "r", code: "042137", door: "Front door", resident: "Anna" };
  const it = phone().tell({ kind: "pushed", code: { ...pushed, expires_at: CLOUD + 60 } });
  assert.equal(liveCode(it.ring(), it.time()), "042137");
  const late = phone().tell({ kind: "pushed", code: { ...pushed, expires_at: CLOUD - 1 } });
  assert.equal(late.ring(), undefined);
});

for (const error of ["already_answered", "too_late", "not_waiting", "not_allowed"]) {
  test(`${error} is said at the ring that was answered`, () => {
    const it = phone().hears(visitor("a")).hears(visitor("b"));
    it.tell({ kind: "answered", ring: "a", answer: "let_in" }).after(1);
    it.hears({ type: "error", error, message: "" });
    assert.equal(it.ring("a").problem, error);
    assert.equal(it.ring("b").problem, null);
    assert.ok(!isWaiting(it.ring("a"), it.time()));
  });
}

test("after try_again the ring can be answered again", () => {
  const it = phone().hears(visitor()).tell({ kind: "answered", ring: "r", answer: "let_in" });
  it.hears({ type: "error", error: "try_again", message: "" });
  assert.ok(isWaiting(it.ring(), it.time()));
});

test("an error that answers no answer changes no ring", () => {
  const it = phone().hears(visitor());
  it.hears({ type: "error", error: "too_late", message: "" });
  assert.equal(it.ring().problem, null);
});

test("an answer that was lost with the line is said, and can be given again", () => {
  const it = phone().hears(visitor()).tell({ kind: "answered", ring: "r", answer: "let_in" });
  it.after(4).greets().hears(visitor("r", { answer_within: 56 }));
  assert.equal(it.ring().problem, "answer_lost");
  assert.ok(isWaiting(it.ring(), it.time()));
});

test("the history tells how a ring ended while the line was down", () => {
  const it = phone().hears(visitor()).after(30);
  it.tell({ kind: "visits", visits: [{ ring: "r", at: CLOUD, door: "Front door",
    decision: "stranger", resident: null, outcome: "declined", by: "Bob", seconds: 9, photo: null }] });
  assert.equal(it.ring().stage, "declined");
  assert.equal(it.ring().by, "Bob");
});

test("after a reload, a press that is still undecided comes back; an old one does not", () => {
  const old = { at: CLOUD - 600, door: "Front door", decision: null, resident: null,
    outcome: "pending", by: null, seconds: null, photo: null };
  const it = phone().tell({ kind: "visits", visits: [{ ...old, ring: "old" },
    { ...old, ring: "new", at: CLOUD - 10 }] });
  assert.deepEqual(it.shown(), ["new"]);
});

test("a visitor who waits comes back by the history, with the reason", () => {
  const it = phone().tell({ kind: "visits", visits: [{ ring: "r", at: CLOUD - 5, door: "Front door",
    decision: "late", resident: null, outcome: "asked", by: null, seconds: null, photo: "p" }] });
  assert.deepEqual(it.shown(), ["r"]);
  assert.deepEqual([it.ring().reason, it.ring().photo], ["late", "p"]);
  assert.ok(!isWaiting(it.ring(), it.time()), "only the cloud's question can be answered");
  it.hears(visitor("r", { reason: "stranger" }));
  assert.ok(isWaiting(it.ring(), it.time()));
});

test("rings at two doors are both on the screen, the one that waits first", () => {
  const it = phone().hears(visitor("a")).after(1).hears(visitor("b"));
  it.hears({ type: "declined", ring: "b", by: "Anna" });
  assert.deepEqual(it.shown(), ["a", "b"]);
});

test("a ring that is over leaves the screen by itself, or when it is closed", () => {
  const it = phone().hears(visitor()).hears({ type: "opened", ring: "r", by: "Anna" });
  assert.deepEqual(it.shown(), ["r"]);
  assert.deepEqual(it.after(13).shown(), []);
  const closed = phone().hears({ ...visitor(), type: "missed" }).tell({ kind: "closed", ring: "r" });
  assert.deepEqual(closed.shown(), []);
});

test("a guest who came in by PIN is no ring", () => {
  const it = phone().hears({ type: "opened", by: "Cleaner", ring: null });
  assert.deepEqual(it.shown(), []);
});

test("each photo of a resident has its own result", () => {
  const it = phone().hears({ type: "enrolled", resident: "Anna", faces: 1, photo: "a" })
    .hears({ type: "enrolment_failed", resident: "Anna", reason: "too_dark", photo: "b" });
  assert.deepEqual(it.state.photos, { a: { resident: "Anna", failure: null },
    b: { resident: "Anna", failure: "too_dark" } });
});

test("a film of a ring on the screen is its film, and one of any other brings nothing there", () => {
  const links = { gif: "https://bucket/film.gif", mp4: "https://bucket/film.mp4" };
  const it = phone().hears(visitor()).hears({ type: "film", ring: "r", ...links })
    .hears({ type: "film", ring: "other", ...links });
  assert.deepEqual(it.ring().film, links);
  assert.deepEqual(it.shown(), ["r"]);
  assert.ok(isWaiting(it.ring(), it.time()));
});

test("a flat picture is advice: it answers nothing, and once said it stays", () => {
  const links = { gif: "https://bucket/film.gif", mp4: "https://bucket/film.mp4" };
  const it = phone().hears(visitor());
  const before = it.ring();
  it.hears({ type: "film", ring: "r", flat: true, ...links });
  assert.deepEqual(it.ring(), { ...before, film: links, flat: true });
  assert.equal(it.hears({ type: "film", ring: "r", ...links }).ring().flat, true);
  for (const flat of [undefined, null, false, "no", 1]) {
    const other = phone().hears(visitor()).hears({ type: "film", ring: "r", flat, ...links });
    assert.equal(other.ring().flat, false);
  }
});
