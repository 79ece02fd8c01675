"""Other spellings of drugs, targets, quantities and bases, and the nearest match for a slip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from snrilab.evidence._rows import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable

_DRUGS = {
    "levomilnacipran": (
        "lvm",
        "f2695",
        "fetzima",
        "levomilnacipran hydrochloride",
        "(1s,2r)-milnacipran",
    ),
    "escitalopram": ("esc", "s-citalopram", "lexapro", "cipralex", "escitalopram oxalate"),
    "milnacipran": ("mln", "savella"),
    "duloxetine": ("dlx", "cymbalta"),
    "venlafaxine": ("ven", "effexor"),
    "desvenlafaxine": ("dvs", "odv", "o-desmethylvenlafaxine", "pristiq"),
    "citalopram": ("cit", "celexa"),
    "serotonin": ("5-ht", "5ht", "5-hydroxytryptamine"),
    "norepinephrine": ("ne", "na", "noradrenaline"),
}
_TARGETS = {
    "SERT": ("serotonin transporter", "5-ht transporter", "5-htt", "hsert", "slc6a4"),
    "NET": ("norepinephrine transporter", "noradrenaline transporter", "hnet", "nat", "slc6a2"),
    "DAT": ("dopamine transporter", "hdat", "slc6a3"),
}
_QUANTITIES = {
    "half_life": ("t1/2", "t half", "elimination half-life", "terminal half-life"),
    "fraction_unbound": ("fu", "unbound fraction"),
    "CL_over_F": ("cl/f", "apparent clearance", "oral clearance"),
    "V_over_F": ("v/f", "vz/f", "apparent volume"),
    "CL": ("clearance",),
    "V": ("volume of distribution", "vd"),
    "Km": ("michaelis constant",),
    "occupancy": ("transporter occupancy",),
    "AE_incidence": ("adverse event", "adverse events", "adverse event incidence"),
    "molecular_weight": ("mw", "molar mass"),
    "bioavailability": ("f", "absolute bioavailability"),
}
_BASES: dict[str, tuple[str, ...]] = {
    "invivo_EC50": ("in vivo ec50",),
    "invivo_ED50": ("in vivo ed50",),
}
ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "drug": _DRUGS,
    "target": _TARGETS,
    "quantity": _QUANTITIES,
    "basis": _BASES,
}


def plain(text: str) -> str:
    """Return `text` without the differences of spelling that carry no meaning."""
    return re.sub(r"[\s_-]+", "", text).casefold()


def resolve(argument: str, given: object, known: Iterable[str]) -> str:
    """Return the table's own spelling of `given`, or raise with the nearest match."""
    allowed = sorted(set(known), key=str.casefold)
    if not isinstance(given, str) or not given.strip():
        raise EvidenceError(f"{argument} must be a name such as {allowed[-1]!r}, got {given!r}.")
    spellings = {plain(name): name for name in allowed}
    for name, others in ALIASES.get(argument, {}).items():
        if name in allowed:
            spellings.update(
                (plain(other), name) for other in others if plain(other) not in spellings
            )
    try:
        return spellings[plain(given)]
    except KeyError:
        raise EvidenceError(unknown(argument, given, allowed, spellings)) from None


def unknown(argument: str, given: str, allowed: list[str], spellings: dict[str, str]) -> str:
    """Return the sentence for a name that the table does not hold."""
    import difflib

    near = [
        spellings[hit]
        for hit in difflib.get_close_matches(plain(given), spellings, n=3, cutoff=0.7)
    ]
    if near:
        hint = " or ".join(map(repr, dict.fromkeys(near)))
        return f"{argument} {given!r} is not in the evidence. Did you mean {hint}?"
    return f"{argument} {given!r} is not in the evidence; it holds {listed(allowed)}."


def listed(names: Iterable[str], limit: int = 300) -> str:
    """Return the names separated by commas, cut where the sentence grows too long."""
    text = ", ".join(names)
    return text if len(text) <= limit else text[:limit].rsplit(", ", 1)[0] + ", ..."
