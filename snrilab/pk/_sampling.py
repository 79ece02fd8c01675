"""Sampling: what a plan of samples would miss in a person."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import (
    increasing,
    one_number,
    random_generator,
    whole_number,
)
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._profiles import area_under_curve, concentration
from snrilab.pk._regimens import single_dose
from snrilab.pk._results import Result
from snrilab.pk._sampled_curves import areas, terminal_lines

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab._checks import Seed

    Floats = NDArray[np.float64]

__all__ = ["SamplingError", "sampling_error"]


@dataclass(frozen=True, eq=False)
class SamplingError(Result):
    """How far noncompartmental analysis is off under a plan of sampling times.

    Parameters
    ----------
    time_h : array
        The plan (h after the dose).
    true_clearance_L_per_h, true_half_life_h : float
        What the simulated person has.
    clearance_L_per_h, half_life_h : array
        What each simulated curve gave; NaN where it was not estimable.
    auc_beyond_percent : float
        Share of the true AUC that lies after the last sample (%).
    """

    time_h: Floats
    true_clearance_L_per_h: float
    true_half_life_h: float
    clearance_L_per_h: Floats
    half_life_h: Floats
    auc_beyond_percent: float

    @property
    def clearance_error_percent(self) -> float:
        """Root mean square error of clearance (%); no estimate, or one far off, counts as 100 %."""
        return _error(self.clearance_L_per_h, self.true_clearance_L_per_h)

    @property
    def half_life_error_percent(self) -> float:
        """Root mean square error of half-life (%); no estimate, or one far off, counts as 100 %."""
        return _error(self.half_life_h, self.true_half_life_h)

    @property
    def not_estimable_percent(self) -> float:
        """Share of the curves without a terminal phase (%)."""
        return float(100 * np.isnan(self.half_life_h).mean())


def _error(found: Floats, truth: float) -> float:
    off = np.where(np.isnan(found), 1.0, np.minimum(np.abs(found / truth - 1), 1.0))
    return float(100 * np.sqrt(np.mean(off**2)))


def sampling_error(
    drug: Drug,
    dose_mg: float,
    time_h: ArrayLike,
    *,
    cv: float = 0.08,
    lloq_ng_per_mL: float = 0.0,
    n: int = 200,
    rng: Seed = None,
) -> SamplingError:
    """Try a plan of sampling times on simulated curves of one oral dose.

    Each curve is the model's, times lognormal noise, analysed by the rules of `nca`.

    Parameters
    ----------
    drug : Drug
        The person's parameters; single extravascular dose.
    dose_mg : float
        Free base (mg), > 0.
    time_h : array_like
        The plan (h after the dose), > 0, rising, at least two times.
    cv : float, default 0.08
        Coefficient of variation of a measured concentration, >= 0.
    lloq_ng_per_mL : float, default 0
        Lower limit of quantification (ng/mL), >= 0; smaller values count as 0.
    n : int, default 200
        Simulated curves, >= 1.
    rng : numpy.random.Generator or int, optional
        Random numbers: a generator or a seed.

    Returns
    -------
    SamplingError
        Errors of clearance and half-life (%), and every single estimate.

    Examples
    --------
    Eight samples that end at 12 h, and eight that go on to 60 h:

    >>> from snrilab.pk import drug
    >>> for plan in ([1, 2, 3, 4, 6, 8, 10, 12], [2, 4, 6.5, 8, 12, 24, 36, 60]):
    ...     off = sampling_error(drug("levomilnacipran"), 40, plan, rng=6)
    ...     print(f"{off.clearance_error_percent:.0f} %, {off.half_life_error_percent:.0f} %")
    77 %, 83 %
    3 %, 5 %
    """
    need_drug(drug)
    dose = one_number("dose_mg", dose_mg, low=0.0, low_open=True)
    times = increasing("time_h", time_h)
    if times[0] <= 0:
        raise ValueError(f"time_h must be > 0, after the dose, got {times[0]:g}.")
    spread = math.sqrt(math.log1p(one_number("cv", cv, low=0.0) ** 2))
    limit = one_number("lloq_ng_per_mL", lloq_ng_per_mL, low=0.0)
    count = whole_number("n", n, low=1)
    noise = random_generator(rng).normal(0.0, spread, (count, times.size))
    measured = np.asarray(concentration(drug, single_dose(dose), times)) * np.exp(noise)
    measured[measured < limit] = 0.0
    lines = terminal_lines(times, measured, first_h=0.0, with_peak=False)
    padded = np.concatenate([np.zeros((count, 1)), measured], axis=1)
    auc, _ = areas(np.append(0.0, times), padded, "linear-up/log-down")
    last = measured.shape[1] - 1 - np.argmax(measured[:, ::-1] > 0, axis=1)
    rows = np.arange(count)
    to_last = np.where(np.arange(times.size) <= last[:, np.newaxis], auc, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        infinite = to_last + measured[rows, last] / -lines.slope
    own_cl = drug.cl_L_per_h / drug.bioavailability
    beyond = area_under_curve(drug, single_dose(dose), float(times[-1]), math.inf)
    return SamplingError(
        time_h=times,
        true_clearance_L_per_h=own_cl,
        true_half_life_h=drug.half_life_h,
        clearance_L_per_h=1000 * dose / infinite,
        half_life_h=-math.log(2) / lines.slope,
        auc_beyond_percent=beyond * own_cl / dose / 10,
    )
