// The live page: camera, pose, socket, voice and screen put together. Each place in Streamlit's page has one of its own.

import { Camera } from "./camera.js";
import { find } from "./dom.js";
import { Eyes } from "./eyes.js";
import { Filming } from "./filming.js";
import { Screen } from "./screen.js";
import { Sight } from "./sight.js";
import { Link } from "./socket.js";
import { Speaker } from "./speech.js";
import { moving, over, settingUp } from "./stages.js";

/** @typedef {import("./protocol.js").ButtonName} ButtonName */
/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").CommandName} CommandName */
/** @typedef {import("./protocol.js").FromServer} FromServer */
/** @typedef {import("./protocol.js").Hud} Hud */
/** @typedef {import("./protocol.js").PageData} PageData */
/** @typedef {import("./protocol.js").Trigger} Trigger */
/** @typedef {import("./protocol.js").WhyOver} WhyOver */
/** @typedef {import("./screen.js").Choice} Choice */

const HIDDEN_FACTS_MS = 5000;
const TOKEN_AFTER_MS = 1000;
const SENDING_MS = 30_000;
/** @type {Record<string, string>} */
const NO_CAMERA = { NotAllowedError: "camera_refused", SecurityError: "camera_insecure", NotFoundError: "camera_missing" };
/**
 * What a key does: the first of these that is possible.
 *
 * @type {Record<string, CommandName[]>}
 */
const KEYS = { " ": ["pause", "resume"], Enter: ["start", "anyway", "resume", "skip_rest"] };

/** @type {WeakMap<HTMLElement, Page>} */
const pages = new WeakMap();

/**
 * Show the page. Called for every rerun; returns what to call when the page is left.
 *
 * @param {object} element
 * @param {PageData} element.data
 * @param {ParentNode} element.parentElement
 * @param {Trigger} element.setTriggerValue
 */
export function mount({ data, parentElement, setTriggerValue }) {
  const root = find(parentElement, ".live", HTMLElement);
  const known = pages.get(root);
  known?.adopt(data, setTriggerValue);
  const page = known ?? new Page(root, data, setTriggerValue);
  pages.set(root, page);
  return () => { pages.delete(root); page.leave(); };
}

class Page {
  /**
   * @param {HTMLElement} root
   * @param {PageData} data
   * @param {Trigger} trigger
   */
  constructor(root, data, trigger) {
    this.data = data;
    this.trigger = trigger;
    /** @type {Hud | null} */
    this.hud = null;
    this.mode = data.mode;
    this.agreed = false; // true when the person lets pictures go to the server
    this.begun = false;
    this.ended = false;
    this.client = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
    this.screen = new Screen(root, data.texts, {
      press: (name) => this.press(name), stop: (reason) => this.stop(reason),
    });
    this.camera = new Camera(this.screen.video, (capturedMs) => {
      this.filming.film.saw(capturedMs);
      this.sight.look(capturedMs);
    }, () => this.trouble("camera_lost"));
    this.eyes = new Eyes(this.screen.video);
    this.speaker = new Speaker({ language: data.language, voice: data.voice, address: data.voices_url, version: data.version });
    this.filming = new Filming({
      screen: this.screen, camera: this.camera, data: () => this.data, stage: () => this.hud?.stage,
      unask: () => this.#unask(), redraw: () => { if (this.hud) this.screen.render(this.hud); },
    });
    this.link = this.#makeLink();
    /** @type {Sight} */
    this.sight = new Sight({
      screen: this.screen, eyes: this.eyes, link: this.link,
      mode: () => this.mode, hud: () => this.hud, edges: () => this.data.edges, failed: (error) => this.#lookFailed(error),
    });
    this.size = ""; // of the camera's picture when the server was told
    this.note = "";
    this.failure = "";
    this.pausedByStop = false;
    /** @type {Command | null} */
    this.unsent = null;
    this.tokenTimer = 0;
    /** @type {WakeLockSentinel | undefined} */
    this.wakeLock = undefined;
    this.listeners = new AbortController();
    this.#listen();
    Object.assign(root, { formcheck: this.#hook() });
    this.#offer();
  }

  /**
   * Take the data of a rerun. A new token takes a page that runs back to its session.
   *
   * @param {PageData} data
   * @param {Trigger} trigger
   */
  adopt(data, trigger) {
    const fresh = data.token !== this.data.token;
    this.data = data;
    this.trigger = trigger;
    if (!fresh || this.ended) return;
    clearTimeout(this.tokenTimer);
    if (this.begun) this.link.again();
    else this.#offer();
  }

  leave() {
    this.link.send({ type: "bye" });
    this.#closeAll();
  }

  /** @param {ButtonName} name */
  press(name) {
    if (name === "stop") this.#askStop();
    else if (name === "film") this.filming.ask();
    else if (name === "go_on") this.#goOn();
    else if (name === "end") this.#askEnd();
    else this.link.send({ type: "command", name });
  }

  /** @param {string | null} reason null = go on */
  stop(reason) {
    if (reason === null) {
      if (this.pausedByStop) this.press("resume");
    } else {
      /** @type {Command} */
      const stop = { type: "command", name: "stop", reason };
      this.unsent = this.link.send(stop) ? null : stop; // without a connection it is told as soon as there is one
    }
    this.pausedByStop = false;
  }

  /**
   * End the page: the camera is off at once, and Streamlit goes on when no video is on its way any more.
   *
   * @param {WhyOver} why
   */
  async end(why) {
    this.ended = true;
    this.camera.close();
    await Promise.race([this.filming.sending, new Promise((resolve) => { setTimeout(resolve, SENDING_MS); })]);
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
      const name = error instanceof Error ? error.name : String(error);
      this.trouble(NO_CAMERA[name] ?? "camera_failed", name);
      return;
    }
    this.screen.mirrored = this.camera.mirrored;
    this.#keepAwake();
    if (this.mode === "browser" && !(await this.#loadModel())) return;
    this.#unask();
    this.link.connect();
    this.speaker.say({ keys: ["say.can_you_hear"], text: this.screen.text("can_you_hear"), priority: 3 });
  }

  /**
   * Close the camera and say what is wrong with it.
   *
   * @param {string} key
   * @param {string} detail
   */
  trouble(key, detail = "") {
    this.camera.close();
    this.screen.ask(this.screen.text(`trouble.${key}`), this.screen.text(`trouble.${key}_help`, { detail }), this.#waysOut());
  }

  /** @returns {Link} */
  #makeLink() {
    const { screen } = this;
    const { protocol, host } = location;
    const address = `${protocol === "https:" ? "wss" : "ws"}://${host}${this.data.socket}`;
    return new Link(address, () => this.#hello(), {
      open: (welcome) => {
        this.sight.restart(welcome.picture);
        screen.banner(null);
        this.#take(welcome);
        this.#catchUp();
      },
      message: (message) => this.#take(message),
      away: () => screen.banner(screen.text("away")),
      full: () => screen.banner(screen.text("full")),
      refused: () => this.#needToken(),
      elsewhere: () => screen.ask(screen.text("elsewhere"), screen.text("elsewhere_help"), [
        ["trouble.again", () => { this.#unask(); this.link.again(); }, true], ["trouble.back", () => this.end("back")],
      ]),
      failed: () => screen.ask(screen.text("failed"), this.failure, [["trouble.back", () => this.end("ended"), true]]),
      over: () => {
        if (over(this.hud?.stage)) return;
        screen.ask(screen.text("over"), screen.text("over_help"), [["button.go_on", () => this.end("ended"), true]]);
      },
    });
  }

  /** @returns {Omit<import("./protocol.js").Hello, "type"> | null} */
  #hello() {
    const { videoWidth, videoHeight } = this.screen.video;
    if (!videoWidth || !videoHeight) return null;
    this.size = `${videoWidth}x${videoHeight}`;
    const { data: { token }, client, mode, agreed: consent } = this;
    return { token, client, mode, consent, clock_ms: performance.now(), ...this.sight.size };
  }

  /** @param {FromServer} message */
  #take(message) {
    if (message.type === "event") {
      this.#happened(message);
      return;
    }
    if (message.picture) this.sight.picture = message.picture;
    if (message.slow) this.note = message.slow;
    if (message.type === "frame") this.sight.answered(message);
    if (message.hud) this.#render(message.hud);
    for (const said of message.say ?? []) this.speaker.say(said);
  }

  /** @param {import("./protocol.js").ServerEvent} event */
  #happened(event) {
    if (event.name === "error") this.failure = event.text;
    else if (event.name === "set_started") this.filming.setBeganMs = event.began_ms;
    else if (event.name === "set_finished") this.filming.give(event.set);
  }

  /** @param {Hud} hud */
  #render(hud) {
    const before = this.hud?.stage;
    this.hud = hud;
    this.screen.render(hud);
    if (hud.stage === before) return;
    this.filming.follow();
    const begins = hud.stage === "countin" || (hud.stage === "set" && settingUp(before));
    if (begins) this.speaker.silence(); else this.speaker.forget(); // advice is over, and what comes now is not to wait
    if (!settingUp(hud.stage)) this.eyes.stopCounting();
    if (over(hud.stage)) {
      this.camera.close();
      this.sight.show(null);
      this.wakeLock?.release().catch(() => undefined);
    }
    if (hud.stage === "set") this.speaker.prepare(Array.from({ length: hud.target ?? 20 }, (_, i) => `number.${i + 1}`));
  }

  /** Renew the line at the bottom. */
  #quiet() {
    if (!this.hud || this.ended) return;
    const { ageMs } = this.sight;
    const age = ageMs === undefined ? "" : this.screen.text("age", { n: Math.round(ageMs) });
    const where = this.screen.text(this.mode === "browser" ? "stays" : this.data.consent ? "goes_to_server" : "stays_here");
    const sees = this.hud.stage === "set" ? this.hud.not_assessed : "";
    this.screen.quiet([this.hud.note, this.note, sees, where, age]);
    const { videoWidth, videoHeight } = this.screen.video;
    if (this.link.open && videoWidth && this.size !== `${videoWidth}x${videoHeight}`) this.link.again(); // the phone was turned
  }

  /** Say what will happen before anything runs, and wait for the first tap. */
  #offer() {
    const { screen, data } = this;
    const where = this.mode === "browser" ? "stays" : data.consent ? "consent" : "stays_here";
    const asks = where === "consent";
    /** @type {Choice[]} */
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

  /** @param {unknown} error */
  #lookFailed(error) {
    if (this.ended) return;
    if (this.mode === "browser") this.#browserFails(error); else this.trouble("camera_failed", words(error));
  }

  /**
   * Say that this browser cannot find the pose by itself.
   *
   * @param {unknown} error
   */
  #browserFails(error) {
    this.link.close();
    this.eyes.close();
    const choices = this.#waysOut();
    const server = this.data.modes.includes("server");
    if (server) choices.unshift(["trouble.use_server", () => { this.mode = "server"; this.agreed = true; this.begin(); }]);
    const more = server && this.data.consent ? this.screen.text("consent") : "";
    const help = this.screen.text("trouble.no_model_help", { detail: words(error) });
    this.screen.ask(this.screen.text("trouble.no_model"), help, choices, more);
  }

  /** @returns {Choice[]} */
  #waysOut() {
    return [
      ["trouble.again", () => this.begin(), true],
      ["trouble.upload", () => this.end("upload")],
      ["trouble.back", () => this.end("back")],
    ];
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
    this.pausedByStop = moving(this.hud?.stage);
    if (this.pausedByStop) this.link.send({ type: "command", name: "pause" });
    this.screen.openStop();
  }

  #askEnd() {
    this.screen.ask(this.screen.text("end.title"), this.screen.text("end.text"), [
      ["end.yes", () => { this.screen.unask(); this.link.send({ type: "command", name: "end" }); }, true],
      ["end.no", () => this.#unask()],
    ]);
  }

  #goOn() {
    if (this.hud) this.end(this.hud.stage);
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

  /** @param {KeyboardEvent} event */
  #key(event) {
    const from = event.composedPath()[0];
    if (!this.hud || this.screen.busy || event.repeat) return;
    if (from instanceof HTMLButtonElement || from instanceof HTMLInputElement) return; // the key is theirs
    const { buttons } = this.hud;
    const name = event.key === "Escape" ? "stop" : KEYS[event.key]?.find((one) => buttons.includes(one));
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
    this.filming.film.drop();
    this.camera.close();
    this.eyes.close();
    this.link.close();
    this.speaker.close();
    this.wakeLock?.release().catch(() => undefined);
    this.listeners.abort();
  }

  /** Return what can be looked at from outside, by tests and measurements. */
  #hook() {
    const page = this;
    return {
      get stage() { return page.hud?.stage ?? null; },
      get hud() { return page.hud; },
      get count() { return page.hud?.count ?? null; },
      get cue() { return page.hud?.cue ?? null; },
      get mode() { return page.mode; },
      get spoken() { return page.speaker.spoken; },
      get ages_ms() { return page.sight.ages; },
      get drawn() { return page.sight.drawn; },
      get points() { return page.sight.points; },
      get camera_live() { return page.camera.live; },
      get connected() { return page.link.open; },
      get filming() { return page.filming.running; },
    };
  }
}

/**
 * Return an error in its own words.
 *
 * @param {unknown} error
 */
function words(error) {
  return error instanceof Error ? error.message : String(error);
}
