"""Pictures of competition: the curve, and what moves its IC50."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length
from snrilab.plots._style import BLACK, CYCLE, GREY, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["competition", "depletion", "radioligand_shift"]


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

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range or lengths differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = competition(plots.axes(), [0, 1, 10, 100], [2000, 1900, 1450, 500],
    ...                  top=2000, bottom=150, ic50_nM=28, ki_nM=20)
    >>> print(plots.alt_text(ax))
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


def radioligand_shift(axes: Axes, radioligand_nM: ArrayLike, *, ki_nM: float, kd_nM: float) -> Axes:
    """Draw one inhibitor at several radioligand concentrations: the IC50 moves, the Ki stays.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    radioligand_nM : array_like
        One to seven radioligand concentrations, nM, > 0.
    ki_nM : float
        Ki of the inhibitor, nM, > 0.
    kd_nM : float
        Kd of the radioligand, nM, > 0.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    References
    ----------
    Cheng Y, Prusoff WH (1973) Biochem Pharmacol 22:3099-3108. doi:10.1016/0006-2952(73)90196-2

    Examples
    --------
    >>> from snrilab import plots
    >>> print(plots.alt_text(radioligand_shift(plots.axes(), [0.5, 5], ki_nM=20, kd_nM=2.5)))
    Specific binding against inhibitor at 2 radioligand concentrations. The IC50 moves from 24 nM
    at 0.5 nM radioligand to 60 nM at 5 nM; the Ki is 20 nM throughout.
    """
    from snrilab import binding

    ligand = np.sort(np.atleast_1d(positive("radioligand_nM", radioligand_nM)))
    if ligand.size > len(CYCLE):
        raise ValueError(
            f"radioligand_nM must hold at most {len(CYCLE)} concentrations, got {ligand.size}."
        )
    ki, kd = (
        one_number("ki_nM", ki_nM, low=0.0, low_open=True),
        one_number("kd_nM", kd_nM, low=0.0, low_open=True),
    )
    ic50 = binding.ic50_from_ki(ki, ligand, kd)
    conc = np.geomspace(ki / 3000, 100 * ic50.max(), 300)
    for one, half, (colour, style, marker) in zip(ligand, ic50, CYCLE, strict=False):
        alone = binding.saturation(one, 100.0, kd)
        bound = binding.competition(conc, one, kd, ki, bmax=100.0)
        axes.plot(conc, 100 * bound / alone, color=colour, linestyle=style, lw=2)
        axes.plot(half, 50, color=colour, marker=marker, ls="")
        name = f"{one:.3g} nM: IC50 {half:.3g} nM"
        axes.plot([], [], color=colour, linestyle=style, marker=marker, label=name)
    axes.axvline(ki, color=GREY, lw=1, ls=(0, (2, 2)))
    axes.annotate("Ki ", (ki, 2), ha="right", color=GREY)
    axes.set_xscale("log")
    axes.set_ylim(0, 105)
    axes.legend(loc="lower left", frameon=False, fontsize=9, title="radioligand", title_fontsize=9)
    label(axes, "Inhibitor (nM)", "Specific binding\n(% of that without inhibitor)")
    return describe(
        axes,
        f"Specific binding against inhibitor at {ligand.size} radioligand concentrations. The IC50 "
        f"moves from {ic50[0]:.3g} nM at {ligand[0]:.3g} nM radioligand to {ic50[-1]:.3g} nM at "
        f"{ligand[-1]:.3g} nM; the Ki is {ki:.3g} nM throughout.",
    )


def depletion(
    axes: Axes, receptor_nM: ArrayLike, *, radioligand_nM: float, kd_nM: float, ki_nM: float
) -> Axes:
    """Draw the Ki that Cheng-Prusoff returns as more receptor uses up the ligands.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    receptor_nM : array_like
        Concentrations of binding sites in the tube, nM, > 0, at least two.
    radioligand_nM : float
        Radioligand added, nM, > 0.
    kd_nM, ki_nM : float
        Dissociation constants of radioligand and inhibitor, nM, > 0.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = depletion(plots.axes(), [0.01, 0.1, 1], radioligand_nM=1, kd_nM=1, ki_nM=5)
    >>> print(plots.alt_text(ax))
    Ki by Cheng-Prusoff, which ignores depletion, against receptor concentration: 5.01 nM at 0.01
    nM receptor (0.5 % of the radioligand bound) and 6.35 nM at 1 nM (38 % bound), while the true
    Ki is 5 nM.
    """
    from snrilab import binding

    receptor = np.sort(np.atleast_1d(positive("receptor_nM", receptor_nM)))
    if receptor.size < 2:
        raise ValueError(f"receptor_nM must hold at least 2 concentrations, got {receptor.size}.")
    ligand, kd = (
        one_number("radioligand_nM", radioligand_nM, low=0.0, low_open=True),
        one_number("kd_nM", kd_nM, low=0.0, low_open=True),
    )
    ki = one_number("ki_nM", ki_nM, low=0.0, low_open=True)
    fine = np.geomspace(receptor[0], receptor[-1], 200)

    def looks(receptor_nM: NDArray[np.float64]) -> NDArray[np.float64]:
        ic50 = binding.ic50_from_ki(ki, ligand, kd, receptor_nM)
        return np.asarray(binding.cheng_prusoff(ic50, ligand, kd))

    taken = 100 * binding.saturation_depletion(ligand, receptor, kd) / ligand
    apparent = looks(receptor)
    colour, style, marker = CYCLE[0]
    axes.plot(fine, looks(fine), color=colour, linestyle=style, lw=2)
    axes.plot(receptor, apparent, color=colour, linestyle="", marker=marker)
    axes.plot([], [], color=colour, linestyle=style, marker=marker, label="by Cheng-Prusoff")
    axes.axhline(ki, color=VERMILION, lw=1.5, ls=(0, (2, 2)), label="true Ki")
    if taken[0] < 10 < taken[-1]:
        percent = 100 * binding.saturation_depletion(ligand, fine, kd) / ligand
        limit = float(np.exp(np.interp(10.0, percent, np.log(fine))))
        axes.axvline(limit, color=GREY, lw=1, ls=":")
        axes.annotate("10 % bound ", (limit, 0), ha="right", va="bottom", color=GREY)
    axes.set_xscale("log")
    axes.set_ylim(0, 1.15 * apparent.max())
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    label(axes, "Receptor in the tube (nM)", "Ki (nM)")
    return describe(
        axes,
        "Ki by Cheng-Prusoff, which ignores depletion, against receptor concentration: "
        f"{apparent[0]:.3g} nM at {receptor[0]:.3g} nM receptor ({taken[0]:.2g} % of the "
        f"radioligand bound) and {apparent[-1]:.3g} nM at {receptor[-1]:.3g} nM "
        f"({taken[-1]:.2g} % bound), while the true Ki is {ki:.3g} nM.",
    )
