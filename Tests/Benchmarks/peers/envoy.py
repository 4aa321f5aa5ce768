"""Envoy: plain, which sets a fixed bearer, and with its OAuth2 filter, which keeps the session in cookies.

BoringSSL lets nobody choose TLS 1.3 suites; clients and workspaces offer one only.
"""

from ground import free_port
from identity import CLIENT_SECRET
from login import Browser
from scene import ROOM, Peer, Unable, values

CONFIG = """
static_resources:
  secrets:
  - {{ name: token, generic_secret: {{ secret: {{ inline_string: "{secret}" }} }} }}
  - {{ name: hmac, generic_secret: {{ secret: {{ inline_string: "{secret}" }} }} }}
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    tcp_backlog_size: 4096
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            alpn_protocols: [h2, http/1.1]
            tls_certificates:
            - certificate_chain: {{ filename: "{certificate}" }}
              private_key: {{ filename: "{key}" }}
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          codec_type: AUTO
          generate_request_id: false
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              request_headers_to_remove: [cookie]
              {request_headers}
              routes:
              - match: {{ prefix: / }}
                route: {{ cluster: workspace, timeout: 0s, host_rewrite_literal: localhost }}
          http_filters:
          {filters}
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: workspace
    load_assignment:
      cluster_name: workspace
      endpoints:
      - lb_endpoints:
        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {upstream} }} }} }}
    circuit_breakers: {{ thresholds: [{{ max_connections: 8192, max_requests: 8192, max_pending_requests: 8192 }}] }}
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {{ {protocol}: {{}} }}
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: localhost
        common_tls_context:
          alpn_protocols: [{alpn}]
          validation_context:
            trusted_ca: {{ filename: "{authority}" }}
            match_typed_subject_alt_names:
            - {{ san_type: DNS, matcher: {{ exact: localhost }} }}
  - name: identity
    load_assignment:
      cluster_name: identity
      endpoints:
      - lb_endpoints:
        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {identity} }} }} }}
"""

FIXED_BEARER = """
              request_headers_to_add:
              - header: {{ key: authorization, value: "Bearer {bearer}" }}
                append_action: OVERWRITE_IF_EXISTS_OR_ADD
"""

OAUTH2 = """
          - name: envoy.filters.http.oauth2
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.oauth2.v3.OAuth2
              config:
                token_endpoint: {{ cluster: identity, uri: "http://127.0.0.1:{identity}/oidc/v1/token", timeout: 5s }}
                authorization_endpoint: http://127.0.0.1:{identity}/oidc/v1/authorize
                redirect_uri: https://localhost:{port}/callback
                redirect_path_matcher: {{ path: {{ exact: /callback }} }}
                signout_path: {{ path: {{ exact: /signout }} }}
                forward_bearer_token: true
                auth_scopes: [all-apis]
                credentials:
                  client_id: measured
                  token_secret: {{ name: token }}
                  hmac_secret: {{ name: hmac }}
"""

def start_plain(scene, task):
    return _start("envoy", scene, task, request_headers=FIXED_BEARER, filters="")


def start_oauth(scene, task):
    peer = _start("envoy-oauth", scene, task, request_headers="", filters=OAUTH2)
    browser = Browser(f"https://localhost:{peer.port}", scene.certificates.authority)
    browser.visit("/small")
    return Peer(peer.name, peer.port, peer.pid, credential=browser.cookies())


def _start(name, scene, task, request_headers, filters):
    executable = next(ROOM.glob("venv/lib/python*/site-packages/envoy/_bin/envoy"), None)
    if executable is None:
        raise Unable("not installed: run Tests/Benchmarks/install.sh")
    port = free_port()
    known = values(scene, task, port)
    two = task.over_h2("h2-small")
    text = CONFIG.format(
        request_headers=request_headers.format(**known).strip(), filters=filters.format(**known).strip(),
        protocol="http2_protocol_options" if two else "http_protocol_options", alpn="h2" if two else "http/1.1",
        secret=CLIENT_SECRET, **known,
    )
    config = scene.ground.write(f"{name}-{port}.yaml", text)
    argv = [executable, "-c", config, "--concurrency", 1, "--disable-hot-restart", "-l", "error"]
    return Peer(name, port, scene.ground.start(f"{name}-{port}", argv, port=port, core=scene.proxy_core).pid)
