"""Recommended parameter sets, and the observations that simulations are checked against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab import _html
from snrilab._sources import told
from snrilab.evidence._listing import Listing, everything
from snrilab.evidence._names import resolve
from snrilab.evidence._rows import EvidenceError, rows

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Target:
    """An observed number that a simulation must meet, or is expected to miss.

    Parameters
    ----------
    target : str
        ``"V1"`` to ``"V16"``.
    quantity, drug : str
        What was observed, on which drug.
    value, low, high : float or None
        Observation and limits of acceptance, in `unit`.
    unit : str
        Unit of the numbers.
    accept : str
        The rule of acceptance in words.
    source : tuple of str
        Reference keys.
    note : str
        Remark, for example that a simple model is expected to fail.

    Examples
    --------
    >>> from snrilab import evidence
    >>> print(evidence.targets("V1")[0])
    V1 levomilnacipran Cmax at steady state, 120 mg once daily: 341 ng/mL (within 5 %)
    """

    target: str
    quantity: str
    drug: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    accept: str
    source: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value:g} {self.unit}"
        return f"{self.target} {self.drug} {self.quantity}:{value} ({self.accept})"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a recommended parameter set.

    Parameters
    ----------
    set, parameter : str
        Names of the set and of the parameter (with its unit where the set mixes units).
    value, low, high : float or None
        Recommended value and plausible range, in `unit`; the value is None where only a range
        or nothing is known.
    unit : str
        Unit of the numbers.
    why : str
        Where the choice comes from.
    source : tuple of str
        Reference keys.

    Examples
    --------
    >>> from snrilab import evidence
    >>> affinity = evidence.parameters("binding_Ki")["levomilnacipran/NET"]
    >>> affinity.value, affinity.unit, affinity.source
    (92.2, 'nM', ('auclair2013',))
    """

    set: str
    parameter: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    why: str
    source: tuple[str, ...]

    @property
    def recalled(self) -> bool:
        """True where the number was recalled from its source and never read there.

        Examples
        --------
        >>> from snrilab import evidence
        >>> evidence.parameters("binding_Ki")["escitalopram/NET"].recalled
        True
        """
        drug = self.parameter.rpartition("/")[0]
        behind = [
            row.provenance
            for row in rows()
            if row.source in self.source
            and row.value is not None
            and self.value in (row.value, row.low, row.high)
            and drug in ("", row.drug)
        ]
        return "recalled" in self.why.lower() or bool(behind and "found" not in behind)

    @property
    def told_source(self) -> str:
        """Reference keys as they stand beside the number: “recalled”, “assumption” if it is one.

        Examples
        --------
        >>> from snrilab import evidence
        >>> evidence.parameters("binding_Ki")["escitalopram/NET"].told_source
        'owens2001, recalled'
        """
        keys = [key for key in self.source if key != "course_choice"]
        assumed = "assumption" if "assumption" in self.why.lower() else ""
        return told(keys, assumed, "recalled" if self.recalled else "")

    def __float__(self) -> float:
        if self.value is None:
            span = (
                ""
                if self.low is None
                else f" only a range, {self.low:g} to {self.high:g} {self.unit}:"
            )
            raise EvidenceError(
                f"{self.parameter} of {self.set} has no single value;{span} {self.why}."
            )
        return self.value


class ParameterSet(Mapping[str, Parameter]):
    """A recommended parameter set: a read-only mapping from names to `Parameter`.

    Parameters
    ----------
    name : str
        Name of the set.
    members : iterable of Parameter
        Its parameters.

    Examples
    --------
    >>> from snrilab import evidence
    >>> drug = evidence.parameters("levomilnacipran_ER")
    >>> float(drug["cl_over_f_L_per_h"]), drug["cl_over_f_L_per_h"].unit
    (23.1, 'L/h')
    """

    def __init__(self, name: str, members: Iterable[Parameter]) -> None:
        self.name = name
        self._members = {member.parameter: member for member in members}

    def __getitem__(self, name: str) -> Parameter:
        if name in self._members:
            return self._members[name]
        return self._members[resolve("parameter", name, self._members)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        lines = [f"{name}: {_value(member)}" for name, member in self._members.items()]
        return "\n".join([f"Parameter set {self.name}", *lines])

    def _repr_html_(self) -> str:
        heads = ("parameter", "value", "why", "source")
        cells = [
            (name, _value(member), member.why, member.told_source)
            for name, member in self._members.items()
        ]
        return _html.table(f"Parameter set {self.name}", heads, cells)


def _value(member: Parameter) -> str:
    span = "" if member.low is None else f"{member.low:g} to {member.high:g}"
    if member.value is None:
        return f"{span} {member.unit}" if span else "not known"
    return f"{member.value:g}{f' ({span})' if span else ''} {member.unit}"


def targets(number: str | None = None) -> Listing[Target]:
    """Return the observed numbers that the simulations are checked against.

    Parameters
    ----------
    number : str, optional
        ``"V1"`` to ``"V16"``.

    Returns
    -------
    Listing of Target
        Numbers with limits of acceptance; several may share one target number.

    Examples
    --------
    >>> [(target.quantity, target.value) for target in targets("V2")]
    [('Cmax after a single 40 mg dose', 83.9)]
    """
    found: tuple[Target, ...] = everything(Target, "targets")
    if number is not None:
        wanted = resolve("number", number, {target.target for target in found})
        found = tuple(target for target in found if target.target == wanted)
    columns = ("target", "drug", "quantity", "value", "low", "high", "unit", "accept", "note")
    return Listing(found, "Validation targets", columns)


def parameters(name: str) -> ParameterSet:
    """Return a recommended parameter set.

    Parameters
    ----------
    name : str
        Such as ``"binding_Ki"``, ``"levomilnacipran_ER"`` or ``"synapse"``; a wrong name is told
        the nearest, or all of them.

    Returns
    -------
    ParameterSet
        Read-only mapping from parameter names to values with range, unit, reason and source.

    Examples
    --------
    >>> constants = parameters("binding_Ki")
    >>> float(constants["levomilnacipran/SERT"]), float(constants["levomilnacipran/NET"])
    (11.2, 92.2)
    >>> float(parameters("invivo_EC50")["levomilnacipran/SERT"])
    Traceback (most recent call last):
        ...
    snrilab.evidence...EvidenceError: levomilnacipran/SERT of invivo_EC50 has no single value; ...
    """
    members: tuple[Parameter, ...] = everything(Parameter, "parameters")
    wanted = resolve("name", name, {member.set for member in members})
    return ParameterSet(wanted, (member for member in members if member.set == wanted))
