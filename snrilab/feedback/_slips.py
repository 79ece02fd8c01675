"""Find the slip: a right answer with one change, or two, gives the learner's values."""

from __future__ import annotations

import ast
import copy
import functools
import re
import textwrap
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import Exercise, Mistake, derived
from snrilab.feedback._brackets import MISSING, ONE, lost_brackets
from snrilab.feedback._budget import STEP, has_turns, spend, with_steps
from snrilab.feedback._call import Call, definition_of
from snrilab.feedback._in_the_answer import stands_in_an_answer
from snrilab.feedback._mending import is_noisy, is_right, own_source, rebuilt
from snrilab.feedback._one_change import of_the_line
from snrilab.feedback._pieces import formula_of, pieces_apart, pieces_of, shape_of
from snrilab.feedback._trial import Idea, Trial, same_values

if TYPE_CHECKING:
    from collections.abc import Callable


_VALUES = "Your numbers are those of one slip."  # where obeying may not be enough

_MOST_PAIRS = 3000

_LONG = 220  # characters of an answer with too many pairs of slips

_UNSAID = frozenset({"nothing-returned"})

# Slips that may come two at a time; a rarer pair says less than the numbers themselves.
_IN_PAIRS = frozenset(
    {
        "arguments-swapped",
        "missing-brackets",
        "brackets-moved",
        "reversed-subtraction",
        "ratio-upside-down",
        "multiplied",
        "divided",
        "plus-for-minus",
        "forgot-one",
        "constant-lost",
        "part-missing",
        "wrong-argument",
        "wrong-logarithm",
        "function-missing",
    }
)

_AFTERWARDS = frozenset({"percent", "thousand-lost", "returned-log", "wrong-sign", "twice", "half"})


def of_the_answer(trial: Trial) -> tuple[str, str, str] | None:
    """Return code, headline and advice when a right answer with one slip explains every value."""
    found = None if is_noisy(trial.exercise) else _of_the_answer(trial)
    if found is None:
        return lost_brackets(trial, pairs=2)
    obeyed = _obeyed(trial, found)
    if not obeyed:
        own = lost_brackets(trial, pairs=2) or of_the_line(trial)
        if own is not None:
            return own
    code, says = found.code, _of_their_own(found, trial)
    one = ONE if obeyed else _VALUES
    if isinstance(obeyed, str):
        says += f" Look at {obeyed} in your line."
    if code == "percent" and not _SHARE.search(_result_of(trial.exercise)):
        says = f"{says.partition(':')[0]}."
        share = _share_with_a_hundred(trial)
        if share:
            says += f" {share} is a share already, from 0 to 1: no 100 belongs to it."
        else:
            code = "hundred-lost"
    if code == "hundred-lost" and _share_with_a_hundred(trial):
        says = f"{_share_with_a_hundred(trial)} is a share already, from 0 to 1: no 100 belongs "
        says += "to it."
    written = formula_of(definition_of(trial.function), trial.exercise)
    if code == "brackets-moved" and written and "(" not in written:
        code, says = "missing-brackets", f"Brackets are missing:{says.partition(':')[2]}"
    headline = {
        "rounded": "The result is rounded.",
        "percent": "Per cent and fractions are mixed up.",
        "hundred-lost": "A factor of 100 is lost or too many.",
        "returned-log": "A logarithm is returned where the number is asked.",
    }.get(code, one)
    return code, headline, says


_SHORT = 20  # characters of a piece that a learner can find


def _obeyed(trial: Trial, mistake: Mistake) -> bool | str:
    """Tell whether doing what a slip's words say makes the learner's own formula right.

    Where the piece to be changed stands in the formula more than once, return what is round it.
    """
    if _of_the_whole(mistake):
        return True
    definition = definition_of(trial.function)
    if definition is None:
        return True
    if mistake.code == "brackets-moved":
        own = derived(own_source(trial), only=frozenset({mistake.code}))
        moved = (rebuilt(one.source, trial.function) for one in own)
        return any(made is not None and is_right(trial, made) for made in moved)
    helps, around = _around(trial, mistake)
    if helps:
        return around or True
    return shape_of(definition) == shape_of(ast.parse(mistake.source).body[-1])


def _around(trial: Trial, mistake: Mistake) -> tuple[bool, str]:
    """Put the right piece in the wrong one's place in the learner's line; tell if, where it helps.

    Where the piece stands is told only when it stands there more than once.
    """
    before, _, after = mistake.change.partition(" -> ")
    try:
        right, wrong = (ast.unparse(ast.parse(one, mode="eval")) for one in (before, after))
        tree = ast.parse(own_source(trial))
    except SyntaxError:
        return False, ""
    above = {id(below): node for node in ast.walk(tree) for below in ast.iter_child_nodes(node)}
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.expr) and ast.unparse(n) == wrong]
    helps = False
    for node in nodes:
        changed = _replaced(tree, node, right)
        mended = rebuilt(changed, trial.function)
        if mended is not None and is_right(trial, mended):
            helps = True
            around, as_it_is = above[id(node)], ast.unparse(tree)
            if (
                len(nodes) > 1
                and isinstance(around, ast.expr)
                and not stands_in_an_answer(trial.exercise, as_it_is, changed)
            ):
                return True, ast.unparse(around)
    return helps, ""


def _of_their_own(mistake: Mistake, trial: Trial) -> str:
    """Return the words of a slip without pieces of the answer that the learner did not write."""
    code, says = mistake.code, mistake.says
    written = formula_of(definition_of(trial.function), trial.exercise)
    if not written:
        return says
    if code == "missing-brackets":
        part = says.removeprefix(MISSING).partition(" is to be worked out")[0].strip()
        if part not in written:
            return f"{part} is one value, to be worked out first. It does not stand in your lines."
    lost = re.match(r"The (.+) in (.+) is missing\.$", says)
    if (
        lost
        and lost[2] not in written
        and lost[2].replace(lost[1], "").strip(" */+-") not in written
    ):
        return f"A {lost[1]} is missing: where does the right unit or share need it?"
    if says.endswith("belongs: that is the other share.") and " stands where " in says:
        stands = says.partition(" stands where ")[0]
        if stands not in written and len(stands) > _SHORT:
            return "You give the other share: your answer is one minus what belongs there."
    if code == "comparison-turned" and mistake.change.partition(" -> ")[2] not in written:
        return "A comparison runs the other way round."
    quoted = re.match(r"(.+?)(?: in .+)?: you use (.+?)(?: as it is| alone)\.$", says)
    if quoted and quoted[2] not in written:
        missing = says.partition(": you use ")[0] if code == "part-missing" else quoted[1]
        return f"{missing}."
    taken = re.match(r"(You take .+), in (.+)\.$", says)
    return f"{taken[1]}." if taken and taken[2] not in written else says


def _replaced(tree: ast.Module, node: ast.expr, text: str) -> str:
    """Return the source with other text where a node stands."""
    instead = ast.parse(text, mode="eval").body

    class Put(ast.NodeTransformer):
        def visit(self, one: ast.AST) -> ast.AST:
            return instead if one is node else self.generic_visit(one)

    kept = copy.deepcopy(tree)
    places = {id(old): new for old, new in zip(ast.walk(tree), ast.walk(kept), strict=True)}
    node = places[id(node)]  # type: ignore[assignment]
    return ast.unparse(Put().visit(kept))


_SHARE = re.compile(r"fraction|share|per cent|percent|%|probab|occup", re.IGNORECASE)

_UNIT = re.compile(r"\b[nµu]?M\b|\b[mnµk]?g\b|mol|\bh\b|\bL\b|hour|day|minute|week")


def _result_of(exercise: Exercise) -> str:
    """Return the words about what comes out; a share among the inputs is no share in the result."""
    return exercise.unit if _UNIT.search(exercise.unit) else f"{exercise.unit} {exercise.task}"


def _share_with_a_hundred(trial: Trial) -> str:
    """Return an argument that is a share, where a 100 stands in the learner's lines."""
    definition = definition_of(trial.function)
    numbers = [n.value for n in ast.walk(definition or ast.Pass()) if isinstance(n, ast.Constant)]
    if not any(type(one) in (int, float) and one in (100, 0.01) for one in numbers):
        return ""
    return next((n for n in trial.exercise.argument_names if is_share(trial, n)), "")


def is_share(trial: Trial, name: str) -> bool:
    place = trial.exercise.argument_names.index(name)
    given = [c.arguments[place] for c in trial.calls]
    try:
        return all(0 < float(x) < 1 for one in given for x in np.ravel(one))
    except (TypeError, ValueError):
        return False


def _function(exercise: Exercise, source: str) -> Callable[..., Any]:
    made = exercise.function(_body_with_steps(source))
    made.__globals__[STEP] = spend
    return made


_ELSE = re.compile(r"^\S|[\"'\\]", re.MULTILINE)  # a second statement, or a text


@functools.lru_cache(maxsize=8192)  # the same for every wrong answer to an exercise
def _body_with_steps(source: str) -> str:
    head, _, rest = source.partition("\n")
    one_function = head.startswith("def ") and head.endswith(":")
    if one_function and not has_turns(source) and not _ELSE.search(rest):
        return textwrap.dedent(rest)  # as it is, in a tenth of the time
    return _body_of(with_steps(ast.parse(source)))


@functools.lru_cache(maxsize=8192)
def _body(source: str) -> str:
    """Return the body of the function in `source`, as the text of an answer."""
    return _body_of(ast.parse(source))


def _body_of(tree: ast.Module) -> str:
    found = tree.body[-1]
    assert isinstance(found, ast.FunctionDef)  # noqa: S101 -- for the type checker
    return "\n".join(ast.unparse(step) for step in found.body)


@functools.lru_cache(maxsize=64)
def _singles(sources: tuple[str, ...]) -> tuple[tuple[str, Mistake], ...]:
    """Return every slip of every right answer, with the answer that it comes from."""
    return tuple(
        (source, mistake)
        for source in sources
        for mistake in derived(source)
        if mistake.code not in _UNSAID
    )


def _right_sources(exercise: Exercise) -> tuple[str, ...]:
    texts = (exercise.answer, *exercise.also_right)
    return tuple(exercise.code(text, alone=True) for text in texts)


def _of_the_answer(trial: Trial) -> Mistake | None:
    """Return the slip of a right answer that gives the learner's values, if it is what they did.

    Two formulas may give the same values: `2 * ki` is what comes out when one name stands in
    another's place, but nobody wrote that. So where the learner's source is at hand the wrong
    formula has to be made of about the same pieces; what is said of the whole result is true of
    its values whatever the formula is.
    """
    exercise = trial.exercise
    singles = _singles(_right_sources(exercise))
    fitting = [one for one in singles if _fits(trial, one[1].source)]
    if not fitting:
        return None
    mine = pieces_of(definition_of(trial.function), exercise)
    if mine is None:
        return fitting[0][1]
    text = formula_of(definition_of(trial.function), exercise)
    ranked = []
    for order, (source, mistake) in enumerate(fitting):
        apart, shown = pieces_apart(mine, mistake.source, exercise), source == singles[0][0]
        if _of_the_whole(mistake):
            ranked.append((1.5, 0.0, order, mistake))
        elif _lacks(mine, mistake, exercise):
            continue
        elif apart <= _ABOUT and (apart == 0 or mistake.code not in _TO_THE_LETTER):
            unlike = 1 - SequenceMatcher(None, text, _body(mistake.source), False).ratio()
            ranked.append((apart - 0.5 * shown, round(unlike, 2), order, mistake))
    return min(ranked, key=lambda one: one[:3])[3] if ranked else None


def _of_the_whole(mistake: Mistake) -> bool:
    return mistake.change.startswith("return … ->")


@functools.lru_cache(maxsize=8192)  # the same for every wrong answer to an exercise
def _gave(_name: str, _arguments: str, _uses: str, _source: str) -> dict[bytes, Call]:
    """Return where the values of a wrong answer are kept."""
    return {}


def _fits(trial: Trial, source: str) -> bool:
    exercise = trial.exercise
    gave = _gave(exercise.function_name, exercise.arguments, exercise.uses, source)
    try:
        return same_values(trial, Idea(lambda: _function(exercise, source), gave))
    except Exception:  # noqa: BLE001 -- a change may make nonsense of a formula
        return False


_ABOUT = 2  # pieces by which a formula may differ and still be called the learner's

_TO_THE_LETTER = frozenset(
    {
        "added",
        "brackets-added",
        "brackets-moved",
        "constant-wrong",
        "difference",
        "multiplied-for-added",
        "power",
        "ratio-for-difference",
        "wrong-argument",
    }
)


def _lacks(mine: Counter[str], mistake: Mistake, exercise: Exercise) -> bool:
    """Tell whether a slip speaks of multiplying or dividing where the learner does less of it."""
    sign = {"multiplied": "Mult", "divided": "Div"}.get(mistake.code)
    if sign is None:
        return False
    definition = ast.parse(mistake.source).body[-1]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 -- for the type checker
    return mine[sign] < (pieces_of(definition, exercise) or Counter())[sign]


@functools.lru_cache(maxsize=32)
def _pairs(source: str) -> tuple[tuple[Mistake, Mistake], ...]:
    """Return the slips of slips: the second is made in the source of the first."""
    made: dict[str, tuple[Mistake, Mistake]] = {}
    for first in derived(source):
        if first.code in _IN_PAIRS:
            for second in derived(first.source, only=_IN_PAIRS | _AFTERWARDS):
                made.setdefault(second.source, (first, second))
            if len(made) >= _MOST_PAIRS:
                break
    return tuple(made.values())[:_MOST_PAIRS]


def two_at_once(trial: Trial) -> tuple[str, str, str] | None:
    """Return what to say when two slips of the right answer explain every value."""
    exercise = trial.exercise
    source = exercise.code(alone=True)
    long = len(source) > _LONG
    if is_noisy(exercise) or long or sum(c.error is None for c in trial.calls) < 2:
        return None
    mine = pieces_of(definition_of(trial.function), exercise)
    fitting = [pair for pair in _pairs(source) if _fits(trial, pair[1].source)]
    fitting = [pair for pair in fitting if _may_be(trial, mine, pair)]
    if not fitting:
        return None
    if mine is None:
        first, second = fitting[0]
    else:
        near = [(pieces_apart(mine, pair[1].source, exercise), i) for i, pair in enumerate(fitting)]
        apart, place = min(near)
        if apart > _ABOUT:
            return None
        first, second = fitting[place]
    return second.code, "Two slips at once.", f"{first.says} And: {_lower(second.says)}"


_PART = re.compile(r"(?:: |work out )(.+?) (?:is to be|belongs|first, as)")


def _in_one_line(definition: ast.FunctionDef, mistake: Mistake) -> bool:
    """Tell whether a part round which brackets are lost stands in one line, and not alone there."""
    found = _PART.search(mistake.says)
    names = set(re.findall(r"[a-zA-Z_]\w*", found[1])) - {"np"} if found else set()
    for step in definition.body:
        here = {node.id for node in ast.walk(step) if isinstance(node, ast.Name)}
        alone = isinstance(step, ast.Assign) and found and ast.unparse(step.value) == found[1]
        if alone:
            return False
        if names <= here | {node.attr for node in ast.walk(step)
                            if isinstance(node, ast.Attribute)}:  # fmt: skip
            return True
    return not names


def _may_be(trial: Trial, mine: Counter[str] | None, pair: tuple[Mistake, Mistake]) -> bool:
    """Tell whether two slips can be the learner's: no brackets are lost between two lines."""
    definition = definition_of(trial.function)
    if definition is None or mine is None:
        return True
    lost = [one for one in pair if "brackets" in one.code]
    if lost and not any(_in_one_line(definition, one) for one in lost):
        return False
    left_out = [one.says.partition(" is missing")[0] for one in pair
                if one.code == "function-missing"]  # fmt: skip
    answer = trial.exercise.code(alone=True)
    return all(mine[name] < answer.count(f"{name}(") for name in left_out)


def _lower(says: str) -> str:
    return says if says.startswith("The 1") else says[:1].lower() + says[1:]
