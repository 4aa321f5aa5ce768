"""Apache httpd with mod_auth_openidc, whose sessions are in a Redis of its own: one process, the event MPM."""

from ground import free_port, start_redis
from identity import CLIENT_SECRET, ISSUER
from login import Browser
from scene import Peer, Unable, values

MODULES = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "headers", "env", "socache_shmcb",
           "ssl", "http2", "proxy", "proxy_http", "proxy_http2"]

CONFIG = """
ServerName localhost
PidFile {folder}/apache-{port}.pid
ErrorLog /dev/stderr
LogLevel error
DefaultRuntimeDir {folder}
{modules}
User www-data
Group www-data
Listen 127.0.0.1:{port}
ListenBacklog 4096
StartServers 1
ServerLimit 1
ThreadLimit 128
ThreadsPerChild 128
MaxRequestWorkers 128
AsyncRequestWorkerFactor 16
KeepAlive On
KeepAliveTimeout 300
MaxKeepAliveRequests 0
LimitRequestFieldSize 16380
Protocols h2 http/1.1
SSLEngine on
SSLProtocol TLSv1.2 TLSv1.3
SSLCipherSuite TLSv1.3 {suite}
SSLCertificateFile {certificate}
SSLCertificateKeyFile {key}
SSLSessionCache shmcb:{folder}/apache-{port}-tls(1048576)
SSLProxyEngine on
SSLProxyVerify require
SSLProxyCheckPeerName on
SSLProxyCACertificateFile {authority}
OIDCProviderIssuer {issuer}
OIDCProviderAuthorizationEndpoint https://localhost:{provider}/oidc/v1/authorize
OIDCProviderTokenEndpoint https://localhost:{provider}/oidc/v1/token
OIDCProviderTokenEndpointAuth client_secret_post
OIDCIDTokenSignedResponseAlg HS256
OIDCCABundlePath {authority}
OIDCClientID measured
OIDCClientSecret {secret}
OIDCRedirectURI https://localhost:{port}/callback
OIDCCryptoPassphrase {secret}
OIDCScope "openid all-apis"
OIDCCacheType redis
OIDCRedisCacheServer 127.0.0.1:{redis}
OIDCSessionInactivityTimeout 86400
OIDCPassClaimsAs environment
OIDCPassIDTokenAs claims
<Location />
    AuthType openid-connect
    Require valid-user
    RequestHeader set Authorization "Bearer %{{OIDC_access_token}}e"
    RequestHeader unset Cookie
    RequestHeader set Host localhost
    ProxyPass {scheme}://localhost:{upstream}/ enablereuse=on keepalive=On max=128 ttl=300
</Location>
"""


def start(scene, task):
    redis, redis_port = start_redis(scene.ground, core=scene.other_core)
    port = free_port()
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES)
    text = CONFIG.format(
        modules=modules, redis=redis_port, secret=CLIENT_SECRET, issuer=ISSUER, provider=scene.plain.port,
        scheme="h2" if task.over_h2() else "https", **values(scene, task, port))
    config = scene.ground.write(f"apache-{port}.conf", text)
    argv = ["/usr/sbin/apache2", "-d", scene.ground.folder, "-f", config, "-D", "FOREGROUND"]
    program = scene.ground.start(f"apache-{port}", argv, port=port, core=scene.proxy_core)
    browser = Browser(f"https://localhost:{port}", scene.certificates.authority)
    browser.visit("/small")
    return Peer("apache", port, program.pid, {"redis": redis.pid}, browser.cookies(), redis_port)
