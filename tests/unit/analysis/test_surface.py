"""The outcome over two inputs: values at known places, and questions that cannot be answered."""

import numpy as np
import pytest

from iomodel.analysis.surface import surface
from iomodel.errors import SpecError
from tests.plot.made import KEYS, asked, inputs, outcome


def test_values_stand_at_their_inputs() -> None:
    found = surface(outcome, inputs(), of=KEYS[1], first="days", second="share", points=5)
    assert found.inputs == ("days", "share")
    assert found.input_units == ("days", "share")
    assert found.centre == (250.0, 0.3)
    for at, row in found.values.iterrows():
        expected = 2.0 * found.values.columns.to_numpy() / 500.0 * (1.0 + float(str(at)))
        np.testing.assert_allclose(row.to_numpy(dtype=float), expected)
    assert found.central == pytest.approx(1.3)
    tidy = found.to_frame()
    assert list(tidy.columns) == ["share", "days", "value"]
    days, share = (tidy[key].to_numpy(dtype=float) for key in ("days", "share"))
    np.testing.assert_allclose(tidy["value"], 2.0 * days / 500.0 * (1.0 + share))
    assert "ratio, chain+consumer, pooled over days and share" in found.title


def test_surface_of_an_inverse_question_holds_its_isoline() -> None:
    question = asked(target=1.6)
    found = question.surface("days", "share", points=81)
    line = question.isoline("days", "share").dropna()
    assert len(line) > 2
    for days, share in line.itertuples(index=False):
        column = int(np.abs(found.values.columns.to_numpy() - days).argmin())
        row = int(np.abs(found.values.index.to_numpy() - share).argmin())
        assert found.values.iloc[row, column] == pytest.approx(1.6, rel=0.02)


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [("days", "days", 5), ("days", "weeks", 5), ("days", "share", 1)],
)
def test_questions_without_an_answer(first: str, second: str, points: int) -> None:
    with pytest.raises(SpecError, match="inputs with a range are: days, costs, share"):
        surface(outcome, inputs(), of=KEYS[1], first=first, second=second, points=points)
