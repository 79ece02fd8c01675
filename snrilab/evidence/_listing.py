"""A list of entries that shows itself as a table, and how one is read and narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar, overload

from snrilab import _html, _tables
from snrilab.evidence._names import resolve
from snrilab.evidence._rows import typed

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
        return _html.table(f"{self.caption} ({len(self)})", self._columns, cells)


def _shown(cell: object) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(str, cell))
    return f"{cell:g}" if isinstance(cell, float) else "" if cell is None else str(cell)


@cache
def everything(kind: type[T], name: str) -> tuple[T, ...]:
    """Return the entries of one csv file of the package data."""
    return tuple(typed(kind, record) for record in _tables.rows(name))


def narrowed(items: tuple[T, ...], **wanted: str | None) -> tuple[T, ...]:
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
