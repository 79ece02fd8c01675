"""Write a changed formula as `ast.unparse` does, without writing all of the rest anew.

A check makes hundreds of versions of one answer, and each differs in one place. What stands beside
that place is written once and kept. What is rare in an answer is left to `ast.unparse`.
"""

from __future__ import annotations

import ast

_HOLE = "hole__"  # stands for a formula while what is round it is written

# How tightly parts hold together, from the loosest to the tightest.
_TEST, _OR, _AND, _NOT, _COMPARE, _BIT_OR, _BIT_XOR, _BIT_AND, _SHIFT, _SUM, _TERM = range(11)
_FACTOR, _POWER, _AWAIT, _ATOM = range(11, 15)
_BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: (" + ", _SUM),
    ast.Sub: (" - ", _SUM),
    ast.Mult: (" * ", _TERM),
    ast.MatMult: (" @ ", _TERM),
    ast.Div: (" / ", _TERM),
    ast.Mod: (" % ", _TERM),
    ast.FloorDiv: (" // ", _TERM),
    ast.LShift: (" << ", _SHIFT),
    ast.RShift: (" >> ", _SHIFT),
    ast.BitOr: (" | ", _BIT_OR),
    ast.BitXor: (" ^ ", _BIT_XOR),
    ast.BitAnd: (" & ", _BIT_AND),
    ast.Pow: (" ** ", _POWER),
}
_UNARY: dict[type[ast.unaryop], tuple[str, int]] = {
    ast.USub: ("-", _FACTOR),
    ast.UAdd: ("+", _FACTOR),
    ast.Invert: ("~", _FACTOR),
    ast.Not: ("not ", _NOT),
}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: " == ",
    ast.NotEq: " != ",
    ast.Lt: " < ",
    ast.LtE: " <= ",
    ast.Gt: " > ",
    ast.GtE: " >= ",
    ast.Is: " is ",
    ast.IsNot: " is not ",
    ast.In: " in ",
    ast.NotIn: " not in ",
}


class _RareError(Exception):
    """What is to be written is left to `ast.unparse`."""


def written(node: ast.AST) -> str:
    """Return the text of a formula, as `ast.unparse` writes it."""
    try:
        return _Writer({}).text(node, _TEST)
    except _RareError:
        return ast.unparse(node)


class _Writer:
    """Writes a formula; keeps the texts of parts that stay, and puts another part for one."""

    def __init__(self, stays: dict[int, ast.AST]) -> None:
        self._stays = stays
        self._kept: dict[tuple[int, int], str] = {}
        self._changes: frozenset[int] = frozenset()
        self._out: ast.AST | None = None
        self._instead: ast.AST | None = None

    def text_with(
        self, root: ast.AST, out: ast.AST, instead: ast.AST, changes: frozenset[int]
    ) -> str:
        """Return the text of `root` with `instead` for `out`, which stands below `changes`."""
        self._out, self._instead, self._changes = out, instead, changes
        try:
            return self.text(root, _TEST)
        finally:
            self._out, self._instead, self._changes = None, None, frozenset()

    def text(self, node: ast.AST, level: int) -> str:
        if node is self._out and self._instead is not None:
            node, self._out = self._instead, None
        name = id(node)
        if name not in self._stays or name in self._changes:
            return self._new(node, level)
        found = self._kept.get((name, level))
        if found is None:
            found = self._kept[name, level] = self._new(node, level)
        return found

    def _new(self, node: ast.AST, level: int) -> str:  # noqa: C901 -- one case for each kind
        match node:
            case ast.BinOp(left, op, right):
                sign, own = _BINARY[type(op)]
                turned = own == _POWER  # 2 ** 3 ** 4 is 2 ** (3 ** 4)
                text = self.text(left, own + turned) + sign + self.text(right, own + (not turned))
            case ast.Name(name):
                return name
            case ast.Constant(value):
                return _constant(node)
            case ast.Call(function, arguments, keywords):
                parts = [self.text(one, _TEST) for one in arguments]
                parts += [self._keyword(one) for one in keywords]
                return f"{self.text(function, _ATOM)}({', '.join(parts)})"
            case ast.Attribute(value, name):
                if isinstance(value, ast.Constant) or value is self._out:
                    raise _RareError  # 1 .real
                return f"{self.text(value, _ATOM)}.{name}"
            case ast.UnaryOp(op, operand):
                sign, own = _UNARY[type(op)]
                text = sign + self.text(operand, own)
            case ast.Subscript(value, part):
                if part is self._out or (isinstance(part, ast.Tuple) and len(part.elts) < 2):
                    raise _RareError
                places = part.elts if isinstance(part, ast.Tuple) else [part]
                listed = ", ".join([self.text(one, _TEST) for one in places])
                return f"{self.text(value, _ATOM)}[{listed}]"
            case ast.Compare(left, ops, others):
                own = _COMPARE
                text = self.text(left, own + 1) + "".join(
                    _COMPARED[type(op)] + self.text(one, own + 1)
                    for op, one in zip(ops, others, strict=True)
                )
            case ast.BoolOp(op, parts):
                sign, own = (" or ", _OR) if isinstance(op, ast.Or) else (" and ", _AND)
                levels = range(own + 1, own + 1 + len(parts))
                text = sign.join(
                    [self.text(one, min(n, _ATOM)) for one, n in zip(parts, levels, strict=True)]
                )
            case ast.IfExp(test, body, orelse):
                own = _TEST
                text = (
                    f"{self.text(body, own + 1)} if {self.text(test, own + 1)}"
                    f" else {self.text(orelse, own)}"
                )
            case ast.List(parts):
                return f"[{', '.join([self.text(one, _TEST) for one in parts])}]"
            case ast.Tuple(parts):
                comma = "," if len(parts) == 1 else ""
                return f"({', '.join([self.text(one, _TEST) for one in parts])}{comma})"
            case ast.ListComp(part, turns):
                return f"[{self.text(part, _TEST)}{''.join(map(self._turn, turns))}]"
            case ast.GeneratorExp(part, turns):
                return f"({self.text(part, _TEST)}{''.join(map(self._turn, turns))})"
            case ast.Slice(low, high, None):
                ends = ["" if one is None else self.text(one, _TEST) for one in (low, high)]
                return ":".join(ends)
            case _:
                raise _RareError
        return f"({text})" if level > own else text

    def _keyword(self, node: ast.keyword) -> str:
        return f"{'**' if node.arg is None else node.arg + '='}{self.text(node.value, _TEST)}"

    def _turn(self, node: ast.comprehension) -> str:
        if not isinstance(node.target, ast.Name) or node.is_async:
            raise _RareError
        asked = "".join(f" if {self.text(one, _TEST + 1)}" for one in node.ifs)
        return f" for {self.text(node.target, _TEST)} in {self.text(node.iter, _TEST + 1)}{asked}"


def _constant(node: ast.Constant) -> str:
    value = node.value
    if isinstance(value, bool | None | str) and node.kind is None:
        return repr(value)
    if not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise _RareError
    return repr(value)


class Places:
    """Where each node of a tree hangs, so that another may take its place for a moment.

    Parameters
    ----------
    tree : ast.Module
        Not to be changed while this is used.

    Attributes
    ----------
    nodes : tuple of ast.AST
        All nodes in the order of `ast.walk`.
    source : str
        The text of the tree.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._above: dict[int, tuple[ast.AST, str, int | None]] = {}
        stays: dict[int, ast.AST] = {}
        todo: list[ast.AST] = [tree]
        for above in todo:  # it grows
            stays[id(above)] = above
            for field in above._fields:
                value = getattr(above, field, None)
                if isinstance(value, list):
                    for place, item in enumerate(value):
                        if isinstance(item, ast.AST):
                            self._above[id(item)] = (above, field, place)
                            todo.append(item)
                elif isinstance(value, ast.AST):
                    self._above[id(value)] = (above, field, None)
                    todo.append(value)
        self.nodes = tuple(todo)
        self._writer = _Writer(stays)
        self._round: dict[int, tuple[str, str] | None] = {}
        self.source = ast.unparse(tree)

    def text(self, node: ast.AST) -> str:
        """Return the text of a formula of the tree."""
        try:
            return self._writer.text(node, _TEST)
        except _RareError:
            return ast.unparse(node)

    def source_with(self, node: ast.AST, replacement: ast.AST) -> str:
        """Return the source with `replacement` where `node` stands; the tree stays as it is."""
        formula, changes = node, {id(node)}
        while not isinstance(self._above[id(formula)][0], ast.stmt | ast.mod):
            formula = self._above[id(formula)][0]
            changes.add(id(formula))
        whole_tuple = formula is node and isinstance(replacement, ast.Tuple)  # brackets or none
        if isinstance(formula, ast.expr) and isinstance(replacement, ast.expr) and not whole_tuple:
            try:
                before_and_after = self._what_is_round(formula)
                if before_and_after is not None:
                    text = self._writer.text_with(formula, node, replacement, frozenset(changes))
                    return text.join(before_and_after)
            except _RareError:
                pass
        return self._unparsed(node, replacement)

    def _what_is_round(self, formula: ast.expr) -> tuple[str, str] | None:
        """Return what stands before and after a whole formula of a statement."""
        if id(formula) not in self._round:
            name = ast.Name(_HOLE, ast.Load())
            parts = self._unparsed(formula, name).split(_HOLE)
            fits = self._writer.text(formula, _TEST).join(parts) == self.source
            self._round[id(formula)] = (parts[0], parts[1]) if fits and len(parts) == 2 else None
        return self._round[id(formula)]

    def _unparsed(self, node: ast.AST, replacement: ast.AST) -> str:
        above, field, at = self._above[id(node)]
        if at is None:
            setattr(above, field, replacement)
            text = ast.unparse(self.tree)
            setattr(above, field, node)
        else:
            siblings = getattr(above, field)
            siblings[at] = replacement
            text = ast.unparse(self.tree)
            siblings[at] = node
        return text
