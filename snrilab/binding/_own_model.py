"""A model of the user's own as the engine sees it, and the way down from its start values."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, numbers, one_number
from snrilab.binding._curves import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["own_formula", "own_minimum"]

_COMPLEX_STEP = 1e-100


@dataclass(frozen=True, eq=False)
class _OwnFormula:
    """Values and derivatives of a model for columns of its free parameters."""

    model: Callable[..., object]
    x: object
    count: int
    names: tuple[str, ...]  # the free ones
    place: tuple[int | float, ...]  # of every argument: number among the free ones, or its value
    jacobian: Callable[..., object] | None
    smooth: bool = False

    def value(self, theta: NDArray[np.number]) -> NDArray[np.number]:
        """Return the curve at the data, (n,); theta may be complex."""
        value = np.asarray(self.model(self.x, *self._arguments(theta)))
        if value.shape != (self.count,):
            raise ValueError(
                f"model must return one value per observation, shape ({self.count},), "
                f"got shape {value.shape}."
            )
        return value

    def _arguments(self, theta: NDArray[np.number]) -> list[object]:
        return [theta[at] if isinstance(at, int) else at for at in self.place]

    def slope(self, theta: Array) -> Array:
        """Return derivatives, (n, p)."""
        if self.jacobian is not None:
            whole = np.asarray(self.jacobian(self.x, *self._arguments(theta)), dtype=float)
            return whole[:, [k for k, at in enumerate(self.place) if isinstance(at, int)]]
        columns = []
        for j, size in enumerate(np.abs(theta)):
            if self.smooth:  # a step into the imaginary direction subtracts nothing
                moved = theta.astype(complex)
                moved[j] += 1j * _COMPLEX_STEP
                columns.append(np.imag(self.value(moved)) / _COMPLEX_STEP)
                continue
            step = np.cbrt(np.finfo(float).eps) * (size or 1.0)
            up, down = theta.copy(), theta.copy()
            up[j] += step
            down[j] -= step
            columns.append((self.value(up) - self.value(down)) / (up[j] - down[j]))
        return np.stack(columns, 1).astype(float)

    def evaluate(self, theta: Array) -> tuple[Array, Array]:
        """Values (n, fits) and derivatives (p, n, fits) at parameters (p, fits)."""
        values = np.stack([self.value(column) for column in theta.T], 1).astype(float)
        return values, np.stack([self.slope(column).T for column in theta.T], 2)

    def predict(self, x: object, theta: Array) -> Array:
        """Return the curve at new x."""
        return np.asarray(self.model(_listless(x), *self._arguments(theta)), dtype=float)


def own_formula(
    model: Callable[..., object],
    x: object,
    y: Array,
    start: Sequence[float] | dict[str, float],
    *,
    fixed: Mapping[str, float],
    jacobian: Callable[..., object] | None,
) -> tuple[_OwnFormula, Array]:
    """Check a model against the data; return it with the start values of its free parameters."""
    if y.ndim != 1:
        raise ValueError(f"y must be one-dimensional, got shape {y.shape}.")
    arguments = _argument_names(model, start, fixed)
    for name in fixed:
        choice("fixed", name, arguments)
    free = tuple(name for name in arguments if name not in fixed)
    if isinstance(start, dict):
        start = [start[name] for name in free]
    first = np.atleast_1d(numbers("start", start))
    if first.size > y.size:
        raise ValueError(f"y has {y.size} values, fewer than the {first.size} parameters in start.")
    place = tuple(
        one_number(f"fixed[{name!r}]", fixed[name]) if name in fixed else free.index(name)
        for name in arguments
    )
    formula = _OwnFormula(model, _listless(x), y.size, free, place, jacobian)
    if not np.isfinite(formula.value(first)).all():
        raise ValueError(f"start must give finite values of the model, got {first}.")
    smooth = jacobian is None and _passes_complex(formula, first)
    return _OwnFormula(model, formula.x, y.size, free, place, jacobian, smooth), first


def _passes_complex(formula: _OwnFormula, theta: Array) -> bool:
    """Whether the imaginary part survives the model: some functions drop or refuse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            value = formula.value(theta.astype(complex) * (1.0 + 1e-100j) + 1e-100j)
    except (TypeError, ValueError, Warning):
        return False
    return bool(np.iscomplexobj(value) and np.isfinite(value).all() and np.any(value.imag != 0.0))


def own_minimum(
    formula: _OwnFormula,
    start: Array,
    y: Array,
    bounds: tuple[ArrayLike, ArrayLike],
    root_weight: Array | None,
) -> tuple[Problem, Array]:
    """Go down from the start values; return the problem and the parameters of the minimum."""
    from scipy.optimize import least_squares

    low, high = _box(bounds, start.shape)
    if np.any(start < low) or np.any(start > high):
        raise ValueError(f"start must lie inside bounds, got {start}.")
    problem = Problem(
        title=getattr(formula.model, "__name__", "curve").replace("<lambda>", "curve"),
        names=formula.names,
        units=("",) * start.size,
        log=np.zeros(start.size, dtype=bool),
        low=low[:, None],
        high=high[:, None],
        horizon=np.zeros(start.size, dtype=bool),
        formula=formula,
        y=y[:, None],
        root_weight=root_weight,
    )
    root = np.ones(1) if root_weight is None else root_weight[:, 0]
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        found = least_squares(
            lambda theta: _finite(root * (formula.value(theta) - y)),
            start,
            jac=lambda theta: _finite(root[:, None] * formula.slope(theta)),
            bounds=(low, high),
            method="trf",
            x_scale="jac",
            ftol=1e-15,
            xtol=1e-15,
            gtol=1e-15,
            max_nfev=4000,
        )
    # The trust region stops when the sum of squares does; a few more steps follow its gradient.
    return problem, problem.minimise(found.x[:, None], iterations=30).theta[:, 0]


def _box(bounds: object, shape: tuple[int, ...]) -> tuple[Array, Array]:
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise TypeError(f"bounds must be a pair (lower, upper), got {bounds!r}.")
    low, high = (numbers("bounds", side, infinite=True) for side in bounds)
    if any(side.shape not in {(), shape} for side in (low, high)):
        raise ValueError(
            f"bounds must be single numbers or have one value per parameter, {shape}, got shapes "
            f"{low.shape} and {high.shape}."
        )
    return np.broadcast_to(low, shape), np.broadcast_to(high, shape)


def _listless(x: object) -> object:
    return np.asarray(x, dtype=float) if isinstance(x, (list, float, int)) else x


def _finite(values: NDArray[np.number]) -> Array:
    """Make a step into overflow a very bad step, not an error."""
    return np.asarray(np.nan_to_num(values.real, nan=1e150, posinf=1e150, neginf=-1e150))


def _argument_names(
    model: Callable[..., object],
    start: Sequence[float] | dict[str, float],
    fixed: Mapping[str, float],
) -> tuple[str, ...]:
    """Names of the parameters: the model's arguments after x, or p1, p2, ... where it has none."""
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
        named = [name for name in plain if name not in fixed]
        if set(start) != set(named):
            raise ValueError(
                f"start must name all parameters of the model ({', '.join(named)}), "
                f"got {', '.join(start)}."
            )
        return tuple(plain)
    count = np.size(start) + len(fixed)
    if len(plain) >= count:
        return tuple(plain[:count])
    return tuple(f"p{i + 1}" for i in range(count))
