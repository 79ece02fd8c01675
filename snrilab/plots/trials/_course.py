"""Pictures of one trial: scores over time, who stayed, what happened to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import special

from snrilab._checks import choice, whole_number
from snrilab.plots._illustrative import mark
from snrilab.plots._style import CYCLE, LOOK, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snrilab.trials import Analysis, Trial

__all__ = ["adverse_events", "ls_means", "madrs_trajectories", "pattern_means", "retention"]


def looks(names: list[str]) -> list[tuple[Any, Any, Any]]:
    """Return colour, line style and marker of each arm; placebo looks the same everywhere."""
    others = iter([look for look in CYCLE if look[0] != LOOK["placebo"][0]])
    return [LOOK["placebo"] if name == "placebo" else next(others) for name in names]


def _arms(trial: Trial) -> list[str]:
    from snrilab.trials import Trial as Kind

    if not isinstance(trial, Kind):
        raise TypeError(f"trial must be a Trial, got {type(trial).__name__}.")
    return [arm.name for arm in trial.design.arms]


def _legend(axes: Axes, where: Literal["lower left", "lower right"]) -> None:
    axes.legend(frameon=False, loc=where, fontsize=9)


def madrs_trajectories(axes: Axes, trial: Trial, *, patients: int = 0) -> Axes:
    """Draw the mean MADRS of each arm over time, with 95 % intervals, as observed.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trial : Trial
        From `snrilab.trials.simulate_trial`.
    patients : int, default 0
        Number of single patients per arm to draw as thin lines, >= 0.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = madrs_trajectories(plots.axes(), trials.simulate_trial("gommoll2014", rng=1))
    >>> print(plots.alt_text(ax))
    Mean observed MADRS from baseline to week 8: placebo 34.9 to 18.7, 40-120 mg 34.5 to 19.0.
    """
    names = _arms(trial)
    count = whole_number("patients", patients)
    weeks = np.array([0.0, *trial.design.visits_wk])
    scores = np.column_stack([trial.baseline, trial.madrs])
    said = []
    for i, (name, (colour, line, marker)) in enumerate(zip(names, looks(names), strict=True)):
        mine = scores[trial.arm == i]
        n = (~np.isnan(mine)).sum(axis=0)
        mean = np.nanmean(mine, axis=0)
        error = np.nanstd(mine, axis=0, ddof=1) / np.sqrt(n)
        reach = special.stdtrit(n - 1, 0.975) * error
        shift = 0.07 * (i - (len(names) - 1) / 2)
        for one in mine[:count]:
            axes.plot(weeks, one, color=colour, linewidth=0.6, alpha=0.3)
        axes.errorbar(
            weeks + shift,
            mean,
            yerr=reach,
            color=colour,
            linestyle=line,
            marker=marker,
            markersize=5,
            capsize=2,
            label=name,
        )
        said.append(f"{name} {mean[0]:.1f} to {mean[-1]:.1f}")
    label(axes, "Time (weeks)", "MADRS (points)")
    axes.set_xticks(weeks)
    axes.set_ylim(bottom=0)
    _legend(axes, "lower left")
    mark(axes, "simulated; course illustrative")
    return describe(
        axes, f"Mean observed MADRS from baseline to week {weeks[-1]:g}: {', '.join(said)}."
    )


def ls_means(axes: Axes, analysis: Analysis) -> Axes:
    """Draw the least-squares mean change of each arm at every visit, with intervals.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    analysis : Analysis
        From `snrilab.trials.analyse` with method "mmrm".

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> result = trials.analyse(trials.simulate_trial("gommoll2014", rng=1))
    >>> print(plots.alt_text(ls_means(plots.axes(), result)))
    Least-squares mean change of MADRS at week 8: placebo -14.9 (-16.5 to -13.3), 40-120 mg -13.6
    (-15.2 to -11.9).
    """
    if getattr(analysis, "method", None) != "mmrm":
        raise ValueError("analysis must come from analyse with method 'mmrm'.")
    fit = analysis.fit
    names = [mean.label.split(", ")[-1] for mean in analysis.ls_means]
    weeks = np.array(fit.visits, dtype=np.float64)
    level = analysis.ls_means[0].level
    cells = np.array(
        [[c.value, c.low, c.high] for c in fit.ls_means(["week", "arm"], level=level)]
    ).reshape(len(weeks), len(names), 3)
    said = []
    for i, (name, (colour, line, marker)) in enumerate(zip(names, looks(names), strict=True)):
        mean, low, high = cells[:, i].T
        shift = 0.07 * (i - (len(names) - 1) / 2)
        axes.errorbar(
            weeks + shift,
            mean,
            yerr=[mean - low, high - mean],
            color=colour,
            linestyle=line,
            marker=marker,
            markersize=5,
            capsize=2,
            label=name,
        )
        said.append(f"{name} {mean[-1]:.1f} ({low[-1]:.1f} to {high[-1]:.1f})")
    axes.set_xticks(weeks)
    axes.set_ylim(top=0)
    label(axes, "Time (weeks)", "LS mean change of MADRS (points)")
    mark(axes, "simulated; course illustrative")
    _legend(axes, "lower left")
    return describe(
        axes,
        f"Least-squares mean change of MADRS at week {weeks[-1]:g}: {', '.join(said)}.",
    )


def retention(axes: Axes, trial: Trial) -> Axes:
    """Draw the share of patients still observed, by arm, as falling steps.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trial : Trial
        From `snrilab.trials.simulate_trial`.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = retention(plots.axes(), trials.simulate_trial("gommoll2014", rng=1))
    >>> print(plots.alt_text(ax))
    Patients still observed at week 8: placebo 79 %, 40-120 mg 68 %.
    """
    names = _arms(trial)
    weeks = np.array([0.0, *trial.design.visits_wk])
    said = []
    for i, (name, (colour, line, marker)) in enumerate(zip(names, looks(names), strict=True)):
        last = trial.visits_seen[trial.arm == i]
        stay = np.array([(last >= visit).mean() for visit in range(len(weeks))]) * 100
        axes.step(weeks, stay, where="post", color=colour, linestyle=line, label=name)
        axes.plot(weeks, stay, marker, color=colour, markersize=4)
        said.append(f"{name} {stay[-1]:.0f} %")
    label(axes, "Time (weeks)", "Patients still observed (%)")
    axes.set_xticks(weeks)
    axes.set_ylim(0, 103)
    _legend(axes, "lower left")
    mark(axes, "simulated; dropout illustrative")
    return describe(axes, f"Patients still observed at week {weeks[-1]:g}: {', '.join(said)}.")


def pattern_means(axes: Axes, trial: Trial, arm: str) -> Axes:
    """Draw the mean MADRS of those who left at each visit, up to their last one.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trial : Trial
        From `snrilab.trials.simulate_trial`.
    arm : str
        Name of the arm.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> trial = trials.simulate_trial("bakish2014", rng=1)
    >>> print(plots.alt_text(pattern_means(plots.axes(), trial, "placebo")))
    Mean MADRS in placebo when last seen: completed 18.9, left after week 6 35.0, left after week 4
    27.4, left after week 2 30.2, left after week 1 31.6.
    """
    names = _arms(trial)
    mine = trial.arm == names.index(choice("arm", arm, names))
    weeks = np.array([0.0, *trial.design.visits_wk])
    scores = np.column_stack([trial.baseline, trial.madrs])
    ends = []
    total = len(trial.design.visits_wk)
    for last in range(total, 0, -1):
        these = mine & (trial.visits_seen == last)
        if not these.any():
            continue
        colour, line, marker = CYCLE[(total - last) % len(CYCLE)]
        mean = scores[these, : last + 1].mean(axis=0)
        who = "completed" if last == total else f"left after week {weeks[last]:g}"
        axes.plot(
            weeks[: last + 1],
            mean,
            color=colour,
            linestyle=line,
            marker=marker,
            markersize=5,
            label=f"{who} (n = {these.sum()})",
        )
        ends.append(f"{who} {mean[-1]:.1f}")
    label(axes, "Time (weeks)", "MADRS (points)", arm)
    axes.set_xticks(weeks)
    axes.set_ylim(bottom=0)
    _legend(axes, "lower left")
    mark(axes, "simulated")
    return describe(axes, f"Mean MADRS in {arm} when last seen: {', '.join(ends)}.")


def adverse_events(axes: Axes, trial: Trial) -> Axes:
    """Draw how many patients of each arm had each adverse event.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trial : Trial
        From `snrilab.trials.simulate_trial`.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots, trials
    >>> ax = adverse_events(plots.axes(), trials.simulate_trial("bakish2014", rng=1))
    >>> plots.alt_text(ax)[:60]
    'Patients with adverse events, placebo against 40 mg against '
    """
    names = _arms(trial)
    events = sorted(trial.adverse_events, key=lambda event: trial.adverse_events[event].mean())
    if not events:
        raise ValueError("trial records no adverse events: its arms name none.")
    shares = []
    for event in events:
        at_risk = trial.male if event.endswith("(men)") else np.ones_like(trial.male)
        shares.append(
            [
                100 * trial.adverse_events[event][at_risk & (trial.arm == i)].mean()
                if (at_risk & (trial.arm == i)).any()
                else 0.0
                for i in range(len(names))
            ]
        )
    table = np.array(shares)
    rows = np.arange(len(events))
    axes.hlines(rows, table.min(axis=1), table.max(axis=1), color="#BBBBBB", linewidth=1, zorder=1)
    for i, (name, (colour, _, marker)) in enumerate(zip(names, looks(names), strict=True)):
        axes.plot(table[:, i], rows, marker, color=colour, label=name, linestyle="none")
    axes.set_yticks(rows, events)
    axes.set_xlim(left=min(-0.5, -0.03 * table.max()))
    label(axes, "Patients (%)", "")
    _legend(axes, "lower right")
    mark(axes, "simulated")
    said = "; ".join(
        f"{event} {', '.join(f'{value:.0f} %' for value in row)}"
        for event, row in zip(events[::-1], table[::-1], strict=True)
    )
    return describe(axes, f"Patients with adverse events, {' against '.join(names)}: {said}.")
