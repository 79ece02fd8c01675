"""Declarations: references are right, wrong ideas wrong and distinct, alternatives right."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from snrilab import binding
from snrilab.exercises import Exercise, Question, agrees, as_numbers, declared, find
from snrilab.exercises._declaration import MODULES

DECLARED = [thing for module in MODULES for thing in declared(module).values()]
EXERCISES = [thing for thing in DECLARED if isinstance(thing, Exercise)]
QUESTIONS = [thing for thing in DECLARED if isinstance(thing, Question)]
MISCONCEPTIONS = [(e, m) for e in EXERCISES for m in e.misconceptions]
ALTERNATIVES = [(e, i) for e in EXERCISES for i in range(len(e.alternatives))]

BAD_INPUT = [
    (find, {"name": "ps2_binding/saturatoin"}, "name"),
    (find, {"name": 3}, "name"),
    (declared, {"module": "ps9"}, "module"),
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
        ("lesson02_binding/bound_fmol", (177.6, 80), 1),
        ("lesson02_binding/fraction_occupied", (2.5, 2.5), 0.5),
        ("lesson02_binding/expected_ic50", (92.2, 3, 3), 184.4),
        ("lesson02_binding/binding_selectivity", (92.2, 11.2), 8.232142857),
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
        ("lesson02_binding/bound_fmol", binding.fmol_from_dpm),
    ],
)
def test_what_learners_write_is_what_the_library_computes(name, function):
    exercise = find(name)
    assert all_agree(values(function, exercise), values(exercise.reference, exercise), 1e-5)


@pytest.mark.parametrize("name", ["ps2_binding/fit_ic50", "ps2_binding/ki_from_assay"])
def test_fits_find_the_known_answer_without_noise(name):
    x = 10 ** np.arange(-1, 4.25, 0.5)
    bound = 150 + 800 / (1 + x / 23.4)
    rest = (1.0, 2.5) if name.endswith("assay") else ()
    expected = 23.4 / 1.4 if rest else 23.4
    assert find(name).reference(x, bound, *rest) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("exercise", "wrong"), MISCONCEPTIONS, ids=[f"{e.name}:{m.code}" for e, m in MISCONCEPTIONS]
)
def test_each_misconception_is_wrong_somewhere(exercise, wrong):
    assert not all_agree(
        values(wrong.function, exercise), values(exercise.reference, exercise), exercise.rel
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_misconceptions_can_be_told_apart(exercise):
    codes = [m.code for m in exercise.misconceptions]
    assert len(set(codes)) == len(codes)
    for one, other in itertools.permutations(exercise.misconceptions, 2):
        mine, theirs = values(one.function, exercise), values(other.function, exercise)
        assert not all_agree(mine, theirs, exercise.rel), f"{one.code} looks like {other.code}"


@pytest.mark.parametrize(
    ("exercise", "i"), ALTERNATIVES, ids=[f"{e.name}:{i}" for e, i in ALTERNATIVES]
)
def test_alternatives_are_right(exercise, i):
    got, right = values(exercise.alternatives[i], exercise), values(exercise.reference, exercise)
    assert all_agree(got, right, exercise.rel)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_every_exercise_says_what_it_wants_and_advises_in_one_sentence(exercise):
    assert exercise.task.endswith(".")
    assert exercise.unit
    assert exercise.alternatives
    for wrong in exercise.misconceptions:
        assert wrong.code == wrong.code.lower()
        assert " " not in wrong.code
        assert wrong.advice.endswith((".", "?"))
        assert len(wrong.advice) < 300


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_inputs_are_the_same_each_time(exercise):
    for one, other in zip(exercise.inputs(), exercise.inputs(), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_every_question_has_one_right_answer_and_explains_all(question):
    assert sum(option.correct for option in question.options) == 1
    assert len({option.text for option in question.options}) == len(question.options) >= 3
    assert all(len(option.why) > 40 for option in question.options)


def test_names_are_unique_and_say_where_they_are():
    names = [thing.name for thing in DECLARED]
    assert len(set(names)) == len(names)
    assert all(find(name).name == name for name in names)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(LookupError, match="did you mean 'ps2_binding/saturation'"):
        find("ps2_binding/saturatoin")
    with pytest.raises(LookupError, match="ps2_binding"):
        find("elsewhere/thing")


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
