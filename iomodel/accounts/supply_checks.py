"""Findings on a supply and use table."""

from collections.abc import Iterator

import numpy as np

from iomodel.accounts.checks import (
    ROUNDING,
    Finding,
    Findings,
    findings,
    imbalances,
    negative_value_added,
)
from iomodel.accounts.labels import Labels
from iomodel.accounts.supply_flows import SupplyUseFlows
from iomodel.kernels.linear import Array


def check_supply_use(
    flows: SupplyUseFlows, products: Labels, industries: Labels, *, title: str, unit: str
) -> Findings:
    """Check the figures of one supply and use table and return all findings.

    Parameters
    ----------
    flows : SupplyUseFlows
    products, industries : Labels
        Labels of the m products and n industries.
    title, unit : str
        What is checked, and the unit of its figures.
    """
    items = [
        *imbalances(flows.product_residual, flows.total_supply, products, "product"),
        *imbalances(flows.industry_residual, flows.industry_output, industries, "industry"),
        *_made(flows, products, industries),
        *_negative(flows, products, industries),
        *negative_value_added(flows.primary_inputs.sum(axis=0), industries),
        *_supply_side(flows, products),
        *_without_output(flows, products, industries),
    ]
    gaps = (flows.product_residual, flows.industry_residual)
    return findings(items, gaps, title=title, unit=unit)


def _made(flows: SupplyUseFlows, products: Labels, industries: Labels) -> Iterator[Finding]:
    """Find outputs that are not the sums of the supply table."""
    if flows.supply is None:
        return
    for axis, output, labels, place in (
        (1, flows.product_output, products, "product output"),
        (0, flows.industry_output, industries, "industry output"),
    ):
        yield from imbalances(flows.supply.sum(axis=axis) - output, output, labels, place)


def _negative(flows: SupplyUseFlows, products: Labels, industries: Labels) -> Iterator[Finding]:
    names, buyers = products.named(), industries.named()
    for block, advice in (
        ("supply", "an industry cannot make less than nothing; as published?"),
        ("use", "by-products entered negatively? coefficients can come out below zero"),
    ):
        array: Array | None = getattr(flows, block)
        for i, j in np.argwhere(array < 0) if array is not None else ():
            yield Finding(
                "warning",
                f"negative {block}",
                block,
                f"{products.shown[i]} > {industries.shown[j]}",
                f"{names[i]} > {buyers[j]}",
                float(array[i, j]) if array is not None else 0.0,
                advice,
            )
    for output, labels, what in (
        (flows.product_output, products, "product output"),
        (flows.industry_output, industries, "industry output"),
        (flows.imports, products, "imports"),
    ):
        for i in np.flatnonzero(output < 0):
            yield Finding(
                "error",
                f"negative {what}",
                what,
                labels.shown[i],
                labels.named()[i],
                float(output[i]),
                "state it as a positive number, or check the source",
            )


def _supply_side(flows: SupplyUseFlows, products: Labels) -> Iterator[Finding]:
    """Margins must only move between products."""
    total, size = float(flows.margins.sum()), float(np.abs(flows.margins).sum())
    if size and abs(total) > ROUNDING * size / 2:
        yield Finding(
            "warning",
            "margins do not cancel",
            "margins",
            "",
            f"{int((flows.margins < 0).sum())} of {len(products)} products render margins",
            total,
            "trade and transport products have them as negative numbers; the sum is zero",
        )


def _without_output(
    flows: SupplyUseFlows, products: Labels, industries: Labels
) -> Iterator[Finding]:
    if flows.use is not None:
        inputs = (flows.use != 0).any(axis=0)
        for j in np.flatnonzero((flows.industry_output == 0) & inputs):
            yield Finding(
                "error",
                "inputs but no output",
                "industry",
                industries.shown[j],
                industries.named()[j],
                float(flows.use[:, j].sum()),
                "check the output, or merge the industry with another",
            )
    for i in np.flatnonzero((flows.product_output == 0) & (flows.imports != 0)):
        yield Finding(
            "note",
            "not produced at home",
            "product",
            products.shown[i],
            products.named()[i],
            float(flows.imports[i]),
            "imported only; models A, C and D need a rule for it: iom.sut_to_iot(..., "
            'not_produced="primary")',
        )
