"""5-HT from the raphe and NE from the locus coeruleus, with the brakes on both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, fraction, increasing, one_number, positive
from snrilab.mechanism import _adaptation as adaptation
from snrilab.mechanism import _balance as balance
from snrilab.mechanism.projection import Projection

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

ROUTES = ("systemic", "local")
AUTORECEPTORS = ("naive", "adapted", "blocked")
COURSES = ("desensitising", "naive", "blocked")


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

    transmitter: str
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


@dataclass(frozen=True, slots=True)
class Synapse:
    """5-HT and NE in the cortex, with reuptake, leak, and autoreceptors that brake release.

    A block of SERT or NET raises transmitter where the drug is. At the cell bodies that slows
    firing at once (5-HT1A in the raphe, alpha2 in the locus coeruleus), at the terminals it
    lowers release per spike (5-HT1B, alpha2): a drug in the whole animal therefore raises
    transmitter far less than the same block in the cortex alone. Over weeks the autoreceptors
    desensitise and transmitter climbs.

    The extracellular fluid settles in seconds and is solved by algebra (`steady_state`); only the
    sensitivity of the autoreceptors is integrated (`simulate`).

    **Illustrative.** Concentrations, Km and the share of other clearance of 5-HT are measured; the
    autoreceptor constants are chosen so that published rises come out (see ``data/synapse.csv``,
    column ``why``), and so is most of NE. Left out: cross-talk between the two transmitters,
    heteroreceptors, uptake of one transmitter by the other's carrier, phasic release, regions
    other than cortex. Firing drives the cell bodies' own release too, so the tenfold rise on
    perfusing the raphe itself is not reproduced. The model says what a block does to a transmitter;
    it does not say that depression is a lack of one. That is a hypothesis: PET found SERT unchanged
    or a little raised in depression.

    Parameters
    ----------
    serotonin, norepinephrine : Projection, optional
        The projections; by default those of ``data/synapse.csv``. Use `dataclasses.replace` to
        change one constant.

    References
    ----------
    Bel N, Artigas F. Neuropsychopharmacology 1999;21:745-754 (local against systemic).
    Ceglia I et al. Br J Pharmacol 2004;142:469-478 (acute, 2 and 13 days of escitalopram).
    Mathews TA et al. J Neurosci Methods 2004;140:169-181 (no SERT).

    Examples
    --------
    Nine tenths of SERT blocked: in the cortex alone, in the whole animal, and after weeks.

    >>> synapse = Synapse()
    >>> for route, brake in [("local", "naive"), ("systemic", "naive"), ("systemic", "adapted")]:
    ...     state = synapse.steady_state(0.9, route=route, autoreceptors=brake)
    ...     print(route, brake, round(float(state.serotonin.fold), 1))
    local naive 4.4
    systemic naive 2.3
    systemic adapted 3.4
    """

    serotonin: Projection = field(default_factory=lambda: Projection.from_table("5-HT"))
    norepinephrine: Projection = field(default_factory=lambda: Projection.from_table("NE"))

    def __post_init__(self) -> None:
        for name, transmitter in (("serotonin", "5-HT"), ("norepinephrine", "NE")):
            projection = getattr(self, name)
            if not isinstance(projection, Projection) or projection.transmitter != transmitter:
                raise TypeError(
                    f"{name} must be a Projection of {transmitter}, got {projection!r}."
                )

    def steady_state(
        self,
        sert_occupancy: ArrayLike = 0.0,
        net_occupancy: ArrayLike = 0.0,
        *,
        firing: ArrayLike = 1.0,
        autoreceptors: str = "naive",
        route: str = "systemic",
    ) -> SynapseState:
        """Return the state in which release equals clearance, by algebra.

        Parameters
        ----------
        sert_occupancy, net_occupancy : array_like, default 0
            Blocked fraction of each transporter, in [0, 1]; from a concentration by
            `occupancy(conc_nM, kd_nM)`, or as PET measured it.
        firing : array_like, default 1
            Input to the neurones relative to normal, > 0.
        autoreceptors : {"naive", "adapted", "blocked"}
            First day; after weeks, when desensitisation has come to its end; or with an
            antagonist at every autoreceptor (WAY-100635, idazoxan).
        route : {"systemic", "local"}
            Drug in the whole animal, or at the terminals only (perfused through a probe).

        Returns
        -------
        SynapseState
            Arrays of the broadcast shape of the inputs; `time_h` is None.

        Raises
        ------
        ValueError, TypeError
            If an input lies outside its range.

        Examples
        --------
        >>> state = Synapse().steady_state(sert_occupancy=[0, 0.8, 1])
        >>> state.serotonin.fold.round(1), state.norepinephrine.fold.round(1)
        (array([1. , 1.9, 3. ]), array([1., 1., 1.]))
        """
        choice("autoreceptors", autoreceptors, AUTORECEPTORS)
        choice("route", route, ROUTES)
        blocked = np.broadcast_arrays(
            fraction("sert_occupancy", sert_occupancy),
            fraction("net_occupancy", net_occupancy),
            positive("firing", firing),
        )
        shape = blocked[0].shape
        sert, net, drive = (array.reshape(-1) for array in blocked)
        free_terminal = 1.0 - np.stack([sert, net])
        free_soma = free_terminal if route == "systemic" else np.ones_like(free_terminal)
        sensitivity = {"naive": np.ones((2, 1)), "adapted": None, "blocked": np.zeros((2, 1))}
        settled = adaptation.settle(
            self._sites("soma"),
            self._sites("terminal"),
            free_soma,
            free_terminal,
            drive,
            (sensitivity[autoreceptors], sensitivity[autoreceptors]),
        )
        return self._state(settled, free_terminal, shape)

    def simulate(
        self,
        time_h: ArrayLike,
        sert_occupancy: ArrayLike = 0.0,
        net_occupancy: ArrayLike = 0.0,
        *,
        firing: ArrayLike = 1.0,
        autoreceptors: str = "desensitising",
        route: str = "systemic",
        step_h: float = 6.0,
    ) -> SynapseState:
        """Return the course over days and weeks, from an animal that never had the drug.

        The fluid is in balance at every time; the sensitivities are integrated by an exponential
        step with the stimulation averaged over it (second order), on the given times refined to
        at most `step_h`. Between given times occupancy is taken as linear.

        Parameters
        ----------
        time_h : array_like
            Increasing times, h, at least two; the first is the start of treatment.
        sert_occupancy, net_occupancy, firing : array_like
            As in `steady_state`; constant, or a course whose last axis runs over `time_h` (pass
            `occupancy(conc_nM, kd_nM)` of a concentration-time course). Leading axes are scenarios.
        autoreceptors : {"desensitising", "naive", "blocked"}
            Let them desensitise, hold them as on the first day, or block them.
        route : {"systemic", "local"}
            As in `steady_state`.
        step_h : float, default 6
            Longest step of the integration, h, > 0.

        Returns
        -------
        SynapseState
            Arrays of the scenarios' shape with time as the last axis.

        Raises
        ------
        ValueError, TypeError
            If times do not increase or an input lies outside its range.

        Examples
        --------
        Eight weeks at 80 % block: transmitter climbs while the brake lets go.

        >>> weeks = Synapse().simulate([0, 168, 1344], sert_occupancy=0.8)
        >>> bool((np.diff(weeks.serotonin.fold) > 0).all())
        True
        """
        choice("autoreceptors", autoreceptors, COURSES)
        choice("route", route, ROUTES)
        step = one_number("step_h", step_h, low=0.0, low_open=True)
        times = increasing("time_h", time_h)
        courses = [
            fraction("sert_occupancy", sert_occupancy),
            fraction("net_occupancy", net_occupancy),
            positive("firing", firing),
        ]
        for name, course in zip(
            ("sert_occupancy", "net_occupancy", "firing"), courses, strict=True
        ):
            if course.ndim and course.shape[-1] not in {1, times.size}:
                raise ValueError(
                    f"{name} must be one number or have one value per time on its last axis "
                    f"({times.size}), got {course.shape[-1]}."
                )
        shape = np.broadcast_shapes((times.size,), *(course.shape for course in courses))
        sert, net, drive = (
            np.broadcast_to(course, shape).reshape(-1, times.size) for course in courses
        )
        free_terminal = 1.0 - np.stack([sert, net])  # (transmitter, scenario, time)
        free_soma = free_terminal if route == "systemic" else np.ones_like(free_terminal)
        soma, terminal = self._sites("soma"), self._sites("terminal")
        if autoreceptors == "desensitising":
            settled = adaptation.integrate(
                soma, terminal, free_soma, free_terminal, drive, times, step
            )
        else:
            held = np.full((2, 1), float(autoreceptors == "naive"))
            settled = adaptation.settle(
                soma,
                terminal,
                free_soma.reshape(2, -1),
                free_terminal.reshape(2, -1),
                drive.reshape(-1),
                (held, held),
            )
        return self._state(settled, free_terminal, shape, times)

    def _sites(self, place: str) -> balance.Sites:
        """Stack the two transmitters' constants at one place as columns."""
        sites = [getattr(p, place) for p in (self.serotonin, self.norepinephrine)]
        columns = [
            (
                s.basal_nM,
                s.release_nM_per_s,
                s.vmax_nM_per_s,
                s.km_nM,
                s.other_clearance_per_s + s.diffusion_per_s,
                s.autoreceptor.ec50_nM,
                s.autoreceptor.hill,
                s.autoreceptor.max_inhibition,
                s.autoreceptor.desensitisation,
                s.autoreceptor.recovery_h,
            )
            for s in sites
        ]
        return balance.Sites(*np.array(columns).T[:, :, None])

    def _state(
        self,
        settled: tuple[Floats, ...],
        free: Floats,
        shape: tuple[int, ...],
        time_h: Floats | None = None,
    ) -> SynapseState:
        """Name the solved arrays and add the flows at the terminals."""
        halves = []
        for i, projection in enumerate((self.serotonin, self.norepinephrine)):
            soma, terminal, firing, soma_s, terminal_s, release = (
                a[i].reshape(shape) for a in settled
            )
            site = projection.terminal
            open_share = free[i].reshape(shape)
            uptake = (
                site.vmax_nM_per_s * open_share * terminal / (site.km_nM + open_share * terminal)
            )
            halves.append(
                ProjectionState(
                    projection.transmitter,
                    site.basal_nM,
                    soma,
                    terminal,
                    firing,
                    soma_s,
                    terminal_s,
                    release,
                    uptake,
                    site.other_clearance_per_s * terminal,
                    site.diffusion_per_s * terminal,
                )
            )
        return SynapseState(halves[0], halves[1], time_h)
