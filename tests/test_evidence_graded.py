"""No graded answer rests on a number that was recalled and not read.

Looked at: what `snrilab.exercises` declares, and in the assignments of ``source/`` every cell that
is graded or holds a solution, and every Python file. Three ways in which a recalled number can get
there are looked for: the key of a row, a look-up with constant arguments, and the number itself
when only recalled rows have it.
"""

import ast
import json
from pathlib import Path

import pytest

from snrilab import evidence
from snrilab.evidence import EvidenceError

ROOT = Path(__file__).parents[1]
ROWS = {row.key: row for row in evidence.find()}
READ = {
    number for row in ROWS.values() if row.provenance != "recalled" for number in (row.value, row.n)
}
RECALLED = [row for row in ROWS.values() if row.provenance == "recalled" and row.value not in READ]


def _graded_texts():
    for path in sorted((ROOT / "snrilab" / "exercises").glob("*.py")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "source").rglob("*.py")):
        yield f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "source").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            marks = cell.get("metadata", {}).get("nbgrader", {})
            if cell["cell_type"] == "code" and (marks.get("grade") or marks.get("solution")):
                yield f"{path.stem}/{cell['id']}", "".join(cell["source"])


GRADED = dict(_graded_texts())


def recalled_in(text):
    """Return what in a piece of code is known from recalled rows only."""
    tree = ast.parse("\n".join(x for x in text.splitlines() if not x.startswith(("%", "!"))))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in ROWS and ROWS[node.value].provenance == "recalled":
                found.add(node.value)
        elif isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            digits = f"{node.value:.10g}".replace(".", "").strip("0")
            drugs = {row.drug for row in RECALLED if row.value == node.value and len(digits) > 2}
            found |= {node.value for drug in drugs if drug and drug in text}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("evidence.get"):
            found |= _recalled_row(node)
        elif isinstance(node, ast.Subscript) and "evidence.parameters(" in ast.unparse(node.value):
            found |= _recalled_parameter(node)
    return found


def _recalled_row(call):
    try:
        words = [ast.literal_eval(word) for word in call.args]
        filters = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        row = evidence.get(*words, **filters)
    except (ValueError, EvidenceError):  # arguments that only a run knows; nothing found
        return set()
    return {row.key} if row.provenance == "recalled" else set()


def _recalled_parameter(node):
    try:
        name, key = ast.literal_eval(node.value.args[0]), ast.literal_eval(node.slice)
        parameter = evidence.parameters(name)[key]
    except (ValueError, AttributeError, EvidenceError):
        return set()
    return {f"{name}: {key}"} if parameter.recalled else set()


@pytest.mark.parametrize("name", GRADED)
def test_nothing_graded_rests_on_a_recalled_number(name):
    assert recalled_in(GRADED[name]) == set()


@pytest.mark.parametrize(
    "code",
    [
        "ki_nM = rows['venlafaxine/Ki/NET/binding/vaishnavi2004']",
        "evidence.get('reboxetine', 'Ki', target='DAT', basis='binding_Ki')",
        "float(evidence.parameters('synapse')['km_NE_hNET_nM'])",
        "venlafaxine_nM = 1420",
    ],
)
def test_a_recalled_number_would_be_seen(code):
    assert recalled_in(code)


def test_what_was_read_passes():
    assert not recalled_in("evidence.get('levomilnacipran', 'Ki', target='SERT', "
                           "basis='binding_Ki', source='auclair2013'); ki = 92.2")  # fmt: skip


def test_a_contradiction_is_never_decided_by_recalled_rows_alone():
    for one in evidence.contradictions():
        against = {row.provenance for row in one.against}
        assert against != {"recalled"}, one.number


def test_no_claim_is_judged_right_or_wrong_on_recalled_rows_alone():
    for claim in evidence.claims():
        rows = [ROWS[key].provenance for key in claim.rows if ROWS[key].provenance != "seed"]
        assert set(rows) != {"recalled"} or claim.verdict not in {"right", "wrong"}, claim.key
