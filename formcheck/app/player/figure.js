// A stick figure that shows an exercise again and again. Who wants no motion sees the moment of its turn.

/** @typedef {import("./types.js").FigureData} FigureData */
/** @typedef {{ address: string, gone: boolean, frame: number }} Figure what is shown, for tests too */

/** @type {WeakMap<HTMLElement, Figure>} */
const figures = new WeakMap();
const [SQUARE_PX, EDGE] = [360, 0.08];

/** @param {import("./types.js").Shown<FigureData>} shown */
export default function ({ data, parentElement }) {
  const root = find(parentElement, ".figure", HTMLElement);
  if (figures.get(root)?.address === data.motion) return undefined;
  const figure = { address: data.motion, gone: false, frame: -1 };
  figures.set(root, figure);
  root.innerHTML = `<canvas width="${SQUARE_PX}" height="${SQUARE_PX}" role="img"></canvas>`;
  const canvas = find(root, "canvas", HTMLCanvasElement);
  canvas.setAttribute("aria-label", data.alt);
  Object.assign(root, { formcheck: figure });
  fetched(data.motion).then((motion) => loop(figure, motion, canvas, data.turn_s), () => { canvas.hidden = true; });
  return () => { figure.gone = true; figures.delete(root); };
}

/**
 * @param {Figure} figure
 * @param {Motion} motion
 * @param {HTMLCanvasElement} canvas
 * @param {number} turn_s
 */
function loop(figure, motion, canvas, turn_s) {
  const pen = penOf(canvas), place = spread(motion, SQUARE_PX, EDGE);
  /** @param {number} t_s */
  const draw = (t_s) => {
    figure.frame = motion.frameAt(t_s);
    pen.clearRect(0, 0, SQUARE_PX, SQUARE_PX);
    drawBody(pen, motion, figure.frame, new Map(), SQUARE_PX / 24, place);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    draw(turn_s);
    return;
  }
  const first_s = motion.t_s[0];
  const length_s = Math.max((motion.t_s.at(-1) ?? first_s) - first_s, 0.1);
  /** @param {number} nowMs */
  const step = (nowMs) => {
    if (figure.gone) return;
    draw(first_s + ((nowMs / 1000) % length_s));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
