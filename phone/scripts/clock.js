// @ts-check
// This device's monotone clock. Its wall clock may be an hour off, so nothing counts by that.

/** Seconds since some moment; it never jumps with the wall clock. */
export function monotone() {
  return performance.now() / 1000;
}
