"""Lesson 10, dose and response: a study to design, fourteen days, a week of tests, a person."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab import evidence, pk, plots, trials
from snrilab.exercises import lesson10 as ask
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    lines,
    mark,
    move_mark,
    number,
    percent,
    times,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from snrilab.trials import DoseDesign, SwimTest

_COLOUR, _LINE, _MARKER = plots.LOOK["levomilnacipran"]
_CURVE: dict[str, Any] = {"color": _COLOUR, "ls": _LINE, "lw": 2.5}
_MARK: dict[str, Any] = {"colour": plots.GREY, "line": (0, (4, 3))}

# -- a study to design -----------------------------------------------------------------------------

_STUDIES, _SEED = 2000, 13
_DOSES = (0.12, 1200.0)  # the axis, mg/kg
_VEHICLE_AT, _BREAK_AT = 0.22, 0.4  # no dose: left of where the doses begin
_SECONDS = (0.0, 245.0)  # the axis, s
_FINE = np.geomspace(_BREAK_AT, _DOSES[1], 200)


class _Design(NamedTuple):
    """What was chosen, and the two chances that follow from it."""

    plan: DoseDesign
    test: SwimTest
    slope: float
    effect: float


@lru_cache(maxsize=256)
def _designed(
    lowest_mg_per_kg: float, fold: float, mice: int, delay_h: float, scatter_s: float
) -> _Design:
    test = trials.SwimTest.illustrative(sd_s=scatter_s)
    highest = lowest_mg_per_kg * fold
    plan = trials.dose_response_design(
        lowest_mg_per_kg, highest, n_per_group=mice, delay_h=delay_h, test=test
    )
    slope, effect = (
        trials.power_preclinical(plan, test=test, analysis=name, studies=_STUDIES, rng=_SEED)[0]
        for name in ("gradient", "highest")
    )
    return _Design(plan, test, slope, effect)


def _design_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_DOSES, ylim=_SECONDS, xscale="log")
    axes.set_xticks([_VEHICLE_AT, 1, 10, 100, 1000], ["vehicle", "1", "10", "100", "1,000"])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(0, 241, 40))
    axes.axvline(_BREAK_AT, color=plots.GREY, lw=0.8, ls=":")
    plots.label(axes, "Dose (mg/kg)", "Immobility (s)")
    dots = {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 6}
    artists = lines(
        axes,
        {
            "curve": {**_CURVE, "label": "true mean at this hour"},
            "study": {**dots, "label": "one study, ± SE"},
            **{f"error {n}": {"color": plots.BLACK, "lw": 1.5} for n in range(5)},
            "vehicle": {"color": plots.GREY, "ls": (0, (4, 3)), "lw": 1.5},
        },
    )
    figure.legend(
        handles=[artists["curve"], artists["study"]],
        loc="outside upper left",
        frameon=False,
        ncols=2,
        columnspacing=1.0,
        handlelength=1.6,
    )
    return artists


def _design_draw(
    artists: Mapping[str, Any],
    lowest_mg_per_kg: float,
    fold: float,
    mice: int,
    delay_h: float,
    scatter_s: float,
) -> Seen:
    plan, test, slope, effect = _designed(lowest_mg_per_kg, fold, mice, delay_h, scatter_s)
    left = float(trials.share_of_peak(delay_h))
    artists["curve"].set_data(_FINE, test.mean_s(_FINE, left))
    means, errors = trials.simulate_preclinical(plan, test=test, rng=2).means()
    doses = plan.doses_mg_per_kg[1:]
    places = [_VEHICLE_AT, *doses]
    artists["study"].set_data(places, np.clip(means, *_SECONDS))
    for n, (place, mean, error) in enumerate(zip(places, means, errors, strict=True)):
        ends = np.clip([mean - error, mean + error], *_SECONDS)
        artists[f"error {n}"].set_data([place, place], ends)
    artists["vehicle"].set_data(_DOSES, [np.clip(means[0], *_SECONDS)] * 2)
    truly = [number(round(float(mean))) for mean in plan.expected_s]
    found = [number(round(float(mean))) for mean in means]
    chance = percent(slope, border=0.75)
    return Seen(
        f"Vehicle and {', '.join(number(dose) for dose in doses)} mg/kg, {mice} mice each, scatter "
        f"{number(scatter_s)} s, tested after {number(delay_h)} h. Truth: {', '.join(truly)} s; "
        f"this study: {', '.join(found)} s. The lowest dose has "
        f"{percent(float(plan.visible_share[1]))} of the greatest effect. Chance of a slope among "
        f"the four doses {chance}, of a difference between the highest and vehicle "
        f"{percent(effect)}.",
        slope=told(chance),
    )


designer = Explorer(
    "lesson10/designer",
    "A dose-response study in mice",
    [
        Control("lowest_mg_per_kg", "Lowest dose", "mg/kg", 0.5, 60, 30, "log", 60, "lowest"),
        Control("fold", "Highest over lowest", "fold", 2, 16, 2, steps=28, short="range"),
        Control("mice", "Mice a dose", "", 2, 100, 10, "whole", short="mice"),
        Control("delay_h", "Test after the dose", "h", 0.5, 12, 0.5, steps=46, short="after"),
        Control("scatter_s", "Scatter between mice (SD)", "s", 20, 80, 40, steps=60,
                short="scatter"),
    ],
    _design_stage,
    _design_draw,
    goals=[ask.LOWER, ask.BY_ANIMALS, ask.LATE, ask.BLUNT],
    keep=("curve", "study"),
    prediction="lesson10/hundred_mice",
)  # fmt: skip

# -- fourteen days ---------------------------------------------------------------------------------

_DAYS = 14
_HOURS = np.linspace(0, 24 * _DAYS, 24 * _DAYS * 10 + 1)
_LEVELS = (0.001, 30.0)  # the axis, times the first peak
_DOSE = 5.0  # mg/kg; the picture is relative to its first peak


def _days_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, _DAYS), ylim=_LEVELS, yscale="log")
    axes.set_xticks(range(0, _DAYS + 1, 2))
    axes.set_yticks([0.001, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
    axes.set_yticks([], minor=True)
    plots.label(axes, "Day", "Level (times the first peak)")
    artists = lines(axes, {"level": {**_CURVE, "lw": 1.5}})
    return artists | mark(axes, "first peak", ha="right", **_MARK)


@lru_cache(maxsize=128)
def _fortnight(half_life_h: float, interval_h: int) -> tuple[Any, float, float]:
    """Return the level over the first peak, the share left before a dose, hours above half."""
    rat = pk.rodent_illustration(half_life_h)
    doses = pk.repeat(_DOSE, interval_h, 24 * _DAYS // interval_h)
    first = pk.peak_after_dose(rat, _DOSE).cmax_ng_per_mL
    level = np.asarray(pk.concentration(rat, doses, _HOURS)) / first
    settled = pk.steady_state(rat, _DOSE, float(interval_h))
    trough = settled.ctrough_ng_per_mL / settled.cmax_ng_per_mL
    last = level[(_HOURS >= 24 * (_DAYS - 1)) & (_HOURS < 24 * _DAYS)]
    return level, trough, 24 * float(np.mean(last > last.max() / 2))


def _days_draw(artists: Mapping[str, Any], half_life_h: float, interval_h: int) -> Seen:
    level, trough, above_h = _fortnight(half_life_h, interval_h)
    artists["level"].set_data(_HOURS / 24, np.clip(level, *_LEVELS))
    move_mark(artists, "first peak", (0, _DAYS), (1, 1), (_DAYS - 0.1, 1.9))
    grown = float(level[_HOURS >= 24 * (_DAYS - 1)].max())
    said = percent(trough)
    return Seen(
        f"Half-life {number(half_life_h)} h, a dose every {interval_h} h. The highest level of day "
        f"14 is {times(grown, 3)} times the first peak. In the end {said} of the peak is left "
        f"before a dose; {number(round(above_h, 1))} h of the day are above half of the peak.",
        trough=told(said),
    )


fourteen_days = Explorer(
    "lesson10/fourteen_days",
    "Fourteen days of doses",
    [
        Control("half_life_h", "Half-life", "h", 1, 24, 6, "log", 60, "half-life"),
        Control("interval_h", "A dose every", "h", 2, 24, 12, "whole", short="every"),
    ],
    _days_stage,
    _days_draw,
    goals=[ask.PUMP],
    keep=("level",),
    prediction="lesson10/day_fourteen",
)

# -- a week of tests after LPS ---------------------------------------------------------------------

_WEEK = (-26.0, 124.0)  # the axis, hours after LPS
_RATS = 12
_TESTS = ("sucrose", "swim", "open field")  # from below
_SHOWN = ("Sucrose", "Swim", "Open field", "Pre-swim")
_LISTED = 3  # conflicts that are read at once
_PRE_SWIMS = ("none", "24 h before the swim", "1 h before LPS")
_STILL = {  # no rat differs from its group: what is left is each group's mean
    "distance_sd_m": 0.0,
    "immobility_sd_s": 0.0,
    "preference_sd_percent": 0.0,
    "intake_sd_mL": 0.0,
}


class _Week(NamedTuple):
    """Each group's mean in each test, the chances, and what is wrong with the week."""

    mean: Mapping[str, list[float]]
    chance: Mapping[str, float]
    conflicts: tuple[str, ...]


def _outcomes(study: trials.LPSStudy) -> Mapping[str, Any]:
    return {
        "swim": study.immobility_s,
        "sucrose": study.sucrose_preference_percent,
        "open field": study.distance_m,
    }


@lru_cache(maxsize=256)
def _week(
    open_field_h: float,
    swim_h: float,
    sucrose_h: float,
    pre_swim_h: float | None,
    livelier_percent: float,
    protection_percent: float,
) -> _Week:
    drug = {
        "drug_locomotion": livelier_percent / 100,
        "drug_protection": protection_percent / 100,
    }
    starts = {"OFT": open_field_h, "FST": swim_h, "SPT": sucrose_h}
    still, many = (
        trials.simulate_lps_study(
            each,
            schedule_h=starts,
            species="rat",
            pre_swim_h=pre_swim_h,
            model=trials.LPSModel.illustrative(**drug, **spread),
            rng=10,
        )
        for each, spread in ((2, _STILL), (1000, {}))
    )
    mean, chance = {}, {}
    for name, values in _outcomes(still).items():
        mean[name] = [float(values[still.group == one].mean()) for one in trials.LPS_GROUPS]
        scattered = _outcomes(many)[name]
        spreads = [scattered[many.group == one].std() for one in trials.LPS_GROUPS[1:3]]
        gap = abs(mean[name][2] - mean[name][1])
        sd = float(np.sqrt(np.mean(np.square(spreads))))
        chance[name] = float(trials.power_t_test(gap, sd, _RATS))
    conflicts = trials.schedule_conflicts(starts, species="rat", pre_swim_h=pre_swim_h)
    return _Week(mean, chance, conflicts)


def _week_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    left.set(xlim=_WEEK, ylim=(-0.6, 4.9))
    left.set_xticks(range(0, 121, 24))
    left.set_yticks(range(4), _SHOWN)
    plots.label(left, "Hours after LPS", "")
    window = evidence.get("LPS", "sickness_behaviour_window")
    start_h, end_h = window.low or 0.0, window.high or 0.0
    left.axvspan(start_h, end_h, color=plots.ORANGE, alpha=0.35, lw=0)
    left.text((start_h + end_h) / 2, 4.4, "sick", ha="center", va="center",
              color=plots.BLACK)  # fmt: skip
    bar = {"color": plots.BLUE, "lw": 6, "solid_capstyle": "butt"}
    dot = {"color": plots.BLUE, "marker": "s", "ls": "", "ms": 7}
    artists = lines(left, {"sucrose": bar, "swim": dot, "open field": dot, "pre-swim": dot})
    right.set(xlim=(-6, 106), ylim=(-0.6, 4.9))
    right.set_xticks([0, 50, 100])
    right.set_yticks(range(3), [""] * 3)
    plots.label(right, "Chance (%)", "")
    right.axvline(5, color=plots.GREY, lw=1.2, ls=(0, (4, 3)))
    dots = {"color": _COLOUR, "marker": _MARKER, "ls": "", "ms": 9}
    return artists | lines(right, {"chance": dots})


def _in_words(conflict: str) -> str:
    """Write a conflict with the names that the picture has."""
    for short, name in (("OFT", "open field"), ("FST", "swim"), ("SPT", "sucrose test")):
        conflict = conflict.replace(short, name)
    return conflict.rstrip(".")


def _week_draw(
    artists: Mapping[str, Any],
    open_field_h: float,
    swim_h: float,
    sucrose_h: float,
    pre_swim: str,
    livelier_percent: float,
    protection_percent: float,
) -> Seen:
    before = {"none": None, "24 h before the swim": swim_h - 24, "1 h before LPS": -1.0}[pre_swim]
    mean, chance, conflicts = _week(
        open_field_h, swim_h, sucrose_h, before, livelier_percent, protection_percent
    )
    artists["sucrose"].set_data([sucrose_h, sucrose_h + 24], [0, 0])
    artists["swim"].set_data([swim_h], [1])
    artists["open field"].set_data([open_field_h], [2])
    artists["pre-swim"].set_data(*(([], []) if before is None else ([before], [3])))
    artists["chance"].set_data([100 * chance[name] for name in _TESTS], range(3))
    shown = {name: percent(value) for name, value in chance.items()}
    seconds, sucrose, metres = (
        " and ".join(number(value) for value in mean[name][1:3])
        for name in ("swim", "sucrose", "open field")
    )
    count = f"{len(conflicts)} conflict{'' if len(conflicts) == 1 else 's'}"
    listed = len(conflicts) if len(conflicts) <= _LISTED else 1
    first = f": {'; '.join(map(_in_words, conflicts[:listed]))}" if conflicts else ""
    if listed < len(conflicts):
        first += f", and {len(conflicts) - listed} more"
    return Seen(
        f"{count}{first}. LPS alone and with the drug: swim test {seconds} s immobile, sucrose "
        f"{sucrose} %, open field {metres} m. Chance of P < 0.05 with {_RATS} rats a group: swim "
        f"{shown['swim']}, sucrose {shown['sucrose']}, open field {shown['open field']}.",
        conflicts=len(conflicts),
        swim_chance=told(shown["swim"]),
        sucrose_chance=told(shown["sucrose"]),
    )


rat_week = Explorer(
    "lesson10/rat_week",
    "A week of tests in rats",
    [
        Control("open_field_h", "Open field at", "h", 0, 96, 24, "whole", short="open field"),
        Control("swim_h", "Swim test at", "h", 0, 96, 24, "whole", short="swim"),
        Control("sucrose_h", "Sucrose test from", "h", 0, 96, 24, "whole", short="sucrose"),
        Choice("pre_swim", "Pre-swim", _PRE_SWIMS),
        Control("livelier_percent", "Livelier by the drug", "%", -30, 50, 0, steps=80,
                short="livelier"),
        Control("protection_percent", "Protected by the drug", "%", 0, 80, 60, steps=40,
                short="protected"),
    ],
    _week_stage,
    _week_draw,
    goals=[ask.NO_CONFLICT, ask.HIDDEN],
    prediction="lesson10/livelier",
)  # fmt: skip

# -- an animal's dose in a person ------------------------------------------------------------------

_MG = (0.5, 20_000.0)  # the axis
_DRUG = pk.drug("levomilnacipran")
_SALT, _BASE = _DRUG.salt_mw_g_per_mol or 0.0, _DRUG.mw_g_per_mol or 0.0  # g/mol, both known
_LARGEST = 120.0


def _person_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_MG, ylim=(-0.7, 1.7), xscale="log")
    axes.set_xticks([1, 10, 100, 1000, 10_000], ["1", "10", "100", "1,000", "10,000"])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0, 1], ["by kilogram", "by surface"])
    plots.label(axes, "For the person (mg of base)", "")
    axes.axvspan(40, _LARGEST, color=plots.ORANGE, alpha=0.35, lw=0)
    axes.text(np.sqrt(40 * _LARGEST), 1.55, "label", ha="center", va="center", color=plots.BLACK)
    dot = {"marker": _MARKER, "ls": "", "ms": 11}
    return lines(
        axes, {"surface": {**dot, "color": _COLOUR}, "kilogram": {**dot, "color": plots.GREY}}
    )


def _person_draw(
    artists: Mapping[str, Any], dose_mg_per_kg: float, animal: str, weighed: str, weight_kg: int
) -> Seen:
    base = dose_mg_per_kg
    if weighed == "hydrochloride":
        base = float(pk.base_from_salt(dose_mg_per_kg, _SALT, _BASE))
    mg = weight_kg * float(pk.human_equivalent_dose(base, animal))
    artists["surface"].set_data([mg], [1])
    artists["kilogram"].set_data([weight_kg * base], [0])
    said = number(mg)
    return Seen(
        f"{number(dose_mg_per_kg)} mg/kg of {weighed} in a {animal} are {number(base)} mg/kg of "
        f"base: by surface {said} mg in a person of {weight_kg} kg, {times(mg / _LARGEST)} times "
        f"the label's largest dose. Carried over by the kilogram: {number(weight_kg * base)} mg.",
        mg=told(said),
    )


person = Explorer(
    "lesson10/person",
    "An animal's dose in a person",
    [
        Control("dose_mg_per_kg", "Dose in the animal", "mg/kg", 1, 100, 5, "log", 80, "dose"),
        Choice("animal", "Animal", ("mouse", "rat")),
        Choice("weighed", "Weighed as", ("base", "hydrochloride")),
        Control("weight_kg", "Person", "kg", 40, 120, 70, "whole", short="person"),
    ],
    _person_stage,
    _person_draw,
    goals=[ask.LABEL_DOSE],
    prediction="lesson10/for_a_person",
)
