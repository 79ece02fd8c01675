"""The figure behind an explorer: drawn once, moved in milliseconds.

What moves is drawn over the saved background (blitting), which takes milliseconds where a new
figure takes hundreds; so the picture follows a slider while it moves.
"""

from __future__ import annotations

import struct
import textwrap
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snrilab import plots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from snrilab.explore._declaration import Explorer
    from snrilab.explore._words import Seen

DPI = 100
LOWEST_IN = 2.8  # where the page is narrow the picture is less flat, so that labels fit
MOST_KEPT = 3
MOST_LAID_OUT = 64
# Where the axes of a stage came to stand, for its width: finding that takes as long as the drawing.
# They are shares of the picture, the same however sharp it is.
_laid_out: dict[tuple[Any, ...], list[Any]] = {}
FEW_CONTROLS = 3  # so many fit into one name
LIGHT_PAPER = "#ffffff"
# Faint curves: colours that no drug and no transporter has, each with its own line.
KEPT_LOOKS = (("#b07a00", (0, (5, 2))), ("#2f8f9d", (0, (5, 2, 1, 2))), (plots.GREY, (0, (1, 1.5))))


@dataclass(frozen=True)
class Kept:
    """A state that was kept: its control values, its sentence and the lines it left behind."""

    values: Mapping[str, Any]
    reading: str
    lines: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
    moved_by: frozenset[str]  # the controls on which these lines hang

    def is_drawn_as(self, lines: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]) -> bool:
        """Whether other lines would lie on these."""
        import numpy as np

        return all(
            np.array_equal(one, other, equal_nan=True)
            for name, points in self.lines.items()
            for one, other in zip(points, lines[name], strict=True)
        )


@dataclass(frozen=True)
class Screen:
    """Where the picture is shown: width in pixels of the page, sharpness, colour of the paper."""

    width_px: int
    ratio: float = 1.0
    paper: str = LIGHT_PAPER

    @property
    def dark(self) -> bool:
        """Whether the paper is dark."""
        from matplotlib.colors import to_rgb

        red, green, blue = to_rgb(self.paper)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.4


class Canvas:
    """A staged figure, ready to be moved; what does not move is drawn with the first picture.

    Parameters
    ----------
    explorer : Explorer
        Whose stage and drawing are used.
    screen : Screen
        Width, sharpness and paper.
    kept : sequence of Kept
        States to draw as faint curves, at most three.
    names : sequence of str
        What they are called.
    """

    def __init__(
        self, explorer: Explorer, screen: Screen, kept: Sequence[Kept], names: Sequence[str]
    ) -> None:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        width_in = screen.width_px / DPI
        height_in = max(
            width_in * explorer.size_in[1] / explorer.size_in[0],
            min(LOWEST_IN, explorer.size_in[1]),
        )
        letters = 10.0 if width_in >= 5 else 9.0 if width_in >= 4 else 8.0
        self._draw = explorer.draw
        self._screen = screen
        with rc_context({"font.size": letters, "legend.fontsize": letters - 1}):
            self.figure = Figure(
                figsize=(width_in, height_in), dpi=DPI * screen.ratio, layout="constrained"
            )
            self.artists = dict(explorer.stage(self.figure))
            if explorer.keep:
                self._draw_kept(kept, names)
        if screen.dark:  # what is staged is on light paper; looking at each part takes a fifth
            plots.themed(self.figure, screen.paper)
        self._moving = sorted(self.artists.values(), key=lambda artist: artist.get_zorder())
        for artist in self._moving:
            artist.set_animated(True)
            artist.set_in_layout(False)  # where something is just now changes no layout
        self._agg: Any = FigureCanvasAgg(self.figure)
        self._place = (explorer.stage, explorer.size_in, screen.width_px, *names)
        self._background: Any = None

    def settle(self) -> None:
        """Lay the figure out and draw what does not move, once: only a picture needs that."""
        if self._background is not None:
            return
        with warnings.catch_warnings():  # a page that opens can be too narrow for a moment
            warnings.filterwarnings("ignore", "constrained_layout not applied")
            known = self._lay_out(_laid_out.get(self._place, []))
            self._agg.draw()
        self.figure.set_layout_engine("none")  # from here on nothing may shift
        if not known:
            boxes = [axes.get_position(original=True) for axes in self.figure.axes]
            _laid_out[self._place] = boxes
            while len(_laid_out) > MOST_LAID_OUT:
                del _laid_out[next(iter(_laid_out))]
        self._background = self._agg.copy_from_bbox(self.figure.bbox)

    def _lay_out(self, boxes: Sequence[Any]) -> bool:
        """Put the axes where they stood when this was drawn before; True where that is known."""
        if not boxes or len(boxes) != len(self.figure.axes):
            return False
        self.figure.set_layout_engine("none")
        for axes, box in zip(self.figure.axes, boxes, strict=True):
            axes.set_position(box)
        return True

    def _draw_kept(self, kept: Sequence[Kept], names: Sequence[str]) -> None:
        """Draw the faint curves and say below what they are."""
        from matplotlib.lines import Line2D

        letters_in_line = int(12 * self.figure.get_figwidth())

        handles = []
        for place, name in enumerate(names):
            (colour, dashes), state = KEPT_LOOKS[place], kept[place]
            swatch: dict[str, Any] = {}
            curves = [one for one in state.lines if self.artists[one].get_linestyle() != "None"]
            for artist, (x, y) in state.lines.items():
                line = self.artists[artist]
                look: dict[str, Any] = {"color": colour, "lw": 1.5, "zorder": 1.5}
                if line.get_linestyle() == "None":  # rings around what may lie on the same spot
                    size = line.get_markersize() + 3 + 2 * place
                    look |= {"ls": "", "marker": line.get_marker(), "ms": size, "mfc": "none"}
                else:  # several lines of one state are told apart by their own line styles
                    look["ls"] = dashes if len(curves) == 1 else line.get_linestyle()
                line.axes.plot(x, y, **look)
                swatch = swatch or (look if len(x) else {})  # the key shows what was drawn
            words = textwrap.fill(name, letters_in_line - 6)
            swatch = swatch or {"color": colour, "lw": 1.5, "ls": dashes}
            handles.append(Line2D([], [], label=words, **swatch))
        beside = sum(len(name) + 6 for name in names) < letters_in_line
        if handles:
            self.figure.legend(
                handles=handles,
                loc="outside lower center",
                ncols=3 if beside else 1,
                frameon=False,
                handlelength=2.2,
            )

    @property
    def aspect(self) -> float:
        """Width over height."""
        width, height = self.figure.get_size_inches()
        return float(width / height)

    def move(self, values: Mapping[str, Any]) -> str | Seen:
        """Move the artists; return the sentence."""
        seen = self._draw(self.artists, **values)
        if self._screen.dark:  # a drawing may have changed a colour
            plots.recolour(self._moving)
        return seen

    def png(self, compress_level: int = 1) -> bytes:
        """Return the picture as it is now, as PNG."""
        import numpy as np

        self.settle()
        self._agg.restore_region(self._background)
        renderer = self._agg.get_renderer()
        for artist in self._moving:
            artist.draw(renderer)
        return png_of(np.asarray(self._agg.buffer_rgba())[..., :3], compress_level)

    def lines(self, names: Sequence[str]) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
        """Return copies of the points of these lines."""
        import numpy as np

        return {
            name: (
                np.array(self.artists[name].get_xdata(), copy=True),
                np.array(self.artists[name].get_ydata(), copy=True),
            )
            for name in names
        }


def png_of(pixels: NDArray[np.uint8], compress_level: int = 1) -> bytes:
    """Write pixels (height, width, 3) as PNG without looking for filters: three times as fast."""
    import numpy as np

    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # each row starts with "no filter"
    rows[:, 1:] = pixels.reshape(height, -1)
    chunks = {
        b"IHDR": struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(rows.tobytes(), compress_level),
        b"IEND": b"",
    }
    written = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def names_of_kept(explorer: Explorer, kept: Sequence[Kept]) -> list[str]:
    """Name each state by what differs between the states; one alone by all that was set.

    The first state is kept before anybody knows what will be moved next, so it is named by every
    control where there are few, and else by those that are not at their default. What moves none
    of the kept lines is no part of a name.
    """
    moving = frozenset[str]().union(*(state.moved_by for state in kept))
    controls = {control.name: control for control in explorer.controls if control.name in moving}
    states = [state.values for state in kept]
    few = len(states) == 1 and len(controls) <= FEW_CONTROLS
    others = states if len(states) > 1 else [*states, {n: c.default for n, c in controls.items()}]
    differing = [
        control
        for name, control in controls.items()
        if few or len({control.text(values[name]) for values in others}) > 1
    ]
    if not differing:
        return ["start"] if len(kept) == 1 else [f"kept {n}" for n, _ in enumerate(kept, start=1)]
    if len(differing) == 1 and len(states) > 1:
        (one,) = differing
        first, *more = (one.text(values[one.name]) for values in states)
        return [f"{one.label}: {first}", *more]
    return [
        ", ".join(control.in_key(values[control.name]) for control in differing)
        for values in states
    ]
