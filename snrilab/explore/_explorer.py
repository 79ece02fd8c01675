"""The one explorer: controls, a figure that stays, a reading, and a way back to the start.

The figure is drawn once. What moves is drawn over the saved background (blitting), which takes
milliseconds where a new figure takes hundreds; so the picture follows a slider while it moves.
"""

from __future__ import annotations

import base64
import io
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    from snrilab.explore._control import Control

SIZE_IN = (5.7, 3.9)  # with the controls beside it, fits a notebook cell at 1280 x 800
DPI = 100
CONTROLS_WIDTH = "250px"


class Accessible(anywidget.AnyWidget):  # type: ignore[misc]
    """The reading below the picture, and the names that assistive technology needs."""

    _esm = Path(__file__).parent / "accessible.js"
    _css = Path(__file__).parent / "accessible.css"

    title = traitlets.Unicode().tag(sync=True)
    labels = traitlets.Dict().tag(sync=True)
    spoken = traitlets.Dict().tag(sync=True)
    reading = traitlets.Unicode().tag(sync=True)
    failed = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(lambda *_: self.send({"alive": True}))


class MovingPicture:
    """A figure whose background is drawn once and whose moving artists are drawn on demand.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure made without pyplot; its limits, ticks and texts stay as they are.
    moving : sequence of matplotlib.artist.Artist
        The artists that change.
    """

    def __init__(self, figure: Figure, moving: Sequence[Artist]) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas: Any = FigureCanvasAgg(figure)
        self._canvas = canvas
        self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
        for artist in self._moving:
            artist.set_animated(True)
        canvas.draw()
        figure.set_layout_engine("none")  # from here on nothing may shift
        self._background = canvas.copy_from_bbox(figure.bbox)

    def png(self) -> bytes:
        """Return the picture as it is now, as PNG."""
        from PIL import Image

        self._canvas.restore_region(self._background)
        renderer = self._canvas.get_renderer()
        for artist in self._moving:
            artist.draw(renderer)
        pixels = Image.frombuffer(
            "RGBA", self._canvas.get_width_height(), self._canvas.buffer_rgba(), "raw", "RGBA", 0, 1
        )
        buffer = io.BytesIO()
        pixels.convert("RGB").save(buffer, "png", compress_level=1)
        return buffer.getvalue()


class Explorer:
    """Controls, one persistent picture, a live reading and a reset button.

    Parameters
    ----------
    title : str
        What is explored, in a few words.
    controls : sequence of Control
        The quantities that can be changed.
    stage : callable
        ``stage(figure)`` puts axes with fixed limits on the figure and returns the moving
        artists by name: ``dict[str, Artist]``. Called once.
    draw : callable
        ``draw(artists, **values)`` moves the artists and returns the reading, one sentence that
        says in numbers what the picture shows. Called at every change.
    size_in : tuple of float, default (5.7, 3.9)
        Width and height of the picture in inches.

    Attributes
    ----------
    sliders, boxes : dict
        The slider and the number box of each control, by its name.
    image : ipywidgets.Image
        The picture.
    widget : ipywidgets.VBox
        Everything together, as shown in a notebook.
    errors : list of Exception
        What went wrong while drawing; the reader sees it in place of the reading.

    Examples
    --------
    >>> import numpy as np
    >>> def stage(figure):
    ...     axes = figure.add_subplot(xlim=(0, 10), ylim=(0, 1))
    ...     return {"curve": axes.plot([], [])[0]}
    >>> def draw(artists, kd_nM):
    ...     conc_nM = np.linspace(0, 10)
    ...     artists["curve"].set_data(conc_nM, conc_nM / (conc_nM + kd_nM))
    ...     return f"Half of the sites are taken at {kd_nM:.3g} nM."
    >>> from snrilab.explore import Control
    >>> kd = Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 1, scale="log")
    >>> explorer = Explorer("Occupancy", [kd], stage, draw)
    >>> explorer.set(kd_nM=2)
    >>> explorer.reading
    'Half of the sites are taken at 2 nM.'
    """

    def __init__(
        self,
        title: str,
        controls: Sequence[Control],
        stage: Callable[[Figure], Mapping[str, Artist]],
        draw: Callable[..., str],
        *,
        size_in: tuple[float, float] = SIZE_IN,
    ) -> None:
        from matplotlib.figure import Figure

        self.title = title
        self.controls = {control.name: control for control in controls}
        self.errors: list[Exception] = []
        self._draw = draw
        self._values = {name: control.default for name, control in self.controls.items()}
        self.figure = Figure(figsize=size_in, dpi=DPI, layout="constrained")
        self.artists = dict(stage(self.figure))
        self._picture = MovingPicture(self.figure, list(self.artists.values()))
        self._build(size_in)
        self._update()

    def _build(self, size_in: tuple[float, float]) -> None:
        """Make the widgets and connect them."""
        self.sliders = {name: control.slider() for name, control in self.controls.items()}
        self.boxes = {name: control.box() for name, control in self.controls.items()}
        for name in self.controls:
            self.sliders[name].observe(partial(self._slid, name), "value")
            self.boxes[name].observe(partial(self._typed, name), "value")
        self._reset = ipywidgets.Button(
            description="Reset", layout=ipywidgets.Layout(width="90px", margin="6px 0 0")
        )
        self._reset.on_click(lambda _: self.reset())
        width_px = round(size_in[0] * DPI)
        self.image = ipywidgets.Image(
            format="png", layout=ipywidgets.Layout(width=f"{width_px}px", max_width="100%")
        )
        labels = {name: control.full_label for name, control in self.controls.items()}
        self._accessible = Accessible(title=self.title, labels=labels)
        side = ipywidgets.VBox(
            [*(self._row(control) for control in self.controls.values()), self._reset],
            layout=ipywidgets.Layout(width=CONTROLS_WIDTH, flex=f"0 0 {CONTROLS_WIDTH}"),
        )
        side.add_class("snrilab-controls")
        both = ipywidgets.HBox(
            [side, self.image], layout=ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        )
        both.add_class("snrilab-both")
        self.widget = ipywidgets.VBox([both, self._accessible])
        self.widget.add_class("snrilab-explorer")

    def _row(self, control: Control) -> Any:
        name = ipywidgets.Label(control.full_label)
        name.add_class("snrilab-name")
        pair = ipywidgets.HBox([self.sliders[control.name], self.boxes[control.name]])
        row = ipywidgets.VBox([name, pair])
        row.add_class(f"snrilab-control-{control.name}")
        return row

    @property
    def values(self) -> dict[str, float]:
        """The values of the controls now, by name."""
        return dict(self._values)

    @property
    def reading(self) -> str:
        """The sentence that says what the picture shows."""
        return str(self._accessible.reading)

    @property
    def png(self) -> bytes:
        """The picture as it is now."""
        return bytes(self.image.value)

    def set(self, **values: float) -> None:
        """Move several controls and draw once.

        Parameters
        ----------
        **values : float
            New value for each named control, within its limits.

        Raises
        ------
        ValueError
            If there is no such control, or the value is outside its limits.
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"{name} is no control; there are {', '.join(self.controls)}.")
            self._values[name] = self.controls[name].checked(value)
        self._update()

    def reset(self) -> None:
        """Bring every control back to its default."""
        self.set(**{name: control.default for name, control in self.controls.items()})

    def _slid(self, name: str, _: object) -> None:
        """Take the slider's value, unless the slider only follows a value from elsewhere."""
        control, place = self.controls[name], self.sliders[name].value
        if place != control.nearest(self._values[name]):
            self.set(**{name: control.grid[place]})

    def _typed(self, name: str, _: object) -> None:
        if self.boxes[name].value != self._values[name]:
            self.set(**{name: self.boxes[name].value})

    def _update(self) -> None:
        """Draw what the controls say; a failure is shown, recorded and raised."""
        try:
            reading = self._draw(self.artists, **self._values)
            self.image.value = self._picture.png()  # first: the eye does not wait for the words
            self._say(reading, False)
        except Exception as error:
            self.errors.append(error)
            self._say(f"This picture could not be drawn.\n{traceback.format_exc(limit=-3)}", True)
            raise
        finally:
            for name, value in self._values.items():
                self.boxes[name].value = value
                self.sliders[name].value = self.controls[name].nearest(value)

    def _say(self, reading: str, failed: bool) -> None:
        spoken = {name: self.controls[name].text(value) for name, value in self._values.items()}
        with self._accessible.hold_sync():
            self._accessible.failed = failed
            self._accessible.spoken = spoken
            self._accessible.reading = reading

    def __repr__(self) -> str:
        return f"{self.title}: {self.reading}"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the live widget and, for a page without a kernel, the picture as it is now."""
        bundle = self.widget._repr_mimebundle_(**options)
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = repr(self)
        data["image/png"] = base64.b64encode(self.png).decode("ascii")
        return data, {"image/png": {"alt": repr(self)}}
