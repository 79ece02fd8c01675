"""An HTML table that a screen reader can follow: caption, column heads, row heads."""

from __future__ import annotations

import re
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Link(str):
    """A cell that leads somewhere.

    Parameters
    ----------
    text : str
        What is read.
    target : str
        Where it leads, relative to the page.
    """

    __slots__ = ("target",)
    target: str

    def __new__(cls, text: str, target: str) -> Link:
        """Return the text, knowing its target."""
        link = super().__new__(cls, text)
        link.target = target
        return link


def table(caption: str, heads: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table; the first cell of each row is its head.

    Columns of words stand at the left, of numbers at the right, where Jupyter puts all.
    """
    rows = [tuple(row) for row in rows]
    sides = ["" if all(map(_is_number, cells)) else _LEFT for cells in zip(*rows, strict=True)]
    top = "".join(
        f'<th scope="col"{side}>{escape(head)}</th>'
        for head, side in zip(heads, sides or cycle([_LEFT]), strict=False)
    )
    body = "".join(
        "<tr>"
        f'<th scope="row"{sides[0]}>{_inner(row[0])}</th>'
        + "".join(
            f"<td{side}>{_inner(cell)}</td>" for cell, side in zip(row[1:], sides[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


_LEFT = ' style="text-align:left"'


def _is_number(cell: object) -> bool:
    return re.fullmatch(r"[<>≤≥~]?\s*[\d.,eE+\-–\s%]*", str(cell)) is not None


def _inner(cell: object) -> str:
    text = escape(str(cell))
    return f'<a href="{escape(cell.target)}">{text}</a>' if isinstance(cell, Link) else text
