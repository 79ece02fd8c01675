"""The mark on pictures whose constants are partly chosen rather than measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.plots._style import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def mark(axes: Axes, words: str = "illustrative constants") -> Axes:
    """Write above the top right corner that the picture shows directions, no measured sizes."""
    axes.annotate(
        words,
        (1.0, 1.0),
        xytext=(0, 4),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=8,
        fontstyle="italic",
        color=GREY,
    )
    return axes
