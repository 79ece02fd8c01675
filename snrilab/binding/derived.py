"""Constants that follow from fitted ones, with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._estimate import Estimate
from snrilab.binding.conversion import ic50_from_ki, ki_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["DepletedIc50", "Ki", "KineticKd", "TwoKi", "number"]


def number(value: float | Estimate) -> float:
    """Return the value of an estimate, or the number itself."""
    return value.value if isinstance(value, Estimate) else value


class Ki:
    """Ki from the IC50 of a one-site curve."""

    def __init__(self, radioligand_nM: float, kd_nM: float | Estimate) -> None:
        self.radioligand_nM, self.kd_nM = radioligand_nM, kd_nM

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        """Return the derived constants by name."""
        return {"ki_nM": ki_interval(estimates["ic50_nM"], self.radioligand_nM, self.kd_nM)}


class TwoKi(Ki):
    """Both Ki of a two-site curve."""

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        """Return the derived constants by name."""
        return {
            f"ki_{site}_nM": ki_interval(
                estimates[f"ic50_{site}_nM"], self.radioligand_nM, self.kd_nM
            )
            for site in ("high", "low")
        }


class DepletedIc50(Ki):
    """IC50 from the Ki of an exact fit; the uncertainty of Kd goes back into Ki."""

    def __init__(self, radioligand_nM: float, kd_nM: float | Estimate, receptor_nM: float) -> None:
        super().__init__(radioligand_nM, kd_nM)
        self.receptor_nM = receptor_nM

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        """Return the derived constants by name."""
        ki, kd = estimates["ki_nM"], number(self.kd_nM)

        def ic50(value: float) -> float:
            if not 0.0 < value < np.inf:
                return value
            return float(ic50_from_ki(value, self.radioligand_nM, kd, self.receptor_nM))

        slope = ic50(2.0 * ki.value) - ic50(ki.value)  # straight in Ki
        error = ki.standard_error * slope / ki.value
        derived = Estimate(
            ic50(ki.value), "nM", error, ic50(ki.low), ic50(ki.high), ki.level, ki.method
        )
        return {
            "ki_nM": ki_interval(derived, self.radioligand_nM, self.kd_nM, self.receptor_nM),
            "ic50_nM": derived,
        }


class KineticKd:
    """Dissociation constant as the ratio of two fitted rate constants."""

    def __init__(self, on: str, off: str, known_off: float | None, name: str = "kd_nM") -> None:
        self.on, self.off, self.known_off, self.name = on, off, known_off, name

    def __call__(self, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        """Return the derived constants by name."""
        off = self.known_off if self.known_off is not None else estimates[self.off].value
        return {self.name: Estimate(off / estimates[self.on].value, "nM")}
