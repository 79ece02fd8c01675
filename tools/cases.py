"""Write the tables of numbered cases from which a student id picks one: `python -m tools.cases`.

An assignment with data of one's own declares in its `answers.py` how many cases there are (`CASES`)
and what the table tells of each (`case(number)`, a dictionary of text). The truth behind a case is
never in the table: `answers.py` and the hidden tests draw it anew from the number.
"""

from __future__ import annotations

import csv
import io
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = "cases.csv"


def table(folder: Path) -> str | None:
    """Return the table of an assignment as text; None when it has no data of one's own."""
    answers = folder / "answers.py"
    told = runpy.run_path(str(answers)) if answers.is_file() else {}
    if "CASES" not in told:
        return None
    text = io.StringIO()
    rows = [{"case": n, **told["case"](n)} for n in range(1, told["CASES"] + 1)]
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main() -> int:
    """Write every table anew."""
    for folder in sorted(path for path in (ROOT / "source").iterdir() if path.is_dir()):
        text = table(folder)
        if text is not None:
            (folder / TABLE).write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"source/{folder.name}/{TABLE}: {text.count(chr(10)) - 1} cases\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
