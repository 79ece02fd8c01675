"""Run by `warm_up.mjs`: import what lessons import; leave bytecode and a list of it behind."""

import importlib
import json
import marshal
import sys
import zipimport
from pathlib import Path

FOLDER = Path("/packages/_snrilab")

sys.dont_write_bytecode = False
importlib.import_module("piplite.piplite")
kernel = importlib.import_module("pyodide_kernel").kernel_instance
kernel.interpreter.send_comm = lambda *_: None  # nobody listens
for line in (FOLDER / "imports.txt").read_text(encoding="utf-8").splitlines():
    exec(line, {})  # noqa: S102 -- our own notebooks say so

import snrilab  # noqa: E402

for room in Path(snrilab.__file__).parent.glob("*"):
    if room.is_dir() and room.name not in {"grading", "classroom", "jupyter"}:  # not for here
        for file in room.glob("*.py"):
            importlib.import_module(f"snrilab.{room.name}.{file.stem}".removesuffix(".__init__"))

from PIL import Image  # noqa: E402

from snrilab import explore, feedback  # noqa: E402

Image.preinit()  # what the first picture that is opened or kept would import
next(iter(explore.all_explorers().values())).still()
feedback.question("lesson02/which_tighter")

used, compiled = [], {}
for name, module in sorted(sys.modules.items()):
    spec = getattr(module, "__spec__", None)
    origin = getattr(spec, "origin", None) or ""
    if "/site-packages/" in origin:
        used.append(origin.partition("/site-packages/")[2])
    elif isinstance(getattr(spec, "loader", None), zipimport.zipimporter):
        inside = origin.partition(".zip/")[2]
        compiled[inside] = marshal.dumps(spec.loader.get_code(name)).hex()
(FOLDER / "used.json").write_text(json.dumps(used))
(FOLDER / "standard.json").write_text(json.dumps(compiled))
(FOLDER / "site.txt").write_text(next(place for place in sys.path if "site-packages" in place))
magic = importlib.util.MAGIC_NUMBER.hex()
(FOLDER / "magic.txt").write_text(magic)
