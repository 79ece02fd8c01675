"""Marking answers in words: what is written to the gradebook, who may come in, keys alone."""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from argparse import Namespace
from datetime import datetime, timedelta
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from snrilab.classroom._answer_pages import AnswerPages, Pictures
from snrilab.classroom._commands import _items_named
from snrilab.classroom._gradebook import ClassroomError, opened
from snrilab.classroom._marking import ConflictError, Marking
from snrilab.classroom._marking_server import MarkingServer
from snrilab.classroom._questions import questions_of
from snrilab.classroom._report.record import read_record
from snrilab.classroom._report.standing import standing_of
from snrilab.classroom._unread import HandedOut
from snrilab.grading import feedback, rubric
from snrilab.grading.course import open_course
from snrilab.grading.feedback_basis import wait_in_words
from snrilab.grading.scoring import NOT_RUN
from tests.classroom import lecture
from tests.classroom.marking_class import (
    ANSWERS,
    ESSAY,
    PICTURE,
    grade,
    graded_notebook,
    hand_in,
    marking_class,
    source,
)
from tests.conftest import ROOT
from tests.grading import assignments
from tests.grading.browsers_eye import active_parts
from tests.grading.conftest import write_course
from tools.release import of_the_course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from snrilab.grading.course import Course
    from snrilab.grading.template import Template
    from tests.classroom.lecture import Lecture

    Run = Callable[..., tuple[int, str]]

KEY = "words/essay"
LIMITED, NUMBER, FOLLOWS, STRONGER = "i1", "i2", "i3", "i4"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path) -> Path:
    """A class that is graded, made once."""
    return marking_class(tmp_path_factory.mktemp("made") / "course", blank_gradebook).root


@pytest.fixture
def course(tmp_path: Path, made: Path) -> Course:
    shutil.copytree(made, tmp_path / "course")
    return open_course(tmp_path / "course")


@pytest.fixture
def marking(course: Course) -> Iterator[Marking]:
    made = Marking(course, "words")
    yield made
    made.close()


def give(marking: Marking, student: str, **change: Any) -> dict[str, Any]:
    return marking.mark(KEY, marking.people[student], change)


def in_gradebook(course: Course, student: str, cell: str = "essay") -> tuple[Any, ...]:
    """Return what nbgrader's own code finds: points by hand, whether they wait, the comment."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as book:
        found = book.find_grade(cell, "words", "words", student)
        said = book.find_comment(cell, "words", "words", student).manual_comment
        return found.manual_score, found.needs_manual_grade, said


def formgrader_gives(course: Course, student: str, points: float | None) -> None:
    """Do what formgrader does when somebody types points there."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as book:
        found = book.find_grade("essay", "words", "words", student)
        found.manual_score = points
        found.needs_manual_grade = points is None and found.auto_score is None
        book.db.commit()


# -- schemes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", of_the_course())
def test_the_scheme_of_each_assignment_is_worth_its_points(assignment: str) -> None:
    path = ROOT / "source" / assignment / f"{assignment}.ipynb"
    by_hand = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.metadata.nbgrader.solution
    ]
    assert by_hand
    for cell in by_hand:
        items = rubric.read_items(cell.source)
        assert len(items) <= 20, "each item has a key"
        assert rubric.most_of(items) == cell.metadata.nbgrader.points
        assert len({item.words for item in items}) == len(items)
        assert rubric.read_items("\n".join(map(str, items))) == items


def test_a_new_assignment_asks_its_question_and_has_a_scheme(tmp_path: Path, run: Run) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    assert run("new-assignment", "ps7_x", "--course", tmp_path)[0] == 0
    [template] = open_course(tmp_path).templates("ps7_x")
    [cell] = [cell for cell in template.graded if cell.role == "manual"]
    assert rubric.most_of(rubric.read_items(cell.reference)) == cell.points
    shown = "\n".join(other.release for other in template.cells)
    assert "Doubling the dose hardly changes" in shown
    assert "Kd holding" not in shown


def test_a_scheme_that_misses_the_points_is_told_before_release(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from snrilab.grading import proof_process
    from snrilab.grading.check import check_assignment
    from snrilab.grading.proof import Proof

    path = course.root / "source/words/words.ipynb"
    path.write_text(path.read_text("utf-8").replace("- 2 points: what", "- 1 point: what"), "utf-8")
    proof = Proof("words", {"test_drug": 5.0})
    monkeypatch.setattr(proof_process, "prove_apart", lambda *_: [proof])
    said: list[str] = []
    assert check_assignment("words", course.root, said.append) == 0
    [look] = [line for line in said if "  LOOK" in line]
    assert look.endswith(
        "essay: the items of its mark scheme are worth 4 points together, the question 5."
    )
    assert said[-1].startswith("words is ready, but look: 1 thing, named above with LOOK; then ")


def test_what_is_an_item_and_what_is_none() -> None:
    text = """* **2 points:** bold
1. 1.5 pts: numbered,
   on two lines
- 3 marks: with parts
  - one
  - two
- two points: no number
- 2 points without a colon
the end - 2 points: in a line"""
    assert [(i.points, i.words) for i in rubric.read_items(text)] == [
        ((2.0,), "bold"),
        ((1.5,), "numbered, on two lines"),
        ((3.0,), "with parts; one; two"),
    ]


# -- the gradebook --------------------------------------------------------------------------------


def test_items_free_points_and_comments_are_in_the_gradebook_at_once(
    course: Course, marking: Marking
) -> None:
    left = [waiting for waiting, count in marking.left().values() if count == 6]
    assert left == [5, 6, 6, 0]
    give(marking, "anna", item=LIMITED, place=0)
    assert give(marking, "anna", item=NUMBER, place=1)["points"] == 2.5
    assert in_gradebook(course, "anna") == (2.5, False, None)
    assert give(marking, "anna", item=STRONGER, place=0)["points"] == 1.5
    assert give(marking, "anna", free=0.25)["points"] == 1.75
    give(marking, "anna", comment="Which unit?\r\n", before="")
    assert in_gradebook(course, "anna") == (1.75, False, "Which unit?")
    # Nothing is below 0 or above all points.
    assert give(marking, "hans", item=STRONGER, place=0)["points"] == 0.0
    assert give(marking, "oh", free=5)["points"] == 5.0
    assert give(marking, "oh", item=LIMITED, place=0)["points"] == 5.0
    # Nothing right is marked; an item given and taken again is not.
    assert give(marking, "emma", zero=True)["status"] == "marked"
    give(marking, "ben", item=FOLLOWS, place=0)
    assert give(marking, "ben", item=FOLLOWS, place=None)["status"] == "left"
    assert in_gradebook(course, "ben") == (None, True, None)
    assert marking.left()[KEY] == (1, 6)
    # What a machine has decided can be changed, and taken back.
    assert give(marking, "zoe", item=LIMITED, place=0)["points"] == 2.0
    assert give(marking, "zoe", take_back=True)["status"] == "machine"
    assert in_gradebook(course, "zoe") == (None, False, None)
    # A task and a question without a scheme.
    code = marking.people["anna"]
    assert marking.mark("words/plan", code, {"item": "i1", "place": 0})["points"] == 4.0
    assert marking.mark("words/drawn", code, {"item": "i1", "place": 0})["points"] == 3.0
    assert in_gradebook(course, "anna", "plan")[0] == 4.0
    marking.mark("words/plan", code, {"comment": "Why 80?", "before": ""})
    assert in_gradebook(course, "anna", "plan")[2] == "Why 80?"


def test_what_is_no_change_changes_nothing(course: Course, marking: Marking) -> None:
    for change in (
        {}, {"item": "i9", "place": 0}, {"item": "i1", "place": 1}, {"item": "i1", "place": -1},
        {"item": "i1", "place": "0"}, {"free": 99}, {"free": "1"}, {"free": True},
        {"free": float("nan")}, {"stands": True},
    ):  # fmt: skip
        with pytest.raises(ClassroomError):
            give(marking, "anna", **change)
        assert in_gradebook(course, "anna") == (None, True, None), change
    with pytest.raises(ClassroomError, match="no answer of Nobody"):
        marking.mark(KEY, "Nobody", {"zero": True})


def test_formgrader_and_a_second_marker_work_beside_it(course: Course, marking: Marking) -> None:
    other = Marking(open_course(course.root), "words")
    give(marking, "anna", item=LIMITED, place=0)
    give(other, "anna", item=FOLLOWS, place=0)  # neither takes the other's away
    assert give(marking, "anna", item=NUMBER, place=1)["points"] == 4.5
    formgrader_gives(course, "anna", 4.0)
    seen = marking.state(KEY)["answers"][marking.people["anna"]]
    assert (seen["points"], seen["free"], len(seen["items"])) == (4.0, -0.5, 3)
    assert give(marking, "anna", item=NUMBER, place=None)["points"] == 3.5
    formgrader_gives(course, "ben", 3.0)
    assert marking.state(KEY)["answers"][marking.people["ben"]]["status"] == "marked"
    assert marking.left()[KEY] == (3, 6)
    formgrader_gives(course, "anna", None)
    assert give(marking, "anna", item=LIMITED, place=0)["points"] == 2.0, "a new beginning"
    give(other, "anna", comment="first", before="")
    with pytest.raises(ConflictError):
        give(marking, "anna", comment="second", before="")
    assert in_gradebook(course, "anna")[2] == "first"
    assert give(marking, "anna", comment="both", before="first")["comment"] == "both"
    other.close()


def test_two_markers_at_the_same_moment_lose_nothing(course: Course) -> None:
    both = [Marking(open_course(course.root), "words") for _ in range(2)]
    students = list(ANSWERS)

    def work(one: Marking, item: str) -> None:
        for student in students:
            give(one, student, item=item, place=0)

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in zip(both, (LIMITED, FOLLOWS), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [in_gradebook(course, student)[0] for student in students] == [4.0] * 6
    kept = both[0].marks()["given"][KEY]
    assert all(set(kept[student]["items"]) == {LIMITED, FOLLOWS} for student in students)
    for one in both:
        one.close()


# -- items that change ----------------------------------------------------------------------------


def test_a_changed_item_marks_again_who_has_it(course: Course, marking: Marking) -> None:
    for student in ("anna", "ben", "oh"):
        give(marking, student, item=LIMITED, place=0)
    give(marking, "ben", item=NUMBER, place=1)
    give(marking, "emma", item=NUMBER, place=0)
    formgrader_gives(course, "oh", 2.5)
    words = "a limited number of sites, said so"
    assert marking.change_item(KEY, LIMITED, [2], words) == {"have": 3, "moved": 0}
    assert marking.change_item(KEY, LIMITED, [1.5], words) == {"have": 3, "moved": 3}
    points = {student: in_gradebook(course, student)[0] for student in ANSWERS}
    assert points == {"anna": 1.5, "ben": 2.0, "emma": 1.0, "hans": None, "oh": 2.0, "zoe": None}
    assert marking.change_item(KEY, NUMBER, [2, 1], "a number") == {"have": 2, "moved": 2}
    assert in_gradebook(course, "ben")[0] == 2.5, "the lesser form stays the lesser one"
    assert marking.change_item(KEY, None, [1], "a picture") == {"have": 0, "moved": 0}
    [new] = [one for one in marking.state(KEY)["items"] if one["words"] == "a picture"]
    give(marking, "emma", item=new["name"], place=0)
    assert marking.change_item(KEY, NUMBER, [], "", remove=True) == {"have": 2, "moved": 2}
    assert in_gradebook(course, "emma")[0] == 1.0
    assert in_gradebook(course, "ben") == (1.5, False, None)
    with pytest.raises(ClassroomError, match="not there any more"):
        give(marking, "emma", item=NUMBER, place=0)
    with pytest.raises(ClassroomError, match="points and words"):
        marking.change_item(KEY, LIMITED, [], "x")
    # The next start finds all of it, and does not bring back what was taken away.
    again = Marking(open_course(course.root), "words")
    assert again.news == []
    assert again.marks()["questions"][KEY] == marking.marks()["questions"][KEY]
    again.close()


def test_a_changed_scheme_in_source_is_taken_over(course: Course, marking: Marking) -> None:
    give(marking, "anna", item=LIMITED, place=0)
    give(marking, "anna", item=FOLLOWS, place=0)
    give(marking, "ben", item=STRONGER, place=0)
    marking.change_item(KEY, NUMBER, [1, 0.5], "a number; half without a unit")
    path = course.root / "source/words/words.ipynb"
    text = path.read_text("utf-8")
    for old, new in (
        ("2 points: a limited number of sites", "1.5 points: a limited number of binding sites"),
        ("- 2 points: what follows for the dose", "- 0.5 points: something else entirely"),
        ("- -1 point: a claim stronger than its number\\n", ""),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    again = Marking(open_course(course.root), "words")
    items = {one["words"]: one for one in again.state(KEY)["items"]}
    assert items["a limited number of binding sites"]["name"] == LIMITED
    assert items["a number; half without a unit"]["name"] == NUMBER, "changed while marking"
    assert items["what follows for the dose"]["gone"], "somebody has it"
    assert items["a claim stronger than its number"]["gone"]
    assert items["something else entirely"]["name"] not in {LIMITED, NUMBER, FOLLOWS, STRONGER}
    assert in_gradebook(course, "anna")[0] == 3.5
    assert (
        f"{KEY}: 2 items of the mark scheme are new or changed; 1 answers have one" in again.news[0]
    )
    assert f"{KEY}: the items are worth 3 points together, the question 5." in again.news
    again.close()


# -- another day ----------------------------------------------------------------------------------


def test_grading_again_keeps_marks_of_the_same_text_only(course: Course, marking: Marking) -> None:
    give(marking, "anna", item=LIMITED, place=0)
    give(marking, "anna", comment="Good.", before="")
    give(marking, "ben", item=FOLLOWS, place=0)
    order = [answer.student for answer in marking.answers(KEY)]
    grade(course, {**ANSWERS, "ben": "Another text.", "new": "Late."})
    again = Marking(open_course(course.root), "words")
    assert in_gradebook(course, "anna") == (2.0, False, "Good.")
    state = again.state(KEY)["answers"]
    anna, ben = (state[again.people[student]] for student in ("anna", "ben"))
    assert (anna["status"], anna["items"]) == ("marked", {LIMITED: 0})
    assert (ben["status"], ben["items"], ben["points"]) == ("again", {FOLLOWS: 0}, 2.0)
    assert again.left()[KEY] == (5, 7)
    assert give(again, "ben", stands=True)["status"] == "marked"
    assert [one.student for one in again.answers(KEY) if one.student != "new"] == order
    assert {s: again.people[s] for s in ANSWERS} == marking.people
    orders = [[a.student for a in again.answers(key)] for key in again.questions]
    assert len({tuple(order) for order in orders}) > 1, "each question has its own order"
    again.close()


def test_everybody_counts_what_is_left_in_one_way(
    course: Course, marking: Marking, capsys: pytest.CaptureFixture[str]
) -> None:
    """After grading again: marks that stand, marks of another text, and none: six voices agree."""
    from snrilab.classroom._marks import marks_of
    from snrilab.grading.classrun import Outcome
    from snrilab.grading.commands import _summary
    from snrilab.grading.feedback_basis import basis_of
    from snrilab.grading.standing import standings

    give(marking, "anna", item=LIMITED, place=0)
    give(marking, "ben", item=FOLLOWS, place=0)
    formgrader_gives(course, "hans", 1.5)
    graded = grade(course, {"anna": ANSWERS["anna"], "ben": "Another text.", "hans": "New."})
    capsys.readouterr()
    stands = standings(course, "words")
    _summary(Outcome(graded=graded), "words", {}, stands, dry_run=False)
    said = capsys.readouterr().out
    again = Marking(course, "words")
    people = {s.id: s for s in read_record(course, "words").students}
    marks, _ = marks_of(course, "words")
    expected = {"anna": 2, "ben": 3, "hans": 3, "emma": 3, "oh": 3, "zoe": 2}
    with opened(course) as book:
        for student, number in expected.items():
            waiting = stands[student].waiting
            assert len(waiting) == number, student
            assert basis_of(book, course.root, "words", student).waiting == waiting
            assert set(people[student].left) == set(waiting)
            assert marks[student].waits == wait_in_words(waiting)
    left = again.left()
    again.close()
    total = sum(expected.values())
    assert sum(waiting for waiting, _ in left.values()) == total
    assert f"{total} answers wait for you, of 6 students: snrilab mark words" in said
    assert re.search(r"anna +7 of 23 \(2 answers wait for a mark, worth 9\)", said), "2 by hand"
    assert re.search(r"hans +6\.5 of 23 \(3 answers", said)


TEST = "words/test_drug"


@contextlib.contextmanager
def marked_with(course: Course, drug: dict[str, tuple[float | None, str]]) -> Iterator[Marking]:
    """Mark a class in which this was found in the test."""
    grade(course, ANSWERS, drug=drug)
    made = Marking(course, "words")
    yield made
    made.close()


def test_a_test_that_cannot_be_run_is_marked_by_hand(course: Course, run: Run) -> None:
    not_run = None, f"{NOT_RUN}it patches the clock"
    with marked_with(course, dict.fromkeys(ANSWERS, not_run)) as marking:
        assert marking.left()[TEST] == (6, 6)
        assert list(marking.questions)[-1] == TEST, "after what is written"
        code = marking.people["anna"]
        state = marking.state(TEST)
        assert state["answers"][code]["note"] == "it patches the clock"
        assert [(item["points"], item["name"]) for item in state["items"]] == [([5.0], "i1")]
        assert marking.mark(TEST, code, {"item": "i1", "place": 0})["points"] == 5.0
        assert marking.mark(TEST, marking.people["ben"], {"free": 2.5})["points"] == 2.5
        marking.mark(TEST, code, {"comment": "Right, by reading.", "before": ""})
        assert marking.state(TEST)["answers"][code]["comment"] == "Right, by reading."
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        query = (
            "SELECT name, manual_comment FROM comment JOIN base_cell ON cell_id = base_cell.id "
            "WHERE manual_comment IS NOT NULL"
        )
        said = book.execute(query).fetchall()
        assert said == [("drug", "Right, by reading.")], "where feedback shows it"
        query = ("SELECT manual_score, needs_manual_grade FROM grade JOIN base_cell ON cell_id = "
                 "base_cell.id WHERE name = 'test_drug' ORDER BY manual_score")  # fmt: skip
        assert book.execute(query).fetchall() == [(None, 1)] * 4 + [(2.5, 0), (5.0, 0)]
    assert "test_drug" in run("mark", "words", "--left", "--course", course.root)[1]
    # The same work keeps its marks; of another work they wait to be looked at.
    grade(course, {"anna": ANSWERS["anna"]}, drug={"anna": not_run})
    grade(course, {"ben": "Something else."}, drug={"ben": not_run})
    with contextlib.closing(Marking(course, "words")) as marking:
        answers = {a.student: (a.status, a.manual) for a in marking.answers(TEST)}
        assert (answers["anna"], answers["ben"]) == (("marked", 5.0), ("again", 2.5))
    # The test is mended: a machine judges all, and what was given by hand stays to be looked at.
    grade(course, ANSWERS)
    with contextlib.closing(Marking(course, "words")) as marking:
        answers = {a.student: (a.status, a.manual, a.auto) for a in marking.answers(TEST)}
        assert answers == {"anna": ("again", 5.0, 5.0), "ben": ("again", 2.5, 5.0)}
        marking.mark(TEST, marking.people["anna"], {"stands": True})
        marking.mark(TEST, marking.people["ben"], {"take_back": True})
        assert marking.left()[TEST] == (0, 2)
    with contextlib.closing(Marking(course, "words")) as marking:
        assert TEST not in marking.questions, "nobody waits any more"


def test_points_lost_to_a_line_that_works_elsewhere_can_be_given_back(course: Course) -> None:
    stopped = 0.0, "answer cell drug stopped: No module named 'google'"
    found = {"hans": stopped, "oh": (0.0, "twice Kd: divide by 3"), "zoe": (1.0, "1 of 5 points")}
    with marked_with(course, found) as marking:
        assert marking.left()[TEST] == (0, 1), "it has its points; a person may see it otherwise"
        [answer] = marking.answers(TEST)
        assert (answer.student, answer.status, answer.auto) == ("hans", "machine", 0.0)
        assert "No module named 'google'" in answer.note
        code = marking.people["hans"]
        assert marking.mark(TEST, code, {"item": "i1", "place": 0})["points"] == 5.0
        assert marking.mark(TEST, code, {"take_back": True})["status"] == "machine"
        with pytest.raises(ClassroomError, match="no answer"):
            marking.mark(TEST, marking.people["oh"], {"free": 5})
        assert in_gradebook(course, "hans")[0] is None
    with served(Marking(course, "words"), course.root) as server:
        page = ask(server, f"?q={server.keys.index(TEST) + 1}")[2]
        assert page.count("<article") == 1
        article = page.partition("<article")[2].partition("</article>")[0]
        stub = article.index("YOUR CODE HERE")
        assert stub < article.index("assert"), "the answer, then what tests it"
        assert active_parts(article) == []


def test_of_a_file_that_was_not_read_each_test_is_a_question(course: Course) -> None:
    """Who sends no other file is marked by what can be seen; nobody else is asked about."""
    hand_in(course, "emma", {"Antwort.txt": b"My words: the drug is a."})
    with contextlib.closing(Marking(course, "words")) as marking:
        assert list(marking.questions)[-1] == TEST, "after what is written"
        [answer] = marking.answers(TEST)
        assert (answer.student, answer.status, answer.auto) == ("emma", "left", None)
        assert "the folder holds Antwort.txt" in answer.note
        code = marking.people["emma"]
        marking.mark(TEST, code, {"comment": "By reading.", "before": ""})
        assert marking.mark(TEST, code, {"item": "i1", "place": 0})["comment"] == "By reading."
        assert marking.left()[TEST] == (0, 1)
        with served(marking, course.root) as server:
            page = ask(server, f"?q={server.keys.index(TEST) + 1}")[2]
        assert "My words: the drug is a." in page


def test_what_is_left_of_a_file_that_was_not_read_is_settled_at_once(course: Course) -> None:
    """Of this student alone, and of what was asked about; points that were given stay."""
    hand_in(course, "emma", {"Antwort.txt": b"My words: the drug is a."})
    with contextlib.closing(Marking(course, "words")) as marking:
        code, other = marking.people["emma"], marking.people["ben"]
        assert marking.rest(other) == [], "ben's words were read: they wait for a reader"
        asked = marking.rest(code)
        assert TEST in asked
        assert len(asked) == 5
        marking.mark(TEST, code, {"free": 4.0})
        before = marking.left()
        with served(marking, course.root) as server:
            what = {"q": 1, "answer": code}
            status, _, said = ask(server, "rest", what | {"keys": asked})
            assert (status, marking.left()) == (409, before), said
            now = json.loads(ask(server, f"rest?q=1&answer={code}")[2])["keys"]
            assert now == [key for key in asked if key != TEST]
            status, _, said = ask(server, "rest", what | {"keys": now})
            assert (status, json.loads(said)) == (200, {"settled": 4})
            assert ask(server, "rest", what | {"keys": now}, X_Snrilab=None)[0] == 403
        assert in_gradebook(course, "emma")[0] == 0.0
        [answer] = marking.answers(TEST)
        assert (answer.manual, answer.status) == (4.0, "marked")
        after = marking.left()
        assert [before[key][0] - after[key][0] for key in now] == [1] * 4
        assert marking.mark(now[0], code, {"take_back": True})["status"] == "left"
        assert marking.rest(code) == now[:1]


def test_feedback_of_what_no_machine_read_says_so_and_shows_no_answers(course: Course) -> None:
    """Marked by hand to its end, it is like any other page, but for its top and its answers."""
    from snrilab.classroom._returning import pack_feedback

    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nfrom snrilab.grading.autograde import configure\nconfigure(c)\n"
    )
    here = open_course(course.root)
    hand_in(here, "emma", {"Antwort.txt": b"My words: the drug is a."})
    here.folder("submitted", "anna", "words").mkdir(parents=True)
    lecture.was_graded_so(here, "words", "anna")

    def page_of(student: str) -> str:
        pack_feedback(here, "words", partial=True)
        return (here.folder("feedback", student, "words") / "words.html").read_text("utf-8")

    page = page_of("emma")
    assert "This file could not be read: words.ipynb is missing; the folder holds Antwort" in page
    assert "YOUR ANSWER" not in page, "the sheet's own words are nobody's answer"
    with contextlib.closing(Marking(here, "words")) as marking:
        code = marking.people["emma"]
        marking.mark(TEST, code, {"free": 4.0})
        assert "Not wholly marked yet: 4 answers wait for a mark" in page_of("emma")
        for key in marking.questions:
            if key != TEST:
                marking.mark(key, code, {"zero": True})
        marking.mark(KEY, marking.people["anna"], {"comment": "Look.", "before": ""})
    page = page_of("emma")
    note = re.search(r'<p role="note"><strong>(.*?)</strong>', page)[1]
    assert note == (
        "No machine could read this work as a notebook: words.ipynb is missing; the folder holds "
        "Antwort.txt. Your teacher has looked at what you handed in and gives points by what can "
        "be read of it. This page cannot show your answers."
    )
    assert "YOUR ANSWER" not in page
    assert "YOUR CODE" not in page
    assert page.count(feedback.NOT_READ) >= 4
    assert "Score: 4.0 / 5.0" in page
    other = page_of("anna")
    assert re.search(r">Comment on [^<]*essay, answer in your own words</a>", other)
    assert "No machine" not in other
    assert feedback.NOT_READ not in other
    assert pack_feedback(here, "words", partial=True).made == [], "and nothing is made twice"


def test_lateness_is_a_share_of_all_points(course: Course) -> None:
    from nbgrader.api import Gradebook

    due = datetime(2026, 11, 20)  # noqa: DTZ001 -- nbgrader keeps UTC without its zone
    with Gradebook(course.db_url) as book:
        book.find_assignment("words").duedate = due
        book.db.commit()
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "from snrilab.classroom import configure_late_work\n"
        "configure_late_work(c)\n"
    )
    (course.root / "late_rules.json").write_text('{"per_day": 10, "grace_min": 0, "most": 100}')
    late = open_course(course.root)
    grade(late, {"anna": ANSWERS["anna"]}, when=due + timedelta(hours=1))
    marking = Marking(late, "words")

    def penalty() -> float:
        with Gradebook(course.db_url) as book:
            found = book.find_submission_notebook("words", "words", "anna")
            return float(found.late_submission_penalty)

    assert penalty() == pytest.approx(0.5)
    give(marking, "anna", item=LIMITED, place=0)
    assert penalty() == pytest.approx(0.7)
    give(marking, "anna", take_back=True)
    assert penalty() == pytest.approx(0.5)
    marking.close()


def test_other_dates_change_what_lateness_costs_at_once(course: Course, run: Callable) -> None:
    """Before the next grading, too; who is in time by then pays nothing, and no time is made up."""
    from nbgrader.api import Gradebook

    from snrilab.grading.times import NOT_SAID, replies_file

    due = datetime(2026, 11, 20)  # noqa: DTZ001 -- nbgrader keeps UTC without its zone
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "from snrilab.classroom import configure_late_work\n"
        "configure_late_work(c)\n"
    )
    hours = {"anna": 1, "ben": 25, "oh": 1 / 60}
    replies = replies_file(course.root, "words")
    replies.parent.mkdir(parents=True)
    replies.write_text(json.dumps({"oh": {NOT_SAID: "2026-11-20 00:01:00"}}))
    here = ["deadline", "words", "--course", course.root, "--zone", "UTC"]
    run(*here, "--due", "2026-11-20 00:00", "--per-day", "10")
    now = open_course(course.root)
    for student, late in hours.items():
        grade(now, {student: ANSWERS[student]}, when=due + timedelta(hours=late))

    def costs() -> list[float]:
        with Gradebook(course.db_url) as book:
            found = [book.find_submission_notebook("words", "words", one) for one in hours]
            return [round(one.late_submission_penalty or 0.0, 6) for one in found]

    assert costs() == [0.5, 1.0, 0.5]
    status, said = run(*here, "--due", "2026-11-20 12:00")
    assert (status, costs()) == (0, [0.0, 0.5, 0.5]), said
    assert "What lateness costs is another now for 2: anna, ben." in said
    assert "oh: late, minutes unknown: 0.5 of 5 points taken" in said
    said = run(*here, "--due", "2026-11-16 00:00")[1]
    assert costs() == [2.5, 3.0, 0.5], "it is late, and nobody knows by how much"
    run(*here, "--grace", "15")
    assert costs() == [2.5, 3.0, 0.0]
    run(*here, "--extend", "ben", "6d")
    assert costs() == [2.5, 0.0, 0.0]
    assert "is another now for 1: anna." in run(*here, "--per-day", "20")[1]
    assert run(*here, "--due", "none")[0] == 0
    assert costs() == [0.0, 0.0, 0.0]


def test_what_was_kept_is_whole_or_refused(course: Course, marking: Marking) -> None:
    give(marking, "anna", item=LIMITED, place=0)
    path = rubric.marks_file(course.root, "words")
    assert path.stat().st_mode & 0o077 == 0
    whole = path.read_text("utf-8")
    path.write_text(whole[:-30], "utf-8")
    with pytest.raises(ClassroomError, match="cannot be read: put it right"):
        give(marking, "anna", item=FOLLOWS, place=0)
    assert in_gradebook(course, "anna")[0] == 2.0
    path.write_text(whole, "utf-8")
    assert give(marking, "anna", item=FOLLOWS, place=0)["points"] == 4.0


def test_feedback_says_what_the_points_are_for(
    course: Course, marking: Marking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traitlets.config import Config

    from snrilab.grading.autograde import configure
    from snrilab.grading.feedback import Given

    config = Config()
    configure(config)
    assert "snrilab.grading.feedback.Given" in config.GenerateFeedback.preprocessors
    give(marking, "anna", item=NUMBER, place=1)
    give(marking, "anna", item=LIMITED, place=0)
    formgrader_gives(course, "anna", 3.0)
    monkeypatch.chdir(course.root)
    cell = nbformat.v4.new_markdown_cell("text")
    cell.metadata["nbgrader"] = {"grade_id": "essay", "comment": "Good.", "score": 3.0}
    names = {"assignment": "words", "notebook": "words", "student": "anna"}
    Given().preprocess(nbformat.v4.new_notebook(cells=[cell]), {"nbgrader": names})
    assert cell.metadata["nbgrader"]["comment"] == (
        "Points by item:\n\n- 2 of 2 points: a limited number of sites\n"
        "- 0.5 of 1 points: a number; without a unit: half\n- +0.5: besides the items\n\nGood."
    )
    give(marking, "ben", zero=True)
    marks = marking.marks()
    assert rubric.explained(marks, KEY, "ben", 0.0) == []
    asked = Namespace(course=course.root, assignment="words")
    assert "a tick in snrilab mark adds those that were not" in _items_named(asked)
    marking.show_missing(True)
    assert _items_named(asked) == ""
    marks = marking.marks()
    assert rubric.explained(marks, KEY, "ben", 0.0) == [
        (0.0, 2.0, "a limited number of sites"),
        (0.0, 1.0, "a number; without a unit: half"),
        (0.0, 2.0, "what follows for the dose"),
    ]
    assert rubric.explained(marks, KEY, "emma", None) == []


# -- the page -------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(marking: Marking, folder: Path) -> Iterator[MarkingServer]:
    """Serve the page of a marking."""
    made = MarkingServer(marking, folder)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join(20)
    made.server_close()


@pytest.fixture
def server(marking: Marking, tmp_path: Path) -> Iterator[MarkingServer]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    with served(marking, folder) as made:
        yield made


def ask(
    server: MarkingServer,
    path: str,
    body: Any = None,
    *,
    secret: str | None = None,
    **headers: str | None,
) -> tuple[int, http.client.HTTPMessage, str]:
    """Ask the server as a browser would; headers that are None stay away."""
    line = http.client.HTTPConnection(server.place, timeout=20)
    secret = server.secret if secret is None else secret
    sent = {"Host": server.place}
    if body is not None:
        sent |= {"Content-Type": "application/json", "X-Snrilab": server.secret}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = json.dumps(body).encode() if body is not None else None
    line.putrequest("POST" if body is not None else "GET", f"/{secret}/{path}", skip_host=True)
    for name, value in sent.items():
        if value is not None:
            line.putheader(name, value)
    if data is not None and "Content-Length" not in sent:
        line.putheader("Content-Length", str(len(data)))
    line.endheaders(data)
    answer = line.getresponse()
    found = answer.status, answer.msg, answer.read().decode("utf-8", "replace")
    line.close()
    return found


def test_who_may_come_in(server: MarkingServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert ask(server, "?q=1")[0] == 200
    for secret in ("", "x", server.secret[:-1], server.secret + "x", "open"):
        assert ask(server, "?q=1", secret=secret)[0] == 403
    for host in ("evil.example", f"localhost.evil.example:{server.server_address[1]}", None,
                 "127.0.0.1", f"localhost:{server.server_address[1]}"):  # fmt: skip
        assert ask(server, "?q=1", Host=host)[0] == 403
    assert ask(server, "state?q=1", Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(server, "?q=1", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")[0] == 200
    assert ask(server, "?q=x1")[0] == 200, "the first question"
    for path in (
        "../nbgrader_config.py", "picture/../../gradebook.db", f"picture/{'0' * 40}.png",
        "_page/marking.js", "?q=99", "notebook?q=1&answer=anna", "state", "names?q=0",
    ):  # fmt: skip
        assert ask(server, path)[0] == 404, path
    # The address that a browser is started with opens once.
    first = ask(server, f"{server.door}?q=2", secret="open")
    assert first[0] == 303
    assert first[1]["Location"] == f"/{server.secret}/?q=2"


def test_a_door_opens_once(server: MarkingServer) -> None:
    door = server.door
    assert ask(server, door, secret="open")[0] == 303
    assert ask(server, door, secret="open")[0] == 403


def test_only_the_page_itself_changes_something(
    course: Course, marking: Marking, server: MarkingServer
) -> None:
    change = {"q": 1, "answer": marking.people["anna"], "change": {"zero": True}}
    for headers in (
        {"X_Snrilab": None}, {"X_Snrilab": "x"}, {"Origin": "https://evil.example"},
        {"Origin": "null"}, {"Sec_Fetch_Site": "same-site"}, {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"}, {"Host": "evil.example"},
    ):  # fmt: skip
        names = {name.replace("_", "-"): None for name in headers}
        assert ask(server, "mark", change, **{**names, **headers})[0] == 403, headers
    assert ask(server, "mark", change, secret="x")[0] == 403
    assert ask(server, "mark", change, Content_Length="99999999")[0] == 413
    for wrong, status in (
        ({"q": 9}, 404),
        ({"q": 1}, 400),
        ({"q": True, "change": {}}, 400),
        ([], 400),
    ):
        assert ask(server, "mark", wrong)[0] in {status, 404}
    assert ask(server, "nothing", change)[0] == 404
    assert in_gradebook(course, "anna") == (None, True, None)
    status, _, said = ask(server, "mark", change, Origin=f"http://{server.place}")
    assert (status, json.loads(said)["points"]) == (200, 0.0)
    assert in_gradebook(course, "anna") == (0.0, False, None)
    status, _, said = ask(server, "mark", {**change, "change": {"free": 99}})
    assert (status, json.loads(said)["error"]) == (400, "free points are a number from -5 to 5.")
    comment = {**change, "change": {"comment": "b", "before": "a"}}
    assert ask(server, "mark", {**change, "change": {"comment": "x", "before": ""}})[0] == 200
    assert ask(server, "mark", comment)[0] == 409
    item = {"q": 1, "name": LIMITED, "points": "1 or 0,5", "words": "sites"}
    assert json.loads(ask(server, "item", item)[2]) == {"have": 0, "moved": 0}
    assert marking.state(KEY)["items"][0]["points"] == [1.0, 0.5]
    assert ask(server, "item", {**item, "points": "many"})[0] == 400
    assert ask(server, "missing", {"q": 1, "on": True})[0] == 200
    assert marking.marks()["missing"] is True


def test_nothing_of_a_students_is_active(marking: Marking, server: MarkingServer) -> None:
    _, headers, page = ask(server, "?q=1")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    for name, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
                        ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY")):  # fmt: skip
        assert headers[name] == value
    code = marking.people["ben"]
    whole = ask(server, f"notebook?q=1&answer={code}")[2]
    drawn = ask(server, "?q=2")[2]
    for made in (page, whole, drawn):
        plain = re.sub(r'<script src="marking.js" defer></script>', "", made)
        assert active_parts(plain) == []
        for tag in re.findall(r"<[a-z][^>]*>", plain):
            assert not re.search(
                r"(?i)https?:|//|javascript|data:|\son\w+\s*=", tag.split(' data-items="')[0]
            )
        assert set(re.findall(r"<(script|style|iframe|form|svg|object|a)\b", plain)) <= {"a"}
        assert re.findall(r"<a\b[^>]*>", plain) in ([], ['<a class="skip" href="#panel">'])
    assert "https://evil.example/p" in page, "an address can be read"
    own = page.replace("oh's plan", "").replace("oh&#x27;s plan", "")  # a student's own words
    assert not set(ANSWERS) & set(re.findall(r"\w+", own)), "nobody is named"


def test_answers_look_as_in_feedback(marking: Marking, server: MarkingServer) -> None:
    page = ask(server, "?q=1")[2]
    assert "<h4>My answer</h4>" in page
    assert "<mfrac>" in page
    assert re.search(r"<td>91 %</td>", page)
    [picture] = set(re.findall(r'src="(picture/[^"]+)" alt="curve"', page))
    status, headers, _ = ask(server, picture)
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert "Why does occupancy saturate?" in page
    assert "<msub>" in page.partition("Model answer")[2], "the model answer with its equation"
    assert "Follow-on mistakes cost nothing." in page
    assert "BEGIN SOLUTION" not in page
    assert page.count("<article") == 6
    drawn = ask(server, "?q=2")[2]
    assert "&lt;b&gt;20&lt;/b&gt;" in drawn
    assert "<caption>Ki</caption>" in drawn
    assert drawn.count("picture that the code has drawn") == 6
    plan = ask(server, "?q=3")[2]
    for student in ANSWERS:
        assert f"20, then 40: {student}'s plan" in plan.replace("&#39;", "'").replace("&#x27;", "'")
    names = json.loads(ask(server, "names?q=1")[2])
    assert names == {marking.people[student]: student for student in ANSWERS}
    state = json.loads(ask(server, "state?q=1")[2])
    assert state["left"] == [5, 6, 6, 0]
    notes = {student: state["answers"][marking.people[student]]["note"] for student in ANSWERS}
    assert notes["oh"] == "it holds text elsewhere"
    assert notes["zoe"] == "No response."
    assert notes["anna"] == ""
    assert json.loads(ask(server, f"state?q=1&seen={state['stamp']}")[2]) == {"same": True}


def test_work_that_stock_nbgrader_has_graded_is_as_harmless(
    course: Course, marking: Marking, server: MarkingServer
) -> None:
    from tests.classroom.marking_class import HOSTILE

    path = course.folder("autograded", "hans", "words") / "words.ipynb"
    whole = json.loads(path.read_text("utf-8"))
    for cell in whole["cells"]:
        if cell["id"] == "essay":
            svg = {"image/svg+xml": "<svg onload=alert(1)>"}
            text = f"{HOSTILE}\n![p](attachment:p.png) ![s](attachment:s.svg) ![q](attachment:none)"
            cell |= {"source": text, "attachments": {"p.png": {"image/png": PICTURE}, "s.svg": svg}}
        if cell["id"] == "drawn":
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {
                "text/html": HOSTILE, "image/svg+xml": "<svg onload=alert(1)>"}}]  # fmt: skip
    path.write_text(json.dumps(whole), "utf-8")
    for number in (1, 2):
        page = ask(server, f"?q={number}")[2].replace(
            '<script src="marking.js" defer></script>', ""
        )
        assert active_parts(page) == []
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        book.execute("DROP TABLE snrilab_receipt")
    assert 'alt="p"' in ask(server, "?q=1")[2]
    assert give(marking, "hans", item=LIMITED, place=0)["points"] == 2.0


def broken(essay: str) -> bytes:
    """Return a student's notebook with this essay, as Jupyter writes it."""
    whole = graded_notebook("", "emma")
    for cell in whole["cells"]:
        source = essay if cell["id"] == "essay" else cell["source"]
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(whole, indent=1, sort_keys=True).encode()


def office(name: str, words: str, how: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        archive.writestr(name, words)
    return made.getvalue()


def spoilt() -> bytes:
    """Return a text document whose packed words were damaged on their way."""
    whole = bytearray(office("word/document.xml", f"<w:p>{WORDS}</w:p>", zipfile.ZIP_DEFLATED))
    start = 30 + len("word/document.xml")
    whole[start : start + 20] = b"\xff" * 20
    return bytes(whole)


WORDS = "Only so many sites are there: at 10 nM <b>91 %</b> of them are taken."
CUT = "the file is not a whole notebook: its JSON is cut off in line "
LIES_THERE = {
    "text": (
        {"Antwort.txt": WORDS.encode("utf-16")}, "the folder holds Antwort.txt", "Antwort.txt",
    ),
    "word": (
        {"essay.docx": office("word/document.xml", f"<w:p>First.</w:p><w:p>{escape(WORDS)}</w:p>")},
        "the folder holds essay.docx", "office document",
    ),
    "writer": (
        {"essay.odt": office("content.xml", f"<text:p>{escape(WORDS)}</text:p>")},
        "the folder holds essay.odt", "essay.odt",
    ),
    "page": (
        {"words.ipynb": f"<!DOCTYPE html><script>no()</script><p>{escape(WORDS)}</p>".encode()},
        "it is a saved web page", "saved web page",
    ),
    "cut": (
        {"words.ipynb": broken(WORDS).partition(b"B. A picture")[0]}, CUT, CUT,
    ),
    "cut in the answer": (
        {"words.ipynb": broken(f"{WORDS} And so on").partition(b" And so")[0]}, CUT, CUT,
    ),
    "conflict": (
        {"words.ipynb": broken(f"Before.\n{WORDS}").replace(
            b'    "Before', b'<<<<<<< HEAD\n    "Before', 1)},
        "it holds conflict markers", "conflict markers",
    ),
    "which": (
        {"words (1).ipynb": broken(WORDS), "words-Copy2.ipynb": broken("Another answer.")},
        "which notebook counts?", "words-Copy2.ipynb",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("essay.docx", spoilt(), "essay.docx"),
        ("page.html", f"<html><![odd[x]]><p>{WORDS}</p>".encode(), WORDS),
    ],
)
def test_a_damaged_file_ends_no_page(
    name: str, data: bytes, shown: str, course: Course, server: MarkingServer
) -> None:
    hand_in(course, "emma", {name: data})
    status, _, page = ask(server, "?q=1")
    assert status == 200
    assert escape(shown, quote=False) in page


@pytest.mark.parametrize("kind", LIES_THERE)
def test_what_could_not_be_read_is_shown_where_it_is_marked(
    kind: str, course: Course, marking: Marking, server: MarkingServer
) -> None:
    """The student's words, what the file is, and no stub that looks like no answer."""
    files, why, what = LIES_THERE[kind]
    hand_in(course, "emma", files)
    page = ask(server, "?q=1")[2]
    code = marking.people["emma"]
    [article] = re.findall(rf'(?s)<article id="answer-{code}".*?</article>', page)
    assert escape(WORDS, quote=False) in article
    assert escape(what) in article
    assert "Why does occupancy saturate?" not in article, "the teacher's own words"
    assert "YOUR ANSWER" not in article
    assert active_parts(article) == []
    one = json.loads(ask(server, "state?q=1")[2])["answers"][code]
    assert why in one["note"]
    assert (one["status"], one["points"]) == ("left", None)
    assert escape(WORDS, quote=False) in ask(server, f"notebook?q=1&answer={code}")[2]
    rest = re.findall("(?s)<details>.*?</details>", article)
    if kind.startswith("cut"):
        assert WORDS[:20] not in "".join(rest), "the answer that is asked for stands first"


def cut_off(root: Path, template: Template) -> list[str]:
    """Let the student whose file is unreadable have right answers in it; return their lines."""
    key = {str(c.grade_id): c.reference for c in template.cells if c.role == "solution"}
    answered = dict(list(key.items())[:4])
    answered["written-answer"] = "Two assays, so no ratio."
    whole = lecture.notebook_of(template, answered)
    text = json.dumps(whole, indent=1, sort_keys=True).encode()
    path = root / "submitted" / lecture.UNREAD / lecture.PS2 / f"{lecture.PS2}.ipynb"
    path.write_bytes(text[: text.index(b"Two assays, so no ratio.") + 24])
    return [line for source in answered.values() for line in source.split("\n") if line.strip()]


def test_right_lines_of_a_file_that_was_cut_off_are_all_shown(
    forty: Lecture, tmp_path: Path
) -> None:
    """What equals the answer key is the student's too; what is left out is the task's, counted."""
    root = tmp_path / "course"
    shutil.copytree(forty.root, root, ignore=shutil.ignore_patterns("autograded"))
    written = cut_off(root, forty.template)
    pages = AnswerPages(open_course(root), lecture.PS2, Pictures(tmp_path))
    [question] = questions_of(open_course(root), lecture.PS2)
    for page in (
        pages.answer(question, lecture.UNREAD, "its JSON is cut off"),
        pages.notebook(lecture.PS2, lecture.UNREAD),
    ):
        text = unescape(page)
        assert [line for line in written if line not in text] == []
        assert "raise NotImplementedError" not in text
        [many] = re.findall(r"(\d+) lines of the task's own text are not shown", text)
        assert int(many) > 50
    assert len(written) > 8
    assert text.index(written[0]) < text.index("Two assays, so no ratio."), (
        "the whole stands in the file's order"
    )
    assert "<details>" not in page


def test_a_students_id_is_not_shown_under_the_pseudonym(course: Course) -> None:
    """Neither of a cut file nor of a whole notebook; other words that are like it stay."""
    pages = AnswerPages(course, "words", Pictures(course.root))
    [question] = [q for q in questions_of(course, "words") if q.key == KEY]
    who = "j.de-luca@uni.example"
    told = f'student_id = "{who}"\n# {who.upper()} wrote this'
    cell = {"cell_type": "code", "metadata": {}, "source": told, "outputs": [], "id": "x"}
    whole = json.loads(assignments.submit(source()))
    whole["cells"].insert(0, cell | {"execution_count": None})
    hand_in(course, who, {"words.ipynb": json.dumps(whole).encode()[:-40]})
    for page in (pages.answer(question, who, "cut off"), pages.notebook("words", who)):
        assert "student_id" in page
        assert who not in page.lower()
        assert page.count("[id]") == 2
    path = course.folder("autograded", "ben", "words") / "words.ipynb"
    changed = json.loads(path.read_text("utf-8"))
    changed["cells"].insert(0, cell | {"source": "student_id = 'Ben'\nbend = 1", "outputs": []})
    path.write_text(json.dumps(changed), "utf-8")
    page = pages.notebook("words", "ben")
    assert "Ben" not in page
    assert "bend" in page


def test_a_file_that_nobody_sends_again_is_marked_to_its_end(
    forty: Lecture, tmp_path: Path, run: Run
) -> None:
    """Each test is a question for this student; page, feedback, table and report count alike."""
    root = tmp_path / "course"
    shutil.copytree(forty.root, root, ignore=shutil.ignore_patterns("autograded"))
    written = cut_off(root, forty.template)
    who, here = lecture.UNREAD, ["--course", root]
    lecture.was_graded_so(open_course(root), lecture.PS2, who)
    points = {f"{lecture.PS2}/{cell.grade_id}": cell.points for cell in forty.template.graded}
    *most, last = points

    def mine() -> set[str]:
        return {
            key for key in marking.questions for a in marking.answers(key)
            if a.student == who and a.status in {"left", "again"}
        }  # fmt: skip

    def told(waiting: set[str]) -> str:
        """Ask each command how much of the student's waits; return the table with the marks."""
        table = root / "table.csv"
        shutil.copy(forty.root / "gradebook.csv", table)
        waits = wait_in_words({key: points[key] for key in waiting})
        for words in (["feedback", lecture.PS2, "--student", who], ["grades", lecture.PS2, table]):
            into = ["--into"] if words[-1] == table else []
            said = run(*words[:2], *into, *words[2:], *here)[1]
            lines = re.findall(rf"(?m)^.*\b{who}: .*$", said)
            assert [waits in line for line in lines] == [True] * bool(waiting), said
        record = read_record(open_course(root), lecture.PS2)
        [one] = [each for each in record.students if each.id == who]
        assert set(one.left) == waiting == mine()
        assert one.judged == (not waiting or not one.unreadable)
        standing = standing_of(record, lecture.DUE)
        assert who not in {one.id for one in (*standing.only_text, *standing.blank)}
        assert (who in {one.id for one in standing.held + standing.to_mark}) == bool(waiting)
        return table.read_text("utf-8")

    with contextlib.closing(Marking(open_course(root), lecture.PS2)) as marking:
        left = sum(waiting for waiting, _ in marking.left().values())
        assert f"Together: {left} of " in run("mark", lecture.PS2, "--left", *here)[1]
        told(set(points))
        with served(marking, tmp_path) as server:
            for number in (1, 2, len(server.keys)):
                page = unescape(ask(server, f"?q={number}")[2])
                assert written[0] in page, "the file's text is beside each question"
        for key in most:
            marking.mark(key, marking.people[who], {"free": points[key]})
        told({last})
        marking.mark(last, marking.people[who], {"zero": True})
        score = sum(points[key] for key in most)
        [row] = [line for line in told(set()).splitlines() if f",{who}," in line]
        assert row.endswith(f",{score:.2f}")
    # The file comes after all: a machine judges it, and what was given by hand is looked at.
    lecture.comes_after_all(root, who)
    with contextlib.closing(Marking(open_course(root), lecture.PS2)) as marking:
        told(set(points))
        for key in points:
            marking.mark(key, marking.people[who], {"stands": True})
        told(set())


def test_a_saved_page_keeps_lines_that_stand_in_the_task_too(forty: Lecture) -> None:
    """Of a text without cells a block that was handed out goes, and no single line of code."""
    handed_out = HandedOut(forty.template)
    stub = next(c for c in forty.template.cells if c.grade_id == "fit_ic50").release
    lines = stub.split("\n")
    assert len(lines) > 2
    own, left_out = handed_out.part_of_text(f"before\n{stub}\nafter")
    assert own.split() == ["before", "after"]
    assert left_out == sum(bool(line.strip()) for line in lines)
    answer = f"{lines[0]}\n    return half"
    assert handed_out.part_of_text(answer) == (answer, 0)
    assert handed_out.part("fit_ic50", answer) == (answer, 0)
    assert handed_out.part("fit_ic50", f"{stub}  ")[0] == ""
    half = stub[: len(stub) // 2]
    assert handed_out.part("fit_ic50", half) == (half.strip("\n"), 0)
    assert handed_out.part("fit_ic50", half, is_cut=True)[0] == ""


def test_of_what_cannot_be_shown_the_name_is(
    course: Course, marking: Marking, server: MarkingServer
) -> None:
    photo = base64.b64decode(PICTURE)
    hand_in(course, "emma", {"page.pdf": b"%PDF-1.7 \x80", "deep/photo.png": photo, "a.txt": b""})
    page = ask(server, "?q=1")[2]
    [article] = re.findall(rf'(?s)<article id="answer-{marking.people["emma"]}".*?</article>', page)
    assert "<h4>page.pdf</h4>" in article
    assert "it is a PDF document" in article
    assert "the file is empty" in article
    [address] = re.findall(r"src='(picture/[^']+)' alt='picture that was handed in'", article)
    assert ask(server, address)[0] == 200
    assert active_parts(article) == []


def test_text_elsewhere_in_the_notebook_is_shown_too(
    course: Course, marking: Marking, server: MarkingServer
) -> None:
    """`oh` waits since there is text elsewhere; who has written nothing anywhere does not."""
    page = ask(server, "?q=1")[2]
    made = {
        student: re.findall(rf'(?s)<article id="answer-{code}".*?</article>', page)[0]
        for student, code in marking.people.items()
    }
    assert "Elsewhere in the notebook" in made["oh"]
    assert "oh&#x27;s plan" in made["oh"] or "oh's plan" in made["oh"]
    assert "Elsewhere" not in made["zoe"] + made["anna"]


# -- the command ----------------------------------------------------------------------------------


def test_the_command_serves_says_what_is_left_and_ends(course: Course, run: Run) -> None:
    (course.root / "nbgrader_config.py").write_text("c = get_config()\n")
    here = ["--course", course.root]
    status, said = run("mark", "words", *here, "--left")
    assert status == 1
    assert "words/essay: 5 of 6 answers are left." in said
    status, said = run("mark", "words", *here, "--scheme")
    assert status == 0
    assert rubric.read_items(said)[:4] == rubric.read_items(ESSAY)
    assert "- 4 points: the whole answer" in said
    for words, why in (
        (["nothing", *here], "no teacher's notebook"),
        (
            ["words", *here, "--question", "other", "--no-browser"],
            "is not marked by hand; these are",
        ),
        (["words", *here, "--port", "99999", "--no-browser"], "cannot be used"),
    ):
        status, said = run("mark", *words)
        assert status == 2
        assert why in said
    running = subprocess.Popen(
        [sys.executable, "-m", "snrilab", "mark", "words", "--no-browser", *map(str, here)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONUNBUFFERED": "1", "PATH": ""},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- else inherited
    )  # fmt: skip
    assert running.stdout is not None
    line = running.stdout.readline()
    found = re.search(r"http://(127\.0\.0\.1:\d+)(/\S+)", line)
    assert found, line
    connection = http.client.HTTPConnection(found[1], timeout=20)
    connection.request("GET", found[2])
    assert connection.getresponse().status == 200
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=30)[0]
    assert running.returncode == 0
    assert "words/essay: 5 of 6 answers are left." in said


def test_before_anything_is_graded_it_says_so(tmp_path: Path, run: Run) -> None:
    write_course(tmp_path, {"words": source()}, {})
    status, said = run("mark", "words", "--course", tmp_path)
    assert status == 2
    assert "nothing is graded yet: snrilab grade words" in said
    assert not (tmp_path / "gradebook.db").exists()


@pytest.mark.parametrize("known", [False, True])
def test_before_anything_is_graded_the_scheme_is_the_sources(
    tmp_path: Path, blank_gradebook: Path, known: bool, run: Run
) -> None:
    write_course(tmp_path, {"words": source()}, {})
    if known:  # as `nbgrader generate_assignment` leaves it
        from snrilab.grading.gradebook import Writer

        shutil.copy(blank_gradebook, tmp_path / "gradebook.db")
        writer = Writer(open_course(tmp_path), "words")
        writer.open(open_course(tmp_path).templates("words"))
        writer.close()
    status, said = run("mark", "words", "--scheme", "--course", tmp_path)
    assert status == 0, said
    assert rubric.read_items(said)[:4] == rubric.read_items(ESSAY)
    assert "words/else:\n\n- 4 points: the whole answer\n" in said
    assert "- 4 points: steps that double" in said
    assert (tmp_path / "gradebook.db").exists() is known


# -- in the browser, without a mouse ------------------------------------------------------------


def shown(page: Any, words: str) -> None:
    """Wait until the page says so."""
    page.locator("#said").filter(has_text=words).wait_for(timeout=10_000)


def violations(page: Any) -> list[tuple[str, str]]:
    """Return what axe objects to seriously; the page's own policy, which stops axe, is off."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], one["impact"]) for one in found if one["impact"] in {"serious", "critical"}]


@pytest.mark.browser
def test_a_class_is_marked_by_keys_alone(
    course: Course, marking: Marking, server: MarkingServer, browser: Any
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://{server.place}/open/{server.door}?q=1")
    page.wait_for_selector("body[data-ready]")
    order = [answer.student for answer in marking.answers(KEY)]
    codes = [marking.people[student] for student in order]
    assert page.locator("#left").inner_text() == "5 of 6 left"
    assert page.locator("article.current").get_attribute("data-answer") == codes[0]
    for key in ("1", "2", "2"):  # faster than the server answers
        page.keyboard.press(key)
    shown(page, f"{codes[0]}: 2.5 of 5 points.")
    assert in_gradebook(course, order[0]) == (2.5, False, None)
    page.keyboard.press("c")
    page.keyboard.type("j and 1 are words here")
    page.keyboard.press("Escape")
    shown(page, "comment written")
    assert in_gradebook(course, order[0])[2] == "j and 1 are words here"
    page.keyboard.press("f")
    page.keyboard.type("0,5")
    page.keyboard.press("Enter")
    shown(page, "3 of 5 points.")
    page.keyboard.press("Enter")
    page.keyboard.press("z")
    shown(page, f"{codes[1]}: 0 of 5 points.")
    page.keyboard.press("j")
    page.keyboard.press("3")
    shown(page, f"{codes[2]}: 2 of 5 points.")
    page.keyboard.press("k")
    page.keyboard.press("x")
    shown(page, f"{codes[1]}: not marked.")
    assert page.locator("#left").inner_text() == "3 of 6 left"
    # What is marked in formgrader meanwhile is seen, and Enter passes it by.
    formgrader_gives(course, order[3], 4.0)
    page.locator(f"#answer-{codes[3]} .mark").filter(has_text="4 points").wait_for(timeout=10_000)
    page.keyboard.press("Enter")
    page.locator(f"#answer-{codes[4]}.current").wait_for()
    page.keyboard.press("s")
    page.locator(f"#answer-{codes[4]} .who").filter(has_text=order[4]).wait_for()
    page.keyboard.press("v")
    assert page.locator("article:visible").count() == 1
    # An item changes: who has it is marked again, and the place is kept.
    page.keyboard.press("e")
    page.keyboard.press("1")
    assert page.locator("#item-have").inner_text().startswith("1 answer has it")
    page.keyboard.type("1.5")
    page.keyboard.press("Control+Enter")
    shown(page, "Changed: 1 had this item, 1 have other points now.")
    page.wait_for_selector("body[data-ready]")
    assert page.locator("article.current").get_attribute("data-answer") == codes[4]
    assert in_gradebook(course, order[0])[0] == 2.5
    page.keyboard.press("a")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")  # to the words first, which an item cannot be without
    assert page.evaluate("() => document.activeElement.id") == "item-words"
    page.keyboard.type("a drawing")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    shown(page, "Added.")
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".items li").last.locator(".words").inner_text() == "a drawing"
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    assert in_gradebook(course, order[4])[0] is None, "keys of the help do nothing else"
    page.keyboard.press("]")
    page.locator("h2", has_text="B. A picture").wait_for()
    assert [url for url in asked if not url.startswith(f"http://{server.place}/")] == []
    assert wrong == []
    assert page.evaluate("() => window.alerted === undefined")
    context.close()


@pytest.mark.browser
def test_the_rest_of_an_unread_file_is_settled_by_a_key_and_an_answer(
    course: Course, tmp_path: Path, browser: Any
) -> None:
    hand_in(course, "emma", {"Antwort.txt": b"My words: the drug is a."})
    context = browser.new_context()
    page = context.new_page()
    with contextlib.closing(Marking(course, "words")) as marking, served(marking, tmp_path) as made:
        number = made.keys.index(TEST) + 1
        page.goto(f"{made.address}?q={number}")
        page.wait_for_selector("body[data-ready]")
        code = marking.people["emma"]
        page.keyboard.press("1")
        shown(page, f"{code}: 5 of 5 points.")
        page.keyboard.press("Z")
        what = page.locator("#settle-what")
        what.filter(has_text=f"{code}: 4 answers are left, in all questions together").wait_for()
        page.keyboard.press("Escape")
        assert in_gradebook(course, "emma")[0] is None, "nothing without an answer"
        page.locator("#rest").click()
        page.locator("#settle-do").click()
        shown(page, f"{code}: 4 answers have 0 points now. x takes one back.")
        assert in_gradebook(course, "emma")[0] == 0.0
        page.keyboard.press("Z")
        shown(page, f"Nothing of {code} is left that no machine could read.")
    context.close()


@pytest.mark.browser
def test_a_comment_written_in_two_tabs_is_not_lost(
    course: Course, marking: Marking, server: MarkingServer, browser: Any
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}?q=1")
    page.wait_for_selector("body[data-ready]")
    first = marking.answers(KEY)[0].student
    page.keyboard.press("c")
    page.keyboard.type("mine")
    give(marking, first, comment="theirs", before="")
    page.keyboard.press("Escape")
    shown(page, "became “theirs”. Yours is still in the box")
    assert page.locator("#comment").input_value() == "mine"
    assert in_gradebook(course, first)[2] == "theirs"
    page.keyboard.press("j")
    assert page.locator("#comment").input_value() == ""
    page.keyboard.press("k")
    assert page.locator("#comment").input_value() == "mine"
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    shown(page, "comment written")
    assert in_gradebook(course, first)[2] == "mine"
    context.close()


@pytest.mark.browser
def test_axe_has_no_objection_and_it_fits(
    marking: Marking, server: MarkingServer, browser: Any
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    paths = [("?q=1", 1366, "light"), ("?q=2", 1000, "dark")]
    paths.append((f"notebook?q=1&answer={marking.people['anna']}", 1000, "light"))
    for path, width, scheme in paths:
        page.set_viewport_size({"width": width, "height": 700})
        page.emulate_media(color_scheme=scheme)
        page.goto(server.address + path)
        if "notebook" not in path:
            page.wait_for_selector("body[data-ready]")
            page.keyboard.press("1")
            shown(page, "points.")
        assert violations(page) == [], path
        assert page.evaluate("() => document.body.scrollWidth <= innerWidth"), path
    page.goto(f"{server.address}?q=1")
    page.wait_for_selector("body[data-ready]")
    page.evaluate("() => document.querySelector('label[for=comment]').remove()")
    assert "label" in {rule for rule, _ in violations(page)}, "axe looks"
    context.close()
