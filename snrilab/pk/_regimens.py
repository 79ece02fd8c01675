"""Regimens as values: who takes how much, when. Every change gives a new regimen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, same_length, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Regimen", "repeat", "single_dose"]


@dataclass(frozen=True)
class Regimen:
    """Dose times and doses; the order in which they are given does not matter.

    Parameters
    ----------
    time_h : sequence of float
        When each dose is taken (h), finite; earliest first after construction.
    dose_mg : sequence of float
        Free base taken at each time (mg), >= 0.

    Examples
    --------
    >>> Regimen(time_h=[24, 0], dose_mg=[40, 20])
    Regimen(time_h=(0.0, 24.0), dose_mg=(20.0, 40.0))
    """

    time_h: tuple[float, ...]
    dose_mg: tuple[float, ...]

    def __post_init__(self) -> None:
        times = numbers("time_h", self.time_h)
        doses = nonnegative("dose_mg", self.dose_mg)
        same_length(time_h=times, dose_mg=doses)
        order = np.lexsort((doses, times))
        object.__setattr__(self, "time_h", tuple(times[order].tolist()))
        object.__setattr__(self, "dose_mg", tuple(doses[order].tolist()))

    def __len__(self) -> int:
        return len(self.time_h)

    def __add__(self, other: Regimen) -> Regimen:
        """Take both regimens."""
        if not isinstance(other, Regimen):
            return NotImplemented
        return Regimen(self.time_h + other.time_h, self.dose_mg + other.dose_mg)

    @property
    def total_mg(self) -> float:
        """Sum of all doses (mg)."""
        return float(sum(self.dose_mg))

    def missed(self, *doses: int) -> Regimen:
        """Leave out doses.

        Parameters
        ----------
        *doses : int
            Which doses, counted from 1.

        Returns
        -------
        Regimen
            Without them.

        Examples
        --------
        >>> repeat(40, times=3).missed(2).time_h
        (0.0, 48.0)
        """
        out = {self._position(dose) for dose in doses}
        kept = [i for i in range(len(self)) if i not in out]
        if not kept:
            raise ValueError(f"doses must leave at least one of {len(self)} doses, got {doses}.")
        return _regimen((self.time_h[i] for i in kept), (self.dose_mg[i] for i in kept))

    def late(self, dose: int, by_h: float) -> Regimen:
        """Take one dose late (or early), the others on time.

        Parameters
        ----------
        dose : int
            Which dose, counted from 1.
        by_h : float
            Delay (h); negative is early.

        Returns
        -------
        Regimen
            With that dose moved.

        Examples
        --------
        >>> repeat(40, times=3).late(2, by_h=8).time_h
        (0.0, 32.0, 48.0)
        """
        moved = self._position(dose)
        times = list(self.time_h)
        times[moved] += one_number("by_h", by_h)
        return _regimen(times, self.dose_mg)

    def doubled(self, dose: int) -> Regimen:
        """Take twice the dose once, as after a forgotten one (labels advise against it).

        Parameters
        ----------
        dose : int
            Which dose, counted from 1.

        Returns
        -------
        Regimen
            With that dose doubled.

        Examples
        --------
        >>> repeat(40, times=3).missed(2).doubled(2).dose_mg
        (40.0, 80.0)
        """
        twice = self._position(dose)
        doses = [2 * mg if i == twice else mg for i, mg in enumerate(self.dose_mg)]
        return _regimen(self.time_h, doses)

    def capped(self, max_mg: float) -> Regimen:
        """Cut every dose down to a highest allowed dose.

        Parameters
        ----------
        max_mg : float
            Highest single dose (mg), > 0.

        Returns
        -------
        Regimen
            With no dose above `max_mg`.

        Examples
        --------
        >>> from snrilab.pk import titration
        >>> titration().capped(80).dose_mg[-1]
        80.0
        """
        cap = one_number("max_mg", max_mg, low=0.0, low_open=True)
        return _regimen(self.time_h, (min(mg, cap) for mg in self.dose_mg))

    def shifted(self, by_h: float) -> Regimen:
        """Move all doses in time.

        Parameters
        ----------
        by_h : float
            Shift (h).

        Returns
        -------
        Regimen
            Moved.

        Examples
        --------
        >>> single_dose(40).shifted(12).time_h
        (12.0,)
        """
        shift = one_number("by_h", by_h)
        return _regimen((time + shift for time in self.time_h), self.dose_mg)

    def scaled(self, factor: float) -> Regimen:
        """Multiply all doses, for example by a salt factor.

        Parameters
        ----------
        factor : float
            What to multiply by, >= 0.

        Returns
        -------
        Regimen
            With scaled doses.

        Examples
        --------
        >>> single_dose(40).scaled(0.5).dose_mg
        (20.0,)
        """
        by = one_number("factor", factor, low=0.0)
        return _regimen(self.time_h, (mg * by for mg in self.dose_mg))

    def then(self, other: Regimen, after_h: float = 24.0) -> Regimen:
        """Go on with another regimen after the last dose of this one.

        Parameters
        ----------
        other : Regimen
            What follows.
        after_h : float, default 24
            Time from this regimen's last dose to the other's first (h), >= 0.

        Returns
        -------
        Regimen
            One after the other.

        Examples
        --------
        >>> repeat(80, times=2).then(single_dose(40)).time_h
        (0.0, 24.0, 48.0)
        """
        if not isinstance(other, Regimen):
            raise TypeError(f"other must be a Regimen, got {other!r}.")
        pause = one_number("after_h", after_h, low=0.0)
        return self + other.shifted(self.time_h[-1] + pause - other.time_h[0])

    def _position(self, dose: int) -> int:
        return whole_number("dose", dose, low=1, high=len(self)) - 1


def _regimen(times_h: Iterable[float], doses_mg: Iterable[float]) -> Regimen:
    return Regimen(tuple(times_h), tuple(doses_mg))


def single_dose(dose_mg: float, time_h: float = 0.0) -> Regimen:
    """Take one dose.

    Parameters
    ----------
    dose_mg : float
        Free base (mg), >= 0.
    time_h : float, default 0
        When (h).

    Returns
    -------
    Regimen
        One dose.

    Examples
    --------
    >>> single_dose(40)
    Regimen(time_h=(0.0,), dose_mg=(40.0,))
    """
    return Regimen((one_number("time_h", time_h),), (one_number("dose_mg", dose_mg, low=0.0),))


def repeat(
    dose_mg: float, interval_h: float = 24.0, times: int = 1, start_h: float = 0.0
) -> Regimen:
    """Take the same dose again and again.

    Parameters
    ----------
    dose_mg : float
        Free base (mg), >= 0.
    interval_h : float, default 24
        Time between doses (h), > 0.
    times : int, default 1
        How many doses, >= 1.
    start_h : float, default 0
        Time of the first dose (h).

    Returns
    -------
    Regimen
        `times` equal doses.

    Examples
    --------
    >>> repeat(40, interval_h=24, times=3).time_h
    (0.0, 24.0, 48.0)
    """
    dose = one_number("dose_mg", dose_mg, low=0.0)
    interval = one_number("interval_h", interval_h, low=0.0, low_open=True)
    count = whole_number("times", times, low=1)
    first = one_number("start_h", start_h)
    return _regimen((first + i * interval for i in range(count)), [dose] * count)
