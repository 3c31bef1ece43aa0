"""Ids, hashes and headers as the AsyncAPI document (shared/contracts/asyncapi.json) gives them."""
import hashlib
import os
import struct
import time
from datetime import datetime, timedelta, timezone

EAST8 = timezone(timedelta(hours=8))
GENESIS = "0" * 64
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def mint(prefix):
    """An id: 48 bits of milliseconds, 80 random bits, as 26 digits of Crockford base 32."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return prefix + "_" + "".join(DIGITS[value >> shift & 31] for shift in range(125, -1, -5))


def now():
    """This instant as ce-time wants it."""
    return datetime.now(EAST8).isoformat(timespec="milliseconds")


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _field(value):
    data = value if isinstance(value, bytes) else value.encode()
    return b"\x01" + struct.pack(">Q", len(data)) + data


def _number(value):
    return _field(struct.pack(">q", int(value)))


def _millis(text):
    since = datetime.fromisoformat(text) - datetime.fromtimestamp(0, timezone.utc)
    return since // timedelta(milliseconds=1)


def dispatch_hash(headers, body):
    """The hash that `ce-hash` must be, of the headers and the exact bytes of the body."""
    cause = headers.get("ce-causationid")
    parts = [
        _field("lianxi chain v1"),
        _field("dispatch"),
        _field(headers["ce-prevhash"]),
        _field(headers["ce-id"]),
        _field(headers["ce-type"]),
        _field(headers["ce-source"]),
        _field(headers["ce-subject"]),
        _number(_millis(headers["ce-time"])),
        _number(headers["ce-version"]),
        b"\x00" if cause is None else _field(cause),
        _field(body),
        _field(headers["ce-agency"]),
        _field(headers["ce-sender"]),
        _number(headers["ce-agencyseq"]),
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def why_not_ours(code, subject, headers, body):
    """Why a message may not be taken in, or None. A message that fails does not count as received."""
    try:
        if headers["ce-agency"] != code:
            return "dispatched to " + headers["ce-agency"]
        tokens = ["dispatch", code, headers["ce-sender"], headers["ce-subject"]]
        if subject != ".".join(tokens):
            return "subject and headers do not say the same"
        if headers["ce-source"] != "lianxi/" + headers["ce-sender"]:
            return "sent by one who does not own the type"
        if dispatch_hash(headers, body) != headers["ce-hash"]:
            return "it is not what its hash says"
    except (KeyError, ValueError, TypeError) as bad:
        return f"headers cannot be read: {bad!r}"
    return None
