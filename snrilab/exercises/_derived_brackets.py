"""Brackets lost, moved and added in every formula of a source, in plain words."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from snrilab.exercises._writer import Places, written

if TYPE_CHECKING:
    from collections.abc import Iterator


# Made here and nowhere else.
BRACKETS = frozenset({"missing-brackets", "brackets-moved", "brackets-added"})


def other_brackets_in(
    places: Places, only: frozenset[str] | None
) -> Iterator[tuple[str, str, str, str]]:
    """Lose, move and add brackets in every formula.

    All three, where one is wanted: what moving and adding make alike is moving, the likelier slip.
    """
    if only and only.isdisjoint(BRACKETS):
        return
    inside = set()
    for node in places.nodes:
        if not isinstance(node, ast.BinOp) or id(node) in inside:
            continue
        inside |= {id(below) for below in ast.walk(node)}
        text = places.text(node)
        for code, says, changed in _other_brackets(text):
            try:
                formula = ast.parse(changed, mode="eval").body
            except SyntaxError:
                continue
            if written(formula) != text:
                yield code, says, f"{text} -> {changed}", places.source_with(node, formula)


_TOKEN = re.compile(r"\s*(\*\*|//|[()+\-*/%]|[^\s()+\-*/%]+)")


def _other_brackets(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield code, words and text for each formula that differs in one pair of brackets."""
    if any(sign in text for sign in "\"'[{") or re.search(r"\d[eE][-+]\d", text):
        return
    tokens = _TOKEN.findall(text)
    if len(tokens) > 60:
        return
    pairs = _pairs(tokens)
    bare = [
        (i, j)
        for i, j in pairs
        if i == 0 or tokens[i - 1] in ["(", "+", "-", "*", "/", "**", "//", "%"]
    ]
    for i, j in bare:
        rest = [t for k, t in enumerate(tokens) if k not in (i, j)]
        says = f"Brackets are missing: {_joined(tokens[i + 1 : j])} is to be worked out first."
        yield "missing-brackets", says, _joined(rest)
    for i, j in bare:
        inner = _joined(tokens[i + 1 : j])
        for k in range(i + 2, len(tokens)):
            if k != j and _may_close(tokens, i, k):
                moved = list(tokens)
                moved[j] = ""
                moved[k - 1] += ")"
                moved_says = f"The brackets close in the wrong place: {inner} belongs together."
                yield "brackets-moved", moved_says, _joined(moved)
        for k in range(j - 1):
            if k != i + 1 and _may_open(tokens, k, j):
                moved = list(tokens)
                moved[i] = ""
                moved[k] = "(" + moved[k]
                moved_says = f"The brackets open in the wrong place: {inner} belongs together."
                yield "brackets-moved", moved_says, _joined(moved)
    starts = [k for k in range(len(tokens)) if k == 0 or tokens[k - 1] in _SIGNS | {"("}]
    for i in starts:
        for j in range(i + 2, len(tokens)):
            if _balanced(tokens[i : j + 1]) and tokens[j] not in _SIGNS:
                added = list(tokens)
                added[i], added[j] = "(" + added[i], added[j] + ")"
                part = _joined(tokens[i : j + 1])
                says = f"You work out {part} first, as if it stood in brackets: it does not."
                yield "brackets-added", says, _joined(added)


_SIGNS = {"+", "-", "*", "/", "**", "//", "%"}


def _joined(tokens: list[str]) -> str:
    text = " ".join(token for token in tokens if token)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"\s+\)", ")", text)
    return re.sub(r"(\w) \(", r"\1(", text)


def _pairs(tokens: list[str]) -> list[tuple[int, int]]:
    opened, pairs = [], []
    for place, piece in enumerate(tokens):
        if piece == "(":
            opened.append(place)
        elif piece == ")" and opened:
            pairs.append((opened.pop(), place))
    return pairs


def _balanced(tokens: list[str]) -> bool:
    depth = 0
    for piece in tokens:
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return False
    return depth == 0


def _may_close(tokens: list[str], opening: int, k: int) -> bool:
    """Tell whether a bracket opened at `opening` may close just before token `k`."""
    return tokens[k - 1] not in _SIGNS | {"("} and _depth_kept(tokens[opening + 1 : k])


def _may_open(tokens: list[str], k: int, closing: int) -> bool:
    starts = k == 0 or tokens[k - 1] in _SIGNS | {"("}
    return starts and tokens[k] not in _SIGNS | {")"} and _depth_kept(tokens[k:closing])


def _depth_kept(tokens: list[str]) -> bool:
    depth = 0
    for piece in tokens:
        depth += (piece == "(") - (piece == ")")
        if depth < -1:
            return False
    return depth in (0, -1)
