"""The words of ``check`` about carriers and phones, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CARRIER_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "carrier_url": (
        '“{value}”不是运营商接口地址；请写成 "https://主机:端口/路径"',
        '“{value}” is not the address of a location server; write "https://host:port/path"',
    ),
    "carrier_unknown": (
        "carriers 里没有“{value}”；已有：{allowed}",
        "“{value}” is not among the carriers; there are: {allowed}",
    ),
    "carrier_missing": (
        "手机须写明由哪个运营商定位：请写 carrier: 名称（carriers 里只有一个时可省略）",
        "a phone needs its carrier: write carrier: name (may be left out where carriers has exactly one)",
    ),
    "carrier_useless": (
        "“{value}”不是手机（protocol 不是 mlp），不要写 carrier",
        "“{value}” is no phone (its protocol is not mlp): it has no carrier",
    ),
    "carrier_secret": (
        "credentials.yaml 里没有“{value}”的 username 和 password；运营商给的账号请写在那里",
        "credentials.yaml has no username and password under “{value}”; put the carrier's account there",
    ),
    "carrier_no_port": (
        "手机不连到我们的端口，由运营商定位：请删去此监听，在 carriers 里写运营商",
        "phones do not connect to a port of ours, their carrier locates them: name it under carriers instead",
    ),
}
