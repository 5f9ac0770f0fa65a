"""Landmark traces as files: read a ``.npz``, write a ``.npz`` or a ``.csv``.

The ``.npz`` holds ``t_s`` (T,), ``image_px`` (T, 33, 2), ``visibility`` (T, 33), ``size_px`` (2,) and, optionally,
``world_m`` (T, 33, 3), and ``camera`` (T, 4) with ``shot`` (T,): the movement of the camera and the shots of the film, which
landmarks do not show. Where something was wrong with the video, ``file_events`` holds the record's events of it, as JSON.
Written traces also hold every signal under its name, ``phase`` and ``rep``. Further keys are ignored.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from formcheck.errors import OutputError, SourceError
from formcheck.files.atomic import open_output
from formcheck.model.frames import N_LANDMARKS, CameraPlace, Pose, Trace, steady
from formcheck.model.records import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_SIGNALS = (
    "knee_flexion_left_deg",
    "knee_flexion_right_deg",
    "hip_flexion_left_deg",
    "hip_flexion_right_deg",
    "trunk_inclination_deg",
    "body_line_deg",
    "knee_ankle_ratio",
)
"""A CSV always has these signals, in this order after ``t_s``. The trace's other signals follow."""

_LANDMARKS = ("t_s", "image_px", "visibility", "size_px")
_FILE_EVENTS = "file_events"
_OPTIONAL = ("world_m", "camera", "shot", _FILE_EVENTS)
_EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])
NORMALISED_BELOW = 2.0
"""Median coordinate (px). Below it, the coordinates are shares of the picture (0 to 1), not pixels. Default."""


def read_landmarks(path: Path | str) -> Trace:
    """Read and check the landmarks of a ``.npz``. Signals, phase and rep are not read: the analysis measures them again.

    Parameters
    ----------
    path : path

    Returns
    -------
    Trace
        Without signals; ``world_m`` is NaN if the file has none.

    Raises
    ------
    SourceError
        ``source_missing``, ``source_is_folder``, ``source_not_readable``, ``landmarks_file`` (no ``.npz``), ``landmarks_key``
        (a key is missing), ``landmarks_value`` (shape or value), ``landmarks_normalised``.
    """
    arrays = _load(Path(path))
    t_s = _numbers(path, arrays, "t_s", (None,), np.float64)
    n = len(t_s)
    if n == 0:
        raise _bad(path, "t_s", "there are no frames")
    if not np.isfinite(t_s).all():
        raise _bad(path, "t_s", "every time must be a number")
    if (np.diff(t_s) <= 0).any():
        raise _bad(path, "t_s", f"the times must rise, and do not after frame {int(np.argmax(np.diff(t_s) <= 0)) + 1}")
    size = _numbers(path, arrays, "size_px", (2,), np.float64)
    if not (np.isfinite(size).all() and (size >= 1).all() and (size == np.round(size)).all()):
        raise _bad(path, "size_px", "width and height must be whole numbers above 0")
    image_px = _numbers(path, arrays, "image_px", (n, N_LANDMARKS, 2), np.float32)
    visibility = _numbers(path, arrays, "visibility", (n, N_LANDMARKS), np.float32)
    world_m = np.full((n, N_LANDMARKS, 3), np.nan, np.float32)
    if "world_m" in arrays:
        world_m = _numbers(path, arrays, "world_m", (n, N_LANDMARKS, 3), np.float32)
    if not ((visibility >= 0) & (visibility <= 1)).all():
        raise _bad(path, "visibility", "every value must lie between 0 and 1")
    _check_pixels(path, image_px)
    camera, shot = _camera(path, arrays, n)
    size_px, events = (int(size[0]), int(size[1])), _file_events(path, arrays)
    return Trace(t_s, image_px, world_m, visibility, size_px, camera=camera, shot=shot, file_events=events)


def read_trace(path: Path | str) -> Trace:
    """Read a ``.npz`` written by ``write_trace``, with its signals, phase and rep.

    Parameters
    ----------
    path : path

    Returns
    -------
    Trace

    Raises
    ------
    SourceError
        As ``read_landmarks``.
    """
    trace = read_landmarks(path)
    with np.load(path, allow_pickle=False) as file:
        signals = {name: file[name] for name in file.files if name not in _LANDMARKS + _OPTIONAL}
    phase, rep = signals.pop("phase", None), signals.pop("rep", None)
    for name, values in signals.items():
        if values.shape != trace.t_s.shape or values.dtype.kind != "f":
            raise _bad(path, name, f"its shape must be ({len(trace.t_s)},), it is {values.shape}")
    return replace(trace, signals=signals, phase=phase, rep=rep)


def pose_at(trace: Trace, i: int) -> Pose:
    """Return the pose of one frame. Its arrays are views of the trace.

    Parameters
    ----------
    trace : Trace
    i : int
        Frame, from 0.

    Returns
    -------
    Pose
    """
    camera = None
    if trace.camera is not None and trace.shot is not None:
        a, b, x, y = trace.camera[i].tolist()
        camera = CameraPlace((a, b, x, y), int(trace.shot[i]))
    return Pose(float(trace.t_s[i]), trace.image_px[i], trace.world_m[i], trace.visibility[i], trace.size_px, camera)


def steady_landmarks(trace: Trace) -> np.ndarray:
    """Return the landmarks of a trace without the camera's movement, where that is known.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    (T, 33, 2) array
        Pixels; NaN where no person was seen.
    """
    return trace.image_px if trace.camera is None else steady(trace.image_px, trace.camera)


def poses_from_trace(trace: Trace) -> Iterator[Pose]:
    """Yield the pose of every frame, in order.

    Parameters
    ----------
    trace : Trace

    Yields
    ------
    Pose
        Its arrays are views of the trace.
    """
    for i in range(len(trace.t_s)):
        yield pose_at(trace, i)


def write_trace(trace: Trace, path: Path | str) -> None:
    """Write a trace, whole or not at all.

    A CSV holds seconds with 6 decimals and signals with 3. An empty cell is a value that could not be measured.

    Parameters
    ----------
    trace : Trace
    path : path
        Its ending chooses the format: ``.npz`` or ``.csv`` (without an ending: CSV).

    Raises
    ------
    OutputError
        ``output_trace_kind`` for another ending; codes ``output_*``.
    """
    ending = Path(path).suffix.lower()
    if ending == ".npz":
        with open_output(path, "wb") as file:
            _write_npz(trace, file)
    elif ending in ("", ".csv"):
        with open_output(path, "w") as file:
            _write_csv(trace, file)
    else:
        raise OutputError(
            f"Cannot write {path}: a trace is a .csv or a .npz file.", code="output_trace_kind", path=str(path)
        )


def _load(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays that are needed. Nothing in the file is executed: pickled objects are refused."""
    arrays = {}
    key = ""
    try:
        with path.open("rb") as opened:
            file = np.load(opened, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("a single array")
            for key in _LANDMARKS + _OPTIONAL:
                if key in file.files:
                    arrays[key] = file[key]
                elif key in _LANDMARKS:
                    message = f"{path}: the key {key} is missing. It must hold t_s, image_px, visibility and size_px."
                    raise SourceError(message, code="landmarks_key", path=str(path), key=key)
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.", code="source_missing", path=str(path)) from error
    except IsADirectoryError as error:
        raise SourceError(f"{path} is a folder. Name a file.", code="source_is_folder", path=str(path)) from error
    except PermissionError as error:
        message = f"Cannot read {path}: permission denied."
        raise SourceError(message, code="source_not_readable", path=str(path)) from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, MemoryError, NotImplementedError) as error:
        if key:
            raise _bad(path, key, "it is damaged, or holds something else than numbers") from error
        message = f"{path} is not a landmark file: it must be a NumPy .npz file."
        raise SourceError(message, code="landmarks_file", path=str(path)) from error
    return arrays


def _camera(path: Path | str, arrays: dict[str, np.ndarray], n: int) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the camera's similarities (n, 4) and shots (n,); None for both when the file has none."""
    if "camera" not in arrays or "shot" not in arrays:
        return None, None
    camera = _numbers(path, arrays, "camera", (n, 4), np.float64)
    shot = _numbers(path, arrays, "shot", (n,), np.float64)
    if not (np.isfinite(camera).all() and (np.hypot(camera[:, 0], camera[:, 1]) > 0).all()):
        raise _bad(path, "camera", "every value must be a number, and the scale above 0")
    if not (np.isfinite(shot).all() and (np.diff(shot) >= 0).all()):
        raise _bad(path, "shot", "the numbers of the shots must not fall")
    return camera, shot.astype(int)


def _numbers(
    path: Path | str,
    arrays: dict[str, np.ndarray],
    key: str,
    shape: tuple[int | None, ...],
    dtype: type[np.float32 | np.float64],
) -> np.ndarray:
    """Return the array under ``key`` as ``dtype``. ``None`` in ``shape`` stands for any length."""
    array = arrays[key]
    if array.dtype.kind not in "fiu":
        raise _bad(path, key, "it must hold numbers")
    if array.ndim != len(shape) or any(want not in (None, got) for want, got in zip(shape, array.shape)):
        wanted = ", ".join("T" if want is None else str(want) for want in shape)
        raise _bad(path, key, f"its shape must be ({wanted}), it is {array.shape}")
    return np.ascontiguousarray(array, dtype)


def _file_events(path: Path | str, arrays: dict[str, np.ndarray]) -> tuple[Event, ...]:
    if _FILE_EVENTS not in arrays:
        return ()
    try:
        return _EVENTS.validate_json(str(arrays[_FILE_EVENTS]))
    except ValueError as error:
        raise _bad(path, _FILE_EVENTS, "it must hold events of a record, as JSON") from error


def _check_pixels(path: Path | str, image_px: np.ndarray) -> None:
    if np.isinf(image_px).any():
        raise _bad(path, "image_px", "a coordinate is infinite")
    known = np.abs(image_px[np.isfinite(image_px)])
    if known.size and np.median(known) < NORMALISED_BELOW:
        message = (
            f"{path}: image_px holds shares of the picture (0 to 1), and pixels are needed: shares bend every angle. "
            "Multiply x by the picture's width and y by its height."
        )
        raise SourceError(message, code="landmarks_normalised", path=str(path), key="image_px")


def _bad(path: Path | str, key: str, what: str) -> SourceError:
    return SourceError(f"{path}: {key}: {what}.", code="landmarks_value", path=str(path), key=key, what=what)


def _phases(trace: Trace) -> np.ndarray:
    return np.full(len(trace.t_s), "") if trace.phase is None else np.asarray(trace.phase, str)


def _reps(trace: Trace) -> np.ndarray:
    return np.zeros(len(trace.t_s), int) if trace.rep is None else np.asarray(trace.rep, int)


def _write_npz(trace: Trace, file: IO[bytes]) -> None:
    arrays: dict[str, Any] = {  # `Any`: savez_compressed declares one keyword, allow_pickle, as bool
        **trace.signals,
        "t_s": trace.t_s,
        "image_px": trace.image_px,
        "world_m": trace.world_m,
        "visibility": trace.visibility,
        "size_px": np.array(trace.size_px),
        "phase": _phases(trace),
        "rep": _reps(trace),
    }
    if trace.camera is not None and trace.shot is not None:
        arrays |= {"camera": trace.camera, "shot": trace.shot}
    if trace.file_events:
        arrays[_FILE_EVENTS] = np.array(_EVENTS.dump_json(trace.file_events).decode())
    np.savez_compressed(file, **arrays)


def _write_csv(trace: Trace, file: IO[str]) -> None:
    names = [*FIRST_SIGNALS, *(name for name in trace.signals if name not in FIRST_SIGNALS)]
    unmeasured = np.full(len(trace.t_s), np.nan)
    columns = [trace.signals.get(name, unmeasured) for name in names]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["t_s", *names, "phase", "rep"])
    for t_s, values, phase, rep in zip(trace.t_s, zip(*columns), _phases(trace), _reps(trace)):
        cells = ["" if np.isnan(value) else f"{value:.3f}" for value in values]
        writer.writerow([f"{t_s:.6f}", *cells, phase, rep or ""])
