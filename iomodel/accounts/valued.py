"""Which primary inputs are gross value added at basic prices."""

import numpy as np

from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta
from iomodel.errors import AccountingError
from iomodel.kernels.linear import Positions

OUTSIDE = ("imports", "product taxes")


def gross_value_added_rows(primaries: Labels, meta: Meta) -> Positions:
    """Positions of the primary inputs that make up gross value added at basic prices.

    Parameters
    ----------
    primaries : Labels
        Primary input rows with their roles.
    meta : Meta
        Its valuation says whether other rows can hold taxes on products.

    Returns
    -------
    ndarray of int
        All rows but imports and taxes less subsidies on products.

    Raises
    ------
    AccountingError
        If no row has the role product taxes and the table is not at basic prices: then they
        are part of another row, as they are of taxes on production at producers' prices.

    Notes
    -----
    2008 SNA, paragraphs 6.77 to 6.79: gross value added at basic prices is output at basic
    prices less intermediate consumption at purchasers' prices; gross domestic product adds
    taxes less subsidies on products, paragraph 2.140 [M].
    """
    known = len(primaries.in_group("product taxes")) > 0
    if not known and not meta.valuation.lower().startswith("basic"):
        stated = meta.valuation or "not stated"
        raise AccountingError(
            f"gross value added at basic prices of {meta.title!r}: no row of primary inputs has "
            f"the role product taxes ({', '.join(primaries.codes)}) and the valuation is {stated}, "
            "so that taxes on products may be part of another row. Name the row, "
            'primary_roles={"...": "product taxes"}, state valuation="basic prices" if no row '
            "holds them, or ask for value_added."
        )
    return np.flatnonzero([group not in OUTSIDE for group in primaries.groups])
