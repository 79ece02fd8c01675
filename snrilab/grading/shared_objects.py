"""Tests that notice whether two names are of one object: outside there are always two.

Runs in workers. What an answer returns may be its argument, a part of it, or what another call
returned; lists in a list may be one. A test notices by changing the one and looking at the other,
or by asking what an argument is not after it was handed over.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MUTATE = {
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard",
    "update", "setdefault", "popitem", "fill", "put", "resize", "appendleft", "popleft", "rotate",
}  # fmt: skip
_MUTATE_ARGUMENT = {
    "shuffle",
    "fill_diagonal",
    "heappush",
    "heapify",
    "insort",
    "copyto",
    "setattr",
}
_SAME_OBJECT = {"loc", "iloc", "at", "iat", "values", "flat", "T"}  # of a table or an array
_HOLDERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


class SharedObjects:
    """Finds what a test could see of that; reads a test from top to bottom, once.

    Parameters
    ----------
    learners : set of str
        Names that answers give a value to.
    """

    def __init__(self, learners: set[str]) -> None:
        self.learners = learners
        self.kin: dict[str, set[str]] = {}  # names that may be of one object
        self.handed: set[str] = set()
        self.mutable: set[str] = set()  # that the test made itself
        self.tainted: set[str] = set()

    def seen_in(self, tree: ast.Module) -> bool:
        """Whether a test's result can depend on that."""
        return any(self._step(statement) for statement in _in_order(tree.body))

    def _step(self, statement: ast.stmt) -> bool:
        nodes = [node for part in _own_parts(statement) for node in ast.walk(part)]
        changed = [found for node in nodes for found in _changed_by(node)]
        at = {id(place) for place, _ in changed}
        read = {n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in at and _loads(n)}
        for call in nodes:
            if isinstance(call, ast.Call) and root_of(call.func) in self.learners:
                self.handed |= _given(call)
        if read & self.tainted or any(self._denies(node) for node in nodes):
            return True
        for place, part in changed:
            root = root_of(place)
            own = {root} if root in self.learners else set()
            kin = self.kin.get(root, own) if isinstance(place, ast.Name) else self._kin_of(place)
            self.tainted |= kin if part or isinstance(place, ast.Call) else kin - {root}
        for targets, value, whole in _bindings(statement):
            self.tainted -= targets
            self.mutable |= targets if isinstance(value, _HOLDERS) else set()
            kin = self._kin_of(value, whole=whole)
            for name in targets:
                self.kin.pop(name, None)
            for name in targets | kin if kin else ():
                self.kin[name] = self.kin.get(name, set()) | targets | kin
        return False

    def _kin_of(self, value: ast.expr, *, whole: bool = False) -> set[str]:
        """Return the names whose objects, or parts of them, a value may be; none if it is new."""
        if isinstance(value, ast.Tuple | ast.List):
            return set().union(*(self._kin_of(part) for part in value.elts))
        if isinstance(value, ast.Call) and not whole:
            if root_of(value.func) not in self.learners:
                return set()
            mine = _given(value) | {f"{root_of(value.func)}()"}
            return mine.union(*(self.kin.get(name, ()) for name in mine))
        if isinstance(value, ast.Name | ast.Subscript | ast.Attribute) or whole:
            roots = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)} if whole else set()
            roots |= {root_of(value)} - {""}
            mine = {name for name in roots if name in self.kin or name in self.learners}
            return mine.union(*(self.kin.get(name, ()) for name in mine))
        return set()

    def _denies(self, node: ast.AST) -> bool:
        """Whether a node says what an argument that was handed over is not, or has not.

        Outside an argument that an answer changed holds chance values, or none, from then on.
        """
        if not isinstance(node, ast.Compare):
            return False
        sides = [node.left, *node.comparators]
        asked: list[ast.expr] = []
        for place, operator in enumerate(node.ops):
            asked += sides[place + 1 : place + 2] if isinstance(operator, ast.NotIn) else []
            asked += sides[place : place + 2] if isinstance(operator, ast.NotEq) else []
        return any(root_of(side) in self.handed & self.mutable for side in asked)


def _given(call: ast.Call) -> set[str]:
    """Return the names whose objects, or parts of them, a call hands over."""
    given = [*call.args, *(word.value for word in call.keywords)]
    given = [g.value if isinstance(g, ast.Starred) else g for g in given]
    kinds = ast.Name | ast.Subscript | ast.Attribute
    return {root_of(one) for one in given if isinstance(one, kinds)} - {""}


def _in_order(body: list[Any]) -> Iterator[ast.stmt]:
    """Give statements as they are written, those of a block after its head."""
    for statement in body:
        if isinstance(statement, ast.stmt):
            yield statement
        for name in ("body", "handlers", "orelse", "finalbody"):
            yield from _in_order(getattr(statement, name, []))


def _own_parts(statement: ast.stmt) -> list[ast.AST]:
    """Return what of a statement stands in its head: the statements in it come by themselves."""
    if not hasattr(statement, "body"):
        return [statement]
    if isinstance(statement, ast.With | ast.AsyncWith):
        return list(statement.items)
    kept = (getattr(statement, name, None) for name in ("iter", "test"))
    return [part for part in kept if isinstance(part, ast.AST)]


def _bindings(statement: ast.stmt) -> Iterator[tuple[set[str], ast.expr, bool]]:
    """Give names, what they get, and whether they get its parts one by one."""
    pairs: list[tuple[ast.expr, ast.expr, bool]] = []
    if isinstance(statement, ast.Assign):
        pairs = [(target, statement.value, False) for target in statement.targets]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        pairs = [(statement.target, statement.value, False)]
    elif isinstance(statement, ast.For):
        pairs = [(statement.target, statement.iter, True)]
    for target, value, whole in pairs:
        if isinstance(target, ast.Name | ast.Tuple | ast.List):
            yield {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}, value, whole


def _changed_by(node: ast.AST) -> Iterator[tuple[ast.Name | ast.Call, bool]]:
    """Give whose object a node changes, a name's or a call's, and whether only a part of it."""
    places: list[ast.expr] = []
    first = 0
    if isinstance(node, ast.Assign):
        places = [t for t in node.targets if isinstance(t, ast.Subscript | ast.Attribute)]
    elif isinstance(node, ast.AugAssign):
        places = [node.target]
    elif isinstance(node, ast.Delete):
        places = [t for t in node.targets if isinstance(t, ast.Subscript)]
    elif isinstance(node, ast.Call):
        inplace = any(w.arg == "inplace" and not _is_false(w.value) for w in node.keywords)
        if isinstance(node.func, ast.Attribute) and (node.func.attr in MUTATE or inplace):
            places = [node.func]
        elif called(node) in _MUTATE_ARGUMENT:
            places, first = node.args[:1], 1
    for place in places:
        steps, below = first, place
        while isinstance(below, ast.Subscript | ast.Attribute):
            steps += not (isinstance(below, ast.Attribute) and below.attr in _SAME_OBJECT)
            below = below.value
        if isinstance(below, ast.Name | ast.Call):
            yield below, steps > 1


def _loads(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def called(node: ast.Call) -> str:
    """Return the last part of what is called: `fill` of ``np.fill(x)``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def root_of(node: ast.AST) -> str:
    """Return the name with which an expression begins: `x` of ``x.T[0]``; "" for none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
