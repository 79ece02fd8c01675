"""When behavioural tests may follow each other, and LPS: the order that spoils a study."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from snrilab import evidence
from snrilab._checks import choice, one_number

__all__ = ["schedule_conflicts"]

DURATION_H = {"SPT": 24.0, "FST": 0.1, "OFT": 0.2}


def schedule_conflicts(
    schedule_h: Mapping[str, float], *, species: str = "mouse", pre_swim_h: float | None = None
) -> tuple[str, ...]:
    """Say what is wrong with a schedule of behavioural tests after LPS.

    Parameters
    ----------
    schedule_h : mapping of str to float
        Start of "SPT", "FST" and "OFT" in hours after LPS, >= 0.
    species : {"mouse", "rat"}, default "mouse"
        Rats need a pre-swim the day before the swim test.
    pre_swim_h : float, optional
        Time of that pre-swim in hours after LPS (negative: before it).

    Returns
    -------
    tuple of str
        One sentence per conflict; empty for a sound schedule.

    Examples
    --------
    >>> for conflict in schedule_conflicts({"SPT": 24, "FST": 24, "OFT": 24}):
    ...     print(conflict)
    FST at 24 h falls into SPT, which runs from 24 to 48 h.
    OFT at 24 h falls into SPT, which runs from 24 to 48 h.
    OFT at 24 h and FST at 24 h coincide: run the open field first.
    FST at 24 h falls into sickness behaviour (2 to 24 h after LPS).
    OFT at 24 h falls into sickness behaviour (2 to 24 h after LPS).
    SPT at 24 h falls into sickness behaviour (2 to 24 h after LPS).
    """
    starts = checked_starts(schedule_h)
    choice("species", species, ("mouse", "rat"))
    found = []
    spt = starts["SPT"]
    found += [
        f"{test} at {starts[test]:g} h falls into SPT, which runs from {spt:g} to {spt + 24:g} h."
        for test in ("FST", "OFT")
        if spt - DURATION_H[test] < starts[test] < spt + DURATION_H["SPT"]
    ]
    if starts["OFT"] == starts["FST"]:
        found.append(
            f"OFT at {starts['OFT']:g} h and FST at {starts['FST']:g} h coincide: run the open "
            "field first."
        )
    elif starts["FST"] < starts["OFT"] < starts["FST"] + 24:
        found.append(
            f"OFT at {starts['OFT']:g} h follows FST at {starts['FST']:g} h: a swim tires and "
            "cools, so run the open field first."
        )
    low, high = sickness_window()
    found += [
        f"{test} at {starts[test]:g} h falls into sickness behaviour ({low:g} to {high:g} h after "
        "LPS)."
        for test in sorted(starts)
        if low <= starts[test] <= high
    ]
    if species == "rat":
        if not taught(starts["FST"], pre_swim_h):
            found.append("FST in rats needs a 15-min pre-swim the day before.")
        elif pre_swim_h is not None and low <= pre_swim_h <= high:
            found.append(f"The pre-swim at {pre_swim_h:g} h falls into sickness behaviour.")
    return tuple(found)


def taught(swim_h: float, pre_swim_h: float | None) -> bool:
    """Return whether a pre-swim came the day before the swim test."""
    return pre_swim_h is not None and 20 <= swim_h - pre_swim_h <= 28


@cache
def sickness_window() -> tuple[float, float]:
    """Return from when to when LPS makes animals sick, h after it."""
    window = evidence.find(quantity="sickness_behaviour_window")[0]
    return float(window.low or 0), float(window.high or 0)


def checked_starts(schedule_h: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(schedule_h, Mapping) or set(schedule_h) != set(DURATION_H):
        raise ValueError(f"schedule_h must give hours for SPT, FST and OFT, got {schedule_h!r}.")
    return {name: one_number("schedule_h", hours, low=0) for name, hours in schedule_h.items()}
