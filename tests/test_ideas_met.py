"""Each wrong idea of the list is asked about, and fails where a learner acts on it."""

import runpy

import pytest

from snrilab import evidence
from snrilab.exercises import Goal, declared, lessons
from tests.conftest import ROOT
from tools import ideas

ASKED, TRIED = ideas.asked(), ideas.tried()
IDEAS = [one for one in evidence.ideas() if one.kind == "idea"]

# Ideas about what may be concluded, or about what lies outside of the models: words answer them,
# no number that a function returns and no slider. They are asked about only.
WORDS_ALONE = {
    "acts-on-transmitter",
    "animal-is-patient",
    "bioavailability-is-amount",
    "class-does-alike",
    "dose-cures-plateau",
    "each-step-takes-a-share",
    "every-receptor-raises-camp",
    "immobility-is-despair",
    "instant-induction",
    "interactions-are-exposure",
    "not-half-is-none",
    "percent-free-is-effect",
    "plasma-sets-the-wait",
    "potency-from-plasma",
    "potency-is-efficacy",
    "rate-ignores-concentration",
    "refills-a-lack",
    "same-both-ways",
    "selective-is-absolute",
    "steady-later",
}

# Ideas about how to work a thing out: they show in what somebody writes, and in nothing they say.
WRITTEN_ALONE = {
    "accumulation-for-time",
    "against-left-out",
    "best-run-counts",
    "d-is-percent-of-patients",
    "doors-in-series",
    "everybody-gets-a-dose",
    "half-is-a-floor",
    "halvings-by-division",
    "interactions-are-looked-up",
    "level-for-share",
    "minority-is-wrong",
    "one-half-life-a-day",
    "one-side-only",
    "ratios-are-probabilities",
    "share-as-factor",
    "share-doubles",
    "share-for-rate",
    "share-has-half-life",
    "share-taken-for-level",
}


def test_each_code_is_met_in_the_course():
    met = set(ASKED) | set(TRIED)
    assert {one.code for one in evidence.ideas()} - met == set()


@pytest.mark.parametrize("one", IDEAS, ids=lambda one: one.code)
def test_an_idea_is_asked_about_and_fails_where_it_is_acted_on(one):
    assert (one.code in ASKED) == (one.code not in WRITTEN_ALONE), "asked about"
    assert (one.code in TRIED) == (one.code not in WORDS_ALONE), "acted on"


def test_a_slip_is_found_where_something_is_written():
    slips = {one.code for one in evidence.ideas() if one.kind == "slip"}
    assert slips - set(TRIED) <= {"share-added-to-stay"}  # a prediction's own


def test_a_goal_is_against_ideas_of_the_list_that_its_lesson_or_another_asks_about():
    for module in lessons():
        for thing in declared(module).values():
            if isinstance(thing, Goal):
                for code in thing.against:
                    assert evidence.idea(code).code == code
                    assert code in ASKED, f"{thing.name}: {code}"


def test_the_table_for_teachers_has_a_line_for_each_idea(capsys):
    runpy.run_path(str(ROOT / "tools" / "ideas.py"), run_name="__main__")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2 + len(IDEAS)
    line = next(line for line in said if "`larger-ki-is-tighter`" in line)
    assert "lesson02/which_tighter" in line
    assert "lesson02/drug-used-up" in line
