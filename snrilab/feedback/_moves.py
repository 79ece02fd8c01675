"""What an answer does when one argument grows, beside what it should do."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab.feedback._call import call, definition_of
from snrilab.feedback._lines import loops
from snrilab.feedback._slips import is_share

if TYPE_CHECKING:
    from snrilab.feedback._call import Call
    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_SAME = 1e-12  # what an argument that cancels may leave in the last digits
_FELT = 0.01  # a smaller relative change moves nothing that one would call a direction


def ignored(trial: Trial) -> Said | None:
    """Find arguments that change nothing at any call, though they should."""
    still = []
    for i, name in enumerate(trial.exercise.argument_names):
        moves = [_moved(trial, place, i) for place in range(len(trial.calls))]
        seen = [move for move in moves if move is not None]
        shown = moves[trial.first_wrong]
        if shown and shown.right_up and all(move.still for move in seen):
            still.append((name, shown))
    if not still:
        return None
    used = used_arguments(trial)
    cancelled = [name for name, _ in still if name in used]
    if any(not _cancels(trial, name) for name in cancelled):
        return None  # it answers in steps: yes or no, a place
    name, move = next((one for one in still if one[0] in cancelled), still[0])
    if cancelled:
        return (
            "argument-cancels",
            f"{name} stands in your lines, and cancels there.",
            f"{move.words(name)} yours stays {move.before:.4g}; the right value goes "
            f"{move.right_said}. Which of your steps takes {name} out again?",
        )
    names = ", ".join(one for one, _ in still[:-1])
    names = f"{names} or {still[-1][0]}" if names else name
    return (
        "argument-ignored",
        f"Your answer does not depend on {names}.",
        f"{move.words(name)} yours stays {move.before:.4g}; the right value goes "
        f"{move.right_said}. Where does {name} come in?",
    )


def _cancels(trial: Trial, name: str) -> bool:
    """Tell whether an argument that is used changes nothing, however much it changes."""
    place = trial.exercise.argument_names.index(name)
    moves = (grown(trial, p, place, by) for p in range(len(trial.calls)) for by in (-50, 200))
    return all(move.still for move in moves if move is not None)


def used_arguments(trial: Trial) -> set[str]:
    """Return the arguments, by the learner's names, that the lines use."""
    definition = definition_of(trial.function)
    if definition is None:
        return set()
    given = {a.arg for a in (*definition.args.posonlyargs, *definition.args.args)}
    counted = {id(n.args[0]) for n in ast.walk(definition) if isinstance(n, ast.Call) and n.args
               and ast.unparse(n.func) == "len"}  # fmt: skip
    return given & {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)
                    and isinstance(node.ctx, ast.Load) and id(node) not in counted}  # fmt: skip


def direction(trial: Trial) -> Said | None:
    """Find an argument that moves the answer the wrong way: everywhere, or at the call shown."""
    names = trial.exercise.argument_names
    answer = _answer_of(trial.calls[trial.first_wrong])
    table = [[_moved(trial, p, i) for p in range(len(trial.calls))] for i in range(len(names))]
    for name, moves in zip(names, table, strict=True):
        move = moves[trial.first_wrong]
        if move is None or not move.up:
            continue
        if not move.right_up and not _ever_moves(trial, names.index(name)):
            return (
                "argument-too-many",
                f"{answer.capitalize()} changes with {name}, and should not here.",
                f"{move.words(name)} yours goes {move.mine_said}; the right value stays "
                f"{move.right:.4g}.",
            )
        if not move.is_felt and abs(move.right_up) > 0.05 * abs(move.right):
            return (
                "hardly-moves",
                f"{answer.capitalize()} hardly depends on {name}.",
                f"{move.words(name)} yours goes {move.mine_said}, and the right value goes "
                f"{move.right_said}. Which part of your formula does {name} act on, and which "
                "should it act on?",
            )
    for everywhere in (True, False):
        for name, moves in zip(names, table, strict=True):
            move = moves[trial.first_wrong]
            seen = [one for one in moves if one is not None]
            against = [one.up * one.right_up < 0 for one in seen]
            steady = len({one.right_up > 0 for one in seen}) == 1
            if move is None or move.up * move.right_up >= 0:
                continue
            if everywhere and not (all(against) and steady):
                continue
            rises, falls = ("rises", "falls") if move.right_up > 0 else ("falls", "rises")
            subject = answer.capitalize() if everywhere else f"Here {answer}"
            return (
                "wrong-direction",
                f"{subject} {falls} when {name} rises; it should do the reverse.",
                f"{move.words(name)} yours goes {move.mine_said}, and the right value {rises} "
                f"{move.right_said}. What does a larger {name} do to each part of your formula?",
            )
    return None


def _answer_of(c: Call) -> str:
    """Say what moves: of several numbers for one question it is the last that is looked at."""
    numbers = [one for one in c.arguments if isinstance(one, int | float | np.ndarray)]
    asked = max(map(np.size, numbers), default=1)
    return "your answer" if c.numbers is None or c.numbers.size <= asked else "your last number"


class _Move(NamedTuple):
    """What happens at one call when one argument grows: mine and right, before and after."""

    place: int
    percent: int
    before: float
    after: float
    right: float
    should: float
    still: bool  # no value of mine moves, the one shown here or another

    @property
    def up(self) -> float:
        """By how much mine rises; 0 when it stays."""
        return _step(self.before, self.after)

    @property
    def right_up(self) -> float:
        """By how much the right value rises; 0 when it stays."""
        return _step(self.right, self.should)

    @property
    def is_felt(self) -> bool:
        """Tell whether mine moves by more than a trace, beside how the right value moves."""
        return abs(self.after - self.before) > _FELT * abs(self.before) * self.percent / 30

    def words(self, name: str) -> str:
        """Say the condition, for a sentence."""
        return f"With {name} {self.percent} % larger"

    @property
    def mine_said(self) -> str:
        """Say how mine moves, with as many digits as show it."""
        return _from_to(self.before, self.after)

    @property
    def right_said(self) -> str:
        """Say how the right value moves."""
        return _from_to(self.right, self.should)


def _from_to(before: float, after: float) -> str:
    for digits in (4, 6, 8, 10, 12, 15):
        one, other = f"{before:.{digits}g}", f"{after:.{digits}g}"
        if one != other:
            break
    return f"from {one} to {other}"


def _step(before: float, after: float) -> float:
    return after - before if abs(after - before) > 1e-9 * max(abs(before), abs(after)) else 0.0


def _moved(trial: Trial, place: int, argument: int) -> _Move | None:
    """Let one argument grow, as far as the right value keeps its direction (a share stays < 1)."""
    if loops(trial):
        return None  # at a value that nobody asked for it may never end
    given = trial.calls[place].arguments[argument]
    if not isinstance(given, int | float | np.ndarray) or isinstance(given, bool):
        return None
    if isinstance(given, np.ndarray) and given.dtype.kind not in "iuf":
        return None
    nearby = grown(trial, place, argument, 0.1)
    for percent in (30, 10, 1):
        move = grown(trial, place, argument, percent)
        if nearby and move and np.sign(move.right_up) == np.sign(nearby.right_up):
            return move if np.sign(move.up) == np.sign(nearby.up) else None
    return None


def grown(trial: Trial, place: int, argument: int, percent: float) -> _Move | None:
    c = trial.calls[place]
    grown = c.arguments[argument] * (1 + percent / 100)
    if np.any(np.asarray(grown) >= 1) and is_share(trial, trial.exercise.argument_names[argument]):
        return None  # no share grows beyond the whole
    changed = (*c.arguments[:argument], grown, *c.arguments[argument + 1 :])
    after = call(trial.function, changed)
    expected = call(trial.exercise.reference, changed)
    if c.numbers is None or after.numbers is None or expected.numbers is None:
        return None
    before = np.asarray(trial.right[place], dtype=float)
    parts = (c.numbers, after.numbers, before, expected.numbers)
    if any(part.size == 0 or not np.isfinite(part).all() for part in parts):
        return None
    last = [float(part.ravel()[-1]) for part in parts]
    still = bool(np.allclose(c.numbers, after.numbers, rtol=_SAME, atol=0))
    return _Move(place, int(percent), last[0], last[1], last[2], last[3], still)


def _ever_moves(trial: Trial, argument: int) -> bool:
    """Tell whether the right value moves with an argument at any call, as counts do in jumps."""
    for place, c in enumerate(trial.calls):
        if not isinstance(c.arguments[argument], int | float | np.ndarray):
            continue
        for percent in (-80, -50, 100, 400):
            move = grown(trial, place, argument, percent)
            if move is not None and move.right_up:
                return True
    return False
