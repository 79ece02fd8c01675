"""Kernels that start at once: copies of one process that has imported what notebooks import.

Each is a real kernel: a process of its own, with the connection, environment, folder and empty
namespace that Jupyter gave it. Starting one takes 0.1 s of processor time in place of 1.8. One
lesson runs in a kernel started from nothing all the same (`tests/test_course.py`).

Jupyter starts this file with an address and a connection file. It asks the process at that address
for a copy, hands its own files, environment and folder over, passes signals on, and ends with it.
`tests/grading/warm.py` makes copies of other programmes in the same way.
"""

import array
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys

STREAMS = (0, 1, 2)
MOST = 64  # files that are handed over
IMPORTED = (
    "anywidget", "ipykernel.ipkernel", "ipykernel.kernelapp", "ipywidgets", "matplotlib.figure",
    "matplotlib.backends.backend_agg", "scipy.integrate", "scipy.interpolate", "scipy.optimize",
    "scipy.stats",
)  # fmt: skip


def stand_in(address, *words):
    """Be what Jupyter takes for its kernel; return the kernel's exit status."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    files = [*STREAMS, *_more_files(line)]
    here = os.getcwd()  # noqa: PTH109 -- quick
    wanted = {"words": words, "environment": dict(os.environ), "folder": here, "files": files}
    told = json.dumps(wanted).encode()
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
    line.sendmsg([len(told).to_bytes(4, "little")], rights)
    line.sendall(told)
    for file in files:  # whoever waits for their end waits for the copy
        os.close(file)
    kernel = int.from_bytes(line.recv(4), "little")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: _pass_on(kernel, number))
    status = line.recv(1)
    return status[0] if status else 1


def _more_files(line):
    """List what this process was given beside its three streams."""
    numbers = (int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 -- quick
    return [n for n in numbers if n not in (*STREAMS, line.fileno()) and _is_open(n)]


def _is_open(number):
    try:
        return os.get_inheritable(number)
    except OSError:
        return False  # the listing itself


def _pass_on(kernel, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(kernel, number)


def serve(address):
    """Import what kernels import, and make them."""
    sys.path.pop(0)  # the folder of this file
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as a kernel does
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # no copy looks through what all of them have
    make_copies(address, _become_kernel)


def make_copies(address, become, before=lambda: None):
    """Make a copy of this process for whoever asks, until standard input ends.

    `before` is called before each copy; `become`, in it, with what is wanted and its files.
    """
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen(8)
    os.write(1, b"ready\n")
    signal.signal(signal.SIGCHLD, _bury)  # waited for, their processor time counts in ours
    while True:
        ready, _, _ = select.select([door, 0], [], [])
        if 0 in ready:
            os._exit(0)
        line, _ = door.accept()
        before()
        if not os.fork():
            door.close()
            _keep(line, become)
        line.close()


def _bury(*_):
    """Take note of all copies that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _keep(line, become):
    """Start one kernel, tell how it ended, and end it when nobody waits for it any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, rights, _, _ = line.recvmsg(4, socket.CMSG_SPACE(4 * MOST))
    files = array.array("i")
    files.frombytes(rights[0][2][: len(rights[0][2]) // 4 * 4])
    wanted = json.loads(_exactly(line, int.from_bytes(size, "little")))
    kernel = os.fork()
    if not kernel:
        line.close()
        move_in(wanted, files)
        become(wanted, files[len(STREAMS) :])
    for file in (*files, *STREAMS):
        os.close(file)
    line.sendall(kernel.to_bytes(4, "little"))
    alive = os.pidfd_open(kernel)
    ready, _, _ = select.select([alive, line], [], [])
    if alive not in ready:
        os.kill(kernel, signal.SIGKILL)
    _, status = os.waitpid(kernel, 0)
    with contextlib.suppress(OSError):
        line.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))
    os._exit(0)


def _exactly(line, size):
    data = b""
    while len(data) < size:
        data += line.recv(size - len(data))
    return data


def move_in(wanted, files):
    """Take over streams, environment and folder of the stand-in."""
    os.setsid()
    for place, stream in zip(STREAMS, files, strict=False):
        os.dup2(stream, place)
        os.close(stream)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    for path in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        if path and path not in sys.path:
            sys.path.insert(0, path)


def _become_kernel(wanted, _):
    import random

    import numpy as np
    from ipykernel.kernelapp import launch_new_instance

    random.seed()
    np.random.seed()  # noqa: NPY002 -- copies would all draw the same
    words = [*wanted["words"], f"--IPKernelApp.parent_handle={os.getppid()}"]
    sys.argv = ["ipykernel_launcher.py", *words]
    status = 1
    try:
        launch_new_instance(words)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(sys.argv[2])
    sys.exit(stand_in(*sys.argv[1:]))
