"""How Sphinx makes the reading pages: no web fonts, no scripts of others, equations as MathML."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

import snrilab

project = "snrilab"
author = "The snrilab authors"
copyright = "the snrilab authors; text CC BY 4.0, code BSD 3-Clause"  # noqa: A001 -- Sphinx's name
version = release = snrilab.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "tools.site.pages.anchor"
default_role = "literal"
autodoc_typehints = "none"  # the text below says what may be given
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "snrilab: how do antidepressants work, and how would you know?"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/icon.svg"  # else a browser asks for one that is not there
html_js_files = [("grid.js", {"defer": "defer"})]
html_copy_source = html_show_sourcelink = False
html_last_updated_fmt = None
html_permalinks_icon = "#"
html_theme_options = {
    "logo": {"text": "snrilab"},
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "navigation_with_keys": False,  # the arrow keys belong to the reader
    "secondary_sidebar_items": ["page-toc"],
    "article_header_start": [],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_nav_level": 1,
    "back_to_top_button": False,
}
html_sidebars = {page: [] for page in ("index", "glossary", "evidence", "search")}
html_context = {"default_mode": "auto"}


def setup(app: Any) -> dict[str, Any]:
    """Write equations as MathML: every browser of today draws it, and screen readers read it."""
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    _compile_numpydoc_once()
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _compile_numpydoc_once() -> None:
    """Keep numpydoc's template: it compiles the same one anew for each name of the library."""
    from jinja2.sandbox import SandboxedEnvironment
    from numpydoc import docscrape_sphinx

    kept: dict[str, Any] = {}

    class Keeping(SandboxedEnvironment):
        def get_template(self, name: Any, *more: Any, **named: Any) -> Any:
            if name not in kept:
                kept[name] = super().get_template(name, *more, **named)
            return kept[name]

    docscrape_sphinx.SandboxedEnvironment = Keeping


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def _displayed(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="equation">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode
