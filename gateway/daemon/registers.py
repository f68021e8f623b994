"""Deeds on the registers: checked with the files they stand above, journaled, and in force before they are answered.

A DEED entry is followed by the CONFIGURATION that puts it in force; nothing but the marks of a start comes between the
two. A crash there is made up for at the next start, out of the journal.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from gateway.control.deed_rights import check_deed, is_shown
from gateway.control.messages import Reply
from gateway.daemon.beside import beside
from gateway.decoded import from_json
from gateway.deeds import NOW, Deed, deeds_of, text_of
from gateway.errors import UserFault
from gateway.journal.controls import printable
from gateway.journal.entries import EntryKind
from gateway.settings.deed_places import field_of, label_of
from gateway.settings.faults import ConfigurationRefused, Place
from gateway.settings.files import OVERLAY
from gateway.settings.law import reviews
from gateway.settings.registers import Composer, are_equal, deeds_in, taken_over
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.daemon.swap import Swap
    from gateway.journal.contract import Journal
    from gateway.ports import Tell
    from gateway.settings.faults import Fault
    from gateway.settings.model import Configuration

MOST: Final = 1000
"""Deeds that stand above the files; beyond, they are to be written back first."""
LONGEST: Final = 500
"""Characters of a value of a deed."""
PASSED: Final = frozenset({
    EntryKind.START, EntryKind.STOP, EntryKind.SKIPPED, EntryKind.CLOCK, EntryKind.AUDIT,
    EntryKind.PAPER,
})  # fmt: skip
"""What may stand behind a deed that no configuration has put in force yet."""
_IDENTITY: Final = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


def standing(given: Configuration, journal: Journal, digest: str) -> Configuration:
    """The configuration of a start: the files as they were read, and above them what was done at the desk.

    Args:
        given: as read from the files, with what a copy of the deeds said.
        journal: has the deeds: in the texts of the configuration that was in force last, and behind it.
        digest: of that configuration; empty: there was none.

    Raises:
        ConfigurationRefused: the files contradict a deed.
        OurFault: the journal cannot be read.
    """
    undone = _not_in_force(journal)
    if given.digest == digest and not undone:
        return given  # as it ran last: it was decided then what of the deeds is needed
    deeds = [*(deeds_of(journal.configuration(digest).get(OVERLAY, "")) if digest else []), *undone]
    composer = Composer()
    whole = given if deeds == deeds_in(given) else composer.with_deeds(given, deeds)
    return _without_need(whole, composer) if deeds else whole


def _not_in_force(journal: Journal) -> list[Deed]:
    """Deeds at the journal's very end that no configuration follows: the process ended in between."""
    found: list[Deed] = []
    for batch in journal.backwards(journal.next_offset):
        for index in reversed(range(len(batch))):
            kind = EntryKind(int(batch.kind[index]))
            if kind is EntryKind.DEED:
                found.insert(0, from_json(batch.bytes_of(index), Deed))
            elif kind not in PASSED:
                return found
    return found


def _without_need(whole: Configuration, composer: Composer) -> Configuration:
    """Without its deeds, where the files say all of it by themselves."""
    try:
        alone = composer.with_deeds(whole, [])
    except ConfigurationRefused:
        return whole
    return alone if are_equal(alone, whole) else whole


@dataclass(slots=True)
class RegisterDesk:
    """Where deeds come in, one at a time.

    Attributes:
        files: reads the county's files anew, without what was done at the desk; None: they are nowhere.
    """

    swap: Swap
    tell: Tell
    files: Callable[[], Configuration] | None = None
    _composer: Composer = field(default_factory=Composer)

    @property
    def running(self) -> Configuration:
        """In force now."""
        return self.swap.in_force.configuration

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"register": self._register, "registers": self._listed, "written_back": self._written_back}

    async def _register(self, request: Request, caller: Caller) -> Reply:
        """Whoever goes meanwhile, what was begun is carried through."""
        if request.deed is None:
            raise UserFault(phrase("deed_empty"))
        zone = ZoneInfo(self.running.county.timezone)
        deed = _stamped(request.deed, caller, self.swap.pipeline.intake.now(), zone)
        return await asyncio.shield(self._done(deed, caller, request.language or None))

    async def _listed(self, request: Request, caller: Caller) -> Reply:
        """Deeds that are not written back yet, the oldest first."""
        del request
        running = self.running
        shown = [one for one in deeds_in(running) if is_shown(caller, one, running)]
        return Reply(ok=True, data={"deeds": msgspec.to_builtins(shown)})

    async def _done(self, deed: Deed, caller: Caller, language: str | None) -> Reply:
        async with self.swap.one:
            running = self.running
            check_deed(caller, deed, running, deed.at)
            deeds = deeds_in(running)
            if any(each.id == deed.id for each in deeds):
                return Reply(ok=True, data={"done": "repeated"})
            if len(deeds) >= MOST:
                raise UserFault(phrase("deeds_many", most=MOST))
            wanted = await beside(self._checked, running, [*deeds, deed], language)
            if are_equal(wanted, running):
                raise UserFault(phrase("deed_nothing"))
            await self.swap.put(wanted, (EntryKind.DEED, deed))
        self.tell("deed", deed.do, do=deed.do)
        said = {"done": "done", "deed": label_of(deed, ZoneInfo(running.county.timezone))}
        return Reply(ok=True, data=said | _reviews(running, wanted))

    async def _written_back(self, request: Request, caller: Caller) -> Reply:
        """The files say now what the first ``request.count`` deeds did: those need not stand above them any more."""
        del caller
        if self.files is None:
            raise UserFault(phrase("files_nowhere"))
        async with self.swap.one:
            running = self.running
            rest = deeds_in(running)[request.count :]
            wanted = await beside(self._by_files, running, self.files, rest, request.language or None)
            if wanted.digest != running.digest:
                await self.swap.put(wanted)
        return Reply(ok=True, data={"deeds": len(rest)})

    def _checked(self, running: Configuration, deeds: list[Deed], language: str | None) -> Configuration:
        """With these deeds; the last one's faults are named by its values."""
        try:
            return self._composer.with_deeds(running, deeds, language)
        except ConfigurationRefused as refused:
            raise UserFault("\n".join(_worded(fault, text_of(deeds)) for fault in refused.faults)) from refused

    def _by_files(
        self, running: Configuration, files: Callable[[], Configuration], rest: list[Deed], language: str | None
    ) -> Configuration:
        """What runs, by the files as they are now and these deeds alone.

        Raises:
            UserFault: they say something else than what runs; that takes a restart.
        """
        from gateway.settings.load import load_sources  # noqa: PLC0415  what is recalled at a start is not read

        wanted = self._checked(taken_over(running, files()), rest, language)
        told, before = load_sources(wanted.sources), load_sources(running.sources)
        if replace(told, sources={}, digest="") != replace(before, sources={}, digest=""):
            raise UserFault(phrase("files_differ"))
        return wanted


def _stamped(deed: Deed, caller: Caller, now: float, zone: ZoneInfo) -> Deed:
    """As it is journaled: done by whoever asks, now, in one line of what can be seen."""
    if not _IDENTITY.fullmatch(deed.id):
        raise UserFault(phrase("deed_id", value=deed.id[:64]))
    values = {" ".join(printable(key).split()): " ".join(printable(text).split()) for key, text in deed.values.items()}
    for key, text in values.items():
        if len(text) > LONGEST:
            raise UserFault(phrase("argument_long", name=key, count=len(text), most=LONGEST))
    given = {key: text for key, text in values.items() if text}
    if (name := NOW.get(deed.do)) is not None:
        given.setdefault(name, f"{datetime.fromtimestamp(now, zone):%Y-%m-%d %H:%M:%S}")
    return msgspec.structs.replace(deed, by=caller.number, account=caller.account, at=now, values=given)


def _worded(fault: Fault, text: str) -> str:
    """A fault of the last deed by its value, any other one by its place."""
    if not fault.file.startswith(OVERLAY) or fault.line != text.count("\n") - 1:
        return str(fault)
    name = field_of(text, Place(fault.file, fault.line, fault.column))
    return f"{name}: {fault.message}" if name else fault.message


def _reviews(before: Configuration, after: Configuration) -> dict[str, list[str]]:
    """Of an extension: the days by which somebody has to ask again whether it is still necessary."""
    zone = ZoneInfo(after.county.timezone)
    days = [reviews(each, zone) for each in after.authorities if each not in before.authorities]
    return {"reviews": [day.isoformat() for each in days for day in each]} if days else {}
