"""What a drug gave and what it cost against placebo: every published difference on one list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from snrilab import _checks, evidence
from snrilab._estimate import Estimate
from snrilab._sources import told
from snrilab.compare._adverse_events import adverse_events
from snrilab.compare._mean_differences import interval_from_p_value
from snrilab.evidence import EvidenceError, Listing

if TYPE_CHECKING:
    from snrilab.compare._number_needed import NumberNeeded
    from snrilab.evidence import Row

__all__ = ["Difference", "benefit_and_harm"]

_P_VALUE = re.compile(r"\bP\s*=\s*(0?\.\d+)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One published difference from placebo.

    Attributes
    ----------
    drug, dose, source : str
        Drug, dose and reference key.
    kind : str
        ``"benefit"`` (MADRS, points) or ``"harm"`` (share of patients with an event).
    outcome : str
        ``"MADRS"`` or the event.
    difference : Estimate
        Drug minus placebo: negative points are benefit, positive shares are harm. Without limits
        where the source gives nothing to compute them from.
    basis : str
        Where the interval is from: ``"printed"``, ``"standard error"``, ``"P value"``,
        ``"group sizes"`` or ``"none"``.
    number_needed : NumberNeeded or None
        Number needed to harm, where group sizes are known.
    trust : str
        How far the number can be trusted.
    """

    drug: str
    dose: str
    source: str
    kind: str
    outcome: str
    difference: Estimate
    basis: str
    number_needed: NumberNeeded | None
    trust: str

    @property
    def told_source(self) -> str:
        """Reference key as it stands beside the number: with “recalled” where that is so."""
        return told(self.source, self.trust)

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.drug, self.dose, self.outcome)))
        gap = self.difference
        if self.number_needed:
            said = str(self.number_needed)
        elif np.isnan(gap.value):
            said = f"between {100 * gap.low:.3g} and {100 * gap.high:.3g} points of per cent"
        elif self.kind == "harm":
            said = f"{100 * gap.value:.3g} points of per cent"
        else:
            said = str(gap)
        if self.basis == "P value":
            said += ", by its P value"
        if self.basis == "none":
            said += "; no interval, its source gives nothing to compute one from"
        return f"{what}: {said} [{self.told_source}]"


def benefit_and_harm(drug: str, *, level: float = 0.95) -> Listing[Difference]:
    """Return every published difference of a drug from placebo: depression scores, then events.

    Failed trials are on the list as well. Nothing is pooled; two drugs on two lists were not
    compared with each other.

    Parameters
    ----------
    drug : str
        Name or usual abbreviation.
    level : float, default 0.95
        Confidence level of the intervals that are computed, in (0, 1); printed ones are 95 %.

    Returns
    -------
    Listing of Difference
        Benefits in the order of the evidence, then harms, the largest of each source first.

    Raises
    ------
    EvidenceError
        If no difference from placebo is known for the drug.

    Examples
    --------
    >>> for one in benefit_and_harm("escitalopram")[:2]:
    ...     print(one)
    escitalopram 10 mg/day MADRS: -2.7 points (95 % interval -4.366 to -1.034) [wade2002]
    escitalopram 10-20 mg/day MADRS: -2.9 points (95 % interval -4.739 to ...P value [lepola2003]
    """
    level = _checks.one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    rows = evidence.find(drug=_checks.text("drug", drug), provenance=("found", "recalled"))
    benefits = [_benefit(row, level) for row in rows if row.quantity == "MADRS_difference"]
    benefits += [
        _benefit(row, level)
        for row in rows
        if row.quantity == "MADRS_change" and row.comparator == "placebo"
    ]
    harms = []
    for source in dict.fromkeys(row.source for row in rows if row.quantity == "AE_incidence"):
        try:
            events = adverse_events(drug, source=source, level=level)
        except EvidenceError:  # a source that prints no placebo rates compares nothing
            continue
        for event in events:
            name = f"{event.event} ({event.population})" if event.population else event.event
            known = "group sizes" if event.number_needed else "none"
            harms.append(
                Difference(
                    rows[0].drug, event.dose, source, "harm", name, event.difference, known,
                    event.number_needed, event.trust,
                )
            )  # fmt: skip
    if not benefits and not harms:
        raise EvidenceError(f"no difference from placebo is known for drug {drug!r}.")
    columns = ("kind", "outcome", "dose", "difference", "number_needed", "basis", "told_source")
    return Listing([*benefits, *harms], f"{rows[0].drug}: benefit and harm", columns)


def _benefit(row: Row, level: float) -> Difference:
    value = float(row)
    if row.quantity == "MADRS_change":
        value = float(np.round(value - (row.comparator_value or 0.0), 6))
    found, basis = Estimate(value, "points", level=level), "none"
    p_value = _P_VALUE.search(f"{row.condition}; {row.note}")
    if row.se:
        reach = float(ndtri(0.5 + level / 2)) * row.se
        low, high = value - reach, value + reach
        found = Estimate(value, "points", row.se, low, high, level, "wald")
        basis = "standard error"
    elif row.interval == "95 % CI" and row.low is not None and row.high is not None:
        found = Estimate(value, "points", low=row.low, high=row.high)
        basis = "printed"
    elif p_value and row.quantity == "MADRS_difference":
        read = interval_from_p_value(value, float(p_value[1]), level=level)
        found = Estimate(value, "points", read.standard_error, read.low, read.high, level)
        basis = "P value"
    where = row.drug, row.dose, row.source
    return Difference(*where, "benefit", "MADRS", found, basis, None, row.trust)
