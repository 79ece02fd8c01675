"""What a learner can change: a quantity, a choice between names, a switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from snrilab._checks import no_number, one_number, typed_number, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Value: TypeAlias = float | int | str | bool
_SHORT_UNIT = 6  # letters that a key has room for: ng/mL, not fmol/mg protein


@dataclass(frozen=True)
class Control:
    """A quantity, as a slider and as a number box.

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
    short : str, default ""
        The label where there is little room: in the key of kept curves.

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
    scale: Literal["linear", "log", "whole"] = "linear"
    steps: int = 50
    short: str = ""

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
        values[[0, self._nearest(self.default, values), -1]] = self.low, self.default, self.high
        return values

    @property
    def stops(self) -> tuple[Value, ...]:
        """Smallest, default and largest value: where every drawing must work."""
        return self.low, self.default, self.high

    def place(self, value: float) -> int:
        """Return the place on the slider that is nearest to a value."""
        return self._nearest(value, self.grid)

    def _nearest(self, value: float, values: NDArray[np.float64]) -> int:
        if self.scale == "log":
            return int(np.argmin(np.abs(np.log(values / value))))
        return int(np.argmin(np.abs(values - value)))

    def checked(self, value: Value) -> Value:
        """Return the value if this control can have it, or raise."""
        if self.scale == "whole":
            return whole_number(self.name, value, low=int(self.low), high=int(self.high))
        return one_number(self.name, value, low=self.low, high=self.high)

    def wished(self, wish: float | str) -> tuple[Value | None, str]:
        """Return the value that a slider or a box gets, and what to say when it is another one.

        What was typed may lie beyond the limits, then the limit is taken; or be no number, then
        there is none.
        """
        number = typed_number(str(wish))
        if number is None:
            typed = str(wish).strip()
            return None, f"{self.label}: {no_number(typed) if typed else 'a number is missing.'}"
        value: float = min(max(number, self.low), self.high)
        if value != number:
            most = "most" if number > self.high else "least"
            return value, f"{self.label}: at {most} {self.text(value)} here."
        if self.scale != "whole":
            return value, ""
        return round(value), "" if value == round(value) else f"{self.label}: whole numbers only."

    def text(self, value: Value) -> str:
        """Return the value as it is read out, with its unit."""
        return f"{self.digits(value)} {self.unit}".rstrip()

    def in_key(self, value: Value) -> str:
        """Return the short label with the value and its unit, if this is short too."""
        unit = "%" if self.unit.startswith("%") else self.unit
        space = "-" if unit == "fold" else " "
        said = f"{self.short or self.label} {self.digits(value)}"
        return f"{said}{space}{unit}" if 0 < len(unit) <= _SHORT_UNIT else said

    @staticmethod
    def digits(value: Value) -> str:
        """Return the value with three significant digits, without exponent."""
        return np.format_float_positional(float(f"{value:.3g}"), trim="-")

    def state(self) -> dict[str, object]:
        """Return what the page needs to show this control."""
        return {
            "kind": "range",
            "name": self.name,
            "label": self.full_label,
            "low": self.low,
            "high": self.high,
            "grid": self.grid.tolist(),
            "whole": self.scale == "whole",
        }


@dataclass(frozen=True)
class Choice:
    """One name out of several, as a list to pick from.

    Parameters
    ----------
    name : str
        Name of the argument of the drawing function, which gets the name that was picked.
    label : str
        What is chosen, on screen and by a screen reader.
    options : tuple of str
        At least two different names.
    default : str, optional
        The one at the start; the first when left out.
    brings : mapping, optional
        What other controls are set to when a name is picked, by that name: a person brings the
        usual dose of the own drug.
    short : str, default ""
        What stands before the name in the key of kept curves, where a name alone does not tell
        what it is of (``"placebo"`` before "40 %").

    Examples
    --------
    >>> Choice("where", "Where", ("cortex only", "whole animal")).default
    'cortex only'
    """

    name: str
    label: str
    options: tuple[str, ...]
    default: str = ""
    brings: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    short: str = ""

    def __post_init__(self) -> None:
        if len(set(self.options)) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"options must be two or more different names, got {self.options}.")
        object.__setattr__(self, "default", self.checked(self.default or self.options[0]))
        for name in self.brings:
            self.checked(name)

    @property
    def full_label(self) -> str:
        """What is chosen."""
        return self.label

    @property
    def stops(self) -> tuple[Value, ...]:
        """Every name: where every drawing must work."""
        return self.options

    def checked(self, value: Value) -> Value:
        """Return the name if it is one of the options, or raise."""
        if value not in self.options:
            raise ValueError(f"{self.name} must be one of {', '.join(self.options)}, got {value}.")
        return value

    def text(self, value: Value) -> str:
        """Return the name."""
        return str(value)

    def in_key(self, value: Value) -> str:
        """Return the name, with what it is of before it where this is declared."""
        return f"{self.short} {value}".lstrip()

    def place(self, value: Value) -> int:
        """Return the place of the name in the list."""
        return self.options.index(str(value))

    def state(self) -> dict[str, object]:
        """Return what the page needs to show this control."""
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "options": list(self.options),
        }


@dataclass(frozen=True)
class Switch:
    """Something that is on or off, as a box to tick.

    Parameters
    ----------
    name : str
        Name of the argument of the drawing function, which gets True or False.
    label : str
        What is switched on, on screen and by a screen reader.
    default : bool, default False
        Whether it is on at the start.

    Examples
    --------
    >>> Switch("brake", "Cell-body brake", default=True).text(False)
    'off'
    """

    name: str
    label: str
    default: bool = False

    @property
    def full_label(self) -> str:
        """What is switched on."""
        return self.label

    @property
    def stops(self) -> tuple[Value, ...]:
        """Off and on."""
        return False, True

    def checked(self, value: Value) -> Value:
        """Return the value if it is True or False, or raise."""
        if not isinstance(value, bool):
            raise TypeError(f"{self.name} must be True or False, got {value!r}.")
        return value

    def text(self, value: Value) -> str:
        """Return on or off."""
        return "on" if value else "off"

    def in_key(self, value: Value) -> str:
        """Return the label with on or off."""
        return f"{self.label} {self.text(value)}"

    def place(self, value: Value) -> int:
        """Return 0 for off and 1 for on."""
        return int(bool(value))

    def state(self) -> dict[str, object]:
        """Return what the page needs to show this control."""
        return {"kind": "switch", "name": self.name, "label": self.label}


AnyControl: TypeAlias = Control | Choice | Switch
