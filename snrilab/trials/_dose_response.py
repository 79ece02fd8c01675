"""Dose-response curves of animals or patients: Emax and sigmoid Emax, with the floor of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
from scipy import special

from snrilab import binding
from snrilab._checks import choice, nonnegative, numbers, one_number, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab._estimate import Estimate

    Floats = NDArray[np.float64]

__all__ = ["DoseResponseFit", "emax", "fit_dose_response"]

PARAMETERS = {"emax": ("e0", "emax", "ed50"), "sigmoid_emax": ("e0", "emax", "ed50", "hill")}
HILL_RANGE = (0.1, 20.0)


def emax(
    dose: ArrayLike, e0: ArrayLike, emax: ArrayLike, ed50: ArrayLike, hill: ArrayLike = 1.0
) -> Floats:
    r"""Return the effect of a dose: :math:`E_0 + E_{max} D^h / (ED_{50}^h + D^h)`."""
    given = nonnegative("dose", dose)
    half, steep = positive("ed50", ed50), positive("hill", hill)
    return np.asarray(numbers("e0", e0) + numbers("emax", emax) * _share(given, half, steep))


def _share(dose: Floats, ed50: Floats | float, hill: Floats | float) -> Floats:
    """Return the share of Emax; logistic in the logarithm of the dose, so nothing overflows."""
    with np.errstate(divide="ignore"):
        return np.asarray(special.expit(hill * (np.log(dose) - np.log(ed50))))


@dataclass(frozen=True)
class _Curve:
    """The mean that is fitted: the curve, but nothing below the floor of the test."""

    floor: float

    def __call__(
        self, dose: Floats, e0: float, emax: float, ed50: float, hill: float = 1.0
    ) -> Floats:
        return np.maximum(e0 + emax * _share(dose, ed50, hill), self.floor)

    def slope(
        self, dose: Floats, e0: float, emax: float, ed50: float, hill: float | None = None
    ) -> Floats:
        """Return derivatives by e0, emax, ed50 and, where it is fitted, hill: (n, p)."""
        steep = 1.0 if hill is None else hill
        share = _share(dose, ed50, steep)
        bend = emax * share * (1 - share)
        columns = [np.ones_like(share), share, -bend * steep / ed50]
        if hill is not None:
            columns.append(bend * np.log(np.where(dose > 0, dose, ed50) / ed50))
        above = e0 + emax * share > self.floor
        return np.stack(columns, axis=1) * above[:, None]


@dataclass(frozen=True)
class _OneSite(_Curve):
    """The same with a steepness of one, which is not fitted."""

    def __call__(  # type: ignore[override]
        self, dose: Floats, e0: float, emax: float, ed50: float
    ) -> Floats:
        return super().__call__(dose, e0, emax, ed50)


@dataclass(frozen=True, eq=False)
class DoseResponseFit:
    """A dose-response curve fitted by least squares.

    Parameters
    ----------
    model : str
        ``"emax"`` or ``"sigmoid_emax"``.
    names : tuple of str
        Names of the parameters: e0, emax, ed50 and hill.
    floor : float
        Least mean response that the test can show; ``-inf`` without one.
    fit : snrilab.binding.Fit
        Estimates, residuals and diagnostics.
    """

    model: str
    names: tuple[str, ...]
    floor: float
    fit: binding.Fit

    def __getitem__(self, name: str) -> Estimate:
        found: Estimate = self.fit[name]
        return found

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The parameters in the order of `names`."""
        return tuple(self.fit[name] for name in self.names)

    @property
    def rss(self) -> float:
        """Residual sum of squares."""
        return float(self.fit.rss)

    @property
    def df(self) -> int:
        """Residual degrees of freedom."""
        return len(self.fit.y) - len(self.names)

    @overload
    def predict(self, dose: float) -> float: ...
    @overload
    def predict(self, dose: ArrayLike) -> Floats: ...
    def predict(self, dose: ArrayLike) -> float | Floats:
        """Return the fitted mean at a dose, >= 0."""
        given = nonnegative("dose", dose)
        values = [self[name].value for name in self.names]
        mean = np.maximum(emax(given, *values), self.floor)
        return scalar_or_array(mean)


def fit_dose_response(
    dose: ArrayLike,
    response: ArrayLike,
    model: str = "emax",
    *,
    floor: float | None = None,
    interval: str = "profile",
    level: float = 0.95,
) -> DoseResponseFit:
    """Fit a dose-response curve by least squares; no start values are needed.

    Parameters
    ----------
    dose : array_like
        Dose of each animal or patient, >= 0.
    response : array_like
        Response of each, finite.
    model : {"emax", "sigmoid_emax"}, default "emax"
        Curve with a steepness of one, or with a free one.
    floor : float, optional
        Least mean response that the test can show, where it is known: means below it are not
        fitted but cut off there. Without it a curve that runs into a floor seems to end there, and
        its ED50 comes out too small.
    interval : {"profile", "wald"}, default "profile"
        Kind of interval. Profile limits may be infinite, where the doses set none.
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).

    Returns
    -------
    DoseResponseFit

    Examples
    --------
    >>> dose = [0, 0, 5, 5, 10, 10, 20, 20, 40, 40]
    >>> seconds = [161, 159, 128, 127, 110, 111, 91, 90, 76, 74]
    >>> print(fit_dose_response(dose, seconds)["ed50"])
    12.23 (95 % profile interval 11.0... to 13.5...)
    """
    names = PARAMETERS[choice("model", model, tuple(PARAMETERS))]
    level = one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    kind = choice("interval", interval, ("profile", "wald"))
    lowest = -np.inf if floor is None else one_number("floor", floor)
    x, y = nonnegative("dose", dose), numbers("response", response)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(
            f"dose and response must be one-dimensional and of equal length, got {x.shape} and "
            f"{y.shape}."
        )
    if len(np.unique(x)) < len(names) or len(x) <= len(names):
        raise ValueError(
            f"dose must have at least {len(names)} different values and {len(names) + 1} "
            f"observations for the {model} model, got {len(np.unique(x))} and {len(x)}."
        )
    if np.ptp(y) == 0:
        raise ValueError("response must vary, got one value only.")
    free_hill = model == "sigmoid_emax"
    curve = _Curve(lowest) if free_hill else _OneSite(lowest)
    start = _start(x, y, free_hill, lowest)
    low, high = [-np.inf, -np.inf, x[x > 0].min() * 1e-6], [np.inf, np.inf, x.max() * 1e6]
    if free_hill:
        low, high = [*low, HILL_RANGE[0]], [*high, HILL_RANGE[1]]
    found = binding.fit(curve, x, y, start, jacobian=curve.slope, bounds=(low, high), level=level)
    if kind == "profile":
        found = binding.profile_intervals(found, level=level)
    return DoseResponseFit(model, names, lowest, found)


def _start(dose: Floats, response: Floats, free_hill: bool, floor: float) -> list[float]:
    """Return the best of a grid over ED50 and steepness; plateaus by regression on the share."""
    given = dose[dose > 0]
    ed50 = np.geomspace(given.min() / 30, given.max() * 30, 60)
    hill = np.geomspace(0.3, 8, 12) if free_hill else np.ones(1)
    halves, steeps = (one.ravel() for one in np.meshgrid(ed50, hill))
    share = _share(dose, halves[:, None], steeps[:, None])
    centred = share - share.mean(axis=1, keepdims=True)
    off = response - response.mean()
    squares = np.maximum((centred**2).sum(axis=1), 1e-300)
    top = (centred * off).sum(axis=1) / squares
    base = response.mean() - top * share.mean(axis=1)
    mean = np.maximum(base[:, None] + top[:, None] * share, floor)
    best = int(np.argmin(((response - mean) ** 2).sum(axis=1)))
    start = [float(base[best]), float(top[best]), float(halves[best]), float(steeps[best])]
    return start if free_hill else start[:3]
