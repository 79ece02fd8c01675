"""Names that tell nobody who it is: one for each student, the same on every page of a course.

Runs in the coordinator. They are drawn at random and kept in the course folder, in
``.snrilab/pseudonyms.csv``: there a teacher sees who is who. That file is never handed on.
"""

from __future__ import annotations

import csv
import os
import secrets
from typing import TYPE_CHECKING

from snrilab.classroom._gradebook import ClassroomError
from snrilab.grading.export import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = ".snrilab/pseudonyms.csv"
_FIRST, _SECOND = "bdfgklmnprstvz", "aeiou"  # syllables that can be said, and are no words


def pseudonyms_of(root: Path, students: Iterable[str]) -> dict[str, str]:
    """Return a pseudonym for each student; new students get new ones.

    Parameters
    ----------
    root : Path
        The course folder.
    students : iterable of str
        Their names in nbgrader.
    """
    path = root / FILE
    known = _read(path)
    new = sorted(set(students) - known.keys())
    if new:
        taken = set(known.values())
        for student in new:
            known[student] = _draw(taken)
            taken.add(known[student])
        _write(path, known)
    return {student: known[student] for student in students}


def _draw(taken: set[str]) -> str:
    while True:
        word = "".join(secrets.choice(_FIRST) + secrets.choice(_SECOND) for _ in range(3))
        if word.capitalize() not in taken:
            return word.capitalize()


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        found = {row["student"]: row["pseudonym"] for row in rows}
    except FileNotFoundError:
        return {}
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError):
        found = {}
    if not found or None in found.values() or len(set(found.values())) != len(found):
        raise ClassroomError(
            f"{path} is damaged: restore it, or remove it, and everybody gets a new pseudonym."
        )
    return found


def _write(path: Path, known: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    write_table(new, [["student", "pseudonym"], *sorted(known.items())])
    os.replace(new, path)  # noqa: PTH105 -- whole or not at all
