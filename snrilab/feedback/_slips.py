"""Find the slip: a right answer with one change gives the learner's values, or the reverse."""

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
from snrilab.feedback._budget import STEP, has_turns, spend, with_steps
from snrilab.feedback._call import Call, definition_of
from snrilab.feedback._mending import is_plain, is_right, rebuilt
from snrilab.feedback._trial import Idea, Trial, same_values

if TYPE_CHECKING:
    from collections.abc import Callable

_ONE = "One slip: the rest of your formula is right."
_VALUES = "Your numbers are those of one slip."  # where obeying may not be enough
_MOST_PAIRS = 3000
_LONG = 220  # characters of an answer with too many pairs of slips
_NOISY = 1e-3  # a tolerance above this belongs to a fit, where different slips may look alike
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
# What a change that mends the learner's own line says about that line.
_MENDED = {
    "multiplied": ("divided", "There you divide where the two are multiplied."),
    "divided": ("multiplied", "There you multiply where one divides the other."),
    "plus-for-minus": ("plus-for-minus", "There a plus and a minus are mixed up."),
    "reversed-subtraction": (
        "reversed-subtraction",
        "There you subtract the wrong way round: which of the two is to be taken away?",
    ),
    "ratio-upside-down": ("ratio-upside-down", "There the ratio is upside down."),
    "missing-brackets": ("brackets-added", "There are brackets that do not belong."),
    "brackets-added": (
        "missing-brackets",
        "Brackets are missing there: what has to be worked out first?",
    ),
    "brackets-moved": (
        "brackets-moved",
        "The brackets there stand in the wrong place: what belongs together?",
    ),
    "added": ("multiplied-for-added", "There you multiply where the two are added."),
    "multiplied-for-added": ("added", "There you add where the two are multiplied."),
    "wrong-argument": ("wrong-argument", "There stands one name where another belongs."),
    "arguments-swapped": ("arguments-swapped", "Two names have changed places there."),
    "forgot-one": ("part-too-many", "The 1 there does not belong."),
    "constant-lost": ("part-too-many", "The number there does not belong."),
    "part-missing": ("part-too-many", "A part of it is too many."),
    "whole-numbers": ("whole-numbers", "// cuts off the decimals: divide with a single /."),
    "ratio": ("part-too-many", "Only one of the two belongs there."),
    "function-missing": ("function-wrong", "The function there does not belong."),
    "wrong-logarithm": ("wrong-logarithm", "There ln and log10 are mixed up."),
    "function-wrong": ("function-wrong", "There stands one function where another belongs."),
    "comparison-turned": ("comparison-turned", "The comparison there runs the other way round."),
    "branches-swapped": ("branches-swapped", "The two branches there have changed places."),
    "constant-wrong": ("constant-wrong", "The number there should be another one."),
    "sixty-lost": ("sixty-lost", "Seconds, minutes and hours are mixed up there."),
    "thousand-lost": ("thousand-lost", "A factor of 1,000 is lost there: look at the prefixes."),
    "power": ("power", "There a power and a product are mixed up."),
    "axes-exchanged": (
        "axes-exchanged",
        "x and y have changed places there: first comes what was set, then what was found.",
    ),
    "difference": ("ratio-for-difference", "There a difference is wanted: subtract."),
}


def _is_noisy(exercise: Exercise) -> bool:
    """Tell whether right answers scatter, as those of fits do."""
    return exercise.rel > _NOISY and bool(exercise.uses)


def of_the_answer(trial: Trial) -> tuple[str, str, str] | None:
    """Return code, headline and advice when a right answer with one slip explains every value."""
    found = None if _is_noisy(trial.exercise) else _of_the_answer(trial)
    if found is None:
        return lost_brackets(trial, pairs=2)
    obeyed = _obeyed(trial, found)
    if not obeyed:
        own = lost_brackets(trial, pairs=2) or of_the_line(trial)
        if own is not None:
            return own
    code, says = found.code, _of_their_own(found, trial)
    one = _ONE if obeyed else _VALUES
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
    written = _formula(definition_of(trial.function), trial.exercise)
    if code == "brackets-moved" and written and "(" not in written:
        code, says = "missing-brackets", f"Brackets are missing:{says.partition(':')[2]}"
    headline = {
        "rounded": "The result is rounded.",
        "percent": "Per cent and fractions are mixed up.",
        "hundred-lost": "A factor of 100 is lost or too many.",
        "returned-log": "A logarithm is returned where the number is asked.",
    }.get(code, one)
    return code, headline, says


# -- what comes of it when a learner obeys -----------------------------------------------------


def lost_brackets(trial: Trial, pairs: int = 1) -> tuple[str, str, str] | None:
    """Put brackets into the learner's own line, one pair or two, and see whether it is right."""
    source = _own_source(trial)
    made = derived(source, brackets_alone=True) if source else ()
    added = [one for one in made if one.code == "brackets-added"]
    first = [one for one in added if not _is_product(_first(one)) and not _divides(_first(one))]
    first.sort(key=lambda one: not _is_reciprocal(_first(one)))
    for one in first:
        mended = rebuilt(one.source, trial.function)
        if mended is not None and is_right(trial, mended):
            return "missing-brackets", _ONE, f"{_MISSING} {_first(one)} is to be worked out first."
    if pairs == 1 or not 0 < len(first) <= _MOST_BRACKETS:
        return None
    tried = {one.source for one in first}
    for one in first:
        for two in derived(one.source, brackets_alone=True):
            if two.code != "brackets-added" or two.source in tried:
                continue
            tried.add(two.source)
            mended = rebuilt(two.source, trial.function)
            if mended is not None and is_right(trial, mended):
                parts = f"{_first(one)} is to be worked out first, and so is {_first(two)}."
                return "missing-brackets", "Brackets are missing at two places.", parts
    return None


def by_one(trial: Trial) -> bool:
    """Tell whether a line multiplies or divides by 1, as nobody does who has not lost brackets."""
    for node in ast.walk(definition_of(trial.function) or ast.Pass()):
        match node:
            case ast.BinOp(_, ast.Mult() | ast.Div(), ast.Constant(1)):
                return True
            case ast.BinOp(ast.Constant(1), ast.Mult(), _):
                return True
    return False


_SHORT = 20  # characters of a piece that a learner can find
_MISSING = "Brackets are missing:"
_MOST_BRACKETS = 60


def _is_product(part: str) -> bool:
    """Tell whether a part is a product with a bracket in it: there a sign is more likely wrong."""
    try:
        whole = ast.parse(part, mode="eval").body
    except SyntaxError:
        return False
    return "(" in part and isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.Mult)


def _divides(part: str) -> bool:
    """Tell whether a part is x / y alone: who writes a / x / y meant a * y / x, not brackets."""
    try:
        whole = ast.parse(part, mode="eval").body
    except SyntaxError:
        return False
    simple = (ast.Name, ast.Constant)
    match whole:
        case ast.BinOp(ast.Constant(1), ast.Div(), _):
            return False  # a / 1 / x is a / (1 / x) to whoever writes it
        case ast.BinOp(left, ast.Div(), right):
            return isinstance(left, simple) and isinstance(right, simple)
    return False


def _is_reciprocal(part: str) -> bool:
    return part.startswith("1 / ") and part.count("/") == 1


def _first(mistake: Mistake) -> str:
    """Return the part that a pair of brackets was put round."""
    return mistake.says.removeprefix("You work out ").partition(" first, as if")[0]


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
        own = derived(_own_source(trial), brackets_alone=True)
        moved = (rebuilt(one.source, trial.function) for one in own if one.code == mistake.code)
        return any(made is not None and is_right(trial, made) for made in moved)
    helps, around = _around(trial, mistake)
    if helps:
        return around or True
    return _shape(definition) == _shape(ast.parse(mistake.source).body[-1])


def _around(trial: Trial, mistake: Mistake) -> tuple[bool, str]:
    """Put the right piece in the wrong one's place in the learner's line; tell if, where it helps.

    Where the piece stands is told only when it stands there more than once.
    """
    before, _, after = mistake.change.partition(" -> ")
    try:
        right, wrong = (ast.unparse(ast.parse(one, mode="eval")) for one in (before, after))
        tree = ast.parse(_own_source(trial))
    except SyntaxError:
        return False, ""
    above = {id(below): node for node in ast.walk(tree) for below in ast.iter_child_nodes(node)}
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.expr) and ast.unparse(n) == wrong]
    for node in nodes:
        mended = rebuilt(_replaced(tree, node, right), trial.function)
        if mended is not None and is_right(trial, mended):
            around = above[id(node)]
            return True, ast.unparse(around) if len(nodes) > 1 else ""
    return False, ""


def _of_their_own(mistake: Mistake, trial: Trial) -> str:
    """Return the words of a slip without pieces of the answer that the learner did not write."""
    code, says = mistake.code, mistake.says
    written = _formula(definition_of(trial.function), trial.exercise)
    if not written:
        return says
    if code == "missing-brackets":
        part = says.removeprefix(_MISSING).partition(" is to be worked out")[0].strip()
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


def _shape(definition: ast.stmt) -> str:
    """Write a formula so that names of steps, the order of terms and factors of 1 do not count."""
    if not isinstance(definition, ast.FunctionDef):
        return ""
    steps: dict[str, ast.expr] = {
        a.arg: ast.Name(f"a{i}", ast.Load()) for i, a in enumerate(definition.args.args)
    }
    for step in definition.body:
        match step:
            case ast.Assign([ast.Name(name)], value):
                steps[name] = _inlined(value, steps)
            case ast.Return(ast.expr() as value):
                return _ordered(_inlined(value, steps))
            case ast.Expr(ast.Constant()):
                continue
            case _:
                break
    return ast.unparse(definition)


def _inlined(value: ast.expr, steps: dict[str, ast.expr]) -> ast.expr:
    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return copy.deepcopy(steps.get(node.id, node))

    done = Put().visit(copy.deepcopy(value))
    assert isinstance(done, ast.expr)  # noqa: S101 -- for the type checker
    return done


def _ordered(node: ast.expr) -> str:
    """Write sums and products in one order."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return "(" + " ".join(sorted(_terms(node, "+"))) + ")"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        factors = [one for one in sorted(_multiples(node, "*")) if one not in ("*1", "/1")]
        whole = len(factors) == 1 and factors[0].startswith("*")
        return factors[0][1:] if whole else "(" + " ".join(factors) + ")"
    if isinstance(node, ast.BinOp):
        return f"({_ordered(node.left)} {type(node.op).__name__} {_ordered(node.right)})"
    if isinstance(node, ast.Call):
        return f"{ast.unparse(node.func)}({', '.join(map(_ordered, node.args))})"
    if isinstance(node, ast.UnaryOp):
        return f"{type(node.op).__name__}{_ordered(node.operand)}"
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return f"{node.value:.12g}"
    return ast.unparse(node)


def _terms(node: ast.expr, sign: str) -> list[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        turned = {"+": "-", "-": "+"}[sign]
        other = sign if isinstance(node.op, ast.Add) else turned
        return _terms(node.left, sign) + _terms(node.right, other)
    return [sign + _ordered(node)]


def _multiples(node: ast.expr, sign: str) -> list[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        turned = {"*": "/", "/": "*"}[sign]
        other = sign if isinstance(node.op, ast.Mult) else turned
        return _multiples(node.left, sign) + _multiples(node.right, other)
    return [sign + _ordered(node)]


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
    mine = _pieces(definition_of(trial.function), exercise)
    if mine is None:
        return fitting[0][1]
    text = _formula(definition_of(trial.function), exercise)
    ranked = []
    for order, (source, mistake) in enumerate(fitting):
        apart, shown = _apart(mine, mistake.source, exercise), source == singles[0][0]
        if _of_the_whole(mistake):
            ranked.append((1.5, 0.0, order, mistake))
        elif _lacks(mine, mistake, exercise):
            continue
        elif apart <= _ABOUT and (apart == 0 or mistake.code not in _TO_THE_LETTER):
            unlike = 1 - SequenceMatcher(None, text, _body(mistake.source), False).ratio()
            ranked.append((apart - 0.5 * shown, round(unlike, 2), order, mistake))
    return min(ranked, key=lambda one: one[:3])[3] if ranked else None


def _formula(definition: ast.FunctionDef | None, exercise: Exercise) -> str:
    """Return what a learner's function does, with the argument names of the exercise."""
    if definition is None:
        return ""
    names = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    renamed = dict(zip(names, exercise.argument_names, strict=False))
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id in renamed:
            node.id = renamed[node.id]
    return "\n".join(ast.unparse(step) for step in definition.body)


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


def _pieces(definition: ast.FunctionDef | None, exercise: Exercise) -> Counter[str] | None:
    """Count what a function is made of: its arguments, numbers, operators and functions."""
    if definition is None:
        return None
    names = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    renamed = dict(zip(names, exercise.argument_names, strict=False))
    found: Counter[str] = Counter()
    for step in definition.body:
        for node in ast.walk(step):
            match node:
                case ast.Name(name) if name in renamed:
                    found[renamed[name]] += 1
                case ast.Constant(value) if isinstance(value, int | float):
                    found[f"{float(value):.12g}"] += 1
                case ast.BinOp():
                    found[type(node.op).__name__] += 1
                case ast.UnaryOp():
                    found[type(node.op).__name__] += 1
                case ast.Call():
                    found[ast.unparse(node.func).rpartition(".")[2]] += 1
    return found


def _lacks(mine: Counter[str], mistake: Mistake, exercise: Exercise) -> bool:
    """Tell whether a slip speaks of multiplying or dividing where the learner does less of it."""
    sign = {"multiplied": "Mult", "divided": "Div"}.get(mistake.code)
    if sign is None:
        return False
    definition = ast.parse(mistake.source).body[-1]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 -- for the type checker
    return mine[sign] < (_pieces(definition, exercise) or Counter())[sign]


def _apart(mine: Counter[str], source: str, exercise: Exercise) -> int:
    """Count the pieces that the learner's formula and a wrong one do not share."""
    definition = ast.parse(source).body[-1]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 -- for the type checker
    theirs = _pieces(definition, exercise) or Counter()
    return sum(((mine - theirs) + (theirs - mine)).values())


def shares_what_is_wrong(trial: Trial, text: str) -> bool:
    """Tell whether the lines have a part that a wrong answer has and the right one has not."""
    exercise = trial.exercise
    written = _formula(definition_of(trial.function), exercise)
    right, wrong = (_parts(exercise.code(one, alone=True)) for one in (exercise.answer, text))
    return not written or any(part in written for part in wrong - right)


def _parts(source: str) -> set[str]:
    nodes = ast.walk(ast.parse(source))
    return {ast.unparse(node) for node in nodes if isinstance(node, ast.BinOp)}


def unlike(trial: Trial, text: str) -> int:
    """Count the pieces that the learner's lines and another answer do not share; 0 where unknown.

    Only lines that compute one value after the other are compared.
    """
    exercise, definition = trial.exercise, definition_of(trial.function)
    for step in definition.body if definition is not None else ():
        if not isinstance(step, ast.Assign | ast.Return | ast.Expr):
            return 0
    mine = _pieces(definition, exercise)
    if mine is None or "\n" in text or "try" in text:
        return 0
    return _apart(mine, exercise.code(text, alone=True), exercise)


# -- the learner's own line, mended -----------------------------------------------------------


def of_the_line(trial: Trial, only: frozenset[str] | None = None) -> tuple[str, str, str] | None:
    """Change one thing in the learner's own source, and see whether that makes it right."""
    source = _own_source(trial)
    questions = _questions(source)
    for mistake in derived(source) if source else ():
        if mistake.code not in _MENDED or _of_numbers_alone(mistake):
            continue
        if only is not None and mistake.code not in only:
            continue
        other = Counter(_questions(mistake.source)) - Counter(questions)
        asked = bool(other) and mistake.code not in _OF_QUESTIONS
        mended = None if asked else rebuilt(mistake.source, trial.function)
        if mended is None or not is_right(trial, mended):
            continue
        if mistake.code == "brackets-moved" and _calls(source) != _calls(mistake.source):
            continue  # len(x) - 1 is no len(x - 1)
        if _is_by_chance(mistake, source):
            continue
        code, says = _MENDED[mistake.code]
        before, _, after = mistake.change.partition(" -> ")
        if code == "wrong-argument" and after == "1":
            says = "There 1 belongs: the rest is right."
        if mistake.code == "arguments-swapped":
            return code, _ONE, mistake.says
        if code == "part-too-many":
            says = _too_many(before, after) or says
        others = _elsewhere(trial, source, mistake) if code in ("multiplied", "divided") else []
        if others:
            places = " and at ".join([before, *others])
            says = says.replace("There", "At one of these", 1)
            return code, _ONE, f"Look at {places} in your lines. {says}"
        around = _surroundings(source, mistake.source, before)
        return code, _ONE, f"Look at {before} in {around or 'your line'}. {says}"
    return None


def _is_by_chance(mistake: Mistake, source: str) -> bool:
    """Tell whether a change mends by chance.

    x - y made y, a / b / c made a / (b / c), an exponent that makes its power vanish, or two parts
    that become alike or bare numbers.
    """
    before, _, after = mistake.change.partition(" -> ")
    if mistake.code == "brackets-added":
        return _divides(_first(mistake))
    try:
        whole = ast.parse(before, mode="eval").body
    except SyntaxError:
        return False
    match whole:
        case ast.BinOp(_, ast.Sub(), right) if mistake.code == "part-missing":
            return isinstance(right, ast.Constant) and ast.unparse(right) == after
        case ast.BinOp(_, ast.Div(), _) if mistake.code == "multiplied":
            return any(
                isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
                and isinstance(node.left, ast.Constant) and before in ast.unparse(node.right)
                for node in ast.walk(ast.parse(source))
            )  # fmt: skip
        case ast.Name() | ast.Constant():
            return bool(empty_parts(mistake.source) - empty_parts(source))
    return False


def empty_parts(source: str) -> Counter[str]:
    """Count parts that need no working out: x + x, x > 1 == x > 1, 1 - 0.5."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Div(), right) | ast.Compare(
                left, [_], [right]
            ):
                pass
            case _:
                continue
        numbers = isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
        if numbers or ast.dump(left) == ast.dump(right):
            found[ast.unparse(node)] += 1
    return found


def _surroundings(source: str, mended: str, piece: str) -> str:
    """Return the part or line that a change was made in, where the piece alone shows it not."""
    if len(re.findall(rf"(?<![\w.]){re.escape(piece)}(?![\w.])", source)) < 2:
        return ""
    if not re.fullmatch(r"[\w.]+", piece):
        lines = zip(source.split("\n"), mended.split("\n"), strict=False)
        return next((f"`{one.strip()}`" for one, other in lines if one != other), "")
    around = _around_the_change(ast.parse(source), ast.parse(mended))
    if around is None:
        return ""
    if isinstance(around, ast.BinOp) and isinstance(around.left, ast.Constant):
        whole = ast.unparse(around)
        if len(re.findall(rf"(?<![\w.]){re.escape(piece)}(?![\w.])", whole)) > 1:
            around = ast.BinOp(around.left, around.op, ast.Name("…", ast.Load()))
    return f"`{ast.unparse(around)}`"


def _around_the_change(one: ast.AST, other: ast.AST) -> ast.AST | None:
    """Return the innermost part or line of a tree that holds all by which another differs."""
    parts = list(zip(ast.iter_child_nodes(one), ast.iter_child_nodes(other), strict=False))
    apart = [(a, b) for a, b in parts if ast.dump(a) != ast.dump(b)]
    if len(apart) == 1 and type(one) is type(other):
        below = _around_the_change(*apart[0])
        if below is not None:
            return below
    alone = isinstance(one, ast.Name | ast.Constant) or not isinstance(one, ast.expr | ast.stmt)
    return None if alone else one


def _elsewhere(trial: Trial, source: str, found: Mistake) -> list[str]:
    """Return other places at which the same slip explains all values just as well."""
    places = []
    for mistake in derived(source):
        if mistake.code != found.code or mistake == found or _of_numbers_alone(mistake):
            continue
        mended = rebuilt(mistake.source, trial.function)
        if mended is not None and is_right(trial, mended):
            places.append(mistake.change.partition(" -> ")[0])
    return places[:2]


_OF_QUESTIONS = frozenset({"comparison-turned", "branches-swapped", "wrong-argument"})


def _questions(source: str) -> list[str]:
    """Return all comparisons in a source: there a change may mend a few inputs by chance."""
    return [ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Compare)]


def _calls(source: str) -> list[str]:
    """Return all calls in a source, as text."""
    return sorted(ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))


def twice_in_the_line(trial: Trial) -> tuple[str, str, str] | None:
    """Look for the same slip at two places of the learner's own source."""
    source = _own_source(trial)
    if not source or len(source) > _LONG + 100:
        return None
    for first in derived(source):
        if first.code not in _TWICE:
            continue
        for second in derived(first.source):
            if second.code != first.code:
                continue
            mended = rebuilt(second.source, trial.function)
            if mended is not None and is_right(trial, mended):
                code, says = _MENDED[first.code]
                places = [one.change.partition(" -> ")[0] for one in (first, second)]
                return code, "The same slip twice.", f"Look at {' and at '.join(places)}. {says}"
    return None


_TWICE = frozenset({"plus-for-minus", "reversed-subtraction", "multiplied", "divided",
                    "ratio-upside-down", "power", "missing-brackets"})  # fmt: skip


def _own_source(trial: Trial) -> str:
    """Return the learner's source when a changed copy of it may be run and compared."""
    definition = definition_of(trial.function)
    closed = getattr(trial.function, "__closure__", None)
    if definition is None or closed or not is_plain(definition) or _is_noisy(trial.exercise):
        return ""
    texts = all(isinstance(value, str) for value in trial.right)
    if all(c.numbers is None for c in trial.calls) and not texts:
        return ""  # a text or nothing: what was returned is the matter
    definition.decorator_list = []
    return ast.unparse(definition)


def _of_numbers_alone(mistake: Mistake) -> bool:
    """Tell whether other arithmetic is done with two numbers: that comes out right by chance."""
    if mistake.code not in ("multiplied", "divided", "added", "difference"):
        return False
    try:
        tree = ast.parse(mistake.change.partition(" -> ")[0], mode="eval")
    except SyntaxError:
        return False
    return not any(isinstance(node, ast.Name) for node in ast.walk(tree))


def _too_many(before: str, after: str) -> str:
    """Say which part of a formula does not belong."""
    try:
        whole = ast.parse(before, mode="eval").body
    except SyntaxError:
        return ""
    if isinstance(whole, ast.BinOp) and after in (
        ast.unparse(whole.left),
        ast.unparse(whole.right),
    ):
        gone = whole.right if ast.unparse(whole.left) == after else whole.left
        what = "the power of " if isinstance(whole.op, ast.Pow) else ""
        return f"There {what}{ast.unparse(gone)} does not belong: the rest is right."
    if isinstance(whole, ast.Call):
        return f"There {after} alone is right."
    return ""


# -- two slips at once ------------------------------------------------------------------------


@functools.lru_cache(maxsize=32)
def _pairs(source: str) -> tuple[tuple[Mistake, Mistake], ...]:
    """Return the slips of slips: the second is made in the source of the first."""
    made: dict[str, tuple[Mistake, Mistake]] = {}
    for first in derived(source):
        if first.code in _IN_PAIRS:
            for second in derived(first.source):
                if second.code in _IN_PAIRS | _AFTERWARDS:
                    made.setdefault(second.source, (first, second))
            if len(made) >= _MOST_PAIRS:
                break
    return tuple(made.values())[:_MOST_PAIRS]


def two_at_once(trial: Trial) -> tuple[str, str, str] | None:
    """Return what to say when two slips of the right answer explain every value."""
    exercise = trial.exercise
    source = exercise.code(alone=True)
    long = len(source) > _LONG
    if _is_noisy(exercise) or long or sum(c.error is None for c in trial.calls) < 2:
        return None
    mine = _pieces(definition_of(trial.function), exercise)
    fitting = [pair for pair in _pairs(source) if _fits(trial, pair[1].source)]
    fitting = [pair for pair in fitting if _may_be(trial, mine, pair)]
    if not fitting:
        return None
    if mine is None:
        first, second = fitting[0]
    else:
        near = [(_apart(mine, pair[1].source, exercise), i) for i, pair in enumerate(fitting)]
        apart, place = min(near)
        if apart > _ABOUT:
            return None
        first, second = fitting[place]
    return second.code, "Two slips at once.", f"{first.says} And: {_lower(second.says)}"


def _may_be(trial: Trial, mine: Counter[str] | None, pair: tuple[Mistake, Mistake]) -> bool:
    """Tell whether two slips can be the learner's: no brackets are lost between two lines."""
    definition = definition_of(trial.function)
    if definition is None or mine is None:
        return True
    if len(definition.body) > 1 and any("brackets" in one.code for one in pair):
        return False
    left_out = [one.says.partition(" is missing")[0] for one in pair
                if one.code == "function-missing"]  # fmt: skip
    answer = trial.exercise.code(alone=True)
    return all(mine[name] < answer.count(f"{name}(") for name in left_out)


def _lower(says: str) -> str:
    return says if says.startswith("The 1") else says[:1].lower() + says[1:]
