"""The proof of an erasure as one page that needs nothing else, in the county's language and time."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gateway.replay.erasure_proof import Proof, Proved, Said, Share

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("位置数据删除证明：{person}", "Proof of erasure of places: {person}"),
    "lead": Text(
        "以下内容均读自日志本身。被删条目的内容、盐值、来源和收到时间已不存在，只留其哈希；行根和链值与删除前相同，"
        "故可证明其余条目未被改动。",
        "All of this is read out of the journal itself. Content, salt, origin and receive time of what was erased are"
        " gone, and only its hash is left; roots and chain are what they were before, which proves that nothing else"
        " was touched.",
    ),
    "stays": Text(
        "仍保留：报警和处置（不含位置、距离和原文）、指令及其结果（不含设备答复）、登记和规则、查看记录。"
        "不在本机管理之内：备份、上级平台已收到的消息、已导出的文件。",
        "What stays: alarms and what was done about them (without places, distances and texts), orders and how they"
        " ended (without the devices' words), registers and rules, the log of looks. Beyond this machine: backups,"
        " messages that platforms have received, files that were exported.",
    ),
    "walk": Text(
        "哈希链核验通过：条目 {begins} 至 {last}，共 {entries} 条、{rows} 行，其中已删除 {erased} 条；链末值 {chain}",
        "the hash chain verifies: entries {begins} to {last}, {entries} in {rows} rows, of which {erased} are erased;"
        " chain at the end {chain}",
    ),
    "order": Text("删除 {id}", "Erasure {id}"),
    "document": Text("文书", "document"),
    "why": Text("理由", "reason"),
    "ordered": Text("提出", "ordered"),
    "confirmed": Text("确认", "confirmed"),
    "done": Text("完成", "done"),
    "not_done": Text("尚未完成", "not done yet"),
    "said": Text("{at}，{by}（账户 {account}），日志第 {offset} 条", "{at}, {by} (account {account}), entry {offset}"),
    "ended": Text("{at}，日志第 {offset} 条", "{at}, entry {offset}"),
    "spans": Text("设备和佩戴起止", "devices, worn from and until"),
    "counts": Text(
        "日志条目 {entries}，报警 {alarms}，消息 {messages}；旧格式未能单独删除 {older}",
        "{entries} journal entries, {alarms} alarms, {messages} messages; {older} of the older format could not be"
        " erased alone",
    ),
    "file": Text("文件", "file"),
    "number": Text("条数", "entries"),
    "offsets": Text("条目编号", "offsets"),
    "chain": Text("文件末行链值", "chain at the file's last row"),
}
STYLE: Final = (
    "body{font:14px/1.5 sans-serif;margin:1em auto;max-width:1100px;padding:0 1em}table{border-collapse:collapse}"
    "td,th{padding:2px 8px;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}"
    "td.hash{font-family:monospace;word-break:break-all}"
)  # fmt: skip


def page(proof: Proof, language: str, timezone: str) -> str:
    """The page of a proof, in ``zh`` or ``en``; times are the county's."""
    teller = _Teller(language, timezone)
    title = teller.word("title", person=proof.person)
    parts = [f"<h1>{title}</h1>", *(f"<p>{teller.word(key)}</p>" for key in ("lead", "stays"))]
    seen = proof.verified
    parts.append(
        "<p>" + teller.word(
            "walk", begins=seen.begins, last=seen.ends - 1, entries=seen.entries, rows=seen.rows, erased=seen.erased,
            chain=proof.chain,
        ) + "</p>"
    )  # fmt: skip
    for one in proof.erasures:
        parts += teller.erasure(one)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


class _Teller:
    def __init__(self, language: str, timezone: str) -> None:
        self._language, self._zone = language, ZoneInfo(timezone)

    def word(self, key: str, **values: object) -> str:
        """A word of the table, filled, as HTML."""
        text = WORDS[key].of(self._language)
        return escape(text.format_map({name: str(value) for name, value in values.items()}))

    def clock(self, time: float) -> str:
        return datetime.fromtimestamp(time, self._zone).isoformat(" ", "seconds")

    def erasure(self, one: Proved) -> Iterator[str]:
        """One erasure: what was said, then what it took out of which file."""
        order = one.order
        yield f"<h2>{self.word('order', id=order.id)}</h2>"
        lines = [("document", escape(order.document)), ("why", escape(order.why))]
        lines += [(said.what.do, self._said(said)) for said in one.said if said.what.do != "done"]
        lines.append(("spans", "<br>".join(self._spans(order.spans))))
        lines.append(("done", self._done(one.done)))
        yield self._table([(self.word(key), value) for key, value in lines])
        heads = "".join(f"<th>{self.word(key)}</th>" for key in ("file", "number", "offsets", "chain"))
        rows = "".join(self._share(share) for share in one.shares)
        yield f"<table><tr>{heads}</tr>{rows}</table>"

    def _said(self, said: Said) -> str:
        what = said.what
        return self.word("said", at=self.clock(said.at), by=what.by, account=what.account, offset=said.offset)

    def _done(self, said: Said | None) -> str:
        if said is None:
            return self.word("not_done")
        ended = self.word("ended", at=self.clock(said.at), offset=said.offset)
        return f"{ended}<br>{self.word('counts', **said.what.counts)}"

    def _spans(self, spans: Mapping[str, Sequence[tuple[float, float]]]) -> Iterator[str]:
        for device, worn in spans.items():
            for begin, until in worn:
                yield escape(f"{device}: {self.clock(begin)} – {self.clock(until)}")

    def _table(self, rows: Sequence[tuple[str, str]]) -> str:
        return "<table>" + "".join(f"<tr><th>{key}</th><td>{value}</td></tr>" for key, value in rows) + "</table>"

    def _share(self, share: Share) -> str:
        runs = ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in share.runs)
        return (
            f"<tr><td>{escape(share.name)}</td><td>{share.entries}</td><td>{runs}</td>"
            f'<td class="hash">{share.chain}</td></tr>'
        )
