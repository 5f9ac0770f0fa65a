// The camera: opened when the person asks for it, every new picture told with its time of capture, closed for certain.

const WANTED = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
const FACINGS = ["user", "environment"];

export class Camera {
  // onPicture(capturedMs): a new picture is in the video element. onLost(): the camera has gone.
  constructor(video, onPicture, onLost) {
    this.video = video;
    this.onPicture = onPicture;
    this.onLost = onLost;
    this.stream = null;
    this.lastMs = -Infinity;
    this.round = 0;
  }

  get live() {
    return Boolean(this.stream) && this.stream.getVideoTracks().some((track) => track.readyState === "live");
  }

  // The display is mirrored unless the camera looks away from the person.
  get mirrored() {
    const [track] = this.stream ? this.stream.getVideoTracks() : [];
    return track?.getSettings?.().facingMode !== "environment";
  }

  // which: a device id, "user", "environment" or null. Throws the browser's own errors.
  async open(which) {
    this.close();
    const round = ++this.round;
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no secure page", "SecurityError");
    const place = FACINGS.includes(which) ? { facingMode: which } : which ? { deviceId: { exact: which } } : {};
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...WANTED, ...place } });
    if (round !== this.round) { // closed, or opened anew, while the person was asked
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

  #next(stream) {
    if (this.stream !== stream) return;
    const take = (now, about) => {
      if (this.stream !== stream) return;
      const capturedMs = about?.captureTime ?? now;
      if (capturedMs > this.lastMs && this.video.videoWidth) {
        this.lastMs = capturedMs;
        this.onPicture(capturedMs);
      }
      this.#next(stream);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(take);
    else requestAnimationFrame((now) => take(now));
  }
}
