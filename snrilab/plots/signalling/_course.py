"""Cascades over time, and one state in the groups of the LPS study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.plots._illustrative import mark
from snrilab.plots._style import CYCLE, GREY, describe, label
from snrilab.signalling import CascadeCourse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["cascade_course", "group_courses"]

HOURS_UP_TO = 96.0  # longer courses are drawn in days


def _scale(hours: Floats) -> tuple[float, str]:
    return (1.0, "Time (h)") if np.ptp(hours) <= HOURS_UP_TO else (24.0, "Time (days)")


def cascade_course(axes: Axes, course: CascadeCourse, states: Sequence[str]) -> Axes:
    """Draw states of a cascade over time as folds of rest: which move first, which take weeks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    course : CascadeCourse
        From `snrilab.signalling.simulate`, one scenario.
    states : sequence of str
        Which states, at most seven, in the order of the cascade.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `course` is no single course or a state is unknown.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.signalling import network, simulate
    >>> weeks = simulate(network("camp"), np.arange(0, 337, 6), {"NE": 3.0})
    >>> print(plots.alt_text(cascade_course(plots.axes(), weeks, ["cAMP", "BDNF"])))
    Activity over 14 days as a fold of rest. Halfway to its last value: cAMP within 6 h, BDNF within
    36 h. By the end: cAMP 1.5-fold, BDNF 1.3-fold. Illustrative: order and direction, not size.
    """
    if not isinstance(course, CascadeCourse):
        raise TypeError(f"course must be a CascadeCourse, got {course!r}.")
    if isinstance(states, str) or not 1 <= len(states) <= len(CYCLE):
        raise ValueError(f"states must name 1 to {len(CYCLE)} states, got {states!r}.")
    unit, words = _scale(course.time_h)
    halfway, end = [], []
    for name, (colour, style, _) in zip(states, CYCLE, strict=False):
        fold = course.fold(name)
        if fold.ndim != 1:
            raise ValueError(f"course must hold one scenario, got an array of shape {fold.shape}.")
        axes.plot(course.time_h / unit, fold, color=colour, ls=style, lw=2, label=name)
        halfway.append(f"{name} within {_hours_to_half(course.time_h, fold):.0f} h")
        end.append(f"{name} {fold[-1]:.2g}-fold")
    axes.axhline(1, color=GREY, lw=0.8, ls=":")
    axes.set_xlim(
        course.time_h[0] / unit - 0.03 * np.ptp(course.time_h) / unit, course.time_h[-1] / unit
    )
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    mark(axes)
    label(axes, words, "Activity (fold of rest)")
    return describe(
        axes,
        f"Activity over {np.ptp(course.time_h) / unit:.0f} {words[6:-1]} as a fold of rest. "
        f"Halfway to its last value: {', '.join(halfway)}. By the end: {', '.join(end)}. "
        "Illustrative: order and direction, not size.",
    )


def _hours_to_half(hours: Floats, fold: Floats) -> float:
    """First of the times by which a state has made half of its way to the last value."""
    way = np.abs(fold - fold[0])
    return float(hours[1:][np.argmax(way[1:] >= 0.5 * way[-1])] - hours[0])


def group_courses(axes: Axes, groups: Mapping[str, CascadeCourse], state: str) -> Axes:
    """Draw one state in every group of a study, for example cytokines in the LPS study.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    groups : mapping of str to CascadeCourse
        From `snrilab.signalling.lps_study`; at most seven.
    state : str
        Which state.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If there is no group or the state is unknown.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.signalling import lps_study
    >>> study = lps_study(np.arange(0, 25.0))
    >>> print(plots.alt_text(group_courses(plots.axes(), study, "BDNF")))
    Active fraction of BDNF over 24 h, at the end: vehicle + saline 10 %, drug + saline 10 %,
    vehicle + LPS 6 %, drug + LPS 8 %. Illustrative: order of the groups, not size.
    """
    if not hasattr(groups, "items") or not 1 <= len(groups) <= len(CYCLE):
        raise TypeError(
            f"groups must map 1 to {len(CYCLE)} names to a CascadeCourse, got {groups!r}."
        )
    said, called = [], state
    for (name, course), (colour, style, _) in zip(groups.items(), CYCLE, strict=False):
        percent = 100 * course.active(state)
        unit, words = _scale(course.time_h)
        called = course.network.node(state).label or state
        axes.plot(course.time_h / unit, percent, color=colour, ls=style, lw=2, label=name)
        said.append(f"{name} {percent[-1]:.0f} %")
    axes.set_xlim(course.time_h[0] / unit, course.time_h[-1] / unit)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    mark(axes)
    label(axes, words, f"{called} (% active)")
    length = f"{np.ptp(course.time_h) / unit:.0f} {words[6:-1]}"
    return describe(
        axes,
        f"Active fraction of {called} over {length}, at the end: {', '.join(said)}. "
        "Illustrative: order of the groups, not size.",
    )
