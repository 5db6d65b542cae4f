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
    /** Whether this phone just took leave, so that a refused token is no surprise. */
    this.leaving = false;
  }

  /** Asks for the home anew. @returns {Promise<Home>} */
  async refresh() {
    const { home, version } = await this.api.home();
    this.home = home;
    this.homeVersion = version;
    return home;
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

/**
 * Shows a page in place of the one before.
 * @param {View} view @param {string|null} tab which tab it belongs to; null for a page without tabs
 */
export function show(view, tab) {
  const first = shown === null;
  shown?.close?.();
  shown = view;
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
