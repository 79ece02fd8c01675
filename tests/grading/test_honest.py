"""Right work that an engine of copied processes and plain values could take for wrong.

Each question is one that once was: nbgrader itself gives full points for all of them.
"""

# ruff: noqa: E501 -- answers stand on few lines

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from snrilab.grading.jailed.walls import Limits
from tests.grading import assignments
from tests.grading.assignments import answer, notebook, setup, submit, values
from tests.grading.conftest import grade_here, verdicts, write_course

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

DRAWN = random.Random(1).random()
SETS = "targets = {'SERT', 'NET', 'DAT', '5HT1A'}\nassert count(targets) == 4\nassert count(targets) == len(targets)\nassert count({7, 15}) == 2"


def questions() -> str:
    """One question for each kind of answer, worth 1 point each."""
    return notebook(
        setup("imports", "import numpy as np\nimport random\nfrom course_helpers import half"),
        answer("halved", "def halved(x):", "    return half(x)"),
        assignments.test("helper", 1, "assert halved(3) == half(3)"),
        answer("shown", "def shown(x):", "    return x"),
        assignments.test("own-helper", 1, "assert shown(3) == 3"),
        answer("applied", "def applied(rule, x):", "    return rule(x)"),
        assignments.test("function", 1, "assert applied(halved, 3) == 1.5\nassert applied(np.cos, 0.0) == 1"),
        answer("count", "def count(items):", "    return len(items)"),
        assignments.test("sets", 1, SETS),
        answer("drawn", "def drawn():", f"    return {DRAWN!r}"),
        assignments.test("seed", 1, f"assert drawn() == {DRAWN!r}"),
        answer("inverse", "def inverse(x):", "    return 1 / x if x else np.inf"),
        assignments.test("warnings", 1, "assert inverse(2.0) == 0.5\nassert inverse(0.0) > 9"),
        values("later", "later = 1"),
        assignments.test("last", 1, "assert later == 1"),
    )  # fmt: skip


RIGHT = {
    "halved": "def halved(x): return half(x)",
    "shown": "from pathlib import Path\nPath('own_helper.py').write_text('same = lambda x: x')\nimport own_helper\ndef shown(x): return own_helper.same(x)",
    "applied": "def applied(rule, x): return rule(x)",
    "count": "def count(items): return sum(1 for _ in items)",
    "drawn": "random.seed(1)\ndef drawn(): return random.random()",
    "inverse": "import warnings\nwarnings.simplefilter('error')\ndef inverse(x):\n    try:\n        return 1 / np.float64(x)\n    except RuntimeWarning:\n        return np.inf",
    "later": "later = 1",
}


def test_right_work_of_every_kind_has_all_verdicts(tmp_path: Path, jail: None) -> None:
    source = questions()
    root = write_course(tmp_path, {"a": source}, {"ann": {"a": submit(source, **RIGHT)}})
    (root / "source/a/course_helpers.py").write_text("def half(x):\n    return x / 2\n")
    outcome = grade_here(root, "a")
    assert outcome.failed == {}
    found = verdicts(outcome.graded[0])
    assert found == dict.fromkeys(found, (1.0, ""))


FILES = {  # answers that a call more than the tests make would change
    "made": "def made(x):\n    with open('made.txt', 'x') as file:\n        file.write(str(x))\n    return float(open('made.txt').read())",
    "counted": "def counted(x):\n    with open('log.txt', mode='a') as file:\n        file.write('x')\n    return x * len(open('log.txt').read())",
    "touched": "from pathlib import Path\ndef touched(x):\n    Path('touched.txt').touch(exist_ok=False)\n    open('touched.txt').close()\n    return x",
    "moved": "import os\nopen('one.txt', 'w').close()\ndef moved(x):\n    os.rename('one.txt', 'two.txt')\n    open('two.txt').close()\n    return x",
    "gone": "import os\nopen('gone.txt', 'w').close()\ndef gone(x):\n    os.remove('gone.txt')\n    return x if os.listdir('.') is not None else 0",
    "put": "from pathlib import Path\nopen('old.txt', 'w').close()\ndef put(x):\n    Path('old.txt').replace('new.txt')\n    return x if open('new.txt').read() == '' else 0",
    "taken": "from shutil import move\nopen('here.txt', 'w').close()\ndef taken(x):\n    move('here.txt', 'there.txt')\n    return x if open('there.txt').read() == '' else 0",
    "kept": "import sqlite3, os\ndef kept(x):\n    at = sqlite3.connect('kept.db')\n    at.execute('create table drug (x)')\n    at.commit()\n    return x if os.listdir('.') else 0",
}


def test_answers_that_leave_files_are_called_as_often_as_tests_do(
    tmp_path: Path, jail: None
) -> None:
    source = notebook(
        *(
            part
            for name in FILES
            for part in (
                answer(name, f"def {name}(x):", "    return x"),
                assignments.test(f"test-{name}", 1, f"assert {name}(3.0) == 3.0"),
            )
        )
    )
    people = {name: {"a": submit(source, **{name: code})} for name, code in FILES.items()}
    root = write_course(tmp_path, {"a": source}, people)
    for one in grade_here(root, "a").graded:
        found = verdicts(one)
        assert found[f"test-{one.student}"] == (1.0, ""), one.student


LENDS = {
    "in the function": "from snrilab import feedback\ndef halved(x):\n    return feedback.mine('half')(x)",
    "in the cell": "from snrilab import feedback\nhalf = feedback.mine('half')\ndef halved(x):\n    return half(x)",
    "by its name": "%autosave 60\nfrom snrilab.feedback import mine\nhalved = mine('half')",
}


@pytest.mark.parametrize("way", LENDS)
def test_who_asks_for_a_function_of_a_lesson_reads_that_none_is_lent(
    way: str, tmp_path: Path, jail: None
) -> None:
    """The reason stands at every test of the answer, and tells nothing of a hidden one."""
    hidden = "### BEGIN HIDDEN TESTS\nassert halved(7.25) == 3.625\n### END HIDDEN TESTS"
    source = notebook(
        answer("halved", "def halved(x):", "    return x / 2"),
        assignments.test("shown", 1, "assert halved(3) == 1.5"),
        assignments.test("hidden", 1, hidden),
    )
    root = write_course(tmp_path, {"a": source}, {"ann": {"a": submit(source, halved=LENDS[way])}})
    found = verdicts(grade_here(root, "a").graded[0])
    for score, reason in found.values():
        assert score == 0.0
        assert "answer cell halved uses feedback.mine, which lends nothing" in reason
        assert "7.25" not in reason


# Each: the answer key, another right answer, the test.
CASES: dict[str, tuple[str, str, str]] = {
    "iterator": ("def two():\n    yield 1\n    yield 2", "def two(): return iter([1, 2])", "assert next(two()) == 1 and list(two()) == [1, 2]"),
    "record": ("from dataclasses import dataclass\n@dataclass\nclass R:\n    a: int\n    @property\n    def twice(self): return 2 * self.a\ndef made(): return R(1)",
        "class R:\n    def __init__(self, a): self.a, self._twice, self.f = a, 2 * a, lambda: 1\n    twice = property(lambda self: self._twice)\ndef made(): return R(1)", "assert made().a == 1 and made().twice == 2"),
    "objects": ("mixed = [1, 'x']", "mixed = np.array([1, 'x'], dtype=object)", "assert list(mixed) == [1, 'x']"),
    "solved": ("from scipy.optimize import minimize\nbest = minimize(lambda p: (p[0] - 3) ** 2, [0.0])", "from scipy.optimize import OptimizeResult\nbest = OptimizeResult(x=[3.0], success=True, f=lambda: 1)", "assert best.success and abs(best.x[0] - 3) < 1e-3"),
    "day": ("from datetime import date, timedelta\ndef after(day, n): return day + timedelta(n)", "import datetime\ndef after(day, n): return day + datetime.timedelta(days=n)", "from datetime import date\nassert after(date(2024, 2, 28), 2) == date(2024, 3, 1)"),
}  # fmt: skip
BAR = "fig, ax = plt.subplots()\nax.plot([0, 1], [3, 4], 'o', label='mean')\nax.bar(['a', 'b'], [1, 2], color='r', label='n')\nax.hist([1, 2])\nax.legend(title='Drug')"
ERRORBAR = "fig, ax = plt.subplots()\nax.errorbar([0, 1], [3, 4], [1, 1], fmt='o', label='mean')\nax.set_xscale('symlog')\nax.bar([0, 1], [1, 2], color=(1, 0, 0), label='n')\nax.set_xticks([0, 1], ['a', 'b'])\nax.hist([1, 2], histtype='step')\nax.text(0, 1, 'x')\nax.legend(title='Drug')"
CASES |= {
    "figure": (BAR, ERRORBAR, "assert sorted(ax.get_legend_handles_labels()[1]) == ['mean', 'n'] and list(ax.lines[0].get_ydata()) == [3, 4]\nassert [t.get_text() for t in ax.get_xticklabels()] == ['a', 'b']\nassert ax.patches[0].get_facecolor() == (1, 0, 0, 1) and len(ax.patches) > 2\nassert ax.get_legend().get_title().get_text() == 'Drug'"),
    "axes": ("fig2, axs = plt.subplots(1, 2)\nfig2.suptitle('Both')\naxs[1].fill_between([0, 1], [2, 3])", "fig2, axs = plt.subplots(1, 2)\nplt.suptitle('Both')\naxs[1].fill_between([0, 1], [1, 0], [2, 3])", "assert len(axs) == 2 and fig2.get_suptitle() == 'Both'\nassert axs.flat[1].collections[0].get_paths()[0].vertices[:, 1].max() == 3"),
}  # fmt: skip


def test_other_right_answers_have_the_points_of_the_key(tmp_path: Path, jail: None) -> None:
    """And no answer has none."""
    cells: list[Any] = [setup("imports", "import numpy as np\nimport matplotlib.pyplot as plt")]
    for name, (key, _, test) in CASES.items():
        cells += [values(name, key), assignments.test(f"test_{name}", 1, test)]
    source = notebook(*cells)
    right = {name: other for name, (_, other, _) in CASES.items()}
    work = submit(source, **right)
    empty = submit(source)
    root = write_course(tmp_path, {"a": source}, {"ann": {"a": work}, "bob": {"a": empty}})
    ann, bob = sorted(grade_here(root, "a").graded, key=lambda graded: graded.student)
    found = verdicts(ann)
    assert found == dict.fromkeys(found, (1.0, ""))
    assert {score for score, _ in verdicts(bob).values()} == {0.0}


@pytest.mark.parametrize(
    ("before", "limits"),
    [
        ("pass", Limits(processes=12)),
        # What copies of a process share is in memory once, however many copies there are.
        ("big = np.ones(80 * 2**17)", Limits(memory_mb=1024)),
    ],
)
def test_many_questions_with_a_trial_of_each(
    tmp_path: Path, jail: None, before: str, limits: Limits
) -> None:
    cells: list[Any] = [
        setup("imports", "import numpy as np"),
        values("data", "data = 1"),
    ]
    work = {"data": f"data = 1; {before}"}
    for number in range(20):
        head = f"def f{number}(x):"
        cells.append(answer(f"f{number}", head, "    return x"))
        cells.append(assignments.test(f"t{number}", 1, f"assert f{number}(2) == 2"))
        work[f"f{number}"] = f"{head} return x\nf{number}(3)"
    source = notebook(*cells)
    root = write_course(tmp_path, {"a": source}, {"ann": {"a": submit(source, **work)}})
    found = verdicts(grade_here(root, "a", limits=limits).graded[0])
    assert found == dict.fromkeys(found, (1.0, ""))


MODEL = "from dataclasses import dataclass\n@dataclass\nclass Model:\n    k: int\n    names: list\n    def __call__(self, x): return self.k * x\nmodel = Model(3, ['a'])"


def curious() -> str:
    """Answers of unusual types, 1 point each; one of them cannot be looked at."""
    return assignments.notebook(
        setup("imports", "import numpy as np"),
        values("stuck", "stuck = [1]"),
        assignments.test("looks", 1, "assert stuck == [1]"),
        answer("tally", "def tally(text):", "    return {k: text.count(k) for k in 'ACGT'}"),
        assignments.test("absent", 1, "assert tally('ATT')['T'] == 2 and tally('ATT')['G'] == 0"),
        values("line", "line = np.poly1d([2, 1])"),
        assignments.test("line_there", 1, "assert line(2) == 5 and np.allclose(line, [2, 1])"),
        values("model", MODEL),
        assignments.test("model_there", 1, "assert model(2) == 6 and model.k == 3 and model.names == ['a']"),
        answer("fit", "from dataclasses import make_dataclass\ndef fit():", "    return make_dataclass('Fit', 'ab')(1, [2])"),
        assignments.test("fields", 1, "assert (fit().a, fit().b) == (1, [2])"),
        answer("read", "def read(data):", "    return data.decode('ascii')"),
        assignments.test("refused", 1, "try:\n    read(b'\\xff')\nexcept ValueError: pass\nelse: assert False"),
    )  # fmt: skip


def test_answers_of_unusual_types_count(tmp_path: Path, jail: None) -> None:
    """And a value that cannot be looked at costs its own test only."""
    work = assignments.submit(
        curious(),
        stuck="import time\nclass Slow(list):\n    def __iter__(self): time.sleep(99)\nstuck = Slow([1])",
        tally="from collections import Counter\ndef tally(text): return Counter(text)",
        line="line = np.poly1d(np.polyfit([0, 1, 2], [1, 3, 5], 1).round(9))",
        model=MODEL,
        fit="from types import SimpleNamespace\ndef fit(): return SimpleNamespace(a=1, b=[2])",
        read="def read(data): return data.decode('ascii')",
    )
    root = write_course(tmp_path, {"curious": curious()}, {"ann": {"curious": work}})
    found = verdicts(grade_here(root, "curious", cell_s=2).graded[0])
    assert found.pop("looks") == (0.0, "stuck cannot be read: looking at it took too long")
    assert found == dict.fromkeys(found, (1.0, ""))
