"""One gate for the names of students, at every entrance: folders, archives, the roster.

Runs in the coordinator and in nbgrader's own process.

A name becomes a folder, a row of a table and a part of a web page. What any of these would read as
more than a name is refused, in a sentence.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 128
ALLOWED = ".-_@+, "
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


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
