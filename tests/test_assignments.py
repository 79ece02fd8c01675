"""Assignments: the release is in sync and leaks nothing, and the tests grade rightly.

Two ways of grading are used. Real notebooks go through nbgrader's own API and gradebook; the many
generated mistakes are tried against the same test cells in this process, which is quicker.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from snrilab.exercises import Exercise, agrees, declared, derived
from tests.servers import fetched, free_port
from tools.release import ROOT, Course, answered, fresh_release, of_the_course, solutions

PS2 = "ps2_binding"

# Changes that give the same answer, so that no test can or should tell them from the reference:
# curves with two free plateaus under other names (the IC50 of the best fit stays what it was) ...
SAME_CURVES = tuple(
    f"return {plateaus} / (1 + x / 10 ** log_ic50)"
    for plateaus in (
        "bottom - (top - bottom)",
        "bottom + (top + bottom)",
        "bottom + top",
        "top + (top - bottom)",
        "bottom + (top - log_ic50)",
        "bottom + (top - x)",  # (top - x) / (1 + x/k) is (top + k) / (1 + x/k) - k
    )
)
SAME_CURVES += ("return bottom + (top - bottom) / (1 + 10 ** log_ic50 / x)",)  # read backwards
# ... and other start values, which lead to the same least squares.
START = "start = [max(bound), min(bound), np.log10(np.median(inhibitor_nM))]"


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
        assert {f"test-{name}-example", f"test-{name}"} <= items
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
    assert "answers.py" not in _data_files(ROOT / "source" / PS2)
    assert "answers.py" not in fresh_release(PS2)


# -- how good are the tests? ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench():
    """Names a notebook has once its set-up and its reference answers have run, and its tests."""
    notebook, names, tests = source(PS2), {}, {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and (about.get("solution") or cell.id == "setup"):
            exec(cell.source, names)
        elif cell.cell_type == "code" and about.get("grade"):
            tests[cell.id] = compile(cell.source, cell.id, "exec")
    return names, tests


def passes(bench, name, function, only="test-{}"):
    names, tests = bench
    try:
        exec(tests[only.format(name)], {**names, name: function})
    except Exception:  # noqa: BLE001 -- whatever stops a test cell, the points are lost
        return False
    return True


def failure(bench, name, function):
    names, tests = bench
    with pytest.raises(AssertionError) as caught:
        exec(tests[f"test-{name}"], {**names, name: function})
    return str(caught.value)


PS2_EXERCISES = exercises(PS2)
WRONG = [(e, m) for e in PS2_EXERCISES.values() for m in e.misconceptions]
OTHER = [(e, i) for e in PS2_EXERCISES.values() for i in range(len(e.alternatives))]
SOLUTIONS = {k: v for k, v in solutions(source(PS2)).items() if k in PS2_EXERCISES}
TEST_CELLS = {
    cell.id: cell.source for cell in graded_cells(source(PS2)) if cell.cell_type == "code"
}


def is_a_mistake(name, source):
    """Tell whether a changed answer gives other values: -x where x is never negative does not."""
    exercise, names = PS2_EXERCISES[name], dict(SETUP)
    try:
        exec(source, names)
        return not all(
            agrees(names[name](*case), exercise.reference(*case), rel=max(exercise.rel, NEAR))
            for case in exercise.inputs()
        )
    except Exception:  # noqa: BLE001 -- whatever stops it is a mistake
        return True


SETUP: dict = {}
for text in (next(c.source for c in source(PS2).cells if c.id == "setup"), *SOLUTIONS.values()):
    exec(text, SETUP)
NEAR = 0.01  # what is rounded, so that it stays as near as this, is forgiven
MUTANTS = [
    (name, mutant)
    for name, text in SOLUTIONS.items()
    for mutant in derived(text)
    if is_a_mistake(name, mutant.source)
]


@pytest.mark.parametrize("name", PS2_EXERCISES)
def test_reference_answers_pass_both_tests(bench, name):
    assert passes(bench, name, PS2_EXERCISES[name].reference)
    assert passes(bench, name, PS2_EXERCISES[name].reference, "test-{}-example")


@pytest.mark.parametrize(
    ("exercise", "wrong"), WRONG, ids=[f"{e.function_name}:{m.code}" for e, m in WRONG]
)
def test_hidden_tests_refuse_each_misconception(bench, exercise, wrong):
    assert not passes(bench, exercise.function_name, wrong.function)


@pytest.mark.parametrize("item", TEST_CELLS)
def test_no_number_by_itself_passes_a_test(bench, item):
    """One number from every function, and be it a number that stands in the test."""
    names, tests = bench
    tree = ast.walk(ast.parse(TEST_CELLS[item]))
    written = {node.value for node in tree if isinstance(node, ast.Constant)}
    for number in {0.0, 1.0} | {value for value in written if isinstance(value, int | float)}:
        made_up = {**names, **dict.fromkeys(PS2_EXERCISES, lambda *_, number=number: number)}
        with pytest.raises(AssertionError):
            exec(tests[item], made_up)


@pytest.mark.parametrize(("exercise", "i"), OTHER, ids=[f"{e.function_name}:{i}" for e, i in OTHER])
def test_tests_accept_each_other_right_answer(bench, exercise, i):
    name, function = exercise.function_name, exercise.alternatives[i]
    assert passes(bench, name, function)
    assert passes(bench, name, function, "test-{}-example")


def is_equivalent(name, mutant):
    if name != "fit_ic50":
        return False
    return START not in mutant.source or any(same in mutant.source for same in SAME_CURVES)


@pytest.mark.parametrize(
    ("name", "mutant"), MUTANTS, ids=[f"{name}:{mutant.change}" for name, mutant in MUTANTS]
)
@pytest.mark.filterwarnings("ignore")
def test_hidden_tests_refuse_each_small_mistake(bench, name, mutant):
    names = dict(bench[0])
    exec(mutant.source, names)
    if passes((names, bench[1]), name, names[name]):
        assert is_equivalent(name, mutant), f"{mutant.change} gets full marks:\n{mutant.source}"


def test_there_are_enough_small_mistakes():
    assert len(MUTANTS) > 150
    assert sum(is_equivalent(*case) for case in MUTANTS) < len(MUTANTS) / 5


@pytest.mark.parametrize("name", PS2_EXERCISES)
@pytest.mark.parametrize("value", [None, "1000", float("nan"), [], {}, print])
def test_a_failed_test_gives_its_reason_in_one_line(bench, name, value):
    message = failure(bench, name, lambda *arguments: value)
    assert message
    assert "\n" not in message


# -- through nbgrader -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"))
    made.release(PS2)
    return made


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
    return scores[f"test-{name}-example"] + scores[f"test-{name}"]


WORTH = {
    name: sum(
        cell.metadata.nbgrader.points
        for cell in graded_cells(source(PS2))
        if cell.id in (f"test-{name}", f"test-{name}-example")
    )
    for name in PS2_EXERCISES
}
ROUNDS_WRONG = max(len(e.misconceptions) for e in PS2_EXERCISES.values())
ROUNDS_OTHER = max(len(e.alternatives) for e in PS2_EXERCISES.values())


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
        assert (submission.score, submission.max_score) == (85, 100)
        assert submission.needs_manual_grade
        grade = gradebook.find_grade("written-answer", PS2, PS2, "reference")
        grade.manual_score = 13
        gradebook.db.commit()
    course.autograde("reference", PS2)  # a second run keeps the mark given by hand
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(PS2, "reference").score == 98


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(ROUNDS_WRONG))
def test_misconceptions_lose_points_on_their_item(course, released, turn):
    answers = {
        name: declared_answer("misconceptions", name, turn % len(exercise.misconceptions))
        for name, exercise in PS2_EXERCISES.items()
    }
    scores = graded(course, released, f"wrong-{turn}", answers)
    for name in PS2_EXERCISES:
        assert scores[f"test-{name}"] == 0
        assert item(scores, name) < WORTH[name]


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(ROUNDS_OTHER))
def test_other_right_answers_get_full_marks(course, released, turn):
    answers = {
        name: declared_answer("alternatives", name, turn % len(exercise.alternatives))
        for name, exercise in PS2_EXERCISES.items()
    }
    scores = graded(course, released, f"other-{turn}", answers)
    assert {name: item(scores, name) for name in PS2_EXERCISES} == WORTH


@pytest.mark.parametrize(("part", "index"), [("fit_ic50", 1), ("cheng_prusoff", 0)])
def test_a_mistake_in_an_earlier_part_does_not_cost_the_next_step(course, released, part, index):
    wrong = declared_answer("misconceptions", part, index)
    scores = graded(course, released, f"carried-{part}", {**SOLUTIONS, part: wrong})
    assert item(scores, part) < WORTH[part]
    assert scores["test-ki_from_assay-example"] == 4
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


def test_feedback_page_shows_the_reason_and_the_marks(course, released):
    wrong = declared_answer("misconceptions", "cheng_prusoff", 0)
    graded(course, released, "feedback", {**SOLUTIONS, "cheng_prusoff": wrong})
    page = course.feedback("feedback", PS2)
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
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    for command in (
        ["generate_assignment", PS2, "--force"],
        ["autograde", PS2],
        ["generate_feedback", PS2],
        ["export"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    assert (root / "feedback" / "marie" / PS2 / f"{PS2}.html").is_file()
    with (root / "grades.csv").open(newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("marie", 85, 100)
    assert (root / "release" / PS2 / f"{PS2}.ipynb").read_bytes() == (
        ROOT / "release" / PS2 / f"{PS2}.ipynb"
    ).read_bytes()


def test_formgrader_opens_and_lists_the_assignment(course, released, tmp_path):
    graded(course, released, "formgrader", SOLUTIONS)
    port, log = free_port(), tmp_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                *("-m", "jupyter", "server", "--no-browser", "--allow-root"),
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
        assert [one["name"] for one in json.loads(page("api/assignments"))] == [PS2]
        assert PS2 in page(f"gradebook/{PS2}/{PS2}")
    finally:
        server.terminate()
        server.wait(20)


def test_the_course_in_these_tests_leaves_the_teachers_gradebook_alone(course):
    assert course.database.startswith("sqlite:///")
    assert Path(course.database.removeprefix("sqlite:///")).parent == course.folder
    assert ROOT not in course.folder.parents
