// The video of one set, when the person asked for it: recorded on the device, and given away once the set is over.

const KINDS = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_PER_S = 1_500_000;
const PIECE_MS = 1000;

export class Film {
  constructor() {
    this.#forget();
  }

  static get kind() {
    return typeof MediaRecorder === "function" ? KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) : undefined;
  }

  get running() {
    return Boolean(this.recorder);
  }

  begin(stream) {
    this.drop();
    const recorder = new MediaRecorder(stream, { mimeType: Film.kind, videoBitsPerSecond: BITS_PER_S });
    this.recorder = recorder;
    recorder.ondataavailable = (event) => { if (event.data.size) this.pieces.push(event.data); };
    this.stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start(PIECE_MS);
  }

  // A picture has come from the camera: the first one after the start is the video's first.
  saw(capturedMs) {
    if (this.recorder?.state === "recording" && this.beganMs === null) this.beganMs = capturedMs;
  }

  // Return the video and when its first picture was captured; null where nothing was recorded.
  async end() {
    const { recorder, pieces, beganMs, stopped } = this;
    if (!recorder) return null;
    this.#forget();
    if (recorder.state !== "inactive") recorder.stop();
    await stopped;
    if (!pieces.length || beganMs === null) return null;
    return { beganMs, video: new Blob(pieces, { type: recorder.mimeType }) };
  }

  drop() {
    const { recorder } = this;
    this.#forget();
    if (recorder && recorder.state !== "inactive") recorder.stop();
  }

  #forget() {
    Object.assign(this, { recorder: null, pieces: [], beganMs: null, stopped: null });
  }
}
