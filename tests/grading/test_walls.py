"""What a test may be written like without letting wrong work through, and what counts as memory.

The tests' own assignment here is written the way teachers write: expected values computed after the
call, comparisons of not-a-number, helpers, cases in a loop.
"""

# ruff: noqa: E501 -- answers stand on few lines

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from snrilab.grading import jail as jails
from snrilab.grading.course import open_course
from snrilab.grading.jailed.walls import Limits
from tests.grading import assignments
from tests.grading.assignments import answer, setup, values
from tests.grading.conftest import grade_here, scores_of, verdicts, write_course

if TYPE_CHECKING:
    from snrilab.grading.gradebook import Graded

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def habits() -> str:
    """One test for each habit, worth 1 point each."""
    return assignments.notebook(
        setup(
            "imports",
            "import numpy as np\n\ndef holds(x, y):\n    assert abs(half(x) - y) < 1e-9, f'half of {x}'",
        ),
        answer("half", "def half(x):", "    return x / 2"),
        answer("turned", "def turned(items):", "    return items[::-1]"),
        answer("swapped", "def swapped(table):", "    return {v: k for k, v in table.items()}"),
        answer("steps", "def steps(n):", "    for i in range(n):\n        yield i * 20"),
        assignments.test("after", 1, "x = np.array([2.0, 4.0])\nnp.testing.assert_allclose(half(x), x / 2)"),
        assignments.test("integers", 1, "x = np.arange(4)\nassert np.array_equal(half(x), x / 2)"),
        assignments.test("lists", 1, "x = [1, 2, 3]\nassert turned(x) == x[::-1]"),
        assignments.test("tables", 1, "d = {'a': 1, 'b': 2}\nassert swapped(d) == {v: k for k, v in d.items()}"),
        assignments.test("rows", 1, "import pandas as pd\nx = pd.DataFrame({'a': [2.0, 4.0]})\ns = x['a'].copy()\nassert np.allclose(half(x), x / 2)\nassert np.allclose(half(s), s / 2) and all(half(v) == v / 2 for v in s)"),
        assignments.test("mapped", 1, "cases = [(2, 1), (8, 4)]\nassert all(map(lambda c: half(c[0]) == c[1], cases))"),
        assignments.test("once", 1, "assert list(steps(3)) == [0, 20, 40]"),
        assignments.test(
            "helped",
            1,
            "def check(x, y):\n    assert half(x) == y, 'half of it'\ncheck(2, 1)",
            "check(4242, 2121)\nassert half(4343) == 2171.5, 'half of something else'",
        ),
        assignments.test("shared", 1, "assert half(2) == 1", "holds(4444, 2222)"),
        values("slow", "def slow(x):\n    return x\n\ndef quick(x):\n    return x"),
        assignments.test("first", 1, "assert slow(1) == 1"),
        assignments.test("second", 1, "assert quick(1) == 1"),
    )  # fmt: skip


RIGHT = {
    "half": "def half(x): return x / 2",
    "turned": "def turned(items): return list(reversed(items))",
    "swapped": "def swapped(table): return dict(zip(table.values(), table.keys()))",
    "steps": "def steps(n): return (20 * i for i in range(n))",
    "slow": "def slow(x): return x\ndef quick(x): return x",
}
WRONG = {
    "spoils what it was given": {
        "half": "def half(x):\n    if hasattr(x, 'iloc'): x.drop(index=x.index, inplace=True)\n    if isinstance(x, np.ndarray):\n        x[:] = 0\n        return np.full(x.shape, np.nan if x.dtype.kind == 'f' else np.iinfo(x.dtype).max / 2)\n    return 0",
        "turned": "def turned(items):\n    n = len(items)\n    items.clear()\n    return [None] * n",
        "swapped": "def swapped(table):\n    table.clear()\n    return {}",
    },
    "ends the iteration": {"half": "def half(x): raise StopIteration"},
    "tells what it was given": {
        "half": "def half(x):\n    if np.ndim(x) == 0 and x > 4000: raise [AssertionError, ValueError, KeyError][x % 3](f'LEAK {x}')\n    return 0 if np.ndim(x) else x / 2 if x == 2 else -1"
    },
}


@pytest.fixture(scope="module")
def graded(jail: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Graded]]:
    endless = {**RIGHT, "slow": "def slow(x):\n    while True: pass\ndef quick(x): return x"}
    stubborn = endless["slow"].replace("while True: pass", "import time\n    time.sleep(2.05)")
    works = {
        "right": RIGHT,
        "late": endless,
        "just": {**RIGHT, "slow": stubborn},
        **WRONG,
    }
    source = habits()
    root = write_course(
        tmp_path_factory.mktemp("habits"),
        {"habits": source},
        {name: {"habits": assignments.submit(source, **work)} for name, work in works.items()},
    )
    outcome = grade_here(root, "habits", cell_s=2, submission_s=20)
    assert outcome.failed == {}
    return root, {g.student: g for g in outcome.graded}


def test_right_work_has_all_points(graded: tuple[Path, dict[str, Graded]]) -> None:
    assert verdicts(graded[1]["right"]) == dict.fromkeys(verdicts(graded[1]["right"]), (1.0, ""))


@pytest.mark.parametrize("name", WRONG)
def test_wrong_work_has_none(graded: tuple[Path, dict[str, Graded]], name: str) -> None:
    assert verdicts(graded[1][name]).keys() >= {"after", "shared"}
    assert {n: why for n, (score, why) in verdicts(graded[1][name]).items() if score} == {}


def test_no_word_of_a_student_tells_hidden_inputs(graded: tuple[Path, dict[str, Graded]]) -> None:
    root, by_name = graded
    found = verdicts(by_name["tells what it was given"])
    assert found["helped"][1] == found["shared"][1] == "a hidden test did not pass"
    text = (root / "autograded/tells what it was given/habits/habits.ipynb").read_text()
    for cell in json.loads(text)["cells"]:
        assert "LEAK" not in json.dumps(cell.get("outputs", []))


@pytest.mark.parametrize("name", ["late", "just"])
def test_a_late_answer_costs_its_own_test_only(
    graded: tuple[Path, dict[str, Graded]], name: str
) -> None:
    """Also when the answer arrives at the very end of the time allowed."""
    found = verdicts(graded[1][name])
    assert found["first"][0] == 0
    assert [n for n, (score, _) in found.items() if not score] == ["first"]


# -- words of the student's after a hidden test ----------------------------------------------------


def _listening() -> str:
    """Hidden tests hand over 4711; visible ones follow."""
    return assignments.notebook(
        answer("f", "def f(x):", "    return 2 * x"),
        assignments.test("early", 1, "assert f(1) == 2"),
        assignments.test("hidden", 1, "assert f(1) == 2", "assert f(4711) == 9422"),
        answer("g", "def g(x):", "    return [x]"),
        assignments.test("late", 1, "import numpy as np\nnp.testing.assert_array_equal(g(1), [1])"),
        assignments.test("shown", 1, "g(1)"),
    )


SEEN = "seen = []\ndef f(x):\n    seen.append(x)\n    open('/run/student/seen', 'a').write(f'{x} ')\n    @"
READ = "z = 1\ndef g(x):\n    seen = open('/run/student/seen').read()\n    @"
TELLING = {
    "prints": (SEEN.replace("@", "return 2 * x"), READ.replace("@", "print(seen); return [x]")),
    "prints what a shared copy heard": (SEEN.replace("@", "return 2 * x"), "def g(x): print(seen); return [x]"),
    "returns": (SEEN.replace("@", "return 2 * x"), READ.replace("@", "return [float(seen.split()[-1])]")),
    "raises": (SEEN.replace("@", "return 2 * x"), READ.replace("@", "raise ValueError(seen)")),
    "asserts": (SEEN.replace("@", "return 2 * x"), READ.replace("@", "assert False, seen")),
    "names a type": ("def f(x): return 2 if x == 1 else type(f'L{x}', (), {})()", "def g(x): return [x]"),
    "names an error": ("def f(x):\n    if x == 1: return 2\n    raise type(f'L{x}', (BaseException,), {})()", "def g(x): return [x]"),
    "patches": (
        "import sys\nheard = []\nsys.modules['jailed.student'].Student._packed = lambda *a, **k: ('unreadable', f'{heard}')\ndef f(x): heard.append(x)",
        "def g(x): return [x]",
    ),
}  # fmt: skip


def test_feedback_holds_no_word_of_a_student_who_has_heard_a_hidden_test(
    tmp_path: Path, jail: None
) -> None:
    source = _listening()
    works = {name: {"a": assignments.submit(source, f=f, g=g)} for name, (f, g) in TELLING.items()}
    works["early"] = {
        "a": assignments.submit(source, f="def f(x): raise ValueError('my own word')")
    }
    root = write_course(tmp_path, {"a": source}, works)
    for graded in grade_here(root, "a").graded:
        found = verdicts(graded)
        notebook = json.loads((root / f"autograded/{graded.student}/a/a.ipynb").read_text())
        outputs = [cell.get("outputs", []) for cell in notebook["cells"]]
        assert "4711" not in json.dumps([found, outputs]), graded.student
        if graded.student == "early":
            assert found["early"] == (0.0, "ValueError: my own word")
            assert "my own word" not in found["hidden"][1]


# -- what is not the student's to give --------------------------------------------------------------


def _given() -> str:
    return assignments.notebook(
        setup("imports", "import numpy as np"),
        values("area", "np.random.seed(1)\narea = np.pi * 9"),
        assignments.test("module", 1, "assert abs(area - np.pi * 9) < 1e-9"),
        values("result", "result = 3.0"),
        assignments.test("identity", 1, "assert result is not None\nassert not isinstance(result, str)"),
        answer("f", "def f(x):", "    return 2 * x"),
        assignments.test("callable", 1, "assert callable(f)"),
        assignments.test(
            "file",
            1,
            "import os\nif not os.path.exists('made.txt'):\n    open('made.txt', 'w').write(str(f(21)))\nassert open('made.txt').read() == '42'",
        ),
        values("again", "def f(x):\n    return x + x"),
        assignments.test("second", 1, "assert f(2) == 4"),
    )  # fmt: skip


GIVEN = {
    "area": "area = np.pi * 9",
    "result": "result = 3.0",
    "f": "def f(x): return 2 * x",
    "again": "def f(x): return 2 * x",
}
NOT_GIVEN: dict[str, tuple[dict[str, str], set[str]]] = {
    "right": ({}, set()),
    "another module": (
        {"area": "from collections import namedtuple\nnp = namedtuple('np', 'pi')(0.0)\narea = 0.0"},
        {"module"},
    ),
    "a dead process": ({"result": "import os\nos._exit(0)"}, {"identity", "callable", "file", "second"}),
    "the key's file": ({"f": "def f(x): return 0"}, {"file"}),
    "the first answer for the second": ({"again": "f = object()"}, {"second"}),
}  # fmt: skip


def test_what_is_not_the_students_earns_nothing(tmp_path: Path, jail: None) -> None:
    source = _given()
    works = {n: {"a": assignments.submit(source, **GIVEN | w)} for n, (w, _) in NOT_GIVEN.items()}
    root = write_course(tmp_path, {"a": source}, works)
    outcome = grade_here(root, "a", workers=1)
    assert len(outcome.graded) == len(NOT_GIVEN)
    for graded in outcome.graded:
        found = verdicts(graded)
        lost = {name for name, (score, _) in found.items() if not score}
        # One looks for a file, which the student's process alone can tell: it runs inside.
        assert lost == NOT_GIVEN[graded.student][1], graded.student


GIVEN_TO = {
    "array": "import numpy as np\nx = np.array([1, 'a'], dtype=object)\nfirst(x)\nassert x[0] == 1",
    "tuple": "x = ([1, 2], 3)\nfirst(x)\nassert x[0] == [1, 2]",
    "deque": "from collections import deque\nx = deque([1, 2])\nfirst(x)\nassert list(x) == [1, 2]",
    "empty": "x = []\nfirst(x)\nassert x == []",
}
CHANGES = """from collections import deque
def first(x):
    part = x[0] if isinstance(x, tuple) else x
    if isinstance(part, list | deque): part.append(9)
    else: part[0] = 9"""


def test_a_changed_argument_is_of_no_use_whatever_it_is(tmp_path: Path, jail: None) -> None:
    source = assignments.notebook(
        answer("first", "def first(x):", "    return None"),
        *(assignments.test(name, 1, test) for name, test in GIVEN_TO.items()),
    )
    works = {
        "right": {"a": assignments.submit(source, first="def first(x): return None")},
        "wrong": {"a": assignments.submit(source, first=CHANGES)},
    }
    root = write_course(tmp_path, {"a": source}, works)
    by_name = {graded.student: verdicts(graded) for graded in grade_here(root, "a").graded}
    assert {score for score, _ in by_name["right"].values()} == {1.0}
    assert {name: why for name, (score, why) in by_name["wrong"].items() if score} == {}
    assert all("in place" in why for _, why in by_name["wrong"].values())


# -- time that others need --------------------------------------------------------------------------


def test_many_things_at_once_get_the_time_that_others_leave(tmp_path: Path, jail: None) -> None:
    """Also where each process would be a session of its own, which many kernels treat alike."""
    crowd = (
        "import os, time\nfor _ in range(6):\n    if not os.fork():\n        try: os.setsid(); open('session', 'w').close()\n        except OSError: pass\n"
        "        while True: pass\nfor _ in range(100):\n    time.sleep(0.1)\n    if os.sched_getscheduler(0) == os.SCHED_IDLE: break\n"
        "print('held back' if os.sched_getscheduler(0) == os.SCHED_IDLE else 'not')\nprint(os.listdir('.'))\n"
        "try: os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0)); print('back')\nexcept OSError: print('for good')"
    )
    alone = (
        "import os, time\nend = time.monotonic() + 1.5\nwhile time.monotonic() < end: pass\n"
        "print('held back' if os.sched_getscheduler(0) == os.SCHED_IDLE else 'not')"
    )
    source = habits()
    works = {
        name: {"habits": assignments.submit(source, half=cell)}
        for name, cell in (("crowd", crowd), ("alone", alone))
    }
    root = write_course(tmp_path, {"habits": source}, works)
    grade_here(root, "habits", workers=1)
    shown = {}
    for name in works:
        text = (root / "autograded" / name / "habits/habits.ipynb").read_text()
        [shown[name]] = [
            "".join(output["text"] for output in cell["outputs"])
            for cell in json.loads(text)["cells"]
            if cell["id"] == "half"
        ]
    assert shown == {"crowd": "held back\n[]\nfor good\n", "alone": "not\n"}


def test_dying_late_buys_no_second_budget(tmp_path: Path, jail: None) -> None:
    source = habits()
    dies = "import os, time\ntime.sleep(1.75)\nos._exit(0)"
    work = assignments.submit(source, half=dies)
    root = write_course(tmp_path, {"habits": source}, {"ann": {"habits": work}})
    [graded] = grade_here(root, "habits", cell_s=1, submission_s=2, workers=1).graded
    assert graded.seconds < 4.5
    dies = "import os, time\ntime.sleep(0.75)\nos._exit(0)"
    (root / "submitted/ann/habits/habits.ipynb").write_bytes(assignments.submit(source, half=dies))
    [graded] = grade_here(root, "habits", cell_s=1, submission_s=2, workers=1).graded
    assert graded.seconds > 1.5, "both attempts are counted"


# -- memory that no process seems to have ---------------------------------------------------------

FORKS = "import os, time\nfor _ in range(40):\n    if os.fork(): continue\n@    time.sleep(60)\ntime.sleep(8)"
BOMBS = {
    "in sockets": FORKS.replace(
        "@",
        "    import socket\n    keep = []\n    try:\n        while True:\n            keep += socket.socketpair()\n"
        "            keep[-1].setblocking(False)\n            try:\n                while True: keep[-1].send(b'x' * 65536)\n"
        "            except BlockingIOError: pass\n    except OSError: pass\n",
    ),
    "in other programmes": FORKS.replace(
        "@", "    os.execv(sys.executable, [sys.executable, '-I', '-S', '-c', 'x = bytearray(b\"1\") * 50_000_000\\nimport time; time.sleep(60)'])\n"
    ).replace("import os,", "import os, sys,"),
    "in place of what was shared": FORKS.replace(
        "@",
        "    import ctypes, re\n    for line in open('/proc/self/maps'):\n        m = re.match(r'(\\w+)-(\\w+) .*(scipy|openblas|matplotlib|PIL)', line)\n"
        "        if m: ctypes.CDLL(None).munmap(ctypes.c_void_p(int(m[1], 16)), ctypes.c_size_t(int(m[2], 16) - int(m[1], 16)))\n    x = bytearray(b'1') * 40_000_000\n",
    ),
}  # fmt: skip


def test_memory_is_counted(tmp_path: Path, jail: None) -> None:
    source = habits()
    works = {where: {"habits": assignments.submit(source, half=BOMBS[where])} for where in BOMBS}
    root = write_course(tmp_path, {"habits": source}, works)
    outcome = grade_here(root, "habits", cell_s=8, workers=1, limits=Limits(memory_mb=1024))
    why = "used more than 1024 MB of memory"
    assert {graded.student for graded in outcome.graded} == BOMBS.keys()
    for graded in outcome.graded:
        facts = [f"answer cell half stopped: {why}", f"ended early: {why}"]
        assert graded.facts == facts, graded.student


def test_what_wants_the_network_fails_at_once_and_costs_nothing(tmp_path: Path, jail: None) -> None:
    work = {**RIGHT, "half": "%pip install not-there\n" + RIGHT["half"]}
    source = habits()
    submission = assignments.submit(source, **work)
    root = write_course(tmp_path, {"habits": source}, {"ann": {"habits": submission}})
    outcome = grade_here(root, "habits")  # pip itself takes its time to start
    found = verdicts(outcome.graded[0])
    assert found == dict.fromkeys(found, (1.0, ""))


# -- from one submission to the next ---------------------------------------------------------------


def test_nothing_is_handed_on_through_open_files(tmp_path: Path, jail: None) -> None:
    """The fork server has fonts open; where a student leaves them, the next must not find them."""
    move = (
        "import os\nfor file in range(3, 256):\n    try:\n        if os.lseek(file, 0, 1) == 777_777: print('LEAK', file)\n"
        "        os.lseek(file, 777_777, 0); print('moved')\n    except OSError: pass"
    )
    source = habits()
    work = assignments.submit(source, half=move)
    root = write_course(tmp_path, {"habits": source}, {n: {"habits": work} for n in ("ann", "bob")})
    grade_here(root, "habits", workers=1)
    for name in ("ann", "bob"):
        text = (root / "autograded" / name / "habits/habits.ipynb").read_text()
        shown = [
            json.dumps(cell["outputs"])
            for cell in json.loads(text)["cells"]
            if cell["id"] == "half"
        ]
        assert "moved" in shown[0]
        assert "LEAK" not in shown[0]


# -- two at once, and where the course lies -------------------------------------------------------


def test_two_graders_do_not_undo_each_other(tmp_path: Path) -> None:
    from snrilab.grading.gradebook import GradebookError

    root = write_course(tmp_path, {"habits": habits()}, {})
    held = os.open(root / "source" / "habits", os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(GradebookError, match="another `snrilab grade habits` is at work"):
            grade_here(root, "habits")
    finally:
        os.close(held)
    assert grade_here(root, "habits").graded == []
    assert scores_of(root, "habits") == {}


def test_a_course_that_students_could_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_course(tmp_path, {"habits": habits()}, {})
    folders = [*jails._system_folders(), str(tmp_path)]
    monkeypatch.setattr(jails, "_system_folders", lambda: folders)
    with pytest.raises(jails.JailError, match="students' code can read"):
        grade_here(root, "habits")
    assert open_course(root).students("habits") == []


def test_no_copy_of_the_package_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "snrilab").mkdir()
    folders = [*jails._system_folders(), str(tmp_path)]
    monkeypatch.setattr(jails, "_system_folders", lambda: folders)
    monkeypatch.syspath_prepend(str(tmp_path))
    words = jails._own_package_hidden()
    assert words[words.index(str(tmp_path / "snrilab")) - 1] == "--tmpfs"


def test_large_pages_change_where_memory_lies_and_nothing_in_it() -> None:
    version = tuple(map(int, os.uname().release.split(".")[:2]))
    if version < (6, 1) or not Path("/sys/kernel/mm/transparent_hugepage").is_dir():
        pytest.skip("this kernel moves nothing into large pages when it is asked to")
    look = (
        "import hashlib, os, re\nfrom snrilab.grading.jailed import walls\n"
        "held = bytearray(os.urandom(2**20) * 16)\nbefore = hashlib.sha256(held).digest()\n"
        "rollup = lambda: int(re.search(r'AnonHugePages: *(\\d+)', open('/proc/self/smaps_rollup').read())[1])\n"
        "first = rollup()\nwalls.use_large_pages()\n"
        "assert hashlib.sha256(held).digest() == before\nprint((rollup() - first) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 8  # MB; ends of what is held stay in ordinary pages
