"""Concentrations and amounts over time, and the area under the curve, in closed form."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import members, numbers, one_number
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._interactions import ClearanceChange
from snrilab.pk._recurrence import Body, Recurrence
from snrilab.pk._regimens import Regimen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.pk._patients import Patient

    Times = NDArray[np.float64] | Sequence[float]

__all__ = ["area_under_curve", "concentration"]

NG_PER_ML_PER_MG_PER_L = 1000.0


@overload
def concentration(
    drug: Drug,
    regimen: Regimen,
    time_h: float,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float: ...
@overload
def concentration(
    drug: Body,
    regimen: Regimen,
    time_h: Times,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> NDArray[np.float64]: ...
def concentration(
    drug: Body,
    regimen: Regimen,
    time_h: ArrayLike,
    *,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float | NDArray[np.float64]:
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

    Examples
    --------
    Levomilnacipran ER 40 mg, single dose, near its peak (observed mean peak 83.9 ng/mL):

    >>> from snrilab.pk import concentration, drug, single_dose
    >>> round(concentration(drug("levomilnacipran"), single_dose(40), 6.5), 1)
    84.5
    """
    times = numbers("time_h", time_h)
    events = recurrence_of(drug, regimen, patient, changes)
    many = not isinstance(drug, Drug)
    if many and times.ndim > 1:
        raise ValueError(
            f"time_h must be one-dimensional for a population, got shape {times.shape}."
        )
    flat, order = _rising(times)
    per_litre = events.volume / NG_PER_ML_PER_MG_PER_L
    values = events.amounts(flat, events.rates.plasma, per=per_litre)
    if order is not None:
        values = values[:, np.argsort(order)]
    if many:
        return values
    return float(values[0, 0]) if times.ndim == 0 else values[0].reshape(times.shape)


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

    The closed form of every piece between two events is added up; nothing is subtracted, so that
    short and late pieces keep their digits.

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

    Kidney function of a quarter and a complete inhibitor of CYP3A4, against neither:

    >>> from snrilab.pk import enzyme_change, kidney_patient
    >>> lvm, once = drug("levomilnacipran"), single_dose(40)
    >>> both = area_under_curve(lvm, once, 0, float("inf"), patient=kidney_patient(lvm, 0.25),
    ...                         changes=[enzyme_change(0.36, 0)])
    >>> round(both / area_under_curve(lvm, once, 0, float("inf")), 2)
    4.88
    """
    own = need_drug(drug)
    begin = one_number("start_h", start_h)
    end = one_number("stop_h", stop_h, low=begin, infinite=True)
    events = recurrence_of(own, regimen, patient, changes)
    return float((events.area(begin, end) / events.volume)[0] * NG_PER_ML_PER_MG_PER_L)


def recurrence_of(
    drug: Body,
    regimen: Regimen,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
    ke0_per_h: float | None = None,
) -> Recurrence:
    """Check the arguments that all profiles share and cut time at its events."""
    if not hasattr(drug, "rates"):
        raise TypeError(f"drug must be a Drug or a Population, got {reprlib.repr(drug)}.")
    if not isinstance(regimen, Regimen):
        raise TypeError(f"regimen must be a Regimen, got {reprlib.repr(regimen)}.")
    changes = members("changes", changes, ClearanceChange, "ClearanceChange")
    unaffected = 1.0
    if patient is not None:
        drug = need_drug(drug).in_patient(patient)
        unaffected = patient.unaffected
    return Recurrence(drug, regimen, changes, ke0_per_h, unaffected)


def _rising(times: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp] | None]:
    """Return the times in rising order, and the order when it is not the given one."""
    flat = times.ravel()
    if np.all(flat[1:] >= flat[:-1]):
        return flat, None
    order = np.argsort(flat, kind="stable")
    return flat[order], order
