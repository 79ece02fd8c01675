"""Transporter occupancy at a dose, under each of the three constants: named, never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snrilab import _checks, evidence, pk
from snrilab.evidence import EvidenceError, Listing
from snrilab.mechanism import occupancy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Values = float | NDArray[np.float64]

__all__ = ["DoseOccupancy", "occupancy_at_dose", "occupancy_by_constant"]


@dataclass(frozen=True, slots=True)
class DoseOccupancy:
    """Occupancy at the average steady-state concentration of a dose, under one named constant.

    Attributes
    ----------
    drug, target : str
        Drug and transporter.
    basis : str
        Constant behind the prediction: ``"binding_Ki"``, ``"uptake_IC50"`` or ``"invivo_EC50"``.
    dose_mg : float or ndarray
        Daily dose of free base.
    concentration : float or ndarray
        Average concentration at steady state, in `unit`.
    unit : str
        ``"nM"`` unbound for the test-tube constants, ``"ng/mL"`` total for the in-vivo constant.
    constant_low, constant_high : float
        Constant in `unit`; two values where only a range is known.
    low, high : float or ndarray
        Occupancy as a fraction in [0, 1); low belongs to constant_high.
    why : str
        Where the constant comes from.
    source : str
        Its reference keys, and what has to be said of them: recalled, an assumption.
    """

    drug: str
    target: str
    basis: str
    dose_mg: Values
    concentration: Values
    unit: str
    constant_low: float
    constant_high: float
    low: Values
    high: Values
    why: str
    source: str = ""

    @property
    def value(self) -> Values:
        """The occupancy; an `EvidenceError` where the constant is only a range."""
        if self.constant_low != self.constant_high:
            raise EvidenceError(
                f"{self.basis} of {self.drug} at {self.target} is only known as a range "
                f"({self.constant_low:g} to {self.constant_high:g} {self.unit}): use low and high."
            )
        return self.low

    @property
    def percent(self) -> str:
        """Occupancy in per cent as a reader would write it."""
        low, high = (
            ", ".join(f"{100 * one:.1f}" for one in np.ravel(side))
            for side in (self.low, self.high)
        )
        return f"{low} %" if low == high else f"{low} to {high} %"

    def __str__(self) -> str:
        dose = ", ".join(f"{dose:g}" for dose in np.ravel(self.dose_mg))
        return f"{self.drug} {dose} mg/day, {self.target}, {self.basis}: {self.percent}"


def occupancy_at_dose(
    drug: str,
    dose_mg: ArrayLike,
    target: str,
    *,
    basis: str,
    source: str | None = None,
    interval_h: float = 24.0,
) -> DoseOccupancy:
    """Return the occupancy that one named constant predicts at a daily dose.

    The average concentration at steady state is dose / (CL/F · interval). With a binding Ki or
    an uptake IC50 it enters as unbound concentration (nM); with an in-vivo EC50 as total plasma
    concentration (ng/mL). Occupancy = C / (C + constant). Left out: the swing between doses,
    competition with the transmitter, active transport into the brain, hysteresis.

    Parameters
    ----------
    drug : str
        Levomilnacipran, escitalopram, milnacipran or duloxetine (name or usual abbreviation).
    dose_mg : array_like
        Dose of free base per interval, >= 0 mg.
    target : str
        ``"SERT"`` or ``"NET"``.
    basis : str
        ``"binding_Ki"``, ``"uptake_IC50"`` or ``"invivo_EC50"``. There is no default: the choice
        changes the conclusion.
    source : str, optional
        Lab of the constant; the recommended parameter set when left out.
    interval_h : float, default 24
        Hours between doses, > 0.

    Returns
    -------
    DoseOccupancy
        Concentration, constant and occupancy, of the shape of `dose_mg`.

    Raises
    ------
    EvidenceError
        If the drug has no pharmacokinetic set or no such constant; nothing stands in for it.

    Examples
    --------
    The same 40 mg of levomilnacipran hits NET harder, or SERT harder, depending on the constant:

    >>> for basis in ("uptake_IC50", "binding_Ki", "invivo_EC50"):
    ...     for target in ("NET", "SERT"):
    ...         print(occupancy_at_dose("levomilnacipran", 40, target, basis=basis))
    levomilnacipran 40 mg/day, NET, uptake_IC50: 95.6 %
    levomilnacipran 40 mg/day, SERT, uptake_IC50: 92.3 %
    levomilnacipran 40 mg/day, NET, binding_Ki: 71.2 %
    levomilnacipran 40 mg/day, SERT, binding_Ki: 95.3 %
    levomilnacipran 40 mg/day, NET, invivo_EC50: 34.5 to 51.1 %
    levomilnacipran 40 mg/day, SERT, invivo_EC50: 39.2 to 56.3 %
    """
    dose = _checks.nonnegative("dose_mg", dose_mg)
    interval = _checks.one_number("interval_h", interval_h, low=0.0, low_open=True)
    basis = _checks.choice("basis", basis, pk.CONSTANT_KINDS)
    target = _checks.choice("target", target, ("SERT", "NET"))
    name = _drug(drug).name
    unit = "ng/mL" if basis == "invivo_EC50" else "nM"
    concentration = _average(name, dose, interval, unit)
    low, high, why, found_in = _constant(name, target, basis, source)
    return DoseOccupancy(
        drug=name,
        target=target,
        basis=basis,
        dose_mg=_checks.scalar_or_array(dose),
        concentration=_checks.scalar_or_array(concentration),
        unit=unit,
        constant_low=low,
        constant_high=high,
        low=_checks.scalar_or_array(np.asarray(occupancy(concentration, high))),
        high=_checks.scalar_or_array(np.asarray(occupancy(concentration, low))),
        why=why,
        source=found_in,
    )


def occupancy_by_constant(
    drug: str, dose_mg: Sequence[float], targets: Sequence[str] = ("NET", "SERT")
) -> Listing[DoseOccupancy]:
    """Return the occupancy at each dose under each of the three constants that is known.

    Parameters
    ----------
    drug : str
        As for `occupancy_at_dose`.
    dose_mg : sequence of float
        Daily doses of free base, >= 0 mg.
    targets : sequence of str, default ("NET", "SERT")
        Transporters.

    Returns
    -------
    Listing of DoseOccupancy
        One entry per dose, constant and transporter; constants that nobody knows are left out.

    Examples
    --------
    >>> for entry in occupancy_by_constant("duloxetine", [60], ["SERT"]):
    ...     print(entry.basis, entry.percent)
    binding_Ki 81.6 %
    uptake_IC50 49.0 %
    invivo_EC50 87.7 %
    """
    _drug(drug)
    targets = _checks.members("targets", targets, str, "transporters")
    found = []
    for dose in _checks.nonnegative("dose_mg", dose_mg).ravel():
        for basis in pk.CONSTANT_KINDS:
            for target in targets:
                _checks.choice("targets", target, ("SERT", "NET"))
                try:
                    found.append(occupancy_at_dose(drug, float(dose), target, basis=basis))
                except EvidenceError:  # not known: a gap in the table, never another constant
                    continue
    if not found:
        raise EvidenceError(
            f"no transporter constant of drug {drug!r} is known for targets {targets}."
        )
    columns = ("drug", "dose_mg", "target", "basis", "concentration", "unit", "percent", "why")
    return Listing(found, "Occupancy at a dose, by constant", (*columns, "source"))


def _drug(name: str) -> pk.Drug:
    known = pk.drug_models()
    name = evidence.find(drug=_checks.text("drug", name))[0].drug
    if name not in known:
        raise EvidenceError(
            f"drug {name!r} has no recommended clearance; these have: {', '.join(known)}."
        )
    return pk.drug(name)


def _average(
    name: str, dose_mg: NDArray[np.float64], interval_h: float, unit: str
) -> NDArray[np.float64]:
    """Return the average concentration at steady state: total in ng/mL, or unbound in nM."""
    drug = _drug(name)
    total = 1e3 * drug.bioavailability * dose_mg / (drug.cl_L_per_h * interval_h)
    if unit == "ng/mL":
        return np.asarray(total)
    molar_mass, fu = drug.known("mw_g_per_mol"), drug.known("fu")
    return np.asarray(pk.nM_from_ng_per_mL(total, molar_mass, fu=fu))


def _constant(
    drug: str, target: str, basis: str, source: str | None
) -> tuple[float, float, str, str]:
    """Return the limits of the constant (equal where it is one number), why it, and its source."""
    if source is not None:
        row = evidence.get(drug, "transporter_constant", target=target, basis=basis, source=source)
        return float(row), float(row), evidence.cite(row), row.told_source
    recommended = evidence.parameters(basis)
    name = f"{drug}/{target}"
    if name not in recommended:
        raise EvidenceError(
            f"no recommended {basis} of {drug} at {target}; name a source. "
            f"Recommended are: {', '.join(recommended)}."
        )
    constant = recommended[name]
    why, found_in = constant.why, constant.told_source
    if constant.value is None and constant.low is not None and constant.high is not None:
        return constant.low, constant.high, why, found_in
    return float(constant), float(constant), why, found_in
