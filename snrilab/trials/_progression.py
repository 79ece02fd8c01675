"""How depression scores run in a trial: screening, placebo run-in, and correlated visits.

Only the published means, standard errors and sample sizes are data (see `snrilab.evidence`); the
shape over time, the correlations and the run-in are illustrative.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from snrilab import _tables
from snrilab._checks import fraction, numbers, one_number, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["VISITS_WK", "DiseaseProgression", "covariance_of_change"]

VISITS_WK = (1.0, 2.0, 4.0, 6.0, 8.0)
"""Visits after randomisation, in weeks."""

MADRS_MAXIMUM = 60.0
SDS_MAXIMUM = 30.0


@cache
def constants(name: str) -> dict[str, float]:
    """Return one set of constants of the package data."""
    return {
        row["parameter"]: float(row["value"])
        for row in _tables.rows("trials")
        if row["set"] == name
    }


@dataclass(frozen=True)
class DiseaseProgression:
    """How MADRS and SDS scores run in a trial of major depression (illustrative constants).

    Parameters
    ----------
    severity_mean, severity_sd : float
        Depression of the candidates for screening, MADRS points.
    rating_sd : float
        Error of one rating, points.
    entry_score : float
        Least MADRS at screening and at baseline, 0 to 60.
    run_in_change, run_in_sd : float
        Change during the single-blind placebo week, points.
    run_in_response : float
        Share of improvement during the run-in that excludes a patient, 0 to 1 (1 excludes nobody).
    onset_wk : float
        Time constant of the mean improvement, weeks.
    change_sd : float
        SD of the change at the last visit, points.
    early_share : float
        Share of that SD that is there from the start, 0 to 1.
    memory_wk : float
        Time over which the correlation of two visits falls by the factor e, weeks.
    baseline_slope : float
        Further change per point of baseline above the mean.
    sds_baseline_mean, sds_baseline_sd, sds_per_madrs, sds_sd : float
        Sheehan Disability Scale: baseline, change per point of MADRS change, SD of the rest.
    """

    severity_mean: float
    severity_sd: float
    rating_sd: float
    entry_score: float
    run_in_change: float
    run_in_sd: float
    run_in_response: float
    onset_wk: float
    change_sd: float
    early_share: float
    memory_wk: float
    baseline_slope: float
    sds_baseline_mean: float
    sds_baseline_sd: float
    sds_per_madrs: float
    sds_sd: float

    def __post_init__(self) -> None:
        for field in fields(self):
            one_number(field.name, getattr(self, field.name))
        for name in ("severity_sd", "onset_wk", "change_sd", "memory_wk"):
            positive(name, getattr(self, name))
        for name in ("run_in_response", "early_share"):
            fraction(name, getattr(self, name))
        numbers("entry_score", self.entry_score, low=0, high=MADRS_MAXIMUM)

    @classmethod
    def illustrative(cls, **changes: float) -> DiseaseProgression:
        """Return the course of the package data, with changes.

        Parameters
        ----------
        **changes : float
            Fields of `DiseaseProgression` to set.

        Returns
        -------
        DiseaseProgression

        Examples
        --------
        >>> DiseaseProgression.illustrative(change_sd=8.0).change_sd
        8.0
        """
        unknown = set(changes) - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(
                f"changes names {min(unknown)!r}, which is no field of DiseaseProgression."
            )
        return cls(**{**constants("course"), **changes})

    def shape(self, week: ArrayLike, last_wk: float) -> Floats:
        """Return which share of the final mean change is there at a week (1 at the last visit)."""
        return np.asarray(
            np.expm1(-np.asarray(week) / self.onset_wk) / np.expm1(-last_wk / self.onset_wk)
        )

    def sd(self, week: ArrayLike, last_wk: float) -> Floats:
        """Return the SD of the change at a week, in points."""
        late = np.sqrt(np.asarray(week) / last_wk)
        return np.asarray(self.change_sd * (self.early_share + (1 - self.early_share) * late))


def covariance_of_change(
    course: DiseaseProgression | None = None, visits_wk: ArrayLike = VISITS_WK
) -> NDArray[np.float64]:
    """Return the covariance of a patient's MADRS changes at the visits, given the baseline.

    Parameters
    ----------
    course : DiseaseProgression, optional
        The illustrative one by default.
    visits_wk : array_like
        Visits in weeks after randomisation, increasing, > 0.

    Returns
    -------
    ndarray
        Covariance in points squared, shape (visits, visits).

    Examples
    --------
    >>> covariance = covariance_of_change()
    >>> round(float(covariance[-1, -1]) ** 0.5, 1)
    10.2
    """
    course = DiseaseProgression.illustrative() if course is None else course
    if not isinstance(course, DiseaseProgression):
        raise TypeError(f"course must be a DiseaseProgression, got {course!r}.")
    weeks = checked_visits(visits_wk)
    sd = course.sd(weeks, weeks[-1])
    apart = np.abs(weeks[:, None] - weeks)
    return np.asarray(np.outer(sd, sd) * np.exp(-apart / course.memory_wk))


def checked_visits(visits_wk: ArrayLike) -> NDArray[np.float64]:
    """Return the visits as increasing positive weeks, or raise."""
    weeks = np.atleast_1d(positive("visits_wk", visits_wk))
    if weeks.ndim != 1 or (np.diff(weeks) <= 0).any():
        raise ValueError(f"visits_wk must be increasing weeks, got {weeks.tolist()}.")
    return weeks


@dataclass(frozen=True, eq=False)
class Screened:
    """Patients who passed screening and the run-in, and how many did not."""

    baseline: Floats
    candidates: int
    failed_screening: int
    placebo_responders: int
    below_entry: int


def recruit(course: DiseaseProgression, n: int, rng: np.random.Generator) -> Screened:
    """Screen candidates until n can be randomised."""
    baselines: list[Floats] = []
    flow = np.zeros(4, dtype=np.int64)
    missing = n
    for _ in range(200):
        size = int(1.5 * missing) + 50
        depth = rng.normal(course.severity_mean, course.severity_sd, size)
        change = rng.normal(course.run_in_change, course.run_in_sd, size)
        error = rng.normal(0, course.rating_sd, (2, size))
        screening = np.clip(np.rint(depth + error[0]), 0, MADRS_MAXIMUM)
        baseline = np.clip(np.rint(depth + change + error[1]), 0, MADRS_MAXIMUM)
        fails = screening < course.entry_score
        improved = (screening - baseline) / np.maximum(screening, 1)
        excluding = course.run_in_response < 1
        responds = ~fails & excluding & (improved >= course.run_in_response)
        below = ~fails & ~responds & (baseline < course.entry_score)
        passed = np.flatnonzero(~(fails | responds | below))
        used = size if len(passed) <= missing else int(passed[missing - 1]) + 1
        baselines.append(baseline[passed[:missing]])
        flow += [used, fails[:used].sum(), responds[:used].sum(), below[:used].sum()]
        missing -= len(baselines[-1])
        if missing == 0:
            return Screened(np.concatenate(baselines), *map(int, flow))
    raise ValueError(
        f"entry_score {course.entry_score:g} leaves too few patients to randomise {n} of them."
    )


def score_changes(
    course: DiseaseProgression,
    weeks: Floats,
    final_changes: Floats,
    arm: NDArray[np.intp],
    baseline: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return MADRS at the visits for patients who stay, shape (..., visits), whole points 0 to 60.

    The latent means are shifted so that the mean after the floor at 0 is the mean asked for.
    """
    covariance = covariance_of_change(course, weeks)
    noise = rng.standard_normal((*baseline.shape, len(weeks))) @ np.linalg.cholesky(covariance).T
    middle = float(baseline.mean())
    carried = (1 + course.baseline_slope) * (baseline - middle)
    aim = middle + final_changes[:, None] * course.shape(weeks, float(weeks[-1]))
    typical = np.quantile(carried, (np.arange(100) + 0.5) / 100)
    latent = before_floor(aim, typical, np.sqrt(np.diag(covariance)))
    score = latent[arm] + carried[..., None] + noise
    return np.asarray(np.clip(np.rint(score), 0, MADRS_MAXIMUM))


def before_floor(mean: Floats, offsets: Floats, sd: Floats) -> Floats:
    """Return the shift for which scores have the mean asked for once those below 0 become 0.

    Scores are normal around shift + offset, all offsets alike.
    """
    shift = np.array(mean, dtype=np.float64)
    for _ in range(8):
        z = (shift[..., None, :] + offsets[:, None]) / sd
        above = special.ndtr(z)
        floored = sd * (z * above + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))
        shift -= (floored.mean(axis=-2) - mean) / np.maximum(above.mean(axis=-2), 0.05)
    return shift
