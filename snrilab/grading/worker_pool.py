"""Worker processes on this machine: give out submissions, survive the death of any worker.

Runs in the coordinator; `start_workers` starts the workers.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import select
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snrilab.grading.limits import MOST, Budget, processors
from snrilab.grading.template import Template, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from snrilab.grading.jailed.walls import Limits

COMMAND: tuple[str, ...] = (sys.executable, "-m", "snrilab.grading.worker")
TRIES = 3
PIPE = 4096  # what a pipe that can be written takes without waiting
OPENING_S = 300.0  # to import, to build a jail and to prove the answer key
PATIENCE = (
    4.0  # how often a job may take as long as its budget allows, before its worker is given up
)


def default_size() -> int:
    """Return how many workers keep this machine busy: one waits while another is torn down."""
    return processors() + 1


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


def whole_lines(rest: bytearray, data: bytes) -> list[bytes]:
    """Add what has come to what has come before; return the lines that are complete by now."""
    last = data.rfind(b"\n")
    if last < 0:
        rest += data
        return []
    lines = (bytes(rest) + data[:last]).split(b"\n")
    rest[:] = data[last + 1 :]
    return lines


class Worker:
    """The connection to one worker process; made by `start_workers`.

    Parameters
    ----------
    process : subprocess.Popen
        The process that was started: the worker, or the one it is a copy of.
    jobs, output : int
        Descriptors to send jobs to, and to wait on for answers.
    """

    def __init__(self, process: subprocess.Popen[bytes], jobs: int, output: int) -> None:
        self.process = process
        self.output = output
        self.job: Job | None = None
        self.ready = False
        self.number = process.pid
        self.failed = ""
        self.patience = OPENING_S
        self.deadline = time.monotonic() + OPENING_S
        self._jobs = jobs
        self._rest = bytearray()

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Tell the worker what it will grade.

        Parameters
        ----------
        templates : list of Template
            The teacher's notebooks of one assignment.
        settings : dict
            Budgets, limits, and whether submissions are trusted (`job_settings`).
        """
        opening = {"job": "open", "templates": [to_plain(t) for t in templates], **settings}
        budget = settings["budget"]
        self.patience = 120 + PATIENCE * MOST * budget["wide"] * budget["submission_s"]
        self.deadline = time.monotonic() + OPENING_S + self.patience * len(templates)
        self.send(json.dumps(opening).encode() + b"\n")

    def send(self, data: bytes) -> None:
        """Send one line; a worker that is gone is noticed when its answer is read.

        One that does not listen is ended.
        """
        view = memoryview(data)
        with contextlib.suppress(BrokenPipeError):
            while view:
                left = max(0.0, self.deadline - time.monotonic())
                if not select.select([], [self._jobs], [], left)[1]:
                    self.kill()
                    return
                view = view[os.write(self._jobs, view[:PIPE]) :]

    def read(self) -> list[dict[str, Any]] | None:
        """Return the answers that have come, None when the worker is gone."""
        data = os.read(self.output, 2**20)
        if not data:
            return None
        return [json.loads(line) for line in whole_lines(self._rest, data)]

    def ask(self, job: Job) -> dict[str, Any]:
        """Grade one job and wait for the answer (for callers that have one worker)."""
        self.wait_ready()
        self.give(job)
        answer = self._wait()
        self.job = None
        return answer

    def give(self, job: Job) -> None:
        """Send a job; its answer is expected within the worker's patience."""
        self.job = job
        self.deadline = time.monotonic() + self.patience
        self.send(job.message())

    @property
    def is_useful(self) -> bool:
        """Whether the worker can be asked, or has said why it cannot."""
        return bool(self.failed) or self.process.poll() is None

    def wait_ready(self) -> None:
        """Wait until the worker can grade, or raise `WorkerError`."""
        if not self.ready and not self.failed:
            answer = self._wait()
            self.failed = answer.get("failed", "")
            self.number = answer["process"]
            self.ready = not self.failed
        if self.failed:
            raise WorkerError(self.failed)

    def _wait(self) -> dict[str, Any]:
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.output], [], [], left)[0]:
                self.kill()
                raise WorkerError("the worker process gave no answer in time; it was ended")
            answers = self.read()
            if answers is None:
                raise WorkerError("the worker process ended")
            if answers:
                return answers[0]

    def kill(self) -> None:
        """End a worker that has not answered for too long."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)

    def hang_up(self) -> None:
        """Send nothing more: the worker ends when it is done."""
        os.close(self._jobs)
        os.close(self.output)

    def close(self) -> None:
        """End the worker and its jail."""
        self.hang_up()
        _end(self.process)


def job_settings(budget: Budget, limits: Limits, *, trusted: bool) -> dict[str, Any]:
    """Return what every worker of a run is told, as plain data."""
    cpu_s = max(limits.cpu_s, int(budget.submission_s * 1.5))
    return {
        "budget": dataclasses.asdict(budget),
        "limits": dataclasses.asdict(dataclasses.replace(limits, cpu_s=cpu_s)),
        "trusted": trusted,
    }


def start_workers(count: int = 1, *, tied: bool = False) -> list[Worker]:
    """Start workers: one process, which makes copies of itself when it is ready.

    Parameters
    ----------
    count : int
        How many.
    tied : bool
        Let the kernel end them with the thread that started them. Without, they end when they
        next look for work.
    """
    environment = os.environ | dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
    )
    pipes = [(os.pipe(), os.pipe()) for _ in range(count)]
    theirs = [(jobs[0], answers[1]) for jobs, answers in pipes]
    numbers = [end for pair in theirs[1:] for end in pair]
    words = [*(["--tied"] if tied else []), *map(str, numbers)]
    process = subprocess.Popen(  # noqa: S603 -- our own programme
        [*COMMAND, *words],
        stdin=theirs[0][0],
        stdout=theirs[0][1],
        env=environment | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        pass_fds=numbers,
    )
    for pair in theirs:
        for end in pair:
            os.close(end)
    return [Worker(process, jobs[1], answers[0]) for jobs, answers in pipes]


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class WorkerPool:
    """Some workers, and the jobs they share.

    Parameters
    ----------
    size : int
        Number of workers.
    """

    size: int
    workers: list[Worker] = field(default_factory=list)
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _told: tuple[list[Template], dict[str, Any]] = field(default=([], {}))

    def start(self) -> None:
        """Start all workers: they import what every notebook imports, and wait."""
        self.workers = start_workers(self.size, tied=True)
        self._started = [self.workers[0].process]

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Tell the first worker what all will grade: the others become copies of it."""
        self._told = (templates, settings)
        self.workers[0].open(templates, settings)

    def run(  # noqa: C901 -- one loop over all that can happen
        self, jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Grade all jobs; give each with its result, or with ``{"failed": why}``, as it is done."""
        waiting = iter(jobs)
        again: deque[Job] = deque()
        tries: dict[Any, int] = {}

        def go_on(worker: Worker) -> None:
            job = again.popleft() if again else next(waiting, None)
            if job is not None:
                worker.give(job)

        with selectors.DefaultSelector() as selector:
            for worker in self.workers:
                selector.register(worker.output, selectors.EVENT_READ, worker)
            while True:
                for worker in self.workers:
                    if worker.ready and worker.job is None:
                        go_on(worker)
                if not any(w.job for w in self.workers) and all(w.ready for w in self.workers):
                    return
                busy = [w for w in self.workers if w.job is not None or not w.ready]
                now = time.monotonic()
                said = {key.data for key, _ in selector.select(0)}  # while a result was written
                for worker in busy:
                    if worker.deadline < now and worker not in said:
                        worker.kill()
                        worker.deadline = now + 30
                wait = min((w.deadline for w in busy), default=now) - now
                for key, _ in selector.select(max(wait, 0.1)):
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
                            go_on(worker)  # before the result is written, which may wait for a disk
                            yield job, answer["result"]

    def _opened(self, worker: Worker, answer: dict[str, Any]) -> None:
        if "failed" in answer:
            raise WorkerError(answer["failed"])
        worker.number = answer["process"]
        worker.ready = True

    def _replace(
        self, worker: Worker, selector: selectors.BaseSelector, tries: dict[Any, int]
    ) -> Job | None:
        """Put a new worker in the place of one that was killed; return the job it had."""
        worker.hang_up()
        if not worker.ready:
            starts = tries.get(None, 0) + 1
            tries[None] = starts
            if starts > TRIES * self.size:
                raise WorkerError("worker processes end before they are ready")
        [new] = start_workers(tied=True)
        self._started.append(new.process)
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
            worker.hang_up()
        for process in self._started:
            _end(process)
        self.workers, self._started = [], []
