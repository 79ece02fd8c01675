"""The contrast at the last visit of many simulated trials, without tables and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.trials._progression import covariance_of_change
from snrilab.trials._reml import Observations, maximise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials._design import TrialDesign

    Floats = NDArray[np.float64]

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

    The model of `analyse`, with the baseline and the mean of every arm at every visit, for each
    trial, by the likelihood of `mmrm`; the search starts at the covariance that the simulation
    uses. Tables and labels left out, a thousand trials take a third of the time.
    """
    trials, n, visits = change.shape
    width = len(plan.arms) * visits + 1
    scale = plan.course.change_sd
    start = covariance_of_change(plan.course, plan.visits_wk) / scale**2
    weights = np.zeros(width)
    weights[treated * visits + visits - 1] = 1.0
    weights[visits - 1] = -1.0
    seen = np.arange(visits) < visits_seen[..., None]
    person, visit = np.arange(n)[:, None], np.arange(visits)
    found = np.empty((trials, 3))
    for i in range(trials):
        design = np.zeros((n, visits, width))
        design[person, visit, arm[i][:, None] * visits + visit] = 1.0
        design[..., -1] = ((baseline[i] - baseline[i].mean()) / baseline[i].std())[:, None]
        there = visits_seen[i] > 0
        data = Observations.group(design[there], change[i, there] / scale, seen[i, there])
        here = maximise(data, start).likelihood
        variance = weights @ here.beta_cov @ weights
        slopes = here.beta_cov_slopes @ weights @ weights
        spread = slopes @ np.linalg.solve(here.hessian, slopes)
        found[i] = scale * (weights @ here.beta), scale * np.sqrt(variance), variance**2 / spread
    return found


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
