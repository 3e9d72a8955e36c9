"""The method of import separation as one more thing that is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.priors import Values
from iomodel.accounts.table import IOTable
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask
from iomodel.studies.forward import Forward, Key, forward
from iomodel.transforms.domestic import Method, domestic

IMPORTS = "import_method"
METHODS: tuple[Method, ...] = ("proportional", "official")


@dataclass(frozen=True, eq=False, kw_only=True)
class EitherImports:
    """The chain of a study with the import method that each draw names.

    Attributes
    ----------
    account : IndustryAccount
        The account with the category ``import_method``: give it to `uncertainty`.
    runs : mapping of method to Forward
    """

    account: IndustryAccount
    runs: Mapping[str, Forward]

    def __call__(self, values: Values) -> dict[Key, Array]:
        """Return results by measure, item and pattern, as `Forward` does."""
        chosen = np.asarray(values[IMPORTS])
        found = {method: run(values) for method, run in self.runs.items()}
        first = next(iter(found.values()))
        return {
            key: np.select([chosen == m for m in found], [found[m][key] for m in found])
            for key in first
        }

    @property
    def screens(self) -> dict[str, Callable[[Values], Mask]]:
        """Rules that a draw must pass under every method."""
        return {
            f"{rule} ({method})": test
            for method, run in self.runs.items()
            for rule, test in run.screens.items()
            if method == METHODS[0] or rule == "household re-spending ends"
        }


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
    item = Assumption(
        id=IMPORTS,
        block="imports",
        item="how imports are separated",
        unit="category",
        central=METHODS[0],
        distribution="categorical",
        categories=METHODS,
    )
    return EitherImports(
        account=replace(account, assumptions={**account.assumptions, IMPORTS: item}),
        runs={method: forward(account, domestic(base, method)) for method in METHODS},
    )
