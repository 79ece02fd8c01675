"""Fit time courses: association, dissociation, kinetic competition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import nonnegative, one_number, positive
from snrilab.binding import diagnostics, time_courses
from snrilab.binding.curve_fit import finished, fit_curve, given
from snrilab.binding.derived import KineticKd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding.fit_result import Fit

    Array = NDArray[Any]

__all__ = ["fit_association", "fit_dissociation", "fit_kinetic_competition"]


def fit_association(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    bound: ArrayLike,
    *,
    koff_per_min: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit kon, koff and Bmax to specific binding over time at one or more concentrations.

    One concentration gives only ``kon L + koff``: give `koff_per_min` from a dissociation
    experiment, or measure at several concentrations.

    Parameters
    ----------
    time_min : array_like of shape (n,)
        Times, min, >= 0.
    radioligand_nM : array_like of shape (n,) or float
        Free radioligand of each point, nM, > 0.
    bound : array_like of shape (n,)
        Specific binding, in any unit.
    koff_per_min : float, optional
        Dissociation rate constant that is known, 1/min, > 0.
    weights, level, interval, unit
        As for `fit_inhibition`.

    Returns
    -------
    Fit
        ``bmax``, ``kon_per_nM_min``, ``koff_per_min`` and the derived ``kd_nM``.

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or at fewer different times than
        there are parameters.

    Examples
    --------
    >>> from snrilab.binding import association
    >>> time, ligand = [1, 3, 10, 30, 1, 3, 10, 30], [0.5] * 4 + [2] * 4
    >>> fit = fit_association(time, ligand, association(time, ligand, 0.05, 0.1, bmax=100))
    >>> print(f"{fit['kon_per_nM_min'].value:.3f} {fit['kd_nM'].value:.2f}")
    0.050 2.00
    """
    time = nonnegative("time_min", time_min)
    ligand = positive("radioligand_nM", radioligand_nM)
    ligand = np.broadcast_to(ligand, time.shape) if ligand.ndim == 0 else ligand
    fixed = given(koff_per_min=koff_per_min)
    names = ("time_min", "radioligand_nM")
    derive = KineticKd("kon_per_nM_min", "koff_per_min", koff_per_min)
    result = fit_curve(
        time_courses.ASSOCIATION,
        (time, ligand),
        names,
        "bound",
        bound,
        fixed,
        weights,
        level,
        unit,
        derive,
    )
    if koff_per_min is None and np.unique(ligand).size == 1:
        result = diagnostics.with_diagnostics(result, diagnostics.ONE_CONCENTRATION)
    return finished(result, interval)


def fit_dissociation(
    time_min: ArrayLike,
    bound: ArrayLike,
    *,
    plateau: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit koff to binding over time after rebinding was stopped.

    Parameters
    ----------
    time_min : array_like of shape (n,)
        Times since the stop, min, >= 0.
    bound : array_like of shape (n,)
        Binding, in any unit.
    plateau : float, optional
        Binding that never dissociates, when it is known.
    weights, level, interval, unit
        As for `fit_inhibition`.

    Returns
    -------
    Fit
        ``bound_start``, ``plateau`` and ``koff_per_min``.

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or at fewer different times than
        there are parameters.

    Examples
    --------
    >>> from snrilab.binding import dissociation
    >>> time = [0, 5, 10, 20, 40, 80]
    >>> fit = fit_dissociation(time, dissociation(time, 80, 0.05, plateau=4))
    >>> print(f"{fit['koff_per_min'].value:.3f}")
    0.050
    """
    time = nonnegative("time_min", time_min)
    fixed = given(plateau=plateau)
    result = fit_curve(
        time_courses.DISSOCIATION,
        (time,),
        ("time_min",),
        "bound",
        bound,
        fixed,
        weights,
        level,
        unit,
    )
    result = diagnostics.dissociation_curve(result, time, plateau is not None)
    return finished(result, interval)


def fit_kinetic_competition(
    time_min: ArrayLike,
    inhibitor_nM: ArrayLike,
    bound: ArrayLike,
    *,
    radioligand_nM: float,
    kon_per_nM_min: float,
    koff_per_min: float,
    bmax: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit the rate constants of an unlabelled inhibitor to radioligand binding over time.

    Parameters
    ----------
    time_min : array_like of shape (n,)
        Times since both ligands were added, min, >= 0.
    inhibitor_nM : array_like of shape (n,) or float
        Inhibitor of each point, nM, >= 0.
    bound : array_like of shape (n,)
        Specific binding of the radioligand, in any unit.
    radioligand_nM : float
        Free radioligand, nM, > 0.
    kon_per_nM_min, koff_per_min : float
        Rate constants of the radioligand, 1/(nM min) and 1/min, > 0, known.
    bmax : float, optional
        Density of sites when it is known, > 0.
    weights, level, interval, unit
        As for `fit_inhibition`.

    Returns
    -------
    Fit
        ``bmax``, ``kon_inhibitor_per_nM_min``, ``koff_inhibitor_per_min``, and ``ki_nM`` from them.

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or at fewer different times than
        there are parameters.

    References
    ----------
    Motulsky HJ, Mahan LC (1984) Mol Pharmacol 25:1-9.

    Examples
    --------
    >>> from snrilab.binding import motulsky_mahan
    >>> time = [1, 2, 5, 10, 20, 50, 100, 200]
    >>> bound = motulsky_mahan(time, 1, 10, 0.1, 0.1, 0.01, 0.01, bmax=120)
    >>> fit = fit_kinetic_competition(
    ...     time, 10, bound, radioligand_nM=1, kon_per_nM_min=0.1, koff_per_min=0.1
    ... )
    >>> print(f"{fit['koff_inhibitor_per_min'].value:.4f} {fit['ki_nM'].value:.3f}")
    0.0100 1.000
    """
    time = nonnegative("time_min", time_min)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM)
    inhibitor = np.broadcast_to(inhibitor, time.shape) if inhibitor.ndim == 0 else inhibitor
    if not np.any(inhibitor > 0.0):
        raise ValueError("inhibitor_nM must contain a value > 0, got only 0.")
    ligand = one_number("radioligand_nM", radioligand_nM, low=0.0, low_open=True)
    on = one_number("kon_per_nM_min", kon_per_nM_min, low=0.0, low_open=True)
    off = one_number("koff_per_min", koff_per_min, low=0.0, low_open=True)
    curve = time_courses.kinetic_competition(ligand, on, off)
    names = ("time_min", "inhibitor_nM")
    derive = KineticKd("kon_inhibitor_per_nM_min", "koff_inhibitor_per_min", None, "ki_nM")
    fixed = given(bmax=bmax)
    return finished(
        fit_curve(
            curve, (time, inhibitor), names, "bound", bound, fixed, weights, level, unit, derive
        ),
        interval,
    )
