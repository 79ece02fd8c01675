"""A least-squares problem: a curve, data, and which parameters are free, shared or fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import numbers, positive
from snrilab.binding.marquardt import Minimum, minimise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding.curves import Curve

    Array = NDArray[Any]

__all__ = ["Problem"]

LARGEST = 1e100  # beyond it and below its inverse, sums of squares leave the range of floats


@dataclass(frozen=True, eq=False)
class Problem:
    """What a fit minimises, on the fitted scale (logarithms for positive parameters).

    Parameters
    ----------
    title : str
        What is fitted, for people.
    names, units : tuple of str
        Free parameters and their units.
    log : ndarray of bool, shape (p,)
        Which free parameters are fitted as logarithms.
    low, high : ndarray of shape (p, 1)
        The box.
    horizon : ndarray of bool, shape (p,)
        For which parameters the box is only the end of the search, not of what is possible.
    evaluate : callable
        Maps parameters (p, fits) to values (n, fits) and derivatives (p, n, fits).
    predict : callable
        Maps (x, parameters (p,), group) to the curve at new x.
    y : ndarray of shape (n, 1)
        Observations.
    root_weight : ndarray of shape (n, 1) or None
        Square roots of the weights.
    """

    title: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    log: NDArray[np.bool_]
    low: Array
    high: Array
    horizon: NDArray[np.bool_]
    evaluate: Callable[[Array], tuple[Array, Array]]
    predict: Callable[[Any, Array, str | None], Array]
    y: Array
    root_weight: Array | None = None

    def minimise(self, start: Array, **options: Any) -> Minimum:
        """Minimise from every column of `start`; `options` as for `marquardt.minimise`."""
        y = options.pop("y", self.y)
        return minimise(
            self.evaluate,
            y,
            start,
            low=self.low,
            high=self.high,
            root_weight=self.root_weight,
            **options,
        )

    def natural(self, theta: Array) -> Array:
        """Parameters as people see them."""
        log = self.log if theta.ndim == 1 else self.log[:, None]
        with np.errstate(over="ignore", under="ignore"):
            return np.where(log, np.exp(np.where(log, theta, 0.0)), theta)


def lowest(problem: Problem, begin: Array) -> Array:
    """Parameters of the lowest minimum reached from the columns of `begin`.

    All go down some steps; then the best and those that still compete with it go to the end.
    """
    if begin.shape[1] > 2:
        rough = problem.minimise(begin, tolerance=1e-2, iterations=3)
        first = int(np.argmin(rough.rss))
        apart = np.abs(rough.theta - rough.theta[:, [first]])[problem.log] > 0.1
        kept = apart.any(axis=0) & (rough.rss < 1.2 * rough.rss[first])
        kept[first] = True
        begin = rough.theta[:, kept]
    found = problem.minimise(begin, tolerance=1e-13, iterations=100)
    best = int(np.argmin(found.rss))
    theta = np.asarray(found.theta[:, best])
    return theta if found.converged[best] else _at_the_horizon(problem, theta, found.rss[best])


def _at_the_horizon(problem: Problem, theta: Array, rss: float) -> Array:
    """Look at the end of a valley that never ends.

    A curve without a plateau fits better and better as plateau and midpoint run away together.
    Rather than stop where the patience ends, hold each parameter at the end of its range.
    """
    sides = [
        (i, edge)
        for i in np.flatnonzero(problem.horizon)
        for edge in (problem.low[i, 0], problem.high[i, 0])
        if np.isfinite(edge)
    ]
    if not sides:
        return theta
    begin = np.repeat(theta[:, None], len(sides), axis=1)
    held = np.zeros(begin.shape, dtype=bool)
    for column, (i, edge) in enumerate(sides):
        begin[i, column], held[i, column] = edge, True
    found = problem.minimise(begin, held=held, tolerance=1e-13, iterations=60)
    best = int(np.argmin(found.rss))
    if found.rss[best] < rss:
        return np.asarray(found.theta[:, best])
    return np.asarray(problem.minimise(theta[:, None], tolerance=1e-13, iterations=500).theta[:, 0])


def pose(
    curve: Curve,
    x: Sequence[ArrayLike],
    y: Array,
    *,
    unit: str = "",
    fixed: Mapping[str, float] | None = None,
    root_weight: Array | None = None,
    group: NDArray[Any] | None = None,
    shared: Sequence[str] = (),
) -> Problem:
    """Set up the problem of one curve, or of one curve per group with some parameters shared."""
    fixed = dict(fixed or {})
    columns = curve.columns([np.asarray(column, dtype=float) for column in x])
    low, high = curve.box(columns, y)
    labels, member = (
        (np.array([""]), None) if group is None else np.unique(group, return_inverse=True)
    )
    names: list[str] = []
    place: list[Any] = []  # per curve parameter: its number, or its numbers by point, or a constant
    source: list[int] = []
    for j, name in enumerate(curve.parameters):
        if name in fixed:
            place.append(np.log(fixed[name]) if curve.log[j] else float(fixed[name]))
        elif member is None or name in shared or len(labels) == 1:
            place.append(len(names))
            names.append(name)
            source.append(j)
        else:
            place.append(len(names) + member)
            names.extend(f"{name}[{label}]" for label in labels)
            source.extend([j] * len(labels))
    evaluate = _evaluation(curve, columns, place, len(names))

    def predict(new_x: Any, theta: Array, label: str | None) -> Array:
        points = new_x if isinstance(new_x, tuple) else (new_x,)
        flat = [np.ravel(np.asarray(column, dtype=float)) for column in points]
        chosen = []
        for where in place:
            if isinstance(where, float):
                chosen.append(np.array([where]))
            elif isinstance(where, int):
                chosen.append(theta[where : where + 1])
            else:
                number = _member(labels, label)
                chosen.append(theta[where[member == number][0]].reshape(1))
        with np.errstate(over="ignore", under="ignore"):
            value, _ = curve.evaluate(curve.columns(flat), chosen)
        return np.broadcast_to(value, (flat[0].size, 1))[:, 0].reshape(np.shape(points[0]))

    return Problem(
        title=curve.title,
        names=tuple(names),
        units=tuple(_named_unit(curve.units[j], unit) for j in source),
        log=np.array([curve.log[j] for j in source], dtype=bool),
        low=np.array([low[j] for j in source])[:, None],
        high=np.array([high[j] for j in source])[:, None],
        horizon=np.array([curve.units[j] != "" for j in source], dtype=bool),
        evaluate=evaluate,
        predict=predict,
        y=y[:, None],
        root_weight=root_weight,
    )


def _evaluation(
    curve: Curve, columns: tuple[Array, ...], place: list[Any], count: int
) -> Callable[[Array], tuple[Array, Array]]:
    points = columns[0].shape[0]
    scatter = [
        []
        if isinstance(where, float)
        else [(where, None)]
        if isinstance(where, int)
        else [(i, (where == i)[:, None]) for i in np.unique(where)]
        for where in place
    ]
    constants = [np.array([where]) if isinstance(where, float) else None for where in place]

    def evaluate(theta: Array) -> tuple[Array, Array]:
        chosen = [
            constant if constant is not None else theta[where]
            for where, constant in zip(place, constants, strict=True)
        ]
        value, partials = curve.evaluate(columns, chosen)
        slopes = np.empty((count, points, theta.shape[1]))
        for targets, partial in zip(scatter, partials, strict=True):
            for i, mask in targets:
                slopes[i] = partial if mask is None else partial * mask
        return value, slopes

    return evaluate


def _member(labels: NDArray[Any], label: str | None) -> int:
    found = [i for i, known in enumerate(labels) if str(known) == str(label)]
    if not found:
        listed = ", ".join(repr(str(known)) for known in labels)
        raise ValueError(f"group must be one of {listed}; got {label!r}.")
    return found[0]


def _named_unit(unit: str, response: str) -> str:
    if unit == "response":
        return response
    return f"{response}/nM" if unit == "response/nM" and response else unit.replace("response", "1")


# --- start values ---------------------------------------------------------------------------------


def starts(
    curve: Curve,
    x: Sequence[ArrayLike],
    y: Array,
    fixed: Mapping[str, float] | None = None,
    root_weight: Array | None = None,
    count: int = 4,
) -> Array:
    """Promising start values of one curve, (parameters of the curve, count), on the fitted scale.

    Only the parameters in which the curve is not linear are searched, on a grid; for each grid
    point the others follow from linear least squares, all grid points at once.
    """
    fixed = dict(fixed or {})
    columns = curve.columns([np.asarray(column, dtype=float) for column in x])
    grid = curve.grid(columns)
    theta = np.zeros((len(curve.parameters), grid.shape[1]))
    theta[[j for j, straight in enumerate(curve.linear) if not straight]] = grid
    for j, name in enumerate(curve.parameters):
        if name in fixed:
            theta[j] = np.log(fixed[name]) if curve.log[j] else fixed[name]
    searched = [
        j for j, name in enumerate(curve.parameters) if not curve.linear[j] and name not in fixed
    ]
    straight = [
        j for j, name in enumerate(curve.parameters) if curve.linear[j] and name not in fixed
    ]
    if len(searched) < len(grid):
        _, different = np.unique(theta[searched], axis=1, return_index=True)
        theta = theta[:, different]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        value, partials = curve.evaluate(columns, list(theta))
    weight = np.ones((y.size, 1)) if root_weight is None else root_weight
    if straight:
        # The derivative by a linear parameter is its basis function (at ln 1 for positive ones).
        basis = np.empty((len(straight), *value.shape))
        rest = y[:, None] - value
        for k, j in enumerate(straight):
            basis[k] = partials[j]
            if curve.log[j]:
                rest = rest + partials[j]
        amounts, rss = _linear_fit(basis * weight, rest * weight)
        smallest = 1e-3 * np.max(np.abs(y))
        for amount, j in zip(amounts, straight, strict=True):
            theta[j] = amount
            if curve.log[j]:
                theta[j] = np.log(np.maximum(amount, smallest))
                rss = np.where(amount > 0.0, rss, rss + np.sum((weight * y[:, None]) ** 2))
    else:
        rss = np.sum((weight * (y[:, None] - value)) ** 2, axis=0)
    return theta[:, _diverse(theta[searched], rss, count)]


def _linear_fit(basis: Array, y: Array) -> tuple[Array, Array]:
    size = len(basis)
    normal = np.einsum("inb,jnb->bij", basis, basis)
    right = np.einsum("inb,nb->bi", basis, y)
    # A trace of ridge keeps candidates whose basis functions coincide from stopping the search.
    trace = np.einsum("bii->b", normal)[:, None, None] + np.finfo(float).tiny
    amounts = np.linalg.solve(normal + 1e-12 * trace * np.eye(size), right[:, :, None])[:, :, 0].T
    rss = np.einsum("nb,nb->b", y, y) - np.einsum("ib,bi->b", amounts, right)
    return amounts, np.maximum(rss, 0.0)


def _diverse(searched: Array, rss: Array, count: int) -> NDArray[np.intp]:
    """Pick the candidates that compete: the best of each value of the last parameter."""
    order = np.argsort(rss)
    if len(searched) < 2:
        picked = order[: 3 * count : 3]
    else:
        _, first = np.unique(searched[-1][order], return_index=True)
        picked = order[np.sort(first)]
    picked = picked[:count]
    return np.asarray(picked[rss[picked] <= 5.0 * rss[picked[0]]])


def observations(name: str, y: ArrayLike) -> Array:
    """Return the observations as floats whose squares a float can hold, or raise."""
    observed = numbers(name, y, low=-LARGEST, high=LARGEST)
    size = np.abs(observed).max()
    if 0.0 < size < 1.0 / LARGEST:
        raise ValueError(
            f"{name} must have a value of at least {1.0 / LARGEST:g} in size, got at most "
            f"{size:g}: choose another unit."
        )
    return observed


def weights_root(weights: ArrayLike | str | None, y: Array) -> Array | None:
    """Square roots of the weights as a column: `None`, `"poisson"`, `"relative"` or numbers."""
    if weights is None:
        return None
    if isinstance(weights, str):
        if weights == "poisson":
            # The variance of a count is its mean; an empty well still has a variance of about 1.
            return np.asarray(1.0 / np.sqrt(np.maximum(y, 1.0)))[:, None]
        if weights == "relative":
            if np.any(y == 0.0):
                raise ValueError('weights="relative" divides by y squared, and y contains 0.')
            return np.asarray(1.0 / np.abs(y))[:, None]
        raise ValueError(
            f"weights must be None, 'poisson', 'relative' or positive numbers, got {weights!r}."
        )
    given = positive("weights", weights)
    if given.shape != y.shape:
        raise ValueError(
            f"weights must have one value per observation, {y.shape}, got shape {given.shape}."
        )
    return np.sqrt(given)[:, None]
