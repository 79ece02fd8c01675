"""What this machine lacks for teaching and grading, and what that means.

Runs in the coordinator.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PORT = 8888


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Parameters
    ----------
    state : str
        "ok", "lacking" (something optional will not work) or "MISSING" (grading will not work).
    """

    what: str
    state: str
    meaning: str


def examine(course: Path) -> list[Finding]:
    """Look at everything grading and the course rely on.

    Parameters
    ----------
    course : Path
        The course folder.
    """
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        _system,
        _classroom,
        _bubblewrap,
        _namespaces,
        _walls,
        _memory,
        lambda: _course(course),
        _port,
        _chromium,
        _postgres,
        _cluster,
    )
    return [check() for check in checks]


def _python() -> Finding:
    version = platform.python_version()
    return Finding("Python", "ok", version)


def _system() -> Finding:
    machine = f"{platform.system()} on {platform.machine()}"
    if sys.platform != "linux":
        return Finding(
            "system",
            "MISSING",
            f"{machine}; the jail needs Linux (Windows: WSL 2). Lessons work anywhere",
        )
    from snrilab.grading.jailed.walls import FILTERS

    if platform.machine() not in FILTERS:
        return Finding(
            "system", "MISSING", f"{machine}; there is no system call filter for this processor"
        )
    return Finding("system", "ok", machine)


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _classroom() -> Finding:
    if not _installed("nbgrader"):
        return Finding(
            "nbgrader",
            "MISSING",
            "pip install 'snrilab[classroom]'; nothing can be graded without it",
        )
    return Finding("nbgrader", "ok", "gradebook, formgrader, exchange")


def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    if path is None:
        return Finding(
            "bubblewrap", "MISSING", "apt install bubblewrap; without it students' code is not run"
        )
    return Finding("bubblewrap", "ok", path)


def _namespaces() -> Finding:
    limits = {
        "/proc/sys/user/max_user_namespaces": "0",
        "/proc/sys/kernel/unprivileged_userns_clone": "0",
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
    }
    for name, refusing in limits.items():
        path = Path(name)
        if path.is_file() and path.read_text("ascii").strip() == refusing:
            return Finding(
                "user namespaces",
                "lacking",
                f"{name} is {refusing}: the system may refuse them (an administrator can change "
                "it, or allow bwrap in AppArmor); the next line shows whether the jail works",
            )
    return Finding("user namespaces", "ok", "allowed")


def _walls() -> Finding:
    from snrilab.grading.jail import missing_walls

    why = missing_walls()
    if why:
        return Finding(
            "jail",
            "MISSING",
            f"{why}. Submissions are not run without it, unless --trust-submissions",
        )
    user = "the unprivileged user of this machine" if os.geteuid() else "user 65534, not root"
    return Finding("jail", "ok", f"built, used and taken down once, as {user}")


def _memory() -> Finding:
    from snrilab.grading.limits import processors as count

    processors = count()
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Finding("memory", "ok", f"unknown; {processors} processors")
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    needed = 0.5 * processors + 2.5
    state = "ok" if total >= needed else "lacking"
    return Finding(
        "memory",
        state,
        f"{total:.0f} GB, {processors} processors; as many workers want {needed:.1f} GB",
    )


def _course(course: Path) -> Finding:
    from snrilab.grading.where import no_course

    root = course.resolve()
    if where := no_course(root):
        return Finding("course folder", "lacking", where)
    if not (root / "source").is_dir():
        return Finding(
            "course folder",
            "lacking",
            f"{root} has no source/: run from the course folder, or name it with --course",
        )
    if not (root / "nbgrader_config.py").is_file():
        return Finding(
            "course folder",
            "lacking",
            "no nbgrader_config.py: `snrilab grade` works, stock nbgrader grades without the jail",
        )
    if "snrilab.grading" not in (root / "nbgrader_config.py").read_text("utf-8"):
        return Finding(
            "course folder",
            "lacking",
            "nbgrader_config.py does not call snrilab.grading.autograde.configure: no jail there",
        )
    if not os.access(root, os.W_OK):
        return Finding("course folder", "MISSING", f"{root} cannot be written")
    return Finding("course folder", "ok", str(root))


def _port() -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", PORT)) == 0
    if taken:
        return Finding("port", "lacking", f"{PORT} is in use: `make lab PORT=8889`")
    return Finding("port", "ok", f"{PORT} is free for JupyterLab")


def _chromium() -> Finding:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return Finding(
            "Chromium", "lacking", "apt install chromium; only the browser tests need it"
        )
    return Finding("Chromium", "ok", path)


def postgres_programme(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programmes; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def _postgres() -> Finding:
    if not _installed("psycopg"):
        return Finding(
            "PostgreSQL",
            "lacking",
            "pip install 'snrilab[postgres]'; only --db postgresql://… needs it",
        )
    if postgres_programme("postgres") is None:
        return Finding(
            "PostgreSQL",
            "lacking",
            "no server here (apt install postgresql); one elsewhere works, tests are skipped",
        )
    return Finding("PostgreSQL", "ok", "driver and server")


def _cluster() -> Finding:
    if not _installed("distributed"):
        return Finding(
            "Dask", "lacking", "pip install 'snrilab[cluster]'; only --scheduler needs it"
        )
    return Finding("Dask", "ok", "distributed")
