"""A simulated assay: from receptors in a well to counts on a printout."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import (
    broadcastable,
    choice,
    fraction,
    nonnegative,
    one_number,
    positive,
    random_generator,
    whole_number,
)
from snrilab.binding._depletion import equilibrium, free_radioligand

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab._checks import Seed

    Array = NDArray[Any]

__all__ = ["Assay", "Counting", "simulate_assay"]

_DPM_PER_FMOL_AT_1_CI_PER_MMOL = 2.22  # 1 Ci = 2.22e12 decays/min, 1 mmol = 1e12 fmol
_ROWS, _COLUMNS = "ABCDEFGH", 12


@dataclass(frozen=True, slots=True)
class Counting:
    """How radioactivity becomes counts. The defaults are illustrative, for tritium.

    Parameters
    ----------
    specific_activity_Ci_per_mmol : float, default 80
        Radioactivity per amount of radioligand, > 0.
    efficiency : float, default 0.4
        Counts per decay, in (0, 1].
    time_min : float, default 2
        Counting time of each well, min, > 0.
    background_cpm : float, default 20
        Counts per minute of an empty well, >= 0.

    Examples
    --------
    >>> Counting().specific_activity_Ci_per_mmol
    80.0
    """

    specific_activity_Ci_per_mmol: float = 80.0
    efficiency: float = 0.4
    time_min: float = 2.0
    background_cpm: float = 20.0

    def __post_init__(self) -> None:
        above = {"low": 0.0, "low_open": True}
        one_number("specific_activity_Ci_per_mmol", self.specific_activity_Ci_per_mmol, **above)
        one_number("efficiency", self.efficiency, high=1.0, **above)
        one_number("time_min", self.time_min, **above)
        one_number("background_cpm", self.background_cpm, low=0.0)


def _dpm_from_fmol(fmol: ArrayLike, specific_activity_Ci_per_mmol: ArrayLike) -> Array:
    """Decays per minute of an amount of radioligand.

    Parameters
    ----------
    fmol : array_like
        Amount, fmol, >= 0.
    specific_activity_Ci_per_mmol : array_like
        Specific activity, Ci/mmol, > 0. One tritium per molecule gives at most 28.8.

    Returns
    -------
    ndarray
        Decays per minute (dpm), >= 0, of the broadcast shape.

    Examples
    --------
    >>> round(float(_dpm_from_fmol(10, specific_activity_Ci_per_mmol=80)), 6)
    1776.0
    """
    amount = nonnegative("fmol", fmol)
    activity = positive("specific_activity_Ci_per_mmol", specific_activity_Ci_per_mmol)
    broadcastable(fmol=amount, specific_activity_Ci_per_mmol=activity)
    return np.asarray(amount * activity * _DPM_PER_FMOL_AT_1_CI_PER_MMOL)


@dataclass(frozen=True, eq=False, repr=False)
class Assay:
    """The plate of a simulated assay.

    Parameters
    ----------
    kind : str
        ``"saturation"``, ``"competition"`` or ``"uptake"``.
    wells : structured ndarray
        One row per well: ``well`` (A1 … H12; a second plate is 2-A1), ``role`` (``total``,
        ``nonspecific``), ``conc_nM`` (nominal concentration of the titrated ligand), ``replicate``,
        ``counts`` (whole number), ``cpm`` and ``dpm`` (background subtracted), ``fmol`` (bound).
    counting : Counting
        How the wells were counted.
    volume_mL : float
        Volume of a well, mL.

    Examples
    --------
    >>> plate = simulate_assay("competition", [1, 10, 100], receptor_nM=0.05, kd_nM=2.5,
    ...                        radioligand_nM=1, ki_nM=11.2, rng=1)
    >>> print(plate.wells["well"][:4], plate.wells.size)
    ['A1' 'A2' 'A3' 'A4'] 15
    """

    kind: str
    wells: NDArray[Any]
    counting: Counting
    volume_mL: float

    @property
    def total(self) -> NDArray[Any]:
        """Wells with free receptor, in the order of the plate."""
        return np.asarray(self.wells[self.wells["role"] == "total"])

    @property
    def nonspecific(self) -> NDArray[Any]:
        """Wells with the receptor blocked, in the order of the plate."""
        return np.asarray(self.wells[self.wells["role"] == "nonspecific"])

    @property
    def nanomolar_per_fmol(self) -> float:
        """Concentration in the well of one bound fmol, for `bound_nM_per_unit` of a fit."""
        return 1e-3 / self.volume_mL

    @property
    def plates(self) -> int:
        """Number of plates of 96 wells that the assay takes."""
        return -(-self.wells.size // (len(_ROWS) * _COLUMNS))

    def _repr_html_(self) -> str:
        names = self.wells.dtype.names or ()
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape(_cell(row[name]))}</td>" for name in names)
            + "</tr>"
            for row in self.wells
        )
        caption = f"Simulated {self.kind} assay, {self._extent()}"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        return f"<simulated {self.kind} assay, {self._extent()}>"

    def _extent(self) -> str:
        plates = f" on {self.plates} plates" if self.plates > 1 else ""
        return f"{self.wells.size} wells{plates}"


def simulate_assay(
    kind: str,
    conc_nM: ArrayLike,
    *,
    receptor_nM: float,
    kd_nM: float,
    radioligand_nM: float | None = None,
    ki_nM: float | None = None,
    nonspecific_per_free: float = 0.005,
    blocked_fraction: float = 1.0,
    volume_mL: float = 0.25,
    replicates: int = 3,
    pipetting_cv: float = 0.03,
    counting: Counting | None = None,
    rng: Seed = None,
) -> Assay:
    """Simulate an assay down to the counts of every well.

    Chance enters twice, as on the bench: every addition of receptor, radioligand and inhibitor to
    a well errs by the pipetting error, and decays are counted, so counts are Poisson. Depletion is
    exact. Uptake follows the same competition with the substrate as radioligand, its Km as
    ``kd_nM`` and the amount taken up at saturation as ``receptor_nM``, without depletion.

    Parameters
    ----------
    kind : {"saturation", "competition", "uptake"}
        What is titrated: the radioligand, or an inhibitor against a fixed radioligand.
    conc_nM : array_like of shape (k,)
        Concentrations of the titrated ligand, nM, > 0. A control without inhibitor is added. What
        does not fit on one plate of 96 wells goes on further plates, and the assay says how many.
    receptor_nM : float
        Binding sites, nM, > 0.
    kd_nM : float
        Dissociation constant of the radioligand (uptake: Km of the substrate), nM, > 0.
    radioligand_nM : float, optional
        Radioligand added, nM, > 0; needed, unless `kind` is ``"saturation"``: then refused.
    ki_nM : float, optional
        Inhibition constant of the inhibitor, nM, > 0; needed, unless `kind` is ``"saturation"``:
        then refused.
    nonspecific_per_free : float, default 0.005
        Nonspecifically bound radioligand per free radioligand, >= 0. Illustrative.
    blocked_fraction : float, default 1
        Part of the receptor that the displacer of the nonspecific wells blocks, in [0, 1].
    volume_mL : float, default 0.25
        Volume of a well, mL, > 0.
    replicates : int, default 3
        Wells of each kind, >= 1.
    pipetting_cv : float, default 0.03
        Coefficient of variation of each addition, in [0, 1]. Illustrative.
    counting : Counting, optional
        How the wells are counted; the defaults of `Counting` when not given.
    rng : None, int, SeedSequence or Generator, optional
        Seed or generator; None draws a fresh plate.

    Returns
    -------
    Assay
        The plate, row by row.

    Examples
    --------
    >>> plate = simulate_assay(
    ...     "saturation", [0.3, 1, 3, 10], receptor_nM=0.05, kd_nM=2.5, replicates=2, rng=1
    ... )
    >>> plate.total.size, plate.nonspecific.size
    (8, 8)
    """
    kind = choice("kind", kind, ("saturation", "competition", "uptake"))
    conc = np.atleast_1d(positive("conc_nM", conc_nM))
    if conc.ndim != 1:
        raise ValueError(f"conc_nM must be one-dimensional, got shape {conc.shape}.")
    above = {"low": 0.0, "low_open": True}
    sites = one_number("receptor_nM", receptor_nM, **above)
    kd = one_number("kd_nM", kd_nM, **above)
    ratio = one_number("nonspecific_per_free", nonspecific_per_free, low=0.0)
    blocked = one_number("blocked_fraction", fraction("blocked_fraction", blocked_fraction))
    volume = one_number("volume_mL", volume_mL, **above)
    replicates = whole_number("replicates", replicates, low=1)
    spread = one_number("pipetting_cv", fraction("pipetting_cv", pipetting_cv))
    if not isinstance(counting, Counting | None):
        raise TypeError(f"counting must be a Counting or None, got {counting!r}.")
    counter = Counting() if counting is None else counting
    generator = random_generator(rng)

    fixed_ligand, ki = 0.0, np.inf
    if kind == "saturation":
        _unused("radioligand_nM", radioligand_nM, "conc_nM holds the radioligand")
        _unused("ki_nM", ki_nM, "there is no inhibitor")
    else:
        fixed_ligand = _needed("radioligand_nM", radioligand_nM, kind)
        ki = _needed("ki_nM", ki_nM, kind)
    nominal, role, number = _layout(kind, conc, replicates)

    def added(amount: Array) -> Array:
        return amount * _pipetted(generator, spread, nominal.size)

    ligand = added(nominal if kind == "saturation" else np.full(nominal.size, fixed_ligand))
    inhibitor = added(np.zeros(nominal.size) if kind == "saturation" else nominal)
    open_sites = added(np.where(role == "nonspecific", sites * (1.0 - blocked), sites))
    bound_nM = _bound(kind, ligand, inhibitor, open_sites, kd, ki, ratio)

    fmol = bound_nM * volume * 1e3
    decays = _dpm_from_fmol(fmol, counter.specific_activity_Ci_per_mmol)
    expected = (decays * counter.efficiency + counter.background_cpm) * counter.time_min
    counts = generator.poisson(expected)
    wells = np.zeros(
        nominal.size,
        dtype=[
            ("well", "U6"),
            ("role", "U11"),
            ("conc_nM", float),
            ("replicate", int),
            ("counts", int),
            ("cpm", float),
            ("dpm", float),
            ("fmol", float),
        ],
    )
    wells["well"] = [_well(i) for i in range(nominal.size)]
    wells["role"], wells["conc_nM"], wells["replicate"] = role, nominal, number
    wells["counts"] = counts
    wells["cpm"] = counts / counter.time_min - counter.background_cpm
    wells["dpm"] = wells["cpm"] / counter.efficiency
    activity = counter.specific_activity_Ci_per_mmol
    wells["fmol"] = wells["dpm"] / (activity * _DPM_PER_FMOL_AT_1_CI_PER_MMOL)
    return Assay(kind, wells, counter, volume)


def _bound(
    kind: str, ligand: Array, inhibitor: Array, sites: Array, kd: float, ki: float, ratio: float
) -> Array:
    """Radioligand left in the well after washing, specific and nonspecific together, nM."""
    if kind == "uptake":
        inhibition = inhibitor / ki
        return np.asarray(sites * ligand / (ligand + kd * (1.0 + inhibition)) + ratio * ligand)
    # Blocked wells have no sites to solve for; a trace keeps the mass balance well posed.
    sites = np.maximum(sites, 1e-12 * kd)
    apparent_kd = kd * (1.0 + ratio)
    if kind == "saturation":
        free = np.asarray(free_radioligand(ligand, sites, kd, ratio))
        return np.asarray(sites * free / (kd + free) + ratio * free)
    receptor = equilibrium(inhibitor, ligand, sites, apparent_kd, np.asarray(ki))
    specific = ligand * receptor / (apparent_kd + receptor)
    return np.asarray(specific + ratio * (ligand - specific) / (1.0 + ratio))


def _layout(
    kind: str, conc: Array, replicates: int
) -> tuple[Array, NDArray[np.str_], NDArray[np.int_]]:
    """Concentration, role and replicate of every well; replicates side by side."""
    if kind == "saturation":
        nominal = np.tile(conc, 2)
        role = np.repeat(["total", "nonspecific"], conc.size)
    else:
        nominal = np.concatenate([[0.0], conc, [0.0]])
        role = np.array(["total"] * (conc.size + 1) + ["nonspecific"])
    number = np.tile(np.arange(1, replicates + 1), nominal.size)
    return np.repeat(nominal, replicates), np.repeat(role, replicates), number


def _pipetted(generator: np.random.Generator, spread: float, wells: int) -> Array:
    """Relative error of one addition: lognormal with mean 1, so that volumes stay positive."""
    width = np.sqrt(np.log1p(spread**2))
    return np.asarray(generator.lognormal(-0.5 * width**2, width, wells))


def _well(number: int) -> str:
    plate, place = divmod(number, len(_ROWS) * _COLUMNS)
    row, column = divmod(place, _COLUMNS)
    name = f"{_ROWS[row]}{column + 1}"
    return name if plate == 0 else f"{plate + 1}-{name}"


def _needed(name: str, value: float | None, kind: str) -> float:
    if value is None:
        raise ValueError(f"{name} must be given for a {kind} assay, got None.")
    return one_number(name, value, low=0.0, low_open=True)


def _unused(name: str, value: Any, why: str) -> None:
    if value is not None:
        raise ValueError(f"{name} does not apply to a saturation assay ({why}), got {value!r}.")


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, np.floating) else str(value)
