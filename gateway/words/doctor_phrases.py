"""What ``doctor`` says of a machine, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCTOR_PHRASES: Final[Mapping[str, Text]] = {
    "doctor_clock": Text("时钟已与授时源同步", "the clock is kept right by a time source"),
    "doctor_clock_unknown": Text(
        "查不到时钟是否同步（{cause}）；请人工核对",
        "whether anything keeps the clock right cannot be told here ({cause}): look by hand",
    ),
    "doctor_storage": Text(
        "存储目录 {directory} 可写，只有本账号可读",
        "storage directory {directory} can be written, and nobody else reads it",
    ),
    "doctor_storage_none": Text(
        "没有存储目录 {directory}；网关第一次启动时会建，请确认上级目录可写",
        "storage directory {directory} does not exist yet: the gateway makes it at its first start, where it may",
    ),
    "doctor_storage_closed": Text(
        "本账号写不了存储目录 {directory}（{cause}）；请用网关的账号运行，或改属主",
        "this account cannot write storage directory {directory} ({cause}): run this as the gateway's"
        " account, or change its owner",
    ),
    "doctor_open": Text(
        "{path} 的权限是 {mode}，别的账号读得到；请 chmod {wanted} {path}",
        "{path} has mode {mode}, so that others can read it: chmod {wanted} {path}",
    ),
    "doctor_open_to_group": Text(
        "{path} 的权限是 {mode}，同组的账号读得到里面的密码或密钥；请 chmod {wanted} {path}",
        "{path} has mode {mode}, so that its group reads the password or key in it: chmod {wanted} {path}",
    ),
    "doctor_secrets": Text(
        "{path} 的权限是 {mode}，别的账号读不到", "{path} has mode {mode}: other accounts cannot read it"
    ),
    "doctor_disk": Text(
        "磁盘剩 {free} MB；一次落盘 {sync} 毫秒", "the disk has {free} MB left; a sync takes {sync} ms"
    ),
    "doctor_disk_slow": Text(
        "一次落盘要 {sync} 毫秒：每条应答都要等它；请换有断电保护的固态盘，或查阵列缓存",
        "a sync of the disk takes {sync} ms, and each answer waits for one: take an SSD that survives a"
        " power cut, or see to the array's cache",
    ),
    "doctor_disk_fails": Text(
        "存储目录 {directory} 写不了：{cause}", "storage directory {directory} cannot be written: {cause}"
    ),
    "doctor_disk_full": Text("磁盘只剩 {free} MB；请立即腾出空间", "the disk has only {free} MB left: make room now"),
    "doctor_port": Text("{name}：{where} 可以监听", "{name}: {where} is free to listen on"),
    "doctor_port_ours": Text("{name}：{where} 由运行中的网关监听", "{name}: the running gateway listens on {where}"),
    "doctor_port_held": Text(
        "{name}：{where} 由 systemd 代为守着，网关启动后接手",
        "{name}: systemd holds {where} for the gateway, which takes it when it starts",
    ),
    "doctor_port_deaf": Text(
        "{name}：网关在运行，{where} 却无人监听；请看日志，或重启网关",
        "{name}: the gateway runs, and nobody listens on {where}: see its log, or restart it",
    ),
    "doctor_port_taken": Text(
        "{name}：不能在 {where} 监听（{cause}）；请停掉占用它的程序，或换端口",
        "{name}: cannot listen on {where} ({cause}): stop what holds it, or take another port",
    ),
    "doctor_line": Text("{name}：串口 {path} 在，可读写", "{name}: serial device {path} is there and can be used"),
    "doctor_line_lost": Text(
        "{name}：串口 {path} 用不了（{cause}）；请查接线、驱动，把账号加入 dialout 组",
        "{name}: serial device {path} cannot be used ({cause}): see to its cable and driver, and put"
        " the account into group dialout",
    ),
    "doctor_platform": Text("{name}：{where} 接得通", "{name}: {where} answers"),
    "doctor_syslog": Text("日志服务器：{where} 接得通", "log server: {where} answers"),
    "doctor_syslog_blind": Text(
        "日志服务器：{where} 是数据报，查不到对方收没收；请在对方核对",
        "log server: {where} is told by datagrams, whether it takes them cannot be known: look there",
    ),
    "doctor_broker": Text("{name}：{where} 接通并接受了登录", "{name}: {where} answers and takes the login"),
    "doctor_broker_lost": Text(
        "{name}：{where} 接不通（{cause}）；请查地址、防火墙、账号和证书",
        "{name}: {where} cannot be used ({cause}): see to address, firewall, account and certificate",
    ),
    "doctor_certificate": Text(
        "{name}：{where} 的证书 {days} 天后到期",
        "{name}: the certificate of {where} ends in {days} days",
    ),
    "doctor_certificate_ends": Text(
        "{name}：{where} 的证书 {days} 天后到期；请尽快换发",
        "{name}: the certificate of {where} ends in {days} days: have it renewed",
    ),
    "doctor_certificate_lost": Text(
        "{name}：证书 {where} 用不了（{cause}）；请换上完好的文件",
        "{name}: the certificate {where} cannot be used ({cause}): put sound files in its place",
    ),
    "doctor_folder": Text("{name}：目录 {path} 可写", "{name}: folder {path} can be written"),
    "doctor_folder_closed": Text(
        "{name}：目录 {path} 写不了（{cause}）；请建目录或改属主",
        "{name}: folder {path} cannot be written ({cause}): make it, or change its owner",
    ),
    "doctor_gateway": Text("网关在运行，自查无故障", "the gateway runs and finds nothing broken"),
    "doctor_gateway_trouble": Text("网关自报 {name}：{cause}", "the gateway says of {name}: {cause}"),
    "doctor_gateway_ill": Text(
        "网关在运行，自报有故障；详情：bracelet-gateway status",
        "the gateway runs and says that something is broken: see bracelet-gateway status",
    ),
    "doctor_gateway_none": Text("网关没有运行", "the gateway does not run"),
    "doctor_gateway_mute": Text(
        "网关在运行，但不答本账号（{cause}）", "the gateway runs, but does not answer this account ({cause})"
    ),
    "doctor_shut_in": Text("运行中的网关已隔离：{walls}", "the running gateway is shut in: {walls}"),
    "doctor_not_shut_in": Text(
        "运行中的网关没有隔离的方面：{walls}；请核对服务文件：systemctl cat bracelet-gateway",
        "the running gateway is not shut in by: {walls}; hold the unit against the delivered one:"
        " systemctl cat bracelet-gateway",
    ),
    "doctor_sum": Text("{faults} 处故障，{notes} 处提醒", "faults: {faults}, notes: {notes}"),
}
