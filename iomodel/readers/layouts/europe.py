"""European offices: ESA 1995 and 2010 codes, the United Kingdom, Scotland."""

from iomodel.readers.layout import Layout

ESA_COLUMNS = {
    r"p\.?3[ _]?s\.?14": "household",
    r"p\.?3[ _]?s\.?15": "npish",
    r"p\.?3[ _]?s\.?13\w*": "government",
    r"p\.?51g?(?:\+p\.?53)?": "capital formation",
    r"p\.?53": "capital formation",
    r"p\.?52": "inventories",
    r"p\.?6\w*": "exports",
    r"p\.?7\w*": "imports",
}
ESA_ROWS = {
    r"d\.?1[12]?": "compensation",
    r"d\.?21(?:-|x| m |_m_)?d?\.?31": "product taxes",
    r"d\.?29(?:-|x| m |_m_)?d?\.?39|d\.?29|d\.?39": "production taxes",
    r"p\.?51c|k\.?1": "depreciation",
    r"b\.?2a?[ng]?(?:\+| |_)?b?\.?3?[ng]?|b\.?3[ng]": "operating surplus",
    r"p\.?1": "output",
    r"p\.?7|imp": "imports",
}
ONS = Layout(
    name="Office for National Statistics",
    marks=(r"^p3 s1$|^p3 s14$", r"^p51g$", r"^gos (?:&|and) mi$|^gva$"),
    columns=ESA_COLUMNS,
    rows={**ESA_ROWS, r"gos & mi": "operating surplus", r"use of imported products.*": "imports"},
    facts={
        "publisher": "Office for National Statistics",
        "region": "United Kingdom",
        "currency": "GBP",
        "unit": "million GBP",
    },
    language="en",
)
SCOTLAND = Layout(
    name="Scottish Government",
    marks=(r"^rukimp$|rest of uk", r"^(?:tout|tlsprds|gva)$|leontief|multiplier"),
    rows={"rukimp": "imports", "rowimp": "imports", "tlsprds": "product taxes"},
    columns={r"non-resident household.*": "exports"},
    facts={
        "publisher": "Scottish Government",
        "region": "Scotland",
        "currency": "GBP",
        "unit": "million GBP",
    },
    language="en",
)
CZECHIA = Layout(
    name="Czech Statistical Office",
    marks=(r"cz-nace|cz-cpa", r"mezispotreba"),
    columns=ESA_COLUMNS,
    rows=ESA_ROWS,
    facts={"publisher": "Czech Statistical Office", "region": "Czechia", "currency": "CZK"},
    language="cs",
)
CROATIA = Layout(
    name="Croatian Bureau of Statistics",
    marks=(r"medufazna|proizvodnja po baznim", r"drzavni zavod za statistiku|kuna|djelatnost"),
    columns=ESA_COLUMNS,
    rows=ESA_ROWS,
    facts={"publisher": "Croatian Bureau of Statistics", "region": "Croatia", "currency": "HRK"},
    language="hr",
)
GERMANY = Layout(
    name="Statistisches Bundesamt",
    marks=(r"vorleistung", r"arbeitnehmerentgelt", r"bruttowertsch"),
    columns=ESA_COLUMNS,
    rows=ESA_ROWS,
    facts={"publisher": "Statistisches Bundesamt", "region": "Germany", "currency": "EUR"},
    language="de",
)
SPAIN = Layout(
    name="INE Spain",
    marks=(r"precios basicos|precios de adquisicion", r"contabilidad nacional|\bine\b"),
    columns=ESA_COLUMNS,
    rows=ESA_ROWS,
    facts={"publisher": "INE", "region": "Spain", "currency": "EUR", "unit": "million EUR"},
    language="es",
)
ESA = Layout(
    name="ESA codes (Eurostat and national offices)",
    marks=(r"^p\.?3.{0,2}s\.?1|^p\.?51g?$|^d\.?21.*d?\.?31$", r"^(?:d\.?1|b\.?1g|p\.?1)$"),
    columns=ESA_COLUMNS,
    rows=ESA_ROWS,
)
EUROPE = (ONS, SCOTLAND, CZECHIA, CROATIA, GERMANY, SPAIN, ESA)
