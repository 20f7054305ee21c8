"""How the documentation is built: MyST pages, the furo theme, nothing fetched from elsewhere."""

import re
from importlib.metadata import version as version_of

from docutils import nodes
from latex2mathml.converter import convert
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

project = "Reknit"
author = "the Reknit contributors"
copyright = "the Reknit contributors, AGPL-3.0-or-later"
release = version_of("reknit")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
default_role = "code"
exclude_patterns = ["_build"]

html_theme = "furo"
html_math_renderer = "mathml"
html_title = "Reknit"
html_static_path: list[str] = []
html_show_sourcelink = False

autodoc_typehints = "description"
autodoc_member_order = "bysource"

# A line of a docstring that says what a field or an argument is: `high, low: whole years`.
_FIELD = re.compile(r"^([a-z_]\w*(?:, [a-z_]\w*)*): (.+)$")


def list_fields(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Show the fields that a docstring explains as a list, and its sentences as they stand."""
    shown: list[str] = []
    in_field = False
    for line in lines:
        field = _FIELD.match(line)
        if field is not None:
            shown += [*([] if in_field else [""]), f"* **{field[1]}**: {field[2]}"]
            in_field = True
        elif in_field and line:
            shown.append(f"  {line.strip()}")
        else:
            shown.append(line)
            in_field = False
    lines[:] = shown


def show_inline(page: HTML5Translator, node: nodes.math) -> None:
    """A formula as MathML, which browsers draw by themselves: no script, nothing fetched."""
    page.body.append(convert(node.astext()))
    raise nodes.SkipNode


def show_block(page: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on lines of its own."""
    page.body.append(f"<div>{convert(node.astext(), display='block')}</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (show_inline, None), (show_block, None))
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", list_fields)
