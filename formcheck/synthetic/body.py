"""The stick figure: segment lengths, joints and the 33 landmarks of one person, as arrays over time.

World axes of a person at heading 0: x to the person's left, y up, z forward; metres, the floor at y = 0. Every array is
(T, ...) for T times. A pair axis of length 2 is (left, right). Angles are in degrees.

Segment lengths are fractions of body height from Drillis and Contini (1966) as printed in Winter, *Biomechanics and Motor
Control of Human Movement*. The widths of shoulders and hips and the places of the head landmarks are those that BlazePose
gives for a person in front of the camera; its points lie nearer the middle than the anatomical joints.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from formcheck.model.skeleton import INDEX

Axes = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Unit vectors (T, 3) up, left and to the front of the trunk."""
SIDE_SIGN = np.array([1.0, -1.0])
"""The x direction of (left, right)."""
_SIDES = ("left", "right")
_HEAD = {  # in torso lengths from the middle of the shoulders: left, up, forward
    "nose": (0.0, 0.42, 0.28),
    "eye_inner": (0.04, 0.49, 0.24),
    "eye": (0.07, 0.49, 0.23),
    "eye_outer": (0.09, 0.49, 0.21),
    "ear": (0.14, 0.44, 0.08),
    "mouth": (0.05, 0.33, 0.24),
}


@dataclass(frozen=True, slots=True)
class Body:
    """One person's lengths in metres, from the body height."""

    height_m: float = 1.72

    @property
    def thigh_m(self) -> float:
        """Length of the thigh (m)."""
        return 0.245 * self.height_m

    @property
    def shank_m(self) -> float:
        """Length of the shank (m)."""
        return 0.246 * self.height_m

    @property
    def torso_m(self) -> float:
        """Distance between the middles of hips and shoulders (m)."""
        return 0.288 * self.height_m

    @property
    def upper_arm_m(self) -> float:
        """Length of the upper arm (m)."""
        return 0.186 * self.height_m

    @property
    def forearm_m(self) -> float:
        """Length of the forearm (m)."""
        return 0.146 * self.height_m

    @property
    def hand_m(self) -> float:
        """Length of the hand (m)."""
        return 0.054 * self.height_m

    @property
    def ankle_height_m(self) -> float:
        """Height of the ankle of a flat foot (m)."""
        return 0.039 * self.height_m

    @property
    def shoulder_width_m(self) -> float:
        """Distance of the shoulders (m)."""
        return 0.70 * self.torso_m

    @property
    def hip_width_m(self) -> float:
        """Distance of the hips (m)."""
        return 0.44 * self.torso_m

    @property
    def heel_m(self) -> np.ndarray:
        """Heel, seen from the ankle of a flat foot, (3,)."""
        return self.height_m * np.array([0.0, -0.031, -0.026])

    @property
    def ball_m(self) -> np.ndarray:
        """Ball of the foot, about which the heel is lifted, (3,)."""
        return self.height_m * np.array([0.0, -0.034, 0.088])

    @property
    def toe_m(self) -> np.ndarray:
        """Landmark ``foot_index``, seen from the ankle of a flat foot, (3,)."""
        return self.height_m * np.array([0.0, -0.033, 0.098])

    def reach_m(self, knee_flexion_deg: np.ndarray | float) -> np.ndarray:
        """Return the distance from hip to ankle at a knee flexion.

        Parameters
        ----------
        knee_flexion_deg : array or float

        Returns
        -------
        array
        """
        a, b = self.thigh_m, self.shank_m
        reach: np.ndarray = np.sqrt(a * a + b * b + 2 * a * b * np.cos(np.radians(knee_flexion_deg)))
        return reach


@dataclass(slots=True)
class Arms:
    """Posture of the arms; each value (T, 2) or broadcastable. All 0 = hanging down, elbows straight.

    Attributes
    ----------
    flexion_deg : array or float
        Upper arm forward from hanging: 90 = straight ahead, 180 = overhead.
    abduction_deg : array or float
        Upper arm sideways.
    elbow_deg : array or float
        Elbow flexion.
    forearm : (T, 2, 3) array, optional
        Direction of the forearm; replaces ``elbow_deg``.
    """

    flexion_deg: np.ndarray | float = 6.0
    abduction_deg: np.ndarray | float = 10.0
    elbow_deg: np.ndarray | float = 10.0
    forearm: np.ndarray | None = None


@dataclass(slots=True)
class Posture:
    """The joints that define a movement. The rest of the 33 landmarks follows from them.

    Attributes
    ----------
    hip, knee, ankle : (T, 2, 3) array
        Metres.
    lean_deg, side_lean_deg : (T,) array or float
        Trunk from the vertical, forward and to the person's left.
    foot_pitch_deg, foot_yaw_deg : (T, 2) array or float
        Heel up, toes out.
    head_pitch_deg : (T,) array or float
        Nod against the trunk, + = chin to the chest.
    arms : Arms
    """

    hip: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray
    lean_deg: np.ndarray
    side_lean_deg: np.ndarray | float = 0.0
    foot_pitch_deg: np.ndarray | float = 0.0
    foot_yaw_deg: np.ndarray | float = 8.0
    head_pitch_deg: np.ndarray | float = 0.0
    arms: Arms = field(default_factory=Arms)

    def landmarks_m(self, body: Body) -> np.ndarray:
        """Return the 33 landmarks.

        Parameters
        ----------
        body : Body

        Returns
        -------
        (T, 33, 3) array
            Landmarks in metres.
        """
        n = len(self.hip)
        out = np.zeros((n, 33, 3))
        up, left, front = self._trunk_axes(n)
        chest = self.hip.mean(1) + up * body.torso_m
        self._place_head(out, body, chest, (up, left, front))
        shoulder = chest[:, None] + SIDE_SIGN[:, None] * left[:, None] * body.shoulder_width_m / 2
        self._place_arms(out, body, shoulder)
        pitch, yaw = (both_sides(v, n) for v in (self.foot_pitch_deg, self.foot_yaw_deg))
        for joint, points in (("hip", self.hip), ("knee", self.knee), ("ankle", self.ankle)):
            _put(out, joint, points)
        _put(out, "heel", self.ankle + foot_vector(body.heel_m, pitch, yaw))
        _put(out, "foot_index", self.ankle + foot_vector(body.toe_m, pitch, yaw))
        return out

    def _trunk_axes(self, n: int) -> Axes:
        lean, side = (np.radians(np.broadcast_to(v, n)) for v in (self.lean_deg, self.side_lean_deg))
        up = np.stack([np.sin(side), np.cos(side) * np.cos(lean), np.cos(side) * np.sin(lean)], -1)
        left = unit(np.array([1.0, 0.0, 0.0]) - up[:, :1] * up)
        return up, left, np.cross(left, up)

    def _place_head(self, out: np.ndarray, body: Body, chest: np.ndarray, axes: Axes) -> None:
        up, left, front = axes
        nod = np.radians(np.broadcast_to(self.head_pitch_deg, len(chest)))[:, None]
        up, front = np.cos(nod) * up + np.sin(nod) * front, np.cos(nod) * front - np.sin(nod) * up
        for name, (x, y, z) in _HEAD.items():
            middle = chest + body.torso_m * (y * up + z * front)
            aside = body.torso_m * x * left
            if name == "nose":
                out[:, INDEX["nose"]] = middle
            elif name == "mouth":
                out[:, INDEX["mouth_left"]], out[:, INDEX["mouth_right"]] = middle + aside, middle - aside
            else:
                first, _, rest = name.partition("_")
                tail = f"{first}_{rest}" if rest else first
                out[:, INDEX[f"left_{tail}"]], out[:, INDEX[f"right_{tail}"]] = middle + aside, middle - aside

    def _place_arms(self, out: np.ndarray, body: Body, shoulder: np.ndarray) -> None:
        n = len(shoulder)
        flexion, abduction, bend = (
            both_sides(v, n) for v in (self.arms.flexion_deg, self.arms.abduction_deg, self.arms.elbow_deg)
        )
        elbow = shoulder + body.upper_arm_m * limb_direction(flexion, abduction)
        forearm = limb_direction(flexion + bend, abduction * 0.6) if self.arms.forearm is None else self.arms.forearm
        wrist = elbow + body.forearm_m * forearm
        for joint, points in (("shoulder", shoulder), ("elbow", elbow), ("wrist", wrist)):
            _put(out, joint, points)
        for joint, share, aside in (("index", 1.0, -0.15), ("pinky", 0.9, 0.25), ("thumb", 0.5, -0.4)):
            offset = np.zeros((1, 2, 3))
            offset[0, :, 0] = SIDE_SIGN * aside * body.hand_m
            _put(out, joint, wrist + share * body.hand_m * forearm + offset)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors to length 1.

    Parameters
    ----------
    vectors : (..., 3) array

    Returns
    -------
    (..., 3) array
    """
    scaled: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def limb_direction(flexion_deg: np.ndarray, abduction_deg: np.ndarray) -> np.ndarray:
    """Return directions of limbs: hanging at 0, forward with flexion, outwards with abduction.

    Parameters
    ----------
    flexion_deg, abduction_deg : (T, 2) array

    Returns
    -------
    (T, 2, 3) array
        Unit vectors.
    """
    f, a = np.radians(flexion_deg), np.radians(abduction_deg)
    return np.stack([SIDE_SIGN * np.sin(a), -np.cos(a) * np.cos(f), np.cos(a) * np.sin(f)], -1)


def foot_vector(vector_m: np.ndarray, pitch_deg: np.ndarray, yaw_deg: np.ndarray) -> np.ndarray:
    """Return a vector of the flat foot after lifting the heel and turning the toes out.

    Parameters
    ----------
    vector_m : (3,) array
    pitch_deg, yaw_deg : (T, 2) array

    Returns
    -------
    (T, 2, 3) array
    """
    p, w = np.radians(pitch_deg), np.radians(yaw_deg) * SIDE_SIGN
    y = vector_m[1] * np.cos(p) - vector_m[2] * np.sin(p)
    z = vector_m[1] * np.sin(p) + vector_m[2] * np.cos(p)
    return np.stack([z * np.sin(w), y, z * np.cos(w)], -1)


def planted_ankle(body: Body, place: np.ndarray, pitch_deg: np.ndarray, yaw_deg: np.ndarray) -> np.ndarray:
    """Return the ankles of feet that are pitched about the ball.

    Parameters
    ----------
    body : Body
    place : (T, 2, 3) array
        Ankle of the flat foot.
    pitch_deg, yaw_deg : (T, 2) array

    Returns
    -------
    (T, 2, 3) array
    """
    ball = place + foot_vector(body.ball_m, 0.0 * pitch_deg, yaw_deg)
    ankle: np.ndarray = ball - foot_vector(body.ball_m, pitch_deg, yaw_deg)
    return ankle


def bend_knee(body: Body, hip: np.ndarray, ankle: np.ndarray, knee_x_m: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return knees between hips and ankles, bent forward.

    Parameters
    ----------
    body : Body
    hip, ankle : (T, 2, 3) array
    knee_x_m : (T, 2) array
        Wanted place of the knee sideways.
    share : (T, 2) array
        How far the knee goes there from straight ahead, 0..1.

    Returns
    -------
    (T, 2, 3) array
    """
    line = ankle - hip
    length = np.linalg.norm(line, axis=-1, keepdims=True)
    u = line / length
    length = np.minimum(length, 0.99999 * (body.thigh_m + body.shank_m))
    along = (body.thigh_m**2 - body.shank_m**2 + length**2) / (2 * length)
    out = np.sqrt(np.maximum(body.thigh_m**2 - along**2, 1e-9))
    aside = unit(np.array([1.0, 0.0, 0.0]) - u[..., :1] * u)
    ahead = np.cross(u, aside)
    ahead *= np.where(ahead[..., 2:] < 0, -1.0, 1.0)
    base = hip + u * along
    sine = np.clip((knee_x_m - base[..., 0]) / (out[..., 0] * aside[..., 0]), -0.95, 0.95)
    turn = (np.arcsin(sine) * share)[..., None]
    knee: np.ndarray = base + out * (np.sin(turn) * aside + np.cos(turn) * ahead)
    return knee


def turn_and_move(landmarks_m: np.ndarray, yaw_deg: np.ndarray, place_m: np.ndarray) -> np.ndarray:
    """Turn landmarks about the vertical, then move them.

    Parameters
    ----------
    landmarks_m : (T, 33, 3) array
    yaw_deg : (T,) array
        + to the person's left.
    place_m : (T, 3) array

    Returns
    -------
    (T, 33, 3) array
    """
    w = np.radians(yaw_deg)[:, None]
    x, y, z = np.moveaxis(landmarks_m, -1, 0)
    turned: np.ndarray = np.stack([x * np.cos(w) + z * np.sin(w), y, z * np.cos(w) - x * np.sin(w)], -1)
    moved: np.ndarray = turned + place_m[:, None]
    return moved


def knee_flexion_deg(landmarks_m: np.ndarray) -> np.ndarray:
    """Return the true knee flexion.

    Parameters
    ----------
    landmarks_m : (T, 33, 3) array

    Returns
    -------
    (T, 2) array
        Left and right.
    """
    columns = []
    for side in _SIDES:
        hip, knee, ankle = (landmarks_m[:, INDEX[f"{side}_{joint}"]] for joint in ("hip", "knee", "ankle"))
        thigh, shank = knee - hip, ankle - knee
        cross = np.linalg.norm(np.cross(thigh, shank), axis=-1)
        columns.append(np.degrees(np.arctan2(cross, (thigh * shank).sum(-1))))
    return np.stack(columns, -1)


def both_sides(value: np.ndarray | float, n: int) -> np.ndarray:
    """Return a value for the left and the right side.

    Parameters
    ----------
    value : number, (n,) array or (n, 2) array
    n : int
        Number of times T.

    Returns
    -------
    (n, 2) array
        Read-only view.
    """
    value = np.asarray(value, float)
    return np.broadcast_to(value[:, None] if value.ndim == 1 else value, (n, 2))


def _put(out: np.ndarray, joint: str, points: np.ndarray) -> None:
    for column, side in enumerate(_SIDES):
        out[:, INDEX[f"{side}_{joint}"]] = points[:, column]
