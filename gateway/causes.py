"""Words of the libraries and of the system that stand inside our messages, in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHINESE: Final[Mapping[str, str]] = {
    # json
    r"Expecting value": "此处应有一个值",
    r"Expecting ',' delimiter": "缺少逗号或右括号",
    r"Expecting ':' delimiter": "缺少冒号",
    r"Expecting property name enclosed in double quotes": "名称应写在双引号里",
    r"Illegal trailing comma before end of .*": "最后一项后面多了逗号",
    r"Extra data": "结尾之后还有多余内容",
    r"Unterminated string starting at": "引号没有成对",
    r"Invalid control character at": "引号里断了行",
    r"nested too deep": "括号套得太深",
    r"a number is too long": "数字太长",
    # ruamel.yaml
    r"but found another document": "一个文件里只能有一份文档，请删去“---”",
    r"mapping values are not allowed here": "这里不能有“名称: 值”，多半是上一行没写完或缩进不对",
    r"found character '\\t' that cannot start any token": "此处是制表符，应为空格",
    r"could not find expected ':'": "缺少冒号",
    r"did not find expected .*|expected <block end>, but found .*": "缩进与上文不齐",
    r"expected ',' or '[\]}]', but got .*": "缺少逗号或右括号",
    r"found unexpected end of stream": "引号没有成对",
    # orders to devices
    r"(?P<what>\w+) (?P<value>'.*'): a whole number from (?P<least>\d+) to (?P<most>\d+) is wanted": (
        "{what} 写了 {value}，应是 {least} 到 {most} 的整数"
    ),
    r"text has (?P<count>\d+) bytes in GBK; 1 to (?P<most>\d+) can be shown": (
        "文字有 {count} 字节（GBK），应有 1 到 {most} 字节"
    ),
    r"(order )?(?P<kind>\w+): (?P<what>\w+) must match (?P<pattern>.*)": "{kind} 的 {what} 须符合 {pattern}",
    r"(?P<kind>\w+): (?P<what>\w+) (?P<value>'.*') is not what the device takes": "{kind} 的 {what} 不能是 {value}",
    r"\w+: (?P<what>\w+) (?P<value>'.*') is none of (?P<allowed>.*)": "{what} 应是其中之一：{allowed}",
    # the system
    r".*[Pp]ermission denied": "没有权限",
    r".*[Aa]ddress already in use": "端口已被占用",
    r".*[Cc]annot assign requested address": "本机没有这个地址",
    r"Not a directory": "上级不是目录",
    r"Is a directory": "是目录",
    r"File exists": "已有同名文件",
    r"File name too long": "文件名太长",
    r"No such file or directory": "没有这个文件或目录",
    r"Read-only file system": "只读文件系统",
    r"No space left on device": "磁盘已满",
    # whatever else ruamel.yaml says
    r"(expected|found|while|could|did|unknown|unacceptable|special|undefined|mapping|sequence|block|'utf-8' codec).*": (
        "有 YAML 不认的写法，多半是没加引号的特殊字符"
    ),
}


def cause_in(language: str, cause: object) -> str:
    """A library's words in ``zh`` where they are known, else quoted as the original; in ``en`` as they are."""
    words = str(cause)
    if language == "en":
        return words
    matches = ((re.fullmatch(pattern, words, re.DOTALL), chinese) for pattern, chinese in _CHINESE.items())
    known = (chinese.format_map(found.groupdict()) for found, chinese in matches if found)
    return next(known, f"原文“{words}”")
