// Types of what the players are given. Only the type checker reads them. Made by formcheck/app/player: motion.py and __init__.py.

/** x and y in the picture's pixels. */
export type Point = [x: number, y: number];
export type Place = (point: Point) => Point;
export type Mark = "hint" | "fault";

export interface Unit {
  index: number;
  start_s: number;
  end_s: number;
  kind: "good" | "hint" | "fault" | "small";
  held?: boolean;
}

interface Fault {
  start_s: number;
  end_s: number;
  worst_s: number;
  severity: number;
  joints: number[];
  text: string;
  cue: string;
}

/** What a set is, packed or not. */
interface Common {
  /** Width and height of the picture (px). */
  size: [number, number];
  /** Steps of a landmark's place over the picture's width or height. */
  steps: number;
  /** How many joints are drawn. */
  joints: number;
  edges: [from: number, to: number][];
  margin_deg: number | null;
  /** Where the angles should go; null = open. */
  band: { low_deg: number | null; high_deg: number | null } | null;
  /** Stretches (s) in which no angle could be measured. */
  blind: [from_s: number, to_s: number][];
  units: Unit[];
  faults: Fault[];
}

/** A set as it arrives: numbers in base64, little-endian. */
export interface Packed extends Common {
  t_s: string;
  points: string;
  doubtful: string;
  angles: { arc: [number, number, number]; deg: string }[];
}

export interface Motion extends Common {
  t_s: Float32Array;
  /** Frames × joints: 1 = not believed. */
  doubtful: Uint8Array;
  /** Three joints each, and a value (degrees) for each frame, NaN = not measurable. */
  angles: { arc: [number, number, number]; deg: Float32Array }[];
  /** Return the picture that was taken nearest to a moment. */
  frameAt(t_s: number): number;
  /** Return the worst mark of each joint at a moment. */
  marksAt(t_s: number): Map<number, Mark>;
  /** Return where a joint is, null when it was not seen. */
  point(frame: number, joint: number): Point | null;
}

/** Every text of the players, by its key. */
export type Texts = Record<string, string>;

/** What Streamlit gives an element. */
export interface Shown<Data> {
  data: Data;
  parentElement: ParentNode;
}

export interface SetData {
  key: string;
  motion: string;
  /** Where a new ``seek_id`` takes the player (s of the set). */
  seek_s: number | null;
  seek_id: number;
  /** ``offset_s``: the set's time at the video's start. */
  video: { url: string; offset_s: number } | null;
  texts: Texts;
}

export interface SideData {
  motion: string;
  start_s: number;
  turn_s: number;
  end_s: number;
  title: string;
  said: string;
}

export interface PairData {
  key: string;
  sides: SideData[];
  texts: Texts;
}

export interface FigureData {
  motion: string;
  turn_s: number;
  alt: string;
}
