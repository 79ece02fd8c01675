"""The second, low-affinity site of SERT: what it does in a dish and what exposure says.

**A hypothesis, named as such.** A ligand at the allosteric site slows dissociation of
escitalopram from the primary site (S1). That much is measured. That it makes the drug act better
or faster in people is a claim with evidence on both sides (`allosteric_evidence`).

The off-rate from S1 was not found in the literature searched. It has no default here: whoever
simulates it supplies a value and says that it is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from snrilab._checks import choice, nonnegative, positive, scalar_or_array
from snrilab._tables import rows
from snrilab.mechanism._transporter import occupancy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab.evidence import Row

    Floats = NDArray[np.float64]

Side = Literal["supports", "against", "context", "unknown"]
SIDES: tuple[Side, ...] = ("supports", "against", "context", "unknown")


@overload
def off_rate(kd_nM: float, on_rate_per_M_per_s: float) -> float: ...
@overload
def off_rate(kd_nM: ArrayLike, on_rate_per_M_per_s: ArrayLike) -> Floats: ...
def off_rate(kd_nM: ArrayLike, on_rate_per_M_per_s: ArrayLike) -> float | Floats:
    """Off-rate that a dissociation constant and an on-rate imply.

    ``koff = Kd kon``. With an assumed on-rate this is an assumed off-rate.

    Parameters
    ----------
    kd_nM : array_like
        Dissociation constant, nM, > 0.
    on_rate_per_M_per_s : array_like
        Association rate constant, 1/(M s), > 0.

    Returns
    -------
    float or numpy.ndarray
        Off-rate, 1/s.

    Examples
    --------
    >>> round(off_rate(1.1, on_rate_per_M_per_s=1e7), 4)
    0.011
    """
    kd = positive("kd_nM", kd_nM)
    return scalar_or_array(kd * 1e-9 * positive("on_rate_per_M_per_s", on_rate_per_M_per_s))


def _slowed(off_rate_per_s: ArrayLike, allosteric_nM: ArrayLike, ec50_nM: ArrayLike) -> Floats:
    """Off-rate while a ligand holds part of the allosteric sites, 1/s."""
    plain = positive("off_rate_per_s", off_rate_per_s)
    ligand = nonnegative("allosteric_nM", allosteric_nM)
    slowed: Floats = plain / (1.0 + ligand / positive("ec50_nM", ec50_nM, infinite=True))
    return slowed


@overload
def dissociation_half_life(
    off_rate_per_s: float, allosteric_nM: float = 0.0, ec50_nM: float = np.inf
) -> float: ...
@overload
def dissociation_half_life(
    off_rate_per_s: ArrayLike, allosteric_nM: ArrayLike = 0.0, ec50_nM: ArrayLike = np.inf
) -> Floats: ...
def dissociation_half_life(
    off_rate_per_s: ArrayLike, allosteric_nM: ArrayLike = 0.0, ec50_nM: ArrayLike = np.inf
) -> float | Floats:
    """Half-life of the drug-SERT complex, with a ligand at the allosteric site or without.

    ``t1/2 = ln 2 / koff'`` with ``koff' = koff [1 - A / (A + EC50)]``: the ligand takes away the
    share of the off-rate that equals the share of second sites it holds. That a ligand at every
    site would hold the complex for ever is an assumption.

    Parameters
    ----------
    off_rate_per_s : array_like
        Off-rate with no ligand at the second site, 1/s, > 0. Not known for escitalopram.
    allosteric_nM : array_like, default 0
        Free concentration of the ligand at the second site, nM, >= 0.
    ec50_nM : array_like, default inf
        Concentration with half of the greatest slowing, nM, > 0 (3600 nM for escitalopram on
        itself, Chen 2005); ``inf`` when the drug does not bind there.

    Returns
    -------
    float or numpy.ndarray
        Half-life, s.

    References
    ----------
    Chen F et al. J Neurochem 2005;92:21-28.

    Examples
    --------
    An assumed off-rate of 0.011 /s; 31 nM is the unbound mean at 20 mg a day, 3600 nM the EC50.

    >>> [round(dissociation_half_life(0.011, nM, ec50_nM=3600), 1) for nM in (0, 31, 3600)]
    [63.0, 63.6, 126.0]
    """
    return scalar_or_array(np.log(2.0) / _slowed(off_rate_per_s, allosteric_nM, ec50_nM))


@dataclass(frozen=True, slots=True)
class Dissociation:
    """Bound drug after a washout that prevents rebinding (result of `dissociation_time_course`).

    Parameters
    ----------
    time_s : numpy.ndarray
        Times since the washout, s.
    bound_fraction : numpy.ndarray
        Fraction of the initial complex that is left, last axis over time.
    half_life_s : float or numpy.ndarray
        Its half-life, s.
    """

    time_s: Floats
    bound_fraction: Floats
    half_life_s: float | Floats


def dissociation_time_course(
    time_s: ArrayLike,
    off_rate_per_s: ArrayLike,
    allosteric_nM: ArrayLike = 0.0,
    ec50_nM: ArrayLike = np.inf,
) -> Dissociation:
    """Follow the radioligand off S1 while a ligand sits in the wash buffer.

    ``B/B0 = exp(-koff' t)``: the experiment in which allosteric slowing was found.

    Parameters
    ----------
    time_s : array_like
        Times since the washout, s, >= 0, one-dimensional.
    off_rate_per_s, allosteric_nM, ec50_nM : array_like
        As in `dissociation_half_life`; arrays give one curve per value.

    Returns
    -------
    Dissociation
        Remaining fraction in (0, 1], curves first, time last.

    Examples
    --------
    >>> wash = dissociation_time_course([0, 63], 0.011, allosteric_nM=[0, 36_000], ec50_nM=3600)
    >>> wash.bound_fraction.round(2)
    array([[1.  , 0.5 ],
           [1.  , 0.94]])
    """
    times = np.atleast_1d(nonnegative("time_s", time_s))
    if times.ndim != 1:
        raise ValueError(f"time_s must be one-dimensional, got shape {times.shape}.")
    rate = _slowed(off_rate_per_s, allosteric_nM, ec50_nM)
    return Dissociation(
        times, np.exp(-rate[..., None] * times), scalar_or_array(np.log(2.0) / rate)
    )


@overload
def allosteric_occupancy(unbound_nM: float, ec50_nM: float) -> float: ...
@overload
def allosteric_occupancy(unbound_nM: ArrayLike, ec50_nM: ArrayLike) -> Floats: ...
def allosteric_occupancy(unbound_nM: ArrayLike, ec50_nM: ArrayLike) -> float | Floats:
    """Fraction of allosteric sites that a drug holds at an exposure.

    The hyperbola of `occupancy` with the EC50 of slowed dissociation in place of a Kd. Use the
    **unbound** concentration: that is the test which the claim of a clinical allosteric effect
    has to pass.

    Parameters
    ----------
    unbound_nM : array_like
        Unbound drug, nM, >= 0.
    ec50_nM : array_like
        Concentration of half the slowing, nM, > 0.

    Returns
    -------
    float or numpy.ndarray
        Fraction in [0, 1).

    Examples
    --------
    Escitalopram 10 and 20 mg a day: 15.7 and 31.4 nM unbound against 3600 nM.

    >>> (100 * allosteric_occupancy([15.7, 31.4], ec50_nM=3600)).round(2)
    array([0.43, 0.86])
    """
    return occupancy(nonnegative("unbound_nM", unbound_nM), positive("ec50_nM", ec50_nM))


@dataclass(frozen=True, slots=True)
class AllostericReading:
    """One piece of evidence on the allosteric hypothesis and what it says.

    Parameters
    ----------
    side : {"supports", "against", "context", "unknown"}
        Which way it points.
    key : str
        Key of the row in the evidence table that holds the number and its source.
    reading : str
        What it says, in one sentence.
    """

    side: Side
    key: str
    reading: str

    @property
    def row(self) -> Row:
        """The row of the evidence table: value, system, source, and how far to trust it."""
        from snrilab import evidence

        return evidence.find(key=self.key)[0]

    def __str__(self) -> str:
        return f"{self.side}: {self.reading} ({self.row.told_source}: {self.row.shown})"


def allosteric_evidence(side: Side | None = None) -> tuple[AllostericReading, ...]:
    """List the evidence on the hypothesis that the allosteric site matters in people.

    Parameters
    ----------
    side : {"supports", "against", "context", "unknown"}, optional
        Only that side; by default all of it.

    Returns
    -------
    tuple of AllostericReading
        Each leads to its row of the evidence table, with the number and the source.

    Examples
    --------
    >>> print(allosteric_evidence("supports")[0])
    supports: escitalopram slows its own dissociation from SERT; it does so at micromolar
    concentrations (chen2005_jneurochem: 3600 (3200 to 4000) nM)
    """
    if side is not None:
        choice("side", side, SIDES)
    return tuple(
        AllostericReading(one, row["evidence"], row["reading"])
        for row in rows("allosteric_evidence")
        for one in SIDES
        if row["side"] == one and side in {None, one}
    )
