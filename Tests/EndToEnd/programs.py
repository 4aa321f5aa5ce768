"""A program with a key of its own, and the rule by which it acts as the principal `nightly`."""

import shlex
import subprocess

from services import CONFIDENTIAL_SECRET

ACTS_AS = """\
    servicePrincipals:
      - {{name: nightly, clientID: nightly-principal, clientSecretFile: {secret}, tokenURL: {token_url}, scopes: [all-apis]}}
    clients:
      - {{name: scheduler, keyFile: {key}}}
    identities:
      - match: {{client: scheduler{more}}}
        actAs: nightly
{rules}"""


def make_key(ground, binary):
    """(file, key) of a program."""
    path = ground.folder / "scheduler.key"
    subprocess.run([*shlex.split(binary), "keys", "client", "--output", str(path)], capture_output=True, timeout=30, check=True)
    return path, path.read_text().split()[0]


def with_program(ground, workspace, key, more="", rules=""):
    """What makes the program with this key act as `nightly`, in a configuration's text: always, or when `more` says so too.

    `rules` are further ones.
    """
    secret = ground.write("nightly.secret", CONFIDENTIAL_SECRET + "\n", mode=0o600)
    rule = ACTS_AS.format(secret=secret, key=key[0], token_url=workspace.token_url, more=more and f", {more}",
                          rules=rules)
    return lambda text: text.rstrip("\n") + "\n" + rule
