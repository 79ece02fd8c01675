"""The LPS experiment seen from inside: what each group's cascades do after the injection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number, scalar_or_array
from snrilab.mechanism import SynapseState
from snrilab.signalling.cascades import network
from snrilab.signalling.course import Course, from_synapse, simulate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LPS_GROUPS = ("vehicle + saline", "drug + saline", "vehicle + LPS", "drug + LPS")
"""The four groups: the drug's own effect, the model, and whether the drug protects."""


def lps_pulse(
    time_h: ArrayLike, dose_mg_per_kg: float = 0.83, at_h: float = 0.0, half_life_h: float = 6.0
) -> Any:
    """Lipopolysaccharide after one injection.

    Parameters
    ----------
    time_h : array_like
        Times, h.
    dose_mg_per_kg : float, default 0.83
        Dose, mg/kg, >= 0. 0.83 mg/kg is the usual dose in the **mouse**; a protocol that gives it
        to rats should say why.
    at_h : float, default 0
        Time of injection, h.
    half_life_h : float, default 6
        Half-life of the stimulus, h, > 0. Illustrative.

    Returns
    -------
    float or numpy.ndarray
        Dose equivalent that is left, mg/kg; 0 before the injection.

    Raises
    ------
    ValueError, TypeError
        If a value is impossible.

    Examples
    --------
    >>> lps_pulse([-1, 0, 6], dose_mg_per_kg=0.8)
    array([0. , 0.8, 0.4])
    """
    times = numbers("time_h", time_h)
    dose = one_number("dose_mg_per_kg", dose_mg_per_kg, low=0.0)
    since = times - one_number("at_h", at_h)
    fade = one_number("half_life_h", half_life_h, low=0.0, low_open=True)
    left = dose * np.exp2(-np.maximum(since, 0.0) / fade)
    return scalar_or_array(np.where(since >= 0, left, 0.0))


def lps_study(
    time_h: ArrayLike,
    *,
    lps_mg_per_kg: float = 0.83,
    lps_at_h: float = 0.0,
    drug: ArrayLike = 1.0,
    synapse: SynapseState | None = None,
    knock_out: tuple[str, ...] = (),
) -> dict[str, Course]:
    """Run the four groups of the inflammation study through the joined cascades.

    The drug reaches the cascades by two roads: the suppression of TLR4 and Ras that was reported
    (input ``"drug"``; how it happens is not known), and the transmitters (`synapse`). Set one to
    rest to see the other alone. Inhibitors of NE reuptake curbed NF-κB and cytokines in rats given
    LPS but hardly in cultured glia, where NE itself did (2009): that speaks for the second road.
    Qualitative: the order of the groups and the direction of each comparison, not their size.

    What it leaves out is disputed, too: another laboratory found that 0.83 mg/kg of LPS *raises*
    mTOR in mouse brain (2019), against the fall that this network and the levomilnacipran papers
    give.

    Parameters
    ----------
    time_h : array_like
        Increasing times, h. Use steps of an hour or less around the injection.
    lps_mg_per_kg : float, default 0.83
        Dose of LPS in the LPS groups, mg/kg, >= 0.
    lps_at_h : float, default 0
        Time of its injection, h.
    drug : array_like, default 1
        Exposure in the drug groups relative to the one with the reported suppression, >= 0:
        constant or a course over `time_h`.
    synapse : SynapseState, optional
        5-HT and NE in the drug groups, on the same times; at rest when not given.
    knock_out : tuple of str, optional
        States removed in all groups, for example ``("TLR4",)``.

    Returns
    -------
    dict of str to Course
        One course per group, keys as in `LPS_GROUPS`.

    Raises
    ------
    ValueError, TypeError
        If an input is impossible.

    References
    ----------
    Li S et al. Int Immunopharmacol 2023;110595: "Levomilnacipran ameliorates
    lipopolysaccharide-induced depression-like behaviors and suppressed the TLR4/Ras signaling
    pathway" (title only).
    "Levomilnacipran improves lipopolysaccharide-induced dysregulation of synaptic plasticity and
    depression-like behaviors via activating BDNF/TrkB mediated PI3K/Akt/mTOR signaling pathway"
    (title only).
    Noradrenaline reuptake inhibitors limit neuroinflammation in rat cortex. Int J
    Neuropsychopharmacol 2009;12:687 (abstract read).
    Zhao J et al. J Neuroinflammation 2019;16:211. doi:10.1186/s12974-019-1610-5 (abstract read).

    Examples
    --------
    >>> groups = lps_study(np.arange(0, 25.0))
    >>> bdnf = {name: course.active("BDNF")[-1] for name, course in groups.items()}
    >>> bool(bdnf["vehicle + LPS"] < bdnf["drug + LPS"] < bdnf["vehicle + saline"])
    True
    """
    treated = {"drug": nonnegative("drug", drug)}
    if synapse is not None:
        if not isinstance(synapse, SynapseState):
            raise TypeError(f"synapse must be a state of a Synapse, got {synapse!r}.")
        treated |= from_synapse(synapse)
    dose = one_number("lps_mg_per_kg", lps_mg_per_kg, low=0.0)
    challenge = {"LPS": lps_pulse(time_h, dose, one_number("lps_at_h", lps_at_h))}
    inputs: tuple[dict[str, Any], ...] = ({}, treated, challenge, treated | challenge)
    return {
        group: simulate(network("whole"), time_h, given, knock_out=knock_out, step_h=1.0)
        for group, given in zip(LPS_GROUPS, inputs, strict=True)
    }
