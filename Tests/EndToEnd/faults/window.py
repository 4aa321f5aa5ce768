"""How long a fresh grant is in one process alone: from the provider's commit to the moment in which Redis has it."""

import re
import socket
import threading
import time

STORED = re.compile(rb'^\+(\d+\.\d+) \[\d+ lua\] "HSET" "lakegate:\{([\w-]+)\}:session" "g"', re.IGNORECASE)


class Monitor:
    """Everything that a Redis does, while a `with` block runs: what is stored when, and the whole text."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.stored, self.text = [], bytearray()

    def __enter__(self):
        self.socket.sendall(b"MONITOR\r\n")
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        time.sleep(0.2)
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)

    def _read(self):
        for line in self.socket.makefile("rb"):
            self.text += line
            if found := STORED.match(line):
                self.stored.append((float(found[1]), found[2].decode()))


def windows(setting, monitor, since):
    """Milliseconds between commit and store, for each renewal."""
    committed = {each["answer"].get("refresh_token"): each["at"] for each in setting.provider.refreshes()}
    found = []
    for spend in setting.ledger.granted(since):
        at = committed[spend.grant.refresh]
        after = [moment for moment, name in monitor.stored if name == setting.names[spend.grant.family] and moment >= at]
        found += [(min(after) - at) * 1000] if after else []
    return found


def percentiles(values):
    """p50, p99 and the longest, as text."""
    values = sorted(values)
    at = [values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.99, 1)]
    return "p50 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms".format(*at) + f" of {len(values)}"
