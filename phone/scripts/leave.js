// @ts-check
// A phone that is paired anew leaves the home that it was in.

import { Api, part, Problem } from "./api.js";

/** @typedef {{api: Api, phone: string}} Former the home that is to be left, and what this phone is there */

/**
 * The home that this phone is in; null if it was removed there already.
 * Throws Problem, `last_manager` too: a home needs a phone that manages it.
 * @param {import("./types.js").Paired} kept
 * @returns {Promise<Former|null>}
 */
export async function formerHome(kept) {
  const api = new Api(kept.token, () => {});
  const answer = await api.home().catch(unless("bad_token"));
  if (!answer) return null;
  const { phone, devices } = answer.home;
  const others = devices.filter((each) => each.manager && each.id !== phone.id);
  if (phone.manager && others.length === 0) throw new Problem("last_manager", "");
  return { api, phone: phone.id };
}

/** Throws Problem. @param {Former} former */
export async function leave({ api, phone }) {
  await api.remove(`/devices/${part(phone)}`).catch(unless("bad_token", "not_found"));
}

/** Passes over some problems: what was to be done is done. @param {...string} names */
function unless(...names) {
  return (/** @type {Problem} */ problem) => {
    if (!names.includes(problem.name)) throw problem;
    return null;
  };
}
