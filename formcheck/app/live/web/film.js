// The video of one set. It is recorded on the device, only when the person asked for it, and handed over after the set.

const KINDS = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_PER_S = 1_500_000;
const PIECE_MS = 1000;

export class Film {
  /** @type {MediaRecorder | null} */
  #recorder = null;
  /** @type {Blob[]} */
  #pieces = [];
  /** @type {number | null} */
  #beganMs = null;
  /** @type {Promise<unknown> | null} */
  #stopped = null;

  /** The kind of video that this browser records, undefined when it records none. */
  static get kind() {
    return typeof MediaRecorder === "function" ? KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) : undefined;
  }

  get running() {
    return this.#recorder !== null;
  }

  /** @param {MediaStream} stream */
  begin(stream) {
    this.drop();
    const recorder = new MediaRecorder(stream, { mimeType: Film.kind, videoBitsPerSecond: BITS_PER_S });
    this.#recorder = recorder;
    /** @type {Blob[]} */
    const pieces = []; // of this recorder alone, which gives the last one only after it was told to stop
    this.#pieces = pieces;
    recorder.ondataavailable = (event) => { if (event.data.size) pieces.push(event.data); };
    this.#stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start(PIECE_MS);
  }

  /**
   * Take note of a picture from the camera: the first one after the start is the video's first.
   *
   * @param {number} capturedMs
   */
  saw(capturedMs) {
    if (this.#recorder?.state === "recording" && this.#beganMs === null) this.#beganMs = capturedMs;
  }

  /**
   * Return the video and when its first picture was captured; null when nothing was recorded.
   *
   * @returns {Promise<{ beganMs: number, video: Blob } | null>}
   */
  async end() {
    const [recorder, pieces, beganMs, stopped] = [this.#recorder, this.#pieces, this.#beganMs, this.#stopped];
    if (!recorder) return null;
    this.#forget();
    if (recorder.state !== "inactive") recorder.stop();
    await stopped;
    if (!pieces.length || beganMs === null) return null;
    return { beganMs, video: new Blob(pieces, { type: recorder.mimeType }) };
  }

  drop() {
    const recorder = this.#recorder;
    this.#forget();
    if (recorder && recorder.state !== "inactive") recorder.stop();
  }

  #forget() {
    this.#recorder = null;
    this.#pieces = [];
    this.#beganMs = null;
    this.#stopped = null;
  }
}
