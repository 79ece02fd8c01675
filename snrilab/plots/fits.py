"""Pictures of how sure a fit is: residuals, profile of a parameter, spread of an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, nonnegative, numbers, one_number, positive, same_length
from snrilab.plots._style import BLACK, BLUE, GREY, VERMILION, describe, label, plain_log_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding import Fit

__all__ = ["curve", "estimates", "profile", "residuals"]


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


def profile(axes: Axes, fit: Fit, name: str, *, level: float = 0.95) -> Axes:
    """Draw how much worse a fit becomes as one parameter is held away from its best value.

    The interval ends where the curve crosses the threshold. A curve that never gets there on one
    side means that the data set no limit on that side.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    fit : snrilab.binding.Fit
        A fit with at least one degree of freedom.
    name : str
        One of its fitted parameters that is positive, as in "ic50_nM".
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError
        If the fit has no such positive parameter or no degree of freedom, or `level` is outside
        its range.

    Examples
    --------
    >>> from snrilab import binding, plots
    >>> fit = binding.fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(plots.alt_text(profile(plots.axes(), fit, "ic50_nM")))
    Profile of ic50_nM: the fit is best at 10.6 nM; it crosses the 95 % threshold at 8.23 nM and
    14 nM.
    """
    from scipy.special import fdtri

    from snrilab import binding

    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    positive_names = [
        each for each, log in zip(fit.parameters, fit.problem.log, strict=True) if log
    ]
    choice("name", name, positive_names)
    if fit.df <= 0:
        raise ValueError("fit must have at least one degree of freedom to have a profile.")
    bounded = binding.profile_intervals(fit, level)[name]
    threshold = float(fdtri(1.0, fit.df, level))
    at, worse = _profile_curve(fit, name, (bounded.low, bounded.high))
    axes.plot(at, worse, color=BLUE, lw=2)
    axes.plot(bounded.value, 0, color=BLACK, marker="o", clip_on=False)
    axes.axhline(threshold, color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    percent = f"{100 * level:g} %"
    place = (bounded.value, threshold)
    axes.annotate(percent, place, ha="center", va="bottom", color=VERMILION)
    limits = [end for end in (bounded.low, bounded.high) if 0 < end < np.inf]
    for end in limits:
        axes.plot([end, end], [0, threshold], color=VERMILION, lw=1.5)
    axes.set_xlim(at.min(), at.max())
    plain_log_axis(axes)
    axes.set_ylim(0, 2.5 * threshold)
    unit = f" ({bounded.unit})" if bounded.unit else ""
    label(axes, f"{name} held at{unit}", "Rise in the sum of squares\n/ residual variance")
    ends = [f"{end:.3g} {bounded.unit}".rstrip() for end in limits]
    if len(ends) == 2:
        crossing = f"it crosses the {percent} threshold at {ends[0]} and {ends[1]}"
    elif ends:
        open_side = "above" if np.isinf(bounded.high) else "below"
        crossing = (
            f"it crosses the {percent} threshold only at {ends[0]}: the data set no limit from "
            f"{open_side}"
        )
    else:
        crossing = f"it stays below the {percent} threshold: the data set no limit"
    best = f"{bounded.value:.3g} {bounded.unit}".rstrip()
    return describe(axes, f"Profile of {name}: the fit is best at {best}; {crossing}.")


def _profile_curve(
    fit: Fit, name: str, limits: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Best fits with one positive parameter held, from well below to well above its limits."""
    from snrilab import binding

    best = np.log(fit[name].value)
    reach = [abs(np.log(end) - best) for end in limits if 0 < end < np.inf]
    widest = 1.6 * max(reach) if reach else np.log(1000)
    held_at = np.exp(best + np.linspace(-widest, widest, 81))
    return held_at, binding.profile_rise(fit, name, held_at)


def curve(
    axes: Axes,
    fit: Fit,
    *,
    x_label: str = "Inhibitor (nM)",
    y_label: str = "Bound (dpm)",
    rng: Any = 0,
) -> Axes:
    """Draw a fitted inhibition curve through its points, with a bootstrap band.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    fit : snrilab.binding.Fit
        A fit against one concentration, with at least one degree of freedom.
    x_label, y_label : str
        Names of the axes, with units.
    rng : None, int, SeedSequence or Generator, default 0
        Seed or generator of the bootstrap.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError
        If the fit has more than one independent variable or no degree of freedom.

    Examples
    --------
    >>> from snrilab import binding, plots
    >>> fit = binding.fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(plots.alt_text(curve(plots.axes(), fit, y_label="Uptake (%)")))
    Fitted curve through 7 points, from 98... down to 0.98...; the 95 % band is ... wide where it
    is widest.
    """
    from snrilab import binding

    if isinstance(fit.x, tuple):
        raise ValueError(f"fit must have one independent variable, got {len(fit.x)}.")
    conc, measured = fit.x, fit.y
    given = conc[conc > 0]
    fine = np.geomspace(given.min() / 10, 3 * given.max(), 200)
    low, high = binding.band(fit, fine, rng=rng)
    line = fit.predict(fine)
    axes.fill_between(fine, low, high, color=BLUE, alpha=0.18, lw=0, label="95 % band")
    axes.plot(fine, line, color=BLUE, lw=2, label="fitted")
    place = np.where(conc > 0, conc, given.min() / 10)
    axes.plot(place, measured, color=BLACK, marker="o", ls="", label="measured")
    axes.set_xscale("log")
    axes.set_ylim(min(0.0, float(measured.min())), 1.2 * max(float(measured.max()), high.max()))
    axes.legend(loc="upper right", frameon=False, fontsize=9)
    label(axes, x_label, y_label)
    return describe(
        axes,
        f"Fitted curve through {measured.size} points, from {line.max():.4g} down to "
        f"{line.min():.4g}; the 95 % band is {np.max(high - low):.3g} wide where it is widest.",
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
