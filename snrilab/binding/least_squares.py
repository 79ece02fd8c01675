"""Fit any curve: the general engine behind the assay fits."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import numbers, one_number
from snrilab.binding.curves import complex_step
from snrilab.binding.diagnostics import general
from snrilab.binding.fit_result import Fit, conclude
from snrilab.binding.problem import Problem, observations, weights_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["fit"]


def fit(
    model: Callable[..., Any],
    x: Any,
    y: ArrayLike,
    start: Sequence[float] | dict[str, float],
    *,
    jacobian: Callable[..., Any] | None = None,
    bounds: tuple[ArrayLike, ArrayLike] = (-np.inf, np.inf),
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
) -> Fit:
    """Fit a curve of your own by least squares.

    Trust-region steps with exact derivatives, column scaling and tolerances near machine
    precision. Derivatives come from `jacobian`, else from a complex step through the model, else
    (when the model refuses complex numbers) from central differences.

    Parameters
    ----------
    model : callable
        ``model(x, p1, p2, ...)`` returning one value per observation.
    x : array_like or any object
        Passed to the model; a list becomes an array, anything else (a tuple of columns, say) stays.
    y : array_like of shape (n,)
        Observations.
    start : sequence of float, or dict of str to float
        Start values in the order of the model's arguments, or by name.
    jacobian : callable, optional
        ``jacobian(x, p1, p2, ...)`` returning derivatives of shape (n, p).
    bounds : pair of array_like, default no bounds
        Lower and upper limits of the parameters.
    weights : None, "poisson", "relative" or array_like, default None
        ``"poisson"`` is 1/y (counts), ``"relative"`` 1/y², numbers are used as they are (for a
        known standard error use ``1 / sem**2``).
    level : float, default 0.95
        Confidence level of the Wald intervals, in (0, 1).

    Returns
    -------
    Fit
        Estimates with Wald intervals, residuals and diagnostics.

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the allowed kind, or the model is not finite at the start.

    Examples
    --------
    >>> import numpy as np
    >>> dose = np.array([1.0, 2.0, 4.0, 8.0])
    >>> decay = fit(lambda t, a, k: a * np.exp(-k * t), dose, [6.1, 3.6, 1.4, 0.2], [10, 1])
    >>> print(decay["k"])
    0.5031 (95 % Wald interval 0.4425 to 0.5637)
    """
    observed = observations("y", y)
    if observed.ndim != 1:
        raise ValueError(f"y must be one-dimensional, got shape {observed.shape}.")
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    names = _argument_names(model, start)
    if isinstance(start, dict):
        start = [start[name] for name in names]
    first = np.atleast_1d(numbers("start", start))
    if first.size > observed.size:
        raise ValueError(
            f"y has {observed.size} values, fewer than the {first.size} parameters in start."
        )
    low, high = _box(bounds, first.shape)
    if np.any(first < low) or np.any(first > high):
        raise ValueError(f"start must lie inside bounds, got {first}.")
    root = weights_root(weights, observed)
    formula = _Formula(model, x, first, observed.size, jacobian)
    problem = Problem(
        title=getattr(model, "__name__", "curve").replace("<lambda>", "curve"),
        names=names,
        units=("",) * first.size,
        log=np.zeros(first.size, dtype=bool),
        low=low[:, None],
        high=high[:, None],
        horizon=np.zeros(first.size, dtype=bool),
        evaluate=formula.evaluate,
        predict=formula.predict,
        y=observed[:, None],
        root_weight=root,
    )
    theta = _descend(formula, problem, first)
    result = conclude(problem, theta, x, level)
    return general(result)


def _box(bounds: Any, shape: tuple[int, ...]) -> tuple[Array, Array]:
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise TypeError(f"bounds must be a pair (lower, upper), got {bounds!r}.")
    low, high = (numbers("bounds", side, infinite=True) for side in bounds)
    if any(side.shape not in {(), shape} for side in (low, high)):
        raise ValueError(
            f"bounds must be single numbers or have one value per parameter, {shape}, got shapes "
            f"{low.shape} and {high.shape}."
        )
    return np.broadcast_to(low, shape), np.broadcast_to(high, shape)


class _Formula:
    """A user's model as the engine sees it: values and derivatives for columns of parameters."""

    def __init__(
        self,
        model: Callable[..., Any],
        x: Any,
        start: Array,
        count: int,
        jacobian: Callable[..., Any] | None,
    ) -> None:
        self.model, self.x, self.count = model, _listless(x), count
        value = self.value(start)
        if not np.isfinite(value).all():
            raise ValueError(f"start must give finite values of the model, got {start}.")
        self.jacobian = jacobian
        self.smooth = jacobian is None and self._passes_complex(start)

    def value(self, theta: Array) -> Array:
        value = np.asarray(self.model(self.x, *theta))
        if value.shape != (self.count,):
            raise ValueError(
                f"model must return one value per observation, shape ({self.count},), "
                f"got shape {value.shape}."
            )
        return value

    def slope(self, theta: Array) -> Array:
        """Return derivatives, (n, p)."""
        if self.jacobian is not None:
            return np.asarray(self.jacobian(self.x, *theta), dtype=float)
        if self.smooth:
            return np.stack(
                complex_step(lambda _, p: self.value(np.array(p)), None, list(theta)), 1
            )
        columns = []
        for j, size in enumerate(np.abs(theta)):
            step = np.cbrt(np.finfo(float).eps) * (size or 1.0)
            up, down = theta.copy(), theta.copy()
            up[j] += step
            down[j] -= step
            columns.append((self.value(up) - self.value(down)) / (up[j] - down[j]))
        return np.stack(columns, 1)

    def evaluate(self, theta: Array) -> tuple[Array, Array]:
        values = np.stack([self.value(column) for column in theta.T], 1)
        slopes = np.stack([self.slope(column).T for column in theta.T], 2)
        return values, slopes

    def predict(self, x: Any, theta: Array, group: str | None) -> Array:
        if group is not None:
            raise ValueError(f"group must be None for a fit without groups, got {group!r}.")
        return np.asarray(self.model(_listless(x), *theta))

    def _passes_complex(self, theta: Array) -> bool:
        """Whether the imaginary part survives the model: some functions drop or refuse it."""
        import warnings

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                value = self.value(theta.astype(complex) * (1.0 + 1e-100j) + 1e-100j)
        except (TypeError, ValueError, Warning):
            return False
        return bool(
            np.iscomplexobj(value) and np.isfinite(value).all() and np.any(value.imag != 0.0)
        )


def _descend(formula: _Formula, problem: Problem, start: Array) -> Array:
    from scipy.optimize import least_squares

    root = 1.0 if problem.root_weight is None else problem.root_weight[:, 0]
    y, low, high = problem.y[:, 0], problem.low[:, 0], problem.high[:, 0]
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        found = least_squares(
            lambda theta: _finite(root * (formula.value(theta) - y)),
            start,
            jac=lambda theta: _finite((np.atleast_1d(root)[:, None]) * formula.slope(theta)),
            bounds=(low, high),
            method="trf",
            x_scale="jac",
            ftol=1e-15,
            xtol=1e-15,
            gtol=1e-15,
            max_nfev=4000,
        )
    # The trust region stops when the sum of squares does; a few more steps follow its gradient.
    return problem.minimise(found.x[:, None], iterations=30).theta[:, 0]


def _listless(x: Any) -> Any:
    return np.asarray(x, dtype=float) if isinstance(x, (list, float, int)) else x


def _finite(values: Array) -> Array:
    """Make a step into overflow a very bad step, not an error."""
    return np.nan_to_num(values, nan=1e150, posinf=1e150, neginf=-1e150)


def _argument_names(model: Callable[..., Any], start: Any) -> tuple[str, ...]:
    try:
        arguments = list(inspect.signature(model).parameters.values())[1:]
    except (TypeError, ValueError):
        arguments = []
    plain = [
        each.name
        for each in arguments
        if each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD}
    ]
    if isinstance(start, dict):
        unknown = [name for name in start if name not in plain]
        if unknown or len(start) < len(plain):
            raise ValueError(
                f"start must name all parameters of the model ({', '.join(plain)}), "
                f"got {', '.join(start)}."
            )
        return tuple(plain)
    count = np.size(start)
    return tuple(plain[:count]) if len(plain) >= count else tuple(f"p{i + 1}" for i in range(count))
