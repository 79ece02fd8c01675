"""A neurone as the synapse model sees it: its sites, the autoreceptor of each, and its state."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from snrilab._checks import choice, one_number
from snrilab._tables import rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Transmitter = Literal["5-HT", "NE"]


@dataclass(frozen=True, slots=True)
class Autoreceptor:
    """A receptor for a neurone's own transmitter that brakes its release.

    Occupancy is ``o = C^n / (C^n + EC50^n)``; release is multiplied by ``1 - E s o`` at once. Its
    sensitivity s starts at 1 and falls over weeks while transmitter exceeds the untreated level:
    ``ds/dt = [(1 - s) - q u s] / tau`` with u, the occupancy above the untreated one as a fraction
    of what was free. After long treatment ``s = 1 / (1 + q u)``; without drug it recovers with tau.

    Parameters
    ----------
    name : str
        For example ``"5-HT1A"``.
    ec50_nM : float
        Transmitter that holds half of the receptors, nM, > 0.
    max_inhibition : float
        E, the fraction of release that full occupancy stops, in [0, 1].
    hill : float, default 1
        n, steepness, > 0.
    desensitisation : float, default 0
        q, loss rate at full stimulation relative to recovery, >= 0; 0 never desensitises.
    recovery_h : float, default 168
        tau, time constant of recovery, h, > 0.

    Examples
    --------
    >>> Autoreceptor("5-HT1B", ec50_nM=5.0, max_inhibition=0.5).hill
    1.0
    """

    name: str
    ec50_nM: float
    max_inhibition: float
    hill: float = 1.0
    desensitisation: float = 0.0
    recovery_h: float = 168.0

    def __post_init__(self) -> None:
        one_number("ec50_nM", self.ec50_nM, low=0.0, low_open=True)
        one_number("max_inhibition", self.max_inhibition, low=0.0, high=1.0)
        one_number("hill", self.hill, low=0.0, low_open=True)
        one_number("desensitisation", self.desensitisation, low=0.0)
        one_number("recovery_h", self.recovery_h, low=0.0, low_open=True)


@dataclass(frozen=True, slots=True)
class Site:
    """Extracellular fluid around cell bodies or terminals: what enters, what leaves, what brakes.

    ``dC/dt = release - Vmax C / [Km/(1 - occupancy) + C] - (other + diffusion) C``. Release of
    the untreated site is whatever keeps `basal_nM` steady, because concentration is measured and
    release is not.

    Parameters
    ----------
    basal_nM : float
        Untreated extracellular transmitter, nM, > 0.
    vmax_nM_per_s : float
        Greatest transporter uptake per volume of fluid, nM/s, >= 0.
    km_nM : float
        Michaelis constant, nM, > 0.
    other_clearance_per_s : float
        Other carriers and enzymes, 1/s, >= 0.
    diffusion_per_s : float
        Loss out of the volume, 1/s, >= 0; with `other_clearance_per_s` it must exceed 0, or
        a full block would have no steady state.
    autoreceptor : Autoreceptor
        The brake at this site.

    Examples
    --------
    >>> brake = Autoreceptor("5-HT1B", ec50_nM=5.0, max_inhibition=0.5)
    >>> site = Site(1.4, vmax_nM_per_s=900, km_nM=98.6, other_clearance_per_s=0.6,
    ...             diffusion_per_s=0.4, autoreceptor=brake)
    >>> round(site.non_transporter_fraction, 3), round(site.release_nM_per_s, 3)
    (0.1, 14.0)
    """

    basal_nM: float
    vmax_nM_per_s: float
    km_nM: float
    other_clearance_per_s: float
    diffusion_per_s: float
    autoreceptor: Autoreceptor

    def __post_init__(self) -> None:
        one_number("basal_nM", self.basal_nM, low=0.0, low_open=True)
        one_number("vmax_nM_per_s", self.vmax_nM_per_s, low=0.0)
        one_number("km_nM", self.km_nM, low=0.0, low_open=True)
        other = one_number("other_clearance_per_s", self.other_clearance_per_s, low=0.0)
        diffusion = one_number("diffusion_per_s", self.diffusion_per_s, low=0.0)
        if not isinstance(self.autoreceptor, Autoreceptor):
            raise TypeError(f"autoreceptor must be an Autoreceptor, got {self.autoreceptor!r}.")
        if other + diffusion == 0.0:
            raise ValueError(
                "other_clearance_per_s + diffusion_per_s must be > 0, got 0: "
                "with every transporter blocked nothing would clear the transmitter."
            )
        self._refuse_two_steady_states()

    def _refuse_two_steady_states(self) -> None:
        """Refuse a brake that would weaken as transmitter rises: s*o must not fall with C."""
        brake = self.autoreceptor
        held_over_free = (self.basal_nM / brake.ec50_nM) ** brake.hill
        if brake.desensitisation * held_over_free > 1.0:
            raise ValueError(
                f"desensitisation of {brake.name} must be in [0, {1.0 / held_over_free:.3g}] at a "
                f"basal level of {self.basal_nM:g} nM, got {brake.desensitisation:g}: beyond that "
                "the brake weakens as transmitter rises and one dose could have two steady states."
            )

    @property
    def release_nM_per_s(self) -> float:  # noqa: N802
        """Untreated release, nM/s: equal to clearance at the basal level."""
        uptake = self.vmax_nM_per_s * self.basal_nM / (self.km_nM + self.basal_nM)
        return uptake + (self.other_clearance_per_s + self.diffusion_per_s) * self.basal_nM

    @property
    def non_transporter_fraction(self) -> float:
        """Share of untreated clearance that does not pass through the transporter, in (0, 1]."""
        leak = (self.other_clearance_per_s + self.diffusion_per_s) * self.basal_nM
        return leak / self.release_nM_per_s


@dataclass(frozen=True, slots=True)
class Projection:
    """One transmitter's neurones: cell bodies that set firing, terminals that release.

    Parameters
    ----------
    transmitter : {"5-HT", "NE"}
        Transmitter.
    soma : Site
        Around the cell bodies (raphe, locus coeruleus); its autoreceptor slows firing, which
        lowers release at both sites.
    terminal : Site
        Around the terminals (cortex); its autoreceptor lowers release per spike there.

    Examples
    --------
    >>> Projection.from_table("5-HT").soma.autoreceptor.name
    '5-HT1A'
    """

    transmitter: Transmitter
    soma: Site
    terminal: Site

    def __post_init__(self) -> None:
        choice("transmitter", self.transmitter, ("5-HT", "NE"))
        for name in ("soma", "terminal"):
            if not isinstance(getattr(self, name), Site):
                raise TypeError(f"{name} must be a Site, got {getattr(self, name)!r}.")

    @classmethod
    def from_table(cls, transmitter: Transmitter) -> Projection:
        """Return the default projection of ``data/synapse.csv``.

        Parameters
        ----------
        transmitter : {"5-HT", "NE"}
            Transmitter.

        Returns
        -------
        Projection
            Measured constants where there are any, illustrative ones elsewhere: the table says
            which, and why each value was chosen.
        """
        choice("transmitter", transmitter, ("5-HT", "NE"))
        return cls(transmitter, _site(transmitter, "soma"), _site(transmitter, "terminal"))


@dataclass(frozen=True, slots=True)
class ProjectionState:
    """What one transmitter does in every scenario, and at every time if there is a time axis.

    All arrays have the scenarios' shape; with a time course the last axis is time.

    Parameters
    ----------
    transmitter : str
        ``"5-HT"`` or ``"NE"``.
    basal_nM : float
        Untreated transmitter at the terminals, nM.
    soma_nM, terminal_nM : numpy.ndarray
        Extracellular transmitter around cell bodies and terminals, nM.
    firing : numpy.ndarray
        Firing relative to the untreated animal.
    soma_sensitivity, terminal_sensitivity : numpy.ndarray
        Sensitivity of the autoreceptors: 1 untreated, 0 blocked by an antagonist.
    release_nM_per_s, uptake_nM_per_s, other_nM_per_s, diffusion_nM_per_s : numpy.ndarray
        Flows at the terminals, nM/s; at steady state release is the sum of the other three.
    """

    transmitter: Transmitter
    basal_nM: float
    soma_nM: Floats
    terminal_nM: Floats
    firing: Floats
    soma_sensitivity: Floats
    terminal_sensitivity: Floats
    release_nM_per_s: Floats
    uptake_nM_per_s: Floats
    other_nM_per_s: Floats
    diffusion_nM_per_s: Floats

    @property
    def fold(self) -> Floats:
        """Transmitter at the terminals as a fold of its untreated level."""
        return self.terminal_nM / self.basal_nM


@dataclass(frozen=True, slots=True)
class SynapseState:
    """Both transmitters, at steady state or over time.

    Parameters
    ----------
    serotonin, norepinephrine : ProjectionState
        The two projections.
    time_h : numpy.ndarray or None
        Times of the last axis, h; None at steady state.
    """

    serotonin: ProjectionState
    norepinephrine: ProjectionState
    time_h: Floats | None = None


def _site(transmitter: str, place: str) -> Site:
    from snrilab.evidence import parameters

    measured = parameters("synapse")
    mine = [
        row
        for row in rows("synapse")
        if row["transmitter"] == transmitter and row["site"] in {place, "both"}
    ]
    names = {row["parameter"]: row["value"] for row in mine if row["parameter"] == "autoreceptor"}
    value = {
        row["parameter"]: float(measured[row["evidence"]] if row["evidence"] else row["value"])
        for row in mine
        if row["parameter"] not in names
    }
    carried = value["vmax_nM_per_s"] / (value["km_nM"] + value["basal_nM"])
    share = value["non_transporter_fraction"]
    leak = carried * share / (1.0 - share)
    receptor = {f.name: value[f.name] for f in fields(Autoreceptor) if f.name in value}
    return Site(
        value["basal_nM"],
        value["vmax_nM_per_s"],
        value["km_nM"],
        other_clearance_per_s=leak * value["other_clearance_share"],
        diffusion_per_s=leak * (1.0 - value["other_clearance_share"]),
        autoreceptor=Autoreceptor(names["autoreceptor"], **receptor),
    )
