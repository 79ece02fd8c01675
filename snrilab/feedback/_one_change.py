"""The learner's own line with one thing changed, or the same thing twice: then all is right."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING

from snrilab.exercises import Mistake, derived
from snrilab.feedback._brackets import ONE, divides, first_part
from snrilab.feedback._in_the_answer import (
    around_the_change,
    asks_for_the_form,
    is_an_answer,
    lines_beside,
    more_in_a_sum,
    stands_in_an_answer,
)
from snrilab.feedback._mending import is_right, own_source, rebuilt
from snrilab.feedback._pieces import empty_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.feedback._trial import Trial

_LONG = 220  # characters of an answer with too many pairs of slips

# What a change that mends the learner's own line says about that line.
_MENDED = {
    "multiplied": ("divided", "There you divide where the two are multiplied."),
    "divided": ("multiplied", "There you multiply where one divides the other."),
    "plus-for-minus": ("plus-for-minus", "There a plus and a minus are mixed up."),
    "reversed-subtraction": (
        "reversed-subtraction",
        "There you subtract the wrong way round: which of the two is to be taken away?",
    ),
    "ratio-upside-down": ("ratio-upside-down", "There the ratio is upside down."),
    "missing-brackets": ("brackets-added", "There are brackets that do not belong."),
    "brackets-added": (
        "missing-brackets",
        "Brackets are missing there: what has to be worked out first?",
    ),
    "brackets-moved": (
        "brackets-moved",
        "The brackets there stand in the wrong place: what belongs together?",
    ),
    "added": ("multiplied-for-added", "There you multiply where the two are added."),
    "multiplied-for-added": ("added", "There you add where the two are multiplied."),
    "wrong-argument": ("wrong-argument", "There stands one name where another belongs."),
    "arguments-swapped": ("arguments-swapped", "Two names have changed places there."),
    "forgot-one": ("part-too-many", "The 1 there does not belong."),
    "constant-lost": ("part-too-many", "The number there does not belong."),
    "part-missing": ("part-too-many", "A part of it is too many."),
    "whole-numbers": ("whole-numbers", "// cuts off the decimals: divide with a single /."),
    "ratio": ("part-too-many", "Only one of the two belongs there."),
    "function-missing": ("function-wrong", "The function there does not belong."),
    "wrong-logarithm": ("wrong-logarithm", "There ln and log10 are mixed up."),
    "function-wrong": ("function-wrong", "There stands one function where another belongs."),
    "comparison-turned": ("comparison-turned", "The comparison there runs the other way round."),
    "branches-swapped": ("branches-swapped", "The two branches there have changed places."),
    "constant-wrong": ("constant-wrong", "The number there should be another one."),
    "sixty-lost": ("sixty-lost", "Seconds, minutes and hours are mixed up there."),
    "thousand-lost": ("thousand-lost", "A factor of 1,000 is lost there: look at the prefixes."),
    "power": ("power", "There a power and a product are mixed up."),
    "axes-exchanged": (
        "axes-exchanged",
        "x and y have changed places there: first comes what was set, then what was found.",
    ),
    "difference": ("ratio-for-difference", "There a difference is wanted: subtract."),
}


def of_the_line(trial: Trial, only: frozenset[str] | None = None) -> tuple[str, str, str] | None:
    """Change one thing in the learner's own source, and see whether that makes it right."""
    source = own_source(trial)
    unclear: list[Mistake] = []  # numbers that may be right, with a term missing elsewhere
    for mistake in _mending(trial, source, only):
        answer = is_an_answer(trial.exercise, mistake.source)
        if not answer and stands_in_an_answer(trial.exercise, source, mistake.source):
            unclear.append(mistake)
        elif more_in_a_sum(mistake, source) is None:
            return _said_of(trial, source, mistake)
        else:
            unclear += _other_sums(trial, source, mistake)
            if not unclear:
                return _said_of(trial, source, mistake)
    return _in_a_sum(unclear, source)


def _mending(trial: Trial, source: str, only: frozenset[str] | None) -> Iterator[Mistake]:
    """Give the changes of the learner's own source that make it right, and not by chance."""
    questions = _questions(source)
    for mistake in derived(source) if source else ():
        if mistake.code not in _MENDED or _of_numbers_alone(mistake):
            continue
        if only is not None and mistake.code not in only:
            continue
        other = Counter(_questions(mistake.source)) - Counter(questions)
        asked = bool(other) and mistake.code not in _OF_QUESTIONS
        mended = None if asked else rebuilt(mistake.source, trial.function)
        if mended is None or not is_right(trial, mended):
            continue
        if mistake.code == "brackets-moved" and _calls(source) != _calls(mistake.source):
            continue  # len(x) - 1 is no len(x - 1)
        if not _is_by_chance(mistake, source):
            yield mistake


def _said_of(trial: Trial, source: str, mistake: Mistake) -> tuple[str, str, str]:
    """Say where the one change is to be made, and what kind of change it is."""
    code, says = _MENDED[mistake.code]
    before, _, after = mistake.change.partition(" -> ")
    if code == "wrong-argument" and after == "1":
        says = "There 1 belongs: the rest is right."
    if mistake.code == "arguments-swapped":
        return code, ONE, mistake.says
    if code == "part-too-many":
        says = _too_many(before, after) or says
    others = _elsewhere(trial, source, mistake) if code in ("multiplied", "divided") else []
    if others:
        places = " and at ".join([before, *others])
        says = says.replace("There", "At one of these", 1)
        return code, ONE, f"Look at {places} in your lines. {says}"
    around = _surroundings(source, mistake.source, before)
    beside = _or_missing(trial, source, mistake) if code == "part-too-many" else ""
    return code, ONE, beside or f"Look at {before} in {around or 'your line'}. {says}"


def _or_missing(trial: Trial, source: str, mistake: Mistake) -> str:
    """Say that a part may be missing in another line, where that explains all just as well."""
    tree = ast.parse(source)
    around = around_the_change(tree, ast.parse(mistake.source))
    if not isinstance(around, ast.BinOp):
        return ""
    left, right = ast.unparse(around.left), ast.unparse(around.right)
    gone = right if mistake.change.endswith(f" -> {left}") else left
    for step in lines_beside(tree, around.lineno):
        value, line = step.value, ast.unparse(step)
        for sign in "*/+-":
            step.value = ast.parse(f"({ast.unparse(value)}) {sign} ({gone})", mode="eval").body
            mended = rebuilt(ast.unparse(tree), trial.function)
            step.value = value
            if mended is not None and is_right(trial, mended):
                return (
                    f"Look at {gone} in `{ast.unparse(around)}`, and at `{line}`: there it does "
                    "not belong, or here it is missing."
                )
    return ""


def _other_sums(trial: Trial, source: str, found: Mistake) -> list[Mistake]:
    """Return changes of other numbers in sums that mend all just as well."""
    tree, others = ast.parse(source), []
    here = around_the_change(tree, ast.parse(found.source))
    for mistake in derived(source):
        if more_in_a_sum(mistake, source) is None:
            continue
        if around_the_change(tree, ast.parse(mistake.source)) is here:
            continue  # the same number
        mended = rebuilt(mistake.source, trial.function)
        if mended is not None and is_right(trial, mended):
            others.append(mistake)
    return others


def _in_a_sum(unclear: list[Mistake], source: str) -> tuple[str, str, str] | None:
    """Say what a sum has too much or too little, where several places may be the one."""
    for mistake in unclear:
        more = more_in_a_sum(mistake, source)
        if more:
            what = f"{-more:g} is counted too often" if more < 0 else f"{more:g} is missing"
            says = f"In one of your sums {what}: go through them, term by term."
            return "constant-lost", ONE, says
    return None


def _is_by_chance(mistake: Mistake, source: str) -> bool:
    """Tell whether a change mends by chance.

    Another value whose form is asked for, x - y made y, a / b / c made a / (b / c), an exponent
    that makes its power vanish, or two parts that become alike or bare numbers.
    """
    before, _, after = mistake.change.partition(" -> ")
    around = around_the_change(ast.parse(source), ast.parse(mistake.source))
    if asks_for_the_form(around):
        return True
    if mistake.code == "brackets-added":
        return divides(first_part(mistake))
    try:
        whole = ast.parse(before, mode="eval").body
    except SyntaxError:
        return False
    match whole:
        case ast.BinOp(_, ast.Sub(), right) if mistake.code == "part-missing":
            return isinstance(right, ast.Constant) and ast.unparse(right) == after
        case ast.BinOp(ast.Constant(1), ast.Add(), _) | ast.BinOp(_, ast.Add(), ast.Constant(1)):
            return mistake.code == "multiplied-for-added"  # 1 * x is x: the 1 is what is too much
        case ast.BinOp(_, ast.Div(), _) if mistake.code == "multiplied":
            return any(
                isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
                and isinstance(node.left, ast.Constant) and before in ast.unparse(node.right)
                for node in ast.walk(ast.parse(source))
            )  # fmt: skip
        case ast.Name() | ast.Constant():
            return bool(empty_parts(mistake.source) - empty_parts(source))
    return False


def _surroundings(source: str, mended: str, piece: str) -> str:
    """Return the part or line that a change was made in, where the piece alone shows it not."""
    if len(re.findall(rf"(?<![\w.]){re.escape(piece)}(?![\w.])", source)) < 2:
        return ""
    if not re.fullmatch(r"[\w.]+", piece):
        lines = zip(source.split("\n"), mended.split("\n"), strict=False)
        return next((f"`{one.strip()}`" for one, other in lines if one != other), "")
    around = around_the_change(ast.parse(source), ast.parse(mended))
    if around is None:
        return ""
    if isinstance(around, ast.BinOp) and isinstance(around.left, ast.Constant):
        whole = ast.unparse(around)
        if len(re.findall(rf"(?<![\w.]){re.escape(piece)}(?![\w.])", whole)) > 1:
            around = ast.BinOp(around.left, around.op, ast.Name("…", ast.Load()))
    return f"`{ast.unparse(around)}`"


def _elsewhere(trial: Trial, source: str, found: Mistake) -> list[str]:
    """Return other places at which the same slip explains all values just as well."""
    places = []
    for mistake in derived(source):
        if mistake.code != found.code or mistake == found or _of_numbers_alone(mistake):
            continue
        mended = rebuilt(mistake.source, trial.function)
        if mended is not None and is_right(trial, mended):
            places.append(mistake.change.partition(" -> ")[0])
    return places[:2]


_OF_QUESTIONS = frozenset({"comparison-turned", "branches-swapped", "wrong-argument"})


_COMPARES = re.compile(r"[<>]|[=!]=|\b(?:in|is)\b")


def _questions(source: str) -> list[str]:
    """Return all comparisons in a source: there a change may mend a few inputs by chance."""
    if not _COMPARES.search(source):  # most answers ask nothing, and need not be taken apart
        return []
    return [ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Compare)]


def _calls(source: str) -> list[str]:
    """Return all calls in a source, as text."""
    return sorted(ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))


def twice_in_the_line(trial: Trial) -> tuple[str, str, str] | None:
    """Look for the same slip at two places of the learner's own source."""
    source = own_source(trial)
    if not source or len(source) > _LONG + 100:
        return None
    for first in derived(source):
        if first.code not in _TWICE:
            continue
        for second in derived(first.source, only=frozenset({first.code})):
            mended = rebuilt(second.source, trial.function)
            if mended is not None and is_right(trial, mended):
                code, says = _MENDED[first.code]
                places = [one.change.partition(" -> ")[0] for one in (first, second)]
                return code, "The same slip twice.", f"Look at {' and at '.join(places)}. {says}"
    return None


_TWICE = frozenset({"plus-for-minus", "reversed-subtraction", "multiplied", "divided",
                    "ratio-upside-down", "power", "missing-brackets"})  # fmt: skip


def _of_numbers_alone(mistake: Mistake) -> bool:
    """Tell whether other arithmetic is done with two numbers: that comes out right by chance."""
    if mistake.code not in ("multiplied", "divided", "added", "difference"):
        return False
    try:
        tree = ast.parse(mistake.change.partition(" -> ")[0], mode="eval")
    except SyntaxError:
        return False
    return not any(isinstance(node, ast.Name) for node in ast.walk(tree))


def _too_many(before: str, after: str) -> str:
    """Say which part of a formula does not belong."""
    try:
        whole = ast.parse(before, mode="eval").body
    except SyntaxError:
        return ""
    if isinstance(whole, ast.BinOp) and after in (
        ast.unparse(whole.left),
        ast.unparse(whole.right),
    ):
        gone = whole.right if ast.unparse(whole.left) == after else whole.left
        what = "the power of " if isinstance(whole.op, ast.Pow) else ""
        return f"There {what}{ast.unparse(gone)} does not belong: the rest is right."
    if isinstance(whole, ast.Call):
        return f"There {after} alone is right."
    return ""
