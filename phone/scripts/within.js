// @ts-check
// What may fail or take for ever, where something else must not wait for it.

/**
 * What was promised; null if it fails, or is not there within these seconds.
 * @template T
 * @param {number} seconds @param {Promise<T>} promise
 * @returns {Promise<T|null>}
 */
export function within(seconds, promise) {
  return Promise.race([promise.catch(() => null),
    new Promise((resolve) => { setTimeout(resolve, seconds * 1000, null); })]);
}
