"""What is particular to ps3: slips that earn by themselves, each compound's own truth, its numbers.

The gate tries its wrong and right answers one by one; `tests/test_assignments.py` holds what every
assignment holds.
"""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from snrilab import evidence, feedback, mechanism
from snrilab.exercises import own_case
from snrilab.grading.jailed.values import decode, encode
from snrilab.grading.misconceptions import found_in
from snrilab.grading.teachers_cells import run_here
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.gate import Desk

ASSIGNMENT = "ps3_selectivity"
FOLDER = ROOT / "source" / ASSIGNMENT


# -- numbers of the notebook ----------------------------------------------------------------

SOURCES = {"Auclair 2013": "auclair2013", "Mochizuki 2002": "mochizuki2002"}
SOURCES |= {"Bymaster 2001": "bymaster2001", "Tatsumi 1997": "tatsumi1997"}
SOURCES |= {"Deecher 2006": "deecher2006"}


def test_every_published_constant_stands_in_the_evidence_and_was_read(desk: Desk) -> None:
    quantity = {"binding": ("Ki", "Kd"), "uptake": ("IC50",)}
    for row in desk.names["published"]:
        assay, species = row["basis"].split(", ")
        found = evidence.find(
            drug=row["compound"],
            target=row["transporter"],
            quantity=quantity[assay],
            source=SOURCES[row["laboratory"]],
            species=species,
            provenance="found",
        )
        if row["value_nM"] is None:
            assert not found
        else:
            assert [one.value for one in found] == [row["value_nM"]]


def test_the_guides_table_holds_the_printed_numbers(desk: Desk) -> None:
    cleaned = desk.names["clean_table"](desk.names["guide"])
    printed = evidence.find(provenance="seed", unit="nM")
    for row in cleaned:
        for column, quantity in (("ki_nM", "Ki"), ("ic50_nM", "IC50")):
            found = printed.filter(
                drug=row["compound"].lower(), target=row["transporter"], quantity=quantity
            )
            ends = {(one.low, one.high) if one.low else (one.value, one.value) for one in found}
            if row[column] is None:
                assert not ends
            else:
                [(low, high)] = ends
                assert row[column] == pytest.approx((low * high) ** 0.5)


def test_the_model_answer_in_words_says_what_follows_from_the_evidence(desk: Desk) -> None:
    [words] = [c.reference for c in desk.template.cells if c.grade_id == "written-answer"]
    auclair = {
        (one.quantity, one.target): one.value
        for one in evidence.find(drug="levomilnacipran", source="auclair2013", unit="nM")
    }
    assert f"{auclair['Ki', 'NET'] / auclair['Ki', 'SERT']:.1f}-fold" in words
    assert f"ratio {auclair['IC50', 'NET'] / auclair['IC50', 'SERT']:.2f}" in words
    pair = mechanism.uptake_consistency(auclair["IC50", "NET"], auclair["Ki", "NET"])
    assert f"{pair.fold_below:.1f}-fold" in words
    assert f"{pair.fold_below**0.5:.2f}-fold each" in words
    shares = {key: 230 / (230 + value) for key, value in auclair.items()}
    assert f"by Ki {shares['Ki', 'SERT']:.0%} of SERT and {shares['Ki', 'NET']:.0%} of".replace(
        "%", " %"
    ) in words.replace("\n", " ")
    assert f"by IC50 {shares['IC50', 'SERT']:.0%} of SERT and {shares['IC50', 'NET']:.0%}".replace(
        "%", " %"
    ) in words.replace("\n", " ")
    deecher = desk.names["like_for_like"](desk.names["published"], "uptake, human")
    assert ("desvenlafaxine", "Deecher 2006") in deecher
    consistent = desk.names["is_consistent"]
    assert not consistent(558.4, 531.3)
    assert consistent(558.4, 531.3, 1.3)
    assert not consistent(auclair["Ki", "NET"], auclair["IC50", "NET"], 1.3)


def test_the_free_concentration_of_part_10_is_that_of_40_mg() -> None:
    [auc] = evidence.find(drug="levomilnacipran", quantity="AUC_tau", source="fetzima_label")
    [unbound] = evidence.find(
        drug="levomilnacipran", quantity="fraction_unbound", source="fetzima_label"
    )
    free = 1000 * auc.value * 40 / 120 / 24 / 246.35 * unbound.value
    assert free == pytest.approx(230, rel=0.02)


# -- slips earn by themselves ---------------------------------------------------------------


def mended(kept: frozenset[int]) -> str:
    """Return the colleague's function with these slips left in it."""
    mean = "np.mean({})" if 1 in kept else "np.exp(np.mean(np.log({})))"
    net = (
        f"{mean.format('ic50_net_nM')} / (1 + ne_nM / {'km_sert_nM' if 2 in kept else 'km_net_nM'})"
    )
    ratio = "km_sert_nM / serotonin_nM" if 3 in kept else "serotonin_nM / km_sert_nM"
    sert = f"{mean.format('ic50_sert_nM')} / (1 + {ratio})"
    last = f"({sert}) / ({net})" if 4 in kept else f"({net}) / ({sert})"
    arguments = "ic50_net_nM, ic50_sert_nM, ne_nM, serotonin_nM, km_net_nM, km_sert_nM"
    return f"def mended_ratio({arguments}):\n    return {last}\n"


def test_each_of_sixteen_ways_to_mend_earns_just_what_it_mends(desk: Desk) -> None:
    every = itertools.chain.from_iterable(itertools.combinations(range(1, 5), n) for n in range(5))
    for slips in map(frozenset, every):
        space = dict(desk.names)
        exec(mended(slips), space)
        earned = desk.points(space, "mended_ratio")
        expected = {f"test-mended_ratio-{n}": 0.0 if n in slips else 3.0 for n in range(1, 5)}
        assert earned == expected | {"test-mended_ratio-example": 0.0 if slips else 2.0}, slips
    theirs = {**desk.names, "mended_ratio": desk.names["colleague_ratio"]}
    assert set(desk.points(theirs, "mended_ratio").values()) == {0.0}


# Which of the hidden items of a function each wrong idea costs; the others are kept.
COSTS = {
    "clean_table": {
        "row-as-printed": {1},
        "rows-left-out": {1},
        "transporter-lost": {1},
        "sign-for-cause": {3},
        "footnote-in-number": {2},
        "thousand-lost": {2},
        "arithmetic-mean": {2},
        "one-end-decides": {2},
        "limit-for-value": {3},
        "missing-is-zero": {3},
    },
    "like_for_like": {
        "ki-is-ic50": {1},
        "species-mixed": {1},
        "papers-may-be-divided": {2},
        "one-source": {2},
        "missing-is-zero": {3},
        "ratio-upside-down": {1, 2, 3},
    },
    "is_consistent": {
        "floor-excluded": {1},
        "digits-are-precision": {2},
        "all-on-one": {2},
        "halved": {1, 2},
        "ratio-upside-down": {1, 2},
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
    for test in desk.tests:
        if not any(test.identity.startswith(f"test-{name}-") for name in functions):
            continue
        if test.identity == "test-mended_ratio-example":
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


# -- a compound of one's own ------------------------------------------------------------------


def students() -> Iterator[tuple[str, Any]]:
    for student in (f"s{1000 + i}" for i in range(16)):
        yield student, own_case(student, "cases.csv")


def values_of(desk: Desk, number: int, case: Any) -> dict[str, Any]:
    """Return the right values of one compound, from its truth."""
    ic50_nM, _, _, words = desk.told["behind"](number)
    factor = [1 + case[f"{s}_substrate_nM"] / case[f"{s}_km_nM"] for s in ("sert", "net")]
    sert_nM, net_nM = (np.exp(np.mean(np.log(case[f"{s}_ki_nM"]))) for s in ("sert", "net"))
    return {
        "own_ic50_nM": dict(zip(("SERT", "NET"), ic50_nM, strict=True)),
        "own_uptake_ratio": ic50_nM[1] / factor[1] / (ic50_nM[0] / factor[0]),
        "own_binding_ratio": net_nM / sert_nM,
        "own_verdict": dict(zip(("SERT", "NET"), words, strict=True)),
    }


@pytest.mark.usefixtures("there")
def test_hidden_tests_judge_each_student_by_their_own_truth(desk: Desk) -> None:
    numbers, words = set(), set()
    for student, case in students():
        numbers.add(case.number)
        right = values_of(desk, case.number, case)
        words |= set(right["own_verdict"].values())
        space = {**desk.names, **right, "student_id": student}
        assert desk.points(space, "own_") == desk.all_points("own_"), student
        off = {side: 1.14 * value for side, value in right["own_ic50_nM"].items()}
        assert desk.points({**space, "own_ic50_nM": off}, "own_ic50") == {"test-own_ic50": 0}
        one = right["own_ic50_nM"] | {"NET": off["NET"]}
        assert desk.points({**space, "own_ic50_nM": one}, "own_ic50") == {"test-own_ic50": 2}
        for name, factor, good in (
            ("own_uptake_ratio", 1.14, 4),
            ("own_uptake_ratio", 1.18, 0),
            ("own_uptake_ratio", 0.83, 0),
            ("own_binding_ratio", 1.01, 4),
            ("own_binding_ratio", 1.04, 0),
        ):
            mine = {**space, name: right[name] * factor}
            assert sum(desk.points(mine, name).values()) == good, (student, name, factor)
        turned = {
            "SERT": "none" if right["own_verdict"]["SERT"] == "fits" else "fits",
            "NET": right["own_verdict"]["NET"],
        }
        mine = {**space, "own_verdict": turned}
        assert desk.points(mine, "own_verdict") == {"test-own_verdict": 2}, student
    assert len(numbers) > 13
    assert words == {"none", "fits", "less", "more"}


@pytest.mark.usefixtures("there")
def test_what_follows_from_an_ic50_of_ones_own_counts(desk: Desk) -> None:
    for student, case in itertools.islice(students(), 6):
        right = values_of(desk, case.number, case)
        wrong = {side: 1.5 * value for side, value in right["own_ic50_nM"].items()}
        wrong["NET"] *= 2
        mine = {"own_ic50_nM": wrong, "own_uptake_ratio": 2 * right["own_uptake_ratio"]}
        space = {**desk.names, **right, **mine, "student_id": student}
        assert desk.points(space, "own_uptake") == {"test-own_uptake_ratio": 4}, student
        space = {**space, "own_ic50_nM": {"SERT": 1e-9, "NET": 2e-9}}
        assert desk.points(space, "own_uptake") == {"test-own_uptake_ratio": 0}, student
        del space["own_ic50_nM"]
        assert desk.points({**space, **right}, "own_uptake") == {"test-own_uptake_ratio": 4}


@pytest.mark.usefixtures("there")
def test_right_ways_stay_within_the_bars_and_wrong_ones_outside(desk: Desk) -> None:
    """On every 25th compound: the fit of the notebook, and what forgets the substrate."""
    wells_nM = np.repeat(desk.told["WELLS_NM"], 2)
    for number in range(1, desk.told["CASES"] + 1, 25):
        told = desk.told["case"](number)
        case = {k: np.array(v.split(), dtype=float) for k, v in told.items()}
        right = values_of(desk, number, case)
        found = {
            s: desk.names["fit_ic50"](wells_nM, case[f"{s.lower()}_counts"])
            for s in ("SERT", "NET")
        }
        assert found == pytest.approx(right["own_ic50_nM"], rel=0.10), number
        both = found["NET"] / found["SERT"]
        factor = [1 + case[f"{s}_substrate_nM"] / case[f"{s}_km_nM"] for s in ("sert", "net")]
        ratio = (both * factor[0] / factor[1]).item()
        assert ratio == pytest.approx(right["own_uptake_ratio"].item(), rel=0.12), number
        assert both != pytest.approx(right["own_uptake_ratio"].item(), rel=0.4), number
        plain = np.mean(case["net_ki_nM"]) / np.mean(case["sert_ki_nM"])
        assert plain != pytest.approx(right["own_binding_ratio"], rel=0.05), number
        assert "fits" in right["own_verdict"].values(), "who forgets the substrate loses a word"


# -- plans ------------------------------------------------------------------------------------

CURES = {
    "A": {"runs": 12},
    "B": {"laboratory": "Lund"},
    "C": {"assay": "uptake"},
    "D": {"substrate_over_km": 0.1},
    "F": {"assay": "uptake"},
}


def test_plans_fail_for_the_reason_that_the_key_gives(desk: Desk) -> None:
    error, judged = desk.names["typical_error"], desk.names["judged"]
    for letter, plan in desk.names["plans"].items():
        assert (error(plan) < 1.29) == (judged[letter] == "works"), letter
        if letter in CURES:
            assert error(plan) > 1.6
            cured = {side: one | CURES[letter] for side, one in plan.items()}
            assert error(cured) < 1.27, letter
            other = set(CURES) - {letter, "C" if letter == "F" else "F"}
            for wrong in other:
                changed = {side: one | CURES[wrong] for side, one in plan.items()}
                assert error(changed) > 1.3, (letter, "is not cured by what cures", wrong)


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
        if name not in ("like_for_like", "mended_ratio"):  # they name what the notebook has
            assert feedback.check(f"{ASSIGNMENT}/{name}", wrong).code == "example", name


# -- for the class report ------------------------------------------------------------


def test_the_report_names_every_idea_by_its_values(desk: Desk) -> None:
    """Also in tables, truth values and pairs as keys, as they come back across the wall."""
    for name, exercise in desk.exercises.items():
        assert not found_in(ASSIGNMENT, name, exercise.reference)
        for idea in exercise.misconceptions:

            def crossed(*given: Any, made: Any = idea.function) -> Any:
                return decode(encode(made(*given)))

            assert found_in(ASSIGNMENT, name, crossed) == idea.code, (name, idea.code)


# -- ways that come out right wherever one looks by oneself ---------------------------------------

NARROW = {  # answer, what stands in another right answer, and what a hurried learner writes there
    "a transporter in the name of a compound": (
        "clean_table",
        'row[0] not in ("SERT", "NET", "DAT")',
        'not any(t in row[0] for t in ("SERT", "NET", "DAT"))',
    ),
    "the number among words": (
        "clean_table",
        'return float(cell) if cell and cell.replace(".", "").isdigit() else None',
        (
            'digits = "".join(c for c in cell if c in "0123456789."); '
            'return float(digits) if digits and cell[0] not in "<>" else None'
        ),
    ),
    "a basis that begins alike": (
        "like_for_like",
        'row["basis"] == basis',
        'basis in row["basis"]',
    ),
    "whatever is not NET is SERT": (
        "like_for_like",
        'row["transporter"]] = row["value_nM"]',
        '"NET" if row["transporter"] == "NET" else "SERT"] = row["value_nM"]',
    ),
}


@pytest.mark.parametrize("which", NARROW)
def test_a_way_that_is_right_for_the_example_only_loses_points(desk: Desk, which: str) -> None:
    name, good, hurried = NARROW[which]
    text = next(text for text in desk.exercises[name].also_right if good in text)
    code = desk.exercises[name].code
    assert desk.passes(name, code(text))
    assert not desk.passes(name, code(text.replace(good, hurried)))


def test_an_exact_constant_has_no_room_around_it(desk: Desk) -> None:
    right = desk.names["is_consistent"]

    def roomy(ki_nM: Any, ic50_nM: Any, scatter: float = 1.0) -> Any:
        return right(0.99 * np.asarray(ki_nM), ic50_nM, scatter)

    assert not desk.passes("is_consistent", roomy)
