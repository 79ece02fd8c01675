"""What a student has written that is not the teacher's: words in any cell, as far as they are text.

Runs in the forked grader.

Nothing here decides about points. It finds what a person should read before written work counts as
missing.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snrilab.grading.template import Template

SHOWN = 240
IN_CODE = 8  # words in one comment or string: shorter ones are labels and notes
IN_ANSWER = 12  # code that was asked for is commented more
READ = 60_000
_WORD = re.compile(r"[^\W\d_]{2,}")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u9fff]")  # Japanese and Chinese


class Teachers:
    """The lines of the teacher's notebook: what is none of the student's words."""

    def __init__(self, template: Template) -> None:
        self._lines = _lines(
            tuple(t for c in template.cells for t in (c.release, c.master, c.reference))
        )

    def own(self, text: str) -> str:
        """Return the lines that are not the teacher's."""
        lines = [line for line in text[:READ].split("\n") if _plain(line) not in self._lines]
        return "\n".join(lines).strip()


@functools.lru_cache(maxsize=100)
def _lines(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_plain(line) for text in texts for line in text.split("\n"))


def _plain(line: str) -> str:
    return " ".join(line.strip().strip("#*").split())


def words(text: str) -> int:
    """Count the words of a text.

    Examples
    --------
    >>> words("Ki is *lower* than IC50, since x = 1.5")
    6
    """
    return len(_WORD.findall(text)) + len(_WITHOUT_SPACES.findall(text)) // 2


def in_text(text: str, teachers: Teachers) -> str:
    """Return a student's words in a text cell."""
    own = teachers.own(text)
    return own if _WORD.search(own) or re.search(r"!\[|<img|\d", own) else ""


def in_code(text: str, teachers: Teachers, least: int = IN_CODE) -> str:
    """Return a student's words in a code cell: comments, strings, or a cell that is no code.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nobody = Teachers(SimpleNamespace(cells=()))
    >>> in_code("x = 1  # a note", nobody)
    ''
    >>> in_code("Occupancy saturates because there are only so many sites to bind to", nobody)[:9]
    'Occupancy'
    """
    text = text[:READ]
    own = teachers.own(text)
    if words(own) < least:
        return ""
    try:
        parts = list(_parts(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return own if _reads_as_prose(own) else ""
    found = (teachers.own(part) for part in parts)
    return "\n".join(part for part in found if words(part) >= least)


def _parts(text: str) -> Iterable[str]:
    """Give each string and each block of comments of a cell; raise when it is no Python."""
    from snrilab.grading.names import python

    plain = python(text)
    for node in ast.walk(ast.parse(plain)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    block: list[str] = []
    last = -9
    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type == tokenize.COMMENT:
            if token.start[0] > last + 1:
                yield "\n".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    yield "\n".join(block)


def _reads_as_prose(text: str) -> bool:
    """Whether a cell that is no Python has a line of words with no code in it."""
    for line in text.split("\n"):
        signs = len(re.findall(r"[=(\[\]){}_]", line))
        if words(line) >= IN_CODE and signs <= words(line) / 4:
            return True
    return False


def shown(text: str) -> str:
    """Return the start of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
