"""Number needed to harm, honest when the interval of the risk difference crosses zero."""

from __future__ import annotations

import math
from dataclasses import dataclass

from snrilab.compare._risks import risk_difference

__all__ = ["NumberNeeded", "number_needed_to_harm"]


@dataclass(frozen=True, slots=True)
class NumberNeeded:
    """How many patients are treated for one more (or one fewer) to have the event.

    A number needed is 1 / risk difference, so its interval is the image of the risk
    difference's: where that crosses zero, the number runs *through infinity*, from harm to
    benefit, and has no single "95 % interval from a to b".

    Attributes
    ----------
    value : float
        1 / risk difference: > 0 harm (more events on drug), < 0 benefit, inf for no difference.
    harm : tuple of float
        Nearest and farthest number needed to harm that the data allow, >= 1, ``inf`` where harm is
        not bounded; empty when the data exclude harm, and when the method gives no interval (its
        width is zero, as Wald's is when nobody or everybody has the event).
    benefit : tuple of float
        The same for benefit (positive numbers); empty when the data exclude benefit.
    level : float
        Confidence level.
    method : str
        Method of the risk difference's interval.

    References
    ----------
    Altman DG. BMJ 1998;317:1309-1312.
    """

    value: float
    harm: tuple[float, ...]
    benefit: tuple[float, ...]
    level: float
    method: str

    @property
    def through_infinity(self) -> bool:
        """Whether the data allow both harm and benefit."""
        return bool(self.harm and self.benefit)

    def __str__(self) -> str:
        percent = f"{100 * self.level:g} % interval"
        if math.isinf(self.value):
            middle = "no difference"
        else:
            middle = f"{'NNH' if self.value > 0 else 'NNB'} {_shown(abs(self.value))}"
        if not self.harm and not self.benefit:
            return f"{middle} (method {self.method} gives no interval here: its width is zero)"
        if self.through_infinity:
            ends = f"NNH {_shown(self.harm[0])} through infinity to NNB {_shown(self.benefit[0])}"
            return f"{middle} ({percent} {ends}: neither harm nor benefit is shown)"
        name, (near, far) = ("NNH", self.harm) if self.harm else ("NNB", self.benefit)
        end = "infinity" if math.isinf(far) else _shown(far)
        return f"{middle} ({percent} {name} {_shown(near)} to {end})"


def _shown(patients: float) -> str:
    """Write three digits, and no power of ten."""
    rounded = float(f"{patients:.3g}")
    return f"{rounded:,.0f}" if rounded >= 1000 else f"{rounded:g}"


def number_needed_to_harm(
    events_drug: int,
    n_drug: int,
    events_placebo: int,
    n_placebo: int,
    *,
    method: str = "newcombe",
    level: float = 0.95,
) -> NumberNeeded:
    """Return how many patients are treated for one more to have the event, with its interval.

    Parameters
    ----------
    events_drug, events_placebo : int
        Patients with the event, from 0 to the size of the group.
    n_drug, n_placebo : int
        Sizes of the groups, >= 1.
    method : str, default "newcombe"
        Method of the risk difference's interval, as for `risk_difference`.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    NumberNeeded
        Value and interval; the text says so when the interval runs through infinity.

    References
    ----------
    Altman DG. BMJ 1998;317:1309-1312.

    Examples
    --------
    >>> print(number_needed_to_harm(17, 100, 6, 100))
    NNH 9.09 (95 % interval NNH 4.97 to 47.7)
    >>> print(number_needed_to_harm(9, 100, 6, 100))
    NNH 33.3 (95 % interval NNH 9.16 through infinity to NNB 21.2: neither harm nor ...)
    """
    difference = risk_difference(
        events_drug, n_drug, events_placebo, n_placebo, method=method, level=level
    )
    low, high = difference.low, difference.high
    harm = (_inverse(high), _inverse(max(low, 0.0))) if high > 0 else ()
    benefit = (_inverse(-low), _inverse(max(-high, 0.0))) if low < 0 else ()
    if low == high:  # a claim of certainty from a method that has broken down
        harm = benefit = ()
    value = 1 / difference.value if difference.value else math.inf
    return NumberNeeded(value, harm, benefit, difference.level, method)


def _inverse(difference: float) -> float:
    return 1 / difference if difference > 0 else math.inf
