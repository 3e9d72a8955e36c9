"""What `iom.inspect` shows: every block, the choice, the lines beside a block, and the maps."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import iomodel as iom
from iomodel.cli import main
from iomodel.readers.addresses import Area
from iomodel.readers.map import SPARE, WIDEST, Span, axis_of, draw, letters, wrapped
from iomodel.readers.palette import LOOKS
from iomodel.readers.regions import Region, regions_of
from iomodel.readers.registry import BOOKS, FILES
from tests.readers.offices import FINALS, IMPORTS, NAMES, office, output
from tests.readers.test_tables import own

EVIL = "<script>alert('&')</script>"
SVG = "{http://www.w3.org/2000/svg}"
# Ten files of different offices and forms; the whole corpus is read in other tests.
CORPUS = [
    "brazil-ibge-2015/MIP2015_12s.xlsx",
    "chile-bcch-2013/mip_2013_bcch_12x12.xlsx",
    "china-nbs-2000/2000年全国17部门投入产出表.xls",
    "china-nbs-2007/0103.xls",
    "czech-csu-2015/SIOToxo2015s.xls",
    "germany-un-2009/germany_2009.csv",
    "indonesia-bps-aceh-2012/11. Tabel IO Aceh 2012 final.xlsx",
    "japan-regional/IOTable.csv",
    "oecd-gbr-2018/OECD_UK_IO_2018.xlsx",
    "scotland-sg-2019/Scotland_IO_2019.xlsx",
]


@pytest.fixture
def seen(tmp_path: Path) -> iom.Inspection:
    return iom.inspect(office(tmp_path))


def called(call: str) -> Any:
    """Run a call as a user would type it."""
    return eval(call, {"iom": iom})


def maps(page: str) -> list[ET.Element]:
    """Return the maps of a page as trees: they are well formed and have a role."""
    return [ET.fromstring(text) for text in re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL)]


def words(tree: ET.Element) -> list[str]:
    """Return what is written into the rectangles of a map."""
    texts = [list(text) for text in tree.iter(f"{SVG}text")]
    return [" ".join(span.text or "" for span in spans) for spans in texts if spans]


def hovers(tree: ET.Element) -> list[str]:
    return [title.text or "" for title in tree.iter(f"{SVG}title")]


# --- frames --------------------------------------------------------------------------------------


def test_every_block_has_a_row(seen: iom.Inspection, tmp_path: Path) -> None:
    frame = seen.to_frame()
    assert frame[["sheet", "range", "kind", "sectors"]].to_numpy().tolist() == [
        ["MIP", "C7:H12", "flows", 6],
        ["Coeficientes", "B4:G9", "input coefficients", 6],
    ]
    flows = frame.iloc[0]
    assert (flows["unit"], flows["year"], flows["prices"]) == (
        "million pesos",
        2019,
        "basic prices",
    )
    assert flows["balances"].startswith("rows add up to output; columns add up to output; ")
    assert flows["does_not_balance"] == ""
    assert frame["chosen"].tolist() == [True, False]
    assert frame["order"].tolist() == [1, 2]
    assert frame["layout"].tolist() == ["structure"] * 2
    assert flows["call"] == f'iom.read("{tmp_path}/mip.xlsx", sheet="MIP", at="C7:H12")'


def test_frames_are_copies(seen: iom.Inspection) -> None:
    frame = seen.to_frame()
    frame["sheet"] = "another"
    assert seen.to_frame()["sheet"].tolist() == ["MIP", "Coeficientes"]


def test_sheets_without_a_block_say_what_they_hold(seen: iom.Inspection) -> None:
    frame = seen.sheets().set_index("sheet")
    assert frame.index.tolist() == ["Notas", "MIP", "Coeficientes", "Trabajo"]
    without = "no rows and columns with the same labels; "
    assert frame.loc["Notas", "holds"] == f"{without}3 × 1 cells with 3 texts"
    assert frame.loc["Trabajo", "holds"] == f"{without}1 × 1 cells with 1 text"
    assert frame["hidden"].tolist() == [False, False, False, True]
    assert "sheet Trabajo (hidden): no rows and columns" in repr(seen)


def test_every_line_has_a_use(seen: iom.Inspection) -> None:
    lines: Any = seen.lines().set_index("label")
    assert lines.loc[FINALS, "use"].tolist() == ["final demand"] * 4
    roles = ["household", "government", "capital formation", "exports"]
    assert lines.loc[FINALS, "role"].tolist() == roles
    assert lines.loc["Importaciones", ["use", "sign", "address"]].tolist() == [
        "imports", -1, "O7:O12",
    ]  # fmt: skip
    assert lines.loc["Importaciones", "sum"] == IMPORTS.sum()
    totals = ["Total intermedio", "Demanda total", "Total insumos", "Valor agregado"]
    assert lines.loc[totals, "use"].tolist() == ["total"] * 4
    assert lines.loc[totals, "states"].tolist() == ["a sum: holds"] * 4
    assert lines.loc["Ocupados (miles)", "use"] == "satellite"
    assert lines.loc["Producción", "use"] == "output"
    parts = ["Remuneraciones", "Impuestos netos sobre la producción", "Excedente bruto"]
    assert lines.loc[parts, "use"].tolist() == ["primary input"] * 3


def test_the_lines_of_the_balance_give_output(seen: iom.Inspection, tmp_path: Path) -> None:
    lines = seen.lines()
    flows = iom.read(tmp_path / "mip.xlsx").intermediate.to_numpy().sum()
    for side in ("row", "column"):
        rest = lines[lines["side"] == side]
        assert flows + (rest["sign"] * rest["sum"]).sum() == pytest.approx(output().sum())


def test_a_wrong_total_is_shown(tmp_path: Path) -> None:
    def wrong(book: Any) -> None:
        book["MIP"]["I8"] = 141

    seen = iom.inspect(office(tmp_path, wrong))
    line = seen.lines().set_index("label").loc["Total intermedio"]
    assert line["states"] == "a sum: out by up to 100 in 1 sector"
    row = seen.to_frame().iloc[0]
    wrong_sums = [text.partition(" is")[0] for text in row["does_not_balance"].split("; ")]
    assert wrong_sums == ["column Total intermedio", "column Demanda total"]


def test_a_block_is_named_in_four_ways(seen: iom.Inspection) -> None:
    expected = seen.evidence("Coeficientes")
    for at in ("Coeficientes!B4:G9", "'Coeficientes'!$B$4:$G$9", "b4:g9"):
        pd.testing.assert_frame_equal(seen.evidence(at), expected)
    assert "no column adds up to more than one" in expected["evidence"].tolist()
    with pytest.raises(iom.ReadError, match=r"no block at 'A1:B2'.*\n.*MIP!C7:H12: flows"):
        seen.lines("A1:B2")


def test_the_evidence_adds_up_to_the_confidence(seen: iom.Inspection) -> None:
    frame = seen.to_frame()
    for _, row in frame.iterrows():
        weights = seen.evidence(f"{row['sheet']}!{row['range']}")["weight"]
        assert row["confidence"] == pytest.approx(min(1.0, weights.sum()), abs=0.005)


# --- the choice ----------------------------------------------------------------------------------


def test_the_choice_is_what_read_takes(seen: iom.Inspection, tmp_path: Path) -> None:
    notes = iom.read(tmp_path / "mip.xlsx").meta.notes
    assert (seen.choice.sheet, seen.choice.range) == (notes["sheet"], notes["range"])
    assert seen.choice.order == ("MIP!C7:H12", "Coeficientes!B4:G9")
    assert seen.choice.why == "flows before input coefficients; next in order: Coeficientes!B4:G9"
    assert "the newest year" in seen.choice.rule


def test_the_reason_names_what_decided(tmp_path: Path) -> None:
    def years(book: Any) -> None:
        copy = book.copy_worksheet(book["MIP"])
        copy.title = "MIP 2021"
        copy["A1"] = "Matriz de insumo-producto, 2021"

    seen = iom.inspect(office(tmp_path, years))
    assert seen.choice.sheet == "MIP 2021"
    assert seen.choice.why == "2021 before 2019; next in order: MIP!C7:H12"


def test_flows_with_a_missing_figure_are_not_passed_over(tmp_path: Path) -> None:
    """A blank spoils both sums: the flows are still taken, and reading them names the cell."""

    def blank(book: Any) -> None:
        book["MIP"]["E8"] = None

    path = office(tmp_path, blank)
    seen = iom.inspect(path)
    assert seen.choice.sheet == "MIP"
    with pytest.raises(iom.BadCellsError, match="E8"):
        iom.read(path)


def test_nothing_sure_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["only", "words"])
    book.create_sheet("blank")
    book.save(tmp_path / "words.xlsx")
    seen = iom.inspect(tmp_path / "words.xlsx")
    assert str(seen.choice) == "nothing"
    assert seen.choice.why == "no rows and columns with the same labels on any sheet"
    assert seen.sheets()["holds"].tolist()[1] == "empty"
    assert seen.to_frame().empty
    assert "<svg" not in seen._repr_html_()
    with pytest.raises(iom.ReadError, match="no block is read"):
        seen.lines()
    with pytest.raises(iom.ReadError, match=r"no map of sheet 'blank'. Maps: none"):
        seen.map("blank")


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
@pytest.mark.parametrize("name", CORPUS)
def test_published_files(shared: Path, name: str) -> None:
    path = shared / "data" / "corpus" / name
    seen = iom.inspect(path)
    notes = iom.read(path).meta.notes
    assert (seen.choice.sheet, seen.choice.range) == (notes["sheet"], notes["range"])
    same = called(seen.choice.call).meta.notes
    assert (same["sheet"], same["range"]) == (notes["sheet"], notes["range"])
    lines = seen.lines()
    assert lines[["side", "address"]].duplicated().sum() == 0
    assert set(lines["use"]) <= {*LOOKS, "part of the matrix"}
    page = seen.page()
    assert len(page) < 300_000
    assert page == iom.inspect(path).page()
    for tree in maps(page):
        assert float(tree.attrib["width"]) < WIDEST + 60


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_every_call_reads_its_block(shared: Path) -> None:
    for name in ("brazil-ibge-2015/MIP2015_12s.xlsx", "japan-regional/IOTable.csv"):
        frame = iom.inspect(shared / "data" / "corpus" / name).to_frame()
        for _, row in frame[frame["order"].notna()].iloc[::4].iterrows():
            notes = called(row["call"]).meta.notes
            assert (notes["sheet"], notes["range"]) == (row["sheet"], row["range"])


def test_columns_by_sector_are_found(shared: Path) -> None:
    path = shared / "data" / "corpus" / "taiwan-dgbas-2001" / "IO_energy_2001.xls"
    frame = iom.inspect(path).to_frame()
    assert frame["kind"].unique().tolist() == ["columns by sector"]
    assert not frame["chosen"].any()
    matrix = called(frame["call"].iloc[0])
    assert matrix.meta.notes["range"] == frame["range"].iloc[0]
    assert len(matrix.rows) == frame["sectors"].iloc[0]


# --- files that say what they are ----------------------------------------------------------------


def test_a_workbook_of_our_own(tmp_path: Path) -> None:
    seen = iom.inspect(own(tmp_path))
    assert seen.form == "workbook in the layout of iomodel"
    assert seen.to_frame()[["sheet", "sectors", "chosen"]].to_numpy().tolist() == [
        ["flows", 4, True]
    ]
    assert seen.choice.why == "read by its own labels: workbook in the layout of iomodel"
    (tree,) = maps(seen._repr_html_())
    assert any(text.startswith("final demand (6)") for text in words(tree))
    assert "intermediate flows 4 × 4" in words(tree)


@pytest.mark.parametrize("name", ["folder", "parquet"])
def test_saved_tables(tmp_path: Path, name: str) -> None:
    target = tmp_path / ("saved" if name == "folder" else "saved.parquet")
    if name == "parquet":
        pytest.importorskip("pyarrow")
    table = iom.read(office(tmp_path))
    iom.write(table, target)
    seen = iom.inspect(target)
    assert seen.form == ("folder of iom.write" if name == "folder" else "parquet file of iom.write")
    assert seen.to_frame()["sectors"].tolist() == [6]
    assert len(called(seen.choice.call)) == 6


def test_a_text_file(tmp_path: Path) -> None:
    frame = pd.DataFrame(np.diag([0.1, 0.2, 0.3, 0.4]) + 0.05, list("abcd"), list("abcd"))
    frame.to_csv(tmp_path / "a.csv", sep=";", decimal=",")
    seen = iom.inspect(tmp_path / "a.csv")
    assert seen.form == "csv file (utf-8, semicolon, comma)"
    assert seen.to_frame()["kind"].tolist() == ["input coefficients"]


def test_a_table_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    iom.template(tmp_path / "blank.xlsx", sectors=3)
    seen = iom.inspect(tmp_path / "blank.xlsx")
    assert str(seen.choice) == "nothing"
    assert "cannot be read: " in seen.choice.why
    assert "the template is empty" in seen.choice.why


def test_a_study_says_which_verb_reads_it() -> None:
    seen = iom.inspect(iom.example("micro-drama-2025"))
    assert seen.choice.why == "a study is read by iom.read_sectors(path)"
    assert seen.to_frame().empty


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(iom.ReadError):
        iom.inspect(tmp_path / "none.xlsx")


def test_forms_say_what_they_are() -> None:
    assert len({form.what for form in (*FILES, *BOOKS)}) == len(FILES) + len(BOOKS)


# --- maps ----------------------------------------------------------------------------------------


def test_the_map_names_the_parts(seen: iom.Inspection) -> None:
    tree = ET.fromstring(seen.map())
    written = words(tree)
    assert "intermediate flows 6 × 6" in written
    assert "imports: Importaciones" in written
    assert "output: Producción" in written
    found = hovers(tree)
    assert any(text.startswith("J7:M12: final demand (4)\nConsumo de hogares") for text in found)
    assert any(text.startswith("O7:O12: imports\nImportaciones (deducted)") for text in found)
    edges = {text.text for text in tree.iter(f"{SVG}text") if text.text}
    assert {"C", "I", "J", "P", "7", "13", "19"} <= edges


def test_maps_of_all_sheets_with_a_block(seen: iom.Inspection) -> None:
    page = seen.page()
    assert len(maps(page)) == 2
    assert page.count("<details open") == 1
    assert "MIP</strong> (19 rows, 16 columns; read by iom.read)" in page
    assert "imports" in page.partition("<details")[0]  # the legend
    assert "coefficients or an inverse" in page.partition("<details")[0]


def test_labels_are_escaped(tmp_path: Path) -> None:
    def evil(book: Any) -> None:
        sheet = book["MIP"]
        sheet.title = "<b>&'"
        sheet["A1"] = EVIL
        sheet["C6"] = sheet["B7"] = EVIL
        sheet["J6"] = f"{EVIL} household"

    seen = iom.inspect(office(tmp_path, evil, name="<i>.xlsx"))
    assert seen.choice.range == "C7:H12"
    page = seen.page()
    assert "<script>" not in page
    assert "<b>&" not in page
    assert "<i>" not in page
    assert any(EVIL in text for tree in maps(page) for text in hovers(tree))


def test_twenty_sheets_of_a_hundred_sectors_stay_small(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    names = [f"Industry number {k} with a long name" for k in range(100)]
    values = np.random.default_rng(1).uniform(1, 9, (100, 100))
    final = values.sum(axis=0) * 2
    for year in range(2001, 2021):
        sheet = book.create_sheet(str(year))
        sheet.append([f"Input-output table {year}, million EUR"])
        heads = [*names, "Total intermediate", "Household consumption", "Exports", "Total output"]
        sheet.append(["", *heads])
        for k, name in enumerate(names):
            inner, rest = float(values[k].sum()), float(final[k])
            sheet.append([name, *values[k], inner, rest / 2, rest / 2, inner + rest])
        output = values.sum(axis=1) + final
        sheet.append(["Total intermediate inputs", *values.sum(axis=0)])
        sheet.append(["Value added", *(output - values.sum(axis=0))])
        sheet.append(["Output", *output])
    book.save(tmp_path / "years.xlsx")
    seen = iom.inspect(tmp_path / "years.xlsx")
    page = seen.page()
    assert len(page) < 300_000
    assert len(maps(page)) == 20
    assert seen.choice.sheet == "2020"
    assert seen.choice.why == "2020 before 2019; next in order: 2019!B3:CW102"


def test_a_wide_sheet_is_no_wider() -> None:
    square = Region("intermediate", Area(2, 2, 2465, 2465), "intermediate flows 2,464 × 2,464")
    one = Region("output", Area(2, 2466, 2465, 2466), "output: Output")
    tree = ET.fromstring(draw([square, one], "wide"))
    assert float(tree.attrib["width"]) < WIDEST + 60
    assert words(tree) == ["intermediate flows 2,464 × 2,464", "output: Output"]
    assert len(ET.tostring(tree)) < 4000


def test_an_axis_keeps_single_lines_and_shortens_long_ones() -> None:
    axis = axis_of([Span(0, 999, 0.0), Span(1000, 1000, 0.0), Span(1005, 1005, 0.0)], 20.0, 300.0)
    assert axis.length == pytest.approx(300.0)
    sizes = [axis.at(place + 1) - axis.at(place) for place in (1000, 1005)]
    assert sizes == pytest.approx([20.0, 20.0])
    assert axis.at(1005) - axis.at(1001) < 20.0  # nothing stands there
    assert axis_of([Span(0, 0, 200.0)], 20.0, SPARE).length == pytest.approx(200.0)


def test_words_are_cut_to_the_room() -> None:
    assert wrapped("final demand: Households", 14, 3) == ["final demand:", "Households"]
    assert wrapped("final demand: Households", 12, 1) == ["final deman…"]
    assert letters("수입 a") == 6
    for line in wrapped("投入产出流量表 and more words than there is room for", 10, 3):
        assert letters(line) <= 10


def blocks_of(path: Path) -> Iterator[tuple[list[Region], Area]]:
    for view in iom.inspect(path).views:
        if view.found:
            grid = view.found[0].block.grid
            used = Area(0, 0, grid.sheet.height - 1, grid.sheet.width - 1)
            yield regions_of(grid, view.found, None), used


def test_every_cell_with_something_is_on_the_map(tmp_path: Path) -> None:
    path = office(tmp_path)
    book = openpyxl.load_workbook(path)
    for (regions, used), name in zip(blocks_of(path), ("MIP", "Coeficientes"), strict=True):
        covered = np.zeros((used.bottom + 1, used.right + 1), dtype=bool)
        for region in regions:
            area = region.area
            covered[area.top : area.bottom + 1, area.left : area.right + 1] = True
        for row in book[name].iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    assert covered[cell.row - 1, cell.column - 1], f"{name}!{cell.coordinate}"


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, target = office(tmp_path), tmp_path / "maps" / "map.html"
    assert main(["inspect", str(path), "--to", str(target)]) == 0
    printed = capsys.readouterr().out
    assert "iom.read takes: flows in MIP!C7:H12" in printed
    assert re.search(r"Coeficientes +B4:G9 +input coefficients +6", printed)
    assert f"written: {target}" in printed
    page = target.read_text(encoding="utf-8")
    assert page == iom.inspect(path).page()
    assert page.startswith("<!doctype html>")
    assert main(["inspect", str(tmp_path / "none.xlsx")]) == 2


def test_the_repr_is_short(seen: iom.Inspection) -> None:
    text = repr(seen)
    assert text.startswith(
        "mip.xlsx: xlsx workbook, 4 sheets\n  iom.read takes: flows in MIP!C7:H12"
    )
    assert len(text.splitlines()) < 12
    assert all(name not in text for name in NAMES)
