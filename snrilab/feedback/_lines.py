"""What a learner's own lines show: a comma, a loop left at once, an argument overwritten, a cut.

Each look returns code, headline and advice, or None. A cause is named only where the lines leave
no doubt: either the form itself says so, or mending that one thing makes every value right.
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import agrees, as_numbers
from snrilab.feedback._budget import STEP, spend, with_steps
from snrilab.feedback._call import call, definition_of, source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_CUTTING = frozenset({"int", "round", "around", "floor", "ceil", "trunc", "rint", "fix", "astype"})
_AS_INT = frozenset({"dtype=int", "dtype=np.int64", "dtype=np.int32", "dtype='int'"})
_MOST_USES = 6  # of overwritten arguments, each tried with the old and the new value
_REFUSED = (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.With, ast.Try)
_HARMFUL = frozenset({"open", "exec", "eval", "input", "print"})


def is_plain(definition: ast.FunctionDef) -> bool:
    """Tell whether a function only computes, so that a changed copy of it does no harm."""
    steps = list(ast.walk(definition))
    called = [ast.unparse(step.func) for step in steps if isinstance(step, ast.Call)]
    return (
        len(steps) < 300
        and not any(isinstance(step, (*_REFUSED, ast.While)) for step in steps)
        and not any(name in _HARMFUL or name.startswith(("os.", "sys.")) for name in called)
    )


def rebuilt(source: str, function: Any) -> Callable[..., Any] | None:
    """Return the function in a changed source, in the surroundings of the original one."""
    spend()
    names = dict(getattr(function, "__globals__", {})) | {STEP: spend}
    try:
        tree = with_steps(ast.parse(source))
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            return None
        with warnings.catch_warnings():  # what a trial would warn of is not the learner's line
            warnings.simplefilter("ignore")
            exec(compile(tree, "<mended>", "exec", dont_inherit=True), names)  # noqa: S102
        made: Callable[..., Any] = names[definition.name]
    except Exception:  # noqa: BLE001 -- then there is none
        return None
    return made


def is_right(trial: Trial, function: Callable[..., Any]) -> bool:
    """Tell whether a function gives the right value for every input."""
    return all(
        agrees(call(function, c.arguments).value, value, rel=trial.exercise.rel)
        for c, value in zip(trial.calls, trial.right, strict=True)
    )


def _own(trial: Trial) -> ast.FunctionDef | None:
    """Return a copy of the learner's definition that may be changed and run, or None."""
    definition = definition_of(trial.function)
    if definition is None or getattr(trial.function, "__closure__", None):
        return None
    definition.decorator_list = []
    return definition if is_plain(definition) else None


def mends(trial: Trial, mine: float, right: float) -> bool:
    """Tell whether one number of the learner's, put right wherever it stands, mends all."""
    definition = _own(trial)
    if definition is None:
        return True  # nothing to try it with
    for node in ast.walk(definition):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value = right if node.value == mine else node.value
    return _mends(trial, definition)


def _mends(trial: Trial, definition: ast.FunctionDef) -> bool:
    made = rebuilt(ast.unparse(ast.fix_missing_locations(definition)), trial.function)
    return made is not None and is_right(trial, made)


# -- commas and loops -------------------------------------------------------------------------


def comma(trial: Trial) -> Said | None:
    """Find a comma that makes two values of one: 2,22 for 2.22, or a pair used like a number."""
    definition = definition_of(trial.function)
    if definition is None:
        return None
    for pair, above in _pairs(definition):
        one, other = map(ast.unparse, pair.elts)
        if re.search(r"(?<![\w.])\d+$", one) and re.match(r"\d+(?![\w.])", other):
            before, after = one.split()[-1], other.split()[0]
            thousands = re.search(rf"(?<![\w.]){before},(\d{{3}})(?!\w)", source_of(trial.function))
            if thousands:
                digits, written = f"{before},{thousands[1]}", f"{before}{thousands[1]}"
                how = "write thousands without a sign"
            else:
                digits, written = f"{before},{after}", f"{before}.{after}"
                how = "write decimals with a point"
            return (
                "decimal-comma",
                "A comma between two digits makes two numbers of them.",
                f"Python reads {digits} as a pair: {how}, {written}.",
            )
        if isinstance(above, ast.BinOp) or _is_calculated_with(definition, above):
            return (
                "several-values",
                "A comma makes two values of one.",
                f"In `{one}, {other}` the comma makes a pair of them: an operator belongs there.",
            )
    return None


def comma_in_a_list(trial: Trial) -> Said | None:
    """Find [a - 1,96 * b, ...]: with points for its commas every value is right."""
    definition, source = _own(trial), source_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < _PAIR + 1:
            continue
        for one, other in itertools.pairwise(map(ast.unparse, node.elts)):
            before = re.search(r"(?<![\w.])\d+$", one)
            after = re.match(r"\d+(?![\w.])", other)
            if not before or not after or f"{before[0]},{after[0]}" not in source:
                continue
            mended = re.sub(r"(?<![\w.])(\d+),(\d+)(?![\w.])", r"\1.\2", source)
            made = rebuilt(mended, trial.function)
            if made is not None and is_right(trial, made):
                return (
                    "decimal-comma",
                    "A comma between two digits makes two numbers of them.",
                    f"Python reads {before[0]},{after[0]} as two elements of the list: write "
                    f"decimals with a point, {before[0]}.{after[0]}.",
                )
    return None


def _pairs(definition: ast.FunctionDef) -> Iterator[tuple[ast.Tuple, ast.AST]]:
    for above in ast.walk(definition):
        if not isinstance(above, ast.BinOp | ast.Assign | ast.Return):
            continue
        if isinstance(above, ast.Assign) and not isinstance(above.targets[0], ast.Name):
            continue
        for below in ast.iter_child_nodes(above):
            if isinstance(below, ast.Tuple) and len(below.elts) == 2:
                yield below, above


def _is_calculated_with(definition: ast.FunctionDef, step: ast.AST) -> bool:
    if not isinstance(step, ast.Assign) or not isinstance(step.targets[0], ast.Name):
        return False
    name = step.targets[0].id
    return any(
        isinstance(node, ast.BinOp)
        and any(isinstance(one, ast.Name) and one.id == name for one in (node.left, node.right))
        for node in ast.walk(definition)
    )


def second_return(trial: Trial) -> Said | None:
    """Find two returns where one list of both is asked: the second is never reached."""
    definition = _own(trial)
    if definition is None or len(definition.body) < _PAIR:
        return None
    match definition.body[-2:]:
        case [ast.Return(ast.expr() as one), ast.Return(ast.expr() as other)]:
            both = ast.List([one, other], ast.Load())
        case _:
            return None
    never = ast.unparse(definition.body[-1])
    definition.body[-2:] = [ast.Return(both)]
    if not _mends(trial, definition):
        return None
    return (
        "second-return",
        "A function ends at its first return.",
        f"`{never}` is never reached: put both into one list, return {ast.unparse(both)}.",
    )


_PAIR = 2


def if_for_elif(trial: Trial) -> Said | None:
    """Find an if whose else also acts where the if above it was true: elif makes all right."""
    definition = _own(trial)
    for above in ast.walk(definition or ast.Pass()):
        body = getattr(above, "body", None)
        if not isinstance(body, list):
            continue
        for place, (one, other) in enumerate(itertools.pairwise(list(body))):
            if not (isinstance(one, ast.If) and isinstance(other, ast.If)):
                continue
            if one.orelse or not other.orelse:
                continue
            one.orelse = [other]
            del body[place + 1]
            assert definition is not None  # noqa: S101 -- for the type checker
            if _mends(trial, definition):
                asked = ast.unparse(other.test)
                return (
                    "if-for-elif",
                    f"The else belongs to `if {asked}:` alone.",
                    f"So it also acts where `{ast.unparse(one.test)}` was true, and replaces what "
                    f"that gave: write `elif {asked}:`.",
                )
            body.insert(place + 1, other)
            one.orelse = []
    return None


def product_starts_wrong(trial: Trial) -> Said | None:
    """Find a running product that starts at another number than 1, or only once for all rounds."""
    definition = _own(trial)
    for step in ast.walk(definition or ast.Pass()):
        match step:
            case ast.Assign([ast.Name(name)], (ast.Constant() | ast.UnaryOp()) as start):
                pass
            case _:
                continue
        assert definition is not None  # noqa: S101 -- for the type checker
        if not any(_grows(node, name) for node in ast.walk(definition)):
            continue
        written = ast.unparse(start)
        if written not in ("1", "1.0"):
            step.value = ast.Constant(1)
            if _mends(trial, definition):
                return (
                    "start-of-product",
                    f"A product has to start at 1, and {name} starts at {written}.",
                    f"Write `{name} = 1` there: times 1 leaves the first factor as it is.",
                )
            step.value = start
            continue
        for loop in (node for node in ast.walk(definition) if isinstance(node, ast.For)):
            inner = [one for one in loop.body if isinstance(one, ast.For)]
            if not any(_grows(node, name) for one in inner for node in ast.walk(one)):
                continue
            loop.body.insert(0, ast.Assign([ast.Name(name, ast.Store())], ast.Constant(1)))
            if _mends(trial, definition):
                return (
                    "start-of-product",
                    f"{name} is set to 1 once, and goes on from one round to the next.",
                    f"Write `{name} = 1` as the first line *inside* the outer loop: then each "
                    "round has a product of its own.",
                )
            loop.body.pop(0)
    return None


def _grows(node: ast.AST, name: str) -> bool:
    """Tell whether a line multiplies a name by something and keeps the product under it."""
    match node:
        case ast.AugAssign(ast.Name(target), ast.Mult()):
            return target == name
        case ast.Assign([ast.Name(target)], ast.BinOp(left, ast.Mult(), right)):
            return target == name and name in (ast.unparse(left), ast.unparse(right))
    return False


def left_at_once(trial: Trial) -> Said | None:
    """Find a loop that a return ends in its first round, or at the first thing it finds."""
    if _behind_the_loop(trial):
        return (
            "return-in-loop",
            "The return stands inside the loop.",
            "So the function leaves before the loop has seen every value. Write the return behind "
            "the loop, as far to the left as for: then all values here are right.",
        )
    definition = definition_of(trial.function)
    for node in ast.walk(definition) if definition is not None else ():
        if isinstance(node, ast.For) and any(isinstance(step, ast.Return) for step in node.body):
            return (
                "return-in-loop",
                "The return stands inside the loop.",
                "So the function leaves in the first round, with the first value alone: collect "
                "the values and return them behind the loop, or work on the whole array at once.",
            )
    return None


def _behind_the_loop(trial: Trial) -> bool:
    """Tell whether every value is right once the return of a loop stands behind it."""
    definition = _own(trial)
    if definition is None:
        return False
    kept = list(definition.body)
    for place, step in enumerate(kept):
        if not isinstance(step, ast.For):
            continue
        for above in ast.walk(step):
            body = getattr(above, "body", None)
            if isinstance(body, list) and len(body) and isinstance(body[-1], ast.Return):
                moved = body.pop()
                if len(body) == 0:
                    body.append(ast.Pass())
                definition.body = [*kept[: place + 1], moved, *kept[place + 1 :]]
                return _mends(trial, definition)
    return False


def returned_too_early(trial: Trial) -> Said | None:
    """Find a return in a loop behind which every value would be right, before ideas are tried."""
    return left_at_once(trial) if _behind_the_loop(trial) else None


def compared_for_assigned(trial: Trial) -> Said | None:
    """Find a line that only compares: odds == odds * r changes nothing."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Expr(ast.Compare(ast.Name(name), [ast.Eq()], [value])):
                return (
                    "compared-for-assigned",
                    f"`{ast.unparse(node)}` changes nothing.",
                    f"Two signs == ask whether both sides are equal. To give {name} the new value, "
                    f"write {name} = {ast.unparse(value)}.",
                )
    return None


def index_for_value(trial: Trial) -> Said | None:
    """Find a loop over range(len(x)) that uses the place where x[place] belongs."""
    definition = _own(trial)
    for loop in ast.walk(definition or ast.Pass()):
        match loop:
            case ast.For(
                ast.Name(place), ast.Call(ast.Name("range"), [ast.Call(ast.Name("len"), [of])])
            ):
                pass
            case _:
                continue
        kept = list(loop.body)
        loop.body = [_Indexed(place, of).visit(copy.deepcopy(step)) for step in kept]
        assert definition is not None  # noqa: S101 -- for the type checker
        if _mends(trial, definition):
            value = f"{ast.unparse(of)}[{place}]"
            return (
                "index-for-value",
                f"{place} is a place, 0, 1, 2, ...: the value there is {value}.",
                f"Write {value} where you use {place}: then all values here are right.",
            )
        loop.body = kept
    return None


class _Indexed(ast.NodeTransformer):
    """Put x[i] where i stands alone."""

    def __init__(self, place: str, of: ast.expr) -> None:
        self._place, self._of = place, of

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id != self._place or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Subscript(self._of, ast.Name(node.id, ast.Load()), ast.Load())


def starts_late(trial: Trial) -> Said | None:
    """Find a loop over range(1, len(x)) that leaves the first value out."""
    definition = _own(trial)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Name("range"), [ast.Constant(int(first)), last]) if first > 0:
                pass
            case _:
                continue
        written = ast.unparse(node)
        node.args = [last]
        assert definition is not None  # noqa: S101 -- for the type checker
        if _mends(trial, definition):
            return (
                "first-left-out",
                "The loop leaves out the first value.",
                f"Python counts places from 0, and {written} begins at {first}: write "
                f"{ast.unparse(node)}.",
            )
        return None
    return None


def ends_early(trial: Trial) -> Said | None:
    """Find a range, or np.arange, that stops just before the last value that is wanted."""
    definition = _own(trial)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Name("range"), [_, *_]) | ast.Call(
                ast.Attribute(ast.Name("np"), "arange"), [_, *_]
            ):
                written = ast.unparse(node)
            case _:
                continue
        assert definition is not None  # noqa: S101 -- for the type checker
        place = min(1, len(node.args) - 1)
        last = node.args[place]
        node.args[place] = ast.BinOp(last, ast.Add(), ast.Constant(1))
        match last:
            case ast.BinOp(whole, ast.Sub(), ast.Constant(1)):
                node.args[place] = whole
        if isinstance(last, ast.Constant) and isinstance(last.value, int):
            node.args[place] = ast.Constant(last.value + 1)
        if _mends(trial, definition):
            return (
                "last-left-out",
                f"{written} stops before {ast.unparse(last)}.",
                f"The end of a range is left out: write {ast.unparse(node)}.",
            )
        node.args[place] = last
    return None


def comparisons_turned(trial: Trial) -> Said | None:
    """Find several comparisons that all run the other way round."""
    definition = _own(trial)
    nodes = [n for n in ast.walk(definition or ast.Pass())
             if isinstance(n, ast.Compare) and len(n.ops) == 1
             and type(n.ops[0]) in _TURNED]  # fmt: skip
    if definition is None or not 1 < len(nodes) <= _MOST_USES:
        return None
    written = list(dict.fromkeys(map(ast.unparse, nodes)))
    for node in nodes:
        node.ops = [_TURNED[type(node.ops[0])]()]
    if not _mends(trial, definition):
        return None
    return (
        "comparison-turned",
        "The comparisons run the other way round.",
        f"Turn the signs of {' and of '.join(written)}: then every answer here is right.",
    )


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
}  # fmt: skip


def doubled_for_squared(trial: Trial) -> Said | None:
    """Find x * 2 where x ** 2 makes every value right, at each place where it is doubled."""
    definition = _own(trial)
    written = ""
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.BinOp(_, ast.Mult(), ast.Constant(2)):
                written = written or ast.unparse(node)
                node.op = ast.Pow()
            case ast.BinOp(ast.Constant(2), ast.Mult(), right):
                written = written or ast.unparse(node)
                node.left, node.op, node.right = right, ast.Pow(), node.left
    if definition is None or not written or not _mends(trial, definition):
        return None
    return (
        "power",
        "Doubled is not squared.",
        f"`{written}` is twice its value; its square is written with ** 2.",
    )


class _Bare(ast.NodeTransformer):
    """Take one thing away wherever it is done: str(x), -x, x + 1, x / 100."""

    def __init__(self, done: str) -> None:
        self._done = done
        self.met: list[tuple[str, str]] = []

    def visit(self, node: ast.AST) -> ast.AST:
        inner = next((one for done, one in _done_to(node) if done == self._done), None)
        if inner is None:
            return self.generic_visit(node)
        self.met.append((ast.unparse(node), ast.unparse(inner)))
        return self.visit(inner)


def _done_to(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is done to a part, with … for the part, and the part."""
    match node:
        case ast.Call(func, [inner], []):
            yield f"{ast.unparse(func)}(…)", inner
        case ast.UnaryOp(ast.USub(), inner) if not isinstance(inner, ast.Constant):
            yield "-…", inner
        case ast.BinOp(left, op, right):
            if _is_fixed(right) and not _is_fixed(left):
                yield ast.unparse(ast.BinOp(ast.Name("…"), op, right)), left
            commutes = isinstance(op, ast.Add | ast.Mult)
            if commutes and _is_fixed(left) and not _is_fixed(right):
                yield ast.unparse(ast.BinOp(left, op, ast.Name("…"))), right


def _is_fixed(node: ast.expr) -> bool:
    """Tell whether a part is one number whatever comes in: 2, or np.sqrt(2)."""
    return all(one.id == "np" for one in ast.walk(node) if isinstance(one, ast.Name))


def done_everywhere(trial: Trial) -> Said | None:
    """Find what is done at several places and belongs at none: threshold + 1, str(x)."""
    definition = _own(trial)
    if definition is None:
        return None
    done = Counter(text for node in ast.walk(definition) for text, _ in _done_to(node))
    for text, times in done.items():
        if times < _PAIR:
            continue
        changed = copy.deepcopy(definition)
        bare = _Bare(text)
        bare.visit(changed)
        if len(bare.met) < _PAIR or not _mends(trial, changed):
            continue
        written, inner = bare.met[0]
        return (
            "part-too-many",
            "The same slip at each place: the rest of your lines is right.",
            f"`{written}` should be `{inner}`, there and wherever it is done again.",
        )
    return None


_OVER_ALL = frozenset({"sum", "mean", "median", "max", "min", "prod", "amax", "amin"})


class _Apart(ast.NodeTransformer):
    """Take away what makes one number of a whole array, and keep how it was written."""

    def __init__(self) -> None:
        self.met: list[str] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name("np"), name), [inner], []) if name in _OVER_ALL:
                self.met.append(f"np.{name}")
                return inner
            case ast.Call(ast.Attribute(inner, name), [], []) if name in _OVER_ALL:
                self.met.append(f".{name}()")
                return inner
        return node


def over_all(trial: Trial) -> Said | None:
    """Find np.sum and its like over an array of cases: without it every value is right."""
    definition = _own(trial)
    if definition is None:
        return None
    apart = _Apart()
    apart.visit(definition)
    if len(apart.met) < 2 or not _mends(trial, definition):
        return None  # one alone is a function that does not belong
    how = " and ".join(dict.fromkeys(apart.met))
    return (
        "one-number-of-all",
        f"{how} makes one number of a whole array.",
        "An array holds several cases, and each of them has an answer of its own: leave it out.",
    )


_OF_TWO = frozenset({"add", "subtract", "multiply", "divide", "power", "maximum", "minimum"})


def third_value(trial: Trial) -> Said | None:
    """Find np.multiply(a, b, c), which writes a * b into c."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Attribute(ast.Name("np"), name), [first, second, third]):
                if name in _OF_TWO:
                    inner = f"np.{name}({ast.unparse(first)}, {ast.unparse(second)})"
                    return (
                        "third-value",
                        f"np.{name} works on two values.",
                        f"A third one is the place where NumPy writes the result: write "
                        f"np.{name}({inner}, {ast.unparse(third)}).",
                    )
    return None


def running(trial: Trial) -> Said | None:
    """Find np.cumprod or np.cumsum where np.prod or np.sum makes every value right."""
    definition = _own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Attribute) or node.attr not in ("cumprod", "cumsum"):
            continue
        written, node.attr = node.attr, node.attr.removeprefix("cum")
        assert definition is not None  # noqa: S101 -- for the type checker
        if _mends(trial, definition):
            return (
                "running-total",
                f"{written} gives one value after each step.",
                f"Asked is what stands at the end: {node.attr}.",
            )
        return None
    return None


def other_name_returned(trial: Trial) -> Said | None:
    """Find a return of one name where another one holds the right value."""
    definition = _own(trial)
    last = definition.body[-1] if definition is not None and definition.body else None
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
        return None
    assert definition is not None  # noqa: S101 -- for the type checker
    returned = last.value.id
    made = [step.targets[0].id for step in definition.body
            if isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Name)]  # fmt: skip
    for name in dict.fromkeys(made):
        last.value = ast.Name(name, ast.Load())
        if name != returned and _mends(trial, definition):
            return (
                "other-name-returned",
                f"{name} holds the right value, and {returned} is returned.",
                f"Write `return {name}` in the last line.",
            )
    return None


def guarded(trial: Trial) -> Said | None:
    """Find a question that keeps a right value back: without it every value is right."""
    definition = _own(trial)
    if definition is None or all(trial.has_array(place) for place in trial.wrong):
        return None  # right for single numbers: then the question asks something sensible
    kept = list(definition.body)
    for place, step in enumerate(kept):
        if not isinstance(step, ast.If):
            continue
        definition.body = [*kept[:place], *step.orelse, *kept[place + 1 :]]
        if definition.body and _mends(trial, definition):
            asked = ast.unparse(step.test)
            arrays = any("truth value" in str(c.error) for c in trial.calls)
            return (
                "guarded",
                f"Without the question `if {asked}:` the function is right.",
                "What comes out then is right for every input tried, also where it looks odd: let "
                "it come back as it is."
                + " (And if wants one number: arrays are handed over here as well.)"
                * arrays,
            )
    return None


def chained(trial: Trial) -> Said | None:
    """Find a < 1 != b < 1, which Python reads as a chain: with brackets every value is right."""
    definition = _own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Compare) or len(node.ops) != _CHAIN:
            continue
        written = ast.unparse(node)
        one = ast.Compare(node.left, node.ops[:1], node.comparators[:1])
        other = ast.Compare(node.comparators[1], node.ops[2:], node.comparators[2:])
        node.left, node.ops, node.comparators = one, node.ops[1:2], [other]
        assert definition is not None  # noqa: S101 -- for the type checker
        right = _mends(trial, definition)
        if not right and not any("truth value" in str(c.error) for c in trial.calls):
            return None
        return (
            "chained",
            "Put each comparison in brackets.",
            f"Python reads `{written}` as a chain, as in 0 < x < 1: each sign asks about its two "
            f"neighbours. What you mean is {ast.unparse(node)}.",
        )
    return None


_CHAIN = 3


def counts_all(trial: Trial) -> Said | None:
    """Find len(x > 1), which counts True and False alike."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("len", "np.size"):
            continue
        if len(node.args) == 1 and isinstance(node.args[0], ast.Compare):
            asked = ast.unparse(node.args[0])
            return (
                "counts-all",
                f"`{ast.unparse(node)}` counts every value, True or False.",
                f"np.sum({asked}) counts those for which it is true, np.mean({asked}) gives their "
                "share.",
            )
    return None


def never_true(trial: Trial) -> Said | None:
    """Find a question about a text whose answer is False for every input tried."""
    definition = _own(trial)
    if definition is None:
        return None
    tests = [n for n in ast.walk(definition) if isinstance(n, ast.If | ast.IfExp)]
    for node in tests:
        first = next((n for n in ast.walk(node.test) if isinstance(n, ast.Compare)), None)
        texts = [n for n in ast.walk(node.test) if isinstance(n, ast.Constant)
                 and isinstance(n.value, str)]  # fmt: skip
        if first is None or not texts:
            continue
        if isinstance(node, ast.If) and all(isinstance(s, ast.Raise) for s in node.body):
            continue
        asked = ast.unparse(node.test)
        subject = first.left
        if isinstance(subject, ast.Constant):
            subject = first.comparators[0]
        about = ast.unparse(subject)
        kept, node.test = node.test, ast.parse(f"heard__({asked}, {about})", mode="eval").body
        answers = _heard(trial, definition)
        node.test = kept
        if len(answers) > 1 and not any(true for true, _ in answers):
            seen = next((v for _, v in answers if isinstance(v, str) and v in _words(texts)), None)
            seen = answers[0][1] if seen is None else seen
            return (
                "never-true",
                "Your question is never true.",
                f"`{asked}` is False for every input tried here, also where {about} is {seen!r}. "
                "Are capital letters, brackets, and the sign (==, in, and, or) as they should be?",
            )
    return None


def _words(texts: list[ast.Constant]) -> set[str]:
    found = {str(one.value) for one in texts}
    return found | {one.upper() for one in found} | {one.lower() for one in found}


def _heard(trial: Trial, definition: ast.FunctionDef) -> list[tuple[bool, Any]]:
    """Return the answers to a question at all calls, with what it was asked about."""
    answers: list[tuple[bool, Any]] = []

    def heard(answer: Any, about: Any) -> Any:
        answers.append((bool(np.any(answer)), about))
        return answer

    made = rebuilt(ast.unparse(ast.fix_missing_locations(definition)), trial.function)
    if made is None:
        return []
    made.__globals__["heard__"] = heard
    for c in trial.calls:
        call(made, c.arguments)
    return answers


def at_the_end(trial: Trial) -> Said | None:
    """Recognise np.interp beyond its points, where it holds the last value."""
    definition = definition_of(trial.function)
    called = [n.func for n in ast.walk(definition or ast.Pass()) if isinstance(n, ast.Call)]
    if not any(ast.unparse(one).endswith("interp") for one in called):
        return None
    for c in trial.calls:
        single = [float(a) for a in c.arguments if isinstance(a, int | float)]
        if c.numbers is not None and c.numbers.size == 1 and float(c.numbers.ravel()[0]) in single:
            return (
                "interp-ends",
                "np.interp does not go beyond its points.",
                "Outside them it holds the value of the nearest one. Work out slope and start of "
                "the line, or take np.polyfit.",
            )
    return None


def always_true(trial: Trial) -> Said | None:
    """Find a text that asks nothing beside or: x == "a" or "b" is true whatever x is."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            inside = node.comparators[0]
            if isinstance(inside, ast.BoolOp) and all(
                isinstance(one, ast.Constant) and isinstance(one.value, str)
                for one in inside.values
            ):
                kept = inside.values[0 if isinstance(inside.op, ast.Or) else -1]
                return (
                    "always-true",
                    f"({ast.unparse(inside)}) is one text.",
                    f"Python makes {ast.unparse(kept)} of it, and compares with that alone. "
                    "Write each question out, or ask with in (…, …).",
                )
        if not isinstance(node, ast.BoolOp):
            continue
        alone = [one for one in node.values if isinstance(one, ast.Constant)]
        asked = [one for one in node.values if isinstance(one, ast.Compare)]
        if alone and asked and all(isinstance(one.value, str | int | float) for one in alone):
            word = "or" if isinstance(node.op, ast.Or) else "and"
            left, sign = ast.unparse(asked[0].left), _sign(asked[0])
            within = isinstance(asked[0].left, ast.Constant) and sign in ("in", "not in")
            if within:
                left = ast.unparse(asked[0]).split(f" {sign} ", 1)[1]
            whole = f" {word} ".join(
                ast.unparse(one)
                if one not in alone
                else f"{ast.unparse(one)} {sign} {left}"
                if within
                else f"{left} {sign} {ast.unparse(one)}"
                for one in node.values
            )
            return (
                "always-true",
                f"{ast.unparse(alone[0])} beside {word} asks nothing.",
                f"Python reads `{ast.unparse(node)}` as two questions, and a text or a number "
                f"alone counts as true. Write each one out: {whole}.",
            )
    return None


def asked_of_one(trial: Trial) -> Said | None:
    """Find low and high > x, where Python asks of low only whether it is 0."""
    definition = _own(trial)
    given = {a.arg for a in definition.args.args} if definition is not None else set()
    found: list[tuple[str, str]] = []
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.BoolOp):
            continue
        written = ast.unparse(node)
        asked = [one for one in node.values if isinstance(one, ast.Compare) and len(one.ops) == 1]
        alone = [one for one in node.values if isinstance(one, ast.Name) and one.id in given]
        if not asked or not alone:
            continue
        last = asked[-1]
        node.values = [
            ast.Compare(one, last.ops, last.comparators) if one in alone else one
            for one in node.values
        ]
        found.append((written, ast.unparse(node)))
    if definition is None or not found or not _mends(trial, definition):
        return None
    written, meant = found[0]
    return (
        "always-true",
        "Each comparison has to be written out.",
        f"Python reads `{written}` as two questions, and a number alone counts as true unless it "
        f"is 0. What you mean is `{meant}`.",
    )


def _sign(asked: ast.Compare) -> str:
    words = ast.unparse(asked).removeprefix(ast.unparse(asked.left)).split()
    return " ".join(words[:2]) if words[0] == "not" or words[:2] == ["is", "not"] else words[0]


def remainder(trial: Trial) -> Said | None:
    """Recognise % for per cent: with * or / in its place every value is right."""
    definition = _own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod):
            continue
        written = ast.unparse(node)
        for instead in (ast.Mult(), ast.Div()):
            node.op = instead
            assert definition is not None  # noqa: S101 -- for the type checker
            if _mends(trial, definition):
                return (
                    "remainder",
                    "% is no per cent in Python.",
                    f"`{written}` is what is left over when the first is divided by the second: "
                    f"write {'*' if isinstance(instead, ast.Mult) else '/'} there.",
                )
        node.op = ast.Mod()
    return None


def copied_name(trial: Trial, arguments: set[str]) -> tuple[str, str] | None:
    """Return a second name for an argument, and the argument, where a line gives it one."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Assign([ast.Name(name)], ast.Name(given)) if given in arguments:
                return name, given
    return None


def closes_early(trial: Trial) -> str:
    """Return a call whose result is compared at the end, as in np.mean(x) > 1, or nothing."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Return(ast.Compare(ast.Call(func))):
                return ast.unparse(func)
    return ""


def may_be_a_comma(trial: Trial) -> bool:
    """Tell whether a pair that is returned may be meant as a decimal comma: 2,22."""
    definition = definition_of(trial.function)
    return definition is None or bool(re.search(r"\b\d+, \d", ast.unparse(definition)))


def gives_none(trial: Trial) -> bool:
    """Tell whether a line returns None on purpose."""
    definition = definition_of(trial.function)
    return any(
        isinstance(node, ast.Return) and node.value and "None" in ast.unparse(node.value)
        for node in ast.walk(definition or ast.Pass())
    )


def gives_nan(trial: Trial) -> bool:
    """Tell whether the lines return a nan or an infinity that is written in them."""
    definition = definition_of(trial.function)
    return any(
        re.search(r"\b(nan|inf)\b", ast.unparse(node.value), re.IGNORECASE) is not None
        for node in ast.walk(definition or ast.Pass())
        if isinstance(node, ast.Return) and node.value is not None
    )


def loops(trial: Trial) -> bool:
    """Tell whether the function has a loop that may not end."""
    definition = definition_of(trial.function)
    return any(isinstance(node, ast.While) for node in ast.walk(definition or ast.Pass()))


def in_sums(trial: Trial) -> bool:
    """Tell whether a loop adds up small steps, as a numerical area does."""
    definition = definition_of(trial.function)
    for loop in ast.walk(definition or ast.Pass()):
        for step in ast.walk(loop) if isinstance(loop, ast.For | ast.While) else ():
            match step:
                case ast.AugAssign(ast.Name(), ast.Add(), ast.BinOp(op=ast.Mult())):
                    return True
                case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(other), ast.Add(), added)):
                    if name == other and isinstance(added, ast.BinOp):
                        return True
    return False


def in_steps(trial: Trial) -> bool:
    """Tell whether the function searches in steps, so that it can only come near."""
    definition = definition_of(trial.function)
    return definition is not None and any(
        isinstance(node, ast.While)
        or (isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("arange", "linspace")))
        for node in ast.walk(definition)
    )


# -- an argument that is no longer what was handed over ----------------------------------------


def overwritten(trial: Trial) -> Said | None:
    """Find an argument that gets another value, where the one handed over is needed."""
    definition = definition_of(trial.function)
    if definition is None:
        return None
    names = {argument.arg for argument in definition.args.args}
    for step in definition.body:
        match step:
            case ast.Assign([ast.Name(name)], ast.Constant()) if name in names:
                return (
                    "argument-overwritten",
                    f"The function gives {name} a value of its own.",
                    f"The line `{ast.unparse(step)}` replaces what is handed over: delete it, "
                    f"and {name} holds the value of each call.",
                )
    return _still_needed(trial, names)


def _still_needed(trial: Trial, names: set[str]) -> Said | None:
    """Give later lines the value handed over, and see whether that makes every value right."""
    definition = _own(trial)
    if definition is None:
        return None
    first: dict[str, ast.stmt] = {}
    uses: list[ast.Name] = []
    for step in definition.body:
        uses += [n for n in ast.walk(step) if isinstance(n, ast.Name) and n.id in first
                 and isinstance(n.ctx, ast.Load)]  # fmt: skip
        match step:
            case ast.Assign([ast.Name(name)]) | ast.AugAssign(ast.Name(name)) if name in names:
                first.setdefault(name, step)
    if not uses or len(uses) > _MOST_USES:
        return None
    kept = [ast.parse(f"{name}__given = {name} * 1").body[0] for name in first]
    definition.body = [*kept, *definition.body]
    for count in range(1, len(uses) + 1):
        for some in itertools.combinations(uses, count):
            before = [one.id for one in some]
            for one in some:
                one.id += "__given"
            mended = _mends(trial, definition)
            for one, name in zip(some, before, strict=True):
                one.id = name
            if mended:
                return (
                    "argument-overwritten",
                    f"{before[0]} is no longer what was handed over.",
                    f"`{ast.unparse(first[before[0]])}` gives {before[0]} a new value, and a later "
                    "line needs the old one: give the new value a name of its own.",
                )
    return None


def used_arguments(trial: Trial) -> set[str]:
    """Return the arguments, by the learner's names, that the lines use."""
    definition = definition_of(trial.function)
    if definition is None:
        return set()
    given = {a.arg for a in (*definition.args.posonlyargs, *definition.args.args)}
    return given & {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}


def written_in(trial: Trial) -> Said | None:
    """Find numbers of the example that stand where arguments belong."""
    definition = _own(trial)
    if definition is None:
        return None
    given = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    unused = [name for name in given if name not in used_arguments(trial)]
    numbers = [n for n in ast.walk(definition) if isinstance(n, ast.Constant)
               and type(n.value) in (int, float) and n.value]  # fmt: skip
    if len(given) != len(trial.exercise.argument_names) or not 0 < len(unused) <= _MOST_UNUSED:
        return None
    for some in itertools.permutations(numbers[:_MOST_USES], len(unused)):
        if _mends(trial, _with(definition, dict(zip(map(id, some), unused, strict=True)))):
            values = " and ".join(str(n.value) for n in some)
            return _said_written_in(values, " and ".join(unused), unused)
    if len(unused) > 1:
        return None
    for value in dict.fromkeys(n.value for n in numbers):
        alike = {id(n): unused[0] for n in numbers if n.value == value}
        if len(alike) > 1 and _mends(trial, _with(definition, alike)):
            return _said_written_in(str(value), unused[0], unused)
    for number, share in _scaled(trial, numbers, given.index(unused[0])):
        if _mends(trial, _with(definition, {id(number): f"{share!r} * {unused[0]}"})):
            return _said_written_in(str(number.value), f"something with {unused[0]}", unused)
    return None


_MOST_UNUSED = 3


def _said_written_in(values: str, names: str, unused: list[str]) -> Said:
    many = " and " in values
    return (
        "written-in",
        f"The number{'s' * many} {values} stand{'s' * (not many)} where {names} "
        f"belong{'s' * (not many)}.",
        f"Your lines do not use {' or '.join(unused)}, so they are right for one value only.",
    )


def _scaled(
    trial: Trial, numbers: list[ast.Constant], place: int
) -> Iterator[tuple[ast.Constant, float]]:
    """Yield each number with what an argument has to be multiplied by to take its place."""
    shown = trial.first_wrong
    mine, right = trial.calls[shown].numbers, as_numbers(trial.right[shown])
    if mine is None or right is None or mine.size != right.size:
        return
    if not mine.size or not mine.ravel()[0]:
        return
    factor = float(right.ravel()[0] / mine.ravel()[0])
    given = as_numbers(trial.calls[shown].arguments[place])
    value = float(given.ravel()[0]) if given is not None and given.size else 0.0
    if not value or not factor or not np.isfinite(factor):
        return
    formula = ast.walk(ast.parse(trial.exercise.code(alone=True)))
    known = {node.value for node in formula if isinstance(node, ast.Constant)}
    for number in numbers:
        was = number.value
        if isinstance(was, int | float) and was not in known:
            yield number, was * factor / value
            yield number, was / factor / value


def _with(definition: ast.FunctionDef, formulas: dict[int, str]) -> ast.FunctionDef:
    """Return a copy of a definition with a formula where the node of each id stands."""
    nodes = list(ast.walk(definition))
    changed = copy.deepcopy(definition)
    put = {
        id(one): formulas[id(node)]
        for node, one in zip(nodes, ast.walk(changed), strict=True)
        if id(node) in formulas
    }

    class Put(ast.NodeTransformer):
        def visit_Constant(self, one: ast.Constant) -> ast.AST:
            return ast.parse(put[id(one)], mode="eval").body if id(one) in put else one

    done = Put().visit(changed)
    assert isinstance(done, ast.FunctionDef)  # noqa: S101 -- for the type checker
    return done


# -- digits cut off on the way ----------------------------------------------------------------


class _Uncut(ast.NodeTransformer):
    """Take away what cuts digits off, and keep how it was written."""

    def __init__(self) -> None:
        self.cut: list[str] = []
        self.whole = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        method = isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name)
        name = ast.unparse(node.func).rpartition(".")[2]
        kept = [word for word in node.keywords if ast.unparse(word) not in _AS_INT]
        if len(kept) < len(node.keywords):
            self.cut.append("dtype=int")
            self.whole = True
            node.keywords = kept
        if name not in _CUTTING:
            return node
        self.cut.append(f"{name}(…)" if not method else f".{name}(…)")
        self.whole |= len(node.args) < 2
        if name == "astype" or method:
            assert isinstance(node.func, ast.Attribute)  # noqa: S101 -- for the type checker
            return node.func.value
        return node.args[0] if node.args else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.FloorDiv):
            self.cut.append("//")
            self.whole = True
            node.op = ast.Div()
        return node


def cut_on_the_way(trial: Trial) -> Said | None:
    """Find digits that are cut off inside: without that every value is right."""
    definition = _own(trial)
    if definition is None:
        return None
    without = _Uncut()
    without.visit(definition)
    if not without.cut or not _mends(trial, definition):
        return None
    how = " and ".join(dict.fromkeys(without.cut))
    return (
        "whole-numbers" if without.whole else "rounded",
        f"Your formula is right, but {how} cuts off digits on the way.",
        "Leave it out: whatever is worked out from a rounded number inherits its error.",
    )


def whole_number_arrays(trial: Trial) -> Said | None:
    """Hand a right function arrays of whole numbers, as counts are, and see whether it cuts them.

    An array made like another (zeros_like, empty_like, an in-place -=) keeps its kind of numbers.
    """
    for c in () if loops(trial) else trial.calls:
        arrays = [i for i, a in enumerate(c.arguments) if isinstance(a, np.ndarray)
                  and a.dtype.kind == "f" and bool(np.all(np.abs(a) >= 1))]  # fmt: skip
        if not arrays:
            continue
        floats = tuple(np.rint(a) if i in arrays else a for i, a in enumerate(c.arguments))
        whole = tuple(a.astype(int) if i in arrays else a for i, a in enumerate(floats))
        if not agrees(call(trial.exercise.reference, whole).value,
                      call(trial.exercise.reference, floats).value):  # fmt: skip
            continue
        mine, cut = call(trial.function, floats), call(trial.function, whole)
        wanted = mine.numbers
        if wanted is None or not np.isfinite(wanted).all() or agrees(cut.value, wanted):
            continue
        if cut.error is not None and "same_kind" not in str(cut.error):
            continue
        return (
            "whole-numbers",
            "Right for these inputs, but not for an array of whole numbers.",
            "Counts come as whole numbers, and np.zeros_like, np.empty_like or -= keep the kind "
            "of numbers of their array: decimals are cut off. Work on the whole array at once, or "
            "begin with np.zeros(len(…)).",
        )
    return None
