"""Tables as systems of pymrio: there and back without loss, and its own results from ours."""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.readers import systems
from tests.unit.small import CODES, built, in_two_regions

# pymrio's own use of pandas; what we do is under test in the other files of this kind.
pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def pymrio() -> Any:
    return pytest.importorskip("pymrio")


def small(pymrio: Any, **changes: Any) -> Any:
    """Make the small system with pymrio's own class."""
    parts = vars(systems.system(**changes))
    for name in ("factor_inputs", "emissions"):
        parts[name] = vars(parts[name])
    meta = vars(parts.pop("meta"))
    return pymrio.IOSystem(**parts, **meta)


def example(pymrio: Any) -> Any:
    """Return pymrio's example, its whole-number columns as floats."""
    system = pymrio.load_test()
    for part in (system, system.emissions, system.factor_inputs):
        for name in ("Z", "Y", "F", "F_Y"):
            if isinstance(getattr(part, name, None), pd.DataFrame):
                setattr(part, name, getattr(part, name).astype(np.float64))
    return system


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
@pytest.mark.parametrize("make", [small, example])
def test_there_and_back_is_equal(pymrio: Any, make: Any) -> None:
    system = make(pymrio)
    back = iom.to_pymrio(iom.from_pymrio(system))
    assert system == back
    assert list(system.get_extensions()) == list(back.get_extensions())
    for name in ("emissions", "factor_inputs"):
        assert getattr(system, name).name == getattr(back, name).name
    for fact in ("name", "description", "system", "version"):
        assert getattr(system.meta, fact) == getattr(back.meta, fact)
    assert any("from_pymrio" in line for line in back.meta.history)


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
@pytest.mark.parametrize("make", [small, example])
def test_our_results_are_those_of_pymrio(pymrio: Any, make: Any) -> None:
    """A, L, multipliers and consumption-based accounts, to 1e-10 of the largest figure."""
    system = make(pymrio)
    table = iom.from_pymrio(system)
    system.calc_all()
    model = iom.leontief(table)
    np.testing.assert_allclose(model.A, system.A, rtol=0, atol=1e-14)
    np.testing.assert_allclose(model.L, system.L, rtol=0, atol=1e-13)
    effect = iom.multipliers(model, of="emissions").effect
    near(effect, system.emissions.M)
    demand = table.final_demand.T.groupby(level="region").sum().T
    regions = list(dict.fromkeys(table.labels.regions))
    for region in regions:
        caused = pd.DataFrame(effect * demand[region].to_numpy(), columns=demand.index)
        by_sector = caused.T.groupby(level="code", sort=False).sum().T
        near(by_sector, system.emissions.D_cba[region])
        own = np.flatnonzero([item == region for item in table.final_labels.regions])
        final = table.satellite("emissions").final
        assert final is not None
        total = caused.sum(axis=1) + final[:, own].sum(axis=1)
        near(total, system.emissions.D_cba_reg[region])


def near(found: Any, expected: Any) -> None:
    left, right = np.asarray(found), np.asarray(expected)
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-10 * float(np.abs(right).max()))


def test_a_table_of_our_own(pymrio: Any) -> None:
    flows, demand = in_two_regions()
    demand = demand.set_axis(pd.MultiIndex.from_tuples([("N", "household")]), axis=1)
    table = iom.table(flows, final_demand=demand, unit="million EUR", title="Two", kind="industry")
    table = table.with_satellite(
        iom.Satellite(
            name="my jobs", rows=iom.Labels(codes=("men", "women")), values=np.ones((2, 4)),
            units=("heads", "fte"),
        )
    )  # fmt: skip
    system = iom.to_pymrio(table)
    pd.testing.assert_frame_equal(system.Z, flows, check_names=False)
    assert list(system.Y.columns) == [("N", "household")]
    assert set(system.unit["unit"]) == {"million EUR"}
    assert list(system.my_jobs.unit["unit"]) == ["heads", "fte"]
    assert (system.meta.name, system.meta.system) == ("Two", "ixi")
    np.testing.assert_array_equal(system.factor_inputs.F, table.flows.primary_inputs)
    assert system.factor_inputs.F_Y is None
    system.calc_all()
    np.testing.assert_allclose(system.L, iom.leontief(table).L, atol=1e-13)


def test_a_table_of_one_region_gets_its_name(pymrio: Any) -> None:
    table = built(satellites=None)
    assert list(iom.to_pymrio(table).Z.index) == [("region", code) for code in CODES]
    named = table.replace(meta=table.meta.after("named", region="AT"))
    system = iom.to_pymrio(named)
    assert list(system.Y.columns) == [("AT", "household"), ("AT", "exports")]


def test_what_has_no_place_in_a_system_is_refused(pymrio: Any) -> None:
    imports = pd.Series([1.0, 2.0, 3.0], CODES)
    with pytest.raises(iom.AccountingError, match="deducts imports at the end of its rows"):
        iom.to_pymrio(built(imports=imports, output=None, primary_inputs=None))
    later = iom.Satellite(
        name="jobs", rows=iom.Labels(codes=("a",)), values=np.ones((1, 3)), year=2025,
        growth=np.ones(3),
    )  # fmt: skip
    with pytest.raises(iom.AccountingError, match="growth of output to it: jobs"):
        iom.to_pymrio(built(satellites={"jobs": later}))
    flows, demand = in_two_regions()
    with pytest.raises(iom.LabelError, match="final demand of '', but sectors are of 2 other"):
        iom.to_pymrio(iom.table(flows, final_demand=demand))
    clash = {"a b": "x", "a_b": "y"}
    parts = {
        name: iom.Satellite(name=name, rows=iom.Labels(codes=("a",)), values=np.ones((1, 3)))
        for name in clash
    }
    with pytest.raises(iom.LabelError, match="agree once they are Python names"):
        iom.to_pymrio(built(satellites=parts))


def test_without_pymrio_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymrio", None)
    with pytest.raises(iom.IOModelError, match=r'pip install "iomodel\[mrio\]"'):
        iom.to_pymrio(built())


def test_from_pymrio_needs_no_pymrio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymrio", None)
    whole: SimpleNamespace = systems.system()
    assert len(iom.from_pymrio(whole)) == 4
