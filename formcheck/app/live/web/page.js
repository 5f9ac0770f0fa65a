// The live page: camera, pose, socket, voice and screen put together. One for each place in Streamlit's page.

import { Camera } from "./camera.js";
import { draw } from "./draw.js";
import { Eyes } from "./eyes.js";
import { Film } from "./film.js";
import { Screen } from "./screen.js";
import { Link } from "./socket.js";
import { Speaker } from "./speech.js";

const SETTING_UP = ["setup", "ready"];
const OVER = ["done", "stopped"];
const SERVER_PX = 480; // longer side of the pictures that go to the server, unless it asks for less
const BROWSER_PX = 640;
const FACTS_MS = 1000;
const PEOPLE_MS = 4000;
const HIDDEN_FACTS_MS = 5000;
const TOKEN_AFTER_MS = 1000;
const AGES_KEPT = 20_000;
const TOLD_MS = 6000;
const SENDING_MS = 30_000;
const NO_CAMERA = { NotAllowedError: "camera_refused", SecurityError: "camera_insecure", NotFoundError: "camera_missing" };

const pages = new WeakMap();

// Called for every rerun of the page. Returns what to call when it is left.
export function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live");
  let page = pages.get(root);
  if (page) page.adopt(data, setTriggerValue);
  else pages.set(root, page = new Page(root, data, setTriggerValue));
  return () => { pages.delete(root); page.leave(); };
}

class Page {
  constructor(root, data, trigger) {
    Object.assign(this, { data, trigger, hud: null, mode: data.mode, agreed: false, begun: false, ended: false });
    this.client = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
    this.screen = new Screen(root, data.texts, {
      press: (name) => this.press(name), stop: (reason) => this.stop(reason),
    });
    this.camera = new Camera(this.screen.video, (ms) => this.look(ms), () => this.trouble("camera_lost"));
    this.eyes = new Eyes(this.screen.video);
    this.speaker = new Speaker({ language: data.language, voice: data.voice, address: data.voices_url, version: data.version });
    this.picture = { width: SERVER_PX, quality: 0.7 };
    this.captured = new Map(); // id of a picture to its time of capture (ms)
    this.ages = [];
    this.points = null;
    this.drawn = 0;
    this.note = null;
    this.factsMs = this.peopleMs = -Infinity;
    this.film = new Film();
    this.filmed = false; // the set that is on, or comes next, is to be filmed
    this.sending = Promise.resolve();
    this.setBeganMs = null;
    this.link = this.#makeLink();
    this.listeners = new AbortController();
    this.#listen();
    root.formcheck = this.#hook();
    this.screen.film = this.#filmState();
    this.#offer();
  }

  // New data of a rerun. A new token takes a page that runs back to its session.
  adopt(data, trigger) {
    const fresh = data.token !== this.data.token;
    Object.assign(this, { data, trigger });
    if (!fresh || this.ended) return;
    clearTimeout(this.tokenTimer);
    if (this.begun) this.link.again();
    else this.#offer();
  }

  leave() {
    this.link.send({ type: "bye" });
    this.#closeAll();
  }

  press(name) {
    if (name === "stop") this.#askStop();
    else if (name === "film") this.#askFilm();
    else if (name === "go_on") this.end(this.hud.stage);
    else if (name === "end") this.screen.ask(this.screen.text("end.title"), this.screen.text("end.text"), [
      ["end.yes", () => { this.screen.unask(); this.link.send({ type: "command", name: "end" }); }, true],
      ["end.no", () => this.#unask()],
    ]);
    else this.link.send({ type: "command", name });
  }

  stop(reason) {
    if (reason === null) {
      if (this.pausedByStop) this.press("resume");
    } else {
      const stop = { type: "command", name: "stop", reason };
      this.unsent = this.link.send(stop) ? null : stop; // without a connection it is told as soon as there is one
    }
    this.pausedByStop = false;
  }

  // The page is over: camera off at once, and Streamlit goes on when a film is on its way no more.
  async end(why) {
    this.ended = true;
    this.camera.close();
    await Promise.race([this.sending, new Promise((resolve) => { setTimeout(resolve, SENDING_MS); })]);
    this.#closeAll();
    this.trigger("done", { why });
  }

  async begin() {
    this.speaker.unlock(); // inside the tap
    this.begun = true;
    this.screen.ask(this.screen.text("starting"), this.screen.text("starting_camera"), []);
    try {
      if (!(await this.camera.open(this.data.camera))) return;
    } catch (error) {
      this.trouble(NO_CAMERA[error.name] ?? "camera_failed", error.name);
      return;
    }
    this.screen.mirrored = this.camera.mirrored;
    this.#keepAwake();
    if (this.mode === "browser" && !(await this.#loadModel())) return;
    this.#unask();
    this.link.connect();
    this.speaker.say({ keys: ["say.can_you_hear"], text: this.screen.text("can_you_hear"), priority: 3 });
  }

  trouble(key, detail = "") {
    this.camera.close();
    this.screen.ask(this.screen.text(`trouble.${key}`), this.screen.text(`trouble.${key}_help`, { detail }), [
      ["trouble.again", () => this.begin(), true],
      ["trouble.upload", () => this.end("upload")],
      ["trouble.back", () => this.end("back")],
    ]);
  }

  // One picture from the camera.
  async look(capturedMs) {
    this.film.saw(capturedMs);
    if (!this.link.wanted) return;
    if (this.link.early) this.link.connect();
    if (this.looking || !this.link.free || document.hidden) return;
    this.looking = true;
    try {
      const body = this.mode === "server" ? await this.eyes.jpeg(this.picture) : await this.eyes.landmarks(capturedMs, BROWSER_PX);
      if (!body || !this.link.open) return;
      if (this.mode === "browser") this.#show(shares(body), capturedMs);
      const number = this.link.picture(capturedMs, body);
      if (this.mode === "server") this.captured.set(number, capturedMs);
      await this.#tellFacts(capturedMs);
    } catch (error) {
      if (this.ended) return;
      if (this.mode === "browser") this.#browserFails(error); else this.trouble("camera_failed", error.message);
    } finally {
      this.looking = false;
    }
  }

  #makeLink() {
    const { protocol, host } = location;
    const address = `${protocol === "https:" ? "wss" : "ws"}://${host}${this.data.socket}`;
    return new Link(address, () => this.#hello(), {
      open: (welcome) => { this.captured.clear(); this.picture = welcome.picture; this.screen.banner(null); this.#take(welcome); this.#catchUp(); },
      message: (message) => this.#take(message),
      away: () => this.screen.banner(this.screen.text("away")),
      full: () => this.screen.banner(this.screen.text("full")),
      refused: () => this.#needToken(),
      elsewhere: () => this.screen.ask(this.screen.text("elsewhere"), this.screen.text("elsewhere_help"), [
        ["trouble.again", () => { this.#unask(); this.link.again(); }, true], ["trouble.back", () => this.end("back")],
      ]),
      failed: () => this.screen.ask(this.screen.text("failed"), this.failure ?? "", [["trouble.back", () => this.end("ended"), true]]),
      over: () => { if (!OVER.includes(this.hud?.stage)) this.screen.ask(this.screen.text("over"), this.screen.text("over_help"), [["button.go_on", () => this.end("ended"), true]]); },
    });
  }

  #hello() {
    const { videoWidth, videoHeight } = this.screen.video;
    if (!videoWidth || !videoHeight) return null;
    const size = this.eyes.size(this.mode === "server" ? SERVER_PX : BROWSER_PX);
    this.size = `${videoWidth}x${videoHeight}`;
    return { token: this.data.token, client: this.client, mode: this.mode, consent: this.agreed, clock_ms: performance.now(), ...size };
  }

  #take(message) {
    if (message.picture) this.picture = { ...this.picture, ...message.picture };
    if (message.slow) this.note = message.slow;
    if (message.type === "frame" && this.mode === "server" && !message.skipped) {
      if (message.pts !== undefined) this.#show(message.pts, this.captured.get(message.id));
      for (const id of this.captured.keys()) if (id <= message.id) this.captured.delete(id);
    }
    if (message.hud) this.#render(message.hud);
    for (const said of message.say ?? []) this.speaker.say(said);
    if (message.type !== "event") return;
    if (message.name === "error") this.failure = message.text;
    else if (message.name === "set_started") this.setBeganMs = message.began_ms;
    else if (message.name === "set_finished") this.sending = this.#giveFilm(message.set);
  }

  #render(hud) {
    const before = this.hud?.stage;
    this.hud = hud;
    this.screen.render(hud);
    if (hud.stage === before) return;
    this.#filmStage(hud.stage);
    const begins = hud.stage === "countin" || (hud.stage === "set" && SETTING_UP.includes(before));
    if (begins) this.speaker.silence(); else this.speaker.forget(); // advice is over, and what comes now is not to wait
    if (!SETTING_UP.includes(hud.stage)) this.eyes.stopCounting();
    if (OVER.includes(hud.stage)) {
      this.camera.close();
      this.#show(null);
      this.wakeLock?.release().catch(() => undefined);
    }
    if (hud.stage === "set") this.speaker.prepare(Array.from({ length: hud.target ?? 20 }, (_, i) => `number.${i + 1}`));
  }

  // Draw what was found in the picture of ``capturedMs``.
  #show(points, capturedMs) {
    const { canvas, video } = this.screen;
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
      Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    }
    this.points = points;
    const inSet = this.hud?.stage === "set";
    draw(canvas, {
      points, edges: this.data.edges, joints: inSet ? this.hud.joints : [],
      outline: SETTING_UP.includes(this.hud?.stage) ? this.hud.outline : null,
    });
    if (capturedMs === undefined) return;
    this.drawn++;
    this.ages.push(performance.now() - capturedMs);
    if (this.ages.length > AGES_KEPT) this.ages.shift();
  }

  #quiet() {
    if (!this.hud || this.ended) return;
    const recent = this.ages.slice(-30).sort((a, b) => a - b);
    const age = recent.length ? this.screen.text("age", { n: Math.round(recent[recent.length >> 1]) }) : "";
    const where = this.screen.text(this.mode === "browser" ? "stays" : this.data.consent ? "goes_to_server" : "stays_here");
    const sees = this.hud.stage === "set" ? this.hud.not_assessed : "";
    this.screen.quiet([this.hud.note, this.note, sees, where, age]);
    const { videoWidth, videoHeight } = this.screen.video;
    if (this.link.open && videoWidth && this.size !== `${videoWidth}x${videoHeight}`) this.link.again(); // the phone was turned
  }

  // Filming is asked for anew for each set.
  #askFilm() {
    const { screen, data } = this;
    if (this.filmed) {
      this.#setFilmed(false);
      return;
    }
    screen.ask(screen.text("film.title"), screen.text("film.text", data.film), [
      ["film.yes", () => { this.#unask(); this.#setFilmed(true); }, true], ["film.no", () => this.#unask()],
    ]);
  }

  #setFilmed(yes) {
    this.filmed = yes;
    if (yes) this.#filmStage(this.hud.stage); else this.film.drop();
    this.screen.film = this.#filmState();
    this.screen.render(this.hud);
  }

  // null where nothing can be filmed, else whether the next set is.
  #filmState() {
    return this.data.film && Film.kind ? this.filmed : null;
  }

  #filmStage(stage) {
    if (this.filmed && !this.film.running && ["countin", "set"].includes(stage) && this.camera.live) this.film.begin(this.camera.stream);
    else if (SETTING_UP.includes(stage)) this.film.drop();
  }

  async #giveFilm(set) {
    const filmed = this.filmed && this.film.running;
    this.filmed = false;
    this.screen.film = this.#filmState();
    if (!filmed) return;
    const film = await this.film.end();
    if (!set) return; // nothing was done in it
    let kept = false;
    try {
      const query = new URLSearchParams({ set, offset_s: ((film.beganMs - this.setBeganMs) / 1000).toFixed(3) });
      const headers = { Authorization: `Bearer ${this.data.token}`, "Content-Type": film.video.type };
      kept = (await fetch(`${this.data.film.address}?${query}`, { method: "POST", headers, body: film.video })).ok;
    } catch { /* said below */ }
    this.screen.banner(this.screen.text(kept ? "film.kept" : "film.failed", this.data.film));
    setTimeout(() => this.screen.banner(null), TOLD_MS);
  }

  async #tellFacts(now) {
    if (this.mode !== "browser" || !SETTING_UP.includes(this.hud?.stage) || now - this.factsMs < FACTS_MS) return;
    this.factsMs = now;
    if (now - this.peopleMs >= PEOPLE_MS) {
      this.peopleMs = now;
      this.people = await this.eyes.people();
    }
    this.link.send({ type: "facts", luma: this.eyes.luma(), people: this.people ?? null });
  }

  // Before anything runs: what will happen, and the first tap.
  #offer() {
    const { screen, data } = this;
    const where = this.mode === "browser" ? "stays" : data.consent ? "consent" : "stays_here";
    const asks = where === "consent";
    const choices = [[asks ? "consent_yes" : data.resume ? "resume_go_on" : "begin", () => this.#agree(), true]];
    if (asks && data.modes.includes("browser")) choices.push(["consent_no", () => { this.mode = "browser"; this.begin(); }]);
    choices.push(data.resume ? ["resume_finish", () => this.end("finish")] : ["trouble.back", () => this.end("back")]);
    const [title, help] = data.resume ? ["resume", "resume_help"] : ["begin_title", "begin_help"];
    screen.ask(screen.text(title, data.resume ?? {}), screen.text(help), choices, screen.text(where));
  }

  #agree() {
    this.agreed = this.mode === "server";
    this.begin();
  }

  async #loadModel() {
    this.screen.ask(this.screen.text("starting"), this.screen.text("starting_model"), []);
    const { vendor, model_url: model, lite_url: lite, version } = this.data;
    try {
      await this.eyes.load({ vendor, model, lite, version });
      return true;
    } catch (error) {
      this.#browserFails(error);
      return false;
    }
  }

  // This browser cannot find the pose by itself.
  #browserFails(error) {
    this.link.close();
    this.eyes.close();
    const choices = [["trouble.again", () => this.begin(), true], ["trouble.upload", () => this.end("upload")], ["trouble.back", () => this.end("back")]];
    const server = this.data.modes.includes("server");
    if (server) choices.unshift(["trouble.use_server", () => { this.mode = "server"; this.agreed = true; this.begin(); }]);
    const more = server && this.data.consent ? this.screen.text("consent") : "";
    this.screen.ask(this.screen.text("trouble.no_model"), this.screen.text("trouble.no_model_help", { detail: error.message }), choices, more);
  }

  #needToken() {
    this.screen.banner(this.screen.text("away"));
    const ask = () => {
      this.trigger("done", { why: "token" });
      this.tokenTimer = setTimeout(ask, 2 * TOKEN_AFTER_MS);
    };
    clearTimeout(this.tokenTimer);
    this.tokenTimer = setTimeout(ask, TOKEN_AFTER_MS); // after a restart Streamlit has to come back first
  }

  #askStop() {
    this.pausedByStop = ["countin", "set"].includes(this.hud?.stage);
    if (this.pausedByStop) this.link.send({ type: "command", name: "pause" });
    this.screen.openStop();
  }

  #catchUp() {
    if (this.unsent && this.link.send(this.unsent)) this.unsent = null;
  }

  #unask() {
    this.screen.unask();
    if (this.hud) this.screen.render(this.hud);
  }

  #listen() {
    const options = { signal: this.listeners.signal };
    document.addEventListener("visibilitychange", () => {
      if (!this.begun || this.ended) return;
      if (document.hidden) this.link.send({ type: "command", name: "pause", why: "hidden" });
      else this.#keepAwake();
    }, options);
    window.addEventListener("keydown", (event) => this.#key(event), options);
    const hidden = setInterval(() => { if (document.hidden) this.link.send({ type: "facts" }); }, HIDDEN_FACTS_MS);
    const quiet = setInterval(() => this.#quiet(), 1000);
    this.listeners.signal.addEventListener("abort", () => { clearInterval(hidden); clearInterval(quiet); });
  }

  #key(event) {
    const from = event.composedPath()[0];
    if (!this.hud || this.screen.busy || event.repeat || from instanceof HTMLButtonElement || from instanceof HTMLInputElement) return;
    const can = (name) => this.hud.buttons.includes(name);
    const name = event.key === " " ? ["pause", "resume"].find(can)
      : event.key === "Enter" ? ["start", "anyway", "resume", "skip_rest"].find(can)
      : event.key === "Escape" ? "stop" : undefined;
    if (!name) return;
    event.preventDefault();
    this.press(name);
  }

  async #keepAwake() {
    try {
      this.wakeLock = await navigator.wakeLock?.request("screen");
    } catch { /* the device decides; the session goes on */ }
  }

  #closeAll() {
    clearTimeout(this.tokenTimer);
    this.film.drop();
    this.camera.close();
    this.eyes.close();
    this.link.close();
    this.speaker.close();
    this.wakeLock?.release().catch(() => undefined);
    this.listeners.abort();
  }

  // What can be looked at from outside: by tests and measurements.
  #hook() {
    const page = this;
    return {
      get stage() { return page.hud?.stage ?? null; },
      get hud() { return page.hud; },
      get count() { return page.hud?.count ?? null; },
      get cue() { return page.hud?.cue ?? null; },
      get mode() { return page.mode; },
      get spoken() { return page.speaker.spoken; },
      get ages_ms() { return page.ages; },
      get drawn() { return page.drawn; },
      get points() { return page.points; },
      get camera_live() { return page.camera.live; },
      get connected() { return page.link.open; },
      get filming() { return page.film.running; },
    };
  }
}

// Landmarks (float32) as the server sends them back: shares × 1000, null for nobody.
function shares(buffer) {
  const values = new Float32Array(buffer);
  return Number.isNaN(values[0]) ? null : Array.from(values, (value) => Math.round(value * 1000));
}
