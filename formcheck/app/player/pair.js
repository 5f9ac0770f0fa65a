// Two repetitions side by side, in step: the same share of the way down and up in both, whatever time each took.

const pairs = new WeakMap();
const [SIDE_PX, MARGIN] = [480, 0.1];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".pair");
  let pair = pairs.get(root);
  if (!pair || pair.data.key !== data.key) {
    pair?.leave();
    pairs.set(root, pair = new Pair(root, data));
  }
  return () => { pairs.delete(root); pair.leave(); };
}

class Pair {
  constructor(root, data) {
    Object.assign(this, { root, data, gone: false, running: false, slow: false, phase: 0.5, lastMs: null });
    root.innerHTML = '<p class="now" role="status"></p>';
    root.querySelector(".now").textContent = data.texts.loading;
    const sets = new Map(data.sides.map((side) => [side.motion, null]));
    Promise.all([...sets.keys()].map(async (address) => sets.set(address, await fetched(address)))).then(
      () => { if (!this.gone) this.#open(sets); },
      () => { root.querySelector(".now").textContent = data.texts.lost; },
    );
  }

  leave() {
    this.gone = true;
  }

  #open(sets) {
    const { root, data } = this;
    this.sides = data.sides.map((side) => ({ ...side, set: sets.get(side.motion) }));
    root.innerHTML = `<div class="sides"></div><input type="range" min="0" max="1" step="0.005"><div class="buttons"></div>`;
    for (const side of this.sides) {
      const box = document.createElement("figure");
      box.innerHTML = `<figcaption></figcaption><canvas width="${SIDE_PX}" height="${SIDE_PX}"></canvas><p></p>`;
      box.querySelector("figcaption").textContent = side.title;
      box.querySelector("p").textContent = side.said;
      side.canvas = box.querySelector("canvas");
      side.canvas.setAttribute("role", "img");
      side.canvas.setAttribute("aria-label", `${side.title}. ${side.said}`);
      side.place = spread(side.set, SIDE_PX, MARGIN, side.start_s, side.end_s);
      root.querySelector(".sides").append(box);
    }
    this.slider = root.querySelector("input");
    this.slider.setAttribute("aria-label", data.texts.phase);
    this.slider.oninput = () => { this.pause(); this.seek(Number(this.slider.value)); };
    for (const name of ["play", "slow"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.onclick = () => this.do(name);
      root.querySelector(".buttons").append(button);
    }
    this.root.formcheck = this;
    this.seek(0.5);
    this.#state();
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

  do(name) {
    if (name === "play") this.running = !this.running;
    else this[name] = !this[name];
    this.#state();
  }

  pause() {
    this.running = false;
    this.#state();
  }

  #state() {
    const { texts } = this.data;
    for (const button of this.root.querySelectorAll("button")) {
      const { name } = button.dataset;
      button.textContent = name === "play" ? (this.running ? texts.pause : texts.play) : texts[name];
      if (name !== "play") button.setAttribute("aria-pressed", this[name]);
    }
  }

  seek(phase) {
    this.phase = phase;
    this.slider.value = phase;
    this.drawn = this.sides.map((side) => this.#draw(side, momentOf(side, phase)));
  }

  #draw(side, t_s) {
    const { set, canvas, place } = side;
    const frame = set.frameAt(t_s);
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, SIDE_PX, SIDE_PX);
    const size = SIDE_PX / 24;
    drawBody(pen, set, frame, set.marksAt(t_s), size, place);
    drawAngles(pen, set, frame, size, { place });
    return t_s;
  }
}

// The time of a share of the way: the first half is down to the turn, the second back.
function momentOf({ start_s, turn_s, end_s }, phase) {
  return phase < 0.5 ? start_s + (turn_s - start_s) * 2 * phase : turn_s + (end_s - turn_s) * (2 * phase - 1);
}
