"""China, Japan, Korea, Taiwan, Indonesia, Australia."""

from iomodel.readers.layout import Layout

NBS_FACTS = {
    "publisher": "National Bureau of Statistics of China",
    "region": "China",
    "currency": "CNY",
    "valuation": "producers' prices",
    "kind": "product",
}
NBS_COLUMNS = {
    "fu101": "household",
    "fu102": "household",
    "fu103": "government",
    "fu201": "capital formation",
    "fu202": "inventories",
    "fu301": "exports",  # exports less imports, in the table of 1992
    "ex": "exports",
    "of": "exports",  # to other provinces
    "im": "imports",
    "if": "imports",  # from other provinces
    "err": "residual",
    "go": "output",
}
NBS_CHINA = Layout(
    name="NBS China",
    marks=(r"^fu101$", r"^(?:ti|tii)$", r"^go$"),
    columns=NBS_COLUMNS,
    codes={
        "va001": "compensation",
        "va002": "production taxes",
        "va003": "depreciation",
        "va004": "operating surplus",
    },
    facts=NBS_FACTS,
    language="zh",
)
NBS_NON_COMPETITIVE = Layout(
    name="NBS China, non-competitive",
    marks=(r"^fu201$", r"^domestic$|国内", r"^imports?$|进口", r"^(?:ti|tii|go)$"),
    columns={"tc": "other", "fu201": "capital formation", "fu202": "inventories", "ex": "exports"},
    facts=NBS_FACTS,
)
NBS_CHINA_NAMES = Layout(
    name="NBS China, names without codes",
    marks=(r"中间使用", r"总产出", r"总投入", r"增加值"),
    columns={"进口": "imports", "其[他它]": "residual"},
    facts=NBS_FACTS,
    language="zh",
)
JAPAN = Layout(
    name="Japan, ministries' joint tables",
    marks=(r"雇用者所得", r"家計外消費支出", r"民間消費支出"),
    columns={r".*関税.*": "imports", r".*輸入品商品税.*": "imports", r".*調整項.*": "other"},
    rows={r".*家計外消費支出.*": "other"},
    facts={
        "publisher": "Ministry of Internal Affairs and Communications of Japan and others",
        "region": "Japan",
        "currency": "JPY",
        "unit": "million JPY",
        "valuation": "producers' prices",
    },
    language="ja",
)
JAPAN_AREAS = Layout(
    name="Japan, regional tables in one line per area",
    marks=(r"^r1c1$",),
    facts={"region": "Japan", "currency": "JPY", "unit": "million JPY"},
)
KOREA = Layout(
    name="Bank of Korea",
    marks=(r"투입산출표|산업연관표", r"중간수요계|중간투입계"),
    columns={r".*잔폐물.*": "other", r"자가공정산출": "output", r"총산출": "output"},
    rows={r".*잔폐물.*": "other", r"순생산물세": "product taxes"},
    facts={"publisher": "Bank of Korea", "region": "Korea", "currency": "KRW"},
    language="ko",
)
INDONESIA = Layout(
    name="BPS Indonesia",
    marks=(r"permintaan antara|konsumsi antara|input antara", r"rumah ?tangga|\brt\b"),
    facts={
        "publisher": "BPS-Statistics Indonesia",
        "region": "Indonesia",
        "currency": "IDR",
        "unit": "million IDR",
    },
    language="id",
)
TAIWAN = Layout(
    name="DGBAS Taiwan",
    marks=(r"主計總處|directorate.general of budget|百萬元|產業關聯表|中間需要合計",),
    facts={"publisher": "DGBAS", "region": "Taiwan", "currency": "TWD"},
)
AUSTRALIA = Layout(
    name="Australian Bureau of Statistics",
    marks=(r"australian production", r"competing imports"),
    rows={r"complementary imports.*": "imports", r"competing imports.*": "imports"},
    facts={
        "publisher": "Australian Bureau of Statistics",
        "region": "Australia",
        "currency": "AUD",
        "unit": "million AUD",
        "valuation": "basic prices",
        "kind": "industry",
    },
    language="en",
)
ASIA = (
    NBS_CHINA,
    NBS_NON_COMPETITIVE,
    NBS_CHINA_NAMES,
    JAPAN,
    JAPAN_AREAS,
    KOREA,
    INDONESIA,
    TAIWAN,
    AUSTRALIA,
)
