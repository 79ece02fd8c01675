"""Which of a student's files in a download count, when they came, and what is known by them.

Runs in the coordinator.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from snrilab.classroom._gradebook import to_utc
from snrilab.classroom._replies import BY_NAME, NUMBERS, ORDER, OWN
from snrilab.classroom._whose import numbers_in
from snrilab.grading.folders import is_like, may_be

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from snrilab.classroom._collected import Collected
    from snrilab.classroom._downloads import Meaning, Piece
    from snrilab.classroom._people import Person


@dataclass
class Work:
    """The files of one student in a download."""

    person: Person
    pieces: list[tuple[Piece, Meaning]] = field(default_factory=list)
    by: str = ""  # who of the group handed it in
    by_name: bool = False


class Chosen(NamedTuple):
    """What of a student's files counts."""

    files: dict[str, Path]
    moment: datetime | None
    late: bool
    reply: dict[str, Any]


class Choice:
    """Chooses, in one collection, what of each student's files counts.

    Parameters
    ----------
    assignment : str
        Name of the assignment.
    notebooks : list of str
        Names of its notebooks.
    zone : tzinfo or None
        The platform's time zone.
    done : Collected
        Where it is noted what does not count.
    """

    def __init__(
        self, assignment: str, notebooks: list[str], zone: tzinfo | None, done: Collected
    ) -> None:
        self.assignment = assignment
        self.notebooks = notebooks
        self.zone = zone
        self.done = done

    def of(self, work: Work) -> Chosen:
        """Choose the latest of each file of a student."""
        timed = all(self.moment(work, *one) for one in work.pieces)
        numbered = all(meaning.order for _, meaning in work.pieces)

        def order(one: tuple[Piece, Meaning]) -> tuple[Any, ...]:
            piece, meaning = one
            if numbered:  # by Canvas, in whatever order its archives are given
                return (*_numbers(meaning), piece.source)
            moment = self.moment(work, piece, meaning) if timed else None
            return (moment or datetime.min, piece.source, meaning.order)  # noqa: DTZ901

        books = [one for one in work.pieces if may_be(own_name(one))]
        # Who packs the whole course in hands in the folder of this assignment.
        packed = {one[0].name for one in books if self._in_its_folder(one)}
        books = [one for one in books if one[0].name not in packed or self._in_its_folder(one)]
        last = max(work.pieces, key=lambda one: order(one)[:2])
        # A later submission without a notebook does not take an earlier notebook away.
        chosen: dict[str, tuple[Piece, Meaning]] = {}
        groups: dict[str, list[tuple[Piece, Meaning]]] = defaultdict(list)
        for one in books:
            groups[self._meant(own_name(one), len(books))].append(one)
        for name, ones in groups.items():
            best = max(order(one) for one in ones)
            latest = [one for one in ones if order(one) == best]
            if len(latest) < len(ones):
                self.done.notes.append(
                    f"{work.person.id}: {name} came {len(ones)} times; the latest counts"
                )
            if len(latest) == 1:
                chosen[name] = latest[0]
            else:
                chosen.update(self._beside(latest))
        if not books:
            chosen = self._beside(work.pieces)
        else:
            rest = [own_name(one).name for one in work.pieces if one not in books]
            if rest:
                named = ", ".join(rest[:4]) + (", …" if len(rest) > 4 else "")
                self.done.notes.append(f"{work.person.id}: left in the download: {named}")
        taken = list(chosen.values()) or [last]
        moments = [self.moment(work, *one) for one in taken]
        meaning = max(taken, key=order)[1]
        return Chosen(
            {name: piece.path for name, (piece, _) in chosen.items()},
            max((m for m in moments if m is not None), default=None),
            any(m.late for _, m in taken),
            _reply(work, meaning, numbered=numbered),
        )

    def _in_its_folder(self, one: tuple[Piece, Meaning]) -> bool:
        """Whether a file of a student's own archive lies in a folder of the assignment's name."""
        return self.assignment in one[0].inside.split("/")[:-1]

    def _meant(self, path: Path, books: int) -> str:
        """Return the name of the notebook that a file is, as nbgrader wants it."""
        for name in self.notebooks:
            if is_like(path, name):
                return f"{name}.ipynb"
        if books == 1 and len(self.notebooks) == 1:
            return f"{self.notebooks[0]}.ipynb"
        return path.name

    def _beside(self, ones: list[tuple[Piece, Meaning]]) -> dict[str, tuple[Piece, Meaning]]:
        """Keep files beside each other under their own names; grading says which one counts."""
        found: dict[str, tuple[Piece, Meaning]] = {}
        for one in ones:
            name = own_name(one).name
            stem, dot, ending = name.partition(".")
            number = 1
            while name in found:
                number += 1
                name = f"{stem} ({number}){dot}{ending}"
            found[name] = one
        return found

    def moment(self, work: Work, piece: Piece, meaning: Meaning) -> datetime | None:
        """Return when a file was handed in, by the best that is known."""
        latest = max(one.source for one, _ in work.pieces)
        table = work.person.submitted if piece.source == latest else None
        numbers = {value for kind, value in meaning.clues if kind == "participant"}
        if numbers and work.person.submitted_as and numbers.isdisjoint(work.person.submitted_as):
            table = None  # of another assignment
            self.done.other_sheet[work.person.id] = min(numbers)
        if meaning.utc is not None:
            return meaning.utc
        for moment in (meaning.moment, table, piece.moment):
            if moment and (utc := to_utc(moment, self.zone)) is not None:
                return utc
        return None


def _reply(work: Work, meaning: Meaning, *, numbered: bool) -> dict[str, Any]:
    """Return by what a platform knows the work, to give marks and feedback back."""
    reply: dict[str, Any] = {
        "platform": meaning.platform,
        "reply": meaning.reply,
        "file": meaning.file,
    }
    reply |= dict(numbers_in(meaning, work.person))
    if numbered:
        reply[ORDER] = _numbers(meaning)
    if work.by_name:
        reply[BY_NAME] = True
    if work.by:  # what goes back to one of a group, the platform gives to all of it
        kept = {"platform", "file", ORDER}
        numbers = {kind: list(work.person.clues.get(kind, ())) for kind in NUMBERS}
        own = {kind: values[0] for kind, values in numbers.items() if len(values) == 1}
        reply = {k: v for k, v in reply.items() if k in kept} | {"with": work.by, OWN: own}
    return reply


def _numbers(meaning: Meaning) -> list[int]:
    """Return what grows with each file that Canvas takes: its number, and the version of a name."""
    again = re.search(r"-(\d{1,9})(\.[^.]*)?$", meaning.file)
    return [meaning.order, int(again[1]) if again else 0]


def own_name(one: tuple[Piece, Meaning]) -> Path:
    """Return a student's own name for a file: plain, and of a length that folders hold."""
    piece, meaning = one
    name = meaning.file.rpartition("/")[2]
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", name).strip() or "file"
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[-80:]}{dot}{ending[:20]}" if dot else plain[-80:]
    return piece.path.with_name(plain.lstrip(".") or "file")
