"""Lesson 07, dosing: one enzyme, two doors, six weeks of capsules, people beside people."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab import pk, plots
from snrilab.exercises import lesson07 as ask
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

_CAPSULE = pk.drug("levomilnacipran")
_FE, _FM = _CAPSULE.known("fe_renal"), _CAPSULE.known("fm_cyp3a4")
_COLOUR, _LINE, _MARKER = plots.LOOK["levomilnacipran"]
_CURVE: dict[str, Any] = {"color": _COLOUR, "ls": _LINE, "lw": 2.5}
_DASHED: dict[str, Any] = {"color": plots.BLACK, "lw": 1.8, "ls": (0, (4, 3))}
_HERE: dict[str, Any] = {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 8}


# -- one enzyme: its share, what it does -----------------------------------------------------------

_ACTIVITIES = np.linspace(0, 3, 121)
_EXPOSURES = (0.2, 25.0)  # the axis, times normal


def _enzyme_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 3), ylim=_EXPOSURES, yscale="log")
    axes.set_yticks([0.2, 0.5, 1, 2, 5, 10, 20], ["0.2", "0.5", "1", "2", "5", "10", "20"])
    axes.set_yticks([], minor=True)
    axes.axhline(1, color=plots.GREY, lw=1, ls=(0, (1, 1)))
    plots.label(axes, "Activity of the enzyme (1 is normal)", "Exposure (times normal)")
    artists = lines(axes, {"exposure": _CURVE, "here": _HERE})
    return artists | mark(axes, "ceiling", colour=plots.BLACK, line=":", ha="right")


def _enzyme_draw(artists: Mapping[str, Any], share_percent: float, activity: float) -> Seen:
    share = share_percent / 100
    artists["exposure"].set_data(_ACTIVITIES, pk.exposure_ratio(share, _ACTIVITIES))
    exposure, ceiling = pk.exposure_ratio(share, activity), pk.exposure_ratio(share, 0)
    artists["here"].set_data([activity], [exposure])
    move_mark(
        artists,
        "ceiling",
        [0, 3],
        [ceiling, ceiling],
        (2.9, ceiling * (1.15 if ceiling < 15 else 0.85)),
    )
    return Seen(
        f"An enzyme with {number(share_percent)} % of the clearance, at {number(activity)} times "
        f"its usual work: clearance {times(1 / exposure, 3)} and exposure {times(exposure, 3)} "
        f"times normal. Shut wholly it would give {times(ceiling, 3)} times: the ceiling.",
        exposure=told(times(exposure, 3)),
    )


one_enzyme = Explorer(
    "lesson07/one_enzyme",
    "What one enzyme can do",
    [
        Control("share_percent", "Enzyme's share of the clearance", "%", 0, 95, 80, steps=95,
                short="share"),
        Control("activity", "Enzyme's activity", "of normal", 0, 3, 1, steps=60, short="activity"),
    ],
    _enzyme_stage,
    _enzyme_draw,
    goals=[ask.KETOCONAZOLE, ask.CARBAMAZEPINE],
    keep=("exposure",),
    prediction="lesson07/all_enzymes",
)  # fmt: skip

# -- two doors: a stack of clearances, and people with weak kidneys --------------------------------

_KIDNEYS = np.linspace(0, 1, 81)
_RISES = (0.9, 25.0)  # the axis, times normal


def _doors_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, width_ratios=(2, 5))
    left.set(xlim=(0, 1), ylim=(0, 1.08))
    left.set_xticks([])
    left.set_yticks([0, 0.5, 1], ["0", "50", "100"])
    plots.label(left, "", "Clearance (% of normal)")
    looks = {"rest": (plots.GREY, ""), "CYP3A4": (plots.VERMILION, "//"),
             "kidney": (plots.BLUE, "")}  # fmt: skip
    artists: dict[str, Any] = {}
    for name, (colour, hatch) in looks.items():
        (bar,) = left.bar([0.5], [0.1], width=0.6, color=colour, hatch=hatch, edgecolor="white")
        bar.set_label(name)
        artists[name] = bar
    right.set(xlim=(0, 1.03), ylim=_RISES, yscale="log")
    right.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    right.set_yticks([], minor=True)
    right.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    plots.label(right, "Kidney's work (1 is normal)", "Exposure (times)")
    artists |= lines(
        right,
        {
            "exposure": {**_CURVE, "label": "the model"},
            "measured": {**_HERE, "marker": "x", "mew": 2, "label": "measured, CYP3A4 at 1"},
            "here": _HERE,
        },
    )
    groups = [pk.renal_group(name) for name in pk.RENAL_GROUPS]
    artists["measured"].set_data(
        [group.cl_renal_L_per_h / groups[0].cl_renal_L_per_h for group in groups],
        [group.auc_ratio for group in groups],
    )
    figure.legend(
        handles=[artists[name] for name in ("kidney", "CYP3A4", "rest", "exposure", "measured")],
        loc="outside upper center",
        ncols=3,
        frameon=False,
        columnspacing=0.9,
        handlelength=1.4,
        handletextpad=0.4,
    )
    return artists


def _doors_draw(artists: Mapping[str, Any], kidney: float, enzyme: float) -> Seen:
    parts = {"rest": 1 - _FE - _FM, "CYP3A4": _FM * enzyme, "kidney": _FE * kidney}
    foot = 0.0
    for name, part in parts.items():
        artists[name].set(y=foot, height=part)
        foot += part
    artists["exposure"].set_data(
        _KIDNEYS, pk.exposure_ratio(_FM, enzyme, fe=_FE, kidney_function=_KIDNEYS)
    )
    exposure = pk.exposure_ratio(_FM, enzyme, fe=_FE, kidney_function=kidney)
    artists["here"].set_data([kidney], [exposure])
    working = pk.exposure_ratio(_FM, 1, fe=_FE, kidney_function=kidney)
    by_enzyme = pk.exposure_ratio(_FM, 0, fe=_FE, kidney_function=kidney) / working
    left = ", ".join(f"{name} {percent(part)}" for name, part in reversed(parts.items()) if part)
    return Seen(
        f"Clearance left: {percent(foot)} of normal ({left}), so exposure is {times(exposure, 3)} "
        f"times. With this kidney, shutting CYP3A4 alone multiplies it by {times(by_enzyme)}. "
        "Crosses: people, from normal to severely impaired kidneys (1, 1.23, 1.91, 2.81 times).",
    )


two_doors = Explorer(
    "lesson07/two_doors",
    "Two doors of levomilnacipran",
    [
        Control("kidney", "Work of the kidney", "of normal", 0, 1, 1, steps=100, short="kidney"),
        Control("enzyme", "Work of CYP3A4", "of normal", 0, 1, 1, steps=50, short="CYP3A4"),
    ],
    _doors_stage,
    _doors_draw,
    goals=[ask.SEVERE_BY_SPLIT],
    keep=("exposure",),
    prediction="lesson07/both_doors",
)

# -- the planner: six weeks ------------------------------------------------------------------------

_DAYS, _LAST, _FORGOTTEN, _INHIBITED = 42, 28, 12, 15
_HOURS = np.arange(24 * _DAYS + 1.0)
_WINDOW = slice(24 * (_FORGOTTEN - 1), 24 * (_INHIBITED - 1) + 1)
_TOP = 600.0  # the axis, ng/mL
_STEP_DAYS = 3  # on the way down: illustrative
_UP, _DOWN = (20.0, 40.0, 80.0), (80.0, 40.0, 20.0)


def _planner_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, _DAYS), ylim=(0, _TOP))
    axes.set_xticks(range(0, _DAYS + 1, 7))
    plots.label(axes, "Days gone by", "Level in plasma (ng/mL)")
    artists = lines(
        axes,
        {
            "ketoconazole": {"color": plots.ORANGE, "lw": 7, "solid_capstyle": "butt"},
            "planned": {"color": plots.GREY, "lw": 1.2, "label": "no dose forgotten"},
            "level": {**_CURVE, "lw": 1.8, "label": "level"},
            "means": {"color": plots.BLACK, "lw": 1.8, "label": "day's mean"},
        },
    )
    named = ("level", "means", "planned", "ketoconazole")
    artists["ketoconazole"].set_label("ketoconazole")
    figure.legend(
        handles=[artists[name] for name in named], loc="outside upper center", ncols=2,
        frameon=False, columnspacing=0.9, handlelength=1.4, handletextpad=0.4,
    )  # fmt: skip
    return artists


def _plan(target_mg: float, days_per_step: int, ending: str) -> pk.Regimen:
    """Return six weeks of capsules: up in steps, 28 days in all, then off at once or in steps."""
    steps = [dose for dose in _UP if dose < target_mg]
    days = [days_per_step] * len(steps)
    up = pk.titration([*steps, target_mg], [*days, _LAST - sum(days)])
    down = [dose for dose in _DOWN if dose < target_mg]
    if ending == "at once" or not down:
        return up
    return up.then(pk.down_taper(down, _STEP_DAYS))


def _within(
    times_h: np.ndarray, values: np.ndarray, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the part of a line that lies within the frame, so that none runs along it."""
    inside = (values >= low) & (values <= high)
    return times_h[inside], values[inside]


def _day_means(level: np.ndarray) -> np.ndarray:
    """Return each day's mean of hourly levels, by trapezoids."""
    days = np.lib.stride_tricks.sliding_window_view(level, 25)[::24]
    return np.asarray(np.trapezoid(days, dx=1 / 24, axis=1))


def _planner_draw(
    artists: Mapping[str, Any],
    target_mg: float,
    days_per_step: int,
    dose_12: str,
    late_h: float,
    inhibitor_days: int,
    kidney: float,
    ending: str,
) -> Seen:
    plan = _plan(target_mg, days_per_step, ending)
    taken = (
        plan.missed(_FORGOTTEN)
        if dose_12 == "skipped"
        else plan.late(_FORGOTTEN, late_h)
        if late_h
        else plan
    )
    begin = 24.0 * (_INHIBITED - 1)
    changes = (
        [pk.enzyme_change(_FM, 0, begin, begin + 24 * inhibitor_days)] if inhibitor_days else []
    )
    body = pk.kidney_patient(_CAPSULE, kidney)
    planned, level = (
        pk.concentration(_CAPSULE, doses, _HOURS, patient=body, changes=changes)
        for doses in (plan, taken)
    )
    means = _day_means(level)
    artists["planned"].set_data(_HOURS / 24, np.clip(planned, 0, _TOP))
    artists["level"].set_data(_HOURS / 24, np.clip(level, 0, _TOP))
    artists["means"].set_data(np.arange(_DAYS) + 0.5, np.clip(means, 0, _TOP))
    span = [begin / 24, begin / 24 + inhibitor_days] if inhibitor_days else []
    artists["ketoconazole"].set_data(span, [0.97 * _TOP] * len(span))
    peak, lowest = (pick(level[_WINDOW]) / pick(planned[_WINDOW]) for pick in (np.max, np.min))
    acts = means.max() / pk.steady_state(_CAPSULE, 1).cavg_ng_per_mL
    change = np.abs(np.diff(means)).max()
    on = sum(dose < target_mg for dose in _UP) * days_per_step + 1
    late = f"taken {number(late_h)} h late" if late_h else "on time"
    told_12 = "skipped" if dose_12 == "skipped" else late
    course = (
        f"ketoconazole on days {_INHIBITED} to {_INHIBITED + inhibitor_days - 1}"
        if inhibitor_days
        else "no ketoconazole"
    )
    way = "at once" if ending == "at once" else "in steps"
    return Seen(
        f"{number(target_mg)} mg from day {on} to day {_LAST}, then off {way}; dose of day "
        f"{_FORGOTTEN} {told_12}: peak {times(peak, 3)}, lowest level {times(lowest)} times "
        f"the planned; {course}. The highest day's mean is {number(means.max())} "
        f"ng/mL, as usually of {number(acts)} mg. Days' means differ by up to {number(change)} "
        "ng/mL from the day before.",
        on_day=on,
        peak=told(times(peak, 3)),
        acts_mg=told(number(acts)),
        change=told(number(change)),
    )


planner = Explorer(
    "lesson07/planner",
    "Six weeks of capsules",
    [
        Control("target_mg", "Daily dose to reach", "mg", 20, 120, 80, steps=5, short="dose"),
        Control("days_per_step", "Each step up", "days", 1, 7, 4, "whole", short="steps"),
        Choice("dose_12", "The dose of day 12", ("taken", "skipped")),
        Control("late_h", "… taken so late", "h", 0, 24, 0, steps=48, short="late"),
        Control("inhibitor_days", "Ketoconazole course", "days", 0, 10, 0, "whole",
                short="ketoconazole"),
        Control("kidney", "Kidney at work", "of normal", 0.1, 1, 1, steps=18, short="kidney"),
        Choice("ending", "Off after day 28", ("in steps", "at once")),
    ],
    _planner_stage,
    _planner_draw,
    goals=[ask.LATE_DOSE, ask.UP_AND_OFF, ask.SHORT_COURSE],
    prediction="lesson07/doubled",
)  # fmt: skip

# -- people beside people --------------------------------------------------------------------------

_SETTLED = 60  # doses until steady state, for the slowest of them
_DAY = np.linspace(0, 24, 49)
_LEVELS = (0.1, 10.0)  # the axis, times the usual mean
_SHUT = pk.enzyme_change(_FM, 0).patient
_INDUCED = pk.enzyme_change(_FM, pk.fold_change_from_exposure(0.71, _FM)).patient


class _Person(NamedTuple):
    """Somebody: the drug, how the body differs, and the usual dose of others."""

    drug: str
    body: pk.Patient
    usual_mg: float


_PEOPLE = {
    "severely impaired kidneys": _Person(
        "levomilnacipran", pk.renal_group("severe").patient(volume="observed"), 120
    ),
    "moderately, ketoconazole": _Person(
        "levomilnacipran", pk.renal_group("moderate").patient(volume="observed") & _SHUT, 120
    ),
    "carbamazepine": _Person("levomilnacipran", _INDUCED, 80),
    "escitalopram, no CYP2C19": _Person("escitalopram", pk.cyp2c19_patient("Null/Null"), 20),
}


@lru_cache
def _usual(name: str) -> np.ndarray:
    """Return 5 and 95 % of 1,000 usual people over a day, in typical means."""
    drug = pk.drug(name)
    spread = {"cl": _CAPSULE.known("cv_cl"), "v": _CAPSULE.known("cv_v")}
    people = pk.population(1000, drug, cv=spread, correlation=_CAPSULE.correlation, rng=7)
    doses = pk.repeat(1, times=_SETTLED)
    band = pk.concentration_bands(people, doses, 24 * (_SETTLED - 1) + _DAY, percentiles=(5, 95))
    return np.asarray(band.ng_per_mL / pk.steady_state(drug, 1).cavg_ng_per_mL)


@lru_cache
def _own_day(who: str) -> np.ndarray:
    """Return this person's day on 1 mg, in means of a typical person on 1 mg."""
    drug, body, _ = _PEOPLE[who]
    doses = pk.repeat(1, times=_SETTLED)
    level = pk.concentration(pk.drug(drug), doses, 24 * (_SETTLED - 1) + _DAY, patient=body)
    return np.asarray(level / pk.steady_state(pk.drug(drug), 1).cavg_ng_per_mL)


def _share_below(times_typical: float) -> float:
    """Return the share of usual people whose mean is below so many times the typical one."""
    sd = math.sqrt(math.log1p(_CAPSULE.known("cv_cl") ** 2))
    return 0.5 * (1 + math.erf(math.log(times_typical) / (sd * math.sqrt(2))))


def _people_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 24), ylim=_LEVELS, yscale="log")
    axes.set_xticks(range(0, 25, 6))
    axes.set_yticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    axes.set_yticks([], minor=True)
    plots.label(axes, "Hours after the capsule", "Level (times the usual mean)")
    edge = {"color": plots.GREY, "lw": 2, "ls": (0, (1, 1))}
    colour, line, _ = plots.LOOK["escitalopram"]
    artists = lines(
        axes,
        {
            "low": {**edge, "label": "90 of 100"},
            "high": edge,
            "levomilnacipran": {**_CURVE, "label": "levomilnacipran"},
            "escitalopram": {
                "color": colour,
                "ls": line,
                "lw": 2.5,
                "label": "escitalopram",
            },
            "mean": {**_DASHED, "label": "mean"},
        },
    )
    named = ("low", "mean", "levomilnacipran", "escitalopram")
    figure.legend(
        handles=[artists[name] for name in named], loc="outside upper center", ncols=4,
        frameon=False, columnspacing=0.7, handlelength=1.1, handletextpad=0.3,
    )  # fmt: skip
    return artists


def _people_draw(artists: Mapping[str, Any], who: str, dose_mg: float) -> Seen:
    drug, body, usual_mg = _PEOPLE[who]
    ratio = dose_mg / usual_mg
    low, high = _usual(drug)
    artists["low"].set_data(_DAY, low)
    artists["high"].set_data(_DAY, high)
    for name in ("levomilnacipran", "escitalopram"):
        own = _within(_DAY, ratio * _own_day(who), *_LEVELS)
        artists[name].set_data(*(own if name == drug else ([], [])))
    mean = ratio / body.cl_ratio
    artists["mean"].set_data(*_within(_DAY, np.full(_DAY.size, mean), *_LEVELS))
    beyond = (
        "" if mean <= _LEVELS[1] else f" The mean is {times(mean)} times theirs: off the figure."
    )
    below = round(100 * _share_below(mean))
    return Seen(
        f"{number(dose_mg)} mg of {drug} a day act as {number(dose_mg / body.cl_ratio)} mg: "
        f"exposure {times(1 / body.cl_ratio, 3)} times. Of 100 "
        f"usual people on {number(usual_mg)} mg, {below} have a lower mean and {100 - below} a "
        f"higher one.{beyond}",
    )


people = Explorer(
    "lesson07/people",
    "People beside usual people",
    [
        Choice(
            "who",
            "Who",
            tuple(_PEOPLE),
            brings={who: {"dose_mg": one.usual_mg} for who, one in _PEOPLE.items()},
        ),
        Control("dose_mg", "Daily dose", "mg", 2.5, 160, 120, steps=63, short="dose"),
    ],
    _people_stage,
    _people_draw,
    goals=[ask.SEVERE, ask.MODERATE_AND_INHIBITOR, ask.POOR_METABOLISER],
    keep=("levomilnacipran", "escitalopram"),
    prediction="lesson07/lower_still",
)
