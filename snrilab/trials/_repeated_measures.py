"""Mixed model for repeated measures: the standard primary analysis of a depression trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import linalg

from snrilab._checks import choice, mapping
from snrilab.trials._fitted_model import MMRM
from snrilab.trials._fixed_effects import FixedEffects, code_factor, declare
from snrilab.trials._long_data import columns_of, demand_variance, visits_seen
from snrilab.trials._reml import Maximum, Observations, kenward_roger, maximise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["mmrm"]

METHODS = ("satterthwaite", "kenward-roger")


def mmrm(
    data: Mapping[str, Any],
    *,
    response: str,
    subject: str,
    visit: str,
    fixed: Sequence[str],
    levels: Mapping[str, Sequence[Any]] | None = None,
    df: str = "satterthwaite",
) -> MMRM:
    r"""Fit a mixed model for repeated measures with unstructured covariance by REML.

    Subject i has mean :math:`X_i\beta` and covariance :math:`\Sigma_i`, the rows and columns of
    one unrestricted matrix that belong to the visits the subject has. No random effects, and no
    imputation: a missing response contributes nothing, which is right when what is missing depends
    only on what was seen (missing at random). The degrees of freedom are Satterthwaite's, from the
    exact Hessian of the restricted likelihood.

    Parameters
    ----------
    data : mapping of str to array_like
        Columns of equal length, one entry per subject and visit: a dict, a structured array or a
        data frame (pandas, polars, arrow). A row whose response is NaN is left out; a missing
        subject, visit or factor is refused.
    response, subject, visit : str
        Names of the columns with the response, the subject and the visit. Each subject has at most
        one response per visit.
    fixed : sequence of str
        Terms of the mean: ``"race"`` a main effect, ``"arm:visit"`` an interaction,
        ``"arm*visit"`` both main effects and their interaction. There is always an intercept.
        Text, booleans and categoricals are factors, numbers are covariates; the visit is always a
        factor.
    levels : mapping of str to sequence, optional
        Order of a factor's levels, the reference first. By default the order of a categorical
        column, else sorted (text by alphabet, so that "week 10" comes before "week 2": give the
        order or use numbers). A numeric column named here is a factor, for example
        ``levels={"arm": [0, 1]}``.
    df : {"satterthwaite", "kenward-roger"}, default "satterthwaite"
        Kenward and Roger's method adjusts the standard errors for small samples and keeps
        Satterthwaite's degrees of freedom for single contrasts. Its parameters are the elements of
        the covariance, as in SAS.

    Returns
    -------
    MMRM
        Coefficients, covariance, and methods for contrasts and least-squares means.

    Raises
    ------
    ValueError
        When the design has columns that the others determine, when two visits are never seen in
        the same subject, or when the data do not determine the covariance.

    References
    ----------
    Mallinckrodt CH et al. Drug Inf J 2008;42:303-319. doi:10.1177/009286150804200402
    Kenward MG, Roger JH. Biometrics 1997;53:983-997. doi:10.2307/2533558

    Examples
    --------
    Two visits, nobody missing: the contrast at each visit is the difference of the group means.

    >>> trial = {
    ...     "patient": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...     "week": [4, 8] * 6,
    ...     "arm": ["placebo"] * 6 + ["drug"] * 6,
    ...     "madrs": [25, 20, 29, 23, 24, 20, 22, 16, 20, 13, 24, 16],
    ... }
    >>> fit = mmrm(trial, response="madrs", subject="patient", visit="week", fixed=["arm*week"],
    ...            levels={"arm": ["placebo", "drug"]})
    >>> for difference in fit.differences("arm", by="week"):
    ...     print(difference)
    drug - placebo, week 4: -4 (SE 1.91, 95 % interval -9.32 to 1.32, df 4, P = 0.1)
    drug - placebo, week 8: -6 (SE 1.41, 95 % interval -9.93 to -2.07, df 4, P = 0.013)
    """
    choice("df", df, METHODS)
    levels = {} if levels is None else mapping("levels", levels, "factors to their levels")
    columns, order, known = columns_of(data, response, subject, visit, fixed, levels)
    y = columns.pop(response)
    people, person = code_factor(subject, columns[subject], None)
    effects, design = declare(
        {name: column for name, column in columns.items() if name != subject},
        fixed,
        [visit],
        order,
        known,
    )
    visits, when = effects.levels[visit], effects.codes[visit]
    seen = visits_seen(person, when, len(people), visits, subject, visit)
    demand_variance(y, when, visits, response, visit)
    plain = Standardised.of(design, y, effects.names())
    cube = np.zeros((*seen.shape, design.shape[1]))
    cube[person, when] = plain.design
    grid = np.zeros(seen.shape)
    grid[person, when] = plain.residuals
    grouped = Observations.group(cube, grid, seen)
    best = maximise(grouped, starting_covariance(grid, seen))
    return _assemble(best, grouped, plain, effects, visits, df)


def _assemble(
    best: Maximum,
    grouped: Observations,
    plain: Standardised,
    effects: FixedEffects,
    visits: tuple[Any, ...],
    df: str,
) -> MMRM:
    """Return the fit in units of the response and coordinates of the design."""
    here, back, scale = best.likelihood, plain.back, plain.scale
    # The Hessian is that of minus twice the log-likelihood.
    element_cov = 2 * np.linalg.inv(here.hessian)
    unadjusted = back @ here.beta_cov @ back.T * scale**2
    beta_cov = unadjusted
    if df != "satterthwaite":
        adjusted = kenward_roger(grouped, best.covariance, here, element_cov)
        beta_cov = back @ adjusted @ back.T * scale**2
    n, p = grouped.n_observations, len(here.beta)
    return MMRM(
        names=effects.names(),
        beta=back @ (plain.projection + here.beta * scale),
        beta_cov=beta_cov,
        visits=visits,
        covariance=best.covariance * scale**2,
        minus2_reml=here.minus2 + 2 * (n - p) * float(np.log(scale)) + plain.log_det,
        gradient_norm=best.gradient_norm,
        steps=best.steps,
        n_observations=n,
        n_subjects=int(grouped.counts.sum()),
        df_method=df,
        effects=effects,
        _unadjusted=unadjusted,
        _slopes=back @ here.beta_cov_slopes @ back.T,
        _element_cov=element_cov * scale**4,
    )


@dataclass(frozen=True, eq=False)
class Standardised:
    """Design and response in coordinates without units: the likelihood is well scaled there.

    The response is replaced by its ordinary least-squares residuals, whose restricted likelihood
    is the same, in units of their standard deviation.
    """

    design: Floats  # orthonormal columns
    residuals: Floats
    projection: Floats  # what the residuals leave out, in coordinates of the orthonormal design
    back: Floats  # from these coordinates to the coefficients
    log_det: float  # of the design's sums of squares and products
    scale: float

    @classmethod
    def of(cls, design: Floats, y: Floats, names: tuple[str, ...]) -> Standardised:
        """Standardise, or raise when the design or the response cannot be."""
        size = np.sqrt((design**2).sum(axis=0))
        if not (size > 0).all():
            empty = names[int(np.argmin(size))]
            raise ValueError(
                f"fixed gives a rank-deficient design: column {empty!r} is all zero among the "
                "observed responses."
            )
        upright, upper = np.linalg.qr(design / size)
        if np.abs(np.diag(upper)).min() < 1e-4:
            _demand_full_rank(design / size, names)
        projection = upright.T @ y
        residuals = y - upright @ projection
        spare = len(y) - len(names)
        scale = float(np.sqrt(residuals @ residuals / max(spare, 1)))
        if spare < 1 or scale <= 1e-12 * float(np.abs(y).max()):
            raise ValueError(
                f"response must vary around the fixed effects; {len(y)} responses and {len(names)} "
                f"coefficients leave a residual SD of {scale:.3g}."
            )
        return cls(
            design=upright,
            residuals=residuals / scale,
            projection=projection,
            back=np.linalg.inv(upper) / size[:, None],
            log_det=2 * float(np.log(np.abs(np.diag(upper)) * size).sum()),
            scale=scale,
        )


def _demand_full_rank(design: Floats, names: tuple[str, ...]) -> None:
    upper, order = linalg.qr(design, mode="r", pivoting=True)
    pivots = np.abs(np.diag(upper))
    rank = int((pivots > 1e-9 * pivots[0]).sum())
    if rank < len(names):
        aliased = ", ".join(sorted(names[i] for i in order[rank:]))
        raise ValueError(
            f"fixed gives a rank-deficient design: {len(names)} columns, rank {rank}; other "
            f"columns determine {aliased}. Leave out a term or merge levels."
        )


def starting_covariance(residuals: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Return a covariance from all available pairs, pulled inside the positive definite ones."""
    count = seen.sum(axis=0)
    sd = np.sqrt((residuals**2).sum(axis=0) / count)
    sd = np.maximum(sd, 1e-3 * sd.max())
    together = seen.T.astype(np.float64) @ seen
    correlation = residuals.T @ residuals / together / np.outer(sd, sd)
    correlation = 0.9 * np.clip(correlation, -1, 1)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    correlation = (vectors * np.maximum(values, 0.05)) @ vectors.T
    return np.asarray(correlation * np.outer(sd, sd))
