"""The forced swim test as an instrument, and how much drug is left when it is used."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, overload

import numpy as np
from scipy import special

from snrilab._checks import nonnegative, numbers, one_number, positive, scalar_or_array
from snrilab.trials._dose_response import emax
from snrilab.trials._progression import constants

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["SwimTest", "share_of_peak"]


@dataclass(frozen=True)
class SwimTest:
    """The forced swim test as an instrument (illustrative constants).

    Parameters
    ----------
    baseline_s : float
        Immobility of untreated animals, s.
    emax_s : float
        Greatest reduction the drug could bring, s, >= 0.
    ed50_mg_per_kg : float
        Dose of half that reduction when tested at the peak, > 0.
    hill : float
        Steepness, > 0.
    floor_s : float
        Least mean immobility that the test can show, s.
    sd_s : float
        SD between animals, s, > 0.
    longest_s : float
        Length of the scored part of the test, s, > 0.
    """

    baseline_s: float
    emax_s: float
    ed50_mg_per_kg: float
    hill: float
    floor_s: float
    sd_s: float
    longest_s: float

    def __post_init__(self) -> None:
        for field in fields(self):
            one_number(field.name, getattr(self, field.name), low=0)
        for name in ("ed50_mg_per_kg", "hill", "sd_s", "longest_s"):
            positive(name, getattr(self, name))
        numbers("baseline_s", self.baseline_s, high=self.longest_s)
        numbers("floor_s", self.floor_s, high=self.baseline_s)

    @classmethod
    def illustrative(cls, **changes: float) -> SwimTest:
        """Return the test of the package data, with changes.

        Parameters
        ----------
        **changes : float
            Fields of `SwimTest` to set.

        Returns
        -------
        SwimTest

        Examples
        --------
        >>> SwimTest.illustrative().mean_s(0)
        160.0
        """
        unknown = set(changes) - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(f"changes names {min(unknown)!r}, which is no field of SwimTest.")
        return cls(**{**constants("swim"), **changes})

    @overload
    def mean_s(self, dose_mg_per_kg: float, share: float = 1.0) -> float: ...
    @overload
    def mean_s(self, dose_mg_per_kg: ArrayLike, share: ArrayLike = 1.0) -> Floats: ...
    def mean_s(self, dose_mg_per_kg: ArrayLike, share: ArrayLike = 1.0) -> float | Floats:
        """Return the mean immobility at a dose, s.

        Parameters
        ----------
        dose_mg_per_kg : array_like
            Dose, mg/kg, >= 0.
        share : array_like, default 1
            Share of the peak exposure that is left at the time of the test, 0 to 1.

        Returns
        -------
        float or ndarray
            Immobility, from `floor_s` to `baseline_s`, of the broadcast shape.
        """
        dose = nonnegative("dose_mg_per_kg", dose_mg_per_kg)
        left = numbers("share", share, low=0, high=1)
        effect = emax(dose * left, self.baseline_s, -self.emax_s, self.ed50_mg_per_kg, self.hill)
        return scalar_or_array(np.maximum(effect, self.floor_s))

    @overload
    def visible_share(self, dose_mg_per_kg: float, share: float = 1.0) -> float: ...
    @overload
    def visible_share(self, dose_mg_per_kg: ArrayLike, share: ArrayLike = 1.0) -> Floats: ...
    def visible_share(self, dose_mg_per_kg: ArrayLike, share: ArrayLike = 1.0) -> float | Floats:
        """Return the effect at a dose as a share of the greatest effect the test can show.

        Parameters
        ----------
        dose_mg_per_kg, share : array_like
            As in `mean_s`.

        Returns
        -------
        float or ndarray
            From 0 to 1.
        """
        greatest = min(self.emax_s, self.baseline_s - self.floor_s)
        gone = self.baseline_s - np.asarray(self.mean_s(dose_mg_per_kg, share))
        return scalar_or_array(gone / greatest if greatest > 0 else np.zeros_like(gone))


@overload
def share_of_peak(
    delay_h: float,
    *,
    half_life_h: float | None = None,
    absorption_half_life_h: float | None = None,
) -> float: ...
@overload
def share_of_peak(
    delay_h: ArrayLike,
    *,
    half_life_h: float | None = None,
    absorption_half_life_h: float | None = None,
) -> Floats: ...
def share_of_peak(
    delay_h: ArrayLike,
    *,
    half_life_h: float | None = None,
    absorption_half_life_h: float | None = None,
) -> float | Floats:
    """Return which share of its peak the plasma concentration has some time after one dose.

    One compartment with first-order absorption (Bateman). No half-life of levomilnacipran in rats
    or mice was found in the literature: the defaults are illustrative.

    Parameters
    ----------
    delay_h : array_like
        Time between dose and test, h, >= 0.
    half_life_h, absorption_half_life_h : float, optional
        Half-lives of elimination and absorption, h, > 0.

    Returns
    -------
    float or ndarray
        From 0 to 1.

    Examples
    --------
    A day after the last dose nothing is left, whatever the number of doses before it:

    >>> f"{share_of_peak(0.6):.2f}, {share_of_peak(4):.2f}, {share_of_peak(24):.4f}"
    '1.00, 0.33, 0.0003'
    """
    given = constants("rodent")
    time = nonnegative("delay_h", delay_h)
    out = given["half_life_h"] if half_life_h is None else half_life_h
    into = (
        given["absorption_half_life_h"]
        if absorption_half_life_h is None
        else absorption_half_life_h
    )
    k = np.log(2) / one_number("half_life_h", out, low=0, low_open=True)
    ka = np.log(2) / one_number("absorption_half_life_h", into, low=0, low_open=True)
    # exprel has no jump where the two half-lives are equal.
    apart = k - ka
    peak = 1 / ka if apart == 0 else np.log(k / ka) / apart

    def level(t: Floats | float) -> Floats:
        return np.asarray(t * np.exp(-k * t) * special.exprel(apart * np.asarray(t)))

    return scalar_or_array(np.asarray(np.minimum(level(time) / level(float(peak)), 1.0)))
