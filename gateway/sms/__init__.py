"""Short messages, out by a modem on a serial line or by an HTTP gateway, and in by the modem.

A newcomer reads ``alphabet`` (characters to bits), ``submit`` (a text as PDUs), ``incoming`` (what comes), ``results``
(why a modem refuses), ``session`` (the talk with a modem: bytes in, bytes and events out, time an argument), then the
shells ``line`` and ``http``. Numbers pass through here and are written nowhere.
"""
