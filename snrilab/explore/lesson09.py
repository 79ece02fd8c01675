"""Lesson 09, the course of benefit: rival stories, a trial to tell them apart, two cascades."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import mechanism, plots, signalling, trials
from snrilab.exercises import lesson09 as ask
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    Switch,
    lines,
    number,
    percent,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from snrilab.feedback import Predicted

    Floats = NDArray[np.float64]

_LOOKS: dict[str, dict[str, Any]] = {
    "serotonin": {"color": plots.LOOK["5-HT"][0], "lw": 2.5, "label": "serotonin"},
    "brake": {"color": plots.VERMILION, "lw": 2.5, "ls": "--", "label": "brake"},
    "protein": {"color": plots.GREEN, "lw": 2.5, "ls": "-.", "label": "protein"},
    "mixture": {"color": plots.PURPLE, "lw": 2.5, "ls": ":", "label": "mixture"},
}

# -- stories of the course of benefit ------------------------------------------------------------

_WEEKS = np.linspace(0, 8, 49)
_WEEK_1 = int(np.argmin(abs(_WEEKS - 1)))
_BAND = (28.0, 38.0)  # our tolerance: the paper gives no interval for its "third"
_TOP = 130.0


@lru_cache(maxsize=128)
def _stories(
    block: float, half_life_d: float, protein: float, brake: str = "fading"
) -> mechanism.RivalClocks:
    return mechanism.rival_clocks(
        168 * _WEEKS,
        block,
        protein_half_life_h=24 * half_life_d,
        protein_share=protein,
        brake="blocked" if brake == "blocked" else "fading",
    )


def _stories_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 8), ylim=(0, _TOP))
    axes.set_xticks(range(9))
    axes.set_yticks(range(0, 121, 20))
    plots.label(axes, "Week", "Benefit (% of week 6)")
    band = {"color": plots.ORANGE, "lw": 11, "solid_capstyle": "butt", "zorder": 1}
    own = {"color": plots.BLACK, "lw": 1.2, "marker": "o", "ms": 6, "mfc": "none"}
    looks = {"band": {**band, "label": "trials"}, **_LOOKS, "own": {**own, "label": "yours"}}
    artists = lines(axes, looks)
    figure.legend(
        loc="outside upper center",
        ncols=3,
        frameon=False,
        columnspacing=0.9,
        handlelength=1.9,
        handletextpad=0.5,
    )
    return artists


def _stories_draw(
    artists: Mapping[str, Any],
    block_percent: int,
    half_life_d: float,
    protein_percent: float,
    trials: bool,
    predicted: Predicted | None = None,
) -> Seen:
    told_of = _stories(block_percent / 100, half_life_d, protein_percent / 100)
    courses = {
        "serotonin": told_of.transmitter,
        "brake": told_of.brake,
        "protein": told_of.protein,
        "mixture": told_of.mixture,
    }
    for name, course in courses.items():
        artists[name].set_data(_WEEKS, np.clip(100 * course, 0, _TOP))
    said = {name: percent(course[_WEEK_1]) for name, course in courses.items()}
    own = getattr(predicted, "value", ())
    drawn = own if isinstance(own, tuple) else ()
    artists["band"].set_data(*(([1, 1], _BAND) if trials else ([], [])))
    whole = ([0, *ask.DRAWN.points, 6], [0, *drawn, 100]) if drawn else ([], [])
    artists["own"].set_data(*whole)
    low, high = _BAND
    met = f" Trials: about a third (the bar: {low:.0f} to {high:.0f} %)." if trials else ""
    yours = f" You drew {percent(drawn[0] / 100) if drawn[0] else '0 %'}." if drawn else ""
    return Seen(
        f"{block_percent} % of SERT blocked. Week 1, in per cent of week 6: serotonin "
        f"{said['serotonin']}, brake {said['brake']}, protein (half-life {number(half_life_d)} "
        f"days) {said['protein']}, mixture (protein {number(protein_percent)} %) "
        f"{said['mixture']}.{met}{yours}",
        **{f"{name}_1": told(words) for name, words in said.items()},
    )


stories = Explorer(
    "lesson09/stories",
    "Four stories of one benefit",
    [
        Control("block_percent", "SERT blocked", "%", 50, 100, 80, "whole", short="block"),
        Control(
            "half_life_d", "Half-life of the protein", "days", 1, 42, 3, "log", 60, "half-life"
        ),
        Control(
            "protein_percent", "Protein in the mixture", "%", 0, 100, 50, steps=20, short="protein"
        ),
        Switch("trials", "Show the trials"),
    ],
    _stories_stage,
    _stories_draw,
    goals=[ask.SEROTONIN_ALONE, ask.PROTEIN_ALONE, ask.MIXED],
    keep=("protein", "mixture"),
    prediction="lesson09/drawn",
)

# -- a trial to tell two stories apart -------------------------------------------------------------

_BLOCK = 0.8
_POINTS = 3.3  # over placebo at week 6: supposed, as one trial had at week 8 (Bakish 2014)
_VISITS = np.arange(1.0, 7.0)
_SD = np.sqrt(np.diag(trials.covariance_of_change(visits_wk=[*_VISITS, 8.0])))[:-1]
_BY_CHANCE = 0.055  # a test that finds 5 of 100 where nothing is
_SPAN = (-1.5, 5.5)


def _planner_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_SPAN, ylim=(0, 1.12))
    axes.set_yticks([])
    axes.axvline(0, color=plots.GREY, lw=0.8, ls=":")
    plots.label(axes, "Benefit over placebo that trials would report (points)", "How often")
    looks = {
        name: {**_LOOKS[name], "label": f"if it follows the {name}"}
        for name in ("brake", "protein")
    }
    artists = lines(axes, looks)
    figure.legend(loc="outside upper center", ncols=2, frameon=False, handlelength=1.9)
    return artists


def _planner_draw(
    artists: Mapping[str, Any], week: int, blocked: bool, half_life_d: float, n_per_arm: float
) -> Seen:
    plain = _stories(_BLOCK, half_life_d, 0.5)
    freed = _stories(_BLOCK, half_life_d, 0.5, "blocked") if blocked else plain
    hour = 168.0 * week
    # A scale has an end: a story above the benefit of week 6 is planned on that benefit.
    share = {"brake": min(freed.at("brake", hour), 1.0), "protein": plain.at("protein", hour)}
    points = {name: _POINTS * part for name, part in share.items()}
    sd, n = float(_SD[week - 1]), round(n_per_arm)
    error = sd * np.sqrt(2 / n)
    for name, mean in points.items():
        result = np.unique(np.clip(mean + error * np.linspace(-4.5, 4.5, 181), *_SPAN))
        artists[name].set_data(result, np.exp(-0.5 * ((result - mean) / error) ** 2))
    gap = abs(points["brake"] - points["protein"])
    same = gap < 1e-6
    found = 0.05 if same else float(trials.power_t_test(gap, sd, n))
    if same:
        needed = "The gap is 0: no number of people decides"
    else:
        people = trials.sample_size(gap, sd, power=0.8)
        needed = f"The gap is {number(gap, 2)}; 80 of 100 takes {number(people)} an arm"
    each = percent(found, border=0.8)
    brake = "blocked from day 1" if blocked else "left alone"
    return Seen(
        f"Week {week}, brake {brake}. The brake story foretells {points['brake']:.2f} points over "
        f"placebo, the protein story ({number(half_life_d)} days) {points['protein']:.2f}. With "
        f"{number(n)} an arm the standard error is {number(error, 2 if error >= 0.01 else 1)}, and "
        f"{each.removesuffix(' %')} of 100 such trials tell the two apart"
        f"{' (by chance alone)' if found < _BY_CHANCE else ''}. {needed}.",
        found=told(each),
    )


planner = Explorer(
    "lesson09/planner",
    "A trial for two stories",
    [
        Control("week", "Rated at week", "", 1, 6, 3, "whole", short="week"),
        Switch("blocked", "Brake blocked from day 1"),
        Control(
            "half_life_d", "Half-life of the protein", "days", 7, 28, 14, "log", 40, "half-life"
        ),
        Control("n_per_arm", "Size of each arm", "patients", 10, 200_000, 100, "log", 50, "an arm"),
    ],
    _planner_stage,
    _planner_draw,
    goals=[ask.TWO_HUNDRED, ask.WEEK_SIX],
    prediction="lesson09/how_many",
)

# -- from the transmitters to the synapse ----------------------------------------------------------

_PLASTICITY = signalling.join("plasticity", signalling.network("camp"), signalling.network("trkb"))
_REST = signalling.steady_state(_PLASTICITY)
_ANIMALS: dict[str, dict[str, Any]] = {
    "intact": {},
    "no Gs receptors": {"knock_out": ("Gs 5-HT", "Gs NE")},
    "no Gi receptors": {"knock_out": ("Gi 5-HT", "Gi NE")},
    "BDNF held at rest": {"hold": {"BDNF": _REST["BDNF"]}},
}
_STEPS = {"cAMP": "cAMP", "CREB": "pCREB", "BDNF": "BDNF", "mTOR": "mTOR"} | {
    "synaptic proteins": "synaptic proteins"
}
_DAYS = np.concatenate([[0.0], np.geomspace(0.01, 56, 60)])
_FOLDS = (0.5, 4.0)


@lru_cache(maxsize=256)
def _course(serotonin_fold: float, ne_fold: float, animal: str) -> dict[str, Floats]:
    raised = {"5-HT": serotonin_fold, "NE": ne_fold}
    course = signalling.simulate(_PLASTICITY, 24 * _DAYS, raised, **_ANIMALS[animal])
    return {name: course.active(name) / course.active(name)[0] for name in _STEPS}


def _cascade_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_FOLDS, ylim=(-0.6, len(_STEPS) - 0.4), xscale="log")
    axes.set_xticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(_STEPS)), [*reversed(_STEPS.values())])
    axes.axvline(1, color=plots.GREY, lw=1, ls=":")
    plots.label(axes, "Times its own rest", "")
    dots = {"color": plots.BLUE, "marker": "o", "ms": 10, "ls": ""}
    bar = {"color": plots.BLUE, "lw": 3}
    return lines(axes, {"here": dots} | {f"to {name}": bar for name in _STEPS})


def _cascade_draw(
    artists: Mapping[str, Any], serotonin_fold: float, ne_fold: float, animal: str, day: float
) -> Seen:
    course = _course(serotonin_fold, ne_fold, animal)
    now = {name: float(np.interp(day, _DAYS, fold)) for name, fold in course.items()}
    rows = range(len(_STEPS) - 1, -1, -1)
    artists["here"].set_data(list(now.values()), list(rows))
    for row, (name, fold) in zip(rows, now.items(), strict=True):
        artists[f"to {name}"].set_data([1, fold], [row, row])
    said = {name: f"{fold:.2f}" for name, fold in now.items()}
    when = f"{number(24 * day, 2)} h" if day < 2 else f"{number(day)} days"
    listed = ", ".join(f"{_STEPS[name]} {said[name]}" for name in _STEPS)
    return Seen(
        f"{when} with 5-HT at {number(serotonin_fold)} and NE at {number(ne_fold)} times rest; "
        f"{animal}. Times their own rest: {listed}.",
        pcreb=told(said["CREB"]),
        bdnf=told(said["BDNF"]),
        mtor=told(said["mTOR"]),
    )


cascade = Explorer(
    "lesson09/cascade",
    "From the transmitters to the synapse",
    [
        Control("serotonin_fold", "5-HT", "times", 1, 10, 1, "log", 40, "5-HT"),
        Control("ne_fold", "NE", "times", 1, 10, 1, "log", 40, "NE"),
        Choice("animal", "Animal", tuple(_ANIMALS)),
        Control("day", "Time since the rise", "days", 0.01, 56, 56, "log", 60, "after"),
    ],
    _cascade_stage,
    _cascade_draw,
    goals=[ask.FAST, ask.DEAF],
    keep=("here",),
    prediction="lesson09/no_gs",
)

# -- LPS, a drug and a protein that is missing -----------------------------------------------------

_HOURS = np.linspace(0, 24, 49)
_BEFORE = (-24.0, -0.01)  # the drug is given a day ahead
_MISSING = {
    "intact": (),
    "no TLR4": ("TLR4",),
    "no Ras": ("Ras",),
    "no p38": ("p38",),
    "no NF-κB": ("NF-kB",),
}
_GROUPS = {"vehicle": "vehicle + LPS", "drug": "drug + LPS"}


@lru_cache(maxsize=256)
def _cytokines(lps_mg_per_kg: float, drug: float, animal: str) -> dict[str, Floats]:
    groups = signalling.lps_study(
        [*_BEFORE, *_HOURS], lps_mg_per_kg=lps_mg_per_kg, drug=drug, knock_out=_MISSING[animal]
    )
    return {
        name: groups[group].active("cytokines")[len(_BEFORE) :] for name, group in _GROUPS.items()
    }


def _lps_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 24), ylim=(0, 80))
    axes.set_xticks(range(0, 25, 6))
    plots.label(axes, "Hours after LPS", "Cytokines (% of the most)")
    colour, line, _ = plots.LOOK["levomilnacipran"]
    looks = {
        "vehicle": {"color": plots.LOOK["placebo"][0], "lw": 4, "label": "LPS, vehicle"},
        "drug": {"color": colour, "lw": 2.2, "ls": line, "label": "LPS, drug"},
    }
    artists = lines(axes, looks)
    axes.legend(loc="upper right", frameon=False)
    return artists


def _lps_draw(artists: Mapping[str, Any], lps_mg_per_kg: float, drug: float, animal: str) -> Seen:
    course = _cytokines(lps_mg_per_kg, drug, animal)
    for name, level in course.items():
        artists[name].set_data(_HOURS, 100 * level)
    start = {name: float(level[0]) for name, level in course.items()}
    climb = {name: float(level.max()) - start[name] for name, level in course.items()}
    climbs = climb["vehicle"] > 0.001
    lowered = round(100 * (1 - climb["drug"] / climb["vehicle"])) if climbs else 0
    ways = {
        name: f"from {100 * start[name]:.1f} to {100 * (start[name] + climb[name]):.1f} %"
        for name in _GROUPS
    }
    verdict = (
        f"The drug takes {lowered} % off the climb"
        if climbs
        else "Without and with, the climb is 0"
    )
    if not climbs and start["vehicle"] - start["drug"] > 0.0005:
        verdict += ": the drug lowers what was there before LPS"
    return Seen(
        f"LPS {number(lps_mg_per_kg)} mg/kg, drug {number(drug)}; {animal}. Cytokines "
        f"go {ways['vehicle']} with vehicle, {ways['drug']} with the drug. {verdict}.",
        lowered=float(lowered),
    )


lps = Explorer(
    "lesson09/lps",
    "LPS, a drug, and a missing protein",
    [
        Control("lps_mg_per_kg", "LPS", "mg/kg", 0, 2, 0.83, steps=40, short="LPS"),
        Control("drug", "Drug (1: as reported)", "times", 0, 2, 1, steps=20, short="drug"),
        Choice("animal", "Animal", tuple(_MISSING)),
    ],
    _lps_stage,
    _lps_draw,
    goals=[ask.STILL_LOWERS],
    keep=("vehicle", "drug"),
    prediction="lesson09/no_tlr4",
)
