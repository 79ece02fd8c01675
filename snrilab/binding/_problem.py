"""A least-squares problem: a curve, data, and which parameters are free or fixed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from snrilab._checks import numbers, positive
from snrilab.binding._marquardt import Minimum, minimise
from snrilab.binding._surface import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding._curves import Curve

    Array = NDArray[np.float64]

__all__ = ["Formula", "Posed", "Problem", "lowest", "observations", "pose", "weights_root"]

LARGEST = 1e100  # beyond it and below its inverse, sums of squares leave the range of floats


class Formula(Protocol):
    """What is fitted: a curve of this library with its data, or a model of the user's own."""

    def evaluate(self, theta: Array) -> tuple[Array, Array]:
        """Map parameters (p, fits) to values (n, fits) and derivatives (p, n, fits)."""

    def predict(self, x: ArrayLike | tuple[ArrayLike, ...], theta: Array) -> Array:
        """Map new x and parameters (p,) to the curve, in the shape of x."""


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
    formula : Formula
        The curve at the data, and its derivatives.
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
    formula: Formula
    y: Array
    root_weight: Array | None = None

    @cached_property
    def surface(self) -> Surface:
        """The sum of squares over the nonlinear parameters, of a curve of this library."""
        return Surface(self)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "surface"}

    def minimise(
        self,
        start: Array,
        *,
        y: Array | None = None,
        held: NDArray[np.bool_] | None = None,
        tolerance: float = 1e-18,
        iterations: int = 200,
    ) -> Minimum:
        """Minimise from every column of `start`, for these observations or for each column's."""
        return minimise(
            self.formula.evaluate,
            self.y if y is None else y,
            start,
            low=self.low,
            high=self.high,
            root_weight=self.root_weight,
            held=held,
            tolerance=tolerance,
            iterations=iterations,
        )

    def natural(self, theta: Array) -> Array:
        """Parameters as people see them."""
        log = self.log if theta.ndim == 1 else self.log[:, None]
        with np.errstate(over="ignore", under="ignore"):
            return np.where(log, np.exp(np.where(log, theta, 0.0)), theta)


@dataclass(frozen=True, eq=False)
class Posed:
    """A curve of this library at the data, with some of its parameters fixed.

    Parameters
    ----------
    curve : Curve
        The curve.
    columns : tuple of ndarray
        What the curve wants of x.
    place : tuple of int or float
        For each parameter of the curve, its number among the free ones, or its value.
    """

    curve: Curve
    columns: tuple[Array, ...]
    place: tuple[int | float, ...]

    def evaluate(self, theta: Array) -> tuple[Array, Array]:
        """Values (n, fits) and derivatives (p, n, fits) at parameters (p, fits)."""
        value, partials = self.curve.evaluate(self.columns, self.all_parameters(theta))
        slopes = np.empty((len(theta), self.columns[0].shape[0], theta.shape[1]))
        for where, slope in zip(self.place, partials, strict=True):
            if isinstance(where, int):
                slopes[where] = slope
        return value, slopes

    def predict(self, x: ArrayLike | tuple[ArrayLike, ...], theta: Array) -> Array:
        """Return the curve at new x."""
        points = x if isinstance(x, tuple) else (x,)
        flat = [np.ravel(np.asarray(column, dtype=float)) for column in points]
        with np.errstate(over="ignore", under="ignore"):
            columns = self.curve.columns(flat)
            value, _ = self.curve.evaluate(columns, self.all_parameters(theta[:, None]))
        return np.broadcast_to(value, (flat[0].size, 1))[:, 0].reshape(np.shape(points[0]))

    def all_parameters(self, theta: Array) -> list[Array]:
        """Put free and fixed parameters in the order of the curve."""
        return [
            theta[where] if isinstance(where, int) else np.array([where]) for where in self.place
        ]


def pose(
    curve: Curve,
    x: Sequence[Array],
    y: Array,
    *,
    unit: str = "",
    fixed: Mapping[str, float],
    root_weight: Array | None = None,
) -> Problem:
    """Set up the problem of one curve."""
    columns = curve.columns(x)
    low, high = curve.box(columns, y)
    free = [j for j, name in enumerate(curve.parameters) if name not in fixed]
    place = tuple(
        free.index(j)
        if name not in fixed
        else float(np.log(fixed[name]) if curve.log[j] else fixed[name])
        for j, name in enumerate(curve.parameters)
    )
    return Problem(
        title=curve.title,
        names=tuple(curve.parameters[j] for j in free),
        units=tuple(_named_unit(curve.units[j], unit) for j in free),
        log=np.array([curve.log[j] for j in free], dtype=bool),
        low=np.array([low[j] for j in free])[:, None],
        high=np.array([high[j] for j in free])[:, None],
        horizon=np.array([curve.units[j] != "" for j in free], dtype=bool),
        formula=Posed(curve, columns, place),
        y=y[:, None],
        root_weight=root_weight,
    )


def _named_unit(unit: str, response: str) -> str:
    if unit == "response":
        return response
    return f"{response}/nM" if unit == "response/nM" and response else unit.replace("response", "1")


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


def weights_root(weights: ArrayLike | str | None, name: str, y: Array) -> Array | None:
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


# --- from nothing to the minimum ------------------------------------------------------------------


def lowest(problem: Problem) -> Array:
    """Parameters of the lowest minimum of a curve of this library; no start values are needed.

    All promising starts go down some steps; then the best and those that still compete with it go
    to the end.
    """
    begin = _starts(problem)
    if begin.shape[1] > 2:
        rough = problem.minimise(begin, tolerance=1e-2, iterations=3)
        first = int(np.argmin(rough.rss))
        apart = np.abs(rough.theta - rough.theta[:, [first]])[problem.log] > 0.1
        kept = apart.any(axis=0) & (rough.rss < 1.2 * rough.rss[first])
        kept[first] = True
        begin = rough.theta[:, kept]
    found = problem.minimise(begin, tolerance=1e-13, iterations=12)
    best = int(np.argmin(found.rss))
    theta = np.asarray(found.theta[:, best])
    return theta if found.converged[best] else _along_the_valley(problem, theta, found.rss[best])


def _along_the_valley(problem: Problem, theta: Array, rss: float) -> Array:
    """Look at the end of a valley that never ends.

    A curve without a plateau fits better and better as plateau and midpoint run away together.
    Steps along such a valley grow short; the surface has its end in view.
    """
    surface, here = problem.surface, problem.surface.cover
    start = np.stack([theta[surface.bent], here.points[:, np.argmin(here.rss)]], axis=1)
    found = surface.lowest(start)
    best = int(np.argmin(found.rss))
    return np.asarray(found.theta[:, best]) if found.rss[best] < rss else theta


def _starts(problem: Problem, count: int = 4) -> Array:
    """Promising start values, (p, count), on the fitted scale.

    Only the parameters in which the curve is not linear are searched, on a grid; for each grid
    point the others follow from linear least squares, all grid points at once.
    """
    surface = problem.surface
    here = surface.at(surface.inside(surface.curve.starts(surface.wells.columns)))
    return surface.theta(here)[:, _diverse(here.points, here.rss, count)]


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
