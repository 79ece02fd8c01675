"""Lesson 06, drug in blood: ten days, the label, eight samples of one patient, two ways out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab import evidence, pk, plots
from snrilab.exercises import lesson06 as ask
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    Unknown,
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

    from snrilab.pk import Noncompartmental

_CAPSULE = pk.drug("levomilnacipran")
_COLOUR, _LINE, _MARKER = plots.LOOK["levomilnacipran"]
_CURVE: dict[str, Any] = {"color": _COLOUR, "ls": _LINE, "lw": 2.5}
_TRUTH: dict[str, Any] = {"colour": plots.VERMILION, "line": (0, (2, 2))}


def _tenth(amount: float) -> str:
    """Say an amount to a tenth."""
    return number(round(float(amount), 1)) if amount >= 0.05 else "less than 0.1"


# -- ten days, one capsule a day: what clearance and volume each do --------------------------------

_DAYS = 10
_HOURS = np.linspace(0, 24 * _DAYS, 24 * _DAYS * 2 + 1)
_LEVELS = (1.0, 10_000.0)  # the axis, ng/mL


def _days_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, _DAYS), ylim=_LEVELS, yscale="log")
    axes.set_yticks([1, 10, 100, 1000, 10_000], ["1", "10", "100", "1,000", "10,000"])
    axes.set_yticks([], minor=True)
    axes.set_xticks(range(0, _DAYS + 1, 2))
    plots.label(axes, "Day", "Level in plasma (ng/mL)")
    artists = lines(
        axes,
        {
            "level": _CURVE,
            "mean": {"color": plots.BLACK, "lw": 1.8, "ls": (0, (4, 3)), "label": "final mean"},
        },
    )
    axes.legend(loc="upper right", frameon=False)
    return artists | mark(axes, "90 %", colour=plots.GREY, line=(0, (1, 1)), ha="left")


def _days_draw(
    artists: Mapping[str, Any],
    clearance_L_per_h: float,
    volume_L: float,
    absorption_per_h: float,
    dose_mg: float,
) -> Seen:
    body = pk.Drug("", clearance_L_per_h, volume_L, ka_per_h=absorption_per_h)
    level = pk.concentration(body, pk.repeat(dose_mg, times=_DAYS), _HOURS)
    artists["level"].set_data(_HOURS / 24, np.clip(level, *_LEVELS))
    mean = 1000 * dose_mg / (24 * clearance_L_per_h)
    artists["mean"].set_data([0, _DAYS], [mean, mean])
    half_life_h = np.log(2) * volume_L / clearance_L_per_h
    days = _days_to_nine_tenths(body)
    move_mark(
        artists, "90 %", [days, days], _LEVELS, (days + 0.1, 1.6), visible=days < 0.93 * _DAYS
    )
    after = f"after {times(days)} days" if days <= _DAYS else f"later than day {_DAYS}"
    flip = (
        f", but the level seen takes {number(body.half_life_h)} h to halve, for so slow is the "
        "way in"
        if body.half_life_h > 1.05 * half_life_h
        else ""
    )
    return Seen(
        f"{number(dose_mg)} mg a day: in the end a mean of {number(mean)} ng/mL, 90 % of it "
        f"{after}. The last day runs from {_tenth(level[-49:].min())} to "
        f"{_tenth(level[-49:].max())} ng/mL. Clearance {number(clearance_L_per_h)} L/h and volume "
        f"{number(volume_L)} L make a half-life of {number(half_life_h)} h{flip}.",
        mean=told(number(mean)),
        half_life_h=told(number(half_life_h)),
        falling_h=told(number(body.half_life_h)),
    )


def _days_to_nine_tenths(body: pk.Drug) -> float:
    """Days until the mean of a day is 90 % of the final one, be the way in or out the slow one.

    Each dose before adds its area in this day: in all the area of one dose up to now.
    """
    once, longest_h = pk.single_dose(1.0), 60 * 24.0
    hours = np.linspace(0, longest_h, 2881)
    there = np.asarray(pk.concentration(body, once, hours))
    area = np.concatenate([[0.0], np.cumsum((there[1:] + there[:-1]) / 2)])
    area *= hours[1] * body.cl_L_per_h / 1000
    return float(np.interp(0.9, area, hours)) / 24


ten_days = Explorer(
    "lesson06/ten_days",
    "Ten days, one capsule a day",
    [
        Control("clearance_L_per_h", "Clearance", "L/h", 5, 60, 23.1, "log", 70, "clearance"),
        Control("volume_L", "Volume", "L", 100, 2_000, 400, "log", 70, "volume"),
        Control("absorption_per_h", "Absorption", "per h", 0.02, 3, 1, "log", short="absorption"),
        Control("dose_mg", "Dose", "mg", 10, 120, 40, steps=22, short="dose"),
    ],
    _days_stage,
    _days_draw,
    goals=[ask.ESCITALOPRAM, ask.TWICE_THE_MEAN, ask.FLIP_FLOP],
    keep=("level",),
    prediction="lesson06/stays_longer",
)

# -- the label: four numbers, five sliders ---------------------------------------------------------

_DOSE_MG = 120.0
_SETTLED = pk.repeat(_DOSE_MG, times=40)
_DAY = np.linspace(0, 24, 193)
_HIGHEST = 800.0
_FAR = 3.0  # tolerances; what is further off is drawn here


class _Aim(NamedTuple):
    """One number of the label: what is tolerated around it, and how misses are told."""

    name: str
    value: float
    tolerated: float
    unit: str
    more: str
    less: str


def _label(quantity: str, source: str = "fetzima_label", provenance: str = "found") -> float:
    return float(evidence.get("levomilnacipran", quantity, source=source, provenance=provenance))


_CMAX, _AREA = _label("Cmax"), _label("AUC_tau")
_AIMS = (
    _Aim("Cmax", _CMAX, 0.05 * _CMAX, "ng/mL", "too high", "too low"),
    _Aim("AUC", _AREA, 0.01 * _AREA, "ng h/mL", "too large", "too small"),
    # The label's own Tmax is recalled; the course text that gives it was read.
    _Aim("Tmax", _label("Tmax", "seed_002", "seed"), 1.0, "h", "too late", "too early"),
    _Aim("half-life", _label("half_life"), 0.5, "h", "too long", "too short"),
)


def _label_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    left.set(xlim=(0, 24), ylim=(0, _HIGHEST))
    left.set_xticks(range(0, 25, 6))
    plots.label(left, "Hours after the capsule", "Level (ng/mL)")
    cmax, _, tmax, _ = _AIMS
    left.fill_between(
        [tmax.value - tmax.tolerated, tmax.value + tmax.tolerated],
        cmax.value - cmax.tolerated,
        cmax.value + cmax.tolerated,
        color=plots.ORANGE,
        alpha=0.5,
        lw=0,
        label="the peak belongs here",
    )
    figure.legend(loc="outside upper left", frameon=False)
    right.set(xlim=(-_FAR - 0.3, _FAR + 0.3), ylim=(-0.6, 3.6))
    right.set_yticks(range(4), [aim.name for aim in _AIMS][::-1])
    right.set_xticks([-3, 0, 3], ["−3", "0", "3"])
    right.axvspan(-1, 1, color=plots.ORANGE, alpha=0.5, lw=0)
    plots.label(right, "Off (tolerances)", "")
    peak = {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 6}
    artists = lines(left, {"level": _CURVE, "peak": peak})
    return artists | lines(right, {"off": {**peak, "ms": 9}})


def _label_draw(
    artists: Mapping[str, Any],
    clearance_L_per_h: float,
    volume_L: float,
    release_h: float,
    absorption_per_h: float,
    lag_h: float,
) -> Seen:
    capsule = pk.Drug(
        "", clearance_L_per_h, volume_L, absorption_per_h, lag_h=lag_h, input_h=release_h
    )
    settled = pk.steady_state(capsule, _DOSE_MG)
    level = pk.concentration(capsule, _SETTLED, 24 * 39 + _DAY)
    artists["level"].set_data(_DAY, np.clip(level, 0, _HIGHEST))
    artists["peak"].set_data([settled.tmax_h], [min(settled.cmax_ng_per_mL, _HIGHEST)])
    found = (
        settled.cmax_ng_per_mL,
        settled.auc_ng_h_per_mL,
        settled.tmax_h,
        capsule.half_life_h,
    )
    off = np.array([(x - aim.value) / aim.tolerated for x, aim in zip(found, _AIMS, strict=True)])
    artists["off"].set_data(np.clip(off, -_FAR, _FAR), range(3, -1, -1))
    met = np.abs(off) <= 1
    said = [
        f"{aim.name} {number(x)} for {number(aim.value, 4)} {aim.unit} ({_verdict(far, aim)})"
        for x, far, aim in zip(found, off, _AIMS, strict=True)
    ]
    return Seen(
        f"{met.sum()} of 4 met: {', '.join(said)}. The day's highest level is "
        f"{times(settled.peak_to_trough)} times its lowest.",
        met=int(met.sum()),
        fall_h=round(capsule.half_life_h, 2),
    )


def _verdict(off: float, aim: _Aim) -> str:
    if abs(off) <= 1:
        return "met"
    way = aim.more if off > 0 else aim.less
    if aim.unit == "h":
        return f"{number(abs(off) * aim.tolerated, 2)} h {way}"
    return f"{percent(abs(off) * aim.tolerated / aim.value)} {way}"


fit_the_label = Explorer(
    "lesson06/fit_the_label",
    "Fit the label",
    [
        Control("clearance_L_per_h", "Clearance", "L/h", 15, 35, 30, "log", 90, "clearance"),
        Control("volume_L", "Volume", "L", 200, 700, 300, steps=50, short="volume"),
        Control("release_h", "Release lasts", "h", 0, 12, 0, steps=48, short="release"),
        Control("absorption_per_h", "Absorption", "per h", 0.1, 10, 0.5, "log", 60, "absorption"),
        Control("lag_h", "Lag before it starts", "h", 0, 5, 0, steps=50, short="lag"),
    ],
    _label_stage,
    _label_draw,
    goals=[ask.SLOW_RELEASE, ask.ALL_AT_ONCE],
    keep=("level",),
    prediction="lesson06/peak_over_lowest",
)

# -- the freezer: one patient, eight analyses ------------------------------------------------------

_ONCE = pk.single_dose(40)
_ASSAY_CV = 0.08  # illustrative
_SAMPLED = (0.05, 400.0)  # the axis, ng/mL
_CLEARANCES = (4.0, 200.0)  # the axis, L/h
_LATEST_H = 96
_RULES = {"straight line": "linear", "exponential fall": "linear-up/log-down"}


class _Sample(NamedTuple):
    """One analysed sample."""

    time_h: int
    conc_ng_per_mL: float


def _patient(rng: np.random.Generator) -> dict[str, Any]:
    one = pk.population(1, _CAPSULE, rng=rng)
    return {"clearance_L_per_h": float(one.cl_L_per_h[0]), "volume_L": float(one.v_L[0])}


def _analyse(truth: Mapping[str, Any], rng: np.random.Generator, time_h: int, **_: Any) -> _Sample:
    body = _CAPSULE.with_(cl_L_per_h=truth["clearance_L_per_h"], v_L=truth["volume_L"])
    sd = np.sqrt(np.log1p(_ASSAY_CV**2))
    level = float(pk.concentration(body, _ONCE, time_h)) * np.exp(sd * rng.standard_normal())
    return _Sample(int(time_h), float(level))


@lru_cache(maxsize=64)
def _estimated(measured: tuple[_Sample, ...], rule: str) -> Noncompartmental | None:
    """Analyse what there is; the same hour twice is one sample, at the mean logarithm."""
    hours = sorted({sample.time_h for sample in measured})
    if len(hours) < 2:
        return None
    logs = [[np.log(s.conc_ng_per_mL) for s in measured if s.time_h == hour] for hour in hours]
    level = [np.exp(np.mean(each)) for each in logs]
    return pk.nca(hours, level, dose_mg=40, auc_rule=_RULES[rule])


def _freezer_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    left.set(xlim=(0, _LATEST_H), ylim=_SAMPLED, yscale="log")
    left.set_xticks(range(0, _LATEST_H + 1, 24))
    left.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    left.set_yticks([], minor=True)
    plots.label(left, "Hours after one capsule", "Level (ng/mL)")
    dots = {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 6, "label": "analysed"}
    artists = lines(
        left,
        {
            "next": {"color": plots.GREY, "lw": 1.5, "ls": (0, (1, 1)), "label": "next"},
            "samples": dots,
            "fall": {**_CURVE, "label": "last fall"},
        },
    )
    figure.legend(loc="outside upper left", frameon=False, ncols=3, columnspacing=1.0)
    right.set(xlim=(1.5, 8.9), ylim=_CLEARANCES, yscale="log")
    right.set_xticks(range(2, 9, 2))
    right.set_yticks([5, 10, 20, 50, 100], ["5", "10", "20", "50", "100"])
    right.set_yticks([], minor=True)
    plots.label(right, "Analyses", "Clearance (L/h)")
    artists |= lines(right, {"course": {**_CURVE, "marker": _MARKER}})
    return artists | mark(right, "truth", ha="left", **_TRUTH)


def _freezer_draw(
    artists: Mapping[str, Any],
    time_h: int,
    rule: str,
    measured: tuple[_Sample, ...],
    truth: Mapping[str, Any] | None,
) -> Seen:
    artists["next"].set_data([time_h, time_h], [_SAMPLED[0], 150])
    level = [sample.conc_ng_per_mL for sample in measured]
    hours = [sample.time_h for sample in measured]
    artists["samples"].set_data(hours, np.clip(level, *_SAMPLED))
    true = 1.0 if truth is None else float(np.clip(truth["clearance_L_per_h"], *_CLEARANCES))
    move_mark(artists, "truth", [1.5, 8.9], [true, true], (1.7, true * 0.8),
              visible=truth is not None)  # fmt: skip
    course = [(n, _clearance(measured[:n], rule)) for n in range(2, len(measured) + 1)]
    seen = [(n, np.clip(value, *_CLEARANCES)) for n, value in course if np.isfinite(value)]
    artists["course"].set_data([n for n, _ in seen], [value for _, value in seen])
    found = _estimated(measured, rule)
    usable = found is not None and np.isfinite(found.clearance_obs_L_per_h)
    artists["fall"].set_data([], [])
    said = f"Next: the sample of hour {time_h}. Areas by {rule}. "
    if found is None or not usable:
        lacking = "Three samples after the highest one give a half-life, and with it a clearance."
        return Seen(f"{said}{_levels(measured)} {lacking}")
    line = found.terminal
    ends_h = np.array([line.lower_h, _LATEST_H])
    on_line = np.exp(line.intercept_log - line.lambda_z_per_h * ends_h)
    artists["fall"].set_data(ends_h, np.clip(on_line, *_SAMPLED))
    beyond = found.auc_extrapolated_obs_percent / 100
    return Seen(
        f"{said}{_levels(measured)} Clearance {number(found.clearance_obs_L_per_h)} L/h, half-life "
        f"{number(found.half_life_h)} h from the {line.n_points} samples of {line.lower_h:g} to "
        f"{line.upper_h:g} h; {percent(beyond)} of the area lie beyond the last one.",
        beyond=round(beyond, 3),
        clearance=told(number(found.clearance_obs_L_per_h)),
    )


def _levels(measured: tuple[_Sample, ...]) -> str:
    """Say what was found, in the order of the hours."""
    found = [f"{number(one.conc_ng_per_mL, 2)} at {one.time_h} h" for one in sorted(measured)]
    which = f": {', '.join(found)} (ng/mL)" if found else ""
    return f"{len(measured)} of 8 analysed{which}."


def _clearance(measured: tuple[_Sample, ...], rule: str) -> float:
    found = _estimated(measured, rule)
    return np.nan if found is None else found.clearance_obs_L_per_h


freezer = Explorer(
    "lesson06/freezer",
    "Eight samples of one patient",
    [
        Control("time_h", "Sample of hour", "h", 1, 72, 12, scale="whole", short="hour"),
        Choice("rule", "Area between two samples", tuple(_RULES)),
    ],
    _freezer_stage,
    _freezer_draw,
    goals=[ask.KEPT_PROMISE],
    prediction="lesson06/after_a_day",
    unknown=Unknown(
        truth=_patient,
        measure=_analyse,
        ask=Control("clearance_L_per_h", "Clearance", "L/h", 4, 120, 23.1, "log"),
        budget=8,
        unit="analyses",
        cost=lambda **_: 1,
    ),
)

# -- two ways out: where 100 mg go -----------------------------------------------------------------

_MG = 100.0
_FOUR_DAYS = np.linspace(0, 96, 49)


def _doors_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 96), ylim=(0, 118))
    axes.set_xticks(range(0, 97, 24))
    axes.set_yticks(range(0, 101, 25))
    plots.label(axes, "Hours after one capsule of 100 mg", "Where it is (mg)")
    looks = {
        "inside": {**_CURVE, "label": "not out yet"},
        "urine": {"color": plots.BLUE, "ls": "--", "lw": 2.5, "label": "in urine"},
        "changed": {"color": plots.VERMILION, "ls": ":", "lw": 3, "label": "by enzymes"},
        "hour": {"color": plots.GREY, "lw": 1.2},
    }
    artists = lines(axes, looks)
    figure.legend(
        handles=[artists[name] for name in ("inside", "urine", "changed")],
        loc="outside upper center",
        ncols=3,
        frameon=False,
        columnspacing=0.8,
        handlelength=1.4,
        handletextpad=0.4,
    )
    return artists


def _doors_draw(
    artists: Mapping[str, Any], kidney_L_per_h: float, enzymes_L_per_h: float, hour_h: float
) -> Seen:
    total = kidney_L_per_h + enzymes_L_per_h
    share = kidney_L_per_h / total
    body = _CAPSULE.with_(cl_L_per_h=total)
    dose = pk.single_dose(_MG)
    out = np.array([total * pk.area_under_curve(body, dose, 0, t) / 1000 for t in _FOUR_DAYS])
    now = total * pk.area_under_curve(body, dose, 0, hour_h) / 1000
    artists["inside"].set_data(_FOUR_DAYS, np.clip(_MG - out, 0, _MG))
    artists["urine"].set_data(_FOUR_DAYS, share * out)
    artists["changed"].set_data(_FOUR_DAYS, (1 - share) * out)
    artists["hour"].set_data([hour_h, hour_h], [0, 105])
    return Seen(
        f"After {number(hour_h)} h: {_tenth(_MG - now)} mg are not out yet, {_tenth(share * now)} "
        f"mg are in the urine unchanged, {_tenth((1 - share) * now)} mg changed. In the end "
        f"{number(share * _MG)} and {number((1 - share) * _MG)} mg: as the clearances, "
        f"{number(kidney_L_per_h)} and {number(enzymes_L_per_h)} L/h, together "
        f"{number(total)} L/h.",
        share=round(100 * share, 1),
        total_L_per_h=round(total, 2),
    )


doors = Explorer(
    "lesson06/doors",
    "Two ways out",
    [
        Control("kidney_L_per_h", "By the kidney, unchanged", "L/h", 0.5, 20, 4, steps=39,
                short="kidney"),
        Control("enzymes_L_per_h", "By enzymes", "L/h", 0.5, 20, 19, steps=39, short="enzymes"),
        Control("hour_h", "Look at hour", "h", 4, 96, 24, steps=46, short="hour"),
    ],
    _doors_stage,
    _doors_draw,
    goals=[ask.URINE],
    keep=("urine",),
    prediction="lesson06/unchanged",
)  # fmt: skip
