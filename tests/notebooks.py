"""Read, run and take apart the project's notebooks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COURSE = sorted((ROOT / "course").glob("*.ipynb"))
# Those that declare their answers beside the notebook are this course's; others are a teacher's own.
DECLARED = {path.parent.name for path in (ROOT / "source").glob("*/answers.py")}
SOURCE = sorted(p for p in (ROOT / "source").glob("*/*.ipynb") if p.parent.name in DECLARED)
RELEASE = sorted(p for p in (ROOT / "release").glob("*/*.ipynb") if p.parent.name in DECLARED)
LESSONS = [path for path in COURSE if not path.name.startswith("00_")]


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
    """What running a notebook gave: outputs by cell id, and errors by cell id."""

    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


def run(path: Path) -> Run:
    """Run a notebook's code cells in a fresh namespace of an in-process IPython shell."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    shell.run_line_magic("cd", f"-q {path.parent}")
    result = Run()
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
    return result


def hidden_widget_errors() -> list[str]:
    """Errors that widgets keep in their state, where nobody sees them."""
    import ipywidgets

    instances = ipywidgets.widgets.widget._instances.values()  # the registry has no public name
    hidden = [
        "\n".join(output.get("traceback", [output.get("ename", "error")]))
        for widget in instances
        if isinstance(widget, ipywidgets.Output)
        for output in widget.outputs
        if output.get("output_type") == "error"
    ]
    return hidden + [widget.reading for widget in instances if getattr(widget, "failed", False)]
