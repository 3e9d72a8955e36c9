"""What the lines beside a block are: told by balance first, by words where sums do not tell."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from iomodel.kernels.linear import Array
from iomodel.kernels.totals import BASE, Rounding, Total, step_of
from iomodel.readers.blocks import Block
from iomodel.readers.lines import Beside, Line
from iomodel.readers.sides import CLOSE, NEAR, NOT_USED, PARTS, Role, Side, share_apart
from iomodel.readers.statement import Identity, Item, Statement


def statement_of(block: Block, beside: Beside, role: Role) -> Statement:
    """Return what the lines beside a block of flows are.

    Parameters
    ----------
    block : Block
    beside : Beside
    role : callable
        Proposes a line's role: its words, or the codes that a layout declares.
    """
    values = np.nan_to_num(block.figures())
    rounding = Rounding(step_of(block.figures()), block.size)
    across = Side(values.T, block.columns, beside.columns, rounding, role)
    down = Side(values, block.rows, beside.rows, rounding, role)
    return Balance(across, down, rounding).statement()


class Balance:
    """Match rows and columns: output, imports and the items of both sides."""

    def __init__(self, across: Side, down: Side, rounding: Rounding) -> None:
        self.across, self.down, self.rounding = across, down, rounding
        self.imports_below: list[int] = []
        self.printed = False

    def statement(self) -> Statement:
        """Return the lines of both sides, each with what it is."""
        out_row, out_column, supply_row = self._output()
        output = self._figures(out_row, out_column)
        self.imports_below = self._imports_below(out_row, supply_row)
        row_leaves = self._row_leaves(out_row, output)
        imports_below = self.imports_below
        target = output
        if output is not None and imports_below:
            target = output + sum(self.down.vector(k) for k in imports_below)
        column_leaves = self._column_leaves(out_column, target)
        if target is None:
            column_leaves = self._fitted_to_inputs(row_leaves, column_leaves)
        deducted = {
            k: sign for k, sign in column_leaves.items() if self.across.roles[k] == "imports"
        }
        columns = tuple(
            Item(self.across.lines[k], self._column_role(k), sign)
            for k, sign in sorted(column_leaves.items())
            if k not in deducted
        )
        rows = tuple(
            Item(self.down.lines[k], self._row_role(k), sign)
            for k, sign in sorted(row_leaves.items())
        )
        imports = (
            *(Item(self.across.lines[k], "imports", -sign) for k, sign in sorted(deducted.items())),
            *(Item(self.down.lines[k], "imports", 1) for k in imports_below),
        )
        self.printed = output is not None
        if output is None:
            output = self._computed(columns, imports)
        values = self.across.base
        used_columns, used_rows = set(column_leaves), {*row_leaves, *imports_below}
        return Statement(
            columns,
            rows,
            imports,
            output,
            tuple(self._printed(out_row, out_column)),
            tuple(self._totals(used_columns, used_rows, out_row, out_column)),
            tuple(self._memo(used_rows, out_row)),
            tuple(self._unused(used_columns, out_column)),
            tuple(self._identities(columns, rows, imports, output)),
            self._proven(self.across, output, _sum(columns, values) - _sum(imports, values)),
            self._proven(self.down, output, _sum(rows, values)),
            self._proven_alone(self.across, output, _sum(columns, values) - _sum(imports, values)),
            self._proven_alone(self.down, output, _sum(rows, values)),
        )

    def _proven(self, side: Side, output: Array | None, items: Array) -> tuple[bool, ...]:
        """Tell for each sector whether a printed sum of its line holds."""
        size = len(side.base)
        held = np.zeros(size, dtype=bool)
        if output is not None and (self.printed or side is self.down):
            room = self.rounding.tolerated(output, len(side.lines) + size)
            held |= np.abs(side.base + items - output) <= room
        for total in side.totals:
            if BASE in total.parts and len(total.parts) <= len(side.lines):
                right = np.ones(size, dtype=bool)
                right[list(total.wrong)] = False
                held |= right
        return tuple(held.tolist())

    def _proven_alone(
        self, side: Side, output: Array | None, items: Array
    ) -> dict[int, tuple[bool, ...]]:
        """Tell for each line, by place, in which sectors a printed sum that contains it holds."""
        size = len(side.base)
        whole = np.zeros(size, dtype=bool)
        if output is not None and (self.printed or side is self.down):
            room = self.rounding.tolerated(output, len(side.lines) + size)
            whole = np.abs(side.base + items - output) <= room
        found = {}
        for k, line in enumerate(side.lines):
            held = whole.copy()
            for total in side.totals:
                if k in total.parts:
                    held |= ~np.isin(np.arange(size), total.wrong)
            found[line.place] = tuple(held.tolist())
        return found

    # --- output ---------------------------------------------------------------------------

    def _output(self) -> tuple[int | None, int | None, int | None]:
        """Return the row of output, the column of output and the row of total supply."""
        pairs = self._pairs()
        by_word = [k for k, role in enumerate(self.down.roles) if role == "output"]
        rows = [k for k in by_word if not self.down.empty(k) and not self._is_inner(k)]
        for row, column in pairs:
            if row in rows:
                return row, column, self._supply_over(row, column, pairs)
        for row, _ in pairs:
            inner = self._output_within(row)
            if inner is not None and (inner in rows or not rows):
                return inner, None, row
        if rows:
            return rows[-1], self._near(rows[-1]), None
        if pairs:
            named = [p for p in pairs if self.across.roles[p[1]] == "output"]
            return (*(named or pairs)[-1], None)
        words = [k for k, role in enumerate(self.across.roles) if role == "output"]
        columns = [k for k in words if not self.across.empty(k)]
        return None, (columns[-1] if columns else None), None

    def _is_inner(self, row: int) -> bool:
        """Tell a row of intermediate inputs, whatever its words say."""
        return self.down.parts(row) == {BASE: 1} and len(self.down.lines) > 1

    def _supply_over(self, row: int, column: int, pairs: Sequence[tuple[int, int]]) -> int | None:
        """Return the row of output and imports together, where the uses are not net of imports."""
        if BASE in (self.across.parts(column) or {}):
            return None
        return next((other for other, _ in pairs if self._output_within(other) == row), None)

    def _near(self, row: int) -> int | None:
        """Return the column that repeats a row's output nearly, if words or place say so."""
        vector = self.down.vector(row)
        for k in range(len(self.across.lines) - 1, -1, -1):
            parts = self.across.parts(k)
            told = self.across.roles[k] in {"output", "use"} or (
                self.across.lines[k].says_total and (parts is None or BASE in parts)
            )
            if told and share_apart(self.across.vector(k), vector) <= NEAR:
                return k
        return None

    def _pairs(self) -> list[tuple[int, int]]:
        """Return (row, column) of lines that agree: total inputs and total uses, or supply."""
        return [
            (row, column)
            for row in range(len(self.down.lines))
            for column in range(len(self.across.lines))
            if not self.down.empty(row)
            and self.down.roles[row] not in {"employment", "emissions", "value added"}
            and share_apart(self.across.vector(column), self.down.vector(row)) <= CLOSE
        ]

    def _output_within(self, supply: int) -> int | None:
        """Return the row of output within a row of total supply: output plus imports."""
        for total in self.down.totals:
            if total.line != supply:
                continue
            named = [k for k in total.parts if k != BASE and self.down.roles[k] == "imports"]
            rest = [k for k in total.parts if k != BASE and k not in named]
            inner = [k for k in rest if BASE in (self.down.parts(k) or {})]
            if named and len(inner) == 1:
                return inner[0]
        return None

    def _figures(self, row: int | None, column: int | None) -> Array | None:
        if row is not None:
            return self.down.vector(row)
        return None if column is None else self.across.vector(column)

    def _computed(self, columns: Sequence[Item], imports: Sequence[Item]) -> Array | None:
        """Return output as the sum of the row, where the table prints none."""
        if not columns:
            return None
        return self.across.base + _sum(columns, self.across.base) - _sum(imports, self.across.base)

    # --- items ----------------------------------------------------------------------------

    def _column_leaves(self, output: int | None, target: Array | None) -> dict[int, int]:
        """Return columns of the balance with their signs in: uses less imports = output."""
        side = self.across
        found = self._from_totals(output, target)
        if found is None:
            last = len(side.lines) if output is None else output
            found = {k: self._sign(k) for k in range(last) if side.may_be_item(k)}
            found = side.fitted(found, target)
        found.pop(BASE, None)
        if output is not None:
            found.pop(output, None)
        blank = {k: 1 for k in range(len(side.lines)) if side.is_blank_item(k) and side.roles[k]}
        return {**blank, **found}

    def _fitted_to_inputs(
        self, row_leaves: dict[int, int], column_leaves: dict[int, int]
    ) -> dict[int, int]:
        """Return the columns whose sums are the inputs, if there are such: no output is printed."""
        if not row_leaves:
            return column_leaves
        inputs = self.down.base + sum(sign * self.down.vector(k) for k, sign in row_leaves.items())
        found = self._column_leaves(None, inputs)
        return found if self.across.fits(found, inputs) else column_leaves

    def _from_totals(self, output: int | None, target: Array | None) -> dict[int, int] | None:
        """Return the items of the line that output, or total use, is the sum of."""
        side = self.across
        if output is not None:
            return self._of_output(output, target)
        tops = [t.line for t in side.totals if BASE in (side.parts(t.line) or {})]
        if not tops or target is None:
            return None
        supplied = self._of_supply(target)
        if supplied is not None:
            return supplied
        top = tops[-1]
        rest = range(top + 1, len(side.lines))
        found = dict(side.parts(top) or {})
        found |= {k: self._sign(k) for k in rest if side.may_be_item(k)}
        return found if side.fits(found, target) else None

    def _of_output(self, output: int, target: Array | None) -> dict[int, int] | None:
        side = self.across
        total = side.supplies(output)
        if total is None:
            uses = side.parts(output)
            return dict(uses) if uses is not None and BASE in uses else None
        return self._uses_less(total, self._output_parts(total, (output,), target) or {output})

    def _of_supply(self, target: Array) -> dict[int, int] | None:
        """Return the items of total use, which is also imports and a few lines of output."""
        for total in self.across.totals:
            uses = self.across.parts(total.line) or {}
            if BASE not in total.parts and BASE in uses and len(total.parts) > 1:
                kept = self._output_parts(total, (), target)
                if kept:
                    return self._uses_less(total, kept)
        return None

    def _uses_less(self, total: Total, kept: set[int]) -> dict[int, int]:
        """Return the uses that a line sums up, less the supply that is not output."""
        found = dict(self.across.parts(total.line) or {})
        for leaf, sign in self._supplied(total).items():
            if leaf not in kept:
                found[leaf] = found.get(leaf, 0) - sign
        return found

    def _supplied(self, total: Total) -> dict[int, int]:
        """Return the leaves of total supply, such as output, imports and taxes on products."""
        found: dict[int, int] = {}
        for part in total.parts:
            for leaf, sign in (self.across.parts(part) or {part: 1}).items():
                found[leaf] = found.get(leaf, 0) + sign
        return found

    def _output_parts(
        self, total: Total, first: tuple[int, ...], target: Array | None
    ) -> set[int] | None:
        """Return the parts of total supply that are output: the fewest that give the target."""
        if target is None:
            return None
        leaves = self._supplied(total)
        rest = [k for k in leaves if k not in first and k != BASE and not self.across.empty(k)]
        size = float(target.sum())
        room = self.rounding.allowed(target, len(leaves)) * len(target)
        sums = {k: leaves.get(k, 1) * float(self.across.vector(k).sum()) for k in (*first, *rest)}
        for count in range(min(len(rest), PARTS)):
            for more in combinations(rest, count):
                chosen = (*first, *more)
                if not chosen or abs(sum(sums[k] for k in chosen) - size) > room:
                    continue
                vectors = [leaves.get(k, 1) * self.across.vector(k) for k in chosen]
                if self.rounding.holds(target, np.sum(vectors, axis=0), len(chosen)):
                    return set(chosen)
        return None

    def _sign(self, k: int) -> int:
        """Sign of a column that no total explains: positive imports are deducted."""
        if self.across.roles[k] != "imports" or self.imports_below:
            return 1
        return -1 if self.across.vector(k).sum() > 0 else 1

    def _row_leaves(self, output: int | None, target: Array | None) -> dict[int, int]:
        """Return rows of the balance with their signs."""
        side = self.down
        stop = len(side.lines) if output is None else output
        found = side.parts(output) if output is not None else None
        if found is None or BASE not in found:
            found = side.fitted({k: 1 for k in range(stop) if side.may_be_item(k)}, target)
        blank = {k: 1 for k in range(stop) if side.is_blank_item(k)}
        return {**blank, **{k: sign for k, sign in found.items() if k != BASE}}

    def _imports_below(self, output: int | None, supply: int | None) -> list[int]:
        """Return rows of imports by product printed below output."""
        if output is None or supply is None:
            return []
        return [
            k
            for total in self.down.totals
            if total.line == supply
            for k in total.parts
            if k not in {BASE, output} and self.down.roles[k] == "imports"
        ]

    def _column_role(self, k: int) -> str:
        role = self.across.roles[k]
        return role if role and role not in NOT_USED else "other"

    def _row_role(self, k: int) -> str:
        role = self.down.roles[k]
        return role if role and role not in NOT_USED - {"value added"} else "other"

    # --- the rest -------------------------------------------------------------------------

    def _printed(self, row: int | None, column: int | None) -> list[Line]:
        found = [] if row is None else [self.down.lines[row]]
        return found if column is None else [*found, self.across.lines[column]]

    def _totals(
        self, columns: set[int], rows: set[int], out_row: int | None, out_column: int | None
    ) -> list[Line]:
        return [
            *(self.across.lines[k] for k in sorted(self.across.is_total - columns - {out_column})),
            *(self.down.lines[k] for k in sorted(self.down.is_total - rows - {out_row})),
        ]

    def _memo(self, rows: set[int], output: int | None) -> list[Line]:
        side = self.down
        return [
            line
            for k, line in enumerate(side.lines)
            if k not in rows | side.is_total and k != output and line.texts and not side.empty(k)
        ]

    def _unused(self, columns: set[int], output: int | None) -> list[Line]:
        side = self.across
        return [
            line
            for k, line in enumerate(side.lines)
            if k not in columns | side.is_total and k != output and not side.empty(k)
        ]

    def _identities(
        self,
        columns: Sequence[Item],
        rows: Sequence[Item],
        imports: Sequence[Item],
        output: Array | None,
    ) -> list[Identity]:
        found = []
        if output is not None and columns:
            uses = self.across.base + _sum(columns, output) - _sum(imports, output)
            found.append(self._identity("rows add up to output", output, uses, len(columns)))
        if output is not None and rows:
            inputs = self.down.base + _sum(rows, output)
            found.append(self._identity("columns add up to output", output, inputs, len(rows)))
        for side, what in ((self.across, "column"), (self.down, "row")):
            for total in side.totals:
                line = side.lines[total.line]
                size = float(np.max(np.abs(line.filled), initial=0.0)) or 1.0
                text = f"{what} {line.code or line.name or line.place + 1} is a sum"
                found.append(
                    Identity(text, total.gap, total.gap / size, not total.wrong, line, total.wrong)
                )
        return found

    def _identity(self, text: str, total: Array, found: Array, count: int) -> Identity:
        gap = float(np.max(np.abs(total - found), initial=0.0))
        size = float(np.max(np.abs(total), initial=0.0)) or 1.0
        room = self.rounding.tolerated(total, count + self.rounding.width)
        wrong = tuple(np.flatnonzero(np.abs(total - found) > room).tolist())
        return Identity(text, gap, gap / size, not wrong, wrong=wrong)


def _sum(items: Sequence[Item], like: Array) -> Array:
    return np.sum([item.values for item in items], axis=0) if items else np.zeros_like(like)
