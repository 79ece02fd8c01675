"""5-HT from the raphe and NE from the locus coeruleus, with the brakes on both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, fraction, increasing, one_number, positive
from snrilab.mechanism import _adaptation as adaptation
from snrilab.mechanism import _balance as balance
from snrilab.mechanism.projection import Projection
from snrilab.mechanism.state import ProjectionState, SynapseState

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

ROUTES = ("systemic", "local")
AUTORECEPTORS = ("naive", "adapted", "blocked")
COURSES = ("desensitising", "naive", "blocked")


@dataclass(frozen=True, slots=True)
class Synapse:
    """5-HT and NE in the cortex, with reuptake, leak, and autoreceptors that brake release.

    A block of SERT or NET raises transmitter where the drug is. At the cell bodies that slows
    firing at once (5-HT1A in the raphe, alpha2 in the locus coeruleus), at the terminals it
    lowers release per spike (5-HT1B, alpha2): a drug in the whole animal therefore raises
    transmitter far less than the same block in the cortex alone. Over weeks the autoreceptors
    desensitise and transmitter climbs.

    The extracellular fluid settles in seconds (`onset` shows it) and is solved by algebra
    (`steady_state`); over weeks only the sensitivity of the autoreceptors is integrated
    (`simulate`).

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

    def onset(
        self,
        time_s: ArrayLike,
        sert_occupancy: float = 0.0,
        net_occupancy: float = 0.0,
        *,
        firing: float = 1.0,
        burst_nM: float = 0.0,
        route: str = "systemic",
    ) -> SynapseState:
        """Return the first seconds after a sudden block or a burst of release, by integration.

        Here the fluid itself is integrated: how long transmitter lingers after a burst, and how
        soon the block and the brake reach the balance that `steady_state` gives. The pace in
        seconds rests on an uptake rate of the dorsal raphe (5-HT) and on a guess (NE).

        Parameters
        ----------
        time_s : array_like
            Increasing times, s, at least two; the first is the moment of block and burst.
        sert_occupancy, net_occupancy : float, default 0
            Blocked fraction of each transporter from then on, in [0, 1].
        firing : float, default 1
            Input to the neurones relative to normal, > 0.
        burst_nM : float, default 0
            Transmitter (each) added at the terminals at the start, nM, >= 0.
        route : {"systemic", "local"}
            As in `steady_state`.

        Returns
        -------
        SynapseState
            One-dimensional arrays over time (`time_h` = `time_s` / 3600); autoreceptors naive.

        Raises
        ------
        ValueError, TypeError
            If times do not increase or an input lies outside its range.

        Examples
        --------
        A burst of 100 nM is nearly gone after half a second; with nine tenths of SERT blocked it
        is not.

        >>> for block in (0.0, 0.9):
        ...     first = Synapse().onset([0, 0.5], sert_occupancy=block, burst_nM=100).serotonin
        ...     print(first.terminal_nM.round(0))
        [101.   4.]
        [101.  47.]
        """
        choice("route", route, ROUTES)
        times = increasing("time_s", time_s)
        blocked = [
            one_number(name, value, low=0.0, high=1.0)
            for name, value in (
                ("sert_occupancy", sert_occupancy),
                ("net_occupancy", net_occupancy),
            )
        ]
        drive = one_number("firing", firing, low=0.0, low_open=True)
        burst = one_number("burst_nM", burst_nM, low=0.0)
        free_terminal = 1.0 - np.array(blocked)[:, None]
        free_soma = free_terminal if route == "systemic" else np.ones_like(free_terminal)
        settled = adaptation.onset(
            self._sites("soma"),
            self._sites("terminal"),
            free_soma,
            free_terminal,
            drive,
            times,
            np.full((2, 1), burst),
        )
        free = np.broadcast_to(free_terminal, (2, times.size))
        return self._state(settled, free, times.shape, times / 3600.0)

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
        """Stack the two transmitters' constants at one place."""
        return balance.stacked([getattr(p, place) for p in (self.serotonin, self.norepinephrine)])

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
