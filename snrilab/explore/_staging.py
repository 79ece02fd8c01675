"""What most stages put on their axes: lines without points yet, and marks with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snrilab import plots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

_ON_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # a name stays readable


def lines(axes: Axes, looks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put lines without points on the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where they move.
    looks : mapping of str to mapping
        Name of each line to its keywords (colour, line style, marker, label of the key).

    Returns
    -------
    dict of str to matplotlib.lines.Line2D

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> list(lines(Figure().add_subplot(), {"curve": {"lw": 2.5}}))
    ['curve']
    """
    return {name: axes.plot([], [], **look)[0] for name, look in looks.items()}


def mark(axes: Axes, name: str, *, colour: str, line: Any, **text: Any) -> dict[str, Any]:
    """Put a mark on the axes: a line with its name beside it, moved by `move_mark`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where it moves.
    name : str
        What is marked ("Ki"), shown beside the line.
    colour : str
        Colour of the line.
    line : str or tuple
        Its line style.
    **text
        Keywords of the name, for example ``ha="right"``.

    Returns
    -------
    dict of str to matplotlib.artist.Artist
        The line under "Ki" and the name under "Ki name".

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> list(mark(Figure().add_subplot(), "Ki", colour="red", line="-"))
    ['Ki', 'Ki name']
    """
    (drawn,) = axes.plot([], [], color=colour, lw=1.5, ls=line)
    words = axes.text(0, 0, name, color=plots.BLACK, va="center", bbox=_ON_PAPER, **text)
    return {name: drawn, f"{name} name": words}


def move_mark(
    artists: Mapping[str, Any],
    name: str,
    x: Sequence[float],
    y: Sequence[float],
    at: tuple[float, float],
    *,
    visible: bool = True,
) -> None:
    """Move a mark.

    Parameters
    ----------
    artists : mapping
        The artists of the stage.
    name : str
        Name of the mark.
    x, y : sequence of float
        Ends of its line.
    at : tuple of float
        Where its name stands.
    visible : bool, default True
        False to take it away.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> artists = mark(Figure().add_subplot(), "Ki", colour="red", line="-")
    >>> move_mark(artists, "Ki", [2, 2], [0, 1], at=(2, 0.5))
    >>> artists["Ki"].get_xdata()
    [2, 2]
    """
    artists[name].set_data(*((x, y) if visible else ([], [])))
    artists[f"{name} name"].set(position=at, visible=visible)
