// @ts-check
// This device's monotone clock. Its wall clock may be an hour off, so nothing counts by that.

/** Seconds. What the wall clock gains from one call to the next and is less is no sleep. */
const SLEEP = 1;

/**
 * A clock that goes on while the device sleeps, where `ticks` stands still. What the wall clock
 * advanced beyond it is taken for sleep. A wall clock that is set back takes nothing away; one that
 * is set forward misleads until the cloud tells the time.
 * @param {() => number} ticks monotone seconds @param {() => number} wall seconds since 1970
 */
export function steady(ticks, wall) {
  let slept = 0;
  let ahead = wall() - ticks();
  return () => {
    const now = ticks();
    const gap = wall() - now - ahead;
    ahead += gap;
    if (gap > SLEEP) slept += gap;
    return now + slept;
  };
}

/** Seconds since some moment; it never jumps back with the wall clock. */
export const monotone = steady(() => performance.now() / 1000, () => Date.now() / 1000);
