"""Unknown terminals for people and for scripts, each with the lines that enrol it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.clock import iso
from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Group

HEADINGS: Final = {"zh": ("终端号", "协议", "次数", "最近"), "en": ("number", "protocol", "times", "last")}
SAID: Final = ("maker", "model", "terminal", "imei", "software")
"""What a terminal may say of itself, in the order in which it is shown."""
_WORDS: Final[Mapping[str, Text]] = {
    "from": Text("来自 {peer}（接入“{listener}”），首次 {first}", "from {peer} (listener {listener}), first {first}"),
    "said": Text("自称：{words}", "says of itself: {words}"),
    "inline": Text("登记（devices 写在 YAML 中）：", "to enrol (devices in YAML): "),
    "table": Text("登记（devices.csv 的列 {columns}）：", "to enrol (devices.csv, columns {columns}): "),
}
COLUMNS: Final = ("device", "protocol", "identity", "profile")


def stated(pending: Mapping[str, Any]) -> dict[str, Any]:
    """One of them for scripts: times in ISO 8601, and the line of the table."""
    times = {name: iso(pending[name]) for name in ("first", "last")}
    return {**pending, **times, "yaml": yaml_line(pending), "csv": csv_line(pending)}


def shown(found: Sequence[Mapping[str, Any]], zone: ZoneInfo, language: str) -> Group:
    """All of them as a list in the reader's language and the county's time."""
    items = [
        Item(
            (each["identity"], each["protocol"], str(each["count"]), _local(each["last"], zone)),
            tuple(_lines(each, zone, language)),
        )
        for each in found
    ]
    return listing(HEADINGS[language], items)


def _lines(each: Mapping[str, Any], zone: ZoneInfo, language: str) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return _WORDS[key].of(language).format_map(values)

    yield say("from", peer=each["peer"], listener=each["listener"], first=_local(each["first"], zone))
    words = ", ".join(f"{name} {each[name]}" for name in SAID if name in each)
    if words:
        yield say("said", words=words)
    yield say("table", columns=",".join(COLUMNS)) + csv_line(each)
    yield say("inline") + yaml_line(each)


def _row(pending: Mapping[str, Any]) -> tuple[str, ...]:
    return f"N{pending['identity']}", pending["protocol"], pending["identity"], pending["profile"]


def csv_line(pending: Mapping[str, Any]) -> str:
    """A row of devices.csv; its key is made of the number and may be changed."""
    return ",".join(_row(pending))


def yaml_line(pending: Mapping[str, Any]) -> str:
    """The same as an item of ``devices`` in YAML; the number in quotes, so that it stays a text."""
    device, protocol, identity, profile = _row(pending)
    return f'- {{device: {device}, protocol: {protocol}, identity: "{identity}", profile: {profile}}}'


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(" ", "seconds")
