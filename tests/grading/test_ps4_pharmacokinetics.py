"""What is particular to ps4: slips that earn by themselves, each patient's own truth, its numbers.

The gate tries its wrong and right answers one by one; `tests/test_assignments.py` holds what every
assignment holds.
"""

from __future__ import annotations

import ast
import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from snrilab import evidence, feedback, pk
from snrilab.exercises import own_case
from snrilab.grading.jailed.values import decode, encode
from snrilab.grading.misconceptions import found_in
from snrilab.grading.teachers_cells import run_here
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.gate import Desk

ASSIGNMENT = "ps4_pharmacokinetics"
FOLDER = ROOT / "source" / ASSIGNMENT


# -- the answers against the library ----------------------------------------------------------


def test_the_ratio_is_that_of_the_library(desk: Desk) -> None:
    half_lives_h = np.array([3.0, 12.0, 30.0, 140.0])
    for interval_h in (6.0, 24.0):
        found = desk.names["accumulation_ratio"](half_lives_h, interval_h)
        assert found == pytest.approx(pk.accumulation_ratio(half_lives_h, interval_h))


@pytest.mark.parametrize("model", ["", "first_order_with_lag"])
def test_a_capsule_is_that_of_the_library(desk: Desk, model: str) -> None:
    drug = pk.drug("levomilnacipran", model) if model else pk.drug("levomilnacipran")
    time_h = np.array([0.1, 1.0, 3.0, 6.0, 9.0, 24.0, 60.0])
    expected = pk.concentration(drug, pk.single_dose(40), time_h)
    cl, v_L = drug.cl_L_per_h, drug.cl_L_per_h * drug.half_life_h / np.log(2)
    assert desk.names["half_life"](cl, v_L) == pytest.approx(drug.half_life_h)
    level = desk.told["level"]
    if model:
        ka, lag_h = drug.ka_per_h, drug.lag_h
        found = desk.names["concentration_first_order"](40, ka, cl, v_L, time_h - lag_h)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert level(40, 6.0, cl, drug.half_life_h, 24.0) > 0
        found = desk.names["concentration_zero_order"](40, 7.0, 0.5, cl, v_L, time_h)
        assert found == pytest.approx(level(40, 7.0, cl, drug.half_life_h, time_h))


def test_the_rules_are_those_of_the_library_where_both_take_three_samples(desk: Desk) -> None:
    time_h, conc = np.array([2.0, 6.0, 10.0, 14.0, 18.0]), np.array([40.0, 80, 41, 20, 9.5])
    theirs = pk.nca(time_h, conc)
    assert theirs.terminal.n_points == 3
    assert desk.names["nca"](time_h, conc) == pytest.approx(
        {
            "cmax": theirs.cmax,
            "tmax_h": theirs.tmax_h,
            "half_life_h": theirs.half_life_h,
            "auc_inf": theirs.auc_inf_obs,
            "beyond_percent": theirs.auc_extrapolated_obs_percent,
        }
    )


def test_samples_added_up_day_after_day_come_to_the_steady_state_of_the_library(desk: Desk) -> None:
    drug = pk.drug("levomilnacipran")
    time_h = np.append(0, np.arange(0.25, 96.1, 0.25))
    conc = pk.concentration(drug, pk.single_dose(40), time_h)
    days = np.arange(0, 1200, 24)
    found = desk.names["superpose"](time_h, conc, drug.half_life_h, days, 1200 - 1e-9)
    predose = pk.concentration(drug, pk.repeat(40, times=50), 1200.0 - 1e-9)
    assert found == pytest.approx(float(predose), rel=1e-3)


def test_the_words_say_what_the_evidence_says(desk: Desk) -> None:
    [words] = [c.reference for c in desk.template.cells if c.grade_id == "written-answer"]
    [unchanged] = evidence.find(
        drug="levomilnacipran", quantity="fraction_excreted_unchanged", source="brunner2015",
        species="human",
    )  # fmt: skip
    assert f"{unchanged.value:.0%}".replace("%", " %") in words
    assert f"{1 - unchanged.value:.0%}".replace("%", " %") in words
    [relative] = evidence.find(
        drug="levomilnacipran", quantity="relative_bioavailability", source="fetzima_label"
    )
    assert f"{100 * relative.value:.0f} %" in words
    mass = {
        quantity: evidence.find(drug="levomilnacipran", quantity=quantity, unit="g/mol")[0].value
        for quantity in ("molecular_weight", "molecular_weight_salt")
    }
    base_per_salt = mass["molecular_weight"] / mass["molecular_weight_salt"]
    assert desk.names["base_per_salt"] == pytest.approx(base_per_salt, rel=1e-4)
    assert f"({80 / base_per_salt:.0f} mg of hydrochloride)" in words
    for half_life_h, swing in ((12, "fourfold"), (8, "eightfold"), (16, "2.8-fold")):
        times = {"fourfold": 4, "eightfold": 8, "2.8-fold": 2.8}[swing]
        assert 2 ** (24 / half_life_h) == pytest.approx(times, rel=0.02)
        assert f"at {half_life_h} h {swing}" in words


# -- slips earn by themselves ---------------------------------------------------------------

SHARES = {"right": "", "left": "0.92 * ", "wrong": "1 / 0.92 * "}
MASSES = {"right": "base_per_salt * ", "left": "", "wrong": "1 / base_per_salt * "}
TAILS = {"right": " / np.log(2)", "left": " * 0", "wrong": ""}
UNITS = {"right": "1000 * ", "left": "", "wrong": "0.001 * "}


def test_each_way_to_mend_earns_just_what_it_mends(desk: Desk) -> None:
    """Also when another slip was mended the wrong way."""
    for ways in itertools.product(SHARES, MASSES, TAILS, UNITS):
        share, mass, tail, unit = (
            kind[way] for kind, way in zip((SHARES, MASSES, TAILS, UNITS), ways, strict=True)
        )
        space = dict(desk.names)
        exec(
            "def mended_clearance(salt_mg, time_h, conc, half_life_h):\n"
            f"    area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h{tail}\n"
            f"    return {unit}{share}{mass}salt_mg / area\n",
            space,
        )
        earned = desk.points(space, "mended_clearance")
        right = [way == "right" for way in ways]
        expected = {f"test-mended_clearance-{n}": 3.0 * good for n, good in enumerate(right, 1)}
        assert earned == expected | {"test-mended_clearance-example": 2.0 * all(right)}, ways
    theirs = {**desk.names, "mended_clearance": desk.names["colleague_clearance"]}
    assert set(desk.points(theirs, "mended_clearance").values()) == {0.0}


CURVED = """
    c1, c2, width = conc[:-1], conc[1:], np.diff(time_h)
    falls = c2 < c1
    ratio = np.log(np.where(falls, c1 / np.where(c2 > 0, c2, 1), 2))
    area = np.sum(np.where(falls, width * (c1 - c2) / ratio, width * (c1 + c2) / 2))
"""
STRAIGHT = "\n    area = np.trapezoid(conc, time_h)\n"
END = "conc[-1] * half_life_h / np.log(2)"
# One slip mended in some way of one's own, the other three right: the item that it costs.
OWN_WAYS = [
    ("0.08 * 1000 * base_per_salt", END, 1),
    ("0.92**2 * 1000 * base_per_salt", END, 1),
    ("1000 * (1 - base_per_salt)", END, 2),
    ("1000 * 0.5", END, 2),
    ("1000 * 0.75", END, 2),
    ("1000 * base_per_salt", "0.5 * conc[-1] * half_life_h", 3),
    ("1000 * base_per_salt", "conc[-1] * np.log(2) / half_life_h", 3),
    ("1000 * base_per_salt", "half_life_h / np.log(2)", 3),
    ("1000 * base_per_salt", "max(conc) * half_life_h / np.log(2)", 3),
    ("1000 * base_per_salt", "conc[-1]", 3),
    ("100 * base_per_salt", END, 4),
    ("1e6 * base_per_salt", END, 4),
    ("60 * base_per_salt", END, 4),
    ("1000 * base_per_salt", "1.44 * conc[-1] * half_life_h", 0),
    ("1000 * base_per_salt", "conc[-1] * half_life_h / 0.693", 0),
    ("871.1 * 1.0", END, 0),
]


@pytest.mark.parametrize(("factor", "end", "costs"), OWN_WAYS)
def test_a_slip_mended_wrongly_costs_itself_alone(
    desk: Desk, factor: str, end: str, costs: int
) -> None:
    """Whatever was written in its place; 0 costs nothing, not the example either."""
    head = "def mended_clearance(salt_mg, time_h, conc, half_life_h):"
    space = dict(desk.names)
    exec(f"{head}{STRAIGHT}    return {factor} * salt_mg / (area + {end})\n", space)
    earned = desk.points(space, "mended_clearance")
    lost = {f"test-mended_clearance-{costs}", "test-mended_clearance-example"} if costs else set()
    if factor.startswith("60"):
        lost |= {"test-mended_clearance-2"}  # a factor of 60 may come from anywhere
    assert {name for name, got in earned.items() if not got} == lost


WRITTEN = {
    "half_life": "return 0.693 * v_L / cl_L_per_h",
    "concentration_zero_order": """
    half_h, t = 0.693 * v_L / cl_L_per_h, np.asarray(time_h, dtype=float) - lag_h
    on, off = np.clip(t, 0, duration_h), np.maximum(t - duration_h, 0)
    top = 1000 * dose_mg / duration_h / cl_L_per_h
    return top * (1 - 0.5 ** (on / half_h)) * 0.5 ** (off / half_h)
    """,
    "superpose": """
    total = 0.0
    for d in dose_times_h:
        ago = np.asarray(at_h) - d
        late = conc[-1] * np.exp(-0.693 * np.maximum(ago - time_h[-1], 0) / half_life_h)
        seen = np.interp(ago, time_h, conc, left=0)
        total = total + np.where(ago > time_h[-1], late, seen)
    return total
    """,
    "accumulation_ratio": "return 1 / (1 - np.exp(-0.693 * interval_h / half_life_h))",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_0693_is_as_good_as_ln_2_in_every_part_and_for_its_check(desk: Desk, name: str) -> None:
    exercise = desk.exercises[name]
    text = f"def {exercise.signature}:\n    {WRITTEN[name].strip()}\n"
    assert desk.passes(name, text)
    found = desk.function(name, text)
    assert found is not None
    assert feedback.diagnose(exercise.name, found).passed


def test_a_step_aside_by_a_hundred_thousandth_is_right_everywhere(desk: Desk) -> None:
    text = desk.answers["concentration_first_order"].reference
    aside = text.replace("    after_h =", "    ka_per_h = ka_per_h * 1.00001\n    after_h =")
    assert aside != text
    assert desk.passes("concentration_first_order", aside)


# Which of the hidden items of a function each wrong idea costs; the others are kept.
COSTS = {
    "concentration_first_order": {
        "nan-when-equal": {2},
        "negative-before-dose": {3},
        "thousand-lost": {1, 2, 3},
    },
    "concentration_zero_order": {
        "input-never-stops": {2},
        "times-not-subtracted": {1, 2, 3},
        "lag-ignored": {3},
        "lag-counted-twice": {3},
        "negative-before-dose": {3},
    },
    "superpose": {
        "first-dose-only": {1},
        "averaged": {1},
        "next-dose-replaces": {1},
        "nothing-after-last-sample": {2},
        "last-value-holds": {2},
        "ln2-lost": {2},
    },
    "nca": {
        "straight-line": {3},
        "auc-to-last": {3, 4},
        "start-not-added": {3},
        "wrong-logarithm": {2},
        "logs-forgotten": {2, 3, 4},  # no half-life of these levels at all
        "peak-in-slope": {2},
        "half-life-for-time-constant": {3, 4},
        "percent": {4},
    },
}


@pytest.mark.parametrize("name", COSTS)
def test_an_idea_costs_the_items_that_it_is_about(desk: Desk, name: str) -> None:
    for idea in desk.exercises[name].misconceptions:
        if idea.code in COSTS[name]:
            earned = desk.points({**desk.names, name: idea.function}, name)
            lost = {int(t[-1]) for t, got in earned.items() if t[-1].isdigit() and not got}
            assert lost == COSTS[name][idea.code], idea.code


# -- tests that cannot be talked round ---------------------------------------------------------


def test_no_single_value_passes_a_test(desk: Desk) -> None:
    functions = list(desk.exercises)
    for test in desk.tests:
        if not any(test.identity.startswith(f"test-{name}") for name in functions):
            continue
        if test.identity == "test-mended_clearance-example":
            continue  # one example, and its number is printed: it is worth 2 points
        tree = ast.walk(ast.parse(test.master))
        written = {n.value for n in tree if isinstance(n, ast.Constant)}
        values = [0.0, 1.0, True, False, {}, [], *(v for v in written if isinstance(v, float))]
        for value in values:
            space = {**desk.names, **dict.fromkeys(functions, lambda *_, value=value: value)}
            assert run_here(test.master, test.identity, space, 20).error, (test.identity, value)


@pytest.mark.parametrize("value", [None, "1000", float("nan"), [], {}, print])
def test_a_failed_test_gives_its_reason_in_one_line(desk: Desk, value: object) -> None:
    made_up = {**desk.names, **dict.fromkeys(desk.exercises, lambda *_: value)}
    for test in desk.tests:
        if any(test.identity.startswith(f"test-{name}") for name in desk.exercises):
            with pytest.raises(AssertionError) as caught:
                exec(test.master, dict(made_up))
            assert str(caught.value)
            assert "\n" not in str(caught.value)


@pytest.mark.parametrize("inside", [None, "4", float("nan"), [], 1e300, -1.0, 0.0])
def test_a_curve_of_nonsense_earns_nothing(desk: Desk, inside: object) -> None:
    names = ("cmax", "tmax_h", "half_life_h", "auc_inf", "beyond_percent")
    space = {**desk.names, "nca": lambda *_: dict.fromkeys(names, inside)}
    assert set(desk.points(space, "nca").values()) == {0.0}


# -- a patient of one's own -------------------------------------------------------------------


def students() -> Iterator[tuple[str, Any]]:
    for student in (f"s{1000 + i}" for i in range(16)):
        yield student, own_case(student, "cases.csv")


def values_of(desk: Desk, case: Any) -> dict[str, Any]:
    """Return the right values of one patient, from the truth."""
    cl, half_life_h = desk.told["truth"](case.number)
    beyond = desk.told["beyond"](half_life_h, case["release_h"], case["colleague_last_h"])
    return {
        "own_clearance_L_per_h": cl,
        "own_half_life_h": half_life_h,
        "own_trough_ng_per_mL": desk.told["trough"](case["release_h"], cl, half_life_h),
        "own_beyond_percent": 100 * beyond,
    }


@pytest.mark.usefixtures("there")
def test_hidden_tests_judge_each_student_by_their_own_truth(desk: Desk) -> None:
    numbers = set()
    for student, case in students():
        numbers.add(case.number)
        right = values_of(desk, case)
        space = {**desk.names, **right, "student_id": student}
        assert sum(desk.points(space, "own_").values()) == 17, student
        percent = right["own_beyond_percent"]
        for name, off, good in (
            ("own_clearance_L_per_h", 1.02, 5),
            ("own_clearance_L_per_h", 1.03, 0),
            ("own_clearance_L_per_h", 0.92, 0),
            ("own_half_life_h", 0.95, 4),
            ("own_half_life_h", 1.07, 0),
            ("own_trough_ng_per_mL", 1.05, 5),
            ("own_trough_ng_per_mL", 0.93, 0),
            ("own_beyond_percent", 1 + 2.8 / percent, 3),
            ("own_beyond_percent", 1 - 3.2 / percent, 0),
        ):
            test = name.replace("_L_per_h", "").replace("_ng_per_mL", "").replace("_percent", "")
            mine = {**space, name: right[name] * off}
            earned = desk.points(mine, test.removesuffix("_h"))
            assert sum(earned.values()) == good, (student, name, off)
    assert len(numbers) > 13


@pytest.mark.usefixtures("there")
def test_a_trough_may_follow_from_a_half_life_of_ones_own(desk: Desk) -> None:
    for student, case in itertools.islice(students(), 6):
        right = values_of(desk, case)
        mine_h = 1.6 * right["own_half_life_h"]
        time_h, conc = np.append(0, case["time_h"]), np.append(0, case["conc_ng_per_mL"])
        per_mg = desk.names["superpose"](time_h, conc, mine_h, np.arange(0, 4800, 24), 4800.0)
        trough = 80 * per_mg / case["dose_mg"]
        assert trough != pytest.approx(right["own_trough_ng_per_mL"], rel=0.1)
        space = {**desk.names, **right, "own_trough_ng_per_mL": trough, "student_id": student}
        assert desk.points(space, "own_trough") == {"test-own_trough": 0}
        space["own_half_life_h"] = mine_h
        assert desk.points(space, "own_trough") == {"test-own_trough": 5}
        space |= {"own_half_life_h": 5 * mine_h}
        assert desk.points(space, "own_trough") == {"test-own_trough": 0}
        del space["own_half_life_h"]
        assert desk.points({**space, **right}, "own_trough") == {"test-own_trough": 5}


@pytest.mark.usefixtures("there")
def test_right_ways_stay_within_the_bars_and_wrong_ones_outside(desk: Desk) -> None:
    """On every 20th patient: the rules of part 6, the usual slips, and part 4 for the trough."""
    for number in range(1, desk.told["CASES"] + 1, 20):
        told = desk.told["case"](number)
        case = {k: np.array(v.split(), dtype=float) for k, v in told.items()}
        cl, half_life_h = desk.told["truth"](number)
        dose, [release_h], [last_h] = case["dose_mg"], case["release_h"], case["colleague_last_h"]
        time_h, conc = case["time_h"], case["conc_ng_per_mL"]
        found = desk.names["nca"](time_h, conc)
        auc = found["auc_inf"]
        assert 1000 * dose / auc == pytest.approx(cl, rel=0.02), number
        assert found["half_life_h"] == pytest.approx(half_life_h, rel=0.05), number
        for slip in (0.92, case["salt_mg"][0] / dose[0], auc / np.trapezoid(conc, time_h)):
            assert slip * 1000 * dose / auc != pytest.approx(cl, rel=0.05), number
        start_h, start = np.append(0, time_h), np.append(0, conc)
        days = np.arange(0, 1200, 24)
        per_mg = desk.names["superpose"](start_h, start, found["half_life_h"], days, 1200.0) / dose
        right = desk.told["trough"](release_h, cl, half_life_h)
        assert 80 * per_mg == pytest.approx(right, rel=0.05), number
        assert 80 / dose * auc / 24 != pytest.approx(right, rel=0.3), number
        share = 100 * desk.told["beyond"](half_life_h, release_h, last_h)
        level = np.interp(last_h, time_h, conc)
        tail = 100 * level * found["half_life_h"] / np.log(2) / auc
        assert tail == pytest.approx(share, abs=2.5), number
        assert 100 * level / max(conc) != pytest.approx(share, abs=4), number
        assert found["beyond_percent"] != pytest.approx(share, abs=4), number


# -- plans ------------------------------------------------------------------------------------


def test_the_simulator_finds_what_it_was_given_when_nothing_scatters(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = SimpleNamespace(standard_normal=np.zeros)
    monkeypatch.setattr(np.random, "default_rng", lambda seed: still)
    plan_error = desk.names["plan_error"]
    close_h = np.append(np.arange(0.25, 6.5, 0.25), np.arange(6.5, 72, 0.5))
    assert np.all(plan_error(close_h, 400, 23.1, 12.0, 6.0) < 0.1)
    assert np.all(plan_error([1, 2, 3, 4, 5, 6, 6.5], 40, 23.1, 12.0, 6.0) == 100)
    assert np.all(plan_error([3, 6.5, 12, 24, 72], 4, 23.1, 12.0, 6.0) == 100), "below 2 ng/mL"


def test_good_plans_pass_for_patients_and_short_ones_for_none(desk: Desk) -> None:
    plan_error = desk.names["plan_error"]
    for number in range(1, 1001, 90):
        case = desk.told["case"](number)
        patient = (float(case["dose_mg"]), *desk.told["truth"](number), float(case["release_h"]))
        clearance, half_life = plan_error(desk.names["plan_h"], *patient)
        assert (clearance < 5, half_life < 12) == (True, True), number
        clearance, half_life = plan_error([1, 2, 4, 6, 8, 10, 12], *patient)
        assert (clearance > 12, half_life > 28) == (True, True), number


# -- as a student checks it, without the answers -------------------------------------------------


def test_each_function_has_an_example_that_can_be_tried_at_home(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snrilab.exercises._finding._sources", tuple)
    for name in desk.exercises:
        said = feedback.check(f"{ASSIGNMENT}/{name}", desk.names[name])
        assert (said.passed, said.code) == (True, "right"), (name, str(said))

        def wrong(*_: Any) -> float:
            return 4711.0

        wrong.__doc__ = desk.names[name].__doc__
        if name not in ("superpose", "nca", "mended_clearance"):  # they name what the notebook has
            assert feedback.check(f"{ASSIGNMENT}/{name}", wrong).code == "example", name


# -- for the class report ------------------------------------------------------------


def test_the_report_names_every_idea_by_its_values(desk: Desk) -> None:
    """Also in dictionaries, as they come back across the wall."""
    for name, exercise in desk.exercises.items():
        assert not found_in(ASSIGNMENT, name, exercise.reference)
        for idea in exercise.misconceptions:

            def crossed(*given: Any, made: Any = idea.function) -> Any:
                return decode(encode(made(*given)))

            assert found_in(ASSIGNMENT, name, crossed) == idea.code, (name, idea.code)


# -- ways that come out right wherever one looks by oneself ---------------------------------------

NARROW = {  # answer, what stands in its reference, and what a hurried learner writes there
    "the first and the last of three": (
        "nca",
        "slope, _ = np.polyfit(time_h[-3:], np.log(conc[-3:]), 1)",
        "slope = np.log(conc[-1] / conc[-3]) / (time_h[-1] - time_h[-3])",
    ),
    "straight up to the peak, curved after it": (
        "nca",
        "if c2 < c1:",
        "if i > np.argmax(conc) and c1 != c2:",
    ),
    "curved wherever it is not level": ("nca", "if c2 < c1:", "if c1 > 0 and c1 != c2:"),
    "a hundred doses": (
        "accumulation_ratio",
        "return 1 / (1 - 0.5 ** (interval_h / half_life_h))",
        "return sum(0.5 ** (n * interval_h / half_life_h) for n in range(100))",
    ),
    "one dose a day": (
        "superpose",
        "dose_h in dose_times_h",
        "dose_h in np.arange(len(dose_times_h)) * 24",
    ),
    "a step aside that shows": (
        "concentration_first_order",
        "if ka_per_h == ke_per_h:",
        "ka_per_h = ka_per_h * (1 + 1e-2 * (ka_per_h == ke_per_h))\n    if ka_per_h == ke_per_h:",
    ),
    "time zero for the lag": (
        "concentration_zero_order",
        "np.clip(np.asarray(time_h) - lag_h, 0, duration_h)",
        "np.clip(np.asarray(time_h) - lag_h, -lag_h, duration_h)",
    ),
}


@pytest.mark.parametrize("which", NARROW)
def test_a_way_that_is_right_for_the_example_only_loses_points(desk: Desk, which: str) -> None:
    name, good, hurried = NARROW[which]
    text = desk.answers[name].reference
    assert good in text
    assert desk.passes(name, text)
    assert not desk.passes(name, text.replace(good, hurried))


def test_who_takes_the_exponential_area_loses_the_example_alone(desk: Desk) -> None:
    """The method has straight lines: another area is another method; what was mended stays so."""
    space = dict(desk.names)
    exec(
        "def mended_clearance(salt_mg, time_h, conc, half_life_h):\n"
        "    auc = nca(time_h[1:], conc[1:])['auc_inf'] + 0 * half_life_h\n"
        "    half = nca(time_h[1:], conc[1:])['half_life_h']\n"
        "    auc = auc + conc[-1] * (half_life_h - half) / np.log(2)\n"
        "    return 1000 * base_per_salt * salt_mg / auc\n",
        space,
    )
    earned = desk.points(space, "mended_clearance")
    kept = {f"test-mended_clearance-{n}" for n in (1, 2, 3, 4)}
    assert {name for name, got in earned.items() if got} == kept
