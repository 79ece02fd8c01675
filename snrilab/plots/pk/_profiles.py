"""Pictures of concentration over time under a regimen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, same_length
from snrilab.plots._style import BLUE, GREY, VERMILION, describe
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

    from snrilab.pk import SteadyState

__all__ = ["build_up", "missed_dose", "profiles", "titration"]


def profiles(axes: Axes, time_h: ArrayLike, conc_ng_per_mL: Mapping[str, ArrayLike]) -> Axes:
    """Draw concentration over time, one curve per drug, model or product.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    conc_ng_per_mL : mapping of str to array_like
        One to seven curves by label (ng/mL), >= 0.

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
    >>> ax = profiles(plots.axes(), [0, 2, 6, 24], {"ER": [0, 25, 84, 31], "IR": [0, 90, 70, 24]})
    >>> print(plots.alt_text(ax))
    Concentration over 24 h. ER peaks at 84 ng/mL after 6 h; IR peaks at 90 ng/mL after 2 h.
    """
    times, curves = courses("conc_ng_per_mL", time_h, conc_ng_per_mL)
    per = time_axis(axes, times, PLASMA)
    parts = []
    for (text, curve), (colour, style, _) in zip(curves.items(), looks(list(curves)), strict=True):
        axes.plot(times / per, curve, color=colour, linestyle=style, lw=2, label=text)
        top = int(np.argmax(curve))
        parts.append(f"{text} peaks at {curve[top]:.3g} ng/mL after {when(times[top], per)}")
    legend_above(axes)
    axes.set_ylim(0, 1.08 * max(1e-9, *(float(curve.max()) for curve in curves.values())))
    return describe(
        axes, f"Concentration over {when(times[-1] - times[0], per)}. {'; '.join(parts)}."
    )


def build_up(
    axes: Axes, time_h: ArrayLike, conc_ng_per_mL: ArrayLike, *, steady: SteadyState
) -> Axes:
    """Draw how repeated doses build up to steady state.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    conc_ng_per_mL : array_like
        Concentration at these times (ng/mL), >= 0.
    steady : SteadyState
        Where it settles, from `snrilab.pk.steady_state`.

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
    >>> import numpy as np
    >>> from snrilab import pk, plots
    >>> lvm, hours = pk.drug("levomilnacipran"), np.arange(0, 120, 0.5)
    >>> ax = build_up(plots.axes(), hours, pk.concentration(lvm, pk.repeat(120, times=5), hours),
    ...               steady=pk.steady_state(lvm, 120))
    >>> print(plots.alt_text(ax))
    Repeated doses build up to a peak of 338 and a lowest value of 120 ng/mL, 216 ng/mL on average;
    the highest value drawn is 338 ng/mL. Peaks accumulate 1.33-fold.
    """
    times, curve = course("conc_ng_per_mL", time_h, conc_ng_per_mL)
    if not hasattr(steady, "cmax_ng_per_mL"):
        raise TypeError(f"steady must be a SteadyState, got {steady!r}.")
    per = time_axis(axes, times, PLASMA)
    axes.plot(times / per, curve, color=BLUE, lw=2, label="concentration")
    levels = (
        (steady.cmax_ng_per_mL, ":", "steady-state peak"),
        (steady.cavg_ng_per_mL, "-.", "steady-state mean"),
        (steady.cmin_ng_per_mL, "--", "steady-state lowest"),
    )
    for height, style, text in levels:
        axes.axhline(height, color=GREY, linestyle=style, lw=1.2, label=text)
    legend_above(axes)
    axes.set_ylim(0, 1.1 * max(steady.cmax_ng_per_mL, curve.max()))
    return describe(
        axes,
        f"Repeated doses build up to a peak of {steady.cmax_ng_per_mL:.3g} and a lowest value of "
        f"{steady.cmin_ng_per_mL:.3g} ng/mL, {steady.cavg_ng_per_mL:.3g} ng/mL on average; the "
        f"highest value drawn is {curve.max():.3g} ng/mL. Peaks accumulate "
        f"{steady.accumulation_cmax:.3g}-fold.",
    )


def titration(
    axes: Axes,
    time_h: ArrayLike,
    conc_ng_per_mL: ArrayLike,
    *,
    dose_time_h: ArrayLike,
    dose_mg: ArrayLike,
) -> Axes:
    """Draw concentration above the doses that make it, for a titration or a taper.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; a second y axis for the doses is added.
    time_h : array_like
        Times (h), finite, at least two.
    conc_ng_per_mL : array_like
        Concentration at these times (ng/mL), >= 0.
    dose_time_h, dose_mg : array_like
        When which dose is taken (h, mg), as in a `snrilab.pk.Regimen`.

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
    >>> import numpy as np
    >>> from snrilab import pk, plots
    >>> steps, hours = pk.titration(), np.arange(0, 192.0)
    >>> conc = pk.concentration(pk.drug("levomilnacipran"), steps, hours)
    >>> ax = titration(plots.axes(), hours, conc, dose_time_h=steps.time_h, dose_mg=steps.dose_mg)
    >>> print(plots.alt_text(ax))
    Doses of 20, 40, 80, 120 mg in turn; concentration rises to 321 ng/mL after 7.29 days.
    """
    times, curve = course("conc_ng_per_mL", time_h, conc_ng_per_mL)
    taken_h = np.atleast_1d(numbers("dose_time_h", dose_time_h))
    doses = np.atleast_1d(nonnegative("dose_mg", dose_mg))
    same_length(dose_time_h=taken_h, dose_mg=doses)
    per = time_axis(axes, times, PLASMA)
    axes.plot(times / per, curve, color=BLUE, lw=2)
    below = axes.twinx()
    below.vlines(taken_h / per, 0, doses, color=VERMILION, lw=3, alpha=0.7, clip_on=False)
    below.plot(taken_h / per, doses, color=VERMILION, marker="s", ls="", ms=4, clip_on=False)
    below.set_ylim(0, 3.2 * max(doses.max(), 1e-9))
    below.set_ylabel("Dose (mg free base)", color=VERMILION)
    below.spines["top"].set_visible(False)
    axes.set_ylim(0, 1.1 * max(curve.max(), 1e-9))
    # In front, so that doses never hide the curve.
    axes.set_zorder(below.get_zorder() + 1)
    axes.patch.set_visible(False)
    steps = doses[np.concatenate([[True], np.diff(doses) != 0])]
    top = int(np.argmax(curve))
    return describe(
        axes,
        f"Doses of {', '.join(f'{dose:g}' for dose in steps)} mg in turn; concentration rises to "
        f"{curve[top]:.3g} ng/mL after {when(times[top], per)}.",
    )


def missed_dose(
    axes: Axes,
    time_h: ArrayLike,
    usual_ng_per_mL: ArrayLike,
    changed_ng_per_mL: ArrayLike,
    *,
    missed_h: float,
    what: str = "missed",
) -> Axes:
    """Draw what one missed, late or doubled dose does.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    time_h : array_like
        Times (h), finite, at least two.
    usual_ng_per_mL, changed_ng_per_mL : array_like
        Concentration with every dose on time, and with the change (ng/mL), >= 0.
    missed_h : float
        When the dose was due (h).
    what : str, default "missed"
        What happened to the dose.

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
    >>> ax = missed_dose(plots.axes(), [0, 24, 47, 72], [10, 20, 18, 20], [10, 20, 9, 16],
    ...                  missed_h=24)
    >>> print(plots.alt_text(ax))
    The dose due at 24 h is missed: concentration then differs most at 47 h, 9 instead of 18 ng/mL.
    """
    times, usual = course("usual_ng_per_mL", time_h, usual_ng_per_mL)
    _, changed = course("changed_ng_per_mL", time_h, changed_ng_per_mL)
    due = one_number("missed_h", missed_h)
    per = time_axis(axes, times, PLASMA)
    axes.plot(times / per, usual, color=GREY, linestyle="--", lw=1.5, label="every dose on time")
    axes.plot(times / per, changed, color=VERMILION, lw=2, label=f"one dose {what}")
    axes.axvline(due / per, color=GREY, linestyle=":", lw=1)
    legend_above(axes)
    axes.set_ylim(0, 1.1 * max(usual.max(), changed.max(), 1e-9))
    most = int(np.argmax(np.abs(usual - changed)))
    return describe(
        axes,
        f"The dose due at {when(due, per)} is {what}: concentration then differs most at "
        f"{when(times[most], per)}, {changed[most]:.3g} instead of {usual[most]:.3g} ng/mL.",
    )
