"""What is fitted: the curves, with their derivatives, and the least-squares problem of one of them.

Positive parameters are fitted as logarithms, so that a step can never make them negative and an
interval is as lopsided as the data are. Parameters arrive as arrays of the shape (fits,), the
columns of x as (points, 1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from snrilab.binding._depletion import equilibrium, saturation_depletion
from snrilab.binding._minimum import Minimum, Surface, minimise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

__all__ = [
    "INHIBITION",
    "SATURATION",
    "TWO_SITE",
    "Curve",
    "Formula",
    "Posed",
    "Problem",
    "depleted_competition",
    "pose",
]

Array = NDArray[np.float64]
Columns = tuple[Array, ...]
Evaluation = Callable[[Columns, Sequence[Array]], tuple[Array, list[Array]]]

_FAR = 1e300  # -ln of a zero concentration: so far left that the point sits on the plateau
_OVERFLOW = 700.0  # exp of more than this leaves the range of floats
BEYOND = float(np.log(1e6))  # constants further from the tested range are "not in these data"
_HILLS = np.log([0.5, 1.0, 2.0, 5.0, 30.0])
_EVERY_HILL = np.log(np.concatenate([[1e-3, 0.01, 0.05], np.geomspace(0.1, 30.0, 26), [55, 100]]))
_PART_WAY = np.array([-4.0, -1.5, 0.0, 1.5, 4.0])  # logits of how far a curve is at one dose


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
        In which parameters the curve is linear: given the others, they follow by linear algebra.
    shapes : callable
        Maps (columns of x, the other parameters) to what each linear parameter is multiplied by;
        the curve is the sum of these products.
    evaluate : callable
        Maps (columns of x, parameters) to the value and the list of derivatives.
    columns : callable
        Maps x as given to the columns that `evaluate` wants.
    box : callable
        Maps columns and y to the lower and upper limits of all parameters.
    starts : callable
        Maps the columns to start values of the nonlinear parameters, (k, candidates).
    everywhere : callable
        Maps the columns to a dense cover of what the nonlinear parameters can be, (k, candidates);
        the ends of the box are in it.
    """

    title: str
    parameters: tuple[str, ...]
    units: tuple[str, ...]
    log: tuple[bool, ...]
    linear: tuple[bool, ...]
    shapes: Callable[[Columns, Sequence[Array]], tuple[Array, Array]]
    evaluate: Evaluation
    columns: Callable[[Sequence[Array]], Columns]
    box: Callable[[Columns, Array], tuple[list[float], list[float]]]
    starts: Callable[[Columns], Array]
    everywhere: Callable[[Columns], Array]


def _plain(x: Sequence[Array]) -> Columns:
    return tuple(np.asarray(column, dtype=float)[:, None] for column in x)


def _logarithmic(x: Sequence[Array]) -> Columns:
    conc = np.asarray(x[0], dtype=float)[:, None]
    with np.errstate(divide="ignore"):
        return (np.where(conc > 0.0, np.log(conc), -_FAR),)


def _range_of_logs(log_conc: Array) -> tuple[float, float]:
    tested = log_conc[log_conc > -_FAR]
    return float(tested.min()), float(tested.max())


def _log_range(column: Array) -> tuple[float, float]:
    positive = column[column > 0.0]
    return float(np.log(positive.min())), float(np.log(positive.max()))


def _plateau_box(y: Array) -> tuple[float, float]:
    middle, width = float(y.mean()), 1e4 * float(y.max() - y.min())
    return middle - width, middle + width


def _constant_everywhere(first: float, last: float) -> Array:
    """Logarithms of a constant: close together where there are data, then to the ends."""
    inside = np.linspace(first - 3.0, last + 3.0, max(40, int(6.0 * (last - first))))
    below = np.linspace(first - BEYOND, first - 3.0, 10, endpoint=False)
    return np.concatenate([below, inside, np.linspace(last + 3.0, last + BEYOND, 11)[1:]])


# --- inhibition: the four-parameter logistic -----------------------------------------------------


def _left_and_gone(exponent: Array) -> tuple[Array, Array]:
    """1 / (1 + e^x) and its complement, both with all their digits."""
    ratio = np.exp(np.minimum(exponent, _OVERFLOW))
    left = 1.0 / (1.0 + ratio)
    return left, ratio * left


def _inhibition_shapes(columns: Columns, bent: Sequence[Array]) -> tuple[Array, Array]:
    log_ic50, log_hill = bent
    return _left_and_gone(np.exp(log_hill) * (columns[0] - log_ic50))


def _inhibition(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    top, bottom, log_ic50, log_hill = parameters
    slope = np.exp(log_hill)
    exponent = slope * (columns[0] - log_ic50)
    left, gone = _left_and_gone(exponent)
    steep = (top - bottom) * left * gone
    # A control without inhibitor has exponent -1e300 and no steepness; the product is 0.
    return top * left + bottom * gone, [left, gone, steep * slope, -steep * exponent]


def _inhibition_starts(columns: Columns) -> Array:
    tested = np.array(sorted(set(columns[0][columns[0] > -_FAR].tolist())))
    between = 0.5 * (tested[1:] + tested[:-1])
    # A steep curve has a minimum in every gap between concentrations: start in each of them.
    beyond = tested[-1] + np.array([1.0, 2.5, 6.0])
    centres = np.concatenate([tested[:1] - 1.0, tested, between, beyond])
    grid = np.empty((2, centres.size, _HILLS.size))
    grid[0], grid[1] = centres[:, None], _HILLS
    return grid.reshape(2, -1)


def _inhibition_everywhere(columns: Columns) -> Array:
    tested = np.array(sorted(set(columns[0][columns[0] > -_FAR].tolist())))
    centres = _constant_everywhere(float(tested[0]), float(tested[-1]))
    # A steep curve changes within a hair's breadth around each dose, a flat one hardly at all.
    around = (_PART_WAY / np.exp(_EVERY_HILL)[:, None])[:, None, :] + tested[None, :, None]
    centre = np.concatenate([np.tile(centres, _EVERY_HILL.size), around.ravel()])
    hill = np.concatenate(
        [np.repeat(_EVERY_HILL, centres.size), np.repeat(_EVERY_HILL, around[0].size)]
    )
    return np.stack([np.clip(centre, centres[0], centres[-1]), hill])


def _inhibition_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _range_of_logs(columns[0])
    low, high = _plateau_box(y)
    hills = (float(_EVERY_HILL[0]), float(_EVERY_HILL[-1]))
    return [low, low, first - BEYOND, hills[0]], [high, high, last + BEYOND, hills[1]]


INHIBITION = Curve(
    title="inhibition curve",
    parameters=("top", "bottom", "ic50_nM", "hill"),
    units=("response", "response", "nM", ""),
    log=(False, False, True, True),
    linear=(True, True, False, False),
    shapes=_inhibition_shapes,
    evaluate=_inhibition,
    columns=_logarithmic,
    box=_inhibition_box,
    starts=_inhibition_starts,
    everywhere=_inhibition_everywhere,
)


# --- competition for two classes of sites --------------------------------------------------------


def _two_site_shapes(columns: Columns, bent: Sequence[Array]) -> tuple[Array, Array]:
    log_high, log_low, share = bent
    left_high, gone_high = _left_and_gone(columns[0] - log_high)
    left_low, gone_low = _left_and_gone(columns[0] - log_low)
    return (
        share * left_high + (1.0 - share) * left_low,
        share * gone_high + (1.0 - share) * gone_low,
    )


def _two_site(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    top, bottom, log_high, log_low, share = parameters
    left_high, gone_high = _left_and_gone(columns[0] - log_high)
    left_low, gone_low = _left_and_gone(columns[0] - log_low)
    left = share * left_high + (1.0 - share) * left_low
    gone = share * gone_high + (1.0 - share) * gone_low
    span = top - bottom
    slopes = [
        left,
        gone,
        span * share * left_high * gone_high,
        span * (1.0 - share) * left_low * gone_low,
        span * (left_high - left_low),
    ]
    return top * left + bottom * gone, slopes


def _two_site_grid(centres: Array, shares: Array) -> Array:
    high, low, share = np.meshgrid(centres, centres, shares, indexing="ij")
    kept = high < low
    return np.stack([high[kept], low[kept], share[kept]])


def _two_site_starts(columns: Columns) -> Array:
    first, last = _range_of_logs(columns[0])
    return _two_site_grid(np.linspace(first - 0.5, last + 0.5, 12), np.array([0.2, 0.5, 0.8]))


def _two_site_everywhere(columns: Columns) -> Array:
    first, last = _range_of_logs(columns[0])
    inside = np.linspace(first - 2.0, last + 2.0, 22)
    centres = np.concatenate([[first - BEYOND], inside, [last + BEYOND]])
    return _two_site_grid(centres, np.linspace(0.0, 1.0, 11))


def _two_site_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _range_of_logs(columns[0])
    low, high = _plateau_box(y)
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
    shapes=_two_site_shapes,
    evaluate=_two_site,
    columns=_logarithmic,
    box=_two_site_box,
    starts=_two_site_starts,
    everywhere=_two_site_everywhere,
)


# --- competition, exact with depletion -----------------------------------------------------------


def depleted_competition(radioligand_nM: float, receptor_nM: float, kd_nM: float) -> Curve:
    """Competition curve in Ki for a given amount of radioligand and receptor in the tube."""
    return Curve(
        title="competition curve with ligand depletion",
        parameters=("top", "bottom", "ki_nM"),
        units=("response", "response", "nM"),
        log=(False, False, True),
        linear=(True, True, False),
        shapes=partial(_depleted_shapes, radioligand_nM, receptor_nM, kd_nM),
        evaluate=partial(_depleted, radioligand_nM, receptor_nM, kd_nM),
        columns=_plain,
        box=_depleted_box,
        starts=_depleted_starts,
        everywhere=_depleted_everywhere,
    )


def _depleted_shapes(
    ligand: float, receptor: float, kd: float, columns: Columns, bent: Sequence[Array]
) -> tuple[Array, Array]:
    free = equilibrium(columns[0], ligand, receptor, kd, np.exp(bent[0]))
    left = ligand * (free / (kd + free)) / saturation_depletion(ligand, receptor, kd)
    return left, 1.0 - left


def _depleted(
    ligand: float, receptor: float, kd: float, columns: Columns, parameters: Sequence[Array]
) -> tuple[Array, list[Array]]:
    top, bottom, log_ki = parameters
    unopposed = saturation_depletion(ligand, receptor, kd)
    inhibitor, ki = columns[0], np.exp(log_ki)
    free = equilibrium(inhibitor, ligand, receptor, kd, ki)
    left = ligand * (free / (kd + free)) / unopposed
    # Implicit differentiation of the mass balance R = r + L r/(Kd + r) + I r/(Ki + r).
    crowd = 1.0 + ligand * kd / (kd + free) ** 2 + inhibitor * ki / (ki + free) ** 2
    by_ki = inhibitor * free / (ki + free) ** 2 / crowd
    change = ligand * kd / (kd + free) ** 2 / unopposed * by_ki * ki
    span = top - bottom
    return bottom + span * left, [left, 1.0 - left, span * change]


def _depleted_starts(columns: Columns) -> Array:
    first, last = _log_range(columns[0])
    return np.linspace(first - 5.0, last + 1.0, 40)[None, :]


def _depleted_everywhere(columns: Columns) -> Array:
    return _constant_everywhere(*_log_range(columns[0]))[None, :]


def _depleted_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_range(columns[0])
    low, high = _plateau_box(y)
    return [low, low, first - BEYOND], [high, high, last + BEYOND]


# --- saturation ----------------------------------------------------------------------------------


def _saturation_shapes(columns: Columns, bent: Sequence[Array]) -> tuple[Array, Array]:
    conc, has_receptor = columns
    occupied = has_receptor * conc / (np.exp(bent[0]) + conc)
    return occupied, conc + 0.0 * occupied


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


def _saturation_starts(columns: Columns) -> Array:
    first, last = _log_range(columns[0])
    return np.linspace(first - 2.0, last + 3.0, 40)[None, :]


def _saturation_everywhere(columns: Columns) -> Array:
    return _constant_everywhere(*_log_range(columns[0]))[None, :]


def _saturation_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    first, last = _log_range(columns[0])
    largest = float(np.log(np.max(np.abs(y))))
    return (
        [largest - 2.0 * BEYOND, first - BEYOND, -np.inf],
        [largest + BEYOND, last + BEYOND, np.inf],
    )


SATURATION = Curve(
    title="saturation curve",
    parameters=("bmax", "kd_nM", "nonspecific_per_nM"),
    units=("response", "nM", "response/nM"),
    log=(True, True, False),
    linear=(True, False, True),
    shapes=_saturation_shapes,
    evaluate=_saturation,
    columns=_saturation_columns,
    box=_saturation_box,
    starts=_saturation_starts,
    everywhere=_saturation_everywhere,
)


# --- a curve at the data --------------------------------------------------------------------------


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

    @property
    def places(self) -> int:
        """Number of different values of x: replicates do not replace concentrations."""
        return len(self.surface.wells.mean) if isinstance(self.formula, Posed) else len(self.y)

    @cached_property
    def root(self) -> Array:
        """Square root of the weight of each observation, (n,)."""
        return np.ones(len(self.y)) if self.root_weight is None else self.root_weight[:, 0]

    @cached_property
    def rounding(self) -> float:
        """Sum of squares below which residuals are rounding: the data lie on the curve."""
        return float(self.y.size * (1e-5 * np.abs(self.y[:, 0] * self.root).max()) ** 2)

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
            return np.where(log, np.exp(theta), theta)


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
