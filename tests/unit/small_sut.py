"""Supply and use of three products by two industries with round figures."""

from typing import Any

import pandas as pd

import iomodel as iom

GOODS = ["food", "cars", "trade"]
MAKERS = ["farms", "plants"]
SUPPLY = pd.DataFrame([[90.0, 10.0], [0.0, 150.0], [10.0, 40.0]], GOODS, MAKERS)
USE = pd.DataFrame([[20.0, 30.0], [10.0, 60.0], [5.0, 10.0]], GOODS, MAKERS)
FINAL = pd.DataFrame({"household": [60.0, 50.0, 30.0], "exports": [10.0, 50.0, 5.0]}, GOODS)
IMPORTS = pd.Series([20.0, 20.0, 0.0], GOODS)
VALUE = pd.DataFrame(
    [[40.0, 60.0], [25.0, 40.0]], ["compensation", "surplus"], columns=pd.Index(MAKERS)
)
JOBS = pd.Series([7.0, 3.0], MAKERS)

# The same at purchasers' prices: margins of 20 on food and 10 on cars, taxes of 10 and 6.
MARGINS = pd.Series([20.0, 10.0, -30.0], GOODS)
TAXES = pd.Series([10.0, 6.0, 0.0], GOODS)
USE_PAID = pd.DataFrame([[25.0, 35.0], [11.0, 64.0], [0.0, 0.0]], GOODS, MAKERS)
FINAL_PAID = pd.DataFrame({"household": [78.0, 56.0, 20.0], "exports": [12.0, 55.0, 0.0]}, GOODS)


def built(**changes: Any) -> iom.SupplyUseTable:
    """Build the table at basic prices, with some parts changed."""
    parts: dict[str, Any] = {
        "supply": SUPPLY,
        "use": USE,
        "final_demand": FINAL,
        "primary_inputs": VALUE,
        "imports": IMPORTS,
        "satellites": {"employment": JOBS},
        "unit": "million EUR",
        "currency": "EUR",
        "year": 2020,
        "title": "Three by two",
    }
    return iom.supply_use(**{**parts, **changes})


def paid(**changes: Any) -> iom.SupplyUseTable:
    """Build the table at purchasers' prices."""
    output = SUPPLY.sum()
    value = pd.DataFrame([output - USE_PAID.sum()], ["value_added"])
    parts: dict[str, Any] = {
        "use": USE_PAID,
        "final_demand": FINAL_PAID,
        "primary_inputs": value,
        "margins": MARGINS,
        "product_taxes": TAXES,
    }
    return built(**{**parts, **changes})
