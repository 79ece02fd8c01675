"""The synapse and the cascades against scipy's root finder and integrator, scenario by scenario."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from benchmarks.timing import seconds, table
from snrilab.mechanism import Synapse
from snrilab.signalling import from_synapse, network, simulate, steady_state

WEEKS_H = np.arange(0.0, 8 * 7 * 24 + 1, 6.0)
PEER_SCENARIOS = 5  # the peer is timed on a few and scaled: it is linear in scenarios


def _held(site, conc):
    receptor = site.autoreceptor
    return conc**receptor.hill / (conc**receptor.hill + receptor.ec50_nM**receptor.hill)


def _factor(site, conc, sensitivity):
    most = site.autoreceptor.max_inhibition
    return (1 - most * sensitivity * _held(site, conc)) / (1 - most * _held(site, site.basal_nM))


def _clearance(site, conc, block):
    free = (1 - block) * conc
    carried = site.vmax_nM_per_s * free / (site.km_nM + free)
    return carried + (site.other_clearance_per_s + site.diffusion_per_s) * conc


def _by_root_finding(synapse: Synapse, blocks: np.ndarray) -> None:
    for block in blocks:
        for projection in (synapse.serotonin, synapse.norepinephrine):
            firing = 1.0
            for site in (projection.soma, projection.terminal):
                conc = brentq(
                    lambda c, site=site, firing=firing, block=block: (
                        site.release_nM_per_s * firing * _factor(site, c, 1.0)
                        - _clearance(site, c, block)
                    ),
                    1e-9,
                    1e6,
                    xtol=1e-14,
                )
                firing *= _factor(site, conc, 1.0)


def _synapse_rates(_, y, projection, block):
    soma, terminal = projection.soma, projection.terminal
    slopes = []
    drive = 1.0
    for site, conc, sensitivity in ((soma, y[0], y[2]), (terminal, y[1], y[3])):
        drive *= _factor(site, conc, sensitivity)
        slopes.append(3600 * (site.release_nM_per_s * drive - _clearance(site, conc, block)))
    for site, conc, sensitivity in ((soma, y[0], y[2]), (terminal, y[1], y[3])):
        rest = _held(site, site.basal_nM)
        excess = max(0.0, _held(site, conc) - rest) / (1 - rest)
        receptor = site.autoreceptor
        loss = receptor.desensitisation * excess * sensitivity
        slopes.append(((1 - sensitivity) - loss) / receptor.recovery_h)
    return slopes


def _by_integration(synapse: Synapse, block: float) -> None:
    for projection in (synapse.serotonin, synapse.norepinephrine):
        basal = projection.terminal.basal_nM
        solve_ivp(
            _synapse_rates,
            (0, WEEKS_H[-1]),
            [basal, basal, 1.0, 1.0],
            "LSODA",
            t_eval=WEEKS_H,
            args=(projection, block),
            rtol=1e-6,
            atol=1e-9,
        )


def _cascade_rates(time, y, cascade, courses):
    level = {s.name: a for s, a in zip(cascade.states, y, strict=True)}
    level |= {name: np.interp(time, WEEKS_H, course) for name, course in courses.items()}
    level |= {n.name: n.resting for n in cascade.inputs if n.name not in courses}
    slopes = []
    for state in cascade.states:
        gain, loss = state.resting, 1.0
        for edge in cascade.into(state.name):
            if edge.sign > 0:
                gain += edge.strength * level[edge.source]
            else:
                loss += edge.strength * level[edge.source]
        a = level[state.name]
        slopes.append(np.log(2) / state.half_life_h * (gain * (1 - a) - loss * a))
    return slopes


def run() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    synapse, cascade = Synapse(), network("whole")
    blocks = rng.random(10_000)
    steady = seconds(lambda: synapse.steady_state(blocks, blocks))
    few = blocks[:PEER_SCENARIOS]
    rooted = seconds(lambda: _by_root_finding(synapse, few), repeat=3) * blocks.size / few.size

    many = blocks[:100, None]
    weeks = seconds(lambda: synapse.simulate(WEEKS_H, many, many), repeat=3)
    slider = seconds(lambda: synapse.simulate(WEEKS_H[::4], 0.8), repeat=20)
    integrated = 100 * seconds(lambda: _by_integration(synapse, 0.8), repeat=3)

    inputs = from_synapse(synapse.simulate(WEEKS_H, many, many))
    start = list(steady_state(cascade).values())
    ours = seconds(lambda: simulate(cascade, WEEKS_H, inputs), repeat=5)

    def integrate_one() -> None:
        solve_ivp(
            _cascade_rates,
            (0, WEEKS_H[-1]),
            start,
            "LSODA",
            t_eval=WEEKS_H,
            args=(cascade, {name: course[0] for name, course in inputs.items()}),
            rtol=1e-6,
            atol=1e-9,
        )

    cascades = 100 * seconds(integrate_one, repeat=3)
    each = "LSODA, one call each (scaled)"
    roots = "brentq, one call each (scaled)"
    table(
        "Mechanism and signalling against scipy, one call per scenario",
        [
            ("steady synapse, 10,000 scenarios", steady, roots, rooted, "bar 20 ms"),
            ("synapse, 8 weeks by 6 h, 100 scenarios", weeks, each, integrated, "bar 0.5 s"),
            ("synapse, 8 weeks by a day, one slider", slider, each, integrated / 100, "bar 10 ms"),
            ("whole cascade, 8 weeks by 6 h, 100 scenarios", ours, each, cascades, "bar 0.2 s"),
        ],
    )
