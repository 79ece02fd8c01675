"""The rules that the items of the concept inventory keep."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest

from snrilab import evidence
from snrilab.exercises import FORMS, Question, declared, inventory_items, lessons
from tests.conftest import ROOT
from tests.test_anatomy import PAGES, glossary, shown, terms

ITEMS = [item for form in FORMS for item in inventory_items(form)]
PAIRS = list(zip(inventory_items("A"), inventory_items("B"), strict=True))
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair[0].number))


def numbers(text: str) -> list[str]:
    return [found.replace(",", "") for found in NUMBER.findall(text)]


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-zµ][\w-]*", text.replace("-fold", " fold"))


def length_in_words(text: str) -> int:
    return len(text.split())


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the reading grade of Flesch and Kincaid."""
    sentences = max(1, len(re.findall(r"[.?!:](?:\s|$)", text)))
    said = words(text)
    return 0.39 * len(said) / sentences + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


# -- 1, 2: four answers, ideas, two forms --------------------------------------------------------


@every_item
def test_one_of_four_is_right_and_the_others_are_known_ideas_of_its_lesson(item):
    assert len(item.answers) == 4
    assert [answer.correct for answer in item.answers] == [True, False, False, False]
    codes = [answer.idea for answer in item.answers[1:]]
    assert len(set(codes)) == 3
    for code in codes:
        idea = evidence.idea(code)
        assert idea.code == code, f"{code} is another name"
        assert idea.kind == "idea"
        assert set(idea.lessons) & set(item.lessons), f"{code} is not met in {item.lessons}"
    assert len({answer.text for answer in item.answers}) == 4


def ideas_asked() -> set[str]:
    found = set()
    for module in lessons():
        for thing in declared(module).values():
            if isinstance(thing, Question):
                found |= {option.idea for option in thing.options}
            else:
                found |= set(getattr(thing, "ideas", ()))
    return {evidence.idea(code).code for code in found if code}


def test_each_idea_is_met_by_an_exercise_or_a_question_of_its_lesson():
    written = {name.removeprefix("lesson") for name in lessons()}
    wanted = {
        answer.idea for item in ITEMS for answer in item.answers[1:] if set(item.lessons) <= written
    }
    assert wanted - ideas_asked() == set()


@every_pair
def test_both_forms_ask_the_same_with_other_numbers(pair):
    a, b = pair
    assert (a.form, b.form) == ("A", "B")
    assert (a.number, a.lessons, a.level, a.topic) == (b.number, b.lessons, b.level, b.topic)
    assert [x.idea for x in a.answers] == [x.idea for x in b.answers]
    assert a.stem != b.stem
    first, second = (numbers(item.stem.replace("95 % interval", "")) for item in pair)
    for one, other in zip(first, second, strict=False):
        assert one != other or one in {"1", "2"}, f"{one} stands in both stems"  # paper 1, trial 2


# -- 3: numbers ------------------------------------------------------------------------------------


@every_item
def test_each_number_of_an_answer_comes_from_its_formula(item):
    for answer in item.answers:
        said = numbers(answer.text)
        assert len(said) == len(answer.values), f"{answer.text}: {len(answer.values)} formulas"
        for number, value in zip(said, answer.values, strict=True):
            assert abs(float(number) - value) <= 0.5001 * 10 ** -len(number.partition(".")[2])


@every_item
def test_numbers_of_different_answers_are_a_tenth_apart(item):
    for one, other in combinations(item.answers, 2):
        if len(one.values) != 1 or len(other.values) != 1 or item.number == 19:
            continue  # 19 names its trials by number
        low, high = sorted(float(numbers(answer.text)[0]) for answer in (one, other))
        same = low == high and re.sub(r"\d", "", one.text) != re.sub(r"\d", "", other.text)
        assert same or high >= 1.1 * low, f"{one.text} and {other.text}"


@every_item
def test_the_reason_holds_the_number_of_the_right_answer(item):
    assert numbers(item.because), "a reason has a number"
    said = numbers(item.right.text)
    if item.number != 17:
        assert set(said) <= set(numbers(item.because))


def test_the_intervals_of_the_events_are_those_of_newcombe():
    from snrilab.compare import risk_difference

    for form, n, events in (("A", 100, (15, 5, 12, 9)), ("B", 200, (24, 8, 20, 17))):
        said = numbers(inventory_items(form)[19].stem)
        for on_drug, on_placebo in (events[:2], events[2:]):
            made = risk_difference(on_drug, n, on_placebo, n)
            for limit in (made.low, made.high):
                assert f"{100 * limit:.1f}" in said


@pytest.mark.parametrize(
    ("form", "trials"),
    [("A", ((3, 5, 1, 0.003), (1.5, 3.7, -0.7, 0.18))),
     ("B", ((4.5, 7.6, 1.4, 0.004), (2.5, 6, -1, 0.16)))],
)  # fmt: skip
def test_the_p_values_of_the_trials_follow_from_their_intervals(form, trials):
    from scipy.stats import norm

    said = numbers(inventory_items(form)[18].stem)
    for effect, far, near, p in trials:
        assert f"{-effect:g}" in said
        assert f"{p:g}" in said
        z = effect / ((far - near) / 2 / norm.ppf(0.975))
        assert round(2 * norm.sf(z), len(f"{p:g}") - 2) == p


# -- 4, 5, 6: wording ------------------------------------------------------------------------------


@every_item
def test_no_answer_sticks_out_by_its_length(item):
    lengths = [len(answer.text) for answer in item.answers]
    assert max(lengths) <= 1.3 * sum(lengths) / 4, dict(
        zip([answer.text for answer in item.answers], lengths, strict=True)
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("extreme", [max, min])
def test_the_right_answer_is_seldom_the_longest_or_the_shortest(form, extreme):
    marked = 0
    for item in inventory_items(form):
        lengths = [len(answer.text) for answer in item.answers]
        marked += lengths[0] == extreme(lengths) and lengths.count(lengths[0]) == 1
    assert marked <= 6


@every_item
def test_no_answer_is_given_away_by_its_words(item):
    right = item.right.text.lower()
    others = " ".join(answer.text.lower() for answer in item.answers[1:])
    for answer in item.answers:
        assert not re.search(r"(all|none) of the (above|answers)", answer.text.lower())
    for word in ("always", "never"):
        assert word not in words(right)
    assert not re.search(r"\b(not|except|false)\b", item.stem.lower().rpartition(".")[2])
    shared = {w for w in map(str.lower, words(item.stem)) if len(w) >= 4} & set(words(right))
    assert shared <= set(words(others)), "a word of the question stands in the right answer alone"


@every_item
def test_questions_are_short_and_easy_to_read(item):
    assert length_in_words(item.stem) <= 60
    assert item.stem.endswith("?")
    for answer in item.answers:
        assert length_in_words(answer.text) <= 15
    assert grade(item.stem) <= 9


# -- 7, 9, 10, 11 ----------------------------------------------------------------------------------


def test_no_drug_or_assay_of_the_course_is_named():
    drugs = {str(row.drug).lower() for row in evidence.find()} - {"", "none", "placebo"}
    named = " ".join(
        [
            item.stem + item.because + " ".join(a.text + a.why for a in item.answers)
            for item in ITEMS
        ]
    ).lower()
    for name in drugs | {"citalopram", "sert", "net ", "tritium", "serotonin", "swim", "ham-d"}:
        assert not re.search(rf"\b{re.escape(name.strip())}\b", named), name


ABBREVIATIONS = {"vmax", "km", "ki", "kd", "ic50", "ec50", "unbound", "competitive", "substrate"}


def test_terms_are_those_of_the_glossary():
    glossary = (ROOT / "course" / "00_start.ipynb").read_text(encoding="utf-8").lower()
    for term in ABBREVIATIONS:
        plain = {"kd": "k_d", "ec50": "ec_{50}"}.get(term, term)
        assert plain in glossary, term


# Everyday words of the items that no lesson happens to use; all others are met in the course.
EVERYDAY = {
    "breaks", "cut-off", "fifty", "finer", "frozen", "gland", "height", "hormone", "hospitals",
    "mechanisms", "milligrams", "month", "months", "present", "process", "removal", "salts",
    "sensitivity", "sensor", "speeds", "warmth", "weekly", "worsens",
}  # fmt: skip
TAUGHT = {  # terms of items, and how the lesson that teaches them says them in bold
    "first-order": "06",
    "relative": "06",
    "absolute": "06",
    "clearance": "06",
    "steady": "01",
    "competitive": "01",
    "unbound": "01",
}


def test_every_word_of_an_item_is_met_in_the_course():
    met = " ".join(text.lower() for page in PAGES for _, text in shown(page))
    for item in ITEMS:
        asked = " ".join([item.stem, *(answer.text for answer in item.answers), item.because])
        new = {word for word in re.findall(r"[a-z][a-z-]{4,}", asked.lower()) if word not in met}
        assert new <= EVERYDAY, f"{item.name}: {new - EVERYDAY} stands in no lesson"


@pytest.mark.parametrize(("term", "lesson"), TAUGHT.items())
def test_a_term_of_an_item_is_explained_by_its_name_in_a_lesson_and_in_the_glossary(term, lesson):
    assert any(term in f"{item.stem} {item.right.text}".lower() for item in ITEMS)
    page = next(page for page in PAGES if page.lesson.name == f"lesson{lesson}")
    bold = {one.lower() for _, text in shown(page) for one in terms(text)}
    assert any(term in one for one in bold), bold
    assert any(one.startswith(term) for one in glossary())


def test_no_item_makes_one_of_the_three_constants_into_another():
    for item in inventory_items("A")[13], inventory_items("B")[13]:
        assert "Ki" not in item.right.text
        assert "constant of its own" in item.because


UNIT = re.compile(
    r"\d (nM|nmol/min|% of them|%|points|patients|times as high|times tighter|mice|rats)"
)


@pytest.mark.parametrize("number", [1, 3, 4, 10, 11, 12, 13, 20])
def test_numeric_answers_have_one_unit(number):
    for item in ITEMS:
        if item.number == number:
            units = {found for a in item.answers for found in UNIT.findall(a.text)}
            assert len(units) == 1, units
            for answer in item.answers:
                assert bool(answer.values) == bool(UNIT.search(answer.text))


@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_broad_and_asks_for_more_than_memory(form):
    items = inventory_items(form)
    assert [item.number for item in items] == list(range(1, 21))
    assert sum(item.level != "understand" for item in items) >= 12
    assert max(Counter(item.lessons[0] for item in items).values()) <= 4
    assert len({item.topic for item in items}) == 20


@every_item
def test_each_wrong_answer_is_refuted_in_40_to_90_words(item):
    for answer in item.answers[1:]:
        said = item.refutation(answer)
        assert answer.text in said
        assert 40 <= length_in_words(said) <= 90, f"{length_in_words(said)}: {said}"
    assert item.refutation(item.right) == item.because


def test_there_is_no_third_form():
    with pytest.raises(ValueError, match="form must be 'A' or 'B', got 'C'"):
        inventory_items("C")
