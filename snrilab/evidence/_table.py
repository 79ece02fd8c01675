"""A table of evidence rows: a sequence that shows, narrows, cites and saves itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from snrilab.evidence._html import html_table
from snrilab.evidence._names import ALIASES, listed, plain, resolve
from snrilab.evidence._rows import EvidenceError, Row, references, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = tuple(field.name for field in fields(Row))
_SHOWN = ("drug", "quantity", "target", "basis", "value", "detail", "system", "source", "trust")


class Table(Sequence[Row]):
    """Rows of the evidence, in the order of the table; what `snrilab.evidence.find` returns.

    Parameters
    ----------
    rows : iterable of Row
        The rows to hold.
    caption : str, default "Evidence"
        Heading of the table when it is shown in a notebook.

    Examples
    --------
    >>> from snrilab import evidence
    >>> table = evidence.find(drug="reboxetine", basis="binding_Ki")
    >>> len(table), [row.target for row in table]
    (3, ['NET', 'SERT', 'DAT'])
    """

    def __init__(self, rows: Iterable[Row], caption: str = "Evidence") -> None:
        self._rows = tuple(rows)
        self.caption = caption

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Table: ...
    def __getitem__(self, index: int | slice) -> Row | Table:
        if isinstance(index, slice):
            return Table(self._rows[index], self.caption)
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self._rows == other._rows

    def __hash__(self) -> int:
        return hash(self._rows)

    def filter(self, **filters: Any) -> Table:
        """Return the rows that meet every filter.

        Parameters
        ----------
        **filters
            Column names of `Row`. A text matches whatever its case, spaces, hyphens or usual
            abbreviation; a list, tuple or set matches any of its members; a function gets the
            cell and says yes or no.

        Returns
        -------
        Table
            The rows that are left, possibly none.

        Raises
        ------
        TypeError
            If a filter is not the name of a column.

        Examples
        --------
        >>> from snrilab import evidence
        >>> occupancy = evidence.find(quantity="occupancy", target="SERT")
        >>> len(occupancy.filter(drug="escitalopram", value=lambda percent: percent > 70))
        2
        """
        tests = [(name, _test(name, wanted)) for name, wanted in filters.items()]
        kept = (row for row in self._rows if all(test(getattr(row, name)) for name, test in tests))
        return Table(kept, self.caption)

    def cite(self) -> tuple[str, ...]:
        """Return the short source of each row, in order.

        Returns
        -------
        tuple of str
            Reference keys, for example ``("auclair2013", "owens2001")``.
        """
        return tuple(row.source for row in self._rows)

    def bibliography(self) -> tuple[str, ...]:
        """Return the full references of the rows, each once, in alphabetical order.

        Returns
        -------
        tuple of str
            One citation per source.
        """
        return tuple(sorted({str(references()[row.source]) for row in self._rows}))

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return the rows as csv text and, when a path is given, write them there.

        Parameters
        ----------
        path : str or Path, optional
            File to write (UTF-8).

        Returns
        -------
        str
            The csv text: one header line, then one line per row, all columns.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self._rows:
            writer.writerow([_cell(value) for value in astuple(row)])
        if path is not None:
            Path(path).write_text(out.getvalue(), encoding="utf-8")
        return out.getvalue()

    def __repr__(self) -> str:
        if not self._rows:
            return f"{self.caption}: no rows"
        return "\n".join([f"{self.caption}: {len(self)} rows", *map(str, self._rows)])

    def _repr_html_(self) -> str:
        caption = f"{self.caption} ({len(self)} row{'' if len(self) == 1 else 's'})"
        return html_table(caption, _SHOWN, [_shown_cells(row) for row in self._rows])


def _shown_cells(row: Row) -> tuple[str, ...]:
    detail = (row.event, row.dose, row.time, row.population, row.condition)
    trust = row.provenance + (f" ({row.mark})" if row.mark else "")
    return (
        *(row.drug, row.quantity, row.target, row.basis, row.shown),
        *("; ".join(filter(None, detail)), row.system, row.source, trust),
    )


def _cell(value: object) -> object:
    if value is None:
        return ""
    return ";".join(map(str, value)) if isinstance(value, tuple) else value


def _test(name: str, wanted: Any) -> Callable[[Any], bool]:
    """Return the function that says whether a cell of column `name` meets what is wanted."""
    if name not in COLUMNS:
        raise TypeError(f"filter {name!r} is not a column; the columns are {listed(COLUMNS)}.")
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
        return lambda cell: wanted in cell
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
