// Two repetitions side by side, in step: the same share of the way down and up in both, whatever time each took.

/** @typedef {import("./types.js").PairData} PairData */
/** @typedef {import("./types.js").SideData} SideData */
/** @typedef {SideData & { set: Motion, canvas: HTMLCanvasElement, place: Place }} Side as it is drawn */

/** @type {WeakMap<HTMLElement, Pair>} */
const pairs = new WeakMap();
const [SIDE_PX, MARGIN] = [480, 0.1];

/** @param {import("./types.js").Shown<PairData>} shown */
export default function ({ data, parentElement }) {
  const root = find(parentElement, ".pair", HTMLElement);
  let pair = pairs.get(root);
  if (!pair || pair.data.key !== data.key) {
    pair?.leave();
    pair = new Pair(root, data);
    pairs.set(root, pair);
  }
  const shown = pair;
  return () => { pairs.delete(root); shown.leave(); };
}

/** The pair of a place in the page, from its loading to its end. */
class Pair {
  /**
   * @param {HTMLElement} root
   * @param {PairData} data
   */
  constructor(root, data) {
    this.data = data;
    this.gone = false;
    root.innerHTML = '<p class="now" role="status"></p>';
    const now = find(root, ".now", HTMLElement);
    now.textContent = data.texts.loading;
    const addresses = [...new Set(data.sides.map((side) => side.motion))]; // one where both are of the same set
    Promise.all(addresses.map(fetched)).then(
      (sets) => {
        const ofSides = data.sides.map((side) => sets[addresses.indexOf(side.motion)]);
        if (!this.gone) this.opened = new PairPlayer(root, data, ofSides);
      },
      () => { now.textContent = data.texts.lost; },
    );
  }

  leave() {
    this.gone = true;
    this.opened?.leave();
  }
}

class PairPlayer {
  /**
   * @param {HTMLElement} root
   * @param {PairData} data
   * @param {Motion[]} sets one for each side
   */
  constructor(root, data, sets) {
    this.root = root;
    this.data = data;
    this.gone = false;
    this.running = false;
    this.slow = false;
    this.phase = 0.5;
    /** @type {number | null} */
    this.lastMs = null;
    /**
     * The moment of each side that is drawn (s).
     *
     * @type {number[]}
     */
    this.drawn = [];
    root.innerHTML = `<div class="sides"></div><input type="range" min="0" max="1" step="0.005"><div class="buttons"></div>`;
    this.sides = data.sides.map((side, i) => this.#side(side, sets[i]));
    this.slider = find(root, "input", HTMLInputElement);
    this.slider.setAttribute("aria-label", data.texts.phase);
    this.slider.oninput = () => { this.pause(); this.seek(Number(this.slider.value)); };
    for (const name of /** @type {const} */ (["play", "slow"])) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.onclick = () => this.do(name);
      find(root, ".buttons", HTMLElement).append(button);
    }
    Object.assign(root, { formcheck: this });
    this.seek(0.5);
    this.#state();
    this.#frames();
  }

  /**
   * @param {SideData} side
   * @param {Motion} set
   * @returns {Side}
   */
  #side(side, set) {
    const box = document.createElement("figure");
    box.innerHTML = `<figcaption></figcaption><canvas width="${SIDE_PX}" height="${SIDE_PX}"></canvas><p></p>`;
    find(box, "figcaption", HTMLElement).textContent = side.title;
    find(box, "p", HTMLElement).textContent = side.said;
    const canvas = find(box, "canvas", HTMLCanvasElement);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${side.title}. ${side.said}`);
    find(this.root, ".sides", HTMLElement).append(box);
    return { ...side, set, canvas, place: spread(set, SIDE_PX, MARGIN, side.start_s, side.end_s) };
  }

  #frames() {
    /** @param {number} nowMs */
    const frame = (nowMs) => {
      if (this.gone) return;
      if (this.running) {
        const passed_s = this.lastMs === null ? 0 : (nowMs - this.lastMs) / 1000;
        const length_s = Math.max(...this.sides.map((side) => side.end_s - side.start_s));
        this.seek((this.phase + (passed_s * (this.slow ? SLOW : 1)) / length_s) % 1);
      }
      this.lastMs = nowMs;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  leave() {
    this.gone = true;
  }

  /** @param {"play" | "slow"} name */
  do(name) {
    if (name === "play") this.running = !this.running;
    else this.slow = !this.slow;
    this.#state();
  }

  pause() {
    this.running = false;
    this.#state();
  }

  #state() {
    const { texts } = this.data;
    for (const button of this.root.querySelectorAll("button")) {
      if (button.dataset.name === "play") {
        button.textContent = this.running ? texts.pause : texts.play;
      } else {
        button.textContent = texts.slow;
        button.setAttribute("aria-pressed", String(this.slow));
      }
    }
  }

  /** @param {number} phase share of the way, 0 to 1 */
  seek(phase) {
    this.phase = phase;
    this.slider.value = String(phase);
    this.drawn = this.sides.map((side) => this.#draw(side, momentOf(side, phase)));
  }

  /**
   * @param {Side} side
   * @param {number} t_s
   */
  #draw({ set, canvas, place }, t_s) {
    const frame = set.frameAt(t_s);
    const pen = penOf(canvas);
    pen.clearRect(0, 0, SIDE_PX, SIDE_PX);
    const size = SIDE_PX / 24;
    drawBody(pen, set, frame, set.marksAt(t_s), size, place);
    drawAngles(pen, set, frame, size, { place });
    return t_s;
  }
}

/**
 * Return the time of a share of the way: the first half is down to the turn, the second back.
 *
 * @param {SideData} side
 * @param {number} phase
 */
function momentOf({ start_s, turn_s, end_s }, phase) {
  return phase < 0.5 ? start_s + (turn_s - start_s) * 2 * phase : turn_s + (end_s - turn_s) * (2 * phase - 1);
}
