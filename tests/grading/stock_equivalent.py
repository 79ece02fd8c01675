"""What stock nbgrader would give: all cells in one IPython session, nbgrader's own rule for points.

Running a kernel for each of 200 notebooks takes minutes; this takes the same cells, the same shell
and the same `determine_grade`. A sample is also graded by stock nbgrader itself.
"""

# ruff: noqa: E501 -- command lines

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any

from snrilab.grading.template import prepare

if TYPE_CHECKING:
    from snrilab.grading.template import Template

CELL_S = 5
# Each child would import them anew.
_ALL = ("IPython.core.interactiveshell", "IPython.utils.capture", "nbgrader.utils", "nbformat.v4")
_ALL += ("matplotlib.pyplot", "matplotlib_inline.backend_inline", "scipy.optimize", "anywidget")
_ALL += ("snrilab.feedback._check", "snrilab.feedback._widgets", "IPython.core.completer")
_ALL += ("IPython.core.completerlib", "IPython.core.magics.execution", "IPython.core.magics.pylab")
_ALL += ("IPython.core.oinspect", "IPython.utils.wildcard", "IPython.utils.module_paths", "bdb")


def stock_scores(source: str, data: bytes) -> dict[str, tuple[float | None, bool]]:
    """Return points per graded cell and whether only a warning cost them, in a process of its own."""
    for name in _ALL:
        importlib.import_module(name)
    _know_backends()
    template = _template(source)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            gc.freeze()  # collecting would copy all that is shared with the parent
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                json.dump(_grade(template, data), out)
        except BaseException:  # noqa: BLE001 -- printed; the parent sees no answer
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return {name: tuple(found) for name, found in json.loads(text).items()}


@functools.cache
def _know_backends() -> None:
    """Let matplotlib read once what is installed: `%matplotlib inline` asks for it."""
    from matplotlib.backends import backend_registry

    backend_registry.list_all()


@functools.cache
def _template(source: str) -> Template:
    """Read the teacher's notebook, and import what it imports."""
    template = prepare(source, "a", "a", {})
    for name in template.modules:
        with contextlib.suppress(ImportError):  # some are names in a module, some its own
            importlib.import_module(name)
    return template


def _grade(prepared: Template, data: bytes) -> dict[str, tuple[float | None, bool]]:
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from matplotlib import pyplot as plt
    from nbgrader.utils import determine_grade
    from traitlets.config import Config

    template = {c.identity: c for c in prepared.cells}
    notebook = nbformat.reads(data.decode(), as_version=4)
    sys.path.insert(0, "")  # as in a kernel: modules beside the notebook
    unkept = Config({"HistoryManager": {"enabled": False}})  # a data base for each cell
    shell = InteractiveShell.instance(config=unkept)
    shell.enable_gui = lambda gui=None: None
    # Half of the time went into drawing up what nobody reads.
    for drawn in ("showtraceback", "showsyntaxerror", "_format_exception_for_storage"):
        setattr(shell, drawn, lambda *_, **__: None)
    found: dict[str, tuple[float | None, bool]] = {}

    def late(signum: int, frame: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, late)
    for cell in notebook.cells:
        known = template.get(cell.id)
        if known is not None and known.role == "test":
            cell.source = known.master
        if cell.cell_type == "code":
            with capture_output() as shown:
                signal.alarm(CELL_S)
                result = shell.run_cell(cell.source, store_history=True)
                signal.alarm(0)
            plt.close("all")  # Jupyter's inline figures end with their cell
            cell.outputs = _outputs(shell, result, shown.stderr)
        if known is not None and known.role in {"test", "manual"}:
            cell.metadata = nbformat.from_dict(known.metadata)
            # SaveCells stored this checksum; OverwriteCells puts it back before grading.
            score, _ = determine_grade(cell)
            error = (
                any(o.output_type == "error" for o in cell.outputs) if "outputs" in cell else True
            )
            found[known.grade_id or ""] = (score, score == 0 and not error)
    return found


def _outputs(shell: Any, result: Any, stderr: str) -> list[Any]:
    from nbformat.v4 import new_output

    outputs = []
    if stderr:
        outputs.append(new_output("stream", name="stderr", text=stderr))
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        outputs.append(
            new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])
        )
    elif result.result is not None:
        data, _ = shell.display_formatter.format(result.result, include=["text/plain"])
        outputs.append(new_output("execute_result", data=data, execution_count=1))
    return outputs
