"""The fast balance of both projections, and the slow march of their autoreceptors through weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.mechanism import _balance as balance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def settle(
    soma: balance.Sites,
    terminal: balance.Sites,
    free_soma: Floats,
    free_terminal: Floats,
    drive: Floats,
    sensitivity: tuple[Floats | None, Floats | None],
    start: tuple[Floats, ...] | None = None,
) -> tuple[Floats, ...]:
    """Solve the cell bodies, then the terminals that their firing drives."""
    at_soma = balance.solve(
        soma, drive, free_soma, sensitivity[0], None if start is None else start[0]
    )
    sensitive_soma = _final(soma, at_soma, sensitivity[0])
    firing = drive * balance.release_factor(soma, at_soma, sensitive_soma)
    at_terminal = balance.solve(
        terminal, firing, free_terminal, sensitivity[1], None if start is None else start[1]
    )
    sensitive_terminal = _final(terminal, at_terminal, sensitivity[1])
    release = (
        terminal.release
        * firing
        * balance.release_factor(terminal, at_terminal, sensitive_terminal)
    )
    return at_soma, at_terminal, firing, sensitive_soma, sensitive_terminal, release


def _final(sites: balance.Sites, conc: Floats, sensitivity: Floats | None) -> Floats:
    """Sensitivity held at `sensitivity`, or where weeks at `conc` would leave it."""
    if sensitivity is None:
        return 1.0 / (1.0 + sites.desensitisation * balance.overstimulation(sites, conc))
    return np.broadcast_to(sensitivity, conc.shape)


def onset(
    soma: balance.Sites,
    terminal: balance.Sites,
    free_soma: Floats,
    free_terminal: Floats,
    drive: float,
    times_s: Floats,
    burst: Floats,
) -> tuple[Floats, ...]:
    """Integrate the fluid itself through seconds, from rest, with naive autoreceptors."""
    from scipy.integrate import solve_ivp

    def change(sites: balance.Sites, conc: Floats, free: Floats, push: Any) -> Floats:
        carried = sites.vmax * free * conc / (sites.km + free * conc)
        change: Floats = sites.release * push - carried - sites.leak * conc
        return change

    def firing_and_release(at_soma: Floats, at_terminal: Floats) -> tuple[Floats, Floats]:
        firing = drive * balance.release_factor(soma, at_soma, 1.0)
        return firing, firing * balance.release_factor(terminal, at_terminal, 1.0)

    def slopes(_: float, flat: Floats) -> Floats:
        at_soma, at_terminal = flat.reshape(2, 2, 1)
        firing, release = firing_and_release(at_soma, at_terminal)
        return np.concatenate(
            [
                change(soma, at_soma, free_soma, firing),
                change(terminal, at_terminal, free_terminal, release),
            ]
        ).ravel()

    course = solve_ivp(
        slopes,
        (times_s[0], times_s[-1]),
        np.concatenate([soma.basal, terminal.basal + burst]).ravel(),
        method="LSODA",
        t_eval=times_s,
        rtol=1e-9,
        atol=1e-12,
    )
    at_soma, at_terminal = course.y.reshape(2, 2, -1)
    firing, release = firing_and_release(at_soma, at_terminal)
    naive = np.ones_like(at_soma)
    return at_soma, at_terminal, firing, naive, naive, terminal.release * release


def integrate(
    soma: balance.Sites,
    terminal: balance.Sites,
    free_soma: Floats,
    free_terminal: Floats,
    drive: Floats,
    times: Floats,
    step_h: float,
) -> tuple[Floats, ...]:
    """March the two sensitivities through the times; everything else is in balance."""
    sites = (soma, terminal)
    courses = (free_soma, free_terminal, drive)

    def settled(
        index: int, share: float, sensitive: list[Floats], start: tuple[Floats, ...] | None
    ) -> tuple[Floats, ...]:
        now = [course[..., index] for course in courses]
        if share:
            ahead = [course[..., index + 1] for course in courses]
            now = [a + share * (b - a) for a, b in zip(now, ahead, strict=True)]
        return settle(soma, terminal, now[0], now[1], now[2], (sensitive[0], sensitive[1]), start)

    def stimulation(state: tuple[Floats, ...]) -> list[Floats]:
        return [balance.overstimulation(s, c) for s, c in zip(sites, state[:2], strict=True)]

    sensitivity = [np.ones(free_terminal.shape[:2])] * 2
    state = settled(0, 0.0, sensitivity, None)
    kept = [state]
    for index, width in enumerate(np.diff(times)):
        parts = int(np.ceil(width / step_h))
        for part in range(1, parts + 1):
            where = (index + 1, 0.0) if part == parts else (index, part / parts)
            before = stimulation(state)
            guess = settled(*where, _relax(sites, sensitivity, before, width / parts), state[:2])
            mean = [0.5 * (b + a) for b, a in zip(before, stimulation(guess), strict=True)]
            sensitivity = _relax(sites, sensitivity, mean, width / parts)
            state = settled(*where, sensitivity, guess[:2])
        kept.append(state)
    return tuple(np.stack(column, axis=-1) for column in zip(*kept, strict=True))


def _relax(
    sites: tuple[balance.Sites, balance.Sites],
    sensitivity: list[Floats],
    stimulation: list[Floats],
    hours: float,
) -> list[Floats]:
    """Exact step of ds/dt = [(1 - s) - q u s]/tau at constant stimulation u."""
    stepped = []
    for site, s, u in zip(sites, sensitivity, stimulation, strict=True):
        rate = 1.0 + site.desensitisation * u
        stepped.append(1.0 / rate + (s - 1.0 / rate) * np.exp(-rate * hours / site.recovery_h))
    return stepped
