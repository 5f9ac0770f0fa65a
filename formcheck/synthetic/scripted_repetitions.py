"""Scripted sets of any repetition: every value goes from rest to the far end and back in the tempo of its repetition.

A ``Move`` describes the body at rest and makes a body from values. The rest is the same for all movements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.model.skeleton import INDEX, MIRROR
from formcheck.synthetic.body import Body
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import RepTruth, SyntheticSet, record_script, track

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Values = dict[str, np.ndarray]
"""Values (T,) of a movement over time, by name."""


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of movement.

    Attributes
    ----------
    rest : mapping of str to float
        Value of each field of a repetition at rest.
    pose : callable
        Maps a body and values (T,), ``t_s`` among them, to landmarks (T, 33, 3) in metres, of a left-sided repetition.
    depth_deg : callable
        Maps landmarks (T, 33, 3) of a left-sided repetition to the true value (T,) of the signal that decides its depth.
    after : mapping of str to str
        Fields that come back to the value of another field instead of ``rest``.
    camera : Camera
        The camera that suits the movement.
    """

    rest: Mapping[str, float]
    pose: Callable[[Body, Values], np.ndarray]
    depth_deg: Callable[[np.ndarray], np.ndarray]
    after: Mapping[str, str]
    camera: Camera


def move_set(
    move: Move,
    reps: Sequence[Any],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
    lead_in_s: float = 1.6,
    starts_at_end_range: bool = False,
) -> SyntheticSet:
    """Return a set of repetitions seen by a camera.

    Parameters
    ----------
    move : Move
    reps : sequence
        Each with a ``tempo``, the fields of ``move.rest``, and a ``side`` if it has one.
    camera : Camera, optional
        Default: ``move.camera``.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.
    lead_in_s : float
        Rest before the first repetition.
    starts_at_end_range : bool
        That time is spent at the far end. The first repetition is only its way back.

    Returns
    -------
    SyntheticSet
    """
    script, truth = move_script(move, reps, body or Body(), lead_in_s, starts_at_end_range)
    return record_script(script, truth, camera or move.camera, recording, before)


def move_script(
    move: Move, reps: Sequence[Any], body: Body, lead_in_s: float = 1.6, starts_at_end_range: bool = False
) -> tuple[Script, list[RepTruth]]:
    """Return the movement and its truth. One second of rest follows the last repetition.

    Parameters
    ----------
    move : Move
    reps : sequence
        As in ``move_set``.
    body : Body
    lead_in_s : float
    starts_at_end_range : bool
        As in ``move_set``.

    Returns
    -------
    script : Script
    truth : list
        One RepTruth for each repetition.
    """
    first = lead_in_s - (reps[0].tempo.down_s + reps[0].tempo.pause_s if starts_at_end_range else 0.0)
    starts = first + np.concatenate([[0.0], np.cumsum([rep.tempo.total_s for rep in reps])])

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        now = {name: track(t_s, _keys(move, name, reps, starts, starts_at_end_range)) for name in move.rest}
        points = move.pose(body, now | {"t_s": t_s})
        right = np.array([getattr(rep, "side", "left") == "right" for rep in reps])
        index = np.clip(np.searchsorted(starts, t_s, side="right") - 1, 0, len(reps) - 1)
        return np.where(right[index][:, None, None], points[:, MIRROR] * [-1, 1, 1], points)

    script, truth = Script(float(starts[-1]) + 1.0, landmarks_m), []
    for index, (rep, start) in enumerate(zip(reps, starts, strict=False), start=1):
        turn = start + rep.tempo.down_s + rep.tempo.pause_s / 2
        end = start + rep.tempo.total_s - rep.tempo.rest_s
        side = getattr(rep, "side", None)
        points = script.landmarks_m(np.array([turn]))
        depth = move.depth_deg(points[:, MIRROR] * [-1, 1, 1] if side == "right" else points)
        if starts_at_end_range and index == 1:
            start = turn = lead_in_s
        truth.append(RepTruth(index, side, float(start), float(turn), float(end), float(depth[0]), rep))
    return script, truth


def _keys(
    move: Move, name: str, reps: Sequence[Any], starts: np.ndarray, starts_at_end_range: bool
) -> list[tuple[float, float]]:
    keys = [(starts[0], move.rest[name])]
    for rep, start in zip(reps, starts, strict=False):
        down, there = start + rep.tempo.down_s, getattr(rep, name)
        low = down + rep.tempo.pause_s
        keys += [(start, keys[-1][1]), (down, there), (low, there)]
        keys.append((low + rep.tempo.up_s, getattr(rep, move.after[name]) if name in move.after else move.rest[name]))
    return keys[2:] if starts_at_end_range else keys


def angle_deg(landmarks_m: np.ndarray, a: str, b: str, c: str) -> np.ndarray:
    """Return the true angle a–b–c.

    Parameters
    ----------
    landmarks_m : (T, 33, 3) array
    a, b, c : str
        Names of landmarks.

    Returns
    -------
    (T,) array
    """
    u, v = (landmarks_m[:, INDEX[name]] - landmarks_m[:, INDEX[b]] for name in (a, c))
    angle: np.ndarray = np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v), axis=-1), (u * v).sum(-1)))
    return angle
