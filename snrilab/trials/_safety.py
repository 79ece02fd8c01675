"""What is recorded besides efficacy: adverse events, vital signs, suicidality events, the taper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.trials._progression import constants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.trials._design import Arm, TrialDesign

    Floats = NDArray[np.float64]

__all__: list[str] = []

TAPER_WK = 2.0


def adverse_events(
    arms: tuple[Arm, ...],
    arm: NDArray[np.intp],
    male: NDArray[np.bool_],
    withdrew: NDArray[np.bool_],
    rng: np.random.Generator,
) -> dict[str, NDArray[np.bool_]]:
    """Return who had each event; who withdrew for one has at least one."""
    names = list(dict.fromkeys(name for one in arms for name in one.adverse_events))
    share = np.array([[one.adverse_events.get(name, 0.0) for name in names] for one in arms])
    had = rng.random((len(arm), len(names))) < share.reshape(len(arms), -1)[arm]
    for j, name in enumerate(names):
        if name.endswith("(men)"):
            had[:, j] &= male
    if names and withdrew.any():
        had[withdrew & ~had.any(axis=1), 0] = True
    return {name: had[:, j] for j, name in enumerate(names)}


def vital_signs(
    design: TrialDesign, arm: NDArray[np.intp], seen: NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, Floats]:
    """Return changes of vital signs at the visits, NaN where the patient was not seen."""
    given = constants("safety")
    weeks = np.asarray(design.visits_wk)
    rise = np.expm1(-weeks / given["vitals_onset_wk"])
    rise /= rise[-1]
    shared = np.sqrt(given["vitals_correlation"])
    own = np.sqrt(1 - given["vitals_correlation"])
    names = list(dict.fromkeys(name for one in design.arms for name in one.vitals))
    found = {}
    for name in names:
        table = np.array([one.vitals.get(name, (0.0, 0.0)) for one in design.arms])
        noise = shared * rng.standard_normal((len(arm), 1))
        noise = noise + own * rng.standard_normal((len(arm), len(weeks)))
        change = table[arm, 0, None] * rise + table[arm, 1, None] * noise
        found[name] = np.where(seen, change, np.nan)
    return found


def suicidality(
    seen: NDArray[np.bool_], weeks: Floats, rng: np.random.Generator
) -> dict[str, NDArray[np.intp]]:
    """Return counts of C-SSRS events by visit: the same rate in every arm."""
    given = constants("safety")
    gaps = np.diff(weeks, prepend=0.0)
    return {
        kind: np.where(seen, rng.poisson(given[f"cssrs_{kind}_per_wk"] * gaps, seen.shape), 0)
        for kind in ("ideation", "behaviour")
    }


def daily_doses(
    design: TrialDesign,
    arm: NDArray[np.intp],
    baseline: Floats,
    madrs: Floats,
    intolerant: NDArray[np.bool_],
) -> Floats:
    """Return the daily dose (mg free base) before each visit, as the protocol sets it.

    Active drug starts with 40 mg (after two days of 20 mg) or the lower dose planned. A fixed dose
    is reached in steps of 40 mg a visit. A flexible dose is raised by 40 mg where the score has not
    halved and the drug is tolerated, from the first visit on.
    """
    top = np.array([one.dose_mg for one in design.arms])[arm]
    flexible = np.array([one.flexible for one in design.arms])[arm]
    doses = np.zeros(madrs.shape)
    dose = np.minimum(40.0, top)
    for j in range(madrs.shape[1]):
        doses[:, j] = dose
        unmet = madrs[:, j] > 0.5 * baseline
        raised = np.where(flexible, unmet & ~intolerant, True)
        dose = np.where(raised, np.minimum(dose + 40.0, top), dose)
    return doses


def taper(
    last_dose: Floats, completed: NDArray[np.bool_], tapered: bool, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the doses of the two weeks after treatment, and who had an adverse event then.

    The first week takes half the dose, the second at most 20 mg. Events in a trial with a
    down-taper are as frequent on drug as on placebo; without one they are not.
    """
    given = constants("safety")
    steps = np.zeros((len(last_dose), 2))
    if tapered:
        halves = np.stack([last_dose / 2, np.minimum(last_dose / 2, 20.0)], axis=1)
        steps = np.where(completed[:, None], halves, 0.0)
    abrupt = (last_dose > 0) & (not tapered)
    rate = np.where(abrupt, given["abrupt_events"], given["taper_events"])
    return steps, rng.random(len(last_dose)) < rate
