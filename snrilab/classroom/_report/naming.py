"""How a report calls people: by name for their lecturer, by pseudonym in what is handed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snrilab.classroom._words import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snrilab.classroom._report.record import Student

LEAST = 5  # in what is handed on, no smaller group is told apart


@dataclass(frozen=True)
class Naming:
    """What students are called on a page.

    Parameters
    ----------
    pseudonyms : dict
        Name in nbgrader to pseudonym; empty for a lecturer's own page, which has names.
    """

    pseudonyms: dict[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether the page can be handed on."""
        return bool(self.pseudonyms)

    def of(self, one: Student) -> str:
        """Return what a student is called."""
        if self.hidden:
            return self.pseudonyms[one.id]
        return one.name if one.name == one.id else f"{one.name} ({one.id})"

    def all_of(self, students: Sequence[Student]) -> str:
        """Return who is in a group; in what is handed on only groups of five or more are listed."""
        if self.hidden and len(students) < LEAST:
            return ""
        return "; ".join(self.of(one) for one in self.sorted(students))

    def count(self, number: int) -> str:
        """Return how many are in a group."""
        few = self.hidden and 0 < number < LEAST
        return f"fewer than {LEAST}" if few else str(number)

    def sorted(self, students: Sequence[Student]) -> list[Student]:
        """Return students in the order of what they are called here."""

        def place(one: Student) -> tuple[str, str]:
            return (self.of(one), "") if self.hidden else (letters(one.name), one.id)

        return sorted(students, key=place)
