"""Bytes of an answer as text. Expat knows no multi-byte encoding, so the declared one is applied here."""

from __future__ import annotations

import codecs
import re

from protocols.errors import PeerFault

LARGEST = 1 << 20
"""Bytes of an answer; one ``pos`` has about a thousand."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "utf-16": "utf-16",
    "iso-8859-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
}  # fmt: skip
"""By declared name. GB 18030 contains GBK, which contains GB 2312; peers declare the small set and send the large."""


def text_of(data: bytes) -> str:
    """The text of an XML document, its declaration taken off.

    Raises:
        PeerFault: ``mlp_too_large``, ``mlp_encoding``.
    """
    if len(data) > LARGEST:
        raise PeerFault("mlp_too_large", f"an answer has at most {LARGEST} bytes")
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as fault:
        raise PeerFault("mlp_encoding", f"byte {fault.start} is not in the declared encoding") from fault
    return _DECLARATION.sub("", text, count=1)


def _encoding(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.match(data[:300])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise PeerFault("mlp_encoding", "the declared encoding is none of those in use")
    return _ENCODINGS[name]
