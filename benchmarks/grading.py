"""Grade a class: stock nbgrader against this engine, on the same batch in the same run.

Needs bubblewrap. Takes most of an hour, nearly all of it stock nbgrader's; `SNRILAB_BENCH=short` takes
240 submissions in place of 1,000, and leaves out the attacks on stock.
"""

# ruff: noqa: E501 -- notebook cells stand on one line

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import table

ROOT = Path(__file__).resolve().parent.parent
CLASSES = (10, 100, 1000)
SHORT = os.environ.get("SNRILAB_BENCH") == "short"
BATCH = int(os.environ.get("SNRILAB_BENCH_BATCH", "240" if SHORT else "1000"))


def lesson() -> str:
    """Return an assignment that imports numpy, scipy and matplotlib and draws a figure."""
    from tests.grading.assignments import answer, notebook, setup, test, values

    return notebook(
        setup("imports", "import numpy as np\nimport matplotlib.pyplot as plt\nfrom scipy import optimize\n%matplotlib inline"),
        answer(
            "saturation",
            "def saturation(conc_nM, bmax, kd_nM):",
            "    return bmax * conc_nM / (conc_nM + kd_nM)",
        ),
        test("t1", 4, "assert saturation(5.0, 100.0, 5.0) == 50", "x = np.linspace(0, 9, 20)\nassert np.allclose(saturation(x, 3.0, 2.0), 3 * x / (x + 2))"),
        answer(
            "fit",
            "def fit(conc_nM, bound):",
            "    return optimize.curve_fit(saturation, conc_nM, bound, p0=[max(bound), np.median(conc_nM)])[0]",
        ),
        test("t2", 4, "x = np.array([0.3, 1, 3, 10, 30])\nassert np.allclose(fit(x, 80 * x / (x + 4)), [80, 4], rtol=1e-3)"),
        values(
            "figure",
            "fig, ax = plt.subplots()\nx = np.linspace(0, 50, 100)\nax.plot(x, saturation(x, 100.0, 5.0), label='Kd 5 nM')\n"
            "ax.set_xlabel('radioligand (nM)')\nax.set_ylabel('bound')\nax.legend()",
        ),
        test("t3", 2, "assert ax.get_xlabel() and ax.get_ylabel()", "assert ax.lines[0].get_ydata().max() < 100"),
    )  # fmt: skip


def write_class(root: Path, size: int) -> None:
    """Write a class of this size: two thirds right, the rest with one wrong answer."""
    from tests.grading.assignments import submit

    source = lesson()
    good = {
        "saturation": "def saturation(conc_nM, bmax, kd_nM):\n    return bmax * conc_nM / (conc_nM + kd_nM)",
        "fit": "def fit(conc_nM, bound):\n    return optimize.curve_fit(saturation, conc_nM, bound, p0=[max(bound), 3])[0]",
        "figure": "fig, ax = plt.subplots()\nx = np.linspace(0, 50, 100)\nax.plot(x, saturation(x, 100.0, 5.0), label='Kd')\n"
        "ax.set_xlabel('nM')\nax.set_ylabel('bound')\nax.legend()",
    }
    wrong = good | {"fit": "def fit(conc_nM, bound):\n    return [max(bound), np.median(conc_nM)]"}
    works = submit(source, **good), submit(source, **wrong)
    (root / "source" / "ps").mkdir(parents=True)
    (root / "source" / "ps" / "ps.ipynb").write_text(source)
    for number in range(size):
        folder = root / "submitted" / f"s{number:05d}" / "ps"
        folder.mkdir(parents=True)
        (folder / "ps.ipynb").write_bytes(works[number % 3 == 2])


class Memory:
    """Highest memory of a process and all below it, looked at every two seconds (looking costs time too).

    Proportional: what processes share is counted once.
    """

    def __init__(self, root: int) -> None:
        self.root = root
        self.tree = self.coordinator = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        from tests.grading.test_class import below

        while not self._stop.wait(2):
            self.coordinator = max(self.coordinator, _proportional(self.root))
            self.tree = max(self.tree, sum(map(_proportional, [self.root, *below(self.root)])))

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _proportional(process: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def environment() -> dict[str, str]:
    """Return an environment in which nbgrader finds its programmes.

    Both ways may keep their compiled modules, as they are after an installation.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT)}


def stock(root: Path, *, safe: bool = False, assignment: str = "ps") -> float:
    """Grade with `nbgrader autograde`; return its seconds."""
    config = (
        "from snrilab.grading.autograde import configure\nc = get_config()\nconfigure(c)\n"
        if safe
        else ""
    )
    (root / "nbgrader_config.py").write_text(config)
    run = [sys.executable, "-m", "nbgrader"]
    quiet: dict[str, Any] = {
        "cwd": root,
        "env": environment(),
        "capture_output": True,
    }
    subprocess.run([*run, "generate_assignment", assignment], check=False, **quiet)
    start = time.perf_counter()
    subprocess.run([*run, "autograde", assignment], check=False, **quiet)
    return time.perf_counter() - start


def ours(root: Path, assignment: str = "ps", *, watched: bool = False) -> tuple[float, Memory]:
    """Grade with `snrilab grade`, start-up and all; return its seconds and its memory.

    Memory is looked at only where it is asked for: looking takes a few per cent of the time.
    """
    here = ["--course", str(root), "--quiet"]
    words = [sys.executable, "-m", "snrilab", "grade", assignment, *here]
    start = time.perf_counter()
    with subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL) as process:
        memory = Memory(process.pid)
        with memory if watched else contextlib.nullcontext():
            process.wait()
        seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"snrilab grade ended with {process.returncode}")
    return seconds, memory


def scores(root: Path, assignment: str = "ps") -> dict[str, float]:
    """Return every student's score from nbgrader's gradebook."""
    from tests.grading.conftest import scores_of

    return scores_of(root, assignment)


def figures(root: Path) -> int:
    """Count the figures kept in graded notebooks."""
    found = 0
    for path in (root / "autograded").rglob("*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            found += sum("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
    return found


def time_split(root: Path) -> None:
    """Print where the time of one submission goes."""
    from snrilab.grading.classrun import Plan, grade_class
    from snrilab.grading.course import open_course

    outcome = grade_class(open_course(root), "ps", Plan(workers=1, force=True, diagnose=False))
    parts = [result["seconds"] for graded in outcome.graded for result in graded.notebooks.values()]
    print("\nWhere the time of one submission goes (one worker, mean)")
    for name, key in (
        ("fork and walls", "walls"),
        ("student's cells and figures", "cells"),
        ("tests", "tests"),
        ("ending all of it", "ending"),
    ):
        print(f"  {name:<30}{1e3 * sum(p[key] for p in parts) / len(parts):8.1f} ms")
    inside = sum(p["all"] for p in parts)
    rest = (outcome.seconds - inside) / len(parts)
    print(f"  {'gradebook, files, start-up':<30}{1e3 * rest:8.1f} ms")


def attacks_on_stock() -> None:
    """Run the attack list on stock nbgrader, one submission after the other, for contrast."""
    from tests.grading import attacks, test_attacks

    harmless = [a for a in attacks.ATTACKS if not a.slow and a.name not in _TOO_DANGEROUS]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "source" / "receptor").mkdir(parents=True)
        (root / "source" / "receptor" / "receptor.ipynb").write_text(
            test_attacks.assignments.receptor()
        )
        (root / "nbgrader_config.py").write_text("")
        for number, attack in enumerate(harmless):
            attack.make(root / "submitted" / test_attacks.student(number) / "receptor", root)
        _fenced(root, "generate_assignment", "receptor")
        for number in range(len(harmless)):
            _fenced(root, "autograde", "receptor", "--student", test_attacks.student(number))
        found = scores(root, "receptor")
    fooled, robbed, stopped = [], [], []
    for number, attack in enumerate(harmless):
        score = found.get(test_attacks.student(number))
        told = f"{attack.name} ({score:g} instead of {attack.earns:g})" if score is not None else ""
        if score is None:
            stopped.append(attack.name)
        elif score > attack.earns:
            fooled.append(told)
        elif score < attack.earns:
            robbed.append(told)
    print(
        f"\nThe attack list on stock nbgrader ({len(harmless)} of {len(attacks.ATTACKS)} run; the rest would harm this machine)"
    )
    print(f"  too many points ({len(fooled)}): " + "; ".join(fooled))
    print(f"  too few points ({len(robbed)}): " + "; ".join(robbed))
    print(f"  no grade at all ({len(stopped)}): " + "; ".join(stopped))


def _fenced(root: Path, *words: str) -> None:
    """Run stock nbgrader where it can spoil nothing but this course folder.

    It gives students' code the rights of whoever runs it, so all of it stands behind a fence: a
    machine that can only be read, with no network and no other processes.
    """
    fence = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/"]
    fence += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run"]
    fence += ["--bind", str(root), str(root), "--chdir", str(root), "--setenv", "HOME", str(root)]
    memory = 6 * 2**30
    run = [*fence, "prlimit", f"--as={memory}", "--nproc=2000", "--", sys.executable, "-m"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [*run, "nbgrader", *words],
            check=False,
            capture_output=True,
            env=environment(),
            timeout=90,
        )


# Too much for a machine without limits, fence or not: memory, processes, files, sockets, signals.
_TOO_DANGEROUS = {
    "kills everybody", "writes the gradebook", "disk fill", "background process", "links, pipes and devices",
    "notebook that is a pipe", "memory bomb", "raw output flood", "output flood", "picture flood", "100 MB notebook",
    "100,000 cells", "traces its parent", "function with a payload for pickle", "forged frames on every descriptor",
    "memory bomb in many processes", "fork bomb", "threads without end", "files without content", "pictures of 30 MB",
    "hands over descriptors", "reads other processes", "reads the course", "endless iterator", "endless credit",
    "endless range", "empty array without end", "huge array", "thousands of figures", "deep nesting",
}  # fmt: skip


def run() -> None:
    """Print all tables."""
    if shutil.which("bwrap") is None:
        print("\nGrading: bubblewrap is not installed (apt install bubblewrap); left out.")
        return
    with tempfile.TemporaryDirectory() as folder:
        before, peer, after = (Path(folder, name) for name in ("before", "peer", "after"))
        for root in (before, peer, after):
            write_class(root, BATCH)
        # Machines drift: this engine's time is the mean of a run before the peer and one after it.
        first, _ = ours(before)
        theirs = stock(peer)
        second, _ = ours(after)
        same = scores(peer) == scores(before) == scores(after)
        table(
            f"{BATCH} submissions with numpy, scipy, matplotlib and a figure; "
            f"scores {'equal' if same else 'DIFFERENT'}, {figures(before)} figures kept; "
            f"this engine {first:.1f} s before the peer, {second:.1f} s after it",
            [
                (
                    "grade the class, start-up included",
                    (first + second) / 2,
                    "nbgrader autograde",
                    theirs,
                    "bar >= 30x",
                )
            ],
        )
        sys.stdout.flush()
        time_split(after)
    print("\nsubmissions   seconds   per second   coordinator   whole tree   gradebook")
    last = (0, 0.0)
    for size in CLASSES[:2] if SHORT else CLASSES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write_class(root, size)
            seconds, memory = ours(root, watched=True)
            book = (root / "gradebook.db").stat().st_size
            print(
                f"{size:>11}{seconds:>10.1f}{size / seconds:>13.1f}{memory.coordinator / 2**20:>11.0f} MB"
                f"{memory.tree / 2**20:>10.0f} MB{book / 2**20:>9.1f} MB"
            )
            first_size, first_seconds = last
            rate = (size - first_size) / max(seconds - first_seconds, 1e-9)
            last = (size, seconds)
            per_book = book / size
    processors = len(os.sched_getaffinity(0))
    hours = 100_000 / rate / 3600
    print(
        f"100,000 by arithmetic: {hours:.1f} h on {processors} processors at {rate:.1f} per second, "
        f"{hours / 16 * processors:.2f} h on 16 alike; gradebook {100_000 * per_book / 2**30:.1f} GB; "
        "memory as above, per worker, since nothing is kept per submission but its summary"
    )
    if not SHORT:
        attacks_on_stock()
