"""Lesson 02, how tightly a drug binds: saturation, competition, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import binding, plots
from snrilab.explore import Control, Explorer, Goal, Seen, number, percent, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from snrilab._estimate import Estimate

_ON_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # a label stays readable

# -- saturation: what was tested, and the curve fitted to it -------------------------------------

_SHARES = np.array([1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1])  # of the highest concentration
_WELL_ERROR = 0.04 * np.random.default_rng(122).standard_normal((2, _SHARES.size))  # illustrative
_WELL_ERROR -= _WELL_ERROR.mean(axis=1, keepdims=True)
_PLATEAU = 0.9 - 1e-9  # nine times Kd; the last digits of a sum do not decide


def _saturation_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, 40), ylim=(0, 1350))
    plots.label(axes, "Free radioligand (nM)", "Bound (fmol/mg protein)")
    artists: dict[str, Any] = {}
    for kind in ("total", "specific", "nonspecific"):
        colour, line, marker = plots.LOOK[kind]
        (artists[kind],) = axes.plot([], [], color=colour, ls=line, lw=2, label=kind)
        (artists[f"{kind} wells"],) = axes.plot([], [], color=colour, ls="", marker=marker, ms=5)
    (artists["bmax"],) = axes.plot([], [], color=plots.BLUE, lw=1.2, ls=(0, (6, 4)))
    (artists["kd"],) = axes.plot([], [], color=plots.VERMILION, lw=1.5, ls=(0, (2, 2)))
    artists["bmax name"] = axes.text(0, 0, " Bmax", va="center")
    artists["kd name"] = axes.text(0, 0, "Kd", va="center", bbox=_ON_PAPER)
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
    beside = binding.nonspecific_binding(line_nM, slope.value)
    curves = {"specific": specific, "nonspecific": beside, "total": specific + beside}
    wells = {"specific": total - nonspecific, "nonspecific": nonspecific, "total": total}
    for kind, curve in curves.items():
        artists[kind].set_data(line_nM, curve)
        artists[f"{kind} wells"].set_data(tested_nM, wells[kind])
    seen_kd, seen_bmax = half_nM.value <= highest_nM, sites.value <= 1350
    level = sites.value / 2
    artists["kd"].set_data(*(([half_nM.value] * 2, [0, level]) if seen_kd else ([], [])))
    artists["kd name"].set(position=(half_nM.value + 0.5, 0.7 * level), visible=seen_kd)
    artists["bmax"].set_data(*(([0, highest_nM], [sites.value] * 2) if seen_bmax else ([], [])))
    artists["bmax name"].set(position=(highest_nM, sites.value), visible=seen_bmax)
    filled = round(float(binding.saturation(highest_nM, 1.0, kd_nM)), 9)
    share = nonspecific_per_nM * highest_nM
    share /= share + bmax * filled
    verdict = "the plateau is in sight" if filled >= _PLATEAU else "still climbing"
    return Seen(
        f"Tested up to {number(highest_nM)} nM, {times(highest_nM / kd_nM)} times Kd, which fills "
        f"{percent(filled)} of the sites: {verdict}. The fit gives Bmax {number(sites.value)} "
        f"fmol/mg ({_span(sites)}) and Kd {number(half_nM.value)} nM ({_span(half_nM)}). At the "
        f"top {percent(share)} of the total is nonspecific.",
        filled=filled,
        share=share,
        bmax_fold=sites.high / sites.low,
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
        Control("kd_nM", "Radioligand Kd", "nM", 0.2, 20, 2.5, scale="log"),
        Control("bmax", "Sites, Bmax", "fmol/mg protein", 100, 600, 500, steps=50),
        Control("nonspecific_per_nM", "Nonspecific", "fmol/mg per nM", 0.5, 18, 15, steps=35),
        Control("highest_nM", "Highest tested", "nM", 1, 36, 5, steps=70),
    ],
    _saturation_stage,
    _saturation_draw,
    goals=[
        Goal(
            "plateau",
            "",
            lambda kd_nM, filled: kd_nM == 2.5 and filled >= _PLATEAU,
            "Nine tenths taken leave one tenth free: nine times the Kd, and only now a plateau.",
            {"kd_nM": 2.5, "highest_nM": 23},
        ),
        Goal(
            "filter",
            "",
            lambda share: share > 0.5,
            "The sites fill up, the rest does not: testing ever higher has its price.",
            {"nonspecific_per_nM": 15, "highest_nM": 34},
        ),
        Goal(
            "clean-plateau",
            "",
            lambda filled, share: filled >= _PLATEAU and share < 0.25,
            "Less nonspecific, more sites per mg or a tighter radioligand: each pays the price.",
            {"kd_nM": 2.5, "nonspecific_per_nM": 5, "highest_nM": 23},
        ),
    ],
    keep=("specific",),
    prediction="lesson02/nine_tenths",
)

# -- competition: why the IC50 moves while the Ki stays ------------------------------------------

_INHIBITOR_NM = np.logspace(-2, 6, 321)
_TOLERATED = 0.1  # a Ki that is further from the truth gets a warning


def _competition_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(1e-2, 1e6), ylim=(0, 118), xscale="log")
    plots.label(axes, "Inhibitor added (nM)", "Specific binding (% of control)")
    axes.set_yticks(range(0, 101, 25))
    axes.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    artists: dict[str, Any] = {}
    (artists["curve"],) = axes.plot([], [], color=plots.BLUE, lw=3.5, label="in this assay")
    (artists["ideal"],) = axes.plot(
        [], [], color=plots.BLACK, lw=1.4, ls=(0, (4, 3)), label="if no ligand were used up"
    )
    (artists["ki"],) = axes.plot([], [], color=plots.VERMILION, lw=1.5, ls=(0, (2, 2)))
    (artists["ic50"],) = axes.plot([], [], color=plots.BLACK, lw=1.5)
    (artists["half"],) = axes.plot([], [], color=plots.BLACK, marker="o", ls="")
    artists["ki name"] = axes.text(1, 6, "Ki", ha="right", va="center", bbox=_ON_PAPER)
    artists["ic50 name"] = axes.text(1, 6, "IC50", va="center", bbox=_ON_PAPER)
    axes.legend(loc="upper right", frameon=False, ncols=2, handlelength=2.6)
    return artists


def _competition_draw(
    artists: Mapping[str, Any],
    radioligand_nM: float,
    kd_nM: float,
    ki_nM: float,
    receptor_nM: float,
) -> Seen:
    assay = (radioligand_nM, receptor_nM, kd_nM)
    alone = binding.saturation_depletion(*assay)
    bound = binding.competition_depletion(_INHIBITOR_NM, *assay, ki_nM)
    ideal = binding.competition(_INHIBITOR_NM, radioligand_nM, kd_nM, ki_nM, bmax=1.0)
    ideal_alone = binding.saturation(radioligand_nM, bmax=1.0, kd_nM=kd_nM)
    ic50_nM = float(binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM, receptor_nM))
    artists["curve"].set_data(_INHIBITOR_NM, 100 * bound / alone)
    artists["ideal"].set_data(_INHIBITOR_NM, 100 * ideal / ideal_alone)
    artists["ki"].set_data([ki_nM, ki_nM], [0, 50])
    artists["ic50"].set_data([ic50_nM, ic50_nM], [0, 50])
    artists["half"].set_data([ic50_nM], [50])
    artists["ki name"].set_x(ki_nM / 1.2)
    artists["ic50 name"].set_x(ic50_nM * 1.2)
    free_nM = binding.free_receptor(ic50_nM, *assay, ki_nM)
    error = _error(ki_nM, *assay)
    return Seen(
        f"IC50 is {number(ic50_nM)} nM, {times(ic50_nM / ki_nM)} times the Ki of "
        f"{number(ki_nM)} nM. The sites take {percent(alone / radioligand_nM)} of the "
        f"radioligand and, at the IC50, {percent(free_nM / (ki_nM + free_nM))} of the drug. "
        + _verdict(ki_nM * (1.0 + error), error),
        ratio=ic50_nM / ki_nM,
        error=error,
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
    if abs(error) <= _TOLERATED:
        return f"Cheng-Prusoff {wrong}."
    return f"Too much: Cheng-Prusoff, which counts all of both as free, {wrong}."


competition = Explorer(
    "lesson02/competition",
    "Competition binding",
    [
        Control("radioligand_nM", "Radioligand added", "nM", 0.1, 30, 1, scale="log"),
        Control("kd_nM", "Radioligand Kd", "nM", 0.3, 10, 2.5, scale="log"),
        Control("ki_nM", "Drug's Ki", "nM", 0.1, 1000, 11.2, scale="log", steps=80),
        Control("receptor_nM", "Sites in the tube", "nM", 0.001, 10, 0.01, scale="log"),
    ],
    _competition_stage,
    _competition_draw,
    goals=[
        Goal(
            "double",
            "",
            lambda ratio, error: 1.93 <= ratio <= 2.07 and abs(error) < 0.01,
            "With as much radioligand as its Kd half of the sites are taken before the drug comes.",
            {"radioligand_nM": 2.5, "kd_nM": 2.5, "receptor_nM": 0.001},
        ),
        Goal(
            "near-ki",
            "",
            lambda ratio, error: ratio <= 1.1 and abs(error) < 0.01,
            "Little radioligand, or a loose one, is hardly in the way; but it gives few counts.",
            {"radioligand_nM": 0.2, "kd_nM": 2.5, "receptor_nM": 0.001},
        ),
        Goal(
            "tighter-radioligand",
            "",
            lambda radioligand_nM, ki_nM, ratio, error: (
                (radioligand_nM, ki_nM) == (1, 11.2) and 2.88 <= ratio <= 3.12 and abs(error) < 0.01
            ),
            "A tighter radioligand takes more of the sites at the same concentration.",
            {"radioligand_nM": 1, "kd_nM": 0.5, "ki_nM": 11.2, "receptor_nM": 0.001},
        ),
        Goal(
            "drug-used-up",
            "",
            lambda ki_nM, error: ki_nM == 0.1 and error > _TOLERATED,
            "A tight drug works at few molecules: a few sites take a good part of them.",
            {"radioligand_nM": 1, "kd_nM": 2.5, "ki_nM": 0.1, "receptor_nM": 0.03},
        ),
        Goal(
            "radioligand-used-up",
            "",
            lambda ki_nM, error: 18 <= ki_nM <= 22 and error > _TOLERATED,
            "Here the drug is plenty; it is the radioligand that runs short.",
            {"radioligand_nM": 1, "kd_nM": 2.5, "ki_nM": 20, "receptor_nM": 0.6},
        ),
        Goal(
            "right-for-both",
            "",
            lambda worst: worst < 0.01,
            "The tightest drug of a series decides how much membrane you may use.",
            {"radioligand_nM": 1, "kd_nM": 2.5, "receptor_nM": 0.0015},
        ),
    ],
    keep=("curve",),
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
    plots.label(left, "Inhibitor (nM)", "Counts (% of expected control)")
    right.set(xlim=(-2.3, 1.1), ylim=_KI_AXIS_NM, yscale="log", xticks=[])
    plots.label(right, f"{ASSAYS} assays\n(illustrative)", "Ki (nM)")
    right.set_yticks([2, 5, 10, 20, 50, 100, 200], ["2", "5", "10", "20", "50", "100", "200"])
    right.set_yticks([], minor=True)
    right.axhline(_KI_NM, color=plots.VERMILION, lw=1.5, ls=(0, (2, 2)))
    right.text(-2.2, _KI_NM, "true", va="bottom")
    artists: dict[str, Any] = {}
    (artists["expected"],) = left.plot(
        [], [], color=plots.VERMILION, ls=(0, (2, 2)), label="expected"
    )
    (artists["tubes"],) = left.plot(
        [], [], color=plots.GREY, marker="o", ms=4, ls="", label="tubes"
    )
    (artists["fitted"],) = left.plot([], [], color=plots.BLUE, lw=2.5, label="fitted")
    (artists["estimates"],) = right.plot([], [], color=plots.GREY, marker="o", ms=2.5, ls="")
    (artists["range"],) = right.plot([], [], color=plots.BLACK, lw=2)
    (artists["shown"],) = right.plot([], [], color=plots.BLUE, marker="D", ms=8, ls="")
    left.legend(loc="upper right", frameon=False)
    return artists


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
    tubes = _simulated_counts(expected, pipetting_percent / 100, _SCATTER[:, :replicates])
    start = {"top": counts, "bottom": bottom, "ic50_nM": float(ic50_nM)}
    found = binding.fit_repeats(_TESTED_NM, tubes.mean(axis=0), start, hill=1.0)
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
    # What lies outside is drawn on the edge; the tube without inhibitor stands at the left.
    places = np.tile(np.where(_TESTED_NM > 0, _TESTED_NM, 0.04), replicates)
    heights = np.clip(per_cent * tubes[:, :, one].ravel(), 0, _HIGHEST_PERCENT)
    artists["tubes"].set_data(places, heights)
    artists["estimates"].set_data(_SPREAD, np.clip(ki_nM, *_KI_AXIS_NM))
    artists["range"].set_data([0.85, 0.85], np.clip([low, high], *_KI_AXIS_NM))
    artists["shown"].set_data([0], np.clip(ki_nM[[one]], *_KI_AXIS_NM))
    fold = f" ({times(high / low)}-fold)" if high / low < 100 else ""
    return Seen(
        f"In {ASSAYS} repeats of this assay 95 % of the Ki range from {_on_axis(low)} to "
        f"{_on_axis(high)} nM{fold}; the true Ki is {_KI_NM:g} nM. The assay shown gives "
        f"{_on_axis(ki_nM[one])} nM. Without inhibitor, counting adds "
        f"{number(100 / np.sqrt(counts), 2)} % of noise to a tube, pipetting "
        f"{number(pipetting_percent, 2)} %.",
        fold=high / low,
    )


def _simulated_counts(
    expected: NDArray[np.float64], pipetting: float, scatter: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Make counts from standard normal numbers: pipetting errors, then Poisson counts.

    The Poisson quantile is taken from its expansion (Cornish and Fisher), so that the same random
    numbers serve every setting; from five counts on it is right to a fraction of a count.
    """
    mean = expected[:, None] * np.exp(pipetting * scatter[0])
    normal = scatter[1]
    counts = np.rint(mean + np.sqrt(mean) * normal + (normal**2 - 1) / 6)
    return np.asarray(np.maximum(counts, 0.0))


def _on_axis(value: float) -> str:
    low, high = _KI_AXIS_NM
    if value < low:
        return f"below {low:g}"
    return number(value) if value <= high else f"above {high:g}"


noise = Explorer(
    "lesson02/noise",
    "Noise and the Ki",
    [
        Control("counts", "Counts, no inhibitor", "per tube", 100, 30000, 2000, "log", 50),
        Control("nonspecific_percent", "Nonspecific share", "%", 5, 80, 20, steps=30),
        Control("pipetting_percent", "Pipetting error", "% CV", 0, 15, 5, steps=30),
        Control("replicates", "Replicates", "", 1, _MOST_REPLICATES, 3, scale="whole"),
        Control("shown", f"Assay shown, of {ASSAYS}", "", 1, 50, 1, scale="whole"),
    ],
    _noise_stage,
    _noise_draw,
    goals=[
        Goal(
            "narrow",
            "",
            lambda pipetting_percent, nonspecific_percent, fold: (
                (pipetting_percent, nonspecific_percent) == (5, 20) and fold < 1.4
            ),
            "More tubes average out what differs between them; a wrong dilution they all share.",
            {"pipetting_percent": 5, "nonspecific_percent": 20, "replicates": 6},
        ),
        Goal(
            "counting-matters",
            "",
            lambda fold: fold < 1.1,
            "Without pipetting error only counts scatter; ten times as many help three-fold.",
            {"counts": 20_000, "pipetting_percent": 0},
        ),
        Goal(
            "rumour",
            "",
            lambda pipetting_percent, fold: pipetting_percent == 5 and fold > 10,
            "At 80 % nonspecific, 5 % of the whole tube is a quarter of what is specific.",
            {"counts": 2_000, "pipetting_percent": 5, "nonspecific_percent": 80},
        ),
    ],
    prediction="lesson02/count_longer",
)
