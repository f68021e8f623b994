"""The second factor: time-based codes (RFC 6238) of an app, each taken once."""

from __future__ import annotations

import unicodedata
from typing import Final

import pyotp
import segno
from pyotp.utils import strings_equal

SECONDS: Final = 30
AROUND: Final = (-1, 0, 1)
"""Steps by which a telephone's clock may be off."""


def new_secret() -> str:
    """160 bits, base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: float, last: int) -> int:
    """The time step whose code this is, later than the ``last`` that was taken; 0: it is none."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    codes, here = pyotp.TOTP(secret, interval=SECONDS), int(now // SECONDS)
    # All of them are compared, whichever it is.
    fitting = [here + off for off in AROUND if strings_equal(codes.generate_otp(here + off), typed)]
    return max((step for step in fitting if step > last), default=0)


def uri(secret: str, number: str, county: str) -> str:
    """What an app reads from the picture."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=number, issuer_name=f"bracelet-gateway {county}")


def picture(written: str) -> str:
    """A QR code as an address of an image."""
    return segno.make(written, error="m").svg_data_uri(scale=5, border=4)


def drawn(written: str) -> str:
    """A QR code in half blocks: light on the dark ground of a terminal."""
    rows = [list(row) for row in segno.make(written, error="l").matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(blocks[bool(up), bool(down)] for up, down in zip(*pair, strict=True)) for pair in pairs)
