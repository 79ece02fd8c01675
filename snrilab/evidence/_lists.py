"""What was made of the rows: contradictions, claims of the seeds, parameter sets, targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

from snrilab.evidence._html import html_table
from snrilab.evidence._names import resolve
from snrilab.evidence._rows import EvidenceError, read, rows, typed
from snrilab.evidence._table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class Listing(Sequence[T]):
    """An unchangeable list that shows itself as a table in a notebook.

    Parameters
    ----------
    items : iterable
        The entries.
    caption : str
        Heading of the table.
    columns : tuple of str
        Attributes to show, the first as the head of each row.

    Examples
    --------
    >>> from snrilab import evidence
    >>> pages = evidence.wrong_pages()
    >>> pages[1].claim
    'escitalopram is labelled "Antidepressant, Tricyclic"'
    """

    def __init__(self, items: Iterable[T], caption: str, columns: tuple[str, ...]) -> None:
        self._items = tuple(items)
        self.caption = caption
        self._columns = columns

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Listing[T]: ...
    def __getitem__(self, index: int | slice) -> T | Listing[T]:
        if isinstance(index, slice):
            return Listing(self._items[index], self.caption, self._columns)
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return "\n".join([f"{self.caption}: {len(self)}", *map(str, self._items)])

    def _repr_html_(self) -> str:
        cells = [[_shown(getattr(item, name)) for name in self._columns] for item in self._items]
        return html_table(f"{self.caption} ({len(self)})", self._columns, cells)


def _shown(cell: object) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(str, cell))
    return f"{cell:g}" if isinstance(cell, float) else "" if cell is None else str(cell)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place where a seed text is wrong, misleading or contradicts itself; both sides kept.

    Attributes
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

    Attributes
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

    Attributes
    ----------
    page : str
        Name of the page.
    claim, right : str
        What it says and what is right.
    rows : tuple of str
        Keys of the rows that show it.
    """

    page: str
    claim: str
    right: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.claim}. Right: {self.right}"


@dataclass(frozen=True, slots=True)
class Target:
    """An observed number that a simulation must meet, or is expected to miss.

    Attributes
    ----------
    target : str
        ``"V1"`` to ``"V16"``.
    quantity, drug : str
        What was observed, on which drug.
    value, low, high : float or None
        Observation and limits of acceptance, in `unit`.
    unit : str
        Unit of the numbers.
    accept : str
        The rule of acceptance in words.
    source : tuple of str
        Reference keys.
    note : str
        Remark, for example that a simple model is expected to fail.
    """

    target: str
    quantity: str
    drug: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    accept: str
    source: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value:g} {self.unit}"
        return f"{self.target} {self.drug} {self.quantity}:{value} ({self.accept})"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a recommended parameter set.

    Attributes
    ----------
    set, parameter : str
        Names of the set and of the parameter (with its unit where the set mixes units).
    value, low, high : float or None
        Recommended value and plausible range, in `unit`; the value is None where only a range
        or nothing is known.
    unit : str
        Unit of the numbers.
    why : str
        Where the choice comes from.
    source : tuple of str
        Reference keys.
    """

    set: str
    parameter: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    why: str
    source: tuple[str, ...]

    def __float__(self) -> float:
        if self.value is None:
            span = (
                ""
                if self.low is None
                else f" only a range, {self.low:g} to {self.high:g} {self.unit}:"
            )
            raise EvidenceError(
                f"{self.parameter} of {self.set} has no single value;{span} {self.why}."
            )
        return self.value


class ParameterSet(Mapping[str, Parameter]):
    """A recommended parameter set: a read-only mapping from names to `Parameter`.

    Parameters
    ----------
    name : str
        Name of the set.
    members : iterable of Parameter
        Its parameters.

    Examples
    --------
    >>> from snrilab import evidence
    >>> drug = evidence.parameters("levomilnacipran_ER")
    >>> float(drug["cl_over_f_L_per_h"]), drug["cl_over_f_L_per_h"].unit
    (23.1, 'L/h')
    """

    def __init__(self, name: str, members: Iterable[Parameter]) -> None:
        self.name = name
        self._members = {member.parameter: member for member in members}

    def __getitem__(self, name: str) -> Parameter:
        if name in self._members:
            return self._members[name]
        return self._members[resolve("parameter", name, self._members)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        lines = [f"{name}: {_value(member)}" for name, member in self._members.items()]
        return "\n".join([f"Parameter set {self.name}", *lines])

    def _repr_html_(self) -> str:
        heads = ("parameter", "value", "why", "source")
        cells = [
            (name, _value(member), member.why, ", ".join(member.source))
            for name, member in self._members.items()
        ]
        return html_table(f"Parameter set {self.name}", heads, cells)


def _value(member: Parameter) -> str:
    span = "" if member.low is None else f"{member.low:g} to {member.high:g}"
    if member.value is None:
        return f"{span} {member.unit}" if span else "not known"
    return f"{member.value:g}{f' ({span})' if span else ''} {member.unit}"


def _table(keys: tuple[str, ...], caption: str) -> Table:
    return Table((row for row in rows() if row.key in keys), caption)


@cache
def _all(kind: type[Any], name: str) -> tuple[Any, ...]:
    return tuple(typed(kind, record) for record in read(name))


def _narrowed(items: tuple[Any, ...], **wanted: str | None) -> tuple[Any, ...]:
    """Return the items whose attribute is, or contains, the wanted name; unknown names raise."""
    for name, given in wanted.items():
        if given is None:
            continue
        column = f"{name}s" if hasattr(items[0], f"{name}s") else name
        cells = [getattr(item, column) for item in items]
        known = {one for cell in cells for one in (cell if isinstance(cell, tuple) else (cell,))}
        right = resolve(name, given, known)
        items = tuple(
            item
            for item, cell in zip(items, cells, strict=True)
            if cell == right or (isinstance(cell, tuple) and right in cell)
        )
    return items


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

    Raises
    ------
    EvidenceError
        If there is no such severity or seed.

    Examples
    --------
    >>> len(contradictions())
    38
    >>> first = contradictions(severity="A")[0]
    >>> first.number, first.claimed[0].shown, len(first.against)
    (1, '0.6 ratio', 4)
    """
    found = _narrowed(_all(Contradiction, "contradictions.csv"), severity=severity, seed=seed)
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

    Raises
    ------
    EvidenceError
        If there is no such seed or verdict.

    Examples
    --------
    >>> claims(seed="004", verdict="wrong")
    Claims of the seed texts: 2
    004-04 [wrong] 'Uniquely among SSRIs, escitalopram also binds to an allosteric site': Others ...
    004-10 [wrong] 'N/A': Uptake data exist: 2.1 and 2500 nM in rat synaptosomes ...
    """
    found = _narrowed(_all(Claim, "seed_claims.csv"), seed=seed, verdict=verdict)
    columns = ("key", "place", "wording", "verdict", "why")
    return Listing(found, "Claims of the seed texts", columns)


def targets(number: str | None = None) -> Listing[Target]:
    """Return the observed numbers that the simulations are checked against.

    Parameters
    ----------
    number : str, optional
        ``"V1"`` to ``"V16"``.

    Returns
    -------
    Listing of Target
        Numbers with limits of acceptance; several may share one target number.

    Raises
    ------
    EvidenceError
        If there is no such target.

    Examples
    --------
    >>> [(target.quantity, target.value) for target in targets("V2")]
    [('Cmax after a single 40 mg dose', 83.9)]
    """
    found: tuple[Target, ...] = _all(Target, "targets.csv")
    if number is not None:
        wanted = resolve("number", number, {target.target for target in found})
        found = tuple(target for target in found if target.target == wanted)
    columns = ("target", "drug", "quantity", "value", "low", "high", "unit", "accept", "note")
    return Listing(found, "Validation targets", columns)


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
    return Listing(_all(WrongPage, "wrong_pages.csv"), "Wrong public pages", columns)


def parameter_sets() -> tuple[str, ...]:
    """Return the names of the recommended parameter sets.

    Returns
    -------
    tuple of str
        Names in the order of the data.

    Examples
    --------
    >>> {"binding_Ki", "uptake_IC50", "invivo_EC50"} <= set(parameter_sets())
    True
    """
    members: tuple[Parameter, ...] = _all(Parameter, "parameters.csv")
    return tuple(dict.fromkeys(member.set for member in members))


def parameters(name: str) -> ParameterSet:
    """Return a recommended parameter set.

    Parameters
    ----------
    name : str
        One of `parameter_sets`.

    Returns
    -------
    ParameterSet
        Read-only mapping from parameter names to values with range, unit, reason and source.

    Raises
    ------
    EvidenceError
        If there is no such set; the message names the nearest one.

    Examples
    --------
    >>> constants = parameters("binding_Ki")
    >>> float(constants["levomilnacipran/SERT"]), float(constants["levomilnacipran/NET"])
    (11.2, 92.2)
    >>> float(parameters("invivo_EC50")["levomilnacipran/SERT"])
    Traceback (most recent call last):
        ...
    snrilab.evidence...EvidenceError: levomilnacipran/SERT of invivo_EC50 has no single value; ...
    """
    wanted = resolve("name", name, parameter_sets())
    members: tuple[Parameter, ...] = _all(Parameter, "parameters.csv")
    return ParameterSet(wanted, (member for member in members if member.set == wanted))
