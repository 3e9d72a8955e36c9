"""The method of import separation as one more thing that is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.priors import Values
from iomodel.accounts.table import IOTable
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask
from iomodel.studies.erring import ErringForward
from iomodel.studies.forward import Forward, Key, Rule, forward
from iomodel.transforms.domestic import Method, domestic

IMPORTS = "import_method"
METHODS: tuple[Method, ...] = ("proportional", "official")
Run = Forward | ErringForward


@dataclass(frozen=True, eq=False)
class Chosen:
    """A rule by import method, asked under the one that each draw names."""

    rules: Mapping[str, Rule]

    def __call__(self, values: Values) -> Mask:
        """Tell it for n draws."""
        chosen = np.asarray(values[IMPORTS])
        kept = np.zeros(len(chosen), dtype=bool)
        for method, rule in self.rules.items():
            at = chosen == method
            if at.any():
                kept[at] = rule(_some(values, at))
        return kept


@dataclass(frozen=True, eq=False, kw_only=True)
class EitherImports:
    """The chain of a study with the import method that each draw names.

    Attributes
    ----------
    account : IndustryAccount
        The account with the category ``import_method``: give it to `uncertainty`.
    runs : mapping of method to Forward or ErringForward
    """

    account: IndustryAccount
    runs: Mapping[str, Run]

    def __call__(self, values: Values) -> dict[Key, Array]:
        """Return results by measure, item and pattern, as `Forward` does."""
        chosen = np.asarray(values[IMPORTS])
        out: dict[Key, Array] = {}
        for method, run in self.runs.items():
            at = chosen == method
            if not at.any():
                continue
            for key, found in run(_some(values, at)).items():
                if key not in out:
                    out[key] = np.zeros(len(chosen), dtype=found.dtype)
                out[key][at] = found
        return out

    @property
    def screens(self) -> dict[str, Rule]:
        """Rules that a draw must pass, each under the method of the draw."""
        by_run = {method: run.screens for method, run in self.runs.items()}
        names = next(iter(by_run.values()))
        return {
            name: Chosen({method: rules[name] for method, rules in by_run.items()})
            for name in names
        }


class EitherErring(EitherImports):
    """The same, with errors in all coefficients of the base table."""

    @property
    def batch(self) -> int:
        """Draws worked on at a time."""
        return min(run.batch for run in self.runs.values() if isinstance(run, ErringForward))


def _some(values: Values, at: npt.NDArray[np.bool_]) -> dict[str, Any]:
    return {key: np.asarray(column)[at] for key, column in values.items()}


def either(
    account: IndustryAccount, base: IOTable, make: Callable[[IndustryAccount, IOTable], Run]
) -> EitherImports:
    """Make a chain for every import method.

    Parameters
    ----------
    account : IndustryAccount
    base : IOTable
        Competitive table with an official split of imports.
    make : callable
        Takes an account and a table of domestic flows: `forward`, or `erring` with an error.

    Returns
    -------
    EitherImports
    """
    item = Assumption(
        id=IMPORTS,
        block="imports",
        item="how imports are separated",
        unit="category",
        central=METHODS[0],
        distribution="categorical",
        categories=METHODS,
    )
    runs: dict[str, Run] = {method: make(account, domestic(base, method)) for method in METHODS}
    several = isinstance(runs[METHODS[0]], ErringForward)
    return (EitherErring if several else EitherImports)(
        account=replace(account, assumptions={**account.assumptions, IMPORTS: item}), runs=runs
    )


def either_imports(account: IndustryAccount, base: IOTable) -> EitherImports:
    """Make the chain of a study a function of its inputs and of the import method.

    Parameters
    ----------
    account : IndustryAccount
    base : IOTable
        Competitive table with an official split of imports.

    Returns
    -------
    EitherImports
        For ``uncertainty(found, found.account)``: each method as likely as the other.

    Raises
    ------
    AccountingError
        If the table has no official split.
    """
    return either(account, base, forward)
