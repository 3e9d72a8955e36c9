"""Results and frames for journals: every result in every form, read back where it is data."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.results import Result
from iomodel.writers.atomic import WriteError
from iomodel.writers.exhibit import exhibit
from iomodel.writers.forms import EXHIBITS
from iomodel.writers.latex import ESCAPED, LINES, LONG, escape
from iomodel.writers.stata import variables
from tests.unit.every_result import MADE, classes, made

NASTY = "R&D 100% $5 #1 a_b {c} ~x^2 \\ <em> | 农业 [0] * -- 'q' \"r\"\nnext"
NEEDED = {".docx": "docx", ".parquet": "pyarrow"}


def needs(suffix: str) -> None:
    if suffix in NEEDED:
        pytest.importorskip(NEEDED[suffix])


def frame() -> pd.DataFrame:
    """Figures that lose bits when printed, nasty texts, missing ones, whole numbers, truth."""
    return pd.DataFrame(
        {
            "code": ["01", "02", "03"],
            "text": [NASTY, None, "=1+1"],
            "value": [0.1 + 0.2, np.nan, -1e-300],
            "count": pd.array([1, None, 3_000_000_000], dtype="Int64"),
            "told": [True, False, True],
            "at low": [1 / 3, 2 / 3, 1e15],
        }
    ).set_index("code")


def read_back(path: Path) -> pd.DataFrame:
    if path.suffix == ".dta":
        return pd.read_stata(path)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def same_bits(found: Any, right: Any) -> None:
    values = [np.nan if value is pd.NA or value == "" else float(value) for value in found]
    left = np.asarray(values, dtype=np.float64)
    np.testing.assert_array_equal(left, np.asarray(right, dtype=np.float64))


def test_every_result_class_has_an_example_here() -> None:
    names = {kind.__name__ for kind in classes()}
    assert names == set(MADE), "give tests/unit/every_result.py one of each result"


def test_the_walk_finds_a_new_result() -> None:
    new = type("Fresh", (Result,), {"__module__": "iomodel.analysis.fresh"})
    assert new in classes()
    del new


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("suffix", EXHIBITS)
def test_every_result_is_written_in_every_form(name: str, suffix: str, tmp_path: Path) -> None:
    needs(suffix)
    path = iom.write(made(name), tmp_path / f"x{suffix}")
    assert path.stat().st_size > 50
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("suffix", [".dta", ".parquet", ".csv"])
def test_figures_of_every_result_come_back_bit_for_bit(
    name: str, suffix: str, tmp_path: Path
) -> None:
    needs(suffix)
    laid = exhibit(made(name))
    found = read_back(iom.write(made(name), tmp_path / f"x{suffix}"))
    assert len(found) == len(laid.frame)
    if suffix != ".dta":
        assert list(found.columns) == list(laid.frame.columns)
    for spot, column in enumerate(laid.frame.columns):
        if laid.is_figure(column):
            right = laid.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
            same_bits(found.iloc[:, spot], right)


@pytest.mark.parametrize("suffix", [".dta", ".parquet", ".csv"])
def test_a_frame_comes_back_with_its_texts_and_figures(suffix: str, tmp_path: Path) -> None:
    needs(suffix)
    found = read_back(iom.write(frame(), tmp_path / f"x{suffix}"))
    right = frame().reset_index()
    found.columns = right.columns
    assert found["code"].tolist() == ["01", "02", "03"]
    texts = ["" if pd.isna(text) else text for text in found["text"]]
    assert texts == [NASTY, "", "=1+1"]
    for column in ("value", "count", "at low"):
        same_bits(found[column], right[column].to_numpy(dtype=np.float64, na_value=np.nan))
    assert [str(told) in ("True", "1") for told in found["told"]] == [True, False, True]


def test_csv_has_the_mark_that_excel_needs_for_chinese(tmp_path: Path) -> None:
    path = iom.write(frame(), tmp_path / "x.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcode,text,")
    assert "农业" in path.read_text(encoding="utf-8-sig")


# Stata


def test_a_data_set_has_labels_units_and_long_texts(tmp_path: Path) -> None:
    long = "文" * 2000
    data = pd.DataFrame({"word": [long, "b"], "value": [1.5, 2.5]})
    path = iom.write(data, tmp_path / "x.dta", caption="Caption 农业", notes="A note.")
    with pd.read_stata(path, iterator=True) as reader:
        assert reader.data_label == "Caption 农业 A note."
    assert read_back(path)["word"].tolist() == [long, "b"]
    path = iom.write(made("Linkages"), tmp_path / "y.dta")
    with pd.read_stata(path, iterator=True) as reader:
        labels = reader.variable_labels()
    assert labels["pure_total"] == "pure_total (million EUR)"
    assert labels["upstreamness"] == "upstreamness (stages)"
    assert labels["cv_backward"] == "cv_backward (ratio)"
    assert labels["name"] == "name"


def test_a_data_set_says_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    files = [iom.write(made("Multipliers"), tmp_path / name) for name in ("a.dta", "b.dta")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_names_of_variables_are_legal_and_unique() -> None:
    heads = ["x" * 40, "x" * 50, "at low", "at_low", "2020", "if", "农业", "", "str5", "é-é", "_n"]
    found = variables(heads)
    assert len(set(found)) == len(heads)
    assert all(re.fullmatch(r"[^\W\d]\w{0,31}", name) for name in found)
    assert found[:4] == ["x" * 32, "x" * 30 + "_2", "at_low", "at_low_2"]
    assert found[5] == "_if"


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e308])
def test_figures_that_a_data_set_cannot_hold_are_refused(value: float, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"x\.dta: a Stata data set cannot hold:\s+column 'v'"):
        iom.write(pd.DataFrame({"v": [1.0, value]}), tmp_path / "x.dta")
    assert not list(tmp_path.iterdir())


# LaTeX


def test_every_special_character_is_escaped() -> None:
    assert escape("&%$#_{}") == r"\&\%\$\#\_\{\}"
    assert escape("~^\\<>") == (
        r"\textasciitilde{}\textasciicircum{}\textbackslash{}\textless{}\textgreater{}"
    )
    assert escape("a\n\n b\x00c 农业") == "a b c 农业"


def unescaped(source: str) -> str:
    """What is left of a table's source when commands of ours and escapes are taken out."""
    body = "".join(line for line in source.splitlines(keepends=True) if not line.startswith("%"))
    for text in sorted(ESCAPED.values(), key=len, reverse=True):
        body = body.replace(text, "")
    return re.sub(r"\\[A-Za-z]+(\[[^]]*\])?|\\\\| & |@\{\}", "", body.replace(LINES, ""))


@pytest.mark.parametrize("name", MADE)
def test_latex_has_balanced_braces_and_rows_of_one_length(name: str, tmp_path: Path) -> None:
    source = iom.write(made(name), tmp_path / "x.tex").read_text(encoding="utf-8")
    plain = re.sub(r"\\[{}]", "", source)
    depth = np.cumsum([(c == "{") - (c == "}") for c in plain])
    assert depth[-1] == 0
    assert (depth >= 0).all()
    assert not re.search(r"[%$#_^~<>]", unescaped(source)), unescaped(source)
    begins, ends = (re.findall(rf"\\{word}{{(\w+)}}", source) for word in ("begin", "end"))
    assert sorted(begins) == sorted(ends)
    rows = [line for line in source.splitlines() if line.endswith(r"\\") and " & " in line]
    laid = exhibit(made(name))
    assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(laid.frame.columns)}
    assert source.count(r"\toprule") in (1, 2)


def test_latex_of_nasty_texts(tmp_path: Path) -> None:
    path = iom.write(frame(), tmp_path / "x.tex", caption=NASTY, label="tab:a b&c", notes=NASTY)
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"[%$#_^~<>|]", unescaped(source).replace("tab:a-b-c", ""))
    assert r"\label{tab:a-b-c}" in source
    assert "xelatex" in source
    assert "ctex" in source
    assert "农业" in source
    assert "{[}0] {*} -{}-" in source.replace("]}", "]")
    assert r"\item \emph{Notes:} R\&D 100\%" in source


def test_latex_of_plain_texts_asks_for_no_other_engine(tmp_path: Path) -> None:
    data = pd.DataFrame({"v": [-1.5]}, index=pd.Index(["a"], name="code"))
    source = iom.write(data, tmp_path / "x.tex").read_text(encoding="utf-8")
    assert "xelatex" not in source
    assert "a & $-$1.500" in source


def test_a_long_latex_table_runs_over_pages(tmp_path: Path) -> None:
    data = pd.DataFrame({"v": np.arange(LONG + 1.0)})
    source = iom.write(data, tmp_path / "x.tex", caption="C").read_text(encoding="utf-8")
    assert r"\begin{longtable}" in source
    assert r"\endhead" in source
    assert r"\begin{table}" not in source


def test_notes_name_unit_and_source(tmp_path: Path) -> None:
    source = iom.write(made("Mixed"), tmp_path / "x.tex", notes="Mine.").read_text("utf-8")
    assert r"\item \emph{Notes:} Mine. Unit: million EUR. Source: computed with iomodel" in source
    source = iom.write(made("Linkages"), tmp_path / "y.tex").read_text("utf-8")
    assert "{(million EUR)}" in source
    assert "Columns without a unit are ratios." in source


# print


def test_word_tables_repeat_the_head_and_set_figures_right(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    path = iom.write(made("Multipliers"), tmp_path / "x.docx", digits=2, notes="Mine.")
    document = docx.Document(path)
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells][:3] == ["code", "name", "effect"]
    assert "tblHeader" in table.rows[0]._tr.xml
    assert "tblHeader" not in table.rows[1]._tr.xml
    right = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert [side is not None for side in right][:3] == [False, False, True]
    assert re.fullmatch(r"\d\.\d\d", table.rows[1].cells[2].text)
    assert "Mine. Source: computed with iomodel" in document.paragraphs[-1].text


def test_word_keeps_nasty_texts(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    path = iom.write(frame(), tmp_path / "x.docx", caption=NASTY + "\x0b")
    document = docx.Document(path)
    assert document.tables[0].rows[1].cells[1].text == NASTY
    assert "农业" in document.paragraphs[0].text
    with zipfile.ZipFile(path) as parts:
        assert 'w:eastAsia="SimSun"' in parts.read("word/document.xml").decode()


def test_workbook_holds_full_figures_with_formats(tmp_path: Path) -> None:
    import openpyxl

    path = iom.write(made("Mixed"), tmp_path / "x.xlsx", digits=1, label="T/1", caption="C")
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert sheet.title == "T 1"
    assert [cell.value for cell in sheet[4]][:3] == ["code", "name", "output (million EUR)"]
    assert sheet["C5"].value == made("Mixed").output[0]
    assert sheet["C5"].number_format == "#,##0.0"


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_pages_escape_markup(suffix: str, tmp_path: Path) -> None:
    text = iom.write(frame(), tmp_path / f"x{suffix}", caption=NASTY).read_text("utf-8")
    assert "<em> |" not in text
    assert "农业" in text
    if suffix == ".md":
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}


def test_decimals_follow_the_largest_figure_and_years_have_no_separator() -> None:
    data = pd.DataFrame(
        {"year": [2020, 2021], "money": [12345.678, 0.5], "ratio": [1.23456, -0.00001],
         "small": [0.0123456, 0.0], "none": [np.nan, np.nan]}
    )  # fmt: skip
    assert exhibit(data).rows() == [
        ["2020", "12,346", "1.235", "0.01235", "n.a."],
        ["2021", "0", "0.000", "0.00000", "n.a."],
    ]
    assert exhibit(data, digits={"money": 2}).rows()[0][1] == "12,345.68"


def test_a_frame_may_have_a_column_called_name(tmp_path: Path) -> None:
    data = made("Linkages").to_frame()[["name", "pure_total"]]
    text = iom.write(data, tmp_path / "x.md").read_text("utf-8")
    assert text.startswith("| code | name | pure total |")


# options and refusals


def test_columns_stand_in_the_order_asked_for(tmp_path: Path) -> None:
    path = iom.write(made("Linkages"), tmp_path / "x.csv", columns=["pure_total", "name"])
    assert list(read_back(path).columns) == ["code", "pure_total", "name"]


def test_frames_with_keys_of_several_levels(tmp_path: Path) -> None:
    index = pd.MultiIndex.from_tuples([("N", "a"), ("S", "a")], names=["region", "code"])
    square = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], index, index)
    path = iom.write(square, tmp_path / "x.csv")
    assert list(read_back(path).columns) == ["region", "code", "N a", "S a"]
    series = pd.Series([1.0, 2.0], index, name="output")
    assert list(read_back(iom.write(series, path)).columns) == ["region", "code", "output"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["nowhere"]}, "columns='nowhere': choose from 'code', 'name'"),
        ({"columns": ["name", "name"]}, "'name' twice"),
        ({"digits": {"name": 2}}, "digits='name': 2"),
        ({"digits": -1}, "digits="),
        ({"digits": {"output": 2.5}}, "digits='output': 2.5"),
    ],
)
def test_options_that_do_not_fit(options: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(iom.LabelError, match=re.escape(message)):
        iom.write(made("Mixed"), tmp_path / "x.tex", **options)
    assert not list(tmp_path.iterdir())


def test_equal_names_are_refused(tmp_path: Path) -> None:
    twice = pd.DataFrame([[1.0, 2.0]], columns=["a", "a"])
    with pytest.raises(iom.LabelError, match="1 names stand for several columns"):
        iom.write(twice, tmp_path / "x.csv")


def test_unknown_suffix_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"unknown suffix '.sav'.*\.tex \(a LaTeX.*\.dta.*\.csv"):
        iom.write(made("Mixed"), tmp_path / "x.sav")
    with pytest.raises(WriteError, match="unknown suffix ''"):
        iom.write(made("Mixed"), tmp_path / "x")
    with pytest.raises(WriteError, match="dict is neither a table, a result nor a frame"):
        iom.write({}, tmp_path / "x.csv")  # type: ignore[arg-type]


def test_options_without_a_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"digits, notes: comma-separated values has no place"):
        iom.write(made("Mixed"), tmp_path / "x.csv", digits=2, notes="n")
    with pytest.raises(WriteError, match=r"digits: a Stata data set .*data are written whole"):
        iom.write(made("Mixed"), tmp_path / "x.dta", digits=2)
    table = made("Multipliers")
    assert table is not None
    with pytest.raises(WriteError, match="caption: for results and frames"):
        iom.write(iom.read(iom.example("china-2020")), tmp_path / "x.xlsx", caption="c")


@pytest.mark.parametrize(
    ("suffix", "module", "command"),
    [(".docx", "docx", "pip install 'iomodel[report]'"), (".parquet", "pyarrow", "pip install")],
)
def test_a_missing_package_is_named_with_the_command(
    suffix: str, module: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WriteError, match=rf"x\{suffix}.*{re.escape(command)}"):
        iom.write(made("Mixed"), tmp_path / f"x{suffix}")
    assert not list(tmp_path.iterdir())


def test_what_was_there_stays_where_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.dta"
    path.write_bytes(b"mine")
    with pytest.raises(WriteError):
        iom.write(pd.DataFrame({"v": [np.inf]}), path)
    assert path.read_bytes() == b"mine"


def test_latex_compiles_where_there_is_an_engine(tmp_path: Path) -> None:
    import shutil

    engine = shutil.which("xelatex") or shutil.which("lualatex")
    if engine is None:
        pytest.skip("no xelatex or lualatex on this machine; structure is checked above")
    iom.write(frame(), tmp_path / "short.tex", caption=NASTY, notes=NASTY)
    iom.write(made("Derivation"), tmp_path / "study.tex")
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\usepackage{array,booktabs,longtable,threeparttable}\n"
        "\\begin{document}\n\\input{short}\n\\input{study}\n\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
