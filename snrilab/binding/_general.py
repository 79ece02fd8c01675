"""Fit any curve: the one path that every fit takes, with a known curve or with one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from snrilab._checks import choice, mapping, nonnegative, one_number, same_length, text
from snrilab.binding import _curves, _doubts, _models
from snrilab.binding._fit import Fit, conclude
from snrilab.binding._intervals import profile_intervals, settled
from snrilab.binding._own_model import own_formula, own_minimum
from snrilab.binding._problem import LARGEST, Problem, lowest, observations, pose, weights_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding._curves import Curve
    from snrilab.binding._fit import Derive, Judge

    Array = NDArray[np.float64]

__all__ = ["Measured", "fit", "fit_curve", "given"]

# The models whose start values and derivatives are known; the others need a start.
_KNOWN: dict[Callable[..., object], tuple[Curve, dict[str, float]]] = {
    _models.uptake_inhibition: (_curves.INHIBITION, {}),
    _models.saturation: (_curves.SATURATION, {"nonspecific_per_nM": 0.0}),
}


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
    0.5031 (95 % Wald interval 0.4425 to 0.5637)
    >>> seconds = [160, 128, 110, 91, 75]
    >>> curve = fit(uptake_inhibition, [0, 5, 10, 20, 40], seconds, fixed={"bottom": 0, "hill": 1})
    >>> print(*curve.parameters)
    top ic50_nM
    """
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    choice("interval", interval, _INTERVALS)
    known = {} if fixed is None else mapping("fixed", fixed, "parameter names to numbers")
    if start is None:
        if model not in _KNOWN:
            names = " and ".join(each.__name__ for each in _KNOWN)
            raise ValueError(f"start must be given for a model of your own; {names} need none.")
        curve, usual = _KNOWN[model]
        found = _fixed_parameters(curve, known)
        measured = Measured({"x": nonnegative("x", cast("ArrayLike", x))}, "y", y, weights, unit)
        judge = partial(_doubts.of_any, measured.places())
        result = fit_curve(curve, measured, fixed={**usual, **found}, level=level, judge=judge)
    else:
        observed = observations("y", y)
        formula, first = own_formula(model, x, observed, start, fixed=known, jacobian=jacobian)
        root = weights_root(weights, "y", observed)
        problem, theta = own_minimum(formula, first, observed, bounds, root)
        judge = partial(_doubts.of_any, None)
        given_x = cast("Array", formula.x)  # as the model wants it, whatever that is
        result = settled(conclude(problem, theta, given_x, level, judge=judge))
    return finished(result, interval)


_INTERVALS = ("wald", "profile")


def finished(result: Fit, interval: str) -> Fit:
    """Return the fit with the kind of interval that was asked for."""
    kind = choice("interval", interval, _INTERVALS)
    return profile_intervals(result, level=result.level) if kind == "profile" else result


# --- curves of this library -----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured: columns of x by the names that errors use, observations and weights."""

    x: dict[str, Array]
    y_name: str
    y: ArrayLike
    weights: ArrayLike | str | None = None
    unit: str = ""

    def places(self) -> int:
        """Count the different values of x: replicates do not replace concentrations."""
        return len(
            set(zip(*(np.ravel(column).tolist() for column in self.x.values()), strict=True))
        )


def fit_curve(
    curve: Curve,
    measured: Measured,
    *,
    fixed: Mapping[str, float],
    level: float,
    derive: Derive | None = None,
    judge: Judge | None = None,
) -> Fit:
    """Check the data, find start values, minimise, and let the judge look at the result."""
    observed = observations(measured.y_name, measured.y)
    text("unit", measured.unit)
    same_length(**measured.x, **{measured.y_name: observed})
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
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
        root_weight=weights_root(measured.weights, measured.y_name, observed),
    )
    _enough(problem, measured, first)
    theta = lowest(problem)
    if curve is _curves.TWO_SITE:
        theta = _tighter_site_first(problem, theta)
    x = columns[0] if len(columns) == 1 else columns
    return settled(conclude(problem, theta, x, level, derive=derive, judge=judge))


def _enough(problem: Problem, measured: Measured, first: str) -> None:
    """Refuse fewer values, or values at fewer concentrations, than parameters."""
    count, names = len(problem.names), ", ".join(problem.names)
    if problem.y.size < count:
        raise ValueError(
            f"{measured.y_name} has {problem.y.size} values, fewer than the {count} parameters to "
            f"fit ({names})."
        )
    places = measured.places()
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


def _fixed_parameters(curve: Curve, known: Mapping[str, float]) -> dict[str, float]:
    for name in known:
        choice("fixed", name, curve.parameters)
    if len(known) == len(curve.parameters):
        raise ValueError("fixed must leave a parameter to fit, got all of them.")
    return given(**known)
