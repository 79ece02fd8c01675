"""Whose work is alike, as facts: what two share that is neither the teacher's nor everybody's.

Texts become signs: of code its keywords, the teacher's names and operators, with one sign for every
own name and one for every number and text in quotes; of words the words. Runs of signs
(fingerprints) that stand in the assignment, in its answers or in many hands say nothing and go.
What is left is counted. A count is no verdict: two who learn together share their ways.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from snrilab.classroom._report.answers import without_personal
from snrilab.grading.names import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snrilab.classroom._report.answers import Answer, Work

CODE, WORDS = "code", "words"
RUN = {CODE: 12, WORDS: 5}  # signs in one fingerprint
LEAST = {CODE: 24, WORDS: 8}  # shared fingerprints below which two are not named
MANY = {CODE: 60, WORDS: 16}  # so many are named whatever else each of them wrote
PART = 0.6  # otherwise the share of the smaller one's own below which two are not named
HANDS = (5, 10)  # fingerprints in more hands are everybody's: an eighth of the class, so many
PAIRS = 20  # shown at most
SAME = 12  # signs or words of one's own without which equal answers say nothing

_SIGN = re.compile(
    r"""(?P<text>[rbfuRBFU]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<comment>\#[^\n]*)|(?P<number>\d[\w.]*|\.\d\w*)|(?P<name>[^\W\d]\w*)
    |(?P<sign>[*/<>=!]=|\*\*|//|->|:=|[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


class Sign(NamedTuple):
    """One sign of a text, and the line that it stands on."""

    sign: str
    line: int


Run = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two students and what they share.

    Parameters
    ----------
    kind : {"code", "words"}
        What was compared.
    shared : int
        Fingerprints that both have and that are neither the teacher's nor everybody's.
    alone : int
        Those of them that nobody else has.
    own : tuple of int
        How many the one and the other has in all.
    texts : tuple
        For each place that shares something: the place, both texts with the numbers of the lines
        that are shared.
    """

    kind: str
    students: tuple[str, str]
    shared: int
    alone: int
    own: tuple[int, int]
    texts: tuple[tuple[str, tuple[str, frozenset[int]], tuple[str, frozenset[int]]], ...] = ()

    @property
    def part(self) -> float:
        """What is shared, as a share of the smaller one's own."""
        return self.shared / min(self.own)


@dataclass
class Alike:
    """What is alike in a class.

    Parameters
    ----------
    files : list
        Students whose files are the same to the byte, without outputs.
    answers : list
        Students whose answers are the same but for numbers and texts in quotes, and whose files
        are not.
    pairs : list of Pair
        The most alike first.
    usual : dict
        Kind to the share below which 95 of 100 pairs of this class lie.
    compared : int
        Students whose answers were compared.
    more : int
        Further pairs that are not shown.
    """

    files: list[list[str]] = field(default_factory=list)
    answers: list[list[str]] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    usual: dict[str, float] = field(default_factory=dict)
    compared: int = 0
    more: int = 0


def alike_in(work: Work) -> Alike:
    """Find what is alike in a class.

    Parameters
    ----------
    work : Work
        Everybody's answers.
    """
    found = Alike(compared=len(work.answers))
    found.files = _groups(work.files)
    own: dict[str, dict[str, set[Run]]] = {}
    for kind in (CODE, WORDS):
        prints = _own_prints(work, kind)
        own[kind] = prints
        pairs, found.usual[kind] = _pairs(prints, kind)
        found.pairs += pairs
    same = {frozenset(group) for group in found.files}
    found.answers = [g for g in _same_answers(work, own) if frozenset(g) not in same]
    # What is one group already needs no pairs.
    grouped = {
        pair for group in (*found.files, *found.answers) for pair in combinations(sorted(group), 2)
    }
    found.pairs = [pair for pair in found.pairs if pair.students not in grouped]
    found.pairs.sort(key=lambda pair: (-pair.part * pair.shared, pair.students))
    found.more = max(0, len(found.pairs) - PAIRS)
    found.pairs = [_with_texts(pair, work, own[pair.kind]) for pair in found.pairs[:PAIRS]]
    return found


def _groups(marks: dict[str, str]) -> list[list[str]]:
    whose: dict[str, list[str]] = {}
    for student, mark in sorted(marks.items()):
        whose.setdefault(mark, []).append(student)
    return sorted((those for those in whose.values() if len(those) > 1), key=lambda g: (-len(g), g))


# -- signs ---------------------------------------------------------------------------------------


def code_signs(text: str, known: frozenset[str]) -> list[Sign]:
    """Return the signs of a cell of code, also of one that is no Python.

    Parameters
    ----------
    text : str
        The cell.
    known : frozenset of str
        Names that stay: functions and modules of the teacher's. So do keywords, built-in names and
        what follows a point.

    Examples
    --------
    >>> [s.sign for s in code_signs("share = np.exp(-x) / 2  # half", frozenset({"np"}))]
    ['v', '=', 'np', '.', 'exp', '(', '-', 'v', ')', '/', '0']
    """
    found = []
    stay = known | _WORDS_OF_PYTHON
    line, place, before = 1, 0, ""
    for match in _SIGN.finditer(text):
        line += text.count("\n", place, match.start())
        place = match.start()
        kind, sign = match.lastgroup, match.group()
        if kind == "comment":
            continue
        if kind in {"text", "number"}:
            sign = "0"
        elif kind == "name" and before != "." and sign not in stay:
            sign = "v"
        found.append(Sign(sign, line))
        before = sign
    return found


_WORDS_OF_PYTHON = frozenset({*keyword.kwlist, *dir(builtins)})


def word_signs(text: str) -> list[Sign]:
    """Return the words of a text, small; of languages without spaces each character.

    Examples
    --------
    >>> [s.sign for s in word_signs("Ki is *lower*!")]
    ['ki', 'is', 'lower']
    """
    found = []
    line, place = 1, 0
    for match in _WORD.finditer(text):
        line += text.count("\n", place, match.start())
        place = match.start()
        found.append(Sign(match.group().casefold(), line))
    return found


def _signs(text: str, kind: str, work: Work, known: frozenset[str]) -> list[Sign]:
    if kind == WORDS:
        return word_signs(text)
    return code_signs(without_personal(text, work.personal), known)


def _runs(signs: list[Sign], size: int) -> list[Run]:
    plain = [one.sign for one in signs]
    return [tuple(plain[n : n + size]) for n in range(len(plain) - size + 1)]


def _known_names(work: Work) -> frozenset[str]:
    return frozenset().union(
        *(names(text).functions | names(text).imports for text in work.base_code)
    )


# -- fingerprints --------------------------------------------------------------------------------


def _own_prints(work: Work, kind: str) -> dict[str, set[Run]]:
    """Return each student's fingerprints that are neither the teacher's nor everybody's."""
    known, size = _known_names(work), RUN[kind]
    base: set[Run] = set()
    for text in work.base_code if kind == CODE else work.base_words:
        base.update(_runs(_signs(text, kind, work, known), size))
    prints: dict[str, set[Run]] = {}
    for student, answers in work.answers.items():
        mine = prints[student] = set()
        for answer in _of_kind(answers, kind):
            mine.update(_runs(_signs(answer.text, kind, work, known), size))
        mine -= base
    hands = Counter(run for mine in prints.values() for run in mine)
    most = min(max(len(prints) // 8, HANDS[0]), HANDS[1])
    return {student: {r for r in mine if hands[r] <= most} for student, mine in prints.items()}


def _of_kind(answers: Iterable[Answer], kind: str) -> list[Answer]:
    return [answer for answer in answers if answer.is_code is (kind == CODE)]


def _pairs(prints: dict[str, set[Run]], kind: str) -> tuple[list[Pair], float]:
    """Return the pairs worth a look, and the share below which most pairs lie."""
    holders: dict[Run, list[str]] = {}
    for student in sorted(prints):
        for run in prints[student]:
            holders.setdefault(run, []).append(student)
    some = [student for student, mine in prints.items() if mine]
    shared: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for those in holders.values():
        for two in combinations(those, 2):
            shared[two] += 1
            alone[two] += len(those) == 2
    pairs = [
        Pair(kind, (a, b), number, alone[a, b], (len(prints[a]), len(prints[b])))
        for (a, b), number in shared.items()
    ]
    parts = sorted((pair.part for pair in pairs), reverse=True)
    place = len(some) * (len(some) - 1) // 2 // 20  # one pair in twenty lies above
    usual = parts[place] if place < len(parts) else 0.0
    worth = [p for p in pairs if p.shared >= LEAST[kind] and p.part >= usual]
    return [p for p in worth if p.part >= PART or p.shared >= MANY[kind]], usual


def _same_answers(work: Work, own: dict[str, dict[str, set[Run]]]) -> list[list[str]]:
    """Group those whose answers are the same but for numbers and texts in quotes."""
    marks: dict[str, str] = {}
    for student, answers in work.answers.items():
        if sum(len(own[kind][student]) for kind in (CODE, WORDS)) < SAME:
            continue  # what the teacher would have written, too
        parts = []
        for answer in sorted(answers, key=lambda a: a.place):
            text = without_personal(answer.text, work.personal)
            kept = frozenset(re.findall(r"[^\W\d]\w*", text))  # all names stay
            signs = code_signs(text, kept) if answer.is_code else word_signs(text)
            parts.append(f"{answer.place} {' '.join(one.sign for one in signs)}")
        marks[student] = "\n".join(parts)
    return _groups(marks)


def _with_texts(pair: Pair, work: Work, prints: dict[str, set[Run]]) -> Pair:
    """Add what both wrote where they share something, with the lines that they share."""
    known = _known_names(work)
    both = prints[pair.students[0]] & prints[pair.students[1]]
    sides: list[dict[str, tuple[str, frozenset[int]]]] = []
    for student in pair.students:
        side: dict[str, tuple[str, frozenset[int]]] = {}
        for answer in _of_kind(work.answers[student], pair.kind):
            signs = _signs(answer.text, pair.kind, work, known)
            lines = _shared_lines(signs, both, RUN[pair.kind])
            if lines:
                before, marked = side.get(answer.place, ("", frozenset()))
                ahead = before.count("\n") + 2 if before else 0
                joined = f"{before}\n\n{answer.text}" if before else answer.text
                side[answer.place] = (joined, marked | {line + ahead for line in lines})
        sides.append(side)
    places = list(dict.fromkeys([*sides[0], *sides[1]]))
    nothing: tuple[str, frozenset[int]] = ("", frozenset())
    texts = tuple((p, sides[0].get(p, nothing), sides[1].get(p, nothing)) for p in places)
    return replace(pair, texts=texts)


def _shared_lines(signs: list[Sign], both: set[Run], size: int) -> frozenset[int]:
    lines: set[int] = set()
    for n, run in enumerate(_runs(signs, size)):
        if run in both:
            lines.update(one.line for one in signs[n : n + size])
    return frozenset(lines)
