"""The proxies that are measured side by side, by name. Each terminates TLS and verifies the workspace's TLS."""

import subprocess
import urllib.request
from contextlib import contextmanager
from functools import partial
from urllib.error import HTTPError

from ground import StartFailure
from login import Browser
from peers import apache, caddy, envoy, haproxy, lakegate, nginx
from scene import Task, Unable, ending

PEERS = {
    "lakegate": partial(lakegate.start, access_log=False),
    "lakegate-log": partial(lakegate.start, access_log=True),
    "lakegate-rules": partial(lakegate.start, rules=True),
    "nginx": nginx.start,
    "haproxy": haproxy.start,
    "caddy": caddy.start,
    "envoy": envoy.start_plain,
    "envoy-oauth": envoy.start_oauth,
    "apache": apache.start,
}


@contextmanager
def running(scene, names, clients, say, large=False):
    """The named peers, checked, in front of the workspace for these clients; and why others are not among them."""
    task = Task(scene.grpc if clients == "grpc" else scene.plain, clients, large, scene.options.upstream)
    peers, absent = [], {}
    with ending(scene.ground):
        for name in names:
            try:
                peers.append(_checked(PEERS[name](scene, task), scene, task))
            except (Unable, StartFailure) as reason:
                absent[name] = str(reason)
                say(f"without {name}: {reason}")
        yield peers, absent


def _checked(peer, scene, task):
    """Makes sure that a peer does its job: the workspace sees a bearer that no client sent, trailers come through."""
    site = Browser(f"https://localhost:{peer.port}", scene.certificates.authority)
    if task.clients != "h1" and site.alpn() != "h2":
        raise Unable("does not speak HTTP/2 to clients")
    field = peer.credential or ("Authorization", "Bearer of-the-client")
    if task.workspace.kind == "grpc":
        if "grpc-status: 0" not in _call(peer.port, field):
            raise Unable("a gRPC call got no grpc-status trailer")
        return peer
    seen, _ = site.read(urllib.request.Request(f"{site.site}/seen", headers=dict([field])))
    if not seen.startswith(("Bearer measuredmeasured", "Bearer access-")):
        raise Unable(f"the workspace saw Authorization: {seen[:60]!r}")
    if peer.credential and not _turns_away(peer, scene):
        raise Unable("lets requests without a session through")
    return peer


def _call(port, field):
    """What nghttp prints about one gRPC call."""
    fields = [("content-type", "application/grpc"), ("te", "trailers"), (field[0].lower(), field[1])]
    argv = ["nghttp", "-nv", "--data=/dev/null", *(f"-H{name}: {value}" for name, value in fields),
            f"https://localhost:{port}/unary.grpc"]
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20).stdout


def _turns_away(peer, scene):
    """Whether a request without a session gets a login or a 401."""
    site = Browser(f"https://localhost:{peer.port}", scene.certificates.authority, follow=False)
    try:
        site.read(f"{site.site}/seen")
    except HTTPError as error:
        return error.code in (302, 303, 401)
    return False
