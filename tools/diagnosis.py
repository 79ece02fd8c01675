"""What learners are told about answers that people wrote: `python -m tools.diagnosis [FILE ...]`.

Each file of `tests/answers/` is a list of answers written from the task alone. An answer has the
full name of its `exercise`, its `code`, its `kind` and `why` it is written so; where somebody has
read what it is told and found it apt, `told` is the code of that. A file whose name ends in
`_held_out` was not looked at while the diagnosis was made.

named    the cause is named: an idea, a slip, a mistake in Python
fact     something true of the values is said, and no cause is claimed
generic  neither: the example is shown beside the right value
passed   taken for right
"""

from __future__ import annotations

import json
import linecache
import math
import sys
import warnings
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab import feedback
from snrilab.exercises import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parents[1] / "tests" / "answers"
KINDS = ("idea", "slip", "python", "none", "right")
OUTCOMES = ("named", "fact", "generic", "passed")
WITH_A_CAUSE = ("idea", "slip", "python")
FACTS = frozenset(
    {
        "argument-ignored",
        "argument-too-many",
        "constant-difference",
        "constant-factor",
        "nearly-right",
        "not-finite",
        "right-by-chance",
        "same-for-every-input",
        "wrong-direction",
        "hardly-moves",
        "infinity-missing",
        "wrong-for-some-inputs",
        "wrong-shape",
    }
)


class Told(NamedTuple):
    """An answer, what its author says about it, and what a learner is told."""

    exercise: str
    code: str
    kind: str
    why: str
    apt: str
    said: feedback.Feedback

    @property
    def outcome(self) -> str:
        """One of `OUTCOMES`."""
        if self.said.passed:
            return "passed"
        if self.said.code == "wrong-value":
            return "generic"
        return "fact" if self.said.code in FACTS else "named"


def function_in(name: str, code: str) -> Any:
    """Run a cell as a notebook does, and return its function; its source can be read."""
    filename = f"<answer {zlib.crc32(code.encode()):08x}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(True), filename)
    names: dict[str, Any] = {"np": np, "math": math}
    exec(getattr(find(name), "uses", ""), names)  # noqa: S102 -- what the page imports above the cell
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as Python's own word about 2.22(x)
        exec(compile(code, filename, "exec"), names)  # noqa: S102 -- kept in this repository
    return names[name.partition("/")[2]]


def told(file: Path) -> Iterator[Told]:
    """Try every answer of a file."""
    for row in json.loads(file.read_text(encoding="utf-8")):
        said = feedback.diagnose(row["exercise"], function_in(row["exercise"], row["code"]))
        about = (row["exercise"], row["code"], row["kind"], row["why"], row.get("told", ""))
        yield Told(*about, said)


def counted(answers: Iterable[Told]) -> dict[str, Counter[str]]:
    """Count the outcomes of each kind of answer."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for one in answers:
        counts[one.kind][one.outcome] += 1
    return counts


def share_named(counts: dict[str, Counter[str]]) -> float:
    """Return the share of answers with a cause whose cause is named."""
    sums = sum((counts[kind] for kind in WITH_A_CAUSE), Counter[str]())
    return sums["named"] / sums.total() if sums else math.nan


def table(counts: dict[str, Counter[str]]) -> str:
    """Write the counts, one line for each kind."""
    lines = ["kind    " + "".join(f"{outcome:>9}" for outcome in (*OUTCOMES, "of"))]
    lines += [
        f"{kind:<8}" + "".join(f"{n:9}" for n in (*(c[o] for o in OUTCOMES), c.total()))
        for kind, c in counts.items()
    ]
    return "\n".join([*lines, f"named of idea, slip and python: {share_named(counts):.0%}"])


def main() -> None:
    """Print a table for each file, and what is told about each answer that is not named."""
    files = [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.json"))
    for file in files:
        answers = list(told(file))
        sys.stdout.write(f"{file.name}\n{table(counted(answers))}\n\n")
        for one in answers:
            if (one.outcome == "named") != (one.kind in WITH_A_CAUSE) and one.kind != "right":
                about = f"[{one.kind}] {one.why}\n{one.code}\n  {one.said.code}: {one.said.why}"
                sys.stdout.write(f"{about}\n\n")


if __name__ == "__main__":
    main()
