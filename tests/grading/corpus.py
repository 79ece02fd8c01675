"""Honest submissions of every kind: right, differently right, wrong, half done, broken.

Mutants are made from the answer key by changing one operator, number or comparison at a time.
"""

# ruff: noqa: E501, RUF012 -- answers are easier to compare when each stands on one line

from __future__ import annotations

import ast
import copy
import functools
import itertools
import json
from typing import Any

import numpy as np

from tests.grading import assignments

RECEPTOR: dict[str, list[str]] = {
    "occupancy": [
        "def occupancy(conc_nM, kd_nM):\n    if np.any(np.asarray(kd_nM) <= 0):\n        raise ValueError('kd')\n    return conc_nM / (conc_nM + kd_nM)",
        "def occupancy(c, k):\n    k = np.asarray(k, dtype=float)\n    if (k <= 0).any():\n        raise ValueError(f'{k}')\n    c = np.asarray(c, dtype=float)\n    return 1 - k / (c + k)",
        "def occupancy(conc_nM, kd_nM):\n    assert kd_nM > 0\n    return conc_nM / (conc_nM + kd_nM)",
        "def occupancy(conc_nM, kd_nM):\n    return kd_nM / (conc_nM + kd_nM)",
        "def occupancy(conc_nM, kd_nM):\n    if kd_nM < 0: raise ValueError\n    return [c / (c + kd_nM) for c in conc_nM]",
        "def occupancy(conc_nM, kd_nM):\n    print(conc_nM)\n    return conc_nM / conc_nM + kd_nM",
        "def occupancy(conc_nM):\n    return conc_nM",
        "def occupancy(conc_nM, kd_nM)\n    return conc_nM",
        "def occupancy(conc_nM, kd_nM):\n    occupied = conc_nM / (conc_nM + kd_nM)",
        "def occupancy(conc_nM, kd_nM):\n    return round(conc_nM / (conc_nM + kd_nM), 2)",
    ],
    "fit_kd": [
        "def fit_kd(conc_nM, bound):\n    p, _ = optimize.curve_fit(lambda c, b, k: b * c / (c + k), conc_nM, bound, p0=[100, 3])\n    return p[1]",
        "def fit_kd(conc_nM, bound):\n    slope, offset = np.polyfit(1 / np.asarray(conc_nM), 1 / np.asarray(bound), 1)\n    return slope / offset",
        "def fit_kd(conc_nM, bound):\n    return float(np.median(conc_nM)) + 1.0",
        "def fit_kd(conc_nM, bound):\n    i = np.argmin(abs(bound - max(bound) / 2))\n    return conc_nM[i]",
        "def fit_kd(conc_nM, bound):\n    return 4.0",
        "def fit_kd(conc_nM, bound):\n    return undefined_name",
    ],
    "drug": [
        "drug = 'levomilnacipran'\nki = {'SERT': 11.2, 'NET': 92.2}",
        "drug = ' Levomilnacipran '\nki = dict(NET=np.float64(92.2), SERT=np.float64(11.2))",
        "drug = 'escitalopram'\nki = {'SERT': 1.1, 'NET': 7841}",
        "drug = 'levomilnacipran'\nki = {'SERT': 92.2, 'NET': 11.2}",
        "drug = 'levomilnacipran'",
        "drug = levomilnacipran",
    ],
    "figure": [
        "fig, ax = plt.subplots()\nx = np.logspace(-1, 3, 50)\nax.plot(x, x / (x + 10.0))\nax.set_xscale('log')\nax.set_xlabel('nM')\nax.set_ylabel('occupancy')",
        "fig, ax = plt.subplots()\nx = np.linspace(1, 100, 20)\nax.plot(x, x / (x + 10.0))\nax.set_xlabel('nM')\nax.set_ylabel('occupancy')",
    ],
}
COHORT: dict[str, list[str]] = {
    "who": ["student_number = 20231", "student_number = 7", "student_number = 'ann'"],
    "mean_auc": [
        "def mean_auc(dose, clearance):\n    return float(np.mean(dose / clearance))",
        "def mean_auc(dose, clearance):\n    total = 0\n    for d, c in zip(dose, clearance):\n        total += d / c\n    return total / len(dose)",
        "def mean_auc(dose, clearance):\n    return np.mean(dose) / np.mean(clearance)",
        "def mean_auc(dose, clearance):\n    return np.median(dose / clearance)",
        "def mean_auc(dose, clearance):\n    return sum(dose / clearance)",
    ],
    "result": [
        "my_mean = mean_auc(dose, clearance)\nmy_geometric = math.exp(np.log(auc).mean())",
        "my_mean = auc.mean()\nmy_geometric = np.exp(np.mean(np.log(dose / clearance)))",
        "my_mean = mean_auc(dose, clearance)\nmy_geometric = my_mean",
        "my_mean = mean_auc(dose, clearance)",
        "my_geometric = 1 / 0\nmy_mean = 3",
    ],
    "table": [
        "def table(doses):\n    return [{'dose': float(d), 'titrated': bool(d > 20)} for d in doses]",
        "def table(doses):\n    rows = []\n    for d in doses:\n        rows.append(dict(titrated=d > 20, dose=d))\n    return rows",
        "def table(doses):\n    return [{'dose': d, 'titrated': d >= 20} for d in doses]",
        "def table(doses):\n    return ({'dose': d, 'titrated': d > 20} for d in doses)",
        "def table(doses):\n    return {'dose': doses}",
    ],
    "plan": [
        "plan = [20, 40, 80, 120]",
        "plan = np.array([20, 40, 80, 120])",
        "plan = (20, 60, 120)",
        "plan = [10, 20]",
        "plan = [20, 40, 80, 160]",
    ],
}
BANKS = {"receptor": RECEPTOR, "cohort": COHORT}


class _OneChange(ast.NodeTransformer):
    """Change the n-th thing that can be changed."""

    SWAPS: dict[type, type] = {
        ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
        ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
    }  # fmt: skip

    def __init__(self, which: int) -> None:
        self.left = which
        self.changed = False

    def _mine(self) -> bool:
        self.left -= 1
        self.changed |= self.left == -1
        return self.left == -1

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        swap = self.SWAPS.get(type(node.op))
        if swap and self._mine():
            node.op = swap()
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        swap = self.SWAPS.get(type(node.ops[0]))
        if swap and self._mine():
            node.ops[0] = swap()
        return node

    def visit_Constant(self, node: ast.Constant) -> Any:
        if (
            isinstance(node.value, int | float)
            and not isinstance(node.value, bool)
            and self._mine()
        ):
            return ast.Constant(node.value * 2 + 1)
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        if node.value is not None and self._mine():
            return ast.Return(None)
        return node


def mutants(source: str) -> list[str]:
    """Return the source with one thing changed, for each thing that can be."""
    found = []
    for which in itertools.count():
        change = _OneChange(which)
        tree = change.visit(copy.deepcopy(ast.parse(source)))
        if not change.changed:
            return found
        found.append(ast.unparse(ast.fix_missing_locations(tree)))
    raise AssertionError


@functools.cache
def submissions(assignment: str, count: int) -> tuple[bytes, ...]:
    """Return this many different submissions of one of the tests' assignments."""
    bank = BANKS[assignment]
    source = assignments.ALL[assignment]()
    key = {name: options[0] for name, options in bank.items()}
    light = {name: text for name, text in key.items() if name != "figure"}
    made: list[dict[str, str]] = [dict(key), {}]
    for name, options in bank.items():
        made += [{**light, name: option} for option in options[1:]]
        made += [{**light, name: mutant} for mutant in mutants(options[0])[:14]]
        made.append({k: v for k, v in light.items() if k != name})
    rng = np.random.default_rng(20)
    names = [name for name in bank if name != "figure"]
    while len(made) < count:
        some = [name for name in names if rng.random() < 0.8]
        made.append({name: str(rng.choice(np.array(bank[name], dtype=object))) for name in some})
    works = [assignments.submit(source, **answers) for answers in made[:count]]
    extra = json.loads(works[0])
    extra["cells"].insert(3, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": "import numpy as np\nnp.arange(3)"})  # fmt: skip
    works[-1] = json.dumps(extra).encode()
    return tuple(works)
