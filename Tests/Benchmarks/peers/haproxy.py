"""HAProxy."""

from ground import free_port
from scene import Peer, values

CONFIG = """
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
    bind 127.0.0.1:{port} ssl crt {both} alpn h2,http/1.1 backlog 4096
    http-request del-header cookie
    http-request set-header authorization "Bearer {bearer}"
    http-request set-header host localhost
    default_backend workspace
backend workspace
    default-server ssl verify required ca-file {authority} verifyhost localhost sni str(localhost) alpn {alpn}
    server one 127.0.0.1:{upstream}
"""


def start(scene, task):
    port = free_port()
    alpn = "h2" if task.over_h2("h2-small") else "http/1.1"
    config = scene.ground.write(f"haproxy-{port}.cfg", CONFIG.format(alpn=alpn, **values(scene, task, port)))
    program = scene.ground.start(f"haproxy-{port}", ["haproxy", "-db", "-f", config], port=port, core=scene.proxy_core)
    return Peer("haproxy", port, program.pid)
