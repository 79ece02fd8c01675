"""README and CONTRIBUTING keep their promises: examples run, links and commands exist."""

from __future__ import annotations

import doctest
import re

import pytest

from tests.conftest import ROOT

pages = pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])


def test_examples_print_what_the_readme_says():
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=flags)
    assert result.attempted >= 4
    assert result.failed == 0


@pages
def test_links_and_paths_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            assert (ROOT / target).exists(), target


@pages
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", (ROOT / page).read_text(encoding="utf-8")))
    assert named <= targets | {"the"}
    assert named & targets


def test_the_lock_file_pins_and_hashes_everything_and_names_no_address():
    own = [ROOT / "requirements.lock", *(ROOT / "tools").rglob("*.lock")]
    for lock in [*own, ROOT / "benchmarks" / "requirements.lock"]:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9.-]+==\S+", block), block.splitlines()[0]
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_no_package_stands_in_two_layers_of_the_lock():
    pinned = []
    for layer in ["requirements.lock", "tools/teach.lock", "tools/test.lock", "tools/site.lock"]:
        pinned += re.findall(r"^([a-z0-9.-]+)==", (ROOT / layer).read_text(), flags=re.MULTILINE)
    assert not {name for name in pinned if pinned.count(name) > 1 and name != "uv"}


def test_what_the_readme_tells_windows_to_run_is_what_make_runs():
    readme, makefile = ((ROOT / name).read_text() for name in ("README.md", "Makefile"))
    lines = re.findall(
        r"pip install (.*)$", readme.partition("```bat")[2].partition("```")[0], re.MULTILINE
    )
    assert len(lines) >= 2
    for line in lines:
        for lock in re.findall(r"-r (\S+\.lock)", line):
            assert f"-r {lock}" in makefile.replace("$(INSTALL) ", "")
            assert (ROOT / lock).is_file()
    assert any("--no-build-isolation" in line and line.endswith("-e .") for line in lines)
