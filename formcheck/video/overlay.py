"""Contents of the annotated video: the body, the count or the clock, the main angle and the faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.i18n.numbers import quantity
from formcheck.model.skeleton import INDEX
from formcheck.video.draw import REFERENCE, Mark, panel, put_body, put_mark, put_text, text_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import Trace
    from formcheck.model.records import Fault, SetRecord
    from formcheck.spec.exercise import Exercise, Signal

SHOWN_S = 1.5
"""A fault stays readable for at least this time (s). Default."""
BELIEVED = 0.5
"""A joint with a lower visibility is drawn grey: nothing is judged on it. MediaPipe's default confidence."""
MAX_DOTS = 12
"""Number of repetitions that have a dot: the last ones. Default."""
MAIN_ANGLE = "main_angle_deg"
"""The signal of the angle that a hold or a bend is about."""
_SAME_FRAME_S = 0.0005
"""Times that differ by less than this (s) are the same frame. Half a frame at 240 fps lasts 2 ms."""


@dataclass(slots=True, frozen=True)
class Tag:
    """An angle that is written beside a joint.

    Attributes
    ----------
    joint : int
        Landmark index.
    angle_deg : (T,) array
        NaN = not measured.
    """

    joint: int
    angle_deg: np.ndarray


@dataclass(slots=True, frozen=True)
class Angle:
    """A joint's angle over the whole set.

    Attributes
    ----------
    arc : (int, int, int)
        Landmark indices; the joint is in the middle.
    deg : (T,) array
        NaN = not measured.
    """

    arc: tuple[int, int, int]
    deg: np.ndarray


def fault_joints(record: SetRecord, fault: Fault, points: Sequence[str]) -> list[int]:
    """Return the landmarks at which a fault is marked.

    Parameters
    ----------
    record : SetRecord
    fault : Fault
    points : sequence of str
        The marked points of the fault's rule, such as ``near.knee``. If the fault has a side, only that side is marked.

    Returns
    -------
    list of int
        Landmark indices.
    """
    side, near = fault.side, record.view.near_side
    other = {"left": "right", "right": "left", None: None}
    sides = {
        "near": near or side,
        "far": other[near],
        "front": side or near,
        "rear": other[side or near],
        "mid": None,
        "left": "left",
        "right": "right",
        "support": side or near,
        "free": other[side or near],
    }
    joints = []
    for point in points:
        where, _, joint = point.rpartition(".")
        if not where:
            joints.append(INDEX[point])
        elif where not in ("left", "right") or side in (None, where):
            joints += [INDEX[f"{s}_{joint}"] for s in ([sides[where]] if sides[where] else ("left", "right"))]
    return joints


def main_angles(record: SetRecord, trace: Trace, exercise: Exercise) -> list[Angle]:
    """Return the angles that the set is about: the knees (from the side the near knee), or the body line of a hold.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise

    Returns
    -------
    list of Angle
    """
    near = record.view.near_side
    if exercise.movement.kind == "hold_posture":
        arc = _shown_points(exercise)
        side = near or next((hold.side for hold in record.holds if hold.side), None) or "left"
        joints = [point.rpartition(".")[2] for point in arc]
        wanted = {(side, *joints): MAIN_ANGLE} if len(arc) == 3 else {}
    elif (bent := _bent_by(exercise)) is not None:
        wanted = {(near or "left", *bent): MAIN_ANGLE}
    else:
        sides = [near] if record.view.label == "side" and near else ["left", "right"]
        wanted = {(side, "hip", "knee", "ankle"): f"knee_flexion_{side}_deg" for side in sides}
    return [
        Angle((INDEX[f"{side}_{a}"], INDEX[f"{side}_{b}"], INDEX[f"{side}_{c}"]), trace.signals[name])
        for (side, a, b, c), name in wanted.items()
        if name in trace.signals
    ]


def _bent_by(exercise: Exercise) -> tuple[str, str, str] | None:
    """Return the three joints of the angle that decides depth. None: it is a knee flexion, or no bend."""
    movement = exercise.movement
    if movement.kind == "hold_posture":
        return None
    points = _bend(exercise.signals[movement.depth_signal])
    if points is None:
        return None
    a, b, c = (point.rpartition(".")[2] for point in points)
    return a, b, c


def _bend(signal: Signal) -> tuple[str, str, str] | None:
    """Return the three points of a bend. None: the signal is no bend."""
    if signal.kind == "joint_angle":
        return signal.a, signal.b, signal.c
    return (signal.a, signal.point, signal.b) if signal.kind == "line_offset" else None


def _shown_points(exercise: Exercise) -> tuple[str, ...]:
    """Return the points of the angle of a hold: three of a bend, two of a line."""
    movement = exercise.movement
    assert movement.kind == "hold_posture"
    signal = exercise.signals[movement.chart_signal]
    return (signal.start, signal.end) if signal.kind == "inclination" else _bend(signal) or ()


class Overlay:
    """Draws a finished set on its pictures.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise
    language : str
    """

    def __init__(self, record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> None:
        self._record, self._trace, self._language = record, trace, language
        self._faults = sorted(record.shown_faults, key=lambda fault: fault.severity)
        self._names = {rule.id: rule.name[language] for rule in exercise.rules}
        self._points = {rule.id: rule.marked for rule in exercise.rules}
        self._bent = _bent_by(exercise)
        self._is_hold = exercise.movement.kind == "hold_posture"
        self._shown_joint = _shown_points(exercise)[-2].rpartition(".")[2] if self._is_hold else ""

    def draw(self, rgb: np.ndarray, t_s: float) -> None:
        """Draw the set at one time into a picture.

        Parameters
        ----------
        rgb : (H, W, 3) array of uint8
            At any scale.
        t_s : float
            Time in the video.
        """
        unit = max(12, min(rgb.shape[:2]) // 24)
        i = int(np.searchsorted(self._trace.t_s, t_s - _SAME_FRAME_S))
        if i < len(self._trace.t_s) and abs(self._trace.t_s[i] - t_s) <= _SAME_FRAME_S:
            scale = np.array(rgb.shape[1::-1]) / self._trace.size_px
            points_px = self._trace.image_px[i] * scale
            put_body(rgb, points_px, self._marks(i, t_s), max(1, unit // 9))
            tags = self._tags(t_s)
            middle_x = np.mean([points_px[tag.joint, 0] for tag in tags]) if len(tags) == 2 else 0
            for tag in tags:
                at = points_px[tag.joint]
                self._draw_tag(rgb, float(tag.angle_deg[i]), at, unit, to_left=at[0] < middle_x)
        self._draw_score(rgb, t_s, unit)
        self._draw_faults(rgb, t_s, unit)

    def _marks(self, i: int, t_s: float) -> dict[int, Mark]:
        """Return the mark of each joint that is not ok."""
        idle = self._trace.phase is not None and self._trace.phase[i] in ("nobody", "waiting", "paused")
        unseen = range(len(INDEX)) if idle else np.flatnonzero(self._trace.visibility[i] < BELIEVED)
        marks: dict[int, Mark] = dict.fromkeys((int(joint) for joint in unseen), "unknown")
        for fault in self._faults:
            if fault.start_s <= t_s <= fault.end_s:
                for joint in fault_joints(self._record, fault, self._points.get(fault.rule, ())):
                    marks[joint] = "fault" if fault.severity == 2 else "hint"
        return marks

    def _tags(self, t_s: float) -> list[Tag]:
        """Return the main angle and its joint: the near or working knee, both knees from the front, or the hip of a hold."""
        view = self._record.view
        if self._is_hold:
            names = {f"{view.near_side or 'left'}_{self._shown_joint}": MAIN_ANGLE}
        elif self._bent is not None:
            names = {f"{view.near_side or 'left'}_{self._bent[1]}": MAIN_ANGLE}
        else:
            leading = next((rep.side for rep in self._record.reps if rep.start_s <= t_s <= rep.end_s), None)
            side = leading or (view.near_side if view.label == "side" else None)
            names = {f"{s}_knee": f"knee_flexion_{s}_deg" for s in ([side] if side else ("left", "right"))}
        signals = self._trace.signals
        return [Tag(INDEX[joint], signals[name]) for joint, name in names.items() if name in signals]

    def _draw_tag(self, rgb: np.ndarray, angle_deg: float, at: np.ndarray, unit: int, to_left: bool) -> None:
        """Write an angle beside the joint at (x, y) ``at``. Of two knees, each has its angle on the outer side."""
        if not np.isfinite([angle_deg, *at]).all():
            return
        text = quantity(angle_deg, "deg", self._language)
        width, height = text_size(text, unit)
        x, y = int(at[0]) + unit, int(at[1]) - height // 2
        if self._is_hold:  # the body lies: beside the joint is on the body
            x, y = int(at[0]) - width // 2, int(at[1]) - 3 * unit - height
        elif to_left or x + width + unit > rgb.shape[1]:
            x = int(at[0]) - unit - width
        pad = unit // 3
        rgb[max(y - pad // 2, 0) : max(y + height + pad // 2, 0), max(x - pad, 0) : max(x + width + pad, 0)] = REFERENCE
        put_text(rgb, text, x, y, unit)

    def _draw_score(self, rgb: np.ndarray, t_s: float, unit: int) -> None:
        """Draw the count of repetitions with a dot for each, or the seconds held, in the top left corner."""
        ended = [] if self._is_hold else [rep for rep in self._record.reps if rep.end_s <= t_s][-MAX_DOTS:]
        if self._is_hold:
            held_s = sum(min(t_s, hold.end_s) - hold.start_s for hold in self._record.holds if hold.start_s <= t_s)
            text = f"{int(held_s + 1e-6)} s"
        else:
            text = str(sum(rep.counted and rep.end_s <= t_s for rep in self._record.reps))
        size = 4 * unit
        width, height = text_size(text, size)
        panel(rgb, 0, 0, max(width, unit * len(ended)) + unit, height + (unit if ended else 0))
        put_text(rgb, text, unit // 2, 0, size)
        for n, rep in enumerate(ended):
            worst = max((fault.severity for fault in rep.faults), default=0)
            marks: tuple[Mark, ...] = ("ok", "hint", "fault")
            put_mark(rgb, marks[worst] if rep.counted else "unknown", unit * (n + 1), height + unit * 0.3, unit * 0.3)

    def _draw_faults(self, rgb: np.ndarray, t_s: float, unit: int) -> None:
        """Write the current faults in the bottom left corner, the more severe first."""
        shown: dict[str, Fault] = {}
        for fault in reversed(self._faults):
            if fault.start_s <= t_s <= max(fault.end_s, fault.start_s + SHOWN_S):
                shown.setdefault(fault.rule, fault)
        size = round(unit * 1.4)
        y = rgb.shape[0]
        for fault in reversed(shown.values()):
            text = self._names.get(fault.rule, fault.rule)
            fitting = min(size, size * (rgb.shape[1] - 3 * unit) // max(1, text_size(text, size)[0]))
            width, height = text_size(text, fitting)
            y -= height + unit // 2
            panel(rgb, 0, y, width + 3 * unit, height + unit // 2)
            put_mark(
                rgb, "fault" if fault.severity == 2 else "hint", unit * 1.2, y + (height + unit // 2) / 2, unit * 0.6
            )
            put_text(rgb, text, unit * 9 // 4, y + unit // 4, fitting)
