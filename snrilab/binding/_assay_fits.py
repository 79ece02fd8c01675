"""Fit assays at equilibrium: saturation, competition, inhibition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import numbers, one_number, same_length, whole_number
from snrilab.binding import _curves, _doubts
from snrilab.binding._conversion import DerivedIc50, DerivedKi, concentrations, exact
from snrilab.binding._general import Measured, finished, fit_curve, given

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab._diagnostic import Diagnostic
    from snrilab._estimate import Estimate
    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]

__all__ = ["fit_competition", "fit_inhibition", "fit_saturation"]


def fit_inhibition(
    inhibitor_nM: ArrayLike,
    response: ArrayLike,
    *,
    top: float | None = None,
    bottom: float | None = None,
    hill: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit an inhibition curve with four parameters, or fewer when some are given.

    ``hill=1`` makes it the three-parameter curve. IC50 and Hill slope are fitted
    as logarithms; no start values are needed.

    Parameters
    ----------
    inhibitor_nM : array_like of shape (n,)
        Inhibitor concentrations, nM, >= 0; 0 is a control. Replicates as they are, not averaged.
    response : array_like of shape (n,)
        Uptake or binding, in any unit.
    top, bottom : float, optional
        Plateaus that are known and not fitted.
    hill : float, optional
        Steepness that is known and not fitted, > 0.
    weights : None, "poisson", "relative" or array_like, default None
        ``"poisson"`` is 1/y (gross counts), ``"relative"`` 1/y², numbers are used as they are (for
        a known standard error use ``1 / sem**2``).
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    interval : {"wald", "profile"}, default "wald"
        Kind of interval.
    unit : str, default ""
        Unit of the response, for the plateaus.

    Returns
    -------
    Fit
        ``top``, ``bottom``, ``ic50_nM`` and ``hill`` (those that were fitted).

    Examples
    --------
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(fit["ic50_nM"])
    10.59 nM (95 % Wald interval 8.177 to 13.72)
    """
    x = concentrations("inhibitor_nM", inhibitor_nM)
    fixed = given(top=top, bottom=bottom, hill=hill)
    measured = Measured({"inhibitor_nM": x}, "response", response, weights, unit)
    further = _about_the_numbers(measured)
    judge = partial(_doubts.of_inhibition, x, fixed, further)
    return finished(
        fit_curve(_curves.INHIBITION, measured, fixed=fixed, level=level, judge=judge), interval
    )


def _about_the_numbers(measured: Measured) -> tuple[Diagnostic | None, ...]:
    """Doubts about what the numbers are, before any curve is drawn through them."""
    name, conc = next(iter(measured.x.items()))
    observed = numbers(measured.y_name, measured.y)
    return (
        _doubts.units_suspected(name, conc),
        _doubts.counts_suspected(measured.y_name, observed, measured.weights),
    )


def fit_competition(
    inhibitor_nM: ArrayLike,
    bound: ArrayLike,
    *,
    radioligand_nM: float,
    kd_nM: float | Estimate,
    sites: int = 1,
    receptor_nM: float | None = None,
    top: float | None = None,
    bottom: float | None = None,
    bound_nM_per_unit: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit a competition curve and turn its IC50 into a Ki, with the uncertainty of both constants.

    With `receptor_nM` the exact model with depletion of both ligands is fitted instead, and Ki
    comes from it directly.

    Parameters
    ----------
    inhibitor_nM : array_like of shape (n,)
        Inhibitor concentrations, nM, >= 0; 0 is a control.
    bound : array_like of shape (n,)
        Binding in any unit (counts are common).
    radioligand_nM : float
        Radioligand added, nM, > 0.
    kd_nM : float or Estimate
        Dissociation constant of the radioligand, nM, > 0; an `Estimate` (for example from
        `fit_saturation`) carries its uncertainty into Ki.
    sites : {1, 2}, default 1
        Classes of sites.
    receptor_nM : float, optional
        Total concentration of binding sites in the tube, nM, > 0.
    top, bottom : float, optional
        Plateaus that are known and not fitted.
    bound_nM_per_unit : float, optional
        What one unit of `bound` means in nM, > 0; when given, depletion is checked.
    weights : None, "poisson", "relative" or array_like, default None
        As for `fit_inhibition`.
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    interval : {"wald", "profile"}, default "wald"
        Kind of interval of the fitted parameters.
    unit : str, default ""
        Unit of `bound`, for the plateaus.

    Returns
    -------
    Fit
        ``top``, ``bottom``, ``ic50_nM`` and the derived ``ki_nM`` (two sites: ``ic50_high_nM``,
        ``ic50_low_nM``, ``fraction_high``, ``ki_high_nM``, ``ki_low_nM``; with depletion: ``ki_nM``
        and the derived ``ic50_nM``).

    Examples
    --------
    >>> counts = [4980, 4830, 4420, 3430, 1930, 880, 470]
    >>> fit = fit_competition(
    ...     [0, 1, 3, 10, 30, 100, 300], counts, radioligand_nM=1, kd_nM=2.5, unit="cpm"
    ... )
    >>> print(f"IC50 {fit['ic50_nM'].value:.1f} nM, Ki {fit['ki_nM'].value:.1f} nM")
    IC50 18.9 nM, Ki 13.5 nM
    """
    x = concentrations("inhibitor_nM", inhibitor_nM)
    ligand = one_number("radioligand_nM", radioligand_nM, low=0.0, low_open=True)
    kd = one_number("kd_nM", exact(kd_nM), low=0.0, low_open=True)
    sites = whole_number("sites", sites, low=1, high=2)
    fixed = given(top=top, bottom=bottom)
    measured = Measured({"inhibitor_nM": x}, "bound", bound, weights, unit)
    further = _about_the_numbers(measured)
    if receptor_nM is not None:
        receptor = one_number("receptor_nM", receptor_nM, low=0.0, low_open=True)
        if sites == 2:
            raise ValueError("sites must be 1 when receptor_nM is given, got 2.")
        curve = _curves.depleted_competition(ligand, receptor, kd)
        derive: DerivedKi = DerivedIc50(ligand, kd_nM, receptor_nM=receptor)
    elif sites == 2:
        curve, derive = _curves.TWO_SITE, DerivedKi(ligand, kd_nM, ("_high", "_low"))
    else:
        curve, derive = _curves.INHIBITION, DerivedKi(ligand, kd_nM)
        fixed["hill"] = 1.0
    doubts = _doubts.of_inhibition if sites == 1 else _doubts.of_two_sites
    used = None
    if bound_nM_per_unit is not None and receptor_nM is None:
        factor = one_number("bound_nM_per_unit", bound_nM_per_unit, low=0.0, low_open=True)
        used = partial(_doubts.depleted_in_competition, ligand, factor, fixed)
    judge = partial(_doubts.with_depletion, used, partial(doubts, x, fixed, further))
    result = fit_curve(curve, measured, fixed=fixed, level=level, derive=derive, judge=judge)
    return finished(result, interval)


def fit_saturation(
    conc_nM: ArrayLike,
    bound: ArrayLike,
    *,
    nonspecific: ArrayLike | None = None,
    specific_only: bool = False,
    bound_nM_per_unit: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit Bmax, Kd and nonspecific binding to a saturation experiment.

    Total and nonspecific wells are fitted together, each with its own curve and a common slope, so
    that nothing is subtracted and no well's noise counts twice.

    Parameters
    ----------
    conc_nM : array_like of shape (n,)
        Radioligand concentrations, nM, >= 0. Replicates as they are, not averaged.
    bound : array_like of shape (n,)
        Total binding, in any unit (specific binding with `specific_only`).
    nonspecific : array_like of shape (n,), optional
        Binding at the same concentrations with the receptor blocked.
    specific_only : bool, default False
        Whether `bound` is specific binding, so that there is no nonspecific part to fit.
    bound_nM_per_unit : float, optional
        What one unit of `bound` means in nM, > 0; when given, depletion is checked.
    weights : None, "poisson", "relative" or array_like, default None
        As for `fit_inhibition`; an array follows `bound`, then `nonspecific`.
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    interval : {"wald", "profile"}, default "wald"
        Kind of interval.
    unit : str, default ""
        Unit of `bound`.

    Returns
    -------
    Fit
        ``bmax``, ``kd_nM`` and (unless `specific_only`) ``nonspecific_per_nM``.

    Examples
    --------
    >>> conc = [0.25, 0.5, 1, 2, 4, 8, 16]
    >>> total = [10.1, 18.0, 31.2, 48.7, 70.1, 92.6, 118.4]
    >>> blocked = [0.6, 0.9, 2.1, 4.2, 7.7, 16.3, 31.8]
    >>> fit = fit_saturation(conc, total, nonspecific=blocked, unit="fmol/mg")
    >>> print(fit["kd_nM"])
    2.428 nM (95 % Wald interval 2.379 to 2.478)
    """
    x = concentrations("conc_nM", conc_nM)
    y = numbers("bound", bound)
    same_length(conc_nM=x, bound=y)
    fixed: dict[str, float] = {}
    columns, observed = {"conc_nM": x}, y
    if nonspecific is not None:
        if specific_only:
            raise ValueError("specific_only must be False when nonspecific wells are given.")
        blocked = numbers("nonspecific", nonspecific)
        same_length(conc_nM=x, nonspecific=blocked)
        observed = np.concatenate([y, blocked])
        has_receptor = np.repeat([1.0, 0.0], x.size)
        columns = {"conc_nM": np.tile(x, 2), "wells with receptor": has_receptor}
    elif specific_only:
        fixed["nonspecific_per_nM"] = 0.0
    measured = Measured(columns, "bound", observed, weights, unit)
    used = None
    if bound_nM_per_unit is not None:
        factor = one_number("bound_nM_per_unit", bound_nM_per_unit, low=0.0, low_open=True)
        used = partial(_doubts.depleted_in_saturation, x, factor)
    further = (
        _doubts.molar_suspected("conc_nM", x),
        _doubts.counts_suspected("bound", observed, weights),
    )
    judge = partial(_doubts.with_depletion, used, partial(_doubts.of_saturation, x, further))
    result = fit_curve(_curves.SATURATION, measured, fixed=fixed, level=level, judge=judge)
    return finished(result, interval)
