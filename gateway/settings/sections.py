"""The sections of a configuration, gathered from all of its files: well-formed entries with their places."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from gateway.settings import raw
from gateway.settings.alarms import WEARER
from gateway.settings.documents import Document, read_yaml
from gateway.settings.entries import Entry, check_keys, read_entry, read_list
from gateway.settings.faults import Findings, Place
from gateway.settings.files import CREDENTIALS, HOLIDAYS, MAIN
from gateway.settings.known import Known, declared, with_bracelet
from gateway.settings.raw_appraisal import AppraisalEntry
from gateway.settings.raw_canary import CanaryEntry
from gateway.settings.raw_commands import CommandsEntry
from gateway.settings.raw_console import ConsoleEntry
from gateway.settings.raw_forward import ForwardEntry
from gateway.settings.raw_holds import HoldEntry
from gateway.settings.raw_hours import HolidayEntry
from gateway.settings.raw_meetings import AppointmentEntry, ProtectedEntry
from gateway.settings.raw_notices import NoticesEntry
from gateway.settings.raw_roll_call import RollCallEntry
from gateway.settings.raw_syslog import SyslogEntry
from gateway.settings.raw_tasks import TaskEntry
from gateway.settings.sources import text_digest
from gateway.settings.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from gateway.settings.entries import Model
    from gateway.settings.sources import Sources

DEFAULT_LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Sections:
    """Every section; those that stand once are None where they are missing or refused."""

    language: str
    county: Entry[raw.CountyEntry] | None
    commands: Entry[CommandsEntry] | None
    control: Entry[raw.ControlEntry] | None
    console: Entry[ConsoleEntry] | None
    staff: Sequence[Entry[raw.StaffEntry]]
    roll_call: Entry[RollCallEntry] | None
    canary: Entry[CanaryEntry] | None
    storage: Entry[raw.StorageEntry] | None
    listeners: Sequence[Entry[raw.ListenerEntry]]
    carriers: Sequence[Entry[raw.CarrierEntry]]
    upstreams: Sequence[Entry[raw.UpstreamEntry]]
    people: Sequence[Entry[raw.PersonRow]]
    devices: Sequence[Entry[raw.DeviceRow]]
    assignments: Sequence[Entry[raw.AssignmentRow]]
    authorities: Sequence[Entry[raw.AuthorityEntry]]
    zones: Sequence[Entry[raw.ZoneEntry]]
    rules: Sequence[Entry[raw.RuleEntry]]
    leave: Sequence[Entry[raw.LeaveEntry]]
    removal: Sequence[Entry[raw.RemovalEntry]]
    appointments: Sequence[Entry[AppointmentEntry]]
    holds: Sequence[Entry[HoldEntry]]
    protected: Sequence[Entry[ProtectedEntry]]
    alarms: Mapping[str, Entry[raw.AlarmEntry]]
    duty: Sequence[Entry[raw.DutyEntry]]
    tasks: Sequence[Entry[TaskEntry]]
    holidays: Sequence[Entry[HolidayEntry]]
    published: Sequence[Entry[HolidayEntry]]
    """Of the public holidays that come along; none where no rule goes by them, or the county has others."""
    notices: Entry[NoticesEntry] | None
    appraisal: Entry[AppraisalEntry] | None
    syslog: Entry[SyslogEntry] | None
    forward: Entry[ForwardEntry] | None
    credentials: Mapping[str, raw.CredentialEntry] | None
    known: Known

    def listed(self) -> Iterator[Entry[Any]]:
        """The entries of all lists and tables, and of alarms."""
        yield from self.alarms.values()
        for each in fields(self):
            found = getattr(self, each.name)
            if isinstance(found, list):
                yield from found


def read_sections(sources: Sources, findings: Findings) -> Sections:
    """Read the main file, what it includes and its tables; every malformed entry is noted."""
    main = _document(MAIN, Place(sources.shown(MAIN)), raw.GatewayFile, sources, findings)
    county = _once(main, "county", raw.CountyEntry, findings)
    if sources.readings is not None and county is not None:
        bounds = sources.at_hand(county.value.bounds)
        sources.readings.around = text_digest(f"{county.value.datum}\0{bounds}")
    documents = [main, *_included(main, sources, findings)]
    tables = {
        "people": table(main, "people", raw.PersonRow, sources, findings),
        "devices": table(main, "devices", raw.DeviceRow, sources, findings),
        "assignments": table(main, "assignments", raw.AssignmentRow, sources, findings),
    }
    rules = _all(documents, "rules", raw.RuleEntry, findings)
    known = Known(
        {
            "unknown_person": declared(*tables["people"], "person"),
            "unknown_device": declared(*tables["devices"], "device"),
            "unknown_protected": _declared(documents, "protected", "id"),
            "unknown_zone": _declared(documents, "zones", "id"),
            "unknown_rule": _declared(documents, "rules", "id"),
            "notify_unknown": _declared(documents, "duty", "name", WEARER),
            "bracelet": with_bracelet(documents, declared(*tables["people"], "person")),
        }
    )
    return Sections(
        language="en" if main.at(("county", "language")) == "en" else DEFAULT_LANGUAGE,
        county=county,
        commands=_perhaps(main, "commands", CommandsEntry, findings),
        control=_perhaps(main, "control", raw.ControlEntry, findings),
        console=_perhaps(main, "console", ConsoleEntry, findings),
        staff=read_list(main, ("staff",), raw.StaffEntry, findings),
        roll_call=_perhaps(main, "roll_call", RollCallEntry, findings),
        canary=_perhaps(main, "canary", CanaryEntry, findings),
        storage=_once(main, "storage", raw.StorageEntry, findings),
        listeners=_listeners(main, findings),
        carriers=read_list(main, ("carriers",), raw.CarrierEntry, findings),
        upstreams=read_list(main, ("upstreams",), raw.UpstreamEntry, findings),
        people=read_list(*tables["people"], raw.PersonRow, findings),
        devices=read_list(*tables["devices"], raw.DeviceRow, findings),
        assignments=read_list(*tables["assignments"], raw.AssignmentRow, findings),
        authorities=_all(documents, "authorities", raw.AuthorityEntry, findings),
        zones=_all(documents, "zones", raw.ZoneEntry, findings),
        rules=rules,
        leave=_all(documents, "leave", raw.LeaveEntry, findings),
        removal=_all(documents, "removal", raw.RemovalEntry, findings),
        notices=_perhaps(main, "notices", NoticesEntry, findings),
        appraisal=_perhaps(main, "appraisal", AppraisalEntry, findings),
        syslog=_perhaps(main, "syslog", SyslogEntry, findings),
        forward=_perhaps(main, "forward", ForwardEntry, findings),
        appointments=_all(documents, "appointments", AppointmentEntry, findings),
        holds=_all(documents, "holds", HoldEntry, findings),
        protected=_all(documents, "protected", ProtectedEntry, findings),
        alarms=_alarms(documents, findings),
        duty=_all(documents, "duty", raw.DutyEntry, findings),
        tasks=_all(documents, "tasks", TaskEntry, findings),
        holidays=_all(documents, "holidays", HolidayEntry, findings),
        published=_published(county, rules, sources, findings),
        credentials=read_credentials(sources, findings),
        known=known,
    )


def _document(name: str, cited: Place, model: type[BaseModel], sources: Sources, findings: Findings) -> Document:
    """One YAML file. Where it cannot be read its data is an empty dict, and what it lacks is not asked for."""
    text = sources.text(name, cited, findings)
    if text is None:
        return Document(sources.shown(name), {}, broken=True)
    if model is raw.RulesFile and sources.readings is not None:
        return sources.readings.document("rules", sources.shown(name), text, findings, _checked)
    return _checked(sources.shown(name), text, findings, model)


def _checked(
    shown: str, text: str, findings: Findings, model: type[BaseModel] = raw.RulesFile
) -> Document:  # fmt: skip
    document = read_yaml(shown, text, findings)
    return document if check_keys(document, model, findings) else Document(document.file, {}, broken=True)


def _included(main: Document, sources: Sources, findings: Findings) -> list[Document]:
    patterns = main.at(("include",))
    if patterns is None:
        return []
    if not isinstance(patterns, list):
        findings.add(main.place(("include",)), "list_expected", value=main.shown(("include",)))
        return []
    found: dict[str, Document] = {}
    for index, pattern in enumerate(patterns):
        place = main.place(("include", index))
        parts = PurePosixPath(str(pattern))
        if parts.is_absolute() or ".." in parts.parts:
            findings.add(place, "include_outside", name=pattern)
            continue
        names = sources.files.matching(str(pattern))
        if not names:
            findings.add(place, "include_empty", name=pattern)
        for name in names:
            if name not in found:
                found[name] = _document(name, place, raw.RulesFile, sources, findings)
    return list(found.values())


def _declared(documents: Sequence[Document], key: str, word: str, *always: str) -> frozenset[str] | None:
    """Ids in all documents; None where one could not be read, since any id may stand in it."""
    if any(each.broken for each in documents):
        return None
    return frozenset(always).union(*(declared(each, (key,), word) or () for each in documents))


def _perhaps(main: Document, key: str, model: type[Model], findings: Findings) -> Entry[Model] | None:
    return read_entry(main, (key,), model, findings) if (key,) in main.values else None


def _once(main: Document, key: str, model: type[Model], findings: Findings) -> Entry[Model] | None:
    if main.at((key,)) is not None or (key,) in main.values:
        return read_entry(main, (key,), model, findings)
    if not main.broken:
        findings.add(main.place(()), "missing", key=key)
    return None


def _listeners(main: Document, findings: Findings) -> list[Entry[raw.ListenerEntry]]:
    if not main.at(("listeners",)) and not main.broken:
        findings.add(main.place(("listeners",)), "missing", key="listeners")
    return read_list(main, ("listeners",), raw.ListenerEntry, findings)


def _all(documents: Sequence[Document], key: str, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    return [entry for document in documents for entry in read_list(document, (key,), model, findings)]


def _alarms(documents: Sequence[Document], findings: Findings) -> dict[str, Entry[raw.AlarmEntry]]:
    found: dict[str, Entry[raw.AlarmEntry]] = {}
    for document in documents:
        if document.kept is not None:
            for kind, entry in document.kept.alarms(document).items():
                _add_alarm(found, kind, entry, document, findings)
            continue
        kinds = document.at(("alarms",))
        if kinds is None:
            continue
        if not isinstance(kinds, dict):
            findings.add(document.place(("alarms",)), "mapping_expected", value=document.shown(("alarms",)))
            continue
        for kind in kinds:
            read = read_entry(document, ("alarms", kind), raw.AlarmEntry, findings)
            _add_alarm(found, kind, read, document, findings)
    return found


def _add_alarm(
    found: dict[str, Entry[raw.AlarmEntry]], kind: str, entry: Entry[raw.AlarmEntry] | None, document: Document,
    findings: Findings,
) -> None:  # fmt: skip
    if kind in found:
        findings.add(document.keys["alarms", kind], "duplicate_id", value=kind, other=found[kind].place())
    elif entry is not None:
        found[kind] = entry


def _published(
    county: Entry[raw.CountyEntry] | None, rules: Sequence[Entry[raw.RuleEntry]], sources: Sources, findings: Findings
) -> list[Entry[HolidayEntry]]:  # fmt: skip
    """The public holidays that come along; a configuration that the journal keeps has those of then, or none."""
    asked = any(entry.value.curfew is not None and entry.value.curfew.by_calendar for entry in rules)
    if county is None or county.value.holidays == "none" or not asked or not sources.files.has(HOLIDAYS):
        return []
    shown = sources.shown(HOLIDAYS)
    document = read_yaml(shown, sources.text(HOLIDAYS, Place(shown), findings) or "", findings)
    return read_list(document, ("holidays",), HolidayEntry, findings)


def read_credentials(sources: Sources, findings: Findings) -> dict[str, raw.CredentialEntry] | None:
    """Secrets by name; none without the file. None: not to be asked for: not ours to read, or they have faults."""
    if not sources.files.secrets:
        return None
    if not sources.files.has(CREDENTIALS):
        return {}
    shown = sources.shown(CREDENTIALS)
    text = sources.text(CREDENTIALS, Place(shown), findings, secret=True)
    own = Findings()
    document = read_yaml(shown, text or "", own)
    findings.add_hidden(own)
    document.secret = True
    if text is None or document.broken:
        return None
    if not isinstance(document.data, dict):
        findings.add(Place(shown), "mapping_expected", value="***")
        return {}
    before = len(findings)
    entries = {str(name): read_entry(document, (name,), raw.CredentialEntry, findings) for name in document.data}
    found = {name: entry.value for name, entry in entries.items() if entry is not None}
    return found if len(findings) == before else None
