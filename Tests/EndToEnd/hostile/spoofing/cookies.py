"""Cookies that may be taken for the session's."""

from spoofing.names import FORGED
from spoofing.variant import Variant, template

NAME, TOKEN = "__Host-lakegate", "lkg_" + "A" * 64
NAMES = [NAME, NAME.lower(), NAME.upper(), "__host-Lakegate", "__Host_lakegate", "__Host-lakegate ", " __Host-lakegate",
         "__Host-lakegate\t", "__Host-lakegate\0", "__Host-lakegate\xa0", "__Host-lakegate[]", "__Host-lakegate-login",
         "__Host-lakegate.x", "__Secure-lakegate", "lakegate", "__Host-__Host-lakegate", "%5f%5fHost-lakegate",
         '"__Host-lakegate"', "$__Host-lakegate", "=__Host-lakegate", "__Host-laKegate", "\xc5\xbf__Host-lakegate"]
VALUES = {"forged": FORGED, "of the right shape": TOKEN, "in quotes": f'"{TOKEN}"', "empty": "", "with a sign": f"={TOKEN}",
          "with a blank": f" {TOKEN}", "with a comma": f"{TOKEN},{NAME}={TOKEN}", "with an attribute": f"{TOKEN}; Path=/",
          "of an old version": f"{TOKEN}; $Version=1", "encoded": "%6ckg_" + "A" * 64}


def variants():
    for name in NAMES:
        yield from both_sides(f"cookie {name!r}", f"Cookie: {name}={FORGED}")
    for how, value in VALUES.items():
        yield from both_sides(f"cookie {how}", f"Cookie: {NAME}={value}")
        yield from both_sides(f"cookie {how}, behind another", f"Cookie: a=b; {NAME}={value}")
    for field in ("Cookie2", "Set-Cookie", "Cookie_", "X-Cookie", "Cookie\t", "COOKIE", "cookie"):
        yield from both_sides(f"cookie in {field!r}", f"{field}: {NAME}={FORGED}")
    yield from both_sides("cookie nominated", f"Connection: cookie\r\nCookie: {NAME}={FORGED}")
    yield from both_sides("cookie behind LF", f"Cookie: a=b\nCookie: {NAME}={FORGED}")
    yield from both_sides("cookie folded", f"Cookie: a=b;\r\n {NAME}={FORGED}")
    yield from both_sides("a thousand cookies", "Cookie: " + "; ".join(f"{NAME}{number}={FORGED}" for number in range(1000)))


def both_sides(name, line):
    yield Variant(f"{name}, first", template(before=[line]))
    yield Variant(f"{name}, last", template(after=[line]))
