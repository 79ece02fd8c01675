"""The commands by themselves: what they print, and their exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from snrilab import __main__
from snrilab.grading import jail as jails
from snrilab.grading.classrun import Outcome
from snrilab.grading.doctor import examine
from tests.grading import assignments
from tests.grading.conftest import write_course


def run(*words: str) -> int:
    return __main__.main([*words])


def small(root: Path, **works: bytes) -> Path:
    source = assignments.cohort()
    return write_course(
        root, {"cohort": source}, {student: {"cohort": work} for student, work in works.items()}
    )


@pytest.mark.sandbox
def test_grade_then_report(
    tmp_path: Path,
    jail: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = assignments.cohort()
    root = small(tmp_path, ann=source.encode(), bob=assignments.submit(source), eve=b"{")
    assert run("grade", "cohort", "--course", str(root)) == 1, "eve's work waits for a person"
    shown = capsys.readouterr()
    assert "3 graded, 0 up to date, 0 not graded" in shown.out
    waiting, _, _ = shown.out.partition("Worth a look")
    assert "WAITING FOR A PERSON" in waiting
    assert "eve: the file is not a whole notebook: its JSON is cut off" in waiting
    assert "3/3" in shown.err
    with monkeypatch.context() as patch:  # nothing new: no worker is started for that
        patch.setattr("snrilab.grading.worker_pool.start_workers", None)
        assert run("grade", "cohort", "--course", str(root)) == 1, "she still does"
    shown = capsys.readouterr()
    assert "0 graded, 3 up to date" in shown.out
    assert "WAITING FOR A PERSON, not decided by machine (1):\n  eve: the file is not" in shown.out
    assert run("grade", "cohort", "--course", str(root), "--student", "zoe") == 1
    assert "zoe: has submitted nothing" in capsys.readouterr().out
    assert run("report", "cohort", "--course", str(root)) == 0
    assert (root / "report_cohort.html").is_file()
    assert run("report", "nothing", "--course", str(root)) == 2


def test_an_assignment_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "source").mkdir()
    assert run("grade", "nothing", "--course", str(tmp_path)) == 2
    assert "there is no teacher's notebook" in capsys.readouterr().err


def test_a_gradebook_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small(tmp_path)
    (root / "bad.db").write_text("no database " * 100)
    for url in ("nonsense", f"sqlite:///{root}/bad.db"):
        for command in ("grade", "report"):
            assert run(command, "cohort", "--course", str(root), "--db", url) == 2
            shown = capsys.readouterr().err
            assert "gradebook" in shown
            assert "SELECT" not in shown


@pytest.mark.parametrize("closed", ["autograded", ""])
def test_a_folder_that_cannot_be_written_is_said_before_anybody_is_graded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    closed: str,
) -> None:
    root = small(tmp_path, ann=assignments.submit(assignments.cohort()))
    (root / "autograded").mkdir()
    # Nothing is closed to root, who runs some of these tests.
    may = os.access
    monkeypatch.setattr(os, "access", lambda f, *how: Path(f) != root / closed and may(f, *how))
    assert run("grade", "cohort", "--course", str(root), "--quiet") == 2
    assert f"{root / closed} cannot be written." in capsys.readouterr().err
    assert list((root / "autograded").iterdir()) == []


@pytest.mark.parametrize("shared", [False, True])
def test_a_course_of_several_teachers_stays_open_to_all_of_them(
    tmp_path: Path, shared: bool
) -> None:
    """``CourseDirectory.groupshared``: who is of the group may write what another has graded."""
    from datetime import datetime

    from snrilab.grading.classrun import write_notebooks
    from snrilab.grading.course import open_course
    from snrilab.grading.gradebook import Graded

    root = small(tmp_path)
    (root / "nbgrader_config.py").write_text(f"get_config().CourseDirectory.groupshared = {shared}")
    part = {"notebook": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}
    when = datetime(2026, 11, 20, 10)  # noqa: DTZ001 -- as nbgrader keeps times
    graded = Graded("ann", "s", "t", when, {"cohort": part}, [], 0.0)
    before = os.umask(0o077)
    try:
        write_notebooks(open_course(root), "cohort", graded)
    finally:
        os.umask(before)
    folder = root / "autograded" / "ann" / "cohort"
    found = {path.name: path.stat().st_mode & 0o2070 for path in (folder, folder.parent)}
    files = {path.name: path.stat().st_mode & 0o020 for path in folder.iterdir()}
    assert set(files) == {"cohort.ipynb", "timestamp.txt"}
    assert set(found.values()) == ({0o2070} if shared else {0}), found
    assert set(files.values()) == ({0o020} if shared else {0}), files


def test_without_a_jail_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fail closed: a PATH without bubblewrap, as on a machine that does not have it."""
    marker = tmp_path / "ran"
    work = assignments.submit(assignments.cohort(), plan=f"open({str(marker)!r}, 'w')")
    root = small(tmp_path / "course", ann=work)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert run("grade", "cohort", "--course", str(root), "--quiet") == 2
    assert "bubblewrap (bwrap) is not installed" in capsys.readouterr().err
    assert not marker.exists()
    assert not (root / "autograded").exists()
    findings = {f.what: f for f in examine(root)}
    assert findings["bubblewrap"].state == "MISSING"
    assert findings["jail"].state == "MISSING"
    assert run("doctor", "--course", str(root)) == 1
    if sys.platform == "linux":
        # Only in so many words.
        words = ("grade", "cohort", "--course", str(root), "--quiet", "--trust-submissions")
        assert run(*words) == 0
        assert "WITHOUT a jail" in capsys.readouterr().err
        assert marker.exists()


@pytest.mark.parametrize(
    "words", [["--workers", "0"], ["--cell-seconds", "nan"], ["--workers", "x"]]
)
def test_impossible_options(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("grade", "a", *words)
    capsys.readouterr()


def test_root_is_never_the_user_of_the_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SNRILAB_JAIL_USER", "root")
    with pytest.raises(jails.JailError, match="must not be root"):
        jails.unprivileged()
    monkeypatch.delenv("SNRILAB_JAIL_USER")
    assert jails.unprivileged() == (65534, 65534)


def test_what_waits_is_said_in_words() -> None:
    from snrilab.grading.commands import _as_graded, _stands
    from snrilab.grading.gradebook import Graded

    verdicts = [{"score": 84.0, "points": 84.0}, {"score": None, "points": 16.0}]
    for listed, held, said in (
        (verdicts, [], "84 of 100 (1 answer waits for a mark, worth 16)"),
        (verdicts[:1], [], "84 of 84"),
        (verdicts[1:], ["a web page"], "of 16: no points yet, not read, waits for you"),
    ):
        one = Graded("ann", "s", "t", None, {"a": {"verdicts": listed}}, [], 0.0, held)
        assert _stands(one, _as_graded(Outcome(graded=[one]))["ann"]) == said


@pytest.mark.parametrize(("number", "lines"), [(40, 40), (41, 0)])
def test_points_are_listed_of_a_class_and_not_of_a_crowd(
    capsys: pytest.CaptureFixture[str], number: int, lines: int
) -> None:
    from snrilab.grading.commands import _as_graded, _summary
    from snrilab.grading.gradebook import Graded

    part = {"a": {"verdicts": [{"grade_id": "t", "score": 1.0, "points": 1.0, "reason": ""}]}}
    outcome = Outcome([Graded(f"s{n:02d}", "s", "t", None, part, [], 0.0) for n in range(number)])
    _summary(outcome, "ps2", {}, _as_graded(outcome), dry_run=False)
    said = capsys.readouterr().out
    assert said.count("1 of 1") == lines
    assert ("The points of each are in the report: snrilab report ps2" in said) == (lines == 0)


def test_what_is_odd_about_a_time_is_said_of_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    from snrilab.grading.commands import SHOWN, _summary
    from snrilab.grading.gradebook import Graded

    part = {"a": {"verdicts": [{"grade_id": "t", "score": 1.0, "points": 1.0, "reason": ""}]}}
    facts = ["timestamp.txt holds no possible time", "cell t was changed"]
    outcome = Outcome([Graded(f"s{n}", "s", "t", None, part, facts, 0.0) for n in range(SHOWN + 3)])
    before = [("graded before", "timestamp.txt says another time")]  # and it is not graded again
    _summary(outcome, "ps2", {}, {}, dry_run=False, earlier_times=before)
    times, _, odd = capsys.readouterr().out.partition("Worth a look")
    assert f"TIMES, look at each ({SHOWN + 4}):\n  graded before: timestamp.txt says" in times
    assert (times.count("no possible time"), odd.count("no possible time")) == (SHOWN + 3, 0)
    assert (odd.count("was changed"), "and 3 more" in odd) == (SHOWN, True)


def test_one_engine_for_a_gradebook_in_a_file_reads_the_file_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbgrader.api
    from nbgrader.api import Gradebook

    from snrilab.grading.gradebook import open_quickly

    for name in ("create_engine", "get_alembic_version"):  # as they are, afterwards
        monkeypatch.setattr(nbgrader.api, name, getattr(nbgrader.api, name))
    open_quickly()
    path = tmp_path / "gradebook.db"
    url = f"sqlite:///{path}"
    with Gradebook(url) as book:
        first = book.engine
        book.add_student("anna")
    path.rename(tmp_path / "kept.db")
    with Gradebook(url) as book:
        assert book.engine is first
        assert book.students == []
        book.add_student("ben")
        (tmp_path / "kept.db").replace(path)
    with Gradebook(url) as book:
        assert [one.id for one in book.students] == ["anna"]
    for other in ("sqlite://", "sqlite:///:memory:"):
        with Gradebook(other) as one, Gradebook(other) as two:
            one.add_student("anna")
            assert two.students == []
