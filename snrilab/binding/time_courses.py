"""The time courses that can be fitted; what `curves` says about scales holds here too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.binding.curves import (
    BEYOND,
    Curve,
    complex_step,
    log_positive,
    pairs,
    plain_columns,
    plateau_box,
    size_box,
)
from snrilab.binding.kinetics import race

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Columns = tuple[Array, ...]

__all__ = ["ASSOCIATION", "DISSOCIATION", "kinetic_competition"]


def _association(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    time, ligand = columns
    log_bmax, log_kon, log_koff = parameters
    sites, on, off = np.exp(log_bmax), np.exp(log_kon) * ligand, np.exp(log_koff)
    observed = on + off
    occupied = on / observed
    waiting = np.exp(-observed * time)
    progress = -np.expm1(-observed * time)
    bound = sites * occupied * progress
    late = sites * occupied * time * waiting
    by_on = sites * (1.0 - occupied) * occupied * progress + late * on
    by_off = late * off - sites * (1.0 - occupied) * occupied * progress
    return bound, [bound, by_on, by_off]


def _association_grid(columns: Columns) -> Array:
    early, late = log_positive(columns[0])
    weak, strong = log_positive(columns[1])
    return pairs(
        np.linspace(-late - strong - 1.0, -early - weak + 1.0, 12),
        np.linspace(-late - 3.0, -early + 1.0, 12),
    )


def _association_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    early, late = log_positive(columns[0])
    weak, strong = log_positive(columns[1])
    least, most = size_box(y)
    return (
        [least, -late - strong - BEYOND, -late - BEYOND],
        [most, -early - weak + BEYOND, -early + BEYOND],
    )


ASSOCIATION = Curve(
    title="association time course",
    parameters=("bmax", "kon_per_nM_min", "koff_per_min"),
    units=("response", "1/(nM min)", "1/min"),
    log=(True, True, True),
    linear=(True, False, False),
    evaluate=_association,
    grid=_association_grid,
    columns=plain_columns,
    box=_association_box,
)


def _dissociation(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
    start, plateau, log_koff = parameters
    exponent = np.exp(log_koff) * columns[0]
    kept = np.exp(-exponent)
    span = start - plateau
    return plateau + span * kept, [kept, 1.0 - kept, -span * kept * exponent]


def _dissociation_grid(columns: Columns) -> Array:
    early, late = log_positive(columns[0])
    return np.linspace(-late - 2.0, -early + 2.0, 40)[None, :]


def _dissociation_box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
    early, late = log_positive(columns[0])
    low, high = plateau_box(y)
    return [low, low, -late - BEYOND], [high, high, -early + BEYOND]


DISSOCIATION = Curve(
    title="dissociation time course",
    parameters=("bound_start", "plateau", "koff_per_min"),
    units=("response", "response", "1/min"),
    log=(False, False, True),
    linear=(True, True, False),
    evaluate=_dissociation,
    grid=_dissociation_grid,
    columns=plain_columns,
    box=_dissociation_box,
)


def kinetic_competition(radioligand_nM: float, kon_per_nM_min: float, koff_per_min: float) -> Curve:
    """Motulsky-Mahan time courses in the rate constants of the unlabelled inhibitor."""

    def bound(columns: Columns, parameters: Sequence[Array]) -> Array:
        time, inhibitor = columns
        log_bmax, log_on, log_off = parameters
        on_inhibitor = np.exp(log_on) * inhibitor
        response = race(
            time, kon_per_nM_min * radioligand_nM, koff_per_min, on_inhibitor, np.exp(log_off)
        )
        return np.asarray(np.exp(log_bmax) * response)

    def evaluate(columns: Columns, parameters: Sequence[Array]) -> tuple[Array, list[Array]]:
        return bound(columns, parameters), complex_step(bound, columns, parameters)

    def grid(columns: Columns) -> Array:
        early, late = log_positive(columns[0])
        weak, strong = log_positive(columns[1])
        return pairs(
            np.linspace(-late - strong - 1.0, -early - weak + 1.0, 12),
            np.linspace(-late - 3.0, -early + 1.0, 12),
        )

    def box(columns: Columns, y: Array) -> tuple[list[float], list[float]]:
        return _association_box(columns, y)

    return Curve(
        title="kinetic competition (Motulsky-Mahan)",
        parameters=("bmax", "kon_inhibitor_per_nM_min", "koff_inhibitor_per_min"),
        units=("response", "1/(nM min)", "1/min"),
        log=(True, True, True),
        linear=(True, False, False),
        evaluate=evaluate,
        grid=grid,
        columns=plain_columns,
        box=box,
    )
