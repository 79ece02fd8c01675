"""What is wrong where: contradictions, claims of the seed texts, wrong public pages."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab.evidence._listing import Listing, everything, narrowed
from snrilab.evidence._rows import rows
from snrilab.evidence._table import Table


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place where a seed text is wrong, misleading or contradicts itself; both sides kept.

    Parameters
    ----------
    number : int
        Number of the contradiction.
    severity : str
        ``"A"`` wrong or self-contradictory, ``"B"`` misleading or mixing unlike things, ``"C"``
        overstated, out of date or incomplete, ``"data"`` a trap for text analysis.
    qualifier : str
        ``"contested"`` where experts disagree, ``"data"`` where the layout is the trap.
    topic : str
        Part of the subject.
    seeds : tuple of str
        Numbers of the seed texts.
    wording, problem, right : str
        What the seed says, what is wrong with it, what a careful pharmacologist would say.
    claims : tuple of str
        Keys of the claims in question.
    rows_claimed, rows_against : tuple of str
        Keys of the rows on the seed's side and on the other side.

    Examples
    --------
    >>> from snrilab import evidence
    >>> first = evidence.contradictions()[0]
    >>> print(first.number, first.severity, *(row.basis for row in first.claimed))
    1 A uptake_IC50
    """

    number: int
    severity: str
    qualifier: str
    topic: str
    seeds: tuple[str, ...]
    wording: str
    problem: str
    right: str
    claims: tuple[str, ...]
    rows_claimed: tuple[str, ...]
    rows_against: tuple[str, ...]

    @property
    def claimed(self) -> Table:
        """The rows on the seed's side."""
        return _table(self.rows_claimed, f"Contradiction {self.number}: as claimed")

    @property
    def against(self) -> Table:
        """The rows on the other side."""
        return _table(self.rows_against, f"Contradiction {self.number}: against it")

    def __str__(self) -> str:
        return f"{self.number} [{self.severity}] {self.wording}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a seed text says, word by word, and whether it is right.

    Parameters
    ----------
    key : str
        Seed and running number, for example ``"002-01"``.
    seed, place : str
        Number of the seed text and place in it.
    wording : str
        The words of the seed.
    numbers : tuple of str
        The numbers in them, as printed.
    unit : str
        Unit of the numbers.
    rows : tuple of str
        Keys of the rows that hold or judge the claim.
    verdict : str
        ``"right"``, ``"wrong"``, ``"misleading"``, ``"incomplete"``, ``"protocol"`` (a choice, not
        a claim) or ``"not science"``.
    why : str
        Reason for the verdict.
    contradictions : tuple of int
        Numbers of the contradictions the claim belongs to.

    Examples
    --------
    >>> from snrilab import evidence
    >>> claim = evidence.claims(seed="004", verdict="wrong")[0]
    >>> claim.key, claim.place, claim.contradictions
    ('004-04', 'Core mechanisms', (32,))
    """

    key: str
    seed: str
    place: str
    wording: str
    numbers: tuple[str, ...]
    unit: str
    rows: tuple[str, ...]
    verdict: str
    why: str
    contradictions: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.key} [{self.verdict}] {self.wording!r}: {self.why}"


@dataclass(frozen=True, slots=True)
class WrongPage:
    """A public page that is wrong about these drugs, for an exercise in judging sources.

    Parameters
    ----------
    page : str
        Name of the page.
    claim, right : str
        What it says and what is right.
    rows : tuple of str
        Keys of the rows that show it.

    Examples
    --------
    >>> from snrilab import evidence
    >>> page = evidence.wrong_pages()[1]
    >>> print(page.claim, "-", page.right)
    escitalopram is labelled "Antidepressant, Tricyclic" - a selective serotonin reuptake inhibitor
    """

    page: str
    claim: str
    right: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.claim}. Right: {self.right}"


def _table(keys: tuple[str, ...], caption: str) -> Table:
    return Table((row for row in rows() if row.key in keys), caption)


def contradictions(
    *, severity: str | None = None, seed: str | None = None
) -> Listing[Contradiction]:
    """Return the errors and contradictions of the three seed texts, both sides kept.

    Parameters
    ----------
    severity : str, optional
        ``"A"``, ``"B"``, ``"C"`` or ``"data"``.
    seed : str, optional
        ``"000"``, ``"002"`` or ``"004"``.

    Returns
    -------
    Listing of Contradiction
        In the order of their numbers.

    Examples
    --------
    >>> len(contradictions())
    38
    >>> first = contradictions(severity="A")[0]
    >>> first.number, first.claimed[0].shown, len(first.against)
    (1, '0.6 ratio', 4)
    """
    found = narrowed(everything(Contradiction, "contradictions"), severity=severity, seed=seed)
    columns = ("number", "severity", "wording", "problem", "right")
    return Listing(found, "Errors and contradictions in the seed texts", columns)


def claims(*, seed: str | None = None, verdict: str | None = None) -> Listing[Claim]:
    """Return what the seed texts claim: every number they print, and their contested sentences.

    Parameters
    ----------
    seed : str, optional
        ``"000"``, ``"002"`` or ``"004"``.
    verdict : str, optional
        ``"right"``, ``"wrong"``, ``"misleading"``, ``"incomplete"``, ``"protocol"`` or
        ``"not science"``.

    Returns
    -------
    Listing of Claim
        In the order of the texts.

    Examples
    --------
    >>> claims(seed="004", verdict="wrong")
    Claims of the seed texts: 2
    004-04 [wrong] 'Uniquely among SSRIs, escitalopram also binds to an allosteric site': Others ...
    004-10 [wrong] 'N/A': Uptake data exist: 2.1 and 2500 nM in rat synaptosomes ...
    """
    found = narrowed(everything(Claim, "seed_claims"), seed=seed, verdict=verdict)
    columns = ("key", "place", "wording", "verdict", "why")
    return Listing(found, "Claims of the seed texts", columns)


def wrong_pages() -> Listing[WrongPage]:
    """Return public pages that are wrong about these drugs, for judging sources.

    Returns
    -------
    Listing of WrongPage
        What each page says, what is right, and the rows that show it.

    Examples
    --------
    >>> len(wrong_pages())
    4
    """
    columns = ("page", "claim", "right")
    return Listing(everything(WrongPage, "wrong_pages"), "Wrong public pages", columns)
