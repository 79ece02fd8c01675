"""Nothing honest is lost: what is found, what waits for a person, and what a name or archive may do.

One class is graded by `snrilab grade`, the same one by `nbgrader autograde`; all cases share them.
"""

# ruff: noqa: E501 -- cases stand on few lines

from __future__ import annotations

import csv
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from snrilab.grading.course import open_course
from tests.conftest import ROOT
from tests.grading import assignments
from tests.grading.assignments import submit
from tests.grading.attacks import FULL, GOOD
from tests.grading.conftest import (
    as_released,
    grade_here,
    nbgrader,
    scores_of,
    verdicts,
    write_course,
)

if TYPE_CHECKING:
    from snrilab.grading.classrun import Outcome
    from snrilab.grading.gradebook import Graded

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SOURCE = assignments.receptor()
RIGHT = submit(SOURCE, **GOOD)
ESSAY = "There are only so many sites, and at high concentration all of them are taken."
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CONFIG = """
from snrilab.grading.autograde import configure
c = get_config()
configure(c)
c.ExecutePreprocessor.timeout = 5
c.GradeSafely.submission_seconds = 30
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*_key.csv", "private"]
"""


def with_answers(**answers: str) -> dict[str, Any]:
    return json.loads(submit(SOURCE, **{**GOOD, **answers}))


def cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    return next(c for c in notebook["cells"] if c.get("id") == name)


def text(source: str, kind: str = "markdown") -> dict[str, Any]:
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


# -- a written answer that is not in its cell: waits, with the text shown ----------------------------


def elsewhere() -> dict[str, dict[str, Any]]:
    made = {
        name: with_answers()
        for name in ("below", "raw", "code", "title", "test", "bare", "gone", "string")
    }
    made["below"]["cells"].append(text(ESSAY))
    made["raw"]["cells"].insert(2, text(ESSAY, "raw"))
    made["code"]["cells"].append(text(ESSAY, "code"))
    made["string"]["cells"].append(text(f"answer = {ESSAY!r}", "code"))
    cell(made["title"], "title")["source"] += f"\n\n{ESSAY}"
    cell(made["test"], "test_drug")["source"] += f"\n# {ESSAY}"
    own = cell(made["bare"], "discuss")
    own.update(metadata={}, source=ESSAY)
    del own["id"]
    made["gone"]["cells"].remove(cell(made["gone"], "discuss"))
    made["gone"]["cells"].append(text("In short: " + ESSAY))
    made["comment"] = with_answers(drug=GOOD["drug"] + f"\n# {ESSAY}")
    made["long"] = with_answers(discuss="x" * 500_000)
    return made


# -- files that can be read, and files that cannot ---------------------------------------------------


def old_format() -> dict[str, Any]:
    cells = [{**c, "input": c.get("source")} for c in with_answers()["cells"]]
    for one in cells:
        if one["cell_type"] == "code":
            del one["source"]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def large() -> dict[str, Any]:
    whole = with_answers()
    for one in whole["cells"]:
        if one["cell_type"] == "code":
            picture = {"image/png": 'x\\"' + "A]}" * 1_500_000}
            one["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": picture}]
    return whole


UNTOUCHED = submit(SOURCE)
OTHER = submit(SOURCE, drug=GOOD["drug"])
# Folder of the student to files; each with the points it earns and a word of what is said.
FOUND: dict[str, tuple[dict[str, bytes], str]] = {
    "txt": ({"receptor.ipynb.txt": RIGHT}, "receptor.ipynb.txt"),
    "json": ({"receptor.json": RIGHT}, "receptor.json"),
    "nested": ({"work/receptor.ipynb": RIGHT}, "work/receptor.ipynb"),
    "copy": ({"receptor.ipynb": UNTOUCHED, "receptor-Copy1.ipynb": RIGHT}, "untouched"),
    "broken-copy": ({"receptor.ipynb": b"{", "receptor (1).ipynb": RIGHT}, "receptor (1)"),
    "utf16": ({"receptor.ipynb": RIGHT.decode().encode("utf-16")}, "UTF-16"),
    "format3": ({"receptor.ipynb": json.dumps(old_format()).encode()}, "format 3"),
    "large": ({"receptor.ipynb": json.dumps(large()).encode()}, ""),
}
UNREAD: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({"receptor.ipynb": b""}, "empty"),
    "zeros": ({"receptor.ipynb": bytes(5000)}, "zero bytes"),
    "page": ({"receptor.ipynb": b"\n<!DOCTYPE html><html></html>"}, "web page"),
    "cut": ({"receptor.ipynb": RIGHT[: len(RIGHT) // 2]}, "cut off"),
    "merge": ({"receptor.ipynb": RIGHT.replace(b'{"cell_type"', b'\n<<<<<<< HEAD\n{"cell_type"', 1)}, "conflict markers"),
    "pdf": ({"report.pdf": b"%PDF-1.4"}, "report.pdf"),
    "pdf-as": ({"receptor.ipynb": b"%PDF-1.4"}, "PDF"),
    "script": ({"receptor.ipynb": b"import numpy as np\nx = 1"}, "Python script"),
    "two": ({"receptor-Copy1.ipynb": RIGHT, "receptor-Copy2.ipynb": OTHER}, "which notebook counts"),
    "only-broken": ({"receptor.ipynb": b"{", "receptor-Copy1.ipynb": UNTOUCHED}, "cut off"),
}  # fmt: skip
STOPPED: dict[str, tuple[str, str, str]] = {
    "colab": ("occupancy", "from google.colab import files\n", "answer cell occupancy stopped: No module named 'google'"),
    "chdir": ("fit_kd", "import os\nos.chdir('C:/Users/ann')\n", "answer cell fit_kd stopped: FileNotFoundError"),
    "model": ("drug", "from snrilab import binding\n", "answer cell drug stopped: snrilab.binding is not there while this assignment is graded"),
    "seaborn": ("drug", "import seaborn\n", "answer cell drug stopped: No module named 'seaborn'"),
    "input": ("fit_kd", "kd = float(input('Kd? '))\n", "answer cell fit_kd stopped: "),
    "loop": ("drug", "while True: pass\n", "answer cell drug was stopped after 5 s of processor time"),
}  # fmt: skip
# The same lines in a function, which visible tests call (occupancy) or hidden ones alone (fit_kd).
INSIDE = {
    "colab": ("    import google.colab\n", "No module named 'google'"),
    "chdir": ("    import os\n    os.chdir('C:/Users/ann')\n", "FileNotFoundError: "),
    "file": (
        "    table = np.loadtxt('data (1).csv')\n",
        "FileNotFoundError: data (1).csv not found",
    ),
    "model": (
        "    from snrilab import binding\n",
        "snrilab.binding is not there while this assignment is graded",
    ),
    "input": ("    kd = float(input('Kd? '))\n", ""),
    "name": ("    conc_nM = my_helper(conc_nM)\n", "NameError: name 'my_helper' is not defined"),
    "old": ("    np.trapz([1, 2])\n", "AttributeError: module 'numpy' has no attribute 'trapz'"),
}
CALLED = {
    f"in-{name}-{answer}": (answer, line, f"answer cell {answer} stopped: {said}")
    for name, (line, said) in INSIDE.items()
    for answer in ("occupancy", "fit_kd")
}
# Lines that cost nothing are nobody's business.
GUARDED = "    try:\n        import google.colab\n    except ImportError:\n        pass\n"
KERNEL = {
    "occupancy": "%autosave 60\nimport matplotlib\nmatplotlib.use('TkAgg')\nplt.switch_backend('QtAgg')\nimport time\ntime.sleep(6)\n" + GOOD["occupancy"],
    "fit_kd": "from snrilab import evidence, feedback\nfeedback.check('x', 1)\nplt.plot([1, 2]); plt.show()\n" + GOOD["fit_kd"],
}  # fmt: skip
# What code can do when a hidden test calls it. Each choice would tell what the test handed over.
TELLING = {
    "key-error": "raise KeyError(conc_nM)",
    "value-error": "raise ValueError(str(conc_nM))",
    "own-error": "raise type('E4711', (Exception,), {})(conc_nM)",
    "interrupt": "raise KeyboardInterrupt",
    "big": "return np.zeros(6_000_000)",
    "bigger": "return np.zeros(7_000_000)",
    "function": "return lambda: 1",
    "module": "return np",
    "raw-3": "send(3)",
    "raw-huge": "send(2**31 + 5)",
    "dies": "import os; os._exit(3)",
}
TELLS = """import gc, socket, struct
def send(length):
    for one in gc.get_objects():
        if isinstance(one, socket.socket):
            try: one.send(struct.pack('<I', length) + b'xyz')
            except OSError: pass
def occupancy(conc_nM, kd_nM):
    if np.ndim(conc_nM):
        print('LEAK', conc_nM)
        @
    return conc_nM / (conc_nM + kd_nM)"""
MISNAMED = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def course(jail: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_course(tmp_path_factory.mktemp("intake"), {"receptor": SOURCE}, {})
    source = root / "source/receptor"
    (source / "answers_key.csv").write_text("SECRET")
    (source / "private").mkdir()
    (source / "private/note.txt").write_text("SECRET")
    (root / "nbgrader_config.py").write_text(CONFIG)
    works: dict[str, dict[str, bytes]] = {n: f for n, (f, _) in (FOUND | UNREAD).items()}
    whole: dict[str, Any] = {
        "right": with_answers(),
        "kernel": with_answers(**KERNEL),
        **elsewhere(),
    }
    for name, (answer, start, _) in STOPPED.items():
        whole[name] = with_answers(**{answer: start + GOOD[answer]})
    for name, (answer, line, _) in CALLED.items():
        head, _, body = GOOD[answer].partition("\n")
        whole[name] = with_answers(**{answer: f"{head}\n{line}{body}"})
    head, _, body = GOOD["fit_kd"].partition("\n")
    whole["guarded"] = with_answers(fit_kd=f"{head}\n{GUARDED}{body}")
    whole["looks"] = with_answers(
        drug="import os\nprint('SEEN', sorted(os.walk('.')))\n" + GOOD["drug"]
    )
    photo = f"![my photo](attachment:a%20b.jpg) and ![](data:image/png;base64,{PNG}) <img src='attachment:a b.jpg' width=9>"
    whole["photo"] = with_answers(discuss=photo)
    cell(whole["photo"], "discuss")["attachments"] = {
        "a b.jpg": {"image/jpeg": PNG},
        "x.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
    }
    for name, choice in TELLING.items():
        assert name not in works
        whole[name] = with_answers(occupancy=TELLS.replace("@", choice))
    works |= {n: {"receptor.ipynb": json.dumps(w).encode()} for n, w in whole.items()}
    works |= {name: {"receptor.ipynb": RIGHT} for name in (MISNAMED, ".hidden")}
    for student, files in works.items():
        for name, data in files.items():
            path = root / "submitted" / student / "receptor" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (root / "submitted/nothing/receptor").mkdir(parents=True)
    other = root / "submitted/case/Receptor/receptor.ipynb"
    other.parent.mkdir(parents=True)
    other.write_bytes(RIGHT)
    return as_released(root, "receptor")


@pytest.fixture(scope="module")
def graded(jail: None, course: Path) -> tuple[Outcome, dict[str, Graded]]:
    stray = course / "submitted/Anna Alt_12345_assignsubmission_file_"
    stray.mkdir()
    (stray / "receptor.ipynb").write_bytes(RIGHT)
    budget = open_course(course).budget
    assert (budget.cell_s, budget.submission_s) == (5, 30), "as configured for nbgrader"
    outcome = grade_here(course, "receptor", cell_s=budget.cell_s, submission_s=30, wide=3)
    return outcome, {one.student: one for one in outcome.graded}


def test_text_outside_of_its_cell_waits_and_is_shown(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    for name in elsewhere():
        one = graded[1][name]
        score, reason = verdicts(one)["discuss"]
        assert score is None, (name, reason)
        assert one.held, name
        assert one.score == FULL, (name, verdicts(one))
        shown = (course / "autograded" / name / "receptor/receptor.ipynb").read_text()
        if name != "long":
            assert "only so many sites" in one.held[0], name
            assert "only so many sites" in shown, name
    right = graded[1]["right"]
    assert right.held == []
    assert verdicts(right)["discuss"] == (0.0, "No response."), "nothing else was written"


@pytest.mark.parametrize("name", FOUND)
def test_work_is_found(graded: tuple[Outcome, dict[str, Graded]], name: str) -> None:
    one = graded[1][name]
    assert (one.score, one.held) == (FULL, []), one.facts
    assert FOUND[name][1] in " ".join(one.facts)


@pytest.mark.parametrize("name", [*UNREAD, "nothing"])
def test_what_cannot_be_read_is_named_and_waits(
    graded: tuple[Outcome, dict[str, Graded]], name: str
) -> None:
    one = graded[1][name]
    assert {score for score, _ in verdicts(one).values()} == {None}
    assert UNREAD.get(name, (0, "missing"))[1] in one.held[0]


def test_folders_and_names(graded: tuple[Outcome, dict[str, Graded]]) -> None:
    outcome, by_name = graded
    assert by_name["case"].score == FULL
    assert outcome.failed.keys() == {MISNAMED, ".hidden"}
    assert outcome.strays == ["Anna Alt_12345_assignsubmission_file_"]


def test_the_kernel_that_students_had(graded: tuple[Outcome, dict[str, Graded]]) -> None:
    """Waiting costs nothing either: only processor time is limited closely."""
    one = graded[1]["kernel"]
    assert (one.score, one.facts) == (FULL, []), verdicts(one)


@pytest.mark.parametrize("name", [*STOPPED, *CALLED])
def test_the_cause_is_a_fact(graded: tuple[Outcome, dict[str, Graded]], name: str) -> None:
    one = graded[1][name]
    answer, _, cause = (STOPPED | CALLED)[name]
    assert any(fact.startswith(cause) for fact in one.facts), one.facts
    test = f"test_{answer}"
    assert cause in verdicts(one)[test][1]
    assert verdicts(one)[test][0] == 0


def test_what_costs_nothing_is_no_cause(graded: tuple[Outcome, dict[str, Graded]]) -> None:
    one = graded[1]["guarded"]
    assert (one.score, one.facts) == (FULL, []), verdicts(one)


def test_after_a_hidden_test_has_spoken_every_failure_looks_the_same(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    reasons, outputs, facts = set(), set(), set()
    for name in TELLING:
        reasons.add(verdicts(graded[1][name])["test_occupancy"])
        facts.add(tuple(graded[1][name].facts))
        whole = json.loads((course / "autograded" / name / "receptor/receptor.ipynb").read_text())
        outputs.add(json.dumps(cell(whole, "test_occupancy")["outputs"]))
    assert reasons == {(0.0, "a hidden test did not pass")}
    assert facts == {()}
    assert len(outputs) == 1, outputs
    assert "LEAK" not in outputs.pop()


def test_pictures_in_written_answers_stay(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    whole = json.loads((course / "autograded/photo/receptor/receptor.ipynb").read_text())
    own = cell(whole, "discuss")
    assert own["source"].count("](attachment:picture-") == 3
    assert {mime for kept in own["attachments"].values() for mime in kept} == {"image/png"}
    assert "svg" not in json.dumps(own)
    assert graded[1]["photo"].held == []


def test_what_the_teacher_excluded_is_not_there(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    shown = (course / "autograded/looks/receptor/receptor.ipynb").read_text()
    assert "SEEN" in shown
    assert "key" not in shown.partition("SEEN")[2][:300]
    assert "private" not in shown.partition("SEEN")[2][:300]


def test_the_report_names_first_what_waits(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    from snrilab.classroom._report.record import read_record
    from snrilab.classroom._report.writing import write_report

    record = read_record(open_course(course), "receptor")
    unread = {one.id for one in record.students if one.unread}
    assert unread == {*UNREAD, "nothing"}
    assert set(elsewhere()) <= {one.id for one in record.students if one.held}
    assert not unread & {one.id for one in record.judged}
    page = write_report(open_course(course), "receptor")[0].read_text()
    assert page.index("Waiting for a person") < page.index("In the assignment&#x27;s order")
    assert "conflict markers" in page


def test_a_broken_receipt_costs_one_regrade(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    import sqlalchemy as sa

    from snrilab.classroom._report.record import read_record

    engine = sa.create_engine(open_course(course).db_url)
    with engine.begin() as line:
        line.execute(
            sa.text(
                "UPDATE snrilab_receipt SET verdicts = '{\"a', facts = '7', misconceptions = '' WHERE student = 'right'"
            )
        )
    engine.dispose()
    record = read_record(open_course(course), "receptor")
    assert "right" in {one.id for one in record.judged}
    again = grade_here(course, "receptor", students=("right", "copy"))
    assert ([g.student for g in again.graded], again.skipped) == (["right"], ["copy"])


def test_a_changed_deadline_is_noticed_and_settled_marks_stay(
    graded: tuple[Outcome, dict[str, Graded]], course: Path
) -> None:
    from datetime import datetime, timedelta

    from nbgrader.api import Gradebook

    url = open_course(course).db_url
    by_hand = {"test_drug": 1.0, "test_occupancy": 3.0}  # a person saw it otherwise

    def tests(book: Gradebook) -> dict[str, tuple[float, bool]]:
        found = {test: book.find_grade(test, "receptor", "receptor", "photo") for test in by_hand}
        return {test: (one.manual_score, one.needs_manual_grade) for test, one in found.items()}

    assert grade_here(course, "receptor", students=("photo", "json")).graded == []
    with Gradebook(url) as book:
        mark = book.find_grade("discuss", "receptor", "receptor", "photo")
        mark.manual_score, mark.needs_manual_grade = 4.5, False
        for test, points in by_hand.items():
            mark = book.find_grade(test, "receptor", "receptor", "photo")
            mark.manual_score, mark.needs_manual_grade = points, False
        book.find_assignment("receptor").duedate = datetime(2026, 1, 1)  # noqa: DTZ001 -- as nbgrader
        book.db.commit()
    again = grade_here(course, "receptor", students=("photo", "json"))
    assert sorted(g.student for g in again.graded) == ["json", "photo"]
    with Gradebook(url) as book:
        book.find_submission("receptor", "json").extension = timedelta(days=3)
        mark = book.find_grade("discuss", "receptor", "receptor", "photo")
        assert (mark.manual_score, mark.needs_manual_grade) == (4.5, False), "the same text"
        assert tests(book) == {"test_drug": (1.0, False), "test_occupancy": (3.0, False)}
        book.db.commit()
    again = grade_here(course, "receptor", students=("photo", "json"))
    assert [g.student for g in again.graded] == ["json"]
    path = course / "submitted/photo/receptor/receptor.ipynb"
    another = GOOD["drug"] + "  # the same points by machine"
    path.write_bytes(submit(SOURCE, **{**GOOD, "drug": another}, discuss="Something else."))
    grade_here(course, "receptor", students=("photo",))
    with Gradebook(url) as book:
        mark = book.find_grade("discuss", "receptor", "receptor", "photo")
        assert (mark.manual_score, mark.needs_manual_grade) == (4.5, True), "another text"
        assert tests(book) == {"test_drug": (1.0, True), "test_occupancy": (3.0, False)}


# -- the other way in, and archives ------------------------------------------------------------------


def test_nbgrader_autograde_does_the_same(jail: None, tmp_path: Path) -> None:
    """In a fresh clone, without `generate_assignment`; and every wait has an end."""
    root = write_course(tmp_path, {"receptor": SOURCE}, {})
    (root / "nbgrader_config.py").write_text(CONFIG)
    some = {n: (FOUND | UNREAD)[n][0] for n in ("txt", "copy", "page", "empty")}
    some |= {n: {"receptor.ipynb": json.dumps(elsewhere()[n]).encode()} for n in ("below", "bare")}
    some |= {"right": {"receptor.ipynb": RIGHT}, MISNAMED: {"receptor.ipynb": RIGHT}}
    for student, files in some.items():
        for name, data in files.items():
            path = root / "submitted" / student / "receptor" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    done = nbgrader(root, ["autograde", "receptor"])
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert "SAWarning" not in done.stderr
    for said in ("saved web page", "the file is empty", "only so many sites", "cannot have: '<'"):
        assert said in done.stderr, said
    for wrong in ("No submitted file", "No notebooks were matched"):
        assert wrong not in done.stderr, "it is found all the same"
    full = dict.fromkeys(("txt", "copy", "below", "bare", "right"), FULL)
    assert scores_of(root, "receptor") == {**full, "page": 0, "empty": 0}
    assert nbgrader(root, ["export"]).returncode == 0
    with (root / "grades.csv").open(newline="") as file:
        status = {row["student_id"]: row["status"] for row in csv.DictReader(file)}
    assert status == {
        "page": "not read: waits for a person", "empty": "not read: waits for a person",
        "below": "not marked yet", "bare": "not marked yet", **dict.fromkeys(("txt", "copy", "right"), "graded"),
    }  # fmt: skip
    refused = nbgrader(root, ["autograde", "receptor", "--no-execute"])
    assert (refused.returncode, "no --no-execute" in refused.stderr) == (1, True)
    # A worker that cannot start says so once, and nobody waits for it.
    (root / "nbgrader_config.py").write_text(
        CONFIG + "import os\nos.environ['PATH'] = os.path.dirname(__import__('sys').executable)\n"
    )
    stopped = nbgrader(root, ["autograde", "receptor", "--force"], cold=True)
    assert stopped.returncode == 1
    assert stopped.stderr.count("bubblewrap (bwrap) is not installed") == 1
    assert "Traceback" not in stopped.stderr


def test_nbgrader_autograde_looks_for_every_notebook_of_an_assignment(
    jail: None, tmp_path: Path
) -> None:
    """The one that lies there under another name, and the one that does not."""
    from nbgrader.api import Gradebook

    root = write_course(tmp_path, {"receptor": SOURCE}, {})
    (root / "source/receptor/second.ipynb").write_text(SOURCE)
    (root / "nbgrader_config.py").write_text(CONFIG)
    for student, names in {
        "ann": ["receptor.ipynb", "second.ipynb.txt"],
        "bob": ["receptor.ipynb"],
    }.items():
        folder = root / "submitted" / student / "receptor"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_bytes(RIGHT)
    done = nbgrader(root, ["autograde", "receptor"])
    assert done.returncode == 1, done.stderr[-2000:]
    assert "bob: waits for a person: second.ipynb is missing" in done.stderr
    assert scores_of(root, "receptor") == {"ann": 2 * FULL, "bob": FULL}
    with Gradebook(open_course(root).db_url) as book:
        missing = book.find_submission_notebook("second", "receptor", "bob")
        assert all(grade.needs_manual_grade for grade in missing.grades)


def test_a_second_try_that_fails_leaves_the_first_result(
    jail: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from snrilab.grading.worker_pool import WorkerPool

    run, calls = WorkerPool.run, []

    def once(self: WorkerPool, jobs: Any) -> Any:
        calls.append(jobs)
        if len(calls) == 1:
            yield from run(self, jobs)
        else:
            yield from ((job, {"failed": "the worker process ended"}) for job in jobs)

    monkeypatch.setattr(WorkerPool, "run", once)
    work = {"ann": submit(SOURCE, **{**GOOD, "drug": "while True: pass"}), "bob": RIGHT}
    root = write_course(
        tmp_path, {"receptor": SOURCE}, {n: {"receptor": w} for n, w in work.items()}
    )
    outcome = grade_here(root, "receptor", cell_s=1, wide=3)
    assert len(calls) == 2
    assert outcome.failed == {}
    scores = scores_of(root, "receptor")
    assert scores["bob"] == FULL
    assert 0 < scores["ann"] < FULL


BREAKS = """
from snrilab.grading import autograde

def fails(*_):
    raise autograde.WorkerError("the worker process ended")

autograde.Session.grade = fails
"""


def test_when_the_engine_fails_nobody_has_a_final_0_and_points_from_before_stand(
    jail: None, tmp_path: Path
) -> None:
    """nbgrader gives a final 0 for what it does not find, before anything is graded."""
    from nbgrader.api import Gradebook

    root = write_course(tmp_path, {"receptor": SOURCE}, {})
    (root / "nbgrader_config.py").write_text(CONFIG)

    def hand_in(student: str) -> None:
        path = root / "submitted" / student / "receptor/receptor.ipynb.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(RIGHT)

    hand_in("ann")
    assert nbgrader(root, ["autograde", "receptor"]).returncode == 0
    assert scores_of(root, "receptor") == {"ann": FULL}
    hand_in("bob")
    (root / "nbgrader_config.py").write_text(CONFIG + BREAKS)
    failed = nbgrader(root, ["autograde", "receptor", "--force"])
    assert failed.returncode == 1
    assert "the worker process ended" in failed.stderr
    with Gradebook(open_course(root).db_url) as book:
        waiting = {
            s.student.id: [grade.needs_manual_grade for n in s.notebooks for grade in n.grades]
            for s in book.assignment_submissions("receptor")
        }
    assert scores_of(root, "receptor") == {"ann": FULL, "bob": 0}
    assert all(waiting["bob"])
    assert not all(waiting["ann"])


def test_a_server_that_grades_one_assignment_after_another_keeps_one_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from snrilab.grading import autograde

    at_work: list[str] = []

    class Session:
        def __init__(self, _: Any, assignment: str, templates: list[Any]) -> None:
            self.assignment, self.templates = assignment, templates
            self.worker = SimpleNamespace(is_useful=True)
            at_work.append(assignment)

        def close(self) -> None:
            at_work.remove(self.assignment)

    monkeypatch.setattr(autograde, "Session", Session)
    monkeypatch.setattr(autograde, "_sessions", {})
    digest = {"a": "1", "b": "1"}
    course: Any = SimpleNamespace(root=tmp_path, db_url="")
    course.templates = lambda assignment: [SimpleNamespace(digest=digest[assignment])]
    first = autograde._session(course, "a")
    assert autograde._session(course, "a") is first
    assert autograde._session(course, "b") is not first
    assert at_work == ["b"]
    digest["b"] = "2"
    autograde._session(course, "b")
    assert at_work == ["b"]
    autograde._end_sessions()
    assert at_work == []


def test_an_archive_speaks_for_its_owner(tmp_path: Path) -> None:
    name = "ps2_binding"
    root = write_course(tmp_path, {name: SOURCE}, {})
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (root / "release" / name).mkdir(parents=True)
    (root / "release" / name / f"{name}.ipynb").write_text(SOURCE)
    inbox = root / "downloaded" / name / "archive"
    inbox.mkdir(parents=True)
    (inbox / f"bob_{name}.ipynb").write_text("bob's own")
    (inbox / f"bob_2026-13-45-99-00-00_{name}.ipynb").write_text("impossible time")
    (inbox / f"<b>_{name}.ipynb").write_text("no name")
    (inbox / "stuff.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    with zipfile.ZipFile(inbox / "mallory_2026-11-20-10-00-00_stuff.zip", "w") as packed:
        packed.writestr(f"bob_2099-01-01-00-00-00_{name}.ipynb", "mallory's, as bob")
        packed.writestr(f"x/anna_{name}.ipynb", "mallory's, as anna")
    with zipfile.ZipFile(inbox / "class.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"anna_{name}.ipynb", "anna's own")
        packed.writestr(f"sub/anna_{name}.ipynb", "anna's second")
        packed.writestr(f"carl_{name}.ipynb", "0" * 40_000_000)
        packed.writestr(f"dora_{name}.ipynb", "dora's own")
    done = nbgrader(root, ["zip_collect", name])
    assert done.returncode == 0, done.stderr[-2000:]
    got = {p.parent.parent.name: p.read_text() for p in (root / "submitted").rglob("*.ipynb")}
    assert got.keys() == {"anna", "bob", "dora", "mallory"}
    assert (got["anna"], got["bob"], got["dora"]) == ("anna's own", "bob's own", "dora's own")
    assert got["mallory"].startswith("mallory's")
    times = [p.read_text() for p in (root / "submitted").rglob("timestamp.txt")]
    assert [t[:19] for t in times] == ["2026-11-20 10:00:00"]
    for said in ("carl_", "no possible time", "sub/anna", "stuff.zip", "cannot have: '<'"):
        assert said in done.stderr, said


def test_names_are_looked_at_when_they_enter_the_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    from nbgrader.api import Gradebook, get_alembic_version

    import snrilab.grading.autograde  # noqa: F401 -- sets the gate
    from snrilab.grading.gradebook import version_of_tables

    # Asked here once of nbgrader's own programme, which takes seconds; all other tests ask ours.
    assert version_of_tables() == get_alembic_version()
    monkeypatch.setattr("nbgrader.api.get_alembic_version", version_of_tables)
    with Gradebook(f"sqlite:///{tmp_path}/book.db") as book:
        book.add_student("anna", first_name="Anna", last_name="O'Brien", email="a@example.org")
        with pytest.raises(ValueError, match="cannot have"):
            book.add_student("<script>")
        with pytest.raises(ValueError, match="first_name"):
            book.add_student("bob", first_name="<img src=x onerror=alert(1)>")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "class.csv").write_text("id,first_name\nanna,Anna\n<b>,Bob\n")
    for words in (["add", "<script>"], ["import", "class.csv"]):
        done = nbgrader(tmp_path, ["db", "student", *words])
        assert (done.returncode, "cannot have: '<'" in done.stderr) == (1, True), done.stderr
        assert "Traceback" not in done.stderr
