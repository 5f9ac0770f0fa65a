// Finds the pose in pictures, outside the page's own thread. The page asks one thing at a time.

/** @typedef {import("./protocol.js").Load} Load */
/** @typedef {import("./protocol.js").Look} Look */
/** @typedef {import("./protocol.js").Count} Count */
/** @typedef {import("./protocol.js").ToWorker} ToWorker */

// What is used here of MediaPipe's tasks-vision (version: vendor.toml), which comes without types.
/** @typedef {{ landmarks: { x: number, y: number, visibility: number }[][] }} Found one list of landmarks for each person */
/** @typedef {{ wasmLoaderPath: string, wasmBinaryPath: string }} WasmFiles */
/**
 * @typedef {object} Landmarker
 * @property {(picture: ImageBitmap, take: (found: Found) => void) => void} detect
 * @property {(picture: ImageBitmap, capturedMs: number, take: (found: Found) => void) => void} detectForVideo
 * @property {() => void} close
 */
/**
 * @typedef {object} Options
 * @property {{ modelAssetBuffer: Uint8Array, delegate: "CPU" | "GPU" }} baseOptions
 * @property {"VIDEO" | "IMAGE"} runningMode
 * @property {number} numPoses
 */
/** @typedef {{ createFromOptions(files: WasmFiles, options: Options): Promise<Landmarker> }} PoseLandmarker */
/** @typedef {{ files: WasmFiles, lite: string, PoseLandmarker: PoseLandmarker }} Library and the small model's address */

const N = 33;
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Library | null} */
let library = null;
/** @type {Landmarker | null} */
let landmarker = null;
/** @type {Landmarker | null} */
let counter = null;

Object.assign(scope, {
  /**
   * The library loads its WebAssembly with importScripts, which a module worker does not have, and else with this.
   *
   * @param {string} address
   */
  import: async (address) => { Object.assign(scope, { ModuleFactory: (await import(address)).default }); },
  /**
   * Its WebAssembly logs with a function that its loader for module workers does not have.
   *
   * @param {unknown[]} words
   */
  custom_dbg: (...words) => console.debug(...words),
});

/** @param {Load} files */
async function load({ vendor, model, lite, version }) {
  /** @type {{ PoseLandmarker: PoseLandmarker }} */
  const { PoseLandmarker } = await import(`${vendor}/vision_bundle.mjs?v=${version}`);
  const files = {
    wasmLoaderPath: `${vendor}/wasm/vision_wasm_module_internal.js?v=${version}`,
    wasmBinaryPath: `${vendor}/wasm/vision_wasm_module_internal.wasm?v=${version}`,
  };
  library = { files, lite, PoseLandmarker };
  const modelAssetBuffer = await bytes(model);
  /** @param {"CPU" | "GPU"} delegate */
  const make = (delegate) => PoseLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetBuffer: modelAssetBuffer.slice(), delegate }, runningMode: "VIDEO", numPoses: 1,
  });
  landmarker = await (hasGraphicsProcessor() ? make("GPU").catch(() => make("CPU")) : make("CPU"));
  return true;
}

/** @param {Look} picture */
function look({ bitmap, capturedMs }) {
  const values = new Float32Array(N * 3);
  for (let i = 0; i < N; i++) values.set([NaN, NaN, 0], 3 * i);
  try {
    loaded(landmarker).detectForVideo(bitmap, capturedMs, ({ landmarks }) => {
      landmarks[0]?.forEach(({ x, y, visibility }, i) => values.set([x, y, visibility], 3 * i));
    });
  } finally {
    bitmap.close();
  }
  return values.buffer;
}

/** @param {Count} picture */
async function count({ bitmap }) {
  try {
    counter ??= await makeCounter(loaded(library));
    /** @type {number | null} */
    let people = null;
    counter.detect(bitmap, ({ landmarks }) => { people = landmarks.length; });
    return people;
  } finally {
    bitmap.close();
  }
}

/** @param {Library} library */
async function makeCounter({ files, lite, PoseLandmarker }) {
  return PoseLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetBuffer: await bytes(lite), delegate: "CPU" }, runningMode: "IMAGE", numPoses: 3,
  });
}

function stopCounting() {
  counter?.close();
  counter = null;
}

/** @param {ToWorker} question */
async function answerTo(question) {
  switch (question.kind) {
    case "load": return load(question);
    case "look": return look(question);
    case "count": return count(question);
    case "stop_counting": return stopCounting();
  }
}

scope.onmessage = async (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  try {
    const answer = await answerTo(data);
    if (data.number) scope.postMessage({ number: data.number, answer }, answer instanceof ArrayBuffer ? [answer] : []);
  } catch (error) {
    scope.postMessage({ number: data.number, error: error instanceof Error ? error.message : String(error) });
  }
};

/**
 * @template T
 * @param {T | null} part
 * @returns {T}
 */
function loaded(part) {
  if (part === null) throw new Error("nothing is loaded");
  return part;
}

/** @param {string} address */
async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Return true when WebGL runs on a real graphics processor: its emulation is slower than WebAssembly. */
function hasGraphicsProcessor() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) return false;
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  const name = about ? gl.getParameter(about.UNMASKED_RENDERER_WEBGL) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(name);
}
