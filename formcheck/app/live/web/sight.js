// The way of a picture: from the camera to the server or the worker, and what was found in it onto the screen.

import { draw } from "./draw.js";
import { settingUp } from "./stages.js";

/** @typedef {import("./protocol.js").FrameAnswer} FrameAnswer */
/** @typedef {import("./protocol.js").Hud} Hud */
/** @typedef {import("./protocol.js").Mode} Mode */
/** @typedef {import("./protocol.js").Picture} Picture */

/**
 * What this needs of the page.
 *
 * @typedef {object} Around
 * @property {import("./screen.js").Screen} screen
 * @property {import("./eyes.js").Eyes} eyes
 * @property {import("./socket.js").Link} link
 * @property {() => Mode} mode
 * @property {() => Hud | null} hud
 * @property {() => import("./protocol.js").Edge[]} edges
 * @property {(error: unknown) => void} failed nothing could be found in a picture
 */

const SERVER_PX = 480; // longer side of the pictures that go to the server, unless it asks for less
const BROWSER_PX = 640;
const FACTS_MS = 1000;
const PEOPLE_MS = 4000;
const AGES_KEPT = 20_000;
const RECENT = 30; // pictures whose median age is shown

export class Sight {
  /** @param {Around} page */
  constructor(page) {
    this.page = page;
    /** @type {Picture} */
    this.picture = { width: SERVER_PX, quality: 0.7 };
    /**
     * When the pictures under way were captured (ms), by their number.
     *
     * @type {Map<number, number>}
     */
    this.captured = new Map();
    /**
     * How old each picture was when it was drawn (ms), for tests and measurements.
     *
     * @type {number[]}
     */
    this.ages = [];
    /** @type {number[] | null} */
    this.points = null;
    this.drawn = 0;
    this.looking = false;
    this.factsMs = this.peopleMs = -Infinity;
    /** @type {number | null} */
    this.people = null;
  }

  /** The size of the largest picture to come, or of what the landmarks are shares of. */
  get size() {
    return this.page.eyes.size(this.page.mode() === "server" ? SERVER_PX : BROWSER_PX);
  }

  /** The median age of the newest pictures (ms), undefined when there is none. */
  get ageMs() {
    const recent = this.ages.slice(-RECENT).sort((a, b) => a - b);
    return recent.at(recent.length >> 1);
  }

  /**
   * Begin again with a new connection.
   *
   * @param {Picture} picture what the server wants
   */
  restart(picture) {
    this.captured.clear();
    this.picture = picture;
  }

  /**
   * Take one picture from the camera.
   *
   * @param {number} capturedMs
   */
  async look(capturedMs) {
    const { eyes, link, mode, failed } = this.page;
    if (!link.wanted) return;
    if (link.early) link.connect();
    if (this.looking || !link.free || document.hidden) return;
    this.looking = true;
    try {
      const body = mode() === "server" ? await eyes.jpeg(this.picture) : await eyes.landmarks(capturedMs, BROWSER_PX);
      if (!body || !link.open) return;
      if (mode() === "browser") this.show(shares(body), capturedMs);
      const number = link.picture(capturedMs, body);
      if (mode() === "server") this.captured.set(number, capturedMs);
      await this.#tellFacts(capturedMs);
    } catch (error) {
      failed(error);
    } finally {
      this.looking = false;
    }
  }

  /**
   * Draw what the server found in a picture.
   *
   * @param {FrameAnswer} answer
   */
  answered(answer) {
    if (this.page.mode() !== "server" || answer.skipped) return;
    if (answer.pts !== undefined) this.show(answer.pts, this.captured.get(answer.id));
    for (const id of this.captured.keys()) if (id <= answer.id) this.captured.delete(id);
  }

  /**
   * Draw what was found in a picture.
   *
   * @param {number[] | null} points as in ``FrameAnswer.pts``
   * @param {number} [capturedMs] of the picture
   */
  show(points, capturedMs) {
    const { canvas, video } = this.page.screen;
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
      Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    }
    this.points = points;
    const hud = this.page.hud();
    const joints = hud?.stage === "set" ? hud.joints : [];
    const outline = settingUp(hud?.stage) ? hud?.outline ?? null : null;
    draw(canvas, { points, edges: this.page.edges(), joints, outline });
    if (capturedMs === undefined) return;
    this.drawn++;
    this.ages.push(performance.now() - capturedMs);
    if (this.ages.length > AGES_KEPT) this.ages.shift();
  }

  /** @param {number} now */
  async #tellFacts(now) {
    const { eyes, link, mode, hud } = this.page;
    if (mode() !== "browser" || !settingUp(hud()?.stage) || now - this.factsMs < FACTS_MS) return;
    this.factsMs = now;
    if (now - this.peopleMs >= PEOPLE_MS) {
      this.peopleMs = now;
      this.people = await eyes.people();
    }
    link.send({ type: "facts", luma: eyes.luma(), people: this.people });
  }
}

/**
 * Return landmarks as the server sends them back: shares × 1000, null for nobody.
 *
 * @param {ArrayBuffer} buffer 33 × (x, y, visibility) as float32
 */
function shares(buffer) {
  const values = new Float32Array(buffer);
  return Number.isNaN(values[0]) ? null : Array.from(values, (value) => Math.round(value * 1000));
}
