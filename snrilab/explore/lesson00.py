"""Lesson 00, start here: one concentration in two units, to try a slider on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import pk, plots
from snrilab.explore import Choice, Control, Explorer, Seen, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

_LARGEST_NG_PER_ML = 200.0


def _units_stage(figure: Figure) -> Mapping[str, Any]:
    axes = figure.add_subplot(xlim=(0, _LARGEST_NG_PER_ML), ylim=(0, 900))
    plots.label(axes, "Concentration (ng/mL)", "Concentration (nM)")
    (line,) = axes.plot([], [], lw=2.5)
    (dot,) = axes.plot([], [], color=plots.BLACK, marker="o", ms=9, ls="")
    return {"line": line, "dot": dot}


def _units_draw(artists: Mapping[str, Any], conc_ng_per_mL: float, drug: str) -> Seen:
    weight = pk.drug(drug).known("mw_g_per_mol")
    ends_ng_per_mL = np.array([0.0, _LARGEST_NG_PER_ML])
    colour, line, _ = plots.LOOK[drug]
    artists["line"].set(color=colour, linestyle=line)
    artists["line"].set_data(ends_ng_per_mL, pk.nM_from_ng_per_mL(ends_ng_per_mL, weight))
    conc_nM = pk.nM_from_ng_per_mL(conc_ng_per_mL, weight)
    artists["dot"].set_data([conc_ng_per_mL], [conc_nM])
    return Seen(
        f"{number(conc_ng_per_mL)} ng/mL of {drug} are {number(float(conc_nM))} nM, since one "
        f"mole weighs {number(weight)} g."
    )


units = Explorer(
    "lesson00/units",
    "One concentration, two units",
    [
        Control("conc_ng_per_mL", "Concentration", "ng/mL", 5, _LARGEST_NG_PER_ML, 50, steps=39),
        Choice("drug", "Drug", ("levomilnacipran", "escitalopram")),
    ],
    _units_stage,
    _units_draw,
)
