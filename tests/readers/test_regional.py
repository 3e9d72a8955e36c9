"""Multi-regional tables from files: the OECD's and FIGARO's csv files, workbooks of WIOD."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import iomodel as iom
from iomodel.readers import figaro, icio, wiod
from iomodel.readers.workbook import open_workbook
from tests.readers import worlds
from tests.readers.worlds import Lines, World, world


def assert_flows(table: iom.IOTable, made: World) -> None:
    """Assert that all flows came over, to their places."""
    flows = table.flows
    np.testing.assert_array_equal(flows.intermediate, made.flows)
    np.testing.assert_array_equal(flows.final_demand, made.final)
    np.testing.assert_allclose(flows.output, made.output, rtol=1e-15)
    assert table.labels.regions == tuple(region for region, _ in made.keys)
    assert table.labels.codes == tuple(code for _, code in made.keys)
    assert table.final_labels.regions == tuple(region for region, _ in made.demand)
    assert table.meta.import_treatment == "domestic"
    assert table.check().ok


# --- the OECD ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words", "year"),
    [
        ("ICIO2018_2010.CSV", {"taxes": "AAA_TAXSUB", "added": "VALU", "output": "OUTPUT"}, 2010),
        ("2020_SML.csv", {}, 2020),
        ("mine.csv", {}, None),
    ],
)
def test_oecd_file_is_recognised_and_read(
    tmp_path: Path, name: str, words: dict[str, str], year: int | None
) -> None:
    made = world()
    path = worlds.written(worlds.icio(made, **words), tmp_path / name)
    assert icio.recognises(path)
    assert not figaro.recognises(path)
    table = iom.read(path)
    assert_flows(table, made)
    assert (table.meta.year, table.meta.price_year) == (year, year)
    assert table.final_labels.groups == ("household", "capital formation") * 2
    assert table.primary_labels.groups == ("product taxes", "value added")
    np.testing.assert_array_equal(table.flows.primary_inputs[0], made.taxes[:4])
    np.testing.assert_array_equal(table.flows.final_primary[0], made.taxes[4:])
    np.testing.assert_array_equal(table.flows.primary_inputs[1], made.added)
    assert table.meta.unit_size == 1e6


def test_split_countries_are_kept(tmp_path: Path) -> None:
    """Rows of CHN are empty in the extended tables, where CN1 and CN2 produce."""
    made = world(regions=("CHN", "CN1"), buyers=("CHN",), taxes=np.zeros(6))
    final = made.final[:, :2].copy()
    flows = made.flows.copy()
    flows[:2], flows[:, :2], final[:2] = 0, 0, 0
    made = replace(made, flows=flows, final=final)
    path = worlds.written(worlds.icio(made), tmp_path / "2020.csv")
    table = icio.read(path)
    assert dict.fromkeys(table.labels.regions) == {"CHN": None, "CN1": None}
    assert set(table.final_labels.regions) == {"CHN"}
    with pytest.raises(iom.NotProductiveError, match="2 sectors are idle"):
        iom.leontief(table)
    model = iom.leontief(table, idle="keep")
    demand = table.final_demand.sum(axis=1)
    np.testing.assert_allclose(model.solve(demand), table.output, rtol=1e-12)


def test_columns_are_brought_into_the_order_of_the_rows(tmp_path: Path) -> None:
    made = world()
    lines = worlds.icio(made)
    order = [0, 3, 1, 4, 2, *range(5, len(lines[0]))]
    path = worlds.written([[line[k] for k in order] for line in lines], tmp_path / "2020.csv")
    assert_flows(icio.read(path), made)


def test_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    made = world()
    path = worlds.written(worlds.icio(made), tmp_path / "2020.csv", separator=";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert_flows(iom.read(path), made)


def test_many_lines_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    path = worlds.written(worlds.icio(made), tmp_path / "2020.csv")
    monkeypatch.setattr("iomodel.readers.textmatrix.LINES", 3)
    assert_flows(icio.read(path), made)


# --- bad files -----------------------------------------------------------------------------------


def test_text_cells_are_named_with_line_and_column(tmp_path: Path) -> None:
    lines = worlds.icio(world())
    lines[2][3], lines[4][6], lines[5][1], lines[6][2] = "n.a.", "", "1 234", "inf"
    path = worlds.written(lines, tmp_path / "2020.csv")
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    assert [str(cell) for cell in caught.value.cells] == [
        "2020.csv!line 3, column 4 (BBB_01T02) 'n.a.': text where a number is needed",
        "2020.csv!line 5, column 7 (AAA_GFCF): blank where a number is needed",
        "2020.csv!line 6, column 2 (AAA_01T02) '1 234': text where a number is needed",
        "2020.csv!line 7, column 3 (AAA_03) 'inf': not a finite number",
    ]


def cut_line(lines: Lines) -> None:
    lines[3] = lines[3][:-2]


def longer_line(lines: Lines) -> None:
    lines[1].append("5")


@pytest.mark.parametrize("change", [cut_line, longer_line])
def test_lines_of_other_lengths_are_refused(
    tmp_path: Path, change: Callable[[Lines], None]
) -> None:
    lines = worlds.icio(world())
    change(lines)
    path = worlds.written(lines, tmp_path / "2020.csv")
    with pytest.raises(iom.BadCellsError, match="cells, the first line 10"):
        icio.read(path)


def no_output(lines: Lines) -> None:
    del lines[-1]


def region_lost_in_columns(lines: Lines) -> None:
    for line in lines:
        del line[3:5]


def region_lost_in_rows(lines: Lines) -> None:
    del lines[3:5]


def label_twice(lines: Lines) -> None:
    lines[2][0], lines[0][6] = lines[1][0], lines[0][5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_output, ["no row OUT or OUTPUT"]),
        (region_lost_in_columns, ["line 4, BBB_01T02: no column", "line 5, BBB_03: no column"]),
        (region_lost_in_rows, ["column 4, BBB_01T02: neither a sector", "column 5, BBB_03"]),
        (label_twice, ["line 2, AAA_01T02: stands twice", "line 3, AAA_01T02: stands twice",
                       "column 6, AAA_HFCE: stands twice", "column 7, AAA_HFCE: stands twice"]),
    ],
)  # fmt: skip
def test_wrong_labels_are_named_with_their_places(
    tmp_path: Path, change: Callable[[Lines], None], said: list[str]
) -> None:
    lines = worlds.icio(world())
    change(lines)
    path = worlds.written(lines, tmp_path / "2020.csv")
    with pytest.raises(iom.LabelError) as caught:
        iom.read(path)
    assert [text for text in said if text not in str(caught.value)] == []


@pytest.mark.parametrize("reader", [icio, figaro])
def test_other_files_are_not_recognised(tmp_path: Path, reader: object) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"PK\x03\x04\0\0\xff\xfe" * 10)
    empty = tmp_path / "empty.csv"
    empty.touch()
    for path in (other, binary, empty, tmp_path, tmp_path / "none.csv"):
        assert not reader.recognises(path)  # type: ignore[attr-defined]
        with pytest.raises(iom.UnknownLayoutError, match="first line"):
            reader.read(path)  # type: ignore[attr-defined]


# --- FIGARO --------------------------------------------------------------------------------------


def test_figaro_matrix_and_list_give_the_same_table(tmp_path: Path) -> None:
    made = world(regions=("AT", "FIGW1"), buyers=("AT", "FIGW1"), finals=worlds.FIGARO_FINALS)
    lines = worlds.figaro(made)
    matrix = worlds.written(lines, tmp_path / "matrix_eu-ic-io_ind-by-ind_23ed_2021.csv")
    listed = worlds.written(worlds.flat(lines), tmp_path / "flatfile_eu-ic-io_23ed_2021.csv")
    for path in (matrix, listed):
        assert figaro.recognises(path)
        assert not icio.recognises(path)
        table = iom.read(path)
        assert_flows(table, made)
        assert table.meta.year == 2021
        assert (table.meta.unit, table.meta.kind) == ("million EUR", "industry")
        assert table.primary_labels.codes[:1] == ("D21X31",)
        assert set(table.primary_labels.regions) == {""}
        assert "output(sum of the row)" in table.meta.provenance
        pay = table.primary_labels.in_group("compensation")
        np.testing.assert_array_equal(table.flows.primary_inputs[pay[0]], made.added / 2)
        np.testing.assert_array_equal(table.flows.final_primary[0], made.taxes[4:])


@pytest.mark.parametrize("listed", [False, True])
def test_figaro_of_products(tmp_path: Path, listed: bool) -> None:
    made = world(regions=("AT", "BE"), buyers=("AT", "BE"), sectors=("CPA_A01", "CPA_B"))
    lines = worlds.figaro(made)
    path = worlds.written(
        worlds.flat(lines, letter="P") if listed else lines, tmp_path / "prod-by-prod_2019.csv"
    )
    table = iom.read(path)
    assert table.meta.kind == "product"
    assert table.labels.codes == ("CPA_A01", "CPA_B") * 2
    np.testing.assert_array_equal(table.flows.intermediate, made.flows)


def test_a_list_without_all_cells_is_refused(tmp_path: Path) -> None:
    lines = worlds.flat(worlds.figaro(world(regions=("AT", "BE"), buyers=("AT", "BE"))))
    path = worlds.written([*lines[:7], *lines[8:], lines[3]], tmp_path / "flat_2021.csv")
    with pytest.raises(iom.ReadError, match=r"1 of 80 cells are missing, such as AT_01T02 > BE_P3"):
        iom.read(path)
    path = worlds.written([*lines, lines[3]], tmp_path / "flat_2021.csv")
    with pytest.raises(iom.ReadError, match=r"1 of 80 cells stand more than once.*> BE_01T02"):
        iom.read(path)


def test_a_list_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(regions=("AT", "BE"), buyers=("AT", "BE"), finals=worlds.FIGARO_FINALS)
    path = worlds.written(worlds.flat(worlds.figaro(made)), tmp_path / "flat_2021.csv")
    monkeypatch.setattr("iomodel.readers.textmatrix.CELLS", 7)
    assert_flows(figaro.read(path), made)


def test_decimal_commas_in_a_list_are_refused(tmp_path: Path) -> None:
    lines = worlds.flat(worlds.figaro(world(regions=("AT", "BE"), buyers=("AT", "BE"))))
    for line in lines[1:]:
        line[6] = line[6].replace(".", ",")
    path = worlds.written(lines, tmp_path / "flat_2021.csv")
    with pytest.raises(iom.BadCellsError, match="line 2: 8 cells, the first line 7"):
        iom.read(path)


def test_text_in_a_list_has_its_line(tmp_path: Path) -> None:
    lines = worlds.flat(worlds.figaro(world(regions=("AT", "BE"), buyers=("AT", "BE"))))
    lines[4][6] = ":"
    path = worlds.written(lines, tmp_path / "flat_2021.csv")
    with pytest.raises(iom.BadCellsError, match=r"line 5, column 7 \(obsValue\) ':': text"):
        iom.read(path)


def test_supply_and_use_of_figaro_is_named(tmp_path: Path) -> None:
    lines = worlds.flat(worlds.figaro(world()), letter="P")
    lines[0][:2] = ["icsupRow", "icsupCol"]
    path = worlds.written(lines, tmp_path / "flatfile_eu-ic-supply_25ed_2023.csv")
    with pytest.raises(iom.ReadError, match="a supply or use table of FIGARO"):
        iom.read(path)


# --- WIOD ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "sheet", "name"),
    [(True, "WIOT_2009", "wiot09_row_sep12.xlsx"), (False, "2014", "WIOT2014_Nov16_ROW.xlsx")],
)
def test_both_releases_of_wiod(tmp_path: Path, first: bool, sheet: str, name: str) -> None:
    made = world(sectors=("AtB", "19"), finals=("c37", "c41") if first else ("CONS_h", "GFCF"))
    path = worlds.workbook(worlds.wiod(made, first=first), tmp_path / name, sheet)
    assert wiod.recognises(open_workbook(path))
    table = iom.read(path)
    assert_flows(table, made)
    assert table.meta.year == int(sheet[-4:])
    assert table.labels.names["en"] == ("sector AtB", "sector 19") * 2
    assert table.final_labels.groups == ("household", "capital formation") * 2
    assert table.primary_labels.codes == ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")
    np.testing.assert_array_equal(table.flows.primary_inputs[0], made.taxes[:4])
    np.testing.assert_array_equal(table.flows.primary_inputs[4], made.added)


def test_bad_cells_of_wiod_have_addresses(tmp_path: Path) -> None:
    cells = worlds.wiod(world(), first=True)
    cells[7][5], cells[8][4], cells[11][6] = "-", None, "x"
    path = worlds.workbook(cells, tmp_path / "wiot.xlsx", "WIOT_2009")
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    assert {cell.address for cell in caught.value.cells} == {"F8", "E9", "G12"}


def test_wiod_without_output_is_refused(tmp_path: Path) -> None:
    cells = worlds.wiod(world(), first=False)[:-1]
    path = worlds.workbook(cells, tmp_path / "wiot.xlsx", "2014")
    with pytest.raises(iom.LabelError, match="no row GO"):
        iom.read(path)


def test_a_sheet_of_a_year_is_not_wiod(tmp_path: Path) -> None:
    path = worlds.workbook([["a", 1], ["b", 2]], tmp_path / "other.xlsx", "2014")
    assert not wiod.recognises(open_workbook(path))
    with pytest.raises(iom.UnknownLayoutError, match="not a world input-output table"):
        wiod.read(open_workbook(path))


# --- databases of many files ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("IOT_2020_pxp.zip", r"from_pymrio\(pymrio.parse_exiobase3\('.*IOT_2020_pxp.zip'\)\)"),
        ("mrIOT_PxP_ita_coefficient_version2.2.2.zip", "EXIOBASE 2 .*parse_exiobase2"),
        ("GLORIA_T_2022_059_Markup001(full).csv", "GLORIA .*parse_gloria"),
        ("Eora26_2015_bp.zip", "parse_eora26"),
    ],
)
def test_a_database_of_many_files_is_named_with_the_call(
    tmp_path: Path, name: str, call: str
) -> None:
    (tmp_path / name).write_text("1,2\n3,4\n")
    with pytest.raises(iom.ReadError, match=call):
        iom.read(tmp_path / name)


# --- the files of others, with made-up figures ---------------------------------------------------


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
@pytest.mark.parametrize(
    ("file", "regions", "finals", "first"),
    [
        ("oecd-icio-mock/ICIO2018_2010.CSV", 6, 25, 23697.221),
        ("wiod-wiot-mock/wiot09_row_sep12.xlsx", 6, 30, 23697.221),
    ],
)
def test_layout_of_the_corpus(
    shared: Path, file: str, regions: int, finals: int, first: float
) -> None:
    table = iom.read(shared / "data" / "corpus" / file)
    assert (len(table), len(set(table.labels.regions))) == (48, regions)
    assert len(table.final_labels) == finals
    assert table.flows.intermediate[0, 0] == first
    assert table.meta.year in {2009, 2010}
    # The figures are fabricated, but for output: it is the sum of the column.
    np.testing.assert_allclose(table.flows.column_residual, 0, atol=1e-6)
