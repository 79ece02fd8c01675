"""Work that was moved out of the way: where it is kept, and how it comes back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from snrilab.classroom._replies import NUMBERS, number_of
from snrilab.grading.times import PLACED, TIME, digests, read_time, time_text

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from snrilab.grading.course import Course

INSTEAD = "instead of"  # what a student's folder held before this work, and how that had come


class Places:
    """Where the work of an assignment lies; in a dry run, where it would."""

    def __init__(self, course: Course, assignment: str, *, dry_run: bool) -> None:
        self.assignment = assignment
        self._course = course
        self._dry_run = dry_run
        self._moved: dict[str, list[Path]] = {}

    def folder(self, student: str) -> Path:
        """Return where a student's work lies."""
        if self._dry_run and student in self._moved:
            return self._moved[student][-1]
        return self._course.folder("submitted", student, self.assignment)

    def lies(self, student: str) -> dict[str, str]:
        """Return the files of a student's work with their fingerprints, without the time."""
        return digests(self.folder(student), without="timestamp.txt")

    def move_away(self, student: str) -> str:
        """Move a student's work out of the way; return where it is kept, below the course."""
        place = self._course.root / ".snrilab" / "replaced" / self.assignment / student
        number = len(list(place.iterdir())) + 1 if place.is_dir() else 1
        if self._dry_run:
            moved = self._moved.setdefault(student, [])
            moved.append(place / str(number + sum(one.parent == place for one in moved)))
            return str(moved[-1].relative_to(self._course.root))
        kept = place / str(number)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self.folder(student), kept)
        return str(kept.relative_to(self._course.root))

    def put_back(self, student: str, kept: str) -> bool:
        """Lay what was moved away into a student's folder, which is empty; return whether."""
        place = self._course.root / kept
        if not place.is_dir():
            return False
        if self._dry_run:
            self._moved.setdefault(student, []).append(place)
        else:
            shutil.copytree(place, self.folder(student), symlinks=True, dirs_exist_ok=True)
        return True


def time_in(folder: Path) -> datetime | None:
    """Return the time that is written beside work."""
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file():
        return None
    return read_time(time_text(path.read_bytes()))


def as_placed(files: dict[str, str], time: datetime | None) -> dict[str, Any]:
    """Return what is remembered of work that was placed, to know later what a person changed."""
    return {"files": files, "time": f"{time:{TIME}}" if time is not None else ""}


def time_is_written(folder: Path, reply: dict[str, Any]) -> bool:
    """Whether somebody else than collecting wrote the time that lies beside work."""
    there = (folder / "timestamp.txt").is_file()
    return there and as_placed({}, time_in(folder))["time"] != reply.get(PLACED, {}).get("time", "")


def came_from_a_platform(reply: dict[str, Any]) -> bool:
    """Whether work was ever placed under this reply, and no number alone is known."""
    return bool(reply.get("platform"))


def is_its_work(folder: Path, reply: dict[str, Any]) -> bool:
    """Whether what lies there came under this reply, also where a teacher changed something in it.

    What came by another way, such as nbgrader's exchange, is another file with another time.
    """
    placed = reply.get(PLACED, {}).get("files") or {}
    there = digests(folder, without="timestamp.txt")
    same = not placed or bool(placed.items() & there.items())
    return came_from_a_platform(reply) and (same or not time_is_written(folder, reply))


def remember(
    reply: dict[str, Any], before: dict[str, Any], kept: str, there: dict[str, str]
) -> None:
    """Keep in a reply what its work stands instead of, in case that it is taken back.

    An earlier version of the same work does not come back; one that was changed is named.
    """
    same = before.get("platform") == reply.get("platform")
    own = same and all(number_of(before, kind) == number_of(reply, kind) for kind in NUMBERS)
    if own and INSTEAD in before:
        reply[INSTEAD] = before[INSTEAD]
    elif not own:
        old = {key: value for key, value in before.items() if key != INSTEAD}
        reply[INSTEAD] = {"kept": kept, "reply": old}
    elif before.get(PLACED, {}).get("files", there) != there:
        reply[INSTEAD] = {"kept": kept, "changed": True}
