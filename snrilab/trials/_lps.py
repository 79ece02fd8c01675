"""The LPS study: depression-like behaviour or sickness, and what locomotion has to do with it.

LPS makes animals sick within hours and anhedonic for days. Sick animals move little, and an animal
that moves little is immobile in the swim test and drinks little: locomotion is the confounder.
All constants are illustrative; the windows of sickness and anhedonia are published.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import (
    choice,
    nonnegative,
    one_number,
    random_generator,
    scalar_or_array,
    whole_number,
)
from snrilab.trials._groups import GroupAnalysis, planned_contrasts
from snrilab.trials._progression import constants
from snrilab.trials._schedule import DURATION_H, checked_starts, schedule_conflicts, taught

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from snrilab._checks import Seed

    Floats = NDArray[np.float64]

__all__ = [
    "LPS_GROUPS",
    "LPSModel",
    "LPSStudy",
    "analyse_lps",
    "simulate_lps_study",
]

LPS_GROUPS = ("vehicle + saline", "vehicle + LPS", "levomilnacipran + LPS", "control drug + LPS")
"""The four groups: healthy, model, drug, positive control."""

OUTCOMES = ("sucrose_preference_percent", "immobility_s", "distance_m", "intake_mL")
SCHEDULE = {"OFT": 24.5, "FST": 25.0, "SPT": 25.5}  # after sickness, and free of conflicts


@dataclass(frozen=True)
class LPSModel:
    """What LPS and drugs do to an animal (illustrative constants).

    Parameters
    ----------
    sickness_peak_h, sickness_half_life_h : float
        Time of the worst sickness and half-life of its decline, h, > 0.
    mood_onset_h, mood_half_life_h : float
        Time constant of the depression-like state and half-life of its decline, h, > 0.
    drug_protection, control_protection : float
        Share of the depression-like state that each drug prevents, 0 to 1.
    drug_locomotion : float
        Change of locomotion by levomilnacipran itself, as a share, -1 to 1.
    distance_m, distance_sd_m, distance_lost_to_sickness, distance_lost_after_swim : float
        Open field: healthy mean and SD, m; shares lost at the worst sickness and after a swim.
    immobility_s, immobility_sd_s, immobility_per_mood_s, immobility_per_slowness_s : float
        Swim test: healthy mean and SD, s; added by the full depression-like state and by the loss
        of all locomotion.
    preference_percent, preference_sd_percent, preference_per_mood_percent : float
        Sucrose preference: healthy mean and SD, %; lost to the full depression-like state.
    intake_mL, intake_sd_mL, intake_lost_to_sickness : float
        Fluid drunk in 24 h: healthy mean and SD, mL; share lost at the worst sickness.
    immobility_share_untaught : float
        Share of its immobility that a rat shows when no pre-swim has taught it that there is no
        way out, 0 to 1.
    """

    sickness_peak_h: float
    sickness_half_life_h: float
    mood_onset_h: float
    mood_half_life_h: float
    drug_protection: float
    control_protection: float
    drug_locomotion: float
    distance_m: float
    distance_sd_m: float
    distance_lost_to_sickness: float
    distance_lost_after_swim: float
    immobility_s: float
    immobility_sd_s: float
    immobility_per_mood_s: float
    immobility_per_slowness_s: float
    preference_percent: float
    preference_sd_percent: float
    preference_per_mood_percent: float
    intake_mL: float
    intake_sd_mL: float
    intake_lost_to_sickness: float
    immobility_share_untaught: float

    def __post_init__(self) -> None:
        for field in fields(self):
            low = -1.0 if field.name == "drug_locomotion" else 0.0
            high = 1.0 if "_lost_" in field.name or field.name.startswith("drug_") else np.inf
            one_number(field.name, getattr(self, field.name), low=low, high=high)
        for name in ("control_protection", "immobility_share_untaught"):
            one_number(name, getattr(self, name), low=0, high=1)
        for name in ("sickness_peak_h", "sickness_half_life_h", "mood_onset_h", "mood_half_life_h"):
            one_number(name, getattr(self, name), low=0, low_open=True)

    @classmethod
    def illustrative(cls, **changes: float) -> LPSModel:
        """Return the model of the package data, with changes.

        Parameters
        ----------
        **changes : float
            Fields of `LPSModel` to set.

        Returns
        -------
        LPSModel

        Examples
        --------
        >>> LPSModel.illustrative(drug_protection=0.0).drug_protection
        0.0
        """
        unknown = set(changes) - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(f"changes names {min(unknown)!r}, which is no field of LPSModel.")
        return cls(**{**constants("lps"), **changes})

    @overload
    def sickness(self, hours: float) -> float: ...
    @overload
    def sickness(self, hours: ArrayLike) -> Floats: ...
    def sickness(self, hours: ArrayLike) -> float | Floats:
        """Return sickness some hours after LPS, 1 at its worst.

        Parameters
        ----------
        hours : array_like
            Time after LPS, h, >= 0.

        Returns
        -------
        float or ndarray
            From 0 to 1.
        """
        t = nonnegative("hours", hours) / self.sickness_peak_h
        decline = np.log(2) * self.sickness_peak_h / self.sickness_half_life_h
        found = np.where(t < 1, t, np.exp(-decline * (t - 1)))
        return scalar_or_array(found)

    @overload
    def mood(self, hours: float) -> float: ...
    @overload
    def mood(self, hours: ArrayLike) -> Floats: ...
    def mood(self, hours: ArrayLike) -> float | Floats:
        """Return the depression-like state some hours after LPS.

        Parameters
        ----------
        hours : array_like
            Time after LPS, h, >= 0.

        Returns
        -------
        float or ndarray
            From 0 to 1.
        """
        t = nonnegative("hours", hours)
        decline = np.exp(-np.log(2) * t / self.mood_half_life_h)
        found = np.asarray(-np.expm1(-t / self.mood_onset_h) * decline)
        return scalar_or_array(found)


@dataclass(frozen=True, eq=False)
class LPSStudy:
    """A simulated LPS study: one row per animal.

    Parameters
    ----------
    group : ndarray of str
        One of `LPS_GROUPS`.
    sucrose_preference_percent, intake_mL : ndarray
        Sucrose preference (50 % is chance) and fluid drunk in 24 h.
    immobility_s : ndarray
        Swim test of 5 min.
    distance_m : ndarray
        Open field of 10 min.
    schedule_h : mapping of str to float
        Start of each test, hours after LPS.
    species : str
        ``"mouse"`` or ``"rat"``.
    pre_swim_h : float or None
        Time of the pre-swim, hours after LPS; None without one.
    warnings : tuple of str
        What is wrong with the schedule, in words.
    """

    group: NDArray[np.str_]
    sucrose_preference_percent: Floats
    intake_mL: Floats
    immobility_s: Floats
    distance_m: Floats
    schedule_h: Mapping[str, float]
    species: str
    pre_swim_h: float | None
    warnings: tuple[str, ...]


def simulate_lps_study(
    n_per_group: int = 12,
    *,
    schedule_h: Mapping[str, float] | None = None,
    species: str = "mouse",
    pre_swim_h: float | None = None,
    model: LPSModel | None = None,
    rng: Seed = None,
) -> LPSStudy:
    """Simulate the LPS study with its four groups and three tests.

    Sickness lowers locomotion and drinking; the depression-like state lowers sucrose preference and
    raises immobility; slow animals are immobile whatever their mood. The drugs prevent part of the
    depression-like state; levomilnacipran may change locomotion by itself. Rats without a pre-swim
    the day before hardly become immobile, and a rat that is sick then learns less from it.

    Parameters
    ----------
    n_per_group : int, default 12
        Animals per group, at least 2.
    schedule_h : mapping of str to float, optional
        Start of "SPT", "FST", "OFT" in hours after LPS; by default the open field at 24.5 h, the
        swim test and then the sucrose test half an hour later each.
    species : {"mouse", "rat"}, default "mouse"
        Rats need a pre-swim the day before the swim test.
    pre_swim_h : float, optional
        Time of the pre-swim in hours after LPS (negative: before it); none by default.
    model : LPSModel, optional
        Illustrative by default.
    rng : Generator or int, optional
        Random generator or seed.

    Returns
    -------
    LPSStudy

    Examples
    --------
    >>> study = simulate_lps_study(rng=1)
    >>> sick = study.group == "vehicle + LPS"
    >>> bool(study.immobility_s[sick].mean() > study.immobility_s[~sick].mean())
    True
    """
    n = whole_number("n_per_group", n_per_group, low=2)
    starts = checked_starts(SCHEDULE if schedule_h is None else schedule_h)
    choice("species", species, ("mouse", "rat"))
    pre_swim = None if pre_swim_h is None else one_number("pre_swim_h", pre_swim_h)
    m = model or LPSModel.illustrative()
    generator = random_generator(rng)
    number = np.repeat(np.arange(len(LPS_GROUPS)), n)
    lps = number > 0
    spared = 1 - np.array([0.0, 0.0, m.drug_protection, m.control_protection])[number]
    drive = 1 + m.drug_locomotion * (number == 2)

    def noise(sd: float) -> Floats:
        return sd * generator.standard_normal(len(number))

    def speed(hours: float) -> Floats:
        return np.asarray(drive * (1 - m.distance_lost_to_sickness * m.sickness(hours) * lps))

    own = noise(m.distance_sd_m / m.distance_m)  # a fast animal is fast in every test
    tired = starts["FST"] <= starts["OFT"] < starts["FST"] + 24
    field_speed = speed(starts["OFT"]) * (1 - m.distance_lost_after_swim * tired)
    slowness = 1 - speed(starts["FST"]) - own
    immobility = (
        m.immobility_s
        + m.immobility_per_mood_s * m.mood(starts["FST"]) * lps * spared
        + m.immobility_per_slowness_s * slowness
    )
    immobility = immobility * _learned(m, species, starts["FST"], pre_swim, lps)
    immobility = immobility + noise(m.immobility_sd_s)
    middle = starts["SPT"] + DURATION_H["SPT"] / 2
    preference = (
        m.preference_percent
        - m.preference_per_mood_percent * m.mood(middle) * lps * spared
        + noise(m.preference_sd_percent)
    )
    thirst = 1 - m.intake_lost_to_sickness * m.sickness(middle) * lps
    return LPSStudy(
        group=np.array(LPS_GROUPS)[number],
        sucrose_preference_percent=np.clip(preference, 0, 100),
        intake_mL=np.maximum(m.intake_mL * thirst + noise(m.intake_sd_mL), 0),
        immobility_s=np.clip(immobility, 0, 300),
        distance_m=np.maximum(m.distance_m * (field_speed + own), 0),
        schedule_h=starts,
        species=species,
        pre_swim_h=pre_swim,
        warnings=schedule_conflicts(starts, species=species, pre_swim_h=pre_swim),
    )


def _learned(
    m: LPSModel, species: str, swim_h: float, pre_swim_h: float | None, lps: NDArray[np.bool_]
) -> Floats:
    """Return the share of its immobility that each animal shows, by what its pre-swim taught it."""
    if species == "mouse":
        return np.ones(len(lps))
    if pre_swim_h is None or not taught(swim_h, pre_swim_h):
        return np.full(len(lps), m.immobility_share_untaught)
    sick = m.sickness(pre_swim_h) * lps if pre_swim_h > 0 else np.zeros(len(lps))
    return np.asarray(1 - (1 - m.immobility_share_untaught) * sick)


def analyse_lps(
    study: LPSStudy, outcome: str = "immobility_s", *, adjust: bool = False, level: float = 0.95
) -> GroupAnalysis:
    """Analyse one outcome of the LPS study by its three planned contrasts.

    Parameters
    ----------
    study : LPSStudy
        From `simulate_lps_study`.
    outcome : {"sucrose_preference_percent", "immobility_s", "distance_m", "intake_mL"}
        Outcome to analyse; immobility by default.
    adjust : bool, default False
        Whether groups are compared at equal open-field distance. This removes what goes through
        locomotion, and is itself misleading when locomotion is part of the effect.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    GroupAnalysis
        Contrasts "LPS", "levomilnacipran" and "control drug".

    Examples
    --------
    >>> found = analyse_lps(simulate_lps_study(rng=1))
    >>> [(one.label, one.value > 0) for one in found.contrasts]
    [('LPS', True), ('levomilnacipran', False), ('control drug', False)]
    """
    if not isinstance(study, LPSStudy):
        raise TypeError(f"study must be an LPSStudy, got {type(study).__name__}.")
    choice("outcome", outcome, OUTCOMES)
    if adjust and outcome == "distance_m":
        raise ValueError("outcome must differ from the covariate distance_m when adjust is True.")
    healthy, sick, drug, control = LPS_GROUPS
    return planned_contrasts(
        getattr(study, outcome),
        study.group,
        {
            "LPS": {sick: 1, healthy: -1},
            "levomilnacipran": {drug: 1, sick: -1},
            "control drug": {control: 1, sick: -1},
        },
        covariate=study.distance_m if adjust else None,
        level=level,
    )
