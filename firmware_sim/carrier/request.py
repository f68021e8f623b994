"""What a client asks, read from a ``slir``."""

from __future__ import annotations

from dataclasses import dataclass

from defusedxml.ElementTree import fromstring


@dataclass(frozen=True, slots=True)
class Request:
    """A request for positions."""

    client: str
    password: str
    version: str
    encoding: str
    numbers: tuple[str, ...]


def read_request(data: bytes) -> Request:
    """Read a request.

    Raises:
        ValueError: it is no ``slir``.
    """
    encoding = "GB2312" if b"GB2312" in data[:80] else "UTF-8"
    try:
        # Expat knows no multi-byte encoding: it gets text, without the declaration.
        root = fromstring(data.decode("gb18030" if encoding == "GB2312" else "utf-8").partition("?>")[2])
    except SyntaxError as fault:
        raise ValueError("not XML") from fault
    slir = root.find("slir")
    if slir is None:
        raise ValueError("no slir")
    numbers = tuple(msid.text or "" for msid in slir.iterfind("msids/msid"))
    client = root.find("hdr/client")
    if client is None or not numbers:
        raise ValueError("no client, or nobody asked for")
    name, password = client.findtext("id") or "", client.findtext("pwd") or ""
    return Request(name, password, slir.get("ver", ""), encoding, numbers)
