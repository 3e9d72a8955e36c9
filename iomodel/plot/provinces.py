"""Places of the Chinese provinces in a tile grid, and their names.

The grid is drawn for this package: one tile of equal size for each of the 31 provincial-level
regions for which the National Bureau of Statistics publishes regional accounts, placed so that
neighbours stay neighbours as far as a grid allows. Codes are the first two digits of GB/T 2260.
"""

from typing import NamedTuple

PLACES = """
23 Heilongjiang    黑龙江 0 6
15 Inner_Mongolia  内蒙古 1 4
21 Liaoning        辽宁   1 5
22 Jilin           吉林   1 6
65 Xinjiang        新疆   2 0
62 Gansu           甘肃   2 1
64 Ningxia         宁夏   2 2
14 Shanxi          山西   2 3
11 Beijing         北京   2 4
12 Tianjin         天津   2 5
54 Tibet           西藏   3 0
63 Qinghai         青海   3 1
61 Shaanxi         陕西   3 2
41 Henan           河南   3 3
13 Hebei           河北   3 4
37 Shandong        山东   3 5
51 Sichuan         四川   4 1
50 Chongqing       重庆   4 2
42 Hubei           湖北   4 3
34 Anhui           安徽   4 4
32 Jiangsu         江苏   4 5
31 Shanghai        上海   4 6
53 Yunnan          云南   5 1
52 Guizhou         贵州   5 2
43 Hunan           湖南   5 3
36 Jiangxi         江西   5 4
33 Zhejiang        浙江   5 5
45 Guangxi         广西   6 2
44 Guangdong       广东   6 3
35 Fujian          福建   6 4
46 Hainan          海南   7 2
"""
ENDINGS = (
    "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "province",
    "municipality", "zhuangautonomousregion", "huiautonomousregion",
    "uygurautonomousregion", "autonomousregion",
)  # fmt: skip


class Tile(NamedTuple):
    """A region in the grid: code, names, row from the north and column from the west."""

    code: str
    en: str
    zh: str
    row: int
    column: int


PROVINCES = tuple(
    Tile(code, en.replace("_", " "), zh, int(row), int(column))
    for code, en, zh, row, column in (line.split() for line in PLACES.strip().splitlines())
)


def province(name: object) -> Tile | None:
    """Return the province of a name or code: Chinese or English, short or in full.

    Parameters
    ----------
    name : object
        ``北京``, ``北京市``, ``Beijing``, ``Inner_Mongolia``, ``11`` or ``110000``.

    Returns
    -------
    Tile or None
    """
    wanted = _bare(str(name))
    for tile in PROVINCES:
        if wanted in (tile.code, f"{tile.code}0000", _bare(tile.en), tile.zh):
            return tile
    return None


def _bare(name: str) -> str:
    text = "".join(letter for letter in name.casefold() if letter.isalnum())
    for ending in ENDINGS:
        if text.endswith(ending) and text != ending:
            return text.removesuffix(ending)
    return text
