"""Newton steps on functions of at most three variables, many searches side by side.

Derivatives come from the points around, all points of all searches in one call: for such small
functions a call costs more than its arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Height = Callable[[Array, NDArray[np.intp]], Array]

__all__ = ["derivatives", "descend", "gradient", "inverse", "stencil"]


def stencil(at: Array, width: Array) -> Array:
    """Points around each column of `at`, (k, points, searches); the column itself comes first."""
    moves = _MOVES[len(at)]
    return np.asarray(at[:, None, :] + moves[:, :, None] * width[:, None, :])


def gradient(found: Array, width: Array) -> Array:
    """First derivatives from the values (points, searches) on a stencil."""
    k = len(width)
    return np.asarray((found[1 : 1 + k] - found[1 + k : 1 + 2 * k]) / (2.0 * width))


def derivatives(found: Array, width: Array) -> tuple[Array, Array, Array]:
    """Value, first and second derivatives from the values on a stencil."""
    k, count = width.shape
    centre, up, down = found[0], found[1 : 1 + k], found[1 + k : 1 + 2 * k]
    bend = np.zeros((k, k, count))
    own = up - 2.0 * centre + down
    for i in range(k):
        bend[i, i] = own[i] / width[i] ** 2
    for n, (i, j) in enumerate(_pairs(k)):
        both = found[1 + 2 * k + 2 * n] - 2.0 * centre + found[2 + 2 * k + 2 * n]
        bend[i, j] = bend[j, i] = 0.5 * (both - own[i] - own[j]) / (width[i] * width[j])
    return centre, gradient(found, width), bend


def _pairs(k: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(k) for j in range(i)]


def _moves(k: int) -> Array:
    unit = np.eye(k)
    both = [unit[i] + unit[j] for i, j in _pairs(k)]
    diagonal = [move for each in both for move in (each, -each)]
    return np.stack([np.zeros(k), *unit, *-unit, *diagonal], axis=1)


_FLAT = 1e-100  # a function that curves less does not depend on the variable
_MOVES = {k: _moves(k) for k in range(4)}


def inverse(bend: Array, held: NDArray[np.bool_]) -> Array:
    """Inverse of |H| on what is not held, (searches, k, k); zero on the rest."""
    k, every = len(held), np.arange(len(held))
    size = np.abs(bend[every, every])
    off = held | ~((size > _FLAT) & (size < np.inf))
    scale = 1.0 / np.sqrt(np.where(off, 1.0, size))
    if k == 2:
        a, c = np.where(off, 1.0, np.sign(bend[every, every]))
        b = np.where(off.any(axis=0), 0.0, bend[0, 1] * scale[0] * scale[1])
        middle, half = 0.5 * (a + c), np.hypot(0.5 * (a - c), b)
        one, two = np.maximum(np.abs([middle + half, middle - half]), 1e-9)
        part = (1.0 / one - 1.0 / two) / np.where(half > 0.0, 2.0 * half, 1.0)
        rest = 1.0 / two - part * (middle - half)
        found = np.array([[rest + part * a, part * b], [part * b, rest + part * c]])
    else:
        matrix = bend * scale * scale[:, None]
        matrix = np.where(off | off[:, None], 0.0, matrix)
        matrix[every, every] += off
        value, axes = np.linalg.eigh(np.nan_to_num(matrix).transpose(2, 0, 1))
        value = np.maximum(np.abs(value), 1e-9)
        found = np.matmul(axes / value[:, None, :], axes.transpose(0, 2, 1)).transpose(1, 2, 0)
    found = found * scale * scale[:, None]
    if off.any():
        found[off | off[:, None]] = 0.0
    return np.asarray(found.transpose(2, 0, 1))


def descend(
    height: Height,
    start: Array,
    low: Array,
    high: Array,
    width: Array,
    tolerance: float,
    steps: int,
) -> tuple[Array, Array]:
    """Go to the lowest point near each column of `start`, never up; and say how low it is.

    A search ends where the next step promises less than this part of the height.
    """
    at, width, trust = start.copy(), width.copy(), np.full(start.shape[1], 0.5)
    value = np.full(start.shape[1], np.inf)
    trial, promise = start.copy(), np.full(start.shape[1], np.inf)
    step, slope = np.zeros(start.shape), np.zeros(start.shape)
    bend = np.zeros((len(start), *start.shape))
    running = np.ones(start.shape[1], dtype=bool)
    for _ in range(steps):
        i = np.flatnonzero(running)
        if not i.size:
            break
        points = stencil(trial[:, i], width[:, i])
        column = np.tile(i, points.shape[1])
        around = height(points.reshape(len(start), -1), column).reshape(-1, i.size)
        new, new_slope, new_bend = derivatives(around, width[:, i])
        better = new < value[i]
        good = better & (value[i] - new > 0.5 * promise[i])
        ok = i[better]
        at[:, ok], value[ok] = trial[:, ok], new[better]
        slope[:, ok], bend[:, :, ok] = new_slope[:, better], new_bend[:, :, better]
        trust[i] = np.where(
            better, np.where(good, 3.0 * trust[i], trust[i]), 0.3 * np.abs(step[:, i]).max(axis=0)
        )
        flat = np.nan_to_num(slope[:, i])
        stuck = ((at[:, i] <= low) & (flat > 0.0)) | ((at[:, i] >= high) & (flat < 0.0))
        flat = np.where(stuck, 0.0, flat)
        move = -np.einsum("bij,jb->ib", inverse(bend[:, :, i], stuck), flat)
        longest = np.abs(move).max(axis=0)
        move *= np.minimum(1.0, trust[i] / np.maximum(longest, 1e-300))
        gain = -(flat * move).sum(axis=0) - 0.5 * np.einsum(
            "ib,ijb,jb->b", move, bend[:, :, i], move
        )
        step[:, i], promise[i] = move, gain
        trial[:, i] = np.minimum(np.maximum(at[:, i] + move, low), high)
        curved = np.abs(np.einsum("iib->ib", bend[:, :, i]))
        width[:, i] = np.minimum(np.maximum(3e-3 / np.sqrt(curved + 1e-300), 1e-8), 1e-2)
        running[i] = (gain > tolerance * np.abs(value[i])) & (trust[i] > 1e-4)
    return at, value
