"""A learner's copies are made once and never overwritten; newer lessons are laid beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from snrilab import __main__, installation, working_copy
from tests.conftest import ROOT, skip_or_fail


@pytest.fixture
def handed_out(tmp_path):
    """A small course as it is handed out: one lesson, one assignment, one folder for teachers."""
    course, release = tmp_path / "clone" / "course", tmp_path / "clone" / "release" / "ps2"
    release.mkdir(parents=True)
    (course / "teaching").mkdir(parents=True)
    (course / "02_lesson.ipynb").write_text("first [ps2](../release/ps2/ps2.ipynb)")
    (course / "teaching" / "guide.md").write_text("for teachers")
    (release / "ps2.ipynb").write_text("assignment")
    return course


def test_copies_are_made_and_lead_to_each_other(handed_out, tmp_path):
    mine = tmp_path / "mine"
    assert working_copy.update(handed_out, mine) == []
    assert (mine / "02_lesson.ipynb").read_text() == "first [ps2](ps2/ps2.ipynb)"
    assert (mine / "ps2" / "ps2.ipynb").read_text() == "assignment"
    assert not (mine / "guide.md").exists()
    assert not (mine / "teaching").exists()


@pytest.mark.parametrize("record", ["kept", "lost", "spoilt"])
def test_work_is_never_overwritten_and_a_newer_lesson_lies_beside_it_once(
    handed_out, tmp_path, record
):
    mine = tmp_path / "mine"
    working_copy.update(handed_out, mine)
    (mine / "02_lesson.ipynb").write_text("first, with my work")
    assert working_copy.update(handed_out, mine) == []
    (handed_out / "02_lesson.ipynb").write_text("second")
    if record == "lost":
        (mine / ".handed_out.json").unlink()
    if record == "spoilt":
        (mine / ".handed_out.json").write_text("[1, ")
    (sentence,) = [s for s in working_copy.update(handed_out, mine) if "02_lesson" in s]
    (newer,) = mine.glob("02_lesson (newer*.ipynb")
    assert newer.name in sentence
    assert newer.read_text() == "second"
    assert (mine / "02_lesson.ipynb").read_text() == "first, with my work"
    assert working_copy.update(handed_out, mine) == []
    (handed_out / "02_lesson.ipynb").write_text("third, the same day")
    working_copy.update(handed_out, mine)
    assert newer.read_text() == "second"
    assert len(list(mine.glob("02_lesson (newer*.ipynb"))) == 2


def test_who_deletes_a_copy_gets_a_fresh_one(handed_out, tmp_path):
    mine = tmp_path / "mine"
    working_copy.update(handed_out, mine)
    (mine / "02_lesson.ipynb").unlink()
    working_copy.update(handed_out, mine)
    assert (mine / "02_lesson.ipynb").is_file()


def test_git_does_not_see_a_learners_work():
    if not (ROOT / ".git").exists():
        skip_or_fail("not a git checkout")
    path = f"{working_copy.FOLDER}/02_binding_assays.ipynb"
    command = ["git", "check-ignore", "--quiet", path]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_wheel_brings_the_lessons_and_no_answers(tmp_path, monkeypatch):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        shared = [
            name.partition("/share/snrilab/")[2] for name in names if "/share/snrilab" in name
        ]
        archive.extractall(tmp_path / "unpacked")
    lessons = {path.name for path in ROOT.glob("course/*.ipynb")}
    assert {f"course/{name}" for name in lessons} < set(shared)
    assert "release/ps2_binding/ps2_binding.ipynb" in shared
    assert all(name.startswith(("course/", "release/")) for name in shared)
    assert not [name for name in names if "source/" in name or "teaching" in name]
    (prefix,) = (tmp_path / "unpacked").glob("*.data/data")
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setattr(installation, "__file__", str(tmp_path / "x" / "installation.py"))
    monkeypatch.chdir(tmp_path)
    folder = __main__._learners_desk()
    assert folder == tmp_path / working_copy.FOLDER
    assert (folder / "00_start.ipynb").is_file()


def test_settings_of_a_learner_come_before_those_of_the_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    settings, others = __main__._environment(teach=False)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (Path(settings) / "labconfig" / "page_config.json").is_file()
    assert others == __main__._environment(teach=True)["JUPYTER_CONFIG_PATH"] == str(tmp_path)
