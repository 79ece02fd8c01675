"""A table of evidence rows: a sequence that shows and narrows itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypedDict, overload

from snrilab import _html
from snrilab.evidence._names import ALIASES, listed, plain, resolve
from snrilab.evidence._rows import EvidenceError, Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

COLUMNS = tuple(field.name for field in fields(Row))
_NUMBERS = {field.name for field in fields(Row) if "None" in str(field.type)}
_SHOWN = ("drug", "target", "value", "unit", "source")
_TELLING = ("quantity", "event", "dose", "time", "population")  # shown where they tell rows apart

Words = str | Collection[str] | Callable[[str], bool] | None  # None: any
Numbers = float | Collection[float] | Callable[[float], bool] | None


class Details(TypedDict, total=False):
    """Columns of `Row` that narrow a look-up, beside drug, quantity, target and basis."""

    key: Words
    value: Numbers
    low: Numbers
    high: Numbers
    interval: Words
    unit: Words
    bound: Words
    text: Words
    sd: Numbers
    se: Numbers
    n: Numbers
    dose: Words
    route: Words
    formulation: Words
    event: Words
    population: Words
    time: Words
    comparator: Words
    comparator_value: Numbers
    comparator_n: Numbers
    species: Words
    study: Words
    method: Words
    system: Words
    condition: Words
    source: Words
    cited_as: Words
    provenance: Words
    page: Words
    mark: Words
    contradictions: int | Collection[int]
    note: Words


class Filters(Details, total=False):
    """All columns of `Row`."""

    drug: Words
    quantity: Words
    target: Words
    basis: Words


class Table(Sequence[Row]):
    """Rows of the evidence, in the order of the table; what `snrilab.evidence.find` returns.

    Parameters
    ----------
    rows : iterable of Row
        The rows to hold.
    caption : str, default "Evidence"
        Heading of the table when it is shown in a notebook.
    columns : tuple of str, optional
        Columns to show beside drug, target, value, unit and source; see `show`.

    Examples
    --------
    >>> from snrilab import evidence
    >>> table = evidence.find(drug="reboxetine", basis="binding_Ki")
    >>> len(table), [row.target for row in table]
    (3, ['NET', 'SERT', 'DAT'])
    """

    def __init__(
        self, rows: Iterable[Row], caption: str = "Evidence", columns: tuple[str, ...] = ()
    ) -> None:
        self._rows = tuple(rows)
        self.caption = caption
        self._columns = columns

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Table: ...
    def __getitem__(self, index: int | slice) -> Row | Table:
        if isinstance(index, slice):
            return Table(self._rows[index], self.caption, self._columns)
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self._rows == other._rows

    def __hash__(self) -> int:
        return hash(self._rows)

    def filter(self, **filters: Unpack[Filters]) -> Table:
        """Return the rows that meet every filter.

        Parameters
        ----------
        **filters
            Column names of `Row`. A text matches whatever its case, spaces, hyphens or usual
            abbreviation; a list, tuple or set matches any of its members; a function gets the
            cell and says yes or no; None asks nothing of a column of words.

        Returns
        -------
        Table
            The rows that are left, possibly none.

        Examples
        --------
        >>> from snrilab import evidence
        >>> occupancy = evidence.find(quantity="occupancy", target="SERT")
        >>> len(occupancy.filter(drug="escitalopram", value=lambda percent: percent > 70))
        2
        """
        tests = [(name, _test(name, wanted)) for name, wanted in filters.items()]
        kept = (row for row in self._rows if all(test(getattr(row, name)) for name, test in tests))
        return Table(kept, self.caption, self._columns)

    def show(self, *columns: str) -> Table:
        """Return the same rows with more columns in the table that a notebook shows.

        Parameters
        ----------
        *columns : str
            Further columns of `Row`, such as ``"basis"``, ``"system"`` or ``"condition"``.

        Returns
        -------
        Table
            The same rows.

        Examples
        --------
        >>> from snrilab import evidence
        >>> constants = evidence.find(drug="desvenlafaxine", target="SERT")
        >>> "human SERT" in constants._repr_html_()
        False
        >>> "human SERT" in constants.show("basis", "system")._repr_html_()
        True
        """
        for name in columns:
            if name not in COLUMNS:
                raise TypeError(f"column {name!r} is none; the columns are {listed(COLUMNS)}.")
        return Table(self._rows, self.caption, columns)

    def __repr__(self) -> str:
        if not self._rows:
            return f"{self.caption}: no rows"
        return "\n".join([f"{self.caption}: {len(self)} rows", *map(str, self._rows)])

    def _repr_html_(self) -> str:
        caption = f"{self.caption} ({len(self)} row{'' if len(self) == 1 else 's'})"
        telling = [n for n in _TELLING if len({getattr(row, n) for row in self._rows}) > 1]
        shown = [*_SHOWN[:2], *telling, *_SHOWN[2:]]
        shown += [name for name in self._columns if name not in shown]
        cells = [[_shown_cell(row, name) for name in shown] for row in self._rows]
        return _html.table(caption, shown, cells)


def _shown_cell(row: Row, name: str) -> str:
    if name == "value":
        return row.shown.removesuffix(f" {row.unit}") if row.unit else row.shown
    if name == "source":
        doubts = [row.provenance] if row.provenance != "found" else []
        doubts += [row.mark] if row.mark else []
        return f"{row.source} ({'; '.join(doubts)})" if doubts else row.source
    return str(_cell(getattr(row, name)))


def _cell(value: object) -> object:
    if value is None:
        return ""
    return ";".join(map(str, value)) if isinstance(value, tuple) else value


def _test(name: str, wanted: Any) -> Callable[[object], bool]:
    """Return the function that says whether a cell of column `name` meets what is wanted."""
    if name not in COLUMNS:
        raise TypeError(f"filter {name!r} is not a column; the columns are {listed(COLUMNS)}.")
    if wanted is None and name not in _NUMBERS:
        return lambda _: True
    if callable(wanted):
        return lambda cell: cell is not None and bool(wanted(cell))
    if isinstance(wanted, Collection) and not isinstance(wanted, str):
        tests = [_test(name, one) for one in wanted]
        return lambda cell: any(test(cell) for test in tests)
    if isinstance(wanted, str):
        if wanted and name in ALIASES:
            wanted = resolve(name, wanted, {getattr(row, name) for row in rows()} - {""})
        same = plain(wanted)
        return lambda cell: isinstance(cell, str) and plain(cell) == same
    if name == "contradictions":
        return lambda cell: isinstance(cell, tuple) and wanted in cell
    return lambda cell: bool(cell == wanted)


def no_such(table: Table, drug: str, asked: str) -> EvidenceError:
    """Return the error for a look-up that met no row, naming the nearest rows there are."""
    if table:
        return EvidenceError(f"no evidence for {asked}. There is: {summary(table)}.")
    held = listed(dict.fromkeys(row.quantity for row in rows() if row.drug == drug))
    return EvidenceError(f"no evidence for {asked}. On {drug} the evidence holds: {held}.")


def summary(table: Table) -> str:
    """Return the rows in a few words each, for an error message."""
    words = []
    for row in table:
        detail = (row.quantity, row.target, row.event, row.dose, row.time, row.population)
        where = (row.basis, row.species, row.source, row.provenance)
        words.append(f"{' '.join(filter(None, detail))} [{'; '.join(filter(None, where))}]")
    return listed(words, 400, "; ")
