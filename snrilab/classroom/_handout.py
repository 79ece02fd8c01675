"""The folder that a class gets: lessons, assignments as students see them, the library, a way in.

Runs in the coordinator. What is not named here does not travel: neither `source/`, nor the grading
engine, nor what is written for teachers.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path  # noqa: TC003 -- a NamedTuple's types are looked up
from typing import NamedTuple

from snrilab.classroom._gradebook import ClassroomError

MARK = ".handout"  # a folder with it was made here, and may be made anew
LEFT_AT_HOME = ("grading", "classroom", "__pycache__")
NEEDED = (
    "LICENSE", "pyproject.toml", "requirements.lock", "tools/uv.lock", "tools/hatch_build.py",
)  # fmt: skip
_RULE = re.compile(r"(?m)^([^\s#=:][^=:\n]*):(?!=)")
_RULES = {"lab", "clean", ".PHONY", "$(VENV)/.lab"}
_OTHERS = re.compile(r"# One more|AT_ONCE|ifneq \(\$\(filter bench")

README = """# How antidepressants work, and how would you know?

A course in Jupyter notebooks: lessons with sliders and questions, and assignments.

You need Python 3.11 or newer. In this folder:

```sh
make lab
```

The first time this sets up what is needed, inside this folder. Without make (Windows):

```bat
{windows}
```

Your own copies of lessons and assignments are in the folder `my_course/`; they are yours to change.
What you write stays on your computer.

Hand in the notebook of an assignment as your teacher says it, under its own name
({names}).

The checks in the lessons know the answers of the lessons, and these are readable in
`snrilab/exercises/`. Of the assignments nothing is in this folder but what you see in them.
"""


class Handout(NamedTuple):
    """What was handed out."""

    folder: Path
    lessons: list[str]
    assignments: list[str]


def hand_out(root: Path, folder: Path, wanted: list[str] | None = None) -> Handout:
    """Make the folder that a class gets.

    Parameters
    ----------
    root : Path
        A clone of the project, with your own assignments in ``release/``.
    folder : Path
        The folder to make: new or empty, or one that was made here before.
    wanted : list of str, optional
        Names of assignments; all of ``release/`` where it is empty.
    """
    root, folder = root.resolve(), folder.resolve()
    missing = [name for name in (*NEEDED, "course", "snrilab", "Makefile") if not _is(root, name)]
    if missing:
        raise ClassroomError(f"{root} is no clone of the project: it lacks {', '.join(missing)}.")
    assignments = _assignments(root, wanted or [])
    _refuse_wrong_place(root, folder)
    if (folder / MARK).is_file():
        for path in folder.iterdir():
            # What a teacher tried out in it stays.
            if path.name in {"course", "release", "snrilab"} and path.is_dir():
                shutil.rmtree(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by snrilab handout.\n", "utf-8")
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, folder / name)
    lessons = sorted(path.name for path in (root / "course").glob("*.ipynb"))
    (folder / "course").mkdir()
    for name in lessons:
        shutil.copyfile(root / "course" / name, folder / "course" / name)
    for name in assignments:
        _copy_release(root, folder, name)
    shutil.copytree(
        root / "snrilab", folder / "snrilab", ignore=shutil.ignore_patterns(*LEFT_AT_HOME, "*.pyc")
    )
    (folder / "Makefile").write_text(_makefile((root / "Makefile").read_text("utf-8")), "utf-8")
    (folder / "README.md").write_text(_readme(root, assignments), "utf-8")
    return Handout(folder, lessons, assignments)


_SOLUTION = re.compile(r"(?s)### BEGIN SOLUTION(.*?)### END SOLUTION")
_SAYS_MUCH = 25  # letters of a line that two people do not write alike


def shown_answers(root: Path, wanted: list[str]) -> list[tuple[str, str, int]]:
    """Say which assignment's answers stand in what students get of another one.

    Parameters
    ----------
    root : Path
        A course folder.
    wanted : list of str
        The assignments that are handed out.

    Returns
    -------
    list of tuple
        ``(assignment, where its answers stand, lines of code)``.
    """
    answers = {
        folder.name: {
            line
            for block in _SOLUTION.findall(_code(folder))
            for line in map(str.strip, block.splitlines())
            if len(line) > _SAYS_MUCH and not line.startswith("#")
        }
        for folder in sorted(root.glob("source/*"))
    }
    given = {
        folder.name: set(map(str.strip, _code(folder).splitlines()))
        for folder in root.glob("release/*")
    }
    found = []
    for earlier, lines in answers.items():
        for later in wanted:
            seen = lines & given.get(later, set()) - given.get(earlier, set())
            if earlier != later and seen:
                found.append((earlier, later, len(seen)))
    return found


def _code(folder: Path) -> str:
    texts = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"]
            texts += ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
        except (ValueError, KeyError, TypeError):
            continue  # `snrilab check` says what is wrong with it
    return "\n".join(texts)


def _is(root: Path, name: str) -> bool:
    return (root / name).exists()


def _refuse_wrong_place(root: Path, folder: Path) -> None:
    if root == folder or folder in root.parents:
        raise ClassroomError(f"{folder} holds the course itself: name a new folder.")
    inside = folder.is_relative_to(root) and folder.relative_to(root).parts[0]
    if inside in {"course", "release", "source", "snrilab", "tools", "tests", "submitted"}:
        raise ClassroomError(f"{folder} lies within {inside}/: name a folder beside the course.")
    if folder.exists() and not folder.is_dir():
        raise ClassroomError(f"{folder} is a file.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise ClassroomError(f"{folder} is not empty, and was not made by snrilab handout.")


def _assignments(root: Path, wanted: list[str]) -> list[str]:
    there = sorted(path.parent.name for path in root.glob("release/*/*.ipynb"))
    there = list(dict.fromkeys(there))
    unknown = [name for name in wanted if name not in there]
    if unknown:
        made = "make release" if (root / "source" / unknown[0] / "answers.py").is_file() else (
            f"nbgrader generate_assignment {unknown[0]}"
        )  # fmt: skip
        raise ClassroomError(f"there is no release/{unknown[0]}: {made}")
    return wanted or there


def _copy_release(root: Path, folder: Path, name: str) -> None:
    """Copy what students get of an assignment; a release that shows an answer is refused."""
    for path in sorted((root / "release" / name).rglob("*")):
        place = path.relative_to(root)
        if (
            path.is_dir()
            or path.is_symlink()
            or any(p.startswith((".", "__")) for p in place.parts)
        ):
            continue
        if path.name == "answers.py" or b"BEGIN HIDDEN TESTS" in path.read_bytes():
            raise ClassroomError(f"{place} is not for students: make the release anew.")
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / place)


def _makefile(text: str) -> str:
    """Leave out of the Makefile what only teachers and builders use."""
    blocks = re.split(r"\n\n+", text.strip())
    kept = [
        re.sub(r"^\.PHONY: lab .*", ".PHONY: lab clean", block)
        for block in blocks
        if set(_RULE.findall(block)) <= _RULES and not _OTHERS.match(block)
    ]
    kept[0] = "# make lab opens the course. It installs what it needs first, in this folder." + (
        "\n" + "\n".join(line for line in kept[0].splitlines() if not line.startswith("#"))
    ).rstrip("\n")
    return "\n\n".join(kept) + "\n"


def _readme(root: Path, assignments: list[str]) -> str:
    whole = (root / "README.md").read_text("utf-8")
    block = re.search(r"```bat\n(.*?)\n```", whole, flags=re.DOTALL)
    names = ", ".join(f"`{name}.ipynb`" for name in assignments[:3]) or "as it is called"
    names += " and so on" if len(assignments) > 3 else ""
    return README.format(windows=block[1] if block else "py -m snrilab lab", names=names)
