"""Loading libraries that hold machine code (PyAV, OpenCV, MediaPipe), with a remedy when one cannot be loaded."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from formcheck.errors import FormcheckError

INSTALL_COMMAND = "sudo apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"
"""Installs every system library that a bare Debian or Ubuntu lacks."""

REINSTALL = "Install formcheck again: pip install --force-reinstall formcheck"


def load(module: str, error: type[FormcheckError]) -> ModuleType:
    """Import a module with machine code.

    Parameters
    ----------
    module : str
        Dotted name.
    error : type of FormcheckError
        Raised when the module cannot be loaded.

    Returns
    -------
    module

    Raises
    ------
    FormcheckError
        Of the type ``error``, with the codes of ``explain``.
    """
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as cause:
        raise explain(module, cause, error) from cause


def explain(module: str, cause: Exception, error: type[FormcheckError]) -> FormcheckError:
    """Return the error to raise for a library that cannot be loaded.

    Parameters
    ----------
    module : str
        Dotted name.
    cause : Exception
        The error raised by the import.
    error : type of FormcheckError

    Returns
    -------
    FormcheckError
        Codes ``package_missing`` (the Python package is not installed) and ``system_library`` (a system library is missing).
    """
    package = module.partition(".")[0]
    if isinstance(cause, ModuleNotFoundError) and cause.name == package:
        message = f"The Python package {package} is not installed. {REINSTALL}"
        return error(message, code="package_missing", package=package)
    if sys.platform == "linux":
        remedy = f"On Debian or Ubuntu, install it with: {INSTALL_COMMAND}"
    elif sys.platform == "win32":
        remedy = "Install the Microsoft Visual C++ Redistributable (x64), then start again."
    else:
        remedy = REINSTALL
    message = f"A system library that {package} needs is missing ({cause}). {remedy}"
    return error(message, code="system_library", package=package, cause=str(cause), remedy=remedy)
