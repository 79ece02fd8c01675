"""Run any network: at rest, at steady state, and through weeks on a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import (
    choice,
    fraction,
    increasing,
    mapping,
    members,
    nonnegative,
    one_number,
)
from snrilab.signalling._wiring import Network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.mechanism import SynapseState

    Floats = NDArray[np.float64]

# First step after the start (about 10 s, below the half-life of the fastest pool), and its growth.
FIRST_H = 0.003
GROWTH = 1.2


@dataclass(frozen=True)
class CascadeCourse:
    """Active fraction of every state over time (result of `simulate`). Qualitative.

    Parameters
    ----------
    network : Network
        What was run.
    time_h : numpy.ndarray
        Times, h.
    activity : dict of str to numpy.ndarray
        Active fraction in [0, 1] of every state, scenarios first, time last.
    """

    network: Network
    time_h: Floats
    activity: dict[str, Floats]

    def active(self, name: str) -> Floats:
        """Return the active fraction of a state, in [0, 1]."""
        return self.activity[choice("name", name, list(self.activity))]

    def fold(self, name: str) -> Floats:
        """Return a state as a fold of its activity in the untreated, intact network."""
        active = self.active(name)
        untreated = steady_state(self.network)[name]
        if untreated == 0.0:
            raise ValueError(f"name {name!r} is silent at rest: there is no fold; read `active`.")
        return active / untreated


@overload
def steady_state(
    network: Network,
    inputs: Mapping[str, float] | None = None,
    *,
    knock_out: Sequence[str] = (),
    hold: Mapping[str, float] | None = None,
) -> dict[str, float]: ...
@overload
def steady_state(
    network: Network,
    inputs: Mapping[str, ArrayLike],
    *,
    knock_out: Sequence[str] = (),
    hold: Mapping[str, float] | None = None,
) -> dict[str, Floats]: ...
def steady_state(
    network: Network,
    inputs: Mapping[str, ArrayLike] | None = None,
    *,
    knock_out: Sequence[str] = (),
    hold: Mapping[str, float] | None = None,
) -> dict[str, float] | dict[str, Floats]:
    """Return where every state settles under constant inputs, by algebra.

    Parameters
    ----------
    network : Network
        What to run.
    inputs : mapping of str to array_like, optional
        Level of each input, >= 0; those not named stay at rest.
    knock_out : sequence of str, optional
        States that are absent (held at 0).
    hold : mapping of str to float, optional
        States clamped at an active fraction, in [0, 1].

    Returns
    -------
    dict of str to float or numpy.ndarray
        Active fraction of every state, in [0, 1].

    Examples
    --------
    Three times the 5-HT and NE raise cAMP; without Gs receptors they lower it.

    >>> from snrilab.signalling import network
    >>> rest = steady_state(network("camp"))["cAMP"]
    >>> both = {"5-HT": 3, "NE": 3}
    >>> steady_state(network("camp"), both)["cAMP"] > rest
    True
    >>> no_gs = ("Gs 5-HT", "Gs NE")
    >>> rest = steady_state(network("camp"), knock_out=no_gs)["cAMP"]
    >>> steady_state(network("camp"), both, knock_out=no_gs)["cAMP"] < rest
    True
    """
    held = _held(network, knock_out, hold)
    level = _levels(network, inputs)
    for state in network.order:
        if state.name in held:
            level[state.name] = np.asarray(held[state.name])
            continue
        gain, loss = _rates(network, state.name, level)
        level[state.name] = gain / (gain + loss)
    shape = np.broadcast_shapes(*(value.shape for value in level.values()))
    names = [state.name for state in network.states]
    if shape == ():
        return {name: float(level[name]) for name in names}
    return {name: np.broadcast_to(level[name], shape).copy() for name in names}


def simulate(
    network: Network,
    time_h: ArrayLike,
    inputs: Mapping[str, ArrayLike] | None = None,
    *,
    knock_out: Sequence[str] = (),
    hold: Mapping[str, float] | None = None,
    step_h: float = 6.0,
) -> CascadeCourse:
    """Run a network through hours, days or weeks from its resting state.

    Every state relaxes towards a moving target, which is taken as linear within a step; that step
    is solved exactly. It is therefore stable for pools that turn over in seconds, keeps every
    active fraction in [0, 1], and is of second order for slow pools. Qualitative by design.

    Parameters
    ----------
    network : Network
        What to run.
    time_h : array_like
        Increasing times, h, at least two.
    inputs : mapping of str to array_like, optional
        Level of each input, >= 0: constant, or a course whose last axis runs over `time_h`
        (linear between times). Leading axes are scenarios. Those not named stay at rest.
    knock_out : sequence of str, optional
        States that are absent (held at 0) all along.
    hold : mapping of str to float, optional
        States clamped at an active fraction, in [0, 1].
    step_h : float, default 6
        Longest step, h, > 0.

    Returns
    -------
    CascadeCourse
        Active fractions over time. The start is the steady state at resting inputs.

    Examples
    --------
    BDNF climbs for days after transmitter has jumped.

    >>> from snrilab.signalling import network
    >>> weeks = simulate(network("camp"), [0, 24, 168, 336], {"5-HT": 2.5, "NE": 2.5})
    >>> bool((np.diff(weeks.fold("BDNF")) > 0).all())
    True
    """
    times = increasing("time_h", time_h)
    step = one_number("step_h", step_h, low=0.0, low_open=True)
    held = _held(network, knock_out, hold)
    coarse = _levels(network, inputs)
    for name, course in coarse.items():
        if course.ndim and course.shape[-1] not in {1, times.size}:
            raise ValueError(
                f"inputs: {name!r} must be one number or have one value per time on its last axis "
                f"({times.size}), got {course.shape[-1]}."
            )
    shape = np.broadcast_shapes((times.size,), *(course.shape for course in coarse.values()))
    fine = _fine(times, step)
    level = {
        name: _between(np.broadcast_to(course, shape).reshape(-1, times.size).T, times, fine)
        for name, course in coarse.items()
    }
    start = steady_state(network, knock_out=knock_out, hold=hold)
    for state in network.order:
        if state.name in held:
            level[state.name] = np.full((fine.size, 1), held[state.name])
            continue
        gain, loss = _rates(network, state.name, level)
        pace = np.log(2.0) / state.half_life_h * (gain + loss)
        level[state.name] = _follow(gain / (gain + loss), pace, np.diff(fine), start[state.name])
    given = np.searchsorted(fine, times)
    full = (int(np.prod(shape[:-1])), times.size)
    activity = {
        state.name: np.broadcast_to(level[state.name][given].T, full).reshape(shape)
        for state in network.states
    }
    return CascadeCourse(network, times, activity)


def _follow(target: Floats, pace: Floats, width: Floats, start: float) -> Floats:
    """Relax towards a target that moves linearly within each step; time is the first axis."""
    decay = width[:, None] * 0.5 * (pace[1:] + pace[:-1])
    left = np.exp(-decay)
    lag = -np.expm1(-decay) / decay
    # Weights left, lag - left and 1 - lag are positive and sum to 1: fractions stay fractions.
    push = (lag - left) * target[:-1] + (1.0 - lag) * target[1:]
    path = np.empty_like(target)
    path[0] = start
    if target.shape[1] == 1:  # one scenario: plain numbers are far faster than small arrays
        here = start
        steps = zip(left[:, 0].tolist(), push[:, 0].tolist(), strict=True)
        path[1:, 0] = [here := keep * here + gain for keep, gain in steps]
        return path
    for i in range(len(width)):
        path[i + 1] = left[i] * path[i] + push[i]
    return path


def _rates(network: Network, name: str, level: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Activation and deactivation of a state, both relative to its own deactivation."""
    gain = np.asarray(network.node(name).resting)
    loss = np.asarray(1.0)
    for edge in network.into(name):
        effect = edge.strength * level[edge.source]
        if edge.sign > 0:
            gain = gain + effect
        else:
            loss = loss + effect
    return gain, loss


def _levels(network: Network, inputs: Mapping[str, ArrayLike] | None) -> dict[str, Floats]:
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}.")
    levels = {node.name: np.asarray(node.resting) for node in network.inputs}
    given = {} if inputs is None else mapping("inputs", inputs, "names of inputs to levels")
    for name, value in given.items():
        choice("inputs", name, list(levels))
        levels[name] = nonnegative(f"inputs[{name!r}]", value)
    return levels


def _held(
    network: Network, knock_out: Sequence[str], hold: Mapping[str, float] | None
) -> dict[str, float]:
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}.")
    gone = members("knock_out", knock_out, str, "names of states")
    levels = {} if hold is None else mapping("hold", hold, "names of states to activities")
    names = [state.name for state in network.states]
    held = {choice("hold", name, names): value for name, value in levels.items()}
    held |= {choice("knock_out", name, names): 0.0 for name in gone}
    return {name: float(fraction(f"hold[{name!r}]", value)) for name, value in held.items()}


def _fine(times: Floats, step_h: float) -> Floats:
    """Return the given times with every interval split into parts of at most `step_h`.

    Inputs may jump from rest at the start, so the first times grow from `FIRST_H` by `GROWTH`
    until they reach that step: this resolves the fast pools that follow the jump.
    """
    parts = np.ceil(np.diff(times) / step_h).astype(int)
    even = [
        np.linspace(a, b, n, endpoint=False)
        for a, b, n in zip(times, times[1:], parts, strict=False)
    ]
    until = min(step_h / (1.0 - 1.0 / GROWTH), times[-1] - times[0])
    count = max(0, int(np.log(until / FIRST_H) / np.log(GROWTH)))
    early = times[0] + FIRST_H * GROWTH ** np.arange(count)
    return np.unique(np.concatenate([*even, times[-1:], early]))


def _between(course: Floats, times: Floats, fine: Floats) -> Floats:
    """Interpolate linearly along the first axis from the given to the fine times."""
    at = np.clip(np.searchsorted(times, fine, side="right") - 1, 0, times.size - 2)
    share = (fine - times[at]) / (times[at + 1] - times[at])
    return course[at] + share[:, None] * (course[at + 1] - course[at])


def from_synapse(state: SynapseState) -> dict[str, Floats]:
    """Turn the result of `snrilab.mechanism.Synapse` into inputs of a network.

    Parameters
    ----------
    state : SynapseState
        Steady state, or a time course on the same times as the simulation.

    Returns
    -------
    dict of str to numpy.ndarray
        ``"5-HT"`` and ``"NE"`` as folds of their untreated levels.

    Examples
    --------
    >>> from snrilab.mechanism import Synapse
    >>> {k: round(float(v), 1) for k, v in from_synapse(Synapse().steady_state(0.8)).items()}
    {'5-HT': 1.9, 'NE': 1.0}
    """
    if not hasattr(state, "serotonin") or not hasattr(state, "norepinephrine"):
        raise TypeError(f"state must come from a Synapse, got {state!r}.")
    return {"5-HT": state.serotonin.fold, "NE": state.norepinephrine.fold}
