"""Lesson 05, the second site of SERT: exposure, washout, two clocks, the board of cards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import binding, evidence, mechanism, pk, plots
from snrilab.exercises import lesson05 as ask
from snrilab.explore import Choice, Control, Explorer, Seen, Switch, lines, number, percent, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

_DRUG = pk.drug("escitalopram")
_SET = evidence.parameters("escitalopram_1cmt")
_FREE, _MASS = (float(_SET[name]) for name in ("fraction_unbound", "molecular_weight_g_per_mol"))
_HALF_NG_PER_ML = float(evidence.parameters("invivo_EC50")["escitalopram/SERT"])
_EC50_NM = {
    "escitalopram": float(evidence.get("escitalopram", "allosteric_EC50")),
    "R-citalopram": float(evidence.get("R-citalopram", "allosteric_EC50")),
    "duloxetine": np.inf,  # no significant effect seen
}
_HERE, _THERE = plots.LOOK["SERT"], (plots.BLACK, (0, (5, 3)), "D")


def _nM(total_ng_per_mL: float, fu: float = _FREE) -> float:  # noqa: N802
    return pk.nM_from_ng_per_mL(total_ng_per_mL, _MASS, fu=fu)


# -- exposure: a dose, and what it fills ---------------------------------------------------------

_GENOTYPES = evidence.parameters("escitalopram_CYP2C19")
_ENZYMES = {
    "normal": 1.0,
    "intermediate": float(_GENOTYPES["Null/*1 (IM)"]),
    "poor": float(_GENOTYPES["Null/Null (PM)"]),
}
_FIRST_NM = _nM(_HALF_NG_PER_ML)
_LEVELS_NM = np.geomspace(0.1, 5e4, 241)


def _mean_ng_per_mL(dose_mg: float) -> float:  # noqa: N802
    """Mean total level at steady state of one dose a day."""
    return 1000 * dose_mg / (24 * _DRUG.cl_L_per_h)


_USUAL_NM = tuple(_nM(_mean_ng_per_mL(dose_mg)) for dose_mg in (10, 20))


def _exposure_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0.1, 5e4), ylim=(-5, 112), xscale="log")
    plots.label(axes, "Escitalopram as counted (nM)", "Sites filled (%)")
    ticks = (0.1, 1, 10, 100, 1000, 10_000)
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(0, 101, 25))
    axes.axvspan(*_USUAL_NM, color=plots.GREY, alpha=0.3, lw=0)
    axes.text(_USUAL_NM[1] * 1.2, 106, "10 to 20 mg a day, unbound", va="center")
    artists: dict[str, Any] = {"here": axes.plot([], [], color=plots.GREY, lw=1.2)[0]}
    for name, half_nM, look in (("first", _FIRST_NM, _HERE), ("second", _EC50_NM["escitalopram"],
                                                              _THERE)):  # fmt: skip
        colour, line, marker = look
        share = 100 * mechanism.occupancy(_LEVELS_NM, half_nM)
        axes.plot(_LEVELS_NM, share, color=colour, ls=line, lw=2, label=f"{name} site")
        artists |= lines(axes, {name: {"color": colour, "marker": marker, "ms": 9, "ls": ""}})
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return artists


def _exposure_draw(artists: Mapping[str, Any], dose_mg: float, enzyme: str, counted: str) -> Seen:
    share = _FREE if counted == "unbound" else 1.0
    level_nM = _nM(_mean_ng_per_mL(dose_mg) * _ENZYMES[enzyme], share)
    second = mechanism.allosteric_occupancy(level_nM, _EC50_NM["escitalopram"])
    # The first site's curve was fitted to unbound levels: read there, however one counts.
    unbound_nM = _nM(_mean_ng_per_mL(dose_mg) * _ENZYMES[enzyme])
    first = float(mechanism.occupancy(unbound_nM, _FIRST_NM))
    artists["here"].set_data([level_nM, level_nM], [0, 100])
    artists["first"].set_data([unbound_nM], [100 * first])
    artists["second"].set_data([level_nM], [100 * second])
    wrong = "" if counted == "unbound" else ", with the drug on proteins counted as if it were free"
    blocked = percent(first) if first < 0.995 else "more than 99 %"
    low, high = _USUAL_NM
    return Seen(
        f"{number(dose_mg)} mg a day ({number(dose_mg / 10)} tablets of 10 mg), CYP2C19 "
        f"{enzyme}: {number(level_nM)} nM {counted}{wrong}. That fills {number(100 * second, 2)} % "
        f"of the second sites; the unbound drug fills {blocked} of the first ones. Usual, 10 to "
        f"20 mg: {low:.0f} to {high:.0f} nM unbound.",
        second=second,
    )


exposure = Explorer(
    "lesson05/exposure",
    "How many tablets?",
    [
        Control("dose_mg", "Dose", "mg a day", 5, 3000, 20, "log", 80, "dose"),
        Choice("enzyme", "Enzyme CYP2C19", tuple(_ENZYMES)),
        Choice("counted", "Counted", ("unbound", "total")),
    ],
    _exposure_stage,
    _exposure_draw,
    goals=[ask.TENTH, ask.AT_TWENTY],
    prediction="lesson05/tablets",
)

# -- washout: the experiment in a dish -----------------------------------------------------------

_TIME_S = np.linspace(0, 600, 241)
_KI_NM = float(evidence.parameters("binding_Ki")["escitalopram/SERT"])
_ON_PER_M_PER_S = 1e7  # assumed: no rate of escitalopram was found
_OFF_PER_S = mechanism.off_rate(_KI_NM, _ON_PER_M_PER_S)
_ALONE_S = float(f"{mechanism.dissociation_half_life(_OFF_PER_S):.2g}")


def _washout_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 600), ylim=(0, 112))
    plots.label(axes, "Time in the wash (s)", "Left on the first site (%)")
    axes.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    colour, line, _ = plots.LOOK["escitalopram"]
    alone = {"color": plots.GREY, "lw": 2, "ls": ":", "label": "nothing in the wash"}
    beside = {"color": colour, "lw": 2.5, "ls": line, "label": "with this ligand"}
    artists = lines(axes, {"alone": alone, "beside": beside})
    axes.legend(loc="upper right", frameon=False, ncols=2)
    return artists


def _washout_draw(artists: Mapping[str, Any], ligand: str, ligand_nM: float) -> Seen:
    off_per_s = np.log(2) / _ALONE_S
    both = mechanism.dissociation_time_course(
        _TIME_S, off_per_s, [0, ligand_nM], ec50_nM=_EC50_NM[ligand]
    )
    for name, left in zip(("alone", "beside"), both.bound_fraction, strict=True):
        artists[name].set_data(_TIME_S, 100 * left)
    half_s = float(np.asarray(both.half_life_s)[1])
    longer = half_s / _ALONE_S
    filled = 1 - 1 / longer
    said = (
        "no effect seen"
        if ligand == "duloxetine"
        else f"{number(100 * filled, 2)} % of the second sites filled"
    )
    stay_s = 60 * binding.residence_time(60 * np.log(2) / half_s)
    outside = " (outside the picture)" if half_s > _TIME_S[-1] else ""
    said_longer = (
        f"{number(100 * (longer - 1), 1)} % longer"
        if longer < 1.1
        else f"{number(longer)} times as long"
    )
    return Seen(
        f"{ligand[0].upper()}{ligand[1:]}, {number(ligand_nM)} nM in the wash: {said}. Half has "
        f"left the first site after {number(round(half_s))} s{outside}, without ligand after "
        f"{number(_ALONE_S)} s (recalled Ki, assumed speed): {said_longer}. Mean stay "
        f"{number(round(stay_s))} s.",
        filled=filled,
        longer=longer,
    )


washout = Explorer(
    "lesson05/washout",
    "Washing escitalopram off its first site",
    [
        Choice("ligand", "In the wash", tuple(_EC50_NM)),
        Control("ligand_nM", "Concentration", "nM", 10, 100_000, 31, "log", 90, "ligand"),
    ],
    _washout_stage,
    _washout_draw,
    goals=[ask.DOUBLE, ask.SPOILER],
    keep=("beside",),
    prediction="lesson05/filled",
)

# -- two clocks: the stay on the pump, and plasma ------------------------------------------------

_DAYS = pk.repeat(10, times=10)
_LAST_H = 216.0  # the tenth dose
_AFTER_H = np.linspace(6, 78, 145)


def _scan(hours: int) -> tuple[float, float]:
    """Mean and SD of the share of SERT held, in per cent."""
    when = f"{hours} h after the last of 10 daily doses"
    row = evidence.get("escitalopram", "occupancy", source="klein2007", time=when)
    return float(row), float(row.high or np.nan) - float(row)


_SCANS = {hours: _scan(hours) for hours in (6, 54)}


def _clocks_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 80), ylim=(0, 125))
    axes.set_xticks(range(0, 73, 12))
    axes.set_yticks(range(0, 101, 25))
    plots.label(axes, "Hours after the last of ten daily tablets", "Held, or left in plasma (%)")
    colour, _, marker = plots.LOOK["escitalopram"]
    at_once = {"color": plots.BLACK, "lw": 1.4, "ls": (0, (4, 3))}
    plasma = {"color": plots.GREY, "lw": 2, "ls": ":"}
    bar = {"color": colour, "lw": 1.5, "marker": "_", "ms": 10}
    dots = {"color": colour, "marker": marker, "ms": 9, "ls": "", "label": "scans, SD"}
    looks = {
        "held": {"color": colour, "lw": 2.5, "label": "SERT held"},
        "at once": {**at_once, "label": "if it left at once"},
        "plasma": {**plasma, "label": "plasma, % of 6 h"},
        "scans": dots,
    }
    artists = lines(axes, looks | {f"SD at {hours} h": bar for hours in _SCANS})
    axes.legend(loc="upper right", frameon=False, ncols=2, handlelength=1.8, columnspacing=1.2)
    return artists


def _clocks_draw(artists: Mapping[str, Any], stay_min: float, plasma_h: float, scans: bool) -> Seen:
    drug = replace(_DRUG, v_L=_DRUG.cl_L_per_h * plasma_h / np.log(2))
    when_h = _LAST_H + _AFTER_H
    level = np.asarray(pk.concentration(drug, _DAYS, when_h))
    off_per_h = 60 * np.log(2) / stay_min
    held = 100 * np.asarray(
        pk.slow_binding_occupancy(drug, _DAYS, when_h, _HALF_NG_PER_ML, off_per_h)
    )
    at_once = 100 * np.asarray(mechanism.occupancy(level, _HALF_NG_PER_ML))
    artists["held"].set_data(_AFTER_H, held)
    artists["at once"].set_data(_AFTER_H, at_once)
    artists["plasma"].set_data(_AFTER_H, 100 * level / level[0])
    for hours, (mean, sd) in _SCANS.items():
        ends = ([hours, hours], [mean - sd, mean + sd]) if scans else ([], [])
        artists[f"SD at {hours} h"].set_data(*ends)
    points = [mean for mean, _ in _SCANS.values()] if scans else []
    artists["scans"].set_data(list(_SCANS) if scans else [], points)
    at = {hours: int(np.argmin(abs(_AFTER_H - hours))) for hours in (6, 24, 54)}
    stay = f"{number(stay_min)} min" if stay_min < 120 else f"{number(stay_min / 60)} h"
    seen = [f"{mean:g} % (SD {sd:.1f}) at {hours} h" for hours, (mean, sd) in _SCANS.items()]
    told = f" The scans: {', '.join(seen)}." if scans else ""
    return Seen(
        f"Half leaves the pump in {stay}, plasma halves in {number(plasma_h)} h. Held: "
        f"{held[at[6]]:.1f} % at 6 h, {held[at[24]]:.1f} % at 24 h, {held[at[54]]:.1f} % at 54 h. "
        f"If it left at once: {at_once[at[24]]:.1f} % at 24 h and {at_once[at[54]]:.1f} % at 54 h. "
        f"Plasma at 54 h is {percent(level[at[54]] / level[0])} of its level at 6 h.{told}",
        gained=float(held[at[54]] - at_once[at[54]]),
        at_24=float(held[at[24]]),
    )


clocks = Explorer(
    "lesson05/clocks",
    "Two clocks: on the pump, and in plasma",
    [
        Control("stay_min", "Half-life on the pump", "min", 1, 6000, 1, "log", 60, "pump"),
        Control("plasma_h", "Half-life in plasma", "h", 3, 60, 30, "log", 30, "plasma"),
        Switch("scans", "Show the scans"),
    ],
    _clocks_stage,
    _clocks_draw,
    goals=[ask.SLOW_STAY, ask.SHORT_PLASMA],
    keep=("held",),
    prediction="lesson05/two_days_later",
)

# -- the board: what each card does to a probability ---------------------------------------------

_CARDS = {
    "ten_days": "Ten days",
    "one_dose": "One dose",
    "mice": "Mice",
    "platelets": "Platelets",
    "dish": "Dish",
    "mutant": "Mutant",
}
_WEIGHTS = {"10 against": 0.1, "3 against": 1 / 3, "no weight": 1.0, "3 for": 3.0, "10 for": 10.0}


def _held(drug: str, dose: str, source: str, time: str) -> str:
    return f"{float(evidence.get(drug, 'occupancy', source=source, time=time, dose=dose)):g}"


_AFTER_TEN = "6 h after the last of 10 daily doses"
_AFTER_ONE = "6 h after a single dose"
_FOUND = {  # in few words, beside the weight
    "ten_days": f"{_held('escitalopram', '10 mg/day', 'klein2007', _AFTER_TEN)} against "
    f"{_held('citalopram', '20 mg/day', 'klein2007', _AFTER_TEN)} %",
    "one_dose": f"{_held('escitalopram', '10 mg', 'klein2006', _AFTER_ONE)} against "
    f"{_held('citalopram', '20 mg', 'klein2006', _AFTER_ONE)} %",
    "mice": "as with the site",
    "platelets": "10 mg like 20 mg",
    "dish": f"half at {_EC50_NM['escitalopram']:,.0f} nM",
    "mutant": "comes on slower",
}
_EDGE = 7.0  # log odds, about 0.1 and 99.9 %; what lies beyond is drawn on the edge


def _log_odds(probability: Any) -> Any:
    return np.log(probability) - np.log1p(-np.asarray(probability))


def _probability(log_odds: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(log_odds)))


def _board_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(-_EDGE - 0.2, _EDGE + 0.2), ylim=(-0.6, 6.6))
    plots.label(axes, "Probability of an effect in people (%)", "")
    ticks = [0.1, 1, 5, 20, 50, 80, 95, 99, 99.9]
    axes.set_xticks(_log_odds(np.array(ticks) / 100), [f"{tick:g}" for tick in ticks])
    axes.set_yticks(range(7), [*reversed(_CARDS.values()), "Start"])
    axes.axvline(0, color=plots.GREY, lw=0.8, ls=":")
    path = {"color": plots.BLUE, "lw": 2, "marker": "o", "ms": 6, "label": "card after card"}
    without = {"color": plots.BLACK, "ls": "", "marker": "D", "mfc": "none", "ms": 8}
    artists = lines(axes, {"path": path, "without": {**without, "label": "end without this card"}})
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return artists


def _board_draw(artists: Mapping[str, Any], prior_percent: int, **cards: str) -> Seen:
    start = float(_log_odds(prior_percent / 100))
    steps = np.log([_WEIGHTS[cards[name]] for name in _CARDS])
    path = start + np.concatenate([[0.0], np.cumsum(steps)])
    rows = np.arange(6, -1, -1)
    artists["path"].set_data(np.clip(path, -_EDGE, _EDGE), rows)
    used = steps != 0
    without = path[-1] - steps[used]
    artists["without"].set_data(np.clip(without, -_EDGE, _EDGE), rows[1:][used])
    end, others = float(_probability(path[-1])), _probability(without)
    names = [name for name, on in zip(_CARDS, used, strict=True) if on]
    said = [f"{_CARDS[name]} {cards[name]} (without it {_said(other)})"
            for name, other in zip(names, others, strict=True)]  # fmt: skip
    swings = abs(others - end)
    hangs = ""
    if len(names) > 1:
        most = [
            _CARDS[name]
            for name, swing in zip(names, swings, strict=True)
            if np.isclose(swing, swings.max(), rtol=1e-6, atol=0)
        ]
        most_points = 100 * swings.max()
        points = number(most_points, 2) if most_points >= 0.1 else "less than 0.1"
        each = " each" if len(most) > 1 else ""
        hangs = f" Most hangs on {_and(most)}: {points} points of per cent{each}."
    return Seen(
        f"You start at {prior_percent} %. {', '.join(said) or 'No card has weight'}: you end at "
        f"{_said(end)}, odds {_odds(path[-1])}.{hangs}",
        ratio=float(np.exp(steps.sum())),
        end=end,
        weighed=int(used.sum()),
        swing=float(swings.max(initial=0.0)),
    )


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _said(probability: float) -> str:
    """Per cent with as many digits as tell it from certainty."""
    if probability < 0.001 or probability > 0.999:
        return "less than 0.1 %" if probability < 0.5 else "more than 99.9 %"
    near = min(probability, 1 - probability) < 0.01
    return f"{100 * probability:.1f} %" if near else percent(probability)


def _odds(log_odds: float) -> str:
    odds = float(np.exp(abs(log_odds)))
    return f"{times(odds)} to 1" if log_odds >= 0 else f"1 to {times(odds)}"


board = Explorer(
    "lesson05/board",
    "The board: your weights, your verdict",
    [
        Control("prior_percent", "Before the cards", "%", 1, 99, 50, "whole"),
        *(
            Choice(name, f"{label}: {_FOUND[name]}", tuple(_WEIGHTS), "no weight")
            for name, label in _CARDS.items()
        ),
    ],
    _board_stage,
    _board_draw,
    goals=[ask.BELIEVER, ask.HANGS],
    prediction="lesson05/ten_times",
)
