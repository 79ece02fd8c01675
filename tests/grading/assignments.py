"""Small assignments of the tests' own: between them every kind of answer a course asks for."""

# ruff: noqa: E501, PT028 -- `test` makes a test cell; cells stand on few lines

from __future__ import annotations

import functools
import json
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def mark(cell: Any, grade_id: str, **flags: Any) -> Any:
    """Give a cell nbgrader's metadata."""
    cell["id"] = grade_id
    cell.metadata["nbgrader"] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
        "grade_id": grade_id,
        **flags,
    }
    if flags.get("grade") and not flags.get("solution"):
        cell.metadata["nbgrader"]["locked"] = True
    return cell


def setup(grade_id: str, source: str) -> Any:
    return mark(new_code_cell(source), grade_id, locked=True)


def answer(grade_id: str, before: str, solution: str, after: str = "") -> Any:
    body = f"{before}\n    ### BEGIN SOLUTION\n{solution}\n    ### END SOLUTION\n{after}".strip(
        "\n"
    )
    return mark(new_code_cell(body), grade_id, solution=True)


def values(grade_id: str, solution: str) -> Any:
    body = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return mark(new_code_cell(body), grade_id, solution=True)


def test(grade_id: str, points: float, visible: str, hidden: str = "") -> Any:
    source = visible
    if hidden:
        source += f"\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return mark(new_code_cell(source), grade_id, grade=True, points=points)


def written(grade_id: str, points: float, prompt: str) -> Any:
    return mark(new_markdown_cell(prompt), grade_id, grade=True, solution=True, points=points)


def task(grade_id: str, points: float, prompt: str) -> Any:
    return mark(new_markdown_cell(prompt), grade_id, task=True, locked=True, points=points)


def notebook(*cells: Any) -> str:
    nb = new_notebook(cells=list(cells))
    nb.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    nbformat.validate(nb)
    return nbformat.writes(nb)


def receptor() -> str:
    """Values, arrays, text, a figure, partial credit, an exception, a written answer."""
    return notebook(
        new_markdown_cell("# Receptors", id="title"),
        setup(
            "imports",
            "import numpy as np\nimport matplotlib.pyplot as plt\nfrom scipy import optimize\n"
            "%matplotlib inline",
        ),
        answer(
            "occupancy",
            'def occupancy(conc_nM, kd_nM):\n    """Share of occupied receptors."""',
            "    if np.any(np.asarray(kd_nM) <= 0):\n        raise ValueError('kd_nM must be > 0')\n"
            "    return conc_nM / (conc_nM + kd_nM)",
        ),
        test(
            "test_occupancy",
            4,
            "assert abs(occupancy(5.0, 5.0) - 0.5) < 1e-9, 'at Kd half of the receptors are occupied'",
            "conc = np.array([0.0, 1.0, 10.0, 1e6])\n"
            "assert np.allclose(occupancy(conc, 2.5), conc / (conc + 2.5)), 'arrays: one value per concentration'\n"
            "assert np.shape(occupancy(conc, 2.5)) == (4,), 'arrays: keep the shape'\n"
            "try:\n    occupancy(1.0, -1.0)\nexcept ValueError:\n    pass\n"
            "else:\n    raise AssertionError('a negative Kd must raise a ValueError')",
        ),
        answer(
            "fit_kd",
            "def fit_kd(conc_nM, bound):",
            "    popt, _ = optimize.curve_fit(lambda c, b, k: b * c / (c + k), conc_nM, bound, p0=[max(bound), np.median(conc_nM)])\n"
            "    return popt[1]",
        ),
        test(
            "test_fit_kd",
            6,
            "x = np.array([0.3, 1, 3, 10, 30.0])",
            "points = 0\nfor kd in (1.0, 4.0, 12.0):\n    y = 100 * x / (x + kd)\n"
            "    if abs(fit_kd(x, y) - kd) < 0.01 * kd:\n        points += 2\npoints",
        ),
        values("drug", "drug = 'levomilnacipran'\nki = {'SERT': 11.2, 'NET': 92.2}"),
        test(
            "test_drug",
            2,
            "assert drug.lower().strip() == 'levomilnacipran'\nassert set(ki) == {'SERT', 'NET'}",
            "assert ki['SERT'] < ki['NET'], 'binding prefers SERT'",
        ),
        values(
            "figure",
            "fig, ax = plt.subplots()\nc = np.logspace(-1, 3, 50)\nax.plot(c, occupancy(c, 10.0), label='Kd 10 nM')\n"
            "ax.set_xscale('log')\nax.set_xlabel('concentration (nM)')\nax.set_ylabel('occupancy')\nax.legend()",
        ),
        test(
            "test_figure",
            3,
            "assert ax.get_xlabel() and ax.get_ylabel(), 'label both axes'",
            "assert ax.get_xscale() == 'log', 'use a logarithmic axis'\n"
            "line = ax.lines[0]\n"
            "assert np.allclose(line.get_ydata(), line.get_xdata() / (line.get_xdata() + 10.0))",
        ),
        written("discuss", 5, "Why does occupancy saturate?\n\n*Your answer here*"),
    )


def cohort() -> str:
    """Random data per student, a small table, a helper between cells, a task, unlocked cells."""
    return notebook(
        new_markdown_cell("# A cohort", id="title"),
        new_code_cell("import math\nimport numpy as np", id="unlocked-imports"),
        values("who", "student_number = 12345"),
        setup(
            "data",
            "rng = np.random.default_rng(int(student_number) % 2**32)\n"
            "dose = rng.uniform(20, 120, 40).round(1)\n"
            "clearance = rng.lognormal(np.log(20), 0.3, 40)\n"
            "auc = dose / clearance",
        ),
        answer(
            "mean_auc",
            "def mean_auc(dose, clearance):",
            "    return float(np.mean(dose / clearance))",
        ),
        values(
            "result",
            "my_mean = mean_auc(dose, clearance)\nmy_geometric = math.exp(np.log(auc).mean())",
        ),
        test(
            "test_result",
            4,
            "assert math.isclose(my_mean, auc.mean(), rel_tol=1e-6)",
            "assert math.isclose(my_geometric, np.exp(np.mean(np.log(auc))), rel_tol=1e-6)\n"
            "assert math.isclose(mean_auc(np.array([1.0, 3.0]), np.array([1.0, 1.0])), 2.0)",
        ),
        answer(
            "table",
            'def table(doses):\n    """One row per dose: dose and whether it is above the start dose."""',
            "    return [{'dose': float(d), 'titrated': bool(d > 20)} for d in doses]",
        ),
        test(
            "test_table",
            4,
            "rows = table([20, 40.0])\nassert [row['dose'] for row in rows] == [20, 40]",
            "assert [row['titrated'] for row in rows] == [False, True], 'the start dose is 20 mg'\n"
            "assert table([]) == []",
        ),
        new_code_cell("print(len(table(dose)), 'rows')", id="look"),
        task(
            "design",
            6,
            "Design a titration.\n\n### BEGIN MARK SCHEME\nsteps: 6\n### END MARK SCHEME",
        ),
        values("plan", "plan = [20, 40, 80, 120]"),
        test(
            "test_plan",
            2,
            "assert plan[0] == 20",
            "assert all(b <= 2 * a for a, b in zip(plan, plan[1:])), 'never more than double'\n"
            "assert plan[-1] <= 120",
        ),
    )


ALL = {"receptor": receptor, "cohort": cohort}


@functools.cache
def release(source: str) -> str:
    """Return what students get, with all that nbgrader writes into it."""
    import nbformat

    from snrilab.grading.template import _stages

    _, released = _stages(nbformat.reads(source, as_version=4), None)
    return json.dumps(released)


def submit(source: str, **answers: str) -> bytes:
    """Return a submission: the release with these cells (by grade_id) filled in."""
    whole = json.loads(release(source))
    for cell in whole["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers.pop(cell["id"])
    assert not answers, f"no such cells: {list(answers)}"
    return json.dumps(whole).encode()
