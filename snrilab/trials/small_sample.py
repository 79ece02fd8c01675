"""Kenward and Roger's adjustment: standard errors that know the covariance is an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials.reml import Likelihood, Observations

    Floats = NDArray[np.floating[Any]]

__all__: list[str] = []

METHODS = ("satterthwaite", "kenward-roger", "kenward-roger-linear")


def adjusted_cov(
    data: Observations, covariance: Floats, here: Likelihood, element_cov: Floats, method: str
) -> Floats:
    r"""Return the covariance of the coefficients with the adjustment.

    With the covariance A of the parameters of :math:`\Sigma`, the unadjusted V and the weighted
    designs :math:`Y_i = \Sigma_i^{-1} X_i`, it is :math:`V + 2V(Q - S - R/4)V`, where
    Q sums :math:`A_{jk} Y_i'\Sigma_j\Sigma^{-1}\Sigma_k Y_i`, S sums the products of the slopes of
    :math:`V^{-1}`, and R sums :math:`A_{jk} Y_i'\Sigma_{jk} Y_i`. R is zero when the parameters are
    the elements of :math:`\Sigma` (the linear method).

    References
    ----------
    Kenward MG, Roger JH. Biometrics 1997;53:983-997. doi:10.2307/2533558
    """
    p = len(here.beta)
    weights = data.only_seen(np.linalg.inv(data.blocks(covariance)))
    middle = np.einsum("abcd,pbc->pad", _pairwise(element_cov, len(covariance)), weights)
    if method == "kenward-roger":
        middle = middle - _bend(covariance, element_cov) / 4
    design = weights[data.pattern] @ data.rows[..., :p]
    quadratic = np.einsum("rap,rab,rbq->pq", design, middle[data.pattern], design, optimize=True)
    slopes = here.beta_cov_slopes
    products = np.einsum(
        "ij,ipq,jqr->pr", element_cov, slopes, np.linalg.solve(here.beta_cov, slopes), optimize=True
    )
    return np.asarray(here.beta_cov + 2 * (here.beta_cov @ quadratic @ here.beta_cov - products))


def _pairwise(element_cov: Floats, visits: int) -> Floats:
    """Return the covariance of elements (a, b) and (c, d) as an array with four axes."""
    a, b = np.tril_indices(visits)
    place = np.zeros((visits, visits), dtype=np.intp)
    place[a, b] = place[b, a] = np.arange(len(a))
    return np.asarray(element_cov[place[:, :, None, None], place])


def _bend(covariance: Floats, element_cov: Floats) -> Floats:
    r"""Return :math:`\sum_{jk} A_{jk} \Sigma_{jk}` for :math:`\Sigma = D M M' D`.

    The parameters are the logarithms t of the diagonal D and the lower triangle of M, whose
    diagonal is one.
    """
    visits = len(covariance)
    root = np.linalg.cholesky(covariance)
    scale = np.diag(root)
    unit = root / scale[:, None]
    a, b = np.tril_indices(visits)
    r, c = np.tril_indices(visits, -1)
    t = np.arange(visits)
    by_scale = ((a[:, None] == t) * 1.0 + (b[:, None] == t)) * covariance[a, b][:, None]
    by_unit = (a[:, None] == r) * unit[b[:, None], c] + (b[:, None] == r) * unit[a[:, None], c]
    back = np.linalg.inv(np.hstack([by_scale, by_unit * (scale[a] * scale[b])[:, None]]))
    spread = back @ element_cov @ back.T

    log_log = spread[:visits, :visits]
    log_unit = np.zeros((visits, visits, visits))
    log_unit[:, r, c] = spread[:visits, visits:]
    unit_unit = np.zeros((visits, visits))
    np.add.at(unit_unit, (r[:, None], r), spread[visits:, visits:] * (c[:, None] == c))
    variance = np.diag(log_log)
    mixed = np.einsum("aac,bc->ab", log_unit, unit) + np.einsum("bac,bc->ab", log_unit, unit)
    rest = 2 * (mixed + mixed.T + unit_unit)
    by_logs = covariance * (variance[:, None] + variance + 2 * log_log)
    return np.asarray(by_logs + np.outer(scale, scale) * rest)
