"""The command line: `python -m tools.site [reading | lab] [--stack tested | published]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from tools.site import reading
from tools.site.lessons import ROOT


def main(argv: list[str] | None = None) -> int:
    """Make the site, or a part of it."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("reading",), default="reading")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    arguments = parser.parse_args(argv)
    out, work = arguments.out.resolve(), ROOT / "build" / "site_work"
    begun = time.perf_counter()
    pages = reading.build(out, work, lab=False, processes=os.cpu_count() or 1)
    sys.stdout.write(f"{pages} pages in {out}, {time.perf_counter() - begun:.0f} s\n")
    sys.stdout.write(f"To look at it: python -m http.server --directory {arguments.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
