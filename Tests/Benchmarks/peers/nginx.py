"""nginx: HTTP/1.1 to the workspace (it has no HTTP/2 there), `grpc_pass` for gRPC."""

from ground import free_port
from scene import Peer, values

CONFIG = """
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
    large_client_header_buffers 4 16k;
    upstream workspace {{
        server 127.0.0.1:{upstream};
        keepalive 128;
        keepalive_requests 100000000;
        keepalive_timeout 300;
    }}
    server {{
        listen 127.0.0.1:{port} ssl http2 backlog=4096;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_session_cache shared:s:4m;
        location / {{
            {forwarding}
        }}
    }}
}}
"""

PROXY = """
            proxy_pass https://workspace;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffer_size 16k;
            proxy_buffers 8 16k;
            proxy_max_temp_file_size 0;
"""

GRPC = """
            grpc_pass grpcs://workspace;
            grpc_buffer_size 16k;
"""

BOTH = """
            {kind}_set_header Host localhost;
            {kind}_set_header Cookie "";
            {kind}_set_header Authorization "Bearer {bearer}";
            {kind}_ssl_verify on;
            {kind}_ssl_protocols TLSv1.2 TLSv1.3;
            {kind}_ssl_trusted_certificate {authority};
            {kind}_ssl_name localhost;
            {kind}_ssl_server_name on;
            {kind}_ssl_session_reuse on;
"""


def start(scene, task):
    port = free_port()
    known = values(scene, task, port)
    grpc = task.clients == "grpc"
    forwarding = (GRPC if grpc else PROXY) + BOTH.format(kind="grpc" if grpc else "proxy", **known)
    config = scene.ground.write(f"nginx-{port}.conf", CONFIG.format(forwarding=forwarding, **known))
    argv = ["nginx", "-c", config, "-p", scene.ground.folder]
    return Peer("nginx", port, scene.ground.start(f"nginx-{port}", argv, port=port, core=scene.proxy_core).pid)
