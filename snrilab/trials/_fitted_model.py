"""A fitted mixed model for repeated measures: coefficients, contrasts, least-squares means."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from snrilab._checks import choice, mapping, members, numbers, one_number
from snrilab._estimate import Estimate, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.trials._fixed_effects import FixedEffects

    Floats = NDArray[np.floating[Any]]

__all__ = ["MMRM", "Contrast", "FTest"]


@dataclass(frozen=True, slots=True)
class Contrast(Estimate):
    """A linear combination of means or coefficients: an `Estimate` with its t test.

    Parameters
    ----------
    value, unit, standard_error, low, high, level, method
        As in `Estimate`; the method is ``"wald"``.
    label : str
        What is estimated, for example ``"drug - placebo, visit 8"``.
    df : float
        Degrees of freedom (Satterthwaite in a mixed model).
    t, p_value : float
        Test of zero, two-sided.
    """

    label: str = ""
    df: float = np.nan
    t: float = np.nan
    p_value: float = np.nan

    @classmethod
    def of(cls, label: str, value: float, error: float, df: float, level: float) -> Contrast:
        """Return the contrast with its test and its interval from Student's t."""
        t = value / error
        reach = float(special.stdtrit(df, 0.5 + level / 2)) * error
        return cls(
            value=value,
            standard_error=error,
            low=value - reach,
            high=value + reach,
            level=level,
            method="wald",
            label=label,
            df=df,
            t=t,
            p_value=float(2 * special.stdtr(df, -abs(t))),
        )

    def __str__(self) -> str:
        chance = f"P = {self.p_value:.2g}" if self.p_value >= 1e-4 else "P < 0.0001"
        return (
            f"{self.label}: {self.value:.3g} (SE {self.standard_error:.3g}, "
            f"{100 * self.level:g} % interval {self.low:.3g} to {self.high:.3g}, "
            f"df {self.df:.4g}, {chance})"
        )


def named(contrasts: Sequence[Contrast], name: str) -> Contrast:
    """Return the contrast with a label, or raise with the labels there are."""
    for one in contrasts:
        if one.label == name:
            return one
    raise unknown_name(name, (repr(one.label) for one in contrasts))


@dataclass(frozen=True, slots=True)
class FTest:
    """Test that several linear combinations of the coefficients are all zero.

    Parameters
    ----------
    f : float
        F statistic.
    numerator_df, denominator_df : float
        Degrees of freedom; the denominator is Satterthwaite's (Fai and Cornelius).
    p_value : float
        Probability of a larger F when all are zero.
    """

    f: float
    numerator_df: float
    denominator_df: float
    p_value: float


@dataclass(frozen=True, eq=False, repr=False)
class MMRM:
    """A fitted mixed model for repeated measures.

    Parameters
    ----------
    names : tuple of str
        Names of the coefficients.
    beta, beta_cov : ndarray
        Coefficients (p,) and their covariance (p, p).
    visits : tuple
        The visits, in order.
    covariance : ndarray
        Covariance of a subject's responses, one row and column per visit.
    minus2_reml : float
        Minus twice the restricted log-likelihood.
    gradient_norm : float
        Length of its gradient on the log-Cholesky scale (response in units of the residual SD);
        about zero at a maximum.
    steps : int
        Newton steps taken.
    n_observations, n_subjects : int
        Observed responses, and subjects with at least one.
    effects : FixedEffects
        The terms of the mean and how they are coded.
    df_method : str
        ``"satterthwaite"``, or the small-sample adjustment that the standard errors carry.
    """

    names: tuple[str, ...]
    beta: Floats
    beta_cov: Floats
    visits: tuple[Any, ...]
    covariance: Floats
    minus2_reml: float
    gradient_norm: float
    steps: int
    n_observations: int
    n_subjects: int
    df_method: str
    effects: FixedEffects
    # What the degrees of freedom need: the unadjusted covariance of the coefficients, its slopes
    # along the elements of the covariance, and the covariance of these elements.
    _unadjusted: Floats
    _slopes: Floats
    _element_cov: Floats

    def __repr__(self) -> str:
        head = (
            f"MMRM of {self.n_observations} responses, {self.n_subjects} subjects, "
            f"{len(self.visits)} visits; -2 REML {self.minus2_reml:.2f}, {self.df_method} df"
        )
        return "\n".join([head, *map(str, self.coefficients())])

    def __getitem__(self, name: str) -> Contrast:
        """Return a coefficient by its name, with its test and its 95 % interval."""
        return named(self.coefficients(), name)

    def coefficients(self, level: float = 0.95) -> tuple[Contrast, ...]:
        """Return every coefficient with its test and interval.

        Parameters
        ----------
        level : float, default 0.95
            Confidence level, in (0, 1).

        Returns
        -------
        tuple of Contrast
        """
        rows = np.eye(len(self.beta))
        return tuple(
            self.contrast(row, name, level) for row, name in zip(rows, self.names, strict=True)
        )

    def contrast(self, weights: ArrayLike, label: str = "", level: float = 0.95) -> Contrast:
        """Estimate a linear combination of the coefficients.

        Parameters
        ----------
        weights : array_like
            One weight per coefficient, in the order of `names`; not all zero.
        label : str, default ""
            Name of the result.
        level : float, default 0.95
            Confidence level, in (0, 1).

        Returns
        -------
        Contrast
        """
        row = numbers("weights", weights)
        if row.shape != self.beta.shape or not row.any():
            raise ValueError(
                f"weights must be {len(self.beta)} numbers, not all zero, got shape {row.shape}."
            )
        level = _level(level)
        error = float(np.sqrt(row @ self.beta_cov @ row))
        return Contrast.of(label, float(row @ self.beta), error, self._satterthwaite(row), level)

    def _satterthwaite(self, row: Floats) -> float:
        """Return the df of the chi-square as variable as the estimated variance of the row."""
        variance = row @ self._unadjusted @ row
        slopes = self._slopes @ row @ row
        return float(2 * variance**2 / (slopes @ self._element_cov @ slopes))

    def ls_means(
        self,
        by: Sequence[str] | str,
        *,
        at: Mapping[str, float] | None = None,
        level: float = 0.95,
    ) -> tuple[Contrast, ...]:
        """Return least-squares means: what the model expects in each cell of some factors.

        Every combination of levels of the other factors counts alike.

        Parameters
        ----------
        by : str or sequence of str
            Factors whose level combinations are the cells.
        at : mapping of str to float, optional
            Values of covariates; each is at its mean over the observations otherwise.
        level : float, default 0.95
            Confidence level, in (0, 1).

        Returns
        -------
        tuple of Contrast
            In the order of the levels, the last factor varying fastest.
        """
        names = _names(by)
        cells, rows = self._grid(names, at)
        return tuple(
            self.contrast(row, _cell(names, cell), level)
            for cell, row in zip(cells, rows, strict=True)
        )

    def differences(
        self,
        factor: str,
        *,
        by: Sequence[str] | str = (),
        reference: Any = None,
        at: Mapping[str, float] | None = None,
        level: float = 0.95,
    ) -> tuple[Contrast, ...]:
        """Return differences of LS means between each level of a factor and a reference level.

        Parameters
        ----------
        factor : str
            The factor that is compared, for example the treatment arm.
        by : str or sequence of str, optional
            Factors within whose cells the comparison is made, for example the visit.
        reference : optional
            Level that is subtracted; the first one by default.
        at, level
            As in `ls_means`.

        Returns
        -------
        tuple of Contrast
            Cells of `by` outermost, levels of the factor within.
        """
        within = _names(by)
        self._demand_factor("factor", factor)
        cells, rows = self._grid([*within, factor], at)
        levels = self.effects.levels[factor]
        reference = levels[0] if reference is None else reference
        if np.ndim(reference) or reference not in levels:
            raise ValueError(
                f"reference must be one of {', '.join(map(repr, levels))}, got {reference!r}."
            )
        base = levels.index(reference)
        found = []
        for first in range(0, len(cells), len(levels)):
            where = _cell(within, cells[first][:-1])
            for i, one in enumerate(levels):
                if i != base:
                    label = f"{one} - {reference}" + (f", {where}" if where else "")
                    found.append(self.contrast(rows[first + i] - rows[first + base], label, level))
        return tuple(found)

    def _demand_factor(self, role: str, name: str) -> None:
        """Raise unless the model has this factor; say how a column of numbers becomes one."""
        if isinstance(name, str) and name in self.effects.means:
            raise ValueError(
                f"{role} must name a factor, but {name!r} holds numbers and so is a covariate; "
                f"name its levels in mmrm, for example levels={{{name!r}: [0, 1]}}."
            )
        if not self.effects.factors:
            raise ValueError(
                f"{role} must name factors of the model, which has none, got {name!r}."
            )
        choice(role, name, list(self.effects.factors))

    def _grid(
        self, by: list[str], at: Mapping[str, float] | None
    ) -> tuple[list[tuple[Any, ...]], Floats]:
        for name in by:
            self._demand_factor("by", name)
        if not by or len(set(by)) < len(by):
            raise ValueError(f"by must name at least one factor, each once, got {by!r}.")
        given = {} if at is None else mapping("at", at, "covariates to values")
        values = {
            choice("at", name, list(self.effects.means)): one_number(f"at[{name!r}]", value)
            for name, value in given.items()
        }
        return self.effects.grid(by, values)


def _names(by: Sequence[str] | str) -> list[str]:
    return [by] if isinstance(by, str) else list(members("by", by, str, "names of factors"))


def _cell(names: Sequence[str], levels: Sequence[Any]) -> str:
    """Name a cell by the levels of its factors; a level that is a number says of what."""
    pairs = zip(names, levels, strict=True)
    return ", ".join(
        f"{name} {one:g}" if isinstance(one, Real) else str(one) for name, one in pairs
    )


def _level(level: float) -> float:
    return one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
