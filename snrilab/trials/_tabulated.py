"""Simulated once and shipped: what four analyses say of one trial, and the power of the MMRM.

`tools/tabulate_trials.py` makes both tables from fixed seeds; here they are only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
from scipy import special

from snrilab import _tables
from snrilab._checks import choice, numbers, one_number, scalar_or_array
from snrilab._estimate import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["FOUR_WAYS_SETTINGS", "FourWays", "Performance", "four_ways", "tabulated_power"]

CRITICAL = 1.959963984540054  # two-sided, 5 %
METHODS = ("mmrm", "locf", "completers", "everybody")
FOUR_WAYS_SETTINGS: Mapping[str, tuple[float, ...] | tuple[str, ...]] = MappingProxyType(
    {
        "effect": (0.0, -1.5, -3.3),
        "leave_placebo": (0.03, 0.10, 0.25, 0.40),
        "leave_drug": (0.03, 0.10, 0.25, 0.40),
        "kind": ("mar", "mnar"),
        "strength": ("mild", "strong"),
    }
)
"""What `four_ways` has tabulated: the stops of its sliders."""


@dataclass(frozen=True, slots=True)
class Performance:
    """How an analysis did in many simulated trials.

    Parameters
    ----------
    mean_estimate : float
        Mean of the estimated differences, MADRS points.
    power : float
        Share of the trials with P < 0.05.
    coverage : float
        Share of the 95 % intervals that hold the true difference.
    trials : int
        Number of trials; it sets the Monte Carlo error.
    """

    mean_estimate: float
    power: float
    coverage: float
    trials: int


@dataclass(frozen=True, slots=True)
class FourWays:
    """Four analyses of the same simulated trials under one scenario of leaving.

    Parameters
    ----------
    effect : float
        True difference at the last visit, MADRS points.
    leave_placebo, leave_drug : float
        Share of each arm that leaves early whatever the score.
    kind, strength : str
        What decides who else leaves, and how strongly.
    mmrm, locf, completers, everybody : Performance
        The analyses, as in `analyse`; only a simulation knows everybody's scores.
    """

    effect: float
    leave_placebo: float
    leave_drug: float
    kind: str
    strength: str
    mmrm: Performance
    locf: Performance
    completers: Performance
    everybody: Performance

    def __getitem__(self, method: str) -> Performance:
        """Return the performance of a method by its name."""
        if method not in METHODS:
            raise unknown_name(method, METHODS)
        found: Performance = getattr(self, method)
        return found


def four_ways(
    effect: float = -3.3,
    *,
    leave_placebo: float = 0.03,
    leave_drug: float = 0.03,
    kind: Literal["mar", "mnar"] = "mar",
    strength: Literal["mild", "strong"] = "mild",
) -> FourWays:
    """Return what four analyses say of a trial, by who leaves it: read from a shipped table.

    Placebo against one drug, 186 patients each, eight weeks, 500 trials a setting (the field
    `trials`; with it goes the Monte Carlo error). Part of each arm leaves early whatever the score;
    others leave by the last score that was seen (missing at random) or by the next one, which
    nobody sees.

    Parameters
    ----------
    effect : {0, -1.5, -3.3}, default -3.3
        True difference, MADRS points.
    leave_placebo, leave_drug : {0.03, 0.10, 0.25, 0.40}, default 0.03
        Share of the arm that leaves early whatever the score.
    kind : {"mar", "mnar"}, default "mar"
        What decides who else leaves.
    strength : {"mild", "strong"}, default "mild"
        How strongly it decides: the odds of leaving 3.3-fold or 20-fold per 10 points.

    Returns
    -------
    FourWays

    Examples
    --------
    Carrying the last value forward finds an effect that does not exist:

    >>> found = four_ways(0, leave_placebo=0.40)
    >>> print(f"{found['locf'].mean_estimate:.1f}, {found['mmrm'].mean_estimate:.1f}")
    -1.9, -0.0
    """
    true = _stop("effect", effect)
    placebo, drug = _stop("leave_placebo", leave_placebo), _stop("leave_drug", leave_drug)
    kind_of = choice("kind", kind, ("mar", "mnar"))
    how = choice("strength", strength, ("mild", "strong"))
    mmrm, locf, completers, everybody = (
        _table()[(true, placebo, drug, kind_of, how, method)] for method in METHODS
    )
    return FourWays(true, placebo, drug, kind_of, how, mmrm, locf, completers, everybody)


def _stop(name: str, value: float) -> float:
    given, stops = one_number(name, value), FOUR_WAYS_SETTINGS[name]
    for stop in stops:
        if abs(float(stop) - given) < 1e-9:
            return float(stop)
    raise ValueError(f"{name} must be one of {', '.join(map(str, stops))}, got {given:g}.")


@cache
def _table() -> dict[tuple[float | str, ...], Performance]:
    numeric = ("effect", "leave_placebo", "leave_drug")
    return {
        (*(float(row[name]) for name in numeric), row["kind"], row["strength"], row["method"]): (
            Performance(
                float(row["mean_estimate"]),
                float(row["power"]),
                float(row["coverage"]),
                int(row["trials"]),
            )
        )
        for row in _tables.rows("trials_four_ways")
    }


@overload
def tabulated_power(difference: float, n_per_arm: float) -> float: ...
@overload
def tabulated_power(difference: ArrayLike, n_per_arm: ArrayLike) -> NDArray[np.float64]: ...
def tabulated_power(difference: ArrayLike, n_per_arm: ArrayLike) -> float | NDArray[np.float64]:
    """Return the power of the MMRM in a trial like Gommoll 2014, from a shipped table.

    Two arms, eight weeks, dropout at random, two-sided P < 0.05. The table holds simulated power
    and the standard errors that the trials report; power is read from a smooth curve through
    both, and agrees with the simulated one within its Monte Carlo error (3 in 100).

    Parameters
    ----------
    difference : array_like
        True difference at the last visit, MADRS points, from -5 to 0.
    n_per_arm : array_like
        Patients per arm, from 50 to 400.

    Returns
    -------
    float or ndarray
        Power, of the broadcast shape.

    Examples
    --------
    >>> print(f"{tabulated_power(-3.3, 178):.2f}")
    0.82
    """
    effect = numbers("difference", difference, low=-5.0, high=0.0)
    n = numbers("n_per_arm", n_per_arm, low=50, high=400)
    sizes, errors, sharper = _power_curve()
    size, at = np.broadcast_arrays(n, effect)
    # Errors fall with the root of the size, so they are read off a straight line.
    error = np.interp(-1 / np.sqrt(size), -1 / np.sqrt(sizes), errors)
    shift = sharper * np.abs(at) / error
    found = special.ndtr(shift - CRITICAL) + special.ndtr(-shift - CRITICAL)
    return scalar_or_array(found)


@cache
def _power_curve() -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return numbers per arm, the standard errors that their trials report, and one factor.

    Scores that end at 0 and 60 scatter a little less than the reported errors say. The factor makes
    the normal curve through them that of the simulated powers (weighted least squares of probits).
    """
    rows = _tables.rows("trials_power")
    difference, n, power, error = (
        np.array([float(row[name]) for row in rows])
        for name in ("difference", "n_per_arm", "power", "mean_standard_error")
    )
    sizes = np.unique(n)
    errors = np.array([error[n == size].mean() for size in sizes])
    told = (difference < 0) & (power < 0.995)
    x = np.abs(difference[told]) / np.interp(n[told], sizes, errors)
    z = special.ndtri(power[told])
    weight = np.exp(-(z**2)) / (power[told] * (1 - power[told]))
    return sizes, errors, float(np.sum(weight * x * (z + CRITICAL)) / np.sum(weight * x**2))
