"""The story that the demo tells: what happens at which hour, and what is said of it when it has happened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from gateway.demo.stage import Stage
    from gateway.demo.watch import Watcher

LOOK = 0.1
"""Real seconds between looks for what a scene waits for."""
OVER = Text("故事讲完了；按 Ctrl-C 结束并查看统计。", "The story is told; Ctrl-C ends it with the count.")
SLOWER = Text(
    "这台机器较忙，故事要比 {seconds} 秒长：时间会等网关把活干完，报警一条不少。",
    "This machine is busy: the story takes longer than {seconds} seconds. Its time waits for the gateway; "
    "no alarm is lost by it.",
)

DELIVERED = Text(
    "消息服务器恢复：等候的 {waited} 条消息已送达市平台（{people}），没有丢失，也没有重复。",
    "The broker is back: {waited} messages had waited and are delivered ({people}), none lost, none twice.",
)
UNDER_WAY = Text(
    "消息服务器恢复：等候的 {waited} 条消息正在补发（已到：{people}）。",
    "The broker is back: {waited} messages had waited and are on their way (there already: {people}).",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens so many simulated hours into the story, which waits for it to begin.

    Attributes:
        begins: said when it begins; None: nothing.
        play: has it happen; returns what is said then, or None.
    """

    after_hours: float
    begins: Text | None
    play: Callable[[Stage, Watcher], Awaitable[Text | None]]


async def _nothing(stage: Stage, watcher: Watcher) -> None:
    del stage, watcher


async def _kill(stage: Stage, watcher: Watcher) -> Text:
    del watcher
    seconds = await stage.kill_gateway()
    return Text(
        f"网关已重启（实际用时 {seconds:.1f} 秒）：已确认的都在，未确认的由腕带补传。",
        f"The gateway is back ({seconds:.1f} real seconds): what was acknowledged is there, the rest is sent again.",
    )


async def _close(stage: Stage, watcher: Watcher) -> Text:
    del watcher
    await stage.close_strap()
    return Text(
        "表带报警已办结：设备原因，卡扣老化，已更换。",
        "The strap alarm is closed: technical, the worn clasp was replaced.",
    )


async def _cut(stage: Stage, watcher: Watcher) -> Text:
    """Says how many messages had waited, and about whom, once the platform has them all."""
    del watcher
    seen = len(stage.platform.order)
    waited = await stage.cut_broker()
    delivered = await stage.all_confirmed()
    late = {event["data"]["person"] or "-" for event in stage.platform.order[seen:]}
    text = DELIVERED if delivered else UNDER_WAY
    return text.filled(waited=waited, people=", ".join(sorted(late)) or "-")


async def _found(stage: Stage, watcher: Watcher) -> Text:
    """Waits for the repeated place; the last scene, since the story goes on meanwhile."""
    del watcher
    while True:
        for alarm in list(stage.platform.alarms.values()):
            if alarm.kind == "repeated_place":
                return _finding(alarm.event["data"])
        await asyncio.sleep(LOOK)


def _finding(alarm: Mapping[str, Any]) -> Text:
    who, of, nights = alarm["person"], alarm["facts"]["of"], alarm["facts"]["nights"]
    return Text(
        f"找到了：{who} 近{of}夜有{nights}夜在同一处，地图上并没有画这家网吧。",
        f"Found: {who} spent {nights} of {of} nights at one place; nobody had drawn the cafe.",
    )


def _quiet(zh: str, en: str, *people: str) -> Callable[[Stage, Watcher], Awaitable[Text]]:
    """A scene about people who have done nothing wrong: what is said of them by us, and by naive judgement."""

    async def play(stage: Stage, watcher: Watcher) -> Text:
        naive = sum(watcher.naive_by_person[person] for person in people)
        ours = sum(alarm.event["data"]["person"] in people for alarm in list(stage.platform.alarms.values()))
        said = Text(f"报警 {ours} 条", f"our alarms: {ours}") if ours else Text("没有报警", "no alarm of ours")
        return Text(
            f"{zh}：本网关{said.zh}；按原始定位点判断会报 {naive} 条。",
            f"{en}: {said.en}; naive point-in-polygon would have raised {naive}.",
        )

    return play


SCENES = (
    Scene(
        0.0,
        Text("腕带开始上报；今晚起看 P0001。", "The bracelets begin to report; watch P0001 tonight."),
        _nothing,
    ),
    Scene(
        8.75,
        Text(
            "第一夜：P0001 22:00 起应在家，却在别处过夜。", "First night: P0001 is due home at 22:00 and is elsewhere."
        ),
        _nothing,
    ),
    Scene(14.75, Text("04:30 网关进程被强行杀死（kill -9）。", "04:30 the gateway is killed (kill -9)."), _kill),
    Scene(
        18.5,
        None,
        _quiet("P0010 家在县界边上", "P0010 lives at the county's border", "P0010"),
    ),
    Scene(
        25.5,
        Text("15:15 值班员到现场查看 P0004 的表带。", "15:15 an officer has looked at the strap of P0004."),
        _close,
    ),
    Scene(36.0, None, _quiet("P0011 已准假，在县外过夜", "P0011 is on leave, out of the county", "P0011")),
    Scene(
        44.0,
        Text(
            "09:45 市平台的消息服务器中断四小时；报警在发件箱里等。",
            "09:45 the platform's broker is cut for four hours; alarms wait in the outbox.",
        ),
        _cut,
    ),
    Scene(
        54.0,
        None,
        _quiet(
            "P0012 住在禁入网吧隔壁，P0013 住在高楼之间",
            "P0012 lives beside a barred cafe, P0013 in a street canyon",
            "P0012",
            "P0013",
        ),
    ),
    Scene(60.0, Text("第三夜：P0001 又在同一处。", "Third night: P0001 is at the same place again."), _found),
)
