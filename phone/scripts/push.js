// @ts-check
// Notices while the app is closed: what this browser can do, and the subscription.

/** @typedef {"on"|"off"|"denied"|"unsupported"|"install"|"unavailable"} Notices */

/** An iPhone lets only an app on the home screen have notices. */
export function mustBeInstalled() {
  const standalone = matchMedia("(display-mode: standalone)").matches;
  return /iPhone|iPad/.test(navigator.userAgent) && !standalone;
}

/**
 * How notices stand.
 * @param {string|null} key the server's VAPID key; null if this home sends none
 * @returns {Promise<Notices>}
 */
export async function notices(key) {
  if (mustBeInstalled()) return "install";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    return "unsupported";
  }
  if (key === null) return "unavailable";
  if (Notification.permission === "denied") return "denied";
  const worker = await navigator.serviceWorker.getRegistration();
  return Notification.permission === "granted" && (await worker?.pushManager.getSubscription())
    ? "on" : "off";
}

/** @param {import("./app.js").App} app */
export async function lookAtNotices(app) {
  app.notices = await notices(app.config.push);
}

/**
 * Asks for permission and subscribes; the API is told where notices go.
 * @param {import("./api.js").Api} api @param {string} key @param {boolean} codeOnLockScreen
 */
export async function turnOn(api, key, codeOnLockScreen) {
  if ((await Notification.requestPermission()) !== "granted") return;
  await subscribe(await navigator.serviceWorker.ready, api, key, codeOnLockScreen);
}

/**
 * Subscribes, or finds the subscription that is there; the API is told where notices go.
 * @param {ServiceWorkerRegistration} worker @param {import("./api.js").Api} api
 * @param {string} key @param {boolean} codeOnLockScreen
 */
export async function subscribe(worker, api, key, codeOnLockScreen) {
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  // A subscription under an older key of the server refuses the new one.
  const made = await worker.pushManager.subscribe(options).catch(async () => {
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    return worker.pushManager.subscribe(options);
  });
  await tell(api, made, codeOnLockScreen);
}

/** @param {import("./api.js").Api} api @param {boolean} codeOnLockScreen */
export async function setCodeOnLockScreen(api, codeOnLockScreen) {
  const worker = await navigator.serviceWorker.ready;
  const made = await worker.pushManager.getSubscription();
  if (made) await tell(api, made, codeOnLockScreen);
}

/** @param {import("./api.js").Api} api */
export async function turnOff(api) {
  await api.remove("/me/push");
  const worker = await navigator.serviceWorker.getRegistration();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

/**
 * At the app's start: what the home or the browser has lost is made anew. A push service may have
 * refused for a while, and browsers change their addresses.
 * @param {import("./app.js").App} app
 */
export async function keepNotices(app) {
  const { api, config, home } = app;
  if (home === null || config.push === null) return;
  const state = await notices(config.push);
  const lost = home.mine.push ? state === "off" && Notification.permission === "granted"
    : state === "on";
  if (!lost) return;
  const worker = await navigator.serviceWorker.ready;
  await subscribe(worker, api, config.push, home.mine.code_on_lock_screen);
  home.mine.push = true;
  await lookAtNotices(app);
}

/**
 * This phone went to another home: what the former one knows leads nowhere any more.
 * @param {import("./api.js").Api} api of the home that it is in now
 */
export async function moveNotices(api) {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const notice of (await worker?.getNotifications?.()) ?? []) notice.close();
  const former = await worker?.pushManager?.getSubscription();
  if (!worker || !former) return;
  const { applicationServerKey } = former.options;
  await former.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  await tell(api, made, false);
}

/** @param {import("./api.js").Api} api @param {PushSubscription} made @param {boolean} shown */
async function tell(api, made, shown) {
  const { endpoint, keys } = made.toJSON();
  await api.put("/me/push", { endpoint, code_on_lock_screen: shown,
    keys: { p256dh: keys?.["p256dh"], auth: keys?.["auth"] } });
}

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
