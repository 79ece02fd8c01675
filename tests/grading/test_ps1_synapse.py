"""What is particular to ps1: its numbers against the library, its slips, its data and its plans.

What holds for every assignment is in `tests/test_assignments.py` and `tests/grading/test_gate.py`.
"""

from __future__ import annotations

import ast
import inspect
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import brentq

from snrilab import mechanism
from snrilab.exercises import Exercise, declared, own_case
from tests.conftest import ROOT
from tests.grading.conftest import grade_here
from tests.grading.stock_equivalent import stock_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.gate import Desk

ASSIGNMENT = "ps1_synapse"
FOLDER = ROOT / "source" / ASSIGNMENT
SOURCE = (FOLDER / f"{ASSIGNMENT}.ipynb").read_text("utf-8")
EXERCISES = {e.function_name: e for e in declared(ASSIGNMENT).values() if isinstance(e, Exercise)}


@pytest.fixture(autouse=True)
def beside_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)


def passes(desk: Desk, item: str, **names: Any) -> bool:
    [test] = [cell.master for cell in desk.tests if cell.identity == item]
    try:
        exec(test, {**desk.names, **names})
    except Exception:  # noqa: BLE001 -- whatever stops a test cell, the points are lost
        return False
    return True


# -- the functions --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["occupancy", "uptake_rate", "fold_increase"])
def test_what_learners_write_is_what_the_library_computes(name: str) -> None:
    with np.errstate(all="ignore"):
        for case in EXERCISES[name].inputs():
            expected = getattr(mechanism, name)(*case)
            np.testing.assert_allclose(EXERCISES[name].reference(*case), expected, rtol=1e-12)


def test_the_level_keeps_the_balance_and_has_the_rise_as_its_limit(desk: Desk) -> None:
    """Outflow by the library's uptake; far below Km it is the release over both rates."""
    level = desk.names["steady_state_level"]
    rng = np.random.default_rng(3)
    for release, vmax, km_nM, other, drug_nM, ki_nM in 10 ** rng.uniform(-1, 3, (40, 6)):

        def surplus(nM: float, *more: float) -> float:
            release, vmax, km_nM, other, drug_nM, ki_nM = more
            pump = mechanism.uptake_rate(nM, vmax, km_nM, drug_nM, ki_nM)
            return float(pump) + other * nM - release

        given = (release, vmax, km_nM, other, drug_nM, ki_nM)
        expected = brentq(surplus, 0, release / other, args=given, xtol=1e-14, maxiter=1000)
        assert level(*given) == pytest.approx(expected, rel=1e-7)
    small = [level(1e-6, 1300.0, 170.0, 1300 / 170 / 9, drug_nM, 8.0) for drug_nM in (0.0, 32.0)]
    assert small[1] / small[0] == pytest.approx(mechanism.fold_increase(0.8, 0.1), rel=1e-6)


def test_the_brake_of_ps1_is_one_at_rest_and_falls(desk: Desk) -> None:
    brake = desk.names["autoreceptor_brake"]
    levels = np.linspace(0, 20, 101)
    for ec50, gain in ((0.4, 1.0), (1.4, 1.65), (9.0, 3.0)):
        assert brake(1.0, ec50, gain) == pytest.approx(1.0)
        assert np.all(np.diff(brake(levels, ec50, gain)) < 0)


def function_items(desk: Desk) -> dict[str, str]:
    return {
        cell.identity: cell.master
        for cell in desk.tests
        if any(cell.identity.startswith(f"test-{name}") for name in EXERCISES)
    }


def test_no_number_by_itself_passes_a_test(desk: Desk) -> None:
    """One number from every function, and be it a number that stands in the test."""
    for item, text in function_items(desk).items():
        tree = ast.walk(ast.parse(text))
        written = {node.value for node in tree if isinstance(node, ast.Constant)}
        for number in {0.0, 1.0} | {value for value in written if isinstance(value, int | float)}:
            made_up = dict.fromkeys(EXERCISES, lambda *_, number=number: number)
            assert not passes(desk, item, **made_up), (item, number)


@pytest.mark.parametrize("value", [None, "1000", float("nan"), [], {}, print])
def test_a_failed_test_gives_its_reason_in_one_line(desk: Desk, value: object) -> None:
    for item, text in function_items(desk).items():
        if "example" in item:
            continue
        made_up = {**desk.names, **dict.fromkeys(EXERCISES, lambda *_: value)}
        with pytest.raises(AssertionError) as caught:
            exec(text, made_up)
        assert str(caught.value)
        assert "\n" not in str(caught.value)


def test_one_formula_without_care_for_digits_loses_the_extremes_only(desk: Desk) -> None:
    def textbook(release, vmax, km_nM, other_rate, inhibitor_nM, ki_nM):
        apparent = km_nM * (1 + inhibitor_nM / ki_nM)
        b = vmax - release + other_rate * apparent
        return (np.sqrt(b * b + 4 * other_rate * release * apparent) - b) / (2 * other_rate)

    item = "test-steady_state_level"
    kept = [passes(desk, item + part, steady_state_level=textbook) for part in ("", "-extreme")]
    assert kept == [True, False]


# -- the colleague --------------------------------------------------------------------------------

LINES = {  # the slip, and the line of the method
    1: ("0.0", "blank_fmol"),
    2: ("before[:, 0]", "np.mean(before, axis=1)"),
    3: ("np.max(after, axis=1)", "np.mean(after[:, -3:], axis=1)"),
    4: ("np.mean(plateau) / np.mean(base)", "np.mean(plateau / base)"),
    5: ("recovery_after, recovery_before", "recovery_before, recovery_after"),
}


def mended_but_for(slips: set[int]) -> Callable[..., Any]:
    one, two, three, four, five = (LINES[n][n not in slips] for n in LINES)
    text = (
        "def mended_rise(before_fmol, after_fmol, blank_fmol, recovery_before, recovery_after):\n"
        f"    before, after = before_fmol - {one}, after_fmol - {one}\n"
        f"    up, down = {five}\n"
        f"    base, plateau = {two} / up, {three} / down\n"
        f"    return {four}\n"
    )
    names: dict[str, Any] = {"np": np}
    exec(text, names)
    return names["mended_rise"]


def kept(desk: Desk, function: Callable[..., Any]) -> list[int]:
    return [n for n in LINES if passes(desk, f"test-mended_rise-{n}", mended_rise=function)]


@pytest.mark.parametrize("slip", LINES)
def test_each_mended_slip_earns_its_points_whatever_is_left(desk: Desk, slip: int) -> None:
    assert kept(desk, mended_but_for({slip})) == [n for n in LINES if n != slip]
    assert kept(desk, mended_but_for(set(LINES) - {slip})) == [slip]
    for left in ({slip}, set(LINES) - {slip}):
        example = "test-mended_rise-example"
        assert not passes(desk, example, mended_rise=mended_but_for(left))


def test_the_colleagues_own_lines_earn_nothing(desk: Desk) -> None:
    theirs = desk.names["colleague_rise"]
    assert kept(desk, theirs) == []
    assert not passes(desk, "test-mended_rise-example", mended_rise=theirs)
    assert len(inspect.signature(theirs).parameters) == 5


# -- an animal of one's own -----------------------------------------------------------------------

BARS = {"own_km_nM": 0.10, "own_ki_nM": 0.15, "own_rise": 0.03, "own_release": 0.03}


def values(desk: Desk, number: int) -> dict[str, Any]:
    """Return what is right for an animal, from `answers.py` alone."""
    told = desk.told
    told_of = {k: v for k, v in told["case"](number).items() if " " not in v}
    seen = {name: float(text) for name, text in told_of.items()}
    km_nM, competes, ki_nM = told["truth"](number)
    levels = seen["level_nM"], seen["level_without_sert_nM"]
    rise = told["rise_without_brake"](seen["brain_nM"], ki_nM, *levels)
    return {
        "own_km_nM": km_nM,
        "own_kind": "competes" if competes else "removes",
        "own_ki_nM": ki_nM,
        "own_rise": rise,
        "own_release": seen["whole_animal_rise"] / rise,
    }


def item_of(name: str) -> str:
    return f"test-{name.removesuffix('_nM')}"


def test_hidden_tests_judge_each_student_by_their_own_truth(desk: Desk) -> None:
    """Answers, table and hidden cells agree, each bar is where the text says, for 16 ids."""
    kinds = []
    for student in (f"s{1000 + i}" for i in range(16)):
        right = values(desk, own_case(student, "cases.csv").number)
        kinds.append(right["own_kind"])
        nothing = dict.fromkeys(right, float("nan"))
        for name, bar in BARS.items():
            for factor, good in ((1 - 0.95 * bar, True), (1 + 1.05 * bar, False)):
                mine = {**nothing, name: right[name] * factor, "student_id": student}
                assert passes(desk, item_of(name), **mine) == good, (student, name, factor)
        for kind in ("competes", "removes"):
            mine = {"own_kind": kind, "student_id": student}
            assert passes(desk, "test-own_kind", **mine) == (kind == right["own_kind"])
    assert 4 < kinds.count("competes") < 12


def test_an_earlier_number_that_is_off_does_not_cost_the_next_one(desk: Desk) -> None:
    student = "s1001"
    animal = own_case(student, "cases.csv")
    right = values(desk, animal.number)
    ki_nM = 1.8 * right["own_ki_nM"]
    held = animal["brain_nM"] / (animal["brain_nM"] + ki_nM)
    rise = mechanism.fold_increase(held, animal["level_nM"] / animal["level_without_sert_nM"])
    release = animal["whole_animal_rise"] / rise
    mine = {"student_id": student, "own_ki_nM": [ki_nM], "own_rise": rise, "own_release": release}
    assert not passes(desk, "test-own_ki", **mine)
    assert passes(desk, "test-own_rise", **mine)
    assert passes(desk, "test-own_release", **mine)
    assert not passes(desk, "test-own_rise", **{**mine, "own_ki_nM": 1e-9 * ki_nM})
    nonsense = {"own_rise": 1e6, "own_release": animal["whole_animal_rise"] / 1e6}
    assert not passes(desk, "test-own_release", **{**mine, **nonsense})


def fitted(desk: Desk, case: dict[str, str], competes: bool) -> Iterator[tuple[float, float]]:
    """Yield Km and Ki by ways that differ in how they weigh the wells."""
    table = {name: np.array(text.split(), dtype=float) for name, text in case.items()}
    wells, ice = np.repeat(table["substrate_nM"], 2), np.repeat(table["on_ice"], 2)
    columns = table["without_drug"] - ice, table["with_drug"] - ice

    def eadie(s: Any, v: Any) -> tuple[float, float]:
        slope, start = np.polyfit(v / s, v, 1)
        return start, -slope

    def hanes(s: Any, v: Any) -> tuple[float, float]:
        slope, start = np.polyfit(s, s / v, 1)
        return 1 / slope, start / slope

    def reciprocal(s: Any, v: Any) -> tuple[float, float]:
        slope, start = np.polyfit(1 / s, 1 / v, 1)
        return 1 / start, slope / start

    for way in (desk.names["fit_hyperbola"], eadie, hanes, reciprocal):
        (vmax, km_nM), (vmax_beside, km_beside_nM) = (way(wells, v) for v in columns)
        factor = km_beside_nM / km_nM if competes else vmax / vmax_beside
        yield float(km_nM), float(table["drug_nM"][0] / (factor - 1))


def test_who_fits_the_wells_stays_within_the_bars_in_each_animal(desk: Desk) -> None:
    """Every way to fit, on every ninth animal and on fresh ones that no table holds."""
    for number in (*range(1, desk.told["CASES"] + 1, 9), *range(2001, 2040)):
        km_nM, competes, ki_nM = desk.told["truth"](number)
        for found in fitted(desk, desk.told["case"](number), competes):
            assert found[0] == pytest.approx(km_nM, rel=0.07), number
            assert found[1] == pytest.approx(ki_nM, rel=0.12), number


def test_usual_wrong_ways_miss_the_bars_in_each_animal(desk: Desk) -> None:
    for number in range(1, desk.told["CASES"] + 1, 9):
        case, right = desk.told["case"](number), values(desk, number)
        table = {name: np.array(text.split(), dtype=float) for name, text in case.items()}
        ice = np.repeat(table["on_ice"], 2)
        wells, plain = np.repeat(table["substrate_nM"], 2), table["without_drug"] - ice
        left = (table["with_drug"] - ice) / plain
        assert (left[-1] - left[0] > 0.3) == (right["own_kind"] == "competes"), number
        km_nM, ki_nM = right["own_km_nM"], right["own_ki_nM"]
        for wrong in (
            desk.names["fit_hyperbola"](wells, table["without_drug"])[1],
            wells[np.argmin(np.abs(plain - max(plain) / 2))],
            np.interp(max(plain) / 2, plain[::2], wells[::2]),
        ):
            assert abs(wrong / km_nM - 1) > 0.13, number
        [drug_nM] = table["drug_nM"]
        factor = 1 + drug_nM / ki_nM
        wrong_ki = [drug_nM, drug_nM / factor, drug_nM / (1 - 1 / factor), drug_nM * (factor - 1)]
        if right["own_kind"] == "competes":
            wrong_ki += [drug_nM / (1 / left[0] - 1), drug_nM / (1 / np.mean(left) - 1)]
        for wrong in wrong_ki:
            assert abs(wrong / ki_nM - 1) > 0.2, number
        rise, release = right["own_rise"], right["own_release"]
        seen = rise * release
        for wrong in (1 - release, 1 / release, 1 / seen, rise - seen, (seen - 1) / (rise - 1), 1):
            assert abs(wrong / release - 1) > 0.05, number


# -- plans ----------------------------------------------------------------------------------------

LIMITS = {"A": "weak-exits", "B": "brake-weak", "C": "brake-exits", "D": "few", "E": "works"}
PAIRS = [("brake", "weak"), ("brake", "exits"), ("weak", "exits")]


@pytest.mark.parametrize("letter", LIMITS)
def test_the_key_says_what_the_simulator_says(desk: Desk, letter: str) -> None:
    """No plan is near the bar: a pair stays apart by less than 2 or more than 4, but for D."""
    apart, plan = desk.names["standard_errors_apart"], desk.names["plans"][letter]
    assert desk.names["judged"][letter] == LIMITS[letter]
    full = [{**group, "animals": 12} for group in plan]
    near = [pair for pair in PAIRS if apart(full, *pair) < 3]
    for pair in PAIRS:
        assert not 2 < apart(full, *pair) < 4
    if LIMITS[letter] in {"few", "works"}:
        assert near == []
        assert (min(apart(plan, *pair) for pair in PAIRS) < 2) == (LIMITS[letter] == "few")
    else:
        assert ["-".join(pair) for pair in near] == [LIMITS[letter]]


def test_every_story_explains_what_was_seen(desk: Desk) -> None:
    """At dose 1, injected, all three expect twofold; without any story it is 3.6."""
    for truth in ({}, {"others": 0.08}, {"gain": 1.8, "ec50": 1.5}):
        group = desk.names["arm"]("whole", 1, 1)
        seen = [desk.names["expected_rise"](s, group, **truth) for s in ("brake", "weak", "exits")]
        assert np.ptp(seen) < 1e-6
    group = desk.names["arm"]("cortex", 1, 1)
    unbraked = desk.names["expected_rise"]("brake", group)
    assert unbraked == pytest.approx(mechanism.fold_increase(0.8, 0.1))
    braked = desk.names["expected_rise"]("brake", desk.names["arm"]("whole", 1, 1))
    assert braked == pytest.approx(2.0, abs=0.05)
    own_brake = desk.names["autoreceptor_brake"](braked, 1.4, 1.65)
    assert braked == pytest.approx(unbraked * own_brake, rel=1e-6)


def test_no_single_group_passes_and_two_with_room_do(desk: Desk) -> None:
    arm = desk.names["arm"]
    for route in ("whole", "cortex"):
        for dose in (0.3, 1, 2, 5):
            plan = [arm(route, dose, 12)]
            assert not passes(desk, "test-plan-example", plan=plan)
            assert not passes(desk, "test-plan", plan=plan)
    for whole in (6, 7, 8, 9, 10):
        plan = [arm("whole", 5, whole), arm("cortex", 5, 12 - whole)]
        assert passes(desk, "test-plan-example", plan=plan)
        assert passes(desk, "test-plan", plan=plan)


WHOLE, CORTEX = ({"route": route, "dose": 5, "animals": 6} for route in ("whole", "cortex"))
MANY = {"animals": 100}
NONE_LEFT = {"route": "whole", "dose": 1e-9, "animals": -188}


@pytest.mark.parametrize(
    "forged",
    [
        [WHOLE | MANY, CORTEX | MANY, NONE_LEFT],
        [WHOLE | MANY, CORTEX | MANY],
        [WHOLE | {"dose": 50}, CORTEX],
        [WHOLE | {"dose": float("nan")}, CORTEX],
        [WHOLE | {"animals": 5.9}, CORTEX],
        [WHOLE | {"route": "elsewhere"}, CORTEX],
        [WHOLE | {"antagonist": True}, CORTEX],
        [],
        None,
        "plan",
    ],
)
def test_a_plan_that_cannot_be_earns_nothing(desk: Desk, forged: Any) -> None:
    for item in ("test-plan-example", "test-plan"):
        assert not passes(desk, item, plan=forged)


# -- through the engine ---------------------------------------------------------------------------


def corpus(desk: Desk) -> dict[str, dict[str, str]]:
    """Return student to the answers that differ from the release."""
    key = {name: cell.reference for name, cell in desk.answers.items()}
    stubs = {name: cell.release for name, cell in desk.answers.items()}
    made = {"untouched": stubs}
    made["s1001"] = {**key, "student_id": "student_id = 's1001'"}  # another animal
    for number in range(2):  # one misconception of each function at a time
        wrong = {
            name: exercise.code(exercise.misconceptions[2 * number].text)
            for name, exercise in EXERCISES.items()
        }
        made[f"wrong-{number}"] = {**key, **wrong}
    return made


@pytest.mark.sandbox
@pytest.mark.slow
def test_the_engine_gives_what_stock_nbgrader_gives(jail: None, desk: Desk, tmp_path: Any) -> None:
    release = json.loads((ROOT / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text("utf-8"))
    source = tmp_path / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (source / f"{ASSIGNMENT}.ipynb").write_text(SOURCE)
    (source / "cases.csv").write_text((FOLDER / "cases.csv").read_text("utf-8"))
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    works = {}
    for student, texts in corpus(desk).items():
        for cell in release["cells"]:
            cell["source"] = texts.get(cell["id"], cell["source"])
        works[student] = json.dumps(release).encode()
        folder = tmp_path / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(works[student])
    outcome = grade_here(tmp_path, ASSIGNMENT)
    assert outcome.failed == {}
    scores = {one.student: one.score for one in outcome.graded}
    assert scores["untouched"] == 0
    assert scores["s1001"] == 85
    for one in outcome.graded:
        result = one.notebooks[ASSIGNMENT]
        if one.student == "wrong-1":
            expected = stock_scores(SOURCE, works[one.student])
            for verdict in result["verdicts"]:
                score, only_a_warning = expected[verdict["grade_id"]]
                assert verdict["score"] == score or only_a_warning, (one.student, verdict)
        if one.student.startswith("wrong"):
            number = 2 * int(one.student[-1])
            codes = {name: e.misconceptions[number].code for name, e in EXERCISES.items()}
            assert {n: c for n, c in result["misconceptions"].items() if n in codes} == codes
            lost = {v["grade_id"] for v in result["verdicts"] if v["score"] == 0}
            for name in EXERCISES:
                assert any(item.startswith(f"test-{name}") for item in lost), (one.student, name)


# -- ways that come out right wherever one looks by oneself ---------------------------------------

SEARCH = """
def steady_state_level(release, vmax, km_nM, other_rate, inhibitor_nM, ki_nM):
    km_nM = km_nM * (1 + inhibitor_nM / ki_nM)
    level, low, high = 1.0, 0.0, release / other_rate
    for step in range({steps}):
        {stop}
        level = {next}
        out = vmax * level / (km_nM + level) + other_rate * level
        low, high = (level, high) if out < release else (low, level)
    return level
"""
HALVED, AGAIN = "(low + high) / 2", "release / (vmax / (km_nM + level) + other_rate)"
SEARCHES = {
    "an end in nM, not in shares": {
        "steps": 10**6,
        "stop": "if high - low < 1e-6: break",
        "next": HALVED,
    },
    "too few steps": {"steps": 30, "stop": "", "next": HALVED},
    "five hundred rounds": {"steps": 500, "stop": "", "next": AGAIN},
}


@pytest.mark.parametrize("which", SEARCHES)
def test_a_search_that_ends_early_loses_the_extremes(desk: Desk, which: str) -> None:
    function = desk.function("steady_state_level", SEARCH.format(**SEARCHES[which]))
    assert passes(desk, "test-steady_state_level-example", steady_state_level=function)
    assert not passes(desk, "test-steady_state_level-extreme", steady_state_level=function)
    whole = SEARCH.format(steps=200, stop="", next=HALVED)
    assert desk.passes("steady_state_level", whole)


def test_nearly_all_held_is_not_all_held(desk: Desk) -> None:
    right = desk.names["fold_increase"]

    def nearly(held: Any, other: Any) -> Any:
        return right(np.where(np.asarray(held) > 0.99, 1.0, held), other)

    assert not desk.passes("fold_increase", nearly)
