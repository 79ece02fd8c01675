"""Whether the points leave the curve in a pattern, and which curve the pattern asks for."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from snrilab._diagnostic import Diagnostic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]

__all__ = ["misfit"]

_CHANCE = 0.01  # a right curve is blamed about once in a hundred plates
_STEPS = 7  # places where a second step is looked for
_FALSE_RISE = 0.25  # without replicates, a first rise of this part of the range is no noise


def misfit(fit: Fit, *columns: Array) -> Diagnostic | None:
    """Lack of fit: against replicates, against a second step in the curve, and by runs of signs.

    `columns` is x as measured, concentrations first.
    """
    p = len(fit.parameters)
    root = np.ones(fit.n) if fit.problem.root_weight is None else fit.problem.root_weight[:, 0]
    residual = fit.residuals * root
    if fit.df < 2 or fit.rss <= fit.n * (1e-5 * float(np.abs(fit.y * root).max())) ** 2:
        return None
    order = np.lexsort(columns)
    sorted_columns = np.stack([column[order] for column in columns])
    new = np.concatenate([[True], (np.diff(sorted_columns, axis=1) != 0.0).any(axis=0)])
    member = np.empty(fit.n, dtype=int)
    member[order] = np.cumsum(new) - 1
    each = np.bincount(member, root**2).astype(float)
    off = np.bincount(member, root * residual) / each  # mean residual at each concentration
    replicated = fit.n > each.size
    chance = 1.0
    if replicated and each.size > p:
        chance = _against_replicates(fit, each, off, p)
    noise, second = _second_step(fit, columns[0], root, residual)
    chance = min(chance, second)
    if not replicated:
        chance = min(chance, _runs(off > 0.0))
    mean = np.bincount(member, root**2 * fit.y) / each
    curved = mean - off  # the curve at each concentration
    seen = noise / np.sqrt(each)
    if chance >= _CHANCE:
        if len(columns) > 1 or not _obvious(fit, mean, curved):
            return None
        seen = np.zeros(each.size)
    turn = _turn(mean, curved, seen) if len(columns) == 1 else None
    return Diagnostic("lack_of_fit", turn or _advice(fit, columns[0], root, residual))


def _against_replicates(fit: Fit, each: Array, off: Array, p: int) -> float:
    """F test of what the curve leaves over against what replicates differ by."""
    from scipy.special import fdtrc

    lack = float(np.sum(each * off**2))
    within = max(fit.rss - lack, 0.0)
    lost, pure = each.size - p, fit.n - each.size
    if within <= 1e-12 * fit.rss:
        return 1.0  # copies are no replicates
    return float(fdtrc(lost, pure, lack / lost / (within / pure)))


def _second_step(fit: Fit, conc: Array, root: Array, residual: Array) -> tuple[float, float]:
    """Noise beside the best curve with one more step in it, and the chance of such a gain."""
    from scipy.special import fdtrc

    tested = conc[conc > 0.0]
    _, slope = fit.problem.formula.evaluate(fit.theta[:, None])
    jacobian = (slope[:, :, 0] * root).T
    length = np.sqrt((jacobian**2).sum(axis=0))
    basis, _ = np.linalg.qr(jacobian / np.where(length > 0.0, length, 1.0))
    middle = np.exp(np.linspace(np.log(tested.min()), np.log(tested.max()), _STEPS))
    steps = root[:, None] * conc[:, None] / (conc[:, None] + middle)
    steps = steps - basis @ (basis.T @ steps)
    size = (steps**2).sum(axis=0)
    seen = size > 1e-9 * float(np.sum(root**2))
    gain = np.where(seen, (residual @ steps) ** 2 / np.where(seen, size, 1.0), 0.0).max()
    left = max(fit.rss - float(gain), 1e-12 * fit.rss) / (fit.df - 1)
    tries = min(_STEPS, len(set(tested.tolist())))
    return float(np.sqrt(left)), min(tries * float(fdtrc(1, fit.df - 1, gain / left)), 1.0)


def _runs(above: NDArray[np.bool_]) -> float:
    """Chance of so few runs of signs when their order is chance (Wald and Wolfowitz)."""
    up, down = int(above.sum()), int((~above).sum())
    runs = 1 + int(np.count_nonzero(above[1:] != above[:-1]))
    if not (up and down):
        return 1.0
    ways = 0
    for r in range(2, runs + 1):
        k, odd = divmod(r, 2)
        if odd:
            ways += comb(up - 1, k) * comb(down - 1, k - 1) + comb(up - 1, k - 1) * comb(
                down - 1, k
            )
        else:
            ways += 2 * comb(up - 1, k - 1) * comb(down - 1, k - 1)
    return ways / comb(up + down, up)


def _turn(mean: Array, curve: Array, noise: Array) -> str | None:
    """Say where a response turns back, if it does by more than noise."""
    falls = curve[0] >= curve[-1]
    sign = 1.0 if falls else -1.0
    peak, dip = int(np.argmax(sign * mean)), int(np.argmin(sign * mean))
    last = mean.size - 1
    start = sign * (mean[peak] - mean[0]) - 3.0 * np.hypot(noise[peak], noise[0])
    end = sign * (mean[last] - mean[dip]) - 3.0 * np.hypot(noise[last], noise[dip])
    if max(start, end) <= 0.0:
        return None
    here, there = (mean[0], mean[peak]) if start >= end else (mean[dip], mean[last])
    up = "rises" if there > here else "falls"
    when = "first" if start >= end else "again at the highest concentrations"
    return (
        f"The response {up} {when}, from {here:.4g} to {there:.4g}: a bell-shaped curve holds two "
        "effects and one sigmoid describes neither, so fit each limb by itself."
    )


def _obvious(fit: Fit, mean: Array, curve: Array) -> bool:
    """Too few points for a test, but up in one go and down in one go, by a good part of the range.

    Seven wells of pure noise do that about once in a hundred plates.
    """
    sign = 1.0 if curve[0] >= curve[-1] else -1.0
    rise = max(np.max(sign * mean) - sign * mean[0], sign * mean[-1] - np.min(sign * mean))
    turns = np.count_nonzero(np.diff(np.sign(np.diff(mean))))
    return bool(
        mean.size >= 6 and turns == 1 and fit.r_squared < 0.95 and rise > _FALSE_RISE * np.ptp(mean)
    )


def _advice(fit: Fit, conc: Array, root: Array, residual: Array) -> str:
    """Say which curve may describe the points better."""
    pattern = "The points leave the curve in a pattern that noise does not make"
    if "ic50_nM" not in fit.estimates:
        return f"{pattern}: look at the residuals, and think of a second site or of depletion."
    if "hill" in fit.estimates:
        shallow = fit["hill"].value < 1.0
    else:
        with np.errstate(divide="ignore"):
            away = np.where(conc > 0.0, np.log(conc / fit["ic50_nM"].value), 0.0)
        left = 1.0 / (1.0 + np.exp(away))
        # Where a steeper curve would run: above this one before the middle, below it after.
        steeper = -away * left * (1.0 - left) * (fit.fitted[np.argmin(conc)] - fit.fitted.min())
        shallow = float(residual @ (root * steeper)) < 0.0
    if shallow:
        return f"{pattern}, as when two sites add up: try two sites (sites=2 in fit_competition)."
    if "hill" in fit.estimates:
        return f"{pattern}: look at the residuals, and at wells out of order or ligand depleted."
    return f"{pattern}: the curve is steeper than one site, so try a free Hill slope."
