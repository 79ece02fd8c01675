"""What is particular to ps5: slips that earn by themselves, each case's own truth, its numbers.

The gate tries its wrong and right answers one by one; `tests/test_assignments.py` holds what every
assignment holds.
"""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from snrilab import evidence, feedback, pk
from snrilab.exercises import own_case
from snrilab.grading.jailed.values import decode, encode
from snrilab.grading.misconceptions import found_in
from snrilab.grading.teachers_cells import run_here
from tests.conftest import ROOT
from tests.grading.conftest import words
from tools.gate import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

ASSIGNMENT = "ps5_dosing_occupancy"
FOLDER = ROOT / "source" / ASSIGNMENT


# -- the functions are those of the library -----------------------------------------------------


def test_what_is_asked_for_is_what_the_library_gives(desk: Desk) -> None:
    names = desk.names
    doses = pk.titration([20, 40, 80], days=(2, 5, 3)).dose_mg
    assert names["titration"]([(1, 20.0), (3, 40.0), (8, 80.0)], 10) == pytest.approx(doses)
    folds = np.array([0.0, 0.5, 2.13])
    assert names["exposure_ratio"](0.36, folds) == pytest.approx(pk.exposure_ratio(0.36, folds))
    lvm = pk.drug("levomilnacipran")
    kidney = pk.kidney_patient(lvm, 0.4)
    assert names["renal_clearance_ratio"](0.58, 0.4) == pytest.approx(kidney.cl_ratio)
    assert names["unbound_nM"](216.5, 246.354, 0.78) == pytest.approx(
        pk.nM_from_ng_per_mL(216.5, 246.354, fu=0.78)
    )


def test_a_day_at_steady_state_is_that_of_the_library(desk: Desk) -> None:
    esc = pk.drug("escitalopram")
    constant = pk.transporter_constant("escitalopram", "SERT", "invivo_EC50")
    hours = np.array([1.0, 6.0, 23.9])
    ours = {name: getattr(esc, name) for name in ("cl_L_per_h", "v_L", "ka_per_h")}
    scale = {"mw": 1000.0, "fu": 1.0}  # an EC50 is a total level in ng/mL
    found = desk.names["occupancy_over_day"](hours, 10.0, 24.0, ours | scale, constant.value)
    many = pk.repeat(10, times=60)
    expected = pk.occupancy_over_time(esc, many, 59 * 24 + hours, constant)
    assert found == pytest.approx(expected, rel=1e-6)


# -- numbers of the written part ----------------------------------------------------------------


def test_the_study_in_the_notebook_is_the_evidence(desk: Desk) -> None:
    asked = words(desk, "part-10")
    for group in ("normal", "severe"):
        rows = evidence.find(
            drug="levomilnacipran",
            source="chen2015_renal",
            population=f"renal function {group}",
            provenance="found",
        )
        one = {row.quantity: row for row in rows}
        area = one["AUC_inf"]
        assert f"{area.value:,.0f} ± {area.sd:,.0f}" in asked
        assert f"{one['half_life'].value:g} " in asked
        assert f"{one['CL_renal'].value:g} " in asked
    [ratio] = evidence.find(
        drug="levomilnacipran", quantity="AUC_ratio", source="chen2015_cyp3a4", value=1.57
    )
    assert f"{ratio.value}-fold (90 % confidence interval {ratio.low} to {ratio.high})" in asked
    assert pk.dose_cap("levomilnacipran", renal_function="severe") == 40
    assert pk.dose_cap("levomilnacipran", strong_cyp3a4_inhibitor=True) == 80
    with pytest.raises(evidence.EvidenceError, match="no rule for both"):
        pk.dose_cap("levomilnacipran", renal_function="severe", strong_cyp3a4_inhibitor=True)


def test_the_model_answer_says_what_follows_from_the_study(desk: Desk) -> None:
    said = words(desk, "written-answer")
    normal, severe = pk.renal_group("normal"), pk.renal_group("severe")
    kidney = severe.cl_renal_L_per_h / normal.cl_renal_L_per_h
    left = desk.names["renal_clearance_ratio"](0.58, kidney)
    fm = pk.fraction_metabolised_from_inhibition(1.57)
    assert f"exposure {1 / left:.2f}-fold" in said
    assert f"= {severe.auc_ratio:.2f}-fold" in said
    assert f"fell from {normal.cl_L_per_h:.1f} to {severe.cl_L_per_h:.1f} L/h" in said
    assert f"from {normal.cl_nonrenal_L_per_h:.1f} to {severe.cl_nonrenal_L_per_h:.1f} L/h" in said
    days = [np.log2(10) * one.half_life_h / 24 for one in (normal, severe)]
    assert f"{days[0]:.1f} days with normal kidneys, {days[1]:.1f} days here" in said
    shares = pk.exposure_ratio(fm, 0, fe=0.58, kidney_function=kidney)
    enzyme = fm * normal.cl_L_per_h
    part = enzyme / normal.cl_nonrenal_L_per_h
    kept = part * severe.cl_nonrenal_L_per_h
    observed = normal.cl_L_per_h / (severe.cl_L_per_h - kept)
    assert f"= {shares:.1f}-fold" in said
    of = f"{enzyme:.1f} of {normal.cl_nonrenal_L_per_h:.1f} L/h were CYP3A4"
    assert f"{of} ({100 * part:.0f} %)" in said
    now = f"{kept:.1f} of {severe.cl_L_per_h:.1f} L/h are"
    assert f"{now} (share {kept / severe.cl_L_per_h:.2f})" in said
    assert f"{observed:.1f}-fold" in said
    assert enzyme > severe.cl_nonrenal_L_per_h, "so the enzyme cannot be intact"
    own = normal.cl_renal_L_per_h / normal.cl_L_per_h
    lowest = pk.exposure_ratio(fm, 0, fe=own, kidney_function=kidney)
    assert f"or {lowest:.1f} with the study's renal share" in said
    assert 5.7 < lowest < shares < observed < 7.3
    assert f"about {shares:.1f} to {observed:.1f}-fold" in said
    assert f"{120 / observed:.0f} to {120 / shares:.0f} mg" in said
    assert (round(40 * shares, -1), round(40 * observed, -1)) == (260, 290)


# -- slips earn by themselves ---------------------------------------------------------------


def mended(kept: frozenset[int]) -> str:
    """Return the colleague's function with these slips left in it."""
    left = "kidney * enzyme" if 1 in kept else "(kidney + enzyme - 1)"
    time = 'drug["half_life_h"]' if 2 in kept else "interval_h"
    unit = 'ng * drug["mw"] / 1000' if 3 in kept else 'ng / drug["mw"] * 1000'
    free = '(1 - drug["fu"])' if 4 in kept else 'drug["fu"]'
    return f"""
def mended_occupancy(dose_mg, interval_h, patient, drug, ki_nM):
    kidney = 1 - drug["fe"] + drug["fe"] * patient["kidney_function"]
    enzyme = 1 - drug["fm"] + drug["fm"] * patient["fold_change"]
    ng = 1000 * dose_mg / (drug["cl_L_per_h"] * {left} * {time})
    conc = {unit} * {free}
    return conc / (conc + ki_nM)
"""


def test_each_of_sixteen_ways_to_mend_earns_just_what_it_mends(desk: Desk) -> None:
    every = itertools.chain.from_iterable(itertools.combinations(range(1, 5), n) for n in range(5))
    for slips in map(frozenset, every):
        space = dict(desk.names)
        exec(mended(slips), space)
        earned = desk.points(space, "mended_occupancy")
        expected = {f"test-mended_occupancy-{n}": 0.0 if n in slips else 3.0 for n in range(1, 5)}
        assert earned == expected | {"test-mended_occupancy-example": 0.0 if slips else 2.0}, slips
    theirs = {**desk.names, "mended_occupancy": desk.names["colleague_occupancy"]}
    assert set(desk.points(theirs, "mended_occupancy").values()) == {0.0}


BOTH = "(kidney + enzyme - 1)"
RIGHT = (BOTH, "interval_h", 'ng / drug["mw"] * 1000', 'drug["fu"]')
REST = 'drug["fe"] * patient["kidney_function"] + drug["fm"] * patient["fold_change"]'
# One slip mended in some way of one's own, the other three right.
OWN_WAYS = [
    (1, "(kidney + enzyme)"),
    (1, f"({REST})"),
    (1, "min(kidney, enzyme)"),
    (2, "24"),
    (2, '(2 * drug["half_life_h"])'),
    (2, '(drug["half_life_h"] / np.log(2))'),
    (3, 'ng / drug["mw"]'),
    (3, 'ng / drug["mw"] * 1e6'),
    (3, "ng"),
    (3, "ng * 1000"),
    (4, "1"),
    (4, '(1 / drug["fu"])'),
    (4, "0.6"),
]


@pytest.mark.parametrize(("slip", "instead"), OWN_WAYS)
def test_a_slip_mended_wrongly_costs_itself_alone(desk: Desk, slip: int, instead: str) -> None:
    left, time, unit, free = (
        instead if place == slip else right for place, right in enumerate(RIGHT, 1)
    )
    space = dict(desk.names)
    exec(
        "def mended_occupancy(dose_mg, interval_h, patient, drug, ki_nM):\n"
        '    kidney = 1 - drug["fe"] + drug["fe"] * patient["kidney_function"]\n'
        '    enzyme = 1 - drug["fm"] + drug["fm"] * patient["fold_change"]\n'
        f'    ng = 1000 * dose_mg / (drug["cl_L_per_h"] * {left} * {time})\n'
        f"    conc = {unit} * {free}\n"
        "    return conc / (conc + ki_nM)\n",
        space,
    )
    earned = desk.points(space, "mended_occupancy")
    lost = {f"test-mended_occupancy-{slip}"}
    if (slip, instead) != (4, "0.6"):  # which is the fu of the example
        lost |= {"test-mended_occupancy-example"}
    assert {name for name, got in earned.items() if not got} == lost


def test_ten_half_lives_of_doses_are_enough(desk: Desk) -> None:
    """As many as the text leads to; half as many are not, and the example shows it."""
    text = desk.answers["occupancy_over_day"].reference
    for hours, good in ((600, True), (300, False), (240, False)):
        back = text.replace("range(200)", f"range(int({hours} / interval_h) + 1)")
        assert back != text
        space = dict(desk.names)
        exec(back, space)
        earned = desk.points(space, "occupancy_over_day")
        assert all(earned.values()) == good
        assert bool(earned["test-occupancy_over_day-example"]) == good


def test_a_drug_is_the_same_in_both_parts(desk: Desk) -> None:
    """Clearance, volume, half-life, and what the kidney does of it, as they are printed."""
    for number in range(1, desk.told["CASES"] + 1):
        told = desk.told["case"](number)
        cl, v_L = float(told["cl_L_per_h"]), float(told["v_L"])
        assert float(told["half_life_h"]) == pytest.approx(np.log(2) * v_L / cl, rel=0.01)
        renal = float(told["renal_healthy_L_per_h"])
        assert renal / cl == pytest.approx(float(told["unchanged_share"]), rel=0.01)


@pytest.mark.parametrize("made_up", [1.0, 1e-9, 1e12])
def test_nothing_follows_from_an_exposure_that_no_such_patient_has(
    desk: Desk, made_up: float
) -> None:
    space = desk.names | {"own_exposure": made_up, "own_matching_dose_mg": 120 / made_up}
    space |= {"own_days": desk.names["own"]["half_life_h"] * made_up * np.log2(10) / 24}
    for name in ("own_exposure", "own_matching_dose", "own_days"):
        assert set(desk.points(space, name).values()) == {0.0}


# Which of the hidden items of a function each wrong idea costs; the others are kept.
COSTS = {
    "titration": {
        "first-value-holds": {2},
        "added": {1, 2},
        "cumulative-dose": {1, 2},
    },
    "occupancy_over_day": {
        "total-for-unbound": {1, 3},
        "ng-for-nM": {1, 3},
        "thousand-lost": {1, 2, 3},
        "bound-for-unbound": {1, 2, 3},
        "first-day-for-steady-state": {2, 3},
        "interval-ignored": {2, 3},
        "mean-level": {1, 2, 3},
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


def test_no_single_value_passes_a_hidden_test(desk: Desk) -> None:
    functions = list(desk.exercises)
    printed = {"test-mended_occupancy-example", "test-unbound_nM-example"}  # one number each
    for test in desk.tests:
        if not any(test.identity.startswith(f"test-{name}") for name in functions):
            continue
        if test.identity in printed:
            continue
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


# -- a case of one's own ------------------------------------------------------------------------


def students() -> Iterator[tuple[str, Any]]:
    for student in (f"s{1000 + i}" for i in range(16)):
        yield student, own_case(student, "cases.csv")


def values_of(desk: Desk, case: Any) -> dict[str, Any]:
    """Return the right values of one case, by the library where it has them."""
    fm = pk.fraction_metabolised_from_inhibition(case["inhibited_ratio"])
    kidney = case["renal_L_per_h"] / case["renal_healthy_L_per_h"]
    exposure = pk.exposure_ratio(
        fm, case["enzyme_activity"], fe=case["unchanged_share"], kidney_function=kidney
    )
    healthy = pk.drug("escitalopram").with_(
        cl_L_per_h=case["cl_L_per_h"], v_L=case["v_L"], ka_per_h=case["ka_per_h"]
    )
    trough = pk.steady_state(healthy, 1).ctrough_ng_per_mL
    ec50 = desk.told["truth"](case.number)
    low, high = desk.told["gaps"](
        *(case[f"{name}_ng_per_mL"] for name in ("a_ec50", "b_ec50")),
        case["b_ceiling_percent"],
        *(case[f"{name}_ng_per_mL"] for name in ("scanned", "low", "high")),
    )
    return {
        "own_exposure": exposure,
        "own_matching_dose_mg": 120 / exposure,
        "own_capsules_mg": 120 / exposure // 20 * 20,
        "own_days": case["half_life_h"] * exposure * np.log2(10) / 24,
        "own_ec50_ng_per_mL": ec50,
        "own_dose_mg": 4 * ec50 / trough,
        "own_scan": "low" if low > high else "high",
        "own_difference": max(low, high),
        "own_people": int(np.ceil((case["sd_points"] / (max(low, high) / 4)) ** 2)),
    }


@pytest.mark.usefixtures("there")
def test_hidden_tests_judge_each_student_by_their_own_truth(desk: Desk) -> None:
    numbers, scans = set(), set()
    for student, case in students():
        numbers.add(case.number)
        right = values_of(desk, case)
        scans.add(right["own_scan"])
        space = {**desk.names, **right, "student_id": student}
        assert desk.points(space, "own_") == desk.all_points("own_"), student
        for name, factor, good in (
            ("own_exposure", 1.015, 6),
            ("own_exposure", 0.975, 0),
            ("own_ec50_ng_per_mL", 1.11, 5),
            ("own_ec50_ng_per_mL", 0.87, 0),
            ("own_matching_dose_mg", 1.007, 0),
            ("own_days", 1.03, 0),
            ("own_dose_mg", 0.97, 0),
            ("own_difference", -1.0, 4),
        ):
            mine = {**space, name: right[name] * factor}
            test = name.removesuffix("_mg").removesuffix("_ng_per_mL")
            assert desk.points(mine, test)[f"test-{test}"] == good, (student, name, factor)
        for name, off in (("own_capsules_mg", 20), ("own_people", 1), ("own_difference", 0.4)):
            mine = {**space, name: right[name] + off}
            test = name.removesuffix("_mg")
            assert desk.points(mine, test)[f"test-{test}"] == 0, (student, name)
        other = {"low": "high", "high": "low"}[right["own_scan"]]
        assert desk.points({**space, "own_scan": other}, "own_scan") == {"test-own_scan": 0}
    assert len(numbers) > 13
    assert scans == {"low", "high"}


@pytest.mark.usefixtures("there")
def test_what_follows_from_a_mistake_of_ones_own_counts(desk: Desk) -> None:
    for student, case in itertools.islice(students(), 6):
        right = values_of(desk, case)
        wrong = 0.8 * right["own_exposure"]
        mine = {
            "own_exposure": wrong,
            "own_matching_dose_mg": 120 / wrong,
            "own_capsules_mg": 120 / wrong // 20 * 20,
            "own_days": 0.8 * right["own_days"],
            "own_ec50_ng_per_mL": 2 * right["own_ec50_ng_per_mL"],
            "own_dose_mg": 2 * right["own_dose_mg"],
        }
        space = {**desk.names, **right, **mine, "student_id": student}
        lost = {"test-own_exposure", "test-own_ec50"}
        expected = {t: 0.0 if t in lost else p for t, p in desk.all_points("own_").items()}
        assert desk.points(space, "own_") == expected, student
        for name in ("own_exposure", "own_matching_dose_mg", "own_ec50_ng_per_mL"):
            without = {**desk.names, **right, "student_id": student}
            del without[name]
            test = f"test-{name.removesuffix('_mg').removesuffix('_ng_per_mL')}"
            expected = {t: 0.0 if t == test else p for t, p in desk.all_points("own_").items()}
            assert desk.points(without, "own_") == expected, (student, name)


@pytest.mark.usefixtures("there")
def test_every_wrong_value_loses_points_on_other_cases_too(desk: Desk) -> None:
    """The gate looks at one case; the exact items refuse their wrong ways on every case."""
    exact = ("own_exposure", "own_matching_dose", "own_days", "own_dose", "own_difference")
    for student, case in itertools.islice(students(), 5):
        right = {**desk.names, **values_of(desk, case), "student_id": student, "own": case}
        right["own_drug"] = {name: case[name] for name in ("cl_L_per_h", "v_L", "ka_per_h")}
        for name in exact:
            for code, text in desk.told["CELLS"][name]["wrong"].items():
                space = dict(right)
                run_here(text, name, space, 20)
                assert desk.points(space, name)[f"test-{name}"] == 0, (student, name, code)


@pytest.mark.usefixtures("there")
def test_right_ways_stay_within_the_bars_and_wrong_ones_outside() -> None:
    """On every 25th case: all eight scans, the nearest one, and the usual wrong exposures."""
    told = Desk(ASSIGNMENT).told
    for number in range(1, told["CASES"] + 1, 25):
        case = {k: np.array(v.split(), dtype=float) for k, v in told["case"](number).items()}
        level, seen = case["scans_ng_per_mL"], case["scans_percent"]
        each = np.log(level * (100 - seen) / seen)
        assert np.exp(each.mean()) == pytest.approx(told["truth"](number), rel=0.11), number
        nearest = level[np.argmin(abs(seen - 50))]
        assert nearest != pytest.approx(told["truth"](number), rel=0.2), number
        kidney = case["renal_L_per_h"] / case["renal_healthy_L_per_h"]
        right, wrong = told["exposures"](
            case["unchanged_share"], case["inhibited_ratio"], kidney, case["enzyme_activity"]
        )
        for code, one in wrong.items():
            assert one != pytest.approx(right, rel=0.045), (number, code)


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
        if name not in (
            "titration",
            "occupancy_over_day",
            "mended_occupancy",
        ):  # they name what is there
            assert feedback.check(f"{ASSIGNMENT}/{name}", wrong).code == "example", name


# -- for the class report ------------------------------------------------------------


def test_the_report_names_every_idea_by_its_values(desk: Desk) -> None:
    for name, exercise in desk.exercises.items():
        assert not found_in(ASSIGNMENT, name, exercise.reference)
        for idea in exercise.misconceptions:

            def crossed(*given: Any, made: Any = idea.function) -> Any:
                return decode(encode(made(*given)))

            assert found_in(ASSIGNMENT, name, crossed) == idea.code, (name, idea.code)


def test_codes_of_wrong_values_are_those_of_the_list(desk: Desk) -> None:
    known = {idea.code for idea in evidence.ideas()} | {
        other for idea in evidence.ideas() for other in idea.also
    }
    used = {code for one in desk.told["CELLS"].values() for code in one["wrong"]}
    assert used <= known, used - known
