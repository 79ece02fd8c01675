"""Whether 95 % profile intervals hold the truth, and whether brute force finds the same.

A study and an oracle: `brute_force` looks at nested grids of (IC50, Hill slope), with the plateaus
by QR at each point, and shares no code with the library.
"""

from __future__ import annotations

import time
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
SDS = (2.0, 8.0)
_BEYOND = np.log(1e6)
_HILL = np.log(1e-3), np.log(100)
_NAMES = ("top", "bottom", "ic50_nM", "hill")


def run() -> None:
    """Print the tables."""
    print("\nCoverage of 95 % profile intervals (n = 2 or 3 replicates x 6 doses, 150 plates each)")
    print(
        f"{'IC50/top dose':>14}{'Hill':>6}{'SD':>4}{'rep':>4}" + "".join(f"{n:>16}" for n in _NAMES)
    )
    for relative in RELATIVE:
        for hill in HILLS:
            for sd in SDS:
                for replicates in (2, 3):
                    held, _ = study((relative,), (hill,), (sd,), plates=150, replicates=replicates)
                    row = "".join(f"{held[name]:>16.3f}" for name in _NAMES)
                    print(f"{relative:>14}{hill:>6}{sd:>4.0f}{replicates:>4}{row}", flush=True)
    took, short = [], []
    for conc, response in plates(300, rng=1):
        start = time.perf_counter()
        fit = binding.fit_inhibition(conc, response, interval="profile")
        took.append(time.perf_counter() - start)
        short.append(shortfall(fit, brute_force(conc, response)))
    print("\nAgainst brute force, 300 random plates")
    print(f"worst limit inside brute force's: {max(short):.2%} of the width")
    print(f"plates beyond 1 %: {sum(each > 0.01 for each in short)}")
    print(f"time of a profile fit: median {1e3 * np.median(took):.1f} ms, bar 10 ms")


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


def study(
    relative: tuple[float, ...],
    hills: tuple[float, ...],
    sds: tuple[float, ...],
    *,
    plates: int,
    replicates: int = 2,
) -> tuple[dict[str, float], int]:
    """Part of the intervals that hold the truth, by parameter; and how many collapsed."""
    held = dict.fromkeys(_NAMES, 0)
    collapsed = total = 0
    conc = np.tile(CONC, replicates)
    for seed, (at, hill, sd) in enumerate((a, h, s) for a in relative for h in hills for s in sds):
        generator = np.random.default_rng(seed)
        truth = {"top": 100.0, "bottom": 0.0, "ic50_nM": at * CONC.max(), "hill": hill}
        clean = 100 / (1 + (conc / truth["ic50_nM"]) ** hill)
        for _ in range(plates):
            response = clean + generator.normal(0, sd, conc.size)
            fit = binding.fit_inhibition(conc, response, interval="profile")
            total += 1
            for name in _NAMES:
                held[name] += fit[name].low <= truth[name] <= fit[name].high
            mean = 2 * stdtrit(fit.df, 0.975) * fit.sigma / np.sqrt(conc.size)
            collapsed += any(fit[name].high - fit[name].low < mean / 4 for name in _NAMES[:2])
    return {name: count / total for name, count in held.items()}, collapsed


def shortfall(fit: binding.Fit, found: dict[str, tuple[float, float]]) -> float:
    """How far a limit lies inside the one of brute force, as part of the interval's width."""
    worst = 0.0
    for name in _NAMES:
        log = name in {"ic50_nM", "hill"}
        with np.errstate(divide="ignore"):
            ours = [np.log(v) if log else v for v in (fit[name].low, fit[name].high)]
            value = np.log(fit[name].value) if log else fit[name].value
        low, high = found[name]
        for side, mine, theirs in ((-1, ours[0], low), (1, ours[1], high)):
            if np.isinf(mine):
                continue  # cannot be too narrow; coverage says whether it is too wide
            whole = high - low if np.isfinite(high - low) else 2 * abs(theirs - value)
            part = side * (theirs - mine) / whole if np.isfinite(theirs) else 1.0
            worst = max(worst, float(part))
    return worst


def brute_force(x: Array, y: Array) -> dict[str, tuple[float, float]]:
    """95 % profile limits from nested grids (IC50 and Hill slope as logarithms)."""
    first, last = np.log(x[x > 0].min()), np.log(x.max())
    ends = (first - _BEYOND, last + _BEYOND), _HILL
    centres = np.concatenate(
        [np.linspace(ends[0][0], first - 3, 25)[:-1], np.linspace(first - 3, last + 3, 181),
         np.linspace(last + 3, ends[0][1], 25)[1:]]
    )  # fmt: skip
    slopes = np.concatenate([np.linspace(_HILL[0], np.log(0.1), 12)[:-1],
                             np.linspace(np.log(0.1), _HILL[1], 111)])  # fmt: skip
    u, h = (v.ravel() for v in np.meshgrid(centres, slopes, indexing="ij"))
    logits = np.linspace(-7, 7, 29)
    doses = np.log(np.unique(x[x > 0]))
    steep = doses[:, None, None] + logits / np.exp(slopes)[None, :, None]
    u = np.clip(np.concatenate([u, steep.ravel()]), *ends[0])
    h = np.concatenate([h, np.broadcast_to(slopes[None, :, None], steep.shape).ravel()])

    def cell(slope: float) -> tuple[float, float]:
        return (0.08 if slope < np.log(5) else 0.5 / np.exp(slope)), 0.07

    def zoom(
        height: Callable[..., Array], at: tuple[float, float], size: tuple[float, float]
    ) -> Any:
        best = (height(np.array([at[0]]), np.array([at[1]]))[0], *at)
        for _ in range(26):
            a, b = np.meshgrid(
                *(np.linspace(c - s, c + s, 9) for c, s in zip(best[1:], size, strict=True))
            )
            a, b = np.clip(a.ravel(), *ends[0]), np.clip(b.ravel(), *ends[1])
            found = height(a, b)
            i = int(np.argmax(found))
            if found[i] > best[0]:
                best = (found[i], a[i], b[i])
            size = (0.6 * size[0], 0.6 * size[1])
        return best

    rss = _solved(x, y, u, h)[0]
    starts = np.argsort(rss)[:400:40]
    minimum = max(
        zoom(lambda a, b: -_solved(x, y, a, b)[0], (u[i], h[i]), cell(h[i])) for i in starts
    )
    ceiling = -minimum[0] * (1 + stdtrit(x.size - 4, 0.975) ** 2 / (x.size - 4))
    for size in (1, 0.3, 0.1, 0.03, 0.01):
        a, b = np.meshgrid(*(np.linspace(c - size, c + size, 41) for c in minimum[1:]))
        u, h = (
            np.append(u, np.clip(a.ravel(), *ends[0])),
            np.append(h, np.clip(b.ravel(), *ends[1])),
        )
    limits = {}
    for k, name in enumerate(("top", "bottom")):
        both = []
        for side in (-1, 1):

            def reach(a: Array, b: Array, k: int = k, side: int = side) -> Array:
                left, amounts, spreads = _solved(x, y, a, b)
                far = side * amounts[k] + spreads[k] * np.sqrt(np.maximum(ceiling - left, 0))
                return np.where(left <= ceiling, far, -np.inf)

            found = reach(u, h)
            tries = [i for i in np.argsort(-found)[:60:20] if np.isfinite(found[i])]
            both.append(side * max(
                zoom(reach, (u[i], h[i]), (2 * part * cell(h[i])[0], 0.15 * part))[0]
                for i in tries for part in (1, 0.1)
            ))  # fmt: skip
        limits[name] = (both[0], both[1])
    tenable = np.flatnonzero(_solved(x, y, u, h)[0] <= ceiling)
    for axis, name in enumerate(("ic50_nM", "hill")):
        both = [_outermost(x, y, (u, h), tenable, axis, side, ends, ceiling) for side in (-1, 1)]
        limits[name] = (both[0], both[1])
    return limits


def _outermost(
    x: Array, y: Array, points: Any, tenable: Array, axis: int, side: int, ends: Any, ceiling: float
) -> float:
    """Walk along the valley from the outermost tenable point, then bisect."""
    edge = ends[axis][0 if side < 0 else 1]
    start = tenable[np.argmax(side * points[axis][tenable])]
    at, other = points[axis][start], points[1 - axis][start]

    def valley(held: float, guess: float) -> tuple[float, float]:
        best = (np.inf, guess)
        wide = 0.5 if axis == 0 else max(0.5 / np.exp(held), 0.02)
        for size in (wide, 0.1 * wide):
            centre, width = guess, size
            for _ in range(14):
                line = np.clip(np.linspace(centre - width, centre + width, 41), *ends[1 - axis])
                fixed = np.full(41, held)
                rss = _solved(x, y, *((fixed, line) if axis == 0 else (line, fixed)))[0]
                i = int(np.argmin(rss))
                centre, width = line[i], 0.35 * width
            best = min(best, (rss[i], centre))
        return best

    if at == edge:
        return side * np.inf
    step, outside = 0.02, None
    for _ in range(400):
        trial = at + side * step if outside is None else 0.5 * (at + outside)
        trial = side * min(side * trial, side * edge)
        rss, centre = valley(trial, other)
        if rss <= ceiling:
            at, other, step = trial, centre, 1.5 * step
            if at == edge:
                return side * np.inf
        else:
            outside = trial
        if outside is not None and abs(outside - at) < 1e-6:
            break
    return float(at)


def _solved(x: Array, y: Array, u: Array, h: Array) -> tuple[Array, Array, Array]:
    """Sum of squares, plateaus and their spreads by QR at each (ln IC50, ln Hill slope)."""
    exponent = np.exp(h)[:, None] * (np.log(np.where(x > 0, x, 1)) - u[:, None])
    left, gone = np.where(x > 0, expit(-exponent), 1.0), np.where(x > 0, expit(exponent), 0.0)
    size = np.maximum(np.stack([left.max(1), gone.max(1)]), 1e-120)
    q, r = np.linalg.qr(np.stack([left / size[0][:, None], gone / size[1][:, None]], 2))
    well = (np.abs(r[:, 0, 0]) > 1e-9) & (np.abs(r[:, 1, 1]) > 1e-9)
    r = np.where(well[:, None, None], r, np.eye(2))
    along = q.transpose(0, 2, 1) @ y
    left_over = ((y - (q @ along[:, :, None])[:, :, 0]) ** 2).sum(1)
    inverse = np.linalg.inv(r)
    amounts = (inverse @ along[:, :, None])[:, :, 0].T / size
    spreads = np.sqrt((inverse**2).sum(2)).T / size
    return np.where(well, left_over, np.inf), amounts, spreads
