"""Which names a cell binds, changes and uses, read from its text without running it.

Runs in the coordinator, in workers and in forked graders.
"""

from __future__ import annotations

import ast
import functools
import re
import symtable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Names:
    """What the text of one code cell says about names.

    Parameters
    ----------
    binds : frozenset of str
        Names given a value at the top level of the cell.
    imports : frozenset of str
        Those of `binds` that are bound by an import.
    functions : frozenset of str
        Those of `binds` that are bound by ``def``.
    changes : frozenset of str
        Names whose content is changed in place: ``table["Ki"] = 1``, ``ax.plot(x, y)``.
    uses : frozenset of str
        Names read anywhere in the cell, inside functions too.
    """

    binds: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()


# What IPython reads as more than Python or writes anew: its signs and prompts, blanks alone.
_MAY_CHANGE = re.compile(
    r"[%!?\\\r\f\v\x1c-\x1e\x85\u2028\u2029]|>>>|\.\.\.|In \[|\A\s|^[ \t]*[,;/]|^[ \t]+$",
    re.MULTILINE,
)


@functools.lru_cache(maxsize=1000)
def python(source: str) -> str:
    """Return the cell as plain Python: magics and shell commands become calls."""
    if source and not _MAY_CHANGE.search(source):
        return source if source.endswith("\n") else f"{source}\n"
    from IPython.core.inputtransformer2 import TransformerManager

    return str(TransformerManager().transform_cell(source))


@functools.lru_cache(maxsize=2000)
def parsed(text: str) -> ast.Module:
    """Return the tree of a text, which several look at and nobody changes; raise as `ast.parse`."""
    return ast.parse(text)


@functools.lru_cache(maxsize=2000)
def names(source: str) -> Names:
    r"""Return the names of one code cell.

    Parameters
    ----------
    source : str
        Text of the cell; one that is not valid Python binds nothing.

    Examples
    --------
    >>> found = names("import math\ndef half(x): return x / 2\nkd = half(5)\nax.set_title('a')")
    >>> sorted(found.binds), sorted(found.functions), sorted(found.changes)
    (['half', 'kd', 'math'], ['half'], ['ax'])
    """
    try:
        tree = parsed(python(source))
    except (SyntaxError, ValueError, RecursionError):
        return Names()
    look = _Look()
    for statement in tree.body:
        look.visit(statement)
    return Names(
        frozenset(look.binds),
        frozenset(look.imports),
        frozenset(look.functions),
        frozenset(look.changes),
        frozenset(look.uses),
    )


@dataclass(frozen=True)
class Flow:
    """What the text of one code cell takes from the notebook and leaves in it.

    Parameters
    ----------
    wants : frozenset of str
        Names it reads before it has certainly given them a value: parameters and locals are none.
    sets : frozenset of str
        Names that certainly have a value of the cell's own at its end.
    lingering : frozenset of str
        Names of the notebook that its functions look up whenever they are called.
    """

    wants: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    lingering: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=2000)
def flow(source: str) -> Flow:
    r"""Return what one code cell takes from the notebook and leaves in it.

    Examples
    --------
    >>> cell = flow("def half(x):\n    y = np.array(x)\n    return y / 2\nkd = half(kd)")
    >>> sorted(cell.wants), sorted(cell.sets), sorted(cell.lingering)
    (['kd', 'np'], ['half', 'kd'], ['np'])
    >>> sorted(flow("x = 1\ny = [x for i in z]").wants)
    ['z']
    """
    try:
        text = python(source)
        tree = parsed(text)
        lingering = _lingering(symtable.symtable(text, "cell", "exec"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Flow()
    walk = _Walk()
    walk.block(tree.body)
    wants = walk.wants | (lingering - walk.sets)
    return Flow(frozenset(wants), frozenset(walk.sets), lingering)


def _lingering(top: symtable.SymbolTable) -> frozenset[str]:
    found = set()
    tables = [t for t in top.get_children() if t.get_name() not in _AT_ONCE]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if table.get_type() != "class":  # a class has read its names once it is there
            symbols = (s for s in table.get_symbols() if s.is_referenced() and s.is_global())
            found |= {s.get_name() for s in symbols}
    return frozenset(found)


_AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}  # they run where they stand


@dataclass
class _Walk(ast.NodeVisitor):
    """Follows the top level of a cell from statement to statement."""

    wants: set[str] = field(default_factory=set)
    sets: set[str] = field(default_factory=set)

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        self._read(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        hints = [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg)]
        given = [*node.args.defaults, *node.args.kw_defaults, node.returns, *hints]
        self._read(*node.decorator_list, *given)
        self.sets.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._read(*node.decorator_list, *node.bases, *(k.value for k in node.keywords))
        self._branches(node.body)
        self.sets.add(node.name)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.sets |= {a.asname or a.name.partition(".")[0] for a in node.names}

    visit_ImportFrom = visit_Import

    def visit_Assign(self, node: ast.Assign) -> None:
        self._read(node.value, *node.targets)
        self._set(*node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._read(node.value, node.target)
        if node.value is not None:
            self._set(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._read(node.value, node.target)
        if isinstance(node.target, ast.Name):
            self._want(node.target.id)
        self._set(node.target)

    def visit_If(self, node: ast.If) -> None:
        self._read(node.test)
        self.sets |= set.intersection(*self._branches(node.body, node.orelse))

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._read(node.iter, node.target)
        self._branches(node.body, node.orelse, targets=(node.target,))

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self._read(node.test)
        self._branches(node.body, node.orelse)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self._read(item.context_expr, item.optional_vars)
            self._set(item.optional_vars)
        self.block(node.body)

    visit_AsyncWith = visit_With

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        kept = set(self.sets)
        self.block(node.body)
        self.block(node.orelse)
        after, self.sets = self.sets, kept
        for handler in node.handlers:
            self._read(handler.type)
            names = [ast.Name(handler.name, ast.Store())] if handler.name else []
            [end] = self._branches(handler.body, targets=names)
            if not (handler.body and isinstance(handler.body[-1], ast.Raise)):
                after &= end
        self.sets = after
        self.block(node.finalbody)

    visit_TryStar = visit_Try

    def visit_Match(self, node: ast.Match) -> None:
        self._read(node.subject)
        for case in node.cases:
            words = [w for p in ast.walk(case.pattern) for _, w in ast.iter_fields(p)]
            caught = [ast.Name(word, ast.Store()) for word in words if isinstance(word, str)]
            guard = [ast.Expr(case.guard)] if case.guard is not None else []
            self._branches([*guard, *case.body], targets=caught)

    def visit_Delete(self, node: ast.Delete) -> None:
        self._read(*node.targets)
        gone = {t.id for t in node.targets if isinstance(t, ast.Name)}
        self.wants |= gone - self.sets
        self.sets -= gone

    def _branches(self, *bodies: list[ast.stmt], targets: Sequence[ast.AST] = ()) -> list[set[str]]:
        """Follow bodies of which each may run or not; return what is set at the end of each."""
        before, ends = self.sets, []
        for body in bodies:
            self.sets = set(before)
            self._set(*targets)
            self.block(body)
            ends.append(self.sets)
        self.sets = before
        return ends

    def _set(self, *targets: ast.AST | None) -> None:
        nodes = [n for target in targets if target is not None for n in ast.walk(target)]
        self.sets |= {
            n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }

    def _want(self, name: str, known: frozenset[str] = frozenset()) -> None:
        if name not in self.sets | known:
            self.wants.add(name)

    def _read(self, *nodes: ast.AST | None, known: frozenset[str] = frozenset()) -> None:
        for node in nodes:
            if node is None or isinstance(node, ast.Lambda):
                self._read(*(node.args.defaults if node else ()), known=known)
            elif isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self._want(node.id, known)
            elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
                own = {
                    n.id
                    for one in node.generators
                    for n in ast.walk(one.target)
                    if isinstance(n, ast.Name)
                }
                self._read(node.generators[0].iter, known=known)
                self._read(*ast.iter_child_nodes(node), known=known | own)
            else:
                self._read(*ast.iter_child_nodes(node), known=known)


class History:
    """What the cells of one notebook have mentioned so far, as far as it can be read.

    Examples
    --------
    >>> history = History()
    >>> history.only_adds("def half(x): return x / 2")
    True
    >>> history.only_adds("def double(x): return x * 2"), history.only_adds("kd = half(5)")
    (True, False)
    >>> history.only_adds("def kd(): return half(4)")
    False
    """

    def __init__(self) -> None:
        self._words: set[str] | None = set()
        self._unread: list[ast.Module] = []  # their words are not looked for before they matter

    def only_adds(self, source: str) -> bool:
        """Note the cell that runs next; tell whether nothing before it can tell that it has run.

        That is so when it defines functions and does nothing else, and when no cell before it
        mentions their names or looks at all names at once. A text that cannot be read mentions
        everything.
        """
        tree = _read(source)
        if self._words is None or tree is None:
            self._words = None
            return False
        only = all(map(_only_defines, tree.body))
        if only:
            for earlier in self._unread:
                self._words |= _words(earlier)
            self._unread = []
            new = {s.name for s in tree.body if isinstance(s, ast.FunctionDef)}
            only = self._words.isdisjoint(new | _SEE_ALL)
            only = only and not any(name.startswith("__") for name in new)
        self._unread.append(tree)
        return only


READABLE = 20_000
_SEE_ALL = {
    "In", "Out", "__builtins__", "__globals__", "__import__", "__main__", "_ih", "_oh", "builtins",
    "dir", "eval", "exec", "f_globals", "gc", "get_ipython", "globals", "importlib", "inspect",
    "locals", "sys", "vars",
}  # fmt: skip


def _read(source: str) -> ast.Module | None:
    if len(source) > READABLE:
        return None
    try:
        text = re.sub(r"(?m)^%matplotlib\b.*$", "", source)
        return parsed(text if text.endswith("\n") else f"{text}\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _words(tree: ast.Module) -> set[str]:
    """Return every identifier of a text; what stands in quotes is none."""
    return {
        word
        for node in ast.walk(tree)
        if not isinstance(node, ast.Constant)
        for _, value in ast.iter_fields(node)
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str)
        for word in text.split(".")
    }


def _only_defines(statement: ast.stmt) -> bool:
    """Whether running a statement makes a function and calls nothing."""
    if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
        return False
    given = statement.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    hints = [statement.returns, *(one.annotation for one in every if one is not None)]
    evaluated = [*given.defaults, *given.kw_defaults, *hints]
    plain = (ast.Constant, ast.Name, type(None))
    return all(isinstance(e, plain) for e in evaluated) and not getattr(
        statement, "type_params", None
    )


@dataclass
class _Look(ast.NodeVisitor):
    binds: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    inside: int = 0

    def _bind(self, name: str) -> None:
        if not self.inside:
            self.binds.add(name)

    def _scope(self, node: ast.AST) -> None:
        self.inside += 1
        self.generic_visit(node)
        self.inside -= 1

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name)
        if not self.inside:
            self.functions.add(node.name)
        self._scope(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        self._scope(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._scope(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._scope(node)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # type: ignore[assignment]

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._bind(name)
            if not self.inside:
                self.imports.add(name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.visit_Import(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.uses.add(node.id)
        else:
            self._bind(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.uses.add(node.target.id)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._change(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._change(node)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            self._change_root(node.value.func)
        self.generic_visit(node)

    def _change(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._change_root(node)

    def _change_root(self, node: ast.expr) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name) and not self.inside:
            self.changes.add(node.id)
