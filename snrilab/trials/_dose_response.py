"""Dose-response curves by least squares: straight line, parabola, Emax, sigmoid Emax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from snrilab._checks import choice, nonnegative, numbers, one_number, positive, scalar_or_array
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["DoseResponseFit", "emax", "fit_dose_response"]

MODELS = ("linear", "quadratic", "emax", "sigmoid_emax")
PARAMETERS = {
    "linear": ("e0", "slope"),
    "quadratic": ("e0", "slope", "curvature"),
    "emax": ("e0", "emax", "ed50"),
    "sigmoid_emax": ("e0", "emax", "ed50", "hill"),
}
HILL_RANGE = (0.1, 20.0)


def emax(
    dose: ArrayLike, e0: ArrayLike, emax: ArrayLike, ed50: ArrayLike, hill: ArrayLike = 1.0
) -> Any:
    r"""Effect of a dose: :math:`E_0 + E_{max} D^h / (ED_{50}^h + D^h)`.

    Parameters
    ----------
    dose : array_like
        Dose, >= 0.
    e0, emax : array_like
        Effect without drug and greatest change of it, in the unit of the effect.
    ed50 : array_like
        Dose of the half-greatest change, same unit as the dose, > 0.
    hill : array_like, default 1
        Steepness, > 0.

    Returns
    -------
    float or ndarray
        Effect, between e0 and e0 + emax, of the broadcast shape.

    Examples
    --------
    >>> emax(12.0, 160.0, -110.0, 12.0)
    105.0
    """
    given = nonnegative("dose", dose)
    half, steep = positive("ed50", ed50), positive("hill", hill)
    base, top = numbers("e0", e0), numbers("emax", emax)
    return scalar_or_array(np.asarray(base + top * _share(given, half, steep)))


def _share(dose: Floats, ed50: Floats | float, hill: Floats | float) -> Floats:
    """Return the share of Emax; logistic in the logarithm of the dose, so nothing overflows."""
    with np.errstate(divide="ignore"):
        return np.asarray(special.expit(hill * (np.log(dose) - np.log(ed50))))


@dataclass(frozen=True)
class DoseResponseFit:
    """A dose-response curve fitted by least squares.

    Parameters
    ----------
    model : str
        Name of the model.
    estimates : tuple of Estimate
        Parameters in the order of `names`, with Wald intervals.
    names : tuple of str
        Names of the parameters.
    rss : float
        Residual sum of squares.
    df : int
        Residual degrees of freedom.
    aic : float
        Akaike's criterion (normal errors, the variance counted as a parameter).
    identifiable : bool
        Whether the doses determine all parameters; standard errors are NaN otherwise.
    """

    model: str
    estimates: tuple[Estimate, ...]
    names: tuple[str, ...]
    rss: float
    df: int
    aic: float
    identifiable: bool

    def __getitem__(self, name: str) -> Estimate:
        return self.estimates[self.names.index(choice("name", name, self.names))]

    def predict(self, dose: ArrayLike) -> Any:
        """Return the fitted mean at a dose.

        Parameters
        ----------
        dose : array_like
            Dose, >= 0.

        Returns
        -------
        float or ndarray
        """
        given = nonnegative("dose", dose)
        values = [one.value for one in self.estimates]
        shape = _shapes(self.model, given.ravel(), np.array(values[2:]))
        n = shape.shape[1]
        return scalar_or_array((shape @ np.array(values[:n])).reshape(given.shape))


def fit_dose_response(
    dose: ArrayLike, response: ArrayLike, model: str = "emax", *, level: float = 0.95
) -> DoseResponseFit:
    """Fit a dose-response curve by least squares.

    The parameters that enter linearly are eliminated; the others are searched on a grid over the
    doses and refined, so no start values are needed.

    Parameters
    ----------
    dose : array_like
        Dose of each animal or patient, >= 0.
    response : array_like
        Response of each, finite.
    model : {"linear", "quadratic", "emax", "sigmoid_emax"}, default "emax"
        Curve to fit.
    level : float, default 0.95
        Confidence level of the Wald intervals, in (0, 1).

    Returns
    -------
    DoseResponseFit

    References
    ----------
    Bretz F, Pinheiro JC, Branson M. Biometrics 2005;61:738-748.
    doi:10.1111/j.1541-0420.2005.00344.x

    Examples
    --------
    >>> dose = [0, 0, 5, 5, 10, 10, 20, 20, 40, 40]
    >>> seconds = [161, 159, 128, 127, 110, 111, 91, 90, 76, 74]
    >>> print(fit_dose_response(dose, seconds)["ed50"])
    12.23 (95 % Wald interval 10.96 to 13.51)
    """
    choice("model", model, MODELS)
    level = one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    x, y = nonnegative("dose", dose), numbers("response", response)
    names = PARAMETERS[model]
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(
            f"dose and response must be one-dimensional and of equal length, got {x.shape} and "
            f"{y.shape}."
        )
    if len(np.unique(x)) < len(names) or len(x) <= len(names):
        raise ValueError(
            f"dose must have at least {len(names)} different values and {len(names) + 1} "
            f"observations for the {model} model, got {len(np.unique(x))} and {len(x)}."
        )
    if np.ptp(y) == 0:
        raise ValueError("response must vary, got one value only.")
    shape = _search(model, x, y)
    columns = _shapes(model, x, shape)
    linear = np.linalg.lstsq(columns, y, rcond=None)[0]
    rss = float(np.sum((y - columns @ linear) ** 2))
    values = np.concatenate([linear, shape])
    df, n = len(x) - len(names), len(x)
    errors, identifiable = _errors(model, x, values, rss / df)
    reach = float(special.stdtrit(df, 0.5 + level / 2))
    return DoseResponseFit(
        model=model,
        estimates=tuple(
            Estimate(
                float(v), "", float(s), float(v - reach * s), float(v + reach * s), level, "Wald"
            )
            for v, s in zip(values, errors, strict=True)
        ),
        names=names,
        rss=rss,
        df=df,
        aic=float(n * (np.log(2 * np.pi * rss / n) + 1) + 2 * (len(names) + 1)),
        identifiable=identifiable,
    )


def _shapes(model: str, dose: Floats, shape: Floats) -> Floats:
    """Return the columns of the linear parameters, given the others."""
    one = np.ones_like(dose)
    if model == "linear":
        return np.stack([one, dose], axis=1)
    if model == "quadratic":
        return np.stack([one, dose, dose**2], axis=1)
    hill = float(shape[1]) if model == "sigmoid_emax" else 1.0
    return np.stack([one, _share(dose, float(shape[0]), hill)], axis=1)


def _search(model: str, dose: Floats, response: Floats) -> Floats:
    """Return ED50 (and Hill) of the least sum of squares: best of a grid, then refined."""
    from scipy import optimize

    if model in {"linear", "quadratic"}:
        return np.empty(0)
    given = dose[dose > 0]
    ed50 = np.log(np.geomspace(given.min() / 30, given.max() * 30, 60))
    hills = np.log(np.geomspace(0.3, 8, 12)) if model == "sigmoid_emax" else np.zeros(1)

    def rss(at: Floats) -> float:
        columns = _shapes(model, dose, np.exp(at))
        left = response - columns @ np.linalg.lstsq(columns, response, rcond=None)[0]
        return float(left @ left)

    grid = np.array([(e, h) for e in ed50 for h in hills])
    start = grid[int(np.argmin([rss(point) for point in grid]))]
    free = 2 if model == "sigmoid_emax" else 1
    wide = (ed50[0] - 3, ed50[-1] + 3)
    bounds = [wide, (np.log(HILL_RANGE[0]), np.log(HILL_RANGE[1]))][:free]
    scale = rss(start)
    best = optimize.minimize(
        lambda at: rss(at) / scale,
        start[:free],
        method="Nelder-Mead",
        bounds=bounds,
        options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000, "maxfev": 4000},
    )
    return np.asarray(np.exp(best.x))


def _errors(model: str, dose: Floats, values: Floats, variance: float) -> tuple[Floats, bool]:
    """Return standard errors from the Jacobian, and whether it has full rank."""
    jacobian = _shapes(model, dose, values[2:])
    if model in {"emax", "sigmoid_emax"}:
        top, ed50 = values[1], values[2]
        hill = values[3] if model == "sigmoid_emax" else 1.0
        share = jacobian[:, 1]
        bend = top * share * (1 - share)
        extra = [-bend * hill / ed50]
        if model == "sigmoid_emax":
            logs = np.log(np.where(dose > 0, dose, ed50)) - np.log(ed50)
            extra.append(bend * logs)
        jacobian = np.column_stack([jacobian, *extra])
    size = np.sqrt((jacobian**2).sum(axis=0))
    if not (size > 0).all() or np.linalg.matrix_rank(jacobian / size, tol=1e-7) < len(values):
        return np.full(len(values), np.nan), False
    upper = np.linalg.qr(jacobian / size, mode="r")
    inverse = np.linalg.inv(np.asarray(upper))
    return np.sqrt(variance * (inverse**2).sum(axis=1)) / size, True
