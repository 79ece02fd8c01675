"""What all pictures share: colours, line styles, markers, the sentence that stands for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's palette, with a dark purple (Tol's wine) that keeps away from green for every eye.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#882255"
GREY = "#6E6E6E"

# One look per thing, the same in every picture: (colour, line style, marker).
LOOK = {
    "SERT": (BLUE, "-", "o"),
    "NET": (VERMILION, "--", "s"),
    "5-HT": (BLUE, "-", "o"),
    "NE": (VERMILION, "--", "s"),
    "levomilnacipran": (GREEN, "-", "D"),
    "escitalopram": (PURPLE, "--", "v"),
    "placebo": (GREY, ":", "x"),
    "total": (BLACK, "-", "o"),
    "nonspecific": (GREY, ":", "^"),
    "specific": (BLUE, "-", "s"),
}

# One colour-and-style cycle for things that have no fixed look.
CYCLE = (
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    (GREEN, "-.", "D"),
    (PURPLE, ":", "v"),
    (ORANGE, (0, (5, 1)), "^"),
    (SKY, (0, (3, 1, 1, 1)), "P"),
    (BLACK, (0, (1, 1)), "x"),
)


def label(axes: Axes, x: str, y: str, title: str = "") -> Axes:
    """Name both axes (with units) and, if given, the picture."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if title:
        axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def plain_log_axis(axes: Axes) -> Axes:
    """Make the x axis logarithmic with plain numbers, for a range of one or two decades."""
    import numpy as np

    low, high = axes.get_xlim()
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)))
    for steps in ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 3], [1]):
        ticks = np.outer(decades, steps).ravel()
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        if ticks.size <= 8:
            break
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    return axes


def describe(axes: Axes, sentence: str) -> Axes:
    """Attach the sentence that tells a reader who cannot see the picture what it shows."""
    axes.set_label(sentence)
    return axes


def alt_text(axes: Axes) -> str:
    """Return the sentence that stands for the picture.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes drawn by a function of `snrilab.plots`.

    Returns
    -------
    str
        One sentence; empty when the axes carry none.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> alt_text(describe(Figure().add_subplot(), "Occupancy rises with concentration."))
    'Occupancy rises with concentration.'
    """
    return str(axes.get_label())
