"""Make the site: `python -m tools.site [reading | lab | pictures] [--stack tested | published]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tools.site import lab, pictures, reading
from tools.site.lessons import ROOT


def main(argv: list[str] | None = None) -> int:
    """Make the site, or a part of it."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=("all", "reading", "lab", "pictures"), default="all"
    )
    parser.add_argument(
        "--stack", choices=tuple(lab.STACKS), default="tested", help="versions of the laboratory"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    arguments = parser.parse_args(argv)
    out, work = arguments.out.resolve(), ROOT / "build" / "site_work"
    if arguments.part == "all":
        return _both(out, work, arguments)
    try:
        if arguments.part == "pictures":
            for path in pictures.take(out):
                sys.stdout.write(f"{path}, {path.stat().st_size / 1e3:.0f} kB\n")
            return 0
        if arguments.part == "lab":
            begun = time.perf_counter()
            lab.build(out / "lab", work, lab.STACKS[arguments.stack])
            _say(f"the laboratory ({arguments.stack} versions): {out / 'lab'}", begun, out / "lab")
        else:
            _read(out, work, leads=False)
    except lab.UnavailableError as error:
        sys.stderr.write(f"The laboratory cannot be made here: {error}\n")
        return 2
    return 0


def _both(out: Path, work: Path, arguments: argparse.Namespace) -> int:
    """Make the laboratory in a process beside the pages: neither needs the other."""
    command = [sys.executable, "-m", "tools.site", "lab", "--stack", arguments.stack, "--out", out]
    with subprocess.Popen(list(map(str, command)), cwd=ROOT) as beside:  # noqa: S603
        try:
            _read(out, work, leads=True)
        except BaseException:
            beside.terminate()
            raise
    if not beside.returncode:
        sys.stdout.write(f"To look at it: python -m http.server --directory {arguments.out}\n")
    return beside.returncode


def _read(out: Path, work: Path, *, leads: bool) -> None:
    begun = time.perf_counter()
    pages = reading.build(out, work, lab=leads, processes=os.cpu_count() or 1)
    _say(f"{pages} pages to read: {out}", begun, work / "html")


def _say(what: str, begun: float, folder: Path) -> None:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{what}, {size:.0f} MB, {seconds:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main())
