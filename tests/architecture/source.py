"""Read the package as text: its modules, their imports, functions and classes."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = "iomodel"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Literal["module", "function", "typing"]
Anchor = Callable[[int], str]


@dataclass(frozen=True)
class Import:
    """One imported name: `module` is what gets loaded, `name` what is taken from it."""

    module: str
    name: str
    line: int
    scope: Scope

    @property
    def library(self) -> str:
        return self.module.partition(".")[0]

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Module:
    """One file of the package; `path` is relative to the package folder."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """Names below the package: `readers/workbook.py` is ("readers", "workbook")."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def dotted(self) -> str:
        return ".".join((PACKAGE, *self.parts)).removesuffix(".__init__")

    @property
    def room(self) -> str:
        return self.parts[0]

    def lines(self) -> int:
        return len(self.text.splitlines())

    def imports(self) -> list[Import]:
        return list(_imports(self.tree, "module", self._anchor))

    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def classes(self) -> list[ast.ClassDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    def calls(self) -> list[tuple[str, int]]:
        """Last word of what each call names, and its line: `a.b(c)` is ("b", line)."""
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return [(_last_word(node.func), node.lineno) for node in nodes]

    def _anchor(self, level: int) -> str:
        """Package that `level` dots of a relative import stand for; "" for none."""
        return ".".join((PACKAGE, *self.parts[:-level])) if level else ""


def package() -> list[Module]:
    """All modules of the package."""
    folder = REPOSITORY / PACKAGE
    return [
        Module(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    ]


def made(files: Mapping[str, str]) -> list[Module]:
    """Modules from made text, for tests of the tests."""
    return [Module(path, text) for path, text in files.items()]


def targets(module: Module, known: Mapping[str, Module]) -> list[tuple[Module, Import]]:
    """Modules of the package that a module imports; a submodule counts instead of its package."""
    found = []
    for item in module.imports():
        target = known.get(item.full) or known.get(item.module)
        if target is not None and target != module:
            found.append((target, item))
    return found


def by_name(modules: list[Module]) -> dict[str, Module]:
    return {module.dotted: module for module in modules}


def _imports(node: ast.AST, scope: Scope, anchor: Anchor) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, "", child.lineno, scope)
        elif isinstance(child, ast.ImportFrom):
            source = ".".join(filter(None, (anchor(child.level), child.module)))
            for alias in child.names:
                yield Import(source, alias.name, child.lineno, scope)
        elif isinstance(child, ast.If) and _last_word(child.test) == "TYPE_CHECKING":
            yield from _imports(ast.Module(child.body, []), "typing", anchor)
            yield from _imports(ast.Module(child.orelse, []), scope, anchor)
        elif isinstance(child, Function | ast.Lambda) and scope == "module":
            yield from _imports(child, "function", anchor)
        else:
            yield from _imports(child, scope, anchor)


def _last_word(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
