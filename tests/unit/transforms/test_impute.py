"""Unknown purchases: filled only where asked, stated ones untouched, impossible requests named."""

from typing import Any

import numpy as np
import pytest

import iomodel as iom
from iomodel.accounts.imputation import Imputation
from iomodel.transforms.certificate import InsertionCertificate
from tests.unit import small


def sector(**changes: Any) -> iom.NewSector:
    parts: dict[str, Any] = {
        "code": "new", "output": 50e6, "purchases": {"a": 0.1}, "labour_income": 0.3,
        "levels": {"jobs": 5.0},
    }  # fmt: skip
    return iom.NewSector(**{**parts, **changes})


def table() -> iom.IOTable:
    roles = {"surplus": "operating surplus"}
    return small.built(satellites={"jobs": small.JOBS.loc["old"]}, primary_roles=roles)


def inserted(how: Imputation, **changes: Any) -> iom.IOTable:
    return iom.insert(table(), sector(**changes), impute={"new": how})


def test_the_remainder_follows_the_parent() -> None:
    """Left of the output: 1 - 0.1 - 0.3 - 70 / 300; the pattern of m: 60 of m, 50 of s."""
    whole = inserted(Imputation(parent="m"))
    left = 1 - 0.1 - 0.3 - 70 / 300
    found = whole.flows.coefficients[:3, -1]
    np.testing.assert_allclose(found, [0.1, left * 60 / 110, left * 50 / 110])
    certificate = whole.certificate
    assert isinstance(certificate, InsertionCertificate)
    assert [item.supplier for item in certificate.imputed] == ["m", "s"]
    shown = dict(certificate.facts())
    assert shown["purchases of new that were imputed"] == "36.67% of output, 2, from m by remainder"


def test_a_stated_remainder_and_named_suppliers() -> None:
    whole = inserted(Imputation(parent="m", suppliers=("s",), other_value_added=0.5))
    np.testing.assert_allclose(whole.flows.coefficients[:3, -1], [0.1, 0.0, 0.1])


def test_purchases_per_worker() -> None:
    """The parent has 30 workers and buys 60 of m: 2 each, for 5 workers and an output of 50."""
    whole = inserted(Imputation(parent="m", rule="per worker", satellite="jobs"))
    found = whole.flows.coefficients[:3, -1]
    np.testing.assert_allclose(found, [0.1, 5 * 60 / 30 / 50, 5 * 50 / 30 / 50])


def test_nothing_is_imputed_unasked() -> None:
    whole = iom.insert(table(), sector())
    assert whole.flows.coefficients[:3, -1].tolist() == [0.1, 0.0, 0.0]
    assert isinstance(whole.certificate, InsertionCertificate)
    assert whole.certificate.imputed == ()
    assert "imputed" not in "".join(whole.meta.provenance)


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ({"parent": "q"}, iom.LabelError, "new: unknown sector 'q'"),
        ({"parent": "m", "suppliers": ("z",)}, iom.LabelError, "unknown sector 'z'"),
        ({"parent": "m", "suppliers": ("a",)}, iom.SpecError, "states purchases from a"),
        ({"parent": "m", "other_value_added": 0.7}, iom.SpecError, "leave 0.6000 of output"),
        ({"parent": "m", "rule": "per worker"}, iom.LabelError, "no satellite 'employment'"),
        ({"parent": "m", "rule": "guess"}, iom.SpecError, "use remainder or per worker"),
        ({"parent": "m", "other_value_added": 2.0}, iom.SpecError, "between 0 and 1"),
        (
            {"parent": "m", "rule": "per worker", "other_value_added": 0.1},
            iom.SpecError,
            "goes with the rule remainder",
        ),
    ],
)
def test_impossible_imputations_are_named(how: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        inserted(Imputation(**how))


def test_other_sectors_and_levels_are_named() -> None:
    with pytest.raises(iom.LabelError, match="other: no sector of this code"):
        iom.insert(table(), sector(), impute={"other": Imputation(parent="m")})
    two = small.built(satellites={"jobs": small.JOBS})
    with pytest.raises(iom.SpecError, match="has several rows: name one"):
        iom.insert(two, sector(), impute={
            "new": Imputation(parent="m", rule="per worker", satellite="jobs")
        })  # fmt: skip
    none = Imputation(parent="s", rule="per worker", satellite="jobs", estimate="new")
    with pytest.raises(iom.SpecError, match="'s' has no level above zero"):
        iom.insert(two, sector(), impute={"new": none})
