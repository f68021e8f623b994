"""A document as one page of HTML that needs nothing else: A4, with its head, its foot and numbers on every sheet."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import jinja2

from gateway.words.printed_words import DIGEST, PRINT, SIGNED
from gateway.words.track_page import DRAWING_STYLE

if TYPE_CHECKING:
    from gateway.printed.sheet import Sheet

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = (TEMPLATES / "sheet.css").read_text("utf-8")
SHORT: Final = 16
"""Hexadecimal digits of the digest at the foot of every sheet; the whole one stands at the end."""
_ENVIRONMENT: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, keep_trailing_newline=True,
)  # fmt: skip
_BOX: Final = "{ font: 9pt 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', sans-serif; "


class Page(NamedTuple):
    """A page's bytes, and the digest by which a browser is told to take its style and no other (CSP's ``sha256-``)."""

    octets: bytes
    style: str


def page_of(sheet: Sheet) -> Page:
    """The page of a document; the same document makes the same bytes."""
    style = _style(sheet)
    html = _ENVIRONMENT.get_template("sheet.html").render(
        sheet=sheet, parts=[(type(part).__name__, part) for part in sheet.parts],
        style=style,
        print=PRINT.of(sheet.language), signed=SIGNED.of(sheet.language), digest_is=DIGEST.of(sheet.language),
    )  # fmt: skip
    return Page(html.encode(), b64encode(sha256(style.encode()).digest()).decode())


def _style(sheet: Sheet) -> str:
    head, foot = _quoted(f"{sheet.title}  {sheet.subject}"), _quoted(f"{sheet.made}  {sheet.digest[:SHORT]}")
    boxes = (
        f"@top-left {_BOX}content: {head}; }} "
        f"@bottom-left {_BOX}content: {foot}; }} "
        f"@bottom-right {_BOX}content: counter(page) ' / ' counter(pages); }}"
    )
    return f"{STYLE}{DRAWING_STYLE}\n@page {{ {boxes} }}\n"


def _quoted(text: str) -> str:
    """A text as a string of CSS: letters and digits as they are, all else by number."""
    return '"' + "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in text) + '"'
