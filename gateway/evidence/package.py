"""A package for one case: statement, records, leave, evidence, acts and looks of one person in one time, with sums.

``SHA256SUMS`` is what ``sha256sum -c`` reads; ``manifest.json`` says the same for programs. Each page says for whom it
is, what for, by which document, who made and who approved it. The same case and data make the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from gateway.clock import iso
from gateway.engine import place_hidden
from gateway.errors import UserFault
from gateway.evidence.gathered import gathered, last_change
from gateway.evidence.made import evidence
from gateway.evidence.others import Others
from gateway.evidence.sealed import file_of
from gateway.evidence.stated import LONGEST, stated
from gateway.evidence.tables import Handing
from gateway.journal.audit import audited, row_of
from gateway.journal.controls import Sought
from gateway.printed.alarm_record import alarm_record
from gateway.printed.case_sheets import acts_sheet, audit_sheet, cover
from gateway.printed.leave_slip import leave_slip, leaves_of
from gateway.printed.page import page_of
from gateway.printed.sheet import Making
from gateway.printed.track_statement import track_statement
from gateway.store.state_db import StateStore
from gateway.text import text_of
from gateway.words.audit_list import stamped
from gateway.words.evidence_words import CASE_TO, MARK, PURPOSES
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gateway.engine import Episode, NoticeRecord
    from gateway.printed.case_sheets import Case
    from gateway.printed.sheet import Sheet
    from gateway.settings.model import Configuration

FORMAT: Final = 1
"""Of the manifest."""
MOST_ALARMS: Final = 200
DAY: Final = 86_400.0
SUMS, MANIFEST, COVER = "SHA256SUMS", "manifest.json", "cover.html"
PROCURATORATE: Final = "procuratorate"
"""Who reads who looked, too, and no places unless they are asked for."""
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive: no clock makes a difference."""


class Package(NamedTuple):
    """An archive: its bytes, the SHA-256 of its SHA256SUMS, and how many files and alarms are in it."""

    octets: bytes
    digest: str
    files: int
    alarms: int


def check_times(since: float, until: float) -> None:
    """Whether one case may cover a time.

    Raises:
        UserFault: it is too long.
    """
    if until - since > LONGEST:
        raise UserFault(phrase("disclose_long", most=int(LONGEST / DAY)))


def package(storage: Path, configuration: Configuration, case: Case, language: str) -> Package:
    """Make one, reading alone: a gateway may write beside it.

    Args:
        storage: the gateway's storage directory.
        configuration: in force.
        case: what it is for; that it may be handed over has been checked.
        language: of its pages, ``zh`` or ``en``; evidence is in both.

    Raises:
        UserFault: too many alarms, or one of them has changed since ``case.at``.
        TransientFault, OurFault: something cannot be read, or is not what was written.
    """
    making = Making(configuration.county, language, case.by, case.at, _mark(configuration, case, language))
    episodes, notices = _alarms(storage, configuration, case)
    files = dict(_sheets(storage, configuration, case, making, (episodes, notices)))
    left = _add_evidence(storage, configuration, case, episodes, files) if case.places else {}
    sums = {name: sha256(octets).hexdigest() for name, octets in sorted(files.items())}
    files[COVER] = page_of(cover(case, sums, left, making)).octets
    files[MANIFEST] = _manifest(case, files, left)
    files[SUMS] = "".join(f"{sha256(octets).hexdigest()}  {name}\n" for name, octets in sorted(files.items())).encode()
    return Package(_zipped(files), sha256(files[SUMS]).hexdigest(), len(files), len(episodes))


def _mark(configuration: Configuration, case: Case, language: str) -> str:
    return MARK.of(language).format(
        to=CASE_TO[case.to].of(language), purpose=PURPOSES[case.purpose].of(language),
        document=case.document, by=case.by,
        approved_by=case.approved_by, at=stamped(case.at, Making(configuration.county, language, "", 0.0).zone),
    )  # fmt: skip


def _alarms(
    storage: Path, configuration: Configuration, case: Case
) -> tuple[list[Episode], dict[str, list[NoticeRecord]]]:
    """Alarms that stood in the time, in whose texts nobody else is named, and who was told of each."""
    others = Others(tuple(each for each in configuration.people if each != case.person))
    with closing(StateStore(storage / "state.db", read_only=True)) as store:
        found = [
            one for one in store.episodes_of(case.person)
            if one.onset < case.until and (one.ended is None or one.ended > case.since) and one.decided <= case.at
        ]  # fmt: skip
        told = {one.id: store.notices.of_alarm(one.id) for one in found}
    if len(found) > MOST_ALARMS:
        raise UserFault(phrase("disclose_many", count=len(found), most=MOST_ALARMS))
    last = max(map(last_change, found), default=case.at)
    if last > case.at:
        raise UserFault(phrase("disclose_early", at=iso(case.at), last=iso(last)))
    return [others.masked(one if case.places else place_hidden(one)) for one in found], told


def _sheets(
    storage: Path, configuration: Configuration, case: Case, making: Making,
    alarms: tuple[Sequence[Episode], Mapping[str, Sequence[NoticeRecord]]],
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """Pages by their names."""
    episodes, notices = alarms
    for one in episodes:
        sheet = alarm_record(one, notices[one.id], making, places=case.places)
        yield _page(f"alarms/{one.id[:8]}.html", sheet)
    yield _page("acts.html", acts_sheet(case.person, episodes, notices, making))
    for number, leave in enumerate(leaves_of(configuration, case.person), start=1):
        if leave.start < case.until and leave.ends > case.since:
            yield _page(f"leave/{number}.html", leave_slip(leave, configuration, making))
    if case.places:
        found = stated(storage, case.person, case.since, case.until, case.at)
        yield _page("statement.html", track_statement(found, making))
    if case.to == PROCURATORATE:
        sought = Sought(person=case.person, since=case.since, until=min(case.until, case.at))
        looks = [row_of(one) for one in audited(storage / "journal", sought)]
        yield _page("looks.html", audit_sheet(case.person, looks[::-1], making))


def _page(name: str, sheet: Sheet) -> tuple[str, bytes]:
    return name, page_of(sheet).octets


def _add_evidence(
    storage: Path, configuration: Configuration, case: Case, episodes: Sequence[Episode], files: dict[str, bytes]
) -> dict[str, str]:
    """Put the evidence of each alarm beside the files; of which there is none any more, and why in Chinese."""
    left: dict[str, str] = {}
    handing = Handing(case.to, case.purpose, case.document, case.by, case.approved_by)
    with closing(StateStore(storage / "state.db", read_only=True)) as store:
        whole = [one for one in map(store.episode, (each.id for each in episodes)) if one is not None]
    for one in whole:
        try:
            data = evidence(
                storage, gathered(storage, one, last_change(one)), handing, configuration.storage.evidence_digest
            )
        except UserFault as fault:
            left[one.id[:8]] = text_of(fault).zh
            continue
        files[f"evidence/{one.id[:8]}.zip"] = file_of(data, archive=True)
    return left


def _manifest(case: Case, files: Mapping[str, bytes], left: Mapping[str, str]) -> bytes:
    said: dict[str, Any] = {
        "format": FORMAT, "person": case.person, "since": iso(case.since), "until": iso(case.until),
        "at": iso(case.at), "to": case.to, "purpose": case.purpose, "document": case.document, "by": case.by,
        "approved_by": case.approved_by, "places": case.places, "minor": case.minor, "left_out": dict(left),
        "files": {name: sha256(octets).hexdigest() for name, octets in sorted(files.items())},
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive whose files are stored: the same bytes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, octets in sorted(files.items()):
            one = zipfile.ZipInfo(name, _FIRST_DAY)
            one.create_system, one.external_attr = 3, 0o600 << 16
            archive.writestr(one, octets)
    return out.getvalue()
