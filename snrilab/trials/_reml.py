r"""Restricted likelihood of repeated measures with an unstructured covariance, and its maximum.

Subject i is seen at some of T visits; its responses have mean :math:`X_i\beta` and covariance
:math:`\Sigma_i`, the rows and columns of one T x T matrix :math:`\Sigma` that belong to its visits.
With :math:`W_i = \Sigma_i^{-1}`, :math:`V = (\sum_i X_i' W_i X_i)^{-1}` and residuals :math:`r_i`,

.. math:: -2\ell = (N - p)\log 2\pi + \sum_i \log|\Sigma_i| - \log|V| + \sum_i r_i' W_i r_i .

Subjects with the same missingness pattern share :math:`W_i`, so only sums over patterns
enter. Value, gradient and Hessian with respect to the elements of :math:`\Sigma` are closed forms;
Newton steps are taken on the log-Cholesky scale, where every point is a positive definite
covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__: list[str] = []

MAXIMUM_STEPS = 100
DECREMENT = 1e-9  # Newton's own forecast of what is left to gain in -2 log likelihood
CROWD = 3  # times as many subjects as columns in use before a pattern is condensed
SINGULAR = 1e-3  # least share of a visit's standard deviation that earlier visits leave open


@dataclass(frozen=True, eq=False)
class Observations:
    """Responses and design by subject, grouped by missingness pattern.

    Subjects of one pattern that far outnumber the columns of their data are replaced by few rows
    with the same sums of squares and products, which is all that the likelihood takes from them:
    the work per step stops growing with the number of subjects.
    """

    rows: Floats  # (R, T, p + 1): design and response, zero where missing; sorted by pattern
    starts: NDArray[np.intp]  # first row of each pattern
    pattern: NDArray[np.intp]  # pattern of each row
    seen: NDArray[np.bool_]  # (P, T): which visits each pattern has
    counts: Floats  # subjects in each pattern
    n_observations: int

    @classmethod
    def group(cls, design: Floats, response: Floats, seen: NDArray[np.bool_]) -> Observations:
        """Sort subjects (N, T, p), (N, T) by which visits they have (N, T)."""
        n, visits, width = design.shape
        both = np.zeros((n, visits, width + 1))
        both[..., :width] = np.where(seen[..., None], design, 0.0)
        both[..., width] = np.where(seen, response, 0.0)
        key = seen @ (1 << np.arange(visits))
        keys, pattern, counts = np.unique(key, return_inverse=True, return_counts=True)
        blocks = []
        for k in range(len(keys)):
            block = both[pattern == k]
            kept = (keys[k] >> np.arange(visits)) & 1 == 1
            flat = block[:, kept].reshape(len(block), -1)
            used = flat.any(axis=0)
            if len(flat) > CROWD * used.sum():
                short = flat[:, used]
                squares, vectors = np.linalg.eigh(short.T @ short)
                large = squares > np.finfo(np.float64).eps * squares[-1]
                flat = np.zeros((large.sum(), flat.shape[1]))
                flat[:, used] = (vectors[:, large] * np.sqrt(squares[large])).T
                block = np.zeros((len(flat), visits, width + 1))
                block[:, kept] = flat.reshape(len(flat), kept.sum(), width + 1)
            blocks.append(block)
        sizes = np.array([len(block) for block in blocks])
        return cls(
            rows=np.concatenate(blocks),
            starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]),
            pattern=np.repeat(np.arange(len(keys)), sizes),
            seen=((keys[:, None] >> np.arange(visits)) & 1).astype(bool),
            counts=counts.astype(np.float64),
            n_observations=int(seen.sum()),
        )

    def blocks(self, covariance: Floats) -> Floats:
        """Return the covariance of each pattern, with ones on the diagonal for visits not seen."""
        visits = range(len(covariance))
        blocks = self.only_seen(covariance)
        blocks[:, visits, visits] += ~self.seen
        return blocks

    def only_seen(self, matrices: Floats) -> Floats:
        """Return one matrix per pattern with zeros at visits the pattern has not."""
        return np.where(self.seen[:, :, None] & self.seen[:, None, :], matrices, 0.0)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Restricted likelihood at one covariance, with everything that inference needs.

    Derivatives are with respect to the elements of the covariance's lower triangle.
    """

    minus2: float
    beta: Floats  # (p,)
    beta_cov: Floats  # (p, p)
    gradient: Floats  # (T, T): minus2 changes by the sum of its product with a change of covariance
    hessian: Floats  # (k, k)
    beta_cov_slopes: Floats  # (k, p, p): derivative of beta_cov

    @classmethod
    def at(cls, data: Observations, covariance: Floats) -> Likelihood | None:
        """Evaluate; None when the covariance is not positive definite."""
        visits = len(covariance)
        p = data.rows.shape[2] - 1
        blocks = data.blocks(covariance)
        try:
            roots = np.linalg.cholesky(blocks)
        except np.linalg.LinAlgError:
            return None
        log_det = 2 * data.counts @ np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
        weights = data.only_seen(np.linalg.inv(blocks))
        weighted = weights[data.pattern] @ data.rows
        products = data.rows.reshape(-1, p + 1).T @ weighted.reshape(-1, p + 1)
        try:
            root = np.linalg.cholesky(products[:p, :p])
        except np.linalg.LinAlgError:
            return None
        half = np.linalg.inv(root).T  # beta_cov = half @ half.T
        beta = half @ (half.T @ products[:p, p])
        minus2 = (
            (data.n_observations - p) * np.log(2 * np.pi)
            + log_det
            + 2 * np.log(np.diag(root)).sum()
            + products[p, p]
            - products[p, :p] @ beta
        )
        # Weighted design in coordinates where beta_cov is the identity, and weighted residuals.
        turn = np.zeros((p + 1, p + 1))
        turn[:p, :p] = half
        turn[:p, p] = -beta
        turn[p, p] = 1.0
        turned = weighted @ turn
        squares = np.add.reduceat(turned @ turned.transpose(0, 2, 1), data.starts, axis=0)
        expected = data.counts[:, None, None] * weights
        gradient = (expected - squares).sum(axis=0)

        a, b = np.tril_indices(visits)
        outer = np.tensordot(2 * squares - expected, weights, axes=(0, 0))
        hessian = (
            outer[b[:, None], a[None], a[:, None], b[None]]
            + outer[a[:, None], a[None], b[:, None], b[None]]
            + outer[b[:, None], b[None], a[:, None], a[None]]
            + outer[a[:, None], b[None], b[:, None], a[None]]
        )
        by_visit = turned.transpose(1, 2, 0)
        cross = by_visit[a] @ by_visit[b].transpose(0, 2, 1)
        cross = cross + cross.transpose(0, 2, 1)
        double = np.where(a == b, 0.5, 1.0)
        cross *= double[:, None, None]
        hessian *= double[:, None] * double[None, :]
        design_part = cross[:, :p, :p].reshape(len(a), -1)
        residual_part = cross[:, :p, p]
        hessian -= design_part @ design_part.T + 2 * residual_part @ residual_part.T
        return cls(
            minus2=float(minus2),
            beta=beta,
            beta_cov=half @ half.T,
            gradient=gradient,
            hessian=hessian,
            beta_cov_slopes=half @ cross[:, :p, :p] @ half.T,
        )


@dataclass(frozen=True, eq=False)
class Maximum:
    """The covariance that maximises the restricted likelihood."""

    covariance: Floats
    likelihood: Likelihood
    gradient_norm: float  # of minus2 on the log-Cholesky scale
    steps: int


def maximise(data: Observations, start: Floats) -> Maximum:
    """Climb from `start` by Newton steps on the log-Cholesky scale.

    Raises
    ------
    ValueError
        When the data do not determine the covariance.
    """
    root = np.linalg.cholesky(start)
    here = Likelihood.at(data, start)
    for step in range(MAXIMUM_STEPS):
        if here is None:
            break
        slope, curvature = _log_cholesky(here, root)
        direction, decrement = _newton(slope, curvature)
        if decrement < DECREMENT:
            # One more step doubles the digits; the likelihood itself is flat to rounding here.
            root = _moved(root, direction)
            covariance = root @ root.T
            here = Likelihood.at(data, covariance)
            if here is None:
                break
            slope, curvature = _log_cholesky(here, root)
            _demand_curvature(curvature)
            return Maximum(covariance, here, float(np.linalg.norm(slope)), step + 1)
        root, here = _step(data, here, root, direction, decrement)
        share = np.diag(root) / np.sqrt((root**2).sum(axis=1))
        sd = np.sqrt((root**2).sum(axis=1))
        if share.min() < SINGULAR or sd.min() < SINGULAR**2 * sd.max():
            break
    raise ValueError(
        "response does not determine an unstructured covariance of the visits: its likelihood "
        "grows until one visit is predicted exactly by the others; use fewer visits or more "
        "subjects."
    )


def _log_cholesky(here: Likelihood, root: Floats) -> tuple[Floats, Floats]:
    """Return gradient and Hessian for the root's lower triangle, its diagonal as logarithms."""
    visits = len(root)
    a, b = np.tril_indices(visits)
    scale = np.where(a == b, root[a, b], 1.0)
    through = here.gradient @ root
    slope = 2 * scale * through[a, b]
    # Change of covariance elements (a, b) per change of root element (c, d).
    jacobian = scale * (
        (a[:, None] == a) * root[b[:, None], b] + (b[:, None] == a) * root[a[:, None], b]
    )
    curvature = jacobian.T @ here.hessian @ jacobian
    same_column = b[:, None] == b
    curvature += 2 * scale * scale[:, None] * same_column * here.gradient[a[:, None], a]
    curvature[np.diag_indices(len(a))] += np.where(a == b, slope, 0.0)
    return slope, curvature


def _newton(slope: Floats, curvature: Floats) -> tuple[Floats, float]:
    """Return a descent direction of bounded length and the decrease it promises."""
    values, vectors = np.linalg.eigh(curvature)
    floor = max(1e-8 * np.abs(values).max(), 1e-300)
    direction = -vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), floor))
    longest = np.abs(direction).max()
    if longest > 2.0:
        direction *= 2.0 / longest
    return direction, float(-slope @ direction)


def _moved(root: Floats, change: Floats) -> Floats:
    a, b = np.tril_indices(len(root))
    moved = root.copy()
    moved[a, b] = np.where(a == b, root[a, b] * np.exp(change), root[a, b] + change)
    return moved


def _step(
    data: Observations, here: Likelihood, root: Floats, direction: Floats, decrement: float
) -> tuple[Floats, Likelihood | None]:
    """Take the direction, halved until the likelihood improves."""
    noise = 1e-12 * (data.n_observations + abs(here.minus2))
    size = 1.0
    for _ in range(40):
        moved = _moved(root, size * direction)
        there = Likelihood.at(data, moved @ moved.T)
        if there is not None and there.minus2 <= here.minus2 - 1e-4 * size * decrement + noise:
            return moved, there
        size /= 2
    return root, None


def _demand_curvature(curvature: Floats) -> None:
    scale = np.sqrt(np.abs(np.diag(curvature)))
    values = np.linalg.eigvalsh(curvature / np.outer(scale, scale)) if (scale > 0).all() else [0.0]
    if values[0] < 1e-7:
        raise ValueError(
            "response does not determine an unstructured covariance of the visits: its likelihood "
            "is flat in some direction; use fewer visits or more subjects."
        )


def kenward_roger(
    data: Observations, covariance: Floats, here: Likelihood, element_cov: Floats
) -> Floats:
    r"""Return the covariance of the coefficients that knows the covariance is an estimate.

    With the covariance A of the elements of :math:`\Sigma`, the unadjusted V and the weighted
    designs :math:`Y_i = \Sigma_i^{-1} X_i`, it is :math:`V + 2V(Q - S)V`, where Q sums
    :math:`A_{jk} Y_i'\Sigma_j\Sigma^{-1}\Sigma_k Y_i` and S the products of the slopes of
    :math:`V^{-1}`. The elements are the parameters, so :math:`\Sigma` has no second derivatives.

    References
    ----------
    Kenward MG, Roger JH. Biometrics 1997;53:983-997. doi:10.2307/2533558
    """
    p, visits = len(here.beta), len(covariance)
    a, b = np.tril_indices(visits)
    place = np.zeros((visits, visits), dtype=np.intp)
    place[a, b] = place[b, a] = np.arange(len(a))
    pairwise = element_cov[place[:, :, None, None], place]
    weights = data.only_seen(np.linalg.inv(data.blocks(covariance)))
    middle = np.einsum("abcd,pbc->pad", pairwise, weights)
    design = weights[data.pattern] @ data.rows[..., :p]
    quadratic = np.einsum("rap,rab,rbq->pq", design, middle[data.pattern], design, optimize=True)
    slopes = here.beta_cov_slopes
    products = np.einsum(
        "ij,ipq,jqr->pr", element_cov, slopes, np.linalg.solve(here.beta_cov, slopes), optimize=True
    )
    return np.asarray(here.beta_cov + 2 * (here.beta_cov @ quadratic @ here.beta_cov - products))
