"""Run when Python starts in the browser: packages are unpacked when the first of them is imported.

What the course imports lies in one archive, compiled; everything else in another, which is unpacked
when something of it is asked for. Nothing is asked of the network: both came with Python.
"""

import importlib
import importlib.machinery
import os
import sys

SITE = f"/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
FOLDER = f"{SITE}/_snrilab"

os.environ["MPLCONFIGDIR"] = f"{FOLDER}/matplotlib"  # the list of fonts is there


class Packed:
    """The last of the finders: what is not there may lie in an archive that is still closed."""

    def __init__(self) -> None:
        self.closed = ["used", "rest"]
        self.opened: dict[str, str] = {}  # archive: the module that was asked for
        self._names: dict[str, frozenset[str]] = {}

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        """Unpack the archive that holds a module, and find it there."""
        for archive in list(self.closed):
            if name in self.names(archive):
                self.opened[archive] = name
                self.unpack(archive)
                return importlib.machinery.PathFinder.find_spec(name, path)
        return None

    def names(self, archive: str) -> frozenset[str]:
        """Return the modules of an archive; none while Python itself starts."""
        if archive not in self._names:
            try:
                with open(f"{FOLDER}/{archive}.txt", encoding="utf-8") as file:  # noqa: PTH123
                    self._names[archive] = frozenset(file.read().split("\n"))
            except OSError:
                return frozenset()
        return self._names[archive]

    def unpack(self, archive: str) -> None:
        """Lay an archive out where packages are."""
        import zipfile

        self.closed.remove(archive)
        with zipfile.ZipFile(f"{FOLDER}/{archive}.zip") as inside:
            made = set()
            for entry in inside.infolist():
                place = f"{SITE}/{entry.filename}"
                folder = place.rpartition("/")[0]
                if folder not in made:
                    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 -- quick
                    made.add(folder)
                with open(place, "wb") as file:  # noqa: PTH123
                    file.write(inside.read(entry))
        os.unlink(f"{FOLDER}/{archive}.zip")  # noqa: PTH108
        importlib.invalidate_caches()


sys.meta_path.append(Packed())
