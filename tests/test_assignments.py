"""Assignments: the release is in sync and leaks nothing, and the tests grade rightly.

Real notebooks go through nbgrader's own API and gradebook here; the many wrong answers are tried by
the gate (`tools/gate.py`, `tests/grading/test_gate.py`).
"""

from __future__ import annotations

import ast
import contextlib
import csv
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from snrilab import binding
from snrilab.exercises import Exercise, declared, own_case
from tests import kernels
from tests.servers import fetched, free_port
from tools.cases import TABLE, table
from tools.gate import Desk
from tools.release import ROOT, Course, answered, fresh_release, of_the_course, solutions

PS2 = "ps2_binding"


def source(assignment):
    return nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", as_version=4)


def graded_cells(notebook):
    return [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]


def exercises(assignment):
    return {e.function_name: e for e in declared(assignment).values() if isinstance(e, Exercise)}


# -- the release --------------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", of_the_course())
def test_release_is_what_the_source_gives(assignment):
    folder = ROOT / "release" / assignment
    committed = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    assert committed == fresh_release(assignment), "run: make release"


def hidden_lines(cell):
    """Lines that only the teacher may see."""
    inside, lines = False, []
    for line in cell.source.split("\n"):
        if "### BEGIN" in line:
            inside = True
        elif "### END" in line:
            inside = False
        elif inside:
            lines.append(line.strip())
    return lines


@pytest.mark.parametrize("assignment", of_the_course())
def test_release_holds_no_answer_and_no_hidden_test(assignment):
    text = (ROOT / "release" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8")
    released = nbformat.reads(text, as_version=4)
    shown = {line.strip() for cell in released.cells for line in cell.source.split("\n")}
    openly = {
        line.strip()
        for cell in source(assignment).cells
        for line in cell.source.split("\n")
        if line.strip() not in hidden_lines(cell)
    }
    secret = {
        line for cell in source(assignment).cells for line in hidden_lines(cell) if len(line) > 8
    }
    assert len(secret) > 40
    assert not (secret - openly) & shown
    for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "Model answer"):
        assert marker not in text
    assert all(not cell.get("outputs") for cell in released.cells)


@pytest.mark.parametrize("assignment", of_the_course())
def test_assignment_is_worth_100_points_and_each_function_has_its_items(assignment):
    cells = graded_cells(source(assignment))
    assert sum(cell.metadata.nbgrader.points for cell in cells) == 100
    items = {cell.id for cell in cells}
    for name in exercises(assignment):
        assert f"test-{name}-example" in items
        assert any(i.startswith(f"test-{name}") and "example" not in i for i in items)
    assert any(cell.metadata.nbgrader.solution for cell in cells), "no hand-graded answer"


@pytest.mark.parametrize("assignment", of_the_course())
def test_stub_is_enough_to_start(assignment):
    released = nbformat.read(ROOT / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    for name, text in solutions(released).items():
        if name in exercises(assignment):
            assert text.startswith(f"def {exercises(assignment)[name].signature}:")
            for part in ("TODO:", "APPROACH:", "EXAMPLE:", "raise NotImplementedError()"):
                assert part in text


def test_answers_of_the_teacher_stay_with_the_teacher():
    from snrilab.grading.template import _data_files

    assert (ROOT / "source" / PS2 / "answers.py").is_file()
    assert "answers.py" not in _data_files(ROOT / "source" / PS2, ())
    assert "answers.py" not in fresh_release(PS2)


# -- the tests of ps2 ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench():
    """Names a notebook has once its set-up and its reference answers have run, and its tests."""
    desk = Desk(PS2)
    return desk.names, {cell.identity: cell.master for cell in desk.tests}


def passes(bench, name, function, only="test-{}"):
    names, tests = bench
    try:
        exec(tests[only.format(name)], {**names, name: function})
    except Exception:  # noqa: BLE001 -- whatever stops a test cell, the points are lost
        return False
    return True


PS2_EXERCISES = exercises(PS2)
SOLUTIONS = {k: v for k, v in solutions(source(PS2)).items() if k != "written-answer"}
FUNCTION_TESTS = {
    cell.id: cell.source
    for cell in graded_cells(source(PS2))
    if any(cell.id.startswith(f"test-{name}") for name in PS2_EXERCISES)
}


@pytest.mark.parametrize("item", FUNCTION_TESTS)
def test_no_number_by_itself_passes_a_test(bench, item):
    """One number from every function, and be it a number that stands in the test."""
    names, tests = bench
    tree = ast.walk(ast.parse(FUNCTION_TESTS[item]))
    written = {node.value for node in tree if isinstance(node, ast.Constant)}
    for number in {0.0, 1.0} | {value for value in written if isinstance(value, int | float)}:
        made_up = {**names, **dict.fromkeys(PS2_EXERCISES, lambda *_, number=number: number)}
        if item == "test-mended_ki-example":
            assert number == 22.5471 or not passes((made_up, tests), "x", None, item)
            continue  # one example, and its number is printed: it is worth 2 points
        with pytest.raises(AssertionError):
            exec(tests[item], made_up)


@pytest.mark.parametrize("item", [i for i in FUNCTION_TESTS if "example" not in i])
@pytest.mark.parametrize("value", [None, "1000", float("nan"), [], {}, print])
def test_a_failed_test_gives_its_reason_in_one_line(bench, item, value):
    names, tests = bench
    made_up = {**names, **dict.fromkeys(PS2_EXERCISES, lambda *_: value)}
    with pytest.raises(AssertionError) as caught:
        exec(tests[item], made_up)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


SLIPS = {1: "ignored-nonspecific", 2: "highest-for-mean", 3: "straight-between-wells"}
SLIPS |= {4: "ratio-upside-down"}


@pytest.mark.parametrize("left", SLIPS)
def test_each_mended_slip_earns_its_points_whatever_is_left(bench, left):
    """The answer with one slip loses that slip's points and the example's; no other."""
    wrong = {m.code: m.function for m in PS2_EXERCISES["mended_ki"].misconceptions}
    kept = [n for n in SLIPS if passes(bench, "mended_ki", wrong[SLIPS[left]], f"test-{{}}-{n}")]
    assert kept == [n for n in SLIPS if n != left]
    assert not passes(bench, "mended_ki", wrong[SLIPS[left]], "test-{}-example")


def test_the_colleagues_own_lines_earn_nothing(bench):
    theirs = bench[0]["colleague_ki"]
    for only in ("test-{}-example", *(f"test-{{}}-{number}" for number in SLIPS)):
        assert not passes(bench, "mended_ki", theirs, only)


@pytest.mark.parametrize("mended", SLIPS)
def test_mending_one_slip_of_four_earns_just_that(bench, mended):
    lines = {
        1: "(counts - np.mean(blocked)) / ({control} - np.mean(blocked))",
        2: "np.mean(controls)",
        3: "10 ** np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])",
        4: "radioligand_nM / kd_nM",
    }
    control = lines[2] if mended == 2 else "np.max(controls)"
    share = (lines[1] if mended == 1 else "counts / {control}").format(control=control)
    read = lines[3] if mended == 3 else "np.interp(0.5, share[::-1], inhibitor_nM[::-1])"
    text = (
        f"def mended_ki(inhibitor_nM, counts, controls, blocked, radioligand_nM, kd_nM):\n"
        f"    share = {share}\n    ic50 = {read}\n"
        f"    return ic50 / (1 + {lines[4] if mended == 4 else 'kd_nM / radioligand_nM'})\n"
    )
    names = dict(bench[0])
    exec(text, names)
    kept = [n for n in SLIPS if passes(bench, "mended_ki", names["mended_ki"], f"test-{{}}-{n}")]
    assert kept == [mended]


# What each plan lacks: what to change in it, and nothing else, so that it works.
CURES = {
    "A": {"sites_nM": 0.08},
    "B": {"inhibitor_nM": [0, 0.05, 0.2, 0.6, 2, 6, 20, 60, 200, 600, 2000, 10000]},
    "C": {"radioligand_nM": 2.0},
    "D": {"sites_nM": 0.08},
}
LACK = {"A": "sites", "B": "range", "C": "filter", "D": "counts", "E": "works", "F": "works"}


@pytest.mark.parametrize("letter", LACK)
def test_plans_fail_for_the_reason_that_the_key_gives(bench, letter):
    names = bench[0]
    error, plan = names["typical_error"], names["plans"][letter]
    assert names["judged"][letter] == LACK[letter]
    worst = max(error(plan, ki_nM, seed=7) for ki_nM in (0.3, 3, 30))
    assert (worst < 1.28) == (LACK[letter] == "works")
    if letter in CURES:
        assert worst > 1.45
        cured = {**plan, **CURES[letter]}
        assert max(error(cured, ki_nM, seed=7) for ki_nM in (0.3, 3, 30)) < 1.3


def test_the_simulator_finds_the_ki_where_nothing_is_used_up(bench):
    """Few sites, many counts: exact within the noise; and depletion as the closed form has it."""
    names = bench[0]
    wide_nM = np.concatenate([[0], np.geomspace(0.01, 1e4, 60)])
    plan = {"radioligand_nM": 2.0, "sites_nM": 0.05, "inhibitor_nM": wide_nM}
    rng = np.random.default_rng(5)
    found = names["estimated_ki"](plan, 5.0, rng, 100)
    assert np.exp(np.mean(np.log(found))) == pytest.approx(5.0, rel=0.05)
    plan["sites_nM"] = 2.0
    found = names["estimated_ki"](plan, 0.5, rng, 100)
    expected = binding.cheng_prusoff(binding.ic50_from_ki(0.5, 2.0, 2.5, 2.0), 2.0, 2.5)
    assert np.exp(np.mean(np.log(found))) == pytest.approx(expected, rel=0.12)


# -- data of one's own -----------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", of_the_course())
def test_table_of_cases_is_what_the_answers_make(assignment):
    folder = ROOT / "source" / assignment
    text = table(folder)
    if text is None:
        assert not (folder / TABLE).exists()
    else:
        assert (folder / TABLE).read_text("utf-8") == text, "run: python -m tools.cases"


def test_hidden_tests_judge_each_student_by_their_own_truth(bench):
    """Answers, table and hidden cells agree; a bar is 12 %, for each of 40 ids."""
    names, tests = bench
    truth = runpy.run_path(str(ROOT / "source" / PS2 / "answers.py"))["truth"]
    numbers = set()
    with contextlib.chdir(ROOT / "source" / PS2):
        for student in (f"s{1000 + i}" for i in range(40)):
            plate = own_case(student, "cases.csv")
            numbers.add(plate.number)
            ic50_nM = truth(plate.number)
            ki_nM = ic50_nM / (1 + plate["radioligand_nM"] / plate["kd_nM"])
            values = {"ic50": ic50_nM, "ki": ki_nM, "conc_80": 4 * ki_nM}
            for name, right in values.items():
                for factor, good in ((1.0, True), (1.11, True), (0.89, True), (1.14, False)):
                    mine = {f"own_{n}_nM": v for n, v in values.items() if name == n}
                    mine = {n: v * factor for n, v in mine.items()} | {"student_id": student}
                    others = {f"own_{n}_nM": float("nan") for n in values if n != name}
                    space = {**names, **others, **mine}
                    assert taken(tests[f"test-own_{name}"], space) == good, (student, name, factor)
                    assert right > 0
    assert len(numbers) > 35


def taken(test, space):
    try:
        exec(test, space)
    except AssertionError:
        return False
    return True


def test_who_fits_the_wells_stays_within_the_bar_on_each_plate(bench):
    names = bench[0]
    told = runpy.run_path(str(ROOT / "source" / PS2 / "answers.py"))
    wells_nM = np.repeat(told["WELLS_NM"], 2)
    for number in range(1, told["CASES"] + 1, 9):
        counts = np.array(told["case"](number)["counts"].split(), dtype=float)
        found = names["fit_ic50"](wells_nM, counts)
        assert found == pytest.approx(told["truth"](number), rel=0.11), number


# -- as a learner opens it -------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", of_the_course())
def test_run_all_reaches_the_end_of_the_untouched_notebook(assignment, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "release" / assignment, tmp_path, dirs_exist_ok=True)
    notebook = nbformat.read(tmp_path / f"{assignment}.ipynb", as_version=4)
    last = nbformat.v4.new_code_cell("print('the end')")
    notebook.cells.append(last)
    here = {"metadata": {"path": str(tmp_path)}}
    for name, value in kernels.warm().items():
        monkeypatch.setenv(name, value)
    NotebookClient(notebook, timeout=120, resources=here).execute()
    assert last.outputs[0].text == "the end\n"
    stopped = [c.id for c in notebook.cells for o in c.get("outputs", []) if "ename" in o]
    assert "two-assays" not in stopped
    assert {"simulator", "six-plans", "colleague"} & set(stopped) == set()


def test_nothing_leads_learners_to_the_handed_out_original():
    text = (ROOT / "release" / PS2 / f"{PS2}.ipynb").read_text("utf-8")
    assert "release/" not in text


# -- through nbgrader -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"), prove=False)
    made.release(PS2)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in kernels.warm().items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="module")
def released(course):
    return nbformat.read(course.folder / "release" / PS2 / f"{PS2}.ipynb", as_version=4)


def declared_answer(kind, name, index):
    """Write a solution cell that takes its function from the declaration."""
    wrong = ".function" if kind == "misconceptions" else ""
    return (
        "from snrilab.exercises import find\n\n"
        f"{name} = find('{PS2}/{name}').{kind}[{index}]{wrong}\n"
    )


def graded(course, released, student, answers):
    course.submit(student, PS2, answered(released, answers))
    course.autograde(student, PS2)
    return course.scores(student, PS2)


def item(scores, name):
    return sum(points for test, points in scores.items() if test.startswith(f"test-{name}"))


WORTH = {
    name: sum(
        cell.metadata.nbgrader.points
        for cell in graded_cells(source(PS2))
        if cell.id.startswith(f"test-{name}")
    )
    for name in PS2_EXERCISES
}
# The gate tries every one of them, and `tests/grading/test_ps2_binding.py` the engine, held against
# nbgrader's rules cell by cell. Two rounds of each go through nbgrader's own kernel, which is slow.
ROUNDS_WRONG = {0, max(len(e.misconceptions) for e in PS2_EXERCISES.values()) - 1}
ROUNDS_OTHER = {0, max(len(e.alternatives) for e in PS2_EXERCISES.values()) - 1}


def test_untouched_release_gets_nothing(course, released):
    scores = graded(course, released, "untouched", {})
    assert sum(scores.values()) == 0
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(PS2, "untouched")
        assert submission.max_score == 100
        assert not submission.needs_manual_grade, "an untouched written answer is 0 by itself"


def test_reference_gets_everything_and_waits_for_the_hand_grade(course, released):
    answers = {**SOLUTIONS, "written-answer": "SERT, 8-fold, by binding."}
    scores = graded(course, released, "reference", answers)
    for name, points in WORTH.items():
        assert item(scores, name) == points
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(PS2, "reference")
        assert (submission.score, submission.max_score) == (84, 100)
        assert submission.needs_manual_grade
        grade = gradebook.find_grade("written-answer", PS2, PS2, "reference")
        grade.manual_score = 13
        gradebook.db.commit()
    course.autograde("reference", PS2)  # a second run keeps the mark given by hand
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(PS2, "reference").score == 97


@pytest.mark.slow
@pytest.mark.parametrize("turn", sorted(ROUNDS_WRONG))
def test_misconceptions_lose_points_on_their_item(course, released, turn):
    answers = {
        name: declared_answer("misconceptions", name, turn % len(exercise.misconceptions))
        for name, exercise in PS2_EXERCISES.items()
    }
    scores = graded(course, released, f"wrong-{turn}", answers)
    for name in PS2_EXERCISES:
        assert item(scores, name) < WORTH[name]


@pytest.mark.slow
@pytest.mark.parametrize("turn", sorted(ROUNDS_OTHER))
def test_other_right_answers_get_full_marks(course, released, turn):
    answers = {
        name: declared_answer("alternatives", name, turn % len(exercise.alternatives))
        for name, exercise in PS2_EXERCISES.items()
    }
    scores = graded(course, released, f"other-{turn}", answers)
    assert {name: item(scores, name) for name in PS2_EXERCISES} == WORTH


CARRIED = {"fit_ic50": 1, "cheng_prusoff": 0}


@pytest.fixture(scope="module", params=CARRIED)
def carried(request, course, released):
    """A part with a mistake in it, and the points of a class's work that has it."""
    part = request.param
    wrong = declared_answer("misconceptions", part, CARRIED[part])
    return part, graded(course, released, f"carried-{part}", {**SOLUTIONS, part: wrong})


def test_a_mistake_in_an_earlier_part_does_not_cost_the_next_step(carried):
    part, scores = carried
    assert item(scores, part) < WORTH[part]
    assert scores["test-ki_from_assay-example"] == 2
    untouched = WORTH.keys() - {part, "ki_from_assay"}
    assert {n: item(scores, n) for n in untouched} == {n: WORTH[n] for n in untouched}


@pytest.mark.parametrize(
    "wrong", PS2_EXERCISES["cheng_prusoff"].misconceptions, ids=lambda m: m.code
)
def test_part_6_takes_any_part_4_as_it_is_and_also_the_right_ki(bench, wrong):
    names, tests = bench
    mistaken = {**names, "cheng_prusoff": wrong.function}
    exec(SOLUTIONS["ki_from_assay"], mistaken)  # the learner's own functions, put together
    step = "test-{}-example"
    assert passes((mistaken, tests), "ki_from_assay", mistaken["ki_from_assay"], step)
    right = PS2_EXERCISES["ki_from_assay"].reference
    assert passes((mistaken, tests), "ki_from_assay", right, step)


# What is no IC50 at all: no earlier mistake to be carried on, but nonsense.
NO_IC50 = {"molar", "returned-top", "returned-bottom", "start-not-fit"}


@pytest.mark.parametrize("wrong", PS2_EXERCISES["fit_ic50"].misconceptions, ids=lambda m: m.code)
def test_part_6_takes_any_ic50_that_comes_from_the_counts(bench, wrong):
    names, tests = bench
    mistaken = {**names, "fit_ic50": wrong.function}
    exec(SOLUTIONS["ki_from_assay"], mistaken)
    own_ki = mistaken["ki_from_assay"]
    taken = passes((mistaken, tests), "ki_from_assay", own_ki, "test-{}-example")
    assert taken == (wrong.code not in NO_IC50)


@pytest.mark.parametrize("ic50_nM", [0.0, 1.0, 1.5, 18.0, 60.0, -1.5, 1e300, 1e-300])
@pytest.mark.parametrize("own_cheng_prusoff", [True, False])
def test_part_6_gives_nothing_for_numbers_that_only_agree_with_each_other(
    bench, ic50_nM, own_cheng_prusoff
):
    names, tests = bench
    ki_nM = ic50_nM / 1.5
    made_up = {**names, "fit_ic50": lambda *_: ic50_nM}
    if own_cheng_prusoff:
        made_up["cheng_prusoff"] = lambda *_: ki_nM
    for only in ("test-{}-example", "test-{}"):
        assert not passes((made_up, tests), "ki_from_assay", lambda *_: ki_nM, only)


def test_part_6_gives_nothing_for_one_ki_whatever_the_ic50(bench):
    names, tests = bench
    made_up = {**names, "cheng_prusoff": lambda *_: 1.0}
    assert not passes((made_up, tests), "ki_from_assay", lambda *_: 1.0, "test-{}-example")


def test_part_6_refuses_swapped_arguments(bench):
    names = bench[0]

    def swapped(inhibitor_nM, bound, radioligand_nM, kd_nM):
        ic50_nM = names["fit_ic50"](inhibitor_nM, bound)
        return names["cheng_prusoff"](ic50_nM, kd_nM, radioligand_nM)

    assert not passes(bench, "ki_from_assay", swapped, "test-{}-example")


@pytest.mark.parametrize("value", [None, "40", float("nan"), [], print])
def test_an_earlier_part_without_a_number_earns_nothing_in_part_6(bench, value):
    names, tests = bench
    for part in ("fit_ic50", "cheng_prusoff"):
        broken = {**names, part: lambda *arguments: value}
        exec(SOLUTIONS["ki_from_assay"], broken)
        broken_ki = broken["ki_from_assay"]
        assert not passes((broken, tests), "ki_from_assay", broken_ki, "test-{}-example")


def test_a_cell_that_does_not_even_parse_costs_only_its_own_items(course, released):
    broken = {**SOLUTIONS, "saturation": "def saturation(conc_nM, bmax, kd_nM)\n    return 1"}
    scores = graded(course, released, "broken", broken)
    assert item(scores, "saturation") == 0
    assert {n: item(scores, n) for n in WORTH if n != "saturation"} == {
        n: p for n, p in WORTH.items() if n != "saturation"
    }


@pytest.mark.parametrize("carried", ["cheng_prusoff"], indirect=True)
def test_feedback_page_shows_the_reason_and_the_marks(course, carried):
    page = course.feedback(f"carried-{carried[0]}", PS2)
    assert "did you multiply instead of divide?" in page  # the instant check
    assert "radioligand at its Kd: Ki is half of the IC50" in page  # the reason of the test
    assert "Score:" in page
    assert "Model answer" not in page


def test_four_commands_work_from_the_root_with_the_committed_settings(tmp_path, released):
    root = tmp_path / "root"
    for folder in ("source", "release"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    work = root / "submitted" / "marie" / PS2
    work.mkdir(parents=True)
    nbformat.write(answered(released, SOLUTIONS), work / f"{PS2}.ipynb")
    # Each proof grades for a second: wrong answers are tried by the gate and by `test_idioms.py`.
    made = ["generate_assignment", PS2, "--force", "--ProveTests.mistakes=0"]
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *made],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # of a busy machine
    )
    assert done.returncode == 0, done.stderr
    from tests.grading.conftest import nbgrader

    # The other three, each in a process of its own, without the time to import nbgrader again.
    done = nbgrader(root, ["autograde", PS2], ["generate_feedback", PS2], ["export"])
    assert done.returncode == 0, done.stderr
    assert (root / "feedback" / "marie" / PS2 / f"{PS2}.html").is_file()
    with (root / "grades.csv").open(newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("marie", 84, 100)
    assert (root / "release" / PS2 / f"{PS2}.ipynb").read_bytes() == (
        ROOT / "release" / PS2 / f"{PS2}.ipynb"
    ).read_bytes()


# As `snrilab lab --teach` starts: without a grammar of web addresses, two seconds of work.
SERVER = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyter_server.serverapp import main; sys.exit(main())"
)


@pytest.mark.parametrize("carried", ["cheng_prusoff"], indirect=True)
@pytest.mark.usefixtures("carried")
def test_formgrader_opens_and_lists_the_assignment(course, tmp_path):
    port, log = free_port(), tmp_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-c", SERVER, "--no-browser", "--allow-root"),
                *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ip=127.0.0.1"),
                *("--IdentityProvider.token=teacher", f"--ServerApp.root_dir={course.folder}"),
            ],
            cwd=course.folder,
            env={**os.environ, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def page(path):
        address = f"http://127.0.0.1:{port}/formgrader/{path}"
        return fetched(address, server, log, "teacher").decode()

    try:
        assert "nbgrader formgrade" in page("manage_assignments")
        listed = {one["name"] for one in json.loads(page("api/assignments"))}
        assert listed == {path.name for path in (course.folder / "source").iterdir()}
        assert PS2 in page(f"gradebook/{PS2}/{PS2}")
    finally:
        server.terminate()
        server.wait(20)


def test_the_course_in_these_tests_leaves_the_teachers_gradebook_alone(course):
    assert course.database.startswith("sqlite:///")
    assert Path(course.database.removeprefix("sqlite:///")).parent == course.folder
    assert ROOT not in course.folder.parents
