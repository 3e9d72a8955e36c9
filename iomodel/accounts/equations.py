"""Formulas that a study workbook declares: read once, used with numbers, Excel and browser."""

import ast
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from iomodel.errors import SpecError

T = TypeVar("T")
Name = Callable[[str], str]

BLOCK = re.compile(r"\bsum\s*\(\s*([^\W\d]\w*?)\s*\*\s*\)")
CALL = re.compile(r"\bsum\s*\(([^()]*)\)")
DEPTH = 100
SIGNS: Mapping[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2}
ATOM = 3
KNOWN = "numbers, ids, + - * /, parentheses and sum(prefix*)"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a formula."""

    value: float


@dataclass(frozen=True, slots=True)
class Quantity:
    """An id of the workbook."""

    id: str


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of a part."""

    part: "Part"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts and the sign between them."""

    sign: str
    left: "Part"
    right: "Part"


@dataclass(frozen=True, slots=True)
class Block:
    """The sum over all ids that begin alike."""

    prefix: str
    ids: tuple[str, ...]


Part = Number | Quantity | Minus | Operation | Block


@dataclass(frozen=True, eq=False, repr=False)
class Formula:
    """Arithmetic over the ids of a study workbook.

    Call it with a mapping of id to value. Floats, float arrays and complex arrays are taken
    alike: there is nothing but + - * / in it, so derivatives can be had by a complex step.

    Attributes
    ----------
    text : str
        As the workbook has it.
    names : tuple of str
        Ids that it uses, each once, with ``sum(prefix*)`` written out.
    place : str
        Cell that it was read from, for messages.

    Examples
    --------
    >>> share = parse("m_script / sum(m_*)", ["m_script", "m_crew"], place="equations!D4")
    >>> share({"m_script": 1.0, "m_crew": 3.0})
    0.25
    >>> share.excel({"m_script": "B2", "m_crew": "B3"}.get)
    'B2/(B2+B3)'
    >>> share.javascript("v.{}".format)
    'v.m_script / (v.m_script + v.m_crew)'
    """

    text: str
    names: tuple[str, ...]
    place: str = ""
    tree: Part = field(default=Number(0.0))

    def __call__(self, values: Mapping[str, T], sums: dict[str, T] | None = None) -> T:
        """Return the value of the formula.

        Parameters
        ----------
        values : mapping of id to float or ndarray, shape (n,)
        sums : dict of prefix to sum, optional
            Kept from formula to formula of the same values, so that a block is added up once.

        Returns
        -------
        float or ndarray, shape (n,)
            A formula without an id gives a float whatever the values are.

        Raises
        ------
        SpecError
            If a value is missing, or a float is divided by zero. Arrays follow numpy's rules.
        """
        try:
            found: T = _value(self.tree, values, {} if sums is None else sums)
        except ZeroDivisionError:
            zero = [name for name in self.names if not values[name]]
            which = f" ({', '.join(zero)} = 0)" if zero else ""
            raise SpecError(f"{self._where}: division by zero{which}.") from None
        except KeyError:
            lost = ", ".join(name for name in self.names if name not in values)
            raise SpecError(f"{self._where}: no value for {lost}.") from None
        return found

    def excel(self, name: Name) -> str:
        """Return the formula as Excel writes it, without the leading ``=``.

        Parameters
        ----------
        name : callable
            Gives the reference of an id: a cell (``inputs!$F$4``) or a defined name.
        """
        return _written(self.tree, name, "")[0]

    def javascript(self, name: Name) -> str:
        """Return the formula as an expression of JavaScript.

        Parameters
        ----------
        name : callable
            Gives the expression of an id (``v["titles"]``).
        """
        return _written(self.tree, name, " ")[0]

    @property
    def scaled(self) -> tuple[str, ...]:
        """Prefixes of the blocks that the formula divides by: their shares are of their sum."""
        return tuple(dict.fromkeys(_divisors(self.tree)))

    @property
    def alone(self) -> tuple[str, ...]:
        """Ids that stand in the formula themselves, or in a sum that it does not divide by."""
        return tuple(dict.fromkeys(_used(self.tree, set(self.scaled)))) or self.names

    @property
    def _where(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text

    def __repr__(self) -> str:
        return f"<Formula> {self.text}"


def parse(text: str, ids: Collection[str], *, place: str) -> Formula:
    """Read a formula of a study workbook.

    Parameters
    ----------
    text : str
        Numbers, ids, ``+ - * /``, unary minus, parentheses and ``sum(prefix*)``, which adds
        up all ids that begin with the prefix. Nothing is ever executed.
    ids : collection of str
        Ids that the formula may use, in their order.
    place : str
        Cell of the formula (``equations!D4``), for messages.

    Returns
    -------
    Formula

    Raises
    ------
    SpecError
        With every problem of the cell: unknown ids, a prefix that no id has, anything that
        is not in the grammar.

    Examples
    --------
    >>> parse("titles * cost", ["titles", "cost"], place="equations!D2").names
    ('titles', 'cost')
    >>> parse("titles ** 2", ["titles"], place="equations!D2")
    Traceback (most recent call last):
    iomodel.errors.SpecError: equations!D2: titles ** 2: ** is not known; a formula has numbers...
    """
    shown = " ".join(text.split())
    problems: list[str] = []
    tree: Part = Number(0.0)
    plain, blocks = _blocks(shown, list(ids), problems)
    if not shown:
        problems.append("blank where a formula is needed")
    elif shown.startswith("="):
        problems.append("a formula is written without = in front, or Excel would compute it")
    elif not problems:
        try:
            found = ast.parse(plain, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            words = error.msg if isinstance(error, SyntaxError) else "too long or too deep"
            problems.append(f"cannot be read ({words}); a formula has {KNOWN}")
        else:
            tree = _Reader(set(ids), blocks, problems).part(found)
    if problems:
        unique = "; ".join(dict.fromkeys(problems))
        raise SpecError(f"{place}: {shown or '(empty)'}: {unique}.")
    return Formula(text=shown, names=tuple(dict.fromkeys(_used(tree))), place=place, tree=tree)


def _blocks(text: str, ids: list[str], problems: list[str]) -> tuple[str, dict[str, Block]]:
    """Put a stand-in for each ``sum(prefix*)``, and say which ids it adds up."""
    blocks: dict[str, Block] = {}

    def stand_in(match: re.Match[str]) -> str:
        prefix = match[1]
        members = tuple(key for key in ids if key.startswith(prefix))
        if not members:
            problems.append(f"no id begins with {prefix!r}")
        name = f"block_{len(blocks)}"
        while name in ids or name in text:
            name += "_"
        blocks[name] = Block(prefix, members)
        return f"({name})"

    plain = BLOCK.sub(stand_in, text)
    problems += [
        f"{match[0]}: sum takes a prefix and a star, as in sum(m_*)"
        for match in CALL.finditer(plain)
    ]
    return plain, blocks


@dataclass(frozen=True)
class _Reader:
    """Turn Python's syntax tree into parts of a formula, noting what is not in the grammar."""

    ids: set[str]
    blocks: Mapping[str, Block]
    problems: list[str]

    def part(self, node: ast.expr, depth: int = 0) -> Part:
        if depth > DEPTH:
            return self._bad(f"more than {DEPTH} parts inside one another; split it into rows")
        match node:
            case ast.Name(id=name) if name in self.blocks:
                return self.blocks[name]
            case ast.Name(id=name) if name in self.ids:
                return Quantity(name)
            case ast.Name(id=name):
                return self._bad(f"unknown id {name!r}")
            case ast.Constant(value=value) if type(value) in (int, float):
                return self._number(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return Minus(self.part(inner, depth + 1))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
                first = self.part(left, depth + 1)
                return Operation(SIGNS[type(op)], first, self.part(right, depth + 1))
        return self._bad(f"{_named(node)} is not known; a formula has {KNOWN}")

    def _number(self, value: Any) -> Part:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        return Number(number) if math.isfinite(number) else self._bad("a number is too large")

    def _bad(self, problem: str) -> Part:
        self.problems.append(problem)
        return Number(0.0)


def _named(node: ast.expr) -> str:
    """Return the part that is not known as it was written."""
    match node:
        case ast.BinOp(op=ast.Pow()):
            return "**"
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return f"{type(op).__name__.lower()}"
    return ast.unparse(node)


def _used(part: Part, without: Collection[str] = ()) -> list[str]:
    """Ids in the order in which they stand, without blocks of some prefixes."""
    match part:
        case Quantity(id=name):
            return [name]
        case Block(prefix=prefix, ids=ids):
            return [] if prefix in without else list(ids)
        case Minus(part=inner):
            return _used(inner, without)
        case Operation(left=left, right=right):
            return [*_used(left, without), *_used(right, without)]
    return []


def _divisors(part: Part) -> list[str]:
    """Prefixes of the blocks that stand alone behind a division sign."""
    match part:
        case Minus(part=inner):
            return _divisors(inner)
        case Operation(sign="/", left=left, right=Block(prefix=prefix)):
            return [*_divisors(left), prefix]
        case Operation(left=left, right=right):
            return [*_divisors(left), *_divisors(right)]
    return []


def _value(part: Part, values: Mapping[str, Any], sums: dict[str, Any]) -> Any:
    """Value of a part; a block is added up from its first id on."""
    match part:
        case Number(value=number):
            return number
        case Quantity(id=name):
            return values[name]
        case Minus(part=inner):
            return -_value(inner, values, sums)
        case Block(prefix=prefix, ids=ids):
            if prefix not in sums:
                total = values[ids[0]]
                for name in ids[1:]:
                    total = total + values[name]
                sums[prefix] = total
            return sums[prefix]
        case Operation(sign=sign, left=first, right=second):
            left, right = _value(first, values, sums), _value(second, values, sums)
            if sign == "+":
                return left + right
            if sign == "-":
                return left - right
            return left * right if sign == "*" else left / right


def _written(part: Part, name: Name, gap: str) -> tuple[str, int]:
    """Text of a part and how tightly it binds.

    A right-hand part of the same level keeps its parentheses, so that rounding is the same
    everywhere; a negative stands in parentheses, because ``a--b`` means something else in
    JavaScript and ``-a^b`` something else in Excel.
    """
    match part:
        case Number(value=number):
            return repr(number).upper(), ATOM
        case Quantity(id=key):
            return name(key), ATOM
        case Minus(part=inner):
            text, level = _written(inner, name, gap)
            return f"(-{text if level == ATOM else f'({text})'})", ATOM
        case Block(ids=ids):
            text = f"{gap}+{gap}".join(name(key) for key in ids)
            return (f"({text})", ATOM) if len(ids) > 1 else (text, ATOM)
        case Operation(sign=sign, left=first, right=second):
            own = LEVEL[sign]
            left, left_level = _written(first, name, gap)
            right, right_level = _written(second, name, gap)
            left = left if left_level >= own else f"({left})"
            right = right if right_level > own else f"({right})"
            return f"{left}{gap}{sign}{gap}{right}", own
