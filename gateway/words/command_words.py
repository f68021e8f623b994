"""Orders for people, in Chinese and English, and for scripts as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gateway.clock import iso
from gateway.engine import GATEWAY, Closeness, End
from gateway.words.listing import Item, listing
from gateway.words.phrases import phrase
from gateway.words.texts import Text
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Group

    from gateway.engine import Command, CommandRecord
    from gateway.settings.model import Device
    from protocols.order import OrderForm

PENDING = Text("等待中", "pending")
ENDS = {
    End.DONE: Text("已执行", "done"),
    End.FAILED: Text("设备执行失败", "the device could not do it"),
    End.MALFORMED: Text("设备认为指令有误", "the device found the order malformed"),
    End.UNSUPPORTED: Text("设备不支持", "the device does not know the order"),
    End.NO_ANSWER: Text("设备没有回应", "no answer"),
    End.EXPIRED: Text("到期前未能送达设备", "expired before the device could be reached"),
    End.SENT: Text("已发出（该协议没有回应）", "sent (this protocol never answers)"),
    End.REFUSED: Text("不能发出", "cannot be given"),
    End.CANCELLED: Text("已取消", "cancelled"),
}
OWN_REASONS: Mapping[str, Text] = {
    Closeness.CLOSER: Text("定位可能越界，缩短上报间隔", "evidence leans: closer reports"),
    Closeness.USUAL: Text("恢复平时的上报间隔", "the usual interval again"),
}
"""Of orders that the gateway gives by itself."""
HEADINGS = {
    "zh": ("编号", "设备", "下达时间", "到期", "下达人"),
    "en": ("id", "device", "given", "expires", "by"),
}
LABELS = {
    "zh": ("指令：", "结果：", "设备回应：", "理由和确认人："),
    "en": ("order: ", "result: ", "answer: ", "reason, confirmed by: "),
}
WAITING = Text(
    "{id}：指令已存盘，设备尚未回应；稍后用 bracelet-gateway commands list 查看",
    "{id}: the order is on disk, the device has not answered yet; look again with bracelet-gateway commands list",
)
QUEUED = Text("{id}：指令已存盘", "{id}: the order is on disk")


def end_of(record: CommandRecord, language: str) -> str:
    """How an order stands, in a few words."""
    return (PENDING if record.end is None else ENDS[record.end]).of(language)


def sentence(record: CommandRecord, language: str, *, waited: bool) -> str:
    """What the command line says when it returns."""
    identity = record.command.id
    if record.end is None:
        return (WAITING if waited else QUEUED).of(language).format(id=identity)
    # Full-width colons where the sentence is Chinese.
    colon = "：" if language == "zh" else ": "
    return colon.join(part for part in (identity, end_of(record, language), record.text) if part)


def described(record: CommandRecord) -> dict[str, Any]:
    """An order as JSON: a stable face."""
    command = record.command
    return {
        "id": command.id, "device": command.device, "order": command.kind, "values": command.values,
        "zone": command.zone, "places": len(command.shapes),
        "by": command.by, "account": command.account, "reason": command.reason,
        "confirmed_by": command.confirmed_by, "given": iso(record.issued), "expires": iso(command.expires),
        "state": "pending" if record.end is None else record.end.value, "text": record.text,
        "ended": iso(record.ended), "ended_by": record.ended_by,
    }  # fmt: skip


def shown(records: Iterable[CommandRecord], timezone: str, language: str) -> Group:
    """Orders as a list, in the reader's language and the county's time."""
    zone = ZoneInfo(timezone)
    return listing(HEADINGS[language], [_item(record, zone, language) for record in records])


def _item(record: CommandRecord, zone: ZoneInfo, language: str) -> Item:
    command = record.command
    moments = (
        f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%m-%d %H:%M}" for at in (record.issued, command.expires)
    )
    why = " ".join(part for part in (_reason(command, language), command.confirmed_by) if part)
    said = zip(LABELS[language], (written(command), end_of(record, language), record.text, why), strict=True)
    return Item(
        (command.id, command.device, *moments, command.by), tuple(f"{label}{value}" for label, value in said if value)
    )


def _reason(command: Command, language: str) -> str:
    """Why, in the reader's language where it is the gateway's own word."""
    own = OWN_REASONS.get(command.reason) if command.by == GATEWAY else None
    return command.reason if own is None else own.of(language)


def written(command: Command) -> str:
    """An order as it is typed."""
    values = ({"zone": command.zone} if command.zone else {}) | command.values
    return " ".join([command.kind, *(f"{name}={value}" for name, value in values.items())])


def asked(command: Command, language: str) -> str:
    """The question to the second person."""
    values = {"by": command.by, "device": command.device, "order": written(command), "reason": command.reason}
    return phrase("confirm_ask", **values).of(language)


def described_form(form: OrderForm) -> dict[str, Any]:
    """What an order takes, as JSON: a stable face."""
    return {"meaning": form.meaning, "required": form.required, "optional": form.optional}


def possible(device: Device) -> Iterable[str]:
    """The orders a device's protocol has, a line each."""
    for kind, form in FAMILIES[device.protocol].orders.items():
        yield f"{usage(kind, form)}  {form.meaning}"


def usage(kind: str, form: OrderForm) -> str:
    """An order as it is written on the command line."""
    required = [f"{name}=..." for name in form.required]
    return " ".join([kind, *required, *(f"[{name}=...]" for name in form.optional)])
