"""One body of every message of JT/T 808 in every edition that has its own, written from the tables of the standard.

A field is ``name=HEX`` or ``name='text'`` (GBK; ``.20`` pads it to 20 bytes); what has no name is a length or a count.
Devices, drivers and places are invented.
"""

import re
from dataclasses import dataclass

from protocols.jt808.messages import Edition

PLACE = (
    "alarm=00000001 status=00000002 latitude=01dc1300 longitude=073c6f60 altitude_m=000c speed_kmh=0024"
    " course_deg=005a time=260202104000"
)
ITEM = "id=01 04 data=000003e8"
VERTICES = (
    "latitude=01dc1300 longitude=073c6f60 latitude=01dc1300 longitude=073c7f60 latitude=01dc2000 longitude=073c6f60"
)
BOX = "top=01dc2000 left=073c6f60 bottom=01dc1300 right=073c7f60"
NIGHT = "start=000000220000 end=000000060000"
TABLE = f"""
0001 2013 answered_serial=0007 answered_message=8103 result=00
0002 2013
0003 2013
0004 2013
0005 2013 first_serial=0010 02 indices=0001 indices=0003
0005 2019 first_serial=0010 0002 indices=0001 indices=0003
0100 2011 province=002d city=0066 maker='MAKER' model='MODEL-A'.8 terminal='TERM001' plate_colour=02 plate='桂A00001'
0100 2013 province=002d city=0066 maker='MAKER' model='MODEL-A'.20 terminal='TERM001' plate_colour=02 plate='桂A00001'
0100 2019 province=002d city=0066 maker='MAKER'.11 model='MODEL-A'.30 terminal='TERM001'.30 plate_colour=02 plate='桂A1'
0102 2013 code='CODE-1'
0102 2019 06 code='CODE-1' imei='861000000000001' software='V1.0'.20
0104 2011 answered_serial=0007 total=03 count=01 id=00000001 04 value=0000001e
0104 2013 answered_serial=0007 count=02 id=00000001 04 value=0000001e id=00000029 04 value=0000003c
0107 2013 kind=0003 maker='MAKER' model='MODEL-A'.20 terminal='TERM001' iccid=89860000000000000001\
 04 hardware='HW-1' 04 firmware='FW-1' gnss=03 modem=01
0107 2019 kind=0103 maker='MAKER' model='MODEL-A'.30 terminal='TERM001'.30 iccid=89860000000000000001\
 04 hardware='HW-1' 04 firmware='FW-1' gnss=03 modem=01
0108 2013 type=34 result=02
0109 2013
0200 2013 {PLACE} {ITEM} id=30 01 data=14
0201 2013 answered_serial=0007 {PLACE} {ITEM}
0210 2013 1c {PLACE} 22 {PLACE} {ITEM}
0301 2013 event=05
0302 2013 answered_serial=0007 answer=02
0303 2013 type=05 wanted=01
0500 2013 answered_serial=0007 {PLACE}
0506 2013
0608 2013 kind=01 count=00000001 data=0a0b
0702 2011 04 name='D001' identity='ID-1'.20 certificate='CERT-1'.40 04 issuer='ORG1'
0702 2013 state=01 time=260202104000 result=00 04 name='D001' certificate='CERT-1'.20 04 issuer='ORG1'\
 valid_until=20301231
0702 2019 state=01 time=260202104000 result=00 04 name='D001' certificate='CERT-1'.20 04 issuer='ORG1'\
 valid_until=20301231 identity='ID-1'.20
0704 2013 count=0002 kind=01 001c {PLACE} 0022 {PLACE} {ITEM}
0705 2013 0001 0a0b0c0d0e 40000001 0102030405060708
0800 2013 media=00000009 type=00 format=01 event=02 channel=03
0801 2011 media=00000009 type=00 format=01 event=02 channel=03 total=00000002 index=00000001 data=ffd8
0801 2013 media=00000009 type=00 format=01 event=02 channel=03\
 location=000000010000000201dc1300073c6f60000c0024005a260202104000 data=ffd8ffd9
0802 2013 0007 0000
0805 2013 0007 00 0001 00000009
0900 2011 type=41 total=00000002 0002 data=0102
0900 2013 type=41 data=0102
0901 2013 00000003 data=1f8b08
0A00 2013 e=00010001 n='KEY'.128
1300 2013 'STATUS OK'
2070 2013 01 0001 0002 0003
4401 2013 answered_message=5501 result=00
5501 2013 0102030405060708
5502 2013 0102030405060708
6006 2013 encoding=00 text='正常'
8001 2013 answered_serial=0007 answered_message=0200 result=00
8003 2013 first_serial=0010 02 indices=0002 indices=0005
8003 2019 first_serial=0010 0002 indices=0002 indices=0005
8004 2013 time=260202024000
8100 2013 answered_serial=0007 result=00 code='CODE-1'
8103 2011 total=02 count=01 id=00000029 04 value=0000001e
8103 2013 count=01 id=00000029 04 value=0000001e
8104 2013
8105 2013 command=04 parameters='A;B'
8106 2013 02 ids=00000001 ids=00000029
8107 2013
8108 2013 type=34 maker='MAKER' 03 version='1.2' 00000002 data=0a0b
8109 2013 year=07ea month=02 day=02 hour=02 minute=28 second=05 result=00
8201 2013
8202 2013 interval_s=0005 validity_s=00000258
8203 2013 alarm_serial=0007 alarm=00000001
8204 2013
8300 2013 flags=09 text='请回电'
8300 2019 flags=09 type=02 text='请回电'
8301 2011 kind=02 total=04 02 id=01 02 text='A1' id=02 02 text='B2'
8301 2013 kind=02 02 id=01 02 text='A1' id=02 02 text='B2'
8302 2013 flags=01 02 question='Q?' id=01 0003 text='yes' id=02 0002 text='no'
8303 2013 kind=02 01 type=05 0004 name='NEWS'
8304 2013 type=05 0004 text='NEWS'
8400 2013 listen=01 phone='00000000001'
8401 2013 kind=02 01 flag=03 0b phone='00000000001' 02 name='K1'
8500 2013 flags=01
8500 2019 count=0001 controls=000100
8600 2011 setting=01 total=02 01 id=00000009 attribute=0000 latitude=01dc1300 longitude=073c6f60 radius_m=000000c8
8600 2013 setting=01 01 id=00000009 attribute=0003 latitude=01dc1300 longitude=073c6f60 radius_m=000000c8 {NIGHT}\
 speed_kmh=003c speed_s=0a
8600 2019 setting=01 01 id=00000009 attribute=0002 latitude=01dc1300 longitude=073c6f60 radius_m=000000c8\
 speed_kmh=003c speed_s=0a night_kmh=0028 0004 name='HOME'
8601 2013 02 ids=00000009 ids=0000000a
8602 2011 setting=01 total=02 01 id=00000009 attribute=0000 {BOX}
8602 2013 setting=01 01 id=00000009 attribute=0001 {BOX} {NIGHT}
8602 2019 setting=01 01 id=00000009 attribute=0000 {BOX} 0004 name='HOME'
8603 2013 01 ids=00000009
8604 2011 id=00000009 attribute=0000 total=0006 03 {VERTICES}
8604 2013 id=00000009 attribute=0002 speed_kmh=003c speed_s=0a 0003 {VERTICES}
8604 2019 id=00000009 attribute=0002 speed_kmh=003c speed_s=0a 0003 {VERTICES} night_kmh=0028 0004 name='HOME'
8605 2013 00
8606 2011 id=00000009 attribute=0000 total=0002 01 section=00000002 latitude=01dc1300 longitude=073c6f60 width_m=32\
 flags=01 time_s=0258 speed_kmh=0028 speed_s=0a
8606 2013 id=00000009 attribute=0001 {NIGHT} 0001 point=00000001 section=00000002 latitude=01dc1300 longitude=073c6f60\
 width_m=32 flags=03 longest_s=0258 shortest_s=003c speed_kmh=0028 speed_s=0a
8606 2019 id=00000009 attribute=0000 0001 point=00000001 section=00000002 latitude=01dc1300 longitude=073c6f60\
 width_m=32 flags=02 speed_kmh=0028 speed_s=0a night_kmh=001e 0004 name='WAY1'
8607 2013 01 ids=00000009
8608 2013 kind=01 00000001 ids=00000009
8702 2013
8800 2011 answered_serial=0007 media=00000009 01 missing=0002
8800 2013 media=00000009 02 missing=0001 missing=0002
8801 2013 01 0001 0000 00 01 05 7f 40 40 7f
8802 2013 00 00 00 260202000000 260202235959
8803 2013 00 00 00 260202000000 260202235959 00
8804 2013 01 000a 00 00
8805 2013 00000009 00
8900 2011 type=41 total=00000002 0002 data=0102
8900 2013 type=41 data=0102
8A00 2013 e=00010001 n='KEY'.128
"""
_FIELD = re.compile(r"(?:(?P<name>\w+)=)?(?:'(?P<text>[^']*)'(?:\.(?P<size>\d+))?|(?P<hex>[0-9a-f]+))(?: |$)")


@dataclass(frozen=True)
class Body:
    """``fields``: (name, bytes) in the order of the wire, what counts or measures others left out."""

    number: int
    edition: Edition
    data: bytes
    fields: tuple[tuple[str, bytes], ...]

    @property
    def id(self) -> str:
        return f"{self.number:04X} {self.edition.value}"


def _bytes_of(field):
    if field["hex"]:
        return bytes.fromhex(field["hex"])
    return field["text"].encode("gbk").ljust(int(field["size"] or 0), b"\0")


def _body(line):
    number, edition, *written = line.split(" ", 2)
    parts = [(field["name"], _bytes_of(field)) for field in _FIELD.finditer("".join(written))]
    data = b"".join(part for _, part in parts)
    return Body(int(number, 16), Edition(edition), data, tuple((name, part) for name, part in parts if name))


BODIES = [_body(line) for line in TABLE.strip().splitlines()]
