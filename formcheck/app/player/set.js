// A finished set to look through: its skeleton on the video or alone, its timeline, and keys for every step.

const SHOWN_S = 1.5; // a point to correct stays readable at least this long
const BUTTONS = ["fault_before", "back", "play", "on", "fault_after", "slow", "loop"];
const SWITCHES = ["skeleton", "joints", "angles", "margin", "band", "room"];
/** @type {Record<string, string>} */
const KEYS = {
  " ": "play", k: "play", ArrowLeft: "back", ArrowRight: "on", n: "fault_after", p: "fault_before", s: "slow", l: "loop",
};

/** @typedef {import("./types.js").SetData} SetData */
/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {"slow" | "loop" | "skeleton" | "joints" | "angles" | "margin" | "band" | "room"} Switch */

/** @type {WeakMap<HTMLElement, SetOfPage>} */
const players = new WeakMap();

/**
 * Show a set. Called for every rerun of the page; returns what to call when the page is left.
 *
 * @param {import("./types.js").Shown<SetData>} shown
 */
export default function ({ data, parentElement }) {
  const root = find(parentElement, ".set", HTMLElement);
  let player = players.get(root);
  if (!player || player.data.key !== data.key) {
    player?.leave();
    player = new SetOfPage(root, data);
    players.set(root, player);
  }
  player.adopt(data);
  const shown = player;
  return () => { players.delete(root); shown.leave(); };
}

/** The set of a place in the page, from its loading to its end. */
class SetOfPage {
  /**
   * @param {HTMLElement} root
   * @param {SetData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.gone = false;
    /** @type {number | null} */
    this.seekId = null;
    /** @type {number | null} */
    this.wanted_s = null;
    /** @type {SetPlayer | null} */
    this.player = null;
    root.innerHTML = '<p class="now" role="status"></p>';
    const now = find(root, ".now", HTMLElement);
    now.textContent = data.texts.loading;
    fetched(data.motion).then((motion) => { if (!this.gone) this.#open(motion); }, () => { now.textContent = data.texts.lost; });
  }

  /** @param {Motion} motion */
  #open(motion) {
    this.player = new SetPlayer(this.root, this.data, motion);
    if (this.wanted_s !== null) this.player.seek(this.wanted_s, true);
  }

  /** @param {SetData} data of a rerun */
  adopt(data) {
    this.data = data;
    if (this.player) this.player.data = data;
    if (data.seek_s !== null && data.seek_id !== this.seekId) {
      if (this.player) {
        this.player.seek(data.seek_s, true);
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.root.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
      } else this.wanted_s = data.seek_s;
    }
    this.seekId = data.seek_id;
  }

  leave() {
    this.gone = true;
    this.player?.leave();
  }
}

class SetPlayer {
  /**
   * @param {HTMLElement} root
   * @param {SetData} data
   * @param {Motion} motion
   */
  constructor(root, data, motion) {
    this.root = root;
    this.data = data;
    this.motion = motion;
    this.gone = false;
    this.running = false;
    this.t_s = motion.t_s[0] ?? 0;
    this.end_s = motion.t_s.at(-1) ?? 0;
    /** @type {number | null} */
    this.clockMs = null;
    /**
     * The repetition or hold that is shown again and again.
     *
     * @type {Unit | undefined}
     */
    this.looped = undefined;
    /** @type {Record<Switch, boolean>} */
    this.on = {
      slow: false, loop: false, skeleton: true, joints: true, angles: true, margin: false, band: true, room: Boolean(data.video),
    };
    /** @type {{ frame: number, joints: number[], shown_s: number | null }} */
    this.drawn = { frame: -1, joints: [], shown_s: null };
    root.innerHTML = `<div class="picture"><video playsinline muted preload="auto"></video><canvas></canvas></div>
      <svg class="timeline" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="slider" tabindex="0"></svg>
      <p class="now" aria-live="polite"></p><div class="buttons"></div><div class="switches" role="group"></div><p class="keys"></p>`;
    this.video = find(root, "video", HTMLVideoElement);
    this.canvas = find(root, "canvas", HTMLCanvasElement);
    this.timeline = new Timeline(find(root, ".timeline", SVGElement), data.texts, motion, (t_s) => this.seek(t_s));
    this.buttons = this.#makeButtons();
    this.#build();
    this.#state();
    this.#frames();
    this.draw();
    Object.assign(root, { formcheck: this });
  }

  leave() {
    this.gone = true;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }

  get playing() {
    return this.filmed ? !this.video.paused : this.running;
  }

  /** True when the video is shown: it is there, could be read, and is not switched off. */
  get filmed() {
    return Boolean(this.data.video) && !this.video.error && this.on.room;
  }

  get frame() {
    return this.motion.frameAt(this.t_s);
  }

  /**
   * @param {number} t_s
   * @param {boolean} stop
   */
  seek(t_s, stop = false) {
    if (stop) this.pause();
    this.t_s = Math.min(Math.max(t_s, this.motion.t_s[0] ?? 0), this.end_s);
    if (this.data.video) this.video.currentTime = Math.max(0, this.t_s - this.data.video.offset_s) + SAME_S;
    this.draw();
  }

  pause() {
    this.running = false;
    this.video.pause();
    this.#state();
  }

  /** @param {string} name of a button or switch */
  do(name) {
    if (name === "play" && this.playing) {
      this.pause();
      return;
    }
    if (name === "play") this.#play();
    else if (name === "back" || name === "on") this.#step(name === "on" ? 1 : -1);
    else if (name === "fault_after" || name === "fault_before") this.#toFault(name === "fault_after");
    else if (isSwitch(this.on, name)) this.#turn(name);
    this.video.playbackRate = this.on.slow ? SLOW : 1;
    this.#state();
    this.draw();
  }

  #play() {
    if (this.t_s >= this.end_s - SAME_S) this.seek(this.motion.t_s[0]);
    this.running = true;
    this.clockMs = null;
    if (this.filmed) this.video.play().catch(() => undefined);
  }

  /** @param {number} pictures */
  #step(pictures) {
    const { t_s } = this.motion;
    this.seek(t_s[Math.min(Math.max(this.frame + pictures, 0), t_s.length - 1)], true);
  }

  /** @param {boolean} after else before */
  #toFault(after) {
    const moments = this.motion.faults.map((fault) => fault.worst_s);
    const next = after ? moments.find((at) => at > this.t_s + 0.01) : moments.findLast((at) => at < this.t_s - 0.01);
    if (next !== undefined) this.seek(next, true);
  }

  /** @param {Switch} name */
  #turn(name) {
    this.on[name] = !this.on[name];
    if (name === "loop" && this.on.loop) this.looped = this.#unit();
    if (name === "room") this.#changeRoom();
  }

  /** Return the repetition or hold of this moment, else the one before it. */
  #unit() {
    const { units } = this.motion;
    return units.find((unit) => holds(unit, this.t_s)) ?? units.findLast((unit) => unit.end_s <= this.t_s) ?? units[0];
  }

  #changeRoom() {
    const playing = this.running;
    this.pause();
    this.seek(this.t_s);
    if (playing) this.do("play");
  }

  /** Follow one clock: the video's own pictures where it is shown, else the screen's. */
  #frames() {
    /** @param {number} nowMs */
    const screen = (nowMs) => {
      if (this.gone) return;
      if (this.running && !this.filmed) {
        const passed_s = this.clockMs === null ? 0 : (nowMs - this.clockMs) / 1000;
        this.#moveTo(this.t_s + passed_s * (this.on.slow ? SLOW : 1));
      }
      this.clockMs = nowMs;
      requestAnimationFrame(screen);
    };
    requestAnimationFrame(screen);
    /** @type {VideoFrameRequestCallback} */
    const shown = (_, about) => {
      if (this.gone) return;
      if (this.filmed && this.playing) this.#moveTo(about.mediaTime + (this.data.video?.offset_s ?? 0));
      this.video.requestVideoFrameCallback(shown);
    };
    this.video.requestVideoFrameCallback?.(shown);
    this.video.onended = () => this.pause();
  }

  /** @param {number} t_s */
  #moveTo(t_s) {
    if (this.on.loop && this.looped && this.running && t_s > this.looped.end_s) {
      this.seek(this.looped.start_s);
      return;
    }
    this.t_s = Math.min(t_s, this.end_s);
    if (t_s >= this.end_s && this.running) this.pause();
    this.draw();
  }

  #build() {
    const { data, root, video } = this;
    root.tabIndex = 0;
    [this.canvas.width, this.canvas.height] = this.motion.size;
    find(root, ".picture", HTMLElement).style.aspectRatio = this.motion.size.join(" / ");
    if (data.video) {
      video.src = data.video.url;
      video.onerror = () => { this.on.room = false; this.#state(); this.draw(); };
    }
    find(root, ".switches", HTMLElement).setAttribute("aria-label", data.texts.shows);
    find(root, ".keys", HTMLElement).textContent = data.texts.keys;
    root.onkeydown = (event) => {
      const name = KEYS[event.key];
      if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === " " && event.target instanceof HTMLButtonElement) return; // it presses the button
      event.preventDefault();
      this.do(name);
    };
  }

  /** @returns {Record<string, HTMLButtonElement>} by their names; a switch for what this set does not have is left out */
  #makeButtons() {
    const { motion, data } = this;
    /** @type {Record<string, unknown>} */
    const needed = { room: data.video, angles: motion.angles[0] ?? null, margin: motion.margin_deg, band: motion.band };
    const shown = SWITCHES.filter((name) => needed[name] !== null);
    return Object.fromEntries([...BUTTONS, ...shown].map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.textContent = data.texts[name];
      button.onclick = () => this.do(name);
      find(this.root, SWITCHES.includes(name) ? ".switches" : ".buttons", HTMLElement).append(button);
      return [name, button];
    }));
  }

  #state() {
    const { texts } = this.data;
    this.buttons.play.textContent = this.playing || this.running ? texts.pause : texts.play;
    for (const [name, pressed] of Object.entries(this.on)) this.buttons[name]?.setAttribute("aria-pressed", String(pressed));
    this.timeline.show(this.on);
    const none = !this.motion.faults.length;
    this.buttons.fault_before.disabled = this.buttons.fault_after.disabled = none;
    this.root.classList.toggle("alone", !this.filmed);
  }

  draw() {
    const { motion, frame, on } = this;
    /** @type {Map<number, Mark>} */
    const marks = on.joints ? motion.marksAt(this.t_s) : new Map();
    const pen = penOf(this.canvas);
    const [width, height] = motion.size;
    const size = Math.max(12, Math.min(width, height) / 24);
    pen.clearRect(0, 0, width, height);
    if (on.skeleton || !this.filmed) drawBody(pen, motion, frame, marks, size);
    if (on.angles) drawAngles(pen, motion, frame, size, { margin: on.margin });
    this.drawn = { frame, joints: [...marks.keys()].sort((a, b) => a - b), shown_s: this.t_s };
    this.timeline.moveTo(this.t_s);
    const text = this.#now();
    const now = find(this.root, ".now", HTMLElement);
    if (now.textContent !== text) now.textContent = text;
  }

  /** Return this moment in words: the time, the repetition or hold, and the points to correct. */
  #now() {
    const { texts } = this.data;
    const around = this.motion.faults.filter(({ start_s, end_s }) => (
      start_s <= this.t_s && this.t_s <= Math.max(end_s, start_s + SHOWN_S)
    ));
    const unit = this.motion.units.find((one) => holds(one, this.t_s));
    const said = around.map((fault) => (fault.cue ? `${fault.text}. ${fault.cue}` : fault.text));
    const time = `${this.t_s.toFixed(1)} s`.replace(".", texts.point);
    return [time, unit ? unitText(unit, this.t_s, texts) : "", ...said].filter(Boolean).join(" · ");
  }
}

/**
 * @param {Record<Switch, boolean>} switches
 * @param {string} name
 * @returns {name is Switch}
 */
function isSwitch(switches, name) {
  return name in switches;
}

/**
 * @param {Unit} unit
 * @param {number} t_s
 */
function holds(unit, t_s) {
  return unit.start_s <= t_s && t_s <= unit.end_s;
}

/**
 * @param {Unit} unit
 * @param {number} t_s
 * @param {Record<string, string>} texts
 */
function unitText(unit, t_s, texts) {
  const kind = unit.held ? "held" : unit.kind === "small" ? "small" : "counted";
  return texts[`unit_${kind}`].replace("{n}", String(unit.held ? Math.floor(t_s - unit.start_s) : unit.index));
}
