"""Grade a class: find what is not graded yet, hand it out, write each result, say what happened.

Runs in the coordinator.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from snrilab.grading import clean
from snrilab.grading.autograder import second_look
from snrilab.grading.folders import Submitted, read_folder
from snrilab.grading.gradebook import GradebookError, Graded, Writer
from snrilab.grading.jail import refuse_shown
from snrilab.grading.jailed.walls import Limits
from snrilab.grading.lateness import work_out_lateness
from snrilab.grading.limits import Budget
from snrilab.grading.people import like_ids, other_id, problem_with
from snrilab.grading.scoring import ENGINE, WAITS
from snrilab.grading.times import HOW_TO_WRITE, NOT_BELIEVED, placed_time, read_time
from snrilab.grading.worker_pool import Job, WorkerError, WorkerPool, default_size, job_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from snrilab.grading.course import Course
    from snrilab.grading.template import Template

EARLIER = timedelta(minutes=5)
LAST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


class Pool(Protocol):
    """Whoever grades jobs: worker processes here, or a cluster."""

    def start(self) -> None:
        """Get ready."""

    def open(self, templates: list[Template], settings: dict[str, Any]) -> None:
        """Tell them what they will grade."""

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Grade all jobs, in any order."""

    def close(self) -> None:
        """End everything that was started."""


@dataclass(frozen=True)
class Plan:
    """How a class is to be graded.

    Parameters
    ----------
    students : tuple of str
        Only these; empty for everybody.
    force : bool
        Grade again what is graded already.
    dry_run : bool
        Write nothing.
    diagnose : bool
        Look for known misconceptions in answers, for the class report.
    again : bool
        Grade once more, alone, what a limit of time decided while others were graded.
    """

    workers: int = 0
    scheduler: str = ""
    students: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False
    trusted: bool = False
    diagnose: bool = True
    again: bool = True
    budget: Budget = field(default_factory=Budget)
    limits: Limits = field(default_factory=Limits)


@dataclass
class Outcome:
    """What a run did.

    Parameters
    ----------
    graded : list of Graded
        Submissions graded now.
    skipped : list of str
        Students whose grade was up to date.
    failed : dict
        Student to reason, for submissions that have no grade because grading itself failed.
    strays : list of str
        Folders beside the submissions that hold files, but none of this assignment.
    """

    graded: list[Graded] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    seconds: float = 0.0


def pool_for(plan: Plan) -> Pool:
    """Return whoever will grade: a cluster when a scheduler is named, else workers here."""
    if plan.scheduler:
        from snrilab.grading.cluster import Cluster

        return Cluster(plan.scheduler)
    return WorkerPool(plan.workers or default_size())


def grade_class(
    course: Course,
    assignment: str,
    plan: Plan,
    tell: Callable[[Graded | str, int, int], None] = lambda *_: None,
    pool: Pool | None = None,
) -> Outcome:
    """Grade every submission of an assignment that is not graded yet.

    Parameters
    ----------
    course : Course
        The course folder.
    assignment : str
        Name of the assignment.
    plan : Plan
        How.
    tell : callable
        Called after each submission with its outcome, the number done and the number in all.
    pool : Pool, optional
        Started before, to import meanwhile; ended here.

    Returns
    -------
    Outcome
        What was graded, what was up to date, what failed.
    """
    begin = time.monotonic()
    outcome = Outcome()
    run = _Run(course, assignment, plan, [], outcome, tell, pool=pool)
    try:
        run.templates = course.templates(assignment)
        run.go()
        if not plan.dry_run:
            work_out_lateness(course, assignment)
    finally:
        run.close()
    outcome.seconds = time.monotonic() - begin
    return outcome


@dataclass
class _Run:
    course: Course
    assignment: str
    plan: Plan
    templates: list[Template]
    outcome: Outcome
    tell: Callable[[Graded | str, int, int], None]
    total: int = 0
    submitted: dict[str, Submitted] = field(default_factory=dict)
    results: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    writer: Writer | None = None
    pool: Pool | None = None
    held: int | None = None
    limited: dict[Any, tuple[Job, dict[str, Any]]] = field(default_factory=dict)

    def go(self) -> None:
        if not self.plan.trusted:
            refuse_shown(self.course.folder("source", ".", self.assignment))
        if not self.plan.dry_run:
            self._alone()
            self.writer = Writer(self.course, self.assignment)
        students = self._students()
        if not self.plan.students:
            self.outcome.strays = self.course.not_handed_in(self.assignment)
        if students:
            self._can_write()
        early = bool(students) and (self.plan.force or not all(map(self._written, students)))
        if not early:  # likely nothing is new: no worker is asked to prove the key for that
            students = self._begun(students)
        if not students:
            return
        pool = self._hired()
        if early:  # the workers import and prove the key meanwhile
            students = self._begun(students)
        self.total = len(students)
        for job, result in pool.run(self._jobs(students)):
            if self._is_tried_again(job, result):
                continue
            self._one(job, result)
        for job, first in self.limited.values():
            for _, second in pool.run([job]):
                self._one(job, first if "failed" in second else second_look(first, second))

    def _hired(self) -> Pool:
        """Return the workers, told what to grade."""
        if self.pool is None:
            self.pool = pool_for(self.plan)
            self.pool.start()
        settings = job_settings(self.plan.budget, self.plan.limits, trusted=self.plan.trusted)
        self.pool.open(self.templates, settings)
        return self.pool

    def _begun(self, students: list[str]) -> list[str]:
        """Open the gradebook; return whose work is new."""
        if self.writer is None:
            return students
        self.writer.open(self.templates)
        return self._not_done(students)

    def _is_tried_again(self, job: Job, result: dict[str, Any]) -> bool:
        """Put off what a limit of time decided while others were at work."""
        if not self.plan.again or self.total < 2 or not result.get("limit"):
            return False
        self.limited[job.key] = (job, result)
        return True

    def _can_write(self) -> None:
        """Notice a folder that cannot be written before everybody is graded."""
        if self.writer is not None:
            refuse_closed(self.course, self.course.folder("autograded", "x", self.assignment))

    def _alone(self) -> None:
        """Hold the source folder as long as this run lasts: two graders would undo each other."""
        try:
            import fcntl
        except ImportError:
            return  # a system without these locks
        self.held = os.open(self.course.folder("source", ".", self.assignment), os.O_RDONLY)
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GradebookError(
                f"another `snrilab grade {self.assignment}` is at work in this course folder; "
                "wait until it is done."
            ) from None
        except OSError:
            return  # a file system without locks

    def _students(self) -> list[str]:
        students = self.course.students(self.assignment)
        if self.plan.students:
            unknown = set(self.plan.students) - set(students)
            for student in sorted(unknown):
                like = like_ids(student, students)
                self.outcome.failed[student] = f"has submitted nothing. {like}"
            students = [s for s in students if s in self.plan.students]
        return students

    def _not_done(self, students: list[str]) -> list[str]:
        """Leave out whoever was graded with these tests on this very work."""
        assert self.writer is not None  # noqa: S101 -- only called with one
        if self.plan.force:
            return students
        receipts = self.writer.receipts()
        late = self.writer.lateness()
        left = []
        for student in students:
            receipt = receipts.get(student)
            if receipt is not None and self._written(student):
                digest = ""
                with contextlib.suppress(OSError):  # told when its turn comes
                    digest = self._read(student).digest
                same = (digest, fingerprint(self.templates), ENGINE, late.get(student, ""))
                if receipt == same:
                    self.outcome.skipped.append(student)
                    continue
            left.append(student)
        return left

    def _written(self, student: str) -> bool:
        folder = self.course.folder("autograded", student, self.assignment)
        return all((folder / f"{t.notebook}.ipynb").is_file() for t in self.templates)

    def _read(self, student: str) -> Submitted:
        return read_submitted(self.course, self.assignment, student, self.templates)

    def _jobs(self, students: list[str]) -> Iterator[Job]:
        for student in students:
            problem = problem_with(student)
            if problem:
                self._fail(student, problem)
                continue
            try:
                submitted = self._read(student)
            except OSError as error:
                self._fail(student, f"the folder cannot be read ({error.strerror})")
                continue
            self.submitted[student] = submitted
            self.results[student] = {}
            for template in self.templates:
                # A notebook that is missing or unreadable is graded too: as an empty one.
                data = submitted.notebooks.get(template.notebook, b"")
                yield Job((student, template.notebook), template.notebook, data, self.plan.diagnose)

    def _fail(self, student: str, why: str) -> None:
        self.outcome.failed[student] = why
        self.results.pop(student, None)
        self.submitted.pop(student, None)
        self.tell(f"{student}: not graded: {why}", self._done(), self.total)

    def _done(self) -> int:
        return len(self.outcome.graded) + len(self.outcome.failed)

    def _one(self, job: Job, result: dict[str, Any]) -> None:
        student, notebook = job.key
        if student not in self.results:
            return
        if "failed" in result:
            self._fail(student, result["failed"])
            return
        self.results[student][notebook] = result
        if len(self.results[student]) < len(self.templates):
            return
        graded = combine(self.submitted.pop(student), self.results.pop(student), self.templates)
        if self.writer is not None:
            try:
                # The receipt comes last: a run that is killed here does this submission again.
                write_notebooks(self.course, self.assignment, graded)
                self.writer.write(graded)
            except (GradebookError, OSError) as error:
                self._fail(student, str(error))
                return
        for part in graded.notebooks.values():
            part.pop("notebook")
        self.outcome.graded.append(graded)
        self.tell(graded, self._done(), self.total)

    def close(self) -> None:
        if self.pool is not None:
            self.pool.close()
        if self.writer is not None:
            self.writer.close()
        if self.held is not None:
            os.close(self.held)
            self.held = None


def refuse_closed(course: Course, folder: Path) -> None:
    """Refuse to begin what could not be written in the end, in a folder or the course itself."""
    while not folder.exists():
        folder = folder.parent
    for place in (folder, course.root):
        if not os.access(place, os.W_OK | os.X_OK):
            raise GradebookError(f"{place} cannot be written.")


def fingerprint(templates: list[Template]) -> str:
    """Return the fingerprint of an assignment's tests and data."""
    return hashlib.sha256(",".join(sorted(t.digest for t in templates)).encode()).hexdigest()


def combine(
    submitted: Submitted, results: dict[str, dict[str, Any]], templates: list[Template]
) -> Graded:
    """Put the results of one student's notebooks together with what was odd about the folder."""
    for notebook in results.keys() & submitted.problems.keys():
        problem = clean.text(submitted.problems[notebook], 300)
        results[notebook]["error"] = problem
        results[notebook]["held"] = [f"{WAITS}: {problem}"]
        for verdict in results[notebook]["verdicts"]:
            why = f"{WAITS}: {problem}"
            verdict |= {"score": None, "reason": why, "held": True, "unread": True, "text": ""}
    facts = list(dict.fromkeys([*submitted.facts, *submitted.problems.values()]))
    for result in results.values():
        facts += [result["error"]] if result["error"] and result["error"] not in facts else []
        facts += result["facts"]
        facts += filter(None, [other_id(submitted.student, result["notebook"])])
    held = [why.removeprefix(f"{WAITS}: ") for r in results.values() for why in r["held"]]
    timestamp = submission_time(submitted, facts)
    return Graded(
        student=submitted.student,
        submission=submitted.digest,
        template=fingerprint(templates),
        timestamp=timestamp,
        notebooks=results,
        facts=[clean.text(fact, 300) for fact in facts],
        held=[clean.text(why, 400) for why in held],
        seconds=sum(r["seconds"]["all"] for r in results.values()),
    )


def read_submitted(
    course: Course, assignment: str, student: str, templates: list[Template]
) -> Submitted:
    """Read what a student has handed in, wherever in the student's folder it lies."""
    folder = course.submitted_folder(student, assignment)
    submitted = read_folder(folder, student, templates)
    placed = placed_time(course.root, assignment, student, folder)
    submitted = dataclasses.replace(submitted, placed=placed)
    if folder.name != course.folder("submitted", student, assignment).name:
        submitted.facts.insert(0, f"the folder was called {folder.name}")
    return submitted


def submission_time(submitted: Submitted, facts: list[str]) -> datetime | None:
    """Return when the work was handed in (UTC), as far as it can be believed.

    ``timestamp.txt`` lies in the student's folder. What a machine wrote is not believed when the
    notebook was changed after it; what a person wrote later is, and named. A time in the future is
    none. A file that was written on this machine when it was collected says nothing about when the
    student changed it; nor do the dates of what `snrilab collect` put there, wherever the folder
    was copied since.
    """
    if not submitted.timestamp:
        return None
    changed, arrived, written = map(_utc, (submitted.changed, submitted.arrived, submitted.written))
    kept_its_time = arrived - changed > EARLIER
    claimed = read_time(submitted.timestamp)
    if claimed is None or claimed > datetime.now(UTC).replace(tzinfo=None) + EARLIER:
        believed: datetime | None = changed if kept_its_time else arrived
        if submitted.placed is not None:
            believed = read_time(submitted.placed)
        instead = f"{believed:%Y-%m-%d %H:%M} UTC is used" if believed else "it is in time"
        said = f"{NOT_BELIEVED} holds no possible time ({HOW_TO_WRITE})"
        facts.insert(0, f"{said}; {instead}")
        return believed
    if submitted.placed is None and kept_its_time and claimed + EARLIER < changed:
        by_hand = written - claimed > EARLIER
        why = f"it was written {written:%Y-%m-%d %H:%M} UTC: by you, or by collecting?"
        used = f"the first is used, for {why}" if by_hand else "the later time is used"
        facts.insert(
            0,
            f"{NOT_BELIEVED} says {claimed:%Y-%m-%d %H:%M} UTC, but the notebook was changed "
            f"{changed:%Y-%m-%d %H:%M} UTC; {used}",
        )
        return claimed if by_hand else changed
    return claimed


def _utc(seconds: float) -> datetime:
    """Return a time; what a student's own clock wrote may lie in the year 30000."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), LAST), UTC).replace(tzinfo=None)


def write_notebooks(course: Course, assignment: str, graded: Graded) -> None:
    """Write the autograded notebooks, each whole or not at all."""
    folder = course.folder("autograded", graded.student, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    shared = bool(course.directory.groupshared)
    if shared:
        for place in (folder, folder.parent):
            with contextlib.suppress(OSError):
                place.chmod(place.stat().st_mode | 0o2770)
    for name, result in graded.notebooks.items():
        _replace(folder / f"{name}.ipynb", as_text(result["notebook"]), shared=shared)
    if graded.timestamp is not None:
        time_text = f"{graded.timestamp:%Y-%m-%d %H:%M:%S} UTC\n"
        _replace(folder / "timestamp.txt", time_text, shared=shared)


def as_text(notebook: dict[str, Any]) -> str:
    """Return a notebook as JSON, a line for each cell; with more lines it takes ten times as long.

    Examples
    --------
    >>> print(as_text({"cells": [{"source": "a"}, {"source": "b"}], "nbformat": 4}), end="")
    {"cells": [
    {"source": "a"},
    {"source": "b"}
    ], "nbformat": 4}
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    cells = ",\n".join(map(encode, notebook["cells"]))
    return f'{{"cells": [\n{cells}\n], {encode(rest)[1:]}\n'


def _replace(path: Path, text: str, *, shared: bool) -> None:
    temporary = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    temporary.write_text(text, "utf-8")
    temporary.chmod(0o664 if shared else 0o444)
    temporary.replace(path)


__all__ = [
    "Outcome",
    "Plan",
    "Pool",
    "WorkerError",
    "combine",
    "fingerprint",
    "grade_class",
    "read_submitted",
    "submission_time",
    "write_notebooks",
]
