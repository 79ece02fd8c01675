"""The picture of a plate: counts where they were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import nonnegative
from snrilab.plots._style import describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["plate"]


def plate(axes: Axes, counts: ArrayLike, *, unit: str = "dpm") -> Axes:
    """Draw the counts of a multi-well plate where they were measured.

    A gradient along rows or columns, or a lone bright well, shows here and not in a curve.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    counts : array_like
        Counts by row and column (8 x 12 for a 96-well plate), >= 0; at most 16 x 24.
    unit : str, default "dpm"
        Unit of the counts.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `counts` is not a table of numbers >= 0 of a plate's size.

    Examples
    --------
    >>> from snrilab import plots
    >>> print(plots.alt_text(plate(plots.axes(), [[1520, 1490], [760, 130]])))
    Plate of 2 rows and 2 columns: from 130 dpm in well B2 to 1520 dpm in well A1.
    """
    wells = nonnegative("counts", counts)
    if wells.ndim != 2 or wells.shape[0] > 16 or wells.shape[1] > 24:
        raise ValueError(
            f"counts must be a table of at most 16 rows and 24 columns, got shape {wells.shape}."
        )
    rows, columns = wells.shape
    letters = "ABCDEFGHIJKLMNOP"[:rows]
    picture = axes.imshow(wells, cmap="cividis", vmin=0.0, aspect="equal")
    if wells.size <= 96:
        bright = 0.6 * wells.max()
        for (row, column), count in np.ndenumerate(wells):
            colour = "black" if count > bright else "white"
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour, size=7)
    axes.set_xticks(range(columns), [str(i + 1) for i in range(columns)])
    axes.set_yticks(range(rows), list(letters))
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.figure.colorbar(picture, ax=axes, label=f"counts ({unit})", shrink=0.8)
    axes.set_ylabel("Row")
    axes.set_xlabel("Column")
    return describe(
        axes,
        f"Plate of {rows} rows and {columns} columns: from {wells.min():.4g} {unit} in well "
        f"{_well(wells.argmin(), columns)} to {wells.max():.4g} {unit} in well "
        f"{_well(wells.argmax(), columns)}.",
    )


def _well(index: Any, columns: int) -> str:
    return f"{'ABCDEFGHIJKLMNOP'[int(index) // columns]}{int(index) % columns + 1}"
