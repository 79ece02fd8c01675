"""From IC50 to Ki and back: what the assay adds to the affinity, and how to take it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from snrilab._checks import broadcastable, nonnegative, one_number, positive, scalar_or_array
from snrilab._estimate import Estimate
from snrilab.binding._depletion import free_radioligand, saturation_depletion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "cheng_prusoff",
    "ic50_from_ki",
    "ki_interval",
    "nikolovska_coleska",
]


@overload
def cheng_prusoff(ic50_nM: float, radioligand_nM: float, kd_nM: float) -> float: ...
@overload
def cheng_prusoff(ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike) -> Array: ...
def cheng_prusoff(ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike) -> float | Array:
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

    References
    ----------
    Cheng Y, Prusoff WH (1973) Biochem Pharmacol 22:3099-3108. doi:10.1016/0006-2952(73)90196-2

    Examples
    --------
    >>> round(cheng_prusoff(ic50_nM=28, radioligand_nM=1, kd_nM=2.5), 6)
    20.0
    """
    ic50 = _potency("ic50_nM", ic50_nM)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    kd = positive("kd_nM", kd_nM)
    broadcastable(ic50_nM=ic50, radioligand_nM=ligand, kd_nM=kd)
    return scalar_or_array(ic50 / (1.0 + ligand / kd))


@overload
def nikolovska_coleska(
    ic50_nM: float, radioligand_nM: float, kd_nM: float, receptor_nM: float
) -> float: ...
@overload
def nikolovska_coleska(
    ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike
) -> Array: ...
def nikolovska_coleska(
    ic50_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike
) -> float | Array:
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
        Ki, nM, >= 0, of the broadcast shape; 0 where the IC50 is what it takes to titrate the
        receptor, so that the affinity is too high for this assay to tell.

    References
    ----------
    Munson PJ, Rodbard D (1988) J Recept Res 8:533-546. doi:10.3109/10799898809049010
    Nikolovska-Coleska Z et al. (2004) Anal Biochem 332:261-273. doi:10.1016/j.ab.2004.05.055

    Examples
    --------
    >>> round(nikolovska_coleska(12.7082039325, 1, kd_nM=1, receptor_nM=1), 6)
    5.0
    """
    ic50 = _potency("ic50_nM", ic50_nM)
    ligand, kd = positive("radioligand_nM", radioligand_nM), positive("kd_nM", kd_nM)
    receptor = nonnegative("receptor_nM", receptor_nM)
    broadcastable(ic50_nM=ic50, radioligand_nM=ligand, kd_nM=kd, receptor_nM=receptor)
    shift, receptor_at_half = _shift(ligand, kd, receptor)
    ki = ic50 / shift - receptor_at_half
    # An IC50 that is the titrated receptor but for rounding belongs to a Ki too small to see.
    rounding = 16.0 * np.finfo(float).eps * receptor_at_half
    impossible = ki < -rounding
    if np.any(impossible):
        least = float(np.max(np.where(impossible, shift * receptor_at_half, 0.0)))
        raise ValueError(
            f"ic50_nM must be >= {least:.4g} here, got {float(np.min(ic50)):.4g}: less inhibitor "
            "cannot occupy enough receptor, however high its affinity."
        )
    return scalar_or_array(np.maximum(ki, 0.0))


@overload
def ic50_from_ki(
    ki_nM: float, radioligand_nM: float, kd_nM: float, receptor_nM: float = 0.0
) -> float: ...
@overload
def ic50_from_ki(
    ki_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike = 0.0
) -> Array: ...
def ic50_from_ki(
    ki_nM: ArrayLike, radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike = 0.0
) -> float | Array:
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
    shift, receptor_at_half = _shift(ligand, kd, receptor)
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
    shift, _ = _shift(ligand, kd.value, receptor)
    low, high = (_limiting_ki(end, ligand, kd.value, receptor) for end in (ic50.low, ic50.high))
    ki = Estimate(
        float(nikolovska_coleska(ic50.value, ligand, kd.value, receptor)),
        "nM",
        float(ic50.standard_error / shift),
        low,
        high,
        ic50.level,
        ic50.method,
    )
    return _combined(ki, ic50, ligand, kd, receptor)


def _combined(
    ki: Estimate, ic50: Estimate, ligand: float, kd: Estimate, receptor: float
) -> Estimate:
    """Add the uncertainty of Kd to a Ki whose interval holds that of the IC50 alone."""
    kd = _estimated("kd_nM", kd)
    by_kd = [_limiting_ki(ic50.value, ligand, end, receptor) for end in (kd.low, kd.high)]
    if ki.value <= 0.0:
        return replace(ki, low=0.0, high=max(ki.high, *by_kd))
    down = np.hypot(_log_distance(ki.value, ki.low), _log_distance(ki.value, min(by_kd)))
    up = np.hypot(_log_distance(ki.value, ki.high), _log_distance(ki.value, max(by_kd)))
    step = 1e-5 * kd.value
    slope = (
        _limiting_ki(ic50.value, ligand, kd.value + step, receptor)
        - _limiting_ki(ic50.value, ligand, kd.value - step, receptor)
    ) / (2.0 * step)
    by_error = 0.0 if np.isnan(kd.standard_error) else slope * kd.standard_error
    return Estimate(
        value=ki.value,
        unit="nM",
        standard_error=float(np.hypot(ki.standard_error, by_error)),
        low=ki.value * float(np.exp(-down)),
        high=ki.value * float(np.exp(up)),
        level=ki.level,
        method=ki.method,
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
    shift, receptor_at_half = _shift(ligand, kd, receptor)
    return max(float(ic50 / shift - receptor_at_half), 0.0)


def _log_distance(ki: float, limit: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.abs(np.log(limit / ki)))


def _shift(ligand: Any, kd: Any, receptor: Any) -> tuple[Array, Array]:
    """Inhibitor-bound over free receptor at the IC50, and the free receptor there (nM).

    From mass balance at half of the binding without inhibitor: IC50 = shift * (Ki + receptor).
    """
    if not np.any(receptor):
        return 1.0 + ligand / kd, 0.0 * kd  # Cheng and Prusoff
    bound = saturation_depletion(ligand, receptor, kd)
    y = np.asarray(bound / free_radioligand(ligand, receptor, kd))
    return 1.0 + y + ligand * (2.0 + y) / (2.0 * kd * (1.0 + y)), kd * y / (2.0 + y)


def concentrations(name: str, value: ArrayLike) -> Array:
    """Return concentrations >= 0, or raise; a negative one may be a logarithm."""
    return _no_logarithms(name, value, nonnegative)


def _potency(name: str, value: ArrayLike) -> Array:
    return _no_logarithms(name, value, positive)


def _no_logarithms(name: str, value: ArrayLike, check: Callable[[str, ArrayLike], Array]) -> Array:
    try:
        return check(name, value)
    except ValueError as error:
        if np.size(value) and np.nanmin(np.asarray(value, dtype=float)) < 0.0:
            raise ValueError(
                f"{str(error).rstrip('.')}: are these log10? Then give 10**{name} (of log10 nM) or "
                f"10**({name} + 9) (of log10 mol/L)."
            ) from None
        raise


# --- constants that follow from fitted ones -------------------------------------------------------


def exact(value: float | Estimate) -> float:
    """Return the value of an estimate, or the number itself."""
    return value.value if isinstance(value, Estimate) else value


@dataclass(frozen=True)
class DerivedKi:
    """Ki from the IC50 of each site; `sites` are the endings of their names."""

    radioligand_nM: float
    kd_nM: float | Estimate
    sites: tuple[str, ...] = ("",)

    def __call__(self, estimates: Mapping[str, Estimate]) -> Mapping[str, Estimate]:
        """Return the derived constants by name."""
        return {
            f"ki{site}_nM": ki_interval(
                estimates[f"ic50{site}_nM"], self.radioligand_nM, self.kd_nM
            )
            for site in self.sites
        }


@dataclass(frozen=True)
class DerivedIc50(DerivedKi):
    """IC50 from the Ki of an exact fit; the uncertainty of Kd goes back into Ki."""

    receptor_nM: float = 0.0

    def __call__(self, estimates: Mapping[str, Estimate]) -> Mapping[str, Estimate]:
        """Return the derived constants by name."""
        ki, kd = estimates["ki_nM"], exact(self.kd_nM)
        shift, receptor = (
            float(each) for each in _shift(self.radioligand_nM, kd, self.receptor_nM)
        )
        ends = [shift * (end + receptor) for end in (ki.value, ki.low, ki.high)]
        error = shift * ki.standard_error
        ic50 = Estimate(ends[0], "nM", error, ends[1], ends[2], ki.level, ki.method)
        if isinstance(self.kd_nM, Estimate):
            assay = (self.radioligand_nM, self.kd_nM, self.receptor_nM)
            ki = _combined(ki, ic50, *assay)
        return {"ki_nM": ki, "ic50_nM": ic50}
