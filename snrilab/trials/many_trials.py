"""The primary analysis of many simulated trials, without the cost of a full fit for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.trials.course import covariance_of_change
from snrilab.trials.reml import Observations, maximise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials.design import TrialDesign

    Floats = NDArray[np.floating[Any]]

__all__: list[str] = []


def mmrm_contrast(
    plan: TrialDesign,
    change: Floats,
    visits_seen: NDArray[np.intp],
    arm: NDArray[np.intp],
    baseline: Floats,
    treated: int,
) -> Floats:
    """Return estimate, standard error and df of an arm against the control at the last visit.

    Same model as `analyse`: baseline and the mean of every arm at every visit. All subjects of one
    arm who leave at the same visit enter through the sums of squares and products of their
    baseline and scores, so a trial costs the same whatever its size.
    """
    visits, arms = change.shape[-1], len(plan.arms)
    scale = plan.course.change_sd
    start = covariance_of_change(plan.course, plan.visits_wk) / scale**2
    rows = _condensed(change / scale, visits_seen, arm, baseline, arms)
    counts = (visits_seen[:, None] == np.arange(1, visits + 1)[:, None]).sum(axis=2)
    pattern = np.repeat(np.arange(visits), arms * (2 + np.arange(1, visits + 1)))
    starts = np.flatnonzero(np.diff(pattern, prepend=-1))
    seen = np.tri(visits, dtype=bool)
    weights = np.zeros(arms * visits + 1)
    weights[treated * visits + visits - 1] = 1.0
    weights[visits - 1] = -1.0
    found = np.empty((len(change), 3))
    for i, count in enumerate(counts):
        total = int(count @ np.arange(1, visits + 1))
        data = Observations(rows[i], starts, pattern, seen, count.astype(np.float64), total)
        here = maximise(data, start).likelihood
        variance = weights @ here.beta_cov @ weights
        slopes = here.beta_cov_slopes @ weights @ weights
        spread = slopes @ np.linalg.solve(here.hessian, slopes)
        found[i] = scale * (weights @ here.beta), scale * np.sqrt(variance), variance**2 / spread
    return found


def _condensed(
    change: Floats,
    visits_seen: NDArray[np.intp],
    arm: NDArray[np.intp],
    baseline: Floats,
    arms: int,
) -> Floats:
    """Return design and response of few rows with the same sums of squares and products."""
    trials, n, visits = change.shape
    high = (baseline - baseline.mean(axis=1, keepdims=True)) / baseline.std()
    everything = np.concatenate([np.ones((trials, n, 1)), high[..., None], change], axis=2)
    blocks = []
    for last in range(1, visits + 1):
        for one in range(arms):
            mine = ((visits_seen == last) & (arm == one))[..., None]
            values = np.where(mine, everything[..., : 2 + last], 0.0)
            squares, vectors = np.linalg.eigh(values.transpose(0, 2, 1) @ values)
            root = np.sqrt(np.maximum(squares, 0.0))[:, :, None] * vectors.transpose(0, 2, 1)
            block = np.zeros((trials, 2 + last, visits, arms * visits + 2))
            for visit in range(last):
                block[:, :, visit, one * visits + visit] = root[:, :, 0]
                block[:, :, visit, -1] = root[:, :, 2 + visit]
            block[:, :, :last, -2] = root[:, :, 1, None]
            blocks.append(block)
    return np.concatenate(blocks, axis=1)


def ancova_contrast(
    change: Floats,
    visits_seen: NDArray[np.intp],
    arm: NDArray[np.intp],
    baseline: Floats,
    treated: int,
    method: str,
) -> Floats:
    """Return the same from analysis of covariance at the last visit, all trials at once."""
    visits, arms = change.shape[-1], int(arm.max()) + 1
    used = visits_seen == visits if method == "completers" else visits_seen > 0
    last = visits_seen if method == "locf" else np.full_like(visits_seen, visits)
    y = np.take_along_axis(change, np.maximum(last - 1, 0)[..., None], axis=-1)[..., 0]
    member = (arm[..., None] == np.arange(arms)) * used[..., None].astype(np.float64)
    counts = member.sum(axis=1)
    x_mean, y_mean = (np.einsum("tna,tn->ta", member, values) / counts for values in (baseline, y))
    # Within-arm regression on the baseline, common slope.
    x = (baseline - np.take_along_axis(x_mean, arm, axis=1)) * used
    r = (y - np.take_along_axis(y_mean, arm, axis=1)) * used
    sxx = (x * x).sum(axis=1)
    slope = (x * r).sum(axis=1) / sxx
    df = counts.sum(axis=1) - arms - 1
    variance = ((r - slope[:, None] * x) ** 2).sum(axis=1) / df
    gap = x_mean[:, treated] - x_mean[:, 0]
    estimate = y_mean[:, treated] - y_mean[:, 0] - slope * gap
    factor = 1 / counts[:, treated] + 1 / counts[:, 0] + gap**2 / sxx
    return np.stack([estimate, np.sqrt(variance * factor), df], axis=1)
