// The timeline of a set: the curve of each angle above, repetitions and holds below. Part of the set's player, after body.js.

const [WIDE, HIGH, BAND] = [1000, 120, 22];
const SVG = "http://www.w3.org/2000/svg";

class Timeline {
  /**
   * @param {SVGElement} line what it is drawn in
   * @param {Record<string, string>} texts
   * @param {Motion} motion
   * @param {(t_s: number) => void} seek called when the person points at a moment
   */
  constructor(line, texts, motion, seek) {
    this.line = line;
    this.texts = texts;
    this.motion = motion;
    this.first_s = motion.t_s[0];
    this.end_s = motion.t_s.at(-1) ?? 0;
    line.setAttribute("aria-label", texts.timeline);
    this.#units();
    this.#curves();
    for (const fault of motion.faults) {
      const at = this.#x(fault.worst_s);
      this.#add("path", { d: `M${at - 7} 2 h14 l-7 14 z`, fill: fault.severity === 2 ? MARKS.fault : MARKS.hint, class: "point" });
    }
    this.head = this.#add("line", { y1: 0, y2: HIGH, class: "head" });
    /** @param {PointerEvent} event */
    const go = (event) => {
      const box = line.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      seek(this.first_s + share * (this.end_s - this.first_s));
    };
    line.onpointerdown = (event) => { line.setPointerCapture(event.pointerId); go(event); };
    line.onpointermove = (event) => { if (event.buttons) go(event); };
  }

  /** @param {number} t_s */
  moveTo(t_s) {
    const at = this.#x(t_s).toFixed(1);
    this.head.setAttribute("x1", at);
    this.head.setAttribute("x2", at);
    this.line.setAttribute("aria-valuenow", t_s.toFixed(1));
    this.line.setAttribute("aria-valuemax", this.end_s.toFixed(1));
  }

  /** @param {{ band: boolean, margin: boolean }} parts which are shown */
  show({ band, margin }) {
    this.line.querySelector(".target")?.toggleAttribute("hidden", !band);
    this.line.querySelectorAll(".spread").forEach((one) => one.toggleAttribute("hidden", !margin));
  }

  /** @param {number} t_s */
  #x(t_s) {
    return (WIDE * (t_s - this.first_s)) / Math.max(this.end_s - this.first_s, 1e-6);
  }

  /**
   * @param {string} name
   * @param {Record<string, string | number>} attributes
   * @param {string} title
   */
  #add(name, attributes, title = "") {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (title) {
      const words = document.createElementNS(SVG, "title");
      words.textContent = title;
      element.append(words);
    }
    this.line.append(element);
    return element;
  }

  #units() {
    for (const unit of this.motion.units) {
      const x = this.#x(unit.start_s);
      const width = Math.max(2, this.#x(unit.end_s) - x);
      this.#add("rect", { x, y: HIGH - BAND, width, height: BAND, fill: KINDS[unit.kind], class: unit.kind });
    }
    for (const [from_s, to_s] of this.motion.blind) {
      const x = this.#x(from_s);
      const width = Math.max(1, this.#x(to_s) - x);
      this.#add("rect", { x, y: 0, width, height: HIGH - BAND, class: "blind" }, this.texts.blind);
    }
  }

  #curves() {
    const { band, margin_deg: margin, angles } = this.motion;
    const [lowest, highest] = reach(angles.map(({ deg }) => deg), [0, band?.low_deg ?? 0, band?.high_deg ?? 0]);
    const floor = HIGH - BAND - 5;
    /** @param {number} deg a larger angle is higher, as in every chart */
    const y = (deg) => floor - ((floor - 5) * (deg - lowest)) / (highest - lowest);
    if (band) {
      const [top, bottom] = [band.high_deg === null ? 0 : y(band.high_deg), band.low_deg === null ? HIGH - BAND : y(band.low_deg)];
      this.#add("rect", { x: 0, y: top, width: WIDE, height: Math.max(2, bottom - top), class: "target" }, this.texts.band);
    }
    angles.forEach(({ deg }, n) => {
      if (margin) this.#add("path", { d: this.#path(deg, (value) => y(value - margin)), class: "spread" });
      if (margin) this.#add("path", { d: this.#path(deg, (value) => y(value + margin)), class: "spread" });
      this.#add("path", { d: this.#path(deg, y), class: `curve curve-${n}` });
    });
  }

  /**
   * Return a line over time; it breaks where nothing was measured.
   *
   * @param {Float32Array} values
   * @param {(value: number) => number} y
   */
  #path(values, y) {
    let drawn = "", open = false;
    values.forEach((value, i) => {
      const measured = Number.isFinite(value);
      if (measured) drawn += `${open ? "L" : "M"}${this.#x(this.motion.t_s[i]).toFixed(1)} ${y(value).toFixed(1)}`;
      open = measured;
    });
    return drawn;
  }
}

/**
 * Return the lowest and the highest angle to show, at least 20° apart so that noise stays small.
 *
 * @param {Float32Array[]} series
 * @param {number[]} limits
 */
function reach(series, limits) {
  let lowest = Math.min(...limits), highest = Math.max(...limits);
  for (const values of series) {
    for (const value of values) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return [lowest, Math.max(highest, lowest + 20)];
}
