// A stick figure that shows an exercise, again and again; who wants no motion sees it at its turn.

const figures = new WeakMap();
const [SQUARE_PX, EDGE] = [360, 0.08];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".figure");
  if (figures.get(root)?.address === data.motion) return undefined;
  const figure = { address: data.motion, gone: false, frame: -1 };
  figures.set(root, figure);
  root.innerHTML = `<canvas width="${SQUARE_PX}" height="${SQUARE_PX}" role="img"></canvas>`;
  const canvas = root.querySelector("canvas");
  canvas.setAttribute("aria-label", data.alt);
  root.formcheck = figure;
  fetched(data.motion).then((motion) => loop(figure, motion, canvas, data), () => { canvas.hidden = true; });
  return () => { figure.gone = true; figures.delete(root); };
}

function loop(figure, motion, canvas, { turn_s: turn_s }) {
  const pen = canvas.getContext("2d"), place = spread(motion, SQUARE_PX, EDGE);
  const draw = (t_s) => {
    figure.frame = motion.frameAt(t_s);
    pen.clearRect(0, 0, SQUARE_PX, SQUARE_PX);
    drawBody(pen, motion, figure.frame, new Map(), SQUARE_PX / 24, place);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return draw(turn_s);
  const [first_s, last_s] = [motion.t_s[0], motion.t_s.at(-1)];
  const step = (nowMs) => {
    if (figure.gone) return;
    draw(first_s + ((nowMs / 1000) % Math.max(last_s - first_s, 0.1)));
    requestAnimationFrame(step);
  };
  return requestAnimationFrame(step);
}
