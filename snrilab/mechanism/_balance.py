"""Where release equals clearance: the steady concentration at one site, for many sites at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from snrilab.mechanism._projection import Site

    Floats = NDArray[np.float64]

# Newton doubles the digits with each step, except beside the kink at the untreated level.
STEP = 1e-9
MOST_STEPS = 200
LARGEST_EXPONENT = 600.0  # keeps a steep receptor at a huge concentration finite


class Sites(NamedTuple):
    """Constants of several sites as arrays that broadcast against the scenarios."""

    basal: Floats  # nM
    release: Floats  # nM/s, untreated
    vmax: Floats  # nM/s
    km: Floats  # nM
    leak: Floats  # 1/s: all clearance that is not the transporter
    ec50: Floats  # nM, autoreceptor
    hill: Floats
    inhibition: Floats  # greatest fraction of release that the autoreceptor can stop
    desensitisation: Floats
    recovery_h: Floats


def stacked(sites: Sequence[Site], axes: int = 1) -> Sites:
    """Return the constants of several sites, one row per site, before so many further axes."""
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
    table = np.array(columns).T
    return Sites(*table.reshape(*table.shape, *(1,) * axes))


def load(sites: Sites, ln_conc: Floats) -> Floats:
    """(C / EC50)^n: held over free autoreceptors. Occupancy is load / (1 + load)."""
    return np.exp(np.minimum(sites.hill * (ln_conc - np.log(sites.ec50)), LARGEST_EXPONENT))


def overstimulation(sites: Sites, conc: Floats) -> Floats:
    """Occupancy above the untreated one, as a fraction of what was free then: 0 to 1."""
    rest, now = load(sites, np.log(sites.basal)), load(sites, np.log(conc))
    return np.maximum(0.0, now - rest) / (1.0 + now)


def unbraked(sites: Sites, now: Floats, sensitivity: Floats | float) -> Floats:
    """1 - E s o, written so that it stays above 0 when a full brake is fully on."""
    stopped = sites.inhibition * sensitivity
    return (1.0 - stopped) + stopped / (1.0 + now)


def release_factor(sites: Sites, conc: Floats, sensitivity: Floats | float) -> Floats:
    """Release relative to the untreated state, after the autoreceptor has braked it."""
    rest = unbraked(sites, load(sites, np.log(sites.basal)), 1.0)
    return unbraked(sites, load(sites, np.log(conc)), sensitivity) / rest


def solve(
    sites: Sites,
    drive: Floats,
    free: Floats,
    sensitivity: Floats | None,
    start: Floats | None = None,
) -> Floats:
    """Return the concentration (nM) at which release equals clearance.

    `drive` multiplies release (firing); ``sensitivity=None`` means the sensitivity that the
    autoreceptor ends at after weeks at that concentration. Release falls and clearance rises with
    concentration, so there is one root; Newton in ln(C), kept inside a shrinking bracket.
    """
    shape = np.broadcast_shapes(
        sites.basal.shape, drive.shape, free.shape, () if sensitivity is None else sensitivity.shape
    )
    rest = load(sites, np.log(sites.basal))
    supply = sites.release * drive / unbraked(sites, rest, 1.0)
    high = np.broadcast_to(np.log(supply / sites.leak), shape).copy()
    low = np.full(shape, -np.inf)
    ln_conc = np.log(sites.basal if start is None else start) + np.zeros(shape)
    np.minimum(ln_conc, high, out=ln_conc)
    for _ in range(MOST_STEPS):
        conc = np.exp(ln_conc)
        now = load(sites, ln_conc)
        free_receptors = 1.0 / (1.0 + now)
        if sensitivity is None:
            excess = np.maximum(0.0, now - rest) * free_receptors
            sensitive = 1.0 / (1.0 + sites.desensitisation * excess)
            lost = now * free_receptors * sensitive * sites.desensitisation * (1.0 + rest)
            slope = sensitive * (1.0 - np.where(excess > 0, lost, 0.0))
        else:
            sensitive = slope = sensitivity
        left = unbraked(sites, now, sensitive)
        saturated = sites.km + free * conc
        carried = sites.vmax * free / saturated
        clearance = carried + sites.leak
        miss = np.log(supply * left / (clearance * conc))
        # d ln(release) - d ln(clearance) per d ln(conc): never above 0.
        gradient = (
            -sites.inhibition * slope * sites.hill * now * free_receptors**2 / left
            - 1.0
            + carried * free * conc / (saturated * clearance)
        )
        low = np.where(miss > 0, ln_conc, low)
        high = np.where(miss < 0, ln_conc, high)
        proposal = ln_conc - miss / gradient
        outside = (proposal < low) | (proposal > high)
        if outside.any():
            middle = np.where(np.isfinite(low), 0.5 * (low + high), high - 2.0)
            proposal = np.where(outside, middle, proposal)
        moved = np.abs(proposal - ln_conc).max()
        ln_conc = proposal
        if moved <= STEP:
            break
    return np.exp(ln_conc)
