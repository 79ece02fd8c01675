"""How one patient differs from the typical body."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab._checks import one_number, text

__all__ = ["Patient"]


@dataclass(frozen=True)
class Patient:
    """How one patient differs from the typical body, as ratios.

    Parameters
    ----------
    cl_ratio : float, default 1
        Clearance over the typical clearance, > 0.
    v_ratio : float, default 1
        Volumes over the typical volumes, > 0.
    ka_ratio : float, default 1
        Absorption rate over the typical one, > 0.
    label : str
        Who this is, for legends.
    unaffected_cl_ratio : float, optional
        Clearance over typical of the pathways that the patient's condition leaves alone, > 0: 1
        when only the kidney has failed, so that an inhibited enzyme takes its full share. None:
        all pathways alike, `cl_ratio`.

    Examples
    --------
    Two reasons that concern all pathways multiply, losses of single pathways add up:

    >>> slow = Patient(cl_ratio=0.5, label="half the clearance")
    >>> (slow & Patient(cl_ratio=0.5)).cl_ratio
    0.25
    >>> kidney = Patient(cl_ratio=0.6, unaffected_cl_ratio=1)
    >>> enzyme = Patient(cl_ratio=0.7, unaffected_cl_ratio=1)
    >>> round((kidney & enzyme).cl_ratio, 2)
    0.3
    """

    cl_ratio: float = 1.0
    v_ratio: float = 1.0
    ka_ratio: float = 1.0
    label: str = "typical patient"
    unaffected_cl_ratio: float | None = None

    def __post_init__(self) -> None:
        text("label", self.label)
        for ratio in ("cl_ratio", "v_ratio", "ka_ratio", "unaffected_cl_ratio"):
            given = getattr(self, ratio)
            if given is None and ratio == "unaffected_cl_ratio":
                continue
            value = one_number(ratio, given, low=0.0, low_open=True)
            object.__setattr__(self, ratio, value)

    @property
    def unaffected(self) -> float:
        """Clearance of the pathways left alone over clearance, both relative to typical."""
        return 1.0 if self.unaffected_cl_ratio is None else self.unaffected_cl_ratio / self.cl_ratio

    def __and__(self, other: Patient) -> Patient:
        """Combine two reasons to differ: ratios multiply, losses of single pathways add up."""
        if not isinstance(other, Patient):
            return NotImplemented
        common = self.cl_ratio * self.unaffected * other.cl_ratio * other.unaffected
        left = 1 / self.unaffected + 1 / other.unaffected - 1
        if left <= 0:
            raise ValueError(
                f"{self.label} and {other.label} must leave some clearance; their losses sum to "
                f"{1 - left:.3g} of it."
            )
        alone = self.unaffected_cl_ratio is None and other.unaffected_cl_ratio is None
        return Patient(
            common * left,
            self.v_ratio * other.v_ratio,
            self.ka_ratio * other.ka_ratio,
            f"{self.label}, {other.label}",
            None if alone else common,
        )
