"""The command line: `snrilab lab | check | grade | report | doctor`."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="snrilab", description="A course on how SNRIs and SSRIs work. Not clinical advice."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    lab = commands.add_parser("lab", help="open the course in JupyterLab")
    lab.add_argument("--port", type=_port, default=8888, help="port to answer on (default 8888)")
    lab.add_argument("--no-browser", action="store_true", help="print the address only")
    lab.set_defaults(run=_lab)

    from snrilab.grading.check import add_command
    from snrilab.grading.commands import add_commands

    check = commands.add_parser(
        "check",
        help="check the installation, an assignment before it is released, or your own notebook",
    )
    add_command(check)
    check.set_defaults(run=_check)
    add_commands(commands)

    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments))


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, got {text!r}")
    return int(text)


def _check(arguments: argparse.Namespace) -> int:
    if arguments.name:
        from snrilab.grading.check import run_check

        return run_check(arguments.name, arguments.course)
    from snrilab.installation import check_setup

    report = check_setup()
    print(report)
    return 0 if report.ready else 1


def _lab(arguments: argparse.Namespace) -> int:
    import importlib.util

    from snrilab.installation import course_folder

    if importlib.util.find_spec("jupyterlab") is None:
        return _refuse("JupyterLab is not installed: pip install '.[classroom]' in a clone")
    try:
        root = course_folder().parent
    except FileNotFoundError as error:
        return _refuse(str(error))
    if _taken(arguments.port):
        other = arguments.port + 1 if arguments.port < 65535 else 8888
        return _refuse(
            f"Port {arguments.port} is taken, perhaps by a course that is already open: look at "
            f"your browser's tabs, or choose another one: {_another_port(other)}"
        )
    command = [
        sys.executable, "-m", "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={arguments.port}",
        "--ServerApp.port_retries=0",
        "--LabApp.default_url=/lab/tree/course/00_start.ipynb",
    ]  # fmt: skip
    if arguments.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers run as root; JupyterLab refuses that by default
    print(f"Opening the course on port {arguments.port}; stop it with Ctrl+C.", flush=True)
    if os.name != "nt":
        os.execv(sys.executable, command)  # noqa: S606
    # On Windows exec would give the prompt back while the server still runs.
    return subprocess.call(command)  # noqa: S603


def _another_port(port: int) -> str:
    return f"snrilab lab --port {port}" if os.name == "nt" else f"make lab PORT={port}"


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
