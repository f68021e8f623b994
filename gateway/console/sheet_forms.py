"""What somebody typed on the page of a sheet, as the act that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.console.act_forms import moment_of
from gateway.console.words.sheets import SHEETS
from gateway.errors import UserFault
from gateway.journal.controls import PaperAct, PaperLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from gateway.papers.paper import Paper

WRITTEN: Final = "%Y-%m-%d %H:%M"
"""How moments are written, in every language."""
ADDED: Final = "added"
"""The heading of lines that belong under no other."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A form, and what it is read by: the sheet as it stands, the visitor's language, the county's zone and time."""

    form: Mapping[str, str]
    paper: Paper
    language: str
    zone: ZoneInfo
    now: float

    def of(self, name: str) -> str:
        """What stands in a field, without outer blanks; empty: nothing."""
        return self.form.get(name, "").strip()


def act_of(typed: Typed) -> PaperAct:
    """The act that a form asks for; it follows the revision that the page was made of.

    Raises:
        UserFault: it is none, or a field is not as it has to be; the text says what to write.
    """
    do, seen = typed.of("do"), typed.of("revision")
    if do not in DOINGS or not seen.isdecimal():
        raise UserFault(SHEETS["sheet_form_unknown"])
    act = PaperAct(typed.paper.id, do, int(seen) + 1, "", note=typed.of("note"))
    return DOINGS[do](typed, act)


def written(at: float, zone: ZoneInfo) -> str:
    """A moment as a form has it; empty: at no time."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):{WRITTEN}}" if at else ""


def moment(text: str, now: float, zone: ZoneInfo) -> float:
    """What is written as :data:`WRITTEN`, or as ``HH:MM`` that comes next; 0: nothing is.

    Raises:
        UserFault: that is no moment.
    """
    if not text:
        return 0.0
    try:
        return datetime.strptime(text, WRITTEN).replace(tzinfo=zone).timestamp()
    except ValueError:
        pass
    try:
        return moment_of(text, now, zone)
    except UserFault as fault:
        raise UserFault(SHEETS["sheet_moment_wrong"]) from fault


def _added(typed: Typed, act: PaperAct) -> PaperAct:
    said = typed.of("said")
    if not said:
        raise UserFault(SHEETS["sheet_said_missing"])
    line = PaperLine(
        f"own-{typed.of('id')[:12]}", typed.of("section") or ADDED, typed.of("person"), zh=said, en=said,
        due=_moment_of(typed), owner=typed.of("owner"),
    )  # fmt: skip
    return msgspec.structs.replace(act, lines=(line,))


def _corrected(typed: Typed, act: PaperAct) -> PaperAct:
    """What was not touched stays as it is, in both languages."""
    line = _line_of(typed)
    said = typed.of("said")
    if not said:
        raise UserFault(SHEETS["sheet_said_missing"])
    due = line.due if typed.of("due") == written(line.due, typed.zone) else _moment_of(typed)
    same = said == (line.zh if typed.language == "zh" else line.en)
    both = {} if same else {"zh": said, "en": said}
    return msgspec.structs.replace(
        act, lines=(msgspec.structs.replace(line, due=due, owner=typed.of("owner"), **both),)
    )  # fmt: skip


def _moment_of(typed: Typed) -> float:
    return moment(typed.of("due"), typed.now, typed.zone)


def _line_of(typed: Typed) -> PaperLine:
    found = next((one.line for one in typed.paper.entries if one.line.key == typed.of("key")), None)
    if found is None:
        raise UserFault(SHEETS["sheet_form_unknown"])
    return found


def _marked(typed: Typed, act: PaperAct) -> PaperAct:
    return msgspec.structs.replace(act, key=typed.of("key"))


def _signed(typed: Typed, act: PaperAct) -> PaperAct:
    return msgspec.structs.replace(act, digest=typed.of("digest"))


def _plain(typed: Typed, act: PaperAct) -> PaperAct:
    del typed
    return act


DOINGS: Final[Mapping[str, Callable[[Typed, PaperAct], PaperAct]]] = {
    "add": _added, "correct": _corrected, "strike": _marked, "tick": _marked, "sign": _signed, "reopen": _plain,
}  # fmt: skip
"""What the forms of the page ask for."""
