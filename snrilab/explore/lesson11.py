"""Lesson 11, trials: a hundred trials, four analyses, the price, the dose patients ended on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, ndtri

from snrilab import compare, plots, trials
from snrilab.exercises import lesson11 as ask
from snrilab.explore import Choice, Control, Explorer, Seen, lines, number, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CRITICAL = float(ndtri(0.975))
_COLOUR, _LINE, _MARKER = plots.LOOK["levomilnacipran"]


def _points(value: float) -> str:
    """Write points with one decimal and no minus before zero."""
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0")


def _dots(colour: str, marker: str, **more: Any) -> dict[str, Any]:
    return {"color": colour, "marker": marker, "ls": "", **more}


def _zero(axes: Axes, along: str = "x") -> None:
    (axes.axhline if along == "x" else axes.axvline)(0, color=plots.GREY, lw=1)


# -- a hundred trials ------------------------------------------------------------------------------

_TRIALS = 100
_PLACES = np.arange(1, _TRIALS + 1)


def _error(n_per_arm: float) -> float:
    """Return the standard error with which a normal curve has the tabulated power."""
    power = float(trials.tabulated_power(-3.3, n_per_arm))
    return 3.3 / float(ndtri(power) + _CRITICAL)


@cache
def _scatter(hundred: int) -> np.ndarray:
    return np.random.default_rng([11, hundred]).standard_normal(_TRIALS)


def _p_words(p: float) -> str:
    if p < 0.001:
        return "P below 0.001"
    shown = round(p, 2 if p >= 0.1 else 3)
    if (shown < 0.05) != (p < 0.05):
        shown = 0.049 if p < 0.05 else 0.051
    return f"P = {shown:g}"


def _hundred_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 101), ylim=(-13, 9))
    plots.label(axes, "Trial", "Drug minus placebo (points)")
    _zero(axes)
    bars = axes.vlines([0, 0], 0, 0, color=plots.BLACK, lw=1.5)
    artists = lines(
        axes,
        {
            "found": _dots(plots.BLUE, "o", ms=4, label="P < 0.05"),
            "missed": _dots(plots.VERMILION, "s", ms=4, label="missed"),
            "truth": {"color": plots.BLACK, "ls": (0, (4, 3)), "lw": 1.5, "label": "truth"},
            "pair": _dots(plots.BLACK, "o", ms=12, mfc="none", mew=1.5, label="the two, 95 %"),
        },
    )
    figure.legend(
        handles=[artists[name] for name in ("found", "missed", "truth", "pair")],
        loc="outside upper center", ncols=2, frameon=False,
        columnspacing=0.9, handletextpad=0.3,
    )  # fmt: skip
    return {**artists, "bars": bars}


def _hundred_draw(
    artists: Mapping[str, Any],
    effect_points: float,
    n_per_arm: float,
    hundred: int,
    first: int,
    second: int,
) -> Seen:
    error = _error(n_per_arm)
    estimates = effect_points + error * _scatter(hundred)
    half = _CRITICAL * error
    found = np.abs(estimates) > half
    artists["bars"].set_segments(
        [
            [(place + 1, estimates[place] - half), (place + 1, estimates[place] + half)]
            for place in (first - 1, second - 1)
        ]
    )
    artists["found"].set_data(_PLACES[found], estimates[found])
    artists["missed"].set_data(_PLACES[~found], estimates[~found])
    artists["truth"].set_data([0, 101], [effect_points] * 2)
    pair = np.array([first, second]) - 1
    artists["pair"].set_data(_PLACES[pair], estimates[pair])
    p = 2 * ndtr(-np.abs(estimates) / error)
    gap = float(abs(estimates[pair[0]] - estimates[pair[1]]))
    wide = np.sqrt(2) * half
    gap_p = float(2 * ndtr(-gap / (error * np.sqrt(2))))
    power = float(trials.tabulated_power(effect_points, n_per_arm))
    expected = round(100 * (1 - power))
    said = [
        f"trial {place + 1} finds {_points(estimates[place])} "
        f"({_points(estimates[place] - half)} to {_points(estimates[place] + half)}), "
        f"{_p_words(p[place])}"
        for place in pair
    ]
    return Seen(
        f"True difference {_points(effect_points)}, {number(n_per_arm)} per arm: "
        f"{int(found.sum())} of these trials have P < 0.05, {int((~found).sum())} miss it "
        f"({expected} expected). T{said[0][1:]}; "
        f"{said[1]}. These two are {_points(gap)} apart ({_points(gap - wide)} to "
        f"{_points(gap + wide)}), {_p_words(gap_p)}.",
        expected=float(expected),
        found=float(found.sum()),
        one_of_two=bool(found[pair[0]] != found[pair[1]]),
        gap_shown=gap_p < 0.05,
    )


hundred_trials = Explorer(
    "lesson11/hundred_trials",
    "A hundred trials",
    [
        Control("effect_points", "True difference", "points", -5, 0, -2, short="truth"),
        Control("n_per_arm", "Size of each arm", "patients", 50, 400, 100, steps=70, short="n"),
        Control("hundred", "Which hundred", "", 1, 20, 1, "whole"),
        Control("first", "First of two trials", "", 1, 100, 1, "whole"),
        Control("second", "Second of two trials", "", 1, 100, 2, "whole"),
    ],
    _hundred_stage,
    _hundred_draw,
    goals=[ask.NINE_IN_TEN, ask.TWO_TRIALS],
    prediction="lesson11/missed",
)

# -- four analyses ---------------------------------------------------------------------------------

_METHODS = {"MMRM": "mmrm", "LOCF": "locf", "completers": "completers", "everybody": "everybody"}
_EFFECTS = {"-3.3 points": -3.3, "-1.5 points": -1.5, "none": 0.0}
_LEAVE = {"3 %": 0.03, "10 %": 0.10, "25 %": 0.25, "40 %": 0.40}
_DECIDES = {"the last score seen": "mar", "a score nobody sees": "mnar"}


def _four_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    left.set(xlim=(-5.5, 2.5), ylim=(-0.6, 3.6), xlabel="Mean (points)")
    left.set_yticks(range(3, -1, -1), labels=list(_METHODS))
    right.set(xlim=(-4, 104), xlabel="P < 0.05 (%)")
    _zero(left, "y")
    artists: dict[str, Any] = lines(
        left, {"truth": {"color": plots.BLACK, "ls": (0, (4, 3)), "lw": 1.5, "label": "truth"}}
    )
    for name, (colour, _, marker) in zip(_METHODS, plots.CYCLE, strict=False):
        artists |= lines(left, {name: _dots(colour, marker, ms=9)})
        artists |= lines(right, {f"{name} power": _dots(colour, marker, ms=9)})
    figure.legend(handles=[artists["truth"]], loc="outside upper center", frameon=False)
    return artists


def _four_draw(
    artists: Mapping[str, Any],
    effect: str,
    placebo_leaves: str,
    drug_leaves: str,
    decides: str,
    strength: str,
) -> Seen:
    true = _EFFECTS[effect]
    kind, how = _DECIDES[decides], "mild" if strength == "mildly" else "strong"
    all_ways = trials.four_ways(
        true,
        leave_placebo=_LEAVE[placebo_leaves],
        leave_drug=_LEAVE[drug_leaves],
        kind="mar" if kind == "mar" else "mnar",
        strength="mild" if how == "mild" else "strong",
    )
    artists["truth"].set_data([true, true], [-0.6, 3.6])
    means, said = [], []
    for place, (name, method) in enumerate(_METHODS.items()):
        one = all_ways[method]
        artists[name].set_data([one.mean_estimate], [3 - place])
        artists[f"{name} power"].set_data([100 * one.power], [3 - place])
        means.append(_points(one.mean_estimate))
        shares = f"{number(round(100 * one.power))}; {number(round(100 * one.coverage))}"
        said.append(f"{name} {means[-1]} ({shares})")
    return Seen(
        f"True difference {_points(true)}; early leavers: {placebo_leaves} of placebo, "
        f"{drug_leaves} of drug; {decides} decides {strength} who else leaves. Mean of "
        f"{all_ways.mmrm.trials} trials in points (% with P < 0.05; % of intervals holding the "
        f"truth): {', '.join(said)}.",
        mmrm=told(means[0]),
        locf=told(means[1]),
    )


who_left = Explorer(
    "lesson11/who_left",
    "Four analyses of the same trials",
    [
        Choice("effect", "True difference", tuple(_EFFECTS), short="truth"),
        Choice("placebo_leaves", "Placebo patients who leave early", tuple(_LEAVE),
               short="placebo"),
        Choice("drug_leaves", "Drug patients who leave early", tuple(_LEAVE), short="drug"),
        Choice("decides", "Who else leaves is decided by", tuple(_DECIDES), short="by"),
        Choice("strength", "How strongly", ("mildly", "strongly")),
    ],
    _four_stage,
    _four_draw,
    goals=[ask.INVENT, ask.HIDE, ask.NOBODY_SEES],
    keep=(*_METHODS, *(f"{name} power" for name in _METHODS)),
    prediction="lesson11/carried",
)  # fmt: skip

# -- the price -------------------------------------------------------------------------------------

_LEFT, _RIGHT = -12.0, 28.0  # percentage points
_SIZES = {"as in the trial": 1, "twice as many": 2, "4 times as many": 4, "10 times as many": 10}
_PATIENTS = (4, 5, 10, 20)  # numbers needed written above the axis


@cache
def _counts() -> Mapping[tuple[str, str], tuple[int, int, int, int]]:
    """Return, for each event and dose, patients with it and patients, on drug and on placebo."""
    found = {}
    for one in compare.adverse_events("levomilnacipran", source="bakish2014"):
        name = f"{one.event} ({one.population})" if one.population else one.event
        if one.n_drug is None or one.n_placebo is None or one.percent_placebo is None:
            continue
        found[name, one.dose.removesuffix("/day")] = (
            round(one.percent_drug * one.n_drug / 100),
            one.n_drug,
            round(one.percent_placebo * one.n_placebo / 100),
            one.n_placebo,
        )
    return found


_EVENTS = tuple(sorted({name for name, _ in _counts()}))


@cache
def _rows() -> tuple[str, ...]:
    """Return the events from below, each in its row whatever the dose: so a kept one stays true."""
    mean = {
        name: np.mean(
            [a / n - b / m for (one, _), (a, n, b, m) in _counts().items() if one == name]
        )
        for name in _EVENTS
    }
    return tuple(sorted(_EVENTS, key=lambda name: float(mean[name])))


def _price_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(_LEFT, _RIGHT), ylim=(-0.7, 9.7))
    plots.label(axes, "Drug minus placebo (% of patients)", "")
    axes.set_yticks(range(len(_rows())), _rows(), fontsize="small")
    _zero(axes, "y")
    top = axes.secondary_xaxis("top")
    top.set_xticks(
        [100 / n for n in _PATIENTS] + [0] + [-100 / n for n in (10, 20)],
        [*map(str, _PATIENTS), "∞", *("10", "20")],
    )
    top.set_xlabel("Number needed (benefit ← ∞ → harm)")
    artists = {"bars": axes.hlines(np.arange(10), 0, 0, color=plots.GREY, lw=1)}
    return artists | lines(
        axes,
        {
            "others": _dots(plots.GREY, "o", ms=4),
            "chosen": {"color": _COLOUR, "lw": 3},
            "guess": _dots(_COLOUR, _MARKER, ms=8),
        },
    )


def _price_draw(
    artists: Mapping[str, Any], event: str, dose: str, size: str, level_percent: float
) -> Seen:
    level, times = level_percent / 100, _SIZES[size]
    found = {
        (name, mg): compare.risk_difference(*(times * count for count in counts), level=level)
        for (name, mg), counts in _counts().items()
    }
    here = [name for name in _rows() if (name, dose) in found]
    ends = [(100 * found[n, dose].low, 100 * found[n, dose].high) for n in here]
    artists["bars"].set_segments([[(a, y), (b, y)] for y, (a, b) in enumerate(ends)])
    artists["others"].set_data([100 * found[n, dose].value for n in here], np.arange(len(here)))
    place = here.index(event)
    artists["chosen"].set_data(ends[place], [place, place])
    chosen = found[event, dose]
    artists["guess"].set_data([100 * chosen.value], [place])
    needed = compare.number_needed_to_harm(
        *(times * count for count in _counts()[event, dose]), level=level
    )
    on_drug, n_drug, on_placebo, n_placebo = _counts()[event, dose]
    shown = chosen.low > 0
    farthest = needed.harm[1] if shown else np.inf
    numbers = f"{number(needed.harm[0])} to {number(farthest)}: harm is shown"
    if not shown:
        numbers = (
            f"{number(needed.harm[0])} through infinity to {number(needed.benefit[0])} for "
            "benefit: not shown"
        )
    other = "40 mg" if dose == "80 mg" else "80 mg"
    harms = sum(found[n, dose].low > 0 for n in here)
    return Seen(
        f"{event.capitalize()}, {dose}: {number(100 * on_drug / n_drug)} % of "
        f"{number(times * n_drug, 4)} on drug, {number(100 * on_placebo / n_placebo)} % of "
        f"{number(times * n_placebo, 4)} on placebo, difference "
        f"{number(100 * chosen.value)} points ({number(100 * chosen.low, 2)} to "
        f"{number(100 * chosen.high)}, {number(level_percent)} % interval). Number needed "
        f"to harm {number(needed.value)} ({numbers}). Of these ten intervals {harms} "
        f"lie above 0.",
        shown=bool(shown),
        other_shown=bool(found[event, other].low > 0),
        farthest=float(farthest) if shown else -1.0,
    )


price = Explorer(
    "lesson11/price",
    "Ten of twelve events of one trial",
    [
        Choice("event", "Event", _EVENTS, "headache"),
        Choice("dose", "Daily dose", ("40 mg", "80 mg")),
        Choice("size", "Patients", tuple(_SIZES), short="patients"),
        Control("level_percent", "Level of the interval", "%", 80, 99, 95, steps=19,
                short="interval"),
    ],
    _price_stage,
    _price_draw,
    goals=[ask.NOT_AT_40, ask.MORE_PATIENTS],
    keep=("chosen", "guess"),
    prediction="lesson11/one_more",
)  # fmt: skip

# -- the dose they ended on ------------------------------------------------------------------------

_DOSES = (40, 80, 120)
_GROUPS = ("placebo", *(f"{mg} mg" for mg in _DOSES))


@lru_cache(maxsize=64)
def _ended(decides: str, n_per_arm: int, trial: int) -> tuple[tuple[float, float, int], ...]:
    """Return mean change, its error and number of patients of placebo and of each last dose."""
    plan = trials.published_design("gommoll2014")
    if decides == "a lottery":
        control, drug = plan.arms
        fixed = [replace(drug, name=f"{mg} mg", dose_mg=float(mg), flexible=False) for mg in _DOSES]
        plan = replace(plan, name="by lot", arms=(control, *fixed))
    run = trials.simulate_trial(plan, n_per_arm=n_per_arm, dropout="none", rng=trial)
    moved = run.madrs_complete[:, -1] - run.baseline
    last_mg = np.array([0.0, *(arm.dose_mg for arm in plan.arms[1:])])[run.arm]
    if decides != "a lottery":
        last_mg = np.where(run.arm == 0, 0.0, run.dose_mg[:, -1])
    groups = [moved[last_mg == mg] for mg in (0, *_DOSES)]
    return tuple((float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x))), len(x)) for x in groups)


def _ended_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(-0.5, 3.5), ylim=(-36, 0))
    plots.label(axes, "Last dose", "Mean change in 8 weeks (points)")
    axes.set_xticks(range(4), labels=list(_GROUPS))
    artists: dict[str, Any] = {"bars": axes.vlines(range(4), 0, 0, color=plots.GREY, lw=2)}
    artists |= lines(
        axes,
        {
            "drug": _dots(_COLOUR, _MARKER, ms=9, label="drug"),
            "placebo": _dots(plots.GREY, "x", ms=9, mew=2, label="placebo"),
        },
    )
    figure.legend(
        handles=[artists["drug"], artists["placebo"]],
        loc="outside upper center", ncols=2, frameon=False,
    )  # fmt: skip
    return artists


def _ended_draw(artists: Mapping[str, Any], decides: str, n_per_arm: float, trial: int) -> Seen:
    groups = _ended(decides, round(n_per_arm), trial)
    means = [told(_points(mean)) for mean, _, _ in groups]
    artists["bars"].set_segments(
        [
            [(x, max(m - _CRITICAL * e, -36)), (x, min(m + _CRITICAL * e, 0))]
            for x, (m, e, _) in enumerate(groups)
        ]
    )
    artists["drug"].set_data([1, 2, 3], means[1:])
    artists["placebo"].set_data([0], means[:1])
    said = ", ".join(
        f"{name} {_points(mean)} ({number(count, 4)})"
        for name, mean, (_, _, count) in zip(_GROUPS[1:], means[1:], groups[1:], strict=True)
    )
    gap = told(_points(means[3] - means[0]))
    spread = told(_points(max(means[1:]) - min(means[1:])))
    return Seen(
        f"Trial {trial}, the dose set by {decides}: mean change {_points(means[0])} on placebo "
        f"({number(groups[0][2], 4)} patients); by the last dose {said}. 120 mg minus placebo: "
        f"{_points(gap)}; the doses lie {_points(spread)} apart.",
        gap_120=gap,
        spread=spread,
    )


last_dose = Explorer(
    "lesson11/last_dose",
    "The dose they ended on",
    [
        Choice("decides", "The dose is set by", ("a lottery", "the response")),
        Control("n_per_arm", "Size of each arm", "patients", 150, 600, 180, steps=45, short="n"),
        Control("trial", "Trial", "", 1, 20, 4, "whole"),
    ],
    _ended_stage,
    _ended_draw,
    goals=[ask.NO_BETTER, ask.BY_LOT],
    prediction="lesson11/least_improved",
)
