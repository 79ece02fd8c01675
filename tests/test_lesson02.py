"""Lesson 02: its anatomy, its numbers, and that stubs run and worked answers are right."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbclient import NotebookClient

from snrilab import binding, evidence
from snrilab.exercises import Exercise, Prediction, Question, declared
from tests.conftest import ROOT

PATH = ROOT / "course" / "02_binding_assays.ipynb"
LESSON = nbformat.read(PATH, as_version=4)
DECLARED = declared("lesson02")
EXERCISES = {name: thing for name, thing in DECLARED.items() if isinstance(thing, Exercise)}
PROSE = "\n\n".join(cell.source for cell in LESSON.cells if cell.cell_type == "markdown")
CODE = "\n\n".join(cell.source for cell in LESSON.cells if cell.cell_type == "code")


ASSAY = "saturation-assay"
COUNTED = ("time_min", "background_cpm", "efficiency", "specific_activity_Ci_per_mmol")


def executed(answers, folder):
    notebook = nbformat.read(PATH, as_version=4)
    for cell in notebook.cells:
        for name, answer in answers.items():
            if cell.cell_type == "code" and cell.source.startswith(f"def {name}("):
                cell.source = cell.source.replace("return ...", answer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNRILAB_PROGRESS", str(folder / "progress.json"))
        there = {"metadata": {"path": str(PATH.parent)}}
        NotebookClient(notebook, timeout=120, resources=there).execute()
    return {
        cell.id: "".join(
            o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in cell.outputs
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """What a learner sees who runs everything and writes nothing."""
    return executed({}, tmp_path_factory.mktemp("progress"))


def worked_answers():
    answers = {}
    for exercise in EXERCISES.values():
        name = exercise.function_name
        cell = next(c for c in LESSON.cells if c.id == f"help-{name.replace('_', '-')}")
        _, _, worked = cell.source.partition("Worked answer")
        (answers[name],) = re.findall(r"```python\n(return .*)\n```", worked)
    return answers


def test_untouched_stubs_run_and_every_check_says_not_yet_written(untouched):
    for exercise in EXERCISES.values():
        said = untouched[f"check-{exercise.function_name.replace('_', '-')}"]
        assert said.startswith("Not yet written")


def test_worked_answers_pass_their_checks(tmp_path):
    answers = worked_answers()
    assert len(answers) == len(EXERCISES) == 4
    shown = executed(answers, tmp_path)
    for name in answers:
        assert shown[f"check-{name.replace('_', '-')}"].startswith("Right so far"), name
    assert "4 of 8 done" in shown["progress"]


def test_everything_declared_is_used_once_and_in_order():
    for name, thing in DECLARED.items():
        used = CODE.count(f'"{name}"')
        assert used == (2 if isinstance(thing, Prediction) else 1), name
    asked = re.findall(r'feedback\.\w+\("(lesson02/\w+)"', CODE)
    assert list(dict.fromkeys(asked)) == list(DECLARED)
    assert sum(isinstance(thing, Question) for thing in DECLARED.values()) == 3


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.function_name)
def test_stub_says_what_how_and_an_example_that_is_true(exercise):
    (stub,) = [c.source for c in LESSON.cells if c.source.startswith(f"def {exercise.signature}:")]
    for part in ("TODO:", "APPROACH:", "EXAMPLE:"):
        assert part in stub
    call, result = re.search(r"EXAMPLE: \w+\((.*)\) gives ([\d.]+)", stub).groups()
    arguments = [float(number) for number in call.split(",")]
    assert exercise.reference(*arguments) == pytest.approx(float(result))


WHOLE = [
    "# 02 How tightly does a drug bind?",
    "After this lesson you can",
    "**Time:**",
    "Predict first",
    "Explore:",
    "What the model leaves out",
    "Three questions",
    "## Summary",
    "**Next:**",
    "## References",
]
STEP = ["Explore:", "The same without sliders", "Do:", "Hint", "Worked answer"]


@pytest.mark.parametrize("text", [PROSE, *PROSE.split("\n\n## ")], ids=lambda t: t[:20])
def test_parts_stand_in_the_order_of_every_lesson(text):
    parts = WHOLE if text is PROSE else [part for part in STEP if part in text]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_every_explorer_has_a_question_before_it_and_a_still_picture_in_words_after_it():
    cells = LESSON.cells
    explorers = [i for i, cell in enumerate(cells) if cell.source.startswith("explore.")]
    assert len(explorers) >= 3
    for i in explorers:
        assert "### Explore" in cells[i - 1].source
        assert re.search(r"\*\*[^*]+\?\*\*", cells[i - 1].source), cells[i - 1].id
        following = cells[i + 1 : i + 9]
        assert any("plots.show(" in cell.source for cell in following), cells[i].id
        assert any(cell.source.startswith("In words:") for cell in following), cells[i].id


def value(drug, target):
    return evidence.parameters("binding_Ki")[f"{drug}/{target}"].value


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (value("levomilnacipran", "NET") / value("levomilnacipran", "SERT"), "= {:.1f},"),
        (round(value("escitalopram", "NET") / value("escitalopram", "SERT"), -2), "about {:,.0f}."),
        (1 + 0.5 / 2.5, "is {:.1f} times Ki"),
        (2.22 * 80, "= {:.1f} dpm"),
        (3.7e10 * 60 / 1e12, "= {:.2f}\\ \\text{{dpm per fmol}}"),
        (4 / (4 + 1) * 100, "{:.0f} % at four times Kd"),
        (9 / (9 + 1) * 100, "{:.0f} % at nine times Kd"),
        (19.0 / 10.5, "about {:.1f}-fold. Both"),
    ],
)
def test_numbers_in_the_text_follow_from_the_evidence(number, words):
    assert words.format(number) in PROSE


def test_ki_ranges_in_the_text_are_what_the_cells_show(untouched):
    fitted = re.search(r"ki_nM: .*interval ([\d.]+) to ([\d.]+)", untouched["one-assay"]).groups()
    printed = re.findall(r"Ki ([\d.]+) nM", untouched["kd-range"])
    for low, high in (fitted, (printed[0], printed[2])):
        assert re.search(rf"about\s+{float(low):.0f} and {float(high):.0f} nM", PROSE)
    row = evidence.get("[3H]citalopram", "Kd", basis="binding_Kd", source="hsert_kd_summary")
    assert f"run from {row.low:g} to {row.high:g} nM" in PROSE


def test_the_spread_that_the_text_names_is_the_spread_that_is_printed(untouched):
    printed = re.findall(r"expected ([\d]+): .*?spread (\d+) %", untouched["ten-wells"], re.DOTALL)
    assert printed == [("100", "10"), ("10000", "1")]
    assert "10,000 counts are\nknown to 1 %, 100 counts to 10 %" in PROSE


def test_dpm_and_fmol_can_be_worked_out_from_what_is_shown(untouched):
    stated = {name: float(re.search(rf"{name}=([\d.]+)", CODE)[1]) for name in COUNTED}
    wells = re.findall(r"(\d+) counts in 2 min, (\d+) dpm, ([\d.]+) fmol", untouched[ASSAY])
    assert len(wells) == 4
    for counts, dpm, fmol in wells:
        per_minute = int(counts) / stated["time_min"] - stated["background_cpm"]
        decays = per_minute / stated["efficiency"]
        assert f"{decays:.0f}" == dpm
        assert f"{decays / (2.22 * stated['specific_activity_Ci_per_mmol']):.2f}" == fmol
    counts, dpm, fmol = wells[0]
    assert f"({counts}/2 - 20)/0.4 = {dpm}$" in PROSE
    assert f"${dpm}/(2.22\\times 80) = {fmol}$" in PROSE


def spoilt(ki_nM, receptor_nM, radioligand_nM=1.0, kd_nM=2.5):
    """Error of the corrected Ki, and the shares of radioligand and drug that are taken."""
    ic50_nM = binding.ic50_from_ki(ki_nM, radioligand_nM, kd_nM, receptor_nM)
    free_nM = binding.free_receptor(ic50_nM, radioligand_nM, receptor_nM, kd_nM, ki_nM)
    alone_nM = binding.saturation_depletion(radioligand_nM, receptor_nM, kd_nM)
    error = binding.cheng_prusoff(ic50_nM, radioligand_nM, kd_nM) / ki_nM - 1
    return error, alone_nM / radioligand_nM, free_nM / (ki_nM + free_nM)


def test_the_folded_answer_on_depletion_is_what_the_model_gives():
    row = r"\| ([\d.]+) \| ([\d.]+) nM[^|]*\| ([\d.]+) % \| ([\d.]+) % \|"
    rows = [tuple(map(float, found)) for found in re.findall(row, PROSE)]
    assert [ki for ki, *_ in rows] == [20, 1.1, 0.1]
    for ki, receptor, radioligand, drug in rows:
        low, high = 1e-4, 10.0
        for _ in range(60):  # where the error is 10 %
            middle = (low * high) ** 0.5
            low, high = (middle, high) if spoilt(ki, middle)[0] < 0.1 else (low, middle)
        assert float(f"{low:.1g}") == receptor
        _, taken, of_drug = spoilt(ki, low)
        assert 100 * taken == pytest.approx(radioligand, rel=0.1)
        assert 100 * of_drug == pytest.approx(drug, rel=0.1)


def test_the_numbers_beside_the_depletion_picture_and_the_rule_are_right():
    words = " ".join(PROSE.split())
    for receptor, percent in ((0.1, 5), (0.3, 15), (1.0, 54)):
        assert round(100 * spoilt(1.1, receptor)[0]) == percent
    assert "5 % too high with 0.1 nM, 15 % with 0.3 nM, 54 % with 1 nM" in words
    assert 8.5 < 1 + spoilt(1.1, 10)[0] < 9
    error, radioligand, _ = spoilt(1.0, 0.3)
    assert f"only {100 * radioligand:.0f} % of the radioligand is taken" in words
    assert f"the Ki comes out {100 * error:.0f} % too high" in words
    error, radioligand, drug = spoilt(20, 10, 30, 0.3)
    assert f"{-100 * error:.0f} % too low" in words
    assert drug < 0.01 < radioligand
    assert spoilt(1000, 1, 5.0, 2.5)[0] == pytest.approx(0, abs=0.02)  # weak drug, twice Kd


def test_the_recorded_mistake_is_the_one_about_the_table_and_can_be_read(untouched):
    shown = untouched["shifted-check"]
    assert "Contradiction 10, " in shown
    assert "one cell left" in shown
    assert max(map(len, shown.splitlines())) <= 90


def test_the_lesson_says_where_progress_is_kept():
    from snrilab.feedback._memory import progress_file

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SNRILAB_PROGRESS", raising=False)
        assert progress_file().parts[-2:] == (".snrilab", "progress.json")
    assert "`~/.snrilab/progress.json`" in PROSE


def test_references_are_keys_of_the_evidence_or_have_a_doi():
    _, _, references = PROSE.partition("## References")
    for line in re.findall(r"^\* .*\(\d{4}\).*$", references, re.MULTILINE):
        keys = re.findall(r"`(\w+)`", line)
        assert keys or "https://doi.org/" in line
        for key in keys:
            assert evidence.cite(key)
