"""Fit an assay at equilibrium, or any curve: the one path that every fit takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from snrilab._checks import (
    choice,
    mapping,
    nonnegative,
    numbers,
    one_number,
    positive,
    same_length,
    text,
    whole_number,
)
from snrilab.binding import _curves, _doubts, _models
from snrilab.binding._conversion import DerivedIc50, DerivedKi, concentrations, exact
from snrilab.binding._curves import Posed, Problem, pose
from snrilab.binding._fit import Fit, conclude, judged, undetermined
from snrilab.binding._intervals import lower, profile_intervals
from snrilab.binding._minimum import lowest
from snrilab.binding._own_model import own_formula, own_minimum

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab._diagnostic import Diagnostic
    from snrilab._estimate import Estimate
    from snrilab.binding._curves import Curve
    from snrilab.binding._fit import Derive, Judge

    Array = NDArray[np.float64]

__all__ = ["fit", "fit_competition", "fit_inhibition", "fit_saturation", "given"]

LARGEST = 1e100  # beyond it and below its inverse, sums of squares leave the range of floats


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
    10.59 nM (95 % interval 8.177 to 13.72)
    """
    x = concentrations("inhibitor_nM", inhibitor_nM)
    fixed = given(top=top, bottom=bottom, hill=hill)
    measured = _Measured({"inhibitor_nM": x}, "response", response, weights, unit)
    judge = partial(_doubts.of_inhibition, fixed, _about_the_numbers(measured))
    return _fitted(_curves.INHIBITION, measured, fixed, level, interval, judge)


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
    measured = _Measured({"inhibitor_nM": x}, "bound", bound, weights, unit)
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
    judge = partial(_doubts.with_depletion, used, partial(doubts, fixed, further))
    return _fitted(curve, measured, fixed, level, interval, judge, derive)


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
    2.428 nM (95 % interval 2.379 to 2.478)
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
    measured = _Measured(columns, "bound", observed, weights, unit)
    used = None
    if bound_nM_per_unit is not None:
        factor = one_number("bound_nM_per_unit", bound_nM_per_unit, low=0.0, low_open=True)
        used = partial(_doubts.depleted_in_saturation, x, factor)
    further = (
        _doubts.molar_suspected("conc_nM", x),
        _doubts.counts_suspected("bound", observed, weights),
    )
    judge = partial(_doubts.with_depletion, used, partial(_doubts.of_saturation, further))
    return _fitted(_curves.SATURATION, measured, fixed, level, interval, judge)


def fit(
    model: Callable[..., object],
    x: object,
    y: ArrayLike,
    start: Sequence[float] | dict[str, float] | None = None,
    *,
    fixed: Mapping[str, float] | None = None,
    jacobian: Callable[..., object] | None = None,
    bounds: tuple[ArrayLike, ArrayLike] = (-np.inf, np.inf),
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit a curve by least squares: one of this library, or your own.

    `uptake_inhibition` (any dose-response curve, rising or falling) and `saturation` need no start
    values: the fit looks everywhere, and its profile too. Any other model needs a `start`:
    trust-region steps with exact derivatives, column scaling and tolerances near machine precision.
    Its derivatives come from `jacobian`, else from a complex step through the model, else (when the
    model refuses complex numbers) from central differences.

    Parameters
    ----------
    model : callable
        ``model(x, p1, p2, ...)`` returning one value per observation.
    x : array_like or any object
        Passed to the model; a list becomes an array, anything else (a tuple of columns, say) stays.
    y : array_like of shape (n,)
        Observations.
    start : sequence of float, or dict of str to float, optional
        Start values in the order of the model's arguments, or by name.
    fixed : mapping of str to float, optional
        Parameters that are known and not fitted.
    jacobian : callable, optional
        ``jacobian(x, p1, p2, ...)`` returning derivatives of shape (n, p).
    bounds : pair of array_like, default no bounds
        Lower and upper limits of the parameters of your own model.
    weights : None, "poisson", "relative" or array_like, default None
        ``"poisson"`` is 1/y (gross counts), ``"relative"`` 1/y², numbers are used as they are (for
        a known standard error use ``1 / sem**2``).
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    interval : {"wald", "profile"}, default "wald"
        Kind of interval.
    unit : str, default ""
        Unit of the response, for the parameters that share it.

    Returns
    -------
    Fit
        Estimates with intervals, residuals and diagnostics.

    Examples
    --------
    A decay of one's own, and a dose-response curve whose effect can reach zero.

    >>> import numpy as np
    >>> from snrilab.binding import uptake_inhibition
    >>> dose = np.array([1.0, 2.0, 4.0, 8.0])
    >>> decay = fit(lambda t, a, k: a * np.exp(-k * t), dose, [6.1, 3.6, 1.4, 0.2], [10, 1])
    >>> print(decay["k"])
    0.5031 (95 % interval 0.4425 to 0.5637)
    >>> seconds = [160, 128, 110, 91, 75]
    >>> curve = fit(uptake_inhibition, [0, 5, 10, 20, 40], seconds, fixed={"bottom": 0, "hill": 1})
    >>> print(*curve.parameters)
    top ic50_nM
    """
    level, interval = _checked(level, interval)
    known = {} if fixed is None else mapping("fixed", fixed, "parameter names to numbers")
    if start is None:
        if model not in _KNOWN:
            names = " and ".join(each.__name__ for each in _KNOWN)
            raise ValueError(f"start must be given for a model of your own; {names} need none.")
        curve, usual = _KNOWN[model]
        found = _fixed_parameters(curve, known)
        measured = _Measured({"x": nonnegative("x", cast("ArrayLike", x))}, "y", y, weights, unit)
        return _fitted(curve, measured, {**usual, **found}, level, interval, _doubts.of_any)
    observed = _observations("y", y)
    formula, first = own_formula(model, x, observed, start, fixed=known, jacobian=jacobian)
    root = _weights_root(weights, "y", observed)
    problem, theta = own_minimum(formula, first, observed, bounds, root)
    given_x = cast("Array", formula.x)  # as the model wants it, whatever that is
    return _settled(conclude(problem, theta, given_x, level, judge=_doubts.of_any), interval)


def _fixed_parameters(curve: Curve, known: Mapping[str, float]) -> dict[str, float]:
    for name in known:
        choice("fixed", name, curve.parameters)
    if len(known) == len(curve.parameters):
        raise ValueError("fixed must leave a parameter to fit, got all of them.")
    return given(**known)


# The models whose start values and derivatives are known; the others need a start.
_KNOWN: dict[Callable[..., object], tuple[Curve, dict[str, float]]] = {
    _models.uptake_inhibition: (_curves.INHIBITION, {}),
    _models.saturation: (_curves.SATURATION, {"nonspecific_per_nM": 0.0}),
}


# --- the path -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Measured:
    """What was measured: columns of x by the names that errors use, observations and weights."""

    x: dict[str, Array]
    y_name: str
    y: ArrayLike
    weights: ArrayLike | str | None = None
    unit: str = ""


def _fitted(
    curve: Curve,
    measured: _Measured,
    fixed: Mapping[str, float],
    level: float,
    interval: str,
    judge: Judge,
    derive: Derive | None = None,
) -> Fit:
    """Check the data, pose the problem, go to its minimum, and say how well it is known."""
    observed = _observations(measured.y_name, measured.y)
    text("unit", measured.unit)
    same_length(**measured.x, **{measured.y_name: observed})
    level, interval = _checked(level, interval)
    first = next(iter(measured.x))
    if not np.any(measured.x[first] > 0.0):
        raise ValueError(f"{first} must contain a value > 0, got only 0.")
    for name, column in measured.x.items():
        if column.max() > LARGEST:
            raise ValueError(f"{name} must be <= {LARGEST:g}, got {column.max():g}.")
    if np.all(observed == observed[0]):
        raise ValueError(
            f"{measured.y_name} is {observed[0]:g} in every well: flat data hold no curve to fit."
        )
    columns = tuple(measured.x.values())
    problem = pose(
        curve,
        columns,
        observed,
        unit=measured.unit,
        fixed=fixed,
        root_weight=_weights_root(measured.weights, measured.y_name, observed),
    )
    _enough(problem, measured, first)
    theta = lowest(problem)
    if curve is _curves.TWO_SITE:
        theta = _tighter_site_first(problem, theta)
    x = columns[0] if len(columns) == 1 else columns
    return _settled(conclude(problem, theta, x, level, derive=derive, judge=judge), interval)


def _checked(level: float, interval: str) -> tuple[float, str]:
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    return level, choice("interval", interval, ("wald", "profile"))


def _settled(fit: Fit, interval: str) -> Fit:
    """Give a fit the intervals asked for, and let it be judged.

    Curvature at the minimum says nothing about a valley that goes on for ever, nor about data that
    lie on the curve and on any number of other curves: there the profile speaks, asked or not.
    """
    if interval == "profile":
        return profile_intervals(fit, level=fit.level)
    if fit.df <= 0 or not isinstance(fit.problem.formula, Posed) or not _curvature_is_weak(fit):
        return judged(fit)
    better = fit.problem.surface.better(fit.rss)
    if better is not None:
        return _settled(lower(fit, better), interval)
    return profile_intervals(fit, level=fit.level)


def _curvature_is_weak(fit: Fit) -> bool:
    if fit.rss <= fit.problem.rounding or undetermined(fit).any():
        return True
    width = float(np.ptp(fit.y))
    names = zip(fit.parameters, fit.problem.log, strict=True)
    return any(not log and fit[name].standard_error > width for name, log in names)


def _enough(problem: Problem, measured: _Measured, first: str) -> None:
    """Refuse fewer values, or values at fewer concentrations, than parameters."""
    count, names = len(problem.names), ", ".join(problem.names)
    if problem.y.size < count:
        raise ValueError(
            f"{measured.y_name} has {problem.y.size} values, fewer than the {count} parameters to "
            f"fit ({names})."
        )
    places = problem.places
    if places < count:
        what = "value" if first == "x" else "concentration"
        held = f"{places} different {what}s" if places > 1 else f"one {what}"
        raise ValueError(
            f"{first} has only {held}, fewer than the {count} parameters to fit ({names}): "
            f"replicates do not help, so measure at more {what}s or fix parameters."
        )


def _tighter_site_first(problem: Problem, theta: Array) -> Array:
    names = problem.names
    high, low = names.index("ic50_high_nM"), names.index("ic50_low_nM")
    if theta[high] <= theta[low]:
        return theta
    swapped = theta.copy()
    swapped[[high, low]] = theta[[low, high]]
    share = names.index("fraction_high")
    swapped[share] = 1.0 - theta[share]
    return swapped


def given(**values: float | None) -> dict[str, float]:
    """Return the known parameters; plateaus may be any number, the rest must be positive."""
    fixed = {}
    for name, value in values.items():
        if value is not None:
            low = -LARGEST if name in {"top", "bottom"} else 0.0
            fixed[name] = one_number(name, value, low=low, high=LARGEST, low_open=True)
    return fixed


def _about_the_numbers(measured: _Measured) -> tuple[Diagnostic | None, ...]:
    """Doubts about what the numbers are, before any curve is drawn through them."""
    name, conc = next(iter(measured.x.items()))
    observed = numbers(measured.y_name, measured.y)
    return (
        _doubts.units_suspected(name, conc),
        _doubts.counts_suspected(measured.y_name, observed, measured.weights),
    )


def _observations(name: str, y: ArrayLike) -> Array:
    """Return the observations as floats whose squares a float can hold, or raise."""
    observed = numbers(name, y, low=-LARGEST, high=LARGEST)
    size = np.abs(observed).max()
    if 0.0 < size < 1.0 / LARGEST:
        raise ValueError(
            f"{name} must have a value of at least {1.0 / LARGEST:g} in size, got at most "
            f"{size:g}: choose another unit."
        )
    return observed


def _weights_root(weights: ArrayLike | str | None, name: str, y: Array) -> Array | None:
    """Square roots of the weights as a column: `None`, `"poisson"`, `"relative"` or numbers."""
    if weights is None:
        return None
    if isinstance(weights, str):
        if weights == "poisson":
            if np.any(y < 0.0):
                where = int(np.argmax(y < 0.0))
                raise ValueError(
                    f"{name} must be counts >= 0 when weights='poisson', got {y[where]:g} at "
                    f"position {where}: fit gross counts, before any background is subtracted."
                )
            # The variance of a count is its mean; an empty well still has a variance of about 1.
            return np.asarray(1.0 / np.sqrt(np.maximum(y, 1.0)))[:, None]
        if weights == "relative":
            if np.any(y == 0.0):
                raise ValueError(
                    f"weights='relative' divides by {name} squared, and {name} contains 0."
                )
            return np.asarray(1.0 / np.abs(y))[:, None]
        raise ValueError(
            f"weights must be None, 'poisson', 'relative' or positive numbers, got {weights!r}."
        )
    given = positive("weights", weights)
    if given.shape != y.shape:
        raise ValueError(
            f"weights must have one value per observation, {y.shape}, got shape {given.shape}."
        )
    return np.asarray(np.sqrt(given))[:, None]
