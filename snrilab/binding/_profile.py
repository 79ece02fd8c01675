"""Limits of profile intervals: the values that some choice of the other parameters makes tenable.

A value is tenable when the sum of squares with it stays below a ceiling. Curves of this library are
looked at everywhere (`_surface`), so that no valley beside the one of the minimum is missed, and
from the outermost tenable places Newton steps lead to the limits, all limits side by side; a model
of the user's own is followed from the minimum outwards (`_outwards`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab.binding._curves import Posed
from snrilab.binding._minimum import Place
from snrilab.binding._newton import derivatives, gradient, inverse, stencil
from snrilab.binding._outwards import followed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]
    Index = NDArray[np.intp]

__all__ = ["limits"]

_SEEDS = 3  # how many places of the surface compete for each limit
_CLOSE = 1e-4  # a limit is met to this part of its distance
_NEARLY = 2e-3  # a Newton step of this part of the distance leads as close
_CELL = 0.5  # about the distance of neighbouring places of the surface, in logarithms
_STEPS = 24  # most steps to one limit: later ones move none by 1 % of the interval
_STANDSTILL = 1e-8  # a search whose steps are shorter than this goes nowhere
_ASTRAY = 5  # most steps of them in a row above the ceiling and off the floor of a valley
_ROUNDS = 3  # how often a search starts again where another one has seen more


def limits(fit: Fit, ceiling: float) -> tuple[Array, Array, Array | None]:
    """Lower and upper limits of all parameters on the fitted scale; or the way to a better fit.

    Infinite where the data set no limit. When a lower sum of squares than the fit's is met, the
    third value holds the parameters that reach it, and the limits mean nothing.
    """
    if not isinstance(fit.problem.formula, Posed):
        return followed(fit, ceiling)
    better = fit.problem.surface.better(fit.rss)
    if better is not None:
        return fit.theta, fit.theta, better
    with np.errstate(all="ignore"):
        return *_Survey(fit, ceiling).limits(), None


class _Survey:
    """The search for all limits of one fit on its surface.

    Each parameter is sought to both sides. A nonlinear one is a coordinate of the surface: its
    limit is the outermost point below the ceiling. A linear one can go from its best value at a
    point as far as the ceiling lets it: its limit is the point from which it gets furthest.
    """

    def __init__(self, fit: Fit, ceiling: float) -> None:
        problem = fit.problem
        self.ceiling, self.problem, self.surface = ceiling, problem, problem.surface
        self.spare = ceiling - fit.rss
        self.bent, self.straight = self.surface.bent, self.surface.straight
        self.low, self.high = problem.low[self.bent], problem.high[self.bent]
        self.best = fit.theta[self.bent][:, None]
        p = len(problem.names)
        self.where = np.repeat(np.arange(p), 2)
        self.side = np.tile([-1.0, 1.0], p)
        self.is_bent = np.isin(self.where, self.bent)
        order = [self.bent.index(w) if w in self.bent else self.straight.index(w) for w in range(p)]
        self.row = np.array(order)[self.where]
        # Linear parameters in their units, the others on the fitted scale.
        self.exponential = problem.log & ~np.isin(np.arange(p), self.bent)
        self.home = self._plain(fit.theta)[self.where]
        ends = np.stack([self._plain(problem.low[:, 0]), self._plain(problem.high[:, 0])], axis=1)
        ends[self.exponential, 0] = 0.0
        self.edge = ends.ravel()
        self.width, ellipse = self._around(fit)
        ridge = self.surface.same_at_a_dose(self.best[:, 0])
        more = self.surface.at(np.concatenate([ellipse, ridge], axis=1))
        known = _joined(self.surface.cover, more)
        self.known = known.pick(known.rss <= ceiling)

    def _plain(self, theta: Array) -> Array:
        return np.where(self.exponential, np.exp(np.where(self.exponential, theta, 0.0)), theta)

    def limits(self) -> tuple[Array, Array]:
        """Lower and upper limits on the fitted scale."""
        reached = self._reached(self.known)
        furthest = reached.max(axis=1)
        beyond = self.surface.beyond
        onward = self._reached(beyond.pick(beyond.rss <= self.ceiling)).max(axis=1, initial=-np.inf)
        start = self.side * self.home
        ends = np.full(start.size, -np.inf)
        # A plateau that goes on beyond the range of the others has no limit.
        ends[~self.is_bent & (onward - start > 10.0 * (furthest - start))] = np.inf
        ends[np.isposinf(furthest)] = np.inf
        ends[self.is_bent & (furthest >= self.side * self.edge)] = np.inf
        for _ in range(_ROUNDS):
            # Where one search ends, another may see further: a plateau is furthest off where the
            # midpoint is.
            room = np.where(np.isfinite(ends), 10.0 * _CLOSE * np.abs(ends - start), 0.0)
            mine = np.flatnonzero(reached.max(axis=1) > ends + room)
            if not mine.size:
                break
            seeds, order = self._peaks(reached[mine])
            search = mine[order]
            far = reached[search, seeds]
            found, last = self._outermost(self.known.points[:, seeds], search, far)
            np.maximum.at(ends, search, found)
            more = self.surface.at(last)
            self.known = _joined(self.known, more.pick(more.rss <= self.ceiling))
            reached = self._reached(self.known)
        at_edge = self._beyond_the_ends(self.known.points)
        onward = np.maximum(onward, self._reached(at_edge).max(axis=1, initial=-np.inf))
        ends[~self.is_bent & (onward - ends > 0.1 * (ends - start))] = np.inf
        return self._fitted(self.side * ends)

    def _beyond_the_ends(self, points: Array) -> Place:
        place = self.surface.at(self.surface.past(points))
        return place.pick(place.rss <= self.ceiling)

    def _fitted(self, ends: Array) -> tuple[Array, Array]:
        """Put the ends of all searches on the fitted scale; the end of the range is no limit."""
        room = 1e-3 * np.abs(self.edge - self.home)
        unlimited = (self.problem.log | self.problem.horizon)[self.where]
        past = (self.side * (ends - self.edge) >= -room) & unlimited
        ends = np.where(past, self.side * np.inf, ends)
        # Where the range is all that is possible, its end is the limit.
        ends = np.where(
            unlimited, ends, self.side * np.minimum(self.side * ends, self.side * self.edge)
        )
        log = self.exponential[self.where]
        ends = np.where(log, np.log(np.where(log, np.maximum(ends, 0.0), 1.0)), ends)
        return ends[::2], ends[1::2]

    def _around(self, fit: Fit) -> tuple[Array, Array]:
        """How narrow the surface is at the minimum, and points of its ellipse and inside it."""
        k = len(self.bent)
        if not k:
            return np.empty((0, 1)), np.empty((0, 1))
        scale = np.where(self.problem.log, self.problem.natural(fit.theta), 1.0)[self.bent]
        covariance = fit.covariance[np.ix_(self.bent, self.bent)] / np.outer(scale, scale)
        variance = np.where(np.isfinite(np.diag(covariance)), np.diag(covariance), 1.0)
        whole = covariance if np.isfinite(covariance).all() else np.diag(variance)
        size, axes = np.linalg.eigh(whole)
        reach = np.sqrt(max(self.spare, 0.0) * fit.df / fit.rss) if fit.rss > 0.0 else 1.0
        length = np.minimum(np.sqrt(np.maximum(size, 0.0)), 4.0) * reach
        steps = np.stack(np.meshgrid(*([np.linspace(-1.3, 1.3, 9)] * k)), 0).reshape(k, -1)
        points = self.best + axes @ (length[:, None] * steps)
        narrow = 1.0 / np.sqrt(np.sum((axes / np.maximum(length, 1e-9)) ** 2, axis=1))
        points = np.concatenate([self.best, np.clip(points, self.low, self.high)], axis=1)
        return np.clip(narrow, 1e-6, _CELL)[:, None], points

    def _reached(self, place: Place) -> Array:
        """How far out each search is at each place, (searches, places)."""
        reach = place.reach(self.ceiling)
        return np.stack(
            [
                side * place.points[row] if bent else side * place.amounts[row] + reach[row]
                for row, side, bent in zip(self.row, self.side, self.is_bent, strict=True)
            ]
        )

    def _peaks(self, height: Array) -> tuple[Index, Index]:
        """Known points to start from, and for which row of heights.

        The highest point, then the highest well away from the ones picked.
        """
        points, left = self.known.points, height.copy()
        picked, rows = [], np.arange(len(height))
        for _ in range(_SEEDS):
            top = np.argmax(left, axis=1)
            picked.append(np.where(np.isneginf(left[rows, top]), -1, top))
            away = np.abs(points[:, None, :] - points[:, top][:, :, None])
            left[(away < 1.5 * _CELL).all(axis=0)] = -np.inf
        seeds, order = np.concatenate(picked), np.tile(rows, _SEEDS)
        return seeds[seeds >= 0], order[seeds >= 0]

    def start_width(self, points: Array) -> Array:
        """Over what distance derivatives are taken at first."""
        width = 3e-3 * np.maximum(self.width, np.minimum(0.3 * np.abs(points - self.best), _CELL))
        if "hill" in self.problem.names and len(self.bent) > 1:
            width[0] /= np.maximum(np.exp(points[1]), 1.0)  # a steep curve has narrow valleys
        return np.asarray(width)

    def _outermost(self, points: Array, search: Index, far: Array) -> tuple[Array, Array]:
        """Follow each valley outwards to where it leaves the ceiling: how far, and where that is.

        One Newton step goes to the floor of the valley and along it to the ceiling; far off the
        floor, only to the floor. The way of a linear parameter is measured by its logarithm.
        """
        reached = np.full(self.side.size, 0.0)
        np.maximum.at(reached, search, far - self.side[search] * self.home[search])
        way = _Way(
            self, points, search, far, np.where(self.is_bent, -np.inf, 0.01 * reached)[search]
        )
        for _ in range(_STEPS):
            i = np.flatnonzero(way.running)
            if not i.size:
                break
            way.go(i)
        return way.ends(), way.inner

    def sum_of_squares(self, at: Array, z: Array, width: Array, search: Index) -> _Model:
        """Second-order model of the sum of squares in each search's z and the rest, others best."""
        k, count = at.shape
        bent, row, side = self.is_bent[search], self.row[search], self.side[search]
        every = np.arange(count)
        points = stencil(at, width)
        place = self.surface.at(points.reshape(k, -1))
        rss = place.rss.reshape(-1, count)
        value_z, bend_z, cross = np.zeros(count), np.zeros(count), np.zeros((k, count))
        j = np.flatnonzero(~bent)
        if j.size:
            amount = place.amounts.reshape(len(self.straight), -1, count)[row[j], :, j].T
            spread = place.spread.reshape(len(self.straight), -1, count)[row[j], :, j].T
            out = np.exp(z[j])  # how far from home the parameter is held
            away = (side[j] * (self.home[search[j]] - amount) + out) / spread
            rss[:, j] += away**2
            pull = 2.0 * away * out / spread
            value_z[j], cross[:, j] = pull[0], gradient(pull, width[:, j])
            bend_z[j] = pull[0] + 2.0 * (out / spread[0]) ** 2
        value, slope, bend = derivatives(rss, width)
        held = np.zeros((k, count), dtype=bool)
        held[row[bent], every[bent]] = True
        i = np.flatnonzero(bent)
        value_z[i] = side[i] * slope[row[i], i]
        bend_z[i] = bend[row[i], row[i], i]
        cross[:, i] = side[i] * bend[:, row[i], i]
        stuck = ((at <= self.low) & (slope > 0.0)) | ((at >= self.high) & (slope < 0.0))
        solver = inverse(bend, held | stuck)
        centre = -np.einsum("bij,jb->ib", solver, slope)
        along = -np.einsum("bij,jb->ib", solver, cross)
        fall = -0.5 * (slope * centre).sum(axis=0)
        rise = value_z + (cross * centre).sum(axis=0)
        curve = bend_z + (cross * along).sum(axis=0)
        along[row[i], i] = side[i]
        curved = np.abs(np.einsum("iib->ib", bend))
        fresh = 3e-3 * np.sqrt(2.0 * self.spare / np.maximum(curved, 1e-300))
        return _Model(
            value,
            fall,
            value - fall - self.ceiling,
            rise,
            curve,
            centre,
            along,
            np.minimum(np.maximum(fresh, 1e-8), 1e-2),
        )


class _Model(NamedTuple):
    """What one look around tells each search."""

    value: Array
    fall: Array  # from here to the floor of the valley
    above: Array  # by how much the floor is above the ceiling
    rise: Array  # slope of the floor outwards
    curve: Array  # and its curvature
    centre: Array  # step to the floor
    along: Array  # step along it, per step in z
    width: Array  # over what distance to take derivatives next


class _Way:
    """Searches on their way outwards: where each is, and the bracket of its limit."""

    def __init__(
        self, survey: _Survey, points: Array, search: Index, far: Array, nearest: Array
    ) -> None:
        self.survey, self.search = survey, search
        self.at, self.before, self.inner = points.copy(), points.copy(), points.copy()
        self.width = survey.start_width(points)
        self.bent = survey.is_bent[search]
        self.start = survey.side[search] * survey.home[search]
        self.z = self._coordinate(np.maximum(far, self.start + nearest))
        self.edge = self._coordinate(survey.side[search] * survey.edge[search])
        self.inside, self.outside = self.z.copy(), np.full(search.size, np.inf)
        self.trust = np.full(search.size, _CELL)
        self.astray = np.where(far < self.start + nearest, -_STEPS, 0)
        self.promised, self.found = np.full((2, search.size), np.nan)
        self.step, self.step_z, self.before_z = (
            np.zeros_like(points),
            np.zeros(search.size),
            self.z.copy(),
        )
        self.running = self.inside < self.edge
        self.found[~self.running] = self.edge[~self.running]

    def _coordinate(self, far: Array) -> Array:
        return np.where(self.bent, far, np.log(np.maximum(far - self.start, 1e-300)))

    def ends(self) -> Array:
        """How far out the limits are."""
        found = np.where(np.isnan(self.found), self.inside, self.found)
        return np.where(self.bent, found, self.start + np.exp(found))

    def go(self, i: Index) -> None:
        """Look around, learn from the last step, take the next one."""
        survey, spare, z, place = self.survey, self.survey.spare, self.z[i], self.at[:, i]
        m = survey.sum_of_squares(place, z, self.width[:, i], self.search[i])
        # Did the last step lead to where it promised?
        error = np.abs(m.above - self.promised[i]) / np.maximum(spare, np.abs(self.promised[i]))
        wrong = (error > 1.0) | ~np.isfinite(m.above)
        last = np.maximum(np.abs(self.step[:, i]).max(axis=0, initial=0.0), np.abs(self.step_z[i]))
        self.trust[i] = np.where(wrong, 0.3 * last, np.where(error < 0.3, 3.0, 1.0) * self.trust[i])
        trust = self.trust[i]
        tenable = m.value <= survey.ceiling * (1.0 + 1e-12)
        on_floor = (m.fall <= 0.1 * spare) & ~wrong
        further = tenable & (z >= self.inside[i])
        inside = np.where(further, z, self.inside[i])
        self.inner[:, i] = np.where(further, place, self.inner[:, i])
        over = on_floor & (m.above > 0.0)
        outside = np.where(over, np.minimum(self.outside[i], z), self.outside[i])
        self.inside[i], self.outside[i] = inside, outside
        root = np.sqrt(m.rise**2 - 2.0 * m.curve * m.above)  # NaN: the model meets no ceiling
        t = -2.0 * m.above / (m.rise + root)
        t = np.where(m.rise + root > 0.0, t, np.where(m.above <= 0.0, np.inf, -np.inf))
        most = trust / np.maximum(np.abs(m.along).max(axis=0, initial=0.0), 1.0)
        far = np.where(self.bent[i], np.abs(z - self.start[i]), 1.0)
        met = (m.fall <= 0.02 * spare) & ~wrong & (np.abs(t) <= np.minimum(most, _NEARLY * far))
        t = np.minimum(np.maximum(t, -most), most)
        # Not out of the bracket.
        back = np.where(z < outside, 0.5 * (outside - z), 0.5 * (inside - z))
        t = np.where(z + t >= outside, back, t)
        t = np.where(z + t <= inside, 0.5 * (inside - z), t)
        t = np.minimum(t, self.edge[i] - z)
        at_edge = (z >= self.edge[i]) & (tenable | (on_floor & (m.above <= 0.0)))
        closed = outside - inside <= _CLOSE * far
        found = np.where(met, z + t, np.where(closed, inside, self.found[i]))
        self.found[i] = np.where(at_edge, self.edge[i], found)
        self.running[i] = ~(met | at_edge | closed | (trust < _STANDSTILL))
        t = np.where(on_floor | tenable, t, 0.0)
        shrink = trust / np.maximum(np.abs(m.centre).max(axis=0, initial=0.0), 1e-300)
        move = m.centre * np.minimum(1.0, shrink) + m.along * t
        self.before[:, i] = np.where(wrong, self.before[:, i], place)
        self.before_z[i] = np.where(wrong, self.before_z[i], z)
        self.step[:, i] = np.where(wrong, 0.3 * self.step[:, i], move)
        self.step_z[i] = np.where(wrong, 0.3 * self.step_z[i], t)
        promise = m.above + m.rise * t + 0.5 * m.curve * t**2
        self.promised[i] = np.where(wrong, self.promised[i], promise)
        there = self.before[:, i] + self.step[:, i]
        self.at[:, i] = np.minimum(np.maximum(there, survey.low), survey.high)
        self.z[i] = self.before_z[i] + self.step_z[i]
        self.width[:, i] = np.where(wrong, self.width[:, i], m.width)
        self.astray[i] = np.where(on_floor | tenable, 0, self.astray[i] + 1)
        lost = i[self.astray[i] > _ASTRAY]
        if lost.size:
            self._turn_back(lost)

    def _turn_back(self, i: Index) -> None:
        """Begin again at the last tenable place, with shorter steps: the floor was not found."""
        off = np.abs(self.at[:, i] - self.inner[:, i]).max(axis=0, initial=0.0)
        self.trust[i] = 0.3 * np.minimum(np.maximum(off, self.z[i] - self.inside[i]), _CELL)
        self.at[:, i] = self.before[:, i] = self.inner[:, i]
        self.z[i] = self.before_z[i] = self.inside[i]
        self.step[:, i], self.step_z[i], self.promised[i] = 0.0, 0.0, np.nan
        self.width[:, i] = self.survey.start_width(self.inner)[:, i]
        self.astray[i] = 0


def _joined(one: Place, other: Place) -> Place:
    return Place(
        np.concatenate([one.points, other.points], axis=1),
        np.concatenate([one.rss, other.rss]),
        np.concatenate([one.amounts, other.amounts], axis=1),
        np.concatenate([one.spread, other.spread], axis=1),
    )
