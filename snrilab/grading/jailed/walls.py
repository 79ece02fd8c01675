"""Walls of one submission's own: namespaces, an empty work folder, limits, a system call filter.

Runs in the fork server and in its copies, before any code of a student.

All of it is done by the process itself after the fork, before any of the student's code runs, and
cannot be undone afterwards.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
CLONE_NEW_ANY = 0x7E020080
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
MS_RDONLY = 1
MS_BIND = 0x1000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
MADV_COLLAPSE = 25
LARGE_PAGE = 2**21
WORK = "/run/student"

if sys.platform == "linux":
    _libc: Any = ctypes.CDLL(None, use_errno=True)
    _holding: Any = ctypes.PyDLL(None, use_errno=True)  # calls let no other thread run meanwhile
else:  # this module is imported for its limits; there are no walls to build
    _libc = _holding = None


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    memory_mb : int
        Address space of one process, and memory of all processes together.
    processes : int
        Processes and threads at the same time.
    disk_mb : int
        Size of the work folder, and of one file.
    cpu_s : int
        Processor time of one process.
    """

    memory_mb: int = 2048
    processes: int = 48
    disk_mb: int = 48
    cpu_s: int = 90


class WallError(RuntimeError):
    """A wall could not be built; nothing of the student's has run."""


def use_large_pages() -> None:
    """Move the memory of this process into large pages, where the kernel can (Linux 6.1).

    A process that has copied itself into another 1,000 times has spent less on it: what is in
    large pages is handed over, and given back, hundreds of ordinary pages at once.
    """
    if _libc is None:
        return
    for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
        place, rights, *more = line.split()
        if rights != "rw-p" or more[3:] not in ([], ["[heap]"]):
            continue
        first, last = (int(end, 16) for end in place.split("-"))
        for at in range(-(-first // LARGE_PAGE) * LARGE_PAGE, last - LARGE_PAGE + 1, LARGE_PAGE):
            # Refused where there is nothing, or no room: such memory stays as it is.
            _libc.madvise(ctypes.c_void_p(at), ctypes.c_size_t(LARGE_PAGE), MADV_COLLAPSE)


def prctl(option: int, value: int = 0, more: int = 0) -> None:
    """Call prctl, or raise."""
    if _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(more), 0, 0):
        raise WallError(f"prctl({option}) failed: {os.strerror(ctypes.get_errno())}")


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def fork_apart() -> int:
    """Fork into new user, PID, mount, network, IPC and host name namespaces; return as os.fork.

    One system call: with `unshare` a second copy of this process would have to stand between, and
    copying takes longer than all walls. What the C library does at a fork is left out, so the
    child should fork once more before anything large runs; it calls `keep_user` first.
    """
    machine = platform.machine()
    if machine not in FILTERS:
        raise WallError(f"no walls are written for {machine} processors")
    flags = signal.SIGCHLD | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS
    flags |= CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    words = [ctypes.c_ulong(word) for word in (FILTERS[machine]["clone"], flags, 0, 0, 0, 0)]
    ctypes.pythonapi.PyOS_BeforeFork()
    child = int(_holding.syscall(*words))
    if child:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    if child < 0:
        raise WallError(f"no namespaces of its own: {os.strerror(ctypes.get_errno())}")
    return child


def keep_user(user: int, group: int) -> None:
    """Be the same user in the new namespace as outside, and nobody else."""
    prctl(PR_SET_DUMPABLE, 1)  # /proc/self must be ours for a moment to write the maps
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    prctl(PR_SET_DUMPABLE, 0)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount, or raise."""
    if _libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        raise WallError(f"cannot mount {kind} on {target}: {os.strerror(ctypes.get_errno())}")


def stage(folders: dict[str, str], stage_folder: str) -> None:
    """Show folders that only root can reach at another place, for this process and its children."""
    if _libc.unshare(CLONE_NEWNS):
        raise WallError(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    mount("none", "/", "none", MS_REC | MS_PRIVATE)
    mount("tmpfs", stage_folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
    for folder, place in folders.items():
        Path(place).mkdir(mode=0o755)
        mount(folder, place, "none", MS_BIND)


def own_proc() -> None:
    """Show the processes of this namespace, and no others."""
    mount("none", "/", "none", MS_REC | MS_PRIVATE)
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def cover(folder: str) -> None:
    """Hide what is in a folder, if it is there."""
    if Path(folder).is_dir():
        flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
        mount("tmpfs", folder, "tmpfs", flags, "size=4k,nr_inodes=1,mode=500")


def furnish(files: dict[str, bytes], limits: Limits) -> None:
    """Give this namespace its own /proc and empty folders, and put the assignment's data in."""
    own_proc()
    size = f"size={limits.disk_mb}m,nr_inodes=4096,mode=700"
    for folder in (WORK, "/tmp", "/dev/shm"):  # noqa: S108 -- inside the jail they are private
        if sys.prefix.startswith(f"{folder}/") or sys.base_prefix.startswith(f"{folder}/"):
            continue  # Python itself lives there; it stays read-only
        mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, size)
    if Path("/dev/pts").is_dir():
        mount("tmpfs", "/dev/pts", "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,mode=500")
    place(files, Path(WORK))
    os.chdir(WORK)
    find_first(files, WORK)


def find_first(files: dict[str, bytes], folder: str) -> None:
    """Let modules beside the notebook be found before those of the environment, as in Jupyter.

    Parameters
    ----------
    files : dict
        Files of the assignment, by path.
    folder : str
        Where they lie.
    """
    sys.path.insert(0, folder)
    own = own_modules(files) - sys.stdlib_module_names
    if not own:
        return  # looking at every name copies a fourth of the memory shared with the parent
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[name]


def own_modules(files: dict[str, bytes]) -> set[str]:
    """Return the names under which files beside a notebook can be imported."""
    return {
        path.removesuffix(".py").partition("/")[0] for path in files if path.endswith(".py")
    } - {"snrilab"}


def place(files: dict[str, bytes], folder: Path) -> None:
    """Write the assignment's data files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def limit(limits: Limits) -> None:
    """Set resource limits that no process started from here can raise."""
    import resource

    memory = limits.memory_mb * 2**20
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.disk_mb * 2**20),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 1),  # 0 would still hand a core to a collecting programme
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            break
    header = struct.pack("<Ii", 0x20080522, 0)
    if _libc.capset(header, bytes(24)):
        raise WallError(f"cannot drop capabilities: {os.strerror(ctypes.get_errno())}")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_rights() -> None:
    """Give up every capability and close the system calls that no notebook needs."""
    drop_capabilities()
    filter_calls()
    prctl(PR_SET_DUMPABLE, 0)
    die_with_parent()


# -- system calls -------------------------------------------------------------------------------

_X86 = {
    "arch": 0xC000003E, "sockets": (41, 53), "setsockopt": 54, "clone": 56, "clone3": 435,
    "denied": (
        29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 101, 112, 135, 155, 161, 163, 165, 166, 167,
        168, 169, 170, 171, 172, 173, 175, 176, 179, 212, 220, 240, 246, 248, 249, 250, 272, 298,
        300, 303, 304, 308, 310, 311, 312, 313, 319, 320, 321, 323, 425, 426, 427, 428, 429, 430,
        431, 432, 433, 438, 440, 442, 443, 447,
    ),
}  # fmt: skip
_ARM = {
    "arch": 0xC00000B7, "sockets": (198, 199), "setsockopt": 208, "clone": 220, "clone3": 435,
    "denied": (
        39, 40, 41, 51, 60, 89, 92, 97, 104, 105, 106, 117, 142, 157, 161, 162, 180, 186, 187, 188,
        189, 190, 191, 192, 193, 194, 195, 196, 197, 217, 218, 219, 224, 225, 241, 262, 264, 265,
        268, 270, 271, 272, 273, 279, 280, 282, 425, 426, 427, 428, 429, 430, 431, 432, 433, 438,
        440, 442, 443, 447,
    ),
}  # fmt: skip
# Denied: tracing and reading other processes, shared memory that no limit counts (memfd, SysV,
# message queues), namespaces, mounts, BPF, io_uring, perf, userfaultfd, keyrings, kernel modules,
# handles of files, swap, quotas, reboot. `socket` and `socketpair` are there only for the families
# of an empty network.
FILTERS: dict[str, dict[str, Any]] = {"x86_64": _X86, "aarch64": _ARM, "arm64": _ARM}
_FAMILIES = (1, 2, 10)  # unix, IPv4, IPv6: all three are empty inside a fresh network namespace
_BUFFER = (7, 32)  # SO_SNDBUF, SO_SNDBUFFORCE: what waits in a socket is nobody's memory


def _instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, jump_true, jump_false, value)


@functools.cache
def call_filter(machine: str) -> bytes:
    """Return the classic BPF programme that answers a denied call with EPERM."""
    table = FILTERS[machine]
    load, equal, test, above, answer = 0x20, 0x15, 0x45, 0x35, 0x06
    allow, refuse, absent, kill = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
    number, architecture, first_argument, third_argument = 0, 4, 16, 32
    program = [
        _instruction(load, 0, 0, architecture),
        _instruction(equal, 1, 0, table["arch"]),
        _instruction(answer, 0, 0, kill),
        _instruction(load, 0, 0, number),
        _instruction(above, 0, 1, 0x40000000),  # the x32 calls of x86-64
        _instruction(answer, 0, 0, refuse),
        _instruction(equal, 0, 1, table["clone3"]),
        _instruction(answer, 0, 0, absent),  # the C library falls back to clone
        _instruction(equal, 0, 4, table["clone"]),
        _instruction(load, 0, 0, first_argument),
        _instruction(test, 0, 1, CLONE_NEW_ANY),
        _instruction(answer, 0, 0, refuse),
        _instruction(answer, 0, 0, allow),
    ]
    for call in table["sockets"]:
        program += [
            _instruction(equal, 0, len(_FAMILIES) + 3, call),
            _instruction(load, 0, 0, first_argument),
            *(
                _instruction(equal, len(_FAMILIES) - place, 0, family)
                for place, family in enumerate(_FAMILIES)
            ),
            _instruction(answer, 0, 0, refuse),
            _instruction(answer, 0, 0, allow),
        ]
    program += [
        _instruction(equal, 0, 5, table["setsockopt"]),
        _instruction(load, 0, 0, third_argument),
        _instruction(equal, 1, 0, _BUFFER[0]),
        _instruction(equal, 0, 1, _BUFFER[1]),
        _instruction(answer, 0, 0, refuse),
        _instruction(answer, 0, 0, allow),
    ]
    for call in table["denied"]:
        program += [_instruction(equal, 0, 1, call), _instruction(answer, 0, 0, refuse)]
    program.append(_instruction(answer, 0, 0, allow))
    return b"".join(program)


def filter_calls() -> None:
    """Install the filter for this machine, or raise where there is none."""
    machine = platform.machine()
    if machine not in FILTERS:
        raise WallError(f"no system call filter is written for {machine} processors")
    code = call_filter(machine)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Programme(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    programme = Programme(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    mode_filter = 2
    if _libc.prctl(PR_SET_SECCOMP, mode_filter, ctypes.byref(programme), 0, 0):
        raise WallError(f"the system call filter is refused: {os.strerror(ctypes.get_errno())}")
