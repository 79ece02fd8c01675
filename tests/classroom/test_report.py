"""The report that answers a lecturer: a class of forty whose truth is known."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from snrilab import __main__
from snrilab.classroom._class_tables import read_roster
from snrilab.classroom._report import alike, layout
from snrilab.classroom._report.answers import Answer, Work, work_of
from snrilab.classroom._report.ideas import groups_of
from snrilab.classroom._report.questions import Part, questions_of
from snrilab.classroom._report.record import read_record
from snrilab.classroom._report.results import results_of
from snrilab.classroom._report.standing import standing_of, zeros_of
from snrilab.evidence import ideas
from snrilab.exercises import inventory_items
from snrilab.grading import statistics
from snrilab.grading.course import open_course
from snrilab.grading.export import STARTS
from snrilab.grading.times import NOT_SAID, TIME
from tests.classroom import lecture as truth
from tests.classroom.lecture import PS2, PS3, Lecture
from tests.conftest import ROOT
from tests.grading import assignments
from tests.grading.browsers_eye import active_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from snrilab.classroom._report.record import Record

    Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def record(forty: Lecture) -> Record:
    roster = read_roster([forty.root / "gradebook.csv"])
    return read_record(open_course(forty.root), PS2, roster)


@pytest.fixture(scope="module")
def work(forty: Lecture, record: Record) -> Work:
    return work_of(open_course(forty.root), record)


@pytest.fixture(scope="module")
def pages(forty: Lecture, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict]:
    """Write a report elsewhere, once; return the text of each file by its name."""
    made: dict[tuple[str, ...], dict[str, str]] = {}

    def write(*words: object) -> dict[str, str]:
        key = tuple(map(str, words))
        if key not in made:
            folder = tmp_path_factory.mktemp("report")
            there = ["--course", forty.root, "--roster", forty.root / "gradebook.csv"]
            there += ["--zone", "UTC", "--to", folder / "report.html"]
            assert __main__.main(["report", *key, *map(str, there)]) == 0
            made[key] = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
        return made[key]

    return write


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


# -- who, which idea, what a 0 means ---------------------------------------------------------------


def test_everybody_stands_where_they_do(record: Record) -> None:
    found = standing_of(record, truth.DUE + timedelta(days=4))
    ids = {name: {one.id for one in those} for name, those in vars(found).items()}
    assert ids["missing"] == {truth.MISSING}
    assert ids["has_time"] == {truth.HAS_TIME}
    assert ids["held"] == {truth.UNREAD}
    assert ids["late"] == {truth.LATE, truth.BOTH}
    assert ids["extended"] == {truth.EXTENDED, truth.BOTH, truth.HAS_TIME}
    assert ids["only_text"] == {truth.ONLY_TEXT}
    assert ids["blank"] == {truth.BLANK}
    assert ids["strangers"] == set()
    written = {s for s, answers in truth_of(record).items() if "written-answer" in answers}
    assert ids["to_mark"] == written - set(truth.MARKED)
    afterwards = standing_of(record, truth.DUE + timedelta(days=31))
    assert {one.id for one in afterwards.missing} == {truth.MISSING, truth.HAS_TIME}


def truth_of(record: Record) -> dict[str, dict[str, float | None]]:
    """Return the questions that each student did not leave as they were handed out."""
    return {
        one.id: {q.name: 0.0 for q in record.questions if q.answer not in one.untouched}
        for one in record.students if one.submitted and not one.unread
    }  # fmt: skip


def test_lateness_is_counted_from_ones_own_date(record: Record, pages: Callable) -> None:
    days = {one.id: one.days_late for one in record.students if one.days_late}
    assert days == {truth.LATE: 2, truth.BOTH: 1}
    one = next(s for s in record.students if s.id == truth.LATE)
    assert one.penalty == pytest.approx(0.2 * one.earned), "ten per cent for each day begun"
    rows = {row["student"]: row for row in table(pages(PS2)["report_students.csv"])}
    assert rows[truth.BOTH]["extension in days"] == "1.0"
    assert float(rows[truth.LATE]["points"]) == pytest.approx(one.earned - one.penalty)
    assert "2 (by 1 d 3 h)" in pages(PS2)["report.html"]


def test_each_zero_has_its_meaning(forty: Lecture, record: Record, pages: Callable) -> None:
    rows = {row["student"]: row for row in table(pages(PS2)["report_students.csv"])}
    names = [q.name for q in record.questions]
    assert {rows[truth.MISSING][name] for name in names} == {"not submitted"}
    assert {rows[truth.UNREAD][name] for name in names} == {"not read: waits for a person"}
    assert {rows[truth.BLANK][name] for name in names} == {"not attempted"}
    assert rows[truth.ONLY_TEXT]["written-answer"] == "not marked yet"
    assert rows[truth.MISSING]["points"] == "", "no number for who has handed in nothing"
    seen = dict.fromkeys(("not submitted", "not read: waits for a person", "not marked yet",
                          "not attempted", "0.0"), 0)  # fmt: skip
    for row in rows.values():
        for name in names:
            if row[name] in seen:
                seen[row[name]] += 1
    told = {meaning: marks for meaning, (_, marks) in zeros_of(record).items()}
    assert list(told.values()) == list(seen.values())
    assert zeros_of(record)["not submitted"][0] == 2
    for student, answers in forty.answers.items():
        if student != truth.UNREAD:
            left = set(filter(None, rows[student]["not attempted"].split(", ")))
            assert left == {name for name in names if name not in answers}, student


def test_groups_hold_who_holds_the_idea(record: Record, pages: Callable) -> None:
    groups = {group.code: {one.id for one in group.students} for group in groups_of(record)}
    assert groups == {
        "multiplied": set(truth.MULTIPLIED), "free-instead-of-occupied": set(truth.FREE)
    }  # fmt: skip
    found = pages(PS2)
    rows = table(found["report_ideas.csv"])
    assert [row["students"] for row in rows] == ["7", "3"]
    for row, those in zip(rows, (truth.MULTIPLIED, truth.FREE), strict=True):
        assert sorted(re.findall(r"\((s\d\d)\)", row["who"])) == those
        assert row["a line to start from"]
        assert "\n" not in row["a line to start from"]
    assert "did you multiply instead of divide" in found["report.html"]


def test_marks_and_comments_of_a_person(forty: Lecture, record: Record, pages: Callable) -> None:
    [asked] = [r for r in results_of(record).questions if r.question.by_hand]
    assert asked.by_hand == len(truth.MARKED)
    assert asked.share is not None
    marks = [4.0 + n % 12 for n in range(len(truth.MARKED))] + [0.0]  # and one left blank
    assert asked.share.value == pytest.approx(np.mean(marks) / 16)
    page = pages(PS2)["report.html"]
    assert page.count("Say which of the two assays each number is from.") == 10
    numbers = range(len(truth.MARKED))
    whole = sum(n % 4 > 0 and n % 3 == 0 for n in numbers)
    part = sum(n % 4 > 0 and n % 3 > 0 for n in numbers)
    row = f"<td>4</td><td>both assays, each with its constant</td><td>{whole}</td><td>{part}</td>"
    assert f"{row}<td>{len(truth.MARKED)}</td>" in page
    assert f"<td>an interval</td><td>{sum(n % 4 == 0 for n in numbers)}</td><td>0</td>" in page


# -- questions and their numbers -------------------------------------------------------------------


def test_questions_are_in_order_with_their_parts_together(forty: Lecture, pages: Callable) -> None:
    rows = table(pages(PS2)["report_questions.csv"])
    cells = [c for c in forty.template.cells if c.is_answer and c.grade_id != "student_id"]
    assert [row["question"] for row in rows] == [str(c.grade_id) for c in cells]
    assert [row["heading"][:2].strip() for row in rows] == [
        "1", "2", "3", "4", "5", "6", "7", "7", "7", "8", "9", "9", "10"
    ]  # fmt: skip
    tests = {row["question"]: int(row["tests"]) for row in rows}
    assert (tests["saturation"], tests["mended_ki"], tests["own_ki"]) == (2, 5, 1)
    assert sum(float(row["points"]) for row in rows) == 100


def test_numbers_are_those_of_their_definitions(forty: Lecture, record: Record) -> None:
    """The class's own marks, question by question, against scipy and the textbook formula."""
    found = results_of(record)
    marks = []
    for student in sorted(forty.scores):
        if student in truth.MARKED or student == truth.BLANK:
            row = []
            for question in record.questions:
                scores = [forty.scores[student][part.name] for part in question.parts]
                by_hand = 4.0 + int(student[1:]) % 12 if student in truth.MARKED else 0.0
                row.append(by_hand if scores[-1] is None else sum(map(float, scores)))
            marks.append(row)
    marks = np.array(marks)
    assert found.complete == len(marks)
    for n, one in enumerate(found.questions):
        rest = marks.sum(axis=1) - marks[:, n]
        assert one.discrimination.value == pytest.approx(stats.pearsonr(marks[:, n], rest)[0])
        assert one.discrimination.low < one.discrimination.value < one.discrimination.high
    items = marks.shape[1]
    alpha = items / (items - 1) * (1 - marks.var(axis=0, ddof=1).sum() / marks.sum(1).var(ddof=1))
    assert found.reliability.value == pytest.approx(alpha)
    for n, one in enumerate(found.questions[:-1]):
        shares = [
            sum(forty.scores[s.id][p.name] for p in one.question.parts) / one.question.points
            for s in record.judged
        ]
        assert one.share.value == pytest.approx(np.mean(shares)), n
        wilson = stats.binomtest(int(sum(shares)), len(shares)).proportion_ci(method="wilson")
        assert (one.share.low, one.share.high) == pytest.approx((wilson.low, wilson.high))


def test_an_example_and_its_hidden_test_do_not_flatter_the_reliability(
    forty: Lecture, record: Record
) -> None:
    parts = [part.name for q in record.questions for part in q.parts if part.kind == "test"]
    students = [s.id for s in record.judged]
    apart = np.array([[forty.scores[s][name] for name in parts] for s in students])
    assert statistics.alpha(apart) > results_of(record).reliability.value


def test_intervals_from_resampling_are_those_of_scipy() -> None:
    rng = np.random.default_rng(8)
    ability = rng.standard_normal(60)
    marks = np.round(np.clip(5 + 2 * ability[:, None] + 2 * rng.standard_normal((60, 4)), 0, 10))
    ours = statistics.discriminations(marks)

    def first(rows: np.ndarray) -> float:
        drawn = marks[rows]
        return float(np.corrcoef(drawn[:, 0], drawn[:, 1:].sum(axis=1))[0, 1])

    theirs = stats.bootstrap(
        (np.arange(60),), first, vectorized=False, n_resamples=2000, method="percentile",
        rng=np.random.default_rng(1),
    )  # fmt: skip
    interval = theirs.confidence_interval
    assert (ours[0].low, ours[0].high) == pytest.approx((interval.low, interval.high), abs=0.04)
    assert ours[0].standard_error == pytest.approx(theirs.standard_error, rel=0.1)
    parts = statistics.shares(marks[:, 0] / 10)
    expected = stats.bootstrap((marks[:, 0] / 10,), np.mean, method="percentile", rng=2)
    reach = expected.confidence_interval
    assert (parts.low, parts.high) == pytest.approx((reach.low, reach.high), abs=0.01)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Simulated classes of 40: six parallel questions, whose alpha and correlations are known."""
    rng = np.random.default_rng(3)
    items, noise, classes = 6, 1.2, 50
    alpha = items / (items + noise**2)
    rest = (items - 1) / np.sqrt((1 + noise**2) * ((items - 1) ** 2 + (items - 1) * noise**2))
    held = np.zeros(2)
    for n in range(classes):
        marks = rng.standard_normal((40, 1)) + noise * rng.standard_normal((40, items))
        whole = statistics.reliability(marks, rng=n)
        one = statistics.discriminations(marks[:, :items], rng=n)[0]
        held += (whole.low <= alpha <= whole.high, one.low <= rest <= one.high)
    assert (held >= 44).all(), held


@pytest.mark.parametrize(
    ("hits", "n", "level"), [(0, 9, 0.95), (9, 9, 0.95), (3, 40, 0.9), (27, 40, 0.99)]
)
def test_wilson_is_scipys(hits: int, n: int, level: float) -> None:
    ours, theirs = (
        statistics.wilson(hits, n, level),
        stats.binomtest(hits, n).proportion_ci(level, method="wilson"),
    )
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_below_27_students_nothing_is_judged(forty: Lecture, record: Record) -> None:
    from dataclasses import replace

    few = [s for s in record.students if s.id in truth.MARKED[:26]]
    found = results_of(replace(record, students=few))
    assert found.reliability is None
    assert {one.discrimination for one in found.questions} == {None}
    assert {one.doubts for one in found.questions} == {""}
    enough = results_of(
        replace(record, students=[s for s in record.students if s.id in truth.MARKED])
    )
    assert enough.reliability is not None


def test_the_rest_is_explained_where_it_is_shown(record: Record, pages: Callable) -> None:
    from dataclasses import replace

    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.page import _questions

    whole = pages(PS2)["report.html"]
    assert "with the rest</th>" in whole
    assert "With the rest: correlation" in whole
    few = replace(record, students=[s for s in record.students if s.id in truth.MARKED[:26]])
    said = _questions(few, results_of(few), Naming())
    assert "Share: mean share" in said
    assert "ith the rest" not in said


def test_a_long_list_is_folded(record: Record) -> None:
    """A class of 340: what is seen at once stays short, and nothing is left out."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.page import assignment_page
    from snrilab.classroom._report.record import Student

    many = [Student(f"x{n:03d}", f"First{n}", f"Last{n}", submitted=False) for n in range(300)]
    fact = "its words " + "are very long and say the same " * 20
    loud = [replace(s, facts=[f"{fact}{n}" for n in range(40)]) for s in record.students]
    late = [replace(s, late=timedelta(hours=1)) for s in loud]
    crowd = replace(record, students=[*late, *many])
    now = datetime.now(UTC).replace(tzinfo=None)
    page = assignment_page(
        crowd, results_of(crowd), standing_of(crowd, now), groups_of(crowd), Naming(), None, []
    )
    assert all(student.id in page for student in many)
    assert all(page.count(f"{fact}{n}") for n in range(40))
    seen = re.sub(r"(?s)<details>.*?</details>", "", page)
    while "<details>" in seen:
        seen = re.sub(r"(?s)<details>((?!<details>).)*?</details>", "", seen)
    assert seen.count("(x") <= layout.SHOWN + 1
    for found in re.finditer(r"(?s)<t[dh]\b[^>]*>(.*?)</t[dh]>", seen):
        assert len(found[1]) < 3 * len(fact) + 60
    for found in re.finditer(r"(?s)<table>(.*?)</table>", seen):
        assert found[1].count("<tr>") <= layout.ROWS + 6
    assert "and 293 more</summary>" in page


def test_lateness_that_the_platform_did_not_say_is_no_minute(
    forty: Lecture, tmp_path: Path, run: Run
) -> None:
    root = tmp_path / "course"
    shutil.copytree(forty.root, root, ignore=shutil.ignore_patterns("autograded"))
    time = truth.DUE + timedelta(days=1, hours=3)
    reply = {"platform": "canvas", "reply": "x", "file": "x.ipynb"}
    kept = {
        truth.LATE: reply | {NOT_SAID: f"{time:{TIME}}"},
        truth.BOTH: reply | {NOT_SAID: "2020-01-01 00:00:00"},
    }
    path = root / ".snrilab" / "collected" / f"{PS2}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept), "utf-8")
    assert run("report", PS2, "--course", root, "--zone", "UTC")[0] == 0
    page = (root / f"report_{PS2}.html").read_text("utf-8")
    assert "<td>-</td><td>late, minutes unknown</td>" in page
    assert "2 (by 1 d 3 h)" not in page
    assert "1 (by 2 h)" in page, "the real time was written since"
    rows = table((root / f"report_{PS2}_students.csv").read_text("utf-8-sig"))
    [one] = [row for row in rows if row["student"].lstrip("'") == truth.LATE]
    assert one["days late"] == "late, minutes unknown"
    assert f"  {truth.LATE}: late, minutes unknown: " in run("deadline", PS2, "--course", root)[1]
    assert run("report", "--course", root)[0] == 0
    assert "late, minutes unknown" in (root / "report_term.html").read_text("utf-8")


def test_the_words_are_right(pages: Callable) -> None:
    page = pages(PS2)["report.html"]
    assert "95 % KR-20" not in page
    said = r"Cronbach&#x27;s alpha 0\.\d\d \(95 % interval from resampling students: 0\.\d\d to"
    assert re.search(said, page)
    assert "not attempted counted as 0" in page
    assert re.search(r"<td>\d+ \(\d+ wait\)</td>", page)


# -- what is alike ---------------------------------------------------------------------------------


def test_what_was_shared_comes_first_and_nobody_is_accused(work: Work, pages: Callable) -> None:
    found = alike.alike_in(work)
    assert found.files == [list(truth.IDENTICAL)]
    first = {pair.kind: pair for pair in reversed(found.pairs)}
    assert first["code"].students == truth.RENAMED, "names changed, and the comment"
    assert first["words"].students == truth.ALIKE_IN_WORDS
    for pair in first.values():
        assert pair.part > 0.95
        assert pair.alone == pair.shared, "nobody else has it"
    others = [pair for pair in found.pairs if pair not in first.values()]
    assert len(others) <= 10, "of 630 pairs of people who chose for themselves"
    assert all(pair.shared < first[pair.kind].shared / 2 for pair in others)
    page = pages(PS2)["report.html"]
    assert page.count('<div class="pair">') >= 2
    assert "<mark>    lower_end, upper_end = 1e-3, 1e6</mark>" in page
    assert not re.search(r"plagiari|cheat|copied from|suspect", page, re.IGNORECASE)
    rows = table(pages(PS2)["report_alike.csv"])
    assert [row["what"] for row in rows][:3] == ["same file", "code", "words"]


def some_work(**texts: str) -> Work:
    made = Work(base_code=["import numpy as np\ndef area(r):\n    return 3.14 * r * r"])
    made.answers = {name: [Answer("a/area", True, text)] for name, text in texts.items()}
    return made


LONG = """
def area(r):
    total = 0.0
    for n, inner in enumerate(np.linspace(0, r, 500)):
        outer = inner + r / 500
        ring = (outer - inner) * (outer + inner) * np.pi
        total = total + ring if n else ring
    return np.round(total, 6)
"""


def test_names_numbers_comments_and_spaces_make_no_difference() -> None:
    other = LONG.replace("total", "summe").replace("500", "900").replace("inner", "i")
    other = "# all mine\n" + other.replace("    ", "  ").replace("np.pi", "np.pi  # a circle")
    [pair] = alike.alike_in(some_work(anna=LONG, ben=other, zoe="def area(r):\n    return r")).pairs
    assert pair.students == ("anna", "ben")
    assert pair.part == 1
    [(_, (_, one), (_, two))] = pair.texts
    assert len(one) == len(two) == 7


def test_the_teachers_own_and_what_many_wrote_says_nothing() -> None:
    made = some_work(**{f"s{n}": LONG for n in range(8)})
    assert alike.alike_in(made).pairs == [], "eight of eight have it"
    made = some_work(anna=LONG, ben=LONG.replace("total", "t"))
    made.base_code.append(LONG)
    assert alike.alike_in(made).pairs == []


def test_the_same_answers_in_different_files_are_one_group() -> None:
    made = some_work(anna=LONG, ben=LONG.replace("500", "700"), zoe=LONG + "\n", kim="area = 3")
    made.files = {"anna": "1", "ben": "2", "zoe": "3", "kim": "4"}
    found = alike.alike_in(made)
    assert found.answers == [["anna", "ben", "zoe"]]
    assert found.pairs == [], "told once"


def said(seed: int, number: int = 60) -> list[str]:
    """Return words that nobody else has chosen."""
    return [f"w{n}" for n in np.random.default_rng(seed).integers(0, 400, number)]


def a_ring_and_others(ring: int) -> Work:
    """A class of thirteen with code of their own: some hand one text round, two another."""
    texts = {f"r{n}": [*said(1), f"mine{n}"] for n in range(ring)}  # the word at the end is added
    texts |= {"priya": said(2), "tom": [*said(2)[:20], "no", "doubt", *said(2)[22:]]}
    texts |= {f"x{n}": said(10 + n) for n in range(13 - len(texts))}
    made = Work()
    made.answers = {
        name: [Answer("a/say", False, " ".join(text)), Answer("a/f", True, f"f = {name}_{n}")]
        for n, (name, text) in enumerate(texts.items())
    }
    return made


@pytest.mark.parametrize("ring", [3, 5, 8])
def test_a_ring_of_copies_is_one_block_and_hides_nobody(ring: int) -> None:
    found = alike.alike_in(a_ring_and_others(ring))
    [block] = found.blocks
    assert block.students == tuple(f"r{n}" for n in range(ring))
    assert (block.kind, block.common, block.alone) == ("words", 56, 56)
    assert len(block.pairs) == ring * (ring - 1) // 2
    assert sum(bool(pair.texts) for pair in block.pairs) == min(len(block.pairs), alike.SIDES)
    assert [pair.students for pair in found.pairs] == [("priya", "tom")]
    assert found.usual["words"] < 0.9, "not the ring's own"


def test_what_half_a_class_found_by_itself_is_no_ring() -> None:
    """Twenty wrote one way, twenty another: neither is a text that went round."""
    ways = [" ".join(said(seed)) for seed in (1, 2)]
    made = Work()
    made.answers = {f"s{n}": [Answer("a/say", False, f"{ways[n % 2]} mine{n}")] for n in range(40)}
    found = alike.alike_in(made)
    assert (found.blocks, found.pairs) == ([], [])


def test_a_block_is_one_line_and_its_pairs_are_folded(record: Record) -> None:
    from dataclasses import replace

    from snrilab.classroom._report.alike_page import alike_chapter, alike_rows
    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.record import Student

    found = alike.alike_in(a_ring_and_others(5))
    told = replace(record, students=[Student(name) for name in a_ring_and_others(5).answers])
    page = alike_chapter(found, told, Naming(), None)
    seen = re.sub(r"(?s)<details>.*?</details>", "", re.sub(r"(?s)<details>.*</details>", "", page))
    assert '<th scope="row">5 alike</th>' in page
    assert "<summary>5 alike, words: r0, r1, r2, r3, r4</summary>" in page
    before = page.partition("<details")[0]
    assert "r0 – r1" not in before
    assert "r0 – r1" not in seen
    rows = alike_rows(found, told, Naming())[1:]
    assert rows[0][:4] == ["words, 5 alike", "r0; r1; r2; r3; r4", 56, 56]
    assert len(rows) == 1 + 10 + 1


def test_who_is_alike_with_some_of_a_block_is_a_pair_with_them() -> None:
    """One who has a piece of the text that went round and a piece of another's stands with both."""
    made = a_ring_and_others(3)
    mixed = " ".join([*said(1)[:40], *said(10)[:40]])
    made.answers["z"] = [Answer("a/say", False, mixed)]
    found = alike.alike_in(made)
    [block] = found.blocks
    assert set(block.students) >= {"r0", "r1", "r2"}
    assert ("x0", "z") in [pair.students for pair in found.pairs]


@pytest.mark.parametrize("hostile", ["'" * 5000, '"""' + "a" * 60_000, "(" * 9000, "\\" * 9999, ""])
def test_no_text_is_too_odd_to_compare(hostile: str) -> None:
    alike.alike_in(some_work(anna=hostile, ben=hostile + LONG))


def test_solutions_for_jplag_and_dolos(forty: Lecture, tmp_path: Path, pages: Callable) -> None:
    folder = tmp_path / "for_jplag"
    pages(PS2, "--jplag", folder)
    code = sorted(path.name for path in (folder / "code").iterdir())
    words = sorted(path.name for path in (folder / "words").iterdir())
    assert len(code) == 35
    assert len(words) == 36
    assert set(code) < set(words)
    for path in folder.rglob("*.py"):
        ast.parse(path.read_text("utf-8"))
    stub = (folder / "code_base" / "answers.py").read_text("utf-8")
    assert "def fit_ic50(inhibitor_nM, bound):" in stub
    assert "curve_fit(" not in stub, "no answer of the teacher's"
    whole = "\n".join(p.read_text("utf-8") for p in folder.rglob("*") if p.is_file())
    assert not re.search(r"\bs\d\d\b|Zander|Müller|Đorđević", whole)
    assert 'student_id = "..."' in whole
    listed = table((folder / "info.csv").read_text("utf-8"))
    assert {row["filename"] for row in listed} == {f"code/{name}/answers.py" for name in code}
    again = pages(PS2, "--pseudonyms")["report_students.csv"]
    assert set(code) <= {row["pseudonym"] for row in table(again)}


def test_names_in_comments_go_and_code_stays() -> None:
    from snrilab.classroom._report.record import Student
    from snrilab.classroom._report.solutions import Blank

    blank = Blank([Student("max", "Max", "Alt", "max@example.org"), Student("s1", "Åsa", "Øst")])
    made = blank.code("best = max(3, 4)  # by Max Alt, max@example.org\nnote = 'Øst and max'\n")
    assert made == "best = max(3, 4)  # by [name] [name], [name]\nnote = '[name] and [name]'"
    assert blank.words("I, ÅSA, wrote to ann@else.org.") == "I, [name], wrote to [name]"
    blank = Blank([Student("k", "小龙", "李")])
    assert blank.words("我是李小龙。行李在这里。") == "我是[name]。行李在这里。"


# -- by pseudonym ----------------------------------------------------------------------------------


def test_what_is_handed_on_names_nobody(forty: Lecture, pages: Callable) -> None:
    found = pages(PS2, "--pseudonyms")
    names = {word for _, first, last, _ in truth.people() for word in (first, last)}
    for name, text in found.items():
        assert not re.search(r"\bs\d\d\b", text), name
        seen = {word for word in names if re.search(rf"\b{re.escape(word)}\b", text)}
        assert seen == set(), name
    page = found["report.html"]
    assert "fewer than 5" in page
    assert "Say which of the two" not in page, "words of markers can name people"
    assert "<pre>" not in page
    assert "report_alike.csv" not in found, "two are a group below five"
    ideas = {row["idea"]: row for row in table(found["report_ideas.csv"])}
    assert len(ideas["multiplied"]["who"].split("; ")) == 7
    assert ideas["free-instead-of-occupied"]["students"] == "fewer than 5"
    assert ideas["free-instead-of-occupied"]["who"] == ""
    evening = re.search(r'<th scope="row">Evening</th><td>([^<]*)', page)
    assert evening[1] == "fewer than 5 handed in"
    # The same everywhere, and kept for the teacher.
    kept = dict(
        csv.reader((forty.root / ".snrilab/pseudonyms.csv").read_text("utf-8").splitlines())
    )
    rows = table(found["report_students.csv"])
    assert {row["pseudonym"] for row in rows} <= set(kept.values())
    term = table(pages("--pseudonyms")["report_students.csv"])
    points = {row["pseudonym"]: row[PS2] for row in term}
    assert {r["pseudonym"]: f"{float(r['points']):.3g}" for r in rows}.items() <= points.items()
    assert (forty.root / ".snrilab/pseudonyms.csv").stat().st_mode & 0o077 == 0


def test_a_reason_that_names_somebody_is_not_handed_on(record: Record) -> None:
    from dataclasses import replace

    from snrilab.classroom._report.writing import without_names

    found = results_of(record)
    [first, *rest] = found.questions
    named = replace(first.parts[0], reason="NameError: name 'zander' is not defined")
    told = replace(found, questions=[replace(first, parts=(named,)), *rest])
    blanked = without_names(told, record).questions[0].parts[0].reason
    assert blanked == "NameError: name '[name]' is not defined"


def test_a_handful_has_no_page_without_names(marked: Callable[..., Path], run: Run) -> None:
    root = marked(anna=80.0, ben=60.0)
    status, said = run("report", "cohort", "--course", root, "--pseudonyms")
    assert status == 2
    assert "would still tell who is who" in said
    assert not list(root.glob("report*"))


# -- sections, the term, the inventory -------------------------------------------------------------


def test_sections_are_the_rosters(pages: Callable, run: Run, forty: Lecture) -> None:
    page = pages(PS2)["report.html"]
    for section, those in truth.SECTIONS.items():
        assert f'<th scope="row">{section}</th><td>{len(those)}</td>' in page
    rows = table(pages(PS2, "--section", "Thursday")["report_students.csv"])
    assert {row["student"] for row in rows} == {f"s{n:02d}" for n in truth.SECTIONS["Thursday"]}
    words = ["--roster", forty.root / "gradebook.csv", "--section", "Friday"]
    status, said = run("report", PS2, "--course", forty.root, *words)
    assert status == 2
    assert "the sections are: Evening, Monday, Thursday" in said


def test_the_term_says_what_stayed(pages: Callable) -> None:
    found = pages()
    rows = {row["student"]: row for row in table(found["report_students.csv"])}
    assert len(rows) == 40
    stayed = {s for s, row in rows.items() if "multiplied" in row["ideas stayed"]}
    gone = {s for s, row in rows.items() if "multiplied" in row["ideas gone"]}
    assert stayed == set(truth.MULTIPLIED[:2])
    assert gone == set(truth.MULTIPLIED[2:])
    assert rows[truth.MISSING][PS2] == "not submitted"
    assert "late 2 d" in rows[truth.LATE][PS2]
    assert rows["s35"][PS3] == "not submitted"
    ideas = {row["idea"]: row for row in table(found["report_ideas.csv"])}
    one = ideas["multiplies where it should divide"]
    assert (one[PS2], one[PS3], one["stayed"], one["gone"]) == ("7", "2", "2", "5")
    other = ideas["gives the share that is left for the share that is taken, or the reverse"]
    assert (other[PS2], other[PS3], other["not asked again"]) == ("3", "not asked", "3")
    assert active_parts(found["report.html"]) == []


def test_the_roster_keeps_the_sections(forty: Lecture, tmp_path: Path, run: Run) -> None:
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(forty.root / "gradebook.db", root)
    assert run("roster", forty.root / "gradebook.csv", "--course", root)[0] == 0
    assert run("report", PS3, "--course", root)[0] == 0
    page = (root / f"report_{PS3}.html").read_text("utf-8")
    assert '<th scope="row">Thursday</th><td>19</td><td>12</td>' in page


def test_questions_are_told_apart_by_notebook_and_by_what_tests_use(tmp_path: Path) -> None:
    """Two notebooks with the same cells; all answers first, then the tests in another order."""
    source = assignments.notebook(
        assignments.values("first", "x = 1"),
        assignments.values("second", "y = 2"),
        assignments.values("unasked", "z = 3"),
        assignments.test("on_y", 1, "assert y == 2"),
        assignments.test("on_x", 1, "assert x == 1"),
        assignments.test("on_x_again", 2, "pass", "assert x > 0"),
        assignments.test("on_a_file", 1, "import os\nassert not os.path.exists('no')"),
        assignments.task("open", 4, "Do something."),
        assignments.written("say", 3, "Why?"),
    )
    folder = tmp_path / "source" / "a"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.ipynb").write_text(source)
    parts = [
        Part(notebook, str(cell.grade_id), cell.points)
        for notebook in ("two", "one")
        for cell in open_course(tmp_path).templates("a")[0].graded
    ]
    found = questions_of(open_course(tmp_path), "a", [*parts, Part("one", "gone", 1)])
    assert [(q.name, q.answer, [p.name for p in q.parts]) for q in found[:5]] == [
        ("second", "one/second", ["on_y"]),
        ("first", "one/first", ["on_x", "on_x_again"]),
        ("unasked", "one/unasked", ["on_a_file"]),
        ("open", "", ["open"]),
        ("say", "one/say", ["say"]),
    ]
    assert [q.parts[0].notebook for q in found] == ["one"] * 5 + ["two"] * 5 + ["one"]
    assert [q.by_hand for q in found[:5]] == [False, False, False, True, True]


@pytest.mark.parametrize("number", [26, 30])
def test_the_inventory_stands_beside_the_ideas(
    pages: Callable, tmp_path: Path, number: int
) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    items = inventory_items("A")
    idea = next(a.idea for a in items[0].answers if a.idea)
    chances = sum(a.idea == idea for item in items for a in item.answers)
    for n in range(number):
        answers = {item.name: {"idea": "", "sure": "certain"} for item in items}
        if n < 9:
            answers[items[0].name] = {"idea": idea, "sure": "certain" if n < 6 else "guessing"}
        sheet = {"format": "snrilab inventory 1", "code": f"{n:012x}", "answers": answers}
        (folder / f"inventory_{n}.json").write_text(json.dumps(sheet))
    found = pages("--inventory", folder)
    assert f"Inventory: {number} complete sheets before (form A), 0 after" in found["report.html"]
    rows = table(found["report_ideas.csv"])
    if number < 27:
        assert "inventory before" not in rows[0]
        return
    said = [
        row["inventory before"] for row in rows if row["inventory before"][:2] not in {"", "0 "}
    ]
    [one] = [share for share in said if share != "'-"]
    assert one.startswith(f"{100 * 6 / number / chances:.0f} % (")


# -- other ways in, hostile words, what is missing -------------------------------------------------


def test_marks_of_plain_nbgrader_alone_are_enough(marked: Callable[..., Path], run: Run) -> None:
    root = marked(anna=87.5, ben=0.0, zoe=None)
    shutil.rmtree(root / "source")
    status, said = run("report", "cohort", "--course", root)
    assert status == 0, said
    rows = {
        r["student"]: r for r in table((root / "report_cohort_students.csv").read_text("utf-8"))
    }
    assert rows["anna"]["all"] == "87.5"
    assert rows["ben"]["all"] == "0.0"
    assert rows["zoe"]["all"] == "not marked yet"
    assert rows["emma"]["status"] == "not submitted"
    assert "Below 27 students nothing is judged" in (root / "report_cohort.html").read_text("utf-8")


def test_a_student_reads_the_refutation_beside_the_answer(forty: Lecture, tmp_path: Path) -> None:
    """From what grading has found to the page: at the answer, and nowhere else."""
    from snrilab.classroom._returning import pack_feedback

    root = tmp_path / "course"
    shutil.copytree(forty.root, root)
    who, other = truth.MULTIPLIED[0], "s12"
    pack_feedback(open_course(root), PS2, partial=True, students=[who, other])
    pages = {
        student: (root / "feedback" / student / PS2 / f"{PS2}.html").read_text("utf-8")
        for student in (who, other)
    }
    said = "Your Ki is larger than your IC50: did you multiply instead of divide?"
    assert said not in pages[other]
    cells = re.split(r'(?=<div class="cell )', pages[who])
    [place] = [n for n, cell in enumerate(cells) if said in cell]
    assert 'id="cell-id=cheng_prusoff"' in cells[place]
    assert "def</span>" in cells[place], "below the student's own lines"
    assert pages[who].count(said) == 1


def test_hostile_names_and_words_stay_words(forty: Lecture, tmp_path: Path, run: Run) -> None:
    import sqlalchemy as sa

    root = tmp_path / "course"
    shutil.copytree(forty.root, root)
    evil = "<script>alert(1)</script>"
    engine = sa.create_engine(f"sqlite:///{root}/gradebook.db")
    with engine.begin() as line:
        change = "UPDATE student SET first_name = :a, last_name = :b WHERE id = :s"
        line.execute(sa.text(change), {"a": '=HYPERLINK("http://x")', "b": evil, "s": "s20"})
        line.execute(sa.text(change), {"a": "a\u202eb", "b": "@SUM(A1)", "s": "s24"})
        line.execute(sa.text("UPDATE comment SET manual_comment = :a"), {"a": f"+1;=2 {evil}"})
        facts = json.dumps([f'<img src=x onerror="{evil}">'])
        line.execute(sa.text("UPDATE snrilab_receipt SET facts = :a"), {"a": facts})
    engine.dispose()
    path = root / "autograded/s24" / PS2 / f"{PS2}.ipynb"
    path.write_text(path.read_text("utf-8").replace("I add that", f"{evil} I add that"))
    for words in ([PS2], [PS2, "--pseudonyms"], []):
        assert run("report", *words, "--course", root)[0] == 0
    for page in root.glob("report*.html"):
        text = page.read_text("utf-8")
        assert active_parts(text) == []
        assert "\u202e" not in text
    told = (root / f"report_{PS2}.html").read_text("utf-8")
    assert told.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 3, "shown, as words"
    for path in root.glob("report*.csv"):
        for row in csv.reader(path.read_text("utf-8").splitlines()):
            for cell in row:
                number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
                assert number or not cell.lstrip().startswith(STARTS), (path.name, cell)


def test_what_is_missing_is_said_in_one_sentence(room: Path, run: Run) -> None:
    status, said = run("report", "cohort", "--course", room)
    assert (status, said.count("\n")) == (2, 1)
    assert "there is no gradebook yet" in said
    assert not (room / "gradebook.db").exists(), "looking makes nothing"
    status, said = run("report", "--jplag", room / "x", "--course", room)
    assert status == 2
    assert "name it" in said


@pytest.mark.parametrize("words", [["cohort"], ["cohort", "--zone", "UTC"], []])
def test_a_folder_that_cannot_be_written_is_one_sentence(
    marked: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """Nothing is closed to root, who runs some of these tests: opening to write is refused here."""
    import io
    from pathlib import Path as Real

    root = marked(anna=80.0)
    may = io.open

    def closed(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wax+") and Real(str(file)).is_relative_to(root):
            raise PermissionError(13, "Permission denied", str(file))
        return may(file, mode, *more, **named)

    monkeypatch.setattr(io, "open", closed)
    status, said = run("report", *words, "--course", root)
    assert status == 2
    name = "report_cohort" if words else "report_term"
    assert said == f"{root}/{name}.html: Permission denied.\n"
    assert not list(root.glob("report*"))


def test_a_damaged_list_of_pseudonyms_is_not_written_over(tmp_path: Path) -> None:
    from snrilab.classroom._gradebook import ClassroomError
    from snrilab.classroom._pseudonyms import FILE, pseudonyms_of

    first = pseudonyms_of(tmp_path, ["anna", "ben"])
    assert pseudonyms_of(tmp_path, ["ben", "zoe", "anna"]).items() >= first.items()
    (tmp_path / FILE).write_text("student,pseudonym\nanna,Kalita\nben,Kalita\n")
    with pytest.raises(ClassroomError, match="damaged"):
        pseudonyms_of(tmp_path, ["anna"])
    assert "ben,Kalita" in (tmp_path / FILE).read_text()


def test_a_table_groups_its_rows() -> None:
    made = layout.table(
        "T", ("a", "b"), [layout.Group("First"), ("x", 1), layout.Group("<b>"), ("y", 2)]
    )
    assert made.count("<tbody>") == made.count("</tbody>") == 2
    assert "&lt;b&gt;" in made


@pytest.mark.browser
def test_the_page_is_for_everybody(pages: Callable, tmp_path: Path, browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    made = {"assignment": (PS2,), "term": (), "handed_on": (PS2, "--pseudonyms")}
    for name, words in made.items():
        (tmp_path / f"{name}.html").write_text(pages(*words)["report.html"], "utf-8")
    views = (
        ("assignment", 1366, "light"), ("assignment", 1000, "dark"), ("term", 1000, "light"),
        ("handed_on", 1366, "dark"),
    )  # fmt: skip
    for name, width, scheme in views:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto((tmp_path / f"{name}.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        assert len(asked) == 1, "the page asks for nothing"
        context.close()


def test_what_cost_points_is_said_for_a_lecturer(record: Record) -> None:
    from dataclasses import replace

    from snrilab.classroom._report.results import cause_of
    from snrilab.exercises import words_for

    one = replace(record.students[0], ideas={"ratio": "refills-a-lack"})
    assert cause_of(one, "one nonspecific value is taken", ("ratio",)) == words_for(
        "refills-a-lack"
    )
    for said, meant in (
        ("this did not work: f(1) == 2; run it in your own notebook to see more",
         "a value is not the one expected"),
        ("NameError: name 'k' is not defined", "the answer stopped (NameError)"),
        ("a drift is left in", "a drift is left in"),
    ):  # fmt: skip
        assert cause_of(one, said, ("other",)) == meant


def test_the_page_says_what_to_say_in_the_next_lecture(pages: Callable[..., dict]) -> None:
    page = pages(PS2)["report.html"]
    head = page.partition("<nav")[0]
    listed = re.findall(r"<li>(.*?)</li>", head)
    told = [re.match(r"Against “[^”]+” \((\d) students, lesson 02\): Your", li)[1] for li in listed]
    assert told == ["7", "3"]


@pytest.mark.parametrize(
    ("assignment", "named"),
    [(PS2, ["02"]), (PS3, ["03", "04"]), ("ps5_dosing_occupancy", ["06", "07", "08", "05"]),
     ("ps6_comparison", ["11", "12"]), ("not_there", [])],
)  # fmt: skip
def test_of_several_lessons_the_assignments_own_is_named(assignment: str, named: list[str]) -> None:
    from snrilab.classroom._report.ideas import lesson_for
    from snrilab.classroom._report.questions import lessons_of

    lessons = lessons_of(open_course(ROOT), assignment)
    assert lessons == named
    [both] = [one for one in ideas() if one.code == "ki-is-ic50"]
    assert both.lessons == ("02", "03", "05", "12")
    assert lesson_for("ki-is-ic50", lessons) == {
        PS3: "03",
        "ps5_dosing_occupancy": "05",
        "ps6_comparison": "12",
    }.get(assignment, "02")


def test_an_idea_has_one_lesson_on_the_page(record: Record) -> None:
    from dataclasses import replace

    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.page import _next_lecture

    those = record.students[:3]
    told = replace(record, students=[replace(one, ideas={"x": "ki-is-ic50"}) for one in those])
    said = _next_lecture(groups_of(told), Naming())
    assert re.findall(r"lesson [^)]*\)", said) == ["lesson 02)"]
