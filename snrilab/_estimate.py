"""A number with its uncertainty and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

# The usual interval of its kind needs no name: a reader may look at `method`.
_WRITTEN = {
    "agresti_caffo": "Agresti-Caffo",
    "dl": "DerSimonian-Laird",
    "fe": "inverse-variance",
    "mh": "Mantel-Haenszel",
    "miettinen_nurminen": "Miettinen-Nurminen",
    "newcombe": "Newcombe",
    "noncentral_t": "",
    "reml": "REML",
    "wald": "",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated quantity: value, standard error, interval and unit.

    Parameters
    ----------
    value : float
        The point estimate, in `unit`.
    unit : str
        Unit of value, standard error and limits (``""`` for a pure number).
    standard_error : float, default nan
        Standard error; NaN when the method gives none.
    low, high : float, default nan
        Limits of the interval. ``-inf`` or ``inf`` says that the data set no limit on that side.
    level : float, default 0.95
        Confidence level of the interval, in (0, 1).
    method : str, default ""
        How the interval was made, for example ``"profile"``, ``"wald"`` or ``"bootstrap"``.

    Examples
    --------
    >>> print(Estimate(11.2, "nM", standard_error=0.9, low=9.5, high=13.2, method="profile"))
    11.2 nM (95 % profile interval 9.5 to 13.2)
    """

    value: float
    unit: str = ""
    standard_error: float = np.nan
    low: float = np.nan
    high: float = np.nan
    level: float = 0.95
    method: str = ""

    def __str__(self) -> str:
        text = f"{self.value:.4g} {self.unit}".rstrip()
        if np.isnan(self.low) and np.isnan(self.high):
            return text
        method = _WRITTEN.get(self.method, self.method)
        kind = f"{method} interval" if method else "interval"
        return f"{text} ({100 * self.level:g} % {kind} {_limit(self.low)} to {_limit(self.high)})"

    def __float__(self) -> float:
        return float(self.value)


def unknown_name(name: object, known: Iterable[str]) -> KeyError:
    """Return the error for a result that is asked for a name it does not have."""
    return KeyError(f"no estimate is called {name!r}; there are {', '.join(known)}.")


def student_t(level: float, df: float) -> float:
    """Two-sided quantile of Student's t: what a standard error is multiplied by at `level`."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + 0.5 * level))


def _limit(value: float) -> str:
    if np.isneginf(value):
        return "no lower limit"
    if np.isposinf(value):
        return "no upper limit"
    return f"{value:.4g}"
