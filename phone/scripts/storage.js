// @ts-check
// What this phone keeps: its pairing, the last look at the history, and codes that were pushed.

/** @typedef {import("./types.js").Paired} Paired */
/** @typedef {import("./types.js").PushedCode} PushedCode */
/** @typedef {import("./types.js").Visit} Visit */

const NAME = "doorbell";

/** What was forgotten is not made again by a look that was under way. */
let forgotten = false;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    if (forgotten) throw new Error("forgotten");
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("codes", { keyPath: "ring" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/**
 * Runs one request in a transaction of its own.
 * @template T
 * @param {"kept"|"codes"} store @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function run(store, mode, ask) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** The pairing, or null. @returns {Promise<Paired|null>} */
export async function paired() {
  return (await run("kept", "readonly", (store) => store.get("paired"))) ?? null;
}

/** @param {Paired} pairing */
export async function keepPaired(pairing) {
  await run("kept", "readwrite", (store) => store.put(pairing, "paired"));
}

/** Whether this browser lets us keep anything; throws if not. */
export async function tryToKeep() {
  await run("kept", "readwrite", (store) => store.put(true, "tried"));
}

/** The history as it was last seen, without its photos. @returns {Promise<Visit[]>} */
export async function lastVisits() {
  return (await run("kept", "readonly", (store) => store.get("visits"))) ?? [];
}

/** @param {Visit[]} visits */
export async function keepVisits(visits) {
  const plain = visits.slice(0, 30).map((visit) => ({ ...visit, photo: null }));
  await run("kept", "readwrite", (store) => store.put(plain, "visits"));
}

/** @param {PushedCode} code */
export async function keepCode(code) {
  await run("codes", "readwrite", (store) => store.put(code));
}

/**
 * The pushed codes that still live; the others are deleted, where the time is sure.
 * @param {number} now seconds since 1970 @param {boolean} sure whether the cloud has told it
 * @returns {Promise<PushedCode[]>}
 */
export async function liveCodes(now, sure) {
  /** @type {PushedCode[]} */
  const all = await run("codes", "readonly", (store) => store.getAll());
  const over = all.filter((code) => code.expires_at <= now);
  if (sure) for (const code of over) await dropCode(code.ring);
  return all.filter((code) => code.expires_at > now);
}

/** @param {string} ring */
export async function dropCode(ring) {
  await run("codes", "readwrite", (store) => store.delete(ring));
}

/** Deletes the pairing, the history and the codes. @returns {Promise<void>} */
export function forgetDatabase() {
  forgotten = true;
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
