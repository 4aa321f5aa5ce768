"""A Redis that lets Lakegate do what the README says, and no more."""

import re
import subprocess
from pathlib import Path

from ground import start_redis

PASSWORD = "trial-password"
README = Path(__file__).resolve().parents[2] / "README.md"


def rights():
    """The user of the README, in the words of ACL SETUSER and of a configuration file."""
    return re.search(r"ACL SETUSER (lakegate .*)", README.read_text())[1].replace("PASSWORD", PASSWORD)


class Store:
    def __init__(self, ground):
        self.program, self.port = start_redis(ground)
        assert self.cli("ACL", "SETUSER", *rights().split()) == "OK"

    def cli(self, *words):
        argv = ["redis-cli", "-p", str(self.port), *words]
        return subprocess.run(argv, capture_output=True, text=True, timeout=20).stdout.strip()
