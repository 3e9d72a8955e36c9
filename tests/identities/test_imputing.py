"""A sector without knowledge of its own, imputed from a parent, is the parent."""

import numpy as np
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.accounts.imputation import Imputation
from iomodel.transforms.certificate import InsertionCertificate
from tests.identities.tables import Economy, economies

ESTIMATE = "census"


@given(economies(), st.integers(0, 2**32 - 1), st.sampled_from(["remainder", "per worker"]))
def test_a_sector_imputed_wholly_has_the_parents_column(
    economy: Economy, seed: int, rule: str
) -> None:
    rng = np.random.default_rng(seed)
    table = economy.domestic(year=2020)
    busy = [code for code in economy.codes if economy.flows[code].sum() > 0]
    parent = str(rng.choice(busy))
    spot = economy.codes.index(parent)
    output = float(10 ** rng.uniform(0, 4))
    jobs = economy.intensity[0, spot] * output
    sector = iom.NewSector(code="new", output=output, purchases={}, basis="fte",
                           labour_income=float(economy.wages[spot]),
                           levels={"employment": float(jobs)})  # fmt: skip
    how = Imputation(parent=parent, rule=rule, estimate=ESTIMATE if rule == "per worker" else None)  # type: ignore[arg-type]
    whole = iom.insert(table, sector, impute={"new": how})
    a = whole.flows.coefficients
    np.testing.assert_allclose(a[: len(table), -1], a[: len(table), spot], rtol=1e-8, atol=1e-12)
    certificate = whole.certificate
    assert isinstance(certificate, InsertionCertificate)
    filled = sum(item.share for item in certificate.imputed)
    inner = economy.flows[parent].sum() / economy.output[spot]
    np.testing.assert_allclose(filled, inner, rtol=1e-8)
    assert f"imputed from {parent} by {rule}" in whole.meta.provenance[-1]
