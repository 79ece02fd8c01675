"""Pictures of one transporter: occupancy, uptake beside an inhibitor, the rise a block can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab import mechanism
from snrilab._checks import nonnegative, one_number, positive
from snrilab.plots._style import BLUE, CYCLE, GREY, SKY, describe, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["fold_range", "occupancy_curves", "uptake_curves"]


def named(argument: str, values: Mapping[str, float]) -> dict[str, float]:
    """Return the values as positive floats, or raise naming the argument and the entry."""
    if not hasattr(values, "items") or not values:
        raise TypeError(f"{argument} must map at least one name to a number, got {values!r}.")
    return {
        name: one_number(f"{argument}[{name!r}]", value, low=0.0, low_open=True)
        for name, value in values.items()
    }


def occupancy_curves(
    axes: Axes,
    conc_nM: ArrayLike,
    kd_nM: Mapping[str, float],
    *,
    marked_nM: float | None = None,
) -> Axes:
    """Draw occupancy against concentration, one curve per constant.

    Made to show that binding Ki, uptake IC50 and in-vivo EC50 give different answers at one
    concentration.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    conc_nM : array_like
        Unbound concentrations, nM, > 0, increasing.
    kd_nM : mapping of str to float
        Constants by the name that the legend shows, nM, > 0.
    marked_nM : float, optional
        A concentration to mark, nM, > 0, for example the unbound mean at a dose.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a concentration or a constant is not positive.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = occupancy_curves(plots.axes(), [1, 10, 100, 1000], {"SERT": 19.0, "NET": 10.5},
    ...                       marked_nM=228)
    >>> print(plots.alt_text(ax))
    Occupancy against unbound concentration from 1 to 1000 nM. Half is occupied at 19 nM (SERT),
    10.5 nM (NET). At 228 nM: SERT 92 %, NET 96 %.
    """
    conc = np.atleast_1d(positive("conc_nM", conc_nM))
    constants = named("kd_nM", kd_nM)
    fine = np.geomspace(conc.min(), conc.max(), 300)
    sentence = (
        f"Occupancy against unbound concentration from {conc.min():g} to {conc.max():g} nM. "
        "Half is occupied at "
        + ", ".join(f"{kd:g} nM ({name})" for name, kd in constants.items())
        + "."
    )
    for (name, kd), (colour, style, marker) in zip(constants.items(), CYCLE, strict=False):
        axes.plot(
            fine, 100 * mechanism.occupancy(fine, kd), color=colour, ls=style, lw=2, label=name
        )
        axes.plot([kd], [50], color=colour, marker=marker, ls="")
    axes.axhline(50, color=GREY, lw=0.8, ls=":")
    if marked_nM is not None:
        at = one_number("marked_nM", marked_nM, low=0.0, low_open=True)
        axes.axvline(at, color=GREY, lw=1.2, ls="--")
        axes.annotate(f" {at:g} nM", (at, 2), color=GREY, fontsize=9)
        sentence += (
            f" At {at:g} nM: "
            + ", ".join(
                f"{name} {100 * mechanism.occupancy(at, kd):.0f} %"
                for name, kd in constants.items()
            )
            + "."
        )
    axes.set_xscale("log")
    axes.set_xlim(fine[0], fine[-1])
    axes.set_ylim(0, 102)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    label(axes, "Unbound concentration (nM)", "Occupancy (% of transporters)")
    return describe(axes, sentence)


def uptake_curves(
    axes: Axes,
    substrate_nM: ArrayLike,
    *,
    vmax: float,
    km_nM: float,
    ki_nM: float,
    inhibitor_nM: ArrayLike,
    unit: str = "% of Vmax",
    substrate: str = "5-HT",
) -> Axes:
    """Draw uptake against substrate at several inhibitor concentrations.

    The plateau stays, the concentration of half speed (marked) moves right: competition.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    substrate_nM : array_like
        Range of substrate, nM, >= 0.
    vmax : float
        Greatest rate, in `unit`, > 0.
    km_nM, ki_nM : float
        Michaelis and inhibition constants, nM, > 0.
    inhibitor_nM : array_like
        Inhibitor concentrations, nM, >= 0, one curve each (at most seven).
    unit : str, default "% of Vmax"
        Unit of the rate.
    substrate : str, default "5-HT"
        Name of the substrate.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a value is impossible or there are more than seven curves.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = uptake_curves(plots.axes(), [0, 3000], vmax=100, km_nM=463, ki_nM=11.2,
    ...                    inhibitor_nM=[0, 11.2])
    >>> print(plots.alt_text(ax))
    Uptake of 5-HT up to 3000 nM. The concentration of half speed moves right with the inhibitor:
    463 nM at 0 nM, 926 nM at 11.2 nM; the greatest rate, 100 % of Vmax, stays.
    """
    given = np.atleast_1d(nonnegative("substrate_nM", substrate_nM))
    inhibitors = np.atleast_1d(nonnegative("inhibitor_nM", inhibitor_nM))
    greatest = one_number("vmax", vmax, low=0.0, low_open=True)
    km = one_number("km_nM", km_nM, low=0.0, low_open=True)
    ki = one_number("ki_nM", ki_nM, low=0.0, low_open=True)
    if inhibitors.size > len(CYCLE):
        raise ValueError(
            f"inhibitor_nM may name at most {len(CYCLE)} curves, got {inhibitors.size}."
        )
    line = np.linspace(0.0, given.max(), 300)
    halves = km * (1 + inhibitors / ki)
    for inhibitor, half, (colour, style, marker) in zip(inhibitors, halves, CYCLE, strict=False):
        rate = mechanism.uptake_rate(line, greatest, km, inhibitor, ki)
        axes.plot(line, rate, color=colour, ls=style, lw=2, label=f"{inhibitor:g} nM")
        if half <= line[-1]:
            axes.plot([half], [greatest / 2], color=colour, marker=marker, ls="")
    axes.axhline(greatest, color=GREY, lw=0.8, ls=":")
    axes.annotate("Vmax", (line[-1], greatest), ha="right", va="bottom", color=GREY, fontsize=9)
    axes.axhline(greatest / 2, color=GREY, lw=0.8, ls=":")
    axes.set_xlim(0, line[-1])
    axes.set_ylim(0, 1.1 * greatest)
    axes.legend(
        title="inhibitor", frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0)
    )
    label(axes, f"{substrate} (nM)", f"Uptake ({unit})")
    moved = ", ".join(f"{h:.4g} nM at {i:g} nM" for i, h in zip(inhibitors, halves, strict=True))
    return describe(
        axes,
        f"Uptake of {substrate} up to {line[-1]:g} nM. The concentration of half speed moves right "
        f"with the inhibitor: {moved}; the greatest rate, {greatest:g} {unit}, stays.",
    )


def fold_range(axes: Axes, f_low: float, f_high: float, *, transmitter: str = "5-HT") -> Axes:
    """Draw the rise of transmitter against block for a range of non-transporter clearance.

    The rise is gentle up to half block and steep towards a full one: the last tenth of the
    transporters matters as much as the first nine.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    f_low, f_high : float
        Lowest and highest share of clearance outside the transporter, in (0, 1].
    transmitter : str, default "5-HT"
        Name for the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a share lies outside (0, 1] or the two are in the wrong order.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = fold_range(plots.axes(), 0.1, 1 / 6.4)
    >>> print(plots.alt_text(ax))
    Rise of 5-HT against the blocked share of the transporters, without autoreceptor brake: 3.1 to
    3.6-fold at 80 %, 4.2 to 5.3-fold at 90 %, 6.4 to 10.0-fold at 100 % block.
    """
    low = one_number("f_low", f_low, low=0.0, high=1.0, low_open=True)
    high = one_number("f_high", f_high, low=low, high=1.0)
    block = np.linspace(0.0, 1.0, 301)
    most, least = mechanism.fold_increase(block, low), mechanism.fold_increase(block, high)
    axes.fill_between(100 * block, least, most, color=SKY, alpha=0.35, lw=0)
    axes.plot(100 * block, most, color=BLUE, lw=2, label=f"f = {low:.2g}")
    axes.plot(100 * block, least, color=BLUE, lw=2, ls="--", label=f"f = {high:.2g}")
    said = []
    for at in (0.8, 0.9, 1.0):
        bottom, top = mechanism.fold_increase(at, high), mechanism.fold_increase(at, low)
        axes.plot([100 * at] * 2, [bottom, top], color=GREY, lw=1.2, marker="_")
        axes.annotate(
            f"{bottom:.1f}–{top:.1f}×",
            (100 * at, top),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            color=GREY,
            fontsize=9,
        )
        said.append(f"{bottom:.1f} to {top:.1f}-fold at {100 * at:.0f} %")
    axes.set_xlim(0, 103)
    axes.set_ylim(0, 1.12 * most.max())
    axes.legend(title="share of other clearance", frameon=False, fontsize=9, loc="upper left")
    label(axes, "Transporters blocked (%)", f"{transmitter} (fold of untreated)")
    return describe(
        axes,
        f"Rise of {transmitter} against the blocked share of the transporters, without "
        f"autoreceptor brake: {', '.join(said)} block.",
    )
