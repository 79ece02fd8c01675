"""The command line: `snrilab lab | check | collect | grade | report | grades | …`."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import socket
import subprocess
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    if argv is None:  # a process of its own: what it imports stays, and is looked through in vain
        gc.set_threshold(50_000)
        atexit.register(gc.freeze)
    parser = argparse.ArgumentParser(
        prog="snrilab", description="A course on how SNRIs and SSRIs work. Not clinical advice."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    lab = commands.add_parser("lab", help="open your copy of the course in JupyterLab")
    lab.add_argument("--port", type=_port, default=8888, help="port to answer on (default 8888)")
    lab.add_argument("--no-browser", action="store_true", help="print the address only")
    lab.add_argument(
        "--teach", action="store_true", help="a teacher's JupyterLab: this folder, with formgrader"
    )
    lab.set_defaults(run=_lab)

    grades = (Path(__file__).parent / "grading").is_dir()  # not in the folder that a class gets
    more = ", an assignment before it is released, or your own notebook" if grades else ""
    check = commands.add_parser("check", help=f"check the installation{more}")
    check.set_defaults(run=_check, name="")
    if grades:
        from snrilab import classroom
        from snrilab.grading.check import add_command
        from snrilab.grading.commands import add_commands

        add_command(check)
        add_commands(commands)
        classroom.add_commands(commands)
    else:
        check.add_argument("name", nargs="?", default="", help=argparse.SUPPRESS)

    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        print("\nStopped. The same command begins again.", file=sys.stderr)
        return 130


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, got {text!r}")
    return int(text)


def _check(arguments: argparse.Namespace) -> int:
    if arguments.name and not hasattr(arguments, "course"):
        return _refuse(
            "Here `snrilab check` looks at the installation; for a notebook, open it and choose "
            "Kernel > Restart Kernel and Run All Cells: each check and each test says what "
            "is wrong."
        )
    if arguments.name:
        from snrilab.grading.check import run_check

        return run_check(arguments.name, arguments.course, outside_only=arguments.outside_only)
    from snrilab.installation import check_setup

    report = check_setup()
    print(report)
    return 0 if report.ready else 1


def _lab(arguments: argparse.Namespace) -> int:
    import importlib.util

    if importlib.util.find_spec("jupyterlab") is None:
        return _refuse("JupyterLab is not installed: pip install '.[lab]' in a clone")
    if arguments.teach and importlib.util.find_spec("nbgrader") is None:
        return _refuse("nbgrader is not installed: make teach, or pip install '.[classroom]'")
    try:
        root = _teachers_desk() if arguments.teach else _learners_desk()
    except OSError as error:
        return _refuse(str(error))
    if _taken(arguments.port):
        other = arguments.port + 1 if arguments.port < 65535 else 8888
        return _refuse(
            f"Port {arguments.port} is taken, perhaps by a course that is already open: look at "
            f"your browser's tabs, or choose another one: {_another_port(arguments.teach, other)}"
        )
    command = [
        sys.executable, "-c", _START,
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={arguments.port}",
        "--ServerApp.port_retries=0",
        f"--LabApp.default_url={'/lab' if arguments.teach else '/lab/tree/00_start.ipynb'}",
    ]  # fmt: skip
    if arguments.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers run as root; JupyterLab refuses that by default
    print(f"Opening {root} on port {arguments.port}; stop it with Ctrl+C.", flush=True)
    environment = _environment(arguments.teach)
    if os.name != "nt":
        os.execve(sys.executable, command, environment)  # noqa: S606
    # On Windows exec would give the prompt back while the server still runs.
    return subprocess.call(command, env=environment)  # noqa: S603


# `python -m jupyterlab` without a grammar of international web addresses that takes two seconds to
# build at each start, and with which no notebook is checked.
_START = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyterlab.labapp import main; sys.exit(main())"
)


def _learners_desk() -> Path:
    """Lay out a learner's copies of the lessons and return their folder."""
    from snrilab import working_copy
    from snrilab.installation import course_folder

    course = course_folder()
    clone = (course.parent / "pyproject.toml").is_file()
    mine = (course.parent if clone else Path.cwd()) / working_copy.FOLDER
    for sentence in working_copy.update(course, mine):
        print(sentence)
    print(f"Your copies of the lessons are in {mine}; they are yours to change.")
    return mine


def _teachers_desk() -> Path:
    """Return a teacher's folder, the one with nbgrader's settings."""
    from snrilab.installation import course_folder

    for root in (Path.cwd(), course_folder().parent):
        if (root / "nbgrader_config.py").is_file():
            return root
    raise FileNotFoundError(
        f"No nbgrader_config.py in {Path.cwd()}: run this in the folder of your class."
    )


def _environment(teach: bool) -> dict[str, str]:
    """Return the environment for JupyterLab; a learner's has no tools for teachers."""
    if teach:
        return dict(os.environ)
    settings = str(Path(__file__).resolve().parent / "jupyter" / "learner")
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    path = os.pathsep.join([settings, others]) if others else settings
    return os.environ | {"JUPYTER_CONFIG_PATH": path}


def _another_port(teach: bool, port: int) -> str:
    if os.name == "nt":
        return f".venv\\Scripts\\python -m snrilab lab {'--teach ' if teach else ''}--port {port}"
    return f"make {'teach' if teach else 'lab'} PORT={port}"


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
