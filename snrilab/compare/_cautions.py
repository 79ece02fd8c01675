"""What must not be combined, and what an adverse event looks like in an animal; with sources."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab import _checks, evidence
from snrilab.evidence import EvidenceError, Listing, Table
from snrilab.evidence._listing import everything

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
        return f"{self.event}: {self.correlate} ({self.reading})"


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
    """

    drug: str
    agent: str
    examples: tuple[str, ...]
    kind: str
    effect: str
    action: str
    days_after_agent: float | None
    days_after_drug: float | None
    maximum_dose_mg_per_day: float | None
    auc_ratio: float | None
    rows: tuple[str, ...]
    claims: tuple[str, ...]
    source: tuple[str, ...]

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
    tachycardia: heart rate by tail-cuff plethysmography (direct)
    """
    found: tuple[PreclinicalCorrelate, ...] = everything(
        PreclinicalCorrelate, "preclinical_correlates"
    )
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
        With the evidence behind each.

    Raises
    ------
    EvidenceError
        If nothing is recorded for the drug: that is a gap, not a safe combination.
    ValueError
        If there is no such kind.

    Examples
    --------
    >>> for caution in combination_cautions(kind="contraindicated"):
    ...     print(caution.agent, caution.days_after_agent, caution.days_after_drug)
    MAOI 14.0 7.0
    """
    known_cautions: tuple[CombinationCaution, ...] = everything(
        CombinationCaution, "combination_cautions"
    )
    name = evidence.find(drug=_checks.text("drug", drug))[0].drug
    found = tuple(one for one in known_cautions if one.drug == name)
    if not found:
        raise EvidenceError(f"no combinations of drug {name!r} are recorded: a gap, not safety.")
    if kind is not None:
        kind = _checks.choice("kind", kind, list(dict.fromkeys(one.kind for one in found)))
        found = tuple(one for one in found if one.kind == kind)
    columns = ("agent", "kind", "effect", "action", "source")
    return Listing(found, f"{name} in combination", columns)


def washout_days(stopped: str, started: str) -> float:
    """Return the days to wait between stopping one agent and starting the other.

    Parameters
    ----------
    stopped, started : str
        What is stopped and what is started next: a drug and an agent of `combination_cautions`.

    Returns
    -------
    float
        Days.

    Raises
    ------
    EvidenceError
        If no washout between the two is recorded; the message lists those that are.

    Examples
    --------
    >>> washout_days("MAOI", "levomilnacipran"), washout_days("levomilnacipran", "MAOI")
    (14.0, 7.0)
    """
    known_cautions: tuple[CombinationCaution, ...] = everything(
        CombinationCaution, "combination_cautions"
    )
    known = {}
    for one in known_cautions:
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
