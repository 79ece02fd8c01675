"""An answer as text: an expression or a function body that can be run, shown and changed."""

from __future__ import annotations

import ast
import functools
import linecache
import textwrap
import warnings
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def is_expression(text: str) -> bool:
    """Tell whether `text` is one expression, and not the body of a function."""
    try:
        ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return False
    return True


@functools.lru_cache(maxsize=8192)
def as_source(name: str, arguments: str, text: str, uses: str = "") -> str:
    """Write an answer as the source of a function, after the lines that it uses.

    Parameters
    ----------
    name : str
        Name of the function.
    arguments : str
        What stands between its brackets: "dpm, specific_activity_Ci_per_mmol".
    text : str
        An expression ("dpm / 2.22") or a function body of one or more lines with its `return`.
    uses : str
        Lines to run before: imports and helper functions.
    """
    body = f"return {text.strip()}" if is_expression(text) else textwrap.dedent(text).strip("\n")
    before = textwrap.dedent(uses).strip("\n")
    head = f"{before}\n\n\n" if before else ""
    return f"{head}def {name}({arguments}):\n{textwrap.indent(body, '    ')}\n"


@functools.lru_cache(maxsize=4096)
def as_function(name: str, source: str) -> Callable[..., Any]:
    """Run `source`, in which np and math are known, and return the function `name` from it."""
    import math

    import numpy as np

    filename = f"<answer {name} {zlib.crc32(source.encode()):08x}>"
    names: dict[str, Any] = {"np": np, "math": math, "__name__": "snrilab_answer"}
    with warnings.catch_warnings():  # of changed answers too, which nobody wrote
        warnings.simplefilter("ignore", SyntaxWarning)
        code = compile(source, filename, "exec", dont_inherit=True)
    exec(code, names)  # noqa: S102 -- text of the course's own files
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = names[name]
    return function
