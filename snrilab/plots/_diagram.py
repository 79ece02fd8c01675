"""A cascade as a labelled diagram: arrows activate, bars inhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import positive
from snrilab.plots._illustrative import mark
from snrilab.plots._style import BLACK, BLUE, GREY, VERMILION, describe
from snrilab.signalling import Network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

LARGEST_FOLD = 3.0  # colours are full from here on
LETTERS, SMALLEST_LETTERS = 10.0, 5.0  # points
ON_SHADE = "#1A1A1A"  # letters on a shaded box, which stays as light as it is on dark paper
_GAP = 1.2  # least distance between the words of two boxes, in heights of a letter


def network_diagram(
    axes: Axes, network: Network, *, fold: Mapping[str, float] | None = None
) -> Axes:
    """Draw a network: inputs as ellipses, states as boxes, arrows that activate, bars that inhibit.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; a wide one (about 9 by 4 inches) reads best. On a small one the letters
        shrink until the boxes stand apart.
    network : Network
        What to draw.
    fold : mapping of str to float, optional
        Activity of states as a fold of rest, > 0: raised ones turn orange, lowered ones blue,
        and the number stands in the box.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, with alternative text that lists every edge.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.signalling import network
    >>> plots.picture(network_diagram(plots.axes(), network("trkb")))
    Diagram of the trkb network. BDNF activates TrkB. TrkB activates PI3K. PI3K activates Akt. Akt
    activates mTOR. mTOR activates synaptic proteins. Illustrative: directions, not sizes.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}.")
    folds = {
        network.node(name).name: float(positive(f"fold[{name!r}]", value))
        for name, value in (fold or {}).items()
    }
    boxes = {node.name: _box(axes, node, folds.get(node.name)) for node in network.nodes}
    for edge in network.edges:
        _arrow(axes, network, boxes, edge)
    columns, rows = np.array([node.position for node in network.nodes]).T
    axes.set_xlim(columns.min() - 0.6, columns.max() + 0.6)
    axes.set_ylim(rows.max() + 0.6, rows.min() - 0.6)
    axes.set_axis_off()
    _fit_letters(axes, list(boxes.values()))
    mark(axes, "→ activates   ⊣ inhibits" + "   (illustrative)" * network.illustrative)
    called = {node.name: node.label or node.name for node in network.nodes}
    said = " ".join(
        f"{called[e.source]} {'activates' if e.sign > 0 else 'inhibits'} {called[e.target]}."
        for e in network.edges
    )
    changed = "".join(f" {called[name]} {value:.2g}-fold." for name, value in folds.items())
    return describe(
        axes,
        f"Diagram of the {network.name} network. {said}{changed}"
        + " Illustrative: directions, not sizes." * network.illustrative,
    )


def _box(axes: Axes, node: Any, fold: float | None) -> Any:
    """Write the node's name in its shape and return the text, whose outline arrows stop at."""
    text = (node.label or node.name).replace(" (", "\n(").replace(" and ", "\nand ")
    if " " in text and "\n" not in text and len(text) > 10:
        text = text.replace(" ", "\n", 1)
    if fold is not None:
        text += f"\n×{fold:.2g}"
    given = not hasattr(node, "half_life_h")
    shaded = fold is not None and fold != 1
    return axes.text(
        node.position[0],
        node.position[1],
        text,
        ha="center",
        va="center",
        fontsize=LETTERS,
        color=ON_SHADE if shaded else BLACK,
        zorder=3,
        bbox={
            "boxstyle": "ellipse,pad=0.3" if given else "round,pad=0.4",
            "facecolor": _shade(fold),
            "edgecolor": GREY if given else "black",
            "linewidth": 1.2,
        },
    )


def _fit_letters(axes: Axes, boxes: list[Any]) -> None:
    """Make the letters smaller, down to `SMALLEST_LETTERS`, until the boxes stand apart."""
    size = LETTERS
    while size > SMALLEST_LETTERS and _touch(boxes, _GAP * size * axes.figure.dpi / 72):
        size -= 0.5
        for box in boxes:
            box.set_fontsize(size)


def _touch(boxes: list[Any], gap_px: float) -> bool:
    """Whether any two boxes come closer than the outline and an arrow need."""
    outlines = [box.get_window_extent().padded(gap_px / 2) for box in boxes]
    return any(one.overlaps(other) for i, one in enumerate(outlines) for other in outlines[:i])


def _shade(fold: float | None) -> Any:
    """White at rest, towards orange when raised and towards blue when lowered."""
    from matplotlib.colors import to_rgb

    if fold is None:
        return "white"
    depth = float(np.clip(np.log(fold) / np.log(LARGEST_FOLD), -1.0, 1.0))
    hue = np.array(to_rgb("#E69F00" if depth > 0 else "#56B4E9"))
    return tuple(1.0 - abs(depth) * 0.85 * (1.0 - hue))


def _arrow(axes: Axes, network: Network, boxes: dict[str, Any], edge: Any) -> None:
    from matplotlib.patches import FancyArrowPatch

    raises = edge.sign > 0
    axes.add_patch(
        FancyArrowPatch(
            network.node(edge.source).position,
            network.node(edge.target).position,
            patchA=boxes[edge.source].get_bbox_patch(),
            patchB=boxes[edge.target].get_bbox_patch(),
            shrinkA=2,
            shrinkB=3,
            arrowstyle="-|>" if raises else "|-|,widthA=0,widthB=0.5",
            mutation_scale=14,
            linewidth=1.8,
            color=BLUE if raises else VERMILION,
            zorder=2,
        )
    )
