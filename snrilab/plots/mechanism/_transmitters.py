"""Pictures of 5-HT and NE: against block, over a treatment, and as points in their plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import fraction, positive
from snrilab.plots._illustrative import mark
from snrilab.plots._style import CYCLE, GREY, LOOK, describe, label
from snrilab.plots.mechanism._brake import lead_in, one_course

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from snrilab.mechanism import SynapseState

__all__ = ["transmitter_against_block", "transmitter_plane", "two_transmitters"]


def transmitter_against_block(
    axes: Axes,
    occupancy: ArrayLike,
    fold: Mapping[str, ArrayLike],
    *,
    transmitter: str = "5-HT",
) -> Axes:
    """Draw transmitter in the extracellular fluid against transporter block, one curve per case.

    For example without brake, in the cortex alone, in the whole animal, after weeks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    occupancy : array_like
        Blocked fraction of the transporter, in [0, 1], increasing.
    fold : mapping of str to array_like
        Transmitter as a fold of its untreated level, > 0, by the name that the legend shows;
        each as long as `occupancy`.
    transmitter : str, default "5-HT"
        Name for the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a value is impossible or lengths differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.mechanism import Synapse
    >>> block = np.linspace(0, 1, 51)
    >>> cases = {route: Synapse().steady_state(block, route=route).serotonin.fold
    ...          for route in ("local", "systemic")}
    >>> print(plots.alt_text(transmitter_against_block(plots.axes(), block, cases)))
    5-HT against block of its transporter. At the greatest block shown, 100 %: local 7.5-fold,
    systemic 3.0-fold.
    """
    block = np.atleast_1d(fraction("occupancy", occupancy))
    if not hasattr(fold, "items") or not fold:
        raise TypeError(f"fold must map at least one name to an array, got {fold!r}.")
    said = []
    for (name, values), (colour, style, _) in zip(fold.items(), CYCLE, strict=False):
        rise = np.atleast_1d(positive(f"fold[{name!r}]", values))
        if rise.shape != block.shape:
            raise ValueError(
                f"fold[{name!r}] must be as long as occupancy ({block.size}), got {rise.size}."
            )
        axes.plot(100 * block, rise, color=colour, ls=style, lw=2, label=name)
        said.append(f"{name} {rise[-1]:.1f}-fold")
    axes.axhline(1, color=GREY, lw=0.8, ls=":")
    axes.set_xlim(0, 100)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    mark(axes)
    label(axes, "Transporter blocked (%)", f"{transmitter} (fold of untreated)")
    return describe(
        axes,
        f"{transmitter} against block of its transporter. At the greatest block shown, "
        f"{100 * block[-1]:.0f} %: {', '.join(said)}.",
    )


def two_transmitters(axes: Axes, state: SynapseState, *, title: str = "") -> Axes:
    """Draw 5-HT and NE over one course of treatment.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    state : SynapseState
        One time course from `snrilab.mechanism.Synapse.simulate`.
    title : str, default ""
        Name of the treatment.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `state` is no single time course.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.mechanism import Synapse
    >>> weeks = Synapse().simulate(np.arange(0, 57 * 24, 24), 0.8, 0.8)
    >>> print(plots.alt_text(two_transmitters(plots.axes(), weeks, title="SNRI")))
    SNRI over 56 days: 5-HT rises from 1.9 to 2.5-fold, NE from 2.1 to 2.2-fold.
    """
    said = []
    top = 1.0
    for transmitter in ("5-HT", "NE"):
        half, days = one_course(state, transmitter)
        colour, style, _ = LOOK[transmitter]
        before = lead_in(days)
        axes.plot(
            [*before, *days], [1, 1, *half.fold], color=colour, ls=style, lw=2.2, label=transmitter
        )
        top = max(top, float(half.fold.max()))
        said.append(f"{transmitter} rises from {half.fold[0]:.1f} to {half.fold[-1]:.1f}-fold")
    axes.axhline(1, color=GREY, lw=0.8, ls=":")
    axes.set_xlim(before[0], days[-1])
    axes.set_ylim(0, 1.3 * top)
    axes.legend(frameon=False, fontsize=9, loc="upper left", ncols=2)
    mark(axes)
    label(axes, "Treatment (days)", "Transmitter (fold of untreated)")
    if title:
        axes.set_title(title, loc="left", fontsize=11)
    said[1] = said[1].replace(" rises", "")
    return describe(
        axes, f"{title or 'Treatment'} over {days[-1] - days[0]:.0f} days: {', '.join(said)}."
    )


def transmitter_plane(
    axes: Axes,
    names: Sequence[str],
    serotonin_fold: ArrayLike,
    norepinephrine_fold: ArrayLike,
) -> Axes:
    """Draw treatments as points in the plane of 5-HT and NE: an SSRI beside an SNRI.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        What each point is called; at most seven.
    serotonin_fold, norepinephrine_fold : array_like
        Transmitters as folds of their untreated levels, > 0, one per name.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a fold is not positive or lengths differ.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = transmitter_plane(plots.axes(), ["SSRI", "SNRI"], [1.9, 1.9], [1.0, 2.1])
    >>> print(plots.alt_text(ax))
    Treatments by their effect on the two transmitters (5-HT, NE): SSRI 1.9 and 1.0-fold, SNRI 1.9
    and 2.1-fold.
    """
    x = np.atleast_1d(positive("serotonin_fold", serotonin_fold))
    y = np.atleast_1d(positive("norepinephrine_fold", norepinephrine_fold))
    if not (x.shape == y.shape == (len(names),)) or len(names) > len(CYCLE):
        raise ValueError(
            f"names, serotonin_fold and norepinephrine_fold must be equally long, at most "
            f"{len(CYCLE)}; got {len(names)}, {x.size} and {y.size}."
        )
    for name, at_x, at_y, (colour, _, marker) in zip(names, x, y, CYCLE, strict=False):
        axes.plot([1, at_x], [1, at_y], color=colour, lw=1, alpha=0.5)
        axes.plot([at_x], [at_y], color=colour, marker=marker, ms=9, ls="", label=name)
    axes.plot([1], [1], color=GREY, marker="+", ms=10, ls="", label="untreated")
    top = 1.15 * max(x.max(), y.max(), 1.5)
    axes.plot([1, top], [1, top], color=GREY, lw=0.8, ls=":")
    axes.set_xlim(0.8, top)
    axes.set_ylim(0.8, top)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    mark(axes)
    label(axes, "5-HT (fold of untreated)", "NE (fold of untreated)")
    said = ", ".join(f"{n} {a:.1f} and {b:.1f}-fold" for n, a, b in zip(names, x, y, strict=True))
    return describe(axes, f"Treatments by their effect on the two transmitters (5-HT, NE): {said}.")
