// What becomes of a picture: a JPEG for the server, or landmarks that a worker finds here.

const BRIGHTNESS = { width: 16, height: 12 };

export class Eyes {
  constructor(video) {
    this.video = video;
    this.canvas = document.createElement("canvas");
    this.small = document.createElement("canvas");
    this.small.width = BRIGHTNESS.width;
    this.small.height = BRIGHTNESS.height;
    this.worker = null;
    this.waiting = new Map(); // number of a question to {done, refuse}
    this.asked = 0;
  }

  // The picture's size when its longer side is at most so long.
  size(longestPx) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, longestPx / Math.max(width, height));
    return { width: Math.round(width * scale), height: Math.round(height * scale) };
  }

  // A JPEG's bytes; null when the browser could not make one.
  async jpeg(picture) {
    this.#draw(this.size(picture.width));
    const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", picture.quality));
    return blob && blob.arrayBuffer();
  }

  // 33 × (x, y, visibility) as float32 in a buffer, all NaN and 0 for nobody; null when the worker has gone.
  async landmarks(capturedMs, longestPx) {
    if (!this.worker) return null;
    this.#draw(this.size(longestPx));
    const bitmap = await createImageBitmap(this.canvas);
    return this.#ask({ kind: "look", bitmap, capturedMs }, [bitmap]);
  }

  // How many people there are. Costs as much as a few pictures.
  async people() {
    if (!this.worker) return null;
    const bitmap = await createImageBitmap(this.canvas);
    return this.#ask({ kind: "count", bitmap }, [bitmap]);
  }

  stopCounting() {
    this.worker?.postMessage({ kind: "stop_counting" });
  }

  // Mean brightness, 0 to 1.
  luma() {
    const brush = this.small.getContext("2d", { willReadFrequently: true });
    brush.drawImage(this.video, 0, 0, BRIGHTNESS.width, BRIGHTNESS.height);
    const { data } = brush.getImageData(0, 0, BRIGHTNESS.width, BRIGHTNESS.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    return sum / (data.length / 4) / 255;
  }

  // Load model and WebAssembly; resolves when the first picture can be looked at. Throws when this browser cannot.
  async load({ vendor, model, lite, version }) {
    if (this.worker) return;
    const worker = new Worker(new URL(`pose_worker.js?v=${version}`, import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      const waiting = this.waiting.get(data.number);
      this.waiting.delete(data.number);
      if (data.error) waiting?.refuse(new Error(data.error)); else waiting?.done(data.answer);
    };
    worker.onerror = (event) => {
      for (const { refuse } of this.waiting.values()) refuse(new Error(event.message || "the worker ended"));
      this.waiting.clear();
    };
    const whole = (path) => new URL(path, location.origin).href;
    try {
      await this.#ask({ kind: "load", vendor: whole(vendor), model: whole(model), lite: whole(lite), version });
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

  #ask(message, transfer = []) {
    return new Promise((done, refuse) => {
      const number = ++this.asked;
      this.waiting.set(number, { done, refuse });
      this.worker.postMessage({ ...message, number }, transfer);
    });
  }

  #draw({ width, height }) {
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.canvas.getContext("2d").drawImage(this.video, 0, 0, width, height);
  }
}
