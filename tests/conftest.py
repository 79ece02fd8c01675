"""What all tests share: where things are, and which parts this machine can run."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import hypothesis
import pytest

# A shared machine can be slow for a moment; that is no reason to fail a property. Nor does the same
# code pass today and fail tomorrow: new examples are looked for only where somebody asks for them,
# with `pytest --hypothesis-profile=search`.
hypothesis.settings.register_profile("snrilab", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, print_blob=True, max_examples=1000)
hypothesis.settings.load_profile("snrilab")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"  # outside reference values that the project may not carry


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay: looking through them for garbage takes a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)


# In CI nothing may hide behind a skip: what the machine should have is compulsory there.
COMPULSORY = os.environ.get("SNRILAB_REQUIRE_ALL") == "1"


def skip_or_fail(reason: str) -> None:
    """Skip with the reason; where every check is compulsory, fail instead."""
    if COMPULSORY:
        pytest.fail(reason)
    pytest.skip(reason)


def name_of(part: object) -> str:
    """Name a parameter of a test the same way in every process: functions by their name."""
    return getattr(part, "__name__", "")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of outside reference values that may not be copied into the project."""
    if not SHARED.is_dir():
        skip_or_fail("the outside reference values beside the project are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium for browser tests."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        skip_or_fail(
            "Chromium is not installed: browser tests need it (Debian: apt install chromium)"
        )
    return str(path)


@pytest.fixture(scope="session")
def browser(chromium):
    """Chromium without a window: one in each process, for lessons and for teachers' pages."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        skip_or_fail("playwright is not installed: pip install 'snrilab[dev]'")
    from tests.browser import lab

    with lab.running_browser(chromium) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_look_stumbles(monkeypatch):
    """A check goes on where one of its looks fails, for the learner's sake; a test does not."""
    from snrilab.feedback import _diagnosis, _memory

    _memory._watchers.clear()  # what earlier tests have shown would be drawn anew at each answer

    def heard(error):
        raise error

    monkeypatch.setattr(_diagnosis, "_stumbled", heard)
