"""Tests that run inside: what code that is written to cheat can reach there, and what it cannot.

One notebook with tests in both places, half of them hidden. Every attack is one submission of it.
"""

# ruff: noqa: E501 -- attacks stand on few lines

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from snrilab.classroom._report.writing import write_report
from snrilab.grading.course import open_course
from snrilab.grading.mutations import untouched
from snrilab.grading.proof import Proof
from snrilab.grading.scoring import ENGINE, INSIDE, OWN, RAN_INSIDE, SILENT
from tests.grading import assignments
from tests.grading.assignments import answer, notebook, setup, submit, values
from tests.grading.conftest import grade_here, nbgrader, scores_of, verdicts, write_course
from tests.grading.test_attacks import left_running

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.classrun import Outcome

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

SOURCE = notebook(
    setup("imports", "import numpy as np"),
    answer("half", "def half(x):", "    return x / 2"),
    assignments.test("out-half", 4, "assert half(4) == 2", "assert half(OUTSIDE := 7.25) == 3.625"),
    values("pile", "class Pile:\n    def __init__(self): self.kept = []\n    def put(self, x): self.kept.append(x)\n    def take(self): return self.kept.pop()"),
    assignments.test("in-pile", 2, "pile = Pile()\npile.put(1)\nassert pile.take() == 1", "pile.put('INSIDE-SECRET')\npile.put(77)\nassert pile.take() == 77"),
    assignments.test("in-two", 2, "points = 0\npile = Pile()\npile.put(3)\nif isinstance(pile, Pile): points += 1\nif pile.take() == 3: points += 1\npoints"),
    values("last", "last = 1"),
    assignments.test("out-last", 1, "assert last == 1", "assert last + 41 == 42"),
)  # fmt: skip
KEY = {c["id"]: c["source"] for c in json.loads(SOURCE)["cells"]}
GOOD = {name: KEY[name] for name in ("half", "pile", "last")}
EMPTY = "class Pile:\n    pass"
FRAMES = """
import socket, os, stat
class Pile: pass
lines = [int(f) for f in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{f}') and stat.S_ISSOCK(os.stat(int(f)).st_mode)]
"""
SEARCH = """
import gc, linecache, sys
def seen(word):
    texts = [*In, *(line for entry in linecache.cache.values() if len(entry) > 2 for line in entry[2])]
    frame = sys._getframe().f_back  # not where the word itself is
    while frame:
        texts += [v for v in frame.f_locals.values() if isinstance(v, str)]
        frame = frame.f_back
    texts += [v for o in gc.get_objects() if isinstance(o, dict) for v in list(o.values()) if isinstance(v, str)]
    return any(word in text for text in texts)
class Pile:
    def put(self, x): self.x = x
    def take(self): return self.x if seen({word}) else None
"""


class Attack(NamedTuple):
    """One answer in place of `pile`, and the points that it may get: never more than these."""

    pile: str
    inside: tuple[float, ...] = (0.0,)  # in-pile and in-two together
    outside: float = 1.0  # out-last; `half` is wrong throughout


LIAR = "class Liar(type):\n    def __instancecheck__(c, o): return True\nclass Any(metaclass=Liar):\n    __eq__ = lambda s, o: True\nclass Pile:\n    put = lambda s, x: None\n    take = lambda s: Any()"
ATTACKS = {
    # What a test inside cannot promise: points for it, and no others.
    "always equal": Attack(LIAR, (4.0,)),
    "own display": Attack("class Pile: pass\nget_ipython().run_cell = lambda *a, **k: __import__('types').SimpleNamespace(success=True, error_in_exec=None)", (2.0, 4.0), 0.0),
    "no error is shown": Attack("class Pile: pass\nip = get_ipython()\nold = ip.run_cell\ndef run(source, **how):\n    return old('2' if 'points' in source else 'pass', **how)\nip.run_cell = run", (2.0, 4.0), 0.0),
    "reads the test": Attack(SEARCH.format(word="'INSIDE-SEC' + 'RET'"), (4.0,)),
    # What it does promise.
    "other hidden tests are not there": Attack(SEARCH.format(word="'OUT' + 'SIDE :='"), (1.0,)),
    "other points": Attack("class Pile: pass\nip = get_ipython()\nold = ip.run_cell\nip.run_cell = lambda source, **how: old('1000.0', **how)", (2.0,), 0.0),
    "no number": Attack("class Pile: pass\nip = get_ipython()\nold = ip.run_cell\nip.run_cell = lambda source, **how: old('float(\"nan\")', **how)", (2.0,), 0.0),
    "number of its choice": Attack("class Pile: pass\nip = get_ipython()\nold = ip.run_cell\nip.run_cell = lambda source, **how: old('0.123456789', **how)", (2.123456789,), 0.0),
    "frames without sense": Attack("import gc\nclass Pile: pass\n[me] = [o for o in gc.get_objects() if type(o).__name__ == 'Student']\nme.run = lambda how, n, *_: (n, True, [{'output_type': 'execute_result'}, {'output_type': 'error', 'ename': 3, 'traceback': 5}, 7])", outside=0.0),
    "exit": Attack("import os\nclass Pile:\n    def __init__(self): os._exit(0)", outside=1.0),
    "exit early": Attack("import os\nif 'pile' in globals(): os._exit(0)\nclass Pile: pass"),
    "kill all": Attack("import os\nclass Pile:\n    def __init__(self): os.kill(-1, 9)"),
    "loop": Attack("class Pile:\n    def __init__(self):\n        while True: pass"),
    "flood": Attack("class Pile:\n    def __init__(self):\n        for _ in range(300): print('x' * 10**6)"),
    "memory": Attack("class Pile:\n    def __init__(self): self.x = bytearray(6 * 2**30)"),
    "background": Attack("import subprocess\nclass Pile:\n    def __init__(self): subprocess.Popen(['sleep', '4711'], start_new_session=True)"),
    "network and files": Attack("import socket, os\nclass Pile:\n    def __init__(self):\n        for reach in (lambda: socket.create_connection(('1.1.1.1', 53), 1), lambda: os.listdir('/home'), lambda: open('/usr/pwned', 'w'), lambda: open('/etc/shadow')):\n            try: reach()\n            except OSError: continue\n            self.put = lambda x: None\n            self.take = lambda: 1\n            return"),
    "frames": Attack(FRAMES + "for line in lines:\n    try: os.write(line, b'\\xff' * 4096)\n    except OSError: pass", (0.0,), 0.0),
}  # fmt: skip


def work(pile: str) -> bytes:
    """A submission that also prints, in its last answer, whatever it can find of the tests."""
    spy = "last = 1\nprint([t for t in In if 'SEC' + 'RET' in t])"
    return submit(SOURCE, half="def half(x):\n    return 2", pile=pile, last=spy)


@pytest.fixture(scope="module")
def graded(jail: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    works = {f"s{n:02d}": {"a": work(a.pile)} for n, a in enumerate(ATTACKS.values())}
    works["anna"] = {"a": submit(SOURCE, **GOOD)}
    works["zoe"] = {"a": submit(SOURCE, **(GOOD | {"pile": EMPTY}))}
    works["none"] = {"a": submit(SOURCE)}
    root = write_course(tmp_path_factory.mktemp("inside"), {"a": SOURCE}, works)
    outcome = grade_here(root, "a", cell_s=2, submission_s=10, wide=1, again=False)
    assert outcome.failed == {}
    return root, outcome


def result_of(outcome: Outcome, student: str) -> dict[str, tuple[float, str]]:
    [found] = [verdicts(g) for g in outcome.graded if g.student == student]
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_only_its_own_points_can_be_faked(graded: tuple[Path, Outcome], name: str) -> None:
    found = result_of(graded[1], f"s{list(ATTACKS).index(name):02d}")
    attack = ATTACKS[name]
    assert found["out-half"][0] == 0
    assert found["out-last"][0] == attack.outside, found
    assert found["in-pile"][0] + found["in-two"][0] in attack.inside, found


def test_neighbours_get_what_they_earned(graded: tuple[Path, Outcome]) -> None:
    root, outcome = graded
    points = scores_of(root, "a")
    assert (points["anna"], points["zoe"], points["none"]) == (9, 5, 0)
    places = {
        v["grade_id"]: v.get("inside", False)
        for g in outcome.graded
        for v in g.notebooks["a"]["verdicts"]
    }
    assert places == {"out-half": False, "in-pile": True, "in-two": True, "out-last": False}
    assert left_running() == []


def test_nothing_that_the_process_chooses_is_told(graded: tuple[Path, Outcome]) -> None:
    root, outcome = graded
    fixed = {
        "in-pile": {"", SILENT},
        "in-two": {"", "1.00 of 2 points", "0.12 of 2 points", f"this test did not pass; {OWN}"},
    }
    for one in outcome.graded:
        for test, allowed in fixed.items():
            reason = verdicts(one)[test][1].partition(" (answer cell")[0]
            assert reason in allowed, (one.student, reason)
    paths = list((root / "autograded").rglob("*.ipynb"))
    assert len(paths) == len(ATTACKS) + 3
    for path in paths:
        for cell in json.loads(path.read_text())["cells"]:
            shown = json.dumps(cell.get("outputs", []))
            assert "SECRET" not in shown, path
            if cell["id"].startswith("in-"):
                assert cell["outputs"][0]["text"] == RAN_INSIDE
                assert len(cell["outputs"]) <= 2


def test_report_summary_and_feedback_say_where_tests_ran(
    graded: tuple[Path, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    from snrilab.grading.commands import _summary

    root, outcome = graded
    page = write_report(open_course(root), "a")[0].read_text()
    assert "in-pile (inside)" in page
    assert INSIDE.split(";")[0] in page
    assert "out-half (inside)" not in page
    _summary(outcome, "a", {}, {}, dry_run=False)
    assert "Tests that ran inside (2): a, in-pile; a, in-two" in capsys.readouterr().out


CONFIG = "c = get_config()\nfrom snrilab.grading.autograde import configure; configure(c)\n"


@pytest.mark.parametrize("only", [False, True], ids=["inside", "outside only"])
def test_stock_commands_give_the_same(jail: None, tmp_path: Path, *, only: bool) -> None:
    works: dict[str, Any] = {"anna": {"a": submit(SOURCE, **GOOD)}, "liar": {"a": work(LIAR)}}
    root = write_course(tmp_path, {"a": SOURCE}, works)
    (root / "nbgrader_config.py").write_text(
        CONFIG + ("c.GradeSafely.outside_only = True\n" if only else "")
    )
    done = nbgrader(root, ["autograde", "a"], ["generate_feedback", "a"])
    assert done.returncode == 0, done.stderr
    assert scores_of(root, "a") == ({"anna": 5, "liar": 1} if only else {"anna": 9, "liar": 5})
    page = (root / "feedback/anna/a/a.html").read_text()
    assert (RAN_INSIDE in page) is not only
    assert "SECRET" not in page


def test_what_an_older_engine_proved_is_proved_again(tmp_path: Path) -> None:
    root = write_course(tmp_path, {"a": SOURCE}, {})
    course = open_course(root)
    course.note_proof(course.templates("a")[0], Proof("a", {}, inside={"in-pile": "why"}))
    [known] = course.templates("a")
    assert (known.proved, known.inside) == (True, {"in-pile": "why"})
    [note] = (root / ".snrilab").rglob("a.json")
    note.write_text(note.read_text().replace(f'"engine": "{ENGINE}"', '"engine": "3"'))
    [known] = course.templates("a")
    assert (known.proved, known.inside) == (False, {})


def test_the_quickstart_course_of_nbgrader_with_one_line(jail: None, tmp_path: Path) -> None:
    """Points as plain nbgrader 0.9.6 gives them to the same three submissions."""
    done = nbgrader(tmp_path, ["quickstart", "intro"])
    assert done.returncode == 0, done.stderr
    root = tmp_path / "intro"
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("from snrilab.grading.autograde import configure; configure(c)\n")
    blank = {t.notebook: untouched(t) for t in open_course(root).templates("ps1")}
    key = json.loads((root / "source/ps1/problem1.ipynb").read_text())
    wrong = json.loads(json.dumps(key))
    for cell in wrong["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "sum_of_squares":
            cell["source"] = (
                "def sum_of_squares(n):\n    return sum(i * i for i in range(1, n + 1))"
            )
    for who, whole in {"key": key, "wrong": wrong, "none": None}.items():
        folder = root / "submitted" / who / "ps1"
        folder.mkdir(parents=True)
        for name, empty in blank.items():
            filled = (root / f"source/ps1/{name}.ipynb").read_bytes()
            (folder / f"{name}.ipynb").write_bytes(empty if whole is None else filled)
        if whole is not None:
            (folder / "problem1.ipynb").write_text(json.dumps(whole))
    outcome = grade_here(root, "ps1")
    assert outcome.failed == {}
    points = {
        g.student: [v["score"] for v in g.notebooks["problem1"]["verdicts"] if "squares" in v["grade_id"] and v["score"] is not None]
        for g in outcome.graded
    }  # fmt: skip
    assert {who: sum(found) for who, found in points.items()} == {"key": 3, "wrong": 2.5, "none": 0}
    assert not any(g.held for g in outcome.graded)
    ran = {v["grade_id"] for g in outcome.graded for v in g.notebooks["problem1"]["verdicts"] if v.get("inside")}  # fmt: skip
    assert ran == {"sum_of_squares_uses_squares"}
