"""One transporter: how much of it a drug holds, and how fast the rest still works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import fraction, nonnegative, numbers, one_number, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@overload
def occupancy(conc_nM: float, kd_nM: float) -> float: ...
@overload
def occupancy(conc_nM: ArrayLike, kd_nM: ArrayLike) -> Floats: ...
def occupancy(conc_nM: ArrayLike, kd_nM: ArrayLike) -> float | Floats:
    """Fraction of transporters that a drug holds at equilibrium.

    ``occupancy = C / (C + Kd)``: one ligand, one site, the free drug not depleted. For a plasma
    profile pass the whole concentration-time course; occupancy then follows it without delay.

    Parameters
    ----------
    conc_nM : array_like
        Unbound concentration at the transporter, nM, >= 0.
    kd_nM : array_like
        Concentration that holds half of the sites, nM, > 0. A binding Ki, an uptake IC50 and an
        in-vivo EC50 are different constants and give different answers: say which one you use.

    Returns
    -------
    float or numpy.ndarray
        Occupied fraction in [0, 1), of the broadcast shape.

    Examples
    --------
    At the Kd half of the sites are taken; nine times the Kd takes nine tenths.

    >>> occupancy(11.2, kd_nM=11.2)
    0.5
    >>> occupancy([0, 9, 99], kd_nM=1)
    array([0.  , 0.9 , 0.99])
    """
    conc = nonnegative("conc_nM", conc_nM)
    kd = positive("kd_nM", kd_nM)
    # C/(C+Kd) written so that neither 1e300 nM nor a tiny Kd overflows.
    larger = np.maximum(conc, kd)
    return scalar_or_array((conc / larger) / (conc / larger + kd / larger))


@overload
def uptake_rate(
    substrate_nM: float,
    vmax: float,
    km_nM: float,
    inhibitor_nM: float = 0.0,
    ki_nM: float = np.inf,
) -> float: ...
@overload
def uptake_rate(
    substrate_nM: ArrayLike,
    vmax: ArrayLike,
    km_nM: ArrayLike,
    inhibitor_nM: ArrayLike = 0.0,
    ki_nM: ArrayLike = np.inf,
) -> Floats: ...
def uptake_rate(
    substrate_nM: ArrayLike,
    vmax: ArrayLike,
    km_nM: ArrayLike,
    inhibitor_nM: ArrayLike = 0.0,
    ki_nM: ArrayLike = np.inf,
) -> float | Floats:
    """Rate at which a transporter takes up its substrate beside a competitive inhibitor.

    Michaelis-Menten: ``v = Vmax [S] / (Km (1 + I/Ki) + [S])``. A competitive inhibitor raises the
    apparent Km and leaves Vmax alone.

    Parameters
    ----------
    substrate_nM : array_like
        Substrate (5-HT or NE), nM, >= 0.
    vmax : array_like
        Greatest rate, >= 0, in any unit (nM/s, pmol/mg/min); the result has the same unit.
    km_nM : array_like
        Substrate concentration of half the greatest rate without inhibitor, nM, > 0.
    inhibitor_nM : array_like, default 0
        Unbound inhibitor, nM, >= 0; ``inf`` stops uptake.
    ki_nM : array_like, default inf
        Inhibition constant, nM, > 0; ``inf`` means that the drug does not bind.

    Returns
    -------
    float or numpy.ndarray
        Rate in the unit of `vmax`, between 0 and `vmax`, of the broadcast shape.

    Examples
    --------
    At [S] = Km the transporter runs at half speed; an inhibitor at its Ki doubles the Km.

    >>> uptake_rate(463, vmax=100, km_nM=463)
    50.0
    >>> round(uptake_rate(463, vmax=100, km_nM=463, inhibitor_nM=11.2, ki_nM=11.2), 2)
    33.33
    """
    substrate = nonnegative("substrate_nM", substrate_nM)
    greatest = nonnegative("vmax", vmax)
    km = positive("km_nM", km_nM)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM, infinite=True)
    ki = positive("ki_nM", ki_nM, infinite=True)
    if (np.isinf(inhibitor) & np.isinf(ki)).any():
        raise ValueError(
            "inhibitor_nM and ki_nM are both infinite, which says nothing; "
            "one of them must be finite."
        )
    with np.errstate(over="ignore"):
        apparent_km = km * (1.0 + inhibitor / ki)
    return scalar_or_array(greatest * (substrate / (apparent_km + substrate)))


@dataclass(frozen=True, slots=True)
class UptakeConsistency:
    """Whether one Ki can explain an uptake IC50 (result of `uptake_consistency`).

    Parameters
    ----------
    ic50_nM, ki_nM : float
        The two constants, nM.
    """

    ic50_nM: float
    ki_nM: float

    @property
    def substrate_over_km(self) -> float:
        """The [S]/Km that the assay would have needed; NaN when no substrate can do it."""
        ratio = self.ic50_nM / self.ki_nM - 1.0
        return ratio if ratio >= 0 else float("nan")

    @property
    def possible(self) -> bool:
        """True when some substrate concentration reconciles the two constants."""
        return self.ic50_nM >= self.ki_nM

    @property
    def fold_below(self) -> float:
        """How many times the IC50 lies below the Ki; at most 1 when the pair is possible."""
        return self.ki_nM / self.ic50_nM

    def __str__(self) -> str:
        if self.possible:
            return (
                f"An IC50 of {self.ic50_nM:g} nM is consistent with a Ki of {self.ki_nM:g} nM: "
                f"it needs [S]/Km = {self.substrate_over_km:.2f}."
            )
        return (
            f"No competitive inhibitor with a Ki of {self.ki_nM:g} nM can have an IC50 of "
            f"{self.ic50_nM:g} nM, {self.fold_below:.1f}-fold below it: a number errs, the assays "
            "saw different affinities, or the drug does more than compete."
        )


def uptake_consistency(ic50_nM: float, ki_nM: float) -> UptakeConsistency:
    """Ask whether a binding Ki and an uptake IC50 can be two views of one number.

    For a competitive inhibitor ``IC50 = Ki (1 + [S]/Km) >= Ki``. Levomilnacipran obeys this at
    SERT and violates it at NET, so no Cheng-Prusoff correction can turn one of its NET constants
    into the other: buffers, temperature, membranes against living cells, or the conformation that
    the radioligand prefers must differ; or inhibition is mixed (an inhibitor that holds the loaded
    transporter more tightly than the empty one may have an IC50 below this Ki).

    Parameters
    ----------
    ic50_nM : float
        Measured uptake IC50, nM, > 0.
    ki_nM : float
        Measured binding Ki, nM, > 0.

    Returns
    -------
    UptakeConsistency
        The verdict: `possible`, `substrate_over_km`, `fold_below`, and a sentence as its text.

    References
    ----------
    Auclair AL et al. Neuropharmacology 2013;70:338-347 (the four constants below).

    Examples
    --------
    >>> print(uptake_consistency(19.0, 11.2))
    An IC50 of 19 nM is consistent with a Ki of 11.2 nM: it needs [S]/Km = 0.70.
    >>> print(uptake_consistency(10.5, 92.2))
    No competitive inhibitor with a Ki of 92.2 nM can have an IC50 of 10.5 nM, 8.8-fold below it:
    a number errs, the assays saw different affinities, or the drug does more than compete.
    """
    return UptakeConsistency(
        one_number("ic50_nM", ic50_nM, low=0.0, low_open=True),
        one_number("ki_nM", ki_nM, low=0.0, low_open=True),
    )


@overload
def fold_increase(occupancy: float, non_transporter_fraction: float) -> float: ...
@overload
def fold_increase(occupancy: ArrayLike, non_transporter_fraction: ArrayLike) -> Floats: ...
def fold_increase(occupancy: ArrayLike, non_transporter_fraction: ArrayLike) -> float | Floats:
    """Rise of extracellular transmitter when a fraction of the transporters is blocked.

    ``fold = 1 / [(1 - occupancy)(1 - f) + f]``, where f is the share of clearance that does not
    pass through the transporter (other carriers, enzymes, diffusion). Release is held constant:
    this is the ceiling without the autoreceptor brake, which `Synapse` adds. It holds while the
    transmitter stays far below the Km. f is fitted to mice with no SERT, so the curve is fitted at
    both ends; its only measured middle, mice with half of SERT, it misses: 2.5-fold in cortex and
    3.4 in striatum, where it gives 1.8 and 1.7 (`observations`).

    Parameters
    ----------
    occupancy : array_like
        Blocked fraction of the transporters, in [0, 1].
    non_transporter_fraction : array_like
        f, in (0, 1]. Mice without SERT have 10 times (cortex) or 6.4 times (striatum) the 5-HT of
        their siblings, so f is 1/10 to 1/6.4.

    Returns
    -------
    float or numpy.ndarray
        Fold of the basal level, from 1 (no block) to 1/f (full block).

    References
    ----------
    Mathews TA et al. J Neurosci Methods 2004;140:169-181 (5-HT in mice with and without SERT).

    Examples
    --------
    >>> fold_increase([0, 0.8, 0.9, 1], non_transporter_fraction=0.1).round(1)
    array([ 1. ,  3.6,  5.3, 10. ])
    """
    blocked = fraction("occupancy", occupancy)
    other = numbers(
        "non_transporter_fraction", non_transporter_fraction, low=0.0, high=1.0, low_open=True
    )
    return scalar_or_array(1.0 / ((1.0 - blocked) * (1.0 - other) + other))
