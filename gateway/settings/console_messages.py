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
    "contacts_open": (
        "别人也能读“{name}”，不予采用；请运行 chmod 600，并把属主改为服务账号",
        "others may read “{name}”, so it is not used: chmod 600, and give it to the service's account",
    ),
    "contact_phone": (
        "“{value}”不是电话号码；请写数字，例如 13800000000 或 0772-1234567",
        "“{value}” is no telephone number; write digits, for example 13800000000 or 0772-1234567",
    ),
    "contact_link": (
        "“{value}”不是链接；请写成 https://主机/路径，不带用户名和密码",
        "“{value}” is no link; write https://host/path, without a name and password",
    ),
    "office_unknown": (
        "offices.yaml 中没有司法所“{value}”；请先登记或改正代码",
        "no office “{value}” in offices.yaml; enter it or correct the code",
    ),
    "office_circle": (
        "“{value}”的上级一层层绕回它自己；请改正 parent",
        "what “{value}” stands under leads back to itself; correct parent",
    ),
    "office_unnamed": (
        "注意：offices.yaml 中没有司法所“{value}”（{count} 人）：值班台只显示代码；请登记或改正代码",
        "note: no office “{value}” in offices.yaml ({count} people): the desk shows the code; enter it or correct it",
    ),
    "contacts_none": (
        "没有 contacts.csv，也没有写 console.contacts_link：值班台上没有电话可查",
        "there is no contacts.csv and no console.contacts_link: the desk has no telephone numbers",
    ),
    "canary_worn": (
        "{value} 现有人佩戴；canary 的设备须无人佩戴，放在办公室",
        "somebody wears {value}; the canary is a device that nobody wears, in the office's drawer",
    ),
    "drill_like": (
        "没有报警种类“{value}”可供演练参照；like 请写一种真实报警，例如 sos",
        "no kind of alarm “{value}” that a drill could be like; write one of a real alarm under like, such as sos",
    ),
    "appraisal_empty": (
        "考评表没有一项计分；至少一项的权重要大于 0",
        "nothing counts in this score table; give one weight at least more than 0",
    ),
    "console_idle": (
        "idle 不能长于 session",
        "idle cannot be longer than session",
    ),
    "console_base_map": (
        "底图是 {value}，本县地图是 {maps}：叠在一起会错开几百米；请换用 {maps} 的底图，或不用底图",
        "the base map is {value}, the county's maps are {maps}: hundreds of metres apart; bring one in {maps}, or none",
    ),
    "console_link": (
        "“{value}”不是联系方式的链接；请写成 https://主机/路径/{{person}}",
        "“{value}” is no link to contacts; write https://host/path/{{person}}",
    ),
}
