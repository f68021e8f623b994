"""Any sheet of the office for paper: its lines as they stand, what was added, corrected, ticked and struck, by whom."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from gateway.papers.forms import FORMS
from gateway.papers.paper import digest_of
from gateway.words import paper_names as words
from gateway.words import printed_words as said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gateway.papers.paper import Entry, Mark, Paper
    from gateway.printed.sheet import Facts, Making, Part, Sheet, Table
    from gateway.words.texts import Text


def paper_sheet(paper: Paper, making: Making, unnamed: Collection[str] = ()) -> Sheet:
    """The document; whoever has not signed has a line to sign on. Of people ``unnamed`` no number is printed."""
    entries = sorted(paper.entries, key=lambda one: _first(paper, one))
    parts: list[Part] = [_about(paper, making)]
    parts += [
        _section(section, list(held), making, unnamed, words.ticked_as(paper.form))
        for section, held in groupby(entries, key=lambda one: one.line.section)
    ]
    left = len(FORMS[paper.form].signers) - len(paper.signatures)
    parts.append(_signatures(paper, making))
    subject = f"{paper.office or making.say(words.WHOLE)} {making.words.day(paper.until)}"
    return making.sheet(words.form_name(paper.form), subject, words.LEAD, parts, [words.SIGNER] * left)


def _first(paper: Paper, entry: Entry) -> int:
    """Sections stand in the order of their first lines."""
    return next(at for at, one in enumerate(paper.entries) if one.line.section == entry.line.section)


def _about(paper: Paper, making: Making) -> Facts:
    frozen = making.stamp(paper.frozen) if paper.frozen else making.say(words.NOT_YET)
    return making.facts(words.SHEET, [
        (words.ID, paper.id), (said.OFFICE, paper.office or making.say(words.WHOLE)),
        (said.SINCE, making.stamp(paper.since)), (said.UNTIL, making.stamp(paper.until)),
        (words.MADE, making.say(words.BY_AT, by=paper.made.by, at=making.stamp(paper.made.at))),
        (words.FROZEN, frozen), (words.HASH, paper.digest or digest_of(paper)),
    ])  # fmt: skip


def _section(section: str, entries: Sequence[Entry], making: Making, unnamed: Collection[str], ticked: Text) -> Table:
    rows = [_row(number, one, making, unnamed, ticked) for number, one in enumerate(entries, start=1)]
    heads = [said.NUMBER, words.ABOUT, words.SAYS, said.SINCE, words.DUE, words.LAST, words.OWNER, words.MARKS]
    return making.table(words.section_name(section), heads, rows)


def _row(number: int, entry: Entry, making: Making, unnamed: Collection[str], ticked: Text) -> list[str]:
    line, language = entry.line, making.language
    last = (
        ""
        if line.last is None
        else f"{line.last[0] if language == 'zh' else line.last[1]} {_short(line.last[2], making)}"
    )
    whom = making.say(words.UNNAMED) if line.person in unnamed else line.person or line.device
    return [
        str(number), whom, line.zh if language == "zh" else line.en, _short(line.since, making),
        _short(line.due, making), last, line.owner, "；".join(_marks(entry, making, ticked)),
    ]  # fmt: skip


def _short(at: float, making: Making) -> str:
    return making.words.clock(at) if at else ""


def _marks(entry: Entry, making: Making, ticked: Text) -> Iterator[str]:
    for text, mark in (
        (words.ADDED, entry.added), (words.CORRECTED, entry.corrected), (ticked, entry.ticked),
        (words.STRUCK, entry.struck),
    ):  # fmt: skip
        if mark is not None:
            was = " / ".join(one.zh if making.language == "zh" else one.en for one in entry.was)
            yield making.say(text, by=mark.by, at=_short(mark.at, making), note=_note(mark, making), was=was)


def _note(mark: Mark, making: Making) -> str:
    colon = "：" if making.language == "zh" else ": "
    return colon + mark.note if mark.note else ""


def _signatures(paper: Paper, making: Making) -> Table:
    """Those that hold, and those that were made void and why."""
    held = [(one.at, making.say(words.SIGNED, by=one.by)) for one in paper.signatures]
    for signatures, reopened in paper.voided:
        held += [(one.at, making.say(words.SIGNED, by=one.by)) for one in signatures]
        held.append((reopened.at, making.say(words.VOIDED, by=reopened.by, note=_note(reopened, making))))
    rows = [[making.stamp(at), text] for at, text in sorted(held)]
    return making.table(words.SIGNATURES, [said.TIME, said.RECORD_LINE], rows)
