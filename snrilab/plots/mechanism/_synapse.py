"""Pictures of the synapse: transmitter against block, the brake over weeks, both transmitters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, fraction, positive
from snrilab.plots._illustrative import mark
from snrilab.plots._style import BLACK, CYCLE, GREEN, GREY, LOOK, PURPLE, describe, label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from snrilab.mechanism import ProjectionState, SynapseState

__all__ = [
    "autoreceptor_brake",
    "brake_parts",
    "transmitter_against_block",
    "transmitter_plane",
    "two_transmitters",
]


def _course(state: SynapseState, transmitter: str) -> tuple[ProjectionState, NDArray[np.float64]]:
    """One transmitter of a single time course, and its times in days."""
    choice("transmitter", transmitter, ("5-HT", "NE"))
    if getattr(state, "time_h", None) is None:
        raise TypeError(
            f"state must be a time course from Synapse.simulate, got {type(state).__name__} "
            "without times."
        )
    half = state.serotonin if transmitter == "5-HT" else state.norepinephrine
    if half.fold.ndim != 1:
        raise ValueError(
            f"state must hold one scenario, got an array of shape {half.fold.shape}; draw one row."
        )
    return half, np.asarray(state.time_h) / 24.0


def _before(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a short stretch before the start, so that the jump is seen."""
    return np.array([days[0] - 0.06 * (days[-1] - days[0]), days[0]])


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


def autoreceptor_brake(
    axes: Axes,
    state: SynapseState,
    *,
    transmitter: str = "5-HT",
    ceiling: float | None = None,
) -> Axes:
    """Draw the two time scales of the brake: a jump within the first hour, a climb over weeks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    state : SynapseState
        One time course from `snrilab.mechanism.Synapse.simulate`.
    transmitter : {"5-HT", "NE"}
        Which one.
    ceiling : float, optional
        The rise without any brake (from `snrilab.mechanism.fold_increase`), > 0.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `state` is no single time course or `ceiling` is not positive.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.mechanism import Synapse
    >>> weeks = Synapse().simulate(np.arange(0, 57 * 24, 24), sert_occupancy=0.8)
    >>> print(plots.alt_text(autoreceptor_brake(plots.axes(), weeks, ceiling=3.6)))
    5-HT over 56 days of treatment: it rises 1.9-fold within the first hour and 2.5-fold by the end,
    against 3.6-fold without any brake.
    """
    half, days = _course(state, transmitter)
    colour, style, _ = LOOK[transmitter]
    before = _before(days)
    axes.plot(
        [*before, *days], [1, 1, *half.fold], color=colour, ls=style, lw=2.2, label=transmitter
    )
    top = float(half.fold.max())
    sentence = (
        f"{transmitter} over {days[-1] - days[0]:.0f} days of treatment: it rises "
        f"{half.fold[0]:.1f}-fold within the first hour and {half.fold[-1]:.1f}-fold by the end"
    )
    if ceiling is not None:
        limit = float(positive("ceiling", ceiling))
        top = max(top, limit)
        axes.axhline(limit, color=BLACK, lw=1.2, ls=":")
        axes.annotate(
            "no brake", (days[-1], limit), xytext=(0, 3), textcoords="offset points", ha="right"
        )
        sentence += f", against {limit:.1f}-fold without any brake"
    span = days[-1] - days[0]
    axes.annotate(
        "seconds: block felt,\nfiring braked",
        (days[0], 0.5 * (1 + half.fold[0])),
        xytext=(days[0] + 0.1 * span, 0.45),
        fontsize=9,
        color=GREY,
        arrowprops={"arrowstyle": "->", "color": GREY},
    )
    middle = int(np.searchsorted(days, days[0] + 0.45 * span))
    axes.annotate(
        "weeks: autoreceptors\ndesensitise",
        (days[middle], half.fold[middle]),
        xytext=(days[0] + 0.55 * span, 0.45),
        fontsize=9,
        color=GREY,
        arrowprops={"arrowstyle": "->", "color": GREY},
    )
    axes.set_xlim(before[0], days[-1])
    axes.set_ylim(0, 1.15 * top)
    mark(axes)
    label(axes, "Treatment (days)", f"{transmitter} (fold of untreated)")
    return describe(axes, sentence + ".")


def brake_parts(axes: Axes, state: SynapseState, *, transmitter: str = "5-HT") -> Axes:
    """Draw what the brake is made of: firing, and the sensitivity of both autoreceptors.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    state : SynapseState
        One time course from `snrilab.mechanism.Synapse.simulate`.
    transmitter : {"5-HT", "NE"}
        Which one.

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
    >>> weeks = Synapse().simulate(np.arange(0, 57 * 24, 24), sert_occupancy=0.8)
    >>> print(plots.alt_text(brake_parts(plots.axes(), weeks)))
    Firing falls to 57 % at once and is back at 74 % after 56 days, while the sensitivity of the
    somatodendritic autoreceptor sinks to 72 % and that of the terminal one to 93 %.
    """
    half, days = _course(state, transmitter)
    before = _before(days)
    parts = (
        ("firing", half.firing, LOOK[transmitter][0], "-"),
        ("somatodendritic autoreceptor", half.soma_sensitivity, GREEN, "-."),
        ("terminal autoreceptor", half.terminal_sensitivity, PURPLE, (0, (1, 1))),
    )
    for name, values, colour, style in parts:
        axes.plot(
            [*before, *days],
            100 * np.array([1, 1, *values]),
            color=colour,
            ls=style,
            lw=2,
            label=name,
        )
    axes.set_xlim(before[0], days[-1])
    axes.set_ylim(0, 108)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    mark(axes)
    label(axes, "Treatment (days)", "Firing or sensitivity (% of untreated)")
    return describe(
        axes,
        f"Firing falls to {100 * half.firing[0]:.0f} % at once and is back at "
        f"{100 * half.firing[-1]:.0f} % after {days[-1] - days[0]:.0f} days, while the sensitivity "
        f"of the somatodendritic autoreceptor sinks to {100 * half.soma_sensitivity[-1]:.0f} % and "
        f"that of the terminal one to {100 * half.terminal_sensitivity[-1]:.0f} %.",
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
    SNRI over 56 days: 5-HT rises from 1.9 to 2.5-fold, NE from 2.1 to 2.4-fold.
    """
    said = []
    top = 1.0
    for transmitter in ("5-HT", "NE"):
        half, days = _course(state, transmitter)
        colour, style, _ = LOOK[transmitter]
        before = _before(days)
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
