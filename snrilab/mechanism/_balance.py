"""Where release equals clearance: the steady concentration at one site, for many sites at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Newton doubles the digits with each step: after a step this small in ln(C) all of them are right.
STEP = 1e-9
MOST_STEPS = 200


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


def receptor_occupancy(sites: Sites, conc: Floats) -> Floats:
    """Fraction of autoreceptors that the transmitter holds."""
    load = np.exp(sites.hill * np.log(conc / sites.ec50))
    return load / (1.0 + load)


def overstimulation(sites: Sites, conc: Floats) -> Floats:
    """Occupancy above the untreated one, as a fraction of what is still free: 0 to 1."""
    untreated = receptor_occupancy(sites, sites.basal)
    return np.maximum(0.0, receptor_occupancy(sites, conc) - untreated) / (1.0 - untreated)


def release_factor(sites: Sites, conc: Floats, sensitivity: Floats) -> Floats:
    """Release relative to the untreated state, after the autoreceptor has braked it."""
    braked = 1.0 - sites.inhibition * sensitivity * receptor_occupancy(sites, conc)
    return braked / (1.0 - sites.inhibition * receptor_occupancy(sites, sites.basal))


def uptake(sites: Sites, conc: Floats, free: Floats) -> Floats:
    """Transporter uptake in nM/s when a fraction `free` of the transporters is not blocked."""
    return sites.vmax * free * conc / (sites.km + free * conc)


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
    untreated = receptor_occupancy(sites, sites.basal)
    supply = sites.release * drive / (1.0 - sites.inhibition * untreated)
    high = np.broadcast_to(np.log(supply / sites.leak), shape).copy()
    low = np.full(shape, -np.inf)
    ln_ec50 = np.log(sites.ec50)
    ln_conc = np.log(sites.basal if start is None else start) + np.zeros(shape)
    np.minimum(ln_conc, high, out=ln_conc)
    for _ in range(MOST_STEPS):
        conc = np.exp(ln_conc)
        load = np.exp(sites.hill * (ln_conc - ln_ec50))
        held = load / (1.0 + load)
        if sensitivity is None:
            excess = np.maximum(0.0, held - untreated) / (1.0 - untreated)
            sensitive = 1.0 / (1.0 + sites.desensitisation * excess)
            slope = sensitive - np.where(
                excess > 0, held * sensitive**2 * sites.desensitisation / (1.0 - untreated), 0.0
            )
        else:
            sensitive = slope = sensitivity
        unbraked = 1.0 - sites.inhibition * sensitive * held
        saturated = sites.km + free * conc
        carried = sites.vmax * free / saturated
        clearance = carried + sites.leak
        surplus = supply * unbraked / (clearance * conc)
        # d ln(release) - d ln(clearance) per d ln(conc); always negative.
        gradient = (
            -sites.inhibition * slope * sites.hill * held * (1.0 - held) / unbraked
            - 1.0
            + carried * free * conc / (saturated * clearance)
        )
        miss = np.log(surplus)
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
