// The body's lines over the picture, thin and calm. Only the joints at fault are coloured and ringed.

import { brushOf } from "./dom.js";

/** @typedef {import("./protocol.js").Edge} Edge */
/** @typedef {import("./protocol.js").Share} Share */
/** @typedef {[x: number, y: number]} Point on the canvas (px) */

const LINE = "rgba(255, 255, 255, 0.85)";
const EDGE = "rgba(0, 0, 0, 0.55)";
const FAULT = "#D55E00";
const OUTLINE = "#56B4E9";
const LEAST_VISIBILITY = 300; // of 1000
const FIRST_OF_BODY = 11;

/**
 * Draw a body, and before it an outline to step into.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {object} body
 * @param {number[] | null} body.points x, y and visibility of 33 landmarks, shares × 1000; null for nobody
 * @param {number[]} body.joints landmarks at fault
 * @param {Edge[]} body.edges
 * @param {Share[] | null} body.outline
 */
export function draw(canvas, { points, joints, edges, outline }) {
  const brush = brushOf(canvas);
  const { width, height } = canvas;
  brush.clearRect(0, 0, width, height);
  const unit = Math.max(width, height) / 320;
  if (outline) {
    brush.setLineDash([4 * unit, 3 * unit]);
    lines(brush, edges, outline.map(([x, y]) => [x * width, y * height]), OUTLINE, 1.5 * unit);
    brush.setLineDash([]);
  }
  if (!points) return;
  const places = landmarks(points, width, height);
  const shown = places.map(({ place, seen }) => (seen ? place : null));
  lines(brush, edges, shown, EDGE, 3 * unit);
  lines(brush, edges, shown, LINE, 1.5 * unit);
  for (const [i, place] of shown.entries()) {
    if (i >= FIRST_OF_BODY && place && !joints.includes(i)) dot(brush, place, 1.8 * unit, LINE);
  }
  for (const i of joints) {
    if (!places[i]) continue;
    dot(brush, places[i].place, 5 * unit, FAULT);
    ring(brush, places[i].place, 8.5 * unit, unit);
  }
}

/**
 * @param {number[]} points
 * @param {number} width
 * @param {number} height
 * @returns {{ place: Point, seen: boolean }[]}
 */
function landmarks(points, width, height) {
  return Array.from({ length: points.length / 3 }, (_, i) => {
    const [x, y, visibility] = points.slice(3 * i, 3 * i + 3);
    return { place: [(x / 1000) * width, (y / 1000) * height], seen: visibility >= LEAST_VISIBILITY };
  });
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Edge[]} edges
 * @param {(Point | null)[]} places null where no line is to end
 * @param {string} colour
 * @param {number} width
 */
function lines(brush, edges, places, colour, width) {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.lineCap = "round";
  brush.beginPath();
  for (const [a, b] of edges) {
    const [from, to] = [places[a], places[b]];
    if (!from || !to) continue;
    brush.moveTo(...from);
    brush.lineTo(...to);
  }
  brush.stroke();
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Point} place
 * @param {number} radius
 * @param {string} colour
 */
function dot(brush, [x, y], radius, colour) {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.fill();
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Point} place
 * @param {number} radius
 * @param {number} unit
 */
function ring(brush, [x, y], radius, unit) {
  const strokes = [{ colour: "#FFFFFF", width: 3 * unit }, { colour: FAULT, width: 1.6 * unit }];
  for (const { colour, width } of strokes) {
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.beginPath();
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    brush.stroke();
  }
}
