"""What another configuration changes, for whom: in sentences for an officer, and by part of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from gateway.settings.files import OVERLAY
from gateway.settings.hour_model import HOME
from gateway.settings.model import Configuration
from gateway.settings.registers import REGISTERS
from gateway.settings.sentences import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.settings.model import Person, Rule

LIVE: Final = (
    "people", "devices", "assignments", "authorities", "zones", "rules", "leave", "removals", "alarms", "duty", "staff",
    "calendar", "appointments", "holds", "roll_call",
    "appraisal", "tasks", "canary",
)  # fmt: skip
"""Parts that may come into force while the gateway runs."""
AT_RESTART: Final = (
    "listeners",
    "storage",
    "upstreams",
    "control",
    "console",
    "carriers",
    "notices",
    "syslog",
    "forward",
)
"""Parts that come into force at the next start, while those of before go on. Where any other part differs (the county,
patience with devices, model profiles, phones), nothing is taken without a restart: all else is read or judged by it."""
PROFILES: Final = "profiles"
PHONES: Final = "phones"
BY_PERSON: Final = frozenset({"people", "assignments", "authorities", "rules", "leave", "removals", "appointments"})
"""Parts of which the sentences of people tell."""
ALONE: Final = frozenset(REGISTERS)
"""Parts that one person alone may change, as he may at the desk; all else that is judged by takes a second one."""
NAMED_BY: Final = {"duty": "name", "holds": "name", "tasks": "id"}
"""How entries of a part are called that is a list."""
CALLED: Final = {"calendar": "holidays", "appraisal": "weights"}
"""As the files call a part that has no entries, where they call it otherwise."""
_APART: Final = frozenset({"sources", "digest", "families", "counts_since"})
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "changed": ("{who}：现为“{now}”，原为“{then}”", "{who}: now {now} (before: {then})"),
    "added": ("{who}：新增“{now}”", "{who}: new: {now}"),
    "dropped": ("{who}：不再“{then}”", "{who}: no longer: {then}"),
    "new_person": ("{who}：新录入", "{who}: entered"),
    "gone": ("{who}：不再录入，不再监管定位", "{who}: not entered any more, and not followed any more"),
    "home": ("{who}：住所的位置或范围有变", "{who}: the home has another place or radius"),
    "zone": ("{who}：“{zone}”的范围有变", "{who}: {zone} has other bounds"),
    "office": ("{who}：司法所现为 {now}，原为 {then}", "{who}: office now {now} (before: {then})"),
    "entry_added": ("{part}：新增 {name}", "{part}: {name} added"),
    "entry_gone": ("{part}：去掉 {name}", "{part}: {name} taken out"),
    "entry": ("{part}：{name} 有变", "{part}: {name} changed"),
}


def differing(before: Configuration, after: Configuration) -> tuple[str, ...]:
    """Parts of a configuration that differ, by name, in the order of the model."""
    named = [
        each.name for each in fields(Configuration)
        if each.name not in _APART and getattr(before, each.name) != getattr(after, each.name)
    ]  # fmt: skip
    more = ((PROFILES, _profiles), (PHONES, _phones))
    return (*named, *(name for name, of in more if of(before) != of(after)))


def before_all(before: Configuration, after: Configuration) -> tuple[str, ...]:
    """Parts that differ and of which nothing may come into force without a restart."""
    return tuple(name for name in differing(before, after) if name not in {*LIVE, *AT_RESTART})


def for_two(before: Configuration, after: Configuration) -> tuple[str, ...]:
    """Parts that differ and that people are judged by, so that it takes a second person to change them."""
    return tuple(name for name in differing(before, after) if name in LIVE and name not in ALONE)


def shared(before: Configuration, after: Configuration) -> Configuration:
    """The latter, made of the same objects as the former wherever both say the same."""
    same: dict[str, Any] = {}
    for name in (each.name for each in fields(Configuration) if each.name not in _APART):
        then, now = getattr(before, name), getattr(after, name)
        if then is now:
            continue
        if then == now:
            same[name] = then
        elif isinstance(now, Mapping):
            same[name] = {key: then[key] if then.get(key) == value else value for key, value in now.items()}
    return replace(after, **same)


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of files whose texts differ, sorted; what was done at the desk is none."""
    names = (before.keys() | after.keys()) - {OVERLAY}
    return sorted(name for name in names if before.get(name) != after.get(name))


def told(before: Configuration, after: Configuration, language: str) -> list[str]:
    """Sentences in ``zh`` or ``en``: by person what changes for whom, then by entry what is nobody's own.

    Both are of the same language, time zone and phones, as configurations are that follow each other while running.
    """
    column = int(language == "en")
    said = [*_people(before, after, language, column), *_entries(before, after, column)]
    return list(dict.fromkeys(said))


def _people(before: Configuration, after: Configuration, language: str, column: int) -> Iterator[str]:
    moved = {
        zone for zone in before.zones.keys() & after.zones.keys() if _differ(before.zones[zone], after.zones[zone])
    }  # fmt: skip
    concerned = _concerned(before, after)
    then, now = parts(before, language, concerned), parts(after, language, concerned)
    bound = _bound(after) if moved else {}
    for who in sorted(then.keys() | now.keys()):
        if who not in now:
            yield _say("gone", column, who=who)
            continue
        if who not in then:
            yield _say("new_person", column, who=who)
        else:
            yield from _person(before.people[who], after.people[who], column)
        yield from _slots(who, then.get(who, {}), now[who], column)
        for zone in sorted(bound.get(who, set()) & moved):
            yield _say("zone", column, who=who, zone=after.zones[zone].name)


def _concerned(before: Configuration, after: Configuration) -> set[str]:
    """People of whom anything that a sentence tells may be another: all others need not be put into words."""
    found = _differing_keys(before.people, after.people)
    for name in ("assignments", "authorities", "leave", "removals", "appointments"):
        found |= {each.person for each in _one_sided(getattr(before, name), getattr(after, name))}
    rules = _one_sided(before.rules, after.rules)
    found |= {person for rule in rules for person in rule.people}
    devices = _differing_keys(before.devices, after.devices)
    zones = _differing_keys(before.zones, after.zones)
    for each in (before, after):
        found |= {one.person for one in each.assignments if one.device in devices}
        found |= {person for rule in each.rules if zones and _zones(rule) & zones for person in rule.people}
        found |= {one.person for one in each.leave if one.zone in zones}
        found |= {one.person for one in each.appointments if one.zone in zones}
    return found


def _differing_keys(then: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    alike = then.keys() & now.keys()
    return (then.keys() ^ now.keys()) | {key for key in alike if _differ(then[key], now[key])}


def _differ(then: object, now: object) -> bool:
    return then is not now and then != now


def _one_sided(then: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    """What stands in one of two sequences alone."""
    if then is now:
        return []
    known, wanted = set(then), set(now)
    return [*(each for each in then if each not in wanted), *(each for each in now if each not in known)]


def _person(then: Person, now: Person, column: int) -> Iterator[str]:
    if then.home != now.home:
        yield _say("home", column, who=now.person)
    if then.office != now.office:
        yield _say("office", column, who=now.person, now=now.office, then=then.office)


def _slots(
    who: str, then: Mapping[tuple[str, ...], str], now: Mapping[tuple[str, ...], str], column: int
) -> Iterator[str]:
    for slot in dict.fromkeys([*now, *then]):
        old, new = then.get(slot), now.get(slot)
        if old != new:
            key = "added" if old is None else "dropped" if new is None else "changed"
            yield _say(key, column, who=who, then=old, now=new)


def _bound(configuration: Configuration) -> dict[str, set[str]]:
    """By person, the zones that rules and leave speak of."""
    found: dict[str, set[str]] = {}
    for rule in configuration.rules:
        for person in rule.people:
            found.setdefault(person, set()).update(_zones(rule))
    for leave in configuration.leave:
        found.setdefault(leave.person, set()).add(leave.zone)
    return found


def _zones(rule: Rule) -> set[str]:
    return {rule.stay_inside, rule.keep_out, rule.curfew.zone if rule.curfew is not None else ""} - {"", HOME}


def _entries(before: Configuration, after: Configuration, column: int) -> Iterator[str]:
    """What is nobody's own: entries that came, went or changed."""
    for part in differing(before, after):
        if part not in LIVE or part in BY_PERSON:
            continue
        then, now = (_named(getattr(each, part), part) for each in (before, after))
        for name in sorted(then.keys() | now.keys()):
            if then.get(name) != now.get(name):
                key = "entry_added" if name not in then else "entry_gone" if name not in now else "entry"
                yield _say(key, column, part=part, name=name)


def _named(value: Any, part: str) -> Mapping[str, Any]:  # noqa: ANN401  any part of a configuration
    """A part's entries by name; what has none is one entry."""
    if isinstance(value, Mapping):
        return value
    return (
        {getattr(each, NAMED_BY[part]): each for each in value} if part in NAMED_BY else {CALLED.get(part, part): value}
    )


def _say(key: str, column: int, **values: object) -> str:
    return _WORDS[key][column].format_map(values)


def _profiles(configuration: Configuration) -> dict[str, str]:
    return {name: text for name, text in configuration.sources.items() if name.startswith("profiles/")}


def _phones(configuration: Configuration) -> set[tuple[str, str, str]]:
    found = (one for one in configuration.devices.values() if one.is_phone)
    return {(one.device, one.identity, one.carrier) for one in found}
