"""Forms of the registers: which fields a deed has, what can be chosen, and which of them a refusal is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.console.words.texts import text
from gateway.control.deed_rights import DEEDS
from gateway.deeds import FORMS, NEW_DEVICE, NOW, Deed
from gateway.settings.absences import RemovalReason
from gateway.settings.model import AuthorityKind, Ground
from gateway.words.deed_words import VALUES
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.console.visitor import Visitor
    from gateway.settings.model import Configuration

MOMENTS: Final = frozenset({"from", "until", "at"})
DAYS: Final = frozenset({"wearer_informed"})
BY_DAYS: Final = frozenset({"extend"})
"""Deeds whose beginnings and ends are days."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a deed as a field.

    Attributes:
        kind: ``text``, ``moment``, ``day``, ``choice`` (of ``choices``: value, words) or ``suggested`` (any of
            ``choices``, or another).
        hint: key of a text beside it; empty: it must be filled.
    """

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


def offered(visitor: Visitor) -> list[str]:
    """Deeds that are for a visitor to do, in their order."""
    return [do for do in FORMS if visitor.roles & DEEDS.get(do, frozenset())]


def fields(do: str, configuration: Configuration, people: Iterable[str], language: str) -> list[Field]:
    """The fields of a deed's form; ``people``: whom the visitor may enter something of."""
    form, known = FORMS[do], _Known(configuration, tuple(sorted(people)), language)
    return [_field(do, name, known) for name in (*form.required, *form.optional)]


def deed_of(do: str, form: Mapping[str, str]) -> Deed:
    """What a form asks to be entered."""
    names = (*FORMS[do].required, *FORMS[do].optional)
    return Deed(form["id"], do, values={name: form[name].strip() for name in names if form.get(name, "").strip()})


def faults_of(do: str, said: str) -> tuple[dict[str, str], list[str]]:
    """A refusal as the fields that it is about, each with what is wrong; and what is about none of them."""
    names: set[str] = {*FORMS[do].required, *FORMS[do].optional}
    beside: dict[str, str] = {}
    others: list[str] = []
    for line in said.splitlines():
        name, colon, message = line.partition(": ")
        if colon and name in names:
            beside[name] = f"{beside[name]} {message}" if name in beside else message
        else:
            others.append(line)
    return beside, others


@dataclass(frozen=True, slots=True)
class _Known:
    """What can be chosen."""

    configuration: Configuration
    people: tuple[str, ...]
    language: str

    def persons(self) -> list[tuple[str, str]]:
        return [(person, "") for person in self.people]

    def devices(self) -> list[tuple[str, str]]:
        return [(device, "") for device in self.configuration.devices]

    def zones(self) -> list[tuple[str, str]]:
        return [(zone.id, zone.name) for zone in self.configuration.zones.values()]

    def kinds(self) -> list[tuple[str, str]]:
        return [(kind, text(self.language, f"kind_{kind}")) for kind in AuthorityKind]

    def grounds(self) -> list[tuple[str, str]]:
        return [(ground, text(self.language, f"ground_{ground}")) for ground in Ground]

    def reasons(self) -> list[tuple[str, str]]:
        return [(reason, text(self.language, f"reason_{reason}")) for reason in RemovalReason]

    def protocols(self) -> list[tuple[str, str]]:
        return [(name, name) for name in FAMILIES]


CHOICES: Final[Mapping[str, tuple[str, Callable[[_Known], list[tuple[str, str]]]]]] = {
    "person": ("suggested", _Known.persons), "device": ("suggested", _Known.devices),
    "to": ("suggested", _Known.devices), "zone": ("choice", _Known.zones), "kind": ("choice", _Known.kinds),
    "ground": ("choice", _Known.grounds), "reason": ("choice", _Known.reasons),
    "protocol": ("choice", _Known.protocols),
}  # fmt: skip
"""Fields of which something is chosen: how, and what."""


def _field(do: str, name: str, known: _Known) -> Field:
    kind, choices = CHOICES.get(name, (_plain(do, name), None))
    given = () if choices is None else tuple(choices(known))
    return Field(name, VALUES[name].of(known.language), kind, given, _hint(do, name))


def _plain(do: str, name: str) -> str:
    is_day = name in DAYS or (name in MOMENTS and do in BY_DAYS)
    return "day" if is_day else "moment" if name in MOMENTS else "text"


def _hint(do: str, name: str) -> str:
    if NOW.get(do) == name:
        return "registers_now"
    if name in NEW_DEVICE:
        return "registers_new_device"
    return "registers_optional" if name in FORMS[do].optional else ""
