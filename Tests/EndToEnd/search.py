"""Looks for secrets where they must not be, in every spelling that they may have got."""

import base64
import subprocess
from urllib.parse import quote


def spellings(secret):
    """The secret as it stands, and as it would look encoded; base64 at each of the three alignments."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * shift + raw)
            yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def found_in(haystack, secrets):
    return [secret[:6] + "…" for secret in secrets if any(word in haystack for word in spellings(secret))]


def files_with(secrets, paths, folder):
    """Those of the files that have one of many secrets in them; `folder` is for what `grep` wants to read."""
    wanted = folder / "secrets.wanted"
    wanted.write_bytes(b"\n".join(sorted({word for secret in secrets for word in spellings(secret)})) + b"\n")
    argv = ["grep", "--text", "--fixed-strings", "--files-with-matches", f"--file={wanted}", "--", *map(str, paths)]
    done = subprocess.run(argv, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    wanted.unlink()
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()
