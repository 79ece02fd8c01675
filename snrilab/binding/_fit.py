"""The result of a fit: estimates with intervals, residuals, and what a student should look at."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from snrilab._estimate import Estimate, student_t, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from snrilab._diagnostic import Diagnostic
    from snrilab.binding._curves import Problem

    Array = NDArray[np.float64]
    Derive = Callable[[Mapping[str, Estimate]], Mapping[str, Estimate]]
    Judge = Callable[["Fit"], tuple[Diagnostic, ...]]

__all__ = ["Fit"]

_NO_LIMIT = np.log(1e12)
_VAGUE = 3.0  # a standard error of a logarithm beyond this: a factor of 20, as good as unknown


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """A fitted curve.

    Parameters
    ----------
    title : str
        What was fitted.
    estimates : mapping of str to Estimate
        Fitted parameters, then constants derived from them (a Ki from an IC50).
    diagnostics : tuple of Diagnostic
        What is doubtful about this fit, in codes and in sentences; empty when nothing is.
    x : ndarray or tuple of ndarray
        The independent variable(s) as fitted.
    y : ndarray of shape (n,)
        The observations.
    fitted : ndarray of shape (n,)
        The curve at `x`.
    residuals : ndarray of shape (n,)
        Observation minus curve (unweighted).
    rss : float
        Residual sum of squares, weighted when the fit was.
    df : int
        Degrees of freedom: observations minus fitted parameters.
    covariance : ndarray of shape (p, p)
        Gauss-Newton covariance of the fitted parameters, in their units.
    level : float
        Confidence level of the intervals.

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> fit.df
    3
    >>> print(round(fit["ic50_nM"].value, 1), fit["ic50_nM"].unit)
    10.6 nM
    """

    title: str
    estimates: Mapping[str, Estimate]
    diagnostics: tuple[Diagnostic, ...]
    x: Array | tuple[Array, ...]
    y: Array
    fitted: Array
    residuals: Array
    rss: float
    df: int
    covariance: Array
    level: float
    problem: Problem = field(repr=False)
    theta: Array = field(repr=False)
    tangent: Array = field(repr=False)
    derive: Derive | None = field(default=None, repr=False)
    judge: Judge | None = field(default=None, repr=False)

    def __getitem__(self, name: str) -> Estimate:
        if name not in self.estimates:
            raise unknown_name(name, self.estimates)
        return self.estimates[name]

    @property
    def n(self) -> int:
        """Number of observations."""
        return self.y.size

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the fitted parameters (without derived constants)."""
        return self.problem.names

    @property
    def sigma(self) -> float:
        """Residual standard deviation, ``sqrt(rss / df)``; NaN without degrees of freedom."""
        return float(np.sqrt(self.rss / self.df)) if self.df > 0 else float("nan")

    @cached_property
    def leverage(self) -> Array:
        """How much each observation pulls the curve to itself, from 0 to 1, (n,)."""
        return np.asarray(np.einsum("nk,nk->n", self.tangent, self.tangent))

    @cached_property
    def r_squared(self) -> float:
        """Part of the (weighted) variance that the curve explains; <= 1."""
        weight = self.problem.root**2
        away = self.y - weight @ self.y / weight.sum()
        return float(1.0 - self.rss / (weight @ away**2))

    @cached_property
    def correlation(self) -> Array:
        """Correlation matrix of the fitted parameters; NaN where a standard error is infinite."""
        error = np.sqrt(np.diag(self.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.covariance / np.outer(error, error))

    @cached_property
    def aic(self) -> float:
        """Akaike's criterion with the residual variance counted as a parameter."""
        log_weight = float(2.0 * np.sum(np.log(self.problem.root)))
        minus_two_log = self.n * (np.log(2.0 * np.pi * self.rss / self.n) + 1.0) - log_weight
        return float(minus_two_log + 2.0 * (len(self.parameters) + 1))

    @property
    def aicc(self) -> float:
        """Akaike's criterion corrected for small samples; inf when n - p <= 2."""
        k = len(self.parameters) + 1
        spare = self.n - k - 1
        return self.aic + 2.0 * k * (k + 1) / spare if spare > 0 else float("inf")

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the diagnostics."""
        return tuple(diagnostic.code for diagnostic in self.diagnostics)

    def predict(self, x: ArrayLike | tuple[ArrayLike, ...]) -> Array:
        """Return the fitted curve at `x`.

        Parameters
        ----------
        x : array_like, or tuple of array_like
            In the unit and form in which the data were given.

        Returns
        -------
        ndarray
            The curve, in the unit of y and the shape of `x`.
        """
        return self.problem.formula.predict(x, self.theta)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "estimates": dict(self.estimates)}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self.__dict__["estimates"] = MappingProxyType(state["estimates"])  # type: ignore[arg-type]

    def _rows(self) -> list[tuple[str, str, str, str]]:
        rows = []
        for name, estimate in self.estimates.items():
            words = str(estimate)
            interval = words[words.index("(") + 1 : -1] if "(" in words else ""
            error = "" if np.isnan(estimate.standard_error) else f"{estimate.standard_error:.3g}"
            value = f"{estimate.value:.4g} {estimate.unit}".rstrip()
            rows.append((name, value, error, interval))
        return rows

    def _summary(self) -> str:
        points = f"{self.n} points, {len(self.parameters)} parameters"
        if self.df == 0:
            return f"{self.title}: {points}, no degrees of freedom"
        return f"{self.title}: {points}, residual SD {self.sigma:.3g}, R² {self.r_squared:.4f}"

    def __str__(self) -> str:
        lines = [self._summary()]
        lines += [f"  {name}: {self.estimates[name]}" for name in self.estimates]
        lines += [f"  Check ({each.code}): {each.sentence}" for each in self.diagnostics]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="text-align:left">{title}</th>'
            for title in ("parameter", "estimate", "standard error", "interval")
        )
        body = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in self._rows()
        )
        checks = "".join(
            f"<li><code>{html.escape(each.code)}</code>: {html.escape(each.sentence)}</li>"
            for each in self.diagnostics
        )
        listed = f"<p>Check:</p><ul>{checks}</ul>" if checks else ""
        return (
            f"<table><caption>{html.escape(self._summary())}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{listed}"
        )


def conclude(
    problem: Problem,
    theta: Array,
    x: Array | tuple[Array, ...],
    level: float,
    *,
    derive: Derive | None = None,
    judge: Judge | None = None,
) -> Fit:
    """Make the result of a fit from the parameters at which it stopped, with Wald intervals."""
    with np.errstate(over="ignore", under="ignore"):
        value, slope = problem.formula.evaluate(theta[:, None])
    y, fitted = problem.y[:, 0], np.asarray(value[:, 0])
    residuals = y - fitted
    weighted = residuals * problem.root
    rss = float(weighted @ weighted)
    df = y.size - theta.size
    unscaled, tangent = _curvature(slope[:, :, 0].T * problem.root[:, None])
    scale = np.where(problem.log, problem.natural(theta), 1.0)
    variance = rss / df if df > 0 else np.nan
    with np.errstate(invalid="ignore"):
        error = np.sqrt(variance * unscaled.diagonal())
        covariance = variance * unscaled * (scale * scale[:, None])
    fit = Fit(
        title=problem.title,
        estimates={},
        diagnostics=(),
        x=x,
        y=y,
        fitted=fitted,
        residuals=residuals,
        rss=rss,
        df=df,
        covariance=covariance,
        level=level,
        problem=problem,
        theta=theta,
        tangent=tangent,
        derive=derive,
        judge=judge,
    )
    reach = np.fmin(student_t(level, df) * error if df > 0 else error, np.inf)
    return with_limits(fit, theta - reach, theta + reach, level, "wald")


def judged(fit: Fit) -> Fit:
    """Return the fit with what its judge doubts, in place of what was said of an earlier one."""
    return fit if fit.judge is None else replace(fit, diagnostics=fit.judge(fit))


def undetermined(fit: Fit) -> NDArray[np.bool_]:
    """Which parameters ended at the end of their range or with an error as good as infinite."""
    problem, theta = fit.problem, fit.theta
    edge = 1e-6 * (1.0 + np.abs(theta))
    at_edge = (theta <= problem.low[:, 0] + edge) | (theta >= problem.high[:, 0] - edge)
    fitted = [fit.estimates[name] for name in problem.names]
    error = np.array([each.standard_error for each in fitted])
    vague = _VAGUE * np.abs([each.value for each in fitted])
    return np.asarray(at_edge | (error == np.inf) | (problem.log & (error > vague)))


def with_limits(fit: Fit, low: Array, high: Array, level: float, method: str) -> Fit:
    """Return the fit with intervals from limits on the fitted scale; derived constants follow."""
    problem = fit.problem
    # A factor of 1e12 either way is no limit at all.
    low = np.where(problem.log & (fit.theta - low > _NO_LIMIT), -np.inf, low)
    high = np.where(problem.log & (high - fit.theta > _NO_LIMIT), np.inf, high)
    values, lows, highs = problem.natural(np.stack([fit.theta, low, high], axis=1)).T.tolist()
    errors = np.sqrt(fit.covariance.diagonal()).tolist()
    estimates = {
        name: Estimate(
            value=values[i],
            unit=problem.units[i],
            standard_error=errors[i],
            low=lows[i],
            high=highs[i],
            level=level,
            method=method,
        )
        for i, name in enumerate(problem.names)
    }
    if fit.derive is not None:
        estimates.update(fit.derive(estimates))
    return replace(fit, estimates=MappingProxyType(estimates), level=level)


def _curvature(jacobian: Array) -> tuple[Array, Array]:
    """(J'J)^-1 and the directions in which the curve moves, from an SVD of the scaled Jacobian.

    Directions that the data do not see get an infinite variance, and only the parameters that take
    part in them.
    """
    length = np.sqrt(np.einsum("np,np->p", jacobian, jacobian))
    scale = np.where(length > 0.0, length, 1.0)
    left, size, right = np.linalg.svd(jacobian / scale, full_matrices=False)
    seen = size > 1e-10 * max(size[0], np.finfo(float).tiny)
    part = right[seen] / size[seen, None]
    inverse = part.T @ part / (scale * scale[:, None])
    if len(part) < scale.size:
        blind = (right[seen] ** 2).sum(axis=0) < 1.0 - 1e-6
        inverse[blind, :] = inverse[:, blind] = np.nan
        inverse[blind, blind] = np.inf
    return inverse, left[:, seen]
