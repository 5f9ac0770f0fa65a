// The page's own elements, each as what it is.

/**
 * Return the first element of a kind. Throws when there is none.
 *
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}

/**
 * Return what draws on a canvas. Throws when the browser has nothing to draw with.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function brushOf(canvas, settings) {
  const brush = canvas.getContext("2d", settings);
  if (!brush) throw new Error("This browser cannot draw.");
  return brush;
}
