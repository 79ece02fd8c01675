"""What an answer may need that only its author's machine has: a package, a file, a keyboard.

Runs in the forked grader. At the level of a cell such a line stops the cell, and that is told. In
a function it stops each call, after hidden tests have spoken: then no word of the student's code
may be kept. So whoever has such a line is called once before, with what visible tests hand over.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import importlib.util
import sys
from typing import TYPE_CHECKING

from snrilab.grading import limits
from snrilab.grading.names import flow, names, parsed, python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Kinds of errors that a place makes and not a calculation; by name, as they arrive.
KINDS = {"ImportError", "OSError", "EOFError", "StdinNotImplementedError", "NameError"}
NOT = {"UnboundLocalError"}
_CALLS = {
    "input", "open", "chdir", "listdir", "scandir", "urlopen", "urlretrieve", "getenv", "environ",
    "read_text", "read_bytes", "load", "loadtxt", "genfromtxt", "fromfile", "imread", "getpass",
    "expanduser",
}  # fmt: skip

# Of what changes files or starts programs a second call is another one: whoever may do so is called
# no more often than tests do. An answer left out here loses an explanation, and no point.
_CHANGES = {
    "Popen", "check_call", "check_output", "connect", "dump", "eval", "exec", "get_ipython", "link",
    "makedirs", "mkdir", "popen", "remove", "removedirs", "rename", "renames", "rmdir", "rmtree",
    "run", "symlink", "system", "touch", "truncate", "unlink",
}  # fmt: skip
_CHANGES_AS = ("save", "to_", "write")
_CHANGES_FILES = {"os", "shutil", "pathlib"}  # where `move`, `copy`, `replace` are of files
_OF_FILES = {"copy", "copy2", "copyfile", "copytree", "move", "replace"}
_WRITES = set("wax+")


def is_elsewhere(kinds: Sequence[str], message: str) -> bool:
    """Whether an error says that something is not there, rather than that something is wrong.

    Parameters
    ----------
    kinds : sequence of str
        Name of the error's class and of those it is made from.
    message : str
        What it says.

    Examples
    --------
    >>> is_elsewhere(["FileNotFoundError", "OSError", "Exception"], "no file")
    True
    >>> is_elsewhere(["AttributeError", "Exception"], "module 'numpy' has no attribute 'trapz'")
    True
    >>> is_elsewhere(["AttributeError", "Exception"], "'list' object has no attribute 'size'")
    False
    """
    if not NOT.isdisjoint(kinds):
        return False
    of_module = kinds[:1] == ["AttributeError"] and message.startswith("module ")
    return of_module or not KINDS.isdisjoint(kinds)


def cause(kinds: Sequence[str], message: str) -> str:
    """Say such an error in one line, as at the level of a cell.

    Examples
    --------
    >>> cause(["ModuleNotFoundError", "ImportError"], "No module named 'google'")
    "No module named 'google'"
    """
    return limits.cause([{"output_type": "error", "ename": str(kinds[0])[:60], "evalue": message}])


def may_be_elsewhere(sources: Iterable[str], given: Iterable[str]) -> bool:
    r"""Whether functions of these cells have a line that may work on another machine alone.

    Parameters
    ----------
    sources : iterable of str
        The student's code.
    given : iterable of str
        The teacher's code.

    Examples
    --------
    >>> may_be_elsewhere(["def f():\n    import google.colab"], [])
    True
    >>> may_be_elsewhere(["import numpy as np\ndef f(x):\n    return np.mean(x)"], [])
    False
    >>> may_be_elsewhere(["def f(x):\n    return x * slope"], ["slope = 2"])
    False
    >>> may_be_elsewhere(["def f():\n    return open('a.csv').read()"], [])
    True
    >>> may_be_elsewhere(["def f():\n    open('a.csv', 'x').close()"], [])
    False
    """
    own = list(sources)
    everything = [*own, *given]
    bound = {name for source in everything for name in names(source).binds}
    alias = dict(pair for source in everything for pair in aliases(source))
    inside = [node for source in own for tree in _functions(source) for node in ast.walk(tree)]
    opened = {id(node.func) for node in inside if isinstance(node, ast.Call)}
    if any(_changes_files(node, alias, opened) for node in inside):
        return False
    for source in own:
        if any(not hasattr(builtins, n) for n in flow(source).lingering - bound):
            return True
    return any(_is_odd(node, alias) for node in inside)


def _parsed(source: str) -> ast.Module:
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return parsed(python(source))
    return ast.Module([], [])


def _functions(source: str) -> Iterator[ast.AST]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    return (node for node in ast.walk(_parsed(source)) if isinstance(node, kinds))


def _changes_files(node: ast.AST, alias: dict[str, str], called: set[int]) -> bool:
    """Whether something may change files or start programs, so that a second call is another."""
    if isinstance(node, ast.Call) and _name_of(node.func) == "open":
        # The first of `open` is a name, that of a path's own `open` is a mode.
        own = isinstance(node.func, ast.Attribute) and _name_of(node.func.value) not in alias
        modes = [*node.args[0 if own else 1 : 2], *(k.value for k in node.keywords)]
        return not all(
            isinstance(one, ast.Constant) and _WRITES.isdisjoint(str(one.value)) for one in modes
        )
    if isinstance(node, ast.Call) and _name_of(node.func) == "replace" and len(node.args) < 2:
        return True  # of a path; that of a text takes two
    name = _name_of(node)
    if name == "open":
        return id(node) not in called  # under another name
    if name in _OF_FILES:
        of = alias.get(_name_of(node.value), "") if isinstance(node, ast.Attribute) else "os"
        return of in _CHANGES_FILES
    return name in _CHANGES or name.startswith(_CHANGES_AS)


def _name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@functools.lru_cache(maxsize=1000)
def aliases(source: str) -> list[tuple[str, str]]:
    """Return the names that a cell gives to modules, each with the module's own name."""
    return [
        (one.asname or one.name, one.name)
        for node in ast.walk(_parsed(source))
        if isinstance(node, ast.Import)
        for one in node.names
        if one.asname or "." not in one.name
    ]


def _is_odd(node: ast.AST, alias: dict[str, str]) -> bool:
    if isinstance(node, ast.Import):
        return not all(_is_here(one.name) for one in node.names)
    if isinstance(node, ast.ImportFrom):
        own = (node.module or "").partition(".")[0] == "snrilab"  # known where it runs
        module = None if own else sys.modules.get(node.module or "")
        return module is None or not all(hasattr(module, one.name) for one in node.names)
    if isinstance(node, ast.Name):
        return node.id in _CALLS
    if isinstance(node, ast.Attribute):
        if node.attr in _CALLS or node.attr.startswith("read_"):
            return True
        known = alias.get(node.value.id, "") if isinstance(node.value, ast.Name) else ""
        return known in sys.modules and not hasattr(sys.modules[known], node.attr)
    return False


def _is_here(name: str) -> bool:
    if name.partition(".")[0] == "snrilab":
        return False  # as above
    if "." in name:
        return name in sys.modules
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        return importlib.util.find_spec(name) is not None
    return False
