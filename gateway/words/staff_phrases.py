"""What staff are told about what is theirs to do, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

STAFF_PHRASES: Final[Mapping[str, Text]] = {
    # the socket
    "control_denied": Text(
        "账号“{account}”连不上网关（{path}）；请让信息员把它加入 control.group 的组（usermod -aG 组 账号），再重新登录",
        "the account {account} may not connect to the gateway ({path}): have the IT officer put it into the group of"
        " control.group (usermod -aG GROUP ACCOUNT), then log in again",
    ),
    "control_group": Text(
        "control.group：不能把控制套接字交给组“{group}”（{cause}）；请先建组（groupadd），并让服务账号加入该组",
        "control.group: the control socket cannot be given to the group {group} ({cause}): make the group (groupadd)"
        " and put the service's account into it",
    ),
    "control_unmade": Text(
        "control.socket：建不了 {path}（{cause}）；请核对目录和权限",
        "control.socket: {path} cannot be made ({cause}): check directory and permissions",
    ),
    # who
    "staff_stranger": Text(
        "账号“{account}”不在 staff 表中，不能操作；请让信息员在 gateway.yaml 的 staff 下写："
        "- {{number: 工号, user: {account}, roles: [duty]}}，再运行 bracelet-gateway reload",
        "the account {account} is not in the table of staff: it can do nothing. Have the IT officer write under staff"
        " in gateway.yaml: - {{number: NUMBER, user: {account}, roles: [duty]}}, then run"
        " bracelet-gateway reload",
    ),
    "staff_other": Text(
        "账号“{account}”是工号 {number}，不能以“{by}”的名义操作；请去掉 --by",
        "the account {account} is {number} and cannot act as {by}: leave --by out",
    ),
    "staff_role": Text(
        "{number} 无权执行 {do}；须有以下角色之一：{roles}", "{number} may not {do}; it takes one of the roles: {roles}"
    ),
    "staff_speaker": Text(
        "账号“{account}”不能代他人提出请求：只有 root 和服务账号可以",
        "the account {account} cannot ask for somebody else: only root and the service's own account can",
    ),
    "staff_unknown": Text(
        "staff 表中没有工号“{number}”；请让信息员写入 gateway.yaml 的 staff",
        "{number} is not in the table of staff: have the IT officer write it under staff in gateway.yaml",
    ),
    "staff_elsewhere": Text(
        "{number} 只能办理司法所 {office} 的人员；{what} 不属于该所",
        "{number} works for the people of {office} alone, and {what} is not of that office",
    ),
    "audit_no_what": Text("--what 没有“{value}”；可以写：{allowed}", "--what: there is no {value}; one of: {allowed}"),
    "audit_unstored": Text(
        "查看记录暂时写不进日志，因此不显示；请稍后再试（原因见 status）",
        "who looks at what cannot be written down now, so nothing is shown: try again later (status tells why)",
    ),
    "follow_full": Text(
        "同时跟随变化的连接已有 {most} 个；请稍后再试",
        "{most} connections follow what changes already: try again later",
    ),
    # orders that are not everyday
    "order_forbidden": Text(
        "“{what}”会使设备能监听、录音或拍照：任何人都不能下达。依《社区矫正法》第二十九条，电子定位装置只用于定位",
        "{what} could make the device listen, record or take pictures: nobody may order that. By article 29 of the"
        " Community Corrections Law the device is for positioning only",
    ),
    "order_maintenance": Text(
        "“{what}”属于维护：依《社区矫正法》第二十九条，电子定位装置只用于定位，维护须由技术员（technician）下达、写明"
        " --reason，并由另一人（leader）确认；{number} 不是技术员",
        "{what} is maintenance: by article 29 of the Community Corrections Law the device is for positioning only, so"
        " it takes a technician, a --reason and a second person (leader) who confirms; {number} is no technician",
    ),
    "order_reason": Text(
        "“{what}”属于维护：依《社区矫正法》第二十九条，电子定位装置只用于定位；请写明 --reason，再由另一人确认",
        "{what} is maintenance: by article 29 of the Community Corrections Law the device is for positioning only; say"
        " why with --reason, a second person then confirms",
    ),
    "order_confirmer": Text(
        "{id} 由 {number} 下达，须由另一人确认", "{id} was given by {number}: somebody else has to confirm it"
    ),
    "order_leader": Text(
        "“{number}”不是 staff 表中的 leader，不能确认维护指令", "{number} is no leader of the table of staff"
    ),
    "unconfirmed_unknown": Text(
        "没有等待确认的指令“{value}”：编号不对、已过期、已确认，或网关重启过（须重新下达）",
        "no order {value} waits to be confirmed: wrong id, expired, confirmed, or the gateway was restarted (give it"
        " again)",
    ),
    "unconfirmed_many": Text(
        "已有 {most} 条指令等待确认；请先确认，或等其过期",
        "{most} orders wait to be confirmed: confirm them, or let them expire",
    ),
    "unconfirmed": Text(
        "{id}：维护指令，等待另一人（leader）确认，尚未存盘也未发出；请他运行 bracelet-gateway commands confirm {id}",
        "{id}: maintenance, waits for a second person (leader); not on disk and not sent yet. Let them run"
        " bracelet-gateway commands confirm {id}",
    ),
    "confirm_ask": Text(
        "{by} 要求对 {device} 下达：{order}。理由：{reason}。确认吗？",
        "{by} wants {device} to be told: {order}. Reason: {reason}. Confirm?",
    ),
    "confirm_left": Text("没有确认", "not confirmed"),
}
