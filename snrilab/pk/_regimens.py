"""Regimens as values: who takes how much, when. Every change gives a new regimen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, positive, same_length, whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Regimen", "down_taper", "repeat", "single_dose", "titration"]


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
        shift = self.time_h[-1] + pause - other.time_h[0]
        moved = _regimen((time + shift for time in other.time_h), other.dose_mg)
        return self + moved

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


def titration(
    doses_mg: Iterable[float] = (20, 40, 80, 120),
    days: int | Sequence[int] = 2,
    interval_h: float = 24.0,
    start_h: float = 0.0,
) -> Regimen:
    """Step through doses, each for some days.

    The default is levomilnacipran's quickest labelled titration: 20 mg for two days, then 40 mg,
    raised by 40 mg at intervals of two days or more to at most 120 mg.

    Parameters
    ----------
    doses_mg : iterable of float
        Free base per dose at each step (mg), > 0.
    days : int or sequence of int, default 2
        Days at each step, >= 1; one number serves all steps.
    interval_h : float, default 24
        Time between doses (h), > 0; a step of d days holds ``24 d / interval_h`` doses.
    start_h : float, default 0
        Time of the first dose (h).

    Returns
    -------
    Regimen
        All steps in turn.

    Examples
    --------
    >>> titration(days=(2, 1, 1, 1)).dose_mg
    (20.0, 20.0, 40.0, 80.0, 120.0)
    """
    doses = _steps(doses_mg)
    interval = one_number("interval_h", interval_h, low=0.0, low_open=True)
    start = one_number("start_h", start_h)
    lengths = [days] * len(doses) if np.ndim(days) == 0 else list(days)  # type: ignore[arg-type]
    if len(lengths) != len(doses):
        raise ValueError(
            f"days must be one number or one per dose ({len(doses)} doses), got {len(lengths)}."
        )
    times_h: list[float] = []
    taken: list[float] = []
    for dose, length in zip(doses.tolist(), lengths, strict=True):
        count = max(1, round(24 * whole_number("days", length, low=1) / interval))
        times_h += [start + interval * (len(times_h) + i) for i in range(count)]
        taken += [dose] * count
    return Regimen(tuple(times_h), tuple(taken))


def down_taper(
    doses_mg: Iterable[float] = (80, 40, 20),
    days: int | Sequence[int] = 7,
    interval_h: float = 24.0,
    start_h: float = 0.0,
) -> Regimen:
    """Step down through doses before stopping.

    No taper schedule is part of the label, which only says to reduce gradually: the default of a
    week at each lower dose is illustrative.

    Parameters
    ----------
    doses_mg : iterable of float
        Free base per dose at each step (mg), > 0, each below the one before.
    days : int or sequence of int
        Days at each step, >= 1; one number serves all steps.
    interval_h : float, default 24
        Time between doses (h), > 0.
    start_h : float, default 0
        Time of the first dose (h).

    Returns
    -------
    Regimen
        All steps in turn.

    Examples
    --------
    >>> repeat(120, times=2).then(down_taper(days=1)).dose_mg
    (120.0, 120.0, 80.0, 40.0, 20.0)
    """
    doses = _steps(doses_mg)
    if np.any(np.diff(doses) >= 0):
        raise ValueError(f"doses_mg must fall from step to step, got {doses.tolist()}.")
    return titration(doses.tolist(), days, interval_h, start_h)


def _steps(doses_mg: Iterable[float]) -> NDArray[np.float64]:
    if not isinstance(doses_mg, Iterable):
        raise TypeError(f"doses_mg must be the doses of the steps, got {doses_mg!r}.")
    doses = positive("doses_mg", list(doses_mg))
    if doses.ndim != 1:
        raise ValueError(f"doses_mg must be one dose per step, got shape {doses.shape}.")
    return doses
