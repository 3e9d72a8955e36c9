"""What a user meets first: the import, the public names, the README, the top folder."""

import ast
import inspect
import re
import subprocess
import sys
from types import ModuleType

import pytest

import iomodel
from iomodel.errors import LabelError
from tests.architecture.source import PACKAGE, REPOSITORY, Module, by_name, made, package, targets

HEAVY = ("openpyxl", "python_calamine", "matplotlib", "dask", "jinja2", "pymrio", "docx")
PUBLIC_NAMES = 58
PRINTING = {"cli.py", "__main__.py"}
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "docs",
    "iomodel",
    "pyproject.toml",
    "tables",
    "tests",
}
# The published study's ratio and head counts: the forward derivation must not know them.
PUBLISHED_NUMBERS = {1.95, 690_000, 1_340_000, 2_030_000}
PUBLISHED_WORDS = ("comparison", "published")
# Rooms and files that order, show or hold the comparison; the derivation cannot see them.
BESIDE_DERIVATION = {"studies", "plot", "report", "cli", "__main__", "__init__"}
NUMBER = re.compile(r"(?<![0-9A-Za-z_.])\d[\d_,]*(?:\.\d[\d_]*)?")


def heavy_modules(statement: str) -> list[str]:
    """Heavy libraries that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*(set({HEAVY!r}) & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return sorted(answer.stdout.split())


def undocumented(name: str, value: object) -> list[str]:
    """Sections missing from the docstring of a public name; values need none."""
    if not (isinstance(value, ModuleType | type) or callable(value)):
        return []
    docstring = inspect.getdoc(value)
    if not docstring:
        return [f"{name}: no docstring"]
    needed = set[str]()
    if inspect.isfunction(value):
        signature = inspect.signature(value)
        needed |= {"Parameters"} if signature.parameters else set()
        needed |= {"Returns"} if signature.return_annotation not in (None, "None") else set()
    present = set(re.findall(r"^(\w+)\n-+$", docstring, re.MULTILINE))
    return [f"{name}: no {section}" for section in sorted(needed - present)]


def prints(modules: list[Module]) -> list[str]:
    return [
        f"{PACKAGE}/{module.path}:{line}"
        for module in modules
        if module.path not in PRINTING
        for word, line in module.calls()
        if word == "print"
    ]


def shell_blocks(text: str) -> list[str]:
    return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)]


def top_level_extras(files: list[str]) -> set[str]:
    tops = {name.partition("/")[0] for name in files}
    return (tops - TOP_LEVEL) | {name for name in files if re.match(r"\.ci/(?!run$)", name)}


def known_answers(modules: list[Module]) -> list[str]:
    """Places where a published number stands, in code or in text."""
    found = set()
    for module in modules:
        for node in ast.walk(module.tree):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, int | float) and value in PUBLISHED_NUMBERS:
                found.add(f"{PACKAGE}/{module.path}:{getattr(node, 'lineno', 0)}")
        for number, line in enumerate(module.text.splitlines(), start=1):
            written = {re.sub("[_,]", "", text) for text in NUMBER.findall(line)}
            if PUBLISHED_NUMBERS & {float(text) for text in written}:
                found.add(f"{PACKAGE}/{module.path}:{number}")
    return sorted(found)


def peeks(modules: list[Module]) -> list[str]:
    """Imports by which the forward derivation would see the published figures."""
    known = by_name(modules)
    return [
        f"{PACKAGE}/{module.path}:{item.line} imports {item.full}"
        for module in modules
        if module.room not in BESIDE_DERIVATION
        and not module.path.endswith("/__init__.py")
        and not mentions(module.path)
        for target, item in targets(module, known)
        if mentions(target.path) or mentions(item.name)
    ]


def mentions(name: str) -> bool:
    return any(word in name.lower() for word in PUBLISHED_WORDS)


def test_import_is_light() -> None:
    assert heavy_modules("import iomodel") == []


def test_lightness_rule_can_fail() -> None:
    assert heavy_modules("import openpyxl") == ["openpyxl"]


def test_public_names_are_few_and_exist() -> None:
    names = iomodel.__all__
    assert len(names) <= PUBLIC_NAMES
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(iomodel, name)] == []


def test_public_names_are_documented() -> None:
    names = [name for name, thing in vars(iomodel).items() if reachable(name, thing)]
    missing = [line for name in names for line in undocumented(name, getattr(iomodel, name))]
    assert not missing, "\n".join(missing)


def without_example(name: str, value: object) -> list[str]:
    """Tell of a function or class whose docstring has no example that can be pasted and run.

    Errors need none: the verbs that raise them show them.
    """
    if not callable(value) or (isinstance(value, type) and issubclass(value, BaseException)):
        return []
    section = (inspect.getdoc(value) or "").partition("\nExamples\n--------\n")[2]
    statements = re.findall(r"^>>> (.*)$", section, re.MULTILINE)
    if not statements:
        return [f"{name}: no Examples"]
    found = [] if "import iomodel as iom" in statements[:3] else [f"{name}: no import of iomodel"]
    return found if len(statements) > 1 else [*found, f"{name}: the example does nothing"]


def test_public_names_have_examples_that_can_be_pasted() -> None:
    names = [name for name, thing in vars(iomodel).items() if reachable(name, thing)]
    missing = [line for name in names for line in without_example(name, getattr(iomodel, name))]
    assert len(names) > PUBLIC_NAMES
    assert not missing, "\n".join(missing)


def test_example_rule_can_fail() -> None:
    def made(text: str) -> object:
        def bare() -> None: ...

        bare.__doc__ = text
        return bare

    head = "Say.\n\nExamples\n--------\n"
    assert without_example("f", made("Say.")) == ["f: no Examples"]
    assert without_example("f", made(head + ">>> 1 + 1\n2\n>>> 2\n2\n")) == [
        "f: no import of iomodel"
    ]
    assert without_example("f", made(head + ">>> import iomodel as iom\n")) == [
        "f: the example does nothing"
    ]
    assert without_example("f", made(head + ">>> import iomodel as iom\n>>> iom.read\n")) == []
    assert without_example("E", LabelError) == []


def reachable(name: str, thing: object) -> bool:
    """Tell whether users reach a name at the door: shown there, or returned and raised."""
    return not name.startswith("_") and not isinstance(thing, ModuleType | str)


def test_tab_completion_shows_the_door_only() -> None:
    assert set(dir(iomodel)) == {*iomodel.__all__, "__version__"}


def test_docstring_rule_can_fail() -> None:
    def bare(x: int) -> int:
        return x

    def half(x: int) -> int:
        """Say.

        Parameters
        ----------
        x
            A number.
        """
        return x

    assert undocumented("bare", bare) == ["bare: no docstring"]
    assert undocumented("half", half) == ["half: no Returns"]
    assert undocumented("__version__", "0.1.0") == []


def test_only_the_command_line_prints() -> None:
    assert not prints(package()), "\n".join(prints(package()))


def test_print_rule_can_fail() -> None:
    text = "print(1)"
    assert prints(made({"cli.py": text, "analysis/paths.py": text})) == [
        "iomodel/analysis/paths.py:1"
    ]


def test_readme_commands_are_one_line_each() -> None:
    blocks = shell_blocks((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 2
    assert [block for block in blocks[:2] if "\n" in block or not block] == []


def test_readme_rule_can_fail() -> None:
    text = "```sh\none\n```\n\n```python\nx\n```\n\n```sh\ntwo\nthree\n```\n"
    assert shell_blocks(text) == ["one", "two\nthree"]


def test_top_level_holds_only_what_was_agreed() -> None:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout: no list of tracked files")
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert top_level_extras(listing.split("\0")[:-1]) == set()


def test_top_level_rule_can_fail() -> None:
    files = ["README.md", ".ci/run", ".ci/more", "scripts/run.py", "iomodel/__init__.py"]
    assert top_level_extras(files) == {".ci/more", "scripts"}


def test_no_published_number_stands_in_code() -> None:
    assert not known_answers(package()), "\n".join(known_answers(package()))


@pytest.mark.parametrize(
    "line",
    ["x = 1.95", "x = 690_000", "x = 690e3", "# about 2,030,000 jobs", '"""约1.95倍"""'],
)
def test_number_rule_can_fail(line: str) -> None:
    assert known_answers(made({"analysis/paths.py": line})) == ["iomodel/analysis/paths.py:1"]


def test_other_numbers_pass() -> None:
    text = "x = (1.955, 11.95, 0.195, 1690000, 0x1)  # version 3.1.95, 1e-3, 2019, 2020"
    assert known_answers(made({"analysis/paths.py": text})) == []


def test_derivation_does_not_see_the_published_figures() -> None:
    assert not peeks(package()), "\n".join(peeks(package()))


def askers(modules: list[Module]) -> list[str]:
    """Modules that import the inverse question, other than the comparison and the door."""
    known = by_name(modules)
    return [
        module.path
        for module in modules
        if module.path not in {"__init__.py", "cli.py", "studies/comparison.py"}
        and module.room not in {"plot", "report"}
        for target, _ in targets(module, known)
        if target.path == "analysis/inverse.py"
    ]


def test_forward_code_is_unaware_of_the_inverse_question() -> None:
    assert not askers(package())


def test_unawareness_rule_can_fail() -> None:
    line = "from iomodel.analysis.inverse import inverse"
    files = {"analysis/inverse.py": "", "studies/comparison.py": line, "studies/forward.py": line}
    assert askers(made(files)) == ["studies/forward.py"]


def test_peeking_rule_can_fail() -> None:
    line = "from iomodel.readers.published import read"
    modules = made(
        {
            "readers/published.py": "",
            "readers/__init__.py": line,
            "analysis/comparison.py": line,
            "studies/drama.py": line,
            "analysis/channels.py": line,
            "analysis/paths.py": "from iomodel.readers import read_published",
        }
    )
    assert [text.split(":")[0] for text in peeks(modules)] == [
        "iomodel/analysis/channels.py",
        "iomodel/analysis/paths.py",
    ]
