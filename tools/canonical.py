"""The one form in which notebooks are kept: `python -m tools.canonical [--write] [files]`.

No outputs, no execution counts, metadata that names the kernel only, readable cell ids (the
grade_id for graded cells), complete nbgrader metadata, nbformat 4.5, sorted keys, indent 1. Without
files, all notebooks of `course/` and `source/` are looked at; `release/` is generated from them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("course", "source")
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
SLUG = re.compile(r"[a-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*")  # a unit keeps its case
UNREADABLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4,12})*")  # what editors make up
NBGRADER = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}


def notebooks() -> list[Path]:
    """Return all notebooks that are kept in canonical form."""
    return sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts and not _is_a_teachers(path)
    )


def _is_a_teachers(path: Path) -> bool:
    """Whether an assignment is none of this course's: those declare their answers beside it."""
    return path.is_relative_to(ROOT / "source") and not (path.parent / "answers.py").is_file()


def canonical(text: str) -> str:
    """Return the notebook `text` in canonical form."""
    notebook = nbformat.reads(text, as_version=4)
    taken: set[str] = set()
    cells = [_cell(cell, taken) for cell in notebook.cells]
    kept = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cell(cell: Any, taken: set[str]) -> dict[str, Any]:
    source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
    metadata: dict[str, Any] = {}
    if cell.metadata.get("tags"):
        metadata["tags"] = sorted(cell.metadata["tags"])
    graded = cell.metadata.get("nbgrader")
    if graded:
        wanted = NBGRADER | ({"points"} if graded.get("grade") or graded.get("task") else set())
        metadata["nbgrader"] = {key: graded[key] for key in wanted if key in graded}
    kept = {
        "cell_type": cell.cell_type,
        "id": _id(cell, source, taken),
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
    }
    if cell.cell_type == "code":
        kept |= {"execution_count": None, "outputs": []}
    return kept


def _id(cell: Any, source: str, taken: set[str]) -> str:
    """Return the grade_id, the present id when readable, or one made of the first words."""
    graded = cell.metadata.get("nbgrader", {}).get("grade_id")
    name = graded or cell.get("id", "")
    if not graded and (not SLUG.fullmatch(name) or UNREADABLE.fullmatch(name) or name in taken):
        words = re.findall(r"[a-z0-9]+", re.sub(r"<[^>]*>", " ", source.lower()))
        start = next((i for i, word in enumerate(words) if word[0].isalpha()), len(words))
        stem = "-".join(words[start : start + 5])[:50].strip("-") or cell.cell_type
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return str(name)


def problems(path: Path) -> list[str]:
    """Return what is not in order with one notebook, in words."""
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    found = []
    ids = [cell.get("id", "") for cell in notebook.cells]
    found += [f"cell id {i!r} is used twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    for cell in notebook.cells:
        found += [f"cell {cell.get('id')!r}: {what}" for what in _cell_problems(cell)]
    if not found and text != canonical(text):
        found.append("not in canonical form (outputs, metadata, spacing or key order)")
    return found


def _cell_problems(cell: Any) -> list[str]:
    found = []
    if not SLUG.fullmatch(cell.get("id", "")) or UNREADABLE.fullmatch(cell["id"]):
        found.append("the id is not a readable slug")
    if not cell.source.strip():
        found.append("the cell is empty")
    graded = cell.metadata.get("nbgrader")
    if graded is None:
        return found
    if graded.get("grade_id") != cell.get("id"):
        found.append(f"the id differs from the grade_id {graded.get('grade_id')!r}")
    missing = NBGRADER - set(graded)
    if graded.get("grade") and "points" not in graded:
        missing |= {"points"}
    if missing:
        found.append(f"nbgrader metadata lacks {', '.join(sorted(missing))}")
    if graded.get("schema_version") != 3:
        found.append(f"nbgrader schema_version is {graded.get('schema_version')!r}, not 3")
    if graded.get("grade") and not graded.get("solution") and not graded.get("locked"):
        found.append("a test cell must be locked")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Check or write; return 1 when something is (or was) not canonical."""
    parser = argparse.ArgumentParser(prog="python -m tools.canonical", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the notebooks in canonical form")
    parser.add_argument("files", nargs="*", type=Path, help="notebooks; all when left out")
    options = parser.parse_args(arguments)
    status = 0
    for path in options.files or notebooks():
        text = path.read_text(encoding="utf-8")
        if options.write and text != (form := canonical(text)):
            path.write_text(form, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path}: written\n")
        for problem in problems(path):
            sys.stdout.write(f"{path}: {problem}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
