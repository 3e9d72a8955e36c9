"""Words in the pictures, English and Chinese; channels and patterns are named by the study."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from iomodel.analysis.channels import DIRECT_PAY, INDUCED, Channels
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.plot.labels import short
from iomodel.plot.style import fills, plain
from iomodel.studies.derivation import Derivation
from iomodel.studies.scopes import CORE, SPILL, channel_names

LONGEST = 40  # letters of the name of a channel

# Short names; what has none here is shown as the result names it.
SCOPES: Mapping[str, tuple[str, str]] = {
    "supply": ("Supply of production", "制作供应链"),
    "chain": ("Whole chain", "全产业链"),
    "chain+consumer": ("Chain + consumer spending", "全产业链＋消费端"),
    "chain+consumer-gross": ("Chain + consumer, gross", "全产业链＋消费端（总额）"),
    "chain+households": ("Chain + households", "全产业链＋居民再消费"),
    "all": ("All", "全部"),
}
# Channels that results have whatever the study declares.
CHANNELS: Mapping[str, tuple[str, str]] = {
    INDUCED: ("Household re-spending", "居民再消费"),
    DIRECT_PAY: ("Pay of direct staff", "直接从业者报酬"),
}
STUDY = 3  # parts of the name of an outcome of a study: measure, item, pattern
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
    "not derived": ("not derived: days per person unknown", "未推算：人均工日未知"),
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
    return plain(_named(SCOPES, key, language))


def patterns(found: Derivation | Channels, language: str) -> dict[str, str]:
    """Return the names of employment patterns by code, as the account of the table has them."""
    rows = _runs(found)[0].rows
    return dict(zip(rows.codes, rows.named(language), strict=True))


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


class ChannelLooks(NamedTuple):
    """Names and fills of the channels of one study, the same in all of its pictures."""

    names: Mapping[str, str]
    fills: Mapping[str, Mapping[str, Any]]


def channels(found: Derivation | Channels, language: str) -> ChannelLooks:
    """Return how the channels of a result are named and filled, in their order.

    Names and order are those that the study declares; a result without a study has its codes
    for names. The pay of direct staff has the fill of re-spending, which is folded back on it.
    """
    declared: Mapping[str, str] = {}
    if isinstance(found, Derivation):
        declared = channel_names(found.account.equations, language)
    there = [str(code) for run in _runs(found) for code in run.by_channel() if code != INDUCED]
    again = [code for code in (CORE, SPILL) if code in declared] or [INDUCED]
    order = [code for code in dict.fromkeys([*declared, *there]) if code not in again] + again
    looks = dict(zip(order, fills(len(order)), strict=True))
    own = {code: declared.get(code) or _named(CHANNELS, code, language) for code in order}
    shown = {code: _capital(name) for code, name in own.items()}
    return ChannelLooks(
        shown | {DIRECT_PAY: _named(CHANNELS, DIRECT_PAY, language)},
        {DIRECT_PAY: looks[order[-1]], **looks},
    )


def _runs(found: Derivation | Channels) -> list[Channels]:
    return list(found.detail.values()) if isinstance(found, Derivation) else [found]


def _capital(name: str) -> str:
    return short(name[:1].upper() + name[1:], LONGEST)


def _named(known: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    if key in known:
        return known[key][language == "zh"]
    return key.replace("_", " ")


def input_name(found: Sensitivity, name: str, language: str) -> str:
    """Return what an input measures, in the words of the study."""
    known = found.assumptions.get(name)
    return str(found.inputs["item"][name]) if known is None else known.called(language)


def block_name(found: Sensitivity, name: str, language: str) -> str:
    """Return the name of a group of inputs, in the words of the study."""
    own = (item for item in found.assumptions.values() if item.block == name)
    return plain(next((item.blocks[language] for item in own if language in item.blocks), name))
