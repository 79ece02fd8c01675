"""The one list of wrong ideas: a code each, the same in lessons, assignments and reports."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab.evidence._listing import Listing, everything, narrowed
from snrilab.evidence._names import nearest, plain
from snrilab.evidence._rows import EvidenceError


@dataclass(frozen=True, slots=True)
class Idea:
    """A wrong idea that learners of this subject hold, or a slip that they make.

    Parameters
    ----------
    code : str
        The one name of the idea, in words joined by hyphens (``"ki-is-ic50"``).
    number : str
        Number in the course's list of ideas (``"4"``, ``"26a"``), empty for further ones.
    kind : str
        ``"idea"`` about the subject, or ``"slip"`` of arithmetic, units or code.
    lessons : tuple of str
        Lessons that meet it, ``"01"`` to ``"12"``.
    idea : str
        What its holder believes or does.
    source : str
        Where it was found; ``"course"`` where only this course names it.
    status : str
        ``"R"`` read in the source, ``"K"`` known from teaching, not checked.
    also : tuple of str
        Other names; one that two ideas share is written with its lesson (``"03/proportional"``).

    Examples
    --------
    >>> from snrilab import evidence
    >>> print(evidence.idea("ki-is-ic50"))
    ki-is-ic50 (4): IC50 is the affinity
    """

    code: str
    number: str
    kind: str
    lessons: tuple[str, ...]
    idea: str
    source: str
    status: str
    also: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code}{f' ({self.number})' if self.number else ''}: {self.idea}"


def ideas(*, lesson: str | None = None, kind: str | None = None) -> Listing[Idea]:
    """Return the wrong ideas that lessons, assignments and reports name.

    Parameters
    ----------
    lesson : str, optional
        ``"01"`` to ``"12"``: only the ideas that this lesson meets.
    kind : {"idea", "slip"}, optional
        Ideas about the subject, or slips of arithmetic, units and code.

    Returns
    -------
    Listing of Idea
        One code per idea.

    Examples
    --------
    >>> [idea.code for idea in ideas(lesson="09", kind="idea")][:2]
    ['benefit-at-once', 'nothing-for-weeks']
    """
    found: tuple[Idea, ...] = everything(Idea, "ideas")
    columns = ("code", "number", "lessons", "idea", "source", "status")
    return Listing(narrowed(found, lesson=lesson, kind=kind), "Wrong ideas", columns)


def idea(name: str) -> Idea:
    """Return the idea with this code, number or other name.

    Parameters
    ----------
    name : str
        ``"total-for-unbound"``, ``"31a"``, or an older name.

    Returns
    -------
    Idea
        The only one of that name.

    Examples
    --------
    >>> idea("31a").code, idea("rise-is-share").code
    ('total-for-unbound', 'block-is-rise')
    """
    known: tuple[Idea, ...] = everything(Idea, "ideas")
    spellings: dict[str, Idea] = {}
    for one in known:
        for spelling in (one.code, one.number, *one.also):
            spellings[plain(spelling)] = one
    del spellings[""]
    if isinstance(name, str) and plain(name) in spellings:
        return spellings[plain(name)]
    near = ""
    if isinstance(name, str):
        near = nearest(name, {spelling: one.code for spelling, one in spellings.items()}, 0.6)
    raise EvidenceError(
        f"name must be the code or number of an idea, such as {known[0].code!r}, "
        f"got {name!r}.{near}"
    )
