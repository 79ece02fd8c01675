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
from snrilab.binding.kinetics import race

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Curve"]

Array = NDArray[Any]
Columns = tuple[Array, ...]
_FAR = 1e300  # ln of a zero concentration: so far left that the point sits on the plateau
_HILLS = np.log([0.5, 1.0, 2.0, 5.0, 30.0])
_BEYOND = np.log(1e6)  # constants further than this from the tested range are "not in these data"


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


def _plain(x: Sequence[Array]) -> Columns:
    return tuple(np.asarray(column, dtype=float)[:, None] for column in x)


def _logarithmic(x: Sequence[Array]) -> Columns:
    conc = np.asarray(x[0], dtype=float)[:, None]
    with np.errstate(divide="ignore"):
        return (np.where(conc > 0.0, np.log(conc), -_FAR),)


def _log_range(log_conc: Array) -> tuple[float, float]:
    tested = log_conc[log_conc > -_FAR]
    return float(tested.min()), float(tested.max())


def _log_positive(column: Array) -> tuple[float, float]:
    positive = column[column > 0.0]
    return float(np.log(positive.min())), float(np.log(positive.max()))


def _size_box(y: Array) -> tuple[float, float]:
    largest = float(np.max(np.abs(y)))
    return np.log(largest) - 2.0 * _BEYOND, np.log(largest) + _BEYOND


def _plateau_box(y: Array) -> tuple[float, float]:
    middle, width = float(np.mean(y)), 1e4 * float(np.ptp(y))
    return middle - width, middle + width


def _pairs(first: Array, second: Array) -> Array:
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
    centres = np.concatenate([tested, between, tested[-1] + [1.0, 2.5], tested[0] - [1.0]])
    return _pairs(centres, _HILLS)


def _inhibition_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_range(columns[0])
    low, high = _plateau_box(y)
    return (
        [low, low, first - _BEYOND, np.log(1e-3)],
        [high, high, last + _BEYOND, np.log(100.0)],
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
    low, high = _plateau_box(y)
    return (
        [low, low, first - _BEYOND, first - _BEYOND, 0.0],
        [high, high, last + _BEYOND, last + _BEYOND, 1.0],
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
        first, last = _log_positive(columns[0])
        return np.linspace(first - 5.0, last + 1.0, 40)[None, :]

    def box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
        first, last = _log_positive(columns[0])
        low, high = _plateau_box(y)
        return [low, low, first - _BEYOND], [high, high, last + _BEYOND]

    return Curve(
        title="competition curve with ligand depletion",
        parameters=("top", "bottom", "ki_nM"),
        units=("response", "response", "nM"),
        log=(False, False, True),
        linear=(True, True, False),
        evaluate=evaluate,
        grid=grid,
        columns=_plain,
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
    first, last = _log_positive(columns[0])
    return np.linspace(first - 2.0, last + 3.0, 40)[None, :]


def _saturation_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_positive(columns[0])
    least, most = _size_box(y)
    return [least, first - _BEYOND, -np.inf], [most, last + _BEYOND, np.inf]


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


# --- time courses ---------------------------------------------------------------------------------


def _association(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    time, ligand = columns
    log_bmax, log_kon, log_koff = parameters
    sites, on, off = np.exp(log_bmax), np.exp(log_kon) * ligand, np.exp(log_koff)
    observed = on + off
    occupied = on / observed
    waiting = np.exp(-observed * time)
    progress = -np.expm1(-observed * time)
    bound = sites * occupied * progress
    late = sites * occupied * time * waiting
    by_on = sites * (1.0 - occupied) * occupied * progress + late * on
    by_off = late * off - sites * (1.0 - occupied) * occupied * progress
    return bound, [bound, by_on, by_off]


def _association_grid(columns: Columns) -> Array:
    early, late = _log_positive(columns[0])
    weak, strong = _log_positive(columns[1])
    return _pairs(
        np.linspace(-late - strong - 1.0, -early - weak + 1.0, 12),
        np.linspace(-late - 3.0, -early + 1.0, 12),
    )


def _association_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    early, late = _log_positive(columns[0])
    weak, strong = _log_positive(columns[1])
    least, most = _size_box(y)
    return (
        [least, -late - strong - _BEYOND, -late - _BEYOND],
        [most, -early - weak + _BEYOND, -early + _BEYOND],
    )


ASSOCIATION = Curve(
    title="association time course",
    parameters=("bmax", "kon_per_nM_min", "koff_per_min"),
    units=("response", "1/(nM min)", "1/min"),
    log=(True, True, True),
    linear=(True, False, False),
    evaluate=_association,
    grid=_association_grid,
    columns=_plain,
    box=_association_box,
)


def _dissociation(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    start, plateau, log_koff = parameters
    exponent = np.exp(log_koff) * columns[0]
    kept = np.exp(-exponent)
    span = start - plateau
    return plateau + span * kept, [kept, 1.0 - kept, -span * kept * exponent]


def _dissociation_grid(columns: Columns) -> Array:
    early, late = _log_positive(columns[0])
    return np.linspace(-late - 2.0, -early + 2.0, 40)[None, :]


def _dissociation_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    early, late = _log_positive(columns[0])
    low, high = _plateau_box(y)
    return [low, low, -late - _BEYOND], [high, high, -early + _BEYOND]


DISSOCIATION = Curve(
    title="dissociation time course",
    parameters=("bound_start", "plateau", "koff_per_min"),
    units=("response", "response", "1/min"),
    log=(False, False, True),
    linear=(True, True, False),
    evaluate=_dissociation,
    grid=_dissociation_grid,
    columns=_plain,
    box=_dissociation_box,
)


def kinetic_competition(radioligand_nM: float, kon_per_nM_min: float, koff_per_min: float) -> Curve:
    """Motulsky-Mahan time courses in the rate constants of the unlabelled inhibitor."""

    def bound(columns: Columns, parameters: Sequence[Array]) -> Array:
        time, inhibitor = columns
        log_bmax, log_on, log_off = parameters
        on_inhibitor = np.exp(log_on) * inhibitor
        response = race(
            time, kon_per_nM_min * radioligand_nM, koff_per_min, on_inhibitor, np.exp(log_off)
        )
        return np.asarray(np.exp(log_bmax) * response)

    def evaluate(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
        return bound(columns, parameters), complex_step(bound, columns, parameters)

    def grid(columns: Columns) -> Array:
        early, late = _log_positive(columns[0])
        weak, strong = _log_positive(columns[1])
        return _pairs(
            np.linspace(-late - strong - 1.0, -early - weak + 1.0, 12),
            np.linspace(-late - 3.0, -early + 1.0, 12),
        )

    def box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
        return _association_box(columns, y)

    return Curve(
        title="kinetic competition (Motulsky-Mahan)",
        parameters=("bmax", "kon_inhibitor_per_nM_min", "koff_inhibitor_per_min"),
        units=("response", "1/(nM min)", "1/min"),
        log=(True, True, True),
        linear=(True, False, False),
        evaluate=evaluate,
        grid=grid,
        columns=_plain,
        box=box,
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
