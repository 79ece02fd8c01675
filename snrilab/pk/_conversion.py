"""Salt and base, mass and moles, total and unbound."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import nonnegative, numbers, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["base_from_salt", "nM_from_ng_per_mL"]


@overload
def base_from_salt(salt_mg: float, salt_mw_g_per_mol: float, mw_g_per_mol: float) -> float: ...
@overload
def base_from_salt(
    salt_mg: ArrayLike, salt_mw_g_per_mol: ArrayLike, mw_g_per_mol: ArrayLike
) -> NDArray[np.float64]: ...
def base_from_salt(
    salt_mg: ArrayLike, salt_mw_g_per_mol: ArrayLike, mw_g_per_mol: ArrayLike
) -> float | NDArray[np.float64]:
    """Mass of free base in a mass of salt (one base per salt formula).

    Parameters
    ----------
    salt_mg : array_like
        Mass of salt (mg or mg/kg), >= 0.
    salt_mw_g_per_mol, mw_g_per_mol : array_like
        Molar mass of salt and of free base (g/mol), > 0; the salt is the heavier.

    Returns
    -------
    float or array
        Free base in the unit of `salt_mg`.

    Examples
    --------
    30 mg/kg of levomilnacipran hydrochloride:

    >>> round(base_from_salt(30, 282.81, 246.354), 1)
    26.1
    """
    mass = nonnegative("salt_mg", salt_mg)
    return scalar_or_array(mass / _salt_factor(salt_mw_g_per_mol, mw_g_per_mol))


@overload
def nM_from_ng_per_mL(total_ng_per_mL: float, mw_g_per_mol: float, fu: float = 1.0) -> float: ...
@overload
def nM_from_ng_per_mL(
    total_ng_per_mL: ArrayLike, mw_g_per_mol: ArrayLike, fu: ArrayLike = 1.0
) -> NDArray[np.float64]: ...
def nM_from_ng_per_mL(  # noqa: N802 - the unit keeps its case
    total_ng_per_mL: ArrayLike, mw_g_per_mol: ArrayLike, fu: ArrayLike = 1.0
) -> float | NDArray[np.float64]:
    """Molar concentration, unbound when `fu` is given.

    Parameters
    ----------
    total_ng_per_mL : array_like
        Total concentration (ng/mL), >= 0.
    mw_g_per_mol : array_like
        Molar mass of what was measured, the free base (g/mol), > 0.
    fu : array_like, default 1
        Fraction unbound in (0, 1]; 1 keeps the total.

    Returns
    -------
    float or array
        Concentration (nM), >= 0, broadcast shape.

    Examples
    --------
    Mean levomilnacipran at 120 mg a day, 216.5 ng/mL total, is 685 nM unbound:

    >>> round(nM_from_ng_per_mL(216.5, 246.354, fu=0.78))
    685
    """
    total = nonnegative("total_ng_per_mL", total_ng_per_mL)
    mass = positive("mw_g_per_mol", mw_g_per_mol)
    return scalar_or_array(total * 1000 * _unbound(fu) / mass)


def _unbound(fu: ArrayLike) -> NDArray[np.float64]:
    return numbers("fu", fu, low=0.0, high=1.0, low_open=True)


def _salt_factor(salt_mw_g_per_mol: ArrayLike, mw_g_per_mol: ArrayLike) -> NDArray[np.float64]:
    salt = positive("salt_mw_g_per_mol", salt_mw_g_per_mol)
    base = positive("mw_g_per_mol", mw_g_per_mol)
    if np.any(salt < base):
        raise ValueError(
            "salt_mw_g_per_mol must be at least mw_g_per_mol, the mass of the free base, "
            f"got {salt.min():g} and {base.max():g}."
        )
    return np.asarray(salt / base)
