"""The United States, Chile, Brazil."""

from iomodel.readers.layout import Layout

BEA_FACTS = {
    "publisher": "Bureau of Economic Analysis",
    "region": "United States",
    "currency": "USD",
    "unit": "million USD",
}
BEA = Layout(
    name="Bureau of Economic Analysis",
    marks=(r"bureau of economic analysis|^iocode$|industry / commodity|commodities?/industr",),
    columns={
        r"f010(?:00)?": "household",
        r"f02\w": "capital formation",
        r"f030(?:00)?": "inventories",
        r"f040(?:00)?": "exports",
        r"f050(?:00)?": "imports",
        r"f(?:06|07|10)c\w*": "government",
        r"f(?:06|07|10)[senb]\w*": "capital formation",
    },
    rows={
        r"v001(?:00)?": "compensation",
        r"v002(?:00)?": "production taxes",
        r"v003(?:00)?": "operating surplus",
    },
    facts=BEA_FACTS,
    language="en",
)
CHILE = Layout(
    name="Banco Central de Chile",
    marks=(r"actividad", r"consumo de ipsfl|derechos de importacion|remuneraciones de asalariados"),
    columns={r"consumo de ipsfl.*": "npish"},
    rows={r"derechos de importacion.*": "product taxes"},
    facts={"publisher": "Banco Central de Chile", "region": "Chile", "currency": "CLP"},
    language="es",
)
BRAZIL = Layout(
    name="IBGE",
    marks=(r"demanda total", r"consumo das familias", r"excedente operacional"),
    columns={r"consumo das isfl.*": "npish"},
    facts={
        "publisher": "IBGE",
        "region": "Brazil",
        "currency": "BRL",
        "unit": "million BRL",
        "valuation": "basic prices",
    },
    language="pt",
)
AMERICAS = (BEA, CHILE, BRAZIL)
