"""Notice a function of `feedback.mine` at work while the answer to an assignment is checked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_watching: list[list[str]] = []


@contextmanager
def noticing() -> Iterator[list[str]]:
    """Yield a list that gets the name of each function that `feedback.mine` gave, when called."""
    used: list[str] = []
    _watching.append(used)
    try:
        yield used
    finally:
        _watching.pop()


def at_work(name: str) -> None:
    """Tell whoever is noticing that a function of this name was called."""
    for used in _watching:
        if name not in used:
            used.append(name)
