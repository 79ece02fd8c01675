"""Lesson 12, comparison: twelve settings, a trial head to head, eight sentences."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from snrilab import compare, evidence, plots, trials
from snrilab.exercises import lesson12 as ask
from snrilab.explore import Choice, Control, Explorer, Seen, lines, number, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.figure import Figure

_CRITICAL = float(ndtri(0.975))

# -- twelve settings -------------------------------------------------------------------------------

_SERT = "SERT at least at the limit"
_BOTH = "both at least at the limit"
_NET = "NET harder than SERT"
_RIVAL = "NET more than escitalopram"
_CLAIMS = (_SERT, _BOTH, _NET, _RIVAL)
_CONSTANTS = ("uptake IC50", "binding Ki", "PET bridge, one half", "PET bridge, both halves")
_DOSES = ("40 mg", "80 mg", "120 mg")
_MARK_SIZES = (6, 9, 12)  # of each dose: three marks of a kind lie along one curve


@cache
def _settings() -> tuple[compare.World, ...]:
    return tuple(compare.worlds())


def _asked(claim: str, limit: float) -> Callable[[compare.World], bool | None]:
    """Return what is asked of a setting, with the limit as a fraction."""
    if claim == _SERT:
        return lambda world: world.sert >= limit
    if claim == _BOTH:
        return lambda world: min(world.net, world.sert) >= limit
    if claim == _NET:
        return compare.CLAIMS["NET is blocked harder than SERT"]
    return compare.CLAIMS["NET is blocked harder than by escitalopram"]


def _worlds_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(-3, 104), ylim=(-4, 104))
    plots.label(axes, "SERT blocked (%)", "NET blocked (%)")
    looks: dict[str, dict[str, Any]] = {
        "border": {"color": plots.BLACK, "ls": (0, (4, 3)), "lw": 1.5, "label": "border"},
        "ring": {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 19, "mfc": "none"},
        "not asked": {"color": plots.GREY, "marker": "x", "ls": "", "ms": 6, "label": "not asked"},
    }
    key = ["border", "not asked"]
    for name, (colour, _, marker) in zip(_CONSTANTS, plots.CYCLE, strict=False):
        for dose, size in zip(_DOSES, _MARK_SIZES, strict=True):
            dots = {"color": colour, "marker": marker, "ls": "", "ms": size}
            looks[f"{name} {dose}"] = {**dots, "label": name}
            looks[f"{name} {dose}, not"] = {**dots, "mfc": "none"}
        key.insert(-2, f"{name} {_DOSES[1]}")
    artists = lines(axes, looks)
    figure.legend(
        handles=[artists[name] for name in key],
        loc="outside upper center", ncols=2, frameon=False, columnspacing=1.0,
    )  # fmt: skip
    return artists


def _border(claim: str, limit_percent: float) -> tuple[list[float], list[float]]:
    if claim == _SERT:
        return [limit_percent] * 2, [-4, 104]
    if claim == _BOTH:
        return [limit_percent, limit_percent, 104], [104, limit_percent, limit_percent]
    if claim == _NET:
        return [-3, 104], [-3, 104]
    rivals = [w.escitalopram_net for w in _settings() if w.escitalopram_net is not None]
    return [-3, 104], [100 * max(rivals)] * 2


def _places(worlds: Sequence[compare.World]) -> tuple[list[float], list[float]]:
    return [100 * world.sert for world in worlds], [100 * world.net for world in worlds]


def _worlds_draw(
    artists: Mapping[str, Any], claim: str, limit_percent: float, dose: str, constant: str
) -> Seen:
    found = compare.count_worlds(_asked(claim, limit_percent / 100), _settings())
    unasked = [world for world, said in found.worlds if said is None]
    artists["not asked"].set_data(*_places(unasked))
    for world, said in found.worlds:
        name = f"{world.constant} {world.dose_mg:g} mg"
        artists[name].set_data(*_places([world] if said is True else []))
        artists[f"{name}, not"].set_data(*_places([world] if said is False else []))
    artists["border"].set_data(*_border(claim, limit_percent))
    here, said = next(
        (w, said)
        for w, said in found.worlds
        if f"{w.dose_mg:g} mg" == dose and w.constant == constant
    )
    artists["ring"].set_data(*_places([here]))
    names = {
        _SERT: f"At least {number(limit_percent)} % of SERT is blocked",
        _BOTH: f"At least {number(limit_percent)} % of both is blocked",
        _NET: "NET is blocked harder than SERT",
        _RIVAL: "NET is blocked harder than by escitalopram 20 mg (recalled)",
    }
    turns = " and ".join(f"the {one}" for one in found.turns_on)
    why = f"it turns on {turns}" if turns else "no setting changes it"
    verdict = {True: "true here", False: "not true here", None: "it cannot be asked here"}[said]
    asked = f"{found.true} of {found.asked} settings"
    if found.asked < len(found.worlds):
        asked += f" ({len(found.worlds) - found.asked} cannot be asked)"
    serts, nets = _places(_settings())
    return Seen(
        f"“{names[claim]}”: true in {asked}; {why}. The twelve block {number(min(serts), 2)} to "
        f"{number(max(serts), 2)} % of SERT, {number(min(nets), 2)} to {number(max(nets), 2)} % of "
        f"NET. {here}: {verdict}.",
        true=found.true,
        here=said,
    )


settings = Explorer(
    "lesson12/settings",
    "Twelve settings",
    [
        Choice("claim", "Sentence", _CLAIMS),
        Control("limit_percent", "Limit (in the first two)", "%", 10, 95, 80, steps=85),
        Choice("dose", "Look at: daily dose", _DOSES),
        Choice("constant", "Look at: constant", _CONSTANTS),
    ],
    _worlds_stage,
    _worlds_draw,
    goals=[ask.HOLDS, ask.MISSED, ask.NET_FIRST],
    prediction="lesson12/worlds",
)

# -- head to head ----------------------------------------------------------------------------------

_PATIENTS = (20.0, 20000.0)
_MANY = np.geomspace(*_PATIENTS, 120)


def _plan_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_PATIENTS, ylim=(0, 105), xscale="log")
    plots.label(axes, "Patients per arm", "Power (% of trials with P < 0.05)")
    axes.set_xticks([20, 100, 1000, 10000], ["20", "100", "1,000", "10,000"])
    axes.set_xticks([], minor=True)
    axes.axhline(80, color=plots.GREY, lw=1, ls=(0, (4, 3)))
    return lines(
        axes,
        {
            "curve": {"color": plots.BLUE, "lw": 2.5},
            "needed": {"color": plots.BLUE, "lw": 1.5, "ls": ":"},
            "here": {"color": plots.BLUE, "marker": "o", "ls": "", "ms": 9},
        },
    )


def _plan_draw(
    artists: Mapping[str, Any], difference_points: float, sd_points: float, n_per_arm: float
) -> Seen:
    power = 100 * np.asarray(trials.power_t_test(difference_points, sd_points, _MANY))
    here = 100 * float(trials.power_t_test(difference_points, sd_points, n_per_arm))
    needed = trials.sample_size(difference_points, sd_points, power=0.8)
    artists["curve"].set_data(_MANY, power)
    artists["here"].set_data([n_per_arm], [here])
    artists["needed"].set_data([min(needed, _PATIENTS[1])] * 2, [0, 80])
    reach = _CRITICAL * sd_points * np.sqrt(2 / n_per_arm)
    shown = number(reach, 3)
    return Seen(
        f"True difference {number(difference_points)} points, scatter {number(sd_points)}: a power "
        f"of 80 % takes {needed:,} patients per arm. With {round(n_per_arm):,} it is "
        f"{number(here, 2)} %, and the interval reaches, in points, about {shown} to each side of "
        "what is found.",
        power=told(number(here, 2)),
        reach=told(shown),
    )


plan = Explorer(
    "lesson12/plan",
    "A trial of the two drugs",
    [
        Control("difference_points", "True difference", "points", 0.4, 5, 2, steps=46,
                short="difference"),
        Control("sd_points", "Scatter (SD) between patients", "points", 8, 12, 9, steps=40,
                short="SD"),
        Control("n_per_arm", "Size of each arm", "patients", 20, 20000, 100, "log", steps=90),
    ],
    _plan_stage,
    _plan_draw,
    goals=[ask.AFFORD, ask.ALIKE],
    prediction="lesson12/head_to_head",
    keep=("curve",),
)  # fmt: skip

# -- eight sentences -------------------------------------------------------------------------------

_LOW, _HIGH = 0.0003, 100.0
_MARKS = ("?", "supported", "wrong", "not shown")
_ABOUT = ("binding", "uptake", "venlafaxine", "kidneys", "2 points", "who stops",
          "second site", "half of SERT")  # fmt: skip
_TWO_FOLD = float(np.exp(_CRITICAL * np.log(2)))  # 95 % limits of one constant, two-fold scatter
_PAIR = float(np.exp(_CRITICAL * np.sqrt(2) * np.log(2)))  # and of the ratio of two


class Sentence(NamedTuple):
    """What a sentence claims, as the measured over the claimed: above 1 it holds."""

    words: str
    low: float
    value: float | None  # none where the ends are those of an assumption
    high: float

    @property
    def verdict(self) -> str:
        """What the interval says."""
        if self.low > 1:
            return "supported"
        return "wrong" if self.high < 1 else "not shown"


def _constant(drug: str, quantity: str, target: str, source: str) -> float:
    basis = {"Ki": "binding_Ki", "IC50": "uptake_IC50"}.get(quantity, quantity)
    return float(evidence.get(drug, quantity, target=target, basis=basis, source=source))


def _ends(row: evidence.Row) -> tuple[float, float]:
    """Return the printed ends of a row's interval."""
    if row.low is None or row.high is None:
        raise evidence.EvidenceError(f"{row.key} has no interval.")
    return row.low, row.high


def _spread(words: str, value: float, fold: float) -> Sentence:
    return Sentence(words, value / fold, value, value * fold)


def _stopped(words: str) -> Sentence:
    """Return the risk ratio that the meta-analysis has in words: "RR 3.15 (2.26-4.39)"."""
    (row,) = evidence.find(quantity="MADRS_difference", source="meta2016")
    _, _, after = f"{row.condition} {row.note}".partition("AE dropout RR ")
    value, ends = after.strip().split(")")[0].split("(")
    low, high = ends.split("-")
    return Sentence(words, float(low), float(value), float(high))


def _kidney(words: str) -> Sentence:
    """Set exposure with ketoconazole against that in severe kidney disease, each over its own."""
    (drug,) = [r for r in evidence.find(drug="levomilnacipran", quantity="AUC_ratio")
               if "ketoconazole" in str(r.condition)]  # fmt: skip
    normal, severe = (
        next(r for r in evidence.find(drug="levomilnacipran", quantity="AUC_inf")
             if f"{kind} renal" in str(r.condition))
        for kind in ("normal", "severe")
    )  # fmt: skip
    value = float(drug) / (float(severe) / float(normal))
    low, high = _ends(drug)
    by_drug = np.log(high / low) / (2 * ndtri(0.95))  # its interval is one of 90 %
    by_kidney = [(_ends(r)[1] / float(r) - 1) / np.sqrt(8) for r in (normal, severe)]
    error = np.sqrt(by_drug**2 + by_kidney[0] ** 2 + by_kidney[1] ** 2)
    return _spread(words, value, float(np.exp(_CRITICAL * error)))


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return the eight sentences with what the evidence says of each."""
    lvm, auclair = "levomilnacipran", "auclair2013"
    ki = [_constant(lvm, "Ki", t, auclair) for t in ("SERT", "NET")]
    ic50 = [_constant(lvm, "IC50", t, auclair) for t in ("SERT", "NET")]
    ven = [_constant("venlafaxine", "Ki", t, "bymaster2001") for t in ("SERT", "NET")]
    (meta,) = evidence.find(quantity="MADRS_difference", source="meta2016")
    farthest, nearest = _ends(meta)
    site = _constant("escitalopram", "allosteric_EC50", "SERT", "chen2005_jneurochem")
    unbound = compare.occupancy_at_dose("escitalopram", 20, "SERT", basis="binding_Ki")
    bridge = compare.occupancy_at_dose(lvm, 40, "SERT", basis="invivo_EC50")
    return (
        _spread("binding, tighter at NET; ratio of Ki", ki[0] / ki[1], _PAIR),
        _spread("uptake, more potent at NET; ratio of IC50", ic50[0] / ic50[1], _PAIR),
        _spread("venlafaxine, tighter at NET; ratio of Ki", ven[0] / ven[1], _PAIR),
        _kidney("ketoconazole more than kidney disease; ratio of AUC"),
        Sentence(
            "2 points over placebo; points over 2", -nearest / 2, -float(meta) / 2, -farthest / 2
        ),
        _stopped("more stop than on placebo; relative risk"),
        _spread(
            "half of the second site's effect; level over EC50",
            float(unbound.concentration) / site,
            _TWO_FOLD,
        ),
        Sentence(
            "half of SERT in people; share over a half",
            2 * float(bridge.low),
            None,
            2 * float(bridge.high),
        ),
    )


def _checker_stage(figure: Figure) -> Mapping[str, Any]:
    left, axes = figure.subplots(1, 2, sharey=True, width_ratios=(1, 7))
    left.set(xlim=(-1, 1), ylim=(0.4, 8.6))
    left.set_xticks([0], labels=["you"])
    left.set_yticks(range(1, 9), labels=[str(n) for n in range(8, 0, -1)])
    plots.label(left, "", "Sentence")
    axes.set(xlim=(_LOW, _HIGH), xscale="log")
    plots.label(axes, "Measured over claimed", "")
    axes.set_xticks([0.001, 0.01, 0.1, 1, 10, 100], ["0.001", "0.01", "0.1", "1", "10", "100"])
    axes.set_xticks([], minor=True)
    axes.axvline(1, color=plots.BLACK, lw=1.5, ls=(0, (4, 3)))
    bar: dict[str, Any] = {"color": plots.BLUE, "lw": 3}
    guess: dict[str, Any] = {"color": plots.BLUE, "marker": "D", "ls": "", "ms": 8}
    artists = lines(axes, {"bar": bar, "guess": {**guess, "label": "evidence"}})
    artists |= lines(
        axes,
        {
            **{f"bar {n}": {**bar, "lw": 1.5} for n in range(1, 9)},
            "guesses": {**guess, "ms": 5},
        },
    )
    marks = zip(_MARKS[1:], (plots.GREEN, plots.VERMILION, plots.GREY), "^vo", strict=True)
    artists |= lines(
        left,
        {
            name: {"color": colour, "marker": marker, "ls": "", "ms": 8, "label": name}
            for name, colour, marker in marks
        },
    )
    figure.legend(
        handles=[artists[name] for name in ("guess", *_MARKS[1:])],
        loc="outside upper center", ncols=4, frameon=False,
        columnspacing=0.9, handletextpad=0.3,
    )  # fmt: skip
    return artists


def _checker_draw(artists: Mapping[str, Any], look_at: int, **marked: str) -> Seen:
    found = sentences()
    chosen = found[look_at - 1]
    artists["bar"].set_data([chosen.low, chosen.high], [9 - look_at] * 2)
    guess = [] if chosen.value is None else [chosen.value]
    artists["guess"].set_data(guess, [9 - look_at] * len(guess))
    marks = [marked[f"mark_{n}"] for n in range(1, 9)]
    for name in _MARKS[1:]:
        rows = [9 - n for n, one in enumerate(marks, 1) if one == name]
        artists[name].set_data([0.0] * len(rows), rows)
    count = sum(one != "?" for one in marks)
    everything = count == len(found)  # all evidence beside all marks, when nothing is given away
    for n, one in enumerate(found, 1):
        drawn = ([one.low, one.high], [9 - n] * 2) if everything else ([], [])
        artists[f"bar {n}"].set_data(*drawn)
    guesses = [(one.value, 9 - n) for n, one in enumerate(found, 1) if one.value is not None]
    artists["guesses"].set_data(*(zip(*guesses, strict=True) if everything else ([], [])))
    agree = sum(one == sentence.verdict for one, sentence in zip(marks, found, strict=True))
    said = [f"{n}: {one}" for n, one in enumerate(marks, 1) if one != "?"]
    mine = f"You have marked {count} of 8" + (f" (sentence {'; '.join(said)})." if said else ".")
    if everything:
        verdicts = [one.verdict for one in found]
        counts = [f"{verdicts.count(name)} are {name}" for name in _MARKS[1:]]
        mine += f" {agree} of your marks agree with the intervals, by which {', '.join(counts)}."
    ends = f"{number(chosen.low, 2)} to {number(chosen.high, 2)}"
    if chosen.value is None:
        shown = f"{ends}, the ends of an assumption, with no best guess between them"
    else:
        shown = f"{number(chosen.value, 2)} ({ends})"
    return Seen(
        f"Sentence {look_at} ({chosen.words}): measured over claimed {shown}; above 1 the sentence "
        f"holds. {mine}",
        marked=count,
        agree=agree,
    )


checker = Explorer(
    "lesson12/checker",
    "Eight sentences",
    [
        Control("look_at", "Evidence of sentence", "", 1, 8, 1, "whole", short="sentence"),
        *[Choice(f"mark_{n}", f"{n}: {about}", _MARKS) for n, about in enumerate(_ABOUT, 1)],
    ],
    _checker_stage,
    _checker_draw,
    goals=[ask.ALL_EIGHT],
    prediction="lesson12/stand",
)
