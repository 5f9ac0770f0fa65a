// What becomes of a picture: a JPEG for the server, or landmarks that a worker finds in this browser.

import { brushOf } from "./dom.js";

/** @typedef {import("./protocol.js").Answers} Answers */
/** @typedef {import("./protocol.js").ToWorker} ToWorker */
/** @typedef {{ width: number, height: number }} Size in pixels */

const BRIGHTNESS = { width: 16, height: 12 };

export class Eyes {
  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
    this.canvas = document.createElement("canvas");
    this.small = document.createElement("canvas");
    this.small.width = BRIGHTNESS.width;
    this.small.height = BRIGHTNESS.height;
    /** @type {Worker | null} */
    this.worker = null;
    /**
     * The questions that wait for the worker, by their number.
     *
     * @type {Map<number, { done: (answer: unknown) => void, refuse: (error: Error) => void }>}
     */
    this.waiting = new Map();
    this.asked = 0;
  }

  /**
   * Return the picture's size when its longer side is at most ``longestPx``.
   *
   * @param {number} longestPx
   * @returns {Size}
   */
  size(longestPx) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, longestPx / Math.max(width, height));
    return { width: Math.round(width * scale), height: Math.round(height * scale) };
  }

  /**
   * Return a JPEG's bytes, null when the browser could not make one.
   *
   * @param {import("./protocol.js").Picture} picture
   * @returns {Promise<ArrayBuffer | null>}
   */
  async jpeg(picture) {
    this.#draw(this.size(picture.width));
    /** @type {Blob | null} */
    const blob = await new Promise((done) => { this.canvas.toBlob(done, "image/jpeg", picture.quality); });
    return blob && blob.arrayBuffer();
  }

  /**
   * Return 33 × (x, y, visibility) as float32, x and y NaN and visibility 0 for nobody; null when the worker has gone.
   *
   * @param {number} capturedMs
   * @param {number} longestPx
   */
  async landmarks(capturedMs, longestPx) {
    if (!this.worker) return null;
    this.#draw(this.size(longestPx));
    const bitmap = await createImageBitmap(this.canvas);
    return this.#ask({ kind: "look", bitmap, capturedMs }, [bitmap]);
  }

  /** Return how many people there are, null when that is not known. It costs as much as a few pictures. */
  async people() {
    if (!this.worker) return null;
    const bitmap = await createImageBitmap(this.canvas);
    return this.#ask({ kind: "count", bitmap }, [bitmap]);
  }

  stopCounting() {
    this.worker?.postMessage({ kind: "stop_counting" });
  }

  /** Return the mean brightness, 0 to 1. */
  luma() {
    const brush = brushOf(this.small, { willReadFrequently: true });
    brush.drawImage(this.video, 0, 0, BRIGHTNESS.width, BRIGHTNESS.height);
    const { data } = brush.getImageData(0, 0, BRIGHTNESS.width, BRIGHTNESS.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    return sum / (data.length / 4) / 255;
  }

  /**
   * Load model and WebAssembly, until the first picture can be looked at. Throws when this browser cannot.
   *
   * @param {import("./protocol.js").ModelFiles} files
   */
  async load({ vendor, model, lite, version }) {
    if (this.worker) return;
    const worker = new Worker(new URL(`pose_worker.js?v=${version}`, import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => this.#answered(data);
    worker.onerror = (event) => {
      for (const { refuse } of this.waiting.values()) refuse(new Error(event.message || "the worker ended"));
      this.waiting.clear();
    };
    /** @param {string} path */
    const whole = (path) => new URL(path, location.origin).href;
    const files = { vendor: whole(vendor), model: whole(model), lite: whole(lite), version };
    try {
      await this.#ask({ kind: "load", ...files });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    for (const { done } of this.waiting.values()) done(null);
    this.waiting.clear();
  }

  /** @param {import("./protocol.js").FromWorker} message */
  #answered({ number, answer, error }) {
    const waiting = this.waiting.get(number);
    this.waiting.delete(number);
    if (error) waiting?.refuse(new Error(error)); else waiting?.done(answer);
  }

  /**
   * @template {ToWorker} Q
   * @param {Q} question
   * @param {Transferable[]} transfer
   * @returns {Promise<Answers[Q["kind"]] | null>} null when the worker is closed before it answers
   */
  #ask(question, transfer = []) {
    return new Promise((done, refuse) => {
      if (!this.worker) throw new Error("the worker has gone");
      const number = ++this.asked;
      this.waiting.set(number, { done: /** @type {(answer: unknown) => void} */ (done), refuse });
      this.worker.postMessage({ ...question, number }, transfer);
    });
  }

  /** @param {Size} size */
  #draw({ width, height }) {
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    brushOf(this.canvas).drawImage(this.video, 0, 0, width, height);
  }
}
