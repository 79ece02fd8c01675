"""Looks for slips in questions: comparisons, branches and how they are joined.

As in `_lines`, a cause is named only where the lines leave no doubt.
"""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.feedback._call import call, definition_of
from snrilab.feedback._mending import MOST_USES, is_mended, own, rebuilt

if TYPE_CHECKING:
    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


def if_for_elif(trial: Trial) -> Said | None:
    """Find an if whose else also acts where the if above it was true: elif makes all right."""
    definition = own(trial)
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
            if is_mended(trial, definition):
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


def comparisons_turned(trial: Trial) -> Said | None:
    """Find several comparisons that all run the other way round."""
    definition = own(trial)
    nodes = _unequal(definition)
    if definition is None or not 1 < len(nodes) <= MOST_USES:
        return None
    written = list(dict.fromkeys(map(ast.unparse, nodes)))
    for node in nodes:
        node.ops = [_TURNED[type(node.ops[0])]()]
    if not is_mended(trial, definition):
        return None
    return (
        "comparison-turned",
        "The comparisons run the other way round.",
        f"Turn the signs of {' and of '.join(written)}: then every answer here is right.",
    )


def other_border(trial: Trial) -> Said | None:
    """Find a number that values are compared with, where another makes every value right."""
    definition = own(trial)
    asked = [n for n in ast.walk(definition or ast.Pass())
             if isinstance(n, ast.Compare) and len(n.comparators) == 1
             and isinstance(n.comparators[0], ast.Constant)
             and type(n.comparators[0].value) in (int, float)]  # fmt: skip
    written = [ast.unparse(n.comparators[0]) for n in asked]
    for mine in dict.fromkeys(written):
        for right in (0, 1):
            kept = [n.comparators for n in asked]
            for node, number in zip(asked, written, strict=True):
                if number == mine:
                    node.comparators = [ast.Constant(right)]
            assert definition is not None  # noqa: S101 -- for the type checker
            if float(mine) != right and is_mended(trial, definition):
                return (
                    "constant-wrong",
                    f"You compare with {mine}, and every value is right with {right}.",
                    "Where does that border come from? (Where a ratio is 1, its logarithm is 0, "
                    "and so is a difference.)",
                )
            for node, before in zip(asked, kept, strict=True):
                node.comparators = before
    return None


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
}  # fmt: skip


def _unequal(definition: ast.FunctionDef | None) -> list[ast.Compare]:
    """Return the comparisons of two values by <, <=, > or >=."""
    return [n for n in ast.walk(definition or ast.Pass())
            if isinstance(n, ast.Compare) and len(n.ops) == 1
            and type(n.ops[0]) in _TURNED]  # fmt: skip


def edge_counted(trial: Trial) -> Said | None:
    """Find comparisons that decide the other way where both sides are equal."""
    definition = own(trial)
    nodes = _unequal(definition)
    if definition is None or not 0 < len(nodes) <= MOST_USES:
        return None
    for some in (*itertools.combinations(nodes, 1), *itertools.combinations(nodes, 2)):
        written = [ast.unparse(node) for node in some]
        _move_edges(some)
        if is_mended(trial, definition):
            return (
                "edge-counted",
                "It goes wrong where both sides of a comparison are equal.",
                f"Look at {' and at '.join(f'`{one}`' for one in written)}: what should come out "
                "where both sides are the same number?",
            )
        _move_edges(some)
    return None


def _move_edges(nodes: tuple[ast.Compare, ...]) -> None:
    for node in nodes:
        node.ops = [_AT_THE_EDGE[type(node.ops[0])]()]


_AT_THE_EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip


def guarded(trial: Trial) -> Said | None:
    """Find a question that keeps a right value back: without it every value is right."""
    definition = own(trial)
    if definition is None or all(trial.has_array(place) for place in trial.wrong):
        return None  # right for single numbers: then the question asks something sensible
    kept = list(definition.body)
    for place, step in enumerate(kept):
        if not isinstance(step, ast.If):
            continue
        definition.body = [*kept[:place], *step.orelse, *kept[place + 1 :]]
        if definition.body and is_mended(trial, definition):
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
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Compare) or len(node.ops) != _CHAIN:
            continue
        written = ast.unparse(node)
        one = ast.Compare(node.left, node.ops[:1], node.comparators[:1])
        other = ast.Compare(node.comparators[1], node.ops[2:], node.comparators[2:])
        node.left, node.ops, node.comparators = one, node.ops[1:2], [other]
        assert definition is not None  # noqa: S101 -- for the type checker
        right = is_mended(trial, definition)
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
    definition = own(trial)
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
    definition = own(trial)
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
    if definition is None or not found or not is_mended(trial, definition):
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
