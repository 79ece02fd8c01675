"""Fixed effects without a formula language: terms, contrasts, design matrix, reference grid."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import _shown as shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["FixedEffects"]

Term = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class FixedEffects:
    """What the mean response depends on, and how each column of the design is coded.

    Factors get treatment contrasts: one column per level but the first, which is the reference.
    A factor of an interaction whose margin is not in the model gets one column per level, as in R.

    Parameters
    ----------
    terms : tuple of tuple of str
        The variables of each term, main effects before interactions.
    levels : mapping of str to tuple
        Levels of each factor in order; a variable that is not in here is a covariate.
    codes : mapping of str to array of int
        Level of each observation, for each factor.
    means : mapping of str to float
        Mean of each covariate over the observations.
    """

    terms: tuple[Term, ...]
    levels: Mapping[str, tuple[Any, ...]]
    codes: Mapping[str, NDArray[np.intp]]
    means: Mapping[str, float]

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors in the model, in the order of their first use."""
        used = dict.fromkeys(name for term in self.terms for name in term)
        return tuple(name for name in used if name in self.levels)

    def names(self) -> tuple[str, ...]:
        """Return the names of the design's columns, for example ``armdrug:visit8``."""
        found = ["(Intercept)"]
        for term in self.terms:
            labels = [""]
            for name in term:
                levels = [self.levels[name][code] for code in self._coded(name, term)]
                parts = [f"{name}{level}" for level in levels] or [name]
                labels = [f"{old}:{new}".lstrip(":") for new in parts for old in labels]
            found += labels
        return tuple(found)

    def design(
        self, codes: Mapping[str, NDArray[np.intp]], covariates: Mapping[str, NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """Return the design matrix, one row per entry of the coded factors and covariates."""
        rows = len(next(iter({**codes, **covariates}.values())))
        blocks = [np.ones((rows, 1))]
        for term in self.terms:
            block = np.ones((rows, 1))
            for name in term:
                if name in self.levels:
                    column = (codes[name][:, None] == self._coded(name, term)).astype(np.float64)
                else:
                    column = covariates[name][:, None]
                # The first factor of an interaction varies fastest.
                block = (column[:, :, None] * block[:, None, :]).reshape(rows, -1)
            blocks.append(block)
        return np.hstack(blocks)

    def _coded(self, name: str, term: Term) -> NDArray[np.intp]:
        """Return the levels of a factor that get a column in a term (none for a covariate)."""
        if name not in self.levels:
            return np.empty(0, dtype=np.intp)
        margin = set(term) - {name}
        contrasts = not margin or any(margin == set(other) for other in self.terms)
        return np.arange(int(contrasts), len(self.levels[name]))

    def grid(
        self, by: Sequence[str], at: Mapping[str, float]
    ) -> tuple[list[tuple[Any, ...]], NDArray[np.float64]]:
        """Return the cells of `by`, and the design row of each, averaged over everything else.

        Covariates stand at their mean (or `at`); every combination of the other factors' levels
        counts alike.
        """
        others = [name for name in self.factors if name not in by]
        cells = list(itertools.product(*(range(len(self.levels[name])) for name in by)))
        rest = list(itertools.product(*(range(len(self.levels[name])) for name in others)))
        points = np.array([[*cell, *more] for cell in cells for more in rest], dtype=np.intp)
        points = points.reshape(len(cells) * len(rest), len(by) + len(others))
        codes = {name: points[:, i] for i, name in enumerate([*by, *others])}
        means = {**self.means, **at}
        rows = self.design(codes, {name: np.full(len(points), means[name]) for name in means})
        labels = [
            tuple(self.levels[name][code] for name, code in zip(by, cell, strict=True))
            for cell in cells
        ]
        return labels, rows.reshape(len(cells), len(rest), -1).mean(axis=1)


def parse_terms(fixed: Sequence[str], known: Sequence[str]) -> tuple[Term, ...]:
    """Read ``["race", "arm*visit"]`` as race, arm, visit, arm:visit (main effects first)."""
    if isinstance(fixed, str) or not all(isinstance(term, str) for term in fixed):
        raise TypeError(
            f"fixed must be a list of terms such as ['race', 'arm*visit'], got {shown(fixed)}."
        )
    terms: dict[frozenset[str], Term] = {}
    for text in fixed:
        names = [name.strip() for name in text.replace("*", ":").split(":")]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(
                f"fixed names {unknown[0]!r}; the effects it may name are "
                f"{', '.join(map(repr, known))}."
            )
        if len(set(names)) < len(names) or ("*" in text and ":" in text):
            raise ValueError(
                f"fixed has the term {text!r}; write a, a:b or a*b with different a, b."
            )
        sizes = range(1, len(names) + 1) if "*" in text else [len(names)]
        for size in sizes:
            for term in itertools.combinations(names, size):
                terms.setdefault(frozenset(term), term)
    return tuple(sorted(terms.values(), key=len))


def code_factor(
    name: str, column: NDArray[Any], order: Sequence[Any] | None
) -> tuple[tuple[Any, ...], NDArray[np.intp]]:
    """Return the levels of a factor (sorted, or in the order asked for) and each row's level."""
    try:
        levels, codes = np.unique(column, return_inverse=True)
    except TypeError:
        raise TypeError(
            f"{name} must be all names or all numbers, got a mixture in column {name!r}."
        ) from None
    found = levels.tolist()
    if order is None:
        return tuple(found), codes.reshape(-1)
    order = list(order)
    missing = [level for level in found if level not in order]
    if missing:
        raise ValueError(
            f"levels[{name!r}] must name every level in the data, got {shown(order)} "
            f"without {missing[0]!r}."
        )
    kept = [level for level in order if level in found]
    place = np.array([kept.index(level) for level in found], dtype=np.intp)
    return tuple(kept), place[codes.reshape(-1)]


def declare(
    columns: Mapping[str, NDArray[Any]],
    fixed: Sequence[str],
    factors: Sequence[str],
    levels: Mapping[str, Sequence[Any]],
    known: Sequence[str],
) -> tuple[FixedEffects, NDArray[np.float64]]:
    """Return the fixed effects and the design matrix of the observations.

    Text and booleans are factors, numbers are covariates unless their name is in `factors` or
    `levels`; terms may name the columns `known`.
    """
    terms = parse_terms(fixed, known)
    used = dict.fromkeys(name for term in terms for name in term)
    ordered: dict[str, tuple[Any, ...]] = {}
    codes: dict[str, NDArray[np.intp]] = {}
    covariates: dict[str, NDArray[np.float64]] = {}
    for name in dict.fromkeys([*used, *factors]):
        column = columns[name]
        if name in factors or name in levels or column.dtype.kind not in "iuf":
            ordered[name], codes[name] = code_factor(name, column, levels.get(name))
        else:
            covariates[name] = column
    for name in used:
        if name in ordered and len(ordered[name]) < 2:
            raise ValueError(
                f"{name} must have at least two levels among the observed responses to be a fixed "
                f"effect, got only {ordered[name][0]!r}."
            )
    _demand_cells(terms, ordered, codes)
    means = {name: float(column.mean()) for name, column in covariates.items()}
    effects = FixedEffects(terms, ordered, codes, means)
    if not used:
        return effects, np.ones((len(next(iter(columns.values()))), 1))
    return effects, effects.design(codes, covariates)


def _demand_cells(
    terms: tuple[Term, ...],
    levels: Mapping[str, tuple[Any, ...]],
    codes: Mapping[str, NDArray[np.intp]],
) -> None:
    """Raise when a combination of levels that an interaction speaks of has no response."""
    for term in terms:
        names = [name for name in term if name in levels]
        if len(names) < 2:
            continue
        counts = np.zeros([len(levels[name]) for name in names], dtype=np.intp)
        np.add.at(counts, tuple(codes[name] for name in names), 1)
        if (counts == 0).any():
            cell = np.argwhere(counts == 0)[0]
            where = " and ".join(
                f"{name} {levels[name][code]!r}" for name, code in zip(names, cell, strict=True)
            )
            raise ValueError(
                f"fixed has the interaction {':'.join(term)!r}, but no response was observed with "
                f"{where}: that cell is empty; leave out the level or the interaction."
            )
