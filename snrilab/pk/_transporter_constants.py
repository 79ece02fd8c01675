"""The three constants of a transporter: kept apart, each with its unit and its source."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab import evidence
from snrilab._checks import choice, one_number, text
from snrilab.evidence import EvidenceError

__all__ = [
    "CONSTANT_KINDS",
    "TransporterConstant",
    "transporter_constant",
]

CONSTANT_KINDS = ("binding_Ki", "uptake_IC50", "invivo_EC50")
TRANSPORTERS = ("SERT", "NET")
_BOUNDS = ("low", "high")


@dataclass(frozen=True)
class TransporterConstant:
    """The concentration at which half of a transporter is held, with what it was measured in.

    Parameters
    ----------
    drug, target, basis : str
        Which drug at which transporter, and which of `CONSTANT_KINDS`.
    value : float
        The constant, in `unit`.
    unit : str
        ``"nM"`` (unbound) or ``"ng/mL"`` (total plasma).
    why : str
        Where it comes from, and whether it is an assumption.
    source : tuple of str
        Reference keys of `snrilab.evidence`.
    """

    drug: str
    target: str
    basis: str
    value: float
    unit: str
    why: str = ""
    source: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        choice("target", self.target, list(TRANSPORTERS))
        choice("basis", self.basis, list(CONSTANT_KINDS))
        value = one_number("value", self.value, low=0.0, low_open=True)
        object.__setattr__(self, "value", value)
        expected = "ng/mL" if self.basis == "invivo_EC50" else "nM"
        if text("unit", self.unit) != expected:
            raise ValueError(
                f"unit must be {expected!r} for basis {self.basis!r}, got {self.unit!r}."
            )

    def __str__(self) -> str:
        what = "total plasma" if self.unit == "ng/mL" else "unbound"
        basis = self.basis.replace("_", " ").replace("invivo", "in-vivo")
        return f"{self.target} {basis} {self.value:g} {self.unit} ({what})"


def transporter_constant(
    drug: str,
    target: str,
    basis: str,
    *,
    bound: str | None = None,
    source: str | None = None,
) -> TransporterConstant:
    """Look up one of the three constants.

    Parameters
    ----------
    drug : str
        Name of the drug or its usual abbreviation.
    target : {"SERT", "NET"}
        Transporter.
    basis : {"binding_Ki", "uptake_IC50", "invivo_EC50"}
        Which constant; none ever stands in for another.
    bound : {"low", "high"}, optional
        Which end, when only a range is known (levomilnacipran in vivo, which is itself an
        assumption carried over from milnacipran).
    source : str, optional
        Whose measurement, a reference key of `snrilab.evidence`; None takes the recommended one.

    Returns
    -------
    TransporterConstant
        Value, unit and source.

    Raises
    ------
    EvidenceError
        When there is no such constant, or only a range and no `bound`; the message lists what
        exists.

    Examples
    --------
    >>> print(transporter_constant("levomilnacipran", "NET", "uptake_IC50"))
    NET uptake IC50 10.5 nM (unbound)
    >>> print(transporter_constant("milnacipran", "SERT", "binding_Ki", source="vaishnavi2004"))
    SERT binding Ki 8.44 nM (unbound)
    >>> transporter_constant("escitalopram", "NET", "invivo_EC50")
    Traceback (most recent call last):
        ...
    snrilab.evidence...EvidenceError: ...escitalopram...NET...
    """
    choice("target", target, list(TRANSPORTERS))
    choice("basis", basis, list(CONSTANT_KINDS))
    if bound is not None:
        choice("bound", bound, list(_BOUNDS))
    drug = evidence.find(drug=text("drug", drug))[0].drug
    if source is not None:
        return _measured(drug, target, basis, bound, text("source", source))
    known = _known(basis)
    if (drug, target) not in known:
        raise EvidenceError(
            f"no {basis} is known for drug {drug!r} at {target}; known: {_existing(drug)}."
            f"{_elsewhere(drug, target, basis)}"
        )
    member = known[drug, target]
    value = member.value if bound is None else getattr(member, bound)
    if bound is not None and value is None and member.value is not None:
        raise EvidenceError(
            f"{basis} of {drug} at {target} is one value, {member.value:g} {member.unit}, "
            f"without a range: leave out bound, got {bound!r}."
        )
    if value is None:
        have = (
            f"only the range {member.low:g} to {member.high:g} {member.unit}: choose bound 'low' "
            "or 'high'"
            if member.low is not None
            else f"not known; known: {_existing(drug)}"
        )
        raise EvidenceError(f"{basis} of {drug} at {target} is {have} ({member.why}).")
    return TransporterConstant(
        drug, target, basis, value, member.unit, member.why, tuple(member.source)
    )


def _measured(
    drug: str, target: str, basis: str, bound: str | None, source: str
) -> TransporterConstant:
    """Return the constant that one source measured."""
    row = evidence.get(drug, "transporter_constant", target=target, basis=basis, source=source)
    value = float(row) if bound is None else getattr(row, bound)
    if value is None:
        raise EvidenceError(f"{row.key} has no {bound} end: leave out bound, got {bound!r}.")
    return TransporterConstant(
        drug, target, basis, value, row.unit, evidence.cite(row), (row.source,)
    )


def _elsewhere(drug: str, target: str, basis: str) -> str:
    """Say which sources have the constant, when none of them is recommended."""
    rows = evidence.find(drug=drug, target=target, basis=basis, provenance=["found", "recalled"])
    sources = dict.fromkeys(row.source for row in rows if row.known)
    return f" Measured by source: {', '.join(sources)}." if sources else ""


def _known(basis: str) -> dict[tuple[str, str], evidence.Parameter]:
    """Recommended constants of one basis, by drug and transporter."""
    found = {
        (name.rpartition("/")[0], name.rpartition("/")[2]): member
        for name, member in evidence.parameters(basis).items()
    }
    if basis == "invivo_EC50":
        scans = evidence.parameters("milnacipran_PET")
        for transporter in TRANSPORTERS:
            found["milnacipran", transporter] = scans[f"ec50_{transporter}_ng_per_mL"]
    return found


def _existing(drug: str) -> str:
    there = [
        f"{basis} {transporter}"
        for basis in CONSTANT_KINDS
        for (name, transporter), member in _known(basis).items()
        if name == drug and (member.value is not None or member.low is not None)
    ]
    drugs = sorted({name for basis in CONSTANT_KINDS for name, _ in _known(basis)})
    return f"for {drug}: {', '.join(there)}" if there else f"constants of {', '.join(drugs)}"
