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
    """Base of all errors raised on purpose. ``str(error)`` is an English sentence that a person can act on."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **params: object) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.params = params


class UsageError(FormcheckError):
    code = "usage"


class SpecError(FormcheckError):
    code = "spec"


class ModelFileError(FormcheckError):
    code = "model_file"


class SourceError(FormcheckError):
    code = "source"


class EstimatorError(FormcheckError):
    code = "estimator"


class OutputError(FormcheckError):
    code = "output"


class StoreError(FormcheckError):
    code = "store"


class WorkerError(FormcheckError):
    code = "worker"
