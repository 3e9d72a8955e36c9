"""`iom.sut_to_iot`: models where they are defined, refusals that name products and industries."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.construction import ConstructionCertificate
from tests.unit.small_sut import GOODS, MAKERS, SUPPLY, USE, built, paid

CODES = ["1", "2"]


def two(supply: Any = ((80.0, 20.0), (0.0, 100.0)), use: Any = ((8.0, 1.0), (4.0, 11.0)),
        **parts: Any) -> iom.SupplyUseTable:  # fmt: skip
    frames = [pd.DataFrame(np.array(block), CODES, CODES) for block in (supply, use)]
    return iom.supply_use(*frames, **parts)


def certified(table: iom.IOTable) -> ConstructionCertificate:
    assert isinstance(table.certificate, ConstructionCertificate)
    return table.certificate


@pytest.mark.parametrize(("model", "kind", "codes"), [("B", "product", GOODS),
                                                      ("D", "industry", MAKERS)])  # fmt: skip
def test_rectangular_tables(model: Any, kind: str, codes: list[str]) -> None:
    table = iom.sut_to_iot(built(), model)
    assert list(table.labels.codes) == codes
    assert table.meta.kind == kind
    assert table.meta.import_treatment == "competitive"
    assert table.meta.provenance[-1].startswith(f"sut_to_iot(model {model}: ")
    assert table.satellite("employment").values.sum() == pytest.approx(10.0)
    assert table.imports.sum() == pytest.approx(40.0)
    assert table.check().ok
    assert certified(table).before.income == 165.0
    np.testing.assert_allclose(certified(table).after, 165.0)
    iom.leontief(iom.domestic(table))


def test_industries_are_carried_with_their_imports_by_market_share() -> None:
    table = iom.sut_to_iot(built(), "D")
    assert table.imports.to_dict() == {"farms": 20 * 0.9, "plants": 20 * 0.1 + 20.0}
    assert table.primary_inputs.equals(built().primary_inputs)


@pytest.mark.parametrize("model", ["A", "C"])
def test_models_that_invert_need_a_square_table(model: Any) -> None:
    with pytest.raises(iom.AccountingError) as caught:
        iom.sut_to_iot(built(), model)
    text = str(caught.value)
    assert "3 products and 2 industries" in text
    assert f"model {'B' if model == 'A' else 'D'}" in text


@pytest.mark.parametrize("model", ["A", "C"])
def test_what_makes_a_supply_table_singular_is_named(model: Any) -> None:
    codes = ["a", "b", "c"]
    supply = pd.DataFrame([[5.0, 1.0, 2.0], [0.0, 3.0, 6.0], [0.0, 4.0, 8.0]], codes, codes)
    sut = iom.supply_use(
        supply, supply * 0.1, industry_names={"en": ["Farms", "Mines", "Quarries"]}
    )
    with pytest.raises(iom.AccountingError) as caught:
        iom.sut_to_iot(sut, model)
    text = str(caught.value)
    assert "singular" in text
    assert "b Mines" in text
    assert "c Quarries" in text
    assert "Farms" not in text


def test_negative_flows_are_kept_with_a_warning_and_counted() -> None:
    with pytest.warns(iom.NegativeFlowWarning) as caught:
        table = iom.sut_to_iot(two(), "A")
    assert caught[0].filename == __file__
    assert table.intermediate.loc["1", "2"] == pytest.approx(-1.0)
    certificate = certified(table)
    assert certificate.negatives == 1
    assert certificate.removed == pytest.approx(-1.0)
    assert certificate.iterations == 0
    assert "1 negative flows kept" in table.meta.provenance[-1]


def test_almon_says_what_it_changed() -> None:
    table = iom.sut_to_iot(two(), "A", negatives="almon")
    certificate = certified(table)
    assert certificate.negatives == 1
    assert certificate.iterations > 1
    np.testing.assert_allclose(certificate.adjustment, [1.0, -1.0])
    assert "Almon's method in" in table.meta.provenance[-1]
    assert "0 left" in table.meta.provenance[-1]
    assert "steps" in repr(certificate)
    assert table.primary_labels.codes == ("value_added", "almon_adjustment")


def test_almon_that_does_not_settle_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iomodel.transforms.sut_to_iot.ALMON_TOLERANCE", -1.0)
    with pytest.raises(iom.NotConvergedError, match="did not settle in") as caught:
        iom.sut_to_iot(two(), "A", negatives="almon")
    assert "last change" in str(caught.value)


def test_almon_refuses_products_beside_another_main_maker_and_negative_supply() -> None:
    """In another order the steps settle on figures without meaning."""
    swapped = two(supply=((20.0, 80.0), (100.0, -1.0)), use=((1.0, 8.0), (11.0, 4.0)))
    with pytest.raises(iom.AccountingError, match="in the place of the industry") as caught:
        iom.sut_to_iot(swapped, "A", negatives="almon")
    text = str(caught.value)
    assert "1 stands beside 1 but is mainly made by 2" in text
    assert "2 stands beside 2 but is mainly made by 1" in text
    assert "2 has negative supply" in text


def test_negative_jobs_are_refused_with_a_way_out() -> None:
    jobs = pd.Series([10.0, 1.0], CODES)
    sut = two(use=((8.0, 2.0), (4.0, 11.0)), satellites={"employment": jobs})
    with pytest.raises(iom.AccountingError, match="makes employment negative for 1 products") as e:
        iom.sut_to_iot(sut, "A")
    assert "almon" in str(e.value)
    table = iom.sut_to_iot(sut, "A", negatives="almon")
    np.testing.assert_allclose(table.satellite("employment").values, [[11.0, 0.0]], atol=1e-9)


def test_negative_imports_of_model_c_are_refused() -> None:
    sut = two(supply=((80.0, 20.0), (40.0, 100.0)), imports=pd.Series([1.0, 90.0], CODES))
    with pytest.raises(iom.AccountingError, match="imports negative for 1 industries"):
        iom.sut_to_iot(sut, "C")


def test_growth_becomes_the_mean_of_the_makers() -> None:
    jobs = iom.Satellite(
        name="employment",
        rows=iom.Labels(codes=("jobs",)),
        values=np.array([[5.0, 5.0]]),
        year=2022,
        growth=np.array([1.0, 2.0]),
    )
    sut = two(satellites={"employment": jobs}, year=2020)
    growth = iom.sut_to_iot(sut, "B").satellite("employment").growth
    assert growth is not None
    np.testing.assert_allclose(growth, [0.8 * 1.0 + 0.2 * 2.0, 2.0])
    assert iom.sut_to_iot(sut, "D").satellite("employment") is sut.satellite("employment")


@pytest.mark.parametrize("model", ["A", "B", "D"])
def test_industries_with_inputs_but_no_output_are_named(model: Any) -> None:
    sut = two(supply=((80.0, 0.0), (20.0, 0.0)))
    with pytest.raises(iom.AccountingError, match=r"no output|singular") as caught:
        iom.sut_to_iot(sut, model)
    assert "2" in str(caught.value)


def oil(imports: float) -> iom.SupplyUseTable:
    """Add a product that is imported only."""
    return iom.supply_use(
        pd.concat([SUPPLY, pd.DataFrame(0.0, ["oil"], MAKERS)]),
        pd.concat([USE, pd.DataFrame(1.0, ["oil"], MAKERS)]),
        final_demand=pd.Series([50.0, 80.0, 35.0, 3.0], [*GOODS, "oil"]),
        imports=pd.Series([0.0, 0.0, 0.0, imports], [*GOODS, "oil"]),
    )


def test_a_product_without_makers_is_a_row_in_b_and_refused_in_d() -> None:
    table = iom.sut_to_iot(oil(5.0), "B")
    assert table.output["oil"] == 0.0
    assert not table.intermediate["oil"].any()
    with pytest.raises(iom.AccountingError, match="1 products are used but not produced"):
        iom.sut_to_iot(oil(5.0), "D")
    moved = iom.sut_to_iot(oil(5.0), "D", not_produced="primary")
    assert list(moved.primary_inputs.loc["not_produced_imports"]) == [1.0, 1.0]
    assert moved.flows.final_primary[-1].tolist() == [3.0]
    assert moved.meta.provenance[-2] == "not_produced(oil moved to not_produced_imports)"


def test_a_product_without_makers_must_be_imported_as_it_is_used() -> None:
    with pytest.warns(iom.ImbalanceWarning):
        sut = oil(4.0)
    with pytest.raises(iom.AccountingError, match=r"uses less imports\):\n  oil: 1"):
        iom.sut_to_iot(sut, "D", not_produced="primary")


def test_purchasers_prices_are_refused_with_a_way_out() -> None:
    with pytest.raises(iom.AccountingError, match="to_basic_prices") as caught:
        iom.sut_to_iot(paid(), "B")
    assert "margins of 60" in str(caught.value)
    assert "taxes less subsidies on products of 16" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "E"}, "model='E': use 'A', 'B', 'C', 'D'"),
        ({"model": "A", "negatives": "zero"}, "negatives='zero'"),
        ({"model": "B", "not_produced": "drop"}, "not_produced='drop'"),
        ({"model": "B", "negatives": "almon"}, "a method for model 'A'"),
    ],
)
def test_unknown_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(iom.SpecError, match=words):
        iom.sut_to_iot(built(), **options)


def test_an_imbalance_is_carried_along_and_said() -> None:
    with pytest.warns(iom.ImbalanceWarning):
        sut = built(imports=pd.Series([25.0, 20.0, 0.0], GOODS))
    with pytest.warns(iom.ImbalanceWarning) as caught:
        table = iom.sut_to_iot(sut, "D")
    assert caught[0].filename == __file__
    np.testing.assert_allclose(table.flows.row_residual, [-4.5, -0.5])
    assert certified(table).residual < 1e-10
