"""Copies one session of Lakegate in its Redis under many new ids, each with a key of its own.

What the record holds is left as it is but for the key; only its sealing is known here. Prints one header value for
each session. Needs the package `cryptography`. Usage: clone_sessions.py REDIS_PORT KEYRING COOKIE_NAME TOKEN COUNT
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def framed(*parts):
    """Every part behind its length in four bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class Sealing:
    """Version 1 of a sealed record: version, length and text of the key id, nonce, ciphertext with tag."""

    def __init__(self, keyring):
        keys = json.load(open(keyring))
        self.id = keys["active"].encode()
        self.key = next(from_base64url(each["key"]) for each in keys["keys"] if each["id"] == keys["active"])

    def _cipher(self, name):
        info = framed(b"lakegate sealed record", name)
        return AESGCM(hmac.digest(self.key, info + b"\1", hashlib.sha256))

    def _associated(self, name, generation):
        return framed(name, generation.to_bytes(8, "big"), b"\1", self.id)

    def open(self, sealed, name, generation):
        rest = sealed[2 + len(self.id):]
        return self._cipher(name).decrypt(rest[:12], rest[12:], self._associated(name, generation))

    def close(self, content, name, generation):
        nonce = os.urandom(12)
        sealed = self._cipher(name).encrypt(nonce, content, self._associated(name, generation))
        return b"\1" + bytes([len(self.id)]) + self.id + nonce + sealed


class Redis:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.answers = self.socket.makefile("rb")

    def send(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))

    def answer(self):
        """One answer: a number, a status, bytes or a list."""
        line = self.answers.readline().rstrip()
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            raise SystemExit(f"Redis says {rest.decode()}")
        if kind == b"$":
            return self.answers.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        return [self.answer() for _ in range(int(rest))] if kind == b"*" else rest


def record_name(session):
    return b"lakegate:{%s}:session" % base64url(session).encode()


def read(redis, sealing, token):
    """The content of the record that a token belongs to."""
    name = record_name(from_base64url(token.removeprefix("lkg_"))[:16])
    redis.send("HMGET", name, "g", "b")
    generation, sealed = redis.answer()
    if sealed is None:
        raise SystemExit(f"there is no record {name.decode()}")
    return json.loads(sealing.open(sealed, name, int(generation)))


def write(redis, sealing, content):
    """Stores a copy under a new id and a new key; returns the token that opens it."""
    session, secret = os.urandom(16), os.urandom(32)
    key = content["keys"][0] | {"digest": base64url(hashlib.sha256(secret).digest())}
    name = record_name(session)
    sealed = sealing.close(json.dumps(content | {"keys": [key]}).encode(), name, 1)
    redis.send("HSET", name, "g", 1, "b", sealed)
    redis.answer()
    redis.send("PEXPIRE", name, 3_600_000)
    redis.answer()
    return "lkg_" + base64url(session + secret)


def main(port, keyring, cookie, token, count):
    redis, sealing = Redis(int(port)), Sealing(keyring)
    content = read(redis, sealing, token)
    for _ in range(int(count)):
        print(f"{cookie}={write(redis, sealing, content)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
