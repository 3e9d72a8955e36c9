"""The figures of a table: read-only arrays of one unit, with their balances."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.coefficients import technical
from iomodel.kernels.linear import Array, Factorised
from iomodel.results import Shown


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Flows(Shown):
    """Read-only arrays of an input-output table.

    Attributes
    ----------
    intermediate : ndarray, shape (n, n)
        Z, sales of the row sector to the column sector.
    final_demand : ndarray, shape (n, k)
        Sales to each final demand column.
    primary_inputs : ndarray, shape (p, n)
        Compensation, taxes, surplus, imports used in production, ...
    output : ndarray, shape (n,)
        x, total output.
    imports : ndarray, shape (n,)
        Imports deducted at the end of the row of a competitive table (positive); zero
        where flows are domestic.
    final_primary : ndarray, shape (p, k)
        Primary inputs bought by final demand directly, such as imported consumption goods.
    """

    intermediate: Array
    final_demand: Array
    primary_inputs: Array
    output: Array
    imports: Array
    final_primary: Array

    def __post_init__(self) -> None:
        for item in fields(self):
            array = np.array(getattr(self, item.name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, item.name, array)
        n, k, p = len(self.output), self.final_demand.shape[1], len(self.primary_inputs)
        want = {
            "intermediate": (n, n),
            "final_demand": (n, k),
            "primary_inputs": (p, n),
            "output": (n,),
            "imports": (n,),
            "final_primary": (p, k),
        }
        wrong = [
            f"{name}: shape {getattr(self, name).shape} where {shape} is needed"
            for name, shape in want.items()
            if getattr(self, name).shape != shape
        ]
        if wrong:
            raise LabelError(f"the blocks of the table do not fit:\n  {listed(wrong)}")
        bad = [
            f"{name}{tuple(spot)}"
            for name in want
            for spot in np.argwhere(~np.isfinite(getattr(self, name))).tolist()
        ]
        if bad:
            raise AccountingError(
                f"{len(bad)} cells are not finite numbers (block and position):\n  {listed(bad)}\n"
                "Fill them, with zero where zero is meant."
            )

    def __repr__(self) -> str:
        n, k, p = len(self.output), self.final_demand.shape[1], len(self.primary_inputs)
        return f"<Flows> {n} sectors, {k} final demand columns, {p} primary input rows"

    @property
    def row_residual(self) -> Array:
        """Intermediate and final sales less imports less output, by sector."""
        sales: Array = self.intermediate.sum(axis=1) + self.final_demand.sum(axis=1)
        return sales - self.imports - self.output

    @property
    def column_residual(self) -> Array:
        """Intermediate and primary inputs less output, by sector."""
        inputs: Array = self.intermediate.sum(axis=0) + self.primary_inputs.sum(axis=0)
        return inputs - self.output

    @cached_property
    def coefficients(self) -> Array:
        """Technical coefficients A, (n, n), read-only."""
        found = technical(self.intermediate, self.output)
        found.flags.writeable = False
        return found

    @cached_property
    def solver(self) -> Factorised:
        """Factorisation of I - A, made on first use and shared by all who need it."""
        return Factorised(self.coefficients)

    @property
    def idle(self) -> Array:
        """True for sectors with neither output nor inputs nor sales nor imports."""
        inputs = (self.intermediate == 0).all(axis=0) & (self.output == 0)
        sales = (self.intermediate == 0).all(axis=1) & (self.final_demand == 0).all(axis=1)
        return np.asarray(inputs & sales & (self.imports == 0))

    @property
    def inputs_without_output(self) -> Array:
        """True for sectors that buy inputs but have no output."""
        return np.asarray((self.output == 0) & (self.intermediate != 0).any(axis=0))
