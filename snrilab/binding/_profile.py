"""Limits of profile intervals: the values that some choice of the other parameters makes tenable.

A value is tenable when the sum of squares with it stays below a ceiling. Curves of this library are
looked at everywhere (`_surface`), so that no valley beside the one of the minimum is missed, and
then followed to the limit; a model of the user's own is followed from the minimum outwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.binding._problem import Posed
from snrilab.binding._surface import Place, Surface

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]
    Height = Callable[[Array, NDArray[np.intp]], Array]

__all__ = ["limits"]

_SEEDS = 2  # how many places of the surface compete for each limit
_UNSURE = 1.0  # a logarithm with a larger standard error is no ordinary one
_CLOSE = 1e-4  # a limit that has to be searched for is met to this part of its distance
_STEPS = 25  # most Newton steps of one minimisation
_CELL = 0.5  # about the distance of neighbouring places of the surface, in logarithms
_FURTHER = np.log(1e3)  # how far beyond the end of the search a plateau is tried again
_SEARCH = 60  # most steps of the search for one limit of a user's model


def limits(fit: Fit, ceiling: float) -> tuple[Array, Array, Array | None]:
    """Lower and upper limits of all parameters on the fitted scale; or the way to a better fit.

    Infinite where the data set no limit. When a lower sum of squares than the fit's is met, the
    third value holds the parameters that reach it, and the limits mean nothing.
    """
    if isinstance(fit.problem.formula, Posed):
        with np.errstate(all="ignore"):
            return _Survey(fit, ceiling).limits()
    return _followed(fit, np.sqrt(max(ceiling / fit.rss - 1.0, 0.0) * fit.df))


# --- curves of this library: the whole surface ----------------------------------------------------


class _Survey:
    """The search for all limits of one fit on its surface.

    Each parameter is sought to both sides. A nonlinear one is a coordinate of the surface; holding
    a linear one at a value adds to the surface the square of its way from there to its best value.
    Either way the rest is a valley that is followed outwards.
    """

    def __init__(self, fit: Fit, ceiling: float) -> None:
        problem = fit.problem
        self.fit, self.ceiling, self.problem = fit, ceiling, problem
        self.surface = Surface(problem)
        self.bent, self.straight = self.surface.bent, self.surface.straight
        self.low, self.high = problem.low[self.bent], problem.high[self.bent]
        self.best = fit.theta[self.bent][:, None]
        self.everywhere = self.surface.inside(
            self.surface.curve.everywhere(self.surface.wells.columns)
        )
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
        self.far_out = np.empty((len(self.bent), 0))

    def _plain(self, theta: Array) -> Array:
        return np.where(self.exponential, np.exp(np.where(self.exponential, theta, 0.0)), theta)

    def limits(self) -> tuple[Array, Array, Array | None]:
        """Lower and upper limits on the fitted scale, or the parameters of a better fit."""
        here = self.surface.at(
            np.concatenate([self.best, self._around_the_minimum(), self.everywhere], axis=1)
        )
        better = self._better(here)
        if better is not None:
            return self.fit.theta, self.fit.theta, better
        tenable = here.pick(here.rss <= self.ceiling)
        settled = self._ordinary(tenable)
        ends, far_out = settled.copy(), np.empty((len(self.bent), 0))
        if not np.isnan(ends).any():
            return self._fitted(ends)
        # The nonlinear ones first: a plateau is furthest off where the midpoint is.
        for kind in (self.is_bent, ~self.is_bent):
            mine = np.flatnonzero(kind & np.isnan(ends))
            if not mine.size:
                continue
            known = _joined(tenable, self.surface.at(far_out))
            known = known.pick(known.rss <= self.ceiling)
            far = self._reached(known)
            seeds = [self._peaks(known.points, far[n]) for n in mine]
            search = np.repeat(mine, [len(each) for each in seeds])
            chosen = np.concatenate(seeds)
            start, value = known.points[:, chosen], self.side[search] * far[search, chosen]
            found, far_out = self._crossing(start, value, search)
            for n in mine:
                ends[n] = self.side[n] * (self.side[n] * found[search == n]).max()
            if kind is self.is_bent:
                self.far_out = far_out
        ends = np.where(np.isnan(settled) & self._moves_on(ends), self.side * np.inf, ends)
        return self._fitted(ends)

    def _fitted(self, ends: Array) -> tuple[Array, Array, Array | None]:
        """Put the ends of all searches on the fitted scale; the end of the range is no limit."""
        room = 1e-3 * np.abs(self.edge - self.home)
        past = (self.side * (ends - self.edge) >= -room) & self._unlimited()
        ends = np.where(past, self.side * np.inf, ends)
        log = self.exponential[self.where]
        ends = np.where(log, np.log(np.where(log, np.maximum(ends, 0.0), 1.0)), ends)
        return ends[::2], ends[1::2], None

    def _ordinary(self, tenable: Place) -> Array:
        """Limits where nothing is strange; NaN where the surface has to be followed.

        Nothing is strange when the way from the minimum ends about where its curvature said, and
        no tenable point of the whole surface lies further out.
        """
        nothing = np.full(self.side.size, np.nan)
        scale = np.where(self.problem.log, self.problem.natural(self.fit.theta), 1.0)
        error = np.sqrt(np.diag(self.fit.covariance)) / scale
        if not (np.isfinite(error) & (error > 0.0)).all() or self.fit.rss <= 0.0:
            return nothing
        if (error[self.problem.log] > _UNSURE).any():
            return nothing
        target = np.sqrt((self.ceiling / self.fit.rss - 1.0) * self.fit.df)
        low, high, better = _followed(self.fit, target, steps=12)
        if better is not None:
            return nothing
        ends = np.stack([self._plain(low), self._plain(high)], axis=1).ravel()
        way = np.stack([self.fit.theta - low, high - self.fit.theta], axis=1).ravel()
        usual = (way > 0.5 * target * error[self.where]) & (way < 2.0 * target * error[self.where])
        out = self._reached(tenable).max(axis=1)
        usual &= out <= self.side * ends + 1e-6 * np.abs(ends - self.home)
        return np.where(usual, ends, np.nan)

    def _unlimited(self) -> NDArray[np.bool_]:
        """For which searches the end of the range is not the end of what is possible."""
        return (self.problem.log | self.problem.horizon)[self.where]

    def _better(self, here: Place) -> Array | None:
        rss = np.where(self.surface.allowed(here), here.rss, np.inf)
        lowest = int(np.argmin(rss))
        least = self.fit.rss * (1.0 - 1e-9) - 1e-24 * float(np.sum(self.surface.wells.mean**2))
        if rss[lowest] >= least:
            return None
        found = self.problem.minimise(self.surface.theta(here.pick(np.array([lowest]))))
        return found.theta[:, 0] if found.rss[0] < least else None

    def _around_the_minimum(self) -> Array:
        """Points of the ellipse that the curvature at the minimum suggests, and inside it."""
        k = len(self.bent)
        scale = np.where(self.problem.log, self.problem.natural(self.fit.theta), 1.0)[self.bent]
        covariance = self.fit.covariance[np.ix_(self.bent, self.bent)] / np.outer(scale, scale)
        if not k:
            return np.empty((0, 0))
        variance = np.where(np.isfinite(np.diag(covariance)), np.diag(covariance), 1.0)
        whole = covariance if np.isfinite(covariance).all() else np.diag(variance)
        size, axes = np.linalg.eigh(whole)
        width = np.minimum(np.sqrt(np.maximum(size, 0.0)), 4.0)
        if self.fit.rss > 0.0:
            width = width * np.sqrt(max(self.ceiling / self.fit.rss - 1.0, 0.0) * self.fit.df)
        steps = np.stack(np.meshgrid(*([np.linspace(-1.3, 1.3, 9)] * k)), 0).reshape(k, -1)
        points = self.best + axes @ (width[:, None] * steps)
        return np.asarray(np.clip(points, self.low, self.high))

    def _reached(self, place: Place) -> Array:
        """How far out each search is at each place, (searches, places)."""
        reach = place.reach(self.ceiling)
        return np.stack(
            [
                side * place.points[row] if bent else side * place.amounts[row] + reach[row]
                for row, side, bent in zip(self.row, self.side, self.is_bent, strict=True)
            ]
        )

    def _peaks(self, points: Array, height: Array) -> NDArray[np.intp]:
        """Pick the highest point, then the highest of those well away from the ones picked."""
        picked: list[int] = []
        left = height.copy()
        for _ in range(_SEEDS):
            top = int(np.argmax(left))
            if np.isneginf(left[top]):
                break
            picked.append(top)
            close = (np.abs(points - points[:, [top]]) < 2.0 * _CELL).all(axis=0)
            left[close] = -np.inf
        return np.array(picked, dtype=np.intp)

    def _moves_on(self, ends: Array) -> NDArray[np.bool_]:
        """Whether a plateau goes on beyond the range of the others: then its limit is none."""
        further = [np.empty((len(self.bent), 0))]
        known = np.concatenate([self.everywhere, self.far_out], axis=1)
        for row, where in enumerate(self.bent):
            if self.problem.log[where]:
                step = _FURTHER if self.problem.horizon[where] else np.log(10.0)
                for end, side in ((self.low[row, 0], -1.0), (self.high[row, 0], 1.0)):
                    edge = known[:, known[row] == end].copy()
                    edge[row] += side * step
                    further.append(edge)
        beyond = self.surface.at(np.concatenate(further, axis=1))
        tenable = beyond.pick(beyond.rss <= self.ceiling)
        moved = self._reached(tenable).max(axis=1, initial=-np.inf)
        here, home = self.side * ends, self.side * self.home
        return np.asarray(~self.is_bent & (moved > here + 0.1 * (here - home)))

    def _crossing(
        self, start: Array, value: Array, search: NDArray[np.intp]
    ) -> tuple[Array, Array]:
        """Follow each valley outwards from a tenable point to where it leaves the ceiling.

        The root of the rise is nearly straight: regula falsi (Illinois) inside a bracket. The end
        of the range comes back where the valley is tenable as far as that; and with the ends,
        where on the surface they are.
        """
        side, edge, home = self.side[search], self.edge[search], self.home[search]
        wall = np.sqrt(self.ceiling - self.fit.rss)
        point, inside, outside = start.copy(), value.copy(), edge.copy()
        below, above = np.full(search.size, -0.1 * wall), np.full(search.size, np.nan)
        step = 0.3 * np.maximum(np.abs(inside - home), 1e-6 * np.maximum(np.abs(home), 1e-3))
        running = side * inside < side * edge
        kept = np.zeros(search.size, dtype=int)
        for _ in range(40):
            i = np.flatnonzero(running)
            if not i.size:
                break
            gap, bracketed = outside[i] - inside[i], ~np.isnan(above[i])
            part = np.where(bracketed, below[i] / (below[i] - above[i]), 0.0)
            out = inside[i] + side[i] * np.minimum(step[i], np.abs(gap))
            at = np.where(bracketed, inside[i] + np.clip(part, 0.01, 0.99) * gap, out)
            starts = self._starts(point[:, i], inside[i], at, search[i])
            lowest, rss = self._valley(starts, at, search[i])
            rise = np.sqrt(np.maximum(rss - self.fit.rss, 0.0)) - wall
            near = rise <= 0.0
            n, f = i[near], i[~near]
            above[n[kept[n] > 0]] *= 0.5  # the same end twice: pull the other one in
            below[f[kept[f] < 0]] *= 0.5
            kept[n], kept[f] = 1, -1
            inside[n], below[n], point[:, n] = at[near], rise[near], lowest[:, near]
            step[n] *= 3.0
            outside[f], above[f] = at[~near], rise[~near]
            width = np.abs(outside[i] - inside[i])
            met = np.abs(rise) <= _CLOSE * wall
            inside[i[met]] = at[met]
            small = np.maximum(np.abs(inside[i] - home[i]), 1e-9 * np.abs(home[i]))
            running[i] = ~(met | (width <= _CLOSE * small))
        return inside, point

    def _starts(self, point: Array, inside: Array, at: Array, search: NDArray[np.intp]) -> Array:
        """Guesses of where the valley goes: on along the line from the minimum, more or less."""
        home = self.home[search]
        ratio = np.nan_to_num((at - home) / (inside - home), nan=1.0, posinf=1.0, neginf=1.0)
        part = np.array([0.0, 0.3, 0.6, 1.0])[:, None, None]
        ahead = point + (point - self.best) * part * np.clip(ratio - 1.0, -1.0, 1.0)
        return np.asarray(np.clip(ahead, self.low, self.high))

    def _valley(self, starts: Array, at: Array, search: NDArray[np.intp]) -> tuple[Array, Array]:
        """Lowest points near the best of `starts`, the parameter of each search held at a value."""
        bent, row = self.is_bent[search], self.row[search]
        held = np.zeros(starts.shape[1:], dtype=bool)
        held[row[bent], np.flatnonzero(bent)] = True
        starts = np.where(held, at, starts)

        def depth(points: Array, column: NDArray[np.intp]) -> Array:
            place = self.surface.at(points)
            rss = place.rss
            straight = np.flatnonzero(~bent[column])
            if straight.size:
                mine = column[straight]
                away = at[mine] - place.amounts[row[mine], straight]
                spread = place.spread[row[mine], straight]
                rss[straight] += np.where(np.isinf(spread), 0.0, (away / spread) ** 2)
            return -rss

        tries, k, count = starts.shape
        every = np.arange(count)
        flat = starts.transpose(1, 0, 2).reshape(k, -1)
        best = depth(flat, np.tile(every, tries)).reshape(tries, count).argmax(axis=0)
        lowest, height = self._summit(depth, starts[best, :, every].T, held)
        return lowest, -height

    def _summit(self, height: Height, start: Array, held: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Newton steps to the highest point near each column of `start`, never down.

        Derivatives come from the points around; all columns take their steps together.
        """
        at, width = start.copy(), 1e-3 * self._scale(start)
        trust = np.full(start.shape, _CELL)
        value, slope, bend = self._local(height, at, width)
        spare = self.ceiling - self.fit.rss
        for _ in range(_STEPS):
            stuck = held | ((at <= self.low) & (slope < 0.0)) | ((at >= self.high) & (slope > 0.0))
            step = np.clip(_uphill(np.where(stuck, 0.0, slope), bend, stuck), -trust, trust)
            gain = 0.5 * np.einsum("kb,kb->b", step, np.where(stuck, 0.0, slope))
            # Near the ceiling it takes the lowest point to say on which side of it the valley is.
            enough = np.maximum(0.03 * np.abs(value + self.ceiling), 0.1 * _CLOSE * spare)
            going = (gain > enough) & (trust.max(axis=0, initial=0.0) > 1e-7 * _CELL)
            if not going.any():
                break
            trial = np.where(going, np.clip(at + step, self.low, self.high), at)
            new_value, new_slope, new_bend = self._local(height, trial, width)
            better = new_value > value
            trust = np.where(better, np.minimum(2.0 * trust, _CELL), 0.3 * np.abs(step))
            at = np.where(better, trial, at)
            value, slope = np.where(better, new_value, value), np.where(better, new_slope, slope)
            bend = np.where(better, new_bend, bend)
        return at, value

    def _scale(self, start: Array) -> Array:
        """Over what distance the surface changes around each point."""
        way = 0.5 * np.abs(start - self.best).max(axis=0, keepdims=True, initial=0.0)
        scale = np.clip(way, 1e-6, _CELL) * np.ones(start.shape)
        if "hill" in self.problem.names and len(self.bent) > 1:
            scale[0] /= np.maximum(np.exp(start[1]), 1.0)  # a steep curve has narrow valleys
        return np.asarray(scale)

    def _local(self, height: Height, at: Array, width: Array) -> tuple[Array, Array, Array]:
        """Height, its gradient and its second derivatives, from the points around."""
        k, count = at.shape
        pairs = [(i, j) for i in range(k) for j in range(i)]
        unit = np.eye(k)
        moves = [np.zeros(k), *unit, *-unit]
        for i, j in pairs:
            moves += [unit[i] + unit[j], -unit[i] - unit[j]]
        points = at[:, None, :] + np.stack(moves, axis=1)[:, :, None] * width[:, None, :]
        column = np.tile(np.arange(count), len(moves))
        found = height(points.reshape(k, -1), column).reshape(len(moves), count)
        centre, up, down = found[0], found[1 : 1 + k], found[1 + k : 1 + 2 * k]
        bend = np.zeros((k, k, count))
        own = up - 2.0 * centre + down
        for i in range(k):
            bend[i, i] = own[i] / width[i] ** 2
        for n, (i, j) in enumerate(pairs):
            both = found[1 + 2 * k + 2 * n] - 2.0 * centre + found[2 + 2 * k + 2 * n]
            bend[i, j] = bend[j, i] = 0.5 * (both - own[i] - own[j]) / (width[i] * width[j])
        return centre, (up - down) / (2.0 * width), bend


def _joined(one: Place, other: Place) -> Place:
    return Place(
        np.concatenate([one.points, other.points], axis=1),
        np.concatenate([one.rss, other.rss]),
        np.concatenate([one.amounts, other.amounts], axis=1),
        np.concatenate([one.spread, other.spread], axis=1),
    )


def _uphill(slope: Array, bend: Array, stuck: NDArray[np.bool_]) -> Array:
    """Newton steps towards a maximum, whatever the sign of the curvature."""
    k = len(slope)
    if k == 1:
        size = np.abs(bend[0])
        return np.where(stuck, 0.0, slope / np.where(size > 0.0, size, 1.0))
    if k == 2:
        # |H|^-1 of a symmetric 2 x 2 matrix, from its two eigenvalues.
        off = stuck.any(axis=0)
        a, b, c = (
            np.where(stuck[0], 1.0, bend[0, 0]),
            np.where(off, 0.0, bend[0, 1]),
            np.where(stuck[1], 1.0, bend[1, 1]),
        )
        middle, half = 0.5 * (a + c), np.hypot(0.5 * (a - c), b)
        one, two = middle + half, middle - half
        least = 1e-9 * np.maximum(np.abs(one), np.abs(two)) + 1e-300
        by_one, by_two = 1.0 / np.maximum(np.abs(one), least), 1.0 / np.maximum(np.abs(two), least)
        part = (by_one - by_two) / np.where(half > 0.0, 2.0 * half, 1.0)
        first, second = by_two + part * (a - two), by_two + part * (c - two)
        step = np.stack(
            [first * slope[0] + part * b * slope[1], part * b * slope[0] + second * slope[1]]
        )
        return np.where(stuck, 0.0, step)
    matrix = bend.transpose(2, 0, 1).copy()
    off = stuck.T
    matrix[off[:, :, None] | off[:, None, :]] = 0.0
    matrix[:, np.arange(k), np.arange(k)] += off
    size, axes = np.linalg.eigh(np.nan_to_num(matrix))
    size = np.maximum(np.abs(size), 1e-9 * np.abs(size).max(axis=1, keepdims=True) + 1e-300)
    along = np.einsum("bik,ib->bk", axes, slope) / size
    return np.where(stuck, 0.0, np.einsum("bik,bk->ib", axes, along))


# --- models of the user's own: from the minimum outwards ------------------------------------------


def _followed(fit: Fit, target: float, steps: int = _SEARCH) -> tuple[Array, Array, Array | None]:
    """Limits where the signed root of the rise in the sum of squares reaches `target`.

    All 2p searches run side by side. Each is a secant on the signed root of the rise in the sum of
    squares, which is nearly straight, kept inside a bracket as soon as there is one.
    """
    problem, best = fit.problem, fit.theta
    searches = _Searches(fit, target)
    patience = 200 if steps == _SEARCH else 20
    while searches.running.any() and searches.count < steps:
        i = np.flatnonzero(searches.running)
        start, held = searches.starts(i)
        found = problem.minimise(start, held=held, tolerance=1e-15, iterations=patience)
        gain = fit.rss - found.rss
        if np.any(gain > 1e-9 * fit.rss):
            return best, best, found.theta[:, int(np.argmax(gain))]
        root = np.sqrt(np.maximum(-gain, 0.0) / (fit.rss / fit.df))
        searches.learn(i, found.theta, root)
    ends = searches.ends()
    return ends[: best.size], ends[best.size :], None


class _Searches:
    """The 2p searches for profile limits: where each has been and where it looks next."""

    def __init__(self, fit: Fit, target: float) -> None:
        problem, best = fit.problem, fit.theta
        p = best.size
        self.best, self.target, self.problem, self.count = best, target, problem, 0
        self.parameter, self.side = np.tile(np.arange(p), 2), np.repeat([-1.0, 1.0], p)
        edge = np.where(
            self.side > 0.0, problem.high[self.parameter, 0], problem.low[self.parameter, 0]
        )
        error, self.direction = _curvature_at_best(fit)
        self.direction = self.direction[:, self.parameter] * self.side
        step = error[self.parameter] * target
        room = np.abs(edge - best[self.parameter])
        self.far = np.where(np.isfinite(edge), room, 1e3 * step)
        self.distance = np.minimum(step, self.far)
        # Distances of the innermost point outside and the outermost inside; then distance and
        # root of the last two points tried.
        self.outside = np.full(2 * p, np.inf)
        self.inside = np.zeros(2 * p)
        self.last, self.before = np.zeros((2, 2 * p)), np.zeros((2, 2 * p))
        self.state = np.repeat(best[:, None], 2 * p, axis=1)
        self.limit = np.full(2 * p, np.inf)
        self.running = self.far > 0.0

    def starts(self, i: NDArray[np.intp]) -> tuple[Array, NDArray[np.bool_]]:
        """Where the constrained fits of searches `i` begin, and what they hold."""
        start = self.state[:, i] + self.direction[:, i] * (self.distance[i] - self.inside[i])
        start = np.clip(start, self.problem.low, self.problem.high)
        column = np.arange(i.size)
        start[self.parameter[i], column] = (
            self.best[self.parameter[i]] + self.side[i] * self.distance[i]
        )
        held = np.zeros(start.shape, dtype=bool)
        held[self.parameter[i], column] = True
        return start, held

    def learn(self, i: NDArray[np.intp], theta: Array, root: Array) -> None:
        """Take in the constrained minima, end what is found, choose the next distances."""
        self.count += 1
        distance = self.distance[i]
        near = root <= self.target
        n = i[near]
        self.direction[:, n] = (theta[:, near] - self.state[:, n]) / (
            distance[near] - self.inside[n]
        )
        self.state[:, n], self.inside[n] = theta[:, near], distance[near]
        self.outside[i[~near]] = distance[~near]
        self.before[:, i] = self.last[:, i]
        self.last[:, i] = distance, root
        close = np.abs(root - self.target) <= 1e-9 * self.target
        size = np.maximum(distance, np.abs(self.best[self.parameter[i]]))
        close |= self.outside[i] - self.inside[i] <= 1e-13 * size
        nowhere = near & ~close & (distance >= self.far[i])
        self.limit[i[close]] = distance[close]
        self.running[i[close | nowhere]] = False
        self.distance[i] = self._next(i)

    def ends(self) -> Array:
        """Limits on the fitted scale, infinite where the data set none."""
        return np.asarray(self.best[self.parameter] + self.side * self.limit)

    def _next(self, i: NDArray[np.intp]) -> Array:
        (last, root), (before, earlier) = self.last[:, i], self.before[:, i]
        inside, outside = self.inside[i], self.outside[i]
        with np.errstate(divide="ignore", invalid="ignore"):
            secant = last + (self.target - root) * (last - before) / (root - earlier)
        bracketed = np.isfinite(outside)
        upper = np.where(bracketed, outside, np.minimum(4.0 * last, self.far[i]))
        middle = np.where(bracketed, 0.5 * (inside + outside), upper)
        return np.where((secant > inside) & (secant < upper), secant, middle)


def _curvature_at_best(fit: Fit) -> tuple[Array, Array]:
    """Give standard errors on the fitted scale, and how the others follow each parameter."""
    problem = fit.problem
    scale = np.where(problem.log, problem.natural(fit.theta), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = fit.covariance / np.outer(scale, scale)
        error = np.sqrt(np.diag(covariance))
        follow = covariance / np.diag(covariance)
    usual = np.where(problem.log, 0.5, 0.1 * max(float(np.ptp(fit.y)), 1e-12))
    sound = np.isfinite(error) & (error > 0.0)
    error = np.where(sound, np.where(problem.log, np.minimum(error, 2.0), error), usual)
    follow = np.where(np.isfinite(follow), follow, 0.0)
    np.fill_diagonal(follow, 1.0)
    return error, follow
