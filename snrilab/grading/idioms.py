"""Tests whose meaning is lost when answers are called from another process, read from their text.

Runs in workers. A test runs outside of the student's process: values come out of it, copied.
Whatever is about the very object, its memory, its class, the process or its files cannot be seen
there. Such a test is refused by itself, in a sentence that says how to write it instead.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from snrilab.grading.names import flow, python
from snrilab.grading.scoring import hidden_lines
from snrilab.grading.shared_objects import MUTATE, SharedObjects, called, root_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from snrilab.grading.template import Cell, Template


class Idiom(NamedTuple):
    """Something that cannot be tested from outside: what it is, and what can be written instead."""

    what: str
    instead: str

    def __str__(self) -> str:
        return f"it {self.what}; {self.instead}"


VALUES = "test plain values that an answer returns or keeps in a variable"
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
    "changes an object that an answer gave or got and then looks at another one, and each arrives "
    "as a copy",
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

INSTANCES = Idiom(
    "uses an object of the answer's own class other than by its attributes, and only its data "
    "arrives: no method, no operator, no truth value",
    "let a function of the answer use the object, and test what it returns",
)
TIMED = Idiom(
    "measures time, which here holds the way to the student's process and back",
    "count calls or steps instead",
)

_SINGLE = (bool, type(None), type(Ellipsis))
_LOOK = {"shares_memory", "may_share_memory", "getsizeof", "getrefcount", "id", "ref", "proxy"}
_MEMORY = {"base", "flags", "ctypes", "__array_interface__", "strides"}
_ASK = {"hasattr", "getattr", "dir", "vars", "delattr", "setattr"}
_SOURCE = {"getsource", "getsourcelines", "getdoc", "getfullargspec", "getclosurevars", "dis"}
_DOCTEST = {"testmod", "DocTestFinder", "DocTestSuite", "run_docstring_examples"}
_FILES = {
    "exists", "isfile", "isdir", "is_file", "is_dir", "listdir", "scandir", "glob", "iterdir",
    "getsize", "stat", "open", "read_text", "read_bytes", "read_csv", "read_excel", "read_json",
    "loadtxt", "genfromtxt", "load", "imread", "walk", "lexists", "rglob",
}  # fmt: skip
_READERS = {"load": {"np", "numpy", "json", "pickle"}, "open": None, "walk": {"os"}}
_STATE = {
    "gca", "gcf", "get_fignums", "fignum_exists", "getcwd", "cwd", "getenv", "get_printoptions",
    "getcontext", "getlocale", "active_count", "getstate", "get_state", "getLogger", "getsignal",
    "get_objects", "get_backend", "getrecursionlimit", "geterr", "get_event_loop",
}  # fmt: skip
_SETTERS = {
    "seterr", "errstate", "setrecursionlimit", "set_printoptions", "printoptions", "localcontext",
    "setcontext", "setlocale", "rc_context", "set_state", "setstate", "chdir", "putenv",
}  # fmt: skip
_TIMES = {"perf_counter", "perf_counter_ns", "process_time", "monotonic", "timeit", "repeat"}
_NAMESPACES = {"globals", "locals", "vars", "dir"}
_STATES = {"modules", "environ", "path", "rcParams", "_getframe"}
_PATCH = {"patch", "monkeypatch", "MonkeyPatch", "capture_output", "assertLogs"}
_MODULES = {"sys", "builtins", "os", "random", "np", "numpy", "plt", "time", "math"}
_KNOWN_DUNDER = {"__name__", "__len__", "__class__"}


def idioms_of(template: Template) -> dict[str, Idiom]:
    """Return what cannot be tested from outside, for each test (by grade_id) that does so.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    """
    found: dict[str, Idiom] = {}
    every = set(template.answered)
    if not every and not any(c.is_answer for c in template.cells):
        return found
    derived: set[str] = set()
    learners: set[str] = set()  # names that hold something of the learner's just now
    classes = {name for c in template.cells if c.is_answer for name in _classes(c.reference)}
    imported = {name for c in template.cells for name in c.names.imports}
    for cell in template.cells:
        if cell.is_answer:
            learners |= template.answered_in(cell)
        if cell.role not in {"test", "setup"} or cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(python(cell.master))
        except (SyntaxError, ValueError, RecursionError):
            continue
        # What the cell gives a value of its own before it looks at it is nobody else's there.
        text = flow(cell.master)
        theirs = learners - (text.sets - text.wants)
        look = _Look(theirs, derived, set(template.files), classes, every, imported)
        idiom = next(look.found(tree), None)
        if cell.role == "test" and idiom is None and _takes_away(cell, tree, learners, template):
            idiom = REMOVED
        if cell.role == "test" and idiom is None and SharedObjects(theirs).seen_in(tree):
            idiom = CHANGED
        if cell.role == "test" and idiom is not None and cell.grade_id is not None:
            found[cell.grade_id] = idiom
        derived |= look.derived
        learners -= text.sets
    return found


def _takes_away(cell: Cell, tree: ast.Module, learners: set[str], template: Template) -> bool:
    """Whether a test gives a name of the answers another meaning that the answers would notice.

    Here it does so in a process of its own. Nothing is lost by that where no answer looks the name
    up afterwards: `x = 3` for its own use. Functions of answers look names up whenever they are
    called; cells that follow do so once, and get what the visible text of the test says.
    """
    every = template.answered
    text = flow(cell.master)
    declared = {n for g in ast.walk(tree) if isinstance(g, ast.Global) for n in g.names}
    rebound = (cell.names.binds | declared) & every
    if not rebound:
        return False
    replaced = {
        name
        for node in ast.walk(tree)
        for name in _replaced_by(node)
        if name in cell.names.binds | declared
    }
    callables = {
        name
        for c in template.cells[: cell.place]
        if c.is_answer
        for name in c.names.functions | _callables(c.reference)
    }
    if replaced & callables & learners or (declared - text.sets) & learners:
        return True
    gone = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)}
    changed = {
        n.target.id
        for n in ast.walk(tree)
        if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }
    if (gone | changed) & text.wants & cell.names.binds & learners:
        return True
    if rebound & _looked_up(template, cell.place):
        return True
    shown = rebound - _bound_by(tree, hidden_lines(cell.master))
    waiting = rebound - shown
    for c in template.cells[cell.place + 1 :]:
        if c.cell_type == "code" and c.role != "test":
            after = flow(c.reference if c.is_answer else c.master)
            if waiting & after.wants or (c.is_answer and waiting and _by_name(c)):
                return True
            waiting -= after.sets
    return False


def _replaced_by(node: ast.AST) -> set[str]:
    """Return the names that a statement gives another meaning on purpose, not as a loop does."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
        targets = [node.target]
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def _bound_by(tree: ast.Module, lines: set[int]) -> set[str]:
    """Return the names that get a value in some lines, by whatever statement."""
    return {
        name
        for node in ast.walk(tree)
        if getattr(node, "lineno", 0) in lines
        for name in (
            {node.id}
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
            else {node.name}
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            else {a.asname or a.name.partition(".")[0] for a in node.names}
            if isinstance(node, ast.Import | ast.ImportFrom)
            else set()
        )
    }


def _looked_up(template: Template, place: int) -> set[str]:
    """Return what functions of answers before a place look up when they are called.

    Functions of the teacher's count where those call them; who asks for names by their text may
    ask for any.
    """
    before = [c for c in template.cells[:place] if c.cell_type == "code"]
    answers = [c for c in before if c.is_answer]
    if any(map(_by_name, answers)):
        return set(template.answered)
    found = {name for c in answers for name in flow(c.reference).lingering}
    helpers = [c for c in before if c.role == "setup"]
    while True:
        called = [c for c in helpers if c.names.functions & found]
        if not called:
            return found
        helpers = [c for c in helpers if c not in called]
        found |= {name for c in called for name in flow(c.master).lingering}


def _by_name(cell: Cell) -> bool:
    return bool(cell.names.uses & _ASK_BY_NAME)


_ASK_BY_NAME = {"eval", "exec", "globals", "vars", "get_ipython", "__import__"}


def _callables(source: str) -> set[str]:
    """Return the names that a cell gives something that looks like a function or class."""
    try:
        tree = ast.parse(python(source))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    made = {"partial", "vectorize", "lru_cache", "cache", "njit", "jit", "wraps", "poly1d"}
    return {
        name
        for node in tree.body
        for name in _replaced_by(node)
        if isinstance(node, ast.ClassDef | ast.AsyncFunctionDef)
        or (
            isinstance(node, ast.Assign)
            and (
                isinstance(node.value, ast.Lambda)
                or (isinstance(node.value, ast.Call) and called(node.value) in made)
            )
        )
    }


class _Look:
    """Reads one test; `derived` holds the names that got something of an answer."""

    def __init__(
        self,
        learners: set[str],
        derived: set[str],
        files: Collection[str],
        classes: set[str],
        every: set[str],
        imported: set[str],
    ) -> None:
        self.learners = learners
        self.every = every  # names that any answer gives, also below
        self.imported = imported
        self.classes = classes
        self.instances: set[str] = set()
        self.parents: dict[ast.AST, ast.AST] = {}
        self.derived = set(derived)
        self.files = files
        self.touched: set[str] = set()

    def found(self, tree: ast.Module) -> Iterator[Idiom]:
        for _ in range(2):  # a name may be used above its assignment: in a loop, in a function
            for node in ast.walk(tree):
                self._spread(node)
        self.touched = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} & self.learners
        self.parents = {
            below: node for node in ast.walk(tree) for below in ast.iter_child_nodes(node)
        }
        for node in ast.walk(tree):
            yield from self._whatever(node)
            if self._is_instance(node) and not isinstance(
                self.parents.get(node), ast.Attribute | ast.Assign | ast.NamedExpr | ast.Expr
            ):
                yield INSTANCES

    def _is_instance(self, node: ast.AST) -> bool:
        """Whether an expression is an object of one of the answer's own classes."""
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and node.func.id in self.classes
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            return False
        return node.id in self.instances

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
        if isinstance(node, ast.ExceptHandler) and node.name:
            self.derived.add(node.name)
        for target, value in pairs:
            if self._is_instance(value) and isinstance(target, ast.Name):
                self.instances.add(target.id)
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
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield from self._assignment(node)

    def _comparison(self, node: ast.Compare) -> Iterator[Idiom]:
        sides = [node.left, *node.comparators]
        for place, operator in enumerate(node.ops):
            pair = sides[place : place + 2]
            if isinstance(operator, ast.In | ast.NotIn) and self._asks_namespace(*pair):
                yield STATE
            if not isinstance(operator, ast.Is | ast.IsNot) or not any(map(self.theirs, pair)):
                continue
            if any(isinstance(s, ast.Constant) and isinstance(s.value, _SINGLE) for s in pair):
                continue
            if not any(isinstance(s, ast.Call) and called(s) == "type" for s in pair):
                yield IDENTITY

    def _asks_namespace(self, item: ast.AST, where: ast.AST) -> bool:
        """Whether a test asks for a name that no answer gives: an import, a helper."""
        if not (isinstance(where, ast.Call) and called(where) in _NAMESPACES and not where.args):
            return False
        return not (isinstance(item, ast.Constant) and item.value in self.every)

    def _call(self, node: ast.Call) -> Iterator[Idiom]:
        name, root = called(node), root_of(node.func)
        if name in _DOCTEST:
            yield TEXT
        if any(map(self.theirs, [*node.args, *(k.value for k in node.keywords)])):
            if name in _LOOK:
                yield MEMORY
            elif name in _ASK and isinstance(node.func, ast.Name):
                yield ATTRIBUTES
            elif name in _SOURCE:
                yield TEXT
        if root not in self.learners | self.derived and name not in self.learners:
            yield from self._about_process(node, name, root)
        held = node.func.value if isinstance(node.func, ast.Attribute) else None
        their = isinstance(held, ast.Name) and held.id in self.learners
        if name in MUTATE and their and self._another(root_of(node.func)):
            yield CHANGED

    def _about_process(self, node: ast.Call, name: str, root: str) -> Iterator[Idiom]:
        """Look at a call of the test's own for what only the student's process could tell."""
        if name in _PATCH:
            yield PATCHED
        elif name in _STATE:
            yield STATE
        elif name in _SETTERS:
            words = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
            if name not in {"errstate", "seterr"} or "raise" in words:
                yield PATCHED
        elif name in _TIMES and self.touched:
            yield TIMED
        elif root == "subprocess" or (root == "os" and name in {"system", "popen"}):
            yield FILES
        elif name == "seed":
            yield SEED
        elif name in _FILES and self._reads(node, name, root):
            yield FILES

    def _reads(self, node: ast.Call, name: str, root: str) -> bool:
        """Whether a call asks for a file that is none of the teacher's own."""
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
        if node.attr in _STATES and root_of(node) in {"sys", "os", "plt", "mpl", "matplotlib"}:
            # os.path is a module.
            if (root_of(node), node.attr) != ("os", "path"):
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
            if isinstance(target, ast.Attribute) and root_of(target) in self.imported | _MODULES:
                yield PATCHED
            elif isinstance(target, ast.Subscript | ast.Attribute):
                root = root_of(target)
                if root in {"globals", "locals", "vars"}:
                    yield REMOVED
                elif root in self.learners and self._another(root):
                    yield CHANGED


def _classes(source: str) -> set[str]:
    """Return the classes that a cell defines, without those that are only data."""
    try:
        tree = ast.parse(python(source))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and not any("dataclass" in ast.unparse(d) for d in node.decorator_list)
        and not any("NamedTuple" in ast.unparse(base) for base in node.bases)
    }
