"""Which transporter a drug prefers, by assay and lab; unlike assays are never compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab import _checks, evidence
from snrilab._sources import told
from snrilab.evidence import EvidenceError, Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.evidence import Row, Table

__all__ = [
    "Selectivity",
    "like_for_like",
    "selectivity",
    "selectivity_by_lab",
]

ASSAYS = ("binding_Ki", "uptake_IC50", "binding_Kd", "uptake_Ki")
_BY_LAB = ("drug", "preferred", "net_nM", "sert_nM", "source", "assay", "trust")
_OF_ONE_LAB = tuple(name for name in _BY_LAB if name != "source")  # the heading says it


@overload
def selectivity(ki_net: float, ki_sert: float) -> float: ...
@overload
def selectivity(ki_net: ArrayLike, ki_sert: ArrayLike) -> NDArray[np.float64]: ...
def selectivity(ki_net: ArrayLike, ki_sert: ArrayLike) -> float | NDArray[np.float64]:
    """Return Ki(NET)/Ki(SERT): how many times more tightly the drug binds SERT than NET.

    Parameters
    ----------
    ki_net, ki_sert : array_like
        Constants at the two transporters, > 0, in the same unit and from the same assay (two Ki,
        or two IC50, never one of each).

    Returns
    -------
    float or ndarray
        Ratio > 0 of the broadcast shape; > 1 prefers SERT, < 1 prefers NET.

    Examples
    --------
    Levomilnacipran prefers SERT in binding and NET in uptake:

    >>> round(selectivity(92.2, 11.2), 1), round(selectivity(10.5, 19.0), 2)
    (8.2, 0.55)
    """
    net = _checks.positive("ki_net", ki_net)
    sert = _checks.positive("ki_sert", ki_sert)
    return _checks.scalar_or_array(np.asarray(net / sert))


@dataclass(frozen=True, slots=True)
class Selectivity:
    """The two constants of one drug from one lab and one assay, and their ratio.

    Attributes
    ----------
    drug : str
        Name of the drug.
    basis : str
        Assay basis, one of ``"binding_Ki"``, ``"uptake_IC50"``, ``"binding_Kd"``, ``"uptake_Ki"``.
    source : str
        Reference key: the lab.
    species : str
        Species of the transporters.
    net_nM, sert_nM : float
        Constants at NET and SERT, in nM.
    assay : str
        System and condition of the assay at SERT and at NET.
    trust : str
        ``"found"`` or ``"recalled"``, with warnings.
    """

    drug: str
    basis: str
    source: str
    species: str
    net_nM: float
    sert_nM: float
    assay: str
    trust: str

    @property
    def ratio(self) -> float:
        """NET over SERT constant; > 1 prefers SERT."""
        return selectivity(self.net_nM, self.sert_nM)

    @property
    def preferred(self) -> str:
        """Preferred transporter and by how much."""
        fold = float(f"{max(self.ratio, 1 / self.ratio):.1e}")  # no constant has a third digit
        return f"{'SERT' if self.ratio > 1 else 'NET'}, {fold:g}-fold"

    def __str__(self) -> str:
        assay = f"{self.basis}, {self.species}, {told(self.source, self.trust)}"
        return f"{self.drug}: prefers {self.preferred} ({assay})"


def selectivity_by_lab(drug: str | None = None, *, basis: str) -> Listing[Selectivity]:
    """Return every lab's selectivity on one basis, to show how far labs differ.

    The labs are listed, not ranked: a ratio from one lab says nothing about another lab's drugs.

    Parameters
    ----------
    drug : str, optional
        Only this drug; all drugs when left out.
    basis : str
        Assay basis: ``"binding_Ki"``, ``"uptake_IC50"``, ``"binding_Kd"`` or ``"uptake_Ki"``.
        There is no default: the answer depends on it.

    Returns
    -------
    Listing of Selectivity
        In the order of the evidence.

    Examples
    --------
    >>> [round(lab.ratio, 1) for lab in selectivity_by_lab("duloxetine", basis="binding_Ki")]
    [9.4, 16.7]
    """
    rows = evidence.find(basis=_assay(basis), drug=drug)
    return Listing(_pairs(rows), f"Selectivity by lab ({basis}), not to be ranked", _BY_LAB)


def like_for_like(
    *, basis: str, source: str, drugs: Sequence[str] | None = None
) -> Listing[Selectivity]:
    """Return drugs ranked by selectivity within one lab and one assay.

    Parameters
    ----------
    basis : str
        Assay basis, as for `selectivity_by_lab`.
    source : str
        Reference key of the lab. There is no default: drugs of different labs are not ranked.
    drugs : sequence of str, optional
        Only these drugs; all that the lab measured when left out.

    Returns
    -------
    Listing of Selectivity
        From the most NET-preferring to the most SERT-preferring.

    Raises
    ------
    EvidenceError
        If the lab did not measure both transporters, or not in one of the drugs named; the
        message lists who measured what.

    Examples
    --------
    >>> for drug in like_for_like(basis="binding_Ki", source="vaishnavi2004"):
    ...     print(drug)
    milnacipran: prefers SERT, 2.6-fold (binding_Ki, human, vaishnavi2004, recalled)
    duloxetine: prefers SERT, 17-fold (binding_Ki, human, vaishnavi2004, recalled)
    venlafaxine: prefers SERT, 260-fold (binding_Ki, human, vaishnavi2004, recalled)
    """
    everyone = selectivity_by_lab(basis=basis)
    lab = evidence.reference(_checks.text("source", source)).key
    found = [entry for entry in everyone if entry.source == lab]
    if drugs is not None:
        names = [
            evidence.find(drug=name)[0].drug
            for name in _checks.members("drugs", drugs, str, "names of drugs")
        ]
        missing = [name for name in names if name not in {entry.drug for entry in found}]
        if missing:
            others = "; ".join(str(entry) for entry in everyone if entry.drug in missing)
            raise EvidenceError(
                f"source {lab} holds no {basis} of both transporters for {', '.join(missing)}, and "
                f"labs are not mixed. There is: {others or 'no such assay of these drugs'}."
            )
        found = [entry for entry in found if entry.drug in names]
    if not found:
        labs = ", ".join(dict.fromkeys(entry.source for entry in everyone))
        raise EvidenceError(
            f"source {lab} holds no {basis} of both transporters; these do: {labs}."
        )
    if len({entry.species for entry in found}) > 1:
        raise EvidenceError(f"source {lab} holds {basis} of several species: they are not ranked.")
    found.sort(key=lambda entry: entry.ratio)
    return Listing(found, f"Selectivity, like for like ({basis}, {lab})", _OF_ONE_LAB)


def _assay(basis: str) -> str:
    known = {evidence_basis.casefold(): evidence_basis for evidence_basis in ASSAYS}
    spelled = str(basis).strip().replace(" ", "_").casefold()
    return _checks.choice("basis", known.get(spelled, basis), ASSAYS)


def _pairs(rows: Table) -> list[Selectivity]:
    """Return a selectivity for each drug, basis, lab and species that has both constants."""
    usable = [row for row in rows if row.known and not row.bound and row.provenance != "seed"]
    groups: dict[tuple[str, str, str, str], dict[str, Row]] = {}
    for row in usable:
        if row.basis in ASSAYS and row.target in ("SERT", "NET") and row.unit == "nM":
            key = (row.drug, row.basis, row.source, row.species)
            groups.setdefault(key, {})[row.target] = row
    found = []
    for (drug, basis, source, species), pair in groups.items():
        if len(pair) == 2:
            net, sert = float(pair["NET"]), float(pair["SERT"])
            entry = (drug, basis, source, species, net, sert, _assay_of(pair), _trust_of(pair))
            found.append(Selectivity(*entry))
    return found


def _assay_of(pair: dict[str, Row]) -> str:
    texts = [f"{row.system}, {row.condition}".strip(", ") for row in (pair["SERT"], pair["NET"])]
    return "; ".join(dict.fromkeys(texts))


def _trust_of(pair: dict[str, Row]) -> str:
    marks = [mark for row in pair.values() for mark in (row.provenance, row.mark) if mark]
    return "; ".join(dict.fromkeys(marks))
