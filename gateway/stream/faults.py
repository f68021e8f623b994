"""What can be wrong with a server, a stream or a message of one, in words; which class it is says whether it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import nats.errors
from nats.js.errors import APIError, NoStreamResponseError, ServiceUnavailableError

from gateway.errors import GatewayFault, OurFault, TransientFault, UserFault
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Away(TransientFault):
    """The server is not reached, or the stream has no leader just now: what was asked was surely not done."""


class InDoubt(TransientFault):
    """No answer came: it may have been done."""


class Full(TransientFault):
    """The stream or the server takes nothing more; nothing was stored, and nothing was removed for it."""


class ShareFull(Full):
    """One county has as much in the stream as it may; nothing was stored, and the others go on."""


class WrongLast(OurFault):
    """The last message of the stream is another one than the writer's: somebody else writes, or nobody told us."""


class NotThere(OurFault):
    """There is no such stream, consumer, message or object."""


class TooLarge(OurFault):
    """A message with its headers is larger than the server takes; it was not sent."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(Text(
            f"一条消息连同标头有 {size} 字节，超过消息服务器允许的 {most} 字节（max_payload）；请调大 max_payload",
            f"a message has {size} bytes with its headers, and the server takes no more than {most} (max_payload):"
            " raise max_payload",
        ))  # fmt: skip


_AWAY: Final = Text(
    "连不上消息服务器（{why}）；会自动再试，请查看它是否在运行、网络是否通",
    "the message server is not reached ({why}): it is tried again by itself; see whether it runs and the line is up",
)
_NO_LEADER: Final = Text(
    "消息服务器上此刻无人应答 {place}（{why}）；会自动再试，如持续请查看集群是否多数在线",
    "nobody answers for {place} on the message server just now ({why}): it is tried again by itself; if that lasts, see"
    " whether most of the cluster is up",
)
_IN_DOUBT: Final = Text(
    "消息服务器没有回答 {place}（{why}）；是否已经完成尚不知道，再试时会查明",
    "the message server did not answer for {place} ({why}): whether it was done is not known, the next try finds out",
)
_REFUSED_US: Final = Text(
    "消息服务器不接受我们的账号（{why}）；请查看 credentials.yaml 与服务器的授权",
    "the message server does not accept who we are ({why}): see credentials.yaml and the server's authorization",
)
_REFUSAL: Final = "authorization violation"
"""As the server says it; the library has no class for it where it comes on connecting."""
_NO_TLS: Final = Text(
    "地址写的是 tls://，而消息服务器不使用 TLS：没有向它发送任何内容（包括密码）；请在服务器上配置 TLS",
    "the address says tls://, and the message server does not speak TLS: nothing was sent to it, no password either."
    " Give the server its TLS",
)
_WRONG_LAST: Final = Text(
    "{place} 的末尾已不是我们写的那条（{why}）：另有写入者。本写入者停止，没有改动任何内容；请查看是否启动了两份",
    "{place} no longer ends with what we wrote ({why}): somebody else writes it. This writer stops, and has changed"
    " nothing; see whether two are running",
)
_FULL: Final = Text(
    "{place} 已满（{why}）：什么也没有存入，也没有丢失；请扩容或缩短保留时间，会自动再试",
    "{place} is full ({why}): nothing was stored, and nothing lost; give it more room or keep less, it is tried again"
    " by itself",
)
_SHARE_FULL: Final = Text(
    "{place} 在流中的份额已用完（{why}）：什么也没有存入，也没有丢失，其他县不受影响；旧消息到期后自动继续，"
    "也可由市里用 streams make --bracelets 加大各县份额",
    "the share of {place} in the stream is used up ({why}): nothing was stored, and nothing lost, and the others go on."
    " It goes on by itself as older messages go; the city can make shares larger: streams make --bracelets",
)
_TOO_LARGE: Final = Text(
    "发往 {place} 的一条消息超过该流允许的大小（{why}）：没有存入；请市里查看该流的 max_msg_size",
    "a message for {place} is larger than the stream takes ({why}): it was not stored. Have the city look at the"
    " stream's max_msg_size",
)
_NOT_THERE: Final = Text("消息服务器上没有 {place}（{why}）", "the message server has no {place} ({why})")
_NO_JETSTREAM: Final = Text(
    "消息服务器没有启用 JetStream（{why}）；请在其配置中打开", "the server has no JetStream ({why}): enable it there"
)
_BROKEN_OFF: Final = Text(
    "写入 {place} 的一批消息未能完整到达（{why}）：一条也没有存入；会自动再试",
    "a batch of messages for {place} did not arrive whole ({why}): none of it was stored, it is tried again by itself",
)
_OTHER: Final = Text("消息服务器拒绝了 {place}：{why}", "the message server refused {place}: {why}")

_BY_CODE: Final[Mapping[int | None, tuple[type[GatewayFault], Text]]] = {
    10002: (Full, _FULL),  # resource limits of the account
    10005: (Away, _NO_LEADER),  # no suitable servers to place it on now
    10008: (Away, _NO_LEADER),  # the system is temporarily unavailable
    10009: (Away, _NO_LEADER),  # no leader
    10014: (NotThere, _NOT_THERE),  # a consumer
    10023: (Full, _FULL),  # insufficient resources
    10028: (Full, _FULL),  # insufficient memory
    10037: (NotThere, _NOT_THERE),  # a message
    10043: (NotThere, _NOT_THERE),  # a message that was deleted
    10039: (UserFault, _NO_JETSTREAM),  # for the account
    10047: (Full, _FULL),  # insufficient storage
    10059: (NotThere, _NOT_THERE),  # a stream
    10054: (OurFault, _TOO_LARGE),
    10058: (UserFault, _OTHER),  # a stream of this name has another configuration
    10071: (WrongLast, _WRONG_LAST),
    10074: (UserFault, _OTHER),  # replicas on a server that is alone
    10076: (UserFault, _NO_JETSTREAM),
    10077: (Full, _FULL),  # the store failed: maximum messages, bytes, or the disk
    10176: (Away, _BROKEN_OFF),  # a batch of messages of which one did not come
    10164: (WrongLast, _WRONG_LAST),  # the same, without saying which is the last
}
"""By the server's own error codes, which do not change between versions."""
_BY_WORDS: Final[Mapping[tuple[int | None, str], tuple[type[GatewayFault], Text]]] = {
    (10077, "per subject"): (ShareFull, _SHARE_FULL),
    (10005, "insufficient storage"): (Full, _FULL),
}
"""Codes that mean several things, and what the server says then."""


def judged(fault: BaseException, place: str) -> GatewayFault:
    """A fault of the library or the system in our words.

    Args:
        fault: what was raised.
        place: the stream, subject or request that it was about.
    """
    if isinstance(fault, GatewayFault):
        return fault
    kind, text = _kind_of(fault)
    return kind(text.filled(place=place, why=_said_of(fault)))


def away(reason: BaseException) -> Away:
    """The server is not reached, and why."""
    return Away(_AWAY.filled(why=_said_of(reason)))


def _kind_of(fault: BaseException) -> tuple[type[GatewayFault], Text]:
    code = fault.err_code if isinstance(fault, APIError) else None
    for (one, words), judgement in _BY_WORDS.items():
        if code == one and words in str(fault):
            return judgement
    if code in _BY_CODE:
        return _BY_CODE[code]
    if _REFUSAL in str(fault).lower():
        return UserFault, _REFUSED_US
    for kinds, judgement in _BY_CLASS:
        if isinstance(fault, kinds):
            return judgement
    return OurFault, _OTHER


_BY_CLASS: Final[tuple[tuple[tuple[type[BaseException], ...], tuple[type[GatewayFault], Text]], ...]] = (
    ((nats.errors.SecureConnWantedError,), (UserFault, _NO_TLS)),
    ((nats.errors.NoRespondersError, NoStreamResponseError, ServiceUnavailableError), (Away, _NO_LEADER)),
    ((nats.errors.NoServersError, nats.errors.ConnectionClosedError), (Away, _AWAY)),
    ((TimeoutError,), (InDoubt, _IN_DOUBT)),
    ((OSError,), (Away, _AWAY)),
)


def _said_of(fault: BaseException) -> str:
    described = fault.description if isinstance(fault, APIError) else ""
    return described or str(fault).removeprefix("nats: ") or type(fault).__name__
