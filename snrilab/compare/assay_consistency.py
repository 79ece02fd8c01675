"""Whether a binding Ki and an uptake IC50 of one lab can be two views of one affinity."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab import _checks, evidence

__all__ = ["AssayConsistency", "assay_consistency"]


@dataclass(frozen=True, slots=True)
class AssayConsistency:
    """The uptake IC50 of a drug over its binding Ki, and what that means.

    Attributes
    ----------
    drug, target, source : str
        Drug, transporter and lab.
    ki_nM, ic50_nM : float
        Binding Ki and uptake IC50, nM.
    """

    drug: str
    target: str
    source: str
    ki_nM: float
    ic50_nM: float

    @property
    def ratio(self) -> float:
        """IC50 over Ki; a competitive inhibitor cannot be below 1."""
        return self.ic50_nM / self.ki_nM

    @property
    def substrate_over_km(self) -> float | None:
        """Transmitter concentration over Km that would explain the ratio; None if none can."""
        return self.ratio - 1 if self.ratio >= 1 else None

    def __str__(self) -> str:
        what = f"{self.drug} at {self.target} ({self.source}): IC50/Ki = {self.ratio:.3g}"
        if self.substrate_over_km is None:
            reason = "no substrate concentration explains it, the assays see different affinities"
            return f"{what} < 1: {reason}"
        return f"{what}, as if [S]/Km were {self.substrate_over_km:.2g}"


def assay_consistency(drug: str, target: str, *, source: str) -> AssayConsistency:
    """Return how a drug's uptake IC50 stands to its binding Ki in the same lab.

    For a competitive inhibitor IC50 = Ki (1 + [S]/Km): the uptake IC50 can equal the true Ki but
    never be smaller. Where it is smaller, the Cheng-Prusoff equation cannot join the two numbers:
    the assays differ in buffer, temperature, intact cells or transporter conformation, and each
    constant belongs to its own assay.

    Parameters
    ----------
    drug : str
        Name or usual abbreviation.
    target : str
        ``"SERT"`` or ``"NET"``.
    source : str
        Reference key of the lab that measured both.

    Returns
    -------
    AssayConsistency
        Both constants, their ratio (> 0), and the [S]/Km it would take.

    Raises
    ------
    EvidenceError
        If the lab did not measure both constants.
    ValueError
        If the target is neither SERT nor NET.

    References
    ----------
    Cheng Y, Prusoff WH. Biochem Pharmacol 1973;22:3099-3108.

    Examples
    --------
    >>> for target in ("SERT", "NET"):
    ...     print(assay_consistency("levomilnacipran", target, source="auclair2013"))
    levomilnacipran at SERT (auclair2013): IC50/Ki = 1.7, as if [S]/Km were 0.7
    levomilnacipran at NET (auclair2013): IC50/Ki = 0.114 < 1: no substrate concentration ...
    """
    target = _checks.choice("target", target, ("SERT", "NET"))
    ki, ic50 = (
        evidence.get(drug, "transporter_constant", target=target, basis=basis, source=source)
        for basis in ("binding_Ki", "uptake_IC50")
    )
    return AssayConsistency(ki.drug, target, ki.source, float(ki), float(ic50))
