"""Loading the libraries that hold machine code (PyAV, OpenCV, MediaPipe), and what to do when one cannot be loaded."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from formcheck.errors import FormcheckError

INSTALL_COMMAND = "sudo apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"
"""Installs every system library that a bare Debian or Ubuntu lacks."""


AGAIN = "Install formcheck again: pip install --force-reinstall formcheck"


def load(module: str, error: type[FormcheckError]) -> ModuleType:
    """Import ``module`` and return it; what keeps it from loading is raised as ``error``, with the remedy."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as cause:
        raise explain(module, cause, error) from cause


def explain(module: str, cause: Exception, error: type[FormcheckError]) -> FormcheckError:
    """Return ``error`` for a library that cannot be loaded.

    Codes: ``package_missing`` (the Python package is not installed), ``system_library`` (a library of the system is
    missing).
    """
    package = module.partition(".")[0]
    if isinstance(cause, ModuleNotFoundError) and cause.name == package:
        message = f"The Python package {package} is not installed. {AGAIN}"
        return error(message, code="package_missing", package=package)
    if sys.platform == "linux":
        remedy = f"On Debian or Ubuntu, install it with: {INSTALL_COMMAND}"
    elif sys.platform == "win32":
        remedy = "Install the Microsoft Visual C++ Redistributable (x64), then start again."
    else:
        remedy = AGAIN
    message = f"A system library that {package} needs is missing ({cause}). {remedy}"
    return error(message, code="system_library", package=package, cause=str(cause), remedy=remedy)
