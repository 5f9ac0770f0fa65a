"""The text files of OpenSim: markers (TRC) and angles over time (MOT). ``uniform`` says how good the markers are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import OutputError
from formcheck.exports.uniform import MARKERS, markers_m, rate_hz, resample, times_s
from formcheck.files.atomic import open_output

if TYPE_CHECKING:
    from formcheck.exports import SetToExport
    from formcheck.model.frames import Trace

_OFTEN = 0.9
"""Share of the pictures with any known angle. An angle known in a smaller share is left out of a MOT file. Default."""


def write_trc(data: SetToExport, path: Path | str) -> None:
    """Write the 33 markers in metres. A marker that was not seen is NaN.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``output_no_world``, ``output_*``.
    """
    trace = data.landmarks("trc")
    markers, t_s, rate = markers_m(trace, path), times_s(trace), rate_hz(trace)
    numbers = [f"{axis}{i}" for i in range(1, len(MARKERS) + 1) for axis in "XYZ"]
    head = [
        ("PathFileType", "4", "(X/Y/Z)", Path(path).name),
        (
            "DataRate",
            "CameraRate",
            "NumFrames",
            "NumMarkers",
            "Units",
            "OrigDataRate",
            "OrigDataStartFrame",
            "OrigNumFrames",
        ),
        (f"{rate:g}", f"{rate:g}", str(len(t_s)), str(len(MARKERS)), "m", f"{rate:g}", "1", str(len(t_s))),
        ("Frame#", "Time", *(cell for name in MARKERS for cell in (name, "", ""))),
        ("", "", *numbers),
        (),
    ]
    with open_output(path, "w") as file:
        for line in head:
            file.write("\t".join(line) + "\n")
        for i, (t, row) in enumerate(zip(t_s, markers.reshape(len(t_s), -1)), start=1):
            file.write("\t".join([str(i), f"{t:.6f}", *(_cell(value) for value in row)]) + "\n")


def write_mot(data: SetToExport, path: Path | str) -> None:
    """Write the angles that formcheck measured in the picture, in degrees. Flexion is positive.

    The columns keep formcheck's own names: they are angles in the plane of the picture, not joint coordinates of a model.
    OpenSim's older reader (``Storage``) silently stops at the first NaN, so the file has none. A row in which an angle is not
    known is left out. An angle that is seldom known is left out too.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``output_nothing`` when no angle was measured, ``output_*``.
    """
    names, t_s, columns = _known_angles(data.landmarks("mot"))
    if not names:
        raise OutputError(f"Cannot write {path}: there are no measured angles.", code="output_nothing", path=str(path))
    head = [
        Path(path).stem,
        "version=1",
        f"nRows={len(t_s)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        "endheader",
    ]
    with open_output(path, "w") as file:
        file.write("\n".join(head) + "\n")
        file.write("\t".join(["time", *names]) + "\n")
        for t, row in zip(t_s, columns):
            file.write("\t".join([f"{t:.6f}", *(_cell(value) for value in row)]) + "\n")


def _known_angles(trace: Trace) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the names (C), times (N,) and values (N, C) of the angles at the constant rate. All values are known."""
    names = [name for name, series in trace.signals.items() if name.endswith("_deg") and np.isfinite(series).any()]
    if not names:
        return [], np.empty(0), np.empty((0, 0))
    columns = resample(trace, np.column_stack([trace.signals[name] for name in names]))
    known = np.isfinite(columns)
    often = known.sum(axis=0) >= _OFTEN * known.any(axis=1).sum()
    complete = known[:, often].all(axis=1)
    return [name for name, kept in zip(names, often) if kept], times_s(trace)[complete], columns[complete][:, often]


def _cell(value: float) -> str:
    return f"{value:.6f}" if np.isfinite(value) else "NaN"
