"""The words of ``check``, Chinese and English: each says what is wrong and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.causes import cause_in
from gateway.settings.carrier_messages import CARRIER_MESSAGES
from gateway.settings.city_messages import CITY_MESSAGES
from gateway.settings.console_messages import CONSOLE_MESSAGES
from gateway.settings.deed_messages import DEED_MESSAGES
from gateway.settings.listener_messages import LISTENER_MESSAGES
from gateway.settings.profile_messages import PROFILE_MESSAGES
from gateway.settings.rule_messages import RULE_MESSAGES
from gateway.settings.upstream_messages import UPSTREAM_MESSAGES
from gateway.settings.value_messages import VALUE_MESSAGES
from gateway.settings.zone_messages import ZONE_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("zh", "en")

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    **CARRIER_MESSAGES,
    **CITY_MESSAGES,
    **DEED_MESSAGES,
    # files and their syntax
    "file_missing": (
        "找不到文件“{name}”；请放到配置目录下，或改正文件名",
        "no file “{name}”; put it into the configuration directory or correct the name",
    ),
    "file_unreadable": (
        "读不了文件“{name}”（{cause}）；请检查权限",
        "the file “{name}” cannot be read ({cause}); check its permissions",
    ),
    "path_missing": (
        "没有“{value}”这个目录或文件；请核对路径，或用 bracelet-gateway init 新建",
        "there is no directory or file “{value}”; correct the path, or make one with bracelet-gateway init",
    ),
    "file_directory": (
        "“{name}”是目录，不是文件；请写其中一个文件的名称",
        "“{name}” is a directory, not a file; name a file in it",
    ),
    "file_special": (
        "“{name}”是设备或管道，不是普通文件；请换成普通文件",
        "“{name}” is a device or pipe, not a regular file; put a regular file there",
    ),
    "file_loop": (
        "“{name}”的符号链接绕成了一圈；请换成文件本身",
        "“{name}” is a symbolic link that leads back to itself; put the file itself there",
    ),
    "file_large": (
        "“{name}”超过 {most} MiB；请拆成几个文件，或删去多余的内容",
        "“{name}” is larger than {most} MiB; split it, or delete what is not needed",
    ),
    "invisible": (
        "此处有看不见的字符 {value}；请删去，并用文本编辑器另存为 UTF-8",
        "there is an invisible character here, {value}; delete it and save the file as UTF-8 text",
    ),
    "file_encoding": (
        "既不是 UTF-8 也不是 GB18030；请另存为 UTF-8",
        "neither UTF-8 nor GB18030; save it as UTF-8",
    ),
    "exists": (
        "“{value}”已存在，不会覆盖；请换一个目录",
        "“{value}” is already there and is not overwritten; choose another directory",
    ),
    "not_written": (
        "写不了“{value}”（{cause}）；请换一个目录",
        "“{value}” cannot be written ({cause}); choose another directory",
    ),
    "include_empty": (
        "“{name}”没有匹配到任何文件；请改正路径或删去这一行",
        "“{name}” matches no file; correct the pattern or delete the line",
    ),
    "include_outside": (
        "“{name}”在配置目录之外；请把文件放进配置目录，写相对路径，不用 ..",
        "“{name}” lies outside the configuration directory; put the file into it and write a relative path without ..",
    ),
    "yaml_syntax": (
        "此处不是合法的 YAML：{cause}；请检查缩进、冒号后的空格和引号",
        "not valid YAML here: {cause}; check indentation, the space after a colon, and quotes",
    ),
    "yaml_tab": (
        "缩进用了制表符；请改用空格",
        "a tab is used for indentation; write spaces",
    ),
    "yaml_space": (
        "此处是全角空格或不间断空格（{value}），不是普通空格；请改成普通空格",
        "a full-width or no-break space stands here ({value}); write an ordinary space",
    ),
    "yaml_alias": (
        "不支持引用（*）；请把内容完整写出",
        "aliases (*) are not taken; write the value out",
    ),
    "yaml_depth": (
        "括号或缩进套了 {most} 层以上；请检查是否漏了右括号",
        "brackets or indentation are nested more than {most} deep; check for a bracket that is not closed",
    ),
    "key_text": (
        "冒号前应是一个名称；请改写这一行",
        "a name should stand before the colon; rewrite this line",
    ),
    "duplicate_key": (
        "“{key}”写了两次；请只保留一处",
        "“{key}” is written twice; keep one",
    ),
    "full_width": (
        "“{value}”含全角字符；请用半角写成：{ascii}",
        "“{value}” has full-width characters; write in ASCII: {ascii}",
    ),
    "csv_header": (
        "表头缺少“{column}”列；第一行应为：{expected}",
        "the header lacks the column “{column}”; the first line should be: {expected}",
    ),
    "csv_separator": (
        "列之间应使用半角逗号“,”；请另存为 CSV（逗号分隔）",
        "columns are separated by a plain comma; save as CSV (comma separated)",
    ),
    "csv_cells": (
        "此行有 {count} 格，表头有 {expected} 列；请补齐或删去多余的逗号",
        "this line has {count} cells, the header {expected}; fill in or delete surplus commas",
    ),
    "csv_quote": (
        '引号没有成对；请补上结尾的 "',
        'the quote is not closed; add the closing "',
    ),
    "json_syntax": (
        "不是 GeoJSON：{cause}；请从地图软件重新导出 GeoJSON",
        "not GeoJSON: {cause}; export it again as GeoJSON",
    ),
    # shape of the entries
    "missing": (
        "缺少“{key}”；请补上一行“{key}: …”",
        "“{key}” is missing; add a line “{key}: …”",
    ),
    "missing_cell": (
        "此行缺少“{key}”；请填写该格",
        "“{key}” is missing in this line; fill in the cell",
    ),
    "items_few": (
        "此处至少要有 {bound} 项；请补上",
        "this takes {bound} items or more; add what is missing",
    ),
    "items_many": (
        "此处最多 {bound} 项；请删去多余的",
        "this takes {bound} items at most; remove some",
    ),
    "invalid": (
        "“{value}”不合要求；请对照 docs/rules.md 改写",
        "“{value}” does not fit; see docs/rules.md for what may be written",
    ),
    "unknown_key": (
        "不认识“{key}”；可写的有：{allowed}",
        "“{key}” is not known; one may write: {allowed}",
    ),
    "did_you_mean": (
        "不认识“{key}”；是否应为“{guess}”？",
        "“{key}” is not known; did you mean “{guess}”?",
    ),
    "empty": (
        "此处没有写内容；请填写，或删去这一行",
        "nothing is written here; fill it in or delete the line",
    ),
    "mapping_expected": (
        "此处应是“名称: 值”的若干行，却写了“{value}”",
        "“name: value” lines are expected here, not “{value}”",
    ),
    "list_expected": (
        "此处应是列表（每项以“- ”开头，或用 [ ] 括起），却写了“{value}”",
        "a list is expected here (items start with “- ”, or stand in [ ]), not “{value}”",
    ),
    "text_expected": (
        '“{value}”应是文字；请加引号写成 "{value}"',
        '“{value}” should be text; write it quoted: "{value}"',
    ),
    "unquoted_number": (
        '“{value}”没有加引号，会被当成数字（开头的 0 会丢失）；请写成 "{value}"',
        '“{value}” is unquoted and would be read as a number (a leading 0 is lost); write "{value}"',
    ),
    **VALUE_MESSAGES,
    # people, devices, assignments
    "duplicate_id": (
        "编号“{value}”已在 {other} 用过；请另起编号或删去一处",
        "“{value}” is already used at {other}; choose another or delete one",
    ),
    "duplicate_identity": (
        "{protocol} 的号码 {value} 与 {other} 重复；一个号码只能属于一台设备",
        "the {protocol} identity {value} is also at {other}; an identity belongs to one device",
    ),
    "registration_useless": (
        "“{value}”的设备不注册，没有可关闭的注册；请删去 registration",
        "devices that speak {value} do not register; delete registration",
    ),
    "zone_half": (
        "time 写 fixed 时须写 zone_hours（设备时钟比 UTC 快几小时），写别的 time 时不写 zone_hours",
        "time: fixed and zone_hours (hours the clock is ahead of UTC) go together; write both or neither",
    ),
    "zone_useless": (
        "“{value}”的设备时区不能在这一行写；请在它的型号文件里写，或删去 time 和 zone_hours",
        "the clock of a {value} device is told in its model's profile; delete time and zone_hours here",
    ),
    "identity_digits": (
        "设备号码“{value}”应全是数字；请照设备标签填写，表格软件里把该列设为文本",
        (
            "the identity “{value}” should be digits only; copy it from the label, with the column set to text "
            "in a spreadsheet"
        ),
    ),
    "identity_long": (
        "设备号码有 {count} 位，最多 {most} 位；请照设备标签填写",
        "the identity has {count} digits, at most {most}; copy it from the device's label",
    ),
    "identity_zero": (
        "设备号码不能全是 0；请照设备标签填写",
        "the identity cannot be all zeros; copy it from the device's label",
    ),
    "protocol_unknown": (
        "不支持协议“{value}”；可写：{allowed}",
        "the protocol “{value}” is not known; write one of: {allowed}",
    ),
    "profile_unknown": (
        "协议 {protocol} 没有型号“{value}”；可写：{allowed}",
        "{protocol} has no profile “{value}”; write one of: {allowed}",
    ),
    "home_incomplete": (
        "住处写了一部分，缺少 {missing}；坐标、坐标系、半径须同时填写（坐标系无默认值）",
        "the home lacks {missing}; coordinates, datum and radius go together (the datum has no default)",
    ),
    "unknown_person": (
        "人员表中没有“{value}”；请先在 people 中登记或改正编号",
        "no person “{value}”; enter them under people or correct the id",
    ),
    "unknown_device": (
        "设备表中没有“{value}”；请先在 devices 中登记或改正编号",
        "no device “{value}”; enter it under devices or correct the id",
    ),
    "unknown_zone": (
        "没有区域“{value}”；请先在 zones 中写明或改正编号",
        "no zone “{value}”; declare it under zones or correct the id",
    ),
    "period_reversed": (
        "结束不晚于开始；请改正 until",
        "the end is not after the start; correct until",
    ),
    "assignment_device": (
        "{value} 在这段时间已由 {other} 一行分配；请给前一行填上 until（交还时间）",
        "{value} is already assigned at that time by {other}; fill in until (when it was handed back) there",
    ),
    "assignment_person": (
        "{value} 在这段时间已由 {other} 一行佩戴另一台；请给前一行填上 until（更换时间）",
        "{value} already wears another at that time by {other}; fill in until (when it was changed) there",
    ),
    **RULE_MESSAGES,
    # places
    "datum_missing": (
        "坐标没有写坐标系；请加“datum: gcj02”（高德等国内地图）、wgs84（GPS）或 bd09（百度）",
        "coordinates without a datum; add “datum: wgs84” (GPS), gcj02 (AMap and most Chinese maps) or bd09 (Baidu)",
    ),
    "axes_swapped": (
        "经纬度写反了（经度 {longitude}，纬度 {latitude}）；经度在前，应为 {latitude}, {longitude}",
        (
            "longitude and latitude are swapped (longitude {longitude}, latitude {latitude}); longitude comes "
            "first: {latitude}, {longitude}"
        ),
    ),
    "coordinate_range": (
        "经度 {longitude}、纬度 {latitude} 不在地球上；经度 -180 到 180，纬度 -90 到 90，单位为度",
        (
            "longitude {longitude}, latitude {latitude} is not on earth; degrees, longitude -180 to 180, "
            "latitude -90 to 90"
        ),
    ),
    "outside_county": (
        (
            "“{name}”不在县界内（经度 {longitude}，纬度 {latitude}）；请核对坐标和坐标系；"
            "确在县外的区域请加“outside_county: true”"
        ),
        (
            "“{name}” is outside the county (longitude {longitude}, latitude {latitude}); check coordinates "
            "and datum; if the zone truly lies elsewhere, add “outside_county: true”"
        ),
    ),
    "home_outside": (
        "“{name}”的住处不在县界内（经度 {longitude}，纬度 {latitude}）；请核对坐标和坐标系",
        (
            "the home of “{name}” is outside the county (longitude {longitude}, latitude {latitude}); check "
            "coordinates and datum"
        ),
    ),
    "bounds_polygon": (
        "县界须是面（Polygon 或 MultiPolygon）；请换成县界的面文件",
        "the county's bounds must be polygons; give a file with its area",
    ),
    **ZONE_MESSAGES,
    **LISTENER_MESSAGES,
    **CONSOLE_MESSAGES,
    "address": (
        '“{value}”不是监听地址；请写成 "0.0.0.0:7611"（地址:端口）',
        '“{value}” is not an address to listen on; write "0.0.0.0:7611" (host:port)',
    ),
    "metrics_address": (
        "“{value}”不是本机回环地址；请写成 127.0.0.1:9464 或 [::1]:9464（打开该页面不需要口令）",
        "“{value}” is not on this machine's loopback; write 127.0.0.1:9464 or [::1]:9464 (the page asks no password)",
    ),
    "mqtt_url": (
        '“{value}”不是 MQTT 地址；请写成 "mqtts://主机:8883" 或 "mqtt://主机:1883"',
        '“{value}” is not an MQTT address; write "mqtts://host:8883" or "mqtt://host:1883"',
    ),
    "nats_url": (
        '“{value}”不是 NATS 地址；请写成 "tls://主机:4222" 或 "nats://主机:4222"',
        '“{value}” is not a NATS address; write "tls://host:4222" or "nats://host:4222"',
    ),
    "url_secret": (
        "地址里不要写用户名和密码；请写到 credentials.yaml，并在此写 credential: 名称",
        "no user name or password in the address; put them into credentials.yaml and write credential: name here",
    ),
    **UPSTREAM_MESSAGES,
    **PROFILE_MESSAGES,
}


def say(language: str, key: str, /, **values: object) -> str:
    """The message ``key`` in ``zh`` or ``en`` (any other language: ``zh``), filled with ``values``."""
    if "cause" in values:
        values["cause"] = cause_in(language, values["cause"])
    return MESSAGES[key][int(language == "en")].format_map(values)
