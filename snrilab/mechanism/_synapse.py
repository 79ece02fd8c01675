"""5-HT from the raphe and NE from the locus coeruleus, with the brakes on both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from snrilab._checks import choice, fraction, increasing, positive
from snrilab.mechanism import _adaptation as adaptation
from snrilab.mechanism import _balance as balance
from snrilab.mechanism._projection import Projection, ProjectionState, Site, SynapseState

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

Route = Literal["systemic", "local"]
Steady = Literal["naive", "adapted", "blocked"]
Weeks = Literal["desensitising", "naive", "blocked"]
ROUTES = ("systemic", "local")
STEADY = ("naive", "adapted", "blocked")
WEEKS = ("desensitising", "naive", "blocked")
PLACES = ("soma", "terminal")
LONGEST_STEP_H = 24.0


@dataclass(frozen=True, slots=True)
class Synapse:
    """5-HT and NE in the cortex, with reuptake, leak, and autoreceptors that brake release.

    A block of SERT or NET raises transmitter where the drug is. At the cell bodies that slows
    firing at once (5-HT1A in the raphe, alpha2 in the locus coeruleus), at the terminals it
    lowers release per spike (5-HT1B, alpha2): a drug in the whole animal therefore raises
    transmitter far less than the same block in the cortex alone. Over weeks the autoreceptors
    desensitise and transmitter climbs.

    The extracellular fluid settles in seconds and is solved by algebra (`steady_state`); over
    weeks only the sensitivity of the autoreceptors is integrated (`simulate`).

    **Illustrative.** Concentrations, Km and the share of other clearance of 5-HT are measured; the
    autoreceptor constants are chosen so that published rises come out (see ``data/synapse.csv``,
    column ``why``), and so is most of NE: `snrilab.mechanism.observations` lists which points were
    fitted, which are predicted, and which are missed. That the cell-body brake of 5-HT lets go
    over weeks is itself contested; that of NE does not (firing keeps falling under reboxetine).
    Left out: dopamine, which NET clears in the cortex; cross-talk between the transmitters,
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
        autoreceptors: Steady = "naive",
        route: Route = "systemic",
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

        Examples
        --------
        >>> state = Synapse().steady_state(sert_occupancy=[0, 0.8, 1])
        >>> state.serotonin.fold.round(1), state.norepinephrine.fold.round(1)
        (array([1. , 1.9, 3. ]), array([1., 1., 1.]))
        """
        choice("autoreceptors", autoreceptors, STEADY)
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
            adaptation.Surroundings(free_soma, free_terminal, drive),
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
        autoreceptors: Weeks = "desensitising",
        route: Route = "systemic",
    ) -> SynapseState:
        """Return the course over days and weeks, from an animal that never had the drug.

        The fluid is in balance at every time; the sensitivities are integrated through steps of
        at most a day, between which occupancy and firing are taken as linear.

        Parameters
        ----------
        time_h : array_like
            Increasing times, h, at least two; the first is the start of treatment.
        sert_occupancy, net_occupancy, firing : array_like
            As in `steady_state`: constant, or a course whose last axis runs over `time_h` (pass
            `occupancy(conc_nM, kd_nM)` of a concentration-time course). Leading axes are scenarios.
        autoreceptors : {"desensitising", "naive", "blocked"}
            Let them desensitise, hold them as on the first day, or block them.
        route : {"systemic", "local"}
            As in `steady_state`.

        Returns
        -------
        SynapseState
            Arrays of the scenarios' shape with time as the last axis.

        Examples
        --------
        Eight weeks at 80 % block: transmitter climbs while the brake lets go, by a third of it.

        >>> weeks = Synapse().simulate([0, 168, 1344], sert_occupancy=0.8)
        >>> weeks.serotonin.fold.round(2)
        array([1.93, 2.08, 2.47])
        """
        choice("autoreceptors", autoreceptors, WEEKS)
        choice("route", route, ROUTES)
        times = increasing("time_h", time_h)
        courses = {
            "sert_occupancy": fraction("sert_occupancy", sert_occupancy),
            "net_occupancy": fraction("net_occupancy", net_occupancy),
            "firing": positive("firing", firing),
        }
        for name, course in courses.items():
            if course.ndim and course.shape[-1] not in {1, times.size}:
                raise ValueError(
                    f"{name} must be one number or have one value per time on its last axis "
                    f"({times.size}), got {course.shape[-1]}."
                )
        shape = np.broadcast_shapes((times.size,), *(c.shape for c in courses.values()))
        fine = _fine(times)
        sert, net, drive = (
            _between(np.broadcast_to(course, shape).reshape(-1, times.size), times, fine)
            for course in courses.values()
        )
        free_terminal = 1.0 - np.stack([sert, net])  # (transmitter, scenario, time)
        free_soma = free_terminal if route == "systemic" else np.ones_like(free_terminal)
        around = adaptation.Surroundings(free_soma, free_terminal, drive)
        soma, terminal = self._sites("soma", axes=2), self._sites("terminal", axes=2)
        if autoreceptors == "desensitising":
            settled = adaptation.march(soma, terminal, around, fine)
        else:
            held = np.full((2, 1, 1), float(autoreceptors == "naive"))
            settled = adaptation.settle(soma, terminal, around, (held, held))
        given = np.searchsorted(fine, times)
        at_times = adaptation.Balance(*(array[..., given] for array in settled))
        return self._state(at_times, free_terminal[..., given], shape, times)

    def without_brake(self, *places: Literal["soma", "terminal"]) -> Synapse:
        """Return the same synapse whose autoreceptors never braked at these places.

        Resting release stays what it is, so the rise ends at or below the ceiling of
        `fold_increase`. That is not what an antagonist does (``autoreceptors="blocked"``): it
        also frees release from the brake that is on at *rest*, and so can pass that ceiling.

        Parameters
        ----------
        *places : {"soma", "terminal"}
            Where there is no brake; both when none is named.

        Returns
        -------
        Synapse
            A new one.

        Examples
        --------
        80 % of SERT blocked: no brake at the cell bodies, no brake at all, brake blocked.

        >>> synapse = Synapse()
        >>> off = [synapse.without_brake("soma"), synapse.without_brake()]
        >>> [round(float(s.steady_state(0.8).serotonin.fold), 2) for s in off]
        [3.17, 3.57]
        >>> round(float(synapse.steady_state(0.8, autoreceptors="blocked").serotonin.fold), 2)
        5.87
        """
        for place in places:
            choice("places", place, PLACES)
        where = places or PLACES
        return Synapse(_unbraked(self.serotonin, where), _unbraked(self.norepinephrine, where))

    def _sites(self, place: str, axes: int = 1) -> balance.Sites:
        """Stack the two transmitters' constants at one place, before so many further axes."""
        return balance.stacked(
            [getattr(p, place) for p in (self.serotonin, self.norepinephrine)], axes
        )

    def _state(
        self,
        settled: adaptation.Balance,
        free: Floats,
        shape: tuple[int, ...],
        time_h: Floats | None = None,
    ) -> SynapseState:
        """Name the solved arrays and add the flows at the terminals."""
        halves = []
        for i, projection in enumerate((self.serotonin, self.norepinephrine)):
            mine = adaptation.Balance(*(array[i].reshape(shape) for array in settled))
            site = projection.terminal
            open_conc = free[i].reshape(shape) * mine.terminal
            halves.append(
                ProjectionState(
                    projection.transmitter,
                    site.basal_nM,
                    *mine,
                    uptake_nM_per_s=site.vmax_nM_per_s * open_conc / (site.km_nM + open_conc),
                    other_nM_per_s=site.other_clearance_per_s * mine.terminal,
                    diffusion_nM_per_s=site.diffusion_per_s * mine.terminal,
                )
            )
        return SynapseState(halves[0], halves[1], time_h)


def _unbraked(projection: Projection, places: tuple[str, ...]) -> Projection:
    """Return a projection whose autoreceptors at these places do nothing."""

    def mute(site: Site) -> Site:
        silent = replace(site.autoreceptor, max_inhibition=0.0, desensitisation=0.0)
        return replace(site, autoreceptor=silent)

    soma, terminal = projection.soma, projection.terminal
    return replace(
        projection,
        soma=mute(soma) if "soma" in places else soma,
        terminal=mute(terminal) if "terminal" in places else terminal,
    )


def _fine(times: Floats) -> Floats:
    """Return the given times with every interval split into parts of at most the longest step."""
    parts = np.ceil(np.diff(times) / LONGEST_STEP_H).astype(int)
    ends = zip(times, times[1:], parts, strict=False)
    even = [np.linspace(a, b, n, endpoint=False) for a, b, n in ends]
    return np.concatenate([*even, times[-1:]])


def _between(course: Floats, times: Floats, fine: Floats) -> Floats:
    """Interpolate linearly along the last axis from the given to the fine times."""
    at = np.clip(np.searchsorted(times, fine, side="right") - 1, 0, times.size - 2)
    share = (fine - times[at]) / (times[at + 1] - times[at])
    between: Floats = course[:, at] + share * (course[:, at + 1] - course[:, at])
    return between
