"""The proxies that are measured side by side, by name. Each terminates TLS and verifies the workspace's TLS."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from ground import free_port
from lakegate_peer import start_lakegate

# As long as the access token that the identity server gives Lakegate.
BEARER = "measured" * 100

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx-{port}.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    keepalive_requests 100000000;
    keepalive_timeout 300;
    upstream workspace {{
        server 127.0.0.1:{upstream};
        keepalive 128;
        keepalive_requests 100000000;
        keepalive_timeout 300;
    }}
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_session_cache shared:s:4m;
        location / {{
            proxy_pass https://workspace;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host localhost;
            proxy_set_header Cookie "";
            proxy_set_header Authorization "Bearer {bearer}";
            proxy_ssl_verify on;
            proxy_ssl_protocols TLSv1.2 TLSv1.3;
            proxy_ssl_trusted_certificate {authority};
            proxy_ssl_name localhost;
            proxy_ssl_server_name on;
            proxy_ssl_session_reuse on;
            proxy_buffer_size 16k;
            proxy_buffers 8 16k;
            proxy_max_temp_file_size 0;
        }}
    }}
}}
"""

HAPROXY = """
global
    nbthread 1
    maxconn 8192
    ssl-server-verify required
defaults
    mode http
    timeout connect 10s
    timeout client 300s
    timeout server 300s
    timeout http-keep-alive 300s
    option http-keep-alive
    http-reuse always
frontend front
    bind 127.0.0.1:{port} ssl crt {both} alpn http/1.1 backlog 4096
    http-request del-header cookie
    http-request set-header authorization "Bearer {bearer}"
    http-request set-header host localhost
    default_backend workspace
backend workspace
    server one 127.0.0.1:{upstream} ssl verify required ca-file {authority} verifyhost localhost sni str(localhost)
"""


@dataclass(frozen=True)
class Scene:
    """What every peer gets: the same certificates, the same workspace, one core, a Redis if it wants one."""

    ground: object
    certificates: object
    upstream_port: int
    proxy_core: int | None
    other_core: int | None
    options: object


@dataclass(frozen=True)
class Peer:
    name: str
    port: int
    pid: int
    """Extra programs of this peer whose CPU is shown apart (its Redis)."""
    beside: dict = field(default_factory=dict)
    """Header field (name, value) of a live session; peers without sessions are sent the same one and replace it."""
    credential: tuple | None = None
    redis_port: int | None = None


def _values(scene, port):
    return {
        "folder": scene.ground.folder, "port": port, "upstream": scene.upstream_port, "bearer": BEARER,
        "certificate": scene.certificates.certificate, "key": scene.certificates.key,
        "both": scene.certificates.both, "authority": scene.certificates.authority,
    }


def start_nginx(scene):
    port = free_port()
    config = scene.ground.write(f"nginx-{port}.conf", NGINX.format(**_values(scene, port)))
    argv = ["nginx", "-c", config, "-p", scene.ground.folder]
    return Peer("nginx", port, scene.ground.start("nginx", argv, port=port, core=scene.proxy_core).pid)


def start_haproxy(scene):
    port = free_port()
    config = scene.ground.write(f"haproxy-{port}.cfg", HAPROXY.format(**_values(scene, port)))
    program = scene.ground.start("haproxy", ["haproxy", "-db", "-f", config], port=port, core=scene.proxy_core)
    return Peer("haproxy", port, program.pid)


def start_lakegate_peer(name, scene, access_log):
    return Peer(name=name, **start_lakegate(name, scene, access_log))


PEERS = {
    "nginx": start_nginx,
    "haproxy": start_haproxy,
    "lakegate": partial(start_lakegate_peer, "lakegate", access_log=False),
    "lakegate-log": partial(start_lakegate_peer, "lakegate-log", access_log=True),
}


@contextmanager
def fresh(name, scene):
    """A peer of its own that ends with the block: for memory, where an earlier trial would leave its traces."""
    running = len(scene.ground.programs)
    try:
        yield PEERS[name](scene)
    finally:
        for program in reversed(scene.ground.programs[running:]):
            program.end()
        del scene.ground.programs[running:]
