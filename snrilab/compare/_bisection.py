"""Where a falling function crosses a level: bisection, exact to the spacing of floats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HALVINGS = 80  # shrink the widest bracket in use, 2, to less than the spacing of floats near 1


def crossing(above: Callable[[float], bool], left: float, right: float) -> float:
    """Return where `above` turns from true to false; the end if it never does."""
    if not above(left):
        return left
    if above(right):
        return right
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        if above(middle):
            left = middle
        else:
            right = middle
    return (left + right) / 2
