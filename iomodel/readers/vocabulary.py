"""Words by which statistical offices name the lines of their tables, in several languages.

A word only proposes a role; the sums of the table decide what is a total.
"""

import re
import unicodedata
from typing import NamedTuple


class Word(NamedTuple):
    """A role and the words for it."""

    role: str
    pattern: re.Pattern[str]


def _words(role: str, *patterns: str) -> Word:
    return Word(role, re.compile("|".join(patterns)))


# Words are compared in one case, without accents, width or line breaks. The first that fits
# holds, so narrow words stand before wide ones.
COLUMNS = (
    _words(
        "residual",
        r"statistical (?:error|discrep|differ)",
        r"^err$",
        r"^其[他它]$|^误差",
        r"discrepan[cz]|^residual|誤差|통계.?불일치|ecart stat",
        r"statist\w* (?:razlika|verschil|roznica)|roznica stat|istatistik\w* fark",
        r"selisih stat|расхожд|فرق إحصائي",
    ),
    _words(
        "check",
        r"^selisih(?! stat)|^check|^diff|^unbalance|差异|検算",
        # What is printed again in its parts is no part of the balance.
        r"^\W*(?:of which|thereof|darunter|davon|de los cuales|del cual|dont)\b",
        r"^\W*(?:di cui|waarvan|z toho)\b",
        r"^\W*(?:od toga|od cega|w tym|bunun|dos quais|do qual|в том числе|其中|うち|이중)",
    ),
    _words(
        "supply",
        r"total supply|^supply|总供给|総供給|총공급|oferta total|zdroje celkem",
        r"total (?:resources|ressources|penyediaan|persediaan)|penyediaan",
        r"aufkommen|ukupna ponuda|ukupni resursi|totale risorse|totaal aanbod|podaz ogolem",
        r"toplam arz|всего ресурсов|ресурсы|إجمالي العرض|إجمالي الموارد",
    ),
    _words(
        "exports",
        r"\bexpo|^ex$|^p\.?6\d*(?:eu|rw)?\b|出口|輸出|移出|수출|이출|\bausfuhr|vyvoz",
        r"\bizvoz|\bekspor|\besporta|\buitvoer|ihracat|экспорт|صادرات",
        r"flowing? out|outflow|流出|cons nonres|non.?resident",
        r"purchases? (?:by|of) non.?resid|rest of (?:uk|world|the world)",
    ),
    _words(
        "imports",
        r"\bimpor|\bimpo\b|^im$|^p\.?7\b|进口|輸入|移入|수입|이입|\beinfuhr|\bdovoz",
        r"\buvoz|flowing? in|inflow|流入|関税|輸入品商品税|^itm|^f050\b|invoer",
        r"ithalat|импорт|واردات",
    ),
    _words(
        "inventories",
        r"inventor|\bstocks?\b|invnt|\bp\.?52\b|\bp\.?5[2m]\b|存货|库存|在庫|재고",
        r"existencia|estoque|variation des|scorte|giacenze|perubahan|persediaan|\bstok\b",
        r"zasob|zalih|vorrat|voorra[ad]d|stok deg|stoklar|запас|المخزون|^f030\b|^fu202\b",
    ),
    _words(
        "capital formation",
        r"capital form|fixed (?:capital|asset|invest)|gfcf|\bgcf\b|valuable",
        r"\bp\.?5(?:1|3)?\w?\b|固定资产|资本形成|固定資本|総固定|고정자본|고정|귀중품|dpabr",
        r"formacion (?:bruta|de)|formacao|formation brute|\binvest|pmtb|pembentukan modal",
        r"nakladow? brutto|naklady|srodki trwale|sermaye olus|yatirim|накоплени|تكوين رأس",
        r"kapital|hruba tvorba|vaste activa|^f02|^f0[67][sen]|^f10[sen]|^fu201\b|acquisitions less",
    ),
    _words(
        "household",
        r"가계|personal consump|^f010\b|^fu10[12]\b|居民消费|农村|城镇|家計|民間消費",
        r"민간소비|\bs\.?14\b|\bhfce\b",
    ),
    _words(
        "npish",
        r"npish|non.?profit|\bs\.?15\b|ip?sfl|lnprt|lembaga non|nisd|为住户服务",
        r"非営利|비영리|nezisko|organisationen ohne|nonprofit",
    ),
    _words(
        "household",
        r"household|hogar|famili|menages|famiglie|rumah ?tangga|\brmt\b|domacnost",
        r"gospodarstw domow|hanehalk|домашн|домохозя|الأسر|العائلي",
        r"priva\w* (?:haushalt|consum|konsum|final)|kucanst|huishoud|rural|urban|private$",
    ),
    _words(
        "government",
        r"government|public admin|\bs\.?13\d*\b|\bggfc\b|^gov|政府|일반정부|정부",
        r"amministrazioni pubb|spozycie publ|devlet|\bkamu\b|государствен|الحكوم",
        r"administrations pub",
        r"gobierno|governo|administrac|gouvernement|pemerintah|vlad|drzav|staat|overheid",
        r"^f0[67]c?|^f10c?|^fu103\b|federal|state and local|\bggf",
    ),
    _words(
        "use",
        r"total use|total demand|use at|^use\b|总使用|总需求|総需要|총수요|demanda total",
        r"^t[uf]?u$|uzite zdroje|zdroje c|uziti celkem|verwendung (?:ges|insg)|gesamte verwendung",
        r"jumlah permintaan(?! a)|total (?:usos|des emplois$)|totale impieghi$",
        r"ukupna uporaba|popyt ogolem|totaal gebruik|toplam kullan",
        r"итого использ|إجمالي الاستخدامات",
    ),
    _words(
        "output",
        r"output|total production|produksi|^go$|^x$|总产出|总产值|国内生産額|生産額",
        r"총산출|산출액|produccion|producao|produzione|produktion|produkce|proizvodnj|^p\.?1$",
        r"valor da prod|^production(?: (?:totale|brute))?$|^productie|produkcja|toplam uretim",
        r"uretim degeri|выпуск|إجمالي الإنتاج|قيمة الإنتاج",
    ),
    _words(
        "household",
        r"final consumption|consumo|konsum|consumption|消费支出|消費支出|konecna spotreba",
        r"finalna potrosnja|spozycie|nihai tuketim|конечное потреб",
    ),
)
ROWS = (
    _words("check", r"^selisih|^check|^diff|^unbalance|差异|検算"),
    _words("imports", r"^imp |^p\.?7\b"),
    _words("product taxes", r"tax\w*.{0,24}(?:on|of) products?\b|tax(?:es)? products|\btxs|tlsprds",
           r"taxsub|^tls\b",
           r"d\.?21(?:x|-d?\.?| m d)?\.?31|^d\.?21|dane na vyrobky|porezi na proizvode",
           r"impuestos.{0,20}product|impostos.{0,24}produtos|gutersteuern|derechos",
           r"impots.{0,20}produits|imposte.{0,20}prodotti|belasting\w*.{0,20}product(?:en|gebonden)",
           r"podatki od produktow|urun\w* uzerindeki vergi|налоги на продукты|ضرائب على المنتجات",
           r"생산물세|pajak.{0,20}produk"),
    _words("production taxes", r"production tax|tax\w*.{0,30}production|^d\.?29|^d\.?39|tlsprdn",
           r"生产税|间接税|間接税|補助金|补贴|기타생산세|생산세|indirect tax|subsid|subv"),
    _words("imports", r"\bimpor|^im$|^imp$|进口|輸入|수입|\beinfuhr|\bdovoz|\buvoz|^ruk|^row\b",
           r"rest of (?:uk|the world|world)|imported|invoer|ithal|импорт|واردات|المستورد"),
    _words("supply", r"total (?:supply|resources)|总供给|総供給|총공급|zdroje celkem",
           r"aufkommen|(?:total|jumlah) penyediaan|oferta total|total des ressources",
           r"totale risorse|ukupna ponuda|totaal aanbod|podaz ogolem|toplam arz",
           r"всего ресурсов|إجمالي العرض"),
    _words("compensation", r"compensation|\bwages?\b(?!.*earners)|\bsalar|^d\.?1[12]?$|^coe$",
           r"remunera|^v001|劳动者?报酬|雇用者所得|賃金|피용자보수|보수|\bupah|gaji|kompensasi",
           r"labou?r income",
           r"mzdy|nahrady|socialni|arbeitnehmerentgelt|sredstva zaposlenih|contribui",
           r"social contrib|previdencia|beloning|redditi da lavoro|koszty.{0,16}zatrudn|wynagrodz",
           r"isgucu odeme|calisanlara|оплата труда|تعويضات"),
    _words("employment", r"\bemployees\b|\bemployment|employed|^emp\b|wage and salary earn",
           r"self.employed|persons engaged|\bjobs\b|\bfte\b|就业|从业|従業|雇用者数|취업자|고용",
           r"ocupac|ocupados|\bempleo|\bpuestos|\bemploi|jumlah tenaga|erwerbst|zamestnan",
           r"zaposlen|hours worked|ocupac|occupati|werkzame pers|pracujac|istihdam",
           r"занят|المشتغلين"),
    _words("emissions", r"^co2|^ch4|^n2o|carbon|emission|methane|nitrous|\benergy use|\bghg"),
    _words("depreciation", r"depreciat|consumption of fixed|^p\.?51c|^k\.?1$|\bcfc\b|折旧|資本減耗",
           r"고정자본소모|penyusutan|consumo de capital|amortiza|abschreib|spotreba fixn",
           r"potrosnja fiksnog|cons fixed cap|consommation de capital|ammortament|afschrijv",
           r"amortyz|sabit sermaye tuk|amortisman",
           r"потребление основного|амортизац|استهلاك رأس|اهتلاك"),
    _words("production taxes", r"\btax|impuestos|impostos|steuern|pajak|ostatni dane|dotace|porezi",
           r"^v002|sussidi|imposte|imposto|impots|belasting|podatk|vergi|налог|ضرائب|produktionsabg"),
    _words("operating surplus", r"surplus|^gos|^b\.?[23]|^v003|mixed income|\bprofit|营业盈余",
           r"営業余剰|영업잉여|excedente|rendimento misto|ingreso mixto|prebytek|duchod|visak",
           r"betriebsuberschuss|risultato.{0,12}gestione|exploitatieoversch|nadwyzka oper",
           r"isletme artig|excedent|прибыл|فائض"),
    _words("value added", r"value.?added|^va(?:lu)?\b|^gva|^b\.?1g?$|^ntb$|\bgdp|增加值|付加価値",
           r"부가가치|valor a(?:gregado|dicionado|nadido)|valore aggiunto|valeur ajout",
           r"nilai tambah|input primer|pridana|dodana|wertschop|toegevoegde|katma deger|добавленн",
           r"القيمة المضافة"),
    _words("output", r"output|production\b|total inputs?$|^ti$|^p\.?1$|^tout$|总投入|总产出|生産額",
           r"총투입|총산출|produccion|valor da prod",
           r"jumlah input(?! a)|produktion|produkce|proizvodnj",
           r"produksi|gross input|produzione|productie|produkcja|toplam (?:uretim|girdi)|выпуск",
           r"إجمالي (?:الإنتاج|المدخلات$)"),
    _words("intermediate", r"intermedi|中间投入|中间使用|内生部門|중간투입|소계|^tii$|^ttl int",
           r"mezispot|antara|vorleistung|medufaz|^p\.?2$|total uses?\b|posredni|промежуточн",
           r"\bara (?:kullan|girdi|tuket)|الوسيط"),
    _words("other", r"家計外消費|scrap|by.?product|잔폐물"),
)  # fmt: skip

TOTALS = re.compile(
    r"\btotal\b|\bsum\b|subtotal|合计|总计|小计|合計|総計|내생|계$|소계|\bjumlah\b|celkem|insgesamt|ukupno"
    r"|^t[a-z]{1,2}$|gesamt|totale|^ttl|totaal|zusammen|ukupni|ogolem|razem|\btoplam\b|^итого|^всего"
    r"|إجمالي|المجموع"
)

STROKED = str.maketrans("łđøı", "ldoi")  # letters that do not come apart into one and an accent
UNSPACED = re.compile(
    r"(?<=[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]) (?=[\u2e80-\u9fff\uac00-\ud7af])"
)


def plain(text: str) -> str:
    """Return a text in one width and case, without accents, underscores or ``type/`` before it."""
    word = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    word = unicodedata.normalize("NFC", "".join(c for c in word if not "\u0300" <= c <= "\u036f"))
    word = " ".join(word.replace("_", " ").split()).casefold().translate(STROKED)
    word = re.sub(r"^[a-z]+/\s*(?:\d+\s)?", "", word)
    return word if word.isascii() else UNSPACED.sub("", word)


def column_role(*texts: str) -> str:
    """Return the role that texts over a column propose, or empty text."""
    return _role(COLUMNS, texts)


def row_role(*texts: str) -> str:
    """Return the role that texts beside a row propose, or empty text."""
    return _role(ROWS, texts)


def says_total(*texts: str) -> bool:
    """Tell whether a text says that a line is a total."""
    return any(TOTALS.search(plain(text)) for text in texts)


def _role(words: tuple[Word, ...], texts: tuple[str, ...]) -> str:
    """Return the first role that a text names; the texts nearest the figures come first."""
    for text in texts:
        word = plain(text)
        for role, pattern in words:
            if word and pattern.search(word):
                return role
    return ""
