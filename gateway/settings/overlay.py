"""What was done at the desk, laid over the entries of the files: what stands in both already changes nothing.

Pure: entries in, entries out. A deed is an entry like a line of a file, so that ``check`` judges it by the same words;
its place is a line of the deeds' text, and says who did it, and when.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.deeds import FORMS, NEW_DEVICE, deeds_of
from gateway.settings import raw
from gateway.settings.deed_places import label_of
from gateway.settings.documents import Document
from gateway.settings.entries import Entry, Model, read_entry
from gateway.settings.faults import Place
from gateway.settings.files import OVERLAY
from gateway.settings.known import Known
from gateway.settings.model import AuthorityKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from gateway.deeds import Deed
    from gateway.settings.documents import Path
    from gateway.settings.faults import Findings
    from gateway.settings.sections import Sections

    Apply = Callable[["Registers", "WrittenDeed"], None]


@dataclass(frozen=True, slots=True)
class WrittenDeed:
    """A deed, and where it stands in the text of all.

    Attributes:
        line: its number; ``written``: what stands there.
        label: who did it, and when, in the county's time.
    """

    deed: Deed
    line: int
    written: str
    label: str
    findings: Findings

    def place(self, name: str = "") -> Place:
        """Where a value stands, or the deed."""
        begin = self.written.find('"values":')
        column = self.written.find(f'"{name}":', begin) if name and begin >= 0 else 0
        return Place(f"{OVERLAY} [{self.label}]", self.line, max(column, 0) + 1)

    def entry(self, model: type[Model], **names: str) -> Entry[Model] | None:
        """An entry made of the deed's values: by its key, the name of the value."""
        data = {key: self.deed.values[name] for key, name in names.items() if self.deed.values.get(name)}
        places: dict[Path, Place] = {(key,): self.place(name) for key, name in names.items() if key in data}
        texts: dict[Path, str] = {(key,): value for key, value in data.items()}
        document = Document(self.place().file, data, places | {(): self.place()}, {}, texts, table=True)
        return read_entry(document, (), model, self.findings)

    def moment(self, name: str) -> datetime | None:
        """A local time among the values; None: it is none, which is noted."""
        entry = self.entry(raw.DeskTime, at=name)
        return None if entry is None else entry.value.at

    def fault(self, name: str, key: str, /, **values: object) -> None:
        """Note a fault at a value."""
        self.findings.add(self.place(name), key, **({"value": self.deed.values.get(name, "")} | values))


@dataclass(slots=True)
class Registers:
    """The entries that deeds change."""

    devices: list[Entry[raw.DeviceRow]]
    assignments: list[Entry[raw.AssignmentRow]]
    authorities: list[Entry[raw.AuthorityEntry]]
    leave: list[Entry[raw.LeaveEntry]]
    removal: list[Entry[raw.RemovalEntry]]


def overlaid(sections: Sections, text: str, zone: ZoneInfo, findings: Findings) -> Sections:
    """The sections with the deeds of a text done to them, in their order; what cannot be done is noted."""
    if not text:
        return sections
    try:
        deeds = deeds_of(text)
    except msgspec.MsgspecError as fault:
        findings.add(Place(OVERLAY), "deeds_damaged", cause=fault)
        return sections
    registers = Registers(**{each.name: list(getattr(sections, each.name)) for each in fields(Registers)})
    lines = text.splitlines()
    for number, deed in enumerate(deeds, 2):
        written = WrittenDeed(deed, number, lines[number - 1], label_of(deed, zone), findings)
        if _is_whole(written):
            _APPLY[deed.do](registers, written)
    changed = {each.name: getattr(registers, each.name) for each in fields(Registers)}
    return replace(sections, **changed, known=_known(sections.known, registers))


def _is_whole(written: WrittenDeed) -> bool:
    """Whether a deed is one that can be done, with all its values and no others."""
    deed, before = written.deed, len(written.findings)
    form = FORMS.get(deed.do)
    if form is None:
        written.fault("", "deed_unknown", value=deed.do, allowed=", ".join(FORMS))
        return False
    for name in form.required:
        if not deed.values.get(name):
            written.fault("", "deed_lacks", key=name)
    names = (*form.required, *form.optional)
    for name in deed.values.keys() - set(names):
        written.fault(name, "deed_useless", key=name, allowed=", ".join(names))
    return len(written.findings) == before


def _fit(registers: Registers, written: WrittenDeed) -> None:
    _put_on(registers, written, "device")


def _swap(registers: Registers, written: WrittenDeed) -> None:
    _take_off(registers, written, "from", written.deed.values["person"])
    _put_on(registers, written, "to")


def _remove(registers: Registers, written: WrittenDeed) -> None:
    _take_off(registers, written, "at")


def _put_away(registers: Registers, written: WrittenDeed) -> None:
    moment, at = written.moment("at"), _index_of(registers, written, "device")
    if moment is not None and at is not None:
        registers.devices[at] = _altered(registers.devices[at], written, "at", put_away=moment)


def _leave(registers: Registers, written: WrittenDeed) -> None:
    names = {name: name for name in ("person", "zone", "from", "until", "approved_by", "travel", "excuses")}
    entry = written.entry(raw.LeaveEntry, **names)
    keys = ("person", "zone", "start", "until", "approved_by", "travel", "excuses")
    if entry is not None and not any(_agree(each.value, entry.value, keys) for each in registers.leave):
        registers.leave.append(entry)


def _return(registers: Registers, written: WrittenDeed) -> None:
    """The last leave that has begun by then ends."""
    moment, person = written.moment("at"), written.deed.values["person"]
    if moment is None:
        return
    begun = [at for at, each in enumerate(registers.leave) if each.value.person == person and each.value.start < moment]
    if not begun:
        written.fault("person", "deed_no_leave")
        return
    last = max(begun, key=lambda at: registers.leave[at].value.start)
    returned = registers.leave[last].value.returned
    if returned is None:
        registers.leave[last] = _altered(registers.leave[last], written, "at", returned=moment)
    elif returned != moment:
        written.findings.add(registers.leave[last].place("returned"), "deed_contradicted", deed=written.place())


def _removal(registers: Registers, written: WrittenDeed) -> None:
    entry = written.entry(raw.RemovalEntry, **{name: name for name in FORMS["removal"].required})
    if entry is not None and not any(each.value == entry.value for each in registers.removal):
        registers.removal.append(entry)


def _extend(registers: Registers, written: WrittenDeed) -> None:
    names = {name: name for name in (*FORMS["extend"].required, *FORMS["extend"].optional)}
    entry = written.entry(raw.AuthorityEntry, **names)
    if entry is None or any(each.value == entry.value for each in registers.authorities):
        return
    if not any(_agree(each.value, entry.value, ("person", "kind")) for each in registers.authorities):
        written.fault("person", "deed_nothing_extended", kind=entry.value.kind.value)
    registers.authorities.append(entry)


_APPLY: Final[Mapping[str, Apply]] = {
    "fit": _fit, "swap": _swap, "remove": _remove, "put_away": _put_away, "leave": _leave, "return": _return,
    "removal": _removal, "extend": _extend,
}  # fmt: skip


def _put_on(registers: Registers, written: WrittenDeed, device: str) -> None:
    """From a time on somebody wears a device, which may be new here, or come out of the cupboard."""
    entry = written.entry(raw.AssignmentRow, device=device, person="person", **{"from": "from"})
    _enter_device(registers, written, device)
    if entry is None:
        return
    at = _index(registers, entry.value.device)
    if at is not None and registers.devices[at].value.put_away is not None:
        registers.devices[at] = _altered(registers.devices[at], written, device, put_away=None)
    if not any(_agree(each.value, entry.value, ("device", "person", "start")) for each in registers.assignments):
        registers.assignments.append(entry)


def _enter_device(registers: Registers, written: WrittenDeed, device: str) -> None:
    """A device that is new comes into the register; one that is known must be the same."""
    values = written.deed.values
    if not any(values.get(name) for name in NEW_DEVICE):
        return
    if not (values.get("protocol") and values.get("identity")):
        written.fault(device, "deed_half_device")
        return
    entry = written.entry(raw.DeviceRow, device=device, **{name: name for name in NEW_DEVICE})
    if entry is None:
        return
    at = _index(registers, entry.value.device)
    if at is None:
        registers.devices.append(entry)
    elif _wire_of(registers.devices[at].value) != _wire_of(entry.value):
        written.fault(device, "deed_other_device", other=registers.devices[at].place("identity"))


def _wire_of(row: raw.DeviceRow) -> tuple[str, str]:
    return row.protocol, row.identity.lstrip("0")


def _take_off(registers: Registers, written: WrittenDeed, name: str, person: str = "") -> None:
    """At a time a device is taken off whoever wears it, or off a person."""
    moment, device = written.moment(name), written.deed.values["device"]
    if moment is None:
        return
    worn = [
        at for at, each in enumerate(registers.assignments)
        if each.value.device == device and person in ("", each.value.person) and each.value.start < moment
    ]  # fmt: skip
    if any(registers.assignments[at].value.until == moment for at in worn):
        return
    ended = (registers.assignments[at].value.until for at in worn)
    lasting = [at for at, until in zip(worn, ended, strict=True) if until is None or until > moment]
    if lasting:
        at = lasting[-1]
        registers.assignments[at] = _altered(registers.assignments[at], written, name, until=moment)
    elif worn:
        last = max(worn, key=lambda at: registers.assignments[at].value.start)
        written.findings.add(registers.assignments[last].place("until"), "deed_contradicted", deed=written.place())
    else:
        written.fault("device", "deed_unworn")


def _index(registers: Registers, device: str) -> int | None:
    return next((at for at, each in enumerate(registers.devices) if each.value.device == device), None)


def _index_of(registers: Registers, written: WrittenDeed, name: str) -> int | None:
    at = _index(registers, written.deed.values[name])
    if at is None:
        allowed = ", ".join(sorted(each.value.device for each in registers.devices))
        written.fault(name, "unknown_device", allowed=allowed)
    return at


def _altered(entry: Entry[Model], written: WrittenDeed, name: str, **values: object) -> Entry[Model]:
    """An entry, some of whose values are a deed's: they stand where its value ``name`` does, the others stay."""
    keys = [info.alias or key for key, info in type(entry.value).model_fields.items()]
    places: dict[Path, Place] = {(): entry.place()} | {(key,): entry.place(key) for key in keys}
    places |= {(key,): written.place(name) for key in values}
    document = Document(entry.document.file, values=places, table=entry.document.table)
    return Entry(document, (), entry.value.model_copy(update=values), entry.origin or entry)


def _agree(one: object, other: object, names: tuple[str, ...]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _known(known: Known, registers: Registers) -> Known:
    """With the devices and authorities that came in by deeds."""
    ids = dict(known.ids)
    more = {
        "unknown_device": {each.value.device for each in registers.devices},
        "bracelet": {each.value.person for each in registers.authorities if each.value.kind is AuthorityKind.BRACELET},
    }
    for key, names in more.items():
        declared = ids[key]
        ids[key] = None if declared is None else declared | names
    return Known(ids)
