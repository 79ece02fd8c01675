"""The site: its pages lead somewhere, ask nothing of anybody else, and can be read by everybody."""

from __future__ import annotations

import functools
import html.parser
import http.server
import importlib.util
import subprocess
import sys
import threading
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import ROOT, skip_or_fail


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The reading pages, made once."""
    for needed in ("sphinx", "myst_parser", "numpydoc", "pydata_sphinx_theme"):
        if importlib.util.find_spec(needed) is None:
            skip_or_fail(f"{needed} is not installed: make site adds what the site needs")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "tools.site", "reading", f"--out={folder}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def address(site):
    """Where a plain web server gives the site out."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Read(html.parser.HTMLParser):
    """What a page names and where it leads."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.targets, self.loaded, self.unnamed = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.targets.append(found["href"])
        loaded = found.get("src") or (found.get("href") if tag == "link" else None)
        if loaded and found.get("rel") not in ("canonical", "prev", "next", "author"):
            self.loaded.append(loaded)
        if tag == "img" and "alt" not in found:
            self.unnamed.append(found.get("src"))


@pytest.fixture(scope="session")
def read(site):
    """Every page, taken apart."""
    return {
        path.relative_to(site).as_posix(): Read(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "lab" not in path.relative_to(site).parts
    }


def test_every_lesson_has_its_page_and_no_answers_for_teachers_are_there(site, read):
    for path in (ROOT / "course").glob("[0-9]*.ipynb"):
        assert f"lessons/{path.stem}.html" in read
    for path in (ROOT / "course" / "teaching").glob("*.md"):
        assert f"teach/{path.stem}.html" in read
    assert not [name for name in read if "blueprint" in name]


def test_links_and_anchors_lead_somewhere(site, read):
    broken = []
    for name, page in read.items():
        for target in [*page.targets, *page.loaded]:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            path = (site / name).parent / unquote(parts.path) if parts.path else site / name
            there = path.resolve().relative_to(site.resolve()).as_posix()
            if not path.is_file():
                broken.append((name, target))
            elif parts.fragment and there in read:
                anchor = unquote(parts.fragment)
                if anchor not in read[there].ids and anchor != "":
                    broken.append((name, target))
    assert not broken


def test_nothing_is_loaded_from_elsewhere_and_every_picture_has_words(read):
    assert not [(name, url) for name, page in read.items() for url in page.loaded if "//" in url]
    assert not [(name, page.unnamed) for name, page in read.items() if page.unnamed]


def test_glossary_leads_to_the_lessons_and_back(read):
    entries = {anchor for anchor in read["glossary.html"].ids if anchor.startswith("term-")}
    assert len(entries) > 60
    lessons = [page for name, page in read.items() if name.startswith("lessons/0")]
    used = {target.partition("#")[2] for page in lessons for target in page.targets
            if "glossary.html#" in target}  # fmt: skip
    assert len(used) > 40
    assert used <= entries


@pytest.mark.browser
@pytest.mark.parametrize("name", ["lessons/02_binding_assays.html", "evidence.html"])
def test_pages_can_be_read_by_everybody(page, address, name):
    from axe_playwright_python.sync_playwright import Axe

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + name)
    assert not [url for url in asked if not url.startswith((address, "data:"))]
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.wait_for_timeout(300)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not [(one["id"], one["nodes"][0]["html"][:200]) for one in serious]
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
