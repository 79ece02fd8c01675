"""Pictures of saturation binding: the curve, and its historical straightening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length
from snrilab.plots._style import BLACK, BLUE, LOOK, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["saturation", "scatchard"]


def saturation(
    axes: Axes,
    conc_nM: ArrayLike,
    total: ArrayLike,
    nonspecific: ArrayLike,
    *,
    bmax: float,
    kd_nM: float,
    nonspecific_per_nM: float,
    unit: str = "fmol/mg protein",
) -> Axes:
    """Draw a saturation experiment: measured total and nonspecific, fitted curves, Kd and Bmax.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    conc_nM : array_like
        Free radioligand concentrations, nM, >= 0, one-dimensional.
    total, nonspecific : array_like
        Measured binding at each concentration, in `unit`.
    bmax : float
        Fitted density of sites, in `unit`, > 0.
    kd_nM : float
        Fitted dissociation constant, nM, > 0.
    nonspecific_per_nM : float
        Fitted slope of nonspecific binding, `unit` per nM, >= 0.
    unit : str, default "fmol/mg protein"
        Unit of binding.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range or lengths differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = saturation(plots.axes(), [1, 2, 8], [180, 290, 520], [20, 40, 160],
    ...                 bmax=450, kd_nM=2, nonspecific_per_nM=20)
    >>> print(plots.alt_text(ax))
    Saturation binding at 3 concentrations up to 8 nM. Specific binding levels off towards Bmax =
    450 fmol/mg protein and is half of that at Kd = 2 nM; nonspecific binding is a straight line
    that reaches 160 fmol/mg protein.
    """
    from snrilab import binding

    conc = nonnegative("conc_nM", conc_nM)
    measured = {
        "total": numbers("total", total),
        "nonspecific": numbers("nonspecific", nonspecific),
    }
    same_length(conc_nM=conc, **measured)
    bmax, kd = (
        one_number("bmax", bmax, low=0.0, low_open=True),
        one_number("kd_nM", kd_nM, low=0.0, low_open=True),
    )
    slope = one_number("nonspecific_per_nM", nonspecific_per_nM, low=0.0)
    line_nM = np.linspace(0.0, 1.05 * conc.max(), 200)
    lines = {"specific": binding.saturation(line_nM, bmax, kd), "nonspecific": slope * line_nM}
    lines["total"] = lines["specific"] + lines["nonspecific"]
    measured["specific"] = measured["total"] - measured["nonspecific"]
    for kind in ("total", "nonspecific", "specific"):
        colour, style, marker = LOOK[kind]
        axes.plot(line_nM, lines[kind], color=colour, linestyle=style, lw=2)
        axes.plot(conc, measured[kind], color=colour, linestyle="", marker=marker)
        axes.plot([], [], color=colour, linestyle=style, marker=marker, label=kind)
    axes.axhline(bmax, color=BLUE, lw=1, ls=(0, (6, 4)))
    axes.annotate("Bmax", (line_nM[-1], bmax), ha="right", va="bottom", color=BLUE)
    axes.plot([kd, kd, 0], [0, bmax / 2, bmax / 2], color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    axes.annotate(" Kd", (kd, bmax / 2), ha="left", va="top", color=VERMILION)
    axes.set_xlim(0, line_nM[-1])
    axes.set_ylim(0, 1.22 * max(lines["total"].max(), measured["total"].max(), bmax))
    axes.legend(loc="upper left", frameon=False, ncols=3, fontsize=9)
    label(axes, "Free radioligand (nM)", f"Bound ({unit})")
    return describe(
        axes,
        f"Saturation binding at {conc.size} concentrations up to {conc.max():.3g} nM. Specific "
        f"binding levels off towards Bmax = {bmax:.3g} {unit} and is half of that at Kd = "
        f"{kd:.3g} nM; nonspecific binding is a straight line that reaches "
        f"{slope * conc.max():.3g} {unit}.",
    )


def scatchard(
    axes: Axes,
    free_nM: ArrayLike,
    specific: ArrayLike,
    *,
    bmax: float,
    kd_nM: float,
    unit: str = "fmol/mg protein",
) -> Axes:
    """Draw bound/free against bound (Rosenthal or Scatchard plot), a historical diagnostic.

    One class of sites gives a straight line with slope -1/Kd that meets the axis at Bmax; a bend
    hints at more than one class, depletion or a wrong nonspecific. It distorts the noise, so the
    line drawn here belongs to the fit of the curve, not to a regression through these points.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    free_nM : array_like
        Free radioligand concentrations, nM, > 0, one-dimensional.
    specific : array_like
        Specific binding at each concentration, in `unit`.
    bmax : float
        Density of sites from a fit of the saturation curve, in `unit`, > 0.
    kd_nM : float
        Dissociation constant from that fit, nM, > 0.
    unit : str, default "fmol/mg protein"
        Unit of binding.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range or lengths differ.

    References
    ----------
    Scatchard G (1949) Ann N Y Acad Sci 51:660-672. doi:10.1111/j.1749-6632.1949.tb27297.x
    Rosenthal HE (1967) Anal Biochem 20:525-532. doi:10.1016/0003-2697(67)90297-7

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = scatchard(plots.axes(), [1, 2, 8], [150, 225, 360], bmax=450, kd_nM=2)
    >>> print(plots.alt_text(ax))
    Scatchard plot of 3 points around the straight line of the fitted curve, which falls from
    bound/free = 225 to zero at Bmax = 450 fmol/mg protein; its slope is -1/Kd with Kd = 2 nM.
    """
    free, bound = positive("free_nM", free_nM), numbers("specific", specific)
    same_length(free_nM=free, specific=bound)
    bmax, kd = (
        one_number("bmax", bmax, low=0.0, low_open=True),
        one_number("kd_nM", kd_nM, low=0.0, low_open=True),
    )
    colour, _, marker = LOOK["specific"]
    axes.plot([0, bmax], [bmax / kd, 0], color=colour, lw=2, label="from the curve fit")
    axes.plot(bound, bound / free, color=BLACK, ls="", marker=marker, label="measured")
    axes.annotate("Bmax ", (bmax, 0), ha="right", va="bottom", color=colour)
    axes.set_xlim(0, 1.15 * max(bmax, bound.max()))
    axes.set_ylim(0, 1.25 * max(bmax / kd, (bound / free).max()))
    axes.legend(loc="upper right", frameon=False, fontsize=9)
    label(axes, f"Bound ({unit})", f"Bound / free ({unit} per nM)")
    return describe(
        axes,
        f"Scatchard plot of {free.size} points around the straight line of the fitted curve, which "
        f"falls from bound/free = {bmax / kd:.3g} to zero at Bmax = {bmax:.3g} {unit}; its slope "
        f"is -1/Kd with Kd = {kd:.3g} nM.",
    )
