"""Pictures of the allosteric site of SERT: what it does in a dish, and at a clinical exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab import mechanism
from snrilab._checks import one_number
from snrilab.plots._illustrative import mark
from snrilab.plots._style import CYCLE, GREY, PURPLE, YELLOW, describe, label
from snrilab.plots.mechanism._transporter import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

__all__ = ["allosteric_exposure", "dissociation_curves"]


def dissociation_curves(
    axes: Axes, dissociation: mechanism.Dissociation, labels: Sequence[str]
) -> Axes:
    """Draw bound drug after a washout on a logarithmic axis, one straight line per condition.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    dissociation : Dissociation
        From `snrilab.mechanism.dissociation_time_course`. Its off-rate is assumed, not measured.
    labels : sequence of str
        What was in the wash buffer, one per curve; at most seven.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If `dissociation` is of another type or the labels do not fit the curves.

    Examples
    --------
    >>> from snrilab import plots
    >>> wash = mechanism.dissociation_time_course(np.arange(0, 301), 0.011, [0, 31, 3600], 3600)
    >>> print(plots.alt_text(dissociation_curves(plots.axes(), wash, ["none", "31 nM", "3600 nM"])))
    Bound drug after a washout, falling exponentially. Half-life by ligand at the allosteric site:
    none 63 s, 31 nM 64 s, 3600 nM 126 s. The off-rate is assumed.
    """
    if not isinstance(dissociation, mechanism.Dissociation):
        raise TypeError(f"dissociation must be a Dissociation, got {dissociation!r}.")
    curves = np.atleast_2d(dissociation.bound_fraction)
    half_lives = np.atleast_1d(dissociation.half_life_s)
    if isinstance(labels, str) or len(labels) != len(curves) or len(curves) > len(CYCLE):
        raise ValueError(
            f"labels must name each of the {len(curves)} curves (at most {len(CYCLE)}), "
            f"got {labels!r}."
        )
    for name, curve, (colour, style, _) in zip(labels, curves, CYCLE, strict=False):
        axes.plot(dissociation.time_s, 100 * curve, color=colour, ls=style, lw=2, label=name)
    axes.axhline(50, color=GREY, lw=0.8, ls=":")
    axes.set_yscale("log")
    axes.set_ylim(max(1.0, 80 * curves.min()), 110)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100) if t >= axes.get_ylim()[0]]
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_yticks([], minor=True)
    axes.set_xlim(dissociation.time_s.min(), dissociation.time_s.max())
    axes.legend(
        title="ligand at the\nallosteric site",
        frameon=False,
        fontsize=9,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
    )
    mark(axes, "assumed off-rate")
    label(axes, "Time after washout (s)", "Bound (% of start)")
    said = ", ".join(f"{n} {h:.0f} s" for n, h in zip(labels, half_lives, strict=True))
    return describe(
        axes,
        "Bound drug after a washout, falling exponentially. Half-life by ligand at the allosteric "
        f"site: {said}. The off-rate is assumed.",
    )


def allosteric_exposure(
    axes: Axes, ec50_nM: float, exposure_nM: Mapping[str, float], *, drug: str = "escitalopram"
) -> Axes:
    """Draw occupancy of the allosteric site against unbound drug, clinical exposures marked.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    ec50_nM : float
        Concentration of half the slowing, nM, > 0.
    exposure_nM : mapping of str to float
        Unbound concentrations by name (``"10 mg"``), nM, > 0.
    drug : str, default "escitalopram"
        Name for the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    ValueError, TypeError
        If a concentration is not positive.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = allosteric_exposure(plots.axes(), 3600, {"10 mg": 15.7, "20 mg": 31.4})
    >>> print(plots.alt_text(ax))
    Occupancy of the allosteric site against unbound escitalopram: half at 3600 nM. 10 mg (15.7 nM)
    holds 0.43 %, 20 mg (31.4 nM) holds 0.86 %.
    """
    ec50 = one_number("ec50_nM", ec50_nM, low=0.0, low_open=True)
    exposures = named("exposure_nM", exposure_nM)
    low = 0.1 * min(*exposures.values(), ec50 / 100)
    conc = np.geomspace(low, 30 * ec50, 300)
    percent = 100 * mechanism.allosteric_occupancy(conc, ec50)
    axes.axvspan(min(exposures.values()), max(exposures.values()), color=YELLOW, alpha=0.5, lw=0)
    axes.plot(conc, percent, color=PURPLE, lw=2.2)
    axes.plot([ec50], [50], color=PURPLE, marker="v", ls="")
    axes.annotate(
        f"EC50 {ec50:g} nM", (ec50, 50), xytext=(8, -4), textcoords="offset points", color=PURPLE
    )
    said = []
    for i, (name, at) in enumerate(sorted(exposures.items(), key=lambda pair: pair[1])):
        held = 100 * mechanism.allosteric_occupancy(at, ec50)
        axes.plot([at], [held], color="black", marker="o", ls="")
        axes.annotate(
            f"{name}: {held:.2g} %",
            (at, held),
            xytext=(24, 70 - 26 * i),
            textcoords="offset points",
            ha="left",
            fontsize=9,
            arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.8},
        )
        said.append(f"{name} ({at:g} nM) holds {held:.2g} %")
    axes.set_xscale("log")
    axes.set_xlim(conc[0], conc[-1])
    axes.set_ylim(0, 102)
    label(axes, f"Unbound {drug} (nM)", "Allosteric sites held (%)")
    return describe(
        axes,
        f"Occupancy of the allosteric site against unbound {drug}: half at {ec50:g} nM. "
        f"{', '.join(said)}.",
    )
