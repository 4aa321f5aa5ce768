"""Applications that say in X-Seen what the server read, and send the body back."""


def seen(identity, method, target):
    return f"{identity} {method} {target}"


def wsgi(environ, start_response):
    body = environ["wsgi.input"].read()
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or decoded(environ)
    said = seen(environ.get("HTTP_X_REQUEST_ID", "-"), environ["REQUEST_METHOD"], target)
    start_response("200 OK", [("X-Seen", said), ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def decoded(environ):
    return environ["SCRIPT_NAME"] + environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        return await answer_lifespan(receive, send)
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    target = scope["raw_path"].split(b"?")[0] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    identity = dict(scope["headers"]).get(b"x-request-id", b"-").decode("latin-1")
    said = seen(identity, scope["method"], target.decode("latin-1")).encode("latin-1")
    fields = [(b"x-seen", said), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def answer_lifespan(receive, send):
    while (event := await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
