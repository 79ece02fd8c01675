"""Every line of the attack list, on both ways in, with honest neighbours in the same batch."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.grading import assignments
from tests.grading.attacks import ATTACKS, FULL, MARK
from tests.grading.conftest import grade_here, nbgrader, scores_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snrilab.grading.classrun import Outcome

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
# One engine grades on both ways in; what uses up its whole time is tried twice on the slower one.
AUTOGRADED = [
    number
    for number, attack in enumerate(ATTACKS)
    if not attack.slow or attack.name in {"endless loop", "fork bomb"}
]
HONEST = [f"honest{n:02d}" for n in range(4)]
CONFIG = """
from snrilab.grading.autograde import configure
c = get_config()
configure(c)
c.GradeSafely.cell_seconds = 1.5
c.GradeSafely.submission_seconds = 7
c.GradeSafely.wide = 2
"""


def student(number: int) -> str:
    return f"s{number:03d}"


def hostile_course(root: Path, numbers: Iterable[int] = range(len(ATTACKS))) -> Path:
    """Write a course in which each attack is somebody's submission, with honest work between."""
    source = root / "source" / "receptor"
    source.mkdir(parents=True)
    (source / "receptor.ipynb").write_text(assignments.receptor())
    (root / "nbgrader_config.py").write_text(CONFIG)
    for number in numbers:
        ATTACKS[number].make(root / "submitted" / student(number) / "receptor", root)
    good = next(a for a in ATTACKS if a.name == "right work")
    for name in HONEST:
        good.make(root / "submitted" / name / "receptor", root)
    return root


def left_running() -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            )
        except OSError:
            continue
        if f"sleep {MARK}" in words:
            found.append(words)
    return found


@pytest.fixture(scope="module")
def graded(jail: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    root = hostile_course(tmp_path_factory.mktemp("hostile"))
    return root, grade_here(
        root, "receptor", cell_s=1.5, submission_s=7, wide=2, again=False, cold=True
    )


@pytest.fixture(scope="module")
def autograded(jail: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = hostile_course(tmp_path_factory.mktemp("nbgrader"), AUTOGRADED)
    graded = nbgrader(root, ["autograde", "receptor"], seconds=1200)
    told = nbgrader(root, ["generate_feedback", "receptor"], seconds=1200)
    return root, graded.stderr + told.stderr


Scores = Callable[[Path], dict[str, float]]


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Read a gradebook once for all students: nbgrader adds up each one's points anew."""
    return functools.cache(lambda root: scores_of(root, "receptor"))


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[a.name for a in ATTACKS])
def test_snrilab_grade(graded: tuple[Path, Outcome], scores: Scores, number: int) -> None:
    root, outcome = graded
    assert outcome.failed == {}
    found = scores(root)[student(number)]
    reasons = {
        v["grade_id"]: v["reason"]
        for g in outcome.graded
        if g.student == student(number)
        for r in g.notebooks.values()
        for v in r["verdicts"]
    }
    assert found == ATTACKS[number].earns, reasons


@pytest.mark.parametrize("number", AUTOGRADED, ids=[ATTACKS[n].name for n in AUTOGRADED])
def test_nbgrader_autograde(autograded: tuple[Path, str], scores: Scores, number: int) -> None:
    root, log = autograded
    assert scores(root).get(student(number)) == ATTACKS[number].earns, log[-3000:]


@pytest.mark.parametrize("way", ["graded", "autograded"])
def test_nobody_else_is_affected(way: str, scores: Scores, request: pytest.FixtureRequest) -> None:
    root, _ = request.getfixturevalue(way)
    found = scores(root)
    assert [found[name] for name in HONEST] == [FULL] * len(HONEST)


@pytest.mark.parametrize("way", ["graded", "autograded"])
def test_nothing_leaks_and_nothing_is_left(way: str, request: pytest.FixtureRequest) -> None:
    root, _ = request.getfixturevalue(way)
    attacks = ATTACKS if way == "graded" else AUTOGRADED
    assert left_running() == []
    notebooks = list((root / "autograded").rglob("*.ipynb"))
    assert len(notebooks) == len(attacks) + len(HONEST)
    for path in notebooks:
        for cell in json.loads(path.read_text())["cells"]:
            shown = json.dumps(cell.get("outputs", []))
            assert "LEAK" not in shown, (path, shown[:500])
            assert "must raise a ValueError" not in shown or "test_occupancy" in cell["id"]
            assert len(shown) < 6_000_000
    assert not (root / "autograded" / "x").exists()
    assert not Path("/tmp/pwned").exists()


def test_no_active_content_reaches_a_browser(autograded: tuple[Path, str]) -> None:
    root, log = autograded
    number = next(n for n, a in enumerate(ATTACKS) if a.name == "active content")
    pages = list((root / "feedback" / student(number)).rglob("*.html"))
    assert [p.name for p in pages] == ["receptor.html"], log[-2000:]
    assert not list((root / "autograded" / student(number)).rglob("evil.html"))
    from tests.grading.browsers_eye import active_parts, render_as_formgrader

    page = pages[0].read_text()
    assert active_parts(page) == []
    assert "default-src 'none'" in page
    graded = root / "autograded" / student(number) / "receptor" / "receptor.ipynb"
    assert active_parts(render_as_formgrader(graded), own_scripts=True) == []


def test_hidden_tests_stay_hidden(autograded: tuple[Path, str]) -> None:
    root, _ = autograded
    pages = list((root / "feedback").rglob("*.html"))
    assert len(pages) == len(AUTOGRADED) + len(HONEST)
    for path in pages:
        # The page's fingerprint has digits by chance.
        page = re.sub(r'<meta name="[\w-]+" content="[0-9a-f]+">', "", path.read_text())
        for secret in ("BEGIN HIDDEN", "conc + 2.5", "binding prefers SERT'", "1e6"):
            assert secret not in page, (path, secret)
