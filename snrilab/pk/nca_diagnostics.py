"""What to be careful about in a noncompartmental analysis, in codes and in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._diagnostic import Diagnostic

if TYPE_CHECKING:
    from snrilab.pk.nca_result import Noncompartmental

__all__ = ["diagnose"]

_MOST_EXTRAPOLATED_PERCENT = 20.0
_LEAST_SPAN = 2.0
_LEAST_ADJUSTED_R2 = 0.9
_FLIP_FLOP_RATIO = 1.5


def diagnose(
    curve: Noncompartmental, intravenous_half_life_h: float | None
) -> tuple[Diagnostic, ...]:
    """List what is doubtful about an analysis."""
    found = (
        *_terminal(curve),
        _extrapolated(curve),
        _flip_flop(curve, intravenous_half_life_h),
        _peak_first(curve),
        _zero_inside(curve),
    )
    return tuple(doubt for doubt in found if doubt is not None)


def _terminal(curve: Noncompartmental) -> list[Diagnostic]:
    line = curve.terminal
    if line.n_points == 0:
        sentence = (
            "Fewer than three points fall on a falling line after the peak, so there is no "
            "half-life and nothing beyond the last sample: sample later."
        )
        return [Diagnostic("no_terminal_phase", sentence)]
    doubts = []
    if line.span_ratio < _LEAST_SPAN:
        sentence = (
            f"The terminal points span only {line.span_ratio:.1f} half-lives: the half-life is "
            "uncertain."
        )
        doubts.append(Diagnostic("terminal_span_lt_2_half_lives", sentence))
    if line.r2_adjusted < _LEAST_ADJUSTED_R2:
        sentence = (
            f"The terminal points do not lie on a line (adjusted R² {line.r2_adjusted:.2f}): the "
            "half-life is uncertain."
        )
        doubts.append(Diagnostic("terminal_fit_poor", sentence))
    return doubts


def _extrapolated(curve: Noncompartmental) -> Diagnostic | None:
    beyond = curve.auc_extrapolated_obs_percent
    if not beyond > _MOST_EXTRAPOLATED_PERCENT:
        return None
    sentence = (
        f"{beyond:.0f} % of the AUC lies beyond the last sample and is extrapolated: sample longer "
        "before trusting AUC, clearance or volume."
    )
    return Diagnostic("auc_extrapolated_gt_20pct", sentence)


def _flip_flop(curve: Noncompartmental, intravenous_half_life_h: float | None) -> Diagnostic | None:
    known = intravenous_half_life_h
    if known is None or not curve.half_life_h > _FLIP_FLOP_RATIO * known:
        return None
    sentence = (
        f"The terminal half-life of {curve.half_life_h:.3g} h far exceeds the {known:.3g} h "
        "after intravenous dosing: the slope shows absorption, not elimination."
    )
    return Diagnostic("flip_flop", sentence)


def _peak_first(curve: Noncompartmental) -> Diagnostic | None:
    if curve.route != "extravascular" or curve.tmax_h > curve.time_h[curve.time_h > 0][0]:
        return None
    sentence = (
        "The highest concentration is the first sample: the true peak may be earlier and higher."
    )
    return Diagnostic("peak_at_first_sample", sentence)


def _zero_inside(curve: Noncompartmental) -> Diagnostic | None:
    measured = np.flatnonzero(curve.conc > 0)
    if not (curve.conc[measured[0] : measured[-1]] == 0).any():
        return None
    sentence = (
        "A value below quantification lies between measured ones and was counted as zero: check "
        "the sample."
    )
    return Diagnostic("zero_between_measured", sentence)
