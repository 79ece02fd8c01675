"""One gate for the names of students, at every entrance: folders, archives, the roster.

Runs in the coordinator and in nbgrader's own process.

A name becomes a folder, a row of a table and a part of a web page. What any of these would read as
more than a name is refused, in a sentence.
"""

from __future__ import annotations

import ast
import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 128
ALLOWED = ".-_@+, "
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def like_ids(given: str, known: Iterable[str]) -> str:
    """Say which known ids begin as a mistyped one does, or look like it; a sentence.

    Examples
    --------
    >>> like_ids("emma", ["anna@uni.example", "emma.ek@uni.example", "emil"])
    'Ids that are like it: emma.ek@uni.example.'
    >>> like_ids("quark", ["anna"])
    'No id is like it: see students.csv.'
    """
    ids = sorted(set(known))
    plain = given.casefold()
    found = [one for one in ids if plain and one.casefold().startswith(plain)]
    found = found or [one for one in ids if plain and plain in one.casefold()]
    short = {one.partition("@")[0]: one for one in reversed(ids)}
    found = found or difflib.get_close_matches(given, ids, 3, 0.65)
    found = found or [short[one] for one in difflib.get_close_matches(given, short, 3, 0.65)]
    if not found:
        return "No id is like it: see students.csv."
    return f"Ids that are like it: {', '.join(found[:4])}."


def problem_with(name: str) -> str:
    """Say why a name cannot be a student's; empty when it can.

    Parameters
    ----------
    name : str
        Name as the gradebook and the folders hold it: letters of any language, digits, and
        ``. - _ @ + ,`` or blanks between them; an apostrophe between letters.

    Examples
    --------
    >>> problem_with("Müller, Hans Jörg"), problem_with("o'brien@example.org")
    ('', '')
    >>> problem_with("<b>")
    "the student's name has a character that names cannot have: '<'"
    """
    if not name.strip():
        return "the student's name is empty"
    if len(name.encode("utf-8", "replace")) > 240 or len(name) > LONGEST:
        return f"the student's name is longer than {LONGEST} characters"
    if not name.isprintable() or name.strip() != name:
        return "the student's name has characters that cannot be seen"
    if name.startswith("."):
        return "the student's name starts with a point"
    for place, sign in enumerate(name):
        if unicodedata.category(sign)[0] in "LMN" or sign in ALLOWED:
            continue
        between = name[place - 1 : place] + name[place + 1 : place + 2]
        apostrophe = sign in "'\N{RIGHT SINGLE QUOTATION MARK}"
        if apostrophe and place and len(between) == 2 and between.isalpha():
            continue
        return f"the student's name has a character that names cannot have: {sign!r}"
    if name[0] in "-+@,":
        return f"the student's name starts with {name[0]!r}, which tables and shells misread"
    if name.endswith(".") or _DEVICES.fullmatch(name):
        return "the student's name is one that some file systems cannot hold"
    return ""


def problem_with_words(words: str) -> str:
    """Say why this cannot be somebody's first or last name or address; empty when it can."""
    if len(words) > LONGEST or not words.isprintable():
        return "is too long, or has characters that cannot be seen"
    found = re.search(r"[<>\"`\\{}|=;$]|&#?\w+;", words)
    return f"has characters that names cannot have: {found[0]!r}" if found else ""


def other_id(student: str, notebook: dict[str, Any]) -> str:
    """Say so when the id that a student has typed for data of their own is another one.

    It costs nothing: the data, and the truth they are judged by, follow from what was typed. There
    are innocent reasons: a pseudonym, a nickname, a typing mistake.

    Parameters
    ----------
    student : str
        Who has handed the work in.
    notebook : dict
        The graded notebook, as nbformat writes it.

    Examples
    --------
    >>> answer = {"nbgrader": {"solution": True}}
    >>> cell = {"cell_type": "code", "metadata": answer, "source": "student_id = 'S 17'"}
    >>> other_id("s17", {"cells": [cell]})
    ''
    >>> other_id("anna", {"cells": [cell]})
    "data of one's own were drawn for the typed student id 'S 17', the work was handed in as anna"
    """
    typed = [t for cell in notebook.get("cells", []) for t in _typed_ids(cell)]
    if not typed or _plain(typed[-1]) == _plain(student):
        return ""
    return (
        f"data of one's own were drawn for the typed student id {typed[-1]!r:.60}, the work was "
        f"handed in as {student}"
    )


def _typed_ids(cell: dict[str, Any]) -> list[str]:
    """Return what an answer cell assigns to `student_id`, as far as it stands there in words."""
    mark = cell.get("metadata", {}).get("nbgrader", {})
    if cell.get("cell_type") != "code" or not mark.get("solution"):
        return []
    try:
        body = ast.parse(cell.get("source", "")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        str(line.value.value)
        for line in body
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str | int)
        and any(isinstance(t, ast.Name) and t.id == "student_id" for t in line.targets)
    ]


def _plain(student_id: str) -> str:
    from snrilab.exercises import plain_id

    try:
        return plain_id(student_id)
    except (TypeError, ValueError):
        return ""
