"""A figure as plain data: what a test may ask of it, and nothing that can run.

Runs in the student's process (describing) and in the forked grader (drawing again).

`describe` runs where the figure was drawn; `redraw` builds a fresh figure from the description,
so that a test cell can go on asking ``ax.get_xlabel()`` or ``ax.lines[0].get_xdata()``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import NotPlainDataError

AXES = 16
ARTISTS = 200
TEXT = 2000
SIDES = ("left", "right")


def describe(thing: Any) -> dict[str, Any]:
    """Return an Axes, a Figure or one line of a plot as plain data."""
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    if isinstance(thing, Axes):
        return {"kind": "axes", "axes": _describe_axes(thing)}
    if isinstance(thing, Figure):
        axes = [_describe_axes(ax) for ax in thing.axes[:AXES]]
        size = [float(v) for v in thing.get_size_inches()]
        return {"kind": "figure", "axes": axes, "size": size, "title": _text(thing.get_suptitle())}
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
        if plan["title"]:
            figure.suptitle(plan["title"])
        return figure
    if kind == "axes":
        legend = plan["axes"]["legend"]
        ax = _new_axes(0 if legend is None else len(legend))
        _redraw_axes(ax, plan["axes"])
        return ax
    return _redraw_line(_new_axes(), plan["line"])


_empty_axes: dict[int, list[Any]] = {}


def build_axes(count: int, legends: int = 0) -> None:
    """Build empty axes in advance for the next calls of `redraw`, which then take half the time.

    A process that is copied for each submission does it once for all of them.

    Parameters
    ----------
    count : int
        How many without a legend, and how many with one of each length.
    legends : int
        How many entries the longest legend has.
    """
    _empty_axes.clear()
    made = {length: [_new_axes() for _ in range(count)] for length in range(legends + 1)}
    for length, each in made.items():
        for ax in each if length else ():
            _add_legend(ax, ["-"] * length, "")
    _empty_axes.update(made)


def _new_axes(length: int = 0) -> Any:
    """Return axes that were built in advance, with a legend of this length if there are such."""
    from matplotlib.figure import Figure

    ready = _empty_axes.get(length) or _empty_axes.get(0)
    return ready.pop() if ready else Figure(figsize=_size(None)).add_subplot()


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
        code = to_hex(color, keep_alpha=True)
    except (ValueError, TypeError):
        return "#000000ff"
    return color if isinstance(color, str) else code


def _describe_line(line: Any) -> dict[str, Any]:
    return {
        "x": _numbers(line.get_xdata(orig=False)),
        "y": _numbers(line.get_ydata(orig=False)),
        "label": _text(line.get_label()),
        "style": _text(line.get_linestyle()),
        "steps": _text(line.get_drawstyle()),
        "marker": _text(line.get_marker()),
        "color": _color(line.get_color()),
        "width": float(line.get_linewidth()),
        "visible": bool(line.get_visible()),
    }


def _describe_axes(ax: Any) -> dict[str, Any]:
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
        "sides": [_text(ax.get_title(loc=side)) for side in SIDES],
        "collections": [_describe_collection(one) for one in ax.collections[:ARTISTS]],
        "patches": [_describe_patch(patch) for patch in ax.patches[: ARTISTS * 5]],
        "containers": [_describe_container(ax, one) for one in ax.containers[:ARTISTS]],
        "ticks": [_describe_ticks(ax.xaxis), _describe_ticks(ax.yaxis)],
        "texts": [[*_position(text), _text(text.get_text())] for text in ax.texts[:ARTISTS]],
        "images": [_describe_image(image) for image in ax.images[:AXES]],
        "legend": None
        if legend is None
        else [_text(text.get_text()) for text in legend.get_texts()[:ARTISTS]],
        "legend_title": "" if legend is None else _text(legend.get_title().get_text()),
        "alt": _text(ax.get_gid() or ""),
    }


def _position(text: Any) -> tuple[float, float]:
    x, y = text.get_position()
    return float(text.convert_xunits(x)), float(text.convert_yunits(y))


def _describe_image(image: Any) -> dict[str, Any]:
    return {
        "data": _numbers(image.get_array()),
        "colors": _text(image.get_cmap().name),
        "range": [float(v) for v in image.get_clim() if v is not None],
        "extent": [float(v) for v in image.get_extent()],
    }


def _describe_collection(drawn: Any) -> dict[str, Any]:
    """Describe points by where they are; areas and lines by their outlines."""
    from matplotlib.collections import LineCollection, PolyCollection

    kind = next((k for k in (PolyCollection, LineCollection) if isinstance(drawn, k)), None)
    if kind is None:
        return {
            "at": _numbers(drawn.get_offsets()),
            "label": _text(drawn.get_label() or "_nolegend_"),
        }
    return {
        "kind": kind.__name__,
        "paths": [_numbers(path.vertices) for path in drawn.get_paths()[:ARTISTS]],
        "label": _text(drawn.get_label() or "_nolegend_"),
    }


def _describe_patch(patch: Any) -> dict[str, Any]:
    from matplotlib.patches import Rectangle

    plan: dict[str, Any] = {
        "label": _text(patch.get_label() or "_nolegend_"),
        "color": _color(patch.get_facecolor()),
    }
    if isinstance(patch, Rectangle):
        box = (*patch.get_xy(), patch.get_width(), patch.get_height())
        return {**plan, "box": [float(v) for v in box]}
    outline = patch.get_patch_transform().transform(patch.get_path().vertices)
    return {**plan, "outline": _numbers(outline)}


def _places(artists: Any) -> dict[Any, int]:
    return {artist: place for place, artist in enumerate(artists)}


def _describe_container(ax: Any, container: Any) -> dict[str, Any]:
    """Say which artists of these axes belong together: bars, or points with their errors."""
    from matplotlib.container import BarContainer, ErrorbarContainer

    plan: dict[str, Any] = {"label": _text(container.get_label()), "kind": ""}
    if isinstance(container, BarContainer):
        places = _places(ax.patches[: ARTISTS * 5])
        return {**plan, "kind": "bars", "parts": [places[p] for p in container if p in places]}
    if isinstance(container, ErrorbarContainer):
        line, caps, bars = container.lines
        lines, drawn = _places(ax.lines[:ARTISTS]), _places(ax.collections[:ARTISTS])
        return {
            **plan,
            "kind": "errors",
            "line": lines.get(line),
            "caps": [lines[one] for one in caps if one in lines],
            "bars": [drawn[one] for one in bars if one in drawn],
            "has": [bool(container.has_xerr), bool(container.has_yerr)],
        }
    return plan


def _describe_ticks(axis: Any) -> Any:
    """Return places and labels of ticks that were chosen, None for automatic ones."""
    from matplotlib.category import StrCategoryLocator
    from matplotlib.ticker import FixedLocator

    if not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        return None
    labels = [_text(label.get_text()) for label in axis.get_ticklabels()[:ARTISTS]]
    places = [float(place) for place in axis.get_majorticklocs()[: len(labels)]]
    return [places, labels[: len(places)]]


def _redraw_line(ax: Any, plan: dict[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    line = Line2D(plan["x"], plan["y"], linewidth=plan["width"], color=plan["color"])
    for change, value in ((line.set_linestyle, plan["style"]), (line.set_marker, plan["marker"])):
        try:
            change(value)
        except (ValueError, TypeError, AttributeError):
            change("None")
    if plan["steps"] in Line2D.drawStyles:
        line.set_drawstyle(plan["steps"])
    line.set_label(plan["label"])
    line.set_visible(plan["visible"])
    return ax.add_line(line)


def _redraw_axes(ax: Any, plan: dict[str, Any]) -> None:
    for line in plan["lines"][:ARTISTS]:
        _redraw_line(ax, line)
    for one in plan["collections"][:ARTISTS]:
        _redraw_collection(ax, one)
    for patch in plan["patches"][: ARTISTS * 5]:
        _redraw_patch(ax, patch)
    for one in plan["containers"][:ARTISTS]:
        _redraw_container(ax, one)
    for x, y, text in plan["texts"][:ARTISTS]:
        ax.text(x, y, text)
    for image in plan["images"][:AXES]:
        _redraw_image(ax, image)
    _redraw_limits(ax, plan)
    ax.set_xlabel(plan["xlabel"])
    ax.set_ylabel(plan["ylabel"])
    ax.set_title(plan["title"])
    for side, text in zip(SIDES, plan["sides"], strict=True):
        if text:
            ax.set_title(text, loc=side)
    ax.set_gid(plan["alt"])
    if plan["legend"] is not None:
        _add_legend(ax, plan["legend"][:ARTISTS], plan["legend_title"])


def _add_legend(ax: Any, texts: list[str], title: str) -> None:
    """Give axes a legend with these texts; one that is there already is written anew."""
    from matplotlib.lines import Line2D

    ready = ax.get_legend()
    if ready is None or title:
        ax.legend(handles=[Line2D([], [], label=text) for text in texts], title=title)
        return
    for shown, handle, text in zip(ready.get_texts(), ready.legend_handles, texts, strict=True):
        shown.set_text(text)
        handle.set_label(text)


def _redraw_limits(ax: Any, plan: dict[str, Any]) -> None:
    scales = (
        (ax.set_xscale, plan["xscale"], ax.get_xscale()),
        (ax.set_yscale, plan["yscale"], ax.get_yscale()),
    )
    # A new scale takes time, also when it is the old one; it forgets the ticks.
    _try([(change, value) for change, value, now in scales if value != now])
    for axis, ticks in zip((ax.xaxis, ax.yaxis), plan["ticks"], strict=True):
        if ticks is not None:
            axis.set_ticks(ticks[0][:ARTISTS], labels=ticks[1][:ARTISTS])
    _try([(ax.set_xlim, plan["xlim"]), (ax.set_ylim, plan["ylim"])])


def _try(changes: list[tuple[Any, Any]]) -> None:
    for change, value in changes:
        try:
            change(value)
        except (ValueError, TypeError):
            continue


def _redraw_image(ax: Any, plan: dict[str, Any]) -> None:
    from matplotlib import colormaps

    extent = plan["extent"][:4]
    image = ax.imshow(plan["data"], aspect="auto", extent=extent if len(extent) == 4 else None)
    if plan["colors"] in colormaps:
        image.set_cmap(plan["colors"])
    if len(plan["range"]) == 2:
        image.set_clim(*plan["range"])


def _redraw_collection(ax: Any, plan: dict[str, Any]) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    if "at" in plan:
        at = np.asarray(plan["at"], dtype=float).reshape(-1, 2)
        ax.scatter(at[:, 0], at[:, 1], label=plan["label"])
        return
    kind = LineCollection if plan["kind"] == "LineCollection" else PolyCollection
    paths = [np.asarray(path, dtype=float).reshape(-1, 2) for path in plan["paths"][:ARTISTS]]
    ax.add_collection(kind(paths, label=plan["label"]), autolim=False)


def _redraw_patch(ax: Any, plan: dict[str, Any]) -> None:
    from matplotlib.patches import Polygon, Rectangle

    look = {"label": plan["label"], "facecolor": plan["color"]}
    if "box" in plan:
        x, y, width, height = plan["box"]
        ax.add_patch(Rectangle((x, y), width, height, **look))
    else:
        outline = np.asarray(plan["outline"], dtype=float).reshape(-1, 2)
        ax.add_patch(Polygon(outline, closed=False, **look))


def _redraw_container(ax: Any, plan: dict[str, Any]) -> None:
    from matplotlib.container import BarContainer, ErrorbarContainer

    label, lines, drawn = plan["label"], ax.lines, ax.collections
    if plan["kind"] == "bars":
        ax.add_container(BarContainer([ax.patches[n] for n in plan["parts"]], label=label))
    elif plan["kind"] == "errors":
        line = None if plan["line"] is None else lines[plan["line"]]
        parts: Any = (
            line,
            tuple(lines[n] for n in plan["caps"]),
            tuple(drawn[n] for n in plan["bars"]),
        )
        x, y = plan["has"]
        ax.add_container(ErrorbarContainer(parts, has_xerr=x, has_yerr=y, label=label))
