"""The terminal slope of a concentration-time curve, chosen as WinNonlin chooses it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["TerminalPhase", "terminal_phase"]

# WinNonlin: a fit with more points is preferred while its adjusted R2 is within this of the best.
ADJUSTED_R2_TOLERANCE = 1e-4
LEAST_POINTS = 3
# A symmetric dip has no slope but rounding gives it one; its correlation stays near 1e-16.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class TerminalPhase:
    """Straight line through the logarithm of the last concentrations.

    Parameters
    ----------
    lambda_z_per_h : float
        Minus the slope (1/h), > 0; NaN when no terminal phase can be estimated, as are all below.
    intercept_log : float
        Natural logarithm of the concentration at time 0 on the line.
    lower_h, upper_h : float
        First and last time used (h).
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
        """Concentration on the line at `time_h` (h)."""
        return math.exp(self.intercept_log - self.lambda_z_per_h * time_h)


def terminal_phase(
    times: Floats, conc: Floats, *, first_h: float, with_peak: bool
) -> TerminalPhase:
    """Choose the terminal points: best adjusted R2, more points when within 1e-4 of it.

    Parameters
    ----------
    times, conc : array
        Rising times (h) and concentrations >= 0; zeros are not used.
    first_h : float
        No point before this time is used (the end of an infusion).
    with_peak : bool
        Whether the highest concentration itself may be used (only after an i.v. bolus).

    Returns
    -------
    TerminalPhase
        The chosen line; `n_points` is 0 when fewer than three points fall on a falling line.
    """
    peak = int(np.argmax(conc))
    start = peak if with_peak else peak + 1
    usable = np.flatnonzero((conc > 0) & (times >= first_h))
    usable = usable[usable >= start]
    fits = [
        _line(times[usable[-n:]], np.log(conc[usable[-n:]]))
        for n in range(LEAST_POINTS, usable.size + 1)
    ]
    falling = [fit for fit in fits if fit.correlation < -_ROUNDING]
    if not falling:
        return TerminalPhase()
    best = max(fit.r2_adjusted for fit in falling)
    near = [fit for fit in falling if best - fit.r2_adjusted < ADJUSTED_R2_TOLERANCE]
    return max(near, key=lambda fit: fit.n_points)


def _line(x: Floats, y: Floats) -> TerminalPhase:
    n = x.size
    dx, dy = x - x.mean(), y - y.mean()
    xx, xy, yy = dx @ dx, dx @ dy, dy @ dy
    slope = xy / xx
    if yy == 0:  # a plateau: no slope, nothing explained
        return TerminalPhase(correlation=0.0)
    correlation = xy / math.sqrt(xx * yy)
    r2 = correlation**2
    return TerminalPhase(
        lambda_z_per_h=float(-slope),
        intercept_log=float(y.mean() - slope * x.mean()),
        lower_h=float(x[0]),
        upper_h=float(x[-1]),
        n_points=n,
        r2=float(r2),
        r2_adjusted=float(1 - (1 - r2) * (n - 1) / (n - 2)),
        correlation=float(correlation),
    )
