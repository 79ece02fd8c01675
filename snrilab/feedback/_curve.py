"""A curve drawn by a learner: one slider and one number box for each of a few points."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from snrilab._checks import no_number
from snrilab.feedback._widgets import number_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from snrilab.exercises import Prediction

_WIDTH, _HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 12, 42


class Curve:
    """Sliders, number boxes and a picture with fixed axes whose line follows them.

    Parameters
    ----------
    asked : Prediction
        Its points, unit, low and high make the axes.
    start : sequence of float, optional
        Where the points stand at first; in the middle when left out.
    say : callable
        Told when a box does not get what was typed, and "" when it does.
    """

    def __init__(
        self, asked: Prediction, start: Sequence[float] | None, say: Callable[[str], None]
    ) -> None:
        self._asked, self._say = asked, say
        self.drawn = start is not None
        middle = (asked.low + asked.high) / 2
        values = list(start) if start is not None else [middle] * len(asked.points)
        step = 10.0 ** np.floor(np.log10((asked.high - asked.low) / 100))  # 1, 0.1, …: round ones
        self.labels = [f"{asked.axis} {point:g}" for point in asked.points]
        self.boxes: list[Any] = []
        self._sliders: list[Any] = []
        rows = []
        for label, value in zip(self.labels, values, strict=True):
            slider = ipywidgets.FloatSlider(
                min=asked.low,
                max=asked.high,
                step=step,
                value=value,
                readout=False,
                layout={"width": "12em"},
            )
            number = ipywidgets.Text(f"{value:.6g}", layout={"width": "6em"})
            slider.observe(self._moved, "value")
            number.observe(self._typed, "value")
            self._sliders.append(slider)
            self.boxes.append(number)
            name = ipywidgets.Label(label, layout={"width": "6em"})
            rows.append(ipywidgets.HBox([name, slider, number]))
        self._picture = ipywidgets.HTML(self._drawn())
        self.widget = ipywidgets.HBox(
            [ipywidgets.VBox(rows), self._picture], layout={"flex_flow": "row wrap"}
        )

    @property
    def values(self) -> tuple[float, ...]:
        """The curve: one number for each point."""
        return tuple(float(f"{slider.value:.6g}") for slider in self._sliders)

    @property
    def sentence(self) -> str:
        """What the picture shows, in words."""
        pairs = zip(self.labels, self.values, strict=True)
        said = ", ".join(f"{label}: {value:.3g}" for label, value in pairs)
        return f"Your curve ({self._asked.unit}): {said}."

    @property
    def odd(self) -> str:
        """What is wrong with a box that holds no number; empty when all do."""
        return next((no_number(one.value) for one in self.boxes if number_in(one) is None), "")

    def _moved(self, change: dict[str, Any]) -> None:
        self.drawn = True
        place = self._sliders.index(change["owner"])
        self.boxes[place].value = f"{change['new']:.6g}"
        self._picture.value = self._drawn()

    def _typed(self, change: dict[str, Any]) -> None:
        """Move the point to what was typed; say so where it cannot go there."""
        self.drawn = True
        box = change["owner"]
        number = number_in(box)
        if number is None:
            self._say(no_number(box.value))
            return
        held = min(max(number, self._asked.low), self._asked.high)
        self._sliders[self.boxes.index(box)].value = held
        box.value = f"{held:.6g}"
        most = "most" if held < number else "least"
        self._say("" if held == number else f"At {most} {held:g} here.")

    def _x(self, point: float) -> float:
        first, last = self._asked.points[0], self._asked.points[-1]
        return _LEFT + (point - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, value: float) -> float:
        low, high = self._asked.low, self._asked.high
        return _TOP + (high - value) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def _drawn(self) -> str:
        """Draw the axes, which stay, and the line, in the colours of the page."""
        asked, values = self._asked, self.values
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        places = [(self._x(p), self._y(v)) for p, v in zip(asked.points, values, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dots = "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0072b2"/>' for x, y in places
        )
        x_ticks = "".join(
            f'<text x="{self._x(p):.1f}" y="{bottom + 16}" text-anchor="middle">{p:g}</text>'
            for p in asked.points
        )
        quarter = (asked.high - asked.low) / 4
        y_ticks = "".join(
            f'<text x="{_LEFT - 6}" y="{self._y(v) + 4:.1f}" text-anchor="end">{v:.3g}</text>'
            for v in (asked.low + quarter * k for k in range(5))
        )
        axis = html.escape(asked.axis)
        unit = html.escape(asked.unit)
        return (
            f'<svg role="img" aria-label="{html.escape(self.sentence)}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-size="12" '
            'style="max-width:100%;color:var(--jp-content-font-color1,#111)" fill="currentColor">'
            f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="currentColor"/>'
            f"{x_ticks}{y_ticks}"
            f'<text x="{(_LEFT + right) / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">'
            f'{axis}</text><text x="14" y="{(_TOP + bottom) / 2:.0f}" text-anchor="middle" '
            f'transform="rotate(-90 14 {(_TOP + bottom) / 2:.0f})">{unit}</text>'
            f'<polyline points="{line}" fill="none" stroke="#0072b2" stroke-width="2.5"/>{dots}'
            "</svg>"
        )
