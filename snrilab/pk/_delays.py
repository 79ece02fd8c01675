"""Occupancy that lags behind plasma: an effect site, or slow binding, as rivals.

When occupancy plotted against plasma concentration makes a loop, no function of concentration can
describe it. Two remedies: drug takes time to reach the site (effect compartment, equally slow both
ways), or it binds and leaves slowly (fast on at high concentration, slow off). A delay that mends
the scans it was fitted to is not thereby true: `DelayFit.predict` says what it expects of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, fraction, numbers, one_number, same_length, scalar_or_array
from snrilab.mechanism import occupancy
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._profiles import NG_PER_ML_PER_MG_PER_L, concentration, recurrence_of
from snrilab.pk._results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.pk._interactions import ClearanceChange
    from snrilab.pk._patients import Patient
    from snrilab.pk._regimens import Regimen

    Floats = NDArray[np.float64]

__all__ = [
    "DelayFit",
    "effect_site_concentration",
    "fit_delay",
    "slow_binding_occupancy",
]

_STEP_H = 0.02
DELAYS = ("none", "effect_site", "slow_binding")


def effect_site_concentration(
    drug: Drug,
    regimen: Regimen,
    time_h: ArrayLike,
    ke0_per_h: float,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float | Floats:
    """Concentration at an effect site that plasma fills and that equilibrates with it.

    ``dCe/dt = ke0 (C - Ce)``, in closed form. The site holds a negligible amount of drug.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h), finite, in any order.
    ke0_per_h : float
        Rate constant of equilibration (1/h), > 0; its half-life is ln 2/ke0. The larger, the
        closer to plasma.
    patient : Patient, optional
        How this patient differs.
    changes : sequence of ClearanceChange
        Clearance changes on the way.

    Returns
    -------
    float or array
        Effect-site concentration on the scale of total plasma (ng/mL), >= 0, shape of `time_h`.

    References
    ----------
    Sheiner LB et al. Clin Pharmacol Ther 1979;25:358-371. doi:10.1002/cpt1979253358

    Examples
    --------
    >>> from snrilab.pk import drug, single_dose
    >>> effect_site_concentration(drug("duloxetine"), single_dose(60), [6, 25], 0.3).round(1)
    array([16.9, 13.1])
    """
    ke0 = one_number("ke0_per_h", ke0_per_h, low=0.0, low_open=True)
    times = numbers("time_h", time_h)
    events = recurrence_of(need_drug(drug), regimen, patient, changes, ke0)
    order = np.argsort(times, axis=None, kind="stable")
    found = np.empty(times.size)
    per_litre = events.volume / NG_PER_ML_PER_MG_PER_L
    found[order] = events.amounts(times.ravel()[order], events.rates.n_states - 1, per_litre)[0]
    return float(found[0]) if times.ndim == 0 else found.reshape(times.shape)


def slow_binding_occupancy(
    drug: Drug,
    regimen: Regimen,
    time_h: ArrayLike,
    ec50_ng_per_mL: float,
    koff_per_h: float,
    *,
    maximum: float = 1.0,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float | Floats:
    """Occupancy of a site that drug binds and leaves slowly.

    ``dO/dt = koff [C/EC50 (1 - O) - O]``: at equilibrium the hyperbola C/(C + EC50), reached at
    rate koff (1 + C/EC50), so quickly at high and slowly at low concentration. Stepped by 0.02 h
    with the mean of the exact concentrations at both ends.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h), finite, in any order.
    ec50_ng_per_mL : float
        Total plasma concentration of half occupancy at equilibrium (ng/mL), > 0.
    koff_per_h : float
        Rate at which drug leaves the site (1/h), > 0.
    maximum : float, default 1
        Highest occupancy that the method can show, in [0, 1].
    patient : Patient, optional
        How this patient differs.
    changes : sequence of ClearanceChange
        Clearance changes on the way.

    Returns
    -------
    float or array
        Occupancy, in [0, 1], shape of `time_h`.

    Examples
    --------
    >>> from snrilab.pk import drug, single_dose
    >>> slow_binding_occupancy(drug("duloxetine"), single_dose(60), [6, 25, 53], 3.7, 0.1).round(2)
    array([0.82, 0.77, 0.44])
    """
    half = one_number("ec50_ng_per_mL", ec50_ng_per_mL, low=0.0, low_open=True)
    koff = one_number("koff_per_h", koff_per_h, low=0.0, low_open=True)
    top = one_number("maximum", maximum, low=0.0, high=1.0)
    times = numbers("time_h", time_h)
    grid, over = _plasma_steps(drug, regimen, times, patient, changes)
    held = _bound(grid, over / half, koff)
    found = np.interp(times, grid, top * held, left=0.0)
    return scalar_or_array(found)


def _plasma_steps(
    drug: Drug,
    regimen: Regimen,
    times: Floats,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> tuple[Floats, Floats]:
    """Return a fine grid up to the last time, and the mean concentration of each of its steps."""
    first = recurrence_of(need_drug(drug), regimen, patient, changes).starts[0]
    last = max(float(times.max()), first)
    grid = np.linspace(first, last, max(2, int(np.ceil((last - first) / _STEP_H)) + 1))
    conc = concentration(drug, regimen, grid, patient=patient, changes=changes)
    return grid, (conc[1:] + conc[:-1]) / 2


def _bound(grid: Floats, over: Floats, koff_per_h: float) -> Floats:
    """Occupancy on the grid: each step relaxes towards its own equilibrium.

    A step is a map x -> goal + keep (x - goal); maps are joined in pairs, pairs of pairs, ...
    """
    goal = np.asarray(occupancy(over, 1.0))
    keep = np.exp(-koff_per_h * (1 + over) * (grid[1] - grid[0]))
    gain = goal * (1 - keep)
    shift = 1
    while shift < gain.size:
        gain[shift:] += keep[shift:] * gain[:-shift]
        keep[shift:] *= keep[:-shift].copy()
        shift *= 2
    return np.append(0.0, gain)


@dataclass(frozen=True, eq=False)
class DelayFit(Result):
    """A delay fitted to observed occupancy, beside what no delay gives.

    ``fit["half_life_h"]`` and ``fit["rate_per_h"]`` are an `Estimate` without interval: three
    scans of one group hardly allow one.

    Parameters
    ----------
    kind : str
        ``"none"``, ``"effect_site"`` or ``"slow_binding"``.
    drug : Drug
        Parameters of plasma.
    rate_per_h : float
        ke0 or koff (1/h); infinite without a delay.
    ec50_ng_per_mL : float
        Total plasma EC50 used (ng/mL).
    time_h : array
        Times (h).
    observed, fitted, direct : array
        Occupancy: observed, with the delay, and without any.
    """

    kind: str
    drug: Drug
    rate_per_h: float
    ec50_ng_per_mL: float
    time_h: Floats
    observed: Floats
    fitted: Floats
    direct: Floats

    @property
    def half_life_h(self) -> float:
        """Half-life of the delay (h)."""
        return float(np.log(2) / self.rate_per_h)

    @property
    def rms_error(self) -> float:
        """Root mean square error of the fit with the delay."""
        return float(np.sqrt(np.mean((self.fitted - self.observed) ** 2)))

    @property
    def rms_error_direct(self) -> float:
        """Root mean square error without a delay."""
        return float(np.sqrt(np.mean((self.direct - self.observed) ** 2)))

    def predict(self, regimen: Regimen, time_h: ArrayLike) -> float | Floats:
        """Occupancy that this model expects under another regimen, or at other times.

        Parameters
        ----------
        regimen : Regimen
            Doses (mg free base).
        time_h : array_like
            When to look (h).

        Returns
        -------
        float or array
            Occupancy, in [0, 1], shape of `time_h`.

        Examples
        --------
        Fitted to one dose of duloxetine, asked about scans after repeated doses (observed 84, 72
        and 47 % after 6, 49 and 78 h): none of the three rivals passes.

        >>> from snrilab.pk import drug, repeat, single_dose
        >>> later = 13 * 24 + np.array([6, 49, 78.0])
        >>> for kind in ("none", "effect_site", "slow_binding"):
        ...     fit = fit_delay(drug("duloxetine"), single_dose(60), [6, 25, 53],
        ...                     [0.818, 0.719, 0.449], 3.7, kind=kind)
        ...     print(kind, fit.predict(repeat(60, times=14), later).round(2))
        none [0.91 0.49 0.15]
        effect_site [0.89 0.54 0.18]
        slow_binding [0.91 0.55 0.23]
        """
        if self.kind == "slow_binding":
            return slow_binding_occupancy(
                self.drug, regimen, time_h, self.ec50_ng_per_mL, self.rate_per_h
            )
        if self.kind == "effect_site":
            site = effect_site_concentration(self.drug, regimen, time_h, self.rate_per_h)
        else:
            site = concentration(self.drug, regimen, numbers("time_h", time_h))
        held: float | Floats = occupancy(site, self.ec50_ng_per_mL)
        return held


def fit_delay(
    drug: Drug,
    regimen: Regimen,
    time_h: ArrayLike,
    observed: ArrayLike,
    ec50_ng_per_mL: float,
    *,
    kind: str = "effect_site",
) -> DelayFit:
    """Fit the one rate of a delay to observed occupancies, the EC50 being known.

    Least squares over a grid of rates from 0.001 to 100 per hour, refined between neighbours.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        Times of the observations (h).
    observed : array_like
        Occupancies, in [0, 1].
    ec50_ng_per_mL : float
        In-vivo EC50 (ng/mL total), > 0.
    kind : {"effect_site", "slow_binding", "none"}
        Which delay; "none" fits nothing and serves as the rival to beat.

    Returns
    -------
    DelayFit
        Rate and fitted values; `DelayFit.predict` tries them elsewhere.

    Examples
    --------
    Duloxetine 60 mg, SERT by PET (Takano 2006):

    >>> from snrilab.pk import drug, single_dose
    >>> fit = fit_delay(drug("duloxetine"), single_dose(60), [6, 25, 53],
    ...                 [0.818, 0.719, 0.449], ec50_ng_per_mL=3.7)
    >>> round(fit.half_life_h, 1), fit.fitted.round(2)
    (2.4, array([0.82, 0.78, 0.41]))
    """
    choice("kind", kind, list(DELAYS))
    times = np.atleast_1d(numbers("time_h", time_h))
    seen = np.atleast_1d(fraction("observed", observed))
    same_length(time_h=times, observed=seen)
    half = one_number("ec50_ng_per_mL", ec50_ng_per_mL, low=0.0, low_open=True)
    direct = np.asarray(occupancy(concentration(drug, regimen, times), half))
    if kind == "none":
        return DelayFit(kind, drug, np.inf, half, times, seen, direct, direct)
    steps = _plasma_steps(drug, regimen, times)

    def predicted(log_rate: float) -> Floats:
        rate = float(np.exp(log_rate))
        if kind == "slow_binding":
            grid, over = steps
            return np.interp(times, grid, _bound(grid, over / half, rate), left=0.0)
        return np.asarray(occupancy(effect_site_concentration(drug, regimen, times, rate), half))

    def loss(log_rate: float) -> float:
        return float(np.sum((predicted(log_rate) - seen) ** 2))

    rate = _lowest(loss, np.linspace(np.log(1e-3), np.log(1e2), 40))
    return DelayFit(kind, drug, float(np.exp(rate)), half, times, seen, predicted(rate), direct)


def _lowest(loss: Any, grid: Floats) -> float:
    """Where a loss is lowest: on the grid, then between the neighbours of that point."""
    from scipy.optimize import minimize_scalar

    best = float(grid[int(np.argmin([loss(x) for x in grid]))])
    step = float(grid[1] - grid[0])
    found = minimize_scalar(
        loss, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-9}
    )
    return float(found.x)
