"""Typed rows of the evidence table, read once from the package data and never changed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from snrilab import _tables
from snrilab._sources import told

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

BASES = {
    "binding_Ki": "displacement of a radioligand, converted with the Cheng-Prusoff equation",
    "binding_Kd": "direct or competitive binding, reported as a dissociation constant",
    "binding_kinetics": "rates of binding and unbinding",
    "uptake_IC50": "concentration that halves the uptake of labelled transmitter",
    "uptake_Ki": "inhibition constant from transmitter uptake",
    "uptake_Km": "Michaelis constant of the transmitter itself",
    "uptake_Vmax": "greatest rate of uptake of the transmitter itself",
    "invivo_EC50": "total plasma concentration at half occupancy in the living brain",
    "invivo_ED50": "dose at half occupancy in the living brain",
    "invivo_occupancy": "transporter occupancy or availability seen by PET or SPECT",
    "allosteric_EC50": "concentration at the second (allosteric) site that slows dissociation",
    "in_vitro": "other test-tube measurement",
    "microdialysis": "extracellular transmitter in the living brain",
    "in_vivo_electrophysiology": "firing of neurones in the living brain",
    "in_vivo_biomarker": "substance measured in the blood of animals",
    "behaviour": "behavioural pharmacology in animals",
    "pharmacokinetics": "plasma, urine or mass-balance measurement",
    "clinical": "clinical trial or human pharmacology",
    "label": "prescribing information",
    "chemistry": "molecular formula or formulation",
    "review": "statement in a review",
    "derived": "computed from other rows",
}
"""What each closed-list assay basis means."""

TARGETS = ("SERT", "NET", "DAT")
"""The three monoamine transporters."""

UNITS = frozenset(
    [
        *("nM", "ng/mL", "ng.h/mL", "fmol/20 µL", "nM/s", "g/mol", "mg", "mg/day", "mg/kg", "kg"),
        *(
            "h",
            "1/h",
            "s",
            "min",
            "days",
            "L",
            "L/kg",
            "L/h",
            "L/h/kg",
            "mL/min",
            "mmHg",
            "bpm",
            "points",
        ),
        *("ratio", "fold", "fraction", "fraction of dose", "fraction of radioactivity", "count"),
        *("%", "% of basal", "% of prechallenge", ""),
    ]
)
"""Every unit a number may carry; the empty unit belongs to qualitative rows."""

PROVENANCES = {
    "found": "the number was read on the page named",
    "recalled": "known from the literature named, not read on a page: check before relying on it",
    "seed": "printed in one of the texts that the course examines: a claim, not evidence",
}
"""How far a row can be trusted."""


class EvidenceError(KeyError):
    """The evidence holds no such number, or more than one; the message lists what exists."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One number (or one qualitative finding) with everything needed to judge it.

    Parameters
    ----------
    key : str
        Readable name of the row, unique in the table.
    drug : str
        Drug, radioligand or transmitter; empty where the row is about a transporter itself.
    quantity : str
        What was measured, for example ``"Ki"``, ``"half_life"`` or ``"AE_incidence"``.
    target : str
        ``"SERT"``, ``"NET"``, ``"DAT"`` or empty.
    basis : str
        Kind of measurement, one of `BASES`.
    value, low, high : float or None
        Value and limits in `unit`; None where none is known.
    interval : str
        What low and high are: ``"range"``, ``"90 % CI"``, ``"95 % CI"``, ``"mean ± SD"``, ...
    unit : str
        One of `UNITS`.
    bound : str
        ``">"``, ``">="``, ``"<"`` or ``"<="`` when the value is only a limit, ``"max"`` for the
        greatest of a series.
    text : str
        The finding, where it is qualitative.
    sd, se : float or None
        Standard deviation and standard error as printed, in `unit`.
    n : int or None
        Number of subjects behind the value.
    dose, route, formulation, event, population, time : str
        Details of the experiment; empty where they do not apply.
    comparator : str
        What the value is compared with, for example ``"placebo"``.
    comparator_value : float or None
        The same quantity in the comparator, in `unit`.
    comparator_n : int or None
        Number of subjects in the comparator.
    species, study, method, system, condition : str
        Where and how it was measured.
    source : str
        Key of the reference; `cite` gives the whole citation.
    cited_as : str
        Place in the source (section, table) where it was printed differently.
    provenance : str
        ``"found"``, ``"recalled"`` or ``"seed"``: how far the row can be trusted.
    page : str
        Page where the number was read, citation it was recalled from, or name of the seed text.
    mark : str
        Warnings, separated by semicolons (``"not known"``, ``"wrong"``, ``"midpoint"``, ...).
    contradictions : tuple of int
        Numbers of the contradictions in which the row takes part.
    note : str
        Remark.

    Examples
    --------
    >>> from snrilab import evidence
    >>> row = evidence.get("venlafaxine", "Ki", target="NET", basis="binding_Ki",
    ...                    source="bymaster2001")
    >>> print(row)
    venlafaxine Ki NET: 2480 nM (binding_Ki; human NET (recombinant); bymaster2001)
    """

    key: str
    drug: str
    quantity: str
    target: str
    basis: str
    value: float | None
    low: float | None
    high: float | None
    interval: str
    unit: str
    bound: str
    text: str
    sd: float | None
    se: float | None
    n: int | None
    dose: str
    route: str
    formulation: str
    event: str
    population: str
    time: str
    comparator: str
    comparator_value: float | None
    comparator_n: int | None
    species: str
    study: str
    method: str
    system: str
    condition: str
    source: str
    cited_as: str
    provenance: str
    page: str
    mark: str
    contradictions: tuple[int, ...]
    note: str

    @property
    def known(self) -> bool:
        """Whether the row holds a value or a finding."""
        return self.value is not None or bool(self.text)

    @property
    def shown(self) -> str:
        """Value, limits and unit as a reader would write them."""
        if not self.known:
            return "not known"
        if self.value is None:
            return self.text
        sign = f"{self.bound} " if self.bound else ""
        limits = "" if self.low is None else f" ({self.low:g} to {self.high:g})"
        return f"{sign}{self.value:.10g}{limits} {self.unit}".rstrip()

    @property
    def trust(self) -> str:
        """How far the row can be trusted: its provenance, then warnings, separated by semicolons.

        Examples
        --------
        >>> from snrilab import evidence
        >>> evidence.get("escitalopram", "Ki", target="NET", basis="binding_Ki").trust
        'recalled'
        """
        compared = "placebo rate recalled" if "placebo rate recalled" in self.condition else ""
        return "; ".join(filter(None, (self.provenance, self.mark, compared)))

    @property
    def told_source(self) -> str:
        """Key of the reference as it stands beside the number: with “recalled” where that is so.

        Examples
        --------
        >>> from snrilab import evidence
        >>> evidence.get("escitalopram", "Ki", target="NET", basis="binding_Ki").told_source
        'owens2001, recalled'
        """
        return told(self.source, self.trust)

    def __float__(self) -> float:
        if self.value is None:
            raise EvidenceError(f"{self.key} has no number: {self.text or self.note}.")
        return self.value

    def __str__(self) -> str:
        what = " ".join(
            part
            for part in (self.drug, self.quantity, self.target, self.event, self.dose, self.time)
            if part
        )
        quoted = f"quoted in document {self.page[:3]}" if self.provenance == "seed" else ""
        where = (self.basis, self.system, self.told_source, quoted)
        return f"{what}: {self.shown} ({'; '.join(filter(None, where))})"


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography.

    Parameters
    ----------
    key : str
        Name used in the ``source`` column of rows.
    citation : str
        Citation as far as it is known.
    kind : str
        ``"paper"``, ``"label"``, ``"tertiary"``, ``"database"``, ``"seed"``, ...
    doi, pmid : str
        DOI and PubMed number, empty where no public page confirmed them (none is ever guessed).
    url : str
        A page where numbers from this source were read.
    confirmed : str
        Page on which the DOI or the PubMed number was read beside the title.

    Examples
    --------
    >>> from snrilab import evidence
    >>> paper = evidence.reference("owens2001")
    >>> paper.kind, paper.citation
    ('paper', 'Owens MJ, Knight DL, Nemeroff CB. Biol Psychiatry 2001;50:345-350')
    """

    key: str
    citation: str
    kind: str
    doi: str
    pmid: str
    url: str
    confirmed: str

    @property
    def link(self) -> str:
        """The best address there is: the DOI, PubMed, or the page that was read."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else self.url

    def __str__(self) -> str:
        return f"{self.citation}. {self.link}".rstrip()


def number(text: str) -> float | None:
    """Return the number printed in a cell, None for an empty cell."""
    return float(text) if text else None


def parts(text: str) -> tuple[str, ...]:
    """Return what a cell lists with semicolons."""
    return tuple(part for part in text.split(";") if part)


_CONVERT: dict[str, Callable[[str], object]] = {
    "float | None": number,
    "int | None": lambda cell: int(cell) if cell else None,
    "int": int,
    "tuple[int, ...]": lambda cell: tuple(map(int, parts(cell))),
    "tuple[str, ...]": parts,
    "str": str,
}


def typed(kind: type[T], record: dict[str, str]) -> T:
    """Return one record as a dataclass of `kind`, each cell converted to its field's type."""
    made = cast("Callable[..., T]", kind)
    columns = fields(cast("Any", kind))
    return made(**{one.name: _CONVERT[str(one.type)](record[one.name]) for one in columns})


@cache
def rows() -> tuple[Row, ...]:
    """Return all rows of the evidence table."""
    return tuple(typed(Row, record) for record in _tables.rows("evidence"))


@cache
def references() -> dict[str, Reference]:
    """Return the bibliography by key."""
    return {record["key"]: typed(Reference, record) for record in _tables.rows("references")}
