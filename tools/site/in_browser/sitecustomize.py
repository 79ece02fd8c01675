"""Run when Python starts in the browser: packages are laid out when the first of them is imported.

What every lesson imports is there from the beginning, compiled; so is SciPy, in an archive of its
own, and in a third what nobody asked for. Each is laid out when something of it is imported.
"""

import contextlib
import importlib
import importlib.machinery
import os
import sys

SITE = f"/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
FOLDER = f"{SITE}/_snrilab"
STEP = 1 << 20

os.environ["MPLCONFIGDIR"] = f"{FOLDER}/matplotlib"  # the list of fonts is there


class Packed:
    """The last of the finders: what is not there may lie in an archive that is still closed."""

    def __init__(self) -> None:
        self.closed = ["scipy", "rest"]
        self.opened: dict[str, str] = {}  # archive: the module that was asked for
        self._names: dict[str, frozenset[str]] = {}

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        """Lay out the archive that holds a module, and find it there."""
        for archive in list(self.closed):
            if name in self.names(archive):
                self.opened[archive] = name
                self.lay_out(archive)
                return importlib.machinery.PathFinder.find_spec(name, path)
        return None

    def names(self, archive: str) -> frozenset[str]:
        """Return the modules of an archive."""
        if archive not in self._names:
            try:
                with open(f"{FOLDER}/{archive}.txt", encoding="utf-8") as file:  # noqa: PTH123
                    self._names[archive] = frozenset(file.read().split("\n"))
            except OSError:
                return frozenset()
        return self._names[archive]

    def lay_out(self, archive: str) -> None:
        """Fetch an archive and lay it out where packages are."""
        import zlib

        import js

        self.closed.remove(archive)
        packed = js.snrilabFetch(archive)
        size = int.from_bytes(packed.subarray(packed.length - 4).to_bytes(), "little")
        whole, done, opened = js.Uint8Array.new(size), 0, zlib.decompressobj(31)
        for start in range(0, packed.length, STEP):
            data = opened.decompress(packed.subarray(start, start + STEP).to_bytes())
            if data:
                whole.subarray(done, done + len(data)).assign(data)
                done += len(data)
        js.snrilabLayOut(archive, whole)
        importlib.invalidate_caches()


sys.meta_path.append(Packed())


def import_early() -> None:
    """Import what each lesson imports; what cannot be imported is told where it is asked for."""
    with open(f"{FOLDER}/early.txt", encoding="utf-8") as file:  # noqa: PTH123
        for name in file.read().split():
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
