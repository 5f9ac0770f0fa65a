"""One uploaded video on a Dask cluster whose workers see none of this machine's files: it is sent to the one that begins.

Nothing waits on the way: pieces go to a file in the worker's own scratch folder, which is removed when the work ends, and
which Dask clears of what a worker that died left there. Neither the file's name nor its path leaves this machine.
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
from formcheck.batch.workers import connected
from formcheck.errors import FormcheckError, WorkerError
from formcheck.video.files import sha256_of

if TYPE_CHECKING:
    from distributed import Client, Future

PIECE_BYTES = 4 << 20
POLL_S = 0.3
SILENCE_S = 30.0
"""A worker that is asked nothing for so long stops: whoever wanted the result is gone."""

ENDING_S = 5.0
"""So long a result may take from the end of the work to its arrival."""


def measure_on(scheduler: str, request: Request, progress: StageProgress) -> IdentifiedSet:
    """Do what ``formcheck.analysis.request.measure`` does on the Dask cluster of that address, with the same result.

    ``progress`` also gets ``waiting`` (for a free worker) and ``sending``. What it raises frees the worker at its next
    picture. Raises what ``measure`` raises, and WorkerError as ``workers.connected``, ``cluster_gone``, ``worker_gone``,
    ``worker_failed``, ``worker_differs``.
    """
    sha256 = sha256_of(request.video)
    with connected(scheduler) as client:
        errand = _Errand(client, request)
        try:
            answer = errand.follow(progress)
        except (OSError, CancelledError) as error:
            raise WorkerError(
                f"The Dask scheduler at {scheduler} cannot be reached any more.",
                code="cluster_gone",
                scheduler=scheduler,
            ) from error
        finally:
            errand.end()
    if isinstance(answer, Exception):
        raise answer
    exercise, result = answer
    check_made_here(result.record, request.video, sha256, request.model)
    source = result.record.source.model_copy(update={"name": request.video.name})
    return exercise, replace(result, record=result.record.model_copy(update={"source": source}))


class _Errand:
    """One request on the cluster, as this machine sees it. What asks the scheduler raises OSError when it is gone."""

    def __init__(self, client: Client, request: Request) -> None:
        self._client, self._request = client, request
        self._token = secrets.token_hex(16)
        self._size = request.video.stat().st_size
        blind = replace(request, video=Path(f"video{request.video.suffix}"), name="")
        self._future: Future = client.submit(
            _carry_out, self._token, blind, self._size, key=f"formcheck-{self._token}", pure=False
        )

    def follow(self, progress: StageProgress) -> IdentifiedSet | Exception:
        """Send the video to the worker that begins, tell how far it is, and return what came of it.

        Raises what ``progress`` raises.
        """
        worker: str | None = None
        begun = False
        while not self._future.done():
            assigned = self._assigned()
            worker = worker if begun else assigned
            at = self._ask(worker) if worker and worker == assigned else None
            if at is None and begun:
                return self._after_its_end()
            if at is None:
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
        """Free the worker, wherever it is; nothing happens when it is done, or nobody answers."""
        with suppress(OSError, CancelledError):
            if not self._future.done():
                self._future.cancel()
                self._client.run(_stop, self._token, on_error="ignore")

    def _assigned(self) -> str | None:
        """Return the address of the worker that is to do it; None while all are busy."""
        return next((worker for worker, keys in self._client.processing().items() if self._future.key in keys), None)

    def _ask(self, worker: str) -> tuple[Stage, int, float | None] | None:
        """Return how far that worker is; None when it is not at it, or not there."""
        return self._client.run(_where, self._token, workers=[worker], on_error="ignore").get(worker)

    def _send(self, worker: str, progress: StageProgress) -> bool:
        """Send the video, and return whether all of it was wanted."""
        sent = 0
        with self._request.video.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                progress("sending", 0, sent / self._size)
                if not self._client.run(_receive, self._token, piece, workers=[worker], on_error="ignore").get(worker):
                    return False
                sent += len(piece)
        return True

    def _after_its_end(self) -> IdentifiedSet | Exception:
        """Return what came of work that has ended: its result, which may still be on its way; else the worker was lost."""
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
        return _about(answer, self._request.video) if isinstance(answer, FormcheckError) else answer

    def _lost(self) -> WorkerError:
        video = self._request.video
        return WorkerError(
            f"The worker that analysed {video} went away before it was done.", code="worker_gone", path=str(video)
        )


def _about(error: FormcheckError, video: Path) -> FormcheckError:
    """Return an error of the worker's copy as one of the video here."""
    there = str(error.params.get("path", ""))
    if not there:
        return error
    params = {name: str(video) if value == there else value for name, value in error.params.items()}
    return type(error)(str(error).replace(there, str(video)), code=error.code, **params)


# On the worker


@dataclass(slots=True, eq=False)
class _Work:
    """What a worker is at. ``at``: how far. ``asked_s``: when it was last asked for, by the monotonic clock."""

    video: Path
    at: tuple[Stage, int, float | None] = ("sending", 0, 0.0)
    received: int = 0
    asked_s: float = 0.0
    stopped: bool = False
    refused: OSError | None = None

    def progress(self, stage: Stage, frames: int, share: float | None) -> None:
        """Say how far it is. Raises AnalysisCancelledError when nobody wants it any more."""
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


_works: dict[str, _Work] = {}
"""What this worker's process is at: its task adds to it and takes from it, the calls below look it up in another thread."""


def _carry_out(token: str, request: Request, size: int) -> IdentifiedSet | Exception:
    """Receive the video and measure it. Dask runs this; what goes wrong with the video is an answer, not an error of its own."""
    from distributed import get_worker

    scratch = get_worker().local_directory
    with tempfile.TemporaryDirectory(prefix="formcheck-", dir=scratch, ignore_cleanup_errors=True) as folder:
        work = _Work(Path(folder) / request.video.name, asked_s=time.monotonic())
        work.video.touch()
        _works[token] = work
        try:
            work.wait_for_video(size)
            return measure(replace(request, video=work.video), work.progress)
        except (AnalysisCancelledError, ExerciseUnclearError, FormcheckError) as error:
            return error
        finally:
            del _works[token]


def _where(token: str) -> tuple[Stage, int, float | None] | None:
    """Return how far the work is; None when it is not at it here."""
    work = _works.get(token)
    if work is None:
        return None
    work.asked_s = time.monotonic()
    return work.at


def _receive(token: str, piece: bytes) -> bool:
    """Add the next piece of the video, and return whether it was wanted."""
    work = _works.get(token)
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
    if token in _works:
        _works[token].stopped = True
