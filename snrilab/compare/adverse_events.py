"""Adverse events of a drug against placebo, source by source, with honest intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab import _checks, evidence
from snrilab._estimate import Estimate
from snrilab.compare.number_needed import NumberNeeded, number_needed_to_harm
from snrilab.compare.risks import METHODS, risk_difference
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
    percent_drug, percent_placebo : float
        Rates as printed, in per cent.
    n_drug, n_placebo : int or None
        Group sizes; None where the source does not print them.
    difference : Estimate
        Risk difference as a fraction; without interval where the group sizes are not known.
    number_needed : NumberNeeded or None
        Number needed to harm; None where the group sizes are not known.
    source, trust : str
        Reference key; how far drug and placebo rates can be trusted.
    """

    event: str
    population: str
    dose: str
    percent_drug: float
    percent_placebo: float
    n_drug: int | None
    n_placebo: int | None
    difference: Estimate
    number_needed: NumberNeeded | None
    source: str
    trust: str

    @property
    def ratio_to_placebo(self) -> float:
        """Rate on drug over rate on placebo; infinite where placebo had none."""
        return self.percent_drug / self.percent_placebo if self.percent_placebo else float("inf")

    def __str__(self) -> str:
        who = " ".join(filter(None, (self.event, self.population, self.dose)))
        rates = f"{self.percent_drug:g} % against {self.percent_placebo:g} %"
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
        Events with a placebo rate; others are left out.

    Raises
    ------
    EvidenceError
        If the source has no placebo-controlled rates of this drug; the message lists those that do.
    ValueError
        If method or level are impossible.

    Examples
    --------
    >>> events = adverse_events("levomilnacipran", source="bakish2014")
    >>> print(events[0])
    erectile dysfunction men 80 mg/day: 14.1 % against 1.4 %, NNH 7.92 (95 % interval ...)
    """
    method = _checks.choice("method", method, METHODS)
    drug = _checks.text("drug", drug)
    rows = evidence.find(drug=drug, quantity="AE_incidence", provenance=("found", "recalled"))
    usable = [(row, _placebo(row)) for row in rows]
    known = [(row, rate) for row, rate in usable if rate is not None]
    lab = evidence.reference(source).key
    found = [_compared(row, *rate, method, level) for row, rate in known if row.source == lab]
    if not found:
        others = ", ".join(dict.fromkeys(row.source for row, _ in known)) or "none"
        raise EvidenceError(f"source {lab} has no placebo rates for {drug!r}; these do: {others}.")
    found.sort(key=lambda entry: -entry.difference.value)
    columns = ("event", "population", "dose", "percent_drug", "percent_placebo", "number_needed")
    name = rows[0].drug
    return Listing(found, f"Adverse events of {name} ({lab}), drug minus placebo", columns)


def _placebo(row: Row) -> tuple[float, int | None] | None:
    """Return rate and size of the placebo group that belongs to a row, None where unknown."""
    if row.comparator == "placebo":
        return None if row.comparator_value is None else (row.comparator_value, row.comparator_n)
    twins = [
        twin
        for twin in evidence.find(
            drug="placebo",
            quantity="AE_incidence",
            source=row.source,
            event=row.event,
            population=row.population,
        )
        if twin.n is not None
    ]
    return (float(twins[0]), twins[0].n) if len(twins) == 1 else None


def _compared(
    row: Row, percent: float, n_placebo: int | None, method: str, level: float
) -> AdverseEvent:
    rate, needed = float(row), None
    difference = Estimate((rate - percent) / 100, level=level)
    if row.n is not None and n_placebo is not None:
        counts = (round(rate * row.n / 100), row.n, round(percent * n_placebo / 100), n_placebo)
        difference = risk_difference(*counts, method=method, level=level)
        needed = number_needed_to_harm(*counts, method=method, level=level)
    trust = "; ".join(filter(None, (row.provenance, row.mark)))
    return AdverseEvent(
        event=row.event,
        population=row.population,
        dose=row.dose,
        percent_drug=rate,
        percent_placebo=percent,
        n_drug=row.n,
        n_placebo=n_placebo,
        difference=difference,
        number_needed=needed,
        source=row.source,
        trust=trust,
    )
