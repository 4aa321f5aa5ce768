"""Makes one new TLS connection after the other, and says how many: handshakes.py PORT AUTHORITY RATE SECONDS"""

import socket
import ssl
import sys
import time

port, authority, rate, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
context = ssl.create_default_context(cafile=authority)
began, made = time.monotonic(), 0
while time.monotonic() - began < seconds:
    with socket.create_connection(("127.0.0.1", port)) as line, context.wrap_socket(line, server_hostname="localhost"):
        made += 1
    time.sleep(max(0, began + made / rate - time.monotonic()))
print(made)
