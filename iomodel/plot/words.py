"""Words in the pictures, English and Chinese: every label of a scope or channel is read here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from iomodel.plot.style import PALETTE, fills, plain

# Short names; what has none here is shown as the result names it.
SCOPES: Mapping[str, tuple[str, str]] = {
    "supply": ("Supply of production", "制作供应链"),
    "chain": ("Whole chain", "全产业链"),
    "chain+consumer": ("Chain + consumer spending", "全产业链＋消费端"),
    "chain+consumer-gross": ("Chain + consumer, gross", "全产业链＋消费端（总额）"),
    "chain+households": ("Chain + households", "全产业链＋居民再消费"),
    "all": ("All", "全部"),
}
CHANNELS: Mapping[str, tuple[str, str]] = {
    "production_supply": ("Suppliers of production", "制作供应商"),
    "production_staff": ("Production staff", "制作人员"),
    "traffic_ads": ("Traffic and advertising", "流量与广告投放"),
    "platform_inputs": ("Platform inputs", "平台采购"),
    "platform_staff": ("Platform staff", "平台人员"),
    "e_commerce": ("E-commerce", "电商"),
    "tourism": ("Tourism", "旅游"),
    "induced": ("Household re-spending", "居民再消费"),
    "induced_core": ("Household re-spending, core", "居民再消费（核心）"),
    "induced_spill": ("Household re-spending, consumer end", "居民再消费（消费端）"),
    "direct_pay": ("Pay of direct staff", "直接从业者报酬"),
}
STUDY = 3  # parts of the name of an outcome of a study: measure, item, pattern
PATTERNS: Mapping[str, tuple[str, str]] = {
    "census2020": ("Census 2020", "2020年普查"),
    "academic2018": ("Academic 2018", "2018年学术估计"),
    "economic2023": ("Economic 2023", "2023年经济普查"),
}
GROUPS: Mapping[str, str] = {
    "direct labour": "直接劳动",
    "labour": "就业结构与劳动",
    "production": "制作",
    "platform": "平台",
    "e-commerce": "电商",
    "tourism": "旅游",
    "households": "居民",
    "net": "净效应",
}
# Places in the palette: a channel has one colour in all pictures.
SLOTS: Mapping[str, int] = {
    "direct_pay": 7,
    "production_supply": 0,
    "production_staff": 7,
    "traffic_ads": 1,
    "platform_inputs": 2,
    "platform_staff": 3,
    "e_commerce": 4,
    "tourism": 5,
    "induced": 6,
    "induced_core": 6,
    "induced_spill": 7,
}
WORDS: Mapping[str, tuple[str, str]] = {
    "direct": ("Direct", "直接"),
    "indirect": ("Indirect", "间接"),
    "total": ("Total", "合计"),
    "heads": ("Heads", "人数"),
    "fte": ("Full-time equivalents", "全时当量"),
    "workdays": ("Work-days", "工日"),
    "unit heads": ("persons", "人"),
    "unit fte": ("full-time job-years", "全时岗位·年"),
    "unit workdays": ("work-days", "工日"),
    "jobs": ("Jobs (full-time job-years)", "就业（全时岗位·年）"),
    "ratio": ("Indirect jobs per direct job", "每个直接岗位带动的间接岗位"),
    "ratio unit": (
        "Indirect jobs per direct job (ratio, full-time job-years)",
        "每个直接岗位带动的间接岗位（比率，全时岗位·年）",
    ),
    "published": ("published ratio: {}", "公布的比率：{}"),
    "published short": ("published", "公布值"),
    "mean of": ("mean of {} employment patterns", "{}种就业结构的均值"),
    "mean and range of": ("mean and range of {} employment patterns", "{}种就业结构的均值与范围"),
    "pattern": ("employment pattern {}", "就业结构 {}"),
    "final demand": ("Consumer spending", "消费者支出"),
    "other destinations": ("Other sectors", "其他部门"),
    "median": ("median [5–95 %]", "中位数［5–95%］"),
    "middle": ("5–95 % of the draws", "5–95%的抽样"),
    "outcome": ("Outcome (in its own unit)", "结果（其自身单位）"),
    "draws": ("{} draws", "{}次抽样"),
    "central": ("central inputs", "中心取值"),
    "low end": ("input at its low", "输入取低值"),
    "high end": ("input at its high", "输入取高值"),
    "categories": ("over its categories", "各类别之间"),
    "order first": ("first order (alone)", "一阶（单独）"),
    "order total": ("total order (with others)", "总阶（含交互）"),
    "target": ("published figure {}", "公布值 {}"),
    "target out": ("published figure {}: not reached here", "公布值 {}：此处达不到"),
    "share of variance": ("Share of variance (95 % bootstrap interval)", "方差份额（95%自助区间）"),
    "condition": (
        "conditional on the published figure, not evidence for it",
        "以公布值为条件，并非对公布值的证据",
    ),
    "with re-spending": (
        "Hatched: induced jobs, folded back on the channel whose pay is re-spent",
        "斜线：诱发就业，归入其报酬被再消费的渠道",
    ),
    "source": ("Who spends", "支出方"),
    "channel": ("Channel", "渠道"),
    "destination": ("Where the jobs are", "就业所在部门"),
    "days per heads": ("{} work-days per person", "每人{}个工日"),
    "days per fte": ("{} work-days per job-year", "每岗位·年{}个工日"),
    "scope": ("scope: {}", "范围：{}"),
    "title waterfall": ("From direct to total jobs", "从直接到全部就业"),
    "title sankey": ("Where the jobs come from and where they are", "就业的来源与去向"),
    "title bars": ("Indirect jobs by scope and channel", "各范围、各渠道的间接就业"),
    "title densities": ("Distribution by scope", "各范围的分布"),
    "title tornado": ("One input at a time", "单因素变动"),
    "title sobol": ("Shares of variance by group of inputs", "各输入组的方差份额"),
    "input ends": ("at the bar ends: the input there", "条端数字：该输入的取值"),
    "title ladder": ("Jobs in three bases", "三种口径的就业"),
}


def word(key: str, language: str, *values: object) -> str:
    """Return a word in a language, with values put in."""
    pair = WORDS[key]
    return pair[language == "zh"].format(*map(plain, values))


def scope(key: str, language: str) -> str:
    """Return the name of a scope; the result's own where there is no short one."""
    return _named(SCOPES, key, language)


def pattern_name(key: object, language: str) -> str:
    """Return the name of an employment pattern; the result's own where there is no short one."""
    return PATTERNS[str(key)][language == "zh"] if key in PATTERNS else plain(key)


def group_name(key: str, language: str) -> str:
    """Return the name of a group of inputs; the study's own where there is no other."""
    return GROUPS[key] if language == "zh" and key in GROUPS else plain(key)


def outcome(key: Sequence[str], language: str) -> str:
    """Return the name of one part of an outcome; of a ratio of a study, that and its scope."""
    if _is_ratio(key):
        return f"{word('ratio', language)} · {word('scope', language, scope(key[1], language))}"
    return plain(" ".join(key))


def outcome_unit(key: Sequence[str], language: str) -> str:
    """Return what stands at the axis of an outcome."""
    return word("ratio unit" if _is_ratio(key) else "outcome", language)


def _is_ratio(key: Sequence[str]) -> bool:
    return len(key) == STUDY and key[0] == "ratio"


def channel(key: str, language: str) -> str:
    """Return the name of a channel; the result's own where there is no short one."""
    return _named(CHANNELS, key, language)


def channel_fills(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the fill of each channel, the same in every picture, in a fixed order.

    Channels without a short name follow the others, in the order given.
    """
    given = list(names)
    known = [key for key in SLOTS if key in given]
    rest = [key for key in given if key not in SLOTS]
    places = [SLOTS[key] for key in known]
    free = [k for k in range(len(PALETTE)) if k not in places]
    places += [free[k] if k < len(free) else k + len(known) for k in range(len(rest))]
    looks = fills(max(places, default=0) + 1)
    return {key: looks[k] for key, k in zip([*known, *rest], places, strict=True)}


def _named(known: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    if key in known:
        return known[key][language == "zh"]
    return plain(key.replace("_", " "))
