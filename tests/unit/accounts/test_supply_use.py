"""The supply and use table: aligned by label, halves alone, findings, refusals in words."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.supply_flows import SupplyUseFlows
from tests.unit.small_sut import (
    FINAL,
    GOODS,
    IMPORTS,
    JOBS,
    MAKERS,
    SUPPLY,
    USE,
    VALUE,
    built,
    paid,
)

MIXED = ["trade", "food", "cars"]


def test_every_part_is_aligned_by_label() -> None:
    one = built()
    other = built(
        use=USE.loc[MIXED, MAKERS[::-1]],
        final_demand=FINAL.loc[MIXED],
        primary_inputs=VALUE[MAKERS[::-1]],
        imports=IMPORTS[MIXED],
        satellites={"employment": JOBS[MAKERS[::-1]]},
    )
    for part in ("supply", "use", "final_demand", "primary_inputs", "imports"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(one, part)), pd.DataFrame(getattr(other, part))
        )
    assert other.satellite("employment").values.tolist() == [[7.0, 3.0]]


def test_supply_is_products_by_industries_and_make_its_transpose() -> None:
    sut = built()
    assert sut.supply.loc["trade", "plants"] == 40.0
    assert sut.make.loc["plants", "trade"] == 40.0
    assert sut.make.shape == (2, 3)
    assert sut.product_output.to_dict() == {"food": 100.0, "cars": 150.0, "trade": 50.0}
    assert sut.industry_output.to_dict() == {"farms": 100.0, "plants": 200.0}


def test_frames_are_fresh_and_arrays_read_only() -> None:
    sut = built()
    use, margins = sut.use, sut.margins
    use.loc["food", "farms"] = 0.0
    margins["food"] = 9.0
    assert sut.use.loc["food", "farms"] == 20.0
    assert not sut.margins.any()
    for name in ("supply", "use", "final_demand", "imports", "product_output"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(sut.flows, name)[0] = 1.0
    with pytest.raises(AttributeError):
        sut.meta = sut.meta  # type: ignore[misc]


def test_a_make_table_alone() -> None:
    sut = iom.supply_use(SUPPLY)
    assert not sut.complete
    assert "supply only" in repr(sut)
    assert sut.check().ok
    np.testing.assert_allclose(sut.market_shares.sum(), 1.0)
    with pytest.raises(iom.AccountingError, match="no use table"):
        _ = sut.use
    for verb in (sut.both, sut.total_requirements, lambda: iom.sut_to_iot(sut, "B")):
        with pytest.raises(iom.AccountingError, match="no use table, and this needs"):
            verb()


def test_a_use_table_alone_takes_outputs_from_its_sums() -> None:
    sut = iom.supply_use(use=USE, final_demand=FINAL, primary_inputs=VALUE, imports=IMPORTS)
    assert not sut.complete
    assert sut.product_output.to_dict() == built().product_output.to_dict()
    assert sut.industry_output.to_dict() == built().industry_output.to_dict()
    assert sut.meta.provenance[1:] == (
        "product_output(uses less the rest of supply)",
        "industry_output(sum of the inputs)",
    )
    with pytest.raises(iom.AccountingError, match="no supply table"):
        _ = sut.market_shares
    with pytest.raises(iom.AccountingError, match=r"no supply \(make\) table"):
        iom.sut_to_iot(sut, "D")


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ({}, "give supply or use"),
        ({"use": USE, "primary_inputs": VALUE}, "final_demand or product_output"),
        ({"use": USE, "final_demand": FINAL}, "primary_inputs or industry_output"),
    ],
)
def test_what_is_lacking_is_named(parts: dict[str, Any], lacking: str) -> None:
    with pytest.raises(iom.LabelError, match=lacking):
        iom.supply_use(**parts)


def test_final_demand_and_value_added_can_be_the_rest() -> None:
    sut = iom.supply_use(SUPPLY, USE, imports=IMPORTS)
    assert sut.final_demand["final_demand"].tolist() == FINAL.sum(axis=1).tolist()
    assert list(sut.primary_inputs.loc["value_added"]) == VALUE.sum().tolist()
    assert sut.meta.import_treatment == "competitive"


@pytest.mark.parametrize(
    ("part", "frame", "words"),
    [
        ("use", USE.rename(index={"cars": "x"}), ["use rows", "products", "cars", "x"]),
        ("use", USE.T, ["use rows", "Is the frame transposed?"]),
        ("use", USE.rename(columns={"farms": "x"}), ["use columns", "industries", "farms"]),
        ("imports", IMPORTS.drop("food"), ["imports", "products", "food"]),
        ("final_demand", FINAL.drop("food"), ["final demand", "products", "food"]),
        ("primary_inputs", VALUE.drop(columns="farms"), ["primary inputs", "industries"]),
        ("use", USE.astype(object).replace(20.0, "20"), ["not numbers", "food"]),
    ],
)
def test_other_labels_and_texts_are_refused(part: str, frame: object, words: list[str]) -> None:
    with pytest.raises(iom.LabelError) as caught:
        built(**{part: frame})
    assert [word for word in words if word not in str(caught.value)] == []


def test_duplicate_products_are_refused() -> None:
    with pytest.raises(iom.LabelError, match="more than once"):
        iom.supply_use(SUPPLY.rename(index={"cars": "food"}))


def test_missing_figures_are_refused() -> None:
    with pytest.raises(iom.AccountingError, match=r"use\(0, 0\)"):
        built(use=USE.where(USE != 20.0))


def test_an_imbalance_is_a_warning_at_the_line_of_the_caller() -> None:
    with pytest.warns(iom.ImbalanceWarning, match="1 products") as caught:
        iom.supply_use(SUPPLY, USE, final_demand=FINAL + 0, imports=IMPORTS
                       + pd.Series([5.0, 0.0, 0.0], GOODS), primary_inputs=VALUE)  # fmt: skip
    assert caught[0].filename == __file__


def test_findings_say_where_and_how_much() -> None:
    with pytest.warns(iom.ImbalanceWarning):
        sut = built(
            use=USE.replace(20.0, -20.0),
            product_output=pd.Series([100.0, 150.0, 51.0], GOODS),
            margins=pd.Series([5.0, 0.0, 0.0], GOODS),
        )
    found = sut.check().to_frame().set_index(["check", "code"])["value"]
    assert found["negative use", "food > farms"] == -20.0
    assert found["product balance", "food"] == -45.0
    assert found["industry balance", "farms"] == -40.0
    assert found["product output balance", "trade"] == -1.0
    assert found["margins do not cancel", ""] == 5.0
    assert sut.check().residual == 45.0
    assert not sut.check().ok


def test_products_and_industries_without_output_are_found() -> None:
    empty = pd.DataFrame(0.0, ["oil"], MAKERS)
    sut = iom.supply_use(
        pd.concat([SUPPLY, empty]).assign(banks=0.0),
        pd.concat([USE, empty + 1.0]).assign(banks=[1.0, 0.0, 0.0, 0.0]),
        imports=pd.Series([20.0, 20.0, 0.0, 2.0], [*GOODS, "oil"]),
    )
    found = sut.check().to_frame().set_index("check")["code"]
    assert found["not produced at home"] == "oil"
    assert found["inputs but no output"] == "banks"
    assert sut.market_shares["oil"].isna().all()
    assert sut.product_mix["banks"].isna().all()
    assert not sut.total_requirements()["oil"].any()


def test_valuation_follows_from_the_columns_of_supply() -> None:
    assert paid().meta.valuation == "purchasers' prices"
    assert built().meta.valuation == ""
    assert built(valuation="basic prices").meta.valuation == "basic prices"


def test_taxes_on_final_demand_have_a_place() -> None:
    direct = pd.DataFrame(
        [[0.0, 0.0], [1.0, 2.0]], VALUE.index[::-1], pd.Index(FINAL.columns[::-1])
    )
    sut = built(final_primary=direct)
    assert sut.flows.final_primary.tolist() == [[2.0, 1.0], [0.0, 0.0]]
    with pytest.raises(iom.LabelError, match="final_primary: 1 unknown"):
        built(final_primary=direct.rename(index={"surplus": "x"}))


def test_blocks_that_do_not_fit_are_all_named() -> None:
    with pytest.raises(iom.LabelError) as caught:
        SupplyUseFlows(
            supply=np.zeros((2, 2)),
            use=np.zeros((3, 2)),
            final_demand=np.zeros((2, 1)),
            primary_inputs=np.zeros((1, 3)),
            final_primary=np.zeros((1, 1)),
            product_output=np.zeros(2),
            industry_output=np.zeros(2),
            imports=np.zeros(2),
            margins=np.zeros(2),
            product_taxes=np.zeros(2),
        )
    assert "use: shape (3, 2)" in str(caught.value)
    assert "primary_inputs: shape (1, 3)" in str(caught.value)


def test_labels_have_to_fit_the_figures() -> None:
    with pytest.raises(iom.LabelError, match="products: 2 labels, 3 figures"):
        built().replace(products=built().industries)


def test_an_unknown_satellite_is_named_with_those_there_are() -> None:
    with pytest.raises(iom.LabelError, match="has no satellite 'wages'; it has: employment"):
        built().satellite("wages")


def test_imports_are_no_column_of_final_demand() -> None:
    with pytest.raises(iom.AccountingError, match=r"iom.supply_use\(..., imports=...\), positive"):
        built(imports=None, final_demand=FINAL.assign(imports=-IMPORTS))
