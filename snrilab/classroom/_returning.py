"""Feedback as one archive, under the names that the platform gave to the work.

Runs in the coordinator. Moodle finds whose a file is by its folder, Canvas by the two numbers in
its name; both only take back what they called so themselves.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

from snrilab.classroom._collect import read_replies
from snrilab.classroom._gradebook import ClassroomError

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.course import Course

_WHEN = (2020, 1, 1, 0, 0, 0)  # the same feedback gives the same archive


class Packed(NamedTuple):
    """What is in the archive, and who has nothing in it."""

    path: Path
    students: list[str]
    missing: list[str]


def pack_feedback(course: Course, assignment: str, to: Path | None = None) -> Packed:
    """Put everybody's feedback into one archive for the platform.

    Parameters
    ----------
    course : Course
        The course, with pages that `nbgrader generate_feedback` has written.
    assignment : str
        Name of the assignment.
    to : Path, optional
        The archive; ``feedback_<assignment>.zip`` in the course folder where it is None.
    """
    replies = read_replies(course, assignment)
    path = to or course.root / f"feedback_{assignment}.zip"
    found: dict[str, list[Path]] = {}
    for student in course.students(assignment):
        folder = course.folder("feedback", student, assignment)
        pages = sorted(folder.glob("*.html")) if folder.is_dir() else []
        if pages:
            found[student] = pages
    if not found:
        raise ClassroomError(
            f"there is no feedback for {assignment} yet: nbgrader generate_feedback {assignment}"
        )
    new = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, pages in found.items():
            reply = replies.get(student, {})
            if reply.get("with") in found:
                continue  # of a group: the platform gives all of it the page of one
            for page in pages:
                name = _name(student, page, reply)
                archive.writestr(_info(name), page.read_bytes())
    new.replace(path)
    missing = [s for s in course.students(assignment) if s not in found]
    return Packed(path, list(found), missing)


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
