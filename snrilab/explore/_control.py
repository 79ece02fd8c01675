"""One quantity that a learner can change, as a slider and as a number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from snrilab._checks import one_number, whole_number

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Control:
    """One quantity that the learner can change.

    Parameters
    ----------
    name : str
        Name of the argument of the drawing function, with its unit (``radioligand_nM``).
    label : str
        What the quantity is called on screen and by a screen reader.
    unit : str
        Unit on screen; ``""`` for a pure number.
    low, high : float
        Smallest and largest value, low < high; > 0 when `scale` is ``"log"``.
    default : float
        Value at the start and after a reset, in [low, high].
    scale : {"linear", "log", "whole"}, default "linear"
        How the slider steps: by equal differences, equal ratios, or one by one.
    steps : int, default 50
        Key presses from low to high; ignored for whole numbers.

    Raises
    ------
    ValueError
        If the limits contradict each other.

    Examples
    --------
    >>> Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 1, scale="log").text(2.5)
    '2.5 nM'
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    default: float
    scale: str = "linear"
    steps: int = 50

    def __post_init__(self) -> None:
        if self.scale not in {"linear", "log", "whole"}:
            raise ValueError(f"scale must be linear, log or whole, got {self.scale!r}.")
        one_number("high", self.high, low=self.low, low_open=True)
        one_number("default", self.default, low=self.low, high=self.high)
        if self.scale == "log":
            one_number("low", self.low, low=0.0, low_open=True)

    @property
    def full_label(self) -> str:
        """Label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @cached_property
    def grid(self) -> NDArray[np.float64]:
        """Values on the way of the slider: round numbers, the default among them."""
        if self.scale == "whole":
            return np.arange(self.low, self.high + 1)
        space = np.geomspace if self.scale == "log" else np.linspace
        values = np.array([float(f"{x:.3g}") for x in space(self.low, self.high, self.steps + 1)])
        values[[0, self.nearest(self.default, values), -1]] = self.low, self.default, self.high
        return values

    @property
    def stops(self) -> tuple[float, float, float]:
        """Smallest, default and largest value: where every drawing must work."""
        return self.low, self.default, self.high

    def nearest(self, value: float, values: NDArray[np.float64] | None = None) -> int:
        """Return the place on the slider that is nearest to a value."""
        values = self.grid if values is None else values
        if self.scale == "log":
            return int(np.argmin(np.abs(np.log(values / value))))
        return int(np.argmin(np.abs(values - value)))

    def checked(self, value: float) -> float:
        """Return the value if this control can have it, or raise."""
        if self.scale == "whole":
            return whole_number(self.name, value, low=int(self.low), high=int(self.high))
        return one_number(self.name, value, low=self.low, high=self.high)

    def text(self, value: float) -> str:
        """Return the value as it is read out, with its unit."""
        digits = np.format_float_positional(float(f"{value:.3g}"), trim="-")
        return f"{digits} {self.unit}".rstrip()

    def slider(self) -> Any:
        """Return a new slider, which counts places on the grid.

        A slider that held the value itself would round what is typed into the number box.
        """
        return ipywidgets.IntSlider(
            value=self.nearest(self.default),
            min=0,
            max=len(self.grid) - 1,
            readout=False,
            layout=ipywidgets.Layout(width="auto", flex="1 1 auto", min_width="120px"),
        )

    def box(self) -> Any:
        """Return a new number box, which holds the exact value of the control."""
        layout = ipywidgets.Layout(width="76px", flex="0 0 76px")
        if self.scale == "whole":
            low, default, high = map(int, self.stops)
            return ipywidgets.BoundedIntText(value=default, min=low, max=high, layout=layout)
        return ipywidgets.BoundedFloatText(
            value=self.default, min=self.low, max=self.high, step=None, layout=layout
        )
