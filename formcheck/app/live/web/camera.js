// The camera. It opens when the person asks for it, tells each new picture's time of capture, and always closes.

const WANTED = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
const FACINGS = ["user", "environment"];

export class Camera {
  /**
   * @param {HTMLVideoElement} video shows the camera's pictures
   * @param {(capturedMs: number) => void} onPicture called when a new picture is in the video element
   * @param {() => void} onLost called when the camera has gone
   */
  constructor(video, onPicture, onLost) {
    this.video = video;
    this.onPicture = onPicture;
    this.onLost = onLost;
    /** @type {MediaStream | null} */
    this.stream = null;
    this.lastMs = -Infinity;
    this.round = 0;
  }

  get live() {
    return this.stream !== null && this.stream.getVideoTracks().some((track) => track.readyState === "live");
  }

  /** The display is mirrored unless the camera looks away from the person. */
  get mirrored() {
    const [track] = this.stream ? this.stream.getVideoTracks() : [];
    return track?.getSettings?.().facingMode !== "environment";
  }

  /**
   * Open a camera. Throws the browser's own errors.
   *
   * @param {string | null} which a device id, "user", "environment", or null for any camera
   * @returns {Promise<boolean>} false when it was closed or opened again in the meantime
   */
  async open(which) {
    this.close();
    const round = ++this.round;
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no secure page", "SecurityError");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...WANTED, ...place(which) } });
    if (round !== this.round) { // closed, or opened again, while the person was asked
      for (const track of stream.getTracks()) track.stop();
      return false;
    }
    this.stream = stream;
    for (const track of stream.getVideoTracks()) track.onended = () => { if (this.stream === stream) this.onLost(); };
    this.video.srcObject = stream;
    await this.video.play().catch(() => undefined);
    this.#next(stream);
    return true;
  }

  close() {
    this.round++;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  /** @param {MediaStream} stream */
  #next(stream) {
    if (this.stream !== stream) return;
    /** @type {(now: number, about?: VideoFrameCallbackMetadata) => void} */
    const take = (now, about) => {
      if (this.stream !== stream) return;
      const capturedMs = about?.captureTime ?? now;
      if (capturedMs > this.lastMs && this.video.videoWidth) {
        this.lastMs = capturedMs;
        this.onPicture(capturedMs);
      }
      this.#next(stream);
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(take);
    else requestAnimationFrame((now) => take(now));
  }
}

/**
 * @param {string | null} which
 * @returns {MediaTrackConstraints}
 */
function place(which) {
  if (!which) return {};
  return FACINGS.includes(which) ? { facingMode: which } : { deviceId: { exact: which } };
}
