"""C3D, the binary file of motion laboratories, written with ezc3d. ``uniform`` says how good the markers are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from formcheck.exports import SetToExport, interop
from formcheck.exports.uniform import MARKERS, markers_m, rate_hz
from formcheck.files.atomic import open_output


def write_c3d(data: SetToExport, path: Path | str) -> None:
    """Write the 33 markers in millimetres, the usual unit of C3D. A marker that was not seen is invalid (residual −1).

    Events mark the start, the turn and the end of each counted repetition.

    Parameters
    ----------
    data : SetToExport
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``interop_missing``, ``output_*``.
    """
    ezc3d = interop("ezc3d", "C3D")
    trace = data.landmarks("c3d")
    points = markers_m(trace, path) * 1000.0
    rate = rate_hz(trace)
    file = ezc3d.c3d()
    point = file["parameters"]["POINT"]
    point["LABELS"]["value"] = list(MARKERS)
    point["RATE"]["value"] = [rate]
    point["UNITS"]["value"] = ["mm"]
    seen = np.isfinite(points).all(axis=2)
    file["data"]["points"] = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=2).transpose(2, 1, 0)
    file["data"]["meta_points"]["residuals"] = np.where(seen, 0.0, -1.0).T[None]
    file["data"]["meta_points"]["camera_masks"] = np.zeros((7, len(MARKERS), len(points)), bool)
    moments = [
        (label, rep.side or "General", t_s - float(trace.t_s[0]))
        for rep in data.record.reps
        if rep.counted
        for label, t_s in (("Start", rep.start_s), ("Turn", rep.turn_s), ("End", rep.end_s))
    ]
    for label, side, t_s in moments:
        file.add_event([int(t_s // 60), t_s % 60], context=side.capitalize(), label=label)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:  # the library insists on the ending .c3d
        written = Path(folder, "set.c3d")
        file.write(str(written))
        with open_output(path, "wb") as target:
            target.write(written.read_bytes())
