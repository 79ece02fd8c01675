"""The LPS experiment seen from inside: what each group's cascades do after the injection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number
from snrilab.mechanism import SynapseState
from snrilab.signalling._cascades import network
from snrilab.signalling._simulation import CascadeCourse, from_synapse, simulate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LPS_GROUPS = ("vehicle + saline", "drug + saline", "vehicle + LPS", "drug + LPS")
"""The four groups: the drug's own effect, the model, and whether the drug protects."""


# Illustrative: with the cytokines' own half-life, most of them peak within 6 h and are back by 24 h
# in rat serum (evidence: source pmc4967699).
STIMULUS_HALF_LIFE_H = 2.0


def _left(time_h: ArrayLike, dose_mg_per_kg: float, at_h: float) -> Floats:
    """Dose equivalent of lipopolysaccharide that is left, mg/kg; 0 before the injection."""
    since = numbers("time_h", time_h) - at_h
    left = dose_mg_per_kg * np.exp2(-np.maximum(since, 0.0) / STIMULUS_HALF_LIFE_H)
    return np.where(since >= 0, left, 0.0)


def lps_study(
    time_h: ArrayLike,
    *,
    lps_mg_per_kg: float = 0.83,
    lps_at_h: float = 0.0,
    drug: ArrayLike = 1.0,
    synapse: SynapseState | None = None,
    knock_out: tuple[str, ...] = (),
) -> dict[str, CascadeCourse]:
    """Run the four groups of the inflammation study through the joined cascades.

    The drug reaches the cascades by two roads: the suppression of TLR4 and Ras that was reported
    (input ``"drug"``; how it happens is not known), and the transmitters (`synapse`). Set one to
    rest to see the other alone. Inhibitors of NE reuptake curbed NF-κB and cytokines in rats given
    LPS but hardly in cultured glia, where NE itself did (2009): that speaks for the second road.
    The model gives that road 2 % of the peak of cytokines, so it misses the size of that finding.
    Qualitative: the order of the groups and the direction of each comparison.

    What it leaves out is disputed, too: another laboratory found that 0.83 mg/kg of LPS *raises*
    mTOR in mouse brain (2019), against the fall that this network and the levomilnacipran papers
    give.

    Parameters
    ----------
    time_h : array_like
        Increasing times, h. Use steps of an hour or less around the injection.
    lps_mg_per_kg : float, default 0.83
        Dose of LPS in the LPS groups, mg/kg, >= 0. 0.83 is the usual dose in the **mouse**; a
        protocol that gives it to rats should say why.
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
    dict of str to CascadeCourse
        One course per group, keys as in `LPS_GROUPS`.

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
    treated: dict[str, ArrayLike] = {"drug": nonnegative("drug", drug)}
    if synapse is not None:
        if not isinstance(synapse, SynapseState):
            raise TypeError(f"synapse must be a state of a Synapse, got {synapse!r}.")
        treated |= from_synapse(synapse)
    dose = one_number("lps_mg_per_kg", lps_mg_per_kg, low=0.0)
    challenge: dict[str, ArrayLike] = {"LPS": _left(time_h, dose, one_number("lps_at_h", lps_at_h))}
    inputs: tuple[dict[str, ArrayLike], ...] = ({}, treated, challenge, treated | challenge)
    return {
        group: simulate(network("whole"), time_h, given, knock_out=knock_out, step_h=1.0)
        for group, given in zip(LPS_GROUPS, inputs, strict=True)
    }
