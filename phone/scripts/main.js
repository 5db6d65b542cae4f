// @ts-check
// Where the app starts: is this phone paired? Then the line is opened and a page is shown.

import { Api } from "./api.js";
import { App, byId, show, updateShown } from "./app.js";
import { allowSound } from "./chime.js";
import { monotone } from "./clock.js";
import { fill } from "./element.js";
import { connect, isHeardHere, readPushedCodes } from "./line.js";
import { placeOf } from "./links.js";
import { viewOf } from "./routes.js";
import { forgetEverything } from "./forget.js";
import { paired } from "./storage.js";
import { Store } from "./store.js";
import { pairView, revokedView } from "./views/pair.js";
import { RingScreen } from "./views/ring.js";

async function start() {
  navigator.serviceWorker?.register("/worker.js", { type: "module" }).catch(() => {});
  const kept = await paired().catch(() => null);
  const place = placeOf(location.hash);
  if (place.page === "pair" || kept === null) {
    const code = place.page === "pair" ? place.code : null;
    // The code is a secret while it lives: it must not stay in the address.
    if (code !== null) history.replaceState(null, "", "/");
    window.addEventListener("hashchange", () => location.reload());
    show(pairView(code, kept), null);
    return;
  }
  const config = await (await fetch("/config.json")).json();
  run(kept, config);
}

/** @param {import("./types.js").Paired} kept @param {import("./types.js").Config} config */
function run(kept, config) {
  const store = new Store(monotone, Date.now() / 1000);
  const api = new Api(kept.token, revoked);
  const app = new App({ api, store, config, paired: kept });
  const socket = connect(app, config.socket);
  const screen = new RingScreen(app, socket);
  const silence = allowSound(byId("toasts"));
  let gone = false;

  async function revoked() {
    if (gone) return;
    gone = true;
    socket.end();
    screen.end();
    silence();
    byId("line").hidden = true;
    await forgetEverything();
    history.replaceState(null, "", "/");
    show(revokedView(app.leaving), null);
  }

  function turn() {
    if (gone) return;
    const place = placeOf(location.hash);
    if (place.page === "pair") location.reload();
    else if (place.page === "ring") {
      screen.wish(place.ring, place.answer);
      history.replaceState(null, "", "/");
      turn();
    } else show(...viewOf(app, place.path));
  }

  store.listen(updateShown);
  window.addEventListener("hashchange", turn);
  document.addEventListener("visibilitychange", () => readPushedCodes(app));
  navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
    if (typeof data?.address === "string") location.hash = data.address.slice(1);
    isHeardHere(app, socket).then((heard) => ports[0]?.postMessage(heard));
  });
  app.refresh().then(updateShown, () => {});
  readPushedCodes(app);
  turn();
}

start().catch(() => fill(byId("main"), "Doorbell could not start here. Please load it again."));
