"""Call a learner's function once and record everything that happened; write values for reading."""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import inspect
import io
import linecache
import os
import sys
import textwrap
import traceback
import warnings
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import agrees, as_numbers
from snrilab.feedback._budget import Spent, spend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

_SHOWN = 70  # characters of a value in a message
_ELEMENTS = 6  # of an array in a message


@dataclass(frozen=True)
class Call:
    """What one call did: the value, or the error; what it printed; which inputs it changed."""

    arguments: tuple[Any, ...]
    value: Any = None
    error: BaseException | None = None
    line: str = ""
    printed: str = ""
    changed: tuple[int, ...] = ()

    @functools.cached_property
    def numbers(self) -> NDArray[np.float64] | None:
        """The value as floats, or None."""
        return None if self.error else as_numbers(self.value)


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Call:
    """Call `function` on copies of `arguments`; keep the error instead of raising it."""
    spend()
    given = tuple(
        one if type(one) in _PLAIN else one.copy() if _is_of_numbers(one) else copy.deepcopy(one)
        for one in arguments
    )
    printed = io.StringIO()
    value: Any = None
    error: BaseException | None = None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with contextlib.redirect_stdout(printed):
                value = function(*given)
        except (KeyboardInterrupt, Spent):  # an endless loop has to stop
            raise
        except BaseException as caught:  # noqa: BLE001 -- the learner reads it
            error = caught
    return Call(
        arguments=arguments,
        value=value,
        error=error,
        line=_line_of(error, function) if error else "",
        printed=printed.getvalue(),
        changed=tuple(
            i
            for i, (before, after) in enumerate(zip(arguments, given, strict=True))
            if before is not after and not _same(before, after)
        ),
    )


_PLAIN = frozenset({int, float, bool, str, type(None)})  # nobody changes these


def _is_of_numbers(value: Any) -> bool:
    return type(value) is np.ndarray and value.dtype.kind in "biuf"


def _same(before: Any, after: Any) -> bool:
    """Tell whether an input is what it was: a missing number (nan) is the same as itself."""
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and list(before) == list(after)
            and all(_same(before[key], after[key]) for key in before)
        )
    if isinstance(before, list | tuple):
        return (
            type(before) is type(after)
            and len(before) == len(after)
            and all(map(_same, before, after))
        )
    try:
        one, other = np.asarray(before), np.asarray(after)
        if one.dtype.kind in "biuf" and np.array_equal(one, other):
            return True
        alike = (one == other) | ((one != one) & (other != other))
        return one.shape == other.shape and bool(np.all(alike))
    except Exception:  # noqa: BLE001 -- what cannot be compared is not called changed
        return True


@contextlib.contextmanager
def without_noise() -> Iterator[None]:
    """Keep what libraries in other languages write past Python (LAPACK does) off the page."""
    try:
        sys.stdout.flush()
        kept = [os.dup(stream) for stream in (1, 2)]
    except (OSError, ValueError, AttributeError):  # no such streams: the browser edition
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        yield
    finally:
        for stream, old in zip((1, 2), kept, strict=True):
            os.dup2(old, stream)
            os.close(old)
        os.close(nowhere)


def _line_of(error: BaseException, function: Callable[..., Any]) -> str:
    """Return the learner's own line that failed, not the one deep inside a library."""
    code = getattr(function, "__code__", None)
    home = getattr(code, "co_filename", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == home]
    if not frames or home is None or frames[-1].lineno is None:
        return ""
    return linecache.getline(home, frames[-1].lineno).strip()


def source_of(function: Any) -> str:
    """Return the source of a learner's function, or nothing when it is not at hand."""
    # Each look reads it anew. A cell that runs again makes another function.
    if isinstance(function, FunctionType):
        return _source(function)
    return _source.__wrapped__(function)


@functools.lru_cache(maxsize=8)
def _source(function: Any) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function))
    except Exception:  # noqa: BLE001 -- a learner's object may do anything when it is looked at
        return ""


class _WithoutNothing(ast.NodeTransformer):
    """Take `+ 0 * x` out of formulas: it only gives the result the shape of x."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub) and _is_nothing(node.right):
            return node.left
        if isinstance(node.op, ast.Add) and _is_nothing(node.left):
            return node.right
        return node


@functools.lru_cache(maxsize=64)  # each look reads the same source anew
def _without_nothing(source: str) -> str:
    """Return a source without what adds nothing, as it is where there is no such thing."""
    if "*" not in source or not ("0" in source or "False" in source):
        return source
    tree = ast.parse(source)
    before = ast.dump(tree)
    tree = ast.fix_missing_locations(_WithoutNothing().visit(tree))
    return source if ast.dump(tree) == before else ast.unparse(tree)


def _is_nothing(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            return any(isinstance(one, ast.Constant) and one.value == 0 for one in (left, right))
    return False


def definition_of(function: Any) -> ast.FunctionDef | None:
    """Return the parsed `def` of a learner's function, or None."""
    try:
        tree = ast.parse(_without_nothing(source_of(function)))
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = tree.body[0] if tree.body else None
    if isinstance(found, ast.FunctionDef):
        return found
    anonymous = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    if len(anonymous) != 1 or getattr(function, "__name__", "") != "<lambda>":
        return None
    (one,) = anonymous
    made = ast.FunctionDef("anonymous", one.args, [ast.Return(one.body)], [])
    return ast.fix_missing_locations(ast.copy_location(made, tree.body[0]))


def shown(value: Any, digits: int = 6) -> str:
    """Write a value the way a learner would, short, whatever it is."""
    try:
        if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iuf":
            listed = value.tolist()[:_ELEMENTS]
            rest = ", …" if value.size > _ELEMENTS else ""
            few = max(4, digits) if digits != 6 else 4
            text = "[" + ", ".join(f"{element:.{few}g}" for element in listed) + rest + "]"
            return text if len(text) <= 2 * _SHOWN else text[: 2 * _SHOWN - 2] + " …"
        if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.ndim):
            value = value.item()
        if isinstance(value, float):
            return f"{value:.{digits}g}"
        numbers = float | np.generic
        if isinstance(value, list | tuple) and any(isinstance(one, numbers) for one in value):
            inner = ", ".join(shown(element, digits) for element in value[:_ELEMENTS])
            rest = ", …" if len(value) > _ELEMENTS else ""
            text = f"[{inner}{rest}]" if isinstance(value, list) else f"({inner}{rest})"
        else:
            text = " ".join(str(repr(value)).split())
    except Exception:  # noqa: BLE001 -- a learner's object may fail when it is looked at
        text = kind_name(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 2] + " …"


def kind_name(value: Any) -> str:
    """Name what kind of thing a value is: a list, an int."""
    return with_article(type(value).__name__)


def with_article(word: str) -> str:
    return f"an {word}" if word[:1] in tuple("aeioAEIO") else f"a {word}"


def shown_apart(got: Any, expected: Any) -> tuple[str, str]:
    """Write two values with as many digits as it takes to see that they differ."""
    for digits in (6, 8, 10, 12, 15, 17):
        one, other = shown(got, digits), shown(expected, digits)
        if one != other:
            break
    return one, other


def first_apart(got: Any, expected: Any, rel: float) -> tuple[str, Any, Any]:
    """Return where two lists or dictionaries of the same build first differ, and both values."""
    if isinstance(got, dict) and isinstance(expected, dict) and got.keys() == expected.keys():
        keys = list(expected)
    elif (
        isinstance(got, list | tuple)
        and isinstance(expected, list | tuple)
        and len(got) == len(expected)
        and as_numbers(expected) is None
    ):
        keys = list(range(len(expected)))
    else:
        return "", got, expected
    for key in keys:
        if not agrees(got[key], expected[key], rel=rel):
            place, one, other = first_apart(got[key], expected[key], rel)
            return f"[{key!r}]{place}", one, other
    return "", got, expected


def shown_call(name: str, arguments: tuple[Any, ...]) -> str:
    """Write a call the way a learner would type it."""
    return f"{name}({', '.join(map(shown, arguments))})"
