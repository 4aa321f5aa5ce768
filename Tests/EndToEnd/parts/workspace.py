"""A stand-in for a Databricks workspace. It asks the provider about every bearer, every time, and remembers nothing.

Usage: workspace.py PORT FILES INTROSPECT_URL CLIENT:SECRET CONFIG   (CONFIG: 200 or 404, for databricks-config)
"""

import asyncio
import sys
import uuid
from pathlib import Path

import aiohttp
from aiohttp import web

ASK = web.AppKey("ask", object)
FILES = web.AppKey("files", Path)
REASON = "x-databricks-reason-phrase"


def refusal(status, message):
    """Databricks' shape for failed authentication: the error code is a number."""
    return web.json_response({"error_code": status, "message": message}, status=status, headers={REASON: message})


@web.middleware
async def authenticate(request, handler):
    if request.path == "/.well-known/databricks-config":
        return await handler(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return refusal(401, "Credential was not sent or was of an unsupported type for this API.")
    request["user"] = await request.app[ASK](token)
    if request["user"] is None:
        return refusal(403, "Invalid access token.")
    answer = await handler(request)
    if not answer.prepared:
        answer.headers["x-databricks-org-id"] = "4711"
    return answer


async def me(request):
    name = request["user"]
    return web.json_response({
        "id": str(sum(name.encode())), "userName": f"{name}@example.com", "displayName": name.capitalize(),
        "active": True, "emails": [{"value": f"{name}@example.com", "primary": True}],
    })


CLUSTER = {"cluster_id": "0101-trial", "cluster_name": "trial", "state": "RUNNING", "spark_version": "16.4.x"}


async def clusters(request):
    return web.json_response({"clusters": [CLUSTER | {"creator_user_name": request["user"]}]})


async def cluster(request):
    if request.query.get("cluster_id") != CLUSTER["cluster_id"]:
        return web.json_response({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such cluster"}, status=404)
    return web.json_response(CLUSTER)


async def statement(request):
    asked = await request.json()
    column = {"name": "answer", "type_name": "STRING", "type_text": "STRING", "position": 0}
    return web.json_response({
        "statement_id": str(uuid.uuid4()), "status": {"state": "SUCCEEDED"},
        "manifest": {
            "format": "JSON_ARRAY", "total_row_count": 1, "total_chunk_count": 1, "truncated": False,
            "schema": {"column_count": 1, "columns": [column]},
        },
        "result": {"chunk_index": 0, "row_count": 1, "row_offset": 0,
                   "data_array": [[f"{request['user']}: {asked['statement']}"]]},
    })


def stored(request):
    return request.app[FILES] / request.match_info["path"].replace("/", "_")


async def upload(request):
    if "action" in request.query:
        return web.json_response({"multipart_upload": {"session_token": "upload"}})
    with open(stored(request), "wb") as file:
        async for piece in request.content.iter_chunked(1 << 20):
            file.write(piece)
    return web.Response(status=204)


async def no_presigning(_):
    """Without presigned URLs clients fall back to one PUT or GET, and the bytes pass through the proxy."""
    return web.json_response({"error_code": "PERMISSION_DENIED", "message": "Presigned URLs are off"}, status=403)


async def download(request):
    path = stored(request)
    return web.FileResponse(path) if path.exists() else web.json_response(
        {"error_code": "NOT_FOUND", "message": "no such file"}, status=404)


async def echo(request):
    """Shows which header fields arrived, for tests of what must not arrive."""
    body = await request.read()
    return web.json_response({
        "fields": [[name, value] for name, value in request.headers.items()], "user": request["user"],
        "method": request.method, "target": request.path_qs, "bytes": len(body),
    })


async def allowed(_):
    return web.Response(status=204)


async def page(request):
    return web.Response(text=f"<!doctype html><title>Workspace</title><h1>Hello {request['user']}</h1>"
                        f"<p>{request.path}</p>", content_type="text/html")


async def no_api(request):
    message = f"No API found for '{request.method} {request.path}'"
    return web.json_response({"error_code": "ENDPOINT_NOT_FOUND", "message": message}, status=404)


def config(status):
    async def answer(request):
        if status != 200:
            return web.json_response({"error_code": "ENDPOINT_NOT_FOUND", "message": "not here"}, status=status)
        return web.json_response({
            "oidc_endpoint": f"https://{request.host}/oidc", "workspace_id": "4711", "cloud": "AWS",
            "account_id": "4712", "host_type": "workspace",
        })
    return answer


def introspector(url, client):
    login = aiohttp.BasicAuth(*client.split(":"))
    session = None

    async def ask(token):
        nonlocal session
        session = session or aiohttp.ClientSession()
        async with session.post(url, data={"token": token}, auth=login) as answer:
            found = await answer.json()
        return found.get("username") if found.get("active") else None

    return ask


def main(port, files, url, client, config_status):
    app = web.Application(middlewares=[authenticate], client_max_size=1 << 20)
    app[ASK], app[FILES] = introspector(url, client), Path(files)
    route = app.router
    route.add_get("/.well-known/databricks-config", config(int(config_status)))
    route.add_get("/api/2.0/preview/scim/v2/Me", me)
    route.add_get("/api/2.1/clusters/list", clusters)
    route.add_get("/api/2.1/clusters/get", cluster)
    route.add_post("/api/2.0/sql/statements", statement)
    route.add_post("/api/2.0/sql/statements/", statement)
    route.add_route("*", "/api/2.0/echo", echo)
    for name in ("upload-part-urls", "abort-upload-url", "download-url"):
        route.add_post(f"/api/2.0/fs/create-{name}", no_presigning)
    route.add_put("/api/2.0/fs/files/{path:.+}", upload)
    route.add_post("/api/2.0/fs/files/{path:.+}", upload)
    route.add_get("/api/2.0/fs/files/{path:.+}", download)
    route.add_get("/internal/allowed", allowed)
    route.add_get("/explore/{path:.*}", page)
    route.add_route("*", "/{path:.*}", no_api)
    asyncio.set_event_loop(asyncio.new_event_loop())
    web.run_app(app, host="127.0.0.1", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
