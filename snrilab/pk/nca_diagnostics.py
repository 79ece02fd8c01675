"""What to be careful about in a noncompartmental analysis, in codes and in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from snrilab.pk.noncompartmental import Noncompartmental

__all__ = ["Diagnostic", "diagnose"]

_MOST_EXTRAPOLATED_PERCENT = 20.0
_LEAST_SPAN = 2.0
_LEAST_ADJUSTED_R2 = 0.9
_FLIP_FLOP_RATIO = 1.5


@dataclass(frozen=True)
class Diagnostic:
    """One doubt about a result.

    Parameters
    ----------
    code : str
        Stable name, for programs.
    sentence : str
        What it means, for people.
    """

    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


def diagnose(
    curve: Noncompartmental, intravenous_half_life_h: float | None
) -> tuple[Diagnostic, ...]:
    """List what is doubtful about an analysis."""
    doubts: list[tuple[bool, str, str]] = [
        *_terminal_doubts(curve),
        (
            curve.auc_extrapolated_obs_percent > _MOST_EXTRAPOLATED_PERCENT,
            "auc_extrapolated_gt_20pct",
            f"{curve.auc_extrapolated_obs_percent:.0f} % of the AUC lies beyond the last sample and "
            "is an extrapolation: sample longer before trusting AUC, clearance or volume.",
        ),
        (
            intravenous_half_life_h is not None
            and curve.half_life_h > _FLIP_FLOP_RATIO * intravenous_half_life_h,
            "flip_flop",
            f"The terminal half-life of {curve.half_life_h:.3g} h is much longer than the "
            f"{intravenous_half_life_h or math.nan:.3g} h after intravenous dosing: the slope shows "
            "absorption, not elimination.",
        ),
        (
            curve.route == "extravascular" and curve.tmax_h == curve.time_h[curve.time_h > 0][0],
            "peak_at_first_sample",
            "The highest concentration is the first sample: the true peak may be earlier and higher.",
        ),
        (
            bool(_zero_between_measured(curve)),
            "zero_between_measured",
            "A value below quantification lies between measured ones and was counted as zero: check "
            "the sample.",
        ),
    ]
    return tuple(Diagnostic(code, sentence) for true, code, sentence in doubts if true)


def _terminal_doubts(curve: Noncompartmental) -> list[tuple[bool, str, str]]:
    line = curve.terminal
    if line.n_points == 0:
        return [
            (
                True,
                "no_terminal_phase",
                "Fewer than three points fall after the peak, so there is no half-life and nothing "
                "beyond the last sample: sample later.",
            )
        ]
    return [
        (
            line.span_ratio < _LEAST_SPAN,
            "terminal_span_lt_2_half_lives",
            f"The terminal points span only {line.span_ratio:.1f} half-lives: the half-life is "
            "uncertain.",
        ),
        (
            line.r2_adjusted < _LEAST_ADJUSTED_R2,
            "terminal_fit_poor",
            f"The terminal points do not lie on a line (adjusted R² {line.r2_adjusted:.2f}).",
        ),
    ]


def _zero_between_measured(curve: Noncompartmental) -> bool:
    measured = np.flatnonzero(curve.conc > 0)
    return bool((curve.conc[measured[0] : measured[-1]] == 0).any())
