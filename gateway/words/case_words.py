"""The words of a package that is disclosed for one case, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

COVER: Final = Text("案件材料移交清单", "Package of one case")
COVER_LEAD: Final = Text(
    "本件仅为所列案件提供，不得转交，用后即删。核对：在解开的文件夹中运行 sha256sum -c SHA256SUMS；报警证据另用其中的"
    " verify.py 核验。报警和位置是线索，不是认定。",
    "For the case below alone; not to be handed on, to be deleted after use. To check it: sha256sum -c SHA256SUMS in"
    " the unpacked folder; each alarm's evidence by its own verify.py. Alarms and places are leads, not findings.",
)
CASE: Final = Text("案件", "The case")
RECIPIENT: Final = Text("接收机关", "Recipient")
PURPOSE: Final = Text("用途", "Purpose")
NUMBER: Final = Text("文号", "Document")
MINOR: Final = Text("未成年人：移交理由", "A minor: why it is handed over")
PLACES: Final = Text("位置", "Places")
WITH_PLACES: Final = Text("含位置", "included")
WITHOUT_PLACES: Final = Text("不含位置", "not included")
ALARMS: Final = Text("所含报警", "Alarms in it")
FILES: Final = Text("文件", "Files")
FILE: Final = Text("文件名", "File")
SUM: Final = Text("SHA-256", "SHA-256")
LEFT_OUT: Final = Text("未能附上的证据", "Evidence that could not be added")
WHY: Final = Text("原因", "Why")
ACTS: Final = Text("处理记录", "Record of acts")
ACTS_LEAD: Final = Text(
    "所列时间内各报警的全部处理和通知，按时间排列；办结结论由核实的人员作出，照录。",
    "All that was done about the alarms of this time, and who was told, in order of time; outcomes stand as the person"
    " who verified gave them.",
)
AUDIT: Final = Text("查看记录", "Who looked at what")
AUDIT_LEAD: Final = Text(
    "所列时间内谁查看过本人的位置、轨迹或电话，用途是什么；被拒绝的也在内。",
    "Who looked at this person's place, track or number in this time, and what for; refused ones too.",
)
BY: Final = Text("工号", "By")
WHAT: Final = Text("内容", "What")
DOOR: Final = Text("途径", "Way")
RESULT: Final = Text("结果", "Result")
CASE_PHRASES: Final[Mapping[str, Text]] = {
    "disclosed": Text(
        "已写入 {path}：{files} 个文件、{alarms} 条报警；清单摘要（请写进移交文书）：SHA-256 {digest}",
        "{path} written: {files} files, {alarms} alarms. The digest of its list, to be written on the document that it"
        " goes with: SHA-256 {digest}",
    ),
    "disclose_zip": Text("{path}：文件名须以 .zip 结尾", "{path}: the name has to end in .zip"),
    "disclose_long": Text(
        "一个案件最多 {most} 天；请缩短 --since 至 --until",
        "one case covers {most} days at most: shorten --since to --until",
    ),
    "disclose_many": Text(
        "这段时间有 {count} 条报警，最多 {most} 条；请缩短时间",
        "{count} alarms in this time, {most} at most: shorten it",
    ),
    "disclose_early": Text(
        "{at} 早于所含报警的最后一次变化（{last}）；请写更晚的时间，或不写",
        "{at} lies before the last change of an alarm in it ({last}): give a later time, or none",
    ),
}
"""Said by the command."""
