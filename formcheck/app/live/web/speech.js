// Says one thing at a time, the more urgent first. A voice of the device where it is local and of the language, else sound files.

const NOW = 0;
const NUMBER = 2;
const STALE_MS = 4000; // what has waited longer is no longer true
const SLACK_MS = 1500; // a sound that has not ended so long after it should have is given up
const VOICE_MS_PER_LETTER = 110;
const VOICES_WITHIN_MS = 500;

export class Speaker {
  constructor({ language, voice, address, version }) {
    Object.assign(this, { language, address, version });
    this.off = voice === "off";
    this.filesOnly = voice === "files";
    this.waiting = [];
    this.speaking = null; // {said, stop, rank}
    this.sounds = new Map();
    this.context = null;
    this.voice = null;
    this.spoken = []; // what was said: {keys, text, how}, for whoever looks
  }

  // Called inside the first tap: only then may a page make sounds.
  unlock() {
    if (this.off) return;
    this.context ??= new (window.AudioContext ?? window.webkitAudioContext)();
    this.context.resume();
    this.#chooseVoice();
    for (const key of ["say.can_you_hear", "say.good_stand_still", "number.3", "number.2", "number.1", "say.go"]) this.#sound(key);
  }

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

  // Fetch sounds that are likely to be needed.
  prepare(keys) {
    if (!this.voice) for (const key of keys) this.#sound(key);
  }

  // What waits belongs to a moment that is over.
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
    const current = { stop: () => undefined };
    this.speaking = current;
    const ended = () => {
      if (this.speaking !== current) return;
      this.speaking = null;
      this.#next();
    };
    (this.voice ? this.#speak(said, current) : this.#play(said, current)).then(ended, ended);
  }

  #speak(said, current) {
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(said.text);
      utterance.voice = this.voice;
      utterance.lang = this.voice.lang;
      const timer = setTimeout(() => { // the voice never began: the sound files speak from now on
        speechSynthesis.cancel();
        if (!utterance.began) this.voice = null;
        done();
      }, said.text.length * VOICE_MS_PER_LETTER + SLACK_MS);
      utterance.onstart = () => {
        utterance.began = true;
        this.#told(said, "voice");
      };
      utterance.onend = utterance.onerror = () => { clearTimeout(timer); done(); };
      current.stop = () => speechSynthesis.cancel();
      speechSynthesis.speak(utterance);
    });
  }

  async #play(said, current) {
    let stopped = false;
    let told = false;
    current.stop = () => { stopped = true; };
    for (const key of said.keys) {
      const sound = await this.#sound(key);
      if (stopped || !this.context) return;
      if (!sound) continue;
      if (!told) this.#told(said, "file");
      told = true;
      await this.#hear(sound, current, () => { stopped = true; });
      if (stopped) return;
    }
  }

  #hear(sound, current, onStop) {
    return new Promise((done) => {
      const source = this.context.createBufferSource();
      source.buffer = sound;
      source.connect(this.context.destination);
      const timer = setTimeout(done, sound.duration * 1000 + SLACK_MS);
      source.onended = () => { clearTimeout(timer); done(); };
      current.stop = () => { onStop(); source.stop(); done(); };
      source.start();
    });
  }

  #told(said, how) {
    this.spoken.push({ keys: said.keys, text: said.text, how });
    if (this.spoken.length > 500) this.spoken.shift();
  }

  // The decoded sound of a key, null when it cannot be had: then it is silent, and the words are on the screen.
  #sound(key) {
    if (!this.sounds.has(key)) {
      const address = `${this.address}/${this.language}/${key}.mp3?v=${this.version}`;
      const sound = fetch(address)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(address))))
        .then((data) => this.context.decodeAudioData(data))
        .catch(() => { this.sounds.delete(key); return null; });
      this.sounds.set(key, sound);
    }
    return this.sounds.get(key);
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
