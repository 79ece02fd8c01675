"""A learner's own copies of the lessons: made once, never overwritten.

The lessons in ``course/`` and the assignments in ``release/`` stay as they were handed out, so that
an update cannot conflict with anybody's work. What a learner opens are copies in a folder of their
own. When a newer lesson comes, it is laid beside the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FOLDER", "update"]

FOLDER = "my_course"
_HANDED_OUT = ".handed_out.json"  # what each copy was made from, by name


def update(course: Path, mine: Path) -> list[str]:
    """Bring a learner's folder up to date without touching anything that is in it.

    Parameters
    ----------
    course : pathlib.Path
        The folder of lessons as handed out; assignments are looked for in ``release/`` beside it.
    mine : pathlib.Path
        The learner's folder; made when missing.

    Returns
    -------
    list of str
        One sentence for each newer lesson that was laid beside an old one.

    Raises
    ------
    OSError
        When `mine` cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from snrilab.installation import course_folder
    >>> mine = pathlib.Path(tempfile.mkdtemp())
    >>> update(course_folder(), mine)
    []
    >>> (mine / "00_start.ipynb").is_file()
    True
    """
    mine.mkdir(parents=True, exist_ok=True)
    known = _known(mine)
    said = []
    for name, text in _handed_out(course):
        place, seal = mine / name, hashlib.sha256(text).hexdigest()
        if not place.exists():
            _write(place, text)
        elif known.get(name) != seal and place.read_bytes() != text:
            beside = _free_name(place)
            _write(beside, text)
            said.append(
                f"There is a newer {name}: it lies beside yours as {beside.name}. "
                "Yours was not touched."
            )
        known[name] = seal
    _write(mine / _HANDED_OUT, json.dumps(known, indent=1).encode())
    return said


def _known(mine: Path) -> dict[str, str]:
    """Return what the copies were made from; a spoilt record counts as none."""
    try:
        known = json.loads((mine / _HANDED_OUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _handed_out(course: Path) -> Iterator[tuple[str, bytes]]:
    """Give each lesson and each file of an assignment: its name among the copies, its bytes."""
    for path in sorted(course.glob("*.ipynb")):
        # Assignments lie beside the lessons among the copies.
        yield path.name, path.read_bytes().replace(b"](../release/", b"](")
    for path in sorted((course.parent / "release").glob("*/**/*")):
        if path.is_file() and not any(part.startswith((".", "_")) for part in path.parts[-2:]):
            yield path.relative_to(course.parent / "release").as_posix(), path.read_bytes()


def _free_name(place: Path) -> Path:
    """Return a name beside a file that nothing has yet."""
    day = time.strftime("%Y-%m-%d")
    names = [f"{place.stem} (newer, {day}){place.suffix}"]
    names += [f"{place.stem} (newer, {day}, {n}){place.suffix}" for n in range(2, 100)]
    return next(place.with_name(name) for name in names if not place.with_name(name).exists())


def _write(place: Path, text: bytes) -> None:
    """Write a file wholly or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    part.write_bytes(text)
    part.replace(place)
