"""Concentrations and amounts over time, and the area under the curve, in closed form."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import members, numbers, one_number
from snrilab.pk.courses import Body, Course
from snrilab.pk.drugs import Drug, Patient, need_drug
from snrilab.pk.interactions import ClearanceChange
from snrilab.pk.regimens import Regimen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Amounts", "amounts", "area_under_curve", "concentration"]

NG_PER_ML_PER_MG_PER_L = 1000.0


@dataclass(frozen=True, eq=False)
class Amounts:
    """Where the drug is; the parts sum to what has been dosed so far.

    Parameters
    ----------
    time_h : array
        Times (h).
    depot_mg, plasma_mg, periphery_mg : array
        Amounts in the body (mg), >= 0; zeros where the model has no such place. The depot holds
        what waits for first-order absorption.
    waiting_mg : array
        Taken, but not yet released: during the lag or a zero-order input (mg).
    eliminated_mg : array
        Gone (mg), never falling.
    lost_mg : array
        Never reaches plasma because bioavailability is below 1 (mg).
    """

    time_h: NDArray[np.float64]
    depot_mg: NDArray[np.float64]
    plasma_mg: NDArray[np.float64]
    periphery_mg: NDArray[np.float64]
    waiting_mg: NDArray[np.float64]
    eliminated_mg: NDArray[np.float64]
    lost_mg: NDArray[np.float64]


def concentration(
    drug: Body,
    regimen: Regimen,
    time_h: ArrayLike,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> Any:
    """Total plasma concentration over time.

    Linear, first-order elimination from one or two compartments; input as `drug` says: bolus or
    zero-order, into a depot (first-order absorption) or straight into plasma, after a lag.
    Exact at every time: no integration steps. At the very time of an intravenous bolus the value
    is the one just after it.

    Parameters
    ----------
    drug : Drug or Population
        Parameters of the typical body, or of many patients.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h), finite, in any order; before the first dose it is 0.
    patient : Patient, optional
        How this patient differs from the typical body; only with a Drug.
    changes : sequence of ClearanceChange
        Clearance changes on the way, for example a CYP3A4 inhibitor started and stopped.

    Returns
    -------
    float or array
        Total plasma concentration (ng/mL), >= 0; shape of `time_h`, for a population
        (patients, times).

    Raises
    ------
    TypeError, ValueError
        When an argument is of the wrong kind or outside its range.

    Examples
    --------
    Levomilnacipran ER 40 mg, single dose, near its peak (observed mean peak 83.9 ng/mL):

    >>> from snrilab.pk import concentration, drug, single_dose
    >>> round(concentration(drug("levomilnacipran"), single_dose(40), 6.5), 1)
    84.5
    """
    times = numbers("time_h", time_h)
    course = course_of(drug, regimen, patient, changes)
    many = not isinstance(drug, Drug)
    if many and times.ndim > 1:
        raise ValueError(
            f"time_h must be one-dimensional for a population, got shape {times.shape}."
        )
    flat, order = _rising(times)
    per_litre = course.volume / NG_PER_ML_PER_MG_PER_L
    values = course.amounts(flat, course.rates.plasma, per=per_litre)
    if order is not None:
        values = values[:, np.argsort(order)]
    if many:
        return values
    return float(values[0, 0]) if times.ndim == 0 else values[0].reshape(times.shape)


def amounts(
    drug: Drug,
    regimen: Regimen,
    time_h: ArrayLike,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> Amounts:
    """Return where the drug is over time: depot, plasma, periphery, eliminated.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h), finite, one-dimensional or a single number.
    patient : Patient, optional
        How this patient differs.
    changes : sequence of ClearanceChange
        Clearance changes on the way.

    Returns
    -------
    Amounts
        Amounts (mg) whose sum is the dose taken so far.

    Examples
    --------
    >>> from snrilab.pk import drug, single_dose
    >>> where = amounts(drug("escitalopram"), single_dose(10), [24.0])
    >>> where.depot_mg.round(3), where.plasma_mg.round(2), where.eliminated_mg.round(2)
    (array([0.]), array([5.94]), array([4.06]))
    """
    need_drug(drug)
    times = np.atleast_1d(numbers("time_h", time_h))
    if times.ndim != 1:
        raise ValueError(f"time_h must be one-dimensional, got shape {times.shape}.")
    course = course_of(drug, regimen, patient, changes)
    flat, order = _rising(times)
    back = slice(None) if order is None else np.argsort(order)
    held = [course.amounts(flat, row)[0][back] for row in range(course.rates.n_states)]
    zero = np.zeros(times.size)
    depot = held[0] if course.rates.plasma else zero
    plasma = held[course.rates.plasma]
    periphery = held[-1] if course.rates.outward is not None else zero
    taken = _step_sum(times, np.asarray(regimen.time_h), np.asarray(regimen.dose_mg))
    released = _released(drug, regimen, times)
    return Amounts(
        time_h=times,
        depot_mg=depot,
        plasma_mg=plasma,
        periphery_mg=periphery,
        waiting_mg=np.maximum(taken * drug.bioavailability - released, 0),
        eliminated_mg=released - depot - plasma - periphery,
        lost_mg=taken * (1 - drug.bioavailability),
    )


def area_under_curve(
    drug: Drug,
    regimen: Regimen,
    start_h: float,
    stop_h: float,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float:
    """Exact area under the concentration-time curve of the model.

    By mass balance: while clearance is constant, AUC is what was eliminated over clearance.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    start_h, stop_h : float
        From when to when (h), `stop_h` >= `start_h`; `stop_h` may be infinite.
    patient : Patient, optional
        How this patient differs.
    changes : sequence of ClearanceChange
        Clearance changes on the way.

    Returns
    -------
    float
        AUC (ng·h/mL), >= 0.

    Examples
    --------
    To infinity it is dose over clearance, 120 mg / 23.1 L/h:

    >>> from snrilab.pk import drug, single_dose
    >>> round(area_under_curve(drug("levomilnacipran"), single_dose(120), 0, float("inf")), 1)
    5194.8
    """
    need_drug(drug)
    begin = one_number("start_h", start_h)
    end = one_number("stop_h", stop_h, low=begin, infinite=True)
    course = course_of(drug, regimen, patient, changes)
    own = drug if patient is None else drug.in_patient(patient)
    inner = course.starts[(course.starts > begin) & (course.starts < end)]
    edges = np.concatenate([[begin], inner, [end]])
    where = amounts(own, regimen, edges[np.isfinite(edges)], changes=changes)
    eliminated = where.eliminated_mg
    if np.isinf(end):
        eliminated = np.append(eliminated, regimen.total_mg * drug.bioavailability)
    interval = np.searchsorted(course.starts, edges[:-1], side="right") - 1
    ratio = course.cl_ratio[np.maximum(interval, 0)]
    gone = np.diff(eliminated) / (own.cl_L_per_h * ratio)
    return float(max(gone.sum(), 0.0) * NG_PER_ML_PER_MG_PER_L)


def course_of(
    drug: Body,
    regimen: Regimen,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
    ke0_per_h: float | None = None,
) -> Course:
    """Check the arguments that all profiles share and cut the course at its events."""
    if not hasattr(drug, "rates"):
        raise TypeError(f"drug must be a Drug or a Population, got {reprlib.repr(drug)}.")
    if not isinstance(regimen, Regimen):
        raise TypeError(f"regimen must be a Regimen, got {reprlib.repr(regimen)}.")
    changes = members("changes", changes, ClearanceChange, "ClearanceChange")
    if patient is not None:
        drug = need_drug(drug).in_patient(patient)
    return Course(drug, regimen, changes, ke0_per_h)


def _rising(times: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp] | None]:
    """Return the times in rising order, and the order when it is not the given one."""
    flat = times.ravel()
    if np.all(flat[1:] >= flat[:-1]):
        return flat, None
    order = np.argsort(flat, kind="stable")
    return flat[order], order


def _step_sum(
    times: NDArray[np.float64], at: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum of the steps of `size` taken at or before each time."""
    total = np.concatenate([[0.0], np.cumsum(size)])
    return total[np.searchsorted(at, times, side="right")]


def _released(drug: Drug, regimen: Regimen, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amount (mg) that has entered depot or plasma by each time."""
    entry = np.asarray(regimen.time_h) + drug.lag_h
    doses = np.asarray(regimen.dose_mg) * drug.bioavailability
    if drug.input_h == 0:
        return _step_sum(times, entry, doses)
    share = np.clip((times[:, np.newaxis] - entry) / drug.input_h, 0.0, 1.0)
    return share @ doses
