"""The door, and an account of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DOOR: Final[Mapping[str, Text]] = {
    "login": Text("登录", "Log in"),
    "login_number": Text("工号", "Staff number"),
    "login_password": Text("密码", "Password"),
    "ring": Text(
        "有 {count} 条紧急报警无人接收：请登录处理。",
        "Urgent alarms that nobody has taken: {count}. Log in and answer them.",
    ),
    "login_code": Text("动态码", "Code"),
    "login_code_what": Text(
        "手机验证器上的六位数字，每个只能用一次。", "Six digits from your app; each can be used once."
    ),
    "login_enter": Text("登录", "Log in"),
    "login_what": Text(
        "没有账号，或忘了密码：请找系统管理员。每次查看位置和电话都会留下记录。",
        "No account, or the password is forgotten: ask the system administrator. Each look at a place or a telephone"
        " number is written down.",
    ),
    "login_wrong": Text(
        "工号、密码或动态码不对，或者该动态码已经用过。连错 5 次，该工号锁定 15 分钟。",
        "Number, password or code is wrong, or the code was used before. Five failures lock a number for 15 minutes.",
    ),
    "login_locked": Text(
        "连错 5 次，该工号已锁定，{minutes} 分钟后可再试；急用请找系统管理员解锁。",
        "Five failures: this number is locked; try again in {minutes} min, or have the system administrator unlock it.",
    ),
    "password_change": Text("修改密码", "Change the password"),
    "password_must": Text(
        "现在的密码别人看到过，请先改成只有您知道的密码。",
        "Somebody else has seen this password: choose one that only you know before you go on.",
    ),
    "password_expired": Text(
        "密码已用满 {days} 天，请先换一个新的。", "This password is {days} days old: choose another before you go on."
    ),
    "password_now": Text("现在的密码", "Password now"),
    "password_new": Text("新密码", "New password"),
    "password_again": Text("新密码再输一遍", "The new password again"),
    "password_rules": Text(
        "至少 10 个字符，不含工号，不同于最近 {count} 个密码；{days} 天后须再换。",
        "At least 10 characters, without your number, none of your last {count}; to be changed after {days} days.",
    ),
    "password_wrong": Text("现在的密码不对。", "The password now is wrong."),
    "password_differs": Text("两遍新密码不一样。", "The new passwords differ."),
    "password_short": Text("新密码要 10 至 256 个字符。", "The new password needs 10 to 256 characters."),
    "password_number": Text("新密码里不能有工号。", "The new password may not contain your number."),
    "password_plain": Text("新密码太简单：至少要有四种不同的字符。", "Too plain: at least four different characters."),
    "password_last": Text("新密码是最近用过的 {count} 个之一。", "The new password is one of your last {count}."),
    "factor_change": Text("更换动态码", "Change the second factor"),
    "factor_what": Text(
        "换手机时用。新的验证器扫描并输入一次动态码之后才生效，旧的随即作废。",
        "For another telephone. The new one is in force once you have typed a code of it; the old one is none then.",
    ),
    "factor_show": Text("显示二维码", "Show the picture"),
    "factor_scan": Text(
        "请用手机验证器扫描，或手工输入下面的密钥；只显示这一次。",
        "Scan it with your authenticator, or type the secret below; it is shown this once.",
    ),
    "factor_picture": Text("动态码密钥的二维码", "QR code of the secret"),
    "factor_code": Text("新验证器上的动态码", "A code of the new one"),
    "factor_take": Text("启用", "Take it"),
    "factor_wrong": Text("动态码不对，仍用原来的。", "The code is wrong; the old factor stays."),
    "me": Text("我的账号：{number}", "My account: {number}"),
    "me_roles": Text("角色：", "Roles:"),
    "me_sessions": Text("登录在哪里", "Where you are logged in"),
    "me_begun": Text("登录", "Since"),
    "me_seen": Text("最近操作", "Last used"),
    "me_ago": Text("{lasted}前", "{lasted} ago"),
    "me_this": Text("（这里）", "(here)"),
    "me_end": Text("结束其他登录", "End the other sessions"),
    "role_duty": Text("值班", "duty"),
    "role_office": Text("司法所", "office"),
    "role_leader": Text("领导", "leader"),
    "role_technician": Text("技术员", "technician"),
    "role_auditor": Text("审计", "auditor"),
    "role_procurator": Text("检察", "procurator"),
    "form_forged": Text(
        "表单已失效或不是本值班台的，没有提交；请返回、刷新页面后再试。",
        "This form has expired or is none of ours; nothing was submitted. Go back, reload the page and try again.",
    ),
    "form_large": Text("表单太大，没有提交。", "The form is too large; nothing was submitted."),
}
