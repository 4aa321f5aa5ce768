"""The workspace is said in several places at once: target, Host, the TLS handshake."""

from itertools import product

from spoofing.names import FORGED
from spoofing.variant import Variant, template

OURS, NEXT, NOBODY = "localhost", "next.test", "evil.example"
TARGETS = ["/api/x", f"https://{OURS}/api/x", f"https://{NEXT}/api/x", f"https://{NOBODY}/api/x", f"https://{NEXT}@{OURS}/api/x",
           f"https://{OURS}@{NEXT}/api/x", f"//{NEXT}/api/x", f"http://{NEXT}:443/api/x", f"https://{OURS}.{NEXT}/api/x"]
HOSTS = [f"Host: {OURS}", f"Host: {NEXT}", f"Host: {NOBODY}", f"Host: {OURS}\r\nHost: {NEXT}", f"Host: {NEXT}\r\nHost: {OURS}",
         f"Host: {OURS}, {NEXT}", f"Host: {OURS}:443@{NEXT}", ""]
QUERIES = ["access_token", "token", "o", "user", "authorization", "X-Forwarded-User", "__Host-lakegate"]


def variants():
    for target, host, name in product(TARGETS, HOSTS, [OURS, NEXT, NOBODY, None]):
        said = host.replace("\r\n", " and ")
        yield Variant(f"{target}, {said or 'no Host'}, {name} in TLS", template(first=f"GET {target} HTTP/1.1", host=host), name)
    for query in QUERIES:
        yield Variant(f"{query} in the query", template(first=f"GET /api/x?{query}={FORGED} HTTP/1.1"))
