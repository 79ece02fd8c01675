"""Feedback names the real mistake, never crashes, never promises, and keeps progress safely."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snrilab import feedback
from snrilab.exercises import find
from snrilab.feedback._progress import load, record
from tests.test_exercises import ALTERNATIVES, EXERCISES, MISCONCEPTIONS, QUESTIONS, Explosive

BAD_INPUT = [
    (feedback.check, {"exercise": "ps2_binding/nothing", "function": abs}, "name"),
    (feedback.check, {"exercise": "lesson02_binding/tighter", "function": abs}, "exercise"),
    (feedback.quiz, {"question": "lesson02_binding/who_wins"}, "question"),
    (feedback.predict, {"prediction": "lesson02_binding/tighter"}, "prediction"),
    (feedback.recall, {"prediction": "lesson02_binding/tighter"}, "prediction"),
    (feedback.progress, {"module": "lesson99"}, "module"),
]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path / "kept" / "progress.json"


@pytest.mark.parametrize(
    ("exercise", "wrong"), MISCONCEPTIONS, ids=[f"{e.name}:{m.code}" for e, m in MISCONCEPTIONS]
)
def test_a_misconception_is_named(exercise, wrong):
    said = feedback.check(exercise, wrong.function)
    assert not said.passed
    assert said.code == wrong.code
    assert wrong.advice in str(said)


@pytest.mark.parametrize(
    ("exercise", "i"), ALTERNATIVES, ids=[f"{e.name}:{i}" for e, i in ALTERNATIVES]
)
def test_other_right_answers_pass(exercise, i):
    assert feedback.check(exercise, exercise.alternatives[i]).passed


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_the_reference_passes_without_a_promise_about_hidden_tests(exercise):
    said = feedback.check(exercise, exercise.reference)
    assert said.passed
    assert "tried here" in str(said)
    assert "full marks" not in str(said)
    assert "other inputs" in str(said)


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


SATURATION = find("ps2_binding/saturation").reference


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (stub, "not-written", "still empty"),
        (stub_raises, "not-written", "still empty"),
        (lambda c, b, k: ..., "not-written", "still empty"),
        (prints, "printed-not-returned", "prints its answer"),
        (forgets_return, "no-return", "return"),
        (stops, "error", "return bmax * conc_nm / (conc_nM + kd_nM)"),
        (only_numbers, "error", "not for arrays"),
        (mutates, "changed-input", "conc_nM"),
        (quits, "error", "SystemExit"),
        (text, "not-a-number", "text"),
        (rounded, "whole-numbers", "decimals"),
        (lambda c, b, k: b * c // (c + k), "whole-numbers", "//"),
        (
            lambda c, b, k: np.maximum(SATURATION(c, b, k), 200),
            "wrong-for-some-inputs",
            "Right for",
        ),
        (lambda c, b, k: {"bound": 1}, "not-a-number", "dict"),
        (lambda c, b, k: np.full(np.shape(c), np.nan), "not-finite", "NaN"),
        (lambda c, b, k: np.sum(SATURATION(c, b, k)), "wrong-shape", "one value for each"),
        (lambda c, b, k: np.ones((3, 2)), "wrong-shape", "shape"),
        (lambda c, b, k: -SATURATION(c, b, k), "wrong-sign", "sign"),
        (lambda c, b, k: SATURATION(c, b, k) / 1000, "wrong-unit", "prefix"),
        (lambda c, b, k: SATURATION(c, b, k) * 2, "constant-factor", "2 times"),
        (lambda c, b, k: SATURATION(c, b, k) + 7, "constant-difference", "+7"),
        (lambda c, b, k: c * 0 + 17 * b * k, "wrong-value", "by hand"),
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
        ("ps2_binding/cheng_prusoff", lambda i, r, k: 1 / (i / (1 + r / k)), "reciprocal"),
        ("ps2_binding/cheng_prusoff", lambda i, r, k: np.log10(i / (1 + r / k)), "returned-log"),
        ("lesson02_binding/bound_fmol", lambda d, a: d / (2.22 * a) * np.log(10), "wrong-unit"),
        ("lesson02_binding/bound_fmol", lambda d, a: int(d / (2.22 * a)), "whole-numbers"),
        ("lesson02_binding/expected_ic50", lambda i, r, k: int(i * (1 + r / k)), "whole-numbers"),
        ("ps2_binding/fit_ic50", lambda x, y: 18.0, "same-for-every-input"),
        ("ps2_binding/ki_from_assay", lambda x, y, r, k: 30, "same-for-every-input"),
        ("ps2_binding/cheng_prusoff", lambda i, r, k: 15.68 / 1.4, "same-for-every-input"),
        ("lesson02_binding/fraction_occupied", lambda r, k: 1, "same-for-every-input"),
    ],
)
def test_relations_between_wrong_and_right_values_are_seen(name, answer, code):
    assert feedback.check(name, answer).code == code


def test_nothing_is_said_about_values_that_did_not_come():
    said = feedback.check("ps2_binding/saturation", lambda c, b, k: float(SATURATION(c, b, k)) * 2)
    assert said.code == "constant-factor"
    assert "Every value" not in str(said)
    assert "For other inputs none comes out" in str(said)


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
@settings(deadline=None, max_examples=60)
def test_check_never_crashes_whatever_comes_back(value):
    for name in ("ps2_binding/saturation", "ps2_binding/competition"):
        said = feedback.check(name, lambda *arguments: value)
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


def test_a_right_answer_is_kept_and_a_wrong_one_does_not_take_it_away(own_progress):
    exercise = find("lesson02_binding/fraction_occupied")
    assert ("exercise", "fraction_occupied", "open") in feedback.progress("lesson02_binding").rows
    feedback.check(exercise, exercise.reference)
    feedback.check(exercise, stub)
    shown = feedback.progress("lesson02_binding")
    assert ("exercise", "fraction_occupied", "done") in shown.rows
    assert shown.done == 1
    assert "[x] exercise fraction_occupied" in str(shown)
    assert "1 of" in shown._repr_html_()
    assert [one.module for one in feedback.progress()] == ["lesson02_binding", "ps2_binding"]
    assert json.loads(own_progress.read_text())["exercises"] == {exercise.name: True}


def test_nothing_is_kept_while_nbgrader_runs_a_notebook(own_progress, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert not record("exercises", "ps2_binding/saturation", True)
    assert not own_progress.exists()


def test_progress_survives_a_broken_file_and_a_disk_that_refuses(own_progress, monkeypatch):
    own_progress.parent.mkdir()
    for broken in ("{", "[]", '{"exercises": 3}', "\x00"):
        own_progress.write_text(broken)
        assert load() == {"exercises": {}, "questions": {}, "predictions": {}}
    assert record("exercises", "ps2_binding/saturation", True)
    assert list(own_progress.parent.iterdir()) == [own_progress]  # no temporary file is left
    monkeypatch.setenv("SNRILAB_PROGRESS", str(own_progress / "below-a-file" / "p.json"))
    assert not record("exercises", "ps2_binding/saturation", True)
    assert feedback.check("ps2_binding/saturation", SATURATION).passed


def test_a_write_that_dies_half_way_keeps_the_old_file(own_progress, monkeypatch):
    record("predictions", "lesson02_binding/who_wins", "SERT")

    def dies(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        record("predictions", "lesson02_binding/who_wins", "NET")
    assert load()["predictions"] == {"lesson02_binding/who_wins": "SERT"}
    assert list(own_progress.parent.iterdir()) == [own_progress]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_quiz_explains_every_choice_and_remembers_it(question):
    box = feedback.quiz(question.name)
    _, options, button, status = box.children
    button.click()
    assert "Choose" in status.message
    for i, option in enumerate(question.options):
        options.index = i
        button.click()
        assert option.why in status.message
        assert status.tone == ("right" if option.correct else "wrong")
        state = "done" if option.correct else "tried"
        rows = feedback.progress(question.name.partition("/")[0]).rows
        assert ("question", question.name.partition("/")[2], state) in rows
    again = feedback.quiz(question.name)
    assert again.children[1].index == len(question.options) - 1
    assert "earlier" in again.children[3].message
    assert again.children[3].question == question.text


def test_every_control_has_a_name():
    box = feedback.quiz("lesson02_binding/tighter")
    field = feedback.predict("lesson02_binding/who_wins")
    for control in (*box.children[1:3], *field.children[1:3]):
        assert control.description
    assert "aria-hidden" in feedback.check("ps2_binding/saturation", stub)._repr_html_()


def test_a_prediction_is_kept_escaped_and_shown_again():
    name = "lesson02_binding/who_wins"
    assert "not predicted" in feedback.recall(name).value
    _, field, button, status = feedback.predict(name).children
    button.click()
    assert "guess" in status.message
    field.value = "NET <b>10-fold</b>"
    button.click()
    assert "Kept" in status.message
    assert "NET &lt;b&gt;10-fold" in feedback.recall(name).value
    assert feedback.predict(name).children[1].value == "NET <b>10-fold</b>"
    assert ("prediction", "who_wins", "done") in feedback.progress("lesson02_binding").rows


def test_without_a_place_to_write_the_learner_is_told(monkeypatch, own_progress):
    own_progress.parent.mkdir()
    own_progress.write_text("{}")
    monkeypatch.setenv("SNRILAB_PROGRESS", str(own_progress / "x.json"))
    _, field, button, status = feedback.predict("lesson02_binding/who_wins").children
    field.value = "SERT"
    button.click()
    assert "paper" in status.message
    _, options, check, said = feedback.quiz("lesson02_binding/tighter").children
    options.index = 0
    check.click()
    assert "Not kept" in said.message


def test_what_stood_in_the_field_when_the_button_was_pressed_counts():
    _, field, button, status = feedback.predict("lesson02_binding/who_wins").children
    field.value = "SER"  # the last letter is still on its way
    status._handle_custom_msg({"written": "SERT"}, [])
    button.click()
    assert load()["predictions"]["lesson02_binding/who_wins"] == "SERT"
    _, options, check, said = feedback.quiz("lesson02_binding/tighter").children
    for nonsense in (9, -1, "1", None):
        said._handle_custom_msg({"chosen": nonsense}, [])
        assert options.index is None
    said._handle_custom_msg({"chosen": 1}, [])
    check.click()
    assert said.tone == "right"
