"""Worker processes on this machine: give out submissions, survive the death of any worker."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import selectors
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snrilab.grading.template import Template, to_plain
from snrilab.grading.worker import whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TRIES = 3


class WorkerError(RuntimeError):
    """A worker cannot do its job on this machine; the message says why."""


@dataclass(frozen=True)
class Job:
    """One submitted notebook to grade."""

    key: Any
    notebook: str
    data: bytes
    diagnose: bool = False

    def message(self) -> bytes:
        """Return the line sent to a worker."""
        plain = {
            "job": 0,
            "notebook": self.notebook,
            "data": base64.b64encode(self.data).decode(),
            "diagnose": self.diagnose,
        }
        return json.dumps(plain).encode() + b"\n"


class Worker:
    """One worker process.

    Parameters
    ----------
    tied : bool
        Let the kernel end the worker with the thread that started it. Without, it ends when it
        next looks for work.
    """

    def __init__(self, *, tied: bool = False) -> None:
        environment = os.environ | dict.fromkeys(
            ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
        )
        self.process = subprocess.Popen(  # noqa: S603 -- our own programme
            [sys.executable, "-m", "snrilab.grading.worker", *(["--tied"] if tied else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            bufsize=0,
        )
        self.job: Job | None = None
        self.ready = False
        self._rest = bytearray()

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Tell the worker what it will grade.

        Parameters
        ----------
        templates : list of Template
            The teacher's notebooks of one assignment.
        settings : dict
            Budgets, limits, and whether submissions are trusted (`worker.job_settings`).
        """
        opening = {"job": "open", "templates": [to_plain(t) for t in templates], **settings}
        self.send(json.dumps(opening).encode() + b"\n")

    def send(self, data: bytes) -> None:
        """Send one line; a worker that is gone is noticed when its answer is read."""
        assert self.process.stdin is not None  # noqa: S101 -- made with a pipe
        view = memoryview(data)
        with contextlib.suppress(BrokenPipeError):
            while view:
                view = view[self.process.stdin.write(view) or 0 :]

    @property
    def output(self) -> int:
        """Descriptor to wait on."""
        assert self.process.stdout is not None  # noqa: S101 -- made with a pipe
        return self.process.stdout.fileno()

    def read(self) -> list[dict[str, Any]] | None:
        """Return the answers that have come, None when the worker is gone."""
        data = os.read(self.output, 2**20)
        if not data:
            return None
        return [json.loads(line) for line in whole_lines(self._rest, data)]

    def ask(self, job: Job) -> dict[str, Any]:
        """Grade one job and wait for the answer (for callers that have one worker)."""
        self.wait_ready()
        self.job = job
        self.send(job.message())
        answer = self._wait()
        self.job = None
        return answer

    def wait_ready(self) -> None:
        """Wait until the worker can grade, or raise `WorkerError`."""
        if not self.ready:
            answer = self._wait()
            if "failed" in answer:
                raise WorkerError(answer["failed"])
            self.ready = True

    def _wait(self) -> dict[str, Any]:
        while True:
            answers = self.read()
            if answers is None:
                raise WorkerError("the worker process ended")
            if answers:
                return answers[0]

    def close(self) -> None:
        """End the worker and its jail."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Crew:
    """Some workers, and the jobs they share.

    Parameters
    ----------
    size : int
        Number of workers.
    """

    size: int
    workers: list[Worker] = field(default_factory=list)
    _told: tuple[list[Template], dict[str, Any]] = field(default=([], {}))

    def start(self) -> None:
        """Start all workers: they import what every notebook imports, and wait."""
        self.workers = [Worker(tied=True) for _ in range(self.size)]

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Tell all workers what they will grade."""
        self._told = (templates, settings)
        for worker in self.workers:
            worker.open(templates, settings)

    def run(  # noqa: C901 -- one loop over all that can happen
        self, jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Grade all jobs; give each with its result, or with ``{"failed": why}``, as it is done."""
        waiting = iter(jobs)
        again: deque[Job] = deque()
        tries: dict[Any, int] = {}
        with selectors.DefaultSelector() as selector:
            for worker in self.workers:
                selector.register(worker.output, selectors.EVENT_READ, worker)
            while True:
                for worker in self.workers:
                    if worker.ready and worker.job is None:
                        job = again.popleft() if again else next(waiting, None)
                        if job is not None:
                            worker.job = job
                            worker.send(job.message())
                if not any(w.job for w in self.workers) and all(w.ready for w in self.workers):
                    return
                for key, _ in selector.select():
                    worker = key.data
                    answers = worker.read()
                    if answers is None:
                        selector.unregister(key.fd)
                        lost = self._replace(worker, selector, tries)
                        if lost is not None:
                            yield from self._retry(lost, tries, again, "its worker ended each time")
                        continue
                    for answer in answers:
                        if not worker.ready:
                            self._opened(worker, answer)
                            continue
                        job, worker.job = worker.job, None
                        assert job is not None  # noqa: S101 -- only asked workers answer
                        if "failed" in answer:
                            yield from self._retry(job, tries, again, answer["failed"])
                        else:
                            yield job, answer["result"]

    def _opened(self, worker: Worker, answer: dict[str, Any]) -> None:
        if "failed" in answer:
            raise WorkerError(answer["failed"])
        worker.ready = True

    def _replace(
        self, worker: Worker, selector: selectors.BaseSelector, tries: dict[Any, int]
    ) -> Job | None:
        """Put a new worker in the place of one that was killed; return the job it had."""
        worker.close()
        if not worker.ready:
            starts = tries.get(None, 0) + 1
            tries[None] = starts
            if starts > TRIES * self.size:
                raise WorkerError("worker processes end before they are ready")
        new = Worker(tied=True)
        new.open(*self._told)
        self.workers[self.workers.index(worker)] = new
        selector.register(new.output, selectors.EVENT_READ, new)
        return worker.job

    def _retry(
        self, job: Job, tries: dict[Any, int], again: deque[Job], why: str
    ) -> Iterator[tuple[Job, dict[str, Any]]]:
        tries[job.key] = tries.get(job.key, 0) + 1
        if tries[job.key] < TRIES:
            again.append(job)
        else:
            yield job, {"failed": why}

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.close()
        self.workers = []
