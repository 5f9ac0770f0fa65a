// What the players share: a set's landmarks as they arrive, and a body as it is drawn. Streamlit is given this file and one player
// as one script.

/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Motion} Motion */
/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Point} Point */

const WHITE = "#FFFFFF", GREY = "#999999", BLACK = "#000000", REFERENCE = "#56B4E9";
const MARKS = { ok: "#009E73", hint: "#E69F00", fault: "#D55E00" };
const KINDS = { good: MARKS.ok, hint: MARKS.hint, fault: MARKS.fault, small: GREY };
const SLOW = 0.25;
const SAME_S = 0.0005;
/**
 * Corners of the marks: a circle is well, a diamond a hint, a triangle a point to correct. Colour is never the only sign.
 *
 * @type {Record<Mark, Point[]>}
 */
const CORNERS = { fault: [[0, -1.25], [1.15, 0.85], [-1.15, 0.85]], hint: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]] };

/**
 * Return the first element of a kind. Throws when there is none.
 *
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The player has no ${selector}.`);
  return found;
}

/** @param {HTMLCanvasElement} canvas */
function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser cannot draw.");
  return pen;
}

/**
 * Fetch the set at an address.
 *
 * @param {string} address
 */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return unpacked(await answer.json());
}

/**
 * @param {import("./types.js").Packed} motion
 * @returns {Motion}
 */
function unpacked(motion) {
  /** @param {string} text */
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const times = new Float32Array(bytes(motion.t_s));
  const points = new Uint16Array(bytes(motion.points));
  const [width, height] = motion.size;
  return {
    ...motion,
    t_s: times,
    doubtful: new Uint8Array(bytes(motion.doubtful)),
    angles: motion.angles.map(({ arc, deg }) => ({ arc, deg: new Float32Array(bytes(deg)) })),
    frameAt(t_s) {
      let [low, high] = [0, times.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] <= t_s + SAME_S) low = middle + 1; else high = middle;
      }
      const nearer = low < times.length && times[low] - t_s < t_s - times[low - 1];
      return Math.max(0, nearer ? low : low - 1);
    },
    marksAt(t_s) {
      /** @type {Map<number, Mark>} */
      const marks = new Map();
      for (const fault of motion.faults) {
        if (fault.start_s > t_s + SAME_S || t_s > fault.end_s + SAME_S) continue;
        const mark = fault.severity === 2 ? "fault" : "hint";
        for (const joint of fault.joints) if (marks.get(joint) !== "fault") marks.set(joint, mark);
      }
      return marks;
    },
    point(frame, joint) {
      const at = 2 * (frame * motion.joints + joint);
      if (points[at] === 65535 || points[at] === undefined) return null;
      return [(points[at] / motion.steps - 1) * width, (points[at + 1] / motion.steps - 1) * height];
    },
  };
}

/**
 * Draw a body: thin lines with a dark edge, doubtful ones grey.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Motion} motion
 * @param {number} frame
 * @param {Map<number, Mark>} marks of the joints
 * @param {number} unit a fair size for a joint (px of the canvas)
 * @param {Place} place from the picture's pixels to the canvas
 */
function drawBody(pen, motion, frame, marks, unit, place = (point) => point) {
  /** @param {number} joint */
  const at = (joint) => { const point = motion.point(frame, joint); return point && place(point); };
  /** @param {number} joint */
  const sure = (joint) => !motion.doubtful[frame * motion.joints + joint];
  pen.lineCap = "round";
  for (const { width, colour } of [{ width: unit / 3, colour: BLACK }, { width: unit / 6, colour: null }]) {
    for (const [a, b] of motion.edges) {
      const [from, to] = [at(a), at(b)];
      if (!from || !to) continue;
      pen.strokeStyle = colour ?? (sure(a) && sure(b) ? WHITE : GREY);
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
    }
  }
  for (let joint = 0; joint < motion.joints; joint++) {
    const point = at(joint);
    if (!point) continue;
    const mark = marks.get(joint);
    spot(pen, point, mark ? unit / 2 : unit / 5, mark ? MARKS[mark] : sure(joint) ? MARKS.ok : GREY, mark);
  }
}

/**
 * Draw the bend of each main joint: from the straight limb to where the limb is. Of two joints each has its number on the outside.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Motion} motion
 * @param {number} frame
 * @param {number} unit as for ``drawBody``
 * @param {{ margin?: boolean, place?: Place }} how margin: with the ± of the angles; place: as for ``drawBody``
 */
function drawAngles(pen, motion, frame, unit, { margin = false, place = (point) => point } = {}) {
  /** @param {number} joint */
  const at = (joint) => { const point = motion.point(frame, joint); return point && place(point); };
  const places = motion.angles.map((angle) => at(angle.arc[1])?.[0]).filter((x) => x !== undefined);
  const middle = places.reduce((sum, x) => sum + x, 0) / places.length;
  for (const { arc, deg } of motion.angles) {
    const [a, b, c] = arc.map(at);
    if (!a || !b || !c || !Number.isFinite(deg[frame])) continue;
    const [straight, limb] = [Math.atan2(b[1] - a[1], b[0] - a[0]), Math.atan2(c[1] - b[1], c[0] - b[0])];
    const turn = ((limb - straight + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    pen.beginPath();
    pen.arc(...b, unit * 1.3, straight, straight + turn, turn < 0);
    pen.strokeStyle = REFERENCE;
    pen.lineWidth = unit / 5;
    pen.stroke();
    const spread_deg = margin && motion.margin_deg ? ` ± ${Math.round(motion.margin_deg)}` : "";
    const text = `${Math.round(deg[frame])}°${spread_deg}`;
    pen.font = `bold ${unit * 1.1}px sans-serif`;
    const x = b[0] < middle ? b[0] - unit - pen.measureText(text).width : b[0] + unit;
    pen.lineWidth = unit / 4;
    pen.strokeStyle = BLACK;
    pen.strokeText(text, x, b[1]);
    pen.fillStyle = WHITE;
    pen.fillText(text, x, b[1]);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Point} point
 * @param {number} radius
 * @param {string} colour
 * @param {Mark} [mark]
 */
function spot(pen, [x, y], radius, colour, mark) {
  pen.beginPath();
  if (mark) CORNERS[mark].forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
  else pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = BLACK;
  pen.lineWidth = Math.max(1, radius / 6);
  pen.stroke();
}

/**
 * Return the way from the picture's pixels to a square: all of the movement fits, in its own proportions.
 *
 * @param {Motion} motion
 * @param {number} side of the square (px)
 * @param {number} margin share of the side that stays free at each edge
 * @param {number} from_s
 * @param {number} to_s
 * @returns {Place}
 */
function spread(motion, side, margin, from_s = motion.t_s[0] ?? 0, to_s = motion.t_s.at(-1) ?? 0) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let frame = motion.frameAt(from_s); frame <= motion.frameAt(to_s); frame++) {
    for (let joint = 0; joint < motion.joints; joint++) {
      const point = motion.point(frame, joint);
      if (!point) continue;
      [left, right] = [Math.min(left, point[0]), Math.max(right, point[0])];
      [top, bottom] = [Math.min(top, point[1]), Math.max(bottom, point[1])];
    }
  }
  const scale = ((1 - 2 * margin) * side) / Math.max(right - left, bottom - top, 1);
  return ([x, y]) => [(x - (left + right) / 2) * scale + side / 2, (y - (top + bottom) / 2) * scale + side / 2];
}
