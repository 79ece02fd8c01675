"""Declarations: references are right, wrong ideas wrong and distinct, alternatives right."""

from __future__ import annotations

import ast
import itertools
import warnings

import numpy as np
import pytest

from snrilab import binding, evidence, exercises, feedback
from snrilab.exercises import (
    Exercise,
    Prediction,
    Question,
    agrees,
    as_numbers,
    declared,
    derived,
    find,
    known_idea,
    lesson,
    own_case,
    words_for,
)
from snrilab.exercises._writer import Places, written
from snrilab.feedback._call import _same

MODULES = (*exercises.lessons(), *exercises.assignments())
DECLARED = [thing for module in MODULES for thing in declared(module).values()]
EXERCISES = [thing for thing in DECLARED if isinstance(thing, Exercise)]
QUESTIONS = [thing for thing in DECLARED if isinstance(thing, Question)]
PREDICTIONS = [thing for thing in DECLARED if isinstance(thing, Prediction)]
MISCONCEPTIONS = [(e, m) for e in EXERCISES for m in e.misconceptions]
ALTERNATIVES = [(e, i) for e in EXERCISES for i in range(len(e.alternatives))]
CODES = {idea.code for idea in evidence.ideas()}

BAD_INPUT = [
    (find, {"name": "ps2_binding/saturatoin"}, "name"),
    (find, {"name": 3}, "name"),
    (declared, {"module": "ps9"}, "module"),
    (derived, {"source": "def f(:"}, "source"),
]


def values(function, exercise):
    with np.errstate(all="ignore"):
        return [function(*arguments) for arguments in exercise.inputs()]


def all_agree(got, right, rel):
    return all(agrees(g, r, rel=rel) for g, r in zip(got, right, strict=True))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("ps2_binding/specific_binding", (1250, 250), 1000),
        ("ps2_binding/saturation", (2.5, 1000, 2.5), 500),  # half of Bmax at Kd
        ("ps2_binding/competition", (0, 2.5, 2.5, 11.2, 1000, 100), 600),
        ("ps2_binding/competition", (22.4, 2.5, 2.5, 11.2, 1000, 100), 350),  # at its IC50
        # 11.2 nM at SERT (Auclair 2013) shows as 15.68 nM beside 1 nM of a ligand with Kd 2.5 nM
        ("ps2_binding/cheng_prusoff", (15.68, 1, 2.5), 11.2),
        # 80 Ci/mmol = 80 x 3.7e10 Bq/Ci x 60 s/min / 1e12 fmol/mmol = 177.6 dpm/fmol
        ("lesson02/bound_fmol", (20 + 0.4 * 177.6, 20, 0.4, 80), 1),
        ("lesson02/conc_for_share", (0.9, 2.5), 22.5),  # nine taken for each free site
        ("lesson02/ki_from_two", (15.68, 1, 22.4, 2.5), 11.2),  # both by Cheng and Prusoff
        ("lesson02/sites_allowed", (10, 0.1), 2),
    ],
)
def test_references_give_the_numbers_of_the_textbook(name, arguments, expected):
    assert find(name).reference(*arguments) == pytest.approx(expected, rel=1e-9)


def library_fit(inhibitor_nM, bound, radioligand_nM=1.0, kd_nM=1.0):
    assay = {"radioligand_nM": radioligand_nM, "kd_nM": kd_nM}
    return binding.fit_competition(inhibitor_nM, bound, **assay)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("ps2_binding/specific_binding", binding.specific_binding),
        ("ps2_binding/saturation", binding.saturation),
        ("ps2_binding/competition", binding.competition),
        ("ps2_binding/cheng_prusoff", binding.cheng_prusoff),
        ("ps2_binding/fit_ic50", lambda *a: library_fit(*a)["ic50_nM"].value),
        ("ps2_binding/ki_from_assay", lambda *a: library_fit(*a)["ki_nM"].value),
    ],
)
def test_what_learners_write_is_what_the_library_computes(name, function):
    exercise = find(name)
    assert all_agree(values(function, exercise), values(exercise.reference, exercise), 1e-5)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_wrong_answers_are_wrong_and_distinct_and_right_ones_right(exercise):
    right = values(exercise.reference, exercise)
    for alternative in exercise.alternatives:
        assert all_agree(values(alternative, exercise), right, exercise.rel)
    wrong = [(m.text, values(m.function, exercise)) for m in exercise.misconceptions]
    for text, got in wrong:
        assert not all_agree(got, right, exercise.rel), f"{text} is right"
    for (one, mine), (other, theirs) in itertools.combinations(wrong, 2):
        assert not all_agree(mine, theirs, exercise.rel), f"{one} looks like {other}"


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.borders], ids=lambda e: e.name)
def test_no_answer_passes_that_is_missing_at_a_border(exercise):
    right = [exercise.reference(*border) for border in exercise.at_borders()]
    for alternative in exercise.alternatives:
        got = [alternative(*border) for border in exercise.at_borders()]
        assert all_agree(got, right, exercise.rel)
    for border in exercise.at_borders():

        def missing_there(*arguments, border=border):
            same = all(_same(a, b) for a, b in zip(arguments, border, strict=True))
            return None if same else exercise.reference(*arguments)

        said = feedback.diagnose(exercise, missing_there)
        assert (said.passed, said.code) == (False, "no-return")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_every_exercise_says_what_it_wants_and_names_ideas_of_the_list(exercise):
    assert exercise.task.endswith(".")
    assert exercise.unit
    assert exercise.alternatives
    assert len(exercise.inputs()) >= 3
    numbers = {*exercise.argument_names, "gave", "expected"}
    for wrong in exercise.misconceptions:
        assert wrong.code in CODES, wrong.code
        assert wrong.advice.endswith((".", "?")) or not wrong.advice
        assert len(wrong.advice.split()) <= 100
        assert {part.partition("}")[0] for part in wrong.advice.split("{")[1:]} <= numbers


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_inputs_are_the_same_each_time(exercise):
    for one, other in zip(exercise.inputs(), exercise.inputs(), strict=True):
        for a, b in zip(one, other, strict=True):
            assert _same(a, b)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_every_question_has_one_right_answer_explains_all_and_names_ideas(question):
    assert [option.correct for option in question.options].count(True) == 1
    assert len({option.text for option in question.options}) == len(question.options) >= 3
    assert all(len(option.why) > 40 for option in question.options)
    assert {option.idea for option in question.options if not option.correct} <= CODES
    lengths = [len(option.text) for option in question.options]
    assert max(lengths) <= 1.6 * sum(lengths) / len(lengths)


@pytest.mark.parametrize("asked", PREDICTIONS, ids=lambda p: p.name)
def test_every_prediction_can_be_answered(asked):
    assert set(asked.ideas) <= CODES
    if asked.kind == "choice":
        meant = [choice for code in asked.ideas for choice in asked.choices_of(code)]
        assert {asked.answer, *meant} <= {*asked.choices, None}
        assert all(map(asked.choices_of, asked.ideas)), "an idea without a choice"
        assert len(set(meant)) == len(meant), "one choice, two ideas"
        assert asked.answer not in meant
    elif asked.kind == "number" and asked.answer is not None:
        assert asked.low < np.min(asked.answer) <= np.max(asked.answer) < asked.high


def test_names_are_unique_and_say_where_they_are():
    names = [thing.name for thing in DECLARED]
    assert len(set(names)) == len(names)
    assert all(find(name).name == name for name in names)


def test_lessons_say_how_long_they_take_and_objectives_are_practised():
    for name in exercises.lessons():
        shown = lesson(name)
        assert shown.name == name
        assert shown.minutes > 0
        practised = {getattr(thing, "objective", 0) for thing in declared(name).values()} - {0}
        assert practised <= set(range(1, len(shown.objectives) + 1))


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(LookupError, match="did you mean 'ps2_binding/saturation'"):
        find("ps2_binding/saturatoin")
    with pytest.raises(LookupError, match="lesson02"):
        find("elsewhere/thing")


def test_answers_are_found_above_the_working_folder_and_read_again_when_changed(
    tmp_path, monkeypatch
):
    folder = tmp_path / "source" / "ps9_new"
    folder.mkdir(parents=True)
    text = "from snrilab.exercises import Prediction\nA = Prediction('ps9_new/a', '{}', 'yes')\n"
    (folder / "answers.py").write_text(text.format("one"))
    work = tmp_path / "submitted" / "anna"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    assert find("ps9_new/a") == Prediction("ps9_new/a", "one", "yes")
    assert "ps9_new" in exercises.assignments()
    (folder / "answers.py").write_text(text.format("another"))
    assert find("ps9_new/a").text == "another"
    assert exercises.answers_file("../ps9_new") is None
    assert not list(folder.glob("__pycache__"))


# -- derived slips -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "wrong", "code"),
    [
        ("ic50 / (1 + s / kd)", "ic50 / 1 + s / kd", "missing-brackets"),
        ("ki * (1 + s / kd)", "ki * (1 + s) / kd", "brackets-moved"),
        ("dpm / (2.22 * activity)", "dpm / 2.22 * activity", "missing-brackets"),
        ("ki * (1 + s / kd)", "ki * (s / kd)", "forgot-one"),
        ("ki * (1 + s / kd)", "ki * (1 - s / kd)", "plus-for-minus"),
        ("ki * (1 + s / kd)", "ki / (1 + s / kd)", "divided"),
        ("ki * (1 + s / kd)", "kd * (1 + s / ki)", "arguments-swapped"),
        ("total - blank", "blank - total", "reversed-subtraction"),
        ("a / b", "b / a", "ratio-upside-down"),
        ("1000 * dose / mass", "dose / mass", "constant-lost"),
        ("10 ** np.mean(np.log10(x))", "10 ** np.mean(np.log(x))", "wrong-logarithm"),
        ("10 ** np.mean(np.log10(x))", "np.mean(np.log10(x))", "returned-log"),
        ("1 - np.exp(-k * t)", "np.exp(-k * t)", "free-instead-of-occupied"),
        ("c / (c + kd)", "1 - np.exp(-c / kd)", "exponential-rise"),
        ("a / b", "100 * (a / b)", "percent"),
        ("a / b", "1000 * (a / b)", "thousand-lost"),
        ("a - b", "np.maximum(a - b, 0)", "cut-off-at-zero"),
        ("a - b", "np.round(a - b, 2)", "rounded"),
        ("np.maximum(1, x)", "np.minimum(1, x)", "function-wrong"),
        ("a if a > b else b", "b if a > b else a", "branches-swapped"),
        ("(a - b) / c / (2.2 * k)", "a / c - b / (2.2 * k)", "brackets-shared-out"),
        ("x * (a + b) / c", "a * x + b / c", "brackets-shared-out"),
        ("np.polyfit(x, t, 1)[1]", "np.polyfit(t, x, 1)[1]", "axes-exchanged"),
    ],
)
def test_usual_slips_are_derived(answer, wrong, code):
    head = "def f(ic50, s, kd, ki, dpm, activity, total, blank, a, b, dose, mass, x, k, t, c):"
    made = {m.source.partition("return ")[2]: m for m in derived(f"{head}\n    return {answer}")}
    assert made[wrong].code == code
    assert made[wrong].says.endswith((".", "?"))
    assert words_for(code)


def test_a_number_that_picks_something_is_not_multiplied():
    made = derived("def f(x, y):\n    return 2 * np.polyfit(x, y, 1)[1]")
    sources = [one.source for one in made]
    assert any("2000 * " in source for source in sources)
    assert not any("1000)" in source or "[60]" in source for source in sources)
    assert any("1)[0]" in source for source in sources)


def test_every_derived_slip_is_python_differs_from_the_answer_and_has_words():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # a slip may look odd
        for exercise in EXERCISES:
            for text in (exercise.answer, *exercise.also_right):
                source = exercise.code(text, alone=True)
                made = derived(source)
                assert len(made) == len({one.source for one in made}) > 10
                for one in made:
                    compile(one.source, "<slip>", "exec")
                    assert one.source.strip() != source.strip()
                    assert words_for(one.code), one.code
                    assert len(one.says.split()) < 60


def test_a_changed_formula_is_written_as_python_itself_writes_it():
    for exercise in EXERCISES:
        for text in (exercise.answer, *exercise.also_right):
            places = Places(ast.parse(exercise.code(text)))
            for node in places.nodes:
                if isinstance(node, ast.expr):
                    assert places.text(node) == written(node) == ast.unparse(node)
    asked = "a if not b else -c ** 2 ** d @ (e, f[1:, 2], g[0](*h), [i for i in j if k]) < 3 or l"
    sources = [f"def m(x):\n    if x:\n        return {asked}\n    return 1"]
    for source in (*sources, *(exercise.code() for exercise in EXERCISES[::9])):
        whole = Places(ast.parse(source))
        for node in whole.nodes:
            for instead in ("1 + 2", "-x", "(a, b)", "p if q else r") * isinstance(node, ast.expr):
                other = ast.parse(instead, mode="eval").body
                assert whole.source_with(node, other) == whole._unparsed(node, other)
                assert ast.unparse(whole.tree) == whole.source


def test_an_idea_is_looked_up_by_its_code_alone():
    assert known_idea("ki-is-ic50").number == "4"
    assert known_idea("4") is None


# -- values ------------------------------------------------------------------------------------


class Explosive:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")

    __float__ = __repr__ = __eq__ = __array__
    __hash__ = None


@pytest.mark.parametrize(
    "value",
    [
        None,
        "80",
        b"80",
        True,
        [True],
        80 + 1j,
        {"a": 80},
        {80},
        [80, "x"],
        [[80], [80, 80]],
        print,
        Explosive(),
        float,
        np.nan,
        np.inf,
        [80, 80],
    ],
    ids=lambda v: type(v).__name__,
)
def test_nothing_but_the_number_agrees_with_it(value):
    assert not agrees(value, 80.0)


@pytest.mark.parametrize(
    ("value", "expected", "same"),
    [
        (True, True, True),
        (np.array([True]), True, True),
        (1, True, False),
        (1.0, True, False),
        ("True", True, False),
        (np.array([True, False]), [True, False], True),
        ([True, False], np.array([True, False]), True),
        ([1, 0], [True, False], False),
        (None, None, True),
        (np.nan, None, False),
        (0.0, None, False),
        ("SERT", "SERT", True),
        (["SERT", 11.2 + 1e-9], ("SERT", 11.2), True),
        (["SERT", 11.2], ["SERT", 11.3], False),
        (["SERT"], ["SERT", 11.2], False),
        ({"ki_nM": None, "drug": "A"}, {"drug": "A", "ki_nM": None}, True),
        ({"drug": "A"}, {"drug": "A", "ki_nM": None}, False),
        ({("A", "Oslo"): [80.0]}, {("A", "Oslo"): 80}, True),
        ([{"ki_nM": 80}], [{"ki_nM": 81}], False),
        (Explosive(), {"drug": "A"}, False),
        ([Explosive()], [None], False),
        ({"drug": Explosive()}, {"drug": "A"}, False),
    ],
)
def test_what_is_no_number_has_to_be_the_same(value, expected, same):
    assert agrees(value, expected) is same


@pytest.mark.parametrize("value", [80, 80.0, np.float32(80), np.array(80), np.array([80]), [80.0]])
def test_a_number_may_come_in_any_honest_form(value):
    assert agrees(value, 80.0)


def test_tolerance_is_relative_and_arrays_must_have_the_same_shape():
    assert agrees([1.0, 2.0 + 1e-7], [1, 2])
    assert not agrees([1.0, 2.0 + 1e-5], [1, 2])
    assert agrees([0.0, 2.0], [0, 2])
    assert not agrees([1e-3, 2.0], [0, 2])
    assert not agrees([[1, 2]], [1, 2])
    assert not agrees(1.0, [1, 1])
    assert as_numbers([1, 2]).dtype == np.float64


# -- data of one's own ----------------------------------------------------------------------------


@pytest.fixture
def cases(tmp_path):
    rows = [f"{number},{number / 8},{number} {number + 1},drug {number}" for number in range(1, 51)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(["case,kd_nM,counts,note", *rows]), encoding="utf-8")
    return path


def test_an_id_has_one_case_however_it_is_typed(cases):
    same = {
        own_case(typed, cases).number for typed in ("S12 Ä", " s12ä", "s12a\u0308", "\uff3312ä ")
    }
    assert len(same) == 1
    assert own_case(712, cases).number == own_case("712", cases).number
    # SHA-256 of "712" modulo 50, worked out with sha256sum
    assert own_case("712", cases).number == 39


def test_a_case_gives_numbers_arrays_and_text_by_name(cases):
    case = own_case("anna", cases)
    assert case["kd_nM"] == case.number / 8
    assert case["counts"].tolist() == [case.number, case.number + 1]
    assert case["note"] == f"drug {case.number}"
    with pytest.raises(KeyError, match="kd_nM, counts, note"):
        case["ki_nM"]
    with pytest.raises(ValueError, match="read-only"):
        case["counts"][0] = 0


def test_a_class_is_spread_over_all_cases(cases):
    found = [own_case(f"student{i}", cases).number for i in range(5000)]
    counts = np.bincount(found, minlength=51)[1:]
    assert counts.min() > 60
    assert np.sum((counts - 100) ** 2 / 100) < 85  # chi squared, 49 df: 0.1 %


@pytest.mark.parametrize(
    ("student_id", "error", "says"),
    [
        ("", ValueError, "student_id is empty"),
        (" \t", ValueError, "student_id is empty"),
        (None, TypeError, "student_id must be text"),
        (1.0, TypeError, "student_id must be text"),
        (True, TypeError, "student_id must be text"),
    ],
)
def test_an_id_that_is_none_is_refused(cases, student_id, error, says):
    with pytest.raises(error, match=says):
        own_case(student_id, cases)


@pytest.mark.parametrize("text", ["", "case,a\n", "number,a\n1,2\n", "case,a\n1,2\n3,4\n"])
def test_a_table_without_numbered_cases_is_refused(tmp_path, text):
    path = tmp_path / "cases.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"cases 'cases.csv' must number its rows"):
        own_case("anna", path)
    with pytest.raises(FileNotFoundError, match="copy the whole folder"):
        own_case("anna", tmp_path / "none.csv")


@pytest.mark.parametrize("row", ["2", "2,3,4"], ids=["too short", "too long"])
def test_a_row_without_one_value_for_each_column_is_named(tmp_path, row):
    path = tmp_path / "cases.csv"
    path.write_text(f"case,a\n1,2\n{row}\n")
    with pytest.raises(ValueError, match=r"cases 'cases.csv': row 2 has not one value"):
        own_case("anna", path)


def test_a_table_saved_on_windows_is_the_same(tmp_path):
    path = tmp_path / "Fälle.csv"
    path.write_bytes("\ufeffcase,dose_mg\r\n1,40\r\n".encode())
    assert own_case("anna", path).values == {"dose_mg": 40.0}
