"""A sheet, and what an act makes of it. Pure: times come with the acts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.journal.controls import RENEW, PaperLine
from gateway.papers.forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.journal.controls import PaperAct


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who did something to a line: staff number, when (receive time, UTC epoch seconds), and what was typed."""

    by: str
    at: float
    note: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line as it stands on a sheet.

    Attributes:
        line: what it says now.
        was: what it said before it was corrected, oldest first.
        added: who added it; None: the gateway made it. ``corrected``, ``ticked``, ``struck``: the last to do so.
    """

    line: PaperLine
    was: tuple[PaperLine, ...] = ()
    added: Mark | None = None
    corrected: Mark | None = None
    ticked: Mark | None = None
    struck: Mark | None = None


class Paper(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sheet as it stands.

    Attributes:
        id, form, office, since, until, facts: as of the act that began it.
        revision: acts so far.
        made: who had it made.
        entries: its lines in order.
        signatures: in order; while there is any, nothing else changes.
        frozen: receive time of the last signature that its form asks for; 0: it is open.
        digest: SHA-256 of what was signed; empty: nobody has signed.
        voided: signatures that a reopening has made void, and who reopened it.
    """

    id: str
    form: str
    office: str
    since: float
    until: float
    revision: int
    made: Mark
    entries: tuple[Entry, ...] = ()
    facts: dict[str, str] = {}
    signatures: tuple[Mark, ...] = ()
    frozen: float = 0.0
    digest: str = ""
    voided: tuple[tuple[tuple[Mark, ...], Mark], ...] = ()


def digest_of(paper: Paper) -> str:
    """SHA-256 of what a signature stands under: all of a sheet but signatures and the count of acts, keys sorted."""
    said = msgspec.structs.replace(paper, revision=0, signatures=(), frozen=0.0, digest="", voided=())
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def begun(act: PaperAct, at: float) -> Paper:
    """The sheet that an act begins, received ``at``."""
    made = Mark(act.by, at, act.note)
    entries = tuple(map(Entry, act.lines))
    return Paper(act.paper, act.form, act.office, act.since, act.until, 1, made, entries, act.facts)


def changed(paper: Paper, act: PaperAct, at: float) -> Paper:
    """A sheet after an act that :func:`gateway.papers.rules.check` let pass. One that does not follow does nothing."""
    if act.revision != paper.revision + 1 or paper.frozen:
        return paper
    after = _DOING[act.do](paper, act, Mark(act.by, at, act.note))
    return msgspec.structs.replace(after, revision=act.revision)


def _added(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    return msgspec.structs.replace(paper, entries=(*paper.entries, Entry(act.lines[0], added=mark)))


def _corrected(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    line = act.lines[0]
    return _at(
        paper, line.key,
        lambda one: msgspec.structs.replace(one, line=line, was=(*one.was, one.line), corrected=mark),
    )  # fmt: skip


def _renewed(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    del mark
    lines = {line.key: line for line in act.lines}
    entries = (
        one if (line := lines.get(one.line.key, one.line)) == one.line
        else msgspec.structs.replace(one, line=line, was=(*one.was, one.line))
        for one in paper.entries
    )  # fmt: skip
    return msgspec.structs.replace(paper, entries=tuple(entries))


def _struck(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    return _at(paper, act.key, lambda one: msgspec.structs.replace(one, struck=mark))


def _ticked(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    return _at(paper, act.key, lambda one: msgspec.structs.replace(one, ticked=mark))


def _signed(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    signatures = (*paper.signatures, mark)
    frozen = mark.at if len(signatures) == len(FORMS[paper.form].signers) else 0.0
    return msgspec.structs.replace(paper, signatures=signatures, digest=act.digest, frozen=frozen)


def _reopened(paper: Paper, act: PaperAct, mark: Mark) -> Paper:
    del act
    return msgspec.structs.replace(
        paper, signatures=(), digest="", voided=(*paper.voided, (paper.signatures, mark))
    )  # fmt: skip


_DOING: Final[Mapping[str, Callable[[Paper, PaperAct, Mark], Paper]]] = {
    "add": _added, "correct": _corrected, "strike": _struck, "tick": _ticked, "sign": _signed, "reopen": _reopened,
    RENEW: _renewed,
}  # fmt: skip


def _at(paper: Paper, key: str, change: Callable[[Entry], Entry]) -> Paper:
    entries = tuple(change(one) if one.line.key == key else one for one in paper.entries)
    return msgspec.structs.replace(paper, entries=entries)
