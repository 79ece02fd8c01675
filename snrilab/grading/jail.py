"""The jail as the trusted side sees it: build it, start submissions in it, end them.

Runs in workers.

What runs inside is in `snrilab.grading.jailed`: a first fork server that imports what notebooks
import, and a copy of it for each `Sandbox`, in namespaces of its own, for one submission at a time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from snrilab.grading import library
from snrilab.grading.jailed import walls, wire
from snrilab.grading.jailed.walls import WORK, Limits

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "jailed"
PACKAGE = HERE.parent
INSIDE = "/run/snrilab/jailed"
SHOWN_AT = "/run/snrilab/snrilab"
# Of this package the jail shows what holds no answers; each sandbox covers what its assignment does
# not allow (`library`). What is not named here does not exist in the jail.
SHOWN = (
    "__init__.py",
    "__init__.pyi",
    "_checks.py",
    "_diagnostic.py",
    "_estimate.py",
    "_tables.py",
)
STAGE = "/mnt"  # covered only in the mount namespace of the jail's own start
NOBODY = 65534
START_S = 120.0
STOP_S = 60.0
READABLE = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")


class JailError(RuntimeError):
    """The jail cannot be built on this machine, or has broken down; the message says why."""


def unprivileged() -> tuple[int, int] | None:
    """Return the user and group to become before entering the jail, None when already ordinary.

    Root's processes escape process limits, so root never runs a submission: not even inside.
    """
    if os.getuid() != 0:
        return None
    name = os.environ.get("SNRILAB_JAIL_USER")
    if name is None:
        return NOBODY, NOBODY
    import pwd  # only where there is a root user

    entry = pwd.getpwnam(name)
    if entry.pw_uid == 0:
        raise JailError("SNRILAB_JAIL_USER must not be root.")
    return entry.pw_uid, entry.pw_gid


def command(staged: dict[str, str] | None = None) -> list[str]:
    """Return the bubblewrap command line of a jail that sees Python, its libraries and no more.

    Parameters
    ----------
    staged : dict, optional
        Folder to where it can be reached by the unprivileged user.
    """
    staged = staged or {}
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise JailError(
            "bubblewrap (bwrap) is not installed, so submissions cannot be kept apart from this "
            "machine. Debian: apt install bubblewrap. `snrilab doctor` says more."
        )
    words = [bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--hostname", "grading", "--tmpfs", "/", "--dir", "/tmp"]  # noqa: S108
    for folder in _system_folders():
        words += ["--ro-bind", staged.get(folder, folder), folder]
    for link in ("/bin", "/sbin", "/lib", "/lib64", "/lib32"):
        path = Path(link)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), link]
        elif path.is_dir():
            words += ["--ro-bind", link, link]
    for place in READABLE:
        words += ["--ro-bind-try", place, place]
    words += _own_package_hidden()
    words += ["--dir", "/etc", "--proc", "/proc", "--dev", "/dev"]
    words += ["--tmpfs", WORK, "--ro-bind"]
    words += [staged.get(str(PROGRAM), str(PROGRAM)), INSIDE, *_own_package_shown(staged)]
    for name, value in _environment().items():
        words += ["--setenv", name, value]
    words += ["--chdir", WORK, "--remount-ro", "/dev", "--remount-ro", "/"]
    start = "import sys; sys.path.insert(0, '/run/snrilab'); "
    start += "from jailed.fork_server import main; main()"
    return [*words, "--", _python(), "-I", "-c", start]


def _python() -> str:
    return sys.executable


def _system_folders() -> list[str]:
    """List what Python needs: /usr, the interpreter's own prefix and the environment's."""
    wanted = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix)]
    wanted.append(Path(os.path.realpath(sys.executable)).parent)
    folders: list[Path] = []
    for path in wanted:
        if path.is_dir() and not any(path == f or path.is_relative_to(f) for f in folders):
            if path == Path("/"):
                continue
            folders.append(path)
    return [str(f) for f in folders]


def _reachable(folder: str) -> bool:
    """Tell whether every user may walk to this folder."""
    path = Path(folder)
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents))


def _staging() -> dict[str, str]:
    """Choose places for folders that only root can reach, such as a Python below /root."""
    closed = [f for f in (*_system_folders(), str(PROGRAM), str(PACKAGE)) if not _reachable(f)]
    return {folder: f"{STAGE}/{place}" for place, folder in enumerate(closed)}


def _own_package_hidden() -> list[str]:
    """Hide an installed snrilab, answers and all, wherever Python would find one."""
    places = [sysconfig.get_path(key) for key in ("purelib", "platlib")]
    words: list[str] = []
    for place in (*places, *filter(None, sys.path), str(PACKAGE.parent)):
        installed = str((Path(place) / "snrilab").resolve())
        if Path(installed).is_dir() and _shown(installed) and installed not in words:
            words += ["--tmpfs", installed]
    return words


def _shown(path: str) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in _system_folders())


def refuse_shown(source: Path) -> None:
    """Refuse to grade when the teacher's notebooks lie where every submission could read them."""
    if _shown(str(source.resolve())):
        raise JailError(
            f"{source.resolve()} lies in a folder of Python's own, which students' code can read. "
            "Move the course somewhere else."
        )


def _own_package_shown(staged: dict[str, str]) -> list[str]:
    """Show the parts of snrilab that hold no answers, and a stand-in for instant checks."""
    words: list[str] = []
    for name in (*SHOWN, "data", *library.MAY):
        if (PACKAGE / name).exists():
            words += [
                "--ro-bind",
                f"{staged.get(str(PACKAGE), PACKAGE)}/{name}",
                f"{SHOWN_AT}/{name}",
            ]
    silent = f"{staged.get(str(PROGRAM), PROGRAM)}/silent_feedback.py"
    for name in library.SILENT:
        words += ["--ro-bind", silent, f"{SHOWN_AT}/{name}.py"]
    own = f"{staged.get(str(PACKAGE), PACKAGE)}/exercises/_own.py"  # no answers are in this one
    return [*words, "--ro-bind", own, f"{SHOWN_AT}/exercises.py"]


def _environment() -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": WORK,
        "TMPDIR": WORK,
        "USER": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "MPLCONFIGDIR": f"{WORK}/.matplotlib",
        "IPYTHONDIR": f"{WORK}/.ipython",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PIP_RETRIES": "0",  # without a network `%pip install` fails at once, not after a minute
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


class Jail:
    """One jail and the first fork server in it, which prepares sandboxes.

    Parameters
    ----------
    trusted : bool
        Run without walls. Only for submissions that the teacher trusts like their own code.
    """

    def __init__(self, *, trusted: bool = False) -> None:
        self.trusted = trusted
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether `start` is still to come."""
        return self._process is None

    def start(self) -> None:
        """Start the first fork server; it imports what every notebook imports."""
        user = None if self.trusted else unprivileged()
        staged = _staging() if user is not None else {}
        words = self._command(staged)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(  # noqa: S603 -- our own command line
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | _quiet() if self.trusted else None,
            pass_fds=(),
            close_fds=False,
            preexec_fn=_child_preparation(theirs.fileno(), user, staged),  # noqa: PLW1509 -- before threads
        )
        theirs.close()
        self._control = ours

    def sandbox(
        self,
        modules: list[str],
        files: dict[str, bytes],
        limits: Limits,
        allowed: tuple[str, ...] = ("evidence",),
    ) -> Sandbox:
        """Prepare a sandbox; `Sandbox.wait` for it before the first submission.

        Parameters
        ----------
        modules : list of str
            Modules imported beforehand.
        files : dict
            Data files of the assignment, name to content, found in each work folder.
        limits : Limits
            What one submission may use.
        allowed : tuple of str
            Parts of this package that answers may import, with what these need.
        """
        assert self._control is not None  # noqa: S101 -- start comes first
        shown = library.needed(allowed)
        own = [m for m in modules if m.split(".")[1:2] and m.split(".")[1] in shown]
        plan = {
            "modules": [m for m in modules if m.partition(".")[0] != "snrilab"],
            "own": [m for m in own if m.startswith("snrilab.")],
            "hidden": [f"{SHOWN_AT}/{name}" for name in library.MAY if name not in shown],
            "allowed": [*shown, *library.SILENT, library.OWN],
            "files": files,
            "limits": dataclasses.asdict(limits),
        }
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.suppress(wire.SilenceError):  # told by `Sandbox.wait`, with the reason
            wire.send(self._control, plan, (theirs.fileno(),))
        theirs.close()
        return Sandbox(self, ours)

    def leave(self) -> None:
        """Forget the jail in a copy of the process that started it; sandboxes stay."""
        if self._control is not None:
            self._control.close()
        self._process = self._control = None

    def close(self) -> None:
        """End the fork servers and everything in the jail."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._process is not None and self._process.stderr is not None:
            self._process.stderr.close()

    def complaint(self) -> str:
        """End a jail that does not work, and return what it said."""
        if self._process is None or self._process.stderr is None:
            return "it is gone"
        self._process.kill()
        text = self._process.stderr.read()[-1500:].decode("utf-8", "replace").strip()
        status = self._process.wait()
        return text or (
            f"bubblewrap ended with exit status {status} and no word; this system may refuse user "
            "namespaces. `snrilab doctor` says more"
        )

    def _command(self, staged: dict[str, str]) -> list[str]:
        if not self.trusted:
            return command(staged)
        start = f"import sys; sys.path.insert(0, {str(HERE)!r}); "
        return [_python(), "-c", start + "from jailed.fork_server import main; main(walled=False)"]


class Sandbox:
    """A fork server for the submissions of one notebook, one at a time; made by `Jail.sandbox`."""

    def __init__(self, jail: Jail, control: socket.socket) -> None:
        self._jail = jail
        self._control = control

    def wait(self) -> None:
        """Wait until the fork server is ready, or raise `JailError` with its reason."""
        try:
            message, _ = wire.receive(self._control, deadline=_in(START_S))
        except wire.SilenceError:
            raise JailError(f"the jail does not start: {self._jail.complaint()}") from None
        if message[0] != "ready":
            raise JailError(f"the jail does not start: {message[1]}")

    def start(self, *, apart: bool = False) -> socket.socket:
        """Begin a submission; return the grader's end of the connection to it.

        Parameters
        ----------
        apart : bool
            Let tests of earlier cells be answered even when the student's process ends.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.send(self._control, ("start", apart), (theirs.fileno(),))
        except wire.SilenceError as gone:
            ours.close()
            raise JailError(f"the fork server is gone: {gone}") from None
        finally:
            theirs.close()
        return ours

    def started(self) -> None:
        """Wait until the walls stand; raise when they do not."""
        message = self._told(START_S)
        if message[0] != "started":
            with contextlib.suppress(JailError):
                self.stop()
            raise JailError(f"a submission's walls cannot be built: {message[1]}")

    def stop(self) -> tuple[str, int]:
        """End the submission and all it started; return why it was killed, and its peak memory."""
        try:
            wire.send(self._control, ("stop",))
        except wire.SilenceError as gone:
            raise JailError(f"the fork server is gone: {gone}") from None
        message = self._told(STOP_S)
        return str(message[1]), int(message[2])

    def _told(self, seconds: float) -> Any:
        try:
            return wire.receive(self._control, deadline=_in(seconds))[0]
        except wire.SilenceError as silence:
            raise JailError(f"the fork server does not answer: {silence}") from None

    def close(self) -> None:
        """Hang up: the fork server ends with everything below it when nobody is connected."""
        self._control.close()


def _quiet() -> dict[str, str]:
    return dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _child_preparation(control: int, user: tuple[int, int] | None, staged: dict[str, str]) -> Any:
    """Return what the child does before it becomes bubblewrap: keep one descriptor, drop root."""

    def prepare() -> None:
        if staged:
            walls.stage(staged, STAGE)
        os.dup2(control, 3)
        os.set_inheritable(3, True)
        os.closerange(4, 65536)
        if user is not None:
            os.setgroups([])
            os.setresgid(user[1], user[1], user[1])
            os.setresuid(*[user[0]] * 3)
        os.umask(0o077)

    return prepare


def _in(seconds: float) -> float:
    import time

    return time.monotonic() + seconds


def missing_walls() -> str:
    """Say in one sentence why no jail can be built here; empty when one can."""
    if sys.platform != "linux":
        return "the jail needs Linux (on Windows: WSL 2); submissions are not run without it"
    jail = Jail()
    try:
        jail.start()
        sandbox = jail.sandbox([], {}, Limits())
        sandbox.wait()
        sandbox.start().close()
        sandbox.started()
        sandbox.stop()
        sandbox.close()
    except (JailError, OSError) as error:
        return str(error)
    finally:
        jail.close()
    return ""
