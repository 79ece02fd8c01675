"""Populations: many virtual patients as arrays, and bands over them in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import numbers, one_number, random_generator, whole_number
from snrilab.pk._drugs import Drug, need_drug, rate_constants
from snrilab.pk._profiles import NG_PER_ML_PER_MG_PER_L, recurrence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab._checks import Seed
    from snrilab.pk._disposition import RateConstants
    from snrilab.pk._interactions import ClearanceChange
    from snrilab.pk._recurrence import Group, Recurrence
    from snrilab.pk._regimens import Regimen

    Floats = NDArray[np.float64]

__all__ = ["Bands", "Population", "concentration_bands", "population"]

VARYING = ("cl", "v", "ka")


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """Virtual patients: one value per patient of what varies, one for all of what does not.

    Made by `population`. Lag, duration of input and bioavailability are properties of the product
    here, so that all patients share the times at which something happens.

    Parameters
    ----------
    drug : Drug
        The typical body.
    cl_L_per_h, v_L, ka_per_h, vp_L : array or None
        Parameters of each patient; None where the model has no such parameter.
    """

    drug: Drug
    cl_L_per_h: Floats
    v_L: Floats
    ka_per_h: Floats | None
    vp_L: Floats | None

    def __repr__(self) -> str:
        return f"Population of {len(self):,} patients around {self.drug.name}"

    def __len__(self) -> int:
        return int(self.cl_L_per_h.size)

    @property
    def lag_h(self) -> float:
        """Lag (h) of the product."""
        return self.drug.lag_h

    @property
    def input_h(self) -> float:
        """Duration of zero-order input (h) of the product."""
        return self.drug.input_h

    @property
    def bioavailability(self) -> float:
        """Bioavailability of the product."""
        return self.drug.bioavailability

    @property
    def rates(self) -> RateConstants:
        """Rate constants (1/h) of each patient."""
        return rate_constants(
            self.cl_L_per_h, self.v_L, self.ka_per_h, self.drug.q_L_per_h, self.vp_L
        )


def population(
    n: int,
    drug: Drug,
    *,
    cv: Mapping[str, float] | None = None,
    correlation: float | None = None,
    rng: Seed = None,
) -> Population:
    """Draw virtual patients around a typical body.

    Clearance, volume and absorption rate are lognormal: the typical value is the median, and a
    coefficient of variation cv means a standard deviation of the logarithm of
    sqrt(log(1 + cv²)). Volumes of both compartments vary together.

    Parameters
    ----------
    n : int
        Patients, >= 1.
    drug : Drug
        The typical body.
    cv : mapping, optional
        Coefficients of variation, >= 0, for any of ``"cl"``, ``"v"``, ``"ka"``; what is not named
        does not vary. None takes the drug's own `cv_cl` and `cv_v`.
    correlation : float, optional
        Correlation of the logarithms of clearance and volume, in [-1, 1]. None takes the drug's
        own with the drug's own `cv`, and 0 with another `cv` or where none is known. Without it
        half-lives scatter more than anybody's.
    rng : numpy.random.Generator or int, optional
        Random numbers: a generator or a seed.

    Returns
    -------
    Population
        Arrays of length `n`.

    Raises
    ------
    LookupError
        When `cv` is None and the drug has no known variability.

    Examples
    --------
    >>> from snrilab.pk import drug
    >>> people = population(1000, drug("levomilnacipran"), rng=1)
    >>> len(people), round(float(np.median(people.cl_L_per_h)), 1)
    (1000, 22.9)
    """
    count = whole_number("n", n, low=1)
    need_drug(drug)
    spread = _log_sd(drug, cv)
    if correlation is None:
        correlation = drug.correlation if cv is None and drug.correlation is not None else 0.0
    linked = one_number("correlation", correlation, low=-1.0, high=1.0)
    normal = random_generator(rng).standard_normal((3, count))
    normal[1] = linked * normal[0] + math.sqrt(1 - linked**2) * normal[1]
    cl, v, ka = np.exp(normal * np.array([[spread[name]] for name in VARYING]))
    return Population(
        drug=drug,
        cl_L_per_h=drug.cl_L_per_h * cl,
        v_L=drug.v_L * v,
        ka_per_h=None if drug.ka_per_h is None else drug.ka_per_h * ka,
        vp_L=None if drug.vp_L is None else drug.vp_L * v,
    )


def _log_sd(drug: Drug, cv: Mapping[str, float] | None) -> dict[str, float]:
    if cv is None:
        cv = {"cl": drug.known("cv_cl"), "v": drug.known("cv_v")}
    if not isinstance(cv, Mapping) or set(cv) - set(VARYING):
        raise ValueError(f"cv must map some of {', '.join(VARYING)} to numbers, got {cv!r}.")
    given = {name: one_number(f"cv[{name!r}]", value, low=0.0) for name, value in cv.items()}
    return {name: math.sqrt(math.log1p(given.get(name, 0.0) ** 2)) for name in VARYING}


@dataclass(frozen=True, eq=False, repr=False)
class Bands:
    """Percentiles of concentration over the patients, at each time.

    Parameters
    ----------
    time_h : array
        Times (h).
    percentiles : tuple of float
        Which percentiles (%).
    ng_per_mL : array
        Concentrations (ng/mL), one row per percentile, one column per time.
    n : int
        Patients.
    """

    time_h: Floats
    percentiles: tuple[float, ...]
    ng_per_mL: NDArray[np.float32]
    n: int

    def __repr__(self) -> str:
        listed = ", ".join(f"{percent:g}" for percent in self.percentiles)
        return f"Percentiles {listed} of {self.n:,} patients at {self.time_h.size:,} times"


def concentration_bands(
    people: Population,
    regimen: Regimen,
    time_h: ArrayLike,
    *,
    percentiles: Sequence[float] = (5, 50, 95),
    changes: Sequence[ClearanceChange] = (),
    memory_MB: float = 256.0,
) -> Bands:
    """Percentiles of concentration over time, without ever holding all patients' profiles.

    Works through blocks of times small enough for `memory_MB`; for each block the recurrence over
    doses runs again and each time's patients are sorted once, in single precision (relative
    error of a concentration below 1e-6). Percentiles interpolate linearly between order statistics.

    Parameters
    ----------
    people : Population
        Virtual patients.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h), one-dimensional, in any order.
    percentiles : sequence of float
        Percentiles (%), in [0, 100].
    changes : sequence of ClearanceChange
        Clearance changes on the way.
    memory_MB : float, default 256
        Most memory (MB) that the calculation may hold beyond `people` and the result; at least
        what one time for all patients needs, about 220 bytes per patient.

    Returns
    -------
    Bands
        Percentiles (ng/mL).

    Examples
    --------
    >>> from snrilab.pk import drug, repeat
    >>> people = population(1000, drug("levomilnacipran"), rng=1)
    >>> band = concentration_bands(people, repeat(120, times=10), [222.5])
    >>> band.ng_per_mL.round(-1).ravel()
    array([240., 340., 500.], dtype=float32)
    """
    if not isinstance(people, Population):
        raise TypeError(f"people must be a Population, got {people!r}.")
    times = numbers("time_h", time_h)
    if times.ndim != 1:
        raise ValueError(f"time_h must be one-dimensional, got shape {times.shape}.")
    wanted = np.atleast_1d(numbers("percentiles", percentiles, low=0.0, high=100.0))
    if wanted.ndim != 1:
        raise ValueError(f"percentiles must be one-dimensional, got shape {wanted.shape}.")
    budget = one_number("memory_MB", memory_MB, low=0.0, low_open=True) * 1e6
    events = recurrence_of(people, regimen, None, changes)
    rows = _rows_in(budget, events)
    order = np.argsort(times, kind="stable")
    rising = times[order]
    picks = _Picks(wanted, len(people))
    sorted_values = np.zeros((times.size, picks.ranks.size), dtype=np.float32)
    for group in events.groups(rising):
        for begin in range(0, group.since_start_h.size, rows):
            _fill_block(events, group, begin, rows, picks.ranks, sorted_values)
    out = np.empty((wanted.size, times.size), dtype=np.float32)
    out[:, order] = picks.interpolate(sorted_values)
    return Bands(times, tuple(wanted.tolist()), out, len(people))


class _Picks:
    """Which ranks among n sorted values the percentiles need, and how they are interpolated."""

    def __init__(self, percentiles: Floats, n: int) -> None:
        position = percentiles / 100 * (n - 1)
        below = np.floor(position).astype(np.intp)
        above = np.minimum(below + 1, n - 1)
        self.ranks, where = np.unique([below, above], return_inverse=True)
        self._below, self._above = where.reshape(2, -1)
        self._share = (position - below).astype(np.float32)

    def interpolate(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Percentiles (percentile, time) from the values at the ranks (time, rank)."""
        low, high = values[:, self._below], values[:, self._above]
        found: NDArray[np.float32] = low + self._share * (high - low)
        return found.T


def _rows_in(budget: float, events: Recurrence) -> int:
    """How many times fit into the memory, besides the recurrence itself."""
    m = events.rates.n_states
    recurrence = 8 * events.n * (m * m + 4 * m + 8)
    per_time = events.n * (8 * (m + 4) + 4 * (m + 3))
    rows = int((budget - recurrence) // per_time)
    if rows < 1:
        raise ValueError(
            f"memory_MB must be at least {(recurrence + per_time) / 1e6:.3g} for {events.n} "
            f"patients, got {budget / 1e6:g}."
        )
    return rows


def _fill_block(
    events: Recurrence,
    group: Group,
    begin: int,
    rows: int,
    ranks: NDArray[np.intp],
    out: NDArray[np.float32],
) -> None:
    """Values at some ranks, at some times of every interval of a group."""
    since = group.since_start_h[begin : begin + rows]
    functions = [
        (j, np.ascontiguousarray(f.T, dtype=np.float32))
        for j, f in enumerate(events.basis(group.cl_ratio, since, events.rates.plasma))
        if f is not None
    ]
    scale = NG_PER_ML_PER_MG_PER_L / events.volume
    block = np.empty((since.size, events.n), dtype=np.float32)
    term = np.empty_like(block)
    place = dict(zip(group.members, group.first_row, strict=True))
    for k, state in enumerate(events.states()):
        if k not in place:
            continue
        for i, (j, function) in enumerate(functions):
            weight = (state[j] if j < len(state) else events.rate[k]) * scale
            np.multiply(function, weight.astype(np.float32), out=term if i else block)
            if i:
                np.add(block, term, out=block)
        block.sort(axis=1)
        row = place[k] + begin
        np.take(block, ranks, axis=1, out=out[row : row + since.size])
