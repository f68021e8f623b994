"""A sheet as its page shows it: headings with their lines, who signs, and what the visitor may do to it now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING, Final

from gateway.papers.forms import FORMS
from gateway.papers.registry import MAKERS
from gateway.papers.rules import is_looked_at
from gateway.words.paper_names import section_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.console.visitor import Visitor
    from gateway.papers.paper import Entry, Mark, Paper

ON_A_PAGE: Final = 200
"""Lines: a sheet may have one for everybody."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: its word, how it is called, and its lines in order."""

    key: str
    name: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Seat:
    """A signature that a form asks for: key of the text of whose it is, and it; None: it is still to come."""

    whose: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class May:
    """What a visitor may do to a sheet as it stands."""

    write: bool
    sign: bool
    reopen: bool
    elsewhere: bool
    """Its next signature is given on a page of its own."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch of a long sheet: its number from 1, of how many, and its headings."""

    number: int
    count: int
    sections: Sequence[Section]


def leaf_of(paper: Paper, asked: str, language: str) -> Leaf:
    """The lines by heading, headings in the order of their first lines: as many as a page has, from those asked for.

    ``asked``: a number as an address has it, or the key of a line that is to be on it; anything else is the first.
    """
    held: dict[str, list[Entry]] = {}
    for one in paper.entries:
        held.setdefault(one.line.section, []).append(one)
    lines = list(chain.from_iterable(held.values()))
    count = max(1, -(-len(lines) // ON_A_PAGE))
    number = min(max(_number(lines, asked), 1), count)
    shown = lines[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    grouped = groupby(shown, key=lambda one: one.line.section)
    return Leaf(number, count, [Section(key, section_name(key).of(language), list(of)) for key, of in grouped])


def _number(lines: Sequence[Entry], asked: str) -> int:
    if asked.isdecimal():
        return int(asked)
    return next((at for at, one in enumerate(lines) if one.line.key == asked), 0) // ON_A_PAGE + 1


def seats(paper: Paper) -> list[Seat]:
    """Every signature in order; of a hand-over the first is of who leaves, the second of who comes."""
    count = len(FORMS[paper.form].signers)
    whose = [f"sheet_signer_{paper.form}_{at}" if paper.form == "hand_over" else "sheet_signer" for at in range(count)]
    marks = [*paper.signatures, *([None] * (count - len(paper.signatures)))]
    return [Seat(key, mark) for key, mark in zip(whose, marks, strict=True)]


def may(paper: Paper, visitor: Visitor, *, answers: bool) -> May:
    """``answers``: whether the visitor's roles let him do anything to sheets at all."""
    is_open = answers and not paper.frozen
    signed = bool(paper.signatures)
    return May(
        write=is_open and not signed,
        sign=is_open and paper.form in MAKERS and _is_next(paper, visitor),
        reopen=is_open and signed,
        elsewhere=is_open and paper.form not in MAKERS,
    )


def _is_next(paper: Paper, visitor: Visitor) -> bool:
    """Whether the next signature is one that he may give."""
    needed = FORMS[paper.form].signers[len(paper.signatures)]
    return bool(visitor.roles & needed) and all(one.by != visitor.number for one in paper.signatures)


def unticked(paper: Paper) -> frozenset[str]:
    """Keys of lines that somebody still has to look at before it is signed."""
    form = FORMS[paper.form]
    return frozenset(one.line.key for one in paper.entries if form.ticked and not is_looked_at(one, form))
