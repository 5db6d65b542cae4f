// @ts-check
// How long to wait before the line is tried again.

/** Seconds. */
const FIRST = 0.5;
const LONGEST = 60;
/** A connection that lived as long was a good one: the waits start small again. */
const GOOD_LIFE = 30;

/** A random wait that grows from half a second to a minute. */
export class Backoff {
  /** @param {() => number} random from 0 to 1 */
  constructor(random) {
    this.random = random;
    this.tries = 0;
  }

  /** The next wait, in seconds. */
  next() {
    const longest = Math.min(LONGEST, FIRST * 2 ** this.tries);
    this.tries = Math.min(this.tries + 1, 10);
    return longest * (0.5 + this.random() / 2);
  }

  /** A connection has ended. @param {number} seconds how long it lived */
  lived(seconds) {
    if (seconds >= GOOD_LIFE) this.tries = 0;
  }
}
