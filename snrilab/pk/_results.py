"""Results whose numbers can be asked for by name, each with the unit that its name carries."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from snrilab._estimate import Estimate, unknown_name

__all__ = ["Result"]

# The longest endings first: clearance_L_per_h is not "1/h".
_UNITS = {
    "_ng_h_per_mL": "ng·h/mL",
    "_ng_per_mL": "ng/mL",
    "_L_per_h": "L/h",
    "_per_h": "1/h",
    "_percent": "%",
    "_h": "h",
    "_L": "L",
    "_mg": "mg",
}


class Result:
    """A dataclass whose numbers (fields and properties) are an `Estimate` under their name."""

    def __getitem__(self, name: str) -> Estimate:
        """Return one number with its unit."""
        known = self._numbers()
        if name not in known:
            raise unknown_name(name, known)
        return Estimate(float(getattr(self, name)), self._unit(name))

    def _unit(self, name: str) -> str:
        return next((unit for end, unit in _UNITS.items() if name.endswith(end)), "")

    @classmethod
    def _numbers(cls: type[Any]) -> tuple[str, ...]:
        of_properties = (
            name
            for name, member in vars(cls).items()
            if isinstance(member, property)
            and member.fget is not None
            and member.fget.__annotations__.get("return") == "float"
        )
        return (*(f.name for f in fields(cls) if f.type == "float"), *of_properties)
