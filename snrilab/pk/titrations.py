"""Stepping up to a dose, and down from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import one_number, positive, whole_number
from snrilab.pk.regimens import Regimen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["down_taper", "titration"]


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
    >>> from snrilab.pk import repeat
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
