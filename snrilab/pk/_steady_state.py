"""What a regimen settles at: the fixed point of one dosing interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab._checks import one_number
from snrilab.pk._disposition import RateConstants, from_input, not_kept, transition
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._profiles import NG_PER_ML_PER_MG_PER_L, area_under_curve, concentration
from snrilab.pk._regimens import single_dose
from snrilab.pk._results import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from snrilab.pk._patients import Patient

    Floats = NDArray[np.float64]

__all__ = [
    "Peak",
    "SteadyState",
    "peak_after_dose",
    "steady_state",
]

# One dosing interval is searched in this many parts for the turns of the curve.
_SCAN = 64


@dataclass(frozen=True)
class SteadyState(Result):
    """One dosing interval after very many doses.

    Parameters
    ----------
    cmax_ng_per_mL, cmin_ng_per_mL : float
        Highest and lowest concentration in the interval (ng/mL).
    ctrough_ng_per_mL : float
        Concentration just before the next dose (ng/mL); above `cmin_ng_per_mL` when the lag
        lets the concentration fall on after the dose.
    cavg_ng_per_mL : float
        Mean concentration (ng/mL), AUC over the interval.
    tmax_h, tmin_h : float
        When the highest and the lowest concentration occur after a dose (h).
    auc_ng_h_per_mL : float
        Area under the curve of one interval (ng·h/mL) = dose/clearance.
    interval_h : float
        Dosing interval (h).
    accumulation_cmax, accumulation_auc : float
        Peak, and AUC of one interval, over those after the first dose.
    """

    cmax_ng_per_mL: float
    cmin_ng_per_mL: float
    ctrough_ng_per_mL: float
    cavg_ng_per_mL: float
    tmax_h: float
    tmin_h: float
    auc_ng_h_per_mL: float
    interval_h: float
    accumulation_cmax: float
    accumulation_auc: float

    @property
    def peak_to_trough(self) -> float:
        """Highest over lowest concentration."""
        return self.cmax_ng_per_mL / self.cmin_ng_per_mL if self.cmin_ng_per_mL else math.inf

    @property
    def fluctuation(self) -> float:
        """(highest - lowest)/mean."""
        return (self.cmax_ng_per_mL - self.cmin_ng_per_mL) / self.cavg_ng_per_mL


def steady_state(
    drug: Drug, dose_mg: float, interval_h: float = 24.0, *, patient: Patient | None = None
) -> SteadyState:
    """Return peak, trough, mean and accumulation when a dose is repeated for ever.

    The amounts at the start of an interval solve x = T(tau) x + (one dose's remains), so nothing
    is simulated until it settles; the peak is where dC/dt changes sign.

    Parameters
    ----------
    drug : Drug
        Parameters.
    dose_mg : float
        Free base per dose (mg), > 0.
    interval_h : float, default 24
        Dosing interval (h), > 0.
    patient : Patient, optional
        How this patient differs.

    Returns
    -------
    SteadyState
        Concentrations (ng/mL), times (h) and ratios.

    Examples
    --------
    Levomilnacipran ER 120 mg once daily (label: 341 ng/mL, 5196 ng·h/mL):

    >>> from snrilab.pk import drug
    >>> at = steady_state(drug("levomilnacipran"), 120)
    >>> round(at.cmax_ng_per_mL), round(at.auc_ng_h_per_mL), at.tmax_h
    (338, 5195, 6.5)
    """
    need_drug(drug)
    dose = one_number("dose_mg", dose_mg, low=0.0, low_open=True)
    tau = one_number("interval_h", interval_h, low=0.0, low_open=True)
    own = drug if patient is None else drug.in_patient(patient)
    cycle = _Cycle(own, dose, tau)
    t_high, high = cycle.extreme(+1)
    t_low, low = cycle.extreme(-1)
    auc = dose * own.bioavailability / own.cl_L_per_h * NG_PER_ML_PER_MG_PER_L
    first = single_dose(dose)
    first_auc = area_under_curve(own, first, 0.0, tau)
    return SteadyState(
        cmax_ng_per_mL=high,
        cmin_ng_per_mL=low,
        ctrough_ng_per_mL=cycle.concentration(cycle.n_pieces - 1, cycle.lengths[-1]),
        cavg_ng_per_mL=auc / tau,
        tmax_h=t_high,
        tmin_h=t_low,
        auc_ng_h_per_mL=auc,
        interval_h=tau,
        accumulation_cmax=high / peak_after_dose(own, dose).cmax_ng_per_mL,
        accumulation_auc=auc / first_auc if first_auc else math.inf,
    )


class Peak(NamedTuple):
    """Height and time of a peak.

    Parameters
    ----------
    cmax_ng_per_mL : float
        Highest concentration (ng/mL).
    tmax_h : float
        When it is reached after the dose (h).
    """

    cmax_ng_per_mL: float
    tmax_h: float


def peak_after_dose(drug: Drug, dose_mg: float, *, patient: Patient | None = None) -> Peak:
    """Return height and time of the peak after one dose.

    Parameters
    ----------
    drug : Drug
        Parameters.
    dose_mg : float
        Free base (mg), > 0.
    patient : Patient, optional
        How this patient differs.

    Returns
    -------
    Peak
        Cmax (ng/mL) and Tmax (h).

    Examples
    --------
    Levomilnacipran ER 40 mg (observed: 83.9 ng/mL):

    >>> from snrilab.pk import drug
    >>> peak = peak_after_dose(drug("levomilnacipran"), 40)
    >>> round(peak.cmax_ng_per_mL, 1), peak.tmax_h
    (84.5, 6.5)
    """
    own = need_drug(drug) if patient is None else need_drug(drug).in_patient(patient)
    dose = one_number("dose_mg", dose_mg, low=0.0, low_open=True)
    end = own.lag_h + own.input_h
    rates = own.rates
    when = end
    if rates.absorption is not None:
        begun = np.zeros(rates.n_states)
        begun[0] = 1.0
        if own.input_h:
            begun = np.array(from_input(rates, own.input_h)) / own.input_h

        def slope(since_h: float) -> float:
            shares = transition(rates, np.asarray(since_h))
            return float(_slope(rates, _carry(shares, begun), 0.0))

        latest = 50 / float(np.sqrt(rates.absorption * rates.elimination))
        when = end + _turn(slope, 0.0, latest)
    return Peak(concentration(own, single_dose(dose), when), when)


def _turn(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where a slope changes sign between `low` and `high`; `low` when it never does."""
    from scipy.optimize import brentq

    if slope(low) * slope(high) >= 0:
        return low
    return float(brentq(slope, low, high, xtol=1e-12, rtol=1e-14))


def _carry(matrix: list[list[Floats | None]], amounts: Floats) -> Floats:
    """Amounts (state, time) that a transition makes of the amounts at its start."""
    rows = [
        sum(share * x for share, x in zip(row, amounts, strict=True) if share is not None)
        for row in matrix
    ]
    return np.array(rows)


def _slope(rates: RateConstants, state: Floats, rate: float) -> Floats:
    """Rate of change of the amount in plasma (mg/h)."""
    plasma = state[rates.plasma]
    out: Floats = -rates.elimination * plasma
    if rates.outward is not None and rates.inward is not None:
        out = out - rates.outward * plasma + rates.inward * state[-1]
    return out + (rate if rates.absorption is None else rates.absorption * state[0])


class _Cycle:
    """One dosing interval at steady state, cut where the input changes.

    Doses that are still flowing in or lagging when the next is taken wrap around the interval.
    """

    def __init__(self, drug: Drug, dose_mg: float, tau: float) -> None:
        self.drug = drug
        self.tau = tau
        self.rates: RateConstants = drug.rates
        entered = dose_mg * drug.bioavailability
        begin = drug.lag_h % tau
        rounds, rest = divmod(drug.input_h, tau)
        end = (begin + rest) % tau
        cuts = {0.0, begin, end} if drug.input_h else {0.0, begin}
        self.starts = np.array(sorted(cuts))
        self.n_pieces = self.starts.size
        self.lengths = np.diff(np.append(self.starts, tau))
        self.bolus = np.where(self.starts == begin, 0.0 if drug.input_h else entered, 0.0)
        per_hour = entered / drug.input_h if drug.input_h else 0.0
        within = (
            (self.starts >= begin) & (self.starts < end)
            if begin <= end
            else (self.starts >= begin) | (self.starts < end)
        )
        self.rate = per_hour * (rounds + within) if drug.input_h else np.zeros(self.n_pieces)
        self.states = self._settle()

    def _settle(self) -> list[Floats]:
        m = self.rates.n_states
        total, remains = np.eye(m), np.zeros(m)
        pieces = []
        for length, bolus, rate in zip(self.lengths, self.bolus, self.rate, strict=True):
            matrix = np.array(
                [
                    [0.0 if x is None else float(x) for x in row]
                    for row in transition(self.rates, length)
                ]
            )
            filled = np.array([float(x) for x in from_input(self.rates, length)])
            enters = np.zeros(m)
            enters[0] = bolus
            pieces.append((matrix, filled * rate, enters))
            total, remains = matrix @ total, matrix @ (remains + enters) + filled * rate
        # What leaves in an interval, not one less what stays: exact for the shortest interval.
        leaves = -total
        np.fill_diagonal(leaves, [float(x) for x in not_kept(self.rates, self.tau)])
        state = np.linalg.solve(leaves, remains)
        states = []
        for matrix, filled, enters in pieces:
            state = state + enters
            states.append(state)
            state = matrix @ state + filled
        return states

    def amounts(self, piece: int, since_h: Floats) -> Floats:
        """Amounts (state, time) at times since the start of a piece."""
        carried = _carry(transition(self.rates, since_h), self.states[piece])
        filled: Floats = np.array(from_input(self.rates, since_h)) * self.rate[piece]
        return carried + filled

    def concentration(self, piece: int, since_h: float) -> float:
        plasma = self.amounts(piece, np.asarray(since_h))[self.rates.plasma]
        return float(plasma) / self.drug.v_L * NG_PER_ML_PER_MG_PER_L

    def extreme(self, sign: int) -> tuple[float, float]:
        """Time and height of the highest (+1) or lowest (-1) concentration."""
        candidates: list[tuple[float, float]] = []
        for piece, (start, length) in enumerate(zip(self.starts, self.lengths, strict=True)):

            def slope(since_h: Floats, piece: int = piece) -> Floats:
                rate = float(self.rate[piece])
                return _slope(self.rates, self.amounts(piece, since_h), rate)

            def at(since_h: float, slope: Callable[[Floats], Floats] = slope) -> float:
                return float(slope(np.asarray(since_h)))

            grid = np.linspace(0.0, length, _SCAN + 1)
            rising = sign * slope(grid) > 0
            turns = np.flatnonzero(rising[:-1] & ~rising[1:])
            inside = [_turn(at, float(grid[i]), float(grid[i + 1])) for i in turns]
            candidates += [
                (float(start + since), self.concentration(piece, since))
                for since in (0.0, *inside, float(length))
            ]
        return max(candidates, key=lambda found: sign * found[1])
