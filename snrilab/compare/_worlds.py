"""In how many defensible settings is a sentence about occupancy true, and what does it turn on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab import _checks
from snrilab.compare._occupancy import occupancy_at_dose
from snrilab.evidence import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["CLAIMS", "World", "WorldCount", "count_worlds", "worlds"]

RIVAL_DOSE_MG = 20.0  # escitalopram's highest usual dose, the hardest comparison


@dataclass(frozen=True, slots=True)
class World:
    """One defensible setting: a dose and the constant that turns it into occupancy.

    Attributes
    ----------
    dose_mg : float
        Daily dose of levomilnacipran, free base.
    constant : str
        ``"uptake IC50"``, ``"binding Ki"``, or one end of the bridge from the PET of milnacipran:
        ``"PET bridge, one half"`` (levomilnacipran alone acts) or ``"PET bridge, both halves"``.
        Each end is one assumption for both transporters, so the ends are never crossed.
    net, sert : float
        Occupancy of the two transporters by levomilnacipran, fractions in [0, 1).
    escitalopram_net : float or None
        Occupancy of NET by escitalopram 20 mg under the same constant; None where nobody knows it.
    """

    dose_mg: float
    constant: str
    net: float
    sert: float
    escitalopram_net: float | None

    def __str__(self) -> str:
        return (
            f"{self.dose_mg:g} mg, {self.constant}: NET {100 * self.net:.0f} %, "
            f"SERT {100 * self.sert:.0f} %"
        )


Claim = Callable[[World], "bool | None"]
"""What is asked of a world: true, false, or None where it cannot be said there."""


def _more_than_escitalopram(world: World) -> bool | None:
    return None if world.escitalopram_net is None else world.net > world.escitalopram_net


CLAIMS: dict[str, Claim] = {
    "NET is blocked harder than SERT": lambda world: world.net > world.sert,
    "at least 80 % of SERT is blocked": lambda world: world.sert >= 0.8,
    "at least half of both is blocked": lambda world: min(world.net, world.sert) >= 0.5,
    "NET is blocked harder than by escitalopram": _more_than_escitalopram,
}
"""Sentences about levomilnacipran that `count_worlds` knows by name."""


@dataclass(frozen=True, slots=True)
class WorldCount:
    """In how many worlds a sentence is true.

    Attributes
    ----------
    claim : str
        The sentence.
    true, asked : int
        Worlds in which it is true, and in which it can be said at all.
    turns_on : tuple of str
        What decides: ``"constant"``, ``"dose"``, both, or nothing where all worlds agree.
    worlds : tuple of (World, bool or None)
        Every world with its verdict.
    """

    claim: str
    true: int
    asked: int
    turns_on: tuple[str, ...]
    worlds: tuple[tuple[World, bool | None], ...]

    def __str__(self) -> str:
        turns = " and ".join(f"the {one}" for one in self.turns_on)
        end = f"it turns on {turns}" if turns else "no setting changes it"
        return f"{self.claim}: true in {self.true} of {self.asked}; {end}"


def worlds(doses_mg: Sequence[float] = (40.0, 80.0, 120.0)) -> Listing[World]:
    """Return the defensible settings for levomilnacipran: each dose under each constant.

    Parameters
    ----------
    doses_mg : sequence of float, default (40, 80, 120)
        Daily doses of free base, >= 0 mg.

    Returns
    -------
    Listing of World
        Four for each dose.

    Examples
    --------
    >>> for world in worlds([40]):
    ...     print(world)
    40 mg, uptake IC50: NET 96 %, SERT 92 %
    40 mg, binding Ki: NET 71 %, SERT 95 %
    40 mg, PET bridge, one half: NET 51 %, SERT 56 %
    40 mg, PET bridge, both halves: NET 34 %, SERT 39 %
    """
    doses = _checks.nonnegative("doses_mg", doses_mg).ravel()
    found: list[World] = []
    for dose in map(float, doses):
        for basis, name in (("uptake_IC50", "uptake IC50"), ("binding_Ki", "binding Ki")):
            net, sert = (
                float(occupancy_at_dose("levomilnacipran", dose, target, basis=basis).value)
                for target in ("NET", "SERT")
            )
            rival = occupancy_at_dose("escitalopram", RIVAL_DOSE_MG, "NET", basis=basis)
            found.append(World(dose, name, net, sert, float(rival.value)))
        first, second = (
            occupancy_at_dose("levomilnacipran", dose, target, basis="invivo_EC50")
            for target in ("NET", "SERT")
        )
        ends = (("one half", first.high, second.high), ("both halves", first.low, second.low))
        for active, of_net, of_sert in ends:
            found.append(World(dose, f"PET bridge, {active}", float(of_net), float(of_sert), None))
    columns = ("constant", "dose_mg", "net", "sert", "escitalopram_net")
    return Listing(found, "Settings for the occupancy by levomilnacipran", columns)


def count_worlds(claim: str | Claim, among: Iterable[World] | None = None) -> WorldCount:
    """Return in how many settings a sentence is true, and what it turns on.

    Parameters
    ----------
    claim : str or callable
        One of `CLAIMS`, or a function of a `World` that returns True, False, or None where the
        question cannot be put.
    among : iterable of World, optional
        The settings; `worlds()` by default.

    Returns
    -------
    WorldCount

    Examples
    --------
    >>> for claim in CLAIMS:
    ...     print(count_worlds(claim))
    NET is blocked harder than SERT: true in 3 of 12; it turns on the constant
    at least 80 % of SERT is blocked: true in 6 of 12; it turns on the constant
    at least half of both is blocked: true in 11 of 12; it turns on the constant and the dose
    NET is blocked harder than by escitalopram: true in 6 of 6; no setting changes it
    """
    if callable(claim):
        name, ask = getattr(claim, "__name__", "claim"), claim
    else:
        name = _checks.choice("claim", claim, list(CLAIMS))
        ask = CLAIMS[name]
    settings = worlds() if among is None else tuple(among)
    verdicts = tuple((world, ask(world)) for world in settings)
    said = [(world, verdict) for world, verdict in verdicts if verdict is not None]
    if not said:
        raise ValueError("among must hold a world in which the claim can be put, got none.")
    return WorldCount(
        claim=name,
        true=sum(verdict for _, verdict in said),
        asked=len(said),
        turns_on=tuple(
            label
            for label, held in (("constant", "dose_mg"), ("dose", "constant"))
            if _varies(said, held)
        ),
        worlds=verdicts,
    )


def _varies(said: list[tuple[World, bool]], held: str) -> bool:
    """Return whether verdicts differ among worlds that share one attribute."""
    seen: dict[object, set[bool]] = {}
    for world, verdict in said:
        seen.setdefault(getattr(world, held), set()).add(bool(verdict))
    return any(len(verdicts) > 1 for verdicts in seen.values())
