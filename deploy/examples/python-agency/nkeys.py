"""The part of the package `nkeys` that nats-py asks for, over PyNaCl. PyPI has `nkeys` as source only, and the tests
install wheels alone; where you may build it, `pip install nats-py[nkeys]` and delete this file."""
import base64

from nacl.signing import SigningKey

_USER = 20 << 3


def _crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


class KeyPair:
    def __init__(self, key):
        self._key = key

    @property
    def public_key(self):
        raw = bytes([_USER]) + bytes(self._key.verify_key)
        return base64.b32encode(raw + _crc16(raw).to_bytes(2, "little")).rstrip(b"=")

    def sign(self, data):
        return self._key.sign(bytes(data)).signature

    def wipe(self):
        self._key = None


def from_seed(seed):
    text = bytes(seed).strip()
    raw = base64.b32decode(text + b"=" * (-len(text) % 8))
    if _crc16(raw[:-2]).to_bytes(2, "little") != raw[-2:]:
        raise ValueError("this is no nkey seed")
    return KeyPair(SigningKey(raw[2:34]))
