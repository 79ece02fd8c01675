"""The chapter on what is alike: counts and both texts side by side, no verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import shown
from snrilab.classroom._report.alike import CODE, LEAST, MANY, PART, RING, RUN, WORDS
from snrilab.classroom._report.layout import folded, listed, table, text, words
from snrilab.grading import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from snrilab.classroom._report.alike import Alike, Pair
    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.record import Record, Student

SIDE = 6000  # characters of one text that are shown
_WHAT = {CODE: "code", WORDS: "words"}


def alike_chapter(found: Alike, record: Record, naming: Naming, zone: tzinfo | None) -> str:
    """Return the chapter, without its heading; empty where nothing could be compared.

    Parameters
    ----------
    found : Alike
        What is alike.
    record : Record
        The assignment.
    naming : Naming
        What people are called.
    zone : tzinfo, optional
        Zone of the times.
    """
    if not found.compared and not found.files:
        return ""
    people = {one.id: one for one in record.students}
    parts = [
        words(
            f"Answers of {found.compared} students were compared. Counted are runs of {RUN[CODE]} "
            f"signs of code (names of one's own, numbers and texts in quotes blanked) and of "
            f"{RUN[WORDS]} words that stand neither in the assignment nor in its answers nor in "
            "many hands. These are facts with several explanations: work done together where that "
            "was allowed, one source for both, chance. They say nothing of who wrote first, and "
            "decide nothing: read both texts, and ask."
        )
    ]
    parts += _group_table(
        "The same file (without outputs)", found.files, people, naming, zone
    ) + _group_table(
        "The same answers but for numbers and texts in quotes", found.answers, people, naming, zone
    )
    parts += _blocks(found, people, naming, zone)
    if found.pairs:
        parts.append(_pair_table("Pairs with most in common", found.pairs, people, naming))
        if not naming.hidden:
            parts += [_sides(pair, people, naming, zone) for pair in found.pairs]
    parts.append(words(_rule(found)))
    return "".join(parts)


def _pair_table(
    caption: str, pairs: Iterable[Pair], people: dict[str, Student], naming: Naming
) -> str:
    heads = ("students", "of", "in common", "of these in no third hand",
             "own of the one and the other", "share of the smaller")  # fmt: skip
    rows = (
        (" – ".join(naming.of(people[s]) for s in pair.students), _WHAT[pair.kind], pair.shared,
         pair.alone, f"{pair.own[0]} and {pair.own[1]}", f"{100 * pair.part:.0f} %")
        for pair in pairs
    )  # fmt: skip
    return table(caption, heads, rows)


def _blocks(
    found: Alike, people: dict[str, Student], naming: Naming, zone: tzinfo | None
) -> list[str]:
    """Return three and more who are alike: one line for all, their pairs folded below it."""
    if not found.blocks:
        return []
    heads = ("students", "of", "who", "what all have in common", "of these in no other hand",
             "share of the smaller, pair by pair")  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    folds = []
    for block in found.blocks:
        those = [people[student] for student in block.students]
        parts = [100 * pair.part for pair in block.pairs]
        who = listed([naming.of(one) if naming.hidden else _with_time(one, naming, zone)
                      for one in those])  # fmt: skip
        rows.append(
            (f"{len(those)} alike", _WHAT[block.kind], who, block.common, block.alone,
             f"{min(parts):.0f} to {max(parts):.0f} %")
        )  # fmt: skip
        inside = _pair_table("Each with each", block.pairs, people, naming)
        inside += "".join(_sides(pair, people, naming, zone) for pair in block.pairs if pair.texts)
        names = ", ".join(map(naming.of, those))
        folds.append(folded(f"{len(those)} alike, {_WHAT[block.kind]}: {names}", inside))
    return [table("Three and more who are alike, each with each", heads, rows), *folds]


def _rule(found: Alike) -> str:
    usual = ", ".join(f"{_WHAT[k]} {100 * part:.0f} %" for k, part in found.usual.items())
    said = (
        f"Named are pairs with {LEAST[CODE]} runs of code or {LEAST[WORDS]} of words in common "
        f"that are {100 * PART:.0f} % of the smaller one's own, or with {MANY[CODE]} or "
        f"{MANY[WORDS]}, if that is more than 19 of 20 pairs of this class have ({usual}; who has "
        "the text of another is not counted again there). A text that more than "
        f"{RING} have is taken for everybody's. What lies below can still be a copy, and what lies "
        "above can be honest."
    )
    if not (found.pairs or found.blocks):
        said = f"No such pair was found. {said}"
    return said + (f" {found.more} further pairs are not shown." if found.more else "")


def _group_table(
    caption: str,
    groups: list[list[str]],
    people: dict[str, Student],
    naming: Naming,
    zone: tzinfo | None,
) -> list[str]:
    if not groups:
        return []
    rows: list[tuple[Any, ...]] = []
    for group in groups:
        those = [people[student] for student in group]
        if naming.hidden:
            rows.append((naming.count(len(those)), listed(naming.all_of(those).split("; "))))
        else:
            rows.append((len(those), listed([_with_time(one, naming, zone) for one in those])))
    return [table(caption, ("students", "who"), rows)]


def _with_time(one: Student, naming: Naming, zone: tzinfo | None) -> str:
    when = f", handed in {shown(one.time, zone)}" if one.time is not None else ""
    return naming.of(one) + when


def _sides(pair: Pair, people: dict[str, Student], naming: Naming, zone: tzinfo | None) -> str:
    first, second = (people[student] for student in pair.students)
    body = ""
    for place, one, other in pair.texts:
        sides = "".join(
            f"<div><p><strong>{text(_with_time(who, naming, zone))}</strong></p>"
            f"<pre>{_marked(*side)}</pre></div>"
            for who, side in ((first, one), (second, other))
        )
        body += f'<h3>{text(place.partition("/")[2])}</h3><div class="pair">{sides}</div>'
    title = f"{naming.of(first)} – {naming.of(second)}: {_WHAT[pair.kind]} side by side"
    return folded(title, body)


def _marked(source: str, lines: frozenset[int]) -> str:
    """Return a text with the lines marked that both have."""
    shown_lines = []
    for number, line in enumerate(clean.text(source, SIDE).split("\n"), 1):
        safe = text(line, SIDE)
        shown_lines.append(f"<mark>{safe}</mark>" if number in lines and line.strip() else safe)
    return "\n".join(shown_lines) or "-"


def alike_rows(found: Alike, record: Record, naming: Naming) -> list[list[Any]]:
    """Return a row for each group and pair.

    Parameters
    ----------
    found : Alike
        What is alike.
    record : Record
        The assignment.
    naming : Naming
        What people are called.
    """
    people = {one.id: one for one in record.students}
    rows: list[list[Any]] = [
        ["what", "students", "in common", "in no third hand", "own of the one", "of the other"]
    ]
    for what, groups in (("same file", found.files), ("same answers", found.answers)):
        for group in groups:
            those = [people[student] for student in group]
            who = naming.all_of(those) or naming.count(len(those))
            rows.append([what, who, "", "", "", ""])
    for block in found.blocks:
        who = "; ".join(naming.of(people[s]) for s in block.students)
        what = f"{_WHAT[block.kind]}, {len(block.students)} alike"
        rows.append([what, who, block.common, block.alone, "", ""])
    inside = [pair for block in found.blocks for pair in block.pairs]
    rows += [
        [_WHAT[pair.kind], "; ".join(naming.of(people[s]) for s in pair.students), pair.shared,
         pair.alone, *pair.own]
        for pair in (*inside, *found.pairs)
    ]  # fmt: skip
    return rows
