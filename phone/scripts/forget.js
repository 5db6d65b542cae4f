// @ts-check
// A phone that is no longer of this home keeps nothing of it.

import { forgetDatabase } from "./storage.js";

/** Deletes all that this phone keeps, notices' subscription and the offline copy included. */
export async function forgetEverything() {
  await Promise.allSettled([forgetWorker(), forgetCaches(), forgetDatabase()]);
  sessionStorage.clear();
}

async function forgetWorker() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
  for (const notice of (await worker?.getNotifications?.()) ?? []) notice.close();
  await worker?.unregister();
}

async function forgetCaches() {
  for (const name of await caches.keys()) await caches.delete(name);
}
