"""What a body does with drug between two events, in closed form.

State: amounts (mg) in the depot (only with first-order absorption), in plasma and, with two
compartments, in the periphery. Between two events (a dose, the end of an input, a change of
clearance) nothing changes but time, so the amounts after s hours are

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

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["RateConstants", "from_input", "plasma_shares", "transition"]

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
    """

    elimination: Floats
    absorption: Floats | None = None
    outward: Floats | None = None
    inward: Floats | None = None

    @property
    def n_states(self) -> int:
        """Number of amounts that are followed: 1 to 3."""
        return 1 + (self.absorption is not None) + (self.outward is not None)

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
        )

    def with_clearance(self, ratio: float) -> RateConstants:
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
    rest: list[list[Floats | None]] = []
    if rates.outward is not None:
        rest = [[*_into_periphery(rates, s)]]
    if rates.absorption is None:
        return [[*plasma_shares(rates, s)], *rest]
    depot: list[Floats | None] = [np.exp(-rates.absorption * s)]
    depot += [None] * (rates.n_states - 1)
    return [depot, [*plasma_shares(rates, s)], *rest]


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
        One share per amount, in [0, 1].
    """
    ka = rates.absorption
    if rates.outward is None:
        own = np.exp(-rates.elimination * s)
        return [own] if ka is None else [ka * _difference(ka, rates.elimination, s), own]
    alpha, beta, in_alpha, in_beta = rates.exponents()
    _, inward = rates.exchange()
    own = in_alpha * np.exp(-alpha * s) + in_beta * np.exp(-beta * s)
    back = inward * _difference(alpha, beta, s)
    if ka is None:
        return [own, back]
    absorbed = in_alpha * _difference(ka, alpha, s) + in_beta * _difference(ka, beta, s)
    return [ka * absorbed, own, back]


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
    ka = rates.absorption
    if ka is None:
        if rates.outward is None:
            return [_first(rates.elimination, s)]
        alpha, beta, in_alpha, in_beta = rates.exponents()
        plasma = in_alpha * _first(alpha, s) + in_beta * _first(beta, s)
        return [plasma, rates.outward * _second(alpha, beta, s)]
    if rates.outward is None:
        return [_first(ka, s), ka * _second(ka, rates.elimination, s)]
    alpha, beta, in_alpha, in_beta = rates.exponents()
    by_alpha, by_beta = _second(ka, alpha, s), _second(ka, beta, s)
    periphery = rates.outward * (by_beta - by_alpha) / (alpha - beta)
    return [_first(ka, s), ka * (in_alpha * by_alpha + in_beta * by_beta), ka * periphery]


def _into_periphery(rates: RateConstants, s: Floats) -> list[Floats]:
    alpha, beta, in_alpha, in_beta = rates.exponents()
    outward, _ = rates.exchange()
    own = in_beta * np.exp(-alpha * s) + in_alpha * np.exp(-beta * s)
    row = [outward * _difference(alpha, beta, s), own]
    ka = rates.absorption
    if ka is None:
        return row
    lowest = np.minimum(ka, beta)  # alpha > beta always
    middle, high = np.maximum(ka, beta) - lowest, alpha - lowest
    return [ka * outward * np.exp(-lowest * s) * _second(middle, high, s), *row]


def _relative_expm1(x: Floats) -> Floats:
    """expm1(x)/x, which is 1 at x = 0."""
    return np.divide(np.expm1(x), x, out=np.ones_like(x), where=x != 0)


def _first(k: Floats, s: Floats) -> Floats:
    """Integral of exp(-k u) from 0 to s."""
    return s * _relative_expm1(np.asarray(-k * s))


def _difference(p: Floats, q: Floats, s: Floats) -> Floats:
    """(exp(-q s) - exp(-p s)) / (p - q), symmetric in p and q, with its limit at p = q."""
    return np.exp(-np.minimum(p, q) * s) * _first(np.abs(p - q), s)


def _second(p: Floats, q: Floats, s: Floats) -> Floats:
    """Integral of `_difference(p, q, u)` from 0 to s, symmetric in p and q."""
    low, high = np.minimum(p, q), np.maximum(p, q)
    x, y = np.broadcast_arrays(low * s, high * s)
    near = y < _SERIES_BELOW
    far = np.divide(
        _first(low, s) - _difference(low, high, s), high, out=np.zeros(x.shape), where=~near
    )
    return np.where(near, s * s * _second_series(np.where(near, x, 0), np.where(near, y, 0)), far)


def _second_series(x: Floats, y: Floats) -> Floats:
    """Sum of (-1)^n h_n(x, y)/(n + 2)! with h_n the complete homogeneous polynomials."""
    total, symmetric, power, scale = np.zeros_like(x), np.ones_like(x), np.ones_like(x), 0.5
    for n in range(_SERIES_TERMS):
        total = total + scale * symmetric
        power = power * x
        symmetric = y * symmetric + power
        scale = -scale / (n + 3)
    return total
