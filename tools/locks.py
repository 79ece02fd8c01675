"""Take new versions into the lock files: `make lock`.

There are four layers, each with what it adds: what a learner needs (`requirements.lock`), what a
teacher adds (`tools/teach.lock`), what the checks add (`tools/test.lock`) and what the site adds
(`tools/site.lock`); and uv itself, which installs them all (`tools/uv.lock`). No package stands in
two of them, but uv.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"
LAYERS = {  # each layer's file, and the extras of pyproject.toml that it covers
    ROOT / "requirements.lock": ("lab",),
    TOOLS / "teach.lock": ("lab", "classroom"),
    TOOLS / "test.lock": ("lab", "classroom", "cluster", "postgres", "dev"),
    TOOLS / "site.lock": ("lab", "classroom", "cluster", "postgres", "dev", "site"),
}
UV = os.environ.get("UV", "uv")
OPTIONS = [
    "--universal", "--fork-strategy=fewest", "--python-version=3.11", "--generate-hashes",
    "--no-header", "--no-annotate", "--quiet",
]  # fmt: skip


def compiled(source: Path, *options: str) -> list[str]:
    """Return the pinned and hashed requirements of a source file, one block of text each."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock"
        command = [UV, "pip", "compile", str(source), *OPTIONS, *options, f"--output-file={out}"]
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603
        return re.split(r"\n(?=\S)", out.read_text(encoding="utf-8").strip())


def pin(block: str) -> str:
    """Return a block's first line, the pinned version, without the line's continuation."""
    return block.partition("\n")[0].removesuffix("\\").strip()


def main() -> int:
    """Write the lock files anew."""
    taken: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        settled = Path(folder) / "settled.txt"
        for path, extras in LAYERS.items():
            settled.write_text("\n".join(taken), encoding="utf-8")
            chosen = [f"--extra={extra}" for extra in extras]
            blocks = compiled(ROOT / "pyproject.toml", *chosen, f"--constraints={settled}")
            names = {pin(block).partition("==")[0] for block in taken.values()}
            new = {pin(b): b for b in blocks if pin(b).partition("==")[0] not in names}
            path.write_text("\n".join(new.values()) + "\n", encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}: {len(new)} packages\n")
            taken |= new
        settled.write_text("\n".join(taken), encoding="utf-8")
        own = {
            TOOLS / "uv.lock": TOOLS / "uv.in",
            ROOT / "benchmarks" / "requirements.lock": ROOT / "benchmarks" / "requirements.in",
        }
        for path, source in own.items():
            blocks = compiled(source, f"--constraints={settled}")
            path.write_text("\n".join(blocks) + "\n", encoding="utf-8")
    for path in (TOOLS / "site").glob("*.in"):  # versions named there, for Python in the browser
        blocks = compiled(path, "--no-deps", "--prerelease=allow")
        path.with_suffix(".lock").write_text("\n".join(blocks) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
