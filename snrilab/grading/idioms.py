"""Tests whose meaning is lost when answers are called from another process, read from their text.

A test runs outside of the student's process: values come out of it, copied. Whatever is about the
very object, its memory, its class, the process or its files cannot be seen there. Such a test is
refused by itself, in a sentence that says how to write it instead.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from snrilab.grading.names import python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from snrilab.grading.template import Template


class Idiom(NamedTuple):
    """Something that cannot be tested from outside: what it is, and what can be written instead."""

    what: str
    instead: str

    def __str__(self) -> str:
        return f"it {self.what}; {self.instead}"


VALUES = "compare values: ==, np.allclose, math.isclose"
IDENTITY = Idiom(
    "asks with `is` whether two objects are the same, and answers arrive as copies",
    "compare values with ==, or let an answer return the truth of `a is b`",
)
MEMORY = Idiom(
    "looks at the memory of an answer, and answers arrive as copies",
    "let the answer return what np.shares_memory says, and test that",
)
ATTRIBUTES = Idiom(
    "asks which attributes an answer has, and only its data arrives",
    "use the attribute, or compare values",
)
TEXT = Idiom(
    "reads the text, the code or the documentation of an answer, and only its values arrive",
    "test what the function returns",
)
FILES = Idiom(
    "looks for files that an answer may write, and these stay in the student's process",
    "let the answer return what it writes, or read the file back in an answer cell",
)
PATCHED = Idiom(
    "replaces something that an answer uses (a stream, a function, a name), which does not reach "
    "the student's process",
    "hand it over as an argument, or test what is returned",
)
CHANGED = Idiom(
    "changes an object of the answer and then looks at another one, and each arrives as a copy",
    "let the answer make the change and return both",
)
SEED = Idiom(
    "sets a seed, which does not reach the student's process",
    "hand over a generator's seed as an argument, or set the seed in a cell before the answer",
)
STATE = Idiom(
    "asks for the state of the student's process, and the test runs in another one",
    "let the answer put it into a variable, and test that",
)
REMOVED = Idiom(
    "removes or replaces a function or value of the answer, which stays as it is in the "
    "student's process",
    "count calls with an argument of the answer, or test what is returned",
)

_SINGLE = (bool, type(None), type(Ellipsis))
_LOOK = {"shares_memory", "may_share_memory", "getsizeof", "getrefcount", "id", "ref", "proxy"}
_MEMORY = {"base", "flags", "ctypes", "__array_interface__", "strides"}
_ASK = {"hasattr", "getattr", "dir", "vars", "delattr", "setattr"}
_SOURCE = {"getsource", "getsourcelines", "getdoc", "getfullargspec", "getclosurevars", "dis"}
_FILES = {
    "exists", "isfile", "isdir", "is_file", "is_dir", "listdir", "scandir", "glob", "iterdir",
    "getsize", "stat", "open", "read_text", "read_bytes", "read_csv", "read_excel", "read_json",
    "loadtxt", "genfromtxt", "load", "imread", "walk", "lexists", "rglob",
}  # fmt: skip
_READERS = {"load": {"np", "numpy", "json", "pickle"}, "open": None, "walk": {"os"}}
_STATE = {
    "gca", "gcf", "get_fignums", "fignum_exists", "getcwd", "cwd", "getenv", "get_printoptions",
    "getcontext", "getlocale", "active_count",
}  # fmt: skip
_STATES = {"modules", "environ", "path", "rcParams", "_getframe"}
_PATCH = {"patch", "monkeypatch", "MonkeyPatch", "capture_output", "assertLogs"}
_MUTATE = {
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard",
    "update", "setdefault", "popitem", "fill", "put", "resize", "appendleft", "popleft", "rotate",
}  # fmt: skip
_KNOWN_DUNDER = {"__name__", "__len__", "__class__"}


def idioms_of(template: Template) -> dict[str, Idiom]:
    """Return what cannot be tested from outside, for each test (by grade_id) that does so.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    """
    found: dict[str, Idiom] = {}
    learners = set(template.answered)
    if not learners and not any(c.is_answer for c in template.cells):
        return found
    derived: set[str] = set()
    for cell in template.cells:
        if cell.role not in {"test", "setup"} or cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(python(cell.master))
        except (SyntaxError, ValueError, RecursionError):
            continue
        look = _Look(learners, derived, set(template.files))
        idiom = next(look.found(tree), None)
        if cell.role == "test" and idiom is not None and cell.grade_id is not None:
            found[cell.grade_id] = idiom
        derived |= look.derived
    return found


class _Look:
    """Reads one test; `derived` holds the names that got something of an answer."""

    def __init__(self, learners: set[str], derived: set[str], files: Collection[str]) -> None:
        self.learners = learners
        self.derived = set(derived)
        self.files = files
        self.touched: set[str] = set()

    def found(self, tree: ast.Module) -> Iterator[Idiom]:
        for _ in range(2):  # a name may be used above its assignment: in a loop, in a function
            for node in ast.walk(tree):
                self._spread(node)
        self.touched = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} & self.learners
        for node in ast.walk(tree):
            yield from self._whatever(node)

    def _spread(self, node: ast.AST) -> None:
        pairs: list[tuple[ast.AST, ast.AST]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.For | ast.comprehension):
            pairs = [(node.target, node.iter)]
        elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            pairs = [(node.optional_vars, node.context_expr)]
        for target, value in pairs:
            if self.theirs(value):
                self.derived |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}

    def theirs(self, node: ast.AST) -> bool:
        """Whether something of an answer's is in an expression."""
        own = self.learners | self.derived
        return any(isinstance(n, ast.Name) and n.id in own for n in ast.walk(node))

    def _whatever(self, node: ast.AST) -> Iterator[Idiom]:
        if isinstance(node, ast.Compare):
            yield from self._comparison(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Delete):
            if any(isinstance(t, ast.Name) and t.id in self.learners for t in node.targets):
                yield REMOVED
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield from self._assignment(node)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in self.learners:
            yield REMOVED

    def _comparison(self, node: ast.Compare) -> Iterator[Idiom]:
        sides = [node.left, *node.comparators]
        for place, operator in enumerate(node.ops):
            pair = sides[place : place + 2]
            if not isinstance(operator, ast.Is | ast.IsNot) or not any(map(self.theirs, pair)):
                continue
            if any(isinstance(s, ast.Constant) and isinstance(s.value, _SINGLE) for s in pair):
                continue
            if not any(isinstance(s, ast.Call) and _called(s) == "type" for s in pair):
                yield IDENTITY

    def _call(self, node: ast.Call) -> Iterator[Idiom]:
        name = _called(node)
        about = any(map(self.theirs, [*node.args, *(k.value for k in node.keywords)]))
        root = _root(node.func)
        if name in _LOOK and about:
            yield MEMORY
        elif name in _ASK and isinstance(node.func, ast.Name) and about:
            yield ATTRIBUTES
        elif name in _SOURCE and about:
            yield TEXT
        elif name in _PATCH and name not in self.learners:
            yield PATCHED
        elif name in _STATE and root not in self.learners | self.derived:
            yield STATE
        elif name == "seed" and root not in self.learners | self.derived:
            yield SEED
        elif name in _FILES and self._reads(node, name, root):
            yield FILES
        elif isinstance(node.func, ast.Attribute) and name in _MUTATE:
            held = node.func.value
            if isinstance(held, ast.Name) and held.id in self.learners and self._another(held.id):
                yield CHANGED

    def _reads(self, node: ast.Call, name: str, root: str) -> bool:
        """Whether a call asks for a file that is none of the teacher's own."""
        if root in self.learners | self.derived or name in self.learners:
            return False
        modules = _READERS.get(name)
        if modules is not None and root not in modules:
            return False
        words = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        named = [word for word in words if isinstance(word, str)]
        if not named and name in {"open", "load", "loadtxt", "genfromtxt", "read_csv"}:
            # A stream of the test's own, or a path in a variable: the proof tells.
            return bool(node.args) and self.theirs(node.args[0])
        return not any(word.removeprefix("./") in self.files for word in named)

    def _another(self, name: str) -> bool:
        return bool(self.touched - {name})

    def _attribute(self, node: ast.Attribute) -> Iterator[Idiom]:
        dunder = node.attr.startswith("__") and node.attr.endswith("__")
        if node.attr in _STATES and _root(node) in {"sys", "os", "plt", "mpl", "matplotlib"}:
            # os.path is a module.
            if (_root(node), node.attr) != ("os", "path"):
                yield STATE
        elif not self.theirs(node.value):
            return
        elif node.attr in _MEMORY:
            yield MEMORY
        elif dunder and node.attr not in _KNOWN_DUNDER:
            yield TEXT

    def _assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[Idiom]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and _root(target) in {
                "sys", "builtins", "os", "random", "np", "numpy", "plt", "time", "math",
            }:  # fmt: skip
                yield PATCHED
            elif isinstance(target, ast.Name) and target.id in self.learners:
                yield REMOVED
            elif isinstance(target, ast.Subscript | ast.Attribute):
                root = _root(target)
                if root in self.learners and self._another(root):
                    yield CHANGED


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
