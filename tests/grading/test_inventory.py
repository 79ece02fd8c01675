"""The class report on the concept inventory: simulated classes whose truth is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import expit

from snrilab.__main__ import main
from snrilab.exercises import inventory_items
from snrilab.feedback import _inventory, _memory
from snrilab.grading import inventory
from snrilab.grading.inventory import form_result, gain, read_sheets, upper_lower, wilson

GUESS = 0.2  # right by guessing
DIFFICULTY = np.linspace(-1.5, 1.5, 20)  # of the items, in standard deviations of the learners
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def chance(ability, difficulty=DIFFICULTY):
    """Return the chance to be right: the logistic item response model with guessing."""
    return GUESS + (1 - GUESS) * expit(1.7 * (np.asarray(ability)[..., None] - difficulty))


def share_right(shift=0.0):
    """Return the true share right of each item in learners with a normal ability."""
    return WEIGHTS @ chance(NODES + shift)


def answers(rng, form, ability):
    """Return one sheet for each ability: wrong answers are drawn among the three ideas."""
    items = inventory_items(form)
    right = rng.random((len(ability), 20)) < chance(ability)
    picks = rng.integers(1, 4, right.shape)
    sure = rng.choice(["guessing", "fairly sure", "certain"], right.shape)
    return [
        {
            item.name: ("" if row[i] else item.answers[pick[i]].idea, str(told[i]))
            for i, item in enumerate(items)
        }
        for row, pick, told in zip(right, picks, sure, strict=True)
    ]


def class_of(n, seed, shift=0.8):
    rng = np.random.default_rng(seed)
    ability = rng.standard_normal(n)
    both = zip(answers(rng, "A", ability), answers(rng, "B", ability + shift), strict=True)
    return {f"{i:012x}": {**a, **b} for i, (a, b) in enumerate(both)}


def test_known_difficulties_are_recovered():
    found = form_result(class_of(400, seed=1), "A")
    truth = share_right()
    inside = [
        item.difficulty.low <= true <= item.difficulty.high
        for item, true in zip(found.items, truth, strict=True)
    ]
    assert sum(inside) >= 17  # 19 of 20 are expected
    values = [item.difficulty.value for item in found.items]
    assert np.corrcoef(values, truth)[0, 1] > 0.95


def test_intervals_hold_the_truth_as_often_as_they_say():
    truth, true_gain = share_right(), (share_right(0.8) - share_right()).sum()
    missing = (1 - share_right()).sum()
    held, points, shares = [], [], []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        ability = rng.standard_normal(30)
        right = rng.random((30, 20)) < chance(ability)
        later = rng.random((30, 20)) < chance(ability + 0.8)
        for i in (0, 10, 19):
            made = wilson(int(right[:, i].sum()), 30)
            held.append(made.low <= truth[i] <= made.high)
        names = [[item.name for item in inventory_items(form)] for form in "AB"]
        sheets = {
            str(k): {
                name: ("" if ok else inventory._OFFERED[name][1], "certain")
                for row, of in ((right[k], names[0]), (later[k], names[1]))
                for name, ok in zip(of, row, strict=True)
            }
            for k in range(30)
        }
        found = gain(sheets)
        points.append(found.points.low <= true_gain <= found.points.high)
        shares.append(found.share.low <= true_gain / missing <= found.share.high)
    assert 0.92 <= np.mean(held) <= 0.98
    assert 0.91 <= np.mean(points) <= 0.985
    assert 0.91 <= np.mean(shares) <= 0.985


def test_an_item_that_measures_nothing_is_found():
    rng = np.random.default_rng(3)
    sheets = class_of(300, seed=3)
    item = inventory_items("A")[6]
    for sheet in sheets.values():
        sheet[item.name] = ("" if rng.random() < 0.5 else item.answers[1].idea, "certain")
    found = form_result(sheets, "A").items
    doubtful = {one.name for one in found if "goes little" in one.doubts}
    assert doubtful == {"A07"}
    assert found[6].common == item.answers[1].idea
    assert found[6].sure_and_wrong == pytest.approx(1 - found[6].difficulty.value)


def test_reliability_agrees_with_the_model():
    ability = np.random.default_rng(8).standard_normal(200_000)
    expected = chance(ability).sum(axis=1).var()
    noise = (chance(ability) * (1 - chance(ability))).sum(axis=1).mean()
    found = form_result(class_of(400, seed=4), "A").reliability
    assert found.method.startswith("KR-20")
    assert found.value == pytest.approx(expected / (expected + noise), abs=0.05)


def test_the_gain_of_an_idea_is_its_change_per_chance():
    sheets = class_of(40, seed=5)
    for sheet in sheets.values():
        for item in inventory_items("A") + inventory_items("B"):
            sheet[item.name] = ("", "certain")
        sheet["A01"] = ("block-is-rise", "certain")
    for sheet in list(sheets.values())[:10]:
        sheet["A12"] = ("block-is-rise", "guessing")  # no belief
    found = gain(sheets)
    assert set(found.ideas) == {"block-is-rise"}
    assert found.ideas["block-is-rise"].value == -0.5
    assert found.points.value == 1.25


@pytest.mark.parametrize("n", [0, 1, 26])
def test_nothing_is_said_below_27(n):
    sheets = class_of(n, seed=6)
    found = form_result(sheets, "A")
    assert (found.complete, found.items, found.mean, found.reliability) == (n, (), None, None)
    assert gain(sheets).points is None
    page = inventory.render(sheets)
    assert page.count("below 27 nothing is said") == 3
    assert "<table>" not in page


def test_from_27_on_it_is_said_and_so_is_that_nobody_tried_the_items():
    page = inventory.render(class_of(27, seed=7))
    assert page.count("<table>") == 3
    assert "have not been tried on a class" in page
    assert "have not been compared with each other" in page


def test_incomplete_sheets_are_counted_and_left_out():
    sheets = class_of(30, seed=9)
    del sheets["000000000000"]["A20"]
    found = form_result(sheets, "A")
    assert (found.complete, found.begun) == (29, 1)
    assert gain(sheets).learners == 29


def test_equal_totals_at_the_edge_count_in_part():
    right = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert upper_lower(right).tolist() == [0.0, 0.0]


# -- files --------------------------------------------------------------------------------------


GOOD = {
    "format": inventory.FORMAT,
    "code": "0123456789ab",
    "answers": {"A01": {"idea": "", "sure": "certain"}},
}


def write(folder, name, content):
    path = folder / f"inventory_{name}.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "[" * 50_000, '"x"', {}, {**GOOD, "format": "other"},
        {**GOOD, "code": "../../anna"}, {**GOOD, "code": 7}, {**GOOD, "answers": []},
        {**GOOD, "answers": {"A01": {"idea": "<script>", "sure": "certain"}}},
        {**GOOD, "answers": {"A21": {"idea": "", "sure": "certain"}}},
        {**GOOD, "answers": {"A01": {"idea": "", "sure": "very"}}},
        {**GOOD, "answers": {"A01": {"idea": [], "sure": {}}}},
        {**GOOD, "answers": {"A01": "right"}}, {**GOOD, "padding": "x" * 200_000},
    ],
)  # fmt: skip
def test_a_bad_file_is_named_and_left_out(tmp_path, content):
    good = write(tmp_path, "good", GOOD)
    sheets, refused = read_sheets([good, write(tmp_path, "bad", content)])
    assert list(sheets) == ["0123456789ab"]
    assert len(refused) == 1
    assert refused[0].startswith("inventory_bad.json: ")
    assert "<script>" not in inventory.render(sheets, refused)


def test_two_files_of_one_learner_are_joined_unless_they_disagree(tmp_path):
    first = write(tmp_path, "1", GOOD)
    more = {**GOOD["answers"], "B01": {"idea": "", "sure": "guessing"}}
    second = write(tmp_path, "2", {**GOOD, "answers": more})
    changed = {"A01": {"idea": "block-is-rise", "sure": "certain"}}
    third = write(tmp_path, "3", {**GOOD, "answers": changed})
    sheets, refused = read_sheets([first, second, third])
    assert sheets["0123456789ab"] == {"A01": ("", "certain"), "B01": ("", "guessing")}
    assert len(refused) == 1
    assert "other answers" in refused[0]


def test_what_a_learner_writes_is_what_the_report_reads(tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(_memory, "_for_this_session", {})
    for item in inventory_items("A"):
        _memory.record("inventory", item.name, {"idea": item.answers[2].idea, "sure": "certain"})
    sheets, refused = read_sheets([write(tmp_path, "mine", _inventory.shared())])
    assert refused == []
    (sheet,) = sheets.values()
    assert sheet["A20"] == ("drug-column-alone", "certain")
    assert len(sheet) == 20


def test_the_command_writes_a_page(tmp_path, capsys):
    for code, sheet in class_of(27, seed=10).items():
        told = {name: {"idea": idea, "sure": sure} for name, (idea, sure) in sheet.items()}
        write(tmp_path, code, {**GOOD, "code": code, "answers": told})
    assert main(["inventory", str(tmp_path)]) == 0
    page = tmp_path / "inventory_report.html"
    assert capsys.readouterr().out == f"{page}\n"
    assert "27 complete sheets" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("folder", "says"), [("", "no file inventory_*.json in"), ("nowhere", "there is no folder")]
)
def test_the_command_says_what_is_missing(tmp_path, capsys, folder, says):
    assert main(["inventory", str(tmp_path / folder)]) == 2
    assert says in capsys.readouterr().err
