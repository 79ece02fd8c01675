"""Products of tall, narrow matrices in blocks of rows.

Linear-algebra libraries start threads for such products, which costs more than it gains and, on a
machine that others use too, many times more. Blocks below stay under that threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__: list[str] = []

MULTIPLICATIONS = 40_000  # in one block


def inner(left: Floats, right: Floats) -> Floats:
    """Return ``left.T @ right`` for (n, p) and (n, q)."""
    n, p, q = len(left), left.shape[1], right.shape[1]
    size = max(MULTIPLICATIONS // (p * q), 8)
    whole = n - n % size
    blocks = left[:whole].reshape(-1, size, p).transpose(0, 2, 1) @ right[:whole].reshape(
        -1, size, q
    )
    return np.asarray(blocks.sum(axis=0) + left[whole:].T @ right[whole:])


def times(left: Floats, right: Floats) -> Floats:
    """Return ``left @ right`` for (n, p) and (p, q)."""
    n, p = left.shape
    size = max(MULTIPLICATIONS // (p * right.shape[1]), 8)
    whole = n - n % size
    top = left[:whole].reshape(-1, size, p) @ right
    return np.concatenate([top.reshape(whole, right.shape[1]), left[whole:] @ right])


def orthonormalised(columns: Floats) -> tuple[Floats, Floats] | None:
    """Return orthonormal columns Q and the triangle R with ``columns = Q R``.

    Two rounds of Cholesky's factorisation of the inner products: as exact as Householder's method
    when the columns are far from dependent. None when they are not.
    """
    first = _cholesky(inner(columns, columns))
    if first is None or np.diag(first).min() < 1e-4 * np.diag(first).max():
        return None
    nearly = times(columns, np.linalg.inv(first))
    second = _cholesky(inner(nearly, nearly))
    if second is None:
        return None
    return times(nearly, np.linalg.inv(second)), second @ first


def _cholesky(products: Floats) -> Floats | None:
    try:
        return np.asarray(np.linalg.cholesky(products).T)
    except np.linalg.LinAlgError:
        return None
