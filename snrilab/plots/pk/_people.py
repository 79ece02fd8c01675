"""Pictures of what differs between people: bands, interactions, renal function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import one_number
from snrilab.plots._style import BLUE, GREY, ORANGE, VERMILION, describe
from snrilab.plots.pk._curves import (
    PLASMA,
    course,
    courses,
    legend_above,
    looks,
    time_axis,
    when,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from snrilab.pk import Bands

__all__ = ["bands", "interaction", "renal_groups"]


def bands(axes: Axes, band: Bands) -> Axes:
    """Draw percentiles of concentration over virtual patients.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    band : Bands
        From `snrilab.pk.concentration_bands`, with an odd number of percentiles: the middle one
        is drawn as a line, the others as nested bands around it.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `band` is not a band with an odd number of percentiles.

    Examples
    --------
    >>> import numpy as np
    >>> from snrilab import pk, plots
    >>> people = pk.population(500, pk.drug("levomilnacipran"), rng=1)
    >>> band = pk.concentration_bands(people, pk.repeat(120, times=8), np.arange(168, 192.0))
    >>> print(plots.alt_text(bands(plots.axes(), band)))
    500 virtual patients. The median peaks at 336 ng/mL after 175 h, when the 5th percentile is 239
    and the 95th 467 ng/mL.
    """
    if not hasattr(band, "percentiles"):
        raise TypeError(f"band must be a Bands, got {band!r}.")
    order = np.argsort(band.percentiles)
    if order.size % 2 == 0:
        raise ValueError(f"band must hold an odd number of percentiles, got {order.size}.")
    times, _ = course("band", band.time_h, np.zeros(len(band.time_h)))
    rows = band.ng_per_mL[order][:, np.argsort(band.time_h, kind="stable")].astype(float)
    names = np.asarray(band.percentiles)[order]
    per = time_axis(axes, times, PLASMA)
    middle = order.size // 2
    for i in range(middle):
        text = f"{_ordinal(names[i])} to {_ordinal(names[-1 - i])} percentile"
        axes.fill_between(
            times / per, rows[i], rows[-1 - i], color=BLUE, alpha=0.2, lw=0, label=text
        )
    median = rows[middle]
    middle_name = "median" if names[middle] == 50 else f"{_ordinal(names[middle])} percentile"
    axes.plot(times / per, median, color=BLUE, lw=2, label=middle_name)
    legend_above(axes)
    axes.set_ylim(0, 1.1 * max(rows.max(), 1e-9))
    top = int(np.argmax(median))
    sentence = (
        f"{band.n} virtual patients. The {middle_name} peaks at {median[top]:.3g} ng/mL after "
        f"{when(times[top], per)}"
    )
    if middle:
        sentence += (
            f", when the {_ordinal(names[0])} percentile is {rows[0, top]:.3g} and the "
            f"{_ordinal(names[-1])} {rows[-1, top]:.3g} ng/mL"
        )
    return describe(axes, sentence + ".")


def _ordinal(percent: float) -> str:
    whole = f"{percent:g}"
    if whole[-2:] in ("11", "12", "13"):
        return f"{whole}th"
    return whole + {"1": "st", "2": "nd", "3": "rd"}.get(whole[-1], "th")


def interaction(
    axes: Axes,
    time_h: ArrayLike,
    alone_ng_per_mL: ArrayLike,
    together_ng_per_mL: ArrayLike,
    *,
    start_h: float,
    stop_h: float,
    other: str,
) -> Axes:
    """Draw a drug's course while another drug is started and stopped.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    alone_ng_per_mL, together_ng_per_mL : array_like
        Concentration without and with the other drug (ng/mL), >= 0.
    start_h, stop_h : float
        When the other drug acts (h), `stop_h` > `start_h`.
    other : str
        Name of the other drug.

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
    >>> ax = interaction(plots.axes(), [0, 24, 48, 60], [0, 30, 35, 36], [0, 30, 45, 52],
    ...                  start_h=24, stop_h=60, other="ketoconazole")
    >>> print(plots.alt_text(ax))
    Concentration with and without ketoconazole, which acts from 24 h to 60 h: the highest value is
    52 ng/mL instead of 36 ng/mL, 1.44-fold.
    """
    times, alone = course("alone_ng_per_mL", time_h, alone_ng_per_mL)
    _, together = course("together_ng_per_mL", time_h, together_ng_per_mL)
    start = one_number("start_h", start_h)
    stop = one_number("stop_h", stop_h, low=start, low_open=True)
    per = time_axis(axes, times, PLASMA)
    axes.axvspan(start / per, stop / per, color=ORANGE, alpha=0.15, lw=0, label=f"{other} acts")
    axes.plot(times / per, together, color=VERMILION, lw=2, label=f"with {other}")
    axes.plot(times / per, alone, color=GREY, linestyle="--", lw=1.5, label="alone")
    legend_above(axes)
    axes.set_ylim(0, 1.1 * max(alone.max(), together.max(), 1e-9))
    fold = together.max() / alone.max() if alone.max() else 1.0
    return describe(
        axes,
        f"Concentration with and without {other}, which acts from {when(start, per)} to "
        f"{when(stop, per)}: the highest value is {together.max():.3g} ng/mL instead of "
        f"{alone.max():.3g} ng/mL, {fold:.3g}-fold.",
    )


def renal_groups(axes: Axes, time_h: ArrayLike, conc_ng_per_mL: Mapping[str, ArrayLike]) -> Axes:
    """Draw one dose in groups of renal function on a logarithmic scale, where slopes show.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    conc_ng_per_mL : mapping of str to array_like
        Concentration by group (ng/mL), >= 0.

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
    >>> ax = renal_groups(plots.axes(), [1, 6, 24, 48],
    ...                   {"normal": [20, 84, 31, 8], "severe": [25, 100, 70, 42]})
    >>> print(plots.alt_text(ax))
    One dose by renal function, logarithmic scale. normal: highest 84, after 48 h 8 ng/mL; severe:
    highest 100, after 48 h 42 ng/mL.
    """
    times, curves = courses("conc_ng_per_mL", time_h, conc_ng_per_mL)
    per = time_axis(axes, times, PLASMA)
    parts = []
    for (text, curve), (colour, style, _) in zip(curves.items(), looks(list(curves)), strict=True):
        shown = np.where(curve > 0, curve, np.nan)
        axes.plot(times / per, shown, color=colour, linestyle=style, lw=2, label=text)
        parts.append(
            f"{text}: highest {curve.max():.3g}, after {when(times[-1], per)} {curve[-1]:.3g} ng/mL"
        )
    axes.set_yscale("log")
    highest = max(1e-9, *(float(curve.max()) for curve in curves.values()))
    positive = [curve[curve > 0].min() for curve in curves.values() if curve.any()]
    axes.set_ylim(max(min(positive, default=highest / 100), highest / 1000) / 1.5, 2 * highest)
    legend_above(axes, columns=4, title="renal function")
    return describe(axes, f"One dose by renal function, logarithmic scale. {'; '.join(parts)}.")
