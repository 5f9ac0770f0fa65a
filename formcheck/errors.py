"""Every error that formcheck raises on purpose.

    FormcheckError
    ├── UsageError        a request that makes no sense (unknown exercise, end before start)
    ├── SpecError         an exercise, rule or prescription outside its bounds
    ├── ModelFileError    a pose model that is missing, altered or cannot be loaded
    ├── SourceError       a video, camera or landmark file that cannot be read
    ├── EstimatorError    the pose estimator failed, or a system library is missing
    ├── OutputError       a result that cannot be written
    ├── StoreError        the database
    └── WorkerError       the processes or machines of a batch

Each carries a ``code`` (stable, translated by ``formcheck.i18n`` under ``error.<code>``) and the ``params`` of the sentence.
"""

from __future__ import annotations


class FormcheckError(Exception):
    """Base of all errors raised on purpose. ``str(error)`` is an English sentence that a person can act on.

    Attributes
    ----------
    code : str
        Stable; ``formcheck.i18n`` translates it under ``error.<code>``.
    params : dict
        Values of the sentence, by name.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **params: object) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.params = params


class UsageError(FormcheckError):
    """A request that makes no sense."""

    code = "usage"


class SpecError(FormcheckError):
    """An exercise, rule or prescription outside its bounds."""

    code = "spec"


class ModelFileError(FormcheckError):
    """A pose model that is missing, altered or cannot be loaded."""

    code = "model_file"


class SourceError(FormcheckError):
    """A video, camera or landmark file that cannot be read."""

    code = "source"


class EstimatorError(FormcheckError):
    """The pose estimator failed, or a system library is missing."""

    code = "estimator"


class OutputError(FormcheckError):
    """A result that cannot be written."""

    code = "output"


class StoreError(FormcheckError):
    """The database refused or failed."""

    code = "store"


class WorkerError(FormcheckError):
    """The processes or machines of a batch failed."""

    code = "worker"
