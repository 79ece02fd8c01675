"""Lesson 04, who prefers what: published ratios, how far laboratories differ, the floor."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from snrilab import compare, evidence, mechanism, plots
from snrilab.exercises import lesson04 as ask
from snrilab.explore import Choice, Control, Explorer, Seen, lines, number, percent, times, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

# -- ratios: every published one on one axis -----------------------------------------------------

_DRUGS = ("levomilnacipran", "milnacipran", "desvenlafaxine", "duloxetine", "venlafaxine")
_GUIDE, _EVERY = "the guide", "every source"
_NAMES = {
    "auclair2013": "Auclair",
    "bymaster2001": "Bymaster",
    "deecher2006": "Deecher",
    "mochizuki2002": "Mochizuki (rats)",
    "tatsumi1997": "Tatsumi",
    "vaishnavi2004": "Vaishnavi",
    "fetzima_label": "the label",
    "seed_002": _GUIDE,
}
_BOTH = "binding and uptake"
_WIDE_IN = 4.8  # a picture that has room for a key of four names on one line
_BASES = {"binding": ("binding_Ki", "binding_Kd"), "uptake": ("uptake_IC50",)}
_LOOKS = {"binding": (plots.BLACK, "o", 0.14), "uptake": (plots.GREY, "^", -0.14)}


class _Ratio(NamedTuple):
    """One published NET over SERT ratio.

    `read` is False when it is recalled; `reckoned` says from what it was worked out, where the
    source prints neither the ratio nor both constants.
    """

    drug: str
    basis: str
    source: str
    ratio: float
    read: bool
    reckoned: str = ""


@cache
def _ratios() -> tuple[_Ratio, ...]:
    """Return the ratios of all sources; one that was itself read replaces a recalled pair."""
    found: dict[tuple[str, str, str], _Ratio] = {}
    for basis, names in _BASES.items():
        for one in (one for name in names for one in compare.selectivity_by_lab(basis=name)):
            read = "recalled" not in one.trust
            source = _NAMES.get(one.source, one.source)
            found[one.drug, basis, source] = _Ratio(one.drug, basis, source, one.ratio, read)
    for row in evidence.find(quantity="selectivity", provenance=("found", "seed")):
        for basis in (basis for basis, names in _BASES.items() if row.basis in names):
            source = _NAMES[row.source if row.provenance == "found" else "seed_002"]
            earlier = found.get((row.drug, basis, source))
            if earlier is None or not earlier.read:
                found[row.drug, basis, source] = _Ratio(row.drug, basis, source, float(row), True)
    for row in evidence.find(drug="levomilnacipran", quantity="NE_selectivity_fold"):
        source = _NAMES[row.source]
        own = found["levomilnacipran", "uptake", source].ratio
        reckoned = f"{number(float(row))} times {number(own, 2)}"
        found[row.comparator, "uptake", source] = _Ratio(
            row.comparator, "uptake", source, own * float(row), True, reckoned
        )
    return tuple(one for one in found.values() if one.drug in _DRUGS)


def _ratios_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0.08, 400), ylim=(-0.6, 5.4))
    plots.plain_log_axis(axes)
    plots.label(axes, "NET constant / SERT constant", "")
    axes.set_yticks(range(5), _DRUGS[::-1])
    axes.axvline(1, color=plots.BLACK, lw=0.8, ls=":")
    axes.text(0.93, 5.05, "prefers NET", ha="right", va="center")
    axes.text(1.08, 5.05, "prefers SERT", va="center")
    looks: dict[str, dict[str, Any]] = {}
    for basis, (colour, marker, _) in _LOOKS.items():
        dot = {"color": colour, "marker": marker, "ms": 8, "ls": "", "mew": 1.5}
        looks[basis] = {**dot, "label": basis}
        looks[f"{basis}, recalled"] = {**dot, "mfc": "none", "label": f"{basis}, recalled"}
    artists = lines(axes, looks)
    artists["rats"] = axes.text(1, 0, "rats", ha="left", va="center")
    _key(figure, 4)
    return artists


def _key(figure: Figure, columns: int) -> None:
    """Put the key above the picture, on two lines where one is too long for the page."""
    wide = figure.get_figwidth() >= _WIDE_IN
    ncols = columns if wide else (columns + 1) // 2
    figure.legend(loc="outside upper center", ncols=ncols, frameon=False, columnspacing=1)


def _ratios_draw(artists: Mapping[str, Any], basis: str, source: str) -> Seen:
    bases = tuple(_BASES) if basis == _BOTH else (basis,)
    shown = [
        one
        for one in _ratios()
        if one.basis in bases
        and (one.source != _GUIDE if source == _EVERY else one.source == source)
    ]
    for name, (_, _, shift) in _LOOKS.items():
        for read, artist in ((True, name), (False, f"{name}, recalled")):
            points = [one for one in shown if (one.basis, one.read) == (name, read)]
            heights = [_height(one, shown, shift) for one in points]
            artists[artist].set_data([one.ratio for one in points], heights)
    rats = [one for one in shown if "rats" in one.source]
    artists["rats"].set_visible(bool(rats))
    for one in rats:
        height = _height(one, shown, _LOOKS[one.basis][2])
        artists["rats"].set_position((one.ratio * 1.15, height - 0.28))
    said = [f"{each.capitalize()}: {_listed(shown, each)}." for each in bases]
    return Seen(
        f"Source: {source}. {' '.join(said)} {_judged(shown, source)}",
        fair=not _unlike(shown, source),
        drugs=len({one.drug for one in shown}),
    )


def _height(one: _Ratio, shown: Sequence[_Ratio], shift: float) -> float:
    """Say how high a point stands: above, or below, one that it would cover."""
    same = sorted(
        other.ratio for other in shown if (other.drug, other.basis) == (one.drug, one.basis)
    )
    place = same.index(one.ratio)
    covered = place > 0 and same[place] < 1.2 * same[place - 1]
    return 4 - _DRUGS.index(one.drug) + shift * (2.2 if covered else 1)


def _listed(shown: Sequence[_Ratio], basis: str) -> str:
    """Say every ratio of a basis, drug by drug; recalled ones in brackets."""
    one_source = len({one.source for one in shown}) == 1
    drugs = []
    for drug in _DRUGS:
        own = sorted(one for one in shown if (one.drug, one.basis) == (drug, basis))
        said = [
            f"{number(one.ratio, 2)}{' in rats' if 'rats' in one.source else ''}"
            f"{f' ({one.reckoned})' if one.reckoned and one_source else ''}"
            if one.read
            else f"({number(one.ratio, 2)})"
            for one in own
        ]
        drugs += [f"{drug} {', '.join(said)}"] if said else []
    return "; ".join(drugs) or "no ratio"


def _unlike(shown: Sequence[_Ratio], source: str) -> list[str]:
    """Return what forbids a ranking."""
    doubts = {
        "two bases": len({one.basis for one in shown}) > 1,
        "no laboratory named": source == _GUIDE,
        "several sources": len({one.source for one in shown}) > 1,
        "recalled numbers, in brackets": not all(one.read for one in shown),
    }
    return [doubt for doubt, there in doubts.items() if there]


def _judged(shown: Sequence[_Ratio], source: str) -> str:
    drugs = {one.drug for one in shown}
    if len(drugs) < 2:
        return "Nothing to rank."
    doubts = _unlike(shown, source)
    if doubts:
        return f"Not like for like: {', '.join(doubts)}."
    first = max(shown, key=lambda one: one.ratio).drug
    return f"Like for like, {len(drugs)} drugs: {first} has the highest ratio."


ratios = Explorer(
    "lesson04/ratios",
    "Every published ratio on one axis",
    [
        Choice("basis", "Basis", (_BOTH, *_BASES)),
        Choice("source", "Source", (_GUIDE, _EVERY, *list(_NAMES.values())[:-1])),
    ],
    _ratios_stage,
    _ratios_draw,
    goals=[ask.FAIR, ask.TRACE],
    prediction="lesson04/who_leads",
)

# -- scatter: what laboratories would report -----------------------------------------------------

_APART = np.geomspace(1, 30, 120)  # how many times two laboratories are apart
_TOP = 1.4  # share of laboratories in an e-fold, where the curve is cut
_REPORTED = np.geomspace(0.01, 1000, 241)


@cache
def _comparison(curation: str) -> tuple[float, float]:
    """Per cent of pairs of published values more than 2-fold and more than 10-fold apart."""
    rows = evidence.find(quantity="assay_disagreement", source="landrum2024")
    two, ten = (
        float(next(r for r in rows if f"{curation} curation: more than {log}" in r.condition))
        for log in ("0.3 log", "1 log")
    )
    return two, ten


def _scatter_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2)
    left.set(xlim=(1, 30), ylim=(0, 105))
    left.set(xscale="log")
    left.set_xticks([1, 2, 5, 10, 30], ["1", "2", "5", "10", "30"])
    left.set_xticks([], minor=True)
    plots.label(left, "Times apart", "Pairs further apart (%)")
    for curation, marker, face in (("minimal", "^", "none"), ("maximal", "o", plots.BLACK)):
        dots = left.plot([2, 10], _comparison(curation), color=plots.BLACK, marker=marker, ls="")
        dots[0].set(markerfacecolor=face, markersize=7, label=f"{curation} curation")
    curve = {"color": plots.BLUE, "lw": 2.5}
    artists = lines(left, {"pairs": {**curve, "label": "this scatter"}})
    right.set(xlim=(0.01, 1000), ylim=(0, 1.05 * _TOP), xscale="log", yticks=[])
    right.set_xticks([0.01, 0.1, 1, 10, 100, 1000], ["0.01", "", "1", "", "100", ""])
    right.set_xticks([], minor=True)
    plots.label(right, "Ratio found", "Laboratories")
    right.axvline(1, color=plots.BLACK, lw=0.8, ls=":")
    right.text(0.85, 0.98 * _TOP, "NET", ha="right", va="center")
    right.text(1.2, 0.98 * _TOP, "SERT", va="center")
    _key(figure, 3)
    (wrong,) = right.fill([1, 1, 1], [0, 0, 0], facecolor=plots.GREY, alpha=0.5, edgecolor="none")
    return {**artists, "wrong side": wrong, **lines(right, {"found": curve})}


def _scatter_draw(
    artists: Mapping[str, Any], true_ratio: float, scatter_fold: float, shared_percent: float
) -> Seen:
    one_log = np.log(scatter_fold)
    pairs = 2 * ndtr(-np.log([*_APART, 2, 10]) / (one_log * np.sqrt(2)))
    artists["pairs"].set_data(_APART, 100 * pairs[:-2])
    ratio_log = one_log * np.sqrt(2 * (1 - shared_percent / 100))
    # One area for all, so that grey can be compared; the steepest do not fit into the picture.
    apart = np.log(_REPORTED / true_ratio) / ratio_log
    whole = np.exp(-(apart**2) / 2) / (ratio_log * np.sqrt(2 * np.pi))
    heights = np.minimum(whole, _TOP)
    artists["found"].set_data(_REPORTED, heights)
    wrong = (_REPORTED >= 1) if true_ratio < 1 else (_REPORTED <= 1)
    edge = _REPORTED[wrong]
    outline = np.column_stack([edge, heights[wrong]])
    artists["wrong side"].set_xy(np.vstack([[edge[0], 0], outline, [edge[-1], 0]]))
    flipped = float(ndtr(-abs(np.log(true_ratio)) / ratio_log))
    low, high = true_ratio * np.exp(np.array([-1.96, 1.96]) * ratio_log)
    least = number(low, 1 if low < 0.01 else 2)
    two, ten = _comparison("maximal")
    raw_two, raw_ten = _comparison("minimal")
    other = "the other transporter" if true_ratio != 1 else "SERT, as many NET,"
    return Seen(
        f"True ratio {number(true_ratio)}: 95 % of laboratories find {least} to "
        f"{number(high, 2)}, and {_share(flipped)} find {other} preferred. In one "
        f"constant two laboratories are more than two-fold apart in {percent(pairs[-2])} of pairs "
        f"(found: {two:g} % after maximal curation, {raw_two:g} % after minimal), more than "
        f"ten-fold in {percent(pairs[-1])} (found: {ten:g} and {raw_ten:g} %)."
        f"{' The curve is cut off at the top.' if np.max(whole) > _TOP else ''}",
        flipped=told(_share(flipped)) / 100,
        beyond_two=told(percent(pairs[-2])) / 100,
    )


def _share(fraction: float) -> str:
    """Per cent with one decimal below ten: goals are about 5 %."""
    return percent(fraction) if not 0.001 <= fraction < 0.1 else f"{number(100 * fraction, 2)} %"


scatter = Explorer(
    "lesson04/scatter",
    "What other laboratories would find",
    [
        Control("true_ratio", "True ratio", "NET / SERT", 0.1, 30, 0.55, "log", short="ratio"),
        Control(
            "scatter_fold", "Scatter of one constant", "fold", 1.2, 4, 1.3, "log", 36, "scatter"
        ),
        Control(
            "shared_percent",
            "Error shared by both constants",
            "%",
            0,
            90,
            0,
            steps=18,
            short="shared",
        ),
    ],
    _scatter_stage,
    _scatter_draw,
    goals=[ask.FOUND, ask.SHARED],
    keep=("found",),
    prediction="lesson04/two_papers",
)

# -- the floor: Ki against IC50 ------------------------------------------------------------------

_KI_NM, _IC50_NM = (1.0, 5000.0), (3.0, 2000.0)  # the axes
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # names stay readable


class _Pair(NamedTuple):
    """Ki and IC50 of one drug at one transporter, both read in one source."""

    drug: str
    target: str
    ki_nM: float
    ic50_nM: float


@cache
def _pairs() -> tuple[_Pair, ...]:
    """Return the papers' own pairs of a binding Ki and an uptake IC50 at human transporters."""
    found = []
    for uptake in compare.selectivity_by_lab(basis="uptake_IC50"):
        if uptake.trust != "found":  # recalled, or the middle of a range
            continue
        for binding in compare.selectivity_by_lab(uptake.drug, basis="binding_Ki"):
            if binding.source == uptake.source:
                found += [
                    _Pair(uptake.drug, "SERT", binding.sert_nM, uptake.sert_nM),
                    _Pair(uptake.drug, "NET", binding.net_nM, uptake.net_nM),
                ]
    return tuple(found)


def _floor_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=_KI_NM, ylim=_IC50_NM, xscale="log", yscale="log")
    plots.label(axes, "Ki, binding (nM)", "IC50, uptake (nM)")
    for axis, low in ((axes.xaxis, 1), (axes.yaxis, 10)):
        ticks = [tick for tick in (1, 10, 100, 1000) if tick >= low]
        axis.set_ticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.set_ticks([], minor=True)
    axes.plot(
        _IC50_NM, _IC50_NM, color=plots.GREY, lw=1.5, ls=(0, (4, 3)), label="floor, IC50 = Ki"
    )
    axes.text(4500, 4.2, "below the floor", ha="right", va="center")
    for target in ("SERT", "NET"):
        colour, _, marker = plots.LOOK[target]
        own = [pair for pair in _pairs() if pair.target == target]
        axes.plot([pair.ki_nM for pair in own], [pair.ic50_nM for pair in own], color=colour,
                  marker=marker, ls="", ms=8, label=target)  # fmt: skip
    colour, _, marker = plots.LOOK["NET"]
    looks = {
        "line": {"color": plots.BLACK, "lw": 2.5, "label": "this inhibition"},
        "error": {"color": colour, "lw": 2},
        "moved": {"color": colour, "marker": marker, "ms": 12, "mfc": "none", "ls": ""},
    }
    artists = lines(axes, looks)
    for pair in _pairs():
        above = pair[:2] == ("levomilnacipran", "SERT")
        at = (pair.ki_nM * (0.85 if above else 1.2), pair.ic50_nM * (1.35 if above else 0.72))
        look: dict[str, Any] = {"ha": "right" if above else "left", "va": "center", "bbox": _PAPER}
        axes.text(*at, pair.drug, **look)  # keeps room in the layout
        artists[f"{pair.drug} {pair.target}"] = axes.text(*at, pair.drug, **look)  # over the line
    _key(figure, 4)
    return artists


def _floor_draw(
    artists: Mapping[str, Any], substrate_km: float, loaded_times: float, error_fold: float
) -> Seen:
    # Mixed inhibition: IC50 = (Km + S) / (Km/Ki + S/Kiu); competitive when Kiu is infinite.
    over_ki = (1 + substrate_km) / (1 + substrate_km * loaded_times)
    ki_nM = np.clip(np.array(_IC50_NM) / over_ki, *_KI_NM)
    artists["line"].set_data(ki_nM, np.clip(ki_nM * over_ki, *_IC50_NM))
    net = next(pair for pair in _pairs() if pair[:2] == ("levomilnacipran", "NET"))
    moved_nM = net.ki_nM / error_fold, net.ic50_nM * error_fold
    artists["error"].set_data([net.ki_nM, moved_nM[0]], [net.ic50_nM, moved_nM[1]])
    artists["moved"].set_data([moved_nM[0]], [moved_nM[1]])
    below = mechanism.uptake_consistency(moved_nM[1], moved_nM[0]).fold_below
    kind = (
        "competitive"
        if loaded_times == 0
        else f"loaded pump held {times(loaded_times)} times as tightly as the empty one"
    )
    places = [f"{pair.drug} {pair.target} {_beside(pair, over_ki)}" for pair in _pairs()]
    where = "is not below the floor" if below <= 1 else f"lies {times(below)}-fold below the floor"
    wrong = f", each number {number(error_fold)}-fold wrong," if error_fold > 1 else ""
    lifted = times(over_ki, 3 if over_ki >= 1 else 2)
    return Seen(
        f"Substrate {number(substrate_km)} Km, {kind}: the IC50 is {lifted} times the Ki. Beside "
        f"this line: {', '.join(places)}. The NET pair of levomilnacipran{wrong} {where}.",
        line_at_net=net.ki_nM * over_ki,
        net_apart=told(times(max(_above(net, over_ki), 1 / _above(net, over_ki)))),
    )


def _beside(pair: _Pair, over_ki: float) -> str:
    """Say how far a pair lies from the line."""
    fold = _above(pair, over_ki)
    if 1 / 1.05 < fold < 1.05:
        return "on it"
    return f"{times(fold)}-fold above" if fold > 1 else f"{times(1 / fold)}-fold below"


def _above(pair: _Pair, over_ki: float) -> float:
    """Return how many times the IC50 of a pair is that of the line."""
    return float(pair.ic50_nM / (pair.ki_nM * over_ki))


floor = Explorer(
    "lesson04/floor",
    "Can this Ki and this IC50 belong together?",
    [
        Control("substrate_km", "Substrate", "times Km", 0.01, 20, 0.1, "log", 50, "substrate"),
        Control(
            "loaded_times",
            "Loaded pump held",
            "times as tightly",
            0,
            40,
            0,
            steps=40,
            short="loaded",
        ),
        Control("error_fold", "Error of each NET number", "fold", 1, 5, 1, "log", 50, "error"),
    ],
    _floor_stage,
    _floor_draw,
    goals=[ask.SUBSTRATE_ALONE, ask.LOADED],
    keep=("line",),
    prediction="lesson04/each_wrong",
)
