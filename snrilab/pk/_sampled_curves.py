"""Areas under sampled curves, and their terminal slope, chosen as WinNonlin chooses it.

Curves that were sampled at the same times are worked through together: concentrations are
(curve, time).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab._checks import nonnegative, numbers, same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "AUC_RULES",
    "Lines",
    "TerminalPhase",
    "areas",
    "between",
    "since_dose",
    "terminal_lines",
]

AUC_RULES = ("linear-up/log-down", "linear")
# WinNonlin: a fit with more points is preferred while its adjusted R2 is within this of the best.
ADJUSTED_R2_TOLERANCE = 1e-4
LEAST_POINTS = 3
# A symmetric dip has no slope but rounding gives it one; its correlation stays near 1e-16.
_ROUNDING = 1e-9


def since_dose(
    time_h: ArrayLike, conc: ArrayLike, dose_time_h: float, conc_name: str
) -> tuple[Floats, Floats]:
    """Return hours after the dose and concentrations, in the order given."""
    times = numbers("time_h", time_h)
    try:
        values = nonnegative(conc_name, conc)
    except TypeError as error:
        raise TypeError(f"{error} A value below quantification is written as 0.") from None
    same_length(**{"time_h": times, conc_name: values})
    return times - dose_time_h, values


def areas(times: Floats, conc: Floats, rule: str) -> tuple[Floats, Floats]:
    """AUC and AUMC of each interval between samples, along the last axis.

    Where the logarithmic rule has no answer (a rise, a plateau, a zero) the linear one serves.
    """
    dt = np.diff(times)
    t1, t2, c1, c2 = times[:-1], times[1:], conc[..., :-1], conc[..., 1:]
    auc = dt * (c1 + c2) / 2
    aumc = dt * (t1 * c1 + t2 * c2) / 2
    if rule == "linear":
        return auc, aumc
    falls = (c2 < c1) & (c2 > 0)
    # In terms of log(c1/c2), which keeps its digits when c2 is close to c1.
    drop = np.where(falls, (c1 - c2) / np.where(falls, c2, 1.0), 1.0)
    log_ratio = np.log1p(drop)
    auc_log = dt * (c1 - c2) / log_ratio
    aumc_log = dt * (t1 * c1 - t2 * c2) / log_ratio + dt**2 * (c1 - c2) / log_ratio**2
    return np.where(falls, auc_log, auc), np.where(falls, aumc_log, aumc)


def between(times: Floats, conc: Floats, at: float, rule: str) -> float:
    """Concentration at a time between two samples, interpolated as the rule integrates."""
    after = int(np.searchsorted(times, at))
    if times[after] == at:
        return float(conc[after])
    t1, t2, c1, c2 = times[after - 1], times[after], conc[after - 1], conc[after]
    share = (at - t1) / (t2 - t1)
    if rule != "linear" and 0 < c2 < c1:
        return float(c1 * (c2 / c1) ** share)
    return float(c1 + share * (c2 - c1))


@dataclass(frozen=True)
class TerminalPhase:
    """Straight line through the logarithm of the last concentrations.

    Parameters
    ----------
    lambda_z_per_h : float
        Minus the slope (1/h), > 0; NaN when no terminal phase can be estimated, as are all below.
    intercept_log : float
        Natural logarithm of the concentration at dose time on the line.
    lower_h, upper_h : float
        First and last time used (h after the dose).
    n_points : int
        Points used, at least 3; 0 when there is no terminal phase.
    r2, r2_adjusted, correlation : float
        How straight the points lie; the correlation is negative.
    """

    lambda_z_per_h: float = math.nan
    intercept_log: float = math.nan
    lower_h: float = math.nan
    upper_h: float = math.nan
    n_points: int = 0
    r2: float = math.nan
    r2_adjusted: float = math.nan
    correlation: float = math.nan

    @property
    def half_life_h(self) -> float:
        """Terminal half-life (h)."""
        return math.log(2) / self.lambda_z_per_h

    @property
    def span_ratio(self) -> float:
        """How many half-lives the points used span."""
        return (self.upper_h - self.lower_h) / self.half_life_h

    def predicted(self, time_h: float) -> float:
        """Concentration on the line at `time_h` (h after the dose)."""
        return math.exp(self.intercept_log - self.lambda_z_per_h * time_h)


class Lines(NamedTuple):
    """The terminal line of each curve; NaN, and no points, where there is none."""

    slope: Floats
    intercept: Floats
    lower_h: Floats
    upper_h: Floats
    n_points: NDArray[np.int_]
    correlation: Floats

    def of(self, curve: int) -> TerminalPhase:
        """Return the line of one curve."""
        n = int(self.n_points[curve])
        if not n:
            return TerminalPhase()
        correlation = float(self.correlation[curve])
        return TerminalPhase(
            lambda_z_per_h=-float(self.slope[curve]),
            intercept_log=float(self.intercept[curve]),
            lower_h=float(self.lower_h[curve]),
            upper_h=float(self.upper_h[curve]),
            n_points=n,
            r2=correlation**2,
            r2_adjusted=float(_adjusted(correlation, n)),
            correlation=correlation,
        )


def terminal_lines(times: Floats, conc: Floats, *, first_h: float, with_peak: bool) -> Lines:
    """Choose each curve's terminal points: best adjusted R2, more points when within 1e-4 of it.

    Parameters
    ----------
    times : array
        Rising times (h).
    conc : array
        Concentrations (curve, time), >= 0; zeros are not used.
    first_h : float
        No point before this time is used (the end of an infusion).
    with_peak : bool
        Whether the highest concentration itself may be used (only after an i.v. bolus).

    Returns
    -------
    Lines
        Without points where fewer than three fall on a falling line.
    """
    m = times.size
    peak = np.argmax(conc, axis=-1)[:, np.newaxis] + (0 if with_peak else 1)
    usable = (conc > 0) & (times >= first_h) & (np.arange(m) >= peak)
    logs = np.log(np.where(usable, conc, 1.0))
    left = np.cumsum(usable[:, ::-1], axis=-1)[:, ::-1]
    starts = range(m - LEAST_POINTS, -1, -1)
    fits = [_lines(times, logs, usable & (np.arange(m) >= i)) for i in starts]
    if not fits:
        none = np.full(len(conc), np.nan)
        return Lines(none, none, none, none, np.zeros(len(conc), dtype=np.int_), none)
    slope, intercept, correlation = (np.stack(part) for part in zip(*fits, strict=True))
    n = np.stack([left[:, i] for i in starts])
    # A start that is itself unusable would only repeat the line of the next one.
    falling = (correlation < -_ROUNDING) & (n >= LEAST_POINTS) & usable[:, ::-1].T[2:]
    # A fit to three points that is no line at all may fall to 1 - 2 (1 - 0) = -1, not below.
    quality = np.where(falling, _adjusted(correlation, np.maximum(n, LEAST_POINTS)), -2.0)
    near = falling & (quality.max(axis=0) - quality < ADJUSTED_R2_TOLERANCE)
    best = near.shape[0] - 1 - np.argmax(near[::-1], axis=0)
    pick = (best, np.arange(len(conc)))
    found = near.any(axis=0)
    last = m - 1 - np.argmax(usable[:, ::-1], axis=-1)
    return Lines(
        np.where(found, slope[pick], np.nan),
        np.where(found, intercept[pick], np.nan),
        np.where(found, times[m - LEAST_POINTS - best], np.nan),
        np.where(found, times[last], np.nan),
        np.where(found, n[pick], 0),
        np.where(found, correlation[pick], np.nan),
    )


def _lines(times: Floats, logs: Floats, use: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Slope, intercept and correlation through the points in use, curve by curve."""
    n = np.maximum(use.sum(axis=-1), 1)[:, np.newaxis]
    x_mean = (use * times).sum(axis=-1, keepdims=True) / n
    y_mean = (use * logs).sum(axis=-1, keepdims=True) / n
    dx, dy = use * (times - x_mean), use * (logs - y_mean)
    xx, xy, yy = (dx * dx).sum(-1), (dx * dy).sum(-1), (dy * dy).sum(-1)
    # A plateau, or a single point, has no slope and explains nothing.
    slope = np.divide(xy, xx, out=np.zeros_like(xy), where=xx > 0)
    spread = np.sqrt(xx * yy)
    correlation = np.divide(xy, spread, out=np.zeros_like(xy), where=spread > 0)
    return slope, y_mean[:, 0] - slope * x_mean[:, 0], correlation


def _adjusted(correlation: Floats | float, n: NDArray[np.int_] | int) -> Floats | float:
    return 1 - (1 - correlation**2) * (n - 1) / (n - 2)
