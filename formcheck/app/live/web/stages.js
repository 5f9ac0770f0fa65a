// The stages of a session that several parts of the page tell apart.

/** @typedef {import("./protocol.js").Stage} Stage */

/**
 * True while the person gets into the picture.
 *
 * @param {Stage} [stage]
 */
export function settingUp(stage) {
  return stage === "setup" || stage === "ready";
}

/**
 * True from the count-in to the end of the set, but not in a pause.
 *
 * @param {Stage} [stage]
 */
export function moving(stage) {
  return stage === "countin" || stage === "set";
}

/**
 * True once nothing comes any more.
 *
 * @param {Stage} [stage]
 */
export function over(stage) {
  return stage === "done" || stage === "stopped";
}
