"""A figure as plain data: what a test may ask of it, and nothing that can run.

`describe` runs where the figure was drawn; `redraw` builds a fresh figure from the description,
so that a test cell can go on asking ``ax.get_xlabel()`` or ``ax.lines[0].get_xdata()``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

AXES = 16
ARTISTS = 200
TEXT = 2000


def describe(thing: Any) -> dict[str, Any]:
    """Return an Axes, a Figure or one line of a plot as plain data."""
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from .values import NotPlainDataError

    if isinstance(thing, Axes):
        return {"kind": "axes", "axes": _describe_axes(thing)}
    if isinstance(thing, Figure):
        axes = [_describe_axes(ax) for ax in thing.axes[:AXES]]
        size = [float(v) for v in thing.get_size_inches()]
        return {"kind": "figure", "axes": axes, "size": size}
    if isinstance(thing, Line2D):
        return {"kind": "line", "line": _describe_line(thing)}
    raise NotPlainDataError(
        f"a {type(thing).__name__} of a figure cannot be graded: hand over the axes it stands in"
    )


def redraw(plan: Any) -> Any:
    """Return the Axes, Figure or line that `describe` wrote down, newly built."""
    from matplotlib.figure import Figure

    kind = plan["kind"]
    if kind == "figure":
        figure = Figure(figsize=_size(plan.get("size")))
        plans = plan["axes"][:AXES]
        for place, one in enumerate(plans):
            _redraw_axes(figure.add_subplot(len(plans), 1, place + 1), one)
        return figure
    ax = _at_hand.pop() if _at_hand else Figure(figsize=_size(None)).add_subplot()
    if kind == "axes":
        _redraw_axes(ax, plan["axes"])
        return ax
    return _redraw_line(ax, plan["line"])


_at_hand: list[Any] = []


def have_at_hand(count: int) -> None:
    """Build empty axes in advance for the next calls of `redraw`, which then take half the time.

    A process that is copied for each submission does it once for all of them.
    """
    from matplotlib.figure import Figure

    _at_hand[:] = [Figure(figsize=_size(None)).add_subplot() for _ in range(count)]


def _size(size: Any) -> tuple[float, float]:
    width, height = size or (6.4, 4.8)
    return min(max(float(width), 1.0), 50.0), min(max(float(height), 1.0), 50.0)


def _text(text: Any) -> str:
    return str(text)[:TEXT]


def _numbers(data: Any) -> Any:
    array: Any = np.ma.filled(np.ma.asarray(data, dtype=float), np.nan)
    return np.ascontiguousarray(array)


def _color(color: Any) -> str:
    from matplotlib.colors import to_hex

    try:
        return to_hex(color, keep_alpha=True)
    except (ValueError, TypeError):
        return "#000000ff"


def _describe_line(line: Any) -> dict[str, Any]:
    return {
        "x": _numbers(line.get_xdata(orig=False)),
        "y": _numbers(line.get_ydata(orig=False)),
        "label": _text(line.get_label()),
        "style": _text(line.get_linestyle()),
        "marker": _text(line.get_marker()),
        "color": _color(line.get_color()),
        "width": float(line.get_linewidth()),
        "visible": bool(line.get_visible()),
    }


def _describe_axes(ax: Any) -> dict[str, Any]:
    from matplotlib.patches import Rectangle

    legend = ax.get_legend()
    return {
        "xlabel": _text(ax.get_xlabel()),
        "ylabel": _text(ax.get_ylabel()),
        "title": _text(ax.get_title()),
        "xscale": _text(ax.get_xscale()),
        "yscale": _text(ax.get_yscale()),
        "xlim": [float(v) for v in ax.get_xlim()],
        "ylim": [float(v) for v in ax.get_ylim()],
        "lines": [_describe_line(line) for line in ax.lines[:ARTISTS]],
        "points": [
            {
                "at": _numbers(points.get_offsets()),
                "label": _text(points.get_label()),
            }
            for points in ax.collections[:ARTISTS]
        ],
        "bars": [
            [float(v) for v in (*bar.get_xy(), bar.get_width(), bar.get_height())]
            for bar in ax.patches[: ARTISTS * 5]
            if isinstance(bar, Rectangle)
        ],
        "texts": [
            [*(float(v) for v in text.get_position()), _text(text.get_text())]
            for text in ax.texts[:ARTISTS]
        ],
        "images": [_numbers(image.get_array()) for image in ax.images[:AXES]],
        "legend": None
        if legend is None
        else [_text(text.get_text()) for text in legend.get_texts()[:ARTISTS]],
        "alt": _text(ax.get_gid() or ""),
    }


def _redraw_line(ax: Any, plan: dict[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    line = Line2D(plan["x"], plan["y"], linewidth=plan["width"], color=plan["color"])
    for change, value in ((line.set_linestyle, plan["style"]), (line.set_marker, plan["marker"])):
        try:
            change(value)
        except (ValueError, TypeError, AttributeError):
            change("None")
    line.set_label(plan["label"])
    line.set_visible(plan["visible"])
    return ax.add_line(line)


def _redraw_axes(ax: Any, plan: dict[str, Any]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    for line in plan["lines"][:ARTISTS]:
        _redraw_line(ax, line)
    for points in plan["points"][:ARTISTS]:
        at = np.asarray(points["at"], dtype=float).reshape(-1, 2)
        ax.scatter(at[:, 0], at[:, 1], label=points["label"])
    for x, y, width, height in plan["bars"][: ARTISTS * 5]:
        ax.add_patch(Rectangle((x, y), width, height))
    for x, y, text in plan["texts"][:ARTISTS]:
        ax.text(x, y, text)
    for image in plan["images"][:AXES]:
        ax.imshow(image, aspect="auto")
    for change, value, now in (
        (ax.set_xscale, plan["xscale"], ax.get_xscale()),
        (ax.set_yscale, plan["yscale"], ax.get_yscale()),
        (ax.set_xlim, plan["xlim"], None),
        (ax.set_ylim, plan["ylim"], None),
    ):
        if value == now:  # a new scale takes time, also when it is the old one
            continue
        try:
            change(value)
        except (ValueError, TypeError):
            continue
    ax.set_xlabel(plan["xlabel"])
    ax.set_ylabel(plan["ylabel"])
    ax.set_title(plan["title"])
    ax.set_gid(plan["alt"])
    if plan["legend"] is not None:
        ax.legend(handles=[Line2D([], [], label=text) for text in plan["legend"][:ARTISTS]])
