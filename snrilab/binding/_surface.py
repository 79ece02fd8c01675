"""The sum of squares over the parameters in which a curve is not linear.

Given IC50 and Hill slope, the plateaus follow by linear algebra. What is left is a surface over at
most three parameters, cheap enough to look at everywhere: start values and the limits of profile
intervals are found on it, not along a path that can end in a corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from snrilab.binding._newton import descend

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.binding._marquardt import Minimum
    from snrilab.binding._problem import Posed, Problem

    Array = NDArray[np.float64]

__all__ = ["Place", "Surface", "Wells"]

_FAINT = 1e-120
_FURTHER = np.log(1e3)  # how far beyond the end of the search a plateau is tried again


@dataclass(frozen=True, eq=False)
class Wells:
    """The data, replicates put together.

    Parameters
    ----------
    columns : tuple of ndarray of shape (m, 1)
        What the curve wants of x, at m different places.
    mean : ndarray of shape (m, 1)
        Weighted mean of the replicates.
    weight : ndarray of shape (m, 1)
        Sum of their weights.
    within : float
        Weighted sum of squares between replicates, which no curve can explain.
    """

    columns: tuple[Array, ...]
    mean: Array
    weight: Array
    within: float

    @classmethod
    def of(cls, posed: Posed, y: Array, root_weight: Array | None) -> Wells:
        """Put the replicates of a problem together."""
        columns = posed.columns
        if len(columns) == 1:
            _, first, member = np.unique(columns[0], return_index=True, return_inverse=True)
        else:
            stacked = np.concatenate(columns, axis=1)
            _, first, member = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
        each = np.ones(len(y)) if root_weight is None else root_weight[:, 0] ** 2
        member = member.ravel()
        weight = np.bincount(member, each).astype(float)
        mean = np.bincount(member, each * y[:, 0]) / weight
        within = float(np.sum(each * (y[:, 0] - mean[member]) ** 2))
        return cls(
            tuple(column[first] for column in columns), mean[:, None], weight[:, None], within
        )


@dataclass(frozen=True, eq=False)
class Place:
    """Points of the surface, and what the best linear parameters are there.

    Parameters
    ----------
    points : ndarray of shape (k, fits)
        Nonlinear parameters, on the fitted scale.
    rss : ndarray of shape (fits,)
        Least weighted sum of squares with them.
    amounts : ndarray of shape (s, fits)
        Linear parameters that reach it, in their units.
    spread : ndarray of shape (s, fits)
        Their standard errors in units of the residual standard deviation; infinite where the data
        do not see them.
    """

    points: Array
    rss: Array
    amounts: Array
    spread: Array

    def reach(self, ceiling: float) -> Array:
        """How far each linear parameter can go before the sum of squares passes `ceiling`.

        Negative where it is above from the start: by how much it would have to come back.
        """
        spare = ceiling - self.rss
        return self.spread * np.copysign(np.sqrt(np.abs(spare)), spare)

    def pick(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Place:
        """Return some of the points."""
        return Place(
            self.points[:, which],
            self.rss[which],
            self.amounts[:, which],
            self.spread[:, which],
        )


class Surface:
    """The surface of one problem; `bent` and `straight` are numbers among its free parameters."""

    def __init__(self, problem: Problem) -> None:
        posed: Posed = problem.formula  # type: ignore[assignment]
        self.problem, self.curve, self.posed = problem, posed.curve, posed
        self.wells = Wells.of(posed, problem.y, problem.root_weight)
        self.root = np.sqrt(self.wells.weight)
        free = [(where, j) for j, where in enumerate(posed.place) if isinstance(where, int)]
        self._number = dict(free)  # of the curve's parameter, by the number among the free ones
        self.straight = [where for where, j in free if self.curve.linear[j]]
        self.bent = [where for where, j in free if not self.curve.linear[j]]
        self._curved = [j for j, linear in enumerate(self.curve.linear) if not linear]
        self._constant = self.root * self.wells.mean
        self._total = float(np.sum(self._constant**2))

    @cached_property
    def cover(self) -> Place:
        """Places all over the surface, the ends of the range among them."""
        return self.at(self.inside(self.curve.everywhere(self.wells.columns)))

    @cached_property
    def beyond(self) -> Place:
        """Places beyond the ends of the range."""
        return self.at(self.past(self.cover.points))

    def past(self, points: Array) -> Array:
        """Move those of the points that lie at an end of the range well beyond it."""
        moved = [np.empty((len(self.bent), 0))]
        for row, where in enumerate(self.bent):
            if self.problem.log[where]:
                step = _FURTHER if self.problem.horizon[where] else np.log(10.0)
                for end, side in ((self.problem.low, -1.0), (self.problem.high, 1.0)):
                    edge = points[:, points[row] == end[where, 0]].copy()
                    edge[row] += side * step
                    moved.append(edge)
        return np.concatenate(moved, axis=1)

    def better(self, rss: float) -> Array | None:
        """Parameters with a lower sum of squares than this, where the surface knows some."""
        here = self.cover
        height = np.where(self.allowed(here), here.rss, np.inf)
        lowest = int(np.argmin(height))
        least = rss * (1.0 - 1e-9) - 1e-24 * float(np.sum(self.wells.mean**2))
        if height[lowest] >= least:
            return None
        found = self.lowest(here.points[:, [lowest]])
        return found.theta[:, 0] if found.rss[0] < least else None

    def lowest(self, start: Array) -> Minimum:
        """Go down to the lowest places near these points, then to the minimum of all parameters."""
        first = np.maximum(self.at(start).rss, 1e-300)

        def height(at: Array, column: NDArray[np.intp]) -> Array:
            place = self.at(at)
            return np.where(self.allowed(place), place.rss / first[column], np.inf)

        low, high = self.problem.low[self.bent], self.problem.high[self.bent]
        with np.errstate(all="ignore"):
            points, _ = descend(height, start, low, high, np.full(start.shape, 1e-3), 1e-6, 15)
        found = self.problem.minimise(self.theta(self.at(points)), tolerance=1e-13, iterations=8)
        best = int(np.argmin(found.rss))
        if found.converged[best] or found.rss[best] > 1e-6 * self._total:
            return found
        # Data on a curve may lie on a ridge of them, and only its far end tells.
        ridge = self.at(self._steeper(found.theta[self.bent, best]))
        lowest = np.argsort(ridge.rss)[:3]
        begin = np.concatenate([found.theta[:, [best]], self.theta(ridge.pick(lowest))], axis=1)
        return self.problem.minimise(begin, tolerance=1e-13, iterations=200)

    def _steeper(self, point: Array) -> Array:
        """Steeper curves that pass one of the doses where this one does."""
        if "hill" not in self.problem.names or len(self.bent) < 2:
            return point[:, None]
        doses = self.wells.columns[0]
        hill = np.linspace(point[1], self.problem.high[self.bent[1], 0], 30)
        centre = doses - (doses - point[0]) * np.exp(point[1] - hill)
        low, high = self.problem.low[self.bent[0]], self.problem.high[self.bent[0]]
        return np.stack([np.clip(centre, low, high).ravel(), np.tile(hill, len(doses))])

    def inside(self, grid: Array) -> Array:
        """Keep what is free of a grid over all nonlinear parameters, each point once."""
        rows = [k for k, j in enumerate(self._curved) if isinstance(self.posed.place[j], int)]
        if not rows:
            return np.empty((0, 1))
        points = grid[rows]
        if len(rows) < len(grid):
            points = np.unique(points, axis=1)
        return np.clip(points, self.problem.low[self.bent], self.problem.high[self.bent])

    def at(self, points: Array) -> Place:
        """Solve for the linear parameters at each of the points (k, fits)."""
        theta = np.zeros((len(self.problem.names), points.shape[1]))
        theta[self.bent] = points
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            value, partials = self.curve.evaluate(
                self.wells.columns, self.posed.all_parameters(theta)
            )
            rest = self._constant - self.root * value
            # The derivative by a linear parameter is its basis (at ln 1 for positive ones).
            basis = []
            for where in self.straight:
                column = self.root * partials[self._number[where]]
                basis.append(np.broadcast_to(column, rest.shape))
                if self.problem.log[where]:
                    rest = rest + column
            amounts, spread, rss = _solve(basis, rest)
        for amount, where in zip(amounts, self.straight, strict=True):
            if self.problem.log[where]:
                rss = np.where(amount > 0.0, rss, rss + self._total)
        return Place(points, rss + self.wells.within, amounts, spread)

    def allowed(self, place: Place) -> NDArray[np.bool_]:
        """Whether the linear parameters stay in the box."""
        inside = np.ones(place.rss.size, dtype=bool)
        for amount, where in zip(place.amounts, self.straight, strict=True):
            if not self.problem.log[where]:
                low, high = self.problem.low[where, 0], self.problem.high[where, 0]
                inside &= (amount >= low) & (amount <= high)
        return inside

    def theta(self, place: Place) -> Array:
        """All free parameters of a place, on the fitted scale, (p, fits)."""
        theta = np.empty((len(self.problem.names), place.points.shape[1]))
        theta[self.bent] = place.points
        for amount, where in zip(place.amounts, self.straight, strict=True):
            if self.problem.log[where]:
                smallest = 1e-3 * np.max(np.abs(self.problem.y))
                theta[where] = np.log(np.maximum(amount, smallest))
            else:
                theta[where] = amount
        return theta


def _solve(basis: list[Array], rest: Array) -> tuple[Array, Array, Array]:
    """Least squares on at most two columns, many fits at once: amounts, spreads, what is left."""
    if not basis:
        none = np.empty((0, rest.shape[1]))
        return none, none, np.einsum("mb,mb->b", rest, rest)
    size = [np.abs(column).max(axis=0) for column in basis]
    # What is smaller than this is nothing: its amount would leave the range of floats.
    faint = [each < _FAINT for each in size]
    nothing = any(bool(none.any()) for none in faint)
    if nothing:
        size = [np.where(none, 1.0, each) for none, each in zip(faint, size, strict=True)]
        basis = [np.where(none, 0.0, each) for none, each in zip(faint, basis, strict=True)]
    first = basis[0] / size[0]
    length = np.sqrt(np.einsum("mb,mb->b", first, first))
    if nothing:
        length = np.where(faint[0], 1.0, length)
    unit = first / length
    along = np.einsum("mb,mb->b", unit, rest)
    left = rest - unit * along
    if len(basis) == 1:
        spread = np.where(faint[0], np.inf, 1.0 / length / size[0])
        amount = along / length / size[0]
        return amount[None], spread[None], np.einsum("mb,mb->b", left, left)
    second = basis[1] / size[1]
    shared = np.einsum("mb,mb->b", unit, second)
    own = second - unit * shared
    height = np.sqrt(np.einsum("mb,mb->b", own, own))
    apart = height > 1e-11
    separate = bool(apart.all())
    if not separate:
        height = np.where(apart, height, 1.0)
    other = own / height
    across = np.einsum("mb,mb->b", other, left)
    if not separate:
        across = np.where(apart, across, 0.0)
    left = left - other * across
    two = across / height
    one = (along - shared * two) / length
    amounts = np.stack([one / size[0], two / size[1]])
    spreads = np.stack([np.hypot(1.0, shared / height) / length / size[0], 1.0 / height / size[1]])
    if not separate:
        # Two columns of one shape leave both amounts open; one that is nothing only its own.
        spreads[:, ~apart & ~faint[0] & ~faint[1]] = np.inf
    if nothing:
        spreads[0, faint[0]] = np.inf
        spreads[1, faint[1]] = np.inf
    return amounts, spreads, np.einsum("mb,mb->b", left, left)
