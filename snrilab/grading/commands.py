"""The commands `snrilab grade`, `inventory` and `doctor`.

Runs in the coordinator.
"""

# ruff: noqa: ISC004 -- long sentences in lists

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snrilab.grading.classrun import Outcome
    from snrilab.grading.course import Course
    from snrilab.grading.gradebook import Graded
    from snrilab.grading.standing import Standing
    from snrilab.grading.worker_pool import WorkerPool

SHOWN = 12
LISTED = 40  # students whose points are listed


def add_commands(subparsers: Any) -> None:
    """Register the grading commands with an `argparse` subparsers object."""
    grade = subparsers.add_parser(
        "grade", help="grade a class safely and quickly", description=_GRADE.strip()
    )
    grade.add_argument("assignment", help="name of the assignment, such as ps2_binding")
    grade.add_argument(
        "--course", type=Path, default=Path(), metavar="FOLDER", help="course folder"
    )
    grade.add_argument(
        "--workers",
        type=_count,
        default=0,
        metavar="N",
        help="worker processes (default: one more than processors)",
    )
    grade.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="Dask scheduler, such as tcp://host:8786"
    )
    grade.add_argument(
        "--db", metavar="URL", help="gradebook (default: as configured for nbgrader)"
    )
    grade.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="NAME",
        help="only this student; may be repeated",
    )
    grade.add_argument("--force", action="store_true", help="grade again what is graded already")
    grade.add_argument("--dry-run", action="store_true", help="grade and show, but write nothing")
    grade.add_argument("--quiet", action="store_true", help="no progress, only the summary")
    grade.add_argument(
        "--cell-seconds",
        type=_seconds,
        metavar="S",
        help="processor time for one cell (default: as configured for nbgrader, else 10)",
    )
    grade.add_argument(
        "--submission-seconds",
        type=_seconds,
        metavar="S",
        help="processor time for one notebook (default: 60, or four cells)",
    )
    grade.add_argument(
        "--trust-submissions",
        action="store_true",
        help="run students' code without a jail, with your rights (if you would run it yourself)",
    )
    grade.add_argument(
        "--outside-only",
        action="store_true",
        help="let no test run in the process of the answers: such tests wait for you",
    )
    grade.set_defaults(func=run_grade, run=run_grade)

    inventory = subparsers.add_parser(
        "inventory", help="the concept inventory of a class, from its learners' files"
    )
    inventory.add_argument(
        "folder", type=Path, help="folder with the files inventory_*.json that learners handed in"
    )
    inventory.add_argument(
        "--to", type=Path, metavar="FILE", help="page to write (default: in that folder)"
    )
    inventory.set_defaults(func=run_inventory, run=run_inventory)

    doctor = subparsers.add_parser("doctor", help="what this machine lacks, and what it means")
    doctor.add_argument(
        "--course", type=Path, default=Path(), metavar="FOLDER", help="course folder"
    )
    doctor.set_defaults(func=run_doctor, run=run_doctor)


_GRADE = """
Grade every submission that is not graded yet. Students' code runs in a jail; whatever it does
costs nobody else anything. The command can be stopped at any moment and goes on when started again.
What could not be read or placed gets no points by machine: it waits for a person, and is named
first; so does a test that cannot be run.
Exit status: 0 when every submission has its grade, 1 when some wait in this way or could not be
graded, 2 when nothing could be.
"""


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError(f"must be from 1 to 256, got {number}")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.5 <= number <= 3600:
        raise argparse.ArgumentTypeError(f"must be from 0.5 to 3600, got {text}")
    return number


def run_grade(args: argparse.Namespace) -> int:
    """Grade a class; return the exit status."""
    if sys.platform != "linux" and not args.trust_submissions:
        _say(
            "Submissions are graded in a jail, which needs Linux (on Windows: WSL 2; on a Mac: a "
            "Linux container, see README). Lessons, release and feedback work here."
        )
        return 2
    missing = missing_module()
    if missing:
        _say(f"Grading needs {missing}: pip install 'snrilab[classroom]'.")
        return 2
    from snrilab.grading.worker_pool import WorkerPool, default_size

    pool = None  # started when it is needed
    if not args.scheduler and (args.force or args.dry_run or _is_new(args)):
        pool = WorkerPool(args.workers or default_size())
    try:
        if pool is not None:
            pool.start()  # worker processes start while nbgrader is being imported here
        return _grade(args, pool)
    finally:
        if pool is not None:
            pool.close()


def _is_new(args: argparse.Namespace) -> bool:
    """Whether something looks new, before anything is imported: a guess that costs no mark."""
    with contextlib.suppress(OSError):
        graded = {
            page.parent.parent.name: page.stat().st_mtime
            for page in args.course.glob(f"autograded/*/{args.assignment}/*.ipynb")
        }
        return not graded or any(
            file.stat().st_ctime > graded.get(folder.name, 0.0)
            for folder in (args.course / "submitted").iterdir()
            for file in folder.glob(f"{args.assignment}/*")
        )
    return True


def _grade(args: argparse.Namespace, pool: WorkerPool | None) -> int:
    import dataclasses

    from snrilab.grading.classrun import Plan, WorkerError, grade_class
    from snrilab.grading.course import CourseError, open_course
    from snrilab.grading.gradebook import GradebookError
    from snrilab.grading.jail import JailError
    from snrilab.grading.standing import standings
    from snrilab.grading.where import no_course

    plan = Plan(
        workers=args.workers,
        scheduler=args.scheduler,
        students=tuple(args.student),
        force=args.force,
        dry_run=args.dry_run,
        trusted=args.trust_submissions,
    )
    if plan.trusted:
        _say("Submissions run WITHOUT a jail, with your rights, because you asked for it.")
    progress = Progress(quiet=args.quiet)
    try:
        course = open_course(args.course, args.db, outside_only=args.outside_only)
        if where := no_course(course.root, course.directory.source_directory):
            _say(where)
            return 2
        asked = {"cell_s": args.cell_seconds, "submission_s": args.submission_seconds}
        given = {name: seconds for name, seconds in asked.items() if seconds is not None}
        if args.cell_seconds and not args.submission_seconds:
            given["submission_s"] = max(course.budget.submission_s, 4 * args.cell_seconds)
        plan = dataclasses.replace(plan, budget=dataclasses.replace(course.budget, **given))
        outcome = grade_class(course, args.assignment, plan, progress.tell, pool)
    except (CourseError, GradebookError, JailError, WorkerError) as error:
        progress.end()
        _say(f"Nothing more can be graded: {error}")
        return 2
    except KeyboardInterrupt:
        progress.end()
        _say("Stopped. What is graded stays; the same command goes on from here.")
        return 130
    progress.end()
    earlier, times = _since(course, args.assignment, outcome.skipped)
    stands = _as_graded(outcome) if plan.dry_run else standings(course, args.assignment)
    _summary(outcome, args.assignment, earlier, stands, dry_run=plan.dry_run, earlier_times=times)
    open_ones = [g for g in outcome.graded if g.student not in stands or stands[g.student].waiting]
    held = any(g.held for g in open_ones)  # of work that nobody has settled by hand
    waits = outcome.strays or earlier or held or _refused(outcome)
    return 1 if outcome.failed or waits else 0


def missing_module() -> str:
    """Name what the classroom extra would install and is not there."""
    import importlib.util

    wanted = ("nbgrader", "sqlalchemy", "nbconvert")
    return next((name for name in wanted if importlib.util.find_spec(name) is None), "")


class Progress:
    """One line on a terminal that is drawn again, or a line now and then in a log."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = 0.0

    def tell(self, what: Graded | str, done: int, total: int) -> None:
        """Show how far grading has come."""
        now = time.monotonic()
        if self._quiet:
            return
        if isinstance(what, str):
            self.end()
            _say(what)
        if now - self._last < (0.1 if self._live else 10.0) and done < total:
            return
        self._last = now
        rate = done / max(now - self._start, 1e-6)
        left = (total - done) / rate if rate else 0.0
        bar = "#" * int(30 * done / max(total, 1))
        line = f"[{bar:<30}] {done}/{total}  {rate:.1f} per second  {_clock(left)} left"
        sys.stderr.write(f"\r{line} " if self._live else f"{line}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._live and self._last:
            sys.stderr.write("\n")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _say(text: str) -> None:
    from snrilab.grading.clean import safe_words

    sys.stderr.write(safe_words(text) + "\n")


def _since(
    course: Course, assignment: str, students: list[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return who of those that are up to date waits for a person, and what is odd of whose time."""
    if not students:
        return {}, []
    from nbgrader.api import Gradebook

    from snrilab.grading.feedback_basis import times_still, waits_still

    with Gradebook(course.db_url, course.course_id) as gradebook:
        waiting = waits_still(gradebook, course.root, assignment, students)
        return waiting, times_still(gradebook, assignment, students)


def _as_graded(outcome: Outcome) -> dict[str, Standing]:
    """Return how everybody's work would stand by machine alone."""
    from snrilab.grading.standing import Standing

    found = {}
    for graded in outcome.graded:
        verdicts = [v for part in graded.notebooks.values() for v in part["verdicts"]]
        waiting = {str(n): v["points"] for n, v in enumerate(verdicts) if v["score"] is None}
        found[graded.student] = Standing(graded.score, waiting=waiting)
    return found


def _summary(
    outcome: Outcome,
    assignment: str,
    earlier: dict[str, str],
    stands: dict[str, Standing],
    *,
    dry_run: bool,
    earlier_times: Iterable[tuple[str, str]] = (),
) -> None:
    from snrilab.grading.clean import safe_words
    from snrilab.grading.scoring import INSIDE
    from snrilab.grading.times import NOT_BELIEVED

    lines = [
        f"{assignment}: {len(outcome.graded)} graded, {len(outcome.skipped)} up to date, "
        f"{len(outcome.failed)} not graded, in {outcome.seconds:.1f} s."
    ]
    if dry_run:
        lines.append("Dry run: nothing was written; points are those by machine alone.")
    settled = {student for student, stand in stands.items() if not stand.waiting}
    held = [(g.student, w) for g in outcome.graded if g.student not in settled for w in g.held[:3]]
    waiting = sorted([*held, *earlier.items()])
    if waiting:
        count = len({student for student, _ in waiting})
        lines.append(f"WAITING FOR A PERSON, not decided by machine ({count}):")
        lines += [f"  {student}: {why}" for student, why in waiting]
    if outcome.strays:
        names = ", ".join(outcome.strays[:SHOWN]) + (" …" if len(outcome.strays) > SHOWN else "")
        lines.append(
            f"NOT GRADED ({len(outcome.strays)}): beside the submissions lie files and folders "
            f"without a folder {assignment} in them: {names}"
        )
    graded = sorted(outcome.graded, key=lambda g: g.student)
    if dry_run or len(graded) <= LISTED:
        known = [one for one in graded if one.student in stands]
        lines += [f"  {one.student:<24} {_stands(one, stands[one.student])}" for one in known]
    else:
        lines.append(f"  The points of each are in the report: snrilab report {assignment}")
    # A time decides about points: none is left out, whatever else there is to be said.
    times = [(g.student, f) for g in graded for f in g.facts if f.startswith(NOT_BELIEVED)]
    times = sorted([*times, *earlier_times])
    if times:
        lines.append(f"TIMES, look at each ({len(times)}):")
        lines += [f"  {student}: {why}" for student, why in times]
    rest = {g.student: [f for f in g.facts if not f.startswith(NOT_BELIEVED)] for g in graded}
    odd = [(g.student, rest[g.student][0]) for g in graded if rest[g.student] and not g.held]
    if odd:
        lines.append(f"Worth a look ({len(odd)}):")
        lines += [f"  {student}: {fact}" for student, fact in odd[:SHOWN]]
        lines += (
            [f"  and {len(odd) - SHOWN} more (see the class report)"] if len(odd) > SHOWN else []
        )
    lines += [f"  NOT GRADED {student}: {why}" for student, why in outcome.failed.items()]
    refused = _refused(outcome)
    if refused:
        lines.append("Tests that cannot be run here, whose points wait for you:")
        lines += [f"  {test}: {why}" for test, why in refused.items()]
    inside = {
        f"{name}, {v['grade_id']}"
        for g in outcome.graded
        for name, result in g.notebooks.items()
        for v in result["verdicts"]
        if v.get("inside")
    }
    if inside:
        lines += [f"Tests that ran inside ({len(inside)}): {'; '.join(sorted(inside))}", INSIDE]
    left = [len(one.waiting) for one in stands.values() if one.waiting]
    if left and not dry_run:
        one = sum(left) == 1
        lines.append(
            f"{sum(left)} {'answer waits' if one else 'answers wait'} for you, of "
            f"{len(left)} {'student' if len(left) == 1 else 'students'}: snrilab mark {assignment}"
        )
    sys.stdout.write("\n".join(map(safe_words, lines)) + "\n")


def _refused(outcome: Outcome) -> dict[str, str]:
    """Return the tests that nobody's work was judged by, and why."""
    from snrilab.grading.scoring import NOT_RUN

    return {
        f"{name}, {v['grade_id']}": v["reason"].removeprefix(NOT_RUN)
        for graded in outcome.graded
        for name, result in graded.notebooks.items()
        for v in result["verdicts"]
        if v["score"] is None and v["reason"].startswith(NOT_RUN)
    }


def _stands(graded: Graded, stand: Standing) -> str:
    """Say the points so far, and what they leave out."""
    from snrilab.grading.feedback_basis import wait_in_words

    cells = sum(len(part["verdicts"]) for part in graded.notebooks.values())
    if graded.held and len(stand.waiting) == cells:
        return f"of {graded.points:g}: no points yet, not read, waits for you"
    waits = f" ({wait_in_words(stand.waiting)})" if stand.waiting else ""
    late = f", less {stand.late:g} for lateness" if stand.late else ""
    return f"{stand.score:g} of {graded.points:g}{late}{waits}"


def run_inventory(args: argparse.Namespace) -> int:
    """Write the report on the concept inventory; return the exit status."""
    from snrilab.grading.inventory import InventoryError, write_inventory

    try:
        page = write_inventory(args.folder, args.to)
    except InventoryError as error:
        _say(str(error))
        return 2
    except OSError as error:
        _say(f"the report cannot be written: {error.filename}: {error.strerror}.")
        return 2
    sys.stdout.write(f"{page}\n")
    return 0


def run_doctor(args: argparse.Namespace) -> int:
    """Say what this machine lacks; return 1 when grading cannot work."""
    from snrilab.grading.doctor import examine

    findings = examine(args.course)
    width = max(len(f.what) for f in findings)
    for finding in findings:
        sys.stdout.write(f"{finding.state:<8} {finding.what:<{width}}  {finding.meaning}\n")
    return int(any(f.state == "MISSING" for f in findings))
