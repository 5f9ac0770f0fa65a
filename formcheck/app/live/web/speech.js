// Says one thing at a time, the most urgent first: with a local voice of the device in the language, else with sound files.

/** @typedef {import("./protocol.js").Said} Said */
/** @typedef {Said & { sinceMs: number }} Waiting a thing to say, and since when it waits */
/** @typedef {{ stopped: boolean, stop: () => void }} Current what is being said */

const NOW = 0;
const NUMBER = 2;
const STALE_MS = 4000; // what has waited longer is no longer true
const SLACK_MS = 1500; // a sound is given up when it ends so much later than it should
const VOICE_MS_PER_LETTER = 110;
const VOICES_WITHIN_MS = 500;
const SPOKEN_KEPT = 500;
const NEEDED_FIRST = ["say.can_you_hear", "say.good_stand_still", "number.3", "number.2", "number.1", "say.go"];

export class Speaker {
  /**
   * @param {object} settings
   * @param {string} settings.language
   * @param {"auto" | "files" | "off"} settings.voice
   * @param {string} settings.address where the sound files are
   * @param {string} settings.version
   */
  constructor({ language, voice, address, version }) {
    this.language = language;
    this.address = address;
    this.version = version;
    this.off = voice === "off";
    this.filesOnly = voice === "files";
    /** @type {Waiting[]} */
    this.waiting = [];
    /** @type {Current | null} */
    this.speaking = null;
    /** @type {Map<string, Promise<AudioBuffer | null>>} */
    this.sounds = new Map();
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {SpeechSynthesisVoice | null} */
    this.voice = null;
    /**
     * What was said, for tests and measurements.
     *
     * @type {{ keys: string[], text: string, how: "voice" | "file" }[]}
     */
    this.spoken = [];
  }

  /** Called inside the first tap: only then may a page make sounds. */
  unlock() {
    if (this.off) return;
    this.context ??= new AudioContext();
    this.context.resume();
    this.#chooseVoice();
    for (const key of NEEDED_FIRST) this.#sound(key);
  }

  /** @param {Said} said */
  say(said) {
    if (this.off || !this.context) return;
    const entry = { ...said, sinceMs: performance.now() };
    if (said.priority === NUMBER) this.waiting = this.waiting.filter((other) => other.priority !== NUMBER);
    if (said.priority === NOW) {
      this.waiting = [];
      this.speaking?.stop();
    }
    this.waiting.push(entry);
    this.waiting.sort((a, b) => a.priority - b.priority || a.sinceMs - b.sinceMs);
    if (!this.speaking) this.#next();
  }

  /**
   * Fetch sounds that are likely to be needed.
   *
   * @param {string[]} keys
   */
  prepare(keys) {
    if (!this.voice) for (const key of keys) this.#sound(key);
  }

  /** Drop what waits: its moment is over. */
  forget() {
    this.waiting = [];
  }

  silence() {
    this.forget();
    this.speaking?.stop();
  }

  close() {
    this.silence();
    this.context?.close();
    this.context = null;
  }

  #next() {
    const now = performance.now();
    this.waiting = this.waiting.filter((said) => said.priority === NOW || now - said.sinceMs < STALE_MS);
    const said = this.waiting.shift();
    if (!said) return;
    /** @type {Current} */
    const current = { stopped: false, stop: () => undefined };
    this.speaking = current;
    const ended = () => {
      if (this.speaking !== current) return;
      this.speaking = null;
      this.#next();
    };
    (this.voice ? this.#speak(said, this.voice, current) : this.#play(said, current)).then(ended, ended);
  }

  /**
   * @param {Said} said
   * @param {SpeechSynthesisVoice} voice
   * @param {Current} current
   * @returns {Promise<void>}
   */
  #speak(said, voice, current) {
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(said.text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      let began = false;
      const timer = setTimeout(() => {
        speechSynthesis.cancel();
        if (!began) this.voice = null; // the voice does not work: the sound files speak from now on
        done();
      }, said.text.length * VOICE_MS_PER_LETTER + SLACK_MS);
      utterance.onstart = () => {
        began = true;
        this.#told(said, "voice");
      };
      utterance.onend = utterance.onerror = () => { clearTimeout(timer); done(); };
      current.stop = () => speechSynthesis.cancel();
      speechSynthesis.speak(utterance);
    });
  }

  /**
   * @param {Said} said
   * @param {Current} current
   */
  async #play(said, current) {
    let told = false;
    current.stop = () => { current.stopped = true; };
    for (const key of said.keys) {
      const sound = await this.#sound(key);
      if (current.stopped || !this.context) return;
      if (!sound) continue;
      if (!told) this.#told(said, "file");
      told = true;
      await this.#hear(sound, this.context, current);
      if (current.stopped) return;
    }
  }

  /**
   * @param {AudioBuffer} sound
   * @param {AudioContext} context
   * @param {Current} current
   * @returns {Promise<void>}
   */
  #hear(sound, context, current) {
    return new Promise((done) => {
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      const timer = setTimeout(done, sound.duration * 1000 + SLACK_MS);
      source.onended = () => { clearTimeout(timer); done(); };
      current.stop = () => { current.stopped = true; source.stop(); done(); };
      source.start();
    });
  }

  /**
   * @param {Said} said
   * @param {"voice" | "file"} how
   */
  #told(said, how) {
    this.spoken.push({ keys: said.keys, text: said.text, how });
    if (this.spoken.length > SPOKEN_KEPT) this.spoken.shift();
  }

  /**
   * Return the sound of a key; null when it cannot be had, and then the words are on the screen only.
   *
   * @param {string} key
   */
  #sound(key) {
    const known = this.sounds.get(key);
    if (known) return known;
    const sound = this.#fetched(key).catch(() => { this.sounds.delete(key); return null; });
    this.sounds.set(key, sound);
    return sound;
  }

  /** @param {string} key */
  async #fetched(key) {
    const answer = await fetch(`${this.address}/${this.language}/${key}.mp3?v=${this.version}`);
    if (!answer.ok) throw new Error(`${key}: ${answer.status}`);
    const data = await answer.arrayBuffer();
    if (!this.context) throw new Error("the speaker is closed");
    return this.context.decodeAudioData(data);
  }

  #chooseVoice() {
    if (this.filesOnly || !window.speechSynthesis) return;
    const choose = () => {
      const voices = speechSynthesis.getVoices();
      this.voice = voices.find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(this.language)) ?? null;
    };
    choose();
    if (this.voice) return;
    speechSynthesis.addEventListener("voiceschanged", choose, { once: true });
    setTimeout(() => speechSynthesis.removeEventListener("voiceschanged", choose), VOICES_WITHIN_MS);
  }
}
