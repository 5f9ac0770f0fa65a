"""Which of several people in a video is followed: the one who does the exercise, or the one that was asked for.

People are looked for in single pictures while the video is read. Only where there are several is it read again, once for each of
them, with the others painted over. So the poses of a video of one person are those of one plain look.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import UsageError
from formcheck.model.frames import Frame, Pose
from formcheck.model.records import FollowedPerson, SeenPerson
from formcheck.pose.people import PersonTrack, Sighting, already_followed, find_bodies, only_one, people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LookAgain = Callable[[Callable[[Frame], Frame]], Generator[Pose]]
"""Reads a video again. It takes what is done to each picture before its pose is estimated."""
SEARCH_EVERY_S = 1.0
"""People are looked for once in this time (s), and after a film cut. Default."""
_HIPS, _SHOULDERS = [23, 24], [11, 12]


class PeopleSearch:
    """Looks for people in some pictures of a video. Use it as a context manager.

    Raises
    ------
    ModelFileError, EstimatorError
        As ``PeopleFinder``.
    """

    def __init__(self) -> None:
        from formcheck.pose.mediapipe_tasks import PeopleFinder

        self._finder = PeopleFinder()
        self._samples: list[list[Sighting]] = []
        self._searched_s, self._shot = -np.inf, 0

    def update(self, frame: Frame, pose: Pose) -> None:
        """Take the next picture, and search it when that is due.

        Parameters
        ----------
        frame : Frame
        pose : Pose
            Of the same picture; it tells the film cuts.

        Raises
        ------
        EstimatorError
        """
        shot = pose.camera.shot if pose.camera is not None else 0
        if frame.t_s - self._searched_s < SEARCH_EVERY_S and shot == self._shot:
            return
        self._searched_s, self._shot = frame.t_s, shot
        bodies = find_bodies(frame, self._finder.find)
        self._samples.append([Sighting(frame.t_s, shot, body.image_px) for body in bodies])

    def people(self) -> list[PersonTrack]:
        """Return the people between whom there is a choice, as ``people_of``.

        Returns
        -------
        list of PersonTrack
            From left to right; empty for one person.
        """
        return people_of(self._samples)

    def __enter__(self) -> PeopleSearch:
        return self

    def __exit__(self, *_: object) -> None:
        self._finder.close()


def check_person(person: int | None, people: Sequence[PersonTrack], name: str) -> None:
    """Check that a person who was asked for is there.

    Parameters
    ----------
    person : int or None
        Counted from the left, from 1.
    people : sequence of PersonTrack
    name : str
        Of the video.

    Raises
    ------
    UsageError
        ``person_number``.
    """
    count = max(len(people), 1)
    if person is not None and not 1 <= person <= count:
        raise UsageError(
            f"{name} shows no person {person}: from left to right there are {count}.",
            code="person_number",
            person=person,
            name=name,
            count=count,
        )


def poses_of_each(
    poses: Sequence[Pose],
    people: Sequence[PersonTrack],
    numbers: Sequence[int],
    look: LookAgain,
) -> dict[int, tuple[Pose, ...]]:
    """Return the poses of several people in one video.

    Parameters
    ----------
    poses : sequence of Pose
        From the plain look. They are taken where they show one and the same person anyway.
    people : sequence of PersonTrack
    numbers : sequence of int
        Of those whose poses are wanted, from 1.
    look : callable
        A ``LookAgain``.

    Returns
    -------
    dict of int to tuple of Pose
        By number. The movement of the camera is that of the plain look.
    """
    plain = already_followed(poses, people)
    found = {}
    for number in numbers:
        followed = people[number - 1]
        if plain == number - 1:
            found[number] = tuple(poses)
            continue
        others = [other for other in people if other is not followed]
        with closing(look(functools.partial(only_one, followed=followed, others=others))) as again:
            found[number] = tuple(replace(pose, camera=first.camera) for first, pose in zip(poses, again, strict=True))
    return found


def followed_person(number: int, people: Sequence[PersonTrack], *, on_request: bool) -> FollowedPerson:
    """Return who is followed, for the record.

    Parameters
    ----------
    number : int
        Counted from the left, from 1.
    people : sequence of PersonTrack
    on_request : bool

    Returns
    -------
    FollowedPerson
    """
    seen = []
    for track in people:
        one = track.sightings[len(track.sightings) // 2]
        box = track.box_at(one.t_s)
        assert box is not None  # at the time of a sighting
        left, top, right, bottom = (round(float(value), 1) for value in box)
        seen.append(SeenPerson(seen_s=round(one.t_s, 3), box_px=(left, top, right, bottom)))
    return FollowedPerson(number=number, on_request=on_request, people=seen)


def travel_ratio(poses: Sequence[Pose]) -> float:
    """Return how far the hips travel up and down.

    Parameters
    ----------
    poses : sequence of Pose

    Returns
    -------
    float
        From the 5th to the 95th percentile, in trunk lengths; 0 when no person is seen.
    """
    seen = np.array([pose.image_px for pose in poses if pose.seen], float)
    if not len(seen):
        return 0.0
    hips, shoulders = seen[:, _HIPS].mean(axis=1), seen[:, _SHOULDERS].mean(axis=1)
    low, high = np.quantile(hips[:, 1], (0.05, 0.95))
    return float((high - low) / max(np.median(np.hypot(*(hips - shoulders).T)), 1.0))


def body_size_px(poses: Sequence[Pose]) -> float:
    """Return how large a person is in the picture.

    Parameters
    ----------
    poses : sequence of Pose

    Returns
    -------
    float
        The median of the larger of width and height (px); 0 when no person is seen.
    """
    sizes = [np.ptp(pose.image_px, axis=0).max() for pose in poses if pose.seen]
    return float(np.median(sizes)) if sizes else 0.0
