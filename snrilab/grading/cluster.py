"""Grade on a Dask cluster: template and answers in, result out; only the coordinator writes.

Runs in the coordinator and in Dask workers; these start a worker each.

Each Dask worker keeps one grading worker of its own as a separate process, because a jail is
entered by forking, and a process with threads must not fork.
"""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snrilab.grading.template import Template, from_plain, to_plain
from snrilab.grading.worker_pool import TRIES, Job, Worker, WorkerError, start_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WAIT_S = 30
AHEAD = 4

_lock = threading.Lock()
_kept: dict[str, Worker] = {}


def grade_task(
    plain: dict[str, Any],
    settings: dict[str, Any],
    run: str,
    notebook: str,
    data: bytes,
    diagnose: bool,
) -> dict[str, Any]:
    """Grade one notebook on a Dask worker; return the result or ``{"failed": why}``.

    Parameters
    ----------
    plain : dict
        The templates, as `to_plain` wrote them.
    run : str
        Fingerprint of templates and settings: a worker process is kept as long as it is the same.
    """
    with _lock:  # one jail serves one submission at a time
        worker = _kept.get(run)
        if worker is None or worker.process.poll() is not None:
            _end_kept()
            [worker] = start_workers()
            worker.open([from_plain(one) for one in plain["templates"]], settings)
            _kept[run] = worker
        try:
            return worker.ask(Job(None, notebook, data, diagnose))
        except WorkerError as error:
            _kept.pop(run).close()
            return {"failed": str(error)}


@atexit.register
def _end_kept() -> None:
    while _kept:
        _kept.popitem()[1].close()


@dataclass
class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    scheduler : str
        Address of the scheduler ("tcp://host:8786").
    """

    scheduler: str
    client: Any = field(default=None)
    templates: list[Template] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Remember what is to be graded: it travels with each task."""
        self.templates, self.settings = templates, settings

    def start(self) -> None:
        """Connect to the scheduler and wait for a worker."""
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise WorkerError("--scheduler needs Dask: pip install 'snrilab[cluster]'") from None
        try:
            self.client = Client(self.scheduler, timeout=WAIT_S, set_as_default=False)
            self.client.wait_for_workers(1, timeout=WAIT_S)
        except (OSError, TimeoutError) as error:
            raise WorkerError(f"no scheduler with workers at {self.scheduler}: {error}") from None

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Grade all jobs, a few per worker at a time; a task whose worker dies runs elsewhere."""
        from distributed import as_completed

        plain = {"templates": [to_plain(t) for t in self.templates]}
        [shared] = self.client.scatter([plain], broadcast=True)
        run = ",".join(t.digest for t in self.templates) + repr(sorted(self.settings.items()))
        waiting = iter(jobs)
        tries: dict[Any, int] = {}
        pending: dict[Any, Job] = {}
        done = as_completed(loop=self.client.loop)

        def submit(job: Job) -> None:
            task = self.client.submit(
                grade_task,
                shared,
                self.settings,
                run,
                job.notebook,
                job.data,
                job.diagnose,
                pure=False,
                retries=TRIES,
            )
            pending[task] = job
            done.add(task)

        workers = max(1, len(self.client.scheduler_info()["workers"]))
        for job in waiting:
            submit(job)
            if len(pending) >= AHEAD * workers:
                break
        for task in done:
            job = pending.pop(task)
            if task.status == "finished":
                answer = task.result()
            else:
                answer = {"failed": str(task.exception())}
            task.release()
            tries[job.key] = tries.get(job.key, 0) + 1
            if "failed" in answer and tries[job.key] < TRIES:
                submit(job)
                continue
            yield job, answer if "failed" in answer else answer["result"]
            following = next(waiting, None)
            if following is not None:
                submit(following)

    def close(self) -> None:
        """Leave the cluster; its workers go on for others."""
        if self.client is not None:
            self.client.close()
            self.client = None
