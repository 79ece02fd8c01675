"""Lesson 02, how tightly a drug binds: saturation, competition, depletion, noise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import binding, plots
from snrilab.exercises import lesson02 as ask
from snrilab.explore import (
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

    from snrilab._estimate import Estimate

_TRUE = {"color": plots.VERMILION, "ls": (0, (2, 2))}

# -- saturation: what was tested, and the curve fitted to it -------------------------------------

_SHARES = np.array([1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1])  # of the highest concentration
_WELL_ERROR = 0.04 * np.random.default_rng(122).standard_normal((2, _SHARES.size))  # illustrative
_WELL_ERROR -= _WELL_ERROR.mean(axis=1, keepdims=True)


def _saturation_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 40), ylim=(0, 1350))
    plots.label(axes, "Free radioligand (nM)", "Bound (fmol/mg protein)")
    artists: dict[str, Any] = {}
    for kind in ("total", "specific", "nonspecific"):
        colour, line, marker = plots.LOOK[kind]
        curve = {"color": colour, "ls": line, "lw": 2, "label": kind}
        wells = {"color": colour, "ls": "", "marker": marker, "ms": 5}
        artists |= lines(axes, {kind: curve, f"{kind} wells": wells})
    artists |= mark(axes, "Bmax", colour=plots.BLUE, line=(0, (6, 4)))
    artists |= mark(axes, "Kd", colour=plots.VERMILION, line=(0, (2, 2)))
    axes.legend(loc="upper left", frameon=False, ncols=3, columnspacing=1.2)
    return artists


def _saturation_draw(
    artists: Mapping[str, Any],
    kd_nM: float,
    bmax: float,
    nonspecific_per_nM: float,
    highest_nM: float,
) -> Seen:
    tested_nM = highest_nM * _SHARES
    nonspecific = binding.nonspecific_binding(tested_nM, nonspecific_per_nM)
    total = (binding.saturation(tested_nM, bmax, kd_nM) + nonspecific) * (1 + _WELL_ERROR[0])
    nonspecific = nonspecific * (1 + _WELL_ERROR[1])
    fit = binding.fit_saturation(tested_nM, total, nonspecific=nonspecific, unit="fmol/mg")
    sites, half_nM, slope = (fit[name] for name in ("bmax", "kd_nM", "nonspecific_per_nM"))
    line_nM = np.linspace(0.0, highest_nM, 121)
    specific = binding.saturation(line_nM, sites.value, half_nM.value)
    # Where almost nothing binds nonspecifically, the scatter can make the fitted slope negative.
    beside = binding.nonspecific_binding(line_nM, max(slope.value, 0.0))
    curves = {"specific": specific, "nonspecific": beside, "total": specific + beside}
    wells = {"specific": total - nonspecific, "nonspecific": nonspecific, "total": total}
    for kind, curve in curves.items():
        artists[kind].set_data(line_nM, curve)
        artists[f"{kind} wells"].set_data(tested_nM, wells[kind])
    half, level = half_nM.value, sites.value
    in_sight, on_axes = half <= highest_nM, level <= 1350
    at = (half + 0.5, 0.35 * level)
    move_mark(artists, "Kd", [half, half], [0, level / 2], at, visible=in_sight)
    at = (highest_nM + 0.4, level)
    move_mark(artists, "Bmax", [0, highest_nM], [level, level], at, visible=on_axes)
    filled = round(float(binding.saturation(highest_nM, 1.0, kd_nM)), 9)
    beside_nM = nonspecific_per_nM * highest_nM
    share = percent(beside_nM / (beside_nM + bmax * filled))
    verdict = "the plateau is in sight" if filled >= 0.9 else "still climbing"
    return Seen(
        f"Tested up to {number(highest_nM)} nM, {times(highest_nM / kd_nM)} times Kd, which fills "
        f"{percent(filled, border=0.9)} of the sites: {verdict}. The fit gives "
        f"Bmax {number(level)} fmol/mg (95 % interval {_span(sites)}) and Kd {number(half)} nM "
        f"({_span(half_nM)}). At the top {share} of the total is nonspecific.",
        filled=filled,
        share=round(told(share) / 100, 4),
        fold=sites.high / max(sites.low, 1e-9),
    )


def _span(estimate: Estimate) -> str:
    """Say an interval; an end that is fifty times away is no end worth naming."""
    low, high = number(estimate.low), number(estimate.high)
    if estimate.low * 50 < estimate.value:
        return "these wells set no limit"
    return f"{low} to no upper limit" if estimate.high > 50 * estimate.value else f"{low} to {high}"


saturation = Explorer(
    "lesson02/saturation",
    "Saturation binding",
    [
        Control("kd_nM", "Radioligand Kd", "nM", 0.2, 20, 2.5, "log", short="Kd"),
        Control("bmax", "Sites, Bmax", "fmol/mg protein", 100, 600, 500, short="Bmax"),
        Control(
            "nonspecific_per_nM", "Nonspecific", "fmol/mg for each nM", 0.5, 18, 15, "linear", 35
        ),
        Control("highest_nM", "Highest tested", "nM", 0.2, 36, 5, "log", 70, "highest"),
    ],
    _saturation_stage,
    _saturation_draw,
    goals=[ask.PLATEAU, ask.FILTER, ask.STOPPED],
    keep=("specific",),
    prediction="lesson02/nine_tenths",
)

# -- competition: why the IC50 moves while the Ki stays ------------------------------------------

_DRUG_NM = np.logspace(-2, 6, 321)
_TOLERATED = 0.1  # a Ki that is further from the truth gets a warning


def _competition_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(1e-2, 1e6), ylim=(0, 118), xscale="log")
    plots.label(axes, "Drug added (nM)", "Specific binding (% without drug)")
    axes.set_yticks(range(0, 101, 25))
    axes.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    curve = {"color": plots.BLUE, "lw": 3.5, "label": "in this well"}
    artists = lines(axes, {"curve": curve, "half": {"color": plots.BLACK, "marker": "o", "ls": ""}})
    artists |= mark(axes, "Ki", colour=plots.VERMILION, line=(0, (2, 2)), ha="right")
    return artists | mark(axes, "IC50", colour=plots.BLACK, line="-")


def _competition_draw(
    artists: Mapping[str, Any], radioligand_nM: float, kd_nM: float, ki_nM: float
) -> Seen:
    ic50_nM = float(binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM))
    artists["curve"].set_data(_DRUG_NM, _free_percent(radioligand_nM, kd_nM, ki_nM))
    _mark_half(artists, ki_nM, ic50_nM)
    alone = float(binding.saturation(radioligand_nM, 1.0, kd_nM))
    return Seen(
        f"IC50 is {number(ic50_nM)} nM, {times(ic50_nM / ki_nM, 3)} times the Ki of "
        f"{number(ki_nM)} nM. Without drug the radioligand, at {times(radioligand_nM / kd_nM)} "
        f"times its Kd, fills {percent(alone)} of the sites.",
        ratio=round(ic50_nM / ki_nM, 2),
    )


def _free_percent(radioligand_nM: float, kd_nM: float, ki_nM: float) -> Any:
    """Specific binding in per cent of that without drug, if what was added is all free."""
    bound = binding.competition(_DRUG_NM, radioligand_nM, kd_nM, ki_nM, bmax=1.0)
    return 100 * bound / binding.saturation(radioligand_nM, bmax=1.0, kd_nM=kd_nM)


def _mark_half(artists: Mapping[str, Any], ki_nM: float, ic50_nM: float) -> None:
    move_mark(artists, "Ki", [ki_nM, ki_nM], [0, 50], (ki_nM / 1.2, 6))
    move_mark(artists, "IC50", [ic50_nM, ic50_nM], [0, 50], (ic50_nM * 1.2, 6))
    artists["half"].set_data([ic50_nM], [50])


_LIGAND = (
    Control("radioligand_nM", "Radioligand added", "nM", 0.1, 30, 1, "log", short="radioligand"),
    Control("kd_nM", "Radioligand Kd", "nM", 0.3, 10, 2.5, "log", short="Kd"),
)
_KI = Control("ki_nM", "Drug's Ki", "nM", 0.1, 1000, 11.2, "log", 80, "Ki")

competition = Explorer(
    "lesson02/competition",
    "Competition binding",
    [*_LIGAND, _KI],
    _competition_stage,
    _competition_draw,
    goals=[ask.DOUBLE, ask.NEAR, ask.TIGHTER_RADIOLIGAND],
    keep=("curve",),
    prediction="lesson02/two_labs",
)


def _depletion_stage(figure: Figure) -> Mapping[str, Any]:
    artists = {**_competition_stage(figure)}
    (axes,) = figure.axes
    look = {"color": plots.BLACK, "lw": 1.4, "ls": (0, (4, 3)), "label": "if all added were free"}
    artists |= lines(axes, {"ideal": look})
    axes.set_ylim(0, 140)  # room for the key above the curves
    axes.legend(loc="upper right", frameon=False, handlelength=2.6)
    return artists


def _depletion_draw(
    artists: Mapping[str, Any],
    radioligand_nM: float,
    kd_nM: float,
    ki_nM: float,
    receptor_nM: float,
) -> Seen:
    assay = (radioligand_nM, receptor_nM, kd_nM)
    alone = binding.saturation_depletion(*assay)
    bound = binding.competition_depletion(_DRUG_NM, *assay, ki_nM)
    ic50_nM = float(binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM, receptor_nM))
    artists["curve"].set_data(_DRUG_NM, 100 * bound / alone)
    artists["ideal"].set_data(_DRUG_NM, _free_percent(radioligand_nM, kd_nM, ki_nM))
    _mark_half(artists, ki_nM, ic50_nM)
    open_nM = binding.free_receptor(ic50_nM, *assay, ki_nM)
    error = _error(ki_nM, *assay)
    return Seen(
        f"IC50 is {number(ic50_nM)} nM, {times(ic50_nM / ki_nM, 3)} times the Ki of "
        f"{number(ki_nM)} nM. The sites take {percent(alone / radioligand_nM)} of the "
        f"radioligand and, at the IC50, {percent(open_nM / (ki_nM + open_nM))} of the drug. "
        + _verdict(ki_nM * (1.0 + error), error),
        error=round(error, 2),
        worst=max(abs(_error(other_nM, *assay)) for other_nM in (0.1, 20.0)),
    )


def _error(ki_nM: float, radioligand_nM: float, receptor_nM: float, kd_nM: float) -> float:
    """Relative error of the Ki that Cheng-Prusoff makes of the IC50."""
    ic50_nM = binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM, receptor_nM)
    return float(binding.cheng_prusoff(ic50_nM, radioligand_nM, kd_nM) / ki_nM - 1.0)


def _verdict(corrected_nM: float, error: float) -> str:
    """Say how wrong the corrected Ki is: what is taken alone does not tell."""
    gives = f"gives {number(corrected_nM)} nM"
    if abs(error) < 0.01:
        return f"Cheng-Prusoff {gives}, less than 1 % wrong."
    wrong = f"{gives}, {percent(abs(error))} too {'high' if error > 0 else 'low'}"
    if round(abs(error), 2) <= _TOLERATED:
        return f"Cheng-Prusoff {wrong}."
    return f"Too much: Cheng-Prusoff, which counts all of both as free, {wrong}."


depletion = replace(
    competition,
    name="lesson02/depletion",
    title="Competition binding with ligand depletion",
    controls=[
        *_LIGAND,
        replace(_KI, default=0.1),
        Control("receptor_nM", "Sites in the well", "nM", 0.001, 10, 0.01, "log", short="sites"),
    ],
    stage=_depletion_stage,
    draw=_depletion_draw,
    goals=[ask.DRUG_USED_UP, ask.RADIOLIGAND_USED_UP, ask.RIGHT_FOR_BOTH],
    prediction="lesson02/within_the_rule",
)

# -- noise: one assay, and two hundred of them ---------------------------------------------------

ASSAYS = 200  # repeated experiments: enough for a 95 % range, few enough to be instant
_TESTED_NM = np.concatenate([[0.0], np.geomspace(0.3, 3000, 9)])
_RADIOLIGAND_NM, _KD_NM, _KI_NM = 1.0, 2.5, 20.0  # illustrative
_KI_AXIS_NM = (2.0, 200.0)
_HIGHEST_PERCENT = 160.0
_MOST_REPLICATES = 6
_SCATTER = np.random.default_rng(2026).standard_normal(
    (2, _MOST_REPLICATES, _TESTED_NM.size, ASSAYS)
)  # the same for every setting, so that what changes in the picture is what the setting does
_SPREAD = 0.7 * np.random.default_rng(7).uniform(-1, 1, ASSAYS)  # so that dots do not hide dots


def _noise_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, width_ratios=(3, 1.6))
    left.set(xlim=(0.02, 6000), ylim=(0, _HIGHEST_PERCENT), xscale="log")
    plots.label(left, "Drug (nM)", "Counts (% expected without drug)")
    right.set(xlim=(-2.4, 1.7), ylim=_KI_AXIS_NM, yscale="log", xticks=[])
    plots.label(right, f"{ASSAYS} repeats\n(simulated)", "Ki (nM)")
    right.set_yticks([2, 5, 10, 20, 50, 100, 200], ["2", "5", "10", "20", "50", "100", "200"])
    right.set_yticks([], minor=True)
    right.axhline(_KI_NM, lw=1.5, **_TRUE)
    right.text(-2.2, _KI_NM, "true", va="bottom")
    dot = {"color": plots.GREY, "marker": "o", "ls": ""}
    artists = lines(
        left,
        {
            "expected": {**_TRUE, "label": "expected"},
            "wells": {**dot, "ms": 4, "label": "wells"},
            "fitted": {"color": plots.BLUE, "lw": 2.5, "label": "fitted"},
        },
    )
    left.legend(loc="upper right", frameon=False)
    return artists | lines(
        right,
        {
            "estimates": {**dot, "ms": 2.5},
            "range": {"color": plots.BLACK, "lw": 2},
            "shown": {"color": plots.BLUE, "marker": "D", "ms": 8, "ls": ""},
        },
    )


def _noise_draw(
    artists: Mapping[str, Any],
    counts: float,
    nonspecific_percent: float,
    pipetting_percent: float,
    replicates: int,
    shown: int,
) -> Seen:
    bottom = counts * nonspecific_percent / 100
    specific = counts - bottom
    ic50_nM = binding.ic50_from_ki(_KI_NM, _RADIOLIGAND_NM, _KD_NM)
    expected = bottom + specific * (1.0 - binding.hill(_TESTED_NM, ic50_nM))
    wells = binding.simulate_repeats(expected, pipetting_percent / 100, _SCATTER[:, :replicates])
    start = {"top": counts, "bottom": bottom, "ic50_nM": float(ic50_nM)}
    found = binding.fit_repeats(_TESTED_NM, wells.mean(axis=0), start, hill=1.0)
    top, floor, fitted_nM = found["top"], found["bottom"], found["ic50_nM"]
    ki_nM = binding.cheng_prusoff(fitted_nM, _RADIOLIGAND_NM, _KD_NM)
    low, high = np.quantile(ki_nM, [0.025, 0.975])
    one = shown - 1
    line_nM = np.geomspace(0.02, 6000, 120)
    per_cent = 100 / counts
    curve = bottom + specific * (1 - binding.hill(line_nM, ic50_nM))
    artists["expected"].set_data(line_nM, per_cent * curve)
    curve = floor[one] + (top - floor)[one] * (1 - binding.hill(line_nM, fitted_nM[one]))
    artists["fitted"].set_data(line_nM, np.clip(per_cent * curve, 0, _HIGHEST_PERCENT))
    # What lies outside is drawn on the edge; the well without drug stands at the left.
    places = np.tile(np.where(_TESTED_NM > 0, _TESTED_NM, 0.04), replicates)
    heights = np.clip(per_cent * wells[:, :, one].ravel(), 0, _HIGHEST_PERCENT)
    artists["wells"].set_data(places, heights)
    artists["estimates"].set_data(_SPREAD, np.clip(ki_nM, *_KI_AXIS_NM))
    artists["range"].set_data([1.25, 1.25], np.clip([low, high], *_KI_AXIS_NM))
    artists["shown"].set_data([0], np.clip(ki_nM[[one]], *_KI_AXIS_NM))
    fold = f" ({times(high / low, 3)}-fold)" if high / low < 100 else ""
    return Seen(
        f"In {ASSAYS} repeats of this assay 95 % of the Ki range from {_on_axis(low)} to "
        f"{_on_axis(high)} nM{fold}; the true Ki is {_KI_NM:g} nM. The assay shown gives "
        f"{_on_axis(ki_nM[one])} nM. Without drug, counting adds "
        f"{number(100 / np.sqrt(counts), 2)} % of noise to a well, pipetting "
        f"{number(pipetting_percent, 2)} %.",
        fold=told(times(high / low, 3)),
    )


def _on_axis(value: float) -> str:
    low, high = _KI_AXIS_NM
    if value < low:
        return f"below {low:g}"
    return number(value) if value <= high else f"above {high:g}"


noise = Explorer(
    "lesson02/noise",
    "Noise and the Ki",
    [
        Control("counts", "Counts without drug", "per well", 100, 30000, 2000, "log"),
        Control("nonspecific_percent", "Nonspecific share", "%", 5, 80, 20, steps=30),
        Control("pipetting_percent", "Pipetting error", "%", 0, 15, 5, steps=30),
        Control("replicates", "Wells of each kind", "", 1, _MOST_REPLICATES, 3, scale="whole"),
        Control("shown", "Which repeat to show", "", 1, 50, 1, scale="whole"),
    ],
    _noise_stage,
    _noise_draw,
    goals=[ask.NARROW, ask.COUNTING_MATTERS, ask.RUMOUR],
    prediction="lesson02/count_longer",
)
