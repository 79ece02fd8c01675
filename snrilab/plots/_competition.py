"""A measured competition curve with its fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, same_length
from snrilab.plots._style import BLACK, CYCLE, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def competition(
    axes: Axes,
    inhibitor_nM: ArrayLike,
    bound: ArrayLike,
    *,
    top: float,
    bottom: float,
    ic50_nM: float,
    hill: float = 1.0,
    ki_nM: float | None = None,
    band: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    unit: str = "dpm",
) -> Axes:
    """Draw a competition assay on a log axis: points, fitted curve, IC50 and, if given, Ki.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    inhibitor_nM : array_like
        Inhibitor concentrations, nM, >= 0, one-dimensional; tubes without inhibitor are drawn
        one decade below the lowest concentration, with an open marker.
    bound : array_like
        Measured binding, in `unit`, as long as `inhibitor_nM`.
    top, bottom : float
        Fitted plateaus, in `unit`.
    ic50_nM : float
        Fitted IC50, nM, > 0.
    hill : float, default 1
        Fitted steepness, > 0.
    ki_nM : float, optional
        Ki computed from the IC50, nM, > 0; marked when given.
    band : tuple of array_like, optional
        Concentrations (nM, > 0), lower and upper limit of the curve; drawn as a shaded band.
    unit : str, default "dpm"
        Unit of binding.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = competition(plots.axes(), [0, 1, 10, 100], [2000, 1900, 1450, 500],
    ...                  top=2000, bottom=150, ic50_nM=28, ki_nM=20)
    >>> plots.picture(ax)
    Competition curve through 4 points: binding falls from 2000 dpm without inhibitor to 150 dpm,
    half way at IC50 = 28 nM; the Ki is 20 nM, 1.4 times lower.
    """
    from snrilab import binding

    conc, measured = nonnegative("inhibitor_nM", inhibitor_nM), numbers("bound", bound)
    same_length(inhibitor_nM=conc, bound=measured)
    top, bottom = one_number("top", top), one_number("bottom", bottom)
    ic50 = one_number("ic50_nM", ic50_nM, low=0.0, low_open=True)
    steepness = one_number("hill", hill, low=0.0, low_open=True)
    given = conc[conc > 0]
    ki = None if ki_nM is None else one_number("ki_nM", ki_nM, low=0.0, low_open=True)
    if given.size == 0:
        raise ValueError("inhibitor_nM must hold a concentration > 0, got only 0.")
    at_zero = given.min() / 10
    colour, style, marker = CYCLE[0]
    line_nM = np.geomspace(at_zero, 3 * given.max(), 300)
    line = top - (top - bottom) * binding.hill(line_nM, ic50, steepness)
    if band is not None:
        band_nM, low, high = (numbers("band", part) for part in band)
        axes.fill_between(band_nM, low, high, color=colour, alpha=0.18, lw=0, label="95 % band")
    axes.plot(line_nM, line, color=colour, linestyle=style, lw=2, label="fitted")
    axes.plot(given, measured[conc > 0], color=BLACK, ls="", marker=marker, label="measured")
    zero = measured[conc == 0]
    if zero.size:
        axes.plot(
            np.full(zero.size, at_zero), zero, "o", mfc="none", color=BLACK, label="none added"
        )
    half = 0.5 * (top + bottom)
    floor = min(0.0, float(measured.min()))
    axes.plot([ic50, ic50], [floor, half], color=BLACK, lw=1.5)
    axes.annotate(" IC50", (ic50, floor), ha="left", va="bottom")
    sentence = (
        f"Competition curve through {conc.size} points: binding falls from {top:.4g} {unit} "
        f"without inhibitor to {bottom:.4g} {unit}, half way at IC50 = {ic50:.3g} nM"
    )
    if ki is not None:
        axes.plot([ki, ki], [floor, half], color=VERMILION, lw=1.5, ls=(0, (2, 2)))
        axes.annotate("Ki ", (ki, floor), ha="right", va="bottom", color=VERMILION)
        sentence += f"; the Ki is {ki:.3g} nM, {ic50 / ki:.2g} times lower"
    axes.set_xscale("log")
    axes.set_ylim(floor, 1.2 * max(top, float(measured.max())))
    axes.legend(loc="upper right", frameon=False, ncols=2, fontsize=9)
    label(axes, "Inhibitor (nM)", f"Bound ({unit})")
    return describe(axes, sentence + ".")
