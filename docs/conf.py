"""How the documentation is built: MyST pages, the furo theme, nothing fetched from elsewhere."""

from importlib.metadata import version as version_of

project = "Reknit"
author = "the Reknit contributors"
copyright = "the Reknit contributors, AGPL-3.0-or-later"  # noqa: A001 - Sphinx asks for this name
release = version_of("reknit")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Reknit"
html_static_path: list[str] = []
html_show_sourcelink = False

autodoc_typehints = "description"
autodoc_member_order = "bysource"
nitpicky = False
