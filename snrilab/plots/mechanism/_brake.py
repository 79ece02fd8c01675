"""Pictures of the autoreceptor brake: its two time scales, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, positive
from snrilab.plots._illustrative import mark
from snrilab.plots._style import BLACK, GREEN, GREY, LOOK, PURPLE, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from snrilab.mechanism import ProjectionState, SynapseState

__all__ = ["autoreceptor_brake", "brake_parts"]


def one_course(
    state: SynapseState, transmitter: str
) -> tuple[ProjectionState, NDArray[np.float64]]:
    """Return one transmitter of a single time course, and its times in days."""
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


def lead_in(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a short stretch before the start, so that the jump is seen."""
    return np.array([days[0] - 0.06 * (days[-1] - days[0]), days[0]])


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
    half, days = one_course(state, transmitter)
    colour, style, _ = LOOK[transmitter]
    before = lead_in(days)
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
    half, days = one_course(state, transmitter)
    before = lead_in(days)
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
