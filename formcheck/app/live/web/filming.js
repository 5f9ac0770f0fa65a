// Whether the next set is filmed, and what becomes of its video. Filming is asked for again before each set.

import { Film } from "./film.js";
import { moving, settingUp } from "./stages.js";

/** @typedef {import("./protocol.js").PageData} PageData */
/** @typedef {import("./protocol.js").Stage} Stage */

/**
 * What filming needs of the page.
 *
 * @typedef {object} Around
 * @property {import("./screen.js").Screen} screen
 * @property {import("./camera.js").Camera} camera
 * @property {() => PageData} data the newest
 * @property {() => Stage | undefined} stage
 * @property {() => void} unask close the question
 * @property {() => void} redraw
 */

const TOLD_MS = 6000;

export class Filming {
  /** @param {Around} page */
  constructor(page) {
    this.page = page;
    this.film = new Film();
    this.wanted = false; // true when the set that is on, or comes next, is to be filmed
    this.setBeganMs = 0;
    /**
     * Done when no video is on its way to the server.
     *
     * @type {Promise<void>}
     */
    this.sending = Promise.resolve();
    this.#show();
  }

  get running() {
    return this.film.running;
  }

  /** Ask whether the next set is to be filmed; when it is already, then not any more. */
  ask() {
    if (this.wanted) {
      this.#set(false);
      return;
    }
    const { screen, data, unask } = this.page;
    screen.ask(screen.text("film.title"), screen.text("film.text", data().film ?? {}), [
      ["film.yes", () => { unask(); this.#set(true); }, true], ["film.no", unask],
    ]);
  }

  /** Start or drop the video as the stage needs. */
  follow() {
    const { camera } = this.page;
    const stage = this.page.stage();
    if (this.wanted && !this.film.running && moving(stage) && camera.live && camera.stream) this.film.begin(camera.stream);
    else if (settingUp(stage)) this.film.drop();
  }

  /**
   * Give the video of a finished set to the server.
   *
   * @param {number | null} set its id, null when nothing was done in it
   */
  give(set) {
    this.sending = this.#give(set);
  }

  /** @param {number | null} set */
  async #give(set) {
    const filmed = this.wanted && this.film.running;
    this.wanted = false;
    this.#show();
    if (!filmed) return;
    const film = await this.film.end();
    if (!set) return;
    const { screen, data } = this.page;
    const place = data().film;
    let kept = false;
    try {
      kept = film !== null && place !== null && (await this.#send(set, film, place.address)).ok;
    } catch { /* said below */ }
    screen.banner(screen.text(kept ? "film.kept" : "film.failed", place ?? {}));
    setTimeout(() => screen.banner(null), TOLD_MS);
  }

  /**
   * @param {number} set
   * @param {{ beganMs: number, video: Blob }} film
   * @param {string} address
   */
  #send(set, { beganMs, video }, address) {
    const query = new URLSearchParams({ set: String(set), offset_s: ((beganMs - this.setBeganMs) / 1000).toFixed(3) });
    const headers = { Authorization: `Bearer ${this.page.data().token}`, "Content-Type": video.type };
    return fetch(`${address}?${query}`, { method: "POST", headers, body: video });
  }

  /** @param {boolean} yes */
  #set(yes) {
    this.wanted = yes;
    if (yes) this.follow(); else this.film.drop();
    this.#show();
    this.page.redraw();
  }

  #show() {
    this.page.screen.film = this.page.data().film && Film.kind ? this.wanted : null;
  }
}
