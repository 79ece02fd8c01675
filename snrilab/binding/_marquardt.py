"""Levenberg-Marquardt for many fits of one curve at once.

One fit, its profile (eight constrained fits) and its bootstrap (a thousand fits) are the same
computation with a different number of columns: parameters have the shape (parameters, fits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Minimum", "minimise"]

_MANY = 48  # from here on, vector operations over the fits beat one LAPACK call per fit
_LEAST_DAMPING = 1e-10


@dataclass(frozen=True)
class Minimum:
    """Where the iteration stopped, for each fit: parameters, sum of squares, and whether it met.

    Parameters
    ----------
    theta : ndarray of shape (parameters, fits)
        Parameters on the fitted scale.
    rss : ndarray of shape (fits,)
        Weighted residual sum of squares.
    converged : ndarray of bool, shape (fits,)
        Whether the predicted gain fell below the tolerance.
    """

    theta: Array
    rss: Array
    converged: NDArray[np.bool_]


def minimise(
    evaluate: Callable[[Array], tuple[Array, Array]],
    y: Array,
    start: Array,
    *,
    low: Array,
    high: Array,
    root_weight: Array | None = None,
    held: NDArray[np.bool_] | None = None,
    tolerance: float = 1e-18,
    iterations: int = 200,
) -> Minimum:
    """Minimise the weighted sum of squares from every column of `start`.

    Parameters
    ----------
    evaluate : callable
        Maps parameters (p, fits) to values (n, fits) and derivatives (p, n, fits).
    y : ndarray of shape (n, 1) or (n, fits)
        Observations.
    start : ndarray of shape (p, fits)
        Start values, clipped into the box.
    low, high : ndarray of shape (p, 1)
        The box.
    root_weight : ndarray of shape (n, 1), optional
        Square roots of the weights.
    held : ndarray of bool, shape (p, fits), optional
        Parameters that keep their start value.
    tolerance : float, default 1e-18
        Stop when the next step is predicted to gain less than this part of the sum of squares.
    iterations : int, default 200
        Most steps to take.

    Returns
    -------
    Minimum
        Parameters, sums of squares and convergence of each fit.
    """
    theta = np.minimum(np.maximum(start, low), high)
    if held is not None:
        theta = np.where(held, start, theta)
    count = theta.shape[1]
    best, least = theta.copy(), np.full(count, np.inf)
    met = np.zeros(count, dtype=bool)
    running = np.arange(count)
    damping = np.full(count, 1e-3)
    calm = np.ones(count, dtype=bool)
    # Below this a sum of squares is rounding: the data lie on the curve.
    floor = (8.0 * np.finfo(float).eps) ** 2 * _weighted_squares(y, root_weight)
    floor = floor + np.zeros(count)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        residual, slope, rss = _state(evaluate, theta, y, root_weight)
        for _ in range(iterations):
            step, gain = _step(theta, residual, slope, damping, low, high, held)
            trial = np.minimum(np.maximum(theta + step, low), high)
            if held is not None:
                trial = np.where(held, theta, trial)
            new_residual, new_slope, new_rss = _state(evaluate, trial, y, root_weight)
            better, rss_before = new_rss <= rss * (1.0 + 1e-14), rss
            done = gain <= tolerance * rss + floor
            stuck = damping > 1e14
            if better.all():
                theta, residual, slope, rss = trial, new_residual, new_slope, new_rss
            else:
                theta = np.where(better, trial, theta)
                residual = np.where(better, new_residual, residual)
                slope = np.where(better, new_slope, slope)
                rss = np.where(better, new_rss, rss)
            factor = _trust(rss_before - new_rss, gain, better, calm)
            damping, calm = np.maximum(damping * factor, _LEAST_DAMPING), better
            stop = done | stuck
            if stop.any():
                ended = running[stop]
                best[:, ended], least[ended] = theta[:, stop], rss[stop]
                met[ended] = done[stop]
                if stop.all():
                    return Minimum(best, least, met)
                go = ~stop
                running, theta, rss, damping = running[go], theta[:, go], rss[go], damping[go]
                calm = calm[go]
                residual, slope, floor = residual[:, go], slope[:, :, go], floor[go]
                y = y[:, go] if y.shape[1] > 1 else y
                held = held[:, go] if held is not None else None
    best[:, running], least[running] = theta, rss
    return Minimum(best, least, met)


def _state(
    evaluate: Callable[[Array], tuple[Array, Array]],
    theta: Array,
    y: Array,
    root_weight: Array | None,
) -> tuple[Array, Array, Array]:
    value, slope = evaluate(theta)
    residual = y - value
    if root_weight is not None:
        residual = residual * root_weight
        slope = slope * root_weight
    rss = np.einsum("nb,nb->b", residual, residual)
    return residual, slope, np.where(np.isnan(rss), np.inf, rss)


def _step(
    theta: Array,
    residual: Array,
    slope: Array,
    damping: Array,
    low: Array,
    high: Array,
    held: NDArray[np.bool_] | None,
) -> tuple[Array, Array]:
    """Damped Gauss-Newton step of each fit, and the fall of the sum of squares it promises."""
    gradient = np.einsum("pnb,nb->pb", slope, residual)
    length = np.sqrt(np.einsum("pnb,pnb->pb", slope, slope))
    seen = (length > 0.0) & (length < np.inf)
    at_low, at_high = theta <= low, theta >= high
    if at_low.any() or at_high.any():
        seen &= ~((at_low & (gradient < 0.0)) | (at_high & (gradient > 0.0)))
    if held is not None:
        seen &= ~held
    # Scaling by column length makes the step independent of the units of the parameters.
    inverse = 1.0 / length if seen.all() else np.where(seen, 1.0 / length, 0.0)
    scaled = gradient * inverse
    solve = _solve_each if theta.shape[1] < _MANY else _solve_together
    move = solve(slope * inverse[:, None, :], scaled, damping)
    return move * inverse, (move * scaled).sum(axis=0)


def _trust(
    fall: Array, promised: Array, better: NDArray[np.bool_], calm: NDArray[np.bool_]
) -> Array:
    """Factor of the damping: less when the step kept its promise, more when it did not.

    Right after a refused step the damping falls gently: in a curved valley a bold step would only
    be refused again.
    """
    if calm.all() and (fall > 0.75 * promised).all():
        return np.full(fall.shape, 0.02)
    bold = np.where(calm, 0.02, 0.4)
    kept = np.where(fall > 0.75 * promised, bold, np.where(fall > 0.25 * promised, 0.8, 2.0))
    return np.where(better, kept, 6.0)


def _solve_each(slope: Array, gradient: Array, damping: Array) -> Array:
    """Solve the damped normal equations, one small LAPACK call per fit."""
    by_fit = slope.transpose(2, 0, 1)
    normal = np.matmul(by_fit, by_fit.transpose(0, 2, 1))
    fits, size, _ = normal.shape
    normal.reshape(fits, -1)[:, :: size + 1] = (1.0 + damping)[:, None]
    return np.asarray(np.linalg.solve(normal, gradient.T[:, :, None])[:, :, 0].T)


def _solve_together(slope: Array, gradient: Array, damping: Array) -> Array:
    """Solve the same by Cholesky, each operation over all fits at once."""
    size = len(slope)
    factor: list[list[Array]] = [[] for _ in range(size)]
    forward: list[Array] = []
    for i in range(size):
        for j in range(i):
            rest = np.einsum("nb,nb->b", slope[i], slope[j])
            for k in range(j):
                rest -= factor[i][k] * factor[j][k]
            factor[i].append(rest / factor[j][j])
        pivot, known = 1.0 + damping, gradient[i]
        for k in range(i):
            pivot = pivot - factor[i][k] ** 2
            known = known - factor[i][k] * forward[k]
        factor[i].append(np.sqrt(np.maximum(pivot, 1e-14)))
        forward.append(known / factor[i][i])
    answer = np.empty_like(gradient)
    for i in range(size - 1, -1, -1):
        rest = forward[i]
        for k in range(i + 1, size):
            rest = rest - factor[k][i] * answer[k]
        answer[i] = rest / factor[i][i]
    return answer


def _weighted_squares(y: Array, root_weight: Array | None) -> Array:
    weighted = y if root_weight is None else y * root_weight
    return np.asarray(np.einsum("nb,nb->b", weighted, weighted))
