"""Differences with their intervals, one line each, and where zero is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import numbers
from snrilab.plots._style import CYCLE, GREY, describe, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def risk_differences(
    axes: Axes,
    names: Sequence[str],
    difference: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    notes: Sequence[str] | None = None,
) -> Axes:
    """Draw risk differences with their intervals, one line per event.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Events, from bottom to top.
    difference, low, high : array_like
        Risk on drug minus risk on placebo and its limits, as fractions in [-1, 1] (limits of
        some methods reach a little beyond), as long as `names`.
    notes : sequence of str, optional
        Written beside each line, for example the number needed to harm.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text. Open markers: the interval holds 0.

    Raises
    ------
    ValueError, TypeError
        If lengths differ or a difference lies outside its limits.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = risk_differences(plots.axes(), ["headache", "nausea"], [0.031, 0.095],
    ...                       [-0.031, 0.033], [0.094, 0.159])
    >>> plots.picture(ax)
    Risk difference, drug minus placebo, in percentage points: headache 3.1 (-3.1 to 9.4, holds
    0), nausea 9.5 (3.3 to 15.9).
    """
    numbers("difference", difference, low=-1.0, high=1.0)
    limits = 100 * _limits(names, difference, low, high)
    _forest(axes, names, limits, notes)
    label(axes, "Risk on drug minus risk on placebo (percentage points)", "Event")
    said = _said(names, limits)
    sentence = f"Risk difference, drug minus placebo, in percentage points: {said}."
    return describe(axes, sentence)


def _limits(names: Sequence[str], difference: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Return rows (difference, low, high), one per name, after checking that they fit."""
    rows = np.stack(
        [
            _as_long_as(names, argument, numbers(argument, values))
            for argument, values in (("difference", difference), ("low", low), ("high", high))
        ],
        axis=1,
    )
    for name, (middle, left, right) in zip(names, rows, strict=True):
        if not left <= middle <= right:
            raise ValueError(
                f"difference must lie between low and high, got {middle:g} outside "
                f"{left:g} to {right:g} for {name!r}."
            )
    return rows


def _forest(axes: Axes, names: Sequence[str], limits: Floats, notes: Sequence[str] | None) -> None:
    """Draw a line, a marker (open when the line holds 0) and a note for each name."""
    if notes is not None and len(notes) != len(names):
        raise ValueError(f"notes must be as long as names ({len(names)}), got {len(notes)}.")
    colour, _, marker = CYCLE[0]
    axes.axvline(0, color=GREY, linewidth=1)
    for y, (middle, left, right) in enumerate(limits):
        axes.plot([left, right], [y, y], color=colour, linewidth=1.5)
        filling = "white" if left <= 0 <= right else colour
        axes.plot([middle], [y], marker, color=colour, markerfacecolor=filling)
        if notes is not None:
            axes.annotate(
                notes[y], (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8
            )
    _name_lines(axes, names)


def _name_lines(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.set_ylim(-0.6, len(names) - 0.4)


def _as_long_as(names: Sequence[str], argument: str, values: Floats) -> Floats:
    if values.shape != (len(names),):
        raise ValueError(
            f"{argument} must be one-dimensional and as long as names ({len(names)}), "
            f"got shape {values.shape}."
        )
    return values


def _said(names: Sequence[str], limits: Floats) -> str:
    return ", ".join(
        f"{name} {middle:.1f} ({left:.1f} to {right:.1f}"
        f"{', holds 0' if left <= 0 <= right else ''})"
        for name, (middle, left, right) in zip(names, limits, strict=True)
    )
