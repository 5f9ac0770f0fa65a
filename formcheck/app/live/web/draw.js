// The body's lines over the picture, calm and thin; only the joints at fault are coloured, and ringed.

const LINE = "rgba(255, 255, 255, 0.85)";
const EDGE = "rgba(0, 0, 0, 0.55)";
const FAULT = "#D55E00";
const OUTLINE = "#56B4E9";
const LEAST_VISIBILITY = 300; // of 1000
const FIRST_OF_BODY = 11;

// points: 99 integers (x, y, visibility; shares × 1000) or null. joints: indices of landmarks. outline: 33 [x, y] shares or null.
export function draw(canvas, { points, joints, edges, outline }) {
  const brush = canvas.getContext("2d");
  const { width, height } = canvas;
  brush.clearRect(0, 0, width, height);
  const unit = Math.max(width, height) / 320;
  if (outline) {
    brush.setLineDash([4 * unit, 3 * unit]);
    lines(brush, edges, ([x, y]) => [x * width, y * height], outline, () => true, OUTLINE, 1.5 * unit);
    brush.setLineDash([]);
  }
  if (!points) return;
  const body = Array.from({ length: points.length / 3 }, (_, i) => points.slice(3 * i, 3 * i + 3));
  const place = ([x, y]) => [(x / 1000) * width, (y / 1000) * height];
  const seen = ([, , visibility]) => visibility >= LEAST_VISIBILITY;
  lines(brush, edges, place, body, seen, EDGE, 3 * unit);
  lines(brush, edges, place, body, seen, LINE, 1.5 * unit);
  for (const [i, point] of body.entries()) {
    if (i < FIRST_OF_BODY || !seen(point) || joints.includes(i)) continue;
    dot(brush, place(point), 1.8 * unit, LINE);
  }
  for (const i of joints) {
    if (!body[i]) continue;
    dot(brush, place(body[i]), 5 * unit, FAULT);
    ring(brush, place(body[i]), 8.5 * unit, unit);
  }
}

function lines(brush, edges, place, body, seen, colour, width) {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.lineCap = "round";
  brush.beginPath();
  for (const [a, b] of edges) {
    if (!body[a] || !body[b] || !seen(body[a]) || !seen(body[b])) continue;
    brush.moveTo(...place(body[a]));
    brush.lineTo(...place(body[b]));
  }
  brush.stroke();
}

function dot(brush, [x, y], radius, colour) {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.fill();
}

function ring(brush, [x, y], radius, unit) {
  for (const [colour, width] of [["#FFFFFF", 3 * unit], [FAULT, 1.6 * unit]]) {
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.beginPath();
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    brush.stroke();
  }
}
