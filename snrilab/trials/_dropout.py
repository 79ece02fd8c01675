"""Who leaves a trial, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials._design import Dropout

    Floats = NDArray[np.float64]

__all__ = ["REASONS"]

REASONS = ("completed", "adverse event", "other reasons", "never returned")
"""Why a patient's observation ends, by number."""


def departures(
    dropout: Dropout,
    baseline: Floats,
    madrs: Floats,
    ae_share: Floats,
    early_share: Floats,
    weeks: Floats,
    rng: np.random.Generator,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return how many visits each patient has, and the number of the reason in `REASONS`.

    Withdrawal for an adverse event and early leaving depend on the arm alone. Withdrawal for other
    reasons depends on chance, on the last score seen (missing at random), or on the score of the
    very visit that is missed (missing not at random). The first visit is missed only by those who
    never return.
    """
    visits = len(weeks)
    seen = np.full(baseline.shape, visits, dtype=np.intp)
    reason = np.zeros(baseline.shape, dtype=np.intp)
    if dropout.kind == "none":
        return seen, reason

    before = np.concatenate([baseline[..., None], madrs[..., :-1]], axis=-1)
    deciding = {"mcar": np.full_like(madrs, dropout.pivot), "mar": before, "mnar": madrs}
    gaps = np.diff(weeks, prepend=0.0)
    log_odds = dropout.base_log_odds + np.log(gaps / 2)
    log_odds = log_odds + dropout.per_10_points * (deciding[dropout.kind] - dropout.pivot) / 10
    leaves = rng.random(madrs.shape) < special.expit(log_odds)
    leaves[..., 0] = False  # only those who never return miss the first visit
    other = np.where(leaves.any(axis=-1), leaves.argmax(axis=-1), visits)

    ae = _unscored(dropout, ae_share, visits, rng)
    left = np.minimum(other, _unscored(dropout, early_share, visits, rng))
    seen = np.minimum(np.minimum(left, ae), visits)
    reason = np.where(ae <= left, 1, 2)
    reason[seen == visits] = 0
    never = rng.random(baseline.shape) < dropout.no_post_baseline
    return np.where(never, 0, seen), np.where(never, 3, reason)


def _unscored(
    dropout: Dropout, share: Floats, visits: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return the first visit missed by those who leave whatever their score; `visits` if none.

    They leave before the second visit or evenly over the later ones.
    """
    early = rng.random(share.shape) < dropout.early_share
    when = np.where(early | (visits < 3), 1, rng.integers(2, max(visits, 3), share.shape))
    return np.where(rng.random(share.shape) < share, when, visits)
