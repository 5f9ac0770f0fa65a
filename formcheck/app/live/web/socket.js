// The way to the server: one socket, opened again when it breaks. At most so many pictures are under way at a time.

/** @typedef {import("./protocol.js").FromServer} FromServer */
/** @typedef {import("./protocol.js").Hello} Hello */
/** @typedef {import("./protocol.js").ToServer} ToServer */

/**
 * What the page does about the socket.
 *
 * @typedef {object} Handlers
 * @property {(welcome: import("./protocol.js").Welcome) => void} open
 * @property {(message: FromServer) => void} message
 * @property {() => void} away the socket broke and is opened again
 * @property {() => void} refused the token does not count, or not any more
 * @property {() => void} elsewhere the session was opened in another page
 * @property {() => void} full the server has too many pages, and is asked again
 * @property {() => void} failed the session broke on the server
 * @property {() => void} over the session has ended
 */

const CLOSED = { REFUSED: 4403, ELSEWHERE: 4409, FULL: 4429, FAILED: 4500, OVER: 1000 };
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const HEADER_BYTES = 12;

export class Link {
  /**
   * @param {string} address
   * @param {() => Omit<Hello, "type"> | null} hello the first message, null while the camera is not ready
   * @param {Handlers} on
   */
  constructor(address, hello, on) {
    this.address = address;
    this.hello = hello;
    this.on = on;
    this.inFlight = 2;
    this.number = 0;
    this.answered = 0;
    this.open = false; // true after the server's welcome
    this.wanted = false;
    this.early = false; // true while only the first picture is waited for
    this.waitMs = FIRST_WAIT_MS;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.timer = 0;
  }

  get free() {
    return this.open && this.number - this.answered < this.inFlight && this.socket?.bufferedAmount === 0;
  }

  connect() {
    this.wanted = true;
    clearTimeout(this.timer);
    if (this.socket) return;
    const hello = this.hello();
    this.early = !hello;
    if (!hello) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...hello }));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => { if (this.socket === socket) this.#lost(event.code); };
  }

  /** Say hello again, with a new token, mode or picture size. */
  again() {
    this.waitMs = FIRST_WAIT_MS;
    this.#drop();
    this.connect();
  }

  /**
   * Send a message; return whether there was a connection to send it on.
   *
   * @param {ToServer} message
   */
  send(message) {
    if (!this.open || !this.socket) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * Send a picture; return its number.
   *
   * @param {number} capturedMs
   * @param {ArrayBuffer} body a JPEG, or landmarks
   */
  picture(capturedMs, body) {
    const data = new Uint8Array(HEADER_BYTES + body.byteLength);
    const head = new DataView(data.buffer);
    head.setUint32(0, ++this.number, true);
    head.setFloat64(4, capturedMs, true);
    data.set(new Uint8Array(body), HEADER_BYTES);
    this.socket?.send(data);
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

  /** @param {FromServer} message */
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

  /** @param {number} code */
  #lost(code) {
    this.socket = null;
    this.open = false;
    if (code === CLOSED.OVER) this.on.over();
    else if (code === CLOSED.FAILED) this.on.failed();
    else if (code === CLOSED.REFUSED) this.on.refused(); // a new token brings it back: again()
    else if (code === CLOSED.ELSEWHERE) this.on.elsewhere();
    else {
      if (code === CLOSED.FULL) this.on.full(); else this.on.away();
      if (this.wanted) this.#connectLater();
    }
  }

  #connectLater() {
    this.timer = setTimeout(() => this.connect(), this.waitMs);
    this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
  }
}
