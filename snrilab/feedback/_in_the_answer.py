"""What stands in a right answer, too: of that no check says that it is wrong."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from typing import TYPE_CHECKING

from snrilab.feedback._pieces import shape_of

if TYPE_CHECKING:
    from snrilab.exercises import Exercise, Mistake

_CONSTANTS = frozenset({"constant-wrong", "constant-lost", "forgot-one"})


def stands_in_an_answer(exercise: Exercise, source: str, mended: str) -> bool:
    """Tell whether a right answer has what a change would mend, as often as the learner has it."""
    tree = ast.parse(source)
    around = around_the_change(tree, ast.parse(mended))
    if not isinstance(around, ast.expr):
        return False
    names = _names(exercise, tree)
    part = _plain(around, names)
    often = _parts(tree, names)[part]
    return any(one[part] >= often for one in _answers(exercise))


def around_the_change(one: ast.AST, other: ast.AST) -> ast.AST | None:
    """Return the innermost part or line of a tree that holds all by which another differs."""
    parts = list(zip(ast.iter_child_nodes(one), ast.iter_child_nodes(other), strict=False))
    apart = [(a, b) for a, b in parts if ast.dump(a) != ast.dump(b)]
    if len(apart) == 1 and type(one) is type(other):
        below = around_the_change(*apart[0])
        if below is not None:
            return below
    alone = isinstance(one, ast.Name | ast.Constant) or not isinstance(one, ast.expr | ast.stmt)
    return None if alone else one


_OF_THE_FORM = frozenset({"np.ndim", "np.shape", "np.size", "len", "isinstance"})


def asks_for_the_form(node: ast.AST | None) -> bool:
    """Tell whether a part asks what form a value has: with another value it chooses by chance."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in _OF_THE_FORM


def more_in_a_sum(mistake: Mistake, source: str) -> float | None:
    """Return by how much a number changed or left out makes a sum larger; None in no sum."""
    around = around_the_change(ast.parse(source), ast.parse(mistake.source))
    if mistake.code not in _CONSTANTS or not isinstance(around, ast.BinOp):
        return None
    before, _, after = mistake.change.partition(" -> ")
    number = next((n for n in (around.left, around.right) if _is_number(n, mistake.code, before)),
                  None)  # fmt: skip
    if number is None or not isinstance(around.op, ast.Add | ast.Sub):
        return None
    more = -float(ast.unparse(number))
    if mistake.code == "constant-wrong":
        more += float(after)
    return -more if isinstance(around.op, ast.Sub) and number is around.right else more


def _is_number(node: ast.expr, code: str, before: str) -> bool:
    """Tell whether a node is the number that a change is about."""
    number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return number and (code != "constant-wrong" or ast.unparse(node) == before)


def lines_beside(tree: ast.Module, line: int) -> list[ast.Assign]:
    """Return the lines with a value of their own, which neither use that line nor are used by it.

    Two values that are divided in the end: what one has too much, the other may have too little.
    """
    definition = tree.body[-1]
    steps = definition.body if isinstance(definition, ast.FunctionDef) else []
    rests: dict[int, set[int]] = {}  # each line, and the lines that it rests on
    made: dict[str, int] = {}
    named: list[ast.Assign] = []
    for step in steps:
        match step:
            case ast.Assign([ast.Name(name)], value):
                used = {made[n.id] for n in ast.walk(value)
                        if isinstance(n, ast.Name) and n.id in made}  # fmt: skip
                rests[step.lineno] = used.union(*(rests[one] for one in used))
                made[name] = step.lineno
                named.append(step)
    if line not in rests:
        return []
    return [one for one in named
            if line not in rests[one.lineno] | {one.lineno}
            and one.lineno not in rests[line]]  # fmt: skip


@functools.lru_cache(maxsize=64)
def _parts_of(source: str) -> Counter[str]:
    return _parts(ast.parse(source), {})


@functools.lru_cache(maxsize=64)
def _shape(source: str) -> str:
    return shape_of(ast.parse(source).body[-1])


def _sources(exercise: Exercise) -> list[str]:
    """Return each right answer."""
    texts = (exercise.answer, *exercise.also_right)
    return [exercise.code(text, alone=True) for text in texts]


def _answers(exercise: Exercise) -> list[Counter[str]]:
    """Return the parts of each right answer."""
    return [_parts_of(source) for source in _sources(exercise)]


def is_an_answer(exercise: Exercise, source: str) -> bool:
    """Tell whether lines are a right answer but for names of steps and the order of terms."""
    return _shape(source) in map(_shape, _sources(exercise))


def _names(exercise: Exercise, tree: ast.Module) -> dict[str, str]:
    """Return the learner's names of arguments, and those of the exercise."""
    definition = tree.body[-1]
    mine = definition.args.args if isinstance(definition, ast.FunctionDef) else []
    return dict(zip((one.arg for one in mine), exercise.argument_names, strict=False))


def _parts(tree: ast.AST, names: dict[str, str]) -> Counter[str]:
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.expr))
    return Counter(_plain(node, names) for node in nodes)


def _plain(node: ast.expr, names: dict[str, str]) -> str:
    """Write a part with the names of the exercise; drug["fe"] is fe."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, one: ast.Name) -> ast.AST:
            return ast.Name(names.get(one.id, one.id), ast.Load())

        def visit_Subscript(self, one: ast.Subscript) -> ast.AST:
            match one:
                case ast.Subscript(ast.Name(), ast.Constant(str() as key)):
                    return ast.Name(key, ast.Load())
            return self.generic_visit(one)

    return ast.unparse(Put().visit(ast.parse(ast.unparse(node), mode="eval").body))
