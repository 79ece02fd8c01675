"""The course's own assignment through the engine: as in stock nbgrader; its class report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from snrilab.classroom._report.ideas import groups_of
from snrilab.classroom._report.record import read_record
from snrilab.classroom._report.writing import Wanted, write_report
from snrilab.exercises import Exercise, declared, derived
from snrilab.grading.course import open_course
from tests.conftest import ROOT
from tests.grading.conftest import grade_here
from tests.grading.stock_equivalent import stock_scores

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.classrun import Outcome

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
PS2 = "ps2_binding"
SOURCE = (ROOT / "source" / PS2 / f"{PS2}.ipynb").read_text("utf-8")
RELEASE = (ROOT / "release" / PS2 / f"{PS2}.ipynb").read_text("utf-8")
CASES = (ROOT / "source" / PS2 / "cases.csv").read_text("utf-8")
EXERCISES = {e.function_name: e for e in declared(PS2).values() if isinstance(e, Exercise)}
KEY = {
    cell["id"]: "".join(cell["source"])
    for cell in json.loads(SOURCE)["cells"]
    if cell["metadata"].get("nbgrader", {}).get("solution")
}


def written_out() -> dict[str, list[tuple[str, str]]]:
    """Return each misconception and alternative as the text of a cell, from the declarations."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, exercise in EXERCISES.items():
        answers = [(m.code, m.text) for m in exercise.misconceptions]
        answers += [("right", text) for text in exercise.also_right]
        found[name] = [(code, exercise.code(text)) for code, text in answers]
    return found


def submission(answers: dict[str, str]) -> bytes:
    whole = json.loads(RELEASE)
    for cell in whole["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
    return json.dumps(whole).encode()


def typed(student_id: str) -> bytes:
    return submission({**KEY, "student_id": f"student_id = {student_id!r}"})


def corpus() -> dict[str, tuple[dict[str, str], bytes]]:
    """Return student to (what the answer to each function shows, submission).

    Parts are graded by themselves, so one submission holds one answer to each. What may call
    earlier parts has its own mistakes among right answers.
    """
    made = {
        "untouched": ({}, submission({})),
        "key": (dict.fromkeys(EXERCISES, "right"), submission(KEY)),
        "anna": (dict.fromkeys(EXERCISES, "right"), typed(" Anna ")),  # her own id, her own plate
        "p07": (dict.fromkeys(EXERCISES, "right"), typed("ben@example.org")),  # a pseudonym
        "copied": ({"own_ki": "copied"}, submission({**KEY, "own_ki": "own_ki_nM = 9.87"})),
    }
    answers = written_out()
    callers = {name: answers.pop(name) for name in ("ki_from_assay", "mended_ki")}
    each = [(name, {name: texts}) for name, texts in callers.items()]
    for kind, parts in [("apart", answers), *each]:
        for number in range(max(map(len, parts.values()))):
            some = {name: texts[number] for name, texts in parts.items() if number < len(texts)}
            codes = {name: code for name, (code, _) in some.items()}
            texts = {name: text for name, (_, text) in some.items()}
            made[f"{kind}-{number:02d}"] = (codes, submission(KEY | texts))
    slips = {name: derived(KEY[name])[3::9] for name in EXERCISES if name != "fit_ic50"}
    for number in range(6):
        texts = {name: some[number % len(some)].source for name, some in slips.items()}
        made[f"slip-{number}"] = ({}, submission(KEY | texts))
    return made


@pytest.fixture(scope="module")
def graded(jail: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, Outcome]:
    root = tmp_path_factory.mktemp("ps2")
    (root / "source" / PS2).mkdir(parents=True)
    (root / "source" / PS2 / f"{PS2}.ipynb").write_text(SOURCE)
    (root / "source" / PS2 / "cases.csv").write_text(CASES)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    made = corpus()
    for student, (_, work) in made.items():
        folder = root / "submitted" / student / PS2
        folder.mkdir(parents=True)
        (folder / f"{PS2}.ipynb").write_bytes(work)
    outcome = grade_here(root, PS2)
    assert outcome.failed == {}
    return root, made, outcome


def test_key_misconceptions_and_alternatives(graded: tuple[Path, dict, Outcome]) -> None:
    _, made, outcome = graded
    assert sum(len(codes) for codes, _ in made.values()) > 60
    for one in outcome.graded:
        codes, _ = made[one.student]
        lost = {
            v["grade_id"].removesuffix("-example")
            for v in one.notebooks[PS2]["verdicts"]
            if v["score"] is not None and v["score"] < v["points"]
        }
        for name, code in codes.items():
            assert (f"test-{name}" in lost) == (code != "right"), (one.student, name, code, lost)
        if one.student in {"key", "anna", "p07"}:
            assert lost <= {"written-answer"}
            assert one.score == 84
        elif one.student == "untouched":
            assert one.score == 0


def test_a_typed_id_that_is_another_one_is_a_fact_and_costs_nothing(
    graded: tuple[Path, dict, Outcome],
) -> None:
    root, _, outcome = graded
    facts = {one.student: one.facts for one in outcome.graded}
    assert facts["anna"] == []
    assert len(facts["p07"]) == 1
    assert "ben@example.org" in facts["p07"][0]
    assert all(one.held == [] for one in outcome.graded if one.student in facts)
    page, *_ = write_report(open_course(root), PS2, Wanted(to=root / "facts.html"))
    assert "ben@example.org" in page.read_text()


def test_each_misconception_is_recognised(graded: tuple[Path, dict, Outcome]) -> None:
    _, made, outcome = graded
    for one in outcome.graded:
        codes, _ = made[one.student]
        found = one.notebooks[PS2]["misconceptions"]
        for name, code in codes.items():
            if code not in {"right", "copied"}:
                assert found.get(name) == code, (one.student, name)


def test_same_points_as_stock_cell_by_cell(
    graded: tuple[Path, dict, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made, outcome = graded
    different = []
    monkeypatch.chdir(ROOT / "source" / PS2)
    for one in outcome.graded:
        expected = stock_scores(SOURCE, made[one.student][1])
        for verdict in one.notebooks[PS2]["verdicts"]:
            score, only_a_warning = expected[verdict["grade_id"]]
            if verdict["score"] != score and not only_a_warning:
                different.append((one.student, verdict, score))
    assert different == []


def test_class_report(graded: tuple[Path, dict, Outcome]) -> None:
    root, made, _ = graded
    record = read_record(open_course(root), PS2)
    assert record.points == 100
    assert len(record.judged) == len(made)
    groups = {group.code: group for group in groups_of(record)}
    assert "cheng_prusoff" in groups["multiplied"].where
    truth = {student for student, (codes, _) in made.items() if "multiplied" in codes.values()}
    assert {one.id for one in groups["multiplied"].students} == truth
    page, *tables = write_report(open_course(root), PS2, Wanted(to=root / "report.html"))
    text = page.read_text()
    from tests.grading.browsers_eye import active_parts

    assert active_parts(text) == []
    assert "did you multiply instead of divide" in text
    assert tables[0].name == "report_questions.csv"
    assert "multiplied" in (root / "report_ideas.csv").read_text()
