"""A randomised trial in major depression, patient by patient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, random_generator, whole_number
from snrilab.trials._design import KINDS, PUBLISHED, Dropout, TrialDesign, published_design
from snrilab.trials._dropout import REASONS, departures
from snrilab.trials._progression import SDS_MAXIMUM, constants, recruit, score_changes
from snrilab.trials._safety import (
    adverse_events,
    daily_doses,
    suicidality,
    taper,
    vital_signs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from snrilab._checks import Seed

    Floats = NDArray[np.float64]

__all__ = ["Trial", "simulate_trial"]

REMISSION = 10.0  # points of MADRS, the usual limit


@dataclass(frozen=True, eq=False, repr=False)
class Trial:
    """A simulated trial; rows are patients, columns visits, NaN where nobody was seen.

    Parameters
    ----------
    design : TrialDesign
        What was planned.
    arm : ndarray of int
        Number of the arm, (n,).
    male : ndarray of bool
        (n,).
    baseline : ndarray
        MADRS at randomisation, points, (n,).
    madrs, sds : ndarray
        Scores as recorded, points, (n, visits).
    madrs_complete : ndarray
        Scores that would have been recorded had nobody left: only a simulation knows them.
    sds_baseline : ndarray
        Sheehan Disability Scale at randomisation, points, (n,).
    dose_mg : ndarray
        Daily dose before each visit, mg free base, (n, visits).
    taper_mg : ndarray
        Daily dose in the two weeks after treatment, (n, 2).
    visits_seen : ndarray of int
        Visits after randomisation that the patient attended, (n,).
    reason : ndarray of str
        Why observation ended, (n,).
    adverse_events : mapping of str to ndarray of bool
        Who had each event.
    vitals : mapping of str to ndarray
        Changes from baseline, (n, visits).
    cssrs : mapping of str to ndarray of int
        Recorded ideation and behaviour events per visit: counts, not an efficacy endpoint.
    taper_events : ndarray of bool
        Who had an adverse event after the end of treatment, (n,).
    flow : mapping of str to int
        Patients at each stage, from screening to completion.
    """

    design: TrialDesign
    arm: NDArray[np.intp]
    male: NDArray[np.bool_]
    baseline: Floats
    madrs: Floats
    sds: Floats
    madrs_complete: Floats
    sds_baseline: Floats
    dose_mg: Floats
    taper_mg: Floats
    visits_seen: NDArray[np.intp]
    reason: NDArray[np.str_]
    adverse_events: Mapping[str, NDArray[np.bool_]]
    vitals: Mapping[str, Floats]
    cssrs: Mapping[str, NDArray[np.intp]]
    taper_events: NDArray[np.bool_]
    flow: Mapping[str, int]

    def __repr__(self) -> str:
        stages = ", ".join(f"{count} {stage}" for stage, count in self.flow.items())
        arms = ", ".join(arm.name for arm in self.design.arms)
        return f"Trial {self.design.name} ({arms}): {stages}"

    @property
    def arm_name(self) -> NDArray[np.str_]:
        """Name of each patient's arm, (n,)."""
        return np.array([arm.name for arm in self.design.arms])[self.arm]

    @property
    def mitt(self) -> NDArray[np.bool_]:
        """Modified intention to treat: randomised, and seen at least once after it, (n,)."""
        return np.asarray(self.visits_seen > 0)

    @property
    def completed(self) -> NDArray[np.bool_]:
        """Seen at the last visit, (n,)."""
        return np.asarray(self.visits_seen == len(self.design.visits_wk))

    @property
    def change(self) -> Floats:
        """Change of MADRS from baseline, points, (n, visits)."""
        return np.asarray(self.madrs - self.baseline[:, None])

    @property
    def last_madrs(self) -> Floats:
        """Last MADRS seen, the baseline if none, (n,)."""
        scores = np.column_stack([self.baseline, self.madrs])
        return np.asarray(scores[np.arange(len(scores)), self.visits_seen])

    @property
    def responded(self) -> NDArray[np.bool_]:
        """Improved by half or more when last seen, (n,)."""
        return np.asarray(self.last_madrs <= 0.5 * self.baseline)

    @property
    def remitted(self) -> NDArray[np.bool_]:
        """MADRS of 10 or less when last seen, (n,)."""
        return np.asarray(self.last_madrs <= REMISSION)

    @property
    def last_wk(self) -> Floats:
        """Week of the last visit attended; 0 if none, (n,)."""
        weeks = np.array([0.0, *self.design.visits_wk])
        return np.asarray(weeks[self.visits_seen])

    def long(self, *, mitt: bool = True) -> dict[str, NDArray[Any]]:
        """Return one row per patient and visit, ready for `mmrm`.

        Parameters
        ----------
        mitt : bool, default True
            Whether only the modified intention-to-treat population is included.

        Returns
        -------
        dict of str to ndarray
            Columns patient, arm, week, baseline, madrs, change, sds, dose_mg and the vital signs;
            NaN where a visit was missed.
        """
        rows = np.flatnonzero(self.mitt if mitt else np.ones_like(self.mitt))
        weeks = np.asarray(self.design.visits_wk)
        columns: dict[str, NDArray[Any]] = {
            "patient": np.repeat(rows, len(weeks)),
            "arm": np.repeat(self.arm_name[rows], len(weeks)),
            "week": np.tile(weeks, len(rows)),
            "baseline": np.repeat(self.baseline[rows], len(weeks)),
        }
        series = {"madrs": self.madrs, "change": self.change, "sds": self.sds}
        for name, values in {**series, "dose_mg": self.dose_mg, **self.vitals}.items():
            columns[name] = values[rows].ravel()
        return columns

    def patients(self) -> dict[str, NDArray[Any]]:
        """Return one row per randomised patient.

        Returns
        -------
        dict of str to ndarray
            Columns patient, arm, male, baseline, sds_baseline, mitt, completed, responded,
            remitted, reason, last_wk, one per adverse event, the C-SSRS totals and
            taper_events.
        """
        return {
            "patient": np.arange(len(self.arm)),
            "arm": self.arm_name,
            "male": self.male,
            "baseline": self.baseline,
            "sds_baseline": self.sds_baseline,
            "mitt": self.mitt,
            "completed": self.completed,
            "responded": self.responded,
            "remitted": self.remitted,
            "reason": self.reason,
            "last_wk": self.last_wk,
            **self.adverse_events,
            **{f"cssrs_{kind}": counts.sum(axis=1) for kind, counts in self.cssrs.items()},
            "taper_events": self.taper_events,
        }


def simulate_trial(
    design: TrialDesign | str = "bakish2014",
    *,
    n_per_arm: int | None = None,
    dropout: Dropout | str = "mar",
    tapered: bool = True,
    rng: Seed = None,
) -> Trial:
    """Simulate a randomised, double-blind, placebo-controlled trial in major depression.

    Candidates are screened on MADRS; a single-blind placebo week excludes high responders; the
    rest are randomised in permuted blocks, titrated, and rated on MADRS and SDS at every visit
    until they leave or finish; those who finish stop by a two-week down-taper. Mean changes,
    adverse events and vital signs are the published ones. The course in between, dropout, SDS and
    C-SSRS rates are illustrative; the dose taken has no effect beyond that of the arm.

    Parameters
    ----------
    design : TrialDesign or str, default "bakish2014"
        The design, or the name of a published one.
    n_per_arm : int, optional
        Patients per arm, at least 2; that of the design by default.
    dropout : Dropout or {"none", "mcar", "mar", "mnar"}, default "mar"
        Who leaves early.
    tapered : bool, default True
        Whether those who finish stop gradually.
    rng : Generator or int, optional
        Random generator or seed.

    Returns
    -------
    Trial

    References
    ----------
    Bakish D et al. J Psychiatry Neurosci 2014;39:40-49. doi:10.1503/jpn.130040

    Examples
    --------
    >>> trial = simulate_trial("bakish2014", rng=1)
    >>> trial.flow["randomised"], trial.flow["mITT"], trial.flow["completed"]
    (558, 551, 441)
    """
    plan, leaving = checked_plan(design, n_per_arm, dropout)
    generator = random_generator(rng)
    n_arms, n = len(plan.arms), len(plan.arms) * plan.n_per_arm
    weeks = np.asarray(plan.visits_wk)
    screened = recruit(plan.course, n, generator)
    arm = randomise(n_arms, plan.n_per_arm, generator)
    male = generator.random(n) < constants("safety")["male"]
    complete = outcome(plan, arm, screened.baseline, generator)
    ae_share = np.array([one.ae_dropout for one in plan.arms])[arm]
    early_share = np.array([one.early_leaving for one in plan.arms])[arm]
    visits_seen, why = departures(
        leaving, screened.baseline, complete, ae_share, early_share, weeks, generator
    )
    seen = np.arange(len(weeks)) < visits_seen[:, None]
    events = adverse_events(plan.arms, arm, male, why == 1, generator)
    any_event = np.any(list(events.values()), axis=0) if events else np.zeros(n, dtype=bool)
    intolerant = any_event & (generator.random(n) < constants("safety")["intolerance"])
    doses = daily_doses(plan, arm, screened.baseline, complete, intolerant)
    last_dose = np.where(visits_seen > 0, doses[np.arange(n), np.maximum(visits_seen - 1, 0)], 0.0)
    steps, symptoms = taper(last_dose, visits_seen == len(weeks), tapered, generator)
    sds_baseline, sds = disability(plan, screened.baseline, complete, generator)
    return Trial(
        design=plan,
        arm=arm,
        male=male,
        baseline=screened.baseline,
        madrs=np.where(seen, complete, np.nan),
        sds=np.where(seen, sds, np.nan),
        madrs_complete=complete,
        sds_baseline=sds_baseline,
        dose_mg=np.where(seen, doses, np.nan),
        taper_mg=steps,
        visits_seen=visits_seen,
        reason=np.array(REASONS)[why],
        adverse_events=events,
        vitals=vital_signs(plan, arm, seen, generator),
        cssrs=suicidality(seen, weeks, generator),
        taper_events=symptoms,
        flow={
            "screened": screened.candidates,
            "failed screening": screened.failed_screening,
            "excluded as placebo responders": screened.placebo_responders,
            "excluded below entry score": screened.below_entry,
            "randomised": n,
            "mITT": int((visits_seen > 0).sum()),
            "completed": int((visits_seen == len(weeks)).sum()),
        },
    )


def checked_plan(
    design: TrialDesign | str, n_per_arm: int | None, dropout: Dropout | str
) -> tuple[TrialDesign, Dropout]:
    """Return the design with its sample size and the dropout, or raise."""
    if not isinstance(dropout, Dropout):
        dropout = Dropout.illustrative(choice("dropout", dropout, KINDS))
    if isinstance(design, str):
        design = published_design(choice("design", design, PUBLISHED))
    if not isinstance(design, TrialDesign):
        raise TypeError(f"design must be a TrialDesign or the name of one, got {design!r}.")
    if n_per_arm is not None:
        design = replace(design, n_per_arm=whole_number("n_per_arm", n_per_arm, low=2))
    return design, dropout


def randomise(n_arms: int, n_per_arm: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the arm of each patient, in permuted blocks of two per arm."""
    blocks = np.tile(np.repeat(np.arange(n_arms), 2), (n_per_arm // 2, 1))
    arm = rng.permuted(blocks, axis=1).ravel()
    if n_per_arm % 2:
        arm = np.concatenate([arm, rng.permutation(n_arms)])
    return arm


def outcome(
    design: TrialDesign, arm: NDArray[np.intp], baseline: Floats, rng: np.random.Generator
) -> Floats:
    """Return MADRS at the visits if nobody left, shape (..., visits)."""
    changes = np.array([one.change for one in design.arms])
    weeks = np.asarray(design.visits_wk)
    return score_changes(design.course, weeks, changes, arm, baseline, rng)


def disability(
    design: TrialDesign, baseline: Floats, madrs: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the Sheehan Disability Scale at baseline and at the visits."""
    course = design.course
    start = rng.normal(course.sds_baseline_mean, course.sds_baseline_sd, baseline.shape)
    start = np.clip(np.rint(start), 0, SDS_MAXIMUM)
    change = course.sds_per_madrs * (madrs - baseline[:, None])
    noise = course.sds_sd * rng.standard_normal(madrs.shape)
    return start, np.clip(np.rint(start[:, None] + change + noise), 0, SDS_MAXIMUM)
