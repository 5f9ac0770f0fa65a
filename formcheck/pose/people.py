"""Several people in one film: seen in single pictures, linked over time, and painted over so that one of them can be followed.

MediaPipe cannot be told whom to follow, and it smooths only a single person. So the others are made invisible to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.model.frames import Frame, Pose

MOST_FOLLOWED = 3
"""So many people, the largest, can be followed. Each takes one more look at the whole film. Default."""
LEAST_SAMPLES = 3
"""A person is there who is seen in so many of the searched pictures, together with another one. Default."""
LEAST_SHARE = 0.2
"""A person is there who is seen in this share of the searched pictures. Default: someone who walks past is not."""
LEAST_SIZE = 0.25
"""A person is there who is at least this large, as a share of the largest. Default: landmarks of a smaller one are too coarse."""
LOST_S = 3.0
"""A person who was not seen for this time (s) may come back anywhere. Default."""
_BELIEVED = 0.5
"""A body whose shoulders and hips are less visible on average is none. MediaPipe's default confidence."""
_STEADY = 0.12
"""A body whose length changes by more, as a logarithm, is clutter in which the model sees a person. In 20 films of real people
the length of a person changed by up to 0.08, that of two heaps of clutter by 0.16."""
_SAME_BODY = 0.25
"""Two bodies are one when half of their landmarks are nearer than this, as a share of the smaller body's size. Default."""
_FURTHEST_STEP = 1.0
"""Between two searched pictures a person moves by at most this share of their size. Default."""
_GROWTH = 2.0
"""Between two searched pictures a person grows or shrinks by at most this factor: a squat is lower than standing. Default."""
_MARGIN = 0.12
"""A box is larger than that of the landmarks by this share of its size: the head's top, hands and feet lie outside. Default."""
_GREY = 128
_BONES = [
    tuple(INDEX[f"{side}_{name}"] for name in bone)
    for side in ("left", "right")
    for bone in (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))
]
_TRUNK = [INDEX[name] for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]


@dataclass(slots=True, frozen=True)
class Sighting:
    """One body in one searched picture.

    Attributes
    ----------
    t_s : float
    shot : int
        Of the camera; a film cut begins the next one.
    points_px : (33, 2) array
    """

    t_s: float
    shot: int
    points_px: np.ndarray

    @property
    def box_px(self) -> np.ndarray:
        """Left, top, right, bottom (4,) of the landmarks."""
        return np.concatenate([self.points_px.min(axis=0), self.points_px.max(axis=0)])

    @property
    def size_px(self) -> float:
        """The larger of width and height."""
        return float(np.ptp(self.points_px, axis=0).max())

    @property
    def length_px(self) -> float:
        """The sum of trunk, thighs and shanks of both sides: a movement changes it less than the size."""
        return float(sum(np.hypot(*(self.points_px[a] - self.points_px[b])) for a, b in _BONES))

    @property
    def place_px(self) -> np.ndarray:
        """Centre of the trunk (2,)."""
        centre: np.ndarray = self.points_px[_TRUNK].mean(axis=0)
        return centre


@dataclass(slots=True, frozen=True)
class PersonTrack:
    """One person over a film.

    Attributes
    ----------
    sightings : tuple of Sighting
        In the order of time; at least one.
    """

    sightings: tuple[Sighting, ...]

    @property
    def size_px(self) -> float:
        """The median size."""
        return float(np.median([one.size_px for one in self.sightings]))

    @property
    def steady(self) -> bool:
        """Whether the body keeps its length: over all, or, of a person who comes nearer, from one sighting to the next."""
        length = np.log([one.length_px for one in self.sightings])
        steps = np.abs(np.diff(length)) if len(length) > 1 else np.zeros(1)
        return bool(min(np.median(np.abs(length - np.median(length))), np.median(steps)) <= _STEADY)

    @property
    def times_s(self) -> np.ndarray:
        """The times (N,) of the sightings."""
        return np.array([one.t_s for one in self.sightings])

    @property
    def across_px(self) -> float:
        """The mean place across the picture."""
        return float(np.mean([one.place_px[0] for one in self.sightings]))

    def box_at(self, t_s: float) -> np.ndarray | None:
        """Return where the person may be at a time.

        Parameters
        ----------
        t_s : float

        Returns
        -------
        (4,) array or None
            Left, top, right, bottom around the sightings before and after, with a margin. None: neither is within ``LOST_S``.
        """
        after = int(np.searchsorted(self.times_s, t_s))
        near = [one for one in self.sightings[max(after - 1, 0) : after + 1] if abs(one.t_s - t_s) <= LOST_S]
        if not near:
            return None
        boxes = np.array([one.box_px for one in near])
        margin = _MARGIN * max(one.size_px for one in near)
        return np.concatenate([boxes[:, :2].min(axis=0) - margin, boxes[:, 2:].max(axis=0) + margin])


def find_bodies(frame: Frame, detect: Callable[[Frame], Sequence[Pose]]) -> list[Pose]:
    """Return the bodies in one picture.

    Parameters
    ----------
    frame : Frame
    detect : callable
        Returns the poses that are seen in a picture searched by itself.

    Returns
    -------
    list of Pose
        Those that are visible enough, each once.

    Notes
    -----
    MediaPipe often returns only the nearest of two people, also when more are asked for. So the picture is searched again
    without those who were found, until no new person is seen.
    """
    found: list[Pose] = []
    rest = frame
    while True:
        new = [pose for pose in detect(rest) if float(pose.visibility[_TRUNK].mean()) >= _BELIEVED]
        before = len(found)
        for pose in new:
            if not any(_same_body(pose.image_px, other.image_px) for other in found):
                found.append(pose)
        if len(found) == before:
            return found
        boxes = [_with_margin(Sighting(frame.t_s, 0, pose.image_px)) for pose in found]
        rest = painted_over(frame, boxes, None)


def link(samples: Sequence[Sequence[Sighting]]) -> list[PersonTrack]:
    """Link the bodies of the searched pictures to people.

    Parameters
    ----------
    samples : sequence of sequences of Sighting
        The bodies of each searched picture, in the order of time.

    Returns
    -------
    list of PersonTrack
        As few people as explain what was seen at the same time: a person who left, and one who comes later, are the same.
    """
    tracks: list[list[Sighting]] = []
    for sample in samples:
        left = list(sample)
        free = list(tracks)
        for must_be_near in (True, False):
            pairs = sorted(
                (_distance(track[-1], one), t, o) for t, track in enumerate(free) for o, one in enumerate(left)
            )
            taken_tracks: set[int] = set()
            taken: set[int] = set()
            for distance, t, o in pairs:
                possible = _near(free[t][-1], left[o], distance) if must_be_near else _may_return(free[t][-1], left[o])
                if possible and t not in taken_tracks and o not in taken:
                    free[t].append(left[o])
                    taken_tracks.add(t)
                    taken.add(o)
            free = [track for t, track in enumerate(free) if t not in taken_tracks]
            left = [one for o, one in enumerate(left) if o not in taken]
        tracks += [[one] for one in left]
    return [PersonTrack(tuple(track)) for track in tracks]


def people_of(samples: Sequence[Sequence[Sighting]]) -> list[PersonTrack]:
    """Return the people between whom there is a choice.

    Parameters
    ----------
    samples : sequence of sequences of Sighting
        As in ``link``.

    Returns
    -------
    list of PersonTrack
        From left to right, at most ``MOST_FOLLOWED``. Empty unless several people are seen at the same time, for long enough.
    """
    least = max(LEAST_SAMPLES, LEAST_SHARE * len(samples))
    lasting = [track for track in link(samples) if len(track.sightings) >= least and track.steady]
    largest_px = max((track.size_px for track in lasting), default=0.0)
    lasting = [track for track in lasting if track.size_px >= LEAST_SIZE * largest_px]
    together = [
        track
        for track in lasting
        if any(
            len(np.intersect1d(track.times_s, other.times_s)) >= LEAST_SAMPLES
            for other in lasting
            if other is not track
        )
    ]
    largest = sorted(together, key=lambda track: -track.size_px)[:MOST_FOLLOWED]
    return sorted(largest, key=lambda track: track.across_px)


def only_one(frame: Frame, followed: PersonTrack, others: Sequence[PersonTrack]) -> Frame:
    """Return a picture in which the others are painted over.

    Parameters
    ----------
    frame : Frame
    followed : PersonTrack
        Where this person may be, nothing is painted.
    others : sequence of PersonTrack

    Returns
    -------
    Frame
        Of the same size, so that landmarks need no mapping. The same frame where the others are not seen.
    """
    boxes = [box for other in others if (box := other.box_at(frame.t_s)) is not None]
    return painted_over(frame, boxes, followed.box_at(frame.t_s)) if boxes else frame


def only_inside(frame: Frame, pose: Pose) -> Frame:
    """Return a picture in which everything but one body is painted over.

    Parameters
    ----------
    frame : Frame
    pose : Pose
        The body, in the pixels of the picture.

    Returns
    -------
    Frame
        The same frame when the pose is not seen.
    """
    if not pose.seen:
        return frame
    height, width = frame.rgb.shape[:2]
    return painted_over(frame, [np.array([0, 0, width, height])], _with_margin(Sighting(frame.t_s, 0, pose.image_px)))


def painted_over(frame: Frame, boxes_px: Sequence[np.ndarray], kept_px: np.ndarray | None) -> Frame:
    """Return a picture with grey boxes.

    Parameters
    ----------
    frame : Frame
    boxes_px : sequence of (4,) arrays
        Left, top, right, bottom; they may reach beyond the picture.
    kept_px : (4,) array or None
        A box that stays as it is.

    Returns
    -------
    Frame
    """
    rgb = frame.rgb.copy()
    for box in boxes_px:
        rgb[_inside(box)] = _GREY
    if kept_px is not None:
        kept = _inside(kept_px)
        rgb[kept] = frame.rgb[kept]
    return replace(frame, rgb=rgb)


def already_followed(poses: Sequence[Pose], people: Sequence[PersonTrack]) -> int | None:
    """Return whom poses of the unpainted film show.

    Parameters
    ----------
    poses : sequence of Pose
        Of every picture that was searched, and of others.
    people : sequence of PersonTrack

    Returns
    -------
    int or None
        Index into ``people``. None unless it is the same person in all their sightings.
    """
    by_time = {pose.t_s: pose.image_px for pose in poses if pose.seen}
    followed = set()
    for number, track in enumerate(people):
        seen = [one for one in track.sightings if one.t_s in by_time]
        same = [_same_body(by_time[one.t_s], one.points_px) for one in seen]
        if any(same):
            followed.add(number)
        if any(same) and (not all(same) or len(seen) < len(track.sightings)):
            return None
    return followed.pop() if len(followed) == 1 else None


def _inside(box_px: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of a box."""
    left, top, right, bottom = np.maximum(np.round(box_px), 0).astype(int)
    return slice(top, bottom), slice(left, right)


def _with_margin(one: Sighting) -> np.ndarray:
    margin = _MARGIN * one.size_px
    box: np.ndarray = one.box_px + np.array([-margin, -margin, margin, margin])
    return box


def _same_body(points_px: np.ndarray, other_px: np.ndarray) -> bool:
    size_px = min(np.ptp(points_px, axis=0).max(), np.ptp(other_px, axis=0).max())
    return bool(np.median(np.hypot(*(points_px - other_px).T)) < _SAME_BODY * size_px)


def _distance(before: Sighting, now: Sighting) -> float:
    """Return how far a person would have moved, and how much they would have grown: in sizes, added."""
    size_px = max(before.size_px, now.size_px)
    moved = float(np.hypot(*(now.place_px - before.place_px))) / size_px
    return moved + abs(float(np.log(now.size_px / before.size_px)))


def _near(before: Sighting, now: Sighting, distance: float) -> bool:
    """Return whether two sightings can be one person who did not leave. They may be several searched pictures apart."""
    within = now.t_s - before.t_s <= LOST_S and now.shot == before.shot
    grown = abs(np.log(now.size_px / before.size_px))
    return within and grown <= np.log(_GROWTH) and distance - grown <= _FURTHEST_STEP


def _may_return(before: Sighting, now: Sighting) -> bool:
    """Return whether a person may have come back anywhere: they were away, or the film was cut."""
    return now.t_s - before.t_s > LOST_S or now.shot != before.shot
