"""Fit what an assay measured: saturation, competition, inhibition, time courses, several curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import (
    choice,
    nonnegative,
    numbers,
    one_number,
    positive,
    same_length,
)
from snrilab._estimate import Estimate
from snrilab.binding import curves, diagnostics
from snrilab.binding.conversion import ic50_from_ki, ki_interval
from snrilab.binding.fit_result import Fit, conclude
from snrilab.binding.intervals import profile_intervals
from snrilab.binding.problem import lowest, pose, starts, weights_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding.curves import Curve

    Array = NDArray[Any]

__all__ = [
    "fit_association",
    "fit_competition",
    "fit_dissociation",
    "fit_global",
    "fit_inhibition",
    "fit_kinetic_competition",
    "fit_saturation",
]

_INTERVALS = ("wald", "profile")


def fit_inhibition(
    inhibitor_nM: ArrayLike,
    response: ArrayLike,
    *,
    top: float | None = None,
    bottom: float | None = None,
    hill_coefficient: float | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit an inhibition curve with four parameters, or fewer when some are given.

    ``hill_coefficient=1`` makes it the three-parameter curve. IC50 and Hill coefficient are fitted
    as logarithms; no start values are needed.

    Parameters
    ----------
    inhibitor_nM : array_like of shape (n,)
        Inhibitor concentrations, nM, >= 0; 0 is a control. Replicates as they are, not averaged.
    response : array_like of shape (n,)
        Uptake or binding, in any unit.
    top, bottom : float, optional
        Plateaus that are known and not fitted.
    hill_coefficient : float, optional
        Steepness that is known and not fitted, > 0.
    weights : None, "poisson", "relative" or array_like, default None
        ``"poisson"`` is 1/y (counts), ``"relative"`` 1/y², numbers are used as they are (for a
        known standard error use ``1 / sem**2``).
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    interval : {"wald", "profile"}, default "wald"
        Kind of interval.
    unit : str, default ""
        Unit of the response, for the plateaus.

    Returns
    -------
    Fit
        ``top``, ``bottom``, ``ic50_nM`` and ``hill_coefficient`` (those that were fitted).

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or fewer than the parameters.

    Examples
    --------
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(fit["ic50_nM"])
    10.59 nM (95 % wald interval 8.177 to 13.72)
    """
    x = nonnegative("inhibitor_nM", inhibitor_nM)
    fixed = _given(top=top, bottom=bottom, hill_coefficient=hill_coefficient)
    result = _fit_curve(
        curves.INHIBITION,
        (x,),
        ("inhibitor_nM",),
        "response",
        response,
        fixed,
        weights,
        level,
        unit,
    )
    result = diagnostics.with_diagnostics(result, diagnostics.units_suspected("inhibitor_nM", x))
    result = diagnostics.inhibition_curve(result, x, frozenset(fixed), hill_coefficient)
    return _finished(result, interval)


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

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or fewer than the parameters.

    Examples
    --------
    >>> counts = [4980, 4830, 4420, 3430, 1930, 880, 470]
    >>> fit = fit_competition(
    ...     [0, 1, 3, 10, 30, 100, 300], counts, radioligand_nM=1, kd_nM=2.5, unit="cpm"
    ... )
    >>> print(f"IC50 {fit['ic50_nM'].value:.1f} nM, Ki {fit['ki_nM'].value:.1f} nM")
    IC50 18.9 nM, Ki 13.5 nM
    """
    x = nonnegative("inhibitor_nM", inhibitor_nM)
    ligand = one_number("radioligand_nM", radioligand_nM, low=0.0, low_open=True)
    kd = one_number("kd_nM", _number(kd_nM), low=0.0, low_open=True)
    if sites not in (1, 2):
        raise ValueError(f"sites must be 1 or 2, got {sites!r}.")
    fixed = _given(top=top, bottom=bottom)
    derive: Callable[[Mapping[str, Estimate]], Mapping[str, Estimate]]
    if receptor_nM is not None:
        receptor = one_number("receptor_nM", receptor_nM, low=0.0, low_open=True)
        if sites == 2:
            raise ValueError("sites must be 1 when receptor_nM is given, got 2.")
        curve = curves.depleted_competition(ligand, receptor, kd)
        derive = _DepletedIc50(ligand, kd_nM, receptor)
    elif sites == 2:
        curve, derive = curves.TWO_SITE, _TwoKi(ligand, kd_nM)
    else:
        curve, derive = curves.INHIBITION, _Ki(ligand, kd_nM)
        fixed["hill_coefficient"] = 1.0
    result = _fit_curve(
        curve, (x,), ("inhibitor_nM",), "bound", bound, fixed, weights, level, unit, derive
    )
    found = [diagnostics.units_suspected("inhibitor_nM", x)]
    if bound_nM_per_unit is not None and receptor_nM is None:
        factor = one_number("bound_nM_per_unit", bound_nM_per_unit, low=0.0, low_open=True)
        floor = fixed["bottom"] if bottom is not None else result["bottom"].value
        specific = result.fitted - floor
        found.append(diagnostics.depletion(specific * factor, np.full(x.size, ligand)))
    result = diagnostics.with_diagnostics(result, *found)
    if sites == 1:
        result = diagnostics.inhibition_curve(result, x, frozenset(fixed), 1.0)
    else:
        result = diagnostics.two_site_curve(result)
    return _finished(result, interval)


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

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, all equal, or fewer than the parameters.

    Examples
    --------
    >>> conc = [0.25, 0.5, 1, 2, 4, 8, 16]
    >>> total = [10.1, 18.0, 31.2, 48.7, 70.1, 92.6, 118.4]
    >>> blocked = [0.6, 0.9, 2.1, 4.2, 7.7, 16.3, 31.8]
    >>> fit = fit_saturation(conc, total, nonspecific=blocked, unit="fmol/mg")
    >>> print(fit["kd_nM"])
    2.428 nM (95 % wald interval 2.379 to 2.478)
    """
    x = nonnegative("conc_nM", conc_nM)
    y = numbers("bound", bound)
    same_length(conc_nM=x, bound=y)
    fixed: dict[str, float] = {}
    columns: tuple[Array, ...] = (x,)
    given: tuple[str, ...] = ("conc_nM",)
    observed = y
    if nonspecific is not None:
        if specific_only:
            raise ValueError("specific_only must be False when nonspecific wells are given.")
        blocked = numbers("nonspecific", nonspecific)
        same_length(conc_nM=x, nonspecific=blocked)
        observed = np.concatenate([y, blocked])
        has_receptor = np.repeat([1.0, 0.0], x.size)
        columns, given = (np.tile(x, 2), has_receptor), ("conc_nM", "wells with receptor")
    elif specific_only:
        fixed["nonspecific_per_nM"] = 0.0
    result = _fit_curve(
        curves.SATURATION, columns, given, "bound", observed, fixed, weights, level, unit
    )
    found = [diagnostics.units_suspected("conc_nM", x)]
    if bound_nM_per_unit is not None:
        factor = one_number("bound_nM_per_unit", bound_nM_per_unit, low=0.0, low_open=True)
        found.append(diagnostics.depletion(result.fitted[: x.size] * factor, x))
    result = diagnostics.with_diagnostics(result, *found)
    return _finished(diagnostics.saturation_curve(result, x), interval)


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
        If the data are not numbers in their range, all equal, or fewer than the parameters.

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
    fixed = _given(koff_per_min=koff_per_min)
    names = ("time_min", "radioligand_nM")
    derive = _KineticKd("kon_per_nM_min", "koff_per_min", koff_per_min)
    result = _fit_curve(
        curves.ASSOCIATION,
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
    return _finished(result, interval)


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
        If the data are not numbers in their range, all equal, or fewer than the parameters.

    Examples
    --------
    >>> from snrilab.binding import dissociation
    >>> time = [0, 5, 10, 20, 40, 80]
    >>> fit = fit_dissociation(time, dissociation(time, 80, 0.05, plateau=4))
    >>> print(f"{fit['koff_per_min'].value:.3f}")
    0.050
    """
    time = nonnegative("time_min", time_min)
    fixed = _given(plateau=plateau)
    result = _fit_curve(
        curves.DISSOCIATION, (time,), ("time_min",), "bound", bound, fixed, weights, level, unit
    )
    result = diagnostics.dissociation_curve(result, time, plateau is not None)
    return _finished(result, interval)


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
        If the data are not numbers in their range, all equal, or fewer than the parameters.

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
    curve = curves.kinetic_competition(ligand, on, off)
    names = ("time_min", "inhibitor_nM")
    derive = _KineticKd("kon_inhibitor_per_nM_min", "koff_inhibitor_per_min", None, "ki_nM")
    fixed = _given(bmax=bmax)
    return _finished(
        _fit_curve(
            curve, (time, inhibitor), names, "bound", bound, fixed, weights, level, unit, derive
        ),
        interval,
    )


_GLOBAL = {
    "saturation": curves.SATURATION,
    "inhibition": curves.INHIBITION,
    "dissociation": curves.DISSOCIATION,
}


def fit_global(
    curve: str,
    x: ArrayLike,
    y: ArrayLike,
    group: ArrayLike,
    *,
    shared: Sequence[str] = (),
    fixed: Mapping[str, float] | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit one kind of curve to several groups at once, with some parameters common to all.

    Sharing a plateau or a Kd lets every curve inform it; `compare_models` then asks whether the
    sharing costs more than chance.

    Parameters
    ----------
    curve : {"saturation", "inhibition", "dissociation"}
        Kind of curve; saturation is of total binding (fix ``nonspecific_per_nM`` at 0 for
        specific binding).
    x, y : array_like of shape (n,)
        Concentrations (nM) or times (min), >= 0, and responses of all groups.
    group : array_like of shape (n,)
        Group of each point, numbers or words.
    shared : sequence of str, default ()
        Parameters that are equal in all groups.
    fixed : mapping of str to float, optional
        Parameters that are known and not fitted.
    weights, level, interval, unit
        As for `fit_inhibition`.

    Returns
    -------
    Fit
        Shared parameters by name, the others as ``name[group]``.

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, or a name is not a parameter of the curve.

    Examples
    --------
    >>> conc = [0.5, 1, 2, 4, 8, 16] * 2
    >>> rate = [17, 28, 45, 60, 72, 80, 9, 16, 23, 31, 37, 42]
    >>> fit = fit_global(
    ...     "saturation",
    ...     conc,
    ...     rate,
    ...     ["control"] * 6 + ["treated"] * 6,
    ...     shared=["kd_nM"],
    ...     fixed={"nonspecific_per_nM": 0},
    ... )
    >>> print(*fit.parameters)
    bmax[control] bmax[treated] kd_nM
    """
    kind = _GLOBAL[choice("curve", curve, list(_GLOBAL))]
    conc = nonnegative("x", x)
    observed = numbers("y", y)
    member = np.asarray(group)
    if member.shape != observed.shape:
        raise ValueError(
            f"group must have one value per observation, {observed.shape}, got {member.shape}."
        )
    for name in shared:
        choice("shared", name, kind.parameters)
    known = dict(fixed or {})
    for name, value in known.items():
        choice("fixed", name, kind.parameters)
        at = kind.parameters.index(name)
        one_number(f"fixed[{name!r}]", value, low=0.0 if kind.log[at] else -np.inf, low_open=True)
    result = _fit_curve(
        kind, (conc,), ("x",), "y", observed, known, weights, level, unit, None, member, shared
    )
    return _finished(result, interval)


def _fit_curve(
    curve: Curve,
    x: tuple[Array, ...],
    x_names: tuple[str, ...],
    y_name: str,
    y: ArrayLike,
    fixed: Mapping[str, float],
    weights: ArrayLike | str | None,
    level: float,
    unit: str,
    derive: Callable[[Mapping[str, Estimate]], Mapping[str, Estimate]] | None = None,
    group: NDArray[Any] | None = None,
    shared: Sequence[str] = (),
) -> Fit:
    observed = numbers(y_name, y)
    same_length(**dict(zip(x_names, x, strict=True)), **{y_name: observed})
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    if not np.any(x[0] > 0.0):
        raise ValueError(f"{x_names[0]} must contain a value > 0, got only 0.")
    if np.all(observed == observed[0]):
        raise ValueError(
            f"{y_name} is {observed[0]:g} in every well: flat data hold no curve to fit."
        )
    root = weights_root(weights, observed)
    problem = pose(
        curve, x, observed, unit=unit, fixed=fixed, root_weight=root, group=group, shared=shared
    )
    count = len(problem.names)
    if observed.size < count:
        raise ValueError(
            f"{y_name} has {observed.size} values, fewer than the {count} parameters to fit "
            f"({', '.join(problem.names)})."
        )
    if group is None:
        free = [j for j, name in enumerate(curve.parameters) if name not in fixed]
        begin = starts(curve, x, observed, fixed, root)[free]
    else:
        begin = _group_starts(problem, curve, x, observed, fixed, root, group)
    theta = lowest(problem, begin)
    if curve is curves.TWO_SITE:
        theta = _tighter_site_first(problem, theta)
    result = conclude(problem, theta, x[0] if len(x) == 1 else x, level, derive=derive)
    return diagnostics.general(result, _distinct(x, group))


def _group_starts(
    problem: Any,
    curve: Curve,
    x: tuple[Array, ...],
    y: Array,
    fixed: Mapping[str, float],
    root: Array | None,
    group: NDArray[Any],
) -> Array:
    """Start values of a fit to several groups: each group's own, and their mean where shared."""
    own: dict[str, Array] = {}
    everything = starts(curve, x, y, fixed, root)
    for label in np.unique(group):
        here = group == label
        part = tuple(column[here] for column in x)
        weight = None if root is None else root[here]
        usable = np.ptp(y[here]) > 0.0 and np.any(part[0] > 0.0)
        begin = starts(curve, part, y[here], fixed, weight) if usable else everything
        for j, name in enumerate(curve.parameters):
            own[f"{name}[{label}]"] = begin[j]
    rows = []
    for name in problem.names:
        if name in own:
            rows.append(own[name])
        else:
            rows.append(np.mean([own[key] for key in own if key.startswith(f"{name}[")], axis=0))
    return np.stack(rows)


def _distinct(x: tuple[Array, ...], group: NDArray[Any] | None) -> int:
    columns = [column.tolist() for column in x] + ([] if group is None else [group.tolist()])
    return len(set(zip(*columns, strict=True)))


def _tighter_site_first(problem: Any, theta: Array) -> Array:
    names = problem.names
    high, low = names.index("ic50_high_nM"), names.index("ic50_low_nM")
    if theta[high] <= theta[low]:
        return theta
    swapped = theta.copy()
    swapped[[high, low]] = theta[[low, high]]
    share = names.index("fraction_high")
    swapped[share] = 1.0 - theta[share]
    return swapped


def _finished(fit: Fit, interval: str) -> Fit:
    kind = choice("interval", interval, _INTERVALS)
    return profile_intervals(fit, fit.level) if kind == "profile" else fit


def _given(**values: float | None) -> dict[str, float]:
    """Parameters that the caller knows; plateaus may be anything, the rest must be positive."""
    fixed = {}
    for name, value in values.items():
        if value is not None:
            low = -np.inf if name in {"top", "bottom", "plateau"} else 0.0
            fixed[name] = one_number(name, value, low=low, low_open=True)
    return fixed


def _number(value: float | Estimate) -> float:
    return value.value if isinstance(value, Estimate) else value


class _Ki:
    """Ki from the IC50 of a one-site curve."""

    def __init__(self, radioligand_nM: float, kd_nM: float | Estimate) -> None:
        self.radioligand_nM, self.kd_nM = radioligand_nM, kd_nM

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        return {"ki_nM": ki_interval(estimates["ic50_nM"], self.radioligand_nM, self.kd_nM)}


class _TwoKi(_Ki):
    """Both Ki of a two-site curve."""

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        return {
            f"ki_{site}_nM": ki_interval(
                estimates[f"ic50_{site}_nM"], self.radioligand_nM, self.kd_nM
            )
            for site in ("high", "low")
        }


class _DepletedIc50(_Ki):
    """IC50 from the Ki of an exact fit; the uncertainty of Kd goes back into Ki."""

    def __init__(self, radioligand_nM: float, kd_nM: float | Estimate, receptor_nM: float) -> None:
        super().__init__(radioligand_nM, kd_nM)
        self.receptor_nM = receptor_nM

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        ki, kd = estimates["ki_nM"], _number(self.kd_nM)

        def ic50(value: float) -> float:
            if not 0.0 < value < np.inf:
                return value
            return float(ic50_from_ki(value, self.radioligand_nM, kd, self.receptor_nM))

        slope = ic50(2.0 * ki.value) - ic50(ki.value)  # straight in Ki
        error = ki.standard_error * slope / ki.value
        derived = Estimate(
            ic50(ki.value), "nM", error, ic50(ki.low), ic50(ki.high), ki.level, ki.method
        )
        return {
            "ki_nM": ki_interval(derived, self.radioligand_nM, self.kd_nM, self.receptor_nM),
            "ic50_nM": derived,
        }


class _KineticKd:
    """Dissociation constant as the ratio of two fitted rate constants."""

    def __init__(self, on: str, off: str, known_off: float | None, name: str = "kd_nM") -> None:
        self.on, self.off, self.known_off, self.name = on, off, known_off, name

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        off = self.known_off if self.known_off is not None else estimates[self.off].value
        return {self.name: Estimate(off / estimates[self.on].value, "nM")}
