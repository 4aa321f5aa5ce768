"""Binds programs to one TLS 1.3 cipher suite where they have no option for it: OpenSSL's configuration file has one."""

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
