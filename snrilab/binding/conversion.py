"""From IC50 to Ki and back: what the assay adds to the affinity, and how to take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import broadcastable, nonnegative, one_number, positive, scalar_or_array
from snrilab._estimate import Estimate
from snrilab.binding.depletion import free_radioligand, saturation_depletion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "cheng_prusoff",
    "ic50_from_ki",
    "ki_interval",
    "munson_rodbard",
    "nikolovska_coleska",
]


def cheng_prusoff(ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike) -> Any:
    """Ki from IC50 for a competitive inhibitor, ``IC50 / (1 + L / Kd)``.

    The IC50 belongs to one assay, the Ki to the drug and its target. The same equation holds for
    uptake with substrate concentration and Km in place of L and Kd. It assumes that free equals
    added concentration; when the receptor depletes the ligands, use `nikolovska_coleska`.

    Parameters
    ----------
    ic50_nM : array_like
        Inhibitor concentration that halves specific binding, nM, > 0.
    radioligand_nM : array_like
        Free radioligand concentration L, nM, >= 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.

    Returns
    -------
    float or ndarray
        Ki, nM, in (0, `ic50_nM`], of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    References
    ----------
    Cheng Y, Prusoff WH (1973) Biochem Pharmacol 22:3099-3108. doi:10.1016/0006-2952(73)90196-2

    Examples
    --------
    >>> round(cheng_prusoff(ic50_nM=28, radioligand_nM=1, kd_nM=2.5), 6)
    20.0
    """
    ic50 = positive("ic50_nM", ic50_nM)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    kd = positive("kd_nM", kd_nM)
    broadcastable(ic50_nM=ic50, radioligand_nM=ligand, kd_nM=kd)
    return scalar_or_array(ic50 / (1.0 + ligand / kd))


def munson_rodbard(
    ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, bound_over_free: ArrayLike
) -> Any:
    """Ki from IC50, exact with depletion, when bound/free of the radioligand was measured.

    Parameters
    ----------
    ic50_nM : array_like
        Total inhibitor that halves specific binding, nM, > 0.
    radioligand_nM : array_like
        Total radioligand added, nM, >= 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.
    bound_over_free : array_like
        Specifically bound over free radioligand without inhibitor (a ratio), >= 0; 0 gives
        Cheng-Prusoff.

    Returns
    -------
    float or ndarray
        Ki, nM, > 0, of the broadcast shape.

    Raises
    ------
    ValueError
        If the IC50 is so small that no Ki can explain it: titrating the receptor alone takes more.
    TypeError
        If an argument is not a number.

    References
    ----------
    Munson PJ, Rodbard D (1988) J Recept Res 8:533-546. doi:10.3109/10799898809049010

    Examples
    --------
    >>> round(munson_rodbard(12.7082039325, 1, kd_nM=1, bound_over_free=0.61803398875), 6)
    5.0
    """
    ic50 = positive("ic50_nM", ic50_nM)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    kd = positive("kd_nM", kd_nM)
    ratio = nonnegative("bound_over_free", bound_over_free)
    broadcastable(ic50_nM=ic50, radioligand_nM=ligand, kd_nM=kd, bound_over_free=ratio)
    shift, receptor_at_half = _shift(ligand, kd, ratio)
    ki = ic50 / shift - receptor_at_half
    if np.any(ki <= 0.0):
        least = float(np.max(np.where(ki <= 0.0, shift * receptor_at_half, 0.0)))
        raise ValueError(
            f"ic50_nM must be > {least:.4g} here, got {float(np.min(ic50)):.4g}: less inhibitor "
            "cannot occupy enough receptor, however high its affinity."
        )
    return scalar_or_array(ki)


def nikolovska_coleska(
    ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike
) -> Any:
    """Ki from IC50, exact with depletion, when the concentration of receptor is known.

    Parameters
    ----------
    ic50_nM : array_like
        Total inhibitor that halves specific binding, nM, > 0.
    radioligand_nM : array_like
        Total radioligand added, nM, > 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.
    receptor_nM : array_like
        Total concentration of binding sites, nM, >= 0; 0 gives Cheng-Prusoff.

    Returns
    -------
    float or ndarray
        Ki, nM, > 0, of the broadcast shape.

    Raises
    ------
    ValueError
        If the IC50 is so small that no Ki can explain it.
    TypeError
        If an argument is not a number.

    References
    ----------
    Nikolovska-Coleska Z et al. (2004) Anal Biochem 332:261-273. doi:10.1016/j.ab.2004.05.055

    Examples
    --------
    >>> round(nikolovska_coleska(12.7082039325, 1, kd_nM=1, receptor_nM=1), 6)
    5.0
    """
    ic50 = positive("ic50_nM", ic50_nM)
    broadcastable(
        ic50_nM=ic50,
        radioligand_nM=positive("radioligand_nM", radioligand_nM),
        kd_nM=positive("kd_nM", kd_nM),
        receptor_nM=nonnegative("receptor_nM", receptor_nM),
    )
    return munson_rodbard(
        ic50_nM, radioligand_nM, kd_nM, _bound_over_free(radioligand_nM, kd_nM, receptor_nM)
    )


def ic50_from_ki(
    ki_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike = 0.0
) -> Any:
    """IC50 that an assay will show for a given Ki: the planning direction.

    Parameters
    ----------
    ki_nM : array_like
        Inhibition constant, nM, > 0.
    radioligand_nM : array_like
        Total radioligand added, nM, > 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.
    receptor_nM : array_like, default 0
        Total concentration of binding sites, nM, >= 0; 0 assumes no depletion.

    Returns
    -------
    float or ndarray
        IC50 as total inhibitor, nM, >= `ki_nM`, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    >>> round(ic50_from_ki(20, radioligand_nM=1, kd_nM=2.5), 6)
    28.0
    >>> round(ic50_from_ki(5, radioligand_nM=1, kd_nM=1, receptor_nM=1), 6)
    12.708204
    """
    ki = positive("ki_nM", ki_nM)
    ligand = positive("radioligand_nM", radioligand_nM)
    kd = positive("kd_nM", kd_nM)
    receptor = nonnegative("receptor_nM", receptor_nM)
    broadcastable(ki_nM=ki, radioligand_nM=ligand, kd_nM=kd, receptor_nM=receptor)
    ratio = _bound_over_free(ligand, kd, receptor)
    shift, receptor_at_half = _shift(ligand, kd, ratio)
    return scalar_or_array(shift * (ki + receptor_at_half))


def ki_interval(
    ic50_nM: Estimate,
    radioligand_nM: float,
    kd_nM: Estimate | float,
    receptor_nM: float = 0.0,
) -> Estimate:
    """Ki with an interval that carries the uncertainty of the IC50 and of the radioligand's Kd.

    The two distances from Ki to where each limit alone would put it are combined in quadrature on
    the logarithmic scale, each side by itself (recovery of variance from the limits), so lopsided
    and infinite intervals stay what they are. A Kd taken as exact makes Ki look better known than
    it is.

    Parameters
    ----------
    ic50_nM : Estimate
        IC50, nM, > 0, with an interval or a standard error, as a fit returns it. A plain number is
        refused: nobody can say how uncertain its Ki is. `cheng_prusoff` gives that Ki alone.
    radioligand_nM : float
        Radioligand added, nM, > 0.
    kd_nM : Estimate or float
        Dissociation constant of the radioligand, nM, > 0; with an interval or a standard error of
        the same level when it is an `Estimate`, otherwise exact.
    receptor_nM : float, default 0
        Total concentration of binding sites, nM, >= 0; 0 assumes no depletion.

    Returns
    -------
    Estimate
        Ki in nM; its `method` names how the IC50's interval was made.

    Raises
    ------
    ValueError, TypeError
        If an argument is not in its range, the IC50 carries no uncertainty, or the two intervals
        have different levels.

    References
    ----------
    Zou GY, Donner A (2008) Stat Med 27:1693-1702. doi:10.1002/sim.3095

    Examples
    --------
    >>> ic50 = Estimate(28, "nM", standard_error=2, low=24, high=32.7, method="profile")
    >>> print(ki_interval(ic50, radioligand_nM=1, kd_nM=2.5))
    20 nM (95 % profile interval 17.14 to 23.36)
    >>> kd = Estimate(2.5, "nM", standard_error=0.5, low=1.5, high=4.2)
    >>> print(ki_interval(ic50, radioligand_nM=1, kd_nM=kd))
    20 nM (95 % profile interval 15.85 to 24.38)
    """
    _refuse_certainty("ic50_nM", ic50_nM)
    ic50, kd = _estimated("ic50_nM", ic50_nM), _estimated("kd_nM", kd_nM)
    ligand = one_number("radioligand_nM", radioligand_nM, low=0.0, low_open=True)
    receptor = one_number("receptor_nM", receptor_nM, low=0.0)
    if ic50.level != kd.level and np.isfinite(kd.standard_error):
        raise ValueError(f"kd_nM must have the level of ic50_nM, {ic50.level:g}, got {kd.level:g}.")
    ki = float(nikolovska_coleska(ic50.value, ligand, kd.value, receptor))
    by_ic50 = [_limiting_ki(end, ligand, kd.value, receptor) for end in (ic50.low, ic50.high)]
    by_kd = [_limiting_ki(ic50.value, ligand, end, receptor) for end in (kd.low, kd.high)]
    down = np.hypot(_log_distance(ki, by_ic50[0]), _log_distance(ki, by_kd[0]))
    up = np.hypot(_log_distance(ki, by_ic50[1]), _log_distance(ki, by_kd[1]))
    shift, _ = _shift(ligand, kd.value, _bound_over_free(ligand, kd.value, receptor))
    slope_kd = _slope(
        lambda value: nikolovska_coleska(ic50.value, ligand, value, receptor), kd.value
    )
    exact_kd = np.isnan(kd.standard_error)
    return Estimate(
        value=ki,
        unit="nM",
        standard_error=float(
            np.hypot(ic50.standard_error / shift, 0.0 if exact_kd else slope_kd * kd.standard_error)
        ),
        low=ki * float(np.exp(-down)),
        high=ki * float(np.exp(up)),
        level=ic50.level,
        method=ic50.method,
    )


def _refuse_certainty(name: str, given: object) -> None:
    alone = (
        ": without the uncertainty of the IC50 there is no interval of Ki (cheng_prusoff and "
        "nikolovska_coleska give Ki alone)."
    )
    if not isinstance(given, Estimate):
        raise TypeError(f"{name} must be an Estimate with its interval, got {given!r}{alone}")
    if np.isnan([given.low, given.high]).any() and np.isnan(given.standard_error):
        raise ValueError(f"{name} must have an interval or a standard error{alone}")


def _estimated(name: str, given: Estimate | float) -> Estimate:
    """Return `given` with limits: its own, or from its standard error, or none at all."""
    if not isinstance(given, Estimate):
        value = one_number(name, given, low=0.0, low_open=True)
        return Estimate(value, "nM", low=value, high=value)
    value = one_number(name, given.value, low=0.0, low_open=True)
    low, high = given.low, given.high
    if np.isnan(low) or np.isnan(high):
        from scipy.special import ndtri

        error = 0.0 if np.isnan(given.standard_error) else given.standard_error / value
        reach = float(np.exp(ndtri(0.5 + 0.5 * given.level) * error))
        low, high = value / reach, value * reach
    return Estimate(value, "nM", given.standard_error, low, high, given.level, given.method)


def _limiting_ki(ic50: float, ligand: float, kd: float, receptor: float) -> float:
    """Ki at an end of an interval, where either constant may be 0 or infinite."""
    if ic50 <= 0.0 or kd <= 0.0:
        return 0.0
    if np.isinf(ic50):
        return np.inf
    if np.isinf(kd):
        return ic50
    shift, receptor_at_half = _shift(ligand, kd, _bound_over_free(ligand, kd, receptor))
    return max(float(ic50 / shift - receptor_at_half), 0.0)


def _log_distance(ki: float, limit: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.abs(np.log(limit / ki)))


def _slope(conversion: Any, at: float) -> float:
    step = 1e-5 * at
    return float((conversion(at + step) - conversion(at - step)) / (2.0 * step))


def _bound_over_free(radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike) -> Any:
    bound = saturation_depletion(radioligand_nM, receptor_nM, kd_nM)
    return np.asarray(bound / free_radioligand(radioligand_nM, receptor_nM, kd_nM))


def _shift(ligand: Any, kd: Any, bound_over_free: Any) -> tuple[Any, Any]:
    """Inhibitor-bound over free receptor at the IC50, and the free receptor there (nM).

    From mass balance at half of the binding without inhibitor: IC50 = shift * (Ki + receptor).
    """
    y = bound_over_free
    return 1.0 + y + ligand * (2.0 + y) / (2.0 * kd * (1.0 + y)), kd * y / (2.0 + y)
