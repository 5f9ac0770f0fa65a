// A finished set to look through: its skeleton on the video or alone, its timeline, and keys for every step.

const WHITE = "#FFFFFF", GREY = "#999999", BLACK = "#000000";
const MARKS = { ok: "#009E73", hint: "#E69F00", fault: "#D55E00" };
const KINDS = { good: MARKS.ok, hint: MARKS.hint, fault: MARKS.fault, small: GREY };
const SLOW = 0.25;
const SHOWN_S = 1.5; // a point to correct stays readable at least this long
const SAME_S = 0.0005;
const [WIDE, HIGH, BAND] = [1000, 120, 22]; // the timeline: curve above, repetitions below
const SVG = "http://www.w3.org/2000/svg";
const BUTTONS = ["fault_before", "back", "play", "on", "fault_after", "slow", "loop", "angles", "room"];
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
    Object.assign(this, { root, data, slow: false, loop: false, angles: true, room: Boolean(data.video), gone: false, seekId: null });
    this.motion = unpacked(data.motion);
    this.t_s = this.motion.t_s[0] ?? 0;
    this.end_s = this.motion.t_s.at(-1) ?? 0;
    this.drawn = { frame: -1, joints: [], shown_s: null };
    this.#build();
    this.#frames();
    this.draw();
    root.formcheck = this;
  }

  adopt(data) {
    this.data = data;
    if (data.seek_s !== null && data.seek_s !== undefined && data.seek_id !== this.seekId) this.seek(data.seek_s, true);
    this.seekId = data.seek_id;
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

  // The video is there and could be read.
  get filmed() {
    return Boolean(this.data.video) && !this.video.error && this.room;
  }

  // The picture that was taken nearest to now.
  get frame() {
    const { t_s: times } = this.motion;
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= this.t_s + SAME_S) low = middle + 1; else high = middle;
    }
    const nearer = low < times.length && times[low] - this.t_s < this.t_s - times[low - 1];
    return Math.max(0, nearer ? low : low - 1);
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
      <p class="now" aria-live="polite"></p><div class="buttons"></div><p class="keys"></p>`;
    root.tabIndex = 0;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    [this.canvas.width, this.canvas.height] = this.motion.size;
    root.querySelector(".picture").style.aspectRatio = this.motion.size.join(" / ");
    if (data.video) {
      this.video.src = data.video.url;
      this.video.onerror = () => { this.room = false; this.#state(); this.draw(); };
    }
    this.buttons = Object.fromEntries(BUTTONS.filter((name) => name !== "room" || data.video).map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.textContent = data.texts[name];
      button.onclick = () => this.do(name);
      return [name, button];
    }));
    root.querySelector(".buttons").append(...Object.values(this.buttons));
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
    const deepest = Math.max(1, ...motion.angles.flatMap(({ deg }) => [...deg].filter(Number.isFinite)));
    motion.angles.forEach(({ deg }, n) => {
      let path = "", open = false;
      deg.forEach((value, i) => {
        if (Number.isFinite(value)) path += `${open ? "L" : "M"}${x(motion.t_s[i]).toFixed(1)} ${(4 + ((HIGH - BAND - 10) * value) / deepest).toFixed(1)}`;
        open = Number.isFinite(value);
      });
      add("path", { d: path, class: `curve curve-${n}` });
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
    for (const name of ["slow", "loop", "angles", "room"]) this.buttons[name]?.setAttribute("aria-pressed", this[name]);
    const none = !this.motion.faults.length;
    this.buttons.fault_before.disabled = this.buttons.fault_after.disabled = none;
    this.root.classList.toggle("alone", !this.filmed);
  }

  draw() {
    const { motion, frame } = this;
    const around = motion.faults.filter((fault) => fault.start_s <= this.t_s && this.t_s <= Math.max(fault.end_s, fault.start_s + SHOWN_S));
    const marks = new Map();
    for (const fault of around) {
      if (this.t_s > fault.end_s + SAME_S) continue;
      for (const joint of fault.joints) if (marks.get(joint) !== "fault") marks.set(joint, fault.severity === 2 ? "fault" : "hint");
    }
    this.#drawBody(frame, marks);
    this.drawn = { frame, joints: [...marks.keys()].sort((a, b) => a - b), shown_s: this.t_s };
    const at = this.x(this.t_s).toFixed(1);
    this.head.setAttribute("x1", at);
    this.head.setAttribute("x2", at);
    const line = this.root.querySelector(".timeline");
    line.setAttribute("aria-valuenow", this.t_s.toFixed(1));
    line.setAttribute("aria-valuemax", this.end_s.toFixed(1));
    const unit = motion.units.find((one) => one.start_s <= this.t_s && this.t_s <= one.end_s);
    const place = unit ? this.data.texts[`unit_${unit.kind === "small" ? "small" : "counted"}`].replace("{n}", unit.index) : "";
    const said = around.map((fault) => (fault.cue ? `${fault.text}. ${fault.cue}` : fault.text));
    const time = `${this.t_s.toFixed(1)} s`.replace(".", this.data.texts.point);
    this.#write(".now", [time, place, ...said].filter(Boolean).join(" · "));
  }

  #drawBody(frame, marks) {
    const { motion, canvas } = this;
    const pen = canvas.getContext("2d");
    const [width, height] = motion.size;
    pen.clearRect(0, 0, width, height);
    const unit = Math.max(12, Math.min(width, height) / 24);
    const at = (joint) => motion.point(frame, joint);
    const sure = (joint) => !motion.doubtful[frame * motion.joints + joint];
    pen.lineCap = "round";
    for (const [edge, colour] of [[unit / 3, BLACK], [unit / 6, null]]) {
      for (const [a, b] of motion.edges) {
        const [from, to] = [at(a), at(b)];
        if (!from || !to) continue;
        pen.strokeStyle = colour ?? (sure(a) && sure(b) ? WHITE : GREY);
        pen.lineWidth = edge;
        pen.beginPath();
        pen.moveTo(...from);
        pen.lineTo(...to);
        pen.stroke();
      }
    }
    for (let joint = 0; joint < motion.joints; joint++) {
      const place = at(joint);
      if (!place) continue;
      const mark = marks.get(joint);
      spot(pen, place, mark ? unit / 2 : unit / 5, mark ? MARKS[mark] : sure(joint) ? MARKS.ok : GREY, mark);
    }
    if (this.angles) motion.angles.forEach((angle) => this.#drawAngle(pen, angle, frame, unit));
  }

  // The bend of a joint: from the straight limb to where the limb is. Of two joints each has its number on the outside.
  #drawAngle(pen, { arc, deg }, frame, unit) {
    const [a, b, c] = arc.map((joint) => this.motion.point(frame, joint));
    if (!a || !b || !c || !Number.isFinite(deg[frame])) return;
    const [straight, limb] = [Math.atan2(b[1] - a[1], b[0] - a[0]), Math.atan2(c[1] - b[1], c[0] - b[0])];
    const turn = ((limb - straight + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    pen.beginPath();
    pen.arc(...b, unit * 1.3, straight, straight + turn, turn < 0);
    pen.strokeStyle = "#56B4E9";
    pen.lineWidth = unit / 5;
    pen.stroke();
    const text = `${Math.round(deg[frame])}°`;
    pen.font = `bold ${unit * 1.1}px sans-serif`;
    const places = this.motion.angles.map((angle) => this.motion.point(frame, angle.arc[1])?.[0] ?? b[0]);
    const middle = places.reduce((sum, x) => sum + x, 0) / places.length;
    const x = b[0] < middle ? b[0] - unit - pen.measureText(text).width : b[0] + unit;
    pen.lineWidth = unit / 4;
    pen.strokeStyle = BLACK;
    pen.strokeText(text, x, b[1]);
    pen.fillStyle = WHITE;
    pen.fillText(text, x, b[1]);
  }

  #write(selector, text) {
    const element = this.root.querySelector(selector);
    if (element.textContent !== text) element.textContent = text;
  }
}

// A circle is well, a diamond a hint, a triangle a point to correct: colour is never the only sign.
function spot(pen, [x, y], radius, colour, mark) {
  const corners = { fault: [[0, -1.25], [1.15, 0.85], [-1.15, 0.85]], hint: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]] }[mark];
  pen.beginPath();
  if (corners) corners.forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
  else pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = BLACK;
  pen.lineWidth = Math.max(1, radius / 6);
  pen.stroke();
}

function unpacked(motion) {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const points = new Uint16Array(bytes(motion.points));
  const [width, height] = motion.size;
  return {
    ...motion,
    t_s: new Float32Array(bytes(motion.t_s)),
    doubtful: new Uint8Array(bytes(motion.doubtful)),
    angles: motion.angles.map(({ arc, deg }) => ({ arc, deg: new Float32Array(bytes(deg)) })),
    point(frame, joint) {
      const at = 2 * (frame * motion.joints + joint);
      if (points[at] === 65535 || points[at] === undefined) return null;
      return [(points[at] / motion.steps - 1) * width, (points[at + 1] / motion.steps - 1) * height];
    },
  };
}
