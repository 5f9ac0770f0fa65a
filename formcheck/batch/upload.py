"""One uploaded video on a Dask cluster whose workers see no file of this machine: the video is sent to the worker that begins.

Its pieces go straight to a file in the worker's own scratch folder. The folder is removed when the work ends; if the worker
died, Dask removes it. Neither the file's name nor its path leaves this machine.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis.request import (
    AnalysisCancelledError,
    ExerciseUnclearError,
    IdentifiedSet,
    Request,
    Stage,
    StageProgress,
    measure,
)
from formcheck.batch.jobs import check_made_here
from formcheck.batch.workers import connect
from formcheck.errors import FormcheckError, WorkerError
from formcheck.video.files import sha256_of

if TYPE_CHECKING:
    from distributed import Client, Future

PIECE_BYTES = 4 << 20
"""Size of a piece of the video: 4 MiB. Default."""
POLL_S = 0.3
"""Time (s) between two questions for the progress. Default."""
SILENCE_S = 30.0
"""A worker that receives no call for this time (s) stops: the side that wanted the result is gone. Default."""

ENDING_S = 5.0
"""Time (s) that a result may take from the end of the work to its arrival. Default."""


def measure_on(scheduler: str, request: Request, progress: StageProgress) -> IdentifiedSet:
    """Do the work of ``formcheck.analysis.request.measure`` on a Dask cluster, with the same result.

    Parameters
    ----------
    scheduler : str
        Address.
    request : Request
    progress : callable
        As in ``measure``. It also receives the stages ``waiting`` (for a free worker) and ``sending``. If it raises an
        exception, the worker is freed at its next picture.

    Returns
    -------
    exercise : str
        Its id.
    result : SetResult

    Raises
    ------
    WorkerError
        ``cluster_package``, ``cluster_unreachable``, ``cluster_gone``, ``worker_gone``, ``worker_failed``, ``worker_differs``.
        Errors of ``measure`` are raised too.
    """
    sha256 = sha256_of(request.video)
    with connect(scheduler) as client:
        task = _ClusterTask(client, request)
        try:
            answer = task.follow(progress)
        except (OSError, CancelledError) as error:
            raise WorkerError(
                f"The Dask scheduler at {scheduler} cannot be reached any more.",
                code="cluster_gone",
                scheduler=scheduler,
            ) from error
        finally:
            task.end()
    if isinstance(answer, Exception):
        raise answer
    exercise, result = answer
    check_made_here(result.record, request.video, sha256, request.model)
    source = result.record.source.model_copy(update={"name": request.video.name})
    return exercise, replace(result, record=result.record.model_copy(update={"source": source}))


class _ClusterTask:
    """One request on the cluster, as seen from this machine. Calls to a scheduler that is gone raise OSError."""

    def __init__(self, client: Client, request: Request) -> None:
        self._client, self._request = client, request
        self._token = secrets.token_hex(16)
        self._size = request.video.stat().st_size
        blind = replace(request, video=Path(f"video{request.video.suffix}"), name="")
        self._future: Future[IdentifiedSet | Exception] = client.submit(
            _carry_out, self._token, blind, self._size, key=f"formcheck-{self._token}", pure=False
        )

    def follow(self, progress: StageProgress) -> IdentifiedSet | Exception:
        """Send the video to the worker that begins, report progress, and return the answer. Raises the errors of ``progress``."""
        worker: str | None = None
        begun = False
        while not self._future.done():
            assigned = self._assigned()
            worker = worker if begun else assigned
            at = self._ask(worker) if worker and worker == assigned else None
            if at is None and begun:
                return self._after_its_end()
            if at is None or worker is None:
                progress("waiting", 0, None)
            elif not begun:
                begun = True
                if not self._send(worker, progress):
                    return self._after_its_end()
            else:
                progress(*at)
            time.sleep(POLL_S)
        return self._answer()

    def end(self) -> None:
        """Free the worker, wherever it is. Does nothing when the work is done or no worker answers."""
        with suppress(OSError, CancelledError):
            if not self._future.done():
                self._future.cancel()
                self._client.run(_stop, self._token, on_error="ignore")

    def _assigned(self) -> str | None:
        """Return the address of the worker that has the task; None while all are busy."""
        return next((worker for worker, keys in self._client.processing().items() if self._future.key in keys), None)

    def _ask(self, worker: str) -> tuple[Stage, int, float | None] | None:
        """Return the progress on that worker; None when it does not have the task, or is not there."""
        answers: dict[str, tuple[Stage, int, float | None] | None] = self._client.run(
            _position, self._token, workers=[worker], on_error="ignore"
        )
        return answers.get(worker)

    def _send(self, worker: str, progress: StageProgress) -> bool:
        """Send the video. Return False if the worker stopped taking it."""
        sent = 0
        with self._request.video.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                progress("sending", 0, sent / self._size)
                if not self._client.run(_receive, self._token, piece, workers=[worker], on_error="ignore").get(worker):
                    return False
                sent += len(piece)
        return True

    def _after_its_end(self) -> IdentifiedSet | Exception:
        """Return the answer of work that has ended. Its result may still be on its way; if none comes, the worker was lost."""
        until_s = time.monotonic() + ENDING_S
        while not self._future.done() and time.monotonic() < until_s:
            time.sleep(POLL_S / 3)
        return self._answer() if self._future.done() else self._lost()

    def _answer(self) -> IdentifiedSet | Exception:
        try:
            answer = self._future.result()
        except (OSError, CancelledError):
            raise
        except Exception as error:
            if type(error).__name__ == "KilledWorker":
                return self._lost()
            reason = f"{type(error).__name__}: {error}"
            return WorkerError(
                f"{self._request.video} could not be analysed: {reason}.",
                code="worker_failed",
                path=str(self._request.video),
                reason=reason,
            )
        if isinstance(answer, AnalysisCancelledError):
            return self._lost()
        return _with_local_path(answer, self._request.video) if isinstance(answer, FormcheckError) else answer

    def _lost(self) -> WorkerError:
        video = self._request.video
        return WorkerError(
            f"The worker that analysed {video} went away before it was done.", code="worker_gone", path=str(video)
        )


def _with_local_path(error: FormcheckError, video: Path) -> FormcheckError:
    """Return an error about the worker's copy as one about the video here."""
    there = str(error.params.get("path", ""))
    if not there:
        return error
    params = {name: str(video) if value == there else value for name, value in error.params.items()}
    return type(error)(str(error).replace(there, str(video)), code=error.code, **params)


# On the worker


@dataclass(slots=True, eq=False)
class _Work:
    """One task of a worker.

    Attributes
    ----------
    video : Path
        The worker's copy.
    at : (stage, int, float or None)
        Progress: the stage, frames done, share.
    received : int
        Bytes.
    asked_s : float
        Time of the last call from the other side, by the monotonic clock.
    stopped : bool
    refused : OSError or None
        Why a piece could not be written.
    """

    video: Path
    at: tuple[Stage, int, float | None] = ("sending", 0, 0.0)
    received: int = 0
    asked_s: float = 0.0
    stopped: bool = False
    refused: OSError | None = None

    def progress(self, stage: Stage, frames: int, share: float | None) -> None:
        """Note the progress. Raises AnalysisCancelledError when the other side stopped the work or went silent."""
        if self.stopped or time.monotonic() - self.asked_s > SILENCE_S:
            raise AnalysisCancelledError
        self.at = (stage, frames, share)

    def wait_for_video(self, size: int) -> None:
        """Wait until all of the video is here. Raises AnalysisCancelledError, and OSError when it cannot be written."""
        while self.received < size:
            if self.refused is not None:
                raise self.refused
            self.progress("sending", 0, self.received / size)
            time.sleep(0.02)
        self.progress("measuring", 0, 0.0)


_tasks: dict[str, _Work] = {}
"""Tasks of this worker's process, by token. A task adds and removes itself; the calls below read in another thread."""


def _carry_out(token: str, request: Request, size: int) -> IdentifiedSet | Exception:
    """Receive the video and measure it. Dask runs this. An error about the video is returned as an answer, not raised."""
    from distributed import get_worker

    scratch = get_worker().local_directory
    with tempfile.TemporaryDirectory(prefix="formcheck-", dir=scratch, ignore_cleanup_errors=True) as folder:
        work = _Work(Path(folder) / request.video.name, asked_s=time.monotonic())
        work.video.touch()
        _tasks[token] = work
        try:
            work.wait_for_video(size)
            return measure(replace(request, video=work.video), work.progress)
        except (AnalysisCancelledError, ExerciseUnclearError, FormcheckError) as error:
            return error
        finally:
            del _tasks[token]


def _position(token: str) -> tuple[Stage, int, float | None] | None:
    """Return the progress of the work; None when this worker does not have it."""
    work = _tasks.get(token)
    if work is None:
        return None
    work.asked_s = time.monotonic()
    return work.at


def _receive(token: str, piece: bytes) -> bool:
    """Add the next piece of the video. Return False if it was not wanted."""
    work = _tasks.get(token)
    if work is None or work.refused is not None:
        return False
    work.asked_s = time.monotonic()
    try:
        with work.video.open("ab") as file:
            file.write(piece)
    except OSError as error:  # a full disk, or the work has ended
        work.refused = error
        return False
    work.received += len(piece)
    return True


def _stop(token: str) -> None:
    """End the work at its next picture."""
    if token in _tasks:
        _tasks[token].stopped = True
