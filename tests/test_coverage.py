"""Each statement of the three texts has its answer, and what the table says of a lesson is so."""

import re

import pytest

from snrilab import evidence
from tests import notebooks
from tools import coverage

STATEMENTS = coverage.statements()
JUDGED_SOUND = {"right", "protocol"}
every_statement = pytest.mark.parametrize("one", STATEMENTS, ids=lambda one: one.statement)


def test_statements_are_numbered_by_text_and_place():
    for text in coverage.TEXTS:
        numbers = [one.statement for one in STATEMENTS if one.text == text]
        assert numbers == [f"{text}.{place}" for place in range(1, len(numbers) + 1)]
    assert {one.text for one in STATEMENTS} == set(coverage.TEXTS)


@every_statement
def test_a_statement_has_an_answer_and_it_stands_where_the_table_says(one):
    assert one.says
    assert one.place
    assert one.answer in coverage.ANSWERS
    if one.answer == "left out":
        assert one.why, "left out without a reason"
        assert (one.lesson, one.heading, one.there) == ("", "", ())
        return
    assert one.contradictions or one.why or one.answer == "taught", "corrected by what?"
    found = coverage.sections(one.path)
    assert one.heading in found, f"{one.path.name} has no heading {one.heading}"
    assert one.there, "which words stand there?"
    for words in one.there:
        assert words in found[one.heading], f"{words} is not below {one.heading}"


def test_each_judged_claim_is_one_statement_with_the_contradictions_of_the_claim():
    claims = {claim.key: claim for claim in evidence.claims()}
    named = [key for one in STATEMENTS for key in one.claims]
    assert sorted(named) == sorted(claims)
    for one in STATEMENTS:
        for claim in map(claims.__getitem__, one.claims):
            assert claim.seed == one.text
            if one.answer == "corrected":
                assert set(claim.contradictions) <= set(one.contradictions), one
            if one.answer == "taught":
                assert claim.verdict in JUDGED_SOUND, f"{one.statement}: {claim.verdict}"


def named_by(text: str, *, code: bool) -> set[int]:
    """Return the numbers of contradictions that a cell names."""
    found: set[int] = set()
    if "contradictions()[:" in text:
        found |= set(range(1, 1 + int(text.partition("contradictions()[:")[2].partition("]")[0])))
    if code and "contradictions()" in text:
        for group in re.findall(r"number (?:in|==) [(\[]?([\d, ]+)", text):
            found |= {int(number) for number in re.findall(r"\d+", group)}
    for group in re.findall(r"contradictions? (\d+(?:(?:, | and )\d+)*)", text):
        found |= {int(number) for number in re.findall(r"\d+", group)}
    if not code and "contradictions()" in text:
        found |= {int(number) for number in re.findall(r"^\* \*\*(\d+)\.\*\*", text, re.MULTILINE)}
    return found


def test_each_contradiction_is_met_by_name_in_a_lesson_or_an_assignment():
    wanted = {one.number for one in evidence.contradictions()} - {38}  # 38: advertisements
    assert wanted == set(range(1, 38))
    named: set[int] = set()
    for path in [*notebooks.LESSONS, *notebooks.RELEASE]:
        for cell in notebooks.read(path).cells:
            named |= named_by(cell.source, code=cell.cell_type == "code")
    assert wanted - named == set()


def test_each_contradiction_answers_a_statement():
    answered = {n for one in STATEMENTS if one.answer != "left out" for n in one.contradictions}
    assert {one.number for one in evidence.contradictions()} - answered == {38}


def test_names_are_found_as_lessons_write_them():
    text = "if claim.number in (32, 33):\n    evidence.contradictions()"
    assert named_by(text, code=True) == {32, 33}
    assert named_by("(contradictions 31 and 36), contradiction 9", code=False) == {9, 31, 36}
    assert named_by("`evidence.contradictions()[:3]`", code=False) == {1, 2, 3}
    assert named_by("* **28.** 002 lists", code=False) == set()
    assert named_by("of `evidence.contradictions()`:\n\n* **28.** 002", code=False) == {28}


def test_the_page_is_made_from_the_table_and_its_links_lead_somewhere():
    said = coverage.PAGE.read_text(encoding="utf-8")
    assert said == coverage.page(), "run: python -m tools.coverage"
    for target in re.findall(r"\]\(([^)]+)\)", said):
        file, _, heading = target.partition("#")
        path = coverage.PAGE.parent / file
        assert path.exists(), target
        assert heading in {words.replace(" ", "-") for _, words in notebooks.headings(path)}
