"""Lesson 08, occupancy: a day by three constants, five scans, six of one's own, rivals."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab import evidence, pk, plots
from snrilab.evidence import EvidenceError
from snrilab.exercises import lesson08 as ask
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    lines,
    mark,
    move_mark,
    number,
    percent,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_TRANSPORTERS = ("SERT", "NET")
_COLOUR, _LINE, _MARKER = plots.LOOK["escitalopram"]


def _curve(name: str, **more: Any) -> dict[str, Any]:
    colour, line, _ = plots.LOOK[name]
    return {"color": colour, "ls": line, "lw": 2.5, **more}


def _dots(name: str, **more: Any) -> dict[str, Any]:
    colour, _, marker = plots.LOOK[name]
    return {"color": colour, "marker": marker, "ls": "", "ms": 8, "mec": plots.BLACK, **more}


def _rim(name: str) -> dict[str, Any]:
    """Draw NET's dots hollow, so that SERT's are seen inside them."""
    return {"mfc": "none", "ms": 10, "mew": 2, "mec": plots.LOOK[name][0]} if name == "NET" else {}


def _shares(axes: Axes, what: str = "Held (%)") -> None:
    axes.set_ylim(0, 104)
    axes.set_yticks(range(0, 101, 20))
    plots.label(axes, axes.get_xlabel(), what)


# -- a day by three constants ----------------------------------------------------------------------

_USUAL_MG = {
    "levomilnacipran": 40.0,
    "milnacipran": 100.0,
    "escitalopram": 10.0,
    "duloxetine": 60.0,
}
_DRUGS = tuple(_USUAL_MG)
_BASES = {"uptake IC50": "uptake_IC50", "binding Ki": "binding_Ki", "from scans": "invivo_EC50"}
_HOURS = 24 * 14 + np.linspace(0, 24, 97)  # of the fifteenth day
_DOSES = np.geomspace(2.5, 200, 60)


class _Scan(NamedTuple):
    """One scanned dose."""

    transporter: str
    dose_mg: float
    percent: float


@cache
def _scans(drug: str) -> tuple[_Scan, ...]:
    """Return scans of people on daily doses; where several hours were scanned, the one at 6 h."""
    rows = evidence.find(drug=drug, quantity="occupancy", provenance="found")
    return tuple(
        _Scan(row.target, float(row.dose.split()[0]), float(row))
        for row in rows
        if row.dose.endswith("mg/day") and not row.time.startswith(("54", "49", "78"))
    )


@cache
def _constants(drug: str, transporter: str, basis: str) -> tuple[pk.TransporterConstant, ...]:
    """Return the constant, both ends where only a range is known, none where there is none."""
    source = "vaishnavi2004" if drug == "milnacipran" and basis != "invivo_EC50" else None
    bounds = ("high", "low") if drug == "levomilnacipran" and basis == "invivo_EC50" else (None,)
    try:
        return tuple(
            pk.transporter_constant(drug, transporter, basis, bound=bound, source=source)
            for bound in bounds
        )
    except EvidenceError:
        return ()


@cache
def _doubt(drug: str, basis: str) -> str:
    """Say where a constant is not of a human dish, or was recalled and not read."""
    if basis == "invivo_EC50":
        return ""
    rows = [
        row
        for transporter in _TRANSPORTERS
        for constant in _constants(drug, transporter, basis)
        for row in evidence.find(
            drug=drug, target=transporter, basis=basis, source=constant.source[0]
        )
        if row.value == constant.value
    ]
    said = [f"{row.species} brain" for row in rows if row.species == "rat"][:1]
    said += ["recalled and not read"] * any(row.provenance == "recalled" for row in rows)
    return f" ({', '.join(said)})" if said else ""


def _day_stage(figure: Figure) -> Mapping[str, Any]:
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(5, 4))
    left.set(xlim=(0, 24), xlabel="Hours")
    left.set_xticks(range(0, 25, 6))
    _shares(left)
    right.set(xlim=(2.3, 320), xscale="log")
    right.set_xticks([5, 20, 100], ["5", "20", "100"])
    right.set_xticks([], minor=True)
    plots.label(right, "mg a day, mean level", "")
    artists: dict[str, Any] = {}
    for name in _TRANSPORTERS:
        artists |= lines(
            left,
            {name: _curve(name, label=name), f"{name} other end": _curve(name, lw=1.2)},
        )
        artists |= lines(
            right,
            {
                f"{name} doses": _curve(name),
                f"{name} doses, other end": _curve(name, lw=1.2),
                f"{name} scans": _dots(name, label=f"scan, {name}") | _rim(name),
            },
        )
    artists |= lines(right, {"dose": {"color": plots.GREY, "lw": 1.2}})
    figure.legend(
        handles=[artists[f"{n}{more}"] for more in ("", " scans") for n in _TRANSPORTERS],
        loc="outside upper center", ncols=4, frameon=False,
        columnspacing=0.9, handlelength=1.6, handletextpad=0.4,
    )  # fmt: skip
    return artists


def _day_draw(artists: Mapping[str, Any], drug: str, constant: str, dose_mg: float) -> Seen:
    body, basis = pk.drug(drug), _BASES[constant]
    daily = pk.repeat(dose_mg, times=15)
    mean = pk.steady_state(body, 1).cavg_ng_per_mL
    said: list[str] = []
    lowest: dict[str, float] = {}
    for name in _TRANSPORTERS:
        ends = _constants(drug, name, basis)
        spans = []
        for place, kind in enumerate(("", " other end")):
            doses = f"{name} doses{',' if kind else ''}{kind}"
            if place >= len(ends):
                artists[name + kind].set_data([], [])
                artists[doses].set_data([], [])
                continue
            held = np.asarray(pk.occupancy_over_time(body, daily, _HOURS, ends[place]))
            artists[name + kind].set_data(_HOURS - _HOURS[0], 100 * held)
            at_mean = pk.transporter_occupancy(mean * _DOSES, body, ends[place])
            artists[doses].set_data(_DOSES, 100 * np.asarray(at_mean))
            low, high = (percent(x, border=0.8) for x in (held.min(), held.max()))
            at_dose = percent(float(pk.transporter_occupancy(mean * dose_mg, body, ends[place])))
            spans.append(f"{low.removesuffix(' %')} to {high} ({at_dose} at the mean level)")
            lowest.setdefault(name, told(low))
        said.append(f"{name} {' or '.join(spans)}" if spans else f"{name} has no such constant")
        scans = [scan for scan in _scans(drug) if scan.transporter == name]
        artists[f"{name} scans"].set_data(
            [scan.dose_mg for scan in scans], [scan.percent for scan in scans]
        )
    artists["dose"].set_data([dose_mg, dose_mg], [0, 100])
    return Seen(
        f"{drug.capitalize()} {number(dose_mg)} mg once a day, {constant}{_doubt(drug, basis)}: "
        f"over the day {said[0]}, {said[1]}. {_scanned(drug, dose_mg)}",
        net_low=lowest.get("NET", 0.0),
    )


def _scanned(drug: str, dose_mg: float) -> str:
    scans = _scans(drug)
    if not scans:
        return "Scans found: 0 in the course's table."
    near = [scan for scan in scans if abs(scan.dose_mg / dose_mg - 1) <= 0.06]
    if near:
        found = ", ".join(f"{scan.transporter} {number(scan.percent)} %" for scan in near)
        when = "" if drug == "milnacipran" else ", 6 h after a dose"
        return f"Scans at {number(near[0].dose_mg)} mg found {found}{when}."
    doses = sorted({scan.dose_mg for scan in scans})
    ends = number(doses[0]) if len(doses) == 1 else f"{number(doses[0])} to {number(doses[-1])}"
    return f"Scans, drawn as dots: {ends} mg a day."


day = Explorer(
    "lesson08/day",
    "A day by three constants",
    [
        Choice("drug", "Drug", _DRUGS,
               brings={drug: {"dose_mg": dose} for drug, dose in _USUAL_MG.items()}),
        Choice("constant", "Constant", tuple(_BASES)),
        Control("dose_mg", "Daily dose", "mg", 2.5, 200, 40, "log", 70, "dose"),
    ],
    _day_stage,
    _day_draw,
    goals=[ask.BY_UPTAKE, ask.BY_KI, ask.BY_SCANS],
    keep=_TRANSPORTERS,
    prediction="lesson08/at_100_mg",
)  # fmt: skip

# -- five scans of escitalopram --------------------------------------------------------------------

_ESCITALOPRAM = pk.drug("escitalopram")
_WANTED = 80.0
_LEVELS = np.geomspace(0.5, 60, 100)
_PER_MG = pk.steady_state(_ESCITALOPRAM, 1).cmin_ng_per_mL
_FIVE = tuple(evidence.targets("V8"))
_FIVE_LEVELS = np.array(
    [
        *(float(pk.concentration(_ESCITALOPRAM, pk.single_dose(mg), 6)) for mg in (5, 10, 20)),
        *(
            float(pk.concentration(_ESCITALOPRAM, pk.repeat(10, times=10), 216 + h))
            for h in (6, 54)
        ),
    ]
)
_FIVE_HELD = np.array([scan.value for scan in _FIVE])


def _five_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0.5, 60), xscale="log")
    axes.set_xticks([0.5, 1, 2, 5, 10, 20, 50], ["0.5", "1", "2", "5", "10", "20", "50"])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("Level in plasma (ng/mL, by the model)")
    _shares(axes, "SERT held (%)")
    sd = np.array([scan.high for scan in _FIVE], float) - _FIVE_HELD
    for chosen, name, fill in ((slice(0, 3), "one dose", "white"), (slice(3, 5), "ten days", None)):
        axes.errorbar(
            _FIVE_LEVELS[chosen], _FIVE_HELD[chosen], sd[chosen],
            fmt="o", color=plots.BLACK, mfc=fill or plots.BLACK, ms=7, capsize=3, label=name,
        )  # fmt: skip
    artists = lines(axes, {"curve": {"color": _COLOUR, "ls": _LINE, "lw": 2.5}})
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    artists |= mark(axes, "80 %", colour=plots.GREY, line=(0, (1, 1)), ha="center")
    return artists | mark(axes, "ceiling", colour=plots.GREY, line=(0, (4, 3)), ha="left")


def _five_draw(artists: Mapping[str, Any], ec50_ng_per_mL: float, ceiling_percent: float) -> Seen:
    artists["curve"].set_data(_LEVELS, ceiling_percent * _LEVELS / (_LEVELS + ec50_ng_per_mL))
    move_mark(artists, "ceiling", [0.5, 60], [ceiling_percent] * 2, (0.56, ceiling_percent))
    off = ceiling_percent * _FIVE_LEVELS / (_FIVE_LEVELS + ec50_ng_per_mL) - _FIVE_HELD
    rms = number(float(np.sqrt(np.mean(off**2))), 2)
    dose_mg, needs = 0.0, "No dose holds 80 %."
    level = np.inf
    if ceiling_percent > _WANTED:
        level = ec50_ng_per_mL * _WANTED / (ceiling_percent - _WANTED)
        told_mg = number(level / _PER_MG)
        dose_mg = told(told_mg)
        needs = f"80 % until the next tablet takes {told_mg} mg a day."
    seen = level <= 50
    at = min(level, 50)
    move_mark(artists, "80 %", [at, at], [0, 80], (at, 24), visible=seen)
    worst = int(np.argmax(np.abs(off)))
    says, found = number(off[worst] + _FIVE_HELD[worst]), number(_FIVE_HELD[worst])
    return Seen(
        f"EC50 {number(ec50_ng_per_mL)} ng/mL, ceiling {number(ceiling_percent)} %: the curve "
        f"misses the five scans by {rms} points (rms), most at {number(_FIVE_LEVELS[worst])} "
        f"ng/mL, where it says {says} for {found} %. {needs}",
        rms=told(rms),
        dose_mg=dose_mg,
    )


five_scans = Explorer(
    "lesson08/five_scans",
    "Five scans of escitalopram",
    [
        Control("ec50_ng_per_mL", "EC50", "ng/mL", 0.5, 10, 6, "log", 60, "EC50"),
        Control("ceiling_percent", "Ceiling", "%", 60, 100, 100, steps=40, short="ceiling"),
    ],
    _five_stage,
    _five_draw,
    goals=[ask.LOW_DOSE, ask.NO_DOSE],
    keep=("curve",),
    prediction="lesson08/dose_for_80",
)

# -- rivals for duloxetine -------------------------------------------------------------------------

_DULOXETINE = pk.drug("duloxetine")
_ONCE, _DAILY = pk.single_dose(60), pk.repeat(60, times=14)  # days: not read, two weeks assumed
_LAST_H = 13 * 24
_AFTER = np.linspace(0, 84, 85)
_SHOWN = ("6 and 25 h", "one dose", "and repeated doses")
_KINDS = {"no delay": "none", "effect site": "effect_site", "slow binding": "slow_binding"}


def _found(dose: str, hours: Sequence[int]) -> np.ndarray:
    rows = {
        row.time.split()[0]: row.value
        for row in evidence.find(drug="duloxetine", quantity="occupancy", source="takano2006")
        if row.dose == dose
    }
    return np.array([rows[str(hour)] for hour in hours])


_ONCE_H, _DAILY_H = (6, 25, 53), (6, 49, 78)
_ONCE_HELD, _DAILY_HELD = _found("60 mg", _ONCE_H), _found("60 mg/day", _DAILY_H)


@lru_cache(maxsize=128)
def _expected(
    half_life_h: float, ec50_ng_per_mL: float, rival: str, delay_h: float
) -> tuple[np.ndarray, np.ndarray]:
    """Occupancy in % at each hour after one dose, and after the last of many."""
    body = _DULOXETINE.with_(cl_L_per_h=np.log(2) * _DULOXETINE.v_L / half_life_h)
    rate = float(np.log(2) / delay_h)
    held = []
    for regimen, hours in ((_ONCE, _AFTER), (_DAILY, _LAST_H + _AFTER)):
        if rival == "slow binding":
            share = pk.slow_binding_occupancy(body, regimen, hours, ec50_ng_per_mL, rate)
            held.append(100 * np.asarray(share))
            continue
        if rival == "effect site":
            site = np.asarray(pk.effect_site_concentration(body, regimen, hours, rate))
        else:
            site = np.asarray(pk.concentration(body, regimen, hours))
        held.append(100 * site / (site + ec50_ng_per_mL))
    return held[0], held[1]


def _rivals_stage(figure: Figure) -> Mapping[str, Any]:
    both = figure.subplots(1, 2, sharey=True)
    artists: dict[str, Any] = {}
    colour, line, _ = plots.LOOK["SERT"]
    for axes, name, title in zip(both, ("once", "daily"), ("one dose", "last dose"), strict=True):
        axes.set(xlim=(0, 84), xlabel=f"Hours, {title}")
        axes.set_xticks(range(0, 84, 24))
        _shares(axes, "SERT held (%)" if name == "once" else "")
        artists |= lines(
            axes,
            {
                name: {"color": colour, "ls": line, "lw": 2.5, "label": "model"},
                f"{name} scans": {
                    "color": plots.BLACK, "marker": "o", "ls": "", "ms": 7, "label": "scans",
                },
            },
        )  # fmt: skip
    figure.legend(
        handles=[artists["once"], artists["once scans"]],
        loc="outside upper center", ncols=2, frameon=False,
    )  # fmt: skip
    return artists


def _rivals_draw(
    artists: Mapping[str, Any],
    rival: str,
    half_life_h: float,
    ec50_ng_per_mL: float,
    delay_h: float,
    scans: str,
) -> Seen:
    once, daily = _expected(half_life_h, ec50_ng_per_mL, rival, delay_h)
    n = 2 if scans == _SHOWN[0] else 3
    artists["once"].set_data(_AFTER, once)
    artists["once scans"].set_data(_ONCE_H[:n], _ONCE_HELD[:n])
    shown = scans == _SHOWN[2]
    artists["daily"].set_data(*((_AFTER, daily) if shown else ([], [])))
    artists["daily scans"].set_data(*((_DAILY_H, _DAILY_HELD) if shown else ([], [])))
    lag = (
        f" of {number(delay_h)} h" if rival != "no delay" else f" (its {number(delay_h)} h unused)"
    )
    words, rms = _compared(once[list(_ONCE_H)][:n], _ONCE_HELD[:n])
    end = "" if n == 3 else f" At 53 h it says {number(once[53])} %."
    rms_new = np.inf
    if shown:
        more, rms_new = _compared(daily[list(_DAILY_H)], _DAILY_HELD)
        end = f" After repeated doses (6, 49, 78 h) {more}."
    return Seen(
        f"Plasma half-life {number(half_life_h)} h, EC50 {number(ec50_ng_per_mL)} ng/mL, {rival}"
        f"{lag}. After one dose ({'6, 25 h' if n == 2 else '6, 25, 53 h'}) {words}.{end}",
        rms=rms,
        rms_new=rms_new,
    )


def _compared(model: np.ndarray, found: np.ndarray) -> tuple[str, float]:
    rms = number(float(np.sqrt(np.mean((model - found) ** 2))), 2)
    said = ", ".join(number(x) for x in model)
    seen = ", ".join(number(x) for x in found)
    return f"it says {said} % where scans found {seen} %: it misses by {rms} points (rms)", told(
        rms
    )


rivals = Explorer(
    "lesson08/rivals",
    "Rivals for duloxetine",
    [
        Choice("rival", "Rival", tuple(_KINDS)),
        Control("half_life_h", "Plasma half-life", "h", 8, 24, 12, steps=32, short="half-life"),
        Control("ec50_ng_per_mL", "EC50", "ng/mL", 1, 15, 3.7, "log", 60, "EC50"),
        Control("delay_h", "Half-life of the delay", "h", 0.5, 12, 4, steps=23, short="delay"),
        Choice("scans", "Scans shown", _SHOWN, short="scans"),
    ],
    _rivals_stage,
    _rivals_draw,
    goals=[ask.WITH_DELAY, ask.WITHOUT_DELAY, ask.ALL_SIX],
    keep=("once", "daily"),
    prediction="lesson08/at_53_h",
)
