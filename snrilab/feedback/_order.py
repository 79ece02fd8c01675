"""Looks for slips in what a line reaches: what is never run, where a call ends, a name for another.

As in `_lines`, a cause is named only where the lines leave no doubt.
"""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

from snrilab.feedback._call import source_of
from snrilab.feedback._in_the_answer import asks_for_the_form, stands_in_an_answer
from snrilab.feedback._mending import is_mended, is_right, own, rebuilt
from snrilab.feedback._pieces import empty_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


def behind_a_return(trial: Trial) -> Said | None:
    """Find lines behind a return that would make every value right if they were reached."""
    lines = source_of(trial.function).rstrip().split("\n")
    if lines[-1].lstrip().startswith("return") and "return" not in "".join(lines[:-1]):
        return None  # the one return is the last line
    definition = own(trial)
    body = definition.body if definition is not None else []
    place = next((i for i, step in enumerate(body[:-1]) if isinstance(step, ast.Return)), -1)
    if definition is None or place < 0:
        return None
    early, next_one = body[place], body[place + 1]
    assert isinstance(early, ast.Return)  # noqa: S101 -- for the type checker
    if early.value is not None and isinstance(next_one, ast.Expr):
        value = next_one.value
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub | ast.UAdd):
            joined = f"{ast.unparse(early)} {_in_front(value)}"
        elif isinstance(value, ast.BinOp):
            joined = f"{ast.unparse(early)} {ast.unparse(value)}"
        else:
            joined = ""
        if joined and _is_right_with(trial, definition, body[:place], joined):
            return (
                "line-broken",
                "The formula goes on in a line that Python reads by itself.",
                f"`{ast.unparse(early)}` is the end of the function: put brackets round the whole "
                "formula, ( before its first line and ) behind its last.",
            )
    definition.body = [*body[:place], *body[place + 1 :]]
    if not is_mended(trial, definition):
        return None
    return (
        "behind-a-return",
        "A function ends at its first return.",
        f"Python leaves at `{ast.unparse(early)}` and never reaches the lines below it: without "
        "that line every value is right.",
    )


def _in_front(value: ast.UnaryOp) -> str:
    sign = "-" if isinstance(value.op, ast.USub) else "+"
    return f"{sign} {ast.unparse(value.operand)}"


def _is_right_with(
    trial: Trial, definition: ast.FunctionDef, before: list[ast.stmt], last: str
) -> bool:
    try:
        definition.body = [*before, *ast.parse(last.replace("return", "value__ =", 1)).body]
    except SyntaxError:
        return False
    definition.body.append(ast.Return(ast.Name("value__", ast.Load())))
    return is_mended(trial, definition)


def call_ends(trial: Trial) -> Said | None:
    """Find a call whose bracket closes too early or too late: np.log(1) - x for np.log(1 - x)."""
    definition = own(trial)
    if definition is None:
        return None
    source = ast.unparse(definition)
    for moved, inner in itertools.islice(_other_ends(source), _MOST_ENDS):
        made = rebuilt(moved, trial.function)
        if made is not None and is_right(trial, made):
            return (
                "brackets-moved",
                "The bracket of a function closes in the wrong place.",
                f"`{inner}` belongs together.",
            )
    return None


_MOST_ENDS = 60


def _other_ends(source: str) -> Iterator[tuple[str, str]]:
    """Yield the source with the closing bracket of one call elsewhere, and that call."""
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
            continue
        row, begin, end = node.lineno - 1, node.col_offset, node.end_col_offset or 0
        line = lines[row]
        if node.end_lineno != node.lineno or not line.isascii():
            continue
        opened = node.func.end_col_offset or 0
        for at in (m.end() for m in re.finditer(r"[\w.)\]]+", line)):
            if at <= opened + 1 or at == end - 1:
                continue
            if at < end:
                changed = f"{line[:at]}){line[at : end - 1]}{line[end:]}"
                inner = line[begin:at] + ")"
            elif at > end:
                changed = f"{line[: end - 1]}{line[end:at]}){line[at:]}"
                inner = f"{line[begin : end - 1]}{line[end:at]})"
            else:
                continue
            if inner.count("(") == inner.count(")"):
                yield "\n".join([*lines[:row], changed, *lines[row + 1 :]]), inner


def other_name(trial: Trial) -> Said | None:
    """Find one name that stands where another, or 1, makes every value right."""
    definition = own(trial)
    if definition is None:
        return None
    source = ast.unparse(definition)
    before = empty_parts(source)
    given = [a.arg for a in definition.args.args]
    stored = [n for n in ast.walk(definition) if isinstance(n, ast.Name)
              and isinstance(n.ctx, ast.Store)]  # fmt: skip
    made = list(dict.fromkeys(n.id for n in stored))
    if not made or len(made) + len(given) > _MOST_NAMES:
        return None
    for above in ast.walk(definition):
        if asks_for_the_form(above):
            continue
        for field, index, node in _names(above):
            others: list[ast.expr] = [ast.Name(one, ast.Load()) for one in (*given, *made)
                                      if one != node.id]  # fmt: skip
            for other in (*others, ast.Constant(1)):
                _put(above, field, index, other)
                changed = ast.unparse(ast.fix_missing_locations(definition))
                if (
                    is_mended(trial, definition)
                    and not empty_parts(changed) - before
                    and not stands_in_an_answer(trial.exercise, source, changed)
                ):
                    _put(above, field, index, node)
                    around = ast.unparse(above)
                    return (
                        "wrong-name",
                        "One name stands where another value belongs.",
                        f"In `{around}` stands {node.id} where {ast.unparse(other)} belongs: then "
                        "every value is right.",
                    )
            _put(above, field, index, node)
    return None


_MOST_NAMES = 9


def _names(above: ast.AST) -> Iterator[tuple[str, int, ast.Name]]:
    """Yield the names that stand directly in a part of a formula, and where."""
    if not isinstance(above, ast.BinOp | ast.UnaryOp | ast.Call | ast.Return):
        return
    for field, value in ast.iter_fields(above):
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and field != "func":
                yield field, index, one


def _put(above: ast.AST, field: str, index: int, node: ast.expr) -> None:
    value = getattr(above, field)
    if isinstance(value, list):
        value[index] = node
    else:
        setattr(above, field, node)
