"""Read, run and take apart the project's notebooks.

`python -m tests.notebooks` prints how long each lesson takes to run, in processor time.
"""

from __future__ import annotations

import functools
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests import kernels
from tests.conftest import ROOT

COURSE = sorted((ROOT / "course").glob("*.ipynb"))
# Those with their answers declared beside them are this course's; others are a teacher's own.
DECLARED = {path.parent.name for path in (ROOT / "source").glob("*/answers.py")}
SOURCE = sorted(p for p in (ROOT / "source").glob("*/*.ipynb") if p.parent.name in DECLARED)
RELEASE = sorted(p for p in (ROOT / "release").glob("*/*.ipynb") if p.parent.name in DECLARED)
LESSONS = [path for path in COURSE if not path.name.startswith("00_")]
COLD = "02_binding_assays.ipynb"  # its kernel starts from nothing


def name(path: Path) -> str:
    """Short name of a notebook for test ids."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> Any:
    """Return the notebook at `path`."""
    return nbformat.read(path, as_version=4)


def markdown(path: Path) -> str:
    """Return all Markdown of a notebook as one text, code fences taken out."""
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def headings(path: Path) -> list[tuple[int, str]]:
    """Return (level, text) of each heading."""
    return [
        (len(marks), text.strip())
        for marks, text in re.findall(r"^(#{1,6})\s+(.+)$", markdown(path), flags=re.MULTILINE)
    ]


@dataclass
class Run:
    """What running a notebook gave, by cell id; and what widgets kept to themselves."""

    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    seconds: float = 0.0  # of processor time

    def said(self, cell: str) -> str:
        """Return everything that a cell printed or showed, as text."""
        shown = (data.get("text/plain", "") for data in self.outputs[cell])
        return "\n".join([self.printed[cell], *shown])


def run(path: Path) -> Run:
    """Run a notebook's code cells in a fresh namespace of an in-process IPython shell."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    shell.run_line_magic("cd", f"-q {path.parent}")
    result, start = Run(), time.process_time()
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        with capture_output() as captured:
            answer = shell.run_cell(cell.source, store_history=False)
        result.outputs[cell.id] = [output.data for output in captured.outputs]
        result.printed[cell.id] = captured.stdout + captured.stderr
        error = answer.error_before_exec or answer.error_in_exec
        if error is not None:
            result.errors[cell.id] = f"{type(error).__name__}: {error}"
    result.names = dict(shell.user_ns)
    result.hidden = hidden_widget_errors()
    result.seconds = time.process_time() - start
    return result


@functools.cache
def untouched(path: Path) -> Run:
    """Run a notebook as a learner has it who wrote nothing yet: once for all tests of a session."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNRILAB_PROGRESS", str(Path(folder) / "progress.json"))
        patch.chdir(path.parent)
        return run(path)


@functools.cache
def answered(path: Path) -> dict[str, str]:
    """Run a notebook with its worked answers in a kernel of its own, once for all tests.

    Returns what each code cell printed or showed as text; red lines are marked. Under "seconds"
    stands the processor time of the kernel.
    """
    import nbclient

    from snrilab.exercises import Exercise, declared, lessons

    things = (thing for module in lessons() for thing in declared(module).values())
    answers = {each.function_name: each for each in things if isinstance(each, Exercise)}
    notebook = read(path)
    clock = nbformat.v4.new_code_cell("import time\nprint(time.process_time())", id="seconds")
    notebook.cells.append(clock)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        written = re.match(r"def (\w+)\(", cell.source)
        if written and written[1] in answers:
            cell.source = answers[written[1]].code()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNRILAB_PROGRESS", str(Path(folder) / "progress.json"))
        for name, value in ({} if path.name == COLD else kernels.warm()).items():
            patch.setenv(name, value)
        there = {"metadata": {"path": str(path.parent)}}
        nbclient.NotebookClient(notebook, timeout=120, resources=there).execute()
    return {cell.id: "\n".join(map(_text, cell.outputs)) for cell in code}


def _text(output: Any) -> str:
    red = "RED " if output.get("name") == "stderr" else ""
    return f"{red}{output.get('text', '')}{output.get('data', {}).get('text/plain', '')}"


def hidden_widget_errors() -> list[str]:
    """Errors that widgets keep in their state, where nobody sees them."""
    import ipywidgets

    instances = ipywidgets.widgets.widget._instances.values()  # the registry has no public name
    return [
        "\n".join(output.get("traceback", [output.get("ename", "error")]))
        for widget in instances
        if isinstance(widget, ipywidgets.Output)
        for output in widget.outputs
        if output.get("output_type") == "error"
    ]


def main() -> None:
    """Print the seconds of each lesson: as it is handed out, and answered in a kernel."""
    sys.stdout.write(f"{'seconds of processor time':<32}{'untouched':>10}{'answered':>10}\n")
    for path in COURSE:
        times = untouched(path).seconds, float(answered(path)["seconds"])
        sys.stdout.write(f"{path.name:<32}" + "".join(f"{one:>10.1f}" for one in times) + "\n")


if __name__ == "__main__":
    main()
