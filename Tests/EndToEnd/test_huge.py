"""One file up and down again, as large as LAKEGATE_HUGE_MIB says (64 unless told), and how much memory that takes."""

import hashlib
import os
from pathlib import Path

from parts.pattern import pieces

SIZE = int(os.environ.get("LAKEGATE_HUGE_MIB", "64")) << 20


def peak(lakegate):
    lines = Path(f"/proc/{lakegate.program.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def digested(parts, digest):
    for part in parts:
        digest.update(part)
        yield part


def test_a_huge_file_goes_up_and_down_in_little_memory(lakegate, session_token):
    Path(f"/proc/{lakegate.program.pid}/clear_refs").write_text("5")  # the peak begins anew
    before = peak(lakegate)
    url = f"{lakegate.url}/api/2.0/fs/files/Volumes/huge"
    sent, got = hashlib.sha256(), hashlib.sha256()
    client = lakegate.client(session_token)
    assert client.put(url, data=digested(pieces(5, SIZE), sent)).status_code == 204
    with client.get(url, stream=True) as answer:
        for piece in answer.iter_content(1 << 20):
            got.update(piece)
    grown = peak(lakegate) - before
    print(f"{SIZE >> 20} MiB up and down: the peak of memory grew by {grown >> 10} KiB from {before >> 20} MiB")
    assert got.digest() == sent.digest()
    assert grown < 32 << 20, f"grew by {grown >> 20} MiB"
