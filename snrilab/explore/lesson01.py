"""Lesson 01, what a block does: the bath, the pump, the brake, two pumps at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import evidence, mechanism, plots
from snrilab.exercises import lesson01 as ask
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    Switch,
    lines,
    number,
    percent,
    times,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

_SERT, _LINE, _DOT = plots.LOOK["SERT"]
_MEASURED = evidence.parameters("synapse")
_BASAL_NM = float(_MEASURED["basal_5HT_cortex_nM"])
_KM_NM = float(_MEASURED["km_5HT_hSERT_nM"])

# -- the bath: what leaves is the water above the exits that are open ------------------------------

_HIGHEST = 13.6  # times untreated; the ceiling is ten
_SHUT = np.linspace(0.0, 1.0, 201)


def _bath_stage(figure: Figure) -> Mapping[str, Any]:
    from matplotlib.patches import Rectangle

    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.15, 1))
    left.set(xlim=(0, 100), ylim=(-0.6, _HIGHEST), xticks=(0, 50, 100), yticks=range(0, 11, 2))
    right.set(xlim=(0, 103), xticks=(0, 50, 100))
    plots.label(left, "Ways out (% of all)", "Serotonin (times untreated)")
    left.set_title("Coloured: all that leaves", fontsize="medium", loc="left")
    plots.label(right, "SERT blocked (%)", "")
    right.grid(axis="y", color=plots.GREY, lw=0.5, alpha=0.4)
    shapes = {
        "water": Rectangle((0, 0), 100, 1, facecolor=plots.SKY, alpha=0.2, lw=0),
        "through SERT": Rectangle((0, 0), 90, 1, facecolor=_SERT, alpha=0.75, lw=0),
        "other ways": Rectangle((90, 0), 10, 1, facecolor=plots.GREY, alpha=0.75, lw=0),
        "shut": Rectangle((0, -0.6), 0, 0.6, facecolor=plots.BLACK, lw=0),
    }
    for shape in shapes.values():
        left.add_patch(shape)
    words = {
        "SERT name": left.text(3, 12.7, "", color=_SERT, va="center"),
        "other name": left.text(3, 11.3, "", color=plots.GREY, va="center"),
        "shut name": left.text(1.5, 0.5, "", color=plots.BLACK, va="center"),
    }
    moving = lines(
        right,
        {
            "curve": {"color": _SERT, "ls": _LINE, "lw": 2.5},
            "level": {"color": plots.BLACK, "lw": 1, "ls": (0, (4, 3))},
            "here": {"color": _SERT, "marker": _DOT, "ms": 9, "ls": ""},
        },
    )
    surface = lines(left, {"surface": {"color": plots.BLACK, "lw": 1, "ls": (0, (4, 3))}})
    return {**shapes, **words, **moving, **surface}


def _bath_draw(artists: Mapping[str, Any], blocked_percent: float, other_percent: float) -> Seen:
    blocked, other = blocked_percent / 100, other_percent / 100
    fold = float(mechanism.fold_increase(blocked, other))
    shut, doors = blocked_percent * (1 - other), 100 - other_percent
    artists["water"].set_bounds(0, 0, 100, fold)
    artists["through SERT"].set_bounds(shut, 0, doors - shut, fold)
    artists["other ways"].set_bounds(doors, 0, other_percent, fold)
    artists["shut"].set_bounds(0, -0.6, shut, 0.6)
    through = (doors - shut) * fold / 100
    by_sert, by_other = f"{100 * through:.0f} %", f"{100 * (1 - through):.0f} %"
    artists["SERT name"].set_text(f"through SERT {by_sert}")
    artists["other name"].set_text(f"other ways {by_other}")
    artists["shut name"].set_text("shut" if shut > 12 else "")
    artists["surface"].set_data([0, 100], [fold, fold])
    artists["level"].set_data([0, blocked_percent], [fold, fold])
    artists["curve"].set_data(100 * _SHUT, mechanism.fold_increase(_SHUT, other))
    artists["here"].set_data([blocked_percent], [fold])
    return Seen(
        f"{number(blocked_percent)} % of SERT blocked: {number(100 - shut, 2)} % of the ways out "
        f"are open, and serotonin settles at {times(fold)} times untreated, "
        f"{number(_BASAL_NM * fold, 2)} nM. Of all that is released {by_sert} leaves through SERT, "
        f"{by_other} by other ways.",
        fold=told(times(fold)),
    )


bath = Explorer(
    "lesson01/bath",
    "The bath",
    [
        Control("blocked_percent", "SERT blocked", "%", 0, 100, 0, steps=100, short="blocked"),
        Control("other_percent", "Other ways out", "%", 10, 50, 10, steps=40, short="other"),
    ],
    _bath_stage,
    _bath_draw,
    goals=[ask.DOUBLE, ask.CEILING],
    keep=("curve", "level"),
    prediction="lesson01/rise",
)

# -- the pump: a competitor, and a drug that takes pumps away --------------------------------------

_SEROTONIN_NM = np.geomspace(1.4, 20_000, 161)
_COMPETITOR = (plots.ORANGE, (0, (5, 1)), "^")
_OUT = (plots.BLACK, ":", "x")


def _rates(serotonin_nM: Any, drug_in_ki: float) -> tuple[Any, Any, Any]:
    """Rates in per cent of the top speed: without drug, with competitor, with fewer pumps."""
    free = mechanism.uptake_rate(serotonin_nM, 100.0, _KM_NM)
    competing = mechanism.uptake_rate(serotonin_nM, 100.0, _KM_NM, drug_in_ki, 1.0)
    return free, competing, free * (1.0 - mechanism.occupancy(drug_in_ki, 1.0))


def _key_above(figure: Figure, moving: list[Any]) -> None:
    """Put the key where no curve and no narrow screen gets in its way."""
    place: dict[str, Any] = {"loc": "outside upper left", "ncols": len(moving), "frameon": False}
    figure.legend(handles=moving, columnspacing=1, handlelength=1.8, **place)


def _pump_stage(figure: Figure) -> Mapping[str, Any]:
    from matplotlib.patches import Rectangle

    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    left.set(xlim=(1, 30_000), ylim=(0, 105), xscale="log")
    left.set_xticks([1, 100, 10_000], ["1", "100", "10,000"])
    left.set_yticks(range(0, 101, 25))
    plots.label(left, "Serotonin (nM)", "Uptake (% of Vmax)")
    left.plot([_KM_NM, _KM_NM], [0, 100], color=plots.GREY, lw=0.8, ls=":")
    left.text(_KM_NM / 1.1, 94, "Km", color=plots.GREY, ha="right")
    right.set(xlim=(-0.6, 1.6), ylim=(0, 105), yticks=[])
    right.set_xticks([0, 1], ["compe-\ntitor", "fewer\npumps"])
    plots.label(right, "", "Left of the uptake (%)")
    looks = {"no drug": (_SERT, _LINE, _DOT), "competitor": _COMPETITOR, "fewer pumps": _OUT}
    artists: dict[str, Any] = {}
    for name, (colour, line, marker) in looks.items():
        curve = {"color": colour, "ls": line, "lw": 2.2, "label": name}
        dot = {"color": colour, "marker": marker, "ms": 8, "ls": ""}
        artists |= lines(left, {name: curve, f"{name} here": dot})
    _key_above(figure, [artists[name] for name in looks])
    for place, (colour, _line, _marker) in enumerate((_COMPETITOR, _OUT)):
        artists[f"bar {place}"] = Rectangle((place - 0.35, 0), 0.7, 0, facecolor=colour, lw=0)
        right.add_patch(artists[f"bar {place}"])
        artists[f"bar {place} name"] = right.text(place, 0, "", ha="center", va="bottom")
    return artists


def _pump_draw(artists: Mapping[str, Any], serotonin_nM: float, drug_in_ki: float) -> Seen:
    names = ("no drug", "competitor", "fewer pumps")
    here = [float(rate) for rate in _rates(serotonin_nM, drug_in_ki)]
    for name, curve, rate in zip(names, _rates(_SEROTONIN_NM, drug_in_ki), here, strict=True):
        artists[name].set_data(_SEROTONIN_NM, curve)
        artists[f"{name} here"].set_data([serotonin_nM], [rate])
    left = [here[1] / here[0], here[2] / here[0]]
    for place, share in enumerate(left):
        artists[f"bar {place}"].set_height(100 * share)
        artists[f"bar {place} name"].set(position=(place, 100 * share + 1.5), text=percent(share))
    in_km = serotonin_nM / _KM_NM
    return Seen(
        f"At {number(serotonin_nM)} nM of serotonin, {times(in_km, 2 if in_km >= 0.1 else 1)} "
        f"times Km, SERT without drug runs at {percent(here[0] / 100)} of Vmax. A competitor at "
        f"{number(drug_in_ki)} times its Ki leaves {percent(left[0])} of that uptake; a drug that "
        f"takes {percent(1 - left[1])} of the pumps out of service leaves {percent(left[1])}.",
        left=told(percent(left[0])) / 100,
        ratio=round(left[0] / left[1], 2),
    )


pump = Explorer(
    "lesson01/pump",
    "Two ways to stop a pump",
    [
        Control("serotonin_nM", "Serotonin", "nM", 1.4, 20_000, 46, "log", 100, "serotonin"),
        Control("drug_in_ki", "Drug", "times Ki", 0.2, 20, 4, "log", 40, "drug"),
    ],
    _pump_stage,
    _pump_draw,
    goals=[ask.NINE_TENTHS],
    prediction="lesson01/where_to_look",
)

# -- the brake: eight weeks ------------------------------------------------------------------------

_DAYS = np.linspace(0.0, 56.0, 57)
_ROUTES: dict[str, Any] = {"whole animal": "systemic", "cortex only": "local"}


@cache
def _synapse() -> mechanism.Synapse:
    return mechanism.Synapse()


def _brake_stage(figure: Figure) -> Mapping[str, Any]:
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    top.set(xlim=(-1, 8.1), ylim=(0, 10.5), xticks=range(9), yticks=range(0, 11, 2))
    bottom.set(ylim=(0, 115), yticks=(0, 50, 100))
    plots.label(top, "", "Serotonin\n(× untreated)")
    plots.label(bottom, "Weeks on the drug", "Firing\n(%)")
    colour, line, _ = plots.LOOK["5-HT"]
    ceiling = {"color": plots.GREY, "lw": 1.5, "ls": (0, (4, 3)), "label": "release as at rest"}
    course = {"color": colour, "ls": line, "lw": 2.5, "label": "serotonin"}
    artists = lines(top, {"ceiling": ceiling, "serotonin": course})
    _key_above(figure, list(artists.values()))
    return artists | lines(bottom, {"firing": {"color": plots.BLACK, "lw": 2}})


def _brake_draw(
    artists: Mapping[str, Any], blocked_percent: float, where: str, wears_off: bool
) -> Seen:
    blocked = blocked_percent / 100
    course = _synapse().simulate(
        24 * _DAYS,
        sert_occupancy=blocked,
        autoreceptors="desensitising" if wears_off else "naive",
        route=_ROUTES[where],
    )
    fold, firing = course.serotonin.fold, 100 * course.serotonin.firing
    share = _synapse().serotonin.terminal.non_transporter_fraction
    ceiling = float(mechanism.fold_increase(blocked, share))
    weeks = np.concatenate([[-1, 0], _DAYS / 7])
    artists["serotonin"].set_data(weeks, np.concatenate([[1, 1], fold]))
    artists["firing"].set_data(weeks, np.concatenate([[100, 100], firing]))
    artists["ceiling"].set_data([0, 8], [ceiling, ceiling])
    place = "in the whole animal" if where == "whole animal" else "in cortex only"
    return Seen(
        f"{number(blocked_percent)} % of SERT blocked {place}: cortical serotonin is "
        f"{times(fold[0])} times untreated on day 1 and {times(fold[-1])} times after 8 weeks; "
        f"with release as at rest {times(ceiling)} times. The cell bodies fire at "
        f"{percent(firing[0] / 100)} of normal on day 1, {percent(firing[14] / 100)} after 2 "
        f"weeks, {percent(firing[-1] / 100)} after 8.",
        day_1=told(times(fold[0])),
        week_8=told(times(fold[-1])),
    )


release = Explorer(
    "lesson01/release",
    "Eight weeks on the drug",
    [
        Control("blocked_percent", "SERT blocked", "%", 0, 100, 50, steps=100, short="blocked"),
        Choice("where", "Drug in", ("whole animal", "cortex only")),
        Switch("wears_off", "Fading brake"),
    ],
    _brake_stage,
    _brake_draw,
    goals=[ask.HIGHEST, ask.CORTEX_ONLY, ask.AFTER_WEEKS],
    keep=("serotonin",),
    prediction="lesson01/whole_animal",
)

# -- two pumps: three points on one plane ----------------------------------------------------------

_PATH_NM = np.geomspace(0.1, 100_000, 121)
_HELD_BY = {  # name in the key: drug and set of constants
    "escitalopram": ("escitalopram", "binding_Ki"),
    "levomilnacipran, binding constants": ("levomilnacipran", "binding_Ki"),
    "levomilnacipran, uptake constants": ("levomilnacipran", "uptake_IC50"),
}


@cache
def _paths() -> Mapping[str, Any]:
    """Serotonin and norepinephrine, times untreated, along all concentrations."""
    found = {}
    for name, (drug, basis) in _HELD_BY.items():
        constants = evidence.parameters(basis)
        held = [
            mechanism.occupancy(_PATH_NM, float(constants[f"{drug}/{target}"]))
            for target in ("SERT", "NET")
        ]
        state = _synapse().steady_state(held[0], held[1])
        found[name] = np.array([state.serotonin.fold, state.norepinephrine.fold])
    return found


def _plane_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0.85, 3.3), ylim=(0.85, 4.1))
    plots.label(axes, "Serotonin (times untreated)", "Norepinephrine (times untreated)")
    axes.plot([0.85, 3.3], [0.85, 3.3], color=plots.GREY, lw=0.8, ls=":")
    turned: dict[str, Any] = {
        "rotation": 45,
        "rotation_mode": "anchor",
        "transform_rotates_text": True,
    }
    axes.text(2.5, 2.54, "both alike", color=plots.GREY, **turned)
    artists: dict[str, Any] = {}
    for name in _HELD_BY:
        colour, line, marker = plots.LOOK[name.partition(",")[0]]
        uptake = "uptake" in name
        path = {"color": colour, "ls": ":" if uptake else line, "lw": 2}
        point = {"color": colour, "marker": marker, "ms": 10, "ls": "", "label": name}
        if uptake:
            point |= {"markerfacecolor": "white", "markeredgewidth": 2}
        artists |= lines(axes, {f"{name} path": path, name: point})
    axes.legend(loc="upper left", frameon=False, markerscale=0.7)
    return artists


def _plane_draw(artists: Mapping[str, Any], conc_nM: float) -> Seen:
    now = {}
    for name, path in _paths().items():
        now[name] = np.array([np.interp(np.log(conc_nM), np.log(_PATH_NM), half) for half in path])
        so_far = path[:, conc_nM > _PATH_NM]
        artists[f"{name} path"].set_data(*np.column_stack([so_far, now[name]]))
        artists[name].set_data(*now[name][:, None])
    told = {name: f"{times(pair[0])} and {times(pair[1])}" for name, pair in now.items()}
    escitalopram, binding, uptake = told.values()
    _, by_binding, by_uptake = now.values()
    return Seen(
        f"At {number(conc_nM)} nM unbound, serotonin and norepinephrine in times untreated: "
        f"escitalopram {escitalopram} (recalled); levomilnacipran {binding} by its binding "
        f"constants, {uptake} by its uptake constants.",
        apart=round(float(abs(by_uptake - by_binding)[1]), 2),
    )


plane = Explorer(
    "lesson01/plane",
    "Two pumps, two drugs",
    [Control("conc_nM", "Unbound drug", "nM", 0.1, 100_000, 1, "log", 60, "unbound")],
    _plane_stage,
    _plane_draw,
    goals=[ask.CONSTANTS_MATTER],
    prediction="lesson01/without_sert",
)
