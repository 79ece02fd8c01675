"""What is particular to ps6: slips that earn by themselves, each trial's own truth, its numbers.

The gate tries its wrong and right answers one by one; `tests/test_assignments.py` holds what every
assignment holds.
"""

from __future__ import annotations

import ast
import re
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from snrilab import compare, evidence, trials
from snrilab.exercises import own_case
from tests.conftest import ROOT
from tools.gate import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

PS6 = "ps6_comparison"
FOLDER = ROOT / "source" / PS6


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(PS6)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be where the table of cases lies."""
    monkeypatch.chdir(FOLDER)


def words(desk: Desk, cell: str) -> str:
    [text] = [c.reference for c in desk.template.cells if c.identity == cell]
    return re.sub(r"\s+", " ", text)


# -- the functions are those of the library -----------------------------------------------------


@pytest.mark.parametrize("counts", [(29, 188, 11, 186), (25, 188, 16, 186), (0, 188, 0, 186)])
def test_risks_and_numbers_needed_are_those_of_the_library(
    desk: Desk, counts: tuple[int, int, int, int]
) -> None:
    found = desk.names["risk_difference"](*counts)
    library = compare.risk_difference(*counts)
    assert found == pytest.approx([library.value, library.low, library.high])
    number = compare.number_needed_to_harm(*counts)
    word, middle, near, far = desk.names["number_needed"](*found)
    assert near == pytest.approx(number.harm[0])
    if number.through_infinity:
        assert (word, middle) == ("none shown", np.inf)
        assert far == pytest.approx(number.benefit[0])
    else:
        assert (word, middle, far) == ("harm", pytest.approx(number.value), number.harm[1])


def test_the_design_that_is_printed_is_that_of_the_library(desk: Desk) -> None:
    assert desk.names["power_of"](410, 2.0, 10.2) == pytest.approx(0.8, abs=0.003)
    assert trials.power_t_test(2.0, 10.2, 410) == pytest.approx(0.8, abs=0.003)


def test_the_table_of_the_report_is_the_evidence(desk: Desk) -> None:
    asked = words(desk, "part-8")
    for drug in ("levomilnacipran", "escitalopram"):
        for one in compare.benefit_and_harm(drug):
            found = one.difference
            if one.source == "meta2016":
                assert f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f}; `meta" in asked
            elif one.source in ("wade2002", "lepola2003") or (
                one.dose == "40 mg/day" and ((one.source, one.kind) == ("bakish2014", "benefit"))
            ):
                said = f"{found.value:.1f} ({found.low:.1f} to {found.high:.1f}; `{one.source}`)"
                assert said in asked
    basis = {"binding_Ki": "binding", "uptake_IC50": "uptake", "invivo_EC50": "scans"}
    rows = {name: re.search(rf"by {name} \|[^|]*\|[^|]*\|", asked) for name in basis.values()}
    for drug, dose_mg in (("levomilnacipran", 40), ("escitalopram", 10)):
        for one in compare.occupancy_by_constant(drug, [dose_mg]):
            row = rows[basis[one.basis]]
            if one.target == "SERT" and "recalled" not in one.why:
                assert row is not None
                assert f"{100 * one.low:.0f}" in row[0], one
                assert f"{100 * one.high:.0f}" in row[0], one


# -- slips earn by themselves ---------------------------------------------------------------

SLIPS = {
    1: "never-seen-kept",
    2: "leavers-may-be-ignored",
    3: "se-for-sd",
    4: "events-added-by-name",
    5: "final-dose-is-dose-response",
}


@pytest.mark.parametrize("left", SLIPS)
def test_each_mended_slip_earns_its_points_whatever_is_left(desk: Desk, left: int) -> None:
    [idea] = [m for m in desk.exercises["mended_page"].misconceptions if m.code == SLIPS[left]]
    earned = desk.points({**desk.names, "mended_page": idea.function}, "mended_page")
    lost = {test for test, got in earned.items() if not got}
    assert lost == {f"test-mended_page-{left}", "test-mended_page-example"}


def test_the_colleagues_own_lines_earn_nothing(desk: Desk) -> None:
    theirs = {**desk.names, "mended_page": desk.names["colleague_page"]}
    assert set(desk.points(theirs, "mended_page").values()) == {0.0}


# -- tests that cannot be talked round ---------------------------------------------------------


@pytest.mark.parametrize("value", [None, "1000", float("nan"), [], {}, 0.0, 1.0, True])
def test_no_single_value_passes_and_a_failed_test_gives_its_reason(
    desk: Desk, value: object
) -> None:
    made_up = {**desk.names, **dict.fromkeys(desk.exercises, lambda *_: value)}
    for test in desk.tests:
        if any(test.identity.startswith(f"test-{name}") for name in desk.exercises):
            with pytest.raises(AssertionError) as caught:
                exec(test.master, dict(made_up))
            assert str(caught.value)
            assert "\n" not in str(caught.value)


# -- a trial of one's own ------------------------------------------------------------------------


def test_the_notebook_draws_the_trials_that_were_chosen(desk: Desk) -> None:
    told = (FOLDER / "answers.py").read_text(encoding="utf-8")
    [chosen] = [
        node
        for node in ast.parse(told).body
        if isinstance(node, ast.FunctionDef) and node.name == "draw_trial"
    ]
    [cell] = [c.reference for c in desk.template.cells if c.identity == "draw-trial"]
    [printed] = ast.parse(textwrap.dedent(cell)).body
    assert isinstance(printed, ast.FunctionDef)
    assert list(map(ast.dump, printed.body[1:])) == list(map(ast.dump, chosen.body[1:]))


def students() -> Iterator[tuple[str, Any]]:
    for student in (f"s{1000 + i}" for i in range(8)):
        yield student, own_case(student, "cases.csv")


def values_of(desk: Desk, case: Any) -> dict[str, Any]:
    """Return the right values of one case."""
    trial = desk.told["draw_trial"](case["seed"], case["n_drug"], case["n_placebo"])
    (gap, error, g), _, _ = desk.told["effects"](trial)
    counts = zip(case["events_drug"], case["events_placebo"], strict=True)
    sizes = int(case["n_drug"]), int(case["n_placebo"])
    found = [compare.risk_difference(int(a), sizes[0], int(b), sizes[1]) for a, b in counts]
    half = 1.96 * np.hypot(error, 0.85)
    sd, worth = case["sd_points"], case["worthwhile_points"]
    made = desk.told["plans"](sd, worth, case["leave"], case["leave_followed"], case["follow_cost"])
    best = max(made, key=lambda one: made[one][2])
    differences = [[one.value, one.low, one.high] for one in found]
    return {
        "own_locf": [gap, error],
        "own_differences": differences,
        "own_numbers": [desk.names["number_needed"](*one) for one in differences],
        "own_g": g,
        "own_against": [gap + 2.7, gap + 2.7 - half, gap + 2.7 + half, "not shown"],
        "own_plan": best,
        "own_power": trials.power_t_test(worth, sd, made[best][0] * made[best][1]),
        "own_per_arm": trials.sample_size(worth, sd, power=0.8, dropout=1 - made[best][1]),
    }


@pytest.mark.usefixtures("there")
def test_hidden_tests_judge_each_student_by_their_own_truth(desk: Desk) -> None:
    for student, case in students():
        right = values_of(desk, case)
        space = {**desk.names, **right, "student_id": student}
        assert desk.points(space, "own_") == desk.all_points("own_"), student
        (gap, error), differences = right["own_locf"], np.array(right["own_differences"])
        for name, value in (
            ("own_locf", [gap + 0.1, error]),
            ("own_locf", [gap, 1.4 * error]),
            ("own_differences", differences[::-1]),
            ("own_numbers", right["own_numbers"][::-1]),
            ("own_g", 1.03 * right["own_g"]),
            ("own_against", [*right["own_against"][:3], "no important difference"]),
            ("own_plan", "C"),
            ("own_power", right["own_power"] + 0.01),
            ("own_per_arm", right["own_per_arm"] + 6),
        ):
            earned = desk.points({**space, name: value}, name)
            assert earned[f"test-{name}"] == 0, (student, name)


@pytest.mark.usefixtures("there")
def test_what_follows_from_a_mistake_of_ones_own_counts(desk: Desk) -> None:
    student, case = next(students())
    right = values_of(desk, case)
    mine = {
        "own_locf": [-9.0, 1.0],
        "own_against": desk.names["compare_drugs"](-9.0, 1.0, -2.7, 0.85, 2.0),
        "own_plan": "C",
        "own_power": desk.names["power_of"](
            400 * (1 - case["leave"]), case["worthwhile_points"], case["sd_points"]
        ),
    }
    earned = desk.points({**desk.names, **right, **mine, "student_id": student}, "own_")
    assert {test for test, got in earned.items() if not got} <= {
        "test-own_locf",
        "test-own_plan",
        "test-own_per_arm",
    }
    assert not earned["test-own_locf"] + earned["test-own_plan"]


def test_codes_of_wrong_values_are_those_of_the_list(desk: Desk) -> None:
    known = {idea.code for idea in evidence.ideas()} | {
        other for idea in evidence.ideas() for other in idea.also
    }
    used = {code for one in desk.told["CELLS"].values() for code in one["wrong"]}
    used |= {m.code for one in desk.exercises.values() for m in one.misconceptions}
    assert used <= known, used - known
