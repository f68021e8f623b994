#!/bin/sh
# python-messaging 0.5.13 and python-gsmmodem-2025 0.1.3 give every long text the same concatenation reference, 0 (the
# octet behind 05 00 03): a telephone that gets two long texts at once cannot tell their parts apart (3GPP TS 23.040,
# 9.2.3.24.1: the reference has to differ).
# What we do: gateway/sms/submit.py makes the PDUs, gateway/sms/line.py counts the reference up with each text.
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-messaging==0.5.13 python-gsmmodem-2025==0.1.3
cat > "$folder/parts.py" <<'PYTHON'
import re

from gsmmodem.pdu import encodeSmsSubmitPdu
from messaging.sms import SmsSubmit

NUMBER = "+8613800000001"
for name, parts in (
    ("python-messaging", lambda text: [pdu.pdu for pdu in SmsSubmit(NUMBER, text).to_pdu()]),
    ("gsmmodem", lambda text: [str(pdu) for pdu in encodeSmsSubmitPdu(NUMBER, text)]),
):
    found = [re.search("050003(..)", pdu)[1] for text in ("\u4e2d" * 100, "\u65e5" * 100) for pdu in parts(text)]
    print(name, "references of two texts of two parts each:", found)
    assert found == ["00"] * 4
PYTHON
"$folder/venv/bin/python" "$folder/parts.py"
