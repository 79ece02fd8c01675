"""Lay out Python for the browser, so that a lesson starts soon.

The packages are not handed out as they come: opened one after the other, each with all its compiled
parts, they take most of the time of a start, and Python would compile their text anew each time. So
Python is started here once and imports what the course imports. That goes, as bytecode, into one
archive, SciPy into a second, and what nobody asked for into a third. The page's program lays the
first out before Python starts (`in_browser/start.js`), and in a worker of its own it starts before
JupyterLab does; `in_browser/sitecustomize.py` opens the others.
"""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.site.lessons import ROOT

HERE = Path(__file__).resolve().parent
IN_BROWSER = HERE / "in_browser"
# What JupyterLite's kernel would install, in one version or another, if it were not told that
# it is there.
ASKED_FOR = (
    "micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel",
    "pyodide-kernel", "jedi", "ipython",
)  # fmt: skip
NEEDED = ("ipython", "micropip", "numpy", "scipy", "matplotlib", "sqlite3")
KERNEL = ("pyodide_kernel", "piplite", "ipykernel")  # wheels inside the kernel's own wheel
OWN = {  # wheels beside Pyodide's own: what each needs of the others and of those
    "snrilab": ("numpy", "scipy", "matplotlib", "ipywidgets", "anywidget", "lazy-loader"),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "psygnal": (),
    "comm": ("traitlets",),
    "lazy-loader": ("packaging",),
    "typing-extensions": (),
}
# Left out: completions come from the live objects, which is quicker than jedi's reading of texts.
UNUSED = ("jedi", "parso", "pytz", "matplotlib-pyodide")
_NOT_READ = re.compile(
    r"(^|/)(tests?|sample_data|mpl-data/images|afm|pdfcorefonts)/|\.(pyi|pxd|h|c|lib|a|map)$"
    r"|\.data/|\.dist-info/(?!METADATA|entry_points\.txt)"
)
DATE = 1980, 1, 1, 0, 0, 0  # the same archive from the same files
# Imported before JupyterLab asks for Python, in this order.
EARLY = (
    "piplite.piplite", "pyodide_kernel", "numpy", "matplotlib.figure",
    "matplotlib.backends.backend_agg", "ipywidgets", "anywidget", "snrilab.evidence",
    "snrilab.explore", "snrilab.feedback", "snrilab.plots",
)  # fmt: skip


class UnavailableError(RuntimeError):
    """A part that this machine cannot get."""


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


def run(*command: str | Path, **more: Any) -> None:
    """Run a program; what it says when it fails is the reason."""
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, text=True, check=False, **more
    )
    if done.returncode:
        said = (done.stderr + done.stdout).strip()[-900:]
        raise UnavailableError(f"{' '.join(map(str, command[:4]))} …: {said}")


def npm_package(folder: Path, name: str, version: str, sha512: str) -> Path:
    """Return the archive of an npm package, fetched once and checked against its hash."""
    archive = folder / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
    if not archive.is_file():
        if shutil.which("npm") is None:
            raise UnavailableError(f"npm is not installed: {name} is an npm package")
        folder.mkdir(parents=True, exist_ok=True)
        run("npm", "pack", "--silent", f"{name}@{version}", cwd=folder)
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != sha512:
        raise UnavailableError(f"{archive.name} is not what it was: sha512-{found}")
    return archive


def lay_out(folder: Path, work: Path, own: dict[str, Path], stack: Stack) -> None:
    """Lay out Pyodide, the packages that the course needs, and the list of them.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder of the laboratory.
    work : pathlib.Path
        Where ``fetched`` is, and where what was made is kept.
    own : dict of pathlib.Path
        The wheels of `OWN`.
    stack : Stack
        Whose versions these are.
    """
    fetched, made = work / "fetched", work / "python"
    parts = [Path(__file__), *sorted(IN_BROWSER.glob("*.*"))]
    parts += [*own.values(), HERE / f"{stack.name}.lock", *_notebooks()]
    seal = hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
    done = made / "done"
    if not done.is_file() or done.read_text() != seal:
        shutil.rmtree(made, ignore_errors=True)
        (made / "plain").mkdir(parents=True)
        _make(made, fetched, own, stack)
        done.write_text(seal)
    shutil.copytree(made / "out", folder, dirs_exist_ok=True)


def _make(made: Path, fetched: Path, own: dict[str, Path], stack: Stack) -> None:
    plain, tree, out = made / "plain", made / "tree", made / "out"
    _unpack_pyodide(plain, fetched, stack)
    listed = json.loads((plain / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = {_plain(name): entry for name, entry in listed["packages"].items()}
    packages |= {name: {"depends": list(needed)} for name, needed in OWN.items()}
    for name in UNUSED:
        packages.pop(name, None)
    wanted = _closure(packages, [*NEEDED, *OWN])
    libraries = [n for n in wanted if packages[n].get("package_type") == "shared_library"]
    compiled = _compiled(fetched, stack)
    wheels = list(own.values())
    for name in wanted:
        if name not in own:
            entry = packages[name]
            there = compiled(entry["file_name"])
            if hashlib.sha256(there).hexdigest() != entry["sha256"]:
                raise UnavailableError(f"{entry['file_name']} is not the one that Pyodide lists")
            (plain / entry["file_name"]).write_bytes(there)
            if name not in libraries:
                wheels.append(plain / entry["file_name"])
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall(tree)  # noqa: S202 -- hashed, or made here
    _unpack_kernel(tree, fetched)
    _import_all(plain, tree, libraries)
    out.mkdir()
    for name in libraries:
        zipfile.ZipFile(plain / packages[name]["file_name"]).extractall(plain)  # noqa: S202 -- hashed
    shared = {path.name: f"/usr/lib/{path.name}" for path in plain.glob("*.so")}
    archives = _pack(made, shared)
    _standard_library(plain, tree, out)
    _begin(plain, archives, list(shared.values()), out)


def _unpack_pyodide(folder: Path, fetched: Path, stack: Stack) -> None:
    with tarfile.open(fetched / f"pyodide-{stack.pyodide}.tgz") as archive:
        for member in archive.getmembers():
            name = member.name.removeprefix("package/")
            if re.fullmatch(r"pyodide(\.asm)?\.(m?js|wasm)|python_stdlib\.zip|pyodide-lock\.json"
                            r"|package\.json", name):  # fmt: skip
                source = archive.extractfile(member)
                if source is not None:
                    (folder / name).write_bytes(source.read())


def _unpack_kernel(tree: Path, fetched: Path) -> None:
    """Unpack what JupyterLite would install one by one; completions come without jedi."""
    (kernel,) = fetched.glob("jupyterlite_pyodide_kernel-*.whl")
    with zipfile.ZipFile(kernel) as outer:
        for name in KERNEL:
            (inside,) = [n for n in outer.namelist() if re.search(rf"/pypi/{name}-[^/]*\.whl$", n)]
            with outer.open(inside) as file:
                zipfile.ZipFile(file).extractall(tree)  # noqa: S202 -- hashed
    interpreter = tree / "pyodide_kernel" / "interpreter.py"
    text = interpreter.read_text(encoding="utf-8")
    if "use_jedi = True" not in text:
        raise UnavailableError("the kernel no longer says how it completes: look at use_jedi")
    interpreter.write_text(text.replace("use_jedi = True", "use_jedi = False"), encoding="utf-8")


def _notebooks() -> list[Path]:
    return [*sorted((ROOT / "course").glob("[0-9]*.ipynb")),
            *sorted((ROOT / "release").glob("*/*.ipynb"))]  # fmt: skip


def _import_all(plain: Path, tree: Path, libraries: list[str]) -> None:
    """Start Python and let it import what the notebooks import."""
    lines = set()
    for path in _notebooks():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                parts = ast.walk(ast.parse("".join(cell["source"])))
                lines |= {
                    ast.unparse(p) for p in parts if isinstance(p, ast.Import | ast.ImportFrom)
                }
    folder = tree / "_snrilab"
    folder.mkdir()
    (folder / "imports.txt").write_text("\n".join(sorted(lines)), encoding="utf-8")
    run("node", IN_BROWSER / "warm_up.mjs", plain, tree, *libraries)


def _pack(made: Path, libraries: dict[str, str]) -> dict[str, Path]:
    """Write the archives; return where each is.

    Parameters
    ----------
    made : pathlib.Path
        Where what is packed lies, in ``tree``, and shared libraries, in ``plain``.
    libraries : dict of str
        The path in the browser of each shared library: SciPy alone needs one.
    """
    tree, out = made / "tree", made / "out"
    used = set(json.loads((tree / "_snrilab" / "used.json").read_text(encoding="utf-8")))
    names: dict[str, list[str]] = {"first": [], "scipy": [], "rest": []}
    files: dict[str, dict[str, bytes]] = {kind: {} for kind in names}
    site = f"{(tree / '_snrilab' / 'site.txt').read_text(encoding='utf-8')}/"
    for path in sorted(path for path in tree.rglob("*") if path.is_file()):
        name = path.relative_to(tree).as_posix()
        ours = name.startswith("snrilab/")  # its text is read, by learners and by feedback
        left_out = path.suffix == ".pyc" or (_NOT_READ.search(name) and not ours)
        if left_out or name.startswith("_snrilab/"):
            continue
        module = _module(name)
        bytecode = None
        if path.suffix == ".py":  # also of what was asked for and then failed
            bytecode = next(path.parent.glob(f"__pycache__/{path.stem}.*.pyc"), None)
        kind = "first" if name in used or bytecode or not module else "rest"
        if kind == "first" and name.startswith("scipy/"):
            kind = "scipy"
        if module:
            names[kind].append(module)
        data = path.read_bytes()
        if bytecode is not None:
            compiled = _for_good(bytecode.read_bytes())
            if ours:
                files[kind][site + bytecode.relative_to(tree).as_posix()] = compiled
            else:
                name, data = f"{name}c", compiled
        files[kind][site + name] = data
    for path in sorted((tree / "_snrilab" / "matplotlib").glob("*.json")):
        files["first"][f"{site}_snrilab/matplotlib/{path.name}"] = path.read_bytes()
    for kind in ("scipy", "rest"):
        files["first"][f"{site}_snrilab/{kind}.txt"] = "\n".join(names[kind]).encode()
    files["first"][f"{site}_snrilab/early.txt"] = " ".join(EARLY).encode()
    for name, path in libraries.items():
        files["scipy"][path] = (made / "plain" / name).read_bytes()
    return {kind: _archive(files[kind], out / f"snrilab-{kind}.bin") for kind in names}


def _archive(files: dict[str, bytes], path: Path) -> Path:
    """Write an archive: how long its list is, the list of names and sizes, the files."""
    listed = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    whole = b"".join([len(listed).to_bytes(4, "little"), listed, *files.values()])
    path.write_bytes(gzip.compress(whole, 6, mtime=0))
    return path


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, DATE), data, archive.compression, 6)


def _module(name: str) -> str:
    """Return the module that a file is: its name with dots; of others nothing."""
    found = re.fullmatch(r"(.+?)(/__init__)?(\.[^/]*?)?\.(py|so)", name)
    return found[1].replace("/", ".") if found else ""


def _for_good(bytecode: bytes) -> bytes:
    """Return bytecode that is not held against a text and its age."""
    return bytecode[:4] + (1).to_bytes(4, "little") + bytecode[8:]


def _standard_library(plain: Path, tree: Path, out: Path) -> None:
    """Write Python's own modules, those that are used with their bytecode, and our first lines."""
    folder = tree / "_snrilab"
    magic = bytes.fromhex((folder / "magic.txt").read_text())
    compiled = json.loads((folder / "standard.json").read_text())
    with (
        zipfile.ZipFile(plain / "python_stdlib.zip") as before,
        zipfile.ZipFile(out / "python_stdlib.zip", "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            _add(after, entry.filename, before.read(entry))
        for name, code in compiled.items():
            _add(
                after,
                f"{name}c",
                magic + (1).to_bytes(4, "little") + bytes(8) + bytes.fromhex(code),
            )
        _add(after, "sitecustomize.py", (IN_BROWSER / "sitecustomize.py").read_bytes())


def _begin(plain: Path, archives: dict[str, Path], libraries: list[str], out: Path) -> None:
    """Lay out Pyodide's program with ours added, and the worker in which it starts."""
    for path in plain.glob("pyodide*.*"):
        if not path.name.startswith(("pyodide.mjs", "pyodide.js")):
            shutil.copy(path, out)
    where = {kind: f"{path.name}?{_seal(path)}" for kind, path in archives.items()}
    ours = (IN_BROWSER / "start.js").read_text(encoding="utf-8")
    ours = ours.replace('"ARCHIVES_HERE"', json.dumps(where))
    ours = ours.replace('"LIBRARIES_HERE"', json.dumps({"scipy": libraries}))
    worker = (IN_BROWSER / "worker.js").read_text(encoding="utf-8")
    text = (plain / "pyodide.js").read_text(encoding="utf-8")
    (out / "pyodide.js").write_text(
        f"{text}\n{ours}globalThis.loadPyodide = snrilabStart(globalThis.loadPyodide);\n",
        encoding="utf-8",
    )
    text = (plain / "pyodide.mjs").read_text(encoding="utf-8")
    text, found = re.subn(
        r"export\s*\{\s*([\w$]+) as loadPyodide",
        lambda m: f"{ours}const begun = snrilabStart({m[1]});\nexport{{begun as loadPyodide",
        text,
    )
    if found != 1:
        raise UnavailableError("pyodide.mjs exports no loadPyodide: look at how it ends")
    (out / "pyodide.mjs").write_text(text, encoding="utf-8")
    get = 'importScripts("pyodide.js");\nconst python = Promise.resolve(loadPyodide);\n'
    (out / "worker.js").write_text(get + worker, encoding="utf-8")
    get = 'const python = import("./pyodide.mjs").then((it) => it.loadPyodide);\n'
    worker = worker.replace("importScripts(", "import(")
    (out / "worker.mjs").write_text(get + worker, encoding="utf-8")
    packages: dict[str, Any] = json.loads((plain / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages["packages"] = {}  # all that there is came with the archives
    (out / "pyodide-lock.json").write_text(json.dumps(packages), encoding="utf-8")


def _seal(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(packages: dict[str, Any], names: list[str]) -> list[str]:
    wanted: set[str] = set()
    open_names = list(names)
    while open_names:
        name = _plain(open_names.pop())
        left_out = name in UNUSED or (name in NEEDED and name not in packages)
        if name not in wanted and not left_out:
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
