"""One plain sentence per person: what the configuration means for them, for an officer to read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.settings.absences import TRAVEL
from gateway.settings.due import reviews_due
from gateway.settings.hour_model import HOME
from gateway.settings.model import AuthorityKind, DaySet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from gateway.settings.absences import Leave, Removal
    from gateway.settings.meetings import Appointment
    from gateway.settings.model import (
        Assignment,
        Authority,
        Configuration,
        CurfewRule,
        HourRule,
        Person,
        Rule,
        ZoneDefinition,
    )

_WORDS: Mapping[str, tuple[str, str]] = {
    "strict": ("严管", "strict"),
    "general": ("普管", "general"),
    "lenient": ("宽管", "lenient"),
    "wears": ("佩戴 {device}（{start} 起）", "wears {device} (since {start})"),
    "wore": ("佩戴 {device}（{start} 至 {until}）", "wears {device} ({start} to {until})"),
    "review": ("{day} 前须复核是否仍有必要", "to be reviewed by {day}: is it still necessary?"),
    "no_device": ("没有分配腕带", "no bracelet assigned"),
    "bracelet": ("{start} 至 {until} 有依据（{document}）", "authority from {start} to {until} ({document})"),
    "phone_check": (
        "{start} 至 {until} 可电话核查（{document}）",
        "phone checks from {start} to {until} ({document})",
    ),
    "no_authority": (
        "没有佩戴腕带的依据，腕带定位不会保存",
        "no authority for a bracelet, so that none of its positions is kept",
    ),
    "uses": ("手机 {device}（{start} 起）", "phone {device} (since {start})"),
    "used": ("手机 {device}（{start} 至 {until}）", "phone {device} ({start} to {until})"),
    "no_phone_check": (
        "没有电话核查的依据，手机不会被查询",
        "no authority for phone checks, so that the phone is not asked for",
    ),
    "inside": ("须在{zone}内", "must stay inside {zone}"),
    "out": ("禁入{zone}", "barred from {zone}"),
    "curfew_home": ("{hours} 应在家{note}", "at home {hours}{note}"),
    "curfew_zone": ("{hours} 应在{zone}{note}", "at {zone} {hours}{note}"),
    "workdays": ("工作日（含调休上班日）", "working days, make-up days included"),
    "weekend": ("休息日和节假日", "days off and holidays"),
    "recurring": ("按 {rule}", "as {rule}"),
    "next_day": ("次日{time}", "{time} next day"),
    "grace": ("宽限{duration}", "grace {duration}"),
    "repeated": (
        "近{of}夜有{nights}夜在同一处过夜即提示",
        "noted when {nights} of {of} nights are spent at one other place",
    ),
    "nights_out": (
        "近{of}天有{nights}天夜间在外、白天在家，且与平时不同，即提示",
        "noted when out by night and at home by day on {nights} of {of} days, against the usual",
    ),
    "no_motion": (
        "腕带佩戴中累计{hours}小时（8:00至22:00之间）毫无移动即提示",
        "noted when the bracelet, worn, is not moved for {hours} waking hours",
    ),
    "charge": (
        "每日{time}前充电，至少充到{least}%",
        "to charge the bracelet to {least} % or more by {time} each day",
    ),
    "document": ("规定 {rule} 的依据 {document}", "rule {rule} on the basis of {document}"),
    "away": ("须与受保护人{other}保持{metres}米以上", "to keep {metres} m away from protected {other}"),
    "protected": (
        "受保护人，{start} 至 {until} 凭同意书（{document}）定位{device}，位置不向任何人显示",
        "protected, located by {device} from {start} to {until} with consent ({document}), shown to nobody",
    ),
    "company": ("不得与{others}同行（{metres}米以内）", "not to keep company with {others} (within {metres} m)"),
    "no_rules": ("没有限制", "no restrictions"),
    "leave": ("{start} 至 {until} 请假{zone}", "on leave {start} to {until}{zone}"),
    "returned": ("，{at} 销假", ", back {at}"),
    "term": ("监管至 {until}", "under supervision until {until}"),
    "rule_from": ("自 {day} 起", "from {day}"),
    "rule_until": ("至 {day}", "until {day}"),
    "appointment": ("{start} 至 {until} 应到“{zone}”（{document}）", "due at {zone} {start} to {until} ({document})"),
    "removal": (
        "{start} 至 {until} 经批准取下腕带（{reason}）",
        "bracelet off with leave {start} to {until} ({reason})",
    ),
    "hospital": ("住院", "hospital"),
    "examination": ("检查", "examination"),
    "repair": ("维修", "repair"),
    "travel": ("路途{duration}", "on the way for {duration}"),
    "excuses": ("免除{rules}", "lifts {rules}"),
    "hours": ("{count}小时", "{count} h"),
    "minutes": ("{count}分钟", "{count} min"),
    "seconds": ("{count}秒", "{count} s"),
}
_DAYS = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
_JOINTS = (("：", "；", "，", "、", "。", "（", "）"), (": ", "; ", ", ", ", ", ".", " (", ")"))


Slot = tuple[str, ...]
"""What a part of a sentence is about: ``rule``, its id and which of its parts; ``wears``, the device, since when ..."""


def sentences(configuration: Configuration, language: str, today: date | None = None) -> list[str]:
    """A sentence for every person, in the order of their ids, in ``zh`` or ``en``; of a day also what is due then."""
    wording = _wording(configuration, language, {} if today is None else reviews_due(configuration, today))
    return [wording.sentence(configuration.people[person]) for person in sorted(configuration.people)]


def parts(configuration: Configuration, language: str, who: Collection[str]) -> dict[str, dict[Slot, str]]:
    """What the configuration means for each of these people, part by part, in ``zh`` or ``en``."""
    wording = _wording(configuration, language, {}, who)
    return {key: wording.parts(configuration.people[key]) for key in wording.own}


def _wording(
    configuration: Configuration, language: str, due: Mapping[str, date], who: Collection[str] | None = None
) -> _Wording:
    """``who``: of whom alone it is to be told."""
    zone = ZoneInfo(configuration.county.timezone)
    return _Wording(configuration, _own(configuration, who), int(language == "en"), zone, due)


@dataclass(frozen=True, slots=True)
class _Own:
    """What there is of one person, in the order of the configuration."""

    assignments: list[Assignment] = field(default_factory=list)
    authorities: list[Authority] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    leave: list[Leave] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)


def _own(configuration: Configuration, who: Collection[str] | None) -> Mapping[str, _Own]:
    """Of each person, found in one pass; of ``who`` alone, if that is said."""
    own = {person: _Own() for person in configuration.people if who is None or person in who}
    for name in ("assignments", "authorities", "leave", "appointments", "removals"):
        for each in getattr(configuration, name):
            if each.person in own:
                getattr(own[each.person], name).append(each)
    for rule in configuration.rules:
        for person in rule.people if who is None else own.keys() & rule.people:
            own[person].rules.append(rule)
    return own


@dataclass(frozen=True, slots=True)
class _Wording:
    configuration: Configuration
    own: Mapping[str, _Own]
    column: int
    zone: ZoneInfo
    due: Mapping[str, date]

    def sentence(self, person: Person) -> str:
        colon, semicolon, comma, _, stop, _, _ = _JOINTS[self.column]
        one = self.own[person.person]
        if person.protected:
            told = semicolon.join(self._protected(*each) for each in zip(one.assignments, one.authorities, strict=True))
            return f"{person.person}{colon}{told}{stop}"
        wears = [self._wears(each) for each in one.assignments]
        basis = [self._basis(each) for each in one.authorities]
        basis += [self._say(word) for word in self._lacking(person)]
        basis += [self._say("review", day=self.due[person.person])] if person.person in self.due else []
        bound = [part for rule in one.rules for part in self._bound(rule, person.person)]
        leave = [self._leave(each) for each in one.leave]
        leave += [self._removal(each) for each in one.removals]
        leave += [self._appointment(each) for each in one.appointments]
        first = comma.join([self._say(person.level), *(wears or [self._say("no_device")])])
        if person.term_until < float("inf"):
            first += comma + self._say("term", until=self._day(person.term_until - 1))
        parts = [first, *basis, *(bound or [self._say("no_rules")]), *leave]
        return f"{person.person}{colon}{semicolon.join(parts)}{stop}"

    def parts(self, person: Person) -> dict[Slot, str]:
        one = self.own[person.person]
        found: dict[Slot, str] = {("level",): self._say(person.level)}
        if person.term_until < float("inf"):
            found["term",] = self._say("term", until=self._day(person.term_until - 1))
        found |= {("wears", each.device, repr(each.start)): self._wears(each) for each in one.assignments}
        found |= {("basis", each.kind, each.document, repr(each.start)): self._basis(each) for each in one.authorities}
        for rule in one.rules:
            found |= {("rule", rule.id, str(at)): said for at, said in enumerate(self._bound(rule, person.person))}
            found["document", rule.id] = self._say("document", rule=rule.id, document=rule.basis)
        found |= {("leave", repr(each.start)): self._leave(each) for each in one.leave}
        found |= {("appointment", each.zone, repr(each.start)): self._appointment(each) for each in one.appointments}
        return found | {("removal", repr(each.start)): self._removal(each) for each in one.removals}

    def _say(self, key: str, **values: object) -> str:
        return _WORDS[key][self.column].format_map(values)

    def _day(self, when: float) -> str:
        return f"{datetime.fromtimestamp(when, self.zone):%Y-%m-%d}"

    def _moment(self, when: float) -> str:
        return f"{datetime.fromtimestamp(when, self.zone):%Y-%m-%d %H:%M}"

    def _lacking(self, person: Person) -> Iterable[str]:
        """What a person's devices have no authority for; a bracelet's is missed where there is no device, too."""
        one = self.own[person.person]
        granted = {each.kind for each in one.authorities}
        needed = {self.configuration.devices[each.device].basis for each in one.assignments}
        if AuthorityKind.BRACELET not in granted and needed != {AuthorityKind.PHONE_CHECK}:
            yield "no_authority"
        if AuthorityKind.PHONE_CHECK in needed - granted:
            yield "no_phone_check"

    def _wears(self, each: Assignment) -> str:
        start = self._moment(each.start)
        now, then = ("uses", "used") if self.configuration.devices[each.device].is_phone else ("wears", "wore")
        if each.until == float("inf"):
            return self._say(now, device=each.device, start=start)
        return self._say(then, device=each.device, start=start, until=self._moment(each.until))

    def _protected(self, worn: Assignment, consent: Authority) -> str:
        start, until = self._day(worn.start), self._day(worn.until - 1)
        return self._say("protected", start=start, until=until, document=consent.document, device=worn.device)

    def _basis(self, each: Authority) -> str:
        # The term is half open; the officer reads its last day.
        start, until = self._day(each.start), self._day(each.until - 1)
        return self._say(each.kind, start=start, until=until, document=each.document)

    def _bound(self, rule: Rule, person: str) -> list[str]:
        """What a rule asks of somebody, each with its days; of zones that are for others, nothing."""
        return [
            said + self._period(rule, self._zones.get(zone))
            for said, zone in self._rule(rule, person)
            if zone not in self._zones or self._zones[zone].is_for(person)
        ]

    def _rule(self, rule: Rule, person: str) -> Iterable[tuple[str, str]]:
        """What a rule asks, each with the zone that it is about, if it is about one."""
        if rule.stay_inside:
            yield self._say("inside", zone=self._zone(rule.stay_inside)), rule.stay_inside
        if rule.keep_out:
            yield self._say("out", zone=self._zone(rule.keep_out)), rule.keep_out
        if rule.curfew is not None:
            yield self._curfew(rule.curfew), rule.curfew.zone
        if rule.repeated_place is not None:
            yield self._say("repeated", nights=rule.repeated_place.nights, of=rule.repeated_place.of), ""
        if rule.nights_out is not None:
            yield self._say("nights_out", nights=rule.nights_out.nights, of=rule.nights_out.of), ""
        if rule.no_motion_s:
            yield self._say("no_motion", hours=round(rule.no_motion_s / 3600.0)), ""
        if rule.charge is not None:
            time = f"{rule.charge.by_minute // 60:02d}:{rule.charge.by_minute % 60:02d}"
            yield self._say("charge", time=time, least=rule.charge.least), ""
        if rule.keep_away is not None:
            yield self._say("away", other=rule.keep_away.protected, metres=round(rule.keep_away.within_m)), ""
        if rule.not_together is not None:
            others = _JOINTS[self.column][3].join(one for one in rule.people if one != person)
            yield self._say("company", others=others, metres=round(rule.not_together.within_m)), ""

    def _period(self, rule: Rule, zone: ZoneDefinition | None) -> str:
        """Since when and until when a rule binds, as days: while its zone holds, too."""
        start, until = rule.period(zone)
        parts = [self._say("rule_from", day=self._day(start))] if start > float("-inf") else []
        parts += [self._say("rule_until", day=self._day(until - 1))] if until < float("inf") else []
        _, _, comma, _, _, left, right = _JOINTS[self.column]
        return f"{left}{comma.join(parts)}{right}" if parts else ""

    @property
    def _zones(self) -> Mapping[str, ZoneDefinition]:
        return self.configuration.zones

    def _zone(self, zone: str) -> str:
        return self._zones[zone].name

    def _curfew(self, curfew: CurfewRule) -> str:
        """Where to be, and when; the days of its only hours stand with the grace."""
        _, _, comma, list_comma, _, left, right = _JOINTS[self.column]
        is_one = len(curfew.hours) == 1
        hours = list_comma.join(self._hours(each, with_days=not is_one) for each in curfew.hours)
        notes = [self._days(each.days) for each in curfew.hours if is_one]
        notes += [self._say("grace", duration=self._duration(curfew.grace_seconds))] if curfew.grace_seconds else []
        said = comma.join(filter(None, notes))
        note = f"{left}{said}{right}" if said else ""
        if curfew.zone == HOME:
            return self._say("curfew_home", hours=hours, note=note)
        return self._say("curfew_zone", hours=hours, note=note, zone=self._zone(curfew.zone))

    def _hours(self, hours: HourRule, *, with_days: bool) -> str:
        start, until = _clock(hours.start_minute), _clock(hours.until_minute)
        if hours.until_minute <= hours.start_minute:
            until = self._say("next_day", time=until)
        *_, left, right = _JOINTS[self.column]
        days = self._days(hours.days) if with_days else ""
        return f"{start}–{until}" + (f"{left}{days}{right}" if days else "")

    def _days(self, days: tuple[int, ...] | DaySet | str) -> str:
        """On which days; of all days nothing."""
        if isinstance(days, DaySet):
            return self._say(days)
        if isinstance(days, str):
            return self._say("recurring", rule=days)
        return _JOINTS[self.column][3].join(_DAYS[day][self.column] for day in days) if len(days) < len(_DAYS) else ""

    def _leave(self, each: Leave) -> str:
        zone = self._leave_notes(each)
        said = self._say("leave", start=self._moment(each.start), until=self._moment(each.until), zone=zone)
        returned = "" if each.returned is None else self._say("returned", at=self._moment(each.returned))
        return said + returned

    def _leave_notes(self, each: Leave) -> str:
        """Where to be meanwhile, how long on the way where that is not as usual, and what it lifts where not all."""
        _, _, comma, list_comma, _, left, right = _JOINTS[self.column]
        notes = [self._zone(each.zone)] if each.zone else []
        if each.zone and each.travel_seconds != TRAVEL:
            notes.append(self._say("travel", duration=self._duration(each.travel_seconds)))
        if each.excuses:
            notes.append(self._say("excuses", rules=list_comma.join(each.excuses)))
        return f"{left}{comma.join(notes)}{right}" if notes else ""

    def _appointment(self, each: Appointment) -> str:
        return self._say(
            "appointment", start=self._moment(each.start), until=self._moment(each.until), zone=self._zone(each.zone),
            document=each.document,
        )  # fmt: skip

    def _removal(self, each: Removal) -> str:
        reason = self._say(each.reason)
        return self._say("removal", reason=reason, start=self._moment(each.start), until=self._moment(each.until))

    def _duration(self, seconds: float) -> str:
        for unit, length in (("hours", 3600), ("minutes", 60)):
            if seconds >= length and seconds % length == 0:
                return self._say(unit, count=int(seconds // length))
        return self._say("seconds", count=f"{seconds:g}")


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
