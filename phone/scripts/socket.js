// @ts-check
// The line to the cloud (docs/protocol.md): hello on every connection, pings, and back again.

import { Backoff } from "./backoff.js";
import { within } from "./within.js";

/** @typedef {import("./types.js").Message} Message */

/** Seconds. */
const PING_AFTER = 300;
const PING_AFTER_AT_THE_DOOR = 5;
const ANSWER_WITHIN = 5;
const CONNECT_WITHIN = 10;
/** A second that took longer than this was a sleep. */
const SLEPT_AFTER = 5;
/** API Gateway ends a connection after two hours; better by choice, when nobody is at the door. */
const RENEW_AFTER = 110 * 60;

/** Keeps one socket open as long as the page lives. */
export class Socket {
  /**
   * @param {string} address with the token
   * @param {{now: () => number, heard: (message: Message) => void,
   *   line: (line: import("./types.js").Line) => void, refused: () => void,
   *   atTheDoor: () => boolean}} ears `refused`: a handshake failed, maybe the phone is revoked
   */
  constructor(address, ears) {
    this.address = address;
    this.ears = ears;
    this.backoff = new Backoff(Math.random);
    /** @type {WebSocket|null} */
    this.socket = null;
    this.opened = 0;
    this.lastHeard = 0;
    this.lastAsked = 0;
    this.lastTick = ears.now();
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.wait = undefined;
    this.ended = false;
    this.clock = setInterval(() => this.tick(), 1000);
    this.wakes = () => this.wake();
    document.addEventListener("visibilitychange", this.wakes);
    window.addEventListener("online", this.wakes);
    window.addEventListener("pageshow", this.wakes);
    this.connect();
  }

  connect() {
    clearTimeout(this.wait);
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.opened = 0;
    this.lastAsked = this.ears.now();
    socket.onopen = () => {
      this.opened = this.ears.now();
      this.say({ action: "hello" });
    };
    socket.onmessage = (event) => this.hear(socket, event.data);
    socket.onclose = () => this.lost(socket);
  }

  /** @param {WebSocket} socket @param {unknown} data */
  hear(socket, data) {
    if (socket !== this.socket) return;
    this.lastHeard = this.ears.now();
    const message = parsed(data);
    if (message === null) return;
    if (message.type === "hello") this.ears.line("open");
    this.ears.heard(message);
  }

  /** @param {WebSocket} socket */
  lost(socket) {
    if (socket !== this.socket || this.ended) return;
    this.socket = null;
    this.ears.line("lost");
    if (this.opened) this.backoff.lived(this.ears.now() - this.opened);
    else this.ears.refused();
    this.wait = setTimeout(() => this.connect(), this.backoff.next() * 1000);
  }

  /** Whether it was sent; nothing is ever kept for later. @param {object} frame */
  say(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    this.lastAsked = this.ears.now();
    return true;
  }

  tick() {
    const now = this.ears.now();
    const slept = now - this.lastTick > SLEPT_AFTER;
    this.lastTick = now;
    if (slept) return this.wake();
    if (!this.socket) return;
    const unanswered = this.lastAsked > this.lastHeard ? now - this.lastAsked : 0;
    if (unanswered > (this.opened ? ANSWER_WITHIN : CONNECT_WITHIN)) this.giveUp();
    else if (!this.opened || unanswered > 0) return;
    else if (now - this.lastHeard > this.patience()) this.say({ action: "ping" });
    else if (now - this.opened > RENEW_AFTER && !this.ears.atTheDoor()) this.renew();
  }

  patience() {
    return this.ears.atTheDoor() ? PING_AFTER_AT_THE_DOOR : PING_AFTER;
  }

  giveUp() {
    const socket = this.socket;
    if (!socket) return;
    socket.close();
    this.lost(socket);
  }

  renew() {
    const old = this.socket;
    this.connect();
    old?.close();
  }

  /** The phone woke up, or the network is back: ask at once. */
  wake() {
    if (document.visibilityState !== "visible" || this.ended) return;
    if (this.socket) this.say({ action: "ping" });
    else this.connect();
  }

  /** Asks at once; resolves to whether anything came back within these seconds. @param {number} seconds */
  async carries(seconds) {
    this.wake();
    const { socket } = this;
    if (socket === null || this.ended) return false;
    return await within(seconds, new Promise((resolve) => {
      socket.addEventListener("message", resolve, { once: true });
    })) !== null;
  }

  end() {
    this.ended = true;
    clearTimeout(this.wait);
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.wakes);
    window.removeEventListener("online", this.wakes);
    window.removeEventListener("pageshow", this.wakes);
    this.socket?.close();
  }
}

/** A frame as a message; null if it is none. @param {unknown} data @returns {Message|null} */
export function parsed(data) {
  try {
    const message = JSON.parse(String(data));
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}
