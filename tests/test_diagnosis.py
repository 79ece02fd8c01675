"""Answers that people wrote from the task alone: causes are named, nonsense gets no name."""

from __future__ import annotations

import pytest

from tools import diagnosis
from tools.diagnosis import FOLDER, counted, share_named, told

FILES = sorted(FOLDER.glob("*.json"))
NAMED = 0.8  # of ideas, slips and mistakes in Python

assert FILES, "no answers"


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def answers(request):
    return list(told(request.param))


def test_every_right_answer_passes_and_no_wrong_one(answers):
    assert [one.code for one in answers if one.said.passed != (one.kind == "right")] == []


def test_most_causes_are_named(answers):
    assert share_named(counted(answers)) >= NAMED


def test_nonsense_gets_no_name(answers):
    named = [one.said.code for one in answers if one.kind == "none" and one.outcome == "named"]
    assert named == []


def test_nothing_is_told_but_what_somebody_has_read_and_found_apt(answers):
    other = [(one.code, one.said.code, one.apt) for one in answers
             if one.apt and one.said.code != one.apt]  # fmt: skip
    assert other == []


def test_what_is_said_is_short_and_complete(answers):
    for one in answers:
        assert len(str(one.said).split()) <= 160
        assert "{" not in one.said.why
        assert one.said.headline.endswith((".", "?"))


def test_the_table_counts_every_answer(answers):
    counts = counted(answers)
    assert sum(c.total() for c in counts.values()) == len(answers)
    assert str(len(answers)) or diagnosis.table(counts)
