"""formcheck: exercise form checking from any camera.

    import formcheck

    result = formcheck.analyze("squats.mp4", exercise="squat")

``formcheck.api`` describes ``analyze`` and its result. Importing this package loads no video, pose, web or table library:
each name of ``__all__`` is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from formcheck.version import VERSION as __version__

if TYPE_CHECKING:
    from formcheck import exercises, synthetic
    from formcheck.api import AnalyzedSet, analyze, load_exercise
    from formcheck.errors import FormcheckError
    from formcheck.model.frames import Pose, Trace
    from formcheck.model.records import SetRecord
    from formcheck.pose.replay import ReplayEstimator
    from formcheck.spec.prescription import Prescription

__all__ = [
    "AnalyzedSet",
    "FormcheckError",
    "Pose",
    "Prescription",
    "ReplayEstimator",
    "SetRecord",
    "Trace",
    "__version__",
    "analyze",
    "exercises",
    "load_exercise",
    "synthetic",
]

_HOMES = {
    "AnalyzedSet": "formcheck.api",
    "FormcheckError": "formcheck.errors",
    "Pose": "formcheck.model.frames",
    "Prescription": "formcheck.spec.prescription",
    "ReplayEstimator": "formcheck.pose.replay",
    "SetRecord": "formcheck.model.records",
    "Trace": "formcheck.model.frames",
    "analyze": "formcheck.api",
    "load_exercise": "formcheck.api",
}
"""Where each public name is defined. ``exercises`` and ``synthetic`` are packages of their own."""


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in __all__:
        return importlib.import_module(f"formcheck.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
