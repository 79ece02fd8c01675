"""Notebooks are kept in one form, and the tool that puts them there can be trusted."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import canonical

FILES = canonical.notebooks()


def test_there_are_notebooks_to_look_at():
    assert {path.parent.name for path in FILES} >= {"course", "ps2_binding"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_notebook_is_canonical(path):
    assert not canonical.problems(path), "run: python -m tools.canonical --write"


def messy(**nbgrader):
    code = new_code_cell("\nx = 1   \n\n", execution_count=3, id="0a1b2c3d")
    code.outputs = [new_output("stream", text="1")]
    code.metadata = {"collapsed": False, "tags": ["b", "a"]}
    if nbgrader:
        code.metadata["nbgrader"] = {"checksum": "f00", **nbgrader}
    notebook = new_notebook(cells=[code, new_markdown_cell("## What it *shows*", id="4d5e6f70")])
    notebook.metadata = {"language_info": {"version": "3.11"}, "authors": ["me"]}
    return notebook


def test_writing_cleans_and_changes_nothing_the_second_time(tmp_path, capsys):
    path = tmp_path / "messy.ipynb"
    nbformat.write(messy(), path)
    assert canonical.main([str(path)]) == 1
    assert canonical.main(["--write", str(path)]) == 0
    text = path.read_text()
    kept = json.loads(text)
    assert kept["metadata"] == canonical.KERNEL
    code, words = kept["cells"]
    assert (code["id"], words["id"]) == ("x-1", "what-it-shows")
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert code["source"] == ["x = 1"]
    assert code["metadata"] == {"tags": ["a", "b"]}
    assert text.endswith("}\n")
    assert text.startswith('{\n "cells": [\n')
    assert canonical.canonical(text) == text
    capsys.readouterr()
    assert canonical.main([str(path)]) == 0
    assert capsys.readouterr().out == ""
    nbformat.validate(nbformat.reads(text, as_version=4))


def test_a_graded_cell_is_called_by_its_grade_id_and_keeps_complete_metadata(tmp_path):
    graded = {
        "schema_version": 3,
        "grade_id": "test-x",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 5,
    }
    path = tmp_path / "graded.ipynb"
    path.write_text(canonical.canonical(nbformat.writes(messy(**graded))))
    assert not canonical.problems(path)
    cell = json.loads(path.read_text())["cells"][0]
    assert cell["id"] == "test-x"
    assert cell["metadata"]["nbgrader"] == graded


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": None}, "lacks points"),
        ({"schema_version": 2}, "schema_version is 2"),
        ({"task": None}, "lacks task"),
        ({"locked": False}, "must be locked"),
    ],
)
def test_incomplete_grading_metadata_is_named(tmp_path, change, words):
    graded = {
        "schema_version": 3,
        "grade_id": "test-x",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 5,
    } | change
    graded = {key: value for key, value in graded.items() if value is not None}
    path = tmp_path / "graded.ipynb"
    path.write_text(canonical.canonical(nbformat.writes(messy(**graded))))
    assert any(words in problem for problem in canonical.problems(path))


def test_two_cells_with_the_same_words_get_different_ids():
    notebook = new_notebook(
        cells=[new_markdown_cell("Why?", id=name) for name in ("11111111", "22222222")]
    )
    ids = [
        cell["id"] for cell in json.loads(canonical.canonical(nbformat.writes(notebook)))["cells"]
    ]
    assert ids == ["why", "why-2"]


def test_the_name_of_a_function_keeps_the_case_of_its_unit(tmp_path):
    cell = new_code_cell("def unbound_nM():\n    return 1", id="unbound_nM")
    graded = {"grade": False, "solution": True, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {"grade_id": "unbound_nM", "schema_version": 3, **graded}
    text = canonical.canonical(nbformat.writes(new_notebook(cells=[cell])))
    assert json.loads(text)["cells"][0]["id"] == "unbound_nM"
    path = tmp_path / "unit.ipynb"
    path.write_text(text)
    assert canonical.problems(path) == []
