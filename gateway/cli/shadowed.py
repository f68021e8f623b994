"""A comparison with another system, from its file and what is stored here to the files that are asked for."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import track

from gateway.cli.county import stored
from gateway.cli.disclosure import caller_for, put, storage_for
from gateway.cli.imported import zone_of
from gateway.cli.looking import enter, signed
from gateway.cli.looks import moment_of
from gateway.control.audit import LONGEST_PURPOSE
from gateway.control.messages import Request
from gateway.control.rights import check_right
from gateway.errors import UserFault
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.gather import Source
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.replay.shadow import by_day, by_kind, by_person, capped, closed, matched, ours_of
from gateway.replay.shadow_known import Knowledge
from gateway.replay.their_alarms import own_names, read_kinds, read_theirs
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import phrase
from gateway.words.shadow_page import json_of, page_of
from gateway.words.shadow_words import FILES, line_of
from gateway.words.shadows import Load, Shadow, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gateway.control.rights import Caller
    from gateway.engine import Episode
    from gateway.replay.shadow import Matched
    from gateway.replay.their_alarms import TheirFile
    from gateway.settings.model import Configuration
    from gateway.words.shadows import Missing, Theirs
    from gateway.words.texts import Text

FORMS: Final = {".html": page_of, ".json": json_of}
WHAT: Final = "shadow"
"""As the audit log calls it."""
DAY: Final = 86_400.0
SAID: Final = 20
"""Lines with faults that are named at once; the files have all."""
OUTAGE: Final = "mass_outage"
QUIET: Final = "info"
"""The severity that calls nobody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed; ``within``: seconds, the others as the options of ``shadow``."""

    file: Path
    since: str
    until: str
    outputs: tuple[Path, ...]
    document: str
    kinds: Path | None
    times_in: str
    within: float
    operators: int
    by: str


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell whoever asked: lines of their file that were not counted, and what was written."""

    faults: list[Text]
    written: list[Text]


def compare(configuration: Configuration, asked: Asked) -> Told:
    """Compare, write down who looked at whom, and write the files.

    Raises:
        UserFault: it may not be asked for by this caller, or something that was typed or stands in a file cannot be so.
        TransientFault, OurFault: something cannot be read or written.
    """
    check(asked.document, asked.outputs)
    storage = storage_for(configuration)
    caller = caller_of_all(configuration, asked.by)
    shadow = _compared(configuration, storage, asked, caller.number)
    note_looks(configuration, caller, asked.document, (one.theirs.person for one in shadow.only_theirs))
    for path in asked.outputs:
        put(path, FORMS[path.suffix](shadow).encode())
    theirs = sum(one.only_theirs for one in shadow.by_kind)
    figures = {"both": len(shadow.both), "theirs": theirs, "ours": len(shadow.only_ours)}
    faults = [line_of(shadow.file, one) for one in shadow.refused[:SAID]]
    faults += [FILES["shadow_faults"].filled(count=len(shadow.refused))] if shadow.refused else []
    return Told(faults, [FILES["shadow_written"].filled(path=path, **figures) for path in asked.outputs])


def check(document: str, outputs: Sequence[Path]) -> None:
    """Whether the options can be so; what takes long comes after it.

    Raises:
        UserFault: no document, or a file that cannot be written so.
    """
    if not document:
        raise UserFault(phrase("evidence_words", option="--document"))
    for path in outputs:
        if path.suffix not in FORMS:
            raise UserFault(FILES["shadow_form"].filled(path=path))
        if path.exists():
            raise UserFault(phrase("evidence_exists", path=path))


def caller_of_all(configuration: Configuration, by: str) -> Caller:
    """Who asks: of the whole county, for whom why an alarm stood is there.

    Raises:
        UserFault: no role of his is enough, or he sees the people of an office alone.
    """
    caller = check_right(caller_for(configuration, by), Request(WHAT))
    if caller.within is not None:
        raise UserFault(FILES["shadow_office"].filled(number=caller.number, office=caller.within or "-"))
    return caller


@dataclass(frozen=True, slots=True)
class _Read:
    """What is compared: since <= t < until, their file, and ours. ``stands``: kinds of ours that theirs has."""

    since: float
    until: float
    file: TheirFile
    stands: frozenset[str]
    episodes: list[Episode]

    def is_in(self, time: float) -> bool:
        return self.since <= time < self.until


def _read(configuration: Configuration, asked: Asked) -> _Read:
    zone = ZoneInfo(configuration.county.timezone)
    since, until = moment_of("--since", asked.since, zone), moment_of("--until", asked.until, zone)
    if until <= since:
        raise UserFault(FILES["shadow_time"])
    mapped = {} if asked.kinds is None else read_kinds(asked.kinds)
    file = read_theirs(asked.file, configuration, own_names() | mapped, zone_of(asked.times_in))
    stands = [*(one.kinds for one in file.alarms), *mapped.values()]
    with stored(configuration) as store:
        episodes = store.episodes(unresolved=False)
    return _Read(since, until, file, frozenset(kind for kinds in stands for kind in kinds), episodes)


def _compared(configuration: Configuration, storage: Path, asked: Asked, number: str) -> Shadow:
    read, why = _read(configuration, asked), withheld(configuration, time.time())
    theirs = [one for one in read.file.alarms if one.kinds]
    ours = ours_of(read.episodes)
    found = matched(
        [one for one in theirs if one.person not in why], [one for one in ours if one.person not in why], asked.within
    ).during(read.since, read.until)
    hidden = [one.person for one in theirs if read.is_in(one.since)]
    hidden += [one.person for one in ours if read.is_in(one.onset)]
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        knowledge = _knowledge(configuration, storage, journal, read.episodes, asked.within)
        listed, outages = capped(found.only_theirs, [one for one in ours if one.kind == OUTAGE], asked.within)
        missing = _known(knowledge, listed)
    kinds, inside = by_kind(found), [one for one in read.file.alarms if read.is_in(one.since)]
    return Shadow(
        file=str(asked.file), document=asked.document, by=number, timezone=configuration.county.timezone,
        since=read.since, until=read.until, within_s=asked.within, begins=knowledge.begins,
        outside=len(read.file.alarms) - len(inside), passed=sum(not one.kinds for one in inside),
        refused=read.file.refused, withheld=dict(Counter(why[person] for person in hidden if person in why)),
        covered=share(len(found.both) + len(found.theirs_again), found.theirs),
        known=share(len(found.both) + len(found.ours_again), len(found.ours)),
        load=_load(found, (read.until - read.since) / DAY, asked.operators), by_kind=kinds, by_person=by_person(found),
        by_day=by_day(found, knowledge.zone), closed=closed(found),
        unheard=[one.name for one in kinds if one.name not in read.stands],
        both=found.both, only_theirs=missing, only_ours=found.only_ours, outages=outages,
    )  # fmt: skip


def withheld(configuration: Configuration, now: float) -> dict[str, str]:
    """People of whom no alarm is counted or shown, and why: minors, protected ones, and whose term is over."""
    found: dict[str, str] = {}
    for one in configuration.people.values():
        reasons = {"protected": one.protected, "minor": one.minor, "over": now >= one.term_until}
        if why := next((why for why, is_so in reasons.items() if is_so), ""):
            found[one.person] = why
    return found


def _knowledge(
    configuration: Configuration, storage: Path, journal: FileJournal, episodes: Sequence[Episode], within: float
) -> Knowledge:  # fmt: skip
    policies = StoredPolicies(storage / "journal")
    held: defaultdict[str, list[Episode]] = defaultdict(list)
    for one in episodes:
        held[one.person].append(one)
    first = next((float(batch.received[0]) for _, batch in journal.read(journal.begins)), None)
    now = time.time()
    return Knowledge(
        HistoryReader(storage / "history"), Source(journal, policies, TowerShelf(TowerVersions(storage))),
        digest_at(journal, journal.next_offset), first,
        {one.person for one in configuration.authorities if one.start <= now < one.until}, held,
        ZoneInfo(configuration.county.timezone), within,
    )  # fmt: skip


def _known(knowledge: Knowledge, theirs: Sequence[Theirs]) -> list[Missing]:
    """Each with what was known; a bar where somebody waits."""
    console = Console(stderr=True)
    return [knowledge.of(one) for one in track(theirs, WHAT, console=console, disable=not console.is_terminal)]


def _load(found: Matched, days: float, operators: int) -> Load:
    info = sum(one.severity == QUIET for one in found.ours)
    return Load(days, operators, found.theirs, len(found.ours) - info, info)


def note_looks(configuration: Configuration, caller: Caller, document: str, people: Iterable[str]) -> None:
    """An entry of the audit log for the whole, and one for each person of whom is told what was known; before it is.

    Raises:
        TransientFault, OurFault: it cannot be written, and nothing may be shown.
    """
    purpose = document[:LONGEST_PURPOSE]
    enter(
        configuration,
        [signed(caller, WHAT, person=person, purpose=purpose) for person in ["", *sorted({*people} - {""})]],
    )
