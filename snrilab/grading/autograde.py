"""The same engine inside stock nbgrader: ``nbgrader autograde`` and formgrader's button.

Runs in nbgrader's own process, as a coordinator with one worker.

``nbgrader_config.py`` calls `configure`. From then on nbgrader never opens a submitted notebook
itself: an exporter starts from an empty one, and the one preprocessor puts the graded one in its
place. Everything else - gradebook, formgrader, feedback, exchange - is nbgrader's own.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import itertools
import logging
import os
import re
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry, Student
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.apps.dbapp import DbStudentAddApp, DbStudentImportApp
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import event
from sqlalchemy.exc import SAWarning
from traitlets import Bool, Float, Integer
from traitlets.log import get_logger

from snrilab.grading import clean, limits
from snrilab.grading.autograder import second_look
from snrilab.grading.classrun import combine, read_submitted, refuse_closed
from snrilab.grading.course import Course, CourseError, open_course
from snrilab.grading.gradebook import GradebookError, Writer, open_quickly
from snrilab.grading.jail import JailError, refuse_shown
from snrilab.grading.jailed.walls import Limits
from snrilab.grading.people import problem_with, problem_with_words
from snrilab.grading.proof_process import ProofError, prove_apart
from snrilab.grading.reading import SMALL_FILE, UnreadableError, read_file
from snrilab.grading.scoring import INSIDE, NOT_RUN
from snrilab.grading.template import TemplateError, read_template
from snrilab.grading.times import read_time, time_text
from snrilab.grading.worker_pool import Job, WorkerError, job_settings, start_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from snrilab.grading.folders import Submitted
    from snrilab.grading.template import Template

LARGE = 100 * 2**20
_HERE = "snrilab.grading"


def configure(c: Any) -> None:
    """Make nbgrader grade with this engine.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration object of ``nbgrader_config.py``.

    Examples
    --------
    >>> from traitlets.config import Config
    >>> c = Config()
    >>> configure(c)
    >>> c.Autograde.autograde_preprocessors
    ['snrilab.grading.autograde.GradeSafely']
    """
    # nbgrader's own way of adding a submission; nothing is lost by it.
    warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.")
    c.Autograde.exporter_class = f"{_HERE}.autograde.EmptyExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [f"{_HERE}.autograde.GradeSafely"]
    c.Autograde.pre_convert_hook = f"{_HERE}.autograde.before_submission"
    c.Autograde.post_convert_hook = f"{_HERE}.autograde.after_submission"
    c.GenerateAssignment.preprocessors = [
        f"{_HERE}.autograde.ProveTests",
        *GenerateAssignment.preprocessors.default_args[0],
    ]
    c.GenerateFeedback.pre_convert_hook = f"{_HERE}.feedback.before_feedback"
    c.GenerateFeedback.exporter_class = f"{_HERE}.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        f"{_HERE}.feedback.Given",
        f"{_HERE}.feedback.Redact",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    if "release_feedback" not in c.ExchangeFactory:  # a course may have an exchange of its own
        c.ExchangeFactory.release_feedback = f"{_HERE}.exchange.ReleaseFeedback"
    c.HTMLExporter.sanitize_html = True
    # The second cleaning keeps what the first one kept: tables stay tables.
    c.HTMLExporter.filters = {"clean_html": f"{_HERE}.clean.once_more"}
    c.HTMLExporter.preprocessors = [f"{_HERE}.feedback.Equations"]
    c.ExportApp.plugin_class = f"{_HERE}.export.SafeCsvExport"
    c.ZipCollectApp.extractor_plugin = f"{_HERE}.archives.SafeExtractor"


class ProveTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Prove the tests of an assignment before it is released: the first step of generating it."""

    enabled = Bool(True, help="Whether tests are proved.").tag(config=True)
    mistakes = Integer(4, help="Wrong answers derived from each answer.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Refuse a key that fails its own tests; say which tests cannot be run, and why."""
        names = resources["nbgrader"]
        if not self.enabled:
            return nb, resources
        directory = CourseDirectory(config=self.config)
        directory.root = str(Path.cwd())
        course = Course(Path.cwd(), self.config, directory, names["db_url"])
        notebook = names["notebook"]
        folder = course.folder("source", ".", names["assignment"])
        try:
            refuse_closed(course, course.folder("release", ".", names["assignment"]))
            ignored = tuple(directory.ignore)
            template = read_template(folder, notebook, names["assignment"], self.config, ignored)
            template = dataclasses.replace(template, outside_only=course.outside_only)
        except (GradebookError, TemplateError) as error:
            raise self._refusal(str(error)) from None
        if not any(cell.role == "test" for cell in template.cells):
            return nb, resources
        try:
            [proof] = prove_apart([template], self.mistakes)
        except ProofError as error:
            self.log.warning(
                "%s is not proved, since nothing can be graded on this machine (%s). Run `snrilab "
                "check %s` where you will grade.", notebook, error, names["assignment"],
            )  # fmt: skip
            return nb, resources
        for test, why in proof.told.items():
            raise self._refusal(
                f"{notebook}: your own answers do not pass {test}: {why}. Mend the answer or the "
                "test (to release it as it is: --ProveTests.enabled=False)."
            )
        if proof.useless and not proof.refused:
            raise self._refusal(f"{notebook}: {proof.useless}")
        course.note_proof(template, proof)
        for test, why in proof.inside.items():
            self.log.warning("%s: %s runs inside: %s. %s", notebook, test, why, INSIDE)
        for test, why in proof.refused.items():
            self.log.warning(
                "%s: %s cannot be run when work is graded: %s. Until then its points wait for you.",
                notebook, test, why,
            )  # fmt: skip
        for test, points in proof.for_nothing.items():
            self.log.warning(
                "%s: %s gives %g points to who answers nothing.", notebook, test, points
            )
        return nb, resources

    def _refusal(self, why: str) -> NbGraderException:
        self.log.error(why)
        return Refused(why)


class Refused(NbGraderException):  # type: ignore[misc]
    """An assignment is not released; why has been said in a sentence."""


class EmptyExporter(NotebookExporter):  # type: ignore[misc]
    """Start from an empty notebook instead of parsing what a student sent."""

    def from_filename(self, _: str, resources: Any = None, **kw: Any) -> Any:
        """Run the configured steps without opening the file."""
        from nbformat.v4 import new_notebook

        return self.from_notebook_node(new_notebook(), resources=resources, **kw)


class GradeSafely(NbGraderPreprocessor):  # type: ignore[misc]
    """Grade one submitted notebook in the jail and write its grades."""

    cell_seconds = Float(
        0.0, help="Seconds of processor time for one cell; 0: ExecutePreprocessor.timeout, else 10."
    ).tag(config=True)
    submission_seconds = Float(
        0.0, help="Seconds of processor time for one notebook; 0: six times as much."
    ).tag(config=True)
    wide = Float(
        3.0, help="How many seconds on the wall each second of processor time may take."
    ).tag(config=True)
    outside_only = Bool(
        False, help="Let no test run in the student's process: such tests wait for a person."
    ).tag(config=True)

    def preprocess(self, _: Any, resources: Any) -> tuple[Any, Any]:
        """Replace the notebook by the graded one."""
        import nbformat

        names = resources["nbgrader"]
        course = _course(Path.cwd(), names["db_url"])
        session = _session(course, names["assignment"])
        result = session.grade(names["student"], names["notebook"])
        for verdict in result["verdicts"]:
            if verdict["reason"].startswith(NOT_RUN):
                self.log.warning("%s: %s", verdict["grade_id"], verdict["reason"])
            elif verdict["reason"]:
                self.log.info("%s: %s", verdict["grade_id"], clean.text(verdict["reason"]))
        for why in result["held"]:
            self.log.warning("%s: %s", names["student"], clean.text(why))
        for why in result["stopped"].values():
            self.log.warning("%s: %s", names["student"], clean.text(why))
        return nbformat.from_dict(result["notebook"]), resources


class Session:
    """One worker for one assignment, kept for the next submission.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    templates : list of Template
        The teacher's notebooks.
    """

    def __init__(self, course: Course, assignment: str, templates: list[Template]) -> None:
        self.course = course
        self.assignment = assignment
        self.templates = templates
        self.seen: dict[str, Submitted] = {}
        self.held: dict[str, list[str]] = {}
        self.writer: Writer | None = None
        refuse_shown(course.folder("source", ".", assignment))
        [self.worker] = start_workers()
        self.worker.open(templates, job_settings(course.budget, Limits(), trusted=False))

    def register(self, course: Course) -> Writer:
        """Make sure that the gradebook knows the assignment; write by this course's rules."""
        writer = Writer(course, self.assignment)
        try:
            writer.open(self.templates)
        finally:
            writer.close()
        self.writer = writer
        return writer

    def grade(self, student: str, notebook: str) -> dict[str, Any]:
        """Grade one notebook of one student and write the result."""
        submitted = self.seen.pop(student, None) or self.read(student)
        data = submitted.notebooks.get(notebook, b"")
        result = self._ask(student, notebook, data)
        if result["limit"] and limits.load() > 1:
            with contextlib.suppress(WorkerError):  # then the first result stands
                result = second_look(result, self._ask(student, notebook, data))
        one = [t for t in self.templates if t.notebook == notebook]
        graded = combine(submitted, {notebook: result}, self.templates)
        writer = self.writer or self.register(self.course)
        try:
            writer.reopen(one)
            writer.write(graded)
        finally:
            writer.close()
        if graded.held:
            self.held[student] = graded.held
        return result

    def _ask(self, student: str, notebook: str, data: bytes) -> dict[str, Any]:
        answer = self.worker.ask(Job(student, notebook, data, diagnose=True))
        if "failed" in answer:
            raise WorkerError(answer["failed"])
        return dict(answer["result"])

    def read(self, student: str) -> Submitted:
        """Read a student's folder."""
        return read_submitted(self.course, self.assignment, student, self.templates)

    def close(self) -> None:
        """End the worker."""
        self.worker.close()


_sessions: dict[tuple[str, str, str], Session] = {}


def _course(root: Path, db_url: str | None = None) -> Course:
    return open_course(root, db_url, _running.get(root.resolve()))


_running: dict[Path, Any] = {}  # the configuration with which nbgrader grades in a course folder


def _session(course: Course, assignment: str) -> Session:
    """Return the running session for these very tests, or start one."""
    templates = course.templates(assignment)
    digest = ",".join(t.digest for t in templates)
    key = (str(course.root), course.db_url, assignment)
    session = _sessions.get(key)
    if session is not None:
        same = ",".join(t.digest for t in session.templates) == digest
        if same and session.worker.is_useful:
            return session
    _end_sessions()  # formgrader runs for weeks: workers of all its assignments would stay
    _sessions[key] = Session(course, assignment, templates)
    return _sessions[key]


@atexit.register
def _end_sessions() -> None:
    while _sessions:
        _sessions.popitem()[1].close()


def before_submission(assignment: str, student: str, notebooks: list[str]) -> None:
    """Look at a submission before nbgrader copies its files; set aside what must not be opened.

    nbgrader calls this as its `pre_convert_hook`.
    """
    if not notebooks:
        return
    folder = Path(notebooks[0]).parent
    course = _course(Path.cwd())
    student, assignment = _whose(course, folder)
    templates = course.templates(assignment)
    submitted = read_submitted(course, assignment, student, templates)
    running = [s for s in _sessions.values() if s.assignment == assignment]
    for session in running or [_session(course, assignment)]:
        session.seen[student] = submitted
    aside = _new_folder(course.root / "set_aside" / student / assignment)
    for name in set_aside(folder, aside):
        get_logger().warning(
            "%s: %s is not opened; it is in %s now", student, clean.text(name), aside
        )
    # Every notebook of the assignment is graded, be it there or not, and no other: nbgrader would
    # stumble over some of their names, and give a final 0 for what it does not find.
    asked = {Path(path).stem for path in notebooks}
    wanted = [t.notebook for t in templates]
    some = [name for name in wanted if name in asked]
    whole = len(notebooks) != len(some) or not some
    notebooks[:] = [str(folder / f"{name}.ipynb") for name in (wanted if whole else some)]


def after_submission(assignment: str, student: str, notebooks: list[str]) -> None:
    """Remove from the graded folder what the student sent beside the notebooks.

    nbgrader calls this as its `post_convert_hook`. What was sent stays in the submitted folder;
    next to a graded notebook, formgrader would serve it to a teacher's browser.
    """
    if not notebooks:
        return
    course = _course(Path.cwd())
    student, assignment = _whose(course, Path(notebooks[0]).parent)
    templates = course.templates(assignment)
    kept = {"timestamp.txt", *(f"{t.notebook}.ipynb" for t in templates)}
    kept |= {name for t in templates for name in t.files}
    folder = course.folder("autograded", student, assignment)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in kept:
            path.unlink()


def submitted_folder(graded: Path) -> Path:
    """Return the submitted folder that belongs to an autograded one."""
    course = _course(Path.cwd())
    return course.folder("submitted", *_whose(course, graded, "autograded"))


def _whose(course: Course, folder: Path, step: str = "submitted") -> tuple[str, str]:
    directory = course.directory
    pattern = directory.format_path(
        getattr(directory, f"{step}_directory"),
        "(?P<student>.*)",
        "(?P<assignment>.*)",
        escape=True,
    )
    found = re.fullmatch(pattern, str(folder))
    if found is None:
        raise ValueError(f"{folder} is no {step} folder.")
    return found["student"], found["assignment"]


def _new_folder(wished: Path) -> Path:
    """Return this folder, or one beside it: what was set aside before stands in nobody's way."""
    numbered = (wished.with_name(f"{wished.name}-{number}") for number in itertools.count(2))
    places = itertools.chain([wished], itertools.islice(numbered, 999))
    return next(path for path in places if not path.exists())


def set_aside(folder: Path, aside: Path) -> list[str]:
    """Move links, pipes, devices and huge files out of a submission; return their names."""
    moved = []
    room = LARGE  # nbgrader copies everything that stays
    for parent, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(parent) / name
            facts = path.lstat()
            if stat.S_ISDIR(facts.st_mode):
                continue
            small = SMALL_FILE if name == "timestamp.txt" else room
            plain = stat.S_ISREG(facts.st_mode) and facts.st_size <= small
            room -= facts.st_size if plain else 0
            if plain and (name != "timestamp.txt" or _is_time_or_blank(path)):
                continue
            target = aside / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            moved.append(name)
        folders[:] = [name for name in folders if not (Path(parent) / name).is_symlink()]
    return moved


def _is_time_or_blank(path: Path) -> bool:
    """Whether nbgrader can read a ``timestamp.txt``; one without a word is none, also for it."""
    with contextlib.suppress(UnreadableError):
        return not read_file(path, SMALL_FILE).strip() or safe_timestamp(path) is not None
    return False


def safe_timestamp(path: Path) -> Any:
    """Return the time in a ``timestamp.txt``, None when there is none to be had safely."""
    try:
        return read_time(time_text(read_file(path, SMALL_FILE)))
    except UnreadableError:
        return None


def _existing_timestamp(_: Any, dest_path: str) -> Any:
    """Read ``timestamp.txt`` only when it is a small plain file.

    nbgrader's own reads whatever is there, before any hook could look: a pipe stops the batch.
    """
    return safe_timestamp(Path(dest_path) / "timestamp.txt")


CourseDirectory.get_existing_timestamp = _existing_timestamp


# -- nbgrader's own steps, with gates --------------------------------------------------------------
#
# nbgrader has no hook before it lists folders, makes students of their names and shows these names
# in formgrader, and none where it skips a folder without a notebook. So four of its methods are
# wrapped here, and whatever is stored as a student passes the same gate.

_EXPECTED = (CourseError, GradebookError, JailError, WorkerError)
_start, _find, _convert = Autograde.start, Autograde.init_notebooks, Autograde.convert_notebooks
_begin, _generate = Autograde.init_assignment, GenerateAssignment.convert_notebooks
_submitted_students = NbGraderAPI.get_submitted_students


def _get_ready(self: Any) -> None:
    """Prove the answer key and know the assignment before the first submission is touched."""
    _running[Path(self.coursedir.root).resolve()] = self.config
    course = _course(Path(self.coursedir.root), self.coursedir.db_url)
    if not _is_executed(self.config):
        _refuse(
            self,
            "this course's engine grades by running the answers, in a jail; it has no "
            "--no-execute. Leave it away, or remove snrilab.grading from nbgrader_config.py.",
        )
    try:
        refuse_closed(course, course.folder("autograded", "x", self.coursedir.assignment_id))
        session = _session(course, self.coursedir.assignment_id)
        session.worker.wait_ready()
        session.register(course)
    except _EXPECTED as error:
        _refuse(self, f"nothing can be graded: {error}")
    session.held.clear()
    _start(self)
    if session.held and isinstance(self.parent, NbGrader):
        names = ", ".join(sorted(session.held))
        _refuse(self, f"graded, but a machine must not decide about {names}: see the warnings")


def _is_executed(config: Any) -> bool:
    return bool(config.get("Execute", {}).get("enabled", True))


def _refuse(app: Any, why: str) -> None:
    app.log.error("%s", clean.text(why))
    raise NbGraderException(clean.text(why))


def _find_all(self: Any) -> None:
    """Find every submission: also those without a notebook of the right name; no other names."""
    try:
        with _unsaid(self.log):
            _find(self)
    except NbGraderException:
        self.assignments = {}
    course = _course(Path(self.coursedir.root))
    assignment = self.coursedir.assignment_id
    names = [t.notebook for t in course.templates(assignment)]
    bad: dict[str, str] = {}
    for student in course.students(assignment):
        folder = str(course.folder("submitted", student, assignment))
        why = problem_with(student)
        if why:
            self.assignments.pop(folder, None)
            bad[student] = why
        elif self.coursedir.student_id in {"*", student}:
            found = [str(Path(folder) / f"{name}.ipynb") for name in names]
            if self.coursedir.notebook_id == "*":
                self.assignments[folder] = found  # also those that are not where nbgrader looks
    for student, why in bad.items():
        self.log.error("Not graded: %s: %s", clean.text(student, 80), why)
    if not self.assignments:
        raise NbGraderException(
            "; ".join(bad.values()) or f"nobody has submitted anything for {assignment}"
        )
    self.refused = bad


def _begin_quietly(self: Any, assignment_id: str, student_id: str) -> None:
    """Begin a submission; what is not where nbgrader looks for it may be found all the same.

    nbgrader gives a final 0 here for each notebook that it does not find. Points are given when the
    submission has been graded: should that fail, those from before stand, and the rest waits.
    """
    with _grades(self, assignment_id, student_id) as grades:
        before = {grade.id: (grade.auto_score, grade.needs_manual_grade) for grade in grades}
    try:
        with _unsaid(self.log):
            _begin(self, assignment_id, student_id)
    finally:
        with _grades(self, assignment_id, student_id) as grades:
            for grade in grades:
                points, waits = before.get(grade.id, (None, True))
                grade.auto_score, grade.needs_manual_grade = points, waits


@contextlib.contextmanager
def _grades(app: Any, assignment_id: str, student_id: str) -> Iterator[list[Any]]:
    """Give the grades that the gradebook has for a submission; keep what is changed in them."""
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as book:
        try:
            submission = book.find_submission(assignment_id, student_id)
        except MissingEntry:
            yield []
            return
        yield [grade for notebook in submission.notebooks for grade in notebook.grades]
        book.db.commit()


@contextlib.contextmanager
def _sentences(log: logging.Logger) -> Iterator[None]:
    """Leave out the way through nbgrader's code and ours where a sentence says all there is."""
    traces: list[bool] = []

    def is_said(record: logging.LogRecord) -> bool:
        lines = str(record.msg).strip().split("\n")
        if lines[0].startswith("Traceback"):
            kind, _, why = lines[-1].partition(": ")
            traces.append(kind not in _SENTENCES)
            record.msg = why if kind in _SENTENCES and why else record.msg
            return kind != f"{__name__}.{Refused.__name__}"
        return any(traces) or "above traceback" not in lines[0]

    log.addFilter(is_said)
    try:
        yield
    finally:
        log.removeFilter(is_said)


_SENTENCES = {f"{kind.__module__}.{kind.__qualname__}" for kind in (Refused, *_EXPECTED)}


def _generate_all(self: Any) -> None:
    """Make all that students get."""
    with _sentences(self.log):
        _generate(self)


@contextlib.contextmanager
def _unsaid(log: logging.Logger) -> Iterator[None]:
    """Leave out nbgrader's warnings about files that this engine looks for in more places."""
    too_early = ("No submitted file", "No notebooks were matched")

    def is_said(record: logging.LogRecord) -> bool:
        return record.levelno != logging.WARNING or not str(record.msg).startswith(too_early)

    log.addFilter(is_said)
    try:
        yield
    finally:
        log.removeFilter(is_said)


def _convert_all(self: Any) -> None:
    """Convert all submissions; what was refused by name counts as an error at the end."""
    with _sentences(self.log):
        _convert(self)
    if self.refused:
        raise NbGraderException("; ".join(sorted(set(self.refused.values()))))


def _known_students(self: Any, assignment_id: str) -> set[str]:
    """Return who has submitted, without names that a page would read as more than a name."""
    found: set[str] = _submitted_students(self, assignment_id)
    return {student for student in found if not problem_with(student)}


def _gate(check: Callable[[str], str], what: str) -> Callable[..., Any]:
    def look(_: Any, value: Any, *__: Any) -> Any:
        why = check(value) if isinstance(value, str) else ""
        if why:
            raise RefusedNameError(f"{what} {clean.text(value, 80)!r}: {why}.")
        return value

    return look


class RefusedNameError(ValueError):
    """The roster would get a name that nobody can have; the message says which and why."""


def _in_a_sentence(start: Callable[[Any], None], more: str = "") -> Callable[[Any], None]:
    def run(self: Any) -> None:
        try:
            start(self)
        except RefusedNameError as why:
            self.fail("%s%s", why, more)

    return run


open_quickly()
Autograde.start = _get_ready
Autograde.init_notebooks = _find_all
Autograde.init_assignment = _begin_quietly
GenerateAssignment.convert_notebooks = _generate_all
DbStudentAddApp.start = _in_a_sentence(DbStudentAddApp.start)
DbStudentImportApp.start = _in_a_sentence(
    DbStudentImportApp.start, " Rows above it are in the gradebook: mend it and import once more."
)
Autograde.convert_notebooks = _convert_all
NbGraderAPI.get_submitted_students = _known_students
event.listen(Student.id, "set", _gate(problem_with, "student"), retval=True)
for _name in ("first_name", "last_name", "email"):
    _column = getattr(Student, _name)
    event.listen(_column, "set", _gate(problem_with_words, _name), retval=True)
