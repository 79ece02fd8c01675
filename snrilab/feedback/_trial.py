"""A learner's function, what its calls gave, and what they should have given."""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab.exercises import Exercise, agrees, as_numbers
from snrilab.feedback._budget import spend
from snrilab.feedback._call import Call, call

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Trial:
    """All calls of one check beside the right values."""

    exercise: Exercise
    function: Any
    calls: tuple[Call, ...]
    right: tuple[Any, ...]

    @cached_property
    def agreeing(self) -> tuple[bool, ...]:
        """Which calls are right."""
        return tuple(
            c.error is None and agrees(c.value, value, rel=self.exercise.rel)
            for c, value in zip(self.calls, self.right, strict=True)
        )

    @cached_property
    def wrong(self) -> tuple[int, ...]:
        """The places of calls that are not right."""
        return tuple(place for place, good in enumerate(self.agreeing) if not good)

    @cached_property
    def pairs(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Numbers that came beside the right ones, a call each; none where no numbers are asked."""
        found = []
        for c, value in zip(self.calls, self.right, strict=True):
            got = c.numbers
            try:
                expected = np.asarray(value, dtype=float)
            except (TypeError, ValueError):
                return []
            if got is not None and got.size == expected.size:
                found.append((got.ravel(), expected.ravel()))
        return found

    @cached_property
    def joined(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """All numbers of the pairs: those that came, and the right ones."""
        return np.concatenate([g for g, _ in self.pairs]), np.concatenate(
            [r for _, r in self.pairs]
        )

    def has_array(self, place: int) -> bool:
        """Tell whether a call was made with an array."""
        return any(isinstance(a, np.ndarray) for a in self.calls[place].arguments)

    @cached_property
    def one_by_one(self) -> tuple[tuple[Call, Any], ...]:
        """Calls with the single elements of arrays at which the function stopped, and the answers.

        A function that takes one number at a time shows its idea there, and only there.
        """
        found: list[tuple[Call, Any]] = []
        for place, c in enumerate(self.calls):
            if c.error is None or not self.has_array(place):
                continue
            try:
                spread = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in c.arguments))
            except (TypeError, ValueError):
                continue
            if np.shape(self.right[place]) != spread[0].shape:
                continue  # the answer is no value for each element
            cases = list(zip(*(one.ravel().tolist() for one in spread), strict=True))
            single = [call(self.exercise.reference, one) for one in cases]
            wanted = np.ravel(self.right[place])
            if not all(
                one.error is None and agrees(one.value, element, rel=self.exercise.rel)
                for one, element in zip(single, wanted, strict=True)
            ):
                continue  # the arrays belong together: samples of a curve, say
            right = (one.value for one in single)
            found += [(call(self.function, c), r) for c, r in zip(cases, right, strict=True)]
        return tuple(found)

    @cached_property
    def first_wrong(self) -> int:
        """The wrong call that shows most: single numbers, no two alike, none 0 or 1."""
        return min(self.wrong, key=lambda place: (self._dullness(place), place))

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        return tuple(_key(c.arguments) for c in self.calls)

    @cached_property
    def _single_keys(self) -> tuple[bytes, ...]:
        return tuple(_key(c.arguments) for c, _ in self.one_by_one)

    def asked(
        self, idea: Callable[..., Any] | Idea, place: int, *, one_by_one: bool = False
    ) -> Call:
        """Return what another function gives for the arguments of one call."""
        c = self.one_by_one[place][0] if one_by_one else self.calls[place]
        if isinstance(idea, Idea):
            keys = self._single_keys if one_by_one else self._keys
            return idea.call(c.arguments, keys[place])
        return call(idea, c.arguments)

    def _dullness(self, place: int) -> float:
        c = self.calls[place]
        if c.error is not None:
            return 100.0
        dull = 3.0 * self.has_array(place)
        single = [float(a) for a in c.arguments if isinstance(a, int | float)]
        dull += 2.0 * (len(set(single)) < len(single)) + sum(one == 0 for one in single)
        dull += 0.4 * sum(one == 1 for one in single)
        dull += 0.5 * any(float(f"{one:.4g}") != one for one in single)
        value = as_numbers(self.right[place])
        if value is not None and value.size == 1 and float(value.ravel()[0]) in (0.0, 1.0, 0.5):
            dull += 1.0
        return dull


class Idea(NamedTuple):
    """A wrong answer, and what its calls gave: the next answer is compared with the same values."""

    function: Callable[[], Callable[..., Any]]  # makes it, where a value is not kept
    gave: dict[bytes, Call]

    def call(self, arguments: tuple[Any, ...], key: bytes) -> Call:
        """Return what a call gives; `key` tells its arguments from all others."""
        found = self.gave.get(key)
        if found is None or not key:
            found = self.gave[key] = call(self.function(), arguments)
        else:
            spend()
        return found


def _key(arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(arguments)
    except Exception:  # noqa: BLE001 -- a function among the arguments: nothing is kept
        return b""


def same_values(trial: Trial, idea: Callable[..., Any] | Idea, rel: float | None = None) -> bool:
    """Tell whether a wrong answer gives what the learner's gives on every call that came back.

    At least one of these must be wrong, and two must be there: one number is matched by chance.
    """
    came = [place for place, c in enumerate(trial.calls) if c.error is None]
    seen_wrong, values = 0, 0
    for place in came:
        theirs = trial.asked(idea, place)
        if not _same(trial.calls[place], theirs, trial.exercise.rel if rel is None else rel):
            return False
        seen_wrong += not trial.agreeing[place]
        numbers = theirs.numbers
        values += 1 if numbers is None else numbers.size
    for place, (c, right) in enumerate(trial.one_by_one):
        if c.error is None:
            theirs = trial.asked(idea, place, one_by_one=True)
            if not _same(c, theirs, trial.exercise.rel if rel is None else rel):
                return False
            seen_wrong += not agrees(c.value, right, rel=trial.exercise.rel)
            values += 1
    enough = values >= 2 or len(trial.calls) == 1
    return seen_wrong > 0 and enough


_FLOATS = frozenset({float, np.float64})


def _same(mine: Call, theirs: Call, rel: float) -> bool:
    """Tell whether two calls gave the same; NaN and infinity count when both have them."""
    if theirs.error is not None:
        return False
    if type(mine.value) in _FLOATS and type(theirs.value) in _FLOATS:  # as below, and quicker
        finite_here, finite_there = math.isfinite(mine.value), math.isfinite(theirs.value)
        if finite_here and finite_there:
            return agrees(mine.value, theirs.value, rel=rel)
        return finite_here == finite_there
    got, idea = mine.numbers, theirs.numbers
    if got is None or idea is None:
        truth = isinstance(theirs.value, np.ndarray) and theirs.value.dtype == bool
        plain = truth or not isinstance(theirs.value, np.ndarray | type(None))
        return got is None and idea is None and plain and agrees(mine.value, theirs.value, rel=rel)
    if idea.ndim == 0 and got.ndim:
        idea = np.full(got.shape, idea)  # a formula without the argument that came as an array
    if got.ndim == 0 and idea.ndim:
        got = np.full(idea.shape, got)
    if got.size != idea.size or (got.shape != idea.shape and idea.ndim):
        return False
    got, finite = got.reshape(idea.shape), np.isfinite(idea)
    return bool(np.array_equal(finite, np.isfinite(got))) and agrees(
        got[finite], idea[finite], rel=rel
    )
