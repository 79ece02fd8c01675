"""Pictures that set drug against drug: selectivity, occupancy by constant, forest plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import fraction, numbers, one_number, positive
from snrilab.plots._style import CYCLE, GREY, LOOK, describe, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["occupancy_by_constant", "risk_differences", "selectivity", "standardised_differences"]


def selectivity(
    axes: Axes,
    names: Sequence[str],
    ratios: ArrayLike,
    *,
    basis: str,
    labs: Sequence[str] | None = None,
) -> Axes:
    """Draw the ratio of the NET to the SERT constant of several drugs, on a log axis.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Drugs, from bottom to top.
    ratios : array_like
        Constant at NET over constant at SERT, > 0, as long as `names`.
    basis : str
        The assay that all ratios come from, for example ``"binding Ki"``.
    labs : sequence of str, optional
        Lab of each ratio, at most seven different ones; every lab gets its own colour and marker.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a ratio is not > 0 or lengths differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = selectivity(plots.axes(), ["levomilnacipran", "venlafaxine"], [0.55, 9.8],
    ...                  basis="uptake IC50")
    >>> print(plots.alt_text(ax))
    NET over SERT constant by uptake IC50, on a log scale with 1 as balance: levomilnacipran 0.55
    (prefers NET), venlafaxine 9.8 (prefers SERT).
    """
    values = _as_long_as(names, "ratios", positive("ratios", ratios))
    groups = list(labs) if labs is not None else [""] * len(names)
    if len(groups) != len(names):
        raise ValueError(f"labs must be as long as names ({len(names)}), got {len(groups)}.")
    if len(set(groups)) > len(CYCLE):
        raise ValueError(
            f"labs must be at most {len(CYCLE)} different ones, or two would look alike; "
            f"got {len(set(groups))}."
        )
    axes.axvline(1, color=GREY, linewidth=1)
    for i, lab in enumerate(dict.fromkeys(groups)):
        colour, _, marker = CYCLE[i % len(CYCLE)]
        chosen = np.flatnonzero([group == lab for group in groups])
        axes.plot(values[chosen], chosen, marker, color=colour, label=lab, linestyle="none")
    axes.set_xscale("log")
    axes.set_xlim(min(values.min(), 1) / 2, max(values.max(), 1) * 2)
    _name_lines(axes, names)
    if labs is not None:
        axes.legend(frameon=False, title="lab", loc="center left", bbox_to_anchor=(1.02, 0.5))
    said = ", ".join(
        f"{name}{f' from {lab}' if lab else ''} {value:.3g} (prefers {_preferred(value)})"
        for name, lab, value in zip(names, groups, values, strict=True)
    )
    sentence = f"NET over SERT constant by {basis}, on a log scale with 1 as balance: {said}."
    label(axes, f"NET / SERT constant ({basis})\n← prefers NET        prefers SERT →", "Drug")
    return describe(axes, sentence)


def occupancy_by_constant(
    axes: Axes,
    constants: Sequence[str],
    net: ArrayLike,
    sert: ArrayLike,
    *,
    drug: str,
    dose_mg: float,
) -> Axes:
    """Draw the occupancy of both transporters that each constant predicts at one dose.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    constants : sequence of str
        Names of the constants, from bottom to top.
    net, sert : array_like
        Occupancy as fraction in [0, 1]: one value per constant, or a row (low, high) per constant
        where only a range is known.
    drug : str
        Name of the drug.
    dose_mg : float
        Daily dose of free base, mg, >= 0.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If an occupancy is outside [0, 1] or shapes differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = occupancy_by_constant(plots.axes(), ["binding Ki", "in-vivo EC50"],
    ...                            [[0.71, 0.71], [0.34, 0.51]], [[0.95, 0.95], [0.39, 0.56]],
    ...                            drug="levomilnacipran", dose_mg=40)
    >>> print(plots.alt_text(ax))
    Occupancy predicted for levomilnacipran 40 mg/day: by binding Ki NET 71 % and SERT 95 %; by
    in-vivo EC50 NET 34 to 51 % and SERT 39 to 56 %.
    """
    dose = one_number("dose_mg", dose_mg, low=0.0)
    sides = {
        "NET": _ranges("net", net, len(constants)),
        "SERT": _ranges("sert", sert, len(constants)),
    }
    for offset, (target, limits) in zip((-0.12, 0.12), sides.items(), strict=True):
        colour, style, marker = LOOK[target]
        height = np.arange(len(constants)) + offset
        for y, ends in zip(height, 100 * limits, strict=True):
            axes.plot(ends, [y, y], linestyle=style, marker=marker, color=colour)
        axes.plot([], [], linestyle=style, marker=marker, color=colour, label=target)
    axes.set_xlim(0, 100)
    _name_lines(axes, constants)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.02, 0.5))
    said = "; ".join(
        f"by {name} NET {_percent(sides['NET'][i])} and SERT {_percent(sides['SERT'][i])}"
        for i, name in enumerate(constants)
    )
    label(axes, "Occupancy at the average concentration (%)", "Constant", f"{drug} {dose:g} mg/day")
    return describe(axes, f"Occupancy predicted for {drug} {dose:g} mg/day: {said}.")


def risk_differences(
    axes: Axes,
    names: Sequence[str],
    difference: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    notes: Sequence[str] | None = None,
) -> Axes:
    """Draw risk differences with their intervals, one line per event.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Events, from bottom to top.
    difference, low, high : array_like
        Risk on drug minus risk on placebo and its limits, as fractions in [-1, 1] (limits of
        some methods reach a little beyond), as long as `names`.
    notes : sequence of str, optional
        Written beside each line, for example the number needed to harm.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text. Open markers: the interval holds 0.

    Raises
    ------
    ValueError, TypeError
        If lengths differ or a difference lies outside its limits.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = risk_differences(plots.axes(), ["headache", "nausea"], [0.031, 0.095],
    ...                       [-0.031, 0.033], [0.094, 0.159])
    >>> print(plots.alt_text(ax))
    Risk difference, drug minus placebo, in percentage points: headache 3.1 (-3.1 to 9.4, holds
    0), nausea 9.5 (3.3 to 15.9).
    """
    numbers("difference", difference, low=-1.0, high=1.0)
    limits = 100 * _limits(names, difference, low, high)
    _forest(axes, names, limits, notes)
    label(axes, "Risk on drug minus risk on placebo (percentage points)", "Event")
    said = _said(names, limits, ".1f")
    sentence = f"Risk difference, drug minus placebo, in percentage points: {said}."
    return describe(axes, sentence)


def standardised_differences(
    axes: Axes,
    names: Sequence[str],
    difference: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    notes: Sequence[str] | None = None,
) -> Axes:
    """Draw standardised mean differences with their intervals, one line per study.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Studies, from bottom to top.
    difference, low, high : array_like
        Standardised differences (drug minus placebo, in standard deviations) and their limits,
        as long as `names`.
    notes : sequence of str, optional
        Written beside each line.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text. Open markers: the interval holds 0.

    Raises
    ------
    ValueError, TypeError
        If lengths differ or a difference lies outside its limits.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = standardised_differences(plots.axes(), ["Wade 2002"], [-0.33], [-0.53], [-0.12])
    >>> print(plots.alt_text(ax))
    Standardised mean difference, drug minus placebo: Wade 2002 -0.33 (-0.53 to -0.12).
    """
    limits = _limits(names, difference, low, high)
    _forest(axes, names, limits, notes)
    label(axes, "Drug minus placebo (standard deviations)", "Study")
    said = _said(names, limits, ".2f")
    return describe(axes, f"Standardised mean difference, drug minus placebo: {said}.")


def _limits(names: Sequence[str], difference: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Return rows (difference, low, high), one per name, after checking that they fit."""
    rows = np.stack(
        [
            _as_long_as(names, argument, numbers(argument, values))
            for argument, values in (("difference", difference), ("low", low), ("high", high))
        ],
        axis=1,
    )
    for name, (middle, left, right) in zip(names, rows, strict=True):
        if not left <= middle <= right:
            raise ValueError(
                f"difference must lie between low and high, got {middle:g} outside "
                f"{left:g} to {right:g} for {name!r}."
            )
    return rows


def _forest(axes: Axes, names: Sequence[str], limits: Floats, notes: Sequence[str] | None) -> None:
    """Draw a line, a marker (open when the line holds 0) and a note for each name."""
    if notes is not None and len(notes) != len(names):
        raise ValueError(f"notes must be as long as names ({len(names)}), got {len(notes)}.")
    colour, _, marker = CYCLE[0]
    axes.axvline(0, color=GREY, linewidth=1)
    for y, (middle, left, right) in enumerate(limits):
        axes.plot([left, right], [y, y], color=colour, linewidth=1.5)
        filling = "white" if left <= 0 <= right else colour
        axes.plot([middle], [y], marker, color=colour, markerfacecolor=filling)
        if notes is not None:
            axes.annotate(
                notes[y], (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8
            )
    _name_lines(axes, names)


def _name_lines(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.set_ylim(-0.6, len(names) - 0.4)


def _as_long_as(names: Sequence[str], argument: str, values: Floats) -> Floats:
    if values.shape != (len(names),):
        raise ValueError(
            f"{argument} must be one-dimensional and as long as names ({len(names)}), "
            f"got shape {values.shape}."
        )
    return values


def _ranges(argument: str, values: ArrayLike, lines: int) -> Floats:
    """Return (low, high) per line from single values or from rows of two."""
    given = fraction(argument, values)
    if given.shape == (lines,):
        given = np.stack([given, given], axis=1)
    if given.shape != (lines, 2):
        raise ValueError(
            f"{argument} must hold one value or one (low, high) for each of the {lines} "
            f"constants, got shape {given.shape}."
        )
    return given


def _preferred(ratio: float) -> str:
    return "SERT" if ratio > 1 else "NET" if ratio < 1 else "neither"


def _percent(limits: Floats) -> str:
    low, high = (f"{100 * limit:.0f}" for limit in limits)
    return f"{low} %" if low == high else f"{low} to {high} %"


def _said(names: Sequence[str], limits: Floats, digits: str) -> str:
    return ", ".join(
        f"{name} {middle:{digits}} ({left:{digits}} to {right:{digits}}"
        f"{', holds 0' if left <= 0 <= right else ''})"
        for name, (middle, left, right) in zip(names, limits, strict=True)
    )
