"""One simulated bracelet that calls for help, once its report is acknowledged; run by the installed interpreter.

python3.11 bracelet.py PORT PHONE
"""

from __future__ import annotations

import fcntl
import socket
import struct
import sys
import time

from firmware_sim.firmware.messages import Message, read_answer
from firmware_sim.firmware.wire import Edition, FrameReader, Received, build_frame
from protocols.jt808.messages import position

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
"""netdevice(7)."""
SOS, LOCATED = 1, 2
SERIAL = 1


def open_loopback() -> None:
    """A new network namespace has its loopback down, and nothing else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        asked = bytearray(struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(line, SIOCGIFFLAGS, asked)
        (flags,) = struct.unpack_from("h", asked, 16)
        fcntl.ioctl(line, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def call_for_help(port: int, phone: str) -> None:
    """Send it and wait for the answer."""
    body = position.LOCATION.build({
        "alarm": SOS, "status": LOCATED, "latitude": 24.33, "longitude": 109.42, "altitude_m": 90, "speed_kmh": 0,
        "course_deg": 0, "time": time.time(),
    })  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(build_frame(Message.LOCATION, phone, SERIAL, body, Edition.Y2013))
        reader, answers = FrameReader(), list[Received]()
        while not answers:
            answers = reader.feed(line.recv(4096))
    if read_answer(answers[0].body) != (SERIAL, Message.LOCATION, 0):
        sys.exit("the report was not acknowledged")


if __name__ == "__main__":
    if sys.argv[1:] == ["loopback"]:
        open_loopback()
    else:
        call_for_help(int(sys.argv[1]), sys.argv[2])
