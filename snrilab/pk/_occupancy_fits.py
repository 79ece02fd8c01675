"""From scans to an EC50: the hyperbola through occupancy against plasma, its ceiling fixed or free.

For each EC50 the best ceiling is a ratio of two sums, so the fit is a search along one line, and
the profile intervals are read from the same line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length, scalar_or_array
from snrilab._diagnostic import Diagnostic
from snrilab._estimate import Estimate, student_t, unknown_name
from snrilab.mechanism import occupancy

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["OccupancyFit", "fit_occupancy"]

# EC50 is looked for from this many times below the lowest to above the highest concentration.
_REACH, _POINTS = 1e4, 800


@dataclass(frozen=True, eq=False, repr=False)
class OccupancyFit:
    """EC50 and ceiling through observed occupancies, with profile intervals.

    ``fit["ec50_ng_per_mL"]`` and ``fit["ceiling"]`` are an `Estimate` each; a ceiling that was
    fixed has no interval.

    Parameters
    ----------
    estimates : dict
        Name to `Estimate`.
    conc_ng_per_mL, observed, fitted : array
        Plasma concentrations, and occupancies observed and fitted.
    rms_error : float
        Root mean square error of occupancy, unweighted.
    df : int
        Observations less parameters.
    ceiling_p_value : float
        Chance of gaining as much by a free ceiling when it is 1 in truth; NaN for a fixed one.
    diagnostics : tuple of Diagnostic
        What to be careful about.
    """

    estimates: dict[str, Estimate]
    conc_ng_per_mL: Floats
    observed: Floats
    fitted: Floats
    rms_error: float
    df: int
    ceiling_p_value: float
    diagnostics: tuple[Diagnostic, ...]

    def __getitem__(self, name: str) -> Estimate:
        """Return an estimate by its name."""
        if name not in self.estimates:
            raise unknown_name(name, self.estimates)
        return self.estimates[name]

    def __repr__(self) -> str:
        lines = [f"{name}: {estimate}" for name, estimate in self.estimates.items()]
        lines += [f"{doubt.code}: {doubt}" for doubt in self.diagnostics]
        return "\n".join(lines)

    def predict(self, conc_ng_per_mL: ArrayLike) -> float | Floats:
        """Occupancy at other concentrations.

        Parameters
        ----------
        conc_ng_per_mL : array_like
            Total plasma concentration (ng/mL), >= 0.

        Returns
        -------
        float or array
            Occupancy, from 0 to the ceiling.
        """
        conc = nonnegative("conc_ng_per_mL", conc_ng_per_mL)
        ec50, ceiling = (self[name].value for name in ("ec50_ng_per_mL", "ceiling"))
        held = np.asarray(ceiling * occupancy(conc, ec50) if 0 < ec50 < math.inf else conc * 0)
        if ec50 == 0:
            held = np.where(conc > 0, ceiling, 0.0)
        return scalar_or_array(held)

    def concentration_for(self, held: float) -> float:
        """Concentration that holds a share of the transporter.

        Parameters
        ----------
        held : float
            Occupancy, in [0, ceiling).

        Returns
        -------
        float
            Total plasma concentration (ng/mL), >= 0.
        """
        ceiling = self["ceiling"].value
        share = one_number("held", held, low=0.0, high=ceiling, high_open=True)
        return self["ec50_ng_per_mL"].value * share / (ceiling - share)


def fit_occupancy(
    conc_ng_per_mL: ArrayLike,
    observed: ArrayLike,
    *,
    ceiling: float | None = 1.0,
    sd: ArrayLike | None = None,
    level: float = 0.95,
) -> OccupancyFit:
    """Fit ``ceiling C/(C + EC50)`` to occupancies observed at plasma concentrations.

    Least squares; limits are where the sum of squares has risen by what Student's t allows (by
    chi-squared when `sd` is given). A limit that does not exist is infinite, or 0; so is the EC50
    itself when every scan shows all or nothing.

    Parameters
    ----------
    conc_ng_per_mL : array_like
        Total plasma concentration at each scan (ng/mL), > 0.
    observed : array_like
        Occupancy at each scan, as a fraction; noise may take it below 0 or above 1.
    ceiling : float or None, default 1
        Highest occupancy that the method can show, in (0, 1]; None fits it, at most 1.
    sd : array_like, optional
        Known standard deviation (or error) of each occupancy, > 0: weights by 1/sd².
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    OccupancyFit
        Estimates, fitted values and diagnostics.

    Examples
    --------
    Five scans of escitalopram (Klein 2006 and 2007) at modelled plasma concentrations:

    >>> conc = [2.84, 5.68, 11.4, 13.4, 4.46]
    >>> held = [0.60, 0.64, 0.75, 0.815, 0.633]
    >>> print(fit_occupancy(conc, held)["ec50_ng_per_mL"])
    2.64 ng/mL (95 % profile interval 1.809 to 3.707)
    >>> free = fit_occupancy(conc, held, ceiling=None)
    >>> print(free["ceiling"])
    0.8634 (95 % profile interval 0.7092 to 1)
    >>> print(free.diagnostics[0])
    A ceiling of 86 % fits no better than one of 100 % beyond chance (P = 0.12): these scans cannot
    tell a ceiling from noise.
    >>> round(free.concentration_for(0.8), 1)
    18.8
    """
    conc = np.atleast_1d(positive("conc_ng_per_mL", conc_ng_per_mL))
    seen = np.atleast_1d(numbers("observed", observed))
    same_length(conc_ng_per_mL=conc, observed=seen)
    weight = np.ones_like(seen)
    if sd is not None:
        weight = 1 / positive("sd", sd)
        weight = np.full(seen.shape, weight) if weight.ndim == 0 else weight
        same_length(observed=seen, sd=weight)
    confidence = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    free = ceiling is None
    top = 1.0 if ceiling is None else one_number("ceiling", ceiling, low=0, high=1, low_open=True)
    if np.abs(seen).max() > 1.5:
        raise ValueError(
            f"observed must be fractions of 1, got {seen[np.abs(seen).argmax()]:g}: divide per "
            "cent by 100."
        )
    df = seen.size - 1 - free
    if df < 1:
        raise ValueError(
            f"observed must hold at least {2 + free} scans for {1 + free} parameters, "
            f"got {seen.size}."
        )
    data = _Scans(conc, seen, weight, top, free)
    log_ec50 = _search(data.loss, data.grid())
    loss = float(data.loss(np.array(log_ec50)))
    limit = loss + _rise(loss, df, confidence, known=sd is not None)
    ec50 = _unless_at_the_end(log_ec50, data.grid())
    best = float(data.ceiling(np.array(log_ec50)))
    fitted = best * conc / (conc + math.exp(log_ec50))
    low, high = data.limits(log_ec50, limit)
    estimates = {
        "ec50_ng_per_mL": Estimate(
            ec50, "ng/mL", low=low, high=high, level=confidence, method="profile"
        ),
        "ceiling": Estimate(best),
    }
    p_value = math.nan
    if free:
        span = data.ceiling_limits(limit)
        estimates["ceiling"] = Estimate(best, "", math.nan, *span, confidence, "profile")
        p_value = _gain(data, loss, df, known=sd is not None)
    return OccupancyFit(
        estimates,
        conc,
        seen,
        fitted,
        float(np.sqrt(np.mean((fitted - seen) ** 2))),
        df,
        p_value,
        _doubts(estimates, conc, p_value),
    )


class _Scans(NamedTuple):
    """The observations, and what each EC50 makes of them."""

    conc: Floats
    seen: Floats
    weight: Floats
    top: float
    free: bool

    def grid(self) -> Floats:
        """Return logarithms of the EC50 among which to look."""
        reach = math.log(_REACH)
        low, high = math.log(self.conc.min()) - reach, math.log(self.conc.max()) + reach
        return np.linspace(low, high, _POINTS)

    def _sums(self, log_ec50: Floats) -> tuple[Floats, Floats]:
        """Best ceiling without any limit, and how sharply the loss rises around it."""
        share = self._share(log_ec50)
        steep = (share**2).sum(axis=-1)
        return (share * self.seen * self.weight).sum(axis=-1) / steep, steep

    def _share(self, log_ec50: Floats) -> Floats:
        ec50 = np.exp(np.asarray(log_ec50, dtype=np.float64))[..., np.newaxis]
        return self.weight * self.conc / (self.conc + ec50)

    def ceiling(self, log_ec50: Floats) -> Floats:
        if not self.free:
            return np.full(np.shape(log_ec50), self.top)
        return np.clip(self._sums(log_ec50)[0], 0.0, self.top)

    def loss(self, log_ec50: Floats) -> Floats:
        fitted = self.ceiling(log_ec50)[..., np.newaxis] * self._share(log_ec50)
        return np.asarray(((fitted - self.weight * self.seen) ** 2).sum(axis=-1))

    def limits(self, log_ec50: float, limit: float) -> tuple[float, float]:
        """EC50 at which the loss has risen to the limit, on both sides."""
        from scipy.optimize import brentq

        def excess(x: float) -> float:
            return float(self.loss(np.array(x))) - limit

        found = []
        for sign, none in ((-1, 0.0), (1, math.inf)):
            along = log_ec50 + sign * np.linspace(0, 2 * math.log(_REACH), _POINTS)
            over = np.flatnonzero(self.loss(along) > limit)
            if over.size and over[0]:
                inner, outer = along[over[0] - 1], along[over[0]]
                found.append(math.exp(float(brentq(excess, inner, outer, xtol=1e-12))))
            else:
                found.append(none)
        return found[0], found[1]

    def ceiling_limits(self, limit: float) -> tuple[float, float]:
        """Lowest and highest ceiling within the limit: for each EC50 the loss is a parabola."""

        def reach(x: Floats, sign: float) -> Floats:
            best, steep = self._sums(x)
            share = self._share(x)
            least = ((best[..., np.newaxis] * share - self.weight * self.seen) ** 2).sum(axis=-1)
            wide = np.sqrt(np.maximum(limit - least, 0.0) / steep)
            return np.where(least <= limit, sign * best + wide, -np.inf)

        along = self.grid()
        ends = []
        for sign in (-1.0, 1.0):
            x = _search(lambda at, sign=sign: -reach(at, sign), along)  # type: ignore[misc]
            ends.append(sign * float(reach(np.array(x), sign)))
        return max(ends[0], 0.0), min(ends[1], self.top)


def _search(loss: Callable[[Floats], Floats], grid: Floats) -> float:
    """Where a loss is lowest: on the grid, then between the neighbours of that point."""
    from scipy.optimize import minimize_scalar

    at = int(np.argmin(loss(grid)))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, grid.size - 1)]
    found = minimize_scalar(
        lambda x: float(loss(np.array(x))),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(found.x)


def _unless_at_the_end(log_ec50: float, grid: Floats) -> float:
    """EC50, or 0 or infinity where the loss falls on to the end of the search."""
    step = grid[1] - grid[0]
    if log_ec50 < grid[0] + step:
        return 0.0
    return math.inf if log_ec50 > grid[-1] - step else math.exp(log_ec50)


def _rise(loss: float, df: int, level: float, *, known: bool) -> float:
    """How far the loss may rise inside an interval."""
    if known:
        from scipy.special import ndtri

        return float(ndtri((1 + level) / 2) ** 2)
    return student_t(level, df) ** 2 * loss / df


def _gain(data: _Scans, loss: float, df: int, *, known: bool) -> float:
    """P value of what a free ceiling gains over one of 1."""
    from scipy.special import chdtrc, fdtrc

    fixed = data._replace(free=False)
    gain = max(float(fixed.loss(np.array(_search(fixed.loss, fixed.grid())))) - loss, 0.0)
    if known:
        return float(chdtrc(1, gain))
    return float(fdtrc(1, df, gain / (loss / df))) if loss else 0.0


def _doubts(estimates: dict[str, Estimate], conc: Floats, p_value: float) -> tuple[Diagnostic, ...]:
    found = []
    ec50, ceiling = estimates["ec50_ng_per_mL"], estimates["ceiling"]
    if 0 < ec50.value < conc.min() / 2 or 2 * conc.max() < ec50.value < math.inf:
        found.append(
            Diagnostic(
                "ec50_outside_range",
                f"The EC50 of {ec50.value:.3g} ng/mL lies far from the concentrations scanned "
                f"({conc.min():.3g} to {conc.max():.3g} ng/mL): scan nearer to half occupancy.",
            )
        )
    if ec50.low == 0 or math.isinf(ec50.high):
        side = "below" if ec50.low == 0 else "above"
        found.append(
            Diagnostic(
                "not_identifiable",
                f"These scans cannot bound the EC50 from {side}: scan at other concentrations.",
            )
        )
    if p_value > 0.05 and ceiling.value < 0.995:
        found.append(
            Diagnostic(
                "ceiling_not_needed",
                f"A ceiling of {100 * ceiling.value:.0f} % fits no better than one of 100 % "
                f"beyond chance (P = {p_value:.2g}): these scans cannot tell a ceiling from noise.",
            )
        )
    return tuple(found)
