"""What the pictures of time courses share: checks and axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, same_length
from snrilab.plots._style import CYCLE, LOOK, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

PLASMA = "Total in plasma (ng/mL)"
HOURS_UP_TO = 72.0


def course(name: str, time_h: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Return times in order and the values that belong to them, or raise."""
    times = np.atleast_1d(numbers("time_h", time_h))
    curve = np.atleast_1d(nonnegative(name, values))
    same_length(time_h=times, **{name: curve})
    if times.size < 2:
        raise ValueError(f"time_h must hold at least 2 times, got {times.size}.")
    order = np.argsort(times, kind="stable")
    return times[order], curve[order]


def courses(
    name: str, time_h: ArrayLike, by_label: Mapping[str, ArrayLike]
) -> tuple[Floats, dict[str, Floats]]:
    """Return times in order and the named curves, or raise."""
    if not isinstance(by_label, Mapping) or not 1 <= len(by_label) <= len(CYCLE):
        raise ValueError(
            f"{name} must map 1 to {len(CYCLE)} labels to curves, got {type(by_label).__name__} "
            f"of length {len(by_label) if isinstance(by_label, Mapping) else 'unknown'}."
        )
    drawn = {text: course(name, time_h, values) for text, values in by_label.items()}
    times = next(iter(drawn.values()))[0]
    return times, {text: curve for text, (_, curve) in drawn.items()}


def looks(labels: list[str]) -> list[tuple[object, object, str]]:
    """Return colour, line style and marker of each label: its own, or the next of the cycle."""
    return [LOOK.get(text, look) for text, look in zip(labels, CYCLE, strict=False)]


def time_axis(axes: Axes, times: Floats, y: str) -> float:
    """Label the axes with hours or days; return hours per unit."""
    days = times[-1] - times[0] > HOURS_UP_TO
    per = 24.0 if days else 1.0
    axes.set_xlim(times[0] / per, times[-1] / per)
    label(axes, "Time (days)" if days else "Time (h)", y)
    return per


def legend_above(axes: Axes, *, columns: int = 2, title: str | None = None) -> None:
    """Put the legend above the picture, where it can hide no curve."""
    axes.legend(
        frameon=False,
        fontsize=9,
        ncols=columns,
        title=title,
        title_fontsize=9,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
    )


def when(time_h: float, per: float) -> str:
    """Say a time in the unit of the axis."""
    return f"{time_h / 24:.3g} days" if per > 1 else f"{time_h:.3g} h"
