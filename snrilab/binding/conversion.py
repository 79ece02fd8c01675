"""From IC50 to Ki and back: what the assay adds to the affinity, and how to take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import nonnegative, positive, scalar_or_array
from snrilab.binding.depletion import free_radioligand, saturation_depletion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "cheng_prusoff",
    "ic50_from_ki",
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
    ratio = _bound_over_free(radioligand_nM, kd_nM, receptor_nM)
    ligand, kd = np.asarray(radioligand_nM, dtype=float), np.asarray(kd_nM, dtype=float)
    shift, receptor_at_half = _shift(ligand, kd, ratio)
    return scalar_or_array(shift * (ki + receptor_at_half))


def _bound_over_free(radioligand_nM: ArrayLike, kd_nM: ArrayLike, receptor_nM: ArrayLike) -> Any:
    positive("radioligand_nM", radioligand_nM)
    bound = saturation_depletion(radioligand_nM, receptor_nM, kd_nM)
    return np.asarray(bound / free_radioligand(radioligand_nM, receptor_nM, kd_nM))


def _shift(ligand: Any, kd: Any, bound_over_free: Any) -> tuple[Any, Any]:
    """Inhibitor-bound over free receptor at the IC50, and the free receptor there (nM).

    From mass balance at half of the binding without inhibitor: IC50 = shift * (Ki + receptor).
    """
    y = bound_over_free
    return 1.0 + y + ligand * (2.0 + y) / (2.0 * kd * (1.0 + y)), kd * y / (2.0 + y)
