"""Another system's positions compared with ours, from its file and what is stored here to the files asked for."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from gateway.cli.county import stored
from gateway.cli.disclosure import put, storage_for
from gateway.cli.imported import zone_of
from gateway.cli.looks import moment_of
from gateway.cli.shadowed import SAID, Told, caller_of_all, check, note_looks, withheld
from gateway.errors import UserFault
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.replay.shadow import WITHIN, by_kind, matched, ours_of
from gateway.replay.shadow_fixes import Beside, is_by_place, would_have
from gateway.replay.their_fixes import read_their_fixes
from gateway.settings.fix_mapping import FixMapping, read_mapping
from gateway.words.fix_shadow_page import fixes_json_of, fixes_page_of
from gateway.words.fix_shadows import FixShadow
from gateway.words.phrases import LANGUAGE
from gateway.words.shadow_words import FILES, line_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gateway.engine import Policy
    from gateway.replay.their_fixes import TheirFix
    from gateway.settings.model import Configuration

FORMS: Final = {".html": fixes_page_of, ".json": fixes_json_of}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as the options of ``shadow-fixes``."""

    file: Path
    since: str
    until: str
    outputs: tuple[Path, ...]
    document: str
    mapping: Path | None
    times_in: str
    by: str


def compare_fixes(configuration: Configuration, asked: Asked) -> Told:
    """Compare, write down who looked at whom, and write the files.

    Raises:
        UserFault: it may not be asked for by this caller, or something that was typed or stands in a file cannot be so.
        TransientFault, OurFault: something cannot be read or written.
    """
    check(asked.document, asked.outputs)
    storage = storage_for(configuration)
    caller = caller_of_all(configuration, asked.by)
    shadow, people = _compared(configuration, storage, asked, caller.number)
    note_looks(configuration, caller, asked.document, people)
    for path in asked.outputs:
        put(path, FORMS[path.suffix](shadow).encode())
    figures = {"both": len(shadow.both), "theirs": len(shadow.only_theirs), "ours": len(shadow.only_ours)}
    faults = [line_of(shadow.file, one) for one in shadow.refused[:SAID]]
    faults += [FILES["shadow_faults"].filled(count=len(shadow.refused))] if shadow.refused else []
    return Told(faults, [FILES["shadow_written"].filled(path=path, **figures) for path in asked.outputs])


def _compared(
    configuration: Configuration, storage: Path, asked: Asked, number: str
) -> tuple[FixShadow, set[str]]:  # fmt: skip
    """The comparison, and whose past was looked at."""
    zone = ZoneInfo(configuration.county.timezone)
    since, until = moment_of("--since", asked.since, zone), moment_of("--until", asked.until, zone)
    if until <= since:
        raise UserFault(FILES["shadow_time"])
    mapping = FixMapping() if asked.mapping is None else read_mapping(asked.mapping, LANGUAGE.get())
    file = read_their_fixes(asked.file, configuration, mapping, zone_of(asked.times_in or mapping.time_zone or ""))
    inside = [one for one in file.fixes if since <= one.fix.time < until]
    policies = StoredPolicies(storage / "journal")
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        policy = policies(digest_at(journal, journal.next_offset))
    why = withheld(configuration, time.time())
    open_ones = [one for one in inside if one.person not in why]
    fixes = _lawful(configuration, policy, open_ones)
    beside = Beside(HistoryReader(storage / "history"), policies, policy, zone)
    by_day, by_person = beside.apart(fixes, since, until)
    people = {one.person for one in fixes}
    with stored(configuration) as store:
        ours = ours_of(one for one in store.episodes(unresolved=False) if is_by_place(one) and one.person in people)
    found = matched(would_have(fixes, policy), ours, WITHIN).during(since, until)
    return FixShadow(
        file=str(asked.file), document=asked.document, by=number, timezone=configuration.county.timezone, since=since,
        until=until, fixes=len(fixes), outside=len(file.fixes) - len(inside), unlawful=len(open_ones) - len(fixes),
        withheld=_counted(inside, why), refused=file.refused, by_day=by_day, by_person=by_person,
        by_kind=by_kind(found), both=found.both, only_theirs=[*found.theirs_again, *found.only_theirs],
        only_ours=[*found.ours_again, *found.only_ours],
    ), people  # fmt: skip


def _counted(inside: Sequence[TheirFix], why: Mapping[str, str]) -> dict[str, int]:
    return dict(Counter(why[one.person] for one in inside if one.person in why))


def _lawful(configuration: Configuration, policy: Policy, fixes: Sequence[TheirFix]) -> list[TheirFix]:
    """Those of times that an authority covered, of people whom one covers now."""
    now = time.time()
    covered = {one.person for one in configuration.authorities if one.start <= now < one.until}
    known = [one for one in fixes if one.person in covered and one.device in policy.device_index]
    if not known:
        return []
    times = np.array([one.fix.time for one in known])
    wearing = policy.wearing_at(np.array([policy.device_index[one.device] for one in known], np.int64), times)
    return [one for one, is_so in zip(known, policy.lawful(wearing, times).tolist(), strict=True) if is_so]
