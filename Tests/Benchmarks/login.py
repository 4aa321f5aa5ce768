"""A browser without a window: cookies, redirects, and the session that a login leaves behind."""

import http.cookiejar
import socket
import ssl
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlsplit


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """`site` is like https://localhost:8443; only `authority` is trusted. Redirects are followed unless told."""

    def __init__(self, site, authority, follow=True):
        self.site, self.authority = site, str(authority)
        self.jar = http.cookiejar.CookieJar()
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.authority))
        handlers = [trust, urllib.request.HTTPCookieProcessor(self.jar)] + ([] if follow else [Stay()])
        self.opener = urllib.request.build_opener(*handlers)
        self.opener.addheaders = [("Accept", "text/html"), ("Origin", site)]

    def read(self, request):
        """The page and where it was in the end, after all redirects."""
        with self.opener.open(request, timeout=20) as page:
            return page.read().decode(), page.geturl()

    def visit(self, path):
        """Opens a path of the site for the cookies it leaves; whatever the page in the end says."""
        try:
            self.read(self.site + path)
        except HTTPError as error:
            if error.code >= 500:
                raise

    def alpn(self):
        """The protocol a client that knows HTTP/2 and HTTP/1.1 gets; None if the server negotiates none."""
        context = ssl.create_default_context(cafile=self.authority)
        context.set_alpn_protocols(["h2", "http/1.1"])
        where = urlsplit(self.site)
        with socket.create_connection(("127.0.0.1", where.port), timeout=10) as raw:
            with context.wrap_socket(raw, server_hostname=where.hostname) as client:
                return client.selected_alpn_protocol()

    def cookies(self):
        """All cookies of the site as the `Cookie` field a browser would send."""
        return "Cookie", "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
