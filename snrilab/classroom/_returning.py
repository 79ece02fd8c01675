"""Feedback as an archive for each platform, under the names that it gave to the work.

Runs in the coordinator. Pages are nbgrader's own; who has none, or one that is older than the
gradebook, gets one here. Moodle finds whose a file is by its folder, Canvas by the two numbers in
its name; both only take back what they called so themselves.
"""

from __future__ import annotations

import logging
import shutil
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import ClassroomError, is_there, opened
from snrilab.classroom._replies import contested, platform_of, read_replies
from snrilab.grading.export import NOT_SUBMITTED, TO_MARK, UNREAD
from snrilab.grading.feedback_basis import (
    Basis,
    basis_of,
    made_from,
    not_graded_yet,
    wait_in_words,
)
from snrilab.grading.people import like_ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from snrilab.grading.course import Course

_WHEN = (2020, 1, 1, 0, 0, 0)  # the same feedback gives the same archive
OTHER = "others"  # by the exchange or by hand: no platform knows a name for it


@dataclass
class Packed:
    """What is in the archives, and who has nothing in them."""

    paths: dict[Path, list[str]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    to_mark: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    contested: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Exit status: 0 everybody who handed in has a page in an archive, 1 some have not."""
        return int(bool(self.missing or self.unread or self.to_mark or self.old or self.contested))


def pack_feedback(
    course: Course,
    assignment: str,
    to: Path | None = None,
    *,
    partial: bool = False,
    students: list[str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Packed:
    """Make the pages that are missing or old, and put everybody's into archives for the platforms.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    to : Path, optional
        The archive; ``feedback_<assignment>.zip`` in the course folder where it is None. With two
        platforms there is one for each, with its name at the end.
    partial : bool
        Also pages of who was not read or is not wholly marked; they say so at their top.
    students : list of str, optional
        Only these, in an archive of their own: ``feedback_<assignment>_part.zip``.
    say : callable, optional
        Told how far it is.
    """
    if not is_there(course):
        raise ClassroomError(f"there is no gradebook yet: snrilab grade {assignment}")
    wanted = course.students(assignment)
    if students:
        strangers = sorted(set(students) - set(wanted))
        if strangers:
            raise ClassroomError(
                f"{', '.join(strangers)}: nothing handed in for {assignment}. "
                + like_ids(strangers[0], wanted)
            )
        wanted = [one for one in wanted if one in students]
    done = Packed()
    bases, newer = _bases(course, assignment, wanted)
    ready = []
    for student, basis in bases.items():
        why = "; ".join(basis.held)
        if student in newer and basis.status != NOT_SUBMITTED:
            done.old.append(student)
        elif basis.status == NOT_SUBMITTED:
            done.missing.append(student)
        elif basis.status == UNREAD and not partial:
            waits = wait_in_words(basis.waiting or {})
            done.unread.append(f"{student}: {waits} ({why or UNREAD})")
        elif basis.status == TO_MARK and not partial:
            waits = wait_in_words(basis.waiting or {})
            done.to_mark.append(f"{student}: {waits}" + (f" ({why})" if why else ""))
        else:
            ready.append(student)
            if basis.note:
                done.partial.append(student)
    old = [s for s in ready if not _is_new(course, assignment, s, bases[s])]
    _make(course, assignment, old, say)
    done.made = [s for s in old if _pages(course, assignment, s)]
    found = {s: pages for s in ready if (pages := _pages(course, assignment, s))}
    done.missing += [s for s in ready if s not in found]
    done.contested = sorted(contested(read_replies(course, assignment)) & set(found))
    found = {s: pages for s, pages in found.items() if s not in done.contested}
    done.made = [s for s in done.made if s in found]
    if students and to is None:  # beside the archives of the class
        to = course.root / f"feedback_{assignment}_{PART}.zip"
    _pack(course, assignment, to, found, done)
    return done


def _bases(
    course: Course, assignment: str, students: list[str]
) -> tuple[dict[str, Basis], list[str]]:
    """Return what everybody's page is to be made from, and whose work is newer than that."""
    from snrilab.grading.lateness import work_out_lateness

    late = str(course.config.get("FeedbackExporter", {}).get("late_words", ""))
    with opened(course) as gradebook:
        work_out_lateness(course, assignment)  # points given by hand since then have their share
        bases = {s: basis_of(gradebook, course.root, assignment, s, late) for s in students}
        return bases, not_graded_yet(gradebook, course, assignment)


def _pages(course: Course, assignment: str, student: str) -> list[Path]:
    folder = course.folder("feedback", student, assignment)
    return sorted(folder.glob("*.html")) if folder.is_dir() else []


def _is_new(course: Course, assignment: str, student: str, basis: Basis) -> bool:
    """Whether a page for each notebook is there, made from what the gradebook has now."""
    graded = course.folder("autograded", student, assignment)
    pages = _pages(course, assignment, student)
    if not {path.stem for path in graded.glob("*.ipynb")} <= {page.stem for page in pages}:
        return False
    texts = [page.read_text("utf-8", "replace") for page in pages]
    return bool(texts) and all(made_from(text) == basis.digest for text in texts)


def _make(course: Course, assignment: str, students: list[str], say: Callable[[str], None]) -> None:
    """Let nbgrader's converter write these students' pages."""
    if not students:
        return
    from nbgrader.converters import GenerateFeedback
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    for number, student in enumerate(students, 1):
        folder = course.folder("feedback", student, assignment)
        shutil.rmtree(folder, ignore_errors=True)
        if number % 10 == 0:
            say(f"Feedback: page {number} of {len(students)}.")
        directory = CourseDirectory(config=course.config)
        directory.root, directory.db_url = str(course.root), course.db_url
        directory.assignment_id, directory.student_id = assignment, _literally(student)
        converter = GenerateFeedback(coursedir=directory, config=course.config)
        converter.log = logging.getLogger("snrilab.feedback")
        converter.log.setLevel(logging.CRITICAL)
        try:
            converter.start()
        except NbGraderException:
            shutil.rmtree(folder, ignore_errors=True)  # named as missing


def _literally(student: str) -> str:
    """Return a pattern of files that means this name alone."""
    import glob

    return glob.escape(student)


# -- the archives ----------------------------------------------------------------------------------


def _pack(
    course: Course,
    assignment: str,
    to: Path | None,
    found: dict[str, list[Path]],
    done: Packed,
) -> None:
    replies = read_replies(course, assignment)
    platforms: dict[str, list[str]] = {}
    for student in found:
        platforms.setdefault(_platform(replies.get(student, {})), []).append(student)
    whole = to or course.root / f"feedback_{assignment}.zip"
    done.left = forgotten(course, assignment) if to is None else []
    for platform, students in sorted(platforms.items()):
        path = whole
        if len(platforms) > 1 or done.left:
            path = whole.with_name(f"{whole.stem}_{platform}{whole.suffix}")
        _write(path, students, found, replies)
        done.paths[path] = students
    if to is None:  # an archive of another day would be taken for one of these
        for path in _archives(whole):
            if path in done.paths or path in done.left:
                continue
            path.unlink()
            done.removed.append(path)


PART = "part"
PLATFORMS = ("moodle", "canvas", "blackboard", "brightspace", "ilias", "gradescope", OTHER)
ENDINGS = {*PLATFORMS, PART}


def _archives(whole: Path) -> list[Path]:
    """Return the archives of an assignment that are there."""
    names = [whole, *whole.parent.glob(f"{whole.stem}_*.zip")]
    return [p for p in names if p.is_file() and (p == whole or _ending(p, whole) in ENDINGS)]


def _ending(path: Path, whole: Path) -> str:
    return path.stem.removeprefix(f"{whole.stem}_").removeprefix(f"{PART}_")


def forgotten(course: Course, assignment: str) -> list[Path]:
    """Return archives with names of a platform of which nothing is known any more.

    So it is in a copy of a course without what collecting has kept.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """
    whole = course.root / f"feedback_{assignment}.zip"
    known = {_platform(one) for one in read_replies(course, assignment).values()} - {OTHER}
    named = {*PLATFORMS} - {OTHER} - known
    found = [path for path in _archives(whole) if _ending(path, whole) in named]
    if not known and whole.is_file() and not _is_by_student(whole, course.students(assignment)):
        found.append(whole)
    return found


def _is_by_student(path: Path, students: list[str]) -> bool:
    """Whether the names in an archive are those of students here, and no platform's."""
    try:
        with zipfile.ZipFile(path) as archive:
            return all(name.partition("/")[0] in students for name in archive.namelist())
    except zipfile.BadZipFile:
        return True


def _platform(reply: dict[str, Any]) -> str:
    name = platform_of(reply)
    return name if name in PLATFORMS else OTHER


def _write(
    path: Path,
    students: list[str],
    found: dict[str, list[Path]],
    replies: dict[str, dict[str, Any]],
) -> None:
    new = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        packed = set(found)
        for student in students:
            reply = replies.get(student, {})
            if who := reply.get("with"):  # of a group: the platform gives all of it one page
                if who in packed:
                    continue
                packed.add(who)
                reply = replies.get(who, {})
            for page in found[student]:
                name = _name(student, page, reply)
                archive.writestr(_info(name), page.read_bytes())
    new.replace(path)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _name(student: str, page: Path, reply: dict[str, Any]) -> str:
    """Return a page's place in the archive."""
    start = str(reply.get("reply", ""))
    if not start:
        return f"{student}/{page.name}"
    if start.endswith(("_", "/")):
        return f"{start}{page.name}"
    return f"{start}_{page.name}"
