"""The words of ``check`` about the receivers of alarms, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UPSTREAM_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "webhook_url": (
        "“{value}”不是平台的接收地址；请写成 https://主机/路径（http:// 只许本机）",
        "“{value}” is not an address to post to; write https://host/path (http:// to this machine alone)",
    ),
    "upstream_kind": (
        "上级“{value}”须且只须写一种：mqtt、webhook、nats、file 或 sms",
        "the upstream “{value}” takes exactly one of mqtt, webhook, nats, file, sms",
    ),
    "upstream_key_idle": (
        "{key} 对 {kind} 不起作用；请删去，或改用 {allowed}",
        "{key} does nothing for {kind}: delete it, or use {allowed}",
    ),
    "upstream_open": (
        "注意：“{value}”不加密；报警含个人信息，出本机须用 mqtts://",
        "note: “{value}” is not encrypted; alarms are personal data: beyond this machine use mqtts://",
    ),
    "nats_open": (
        "注意：“{value}”不加密；报警含个人信息，出本机须用 tls://",
        "note: “{value}” is not encrypted; alarms are personal data: beyond this machine use tls://",
    ),
    "syslog_url": (
        "“{value}”不是日志服务器的地址；请写成 tls://主机:6514（本机可用 tcp:// 或 udp://）",
        "“{value}” is not a log server; write tls://host:6514 (on this machine tcp:// or udp://, too)",
    ),
    "syslog_open": (
        "“{value}”不加密；出本机的审计记录须用 tls://",
        "“{value}” is not encrypted: what is audited leaves this machine by tls:// alone",
    ),
    "act_key_missing": (
        "accept_acts 需要密钥：请在 credentials.yaml 的“{value}”下写 act_key，并在此写 credential",
        "accept_acts needs a key: write act_key under “{value}” in credentials.yaml, and credential here",
    ),
    "sign_key_missing": (
        "webhook 要签名：请在 credentials.yaml 的“{value}”下写 sign_key（openssl rand -hex 32），并在此写 credential",
        "posts are signed: write sign_key (openssl rand -hex 32) under “{value}” in credentials.yaml, credential here",
    ),
    "tls_pair": (
        "certificate 和 key 要一起写：本网关的证书和它的私钥",
        "certificate and key belong together: our certificate and its private key",
    ),
    "tls_nothing": (
        "tls 下没有写文件；请写 ca_file，或 certificate 和 key，或删去 tls",
        "tls names no file: write ca_file, or certificate and key, or delete it",
    ),
    "tls_open": (
        "“{value}”不用 TLS，tls 不起作用；请改为 mqtts://、https:// 或 tls://",
        "“{value}” uses no TLS, tls does nothing: write mqtts://, https:// or tls://",
    ),
    "tls_files": (
        "注意：这些证书现在用不了（{cause}）；改好之前连不上该上级，其余照常",
        "note: these certificates cannot be used now ({cause}); that upstream is not reached before, all else goes on",
    ),
    "telemetry_nothing": (
        "telemetry 没有写送什么；请写 positions: true 或 presence: true，或删去",
        "telemetry says nothing that is to be sent: write positions: true or presence: true, or delete it",
    ),
}
