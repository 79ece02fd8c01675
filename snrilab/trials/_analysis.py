"""From a trial to its conclusion: MMRM, and the older ways to deal with missing visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice
from snrilab.trials._clinical import Trial
from snrilab.trials._fitted_model import named
from snrilab.trials._repeated_measures import mmrm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials._fitted_model import MMRM, Contrast

    Floats = NDArray[np.float64]

__all__ = ["METHODS", "Analysis", "analyse"]

METHODS = ("mmrm", "locf", "completers", "everybody")
"""Ways to deal with missing visits; "everybody" uses the scores that only a simulation knows."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """The primary analysis of a trial.

    Parameters
    ----------
    method : str
        How missing visits were dealt with.
    fit : MMRM
        The fitted model (one visit only, which is analysis of covariance, unless MMRM).
    ls_means : tuple of Contrast
        Mean change of MADRS at the last visit, by arm.
    differences : tuple of Contrast
        Each arm against the control at the last visit.
    """

    method: str
    fit: MMRM
    ls_means: tuple[Contrast, ...]
    differences: tuple[Contrast, ...]

    def __getitem__(self, name: str) -> Contrast:
        """Return a mean or a difference by its label."""
        return named((*self.ls_means, *self.differences), name)


def analyse(
    trial: Trial, method: str = "mmrm", *, endpoint: str = "madrs", level: float = 0.95
) -> Analysis:
    """Analyse the change from baseline of a trial at its last visit.

    The model has arm, visit, their interaction and the baseline score.

    Parameters
    ----------
    trial : Trial
        From `simulate_trial`.
    method : {"mmrm", "locf", "completers", "everybody"}, default "mmrm"
        All visits of the mITT population in a mixed model; or analysis of covariance at the last
        visit, with the last observation carried forward, with completers only, or with the scores
        that would have been seen had nobody left.
    endpoint : {"madrs", "sds"}, default "madrs"
        Score to analyse ("everybody" needs MADRS).
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Analysis

    Examples
    --------
    >>> from snrilab.trials import simulate_trial
    >>> result = analyse(simulate_trial("bakish2014", dropout="none", rng=3))
    >>> [round(mean.standard_error, 2) for mean in result.ls_means]
    [0.7, 0.7, 0.7]
    """
    if not isinstance(trial, Trial):
        raise TypeError(f"trial must be a Trial, got {type(trial).__name__}.")
    choice("method", method, METHODS)
    choice("endpoint", endpoint, ("madrs", "sds"))
    if method == "everybody" and endpoint == "sds":
        raise ValueError("endpoint must be 'madrs' for method 'everybody', got 'sds'.")
    score, start = (
        (trial.madrs, trial.baseline) if endpoint == "madrs" else (trial.sds, trial.sds_baseline)
    )
    weeks = np.asarray(trial.design.visits_wk)
    if method == "locf":
        score = carried_forward(score, start)[:, -1:]
    elif method == "completers":
        score = score[:, -1:]
    elif method == "everybody":
        score = trial.madrs_complete[:, -1:]
    if method != "mmrm":
        weeks = weeks[-1:]
    keep = np.flatnonzero(trial.mitt)
    data = {
        "patient": np.repeat(keep, len(weeks)),
        "arm": np.repeat(trial.arm_name[keep], len(weeks)),
        "week": np.tile(weeks, len(keep)),
        "baseline": np.repeat(start[keep], len(weeks)),
        "change": (score - start[:, None])[keep].ravel(),
    }
    names = [arm.name for arm in trial.design.arms]
    fit = mmrm(
        data,
        response="change",
        subject="patient",
        visit="week",
        fixed=["baseline", "arm*week"] if len(weeks) > 1 else ["baseline", "arm"],
        levels={"arm": names},
    )
    by = ["week", "arm"] if len(weeks) > 1 else ["arm"]
    gaps = fit.differences("arm", by=by[:-1], level=level)
    return Analysis(
        method=method,
        fit=fit,
        ls_means=fit.ls_means(by, level=level)[-len(names) :],
        differences=gaps[1 - len(names) :],
    )


def carried_forward(scores: Floats, baseline: Floats) -> Floats:
    """Fill missing visits (patients, visits) with the patient's last earlier score."""
    filled, last = scores.copy(), baseline
    for visit in range(filled.shape[1]):
        last = np.where(np.isnan(filled[:, visit]), last, filled[:, visit])
        filled[:, visit] = last
    return filled
