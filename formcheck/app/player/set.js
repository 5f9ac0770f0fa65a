// A finished set to look through: its skeleton on the video or alone, its timeline, and keys for every step.

const SHOWN_S = 1.5; // a point to correct stays readable at least this long
const [WIDE, HIGH, BAND] = [1000, 120, 22]; // the timeline: curve above, repetitions below
const SVG = "http://www.w3.org/2000/svg";
const BUTTONS = ["fault_before", "back", "play", "on", "fault_after", "slow", "loop"];
const SWITCHES = ["skeleton", "joints", "angles", "margin", "band", "room"];
const KEYS = { " ": "play", k: "play", ArrowLeft: "back", ArrowRight: "on", n: "fault_after", p: "fault_before", s: "slow", l: "loop" };

const players = new WeakMap();

// Called for every rerun of the page.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".set");
  let player = players.get(root);
  if (!player || player.data.key !== data.key) {
    player?.leave();
    players.set(root, player = new SetPlayer(root, data));
  }
  player.adopt(data);
  return () => { players.delete(root); player.leave(); };
}

class SetPlayer {
  constructor(root, data) {
    Object.assign(this, { root, data, gone: false, seekId: null, motion: null });
    Object.assign(this, { slow: false, loop: false, skeleton: true, joints: true, angles: true, margin: false, band: true, room: Boolean(data.video) });
    root.innerHTML = '<p class="now" role="status"></p>';
    this.#write(".now", data.texts.loading);
    fetched(data.motion).then((motion) => { if (!this.gone) this.#open(motion); }, () => this.#write(".now", data.texts.lost));
  }

  #open(motion) {
    this.motion = motion;
    this.t_s = motion.t_s[0] ?? 0;
    this.end_s = motion.t_s.at(-1) ?? 0;
    this.drawn = { frame: -1, joints: [], shown_s: null };
    this.#build();
    this.#frames();
    this.draw();
    this.root.formcheck = this;
    if (this.wanted !== undefined) this.seek(this.wanted, true);
  }

  adopt(data) {
    this.data = data;
    if (data.seek_s !== null && data.seek_s !== undefined && data.seek_id !== this.seekId) {
      if (this.motion) {
        this.seek(data.seek_s, true);
        this.root.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      } else this.wanted = data.seek_s;
    }
    this.seekId = data.seek_id;
  }

  leave() {
    this.gone = true;
    this.video?.pause();
    this.video?.removeAttribute("src");
    this.video?.load();
  }

  get playing() {
    return this.filmed ? !this.video.paused : this.running;
  }

  // The video is there and could be read.
  get filmed() {
    return Boolean(this.data.video) && !this.video.error && this.room;
  }

  get frame() {
    return this.motion.frameAt(this.t_s);
  }

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

  do(name) {
    const { motion } = this;
    if (name === "play") {
      if (this.playing) return this.pause();
      if (this.t_s >= this.end_s - SAME_S) this.seek(motion.t_s[0]);
      this.running = true;
      this.clockMs = null;
      if (this.filmed) this.video.play().catch(() => undefined);
    } else if (name === "back" || name === "on") {
      const frame = Math.min(Math.max(this.frame + (name === "on" ? 1 : -1), 0), motion.t_s.length - 1);
      this.seek(motion.t_s[frame], true);
    } else if (name === "fault_after" || name === "fault_before") {
      const moments = motion.faults.map((fault) => fault.worst_s);
      const next = name === "fault_after" ? moments.find((at) => at > this.t_s + 0.01) : moments.findLast((at) => at < this.t_s - 0.01);
      if (next !== undefined) this.seek(next, true);
    } else {
      this[name] = !this[name];
      this.looped = name === "loop" && this.loop ? this.#unit() : this.looped;
      if (name === "room") this.#changeRoom();
    }
    this.video.playbackRate = this.slow ? SLOW : 1;
    this.#state();
    return this.draw();
  }

  // The repetition or hold of this moment, else the one before it.
  #unit() {
    const { units } = this.motion;
    return units.find((unit) => unit.start_s <= this.t_s && this.t_s <= unit.end_s) ?? units.findLast((unit) => unit.end_s <= this.t_s) ?? units[0];
  }

  #changeRoom() {
    const playing = this.running;
    this.pause();
    this.seek(this.t_s);
    if (playing) this.do("play");
  }

  // One clock: the video's own pictures where it is shown, else the screen's.
  #frames() {
    const screen = (nowMs) => {
      if (this.gone) return;
      if (this.running && !this.filmed) {
        const passed_s = this.clockMs === null ? 0 : (nowMs - this.clockMs) / 1000;
        this.#moveTo(this.t_s + passed_s * (this.slow ? SLOW : 1));
      }
      this.clockMs = nowMs;
      requestAnimationFrame(screen);
    };
    requestAnimationFrame(screen);
    const shown = (_, about) => {
      if (this.gone) return;
      if (this.filmed && this.playing) this.#moveTo(about.mediaTime + this.data.video.offset_s);
      this.video.requestVideoFrameCallback(shown);
    };
    this.video.requestVideoFrameCallback?.(shown);
    this.video.onended = () => this.pause();
  }

  #moveTo(t_s) {
    if (this.loop && this.looped && this.running && t_s > this.looped.end_s) return this.seek(this.looped.start_s);
    this.t_s = Math.min(t_s, this.end_s);
    if (t_s >= this.end_s && this.running) this.pause();
    return this.draw();
  }

  #build() {
    const { data, root } = this;
    root.innerHTML = `<div class="picture"><video playsinline muted preload="auto"></video><canvas></canvas></div>
      <svg class="timeline" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="slider" tabindex="0"></svg>
      <p class="now" aria-live="polite"></p><div class="buttons"></div><div class="switches" role="group"></div><p class="keys"></p>`;
    root.tabIndex = 0;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    [this.canvas.width, this.canvas.height] = this.motion.size;
    root.querySelector(".picture").style.aspectRatio = this.motion.size.join(" / ");
    if (data.video) {
      this.video.src = data.video.url;
      this.video.onerror = () => { this.room = false; this.#state(); this.draw(); };
    }
    const shown = SWITCHES.filter((name) => ({ room: data.video, angles: this.motion.angles[0] ?? null, margin: this.motion.margin_deg, band: this.motion.band })[name] !== null);
    this.buttons = Object.fromEntries([...BUTTONS, ...shown].map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.textContent = data.texts[name];
      button.onclick = () => this.do(name);
      root.querySelector(SWITCHES.includes(name) ? ".switches" : ".buttons").append(button);
      return [name, button];
    }));
    root.querySelector(".switches").setAttribute("aria-label", data.texts.shows);
    root.querySelector(".keys").textContent = data.texts.keys;
    root.onkeydown = (event) => {
      const name = KEYS[event.key];
      if (!name || event.ctrlKey || event.metaKey || event.altKey || (event.key === " " && event.target.tagName === "BUTTON")) return;
      event.preventDefault();
      this.do(name);
    };
    this.#buildTimeline();
    this.#state();
  }

  #buildTimeline() {
    const { motion, data } = this;
    const line = this.root.querySelector(".timeline");
    line.setAttribute("aria-label", data.texts.timeline);
    const x = (t_s) => (WIDE * (t_s - motion.t_s[0])) / Math.max(this.end_s - motion.t_s[0], 1e-6);
    const add = (name, attributes) => {
      const element = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      line.append(element);
      return element;
    };
    for (const unit of motion.units) {
      add("rect", { x: x(unit.start_s), y: HIGH - BAND, width: Math.max(2, x(unit.end_s) - x(unit.start_s)), height: BAND, fill: KINDS[unit.kind], class: unit.kind });
    }
    for (const [from, to] of motion.blind) {
      add("rect", { x: x(from), y: 0, width: Math.max(1, x(to) - x(from)), height: HIGH - BAND, class: "blind" }).append(titled(data.texts.blind));
    }
    const { band, margin_deg: margin } = motion;
    const [lowest, highest] = reach(motion.angles.map(({ deg }) => deg), [0, band?.low_deg ?? 0, band?.high_deg ?? 0]);
    const floor = HIGH - BAND - 5;
    const y = (deg) => floor - ((floor - 5) * (deg - lowest)) / (highest - lowest); // a larger angle is higher, as in every chart
    if (band) {
      const [top, bottom] = [band.high_deg === null ? 0 : y(band.high_deg), band.low_deg === null ? HIGH - BAND : y(band.low_deg)];
      add("rect", { x: 0, y: top, width: WIDE, height: Math.max(2, bottom - top), class: "target" }).append(titled(data.texts.band));
    }
    motion.angles.forEach(({ deg }, n) => {
      if (margin) add("path", { d: path(motion.t_s, deg, x, (value) => y(value - margin)) , class: "spread" });
      if (margin) add("path", { d: path(motion.t_s, deg, x, (value) => y(value + margin)), class: "spread" });
      add("path", { d: path(motion.t_s, deg, x, y), class: `curve curve-${n}` });
    });
    for (const fault of motion.faults) {
      const at = x(fault.worst_s);
      add("path", { d: `M${at - 7} 2 h14 l-7 14 z`, fill: fault.severity === 2 ? MARKS.fault : MARKS.hint, class: "point" });
    }
    this.head = add("line", { y1: 0, y2: HIGH, class: "head" });
    this.x = x;
    const go = (event) => {
      const box = line.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      this.seek(motion.t_s[0] + share * (this.end_s - motion.t_s[0]));
    };
    line.onpointerdown = (event) => { line.setPointerCapture(event.pointerId); go(event); };
    line.onpointermove = (event) => { if (event.buttons) go(event); };
  }

  #state() {
    const { texts } = this.data;
    this.buttons.play.textContent = this.playing || this.running ? texts.pause : texts.play;
    for (const name of ["slow", "loop", ...SWITCHES]) this.buttons[name]?.setAttribute("aria-pressed", this[name]);
    this.root.querySelector(".target")?.toggleAttribute("hidden", !this.band);
    this.root.querySelectorAll(".spread").forEach((one) => one.toggleAttribute("hidden", !this.margin));
    const none = !this.motion.faults.length;
    this.buttons.fault_before.disabled = this.buttons.fault_after.disabled = none;
    this.root.classList.toggle("alone", !this.filmed);
  }

  draw() {
    const { motion, frame } = this;
    const around = motion.faults.filter((fault) => fault.start_s <= this.t_s && this.t_s <= Math.max(fault.end_s, fault.start_s + SHOWN_S));
    const marks = this.joints ? motion.marksAt(this.t_s) : new Map();
    const pen = this.canvas.getContext("2d");
    const [width, height] = motion.size;
    const size = Math.max(12, Math.min(width, height) / 24);
    pen.clearRect(0, 0, width, height);
    if (this.skeleton || !this.filmed) drawBody(pen, motion, frame, marks, size);
    if (this.angles) drawAngles(pen, motion, frame, size, { margin: this.margin });
    this.drawn = { frame, joints: [...marks.keys()].sort((a, b) => a - b), shown_s: this.t_s };
    const at = this.x(this.t_s).toFixed(1);
    this.head.setAttribute("x1", at);
    this.head.setAttribute("x2", at);
    const line = this.root.querySelector(".timeline");
    line.setAttribute("aria-valuenow", this.t_s.toFixed(1));
    line.setAttribute("aria-valuemax", this.end_s.toFixed(1));
    const unit = motion.units.find((one) => one.start_s <= this.t_s && this.t_s <= one.end_s);
    const kind = unit && (unit.held ? "held" : unit.kind === "small" ? "small" : "counted");
    const place = unit ? this.data.texts[`unit_${kind}`].replace("{n}", unit.held ? Math.floor(this.t_s - unit.start_s) : unit.index) : "";
    const said = around.map((fault) => (fault.cue ? `${fault.text}. ${fault.cue}` : fault.text));
    const time = `${this.t_s.toFixed(1)} s`.replace(".", this.data.texts.point);
    this.#write(".now", [time, place, ...said].filter(Boolean).join(" · "));
  }

  #write(selector, text) {
    const element = this.root.querySelector(selector);
    if (element.textContent !== text) element.textContent = text;
  }
}

// A line over time; it breaks where nothing was measured.
function path(t_s, values, x, y) {
  let drawn = "", open = false;
  values.forEach((value, i) => {
    const measured = Number.isFinite(value);
    if (measured) drawn += `${open ? "L" : "M"}${x(t_s[i]).toFixed(1)} ${y(value).toFixed(1)}`;
    open = measured;
  });
  return drawn;
}

function titled(text) {
  const title = document.createElementNS(SVG, "title");
  title.textContent = text;
  return title;
}

function reach(series, limits) { // the lowest and highest angle to show, at least 20° apart so that noise stays small
  let lowest = Math.min(...limits), highest = Math.max(...limits);
  for (const values of series) {
    for (const value of values) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return [lowest, Math.max(highest, lowest + 20)];
}
