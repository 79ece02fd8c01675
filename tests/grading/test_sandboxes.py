"""What makes grading quick: sandboxes that share imports and nothing else, copies, pictures."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from snrilab.grading.autograder import STAYED, Autograder
from snrilab.grading.grader import Grading
from snrilab.grading.jail import Jail, JailError, Sandbox
from snrilab.grading.jailed.screen import RICH, Screen, figure_as_png, png
from snrilab.grading.jailed.walls import Limits
from snrilab.grading.limits import Budget
from snrilab.grading.names import History
from snrilab.grading.proxies import Learner
from snrilab.grading.template import prepare, to_plain
from tests.conftest import ROOT
from tests.grading.assignments import answer, notebook, setup, submit, test
from tests.grading.conftest import grade_here, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

test.__test__ = False  # type: ignore[attr-defined] # it makes a test cell


@pytest.fixture(scope="module")
def sandboxes(jail: None) -> Iterator[list[Any]]:
    one = Jail()
    one.start()
    made = [one.sandbox(["numpy"], {"data.csv": b"1,2"}, Limits()) for _ in range(2)]
    for sandbox in made:
        sandbox.wait()
    yield made
    for sandbox in made:
        sandbox.close()
    one.close()


@pytest.mark.sandbox
@pytest.mark.parametrize("apart", [False, True])
def test_two_rooms_of_one_jail_share_no_namespace_and_see_no_processes(
    sandboxes: list[Any], apart: bool
) -> None:
    # Where Python itself lives below such a folder, that folder cannot be written at all.
    private = ["/tmp", "/dev/shm"]
    private = [f for f in private if not sys.prefix.startswith(f"{f}/")]
    source = (
        f"import os, json\nfolders = {['.', *private]}\n"
        "names = ('pid', 'user', 'net', 'mnt', 'ipc')\n"
        "spaces = {n: os.readlink(f'/proc/self/ns/{n}') for n in names}\n"
        "seen = [p for p in os.listdir('/proc') if p.isdigit()]\n"
        "print(json.dumps([spaces, seen, [os.listdir(f) for f in folders]]))\n"
        "for f in folders: open(f'{f}/mine', 'w').write('x')\n"
    )
    told = []
    lines = [sandbox.start(apart=apart) for sandbox in sandboxes]
    for sandbox, line in zip(sandboxes, lines, strict=True):
        sandbox.started()
        learner = Learner(line, time.monotonic() + 20, Budget())
        good, shown = learner.run(1, source, 10.0)
        assert good, shown
        told.append(json.loads(shown[0]["text"]))
    for sandbox, line in zip(sandboxes, lines, strict=True):
        assert sandbox.stop()[0] == ""
        line.close()
    (first, _, _), (second, seen, files) = told
    assert all(first[name] != second[name] for name in first)
    assert len(seen) == 1 + apart, "its own process, and one that stays when it ends"
    assert files == [["data.csv"], *[[] for _ in private]]


@pytest.mark.sandbox
def test_a_room_that_is_left_takes_no_other_with_it(jail: None) -> None:
    one = Jail()
    one.start()
    left, kept = (one.sandbox([], {}, Limits()) for _ in range(2))
    left.wait()
    kept.wait()
    line = left.start()
    left.started()
    left.close()
    line.close()
    for _ in range(3):
        kept.start().close()
        kept.started()
        assert kept.stop()[0] == ""
    kept.close()
    one.close()


@pytest.mark.sandbox
def test_an_error_is_drawn_up_once_in_the_words_that_are_shown(sandboxes: list[Any]) -> None:
    """IPython's own way reads the source of every module first, anew for each submission."""
    line = sandboxes[0].start()
    sandboxes[0].started()
    learner = Learner(line, time.monotonic() + 20, Budget())
    good, shown = learner.run(1, "def f():\n    return 1 / 0\nf()", 10.0)
    assert not good
    told = ["line 3, in <module>: f()", "line 2, in f: return 1 / 0"]
    assert shown[0]["traceback"] == [*told, "ZeroDivisionError: division by zero"]
    look = "print(get_ipython().history_manager.exceptions)\n"
    look += "import sys\nprint('stack_data' in sys.modules)"
    good, kept = learner.run(2, look, 10.0)
    assert good, kept
    assert str(shown[0]["traceback"]) in kept[0]["text"]
    assert kept[0]["text"].endswith("\nFalse\n")
    assert sandboxes[0].stop()[0] == ""
    line.close()


@pytest.mark.parametrize("shape", [(1, 1, 4), (7, 300, 4), (480, 640, 4)])
def test_a_png_holds_the_pixels_it_was_made_from(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(pixels)))), pixels)


@pytest.mark.parametrize("text_at", [None, (3.5, 3.5), (1.9, 3.5)])
def test_a_figure_is_trimmed_as_inline_figures_are(text_at: tuple[float, float] | None) -> None:
    from matplotlib.figure import Figure

    with mpl.rc_context({"figure.dpi": 100, "savefig.dpi": 100}):
        figure = Figure()
        ax = figure.add_subplot()
        ax.plot([1, 2], [3, 4], label="Kd")
        ax.set_xlabel("radioligand (nM)")
        ax.legend()
        if text_at:
            ax.text(*text_at, "wholly or partly outside of the picture")
        usual = io.BytesIO()
        figure.savefig(usual, format="png", bbox_inches="tight")
        ours = Image.open(io.BytesIO(figure_as_png(figure))).size
    assert np.allclose(ours, Image.open(usual).size, rtol=0, atol=0 if text_at else 4)


def test_a_large_figure_is_drawn_coarser_rather_than_lost() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 10), dpi=100)
    figure.add_subplot().imshow(np.random.default_rng(1).random((1000, 1600)), aspect="auto")
    picture = figure_as_png(figure)
    assert RICH / 3 < len(picture) <= RICH
    assert Image.open(io.BytesIO(picture)).size > (800, 500)
    assert figure.dpi == 100


def test_what_is_too_large_to_show_is_told() -> None:
    screen = Screen()
    screen.show("display_data", {"image/png": bytes(RICH + 1), "text/plain": "<Figure>"})
    screen.show("display_data", {"text/html": "x" * (RICH + 1), "application/json": {}})
    screen.show("display_data", {"image/png": bytes(RICH)})
    first, second, note = screen.outputs()
    assert first["data"] == {"text/plain": "<Figure>"}
    assert list(second["data"]) == ["image/png"]
    assert "2 more characters or pictures were not kept" in note["text"]


def _one_after_the_other() -> str:
    return notebook(
        answer("f", "def f(x):", "    return x"),
        test("t1", 1, "assert f(1) == 1"),
        answer("g", "def g(x):", "    return x"),
        test("t2", 1, "assert g(1) == 1"),
        answer("h", "h = None", "def h(x):\n    return x"),
        test("t3", 1, "assert h(1) == 1"),
    )


_DEAF = """import signal
def f(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    while True: pass"""


PUT_OFF = [
        ("def f(x): return x", "def g(x): return x", [1, 1, 1]),
        ("def f(x): return help_(x)", "def g(x): return x\ndef help_(x): return x", [0, 1, 1]),
        ("def f(x): return 1 - ('g' in globals())", "def g(x): return x", [1, 1, 1]),
        ("def f(x): return 1 - ('g' in f.__globals__)", "def g(x): return x", [1, 1, 1]),
        ("def f(x): return x", "def g(x): return x\ndef f(x): return 0", [1, 1, 1]),
        ("def f(x): return x", "def g(x): return 0\nf.__code__ = g.__code__", [1, 0, 1]),
        ("import os\ndef f(x): os._exit(1)", "def g(x): return x", [0, 1, 1]),
        (_DEAF, "def g(x): return x", [0, 1, 1]),
        ("def f(x): return x", "def g(x): return (", [1, 0, 1]),
]  # fmt: skip


@pytest.mark.sandbox
def test_a_snapshot_put_off_answers_as_one_taken_at_once(jail: None, tmp_path: Path) -> None:
    source = _one_after_the_other()
    works = {
        f"s{number}": {"later": submit(source, f=f, g=g, h="def h(x): return x")}
        for number, (f, g, _) in enumerate(PUT_OFF)
    }
    write_course(tmp_path, {"later": source}, works)
    outcome = grade_here(tmp_path, "later", cell_s=3)
    assert len(outcome.graded) == len(PUT_OFF)
    for graded in outcome.graded:
        verdicts = graded.notebooks["later"]["verdicts"]
        f, _, earns = PUT_OFF[int(graded.student[1:])]
        assert [v["score"] for v in verdicts] == earns, (f, verdicts)


@pytest.mark.parametrize(
    ("before", "cell", "expected"),
    [
        ("%matplotlib inline\nimport numpy as np", "def f(x: float = 1) -> float: return x", True),
        ("'f is told here'", "def f(): return x\n# and here", True),
        ("", "", True),
        ("def g(): return f()", "def f(): return 1", False),
        ("from m import f", "def f(): return 1", False),
        ("import f.m", "def f(): return 1", False),
        ("def g(): global f", "def f(): return 1", False),
        ("def g(): return eval('f()')", "def f(): return 1", False),
        ("!ls", "def f(): return 1", False),
        ("x" + "+1" * 20_000, "def f(): return 1", False),
        ("", "@print\ndef f(): return 1", False),
        ("", "def f(x=[]): return 1", False),
        ("", "def f(x=g()): return 1", False),
        ("", "def f(x: g()): return 1", False),
        ("", "def f() -> g(): return 1", False),
        ("", "def __builtins__(): return 1", False),
        ("", "class A: pass", False),
        ("", "f = 1", False),
        ("def g(): return ﬁt", "def fit(): return 1", False),
    ],
)
def test_which_cells_only_add(before: str, cell: str, expected: bool) -> None:
    history = History()
    history.only_adds(before)
    assert history.only_adds(cell) is expected


def test_a_test_gets_the_names_it_can_reach_and_no_others() -> None:
    template = prepare(
        notebook(
            answer("a1", "def f(x):", "    return x"),
            answer("a2", "def g(x):", "    return x"),
            setup("helper", "import math\nseen = []\ndef check(x): return g(x) == x"),
            test("t1", 1, "assert f(1) == 1"),
            test("t2", 1, "assert check(1)"),
            test("t3", 1, "assert eval('f(g(1))') == 1"),
        ),
        "a",
        "a",
        {},
    )
    places = {c.grade_id: c.place for c in template.cells}
    needed = Grading(template)._needed_here()
    assert needed[places["t1"]] == {"f"}
    assert needed[places["t2"]] == {"g"}
    assert needed[places["t3"]] == {"f", "g"}


# In a process as fresh as a worker: this one has imported nbgrader and much more.
_WATCHED = """
import base64, json, sys
from snrilab.grading import autograder, grader, worker
from snrilab.grading.jail import Jail
from snrilab.grading.template import from_plain

run, found = grader.Grading.grade, []

def watched(self, *arguments):
    before = set(sys.modules)
    run(self, *arguments)
    self.emit({"kind": "imported", "modules": sorted(set(sys.modules) - before)})

def kept(template, findings):
    found[:] = findings
    return assemble(template, findings)

assemble, autograder.assemble, grader.Grading.grade = autograder.assemble, kept, watched
told = json.loads(sys.stdin.read())
jail = Jail()
jail.start()
autograder.import_for_all()
one = autograder.Autograder(from_plain(told["template"]))
one.open(jail)
result = one.grade(base64.b64decode(told["work"]), True)
one.close()
jail.close()
imported = [f["modules"] for f in found if f["kind"] == "imported"]
print(json.dumps([[v["score"] for v in result["verdicts"]], imported]))
"""


@pytest.mark.sandbox
def test_a_grader_imports_nothing_for_a_submission_as_students_have_it(jail: None) -> None:
    """It lives for one submission: what it imports is imported anew for everybody."""
    key = "def half(x):\n    return x / 2"
    source = notebook(
        setup("imports", "import numpy as np\nimport matplotlib.pyplot as plt"),
        answer("half", "def half(x):", "    return x / 2"),
        test("halves", 1, "assert half(3) == 1.5", "assert half(np.ones(2)).tolist() == [0.5] * 2"),
        answer("figure", "fig, ax = plt.subplots()", "ax.plot([1, 2], label='a')", "ax.legend()"),
        test("drawn", 1, "assert list(ax.lines[0].get_ydata()) == [1, 2]"),
    )
    shows = (
        "from IPython.display import HTML\nfig, ax = plt.subplots()\nax.plot([1, 2], label='a')\n"
    )
    work = submit(source, half=key, figure=shows + "HTML('<table><tr><td>1</td></tr></table>')")
    assert b"checksum" in work, "as nbgrader hands it out"
    template = to_plain(prepare(source, "a", "a", {}))
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        input=json.dumps({"template": template, "work": base64.b64encode(work).decode()}),
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=300,
    )  # fmt: skip
    assert json.loads(done.stdout) == [[1, 1], [[]]]


@pytest.mark.sandbox
def test_what_does_not_end_costs_nobody_the_grade(
    jail: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork bomb on a machine that is busy enough: no jail ever gets rid of it."""
    source = notebook(
        answer("half", "def half(x):", "    return x / 2"),
        test("halves", 1, "assert half(3) == 1.5"),
        answer("third", "def third(x):", "    return x / 3"),
        test("thirds", 1, "assert third(3) == 1"),
    )
    one = Jail()
    one.start()
    autograder = Autograder(prepare(source, "a", "a", {}))
    autograder.open(one)
    stop, stuck = Sandbox.stop, [True]

    def never(self: Sandbox) -> tuple[str, int]:
        if stuck[0]:
            raise JailError("the fork server does not answer")
        return stop(self)

    monkeypatch.setattr(Sandbox, "stop", never)
    work = submit(source, half="def half(x): return x / 2", third="def third(x): return x")
    try:
        result = autograder.grade(work)
        stuck[0] = False
        again = autograder.grade(work)
    finally:
        autograder.close()
        one.close()
    assert [v["score"] for v in result["verdicts"]] == [1, 0]
    assert f"ended early: {STAYED}" in result["facts"]
    assert [v["score"] for v in again["verdicts"]] == [1, 0]
    assert again["facts"] == []
