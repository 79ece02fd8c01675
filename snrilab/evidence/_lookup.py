"""Look up one number or many, and cite them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.evidence._names import listed, nearest, plain, resolve
from snrilab.evidence._rows import BASES, EvidenceError, Reference, Row, references, rows
from snrilab.evidence._table import Table, no_such, summary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from snrilab.evidence._table import Details, Filters

CONSTANTS = ("Ki", "IC50", "EC50", "selectivity")
_ANY_CONSTANT = "transporter_constant"
_EVIDENCE = ("found", "recalled")
_NAMES = ("target", "source", "species", "provenance")  # columns whose entries are names


def get(
    drug: str,
    quantity: str,
    *,
    target: str | None = None,
    basis: str | None = None,
    **filters: Unpack[Details],
) -> Row:
    """Return the one row that answers the question, or say what exists instead.

    Parameters
    ----------
    drug : str
        Drug, radioligand or transmitter; case, spaces and usual abbreviations do not matter.
    quantity : str
        What was measured, for example ``"Ki"``, ``"half_life"``, ``"Cmax"``, ``"occupancy"``.
        ``"transporter_constant"`` stands for Ki, IC50 or EC50, whichever the basis names.
    target : str, optional
        ``"SERT"``, ``"NET"`` or ``"DAT"``.
    basis : str, optional
        Kind of measurement, one of `BASES`. Mandatory for the transporter constants and for
        ratios of them.
    **filters
        Further columns of `Row`, for example ``source="auclair2013"`` or ``species="rat"``.
        Rows that only quote a seed text are left out unless ``provenance="seed"`` asks for them.

    Returns
    -------
    Row
        The only row that matches.

    Examples
    --------
    >>> row = get("Levomilnacipran ", "IC50", target="norepinephrine transporter",
    ...           basis="uptake_IC50", source="auclair2013")
    >>> row.value, row.unit
    (10.5, 'nM')
    >>> get("levomilnacipran", "half_life", species="rat", provenance="seed")
    Traceback (most recent call last):
        ...
    snrilab.evidence...EvidenceError: levomilnacipran half_life is not known: no number found; ...
    """
    drug = resolve("drug", drug, _drugs())
    same_drug = Table(row for row in rows() if row.drug == drug)
    named = {row.quantity for row in rows()} | {_ANY_CONSTANT}
    quantity = resolve("quantity", quantity, named)
    wanted = CONSTANTS[:3] if quantity == _ANY_CONSTANT else (quantity,)
    asked = " ".join(str(word) for word in (drug, quantity, target, basis) if word)
    asked += "".join(f", {name}={value!r}" for name, value in filters.items())

    same_quantity = same_drug.filter(quantity=wanted)
    matches = same_quantity.filter(target=target, **filters)
    _refuse_unknown({"target": target, **filters})
    if basis is None and wanted[0] in CONSTANTS:
        exist = listed(dict.fromkeys(row.basis for row in same_quantity)) or "none"
        raise EvidenceError(
            f"basis must be named for {drug} {quantity}: a binding Ki, an uptake IC50 and an "
            f"in-vivo EC50 are different quantities. For this drug and quantity there is: {exist}."
        )
    if basis is not None:
        matches = matches.filter(basis=resolve("basis", basis, BASES))
    evidence = matches if "provenance" in filters else matches.filter(provenance=_EVIDENCE)
    if not evidence:
        if matches.filter(provenance="seed"):
            raise EvidenceError(
                f"no evidence for {asked}: only a seed text prints it (provenance='seed'): "
                f"{summary(matches)}."
            )
        raise no_such(same_quantity, drug, asked)
    if len(evidence) > 1:
        raise EvidenceError(
            f"{len(evidence)} rows match {asked}; name one by source, dose or another column: "
            f"{summary(evidence)}."
        )
    row = evidence[0]
    if not row.known:
        raise EvidenceError(
            f"{drug} {row.quantity} {row.target}".rstrip() + f" is not known: {row.note}."
        )
    return row


def _refuse_unknown(filters: Mapping[str, object]) -> None:
    """Raise for a target, source, species or provenance that no row has."""
    for name in _NAMES:
        value = filters.get(name)
        if value is None or value == "" or callable(value):
            continue
        known = {getattr(row, name) for row in rows()} - {""}
        for one in value if isinstance(value, list | tuple | set | frozenset) else (value,):
            if one not in known:
                resolve(name, one, known)


def find(**filters: Unpack[Filters]) -> Table:
    """Return all rows that meet every filter, claims of the seed texts included.

    Parameters
    ----------
    **filters
        Columns of `Row`: see `Table.filter`. Without filters, the whole table.

    Returns
    -------
    Table
        The rows found, possibly none.

    Examples
    --------
    >>> find(drug="desvenlafaxine", basis=["binding_Ki", "uptake_IC50"])
    Evidence: drug desvenlafaxine: 4 rows
    desvenlafaxine Ki SERT: 40.2 nM (binding_Ki; human SERT (recombinant); deecher2006)
    desvenlafaxine Ki NET: 558.4 nM (binding_Ki; human NET (recombinant); deecher2006)
    desvenlafaxine IC50 SERT: 47.3 nM (uptake_IC50; human SERT (recombinant); deecher2006)
    desvenlafaxine IC50 NET: 531.3 nM (uptake_IC50; human NET (recombinant); deecher2006)
    """
    words = ", ".join(
        f"{name} {value}" for name, value in filters.items() if isinstance(value, str)
    )
    return Table(rows(), f"Evidence: {words}" if words else "Evidence").filter(**filters)


def _drugs() -> set[str]:
    """Return the names of all drugs, radioligands and transmitters in the table."""
    return {row.drug for row in rows()} - {""}


def reference(key: str) -> Reference:
    """Return one entry of the bibliography.

    Parameters
    ----------
    key : str
        Reference key, as in the ``source`` column.

    Returns
    -------
    Reference
        Citation, kind, DOI and page.

    Examples
    --------
    >>> reference("jukic2018").doi
    '10.1176/appi.ajp.2017.17050550'
    """
    return references()[resolve("key", key, references())]


def cite(row_or_key: Row | str) -> str:
    """Return the citation of a row, with how far it can be trusted, or of a reference key.

    Parameters
    ----------
    row_or_key : Row or str
        A row, or the key of a row or of a reference.

    Returns
    -------
    str
        Citation in one line.

    Examples
    --------
    >>> cite("owens2001")
    'Owens MJ, Knight DL, Nemeroff CB. Biol Psychiatry 2001;50:345-350.'
    >>> cite("owens2010")
    Traceback (most recent call last):
        ...
    snrilab.evidence...EvidenceError: row_or_key 'owens2010' is neither a Row, ... 'owens2001'...
    """
    row = row_or_key if isinstance(row_or_key, Row) else _keyed(row_or_key)
    if isinstance(row, Reference):
        return str(row)
    source = references()[row.source]
    citation = row.cited_as or source.citation
    doi = f" {source.link}." if source.doi or source.pmid else ""
    trust = {
        "found": f"Read at {row.page}",
        "recalled": "Recalled, not read: check before relying on it",
        "seed": f"Quoted in {row.page}",
    }[row.provenance]
    return f"{citation}.{doi} {trust}."


def _keyed(key: object) -> Row | Reference:
    """Return what has this key, whatever its spelling, or raise with the nearest keys."""
    near = ""
    if isinstance(key, str):
        keyed: dict[str, Row | Reference] = {one.key: one for one in rows()} | references()
        if key in keyed:
            return keyed[key]
        spellings = {plain(name): name for name in keyed}
        if plain(key) in spellings:
            return keyed[spellings[plain(key)]]
        near = nearest(key, spellings, 0.6)
    raise EvidenceError(
        f"row_or_key {key!r} is neither a Row, nor the key of a row (such as "
        f"{rows()[0].key!r}), nor the key of a reference (such as {rows()[0].source!r}).{near}"
    )
