"""The words of ``check`` about listeners, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTENER_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "listener_kind": (
        "接入“{value}”须且只须写一种：tcp、udp、mqtt 或 serial",
        "the listener “{value}” takes exactly one of tcp, udp, mqtt, serial",
    ),
    "listener_key": (
        "“{key}”只用于 {kinds} 接入；请删去这一项",
        "“{key}” is for {kinds} only; delete it",
    ),
    "auto_topic": (
        "mqtt 接入不能自动识别协议；请写明 protocol",
        "the wire format is not told by itself on mqtt; name the protocol",
    ),
    "auto_profile": (
        "自动识别协议时型号写在设备上；请删去 profile",
        "with protocol: auto the profile stands with the devices; delete profile here",
    ),
    "identity_needed": (
        "协议 {protocol} 的数据不带设备号码；请写 identity，与设备表中的号码一致",
        "frames of {protocol} do not say whose they are; write identity, as in the devices' table",
    ),
    "serial_only": (
        "协议 {protocol} 只用于串口；请改用 serial",
        "{protocol} is spoken on serial ports only; write serial",
    ),
    "serial_path": (
        "“{value}”不是串口；请写完整路径，例如 /dev/ttyUSB0",
        "“{value}” is not a serial port; write its whole path, for example /dev/ttyUSB0",
    ),
    "listener_network": (
        "“{value}”不是网段；请写成 10.20.0.0/16（主机位为 0）或一个地址，每个一项",
        "“{value}” is no network; write 10.20.0.0/16 (no bits behind the mask) or one address, an item each",
    ),
    "listener_tls_pair": (
        "tls 须同时写 certificate 和 key：本网关的证书和它的私钥（PEM）",
        "tls takes certificate and key together: our certificate and its private key (PEM)",
    ),
    "listener_tls_files": (
        "注意：这些证书现在用不了（{cause}）；改好之前设备从该接入连不上，其余照常",
        "note: these certificates cannot be used now ({cause}); no device gets in here before, all else goes on",
    ),
    "listener_psk": (
        "不支持预共享密钥：Python 3.13 起才有（此处为 {version}），本版本也未提供；请用证书，做不到的设备走专网",
        "no pre-shared keys: Python has them from 3.13 on (here is {version}), we have none yet; use certificates",
    ),
    "listener_credential": (
        "credentials.yaml 中没有“{value}”；请在那里写 username 和 password，或删去这一项",
        "there is no “{value}” in credentials.yaml; write its username and password there, or delete this",
    ),
    "listener_open": (
        "注意：“{value}”不加密；位置是个人信息，出本机须用 mqtts://",
        "note: “{value}” is not encrypted; places are personal data: beyond this machine use mqtts://",
    ),
    "authentication_open": (
        "注意：接入“{value}”不要求鉴权，知道号码就能冒充设备；能鉴权的请写 required，否则在设备上写 network",
        "note: “{value}” asks for no authentication: who knows a number can pose as one; require it, or write network",
    ),
}
