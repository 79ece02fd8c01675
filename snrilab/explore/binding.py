"""Explorers of the binding lesson: saturation, competition, and what noise does to a Ki.

The starting values are illustrative, of the size found for [3H]citalopram at human SERT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import binding
from snrilab.explore._control import Control
from snrilab.explore._explorer import Explorer
from snrilab.explore._words import number, percent, times
from snrilab.plots._style import BLACK, BLUE, GREY, LOOK, VERMILION, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

__all__ = ["competition", "noise", "saturation"]

HIGHEST_NM = 20.0  # the concentration axis of the saturation picture ends here
TOLERATED = 0.1  # a Ki that is further from the truth gets a warning
_CONC_NM = np.linspace(0.0, HIGHEST_NM, 201)
_INHIBITOR_NM = np.logspace(-2, 6, 321)


def saturation() -> Explorer:
    """Explore a saturation experiment: what Kd, Bmax, filter binding and design do to the curves.

    Returns
    -------
    Explorer
        Controls: Kd, Bmax, nonspecific binding, highest concentration tested.

    Examples
    --------
    >>> saturation().reading
    'Half of the sites are taken at Kd = 2.5 nM, where nonspecific binding is 13 % of ...'
    """
    controls = [
        Control("kd_nM", "Radioligand Kd", "nM", 0.2, 20, 2.5, scale="log"),
        Control("bmax", "Sites, Bmax", "fmol/mg protein", 100, 800, 500, steps=35),
        Control("nonspecific_per_nM", "Nonspecific binding", "fmol/mg per nM", 0, 30, 15, steps=30),
        Control("highest_nM", "Highest concentration tested", "nM", 1, HIGHEST_NM, 12, steps=38),
    ]
    return Explorer("Saturation binding", controls, _saturation_stage, _saturation_draw)


def _saturation_stage(figure: Figure) -> Mapping[str, Artist]:
    axes = figure.add_subplot(xlim=(0, HIGHEST_NM), ylim=(0, 1500))
    label(axes, "Free radioligand (nM)", "Bound (fmol/mg protein)")
    artists: dict[str, Artist] = {}
    for kind in ("total", "nonspecific", "specific"):
        colour, line, marker = LOOK[kind]
        (artists[kind],) = axes.plot([], [], color=colour, linestyle=line, label=kind, lw=2)
        (artists[f"{kind} points"],) = axes.plot([], [], color=colour, linestyle="", marker=marker)
    (artists["bmax"],) = axes.plot([0, HIGHEST_NM], [0, 0], color=BLUE, lw=1, ls=(0, (6, 4)))
    (artists["kd"],) = axes.plot([], [], color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    artists["kd name"] = axes.text(0, 0, " Kd", color=VERMILION, ha="left", va="top")
    artists["bmax name"] = axes.text(HIGHEST_NM, 0, "Bmax", color=BLUE, ha="right", va="bottom")
    axes.legend(loc="upper left", frameon=False, ncols=3, fontsize=9, columnspacing=1.2)
    return artists


def _saturation_draw(
    artists: Mapping[str, Any],
    kd_nM: float,
    bmax: float,
    nonspecific_per_nM: float,
    highest_nM: float,
) -> str:
    tested_nM = highest_nM * np.array([1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1])
    for conc_nM, points in ((_CONC_NM, ""), (tested_nM, " points")):
        specific = binding.saturation(conc_nM, bmax, kd_nM)
        nonspecific = binding.nonspecific_binding(conc_nM, nonspecific_per_nM)
        artists[f"specific{points}"].set_data(conc_nM, specific)
        artists[f"nonspecific{points}"].set_data(conc_nM, nonspecific)
        artists[f"total{points}"].set_data(conc_nM, specific + nonspecific)
    artists["bmax"].set_ydata([bmax, bmax])
    artists["bmax name"].set_y(bmax)
    artists["kd"].set_data([kd_nM, kd_nM, 0], [0, bmax / 2, bmax / 2])
    artists["kd name"].set_position((kd_nM, bmax / 2))
    share = nonspecific_per_nM * kd_nM / (nonspecific_per_nM * kd_nM + bmax / 2)
    filled = highest_nM / (highest_nM + kd_nM)
    verdict = (
        "enough to see the plateau" if filled >= 0.8 else "too little to see where Bmax will be"
    )
    return (
        f"Half of the sites are taken at Kd = {number(kd_nM)} nM, where nonspecific binding is "
        f"{100 * share:.0f} % of the total. The highest concentration tested, "
        f"{number(highest_nM)} nM, fills {percent(filled)} of the sites: {verdict}."
    )


def competition() -> Explorer:
    """Explore a competition assay: why the IC50 moves while the Ki stays.

    Returns
    -------
    Explorer
        Controls: radioligand concentration, its Kd, the inhibitor's Ki, receptor concentration.

    Examples
    --------
    >>> competition().reading
    'IC50 is 28.1 nM, 1.4 times the Ki of 20 nM. ...'
    """
    controls = [
        Control("radioligand_nM", "Radioligand added", "nM", 0.1, 30, 1, scale="log"),
        Control("kd_nM", "Radioligand Kd", "nM", 0.3, 10, 2.5, scale="log"),
        Control("ki_nM", "Inhibitor Ki", "nM", 0.1, 1000, 20, scale="log", steps=80),
        Control("receptor_nM", "Receptor in the tube", "nM", 0.001, 10, 0.01, scale="log"),
    ]
    return Explorer("Competition binding", controls, _competition_stage, _competition_draw)


def _competition_stage(figure: Figure) -> Mapping[str, Artist]:
    axes = figure.add_subplot(xlim=(1e-2, 1e6), ylim=(0, 112), xscale="log")
    label(axes, "Inhibitor added (nM)", "Specific binding (% of that without inhibitor)")
    axes.set_yticks(range(0, 101, 25))
    axes.axhline(50, color=GREY, lw=0.8, ls=":")
    artists: dict[str, Artist] = {}
    (artists["curve"],) = axes.plot([], [], color=BLUE, lw=3.5, label="in this assay")
    (artists["ideal"],) = axes.plot(
        [], [], color=BLACK, lw=1.4, ls=(0, (4, 3)), label="if no ligand were used up"
    )
    (artists["ki"],) = axes.plot([], [], color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    (artists["ic50"],) = axes.plot([], [], color=BLACK, lw=1.5)
    (artists["half"],) = axes.plot([], [], color=BLACK, marker="o", ls="")
    artists["ki name"] = axes.text(1, 4, "", color=VERMILION, ha="right")
    artists["ic50 name"] = axes.text(1, 4, "", color=BLACK, ha="left")
    axes.legend(loc="upper right", frameon=False, ncols=2, fontsize=9, handlelength=2.6)
    return artists


def _competition_draw(
    artists: Mapping[str, Any],
    radioligand_nM: float,
    kd_nM: float,
    ki_nM: float,
    receptor_nM: float,
) -> str:
    assay = (radioligand_nM, receptor_nM, kd_nM)
    alone = binding.saturation_depletion(*assay)
    bound = binding.competition_depletion(_INHIBITOR_NM, *assay, ki_nM)
    ideal = binding.competition(_INHIBITOR_NM, radioligand_nM, kd_nM, ki_nM, bmax=1.0)
    ideal_alone = binding.saturation(radioligand_nM, bmax=1.0, kd_nM=kd_nM)
    ic50_nM = binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM, receptor_nM)
    artists["curve"].set_data(_INHIBITOR_NM, 100 * bound / alone)
    artists["ideal"].set_data(_INHIBITOR_NM, 100 * ideal / ideal_alone)
    artists["ki"].set_data([ki_nM, ki_nM], [0, 50])
    artists["ic50"].set_data([ic50_nM, ic50_nM], [0, 50])
    artists["half"].set_data([ic50_nM], [50])
    artists["ki name"].set(position=(ki_nM / 1.15, 4), text="Ki")
    artists["ic50 name"].set(position=(ic50_nM * 1.15, 4), text="IC50")
    free_nM = binding.free_receptor(ic50_nM, *assay, ki_nM)
    corrected_nM = binding.cheng_prusoff(ic50_nM, radioligand_nM, kd_nM)
    return (
        f"IC50 is {number(ic50_nM)} nM, {times(ic50_nM / ki_nM)} times the Ki of "
        f"{number(ki_nM)} nM. The receptor takes {percent(alone / radioligand_nM)} of the "
        f"radioligand and, at the IC50, {percent(free_nM / (ki_nM + free_nM))} of the drug. "
        + _verdict(corrected_nM, ki_nM)
    )


def _verdict(corrected_nM: float, ki_nM: float) -> str:
    """Say how wrong the corrected Ki is: what is taken alone does not tell."""
    error = corrected_nM / ki_nM - 1.0
    gives = f"gives {number(corrected_nM)} nM"
    if abs(error) < 0.01:
        return f"Cheng-Prusoff {gives}, less than 1 % wrong."
    wrong = f"{gives}, {percent(abs(error))} too {'high' if error > 0 else 'low'}"
    if abs(error) <= TOLERATED:
        return f"Cheng-Prusoff {wrong}."
    return f"Too much: Cheng-Prusoff, which counts all of both as free, {wrong}."


ASSAYS = 200  # repeated experiments: enough for a 95 % range, few enough to be instant
_TESTED_NM = np.concatenate([[0.0], np.geomspace(0.3, 3000, 9)])
_RADIOLIGAND_NM, _KD_NM, _KI_NM = 1.0, 2.5, 20.0  # illustrative
_KI_AXIS_NM = (2.0, 200.0)
_HIGHEST_PERCENT = 160.0
_MOST_REPLICATES = 6
_EXAMPLES = 50


def noise() -> Explorer:
    """Explore what counting noise and pipetting do to a Ki: one assay, and two hundred of them.

    The assay is illustrative: a Ki of 20 nM against 1 nM of a radioligand with Kd 2.5 nM.
    Every setting uses the same random numbers, so that what changes in the picture is what the
    setting does.

    Returns
    -------
    Explorer
        Controls: counts per tube, nonspecific share, pipetting error, replicates, assay shown.

    Examples
    --------
    >>> noise().reading
    'In 200 repeats of this assay ... the true Ki is 20 nM. ...'
    """
    controls = [
        Control("counts", "Counts, no inhibitor", "per tube", 100, 30000, 2000, "log", 50),
        Control("nonspecific_percent", "Nonspecific share", "%", 5, 80, 20, steps=30),
        Control("pipetting_percent", "Pipetting error", "% CV", 0, 15, 5, steps=30),
        Control("replicates", "Replicates", "", 1, _MOST_REPLICATES, 3, scale="whole"),
        Control("shown", f"Assay shown, of {ASSAYS}", "", 1, _EXAMPLES, 1, scale="whole"),
    ]
    random = np.random.default_rng(2026)
    shape = (_MOST_REPLICATES, _TESTED_NM.size, ASSAYS)
    scatter = random.standard_normal((2, *shape))

    def draw(artists: Mapping[str, Any], **values: Any) -> str:
        return _noise_draw(artists, scatter, **values)

    return Explorer("Noise and the Ki", controls, _noise_stage, draw)


def _noise_stage(figure: Figure) -> Mapping[str, Artist]:
    left, right = figure.subplots(1, 2, width_ratios=(3, 1.6))
    left.set(xlim=(0.02, 6000), ylim=(0, _HIGHEST_PERCENT), xscale="log")
    label(left, "Inhibitor (nM)", "Counts (% of expected without inhibitor)")
    right.set(xlim=(-1.5, 1), ylim=_KI_AXIS_NM, yscale="log", xticks=[])
    label(right, f"{ASSAYS} assays\n(illustrative)", "Ki (nM)")
    right.set_yticks([2, 5, 10, 20, 50, 100, 200], ["2", "5", "10", "20", "50", "100", "200"])
    right.set_yticks([], minor=True)
    right.axhline(_KI_NM, color=VERMILION, lw=1.5, ls=(0, (2, 2)))
    right.text(-1.45, _KI_NM, "true", color=VERMILION, va="bottom")
    artists: dict[str, Artist] = {}
    (artists["expected"],) = left.plot([], [], color=VERMILION, ls=(0, (2, 2)), label="expected")
    (artists["tubes"],) = left.plot([], [], color=GREY, marker="o", ms=4, ls="", label="tubes")
    (artists["fitted"],) = left.plot([], [], color=BLUE, lw=2.5, label="fitted")
    (artists["estimates"],) = right.plot([], [], color=GREY, marker="o", ms=2.5, ls="")
    (artists["range"],) = right.plot([], [], color=BLACK, lw=2)
    (artists["shown"],) = right.plot([], [], color=BLUE, marker="D", ms=8, ls="")
    left.legend(loc="upper right", frameon=False, fontsize=9)
    return artists


def _noise_draw(
    artists: Mapping[str, Any],
    scatter: NDArray[np.float64],
    *,
    counts: float,
    nonspecific_percent: float,
    pipetting_percent: float,
    replicates: int,
    shown: int,
) -> str:
    bottom = counts * nonspecific_percent / 100
    specific = counts - bottom
    ic50_nM = binding.ic50_from_ki(_KI_NM, _RADIOLIGAND_NM, _KD_NM)
    expected = bottom + specific * (1.0 - binding.hill(_TESTED_NM, ic50_nM))
    tubes = _simulated_counts(expected, pipetting_percent / 100, scatter[:, :replicates])
    fitted = _fitted(tubes.mean(axis=0), (counts, bottom, ic50_nM))
    ki_nM = binding.cheng_prusoff(np.exp(fitted[2]), _RADIOLIGAND_NM, _KD_NM)
    low, high = np.quantile(ki_nM, [0.025, 0.975])
    one = shown - 1
    line_nM = np.geomspace(0.02, 6000, 120)
    percent = 100 / counts
    artists["expected"].set_data(
        line_nM, percent * (bottom + specific * (1 - binding.hill(line_nM, ic50_nM)))
    )
    top, floor, log_ic50 = fitted[:, one]
    curve = floor + (top - floor) * (1 - binding.hill(line_nM, np.exp(log_ic50)))
    artists["fitted"].set_data(line_nM, np.clip(percent * curve, 0, _HIGHEST_PERCENT))
    # What lies outside is drawn on the edge; the tube without inhibitor stands at the left.
    places = np.tile(np.where(_TESTED_NM > 0, _TESTED_NM, 0.04), replicates)
    heights = np.clip(percent * tubes[:, :, one].ravel(), 0, _HIGHEST_PERCENT)
    artists["tubes"].set_data(places, heights)
    artists["estimates"].set_data(_SPREAD, np.clip(ki_nM, *_KI_AXIS_NM))
    artists["range"].set_data([0.85, 0.85], np.clip([low, high], *_KI_AXIS_NM))
    artists["shown"].set_data([0], np.clip(ki_nM[[one]], *_KI_AXIS_NM))
    span = f"{_on_axis(low)} to {_on_axis(high)} nM{_fold(high / low)}"
    return (
        f"In {ASSAYS} repeats of this assay 95 % of the Ki range from {span}; the true Ki is "
        f"{_KI_NM:g} nM. The assay shown gives {_on_axis(ki_nM[one])} nM. Without inhibitor "
        f"counting adds {number(100 / np.sqrt(counts), 2)} % of noise to a tube, pipetting "
        f"{number(pipetting_percent, 2)} %."
    )


_SPREAD = 0.7 * np.random.default_rng(7).uniform(-1, 1, ASSAYS)  # so that dots do not hide dots


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


def _fitted(bound: NDArray[np.float64], true: tuple[float, float, float]) -> NDArray[np.float64]:
    """Top, bottom and log IC50 of every assay, all fitted at once from the true values."""
    start = {"top": true[0], "bottom": true[1], "ic50_nM": true[2]}
    found = binding.fit_repeats(_TESTED_NM, bound, start, hill=1.0)
    return np.stack([found["top"], found["bottom"], np.log(found["ic50_nM"])])


def _on_axis(value: float) -> str:
    low, high = _KI_AXIS_NM
    if value < low:
        return f"below {low:g}"
    return number(value) if value <= high else f"above {high:g}"


def _fold(ratio: float) -> str:
    return f" ({times(ratio)}-fold)" if ratio < 100 else ""
