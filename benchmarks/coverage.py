"""Whether 95 % profile intervals hold the truth, and whether brute force finds the same.

A study and an oracle: `brute_force` scans the Hill slope, inside it the IC50, with the plateaus by
linear regression at each point, and shares no code with the library.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, stdtrit

from snrilab import binding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Array = Any

CONC = np.array([0, 1, 3, 10, 30, 100.0])
RELATIVE = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # IC50 over the top dose
HILLS = (0.7, 1.0, 2.0, 6.0)
SDS = (2.0, 4.0, 8.0)
NAMES = ("top", "bottom", "ic50_nM", "hill")
_BEYOND = np.log(1e6)
_HILLS = float(np.log(1e-3)), float(np.log(100))
_GOLD = 0.5 * (np.sqrt(5) - 1)


def run() -> None:
    """Print the tables."""
    coverage()
    against_brute_force()


def coverage() -> None:
    """Print which part of the limits holds the truth, over the grid of designs."""
    print(
        "\nCoverage of 95 % profile intervals: each limit is a one-sided 97.5 % statement (bar "
        "0.965 to 0.985\nup to binomial error); an infinite limit states nothing and counts as "
        "right. In brackets the part of\nlimits that are finite. Rows pool Hill slopes 0.7 to 6, "
        "SD 2 to 8, 2 and 3 replicates of 6 doses."
    )
    heads = [f"{name[:4]}{side}" for name in NAMES for side in "<>"]
    print(f"{'IC50/top dose':>14}" + "".join(f"{head:>14}" for head in heads))
    for relative in RELATIVE:
        held, finite = np.zeros(8), np.zeros(8)
        for replicates in (2, 3):
            found = study((relative,), HILLS, SDS, plates=50, replicates=replicates)
            held, finite = held + found.held / 2, finite + found.finite / 2
        row = "".join(f"{h:>8.3f} ({f:3.0%})" for h, f in zip(held, finite, strict=True))
        print(f"{relative:>14}{row}", flush=True)


def against_brute_force(count: int = 300) -> None:
    """Print how far the limits of random plates are from those of brute force, and the time."""
    took, apart, small = [], [], 0
    for conc, response in plates(count, rng=1):
        start = time.process_time()
        fit = binding.fit_inhibition(conc, response, interval="profile")
        took.append(1e3 * (time.process_time() - start))
        apart.append(disagreement(fit, brute_force(conc, response)))
        small += collapsed(fit)
    off = sum(a > 0.01 for a in apart)
    print(
        f"\nAgainst brute force: {len(apart)} random plates compared, {off} with a limit off by "
        f"more than 1 % of the width,\n{small} with a collapsed plateau; largest difference "
        f"{max(apart):.2%} of the width"
    )
    print(
        f"process time of fit and profile: median {np.median(took):.1f} ms, 95th percentile "
        f"{np.quantile(took, 0.95):.1f} ms,\nlargest {max(took):.1f} ms; bar 10 ms"
    )


def plates(count: int, rng: int) -> Iterator[tuple[Array, Array]]:
    """Random plates: IC50, Hill slope, noise and replicates over the whole grid of designs."""
    generator = np.random.default_rng(rng)
    for _ in range(count):
        relative = np.exp(generator.uniform(np.log(0.03), np.log(10)))
        hill = np.exp(generator.uniform(np.log(0.7), np.log(6)))
        sd, replicates = generator.uniform(2, 8), int(generator.integers(2, 4))
        doses = CONC if generator.random() < 0.5 else np.geomspace(1, 1000, 7)
        conc = np.tile(doses, replicates)
        clean = 100 / (1 + (conc / (relative * conc.max())) ** hill)
        yield conc, clean + generator.normal(0, sd, conc.size)


@dataclass
class Study:
    """What a study counted: limits in the order of `NAMES`, the lower one first."""

    held: Array  # part of the limits on the right side of the truth, (8,)
    finite: Array  # part of the limits that are finite, (8,)
    inside: Array  # part of the intervals that hold the truth, (4,)
    collapsed: int  # plates with a plateau known four times better than the mean of all wells


def study(
    relative: tuple[float, ...],
    hills: tuple[float, ...],
    sds: tuple[float, ...],
    *,
    plates: int,
    replicates: int = 2,
) -> Study:
    """Simulate plates of each design, fit them, and count."""
    rows, small = [], 0
    conc = np.tile(CONC, replicates)
    designs = [(a, h, s) for a in relative for h in hills for s in sds]
    for seed, (at, hill, sd) in enumerate(designs):
        generator = np.random.default_rng((seed, replicates, round(1e3 * relative[0])))
        truth = dict(zip(NAMES, (100.0, 0.0, at * CONC.max(), hill), strict=True))
        clean = 100 / (1 + (conc / truth["ic50_nM"]) ** hill)
        for _ in range(plates):
            response = clean + generator.normal(0, sd, conc.size)
            fit = binding.fit_inhibition(conc, response, interval="profile")
            ends = [(fit[n].low <= truth[n], truth[n] <= fit[n].high) for n in NAMES]
            known = [
                (fit[n].low > (0.0 if n in {"ic50_nM", "hill"} else -np.inf), fit[n].high < np.inf)
                for n in NAMES
            ]
            rows.append([ends, known])
            small += collapsed(fit)
    counted = np.array(rows, dtype=float)  # (plates, held or finite, parameter, side)
    held, finite = counted.mean(axis=0).reshape(2, 8)
    return Study(held, finite, counted[:, 0].all(axis=2).mean(axis=0), small)


def collapsed(fit: binding.Fit) -> bool:
    """Whether a plateau seems known four times better than the mean of all wells."""
    mean = 2 * stdtrit(fit.df, 0.975) * fit.sigma / np.sqrt(fit.n)
    return any(fit[name].high - fit[name].low < mean / 4 for name in NAMES[:2])


def disagreement(fit: binding.Fit, found: dict[str, tuple[float, float]]) -> float:
    """Largest distance of a limit from the one of brute force, as part of the interval's width.

    Infinite when only one of the two is; with one end open, the width is twice the other half.
    """
    worst = 0.0
    for name in NAMES:
        values = np.array([fit[name].low, fit[name].value, fit[name].high])
        with np.errstate(divide="ignore"):
            low, value, high = np.log(values) if name in NAMES[2:] else values
        known = [abs(end - value) for end in found[name] if np.isfinite(end)]
        whole = sum(known) * 2 / max(len(known), 1)
        for mine, theirs in zip((low, high), found[name], strict=True):
            if np.isinf(mine) and np.isinf(theirs):
                continue
            worst = max(worst, float(abs(mine - theirs)) / whole if whole else np.inf)
    return worst


# --- the oracle -----------------------------------------------------------------------------------


@dataclass
class _Plate:
    """Means of replicates, and the box in which brute force looks (logarithms)."""

    conc: Array
    mean: Array
    wells: Array
    within: float
    centres: tuple[float, float]
    hills: tuple[float, float]
    grid: Array = field(init=False)
    slopes: Array = field(init=False)

    def __post_init__(self) -> None:
        (first, last), (flat, steep) = np.log(self.conc[self.conc > 0][[0, -1]]), self.hills
        low, high = self.centres
        self.grid = np.unique(
            np.concatenate(
                [np.linspace(low, first - 3, 20), np.linspace(first - 3, last + 3, 110),
                 np.linspace(last + 3, high, 20)]
            )
        )  # fmt: skip
        self.slopes = np.unique(
            np.concatenate(
                [np.linspace(flat, np.log(0.1), 10), np.linspace(np.log(0.1), steep, 100)]
            )
        )

    def at(self, u: Array, h: Array) -> tuple[Array, Array, Array]:
        """Sum of squares, plateaus and their spreads at (ln IC50, ln Hill slope).

        The response is a straight line in the part of the effect that is there, or that is left:
        whichever is smaller, scaled to 1.
        """
        dosed = self.conc > 0
        power = np.exp(h)[:, None] * (np.log(np.where(dosed, self.conc, 1)) - u[:, None])
        left, gone = np.where(dosed, expit(-power), 1.0), np.where(dosed, expit(power), 0.0)
        flip = gone.max(1) < left.max(1)
        part = np.where(flip[:, None], gone, left)
        size = np.maximum(part.max(1), 1e-121)
        part = part / size[:, None]
        n = self.wells.sum()
        middle = part @ self.wells / n
        away = part - middle[:, None]
        square = away**2 @ self.wells
        seen = (square > 1e-18) & (size > 1e-120)
        square = np.where(seen, square, 1.0)
        slope = away @ (self.wells * self.mean) / square
        near = self.wells @ self.mean / n - slope * middle
        left_over = (self.mean - near[:, None] - slope[:, None] * part) ** 2 @ self.wells
        far = near + slope / size
        spreads = np.sqrt(1 / n + np.stack([middle**2, (1 / size - middle) ** 2]) / square)
        amounts = np.stack([near, far])
        order = np.where(flip, [[0], [1]], [[1], [0]])
        column = np.arange(len(u))
        return (
            np.where(seen, left_over + self.within, np.inf),
            amounts[order, column],
            spreads[order, column],
        )

    def valleys(self, h: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Lowest points over the IC50 for each slope; and the grid with its sums of squares."""
        doses = np.log(self.conc[self.conc > 0])
        logits = np.concatenate([-np.geomspace(8, 0.25, 12), [0], np.geomspace(0.25, 8, 12)])
        steep = (doses[None, :, None] + logits / np.exp(h)[:, None, None]).reshape(len(h), -1)
        grid = np.concatenate([np.broadcast_to(self.grid, (len(h), self.grid.size)), steep], 1)
        grid = np.sort(np.clip(grid, *self.centres), 1)
        rss = self.at(grid.ravel(), np.repeat(h, grid.shape[1]))[0].reshape(grid.shape)
        walled = np.pad(rss, ((0, 0), (1, 1)), constant_values=np.inf)
        i, j = np.nonzero((rss <= walled[:, :-2]) & (rss <= walled[:, 2:]))
        left, right = np.maximum(j - 1, 0), np.minimum(j + 1, grid.shape[1] - 1)
        u, low = _golden(lambda v: self.at(v, h[i])[0], grid[i, left], grid[i, right], 28)
        known = rss[i, j] < low
        return i, np.where(known, grid[i, j], u), np.where(known, rss[i, j], low), grid, rss

    def minimum(self) -> tuple[float, float, float]:
        """Least sum of squares, and where it is."""
        h, best = self.slopes, (np.inf, 0.0, 0.0)
        for size in (0.06, 0.01, 0.002, 2e-4, 2e-5, 0.0):
            i, u, low, _, _ = self.valleys(h)
            k = int(np.argmin(low))
            best = min(best, (float(low[k]), float(u[k]), float(h[i[k]])))
            near = np.unique(h[i[np.argsort(low)[:40]]])[:6]
            h = np.append(np.clip(best[2] + size * np.linspace(-1, 1, 15), *self.hills), near)
        return best

    def furthest(self, h: Array, ceiling: float) -> Array:
        """How far each limit goes at each slope, (7, slopes): IC50, top, bottom; and its valley."""
        i, u, low, grid, rss = self.valleys(h)
        found = np.full((7, h.size), -np.inf)
        np.maximum.at(found[6], i, -low)
        kept = low <= ceiling
        i, u = i[kept], u[kept]
        if not i.size:
            return found
        ends = []
        for row, side in enumerate((-1, 1)):
            # Bisect to the first grid point outside; without one, the valley is open.
            beyond = (side * grid[i] > side * u[:, None]) & (rss[i] > ceiling)
            outside = np.where(beyond, side * grid[i], np.inf).min(1)
            edge = side * self.centres[row]
            inside, out = u, side * np.minimum(outside, edge)
            for _ in range(30):
                middle = 0.5 * (inside + out)
                tenable = self.at(middle, h[i])[0] <= ceiling
                inside, out = np.where(tenable, middle, inside), np.where(tenable, out, middle)
            ends.append(np.where(np.isfinite(outside), inside, self.centres[row]))
            np.maximum.at(found[row], i, side * ends[-1])
        line = np.concatenate(
            [ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, 25)[:, None], u[None]]
        )
        line = np.sort(line, axis=0)
        column = np.arange(i.size)
        for k in (0, 1):
            for row, side in enumerate((-1, 1)):
                reach = partial(self._reach, ceiling=ceiling, plateau=k, side=side)
                far = reach(line.ravel(), np.tile(h[i], len(line))).reshape(line.shape)
                j = far.argmax(0)
                left, right = (
                    line[np.maximum(j - 1, 0), column],
                    line[np.minimum(j + 1, 25), column],
                )
                _, less = _golden(lambda v, reach=reach: -reach(v, h[i]), left, right, 24)
                np.maximum.at(found[2 + 2 * k + row], i, np.maximum(far[j, column], -less))
        return found

    def _reach(self, u: Array, h: Array, *, ceiling: float, plateau: int, side: int) -> Array:
        rss, amounts, spreads = self.at(u, h)
        far = side * amounts[plateau] + spreads[plateau] * np.sqrt(np.maximum(ceiling - rss, 0))
        return np.where(rss <= ceiling, far, -np.inf)

    def limits(self, ceiling: float, hill: float, slopes: Array, rounds: int) -> Array:
        """Lower and upper limits of top, bottom, IC50 and slope, (4, 2): scan, then zoom."""
        near = [hill + size * np.linspace(-1, 1, 15) for size in (1, 0.3, 0.1, 0.03, 0.01)]
        h = np.unique(np.clip(np.concatenate([slopes, *near]), *self.hills))
        found = self.furthest(h, ceiling)
        for _ in range(rounds):
            tops = [(max(j - 1, 0), min(j + 1, h.size - 1)) for j in found[:6].argmax(1)]
            open_ = np.flatnonzero(found[6] >= -ceiling)
            tops += [(max(open_[0] - 1, 0), open_[0]), (open_[-1], min(open_[-1] + 1, h.size - 1))]
            more = [np.linspace(h[a], h[b], 7)[1:-1] for a, b in tops]
            new = np.setdiff1d(np.concatenate(more), h)
            if not new.size:
                break
            h, found = np.append(h, new), np.append(found, self.furthest(new, ceiling), 1)
            order = np.argsort(h)
            h, found = h[order], found[:, order]
        both = (found[:6].max(1) * np.tile([-1, 1], 3)).reshape(3, 2)
        tenable = h[found[6] >= -ceiling]
        return np.stack([both[1], both[2], both[0], [tenable[0], tenable[-1]]])


def _golden(f: Callable[[Array], Array], a: Array, b: Array, steps: int) -> tuple[Array, Array]:
    """Minimise many functions of one variable side by side, each inside its bracket."""
    c, d = b - _GOLD * (b - a), a + _GOLD * (b - a)
    at_c, at_d = f(c), f(d)
    for _ in range(steps):
        left = at_c < at_d
        a, b = np.where(left, a, c), np.where(left, d, b)
        new = np.where(left, b - _GOLD * (b - a), a + _GOLD * (b - a))
        at = f(new)
        c, d = np.where(left, new, d), np.where(left, c, new)
        at_c, at_d = np.where(left, at, at_d), np.where(left, at_c, at)
    return np.where(at_c < at_d, c, d), np.minimum(at_c, at_d)


def brute_force(x: Array, y: Array) -> dict[str, tuple[float, float]]:
    """95 % profile limits by nested scans (IC50 and Hill slope as logarithms).

    An IC50 or slope that is tenable to the end of the range has no limit; nor has a plateau whose
    limit moves on by a tenth when the range is a thousand times wider.
    """
    conc, member, wells = np.unique(x, return_inverse=True, return_counts=True)
    mean = np.bincount(member, y) / wells
    within = float(np.sum((y - mean[member]) ** 2))
    first, last = np.log(conc[conc > 0][[0, -1]])
    with np.errstate(all="ignore"):
        box = (first - _BEYOND, last + _BEYOND)
        plate = _Plate(conc, mean, wells, within, box, _HILLS)
        least, u, h = plate.minimum()
        ceiling = least * (1 + stdtrit(y.size - 4, 0.975) ** 2 / (y.size - 4))
        found = plate.limits(ceiling, h, plate.slopes, 5)
        more = np.log(1e3)
        wider = (box[0] - more, box[1] + more), (_HILLS[0] - np.log(10), _HILLS[1] + np.log(10))
        further = _Plate(conc, mean, wells, within, *wider)
        on = further.limits(ceiling, h, further.slopes, 2)
        home = np.append(plate.at(np.array([u]), np.array([h]))[1][:, 0], [u, h])[:, None]
        moved = np.abs(on - found) > 0.1 * np.abs(found - home)
        edge = np.abs(found - np.array([[0, 0], [0, 0], box, _HILLS])) < 1e-9
    open_ = (np.abs(found) > 1e60) | np.where([[True], [True], [False], [False]], moved, edge)
    found = np.where(open_, [-np.inf, np.inf], found)
    return {name: (float(low), float(high)) for name, (low, high) in zip(NAMES, found, strict=True)}
