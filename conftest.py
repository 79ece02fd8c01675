"""What tests and doctests share: nothing is recorded about the person who runs them."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

# jsonschema checks international web addresses with it, where it is there; building its grammar
# takes each process two seconds, and no notebook is checked with it.
sys.modules.setdefault("rfc3987_syntax", None)

# What tests write lies in memory where there is room: a gradebook waits for a disk at each commit.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 -- pytest makes a folder of its own in it
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("TMPDIR", str(MEMORY))
    tempfile.tempdir = None  # pytest has asked before


# Files that take longest, longest first: whoever ends last should not do so alone.
LONG = [f"tests/{name}.py" for name in (
    "browser/test_explorers", "browser/test_site", "grading/test_class", "grading/test_attacks",
    "grading/test_idioms", "test_diagnosis", "grading/test_intake", "test_assignments",
    "classroom/test_term", "classroom/test_guide",
    "grading/test_gate", "grading/test_same_as_stock", "grading/test_ps2_binding", "test_course",
    "grading/test_inside", "test_types", "grading/test_walls", "grading/test_ps1_synapse",
    "grading/test_sandboxes", "grading/test_commands", "grading/test_honest", "test_command_line",
    "test_binding_fit", "test_explore",
)]  # fmt: skip


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest; within a file all stays in its order."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep each file together, and all of the browser: they share one JupyterLab and one page.

    The site needs neither.
    """
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            alone = file == "tests/browser/test_site.py"
            return "tests/browser" if file.startswith("tests/browser/") and not alone else file

    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def progress_of_nobody(tmp_path_factory):
    """Keep what lessons record about a learner away from the person who runs the tests."""
    path = tmp_path_factory.mktemp("progress") / "progress.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNRILAB_PROGRESS", str(path))
        yield


@pytest.fixture(autouse=True)
def progress_of_a_reader(request):
    """Start each example of a docstring without what tests have done before it."""
    if isinstance(request.node, pytest.DoctestItem):
        path = request.getfixturevalue("tmp_path") / "progress.json"
        request.getfixturevalue("monkeypatch").setenv("SNRILAB_PROGRESS", str(path))
