"""What a body does with drug between two events, in closed form.

State: amounts (mg) in the depot (only with first-order absorption), in plasma, with two
compartments in the periphery, and, when a delay is asked for, at an effect site. Between two
events (a dose, the end of an input, a change of clearance) nothing changes but time, so the
amounts after s hours are

    x(s) = transition(s) @ x(0) + rate * from_input(s)

Every entry is a divided difference of exp(-k s) over the rate constants, written so that equal
rate constants (ka = ke, a "flip-flop" about to happen) are an ordinary case and not a division by
zero: with d = |ka - ke|,

    (exp(-ke s) - exp(-ka s))/(ka - ke) = exp(-min(ka, ke) s) (1 - exp(-d s))/d

References
----------
Gabrielsson J, Weiner D. Pharmacokinetic and Pharmacodynamic Data Analysis. 5th ed. 2016.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "RateConstants",
    "from_input",
    "not_kept",
    "plasma_areas",
    "plasma_shares",
    "to_infinity",
    "transition",
]

# Below this k·s the power series of the second difference is exact, above it the quotient is.
_SERIES_BELOW = 0.5
_SERIES_TERMS = 16


@dataclass(frozen=True)
class RateConstants:
    """Rate constants (1/h) of one body or of many; arrays of equal shape or plain numbers.

    Parameters
    ----------
    elimination : float or array
        CL/V, > 0.
    absorption : float or array, optional
        ka, > 0. None: drug enters plasma without a depot.
    outward, inward : float or array, optional
        Q/V and Q/Vp, > 0. None: one compartment.
    effect : float or array, optional
        ke0, > 0, of an effect site that follows plasma: dE/dt = ke0 (plasma - E). It takes nothing
        from plasma; its "amount" is what plasma would hold at its concentration.
    """

    elimination: Floats
    absorption: Floats | None = None
    outward: Floats | None = None
    inward: Floats | None = None
    effect: Floats | None = None

    @property
    def n_states(self) -> int:
        """Number of amounts that are followed: 1 to 4."""
        return sum(
            k is not None for k in (self.elimination, self.absorption, self.outward, self.effect)
        )

    @property
    def plasma(self) -> int:
        """Position of plasma among the amounts."""
        return int(self.absorption is not None)

    def each(self, change: Callable[[Floats], Floats]) -> RateConstants:
        """Apply a change of shape to every rate constant."""
        return RateConstants(
            change(self.elimination),
            None if self.absorption is None else change(self.absorption),
            None if self.outward is None else change(self.outward),
            None if self.inward is None else change(self.inward),
            None if self.effect is None else change(self.effect),
        )

    def with_clearance(self, ratio: float | Floats) -> RateConstants:
        """Multiply elimination by a ratio."""
        return replace(self, elimination=self.elimination * ratio)

    def exchange(self) -> tuple[Floats, Floats]:
        """Return the outward and inward rate constants of two compartments."""
        if self.outward is None or self.inward is None:
            raise ValueError("outward and inward are needed: this is one compartment")
        return self.outward, self.inward

    def exponents(self) -> tuple[Floats, ...]:
        """Return alpha, beta and the weights of exp(-alpha s) and exp(-beta s) in plasma."""
        outward, inward = self.exchange()
        half = (self.elimination + outward - inward) / 2
        spread = np.hypot(half, np.sqrt(outward * inward))
        alpha = half + inward + spread
        beta = self.elimination * inward / alpha
        # alpha - inward and inward - beta, the smaller one without cancellation.
        large = spread + np.abs(half)
        small = outward * inward / large
        in_alpha, in_beta = np.where(half >= 0, (large, small), (small, large)) / (2 * spread)
        return alpha, beta, in_alpha, in_beta

    def terminal(self) -> Floats:
        """Return the slowest rate constant (1/h): the terminal slope, absorption included."""
        slowest = self.elimination if self.outward is None else self.exponents()[1]
        return slowest if self.absorption is None else np.minimum(slowest, self.absorption)


def transition(rates: RateConstants, s: ArrayLike) -> list[list[Floats | None]]:
    """Return the matrix that carries the amounts over `s` hours; None where it is always zero.

    Parameters
    ----------
    rates : RateConstants
        Shapes must broadcast with `s`.
    s : array_like
        Hours since the interval began, >= 0.

    Returns
    -------
    list of list of array or None
        ``matrix[i][j]``: share of amount j found as amount i after `s` hours, in [0, 1].
    """
    s = np.asarray(s, dtype=np.float64)
    rows: list[list[Floats | None]] = []
    if rates.absorption is not None:
        rows.append([np.exp(-rates.absorption * s)])
    rows.append([*plasma_shares(rates, s)])
    if rates.outward is not None:
        rows.append([*_into_periphery(rates, s)])
    if rates.effect is not None:
        rows.append([*_into_effect(rates, rates.effect, s)])
    return [row + [None] * (rates.n_states - len(row)) for row in rows]


def plasma_shares(rates: RateConstants, s: Floats) -> list[Floats]:
    """Return the share of each amount that is in plasma after `s` hours: one row of `transition`.

    Parameters
    ----------
    rates : RateConstants
        Shapes must broadcast with `s`.
    s : array
        Hours since the interval began, >= 0.

    Returns
    -------
    list of array
        One share per amount of depot, plasma, periphery, in [0, 1].
    """
    row = [_mixed(rates, lambda k: np.exp(-k * s))]
    if rates.outward is not None:
        alpha, beta, *_ = rates.exponents()
        row.append(rates.exchange()[1] * _difference(alpha, beta, s))
    ka = rates.absorption
    if ka is not None:
        row.insert(0, ka * _mixed(rates, lambda k: _difference(ka, k, s)))
    return row


def from_input(rates: RateConstants, s: ArrayLike) -> list[Floats]:
    """Return the amounts (h) after `s` hours of input at rate 1 into the depot, or into plasma.

    Parameters
    ----------
    rates : RateConstants
        With absorption the input fills the depot, without it goes straight into plasma.
    s : array_like
        Hours of input, >= 0.

    Returns
    -------
    list of array
        One entry per amount, in the order of the state.
    """
    s = np.asarray(s, dtype=np.float64)
    ka, ke0 = rates.absorption, rates.effect
    if ka is None:
        amounts = [_mixed(rates, lambda k: _first(k, s))]
        if rates.outward is not None:
            alpha, beta, *_ = rates.exponents()
            amounts.append(rates.outward * _second(alpha, beta, s))
        if ke0 is not None:
            amounts.append(ke0 * _mixed(rates, lambda k: _second(k, ke0, s)))
        return amounts
    amounts = [_first(ka, s), ka * _mixed(rates, lambda k: _second(ka, k, s))]
    if rates.outward is not None:
        alpha, beta, *_ = rates.exponents()
        amounts.append(ka * rates.outward * _third(ka, alpha, beta, s))
    if ke0 is not None:
        amounts.append(ka * ke0 * _mixed(rates, lambda k: _third(ka, k, ke0, s)))
    return amounts


def plasma_areas(rates: RateConstants, s: ArrayLike) -> list[Floats]:
    """Return what each amount, and input at rate 1, adds to the area under plasma in `s` hours.

    Parameters
    ----------
    rates : RateConstants
        Shapes must broadcast with `s`; without an effect site.
    s : array_like
        Hours, >= 0.

    Returns
    -------
    list of array
        One area per amount (h), and last that of the input (h²).
    """
    s = np.asarray(s, dtype=np.float64)
    ka, zero = rates.absorption, np.zeros_like(rates.elimination)
    row = [_mixed(rates, lambda k: _first(k, s))]
    if rates.outward is not None:
        alpha, beta, *_ = rates.exponents()
        row.append(rates.exchange()[1] * _second(alpha, beta, s))
    if ka is None:
        return [*row, _mixed(rates, lambda k: _second(zero, k, s))]
    row.insert(0, ka * _mixed(rates, lambda k: _second(ka, k, s)))
    return [*row, ka * _mixed(rates, lambda k: _third(zero, ka, k, s))]


def to_infinity(rates: RateConstants) -> list[Floats]:
    """Return what each amount adds to the area under plasma for ever (h): all of it is cleared."""
    return [1 / rates.elimination] * rates.n_states


def not_kept(rates: RateConstants, s: ArrayLike) -> list[Floats]:
    """Return the share of each amount that is elsewhere after `s` hours, without cancellation.

    Parameters
    ----------
    rates : RateConstants
        Shapes must broadcast with `s`; without an effect site.
    s : array_like
        Hours, >= 0.

    Returns
    -------
    list of array
        One less the diagonal of `transition`, in [0, 1].
    """
    s = np.asarray(s, dtype=np.float64)
    ka = rates.absorption
    lost = [] if ka is None else [ka * _first(ka, s)]
    lost.append(_mixed(rates, lambda k: k * _first(k, s)))
    if rates.outward is not None:
        alpha, beta, in_alpha, in_beta = rates.exponents()
        lost.append(in_beta * alpha * _first(alpha, s) + in_alpha * beta * _first(beta, s))
    return lost


def _mixed(rates: RateConstants, change: Callable[[Floats], Floats]) -> Floats:
    """Add up what holds for each exponential with which plasma loses drug."""
    if rates.outward is None:
        return change(rates.elimination)
    alpha, beta, in_alpha, in_beta = rates.exponents()
    return in_alpha * change(alpha) + in_beta * change(beta)


def _into_periphery(rates: RateConstants, s: Floats) -> list[Floats]:
    alpha, beta, in_alpha, in_beta = rates.exponents()
    outward, _ = rates.exchange()
    own = in_beta * np.exp(-alpha * s) + in_alpha * np.exp(-beta * s)
    row = [outward * _difference(alpha, beta, s), own]
    ka = rates.absorption
    return row if ka is None else [ka * outward * _three(ka, alpha, beta, s), *row]


def _into_effect(rates: RateConstants, ke0: Floats, s: Floats) -> list[Floats]:
    row = [ke0 * _mixed(rates, lambda k: _difference(k, ke0, s))]
    if rates.outward is not None:
        alpha, beta, *_ = rates.exponents()
        row.append(ke0 * rates.exchange()[1] * _three(alpha, beta, ke0, s))
    ka = rates.absorption
    if ka is not None:
        row.insert(0, ka * ke0 * _mixed(rates, lambda k: _three(ka, k, ke0, s)))
    return [*row, np.exp(-ke0 * s)]


def _relative_expm1(x: Floats) -> Floats:
    """expm1(x)/x, which is 1 at x = 0."""
    return np.divide(np.expm1(x), x, out=np.ones_like(x), where=x != 0)


def _first(k: Floats, s: Floats) -> Floats:
    """Integral of exp(-k u) from 0 to s."""
    return s * _relative_expm1(np.asarray(-k * s))


def _difference(p: Floats, q: Floats, s: Floats) -> Floats:
    """(exp(-q s) - exp(-p s)) / (p - q), symmetric in p and q, with its limit at p = q."""
    return np.exp(-np.minimum(p, q) * s) * _first(np.abs(p - q), s)


def _three(p: Floats, q: Floats, r: Floats, s: Floats) -> Floats:
    """Divided difference of exp(-k s) over three rate constants in any order, made positive."""
    low, middle, high = _sorted(p, q, r)
    return np.exp(-low * s) * _second(middle - low, high - low, s)


def _second(p: Floats, q: Floats, s: Floats) -> Floats:
    """Integral of `_difference(p, q, u)` from 0 to s, symmetric in p and q."""
    low, high = np.minimum(p, q), np.maximum(p, q)
    rest = _first(low, s) - _difference(low, high, s)
    return _quotient_or_series(rest, (low, high), s)


def _third(p: Floats, q: Floats, r: Floats, s: Floats) -> Floats:
    """Integral of `_three(p, q, r, u)` from 0 to s."""
    low, middle, high = _sorted(p, q, r)
    rest = _second(low, middle, s) - _three(low, middle, high, s)
    return _quotient_or_series(rest, (low, middle, high), s)


def _sorted(*constants: Floats) -> tuple[Floats, ...]:
    return tuple(np.sort(np.broadcast_arrays(*constants), axis=0))


def _quotient_or_series(rest: Floats, constants: tuple[Floats, ...], s: Floats) -> Floats:
    """`rest` over the largest constant; where that would cancel, the power series instead.

    The series is s^m times the sum over n of (-1)^n h_n/(n + m)!, with h_n the complete homogeneous
    polynomials of the m values k s.
    """
    *_, rest, s = np.broadcast_arrays(*constants, rest, s)
    scaled = [np.where(constants[-1] * s < _SERIES_BELOW, k * s, 0.0) for k in constants]
    near = constants[-1] * s < _SERIES_BELOW
    far = np.divide(rest, constants[-1], out=np.zeros(rest.shape), where=~near)
    if not near.any():
        return far
    total, sign = np.zeros_like(far), 1.0
    homogeneous = [np.ones_like(far) for _ in scaled]
    for n in range(_SERIES_TERMS):
        total = total + sign / math.factorial(n + len(scaled)) * homogeneous[-1]
        before: Floats | float = 0.0
        for i, x in enumerate(scaled):
            before = homogeneous[i] = x * homogeneous[i] + before
        sign = -sign
    return np.where(near, s ** len(scaled) * total, far)
