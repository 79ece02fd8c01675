"""Taking the concept inventory: first answers, stopping and going on, and what is shared."""

from __future__ import annotations

import json
from collections import Counter

import ipywidgets
import pytest

from snrilab import feedback
from snrilab.exercises import inventory_items
from snrilab.feedback import _inventory, _memory
from snrilab.feedback._inventory import changes, results, shared, shuffled_answers


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(_memory, "_for_this_session", {})
    monkeypatch.setattr(_inventory, "_TOO_SOON_S", 0.0)
    monkeypatch.chdir(tmp_path)


class Page:
    """What a learner sees and does."""

    def __init__(self, form):
        self.page = feedback.inventory(form)
        asking, self.after = self.page.children
        self.where, self.stem, self.options, self.sure, self.press, self.status = asking.children

    def answer(self, item, idea, sure=2):
        texts = [answer.text for answer in shuffled_answers(item)]
        assert list(self.options.options) == texts
        chosen = next(answer for answer in item.answers if answer.idea == idea)
        self.options.index, self.sure.index = texts.index(chosen.text), sure
        self.press.click()

    def take(self, form, wrong=(), sure=2):
        for item in inventory_items(form):
            idea = item.answers[1].idea if item.number in wrong else ""
            self.answer(item, idea, sure)
        return self


def test_an_answer_and_how_sure_are_both_needed():
    page = Page("A")
    assert page.options.index is None
    page.press.click()
    assert page.status.message == "Choose an answer first."
    page.options.index = 0
    page.press.click()
    assert "how sure" in page.status.message
    assert results("A") == ()


def test_one_item_follows_the_other_and_nothing_is_told_before_the_end():
    page, items = Page("A"), inventory_items("A")
    assert "not been tried on a class" in page.where.value
    page.answer(items[0], items[0].answers[1].idea)
    assert items[1].stem in page.status.message
    assert items[0].because not in page.status.message
    assert page.options.index is None
    assert page.sure.index is None
    assert page.status.question == items[1].stem
    assert page.after.children == ()


def test_one_can_stop_and_go_on_and_the_first_answer_stays():
    items = inventory_items("A")
    Page("A").answer(items[0], "")
    other = Page("A")
    assert "Item 2 of 20" in other.where.value
    first, second = Page("A"), other  # the same item open twice
    first.answer(items[1], items[1].answers[2].idea, sure=0)
    second.answer(items[1], "", sure=2)
    assert results("A")[1].answer == items[1].answers[2]
    assert results("A")[1].sure == "guessing"


def test_a_double_click_does_not_answer_the_next_item(monkeypatch):
    monkeypatch.setattr(_inventory, "_TOO_SOON_S", 60.0)
    page, items = Page("A"), inventory_items("A")
    page.answer(items[0], "")
    page.options.index = page.sure.index = 0
    page.press.click()
    assert len(results("A")) == 1
    assert page.options.index is None


def test_sure_and_wrong_is_told_apart_from_unsure_and_wrong():
    page, items = Page("B"), inventory_items("B")
    for item in items:
        wrong = item.number <= 5
        page.answer(item, item.answers[1].idea if wrong else "", sure=item.number % 2)
    said = page.status.message
    assert "15 of 20 right (8 by guessing)" in said
    assert "3 wrong without guessing" in said
    assert "2 wrong and guessed" in said
    reasons = page.after.children[1].value
    assert reasons.count("<li>") == 20
    assert reasons.index("1. A pump") < reasons.index("2. An enzyme")
    assert "✗ Wrong (fairly sure)." in reasons
    assert "✗ A gap (guessing)." in reasons
    for item in items[:5]:
        assert _inventory.html.escape(item.refutation(item.answers[1])) in reasons


def everything_shown(page):
    shown = [page.where.value, page.status.message]  # the question is no longer displayed
    return " ".join([*shown, *(getattr(part, "value", "") for part in page.after.children)])


def test_the_key_of_form_a_is_told_after_form_b_and_not_before():
    first = everything_shown(Page("A").take("A", wrong={1, 4}))
    assert "18 of 20 right" in first
    assert "at the end of lesson 12" in first
    for item in inventory_items("A"):
        for told in (item.because, item.stem, *(answer.text for answer in item.answers)):
            assert _inventory.html.escape(told) not in first
    assert "<li>" not in everything_shown(Page("A"))  # opened again, and while form B is under way
    for item in inventory_items("B")[:19]:
        Page("B").answer(item, "")
    assert "<li>" not in everything_shown(Page("A"))
    Page("B").answer(inventory_items("B")[19], "")
    last = everything_shown(Page("A"))
    for item in inventory_items("A"):
        assert _inventory.html.escape(item.because) in last
    assert "at the end of lesson 12" not in last


def test_the_results_are_there_when_the_page_is_opened_again():
    Page("A").take("A")
    again = Page("A")
    assert "20 of 20 right" in again.status.message
    assert again.press.layout.display == "none"


def test_form_b_shows_what_became_of_each_idea():
    Page("A").take("A", wrong={1, 3})
    page = Page("B").take("B", wrong={3, 5})
    made = {one.idea: (one.before, one.after) for one in changes(results("A"), results("B"))}
    lowered, larger = "competitor-lowers-maximum", "larger-ki-is-tighter"
    assert made == {"block-is-rise": (1, 0), lowered: (1, 1), larger: (0, 1)}
    shown = page.after.children[0].value
    for words in ("not chosen now", "still there", "new", "1 of 2"):
        assert f">{words.replace(' ', chr(160))}</td>" in shown, (
            "a cell that breaks is hard to read"
        )
    told = "18 of 20 right before the course, 18 now; without guesses 18 and 18."
    assert f"{told} Of the 2 that were wrong 1 are right now; of the 18" in shown
    missed = {
        name for item in inventory_items("B") if item.number in {3, 5} for name in item.lessons
    }
    assert f"Lessons to look at again: {', '.join(sorted(missed))}." in shown


def test_guesses_are_told_apart_in_the_gain():
    Page("A").take("A", sure=0)
    shown = Page("B").take("B").after.children[0].value
    assert "20 of 20 right before the course, 20 now; without guesses 0 and 20." in shown
    assert "Lessons to look at again" not in shown


def test_without_form_a_nothing_is_said_about_change():
    page = Page("B").take("B", wrong={3})
    assert "Form A was not finished" in page.after.children[0].value


def test_a_guess_is_no_belief():
    Page("A").take("A", wrong={1}, sure=0)
    Page("B").take("B")
    assert changes(results("A"), results("B")) == ()


def test_nothing_is_written_without_consent(tmp_path):
    page = Page("A").take("A", wrong={4})
    agreed, press, status = page.after.children[-1].children
    assert isinstance(agreed, ipywidgets.Checkbox)
    assert agreed.value is False
    press.click()
    assert "not agreed" in status.message
    assert list(tmp_path.glob("*.json")) == []
    agreed.value = True
    press.click()
    (file,) = tmp_path.glob("inventory_*.json")
    written = json.loads(file.read_text(encoding="utf-8"))
    assert set(written) == {"format", "code", "answers"}
    assert written == shared()
    assert written["answers"]["A04"] == {"idea": "ic50-is-constant", "sure": "certain"}
    assert len(written["answers"]) == 20
    assert "seed" not in file.read_text(encoding="utf-8")


def test_the_place_of_the_right_answer_is_spread_over_learners_and_items(monkeypatch):
    places = Counter()
    for seed in range(1, 101):
        monkeypatch.setattr(_inventory, "learner_seed", lambda seed=seed: seed)
        for item in inventory_items("A"):
            places[shuffled_answers(item).index(item.right)] += 1
    assert all(abs(places[place] - 500) < 100 for place in range(4)), places  # 5 sd


def test_a_broken_file_asks_again():
    Page("A").answer(inventory_items("A")[0], "")
    _memory.record("inventory", "A01", {"idea": "no-such-idea", "sure": "certain"})
    assert results("A") == ()
    assert "Item 1 of 20" in Page("A").where.value


def test_where_nothing_is_kept_one_can_still_go_through(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    page = Page("A").take("A")
    assert "20 of 20 right" in page.status.message
    assert results("A") == ()
