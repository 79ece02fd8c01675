"""From animal to human: equivalent doses by body surface, and a short half-life."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import choice, nonnegative, one_number, scalar_or_array
from snrilab.pk._drugs import Drug
from snrilab.pk._parameter_sets import constants

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "human_equivalent_dose",
    "rodent_illustration",
]


@overload
def human_equivalent_dose(dose_mg_per_kg: float, species: str) -> float: ...
@overload
def human_equivalent_dose(dose_mg_per_kg: ArrayLike, species: str) -> NDArray[np.float64]: ...
def human_equivalent_dose(dose_mg_per_kg: ArrayLike, species: str) -> float | NDArray[np.float64]:
    """Human dose per kg with the same dose per body surface as an animal dose.

    Multiplies by Km(animal)/Km(human). A rule for safe first doses, not a claim that exposure or
    effect are equal. State whether the dose is salt or base before using it.

    Parameters
    ----------
    dose_mg_per_kg : array_like
        Animal dose (mg/kg), >= 0.
    species : {"mouse", "rat", "monkey", "dog", "human"}
        Species; these are the Km factors with a source.

    Returns
    -------
    float or array
        Human equivalent dose (mg/kg), >= 0.

    References
    ----------
    FDA. Guidance for Industry: Estimating the Maximum Safe Starting Dose in Initial Clinical Trials
    for Therapeutics in Adult Healthy Volunteers. July 2005.

    Examples
    --------
    30 mg/kg in the rat is 292 mg for a person of 60 kg, 2.4 times the highest human dose:

    >>> round(human_equivalent_dose(30, "rat") * 60)
    292
    """
    dose = nonnegative("dose_mg_per_kg", dose_mg_per_kg)
    return scalar_or_array(np.asarray(dose * _surface(species) / _surface("human")))


def _surface(species: str) -> float:
    factors = constants("body_surface")
    return factors[choice("species", species, list(factors))]


def rodent_illustration(half_life_h: float | None = None, weight_kg: float = 0.25) -> Drug:
    """Return an ILLUSTRATIVE drug in a rodent: a short half-life and a quick input.

    No half-life of levomilnacipran in the rat was found. The default of 2 h is an illustration of
    what a short half-life does to once-daily dosing, not a measurement; volume is 1 L/kg.

    Parameters
    ----------
    half_life_h : float, optional
        Half-life (h), > 0; None takes the illustrative 2 h.
    weight_kg : float, default 0.25
        Body weight (kg), > 0.

    Returns
    -------
    Drug
        One compartment, first-order input; its name says that it is illustrative.

    Examples
    --------
    >>> rat = rodent_illustration()
    >>> rat.name, round(rat.half_life_h, 3)
    ('illustrative rodent', 2.0)
    """
    given = constants("rodent_illustration")
    half_life = given["half_life_h"] if half_life_h is None else half_life_h
    rate = math.log(2) / one_number("half_life_h", half_life, low=0.0, low_open=True)
    volume = given["v_L_per_kg"] * one_number("weight_kg", weight_kg, low=0.0, low_open=True)
    return Drug(
        "illustrative rodent",
        cl_L_per_h=rate * volume,
        v_L=volume,
        ka_per_h=max(given["absorption_rate_per_h"], 4 * rate),
        model="illustrative",
    )
