"""Imports point down; rooms on one floor do not see each other; nothing is imported late."""

import sys
from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.source import PACKAGE, Import, Module, by_name, made, package, targets

FLOORS = {
    "errors": 0,
    "version": 0,
    "kernels": 1,
    "results": 2,
    "accounts": 3,
    "readers": 4,
    "writers": 4,
    "transforms": 4,
    "models": 4,
    "analysis": 5,
    "studies": 6,
    "plot": 7,
    "report": 8,
    "cli": 9,
    "options": 9,
    "__main__": 9,
    "__init__": 9,
}
DOOR = {"cli", "options", "__main__", "__init__"}  # one room on the top floor
KERNEL_LIBRARIES = {"numpy", "scipy"}
KERNEL_NEIGHBOURS = (f"{PACKAGE}.kernels", f"{PACKAGE}.errors")
NO_NAMES = {"utils", "core", "common", "helpers"}
NO_LIBRARIES = {"dask", "distributed"}  # a caller hands dask in
# Heavy or optional libraries: the files that may use them, and only inside functions.
LATE_LIBRARIES = {
    "openpyxl": ("readers/workbook.py", "writers/pages.py", "writers/fillable.py"),
    "python_calamine": ("readers/workbook.py",),
    "pyarrow": ("readers/parquet.py", "writers/parquet.py"),
    "docx": ("writers/word.py",),
    "matplotlib": ("plot/",),
    "jinja2": ("report/",),
    "pymrio": ("writers/iosystem.py",),
    "tqdm": ("analysis/progress.py",),
}
HIDDEN_IMPORTS = {"import_module", "__import__"}

Rule = Callable[[list[Module]], list[str]]


def room(module: Module) -> str:
    return "door" if module.room in DOOR else module.room


def place(module: Module, item: Import) -> str:
    return f"{PACKAGE}/{module.path}:{item.line} imports {item.full}"


def floors_broken(modules: list[Module]) -> list[str]:
    """Imports that do not point down."""
    found = [
        f"{PACKAGE}/{module.path}: {module.room} has no floor"
        for module in modules
        if module.room not in FLOORS
    ]
    known = by_name(modules)
    for module in modules:
        for target, item in targets(module, known):
            here, there = FLOORS.get(module.room, -1), FLOORS.get(target.room, 99)
            if room(module) != room(target) and there >= here:
                found.append(f"{place(module, item)}: floor {here} sees floor {there}")
    return found


def cycle(modules: list[Module]) -> list[str]:
    """Modules of one import cycle; empty where there is none."""
    known = by_name(modules)
    graph = {
        module.path: {target.path for target, _ in targets(module, known)} for module in modules
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(path) for path in error.args[1]]
    return []


def kernels_broken(modules: list[Module]) -> list[str]:
    """Imports of a kernel other than numpy, scipy, the standard library, kernels and errors."""
    allowed = KERNEL_LIBRARIES | sys.stdlib_module_names
    return [
        place(module, item)
        for module in modules
        if module.room == "kernels"
        for item in module.imports()
        if item.library not in allowed and not item.full.startswith(KERNEL_NEIGHBOURS)
    ]


def libraries_broken(modules: list[Module]) -> list[str]:
    """Uses of a library outside its place, or where importing the package would load it."""
    found = []
    for module in modules:
        for item in module.imports():
            places = LATE_LIBRARIES.get(item.library)
            if item.library in NO_LIBRARIES:
                found.append(f"{place(module, item)}: the caller hands it in")
            elif places and not module.path.startswith(places):
                found.append(f"{place(module, item)}: only in {', '.join(places)}")
            elif places and item.scope == "module":
                found.append(f"{place(module, item)}: only inside a function")
    return found


def late_imports(modules: list[Module]) -> list[str]:
    """Imports inside functions, and imports by name, other than of the libraries above."""
    found = []
    for module in modules:
        found += [
            f"{place(module, item)}: inside a function"
            for item in module.imports()
            if item.scope == "function" and item.library not in LATE_LIBRARIES
        ]
        found += [
            f"{PACKAGE}/{module.path}:{line}: imports by name"
            for word, line in module.calls()
            if word in HIDDEN_IMPORTS
        ]
    return found


def names_broken(modules: list[Module]) -> list[str]:
    """Files and folders whose name says nothing."""
    return [module.path for module in modules if NO_NAMES & set(module.parts)]


@pytest.mark.parametrize(
    "rule",
    [floors_broken, cycle, kernels_broken, libraries_broken, late_imports, names_broken],
)
def test_package_keeps(rule: Rule) -> None:
    modules = package()
    assert modules, "no modules found"
    assert not rule(modules), "\n".join(rule(modules))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kernels/linear.py", "from iomodel.accounts.table import IOTable"),  # up
        ("kernels/linear.py", "from iomodel.accounts import table"),  # up, by submodule
        ("readers/registry.py", "from iomodel.models import leontief"),  # same floor
        ("plot/bars.py", "import iomodel.report.html"),
        ("results.py", "def f():\n    from iomodel.accounts.table import IOTable"),
        ("results.py", "if TYPE_CHECKING:\n    from iomodel.accounts.table import IOTable"),
        ("accounts/labels.py", "from ..models import leontief"),  # relative
        ("accounts/labels.py", "import iomodel as iom"),  # the door from below
        ("cellar/wine.py", ""),  # a room without a floor
    ],
)
def test_floor_rule_can_fail(path: str, line: str) -> None:
    names = ("accounts/table.py", "models/__init__.py", "models/leontief.py", "report/html.py")
    others = dict.fromkeys(("__init__.py", *names), "")
    assert len(floors_broken(made({**others, path: line}))) == 1


def test_imports_down_and_inside_a_room_pass() -> None:
    modules = made(
        {
            "__init__.py": "from iomodel.analysis.channels import channels",
            "cli.py": "import iomodel as iom\nfrom iomodel.studies import drama",
            "analysis/channels.py": "from iomodel.analysis.multipliers import multipliers",
            "analysis/multipliers.py": "from iomodel.kernels import linear",
            "kernels/linear.py": "import numpy as np\nfrom iomodel.errors import LabelError",
            "errors.py": "",
            "studies/drama.py": "",
        }
    )
    assert not floors_broken(modules)
    assert not cycle(modules)
    assert not kernels_broken(modules)


def test_cycle_rule_can_fail() -> None:
    loop = {
        "models/a.py": "from iomodel.models import b",
        "models/b.py": "def f():\n    from iomodel.models.a import g",
    }
    assert set(cycle(made(loop))) == {"models/a.py", "models/b.py"}


@pytest.mark.parametrize(
    "line",
    ["import pandas as pd", "from iomodel.results import Result", "import iomodel.accounts"],
)
def test_kernel_rule_can_fail(line: str) -> None:
    assert len(kernels_broken(made({"kernels/linear.py": line}))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("writers/templates.py", "def f():\n    import openpyxl"),
        ("readers/workbook.py", "from python_calamine import CalamineWorkbook"),
        ("analysis/channels.py", "def f():\n    import matplotlib.pyplot as plt"),
        ("readers/parquet.py", "import pyarrow.parquet as pq"),
        ("plot/bars.py", "import matplotlib.pyplot as plt"),
        ("report/html.py", "import jinja2"),
        ("analysis/uncertainty.py", "def f():\n    import dask.array as da"),
    ],
)
def test_library_rule_can_fail(path: str, line: str) -> None:
    assert len(libraries_broken(made({path: line}))) == 1


def test_libraries_in_their_place_pass() -> None:
    modules = made(
        {
            "readers/workbook.py": "def f():\n    from openpyxl import load_workbook",
            "plot/bars.py": "if TYPE_CHECKING:\n    from matplotlib.axes import Axes\n"
            "def f():\n    import matplotlib.pyplot as plt",
        }
    )
    assert not libraries_broken(modules)
    assert not late_imports(modules)


@pytest.mark.parametrize(
    "line",
    [
        "def f():\n    import json",
        "class A:\n    def f(self):\n        from iomodel.kernels import linear",
        "import importlib\nx = importlib.import_module('json')",
    ],
)
def test_late_import_rule_can_fail(line: str) -> None:
    assert len(late_imports(made({"analysis/paths.py": line}))) == 1


@pytest.mark.parametrize("path", ["utils.py", "accounts/helpers.py", "core/table.py"])
def test_name_rule_can_fail(path: str) -> None:
    assert names_broken(made({path: ""})) == [path]
