"""Pictures of how sure a fit is: residuals, profile of a parameter, spread of an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length
from snrilab.plots._style import BLACK, BLUE, GREY, VERMILION, describe, label, plain_log_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["estimates", "profile", "residuals"]


def residuals(axes: Axes, conc_nM: ArrayLike, residual: ArrayLike, *, unit: str = "dpm") -> Axes:
    """Draw what the fitted curve leaves over, point by point, against concentration.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    conc_nM : array_like
        Concentrations, nM, >= 0, one-dimensional; 0 is drawn a decade below the lowest.
    residual : array_like
        Measured minus fitted at each concentration, in `unit`.
    unit : str, default "dpm"
        Unit of the residuals.

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
    >>> ax = residuals(plots.axes(), [1, 3, 10, 30], [40, -25, -30, 15])
    >>> print(plots.alt_text(ax))
    Residuals of 4 points against concentration: 2 above and 2 below the curve, the largest 40 dpm;
    in order of concentration their sign changes 2 times.
    """
    conc, left = nonnegative("conc_nM", conc_nM), numbers("residual", residual)
    same_length(conc_nM=conc, residual=left)
    given = conc[conc > 0]
    if given.size == 0:
        raise ValueError("conc_nM must hold a concentration > 0, got only 0.")
    place = np.where(conc > 0, conc, given.min() / 10)
    axes.axhline(0, color=GREY, lw=1)
    axes.vlines(place, 0, left, color=BLUE, lw=1)
    axes.plot(place, left, color=BLUE, marker="o", ls="")
    axes.set_xscale("log")
    reach = 1.25 * (np.abs(left).max() or 1.0)
    axes.set_ylim(-reach, reach)
    label(axes, "Concentration (nM)", f"Measured - fitted ({unit})")
    ordered = np.sign(left[np.argsort(conc, kind="stable")])
    changes = int(np.count_nonzero(np.diff(ordered[ordered != 0])))
    return describe(
        axes,
        f"Residuals of {left.size} points against concentration: {np.count_nonzero(left > 0)} "
        f"above and {np.count_nonzero(left < 0)} below the curve, the largest "
        f"{left[np.abs(left).argmax()]:.3g} {unit}; in order of concentration their sign changes "
        f"{changes} times.",
    )


def profile(
    axes: Axes,
    values: ArrayLike,
    distance: ArrayLike,
    *,
    threshold: float,
    estimate: float,
    low: float,
    high: float,
    name: str,
    unit: str = "nM",
    level: float = 0.95,
) -> Axes:
    """Draw how much worse the best fit becomes as one parameter is held away from its estimate.

    The interval ends where the curve crosses the threshold. A curve that never gets there on one
    side means that the data set no limit on that side.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    values : array_like
        Fixed values of the parameter, > 0, one-dimensional.
    distance : array_like
        How much worse the fit is there, >= 0: the likelihood ratio statistic, or F.
    threshold : float
        Value of `distance` at the ends of the interval, > 0.
    estimate : float
        Best value, > 0.
    low, high : float
        Limits of the interval; 0 and infinity stand for "no limit".
    name : str
        Name of the parameter, as in "IC50".
    unit : str, default "nM"
        Its unit.
    level : float, default 0.95
        Confidence level, in (0, 1).

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
    >>> ax = profile(plots.axes(), [20, 25, 28, 32, 40], [9, 1.5, 0, 1.8, 8], threshold=3.84,
    ...              estimate=28, low=23, high=35, name="IC50")
    >>> print(plots.alt_text(ax))
    Profile of IC50: the fit is best at 28 nM; it crosses the 95 % threshold at 23 nM and 35 nM.
    """
    at, worse = positive("values", values), nonnegative("distance", distance)
    same_length(values=at, distance=worse)
    limit = one_number("threshold", threshold, low=0.0, low_open=True)
    best = one_number("estimate", estimate, low=0.0, low_open=True)
    low = one_number("low", low, high=best, infinite=True)
    high = one_number("high", high, low=best, infinite=True)
    percent = 100 * one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    axes.plot(at, worse, color=BLUE, lw=2)
    axes.plot(best, 0, color=BLACK, marker="o", clip_on=False)
    axes.axhline(limit, color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    axes.annotate(f"{percent:g} %", (best, limit), ha="center", va="bottom", color=VERMILION)
    ends = [f"{end:.3g} {unit}" for end in (low, high) if 0 < end < np.inf]
    for end in (low, high):
        if 0 < end < np.inf:
            axes.plot([end, end], [0, limit], color=VERMILION, lw=1.5)
    axes.set_xlim(at.min(), at.max())
    plain_log_axis(axes)
    axes.set_ylim(0, 2.5 * limit)
    label(axes, f"{name} held at ({unit})", "How much worse the fit is")
    if len(ends) == 2:
        crossing = f"it crosses the {percent:g} % threshold at {ends[0]} and {ends[1]}"
    elif ends:
        open_side = "below" if low <= 0 else "above"
        crossing = (
            f"it crosses the {percent:g} % threshold only at {ends[0]}: the data set no limit "
            f"from {open_side}"
        )
    else:
        crossing = f"it stays below the {percent:g} % threshold: the data set no limit"
    return describe(
        axes,
        f"Profile of {name}: the fit is best at {best:.3g} {unit}; {crossing}.",
    )


def estimates(
    axes: Axes, values: ArrayLike, *, true: float, name: str = "Ki", unit: str = "nM"
) -> Axes:
    """Draw the estimates of many repeated experiments around the true value, on a log axis.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    values : array_like
        Estimates, > 0, at least five.
    true : float
        True value that the experiments were simulated with, > 0.
    name : str, default "Ki"
        What was estimated.
    unit : str, default "nM"
        Its unit.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range, or there are fewer than five estimates.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = estimates(plots.axes(), [17, 18, 19, 20, 21, 22, 24], true=20)
    >>> print(plots.alt_text(ax))
    Ki from 7 repeated experiments: median 20 nM, 95 % between 17.1 and 23.7 nM (a 1.4-fold range);
    the true value is 20 nM.
    """
    found = np.ravel(positive("values", values))
    if found.size < 5:
        raise ValueError(f"values must hold at least 5 estimates, got {found.size}.")
    truth = one_number("true", true, low=0.0, low_open=True)
    low, median, high = np.quantile(found, [0.025, 0.5, 0.975])
    edges = np.geomspace(found.min() / 1.02, found.max() * 1.02, max(8, round(found.size**0.5)) + 1)
    axes.hist(found, bins=edges.tolist(), color=BLUE, alpha=0.35, edgecolor=BLUE)
    axes.axvline(truth, color=VERMILION, lw=2, ls=(0, (2, 2)), label="true")
    axes.axvline(median, color=BLACK, lw=1.5, label="median")
    axes.axvspan(low, high, color=GREY, alpha=0.15, lw=0, label="middle 95 %")
    axes.set_xlim(min(edges[0], truth) / 1.02, max(edges[-1], truth) * 1.02)
    plain_log_axis(axes)
    axes.margins(y=0.25)
    axes.legend(loc="upper right", frameon=False, fontsize=9)
    label(axes, f"{name} ({unit})", "Experiments")
    return describe(
        axes,
        f"{name} from {found.size} repeated experiments: median {median:.3g} {unit}, 95 % between "
        f"{low:.3g} and {high:.3g} {unit} (a {high / low:.2g}-fold range); the true value is "
        f"{truth:.3g} {unit}.",
    )
