"""Submissions that cheat, break or stop grading: each with what it may earn.

Every attack is a whole submission of the receptor assignment. Wrong work earns 0; what was right
before an attack stays earned. They run only inside the jail, against the tests' own course.
"""

# ruff: noqa: E501 -- attacks are easier to compare when each stands on few lines

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.grading import assignments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = {
    "occupancy": "def occupancy(conc_nM, kd_nM):\n    if np.any(np.asarray(kd_nM) <= 0):\n"
    "        raise ValueError('no')\n    return conc_nM / (conc_nM + kd_nM)",
    "fit_kd": "def fit_kd(conc_nM, bound):\n    p, _ = optimize.curve_fit(lambda c, b, k: b*c/(c+k), "
    "conc_nM, bound, p0=[100, 3])\n    return p[1]",
    "drug": "drug = 'levomilnacipran'\nki = {'SERT': 11.2, 'NET': 92.2}",
    "figure": "fig, ax = plt.subplots()\nx = np.logspace(-1, 3, 50)\nax.plot(x, x / (x + 10.0))\n"
    "ax.set_xscale('log')\nax.set_xlabel('nM')\nax.set_ylabel('occupancy')",
}
FULL = 15.0
WRONG = "def occupancy(conc_nM, kd_nM):\n    return 42.0\n"
MARK = 4711  # seconds that background processes sleep: nobody else does


@dataclass(frozen=True)
class Attack:
    """One hostile or unlucky submission.

    Parameters
    ----------
    earns : float
        Points it may earn.
    make : callable
        Writes the submission into a folder; gets the folder and the course root.
    slow : bool
        Uses up a whole time budget.
    """

    name: str
    earns: float
    make: Callable[[Path, Path], None]
    slow: bool = False


ATTACKS: list[Attack] = []


def write(folder: Path, data: bytes | dict[str, Any], name: str = "receptor") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    (folder / f"{name}.ipynb").write_bytes(raw)


def notebook(**answers: str) -> dict[str, Any]:
    return json.loads(assignments.submit(assignments.receptor(), **answers))


def code(
    name: str,
    source: str,
    earns: float = 0.0,
    *,
    at: str = "occupancy",
    slow: bool = False,
    **rest: str,
) -> None:
    """Add an attack that is the code of one answer; `rest` fills in other answers."""

    def make(folder: Path, root: Path) -> None:
        text = source.replace("@ROOT@", str(root)).replace("@MARK@", str(MARK))
        write(folder, notebook(**{at: text, **rest}))

    ATTACKS.append(Attack(name, earns, make, slow))


def change(name: str, earns: float = 0.0, **answers: str) -> Callable[[Callable[[Any], Any]], None]:
    """Add an attack that changes the submitted notebook."""

    def add(edit: Callable[[Any], Any]) -> None:
        def make(folder: Path, root: Path) -> None:
            whole = notebook(**(answers or {"occupancy": WRONG}))
            write(folder, edit(whole) or whole)

        ATTACKS.append(Attack(name, earns, make))

    return add


def folder_attack(
    name: str, earns: float, slow: bool = False
) -> Callable[[Callable[[Path, Path], None]], None]:
    """Add an attack that writes the submitted folder itself."""

    def add(make: Callable[[Path, Path], None]) -> None:
        ATTACKS.append(Attack(name, earns, make, slow))

    return add


def _tests(whole: Any) -> list[Any]:
    return [
        c
        for c in whole["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade") and c["cell_type"] == "code"
    ]


# -- the notebook -------------------------------------------------------------------------------


@change("skip tag on tests")
def _(nb: Any) -> None:
    for cell in _tests(nb):
        cell["metadata"]["tags"] = ["skip-execution", "remove_cell", "nbgrader-skip"]


@change("flipped flags")
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        mark = cell["metadata"].get("nbgrader")
        if mark:
            mark.update(
                grade=not mark["grade"], solution=not mark["solution"], locked=not mark["locked"]
            )


@change("edited tests")
def _(nb: Any) -> None:
    for cell in _tests(nb):
        cell["source"] = "6.0"


@change("deleted tests")
def _(nb: Any) -> None:
    nb["cells"] = [c for c in nb["cells"] if c not in _tests(nb)]


@change("duplicated tests")
def _(nb: Any) -> None:
    nb["cells"] += [{**c, "source": "pass", "id": f"x{n}"} for n, c in enumerate(_tests(nb))]


@change("duplicated answer, the last one wrong", 0.0)
def _(nb: Any) -> None:
    cell = next(c for c in nb["cells"] if c["id"] == "occupancy")
    nb["cells"].append({**cell, "source": WRONG, "id": "again"})
    cell["source"] = WRONG


@change("reordered cells")
def _(nb: Any) -> None:
    nb["cells"].reverse()


@change("retyped cells")
def _(nb: Any) -> None:
    for cell in _tests(nb):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


@change("1000 points")
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["points"] = 1000


@change("schema version 99")
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


@change("other kernel")
def _(nb: Any) -> None:
    nb["metadata"]["kernelspec"] = {"name": "bash", "display_name": "sh", "language": "sh"}


@change("saved fake outputs")
def _(nb: Any) -> None:
    for cell in _tests(nb):
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "data": {"text/plain": "6"},
                "metadata": {},
                "execution_count": 1,
            }
        ]


@change("metadata stripped, right answers", FULL, **GOOD)
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        cell["metadata"] = {}


@change("ids stripped, right answers", FULL, **GOOD)
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        del cell["id"]
    nb["nbformat_minor"] = 4


@change("no ids at all")
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        cell["metadata"] = {}
        del cell["id"]


@change("look-alike letters in ids")
def _(nb: Any) -> None:
    for cell in nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = cell["id"].replace("o", "\u043e") + "\u202e"


@change("wrong types everywhere")
def _(nb: Any) -> None:
    for number, cell in enumerate(nb["cells"]):
        cell["source"] = [None, 3, {"a": []}, ["x"], True][number % 5]
        cell["metadata"] = [None, 3, [], "x", {"nbgrader": [1]}][number % 5]
    nb["cells"] += [None, 7, "cell", []]


@change("100,000 cells")
def _(nb: Any) -> None:
    nb["cells"] += [{"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}] * 100_000


@change("lone surrogates")
def _(nb: Any) -> None:
    nb["cells"].append(
        {"cell_type": "code", "source": "x = '\ud800'", "metadata": {}, "outputs": []}
    )


@folder_attack("invalid JSON", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, b'{"cells": [')


@folder_attack("nested JSON", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, b'{"cells":' + b"[" * 200_000 + b"]" * 200_000 + b"}")


@folder_attack("100 MB notebook", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, b"{}")
    with (folder / "receptor.ipynb").open("ab") as file:
        file.truncate(100 * 2**20)


# -- inside the process -------------------------------------------------------------------------

code(
    "display hook",
    "import sys\nsys.displayhook = lambda v: print('6')\nget_ipython().displayhook.write_format_data = lambda *a: None\n"
    + WRONG,
)
code(
    "syntax tree and input transformers",
    "import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, n): return ast.Pass()\n"
    "ip = get_ipython()\nip.ast_transformers.append(T())\nip.input_transformers_post.append(lambda lines: [])\n"
    + WRONG,
)
code(
    "patched comparisons",
    "import math, builtins, numpy as np, numpy.testing\nmath.isclose = lambda *a, **k: True\nbuiltins.abs = lambda x: 0\n"
    "np.allclose = np.isclose = lambda *a, **k: True\nnumpy.testing.assert_allclose = lambda *a, **k: None\n"
    "builtins.AssertionError = type('A', (BaseException,), {})\nnp.ndarray.__eq__ = None if False else np.ndarray.__eq__\n"
    + WRONG,
)
code(
    "object that equals everything",
    "class Yes:\n    def __eq__(s, o): return True\n    def __lt__(s, o): return True\n    def __abs__(s): return s\n"
    "    def __sub__(s, o): return s\n    def __rsub__(s, o): return s\n    __hash__ = None\n    __class__ = float\n"
    "    def __float__(s): return 0.5\n    def __array_ufunc__(s, *a, **k): return True\n    shape = (4,)\n"
    "def occupancy(conc_nM, kd_nM): return Yes()\n",
)
code(
    "lying float",
    "class F(float):\n    def __sub__(s, o): return F(0)\n    def __abs__(s): return F(0)\n    def __lt__(s, o): return True\n"
    "    def __eq__(s, o): return True\n    __hash__ = None\n    def __float__(s): return 0.5\ndef occupancy(conc_nM, kd_nM): return F(42)\n",
)
code(
    "lying array",
    "class A(np.ndarray):\n    def __array_ufunc__(s, u, m, *a, **k): return np.True_\n    def __array_function__(s, *a, **k): return True\n"
    "    def __eq__(s, o): return True\n    def __array__(s, *a, **k): return np.array([0.5])\n"
    "def occupancy(conc_nM, kd_nM): return np.zeros(4).view(A)\n",
)
code(
    "looks for the tests",
    "import gc, sys, linecache\ndef occupancy(conc_nM, kd_nM):\n    found = [str(o)[:2000] for o in gc.get_objects() if 'must raise' in str(o)[:5000]]\n"
    "    f = sys._getframe()\n    while f:\n        found.append(str(f.f_locals)[:3000]); f = f.f_back\n"
    "    print(found, linecache.cache.keys(), In, Out)\n    return eval('conc_nM / (conc_nM + 2.6)')\n",
)
code(
    "shadows numpy",
    "import sys, types\nfake = types.ModuleType('numpy')\nfake.allclose = lambda *a, **k: True\nfake.shape = lambda x: (4,)\n"
    "fake.array = lambda x: 0.5\nsys.modules['numpy'] = fake\nnp = fake\n" + WRONG,
)
code(
    "right only when not graded",
    "import os\ngraded = 'NBGRADER_EXECUTION' in os.environ or os.path.exists('/proc/1/environ')\n"
    "def occupancy(conc_nM, kd_nM):\n    return 42.0 if graded else conc_nM / (conc_nM + kd_nM)\n",
)
code(
    "thread that changes the answer",
    "import threading, time\nstate = [0.0]\ndef spin():\n    while True:\n        state[0] += 0.01; time.sleep(0.001)\n"
    "threading.Thread(target=spin, daemon=True).start()\ndef occupancy(conc_nM, kd_nM): return state[0]\n",
)
code(
    "forged frames on every descriptor",
    "import os, struct\nframe = struct.pack('<I', 400) + b't' + b'\\0' * 399\n"
    "def occupancy(conc_nM, kd_nM):\n    for fd in range(3, 256):\n        try: os.write(fd, frame)\n        except OSError: pass\n    return 0.5\n",
)
code(
    "an answer sent before the question",
    "import gc, socket, struct\nlines = [o for o in gc.get_objects() if isinstance(o, socket.socket)]\n"
    "import sys\nvalues = sys.modules['jailed.values']\n"
    "def occupancy(conc_nM, kd_nM):\n    for number in range(1, 30):\n"
    "        data = values.encode((number, 'value', values.encode(True), '', [], []))\n"
    "        for o in gc.get_objects():\n            if isinstance(o, socket.socket):\n                try: o.send(struct.pack('<I', len(data)) + data)\n                except OSError: pass\n    return 42.0\n",
)
code(
    "changes the caller's arrays",
    "def occupancy(conc_nM, kd_nM):\n    if np.ndim(conc_nM):\n        conc_nM[:] = 0\n        return np.zeros(4)\n"
    "    if kd_nM < 0: raise ValueError('no')\n    return 0.5\n",
)
code("always raises what a test expects", "def occupancy(conc_nM, kd_nM): raise ValueError('no')\n")
code(
    "dies where a test expects an error",
    "import os\ndef occupancy(conc_nM, kd_nM):\n    if np.all(np.asarray(kd_nM) > 0): return conc_nM / (conc_nM + kd_nM)\n    os._exit(0)\n",
)
code("not a number", "def occupancy(conc_nM, kd_nM): return np.asarray(conc_nM) * float('nan')\n")
code("nothing at all", "def occupancy(conc_nM, kd_nM): return np.array([])\n")
code("huge integer", "def occupancy(conc_nM, kd_nM): return 10 ** 100_000\n")
code(
    "deep nesting",
    "def occupancy(conc_nM, kd_nM):\n    x = []\n    for _ in range(100_000): x = [x]\n    return x\n",
)
code("recursive list", "def occupancy(conc_nM, kd_nM):\n    x = []; x.append(x)\n    return x\n")
code("huge array", "def occupancy(conc_nM, kd_nM): return np.zeros(20_000_000)\n")
code(
    "colliding keys",
    "def occupancy(conc_nM, kd_nM): return {k * (2**61 - 1): 1 for k in range(2_000)}\n",
)
code("endless credit", "def fit_kd(conc_nM, bound): return float('inf')\n", at="fit_kd")
code("a string for a number", "def fit_kd(conc_nM, bound): return '4.0'\n", at="fit_kd")
code(
    "function with a payload for pickle",
    'class P:\n    def __reduce__(s): return (exec, (\'open("/tmp/pwned","w")\',))\ndef occupancy(conc_nM, kd_nM): return P()\n',
)

code(
    "hidden inputs in an error of the author's kind",
    "def occupancy(conc_nM, kd_nM):\n    if np.ndim(conc_nM) or kd_nM < 0: raise AssertionError(f'LEAK {conc_nM} {kd_nM}')\n    return conc_nM / (conc_nM + kd_nM)\n",
)
code("an error that ends an iteration", "def occupancy(conc_nM, kd_nM): raise StopIteration\n")
code(
    "an error that lies about itself",
    "class V(ValueError):\n    __class__ = int\n    def __str__(s): raise SystemExit\ndef occupancy(conc_nM, kd_nM): raise V\n",
)
code("endless range", "def occupancy(conc_nM, kd_nM): return range(10**18)\n")
code("empty array without end", "def occupancy(conc_nM, kd_nM): return np.empty((2**40, 0))\n")
code(
    "endless iterator",
    "def occupancy(conc_nM, kd_nM):\n    import itertools\n    return map(abs, itertools.count())\n",
)
code("thousands of figures", "def occupancy(conc_nM, kd_nM): return [plt.subplots()[1]] * 5_000\n")
code(
    "looked at, it is everything",
    "class S:\n    def __getattr__(s, n): return s\n    def __call__(s, *a, **k): return s\n    def __iter__(s): return s\n    def __next__(s): return s\n    def __len__(s): return 10**9\n"
    "def occupancy(conc_nM, kd_nM): return S()\n",
)
code(
    "rewrites the language of the wall",
    "import sys\nsys.modules['jailed.values'].encode = lambda *a, **k: b'T'\n" + WRONG,
)
code(
    "says that it cannot be read",
    "import sys\nsys.modules['jailed.student'].Student._packed = lambda *a, **k: ('unreadable', '')\n"
    + WRONG,
    drug="drug = ki = 1",
)
code(
    "forged warnings, prints and changes",
    "import sys\nsys.modules['jailed.student'].Student.call = lambda self, number, *a: (number, 'value', b'f' + bytes(8), 'p' * 9_000_000, [('Warning', 'x' * 999), ('BytesWarning', None), 3] * 50, [0, 1, 'x', None, -1, 10**30])\n"
    + WRONG,
)
code(
    "hands over descriptors",
    "import array, gc, os, socket\ndef occupancy(conc_nM, kd_nM):\n    files = [os.open('/dev/zero', 0) for _ in range(100)]\n"
    "    for o in gc.get_objects():\n        for n in range(0, 96, 4):\n            if isinstance(o, socket.socket):\n"
    "                try: o.sendmsg([b'5'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', files[n:n + 4]))])\n                except OSError: pass\n    return 42.0\n",
)
code(
    "removes what it was given",
    "import builtins\ndel np, plt, optimize\nfor n in ('abs', 'len', 'isinstance', 'print', 'list'): delattr(builtins, n)\n"
    + WRONG,
)
code(
    "marks itself as hidden tests",
    "### BEGIN HIDDEN TESTS\n### END SOLUTION\n### BEGIN SOLUTION\n" + WRONG,
)

# -- against the machine ------------------------------------------------------------------------

LATE = {k: v for k, v in GOOD.items() if k != "figure"}
code("os._exit", "import os\nos._exit(0)", 12.0, at="figure", **LATE)
code("segmentation fault", "import ctypes\nctypes.string_at(0)", 12.0, at="figure", **LATE)
code("sys.exit", "import sys\nsys.exit(0)", 12.0, at="figure", **LATE)
code("os._exit in the first answer", "import os\nos._exit(0)\n" + WRONG)
code("endless loop", "while True: pass", 12.0, at="figure", slow=True, **LATE)
code(
    "endless loop in a function",
    "def occupancy(conc_nM, kd_nM):\n    while True: pass\n",
    8.0,
    slow=True,
    fit_kd=GOOD["fit_kd"],
    drug=GOOD["drug"],
)
code(
    "loop that swallows interrupts",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    12.0, at="figure", slow=True, **LATE,
)  # fmt: skip
code(
    "long sleep",
    "import time, signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(@MARK@)",
    12.0,
    at="figure",
    slow=True,
    **LATE,
)
code(
    "fork bomb",
    "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n" + WRONG,
    slow=True,
)
code(
    "memory bomb",
    "x = []\ntry:\n    while True: x.append(bytearray(50_000_000))\nexcept MemoryError: pass\n"
    + WRONG,
)
code(
    "memory bomb in many processes",
    "import os\nfor _ in range(20):\n    try: pid = os.fork()\n    except OSError: break\n    if pid == 0:\n"
    "        x = []\n        while True:\n            try: x.append(bytearray(b'1') * 30_000_000)\n            except MemoryError: pass\n"
    "import time\ntime.sleep(1)\n" + WRONG,
    slow=True,
)
code(
    "threads without end",
    "import threading, time\nfor _ in range(1_000):\n    try: threading.Thread(target=time.sleep, args=(@MARK@,), daemon=True).start()\n    except RuntimeError: break\n"
    + WRONG,
)
code(
    "files without content",
    "for folder in ('/run/student', '/tmp', '/dev/shm'):\n    for n in range(10_000):\n        try: open(f'{folder}/{n}', 'w').close()\n        except OSError: break\n"
    + WRONG,
)
code(
    "HTML that takes minutes to take apart",
    "from IPython.display import HTML, Markdown, display\nfor _ in range(40): display(HTML('<div>' * 20_000))\n" + WRONG,
    6.0, fit_kd=GOOD["fit_kd"],
)  # fmt: skip
code(
    "blank lines without end",
    "from IPython.display import Markdown, display\ndisplay(Markdown('\\n' * 100_000))\n" + WRONG,
    6.0, fit_kd=GOOD["fit_kd"] + "\nx = '" + "x" * 200_000 + "'", discuss="\n" * 50_000 + "because",
)  # fmt: skip
code(
    "pictures of 30 MB",
    "import os\nfrom IPython.display import display\nfor _ in range(16): display({'image/png': b'\\x89PNG\\r\\n\\x1a\\n' + bytes(1_900_000)}, raw=True)\n" + WRONG,
    6.0, fit_kd=GOOD["fit_kd"],
)  # fmt: skip
code("output flood", "print('x' * 30_000_000)\nfor _ in range(100_000): print('y' * 100)\n" + WRONG)
code(
    "picture flood",
    "from IPython.display import display, HTML\nfor _ in range(2_000): display(HTML('<b>x</b>' * 10_000))\n"
    + WRONG,
)
code("raw output flood", "import os\nfor _ in range(3_000): os.write(1, b'z' * 10_000)\n" + WRONG)
code(
    "disk fill",
    "for n in range(100_000):\n    try:\n        with open(f'/run/student/{n}', 'wb') as f: f.write(b'1' * 10_000_000)\n    except OSError: break\n"
    + WRONG,
)
code(
    "background process",
    "import os, subprocess\nif os.fork() == 0:\n    os.setsid()\n    subprocess.Popen(['sleep', '@MARK@'], start_new_session=True)\n    os._exit(0)\n"
    "subprocess.Popen('nohup sleep @MARK@ &', shell=True)\n" + WRONG,
)
code(
    "network",
    "import socket\nfor family, address in ((socket.AF_INET, ('127.0.0.1', 22)), (socket.AF_INET, ('1.1.1.1', 53)), (socket.AF_UNIX, '/run/docker.sock')):\n"
    "    s = socket.socket(family)\n    s.settimeout(0.3)\n    try:\n        s.connect(address); print('LEAK connected', address)\n    except OSError as e: pass\n"
    + WRONG,
)
code(
    "reads the course",
    "import os\nfor path in ('@ROOT@/source/receptor/receptor.ipynb', '@ROOT@/gradebook.db', '@ROOT@/submitted', '/etc/shadow', '/etc/passwd', '/root', '/home'):\n"
    "    try: print('LEAK', path, os.listdir(path) if os.path.isdir(path) and os.listdir(path) and not path == '/root' else open(path, 'rb').read()[:500])\n    except OSError: pass\n"
    "for name in ('snrilab.grading', 'snrilab.binding', 'snrilab.exercises.lesson02', 'snrilab.exercises._finding', 'snrilab.exercises._declaration', 'snrilab.mechanism', 'snrilab.feedback._check', 'nbgrader_config'):\n    try: print('LEAK', __import__(name))\n    except ImportError: pass\n"
    # The one thing of it that answers may use picks a student's own case and knows no answers.
    "import snrilab.exercises as allowed\nfor name in ('find', 'declared', 'derived', 'Exercise', 'lesson'):\n    if hasattr(allowed, name): print('LEAK', name)\n"
    "for name, value in os.environ.items():\n    if '@ROOT@' in value or 'TOKEN' in name: print('LEAK', name, value)\n"
    + WRONG,
)
code(
    "uncovers parts of the library that are not allowed",
    "import ctypes, importlib, os, sys\nlibc = ctypes.CDLL(None)\nsys.meta_path[:] = [f for f in sys.meta_path if 'Allowed' not in type(f).__name__]\n"
    "for name in ('binding', 'pk', 'mechanism', 'plots'):\n    place = f'/run/snrilab/snrilab/{name}'\n    libc.umount2(place.encode(), 2)\n"
    "    try: print('LEAK', os.listdir(place)) if os.listdir(place) else None\n    except OSError: pass\n"
    "    try: print('LEAK', importlib.import_module(f'snrilab.{name}').__all__)\n    except (ImportError, AttributeError): pass\n"
    "try: print('LEAK', open('/run/snrilab/snrilab/binding/mine', 'w'))\nexcept OSError: pass\n"
    + WRONG,
)
code(
    "patches what a backend may be, and what time is",
    "import matplotlib, signal\nmatplotlib.use('TkAgg')\nsignal.setitimer(signal.ITIMER_PROF, 0)\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\n"
    + WRONG,
    12.0 - 4.0,
    fit_kd=GOOD["fit_kd"],
    drug=GOOD["drug"],
)
code(
    "reads other processes",
    "import os, glob\nme = os.getpid()\nfor p in glob.glob('/proc/[0-9]*'):\n    for part in ('environ', 'mem', 'fd', 'root', 'cwd'):\n"
    "        try:\n            if int(p[6:]) != me: print('LEAK', p, part, os.listdir(f'{p}/{part}'))\n        except OSError: pass\n"
    "try: print('LEAK', len(glob.glob('/proc/[0-9]*'))) if len(glob.glob('/proc/[0-9]*')) > 6 else None\nexcept OSError: pass\n"
    + WRONG,
)
code(
    "kills everybody",
    "import os, signal\nfor pid in (-1, 0, 1, os.getppid(), 2, 3, 4, 5):\n    for s in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):\n"
    "        try:\n            if pid not in (os.getpid(),): os.kill(pid, s)\n        except OSError: pass\n"
    + WRONG,
)
code(
    "writes the gradebook",
    "for path in ('@ROOT@/gradebook.db', '@ROOT@/autograded/x', '/usr/pwned', '/pwned', '/dev/pwned', '/etc/pwned', '/run/snrilab/jailed/values.py'):\n"
    "    try:\n        open(path, 'wb').write(b'pwned'); print('LEAK wrote', path)\n    except OSError: pass\n"
    + WRONG,
)
code(
    "traces its parent",
    "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nfor pid in (1, os.getppid()):\n    if libc.ptrace(16, pid, 0, 0) == 0: print('LEAK traced', pid)\n"
    "for flag in (0x10000000, 0x00020000):\n    if libc.unshare(flag) == 0: print('LEAK unshared')\n"
    "if libc.memfd_create(b'x', 0) >= 0: print('LEAK memfd')\nif libc.shmget(0, 4096, 0o1600) >= 0: print('LEAK shm')\n"
    "if libc.mount(b'x', b'/run/student', b'tmpfs', 0, None) == 0: print('LEAK mount')\n" + WRONG,
)
code(
    "tells hidden inputs to a later cell",
    "seen = []\ndef occupancy(conc_nM, kd_nM):\n    seen.append((conc_nM, kd_nM))\n    open('/run/student/seen', 'a').write(f'LEAK {conc_nM} {kd_nM}')\n"
    "    print('LEAK', conc_nM, kd_nM)\n    raise RuntimeError(f'LEAK {conc_nM} {kd_nM}') if np.ndim(conc_nM) else None\n    return conc_nM / (conc_nM + kd_nM)\n",
    2.0, drug=GOOD["drug"] + "\nprint(seen)\nimport os\nprint(os.path.exists('/run/student/seen') and open('/run/student/seen').read())",
)  # fmt: skip


# -- the submitted folder -----------------------------------------------------------------------


@folder_attack("own numpy.py and startup files", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, notebook(occupancy=WRONG))
    for name in ("numpy.py", "sitecustomize.py", "usercustomize.py", "conftest.py"):
        (folder / name).write_text("print('LEAK imported')\nallclose = lambda *a, **k: True\n")
    startup = folder / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('LEAK startup')")


@folder_attack("links, pipes and devices", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, notebook(occupancy=WRONG))
    (folder / "answers.ipynb").symlink_to(root / "source" / "receptor" / "receptor.ipynb")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "everything").symlink_to("/")
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "timestamp.txt")


@folder_attack("notebook that is a link to the answers", 0.0)
def _(folder: Path, root: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "receptor.ipynb").symlink_to(root / "source" / "receptor" / "receptor.ipynb")


@folder_attack("notebook that is a pipe", 0.0)
def _(folder: Path, root: Path) -> None:
    folder.mkdir(parents=True)
    os.mkfifo(folder / "receptor.ipynb")


ACTIVE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <svg onload=alert(1)> <iframe src='//x'></iframe> "
    "[a](javascript:alert(1)) [b](java\tscript:alert(1)) ![c](http://example.org/t.png) [d]: javascript:alert(1)\n\n"
    "[r]: javascript:alert(2)\n[go][r] <a href='javascript:alert(3)'>x</a> $\\href{javascript:alert(4)}{x}$ &lt;script&gt; "
    "<javascript:alert(5)> [e](<javascript:alert(6)>) [f](data:text/html,x) <style>*{display:none}</style>\n\n    <script>x</script>\n"
)


@folder_attack("active content", 0.0)
def _(folder: Path, root: Path) -> None:
    show = (
        "from IPython.display import HTML, SVG, Javascript, Markdown, Latex, display\n"
        f"display(HTML({ACTIVE!r}), Javascript('alert(1)'), Markdown({ACTIVE!r}), Latex('<script>alert(1)</script>'))\n"
        "display({'image/svg+xml': '<svg onload=\"alert(1)\"/>', 'image/png': '\"><script>alert(1)</script>', "
        "'application/javascript': 'alert(1)', 'text/html': '<script>alert(1)</script>'}, raw=True)\n"
        "raise ValueError('<script>alert(1)</script>')"
    )
    whole = notebook(occupancy=WRONG, discuss=ACTIVE, drug=show)
    whole["cells"].append(
        {
            "cell_type": "markdown",
            "source": ACTIVE,
            "metadata": {},
            "id": "m",
            "attachments": {"a.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}},
        }
    )
    whole["cells"].append(
        {"cell_type": "raw", "source": ACTIVE, "metadata": {"raw_mimetype": "text/html"}, "id": "r"}
    )
    write(folder, whole)
    (folder / "evil.html").write_text("<script>alert(1)</script>")


# -- accidents ----------------------------------------------------------------------------------

NOISY = "import sys, warnings\nprint('careful', file=sys.stderr)\nwarnings.warn('old')\n"
code("warning on stderr", NOISY + GOOD["occupancy"].replace("    return", "    print('hm', file=sys.stderr)\n    warnings.warn('x')\n    return"), FULL, **{k: v for k, v in GOOD.items() if k != "occupancy"})  # fmt: skip
code("another argument name", GOOD["occupancy"].replace("conc_nM", "c").replace("kd_nM", "k"), 4.0)
code("numpy number and list", "def occupancy(conc_nM, kd_nM):\n    if np.any(np.asarray(kd_nM) <= 0): raise ValueError\n    r = np.float64(1) * conc_nM / (np.asarray(conc_nM) + kd_nM)\n    return list(r) if np.ndim(r) else r\n", 4.0)  # fmt: skip
code("figures left open", "for _ in range(5): plt.figure()\n" + GOOD["occupancy"], 4.0)
code("missing import that is not used", "try:\n    import seaborn_that_is_not_there\nfinally:\n    pass\n", 2.0, drug=GOOD["drug"])  # fmt: skip


OTHER = "def occupancy(conc_nM, kd_nM):\n    if np.any(np.asarray(kd_nM) <= 0): raise ValueError\n    r = np.asarray(conc_nM) / (np.asarray(conc_nM) + kd_nM)\n    return @\n"
for how in (
    "__import__('fractions').Fraction(1, 2) if r.ndim == 0 else __import__('collections').deque(r)",
    "__import__('array').array('d', r) if r.ndim else r[()]",
    "np.ma.array(r.astype('>f8')[::-1])[::-1] if r.ndim else r",
):
    code(f"honest: {how[12:40]}", OTHER.replace("@", how), 4.0)
code(
    "honest: magics",
    "%matplotlib widget\n%config InlineBackend.figure_format = 'svg'\nimport asyncio\nawait asyncio.sleep(0)\nplt.plot([1, 2]); plt.show()\n"
    + GOOD["occupancy"],
    12.0,
    drug="from decimal import Decimal\nfrom collections import OrderedDict\ndrug = np.str_('levomilnacipran')\nki = OrderedDict(SERT=Decimal('11.2'), NET=Decimal('92.2'))\nexit()",
    fit_kd="from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2) as pool: list(pool.map(abs, range(5)))\n"
    + GOOD["fit_kd"],
)


@change("honest: as another editor saves it", FULL, **GOOD)
def _(nb: Any) -> None:
    nb["nbformat_minor"] = 0
    nb["metadata"] = {"kernelspec": {"name": "ir", "language": "R"}}
    for number, cell in enumerate(nb["cells"]):
        del cell["id"]
        cell["source"] = cell["source"].replace("\n", "\r\n")
        if number % 2:
            cell["source"] = cell["source"].splitlines(keepends=True)


@folder_attack("honest: byte order mark, NaN, copies, names of all kinds", FULL)
def _(folder: Path, root: Path) -> None:
    raw = json.dumps({**notebook(**GOOD), "x": float("nan")}, indent=1).replace("\n", "\r\n")
    write(folder, b"\xef\xbb\xbf" + raw.encode())
    for name in (
        "receptor (1)",
        "receptor-Copy1",
        "=cmd|x",
        "<b>",
        "a\nb",
        "$(touch x)",
        "{x}",
        "*",
        os.fsdecode(b"\xff"),
    ):
        write(folder, notebook(), name)
    (folder / "timestamp.txt").mkdir()


@folder_attack("a folder in place of the notebook", 0.0)
def _(folder: Path, root: Path) -> None:
    (folder / "receptor.ipynb").mkdir(parents=True)
    (folder / "receptor.ipynb" / "x.txt").write_text("x")


@change("answer in an extra cell", 4.0, drug="")
def _(nb: Any) -> None:
    place = next(n for n, c in enumerate(nb["cells"]) if c["id"] == "occupancy")
    nb["cells"][place]["source"] = "# see below"
    nb["cells"].insert(
        place + 1,
        {
            "cell_type": "code",
            "source": GOOD["occupancy"],
            "metadata": {},
            "id": "mine",
            "outputs": [],
            "execution_count": 3,
        },
    )


@change("extra cell that fails", FULL, **GOOD)
def _(nb: Any) -> None:
    nb["cells"].insert(
        2,
        {
            "cell_type": "code",
            "source": "import not_there\n1/0",
            "metadata": {},
            "id": "mine",
            "outputs": [],
            "execution_count": 3,
        },
    )


@folder_attack("notebook renamed", FULL)
def _(folder: Path, root: Path) -> None:
    write(folder, notebook(**GOOD), "receptor (1)")


@folder_attack("untouched release", 0.0)
def _(folder: Path, root: Path) -> None:
    write(folder, notebook())


@folder_attack("right work", FULL)
def _(folder: Path, root: Path) -> None:
    write(folder, notebook(**GOOD))
