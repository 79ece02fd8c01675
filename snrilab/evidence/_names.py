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
_WELL_KNOWN = ("escitalopram", "SERT", "half_life", "binding_Ki", "human", "auclair2013")
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
        example = next((name for name in _WELL_KNOWN if name in allowed), allowed[-1])
        raise EvidenceError(f"{argument} must be a name such as {example!r}, got {given!r}.")
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
    near = nearest(given, spellings)
    if near:
        return f"{argument} {given!r} is not in the evidence.{near}"
    return f"{argument} {given!r} is not in the evidence; it holds {listed(allowed)}."


def nearest(given: str, spellings: dict[str, str], cutoff: float = 0.7) -> str:
    """Return the question whether a name like the given one was meant, or nothing."""
    import difflib

    hits = difflib.get_close_matches(plain(given), spellings, n=3, cutoff=cutoff)
    if not hits:
        return ""
    names = dict.fromkeys(spellings[hit] for hit in hits)
    return f" Did you mean {' or '.join(map(repr, names))}?"


def listed(names: Iterable[str], limit: int = 300, separator: str = ", ") -> str:
    """Return the names one after the other; those past the limit are counted."""
    everything = list(names)
    room, shown = limit, everything[:1]
    for name in everything[1:]:
        room -= len(shown[-1]) + len(separator)
        if len(name) > room:
            break
        shown.append(name)
    left = len(everything) - len(shown)
    return separator.join(shown) + (f" and {left} more" if left else "")
