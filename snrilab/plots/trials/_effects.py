"""Pictures of effects across trials, and of power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import fraction, nonnegative, numbers, one_number, positive
from snrilab.plots._style import BLACK, CYCLE, GREY, VERMILION, describe, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["forest", "power_curves"]


def forest(
    axes: Axes,
    names: Sequence[str],
    estimates: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    quantity: str = "difference of MADRS change (points)",
    sides: tuple[str, str] = ("favours drug", "favours placebo"),
    truth: float | None = None,
) -> Axes:
    """Draw differences with their intervals, one line each, around zero.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Trials, doses or methods, from top to bottom.
    estimates, low, high : array_like
        Differences and the limits of their intervals, as long as `names`, low <= estimate <= high.
    quantity : str
        Name of the quantity with its unit.
    sides : (str, str)
        What a negative and a positive difference mean.
    truth : float, optional
        True difference, drawn as a dashed line.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots
    >>> ax = forest(plots.axes(), ["40 mg", "flexible"], [-3.3, -1.5], [-5.5, -3.7], [-1.1, 0.7])
    >>> print(plots.alt_text(ax))
    Forest plot of difference of MADRS change (points): 40 mg -3.3 (-5.5 to -1.1), favours drug;
    flexible -1.5 (-3.7 to 0.7), interval crosses zero.
    """
    if isinstance(names, str) or len(names) == 0:
        raise ValueError(f"names must be at least one name in a list, got {names!r}.")
    values, lower, upper = (
        numbers(name, given)
        for name, given in (("estimates", estimates), ("low", low), ("high", high))
    )
    if not values.shape == lower.shape == upper.shape == (len(names),):
        raise ValueError(f"estimates, low and high must be as long as names ({len(names)}).")
    if (lower > values).any() or (values > upper).any():
        raise ValueError("low must not exceed estimates, nor estimates high.")
    rows = np.arange(len(names))[::-1]
    crosses = (lower < 0) & (upper > 0)
    axes.axvline(0, color=GREY, linewidth=1)
    if truth is not None:
        at = one_number("truth", truth)
        axes.axvline(at, color=VERMILION, linewidth=1.2, linestyle="--", label="true difference")
        axes.legend(frameon=False, loc="upper right", fontsize=9)
    axes.hlines(rows, lower, upper, color=BLACK, linewidth=1.2)
    for mask, fill in ((crosses, "white"), (~crosses, BLACK)):
        axes.plot(
            values[mask], rows[mask], "s", color=BLACK, markerfacecolor=fill, linestyle="none"
        )
    axes.set_yticks(rows, list(names))
    axes.set_ylim(-0.7, len(names) - 0.3)
    width = np.ptp([*lower, *upper, 0.0]) or 1.0
    axes.set_xlim(min(lower.min(), 0) - 0.06 * width, max(upper.max(), 0) + 0.06 * width)
    label(axes, f"{quantity}\n← {sides[0]}        {sides[1]} →", "")
    said = "; ".join(
        f"{name} {v:.3g} ({a:.3g} to {b:.3g}), "
        + ("interval crosses zero" if c else sides[0] if v < 0 else sides[1])
        for name, v, a, b, c in zip(names, values, lower, upper, crosses, strict=True)
    )
    known = "" if truth is None else f" True difference {truth:.3g}."
    return describe(axes, f"Forest plot of {quantity}: {said}.{known}")


def power_curves(
    axes: Axes,
    n_per_arm: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    errors: Mapping[str, ArrayLike] | None = None,
    target: float = 0.9,
) -> Axes:
    """Draw power against the number of patients per arm.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    n_per_arm : array_like
        Patients per arm, > 0, increasing.
    curves : mapping of str to array_like
        Power in [0, 1] for each n, by name.
    errors : mapping of str to array_like, optional
        Monte Carlo standard errors of curves that come from simulation; drawn as points with bars.
    target : float, default 0.9
        Power wanted, in [0, 1]; drawn as a line.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes, labelled, with alternative text.

    Examples
    --------
    >>> from snrilab import plots
    >>> from snrilab.trials import power_t_test
    >>> n = [50, 100, 200, 400]
    >>> ax = power_curves(plots.axes(), n, {"3 points": power_t_test(3, 10, n)})
    >>> print(plots.alt_text(ax))
    Power against patients per arm: 3 points rises from 32 % at 50 to 99 % at 400, and passes 90 %
    between 200 and 400.
    """
    n = positive("n_per_arm", n_per_arm)
    wanted = one_number("target", target, low=0, high=1)
    if not isinstance(curves, Mapping) or not curves:
        raise ValueError(f"curves must map at least one name to powers, got {curves!r}.")
    if n.ndim != 1 or (np.diff(n) <= 0).any():
        raise ValueError("n_per_arm must be one-dimensional and increasing.")
    bars = errors or {}
    said = []
    for i, (name, given) in enumerate(curves.items()):
        share = fraction("curves", given)
        if share.shape != n.shape:
            raise ValueError(f"curves[{name!r}] must have length {len(n)}, got {share.shape}.")
        colour, line, marker = CYCLE[i % len(CYCLE)]
        if name in bars:
            reach = 1.96 * nonnegative("errors", bars[name]) * 100
            axes.errorbar(
                n, 100 * share, yerr=reach, fmt=marker, color=colour, capsize=2, label=name
            )
        else:
            axes.plot(n, 100 * share, color=colour, linestyle=line, label=name)
        said.append(f"{name} {_rise(n, share, wanted)}")
    axes.axhline(100 * wanted, color=GREY, linewidth=1, linestyle=":")
    axes.annotate(
        f"{100 * wanted:g} %",
        (0.01, 100 * wanted),  # where curves are still low
        xycoords=("axes fraction", "data"),
        ha="left",
        va="bottom",
        fontsize=9,
        color=GREY,
    )
    axes.set_ylim(0, 103)
    label(axes, "Patients per arm (n)", "Power (%)")
    axes.legend(frameon=False, loc="lower right", fontsize=9)
    return describe(axes, f"Power against patients per arm: {'; '.join(said)}.")


def _rise(n: np.ndarray, share: np.ndarray, wanted: float) -> str:
    words = f"rises from {100 * share[0]:.0f} % at {n[0]:g} to {100 * share[-1]:.0f} % at {n[-1]:g}"
    above = np.flatnonzero(share >= wanted)
    if len(above) == 0:
        return f"{words}, and never reaches {100 * wanted:g} %"
    first = int(above[0])
    if first == 0:
        return f"{words}, always above {100 * wanted:g} %"
    return f"{words}, and passes {100 * wanted:g} % between {n[first - 1]:g} and {n[first]:g}"
