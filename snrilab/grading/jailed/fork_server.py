"""The fork server: has imported the scientific stack once and forks one process per submission.

Runs in the fork server.

It runs inside bubblewrap and never runs a student's code itself. The first one forks one for each
sandbox, and that one serves one submission at a time.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.abc
import os
import platform
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import walls, wire

CONTROL = 3
ENDING_S = 50.0  # what was held back gets little time to end in on a busy machine
LOOK_EVERY = 0.05
LOOK_CLOSELY_EVERY = 0.4
CROWD = 24  # so many at once are no honest work
CROWDED_S = 3.0
RUNNING = 2  # things that one submission may run at once and still have its full share of time
SOCKET = 2**19  # what may wait in one socket is in the memory of no process
PAGE = os.sysconf("SC_PAGE_SIZE")


class ForkServer:
    """A fork server for one sandbox: forks and ends one submission at a time.

    Parameters
    ----------
    control : socket.socket
        Connection to the worker that grades in this sandbox.
    shell : Shell
        The prepared IPython shell.
    plan : dict
        ``files`` of the assignment and ``limits``.
    walled : bool
        Whether there are walls.
    """

    def __init__(
        self, control: socket.socket, shell: Any, plan: dict[str, Any], *, walled: bool
    ) -> None:
        self.control = control
        self.shell = shell
        self.limits = walls.Limits(**plan["limits"])
        self.files: dict[str, bytes] = plan["files"]
        self.walled = walled
        self.folder = ""
        self.user = os.getuid(), os.getgid()
        self.own_memory = _memory(os.getpid())

    def serve(self) -> None:
        """Start and end submissions until the worker hangs up."""
        wire.send(self.control, ("ready",))
        while True:
            message, files = wire.receive(self.control)
            if message[0] == "start":
                self.one(files[0], apart=message[1] or not self.walled)

    def one(self, line: int, *, apart: bool) -> None:
        """Fork one submission, watch over it until the worker says stop, and end all of it.

        The first process of a PID namespace takes all others with it when it ends. Usually that is
        the student's own process, since every copy of a process this large costs time; `apart`
        gives it one of its own, so that copies of the student's outlive a crash.
        """
        status, told = os.pipe()
        if not self.walled:
            self.folder = tempfile.mkdtemp(prefix="snrilab-")
        child = walls.fork_apart() if self.walled else os.fork()
        if not child:
            os.close(status)
            self.control.close()
            _submission(self, line, told, apart=apart)
        os.close(line)
        os.close(told)
        ready, _, _ = select.select([status], [], [], 20.0)
        report = os.read(status, 2000).decode("utf-8", "replace") if ready else "took too long"
        os.close(status)
        wire.send(self.control, ("started",) if report == "ok" else ("failed", report))
        reason, peak = self.watch()
        self.end(child)
        if not self.walled:
            shutil.rmtree(self.folder, ignore_errors=True)
        wire.send(self.control, ("stopped", reason, peak))

    def watch(self) -> tuple[str, int]:
        """Wait for the worker's word; kill what outgrows its memory, hold back what crowds.

        Of a crowd no memory is looked at closely: that waits for a lock of each process, and what
        is held back may not come to give it free.
        """
        reason, peak, closely = "", 0, time.monotonic() + LOOK_CLOSELY_EVERY
        crowded = 0.0
        while not select.select([self.control], [], [], LOOK_EVERY)[0]:
            now = self.memory_of_children()
            late = closely < time.monotonic() and not reason
            if late:
                closely = time.monotonic() + LOOK_CLOSELY_EVERY
                crowded = (crowded or closely) if self.make_way() > CROWD else 0.0
                if crowded and closely - crowded > CROWDED_S:
                    reason = f"ran more than {CROWD} things at once"
                    self.kill_children()
            if now > self.limits.memory_mb * 2**20 and not crowded:
                now = self.memory_in_all()
            elif late and not crowded:
                now = max(now, self.memory_in_all())
            peak = max(peak, now)
            if now > self.limits.memory_mb * 2**20 and not reason:
                reason = f"used more than {self.limits.memory_mb} MB of memory"
                self.kill_children()
        try:
            wire.receive(self.control)
        except wire.SilenceError:
            reason = reason or "the worker is gone"
        return reason, max(peak, self.memory_of_children())

    def others(self) -> list[int]:
        """List all processes below this one: inside the jail that is everybody else."""
        me = os.getpid()
        if not self.walled:
            return _descendants(me)
        with os.scandir("/proc") as entries:
            return [int(e.name) for e in entries if e.name.isdigit() and int(e.name) not in (1, me)]

    def memory_of_children(self) -> int:
        """Memory that the submission's processes have beyond what they share with this one.

        It takes no time, and too much for too little: a process that has started another programme
        shares nothing.
        """
        return sum(max(0, _memory(process) - self.own_memory) for process in self.others())

    def memory_in_all(self) -> int:
        """Memory of the submission's processes and sockets, each page counted once.

        Whose pages cannot be looked at is counted whole; that is so for a first process of ours.
        """
        others = self.others()
        waiting = SOCKET * _sockets(others) if self.walled else 0
        ours = self.own_memory if self.walled else 0
        if sum(map(_memory, others)) + waiting <= self.limits.memory_mb * 2**20:
            return waiting
        return max(0, sum(map(_own_share, others)) + waiting - ours)

    def make_way(self) -> int:
        """Let a submission that runs many things at once have what time others leave.

        Returns how many things it runs. A crowd is ended soon, which takes it some time as well.
        """
        threads = [thread for process in self.others() for thread in _threads(process)]
        running = sum(runs for _, runs in threads)
        if RUNNING < running <= CROWD:
            for thread, _ in threads:
                with contextlib.suppress(OSError):
                    os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
        return running

    def kill_children(self) -> None:
        """Kill every process of the submission."""
        for process in self.others():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)

    def end(self, child: int) -> None:
        """Kill the submission with everything it started, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + ENDING_S
        if self.walled:
            _wait_for(child)
        while time.monotonic() < deadline:
            self.kill_children()
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
                time.sleep(0.001)
            except ChildProcessError:
                return
        os._exit(1)  # something survives: this jail is not used again


def _submission(server: ForkServer, line: int, told: int, *, apart: bool) -> None:
    """Build the walls, then become the first process of the submission; never returns."""
    try:
        if server.walled:
            walls.keep_user(*server.user)
            walls.die_with_parent()
            os.setsid()  # kill(0) reaches a whole process group, across PID namespaces
            walls.furnish(server.files, server.limits)
            walls.limit(server.limits)
            walls.drop_rights()
        else:
            _loose(server)
        if apart:
            _stand_by(server, line, told)
        else:
            _study(server, line, told)
    except BaseException as error:  # noqa: BLE001 -- reported; nothing of the student's has run
        with contextlib.suppress(OSError):
            os.write(told, f"{type(error).__name__}: {error}".encode()[:1500])
    finally:
        os._exit(1)


def _loose(server: ForkServer) -> None:
    """Prepare a submission without walls: own folder and limits only (asked for by the teacher)."""
    walls.place(server.files, Path(server.folder))
    os.chdir(server.folder)
    walls.find_first(server.files, server.folder)
    os.setsid()


def _study(server: ForkServer, line: int, told: int) -> None:
    """Be the student's process, and then keep what it leaves behind alive."""
    walls.prctl(walls.PR_SET_DUMPABLE, 1)  # the fork server can count its memory
    os.write(told, b"ok")
    os.close(told)
    from . import student

    student.begin(server.shell, socket.socket(fileno=line))
    while True:  # snapshots answer on, whatever handlers of the student's raise here
        with contextlib.suppress(BaseException):
            signal.pause()


def _stand_by(server: ForkServer, line: int, told: int) -> None:
    """Start the student's process and wait for it and for all that it leaves behind."""
    if not os.fork():
        os.close(told)
        if server.walled:
            walls.prctl(walls.PR_SET_DUMPABLE, 1)
        from . import student

        student.begin(server.shell, socket.socket(fileno=line))
        os._exit(0)
    os.close(line)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(name, signal.SIG_IGN)
    os.write(told, b"ok")
    os.close(told)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            os._exit(0)


def _wait_for(process: int) -> None:
    """Wait a moment until a process is gone, without looking again and again."""
    with contextlib.suppress(OSError):  # a system that cannot tell
        file = os.pidfd_open(process)
        select.select([file], [], [], 1.0)
        os.close(file)


def _memory(process: int) -> int:
    try:
        file = os.open(f"/proc/{process}/statm", os.O_RDONLY)
        try:
            return int(os.read(file, 200).split()[1]) * PAGE
        finally:
            os.close(file)
    except (OSError, IndexError):
        return 0


def _own_share(process: int) -> int:
    """Memory of a process with its share of what it has in common with others."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        return int(text.partition("\nPss:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        return _memory(process)


def _threads(process: int) -> list[tuple[int, bool]]:
    """List the threads of a process, each with whether it is running or wants to."""
    found = []
    with contextlib.suppress(OSError):
        for folder in Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(OSError):
                stat = (folder / "stat").read_text("utf-8", "replace")
                found.append((int(folder.name), stat.rpartition(")")[2].split()[0] == "R"))
    return found


def _sockets(processes: list[int]) -> int:
    """Count the sockets in the network namespace of these processes."""
    most = 0
    for process in processes:
        with contextlib.suppress(OSError, IndexError):
            text = Path(f"/proc/{process}/net/sockstat").read_text("ascii")
            most = max(most, int(text.split()[2]))
    return most


def _descendants(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                stat = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(folder.name))
    found, look = [], [root]
    while look:
        children = parents.get(look.pop(), [])
        found += children
        look += children
    return found


def _prepared_shell() -> Any:
    """Import what notebooks import, draw once, and return a shell that is ready to run cells."""
    import matplotlib as mpl

    mpl.use("module://matplotlib_inline.backend_inline")
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure
    from traitlets.config import Config

    from . import pictures, student  # noqa: F401 -- needed by every submission
    from .screen import Screen, Shell, figure_as_png

    _keep_the_backend(mpl, plt)
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.Completer.use_jedi = False
    shell = Shell.instance(config=settings)
    shell.start_streams()
    shell.enable_matplotlib("inline")
    plt.uninstall_repl_displayhook()  # figures are drawn when they are shown, not once more before
    shell.display_formatter.formatters["image/png"].for_type(Figure, figure_as_png)
    shell.show_on(Screen())
    shell.run_cell(_FIRST_FIGURE)
    plt.close("all")
    shell.reset()
    shell.execution_count = 1
    shell.show_on(None)
    return shell


def _keep_the_backend(mpl: Any, plt: Any) -> None:
    """Let a notebook name a backend with windows, as at home: figures stay in the notebook."""
    from matplotlib.backends import registry

    listed: Any = registry.backend_registry
    windows = {n.lower() for n in listed.list_builtin(registry.BackendFilter.INTERACTIVE)}
    windows |= {"inline", "widget", "ipympl", "notebook", "module://ipympl.backend_nbagg"}
    use, switch = mpl.use, plt.switch_backend

    def use_or_stay(backend: str, *, force: bool = True) -> None:
        if str(backend).lower() not in windows:
            use(backend, force=force)

    def switch_or_stay(newbackend: str) -> None:
        if str(newbackend).lower() not in windows:
            switch(newbackend)

    mpl.use, plt.switch_backend = use_or_stay, switch_or_stay


# Magics, fonts, tick formatters and the parser of formulas are slow the first time only.
_FIRST_FIGURE = """
%matplotlib inline
import matplotlib.pyplot as plt
fig, axes = plt.subplots(1, 2, figsize=(9, 5))
for ax, scale in zip(axes, ("log", "linear")):
    ax.plot([1, 10, 100], [1, 10, 100], "o-", label="$K_i$ 0.123456789 (nM)")
    ax.set_xscale(scale)
    ax.set_yscale(scale)
    ax.set_xlabel("abcdefghijklmnopqrstuvwxyz")
    ax.set_ylabel("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    ax.set_title("0123456789.,:;()%/+-")
    ax.legend()
"""


def main(*, walled: bool = True) -> None:
    """Become the first fork server: fork another for each sandbox that the worker asks for.

    Plans come on descriptor 3: modules to import, the assignment's files, limits, and a connection.
    """
    sys.dont_write_bytecode = True
    gc.disable()  # what is imported stays
    control = socket.socket(fileno=CONTROL)
    os.set_inheritable(CONTROL, False)
    _keep_to_itself(walled=walled)
    with contextlib.suppress(OSError):
        os.nice(1)
        Path("/proc/self/oom_score_adj").write_text("900", "ascii")
    shell = _prepared_shell()
    if platform.machine() in walls.FILTERS:
        walls.call_filter(platform.machine())  # once for all submissions
    known = 0
    while True:
        try:
            plan, files = wire.receive(control)
        except wire.SilenceError:
            return
        for module in plan["modules"]:
            with contextlib.suppress(Exception):
                importlib.import_module(module)
        gc.freeze()
        if len(sys.modules) > known:  # once for all sandboxes of an assignment, which share it
            walls.use_large_pages()
            known = len(sys.modules)
        user = os.getuid(), os.getgid()
        if not (walls.fork_apart() if walled else os.fork()):
            control.close()
            _sandbox(shell, plan, socket.socket(fileno=files[0]), user, walled=walled)
        os.close(files[0])
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


class _Allowed(importlib.abc.MetaPathFinder):
    """Says why a part of the library is not there. The walls do not depend on it."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = allowed

    def find_spec(self, name: str, *_others: Any) -> None:
        """Refuse what is covered, with a reason."""
        package, part = f"{name}.".split(".")[:2]
        if package != "snrilab" or not part or part.startswith("_") or part in self._allowed:
            return
        allowed = ", ".join(f"snrilab.{one}" for one in self._allowed)
        raise ModuleNotFoundError(
            f"snrilab.{part} is not there while this assignment is graded; answers may import "
            f"{allowed}",
            name=name,
        )


def _keep_to_itself(*, walled: bool) -> None:
    """Be out of reach for what is started from here, and end with the parent."""
    if walled:
        walls.prctl(walls.PR_SET_CHILD_SUBREAPER, 1)
        walls.prctl(walls.PR_SET_DUMPABLE, 0)
    walls.die_with_parent()


def _sandbox(
    shell: Any,
    plan: dict[str, Any],
    control: socket.socket,
    user: tuple[int, int],
    *,
    walled: bool,
) -> None:
    """Become the fork server of one sandbox, in namespaces of its own; never returns."""
    try:
        if walled:
            walls.keep_user(*user)
            walls.own_proc()
            for folder in plan["hidden"]:
                walls.cover(folder)
            walls.drop_capabilities()
        _keep_to_itself(walled=walled)
        sys.meta_path.insert(0, _Allowed(plan["allowed"])) if walled else None
        for name in ("snrilab.evidence", "snrilab.feedback", *plan["own"]):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        gc.freeze()
        walls.use_large_pages()  # what is of this sandbox alone is in small ones again
        gc.enable()
        ForkServer(control, shell, plan, walled=walled).serve()
    except wire.SilenceError:
        return  # the worker has hung up
    except Exception as error:  # noqa: BLE001 -- told to the worker, which says it to the teacher
        wire.send(control, ("broken", f"{type(error).__name__}: {error}"))
    finally:
        os._exit(0)
