"""Make the site: `python -m tools.site [reading | lab | pictures] [--stack tested | published]`."""

from __future__ import annotations

import argparse
import os
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
    try:
        if arguments.part == "pictures":
            for path in pictures.take(out):
                sys.stdout.write(f"{path}, {path.stat().st_size / 1e3:.0f} kB\n")
            return 0
        if arguments.part != "lab":
            begun = time.perf_counter()
            leads = arguments.part == "all"
            pages = reading.build(out, work, lab=leads, processes=os.cpu_count() or 1)
            _say(f"{pages} pages to read", begun, out)
        if arguments.part != "reading":
            begun = time.perf_counter()
            lab.build(out / "lab", work, lab.STACKS[arguments.stack])
            _say(f"the laboratory ({arguments.stack} versions)", begun, out / "lab")
    except lab.UnavailableError as error:
        sys.stderr.write(f"The laboratory cannot be made here: {error}\n")
        return 2
    sys.stdout.write(f"To look at it: python -m http.server --directory {arguments.out}\n")
    return 0


def _say(what: str, begun: float, out: Path) -> None:
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{what}: {out}, {size:.0f} MB, {seconds:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main())
