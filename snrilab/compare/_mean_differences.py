"""Differences of means: standardised, corrected for small samples, or read back from a P value."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr, nctdtrinc, ndtri, stdtrit

from snrilab import _checks
from snrilab._estimate import Estimate

__all__ = ["interval_from_p_value", "standardise_difference", "standardised_mean_difference"]


def standardised_mean_difference(
    mean_drug: float,
    sd_drug: float,
    n_drug: int,
    mean_placebo: float,
    sd_placebo: float,
    n_placebo: int,
    *,
    hedges: bool = True,
    method: str = "noncentral_t",
    level: float = 0.95,
) -> Estimate:
    """Return the difference of two means in units of their pooled standard deviation.

    Parameters
    ----------
    mean_drug, mean_placebo : float
        Means, in any one unit.
    sd_drug, sd_placebo : float
        Standard deviations in the same unit, > 0.
    n_drug, n_placebo : int
        Sizes of the groups, >= 2.
    hedges : bool, default True
        Multiply by Hedges' exact factor J, which removes the upward bias of small samples
        (Hedges' g); False gives Cohen's d.
    method : str, default "noncentral_t"
        ``"noncentral_t"``: exact for the true difference of normal data (and so not multiplied
        by J); ``"wald"``: estimate ± z·standard error.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate
        Standardised difference (pure number), large-sample standard error and interval.

    References
    ----------
    Hedges LV. J Educ Stat 1981;6:107-128.

    Examples
    --------
    A fall of 14.6 against 11.3 MADRS points with SD 10.6, 185 patients each:

    >>> print(standardised_mean_difference(-14.6, 10.6, 185, -11.3, 10.6, 185))
    -0.3107 (95 % interval -0.5161 to -0.1061)
    """
    difference = _checks.one_number("mean_drug", mean_drug) - _checks.one_number(
        "mean_placebo", mean_placebo
    )
    s, r = (
        _checks.one_number(name, sd, low=0.0, low_open=True)
        for name, sd in (("sd_drug", sd_drug), ("sd_placebo", sd_placebo))
    )
    m, n = (
        _checks.whole_number("n_drug", n_drug, low=2),
        _checks.whole_number("n_placebo", n_placebo, low=2),
    )
    pooled = math.sqrt(((m - 1) * s**2 + (n - 1) * r**2) / (m + n - 2))
    return _interval(difference / pooled, m, n, hedges, method, level)


def standardise_difference(
    difference: float,
    standard_error: float,
    n_drug: int,
    n_placebo: int,
    *,
    hedges: bool = True,
    method: str = "noncentral_t",
    level: float = 0.95,
) -> Estimate:
    """Return a published difference of means in units of the standard deviation behind its error.

    The standard deviation is standard_error / sqrt(1/n_drug + 1/n_placebo). From a mixed model
    or an analysis of covariance it is the *residual* one, which makes the effect look larger than
    the raw standard deviation does.

    Parameters
    ----------
    difference : float
        Drug minus placebo, in any unit.
    standard_error : float
        Its standard error in the same unit, > 0.
    n_drug, n_placebo : int
        Sizes of the groups, >= 2.
    hedges, method, level
        As for `standardised_mean_difference`.

    Returns
    -------
    Estimate
        Standardised difference (pure number), large-sample standard error and interval.

    Examples
    --------
    Escitalopram 10 mg in Wade 2002, -2.7 points with standard error 0.85:

    >>> round(standardise_difference(-2.7, 0.85, 191, 189).value, 2)
    -0.33
    """
    difference = _checks.one_number("difference", difference)
    error = _checks.one_number("standard_error", standard_error, low=0.0, low_open=True)
    m, n = (
        _checks.whole_number("n_drug", n_drug, low=2),
        _checks.whole_number("n_placebo", n_placebo, low=2),
    )
    return _interval(difference / error * math.sqrt(1 / m + 1 / n), m, n, hedges, method, level)


def interval_from_p_value(
    difference: float, p_value: float, *, df: float = math.inf, level: float = 0.95
) -> Estimate:
    """Return standard error and interval of a difference that was published with only a P value.

    Parameters
    ----------
    difference : float
        Published difference, not 0.
    p_value : float
        Its two-sided P value against 0, in (0, 1).
    df : float, default inf
        Degrees of freedom of the t test, > 0; infinite for a z test.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate
        The difference with standard error ``|difference| / z`` and interval.

    References
    ----------
    Altman DG, Bland JM. BMJ 2011;343:d2090.

    Examples
    --------
    Levomilnacipran 40 mg in Asnis 2013, -3.23 MADRS points with P = .0186:

    >>> print(interval_from_p_value(-3.23, 0.0186))
    -3.23 (95 % interval -5.92 to -0.54)
    """
    difference = _checks.one_number("difference", difference)
    if difference == 0:
        raise ValueError("difference must not be 0, got 0: its P value says nothing of its error.")
    inside = {"low": 0.0, "high": 1.0, "low_open": True, "high_open": True}
    p_value = _checks.one_number("p_value", p_value, **inside)
    level = _checks.one_number("level", level, **inside)
    df = _checks.one_number("df", df, low=0.0, low_open=True, infinite=True)

    def quantile(probability: float) -> float:
        return float(ndtri(probability) if math.isinf(df) else stdtrit(df, probability))

    error = abs(difference) / -quantile(p_value / 2)
    half = quantile(0.5 + level / 2) * error
    return Estimate(difference, "", error, difference - half, difference + half, level, "wald")


def _interval(d: float, m: float, n: float, hedges: bool, method: str, level: float) -> Estimate:
    method = _checks.choice("method", method, ("noncentral_t", "wald"))
    level = _checks.one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    df = m + n - 2
    hedges = _checks.flag("hedges", hedges)
    factor = _small_sample_factor(df) if hedges else 1.0
    value = factor * d
    error = math.sqrt(1 / m + 1 / n + value**2 / (2 * (m + n)))
    if method == "wald":
        half = float(ndtri(0.5 + level / 2)) * error
        return Estimate(value, "", error, value - half, value + half, level, method)
    scale = math.sqrt(1 / m + 1 / n)  # t = d / scale follows a noncentral t around delta / scale
    low, high = (
        scale * _noncentrality(df, probability, d / scale)
        for probability in (0.5 + level / 2, 0.5 - level / 2)
    )
    return Estimate(value, "", error, low, high, level, method)


def _small_sample_factor(df: float) -> float:
    """Return Hedges' J, by which d overstates the true difference."""
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)


def _noncentrality(df: float, probability: float, t: float) -> float:
    """Return the noncentrality at which t has this cumulative probability."""
    rough = float(nctdtrinc(df, probability, t))  # good to seven digits only
    reach = 1e-3 * (1 + abs(rough))
    return float(
        brentq(
            lambda centre: nctdtr(df, centre, t) - probability,
            rough - reach,
            rough + reach,
            xtol=1e-14,
        )
    )
