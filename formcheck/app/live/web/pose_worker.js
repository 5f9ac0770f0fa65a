// Finds the pose in pictures, outside the page's own thread. The page asks one thing at a time.

const N = 33;
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
let vision = null;
let landmarker = null;
let counter = null;
let files = null;
let lite = null;

// The library loads its WebAssembly with importScripts, which a module worker has not, and then with this.
self.import = async (address) => { self.ModuleFactory = (await import(address)).default; };
// Its WebAssembly logs with a function that its loader for module workers has not.
self.custom_dbg = (...words) => console.debug(...words);

const DOES = {
  async load({ vendor, model, lite: small, version }) {
    vision = await import(`${vendor}/vision_bundle.mjs?v=${version}`);
    files = {
      wasmLoaderPath: `${vendor}/wasm/vision_wasm_module_internal.js?v=${version}`,
      wasmBinaryPath: `${vendor}/wasm/vision_wasm_module_internal.wasm?v=${version}`,
    };
    lite = small;
    const modelAssetBuffer = await bytes(model);
    const make = (delegate) => vision.PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetBuffer: modelAssetBuffer.slice(), delegate }, runningMode: "VIDEO", numPoses: 1,
    });
    landmarker = await (hasGraphicsProcessor() ? make("GPU").catch(() => make("CPU")) : make("CPU"));
    return true;
  },

  look({ bitmap, capturedMs }) {
    let found = null;
    try {
      landmarker.detectForVideo(bitmap, capturedMs, ({ landmarks }) => {
        found = landmarks[0]?.map(({ x, y, visibility }) => [x, y, visibility]) ?? null;
      });
    } finally {
      bitmap.close();
    }
    const values = new Float32Array(N * 3);
    for (let i = 0; i < N; i++) values.set(found ? found[i] : [NaN, NaN, 0], 3 * i);
    return values.buffer;
  },

  async count({ bitmap }) {
    try {
      counter ??= await vision.PoseLandmarker.createFromOptions(files, {
        baseOptions: { modelAssetBuffer: await bytes(lite), delegate: "CPU" }, runningMode: "IMAGE", numPoses: 3,
      });
      let people = null;
      counter.detect(bitmap, ({ landmarks }) => { people = landmarks.length; });
      return people;
    } finally {
      bitmap.close();
    }
  },

  stop_counting() {
    counter?.close();
    counter = null;
  },
};

self.onmessage = async ({ data }) => {
  try {
    const answer = await DOES[data.kind](data);
    if (data.number) self.postMessage({ number: data.number, answer }, answer instanceof ArrayBuffer ? [answer] : []);
  } catch (error) {
    self.postMessage({ number: data.number, error: String(error?.message ?? error) });
  }
};

async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// True when WebGL runs on a real graphics processor: its emulation is slower than WebAssembly.
function hasGraphicsProcessor() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) return false;
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  const name = about ? gl.getParameter(about.UNMASKED_RENDERER_WEBGL) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(name);
}
