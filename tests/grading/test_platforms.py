"""Every platform says the truth: what needs Linux says so, and the rest can be imported anywhere."""

# ruff: noqa: E501 -- programmes in strings

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

# What other people's packages bring is imported once for all platforms.
PACKAGES = """
import sys
sys.modules["rfc3987_syntax"] = None  # a grammar that takes a second to build, of no use here
import os, signal, socket, subprocess, multiprocessing, asyncio, tempfile, ctypes
import matplotlib.pyplot, IPython, nbgrader.apps, nbconvert.exporters, sqlalchemy.orm
statuses = {}
for PLATFORM in ("win32", "darwin"):
    sys.stderr.write(f"## {PLATFORM}\\n")
    sys.stderr.flush()
    child = os.fork()
    if not child:
        break
    statuses[PLATFORM] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
else:
    print(statuses)
    sys.exit()
"""
# What Windows lacks, and Macs in part; `os` loses it before anything of ours is imported.
ELSEWHERE = """
for name in ("pwd", "grp", "resource", "fcntl", "termios"):
    sys.modules[name] = None
for name in ("sched_getaffinity", "getuid", "fork", "getloadavg", "O_NOFOLLOW", "O_NONBLOCK",
             "O_CLOEXEC", "sched_setscheduler", "SCHED_IDLE", "geteuid"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGALRM", "SIGPROF", "setitimer"):
    delattr(signal, name)
delattr(socket, "AF_UNIX")
sys.platform = PLATFORM
class NoLibrary:
    def __init__(self, *args, **kwargs): raise TypeError("no C library by no name")
ctypes.CDLL = ctypes.PyDLL = NoLibrary
"""
ALL = """
import importlib, pkgutil
import snrilab.grading
for found in pkgutil.iter_modules(snrilab.grading.__path__):
    importlib.import_module(f"snrilab.grading.{found.name}")
for name in ("walls", "wire", "values"):
    importlib.import_module(f"snrilab.grading.jailed.{name}")
from traitlets.config import Config
from snrilab.grading.autograde import configure
configure(Config())
from snrilab.grading.limits import Budget, processors
assert processors() >= 1 and Budget().now().stretch >= 3
from snrilab.__main__ import main
sys.exit(main(["grade", "ps2_binding"]))
"""


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, tuple[int, str]]:
    """Return the exit status on each platform, and what was said there."""
    done = subprocess.run(
        [sys.executable, "-c", PACKAGES + ELSEWHERE + ALL],
        cwd=ROOT, env=os.environ | {"MPLBACKEND": "agg"}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    statuses = ast.literal_eval(done.stdout.strip().splitlines()[-1])
    _, *parts = done.stderr.split("## ")
    said = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}
    return {platform: (status, said[platform]) for platform, status in statuses.items()}


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_there_is_no_jail_it_is_said_in_one_sentence(
    elsewhere: dict[str, tuple[int, str]], platform: str
) -> None:
    status, said = elsewhere[platform]
    assert status == 2, said[-2000:]
    assert "needs Linux (on Windows: WSL 2" in said
    assert "Traceback" not in said


def test_without_the_extra_the_commands_say_what_to_install() -> None:
    hide = "import sys, importlib.util as u\nfind = u.find_spec\nu.find_spec = lambda n, p=None: None if n.partition('.')[0] in ('nbgrader', 'nbconvert') else find(n, p)\n"
    for command in ("grade", "report"):
        words = f"{hide}from snrilab.__main__ import main\nsys.exit(main(['{command}', 'x']))"
        done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)  # fmt: skip
        assert done.returncode == 2
        assert "pip install 'snrilab[classroom]'" in done.stderr
        assert "Traceback" not in done.stderr


LEARNERS = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, *others):
        if name.partition(".")[0] in ("nbgrader", "sqlalchemy", "alembic"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *o: None if name in ("nbgrader", "sqlalchemy") else find(name, *o)
from snrilab.__main__ import main
for words in (["check", "course/00_start.ipynb"], ["check", "ps1_synapse"], ["grade", "ps1_synapse"],
              ["inventory", "nowhere"], ["report", "ps1_synapse"], ["mark", "ps1_synapse"]):
    print(words[0], main(words), flush=True)
"""


def test_without_a_teachers_tools_each_command_says_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEARNERS], cwd=ROOT, env=os.environ | {"MPLBACKEND": "agg"},
        stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert [line for line in done.stdout.splitlines() if line[-2:] in (" 0", " 1", " 2")] == [
        "check 0", "check 2", "grade 2", "inventory 2", "report 2", "mark 2"
    ]  # fmt: skip
    assert done.stdout.count("pip install 'snrilab[classroom]'.") == 4
