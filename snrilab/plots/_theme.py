"""The same picture on light and on dark paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snrilab.plots import _style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

DARK_PAPER = "#111111"  # JupyterLab's own dark background
DARK_INK = "#ececec"

# What a colour becomes on dark paper: the same hue, light enough to be seen (3:1 and more).
_ON_DARK = {
    "#ffffff": DARK_PAPER,
    "#000000": DARK_INK,
    "#262626": DARK_INK,
    _style.GREY.lower(): "#a6a6a6",
    _style.BLUE.lower(): "#4fa8e0",
    _style.VERMILION.lower(): "#f5803e",
    _style.GREEN.lower(): "#1fae86",
    _style.PURPLE.lower(): "#f5b8de",
    _style.ORANGE.lower(): "#f0b93a",
    "#b07a00": "#d9a441",
    "#2f8f9d": "#56b9c7",
}
_ON_LIGHT = {twin: colour for colour, twin in reversed(_ON_DARK.items())} | {DARK_INK: "#000000"}


def themed(figure: Figure, dark: bool, paper: str = DARK_PAPER) -> Figure:
    """Put a figure on dark paper, where every colour of the palette has its light twin, or back.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure drawn in the colours of the palette; changed in place.
    dark : bool
        Whether the paper is dark.
    paper : str, default "#111111"
        Colour of the dark paper.

    Returns
    -------
    matplotlib.figure.Figure
        The same figure.

    Examples
    --------
    >>> from matplotlib.colors import to_hex
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> line = figure.add_subplot().plot([0, 1], color=_style.BLACK)[0]
    >>> to_hex(themed(figure, dark=True).get_facecolor()), line.get_color()
    ('#111111', '#ececec')
    """
    twins = _ON_DARK | {"#ffffff": paper} if dark else _ON_LIGHT
    _recolour(figure.findobj(), twins)
    for axes in figure.axes:
        ink = DARK_INK if dark else _style.BLACK
        axes.tick_params(which="both", color=ink, labelcolor=ink)
    return figure


def recolour(artists: Iterable[Artist]) -> None:
    """Give each artist the dark twins of its colours; a twin has no twin, so twice is once."""
    _recolour(artists, _ON_DARK)


def _recolour(artists: Iterable[Artist], twins: Mapping[str, str]) -> None:
    for artist in _with_boxes(artists):
        for part in ("color", "markerfacecolor", "markeredgecolor", "facecolor", "edgecolor"):
            read, write = (getattr(artist, f"{verb}_{part}", None) for verb in ("get", "set"))
            if read is not None and write is not None:
                _translate(read(), write, twins)


def _with_boxes(artists: Iterable[Artist]) -> Iterator[Artist]:
    """Yield each artist, and the box that a text may stand on."""
    for artist in artists:
        yield artist
        box = artist.get_bbox_patch() if hasattr(artist, "get_bbox_patch") else None
        if box is not None:
            yield box


def _translate(colour: Any, write: Any, twins: Mapping[str, str]) -> None:
    import numpy as np
    from matplotlib.colors import to_hex, to_rgba, to_rgba_array

    if isinstance(colour, np.ndarray) and colour.ndim == 2:
        before = to_rgba_array(colour)
        after = before.copy()
        for row in after:
            row[:3] = to_rgba(twins.get(to_hex(row), row))[:3]
        if not np.array_equal(before, after):
            write(after)
    elif not (isinstance(colour, str) and colour in {"none", "auto", "inherit"}):
        shade = to_rgba(colour)
        twin = twins.get(to_hex(shade))
        if twin is not None and to_rgba(twin)[:3] != shade[:3]:
            write(to_hex((*to_rgba(twin)[:3], shade[3]), keep_alpha=shade[3] < 1))
