"""`iom.table`: aligned by label, refused in words, derived parts recorded."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, JOBS, F, V, X, Z, built, in_two_regions, pairs

SHUFFLED = ["s", "a", "m"]


def same(one: iom.IOTable, other: iom.IOTable) -> None:
    assert one.labels.codes == other.labels.codes
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        assert np.array_equal(getattr(one.flows, block), getattr(other.flows, block)), block


def test_every_part_is_aligned_by_label() -> None:
    mixed = built(
        intermediate=Z.loc[:, SHUFFLED],
        final_demand=F.loc[SHUFFLED],
        output=X[SHUFFLED],
        primary_inputs=V[SHUFFLED],
        satellites={"employment": JOBS[SHUFFLED]},
    )
    same(mixed, built())
    assert np.array_equal(mixed.satellite("employment").values, JOBS.to_numpy())


def test_the_order_is_that_of_the_rows() -> None:
    table = built(intermediate=Z.loc[SHUFFLED])
    assert table.labels.codes == tuple(SHUFFLED)
    assert table.intermediate.at["m", "s"] == 30.0
    assert table.output["m"] == 300.0


def test_imports_are_aligned_and_make_the_table_competitive() -> None:
    imports = pd.Series([3.0, 1.0, 2.0], SHUFFLED)
    table = iom.table(Z, output=X, imports=imports)
    assert table.imports.to_dict() == {"a": 1.0, "m": 2.0, "s": 3.0}
    assert table.meta.import_treatment == "competitive"
    assert built().meta.import_treatment == "not stated"
    assert built(import_treatment="domestic").meta.import_treatment == "domestic"
    assert not table.flows.row_residual.any()


PARTS: dict[str, Any] = {"output": X, "final_demand": F, "primary_inputs": V.T}


@pytest.mark.parametrize("part", PARTS)
def test_missing_extra_and_duplicate_labels_are_all_named(part: str) -> None:
    frame = PARTS[part].rename(index={"m": "x"})
    frame = pd.concat([frame, frame.loc[["s"]]])
    given = frame.T if part == "primary_inputs" else frame
    with pytest.raises(iom.LabelError) as caught:
        built(**{part: given})
    for text in ("1 missing: m", "1 unknown: x", "1 more than once: s", part.replace("_", " ")):
        assert text in str(caught.value)


def test_the_two_sides_of_intermediate_differ() -> None:
    with pytest.raises(iom.LabelError, match="intermediate columns") as caught:
        iom.table(Z.rename(columns={"m": "x"}), output=X)
    assert "1 missing: m" in str(caught.value)


def test_duplicate_sectors() -> None:
    with pytest.raises(iom.LabelError, match="more than once"):
        iom.table(Z.rename(index={"m": "a"}, columns={"m": "a"}), output=X)


@pytest.mark.parametrize("part", ["final_demand", "primary_inputs"])
def test_a_transposed_frame_is_guessed_in_the_message_only(part: str) -> None:
    given = F.T if part == "final_demand" else V.T
    with pytest.raises(iom.LabelError, match="transposed"):
        built(**{part: given})


@pytest.mark.parametrize("kind", [int, np.int64, np.int32])
def test_whole_numbers_as_labels(kind: Callable[[int], Any]) -> None:
    numbers = [kind(n) for n in (1, 2, 3)]
    z, x = Z.set_axis(numbers, axis=0).set_axis(numbers, axis=1), X.set_axis(numbers)
    table = iom.table(z, output=x.iloc[[2, 0, 1]])
    assert table.labels.codes == ("1", "2", "3")
    assert table.output.tolist() == X.tolist()


def test_text_and_whole_numbers_meet() -> None:
    z = Z.set_axis([1, 2, 3], axis=0).set_axis(["1", "2", "3"], axis=1)
    assert iom.table(z, output=X.set_axis(["1", "2", "3"])).labels.codes == ("1", "2", "3")


def test_one_and_text_one_are_duplicates() -> None:
    mixed = pd.Index([1, "1", 2], dtype=object)
    with pytest.raises(iom.LabelError, match="more than once"):
        iom.table(Z.set_axis(mixed, axis=0).set_axis(mixed, axis=1), output=X.set_axis(mixed))


def test_two_regions() -> None:
    z, f = in_two_regions()
    table = iom.table(z, final_demand=f.iloc[[3, 1, 0, 2]])
    assert table.labels.regions == ("N", "N", "S", "S")
    assert table.intermediate.to_numpy().tolist() == z.to_numpy().tolist()
    assert table.final_demand["household"].tolist() == [50.0, 60.0, 70.0, 80.0]
    with pytest.raises(iom.LabelError, match="4 missing"):
        iom.table(z, final_demand=f.droplevel(0))


def test_one_region_is_a_table_with_one_region() -> None:
    z = Z.set_axis(pairs(), axis=0).set_axis(pairs(), axis=1)
    table = iom.table(z, output=X, primary_inputs=V.set_axis(pairs(), axis=1))
    assert set(table.labels.regions) == {"CN"}
    assert table.output.to_dict() == X.to_dict()


def test_a_multi_index_of_three_levels() -> None:
    index = pd.MultiIndex.from_tuples([("E", "N", "a"), ("E", "N", "b")])
    with pytest.raises(iom.LabelError, match="two levels"):
        iom.table(pd.DataFrame(np.ones((2, 2)), index, index), output=pd.Series([5, 5], index))


def test_text_cells_are_named_by_label() -> None:
    z = Z.astype(object)
    z.loc["m", "s"], z.loc["s", "a"] = "n.a.", "-"
    with pytest.raises(iom.LabelError, match="2 cells are not numbers") as caught:
        iom.table(z, output=X)
    assert "m, s: 'n.a.'" in str(caught.value)
    assert "s, a: '-'" in str(caught.value)
    x = X.astype(object)
    x["m"] = "three hundred"
    with pytest.raises(iom.LabelError, match="m: 'three hundred'"):
        iom.table(Z, output=x)


@pytest.mark.parametrize("value", ["30", "30.5", " 30 "])
def test_text_that_looks_like_a_number_is_text(value: str) -> None:
    """As in a workbook: a text cell is never converted unasked."""
    z = Z.astype(object)
    z.loc["m", "s"] = value
    with pytest.raises(iom.LabelError, match="not numbers"):
        iom.table(z, output=X)


def test_object_columns_of_numbers_are_read() -> None:
    same(built(intermediate=Z.astype(object), output=X.astype(object)), built())


@pytest.mark.parametrize("part", ["intermediate", "output", "final_demand", "primary_inputs"])
def test_a_missing_figure_is_refused(part: str) -> None:
    whole: dict[str, Any] = {"intermediate": Z, "output": X, "final_demand": F, "primary_inputs": V}
    frame = whole[part].copy()
    frame.iloc[1] = np.nan
    with pytest.raises(iom.AccountingError, match=part):
        built(**{part: frame})


def test_output_from_final_demand_is_a_step() -> None:
    table = iom.table(Z, final_demand=F, imports=pd.Series([1.0, 2.0, 3.0], CODES))
    assert table.output.to_dict() == {"a": 99.0, "m": 298.0, "s": 197.0}
    assert table.meta.provenance == (
        "table(3 sectors)",
        "output(sum of the row)",
        "value_added(output less intermediate inputs)",
    )


def test_final_demand_from_output_is_a_step() -> None:
    table = iom.table(Z, output=X)
    assert table.final_demand["final_demand"].to_dict() == {"a": 45.0, "m": 190.0, "s": 110.0}
    assert table.value_added.to_dict() == {"a": 55.0, "m": 150.0, "s": 140.0}
    steps = " ".join(table.meta.provenance)
    assert "final_demand(output less intermediate sales)" in steps
    assert "value_added(output less intermediate inputs)" in steps


def test_nothing_is_derived_that_is_given() -> None:
    assert built().meta.provenance == ("table(3 sectors)",)


def test_output_or_final_demand_is_needed() -> None:
    with pytest.raises(iom.LabelError, match="output or final_demand"):
        iom.table(Z)


def test_final_demand_and_value_added_as_series() -> None:
    table = built(final_demand=F.sum(axis=1), primary_inputs=V.sum())
    assert table.final_labels.codes == ("final_demand",)
    assert table.primary_labels.codes == ("value_added",)
    named = built(final_demand=F.sum(axis=1).rename("exports"), primary_inputs=V.sum().rename("w"))
    assert named.final_labels.codes == ("exports",)
    assert named.primary_labels.codes == ("w",)


def test_labels_named_like_a_role_have_it() -> None:
    table = built()
    assert table.final_labels.groups == ("household", "exports")
    assert table.primary_labels.groups == ("compensation", "")


def test_exports_named_so_are_not_split_as_home_use() -> None:
    """d = (x - EX) / (x - EX + IM) needs to know which column is exports."""
    imports = pd.Series([17.0, 46.0, 36.0], CODES)
    f = F.assign(household=F["household"] + imports)
    table = iom.domestic(built(final_demand=f, imports=imports))
    shares = table.domestic_shares
    assert shares is not None
    assert shares.intermediate == pytest.approx([85 / 102, 230 / 276, 180 / 216])
    assert table.final_demand["exports"].tolist() == F["exports"].tolist()


def test_roles_given() -> None:
    table = built(final_roles={"household": "government"}, primary_roles={"surplus": "imports"})
    assert table.final_labels.groups == ("government", "exports")
    assert table.value_added.tolist() == [30.0, 80.0, 100.0]


@pytest.mark.parametrize("roles", ["final_roles", "primary_roles"])
def test_roles_for_unknown_labels(roles: str) -> None:
    with pytest.raises(iom.LabelError, match="rent"):
        built(**{roles: {"rent": "household"}})


def test_names_and_sections() -> None:
    table = built(names={"en": ["Farms", "Works", "Shops"]}, sections=["A", "C", "G"])
    assert table.labels.named() == ("Farms", "Works", "Shops")
    assert table.labels.groups == ("A", "C", "G")
    with pytest.raises(iom.LabelError, match="3 codes"):
        built(names={"en": ["Farms"]})
    with pytest.raises(iom.LabelError, match="3 codes"):
        built(sections=["A"])


FORMS: dict[str, Any] = {
    "frame": JOBS,
    "series": JOBS.loc["old"],
    "mapping of series": {"old": JOBS.loc["old"]},
    "mapping of frames": {"old": JOBS},
    "mapping of satellites": {
        "old": iom.Satellite(
            name="old", rows=iom.Labels(codes=("x",)), values=JOBS.loc[["old"]].to_numpy()
        )
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_satellites_in_each_form(form: str) -> None:
    table = built(satellites=FORMS[form])
    assert table.satellite("old").values[0].tolist() == [20.0, 30.0, 50.0]
    assert set(table.satellites) == ({"old", "new"} if form == "frame" else {"old"})


@pytest.mark.parametrize("form", ["frame", "series", "mapping of series", "mapping of frames"])
def test_satellites_are_aligned_and_refused_by_label(form: str) -> None:
    part = FORMS[form]
    wrong = {"old": part["old"].T.rename({"m": "x"}).T} if isinstance(part, dict) else None
    if wrong is None:
        wrong = part.T.rename({"m": "x"}).T
    with pytest.raises(iom.LabelError, match="unknown: x"):
        built(satellites=wrong)


def test_rows_of_a_satellite_frame_that_stand_twice() -> None:
    with pytest.raises(iom.LabelError, match="old"):
        built(satellites=JOBS.rename(index={"new": "old"}))


def test_an_unnamed_series_is_called_satellite() -> None:
    assert list(built(satellites=JOBS.loc["old"].rename(None)).satellites) == ["satellite"]


def test_satellites_are_of_the_year_of_the_table() -> None:
    assert built().satellite("employment").year == 2020
    assert built().meta.price_year == 2020
    assert built(price_year=2015).meta.price_year == 2015


def test_an_imbalance_is_a_warning_at_the_line_of_the_caller() -> None:
    with pytest.warns(iom.ImbalanceWarning, match="1 rows do not balance") as seen:
        built(output=X.replace(300.0, 310.0), primary_inputs=V.replace(70.0, 80.0))
    assert "m: -10" in str(seen[0].message)
    assert "million EUR" in str(seen[0].message)


def test_the_warning_points_at_the_caller() -> None:
    with pytest.warns(iom.ImbalanceWarning) as seen:
        iom.table(Z, output=X, primary_inputs=V + 10)
    assert seen[0].filename == __file__
    assert "3 columns do not balance" in str(seen[0].message)


def test_a_rounding_is_no_imbalance() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built(output=X * 1.004)


def test_a_negative_flow_is_a_warning() -> None:
    z = Z.copy()
    z.loc["a", "s"] = -5.0
    with pytest.warns(iom.NegativeFlowWarning, match="1 intermediate flows are negative"):
        iom.table(z, output=X)


def test_intermediate_must_be_a_frame() -> None:
    wrong: Any = Z.to_numpy()
    with pytest.raises(iom.LabelError, match="DataFrame"):
        iom.table(wrong, output=X)


def test_the_frames_given_are_not_kept() -> None:
    z, x = Z.copy(), X.copy()
    table = iom.table(z, output=x)
    z.iloc[0, 0] = x.iloc[0] = -1.0
    assert table.intermediate.iloc[0, 0] == 10.0
    assert table.output.iloc[0] == 100.0


# --- primary inputs of final demand --------------------------------------------------------------


def test_primary_inputs_of_final_demand_are_aligned_by_label() -> None:
    part = pd.DataFrame(
        {"exports": [3.0, 4.0], "household": [1.0, 2.0]}, ["surplus", "compensation"]
    )
    table = built(final_primary=part)
    assert table.flows.final_primary.tolist() == [[2.0, 4.0], [1.0, 3.0]]
    only = built(final_primary=part.loc[["surplus"], ["household"]])
    assert only.flows.final_primary.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert not built().flows.final_primary.any()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (pd.DataFrame({"household": [1.0]}, ["wages"]), "wages"),
        (pd.DataFrame({"homes": [1.0]}, ["surplus"]), "homes"),
        (pd.DataFrame({"household": [1.0, 2.0]}, ["surplus"] * 2), "more than once"),
        (pd.DataFrame({"household": ["x"]}, ["surplus"]), "not numbers"),
        (pd.Series([1.0], ["surplus"]), "DataFrame"),
    ],
)
def test_primary_inputs_of_final_demand_that_do_not_fit(part: Any, words: str) -> None:
    with pytest.raises(iom.LabelError, match=words):
        built(final_primary=part)


def test_primary_inputs_of_final_demand_must_be_finite() -> None:
    part = pd.DataFrame({"household": [np.nan]}, ["surplus"])
    with pytest.raises(iom.AccountingError, match="final_primary"):
        built(final_primary=part)
