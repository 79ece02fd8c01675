"""Adverse events of a drug against placebo, source by source, with honest intervals."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab import _checks, evidence
from snrilab._estimate import Estimate
from snrilab._sources import told
from snrilab.compare._number_needed import NumberNeeded, number_needed_to_harm
from snrilab.compare._risks import METHODS, risk_difference
from snrilab.evidence import EvidenceError, Listing

if TYPE_CHECKING:
    from snrilab.evidence import Row

__all__ = ["AdverseEvent", "adverse_events"]


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One event in one source: both rates, their difference and the number needed to harm.

    Attributes
    ----------
    event, population, dose : str
        What happened, in whom (empty for everybody) and at which dose.
    percent_drug : float
        Rate on drug as printed, in per cent.
    percent_placebo : float or None
        Rate on placebo; None where the source prints only that it lies below a limit.
    placebo_below_percent : float or None
        That limit, in per cent.
    n_drug, n_placebo : int or None
        Group sizes; None where the source does not print them.
    difference : Estimate
        Risk difference as a fraction; without interval where the group sizes are not known. Where
        only a limit of the placebo rate is known the value is NaN, and low and high are what the
        two rates allow (no confidence interval).
    number_needed : NumberNeeded or None
        Number needed to harm; None where the group sizes are not known.
    source, trust : str
        Reference key; how far drug and placebo rates can be trusted.
    """

    event: str
    population: str
    dose: str
    percent_drug: float
    percent_placebo: float | None
    placebo_below_percent: float | None
    n_drug: int | None
    n_placebo: int | None
    difference: Estimate
    number_needed: NumberNeeded | None
    source: str
    trust: str

    @property
    def ratio_to_placebo(self) -> float:
        """Rate on drug over rate on placebo; infinite where placebo had none.

        Where only a limit of the placebo rate is known: the least ratio that it allows.
        """
        rate = self.percent_placebo
        if rate is None:
            rate = self.placebo_below_percent or 0.0
        return self.percent_drug / rate if rate else math.inf

    def __str__(self) -> str:
        who = " ".join(filter(None, (self.event, self.population, self.dose)))
        placebo = (
            f"less than {self.placebo_below_percent:g} %"
            if self.percent_placebo is None
            else f"{self.percent_placebo:g} %"
        )
        rates = f"{self.percent_drug:g} % against {placebo}"
        return f"{who}: {rates}, {self.number_needed or 'no group sizes, so no interval'}"


def adverse_events(
    drug: str, *, source: str, method: str = "newcombe", level: float = 0.95
) -> Listing[AdverseEvent]:
    """Return the adverse events of a drug in one source, the largest excess first.

    Printed percentages are turned back into whole patients; where a source rounds to whole per
    cent, as labels do, the counts are as coarse as that and the intervals a little too sure.
    Sources are never joined, and label terms that sound alike ("heart rate increased",
    "tachycardia") stay apart.

    Parameters
    ----------
    drug : str
        Name or usual abbreviation.
    source : str
        Reference key, for example ``"bakish2014"`` or ``"fetzima_label"``.
    method : str, default "newcombe"
        Interval of the risk difference, as for `risk_difference`.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Listing of AdverseEvent
        Events with a placebo rate, or a limit of it. The caption names the events that the source
        prints without one.

    Raises
    ------
    EvidenceError
        If the source has no placebo-controlled rates of this drug; the message lists those that do.

    Examples
    --------
    >>> events = adverse_events("levomilnacipran", source="bakish2014")
    >>> print(events[0])
    erectile dysfunction men 80 mg/day: 14.1 % against 1.4 %, NNH 7.92 (95 % interval ...)
    """
    method = _checks.choice("method", method, METHODS)
    drug = _checks.text("drug", drug)
    rows = evidence.find(drug=drug, quantity="AE_incidence", provenance=("found", "recalled"))
    lab = evidence.reference(source).key
    printed = [(row, _placebo(row)) for row in rows if row.source == lab]
    known = [(row, rate) for row, rate in printed if rate is not None]
    if not known:
        others = dict.fromkeys(row.source for row in rows if _placebo(row) is not None)
        raise EvidenceError(
            f"source {lab} has no placebo rates for {drug!r}; these do: "
            f"{', '.join(others) or 'none'}."
        )
    found = [_compared(row, rate, method, level) for row, rate in known]
    found.sort(key=lambda entry: -np.nan_to_num(entry.difference.value, nan=entry.difference.low))
    columns = ("event", "population", "dose", "percent_drug", "percent_placebo", "number_needed")
    whose = told(lab, *(one.trust for one in found))
    caption = f"Adverse events of {rows[0].drug} ({whose}), drug minus placebo"
    alone = dict.fromkeys(row.event for row, rate in printed if rate is None)
    if alone:
        caption += f"; without a placebo rate: {', '.join(alone)}"
    return Listing(found, caption, columns)


class _Rate(NamedTuple):
    """What is known of the placebo group."""

    percent: float | None
    below: float | None
    n: int | None


@cache
def _twins() -> dict[tuple[str, str, str], list[Row]]:
    """Return the rows of placebo groups by source, event and population."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in evidence.find(drug="placebo", quantity="AE_incidence"):
        if row.n is not None:
            found.setdefault((row.source, row.event, row.population), []).append(row)
    return found


def _placebo(row: Row) -> _Rate | None:
    """Return what is known of the placebo group that belongs to a row, None where nothing is."""
    if row.comparator == "placebo":
        if row.comparator_value is not None:
            return _Rate(row.comparator_value, None, row.comparator_n)
        limit = re.search(r"placebo <\s*([\d.]+)\s*%", f"{row.condition}; {row.note}")
        return _Rate(None, float(limit[1]), row.comparator_n) if limit else None
    twins = _twins().get((row.source, row.event, row.population), [])
    return _Rate(float(twins[0]), None, twins[0].n) if len(twins) == 1 else None


def _compared(row: Row, placebo: _Rate, method: str, level: float) -> AdverseEvent:
    rate, needed = float(row), None
    if placebo.percent is None:
        low = (rate - (placebo.below or 0.0)) / 100
        difference = Estimate(math.nan, low=low, high=rate / 100, method="limits of the rates")
    else:
        difference = Estimate((rate - placebo.percent) / 100, level=level)
        if row.n is not None and placebo.n is not None:
            events = round(rate * row.n / 100), round(placebo.percent * placebo.n / 100)
            counts = events[0], row.n, events[1], placebo.n
            difference = risk_difference(*counts, method=method, level=level)
            needed = number_needed_to_harm(*counts, method=method, level=level)
    return AdverseEvent(
        event=row.event,
        population=row.population,
        dose=row.dose,
        percent_drug=rate,
        percent_placebo=placebo.percent,
        placebo_below_percent=placebo.below,
        n_drug=row.n,
        n_placebo=placebo.n,
        difference=difference,
        number_needed=needed,
        source=row.source,
        trust=row.trust,
    )
