"""An alarm's evidence as data: all that ``verify.py`` shows and checks, put together."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fencing.plane import LocalPlane
from gateway.evidence.entries import Shown, chain_of, entries_of
from gateway.evidence.sealed import sealed
from gateway.evidence.tables import LANGUAGES, Tables, pair
from gateway.evidence.verify import RAW, clock
from gateway.journal import FileJournal
from gateway.words.evidence_words import CHECK, LEAD, MARK, OTHERS, PURPOSES, TABLES, TITLE, TO
from gateway.words.explain_picture import picture
from gateway.words.track_page import DRAWING_STYLE, drawing, legend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.evidence.gathered import Gathered
    from gateway.evidence.tables import Handing
    from gateway.evidence.verify import Data
    from gateway.journal import Proof


def evidence(storage: Path, one: Gathered, handing: Handing, digest: str) -> Data:
    """The data of an evidence; the same of the same.

    Args:
        storage: the gateway's storage directory.
        one: what was gathered of the alarm.
        handing: for whom.
        digest: ``sha256`` or ``sm3``.

    Raises:
        UserFault: entries of it are gone, or of an older format.
        OurFault: a file cannot be read, or is not what was written.
    """
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        how = Shown(lambda proof: _is_withheld(one, proof), journal.erased().get)
        entries = entries_of(journal, one.offsets, how)
        chain = chain_of(journal, one.offsets, one.at)
    shown = {entry["offset"]: entry for entry in entries if "leaf" not in entry}
    offset_s = _offset(one)
    tables = Tables(one, handing, shown, offset_s)
    return sealed({
        "digest": digest, "offset_s": offset_s, "title": pair(TITLE.filled(alarm=one.episode.id[:8])),
        "mark": [_mark(handing, language, clock(one.at, offset_s)) for language in LANGUAGES],
        "notes": [said for text in (LEAD, CHECK, OTHERS) for said in pair(text)],
        "tables": tables.all(), "pictures": list(_pictures(one, tables)), "entries": entries, "chain": chain,
    })  # fmt: skip


def _mark(handing: Handing, language: str, at: str) -> str:
    return MARK.of(language).format(
        to=TO[handing.to].of(language), purpose=PURPOSES[handing.purpose].of(language), document=handing.document,
        by=handing.by, approved_by=handing.approved_by, at=at,
    )  # fmt: skip


def _is_withheld(one: Gathered, proof: Proof) -> bool:
    if proof.kind in RAW:
        return proof.offset in one.mixed
    return bool(one.others.named_in(proof.payload.decode(errors="replace")))


def _offset(one: Gathered) -> int:
    """Of the county's time from UTC when the alarm was decided, seconds."""
    zone = ZoneInfo(one.policy.configuration.county.timezone)
    ahead = datetime.fromtimestamp(one.episode.decided, UTC).astimezone(zone).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())


def _pictures(one: Gathered, tables: Tables) -> Iterator[Data]:
    configuration = one.policy.configuration
    if one.past.fixes:
        drawn = drawing(tables.tracks()["zh"], configuration, LocalPlane(*configuration.county.centre))
        signs = "".join(f"<p>{legend(language)}</p>" for language in LANGUAGES)
        svg = f"<style>{DRAWING_STYLE}.map{{width:800px}}</style>{signs}{drawn}"
        yield {"id": "map", "title": pair(TABLES["map"]), "svg": svg}
    for each in one.explained[:1]:
        for language in LANGUAGES:
            name = f"curve_{language}"
            svg = one.others.without(picture(each, tables.said(language)))
            yield {"id": name, "title": pair(TABLES[name]), "svg": svg}
