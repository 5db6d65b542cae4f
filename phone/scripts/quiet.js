// @ts-check
// Quiet hours and "do not disturb until", by the cloud's time.

/** @typedef {import("./types.js").Quiet} Quiet */

/**
 * Minutes since midnight at a place; null for one that this browser does not know.
 * @param {number} time seconds since 1970 @param {string} zone such as Europe/Berlin
 */
export function minutesAt(time, zone) {
  try {
    const parts = new Intl.DateTimeFormat("en-GB",
      { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(new Date(time * 1000));
    /** @param {string} type */
    const part = (type) => Number(parts.find((each) => each.type === type)?.value ?? 0);
    return part("hour") * 60 + part("minute");
  } catch {
    return null;
  }
}

/** @param {string} clock such as 22:30 */
function minutes(clock) {
  const [hour, minute] = clock.split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

/**
 * Whether it is quiet. Hours whose end is before their start go on to the next day; hours that
 * end as they start are none. Hours of a place that this browser does not know are not quiet.
 * @param {Quiet} quiet @param {number} time seconds since 1970
 */
export function isQuiet(quiet, time) {
  if (quiet.until !== null && time < quiet.until) return true;
  if (quiet.hours === null) return false;
  const start = minutes(quiet.hours.start);
  const end = minutes(quiet.hours.end);
  const at = minutesAt(time, quiet.hours.zone);
  if (at === null) return false;
  return start <= end ? at >= start && at < end : at >= start || at < end;
}
