"""Files, functions and classes stay small enough to be read at one sitting."""

import ast
from statistics import median

from tests.architecture.source import PACKAGE, Function, Module, made, package

FILE_LINES = 400
MEDIAN_LINES = 200
FUNCTION_LINES = 50
PUBLIC_METHODS = 12


def long_files(modules: list[Module]) -> list[str]:
    return [
        f"{PACKAGE}/{module.path}: {module.lines()} lines"
        for module in modules
        if module.lines() > FILE_LINES
    ]


def long_functions(modules: list[Module]) -> list[str]:
    return [
        f"{PACKAGE}/{module.path}:{function.lineno} {function.name}: {body_lines(function)} lines"
        for module in modules
        for function in module.functions()
        if body_lines(function) > FUNCTION_LINES
    ]


def wide_classes(modules: list[Module]) -> list[str]:
    return [
        f"{PACKAGE}/{module.path}:{node.lineno} {node.name}: {len(public_methods(node))} methods"
        for module in modules
        for node in module.classes()
        if len(public_methods(node)) > PUBLIC_METHODS
    ]


def body_lines(function: Function) -> int:
    """Lines from `def` to the end, without the function's own docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def public_methods(node: ast.ClassDef) -> set[str]:
    """Methods and properties without a leading underscore; fields are not counted."""
    functions = [item for item in node.body if isinstance(item, Function)]
    return {item.name for item in functions if not item.name.startswith("_")}


def test_no_file_is_too_long() -> None:
    assert not long_files(package()), "\n".join(long_files(package()))


def test_half_of_the_files_are_short() -> None:
    assert median(module.lines() for module in package()) <= MEDIAN_LINES


def test_no_function_is_too_long() -> None:
    assert not long_functions(package()), "\n".join(long_functions(package()))


def test_no_class_has_too_many_methods() -> None:
    assert not wide_classes(package()), "\n".join(wide_classes(package()))


def test_file_rule_can_fail() -> None:
    assert not long_files(made({"a.py": "x = 1\n" * FILE_LINES}))
    assert long_files(made({"a.py": "x = 1\n" * (FILE_LINES + 1)}))


def test_function_rule_can_fail_and_leaves_out_the_docstring() -> None:
    docstring = '    """Say.\n' + "    more\n" * 60 + '    """\n'
    head = "def f():\n"
    fits = head + docstring + "    x = 1\n" * (FUNCTION_LINES - 1)
    assert not long_functions(made({"a.py": fits}))
    assert long_functions(made({"a.py": fits + "    x = 1\n"}))
    assert long_functions(made({"a.py": "class A:\n    def f(self):\n" + "        x = 1\n" * 50}))


def test_class_rule_can_fail_and_leaves_out_fields() -> None:
    fields = "class A:\n" + "".join(f"    field_{i}: int\n" for i in range(30))
    private = "    def _hidden(self): ...\n"
    methods = [f"    @property\n    def method_{i}(self): ...\n" for i in range(13)]
    assert not wide_classes(made({"a.py": fields + private + "".join(methods[:PUBLIC_METHODS])}))
    assert wide_classes(made({"a.py": fields + "".join(methods)}))
