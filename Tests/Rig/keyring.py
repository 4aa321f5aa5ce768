"""Makes a sealing keyring with Lakegate's own command: the one place that knows how it is called."""

import shlex
import subprocess


def make_keyring(lakegate, path):
    """`lakegate` is a path or a command line; the keyring is written to `path`, readable by its owner only."""
    argv = [*shlex.split(str(lakegate)), "keys", "generate", "--output", str(path)]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)} failed:\n{done.stdout}{done.stderr}")
    return path
