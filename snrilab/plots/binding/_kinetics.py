"""Pictures of binding in time: association and dissociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length
from snrilab.plots._style import BLACK, CYCLE, LOOK, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["association", "dissociation"]


def association(
    axes: Axes,
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    *,
    kon_per_nM_min: float,
    koff_per_min: float,
    unit: str = "% of sites",
) -> Axes:
    """Draw how binding rises after the radioligand is added, for several concentrations.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_min : array_like
        Times after addition, min, >= 0, at least two.
    radioligand_nM : array_like
        One to seven radioligand concentrations, nM, > 0.
    kon_per_nM_min : float
        Association rate constant, per nM per min, > 0.
    koff_per_min : float
        Dissociation rate constant, per min, > 0.
    unit : str, default "% of sites"
        Unit of binding; all sites are 100.

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
    >>> ax = association(plots.axes(), [0, 30, 60, 120], [0.5, 5], kon_per_nM_min=0.02,
    ...                  koff_per_min=0.05)
    >>> print(plots.alt_text(ax))
    Association over 120 min. At 0.5 nM half of the final binding is reached after 12 min, at 5 nM
    after 4.6 min: more radioligand is not only more binding but faster equilibrium.
    """
    from snrilab import binding

    time = np.sort(np.atleast_1d(nonnegative("time_min", time_min)))
    if time.size < 2:
        raise ValueError(f"time_min must hold at least 2 times, got {time.size}.")
    ligand = np.sort(np.atleast_1d(positive("radioligand_nM", radioligand_nM)))
    if ligand.size > len(CYCLE):
        raise ValueError(
            f"radioligand_nM must hold at most {len(CYCLE)} concentrations, got {ligand.size}."
        )
    kon = one_number("kon_per_nM_min", kon_per_nM_min, low=0.0, low_open=True)
    koff = one_number("koff_per_min", koff_per_min, low=0.0, low_open=True)
    fine = np.linspace(0.0, time.max(), 200)
    for one, (colour, style, marker) in zip(ligand, CYCLE, strict=False):
        curve = binding.association(fine, one, kon, koff, 100.0)
        points = binding.association(time, one, kon, koff, 100.0)
        axes.plot(fine, curve, color=colour, linestyle=style, lw=2)
        axes.plot(time, points, color=colour, marker=marker, ls="", ms=5)
        axes.plot([], [], color=colour, linestyle=style, marker=marker, label=f"{one:.3g} nM")
    half_min = np.log(2) / (kon * ligand + koff)
    axes.set_xlim(0, time.max())
    axes.set_ylim(0, 105)
    axes.legend(frameon=False, ncols=2, fontsize=9, title="radioligand", title_fontsize=9)
    label(axes, "Time after adding radioligand (min)", f"Bound ({unit})")
    sentence = (
        f"Association over {time.max():.3g} min. At {ligand[0]:.3g} nM half of the final binding "
        f"is reached after {half_min[0]:.2g} min"
    )
    if ligand.size > 1:
        sentence += (
            f", at {ligand[-1]:.3g} nM after {half_min[-1]:.2g} min: more radioligand is not only "
            "more binding but faster equilibrium"
        )
    return describe(axes, sentence + ".")


def dissociation(
    axes: Axes, time_min: ArrayLike, bound: ArrayLike, *, koff_per_min: float, unit: str = "%"
) -> Axes:
    """Draw how binding decays after free radioligand is removed or blocked.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_min : array_like
        Times after the start of dissociation, min, >= 0, one-dimensional.
    bound : array_like
        Specific binding at each time, in `unit`.
    koff_per_min : float
        Fitted dissociation rate constant, per min, > 0.
    unit : str, default "%"
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
    >>> ax = dissociation(plots.axes(), [0, 10, 30], [100, 61, 22], koff_per_min=0.05)
    >>> print(plots.alt_text(ax))
    Dissociation over 30 min with koff = 0.05 per min: half of the complexes are gone every 14 min.
    """
    time, measured = nonnegative("time_min", time_min), numbers("bound", bound)
    same_length(time_min=time, bound=measured)
    koff = one_number("koff_per_min", koff_per_min, low=0.0, low_open=True)
    colour, style, marker = LOOK["specific"]
    fine = np.linspace(0.0, time.max(), 200)
    start = _best_start(time, measured, koff)
    axes.plot(fine, start * np.exp(-koff * fine), color=colour, ls=style, lw=2, label="fitted")
    axes.plot(time, measured, color=BLACK, marker=marker, ls="", label="measured")
    half_min = np.log(2) / koff
    if half_min < time.max():
        corner = ([half_min, half_min, 0], [0, start / 2, start / 2])
        axes.plot(*corner, color=VERMILION, lw=1.5, ls=(0, (2, 2)))
        axes.annotate(" half-life", (half_min, start / 2), color=VERMILION, va="bottom")
    axes.set_xlim(0, 1.03 * time.max())
    axes.set_ylim(min(0.0, float(measured.min())), 1.1 * max(start, float(measured.max())))
    axes.legend(loc="upper right", frameon=False, fontsize=9)
    label(axes, "Time (min)", f"Specifically bound ({unit})")
    return describe(
        axes,
        f"Dissociation over {time.max():.3g} min with koff = {koff:.3g} per min: half of the "
        f"complexes are gone every {half_min:.2g} min.",
    )


def _best_start(time: NDArray[Any], measured: NDArray[Any], koff: float) -> float:
    """Binding at time zero that fits best with this koff (least squares in closed form)."""
    decay = np.exp(-koff * time)
    return float(decay @ measured / (decay @ decay))
