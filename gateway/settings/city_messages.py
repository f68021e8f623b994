"""The words of ``check`` about a city's desk and its workers, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CITY_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "city_tls": (
        "tls 只用于 mqtt、nats 和 desk；该县的网关自己投送，也没有写值班台，请删去 tls",
        "tls is for mqtt, nats and desk; this county's gateway posts to us, and has no desk here: delete tls",
    ),
    "city_credential": (
        "credentials.yaml 中没有“{value}”；请写上 username 和 password，或改正名称",
        "no “{value}” in credentials.yaml; write username and password there, or correct the name",
    ),
    "city_by_broker": (
        "{name}（{code}）：从 {url} 接收；值班台：{desk}",
        "{name} ({code}): read from {url}; its desk: {desk}",
    ),
    "city_by_stream": (
        "{name}（{code}）：从消息流 {url} 读取（{source}）；值班台：{desk}",
        "{name} ({code}): read from the streams at {url} ({source}); its desk: {desk}",
    ),
    "city_ways": (
        "mqtt 和 nats 只能写一种；请删去一种",
        "a county is read by mqtt or by nats, not by both: delete one",
    ),
    "city_nats_only": (
        "{key} 只用于 nats；请删去，或写上 nats",
        "{key} is for nats alone: delete it, or write nats",
    ),
    "city_posted": (
        "{name}（{code}）：由该县网关投送到 /from/{code}；值班台：{desk}",
        "{name} ({code}): posted by its gateway to /from/{code}; its desk: {desk}",
    ),
    "worker_partition": (
        "“{value}”不是分区；请写 县代码/序号（序号从 0 起），或只写县代码",
        "“{value}” is no partition: write CODE/K, K counted from 0, or the county's CODE alone",
    ),
    "worker_takes": (
        "工作进程 {name}：处理分区 {partitions}，数据流在 {url}",
        "worker {name} takes the partitions {partitions} of the streams at {url}",
    ),
    "worker_takes_all": (
        "工作进程 {name}：处理 {url} 上所有县的分区，与其他工作进程分担",
        "worker {name} takes partitions of all counties at {url}, and shares them with other workers",
    ),
    "city_no_desk": ("未写，只能电话联系", "not written: by telephone alone"),
}
