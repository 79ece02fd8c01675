"""Which of a student's cells a test asks, so that points by hand stay with the same answers.

Runs in the forked grader.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from snrilab.grading.names import Names, names

if TYPE_CHECKING:
    from snrilab.grading.intake import Piece

NOTHING = Names()
BY_NAME = {"eval", "exec", "get_ipython", "globals", "locals", "vars", "__import__"}


def fingerprint(text: str) -> str:
    """Return what tells whether a written answer has changed since it was marked."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:16]


def texts_asked(pieces: list[Piece]) -> dict[str, str]:
    """Return, for each test, what tells whether the answers that it asks have changed.

    These are the student's cells before it that give, or were to give, a value to a name which the
    test uses, or which one of these cells uses in its turn.

    Parameters
    ----------
    pieces : list of Piece
        The rebuilt notebook.
    """
    code = [
        (piece, _names_in(piece))
        for piece in pieces
        if piece.cell_type == "code" and (piece.is_students or piece.cell is not None)
    ]
    found = {}
    for place, (piece, test) in enumerate(code):
        if piece.cell is None or piece.cell.role != "test" or piece.cell.grade_id is None:
            continue
        wanted = set(test.uses)
        taken: set[int] = set()
        more = {-1}
        while more:
            more = {
                n
                for n, (_, one) in enumerate(code[:place])
                if n not in taken and (one.binds | one.changes) & wanted
            }
            taken |= more
            wanted |= {name for n in more for name in code[n][1].uses}
        whole = test.uses & BY_NAME
        texts = [
            one.source.strip()
            for n, (one, said) in enumerate(code[:place])
            if one.is_students and (whole or n in taken or said == NOTHING)
        ]
        found[piece.cell.grade_id] = fingerprint("\0".join(texts))
    return found


def _names_in(piece: Piece) -> Names:
    """Return the names of a cell; an answer has those that it was to give a value to as well."""
    asked = piece.cell.names if piece.cell is not None else NOTHING
    if not piece.is_students:
        return asked
    try:
        said = names(piece.source)
    except (RecursionError, MemoryError):
        said = NOTHING
    if said == NOTHING == asked:
        return NOTHING
    return dataclasses.replace(
        said, binds=said.binds | asked.binds, changes=said.changes | asked.changes
    )
