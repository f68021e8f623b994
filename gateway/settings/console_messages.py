"""The words of ``check`` about the console, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSOLE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "console_listen": (
        "“{value}”不是值班台的监听地址；请写成 127.0.0.1:8443",
        "“{value}” is no address for the pages; write 127.0.0.1:8443",
    ),
    "console_pair": (
        "certificate 和 key 要一起写：证书和它的私钥",
        "certificate and key belong together: a certificate and its private key",
    ),
    "console_tls": (
        "“{value}”不限于本机（本机请写 127.0.0.1）；让别的电脑打开值班台须用 TLS：请写 certificate 和 key",
        "“{value}” is not this machine alone (127.0.0.1): it takes TLS; write certificate and key",
    ),
    "console_idle": (
        "idle 不能长于 session",
        "idle cannot be longer than session",
    ),
    "console_link": (
        "“{value}”不是联系方式的链接；请写成 https://主机/路径/{{person}}",
        "“{value}” is no link to contacts; write https://host/path/{{person}}",
    ),
}
