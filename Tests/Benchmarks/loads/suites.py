"""Binds programs to one TLS 1.3 cipher suite where they have no option for it: OpenSSL's configuration file has one."""

import subprocess

SUITES = """
openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
Ciphersuites = {suite}
"""


def suites_file(ground, suite):
    """Path for the environment variable OPENSSL_CONF."""
    return ground.write("suites.cnf", SUITES.format(suite=suite))


def negotiated(port, authority, suite):
    """Protocol and suite that a client restricted like the load generators gets, as openssl names them."""
    argv = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", authority,
            "-ciphersuites", suite, "-brief"]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    words = {line.partition(":")[0]: line.partition(":")[2].strip() for line in done.stderr.splitlines() if ":" in line}
    return f"{words.get('Protocol version', '?')} {words.get('Ciphersuite', '?')}"
