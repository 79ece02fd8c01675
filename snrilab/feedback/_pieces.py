"""What a formula is made of, and how far two of them are apart."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from typing import TYPE_CHECKING

from snrilab.feedback._call import definition_of

if TYPE_CHECKING:
    from snrilab.exercises import Exercise
    from snrilab.feedback._trial import Trial


def shape_of(definition: ast.stmt) -> str:
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


def formula_of(definition: ast.FunctionDef | None, exercise: Exercise) -> str:
    """Return what a learner's function does, with the argument names of the exercise."""
    if definition is None:
        return ""
    names = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    renamed = dict(zip(names, exercise.argument_names, strict=False))
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id in renamed:
            node.id = renamed[node.id]
    return "\n".join(ast.unparse(step) for step in definition.body)


def pieces_of(definition: ast.FunctionDef | None, exercise: Exercise) -> Counter[str] | None:
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


def pieces_apart(mine: Counter[str], source: str, exercise: Exercise) -> int:
    """Count the pieces that the learner's formula and a wrong one do not share."""
    definition = ast.parse(source).body[-1]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 -- for the type checker
    theirs = pieces_of(definition, exercise) or Counter()
    return sum(((mine - theirs) + (theirs - mine)).values())


def shares_what_is_wrong(trial: Trial, text: str) -> bool:
    """Tell whether the lines have a part that a wrong answer has and the right one has not."""
    exercise = trial.exercise
    written = formula_of(definition_of(trial.function), exercise)
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
    mine = pieces_of(definition, exercise)
    if mine is None or "\n" in text or "try" in text:
        return 0
    return pieces_apart(mine, exercise.code(text, alone=True), exercise)


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
