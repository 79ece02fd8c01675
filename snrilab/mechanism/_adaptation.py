"""The fast balance of both projections, and the slow march of their autoreceptors through weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab.mechanism import _balance as balance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# The sensitivities are settled when a whole sweep through time moves none by more than this.
CLOSE = 1e-9
MOST_SWEEPS = 500
DEEPEST = 300.0  # exp of twice this is still a number


class Balance(NamedTuple):
    """One state of balance: both transmitters first, then scenarios, then times if any."""

    soma: Floats  # nM
    terminal: Floats  # nM
    firing: Floats
    soma_sensitivity: Floats
    terminal_sensitivity: Floats
    release: Floats  # nM/s, at the terminals


class Surroundings(NamedTuple):
    """What the drug and the rest of the brain impose, each broadcast against the scenarios."""

    free_soma: Floats  # share of transporters left open
    free_terminal: Floats
    drive: Floats  # input to the neurones, 1 untreated


def settle(
    soma: balance.Sites,
    terminal: balance.Sites,
    around: Surroundings,
    sensitivity: tuple[Floats | None, Floats | None],
    start: Balance | None = None,
) -> Balance:
    """Solve the cell bodies, then the terminals that their firing drives."""
    at_soma = balance.solve(
        soma, around.drive, around.free_soma, sensitivity[0], None if start is None else start.soma
    )
    sensitive_soma = _final(soma, at_soma, sensitivity[0])
    firing = around.drive * balance.release_factor(soma, at_soma, sensitive_soma)
    at_terminal = balance.solve(
        terminal,
        firing,
        around.free_terminal,
        sensitivity[1],
        None if start is None else start.terminal,
    )
    sensitive_terminal = _final(terminal, at_terminal, sensitivity[1])
    braked = balance.release_factor(terminal, at_terminal, sensitive_terminal)
    return Balance(
        *(at_soma, at_terminal, firing, sensitive_soma, sensitive_terminal),
        terminal.release * firing * braked,
    )


def _final(sites: balance.Sites, conc: Floats, sensitivity: Floats | None) -> Floats:
    """Sensitivity held at `sensitivity`, or where weeks at `conc` would leave it."""
    if sensitivity is None:
        return 1.0 / (1.0 + sites.desensitisation * balance.overstimulation(sites, conc))
    return np.broadcast_to(sensitivity, conc.shape)


def march(
    soma: balance.Sites, terminal: balance.Sites, around: Surroundings, times: Floats
) -> Balance:
    """Follow the two sensitivities through the times (last axis); all else is in balance.

    ``ds/dt = [(1 - s) - q u s]/tau`` is solved exactly for the mean stimulation u of each step.
    u depends on s through the balance of the fluid: sweeping through all times at once, from the
    stimulation that the last sweep found, settles both. A sweep solves every time in one call,
    where a march from time to time would need thousands of small ones.
    """
    widths = np.diff(times)
    sites = (soma, terminal)
    shape = around.free_terminal.shape
    sensitivity = (np.ones(shape), np.ones(shape))
    state = settle(soma, terminal, around, sensitivity)
    for _ in range(MOST_SWEEPS):
        concentrations = (state.soma, state.terminal)
        relaxed = tuple(
            _relaxed(site, balance.overstimulation(site, conc), widths)
            for site, conc in zip(sites, concentrations, strict=True)
        )
        moved = max(float(np.abs(a - b).max()) for a, b in zip(relaxed, sensitivity, strict=True))
        sensitivity = (relaxed[0], relaxed[1])
        state = settle(soma, terminal, around, sensitivity, state)
        if moved <= CLOSE:
            break
    return state


def _relaxed(site: balance.Sites, stimulation: Floats, widths: Floats) -> Floats:
    """Sensitivity over time, from 1 at the start, under a stimulation that is known.

    Each step keeps ``exp(-x)`` of what was there and gains ``(1 - exp(-x))/rate``; the sum of all
    gains, each faded to now, is one cumulative sum, taken in stretches that cannot overflow.
    """
    rate = 1.0 + site.desensitisation * 0.5 * (stimulation[..., 1:] + stimulation[..., :-1])
    fade = np.minimum(rate * widths / site.recovery_h, DEEPEST)
    gained = -np.expm1(-fade) / rate
    course = np.ones(stimulation.shape)
    depth = np.cumsum(fade.reshape(-1, widths.size).max(axis=0))
    starts = np.flatnonzero(np.diff(depth // DEEPEST, prepend=-1.0))
    for first, end in zip(starts, [*starts[1:], widths.size], strict=True):
        faded = np.exp(np.cumsum(fade[..., first:end], axis=-1))
        gains = np.cumsum(gained[..., first:end] * faded, axis=-1)
        course[..., first + 1 : end + 1] = (course[..., first, None] + gains) / faded
    return course
