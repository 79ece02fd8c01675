"""The difference of two risks, with four intervals that part company at small counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import brentq
from scipy.special import ndtri

from snrilab import _checks
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["risk_difference"]

METHODS = ("newcombe", "miettinen_nurminen", "wald", "agresti_caffo")


def risk_difference(
    events_drug: int,
    n_drug: int,
    events_placebo: int,
    n_placebo: int,
    *,
    method: str = "newcombe",
    level: float = 0.95,
    zero_correction: float = 0.0,
) -> Estimate:
    """Return the risk on drug minus the risk on placebo, with an interval.

    Parameters
    ----------
    events_drug, events_placebo : int
        Patients with the event, from 0 to the size of the group.
    n_drug, n_placebo : int
        Sizes of the groups, >= 1.
    method : str, default "newcombe"
        ``"newcombe"`` joins two Wilson intervals and ``"miettinen_nurminen"`` inverts a score
        test: both stay within [-1, 1] and are honest at small counts. ``"wald"`` (estimate ±
        z·standard error) collapses to a point when no group, or everybody, has the event.
        ``"agresti_caffo"`` adds one event and one non-event to each group. Limits of these two
        beyond -1 or 1, which no difference of risks can reach, are cut there.
    level : float, default 0.95
        Confidence level, in (0, 1).
    zero_correction : float, default 0
        Added to all four cells when one of them is zero, as meta-analyses do (0.5); changes the
        estimate.

    Returns
    -------
    Estimate
        Risk difference in [-1, 1], its Wald standard error, and the interval.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873-890 (method 10).
    Miettinen O, Nurminen M. Stat Med 1985;4:213-226.
    Agresti A, Caffo B. Am Stat 2000;54:280-288.

    Examples
    --------
    Nausea in 17 of 100 on drug and 6 of 100 on placebo:

    >>> print(risk_difference(17, 100, 6, 100))
    0.11 (95 % Newcombe interval 0.02098 to 0.2013)
    >>> print(risk_difference(0, 40, 0, 40))
    0 (95 % Newcombe interval -0.08762 to 0.08762)
    """
    a, m = group("events_drug", events_drug, "n_drug", n_drug)
    b, n = group("events_placebo", events_placebo, "n_placebo", n_placebo)
    method = _checks.choice("method", method, METHODS)
    level = _checks.one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    extra = _checks.one_number("zero_correction", zero_correction, low=0.0)
    if extra and 0 in (a, m - a, b, n - b):
        a, m, b, n = a + extra, m + 2 * extra, b + extra, n + 2 * extra
    z = float(ndtri(0.5 + level / 2))
    low, high = (min(max(limit, -1.0), 1.0) for limit in _INTERVALS[method](a, m, b, n, z))
    spread = math.sqrt(_variance(a / m, m, b / n, n))
    return Estimate(a / m - b / n, "", spread, low, high, level, method)


def group(name: str, events: float, size_name: str, size: float) -> tuple[float, float]:
    """Return a count and the size of its group, or raise."""
    total = float(_checks.whole_number(size_name, size, low=1))
    count = float(_checks.whole_number(name, events))
    if count > total:
        raise ValueError(f"{name} must be at most {size_name} = {total:g}, got {count:g}.")
    return count, total


def _variance(p: float, m: float, q: float, n: float) -> float:
    return p * (1 - p) / m + q * (1 - q) / n


def _wald(a: float, m: float, b: float, n: float, z: float) -> tuple[float, float]:
    p, q = a / m, b / n
    half = z * math.sqrt(_variance(p, m, q, n))
    return p - q - half, p - q + half


def _agresti_caffo(a: float, m: float, b: float, n: float, z: float) -> tuple[float, float]:
    return _wald(a + 1, m + 2, b + 1, n + 2, z)


def _wilson(p: float, n: float, z: float) -> tuple[float, float]:
    """Return Wilson's interval of one proportion; its limits at 0 and 1 are exact."""
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (0.0 if p == 0 else centre - half), (1.0 if p == 1 else centre + half)


def _newcombe(a: float, m: float, b: float, n: float, z: float) -> tuple[float, float]:
    p, q = a / m, b / n
    (p_low, p_high), (q_low, q_high) = _wilson(p, m, z), _wilson(q, n, z)
    low = p - q - math.hypot(p - p_low, q_high - q)
    high = p - q + math.hypot(p_high - p, q - q_low)
    return low, high


def _miettinen_nurminen(a: float, m: float, b: float, n: float, z: float) -> tuple[float, float]:
    """Invert the score test: the limits are the differences that it just does not reject."""
    observed = a / m - b / n

    def distance(difference: float) -> float:
        spread = _constrained_spread(difference, a, m, b, n)
        if spread == 0:
            return 0.0 if difference == observed else math.copysign(math.inf, observed - difference)
        return (observed - difference) / spread

    low = _crossing(lambda difference: distance(difference) - z, -1.0, observed)
    high = _crossing(lambda difference: distance(difference) + z, observed, 1.0)
    return low, high


def _crossing(falling: Callable[[float], float], left: float, right: float) -> float:
    """Return where a falling function is zero, or the end beyond which it would be."""
    if falling(left) <= 0:
        return left
    if falling(right) >= 0:
        return right
    # Where nobody varies the distance is infinite; the search needs a finite sign.
    return float(brentq(lambda x: min(max(falling(x), -1e9), 1e9), left, right, xtol=1e-15))


def _constrained_spread(difference: float, a: float, m: float, b: float, n: float) -> float:
    """Return the score standard error under p - q = difference (closed form of the cubic)."""
    total, events = m + n, a + b
    cubic = total
    square = (m + 2 * n) * difference - total - events
    linear = (n * difference - total - 2 * b) * difference + events
    constant = b * difference * (1 - difference)
    shift = square / (3 * cubic)
    v = shift**3 - square * linear / (6 * cubic**2) + constant / (2 * cubic)
    u = math.copysign(math.sqrt(max(shift**2 - linear / (3 * cubic), 0.0)), v)
    cosine = min(max(v / u**3, -1.0), 1.0) if u else 0.0
    angle = (math.pi + math.acos(cosine)) / 3
    q = min(max(2 * u * math.cos(angle) - shift, 0.0), 1.0)
    p = min(max(q + difference, 0.0), 1.0)
    # Miettinen and Nurminen's factor makes the variance unbiased.
    return math.sqrt(_variance(p, m, q, n) * total / (total - 1))


_INTERVALS: dict[str, Callable[[float, float, float, float, float], tuple[float, float]]] = {
    "newcombe": _newcombe,
    "miettinen_nurminen": _miettinen_nurminen,
    "wald": _wald,
    "agresti_caffo": _agresti_caffo,
}
