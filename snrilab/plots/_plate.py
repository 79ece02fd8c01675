"""The picture of a plate: counts where they were measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative
from snrilab.plots._style import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

_ROWS = "ABCDEFGHIJKLMNOP"


def plate(axes: Axes, well: Sequence[str], counts: ArrayLike, *, unit: str = "counts") -> Axes:
    """Draw the counts of a multi-well plate where they were measured.

    A gradient along rows or columns, or a lone bright well, shows here and not in a curve.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    well : sequence of str
        Names of the wells of one plate, from A1 to P24; the first eight rows and twelve columns
        are always drawn.
    counts : array_like
        What was counted in each well, >= 0, as long as `well`.
    unit : str, default "counts"
        Unit of the counts.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a name is no well, names repeat, or counts are not numbers >= 0 of the same length.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = plate(plots.axes(), ["A1", "A2", "B1"], [1520, 1490, 130])
    >>> plots.picture(ax)
    Plate with 3 wells in use: from 130 counts in well B1 to 1520 counts in well A1.
    """
    measured = nonnegative("counts", counts)
    names = [str(name) for name in np.ravel(np.asarray(well))]
    if measured.shape != (len(names),):
        raise ValueError(
            f"counts must be as long as well, got shape {measured.shape} for {len(names)} wells."
        )
    places = [_place(name) for name in names]
    if len(set(places)) < len(places):
        raise ValueError("well must name each well once, got one twice.")
    rows = max(8, 1 + max(row for row, _ in places))
    columns = max(12, 1 + max(column for _, column in places))
    table = np.full((rows, columns), np.nan)
    for place, count in zip(places, measured, strict=True):
        table[place] = count
    image = axes.imshow(table, cmap="cividis", vmin=0.0, aspect="equal")
    if table.size <= 96:
        bright = 0.6 * measured.max()
        for (row, column), count in zip(places, measured, strict=True):
            colour = "black" if count > bright else "white"
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour, size=7)
    axes.set_xticks(range(columns), [str(i + 1) for i in range(columns)])
    axes.set_yticks(range(rows), list(_ROWS[:rows]))
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.figure.colorbar(image, ax=axes, label=unit, shrink=0.8)
    axes.set_ylabel("Row")
    axes.set_xlabel("Column")
    lowest, highest = int(measured.argmin()), int(measured.argmax())
    return describe(
        axes,
        f"Plate with {len(names)} wells in use: from {measured[lowest]:.4g} {unit} in well "
        f"{names[lowest]} to {measured[highest]:.4g} {unit} in well {names[highest]}.",
    )


def _place(name: str) -> tuple[int, int]:
    """Row and column of a well, counted from 0."""
    found = re.fullmatch(r"([A-P])([1-9]\d?)", name)
    if found is None or int(found[2]) > 24:
        raise ValueError(f"well must hold names from A1 to P24, got {name!r}.")
    return _ROWS.index(found[1]), int(found[2]) - 1
