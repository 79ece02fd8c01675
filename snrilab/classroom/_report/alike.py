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
NEAR = 0.8  # of the larger one's own: from here on two have one text, and count as one hand
RING = 10  # who have one text; more found the same way by themselves
PAIRS = 20  # shown at most
SIDES = 10  # of the pairs in one block
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


@dataclass(frozen=True)
class Block:
    """Three or more who are alike, each with each: told once, and not as all their pairs.

    Parameters
    ----------
    kind : {"code", "words"}
        What was compared.
    common : int
        Fingerprints that all of them have.
    alone : int
        Those of them that nobody else has.
    pairs : tuple of Pair
        Each with each, the most alike first; both texts stand with the first of them.
    """

    kind: str
    students: tuple[str, ...]
    common: int
    alone: int
    pairs: tuple[Pair, ...]


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
    blocks : list of Block
        Three or more, the largest first.
    pairs : list of Pair
        Those who are in no block together, the most alike first.
    usual : dict
        Kind to the share below which 95 of 100 pairs of different texts of this class lie.
    compared : int
        Students whose answers were compared.
    more : int
        Further pairs that are not shown.
    """

    files: list[list[str]] = field(default_factory=list)
    answers: list[list[str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
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
    named: dict[str, list[Pair]] = {}
    for kind in (CODE, WORDS):
        prints, texts = _own_prints(work, kind)
        own[kind] = prints
        named[kind], found.usual[kind] = _pairs(prints, texts, kind)
    same = {frozenset(group) for group in found.files}
    found.answers = [g for g in _same_answers(work, own) if frozenset(g) not in same]
    # What is one group already needs no pairs.
    groups = [set(group) for group in (*found.files, *found.answers)]
    for kind, pairs in named.items():
        blocks = [
            block
            for block in _blocks(pairs, own[kind], kind)
            if not any(group.issuperset(block.students) for group in groups)
        ]
        found.blocks += [_with_sides(block, work, own[kind]) for block in blocks]
        told = [*groups, *(set(block.students) for block in blocks)]
        found.pairs += [p for p in pairs if not any(g.issuperset(p.students) for g in told)]
    found.blocks.sort(key=lambda block: (-len(block.students), block.kind, block.students))
    found.pairs.sort(key=_first)
    found.more = max(0, len(found.pairs) - PAIRS)
    found.pairs = [_with_texts(pair, work, own[pair.kind]) for pair in found.pairs[:PAIRS]]
    return found


def _first(pair: Pair) -> tuple[float, tuple[str, str]]:
    return -pair.part * pair.shared, pair.students


def _blocks(pairs: list[Pair], prints: dict[str, set[Run]], kind: str) -> list[Block]:
    """Return those of whom each is named with each; everybody is in one block at most."""
    known = {frozenset(pair.students): pair for pair in pairs}
    left = sorted({student for pair in pairs for student in pair.students})
    found = []
    for pair in sorted(pairs, key=_first):
        if not set(pair.students) <= set(left):
            continue
        those = list(pair.students)
        for student in left:
            if student not in those and all(frozenset((student, o)) in known for o in those):
                those.append(student)
        if len(those) < 3:
            continue
        left = [student for student in left if student not in those]
        those.sort()
        common = set.intersection(*(prints[student] for student in those))
        others = set().union(*(mine for s, mine in prints.items() if s not in those))
        inside = [known[frozenset(two)] for two in combinations(those, 2)]
        alone = len(common - others)
        inside.sort(key=_first)
        found.append(Block(kind, tuple(those), len(common), alone, tuple(inside)))
    return found


def _with_sides(block: Block, work: Work, prints: dict[str, set[Run]]) -> Block:
    shown = [_with_texts(pair, work, prints) for pair in block.pairs[:SIDES]]
    return replace(block, pairs=(*shown, *block.pairs[SIDES:]))


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


def _own_prints(work: Work, kind: str) -> tuple[dict[str, set[Run]], dict[str, str]]:
    """Return each student's fingerprints that are neither the teacher's nor everybody's.

    With them comes whose text each student has: the first one's of those who have one text, who
    are one hand when hands are counted, or what went round would hide itself.
    """
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
    texts = _texts(prints, LEAST[kind])
    written: dict[str, set[Run]] = {}
    for student, mine in prints.items():
        written.setdefault(texts[student], set()).update(mine)
    hands = Counter(run for theirs in written.values() for run in theirs)
    most = min(max(len(prints) // 8, HANDS[0]), HANDS[1])
    kept = {student: {r for r in mine if hands[r] <= most} for student, mine in prints.items()}
    return kept, texts


def _texts(prints: dict[str, set[Run]], least: int) -> dict[str, str]:
    """Return whose text each student has; what very many have is nobody's text.

    More than ten, or two thirds of a class, are no ring: they found the same way by themselves.
    """
    first = {student: student for student in sorted(prints)}
    some = [student for student in first if len(prints[student]) >= least]
    for a, b in combinations(some, 2):
        sizes = len(prints[a]), len(prints[b])
        near = min(sizes) >= NEAR * max(sizes)
        if first[a] == first[b] or not near:
            continue
        if len(prints[a] & prints[b]) >= max(least, NEAR * max(sizes)):
            old, new = sorted((first[a], first[b]), reverse=True)
            first = {student: new if one == old else one for student, one in first.items()}
    sizes_of = Counter(first.values())
    most = min(2 * len(prints) // 3, RING)
    return {student: one if sizes_of[one] <= most else student for student, one in first.items()}


def _of_kind(answers: Iterable[Answer], kind: str) -> list[Answer]:
    return [answer for answer in answers if answer.is_code is (kind == CODE)]


def _pairs(
    prints: dict[str, set[Run]], texts: dict[str, str], kind: str
) -> tuple[list[Pair], float]:
    """Return the pairs worth a look, and the share below which most pairs of texts lie."""
    holders: dict[Run, list[str]] = {}
    for student in sorted(prints):
        for run in prints[student]:
            holders.setdefault(run, []).append(student)
    some = {student for student, mine in prints.items() if mine and texts[student] == student}
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
    parts = sorted((p.part for p in pairs if some.issuperset(p.students)), reverse=True)
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
