"""Looks for arguments that are not used as they were handed over: overwritten, or written in."""

from __future__ import annotations

import ast
import copy
import itertools
from typing import TYPE_CHECKING

import numpy as np

from snrilab.exercises import as_numbers
from snrilab.feedback._budget import has_turns
from snrilab.feedback._call import definition_of, source_of
from snrilab.feedback._mending import MOST_USES, is_mended, own
from snrilab.feedback._moves import used_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


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


def by_a_loop(trial: Trial) -> Said | None:
    """Find a loop that counts with the name of an argument, or with one that holds a value."""
    turns = has_turns(source_of(trial.function))
    definition = definition_of(trial.function) if turns else None
    names = {a.arg for a in definition.args.args} if definition is not None else set()
    kept = set(names)
    for step in definition.body if definition is not None else ():
        match step:
            case ast.Assign([ast.Name(name)], value) if not isinstance(value, ast.Constant):
                kept.add(name)
            case ast.For(ast.Name(name), of) if name in kept:
                given = " that was handed over" if name in names else ""
                return (
                    "argument-overwritten",
                    f"The loop gives {name} a value of its own.",
                    f"`for {name} in {ast.unparse(of)}` puts each value in turn into {name}, and "
                    f"the {name}{given} is lost: give the loop a name of its own.",
                )
    return None


def _still_needed(trial: Trial, names: set[str]) -> Said | None:
    """Give later lines the value handed over, and see whether that makes every value right."""
    definition = own(trial)
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
    if not uses or len(uses) > MOST_USES:
        return None
    kept = [ast.parse(f"{name}__given = {name} * 1").body[0] for name in first]
    definition.body = [*kept, *definition.body]
    for count in range(1, len(uses) + 1):
        for some in itertools.combinations(uses, count):
            before = [one.id for one in some]
            for one in some:
                one.id += "__given"
            mended = is_mended(trial, definition)
            for one, name in zip(some, before, strict=True):
                one.id = name
            if mended and count == len(uses) and len(first) == 1:
                line = ast.unparse(first[before[0]])
                return (
                    "argument-overwritten",
                    f"{before[0]} is right as it is handed over.",
                    f"Without the line `{line}` every value is right: what is it for?",
                )
            if mended:
                return (
                    "argument-overwritten",
                    f"{before[0]} is no longer what was handed over.",
                    f"`{ast.unparse(first[before[0]])}` gives {before[0]} a new value, and a later "
                    "line needs the old one: give the new value a name of its own.",
                )
    return None


def written_in(trial: Trial) -> Said | None:
    """Find numbers of the example that stand where arguments belong."""
    definition = own(trial)
    if definition is None:
        return None
    given = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    unused = [name for name in given if name not in used_arguments(trial)]
    numbers = [n for n in ast.walk(definition) if isinstance(n, ast.Constant)
               and type(n.value) in (int, float) and n.value]  # fmt: skip
    if len(given) != len(trial.exercise.argument_names) or not 0 < len(unused) <= _MOST_UNUSED:
        return None
    for some in itertools.permutations(numbers[:MOST_USES], len(unused)):
        if is_mended(trial, _with(definition, dict(zip(map(id, some), unused, strict=True)))):
            values = " and ".join(str(n.value) for n in some)
            return _said_written_in(values, " and ".join(unused), unused)
    if len(unused) > 1:
        return None
    for value in dict.fromkeys(n.value for n in numbers):
        alike = {id(n): unused[0] for n in numbers if n.value == value}
        if len(alike) > 1 and is_mended(trial, _with(definition, alike)):
            return _said_written_in(str(value), unused[0], unused)
    for number, share in _scaled(trial, numbers, given.index(unused[0])):
        if is_mended(trial, _with(definition, {id(number): f"{share!r} * {unused[0]}"})):
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
