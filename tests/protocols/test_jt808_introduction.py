"""What terminals say of themselves in their logins, whatever stands in the fields."""

from __future__ import annotations

import pytest

from protocols.jt808.introduction import introduction_in
from protocols.jt808.messages import Edition
from protocols.session import Step

HEAD = b"\0\x2d\0\x64"


@pytest.mark.parametrize(
    ("edition", "body"),
    [
        (Edition.E2011, HEAD + b"MAKER" + b"MODEL-1\0" + b"T000001" + b"\0"),
        (Edition.E2013, HEAD + b"MAKER" + b"MODEL-1".ljust(20, b"\0") + b"T000001" + b"\0"),
        (Edition.E2013, HEAD + b"MAKER" + b"MODEL-1".rjust(20, b"\0") + b"T000001" + b"\0plate"),
        (
            Edition.E2019,
            HEAD + b"MAKER".ljust(11, b"\0") + b"MODEL-1".ljust(30, b"\xff") + b"T000001".ljust(30) + b"\0",
        ),
    ],
)
def test_a_registration(edition, body):
    assert dict(introduction_in(Step.REGISTER, body, edition)) == {
        "maker": "MAKER", "model": "MODEL-1", "terminal": "T000001"
    }  # fmt: skip


def test_an_authentication_of_2019_has_the_imei():
    body = b"\x02ab" + b"123456789012345" + b"V1.0".ljust(20, b"\0")
    assert dict(introduction_in(Step.AUTHENTICATE, body, Edition.E2019)) == {
        "imei": "123456789012345",
        "software": "V1.0",
    }


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("step", [Step.REGISTER, Step.AUTHENTICATE])
def test_any_body_gives_printable_words_or_none(step, edition):
    whole = HEAD + "\x1b[2J型号".encode("gb18030") + bytes(range(256))
    for length in range(0, len(whole), 3):
        words = introduction_in(step, whole[:length], edition)
        assert all(word and word.isprintable() for _, word in words)
