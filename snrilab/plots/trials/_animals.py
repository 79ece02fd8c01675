"""Pictures of animal studies: dose-response with its floor, the LPS groups, the confounder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from snrilab._checks import choice
from snrilab.plots._illustrative import mark
from snrilab.plots._style import BLACK, BLUE, GREEN, GREY, LOOK, ORANGE, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snrilab.trials import DoseResponseFit, LPSStudy, PreclinicalStudy, SwimTest

__all__ = ["dose_response", "immobility_by_locomotion", "lps_groups"]

OUTCOMES = {
    "sucrose_preference_percent": ("Sucrose preference (%)", "Sucrose preference", " %"),
    "immobility_s": ("Immobility (s)", "Immobility in the swim test", " s"),
    "distance_m": ("Open-field distance (m)", "Distance in the open field", " m"),
    "intake_mL": ("Fluid drunk in 24 h (mL)", "Fluid drunk", " mL"),
}
LOOKS = (LOOK["placebo"], (ORANGE, "-", "o"), LOOK["levomilnacipran"], (BLUE, "-", "s"))


def dose_response(
    axes: Axes,
    study: PreclinicalStudy,
    *,
    fit: DoseResponseFit | None = None,
    test: SwimTest | None = None,
) -> Axes:
    """Draw immobility against dose: every animal, group means with intervals, curve and floor.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    study : PreclinicalStudy
        From `snrilab.trials.simulate_preclinical`.
    fit : DoseResponseFit, optional
        Fitted curve to draw.
    test : SwimTest, optional
        The instrument, whose floor is drawn.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = dose_response(plots.axes(), trials.simulate_preclinical(rng=1))
    >>> print(plots.alt_text(ax))
    Mean immobility by dose: vehicle 169 s, 2.5 mg/kg 151 s, 5 mg/kg 139 s, 10 mg/kg 140 s, 20 mg/kg
    101 s.
    """
    from snrilab.trials import PreclinicalStudy as Kind

    if not isinstance(study, Kind):
        raise TypeError(f"study must be a PreclinicalStudy, got {type(study).__name__}.")
    doses = study.design.doses_mg_per_kg
    means, errors = study.means()
    # The vehicle has no place on a log axis: it stands one step to the left, beyond a break.
    left = doses[1] / max(doses[2] / doses[1], 2.0)
    at = np.where(doses > 0, doses, left)
    jitter = np.random.default_rng(0).uniform(0.93, 1.07, len(study.dose_mg_per_kg))
    spots = np.where(study.dose_mg_per_kg > 0, study.dose_mg_per_kg, left)
    axes.plot(spots * jitter, study.immobility_s, ".", color=GREY, markersize=4, label="one animal")
    reach = special.stdtrit(study.design.n_per_group - 1, 0.975) * errors
    axes.errorbar(
        at, means, yerr=reach, fmt="o", color=BLACK, capsize=3, label="mean, 95 % interval"
    )
    if fit is not None:
        grid = np.geomspace(doses[1] / 1.5, doses[-1] * 1.2, 200)
        axes.plot(
            grid, fit.predict(grid), color=VERMILION, label=f"{fit.model.replace('_', ' ')} fit"
        )
    if test is not None:
        axes.axhline(
            test.floor_s, color=BLUE, linestyle="--", linewidth=1.2, label="floor of the test"
        )
    axes.set_xscale("log")
    axes.set_xticks(at, ["vehicle", *(f"{dose:g}" for dose in doses[1:])])
    axes.set_xticks([], minor=True)
    label(axes, "Dose (mg/kg)", "Immobility (s)")
    axes.legend(frameon=False, loc="upper right", fontsize=9)
    axes.set_ylim(0, 1.15 * study.immobility_s.max())
    mark(axes)
    said = ", ".join(
        f"{'vehicle' if dose == 0 else f'{dose:g} mg/kg'} {mean:.0f} s"
        for dose, mean in zip(doses, means, strict=True)
    )
    floor = "" if test is None else f" The test cannot show less than {test.floor_s:.0f} s."
    return describe(axes, f"Mean immobility by dose: {said}.{floor}")


def lps_groups(axes: Axes, study: LPSStudy, outcome: str = "immobility_s") -> Axes:
    """Draw one outcome of the four groups of the LPS study: every animal, means, intervals.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    study : LPSStudy
        From `snrilab.trials.simulate_lps_study`.
    outcome : {"immobility_s", "sucrose_preference_percent", "distance_m", "intake_mL"}
        What to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = lps_groups(plots.axes(), trials.simulate_lps_study(rng=1))
    >>> plots.alt_text(ax)[:57]
    'Immobility in the swim test by group: vehicle + saline 10'
    """
    groups = _groups(study)
    name, title, unit = OUTCOMES[choice("outcome", outcome, tuple(OUTCOMES))]
    said = []
    generator = np.random.default_rng(0)
    for i, (group, (colour, _, marker)) in enumerate(zip(groups, LOOKS, strict=True)):
        values = getattr(study, outcome)[study.group == group]
        spots = i + generator.uniform(-0.18, 0.18, len(values))
        axes.plot(spots, values, marker, color=colour, markersize=4, alpha=0.6)
        n = len(values)
        reach = special.stdtrit(n - 1, 0.975) * values.std(ddof=1) / np.sqrt(n)
        axes.errorbar(
            i, values.mean(), yerr=reach, fmt="_", color=BLACK, markersize=18, capsize=5, zorder=3
        )
        said.append(f"{group} {values.mean():.0f}{unit}")
    if outcome == "sucrose_preference_percent":
        axes.axhline(50, color=GREY, linestyle=":", linewidth=1)
        axes.annotate("chance", (3.45, 50), ha="right", va="bottom", fontsize=9, color=GREY)
    axes.set_xticks(range(len(groups)), [group.replace(" + ", "\n+ ") for group in groups])
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlim(-0.5, 3.5)
    label(axes, "", name)
    mark(axes)
    return describe(axes, f"{title} by group: {', '.join(said)}.")


def immobility_by_locomotion(axes: Axes, study: LPSStudy) -> Axes:
    """Draw immobility against open-field distance, which may be all that a drug changes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    study : LPSStudy
        From `snrilab.trials.simulate_lps_study`.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = immobility_by_locomotion(plots.axes(), trials.simulate_lps_study(rng=1))
    >>> plots.alt_text(ax)[:47]
    'Immobility against open-field distance: immobil'
    """
    groups = _groups(study)
    inside_x, inside_y = [], []
    for group, (colour, _, marker) in zip(groups, LOOKS, strict=True):
        mine = study.group == group
        x, y = study.distance_m[mine], study.immobility_s[mine]
        axes.plot(x, y, marker, color=colour, markersize=4, alpha=0.7, label=group)
        axes.plot(x.mean(), y.mean(), marker, color=colour, markersize=11, markeredgecolor=BLACK)
        inside_x.append(x - x.mean())
        inside_y.append(y - y.mean())
    x, y = np.concatenate(inside_x), np.concatenate(inside_y)
    slope = float(x @ y / (x @ x))
    ends = np.array([study.distance_m.min(), study.distance_m.max()])
    line = study.immobility_s.mean() + slope * (ends - study.distance_m.mean())
    axes.plot(ends, line, color=GREEN if slope > 0 else GREY, linewidth=1.2, label="within groups")
    label(axes, "Open-field distance (m)", "Immobility in the swim test (s)")
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    mark(axes)
    return describe(
        axes,
        f"Immobility against open-field distance: immobility changes by {slope:.1f} s per metre "
        "within groups, so groups that differ in locomotion differ in immobility for that reason "
        "too.",
    )


def _groups(study: LPSStudy) -> tuple[str, ...]:
    from snrilab.trials import LPS_GROUPS
    from snrilab.trials import LPSStudy as Kind

    if not isinstance(study, Kind):
        raise TypeError(f"study must be an LPSStudy, got {type(study).__name__}.")
    return LPS_GROUPS
