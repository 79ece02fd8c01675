"""Where notebooks of tests get their kernels: from one process that is ready (`warm_kernel.py`)."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

PROGRAM = ROOT / "tests" / "warm_kernel.py"


@functools.cache
def warm() -> dict[str, str]:
    """Return the environment variable that lets Jupyter find these kernels under `python3`."""
    if sys.platform != "linux":
        return {}
    stand_in = ready([str(PROGRAM), "--serve"])
    folder = Path(stand_in[-1]).parent
    argv = [*stand_in, "-f", "{connection_file}"]
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
    others = os.environ.get("JUPYTER_PATH")
    return {"JUPYTER_PATH": os.pathsep.join(filter(None, [str(folder), others]))}


def ready(programme: list[str], **environment: str) -> list[str]:
    """Start what makes copies of itself; return the command whose process stands for a copy."""
    folder = Path(tempfile.mkdtemp(prefix="kernels-"))
    address = str(folder / "door")
    server = subprocess.Popen(
        [sys.executable, *programme, address],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    atexit.register(_close, server, folder)
    assert server.stdout is not None
    if server.stdout.readline() != b"ready\n":
        raise RuntimeError(f"{programme[0]} did not start")
    return [sys.executable, "-S", "-E", str(PROGRAM), address]


def _close(server: subprocess.Popen[bytes], folder: Path) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.close()
    server.stdout.close()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)
