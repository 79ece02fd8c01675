"""What must not be combined, and what an adverse event looks like in an animal; with sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from snrilab import _checks, _tables, evidence
from snrilab.evidence import EvidenceError, Listing, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CombinationCaution",
    "PreclinicalCorrelate",
    "combination_cautions",
    "preclinical_correlates",
    "washout_days",
]


@dataclass(frozen=True, slots=True)
class PreclinicalCorrelate:
    """What could show an adverse event in an animal, as the laboratory guide proposes it.

    Attributes
    ----------
    event : str
        Adverse event in patients.
    correlate : str
        What is measured in the animal.
    reading : str
        ``"direct"`` where the same thing is measured, ``"indirect"`` where a sign stands for it.
    caution : str
        What is wrong or weak about it.
    claim : str
        Key of the claim (`snrilab.evidence.claims`).
    contradiction : str
        Number of the contradiction it belongs to, or empty.
    source : str
        Reference key.
    """

    event: str
    correlate: str
    reading: str
    caution: str
    claim: str
    contradiction: str
    source: str

    def __str__(self) -> str:
        said = f"{self.event}: {self.correlate} ({self.reading})"
        return f"{said}; {self.caution}" if self.caution else said


@dataclass(frozen=True, slots=True)
class CombinationCaution:
    """What happens when a drug meets another agent, and what to do about it.

    Attributes
    ----------
    drug, agent : str
        The two.
    examples : tuple of str
        Members of the class of agents.
    kind : str
        ``"contraindicated"``, ``"avoid"``, ``"dose cap"``, ``"caution"`` or ``"no dose change"``.
    effect, action : str
        What happens; what to do.
    days_after_agent, days_after_drug : float or None
        Days to wait after stopping the agent before the drug, and the other way round.
    maximum_dose_mg_per_day : float or None
        Greatest dose of the drug together with the agent.
    auc_ratio : float or None
        Exposure with the agent over exposure without it.
    rows, claims : tuple of str
        Keys of the evidence rows and of the claims behind it.
    source : tuple of str
        Reference keys.
    page : tuple of str
        Where it was read, for a caution that no evidence row stands behind.
    """

    drug: str
    agent: str
    examples: tuple[str, ...]
    kind: str
    effect: str
    action: str
    days_after_agent: int | None
    days_after_drug: int | None
    maximum_dose_mg_per_day: float | None
    auc_ratio: float | None
    rows: tuple[str, ...]
    claims: tuple[str, ...]
    source: tuple[str, ...]
    page: tuple[str, ...]

    @property
    def evidence(self) -> Table:
        """The rows behind the caution."""
        rows = (row for row in evidence.find() if row.key in self.rows)
        return Table(rows, f"Evidence: {self.drug} with {self.agent}")

    def __str__(self) -> str:
        return f"{self.drug} with {self.agent} [{self.kind}]: {self.effect}; {self.action}"


def preclinical_correlates(event: str | None = None) -> Listing[PreclinicalCorrelate]:
    """Return what could show an adverse event in an animal, with what is weak about it.

    Parameters
    ----------
    event : str, optional
        Adverse event; all of them when left out.

    Returns
    -------
    Listing of PreclinicalCorrelate
        In the order of the guide.

    Examples
    --------
    >>> for correlate in preclinical_correlates("tachycardia"):
    ...     print(correlate)
    tachycardia: heart rate by telemetry (direct)
    tachycardia: heart rate by tail-cuff plethysmography (direct); restraint for the cuff ...the ...
    """
    found = _correlates()
    if event is not None:
        event = _checks.choice("event", event, list(dict.fromkeys(one.event for one in found)))
        found = tuple(one for one in found if one.event == event)
    columns = ("event", "correlate", "reading", "caution", "source")
    return Listing(found, "Preclinical correlates of adverse events", columns)


def combination_cautions(
    drug: str = "levomilnacipran", *, kind: str | None = None
) -> Listing[CombinationCaution]:
    """Return what a drug must not, or only carefully, be combined with.

    Parameters
    ----------
    drug : str, default "levomilnacipran"
        Name or usual abbreviation.
    kind : str, optional
        ``"contraindicated"``, ``"avoid"``, ``"dose cap"``, ``"caution"`` or ``"no dose change"``.

    Returns
    -------
    Listing of CombinationCaution
        With the evidence behind each. What is not on the list is not known to be safe: the list
        holds what was read on the pages it names, no more.

    Raises
    ------
    EvidenceError
        If nothing is recorded for the drug: that is a gap, not a safe combination.

    Examples
    --------
    >>> for caution in combination_cautions("escitalopram", kind="contraindicated"):
    ...     print(caution.agent, caution.days_after_agent, caution.days_after_drug)
    MAOI 14 14
    pimozide None None
    """
    name = evidence.find(drug=_checks.text("drug", drug))[0].drug
    found = tuple(one for one in _cautions() if one.drug == name)
    if not found:
        raise EvidenceError(f"no combinations of drug {name!r} are recorded: a gap, not safety.")
    if kind is not None:
        kind = _checks.choice("kind", kind, list(dict.fromkeys(one.kind for one in found)))
        found = tuple(one for one in found if one.kind == kind)
    columns = ("agent", "kind", "effect", "action", "source")
    return Listing(found, f"{name} in combination", columns)


def washout_days(stopped: str, started: str) -> int:
    """Return the days to wait between stopping one agent and starting the other.

    Parameters
    ----------
    stopped, started : str
        What is stopped and what is started next: a drug and an agent of `combination_cautions`.

    Returns
    -------
    int
        Days.

    Raises
    ------
    EvidenceError
        If no washout between the two is recorded; the message lists those that are.

    Examples
    --------
    >>> washout_days("MAOI", "levomilnacipran"), washout_days("levomilnacipran", "MAOI")
    (14, 7)
    """
    known = {}
    for one in _cautions():
        for pair, days in (
            ((one.agent, one.drug), one.days_after_agent),
            ((one.drug, one.agent), one.days_after_drug),
        ):
            if days is not None:
                known[tuple(name.casefold() for name in pair)] = days
    asked = tuple(str(name).strip().casefold() for name in (stopped, started))
    if asked not in known:
        pairs = "; ".join(" then ".join(pair) for pair in known)
        raise EvidenceError(
            f"no washout is recorded for stopped={stopped!r}, started={started!r}. "
            f"There is: {pairs}."
        )
    return known[asked]


@cache
def _correlates() -> tuple[PreclinicalCorrelate, ...]:
    return tuple(PreclinicalCorrelate(**row) for row in _tables.rows("preclinical_correlates"))


@cache
def _cautions() -> tuple[CombinationCaution, ...]:
    return tuple(_caution(row) for row in _tables.rows("combination_cautions"))


def _caution(row: Mapping[str, str]) -> CombinationCaution:
    """Return one line of the table as a caution, each cell as what it is."""

    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    def days(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    def parts(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row[name].split(";") if part.strip())

    return CombinationCaution(
        drug=row["drug"],
        agent=row["agent"],
        examples=parts("examples"),
        kind=row["kind"],
        effect=row["effect"],
        action=row["action"],
        days_after_agent=days("days_after_agent"),
        days_after_drug=days("days_after_drug"),
        maximum_dose_mg_per_day=number("maximum_dose_mg_per_day"),
        auc_ratio=number("auc_ratio"),
        rows=parts("rows"),
        claims=parts("claims"),
        source=parts("source"),
        page=parts("page"),
    )
