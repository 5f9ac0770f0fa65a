// The way to the server: one socket, opened again when it breaks. At most so many pictures are under way at a time.

const CLOSED = { REFUSED: 4403, ELSEWHERE: 4409, FULL: 4429, FAILED: 4500, OVER: 1000 };
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const HEADER_BYTES = 12;

export class Link {
  // hello(): the first message, or null while the camera is not ready. on: {open, message, away, refused, elsewhere, full, failed, over}
  constructor(address, hello, on) {
    this.address = address;
    this.hello = hello;
    this.on = on;
    this.inFlight = 2;
    this.number = 0;
    this.answered = 0;
    this.open = false; // after the server's welcome
    this.wanted = false;
    this.early = false;
    this.waitMs = FIRST_WAIT_MS;
    this.socket = null;
    this.timer = 0;
  }

  get free() {
    return this.open && this.number - this.answered < this.inFlight && this.socket.bufferedAmount === 0;
  }

  connect() {
    this.wanted = true;
    clearTimeout(this.timer);
    if (this.socket) return;
    const hello = this.hello();
    this.early = !hello; // connect again when the first picture has come
    if (!hello) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...hello }));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => { if (this.socket === socket) this.#lost(event.code); };
  }

  // A new token, mode or picture size: say hello anew.
  again() {
    this.waitMs = FIRST_WAIT_MS;
    this.#drop();
    this.connect();
  }

  send(message) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  // body: ArrayBuffer of a JPEG or of landmarks.
  picture(capturedMs, body) {
    const data = new Uint8Array(HEADER_BYTES + body.byteLength);
    const head = new DataView(data.buffer);
    head.setUint32(0, ++this.number, true);
    head.setFloat64(4, capturedMs, true);
    data.set(new Uint8Array(body), HEADER_BYTES);
    this.socket.send(data);
    return this.number;
  }

  close() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.#drop();
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    if (socket) socket.close();
  }

  #take(message) {
    if (message.type === "welcome") {
      this.open = true;
      this.waitMs = FIRST_WAIT_MS;
      this.inFlight = message.in_flight;
      this.number = this.answered = 0;
      this.on.open(message);
    } else if (message.type === "frame") {
      this.answered = Math.max(this.answered, message.id);
      this.inFlight = message.in_flight ?? this.inFlight;
    }
    this.on.message(message);
  }

  #lost(code) {
    this.socket = null;
    this.open = false;
    if (code === CLOSED.OVER) return this.on.over();
    if (code === CLOSED.FAILED) return this.on.failed();
    if (code === CLOSED.REFUSED) return this.on.refused(); // a new token brings it back: again()
    if (code === CLOSED.ELSEWHERE) return this.on.elsewhere();
    if (code === CLOSED.FULL) this.on.full(); else this.on.away();
    if (!this.wanted) return undefined;
    this.timer = setTimeout(() => this.connect(), this.waitMs);
    this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
    return undefined;
  }
}
