"""Sphinx settings: every notebook is executed, and an error in one fails the build."""

import logging
import os
from importlib.metadata import version as installed_version
from pathlib import Path

project = "iomodel"
author = "The iomodel developers"
copyright = "2026, The iomodel developers"
release = installed_version("iomodel")
version = release

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
]
exclude_patterns = ["_build", "jupyter_execute", "**/.ipynb_checkpoints"]
# A folder may bring its own contents page; docstring references need not be cited in the text.
suppress_warnings = ["toc.multiple_toc_parents", "ref.citation", "ref.footnote"]
# A folder of the contents page may still be empty. Some releases of Sphinx leave out this warning's
# type, so that `suppress_warnings` cannot name it.
logging.getLogger("sphinx.sphinx.directives.other").addFilter(
    lambda record: getattr(record, "subtype", None) != "empty_glob"
)

# The pages of replications/ share compare.py; kernels run in a temporary folder.
shared_code = str(Path(__file__).resolve().parent / "replications")
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [shared_code, os.environ.get("PYTHONPATH")])
)

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_typehints = "none"
autosummary_generate = True
numpydoc_show_class_members = False

html_theme = "furo"
html_title = f"iomodel {release}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_js_files = ["tables.js"]
