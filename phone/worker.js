// @ts-check
/// <reference lib="webworker" />
// Works while the app is closed: keeps the app's files for when there is no network, and shows
// the notices that are pushed.

import { isHeard } from "/scripts/hearing.js";
import { addressOf, isOutdated, noticeFor, tagOf } from "/scripts/notices.js";
import { keepCode } from "/scripts/storage.js";
import { within } from "/scripts/within.js";
import { FILES, VERSION } from "/shell.js";

/** @typedef {import("./scripts/notices.js").Push} Push */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = `shell-${VERSION}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...FILES, "/config.json"]))
    .then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE)
      .map((name) => caches.delete(name))))
    .then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.origin === location.origin;
  if (!ours || url.pathname.startsWith("/api/")) return;
  if (url.pathname === "/config.json") event.respondWith(newest(event.request));
  else event.respondWith(kept(event.request));
});

/** The app's own files do not change within a version. @param {Request} request */
async function kept(request) {
  const wanted = request.mode === "navigate" ? "/" : request;
  return (await caches.match(wanted, { cacheName: CACHE })) ?? fetch(request);
}

/** The addresses may change by themselves; the last known ones serve offline. @param {Request} request */
async function newest(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

worker.addEventListener("push", (event) => {
  event.waitUntil(pushed(/** @type {Push} */ (event.data?.json())));
});

/** @param {Push} push */
async function pushed(push) {
  if (push.type === "code" && push.ring && push.code) {
    // One that cannot be kept is told all the same: the notice may be all that there is.
    await within(1, keepCode({ ring: push.ring, code: push.code, door: push.door,
      resident: push.resident ?? "", expires_at: push.expires_at ?? 0 }));
  }
  const windows = await worker.clients.matchAll({ type: "window" });
  // Whoever looks at the app hears it from the app.
  const heard = await isHeard(windows);
  const [shown] = await worker.registration.getNotifications({ tag: tagOf(push) });
  // A browser wants something shown for each push: a late one shows again what is there.
  if (shown && isOutdated(shown.data?.rank ?? null, push.type)) {
    await worker.registration.showNotification(shown.title, { body: shown.body, tag: shown.tag,
      data: shown.data, icon: shown.icon, silent: true });
    return;
  }
  const { title, options } = noticeFor(push, Date.now() / 1000);
  await worker.registration.showNotification(title,
    heard ? { ...options, silent: true, ...{ renotify: false } } : options);
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openAt(addressOf(event.notification.data, event.action)));
});

/** @param {string} address */
async function openAt(address) {
  const [open] = await worker.clients.matchAll({ type: "window" });
  if (!open) return worker.clients.openWindow(address);
  await open.focus();
  open.postMessage({ address });
  return open;
}
