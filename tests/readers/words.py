"""Words of input-output tables in the languages of many offices, for made workbooks."""

from typing import NamedTuple


class Words(NamedTuple):
    """What an office of one language prints.

    Attributes
    ----------
    sectors : tuple of str
        Ten sectors.
    finals : tuple of str
        Households, government, fixed capital formation, inventories, exports.
    primaries : tuple of str
        Pay, production taxes, depreciation, operating surplus.
    totals : tuple of str
        Intermediate use, final use, total use, intermediate inputs, value added.
    output, imports, supply, jobs, error, title, unit : str
    """

    sectors: tuple[str, ...]
    finals: tuple[str, ...]
    primaries: tuple[str, ...]
    totals: tuple[str, ...]
    output: str
    imports: str
    supply: str
    jobs: str
    error: str
    title: str
    unit: str


def _words(sectors: str, finals: str, primaries: str, totals: str, rest: str) -> Words:
    lines = (sectors, finals, primaries, totals)
    names, *parts = [tuple(x.strip() for x in line.split("|")) for line in lines]
    output, imports, supply, jobs, error, title, unit = (x.strip() for x in rest.split("|"))
    return Words(names, parts[0], parts[1], parts[2], output, imports, supply, jobs, error, title,
                 unit)  # fmt: skip


WORDS = {
    "en": _words(
        "Agriculture|Mining|Manufacturing|Electricity and gas|Construction|Trade|Transport|"
        "Finance|Education|Other services",
        "Household consumption|Government consumption|Gross fixed capital formation|"
        "Changes in inventories|Exports",
        "Compensation of employees|Taxes less subsidies on production|"
        "Consumption of fixed capital|Operating surplus",
        "Total intermediate use|Total final use|Total use|Total intermediate inputs|Value added",
        "Total output|Imports|Total supply|Employment (persons)|Statistical discrepancy|"
        "Input-output table 2019|Million USD",
    ),
    "zh": _words(
        "农林牧渔业|采矿业|制造业|电力燃气|建筑业|批发零售|交通运输|金融|教育|其他服务",
        "居民消费支出|政府消费支出|固定资本形成总额|存货变动|出口",
        "劳动者报酬|生产税净额|固定资产折旧|营业盈余",
        "中间使用合计|最终使用合计|总使用|中间投入合计|增加值合计",
        "总产出|进口|总供给|就业人数|误差|2019年投入产出表|单位：万元",
    ),
    "ja": _words(
        "農林水産業|鉱業|製造業|電力・ガス|建設|商業|運輸|金融・保険|教育|その他のサービス",
        "家計消費支出|一般政府消費支出|国内総固定資本形成|在庫純増|輸出",
        "雇用者所得|間接税|資本減耗引当|営業余剰",
        "内生部門計|最終需要計|需要合計|内生部門計|粗付加価値部門計",
        "国内生産額|輸入|総供給|従業者数|誤差|2019年産業連関表|単位：百万円",
    ),
    "ko": _words(
        "농림수산품|광산품|제조업|전력 및 가스|건설|도소매|운송|금융 및 보험|교육|기타 서비스",
        "민간소비지출|정부소비지출|총고정자본형성|재고증감|수출",
        "피용자보수|기타생산세|고정자본소모|영업잉여",
        "중간수요계|최종수요계|총수요계|중간투입계|부가가치계",
        "총산출액|수입|총공급액|취업자수|통계불일치|2019년 산업연관표|단위: 백만원",
    ),
    "es": _words(
        "Agricultura|Minería|Industria manufacturera|Electricidad y gas|Construcción|Comercio|"
        "Transporte|Servicios financieros|Enseñanza|Otros servicios",
        "Consumo de los hogares|Consumo del gobierno|Formación bruta de capital fijo|"
        "Variación de existencias|Exportaciones",
        "Remuneración de los asalariados|Impuestos netos sobre la producción|"
        "Consumo de capital fijo|Excedente bruto de explotación",
        "Total consumo intermedio|Total demanda final|Total usos|Total consumo intermedio|"
        "Valor agregado",
        "Producción bruta|Importaciones|Oferta total|Puestos de trabajo|Discrepancia estadística|"
        "Matriz insumo-producto 2019|Millones de pesos",
    ),
    "pt": _words(
        "Agropecuária|Mineração|Indústrias de transformação|Eletricidade e gás|Construção|"
        "Comércio|Transporte|Serviços financeiros|Educação|Outros serviços",
        "Consumo das famílias|Consumo da administração pública|"
        "Formação bruta de capital fixo|Variação de estoque|Exportação",
        "Remunerações|Outros impostos sobre a produção|Consumo de capital fixo|"
        "Excedente operacional bruto",
        "Consumo intermediário total|Demanda final total|Demanda total|Consumo intermediário|"
        "Valor adicionado bruto",
        "Valor da produção|Importação|Oferta total|Ocupações|Discrepância estatística|"
        "Matriz de insumo-produto 2019|Milhões de reais",
    ),
    "fr": _words(
        "Agriculture|Mines|Industrie manufacturière|Électricité et gaz|Construction|Commerce|"
        "Transports|Services financiers|Enseignement|Autres services",
        "Consommation des ménages|Consommation des administrations publiques|"
        "Formation brute de capital fixe|Variations de stocks|Exportations",
        "Rémunération des salariés|Impôts nets sur la production|"
        "Consommation de capital fixe|Excédent brut d'exploitation",
        "Total des consommations intermédiaires|Total des emplois finals|Total des emplois|"
        "Total des consommations intermédiaires|Valeur ajoutée",
        "Production|Importations|Total des ressources|Emploi total (personnes)|"
        "Écart statistique|Tableau entrées-sorties 2019|Millions d'euros",
    ),
    "de": _words(
        "Landwirtschaft|Bergbau|Verarbeitendes Gewerbe|Energieversorgung|Baugewerbe|Handel|"
        "Verkehr|Finanzdienstleistungen|Erziehung|Sonstige Dienstleistungen",
        "Konsumausgaben privater Haushalte|Konsumausgaben des Staates|"
        "Bruttoanlageinvestitionen|Vorratsveränderungen|Exporte",
        "Arbeitnehmerentgelt|Sonstige Produktionsabgaben abzüglich Subventionen|"
        "Abschreibungen|Nettobetriebsüberschuss",
        "Vorleistungen zusammen|Letzte Verwendung von Gütern zusammen|"
        "Gesamte Verwendung von Gütern|Vorleistungen zusammen|Bruttowertschöpfung",
        "Produktionswert|Importe|Gesamtes Aufkommen an Gütern|Erwerbstätige|"
        "Statistische Differenz|Input-Output-Tabelle 2019|Mio. EUR",
    ),
    "it": _words(
        "Agricoltura|Estrazione di minerali|Industria manifatturiera|Energia elettrica e gas|"
        "Costruzioni|Commercio|Trasporti|Attività finanziarie|Istruzione|Altri servizi",
        "Consumi delle famiglie|Consumi delle amministrazioni pubbliche|"
        "Investimenti fissi lordi|Variazione delle scorte|Esportazioni",
        "Redditi da lavoro dipendente|Altre imposte nette sulla produzione|"
        "Ammortamenti|Risultato netto di gestione",
        "Totale impieghi intermedi|Totale impieghi finali|Totale impieghi|"
        "Totale costi intermedi|Valore aggiunto",
        "Produzione|Importazioni|Totale risorse|Occupati|Discrepanza statistica|"
        "Tavola input-output 2019|Milioni di euro",
    ),
    "cs": _words(
        "Zemědělství|Těžba|Zpracovatelský průmysl|Elektřina a plyn|Stavebnictví|Obchod|Doprava|"
        "Finanční služby|Vzdělávání|Ostatní služby",
        "Výdaje domácností na konečnou spotřebu|Výdaje vládních institucí|"
        "Tvorba hrubého fixního kapitálu|Změna zásob|Vývoz",
        "Náhrady zaměstnancům|Ostatní daně na výrobu|Spotřeba fixního kapitálu|"
        "Čistý provozní přebytek",
        "Mezispotřeba celkem|Konečné užití celkem|Užití celkem|Mezispotřeba celkem|"
        "Hrubá přidaná hodnota",
        "Produkce|Dovoz|Zdroje celkem|Zaměstnanost|Statistická diskrepance|"
        "Symetrická input-output tabulka 2019|mil. Kč",
    ),
    "hr": _words(
        "Poljoprivreda|Rudarstvo|Prerađivačka industrija|Opskrba energijom|Građevinarstvo|"
        "Trgovina|Prijevoz|Financijske usluge|Obrazovanje|Ostale usluge",
        "Potrošnja kućanstava|Potrošnja države|Bruto investicije u fiksni kapital|"
        "Promjene zaliha|Izvoz",
        "Sredstva zaposlenih|Ostali porezi na proizvodnju|Potrošnja fiksnog kapitala|"
        "Neto poslovni višak",
        "Ukupna međufazna potrošnja|Ukupna finalna uporaba|Ukupna uporaba|"
        "Ukupna međufazna potrošnja|Bruto dodana vrijednost",
        "Proizvodnja|Uvoz|Ukupna ponuda|Zaposlenost|Statistička razlika|"
        "Input-output tablica 2019.|mil. kn",
    ),
    "id": _words(
        "Pertanian|Pertambangan|Industri pengolahan|Listrik dan gas|Konstruksi|Perdagangan|"
        "Pengangkutan|Jasa keuangan|Jasa pendidikan|Jasa lainnya",
        "Konsumsi rumah tangga|Konsumsi pemerintah|Pembentukan modal tetap bruto|"
        "Perubahan inventori|Ekspor",
        "Upah dan gaji|Pajak tak langsung|Penyusutan|Surplus usaha",
        "Jumlah permintaan antara|Jumlah permintaan akhir|Jumlah permintaan|"
        "Jumlah input antara|Nilai tambah bruto",
        "Jumlah output|Impor|Jumlah penyediaan|Jumlah tenaga kerja|Selisih statistik|"
        "Tabel input-output 2019|Juta rupiah",
    ),
    "nl": _words(
        "Landbouw|Delfstoffenwinning|Industrie|Energievoorziening|Bouwnijverheid|Handel|"
        "Vervoer|Financiële dienstverlening|Onderwijs|Overige diensten",
        "Consumptie huishoudens|Consumptie overheid|Investeringen in vaste activa|"
        "Voorraadvorming|Uitvoer",
        "Beloning van werknemers|Overige belastingen op productie|Afschrijvingen|"
        "Exploitatieoverschot",
        "Totaal intermediair verbruik|Totaal finale bestedingen|Totaal gebruik|"
        "Totaal intermediair verbruik|Bruto toegevoegde waarde",
        "Productie|Invoer|Totaal aanbod|Werkzame personen|Statistisch verschil|"
        "Input-outputtabel 2019|mln euro",
    ),
    "pl": _words(
        "Rolnictwo|Górnictwo|Przetwórstwo przemysłowe|Energia elektryczna i gaz|Budownictwo|"
        "Handel|Transport|Usługi finansowe|Edukacja|Pozostałe usługi",
        "Spożycie gospodarstw domowych|Spożycie publiczne|Nakłady brutto na środki trwałe|"
        "Zmiana stanu zapasów|Eksport",
        "Koszty związane z zatrudnieniem|Pozostałe podatki od producentów|"
        "Amortyzacja środków trwałych|Nadwyżka operacyjna netto",
        "Zużycie pośrednie ogółem|Popyt końcowy ogółem|Popyt ogółem|Zużycie pośrednie ogółem|"
        "Wartość dodana brutto",
        "Produkcja globalna|Import|Podaż ogółem|Pracujący|Różnica statystyczna|"
        "Bilans przepływów międzygałęziowych 2019|mln zł",
    ),
    "tr": _words(
        "Tarım|Madencilik|İmalat sanayi|Elektrik ve gaz|İnşaat|Ticaret|Ulaştırma|Finans|Eğitim|"
        "Diğer hizmetler",
        "Hanehalkı tüketimi|Devlet tüketimi|Gayri safi sabit sermaye oluşumu|"
        "Stok değişmeleri|İhracat",
        "İşgücü ödemeleri|Üretim üzerindeki vergiler|Sabit sermaye tüketimi|İşletme artığı",
        "Toplam ara kullanım|Toplam nihai kullanım|Toplam kullanım|Toplam ara girdi|Katma değer",
        "Toplam üretim|İthalat|Toplam arz|İstihdam|İstatistiki fark|"
        "Girdi-çıktı tablosu 2019|Milyon TL",
    ),
    "ru": _words(
        "Сельское хозяйство|Добыча полезных ископаемых|Обрабатывающие производства|"
        "Электроэнергия и газ|Строительство|Торговля|Транспорт|Финансовая деятельность|"
        "Образование|Прочие услуги",
        "Потребление домашних хозяйств|Потребление государственного управления|"
        "Валовое накопление основного капитала|Изменение запасов|Экспорт",
        "Оплата труда|Другие налоги на производство|Потребление основного капитала|Чистая прибыль",
        "Итого промежуточное потребление|Итого конечное использование|Итого использовано|"
        "Итого промежуточное потребление|Валовая добавленная стоимость",
        "Выпуск|Импорт|Всего ресурсов|Занятость|Статистическое расхождение|"
        "Таблица затраты-выпуск 2019|млн руб.",
    ),
    "ar": _words(
        "الزراعة|التعدين|الصناعة التحويلية|الكهرباء والغاز|التشييد|التجارة|النقل|المالية|التعليم|"
        "خدمات أخرى",
        "استهلاك الأسر|استهلاك الحكومة|تكوين رأس المال الثابت|التغير في المخزون|الصادرات",
        "تعويضات العاملين|الضرائب على الإنتاج|استهلاك رأس المال الثابت|فائض التشغيل",
        "إجمالي الاستخدام الوسيط|إجمالي الاستخدام النهائي|إجمالي الاستخدامات|"
        "إجمالي المدخلات الوسيطة|القيمة المضافة",
        "إجمالي الإنتاج|الواردات|إجمالي العرض|عدد المشتغلين|فرق إحصائي|"
        "جدول المدخلات والمخرجات 2019|مليون ريال",
    ),
}
