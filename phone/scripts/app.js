// @ts-check
// The frame around all pages: the tabs, which page is shown, and what is said in passing.

import { element, fill } from "./element.js";
import { icon } from "./icons.js";
import { linkTo } from "./links.js";

/** A page of the app. `update` is told of every change, `close` when the page goes.
 * @typedef {{title: string, node: HTMLElement, update?: () => void, close?: () => void}} View */
/** @typedef {import("./types.js").Home} Home */

/** @type {[import("./parts.js").IconName, string][]} */
const TABS = [["home", "Home"], ["history", "History"], ["residents", "Residents"],
  ["guests", "Guests"], ["settings", "Settings"]];

/** What every page may use. */
export class App {
  /**
   * @param {{api: import("./api.js").Api, store: import("./store.js").Store,
   *   config: import("./types.js").Config, paired: import("./types.js").Paired}} parts
   */
  constructor({ api, store, config, paired }) {
    this.api = api;
    this.store = store;
    this.config = config;
    this.paired = paired;
    /** @type {Home|null} */
    this.home = null;
    this.homeVersion = "";
    /** @type {Promise<void>|null} a look at the home that is under way */
    this.looking = null;
    /** Whether it may have changed since it was asked for. */
    this.isStale = false;
    /** @type {string|null} the ring whose notice was tapped, until it is known what became of it */
    this.tapped = null;
    /** @type {import("./push.js").Notices|null} how notices stand in this browser, as last seen */
    this.notices = null;
    /** Whether this phone just took leave, so that a refused token is no surprise. */
    this.leaving = false;
  }

  /** Asks for the home anew. Pages hold the same object: it is changed in place. @returns {Promise<Home>} */
  async refresh() {
    const { changes } = this.api;
    const { home, version } = await this.api.home();
    // It may tell how things stood before a change of ours.
    if (changes !== this.api.changes) return this.refresh();
    this.home = Object.assign(this.home ?? {}, home);
    this.homeVersion = version;
    return this.home;
  }

  /** The home may have changed: asks for it, once at a time, and tells the page that is shown. */
  freshen() {
    this.isStale = true;
    this.looking ??= this.look().finally(() => { this.looking = null; });
    return this.looking;
  }

  /** What changes while it is asked for is asked for again. */
  async look() {
    while (this.isStale) {
      this.isStale = false;
      await this.refresh().then(updateShown, () => {});
    }
  }

  /** Whether this phone may change the home. */
  manages() {
    return this.home?.phone.manager ?? false;
  }

  /** @param {...string} path */
  go(...path) {
    location.hash = linkTo(...path);
  }

  /** Says something in passing, also to a screen reader. @param {...import("./element.js").Child} words */
  say(...words) {
    const said = element("p", { class: "toast" }, ...words);
    byId("toasts").append(said);
    setTimeout(() => said.remove(), 6000);
  }
}

/** @type {View|null} */
let shown = null;
/** Whether something was entered into the page that is shown: it may not be kept yet. */
let entered = false;
document.addEventListener("input", () => { entered = true; });

/** What shows that a hand is on the page. */
const IN_HAND = "dialog[open], main [aria-busy=true], main :is(a, button, input, select):focus-visible";

/** Whether somebody would lose something if the page were drawn anew now. */
export function isInUse() {
  return entered || document.querySelector(IN_HAND) !== null;
}

/**
 * Shows a page in place of the one before.
 * @param {View} view @param {string|null} tab which tab it belongs to; null for a page without tabs
 */
export function show(view, tab) {
  const first = shown === null;
  shown?.close?.();
  shown = view;
  entered = false;
  document.title = `${view.title} · Doorbell`;
  const tabs = byId("tabs");
  tabs.hidden = tab === null;
  fill(tabs, ...TABS.map(([name, title]) => element("a", {
    href: name === "home" ? "#/" : linkTo(name), class: "tab",
    "aria-current": name === tab ? "page" : null,
  }, icon(name), element("span", {}, title))));
  fill(byId("main"), view.node);
  window.scrollTo(0, 0);
  if (!first) view.node.querySelector("h1")?.focus({ preventScroll: true });
}

/** Tells the page that is shown that something has changed. */
export function updateShown() {
  shown?.update?.();
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id} in index.html`);
  return found;
}
