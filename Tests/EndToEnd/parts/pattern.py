"""Bodies that both ends can make and check: the same for the same seed, and nowhere periodic in a power of two."""

import random
from hashlib import sha256

BLOCK = 1_048_573


def pieces(seed, count):
    block = random.Random(seed).randbytes(BLOCK)
    while count > 0:
        yield block[:count]
        count -= BLOCK


def digest_of(seed, count):
    digest = sha256()
    for piece in pieces(seed, count):
        digest.update(piece)
    return digest.hexdigest()
