"""Picture of a noncompartmental analysis: samples, terminal line, extrapolated area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.plots._style import BLUE, GREY, ORANGE, VERMILION, describe, label
from snrilab.plots.pk._curves import legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snrilab.pk import Noncompartmental

__all__ = ["terminal_phase"]

_LEAST_SHARE = 1e-4


def terminal_phase(axes: Axes, curve: Noncompartmental) -> Axes:
    """Draw a curve on a logarithmic scale with its terminal line and the extrapolated area.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    curve : Noncompartmental
        From `snrilab.pk.nca`.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Raises
    ------
    TypeError
        If `curve` is not the result of an analysis.

    Examples
    --------
    >>> from snrilab import pk, plots
    >>> curve = pk.nca([0, 1, 2, 4, 8, 12], [0, 80, 62, 41, 18, 8])
    >>> print(plots.alt_text(terminal_phase(plots.axes(), curve)))
    Concentration against time, logarithmic scale. The terminal line through 4 points has a
    half-life of 3.38 h (adjusted R² 1.000); 9 % of the AUC lies beyond the last sample.
    """
    if not hasattr(curve, "terminal"):
        raise TypeError(f"curve must be a Noncompartmental, got {curve!r}.")
    line = curve.terminal
    measured = curve.conc > 0
    times, conc = curve.time_h[measured], curve.conc[measured]
    used = (times >= line.lower_h) & (times <= line.upper_h)
    end = curve.tlast_h * 1.35
    axes.plot(times, conc, color=GREY, lw=1, zorder=1)
    axes.plot(times[~used], conc[~used], color=BLUE, marker="o", ls="", ms=6, label="samples")
    sentence = "Concentration against time, logarithmic scale. "
    floor = conc.min() / 2
    if line.n_points:
        axes.plot(times[used], conc[used], color=VERMILION, marker="s", ls="", ms=7,
                  label=f"terminal ({line.n_points} points)")  # fmt: skip
        along = np.linspace(line.lower_h, end, 50)
        fitted = np.exp(line.intercept_log - line.lambda_z_per_h * along)
        axes.plot(along, fitted, color=VERMILION, linestyle="--", lw=1.8,
                  label=f"half-life {line.half_life_h:.3g} h")  # fmt: skip
        floor = min(floor, fitted[-1] / 1.5)
        beyond = along >= curve.tlast_h
        axes.fill_between(along[beyond], floor, fitted[beyond], color=ORANGE, alpha=0.3, lw=0,
                          label="extrapolated area")  # fmt: skip
        sentence += (
            f"The terminal line through {line.n_points} points has a half-life of "
            f"{line.half_life_h:.3g} h (adjusted R² {line.r2_adjusted:.3f}); "
            f"{curve.auc_extrapolated_obs_percent:.0f} % of the AUC lies beyond the last sample."
        )
    else:
        sentence += (
            f"No terminal line: fewer than 3 of the {times.size} points fall after the peak."
        )
    axes.set_yscale("log")
    axes.set_ylim(max(floor, conc.max() * _LEAST_SHARE), 1.6 * conc.max())
    axes.set_xlim(0, end)
    legend_above(axes)
    label(axes, "Time after dose (h)", f"Concentration ({curve.conc_unit})")
    return describe(axes, sentence)
