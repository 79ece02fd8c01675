"""Pictures of the way from plasma to transporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import fraction, nonnegative, same_length
from snrilab.plots._style import BLACK, BLUE, GREY, VERMILION, describe, label
from snrilab.plots.pk._curves import courses, legend_above, looks, time_axis, when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["hysteresis_loop", "occupancy_over_time"]

_PLATEAU = 0.8


def occupancy_over_time(axes: Axes, time_h: ArrayLike, occupancy: Mapping[str, ArrayLike]) -> Axes:
    """Draw occupancy over time, one curve per constant (or transporter, or dose).

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    occupancy : mapping of str to array_like
        One to seven curves by label, in [0, 1].

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled in percent, with the 80 % of usual antidepressant doses marked.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = occupancy_over_time(plots.axes(), [0, 12, 24],
    ...                          {"binding Ki": [0.85, 0.9, 0.8], "in-vivo EC50": [0.4, 0.5, 0.3]})
    >>> print(plots.alt_text(ax))
    Occupancy over 24 h. binding Ki: 80 to 90 %; in-vivo EC50: 30 to 50 %.
    """
    times, curves = courses("occupancy", time_h, occupancy)
    for curve in curves.values():
        fraction("occupancy", curve)
    per = time_axis(axes, times, "Transporter held (%)")
    parts = []
    for (text, curve), (colour, style, _) in zip(curves.items(), looks(list(curves)), strict=True):
        axes.plot(times / per, 100 * curve, color=colour, linestyle=style, lw=2, label=text)
        parts.append(f"{text}: {100 * curve.min():.0f} to {100 * curve.max():.0f} %")
    axes.axhline(100 * _PLATEAU, color=GREY, linestyle=":", lw=1.2)
    axes.text(times[0] / per, 100 * _PLATEAU + 1, " 80 %", color=GREY, fontsize=8, va="bottom")
    axes.set_ylim(0, 103)
    legend_above(axes)
    return describe(axes, f"Occupancy over {when(times[-1] - times[0], per)}. {'; '.join(parts)}.")


def hysteresis_loop(
    axes: Axes,
    conc_ng_per_mL: ArrayLike,
    direct: ArrayLike,
    delayed: ArrayLike,
    *,
    observed: tuple[ArrayLike, ArrayLike] | None = None,
) -> Axes:
    """Draw occupancy against plasma concentration in the order of time: a delay makes a loop.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    conc_ng_per_mL : array_like
        Plasma concentration in the order of time (ng/mL), >= 0, at least three values.
    direct, delayed : array_like
        Occupancy at the same times without and with a delay, in [0, 1].
    observed : pair of array_like, optional
        Plasma concentrations (ng/mL) and occupancies seen there.

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
    >>> ax = hysteresis_loop(plots.axes(), [0, 10, 20, 10, 5], [0, 0.7, 0.85, 0.7, 0.55],
    ...                      [0, 0.3, 0.7, 0.8, 0.7])
    >>> print(plots.alt_text(ax))
    Occupancy against plasma concentration. Without delay one curve up to 85 %; with a delay a loop,
    widest at 5 ng/mL: 15 % on the way up, 70 % on the way down.
    """
    conc = nonnegative("conc_ng_per_mL", conc_ng_per_mL)
    at_once, late = fraction("direct", direct), fraction("delayed", delayed)
    same_length(conc_ng_per_mL=conc, direct=at_once, delayed=late)
    if conc.size < 3:
        raise ValueError(f"conc_ng_per_mL must hold at least 3 values, got {conc.size}.")
    seen = None
    if observed is not None:
        seen = nonnegative("observed", observed[0]), fraction("observed", observed[1])
    order = np.argsort(conc)
    axes.plot(conc[order], 100 * at_once[order], color=BLUE, linestyle="--", lw=2, label="no delay")
    axes.plot(conc, 100 * late, color=VERMILION, lw=2, label="with a delay")
    _arrow(axes, conc, 100 * late)
    if seen is not None:
        axes.plot(seen[0], 100 * seen[1], color=BLACK, marker="o", ls="", ms=7, label="observed")
    axes.set_xlim(0, 1.05 * max(conc.max(), 1e-9))
    axes.set_ylim(0, 103)
    legend_above(axes, columns=3)
    label(axes, "Total in plasma (ng/mL)", "Transporter held (%)")
    where, rising, falling = _widest(conc, late)
    return describe(
        axes,
        f"Occupancy against plasma concentration. Without delay one curve up to "
        f"{100 * at_once.max():.0f} %; with a delay a loop, widest at {where:.3g} ng/mL: "
        f"{100 * rising:.0f} % on the way up, {100 * falling:.0f} % on the way down.",
    )


def _arrow(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Show the direction of time in the middle of the way up."""
    middle = max(1, int(np.argmax(x)) // 2)
    axes.annotate(
        "",
        xy=(x[middle], y[middle]),
        xytext=(x[middle - 1], y[middle - 1]),
        arrowprops={"arrowstyle": "-|>", "color": VERMILION, "lw": 2},
    )


def _widest(conc: np.ndarray, held: np.ndarray) -> tuple[float, float, float]:
    """Concentration at which the way up and the way down differ most, and both occupancies."""
    peak = int(np.argmax(conc))
    up, down = slice(0, peak + 1), slice(peak, None)
    up_order, down_order = np.argsort(conc[up]), np.argsort(conc[down])
    low = max(conc[up].min(), conc[down].min())
    grid = np.linspace(low, conc[peak], 201)
    rising = np.interp(grid, conc[up][up_order], held[up][up_order])
    falling = np.interp(grid, conc[down][down_order], held[down][down_order])
    at = int(np.argmax(np.abs(falling - rising)))
    return float(grid[at]), float(rising[at]), float(falling[at])
