// @ts-check
// What stands behind the # of the address: which page, or a pairing, or a ring to answer.

/** @typedef {{page: "pair", code: string} | {page: "ring", ring: string, answer: "let_in"|"decline"|null} |
 *   {page: "view", path: string[]}} Place */

const CODE = /^[A-Za-z0-9._~-]{1,128}$/;
const RING = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Reads an address's hash. What cannot be read is the first page.
 * @param {string} hash such as `#pair=home.abc`, `#ring=R&do=let_in` or `#/visit/R`
 * @returns {Place}
 */
export function placeOf(hash) {
  const text = hash.replace(/^#/, "");
  if (text === "" || text.startsWith("/")) return { page: "view", path: pathOf(text) };
  const fields = new URLSearchParams(text);
  const code = fields.get("pair");
  if (code !== null && CODE.test(code)) return { page: "pair", code };
  const ring = fields.get("ring");
  if (ring !== null && RING.test(ring)) {
    const wish = fields.get("do");
    return { page: "ring", ring, answer: wish === "let_in" || wish === "decline" ? wish : null };
  }
  return { page: "view", path: [] };
}

/** @param {string} text */
function pathOf(text) {
  try {
    return text.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}

/**
 * The address of a page; names in it may hold anything.
 * @param {...string} path
 */
export function linkTo(...path) {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

/**
 * The pairing code in what somebody pasted: the whole link, or the code alone. Null if there is none.
 * @param {string} pasted
 */
export function pairingCode(pasted) {
  const text = pasted.trim();
  const behind = text.match(/#pair=([^&\s]+)/)?.[1] ?? text;
  return CODE.test(behind) && behind.includes(".") && !behind.includes("..") ? behind : null;
}
