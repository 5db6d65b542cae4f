// @ts-check
// Times as this phone's owner writes them. All times are seconds since 1970.

const LANGUAGES = typeof navigator === "undefined" ? undefined : [...navigator.languages];

/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(LANGUAGES, options);

/** Such as 18:05. @param {number} time */
export function clockTime(time) {
  return format({ hour: "2-digit", minute: "2-digit" }).format(time * 1000);
}

/**
 * Today, yesterday, or the date.
 * @param {number} time @param {number} now
 */
export function dayName(time, now) {
  const days = Math.round((midnight(now) - midnight(time)) / 86400);
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-days, "day");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  return format({ weekday: "long", day: "numeric", month: "long" }).format(time * 1000);
}

/** @param {number} time */
function midnight(time) {
  return new Date(time * 1000).setHours(0, 0, 0, 0) / 1000;
}

/** Day and time in one. @param {number} time @param {number} now */
export function dayAndTime(time, now) {
  return `${dayName(time, now)}, ${clockTime(time)}`;
}

/** Such as 0:42. @param {number} seconds */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Such as "42 seconds" or "3 minutes". @param {number} seconds */
export function duration(seconds) {
  const [amount, unit] = seconds < 90 ? [Math.round(seconds), "second"]
    : seconds < 5400 ? [Math.round(seconds / 60), "minute"]
      : seconds < 129600 ? [Math.round(seconds / 3600), "hour"]
        : [Math.round(seconds / 86400), "day"];
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/** How long ago, in words. @param {number} time @param {number} now */
export function ago(time, now) {
  const seconds = Math.max(0, now - time);
  return seconds < 60 ? "just now" : `${duration(seconds)} ago`;
}

/** For a field of type datetime-local. @param {number} time */
export function fieldTime(time) {
  const date = new Date(time * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** For a field of type date. @param {number} time */
export function fieldDay(time) {
  return fieldTime(time).slice(0, 10);
}

/**
 * From a field of type date: its midnight, or that of some days later.
 * @param {string} value @param {number} [later]
 */
export function fromDay(value, later = 0) {
  const date = new Date(`${value}T00:00`);
  date.setDate(date.getDate() + later);
  return date.getTime() / 1000;
}

/** Where this phone is, as an IANA name. */
export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** From a field of type datetime-local. @param {string} value */
export function fromField(value) {
  return new Date(value).getTime() / 1000;
}
