"""Certificates that a workspace should not be believed with, each made for one fault, with the chain and key to show."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
LOCAL = (x509.DNSName("localhost"),)
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(*wanted):
    kinds = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{kind: kind in wanted for kind in kinds})


class Issuer:
    """Who signs: an authority, or one between it and the server."""

    def __init__(self, title, by=None, is_authority=True, depth=None, more=()):
        self.key, self.name, self.by = ec.generate_private_key(ec.SECP256R1()), name(title), by
        signer = by or self
        made = (x509.CertificateBuilder().subject_name(self.name).issuer_name(signer.name).public_key(self.key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(NOW - DAY).not_valid_after(NOW + 3 * DAY)
                .add_extension(x509.BasicConstraints(is_authority, depth), True)
                .add_extension(usage("key_cert_sign", "crl_sign"), True))
        for extension in more:
            made = made.add_extension(extension, True)
        self.certificate = made.sign(signer.key, hashes.SHA256())

    def leaf(self, names=LOCAL, title="localhost", starts=-1, ends=3, purposes=(SERVER,), uses=("digital_signature",), key=None,
             digest=None, issuer=None, more=()):
        """A server's certificate and its key; `starts` and `ends` are days from now."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        made = (x509.CertificateBuilder().subject_name(name(title)).issuer_name(issuer or self.name)
                .public_key(key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(NOW + starts * DAY).not_valid_after(NOW + ends * DAY)
                .add_extension(x509.BasicConstraints(False, None), True).add_extension(usage(*uses), True))
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), False)
        if purposes:
            made = made.add_extension(x509.ExtendedKeyUsage(purposes), False)
        for extension in more:
            made = made.add_extension(extension, True)
        return made.sign(self.key, digest or hashes.SHA256()), key


def dns(*names):
    return [x509.DNSName(each) for each in names]


def address(text):
    return [x509.IPAddress(ipaddress.ip_address(text))]


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")


def only(domain):
    return x509.NameConstraints([x509.DNSName(domain)], None)


def self_signed():
    own = Issuer("localhost")
    return own.leaf(issuer=name("localhost"), key=own.key), []


def chains(root):
    """By name of the fault: (leaf, key) and what stands behind it in the chain. "right" has none."""
    between = Issuer("Between", root)
    narrow = Issuer("Narrow", root, more=[only("example.com")])
    shallow = Issuer("Shallow", root, depth=0)
    false_one = Issuer("No Authority", root, is_authority=False)
    twin = Issuer("Root")
    made = {
        "right": (root.leaf(), []),
        "right, by one between": (between.leaf(), [between]),
        "expired": (root.leaf(starts=-3, ends=-1), []),
        "not yet valid": (root.leaf(starts=1), []),
        "another host": (root.leaf(dns("other.example.com")), []),
        "a host below": (root.leaf(dns("a.localhost")), []),
        "a wildcard beside": (root.leaf(dns("*.localhost")), []),
        "a wildcard for all": (root.leaf(dns("*")), []),
        "a name that begins so": (root.leaf(dns("localhost.example.com")), []),
        "a common name alone": (root.leaf(None), []),
        "the address, not the name": (root.leaf(address("127.0.0.1")), []),
        "self-signed": self_signed(),
        "an unknown authority": (Issuer("Somebody").leaf(), []),
        "an unknown authority, shown too": ((somebody := Issuer("Somebody")).leaf(), [somebody]),
        "an authority of the same name": (twin.leaf(), [twin]),
        "one between is missing": (between.leaf(), []),
        "signed by a server": (false_one.leaf(), [false_one]),
        "a longer chain than allowed": ((deep := Issuer("Deep", shallow)).leaf(), [deep, shallow]),
        "an authority for other names": (narrow.leaf(), [narrow]),
        "for clients": (root.leaf(purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,)), []),
        "for code": (root.leaf(purposes=(ExtendedKeyUsageOID.CODE_SIGNING,)), []),
        "a key for certificates alone": (root.leaf(uses=("crl_sign",)), []),
        "a critical extension nobody knows": (root.leaf(more=[UNKNOWN]), []),
        "RSA with 1024 bits": (root.leaf(key=rsa.generate_private_key(65537, 1024)), []),
    }
    return made


def write(folder, title, leaf, key, chain):
    """One file with the key and the chain, as servers load it."""
    parts = [key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
             leaf.public_bytes(serialization.Encoding.PEM)]
    parts += [each.certificate.public_bytes(serialization.Encoding.PEM) for each in chain]
    path = folder / (title.replace(" ", "-").replace(",", "") + ".pem")
    path.write_bytes(b"".join(parts))
    return path
