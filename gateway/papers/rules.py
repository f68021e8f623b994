"""What may be done to a sheet, by whom; what is refused says why in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.journal.controls import RENEW
from gateway.papers.forms import FORMS
from gateway.papers.paper import digest_of
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from gateway.journal.controls import PaperAct, PaperLine
    from gateway.papers.forms import Form
    from gateway.papers.paper import Entry, Paper
    from gateway.settings.model import Role

LONGEST: Final = 500
"""Characters of a note, and of what a line says."""
LONGEST_WORD: Final = 64
"""Characters of a line's key, heading, person, alarm, device and owner."""
MOST_LINES: Final = 20_000
"""Lines of a sheet."""


def check(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    """Whether an act follows what stands on a sheet and may be done; ``roles``: of who does it, None: any.

    Raises:
        UserFault: not; the text says why.
    """
    if paper.frozen:
        raise UserFault(phrase("paper_frozen", digest=paper.digest[:16]))
    if act.revision != paper.revision + 1:
        raise UserFault(phrase("paper_changed"))
    if len(act.note) > LONGEST or any(max(len(one.zh), len(one.en)) > LONGEST for one in act.lines):
        raise UserFault(phrase("paper_long", most=LONGEST))
    if any(max(map(len, _words_of(one))) > LONGEST_WORD for one in act.lines):
        raise UserFault(phrase("paper_long", most=LONGEST_WORD))
    if paper.signatures and act.do not in {"sign", "reopen"}:
        raise UserFault(phrase("paper_signed", by=paper.signatures[-1].by))
    _CHECKS[act.do](paper, act, roles)


def _check_added(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    del roles
    line = _line_of(act)
    if any(one.line.key == line.key for one in paper.entries):
        raise UserFault(phrase("paper_line_twice", key=line.key))
    if len(paper.entries) >= MOST_LINES:
        raise UserFault(phrase("paper_full", most=MOST_LINES))


def _check_corrected(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    del roles
    _entry_of(paper, _line_of(act).key)


def _check_renewed(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    del roles
    known = {one.line.key for one in paper.entries}
    for line in act.lines:
        if line.key not in known:
            raise UserFault(phrase("paper_line_unknown", key=line.key))


def _check_marked(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    del roles
    entry = _entry_of(paper, act.key)
    if act.do == "tick" and act.note and entry.line.section in FORMS[paper.form].bare:
        raise UserFault(phrase("paper_bare"))
    if act.do == "strike" and not act.note:
        raise UserFault(phrase("paper_why"))


def _check_reopened(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    del roles
    if not paper.signatures:
        raise UserFault(phrase("paper_unsigned"))
    if not act.note:
        raise UserFault(phrase("paper_why"))


def _check_signed(paper: Paper, act: PaperAct, roles: Collection[Role] | None) -> None:
    form = FORMS[paper.form]
    needed = form.signers[len(paper.signatures)]
    if roles is not None and not needed & frozenset(roles):
        raise UserFault(phrase("paper_signer", roles=", ".join(sorted(needed))))
    if any(one.by == act.by for one in paper.signatures):
        raise UserFault(phrase("paper_second"))
    left = [one for one in paper.entries if form.ticked and not form.goes_over and not is_looked_at(one, form)]
    if left:
        raise UserFault(phrase("paper_unticked", count=len(left)))
    if act.digest != digest_of(paper):
        raise UserFault(phrase("paper_changed"))


_CHECKS: Final[Mapping[str, Callable[[Paper, PaperAct, Collection[Role] | None], None]]] = {
    "add": _check_added, "correct": _check_corrected, "strike": _check_marked, "tick": _check_marked,
    "sign": _check_signed, "reopen": _check_reopened, RENEW: _check_renewed,
}  # fmt: skip


def is_looked_at(entry: Entry, form: Form) -> bool:
    """Whether a line of a form that is ticked needs no tick any more."""
    return entry.line.section in form.seen or entry.ticked is not None or entry.struck is not None


def _words_of(line: PaperLine) -> tuple[str, ...]:
    return line.key, line.section, line.person, line.alarm, line.device, line.owner


def _line_of(act: PaperAct) -> PaperLine:
    if len(act.lines) != 1:
        raise UserFault(phrase("paper_one_line"))
    (line,) = act.lines
    return line


def _entry_of(paper: Paper, key: str) -> Entry:
    found = next((one for one in paper.entries if one.line.key == key), None)
    if found is None:
        raise UserFault(phrase("paper_line_unknown", key=key))
    return found
