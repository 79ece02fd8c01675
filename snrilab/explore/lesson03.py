"""Lesson 03, does it stop the pump: the clock, the substrate, the plate."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import fdtri

from snrilab import binding, evidence, plots
from snrilab.exercises import lesson03 as ask
from snrilab.explore import (
    Control,
    Explorer,
    Seen,
    Switch,
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

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from snrilab.binding import Fit

    Measured = tuple["Plate", ...]

_KM_NM = float(evidence.parameters("synapse")["km_5HT_hSERT_nM"])
_KI_NM = float(evidence.parameters("binding_Ki")["levomilnacipran/SERT"])
_SUBSTRATE_NM = 50.0
_DECADES_NM: Mapping[float, str] = {1: "1", 100: "100", 10_000: "10,000"}
_WIDE_DECADES_NM: Mapping[float, str] = {1: "1", 1_000: "1,000"}
_KI_LOOK: dict[str, Any] = {"colour": plots.VERMILION, "line": (0, (2, 2))}

# -- the clock: uptake that runs dry -------------------------------------------------------------

_PACE_PER_MIN = 0.04  # of the substrate, by the planned cells, far below Km; illustrative
_CLOCK_DRUG_NM = (0.0, 10.0, 30.0, 100.0)
_DRUG_NM = np.geomspace(0.1, 10_000, 161)


def _percent_of(axes: Axes, x: str, y: str, top: float = 118) -> None:
    axes.set_ylim(0, top)
    axes.set_yticks(range(0, 101, 25))
    plots.label(axes, x, y)


def _decades(axes: Axes, names: Mapping[float, str]) -> None:
    """Name these places of a logarithmic axis, as they are said, at any width."""
    axes.set_xticks(list(names), list(names.values()))
    axes.set_xticks([], minor=True)


def _clock_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2)
    left.set_xlim(0, 125)
    _percent_of(left, "Time (min)", "Serotonin taken up (% of added)", 175)
    courses: dict[str, Any] = {}
    for drug_nM, (colour, line, _) in zip(_CLOCK_DRUG_NM, plots.CYCLE, strict=False):
        look = {"color": colour, "ls": line, "lw": 2, "label": f"{drug_nM:g}"}
        courses |= lines(left, {f"{drug_nM:g} nM": look})
    left.legend(
        title="drug, nM",
        loc="upper left",
        frameon=False,
        ncols=2,
        handlelength=1.6,
        columnspacing=1,
    )
    right.set(xlim=(0.1, 10_000), xscale="log")
    _decades(right, _DECADES_NM)
    _percent_of(right, "Drug (nM)", "Uptake at the stop (% of control)", 175)
    right.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    curves = {
        "first": {"color": plots.BLACK, "lw": 1.4, "ls": (0, (4, 3)), "label": "initial rate"},
        "curve": {"color": plots.BLUE, "lw": 3, "label": "at the stop"},
    }
    artists = courses | lines(right, curves)
    right.legend(loc="upper right", frameon=False, handlelength=2.4)
    artists |= mark(left, "stop", colour=plots.BLACK, line="-", ha="center")
    return artists | mark(right, "IC50", colour=plots.BLACK, line="-")


def _clock_draw(artists: Mapping[str, Any], stop_min: float, cells_percent: float) -> Seen:
    vmax = _PACE_PER_MIN * _KM_NM * cells_percent / 100
    well = (_SUBSTRATE_NM, vmax, _KM_NM)
    line_min = np.linspace(0, 125, 126)
    for drug_nM in _CLOCK_DRUG_NM:
        taken_nM = binding.uptake_time_course(line_min, *well, drug_nM, _KI_NM)
        artists[f"{drug_nM:g} nM"].set_data(line_min, 100 * taken_nM / _SUBSTRATE_NM)
    control_nM = float(binding.uptake_time_course(stop_min, *well))
    taken_nM = binding.uptake_time_course(stop_min, *well, _DRUG_NM, _KI_NM)
    ic50_nM, first_nM = _ic50_at(stop_min, vmax, control_nM), _KI_NM * (1 + _SUBSTRATE_NM / _KM_NM)
    artists["curve"].set_data(_DRUG_NM, 100 * taken_nM / control_nM)
    first = binding.uptake_inhibition(_DRUG_NM, 100, 0, first_nM)
    artists["first"].set_data(_DRUG_NM, first)
    move_mark(artists, "stop", [stop_min, stop_min], [0, 100], (max(stop_min, 10), 109))
    move_mark(artists, "IC50", [ic50_nM, ic50_nM], [0, 50], (ic50_nM * 1.4, 62))
    ratio = ic50_nM / first_nM
    too_high, fold = percent(ratio - 1), times(ratio, 3)
    return Seen(
        f"Stopped after {number(stop_min)} min with {number(cells_percent)} % of the planned "
        f"cells: the wells without drug have used {percent(control_nM / _SUBSTRATE_NM)} of their "
        f"serotonin. IC50 {number(ic50_nM)} nM; at the initial rate it is {number(first_nM)} nM, "
        f"so this one is {too_high} too high, {fold} times.",
        too_high_percent=told(too_high),
        fold=told(fold),
    )


def _ic50_at(stop_min: float, vmax: float, control_nM: float) -> float:
    """Return the drug that leaves half of the control's uptake: the integrated rate, solved."""
    left_nM = _SUBSTRATE_NM - control_nM / 2
    seen_km_nM = (vmax * stop_min - control_nM / 2) / np.log(_SUBSTRATE_NM / left_nM)
    return _KI_NM * (float(seen_km_nM) / _KM_NM - 1)


clock = Explorer(
    "lesson03/clock",
    "When uptake is stopped",
    [
        Control("stop_min", "Stop after", "min", 0.5, 120, 2, "log", short="stop"),
        Control("cells_percent", "Cells in each well", "% of plan", 5, 400, 100, "log",
                short="cells"),
    ],
    _clock_stage,
    _clock_draw,
    goals=[ask.TWICE, ask.FEWER_CELLS, ask.MORE_CELLS],
    keep=("curve",),
    prediction="lesson03/too_late",
)  # fmt: skip

# -- the substrate: what it does to an IC50, and what it cannot do -------------------------------

_OFFERED_NM = np.geomspace(1, 20_000, 121)
_WIDE_NM = np.geomspace(0.01, 1e7, 241)


def _substrate_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2)
    left.set(xlim=(0.01, 1e7), xscale="log")
    _decades(left, _WIDE_DECADES_NM)
    _percent_of(left, "Drug (nM)", "Uptake (% of control)")
    left.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    right.set(xlim=(0.5, 60_000), xscale="log", ylim=(0.4, 600), yscale="log")
    _decades(right, _DECADES_NM)
    right.set_yticks([1, 10, 100], ["1", "10", "100"])
    right.set_yticks([], minor=True)
    plots.label(right, "Serotonin (nM)", "IC50 / Ki")
    right.axhline(1, color=plots.VERMILION, lw=1.5, ls=(0, (2, 2)))
    right.text(50_000, 0.68, "the Ki", va="center", ha="right")
    artists = lines(left, {"curve": {"color": plots.BLUE, "lw": 3}})
    artists |= mark(left, "Ki", ha="right", **_KI_LOOK)
    artists |= mark(left, "IC50", colour=plots.BLACK, line="-")
    dot = {"color": plots.BLACK, "marker": "o", "ls": "", "ms": 7}
    return artists | lines(right, {"ratio": {"color": plots.BLUE, "lw": 2.5}, "here": dot})


def _substrate_draw(
    artists: Mapping[str, Any], substrate_nM: float, km_nM: float, ki_nM: float
) -> Seen:
    offered = substrate_nM / km_nM
    ic50_nM = ki_nM * (1 + offered)
    artists["curve"].set_data(_WIDE_NM, binding.uptake_inhibition(_WIDE_NM, 100, 0, ic50_nM))
    move_mark(artists, "Ki", [ki_nM, ki_nM], [0, 50], (ki_nM / 1.5, 6))
    move_mark(artists, "IC50", [ic50_nM, ic50_nM], [0, 50], (ic50_nM * 1.6, 62))
    artists["ratio"].set_data(_OFFERED_NM, 1 + _OFFERED_NM / km_nM)
    artists["here"].set_data([substrate_nM], [1 + offered])
    share = times(offered) if offered >= 0.01 else "less than 0.01"
    ratio = times(1 + offered, 3)
    return Seen(
        f"{number(substrate_nM)} nM of serotonin is {share} times the Km of "
        f"{number(km_nM)} nM. IC50 {number(ic50_nM)} nM, {ratio} times the Ki of "
        f"{number(ki_nM)} nM.",
        ratio=told(ratio),
    )


substrate = Explorer(
    "lesson03/substrate",
    "The substrate and the IC50",
    [
        Control("substrate_nM", "Serotonin offered", "nM", 1, 20_000, _SUBSTRATE_NM, "log", 80,
                "serotonin"),
        Control("km_nM", "Km of the transporter", "nM", 50, 5_000, _KM_NM, "log", short="Km"),
        Control("ki_nM", "Drug's Ki", "nM", 0.1, 1_000, _KI_NM, "log", 80, "Ki"),
    ],
    _substrate_stage,
    _substrate_draw,
    goals=[ask.DOUBLE_KI, ask.SAME_SUBSTRATE, ask.BELOW_KI],
    keep=("curve",),
    prediction="lesson03/more_substrate",
)  # fmt: skip

# -- the plate: an unknown IC50, and twenty-five wells -------------------------------------------

_PIPETTING = 0.05  # illustrative, as are the sites and the blank of `binding.simulate_assay`
_LOWEST_NM, _HIGHEST_NM = 0.01, 100_000.0
_HELD_NM = np.geomspace(_LOWEST_NM, _HIGHEST_NM, 141)
_MOST_MISFIT = 3.0
_CONTROL_NM = 0.002  # where no drug is drawn
_FEW = 6  # wells more than are fitted: fewer do not tell how much wells scatter


class Plate(NamedTuple):
    """One plate: the concentrations, and what SERT took up (fmol, blank taken off)."""

    conc_nM: tuple[float, ...]
    uptake_fmol: tuple[float, ...]


def _plan(highest_nM: float, dilution: float, count: int) -> Any:
    return highest_nM / dilution ** np.arange(count)


def _measure(
    truth: Mapping[str, Any],
    rng: np.random.Generator,
    highest_nM: float,
    dilution: float,
    count: int,
    wells: int,
    **_: Any,
) -> Plate:
    plate = binding.simulate_assay(
        "uptake",
        _plan(highest_nM, dilution, count),
        receptor_nM=10.0,
        kd_nM=_KM_NM,
        radioligand_nM=_SUBSTRATE_NM,
        ki_nM=truth["ic50_nM"] / (1 + _SUBSTRATE_NM / _KM_NM),
        replicates=wells,
        pipetting_cv=_PIPETTING,
        rng=rng,
    )
    conc_nM = plate.total["conc_nM"]
    uptake = plate.total["fmol"] - plate.nonspecific["fmol"].mean()
    return Plate(tuple(map(float, conc_nM)), tuple(map(float, uptake)))


def _wells(measured: Measured) -> Any:
    """Return drug and uptake in per cent of the control, which all plates share."""
    conc_nM = np.concatenate([plate.conc_nM for plate in measured])
    uptake = np.concatenate([plate.uptake_fmol for plate in measured])
    return conc_nM, 100 * uptake / uptake[conc_nM == 0].mean()


@lru_cache(maxsize=64)
def _fitted(measured: Measured, free: bool) -> Fit:
    conc_nM, uptake = _wells(measured)
    bottom, hill = (None, None) if free else (0.0, 1.0)
    return binding.fit_inhibition(conc_nM, uptake, bottom=bottom, hill=hill, interval="profile")


@lru_cache(maxsize=64)
def _misfit(measured: Measured, free: bool) -> Any:
    """Where the IC50 may be held, and how much worse the best curve is there; 1 ends the interval.

    Only what is on the axes: around the minimum as fine as a narrow interval needs.
    """
    fit = _fitted(measured, free)
    near_nM = fit["ic50_nM"].value * np.geomspace(0.2, 5, 81)
    held_nM = np.unique(np.concatenate([_HELD_NM, _on_axis(near_nM)]))
    misfit = binding.profile_rise(fit, "ic50_nM", held_nM) / fdtri(1, fit.df, 0.95)
    shown = misfit <= _MOST_MISFIT
    return np.stack([held_nM[shown], misfit[shown]])


def _plates_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2)
    left.set(xlim=(_CONTROL_NM / 2, 2 * _HIGHEST_NM), xscale="log")
    right.set(xlim=(_LOWEST_NM / 2, 2 * _HIGHEST_NM), xscale="log")
    _decades(left, {_CONTROL_NM: "none", **_WIDE_DECADES_NM})
    _decades(right, _WIDE_DECADES_NM)
    left.set_ylim(-15, 190)
    left.set_yticks(range(0, 101, 25))
    plots.label(left, "Drug (nM)", "SERT's uptake (% of control)")
    left.axhline(50, color=plots.GREY, lw=0.8, ls=":")
    wells = {"ls": "", "ms": 5}
    artists = lines(
        left,
        {
            "planned": {"color": plots.BLACK, "ls": "", "marker": "|", "ms": 9, "label": "planned"},
            "first": {"color": plots.GREY, "marker": "o", "label": "plate 1", **wells},
            "later": {"color": plots.ORANGE, "marker": "^", "label": "later", **wells},
            "fitted": {"color": plots.BLUE, "lw": 2.5},
        },
    )
    left.legend(loc="upper right", frameon=False, handletextpad=0.1)
    right.set_ylim(0, _MOST_MISFIT)
    plots.label(right, "IC50 held at (nM)", "Misfit (1 ends the interval)")
    right.axhline(1, color=plots.GREY, lw=1.2, ls=(0, (4, 3)))
    artists |= lines(right, {"misfit": {"color": plots.BLUE, "lw": 2.5}})
    return artists | mark(right, "truth", **_KI_LOOK)


def _plates_draw(
    artists: Mapping[str, Any],
    highest_nM: float,
    dilution: float,
    count: int,
    wells: int,
    free: bool,
    measured: Measured,
    truth: Mapping[str, Any] | None,
) -> Seen:
    planned_nM = _plan(highest_nM, dilution, count)
    artists["planned"].set_data(_on_axis(planned_nM), np.full(count, -10.0))
    first_ones = len(measured[0].conc_nM) if measured else 0
    conc_nM, uptake = _wells(measured) if measured else (np.array([]), np.array([]))
    places = np.where(conc_nM > 0, _on_axis(conc_nM), _CONTROL_NM)
    for name, part in (("first", slice(first_ones)), ("later", slice(first_ones, None))):
        artists[name].set_data(places[part], np.clip(uptake[part], -15, 135))
    shown = truth["ic50_nM"] if truth is not None else 1.0
    move_mark(artists, "truth", [shown, shown], [0, 2.5], (shown * 6, 2.7),
              visible=truth is not None)  # fmt: skip
    lowest_nM = float(planned_nM[-1])
    least = _amount(lowest_nM) if lowest_nM >= _LOWEST_NM else f"below {_LOWEST_NM:g}"
    said = (
        f"Planned: {count} concentrations from {least} to {number(highest_nM)} nM, {wells} of each."
    )
    if not measured:
        for name in ("fitted", "misfit"):
            artists[name].set_data([], [])
        return Seen(f"{said} Bottom and slope {'fitted' if free else 'held'}. No plate yet.")
    fit = _fitted(measured, free)
    tested_nM = conc_nM[conc_nM > 0]
    low_nM, high_nM = _on_axis([tested_nM.min(), tested_nM.max()])
    line_nM = np.geomspace(low_nM, high_nM, 121)
    artists["fitted"].set_data(line_nM, np.clip(fit.predict(line_nM), -15, 135))
    artists["misfit"].set_data(*_misfit(measured, free))
    ic50 = fit["ic50_nM"]
    fold = _width(fit)
    width = f", {fold}-fold wide" if fold else ""
    few = (
        f" Only {fit.df} wells more than are fitted: too few to tell how much wells scatter, so "
        "that this interval may come out too narrow."
    )
    first = _span(_fitted(measured[:1], free)) if len(measured) > 1 else ""
    return Seen(
        f"{said} {f'Plate 1 alone: {first}. All plates' if first else 'Plate 1'}, bottom and slope "
        f"{'fitted' if free else 'held'}: {_span(fit)}{width}.{few * (free and fit.df < _FEW)}",
        ic50_nM=ic50.value,
        fold=told(fold or "inf"),
        fold_held=told(_width(_fitted(measured, False)) or "inf"),
        open_above=ic50.high >= _HIGHEST_NM,
    )


def _width(fit: Fit) -> str:
    """Say how many times the upper end of the interval is the lower; nothing if one is open."""
    ic50 = fit["ic50_nM"]
    closed = ic50.low > _LOWEST_NM and ic50.high < _HIGHEST_NM
    return times(ic50.high / ic50.low) if closed else ""


def _on_axis(conc_nM: Any) -> Any:
    return np.clip(conc_nM, _LOWEST_NM, _HIGHEST_NM)


def _amount(conc_nM: float) -> str:
    return number(conc_nM, 3 if conc_nM >= 0.1 else 2)


def _span(fit: Fit) -> str:
    """Say an IC50 with its interval, an open end in words; what is off the axis is not seen."""
    ic50 = fit["ic50_nM"]
    below, above = ic50.low <= _LOWEST_NM, ic50.high >= _HIGHEST_NM
    seen = _LOWEST_NM < ic50.value < _HIGHEST_NM and not (below and above)
    low = "no lower limit" if below else _amount(ic50.low)
    high = "no upper limit" if above else _amount(ic50.high)
    best = f"IC50 {_amount(ic50.value)} nM" if seen else "no IC50 in sight"
    return f"{best} (95 % interval {low} to {high})"


plates = Explorer(
    "lesson03/plates",
    "An unknown IC50",
    [
        Control("highest_nM", "Highest concentration", "nM", 0.1, _HIGHEST_NM, 10_000, "log"),
        Control("dilution", "Dilution from one to the next", "fold", 1.5, 20, 2, "log"),
        Control("count", "Concentrations", "", 4, 8, 4, scale="whole"),
        Control("wells", "Wells of each", "", 1, 6, 1, scale="whole"),
        Switch("free", "Fit bottom and slope too"),
    ],
    _plates_stage,
    _plates_draw,
    goals=[ask.PINNED, ask.HELD, ask.OPEN_END],
    prediction="lesson03/which_plan",
    unknown=Unknown(
        truth=lambda rng: {"ic50_nM": float(np.exp(rng.uniform(np.log(0.5), np.log(2_000))))},
        measure=_measure,
        ask=Control("ic50_nM", "IC50", "nM", 0.01, 100_000, 30, "log"),
        budget=25,
        unit="wells",
        cost=lambda count, wells, **_: (count + 2) * wells,
    ),
)
