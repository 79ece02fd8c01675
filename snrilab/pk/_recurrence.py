"""The recurrence over events: from doses and changes of clearance to amounts at any time.

Time is cut at every event (a dose arrives, an input ends, clearance changes). Amounts are
carried from cut to cut with the closed forms of `_disposition`; intervals that look alike (every
day of a once-daily regimen) share one set of basis functions, so that the whole grid is one
matrix product of rank 2 (one compartment) or 3 (two).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from snrilab.pk._disposition import (
    RateConstants,
    from_input,
    plasma_areas,
    plasma_shares,
    to_infinity,
    transition,
)
from snrilab.pk._interactions import clearance_over_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from snrilab.pk._interactions import ClearanceChange
    from snrilab.pk._regimens import Regimen

    Floats = NDArray[np.float64]

# Intervals whose sampling times agree to this many decimals of an hour share basis functions.
_DECIMALS = 11
# With more kinds of intervals than this a single body is computed time by time.
_MOST_GROUPS = 40


class Body(Protocol):
    """What the recurrence needs: one typical body (Drug) or many patients (Population)."""

    @property
    def v_L(self) -> Any:  # noqa: N802 - the unit keeps its case
        """Volume of plasma (L)."""
        ...

    @property
    def lag_h(self) -> float:
        """Delay before input (h)."""
        ...

    @property
    def input_h(self) -> float:
        """Duration of zero-order input (h)."""
        ...

    @property
    def bioavailability(self) -> float:
        """Share of each dose that enters."""
        ...

    @property
    def rates(self) -> RateConstants:
        """Rate constants (1/h)."""
        ...


@dataclass(frozen=True)
class Group:
    """Intervals that are sampled at the same times after their start, under one clearance."""

    members: tuple[int, ...]
    first_row: tuple[int, ...]
    since_start_h: Floats
    cl_ratio: float


class _Move(NamedTuple):
    """What one amount receives over an interval."""

    target: int
    share: Floats
    source: int
    more: tuple[tuple[Floats, int], ...]
    filled: Floats


class Recurrence:
    """Amounts in n bodies over a regimen.

    Parameters
    ----------
    body : Drug or Population
        Parameters; arrays of length n or plain numbers (n = 1).
    regimen : Regimen
        Doses.
    changes : sequence of ClearanceChange
        Changes of clearance.
    ke0_per_h : float, optional
        Follow an effect site too, as the last amount.
    unaffected : float, default 1
        Clearance of a pathway that the patient's condition leaves alone, over all of it, both
        relative to the typical body: what a change of one enzyme has to be multiplied by.
    """

    def __init__(
        self,
        body: Body,
        regimen: Regimen,
        changes: Sequence[ClearanceChange] = (),
        ke0_per_h: float | None = None,
        unaffected: float = 1.0,
    ) -> None:
        effect = None if ke0_per_h is None else np.asarray(ke0_per_h)
        self.rates = replace(body.rates, effect=effect).each(np.atleast_1d)
        self.volume = np.atleast_1d(np.asarray(body.v_L, dtype=np.float64))
        self.n = self.rates.elimination.size
        doses = np.asarray(regimen.dose_mg) * body.bioavailability
        entry = np.asarray(regimen.time_h) + body.lag_h
        ends = entry + body.input_h
        cuts = [entry] if body.input_h == 0 else [entry, ends]
        turns = [t for change in changes for t in (change.start_h, change.stop_h)]
        cuts.append(np.array([t for t in turns if t > entry[0] and np.isfinite(t)]))
        self.starts = np.unique(np.concatenate(cuts))
        self.cl_ratio = clearance_over_time(self.starts, changes, unaffected)
        self.bolus = np.zeros(self.starts.size)
        self.rate = np.zeros(self.starts.size)
        if body.input_h == 0:
            np.add.at(self.bolus, np.searchsorted(self.starts, entry), doses)
        else:
            first = np.searchsorted(self.starts, entry)
            after = np.searchsorted(self.starts, ends)
            for i, j, dose in zip(first, after, doses, strict=True):
                self.rate[i:j] += dose / body.input_h

    def states(self) -> Iterator[Floats]:
        """Yield the amounts (state, patient) at the start of each interval, after its bolus.

        The array that is yielded is used again two intervals later.
        """
        state = np.zeros((self.rates.n_states, self.n))
        before, work = np.empty_like(state), np.empty(self.n)
        state[0] += self.bolus[0]
        yield state
        steps: dict[tuple[float, float], list[_Move]] = {}
        durations = np.diff(self.starts)
        lengths = np.round(durations, _DECIMALS).tolist()
        # Plain numbers: looking into an array costs more than a step for few patients.
        rates, boluses = self.rate.tolist(), self.bolus.tolist()
        multiply = np.multiply
        for k, key in enumerate(zip(lengths, self.cl_ratio.tolist(), strict=False)):
            if key not in steps:
                steps[key] = self._moves(durations[k], key[1])
            state, before = before, state
            rate = rates[k]
            for target, share, source, more, filled in steps[key]:
                amount = state[target]
                multiply(share, before[source], out=amount)
                for other, place in more:
                    amount += multiply(other, before[place], out=work)
                if rate:
                    amount += multiply(filled, rate, out=work)
            if boluses[k + 1]:
                state[0] += boluses[k + 1]
            yield state

    def _moves(self, duration_h: float, ratio: float) -> list[_Move]:
        """Return what each amount receives over an interval: shares of the amounts, and input."""
        rates = self.rates.with_clearance(ratio)
        filled = from_input(rates, duration_h)
        moves = []
        for target, row in enumerate(transition(rates, duration_h)):
            first, *more = [(share, j) for j, share in enumerate(row) if share is not None]
            moves.append(_Move(target, *first, tuple(more), filled[target]))
        return moves

    def groups(self, times: Floats) -> list[Group]:
        """Sort the intervals that hold any of the (rising) times into groups that look alike."""
        edges = np.append(np.searchsorted(times, self.starts), times.size)
        held = np.flatnonzero(np.diff(edges))
        since = np.zeros(times.size)
        since[edges[0] :] = times[edges[0] :] - np.repeat(self.starts, np.diff(edges))
        rounded = np.round(since, _DECIMALS) + 0.0
        alike: dict[tuple[float, bytes], list[int]] = {}
        for k in held.tolist():
            key = (float(self.cl_ratio[k]), rounded[edges[k] : edges[k + 1]].tobytes())
            alike.setdefault(key, []).append(k)
        return [
            Group(
                tuple(members),
                tuple(edges[members].tolist()),
                since[edges[members[0]] : edges[members[0] + 1]],
                ratio,
            )
            for (ratio, _), members in alike.items()
        ]

    def basis(self, ratio: float, since_start_h: Floats, row: int) -> list[Floats | None]:
        """Share of each starting amount, and of unit input, in amount `row`: (patient, time)."""
        rates = self.rates.with_clearance(ratio).each(lambda k: k[:, np.newaxis])
        filled = from_input(rates, since_start_h)[row] if self.rate.any() else None
        if row != rates.plasma:
            return [*transition(rates, since_start_h)[row], filled]
        shares: list[Floats | None] = [*plasma_shares(rates, since_start_h)]
        return [*shares, *[None] * (rates.n_states - len(shares)), filled]

    def starting(self) -> Floats:
        """Amounts, and the rate of input, at the start of each interval: (interval, amount, n)."""
        m = self.rates.n_states
        starting = np.empty((self.starts.size, m + 1, self.n))
        states = self._states_of_one() if self.n == 1 else self.states()
        for k, state in enumerate(states):
            starting[k, :m] = state
        starting[:, m] = self.rate[:, np.newaxis]
        return starting

    def _states_of_one(self) -> Iterator[Floats]:
        """Yield what `states` does for a single body: every interval's shares in one go."""
        m, steps = self.rates.n_states, self.starts.size - 1
        rates = self.rates.with_clearance(self.cl_ratio[:-1])
        durations = np.diff(self.starts)
        shares = np.zeros((steps, m, m))
        for i, row in enumerate(transition(rates, durations)):
            for j, share in enumerate(row):
                if share is not None:
                    shares[:, i, j] = share
        filled = np.array(from_input(rates, durations)).T * self.rate[:-1, np.newaxis]
        state = np.zeros(m)
        state[0] = self.bolus[0]
        yield state[:, np.newaxis]
        for share, flowed, bolus in zip(shares, filled, self.bolus[1:].tolist(), strict=True):
            state = share @ state + flowed
            state[0] += bolus
            yield state[:, np.newaxis]

    def area(self, begin: float, end: float) -> Floats:
        """Area under the amount in plasma (mg·h) of a single body, from `begin` to `end`.

        A sum of positive terms: nothing cancels, however short or late the piece is.
        """
        starting = self.starting()
        low = np.maximum(self.starts, begin)
        high = np.minimum(np.append(self.starts[1:], np.inf), end)
        held = np.flatnonzero(high > low)
        if not held.size:
            return np.zeros(self.n)
        first, last = held[0], held[-1]
        if low[first] > self.starts[first]:
            starting[first] = self._later(first, float(low[first] - self.starts[first]), starting)
        total = np.zeros(1)
        if np.isinf(high[last]):
            rates = self.rates.with_clearance(self.cl_ratio[last])
            for cleared, amount in zip(to_infinity(rates), starting[last], strict=False):
                total += cleared * amount
            held = held[:-1]
        rates = self.rates.with_clearance(self.cl_ratio[held])
        shares = plasma_areas(rates, high[held] - low[held])
        for share, amount in zip(shares, starting[held, :, 0].T, strict=True):
            total += (share * amount).sum()
        return total

    def _later(self, k: int, since_start_h: float, starting: Floats) -> Floats:
        """Amounts, and the rate of input, some time after the start of interval k."""
        rates = self.rates.with_clearance(self.cl_ratio[k])
        state: Floats = starting[k]
        later: Floats = state.copy()
        moved = transition(rates, since_start_h), from_input(rates, since_start_h)
        for i, (row, filled) in enumerate(zip(*moved, strict=True)):
            later[i] = filled * self.rate[k]
            for share, amount in zip(row, state, strict=False):
                if share is not None:
                    later[i] += share * amount
        return later

    def amounts(self, times: Floats, row: int, per: Floats | None = None) -> Floats:
        """Return amount `row` (mg, divided by `per` of each patient) as (patient, time).

        `times` must rise; before the first event there is nothing.
        """
        groups = self.groups(times)
        starting = self.starting()
        out = np.empty((self.n, times.size))
        out[:, : np.searchsorted(times, self.starts[0])] = 0.0
        if self.n == 1 and len(groups) > _MOST_GROUPS:
            self._one_by_one(times, row, starting, out)
            return out if per is None else np.asarray(out / per)
        for group in groups:
            shares = self.basis(group.cl_ratio, group.since_start_h, row)
            used = [i for i, share in enumerate(shares) if share is not None]
            functions = np.stack([share for share in shares if share is not None], axis=1)
            if per is not None:
                functions /= per[:, np.newaxis, np.newaxis]
            # One flat transpose is four times quicker than the same one on three axes.
            flat = starting[np.ix_(group.members, used)].reshape(-1, self.n)
            weights = np.ascontiguousarray(flat.T).reshape(self.n, len(group.members), len(used))
            _spread(weights, functions, group, out)
        return out

    def _one_by_one(self, times: Floats, row: int, starting: Floats, out: Floats) -> None:
        """Write amount `row` of a single body, whose intervals have little in common."""
        begun = int(np.searchsorted(times, self.starts[0]))
        late = times[begun:]
        k = np.searchsorted(self.starts, late, side="right") - 1
        rates, since = self.rates.with_clearance(self.cl_ratio[k]), late - self.starts[k]
        found = from_input(rates, since)[row] * self.rate[k]
        for j, share in enumerate(transition(rates, since)[row]):
            if share is not None:
                found = found + share * starting[k, j, 0]
        out[0, begun:] = found


def _spread(weights: Floats, functions: Floats, group: Group, out: Floats) -> None:
    """Write weights @ functions into the columns of `out` that belong to the group."""
    size = group.since_start_h.size
    first, count = group.first_row[0], len(group.members)
    if group.first_row[-1] - first == (count - 1) * size:
        block = out[:, first : first + count * size]
        np.matmul(weights, functions, out=block.reshape(block.shape[0], count, size))
        return
    values = weights @ functions
    for i, row in enumerate(group.first_row):
        out[:, row : row + size] = values[:, i]
