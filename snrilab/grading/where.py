"""Whether a folder is a course's, and where the nearest one is.

Runs in the coordinator, also where nothing but Python is installed.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "nbgrader_config.py"


def is_course(folder: Path, source: str = "source") -> bool:
    """Whether a folder is a course's: settings, sources or a gradebook of nbgrader's are there."""
    known = (folder / CONFIG).is_file() or (folder / "gradebook.db").is_file()
    return known or (folder / source).is_dir()


def no_course(root: Path, source: str = "source") -> str:
    """Say that a folder is no course's, and where the nearest one is; empty where it is one.

    Parameters
    ----------
    root : Path
        The folder.
    source : str
        What its sources are called.
    """
    root = root.resolve()
    if is_course(root, source):
        return ""
    said = f"no course here: {root} has no {CONFIG} and no {source}/"
    with contextlib.suppress(OSError):
        near = [folder for folder in root.parents if (folder / CONFIG).is_file()][:1]
        near = near or sorted(path.parent for path in root.glob(f"*/{CONFIG}"))
        if len(near) == 1:
            return f"{said}. There is one in {near[0]}: cd {near[0]}, or add --course {near[0]}"
        if near:
            return f"{said}. There are some in {', '.join(map(str, near[:3]))}: go to yours."
    return f"{said}. Go to the folder of your course, or add --course FOLDER."
