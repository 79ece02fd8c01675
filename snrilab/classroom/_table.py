r"""A learning platform's table, of which single cells are filled and every other byte stays.

The bytes are read with the places of their cells. Marks of encoding, line ends, quotes and the
separator are as the platform wrote them, so it takes its own table back.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_MB = 64
_SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class TableError(ValueError):
    """A table that cannot be used; the message says why."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and where in the text."""

    text: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Table:
    """The cells of a table, and its bytes.

    Parameters
    ----------
    source : str
        The whole text, decoded.
    encoding : str
        How it was written.
    separator : str
        Between two cells: comma, semicolon or tabulator.
    rows : list of list of Cell
        Every line that holds something, the heading first.
    """

    source: str
    encoding: str
    separator: str
    rows: list[list[Cell]]

    @property
    def header(self) -> list[str]:
        """The words of the first row."""
        return [cell.text.strip() for cell in self.rows[0]]

    def text(self, row: int, column: int) -> str:
        """Return what stands in a cell, without blanks around; nothing where no cell is."""
        cells = self.rows[row]
        return cells[column].text.strip() if 0 <= column < len(cells) else ""

    def filled(self, new: Mapping[tuple[int, int], str]) -> bytes:
        """Return the bytes of the table with some cells changed.

        Parameters
        ----------
        new : mapping
            ``(row, column)`` to the new words.
        """
        parts, done = [], 0
        places = sorted((self.rows[row][column].start, row, column) for row, column in new)
        for _, row, column in places:
            cell = self.rows[row][column]
            parts += [self.source[done : cell.start], self._written(new[row, column], cell)]
            done = cell.end
        return "".join([*parts, self.source[done:]]).encode(self.encoding)

    def _written(self, words: str, cell: Cell) -> str:
        if cell.quoted or re.search(rf'["\r\n{re.escape(self.separator)}]', words):
            return '"' + words.replace('"', '""') + '"'
        return words

    def formulas(self) -> list[str]:
        """List the cells that a spreadsheet would take for formulas, numbers aside."""
        found = []
        for number, row in enumerate(self.rows, start=1):
            for cell in row:
                words = cell.text.strip()
                plain = re.fullmatch(r"[-+]?[\d.,\s]*%?", words)
                if words.startswith(("=", "+", "@", "-", "|")) and not plain:
                    found.append(f"row {number}: {words[:40]!r}")
        return found


def read_table(path: Path) -> Table:
    """Read a table with the places of its cells.

    Parameters
    ----------
    path : Path
        A file with comma, semicolon or tabulator between the cells.
    """
    try:
        if path.stat().st_size > LARGEST_MB * 2**20:
            raise TableError(f"{path.name} is larger than {LARGEST_MB} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}.") from None
    return parse_table(data, path.name)


def parse_table(data: bytes, name: str = "the table") -> Table:
    r"""Read a table from its bytes.

    Examples
    --------
    >>> table = parse_table(b'ID;Grade\r\n7;"1,5"\r\n')
    >>> table.separator, table.text(1, 1), table.filled({(1, 1): "2,0"})
    (';', '1,5', b'ID;Grade\r\n7;"2,0"\r\n')
    """
    if data[:4] == b"PK\x03\x04":
        raise TableError(f"{name} is a spreadsheet or an archive: save it as CSV first.")
    source, encoding = _decoded(data, name)
    start = 1 if source.startswith("\ufeff") else 0
    if "\0" in source or not source[start:].strip():
        raise TableError(f"{name} holds no table.")
    heading = _first_line(source[start:])
    sizes = {separator: len(_cells(heading, 0, separator)[0]) for separator in _SEPARATORS}
    separator = max(sizes, key=lambda one: sizes[one])
    rows = [row for row in _rows(source, start, separator) if any(cell.text for cell in row)]
    return Table(source, encoding, separator, rows)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and an encoding that gives the same bytes back."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or ["utf-8", "cp1252", "latin-1"]:
        try:
            source = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if source.encode(encoding) == data:
            return source, encoding
    raise TableError(f"{name} is no text in a known encoding.")


def _first_line(source: str) -> str:
    whole = re.match(r'(?:"(?:[^"]|"")*"|[^"\r\n])*', source)
    return whole[0] if whole else ""


def _rows(source: str, start: int, separator: str) -> list[list[Cell]]:
    rows = []
    while start < len(source):
        row, start = _cells(source, start, separator)
        rows.append(row)
    return rows


def _cells(source: str, start: int, separator: str) -> tuple[list[Cell], int]:
    """Return the cells of one line, and where the next line starts."""
    bare = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    quoted = re.compile(rf'"((?:[^"]|"")*)"(?=[{re.escape(separator)}\r\n]|\Z)')
    cells: list[Cell] = []
    while True:
        found = quoted.match(source, start)
        if found:
            cells.append(Cell(found[1].replace('""', '"'), start, found.end(), quoted=True))
        else:
            found = bare.match(source, start)
            assert found is not None  # noqa: S101 -- it matches the empty word too
            cells.append(Cell(found[0], start, found.end(), quoted=False))
        end = found.end()
        if source.startswith(separator, end):
            start = end + 1
            continue
        if source.startswith("\r" + separator, end) and "\n" in source:
            start = end + 2  # a column added by a tool that knows line ends without "\r" only
            continue
        return cells, end + (2 if source.startswith("\r\n", end) else 1)


_FIRST_MATTER = re.compile(r"\s*([-+]?)(\d[\d.,'\s\u00a0\u202f]*)%?\s*")


def read_number(words: str) -> float | None:
    """Return a number written with a point or a comma; None where none stands.

    Examples
    --------
    >>> read_number("87,50"), read_number("1.000,5"), read_number("100.00"), read_number("-")
    (87.5, 1000.5, 100.0, None)
    """
    found = _FIRST_MATTER.fullmatch(words)
    if not found:
        return None
    digits = re.sub(r"['\s]", "", found[2])
    parts = re.split(r"[.,]", digits)
    whole, last = (parts[:-1], parts[-1]) if len(parts) > 1 else (parts, "0")
    try:
        return float(f"{found[1]}{''.join(whole)}.{last or 0}")
    except ValueError:
        return None


def written_number(value: float, *, comma: bool) -> str:
    """Write a mark as platforms do: two places, with the table's own sign between.

    Examples
    --------
    >>> written_number(87.5, comma=True), written_number(100, comma=False)
    ('87,50', '100.00')
    """
    words = f"{value:.2f}"
    return words.replace(".", ",") if comma else words
