// @ts-check
// The phone's HTTP API (docs/openapi.yaml). What it refuses is thrown as a Problem.

/** @typedef {import("./types.js").Visit} Visit */

/** A refusal by its name of the closed list, or `offline`. */
export class Problem extends Error {
  /** @param {string} name @param {string} title */
  constructor(name, title) {
    super(title);
    this.name = name;
    this.title = title;
  }
}

/** Asks the API with this phone's token. */
export class Api {
  /**
   * @param {string|null} token null before pairing
   * @param {() => void} onRevoked the token is nobody's any more
   */
  constructor(token, onRevoked) {
    this.token = token;
    this.onRevoked = onRevoked;
    /** How often something was changed by this phone: counted when it is asked, and when it is answered. */
    this.changes = 0;
  }

  /**
   * @param {string} method @param {string} path below /api, its parts already encoded
   * @param {object} [body] @param {Record<string, string>} [headers]
   * @returns {Promise<{body: any, etag: string}>}
   */
  async ask(method, path, body, headers = {}) {
    if (method === "GET") return this.send(method, path, body, headers);
    this.changes += 1;
    return this.send(method, path, body, headers).finally(() => { this.changes += 1; });
  }

  /**
   * @param {string} method @param {string} path @param {object|undefined} body
   * @param {Record<string, string>} headers
   */
  async send(method, path, body, headers) {
    const response = await fetch(`/api${path}`, {
      method, cache: "no-store", headers: {
        ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
        ...(body ? { "Content-Type": "application/json" } : {}), ...headers,
      }, ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch(() => { throw new Problem("offline", ""); });
    const answer = response.status === 204 ? null : await response.json().catch(() => null);
    if (response.ok) return { body: answer, etag: response.headers.get("ETag") ?? "" };
    const problem = new Problem(answer?.name ?? "try_again", answer?.title ?? "");
    if (problem.name === "bad_token" && this.token) this.onRevoked();
    throw problem;
  }

  /** @param {string} path @returns {Promise<any>} */
  async get(path) {
    return (await this.ask("GET", path)).body;
  }

  /** @param {string} path @param {object} body @returns {Promise<any>} */
  async post(path, body) {
    return (await this.ask("POST", path, body)).body;
  }

  /** @param {string} path @param {object} body @param {string} [version] for If-Match */
  async put(path, body, version) {
    return this.ask("PUT", path, body, version === undefined ? {} : { "If-Match": version });
  }

  /** @param {string} path @param {object} body @returns {Promise<any>} */
  async patch(path, body) {
    return (await this.ask("PATCH", path, body)).body;
  }

  /** @param {string} path */
  async remove(path) {
    await this.ask("DELETE", path);
  }

  /** @returns {Promise<{home: import("./types.js").Home, version: string}>} */
  async home() {
    const { body, etag } = await this.ask("GET", "/home");
    return { home: body, version: etag };
  }

  /**
   * @param {{cursor?: string|null, only?: string|null}} [options]
   * @returns {Promise<{rings: Visit[], next: string|null}>}
   */
  async rings({ cursor = null, only = null } = {}) {
    const query = new URLSearchParams();
    if (cursor) query.set("cursor", cursor);
    if (only) query.set("only", only);
    const text = query.toString();
    return this.get(`/rings${text && `?${text}`}`);
  }
}

/**
 * Uploads a photo where the API said.
 * @param {import("./types.js").PhotoUpload["upload"]} upload @param {Blob} photo
 */
export async function put(upload, photo) {
  const response = await fetch(upload.url,
    { method: upload.method, headers: upload.headers, body: photo, credentials: "omit" })
    .catch(() => { throw new Problem("offline", ""); });
  // 412: this photo was there already.
  if (!response.ok && response.status !== 412) throw new Problem("try_again", "");
}

/** A part of a path. @param {string} text */
export const part = encodeURIComponent;
