"""The curves that can be fitted: value and derivatives on the scale on which they are fitted.

Positive parameters are fitted as logarithms, so that a step can never make them negative and an
interval is as lopsided as the data are. Parameters arrive as arrays of the shape (fits,) or
(points, fits), the columns of x as (points, 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snrilab.binding.depletion import equilibrium, saturation_depletion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Curve"]

Array = NDArray[Any]
Columns = tuple[Array, ...]
_FAR = 1e300  # ln of a zero concentration: so far left that the point sits on the plateau
_HILLS = np.log([0.5, 1.0, 2.0, 5.0, 30.0])
BEYOND = np.log(1e6)  # constants further than this from the tested range are "not in these data"


@dataclass(frozen=True)
class Curve:
    """One curve and what a fit must know about it.

    Parameters
    ----------
    title : str
        What it is, for people.
    parameters : tuple of str
        Names as students see them.
    units : tuple of str
        Unit of each; ``"response"`` stands for the unit of y.
    log : tuple of bool
        Which are positive and fitted as logarithms.
    linear : tuple of bool
        In which parameters the curve is linear (start values of these need no search).
    evaluate : callable
        Maps (columns of x, parameters) to the value and the list of derivatives.
    grid : callable
        Maps the columns of x to start candidates of the nonlinear parameters, (k, candidates).
    columns : callable
        Maps x as given to the columns that `evaluate` wants.
    box : callable
        Maps columns and y to the lower and upper limits of all parameters.
    """

    title: str
    parameters: tuple[str, ...]
    units: tuple[str, ...]
    log: tuple[bool, ...]
    linear: tuple[bool, ...]
    evaluate: Callable[[Columns, Sequence[Array]], tuple[Array, list[Array]]]
    grid: Callable[[Columns], Array]
    columns: Callable[[Sequence[Array]], Columns]
    box: Callable[[Columns, Array], tuple[list[float], list[float]]] = field(repr=False)


def plain_columns(x: Sequence[Array]) -> Columns:
    return tuple(np.asarray(column, dtype=float)[:, None] for column in x)


def _logarithmic(x: Sequence[Array]) -> Columns:
    conc = np.asarray(x[0], dtype=float)[:, None]
    with np.errstate(divide="ignore"):
        return (np.where(conc > 0.0, np.log(conc), -_FAR),)


def _log_range(log_conc: Array) -> tuple[float, float]:
    tested = log_conc[log_conc > -_FAR]
    return float(tested.min()), float(tested.max())


def log_positive(column: Array) -> tuple[float, float]:
    positive = column[column > 0.0]
    return float(np.log(positive.min())), float(np.log(positive.max()))


def size_box(y: Array) -> tuple[float, float]:
    largest = float(np.max(np.abs(y)))
    return np.log(largest) - 2.0 * BEYOND, np.log(largest) + BEYOND


def plateau_box(y: Array) -> tuple[float, float]:
    middle, width = float(np.mean(y)), 1e4 * float(np.ptp(y))
    return middle - width, middle + width


def pairs(first: Array, second: Array) -> Array:
    return np.stack([np.repeat(first, second.size), np.tile(second, first.size)])


# --- inhibition: the four-parameter logistic ------------------------------------------------------


def _inhibition(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    top, bottom, log_ic50, log_hill = parameters
    slope = np.exp(log_hill)
    exponent = slope * (columns[0] - log_ic50)
    left = 1.0 / (1.0 + np.exp(exponent))
    gone = 1.0 - left
    span = top - bottom
    steep = span * left * gone
    # A control without inhibitor has exponent -1e300 and no steepness; the product is 0.
    return bottom + span * left, [left, gone, steep * slope, -steep * exponent]


def _inhibition_grid(columns: Columns) -> Array:
    tested = np.unique(columns[0][columns[0] > -_FAR])
    between = 0.5 * (tested[1:] + tested[:-1])
    # A steep curve has a minimum in every gap between concentrations: start in each of them.
    beyond = tested[-1] + np.array([1.0, 2.5, 6.0])
    centres = np.concatenate([tested[:1] - 1.0, tested, between, beyond])
    return pairs(centres, _HILLS)


def _inhibition_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_range(columns[0])
    low, high = plateau_box(y)
    return (
        [low, low, first - BEYOND, np.log(1e-3)],
        [high, high, last + BEYOND, np.log(100.0)],
    )


INHIBITION = Curve(
    title="inhibition curve",
    parameters=("top", "bottom", "ic50_nM", "hill_coefficient"),
    units=("response", "response", "nM", ""),
    log=(False, False, True, True),
    linear=(True, True, False, False),
    evaluate=_inhibition,
    grid=_inhibition_grid,
    columns=_logarithmic,
    box=_inhibition_box,
)


# --- competition for two classes of sites ---------------------------------------------------------


def _two_site(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    top, bottom, log_high, log_low, share = parameters
    high = 1.0 / (1.0 + np.exp(columns[0] - log_high))
    low = 1.0 / (1.0 + np.exp(columns[0] - log_low))
    left = share * high + (1.0 - share) * low
    span = top - bottom
    slopes = [
        left,
        1.0 - left,
        span * share * high * (1.0 - high),
        span * (1.0 - share) * low * (1.0 - low),
        span * (high - low),
    ]
    return bottom + span * left, slopes


def _two_site_grid(columns: Columns) -> Array:
    first, last = _log_range(columns[0])
    centres = np.linspace(first - 0.5, last + 0.5, 12)
    high, low, share = np.meshgrid(centres, centres, [0.2, 0.5, 0.8], indexing="ij")
    kept = high < low
    return np.stack([high[kept], low[kept], share[kept]])


def _two_site_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_range(columns[0])
    low, high = plateau_box(y)
    return (
        [low, low, first - BEYOND, first - BEYOND, 0.0],
        [high, high, last + BEYOND, last + BEYOND, 1.0],
    )


TWO_SITE = Curve(
    title="two-site competition curve",
    parameters=("top", "bottom", "ic50_high_nM", "ic50_low_nM", "fraction_high"),
    units=("response", "response", "nM", "nM", ""),
    log=(False, False, True, True, False),
    linear=(True, True, False, False, False),
    evaluate=_two_site,
    grid=_two_site_grid,
    columns=_logarithmic,
    box=_two_site_box,
)


# --- competition, exact with depletion ------------------------------------------------------------


def depleted_competition(radioligand_nM: float, receptor_nM: float, kd_nM: float) -> Curve:
    """Competition curve in Ki for a given amount of radioligand and receptor in the tube."""
    unopposed = float(saturation_depletion(radioligand_nM, receptor_nM, kd_nM))

    def evaluate(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
        top, bottom, log_ki = parameters
        inhibitor, ki = columns[0], np.exp(log_ki)
        free = equilibrium(inhibitor, radioligand_nM, receptor_nM, kd_nM, ki)
        left = radioligand_nM * (free / (kd_nM + free)) / unopposed
        # Implicit differentiation of the mass balance R = r + L r/(Kd + r) + I r/(Ki + r).
        crowd = (
            1.0 + radioligand_nM * kd_nM / (kd_nM + free) ** 2 + inhibitor * ki / (ki + free) ** 2
        )
        by_ki = inhibitor * free / (ki + free) ** 2 / crowd
        change = radioligand_nM * kd_nM / (kd_nM + free) ** 2 / unopposed * by_ki * ki
        span = top - bottom
        return bottom + span * left, [left, 1.0 - left, span * change]

    def grid(columns: Columns) -> Array:
        first, last = log_positive(columns[0])
        return np.linspace(first - 5.0, last + 1.0, 40)[None, :]

    def box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
        first, last = log_positive(columns[0])
        low, high = plateau_box(y)
        return [low, low, first - BEYOND], [high, high, last + BEYOND]

    return Curve(
        title="competition curve with ligand depletion",
        parameters=("top", "bottom", "ki_nM"),
        units=("response", "response", "nM"),
        log=(False, False, True),
        linear=(True, True, False),
        evaluate=evaluate,
        grid=grid,
        columns=plain_columns,
        box=box,
    )


# --- saturation -----------------------------------------------------------------------------------


def _saturation(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    conc, has_receptor = columns
    log_bmax, log_kd, slope = parameters
    kd, sites = np.exp(log_kd), np.exp(log_bmax)
    occupied = has_receptor * conc / (kd + conc)
    specific = sites * occupied
    by_kd = -specific * kd / (kd + conc)
    return specific + slope * conc, [specific, by_kd, conc + 0.0 * specific]


def _saturation_columns(x: Sequence[Array]) -> Columns:
    conc = np.asarray(x[0], dtype=float)[:, None]
    return conc, (np.asarray(x[1], dtype=float)[:, None] if len(x) > 1 else np.ones_like(conc))


def _saturation_grid(columns: Columns) -> Array:
    first, last = log_positive(columns[0])
    return np.linspace(first - 2.0, last + 3.0, 40)[None, :]


def _saturation_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = log_positive(columns[0])
    least, most = size_box(y)
    return [least, first - BEYOND, -np.inf], [most, last + BEYOND, np.inf]


SATURATION = Curve(
    title="saturation curve",
    parameters=("bmax", "kd_nM", "nonspecific_per_nM"),
    units=("response", "nM", "response/nM"),
    log=(True, True, False),
    linear=(True, False, True),
    evaluate=_saturation,
    grid=_saturation_grid,
    columns=_saturation_columns,
    box=_saturation_box,
)


def complex_step(
    value: Callable[[Any, Sequence[Array]], Array], x: Any, parameters: Sequence[Array]
) -> list[Array]:
    """Exact derivatives of a formula by a step into the imaginary direction (no subtraction)."""
    step = 1e-100
    slopes = []
    for j in range(len(parameters)):
        moved = [np.asarray(p, dtype=complex) for p in parameters]
        moved[j] = moved[j] + 1j * step
        slopes.append(np.imag(value(x, moved)) / step)
    return slopes
