"""What is particular to ps6: slips that earn by themselves, each trial's own truth, its numbers.

The gate tries its wrong and right answers one by one; `tests/test_assignments.py` holds what every
assignment holds.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from snrilab import compare, evidence, trials
from snrilab.exercises import own_case
from tests.conftest import ROOT
from tests.grading.conftest import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.gate import Desk

ASSIGNMENT = "ps6_comparison"
FOLDER = ROOT / "source" / ASSIGNMENT


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
    found = [m for m in desk.exercises["mended_page"].misconceptions if m.code == SLIPS[left]]
    idea = found[0]  # the others leave what stands below it as well
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


def trial_of(desk: Desk, case: Any) -> Any:
    return desk.told["draw_trial"](case["seed"], case["n_drug"], case["n_placebo"])


def values_of(desk: Desk, case: Any) -> dict[str, Any]:
    """Return the right values of one case."""
    trial = trial_of(desk, case)
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
        "own_against": [
            gap + 2.7,
            gap + 2.7 - half,
            gap + 2.7 + half,
            "a better" if gap + 2.7 < -half else "b better" if gap + 2.7 > half else "not shown",
        ],
        "own_plan": best,
        "own_analysed": [size * stay for size, stay, _ in made.values()],
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
            *(
                ("own_locf", [gap, other])
                for other in desk.told["errors_of"](trial_of(desk, case))[1]
            ),
            ("own_differences", differences[::-1]),
            ("own_numbers", right["own_numbers"][::-1]),
            ("own_g", 1.03 * right["own_g"]),
            ("own_g", desk.told["one_sd"](trial_of(desk, case))),
            ("own_g", desk.told["thrown_together"](trial_of(desk, case))),
            ("own_g", right["own_g"] / (1 - 3 / (4 * (case["n_drug"] + case["n_placebo"]) - 9))),
            ("own_against", [*right["own_against"][:3], "no important difference"]),
            ("own_plan", "C"),
            ("own_power", right["own_power"] + 0.01),
            ("own_per_arm", right["own_per_arm"] + 6),
        ):
            earned = desk.points({**space, name: value}, name)
            assert earned[f"test-{name}"] == 0, (student, name)
        guess = {**space, "own_analysed": [600, 600, 400]}
        assert desk.points(guess, "own_plan")["test-own_plan"] == 0, (
            "the letter alone earns nothing"
        )


@pytest.mark.usefixtures("there")
def test_no_word_is_right_for_most_students(desk: Desk) -> None:
    """Of verdicts, and of what the events show: a constant earns nothing in two cases of five."""
    verdicts: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    asked = [own_case(f"s{1000 + i}", "cases.csv") for i in range(120)]
    for case in asked:
        right = values_of(desk, case)
        verdicts[right["own_against"][3]] += 1
        shown.update({one[0] for one in right["own_numbers"]} - {"none shown"})
    for word in ("not shown", "a better", "b better"):
        assert 0.15 < verdicts[word] / len(asked) < 0.6, verdicts
    for word in ("harm", "benefit"):
        assert 0.3 < shown[word] / len(asked) < 0.7, shown


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


# -- the natural mend of each line, and results that are wrong by the plan ---------------------

SKIPPED = """            if len(seen):
                who[name].append(patient)
                last.append(seen[-1])
"""
MENDS = {
    1: (
        """            who[name].append(patient)
            last.append(seen[-1] if len(seen) else arm["baseline"][patient])
""",
        SKIPPED,
    ),
    2: (
        'np.mean(arm["scores"][there, -1] <= arm["baseline"][there] / 2)',
        'np.mean(change[name] <= -arm["baseline"][who[name]] / 2)',
    ),
    3: (
        'gap / np.hypot(errors["drug"], errors["placebo"])',
        """gap / np.sqrt(
            sum((len(one) - 1) * one.var(ddof=1) for one in change.values())
            / (sum(len(one) for one in change.values()) - 2)
        )""",
    ),
    4: (
        'arm["fast"][:, 0].mean() + arm["fast"][:, 1].mean()',
        'arm["fast"].any(axis=1).mean()',
    ),
    5: ('trial["drug"]["last_mg"]', 'trial["drug"]["given_mg"]'),
}


def mended(desk: Desk, which: list[int]) -> Any:
    [text] = [c.reference for c in desk.template.cells if c.identity == "colleague"]
    for number in which:
        old, new = MENDS[number]
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    space = dict(desk.names)
    exec(text.partition("\n\n\n")[0], space)
    return space["colleague_page"]


@pytest.mark.parametrize("number", MENDS)
def test_the_natural_mend_of_one_line_earns_its_points_and_breaks_no_other(
    desk: Desk, number: int
) -> None:
    earned = desk.points({**desk.names, "mended_page": mended(desk, [number])}, "mended_page")
    assert {test for test, got in earned.items() if got} == {f"test-mended_page-{number}"}
    others = [other for other in MENDS if other != number]
    earned = desk.points({**desk.names, "mended_page": mended(desk, others)}, "mended_page")
    assert {test for test, got in earned.items() if not got} == {
        f"test-mended_page-{number}",
        "test-mended_page-example",
    }


def test_all_five_natural_mends_earn_all(desk: Desk) -> None:
    earned = desk.points({**desk.names, "mended_page": mended(desk, [*MENDS])}, "mended_page")
    assert earned == desk.all_points("mended_page")


def by_lot(trial: dict[str, Any], name: str) -> int:
    return len(trial[name]["baseline"])


def with_the_never_seen(trial: dict[str, Any], found: dict[str, Any], desk: Desk) -> dict[str, Any]:
    page = mended(desk, [2, 3, 4, 5])(trial)
    return {**page, "change": found["change"]}


def off_by(desk: Desk, result: str) -> Any:
    """Return the right page with one result as it is where the never seen are counted."""

    def page(trial: dict[str, Any]) -> dict[str, Any]:
        right = desk.names["mended_page"](trial)
        return {**right, result: with_the_never_seen(trial, right, desk)[result]}

    return page


def scatter(desk: Desk, sd_of: Any) -> Any:
    def page(trial: dict[str, Any]) -> dict[str, Any]:
        right = desk.names["mended_page"](trial)
        seen = {
            name: desk.names["change_from_baseline"](
                trial[name]["scores"], trial[name]["baseline"], True
            )
            for name in trial
        }
        return {**right, "d": right["change"] / sd_of(seen["drug"], seen["placebo"])}

    return page


def pooled(a: Any, b: Any, m: float, n: float) -> float:
    return float(np.sqrt((m * a.var(ddof=1) + n * b.var(ddof=1)) / (m + n)))


WRONG_SCATTERS = {
    "factor": lambda a, b: (
        pooled(a, b, len(a) - 1, len(b) - 1) / (1 - 3 / (4 * (len(a) + len(b) - 2) - 1))
    ),
    "ddof 0": lambda a, b: np.sqrt((len(a) * a.var() + len(b) * b.var()) / (len(a) + len(b))),
    "weights swapped": lambda a, b: pooled(a, b, len(b) - 1, len(a) - 1),
    "no weights": lambda a, b: pooled(a, b, 1, 1),
    "weights n": lambda a, b: pooled(a, b, len(a), len(b)),
    "placebo alone": lambda a, b: b.std(ddof=1),
    "both thrown together": lambda a, b: np.concatenate([a, b]).std(ddof=1),
}


@pytest.mark.parametrize("slip", WRONG_SCATTERS)
def test_a_scatter_that_is_wrong_by_the_plan_earns_nothing(desk: Desk, slip: str) -> None:
    page = scatter(desk, WRONG_SCATTERS[slip])
    earned = desk.points({**desk.names, "mended_page": page}, "mended_page")
    assert not earned["test-mended_page-3"]


@pytest.mark.parametrize(("result", "number"), [("responded", 2), ("d", 3), ("dose", 5)])
def test_the_never_seen_count_in_no_result_of_a_page_that_leaves_them_out(
    desk: Desk, result: str, number: int
) -> None:
    earned = desk.points({**desk.names, "mended_page": off_by(desk, result)}, "mended_page")
    assert not earned[f"test-mended_page-{number}"]
