"""What is said to whoever sets up the duty desk, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DESK_PHRASES: Final[Mapping[str, Text]] = {
    # accounts
    "account_stranger": Text(
        "工号“{number}”不在 staff 表中（已有：{known}）；请先写入 gateway.yaml 的 staff",
        "{number} is not in the table of staff (there are: {known}): write it under staff in gateway.yaml first",
    ),
    "account_there": Text(
        "{number} 已有账号；换密码和动态码：bracelet-gateway console-accounts reset {number}",
        "{number} has an account; for another password and second factor:"
        " bracelet-gateway console-accounts reset {number}",
    ),
    "account_none_of": Text(
        "{number} 没有账号；新建：bracelet-gateway console-accounts add {number}",
        "{number} has no account; to make one: bracelet-gateway console-accounts add {number}",
    ),
    "account_added": Text("已新建账号 {number}。", "Account {number} is made."),
    "account_reset": Text(
        "账号 {number} 的密码和动态码已重置，原有登录已退出。",
        "Account {number} has another password and second factor; its sessions have ended.",
    ),
    "account_password": Text(
        "一次性密码（只显示这一次，首次登录须修改）：{password}",
        "Password (shown this once, to be changed at the first login): {password}",
    ),
    "account_factor": Text(
        "请本人用手机验证器（支持 TOTP）扫描，只显示这一次：",
        "For an authenticator (TOTP) on the owner's telephone, shown this once:",
    ),
    "token_made": Text(
        "令牌 {name}（{office}），只显示这一次：{token}", "Token {name} ({office}), shown this once: {token}"
    ),
    "token_revoked": Text("令牌 {name} 已收回。", "Token {name} is taken back."),
    "token_there": Text("已有令牌 {name}；请换一个名字", "there is a token {name}: take another name"),
    "token_none": Text("没有令牌 {name}", "there is no token {name}"),
    "token_name": Text(
        "令牌名“{name}”不能空着，也不能有空格", "the name {name!r} has to say something, without spaces"
    ),
    "token_office": Text(
        "没有属于“{office}”的人员（--office）；有：{known}",
        "nobody is of the office {office} (--office); there are: {known}",
    ),
    "token_places": Text("含位置", "with places"),
    "token_no_places": Text("不含位置", "without places"),
    "account_open": Text("{number} 已解锁。", "{number} is unlocked."),
    "account_not_locked": Text("{number} 没有锁定。", "{number} was not locked."),
    "account_column_number": Text("工号", "Number"),
    "account_column_roles": Text("角色", "Roles"),
    "account_column_office": Text("司法所", "Office"),
    "account_column_state": Text("账号", "Account"),
    "account_none": Text("没有账号", "none"),
    "account_no_staff": Text("已不在 staff 表中，登录不了", "not in staff any more: lets nobody in"),
    "account_locked": Text("锁定到 {until}", "locked until {until}"),
    "account_expired": Text("密码到期，下次登录须更换", "password too old, renewed at the next login"),
    "account_must_change": Text("首次登录须改密码", "password to be changed"),
    "account_good": Text("正常", "good"),
    # the pages' address
    "console_listen": Text(
        "--listen“{value}”不是监听地址；请写成 127.0.0.1:8443", "--listen {value!r}: write 127.0.0.1:8443 (HOST:PORT)"
    ),
    "console_tls": Text(
        "{where} 不限于本机；让别的电脑打开值班台须用 TLS：请在 gateway.yaml 的 console 下写 certificate 和 key",
        "{where} is reached from other machines, which takes TLS: write certificate and key under console in"
        " gateway.yaml",
    ),
    "console_taken": Text(
        "值班台不能在 {where} 监听（{cause}）；请换一个端口，或停掉占用它的程序",
        "the pages cannot be served at {where}: {cause}",
    ),
    "console_certificate": Text(
        "证书或私钥用不了（{certificate}，{key}）：{cause}",
        "certificate or key cannot be used ({certificate}, {key}): {cause}",
    ),
}
