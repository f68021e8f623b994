"""How each kind of alarm is treated, and who is on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.kinds import KINDS, LEVELS, NEVER_THE_WEARER, NOT_RAISED, PATTERNS
from gateway.settings.alarm_policy import AlarmPolicy, Duty
from gateway.settings.entries import note_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.kinds import Kind, Severity
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.raw import AlarmEntry, DutyEntry, StaffEntry

NEVER_MILD = {"strap_glitch_suspected": ("info", "warning")}
"""Severities that a kind may not be given: it may be a cut."""
WEARER = "wearer"
"""Who may be notified besides the duties."""


def alarm_policies(
    entries: Mapping[str, Entry[AlarmEntry]], known: Known, findings: Findings
) -> dict[str, AlarmPolicy]:
    """A policy for every kind: the defaults, and over them what the officer wrote."""
    for name, entry in entries.items():
        if name not in KINDS:
            note_unknown(entry.document.keys[entry.path], name, list(KINDS), findings)
        else:
            _check(KINDS[name], entry, known, findings)
    _note_not_built(entries, findings)
    return {name: _policy(kind, entries.get(name)) for name, kind in KINDS.items()}


def _check(kind: Kind, entry: Entry[AlarmEntry], known: Known, findings: Findings) -> None:
    value = entry.value
    for key, names in (("notify", value.notify), ("to", value.to)):
        for index, name in enumerate(names):
            known.check("notify_unknown", name, entry.place(key, index), findings)
            if name == WEARER and kind.name in NEVER_THE_WEARER:
                findings.add(entry.place(key, index), "notify_wearer", value=kind.name)
    if kind.name in PATTERNS and value.severity == "critical":
        findings.warn(entry.place("severity"), "pattern_critical", value=kind.name)
    _check_delays(kind, entry, findings)
    if value.severity in NEVER_MILD.get(kind.name, ()):
        findings.add(entry.place("severity"), "glitch_mild", value=value.severity)
    if (value.escalate_after is None) != (not value.to):
        findings.add(entry.place("to" if value.to else "escalate_after"), "escalation_half")


def _check_delays(kind: Kind, entry: Entry[AlarmEntry], findings: Findings) -> None:
    value = entry.value
    if value.after is not None and kind.after_seconds is None and kind.by_level is None:
        findings.add(entry.place("after"), "after_useless", value=kind.name)
    if value.at_home is not None and kind.name != "comms_lost":
        findings.add(entry.place("at_home"), "at_home_useless", value=kind.name)
    for level, written in zip(LEVELS, _of_levels(value), strict=True):
        if written is not None and kind.by_level is None:
            findings.add(entry.place(f"after_{level}"), "after_level_useless", value=kind.name)


def _note_not_built(entries: Mapping[str, Entry[AlarmEntry]], findings: Findings) -> None:
    """Kinds that nothing raises."""
    for name in entries.keys() & NOT_RAISED:
        findings.warn(entries[name].document.keys[entries[name].path], "kind_not_built", value=name)


def _policy(kind: Kind, entry: Entry[AlarmEntry] | None) -> AlarmPolicy:
    if entry is None:
        return AlarmPolicy(kind.severity, after_seconds=kind.after_seconds, by_level=kind.by_level)
    value = entry.value
    return AlarmPolicy(
        severity=_severity(kind, value.severity),
        notify=tuple(value.notify),
        escalate_after_seconds=value.escalate_after,
        escalate_to=tuple(value.to),
        after_seconds=value.after if value.after is not None else kind.after_seconds,
        at_home_seconds=value.at_home,
        by_level=_by_level(kind, value),
    )


def _severity(kind: Kind, written: Severity | None) -> Severity:
    """As written, else the kind's; a pattern is never above serious."""
    severity = written or kind.severity
    return "serious" if kind.name in PATTERNS and severity == "critical" else severity


def _of_levels(value: AlarmEntry) -> tuple[float | None, float | None, float | None]:
    return value.after_strict, value.after_general, value.after_lenient


def _by_level(kind: Kind, value: AlarmEntry) -> tuple[float, float, float] | None:
    """The level's own, else that of all levels, else the kind's."""
    if kind.by_level is None:
        return None
    own, usual = _of_levels(value), kind.by_level if value.after is None else (value.after,) * 3
    strict, general, lenient = (here if here is not None else there for here, there in zip(own, usual, strict=True))
    return strict, general, lenient


def duty(
    entries: Sequence[Entry[DutyEntry]], staff: Sequence[Entry[StaffEntry]], findings: Findings
) -> tuple[Duty, ...]:
    """Who is on duty, as written; where there is a table of staff they stand in it."""
    numbers = {entry.value.number for entry in staff}
    for entry in entries:
        for index, number in enumerate(entry.value.staff if numbers else ()):
            if number not in numbers:
                findings.add(entry.place("staff", index), "staff_unknown", value=number)
        if (entry.value.start is None) != (entry.value.until is None):
            findings.add(entry.place("name"), "duty_half")
    return tuple(
        Duty(entry.value.name, tuple(entry.value.staff), entry.value.start, entry.value.until, entry.value.office or "")
        for entry in entries
    )
