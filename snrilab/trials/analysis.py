"""From a trial to its conclusion: MMRM, and the older ways to deal with missing visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from snrilab._checks import choice, one_number
from snrilab._estimate import Estimate
from snrilab.trials.clinical import Trial
from snrilab.trials.repeated_measures import mmrm

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab.trials.fitted_model import MMRM, Contrast

    Floats = NDArray[np.floating[Any]]

__all__ = ["METHODS", "Analysis", "analyse", "interval_from_p", "last_observation_carried_forward"]

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
        score = last_observation_carried_forward(score, start)[:, -1:]
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


def last_observation_carried_forward(scores: ArrayLike, baseline: ArrayLike) -> NDArray[np.float64]:
    """Fill missing visits with the patient's last earlier score.

    A single imputation that pretends to know what was never seen: it is shown to be distrusted.

    Parameters
    ----------
    scores : array_like
        Scores, shape (patients, visits), NaN where missing.
    baseline : array_like
        Score before the first visit, shape (patients,).

    Returns
    -------
    ndarray
        Scores without gaps, shape (patients, visits).

    Examples
    --------
    >>> last_observation_carried_forward([[25, float("nan")], [float("nan"), 12]], [30, 31])
    array([[25., 25.],
           [31., 12.]])
    """
    filled = _scores("scores", scores)
    start = _scores("baseline", baseline)
    if filled.ndim != 2 or start.shape != filled.shape[:1] or np.isinf(filled).any():
        raise ValueError(
            f"scores must be finite or NaN, (patients, visits), with one baseline each, got shapes "
            f"{filled.shape} and {start.shape}."
        )
    if not np.isfinite(start).all():
        raise ValueError("baseline must be finite, got NaN or infinity.")
    last = start
    for visit in range(filled.shape[1]):
        last = np.where(np.isnan(filled[:, visit]), last, filled[:, visit])
        filled[:, visit] = last
    return filled


def _scores(name: str, given: ArrayLike) -> NDArray[np.float64]:
    """Return a copy as floats, NaN allowed, or raise."""
    try:
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be numbers (NaN where missing), got {given!r}.") from None


def interval_from_p(
    estimate: float, p_value: float, *, df: float = np.inf, level: float = 0.95, unit: str = ""
) -> Estimate:
    """Return the interval behind an estimate that was published with its P value alone.

    The P value of a two-sided test fixes the ratio of estimate and standard error.

    Parameters
    ----------
    estimate : float
        Not zero.
    p_value : float
        Two-sided, in (0, 1).
    df : float, default inf
        Degrees of freedom of the test, > 0; infinite for a normal test.
    level : float, default 0.95
        Confidence level, in (0, 1).
    unit : str, default ""
        Unit of the estimate.

    Returns
    -------
    Estimate

    References
    ----------
    Altman DG, Bland JM. BMJ 2011;343:d2090. doi:10.1136/bmj.d2090

    Examples
    --------
    >>> print(interval_from_p(-3.99, 0.0038, unit="points"))
    -3.99 points (95 % from P value interval -6.692 to -1.288)
    """
    value = one_number("estimate", estimate)
    if value == 0:
        raise ValueError("estimate must not be zero: a P value below 1 contradicts it.")
    tail = one_number("p_value", p_value, low=0, high=1, low_open=True, high_open=True)
    freedom = one_number("df", df, low=0, low_open=True, infinite=True)
    level = one_number("level", level, low=0, high=1, low_open=True, high_open=True)

    def quantile(q: float) -> float:
        return float(special.ndtri(q) if np.isinf(freedom) else special.stdtrit(freedom, q))

    error = abs(value) / -quantile(tail / 2)
    reach = quantile(0.5 + level / 2) * error
    return Estimate(value, unit, error, value - reach, value + reach, level, "from P value")
