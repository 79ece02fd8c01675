"""The same picture on light and on dark paper."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from snrilab.plots import _style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matplotlib.artist import Artist
    from matplotlib.axis import Axis
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
_ON_TICKS = ("color", "labelcolor")


def themed(figure: Figure, paper: str = DARK_PAPER) -> Figure:
    """Put a figure on dark paper, where every colour of the palette has its light twin.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure drawn in the colours of the palette; changed in place.
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
    >>> to_hex(themed(figure).get_facecolor()), line.get_color()
    ('#111111', '#ececec')
    """
    _darken(figure, paper)
    return figure


@contextmanager
def on_dark_paper(figure: Figure) -> Iterator[None]:
    """Put a figure on dark paper for a moment; then each part has the colour that it had."""
    before = _darken(figure, DARK_PAPER)
    try:
        yield
    finally:
        for write, colour in reversed(before):
            write(colour)


def recolour(artists: Iterable[Artist]) -> None:
    """Give each artist the dark twins of its colours; a twin has no twin, so twice is once."""
    _recolour(artists, _ON_DARK)


def _darken(figure: Figure, paper: str) -> list[tuple[Any, Any]]:
    """Return what gives each part back the colour that it had, and this colour."""
    twins = _ON_DARK | {"#ffffff": paper}
    before = _recolour(figure.findobj(), twins)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            before += _recolour_ticks(axis, twins)  # also of ticks that come with the next drawing
    return before


def _recolour_ticks(axis: Axis, twins: Mapping[str, str]) -> list[tuple[Any, Any]]:
    def write(looks: Mapping[str, Mapping[str, Any]]) -> None:
        for which, colours in looks.items():
            axis.set_tick_params(which=which, **colours)  # type: ignore[arg-type]

    before: dict[str, dict[str, Any]] = {}
    for which in ("major", "minor"):
        given = axis.get_tick_params(which=which)
        before[which] = {part: given.get(part, _style.BLACK) for part in _ON_TICKS}
    write(
        {
            which: {part: _twin(colour, twins) or colour for part, colour in colours.items()}
            for which, colours in before.items()
        }
    )
    return [(write, before)]


def _recolour(artists: Iterable[Artist], twins: Mapping[str, str]) -> list[tuple[Any, Any]]:
    before = []
    for artist in _with_boxes(artists):
        for part in ("color", "markerfacecolor", "markeredgecolor", "facecolor", "edgecolor"):
            read, write = (getattr(artist, f"{verb}_{part}", None) for verb in ("get", "set"))
            if read is not None and write is not None:
                colour = read()
                twin = _twin(colour, twins)
                if twin is not None:
                    write(twin)
                    before.append((write, colour))
    return before


def _with_boxes(artists: Iterable[Artist]) -> Iterator[Artist]:
    """Yield each artist, and the box that a text may stand on."""
    for artist in artists:
        yield artist
        box = artist.get_bbox_patch() if hasattr(artist, "get_bbox_patch") else None
        if box is not None:
            yield box


def _twin(colour: Any, twins: Mapping[str, str]) -> Any:
    """Return the twin of a colour, or of an array of them; None where there is no other one."""
    import numpy as np
    from matplotlib.colors import to_hex, to_rgba, to_rgba_array

    if isinstance(colour, np.ndarray) and colour.ndim == 2:
        before = to_rgba_array(colour)
        after = before.copy()
        for row in after:
            row[:3] = to_rgba(twins.get(to_hex(row), row))[:3]
        return None if np.array_equal(before, after) else after
    if isinstance(colour, str) and colour in {"none", "auto", "inherit"}:
        return None
    shade = to_rgba(colour)
    twin = to_rgba(twins.get(to_hex(shade), shade))
    if twin[:3] == shade[:3]:
        return None
    return to_hex((*twin[:3], shade[3]), keep_alpha=shade[3] < 1)
