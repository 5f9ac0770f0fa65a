// Types of what the live page is given, and of what it says to the server and to its worker. Only the type checker reads them.
// The server's side: protocol.py, live_session.py and session_worker.py beside this folder, component.py, formcheck/coach/display.py.

/** Where the pose is computed. */
export type Mode = "server" | "browser";
export type Stage = "setup" | "ready" | "countin" | "set" | "paused" | "rest" | "done" | "stopped";
export type CommandName =
  | "start" | "anyway" | "pause" | "resume" | "finish" | "skip_rest" | "stop" | "end" | "delete_set" | "undo_delete";
/** What a button of the page does: a command to the server, or something of the page's own. */
export type ButtonName = CommandName | "film" | "go_on";
/** Why the page is over, as Streamlit is told. */
export type WhyOver = "token" | "upload" | "back" | "ended" | "finish" | Stage;
/** A line between two landmarks. */
export type Edge = [from: number, to: number];
/** x and y as shares of the picture. */
export type Share = [x: number, y: number];
/** What goes into the gaps of a sentence. */
export type Values = Record<string, string | number>;

/** What Streamlit gives the page. Every address begins with the app's base path. */
export interface PageData {
  base: string;
  version: string;
  socket: string;
  token: string;
  mode: Mode;
  modes: Mode[];
  consent: boolean;
  voice: "auto" | "files" | "off";
  /** A device id, "user", "environment", or null for any camera. */
  camera: string | null;
  resume: { counted: string; exercise: string } | null;
  film: { address: string; until: string } | null;
  language: string;
  texts: Record<string, string>;
  vendor: string;
  model_url: string;
  lite_url: string;
  voices_url: string;
  edges: Edge[];
}

/** Tells Streamlit something once. */
export type Trigger = (name: "done", value: { why: WhyOver }) => void;

// From the page to the server

export interface Hello {
  type: "hello";
  token: string;
  client: string;
  mode: Mode;
  consent: boolean;
  clock_ms: number;
  width: number;
  height: number;
}

export interface Command {
  type: "command";
  name: CommandName;
  why?: "button" | "hidden";
  reason?: string;
}

export interface Facts {
  type: "facts";
  /** Mean brightness, 0 to 1. */
  luma?: number | null;
  people?: number | null;
}

export interface Bye {
  type: "bye";
}

export type ToServer = Hello | Command | Facts | Bye;

// From the server to the page

/** The pictures that the server wants: the longer side (px) and the quality of the JPEG (0 to 1). */
export interface Picture {
  width: number;
  quality: number;
}

/** One thing to say: the keys of its sound files in order, and the same as text. The lowest priority goes first. */
export interface Said {
  keys: string[];
  text: string;
  priority: number;
}

/** What an answer tells only where it has changed. */
interface Changes {
  hud?: Hud;
  say?: Said[];
  picture?: Picture;
  /** Why the pictures became smaller, or the model less exact. */
  slow?: string;
}

export interface Welcome extends Changes {
  type: "welcome";
  in_flight: number;
  picture: Picture;
  hud: Hud;
}

export interface FrameAnswer extends Changes {
  type: "frame";
  id: number;
  /** Only where the server found the pose: x, y and visibility of each landmark, shares × 1000; null for nobody. */
  pts?: number[] | null;
  /** The picture could not be used, or gave way to a newer one. */
  skipped?: boolean;
  in_flight?: number;
}

export interface HudAnswer extends Changes {
  type: "hud";
}

export type ServerEvent = { type: "event" } & (
  | { name: "error"; code: string; text: string }
  /** When the set's time began, on the page's clock. */
  | { name: "set_started"; began_ms: number }
  /** ``set``: the id under which it is kept, null where nothing was done in it. */
  | { name: "set_finished"; index: number; why: string; empty: boolean; summary: string | null; set: number | null }
  | { name: "set_deleted" | "set_restored"; index: number }
  | { name: "stopped"; reason: string | null }
  | { name: "session_done" }
);

export type FromServer = Welcome | FrameAnswer | HudAnswer | ServerEvent;

export interface Light {
  key: string;
  state: "ok" | "wait" | "bad" | "unknown";
  name: string;
  advice: string | null;
}

/** Depth and target as shares of the gauge's height; null = not measurable, or no target. */
export interface Gauge {
  depth: number | null;
  band: [from: number, to: number] | null;
}

/** What is shown in every stage. */
interface Common {
  exercise: string;
  exercise_name: string;
  set: number;
  of: number;
  view: string;
  sound_only: boolean;
  kind: "hold" | "reps";
  target: number | null;
  target_s: number | null;
  advice: string | null;
  buttons: CommandName[];
  can_delete: boolean;
  deleted: boolean;
  summary: string | null;
  not_assessed: string | null;
  paused_why: "left" | "lost" | "sudden" | "hidden" | "button" | null;
  ask_all_right: boolean;
  note?: string | null;
}

interface SettingUp {
  lights: Light[];
  how: string;
  outline: Share[] | null;
}

interface CountIn {
  countin: number;
}

interface OfSet {
  count: number;
  small: number;
  hold_s: number;
  /** Null where the exercise has no form that could break. */
  in_form_s: number | null;
  left_s: number | null;
  holding: boolean;
  in_form: boolean;
  phase: string;
  gauge: Gauge | null;
  cue: string | null;
  praise: string | null;
  /** Landmarks of the faults that are shown. */
  joints: number[];
}

interface Rest {
  rest_s: number;
  rest_left_s: number;
  next: string;
}

/** Everything that is shown now. A part that a stage does not need may be there all the same. */
export type Hud = Common & Partial<SettingUp & CountIn & OfSet & Rest> & (
  | ({ stage: "setup" | "ready" } & SettingUp)
  | ({ stage: "countin" } & CountIn)
  | ({ stage: "set" | "paused" } & OfSet)
  | ({ stage: "rest" } & Rest)
  | { stage: "done" | "stopped" }
);

// Between the page and its worker

/** Addresses of MediaPipe's folder and of the two models. */
export interface ModelFiles {
  vendor: string;
  model: string;
  lite: string;
  version: string;
}

export type Load = { kind: "load" } & ModelFiles;
export type Look = { kind: "look"; bitmap: ImageBitmap; capturedMs: number };
export type Count = { kind: "count"; bitmap: ImageBitmap };
export type StopCounting = { kind: "stop_counting" };

/** Only a question with a number is answered. */
export type ToWorker = (Load | Look | Count | StopCounting) & { number?: number };

/** What the worker answers to each kind of question. */
export interface Answers {
  load: true;
  look: ArrayBuffer;
  count: number | null;
  stop_counting: undefined;
}

export interface FromWorker {
  number: number;
  answer?: Answers[keyof Answers];
  error?: string;
}
