"""What of a content can be read without parsing it: every form of every message as numbers, for compiled loops.

A loop tells forms by their sizes and by single bytes. Where a form asks more of a content (:attr:`Form.when`) it may be
that form or one behind it; that is no matter as long as both are read alike.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from protocols.gt06.messages import MESSAGES, Due, message_of
from protocols.gt06.messages.message import STATING, no_time
from protocols.gt06.messages.text import SAID
from protocols.gt06.messages.times import BinaryAt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from protocols.gt06.messages import Form, Message

BYTES = 256
NUMBERS = 512
"""Of both forms of frames."""
NOWHERE = -1
LAYOUTS = tuple(sorted({form.layout for row in MESSAGES.values() for form in row.forms} - {""}))
"""Layouts that a profile may ask for, a bit each."""
_SET = ("<u8", (4,))
CHECK = np.dtype([("at", "<i8"), ("table", "<i8"), ("values", *_SET)])
"""A byte (below 0: counted from the content's end), and the values it may have in a form; or the table that it states
flags by."""
FORM = np.dtype([
    ("sizes", *_SET), ("first_test", "<i8"), ("first_flag", "<i8"), ("end", "<i8"), ("layout", "<i8"),
    ("time_at", "<i8"), ("stored_at", "<i8"), ("is_sure", "?"), ("is_plain", "?"),
])  # fmt: skip
"""Sizes of its contents; its checks, tests before flags; its layout's bit, -1: always tried; where time and age stand,
-1: nowhere; whether nothing else is asked of its contents; whether this is all that a session reads of them."""
MESSAGE = np.dtype([("is_plain", "?"), ("least", "<i8"), ("first", "<i8"), ("end", "<i8")])
"""Whether it is acknowledged and answers nothing; the least content; its forms."""


class Tables(NamedTuple):
    """``MESSAGE`` by number, ``FORM`` and ``CHECK``."""

    messages: NDArray[np.void]
    forms: NDArray[np.void]
    checks: NDArray[np.void]


def words_of(values: Iterable[int]) -> tuple[int, ...]:
    """A set of bytes as four words, a bit a value; what is no byte is left out."""
    bits = sum(1 << value for value in set(values) if 0 <= value < BYTES)
    return tuple(bits >> shift & 0xFFFF_FFFF_FFFF_FFFF for shift in range(0, BYTES, 64))


@cache
def tables() -> Tables:
    """All messages; the same whatever the profile."""
    messages = np.zeros(NUMBERS, MESSAGE)
    forms: list[tuple[object, ...]] = []
    checks: list[tuple[object, ...]] = []
    placed: dict[int, tuple[int, int]] = {}
    for row in MESSAGES.values():
        first = len(forms)
        for form in row.forms:
            forms.append(_row_of(form, len(checks)))
            checks += [*_tests_of(form), *_flags_of(form)]
        placed[row.number] = first, len(forms)
    for number in range(NUMBERS):
        row = message_of(number)
        messages[number] = (_is_plain(row, number), row.least, *placed.get(row.number, (0, 0)))
    return Tables(messages, np.array(forms, FORM), np.array(checks, CHECK))


def _is_plain(row: Message, number: int) -> bool:
    return row.due is Due.ACK and number not in SAID and row.number not in SAID


def _row_of(form: Form, first: int) -> tuple[object, ...]:
    tests = len(form.tests) + len(form.limits)
    sizes = set(range(form.least, min(form.most + 1, BYTES)))
    layout = LAYOUTS.index(form.layout) if form.layout else NOWHERE
    time_at = form.time.offset if isinstance(form.time, BinaryAt) else NOWHERE
    return (
        words_of(sizes & set(form.among) if form.among else sizes), first, first + tests,
        first + tests + len(form.flags_at), layout, time_at, form.stored_at, form.when is None, _is_readable(form),
    )  # fmt: skip


def _is_readable(form: Form) -> bool:
    """Whether a session reads nothing but a moment, an age and flags of such contents, at places of their own."""
    has_time = isinstance(form.time, BinaryAt)
    return (has_time or form.time is no_time) and form.imei_at < 0 and not form.tells


def _tests_of(form: Form) -> list[tuple[object, ...]]:
    alike = [(at, [value for value in range(BYTES) if value & mask == wanted]) for at, mask, wanted in form.tests]
    limited = [(at, range(most + 1)) for at, most in form.limits]
    return [(at, NOWHERE, words_of(values)) for at, values in (*alike, *limited)]


def _flags_of(form: Form) -> list[tuple[object, ...]]:
    return [(at, STATING.index(name), words_of(())) for name, at in form.flags_at]
