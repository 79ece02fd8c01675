"""Put a picture into a notebook together with the sentence that stands for it."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from snrilab._checks import whole_number
from snrilab.plots._style import alt_text
from snrilab.plots._theme import on_dark_paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

PANEL_IN = (5.6, 3.6)  # width and height of one panel: two side by side fit a notebook cell
DPI = 100
SHARPNESS = 2  # pixels per screen pixel: text stays crisp when a reader zooms in


@overload
def axes(
    rows: Literal[1] = 1, columns: Literal[1] = 1, *, height_in: float = PANEL_IN[1]
) -> Axes: ...
@overload
def axes(rows: int = 1, columns: int = 1, *, height_in: float = PANEL_IN[1]) -> NDArray[Any]: ...
def axes(rows: int = 1, columns: int = 1, *, height_in: float = PANEL_IN[1]) -> Axes | NDArray[Any]:
    """Return empty Axes on a new figure that belongs to nobody else.

    The figure is made without pyplot, so nothing stays in memory and nothing is shown twice.

    Parameters
    ----------
    rows, columns : int, default 1
        Number of panels, each at least 1.
    height_in : float, default 3.6
        Height of one panel in inches, > 0.

    Returns
    -------
    matplotlib.axes.Axes or numpy.ndarray
        One Axes, or a flat array of rows x columns Axes, row by row.

    Examples
    --------
    >>> left, right = axes(1, 2)
    >>> left.figure is right.figure
    True
    """
    from matplotlib.figure import Figure

    rows, columns = whole_number("rows", rows, low=1), whole_number("columns", columns, low=1)
    width_in = PANEL_IN[0] if columns == 1 else 4.2 * columns
    figure = Figure(figsize=(width_in, height_in * rows), dpi=DPI, layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    return panels[0] if panels.size == 1 else panels


_STYLE = """<style>
.snrilab-on-dark, [data-jp-theme-light="false"] .snrilab-on-light,
[data-theme="dark"] .snrilab-on-light { display: none !important; }
[data-jp-theme-light="false"] .snrilab-on-dark,
[data-theme="dark"] .snrilab-on-dark { display: inline !important; }
</style>"""


class Picture:
    """A finished picture: pixels for those who see them, a sentence for those who do not.

    Parameters
    ----------
    png : bytes
        The picture on light paper.
    alt : str
        What the picture says, in words.
    width_px : int
        Its width on the page.
    dark_png : bytes, optional
        The same on dark paper.
    caption : str, optional
        A sentence to stand below the picture for everybody.
    """

    def __init__(
        self, png: bytes, alt: str, width_px: int, dark_png: bytes = b"", caption: str = ""
    ) -> None:
        self.png, self.dark_png = png, dark_png
        self.alt, self.caption, self.width_px = alt, caption, width_px

    def __repr__(self) -> str:
        return self.alt

    def _image(self, png: bytes, paper: str) -> str:
        encoded = base64.b64encode(png).decode("ascii")
        hidden = "display: none; " if paper == "dark" else ""
        return (
            f'<img class="snrilab-on-{paper}" alt="{html.escape(self.alt, quote=True)}" '
            f'width="{self.width_px}" style="{hidden}max-width: 100%; height: auto" '
            f'src="data:image/png;base64,{encoded}">'
        )

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        both = self._image(self.png, "light")
        if self.dark_png:
            both = _STYLE + both + self._image(self.dark_png, "dark")
        if self.caption:
            both += f"<p>{html.escape(self.caption)}</p>"
        encoded = base64.b64encode(self.png).decode("ascii")
        data = {"text/html": both, "image/png": encoded, "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt}}


def _pixels(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=SHARPNESS * DPI)
    return buffer.getvalue()


def picture(panels: Axes | NDArray[Any], alt: str | None = None) -> Picture:
    """Return the picture that Axes belong to, with its alternative text.

    Parameters
    ----------
    panels : matplotlib.axes.Axes or array of Axes
        What the functions of `snrilab.plots` return; several panels of one figure may be given.
    alt : str, optional
        The sentence that stands for the picture. Left out, it is joined from the sentences that
        the drawing functions attached to their Axes.

    Returns
    -------
    Picture
        Shown by JupyterLab as an image with alternative text.

    Raises
    ------
    ValueError
        If there is no sentence: a picture without one is lost on readers who cannot see it.

    Examples
    --------
    >>> picture(axes(), alt="An empty frame.")
    An empty frame.
    """
    drawn = list(np.ravel(np.asarray(panels, dtype=object)))
    sentence = alt if alt is not None else " ".join(alt_text(panel) for panel in drawn).strip()
    if not sentence:
        raise ValueError(
            "alt is empty and no Axes carries a sentence; say in words what the picture shows."
        )
    figure = drawn[0].figure
    light = _pixels(figure)
    with on_dark_paper(figure):
        dark = _pixels(figure)
    return Picture(light, sentence, round(figure.get_figwidth() * DPI), dark)


def show(panels: Axes | NDArray[Any], alt: str | None = None) -> None:
    """Show the picture in the notebook, with its alternative text.

    Parameters
    ----------
    panels : matplotlib.axes.Axes or array of Axes
        What the functions of `snrilab.plots` return.
    alt : str, optional
        The sentence that stands for the picture; left out, the Axes' own sentences.

    Raises
    ------
    ValueError
        If there is no sentence.

    Examples
    --------
    >>> show(axes(), alt="An empty frame.")  # outside a notebook the sentence is printed
    An empty frame.
    """
    from IPython.display import display

    display(picture(panels, alt))
