"""What became of a download, in sentences; what waits for a person comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHOWN = 40


@dataclass
class Collected:
    """What became of a download, in sentences.

    Parameters
    ----------
    placed, same : list of str
        Students whose work was put in place, and those whose work lay there already.
    replaced, kept, notes, unknown, no_notebook, whose_else, twice, taken_back : list of str
        Sentences on what a teacher should know.
    missing, others : list of str
        Who is in the roster and handed nothing in; whose work this platform would not have.
    timeless : list of str
        Of whom no time is known, where it matters.
    other_sheet : dict
        Of whom a worksheet has another number than this one of the work, and so tells no time.
    """

    assignment: str
    placed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    no_notebook: list[str] = field(default_factory=list)
    whose_else: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    timeless: list[str] = field(default_factory=list)
    other_sheet: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Exit status: 0 all placed, 1 something waits for a person, 2 nothing was placed."""
        if not (self.placed or self.replaced or self.same or self.kept):
            return 2
        return int(bool(self.unknown or self.no_notebook or self.whose_else or self.twice))


def can_be(said: str, student: str, here: str, assignment: str) -> str:
    """Say why a name alone does not place work, and what does."""
    return (
        f"{said} can be {student}, {here}: give the platform's table as one more --roster; where "
        "it and the class share names alone, give both to one snrilab roster; if this is of "
        f"{student} too, take submitted/{student}/{assignment} away and collect again"
    )


def handed_in_as(called: str, mates: list[str]) -> str:
    """Say that a platform gave work a name which is not that of who handed it in."""
    if mates:
        return (
            f"handed in as {called!r}, a group of {', '.join(mates)} by these tables, who get "
            "nothing of it: are these tables of another time? Add a column group_name of then to "
            "the roster, or put the work into their folders"
        )
    return (
        f"handed in as {called!r}; if this is a group, add its table as another --roster, or a "
        "column group_name to the roster"
    )


def not_in_it(student: str, former: str, assignment: str) -> str:
    """Say that somebody has a group's work, and what of it is to do."""
    return (
        f"has what {student} handed in for a group, and is not in it by these tables. In it then? "
        "There is nothing to do: work and mark stay, and collecting without a table of groups says "
        f"nothing. Never in it? Take submitted/{former}/{assignment} away"
    )


def timeless(student: str, assignment: str, *, sheet: bool = False, there: bool = False) -> str:
    """Say why work does not replace work that came another way, where one of them has no time."""
    again = "Collect again with a worksheet that says when, or take" if sheet else "Take"
    time = "no time, which this one has" if there else "a time, which this one has not"
    return (
        f"the work that is there came another way and has {time}. Is this one later? {again} "
        f"submitted/{student}/{assignment} away first"
    )


def is_forgotten(names: Iterable[str]) -> str:
    """Say that nothing tells any more how platforms call the work, and what does."""
    return (
        f"{', '.join(names)}: made when it was known under which names and numbers this work was "
        "collected. Nothing here says it any more (a copy without .snrilab?): collect the same "
        "archives once more, with the platform's tables and the course's --zone."
    )


def is_back(student: str, kept: str, *, changed: bool) -> str:
    """Say what becomes of the work that was there before what is taken back."""
    if changed:
        return f"; what had been changed here before is in {kept}: put it back if it is {student}'s"
    return f", and what had been there before, in {kept}, is back"


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def say_lists(lists: Iterable[tuple[str, list[str]]], say: Callable[[str], None]) -> None:
    """Say each list under its heading: what is empty not at all, what is long not to its end."""
    for heading, lines in lists:
        if lines:
            say(f"{heading} ({len(lines)}):")
            for line in lines[:SHOWN]:
                say(f"  {line}")
            if len(lines) > SHOWN:
                say(f"  and {len(lines) - SHOWN} more")


def tell(done: Collected, say: Callable[[str], None], *, dry_run: bool = False) -> None:
    """Say what was collected; what waits for a person comes first."""
    if dry_run:
        say("Dry run: nothing was written.")
    lists = (
        ("NOT PLACED, whose is it", done.unknown),
        ("WITH TWO STUDENTS, whose is it", done.twice),
        ("TAKEN BACK, a table says whose it is", done.taken_back),
        ("NO NOTEBOOK", done.no_notebook),
        ("A GROUP, for whom else", done.whose_else),
        ("Replaced", done.replaced),
        ("Kept", done.kept),
        ("Late", done.late),
        ("Worth a word", done.notes),
    )
    say_lists(lists, say)
    if done.timeless:
        say(
            f"NO TIME ({len(done.timeless)}), so never late: {_some(done.timeless)}. Moodle says "
            "when in its grading worksheet: collect again with --roster worksheet.csv."
        )
        other = [student for student in done.timeless if student in done.other_sheet]
        if other:
            say(
                f"The worksheet that was given has other numbers: {done.other_sheet[other[0]]} of "
                f"{other[0]} is not in it. Is it of another assignment?"
            )
    if done.missing:
        say(f"Nothing from ({len(done.missing)}): {_some(done.missing)}")
    if done.others:
        say(f"Of another platform, and so not expected here: {len(done.others)}.")
    say(
        f"{done.assignment}: {len(done.placed)} new, {len(done.replaced)} replaced, "
        f"{len(done.same)} as before, {len(done.kept)} kept; next: snrilab grade {done.assignment}"
    )
