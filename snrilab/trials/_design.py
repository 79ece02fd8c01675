"""The design of a randomised trial: arms with doses and effects, visits, and who leaves early."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import compare, evidence
from snrilab._checks import (
    choice,
    flag,
    fraction,
    mapping,
    members,
    nonnegative,
    one_number,
    text,
    whole_number,
)
from snrilab.trials._progression import VISITS_WK, DiseaseProgression, checked_visits, constants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snrilab.evidence import Row

__all__ = ["PUBLISHED", "Arm", "Dropout", "TrialDesign", "published_design"]

PUBLISHED = ("bakish2014", "asnis2013", "gommoll2014", "sambunaris2014", "burke2002")
"""Keys of the published trials that `published_design` knows."""

KINDS = ("none", "mcar", "mar", "mnar")


@dataclass(frozen=True)
class Arm:
    """One arm of a trial.

    Parameters
    ----------
    name : str
        Name of the arm.
    change : float
        Mean change of MADRS at the last visit if nobody left, points (negative: improvement).
    dose_mg : float, default 0
        Greatest daily dose, mg free base; 0 for placebo.
    flexible : bool, default False
        Whether the dose is raised by response and tolerability from 40 mg up to `dose_mg`.
    ae_dropout : float, default 0
        Share of patients who leave because of an adverse event, 0 to 1.
    early_leaving : float, default 0
        Share of patients who leave early for other reasons, whatever their score, 0 to 1.
    adverse_events : mapping of str to float
        Share of patients with each event, 0 to 1; a name that ends in "(men)" happens to men only.
    vitals : mapping of str to (float, float)
        Mean and SD of the change at the last visit, for example ``{"pulse_bpm": (5.4, 9.6)}``.
    """

    name: str
    change: float
    dose_mg: float = 0.0
    flexible: bool = False
    ae_dropout: float = 0.0
    early_leaving: float = 0.0
    adverse_events: Mapping[str, float] = field(default_factory=dict)
    vitals: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text("name", self.name)
        flag("flexible", self.flexible)
        # Arms of published trials are shared: nobody may change their tables.
        for name in ("adverse_events", "vitals"):
            object.__setattr__(self, name, MappingProxyType(_table(name, getattr(self, name))))
        one_number("change", self.change, low=-60, high=60)
        nonnegative("dose_mg", self.dose_mg)
        fraction("ae_dropout", self.ae_dropout)
        fraction("early_leaving", self.early_leaving)
        for share in self.adverse_events.values():
            fraction("adverse_events", share)
        for pair in self.vitals.values():
            if np.shape(pair) != (2,):
                raise ValueError(f"vitals must be pairs of mean and SD, got {pair!r}.")
            one_number("vitals", pair[0])
            nonnegative("vitals", pair[1])

    def __reduce__(self) -> tuple[Any, ...]:
        # The read-only views of the tables cannot be pickled, their contents can.
        leaving = self.ae_dropout, self.early_leaving
        tables = dict(self.adverse_events), dict(self.vitals)
        return Arm, (
            self.name, self.change, self.dose_mg, self.flexible, *leaving, *tables
        )  # fmt: skip


def _table(name: str, given: Any) -> dict[str, Any]:
    return mapping(
        name, given, "events to shares" if name == "adverse_events" else "signs to pairs"
    )


@dataclass(frozen=True)
class Dropout:
    """Who leaves early (illustrative constants).

    Parameters
    ----------
    kind : {"none", "mcar", "mar", "mnar"}
        What decides: nothing (nobody leaves), chance, the last score that was seen, or the score
        that would have been seen next and never is.
    base_log_odds : float
        Log odds of leaving within two weeks when the deciding score is `pivot`.
    pivot : float
        MADRS points.
    per_10_points : float
        Added log odds per 10 points of the deciding score; without effect for "mcar".
    early_share : float
        Share of the withdrawals that no score decides (adverse events, early leaving) that fall
        before the second visit, 0 to 1; the others are spread over the later visits.
    no_post_baseline : float
        Share of randomised patients who never return, 0 to 1.
    """

    kind: str
    base_log_odds: float
    pivot: float
    per_10_points: float
    early_share: float
    no_post_baseline: float

    def __post_init__(self) -> None:
        choice("kind of dropout", self.kind, KINDS)
        one_number("base_log_odds", self.base_log_odds)
        one_number("per_10_points", self.per_10_points)
        fraction("early_share", self.early_share)
        fraction("no_post_baseline", self.no_post_baseline)

    @classmethod
    def illustrative(cls, kind: str = "mar", **changes: float) -> Dropout:
        """Return the dropout of the package data, of one kind, with changes.

        Parameters
        ----------
        kind : {"none", "mcar", "mar", "mnar"}, default "mar"
            What decides who leaves.
        **changes : float
            Fields of `Dropout` to set.

        Returns
        -------
        Dropout

        Examples
        --------
        >>> Dropout.illustrative("mnar").kind
        'mnar'
        """
        return cls(choice("kind of dropout", kind, KINDS), **{**constants("dropout"), **changes})


@dataclass(frozen=True)
class TrialDesign:
    """A randomised, double-blind, parallel-group trial.

    Parameters
    ----------
    name : str
        Name of the trial.
    arms : tuple of Arm
        At least two; the first is the control.
    n_per_arm : int
        Patients randomised to each arm, at least 2.
    visits_wk : tuple of float, default (1, 2, 4, 6, 8)
        Visits in weeks after randomisation, increasing.
    course : DiseaseProgression, optional
        How the scores run; illustrative by default.

    Examples
    --------
    >>> design = published_design("bakish2014")
    >>> [(arm.name, arm.change) for arm in design.arms]
    [('placebo', -11.3), ('40 mg', -14.6), ('80 mg', -14.4)]
    """

    name: str
    arms: tuple[Arm, ...]
    n_per_arm: int
    visits_wk: tuple[float, ...] = VISITS_WK
    course: DiseaseProgression = field(default_factory=DiseaseProgression.illustrative)

    def __post_init__(self) -> None:
        text("name", self.name)
        names = [arm.name for arm in members("arms", self.arms, Arm, "Arm")]
        if len(names) < 2 or len(set(names)) < len(names):
            raise ValueError(f"arms must be at least two with different names, got {names}.")
        whole_number("n_per_arm", self.n_per_arm, low=2)
        checked_visits(self.visits_wk)
        if not isinstance(self.course, DiseaseProgression):
            raise TypeError(f"course must be a DiseaseProgression, got {self.course!r}.")

    @property
    def effects(self) -> dict[str, float]:
        """True difference from the control at the last visit, in points, by arm."""
        return {arm.name: arm.change - self.arms[0].change for arm in self.arms[1:]}


def published_design(name: str, *, n_per_arm: int | None = None) -> TrialDesign:
    """Return the design of a published trial, with its published effects.

    Mean changes, baseline scores, withdrawals, adverse events and vital signs are the published
    ones (adverse events and vital signs of Bakish 2014 and the withdrawal rates of the label stand
    in where a paper on levomilnacipran gives none; those of escitalopram are the label's); how
    scores run between baseline and the last visit is illustrative.

    Parameters
    ----------
    name : {"bakish2014", "asnis2013", "gommoll2014", "sambunaris2014", "burke2002"}
        Levomilnacipran in two fixed doses, in three, in the flexible-dose trial that missed its
        primary endpoint, in the one that met it; escitalopram in two fixed doses (analysed with
        the last observation carried forward, numbers recalled).
    n_per_arm : int, optional
        Patients per arm, at least 2; as published by default.

    Returns
    -------
    TrialDesign

    Examples
    --------
    >>> published_design("gommoll2014").effects
    {'40-120 mg': -1.5}
    """
    choice("name", name, PUBLISHED)
    given = constants(name)
    count = int(given["n_per_arm"]) if n_per_arm is None else n_per_arm
    entry = {key: given[key] for key in ("severity_mean", "entry_score") if key in given}
    return TrialDesign(
        name, _published_arms(name), count, course=DiseaseProgression.illustrative(**entry)
    )


@cache
def _published_arms(name: str) -> tuple[Arm, ...]:
    given = constants(name)
    if name == "burke2002":
        return _escitalopram_arms(name, given["ae_dropout_20mg"])
    doses = {
        "bakish2014": (40.0, 80.0),
        "asnis2013": (40.0, 80.0, 120.0),
    }.get(name, (120.0,))
    flexible = len(doses) == 1
    placebo = given.get("placebo_change")
    if placebo is None:
        placebo = _value("placebo", "MADRS_change", source=name)
    arms = [_arm("placebo", placebo, 0.0, given, flexible=False)]
    for dose in doses:
        text = "40-120 mg/day flexible" if flexible else f"{dose:g} mg/day"
        if name in {"bakish2014", "gommoll2014"}:
            change = _value("levomilnacipran", "MADRS_change", dose=text, source=name)
        else:
            change = placebo + _value("levomilnacipran", "MADRS_difference", dose=text, source=name)
        label = "40-120 mg" if flexible else f"{dose:g} mg"
        arms.append(_arm(label, round(change, 2), dose, given, flexible=flexible))
    return tuple(arms)


def _arm(
    name: str, change: float, dose_mg: float, given: Mapping[str, float], *, flexible: bool
) -> Arm:
    """Return an arm with the adverse events and vital signs of Bakish 2014."""
    drug, dose = ("placebo", "") if dose_mg == 0 else ("levomilnacipran", "40 mg/day")
    if dose_mg > 40:
        dose = "80 mg/day"
    filters: dict[str, Any] = {"drug": drug, "source": "bakish2014", "dose": dose}
    events = {
        f"{row.event} ({row.population})" if row.population else row.event: round(
            _number(row) / 100, 6
        )
        for row in evidence.find(quantity="AE_incidence", **filters)
    }
    vitals = {}
    for vital, quantity in VITALS.items():
        row = evidence.find(quantity=quantity, **filters)[0]
        vitals[vital] = (_number(row), row.sd or 0.0)
    left = evidence.get("levomilnacipran", "AE_discontinuation", source="fetzima_label")
    pooled = (left.value if dose_mg > 0 else left.comparator_value) or 0.0
    own = "ae_dropout_placebo" if dose_mg == 0 else f"ae_dropout_{dose_mg:g}mg"
    return Arm(
        name=name,
        change=change,
        dose_mg=dose_mg,
        flexible=flexible,
        ae_dropout=given.get(own, round(pooled / 100, 6)),
        adverse_events=events,
        vitals=vitals,
    )


def _escitalopram_arms(source: str, ae_dropout_20mg: float) -> tuple[Arm, ...]:
    """Return placebo, 10 and 20 mg with the adverse events of the label.

    A placebo rate that the label prints as a limit ("< 1 %") is taken as half of it.
    """
    on_drug, on_placebo = {}, {}
    for one in compare.adverse_events("escitalopram", source="lexapro_label"):
        name = f"{one.event} ({one.population})" if one.population else one.event
        rate = one.percent_placebo
        if rate is None:
            rate = (one.placebo_below_percent or 0.0) / 2
        on_drug[name] = round(one.percent_drug / 100, 6)
        on_placebo[name] = round(rate / 100, 6)
    left = evidence.get("escitalopram", "AE_discontinuation", dose="10 mg/day", source=source)
    return (
        Arm(
            "placebo",
            _value("placebo", "MADRS_change", source=source),
            ae_dropout=(left.comparator_value or 0.0) / 100,
            adverse_events=on_placebo,
        ),
        *(
            Arm(
                f"{dose} mg",
                _value("escitalopram", "MADRS_change", dose=f"{dose} mg/day", source=source),
                dose_mg=dose,
                ae_dropout=share,
                adverse_events=on_drug,
            )
            for dose, share in ((10, _number(left) / 100), (20, ae_dropout_20mg))
        ),
    )


VITALS = {
    "pulse_bpm": "pulse_change",
    "sbp_mmHg": "SBP_change",
    "dbp_mmHg": "DBP_change",
    "weight_kg": "body_weight_change",
}


def _value(drug: str, quantity: str, **filters: Any) -> float:
    return _number(evidence.get(drug, quantity, **filters))


def _number(row: Row) -> float:
    if row.value is None:
        raise evidence.EvidenceError(f"{row.key} has no number.")
    return float(np.round(row.value, 6))
