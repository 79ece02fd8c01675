"""The numbers of a comparison on one page: occupancy, benefit and harm, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import _checks, _html
from snrilab.compare._benefit_harm import Difference
from snrilab.compare._occupancy import DoseOccupancy
from snrilab.evidence import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FactSheet", "fact_sheet"]

_CONSTANTS = {
    "binding_Ki": "binding Ki",
    "uptake_IC50": "uptake IC50",
    "invivo_EC50": "in people",
}
_UNKNOWN = "not measured"
_BETWEEN = "  "


@dataclass(frozen=True, slots=True)
class _Table:
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        lines = [self.heads, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        written = (
            _BETWEEN.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )
        return "\n".join([self.caption, *(line.rstrip() for line in written)])


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Occupancies, benefits and harms as tables: shown as such in a notebook, printed as text.

    Attributes
    ----------
    occupancies : tuple of DoseOccupancy
        A row for each drug, dose and transporter, a column for each kind of constant.
    benefits, harms : tuple of Difference
        A row each, in the order given.
    """

    occupancies: tuple[DoseOccupancy, ...]
    benefits: tuple[Difference, ...]
    harms: tuple[Difference, ...]

    def _tables(self) -> list[_Table]:
        made = [
            _blocked(self.occupancies) if self.occupancies else None,
            _helped(self.benefits) if self.benefits else None,
            _harmed(self.harms) if self.harms else None,
        ]
        return [table for table in made if table is not None]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self._tables()))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(_html.table(one.caption, one.heads, one.rows) for one in self._tables())


def fact_sheet(
    occupancies: Sequence[DoseOccupancy] = (), differences: Sequence[Difference] = ()
) -> FactSheet:
    """Lay out what is known of some drugs on one page, nothing pooled and nothing filled in.

    Parameters
    ----------
    occupancies : sequence of DoseOccupancy
        From `occupancy_by_constant`, of one dose each; of several drugs if wanted.
    differences : sequence of Difference
        From `benefit_and_harm`, of several drugs if wanted.

    Returns
    -------
    FactSheet
        Up to three tables. Where a kind of constant is not known for a drug it says so.

    Examples
    --------
    >>> from snrilab.compare import benefit_and_harm, occupancy_by_constant
    >>> print(fact_sheet(occupancy_by_constant("escitalopram", [10])))
    Transporter blocked, in per cent (mean level of a day)
    Dose and constant                 NET           SERT  From
    escitalopram 10 mg, binding Ki    0.2           93    owens2001, recalled
    escitalopram 10 mg, uptake IC50   0.6           88    sanchez1999, recalled
    escitalopram 10 mg, in people     not measured  81    klein2006, klein2007

    >>> print(fact_sheet(differences=benefit_and_harm("escitalopram")[:2]))
    Benefit: MADRS points against placebo, below 0 is better
    Drug and dose                Points  95 % interval  Interval from   Source
    escitalopram 10 mg/day       -2.7    -4.4 to -1.0   standard error  wade2002
    escitalopram 10-20 mg/day    -2.9    -4.7 to -1.1   P value         lepola2003
    """
    occupancies = _checks.members(
        "occupancies", _as_list(occupancies), DoseOccupancy, "occupancies at a dose"
    )
    differences = _checks.members(
        "differences", _as_list(differences), Difference, "differences from placebo"
    )
    return FactSheet(
        occupancies,
        tuple(one for one in differences if one.kind == "benefit"),
        tuple(one for one in differences if one.kind == "harm"),
    )


def _as_list(given: Any) -> Any:
    return list(given) if isinstance(given, Listing) else given


def _blocked(occupancies: tuple[DoseOccupancy, ...]) -> _Table:
    """Lay out a row for each drug, dose and constant, a column for each transporter."""
    found: dict[tuple[str, str, str], dict[str, DoseOccupancy]] = {}
    for one in occupancies:
        dose = ", ".join(f"{mg:g}" for mg in np.ravel(one.dose_mg))
        found.setdefault((one.drug, dose, one.basis), {})[one.target] = one
    rows = []
    for (drug, dose, basis), by_target in found.items():
        shares = (_share(by_target.get(target)) for target in ("NET", "SERT"))
        sources = dict.fromkeys(one.source for one in by_target.values())
        rows.append((f"{drug} {dose} mg, {_CONSTANTS[basis]}", *shares, "; ".join(sources)))
    caption = "Transporter blocked, in per cent (mean level of a day)"
    return _Table(caption, ("Dose and constant", "NET", "SERT", "From"), tuple(rows))


def _share(occupancy: DoseOccupancy | None) -> str:
    if occupancy is None:
        return _UNKNOWN
    low, high = (
        ", ".join(_per_cent(100 * float(share)) for share in np.ravel(side))
        for side in (occupancy.low, occupancy.high)
    )
    return low if low == high else f"{low} to {high}"


def _per_cent(value: float) -> str:
    return f"{value:.0f}" if value >= 1 else f"{value:.1f}"


def _helped(benefits: tuple[Difference, ...]) -> _Table:
    """Lay out benefits in points, each with as many decimals in its interval as the source has."""
    rows = []
    for one in benefits:
        gap = one.difference
        value = f"{gap.value:g}"
        decimals = len(value.partition(".")[2])
        ends = f"{gap.low:.{decimals}f} to {gap.high:.{decimals}f}"
        known = one.basis != "none"
        what = " ".join(filter(None, (one.drug, one.dose or "pooled")))
        rows.append(
            (what, value, ends if known else "none", one.basis if known else "", one.told_source)
        )
    level = _level(benefits)
    heads = ("Drug and dose", "Points", f"{level} interval", "Interval from", "Source")
    return _Table("Benefit: MADRS points against placebo, below 0 is better", heads, tuple(rows))


def _harmed(harms: tuple[Difference, ...]) -> _Table:
    """Lay out harms as numbers needed, or as a share where no group sizes are known."""
    rows, given = [], {f"{one.drug} {one.dose}".rstrip() for one in harms}
    for one in harms:
        needed = one.number_needed
        what = one.outcome
        if len(given) > 1:
            what = f"{what}: {one.drug} {one.dose}".rstrip()
        if needed is None:
            rows.append((what, "", "group sizes not known", "not shown", one.told_source))
            continue
        near, *far = (_patients(end) for end in needed.harm or needed.benefit)
        if needed.through_infinity:
            ends = f"{near} to infinity, benefit from {_patients(needed.benefit[0])}"
        else:
            ends = f"{near} to {far[0]}"
        said = "not shown" if needed.through_infinity else "harm" if needed.harm else "benefit"
        rows.append((what, _patients(abs(needed.value)), ends, said, one.told_source))
    level = _level(harms)
    heads = ("Event", "NNH", f"{level} interval", "Shown", "Source")
    whose = f" of {min(given)}" if len(given) == 1 else ""
    caption = f"Harm{whose}: how many are treated for one more to have the event (NNH)"
    return _Table(caption, heads, tuple(rows))


def _patients(number: float) -> str:
    """Write three digits, and no power of ten."""
    if np.isinf(number):
        return "infinity"
    rounded = float(f"{number:.3g}")
    return f"{rounded:,.0f}" if rounded >= 1000 else f"{rounded:g}"


def _level(differences: tuple[Difference, ...]) -> str:
    levels = sorted({one.difference.level for one in differences})
    return " or ".join(f"{100 * level:g} %" for level in levels)
