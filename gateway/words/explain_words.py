"""Why an alarm stands, or none does, in words: rule, evidence fix by fix, and what would have made it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.kind_names import kind_name
from gateway.words.texts import Text
from gateway.words.track_formats import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.words.alarm_words import Words
    from gateway.words.explained import Explanation, Flip, Step

HEAD: Final = Text(
    "{person}，规定 {rule}：{text}（依据 {basis}；配置 {configuration}）",
    "{person}, rule {rule}: {text} (basis {basis}; configuration {configuration})",
)
WHY: Final[Mapping[str, Text]] = {
    "raised": Text("有报警“{kind}”，自{onset}起（{alarm}）", "an alarm stands: {kind}, since {onset} ({alarm})"),
    "lifted": Text(
        "没有报警：当时有请假，或规定不在有效期内", "no alarm: leave lifts it, or the rule is not in force then"
    ),
    "no_duty": Text("没有报警：当时不在规定的时段内", "no alarm: the rule asks for nothing at that time"),
    "grace": Text("没有报警：还在宽限之内（至{grace}）", "no alarm: still within the grace (until {grace})"),
    "keeps": Text("没有报警：定位表明符合规定", "no alarm: the evidence says that the rule is kept"),
    "undecided": Text("没有报警：证据不足以判断", "no alarm: the evidence decides nothing"),
    "both": Text(
        "没有报警：误差覆盖住处和禁入区，证据不足",
        "no alarm: the error covers the home and the barred zone, the evidence decides nothing",
    ),
    "nothing": Text("没有报警：此前一天内没有可用的定位", "no alarm: there is no fix to judge by in the day before"),
}
THRESHOLD: Final = Text(
    "可能性达到 {percent:.1f}% 且有足够次数的定位才报警；低于 {clear:.1f}% 才算恢复",
    "raised from {percent:.1f} % on, with enough fixes on that side; well again below {clear:.1f} %",
)
DUTY: Final = Text(
    "规定时段 {begin} 至 {end}，宽限至 {grace}", "the duty lasts from {begin} to {end}, grace until {grace}"
)
LEFT_OUT: Final = Text("（更早的 {count} 次定位略）", "({count} earlier fixes left out)")
STEP: Final = Text(
    "{time}  {source}  {device}  {side} {beyond:.0f} 米（误差 {sigma:.0f} 米）：单次 {says:.1f}%，累计 {p:.1f}%，{verdict}{marks}",
    "{time}  {source}  {device}  {beyond:.0f} m {side} (error {sigma:.0f} m): by itself {says:.1f} %, in all {p:.1f} %,"
    " {verdict}{marks}",
)
SIDES: Final[Mapping[bool, Text]] = {
    True: Text("报警一侧", "on the wrong side"),
    False: Text("符合一侧", "on the right side"),
}
VERDICTS: Final[Mapping[str, Text]] = {
    "inside": Text("判为在内", "held to be inside"), "outside": Text("判为在外", "held to be outside"),
    "unknown": Text("无法判断", "undetermined"),
}  # fmt: skip
SOFT: Final = Text("；基站定位，只算到一定程度", "; cells, which count to a limit")
LIFTED: Final = Text("；请假或不在有效期", "; on leave, or not in force")
FLIPS: Final = Text(
    "下列任何一项都会使结果相反（逐项重算过）：", "Each of these would have made it otherwise (each was tried):"
)
NO_FLIPS: Final = Text("试过的各项都不会使结果相反。", "Nothing that was tried would have made it otherwise.")
FLIP: Final[Mapping[str, Text]] = {
    "out": Text("边界外移 {metres} 米", "the boundary {metres} m further out"),
    "in": Text("边界内移 {metres} 米", "the boundary {metres} m further in"),
    "leave": Text("自{since}至{until}有请假（事先登记）", "leave from {since} to {until}, entered before"),
    "no_leave": Text("没有请假", "no leave"),
    "without": Text("没有{since}的那次定位", "had the fix of {since} not come"),
    "more": Text("同一处再有 {count} 次定位（每分钟一次）", "{count} further fixes at the same place, a minute apart"),
}


def lines(one: Explanation, words: Words) -> Iterator[str]:
    """All of it, a line each."""
    language = words.language
    yield HEAD.of(language).format(
        person=one.person, rule=one.rule, text=one.text[language], basis=one.basis, configuration=one.configuration
    )
    yield why(one, words)
    yield THRESHOLD.of(language).format(percent=100.0 * one.threshold, clear=100.0 * (1.0 - one.threshold))
    if one.duty is not None:
        begin, end, grace = one.duty
        yield DUTY.of(language).format(begin=words.clock(begin), end=words.clock(end), grace=words.clock(begin + grace))
    if one.left_out:
        yield LEFT_OUT.of(language).format(count=one.left_out)
    yield from (_step(each, words) for each in one.steps)
    yield (FLIPS if one.flips else NO_FLIPS).of(language)
    yield from (f"  {flip_words(each, words)}" for each in one.flips)


def why(one: Explanation, words: Words) -> str:
    """Why it stands, or does not."""
    grace = "" if one.duty is None else words.clock(one.duty[0] + one.duty[2])
    onset = "" if one.onset is None else words.clock(one.onset, seconds=True)
    kind = kind_name(one.kind, words.language) if one.kind else ""
    key = "both" if one.why == "undecided" and one.covers_both else one.why
    return WHY[key].of(words.language).format(kind=kind, onset=onset, alarm=one.alarm[:8], grace=grace)


def flip_words(flip: Flip, words: Words) -> str:
    """What would have made it otherwise."""
    key = ("out" if flip.metres > 0 else "in") if flip.what == "boundary" else flip.what
    return FLIP[key].of(words.language).format(
        metres=abs(flip.metres), count=flip.count, since=words.clock(flip.since, seconds=True),
        until=words.clock(flip.until, seconds=True),
    )  # fmt: skip


def _step(step: Step, words: Words) -> str:
    language = words.language
    marks = (SOFT.of(language) if step.soft else "") + (LIFTED.of(language) if step.lifted else "")
    return STEP.of(language).format(
        time=words.clock(step.time, seconds=True), source=SOURCES[step.source].of(language), device=step.device,
        side=SIDES[step.beyond_m > 0.0].of(language), beyond=abs(step.beyond_m), sigma=step.sigma_m,
        says=100.0 * step.says, p=100.0 * step.p, verdict=VERDICTS[step.verdict].of(language), marks=marks,
    )  # fmt: skip
