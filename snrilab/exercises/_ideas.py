"""The one list of ideas: every misconception and slip has one code, the same everywhere."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Idea(NamedTuple):
    """A wrong idea or a usual slip.

    Attributes
    ----------
    code : str
        Short name for reports, words joined by hyphens ("larger-ki-is-tighter").
    kind : str
        "idea" (something that is believed) or "slip" (something that happens to anybody).
    idea : str
        The idea in words that can follow "the idea that".
    lessons : tuple of str
        Two-digit numbers of the lessons that meet it.
    """

    code: str
    kind: str
    idea: str
    lessons: tuple[str, ...]


@functools.cache
def ideas() -> Mapping[str, Idea]:
    """Return every idea of `snrilab/data/ideas.csv` by its code.

    Returns
    -------
    mapping of str to Idea

    Examples
    --------
    >>> ideas()["larger-ki-is-tighter"].idea
    'a larger Kd or Ki is tighter'
    """
    path = resources.files("snrilab") / "data" / "ideas.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {
        row["code"]: Idea(
            row["code"], row["kind"], row["idea"], tuple(filter(None, row["lessons"].split(";")))
        )
        for row in rows
    }
