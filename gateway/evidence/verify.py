"""Checks an evidence file of bracelet-gateway, by itself.

    python verify.py FILE [--head OFFSET:CHAIN] [--digest HEX]

电子腕带网关证据文件的独立核验程序。Python 3.10 or newer, its standard library alone; nothing is installed or asked of a
network. Exit code 0: the file is what was made; 1: it is not, and where is said; 2: nothing could be checked.

The file is a page (HTML) or an archive (ZIP, stored) of the page and this program. In the page stands one JSON text,
the data, and the page is a function of it: ``page`` here makes it anew, and every byte has to be the same. So what is
read is what is checked:

* each part of the data against its digest, SHA-256 or SM3 (GB/T 32905), and all of them against one (``--digest``);
* each entry of the journal against the root of its row: leaf SHA-256(0 + salt + kind + receive time + SHA-256 of its
  origin + payload), the Merkle tree of RFC 6962, root SHA-256(2 + offset of the row's first entry + entries + first and
  last receive time + uppermost node). Of an entry that was erased, or that concerns somebody else, the leaf alone is
  there, and is enough;
* each row against the chain: SHA-256(chain before + root). ``--head`` compares it with what the gateway has told others
  (each of its heartbeats has it): who has rewritten a day cannot have that, too;
* each line of a table that names an entry against the entries that are there, and what it quotes against that entry.

What a digest cannot show is whether the gateway judged rightly: the fused track and the probabilities follow from the
frames, and the county can work them out anew (``replay``, ``explain``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
import zlib
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FORMAT = 1
"""Of the data; a file of another one is checked by the program that came with it."""
SINGLE = ("format", "digest", "program", "offset_s", "title", "mark", "notes")
KEYS = {*SINGLE, "entries", "chain", "tables", "pictures", "sums"}
"""Of the data: nothing else may stand in it."""
DIGESTS = ("sha256", "sm3")
PAGE_NAME, PROGRAM_NAME = "evidence.html", "verify.py"
OPEN, CLOSE = '<script type="application/json" id="evidence">', "</script>"
Data = dict[str, Any]


class Fault(NamedTuple):
    """What is not as it was made: where, and in words."""

    place: str
    zh: str
    en: str


class NotEvidence(Exception):
    """There is nothing here that could be checked; ``fault`` says why."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.fault = Fault(place, zh, en)


# Digests ------------------------------------------------------------------------------------------------------------

_SM3_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_WORD = 0xFFFFFFFF


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD


def _sm3_block(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """GB/T 32905-2016, 5.3: expansion and compression."""
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A  # noqa: PLR2004  the standard's rounds
        turned = _turn(a, 12)
        ss1 = _turn((turned + e + _turn(t, j)) & _WORD, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)  # noqa: PLR2004  as above
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)  # noqa: PLR2004  as above
        tt1 = (ff + d + (ss1 ^ turned) + (w[j] ^ w[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + w[j]) & _WORD
        a, b, c, d, e, f, g, h = tt1, a, _turn(b, 9), c, tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def sm3(octets: bytes) -> str:
    """SM3 by itself (GB/T 32905-2016), in hexadecimal digits."""
    filled = octets + b"\x80" + bytes((55 - len(octets)) % 64) + struct.pack(">Q", 8 * len(octets))
    state: tuple[int, ...] = _SM3_START
    for at in range(0, len(filled), 64):
        state = _sm3_block(state, filled[at : at + 64])
    return struct.pack(">8I", *state).hex()


def digest_of(name: str, octets: bytes) -> str:
    """SHA-256 or SM3 in hexadecimal digits; SM3 by OpenSSL where that has it.

    Raises:
        ValueError: neither is meant.
    """
    if name not in DIGESTS:
        raise ValueError(name)
    try:
        return hashlib.new(name, octets).hexdigest()
    except ValueError:
        return sm3(octets)


def canonical(value: object) -> str:
    """The one JSON text of a value: keys sorted, no blanks, no sign in it that HTML would read."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def parts_of(data: Data) -> Iterator[tuple[str, object]]:
    """What has a digest of its own, by name: each entry, stretch, table and picture, and what is single."""
    for entry in data["entries"]:
        yield f"entry {entry['offset']}", entry
    for at, stretch in enumerate(data["chain"]):
        yield f"chain {at + 1}", stretch
    for kind in ("tables", "pictures"):
        for one in data[kind]:
            yield f"{kind} {one['id']}", one
    yield "head", {key: data[key] for key in SINGLE}


def sums_of(data: Data) -> Data:
    """The digest of each part, and the one over all of them."""
    name = data["digest"]
    parts = {part: digest_of(name, canonical(value).encode()) for part, value in parts_of(data)}
    return {"parts": parts, "whole": digest_of(name, canonical(parts).encode())}


# The journal's chain ------------------------------------------------------------------------------------------------


def _sha(*octets: bytes) -> bytes:
    return hashlib.sha256(b"".join(octets)).digest()


def leaf_of(entry: Data) -> bytes:
    """The leaf of an entry: worked out where the entry is shown, else as it stands there."""
    if "leaf" in entry:
        return bytes.fromhex(entry["leaf"])
    head = struct.pack("<Bd", entry["kind"], entry["received"])
    origin = _sha(entry["origin"].encode())
    return _sha(b"\x00", bytes.fromhex(entry["salt"]), head, origin, bytes.fromhex(entry["payload"]))


def root_of(entry: Data) -> bytes:
    """The root of an entry's row, by its leaf and its path; empty where they do not fit."""
    node, index, count = leaf_of(entry), entry["offset"] - entry["first"], entry["count"]
    path = [bytes.fromhex(each) for each in reversed(entry["path"])]
    if not 0 <= index < count:
        return b""
    while count > 1:
        if index ^ 1 < count:
            if not path:
                return b""
            node = _sha(b"\x01", path.pop(), node) if index % 2 else _sha(b"\x01", node, path.pop())
        index, count = index // 2, (count + 1) // 2
    head = struct.pack("<cqIdd", b"\x02", entry["first"], entry["count"], entry["since"], entry["until"])
    return b"" if path else _sha(head, node)


def rows_of(data: Data) -> dict[int, tuple[int, str]]:
    """By the offset of a row's first entry: how many it has, and its root in hexadecimal digits."""
    found: dict[int, tuple[int, str]] = {}
    for stretch in data["chain"]:
        first = stretch["first"]
        for count, root in stretch["rows"]:
            found[first] = count, root
            first += count
    return found


def ends_of(data: Data) -> dict[int, str]:
    """The chain behind each row, by the offset behind it; and before the first of each stretch."""
    found: dict[int, str] = {}
    for stretch in data["chain"]:
        at, chain = stretch["first"], bytes.fromhex(stretch["before"])
        found[at] = chain.hex()
        for count, root in stretch["rows"]:
            at, chain = at + count, _sha(chain, bytes.fromhex(root))
            found[at] = chain.hex()
    return found


def _chain_faults(data: Data) -> Iterator[Fault]:
    rows, ends = rows_of(data), ends_of(data)
    for stretch in data["chain"]:
        end = stretch["first"] + sum(count for count, _ in stretch["rows"])
        if ends[end] != stretch["chain"]:
            yield Fault(f"chain {stretch['first']}", "链不相接", "the chain does not hold together")
    for entry in data["entries"]:
        if rows.get(entry["first"]) != (entry["count"], root_of(entry).hex()):
            said = "it is not what stands under the chain: its content, time, origin or place was changed"
            yield Fault(f"entry {entry['offset']}", "该条与链不符：内容、时间、来源或位置被改动", said)


def _head_faults(data: Data, heads: Sequence[str]) -> Iterator[Fault]:
    ends = ends_of(data)
    for head in heads:
        offset, _, chain = head.partition(":")
        if not offset.isdecimal() or int(offset) not in ends:
            said = "the evidence has no chain for that offset: take a heartbeat nearer to it"
            yield Fault(f"--head {head}", "证据不含该位置的链，无法比对；请用时间更近的一次心跳", said)
        elif ends[int(offset)] != chain.lower():
            said = "not the chain that was told then: the journal was rewritten since"
            yield Fault(f"--head {head}", "与网关当时上报的链不符：日志在上报之后被改写", said)


def _table_faults(data: Data) -> Iterator[Fault]:
    """Lines that speak of an entry which is not there or not shown, or quote what it does not say."""
    shown = {one["offset"]: bytes.fromhex(one["payload"]) for one in data["entries"] if "leaf" not in one}
    for table in data["tables"]:
        for row in table["rows"] if table["by_entry"] else ():
            quoted = [json.dumps(row[at], ensure_ascii=False)[1:-1].encode() for at in table["quotes"]]
            if row[0] not in shown:
                yield Fault(f"tables {table['id']}", f"引用了没有证明的第 {row[0]} 条", f"entry {row[0]} is not proven")
            elif not all(each in shown[row[0]] for each in quoted):
                yield Fault(f"tables {table['id']}", f"与第 {row[0]} 条原文不符", f"entry {row[0]} does not say that")


# The page -----------------------------------------------------------------------------------------------------------

KINDS: Mapping[int, tuple[str, str]] = {
    1: ("报文", "frame"), 2: ("网关启动", "gateway started"), 3: ("网关停止", "gateway stopped"), 4: ("时钟", "tick"),
    5: ("连接建立", "connection opened"), 6: ("连接结束", "connection closed"),
    7: ("配置生效", "configuration in force"), 8: ("处理", "act"), 9: ("报文的一部分", "part of a frame"),
    10: ("指令", "command"), 11: ("指令结果", "result"),
    12: ("校时", "clock was set"), 15: ("基站库生效", "table of masts in force"), 17: ("测试报警", "test alarm"),
}  # fmt: skip
RAW = (1, 9)
"""Kinds whose payload is bytes of a device."""
HEADS = {
    "entries": ("原始记录（日志原文）", "Entries of the journal, as they came"),
    "chain": ("链的证明", "Proof by the chain"), "sums": ("摘要", "Digests"),
}  # fmt: skip
ENTRY_HEADS = (("序号", "offset"), ("接收时间", "received"), ("种类", "kind"), ("来源", "origin"), ("原文", "content"))
CHAIN_HEADS = (("自", "from"), ("至", "to"), ("行", "rows"), ("此前的链", "chain before"), ("此后的链", "chain behind"))
HIDDEN = {
    "erased": ("已依法删除；曾有此条，位置不变", "erased by law: that it was there, and where, stays certain"),
    "withheld": ("涉及他人，不予显示", "concerns somebody else, and is not shown"),
}
STYLE = (
    "body{font:14px/1.5 sans-serif;margin:1em auto;max-width:1400px;padding:0 1em}h2{margin-top:1.6em}"
    "table{border-collapse:collapse;margin:.5em 0}td,th{padding:2px 8px;border-bottom:1px solid #ddd;text-align:left;"
    "vertical-align:top}td.c{font-family:monospace;word-break:break-all}svg{max-width:100%;height:auto}"
    ".mark{border:2px solid #b00020;color:#b00020;padding:.4em .8em;margin:.6em 0}thead{display:table-header-group}"
)


def page(data: Data) -> str:
    """The whole page of an evidence's data."""
    zh, en = (escape(each) for each in data["title"])
    mark = f'<p class="mark">{"<br>".join(escape(each) for each in data["mark"])}</p>'
    parts = [
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        f"<title>{zh} / {en}</title><style>{STYLE}</style></head><body>\n<h1>{zh}<br>{en}</h1>", mark,
        *(f"<p>{escape(each)}</p>" for each in data["notes"]), *map(_table, data["tables"]),
        *map(_picture, data["pictures"]), _entries(data), _chain(data), _sums(data), mark,
        f"{OPEN}{canonical(data)}{CLOSE}", "</body></html>\n",
    ]  # fmt: skip
    return "\n".join(parts)


def _headed(anchor: str, said: Sequence[str]) -> str:
    return f'<h2 id="{escape(anchor)}">{escape(said[0])} {escape(said[1])}</h2>'


def _lines(heads: Sequence[Sequence[str]], rows: Sequence[Sequence[object]], code: Sequence[int] = ()) -> str:
    """A table, a line of the file each row; ``code``: columns of digits."""
    cells = "".join(f"<th>{escape(zh)}<br>{escape(en)}</th>" for zh, en in heads)
    body = (f"<tr>{''.join(_cell(cell, at in code) for at, cell in enumerate(row))}</tr>" for row in rows)
    return "\n".join([f"<table><thead><tr>{cells}</tr></thead><tbody>", *body, "</tbody></table>"])


def _cell(value: object, is_code: bool) -> str:  # noqa: FBT001  one of two looks
    return f"<td{' class=c' if is_code else ''}>{escape(str(value))}</td>"


def _table(table: Data) -> str:
    said = [_headed(table["id"], table["title"]), *(f"<p>{escape(each)}</p>" for each in table["notes"])]
    return "\n".join([*said, _lines(table["heads"], table["rows"])])


def _picture(one: Data) -> str:
    return f"{_headed(one['id'], one['title'])}\n<div>{one['svg']}</div>"


def _entries(data: Data) -> str:
    rows = [_entry(entry, data["offset_s"]) for entry in data["entries"]]
    return f"{_headed('entries', HEADS['entries'])}\n{_lines(ENTRY_HEADS, rows, (3, 4))}"


def _entry(entry: Data, offset_s: int) -> list[object]:
    if "leaf" in entry:
        zh, en = HIDDEN[entry["why"]]
        return [entry["offset"], "", f"{zh} {en}", "", " ".join(filter(None, (entry["leaf"], entry["said"])))]
    payload, kind = bytes.fromhex(entry["payload"]), entry["kind"]
    said = payload.hex() if kind in RAW else payload.decode()
    zh, en = KINDS[kind]
    return [entry["offset"], clock(entry["received"], offset_s), f"{zh} {en}", entry["origin"], said]


def clock(at: float, offset_s: int) -> str:
    """A time (UTC epoch seconds) in a county's own, ISO 8601 to the millisecond."""
    return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset_s))).isoformat(timespec="milliseconds")


def _chain(data: Data) -> str:
    rows = [
        (one["first"], one["first"] + sum(count for count, _ in one["rows"]), len(one["rows"]), one["before"],
         one["chain"])
        for one in data["chain"]
    ]  # fmt: skip
    return f"{_headed('chain', HEADS['chain'])}\n{_lines(CHAIN_HEADS, rows, (3, 4))}"


def _sums(data: Data) -> str:
    name = "SM3" if data["digest"] == "sm3" else "SHA-256"
    rows = [*sorted(data["sums"]["parts"].items()), ("", data["sums"]["whole"])]
    return f"{_headed('sums', HEADS['sums'])}\n" + _lines((("部分", "part"), (name, name)), rows, (1,))


# The archive --------------------------------------------------------------------------------------------------------

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DAY = (1 << 5) | 1
"""The first of January 1980: when it was made stands in the page."""


def packed(page_octets: bytes, program: bytes) -> bytes:
    """A ZIP archive of the page and the program, both stored: the same bytes on every machine."""
    local, central = b"", b""
    for name, octets in ((PAGE_NAME, page_octets), (PROGRAM_NAME, program)):
        facts = 20, 0, 0, 0, _DAY, zlib.crc32(octets), len(octets), len(octets), len(name), 0
        central += _CENTRAL.pack(b"PK\x01\x02", 20, *facts, 0, 0, 0, 0, len(local)) + name.encode()
        local += _LOCAL.pack(b"PK\x03\x04", *facts) + name.encode() + octets
    return local + central + _END.pack(b"PK\x05\x06", 0, 0, 2, 2, len(central), len(local), 0)


def _unpacked(blob: bytes) -> tuple[bytes, bytes]:
    """Page and program of such an archive.

    Raises:
        NotEvidence: it is none.
    """
    found, at = [], 0
    for name in (PAGE_NAME, PROGRAM_NAME):
        try:
            *_, size, length, extra = _LOCAL.unpack_from(blob, at)
        except struct.error as fault:
            raise NotEvidence("archive", "压缩包不完整", "the archive is not whole") from fault
        begin = at + _LOCAL.size + length + extra
        if blob[begin - length - extra : begin] != name.encode() or begin + size > len(blob):
            raise NotEvidence("archive", f"压缩包中没有 {name}", f"the archive has no {name} where it should stand")
        found.append(blob[begin : begin + size])
        at = begin + size
    return found[0], found[1]


# All of it ----------------------------------------------------------------------------------------------------------


def _read(text: str) -> Data:
    begin, end = text.rfind(OPEN), text.rfind(CLOSE)
    if begin < 0 or end < begin:
        raise NotEvidence("page", "页面中没有证据数据", "the page has no evidence in it")
    try:
        data = json.loads(text[begin + len(OPEN) : end])
    except (ValueError, RecursionError) as fault:
        raise NotEvidence("data", f"数据无法读取：{fault}", f"the data cannot be read: {fault}") from fault
    if not isinstance(data, dict) or set(data) != KEYS or data["format"] != FORMAT:
        raise NotEvidence("data", f"数据不是第 {FORMAT} 版格式", f"the data is not of format {FORMAT}")
    return data


def _sum_faults(data: Data, digest: str) -> Iterator[Fault]:
    found, told = sums_of(data), data["sums"]
    for part in [*found["parts"], *(part for part in told["parts"] if part not in found["parts"])]:
        if found["parts"].get(part) != told["parts"].get(part):
            yield Fault(part, "摘要不符", "it does not have its digest")
    if found["whole"] != told["whole"]:
        yield Fault("sums", "总摘要不符", "the digest over all parts is another")
    if digest and found["whole"] != digest.lower():
        yield Fault("--digest", f"与给出的总摘要不符，实为 {found['whole']}", f"not the one given: {found['whole']}")


def _page_faults(data: Data, text: str) -> Iterator[Fault]:
    made = page(data)
    if made == text:
        return
    at = next((at for at, pair in enumerate(zip(made, text, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(made), len(text)) if at is None else at
    line, before = text.count("\n", 0, at) + 1, made[:at]
    part = before[before.rfind(' id="') + 5 :].partition('"')[0] if ' id="' in before else "title"
    yield Fault(f"page, line {line}, {part}", "所见页面与数据不符", "what is seen is not what the data says")


def _of_data(data: Data, text: str, heads: Sequence[str], digest: str) -> Iterator[Fault]:
    checks: tuple[tuple[str, Callable[[], Iterator[Fault]]], ...] = (
        ("sums", lambda: _sum_faults(data, digest)), ("chain", lambda: _chain_faults(data)),
        ("tables", lambda: _table_faults(data)), ("page", lambda: _page_faults(data, text)),
        ("--head", lambda: _head_faults(data, heads)),
    )  # fmt: skip
    for place, check in checks:
        try:
            yield from check()
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError, struct.error) as fault:
            said = f"{type(fault).__name__}: {fault}"
            yield Fault(place, f"数据缺失或不合规：{said}", f"the data lacks something, or cannot be so: {said}")


def faults(blob: bytes, heads: Sequence[str] = (), digest: str = "") -> list[Fault]:
    """All that is not as it was made in an evidence file, page or archive; empty: nothing.

    Args:
        blob: the file.
        heads: heads of the chain as the gateway has told others, ``OFFSET:CHAIN``.
        digest: the one over all parts, as the file was handed over with.

    Raises:
        NotEvidence: it is no such file, or so damaged that it cannot be read as one.
    """
    text, data, found = _opened(blob)
    return [*found, *_of_data(data, text, heads, digest)]


def _opened(blob: bytes) -> tuple[str, Data, list[Fault]]:
    """The page as text, its data, and what is wrong with the archive around it."""
    octets, program = _unpacked(blob) if (is_archive := blob[:2] == b"PK") else (blob, b"")
    try:
        text = octets.decode()
    except UnicodeDecodeError as fault:
        at = f"page, byte {fault.start}"
        raise NotEvidence(at, "不是 UTF-8 文字", "it is not UTF-8 there") from fault
    data, found = _read(text), list[Fault]()
    if is_archive and hashlib.sha256(program).hexdigest() != data["program"]:
        found.append(Fault(PROGRAM_NAME, "包中的核验程序被改动", "the program in the archive was changed"))
    if is_archive and packed(octets, program) != blob:
        found.append(Fault("archive", "压缩包本身被改动", "the archive around it was changed"))
    return text, data, found


def summary(data: Data) -> str:
    """What was checked of a file that is as it was made, in both languages."""
    hidden = [entry["why"] for entry in data["entries"] if "leaf" in entry]
    rows = sum(len(one["rows"]) for one in data["chain"])
    erased, withheld = (sum(each == why for each in hidden) for why in HIDDEN)
    return (
        f"核验通过：{len(data['entries'])} 条记录（已删除 {erased}，涉及他人 {withheld}）、链 {rows} 行、"
        f"{len(data['sums']['parts'])} 个部分均与制作时一致。\n"
        f"VERIFIED: {len(data['entries'])} entries ({erased} erased, {withheld} withheld), {rows} rows of the chain and"
        f" {len(data['sums']['parts'])} parts are as they were made.\n{data['digest']} {data['sums']['whole']}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a file and say so; the exit code."""
    parser = argparse.ArgumentParser(description="核验证据文件 Check an evidence file of bracelet-gateway.")
    parser.add_argument("file", type=Path, help="evidence .html or .zip")
    parser.add_argument("--head", action="append", default=[], help="OFFSET:CHAIN of a heartbeat 心跳中的链")
    parser.add_argument("--digest", default="", help="digest over all parts 移交时的总摘要")
    asked = parser.parse_args(arguments)
    try:
        blob = asked.file.read_bytes()
    except OSError as fault:
        sys.stderr.write(f"{asked.file}: {fault.strerror}\n")
        return 2
    try:
        found = faults(blob, asked.head, asked.digest)
    except NotEvidence as fault:
        found = [fault.fault]
    for one in found:
        sys.stdout.write(f"{one.place}: {one.zh} / {one.en}\n")
    said = "核验不通过：文件与制作时不一致。\nNOT VERIFIED: the file is not what was made."
    sys.stdout.write((said if found else summary(_opened(blob)[1])) + "\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
