"""Feedback names the real mistake, never crashes, never promises, and keeps progress safely."""

from __future__ import annotations

import ast
import dataclasses
import html
import json
import linecache
import math
import multiprocessing
import re
import sys
from collections import Counter
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snrilab import exercises, feedback
from snrilab.exercises import Exercise, Prediction, Question, declared, derived, find
from snrilab.feedback import _memory, _mending, _stale, _trial
from snrilab.feedback._calibration import Calibration
from snrilab.feedback._call import call
from snrilab.feedback._diagnosis import diagnosed
from snrilab.feedback._memory import KINDS, change, load, progress_file, record
from snrilab.feedback._mine import _run
from snrilab.feedback._predict import first_predicted
from snrilab.feedback._question import shuffled
from tests.small_exercises import BOUND, EXPECTED, OCCUPIED
from tests.test_exercises import ALTERNATIVES, EXERCISES, MISCONCEPTIONS, QUESTIONS, Explosive

BAD_INPUT = [
    (feedback.check, {"exercise": "lesson02/nothing", "function": abs}, "name"),
    (feedback.check, {"exercise": "lesson02/which_tighter", "function": abs}, "exercise"),
    (feedback.diagnose, {"exercise": "lesson02/which_tighter", "function": abs}, "exercise"),
    (feedback.answer, {"exercise": "lesson02/which_tighter"}, "exercise"),
    (feedback.question, {"question": "lesson02/two_labs"}, "question"),
    (feedback.recall, {"module": "lesson99"}, "module"),
    (feedback.recall, {"module": "lesson02", "count": 0}, "count"),
    (feedback.predict, {"prediction": "lesson02/which_tighter"}, "prediction"),
    (feedback.predicted, {"prediction": "lesson02/which_tighter"}, "prediction"),
    (feedback.progress, {"module": "lesson99"}, "module"),
    (feedback.reached, {"goal": "twice"}, "goal"),
    (feedback.goals_reached, {"module": "lesson 02"}, "module"),
    (feedback.inventory, {"form": "C"}, "form"),
    (feedback.mine, {"name": "nothing"}, "name"),
]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(_memory, "_for_this_session", {})
    return tmp_path / "kept" / "progress.json"


@pytest.mark.parametrize(
    ("exercise", "wrong"), MISCONCEPTIONS, ids=[f"{e.name}:{m.code}" for e, m in MISCONCEPTIONS]
)
def test_an_idea_is_named_and_refuted_with_the_learners_numbers(exercise, wrong):
    said = feedback.check(exercise, wrong.function)
    assert (said.passed, said.code) == (False, wrong.code)
    assert "{" not in said.why
    assert len(str(said).split()) <= 160
    assert "gave" in said.example


@pytest.mark.parametrize(
    ("exercise", "i"), ALTERNATIVES, ids=[f"{e.name}:{i}" for e, i in ALTERNATIVES]
)
def test_other_right_answers_pass(exercise, i):
    assert feedback.check(exercise, exercise.alternatives[i]).passed


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_the_reference_passes_with_its_meaning_and_without_a_promise(exercise):
    said = feedback.check(exercise, exercise.reference)
    assert said.passed
    assert exercise.means in str(said)
    assert "tried here" in str(said)
    assert "full marks" not in str(said)


def stub(conc_nM, bmax, kd_nM):
    """Only a docstring."""


def stub_raises(conc_nM, bmax, kd_nM):
    raise NotImplementedError


def prints(conc_nM, bmax, kd_nM):
    print(bmax * conc_nM / (conc_nM + kd_nM))  # noqa: T201


def forgets_return(conc_nM, bmax, kd_nM):
    bound = bmax * conc_nM / (conc_nM + kd_nM)  # noqa: F841


def stops(conc_nM, bmax, kd_nM):
    return bmax * conc_nm / (conc_nM + kd_nM)  # noqa: F821


def only_numbers(conc_nM, bmax, kd_nM):
    return 0.0 if conc_nM == 0 else bmax / (1 + kd_nM / conc_nM)


def mutates(conc_nM, bmax, kd_nM):
    result = bmax * conc_nM / (conc_nM + kd_nM)
    if isinstance(conc_nM, np.ndarray):
        conc_nM += 1
    return result


def quits(conc_nM, bmax, kd_nM):
    raise SystemExit(1)


def text(conc_nM, bmax, kd_nM):
    return f"{bmax * conc_nM / (conc_nM + kd_nM)} fmol"


def rounded(conc_nM, bmax, kd_nM):
    return np.round(bmax * conc_nM / (conc_nM + kd_nM))


@pytest.mark.parametrize(("change", "changed"), [(len, ()), (lambda p: p[1].append(1), (0,))])
def test_lists_of_unequal_length_in_a_list_are_the_same_until_one_is_changed(change, changed):
    assert call(change, ([[1], [1, -1]],)).changed == changed


@pytest.mark.parametrize(
    ("change", "changed"), [(lambda p: None, ()), (lambda p: p["x"].fill(2.0), (0,))]
)
def test_what_is_missing_on_both_sides_and_arrays_in_a_dictionary_are_no_change(change, changed):
    assert call(change, ({"x": np.array([1.0, np.nan]), "n": 3},)).changed == changed
    assert call(len, (np.array([1.0, np.nan]),)).changed == ()


SATURATION = find("ps2_binding/saturation").reference


def then(change, function=SATURATION):
    """The right answer with something done to it, in a function whose line cannot be mended."""
    return lambda *arguments: change(function(*arguments))


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (stub, "not-written", "still empty"),
        (stub_raises, "not-written", "still empty"),
        (lambda c, b, k: ..., "not-written", "still empty"),
        (prints, "printed-not-returned", "prints its answer"),
        (forgets_return, "no-return", "return"),
        (stops, "error", "do you mean conc_nM?"),
        (only_numbers, "scalar-only", "not for arrays"),
        (mutates, "changed-input", "conc_nM"),
        (quits, "error", "SystemExit"),
        (text, "not-a-number", "text"),
        (rounded, "whole-numbers", "decimals"),
        (lambda c, b, k: b * c // (c + k), "whole-numbers", "//"),
        (
            lambda c, b, k: np.where(c == 0, 9, SATURATION(c, b, k)),
            "wrong-for-some-inputs",
            "where conc_nM is zero",
        ),
        (lambda c, b, k: {"bound": 1}, "not-a-number", "dict"),
        (lambda c, b, k: np.full(np.shape(c), np.nan), "not-finite", "NaN"),
        (lambda c, b, k: np.sum(SATURATION(c, b, k)), "function-wrong", "np.sum"),
        (then(np.sum), "wrong-shape", "one value for each"),
        (lambda c, b, k: np.arange(6.0).reshape(3, 2), "several-values", "one is asked"),
        (lambda c, b, k: -SATURATION(c, b, k), "wrong-sign", "sign"),
        (lambda c, b, k: SATURATION(c, b, k) / 1000, "thousand-lost", "prefix"),
        (lambda c, b, k: SATURATION(c, b, k) * 2, "twice", "twice"),
        (then(lambda v: v * 7), "constant-factor", "7 times"),
        (lambda c, b, k: SATURATION(c, b, k) * 7, "part-too-many", "* 7 in your line"),
        (then(lambda v: v + 7), "constant-difference", "+7"),
        (lambda c, b, k: c * 0 + 17 * b * k, "argument-ignored", "does not depend on conc_nM"),
        (then(lambda v: v**1.1 + 1), "wrong-value", "by hand"),
        (lambda c, b: c, "wrong-arguments", "3 arguments"),
        (lambda c, b, k, x: c, "wrong-arguments", "3 arguments"),
        (lambda kd_nM, bmax, conc_nM: SATURATION(conc_nM, bmax, kd_nM), "argument-order", "order"),
        (42.0, "not-a-function", "without brackets"),
        (None, "not-a-function", "without brackets"),
    ],
)
def test_other_mistakes_are_explained(answer, code, words):
    said = feedback.check("ps2_binding/saturation", answer)
    assert (said.code, said.passed) == (code, False)
    assert words in str(said)


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("ps2_binding/cheng_prusoff", lambda i, r, k: 1 / (i / (1 + r / k)), "ratio-upside-down"),
        ("ps2_binding/cheng_prusoff", lambda i, r, k: np.log10(i / (1 + r / k)), "returned-log"),
        (BOUND, lambda d, a: d / (2.22 * a) * np.log(10), "wrong-logarithm"),
        (BOUND, lambda d, a: int(d / (2.22 * a)), "whole-numbers"),
        (EXPECTED, lambda i, r, k: int(i * (1 + r / k)), "whole-numbers"),
        ("ps2_binding/fit_ic50", lambda x, y: 18.0, "same-for-every-input"),
        ("ps2_binding/ki_from_assay", lambda x, y, r, k: 30, "same-for-every-input"),
        (OCCUPIED, lambda r, k: 1, "same-for-every-input"),
    ],
)
def test_relations_between_wrong_and_right_values_are_seen(name, answer, code):
    assert feedback.check(name, answer).code == code


def test_digits_are_shown_until_two_numbers_differ():
    said = feedback.check(BOUND, then(lambda v: v * (1 + 3e-6), BOUND.reference))
    gave, expected = (line.split()[-1] for line in said.example.split("\n")[1:])
    assert gave != expected
    assert said.code == "nearly-right"


def test_no_degenerate_case_is_shown_first():
    said = feedback.check(EXPECTED, lambda ki, s, kd: ki + s * kd)
    assert "(10, 2, 2)" not in said.example


def test_a_number_that_matches_once_names_nothing():
    """One value can be met by chance: an idea needs more than one."""
    by_chance = Exercise(
        "x/f",
        "F.",
        "a, b",
        "a / b",
        cases=[(8.0, 2.0), ([9.0, 4.0], 3.0)],
        unit="fold",
        ideas={"difference": "a - b"},
    )

    def f(a, b):
        if not isinstance(a, float) or a != 8:
            raise TypeError
        return a - b

    assert feedback.diagnose(by_chance, f).code != "difference"


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda d, a: a(d), "write the * sign"),
        (lambda d, a: d / "2.22", "quotation marks"),
        (lambda d, a: d / np.log10, "A function is used like a number"),
        (lambda d, a: d / [].sort(), "nothing"),
        (lambda d, a: d / ..., "Three dots"),
        (lambda d, a: math.sqrt(-d / a), "a root of zero or of a negative number"),
        (lambda d, a: 1 / int(0 * a), "divided by zero"),
        (lambda d, a: np.ln(d), "np.log"),
    ],
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_pythons_errors_are_said_in_plain_words(function, words):
    said = feedback.check(BOUND, function)
    assert said.code == "error"
    assert words in said.why


def test_a_fit_that_gives_up_or_gives_all_is_explained():
    def gives_up(x, y):
        raise RuntimeError("Optimal parameters not found: Number of calls has reached maxfev = 800")

    assert "start values" in feedback.check("ps2_binding/fit_ic50", gives_up).why
    reference = find("ps2_binding/fit_ic50").reference
    name = "ps2_binding/fit_ic50"
    everything = feedback.check(name, lambda x, y: [9000.0, 1200.0, reference(x, y)])
    assert (everything.code, "position 2" in everything.why) == ("several-values", True)
    both = feedback.check(name, lambda x, y: (np.array([1.0, reference(x, y)]), 0))
    assert both.code == "several-values"


def test_the_learner_may_choose_other_argument_names_and_defaults():
    def cheng_prusoff(ic50, ligand=1.0, *, kd=None):
        return ic50

    assert feedback.check("ps2_binding/cheng_prusoff", cheng_prusoff).code == "wrong-arguments"
    assert feedback.check("ps2_binding/cheng_prusoff", lambda a, b, c=2.5: a / (1 + b / c)).passed
    assert feedback.check("ps2_binding/cheng_prusoff", lambda *a: a[0] / (1 + a[1] / a[2])).passed


class Impostor:
    """Callable that fails whenever it is looked at."""

    def __call__(self, *arguments):
        return Explosive()

    @property
    def __signature__(self):
        raise TypeError

    __repr__ = Explosive.__repr__


class BadError(Exception):
    def __str__(self):
        raise RuntimeError


def raises_bad_error(*arguments):
    raise BadError


def raises_bad_base_error(*arguments):
    raise GeneratorExit


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.complex_numbers(),
    st.floats(),
    st.lists(st.floats()),
    st.lists(st.lists(st.integers())),
    st.dictionaries(st.text(), st.integers()),
    st.sampled_from([Explosive(), object(), np.datetime64("2020"), np.ma.masked, iter([]), b"1"]),
)


@given(ANYTHING)
@settings(deadline=None, max_examples=30)
def test_check_never_crashes_whatever_comes_back(value):
    said = feedback.check(OCCUPIED, lambda *arguments: value)
    assert not said.passed
    assert str(said)
    assert said._repr_html_()


@pytest.mark.parametrize(
    "answer",
    [Impostor(), raises_bad_error, raises_bad_base_error, Explosive(), Explosive, type, dict],
)
def test_check_never_crashes_whatever_is_called(answer):
    said = feedback.check("ps2_binding/saturation", answer)
    assert not said.passed
    assert said._repr_html_()


def test_an_endless_loop_can_be_interrupted():
    def interrupted(*arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        feedback.check("ps2_binding/saturation", interrupted)


def test_html_escapes_what_the_learner_returned():
    said = feedback.check("ps2_binding/saturation", lambda *a: "<script>alert(1)</script>")
    assert "<script>" not in said._repr_html_()


def test_a_verdict_is_a_widget_with_text_for_a_saved_page():
    said = feedback.check(BOUND, stub)
    data, _ = said._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == str(said)
    assert "aria-hidden" in data["text/html"]
    assert said.tone == ""  # not written is neither right nor wrong


# -- a check never passes on a function older than its cell -------------------------------------


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.run_cell("from snrilab import feedback", store_history=True)
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


RIGHT = "def conc_for_share(share, kd):\n    return kd * share / (1 - share)"
CHECK = "said = feedback.check('lesson02/conc_for_share', conc_for_share)"


def test_a_check_does_not_praise_the_function_of_an_earlier_run(shell, capsys):
    for cell in (RIGHT, CHECK):
        shell.run_cell(cell, store_history=True)
    assert shell.user_ns["said"].passed
    shell.run_cell(RIGHT.replace("share)", "share"), store_history=True)  # a bracket lost
    shell.run_cell(CHECK, store_history=True)
    assert shell.user_ns["said"].code == "older-than-its-cell"
    for cell in (RIGHT, CHECK):
        shell.run_cell(cell, store_history=True)
    assert shell.user_ns["said"].passed
    shell.run_cell(f"{RIGHT}\n{CHECK}", store_history=True)  # both in one cell
    assert shell.user_ns["said"].passed
    capsys.readouterr()


def test_a_check_does_not_judge_an_old_function_after_a_new_name(shell):
    for cell in (RIGHT, CHECK, RIGHT.replace("conc_for_share", "conc").replace("kd", "kd_nM")):
        shell.run_cell(cell, store_history=True)
    shell.run_cell(CHECK, store_history=True)
    assert shell.user_ns["said"].code == "renamed"
    assert "called conc, the check asks for conc_for_share" in str(shell.user_ns["said"])
    shell.run_cell(
        "from snrilab import feedback; mine = feedback.mine('conc_for_share')", store_history=True
    )
    assert "lent by the course (your last function has another name)" in repr(shell.user_ns["mine"])
    for cell in (RIGHT, "def helper(a):\n    return a", CHECK):
        shell.run_cell(cell, store_history=True)
    assert shell.user_ns["said"].passed


def test_a_check_before_its_cell_says_what_to_run_and_shows_no_traceback(shell, capsys):
    _stale.say_what_is_missing(lambda: {"conc_for_share"})
    assert shell.run_cell(CHECK).error_in_exec is not None
    said = "".join(capsys.readouterr())
    assert "run the cell above that begins with def conc_for_share" in said
    assert "Traceback" not in said
    shell.run_cell("another_name")
    assert "Traceback" in "".join(capsys.readouterr())


def test_an_edit_that_was_not_run_takes_the_pass_back():
    from snrilab.feedback._widgets import Verdict

    exercise = find("lesson02/bound_fmol")
    verdict = Verdict(feedback.check(exercise, exercise.reference))
    assert exercise.name in load()["exercises"]
    verdict._handle_custom_msg({"edited": True}, [])
    assert exercise.name not in load()["exercises"]


# -- without the answers ------------------------------------------------------------------------


@pytest.fixture
def at_home(monkeypatch):
    """A student has the notebook and the library, and no `source/`."""
    monkeypatch.setattr("snrilab.exercises._finding._sources", lambda: ())


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("EXAMPLE: saturation(10, 500, 2.5) gives 400.0", "return 400.0", "right"),
        ("EXAMPLE: saturation(10, 500, 2.5) gives 400.0", "return 4.0", "example"),
        ("EXAMPLE: saturation(10, 500, 2.5) gives 400.0", "return bmx", "error"),
        ("EXAMPLE: saturation(10, 500, 2.5) gives 400.0", "return ...", "not-written"),
        ("Nothing is said here.", "return 400.0", "not-tried"),
        ("EXAMPLE: saturation(np.array([1, 2]), 1, 2) gives [1, 2]", "return conc_nM", "right"),
    ],
)
def test_without_answers_the_examples_are_tried_and_it_says_so(at_home, text, line, code):
    source = f'def saturation(conc_nM, bmax, kd_nM):\n    """{text}"""\n    {line}\n'
    filename = f"<home {hash(source)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    names = {}
    exec(compile(source, filename, "exec"), names)
    said = feedback.check("ps2_binding/saturation", names["saturation"])
    assert said.code == code
    assert said.passed == (code == "right")
    if said.passed:
        assert "teacher" in said.why


# -- what is kept -------------------------------------------------------------------------------


def test_a_right_answer_is_kept_and_a_wrong_one_does_not_take_it_away():
    exercise = find("lesson02/conc_for_share")
    shown = feedback.progress("lesson02")
    assert ("exercise", "conc_for_share", "open") in shown.rows
    feedback.check(exercise, exercise.reference)
    feedback.check(exercise, stub)
    assert ("exercise", "conc_for_share", "done") in shown.rows
    assert shown.done == 1
    assert "[x] exercise conc_for_share" in str(shown)


def test_progress_on_the_page_follows_later_clicks_and_the_map_knows_them():
    shown, plan = feedback.progress("lesson01"), feedback.course_map()
    shown._repr_mimebundle_()
    assert "0 of" in shown.widget.value
    exercise = find("lesson01/block_needed")
    feedback.check(exercise, exercise.reference)
    assert "1 of" in shown.widget.value
    assert ">1 of" in plan._repr_html_()
    assert "go on with 01_synapse" in plan.next_step
    assert f"({len(shown.rows) - 1} of {len(shown.rows)} still open, first a prediction)" in (
        plan.next_step
    )


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "It is 3.6 times: outside your range."),
        ({"setting": "80 % blocked"}, "With 80 % blocked it is 3.6 times: outside your range."),
        (
            {"setting": "80 % blocked", "measured": "in rats (Bel 1999)"},
            "Measured in rats (Bel 1999), not worked out by a model: 3.6 times: outside your",
        ),
    ],
)
def test_a_prediction_is_answered_with_the_setting_or_with_who_measured_it(how, said):
    asked = Prediction("x/y", "How many?", answer=3.6, unit="times", low=1, high=30, **how)
    record("predictions", "x/y", {"value": 8, "low": 5, "high": 10})
    assert said in feedback.predicted(asked).sentence


def test_a_choice_that_was_measured_says_by_whom_right_or_wrong():
    asked = Prediction("x/y", "Up?", answer="up", choices=("up", "down"), measured="by Bel 1999")
    for value, said in (
        ("up", "You predicted: up. So it is, as measured by Bel 1999."),
        ("down", "You predicted: down. Measured by Bel 1999, not worked out by a model: up."),
    ):
        record("predictions", "x/y", {"value": value})
        assert feedback.predicted(asked).sentence == said


def test_nothing_is_kept_while_nbgrader_runs_a_notebook(own_progress, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert not record("exercises", "ps2_binding/saturation", True)
    feedback.question("lesson02/which_tighter")
    assert not own_progress.exists()


def test_progress_survives_a_broken_file_and_a_disk_that_refuses(own_progress, monkeypatch):
    own_progress.parent.mkdir()
    for broken in ("{", "[]", '{"exercises": 3}', "\x00"):
        own_progress.write_text(broken)
        assert load() == {kind: {} for kind in KINDS}
    assert record("exercises", "ps2_binding/saturation", True)
    broken = own_progress.with_name("progress.json.unreadable")  # for whoever can mend it
    assert set(own_progress.parent.iterdir()) == {own_progress, broken}  # no temporary file is left
    assert broken.read_text() == "\x00"
    monkeypatch.setenv("SNRILAB_PROGRESS", str(own_progress / "below-a-file" / "p.json"))
    assert not record("goals", "lesson02/goal", True)
    assert feedback.goals_reached("lesson02") == {"lesson02/goal"}  # until the kernel ends
    assert feedback.check("ps2_binding/saturation", SATURATION).passed


def test_a_file_that_cannot_be_read_now_is_not_written_over(own_progress, monkeypatch):
    record("goals", "lesson02/one", True)

    def in_use(*_, **__):
        raise PermissionError(13, "The process cannot access the file")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.read_text", in_use)
        assert not record("goals", "lesson02/two", True)
        assert feedback.goals_reached("lesson02") == {"lesson02/two"}
    assert feedback.goals_reached("lesson02") == {"lesson02/one", "lesson02/two"}


def test_what_others_wrote_into_the_file_stays(own_progress):
    own_progress.parent.mkdir()
    kept = {"goals": {"lesson02/one": True}, "essays": {"x": 1}, "learner": {"seed": "mine"}}
    own_progress.write_text(f"\ufeff{json.dumps(kept)}", encoding="utf-8")  # by Notepad
    assert feedback.learner_seed() == feedback.learner_seed() > 0
    assert load()["goals"] == {"lesson02/one": True}
    assert load()["essays"] == {"x": 1}  # of a later version of the course


def test_what_had_no_place_is_kept_with_the_next_thing_and_never_comes_back_over_it(
    own_progress, monkeypatch
):
    own_progress.parent.write_text("a file where the folder should be")
    assert not record("predictions", "x/y", {"value": "first"})
    assert not record("goals", "lesson02/one", True)
    own_progress.parent.unlink()
    assert record("predictions", "x/y", {"value": "second"})
    monkeypatch.setattr(_memory, "_for_this_session", {})  # the kernel starts anew
    assert load()["predictions"] == {"x/y": {"value": "second"}}
    assert load()["goals"] == {"lesson02/one": True}


def test_an_account_without_a_home_keeps_it_beside_its_notebooks(monkeypatch, tmp_path):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("SNRILAB_PROGRESS")
    monkeypatch.setattr("pathlib.Path.home", nowhere)
    monkeypatch.chdir(tmp_path)
    assert record("goals", "lesson02/one", True)
    assert (tmp_path / ".snrilab" / "progress.json").is_file()


def test_a_write_that_dies_half_way_keeps_the_old_file(own_progress, monkeypatch):
    record("goals", "lesson02/one", True)

    def dies(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        record("goals", "lesson02/two", True)
    assert load()["goals"] == {"lesson02/one": True}
    assert list(own_progress.parent.iterdir()) == [own_progress]


def keeps_many(path, kernel):
    import os

    os.environ["SNRILAB_PROGRESS"] = path
    for i in range(15):
        assert record("goals", f"lesson02/{kernel}-{i}", True)


def test_two_kernels_at_once_lose_nothing(own_progress):
    fork = multiprocessing.get_context("spawn")
    kernels = [fork.Process(target=keeps_many, args=(str(own_progress), k)) for k in "ab"]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join(120)
    assert [kernel.exitcode for kernel in kernels] == [0, 0]
    assert len(load()["goals"]) == 30


def test_a_lock_left_by_a_killed_kernel_is_taken_away(own_progress, monkeypatch):
    own_progress.parent.mkdir()
    lock = own_progress.with_name(own_progress.name + ".lock")
    lock.touch()
    monkeypatch.setattr(_memory, "_STALE_S", -1)
    assert record("goals", "lesson02/one", True)
    assert not lock.exists()


def test_it_is_kept_at_home_and_in_the_browser_where_it_survives(monkeypatch):
    monkeypatch.delenv("SNRILAB_PROGRESS")
    assert progress_file().parts[-2:] == (".snrilab", "progress.json")
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert progress_file().as_posix() == "/drive/.snrilab/progress.json"


def test_a_change_sees_what_another_kernel_kept():
    record("goals", "lesson02/one", 1)
    change("goals", "lesson02/one", lambda old: old + 1)
    assert load()["goals"]["lesson02/one"] == 2
    change("goals", "lesson02/one", lambda old: None)
    assert load()["goals"] == {}


def test_a_goal_is_reached_once_and_kept():
    assert feedback.reached("lesson02/spoil-it")
    assert not feedback.reached("lesson02/spoil-it")
    assert feedback.goals_reached("lesson02") == {"lesson02/spoil-it"}
    assert feedback.goals_reached("lesson03") == frozenset()


def told(name, body):
    return str(feedback.check(name, written(name, body)))


def written(name, body):
    signature = feedback._check._exercise(name).signature
    source = f"def {signature}:\n    {body}\n"
    linecache.cache["<told>"] = (len(source), None, source.splitlines(True), "<told>")
    names = {"np": np, "__name__": "__main__"}
    exec(compile(source, "<told>", "exec"), names)
    return names[name.partition("/")[2]]


def test_a_check_never_says_that_something_goes_from_a_number_to_the_same_number():
    for body in (
        "return (cpm - background_cpm) / efficiency + 1 / activity_Ci_per_mmol",
        "return (cpm - background_cpm) / efficiency - np.log(activity_Ci_per_mmol) / 50",
    ):
        said = told("lesson02/bound_fmol", body)
        assert "hardly depends on activity_Ci_per_mmol" in said
        assert not [m for m in re.findall(r"from ([\d.]+) to ([\d.]+)", said) if m[0] == m[1]]


@pytest.mark.parametrize(
    ("name", "body", "words", "never"),
    [
        ("sites_allowed", "return 2 * tolerated / 100 * ic50_nM",
         "tolerated is a share already", "where per cent are"),
        ("sites_allowed", "return 4 * tolerated * ic50_nM", "Work that step out", "look it up"),
        ("sites_allowed", "return 4 * tolerated * ic50_nM", "your 4 alone", "2 belongs"),
        ("bound_fmol", "return (cpm - background_cpm) / efficiency / (22.3 * activity_Ci_per_mmol)",
         "Look it up again", "Work that step"),
        ("bound_fmol", "return cpm / efficiency - background_cpm / (2.22 * activity_Ci_per_mmol)",
         "Brackets are missing", "rises"),
        ("ki_from_two",
         "return np.polyfit([ic50_a, ic50_b], [radioligand_a, radioligand_b], 1)[1]",
         "x and y have changed places", "above or below"),
    ],
)  # fmt: skip
def test_a_check_says_what_fits_the_slip(name, body, words, never, capfd):
    said = told(f"lesson02/{name}", body)
    assert words in said
    assert never not in said
    assert "DLASCL" not in "".join(capfd.readouterr())


FOUND = "found = true_ratio * net_errors / sert_errors"
ASKED = "\n        return float(cells[1])\n    return float(cells[2])"


@pytest.mark.parametrize(
    ("name", "body", "words", "never"),
    [
        # brackets: the learner's own line is quoted, and a 1 that is right is not called wrong
        ("lesson03/substrate_needed", "return ic50_nM / ki_nM - 1 * km_nM",
         "missing: ic50_nM / ki_nM - 1 is", "stands where"),
        ("lesson03/substrate_needed", "return ic50_nM - ki_nM * km_nM", "", "the rest"),
        ("lesson01/block_needed", "return (1 - 1 / fold) / 1 - other_share",
         "missing: 1 - other_share is", "wrong way round"),
        ("lesson01/share_left",
         "return (km_nM + substrate_nM) / (substrate_nM + km_nM + inhibitor_nM / ki_nM)",
         "is one value", "Brackets are missing"),
        ("lesson01/share_left",
         "return km_nM + substrate_nM / km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM",
         "at two places", "the rest"),
        ("lesson03/percent_inhibition", "return 100 * (1 - uptake / control) - blank",
         "off the counts", "the rest"),
        ("lesson01/release_left",
         "return 1 - strength * (held - held_at_rest) / (1 - held_at_rest)",
         "Look at 1 - held_at_rest in your line", "numbers are those"),
        # a number that is written in
        ("lesson01/share_left", "return 0.2", "is 0.2 whatever", "Bmax"),
        # a guard in front of a right formula
        ("lesson01/block_needed", ("if fold > 1 / other_share:\n        return None\n"
         "    return (1 - 1 / fold) / (1 - other_share)"), "Without the question", "off its end"),
        ("lesson03/substrate_needed", ("s = km_nM * (ic50_nM / ki_nM - 1)\n    if s < 0:\n"
         "        raise ValueError('no')\n    return s"), "Without the question", "np.log10"),
        ("lesson03/substrate_needed", "return abs(km_nM * (ic50_nM / ki_nM - 1))",
         "hidden", "zero"),
        # questions about a text
        ("lesson04/ki_from_row", f'if cells[0] == "NET" or "SERT":{ASKED}',
         "cells[0] == 'NET' or cells[0] == 'SERT'", "stops with"),
        ("lesson04/ki_from_row", f'if "SERT" or "NET" in cells[0]:{ASKED}',
         "'SERT' in cells[0] or 'NET' in cells[0]", "'NET' in 'SERT'"),
        ("lesson04/ki_from_row", f'if cells[0] in ["net", "sert"]:{ASKED}',
         "never true", "by its place"),
        ("lesson04/ki_from_row", f'if cells[0] == "NET" and cells[0] == "SERT":{ASKED}',
         "never true", "by its place"),
        ("lesson04/ki_from_row", "return float(cells[1])",
         "'SERT' is cells[1] here", "the message"),
        ("lesson04/ki_from_row", ("row = cells\n    if row[0] in ('SERT', 'NET'):\n"
         "        row.insert(0, '?')\n    return float(row[2])"), "row = list(cells)", "a - b"),
        # comparisons and loops
        ("lesson04/share_flipped", f"{FOUND}\n    return np.mean(found < 1 != true_ratio < 1)",
         "(found < 1) != (true_ratio < 1)", "np.log10"),
        ("lesson04/share_flipped", f"{FOUND}\n    return np.mean(found > 1 and true_ratio < 1)",
         "write &, | and ~", "np.log10"),
        ("lesson04/share_flipped", f"{FOUND}\n    return np.mean(found) > 1",
         "bracket of np.mean", "unit or text"),
        ("lesson04/share_flipped", f"{FOUND}\n    return len(found > 1) / len(found)",
         "counts every value", "cancel"),
        ("lesson04/share_flipped", (f"{FOUND}\n    n = 0\n    for one in found:\n"
         "        if (one < 1) != (true_ratio < 1):\n            n += 1\n"
         "            return n / len(found)"), "behind the loop", "none that this check knows"),
    ],
)  # fmt: skip
def test_a_check_speaks_of_what_the_learner_wrote(name, body, words, never):
    said = told(name, body)
    assert words in said
    assert never not in said


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (("for cell in cells[1:]:\n        try:\n            return float(cell)\n"
         "        except ValueError:\n            pass"), "number-invented"),
        (("for cell in cells:\n        try:\n            return float(cell)\n"
         "        except ValueError:\n            pass"), "first-number"),
        (("try:\n        return float(cells[1])\n    except ValueError:\n"
         "        return float(cells[2])"), "number-invented"),
        ('return float(cells[1] if "T" in cells[0] else cells[2])', "error"),
        ("return float(cells[1] if len(cells[0]) <= 4 else cells[2])", "error"),
        (('cell = cells[1] if cells[0] in ("SERT", "NET") else cells[2]\n    try:\n'
         "        return float(cell)\n    except ValueError:\n        return np.nan"), "right"),
    ],
)  # fmt: skip
def test_a_number_from_where_there_is_none_does_not_pass(body, code):
    said = feedback.diagnose("lesson04/ki_from_row", written("lesson04/ki_from_row", body))
    assert said.code == code
    assert said.passed == (code == "right")


# -- what comes of it when a learner obeys -----------------------------------------------------

FORMULAS = (
    "lesson01/block_needed",
    "lesson01/share_left",
    "lesson01/release_left",
    "lesson02/bound_fmol",
    "lesson02/ki_from_two",
    "lesson03/percent_inhibition",
    "lesson03/substrate_needed",
)


def without_brackets(exercise, pairs):
    """Yield the right answer's formula with that many pairs of brackets lost."""
    sources = {exercise.code(alone=True)}
    for _ in range(pairs):
        lost = frozenset({"missing-brackets"})
        sources = {m.source for s in sources for m in derived(s, only=lost)}
    return sorted(source.rpartition("return ")[2].strip() for source in sources)


def obeyed(formula, parts):
    """Put brackets round each part, at every place where it stands."""
    made = [formula]
    for part in parts:
        made = [
            f"{one[: at.start()]}({part}){one[at.end() :]}"
            for one in made
            for at in re.finditer(rf"(?<![\w.]){re.escape(part)}(?![\w.])", one)
        ]
    return made


@pytest.mark.parametrize("pairs", [1, 2])
@pytest.mark.parametrize("name", FORMULAS)
def test_who_obeys_a_check_about_brackets_has_a_right_formula(name, pairs):
    exercise = feedback._check._exercise(name)
    for formula in without_brackets(exercise, pairs):
        said = feedback.diagnose(name, written(name, f"return {formula}"))
        assert not said.passed or pairs == 2
        one = "the rest of your formula is right" in said.headline
        two = said.headline == "Brackets are missing at two places."
        if not one and not two:
            continue
        told = (formula, str(said))
        wanted = (
            r"(.+) is to be worked out first, and so is (.+)\."
            if two
            else (r"Brackets are missing: (.+) is to be worked out first.*")
        )
        parts = re.fullmatch(wanted, said.why)
        assert parts, told
        tried = obeyed(formula, parts.groups())
        assert any(
            feedback.diagnose(name, written(name, f"return {better}")).passed for better in tried
        ), told


def test_a_check_keeps_what_a_library_writes_past_python_off_the_page(capfd):
    function = written("lesson02/sites_allowed", "import os; os.write(2, b'noise'); return 1.0")
    feedback.check("lesson02/sites_allowed", function)
    sys.stdout.write("after\n")
    assert capfd.readouterr() == ("after\n", "")


@pytest.mark.parametrize(
    "kept",
    [
        "notes[f'{share} {kd}'] = share, kd, value",
        "notes.setdefault('', []).append((share, kd, value))",
        "rows.append((share, kd, value))",
        "table['x'].append((share, kd, value))",
        "here.rows += [(share, kd, value)]",
        "display((share, kd, value))",
    ],
)
def test_no_changed_copy_of_an_answer_leaves_its_values_in_the_notebook(kept):
    rows = []
    body = f"value = kd * share / 1 - share; {kept}; return value"
    names = {"rows": rows, "notes": {}, "table": {"x": rows}, "display": rows.append}
    function = written("lesson02/conc_for_share", body.replace("kd", "kd_nM"))
    function.__globals__.update(names, here=SimpleNamespace(rows=rows))
    assert not feedback.check("lesson02/conc_for_share", function).passed
    left = rows + [v for k, v in names["notes"].items() if k] + names["notes"].get("", [])
    assert left
    for share, kd_nM, value in left:
        assert np.all(value == kd_nM * share / 1 - share)


# -- a learner's own function, in a later lesson -------------------------------------------------


def test_a_learners_own_function_comes_back_with_what_it_needs(capsys):
    source = (
        "import numpy as np\nFACTOR = 2.22\n"
        "def helper(a):\n    return np.multiply(FACTOR, a)\n"
        "def bound_fmol(c, b, e, a):\n    return (c - b) / e / helper(a)\n"
    )
    linecache.cache["<mine>"] = (len(source), None, source.splitlines(True), "<mine>")
    names = {"__name__": "__main__"}
    exec(compile(source, "<mine>", "exec"), names)
    assert feedback.check("lesson02/bound_fmol", names["bound_fmol"]).passed
    own = feedback.mine("bound_fmol")
    assert not own.lent
    assert "helper" in own.source
    assert own(730.4, 20, 0.4, 80) == pytest.approx(10)
    assert "as you wrote it in lesson02" in capsys.readouterr().out


DOUBLED = "return {} * t * c"


@pytest.mark.parametrize(
    ("above", "called", "body"),
    [
        ("", "mine_", DOUBLED.format("2")),
        ("", "lambda c, t: 2 * t * c", ""),
        ("two = lambda x: 2 * x", "lambda c, t: two(t * c)", ""),
        ("def to(x): return 2 * x\ntwo = to", "sites_allowed", "return two(t * c)"),
        ("WORDS = 'ab'", "sites_allowed", DOUBLED.format("len(WORDS)")),
        ("TWO = {'x': [1, 2.0]}", "sites_allowed", DOUBLED.format("TWO['x'][1]")),
        ("TWO = np.array([2, np.nan])", "sites_allowed", DOUBLED.format("TWO[0]")),
        ("TWO = np.int64(2)", "sites_allowed", DOUBLED.format("TWO")),
        ("TOP = float('inf')", "sites_allowed", "return np.minimum(TOP, 2 * t * c)"),
        ("from numpy import multiply as by", "sites_allowed", "return by(2 * t, c)"),
        (
            "lent = feedback.mine('bound_fmol')",
            "sites_allowed",
            DOUBLED.format("lent(4.44, 0, 1, 1)"),
        ),
    ],
)
def test_a_right_function_comes_back_whatever_it_is_called_and_uses(above, called, body):
    source = f"{above}\ndef {called}(c, t): {body}" if body else above
    source += f"\nsaid = feedback.check('lesson02/sites_allowed', {called})\n"
    linecache.cache["<mine>"] = (len(source), None, source.splitlines(True), "<mine>")
    names = {"__name__": "__main__", "feedback": feedback, "np": np}
    exec(compile(source, "<mine>", "exec"), names)
    assert names["said"].passed
    own = feedback.mine("sites_allowed")
    assert not own.lent
    assert own(10.0, 0.1) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "source", ["def bound_fmol(c, b, e, a): return c", "this is no Python", ""]
)
def test_a_lent_function_takes_the_place_of_one_that_does_not_work(capsys, source):
    record("exercises", "lesson02/bound_fmol", {"source": source})
    own = feedback.mine("lesson02/bound_fmol")
    assert own.lent
    assert own(730.4, 20, 0.4, 80) == pytest.approx(10)
    assert "lent by the course" in capsys.readouterr().out


def below(source, name="sites_allowed"):
    """Run cells of a notebook of their own, then hand on what `feedback.mine` gives there."""
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    names = {"__name__": "__main__", "feedback": feedback, "np": np}
    exec(compile(source, "<cell>", "exec"), names)
    exec(f"own = feedback.mine({name!r})", names)
    return names["own"]


def test_a_function_is_used_as_it_stands_above_right_or_not(capsys):
    wrong = "def sites_allowed(ic50_nM, tolerated): return tolerated * ic50_nM"
    own = below(wrong)
    assert (own.lent, own.right, own(10.0, 0.1)) == (False, False, 1.0)
    assert "as it stands above; the check has not passed it yet." in capsys.readouterr().out
    right = below(wrong.replace("return", "return 2 *"))
    assert (right.lent, right.right, right(10.0, 0.1)) == (False, True, 2.0)
    assert capsys.readouterr().out == "sites_allowed as you wrote it above.\n"


def test_a_right_function_that_was_changed_is_not_used_in_secret(capsys):
    assert feedback.check("lesson02/sites_allowed", lambda ic50_nM, t: 2 * t * ic50_nM).passed
    own = below("def sites_allowed(ic50_nM, tolerated): return 70 * ic50_nM * tolerated")
    assert own(10.0, 0.1) == 70.0
    assert "has not passed it, only one that you had before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return ...", "you have not written it yet"),
        ("return float(ic50_nM) * tolerated", "yours stops with TypeError"),
        ("return print()", "yours returns nothing"),
        ("return np.sum(ic50_nM * tolerated)", "another number of values"),
        ("return ic50_nM * tolerated * np.inf", "no finite numbers"),
        ("return -ic50_nM * tolerated", "below zero"),
    ],
)
def test_what_cannot_be_worked_with_is_lent_and_it_is_said_why(capsys, body, why):
    own = below(f"def sites_allowed(ic50_nM, tolerated): {body}")
    assert own.lent
    assert own(10.0, 0.1) == pytest.approx(2.0)
    said = capsys.readouterr().out
    assert why in said
    assert said.endswith("yours above.\n")


def test_a_later_lesson_knows_unwritten_from_not_right(capsys):
    feedback.check("lesson02/sites_allowed", lambda ic50_nM, t: t * ic50_nM)
    assert feedback.mine("sites_allowed").lent
    assert "the check has not passed yours yet" in capsys.readouterr().out
    assert feedback.mine("bound_fmol").lent
    assert "you have not written it yet" in capsys.readouterr().out


def test_the_worked_answer_is_the_declaration():
    shown = feedback.answer("lesson02/ki_from_two")
    exercise = find("lesson02/ki_from_two")
    assert shown.source == exercise.code()
    assert exercise.means in repr(shown)
    assert shown._repr_html_().startswith("<details>")


# -- questions -----------------------------------------------------------------------------------


def parts(box):
    _, options, sure, press, status = box.children
    return options, sure, press, status


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_question_explains_every_choice_and_keeps_the_first_answer(question):
    options, sure, press, status = parts(feedback.question(question.name))
    press.click()
    assert "Choose" in status.message
    options.index = 0
    press.click()
    assert "how sure" in status.message
    sure.index = 2
    offered = shuffled(question)
    for i, option in enumerate(offered):
        options.index = i
        press.click()
        assert option.why in status.message
        assert status.tone == ("right" if option.correct else "wrong")
    kept = load()["questions"][question.name]
    assert kept["answer"] == offered[0].text
    assert kept["right"] == offered[0].correct
    assert kept["idea"] == offered[0].idea
    assert kept["sure"] == "certain"
    assert kept["right_now"]
    rows = feedback.progress(question.name.partition("/")[0]).rows
    assert ("question", question.name.partition("/")[2], "done") in rows
    again, _, _, said = parts(feedback.question(question.name))
    assert again.index == len(offered) - 1
    assert "earlier" in said.message


def test_each_learner_sees_an_order_of_their_own_and_always_the_same(own_progress):
    question = find("lesson02/which_tighter")
    orders = set()
    for seed in range(12):
        record("learner", "seed", seed + 1)
        order = tuple(option.text for option in shuffled(question))
        assert order == tuple(option.text for option in shuffled(question))
        orders.add(order)
    assert len(orders) > 6


def test_a_question_asked_again_has_its_answers_in_another_order():
    places = Counter()
    for seed in range(40):
        record("learner", "seed", seed + 1)
        first, *rest = feedback.recall("lesson03").children[1:]
        for box in (first, *rest):
            offered = list(box.children[1].options)
            asked = next(
                one
                for one in (*declared("lesson01").values(), *declared("lesson02").values())
                if isinstance(one, Question) and {o.text for o in one.options} == set(offered)
            )
            before = [option.text for option in shuffled(asked)]
            right = next(option.text for option in asked.options if option.correct)
            assert offered != before
            assert offered.index(right) != before.index(right)
            places[offered.index(right)] += 1
    assert len(places) == 4


def test_certain_and_wrong_is_told_apart_from_a_guess():
    question = find("lesson02/which_tighter")
    options, sure, press, status = parts(feedback.question(question))
    place = [option.correct for option in shuffled(question)].index(False)
    options.index, sure.index = place, 2
    press.click()
    assert "You were certain" in status.message
    options.index, sure.index = [o.correct for o in shuffled(question)].index(True), 0
    press.click()
    assert "You guessed" in status.message


def test_recall_asks_first_what_was_answered_wrong(monkeypatch):
    monkeypatch.setattr("snrilab.feedback._question.lessons", lambda: ("lesson02", "lesson03"))
    record("questions", "lesson02/stopped_early", {"answer": "x", "right": True, "sure": "certain"})
    record("questions", "lesson02/looks_weaker", {"answer": "x", "right": True, "sure": "guessing"})
    record(
        "questions", "lesson02/which_tighter", {"answer": "x", "right": False, "sure": "certain"}
    )
    boxes = feedback.recall("lesson03").children
    asked = [box.children[0].value for box in boxes[1:]]
    assert "Drug P" in asked[0]
    assert "tightest drug of a series" in asked[1]
    question = find("lesson02/which_tighter")
    options, sure, press, status = parts(boxes[1])
    offered = shuffled(question, "lesson03")
    options.index, sure.index = [o.correct for o in offered].index(True), 1
    press.click()
    assert status.tone == "right"
    assert load()["questions"]["lesson02/which_tighter"]["right"] is False  # the first answer stays
    assert "Drug P" not in feedback.recall("lesson03").children[1].children[0].value


def test_recall_asks_of_two_lessons_and_first_of_those_that_are_needed():
    for name in ("lesson09", "lesson04", "lesson08", "lesson11"):
        for asked in declared(name).values():
            if isinstance(asked, Question):
                record("questions", asked.name, {"answer": "x", "right": True, "sure": "certain"})
    from snrilab.feedback._question import _worth_recalling

    first, second = (one.name.partition("/")[0] for one in _worth_recalling("lesson12")[:2])
    assert first != second
    assert {first, second} < {"lesson04", "lesson08", "lesson11"}


def test_recall_of_one_who_answered_nothing_asks_what_the_lesson_needs():
    boxes = feedback.recall("lesson03").children
    needed = [q for q in declared("lesson02").values() if isinstance(q, Question)]
    for asked in (box.children[0].value for box in boxes[1:]):
        assert any(one.text[:20] in html.unescape(asked) for one in needed), asked


def test_what_stood_in_the_controls_when_the_button_was_pressed_counts():
    options, _, press, status = parts(feedback.question("lesson02/which_tighter"))
    for nonsense in ([9, 0], [-1, None], "1", [1], None):
        status._handle_custom_msg({"held": nonsense}, [])
        assert options.index is None
    place = [o.correct for o in shuffled(find("lesson02/which_tighter"))].index(True)
    status._handle_custom_msg({"held": [place, 1]}, [])
    press.click()
    assert status.tone == "right"


def test_every_control_has_a_name():
    def controls(widget):
        for child in getattr(widget, "children", ()):
            yield from controls(child)
        if isinstance(widget, (ipywidgets.RadioButtons, ipywidgets.Text, ipywidgets.Button)):
            yield widget

    for box in (feedback.question("lesson02/which_tighter"), feedback.predict("lesson02/two_labs")):
        found = list(controls(box))
        assert len(found) >= 3
        assert all(control.description for control in found)


# -- predictions ---------------------------------------------------------------------------------

RISE = Prediction(
    "lesson01/rise",
    "How many times does the level rise?",
    answer=3.6,
    unit="times",
    low=1,
    high=20,
    ideas={"block-is-rise": 1.8, "other-exits-forgotten": 5.0},
    because="Other ways out carry on.",
)
WHERE = Prediction(
    "lesson01/where",
    "Where do you tell them apart?",
    answer="above Km",
    choices=("below Km", "at Km", "above Km"),
    ideas={"as-in-the-body": "below Km", "middle-is-enough": "at Km"},
)
COURSE = Prediction(
    "lesson09/course",
    "Draw the benefit.",
    answer=(0.0, 33.0, 55.0, 100.0),
    points=(0, 1, 2, 6),
    axis="week",
    unit="% of week 6",
    low=0,
    high=120,
    ideas={"nothing-for-weeks": (0.0, 0.0, 5.0, 100.0)},
)


def keep(asked, *texts):
    box = feedback.predict(asked)
    controls = box.children[1].children[1:]
    for control, text in zip(controls, texts, strict=True):
        control.value = text
    box.children[2].click()
    return box.children[3].message


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("", "", ""), "Three numbers"),
        (("3", "four", "5"), "“four” is no number: write the number alone."),
        (("3.5 %", "2", "6%"), "Kept"),
        (("3", "4", "5"), "has to lie in the range"),
        (("3", "3", "3"), "has to lie in the range"),
        (("50", "3", "90"), "between 1 and 20"),
        (("3,5", "2", "6"), "Kept"),
        (("1,000", "2", "9,000"), "between 1 and 20"),
    ],
)
def test_a_number_is_kept_with_a_range_and_nonsense_is_not(texts, words):
    assert words in keep(RISE, *texts)
    made = feedback.predicted(RISE)
    assert (made is not None) == (words == "Kept")
    if made:
        first = float(texts[0].rstrip(" %").replace(",", "."))
        assert (made.value, made.low, made.high) == (first, 2, 6)


@pytest.mark.parametrize("typed", ["1234567.5", "-0.000123456789", "\N{MINUS SIGN}2"])
def test_a_number_comes_back_as_it_was_typed(typed):
    asked = Prediction("x/y", "How many?", answer=3.6, low=-1e9, high=1e9)
    assert "Kept" in keep(asked, typed, "-1e8", "1e8")
    again = feedback.predict(asked).children[1].children[1:]
    assert [float(one.value) for one in again] == [float(typed.replace("−", "-")), -1e8, 1e8]


@pytest.mark.parametrize(
    ("texts", "right", "held", "idea", "words"),
    [
        (("3.5", "2", "6"), True, True, "", "inside your range"),
        (("5", "4", "6"), False, False, "other-exits-forgotten", "outside your range"),
        (("1.8", "1.5", "9"), False, True, "block-is-rise", "per cent blocked"),
        (("12", "10", "15"), False, False, "", "Other ways out carry on."),
    ],
)
def test_a_number_is_shown_beside_the_answer(texts, right, held, idea, words):
    keep(RISE, *texts)
    made = feedback.predicted(RISE)
    assert (made.right, made.held, made.idea) == (right, held, idea)
    assert words in made.sentence
    assert feedback.predicted(RISE, answer=100.0).held is False
    assert words in feedback.predicted(RISE)._repr_html_()


def test_the_first_prediction_stays_for_the_count_of_ranges():
    keep(RISE, "5", "4", "6")
    keep(RISE, "3.6", "3", "4")
    assert feedback.predicted(RISE).value == 3.6
    assert first_predicted(RISE).value == 5


def test_a_measured_range_is_right_anywhere_inside():
    measured = Prediction("l/m", "?", answer=(2.0, 2.3), low=1, high=10)
    keep(measured, "2.1", "1.5", "2.2")
    made = feedback.predicted(measured)
    assert (made.right, made.held) == (True, True)
    assert "2 to 2.3" in made.sentence


@pytest.mark.parametrize(
    ("low", "high", "held", "words"),
    [
        (2, 10, True, "It is 4 to 8 times: inside your range."),
        (3, 6.5, True, "half of it or more is in your range, which counts."),
        (5.5, 6.5, True, "its middle is in your range, which counts."),
        (7, 20, False, "neither its middle nor half of it, so it does not count."),
        (1, 4, False, "neither its middle nor half of it"),
        (4.5, 5.5, False, "neither its middle nor half of it"),
        (8.1, 20, False, "outside your range."),
    ],
)
def test_a_range_that_touches_a_span_does_not_hold_it(low, high, held, words):
    spread = Prediction("l/s", "?", unit="times", answer=(4.0, 8.0), low=0, high=100)
    keep(spread, f"{(low + high) / 2}", f"{low}", f"{high}")
    made = feedback.predicted(spread)
    assert made.held == held
    assert words in made.sentence


def test_a_choice_is_kept_and_its_idea_named():
    assert feedback.predicted(WHERE) is None
    box = feedback.predict(WHERE)
    box.children[2].click()
    assert "guess is fine" in box.children[3].message
    box.children[1].index = 0
    box.children[2].click()
    made = feedback.predicted(WHERE)
    assert (made.value, made.right, made.idea) == ("below Km", False, "as-in-the-body")
    assert "It is: above Km." in made.sentence
    assert feedback.predict(WHERE).children[1].index == 0


@pytest.mark.parametrize(
    ("choice", "idea"),
    [("a third as wide", "counting-is-all-noise"), ("a tenth as wide", "counting-is-all-noise"),
     ("wider", "")],
)  # fmt: skip
def test_several_choices_may_follow_from_one_idea_and_others_from_none(choice, idea):
    record("predictions", "lesson02/count_longer", {"value": choice})
    kept = feedback.predicted("lesson02/count_longer")
    assert kept.idea == idea
    assert ("Perhaps the idea behind it" in kept.sentence) == bool(idea)
    assert "standard error" not in kept.sentence


def test_a_curve_is_drawn_with_boxes_and_sliders_on_axes_that_stay():
    box = feedback.predict(COURSE)
    rows, picture = box.children[1].children
    first = picture.value
    for row, value in zip(rows.children, (0, 0, 5, 99), strict=True):
        name, slider, number = row.children
        assert name.value.startswith("week")
        number.value = f"{value}"
        assert slider.value == value
    assert picture.value != first
    assert (
        picture.value.split("<polyline")[0].split("<path")[1]
        == (first.split("<polyline")[0].split("<path")[1])
    )
    assert "week 6: 99" in picture.value  # spoken
    box.children[2].click()
    made = feedback.predicted(COURSE)
    assert made.value == (0, 0, 5, 99)
    assert made.idea == "nothing-for-weeks"
    assert "week 2" in made.sentence


@pytest.mark.parametrize(
    ("typed", "value", "stands", "said"),
    [
        ("33,3", 33.3, "33.3", ""),
        ("12.5 %", 12.5, "12.5", ""),
        ("150", 120, "120", "At most 120 here."),
        ("-20", 0, "0", "At least 0 here."),
        ("5 points", 60, "5 points", "“5 points” is no number: write the number alone."),
        (" ", 60, " ", "A number is missing."),
    ],
)
def test_a_point_of_a_curve_takes_what_was_typed_or_says_why_not(typed, value, stands, said):
    box = feedback.predict(COURSE)
    rows, _ = box.children[1].children
    _, slider, number = rows.children[1].children
    press, status = box.children[2:]
    press.click()
    assert status.message == "Draw first; a guess is fine."
    number.value = typed
    assert (slider.value, number.value, status.message) == (value, stands, said)
    press.click()
    assert (feedback.predicted(COURSE) is None) == (value == 60), "kept with a box that is odd"
    slider.value = 5.000000000000001
    assert (number.value, status.message) == ("5", "")
    press.click()
    assert feedback.predicted(COURSE).value == (60, 5, 60, 60)


def test_without_a_place_to_write_the_learner_is_told(monkeypatch, own_progress):
    own_progress.parent.mkdir()
    own_progress.write_text("{}")
    monkeypatch.setenv("SNRILAB_PROGRESS", str(own_progress / "x.json"))
    assert "paper" in keep(RISE, "3", "2", "5")
    options, sure, press, said = parts(feedback.question("lesson02/which_tighter"))
    options.index, sure.index = 0, 0
    press.click()
    assert "Not kept" in said.message


def bet(monkeypatch, highs):
    """Keep a range from 1 to each of these, where the answer is 10."""
    asked = {
        f"lesson02/p{i}": Prediction(f"lesson02/p{i}", "?", answer=10.0, low=0, high=99)
        for i in range(len(highs))
    }
    monkeypatch.setattr("snrilab.feedback._calibration.find", asked.__getitem__)
    monkeypatch.setattr("snrilab.feedback._predict.find", asked.__getitem__)
    for name, high in zip(asked, highs, strict=True):
        record("predictions", name, {"value": 1, "low": 1, "high": high})


@pytest.mark.parametrize(
    ("highs", "said"),
    [
        ([20], "held the answer 1 of 1 time; 4 or more are needed"),
        ([5, 6, 20, 7], "1 of 4 times; good ranges ~ would hold about 3. Yours are too narrow"),
        ([20] * 3 + [5] * 2, "3 of 5 times; good ranges ~ would hold about 4. As far as 5 bets"),
        ([20] * 15, "15 of 15 times; good ranges ~ would hold about 12. Yours are too wide"),
    ],
)
def test_ranges_are_counted_over_all_lessons_and_judged_only_beyond_luck(monkeypatch, highs, said):
    bet(monkeypatch, highs)
    said = said.replace("~", "for a bet of 4 to 1")
    shown = feedback.progress("lesson02")._repr_html_()
    assert said in shown
    assert said in feedback.course_map()._repr_html_()
    assert said in str(feedback.course_map()).splitlines()[-1]


def test_nothing_is_said_of_bets_before_the_first_one():
    record("predictions", "lesson99/of_another_version", {"value": 1, "low": 1, "high": 2})
    record("predictions", COURSE.name, {"value": 1})
    assert "ranges" not in feedback.progress("lesson02")._repr_html_()
    assert str(feedback.course_map()).splitlines()[-1].startswith("Next: ")


def test_answers_called_certain_are_counted_and_the_wrong_ones_can_be_found_again():
    names = [n for m in ("lesson03", "lesson04") for n, thing in exercises.declared(m).items()
             if isinstance(thing, Question)][:6]  # fmt: skip
    for name, sure, right in zip(
        names, ("certain", "certain", "certain", "guessing", "fairly sure"),
        (True, True, False, False, False), strict=False,
    ):  # fmt: skip
        record("questions", name, {"answer": "?", "right": right, "sure": sure, "right_now": True})
    said = (
        "Of 3 first answers that you called certain 2 were right; look again at the one in "
        f"lesson {names[2][6:8]}."
    )
    assert said in feedback.course_map()._repr_html_()
    alone = str(Calibration(0, 0, wrong=("lesson 05",)))
    assert alone == "The one first answer that you called certain was wrong: see it in lesson 05."
    record("questions", names[2], {"answer": "?", "right": True, "sure": "certain"})
    assert "Right: all 3 first answers that you called certain." in str(feedback.course_map())


def do_all_of(module):
    for name, thing in exercises.declared(module).items():
        kinds = {Exercise: "exercises", Question: "questions", Prediction: "predictions"}
        record(kinds.get(type(thing), "goals"), name, {"right_now": True, "value": 1})


def test_when_all_is_done_the_map_still_names_what_is_graded(monkeypatch):
    for module in exercises.lessons():
        do_all_of(module)
    plan = feedback.course_map()
    last = exercises.lesson(exercises.lessons()[-1])
    for graded, said in (
        ("", "All lessons are done."),
        ("ps9_end", "All lessons are done. Next: the assignment ps9_end, if you have not done it."),
    ):
        only = dataclasses.replace(last, assignment=graded)
        monkeypatch.setattr("snrilab.feedback._progress.lesson", lambda _, only=only: only)
        assert plan.next_step == said


def test_lessons_are_found_by_name_and_the_map_lists_them():
    plan = feedback.course_map()
    assert [one.name for one, _ in plan.entries()] == list(exercises.lessons())
    assert plan.next_step.startswith("Next: begin with")
    do_all_of("lesson01")
    assert plan.next_step.startswith("Next: the assignment ps1_synapse, if you have not done it; ")
    assert "then begin with 02_binding_assays" in plan.next_step
    assert json.dumps(str(plan))


def test_the_map_links_an_assignment_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ">ps2_binding</td>" in feedback.course_map()._repr_html_()
    for folder in ("../release/ps2_binding", "ps2_binding"):  # in a clone, and beside the lessons
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "ps2_binding.ipynb").touch()
        assert f'<a href="{folder}/ps2_binding.ipynb">' in feedback.course_map()._repr_html_()


# Answers of another kind than numbers -------------------------------------------------------------

TRUTH = Exercise(
    name="none/kinds", task="", arguments="x", answer="x > 2", cases=[(1.0,), (3.0,)], unit=""
)
TABLE = Exercise(
    name="none/table",
    task="",
    arguments="x",
    answer='[{"drug": "A", "nM": x}, {"drug": "B", "nM": None}]',
    cases=[(1.5,), (3.0,)],
    unit="",
)


@pytest.mark.parametrize("text", ["(x > 2) * 1", "'True' if x > 2 else 'False'", "float(x > 2)"])
def test_numbers_and_text_where_true_or_false_is_asked_are_named_so(text):
    said = diagnosed(TRUTH, TRUTH.function(text))
    assert (said.passed, said.code) == (False, "wrong-kind")
    assert "True or False" in said.headline


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(-2.0 * x) ** 0.5", "a complex number. A root or a power of a negative number"),
        ("np.array([-x + 0j])", "a complex number. A root or a power of a negative number"),
        ("10 ** 400", "a whole number too large to calculate with"),
        ("__import__('decimal').Decimal(x)", "a Decimal, a number that NumPy does not know"),
        ("object()", "an object, not a number"),
        ("(x for _ in '')", "a generator, not a number"),
    ],
)
def test_what_is_no_plain_number_is_called_by_its_kind(text, says):
    asked = Exercise("x/f", "Twice x.", "x", "2 * x", cases=[(3.0,), (5.0,)], unit="nM")
    said = diagnosed(asked, asked.function(text))
    assert f"The function returns {says}" in f"{said.headline} {said.why}"


def test_a_whole_number_of_any_size_is_a_number():
    asked = Exercise("x/f", "10 to the x.", "x", "10.0 ** x", cases=[(30,), (3,)], unit="nM")
    assert diagnosed(asked, asked.function("10 ** x")).passed


def test_numbers_where_a_list_is_asked_are_no_decimal_comma():
    said = diagnosed(TABLE, TABLE.function("[x, 2.0]"))
    assert said.headline == "The function returns numbers; the answer is a list."


def test_a_long_value_is_shown_where_it_first_differs():
    wrong = '[{"drug": "A", "nM": x}, {"drug": "B", "nM": float("nan")}]'
    said = diagnosed(TABLE, TABLE.function(wrong))
    assert "at        [1]['nM']\n  gave      nan\n  expected  None" in said.example


def test_a_kept_function_has_what_its_notebook_imported_for_it():
    exercise = find("lesson11/error_from_p")
    kept = _run("def error_from_p(estimate, p):\n    return estimate / norm.isf(p / 2)\n", exercise)
    assert kept is None, "without abs() it is wrong below 0"
    own = "def error_from_p(estimate, p):\n    return abs(estimate) / norm.isf(p / 2)\n"
    kept = _run(own, exercise)
    assert kept is not None
    assert kept(1.96, 0.05) == pytest.approx(1.0, abs=1e-4)


# -- own work in an assignment -----------------------------------------------------------------


def test_what_rests_on_mine_is_right_in_a_lesson_and_earns_nothing_in_an_assignment():
    lent = feedback.mine("indirect")

    def compare_drugs(estimate_a, se_a, estimate_b, se_b, worthwhile):
        low, high = lent(estimate_a, se_a, estimate_b, se_b)
        if low > -worthwhile and high < worthwhile:
            word = "no important difference"
        else:
            word = "a better" if high < 0 else "b better" if low > 0 else "not shown"
        return [estimate_a - estimate_b, low, high, word]

    said = feedback.check("ps6_comparison/compare_drugs", compare_drugs)
    assert (said.passed, said.code) == (False, "not-in-this-notebook")
    assert (
        "indirect of feedback.mine, which lends nothing while an assignment is graded" in said.why
    )
    assert "ps6_comparison/compare_drugs" not in load()["exercises"]

    def wrong(estimate_a, se_a, estimate_b, se_b, worthwhile):
        low, high = lent(estimate_b, se_b, estimate_a, se_a)
        return [estimate_b - estimate_a, low, high, "not shown"]

    assert feedback.check("ps6_comparison/compare_drugs", wrong).code != "not-in-this-notebook"
    in_a_lesson = feedback.check("lesson12/indirect", then(np.asarray, lent))
    assert in_a_lesson.passed


def test_examples_with_infinity_are_tried_and_their_number_is_told(monkeypatch):
    monkeypatch.setattr("snrilab.feedback._check._is_assignment_without_answers", lambda name: True)

    def number_needed(low, high):
        """Return it.

        EXAMPLE: number_needed(0.05, 0.2) gives ["harm", 5.0, 20.0]
        EXAMPLE: number_needed(-0.02, 0.08) gives ["none shown", np.inf, 12.5]
        """
        return ["harm", 1 / high, 1 / low] if low > 0 else ["none shown", 1e9, 1 / high]

    said = feedback.check("ps6_comparison/number_needed", number_needed)
    assert said.code == "example"

    def right(low, high):
        """EXAMPLE: right(0.05, 0.2) gives ["harm", 5.0, 20.0]"""
        return ["harm", 1 / high, 1 / low]

    said = feedback.check("ps6_comparison/right", right)
    assert said.headline == "The example in its text comes out."
    assert said.why.endswith("think of zero and very large values.")


def test_a_list_of_arrays_alone_is_not_told_to_work_for_single_numbers():
    def change_from_baseline(scores, baseline, carry):
        if carry:
            rows = [
                (row[~np.isnan(row)], start) for row, start in zip(scores, baseline, strict=True)
            ]
            return np.array([row[-1] - start for row, start in rows if len(row)])
        return (scores[:, 4] - baseline)[~np.isnan(scores[:, 4])]

    said = feedback.check("ps6_comparison/change_from_baseline", change_from_baseline)
    assert said.code == "error"
    assert "single numbers" not in f"{said}"


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("np.mean(x)", True), ("input.mean()", True), ("x.open(2)", True), ("f(x)(2)", True),
        ("print(x)", False), ("open(x).read()", False), ("eval('x')", False),
        ("os.remove(x)", False), ("os.path.join(x, x)", False), ("os.environ['x'].lower()", False),
        ("sys.stdout.write(x)", False), ("[open(y) for y in x]", False),
    ],
)  # fmt: skip
def test_only_what_computes_is_run_with_changes(line, plain):
    [definition] = ast.parse(f"def f(x):\n    return {line}").body
    assert _mending.is_plain(definition) == plain


@pytest.mark.parametrize("number", [float, np.float64])
def test_single_numbers_are_compared_as_arrays_are(number):
    values = [0.0, 1.0, 1.0 + 5e-7, 1.0 + 5e-6, -1.0, math.inf, -math.inf, math.nan]
    for one in values:
        for other in values:
            single = [call(lambda x=x: number(x), ()) for x in (one, other)]
            listed = [call(lambda x=x: np.array([x]), ()) for x in (one, other)]
            assert _trial._same(*single, 1e-6) == _trial._same(*listed, 1e-6), (one, other)
